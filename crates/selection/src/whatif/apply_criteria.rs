//! Changes of the criteria: made in the document, which is then checked as if somebody had written it.

use super::{
    error::{Problem, SetError},
    set::{Change, Set},
};
use enmusubi_criteria::{
    Criteria, Document, Severity,
    document::{Field, Place, Record, Scalar},
    from_document, schema, suggest,
};

/// The criteria with all changes, checked; `None` where none is about criteria or one is wrong.
pub(super) fn edited(
    document: &Document,
    sets: &[Set],
    errors: &mut Vec<SetError>,
) -> Option<Criteria> {
    let is_edit = |s: &&Set| matches!(s.change, Change::Row { .. } | Change::Amend { .. });
    let edits: Vec<&Set> = sets.iter().filter(is_edit).collect();
    if edits.is_empty() {
        return None;
    }
    let before = errors.len();
    let mut whole = document.clone();
    for (i, set) in edits.iter().enumerate() {
        let same = |o: &&&Set| match (&o.change, &set.change) {
            (Change::Row { id: a, .. }, Change::Row { id: b, .. })
            | (Change::Amend { id: a, .. }, Change::Amend { id: b, .. }) => a == b,
            _ => false,
        };
        if let Some(other) = edits[..i].iter().find(same) {
            let other = other.text.clone();
            errors.push(SetError::of(set, Problem::Twice { other }));
            continue;
        }
        if let Err(problem) = edit(&mut whole, &set.change) {
            errors.push(SetError::of(set, problem));
        }
    }
    if errors.len() > before {
        return None;
    }
    let (criteria, wrong) = from_document(&whole);
    if criteria.is_some() {
        return criteria;
    }
    // Which of them is it? Each alone, on the file as it is.
    let mut found = false;
    for set in &edits {
        let mut alone = document.clone();
        let _ = edit(&mut alone, &set.change);
        let (criteria, wrong) = from_document(&alone);
        if criteria.is_none() {
            found = true;
            let list = wrong.list.into_iter();
            let list = list.filter(|d| d.severity == Severity::Error).collect();
            errors.push(SetError::of(set, Problem::Criteria { list }));
        }
    }
    if !found {
        let texts: Vec<&str> = edits.iter().map(|s| &*s.text).collect();
        let list = wrong.list.into_iter();
        errors.push(SetError {
            set: texts.join(" ").into(),
            problem: Problem::Criteria {
                list: list.filter(|d| d.severity == Severity::Error).collect(),
            },
        });
    }
    None
}

/// One change of the document. The changed field has no place any more: what is wrong with it is not
/// in the file.
fn edit(document: &mut Document, change: &Change) -> Result<(), Problem> {
    match change {
        Change::Row { id, points } => {
            let row = record(document, "row", id).map_err(|nearest| Problem::NoRow {
                id: id.clone(),
                nearest,
            })?;
            if row.get("discretion").is_some() {
                return Err(Problem::Discretion { id: id.clone() });
            }
            // A number that is tried out is known, whatever the document leaves open.
            row.fields.retain(|f| f.name != "fill");
            put(row, "row", "points", points);
            Ok(())
        }
        Change::Amend { id, operand } => {
            let row = record(document, "change", id).map_err(|nearest| Problem::NoChange {
                id: id.clone(),
                nearest,
            })?;
            let effects = ["set", "add", "multiply", "at_most", "at_least"];
            if let Some(effect) = effects.into_iter().find(|e| row.get(e).is_some()) {
                put(row, "change", effect, operand);
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

/// The row of an id, else the id most like it.
fn record<'d>(
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

/// Sets a field, in the place the schema gives it.
fn put(row: &mut Record, section: &str, name: &'static str, text: &str) {
    let value = match text.parse::<i64>() {
        Ok(n) => Scalar::Integer(n),
        Err(_) => Scalar::Text(text.into()),
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
    let fields = schema::section(section).map_or(&[][..], |s| s.fields);
    let order = |n: &str| fields.iter().position(|f| f.name == n);
    let at = row.fields.partition_point(|f| order(f.name) < order(name));
    row.fields.insert(at, field);
}
