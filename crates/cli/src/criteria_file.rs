//! A criteria file in either form, TOML or workbook, with everything that is to be said about it.

use crate::exit::{Exit, Failure};
use crate::language::{Lang, Words};
use crate::pipeline::File;
use enmusubi_criteria::{Criteria, Diagnostics, Document, Language};
use enmusubi_interchange::criteria_workbook;
use std::path::Path;

/// A criteria file, read and checked.
#[derive(Debug)]
pub struct CriteriaFile {
    /// Name and bytes.
    pub file: File,
    /// The text that positions refer to; empty for a workbook.
    text: String,
    /// The criteria, where nothing is an error.
    pub criteria: Option<Criteria>,
    /// What could be read.
    pub document: Document,
    /// What is wrong.
    pub diagnostics: Diagnostics,
}

impl CriteriaFile {
    /// Reads a file.
    ///
    /// # Errors
    /// Exit code 2 where it cannot be read at all. What is wrong inside is in the diagnostics.
    pub fn read(words: &Words, path: &Path) -> Result<Self, Failure> {
        let file = File::read(words, path)?;
        // By its content: a workbook stays one under any name.
        let zip = file.bytes.starts_with(b"PK\x03\x04");
        let named = path
            .extension()
            .is_some_and(|e| e.eq_ignore_ascii_case("xlsx"));
        if zip || named {
            let (criteria, document, diagnostics) = criteria_workbook::import(&file.bytes);
            return Ok(Self {
                file,
                text: String::new(),
                criteria,
                document,
                diagnostics,
            });
        }
        let (criteria, document, diagnostics) = enmusubi_criteria::read(&file.name, &file.bytes);
        let text = enmusubi_criteria::text_of(&file.bytes).into_owned();
        Ok(Self {
            file,
            text,
            criteria,
            document,
            diagnostics,
        })
    }

    /// Everything that is wrong, and how many there are.
    pub fn told(&self, words: &Words) -> String {
        self.diagnostics
            .render(&self.file.name, &self.text, language(words))
    }

    /// The criteria of a file without errors.
    ///
    /// # Errors
    /// Exit code 2 with every problem.
    pub fn sound(&self, words: &Words) -> Result<&Criteria, Failure> {
        let wrong = || Failure::told(Exit::BadInput, self.told(words));
        self.criteria.as_ref().ok_or_else(wrong)
    }
}

/// The language of what the criteria crate says.
pub fn language(words: &Words) -> Language {
    match words.lang {
        Lang::Ja => Language::Japanese,
        Lang::En => Language::English,
    }
}
