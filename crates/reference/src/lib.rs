//! The reference evaluator: a plain interpreter of criteria files, slow and obvious.
//!
//! - [`judge`]: one child at one facility.
//! - `case`: the subjects at hand, and what names mean among them.
//! - `walk`: expressions.
//! - `table`: rows, exclusions, groups, tables.
//! - `key`: values, strata, keys, coupling, eligibility, pools, passes.
//!
//! **Invariant:** it shares no evaluation code with `enmusubi-scoring` and never reaches it, not even in
//! its tests: an error in one cannot hide in the other. It walks the expressions by name, for
//! one choice at a time, exactly as `enmusubi_criteria::model` and `enmusubi_criteria::expression` say.
//!
//! **Invariant:** where two readings of those texts are possible, the one is taken that says "unknown" sooner.

mod case;
mod key;
mod table;
mod walk;

use case::Case;
use enmusubi_criteria::{
    Criteria,
    judgement::{ArithmeticError, Judgement},
};
use enmusubi_domain::facts::RoundFacts;

/// Judges one choice.
///
/// The file must have passed the checker, and the facts be complete ([`RoundFacts::complete`]).
///
/// # Errors
/// A number that does not fit, or a division by zero.
pub fn judge(
    criteria: &Criteria,
    facts: &RoundFacts,
    choice: u32,
) -> Result<Judgement, ArithmeticError> {
    Case::new(criteria, facts, choice)
        .judgement()
        .map_err(|fault| ArithmeticError {
            item: fault.item.unwrap_or_default(),
            choice,
            division: fault.division,
        })
}

/// Points of a table for one subject (of a table over guardians or adults), else for the choice
/// itself; `None` where unknown or where there is no such table.
///
/// # Errors
/// As [`judge`].
pub fn table(
    criteria: &Criteria,
    facts: &RoundFacts,
    choice: u32,
    id: &str,
    subject: Option<u32>,
) -> Result<Option<enmusubi_domain::facts::Exact>, ArithmeticError> {
    let Some(at) = criteria.tables.iter().position(|t| *t.id == *id) else {
        return Ok(None);
    };
    Case::new(criteria, facts, choice)
        .table(at, subject)
        .map_err(|fault| ArithmeticError {
            item: fault.item.unwrap_or_default(),
            choice,
            division: fault.division,
        })
}

/// A named value; `None` where unknown or where there is no such value.
///
/// # Errors
/// As [`judge`].
pub fn value(
    criteria: &Criteria,
    facts: &RoundFacts,
    choice: u32,
    id: &str,
) -> Result<Option<enmusubi_domain::facts::Exact>, ArithmeticError> {
    let Some(at) = criteria.values.iter().position(|v| *v.id == *id) else {
        return Ok(None);
    };
    Case::new(criteria, facts, choice)
        .value(at)
        .map_err(|fault| ArithmeticError {
            item: fault.item.unwrap_or_default(),
            choice,
            division: fault.division,
        })
}
