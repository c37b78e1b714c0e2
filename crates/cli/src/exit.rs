//! Exit codes and the failures behind them. Names, options and exit codes are a contract.

use crate::language::{Lang, Words};

/// How a command ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// Done. `match`: placed; `verify`: stable and feasible.
    Done = 0,
    /// `verify`: not a right result.
    NotRight = 1,
    /// Bad input, or bad usage.
    BadInput = 2,
    /// Ties are undecided and nobody was placed; `score`, `select`: somebody cannot be judged for want of a paper.
    Undecided = 3,
    /// `verify`: feasible, and the blocking families equal the proved minimum.
    Minimum = 4,
    /// Could not write.
    NotWritten = 5,
    /// A defect of this program (`EX_SOFTWARE`).
    Internal = 70,
}

impl From<Exit> for std::process::ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Why a command stopped: what to say and which code to end with.
#[derive(Debug)]
pub struct Failure {
    /// The code.
    pub exit: Exit,
    /// What is wrong, where.
    pub message: String,
    /// How to mend it, one hint per line.
    pub hints: Vec<String>,
    /// What else must be known, such as what became of files; one sentence per line.
    notes: Vec<String>,
    /// The message has its own labels already (a reader's list of problems).
    labelled: bool,
}

impl Failure {
    /// A failure without a hint.
    pub fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self {
            exit,
            message: message.into(),
            hints: Vec::new(),
            notes: Vec::new(),
            labelled: false,
        }
    }

    /// A failure whose message already says what is an error and what a hint.
    pub fn told(exit: Exit, message: impl Into<String>) -> Self {
        Self {
            labelled: true,
            ..Self::new(exit, message)
        }
    }

    /// Several failures as one, with the first one's code; `None` if there are none.
    pub fn all(failures: Vec<Self>) -> Option<Self> {
        let mut failures = failures.into_iter();
        let mut first = failures.next()?;
        for failure in failures {
            first.message = format!("{}\n{}", first.message, failure.message);
            for hint in failure.hints {
                if !first.hints.contains(&hint) {
                    first.hints.push(hint);
                }
            }
        }
        Some(first)
    }

    /// Adds a hint, if it is not there yet.
    #[must_use]
    pub fn hint_once(self, hint: impl Into<String>) -> Self {
        let hint = hint.into();
        if self.hints.contains(&hint) {
            self
        } else {
            self.hint(hint)
        }
    }

    /// Adds a hint.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// Adds what else must be known.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// As printed on standard error.
    pub fn text(&self, words: &Words) -> String {
        let (error, hint) = labels(words.lang);
        let error = if self.labelled { "" } else { error };
        let mut out = String::new();
        for line in self.message.trim_end().lines() {
            // Every line of a list of errors carries the word; what is indented belongs to the
            // line above.
            let error = if line.starts_with(char::is_whitespace) {
                ""
            } else {
                error
            };
            out.push_str(&format!("{error}{line}\n"));
        }
        for h in &self.hints {
            out.push_str(hint);
            out.push_str(h.trim_end());
            out.push('\n');
        }
        for note in &self.notes {
            out.push_str(note.trim_end());
            out.push('\n');
        }
        out
    }
}

/// The words that carry the meaning of a line (never its colour).
pub fn labels(lang: Lang) -> (&'static str, &'static str) {
    match lang {
        Lang::Ja => ("エラー: ", "対処: "),
        Lang::En => ("error: ", "hint: "),
    }
}
