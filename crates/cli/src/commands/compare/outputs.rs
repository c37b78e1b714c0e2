//! What a comparison writes.

use crate::commands;
use crate::exit::Failure;
use crate::language::Words;
use enmusubi_compare::public::published;
use enmusubi_compare::report::Comparison;
use serde_json::to_vec;

/// Files that are always written.
pub const ALWAYS: [&str; 2] = ["compare.json", "council.json"];
/// The draft of the criteria as practised, where there is one.
pub const PRACTICE: &str = "practice.toml";

/// Bytes of [`ALWAYS`].
///
/// # Errors
/// Exit code 70: a defect of this program.
pub fn contents(words: &Words, comparison: &Comparison) -> Result<[Vec<u8>; 2], Failure> {
    let council = published(comparison);
    Ok([
        json(words, to_vec(comparison))?,
        json(words, to_vec(&council))?,
    ])
}

/// A report as JSON.
///
/// # Errors
/// Exit code 70: a defect of this program.
pub fn json(
    words: &Words,
    written: Result<Vec<u8>, serde_json::Error>,
) -> Result<Vec<u8>, Failure> {
    let mut bytes = written.map_err(commands::internal(words))?;
    bytes.push(b'\n');
    Ok(bytes)
}
