//! Scoring a round of facts; if asked, every choice a second time, by the reference evaluator.

use crate::commands;
use crate::exit::{Exit, Failure};
use crate::language::{Lang, Words, grouped};
use crate::say;
use crate::stopwatch::StopWatch;
use enmusubi_criteria::{Criteria, judgement::ArithmeticError};
use enmusubi_crosscheck::{Difference, compare_errors, compare_some};
use enmusubi_domain::facts::{RoundFacts, certificate::fill_conversions};
use enmusubi_scoring::{Program, Scores};
use std::fmt::Display;
use std::num::NonZero;

/// Differences shown; one is enough to stop, and more than these nobody reads.
const SHOWN: usize = 20;

/// Makes facts and criteria ready to be scored: what certificates leave out is filled by the criteria's own
/// conversion, and the criteria are compiled. Once per set of facts: every command that scores
/// begins here.
///
/// # Errors
/// Exit code 70: a defect of this program.
pub fn prepare(
    words: &Words,
    criteria: &Criteria,
    facts: &mut RoundFacts,
) -> Result<Program, Failure> {
    fill_conversions(facts, &criteria.conversion);
    Program::compile(criteria).map_err(|defects| commands::internal(words)(defects.join("\n  ")))
}

/// Scores a round that [`prepare`] has made ready. Phases: `score`, `cross-check`.
///
/// # Errors
/// Exit code 2 where something cannot be calculated; exit code 70 where the reference evaluator, if asked
/// for, says anything else.
pub fn scores(
    words: &Words,
    criteria: &Criteria,
    program: &Program,
    facts: &RoundFacts,
    cross_check: bool,
    watch: &StopWatch,
) -> Result<Scores, Failure> {
    watch.lap("score");
    let scored = program.score(facts);
    if cross_check {
        watch.lap("cross-check");
        let differences = match &scored {
            Ok(scores) => compare(criteria, facts, scores),
            Err(errors) => compare_errors(criteria, facts, errors),
        };
        agree(words, facts, &differences)?;
    }
    scored.map_err(|errors| arithmetic(words, facts, &errors))
}

/// Stops where the two evaluators differ.
fn agree(words: &Words, facts: &RoundFacts, differences: &[Difference]) -> Result<(), Failure> {
    if differences.is_empty() {
        let choices = grouped(facts.choices.len() as u64);
        say(&words.say("scored.agree", &[("choices", &choices)]));
        say("\n");
        return Ok(());
    }
    let told = |d: &Difference| match words.lang {
        Lang::Ja => d.text().0,
        Lang::En => d.text().1,
    };
    let count = grouped(differences.len() as u64);
    let mut message = words.say("scored.differ", &[("count", &count)]);
    for difference in differences.iter().take(SHOWN) {
        message.push_str("\n  ");
        message.push_str(&told(difference));
    }
    Err(Failure::new(Exit::Internal, message).hint(words.say("internal.panic_hint", &[])))
}

/// Shared among the machine's cores; in the order of choices all the same.
fn compare(criteria: &Criteria, facts: &RoundFacts, scores: &Scores) -> Vec<Difference> {
    let choices = facts.choices.len() as u32;
    let threads = std::thread::available_parallelism().map_or(1, NonZero::get) as u32;
    let each = choices.div_ceil(threads).max(1);
    std::thread::scope(|scope| {
        let parts: Vec<_> = (0..threads)
            .map(|t| {
                let range = (t * each).min(choices)..((t + 1) * each).min(choices);
                scope.spawn(move || compare_some(criteria, facts, scores, range))
            })
            .collect();
        let joined = parts.into_iter().map(std::thread::ScopedJoinHandle::join);
        // A panic of the second evaluator is a defect like any other.
        joined
            .flat_map(|part| part.unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    })
}

/// Numbers that cannot be calculated: the criteria do not fit the facts.
pub fn arithmetic(words: &Words, facts: &RoundFacts, errors: &[ArithmeticError]) -> Failure {
    let lines: Vec<String> = errors
        .iter()
        .map(|e| {
            let child = facts.child_of(e.choice) as usize;
            let facility = facts.choice_facility[e.choice as usize] as usize;
            let values: [(&str, &dyn Display); 3] = [
                ("item", &e.item),
                ("child", &facts.children.ids[child]),
                ("facility", &facts.facilities.ids[facility]),
            ];
            if e.division {
                words.say("scored.division", &values)
            } else {
                words.say("scored.too_large", &values)
            }
        })
        .collect();
    Failure::new(Exit::BadInput, lines.join("\n")).hint(words.say("scored.arithmetic_hint", &[]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use enmusubi_domain::facts::Exact;
    use enmusubi_synth::{FactOptions, Options, facts, town};

    /// A wrong number anywhere stops the run, and is named.
    #[test]
    fn one_wrong_number_stops_the_run() {
        let file = include_bytes!("../../../../criteria/example/r9.toml");
        let (criteria, ..) = enmusubi_criteria::read("r9.toml", file);
        let criteria = criteria.unwrap();
        let options = Options {
            children: 40,
            nurseries: 12,
            ..Options::default()
        };
        let mut facts = facts(&town(&options), &FactOptions::default());
        let words = Words::of(Lang::Ja);
        let program = prepare(&words, &criteria, &mut facts).unwrap();
        let mut scores = program.score(&facts).unwrap();
        assert!(compare(&criteria, &facts, &scores).is_empty());

        let last = scores.keys.len() - 1;
        scores.keys[last] = Some(Exact::whole(-77));
        let differences = compare(&criteria, &facts, &scores);
        let failure = agree(&words, &facts, &differences).unwrap_err();
        assert_eq!(failure.exit, Exit::Internal);
        assert!(failure.message.contains("1 か所"), "{}", failure.message);
        assert!(failure.message.contains("-77"), "{}", failure.message);
        let child = &facts.children.ids[facts.child_of(facts.choices.len() as u32 - 1) as usize];
        assert!(failure.message.contains(&**child), "{}", failure.message);
    }
}
