//! Files in, files out: CSV (UTF-8, CP932), XLSX, TOML rules ↔ [`enmusubi_domain::Round`].
//!
//! Everything here is a pure function over bytes; only the callers open files.

pub mod diagnostic;

pub use diagnostic::{Diagnostic, Diagnostics, Language, Severity};

use enmusubi_domain::Round;

/// A file: what to call it in messages, and its bytes.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// Name shown in messages; its ending (`.xlsx`) is a hint about the format only.
    pub name: &'a str,
    /// The whole file.
    pub bytes: &'a [u8],
}

/// The files of a round.
#[derive(Debug, Clone, Copy)]
pub struct Inputs<'a> {
    /// Children's table.
    pub children: Source<'a>,
    /// Nurseries' table.
    pub nurseries: Source<'a>,
    /// Combination table (組み合わせ表).
    pub combinations: Option<Source<'a>>,
    /// Names of columns (`--columns F.toml`).
    pub columns: Option<Source<'a>>,
    /// Rules (`--rules F.toml`).
    pub rules: Option<Source<'a>>,
}

/// Reads a round. All problems are reported, never only the first; the round is there exactly
/// where none of them is an error.
#[must_use]
pub fn read_round(inputs: &Inputs<'_>) -> (Option<Round>, Diagnostics) {
    let _ = inputs;
    (None, Diagnostics::default())
}
