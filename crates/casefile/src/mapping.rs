//! How the columns of somebody else's file become fields of ours (取込の定義): kept by name, proposed from the file's headers.
//!
//! Encoding and notation of days are not part of it: both are recognised by content.

mod guess;

use crate::{Aggregate, Meta, Refusal};
use enmusubi_domain::facts::{
    Entity,
    vocabulary::{Attribute, Origin, VOCABULARY, find},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use unicode_normalization::UnicodeNormalization as _;

/// What a file's rows become.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Target {
    /// Applications, one a row. Fields are those of [`crate::entry`] (`c1.name`, `g1.birth`, `h.area`, `c1.choice1`).
    #[default]
    Applications,
    /// Statements about people who are there already, one person a row. Fields: [`KEYS`] say whom, `guardian.income` what.
    Extract {
        /// Where it comes from, for people (住民記録, 税, 福祉, 在園).
        source: String,
    },
}

/// Fields by which a row of an extract says whom it is about: by the number of an application and a name, or by name (written
/// or read) and birth date.
pub const KEYS: [&str; 4] = ["key.number", "key.name", "key.kana", "key.birth"];

/// What becomes of a column.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnRule {
    /// Its header, as in the file.
    pub header: String,
    /// Field it becomes; empty: left out. Several columns of one field give it several values, in the order of the columns.
    pub field: String,
    /// Values that mean something else in the file than here (`1` → `はい`). A value that is not named stays as it is.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub values: BTreeMap<String, String>,
}

/// How a file is read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mapping {
    /// Name for people.
    pub name: String,
    /// What its rows become.
    pub target: Target,
    /// Its columns, in the order of the file it was made from.
    pub columns: Vec<ColumnRule>,
    /// Rows before the header.
    #[serde(default)]
    pub skip_rows: u32,
    /// Not offered any more.
    #[serde(default)]
    pub retired: bool,
}

/// What happened to a mapping.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "event")]
pub enum Event {
    /// As it is now.
    Saved {
        /// It.
        mapping: Mapping,
    },
    /// Not offered any more.
    Retired,
}

impl Aggregate for Mapping {
    type Event = Event;

    const KIND: &'static str = "mapping";

    fn name(event: &Event) -> &'static str {
        match event {
            Event::Saved { .. } => "saved",
            Event::Retired => "retired",
        }
    }

    fn apply(&mut self, event: &Event, _: &Meta) {
        match event {
            Event::Saved { mapping } => *self = mapping.clone(),
            Event::Retired => self.retired = true,
        }
    }
}

/// A row of a file, by field.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mapped {
    /// Row as a spreadsheet shows it, 1-based.
    pub row: u32,
    /// Field → its values, translated; blanks are left out.
    pub values: BTreeMap<String, Vec<String>>,
    /// Field → header it came from, for messages; the first of several.
    pub headers: BTreeMap<String, String>,
}

impl Mapped {
    /// The first value of a field; empty where there is none.
    #[must_use]
    pub fn get(&self, field: &str) -> &str {
        let first = self.values.get(field).and_then(|v| v.first());
        first.map_or("", String::as_str)
    }
}

impl ColumnRule {
    /// A cell as the field takes it.
    #[must_use]
    pub fn translate<'a>(&'a self, cell: &'a str) -> &'a str {
        let cell = cell.trim();
        self.values.get(cell).map_or(cell, |v| v.trim())
    }
}

impl Mapping {
    /// Proposes a mapping for a file by its headers: labels of the vocabulary and what such files usually call things. `sample`
    /// (some rows below the header) tells how yes and no are written. What is not recognised is left without a field.
    #[must_use]
    pub fn guess(headers: &[String], sample: &[Vec<String>], target: Target) -> Self {
        guess::guess(headers, sample, target)
    }

    /// Stores a mapping.
    ///
    /// # Errors
    /// The first of [`Mapping::problems`].
    pub fn save(mapping: Self) -> Result<Vec<Event>, Refusal> {
        match mapping.problems().into_iter().next() {
            Some(first) => Err(first),
            None => Ok(vec![Event::Saved { mapping }]),
        }
    }

    /// What keeps it from being used, all at once.
    #[must_use]
    pub fn problems(&self) -> Vec<Refusal> {
        let mut found = Vec::new();
        if self.name.trim().is_empty() {
            found.push(Refusal::of("refusal.mapping_no_name"));
        }
        for (at, column) in self.columns.iter().enumerate() {
            let same = |c: &ColumnRule| even(&c.header) == even(&column.header);
            if self.columns[..at].iter().any(same) {
                found.push(Refusal::of("refusal.mapping_twice").with("header", &column.header));
            }
            if !column.field.is_empty() && !self.target.takes(&column.field) {
                let refusal = Refusal::of("refusal.mapping_no_field");
                let refusal = refusal.with("header", &column.header);
                found.push(refusal.with("field", &column.field));
            }
        }
        let has = |field: &str| self.columns.iter().any(|c| c.field == field);
        let fine = match self.target {
            Target::Applications => has("c1.name"),
            Target::Extract { .. } => {
                has("key.birth") && (has("key.name") || has("key.kana"))
                    || has("key.number") && has("key.name")
            }
        };
        if !fine {
            found.push(Refusal::of("refusal.mapping_no_key"));
        }
        found
    }

    /// The rows of a file by field, and headers of the mapping that the file lacks. `rows`: all of it, with their numbers.
    #[must_use]
    pub fn rows(&self, rows: &[(u32, Vec<String>)]) -> (Vec<Mapped>, Vec<String>) {
        let mut rows = rows.iter().filter(|(n, _)| *n > self.skip_rows);
        let Some((_, header)) = rows.next() else {
            return (Vec::new(), self.used().map(|c| c.header.clone()).collect());
        };
        let header: Vec<String> = header.iter().map(|h| even(h)).collect();
        let mut missing = Vec::new();
        let mut places = Vec::new();
        for column in self.used() {
            let name = even(&column.header);
            match header.iter().position(|h| *h == name) {
                Some(at) => places.push((at, column)),
                None => missing.push(column.header.clone()),
            }
        }
        let mut found = Vec::new();
        for (row, cells) in rows {
            let mut mapped = Mapped {
                row: *row,
                ..Mapped::default()
            };
            for (at, column) in &places {
                let text = cells.get(*at).map_or("", |c| column.translate(c));
                if text.is_empty() {
                    continue;
                }
                let field = column.field.clone();
                let header = mapped.headers.entry(field.clone());
                header.or_insert_with(|| column.header.clone());
                mapped.values.entry(field).or_default().push(text.into());
            }
            if !mapped.values.is_empty() {
                found.push(mapped);
            }
        }
        (found, missing)
    }

    fn used(&self) -> impl Iterator<Item = &ColumnRule> {
        self.columns.iter().filter(|c| !c.field.is_empty())
    }
}

impl Target {
    /// Whether it has a field of this name.
    #[must_use]
    pub fn takes(&self, field: &str) -> bool {
        match self {
            Self::Extract { .. } => KEYS.contains(&field) || attribute(field).is_some(),
            Self::Applications => guess::takes(field),
        }
    }
}

/// The attribute a field of an extract (`guardian.income`) stands for. Only people and households are looked up.
#[must_use]
pub fn attribute(field: &str) -> Option<&'static Attribute> {
    let (entity, name) = field.split_once('.')?;
    let people = [
        Entity::Household,
        Entity::Guardian,
        Entity::Adult,
        Entity::Child,
    ];
    let entity = people.into_iter().find(|e| e.name() == entity)?;
    let at = find(entity, name)?;
    Some(&VOCABULARY[at as usize]).filter(|a| a.origin == Origin::Stated)
}

/// A header without width, white space, remarks and marks of duty.
pub(crate) fn even(header: &str) -> String {
    let mut depth = 0u32;
    header
        .nfkc()
        .filter(|c| {
            match c {
                '(' | '[' | '【' => depth += 1,
                ')' | ']' | '】' => {
                    depth = depth.saturating_sub(1);
                    return false;
                }
                _ => {}
            }
            depth == 0 && !c.is_whitespace() && !matches!(c, '*' | '※' | ':' | '_' | '・' | '-')
        })
        .collect::<String>()
        .replace("必須", "")
}

#[cfg(test)]
mod tests;
