//! `enmusubi criteria export` and `import`: TOML ↔ Excel, losing nothing.

use super::write;
use crate::criteria_file::CriteriaFile;
use crate::exit::{Exit, Failure};
use crate::language::Words;
use crate::{print, say};
use enmusubi_interchange::criteria_workbook;
use std::path::Path;

/// The workbook of a file. A file with errors is not exported: what could not be read would be lost.
pub fn export(words: &Words, file: &Path, out: &Path, force: bool) -> Result<Exit, Failure> {
    let read = CriteriaFile::read(words, file)?;
    let criteria = read.sound(words)?;
    let bytes = criteria_workbook::export(Some(criteria), &read.document)
        .map_err(|e| Failure::new(Exit::NotWritten, e.to_string()))?;
    say_warnings(words, &read);
    write(words, file, out, force, &bytes)?;
    done(words, out);
    Ok(Exit::Done)
}

/// The canonical text of a workbook (or of a TOML file). Nothing is written where anything is wrong.
pub fn import(words: &Words, file: &Path, out: &Path, force: bool) -> Result<Exit, Failure> {
    let read = CriteriaFile::read(words, file)?;
    read.sound(words)?;
    let text = enmusubi_criteria::write_toml(&read.document);
    say_warnings(words, &read);
    write(words, file, out, force, text.as_bytes())?;
    done(words, out);
    Ok(Exit::Done)
}

fn say_warnings(words: &Words, read: &CriteriaFile) {
    if !read.diagnostics.list.is_empty() {
        say(&read.told(words));
    }
}

fn done(words: &Words, out: &Path) {
    print(&words.say("criteria-say.written", &[("path", &out.display())]));
    print("\n");
}
