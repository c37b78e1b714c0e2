//! Ties decided otherwise: two children whom nothing but the tie-break tells apart, the other way round.
//!
//! Mending gives each the other's place in the tie-break, wherever they meet. That is the least that puts the one
//! before all and the other behind all equals between them, which the decision at one class may ask for; placing one
//! right beside the other moves just as many pairs, and another lottery draw is a swap of two numbers.

use super::{Proposal, Proposer, Scene, Tier, contradictions::is_pinned};
use crate::{
    cause::Cause,
    evidence::{Entry, entries, turns},
    world::edit::class_id,
};
use enmusubi_market::{ChildIx, ChoiceIx, GroupIx};
use std::collections::{BTreeMap, BTreeSet};

/// Proposals at a time.
const PAIRS_MAX: usize = 40;

/// See the module.
#[derive(Debug, Clone, Copy, Default)]
pub struct Ties;

impl Proposer for Ties {
    fn tier(&self) -> Tier {
        Tier::Individuals
    }

    fn propose(&self, scene: &Scene<'_, '_>) -> Vec<Proposal> {
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
        pairs.truncate(PAIRS_MAX);
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
}

/// Where a pair was seen.
struct Seen {
    class: u32,
    groups: u32,
    between: usize,
}
