//! Tables of the file whose rows wait for their points, or whose points staff judge: a section that never wrote points down knows its
//! circumstances all the same.

use super::{columns::Column, sides::Sides};
use crate::proposers::speaks_of;
use enmusubi_compare::search::parts;
use enmusubi_criteria::{
    Criteria,
    expression::Expression,
    model::{Over, Points, Row, Take},
};
use enmusubi_domain::facts::{Entity, Exact};
use enmusubi_scoring::Program;
use std::collections::HashMap;

/// What a row gives to somebody it applies to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Gives {
    /// The points of a column.
    Column(u32),
    /// Points that are known.
    Known(i64),
}

/// How some numbers become one.
#[derive(Debug, Clone, Copy)]
struct Combine {
    take: Take,
    at_most: Option<i64>,
    at_least: Option<i64>,
    /// Where there are none.
    otherwise: i64,
}

impl Combine {
    fn of(self, numbers: impl Iterator<Item = i64>) -> i64 {
        let made = match self.take {
            Take::Sum => numbers.reduce(|a, b| a + b),
            Take::Highest => numbers.reduce(i64::max),
            Take::Lowest => numbers.reduce(i64::min),
            Take::First => {
                let mut numbers = numbers;
                numbers.next()
            }
        };
        let Some(made) = made else {
            return self.otherwise;
        };
        let made = self.at_most.map_or(made, |most| made.min(most));
        self.at_least.map_or(made, |least| made.max(least))
    }
}

/// A table.
#[derive(Debug, Clone)]
pub struct Table {
    /// Its id.
    pub id: Box<str>,
    /// Entries, or guardians.
    pub over: Over,
    combine: Combine,
    /// Behind those that belong to no group.
    groups: Vec<Combine>,
    /// By entry or guardian: group (0: none, otherwise its position and one), and what the row gives; in file order.
    rows: Vec<Vec<(u32, Gives)>>,
}

impl Table {
    /// Points of an entry or a guardian, by points of columns.
    #[must_use]
    pub fn value(&self, subject: u32, points: impl Fn(u32) -> i64 + Copy) -> i64 {
        let rows = &self.rows[subject as usize];
        let number = move |gives: &Gives| match gives {
            Gives::Column(j) => points(*j),
            Gives::Known(points) => *points,
        };
        let of_group = |at: u32| {
            rows.iter()
                .filter(move |(g, _)| *g == at)
                .map(move |(_, g)| number(g))
        };
        let groups = (1u32..).zip(&self.groups).filter_map(|(at, combine)| {
            let mut own = of_group(at).peekable();
            own.peek()?;
            Some(combine.of(own))
        });
        self.combine.of(of_group(0).chain(groups))
    }

    /// Columns of which something counts for an entry or a guardian, by some pulls: where one row of several counts, one of them.
    pub fn counting(&self, subject: u32, pulls: &[f64], mut each: impl FnMut(u32)) {
        let rows = &self.rows[subject as usize];
        let combines = std::iter::once(&self.combine).chain(&self.groups);
        for (at, combine) in (0u32..).zip(combines) {
            let own = rows.iter().filter_map(|(group, gives)| match gives {
                Gives::Column(j) if *group == at => Some(*j),
                _ => None,
            });
            let pull = |j: &u32| pulls.get(*j as usize).copied().unwrap_or(0.0);
            let by = |a: &u32, b: &u32| pull(a).total_cmp(&pull(b));
            match combine.take {
                Take::Sum => own.for_each(&mut each),
                Take::Highest => own.max_by(by).into_iter().for_each(&mut each),
                Take::Lowest => own.min_by(by).into_iter().for_each(&mut each),
                Take::First => own.take(1).for_each(&mut each),
            }
        }
    }

    /// Points of those whose rows are known or judged, by entry or guardian: only those that have some.
    pub fn known(&self) -> impl Iterator<Item = (u32, i64)> {
        let is_known = |x: &u32| {
            let mut rows = self.rows[*x as usize].iter();
            rows.any(|(_, gives)| matches!(gives, Gives::Known(_)))
        };
        let all = (0..self.rows.len() as u32).filter(is_known);
        all.map(|x| (x, self.value(x, |_| 0)))
    }
}

/// The same file as long as nothing is learned: rows that wait for points give so many to everybody they apply to.
#[must_use]
pub fn giving(criteria: &Criteria, points: Exact) -> Criteria {
    let mut criteria = criteria.clone();
    for row in criteria.tables.iter_mut().flat_map(|t| &mut t.rows) {
        if matches!(row.points, Points::ToBeFilled) {
            row.points = Points::Expression(Expression::number(points, row.span.clone()));
        }
    }
    criteria
}

/// Tables of a file that orders nobody, and a column for each of their rows that waits for points. One that speaks of a forbidden fact holds
/// for nobody, so that it gets none.
#[must_use]
pub fn tables(
    sides: &Sides,
    criteria: &Criteria,
    forbidden: &[Box<str>],
) -> (Vec<Table>, Vec<Column>) {
    let (mut tables, mut columns) = (Vec::new(), Vec::new());
    let facts = &sides.facts;
    // What waits for points applies to the same as if it had some.
    let Ok(program) = Program::compile(&giving(criteria, Exact::ONE)) else {
        return (tables, columns);
    };
    let judged = Judged::of(sides);
    for (at, table) in (0u32..).zip(&criteria.tables) {
        let subjects = match table.over {
            Over::Application => sides.entries.len(),
            Over::Guardian => facts.guardians.len(),
            Over::Adult => continue,
        };
        let mut rows: Vec<Vec<(u32, Gives)>> = vec![Vec::new(); subjects];
        for (row, of_row) in table.rows.iter().zip(program.applying(facts, at)) {
            let of: Vec<u32> = match table.over {
                Over::Application => (0u32..)
                    .zip(&sides.entries)
                    .filter(|(_, e)| of_row.binary_search(&e.origin).is_ok())
                    .map(|(nth, _)| nth)
                    .collect(),
                _ => of_row,
            };
            let group = row.group.map_or(0, |g| g + 1);
            match &row.points {
                Points::ToBeFilled => {
                    let text = parts::of_row(table, row);
                    let texts = text.filter(|t| !speaks_of(t, forbidden, criteria));
                    let texts: Vec<String> = texts.into_iter().collect();
                    let of = if texts.is_empty() { Vec::new() } else { of };
                    let column = columns.len() as u32;
                    for &x in &of {
                        rows[x as usize].push((group, Gives::Column(column)));
                    }
                    columns.push(Column {
                        texts,
                        over: table.over,
                        of,
                        row: Some((tables.len() as u32, row.id.clone())),
                        facts: 1,
                    });
                }
                Points::Discretion { .. } => {
                    for &x in &of {
                        if let Some(points) = judged.of_row(table.over, x, row) {
                            rows[x as usize].push((group, Gives::Known(points)));
                        }
                    }
                }
                Points::Expression(_) => {
                    if let Some(points) = row.plain_points().and_then(Exact::as_whole) {
                        for &x in &of {
                            rows[x as usize].push((group, Gives::Known(points)));
                        }
                    }
                }
            }
        }
        let groups = table.groups.iter().map(|g| Combine {
            take: g.take,
            at_most: g.at_most.as_ref().and_then(whole),
            at_least: g.at_least.as_ref().and_then(whole),
            otherwise: 0,
        });
        tables.push(Table {
            id: table.id.clone(),
            over: table.over,
            combine: Combine {
                take: table.take,
                at_most: table.at_most.as_ref().and_then(whole),
                at_least: table.at_least.as_ref().and_then(whole),
                otherwise: table.otherwise.as_ref().and_then(whole).unwrap_or(0),
            },
            groups: groups.collect(),
            rows,
        });
    }
    (tables, columns)
}

/// A plain whole number.
fn whole(e: &Expression) -> Option<i64> {
    e.plain_number()?.as_whole()
}

/// Points that staff judged.
struct Judged<'s> {
    sides: &'s Sides,
    of: HashMap<(Entity, u32, &'s str), Exact>,
}

impl<'s> Judged<'s> {
    fn of(sides: &'s Sides) -> Self {
        let judged = sides.facts.discretion.iter();
        let of = judged.map(|j| ((j.entity, j.subject, &*j.item), j.value));
        Self {
            sides,
            of: of.collect(),
        }
    }

    fn of_row(&self, over: Over, subject: u32, row: &Row) -> Option<i64> {
        let of = |entity, subject| self.of.get(&(entity, subject, &*row.id))?.as_whole();
        match over {
            Over::Application => {
                let child = self.sides.entries[subject as usize].child;
                let household = self.sides.household_of[subject as usize];
                of(Entity::Child, child).or_else(|| of(Entity::Household, household))
            }
            _ => of(Entity::Guardian, subject),
        }
    }
}
