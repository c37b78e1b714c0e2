//! Pulls where guardians' points come together in one way or another: where only the lower or the higher ones of a household count, it is
//! chosen by the pulls themselves whose they are, a few times in turn. Conditions that pull are joined with others on the way.

use super::{
    columns::{Column, joined},
    pull::{Pulls, Sparse},
    sides::Sides,
    tables::Table,
};
use enmusubi_criteria::{aggregate::Aggregate, model::Over};
use std::collections::BTreeSet;

/// How much less a row of the file must do.
const ROW: f64 = 0.25;
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
pub fn pulled(sides: &Sides, columns: &mut Vec<Column>, together: Aggregate) -> Vec<f64> {
    let one = matches!(together, Aggregate::Lowest | Aggregate::Highest);
    let mut chosen = None;
    let mut counting = None;
    let mut pulls = Pulls::none(sides, columns.len());
    let mut before = columns.len();
    for time in 0..CHOSEN {
        if one && time > 0 {
            chosen = Some(of_each(sides, columns, &pulls.of, together));
        }
        if time > 0 && !sides.tables.is_empty() {
            counting = Some(counting_of(sides, columns, &pulls.of));
        }
        let mut list = sparsely(
            sides,
            counting.as_deref().unwrap_or(columns),
            together,
            chosen.as_deref(),
        );
        // Points that staff judge pull too: against them the others are measured.
        let of_known = known(sides, together, chosen.as_deref());
        let mut worth: Vec<f64> = columns.iter().map(worth).collect();
        worth.resize(list.len() + of_known.len(), 0.0);
        list.extend(of_known);
        pulls = Pulls::none(sides, list.len());
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
        if !one && time > 0 && (sides.tables.is_empty() || time > 1) {
            break;
        }
    }
    pulls.of.truncate(before);
    pulls.of
}

/// How much more a condition must do than another to be preferred: plain ones come first.
fn worth(column: &Column) -> f64 {
    if column.row.is_some() {
        return ROW;
    }
    let over = if column.over == Over::Guardian {
        1.0
    } else {
        1.15
    };
    over * (1.0 + 0.15 * (column.facts as f64 - 1.0))
}

/// Which guardian of each household counts, by pulls.
fn of_each(sides: &Sides, columns: &[Column], pulls: &[f64], together: Aggregate) -> Vec<bool> {
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
            Aggregate::Lowest => a < b,
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
    together: Aggregate,
    chosen: Option<&[bool]>,
) -> Vec<Sparse> {
    columns
        .iter()
        .map(|c| sparse(sides, c, together, chosen))
        .collect()
}

fn sparse(sides: &Sides, column: &Column, together: Aggregate, chosen: Option<&[bool]>) -> Sparse {
    let once = column.of.iter().map(|x| (*x, 1.0));
    match column.over {
        Over::Application => once.collect(),
        _ => of_households(sides, once, together, chosen),
    }
}

/// Numbers of guardians (ascending) as numbers of the entries of their household.
fn of_households(
    sides: &Sides,
    of: impl Iterator<Item = (u32, f64)>,
    together: Aggregate,
    chosen: Option<&[bool]>,
) -> Sparse {
    let mut list: Sparse = Vec::new();
    let parent = |g: u32| sides.facts.guardians.parents[g as usize];
    let counts = |g: u32| f64::from(u8::from(chosen.is_none_or(|c| c[g as usize])));
    let mut of = of.peekable();
    while let Some((g, number)) = of.next() {
        let household = parent(g);
        let mut sum = number * counts(g);
        while let Some((other, number)) = of.next_if(|(other, _)| parent(*other) == household) {
            sum += number * counts(other);
        }
        if together == Aggregate::Average || (chosen.is_none() && together != Aggregate::Sum) {
            sum /= sides.guardians(household).len() as f64;
        }
        if sum != 0.0 {
            let entries = &sides.of_household[household as usize];
            list.extend(entries.iter().map(|e| (*e, sum)));
        }
    }
    list
}

/// Points that are known or judged, by table.
fn known(sides: &Sides, together: Aggregate, chosen: Option<&[bool]>) -> Vec<Sparse> {
    let of_table = |table: &Table| {
        let known = table.known().map(|(x, points)| (x, points as f64));
        match table.over {
            Over::Application => known.collect(),
            _ => of_households(sides, known, together, chosen),
        }
    };
    let all = sides.tables.iter().map(of_table);
    all.filter(|list: &Sparse| !list.is_empty()).collect()
}

/// The same columns, rows of tables only for those for whom they count.
fn counting_of(sides: &Sides, columns: &[Column], pulls: &[f64]) -> Vec<Column> {
    let mut columns = columns.to_vec();
    for column in columns.iter_mut().filter(|c| c.row.is_some()) {
        column.of.clear();
    }
    for table in &sides.tables {
        let subjects = match table.over {
            Over::Application => sides.entries.len(),
            _ => sides.facts.guardians.len(),
        };
        for x in 0..subjects as u32 {
            table.counting(x, pulls, |j| columns[j as usize].of.push(x));
        }
    }
    columns
}

/// Joined columns that would pull most.
fn joined_best(
    sides: &Sides,
    columns: &[Column],
    pulls: &Pulls,
    together: Aggregate,
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
                if b == a || columns[b].over != over {
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
