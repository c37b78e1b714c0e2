//! What is in a round, counted: for people who have just read it in.

use super::layout::Sheet;
use enmusubi_domain::facts::{
    Entity, RoundFacts, Value,
    vocabulary::{APPLICATION, SINGLE_PARENT, find},
};

/// What a round workbook holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// Rows of each table, in the order of the workbook.
    pub tables: Vec<(&'static str, u64)>,
    /// Facts that nobody has stated, by the paper that would settle them. Attributes that no subject has are
    /// left out: a municipality need not ask for everything.
    pub unknown: Vec<(&'static str, Vec<Unknown>)>,
}

/// An attribute of which some values are unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unknown {
    /// Table.
    pub table: &'static str,
    /// Header.
    pub label: &'static str,
    /// Subjects of which it is unknown.
    pub unknown: u64,
    /// All subjects that it concerns.
    pub subjects: u64,
}

/// Attributes of which a blank says something: a facility without such a limit.
const BLANK_SAYS: &[&str] = &["facility.min_months", "facility.min_days"];

/// Whether anybody would ask for a fact: nobody asks a child that does not apply for its form, nor a couple since
/// when it is single.
fn concerns(facts: &RoundFacts, entity: Entity, subject: u32, name: &str) -> bool {
    let is = |at: &str, value: Option<u8>| {
        let found = find(entity, at).map(|at| facts.table(entity).get(subject, at));
        found.is_some() && found == value.map(Value::Enum)
    };
    match (entity, name) {
        (Entity::Child, name) => {
            name == "birth_date" || !is("application", APPLICATION.of_name("none"))
        }
        (Entity::Household, "single_cause" | "single_since") => {
            !is("single_parent", SINGLE_PARENT.of_name("none"))
        }
        _ => true,
    }
}

/// Counts what is in a round.
#[must_use]
pub fn summary(facts: &RoundFacts) -> Summary {
    let enrolled = facts.enrolled.iter().flatten().count();
    let mut unknown: Vec<(&'static str, Vec<Unknown>)> = Vec::new();
    let tables = Sheet::ALL
        .into_iter()
        .map(|sheet| {
            let rows = match (sheet, sheet.entity()) {
                (_, Some(entity)) => facts.table(entity).len(),
                (Sheet::Classes, _) => facts.classes.len(),
                (Sheet::Shared, _) => facts.shared.len(),
                (Sheet::Wishes, _) => facts.wishes.len(),
                (Sheet::Combinations, _) => facts.combinations.len(),
                (Sheet::Discretion, _) => facts.discretion.len(),
                _ => enrolled,
            };
            (sheet.name(), rows as u64)
        })
        .collect();
    for sheet in Sheet::ALL {
        let Some(entity) = sheet.entity() else {
            continue;
        };
        for (at, attribute) in sheet.attributes() {
            if BLANK_SAYS.contains(&&*attribute.path()) {
                continue;
            }
            let Some(column) = facts.table(entity).column(at) else {
                continue;
            };
            let concerned: Vec<Value> = (0u32..)
                .zip(column)
                .filter(|(subject, _)| concerns(facts, entity, *subject, attribute.name))
                .map(|(_, value)| *value)
                .collect();
            let blank = concerned.iter().filter(|v| **v == Value::Unknown).count();
            if blank == 0 || blank == concerned.len() {
                continue;
            }
            let fact = Unknown {
                table: sheet.name(),
                label: attribute.label,
                unknown: blank as u64,
                subjects: concerned.len() as u64,
            };
            match unknown.iter_mut().find(|p| p.0 == attribute.paper) {
                Some((_, facts)) => facts.push(fact),
                None => unknown.push((attribute.paper, vec![fact])),
            }
        }
    }
    Summary { tables, unknown }
}
