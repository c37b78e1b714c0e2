//! The plain evaluator, asked what worked examples and band edges ask.

use enmusubi_criteria::{
    Criteria,
    judgement::{ArithmeticError, Judgement},
};
use enmusubi_domain::facts::{Exact, RoundFacts};
use enmusubi_scoring::examples::Evaluator;

/// The plain evaluator of a criteria file.
#[derive(Debug, Clone, Copy)]
pub struct Plain<'a>(pub &'a Criteria);

impl Evaluator for Plain<'_> {
    fn judge(&self, facts: &RoundFacts, choice: u32) -> Result<Judgement, ArithmeticError> {
        enmusubi_reference::judge(self.0, facts, choice)
    }

    fn table(
        &self,
        facts: &RoundFacts,
        choice: u32,
        table: usize,
        subject: Option<u32>,
    ) -> Result<Option<Exact>, ArithmeticError> {
        enmusubi_reference::table(self.0, facts, choice, &self.0.tables[table].id, subject)
    }

    fn value(
        &self,
        facts: &RoundFacts,
        choice: u32,
        value: usize,
    ) -> Result<Option<Exact>, ArithmeticError> {
        enmusubi_reference::value(self.0, facts, choice, &self.0.values[value].id)
    }
}
