//! What examples and band edges ask of an evaluator.

use crate::{
    Program,
    session::{Fault, Session},
};
use enmusubi_criteria::judgement::{ArithmeticError, Judgement};
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
pub(crate) struct Compiled<'a>(pub &'a Program);

impl Compiled<'_> {
    /// The judgements of the first choices of a round.
    pub fn judge_all(
        &self,
        facts: &RoundFacts,
        choices: u32,
    ) -> Result<Vec<Judgement>, ArithmeticError> {
        let scores = self.0.score(facts).map_err(|e| first(e, 0))?;
        let judgement = |choice| scores.judgement(choice, facts.child_of(choice));
        Ok((0..choices).map(judgement).collect())
    }

    /// One thing asked with a choice at hand.
    fn ask<T>(
        &self,
        facts: &RoundFacts,
        choice: u32,
        question: impl FnOnce(&mut Session<'_>) -> Result<T, Fault>,
    ) -> Result<T, ArithmeticError> {
        let mut session = Session::new(self.0, facts);
        session.at(choice);
        question(&mut session).map_err(|fault| ArithmeticError {
            item: fault
                .item()
                .map_or_else(|| "".into(), |at| self.0.code.items[at as usize].clone()),
            choice,
            division: fault.division(),
        })
    }
}

impl Evaluator for Compiled<'_> {
    fn judge(&self, facts: &RoundFacts, choice: u32) -> Result<Judgement, ArithmeticError> {
        let scores = self.0.score(facts).map_err(|e| first(e, choice))?;
        Ok(scores.judgement(choice, facts.child_of(choice)))
    }

    fn table(
        &self,
        facts: &RoundFacts,
        choice: u32,
        table: usize,
        subject: Option<u32>,
    ) -> Result<Option<Exact>, ArithmeticError> {
        self.ask(facts, choice, |s| s.table(table as u32, subject))
    }

    fn value(
        &self,
        facts: &RoundFacts,
        choice: u32,
        value: usize,
    ) -> Result<Option<Exact>, ArithmeticError> {
        self.ask(facts, choice, |s| s.value(value as u32))
    }
}

/// The error of the choice, else any.
fn first(mut errors: Vec<ArithmeticError>, choice: u32) -> ArithmeticError {
    let own = errors.iter().position(|e| e.choice == choice);
    if errors.is_empty() {
        return ArithmeticError {
            item: "".into(),
            choice,
            division: false,
        };
    }
    errors.swap_remove(own.unwrap_or(0))
}
