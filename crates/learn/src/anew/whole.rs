//! From pulls to whole points: the scale on which rounding loses least, then points one and two columns at a time, as long as
//! fewer stand on the wrong side, with fewer rows, or rounder ones.

use super::{
    columns::{Column, joined, shared},
    model::{Model, ONE, Together},
    sides::Sides,
};
use enmusubi_criteria::model::Over;
use std::collections::BTreeSet;

/// What a row must explain, in the unit of costs.
const ROW: i64 = ONE * 2;
/// What each doubling of its points must.
const DOUBLING: i64 = ONE / 16;
/// Scales that are tried: so many points for the strongest pull, from few to many.
const FIRST: f64 = 4.0;
const LAST: f64 = 240.0;
const SCALES: usize = 110;
/// Points more or less that a row is tried with.
const STEPS: [i64; 9] = [1, 2, 3, 4, 6, 10, 16, 30, 100];
/// Columns that are looked at in a round.
const PROMISING: usize = 200;
/// Columns that are joined anew.
const JOINED: usize = 150;
/// Facts that a joined one speaks of.
const FACTS: usize = 3;
/// Rounds over all columns.
const ROUNDS: usize = 8;

/// What points of a row cost by themselves.
fn price(points: i64) -> i64 {
    match points {
        0 => 0,
        p => ROW + (DOUBLING as f64 * (p.unsigned_abs() as f64).log2()) as i64,
    }
}

/// What a model costs: children on the wrong side, and its rows.
#[must_use]
pub fn cost(model: &Model<'_>) -> i64 {
    model.total + model.points.iter().map(|p| price(*p)).sum::<i64>()
}

/// Scales on which pulls may be rounded, roughest first.
fn scales(pulls: &[f64]) -> Vec<f64> {
    let strongest = pulls.iter().map(|w| w.abs()).fold(1e-6, f64::max);
    let step = (LAST / FIRST).powf(1.0 / (SCALES - 1) as f64);
    let scale = |nth: usize| FIRST / strongest * step.powi(nth as i32);
    (0..SCALES).map(scale).collect()
}

/// Whole points for pulls, on several scales: roughest first.
#[must_use]
pub fn rounded<'s>(
    sides: &'s Sides,
    columns: &[Column],
    pulls: &[f64],
    together: Together,
) -> Vec<Model<'s>> {
    let mut seen: BTreeSet<Vec<i64>> = BTreeSet::new();
    let points = scales(pulls)
        .into_iter()
        .map(|scale| -> Vec<i64> { pulls.iter().map(|w| (w * scale).round() as i64).collect() });
    let distinct = points.filter(|p| seen.insert(p.clone()));
    distinct
        .map(|p| Model::of(sides, together, columns, p))
        .collect()
}

/// How much too low those stand for whom a column holds, entries and guardians.
struct Lean {
    entries: Vec<i64>,
    guardians: Vec<i64>,
}

impl Lean {
    fn of(model: &Model<'_>) -> Self {
        let entries = model.lean();
        let mut guardians = vec![0i64; model.sides.facts.guardians.len()];
        for (e, lean) in entries.iter().enumerate().filter(|(_, l)| **l != 0) {
            for g in model.sides.guardians(model.sides.household_of[e]) {
                guardians[g as usize] += lean;
            }
        }
        Self { entries, guardians }
    }

    fn over(&self, over: Over) -> &[i64] {
        match over {
            Over::Application => &self.entries,
            _ => &self.guardians,
        }
    }

    /// Those of a column who stand wrong, and how much a row for them promises.
    fn those(&self, column: &Column) -> Vec<(u32, i64)> {
        let of = self.over(column.over);
        let all = column.of.iter().map(|x| (*x, of[*x as usize]));
        all.filter(|(_, lean)| *lean != 0).collect()
    }
}

fn promise(those: impl Iterator<Item = i64>) -> i64 {
    let (mut sum, mut all) = (0i64, 0i64);
    for lean in those {
        sum += lean;
        all += lean.abs();
    }
    match sum.abs() >= 2 * ONE {
        true => sum * sum / all.max(1),
        false => 0,
    }
}

/// Columns that hold for more of those who stand too low than of those who stand too high, or the other way round.
fn promising(model: &Model<'_>, columns: &[Column]) -> Vec<usize> {
    let lean = Lean::of(model);
    let worth = columns
        .iter()
        .map(|c| promise(lean.those(c).into_iter().map(|t| t.1)));
    let mut list: Vec<(i64, usize)> = worth.zip(0..).filter(|(worth, _)| *worth > 0).collect();
    list.sort_by_key(|(worth, j)| (std::cmp::Reverse(*worth), *j));
    list.into_iter().take(PROMISING).map(|(_, j)| j).collect()
}

/// Columns that have points, joined with others, as far as those who stand wrong speak for it.
#[must_use]
pub fn joined_promising(model: &Model<'_>, columns: &[Column]) -> Vec<Column> {
    let lean = Lean::of(model);
    let those: Vec<Vec<(u32, i64)>> = columns.iter().map(|c| lean.those(c)).collect();
    let mut list: Vec<(i64, usize, usize)> = Vec::new();
    for a in known(model) {
        for b in 0..columns.len() {
            let most = columns[a].facts + columns[b].facts;
            let judged = columns[a].judged.is_some() || columns[b].judged.is_some();
            if a == b || columns[a].over != columns[b].over || most > FACTS || judged {
                continue;
            }
            let both = shared(&those[a], &those[b], |(x, _)| *x);
            let worth = promise(both.map(|t| t.1));
            if worth > 0 {
                list.push((worth, a, b));
            }
        }
    }
    list.sort_by_key(|(worth, a, b)| (std::cmp::Reverse(*worth), *a, *b));
    let mut seen: BTreeSet<Vec<u32>> = columns.iter().map(|c| c.of.clone()).collect();
    let joined = list
        .iter()
        .take(JOINED * 4)
        .filter_map(|(_, a, b)| joined(&columns[*a], &columns[*b]));
    joined
        .filter(|c| seen.insert(c.of.clone()))
        .take(JOINED)
        .collect()
}

fn known(model: &Model<'_>) -> Vec<usize> {
    let all = model.points.iter().enumerate();
    all.filter(|(_, p)| **p != 0).map(|(j, _)| j).collect()
}

/// Better points for the rows there are.
pub fn polish_known(model: &mut Model<'_>, columns: &[Column]) {
    for _ in 0..ROUNDS {
        let mut better = false;
        for j in known(model) {
            better |= better_points(model, columns, j, &STEPS[..5]);
        }
        if !better {
            break;
        }
    }
}

/// Better points, rows, and rows exchanged, until nothing is better.
pub fn polish(model: &mut Model<'_>, columns: &[Column]) {
    for _ in 0..ROUNDS {
        polish_known(model, columns);
        let mut better = false;
        for j in promising(model, columns) {
            better |= better_points(model, columns, j, &STEPS);
        }
        for j in known(model) {
            better |= exchanged(model, columns, j);
        }
        better |= pairs(model, columns);
        if !better {
            break;
        }
    }
}

/// Tries other points for a column, and takes the best.
fn better_points(model: &mut Model<'_>, columns: &[Column], j: usize, steps: &[i64]) -> bool {
    let now = model.points[j];
    let mut best = (0, 0);
    let steps = steps.iter().flat_map(|s| [*s, -s]);
    let out = (now != 0).then_some(-now);
    for by in steps.chain(out) {
        let gain = model.tried(columns, &[(j, by)]) + price(now + by) - price(now);
        if gain < best.0 {
            best = (gain, by);
        }
    }
    if best.1 != 0 {
        model.take(columns, &[(j, best.1)]);
    }
    best.1 != 0
}

/// Tries whether another column that holds for much the same explains as much or more instead.
fn exchanged(model: &mut Model<'_>, columns: &[Column], j: usize) -> bool {
    let now = model.points[j];
    let mut best = (0, j);
    for other in 0..columns.len() {
        if other == j
            || columns[other].over != columns[j].over
            || !alike(&columns[other], &columns[j])
        {
            continue;
        }
        let theirs = model.points[other];
        let moves = [(j, -now), (other, now)];
        let gain = model.tried(columns, &moves) + price(theirs + now) - price(theirs) - price(now);
        if gain < best.0 {
            best = (gain, other);
        }
    }
    if best.1 != j {
        model.take(columns, &[(j, -now), (best.1, now)]);
    }
    best.1 != j
}

fn alike(a: &Column, b: &Column) -> bool {
    let (small, large) = (a.of.len().min(b.of.len()), a.of.len().max(b.of.len()));
    if small * 2 < large {
        return false;
    }
    let both = shared(&a.of, &b.of, |x| *x).count();
    both * 2 >= large
}

/// Two columns at once: what one gives, the other takes.
fn pairs(model: &mut Model<'_>, columns: &[Column]) -> bool {
    let known = known(model);
    let mut better = false;
    for (nth, &i) in known.iter().enumerate() {
        for &j in &known[nth + 1..] {
            for (x, y) in [(1, -1), (-1, 1), (1, 1), (-1, -1)] {
                let (p, q) = (model.points[i], model.points[j]);
                let gain = model.tried(columns, &[(i, x), (j, y)]) + price(p + x) - price(p)
                    + price(q + y)
                    - price(q);
                if gain < 0 {
                    model.take(columns, &[(i, x), (j, y)]);
                    better = true;
                }
            }
        }
    }
    better
}
