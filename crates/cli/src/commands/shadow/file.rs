//! A ledger as a file: read whole and checked, written whole, by one at a time.

use crate::args::LineArgs;
use crate::exit::{Exit, Failure};
use crate::language::Words;
use crate::output::Outputs;
use crate::{commands, pipeline, print};
use enmusubi_compare::ledger::{
    Broken, Ledger,
    chain::What,
    entry::{Content, Entry},
};
use jiff::{Timestamp, ZonedDateTime, fmt::strtime, tz::TimeZone};
use std::fmt::Display;
use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

/// Reads a ledger; its chain is whole.
///
/// # Errors
/// Exit code 1 with every line that is not as it was written; exit code 2 where there is no such file.
pub fn read(words: &Words, path: &Path) -> Result<Ledger, Failure> {
    let bytes = pipeline::read_file(words, path)?;
    Ledger::read(&bytes).map_err(|broken| {
        let title = words.say("shadow_run.broken", &[("path", &path.display())]);
        let lines = broken.iter().map(|b| format!("  {}", told(words, b)));
        let text: Vec<String> = std::iter::once(title).chain(lines).collect();
        Failure::new(Exit::NotRight, text.join("\n")).hint(words.say("shadow_run.broken_hint", &[]))
    })
}

fn told(words: &Words, broken: &Broken) -> String {
    let line = broken.line;
    let before = line.saturating_sub(1);
    let values: [(&str, &dyn Display); 2] = [("line", &line), ("before", &before)];
    match &broken.what {
        What::Unreadable(detail) => words.say(
            "shadow_run.broken_unreadable",
            &[("line", &line), ("detail", detail)],
        ),
        What::Previous => words.say("shadow_run.broken_previous", &values),
        What::Number => words.say("shadow_run.broken_number", &values),
        What::Begin => words.say("shadow_run.broken_begin", &values),
        What::Half => words.say("shadow_run.broken_half", &values),
    }
}

/// Digest of the last line that is no signature: what a signer has read.
pub fn read_head(ledger: &Ledger) -> String {
    let signed = |e: &&Entry| matches!(e.content, Content::Signed { .. });
    let signatures = ledger.entries.iter().rev().take_while(signed).count();
    let at = ledger.digests.len() - signatures;
    match at.checked_sub(1) {
        Some(at) => ledger.digests[at].clone(),
        None => ledger.head(),
    }
}

/// A ledger that nobody else writes to.
pub struct Locked {
    path: PathBuf,
    /// Held as long as this is.
    _lock: File,
}

impl Locked {
    /// Waits for nobody: two people who write at once should know of each other.
    ///
    /// # Errors
    /// Exit code 5: somebody writes now, or the folder cannot be written to.
    pub fn new(words: &Words, path: &Path) -> Result<Self, Failure> {
        let mut name = path.as_os_str().to_owned();
        name.push(".lock");
        let open = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&name);
        let lock = open.map_err(|e| {
            let detail = crate::output::os_words(words, &e);
            let values: [(&str, &dyn Display); 2] =
                [("path", &path.display()), ("detail", &detail)];
            Failure::new(Exit::NotWritten, words.say("input.unreadable", &values))
        })?;
        match lock.try_lock() {
            Ok(()) => Ok(Self {
                path: path.to_owned(),
                _lock: lock,
            }),
            Err(TryLockError::WouldBlock | TryLockError::Error(_)) => {
                let message = words.say("shadow_run.locked", &[("path", &path.display())]);
                let hint = words.say("shadow_run.locked_hint", &[]);
                Err(Failure::new(Exit::NotWritten, message).hint(hint))
            }
        }
    }

    /// Adds a line and writes the ledger.
    ///
    /// # Errors
    /// Exit code 2 where name or time cannot be; exit code 5 where it cannot be written.
    pub fn add(
        &self,
        words: &Words,
        line: &LineArgs,
        mut ledger: Ledger,
        content: Content,
    ) -> Result<Exit, Failure> {
        let by = super::filled(words, "by", &line.by)?;
        let post = super::filled(words, "post", &line.post)?;
        let at = time(words, line.at.as_deref(), &ledger)?;
        let mut bytes = match ledger.entries.is_empty() {
            true => Vec::new(),
            false => pipeline::read_file(words, &self.path)?,
        };
        let more = ledger.add(&at, &by, &post, content);
        bytes.extend(more.map_err(commands::internal(words))?);
        let mut outputs = Outputs::new(true);
        let plan = outputs.plan(&self.path, &[]);
        let plan = plan.map_err(|e| e.failure(words))?;
        let mut staged = outputs.stage();
        staged
            .write(plan, |w| w.write_all(&bytes))
            .map_err(|e| e.failure(words))?;
        staged.commit().map_err(|e| e.failure(words))?;
        let head = read_head(&ledger);
        let number = ledger.entries.len();
        let values: [(&str, &dyn Display); 3] = [
            ("path", &self.path.display()),
            ("number", &number),
            ("head", &&head[..16]),
        ];
        print(&(words.say("shadow_run.written", &values) + "\n"));
        Ok(Exit::Done)
    }
}

/// The time of a line: as given, else now by Japanese time; never before the line before.
fn time(words: &Words, given: Option<&str>, ledger: &Ledger) -> Result<String, Failure> {
    const FORM: &str = "%Y-%m-%dT%H:%M:%S%:z";
    let fail = |key: &str, values: &[(&str, &dyn Display)]| {
        Failure::new(Exit::BadInput, words.say(key, values))
            .hint(words.say("shadow_run.time_hint", &[]))
    };
    let at = match given {
        None => Timestamp::now().to_zoned_datetime(TimeZone::fixed(jiff::tz::offset(9))),
        Some(text) => {
            let read = ZonedDateTime::strptime(FORM, text.trim());
            read.map_err(|_| fail("shadow_run.time", &[("at", &text)]))?
        }
    };
    let text = strtime::format(FORM, &at).map_err(commands::internal(words))?;
    if let Some(before) = ledger.entries.last()
        && ZonedDateTime::strptime(FORM, &before.at).is_ok_and(|b| b.timestamp() > at.timestamp())
    {
        let values: [(&str, &dyn Display); 2] = [("at", &text), ("before", &before.at)];
        return Err(fail("shadow_run.time_back", &values));
    }
    Ok(text)
}
