//! Round workbooks: one XLSX file, or a folder of CSV files, ↔ [`RoundFacts`].
//!
//! `layout` says which tables there are; their columns are the vocabulary's. Reading: `open` finds the
//! tables and their headers, `line` a row and what is wrong with it, `cell` a value; then table by table
//! (`subjects`, `choices`, `seats`, `asked`; `collected` and `known` serve them), and what only the whole shows (`checks`). Writing: `write`, `template`.
//! `summary` counts what is there.

mod asked;
pub(crate) mod cell;
mod checks;
mod choices;
mod collected;
mod kinds;
mod known;
mod layout;
mod line;
mod open;
mod seats;
mod subjects;
mod summary;
mod template;
mod write;

pub use cell::{Bad, value};
pub use kinds::kind;
pub use summary::{Summary, Unknown, summary};
pub use template::template;
pub use write::{write_csv, write_xlsx};

use crate::{Diagnostics, Source};
use asked::Ids;
use checks::Parts;
use enmusubi_domain::facts::{RoundFacts, RoundInfo};
use jiff::civil::date;
use layout::Sheet;

/// Names of the tables of a round workbook, in its order: sheets, and CSV files without their ending.
pub fn table_names() -> impl Iterator<Item = &'static str> {
    Sheet::ALL.into_iter().map(Sheet::name)
}

/// Reads a round workbook: the files of a folder, or one XLSX file.
///
/// All problems are reported; the facts are there, complete, exactly where none is an error.
#[must_use]
pub fn read(files: &[Source<'_>]) -> (Option<RoundFacts>, Diagnostics) {
    let mut all = Diagnostics::default();
    let mut book = open::open(files, &mut all);
    // A round without its own row is read on, to report everything else.
    let mut facts = RoundFacts::new(RoundInfo {
        municipality: None,
        entry_date: date(2000, 4, 1),
        number: 1,
        base_date: date(2000, 4, 1),
        deadline: None,
    });
    let dated = subjects::round(&mut book, &mut facts, &mut all);

    let (facilities, facilities_part) =
        subjects::roots(&mut book, Sheet::Facilities, &mut facts, &mut all);
    let (households, households_part) =
        subjects::roots(&mut book, Sheet::Households, &mut facts, &mut all);
    let guardians = subjects::members(
        &mut book,
        Sheet::Guardians,
        &households,
        &mut facts,
        &mut all,
    );
    subjects::members(&mut book, Sheet::Adults, &households, &mut facts, &mut all);
    let (children, children_part) =
        subjects::children(&mut book, &households, &mut facts, &mut all);
    let enrolled = subjects::enrolment(&mut book, &children, &facilities, &mut facts, &mut all);
    let chosen = choices::choices(&mut book, &children, &facilities, &mut facts, &mut all);
    subjects::declines(&mut book, &children, &mut facts, &mut all);
    seats::seats(&mut book, &facilities, &mut facts, &mut all);
    let ids = Ids {
        households: &households,
        children: &children,
        facilities: &facilities,
    };
    let wishes = asked::wishes(&mut book, &ids, &mut facts, &mut all);
    asked::combinations(&mut book, &ids, &mut facts, &mut all);
    asked::discretion(&mut book, &ids, &mut facts, &mut all);

    for (part, attribute) in [
        (&facilities_part, "linked"),
        (&children_part, "earlier_facility"),
    ] {
        if let Some(part) = part {
            subjects::mentioned(part, attribute, &facilities, &facts, &mut all);
        }
    }
    let parts = Parts {
        households: households_part.as_deref(),
        guardians: guardians.as_deref(),
        children: children_part.as_deref(),
        chosen: chosen.as_deref(),
        enrolled: enrolled.as_deref(),
        wishes: wishes.as_deref(),
        dated,
    };
    checks::check(&parts, &facts, &mut all);
    if all.has_errors() {
        return (None, all);
    }
    facts.complete();
    (Some(facts), all)
}
