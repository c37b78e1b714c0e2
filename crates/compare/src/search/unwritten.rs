//! Rows that nobody wrote down: a condition of one or two facts, and points, with which more would stand on the right side.
//!
//! Tables that add up are asked once for each child how keys would move with one more row there, others once for each
//! number of points; a condition then only chooses whom that concerns, so that thousands are looked at without
//! anybody being scored again.

mod effects;
mod everybody;
mod screen;

pub(crate) use screen::{is_joined, narrow, parts};

use super::{
    Proposal, Proposer, Scene, Tier,
    conditions::Cuts,
    first_of_both,
    seen::Seen,
    stand::{Stand, roughness},
    vocabulary::{self, Condition},
};
use crate::cause::Cause;
use enmusubi_criteria::model::{Over, Row, Take};
use enmusubi_domain::facts::Exact;
use enmusubi_scoring::Program;
use std::{cmp::Reverse, collections::HashSet, sync::Arc};

/// Rows that are proposed: those of one fact, and of several.
const BEST: [usize; 2] = [24, 8];
/// The same where few do not fit.
const BEST_OF_FEW: [usize; 2] = [32, 12];
/// Of these, those that are proposed with several numbers of points, and how many of these at most.
const SEVERAL: (usize, usize) = (4, 3);
/// The condition that holds for everybody.
pub const EVERYBODY: &str = "true";
/// Points for everybody that are tried.
const TO_ALL: &[i64] = &[5, 12];
/// The same where few do not fit.
const TO_ALL_OF_FEW: &[i64] = &[3, 5, 8, 10, 12, 20];
/// Tables looked at, of those over applications and of those over guardians (adults).
const TABLES: usize = 2;
/// What a single condition must set right at least, and what two joined ones: less is a slip.
const LEAST: [i64; 2] = [2, 3];
/// The same where so few do not fit that a row may be behind them all.
const LEAST_OF_FEW: [i64; 2] = [1, 2];
/// How few that is.
const FEW: u32 = 8;
/// Rows that are tried with everybody: those of one fact, and of several.
const FULL: [usize; 2] = [36, 16];
/// The same where few do not fit: many explain them.
const FULL_OF_FEW: [usize; 2] = [96, 32];

/// Proposes rows that nobody wrote down.
#[derive(Debug, Default)]
pub struct Unwritten {
    seen: Seen<Fit>,
}

/// Rows that would set right, best first.
fn fits(scene: &Scene<'_, '_>) -> Vec<Fit> {
    let search = Search::of(scene);
    search.map_or_else(Vec::new, |search| search.fits(scene))
}

impl Proposer for Unwritten {
    fn tier(&self) -> Tier {
        Tier::Unwritten
    }

    fn propose(&self, scene: &Scene<'_, '_>) -> Vec<Proposal> {
        let fits = self.seen.of(scene, || fits(scene));
        let most = i64::from(scene.evidence.units.max(1));
        let of = |several: bool| {
            let of = fits.iter().filter(move |f| (f.facts > 1) == several);
            let most = match scene.evidence.units {
                ..=FEW => BEST_OF_FEW,
                _ => BEST,
            };
            of.take(most[usize::from(several)]).enumerate()
        };
        let proposals = of(false).chain(of(true)).flat_map(|(nth, fit)| {
            // Of the best several numbers of points: they differ in what follows.
            let several = if nth < SEVERAL.0 { SEVERAL.1 } else { 1 };
            let mut points: Vec<Exact> = fit.points.clone();
            points.extend(&fit.nearly);
            points.truncate(several);
            points.into_iter().filter_map(move |points| {
                Some(Proposal {
                    promise: u32::try_from(fit.gain.min(most)).ok()?,
                    cause: Cause::missing(&fit.table, fit.texts.first()?, points),
                })
            })
        });
        let mut list: Vec<Proposal> = proposals.chain(for_everybody(scene)).collect();
        // Estimates may take two facts for what one explains as well.
        let parts: Vec<Proposal> = (list.iter())
            .flat_map(|p| wider(&p.cause).into_iter().map(|cause| (cause, p.promise)))
            .map(|(cause, promise)| Proposal { cause, promise })
            .collect();
        for part in parts {
            if !list.iter().any(|p| p.cause == part.cause) {
                list.push(part);
            }
        }
        list
    }

    fn alike(&self, scene: &Scene<'_, '_>, cause: &Cause) -> Vec<Cause> {
        let Some((table, when, points)) = cause.as_missing() else {
            return Vec::new();
        };
        // The same rule in other words, and other points with which it explains as much.
        let fits = self.seen.of(scene, || fits(scene));
        let same = |f: &&Fit| *f.table == *table && f.texts.iter().any(|t| t == when);
        let Some(fit) = fits.iter().find(same) else {
            return Vec::new();
        };
        let row = |when: &str, points: Exact| Cause::missing(table, when, points);
        let words = fit.texts.iter().map(|t| row(t, points));
        let numbers = fit.points.iter().map(|p| row(when, *p));
        words.chain(numbers).filter(|c| c != cause).collect()
    }
}

/// Rows like one whose condition was joined of several, for those of whom a part of it holds.
fn wider(cause: &Cause) -> Vec<Cause> {
    let Some((table, when, points)) = cause.as_missing() else {
        return Vec::new();
    };
    let Some((first, second, not)) = parts(when) else {
        return Vec::new();
    };
    let parts = std::iter::once(first).chain((!not).then_some(second));
    let rows = parts.map(|when| Cause::missing(table, when, points));
    rows.collect()
}

/// Points for everybody where a table is bounded: only those near the bound feel them, which no cut-off tells. Two numbers
/// to begin with; whichever leaves less is polished.
fn for_everybody(scene: &Scene<'_, '_>) -> Vec<Proposal> {
    let Some(scored) = &scene.world.scored else {
        return Vec::new();
    };
    if scene.evidence.units == 0 {
        return Vec::new();
    }
    let tables = scored.criteria.tables.iter().filter(|t| {
        let bounded = t.at_most.is_some() || t.at_least.is_some();
        bounded && t.over == Over::Application && t.take == Take::Sum
    });
    let numbers = match scene.evidence.units {
        ..=FEW => TO_ALL_OF_FEW,
        _ => TO_ALL,
    };
    let rows = tables.take(TABLES).flat_map(|table| {
        numbers.iter().map(|&points| Proposal {
            promise: scene.evidence.units.div_ceil(2),
            cause: Cause::missing(&table.id, EVERYBODY, Exact::whole(points)),
        })
    });
    rows.collect()
}

/// A row that would set right.
#[derive(Debug)]
struct Fit {
    table: Box<str>,
    /// Its condition, in several wordings that mean the same in this round.
    texts: Vec<String>,
    /// Points that fit best, the roundest first.
    points: Vec<Exact>,
    /// Points that fit nearly as well, the roundest first.
    nearly: Vec<Exact>,
    gain: i64,
    /// Facts its condition looks at.
    facts: usize,
}

/// A row that would set some right, as far as those near cut-offs tell.
struct Candidate {
    gain: i64,
    effect: usize,
    condition: Condition,
}

struct Search {
    stand: Stand,
    program: Arc<Program>,
    /// What a row must set right at least.
    least: [i64; 2],
    /// Conditions of applications, of guardians, and of adults.
    conditions: [Vec<Condition>; 3],
}

impl Search {
    fn of(scene: &Scene<'_, '_>) -> Option<Self> {
        let scored = scene.world.scored.as_ref()?;
        let stand = Stand::of(scene)?;
        let least = match scene.evidence.units {
            ..=FEW => LEAST_OF_FEW,
            _ => LEAST,
        };
        let odd: u32 = stand.wrong.iter().sum();
        if i64::from(odd) < least[0] {
            return None;
        }
        let program = Arc::clone(&scored.program);
        let conditions = vocabulary::conditions(
            scene.crew,
            &stand.entries,
            &scored.facts,
            &scored.criteria,
            Cuts::of(&scored.criteria),
        );
        Some(Self {
            stand,
            program,
            least,
            conditions,
        })
    }

    /// Rows by what they would set right, best first; among equals the simplest.
    fn fits(&self, scene: &Scene<'_, '_>) -> Vec<Fit> {
        let suspects = self.stand.suspects();
        let effects = self.effects(scene, &suspects);
        let mut list: Vec<Candidate> = Vec::new();
        for (nth, (at, effect)) in effects.iter().enumerate() {
            let found = self.screen(scene, (*at, effect), &suspects).into_iter();
            list.extend(found.map(|(gain, condition)| Candidate {
                gain,
                effect: nth,
                condition,
            }));
        }
        list.sort_by_key(|c| (Reverse(c.gain), screen::plainness(&c.condition)));
        // One number of points for each: others are looked at afterwards.
        let mut tables: HashSet<(&str, &[bool])> = HashSet::new();
        let known: Vec<bool> = list
            .iter()
            .map(|c| !tables.insert((&effects[c.effect].1.table, &c.condition.holds)))
            .collect();
        let mut known = known.into_iter();
        list.retain(|_| !known.next().unwrap_or(true));
        let most = match scene.evidence.units {
            ..=FEW => FULL_OF_FEW,
            _ => FULL,
        };
        first_of_both(&mut list, most, |c| c.condition.facts > 1);
        let mut fits: Vec<Fit> = Vec::new();
        for (nth, (at, effect)) in effects.iter().enumerate() {
            let mine = list.iter().filter(|c| c.effect == nth);
            let mine: Vec<&Condition> = mine.map(|c| &c.condition).collect();
            if !mine.is_empty() {
                self.with_everybody(scene, *at, effect, &mine, &mut fits);
            }
        }
        let rough = |f: &Fit| f.points.first().map_or(9, |p| roughness(*p));
        fits.sort_by_key(|f| {
            let length = f.texts.first().map_or(0, String::len);
            (Reverse(f.gain), f.facts, rough(f), length)
        });
        fits
    }

    /// What may be said of those whom a table is over.
    fn conditions(&self, over: Over) -> &[Condition] {
        match over {
            Over::Application => &self.conditions[0],
            Over::Guardian => &self.conditions[1],
            Over::Adult => &self.conditions[2],
        }
    }

    /// Points that conditions are tried with, in units: small ones, and what rows of the table have.
    fn numbers(&self, scene: &Scene<'_, '_>, table: u32, small: &[i64]) -> Vec<i64> {
        let mut numbers = small.to_vec();
        if let Some(scored) = &scene.world.scored {
            let rows = scored.criteria.tables[table as usize].rows.iter();
            let points = rows.filter_map(Row::plain_points);
            let units = points.filter_map(|p| p.over(self.stand.unit)?.as_whole());
            numbers.extend(units.flat_map(|n| [n, -n]).filter(|n| *n != 0));
        }
        numbers.sort_unstable();
        numbers.dedup();
        numbers
    }
}
