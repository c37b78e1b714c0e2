//! Scoring a round once for all variants that need the same scores.

use super::apply::Seats;
use crate::{text_messages::Section, text_summary::Lang};
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

impl ScoreFailure {
    /// What is wrong with the criteria at these facts, one sentence each; `None`: a defect of this
    /// program.
    #[must_use]
    pub fn reasons(&self, facts: &RoundFacts, lang: Lang) -> Option<Vec<String>> {
        let Self::Arithmetic(errors) = self else {
            return None;
        };
        let one = |e: &ArithmeticError| {
            let child = &facts.children.ids[facts.child_of(e.choice) as usize];
            let facility = facts.choice_facility[e.choice as usize] as usize;
            let facility = &facts.facilities.ids[facility];
            let key = match e.division {
                true => "arithmetic-division",
                false => "arithmetic-large",
            };
            let values = [
                ("child", &**child),
                ("facility", facility),
                ("item", &e.item),
            ];
            Section::whatif(lang).get(key, &values)
        };
        Some(errors.iter().map(one).collect())
    }
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
