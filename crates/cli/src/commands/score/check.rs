//! Every choice judged a second time, by the reference evaluator.

use super::Round;
use crate::exit::{Exit, Failure};
use crate::language::{Lang, grouped};
use crate::say;
use enmusubi_criteria::judgement::ArithmeticError;
use enmusubi_crosscheck::{Difference, compare_errors, compare_some};
use enmusubi_scoring::Scores;
use std::num::NonZero;

/// Differences shown; one is enough to stop, and more than these nobody reads.
const SHOWN: usize = 20;

impl Round<'_> {
    /// Stops where the two evaluators differ.
    pub(super) fn cross_check(
        &self,
        scored: &Result<Scores, Vec<ArithmeticError>>,
    ) -> Result<(), Failure> {
        let words = self.words;
        let differences = match scored {
            Ok(scores) => self.compare(scores),
            Err(errors) => compare_errors(self.criteria, self.facts, errors),
        };
        if differences.is_empty() {
            let choices = grouped(self.facts.choices.len() as u64);
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
    fn compare(&self, scores: &Scores) -> Vec<Difference> {
        let (criteria, facts) = (self.criteria, self.facts);
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
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Words;
    use enmusubi_domain::facts::Exact;
    use enmusubi_scoring::Program;
    use enmusubi_synth::{FactOptions, Options, facts, town};

    /// A wrong number anywhere stops the run, and is named.
    #[test]
    fn one_wrong_number_stops_the_run() {
        let file = include_bytes!("../../../../../criteria/example/r9.toml");
        let (criteria, ..) = enmusubi_criteria::read("r9.toml", file);
        let criteria = criteria.unwrap();
        let program = Program::compile(&criteria).unwrap();
        let options = Options {
            children: 40,
            nurseries: 12,
            ..Options::default()
        };
        let facts = facts(&town(&options), &FactOptions::default());
        let words = Words::of(Lang::Ja);
        let round = Round {
            words: &words,
            criteria: &criteria,
            program: &program,
            facts: &facts,
        };
        let mut scores = program.score(&facts).unwrap();
        assert!(round.cross_check(&Ok(scores.clone())).is_ok());

        let last = scores.keys.len() - 1;
        scores.keys[last] = Some(Exact::whole(-77));
        let failure = round.cross_check(&Ok(scores)).unwrap_err();
        assert_eq!(failure.exit, Exit::Internal);
        assert!(failure.message.contains("1 か所"), "{}", failure.message);
        assert!(failure.message.contains("-77"), "{}", failure.message);
        let child = &facts.children.ids[facts.child_of(facts.choices.len() as u32 - 1) as usize];
        assert!(failure.message.contains(&**child), "{}", failure.message);
    }
}
