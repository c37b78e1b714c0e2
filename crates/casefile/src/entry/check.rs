//! What only the round, the calendar and the list of facilities can tell about a field.

use super::{Context, field::Fields};
use crate::{
    application::Receipt,
    person::{Part, Person, search_key},
    seats::class_age,
};
use enmusubi_domain::facts::{Symbols, Type, Value, words::wareki};
use enmusubi_interchange::workbook;
use jiff::{ToSpan as _, civil::Date};

/// Age of guardians that nobody asks about.
const GUARDIAN_AGES: std::ops::RangeInclusive<i16> = 16..=60;

pub(super) fn receipt(f: &mut Fields<'_>, receipt: &Receipt, context: &Context<'_>) {
    if receipt.arrived > context.today {
        f.problem("arrived", "entry.arrived_future", &[]);
    }
    if receipt.arrived < context.calendar.opens {
        let opens = wareki(context.calendar.opens);
        f.warning("arrived", "entry.before_opening", &[("opens", &opens)]);
    }
    if let Some(postmark) = receipt.postmark {
        if postmark > receipt.arrived {
            f.problem("postmark", "entry.postmark_after_arrival", &[]);
        } else if postmark < receipt.arrived.saturating_sub(30.days()) {
            f.warning("postmark", "entry.postmark_old", &[]);
        }
    }
}

pub(super) fn birth(f: &mut Fields<'_>, id: &str, part: Part, birth: Date, context: &Context<'_>) {
    let field = format!("{id}.birth");
    let age = class_age(birth, context.calendar.entry);
    match part {
        Part::Child => {
            // The fact is stated like every other; here it is only asked for.
            let unborn = f.look(&format!("{id}.unborn"));
            let unborn = matches!(
                workbook::value(Type::Bool, unborn, &mut Symbols::default()),
                Ok(Value::Bool(true))
            );
            let applies = matches!(
                f.get(&format!("{id}.kind")),
                "new" | "transfer" | "新規" | "転園"
            );
            if applies && !(0..=5).contains(&age) {
                if age >= 0 || birth <= context.today || !unborn {
                    f.problem(
                        &field,
                        "entry.child_age",
                        &[("birth", &wareki(birth)), ("age", &age.to_string())],
                    );
                }
            } else if birth > context.today && !unborn {
                f.problem(&field, "entry.born_later", &[("birth", &wareki(birth))]);
            }
        }
        Part::Guardian if !GUARDIAN_AGES.contains(&age) => {
            f.warning(
                &field,
                "entry.guardian_age",
                &[("birth", &wareki(birth)), ("age", &age.to_string())],
            );
        }
        _ => {}
    }
}

/// The facility a child applies for: one that has its class, else it is asked about.
pub(super) fn facility(
    f: &mut Fields<'_>,
    field: &str,
    text: &str,
    child: &Person,
    context: &Context<'_>,
) -> Option<String> {
    let id = attended(f, field, text, context)?;
    let (name, ages) = context.facilities.get(&id)?;
    if let Some(birth) = child.birth {
        let age = class_age(birth, context.calendar.entry).max(0);
        if !ages.iter().any(|a| i16::from(*a) == age) {
            f.warning(
                field,
                "entry.no_class",
                &[("facility", name), ("age", &age.to_string())],
            );
        }
    }
    Some(id)
}

/// A facility by number, by the end of its number, or by name.
pub(super) fn attended(
    f: &mut Fields<'_>,
    field: &str,
    text: &str,
    context: &Context<'_>,
) -> Option<String> {
    // Screens and files give the id as it is; keys of every name are made only for what people type.
    if context.facilities.contains_key(text) {
        return Some(text.to_owned());
    }
    let wanted = search_key(text);
    let bare = |t: &str| {
        t.trim_start_matches(|c: char| !c.is_ascii_digit())
            .trim_start_matches('0')
            .to_owned()
    };
    let digits = wanted.bytes().all(|b| b.is_ascii_digit());
    let mut found = context.facilities.iter().filter(|(id, (name, _))| {
        search_key(id) == wanted
            || search_key(name) == wanted
            || digits && !bare(&wanted).is_empty() && bare(id) == bare(&wanted)
    });
    let (id, _) = match (found.next(), found.next()) {
        (Some(one), None) => one,
        (Some(one), Some(_)) if search_key(one.0) == wanted => one,
        (Some(_), Some(_)) => {
            f.problem(field, "entry.facility_several", &[("value", text)]);
            return None;
        }
        (None, _) => {
            f.problem(field, "entry.facility_unknown", &[("value", text)]);
            return None;
        }
    };
    Some(id.clone())
}
