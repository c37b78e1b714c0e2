//! From pulls to whole points: the scale on which rounding loses least, then points one and two columns at a time, as long as
//! fewer stand on the wrong side, with fewer rows, or rounder ones.

use super::{
    columns::Column,
    model::{Model, ONE, Together},
    sides::Sides,
};
use enmusubi_criteria::model::Over;
use std::collections::BTreeSet;

/// What a row must explain, in the unit of costs.
const ROW: i64 = ONE * 2;
/// What each doubling of its points must.
const DOUBLING: i64 = ONE / 16;
/// Scales that are tried: points for one unit of pull.
const SCALES: usize = 28;
const FIRST: f64 = 0.12;
const STEP: f64 = 1.15;
/// Points more or less that a row is tried with.
const STEPS: [i64; 9] = [1, 2, 3, 4, 6, 10, 16, 30, 100];
/// Columns that are looked at in a round.
const PROMISING: usize = 200;
/// Rounds over all columns.
const ROUNDS: usize = 8;

/// What points of a row cost by themselves.
#[must_use]
pub fn price(points: i64) -> i64 {
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

/// Whole points for pulls, on several scales: roughest first.
#[must_use]
pub fn rounded<'s>(
    sides: &'s Sides,
    columns: &[Column],
    pulls: &[f64],
    together: Together,
) -> Vec<Model<'s>> {
    let mut seen: BTreeSet<Vec<i64>> = BTreeSet::new();
    let scales = (0..SCALES).map(|nth| FIRST * STEP.powi(nth as i32));
    let points = scales.map(|scale| -> Vec<i64> {
        pulls.iter().map(|w| (w * scale).round() as i64).collect()
    });
    let distinct = points.filter(|p| seen.insert(p.clone()));
    distinct
        .map(|p| Model::new(sides, together).with(columns, p))
        .collect()
}

/// Columns that hold for more of those who stand too low than of those who stand too high, or the other way round.
fn promising(model: &Model<'_>, columns: &[Column]) -> Vec<usize> {
    let lean = model.lean();
    let mut guardians = vec![0i64; model.sides.facts.guardians.len()];
    let mut is_wrong = vec![false; guardians.len()];
    for (e, lean) in lean.iter().enumerate().filter(|(_, l)| **l != 0) {
        for g in model.sides.guardians(model.sides.household_of[e]) {
            guardians[g as usize] += lean;
            is_wrong[g as usize] = true;
        }
    }
    let mut list: Vec<(i64, usize)> = Vec::new();
    for (j, column) in columns.iter().enumerate() {
        let of = match column.over {
            Over::Application => &lean,
            _ => &guardians,
        };
        let (mut sum, mut all) = (0i64, 0i64);
        for x in &column.of {
            sum += of[*x as usize];
            all += of[*x as usize].abs();
        }
        if sum.abs() >= 2 * ONE {
            list.push((sum * sum / all.max(1), j));
        }
    }
    list.sort_by_key(|(worth, j)| (std::cmp::Reverse(*worth), *j));
    list.into_iter().take(PROMISING).map(|(_, j)| j).collect()
}

fn known(model: &Model<'_>) -> Vec<usize> {
    let all = model.points.iter().enumerate();
    all.filter(|(_, p)| **p != 0).map(|(j, _)| j).collect()
}

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
        if other == j || columns[other].over != columns[j].over || !alike(&columns[other], &columns[j]) {
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
    let mut of = b.of.iter().peekable();
    let mut both = 0;
    for x in &a.of {
        while of.next_if(|y| *y < x).is_some() {}
        both += usize::from(of.peek() == Some(&x));
    }
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
