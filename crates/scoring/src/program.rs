//! A criteria file, compiled.

use crate::{code::Code, compile, derivation::Derivation, derive, score, scores::Scores};
use enmusubi_criteria::{
    Criteria,
    judgement::ArithmeticError,
    types::{self, Resolved},
};
use enmusubi_domain::facts::RoundFacts;

/// A criteria file, compiled. Holds no facts; one program serves any number of rounds and threads.
#[derive(Debug)]
pub struct Program {
    /// The typed expressions of the file.
    pub(crate) resolved: Resolved,
    pub(crate) code: Code,
}

impl Program {
    /// Compiles a file that the checker has passed.
    ///
    /// # Errors
    /// What the checker should have reported, in words; a defect of this program.
    pub fn compile(criteria: &Criteria) -> Result<Self, Vec<String>> {
        let resolved = types::resolve(criteria).map_err(|found| {
            let list = found.list.iter();
            list.map(|d| format!("{}: {}", d.code, d.what.1))
                .collect::<Vec<_>>()
        })?;
        let code = compile::compile(criteria, &resolved)?;
        Ok(Self { resolved, code })
    }

    /// Keys, eligibility, pools and passes of every choice of a round.
    ///
    /// # Errors
    /// Numbers that do not fit, divisions by zero; all of them.
    pub fn score(&self, facts: &RoundFacts) -> Result<Scores, Vec<ArithmeticError>> {
        score::score(self, facts)
    }

    /// The same, where only some households (ascending) may come to anything else than in `before`: scores of a round
    /// with these choices by a file with as many keys and pools, in which nobody is undecided.
    ///
    /// # Errors
    /// As [`Program::score`], of these households.
    pub fn rescore(
        &self,
        facts: &RoundFacts,
        before: Scores,
        households: &[u32],
    ) -> Result<Scores, Vec<ArithmeticError>> {
        debug_assert!(before.undecided.is_empty(), "whoever is undecided stays so");
        score::rescore(self, facts, before, households)
    }

    /// How the key of one choice came about, and what would change it. `criteria` is the file this was compiled
    /// from.
    ///
    /// # Errors
    /// As [`Program::score`].
    pub fn derive(
        &self,
        criteria: &Criteria,
        facts: &RoundFacts,
        choice: u32,
    ) -> Result<Derivation, Vec<ArithmeticError>> {
        derive::derive(self, criteria, facts, choice)
    }
}
