//! `enmusubi criteria diff`.

use crate::criteria_file::{CriteriaFile, language};
use crate::exit::{Exit, Failure};
use crate::language::Words;
use crate::print;
use std::path::Path;

/// Every difference, row by row, expressions also in words. 0: the same; 1: different.
pub fn run(words: &Words, before: &Path, after: &Path) -> Result<Exit, Failure> {
    let read = |path| CriteriaFile::read(words, path);
    let (before, after) = (read(before)?, read(after)?);
    let (old, new) = (before.sound(words)?, after.sound(words)?);
    let changes = enmusubi_criteria::diff(&before.document, &after.document);
    for change in &changes {
        print(&change.text_of(language(words), Some(old), Some(new)));
    }
    if changes.is_empty() {
        print(&words.say("criteria-say.same", &[]));
        print("\n");
        return Ok(Exit::Done);
    }
    print(&words.say("criteria-say.different", &[("changes", &changes.len())]));
    print("\n");
    Ok(Exit::NotRight)
}
