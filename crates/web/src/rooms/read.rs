//! What the forms of several rooms hold: the version they were made from, days, whom they are about.

use crate::kit::Form;
use enmusubi_casefile::{Refusal, fact::Subject};
use enmusubi_interchange::dates;
use jiff::civil::Date;

/// The version a form was made from; −1, which no stream has, where it holds none.
pub(super) fn version(form: &Form) -> i64 {
    form.get("version").parse().unwrap_or(-1)
}

/// A day; blank is none.
///
/// # Errors
/// A text that is no day.
pub(super) fn day(form: &Form, name: &str) -> Result<Option<Date>, Refusal> {
    match form.get(name).trim() {
        "" => Ok(None),
        _ => needed(form, name).map(Some),
    }
}

/// A day that has to be there.
///
/// # Errors
/// A blank, a text that is no day.
pub(super) fn needed(form: &Form, name: &str) -> Result<Date, Refusal> {
    let text = form.get(name).trim();
    dates::parse(text).map_err(|_| Refusal::of("refusal.no_day").with("value", text))
}

/// Whom a form is about.
///
/// # Errors
/// Nobody's id.
pub(super) fn subject(form: &Form) -> Result<Subject, Refusal> {
    let text = form.get("subject");
    Subject::try_from(text.to_owned())
        .map_err(|_| Refusal::of("refusal.no_person").with("person", text))
}
