//! One child's derivation.

use super::Round;
use crate::args::ScoreArgs;
use crate::commands;
use crate::exit::{Exit, Failure};
use crate::pipeline::scoring;
use crate::{print, say};
use enmusubi_scoring::{Derivation, text::derivation_text};
use std::fmt::Display;

/// Ids offered for one that does not exist.
const NEAREST: usize = 3;

impl Round<'_> {
    /// Prints the derivation at the facility asked for, else at the first choice (as JSON: at every choice).
    ///
    /// # Errors
    /// No such child or choice; numbers that cannot be calculated.
    pub(super) fn explain(&self, id: &str, args: &ScoreArgs) -> Result<Exit, Failure> {
        let words = self.words;
        let facts = self.facts;
        let Some(child) = facts.children.find(id) else {
            let values: [(&str, &dyn Display); 2] = [("id", &id), ("path", &args.round.display())];
            let failure = Failure::new(Exit::BadInput, words.say("input.unknown_child", &values));
            let failure = hint_nearest(failure, &facts.children.ids, id, |ids| {
                words.say("input.unknown_child_hint", &[("ids", &ids)])
            });
            return Err(if failure.hints.is_empty() {
                failure.hint(words.say("input.unknown_child_id", &[]))
            } else {
                failure
            });
        };
        let choices = facts.index.choices[child as usize].clone();
        let facility_of = |choice: u32| {
            let facility = facts.choice_facility[choice as usize];
            &facts.facilities.ids[facility as usize]
        };
        let listed = || -> String {
            let ids: Vec<&str> = choices.clone().map(|x| &**facility_of(x)).collect();
            ids.join(", ")
        };
        let asked = match &args.facility {
            Some(facility) => {
                let facility = facility.trim();
                let found = choices.clone().find(|&x| **facility_of(x) == *facility);
                let Some(found) = found else {
                    let values: [(&str, &dyn Display); 2] = [("id", &id), ("facility", &facility)];
                    let message = words.say("scored.not_chosen", &values);
                    let hint = words.say("scored.not_chosen_hint", &[("ids", &listed())]);
                    return Err(Failure::new(Exit::BadInput, message).hint(hint));
                };
                found..found + 1
            }
            None if args.json => choices.clone(),
            None => choices.start..choices.end.min(choices.start + 1),
        };
        if asked.is_empty() {
            let message = words.say("scored.no_choices", &[("id", &id)]);
            return Err(Failure::new(Exit::BadInput, message));
        }
        let mut derivations = Vec::new();
        for choice in asked {
            let derivation = self.program.derive(self.criteria, facts, choice);
            derivations.push(
                derivation
                    .map_err(|errors| scoring::arithmetic(self.words, self.facts, &errors))?,
            );
        }
        if args.json {
            let json = match (&args.facility, &derivations[..]) {
                (Some(_), [one]) => serde_json::to_string_pretty(one),
                _ => serde_json::to_string_pretty(&derivations),
            };
            print(&json.map_err(commands::internal(words))?);
            print("\n");
        } else {
            for derivation in &derivations {
                print(&derivation_text(derivation, args.reader(words.lang)));
            }
            if args.facility.is_none() && choices.len() > 1 {
                say(&words.say("scored.other_choices", &[("ids", &listed())]));
                say("\n");
            }
        }
        let open = |d: &Derivation| !d.decided;
        Ok(if derivations.iter().any(open) {
            Exit::Undecided
        } else {
            Exit::Done
        })
    }
}

/// Names the ids that begin alike, or whose digits are the same.
fn hint_nearest(
    failure: Failure,
    known: &[Box<str>],
    id: &str,
    hint: impl Fn(String) -> String,
) -> Failure {
    let digits = |t: &str| -> String {
        let all: String = t.chars().filter(char::is_ascii_digit).collect();
        all.trim_start_matches('0').to_owned()
    };
    let same = |k: &&str| {
        k.eq_ignore_ascii_case(id) || (!digits(id).is_empty() && digits(k) == digits(id))
    };
    let near: Vec<&str> = known
        .iter()
        .map(|k| &**k)
        .filter(same)
        .take(NEAREST)
        .collect();
    if near.is_empty() {
        return failure;
    }
    failure.hint(hint(near.join(", ")))
}
