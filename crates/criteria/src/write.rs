//! [`Document`] → the canonical text of a criteria file: sections in the order of the schema, rows below the table
//! they belong to, fields in the order of the schema. Equal documents give equal bytes.

use crate::{
    document::{Document, Record, Scalar},
    inline::{Inline, Item, quote},
    schema::{SECTIONS, SectionSchema},
};
use std::fmt::Write as _;

/// Lines longer than this are broken, where they hold a list.
const WIDTH: usize = 120;

/// The canonical text.
#[must_use]
pub fn write_toml(document: &Document) -> String {
    let mut out = String::new();
    for schema in SECTIONS.iter().filter(|s| s.within.is_none()) {
        for record in document.rows(schema.name) {
            write_record(&mut out, schema, record);
            let Some(id) = record.text("id") else {
                continue;
            };
            for inner in SECTIONS.iter().filter(|s| s.within == Some(schema.name)) {
                for row in document.rows(inner.name) {
                    if row.text(schema.name) == Some(id) {
                        write_record(&mut out, inner, row);
                    }
                }
            }
        }
    }
    // Rows that belong nowhere are an error, but writing loses nothing.
    for inner in SECTIONS {
        let Some(outer) = inner.within else { continue };
        let known = |row: &Record| {
            document
                .rows(outer)
                .iter()
                .any(|o| o.text("id").is_some() && o.text("id") == row.text(outer))
        };
        for row in document.rows(inner.name).iter().filter(|r| !known(r)) {
            write_record(&mut out, inner, row);
        }
    }
    out
}

fn write_record(out: &mut String, schema: &SectionSchema, record: &Record) {
    if !out.is_empty() {
        out.push('\n');
    }
    let _ = if schema.single {
        writeln!(out, "[{}]", schema.name)
    } else {
        writeln!(out, "[[{}]]", schema.name)
    };
    for field in &record.fields {
        let _ = write!(out, "{} = ", field.name);
        match &field.value {
            Scalar::Text(t) => quote(out, t),
            Scalar::Integer(n) => {
                let _ = write!(out, "{n}");
            }
            Scalar::Bool(b) => {
                let _ = write!(out, "{b}");
            }
            Scalar::List(items) => {
                let texts: Vec<String> = items
                    .iter()
                    .map(|t| {
                        let mut text = String::new();
                        quote(&mut text, t);
                        text
                    })
                    .collect();
                list(out, field.name, &texts);
            }
            Scalar::Inline(text) => match Item::parse(text, 0).map(|i| i.value) {
                Ok(Inline::List(items)) => {
                    let texts: Vec<String> = items.iter().map(Item::text).collect();
                    list(out, field.name, &texts);
                }
                _ => out.push_str(text),
            },
        }
        out.push('\n');
    }
}

/// A list in one line, or, where that is too long, an element a line.
fn list(out: &mut String, name: &str, texts: &[String]) {
    let line = format!("[{}]", texts.join(", "));
    if name.len() + 3 + line.chars().count() <= WIDTH || texts.len() < 2 {
        out.push_str(&line);
        return;
    }
    out.push_str("[\n");
    for text in texts {
        let _ = writeln!(out, "  {text},");
    }
    out.push(']');
}
