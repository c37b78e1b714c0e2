//! Scoring a round once for all variants that need the same scores.

use super::apply::Seats;
use enmusubi_criteria::{Criteria, judgement::ArithmeticError};
use enmusubi_domain::facts::{RoundFacts, certificate::fill_conversions};
use enmusubi_scoring::{Program, Scores};

/// Why a round cannot be scored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ScoreFailure {
    /// The checker passed a file that cannot be compiled: a defect of this program.
    Compile(Vec<String>),
    /// Arithmetic that cannot be done.
    Arithmetic(Vec<ArithmeticError>),
}

/// Scores a round of facts. `seats`: other seats than those of the facts.
///
/// # Errors
/// Why not.
pub fn score(
    facts: &RoundFacts,
    seats: Option<&Seats>,
    criteria: &Criteria,
) -> Result<Scores, ScoreFailure> {
    let program = Program::compile(criteria).map_err(ScoreFailure::Compile)?;
    let mut facts = facts.clone();
    if let Some(seats) = seats {
        facts.classes.clone_from(&seats.classes);
        facts.shared.clone_from(&seats.shared);
    }
    // By the criteria's own conversions, so on a copy: other criteria may have others.
    fill_conversions(&mut facts, &criteria.conversion);
    program.score(&facts).map_err(ScoreFailure::Arithmetic)
}
