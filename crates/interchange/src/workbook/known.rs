//! Ids of tables, and cells that refer to them.

use super::{kinds::kind, line::Line};
use crate::{
    diagnostic::{Text, shorten},
    intern::Ids,
};
use enmusubi_domain::facts::Table as Facts;
use std::cell::Cell;

/// Ids of a table, for references to it.
pub(super) struct Known {
    ids: Ids,
    /// Whether an id that is not here may be called unknown.
    pub complete: bool,
    /// Table they are of.
    pub name: &'static str,
    /// Position found last: rows come child by child.
    last: Cell<Option<u32>>,
}

impl Known {
    /// Position of an id in the table of the facts.
    pub fn find(&self, facts: &Facts, id: &str) -> Option<u32> {
        let same = |at: &u32| *facts.ids[*at as usize] == *id;
        if let Some(last) = self.last.get().filter(same) {
            return Some(last);
        }
        let found = self.ids.find(id, |i| &facts.ids[i as usize]);
        self.last.set(found);
        found
    }

    /// The ids of a table that has been read.
    pub fn of(facts: &Facts, name: &'static str, complete: bool) -> Self {
        let mut ids = Ids::default();
        for at in 0..facts.len() as u32 {
            ids.insert(&facts.ids[at as usize], at, |i| &facts.ids[i as usize]);
        }
        Self {
            ids,
            complete,
            name,
            last: Cell::new(None),
        }
    }
}

/// Finds what a cell refers to; reports a blank and an id that is not there.
pub(super) fn reference(
    line: &mut Line<'_>,
    own: usize,
    known: &Known,
    facts: &Facts,
) -> Option<u32> {
    let wanted = line.required_id(own)?;
    let found = known.find(facts, wanted);
    if found.is_none() && known.complete {
        line.complain(&kind::DANGLING, own, || dangling(wanted, known.name, facts));
    }
    found
}

/// Which table has no such id, and the likeliest slip.
pub(super) fn dangling(wanted: &str, name: &str, facts: &Facts) -> Text {
    // Leading zeros, width and case are what spreadsheets and typists change.
    let loose = |t: &str| {
        crate::columns::normal(t)
            .trim_start_matches('0')
            .to_lowercase()
    };
    let even = loose(wanted);
    // Of ids, others that are merely alike are somebody else's.
    let same = facts.ids.iter().find(|id| loose(id) == even);
    match same.map(|id| shorten(id)) {
        Some(near) => Text::new(
            format!("「{name}」の表には「{near}」があります"),
            format!("the table {name} has \"{near}\""),
        ),
        None => Text::new(
            format!("「{name}」の表にありません"),
            format!("not in the table {name}"),
        ),
    }
}
