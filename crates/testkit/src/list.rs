//! A family's list of tuples by the plain definition: full product, filter, sort.

use enmusubi_market::{
    FamilyIx, First, Market, Place, RANK_NOT_PLACED, Slot, Timing, Wish, WishFields,
};

/// A family's whole list, best first; the last entry is always the last resort (everyone as now).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FamilyList {
    /// Tuples, pools expanded in place.
    pub tuples: Vec<Box<[Slot]>>,
    /// 1-based position of each tuple counted in nurseries: tuples that differ in pools only share
    /// one. Not capped.
    pub positions: Vec<u32>,
}

impl FamilyList {
    /// Where a tuple stands; `None` if it is not listed.
    #[must_use]
    pub fn index_of(&self, tuple: &[Slot]) -> Option<usize> {
        self.tuples.iter().position(|t| t[..] == *tuple)
    }
}

/// Lists a family's tuples (selection model, section 3).
///
/// Readings of the text: a listed combination where everyone is as now ends the list; a repeated
/// tuple counts once, where it first stands; "older first", "younger first" mean nothing when all
/// must be placed together; "younger first" reverses the ranks in the key whatever the place field
/// says; "same only" without "older" or "younger first" is ordered `by S`; all-transfers-or-none is
/// about the transfer applicants alone (other siblings may be placed either way).
#[must_use]
pub fn family_list(market: &Market, family: FamilyIx) -> FamilyList {
    let first = market.families[family as usize].children.start;
    let n = market.children_of(family).len();
    let as_now: Box<[Slot]> = vec![Slot::AsNow; n].into();
    let mut tuples: Vec<Box<[Slot]>> = Vec::new();
    match &market.families[family as usize].wish {
        Wish::Listed(list) => {
            for tuple in list {
                if *tuple == as_now {
                    break;
                }
                if !tuples.contains(tuple) {
                    tuples.push(tuple.clone());
                }
            }
        }
        Wish::Fields(_) if n == 1 => {
            tuples.extend(
                market.children[first as usize]
                    .choices
                    .clone()
                    .map(|x| [Slot::Choice(x)].into()),
            );
        }
        Wish::Fields(fields) => {
            let mut keyed = Vec::new();
            for tuple in product(market, family) {
                if allowed(market, family, fields, &tuple) {
                    keyed.push((key(market, family, fields, &tuple), tuple));
                }
            }
            // Larger keys first; a stable sort keeps product order among equals.
            keyed.sort_by(|a, b| b.0.cmp(&a.0));
            tuples.extend(keyed.into_iter().map(|(_, t)| t));
        }
    }
    tuples.push(as_now);
    let mut seen: Vec<Vec<Option<u32>>> = Vec::new();
    let mut positions = Vec::new();
    for tuple in &tuples {
        let ranks: Vec<Option<u32>> = tuple
            .iter()
            .map(|slot| match slot {
                Slot::Choice(x) => Some(market.choices[*x as usize].rank),
                Slot::AsNow => None,
            })
            .collect();
        let at = seen.iter().position(|s| *s == ranks).unwrap_or_else(|| {
            seen.push(ranks);
            seen.len() - 1
        });
        positions.push(at as u32 + 1);
    }
    FamilyList { tuples, positions }
}

/// All combinations of options, the first child's outermost; options are the child's choices in
/// order, then as now.
fn product(market: &Market, family: FamilyIx) -> Vec<Box<[Slot]>> {
    let mut all: Vec<Vec<Slot>> = vec![Vec::new()];
    for child in market.children_of(family) {
        let options: Vec<Slot> = child
            .choices
            .clone()
            .map(Slot::Choice)
            .chain(std::iter::once(Slot::AsNow))
            .collect();
        all = all
            .into_iter()
            .flat_map(|t| {
                options.iter().map(move |&o| {
                    let mut t = t.clone();
                    t.push(o);
                    t
                })
            })
            .collect();
    }
    all.into_iter().map(Into::into).collect()
}

/// Nursery of each newly placed child, `None` for a child as now.
fn new_nurseries(market: &Market, tuple: &[Slot]) -> Vec<Option<u32>> {
    tuple
        .iter()
        .map(|slot| match slot {
            Slot::Choice(x) => {
                Some(market.classes[market.choices[*x as usize].class as usize].nursery)
            }
            Slot::AsNow => None,
        })
        .collect()
}

fn allowed(market: &Market, family: FamilyIx, fields: &WishFields, tuple: &[Slot]) -> bool {
    let eff = new_nurseries(market, tuple);
    let placed: Vec<u32> = eff.iter().flatten().copied().collect();
    if placed.is_empty() {
        return false; // the last resort; it is added at the end
    }
    if fields.timing == Timing::Together && placed.len() < eff.len() {
        return false;
    }
    if fields.place == Place::SameOnly && placed.iter().any(|&n| n != placed[0]) {
        return false;
    }
    if fields.timing == Timing::NeedNot {
        let who = match fields.first {
            First::Older => eff.first(),
            First::Younger => eff.last(),
            First::Either => None,
        };
        if who == Some(&None) {
            return false;
        }
    }
    if fields.all_transfers_or_none {
        let transfers = || {
            market
                .children_of(family)
                .iter()
                .zip(&eff)
                .filter(|(c, _)| c.current.is_some())
                .map(|(_, e)| e)
        };
        if transfers().any(Option::is_some) && transfers().any(Option::is_none) {
            return false;
        }
    }
    true
}

/// The key of section 3, larger is better.
fn key(market: &Market, family: FamilyIx, fields: &WishFields, tuple: &[Slot]) -> Vec<i128> {
    let eff = new_nurseries(market, tuple);
    let w = eff.iter().flatten().count() as i128;
    let s = eff
        .iter()
        .flatten()
        .map(|n| eff.iter().flatten().filter(|x| *x == n).count())
        .max()
        .unwrap_or(0) as i128;
    let mut ranks: Vec<i128> = tuple
        .iter()
        .map(|slot| match slot {
            Slot::Choice(x) => i128::from(market.choices[*x as usize].rank),
            Slot::AsNow => i128::from(RANK_NOT_PLACED),
        })
        .collect();
    let mut placed: Vec<i128> = eff.iter().map(|e| i128::from(e.is_some())).collect();
    let product: i128 = ranks.iter().product();
    let first = if fields.timing == Timing::Together {
        First::Either
    } else {
        fields.first
    };
    let _ = family;
    if first == First::Younger {
        ranks.reverse();
        placed.reverse();
    }
    let mut key = Vec::new();
    if first != First::Either {
        key.extend(placed);
    }
    key.push(w);
    if fields.place != Place::ChoiceOrder {
        key.push(s);
    }
    key.push(-product);
    key.extend(ranks.iter().map(|r| -r));
    key
}
