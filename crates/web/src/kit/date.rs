//! Dates, in one field or in parts. Neither reads them: what was typed goes to the server as it is.

use maud::{Markup, html};

use super::field::{Field, Width};
use super::form::{Form, id};

/// A date in one field, as people write it: `4050101`, `R9.4.1`, `令和9年4月1日`, `2027-04-01`.
///
/// The script shows beside it what the date was understood as. Keyboards on phones stay whole, since eras are letters.
#[must_use]
pub fn date(form: &Form, f: Field) -> Markup {
    let mut f = f;
    f.width = Width::Short;
    f.autocomplete = f.autocomplete.or(Some("off"));
    f.wrap(
        form,
        html! {
            span.with-unit data-date {
                (f.input(form, "text", Some(form.get(f.name))))
                // Filled by the script; polite, so that it does not interrupt typing.
                output.understood for=(id(f.name)) {}
            }
        },
    )
}

/// Eras offered beside the Western year, as they are sent: the latest first.
const ERAS: [(&str, &str); 3] = [
    ("令和", "date.reiwa"),
    ("平成", "date.heisei"),
    ("昭和", "date.showa"),
];

/// A date as era, year, month and day: the values come as `name-era`, `name-year`, `name-month` and `name-day`
/// ([`Form::date_text`] puts them together). Problems are those of `name`.
#[must_use]
pub fn date_parts(form: &Form, f: Field) -> Markup {
    let words = form.words();
    let name = |part: &str| format!("{}-{part}", f.name);
    // One of the parts has the field's own id, so that a summary leads to it.
    let part = |part: &str, label: String, digits: u32| {
        let name = name(part);
        html! {
            label.part {
                input.number name=(name) type="text" inputmode="numeric" size=(digits)
                    value=(form.get(&name)) autocomplete="off" readonly[f.readonly]
                    aria-required=[f.aria_required()] aria-invalid=[f.invalid(form)];
                span { (label) }
            }
        }
    };
    let era = form.get(&name("era")).to_owned();
    html! {
        fieldset.field .wrong[f.is_wrong(form)] lang=[f.lang] aria-describedby=[f.described(form)] {
            legend.label { (f.label_text(form)) }
            (f.notes(form))
            div.date-parts {
                label.part {
                    span.away { (words.t("form.era")) }
                    select id=(id(f.name)) name=(name("era")) aria-invalid=[f.invalid(form)] {
                        option value="" { (words.t("form.western")) }
                        @for (sent, key) in ERAS {
                            option value=(sent) selected[sent == era] { (words.t(key)) }
                        }
                    }
                }
                (part("year", words.t("form.year"), 4))
                (part("month", words.t("form.month"), 2))
                (part("day", words.t("form.day"), 2))
            }
        }
    }
}
