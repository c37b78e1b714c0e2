//! Worked examples (計算例) of a criteria file: facts → what must come of them.
//!
//! - [`facts`]: an example's facts as the facts of a round with one household.
//! - [`evaluator`]: what is asked of an evaluator; the compiled one answers, and so may another.
//! - [`in_words`]: an example's facts as people read them.
//! - `expect`: what an example expects, against what came.
//!
//! **Invariant:** an example that cannot be run, and an expectation that nothing stands for, has failed.

pub mod evaluator;
mod expect;
pub mod facts;
mod words;

pub use evaluator::Evaluator;
pub use facts::Problem;
pub use words::{Stated, in_words, item_in_words, value_in_words};

use crate::{Program, derivation::Derivation};
use enmusubi_criteria::{Criteria, model::Example};

/// What became of an example.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// Id of the example.
    pub id: Box<str>,
    /// Its label.
    pub label: Box<str>,
    /// Each thing it expects, in the order written.
    pub checks: Vec<Check>,
    /// Why it could not be run.
    pub problems: Vec<Problem>,
    /// How the result came about, where it is not the expected one.
    pub derivation: Option<Derivation>,
}

/// Something an example expects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// As written: `A`, `A1[0]`, `outcome`; `order 1<2` for a pair to be ordered.
    pub item: Box<str>,
    /// What that is, for people.
    pub label: Box<str>,
    /// What should come.
    pub expected: Box<str>,
    /// What came; unknown is `不明`.
    pub found: Box<str>,
    /// Whether they agree.
    pub holds: bool,
}

impl Outcome {
    /// Whether it could be run and everything came as expected.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.problems.is_empty() && !self.checks.is_empty() && self.checks.iter().all(|c| c.holds)
    }
}

/// Runs the examples of a file by the compiled evaluator. Those that fail come with their derivation.
#[must_use]
pub fn run(criteria: &Criteria) -> Vec<Outcome> {
    let program = match Program::compile(criteria) {
        Ok(program) => program,
        Err(errors) => {
            return criteria
                .examples
                .iter()
                .map(|e| stuck(e, &errors))
                .collect();
        }
    };
    let mut outcomes = run_by(criteria, &evaluator::Compiled(&program));
    for (outcome, example) in outcomes.iter_mut().zip(&criteria.examples) {
        if !outcome.passed()
            && !example.facts.is_empty()
            && let Ok(case) = facts::of(criteria, example)
        {
            outcome.derivation = program.derive(criteria, &case.facts, case.choice).ok();
            if let Some(derivation) = &mut outcome.derivation {
                // Suggestions derive anew what an example may have stated.
                derivation.changes = Default::default();
            }
        }
    }
    outcomes
}

/// Runs the examples of a file by any evaluator, without derivations.
#[must_use]
pub fn run_by(criteria: &Criteria, evaluator: &impl Evaluator) -> Vec<Outcome> {
    criteria
        .examples
        .iter()
        .map(|example| one(criteria, example, evaluator))
        .collect()
}

fn one(criteria: &Criteria, example: &Example, evaluator: &impl Evaluator) -> Outcome {
    let mut outcome = Outcome {
        id: example.id.clone(),
        label: example.label.clone(),
        checks: Vec::new(),
        problems: Vec::new(),
        derivation: None,
    };
    expect::order(criteria, example, &mut outcome);
    if !example.expect.is_empty() {
        match facts::of(criteria, example) {
            Ok(case) => expect::facts(criteria, example, &case, evaluator, &mut outcome),
            Err(problems) => outcome.problems.extend(problems),
        }
    }
    outcome
}

/// An example of a file that cannot be compiled, which the checker should have refused.
fn stuck(example: &Example, errors: &[String]) -> Outcome {
    let problem = |e: &String| Problem {
        at: example.span.clone(),
        what: (
            format!("基準ファイルを計算できる形にできません（{e}）"),
            format!("the criteria cannot be compiled ({e})"),
        ),
        mend: (
            "このプログラムの誤りです。開発元にお知らせください".into(),
            "this is a defect of the program; please report it".into(),
        ),
    };
    Outcome {
        id: example.id.clone(),
        label: example.label.clone(),
        checks: Vec::new(),
        problems: errors.iter().map(problem).collect(),
        derivation: None,
    }
}
