//! Conditions as columns: for whom each holds, among children's entries or guardians.

use super::sides::Sides;
use crate::proposers::speaks_of;
use enmusubi_compare::{
    crew::Crew,
    search::{
        conditions::Cuts,
        unwritten::EVERYBODY,
        vocabulary::{Condition, conditions},
    },
};
use enmusubi_criteria::{
    Criteria,
    model::{Over, Points, Row},
};
use enmusubi_domain::facts::Entity;
use enmusubi_scoring::Program;
use std::collections::HashMap;

/// A condition holds for so many children at least, or guardians; of fewer nothing is learned.
const LEAST: usize = 4;

/// A condition, and for whom it holds.
#[derive(Debug, Clone)]
pub struct Column {
    /// In the criteria language; further ones hold for the same.
    pub texts: Vec<String>,
    /// Whether it is about applications (entries) or guardians.
    pub over: Over,
    /// Entries, or guardians, ascending; where staff judge, once for each point.
    pub of: Vec<u32>,
    /// A table of the file whose rows staff judge, instead of a condition.
    pub judged: Option<Box<str>>,
    /// How many facts it speaks of.
    pub facts: usize,
}

/// All conditions of one fact by which some are told from others, none by a forbidden one.
#[must_use]
pub fn columns(
    crew: &dyn Crew,
    sides: &Sides,
    criteria: &Criteria,
    forbidden: &[Box<str>],
) -> Vec<Column> {
    let cuts = Cuts::many(criteria);
    let [applications, guardians, _] =
        conditions(crew, &sides.entries, &sides.facts, criteria, cuts);
    let asked = |g: u32| {
        let household = sides.facts.guardians.parents[g as usize];
        !sides.of_household[household as usize].is_empty()
    };
    let may = |c: &Condition| -> Vec<String> {
        let texts = c.texts.iter();
        let texts = texts
            .filter(|t| !speaks_of(t, forbidden, criteria) && **t != *EVERYBODY && !is_of_base(t));
        texts.cloned().collect()
    };
    let mut list = Vec::new();
    for (over, conditions) in [
        (Over::Guardian, guardians),
        (Over::Application, applications),
    ] {
        for condition in &conditions {
            let holds = (0u32..).zip(&condition.holds);
            let of: Vec<u32> = holds
                .filter(|(at, holds)| **holds && (over == Over::Application || asked(*at)))
                .map(|(at, _)| at)
                .collect();
            let texts = may(condition);
            if of.len() >= LEAST && !texts.is_empty() {
                list.push(Column {
                    texts,
                    over,
                    of,
                    judged: None,
                    facts: condition.facts,
                });
            }
        }
    }
    list
}

/// Points that staff judged: a column for each table of the file that has rows for them. Only whole points are counted.
#[must_use]
pub fn judged(sides: &Sides, criteria: &Criteria) -> Vec<Column> {
    let facts = &sides.facts;
    let judged = (facts.discretion.iter()).map(|j| ((j.entity, j.subject, &*j.item), j.value));
    let judged: HashMap<_, _> = judged.collect();
    let of = |entity: Entity, subject: u32, row: &str| {
        let points = judged.get(&(entity, subject, row))?.as_whole()?;
        usize::try_from(points).ok()
    };
    let is_judged = |row: &Row| matches!(row.points, Points::Discretion { .. });
    let mut columns = Vec::new();
    let Ok(program) = Program::compile(criteria) else {
        return columns;
    };
    for (at, table) in (0u32..).zip(&criteria.tables) {
        if !table.rows.iter().any(is_judged) {
            continue;
        }
        let mut column = Column {
            texts: vec![table.label.to_string()],
            over: table.over,
            of: Vec::new(),
            judged: Some(table.id.clone()),
            facts: 1,
        };
        let applying = program.applying(facts, at);
        for (row, of_row) in table
            .rows
            .iter()
            .zip(applying)
            .filter(|(r, _)| is_judged(r))
        {
            if table.over == Over::Guardian {
                for g in of_row {
                    let points = of(Entity::Guardian, g, &row.id).unwrap_or(0);
                    column.of.extend(std::iter::repeat_n(g, points));
                }
                continue;
            }
            for (nth, e) in (0u32..).zip(&sides.entries) {
                if of_row.binary_search(&e.origin).is_ok() {
                    let household = sides.household_of[nth as usize];
                    let own = of(Entity::Child, e.child, &row.id);
                    let own = own.or_else(|| of(Entity::Household, household, &row.id));
                    column.of.extend(std::iter::repeat_n(nth, own.unwrap_or(0)));
                }
            }
        }
        column.of.sort_unstable();
        if !column.of.is_empty() {
            columns.push(column);
        }
    }
    columns
}

/// Whether a condition on the household says what points of its guardians say: reasons, and how much of them.
fn is_of_base(text: &str) -> bool {
    let of_guardians = text.starts_with("guardians.");
    of_guardians && (text.contains(">=") || text.contains("reason"))
}

/// Those for whom both hold; `None`: too few, or as many as one of them.
#[must_use]
pub fn joined(a: &Column, b: &Column) -> Option<Column> {
    if a.over != b.over {
        return None;
    }
    let of: Vec<u32> = shared(&a.of, &b.of, |x| *x).copied().collect();
    if of.len() < LEAST || of.len() == a.of.len() || of.len() == b.of.len() {
        return None;
    }
    Some(Column {
        texts: vec![format!(
            "{} && {}",
            bracketed(&a.texts[0]),
            bracketed(&b.texts[0])
        )],
        over: a.over,
        of,
        judged: None,
        facts: a.facts + b.facts,
    })
}

/// What of an ascending list another has too, by some number.
pub(super) fn shared<'l, T>(
    a: &'l [T],
    b: &'l [T],
    number: impl Fn(&T) -> u32 + Copy + 'l,
) -> impl Iterator<Item = &'l T> {
    let mut b = b.iter().map(number).peekable();
    a.iter().filter(move |x| {
        let x = number(x);
        while b.next_if(|y| *y < x).is_some() {}
        b.peek() == Some(&x)
    })
}

fn bracketed(text: &str) -> String {
    match text.contains("||") || text.contains('?') {
        true => format!("({text})"),
        false => text.to_owned(),
    }
}
