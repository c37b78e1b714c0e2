//! What a comparison writes.

use super::workbook;
use crate::commands;
use crate::exit::Failure;
use crate::language::Words;
use crate::pipeline;
use enmusubi_compare::public::published;
use enmusubi_compare::report::Comparison;
use enmusubi_interchange::comparison_workbook::write;
use enmusubi_page::comparison::past;
use enmusubi_page::council::html;
use serde_json::to_vec;

/// Files that are always written.
pub const ALWAYS: [&str; 5] = [
    "compare.html",
    "compare.xlsx",
    "compare.json",
    "council.html",
    "council.json",
];
/// The draft of the criteria as practised, where there is one.
pub const PRACTICE: &str = "practice.toml";

/// Bytes of [`ALWAYS`].
///
/// # Errors
/// Exit code 70: a defect of this program.
pub fn contents(words: &Words, comparison: &Comparison) -> Result<[Vec<u8>; 5], Failure> {
    let council = published(comparison);
    let book = write(&workbook::book(comparison));
    let book = book.map_err(|e| {
        let detail = e.render(pipeline::language(words));
        commands::internal(words)(detail)
    });
    Ok([
        past(comparison).into_bytes(),
        book?,
        json(words, to_vec(comparison))?,
        html(&council).into_bytes(),
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
