//! From pulls to whole points: the scale on which rounding loses least, then points one and two columns at a time, as long as
//! fewer stand on the wrong side, with fewer rows, or rounder ones.

use super::{
    columns::{Column, joined, parted, shared},
    model::{Model, ONE},
    shape::Shape,
    sides::Sides,
};
use enmusubi_criteria::{aggregate::Aggregate, model::Over};
use std::collections::{BTreeMap, BTreeSet};

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
/// Parts of their points that are tried.
const ROUGH: [f64; 14] = [
    1.2, 1.35, 1.5, 1.65, 1.8, 2.0, 2.3, 2.65, 3.0, 3.5, 4.0, 5.0, 6.5, 8.0,
];
/// Rougher scales that are looked at more closely.
const ROUGHER: usize = 2;
/// Columns that are looked at in a round.
const PROMISING: usize = 200;
/// Columns that are joined anew, for each that has points, and at all.
const EACH: usize = 12;
const JOINED: usize = 240;
/// Facts that a joined one speaks of.
const FACTS: usize = 3;
/// Rounds over all columns.
const ROUNDS: usize = 8;

/// What points of a row cost by themselves. A row that the file has already costs nothing more.
fn price(column: &Column, points: i64) -> i64 {
    let row = if column.row.is_some() { 0 } else { ROW };
    match points {
        0 => 0,
        p => row + (DOUBLING as f64 * (p.unsigned_abs() as f64).log2()) as i64,
    }
}

/// By how much a model would cost more with other points for some columns, each once.
fn gain(model: &mut Model<'_>, columns: &[Column], moves: &[(usize, i64)]) -> i64 {
    let dearer = |(j, by): &(usize, i64)| {
        let now = model.points[*j];
        price(&columns[*j], now + by) - price(&columns[*j], now)
    };
    let dearer: i64 = moves.iter().map(dearer).sum();
    model.tried(columns, moves) + dearer
}

/// What a model costs: children on the wrong side, and its rows.
#[must_use]
pub fn cost(model: &Model<'_>, columns: &[Column]) -> i64 {
    let rows = columns.iter().zip(&model.points);
    model.total + rows.map(|(c, p)| price(c, *p)).sum::<i64>()
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
    together: Aggregate,
) -> Vec<Model<'s>> {
    let mut seen: BTreeSet<Vec<i64>> = BTreeSet::new();
    let points = scales(pulls)
        .into_iter()
        .map(|scale| -> Vec<i64> { pulls.iter().map(|w| (w * scale).round() as i64).collect() });
    let distinct = points.filter(|p| seen.insert(p.clone()));
    distinct
        .map(|p| Model::of(sides, Shape::index(sides, together), columns, p))
        .collect()
}

/// The best of some models.
#[must_use]
pub fn best<'s>(mut models: Vec<Model<'s>>, columns: &[Column], many: usize) -> Vec<Model<'s>> {
    models.sort_by_key(|model| cost(model, columns));
    models.truncate(many);
    models
}

/// The best of some models on each scale, from few points to many: what fits roughly on a rough one may be how it was.
#[must_use]
pub fn best_of_each_scale<'s>(models: Vec<Model<'s>>, columns: &[Column]) -> Vec<Model<'s>> {
    let mut by_scale: BTreeMap<u32, Vec<Model<'s>>> = BTreeMap::new();
    for model in models {
        let most = model.points.iter().map(|p| p.unsigned_abs()).max();
        let scale = most.unwrap_or(0).max(1).ilog2();
        by_scale.entry(scale).or_default().push(model);
    }
    let each = by_scale.into_values();
    each.flat_map(|models| best(models, columns, 1)).collect()
}

/// How much too low those stand for whom a column holds, entries and guardians.
struct Lean {
    entries: Vec<i64>,
    guardians: Vec<i64>,
    /// Of an entry, whichever way.
    on_average: i64,
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
        let all: i64 = entries.iter().map(|lean| lean.abs()).sum();
        Self {
            on_average: all / (entries.len() as i64).max(1),
            entries,
            guardians,
        }
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

/// Columns that have points, joined with others, or parted by others, as far as those who stand wrong speak for it.
#[must_use]
pub fn joined_promising(model: &Model<'_>, columns: &[Column]) -> Vec<Column> {
    let lean = Lean::of(model);
    let those: Vec<Vec<(u32, i64)>> = columns.iter().map(|c| lean.those(c)).collect();
    let mut seen: BTreeSet<Vec<u32>> = columns.iter().map(|c| c.of.clone()).collect();
    let mut all: Vec<(i64, Column)> = Vec::new();
    for a in known(model) {
        let mut list: Vec<(i64, usize, bool)> = Vec::new();
        for b in 0..columns.len() {
            let most = columns[a].facts + columns[b].facts;
            if a == b || columns[a].over != columns[b].over || most > FACTS {
                continue;
            }
            let both = || shared(&those[a], &those[b], |(x, _)| *x);
            list.push((promise(both().map(|t| t.1)), b, true));
            let mut both = both().peekable();
            let own = those[a].iter();
            let own = own.filter(|x| both.next_if(|y| y.0 == x.0).is_none());
            list.push((promise(own.map(|t| t.1)), b, false));
        }
        list.retain(|(worth, ..)| *worth > 0);
        list.sort_by_key(|(worth, b, joined)| (std::cmp::Reverse(*worth), *b, !joined));
        let most = list.first().map_or(0, |l| l.0);
        let made = list.iter().take_while(|l| l.0 * 2 >= most);
        let made = made.filter_map(|(worth, b, both)| {
            let column = match both {
                true => joined(&columns[a], &columns[*b]),
                false => parted(&columns[a], &columns[*b]),
            }?;
            // Of those that promise as much, the one that holds for fewest others.
            let by_chance = column.of.len() as i64 * lean.on_average;
            Some((worth * worth / (worth + by_chance).max(1), column))
        });
        let mut made: Vec<(i64, Column)> = made.collect();
        made.sort_by_key(|(worth, _)| std::cmp::Reverse(*worth));
        made.retain(|(_, c)| seen.insert(c.of.clone()));
        made.truncate(EACH);
        all.append(&mut made);
    }
    all.sort_by_key(|(worth, _)| std::cmp::Reverse(*worth));
    all.into_iter().take(JOINED).map(|(_, c)| c).collect()
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
            better |= better_points(model, columns, j, &STEPS);
        }
        better |= shifts(model, columns);
        better |= gauged(model, columns);
        if !better {
            break;
        }
    }
}

/// Points for some columns alone.
pub fn polish_some(model: &mut Model<'_>, columns: &[Column], some: &[usize]) {
    for _ in 0..ROUNDS {
        let mut better = false;
        for &j in some {
            better |= better_points(model, columns, j, &STEPS);
        }
        if !better {
            break;
        }
    }
}

/// The same with fewer points: what fits on a rough scale is likelier how it was.
pub fn rescale(model: &mut Model<'_>, columns: &[Column]) -> bool {
    let most = model.points.iter().map(|p| p.abs()).max().unwrap_or(0);
    let mut list: Vec<Model<'_>> = Vec::new();
    for by in ROUGH.into_iter().filter(|by| most as f64 >= 2.0 * by) {
        let mut other = model.clone();
        for p in &mut other.points {
            *p = (*p as f64 / by).round() as i64;
        }
        other.shape.rescale(by);
        other.reshape(columns);
        polish_known(&mut other, columns);
        list.push(other);
    }
    list.sort_by_key(|other| cost(other, columns));
    list.truncate(ROUGHER);
    for other in &mut list {
        while pairs(other, columns) {
            polish_known(other, columns);
        }
    }
    let best = list.into_iter().min_by_key(|other| cost(other, columns));
    match best.filter(|best| cost(best, columns) < cost(model, columns)) {
        Some(best) => {
            *model = best;
            true
        }
        None => false,
    }
}

/// Conditions that hold, but for few, where a household has one guardian or none: a rule may set what stands for the other.
pub(super) fn is_of_one_guardian(sides: &Sides, column: &Column) -> bool {
    let is_one = |e: &&u32| sides.guardians(sides.household_of[**e as usize]).len() < 2;
    column.over == Over::Application
        && column.of.iter().filter(is_one).count() * 10 >= column.of.len() * 9
}

/// Guardians' rows from one point on, as sections write them, where that is as right: only what lies between points decides.
pub fn lift(model: &mut Model<'_>, columns: &[Column]) {
    let sides = model.sides;
    for (at, table) in (0u32..).zip(&sides.tables) {
        let own: Vec<usize> = (0..columns.len())
            .filter(|j| columns[*j].is_of_table(at))
            .collect();
        let seen = own.iter().filter(|j| !columns[**j].of.is_empty());
        let Some(least) = seen.map(|j| model.points[*j]).min() else {
            continue;
        };
        let by = 1 - least;
        if table.over == Over::Application || table.known().next().is_some() || by <= 0 {
            continue;
        }
        let mut other = model.clone();
        own.iter().for_each(|j| other.points[*j] += by);
        if model.shape.together() == Aggregate::Sum {
            for (j, column) in columns.iter().enumerate() {
                if model.points[j] != 0 && is_of_one_guardian(sides, column) {
                    other.points[j] += by;
                }
            }
        }
        other.shape.lift(at, 2 * by);
        other.reshape(columns);
        if other.total <= model.total {
            *model = other;
        }
    }
}

/// All rows of a table of guardians, and what stands for the other guardian of those who are alone: only what is judged stays.
fn gauged(model: &mut Model<'_>, columns: &[Column]) -> bool {
    let sides = model.sides;
    let mut better = false;
    for (at, table) in (0u32..).zip(&sides.tables) {
        if table.over == Over::Application || table.known().next().is_none() {
            continue;
        }
        let own = |j: &usize| {
            let column = &columns[*j];
            let sum = model.shape.together() == Aggregate::Sum;
            column.is_of_table(at)
                || (sum && model.points[*j] != 0 && is_of_one_guardian(sides, column))
        };
        let own: Vec<usize> = (0..columns.len()).filter(own).collect();
        for by in STEPS.into_iter().flat_map(|s| [s, -s]) {
            let moves: Vec<(usize, i64)> = own.iter().map(|j| (*j, by)).collect();
            let gain = model.tried(columns, &moves);
            if gain < 0 {
                model.take(columns, &moves);
                better = true;
            }
        }
    }
    better
}

/// All rows of a table of the file from some points on, a little more or less: the steps between them stay but for one.
fn shifts(model: &mut Model<'_>, columns: &[Column]) -> bool {
    let mut better = false;
    for table in 0..model.sides.tables.len() as u32 {
        let rows: Vec<usize> = (0..columns.len())
            .filter(|j| columns[*j].is_of_table(table))
            .collect();
        let levels: BTreeSet<i64> = rows.iter().map(|j| model.points[*j]).collect();
        for level in levels {
            for by in [1, -1, 2, -2] {
                let from = rows.iter().filter(|j| model.points[**j] >= level);
                let moves: Vec<(usize, i64)> = from.map(|j| (*j, by)).collect();
                if !moves.is_empty() && gain(model, columns, &moves) < 0 {
                    model.take(columns, &moves);
                    better = true;
                }
            }
        }
    }
    better
}

/// Better points, rows, and rows exchanged, until nothing is better.
pub fn polish(model: &mut Model<'_>, columns: &[Column]) {
    for _ in 0..ROUNDS {
        polish_known(model, columns);
        let mut better = false;
        for j in promising(model, columns) {
            better |= better_points(model, columns, j, &STEPS);
        }
        // Rows of the file stay what they are.
        for j in known(model)
            .into_iter()
            .filter(|j| columns[*j].row.is_none())
        {
            better |= exchanged(model, columns, j);
        }
        better |= shifts(model, columns);
        // Two at once are many: only where one at a time does no more.
        better = better || pairs(model, columns);
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
        let gain = gain(model, columns, &[(j, by)]);
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
        let gain = gain(model, columns, &[(j, -now), (other, now)]);
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
                let moves = [(i, x), (j, y)];
                if gain(model, columns, &moves) < 0 {
                    model.take(columns, &moves);
                    better = true;
                }
            }
        }
    }
    better
}
