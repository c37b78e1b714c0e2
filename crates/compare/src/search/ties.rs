//! Ties decided otherwise: two children whom nothing but the tie-break tells apart, the other way round.
//!
//! Mending gives each the other's place in the tie-break, wherever they meet. That is the least that puts the one
//! before all and the other behind all equals between them, which the decision at one class may ask for; placing one
//! right beside the other moves just as many pairs, and another lottery draw is a swap of two numbers.

use super::{Proposal, Proposer, Scene, Tier, contradictions::is_pinned};
use crate::{
    cause::Cause,
    crew::map,
    evidence::{Entry, entries, turns},
    world::edit::class_id,
};
use enmusubi_market::{ChildIx, ChoiceIx, GroupIx};
use std::collections::{BTreeMap, BTreeSet};

/// Proposals at a time.
const PAIRS_MAX: usize = 40;
/// Other pairs that are looked at beside one that was mended.
const ALIKE_MAX: usize = 96;

/// See the module.
#[derive(Debug, Clone, Copy, Default)]
pub struct Ties;

impl Proposer for Ties {
    fn tier(&self) -> Tier {
        Tier::Individuals
    }

    fn propose(&self, scene: &Scene<'_, '_>) -> Vec<Proposal> {
        let mut list = pairs(scene);
        list.truncate(PAIRS_MAX);
        list
    }

    /// Another pair with one of the two, exchanged with the same result: of several equals nobody knows which was meant.
    fn alike(&self, scene: &Scene<'_, '_>, cause: &Cause) -> Vec<Cause> {
        let Cause::Tie { first, second, .. } = cause else {
            return Vec::new();
        };
        let left = |cause: &Cause| {
            let world = scene.world.with(cause).ok()?;
            Some(world.truth.differing(&world.market, &world.place()).0)
        };
        let Some(named) = left(cause) else {
            return Vec::new();
        };
        let mut others = others_with(scene, first, second);
        others.retain(|other| other != cause);
        others.truncate(ALIKE_MAX);
        let same = map(scene.crew, others.len(), |nth| {
            left(&others[nth]).as_ref() == Some(&named)
        });
        let found = others.into_iter().zip(same);
        found
            .filter(|(_, same)| *same)
            .map(|(other, _)| other)
            .collect()
    }
}

/// Exchanges of a child with others whom nothing but the tie-break tells apart from it: the first with those before it, the
/// second with those behind it, wherever they meet.
fn others_with(scene: &Scene<'_, '_>, first: &str, second: &str) -> Vec<Cause> {
    let world = scene.world;
    let market = &world.market;
    let last = world.keys.components().saturating_sub(1);
    let key = |x: ChoiceIx| &world.keys.of_choice(x)[..last];
    let child = |id: &str| market.children.iter().position(|c| *c.id == *id);
    let (Some(first), Some(second)) = (child(first), child(second)) else {
        return Vec::new();
    };
    let id = |c: usize| market.children[c].id.clone();
    let mut found: Vec<Cause> = Vec::new();
    for (c, other) in market.children.iter().enumerate() {
        for x in other.choices.clone() {
            for (of, is_first) in [(first, true), (second, false)] {
                let group = market.group_of_choice(x);
                let mine = market.children[of].choices.clone();
                let met = mine
                    .into_iter()
                    .find(|y| market.group_of_choice(*y) == group && key(*y) == key(x));
                let Some(y) = met.filter(|_| market.children[of].family != other.family) else {
                    continue;
                };
                let [theirs, own] = [x, y].map(|at| market.choices[at as usize].priority);
                let pair = match (is_first, theirs < own) {
                    (true, true) => (of, c),
                    (false, false) => (c, of),
                    _ => continue,
                };
                let class = class_id(market, market.choices[x as usize].class);
                let (first, second) = (id(pair.0), id(pair.1));
                let known = |o: &Cause| matches!(o, Cause::Tie { first: a, second: b, .. } if *a == first && *b == second);
                if !found.iter().any(known) {
                    found.push(Cause::Tie {
                        class,
                        first,
                        second,
                    });
                }
            }
        }
    }
    found
}

/// Pairs of equals of whom one was placed and the other refused before it, the most likely first.
fn pairs(scene: &Scene<'_, '_>) -> Vec<Proposal> {
    let world = scene.world;
    let market = &world.market;
    if !world.has_tie_break() || world.keys.components() < 2 {
        return Vec::new();
    }
    let turns = turns(world);
    let entries = entries(turns.as_ref().unwrap_or(market), &world.truth.of);
    let last = world.keys.components() - 1;
    let equal = |a: ChoiceIx, b: ChoiceIx| {
        world.keys.of_choice(a)[..last] == world.keys.of_choice(b)[..last]
    };
    // Pairs, by how many groups they are seen in, and how many equals lie between them.
    let mut pairs: BTreeMap<(ChildIx, ChildIx), Seen> = BTreeMap::new();
    let mut add = |placed: &Entry, refused: ChoiceIx, child: ChildIx, between: usize| {
        let family = market.children[child as usize].family;
        if placed.family == family
            || !equal(placed.choice, refused)
            || is_pinned(world, placed.family)
            || is_pinned(world, family)
        {
            return;
        }
        let seen = pairs.entry((placed.child, child)).or_insert(Seen {
            class: placed.class,
            groups: 0,
            between,
        });
        seen.groups += 1;
        seen.between = seen.between.min(between);
    };
    let groups: BTreeSet<GroupIx> = scene.evidence.suspects.iter().map(|s| s.group).collect();
    for g in groups {
        let list = &entries[g as usize];
        for (at, refused) in list.iter().enumerate().filter(|(_, e)| !e.placed) {
            let behind = list[at + 1..].iter().enumerate();
            let behind = behind.take_while(|(_, e)| equal(e.choice, refused.choice));
            for (between, placed) in behind.filter(|(_, e)| e.placed) {
                add(placed, refused.choice, refused.child, between);
            }
        }
    }
    // Siblings are refused as a family: whoever of them comes before somebody placed.
    for &f in &scene.evidence.blocking {
        for c in market.families[f as usize].children.clone() {
            for x in market.children[c as usize].choices.clone() {
                let choice = &market.choices[x as usize];
                let list = &entries[market.group_of_choice(x) as usize];
                let start = list.partition_point(|e| e.priority <= choice.priority);
                let behind = list[start..].iter().enumerate();
                let behind = behind.take_while(|(_, e)| equal(e.choice, x));
                for (between, placed) in behind.filter(|(_, e)| e.placed) {
                    add(placed, x, c, between);
                }
            }
        }
    }
    let mut pairs: Vec<_> = pairs.into_iter().collect();
    pairs.sort_by_key(|(pair, seen)| (std::cmp::Reverse(seen.groups), seen.between, *pair));
    let id = |c: ChildIx| market.children[c as usize].id.clone();
    let proposal = |((first, second), seen): &((ChildIx, ChildIx), Seen)| Proposal {
        cause: Cause::Tie {
            class: class_id(market, seen.class),
            first: id(*first),
            second: id(*second),
        },
        promise: 1 + u32::from(seen.groups > 1),
    };
    pairs.iter().map(proposal).collect()
}

/// Where a pair was seen.
struct Seen {
    class: u32,
    groups: u32,
    between: usize,
}
