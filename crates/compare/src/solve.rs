//! From differences to causes: the proposal that explains most is mended, and again, until the round comes out
//! as decided.
//!
//! What counts as explaining: the oddities left in the decisions ([`Evidence::units`]) and the children whose
//! replayed result differs, in this order. Proposals that leave the same are one class: nothing in
//! these decisions tells them apart. The search is bounded by counted replays.

mod polish;
mod prune;
mod revise;
mod seen;

use crate::{
    cause::Cause,
    crew::{Crew, each, map},
    evidence::{Evidence, evidence},
    past::Past,
    search::{Proposal, Proposer, Scene, Tier, unwritten::is_joined},
    world::{Unworkable, World},
};
use enmusubi_market::Placement;
use seen::{Left, Seen, is_gain};
use std::cmp::Reverse;

/// How far to search. Counted, never timed: the same input gives the same answer on every machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Causes mended at most.
    pub causes: u32,
    /// Effort of looking at the proposals of one tier in one round of proposing, at most; a change of the market
    /// costs 1 ([`Proposal::effort`]).
    pub tried: u32,
    /// Proposals of these whose round is decided again, at most: those that leave the fewest oddities.
    pub replayed: u32,
    /// Rounds decided again altogether, at most.
    pub replays: u32,
    /// Whether every tier is asked though a row explains much, and what was found early is looked at again once more is
    /// known. Small rounds need it: few decisions speak of each cause.
    pub thorough: bool,
}

impl Limits {
    /// Limits for a round of so many children: larger rounds take longer to decide again, and leave fewer
    /// causes that look alike.
    #[must_use]
    pub fn for_children(children: usize) -> Self {
        let fits = |budget: usize, least: usize, most: usize| {
            (budget / children.max(1)).clamp(least, most) as u32
        };
        // Several years beside each other: each proposal is looked at in all of them.
        let least = |few: usize| if children > YEARS { few / 2 } else { few };
        Self {
            causes: 200,
            tried: fits(240_000, least(24), 400),
            replayed: fits(50_000, least(8), 48),
            replays: fits(6_000_000, 600, 4000),
            thorough: children <= 3000,
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
    /// The causes, in the order in which they were mended: given ones, then those that set most right.
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
    /// Children whose decision is right by all rules (with everything mended), though this program would have chosen
    /// another placement that is right as well; as ids, sorted. They count as agreeing.
    pub equally_right: Vec<Box<str>>,
    /// The search ended for want of replays.
    pub exhausted: bool,
}

/// More children than any one round has that is looked at within seconds: several past years.
const YEARS: usize = 10_000;
/// Worlds that are made before those that will not be replayed are let go.
const AT_ONCE: usize = 8;

/// Oddities that a single family may be behind, at most: below, families are asked even where a row explains it.
const FEW: i64 = 6;

/// Oddities of which a row may explain nearly all while another that nobody wrote down explains them as well, at most: more
/// are seldom the same by chance.
const MANY: i64 = 24;

/// A rule or row that explains less than one in so many oddities waits until those found before it were looked at again.
const STRONG: i64 = 4;
/// Oddities that a row explains at least where the search is not thorough, to need no rival that nobody wrote down.
const PLAIN: i64 = 8;
/// Others that explained much when a cause was mended, kept to be looked at again.
const RIVALS: usize = 24;

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
    solve_beside(past, &[], given, proposers, limits, crew, progress)
}

/// [`solve`] beside decisions that are taken as they are ([`Cause::Contradiction`]) and of which nothing is asked, however many they
/// are: they belong to the round as it is, and are no causes found.
///
/// # Errors
/// The round as it is cannot be decided: why.
pub fn solve_beside<'a>(
    past: Past<'a>,
    aside: &[Cause],
    given: &[(Cause, Vec<Cause>)],
    proposers: &[Box<dyn Proposer>],
    limits: Limits,
    crew: &dyn Crew,
    progress: &dyn Progress,
) -> Result<Solution<'a>, Unworkable> {
    let first = World::of(past, &[])?;
    let first = Seen::of(match aside {
        [] => first,
        _ => first.with_only(aside)?,
    });
    let before = first.world.clone();
    let before_placement = first.placement.clone();
    let differing = first.ids();
    let mut search = Search {
        aside: aside.to_vec(),
        now: first,
        mended: Vec::new(),
        rivals: Vec::new(),
        given: 0,
        revised: 0,
        revisions: 0,
        replays: 0,
        limits,
        dry: Vec::new(),
        crew,
    };
    search.mend_all(given.to_vec());
    search.given = search.mended.len();
    let mut exhausted = false;
    while !search.now.differing.is_empty() && search.mended.len() < limits.causes as usize {
        progress.step(
            search.mended.len(),
            search.now.differing.len(),
            search.now.compared,
        );
        if search.replays >= limits.replays {
            exhausted = true;
            break;
        }
        if !search.round(proposers) {
            break;
        }
    }
    search.prune();
    search.sort_by_effect();
    let Search { now, mended, .. } = search;
    Ok(Solution {
        mended,
        compared: now.compared,
        differing,
        before,
        before_placement,
        equally_right: now.equally_right,
        after: now.world,
        after_placement: now.placement,
        exhausted,
    })
}

/// A search going on.
struct Search<'a, 'c> {
    /// Decisions that are taken as they are in every world.
    aside: Vec<Cause>,
    now: Seen<'a>,
    mended: Vec<Mended>,
    /// By mended cause: others that explained as much or not much less when it was mended.
    rivals: Vec<Vec<Cause>>,
    /// The first so many were given.
    given: usize,
    /// How many rules and rows were mended when they were last looked at again for nothing.
    revised: usize,
    /// How often something else took the place of a cause.
    revisions: u32,
    replays: u32,
    limits: Limits,
    /// Tiers of rows that had nothing that explains two oddities: fewer are left since.
    dry: Vec<Tier>,
    crew: &'c dyn Crew,
}

/// A proposal that was replayed.
struct Tried<'a> {
    cause: Cause,
    left: Left,
    gain: (i64, i64),
    /// The round with it mended, until something else is mended.
    seen: Option<Seen<'a>>,
}

impl Tried<'_> {
    fn worth(&self) -> i64 {
        worth(&self.cause, self.gain.0, self.left.differing.is_empty())
    }

    /// Best first.
    fn order(&self) -> impl Ord + use<> {
        let gains = is_gain(self.gain);
        let worth = (Reverse(self.worth()), Reverse(self.gain));
        (Reverse(gains), worth, likelihood(&self.cause))
    }
}

impl<'a> Search<'a, '_> {
    /// One round of proposing: tries, and mends what holds. Whether anything was mended.
    ///
    /// The tiers are asked one after the other. A rule that explains half of all oddities, or a row that explains
    /// nearly all, needs no rival; single families are asked only where no rule explains three of them.
    fn round(&mut self, proposers: &[Box<dyn Proposer>]) -> bool {
        let since = self.now.left();
        let mut tried: Vec<Tried<'a>> = Vec::new();
        for tier in Tier::ALL {
            if self.dry.contains(&tier) {
                continue;
            }
            let of_tier = self.tried(tier, proposers, &since);
            let best = of_tier.iter().map(|t| t.gain.0).max().unwrap_or(0);
            if matches!(tier, Tier::Rows | Tier::Unwritten) && best < 2 {
                self.dry.push(tier);
            }
            tried.extend(of_tier);
            tried.sort_by_key(Tried::order);
            let best = tried.first().filter(|t| is_gain(t.gain));
            let best = best.map_or(0, |t| t.gain.0);
            let units = i64::from(since.units);
            let enough = match tier {
                Tier::Rules => best >= 4 && best * 2 >= units,
                Tier::Rows if self.limits.thorough => units > MANY && best * 10 >= units * 8,
                Tier::Rows => best >= PLAIN && best * STRONG >= units,
                Tier::Unwritten => best >= 3 && units > FEW,
                Tier::Individuals => true,
            };
            if enough {
                break;
            }
        }
        let best = tried.first().filter(|t| is_gain(t.gain));
        let strong = best.is_some_and(|t| {
            !t.cause.is_individual() && t.gain.0 * STRONG >= i64::from(since.units)
        });
        if !strong && self.limits.thorough && self.revise(proposers, best.map_or(0, |t| t.gain.0)) {
            return true;
        }
        tried.extend(self.polished(&tried, &since));
        tried.sort_by_key(Tried::order);
        let mut any = false;
        for at in 0..tried.len() {
            let known = tried[at].seen.take();
            let Tried {
                cause, left, gain, ..
            } = &tried[at];
            // What explains far less than the best may follow from what is not found yet.
            if !is_gain(*gain) || any && tried[at].worth() * 2 < tried[0].worth() {
                break;
            }
            if self.mended.iter().any(|m| m.cause == *cause) {
                continue;
            }
            // What was mended before it in this round may have explained it, or changed what it does.
            let seen = match known.filter(|_| !any) {
                Some(seen) => seen,
                None => {
                    let Ok(world) = self.now.world.with(cause) else {
                        continue;
                    };
                    self.replays += 1;
                    Seen::of(world)
                }
            };
            let now = seen.left().gain(&self.now.left());
            if any && (now.0 < gain.0 || now.1 < gain.1 || now.1 <= 0) {
                continue;
            }
            let class = tried.iter().enumerate();
            let class = class.filter(|(other, t)| *other != at && t.left == *left);
            let mut class: Vec<Cause> = class.map(|(_, t)| t.cause.clone()).collect();
            let scene = self.scene();
            // Whoever of several families is to blame, each may be so in more ways than were tried.
            let named: Vec<Cause> = class
                .iter()
                .filter(|c| c.is_individual())
                .cloned()
                .collect();
            let named = std::iter::once(cause).chain(&named);
            let alike = named.flat_map(|c| proposers.iter().map(move |p| (p, c)));
            for more in alike.flat_map(|(p, c)| p.alike(&scene, c)) {
                if more != *cause && !class.contains(&more) {
                    class.push(more);
                }
            }
            class.sort_by_key(likelihood);
            if gain.0 >= 3 {
                // What it hid may come to light.
                self.dry.clear();
            }
            let rivals = tried.iter().filter(|t| t.gain.0 * 2 >= gain.0);
            let rivals = rivals.map(|t| &t.cause);
            let rivals = rivals.filter(|c| !c.is_individual() && *c != cause && !class.contains(c));
            let rivals = rivals.take(RIVALS).cloned().collect();
            self.mend(seen, cause.clone(), class);
            if let Some(last) = self.rivals.last_mut() {
                *last = rivals;
            }
            any = true;
            if self.now.differing.is_empty() || self.mended.len() >= self.limits.causes as usize {
                break;
            }
        }
        any
    }

    /// The round with these causes mended and no others.
    fn with_only(&self, causes: &[Cause]) -> Result<World<'a>, Unworkable> {
        self.now.world.with_only(&[&self.aside, causes].concat())
    }

    fn scene(&self) -> Scene<'_, 'a> {
        self.scene_of(&self.now)
    }

    fn scene_of<'s>(&'s self, seen: &'s Seen<'a>) -> Scene<'s, 'a> {
        Scene {
            world: &seen.world,
            evidence: &seen.evidence,
            placement: &seen.placement,
            differing: &seen.differing,
            crew: self.crew,
            effort: self.limits.tried,
        }
    }

    /// What the proposals of a tier leave. They are looked at as far as the limits go, the most promising first; those
    /// that leave the fewest oddities are replayed. Worlds of these are kept meanwhile, as making them again takes longer than
    /// looking at them: large rounds have large ones.
    fn tried(
        &mut self,
        tier: Tier,
        proposers: &[Box<dyn Proposer>],
        since: &Left,
    ) -> Vec<Tried<'a>> {
        let proposals = proposed(&self.scene(), tier, proposers);
        let mut looked: Vec<(usize, World<'a>, Evidence)> = Vec::new();
        for from in (0..proposals.len()).step_by(AT_ONCE) {
            let count = AT_ONCE.min(proposals.len() - from);
            let more = map(self.crew, count, |nth| {
                let world = self.now.world.with(&proposals[from + nth].cause).ok()?;
                let evidence = evidence(&world);
                Some((from + nth, world, evidence))
            });
            looked.extend(more.into_iter().flatten());
            looked.sort_by_key(|(at, _, evidence)| {
                let kind = likelihood(&proposals[*at].cause);
                (evidence.units, kind, Reverse(proposals[*at].promise), *at)
            });
            looked.truncate(self.limits.replayed as usize);
        }
        // Whatever leaves far more than the best would not be mended in this round.
        let gain = |e: &Evidence| since.units.saturating_sub(e.units);
        let best = looked.first().map_or(0, |l| gain(&l.2));
        looked.retain(|l| gain(&l.2) * 2 >= best);
        self.decided(looked, |at| proposals[at].cause.clone(), since)
    }

    /// What causes leave, each mended by itself; where the search is not thorough, only of those that leave the fewest oddities.
    fn replay(&mut self, causes: &[Cause], since: &Left) -> Vec<Tried<'a>> {
        let looked = map(self.crew, causes.len(), |at| {
            let world = self.now.world.with(&causes[at]).ok()?;
            let evidence = evidence(&world);
            Some((at, world, evidence))
        });
        let mut looked: Vec<(usize, World<'a>, Evidence)> = looked.into_iter().flatten().collect();
        if !self.limits.thorough {
            looked.sort_by_key(|(at, _, evidence)| (evidence.units, *at));
            looked.truncate(self.limits.replayed as usize / 2);
        }
        self.decided(looked, |at| causes[at].clone(), since)
    }

    /// What causes leave in worlds in which they are mended: the rounds are decided again.
    fn decided(
        &mut self,
        looked: Vec<(usize, World<'a>, Evidence)>,
        cause: impl Fn(usize) -> Cause + Sync,
        since: &Left,
    ) -> Vec<Tried<'a>> {
        self.replays += looked.len() as u32;
        each(self.crew, looked, |(at, world, evidence)| {
            let seen = Seen::with(world, evidence);
            let left = seen.left();
            Tried {
                cause: cause(at),
                gain: left.gain(since),
                left,
                seen: Some(seen),
            }
        })
    }

    /// Mends a cause: the round is looked at with it from now on.
    fn mend(&mut self, seen: Seen<'a>, cause: Cause, class: Vec<Cause>) {
        let before = self.now.ids();
        let about = about(&self.now.world, &cause);
        self.now = seen;
        let after = self.now.ids();
        let without = |a: &[Box<str>], b: &[Box<str>]| {
            let left = a.iter().filter(|c| b.binary_search(c).is_err());
            left.cloned().collect::<Vec<_>>()
        };
        self.rivals.push(Vec::new());
        self.mended.push(Mended {
            cause,
            class,
            healed: without(&before, &after),
            broken: without(&after, &before),
            about,
            differing: self.now.differing.len() as u32,
            units: self.now.evidence.units,
        });
    }
}

/// The oddities that a cause explains, in tenths, less what so free a choice would explain by chance: of a few seats or
/// orders one seldom fits by chance, of thousands of conditions one often does.
fn worth(cause: &Cause, oddities: i64, leaves_nothing: bool) -> i64 {
    let tenths = match cause {
        Cause::RowPoints { .. } | Cause::RowExtra { .. } | Cause::ChoiceRank(_) => 9,
        // Whatever leaves nothing needs no second cause beside it.
        Cause::RowMissing { .. } if leaves_nothing => 9,
        Cause::RowMissing { when, .. } if is_joined(when) => 6,
        Cause::RowMissing { .. } => 8,
        _ => 10,
    };
    oddities * tenths
}

/// The proposals of a tier, as far as the effort goes, the most promising first.
fn proposed(scene: &Scene<'_, '_>, tier: Tier, proposers: &[Box<dyn Proposer>]) -> Vec<Proposal> {
    let mut proposals: Vec<Proposal> = Vec::new();
    let asked = proposers.iter().filter(|p| p.tier() == tier);
    for proposal in asked.flat_map(|p| p.propose(scene)) {
        if !proposals.iter().any(|p| p.cause == proposal.cause) {
            proposals.push(proposal);
        }
    }
    proposals.sort_by_key(|p| Reverse(p.promise));
    let mut spent = 0;
    proposals.retain(|p| {
        spent += p.effort();
        spent <= scene.effort
    });
    proposals
}

/// How likely a cause is among those that explain the same: lower first. A mechanism or a seat is a plain
/// thing to have otherwise; equal keys, a wish, a fact are slips; rules that explain no more than a slip
/// come after it; a decision against the criteria is what is left.
fn likelihood(cause: &Cause) -> u32 {
    match cause {
        Cause::Mechanism(_) => 0,
        Cause::Seats { .. } => 1,
        Cause::Refill(_) => 2,
        Cause::Tie { .. } => 3,
        Cause::Wish { .. } => 4,
        Cause::Fact { .. } => 5,
        Cause::RowPoints { .. } => 6,
        Cause::RowExtra { .. } => 7,
        Cause::Aggregation { .. } | Cause::Coupling(_) => 8,
        Cause::Transfers(_) => 9,
        Cause::KeyOrder(_) => 10,
        Cause::ChoiceRank(_) => 11,
        Cause::RowMissing { .. } => 12,
        Cause::Contradiction { .. } => 13,
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
