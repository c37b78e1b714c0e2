//! A world and what the decisions say about it.

use crate::{
    evidence::{Checked, Evidence, evidence},
    truth::Known,
    world::World,
};
use enmusubi_market::{ChildIx, Placement};
use enmusubi_matching::Mechanism;
use enmusubi_verify::{blocking_among, check};

/// Oddities that decisions may show at most to be looked at as another right placement: where nothing is right to
/// all, a family or two are wronged by any.
const UNITS: u32 = 8;

/// A world, looked at.
pub(super) struct Seen<'a> {
    pub(super) world: World<'a>,
    pub(super) evidence: Evidence,
    pub(super) placement: Placement,
    pub(super) differing: Vec<ChildIx>,
    pub(super) compared: u32,
    /// Children for whom this program would have chosen otherwise, where what the staff chose is as right.
    pub(super) equally_right: Vec<Box<str>>,
}

impl<'a> Seen<'a> {
    pub(super) fn of(world: World<'a>) -> Self {
        let evidence = evidence(&world);
        Self::with(world, evidence)
    }

    pub(super) fn with(world: World<'a>, evidence: Evidence) -> Self {
        let placement = world.place();
        let (differing, compared) = world.truth.differing(&world.market, &placement);
        let mut seen = Self {
            world,
            evidence,
            placement,
            differing,
            compared,
            equally_right: Vec::new(),
        };
        if seen.evidence.units <= UNITS && !seen.differing.is_empty() && seen.is_in_accord() {
            seen.equally_right = seen.ids();
            seen.differing.clear();
        }
        seen
    }

    /// Whether the staff's placement is itself right by all rules, though this program would have chosen another:
    /// with siblings there may be several. Where no placement is right to all, whoever theirs wrongs is one whom
    /// ours wrongs as well.
    fn is_in_accord(&self) -> bool {
        let complete = |k: &Known| !matches!(k, Known::Unknown | Known::Elsewhere);
        let World { market, truth, .. } = &self.world;
        if self.world.mechanism != Mechanism::Stable || !truth.of.iter().all(complete) {
            return false;
        }
        // Where the checker came to no end before, it has more time now.
        let again = || {
            let theirs = check(market, &truth.placement(market));
            let (feasible, families) = (theirs.is_feasible(), theirs.blocking.iter());
            theirs.unfinished.is_empty().then(|| Checked {
                feasible,
                blocking: families.map(|b| b.family).collect(),
            })
        };
        let known = self.evidence.checked.clone();
        let Some(theirs) = known.or_else(again).filter(|t| t.feasible) else {
            return false;
        };
        if theirs.blocking.is_empty() || self.evidence.units == 0 {
            return theirs.blocking.is_empty();
        }
        blocking_among(market, &self.placement, &theirs.blocking) == theirs.blocking
    }

    pub(super) fn ids(&self) -> Vec<Box<str>> {
        let ids = self.differing.iter();
        let ids = ids.map(|&c| self.world.market.children[c as usize].id.clone());
        let mut ids: Vec<_> = ids.collect();
        ids.sort_unstable();
        ids
    }

    pub(super) fn left(&self) -> Left {
        // Where the round comes out as decided, whatever seems odd is odd in any placement.
        let units = match self.differing.is_empty() {
            true => 0,
            false => self.evidence.units,
        };
        Left {
            units,
            differing: self.ids(),
        }
    }
}

/// What a cause leaves when it is mended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Left {
    pub(super) units: u32,
    /// Children that differ, as ids, sorted.
    pub(super) differing: Vec<Box<str>>,
}

impl Left {
    /// What was gained since: oddities, children. Higher is better.
    pub(super) fn gain(&self, since: &Self) -> (i64, i64) {
        (
            i64::from(since.units) - i64::from(self.units),
            since.differing.len() as i64 - self.differing.len() as i64,
        )
    }
}

/// Whether a gain is one: fewer oddities without more children that differ, or fewer of these and no more
/// oddities than one.
pub(super) fn is_gain((units, children): (i64, i64)) -> bool {
    units > 0 && children >= 0 || children > 0 && units >= 0
}
