//! What is only said because something else could not be read is not said: a row whose `points` are misspelt
//! has no points, and every use of a misspelt id names something that is not there; one message is enough.

use crate::{
    diagnostic::{Diagnostic, Diagnostics},
    document::{Document, Place, Record},
};

/// Removes consequences of what the reader of the document and the checks before have told.
pub(crate) fn remove(document: &Document, all: &mut Diagnostics) {
    let unread = |sections: &[&str]| -> Vec<&Record> {
        let rows = sections.iter().flat_map(|s| document.rows(s));
        rows.filter(|r| r.unread).collect()
    };
    let everywhere: Vec<&str> = crate::schema::SECTIONS.iter().map(|s| s.name).collect();
    let records = unread(&everywhere);
    let found: Vec<&str> = all.list.iter().map(|d| d.code).collect();
    let told = |codes: &[&str]| found.iter().any(|c| codes.contains(c));
    // Ids that are not what others refer to; tables, bands and units that are not there.
    let ids = told(&["C020", "C021", "C022"]);
    let (tables, units) = (told(&["C026"]), told(&["C041"]));
    let ends = told(&["C044", "C046"]);
    let scales = !unread(&["row", "band"]).is_empty();
    let rows = unread(&["row"]).iter().any(|r| r.get("id").is_none());
    let names = unread(&["condition", "table", "value"])
        .iter()
        .any(|r| r.get("id").is_none() || (r.get("take").is_some() && r.get("over").is_none()));
    all.list.retain(|d| {
        let own = records.iter().any(|r| of_record(d, r));
        let lost = match d.code {
            "C048" if ends => true,
            "C137" if units => true,
            "C085" if told(&["C027", "C043"]) => true,
            "C029" if ids || tables => true,
            "C024" | "C120" if ids => true,
            "C047" | "C048" | "C085" => scales,
            "C036" => !unread(&["document"]).is_empty(),
            "C029" => rows,
            "C096" => !records.is_empty(),
            "C026" | "C086" | "C024" => names,
            code if ("C120".."C146").contains(&code) => names,
            _ => false,
        };
        !own && !lost
    });
}

/// Whether a message is about a whole row, or about ends of a band that are not there.
fn of_record(d: &Diagnostic, record: &Record) -> bool {
    let band = matches!(d.code, "C044" | "C045")
        && record
            .fields
            .iter()
            .any(|f| begin(&f.place) == begin(&d.place));
    begin(&d.place) == begin(&record.place) || band
}

/// Where a place begins.
fn begin(place: &Place) -> (&str, usize, u16) {
    match place {
        Place::None => ("", 0, 0),
        Place::Text(span) => ("", span.start, 0),
        Place::Cell {
            sheet, row, column, ..
        } => (sheet, *row as usize, *column),
    }
}
