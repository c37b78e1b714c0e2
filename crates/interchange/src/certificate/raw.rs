//! What was found of a certificate before it is understood: a text for each item, and where it stood.

use std::collections::BTreeMap;

/// How an item was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// By the labels around it.
    Label,
    /// In the form's usual cell, one of its labels being there too.
    Cell,
    /// In a line of text, behind its label.
    Text,
    /// As a list of recognised values names it.
    Named,
    /// Not at all.
    Nowhere,
}

/// A cell or line, as messages name it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Place {
    /// `標準的な様式!W25`.
    pub name: Box<str>,
    /// Row of the sheet, line of the text; 0 where there is none.
    pub row: u32,
}

/// A text of an item.
#[derive(Debug, Clone)]
pub(super) struct Item {
    /// As it stands; empty for a blank.
    pub text: String,
    pub place: Place,
    pub found: Found,
    /// Somebody should compare it with the paper.
    pub check: bool,
    /// Told already why it cannot be read.
    pub broken: bool,
}

/// All items found, by id.
#[derive(Debug, Default)]
pub(super) struct Raw(pub BTreeMap<String, Item>);

impl Raw {
    pub fn get(&self, id: &str) -> Option<&Item> {
        self.0.get(id)
    }
}
