//! What commands read from disk: round workbooks and criteria files, with every problem told.

use crate::criteria_file::CriteriaFile;
use crate::exit::{Exit, Failure};
use crate::language::Words;
use crate::output::os_words;
use crate::pipeline::{self, File};
use enmusubi_criteria::Criteria;
use enmusubi_domain::facts::RoundFacts;
use enmusubi_interchange::workbook;
use enmusubi_selection::whatif::plan::Source;
use std::path::Path;

/// Reads a round workbook: one XLSX file, or a folder of CSV files.
///
/// Returns the facts, complete, and messages about things somebody should look at. Hours and days are as the
/// certificates state them: whoever scores converts them first, once, as the criteria say
/// (`enmusubi_domain::facts::certificate::fill_conversions`).
///
/// # Errors
/// Exit code 2 with every problem found.
pub fn read_round(words: &Words, path: &Path) -> Result<(RoundFacts, String), Failure> {
    let files = round_files(words, path)?;
    let sources: Vec<_> = files.iter().map(File::source).collect();
    let (facts, diagnostics) = workbook::read(&sources);
    let messages = diagnostics.render(pipeline::language(words));
    match facts {
        Some(facts) => Ok((facts, messages)),
        None => Err(Failure::told(Exit::BadInput, messages)),
    }
}

/// The files of a round: itself, or every file of a folder that could be a table. What else lies there is
/// named by the reader.
fn round_files(words: &Words, path: &Path) -> Result<Vec<File>, Failure> {
    if !path.is_dir() {
        return Ok(vec![File::read(words, path)?]);
    }
    let unreadable = |e: std::io::Error| {
        let detail = os_words(words, &e);
        let message = words.say(
            "input.unreadable",
            &[("path", &path.display()), ("detail", &detail)],
        );
        Failure::new(Exit::BadInput, message).hint(words.say("input.unreadable_hint", &[]))
    };
    let mut names = Vec::new();
    for entry in std::fs::read_dir(path).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        // Hidden files, and the lock files of office programs, are nobody's tables.
        let hidden = name.starts_with('.') || name.starts_with("~$");
        if !hidden && entry.path().is_file() {
            names.push(entry.path());
        }
    }
    // The order of a folder is the file system's; messages come in the order of names.
    names.sort();
    let is = |name: &Path, ending: &str| {
        name.extension()
            .is_some_and(|e| e.to_string_lossy().eq_ignore_ascii_case(ending))
    };
    // A folder with nothing but a workbook in it means the workbook.
    let books = names.iter().filter(|n| is(n, "xlsx")).count();
    let book = books == 1 && !names.iter().any(|n| is(n, "csv"));
    let mut failures = Vec::new();
    let mut files = Vec::new();
    for name in names {
        if is(&name, "csv") || book && is(&name, "xlsx") {
            match File::read(words, &name) {
                Ok(file) => files.push(file),
                Err(failure) => failures.push(failure),
            }
        } else {
            // Only its name matters: what is no table is not opened.
            files.push(File {
                name: name.display().to_string(),
                bytes: Vec::new(),
            });
        }
    }
    match Failure::all(failures) {
        None => Ok(files),
        Some(failure) => Err(failure),
    }
}

/// Reads a criteria file without errors, TOML or workbook.
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
    let file = CriteriaFile::read(words, path)?;
    let told = file.told(words);
    // A file without anything to say has nothing to say.
    let messages = match file.diagnostics.list.is_empty() {
        true => String::new(),
        false => told.clone(),
    };
    let Some(criteria) = file.criteria else {
        return Err(Failure::told(Exit::BadInput, told));
    };
    // Reports are passed on: where a file lies on somebody's disk is nobody's business.
    let name = path.file_name().unwrap_or(path.as_os_str());
    let source = Source {
        file: name.to_string_lossy().into_owned(),
        document: file.document,
        criteria,
    };
    Ok((source, messages))
}
