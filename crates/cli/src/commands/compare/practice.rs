//! The criteria as practised: written down, and the round decided by them beside the round by the criteria as
//! written.

use crate::commands;
use crate::language::Words;
use enmusubi_compare::cause::Cause;
use enmusubi_compare::past::PastTies;
use enmusubi_compare::practice::{Practised, practised};
use enmusubi_compare::report::{Comparison, Practice};
use enmusubi_compare::solve::Solution;
use enmusubi_criteria::Criteria;
use enmusubi_domain::facts::RoundFacts;
use enmusubi_matching::Effort;
use enmusubi_scoring::Scores;
use enmusubi_selection::compiled::Ties;
use enmusubi_selection::staged::mechanism_of;
use enmusubi_selection::whatif::compare::{compare, side};
use enmusubi_selection::whatif::plan::Source;
use enmusubi_selection::whatif::run::{Basis, Placed, place};
use enmusubi_selection::whatif::score::score;

/// The criteria as practised, where causes of a round of facts are about them. `causes`: those of the report.
pub fn of(
    words: &Words,
    source: &Source,
    solution: &Solution<'_>,
    report: &Comparison,
    causes: &[Cause],
) -> Option<Practised> {
    // Where the list is gone by, components are the list's.
    if solution.before.past.base.list().is_some() {
        return None;
    }
    let told: Vec<String> = report.causes.iter().map(|c| c.words.clone()).collect();
    practised(
        &source.document,
        &source.criteria,
        &solution.before.plain.key_components,
        causes,
        &told,
        commands::lang(words),
    )
}

/// Who gains and loses between the two. `None` where one of them cannot be decided.
pub fn beside(source: &Source, solution: &Solution<'_>, practised: &Practised) -> Option<Practice> {
    let scored = solution.before.scored.as_ref()?;
    // Nobody can repeat what staff decided between equals: the order of the file, for both.
    let ties = match solution.before.past.ties {
        PastTies::Rule(ties) => ties.clone(),
        PastTies::Decided => Ties::RowOrder,
    };
    let asked = solution.before.past.mechanism;
    let decide = |facts: &RoundFacts, criteria: &Criteria, scores: &Scores, mechanism| {
        place(&Basis {
            facts,
            seats: None,
            criteria,
            scores,
            ties: Some(&ties),
            mechanism: Some(mechanism),
            effort: Effort::Witness,
        })
        .ok()
    };
    let facts = &*scored.facts;
    let before: Placed = decide(facts, &scored.criteria, &scored.scores, asked)?;
    let criteria = &practised.criteria;
    // Another mechanism than the file's was asked for; the practised one is the file's where it is a cause.
    let changed = mechanism_of(criteria) != mechanism_of(&source.criteria);
    let mechanism = match changed {
        true => mechanism_of(criteria),
        false => asked,
    };
    let scores = score(facts, None, criteria).ok()?;
    let after = decide(facts, criteria, &scores, mechanism)?;
    let base = side(&before, &scored.criteria, &source.file);
    let after_side = side(&after, criteria, super::outputs::PRACTICE);
    Some(Practice {
        base,
        comparison: compare(facts, &before, &after, after_side),
    })
}
