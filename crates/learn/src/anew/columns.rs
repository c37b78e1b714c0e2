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
use enmusubi_criteria::{Criteria, model::Over};

/// A condition holds for so many children at least, or guardians; of fewer nothing is learned.
const LEAST: usize = 4;

/// A condition, and for whom it holds.
#[derive(Debug, Clone)]
pub struct Column {
    /// In the criteria language; further ones hold for the same.
    pub texts: Vec<String>,
    /// Whether it is about applications (entries) or guardians.
    pub over: Over,
    /// Entries, or guardians, ascending.
    pub of: Vec<u32>,
    /// A row of the file that waits for its points, and the position of its table in [`Sides::tables`]; `None`: a condition that no row has.
    pub row: Option<(u32, Box<str>)>,
    /// How many facts it speaks of.
    pub facts: usize,
}

impl Column {
    /// Whether it is a row of a table of the file (its position in [`Sides::tables`]).
    #[must_use]
    pub fn is_of_table(&self, table: u32) -> bool {
        self.row.as_ref().is_some_and(|(at, _)| *at == table)
    }
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
                    row: None,
                    facts: condition.facts,
                });
            }
        }
    }
    list
}

/// Whether a condition on the household says what points of its guardians say: reasons, and how much of them.
fn is_of_base(text: &str) -> bool {
    let of_guardians = text.starts_with("guardians.");
    of_guardians && (text.contains(">=") || text.contains("reason"))
}

/// Those for whom both hold; `None`: too few, or as many as one of them.
#[must_use]
pub fn joined(a: &Column, b: &Column) -> Option<Column> {
    let of: Vec<u32> = shared(&a.of, &b.of, |x| *x).copied().collect();
    if of.len() == b.of.len() {
        return None;
    }
    both(a, b, of, bracketed)
}

/// Those for whom one holds and another does not; `None`: too few, or as many as without the other.
#[must_use]
pub fn parted(a: &Column, b: &Column) -> Option<Column> {
    let mut common = shared(&a.of, &b.of, |x| *x).peekable();
    let own = a.of.iter().filter(|x| common.next_if(|y| y == x).is_none());
    let of: Vec<u32> = own.copied().collect();
    both(a, b, of, |b| format!("!({b})"))
}

/// One condition and another, said in some way, for those for whom they hold.
fn both(a: &Column, b: &Column, of: Vec<u32>, said: impl Fn(&str) -> String) -> Option<Column> {
    let (first, second) = (a.texts.first()?, b.texts.first()?);
    if a.over != b.over || of.len() < LEAST || of.len() == a.of.len() {
        return None;
    }
    Some(Column {
        texts: vec![format!("{} && {}", bracketed(first), said(second))],
        over: a.over,
        of,
        row: None,
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
