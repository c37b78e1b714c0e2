//! Decisions that contradict the criteria: a family wronged, or favoured.
//!
//! Proposed for everybody odd, so that a round whose oddities nothing else explains is told family by family.

use super::{Proposal, Proposer, Scene, Tier};
use crate::{
    cause::Cause,
    evidence::{Entry, Evidence, entries},
    world::World,
};
use enmusubi_market::{FamilyIx, Slot};
use enmusubi_verify::{Limits, check_within};
use std::collections::BTreeMap;

/// Proposals at a time.
const FAMILIES_MAX: usize = 40;

/// Of those who have seats that siblings asked for, the last so many are looked at.
const BEHIND_MAX: usize = 3;

/// See the module.
#[derive(Debug, Clone, Copy, Default)]
pub struct Contradictions;

impl Proposer for Contradictions {
    fn tier(&self) -> Tier {
        Tier::Individuals
    }

    fn propose(&self, scene: &Scene<'_, '_>) -> Vec<Proposal> {
        let mut odd = odd_families(scene.world, scene.evidence);
        if odd.is_empty() {
            // Nothing is odd and yet some differ: they are named themselves, so that the search gets to the end.
            let market = &scene.world.market;
            let families = scene.differing.iter();
            let families = families.map(|&c| market.children[c as usize].family);
            odd = families.map(|f| (f, Oddness::default())).collect();
            odd.dedup_by_key(|o| o.0);
        }
        let families = odd.into_iter().take(FAMILIES_MAX);
        let proposal = |(f, oddness): (FamilyIx, Oddness)| Proposal {
            cause: Cause::Contradiction {
                household: scene.world.market.families[f as usize].id.clone(),
            },
            promise: 1 + u32::from(oddness.groups > 1),
        };
        families.map(proposal).collect()
    }
}

/// How odd a family is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Oddness {
    /// Groups in which it is on the wrong side of every best cut-off; results its wish or the market does
    /// not allow.
    pub certain: u32,
    /// Groups in which it may be on the wrong side.
    pub groups: u32,
}

/// Families with something odd whose decision is not taken as it is already, the most certain first.
pub(super) fn odd_families(world: &World<'_>, evidence: &Evidence) -> Vec<(FamilyIx, Oddness)> {
    let market = &world.market;
    let mut found: BTreeMap<FamilyIx, Oddness> = BTreeMap::new();
    let mut add = |f: FamilyIx, certain: bool| add_to(&mut found, f, certain);
    for suspect in &evidence.suspects {
        add(suspect.family, suspect.certain);
    }
    for &f in &evidence.unlisted {
        add(f, true);
    }
    for &c in &evidence.elsewhere {
        add(market.children[c as usize].family, true);
    }
    for &f in &evidence.blocking {
        add(f, false);
    }
    // Siblings are refused as a family. Either they are odd, or one of those who have the seats they asked for.
    let passed = passed_over(world, evidence);
    if !passed.is_empty() {
        let entries = entries(market, &world.truth.of);
        for refused in &passed {
            let group = market.classes[refused.class as usize].group;
            let behind = entries[group as usize].iter().rev();
            let behind = behind.take_while(|e| e.priority > refused.priority);
            for placed in behind.filter(|e| e.placed).take(BEHIND_MAX) {
                add_to(&mut found, placed.family, false);
            }
        }
    }
    let mut list: Vec<(FamilyIx, Oddness)> = found.into_iter().collect();
    list.retain(|(f, _)| !is_pinned(world, *f));
    list.sort_by_key(|&(f, oddness)| (std::cmp::Reverse(oddness), f));
    list
}

fn add_to(found: &mut BTreeMap<FamilyIx, Oddness>, f: FamilyIx, certain: bool) {
    let oddness = found.entry(f).or_default();
    oddness.groups += 1;
    oddness.certain += u32::from(certain);
}

/// The choices that blocking families of several children could have had, as refusals.
pub(super) fn passed_over(world: &World<'_>, evidence: &Evidence) -> Vec<Entry> {
    if evidence.blocking.is_empty() {
        return Vec::new();
    }
    let market = &world.market;
    let limits = Limits {
        positions_listed: 1,
        steps: 200_000,
    };
    let placement = world.truth.placement(market);
    let verdict = check_within(market, &placement, limits);
    let mut list = Vec::new();
    for blocking in &verdict.blocking {
        let family = blocking.family;
        let Some(position) = blocking.listed.first() else {
            continue;
        };
        if !evidence.blocking.contains(&family) {
            continue;
        }
        let children = market.families[family as usize].children.clone();
        for (child, slot) in children.zip(&position.tuple) {
            if let Slot::Choice(choice) = *slot {
                let wanted = &market.choices[choice as usize];
                if placement.of(child) != Some(wanted.class) {
                    list.push(Entry {
                        priority: wanted.priority,
                        placed: false,
                        child,
                        family,
                        class: wanted.class,
                        choice,
                    });
                }
            }
        }
    }
    list
}

/// Whether the family's decision is taken as it is.
pub(super) fn is_pinned(world: &World<'_>, f: FamilyIx) -> bool {
    let id = &world.market.families[f as usize].id;
    let mut causes = world.causes.iter();
    causes.any(|c| matches!(c, Cause::Contradiction { household } if household == id))
}
