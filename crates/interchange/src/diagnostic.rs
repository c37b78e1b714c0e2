//! What is wrong with a file, where, and how to mend it.

/// How grave a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Severity {
    /// The round cannot be read.
    Error,
    /// The round can be read; somebody should look.
    Warning,
}

/// Language of messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Language {
    /// 日本語.
    Japanese,
    /// English.
    English,
}

/// One problem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {}

/// All problems of one reading.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Diagnostics {}
