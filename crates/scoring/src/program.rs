//! Compiling a criteria file.

use crate::{derivation::Derivation, scores::Scores};
use enmusubi_criteria::{Criteria, judgement::ArithmeticError};
use enmusubi_domain::facts::RoundFacts;

/// A criteria file, compiled. Holds no facts; one program serves any number of rounds and threads.
#[derive(Debug)]
pub struct Program {}

impl Program {
    /// Compiles a file that the checker has passed.
    ///
    /// # Errors
    /// What the checker should have reported, in words; a defect of this program.
    pub fn compile(_criteria: &Criteria) -> Result<Self, Vec<String>> {
        Err(vec!["not written yet".into()])
    }

    /// Keys, eligibility, pools and passes of every choice of a round.
    ///
    /// # Errors
    /// Numbers that do not fit, divisions by zero; all of them.
    pub fn score(&self, _facts: &RoundFacts) -> Result<Scores, Vec<ArithmeticError>> {
        Err(Vec::new())
    }

    /// How the key of one choice came about.
    ///
    /// # Errors
    /// As [`Program::score`].
    pub fn derive(
        &self,
        _criteria: &Criteria,
        _facts: &RoundFacts,
        _choice: u32,
    ) -> Result<Derivation, Vec<ArithmeticError>> {
        Err(Vec::new())
    }
}
