//! Other shapes: bounds of what applications' tables give, further tables in the index, or compared behind it.

use super::{
    columns::{Column, shared},
    keys::LEAST,
    model::Model,
    shape::{Bounds, LEVELS, Level},
    whole,
};
use enmusubi_criteria::{aggregate::Aggregate, model::Over};
use std::collections::BTreeSet;

/// Bounds that are tried, from either end.
const ENDS: usize = 24;
/// Shapes that are looked at more closely.
const CLOSER: usize = 8;
/// Conditions that are tried where guardians' points are set.
const ONES: usize = 24;
/// Such a condition holds for so many, at least.
const FEW: usize = 20;
/// A shape by which so many times as many stand on the wrong side is not looked at more closely.
const HOPELESS: i64 = 3;

/// Tries other shapes, and takes the best: as long as each is better than the one before, `width` of them are followed, as the first step
/// to the best need not be the best first step.
pub fn reshaped(model: &mut Model<'_>, columns: &[Column], width: usize) -> bool {
    let ones = of_one_guardian(model, columns);
    let first = whole::cost(model, columns);
    let mut best = (first, model.clone());
    let mut beam = vec![best.clone()];
    loop {
        let mut next: Vec<(i64, Model<'_>)> = Vec::new();
        for (cost, state) in &beam {
            let better = closer(state, columns, &ones);
            next.extend(better.into_iter().filter(|(c, _)| *c + LEAST <= *cost));
        }
        next.sort_by_key(|(cost, _)| *cost);
        next.dedup_by(|a, b| a.1.shape == b.1.shape);
        next.truncate(width);
        match next.first() {
            Some((cost, state)) if *cost < best.0 => best = (*cost, state.clone()),
            Some(_) => {}
            None => break,
        }
        beam = next;
    }
    let better = best.0 < first;
    *model = best.1;
    better
}

/// Shapes next to a model's, with points: those that promise most.
fn closer<'s>(model: &Model<'s>, columns: &[Column], ones: &[usize]) -> Vec<(i64, Model<'s>)> {
    let mut list: Vec<(i64, Model<'s>)> = Vec::new();
    for shape in further(model, ones) {
        let mut other = model.clone();
        let concerned = concerned(model, &shape, columns);
        other.shape.0 = shape;
        other.reshape(columns);
        if other.total > model.total * HOPELESS {
            continue;
        }
        whole::polish_some(&mut other, columns, &concerned);
        list.push((whole::cost(&other, columns), other));
        list.sort_by_key(|(cost, _)| *cost);
        list.truncate(CLOSER);
    }
    // Other points may have stood for what the shape says.
    for (cost, other) in &mut list {
        whole::polish_known(other, columns);
        *cost = whole::cost(other, columns);
    }
    list
}

/// See [`whole::is_of_one_guardian`].
fn of_one_guardian(model: &Model<'_>, columns: &[Column]) -> Vec<usize> {
    let mut seen = BTreeSet::new();
    (0..columns.len())
        .filter(|j| {
            let column = &columns[*j];
            !column.texts.is_empty()
                && whole::is_of_one_guardian(model.sides, column)
                && column.of.len() >= FEW
                && seen.insert(&column.of)
        })
        .take(ONES)
        .collect()
}

/// Columns whose points may be others in another shape: of tables that come in, and of those alone whose guardians' points are set.
fn concerned(model: &Model<'_>, shape: &[Level], columns: &[Column]) -> Vec<usize> {
    let comes =
        |table: u32| shape.iter().any(|l| l.tables.contains(&table)) && !model.shape.has(table);
    let set: BTreeSet<usize> = shape.iter().filter_map(|l| Some(l.set?.0)).collect();
    let before: BTreeSet<usize> = model
        .shape
        .0
        .iter()
        .filter_map(|l| Some(l.set?.0))
        .collect();
    let of_set = |c: &Column| {
        let mut new = set.difference(&before);
        c.over == Over::Application
            && new.any(|s| shared(&c.of, &columns[*s].of, |x| *x).count() * 10 >= c.of.len() * 9)
    };
    let is = |c: &Column| c.row.as_ref().is_some_and(|r| comes(r.0)) || of_set(c);
    (0..columns.len()).filter(|j| is(&columns[*j])).collect()
}

/// Shapes that differ from a model's in one thing.
fn further(model: &Model<'_>, ones: &[usize]) -> Vec<Vec<Level>> {
    let mut shapes = Vec::new();
    let now = &model.shape.0;
    for bounds in bounds(model) {
        let mut shape = now.clone();
        shape[0].bounds = bounds;
        shapes.push(shape);
    }
    for (at, level) in now.iter().enumerate().filter(|(_, l)| l.set.is_none()) {
        let has_guardians = level
            .tables
            .iter()
            .any(|t| model.sides.tables[*t as usize].over != Over::Application);
        if !has_guardians {
            continue;
        }
        for &column in ones {
            for to in model.bases(at) {
                let mut shape = now.clone();
                shape[at].set = Some((column, to));
                shapes.push(shape);
            }
        }
    }
    let of_guardians = |t: &&u32| model.sides.tables[**t as usize].over != Over::Application;
    let base = now[0].tables.iter().find(of_guardians).copied();
    // Points of applications behind the index, beside what the guardians' points of the index make in another way.
    for (at, level) in now.iter().enumerate().skip(1) {
        let Some(base) = base.filter(|base| !level.tables.contains(base)) else {
            continue;
        };
        for way in Aggregate::ALL.into_iter().filter(|w| *w != now[0].together) {
            let mut shape = now.clone();
            shape[at].tables.push(base);
            shape[at].together = way;
            shapes.push(shape);
        }
    }
    for (at, table) in (0u32..).zip(&model.sides.tables) {
        if model.shape.has(at) {
            continue;
        }
        let mut shape = now.clone();
        shape[0].tables.push(at);
        shapes.push(shape);
        if now.len() == LEVELS {
            continue;
        }
        let mut behind = |tables: Vec<u32>, together| {
            for place in 1..=now.len() {
                for lower in [false, true] {
                    let mut shape = now.clone();
                    let level = Level::of(tables.clone(), together);
                    shape.insert(place, Level { lower, ..level });
                    shapes.push(shape);
                }
            }
        };
        let ways = [Aggregate::Lowest, Aggregate::Highest, Aggregate::Sum];
        if table.over == Over::Application {
            behind(vec![at], Aggregate::Sum);
            if let Some(base) = base {
                let others = ways.into_iter().filter(|w| *w != now[0].together);
                others.for_each(|way| behind(vec![base, at], way));
            }
        } else {
            ways.into_iter().for_each(|way| behind(vec![at], way));
        }
    }
    shapes
}

/// Bounds of the index that differ from a model's at one end.
fn bounds(model: &Model<'_>) -> Vec<Bounds> {
    let now = model.shape.0[0].bounds;
    let sums: BTreeSet<i64> = model.of_applications().map(|halves| halves / 2).collect();
    // Nothing is bounded by the sums at the very ends.
    let inner: Vec<i64> = sums
        .iter()
        .copied()
        .skip(1)
        .take(sums.len().saturating_sub(2))
        .collect();
    let highest = model.bases(0).last().copied().unwrap_or(0);
    let mut list = Vec::new();
    for most in inner.iter().rev().take(ENDS).filter(|n| **n >= 0) {
        for below in [None, Some(highest)] {
            list.push(Bounds {
                most: Some(*most),
                below,
                ..now
            });
        }
    }
    for least in inner.iter().take(ENDS).filter(|n| **n <= 0) {
        list.push(Bounds {
            least: Some(*least),
            ..now
        });
    }
    list
}
