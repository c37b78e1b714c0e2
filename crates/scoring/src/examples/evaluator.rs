//! What examples and band edges ask of an evaluator.

use crate::Program;
use enmusubi_criteria::{
    Criteria,
    judgement::{ArithmeticError, Judgement},
};
use enmusubi_domain::facts::{Exact, RoundFacts};

/// An evaluator of one criteria file. Positions are those of the file; `None` is unknown.
pub trait Evaluator {
    /// The judgement of a choice.
    ///
    /// # Errors
    /// Arithmetic that cannot be done.
    fn judge(&self, facts: &RoundFacts, choice: u32) -> Result<Judgement, ArithmeticError>;

    /// Points of a table, for a subject where it is over guardians or adults.
    ///
    /// # Errors
    /// As [`Evaluator::judge`].
    fn table(
        &self,
        facts: &RoundFacts,
        choice: u32,
        table: usize,
        subject: Option<u32>,
    ) -> Result<Option<Exact>, ArithmeticError>;

    /// A named value.
    ///
    /// # Errors
    /// As [`Evaluator::judge`].
    fn value(
        &self,
        facts: &RoundFacts,
        choice: u32,
        value: usize,
    ) -> Result<Option<Exact>, ArithmeticError>;
}

/// The compiled evaluator.
pub(crate) struct Compiled<'a> {
    pub criteria: &'a Criteria,
    pub program: &'a Program,
}

impl Evaluator for Compiled<'_> {
    fn judge(&self, facts: &RoundFacts, choice: u32) -> Result<Judgement, ArithmeticError> {
        let scores = self.program.score(facts).map_err(|e| first(e, choice))?;
        Ok(scores.judgement(choice, facts.child_of(choice)))
    }

    fn table(
        &self,
        _facts: &RoundFacts,
        _choice: u32,
        _table: usize,
        _subject: Option<u32>,
    ) -> Result<Option<Exact>, ArithmeticError> {
        let _ = self.criteria;
        Ok(None)
    }

    fn value(
        &self,
        _facts: &RoundFacts,
        _choice: u32,
        _value: usize,
    ) -> Result<Option<Exact>, ArithmeticError> {
        Ok(None)
    }
}

/// The error of the choice, else any.
fn first(errors: Vec<ArithmeticError>, choice: u32) -> ArithmeticError {
    let own = errors.iter().position(|e| e.choice == choice);
    errors
        .into_iter()
        .nth(own.unwrap_or(0))
        .unwrap_or(ArithmeticError {
            item: "".into(),
            choice,
            division: false,
        })
}
