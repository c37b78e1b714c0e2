//! What commands read from disk: round workbooks and criteria files, with every problem told.

use crate::exit::{Exit, Failure};
use crate::language::Words;
use crate::pipeline::{self, File};
use enmusubi_criteria::Criteria;
use enmusubi_domain::facts::RoundFacts;
use enmusubi_interchange::workbook;
use enmusubi_selection::whatif::plan::Source;
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

/// Reads a criteria file without errors.
///
/// # Errors
/// Exit code 2 with every problem found.
pub fn read_criteria(words: &Words, path: &Path) -> Result<(Criteria, String), Failure> {
    read_source(words, path).map(|(source, messages)| (source.criteria, messages))
}

/// Reads a criteria file without errors, with its rows and fields.
///
/// # Errors
/// Exit code 2 with every problem found.
pub fn read_source(words: &Words, path: &Path) -> Result<(Source, String), Failure> {
    let file = File::read(words, path)?;
    let (criteria, document, diagnostics) = enmusubi_criteria::read(&file.name, &file.bytes);
    let text = enmusubi_criteria::text_of(&file.bytes);
    let language = match words.lang {
        crate::language::Lang::Ja => enmusubi_criteria::Language::Japanese,
        crate::language::Lang::En => enmusubi_criteria::Language::English,
    };
    let messages = diagnostics.render(&file.name, &text, language);
    match criteria {
        Some(criteria) => {
            // Reports are passed on: where a file lies on somebody's disk is nobody's business.
            let name = path.file_name().unwrap_or(path.as_os_str());
            let source = Source {
                file: name.to_string_lossy().into_owned(),
                document,
                criteria,
            };
            Ok((source, messages))
        }
        None => Err(Failure::told(Exit::BadInput, messages)),
    }
}
