//! A criteria file without its form: sections of rows of fields, each with its position. The TOML
//! file and the Excel workbook are two forms of one document, so that export and import lose
//! nothing, and what is generic (unknown fields, comparison of two files, the canonical text)
//! is written once over [`crate::schema`].

use crate::{expression::Span, schema::SECTIONS};

/// A criteria file.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Document {
    /// Sections with at least one row, in the order of [`crate::schema::SECTIONS`].
    pub sections: Vec<Section>,
}

/// All rows of one kind.
#[derive(Debug, Clone, PartialEq)]
pub struct Section {
    /// Name as in [`crate::schema::SECTIONS`].
    pub name: &'static str,
    /// Rows in file order. A single section (`[criteria]`) has one.
    pub rows: Vec<Record>,
}

/// One row: `[[row]]` in TOML, a row of a sheet in Excel.
#[derive(Debug, Clone, Default)]
pub struct Record {
    /// Its fields, in the order of the schema.
    pub fields: Vec<Field>,
    /// Where it begins.
    pub place: Place,
    /// Some of it could not be read, which was reported: what seems to be absent may not be.
    pub unread: bool,
}

impl PartialEq for Record {
    fn eq(&self, other: &Self) -> bool {
        self.fields == other.fields
    }
}

/// One field of a row.
#[derive(Debug, Clone)]
pub struct Field {
    /// Name as in the section's schema.
    pub name: &'static str,
    /// Value.
    pub value: Scalar,
    /// Where the value stands.
    pub place: Place,
}

impl PartialEq for Field {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name && self.value == other.value
    }
}

/// Where something stands in its file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Place {
    /// Nowhere: made by a program.
    #[default]
    None,
    /// Bytes of a text file.
    Text(Span),
    /// Cell of a workbook: sheet, row (1-based), column (0-based).
    Cell {
        /// Sheet.
        sheet: Box<str>,
        /// Row, 1-based.
        row: u32,
        /// Column, 0-based.
        column: u16,
        /// What the cell holds; empty for an empty cell.
        text: Box<str>,
        /// The bytes of `text` that are meant.
        part: Span,
    },
}

/// Value of a field.
#[derive(Debug, Clone, PartialEq)]
pub enum Scalar {
    /// Text, also of an expression.
    Text(Box<str>),
    /// Whole number.
    Integer(i64),
    /// はい／いいえ.
    Bool(bool),
    /// List of texts.
    List(Vec<Box<str>>),
    /// Anything nested (only in examples): canonical inline TOML.
    Inline(Box<str>),
}

impl Document {
    /// Rows of a section, none where it is absent.
    #[must_use]
    pub fn rows(&self, section: &str) -> &[Record] {
        self.sections
            .iter()
            .find(|s| s.name == section)
            .map_or(&[], |s| &s.rows)
    }
}

impl Record {
    /// A field's value.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Scalar> {
        self.field(name).map(|f| &f.value)
    }

    /// A field.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|f| f.name == name)
    }

    /// A field's text.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        match self.get(name) {
            Some(Scalar::Text(t)) => Some(t),
            _ => None,
        }
    }
}

impl From<Span> for Place {
    fn from(span: Span) -> Self {
        Self::Text(span)
    }
}

impl From<&Self> for Place {
    fn from(place: &Self) -> Self {
        place.clone()
    }
}

impl Document {
    /// Brings rows into canonical order: those that belong to another row (`within`) follow the
    /// order of those, and keep their own order among themselves; sections follow the schema.
    /// Readers call it last, so that equal files are equal documents.
    pub fn arrange(&mut self) {
        let order = |name: &str| SECTIONS.iter().position(|s| s.name == name);
        // `[transfers]` without fields says nothing, and a workbook has no form for it.
        for section in &mut self.sections {
            section
                .rows
                .retain(|row| !row.fields.is_empty() || row.unread);
        }
        self.sections.retain(|s| !s.rows.is_empty());
        self.sections.sort_by_key(|s| order(s.name));
        for schema in SECTIONS {
            let Some(outer) = schema.within else { continue };
            let ids: Vec<Option<Box<str>>> = self
                .rows(outer)
                .iter()
                .map(|r| r.text("id").map(Into::into))
                .collect();
            if let Some(section) = self.sections.iter_mut().find(|s| s.name == schema.name) {
                section.rows.sort_by_key(|row| {
                    let of = row.text(outer);
                    ids.iter()
                        .position(|id| id.is_some() && id.as_deref() == of)
                        .unwrap_or(usize::MAX)
                });
            }
        }
    }
}
