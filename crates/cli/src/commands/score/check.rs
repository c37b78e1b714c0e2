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
