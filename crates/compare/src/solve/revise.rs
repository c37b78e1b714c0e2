//! Rules and rows looked at again, once others were found: the first was found while everything else was still odd, and may
//! have been taken for one that is like it.

use super::{
    Search, Tried, likelihood,
    polish::{STEPS, with_more},
    proposed,
    seen::{Left, Seen},
    worth,
};
use crate::{
    cause::Cause,
    crew::{each, map},
    evidence::{Evidence, evidence},
    search::{Proposer, Tier, first_of_both, unwritten::is_joined},
    world::World,
};
use std::cmp::Reverse;

/// Variants of a cause whose round is decided again: with other points, and others.
const REPLAYED: usize = 4;
/// Of these, those with which it is looked one step ahead.
const AHEAD: usize = 2;
/// How often something else takes the place of a cause, at most.
const REVISIONS: u32 = 24;
/// Oddities that such a variant may leave more: two, or one in so many.
const WORSE: (u32, u32) = (2, 4);

impl<'a> Search<'a, '_> {
    /// Looks at every rule and row again, with all others mended: another of its kind that leaves less takes its place, and
    /// one that is of no use goes. So does one with which another cause explains more than `best`, the most that anything
    /// would explain as things are. Whether anything is otherwise.
    pub(super) fn revise(&mut self, proposers: &[Box<dyn Proposer>], best: i64) -> bool {
        let rules = |search: &Self| {
            let rest = search.mended[search.given..].iter();
            rest.filter(|m| !m.cause.is_individual()).count()
        };
        // One by itself is looked at again only where nothing else explains what is left.
        let least = if best > 0 { 2 } else { 1 };
        if rules(self) < least || rules(self) == self.revised {
            return false;
        }
        let mut any = false;
        let mut at = self.given;
        while at < self.mended.len() && self.revisions < REVISIONS {
            let instead = match self.mended[at].cause.is_individual() {
                true => None,
                false => self.better(at, proposers, best),
            };
            self.revisions += u32::from(instead.is_some());
            any |= instead.is_some();
            let goes = matches!(instead, Some(Instead::Nothing));
            if let Some(instead) = instead {
                self.put(at, instead);
            }
            at += usize::from(!goes);
        }
        if any {
            self.dry.clear();
        } else {
            self.revised = rules(self);
        }
        any
    }

    /// What explains more than a mended cause in its place.
    fn better(&mut self, at: usize, proposers: &[Box<dyn Proposer>], best: i64) -> Option<Instead> {
        let cause = self.mended[at].cause.clone();
        let mut rest: Vec<Cause> = self.mended.iter().map(|m| m.cause.clone()).collect();
        rest.remove(at);
        let base = Seen::of(self.with_only(&rest).ok()?);
        let (now, without) = (self.now.left(), base.left());
        self.replays += 1;
        if (without.units, without.differing.len()) <= (now.units, now.differing.len()) {
            return Some(Instead::Nothing);
        }
        let variants = self.variants(at, &base, proposers);
        let worse = now.units + WORSE.0.max(now.units / WORSE.1);
        let looked = map(self.crew, variants.len(), |nth| {
            let world = base.world.with(&variants[nth]).ok()?;
            let evidence = evidence(&world);
            (evidence.units <= worse).then_some((nth, world, evidence))
        });
        let gain = |units: u32| i64::from(without.units) - i64::from(units);
        let mut looked: Vec<(usize, World<'a>, Evidence)> = looked.into_iter().flatten().collect();
        looked.sort_by_key(|(nth, _, e)| {
            let worth = worth(&variants[*nth], gain(e.units), false);
            (Reverse(worth), likelihood(&variants[*nth]), *nth)
        });
        // Other points, and other conditions: of both the best.
        first_of_both(&mut looked, [REPLAYED; 2], |(nth, _, _)| *nth < STEPS.len());
        self.replays += looked.len() as u32;
        let replayed: Vec<(usize, Seen<'a>)> = each(self.crew, looked, |(nth, world, evidence)| {
            (nth, Seen::with(world, evidence))
        });
        let lefts: Vec<(usize, Left)> = replayed.iter().map(|(n, s)| (*n, s.left())).collect();
        let worth_of = |cause: &Cause, left: &Left| {
            let worth = worth(cause, gain(left.units), left.differing.is_empty());
            (worth, Reverse(left.differing.len()))
        };
        let likely = |nth: usize| Reverse((likelihood(&variants[nth]), nth));
        let first =
            (lefts.iter()).max_by_key(|(nth, l)| (worth_of(&variants[*nth], l), likely(*nth)));
        let first = first.filter(|(nth, l)| worth_of(&variants[*nth], l) > worth_of(&cause, &now));
        let (chosen, then) = match first {
            Some((nth, _)) => (*nth, Vec::new()),
            None => {
                let is_row = matches!(
                    cause,
                    Cause::RowPoints { .. } | Cause::RowMissing { .. } | Cause::RowExtra { .. }
                );
                // What is taken for a row may be a rule, and the other way round.
                let tier = if is_row { Tier::Rules } else { Tier::Rows };
                let plain = |cause: &Cause| match cause {
                    Cause::RowMissing { when, .. } => !is_joined(when),
                    _ => true,
                };
                let seen = replayed.iter().filter(|(nth, _)| plain(&variants[*nth]));
                let (steps, others): (Vec<_>, Vec<_>) =
                    seen.partition(|(nth, _)| *nth < STEPS.len());
                let seen = steps
                    .into_iter()
                    .take(AHEAD)
                    .chain(others.into_iter().take(AHEAD));
                let ahead = seen.filter_map(|(nth, seen)| {
                    let (gain, next) = self.ahead(seen, proposers, tier, now.units);
                    (gain > best.max(1)).then_some((gain, *nth, next))
                });
                let (_, nth, next) = ahead.max_by_key(|(gain, nth, _)| (*gain, Reverse(*nth)))?;
                (nth, next)
            }
        };
        let left = lefts.iter().find(|(nth, _)| *nth == chosen).map(|l| &l.1)?;
        let alike = lefts.iter().filter(|(nth, l)| *nth != chosen && l == left);
        let class = alike.map(|(nth, _)| variants[*nth].clone()).collect();
        Some(Instead::Cause {
            cause: variants[chosen].clone(),
            class,
            then,
        })
    }

    /// What may be meant instead of a mended cause: other points first (as many as [`STEPS`]), then what explained nearly as
    /// much when it was mended, and what would be proposed now.
    fn variants(&self, at: usize, base: &Seen<'a>, proposers: &[Box<dyn Proposer>]) -> Vec<Cause> {
        let cause = &self.mended[at].cause;
        let other = |by: &i64| with_more(cause, *by).unwrap_or_else(|| cause.clone());
        let mut variants: Vec<Cause> = STEPS.iter().map(other).collect();
        variants.extend(
            self.mended[at]
                .class
                .iter()
                .chain(&self.rivals[at])
                .cloned(),
        );
        if matches!(cause, Cause::RowMissing { .. }) {
            let now = proposed(&self.scene_of(base), Tier::Unwritten, proposers);
            for proposal in now {
                if !variants.contains(&proposal.cause) && proposal.cause != *cause {
                    variants.push(proposal.cause);
                }
            }
        }
        variants.truncate(self.limits.tried as usize);
        variants
    }

    /// How many oddities fewer than so many the best of a tier would leave here, and these.
    fn ahead(
        &self,
        seen: &Seen<'a>,
        proposers: &[Box<dyn Proposer>],
        tier: Tier,
        units: u32,
    ) -> (i64, Vec<Cause>) {
        let mut proposals = proposed(&self.scene_of(seen), tier, proposers);
        proposals.retain(|p| !p.cause.is_individual());
        let left = map(self.crew, proposals.len(), |nth| {
            let world = seen.world.with(&proposals[nth].cause).ok()?;
            Some(evidence(&world).units)
        });
        let least = left.iter().flatten().min().copied().unwrap_or(units);
        let best = left
            .iter()
            .zip(&proposals)
            .filter(|(l, _)| **l == Some(least));
        let best = best.take(REPLAYED).map(|(_, p)| p.cause.clone());
        (i64::from(units) - i64::from(least), best.collect())
    }

    /// Puts something else in the place of a mended cause.
    fn put(&mut self, at: usize, instead: Instead) {
        let mut rivals = std::mem::take(&mut self.rivals);
        let mut kept: Vec<(Cause, Vec<Cause>)> = (self.mended.iter())
            .map(|m| (m.cause.clone(), m.class.clone()))
            .collect();
        let mut next = Vec::new();
        match instead {
            Instead::Nothing => {
                kept.remove(at);
                rivals.remove(at);
            }
            Instead::Cause { cause, class, then } => {
                next = then;
                let (before, alike) = std::mem::replace(&mut kept[at], (cause, class));
                rivals[at].push(before);
                rivals[at].extend(alike);
            }
        }
        self.mend_anew(kept);
        if rivals.len() == self.rivals.len() {
            self.rivals = rivals;
        }
        let since = self.now.left();
        let mut tried = self.replay(&next, &since);
        tried.sort_by_key(Tried::order);
        let mut tried = tried.into_iter();
        if let Some(Tried {
            cause,
            left,
            seen: Some(seen),
            ..
        }) = tried.next()
        {
            let alike = tried.filter(|t| t.left == left).map(|t| t.cause);
            self.mend(seen, cause, alike.collect());
        }
    }
}

/// What takes the place of a cause.
enum Instead {
    Nothing,
    Cause {
        cause: Cause,
        /// Others that leave the same.
        class: Vec<Cause>,
        /// What is to be mended next: one of these.
        then: Vec<Cause>,
    },
}
