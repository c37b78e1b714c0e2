//! What commands read from disk: round workbooks and criteria files, with every problem told.

use crate::criteria_file::CriteriaFile;
use crate::exit::{Exit, Failure};
use crate::language::Words;
use crate::pipeline::{self, File};
use enmusubi_criteria::Criteria;
use enmusubi_domain::facts::RoundFacts;
use enmusubi_interchange::workbook;
use std::path::Path;

/// Reads a round workbook: one XLSX file, or a folder of CSV files.
///
/// Returns the facts, complete, and messages about things somebody should look at.
///
/// # Errors
/// Exit code 2 with every problem found.
pub fn read_round(words: &Words, path: &Path) -> Result<(RoundFacts, String), Failure> {
    let files = [File::read(words, path)?];
    let sources: Vec<_> = files.iter().map(File::source).collect();
    let (facts, diagnostics) = workbook::read(&sources);
    let messages = diagnostics.render(pipeline::language(words));
    match facts {
        Some(facts) => Ok((facts, messages)),
        None => Err(Failure::told(Exit::BadInput, messages)),
    }
}

/// Reads a criteria file without errors, TOML or workbook.
///
/// # Errors
/// Exit code 2 with every problem found.
pub fn read_criteria(words: &Words, path: &Path) -> Result<(Criteria, String), Failure> {
    let file = CriteriaFile::read(words, path)?;
    let messages = file.told(words);
    match file.criteria {
        Some(criteria) => Ok((criteria, messages)),
        None => Err(Failure::told(Exit::BadInput, messages)),
    }
}
