//! One more row mended, or transfer applicants put on a level with the others: only the households it concerns are scored
//! again.
//!
//! **Invariant:** what comes out is what scoring the whole round gives.

use super::{
    World,
    scored::{Scored, as_new, mended_criteria},
};
use crate::cause::{Cause, TransferOrder};
use enmusubi_criteria::Criteria;
use enmusubi_domain::facts::{Entity, RoundFacts, Value, vocabulary::find};
use enmusubi_scoring::Program;
use std::{borrow::Cow, sync::Arc};

/// Facts and scores of a world with one more cause mended; `None` where the whole round must be scored.
pub fn with_cause<'a>(world: &World<'a>, cause: &Cause) -> Option<Scored<'a>> {
    let before = world.scored.as_deref()?;
    if !before.scores.undecided.is_empty() {
        return None;
    }
    let (_, criteria) = world.past.facts()?;
    let mut causes = world.causes.clone();
    causes.push(cause.clone());
    let level = Cause::Transfers(TransferOrder::Level);
    let (criteria, program) = match *cause == level {
        true => (before.criteria.clone(), Arc::clone(&before.program)),
        false => {
            let criteria = mended_criteria(criteria, &causes).ok()?;
            let program = Program::compile(&criteria).ok()?;
            (criteria, Arc::new(program))
        }
    };
    let facts = match causes.contains(&level) {
        true => Cow::Owned(as_new(&before.facts)),
        false => Cow::Borrowed(&*before.facts),
    };
    let households = match cause {
        Cause::RowExtra { row } => {
            let row = position(&before.criteria, |id| *id == **row)?;
            before.program.concerned(&facts, row)
        }
        // With other points it applies to the same; where it gave something it gives something now.
        Cause::RowPoints { row, .. } => {
            program.concerned(&facts, position(&criteria, |id| *id == **row)?)
        }
        Cause::RowMissing { .. } => {
            let known = |id: &str| position(&before.criteria, |i| i == id).is_some();
            program.concerned(&facts, position(&criteria, |id| !known(id))?)
        }
        cause if *cause == level => with_transfers(&before.facts),
        _ => return None,
    };
    let scores = program.rescore(&facts, before.scores.clone(), &households);
    Some(Scored::new(
        Arc::clone(&before.facts),
        criteria,
        scores.ok()?,
        program,
    ))
}

/// The first row with such an id: its table and its place there.
fn position(criteria: &Criteria, is: impl Fn(&str) -> bool) -> Option<(u32, u32)> {
    (0u32..).zip(&criteria.tables).find_map(|(t, table)| {
        let row = table.rows.iter().position(|r| is(&r.id))?;
        Some((t, row as u32))
    })
}

/// Households of whom a child asks for a transfer.
fn with_transfers(facts: &RoundFacts) -> Vec<u32> {
    let Some(application) = find(Entity::Child, "application") else {
        return Vec::new();
    };
    let children = 0..facts.children.len() as u32;
    let transfers = children.filter(|&c| facts.children.get(c, application) == Value::Enum(2));
    let mut households: Vec<u32> = transfers.map(|c| facts.household_of(c)).collect();
    households.dedup();
    households
}
