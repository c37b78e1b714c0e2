//! `enmusubi criteria check`.

use crate::criteria_file::CriteriaFile;
use crate::exit::{Exit, Failure};
use crate::language::Words;
use crate::print;
use enmusubi_criteria::Severity;
use std::path::PathBuf;

/// Everything that is wrong with each file; the report is the command's product, so it goes to standard output.
pub fn run(words: &Words, files: &[PathBuf], deny_warnings: bool) -> Result<Exit, Failure> {
    let (mut errors, mut warnings) = (0, 0);
    let mut unreadable = Vec::new();
    for path in files {
        match CriteriaFile::read(words, path) {
            Ok(file) => {
                errors += file.diagnostics.count(Severity::Error);
                warnings += file.diagnostics.count(Severity::Warning);
                print(&file.told(words));
            }
            Err(failure) => unreadable.push(failure),
        }
    }
    if files.len() > 1 {
        print(&words.say(
            "criteria-say.checked",
            &[
                ("files", &(files.len() - unreadable.len())),
                ("errors", &errors),
                ("warnings", &warnings),
            ],
        ));
        print("\n");
    }
    if let Some(failure) = Failure::all(unreadable) {
        return Err(failure);
    }
    if errors > 0 || (deny_warnings && warnings > 0) {
        return Ok(Exit::BadInput);
    }
    Ok(Exit::Done)
}
