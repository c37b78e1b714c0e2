//! `enmusubi shadow`: the ledger of a shadow year.

mod file;
pub mod requirement;
mod status;

use crate::args::{LineArgs, ShadowArgs, ShadowCommand};
use crate::exit::{Exit, Failure};
use crate::language::Words;
use crate::{pipeline, print};
use enmusubi_compare::ledger::{
    Ledger, State,
    entry::{Accepted, Before, Begin, Compared, Content, Role, What},
    recorded::{NotAComparison, recorded},
};
use file::Locked;
use std::path::Path;

/// Runs the command.
pub fn run(words: &Words, args: &ShadowArgs) -> Result<Exit, Failure> {
    match &args.command {
        ShadowCommand::Begin { title, from, line } => begin(words, title, from.as_deref(), line),
        ShadowCommand::Record { comparison, line } => {
            let compared = comparison_of(words, comparison)?;
            write(words, line, |_| Ok(Content::Compared(compared)))
        }
        ShadowCommand::Accept {
            cause,
            child,
            reason,
            line,
        } => {
            let what = match (cause, child) {
                (Some(cause), _) => What::Cause(*cause),
                (None, child) => What::Child(child.clone().unwrap_or_default().trim().to_owned()),
            };
            let reason = filled(words, "reason", reason)?;
            write(words, line, |ledger| accept(words, ledger, what, reason))
        }
        ShadowCommand::Revoke {
            entry,
            reason,
            line,
        } => {
            let reason = filled(words, "reason", reason)?;
            write(words, line, |ledger| revoke(words, ledger, *entry, reason))
        }
        ShadowCommand::Note { text, line } => {
            let text = filled(words, "text", text)?;
            write(words, line, |_| Ok(Content::Note { text }))
        }
        ShadowCommand::Sign { role, head, line } => {
            let role = (*role).into();
            write(words, line, |ledger| {
                sign(words, ledger, role, head, line.by.trim())
            })
        }
        ShadowCommand::Status { ledger, all } => {
            let read = file::read(words, ledger)?;
            print(&status::text(words, ledger, &read, *all));
            Ok(Exit::Done)
        }
    }
}

/// A text that somebody will want to read later.
fn filled(words: &Words, name: &str, text: &str) -> Result<String, Failure> {
    let text = text.trim();
    if text.is_empty() {
        let message = words.say("shadow_run.empty", &[("name", &name)]);
        let hint = words.say("shadow_run.empty_hint", &[]);
        return Err(Failure::new(Exit::BadInput, message).hint(hint));
    }
    Ok(text.to_owned())
}

fn begin(
    words: &Words,
    title: &str,
    from: Option<&Path>,
    line: &LineArgs,
) -> Result<Exit, Failure> {
    let title = filled(words, "title", title)?;
    let from = match from {
        None => None,
        Some(path) => Some(before(&file::read(words, path)?)),
    };
    let locked = Locked::new(words, &line.ledger)?;
    if line.ledger.exists() {
        let values: [(&str, &dyn std::fmt::Display); 1] = [("path", &line.ledger.display())];
        let message = words.say("shadow_run.exists", &values);
        let hint = words.say("shadow_run.exists_hint", &[]);
        return Err(Failure::new(Exit::BadInput, message).hint(hint));
    }
    let content = Content::Begin(Begin { title, from });
    locked.add(words, line, Ledger::default(), content)
}

/// What the next year takes over.
fn before(ledger: &Ledger) -> Before {
    let state = State::of(ledger);
    let (_, after) = state.agreement().unwrap_or_default();
    let mut practices = state.begin.and_then(|b| b.from.as_ref());
    let mut practices: Vec<String> = practices
        .take()
        .map(|b| b.practices.clone())
        .unwrap_or_default();
    if let Some((number, compared)) = state.comparisons.last() {
        for mend in &compared.mends {
            let accepted = state
                .accepted
                .iter()
                .any(|(_, a)| a.comparison == *number && a.what == What::Cause(mend.cause));
            if accepted && !practices.contains(&mend.public_words) {
                practices.push(mend.public_words.clone());
            }
        }
    }
    Before {
        title: state.begin.map_or_else(String::new, |b| b.title.clone()),
        head: ledger.head(),
        agreement: after,
        practices,
    }
}

fn comparison_of(words: &Words, path: &Path) -> Result<Compared, Failure> {
    let inside = path.join("compare.json");
    let path = match path.is_dir() {
        true => inside.as_path(),
        false => path,
    };
    let bytes = pipeline::read_file(words, path)?;
    recorded(&bytes).map_err(|why| {
        let detail = match why {
            NotAComparison::Unreadable(detail) => detail,
            NotAComparison::Inconsistent => words.say("shadow_run.inconsistent", &[]),
        };
        let values: [(&str, &dyn std::fmt::Display); 2] =
            [("path", &path.display()), ("detail", &detail)];
        Failure::new(
            Exit::BadInput,
            words.say("shadow_run.not_a_comparison", &values),
        )
        .hint(words.say("shadow_run.not_a_comparison_hint", &[]))
    })
}

/// Adds a line to a ledger that is there; nobody else writes meanwhile.
fn write(
    words: &Words,
    line: &LineArgs,
    content: impl FnOnce(&Ledger) -> Result<Content, Failure>,
) -> Result<Exit, Failure> {
    let locked = Locked::new(words, &line.ledger)?;
    let ledger = file::read(words, &line.ledger)?;
    let content = content(&ledger)?;
    locked.add(words, line, ledger, content)
}

fn accept(words: &Words, ledger: &Ledger, what: What, reason: String) -> Result<Content, Failure> {
    let state = State::of(ledger);
    let Some(&(comparison, compared)) = state.comparisons.last() else {
        let message = words.say("shadow_run.no_comparison", &[]);
        let hint = words.say("shadow_run.no_comparison_hint", &[]);
        return Err(Failure::new(Exit::BadInput, message).hint(hint));
    };
    let same = |a: &Accepted| a.comparison == comparison && a.what == what;
    if let Some((entry, _)) = state.accepted.iter().find(|(_, a)| same(a)) {
        let message = words.say("shadow_run.accepted_already", &[("entry", entry)]);
        return Err(Failure::new(Exit::BadInput, message));
    }
    let unknown = match &what {
        What::Cause(cause) if compared.mends.iter().any(|m| m.cause == *cause) => None,
        What::Cause(cause) => {
            let count = compared.mends.len();
            let values: [(&str, &dyn std::fmt::Display); 2] = [("cause", cause), ("count", &count)];
            let message = words.say("shadow_run.no_cause", &values);
            Some(Failure::new(Exit::BadInput, message))
        }
        What::Child(child) if compared.unexplained.contains(child) => None,
        What::Child(child) => {
            let message = words.say("shadow_run.no_child", &[("child", child)]);
            let hint = words.say("shadow_run.no_child_hint", &[]);
            Some(Failure::new(Exit::BadInput, message).hint(hint))
        }
    };
    match unknown {
        Some(failure) => Err(failure),
        None => Ok(Content::Accepted(Accepted {
            comparison,
            what,
            reason,
        })),
    }
}

fn revoke(words: &Words, ledger: &Ledger, entry: u32, reason: String) -> Result<Content, Failure> {
    let state = State::of(ledger);
    if state.accepted.iter().any(|(n, _)| *n == entry) {
        return Ok(Content::Revoked { entry, reason });
    }
    let message = words.say("shadow_run.no_entry", &[("entry", &entry)]);
    Err(Failure::new(Exit::BadInput, message))
}

/// Signs what was read, not whatever lies there now. Signatures since the last record are no part of what is read, so
/// that the second signer types the same number as the first.
fn sign(
    words: &Words,
    ledger: &Ledger,
    role: Role,
    typed: &str,
    by: &str,
) -> Result<Content, Failure> {
    let fail = |key: &str, values: &[(&str, &dyn std::fmt::Display)]| {
        Failure::new(Exit::BadInput, words.say(key, values))
    };
    let typed = typed.trim().to_lowercase();
    if typed.len() < 8 {
        return Err(fail("shadow_run.head_short", &[]));
    }
    let read = file::read_head(ledger);
    if !read.starts_with(&typed) {
        return Err(fail("shadow_run.head", &[("head", &&read[..16])])
            .hint(words.say("shadow_run.head_hint", &[])));
    }
    let state = State::of(ledger);
    if state
        .signatures
        .iter()
        .any(|(name, r)| *name == by && *r != role)
    {
        return Err(fail("shadow_run.same_person", &[("by", &by)]));
    }
    Ok(Content::Signed { role, head: read })
}
