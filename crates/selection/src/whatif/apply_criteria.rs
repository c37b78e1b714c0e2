//! Changes of the criteria: made in the document, which is then checked as if somebody had written it.

use super::{
    error::{Problem, SetError},
    set::{Change, Set},
};
use enmusubi_criteria::{
    Criteria, Document, Severity,
    edit::{number, put, record, take},
    from_document,
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

/// One change of the document.
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
            take(row, &["fill"]);
            put(row, "row", "points", number(points));
            Ok(())
        }
        Change::Amend { id, operand } => {
            let row = record(document, "change", id).map_err(|nearest| Problem::NoChange {
                id: id.clone(),
                nearest,
            })?;
            let effects = ["set", "add", "multiply", "at_most", "at_least"];
            if let Some(effect) = effects.into_iter().find(|e| row.get(e).is_some()) {
                put(row, "change", effect, number(operand));
            }
            Ok(())
        }
        _ => Ok(()),
    }
}
