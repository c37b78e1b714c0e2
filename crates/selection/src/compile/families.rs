//! Families of the market: what each asked for, its pass, its place in the common order.

use super::{
    CompileError,
    judged::{Judged, OPEN},
    order::Order,
    people::People,
};
use enmusubi_domain::round::Combination;
use enmusubi_market::{Family, First, Place, Slot, Timing, Wish, WishFields};
use std::{
    collections::{HashMap, HashSet},
    ops::Range,
};

/// Most tuples one household's list may come to once pools are expanded.
const LISTED_TUPLES_MAX: usize = 100_000;

/// What an only child's family carries: it is ignored there.
const NOTHING_ASKED: WishFields = WishFields {
    timing: Timing::NeedNot,
    place: Place::ChoiceOrder,
    first: First::Either,
    all_transfers_or_none: false,
};

pub(super) fn families(
    judged: &Judged<'_>,
    order: &Order,
    people: &People,
    errors: &mut Vec<CompileError>,
) -> Vec<Family> {
    let rows = rows_by_household(&judged.combinations);
    let common = common_order(judged, order);
    let mut families = Vec::with_capacity(order.households.len());
    for (f, (&h, members)) in order.households.iter().zip(&order.members).enumerate() {
        let household = &judged.households[h as usize];
        let rows = rows.get(&h).map_or(&[][..], Vec::as_slice);
        let wish = if members.len() == 1 {
            Some(Wish::Fields(NOTHING_ASKED))
        } else if !rows.is_empty() {
            listed(judged, rows, members, people).map(Wish::Listed)
        } else if let Some(fields) = household.wish {
            Some(Wish::Fields(fields))
        } else {
            errors.push(CompileError::NoWish {
                household: household.id.into(),
            });
            continue;
        };
        let Some(wish) = wish else {
            errors.push(CompileError::TooMany {
                what: "組み合わせ"
            });
            continue;
        };
        let passes = counted(judged, order, members)
            .into_iter()
            .map(|c| judged.children[c as usize].pass);
        let pass = if judged.siblings_in_first {
            passes.min()
        } else {
            passes.max()
        };
        families.push(Family {
            id: household.id.into(),
            children: members.clone(),
            wish,
            pass: u8::try_from(pass.unwrap_or(0)).unwrap_or(u8::MAX),
            common_order: common[f],
        });
    }
    families
}

fn rows_by_household(combinations: &[Combination]) -> HashMap<u32, Vec<&Combination>> {
    let mut rows: HashMap<u32, Vec<&Combination>> = HashMap::new();
    for row in combinations {
        rows.entry(row.household).or_default().push(row);
    }
    for list in rows.values_mut() {
        list.sort_by_key(|r| r.rank);
    }
    rows
}

/// A household's combination rows as tuples: pools expanded, refused choices and repetitions
/// left out, cut at the first row that leaves everybody as now. `None` where that is too long.
fn listed(
    judged: &Judged<'_>,
    rows: &[&Combination],
    members: &Range<u32>,
    people: &People,
) -> Option<Vec<Box<[Slot]>>> {
    let mut list: Vec<Box<[Slot]>> = Vec::with_capacity(rows.len());
    let mut seen: HashSet<Box<[Slot]>> = HashSet::new();
    for row in rows {
        // Per sibling: the slots this row allows, best first.
        let mut options: Vec<Vec<Slot>> = vec![vec![Slot::AsNow]; members.len()];
        let mut as_now = true;
        for &(c, nursery) in &row.slots {
            let child = &judged.children[c as usize];
            let Some(nursery) = nursery.filter(|&n| Some(n) != child.current) else {
                continue;
            };
            let at = people.child_at[c as usize];
            let Some(option) = at
                .checked_sub(members.start)
                .and_then(|i| options.get_mut(i as usize))
            else {
                continue;
            };
            as_now = false;
            *option = choices_at(people, at, nursery);
        }
        if as_now {
            break;
        }
        let count = options
            .iter()
            .try_fold(1usize, |n, o| n.checked_mul(o.len()))?;
        if count.saturating_add(list.len()) > LISTED_TUPLES_MAX {
            return None;
        }
        for mut k in 0..count {
            // Mixed radix, the first child outermost.
            let mut tuple = vec![Slot::AsNow; options.len()].into_boxed_slice();
            for (slot, option) in tuple.iter_mut().zip(&options).rev() {
                *slot = option[k % option.len()];
                k /= option.len();
            }
            if seen.insert(tuple.clone()) {
                list.push(tuple);
            }
        }
    }
    Some(list)
}

/// The choices of a child that lie at one nursery; none where a rule refused them all. Where each
/// has two copies ([`super::together`]), the first of them.
fn choices_at(people: &People, at: u32, nursery: u32) -> Vec<Slot> {
    let child = &people.children[at as usize];
    child
        .choices
        .clone()
        .filter(|&x| people.nursery_of_choice[x as usize] == nursery && !people.apart[x as usize])
        .map(Slot::Choice)
        .collect()
}

/// The children (positions in [`Judged::children`]) who say when their family has its turn: those
/// who may be placed somewhere. Who is refused everywhere takes part in nothing, and what is unknown
/// about it must not move its siblings. Where all are, all count: nobody is placed.
fn counted(judged: &Judged<'_>, order: &Order, members: &Range<u32>) -> Vec<u32> {
    let all = &order.children[members.start as usize..members.end as usize];
    let open = |c: &&u32| {
        let choices = judged.children[**c as usize].choices.clone();
        choices
            .into_iter()
            .any(|x| judged.choices[x as usize].refused == OPEN)
    };
    let some: Vec<u32> = all.iter().filter(open).copied().collect();
    if some.is_empty() { all.to_vec() } else { some }
}

/// Common order of the families, in market order: a family counts by its lowest (last) child.
/// Equal families get equal numbers.
fn common_order(judged: &Judged<'_>, order: &Order) -> Vec<u32> {
    let lowest: Vec<u32> = order
        .members
        .iter()
        .map(|members| {
            let numbers = counted(judged, order, members)
                .into_iter()
                .map(|c| judged.order_of_child[c as usize]);
            numbers.max().unwrap_or(0)
        })
        .collect();
    let mut distinct = lowest.clone();
    distinct.sort_unstable();
    distinct.dedup();
    lowest
        .iter()
        .map(|k| distinct.partition_point(|d| d < k) as u32 + 1)
        .collect()
}
