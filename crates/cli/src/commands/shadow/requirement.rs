//! What a real round asks of a ledger (`select --require-shadow`).

use super::file;
use super::status::{role, share};
use crate::exit::{Exit, Failure};
use crate::language::Words;
use enmusubi_compare::ledger::{Requirement, State, entry::What, state::Unmet};
use std::fmt::Display;
use std::path::Path;

/// Lets a round go on only where a ledger allows it: the same criteria, agreement, everything accepted, two
/// signatures. Gives the line that says so.
///
/// # Errors
/// Exit code 1: everything that is missing, or the ledger is not as it was written.
pub fn require(
    words: &Words,
    path: &Path,
    criteria_digest: &str,
    agreement: u32,
) -> Result<String, Failure> {
    let ledger = file::read(words, path)?;
    let state = State::of(&ledger);
    let unmet = state.unmet(&Requirement {
        criteria_digest,
        agreement,
    });
    if unmet.is_empty() {
        let head = file::read_head(&ledger);
        let values: [(&str, &dyn Display); 2] = [("path", &path.display()), ("head", &&head[..16])];
        return Ok(words.say("shadow_run.relied", &values) + "\n");
    }
    let title = words.say("shadow_run.required", &[("path", &path.display())]);
    let lines = std::iter::once(title).chain(unmet_lines(words, &unmet, agreement));
    let text: Vec<String> = lines.collect();
    let hint = words.say("shadow_run.required_hint", &[("path", &path.display())]);
    Err(Failure::new(Exit::NotRight, text.join("\n")).hint(hint))
}

/// What is missing, a line each.
pub fn unmet_lines(words: &Words, unmet: &[Unmet], agreement: u32) -> Vec<String> {
    let say = |key: &str, values: &[(&str, &dyn Display)]| words.say(key, values);
    let mut lines = Vec::new();
    for unmet in unmet {
        match unmet {
            Unmet::NothingCompared => lines.push(say("shadow_run.unmet_nothing", &[])),
            Unmet::OtherCriteria(file, digest) => {
                let digest = &digest[..digest.len().min(16)];
                let values: [(&str, &dyn Display); 2] = [("file", file), ("digest", &digest)];
                lines.push(say("shadow_run.unmet_criteria", &values));
            }
            Unmet::Agreement(count) => {
                let wanted = format!("{}.{} %", agreement / 10, agreement % 10);
                lines.push(say(
                    "shadow_run.unmet_agreement",
                    &[
                        ("agree", &count.agree),
                        ("compared", &count.compared),
                        ("share", &share(*count)),
                        ("wanted", &wanted),
                    ],
                ));
            }
            Unmet::Open(list) => lines.extend(list.iter().map(|what| match what {
                What::Cause(cause) => say("shadow_run.unmet_open_cause", &[("cause", cause)]),
                What::Child(child) => say("shadow_run.unmet_open_child", &[("child", child)]),
            })),
            Unmet::Unsigned(r) => {
                let role = role(words, *r);
                lines.push(say("shadow_run.unmet_unsigned", &[("role", &role)]));
            }
            Unmet::OnePerson(name) => {
                lines.push(say("shadow_run.unmet_one_person", &[("name", name)]));
            }
        }
    }
    lines
}
