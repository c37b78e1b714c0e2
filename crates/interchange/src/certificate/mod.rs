//! The national employment certificate (就労証明書 様式第1号): read into a [`Certificate`], checked, and said in the
//! words of the vocabulary.
//!
//! Whatever the source (a workbook by [`read`], the text of a PDF by [`from_text`], a list of recognised values by
//! [`from_rows`]), items become texts with places first (`raw`), and one assembly makes numbers, days and ticks of
//! them. What cannot be read for certain is [`State::Unread`] and told; it is never guessed, and never taken for a
//! blank.
//!
//! Source: 就労証明書（標準的な様式）及び記載要領, こども家庭庁, as amended on 2024-09-30.

mod assemble;
mod blank;
mod checks;
mod facts;
mod form;
mod kinds;
mod locate;
mod marks;
mod model;
mod page;
mod raw;
mod rows;
mod text;

pub use blank::{Blank, blank_form, fill};
pub use checks::{MONTHS_VALID, check};
pub use facts::{ReadFact, Rule, UNSAID, facts};
pub use kinds::kind;
pub use model::{
    Band, Certificate, ChildBox, Clock, Field, FixedHours, Leave, MonthResult, Period, State,
    VariableHours, Weekdays,
};
pub use raw::{Found, Place};
pub use rows::{Recognised, from_rows};
pub use text::{FromText, from_text};

use crate::{
    Source, Text,
    diagnostic::{At, Diagnostics},
};
use page::Page;
pub(crate) use page::safe as safe_archive;

/// Reads a workbook. The certificate is there wherever the form was found in it, also where fields of it could not
/// be read; those are [`State::Unread`] and told as errors. `None`: the file is refused (no workbook, macros, too
/// large, an individual number in it) or holds no form.
#[must_use]
pub fn read(source: &Source<'_>) -> (Option<Certificate>, Diagnostics) {
    let mut all = Diagnostics::default();
    let Some(pages) = page::read(source, &mut all) else {
        return (None, all);
    };
    let Some(page) = choose(&pages, source.name, &mut all) else {
        return (None, all);
    };
    let raw = locate::items(page, source.name, &mut all);
    let certificate = assemble::certificate(&raw, source.name, &mut all);
    (Some(certificate), all)
}

/// The sheet that is the form: the only one that has its items, or the only one of several that is no example.
fn choose<'p>(pages: &'p [Page], file: &str, all: &mut Diagnostics) -> Option<&'p Page> {
    let forms: Vec<&Page> = pages.iter().filter(|p| locate::is_form(p)).collect();
    let example = |p: &&&Page| {
        !["記載例", "記入例", "見本", "記載要領"]
            .iter()
            .any(|w| p.name.contains(w))
    };
    let own: Vec<&&Page> = forms.iter().filter(example).collect();
    match (&forms[..], &own[..]) {
        ([only], _) => Some(only),
        (_, [only]) => Some(only),
        ([], _) => {
            all.add(&kind::NO_FORM, file, At::default());
            None
        }
        _ => {
            let names: Vec<&str> = forms.iter().map(|p| p.name.as_str()).collect();
            all.add_with(&kind::TWO_FORMS, file, At::default(), || {
                let names = names.join("、");
                Text::new(names.clone(), names)
            });
            None
        }
    }
}
