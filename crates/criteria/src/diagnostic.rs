//! What is wrong with a criteria file: where, what, how to mend it; all of it at once.

use crate::document::Place;

/// How grave a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// The file cannot be used.
    Error,
    /// Somebody should look.
    Warning,
}

/// One problem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Stable code (`C001` …); never reused.
    pub code: &'static str,
    /// Error or warning.
    pub severity: Severity,
    /// Where.
    pub place: Place,
    /// What is wrong, in Japanese and English.
    pub what: (String, String),
    /// How to mend it, in Japanese and English.
    pub mend: (String, String),
}

/// Everything wrong with one file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Diagnostics {
    /// In the order of the file.
    pub list: Vec<Diagnostic>,
}

impl Diagnostics {
    /// Whether the file cannot be used.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.list.iter().any(|d| d.severity == Severity::Error)
    }
}
