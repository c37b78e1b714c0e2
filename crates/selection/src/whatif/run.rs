//! One variant: facts, criteria and their scores → market → placement, verified.

use super::{apply::Seats, report::Outcome};
use crate::{
    compiled::{CompiledRound, Ties},
    decide::{Decided, Decision, decide},
    explain::{Explanations, explain},
    report::{UndecidedPair, undecided_pairs},
    staged::{StageError, Staged, mechanism_of, stage, ties_of},
    text_messages,
    text_summary::Lang,
};
use enmusubi_criteria::Criteria;
use enmusubi_domain::facts::RoundFacts;
use enmusubi_matching::{Effort, Mechanism, Request, Watch};
use enmusubi_scoring::Scores;

/// What a round is decided by.
#[derive(Debug, Clone, Copy)]
pub struct Basis<'a> {
    /// The facts, with the base's seats.
    pub facts: &'a RoundFacts,
    /// Other seats.
    pub seats: Option<&'a Seats>,
    /// The criteria.
    pub criteria: &'a Criteria,
    /// Scores of these facts by these criteria.
    pub scores: &'a Scores,
    /// What happens to equals; `None`: as the criteria say.
    pub ties: Option<&'a Ties>,
    /// How seats are given; `None`: as the criteria say.
    pub mechanism: Option<Mechanism>,
    /// How far to prove.
    pub effort: Effort,
}

/// A round, decided and verified.
#[derive(Debug)]
pub struct Placed {
    /// The market and its keys.
    pub compiled: CompiledRound,
    /// Placement and checker's verdict, in agreement.
    pub decided: Decided,
    /// What became of children and classes.
    pub explanations: Explanations,
    /// How seats were given.
    pub mechanism: Mechanism,
}

/// Why a round was not decided.
#[derive(Debug)]
pub enum Halt {
    /// The facts and criteria make no market: somebody is undecided, or something is wrong.
    Stage(Vec<StageError>),
    /// Ties are undecided and the rule is to stop.
    Ties(Vec<UndecidedPair>),
    /// The mechanism needs one order of families, and priority depends on the facility.
    NoCommonOrder,
    /// Engine and checker disagree: a defect of this program. What each says.
    Disagree(String),
}

impl Halt {
    /// Nothing is wrong: a paper, an answer or a decision is missing.
    #[must_use]
    pub fn is_undecided(&self) -> bool {
        match self {
            Self::Stage(errors) => errors.iter().all(StageError::is_undecided),
            Self::Ties(_) => true,
            Self::NoCommonOrder | Self::Disagree(_) => false,
        }
    }

    /// What came of a variant that was not decided.
    ///
    /// # Errors
    /// A defect of this program, in words.
    pub fn outcome(self, facts: &RoundFacts, lang: Lang) -> Result<Outcome, String> {
        let undecided = self.is_undecided();
        Ok(match self {
            Self::Ties(undecided) => Outcome::Ties { undecided },
            Self::Stage(errors) if undecided => Outcome::Undecided {
                children: children_of(&errors, facts),
                reasons: errors.iter().map(|e| e.text(lang)).collect(),
            },
            Self::Stage(errors) => Outcome::Wrong {
                reasons: errors.iter().map(|e| e.text(lang)).collect(),
            },
            Self::NoCommonOrder => Outcome::Wrong {
                reasons: vec![text_messages::whatif(lang).get("no-common-order", &[])],
            },
            Self::Disagree(detail) => return Err(detail),
        })
    }
}

/// Applicants who are undecided: those named, and those of the households named.
fn children_of(errors: &[StageError], facts: &RoundFacts) -> Vec<String> {
    let applies = |c: &u32| !facts.index.choices[*c as usize].is_empty();
    let mut list = Vec::new();
    for error in errors {
        match error {
            StageError::Undecided { child, .. } => list.push(child.to_string()),
            StageError::StaffAnswer { household, .. } | StageError::NoAnswer { household } => {
                let children = facts.households.find(household);
                let children = children.map(|h| facts.index.children[h as usize].clone());
                let children = children.into_iter().flatten().filter(applies);
                list.extend(children.map(|c| facts.children.ids[c as usize].to_string()));
            }
            _ => {}
        }
    }
    list.sort_unstable();
    list.dedup();
    list
}

/// A comparison says that nothing is stable, not why: `enmusubi select` does, for the variant that is
/// taken up.
struct Unexplained;

impl Watch for Unexplained {
    fn explain_instability(&self) -> bool {
        false
    }
}

/// Decides a round and has the checker confirm it.
///
/// # Errors
/// Why not.
pub fn place(basis: &Basis<'_>) -> Result<Placed, Halt> {
    let ties = ties_of(basis.criteria, basis.ties.cloned()).map_err(|e| Halt::Stage(vec![e]))?;
    let mechanism = basis
        .mechanism
        .unwrap_or_else(|| mechanism_of(basis.criteria));
    // Lending the facts and giving other seats would ask for two kinds of facts everywhere; a copy
    // lives as long as its variant is decided.
    let other = basis.seats.map(|seats| {
        let mut facts = basis.facts.clone();
        facts.classes.clone_from(&seats.classes);
        facts.shared.clone_from(&seats.shared);
        facts
    });
    let facts = other.as_ref().unwrap_or(basis.facts);
    let staged = stage(facts, basis.criteria, basis.scores, &ties).map_err(Halt::Stage)?;
    let Staged { compiled, .. } = staged;
    if mechanism == Mechanism::IndexOrder && compiled.priority_depends_on_nursery() {
        return Err(Halt::NoCommonOrder);
    }
    let request = Request {
        mechanism,
        effort: basis.effort,
        threads: 1,
        stop_at_ties: ties == Ties::Stop,
    };
    let decision = decide(&compiled.market, false, request, &Unexplained, &|_| ());
    match decision.map_err(Halt::Disagree)? {
        Decision::Undecided(pairs) => Err(Halt::Ties(undecided_pairs(&compiled, &pairs))),
        Decision::Placed(decided) => {
            let explanations = explain(&compiled, &decided.outcome, mechanism);
            Ok(Placed {
                compiled,
                decided: *decided,
                explanations,
                mechanism,
            })
        }
    }
}
