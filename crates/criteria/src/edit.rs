//! Changes of a [`Document`] by a program: a row of an id, a field of a row. What is changed has no place any more: what
//! is wrong with it is not in the file. Whoever changed a document has it checked as if somebody had written it
//! ([`crate::from_document`]).

use crate::{
    document::{Document, Field, Place, Record, Scalar, Section},
    schema::{self, SECTIONS},
    suggest,
};

/// The row of an id.
///
/// # Errors
/// There is none: the id most like it.
pub fn record<'d>(
    document: &'d mut Document,
    section: &str,
    id: &str,
) -> Result<&'d mut Record, Option<Box<str>>> {
    let rows = document.rows(section);
    let Some(at) = rows.iter().position(|r| r.text("id") == Some(id)) else {
        let ids = rows.iter().filter_map(|r| r.text("id"));
        return Err(suggest::nearest(id, ids).map(Into::into));
    };
    document
        .sections
        .iter_mut()
        .find(|s| s.name == section)
        .and_then(|s| s.rows.get_mut(at))
        .ok_or(None)
}

/// The rows of a section, which is made where it is absent; `None`: no file has such a section.
pub fn rows<'d>(document: &'d mut Document, section: &str) -> Option<&'d mut Vec<Record>> {
    let schema = schema::section(section)?;
    let order = |name: &str| SECTIONS.iter().position(|s| s.name == name);
    let sections = &mut document.sections;
    let at = match sections.iter().position(|s| s.name == schema.name) {
        Some(at) => at,
        None => {
            let at = sections.partition_point(|s| order(s.name) < order(schema.name));
            let rows = Vec::new();
            let name = schema.name;
            sections.insert(at, Section { name, rows });
            at
        }
    };
    Some(&mut sections[at].rows)
}

/// The one row of a single section (`[transfers]`), which is made where it is absent; `None`: no file has it.
pub fn single<'d>(document: &'d mut Document, section: &str) -> Option<&'d mut Record> {
    let rows = rows(document, section)?;
    if rows.is_empty() {
        rows.push(Record::default());
    }
    rows.first_mut()
}

/// A number or expression as a field has it.
#[must_use]
pub fn number(text: &str) -> Scalar {
    match text.parse::<i64>() {
        Ok(n) => Scalar::Integer(n),
        Err(_) => Scalar::Text(text.into()),
    }
}

/// Sets a field, in the place the schema gives it. A field the section does not have is not set.
pub fn put(row: &mut Record, section: &str, name: &str, value: Scalar) {
    let fields = schema::section(section).map_or(&[][..], |s| s.fields);
    let Some(name) = fields.iter().map(|f| f.name).find(|f| *f == name) else {
        debug_assert!(false, "[{section}] has no field {name}");
        return;
    };
    let field = Field {
        name,
        value,
        place: Place::None,
    };
    if let Some(old) = row.fields.iter_mut().find(|f| f.name == name) {
        *old = field;
        return;
    }
    let order = |n: &str| fields.iter().position(|f| f.name == n);
    let at = row.fields.partition_point(|f| order(f.name) < order(name));
    row.fields.insert(at, field);
}

/// Takes fields away.
pub fn take(row: &mut Record, names: &[&str]) {
    row.fields.retain(|f| !names.contains(&f.name));
}
