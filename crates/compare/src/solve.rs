//! From differences to causes: the proposal that explains most is mended, and again, until the round comes out
//! as decided.
//!
//! What counts as explaining: the oddities left in the decisions ([`Evidence::units`]) and the children whose
//! replayed result differs, in this order. Proposals that leave the same are one class: nothing in
//! these decisions tells them apart. The search is bounded by counted replays.

use crate::{
    cause::Cause,
    crew::{Crew, map},
    evidence::{Evidence, evidence},
    past::Past,
    search::{Proposal, Proposer, Scene},
    world::{Unworkable, World},
};
use enmusubi_market::{ChildIx, Placement};
use std::cmp::Reverse;

/// How far to search.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Causes mended at most.
    pub causes: u32,
    /// Proposals tried out in one round of proposing, at most.
    pub tried: u32,
    /// Proposals tried out altogether, at most.
    pub replays: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            causes: 60,
            tried: 64,
            replays: 2000,
        }
    }
}

/// Told while the search goes on, for a progress line.
pub trait Progress: Sync {
    /// A round of proposing begins: causes found so far, children that differ still, compared.
    fn step(&self, _causes: usize, _differing: usize, _compared: u32) {}
}

/// Tells nobody.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;
impl Progress for Silent {}

/// A cause that was mended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mended {
    /// The cause.
    pub cause: Cause,
    /// Others that leave the same, most likely first.
    pub class: Vec<Cause>,
    /// Children whose result came right with it, and those whose result went wrong, as ids, sorted.
    pub healed: Vec<Box<str>>,
    /// See [`Mended::healed`].
    pub broken: Vec<Box<str>>,
    /// Children of whom it speaks, as ids, sorted.
    pub about: Vec<Box<str>>,
    /// Children that differ after it.
    pub differing: u32,
    /// Oddities left after it.
    pub units: u32,
}

/// What a search found.
#[derive(Debug, Clone)]
pub struct Solution<'a> {
    /// The causes, in the order in which they were mended.
    pub mended: Vec<Mended>,
    /// Children that were compared.
    pub compared: u32,
    /// Children that differed before anything was mended, as ids, sorted.
    pub differing: Vec<Box<str>>,
    /// The round as it is.
    pub before: World<'a>,
    /// Its placement.
    pub before_placement: Placement,
    /// The round with everything mended.
    pub after: World<'a>,
    /// Its placement.
    pub after_placement: Placement,
    /// The search ended for want of replays.
    pub exhausted: bool,
}

/// A world, looked at.
struct Seen<'a> {
    world: World<'a>,
    evidence: Evidence,
    placement: Placement,
    differing: Vec<ChildIx>,
    compared: u32,
}

impl<'a> Seen<'a> {
    fn of(world: World<'a>) -> Self {
        let evidence = evidence(&world);
        let placement = world.place();
        let (differing, compared) = world.truth.differing(&world.market, &placement);
        Self {
            world,
            evidence,
            placement,
            differing,
            compared,
        }
    }

    fn ids(&self) -> Vec<Box<str>> {
        let ids = self.differing.iter();
        let ids = ids.map(|&c| self.world.market.children[c as usize].id.clone());
        let mut ids: Vec<_> = ids.collect();
        ids.sort_unstable();
        ids
    }
}

/// What a tried proposal leaves.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Left {
    units: u32,
    differing: Vec<ChildIx>,
}

/// Finds the causes. `given`: causes found otherwise (from the index list), mended first, each with its class.
///
/// # Errors
/// The round as it is cannot be decided: why.
pub fn solve<'a>(
    past: Past<'a>,
    given: &[(Cause, Vec<Cause>)],
    proposers: &[Box<dyn Proposer>],
    limits: Limits,
    crew: &dyn Crew,
    progress: &dyn Progress,
) -> Result<Solution<'a>, Unworkable> {
    let first = Seen::of(World::of(past, &[])?);
    let before = first.world.clone();
    let before_placement = first.placement.clone();
    let differing = first.ids();
    let mut now = first;
    let mut mended = Vec::new();
    for (cause, class) in given {
        // One that does not fit the market (any more) explains nothing of it.
        if let Ok(world) = now.world.with(cause) {
            mended.push(mend(&mut now, world, cause.clone(), class.clone()));
        }
    }
    let mut replays = 0;
    let mut exhausted = false;
    while !now.differing.is_empty() && mended.len() < limits.causes as usize {
        progress.step(mended.len(), now.differing.len(), now.compared);
        if replays >= limits.replays {
            exhausted = true;
            break;
        }
        let scene = Scene {
            world: &now.world,
            evidence: &now.evidence,
            placement: &now.placement,
            differing: &now.differing,
            crew,
        };
        let mut proposals: Vec<Proposal> =
            proposers.iter().flat_map(|p| p.propose(&scene)).collect();
        proposals.sort_by_key(|p| Reverse(p.promise));
        proposals.truncate(limits.tried.min(limits.replays - replays) as usize);
        replays += proposals.len() as u32;
        let left = map(crew, proposals.len(), |at| {
            let world = now.world.with(&proposals[at].cause).ok()?;
            let seen = Seen::of(world);
            Some(Left {
                units: seen.evidence.units,
                differing: seen.differing,
            })
        });
        let gain = |l: &Left| {
            let units = i64::from(now.evidence.units) - i64::from(l.units);
            let children = now.differing.len() as i64 - l.differing.len() as i64;
            (units, children)
        };
        let tried = proposals.iter().zip(&left);
        let tried = tried.filter_map(|(p, l)| l.as_ref().map(|l| (&p.cause, l)));
        let best = tried
            .clone()
            .filter(|(_, l)| gain(l) > (0, 0) && gain(l).1 >= 0)
            .max_by_key(|(cause, l)| (gain(l), Reverse(cause.kind())));
        let Some((cause, left)) = best else {
            break;
        };
        let class = tried
            .filter(|(c, l)| *l == left && *c != cause)
            .map(|(c, _)| c.clone());
        let mut class: Vec<Cause> = class.collect();
        class.sort_by_key(Cause::kind);
        let Ok(world) = now.world.with(cause) else {
            break;
        };
        let cause = cause.clone();
        mended.push(mend(&mut now, world, cause, class));
    }
    Ok(Solution {
        mended,
        compared: now.compared,
        differing,
        before,
        before_placement,
        after: now.world,
        after_placement: now.placement,
        exhausted,
    })
}

/// Mends a cause: the round is looked at with it from now on.
fn mend<'a>(now: &mut Seen<'a>, world: World<'a>, cause: Cause, class: Vec<Cause>) -> Mended {
    let before = now.ids();
    let about = about(&now.world, &cause);
    *now = Seen::of(world);
    let after = now.ids();
    let without = |a: &[Box<str>], b: &[Box<str>]| {
        let left = a.iter().filter(|c| b.binary_search(c).is_err());
        left.cloned().collect::<Vec<_>>()
    };
    Mended {
        cause,
        class,
        healed: without(&before, &after),
        broken: without(&after, &before),
        about,
        differing: now.differing.len() as u32,
        units: now.evidence.units,
    }
}

/// Children of whom a cause speaks, as ids, sorted.
fn about(world: &World<'_>, cause: &Cause) -> Vec<Box<str>> {
    let of_household = |id: &str| -> Vec<Box<str>> {
        let market = &world.market;
        let families = market.families.iter().enumerate();
        families
            .filter(|(_, f)| *f.id == *id)
            .flat_map(|(f, _)| market.children_of(f as u32))
            .map(|c| c.id.clone())
            .collect()
    };
    let mut list = match cause {
        Cause::Fact { household, .. } | Cause::Contradiction { household } => {
            of_household(household)
        }
        Cause::Wish {
            of: crate::cause::WishScope::Household(household),
            ..
        } => of_household(household),
        Cause::Tie { first, second, .. } => vec![first.clone(), second.clone()],
        _ => Vec::new(),
    };
    list.sort_unstable();
    list
}
