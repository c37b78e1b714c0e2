//! Rows whose points are wrong in the file, and rows of the file that the staff do not go by.
//!
//! For every row that applies to somebody in a group where decisions do not fit: how many would stand on the
//! right side if it gave other points ([`super::stand`]), for every number of points within reach.

use super::{
    Proposal, Proposer, Scene, Tier,
    seen::Seen,
    stand::{Best, Move, PARTS, PROBED, Stand, distance, roughness},
};
use crate::{
    cause::Cause,
    crew::{each, map},
};
use enmusubi_criteria::{Criteria, model::Take};
use enmusubi_domain::facts::Exact;
use enmusubi_scoring::{Contributions, Nudge, Probe};
use std::cmp::Reverse;

/// Points more (or less) that are looked at, in units.
const REACH: [i64; 48] = [
    -100, -50, -40, -30, -25, -20, -18, -16, -15, -14, -13, -12, -11, -10, -9, -8, -7, -6, -5, -4,
    -3, -2, -1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 18, 20, 25, 30, 40, 50, 60,
    80, 100,
];

/// Rows that are proposed.
const BEST: usize = 14;
/// Numbers of points that a row is proposed with, at most: those that set as much right differ in what follows.
const NUMBERS: usize = 4;
/// Numbers of points that are looked at one by one where points do not simply add up.
const EXACTLY: usize = 16;
/// A row sets at least one in so many of the best one's right, or it is no rival to it.
const RIVAL: i64 = 4;
/// Rows that are looked at before the best of them is known, at a time.
const AT_ONCE: usize = 8;

/// Proposes other points for rows, and rows to be left out.
#[derive(Debug, Default)]
pub struct Rows {
    seen: Seen<Fit>,
}

impl Proposer for Rows {
    fn tier(&self) -> Tier {
        Tier::Rows
    }

    fn propose(&self, scene: &Scene<'_, '_>) -> Vec<Proposal> {
        let mut list: Vec<Proposal> = Vec::new();
        let promise = |gain: i64| {
            let promise = u32::try_from(gain).unwrap_or(0);
            promise.min(scene.evidence.units.max(1))
        };
        let fits = self.seen.of(scene, || fits(scene));
        for fit in fits.iter().take(BEST) {
            let row = || fit.row.clone();
            for theirs in fit.proposed() {
                let cause = Cause::RowPoints { row: row(), theirs };
                let promise = promise(fit.gain);
                list.push(Proposal { cause, promise });
            }
            if fit.without > 0 {
                let cause = Cause::RowExtra { row: row() };
                let promise = promise(fit.without);
                list.push(Proposal { cause, promise });
            }
        }
        list
    }

    fn alike(&self, scene: &Scene<'_, '_>, cause: &Cause) -> Vec<Cause> {
        let Cause::RowPoints { row, theirs } = cause else {
            return Vec::new();
        };
        // Other points of this row with which as many stand on the right side.
        let fits = self.seen.of(scene, || fits(scene));
        let fit = fits
            .iter()
            .find(|f| f.row == *row && f.points.contains(theirs));
        let Some(fit) = fit else {
            return Vec::new();
        };
        let others = fit.points.iter().filter(|p| *p != theirs);
        others
            .map(|&theirs| Cause::RowPoints {
                row: row.clone(),
                theirs,
            })
            .collect()
    }
}

/// A row with other points, and what it would set right.
#[derive(Debug)]
struct Fit {
    row: Box<str>,
    /// Points of the file.
    now: Exact,
    /// Points that fit best, the roundest first.
    points: Vec<Exact>,
    /// How many more stand right with these.
    gain: i64,
    /// How many more stand right without the row.
    without: i64,
}

impl Fit {
    /// The points that are proposed: the roundest, those nearest to the file's, and the ends.
    fn proposed(&self) -> Vec<Exact> {
        let roundest = self.points.iter();
        let nearest = (self.points.iter()).min_by_key(|p| distance(**p, self.now));
        let ends = (self.points.iter().min().into_iter()).chain(self.points.iter().max());
        let mut list: Vec<Exact> = Vec::new();
        for &points in roundest.take(2).chain(nearest).chain(ends) {
            if !list.contains(&points) {
                list.push(points);
            }
        }
        list.truncate(NUMBERS);
        list
    }
}

/// Rows by what they would set right, best first.
fn fits(scene: &Scene<'_, '_>) -> Vec<Fit> {
    let mut fits = fits_of(scene);
    // Among rows that explain the same, one that changes few points.
    fits.sort_by_key(|f| Reverse(f.gain.max(f.without)));
    fits
}

fn fits_of(scene: &Scene<'_, '_>) -> Vec<Fit> {
    let (Some(stand), Some(scored)) = (Stand::of(scene), &scene.world.scored) else {
        return Vec::new();
    };
    let odd = |g: usize| stand.is_odd(g);
    if !(0..stand.groups.len()).any(odd) {
        return Vec::new();
    }
    let contributions = scored.contributions();
    let rows = candidates(&scored.criteria, contributions, &stand);
    let probe = || Probe::new(&scored.program, &scored.facts);
    let hopes = map(scene.crew, rows.len(), |nth| {
        let (table, row) = rows[nth];
        let table_of = &scored.criteria.tables[table as usize];
        let of = &table_of.rows[row as usize];
        let written = Written {
            at: (table, row),
            points: of.plain_points(),
            // One of several rows counts, whichever gives the most: points do not move keys by as much.
            alone: table_of.take == Take::Sum && of.group.is_none(),
        };
        hope(&stand, &mut probe(), contributions, written)
    });
    let mut hopes: Vec<Hope> = hopes.into_iter().flatten().collect();
    // Whatever would set far less right than another that is known already is no rival to it.
    hopes.sort_by_key(|h| (Reverse(h.most), h.written.at));
    let mut found: Vec<Fit> = Vec::new();
    let mut best = 0;
    let mut rest = hopes.into_iter().peekable();
    while rest.peek().is_some() {
        let batch: Vec<Hope> = rest.by_ref().take(AT_ONCE).collect();
        let least = best / RIVAL;
        let fits = each(scene.crew, batch, |hope| {
            let (table, row) = hope.written.at;
            let of = &scored.criteria.tables[table as usize].rows[row as usize];
            let (points, gain, without) = fit(&stand, &mut probe(), hope, least)?;
            Some(Fit {
                row: of.id.clone(),
                now: of.plain_points().unwrap_or(Exact::ZERO),
                points,
                gain,
                without,
            })
        });
        for fit in fits.into_iter().flatten() {
            best = best.max(fit.gain).max(fit.without);
            found.push(fit);
        }
    }
    found
}

/// Rows that apply to somebody in a group where decisions do not fit.
fn candidates(
    criteria: &Criteria,
    contributions: &Contributions,
    stand: &Stand,
) -> Vec<(u32, u32)> {
    let mut in_question: Vec<u32> = (stand.entries.iter())
        .filter(|e| stand.is_odd(e.group as usize))
        .map(|e| e.origin)
        .collect();
    in_question.sort_unstable();
    in_question.dedup();
    let mut rows = Vec::new();
    for (t, table) in (0u32..).zip(&criteria.tables) {
        for (r, row) in (0u32..).zip(&table.rows) {
            let mut gives = contributions.of(t, r).iter();
            // What was mended in is no row of the file.
            if !row.id.starts_with("unwritten-")
                && gives.any(|c| in_question.binary_search(&c.choice).is_ok())
            {
                rows.push((t, r));
            }
        }
    }
    rows
}

/// A row as the file has it.
#[derive(Clone, Copy)]
struct Written {
    /// Its table, and its place there.
    at: (u32, u32),
    /// Its points, where they are a number.
    points: Option<Exact>,
    /// Whether its points add to those of all others.
    alone: bool,
}

impl Written {
    /// Its points as so many more.
    fn more(self, by: Exact) -> Option<Nudge> {
        let (table, row) = self.at;
        Some(Nudge::Row { table, row, by })
    }

    /// It left out.
    fn without(self) -> Nudge {
        let (table, row) = self.at;
        Nudge::Without { table, row }
    }

    /// How the keys of some children move with other points, and without it, beside those known.
    fn probe(self, stand: &Stand, probe: &mut Probe<'_>, list: &[u32], moved: &mut Moved) {
        for &child in list {
            if self.points.is_some() {
                stand.probe(probe, child, &PROBED, |by| self.more(by), &mut moved.more);
            }
            stand.probe_once(probe, child, self.without(), &mut moved.without);
        }
        for moves in [&mut moved.more, &mut moved.without] {
            moves.sort_unstable_by_key(|m| (m.entry, m.component));
        }
    }
}

/// How keys move with other points of a row, and without it.
#[derive(Default)]
struct Moved {
    more: Vec<Move>,
    without: Vec<Move>,
}

/// A row that may set some right.
struct Hope {
    written: Written,
    /// Children whom it concerns: in a group where decisions do not fit, and all others.
    odd: Vec<u32>,
    even: Vec<u32>,
    /// How keys move where decisions do not fit.
    moved: Moved,
    /// How many would be set right there, with points more.
    hopeful: Vec<(i64, i64)>,
    /// The most it sets right, with other points or without it: where decisions fit, either can only do harm.
    most: i64,
}

/// What a row would set right where decisions do not fit; `None`: nothing.
fn hope(
    stand: &Stand,
    probe: &mut Probe<'_>,
    contributions: &Contributions,
    written: Written,
) -> Option<Hope> {
    let (table, row) = written.at;
    // Children by first: the choices of one lie together.
    let gives = contributions.of(table, row).iter().map(|c| c.choice);
    let children = stand.children_of(gives);
    let (odd, even): (Vec<u32>, Vec<u32>) = children.into_iter().partition(|c| {
        let mine = stand.of_child.get(c).into_iter().flatten();
        mine.clone()
            .any(|&e| stand.is_odd(stand.entries[e as usize].group as usize))
    });
    let is_odd = |g: usize| stand.is_odd(g);
    let mut moved = Moved::default();
    written.probe(stand, probe, &odd, &mut moved);
    let hopeful: Vec<(i64, i64)> = match written.points {
        Some(points) => (reach(stand, points).into_iter())
            .map(|times| (stand.gain(&moved.more, times, is_odd), times))
            .filter(|(gain, _)| *gain > 0)
            .collect(),
        None => Vec::new(),
    };
    let without = stand.gain(&moved.without, 1, is_odd);
    let most = hopeful.iter().map(|h| h.0).fold(without, i64::max);
    (most > 0).then_some(Hope {
        written,
        odd,
        even,
        moved,
        hopeful,
        most,
    })
}

/// The points that set most right, how many they set right, and how many it does if the row goes; `None`: not more than
/// `least`.
fn fit(
    stand: &Stand,
    probe: &mut Probe<'_>,
    hope: Hope,
    least: i64,
) -> Option<(Vec<Exact>, i64, i64)> {
    let Hope {
        written,
        odd,
        even,
        mut moved,
        mut hopeful,
        most,
    } = hope;
    if most <= least {
        return None;
    }
    let ((times, best), without) = if written.alone {
        // Most do so much harm that a part of the groups tells.
        let mut rest = even;
        for part in PARTS {
            let now: Vec<u32> = rest.extract_if(.., |c| stand.is_in(*c, part)).collect();
            written.probe(stand, probe, &now, &mut moved);
            let counted = |g: usize| stand.counts(g, part);
            hopeful.retain(|(_, t)| part == 1 || stand.gain(&moved.more, *t, counted) > least);
            if hopeful.is_empty() && stand.gain(&moved.without, 1, counted) <= least {
                return None;
            }
        }
        let hopeful: Vec<i64> = hopeful.into_iter().map(|h| h.1).collect();
        let without = stand.gain(&moved.without, 1, |_| true);
        (stand.best(&moved.more, &hopeful), without)
    } else {
        // Between probes nothing is exact; the sign that was lost is always asked for.
        let lost = written.points.and_then(|p| other_sign(stand, p));
        hopeful.sort_by_key(|(gain, times)| {
            let lost = Some(*times) == lost;
            (!lost, Reverse(*gain), times.abs(), *times)
        });
        hopeful.truncate(EXACTLY);
        let sides = (&odd[..], &even[..]);
        let more = |by| written.more(by);
        let found = exactly(stand, probe, sides, more, &hopeful, least);
        let without = gain_of(stand, probe, sides, written.without(), least + 1);
        (found, without)
    };
    if best.max(without) <= least {
        return None;
    }
    let mut fitting: Vec<Exact> = Vec::new();
    if best > 0
        && let Some(points) = written.points
    {
        let sums = times
            .into_iter()
            .filter_map(|t| points.plus(stand.points(t)?));
        fitting = sums.collect();
        fitting.sort_by_key(|&theirs| (roughness(theirs), distance(theirs, points)));
    }
    Some((fitting, best, without))
}

/// Multiples of the unit that are looked at.
fn reach(stand: &Stand, points: Exact) -> Vec<i64> {
    let mut list = REACH.to_vec();
    list.extend(other_sign(stand, points).filter(|t| *t != 0));
    list.sort_unstable();
    list.dedup();
    list
}

/// The multiple of the unit that turns the sign of points: a sign is lost easily.
fn other_sign(stand: &Stand, points: Exact) -> Option<i64> {
    let twice = points.negated()?.minus(points)?;
    twice.over(stand.unit)?.as_whole()
}

/// The multiples that set most right, ascending, and how many they set right: each probed by itself.
fn exactly(
    stand: &Stand,
    probe: &mut Probe<'_>,
    children: (&[u32], &[u32]),
    more: impl Fn(Exact) -> Option<Nudge>,
    multiples: &[(i64, i64)],
    least: i64,
) -> (Vec<i64>, i64) {
    let mut best = Best::default();
    for &(_, t) in multiples {
        if let Some(nudge) = stand.points(t).and_then(&more) {
            let gain = gain_of(stand, probe, children, nudge, best.gain().max(least + 1));
            best.look_at(t, gain);
        }
    }
    best.found()
}

/// How many a nudge sets right; 0 where that is less than `least`. Children who stand where decisions do not fit are
/// asked first: where they do, it can only do harm.
fn gain_of(
    stand: &Stand,
    probe: &mut Probe<'_>,
    (odd, even): (&[u32], &[u32]),
    nudge: Nudge,
    least: i64,
) -> i64 {
    let least = least.max(1);
    let mut moves: Vec<Move> = Vec::new();
    let mut ask = |list: &[u32], counted: &dyn Fn(usize) -> bool| {
        for &child in list {
            stand.probe_once(probe, child, nudge, &mut moves);
        }
        moves.sort_unstable_by_key(|m| (m.entry, m.component));
        stand.gain(&moves, 1, counted)
    };
    let mut gain = ask(odd, &|g| stand.is_odd(g));
    let mut rest = even.to_vec();
    for part in PARTS {
        if gain < least {
            return 0;
        }
        let now: Vec<u32> = rest.extract_if(.., |c| stand.is_in(*c, part)).collect();
        gain = ask(&now, &|g| stand.counts(g, part));
    }
    if gain < least { 0 } else { gain }
}
