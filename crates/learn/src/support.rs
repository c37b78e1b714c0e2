//! What speaks for and against a rule that was found, and the points that fit as well.

use crate::years::Years;
use enmusubi_compare::{
    cause::Cause,
    crew::{Crew, map},
    evidence::{Evidence, evidence},
    search::stand::unit_of_points,
    world::World,
};
use enmusubi_domain::facts::Exact;
use std::collections::BTreeSet;

/// Points more and less that are looked at beside those found, in units: as far as some fit as well, and so many at most.
const REACH: i64 = 40;
/// Numbers that are looked at on each side before it is asked whether any of them fits.
const AT_ONCE: i64 = 4;

/// A rule that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// The rule.
    pub cause: Cause,
    /// Others that explain the same decisions: nothing tells them apart.
    pub class: Vec<Cause>,
    /// How many oddities fewer the decisions show with it than without it, everything else as found.
    pub explains: i64,
    /// Children, by year, who stand on the wrong side of a cut-off without it and not with it.
    pub support: Vec<u32>,
    /// Children, by year, who do so with it and not without it.
    pub opposition: Vec<u32>,
    /// The points that fit as well; `None`: it has none.
    pub interval: Option<Interval>,
}

/// Points of a row that explain as much.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Interval {
    /// The least.
    pub least: Exact,
    /// The most.
    pub most: Exact,
    /// Whether it was not looked further than to the least, and to the most: these and any beyond may fit.
    pub open: [bool; 2],
}

/// A world, looked at.
pub(crate) struct Seen {
    evidence: Evidence,
    /// Nobody's result differs.
    agrees: bool,
}

impl Seen {
    /// Looks at a world.
    pub(crate) fn of(world: &World<'_>) -> Self {
        Self {
            evidence: evidence(world),
            agrees: agrees(world),
        }
    }

    /// Oddities. Where the round comes out as decided, whatever seems odd is odd in any placement (siblings).
    pub(crate) fn units(&self) -> i64 {
        match self.agrees {
            true => 0,
            false => i64::from(self.evidence.units),
        }
    }
}

fn agrees(world: &World<'_>) -> bool {
    let (differing, _) = world.truth.differing(&world.market, &world.place());
    differing.is_empty()
}

/// Judges a rule in a world in which it and others were found, but for its interval. `rest`: the others.
pub(crate) fn judged(
    years: &Years,
    (with, seen): (&World<'_>, &Seen),
    rest: &[Cause],
    (cause, class): (&Cause, &[Cause]),
) -> Option<Rule> {
    let without = with.with_only(rest).ok()?;
    let unseen = Seen::of(&without);
    let (ours, theirs) = (odd(with, &seen.evidence), odd(&without, &unseen.evidence));
    let only = |a: &BTreeSet<Box<str>>, b: &BTreeSet<Box<str>>| {
        years.count(a.difference(b).map(|id| &**id))
    };
    Some(Rule {
        cause: cause.clone(),
        class: class.to_vec(),
        explains: unseen.units() - seen.units(),
        support: only(&theirs, &ours),
        opposition: only(&ours, &theirs),
        interval: None,
    })
}

/// Children on a wrong side, or with a result that cannot be, as ids.
fn odd(world: &World<'_>, evidence: &Evidence) -> BTreeSet<Box<str>> {
    let suspects = evidence.suspects.iter().map(|s| s.child);
    let market = &world.market;
    let siblings = evidence.blocking.iter().chain(&evidence.unlisted);
    let siblings = siblings.flat_map(|&f| market.families[f as usize].children.clone());
    let all = suspects.chain(siblings);
    let all = all.chain(evidence.elsewhere.iter().copied());
    all.map(|c| market.children[c as usize].id.clone())
        .collect()
}

/// The points with which the decisions come out as with those found: all as decided, or else no more oddities, where one more may be
/// a slip that these points happen to explain.
pub(crate) fn interval(
    without: &World<'_>,
    cause: &Cause,
    seen: &Seen,
    crew: &dyn Crew,
) -> Option<Interval> {
    let criteria = &without.scored.as_ref()?.criteria;
    let unit = unit_of_points(criteria);
    let found = cause.points()?;
    let units = seen.evidence.units;
    let most = units + u32::from(units > 0);
    let at = |times: i64| found.plus(unit.times(Exact::whole(times))?);
    let fits = |times: i64| {
        let other = cause.with_points(at(times)?)?;
        let world = without.with(&other).ok()?;
        let fits = match seen.agrees {
            true => agrees(&world),
            false => evidence(&world).units <= most,
        };
        fits.then_some(times)
    };
    let (mut ends, mut open) = ([0, 0], [false; 2]);
    for (side, sign) in [(0, -1), (1, 1)] {
        let mut from = 1;
        loop {
            let list: Vec<i64> = (from..from + AT_ONCE).map(|n| n * sign).collect();
            let fitting = map(crew, list.len(), |nth| fits(list[nth]));
            let last = fitting.into_iter().flatten().max_by_key(|t| t.abs());
            ends[side] = last.unwrap_or(ends[side]);
            from += AT_ONCE;
            if last.is_none() {
                break;
            }
            if from > REACH {
                open[side] = true;
                break;
            }
        }
    }
    Some(Interval {
        least: at(ends[0])?,
        most: at(ends[1])?,
        open,
    })
}
