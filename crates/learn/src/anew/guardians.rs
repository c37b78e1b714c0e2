//! Pulls where guardians' points come together in one way or another: where only the lower or the higher ones of a household count, it is
//! chosen by the pulls themselves whose they are, a few times in turn. Conditions that pull are joined with others on the way.

use super::{
    columns::{Column, joined},
    model::Together,
    pull::{Pulls, Sparse},
    sides::Sides,
};
use enmusubi_criteria::model::Over;
use std::collections::BTreeSet;

/// Conditions that pull most, which are joined with others.
const JOINED: usize = 40;
/// Joined ones that are added.
const ADDED: usize = 160;
/// Conditions that pull: as long as guardians and joined ones are still to be chosen, and at last.
const FEW: usize = 60;
const MOST: usize = 120;
/// Times that guardians are chosen anew where only one of a household counts.
const CHOSEN: usize = 4;
/// Score statistic (χ², one degree) from which joined ones are added: of thousands, some reach it by chance, and the search puts them out again.
const SURPRISING: f64 = 10.0;

/// Pulls of columns, of those that were given; joined ones are added behind them.
#[must_use]
pub fn pulled(sides: &Sides, columns: &mut Vec<Column>, together: Together) -> Vec<f64> {
    let one = matches!(together, Together::Lowest | Together::Highest);
    let mut chosen = None;
    let mut pulls = Pulls::none(sides, columns.len());
    let mut before = columns.len();
    for time in 0..CHOSEN {
        if one && time > 0 {
            chosen = Some(of_each(sides, columns, &pulls.of, together));
        }
        let list = sparsely(sides, columns, together, chosen.as_deref());
        pulls = Pulls::none(sides, list.len());
        let worth: Vec<f64> = columns.iter().map(worth).collect();
        pulls.grow(
            sides,
            &list,
            &|j| worth[j],
            if time == 0 { FEW } else { MOST },
        );
        before = columns.len();
        if time == 0 || time + 2 == CHOSEN {
            let joined = joined_best(sides, columns, &pulls, together, chosen.as_deref());
            columns.extend(joined);
        }
        if !one && time > 0 {
            break;
        }
    }
    pulls.of.truncate(before);
    pulls.of
}

/// How much more a condition must do than another to be preferred: plain ones come first.
fn worth(column: &Column) -> f64 {
    if column.judged.is_some() {
        return 0.0;
    }
    let over = if column.over == Over::Guardian {
        1.0
    } else {
        1.15
    };
    over * (1.0 + 0.15 * (column.facts as f64 - 1.0))
}

/// Which guardian of each household counts, by pulls.
fn of_each(sides: &Sides, columns: &[Column], pulls: &[f64], together: Together) -> Vec<bool> {
    let mut base = vec![0.0; sides.facts.guardians.len()];
    for (column, pull) in columns.iter().zip(pulls) {
        if column.over == Over::Guardian && *pull != 0.0 {
            for &g in &column.of {
                base[g as usize] += pull;
            }
        }
    }
    let mut chosen = vec![false; base.len()];
    for household in 0..sides.of_household.len() as u32 {
        let better = |a: f64, b: f64| match together {
            Together::Lowest => a < b,
            _ => a > b,
        };
        let mut best: Option<u32> = None;
        for g in sides.guardians(household) {
            if best.is_none_or(|b| better(base[g as usize], base[b as usize])) {
                best = Some(g);
            }
        }
        if let Some(best) = best {
            chosen[best as usize] = true;
        }
    }
    chosen
}

fn sparsely(
    sides: &Sides,
    columns: &[Column],
    together: Together,
    chosen: Option<&[bool]>,
) -> Vec<Sparse> {
    columns
        .iter()
        .map(|c| sparse(sides, c, together, chosen))
        .collect()
}

fn sparse(sides: &Sides, column: &Column, together: Together, chosen: Option<&[bool]>) -> Sparse {
    if column.over == Over::Application {
        let mut list: Sparse = Vec::with_capacity(column.of.len());
        for e in &column.of {
            match list.last_mut() {
                Some((last, count)) if last == e => *count += 1.0,
                _ => list.push((*e, 1.0)),
            }
        }
        return list;
    }
    let mut list: Sparse = Vec::new();
    let mut of = column.of.iter().peekable();
    while let Some(&g) = of.next() {
        let household = sides.facts.guardians.parents[g as usize];
        let mut count = f64::from(u8::from(chosen.is_none_or(|c| c[g as usize])));
        while let Some(&&other) = of.peek() {
            if sides.facts.guardians.parents[other as usize] != household {
                break;
            }
            count += f64::from(u8::from(chosen.is_none_or(|c| c[other as usize])));
            of.next();
        }
        if together == Together::Average || (chosen.is_none() && together != Together::Sum) {
            count /= sides.guardians(household).len() as f64;
        }
        if count > 0.0 {
            let entries = &sides.of_household[household as usize];
            list.extend(entries.iter().map(|e| (*e, count)));
        }
    }
    list
}

/// Joined columns that would pull most.
fn joined_best(
    sides: &Sides,
    columns: &[Column],
    pulls: &Pulls,
    together: Together,
    chosen: Option<&[bool]>,
) -> Vec<Column> {
    let mut strong: Vec<usize> = (0..columns.len()).filter(|j| pulls.of[*j] != 0.0).collect();
    let weight = |j: usize| pulls.of[j].abs() * (columns[j].of.len() as f64).sqrt();
    strong.sort_by(|a, b| weight(*b).total_cmp(&weight(*a)));
    let mut list: Vec<(f64, Column)> = Vec::new();
    for over in [Over::Guardian, Over::Application] {
        let strong = strong.iter().filter(|j| columns[**j].over == over);
        for &a in strong.take(JOINED) {
            for b in 0..columns.len() {
                if b == a
                    || columns[b].over != over
                    || columns[a].judged.is_some()
                    || columns[b].judged.is_some()
                {
                    continue;
                }
                let Some(both) = joined(&columns[a], &columns[b]) else {
                    continue;
                };
                let sparse = sparse(sides, &both, together, chosen);
                let slope = pulls.statistic(sides, &sparse);
                if slope > SURPRISING {
                    list.push((slope, both));
                }
            }
        }
    }
    list.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut seen: BTreeSet<Vec<u32>> = BTreeSet::new();
    list.retain(|(_, c)| seen.insert(c.of.clone()));
    list.truncate(ADDED);
    list.into_iter().map(|(_, c)| c).collect()
}
