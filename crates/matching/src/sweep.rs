//! The mechanisms of practice that past results must be compared with: one sweep in index order,
//! and choice rank by choice rank.
//!
//! In both a transfer applicant's seat is held until it moves, and a seat that falls free is
//! there for whoever comes next in the sweep.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use enmusubi_market::{FamilyIx, Market, Placement, Slot, tuples::tuples};

use crate::flat::{Flat, Layout};
use crate::outcome::{Mechanism, Outcome, Proof, Proofs, SearchEffort};
use crate::stable::{passes, position};
use crate::witness;

/// Places everybody by one of the two sweeps and says who blocks the result.
pub(crate) fn place(market: &Market, mechanism: Mechanism) -> Outcome {
    let mut placement = Placement::as_now(market);
    let mut slots: Vec<Box<[Slot]>> = market
        .families
        .iter()
        .map(|f| vec![Slot::AsNow; f.children.len()].into_boxed_slice())
        .collect();
    let mut blocking = Vec::new();
    let layout = Layout::new(market);
    // Free room: nobody has moved, so every transfer applicant sits in its own seat.
    let mut free: Vec<i64> = market
        .groups
        .iter()
        .map(|g| i64::try_from(g.seats).unwrap_or(i64::MAX / 4))
        .collect();
    for pass in passes(market) {
        let families: Vec<FamilyIx> = (0..market.families.len() as u32)
            .filter(|&f| market.families[f as usize].pass == pass)
            .collect();
        let room = crate::stable::room(market, &placement, pass);
        match mechanism {
            Mechanism::ChoiceOrder => by_choice(market, &families, &mut free, &mut slots),
            _ => by_index(market, &families, &mut free, &mut slots),
        }
        for &f in &families {
            let children = market.families[f as usize].children.clone();
            for (c, &s) in children.zip(&*slots[f as usize]) {
                placement.class[c as usize] = market.class_of(c, s);
            }
        }
        let at = families.iter().map(|&f| (f, &*slots[f as usize])).collect();
        let flat = Flat::new(market, &layout, families, &room, &mut Vec::new());
        blocking.extend(witness::blocking(&flat, &at));
    }
    blocking.sort_unstable();
    let rank_sum = slots
        .iter()
        .enumerate()
        .map(|(f, s)| u64::from(position(market, f as u32, s)))
        .sum();
    Outcome {
        placement,
        blocking,
        proofs: Proofs {
            blocking_families: Proof::NotAsked,
            blocking_only_children: Proof::NotAsked,
            with_class: Proof::NotAsked,
            rank_sum: Proof::NotAsked,
            canonical: false,
        },
        instability: None,
        rank_sum,
        reproducible: true,
        effort: SearchEffort::default(),
    }
}

/// Families in the declared common order; each takes its first tuple with room.
fn by_index(market: &Market, families: &[FamilyIx], free: &mut [i64], slots: &mut [Box<[Slot]>]) {
    let mut order = families.to_vec();
    order.sort_by_key(|&f| (market.families[f as usize].common_order, f));
    for f in order {
        let children = market.families[f as usize].children.clone();
        let open = |x: u32| {
            let class = market.choices[x as usize].class;
            // A necessary condition; the exact one is `fits`.
            let k = &market.classes[class as usize];
            let own: i64 = children
                .clone()
                .filter_map(|c| market.children[c as usize].current.map(|now| (c, now)))
                .filter(|&(_, now)| market.classes[now as usize].group == k.group)
                .map(|(c, now)| market.weight(c, now) as i64)
                .sum();
            free[k.group as usize] + own >= k.weight as i64
        };
        if let Some(t) = tuples(market, f, open).find(|t| fits(market, f, t, free)) {
            take(market, f, &t, free);
            slots[f as usize] = t.into_iter().collect();
        }
    }
}

/// For k = 1, 2, …: families not yet accepted apply with position k, ordered by their lowest
/// sibling's key at the classes of that tuple; acceptance is final. Equal keys: the declared
/// common order, then the family id. Positions count nurseries: a family refused in one pool has
/// another turn in the same round, at its key in the next pool.
fn by_choice(market: &Market, families: &[FamilyIx], free: &mut [i64], slots: &mut [Box<[Slot]>]) {
    let mut lists: Vec<_> = families
        .iter()
        .map(|&f| (f, tuples(market, f, |_| true).peekable()))
        .collect();
    while !lists.is_empty() {
        // (lowest key, common order, index in `lists`); families ascend in `lists`.
        let mut turns = BinaryHeap::new();
        let turn = |f: FamilyIx, tuple: &[Slot], k: usize| {
            let key = |s: &Slot| match s {
                Slot::Choice(x) => market.choices[*x as usize].priority,
                Slot::AsNow => 0,
            };
            let lowest = tuple.iter().map(key).max().unwrap_or(0);
            Reverse((lowest, market.families[f as usize].common_order, k))
        };
        lists.retain_mut(|(_, list)| list.peek().is_some());
        for (k, (f, list)) in lists.iter_mut().enumerate() {
            if let Some(tuple) = list.peek() {
                turns.push(turn(*f, tuple, k));
            }
        }
        let mut accepted = vec![false; lists.len()];
        while let Some(Reverse((_, _, k))) = turns.pop() {
            let (f, list) = &mut lists[k];
            let Some(tuple) = list.next() else { continue };
            if fits(market, *f, &tuple, free) {
                take(market, *f, &tuple, free);
                slots[*f as usize] = tuple.into_iter().collect();
                accepted[k] = true;
            } else if let Some(next) = list.peek()
                && nurseries(market, next) == nurseries(market, &tuple)
            {
                turns.push(turn(*f, next, k));
            }
        }
        let mut accepted = accepted.into_iter();
        lists.retain(|_| !accepted.next().unwrap_or(false));
    }
}

/// Nursery of each newly placed child.
fn nurseries(market: &Market, tuple: &[Slot]) -> smallvec::SmallVec<[Option<u32>; 4]> {
    let nursery = |s: &Slot| match s {
        Slot::AsNow => None,
        Slot::Choice(x) => Some(market.classes[market.choices[*x as usize].class as usize].nursery),
    };
    tuple.iter().map(nursery).collect()
}

/// Change of free room per group if a family that is as now takes a tuple.
fn change(market: &Market, f: FamilyIx, tuple: &[Slot]) -> smallvec::SmallVec<[(u32, i64); 8]> {
    let mut change: smallvec::SmallVec<[(u32, i64); 8]> = smallvec::SmallVec::new();
    let mut add = |class: u32, weight: i64| {
        let group = market.classes[class as usize].group;
        match change.iter_mut().find(|x| x.0 == group) {
            Some(x) => x.1 += weight,
            None => change.push((group, weight)),
        }
    };
    for (c, &s) in market.families[f as usize].children.clone().zip(tuple) {
        if let Slot::Choice(x) = s {
            let class = market.choices[x as usize].class;
            add(class, -(market.classes[class as usize].weight as i64));
            if let Some(now) = market.children[c as usize].current {
                add(now, market.weight(c, now) as i64);
            }
        }
    }
    change
}

fn fits(market: &Market, f: FamilyIx, tuple: &[Slot], free: &[i64]) -> bool {
    change(market, f, tuple)
        .iter()
        .all(|&(g, w)| w >= 0 || free[g as usize] + w >= 0)
}

fn take(market: &Market, f: FamilyIx, tuple: &[Slot], free: &mut [i64]) {
    for (g, w) in change(market, f, tuple) {
        free[g as usize] += w;
    }
}
