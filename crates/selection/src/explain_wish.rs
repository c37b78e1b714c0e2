//! Which tuples of a family are acceptable and which of two it ranks higher, by the plain
//! definitions of the selection model, section 3.
//!
//! Explanations ask about single tuples only, so nothing is enumerated or sorted here.

use std::cmp::Ordering;

use enmusubi_market::{
    FamilyIx, First, Market, Place, RANK_NOT_PLACED, Slot, Timing, Wish, WishFields,
};

/// Is this tuple in the family's list? "Everyone as now" is the implicit last resort and not in
/// the list.
pub(crate) fn accepts(market: &Market, family: FamilyIx, tuple: &[Slot]) -> bool {
    let placed = |i: usize| matches!(tuple[i], Slot::Choice(_));
    let newly = (0..tuple.len()).filter(|&i| placed(i)).count();
    let fields = match &market.families[family as usize].wish {
        Wish::Listed(list) => return list.iter().any(|t| **t == *tuple),
        Wish::Fields(fields) => fields,
    };
    if newly == 0 {
        return false;
    }
    if tuple.len() == 1 {
        return true;
    }
    if fields.timing == Timing::Together && newly < tuple.len() {
        return false;
    }
    if let Some(leader) = leader(fields, tuple.len())
        && !placed(leader)
    {
        return false;
    }
    if fields.place == Place::SameOnly && largest_at_one(market, tuple) < newly {
        return false;
    }
    if fields.all_transfers_or_none {
        let children = market.children_of(family);
        let transfers = children.iter().filter(|c| c.current.is_some()).count();
        let moving = (0..tuple.len()).filter(|&i| children[i].current.is_some() && placed(i));
        let moving = moving.count();
        return moving == 0 || moving == transfers;
    }
    true
}

/// The child that must be among the newly placed, by its place in the family.
pub(crate) fn leader(fields: &WishFields, size: usize) -> Option<usize> {
    match (fields.timing, fields.first) {
        (Timing::Together, _) | (_, First::Either) => None,
        (Timing::NeedNot, First::Older) => Some(0),
        (Timing::NeedNot, First::Younger) => Some(size - 1),
    }
}

/// `Less` when the family ranks `a` higher than `b`. Both are in its list or "everyone as now".
pub(crate) fn compare(market: &Market, family: FamilyIx, a: &[Slot], b: &[Slot]) -> Ordering {
    if a == b {
        return Ordering::Equal;
    }
    let last = |t: &[Slot]| t.iter().all(|s| *s == Slot::AsNow);
    match &market.families[family as usize].wish {
        Wish::Listed(list) => {
            let at = |t: &[Slot]| list.iter().position(|x| **x == *t).unwrap_or(usize::MAX);
            at(a).cmp(&at(b))
        }
        Wish::Fields(_) if last(a) || last(b) => last(a).cmp(&last(b)),
        Wish::Fields(fields) => {
            let by_key = key(market, fields, b).cmp(&key(market, fields, a));
            // Equal keys: product order, the first child's options outermost.
            by_key.then_with(|| options(a).cmp(options(b)))
        }
    }
}

/// Options of the product in their order: choices first, "as now" last.
fn options(tuple: &[Slot]) -> impl Iterator<Item = u64> {
    tuple.iter().map(|s| match s {
        Slot::Choice(x) => u64::from(*x),
        Slot::AsNow => u64::MAX,
    })
}

/// The order key of a tuple, larger first.
fn key(market: &Market, fields: &WishFields, tuple: &[Slot]) -> Vec<i128> {
    let rank = |s: &Slot| match s {
        Slot::Choice(x) => i128::from(market.choices[*x as usize].rank),
        Slot::AsNow => i128::from(RANK_NOT_PLACED),
    };
    let placed = |s: &Slot| i128::from(matches!(s, Slot::Choice(_)));
    let newly: i128 = tuple.iter().map(placed).sum();
    let product = tuple
        .iter()
        .map(rank)
        .fold(1i128, |p, r| p.saturating_mul(r));
    let mut out = Vec::with_capacity(2 * tuple.len() + 3);
    let led = leader(fields, tuple.len());
    let backwards = led.is_some() && fields.first == First::Younger;
    if led.is_some() {
        out.extend(tuple.iter().map(placed));
        if backwards {
            out.reverse();
        }
    }
    out.push(newly);
    if fields.place != Place::ChoiceOrder {
        out.push(largest_at_one(market, tuple) as i128);
    }
    out.push(-product);
    let ranks = tuple.iter().map(|s| -rank(s));
    if backwards {
        out.extend(ranks.rev())
    } else {
        out.extend(ranks)
    }
    out
}

/// Largest number of newly placed children at one nursery.
fn largest_at_one(market: &Market, tuple: &[Slot]) -> usize {
    let nursery = |s: &Slot| match s {
        Slot::Choice(x) => Some(market.classes[market.choices[*x as usize].class as usize].nursery),
        Slot::AsNow => None,
    };
    let count = |n: u32| tuple.iter().filter(|s| nursery(s) == Some(n)).count();
    tuple
        .iter()
        .filter_map(nursery)
        .map(count)
        .max()
        .unwrap_or(0)
}
