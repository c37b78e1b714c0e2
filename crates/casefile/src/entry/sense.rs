//! What the fields of one paper say together: nothing that cannot be, and what is so rare that somebody should look again.
//!
//! How much of what is keyed wrong these notice, and how rarely they ask in vain, is measured (docs/benchmarks.md).

use super::{Context, field::Fields};
use crate::{
    application::Kind,
    fact::Said,
    person::{Part, Person, search_key},
};
use enmusubi_domain::facts::{Exact, Symbols, Type, Unit, Value, words::wareki};
use enmusubi_interchange::workbook;
use jiff::{ToSpan as _, civil::Date};

/// Years between a guardian and a child that nobody asks about.
const YEARS_BETWEEN: std::ops::RangeInclusive<i16> = 15..=55;
/// Siblings of one mother are born on the same two days, or so many days apart.
const DAYS_BETWEEN: i32 = 240;
/// Years before the entry at which a life's dates begin, and after it at which plans end.
const YEARS_AROUND: (i16, i16) = (60, 4);

/// Most of a quantity that can be, and most that nobody asks about.
fn most(unit: Unit) -> Option<(i64, i64)> {
    match unit {
        Unit::HoursPerDay => Some((24, 16)),
        Unit::HoursPerWeek => Some((168, 80)),
        Unit::HoursPerMonth => Some((744, 320)),
        Unit::DaysPerWeek => Some((7, 7)),
        Unit::DaysPerMonth => Some((31, 31)),
        Unit::Minutes => Some((1440, 180)),
        _ => None,
    }
}

/// Asks about everybody of a paper together.
pub(super) fn family(f: &mut Fields<'_>, people: &[Person]) {
    let of = |part: Part| people.iter().filter(move |p| p.part == part);
    for guardian in of(Part::Guardian) {
        let strange = of(Part::Child).find_map(|child| {
            let (old, young) = (guardian.birth?, child.birth?);
            let years = years(old, young);
            (!YEARS_BETWEEN.contains(&years)).then_some((old, young, years))
        });
        if let Some((old, young, years)) = strange {
            f.warning(
                &format!("{}.birth", guardian.id),
                "entry.years_between",
                &[
                    ("guardian", &wareki(old)),
                    ("child", &wareki(young)),
                    ("years", &years.to_string()),
                ],
            );
        }
    }
    let children: Vec<&Person> = of(Part::Child).collect();
    for (at, child) in children.iter().enumerate() {
        let close = children[..at].iter().find_map(|other| {
            let (one, two) = (child.birth?, other.birth?);
            let days = (one - two).get_days().abs();
            (2..DAYS_BETWEEN).contains(&days).then_some(two)
        });
        if let (Some(birth), Some(other)) = (child.birth, close) {
            f.warning(
                &format!("{}.birth", child.id),
                "entry.siblings_close",
                &[("birth", &wareki(birth)), ("other", &wareki(other))],
            );
        }
    }
    readings(f, people);
}

/// Whole years from one day to another.
fn years(from: Date, to: Date) -> i16 {
    to.year() - from.year() - i16::from((to.month(), to.day()) < (from.month(), from.day()))
}

/// Family name and its reading, where both are written apart from the given name.
fn family_name(person: &Person) -> Option<(String, String)> {
    let name = person.name.written.split_whitespace();
    let kana = person.name.kana.split_whitespace();
    let (name, kana): (Vec<&str>, Vec<&str>) = (name.collect(), kana.collect());
    match (&name[..], &kana[..]) {
        ([family, _], [reading, _]) => Some((search_key(family), search_key(reading))),
        _ => None,
    }
}

/// One family name is read in one way.
fn readings(f: &mut Fields<'_>, people: &[Person]) {
    for (at, person) in people.iter().enumerate() {
        let Some((family, reading)) = family_name(person) else {
            continue;
        };
        let others = people[..at].iter().filter_map(family_name);
        let other = others
            .into_iter()
            .find(|(name, kana)| *name == family && *kana != reading);
        if let Some((_, other)) = other {
            f.warning(
                &format!("{}.kana", person.id),
                "entry.reading_differs",
                &[("reading", &reading), ("other", &other)],
            );
        }
    }
}

/// A reading that no name has: it begins with ん, ー or a small letter, or has one of these twice.
pub(super) fn reading(f: &mut Fields<'_>, field: &str, kana: &str) {
    // Combining marks come apart from their letters in half width.
    let small = |c: char| {
        matches!(
            c,
            'ァ' | 'ィ' | 'ゥ' | 'ェ' | 'ォ' | 'ッ' | 'ャ' | 'ュ' | 'ョ' | 'ン' | 'ー'
        )
    };
    let strange = kana.split_whitespace().any(|part| {
        let letters: Vec<char> = search_key(part).chars().collect();
        letters.first().copied().is_some_and(small)
            || letters.windows(2).any(|w| w[0] == w[1] && small(w[0]))
    });
    if strange {
        f.warning(field, "entry.reading_strange", &[("value", kana)]);
    }
}

/// Whether an application fits the place a child has.
pub(super) fn place(
    f: &mut Fields<'_>,
    child: &Person,
    kind: Option<Kind>,
    attends: Option<(&str, Option<Date>)>,
    chosen: &[String],
    context: &Context<'_>,
) {
    let Some((facility, since)) = attends else {
        return;
    };
    let name = context.facilities.get(facility).map_or("", |x| &x.0);
    // A new application of a child who attends is none to ask about: whoever leaves a small nursery at its last age applies so.
    if kind == Some(Kind::Transfer) && chosen.iter().any(|c| c == facility) {
        let field = format!("{}.choices", child.id);
        f.problem(&field, "entry.own_facility", &[("facility", name)]);
    }
    let field = format!("{}.enrolled_since", child.id);
    if let Some(since) = since
        && (since > context.calendar.entry || child.birth.is_some_and(|b| since < b))
    {
        f.problem(&field, "entry.enrolled_when", &[("day", &wareki(since))]);
    }
}

/// Asks about facts: more than there can be, days outside of a life, hours and days that contradict each other.
pub(super) fn facts(f: &mut Fields<'_>, facts: &[(Said, bool)], context: &Context<'_>) {
    let mut symbols = Symbols::default();
    for (said, _) in facts {
        let Some((_, attribute)) = said.attribute() else {
            continue;
        };
        let field = format!("{}.{}", said.subject, said.attribute);
        match (
            attribute.ty,
            workbook::value(attribute.ty, &said.value, &mut symbols),
        ) {
            (Type::Quantity(unit), Ok(Value::Number(n))) => {
                let Some((can, usual)) = most(unit) else {
                    continue;
                };
                let values = [("value", said.value.as_str()), ("most", &can.to_string())];
                if n > Exact::whole(can) {
                    f.problem(&field, "entry.too_many", &values);
                } else if n > Exact::whole(usual) {
                    f.warning(&field, "entry.very_many", &values[..1]);
                }
            }
            (Type::Date, Ok(Value::Date(day))) => {
                let entry = context.calendar.entry;
                let around = entry.saturating_sub(YEARS_AROUND.0.years())
                    ..=entry.saturating_add(YEARS_AROUND.1.years());
                if !around.contains(&day) {
                    f.warning(&field, "entry.day_far", &[("day", &wareki(day))]);
                }
            }
            _ => {}
        }
    }
    for (said, _) in facts {
        if said.attribute == "desired_from" {
            desired(f, said, context);
        }
    }
    hours(f, facts);
}

/// The wished day lies between the entry of the round and a year after it.
fn desired(f: &mut Fields<'_>, said: &Said, context: &Context<'_>) {
    let entry = context.calendar.entry;
    let Ok(day) = said.value.parse::<Date>() else {
        return;
    };
    if day < entry || day > entry.saturating_add(1.year()) {
        let field = format!("{}.{}", said.subject, said.attribute);
        f.warning(
            &field,
            "entry.desired_when",
            &[("day", &wareki(day)), ("entry", &wareki(entry))],
        );
    }
}

/// Hours of a month are about hours of a day times days of a month; the same for a week.
fn hours(f: &mut Fields<'_>, facts: &[(Said, bool)]) {
    let number = |subject: &str, name: &str| {
        let said = facts
            .iter()
            .find(|(s, _)| s.attribute == name && s.subject.to_string() == subject);
        said.and_then(|(s, _)| s.value.trim().parse::<f64>().ok())
    };
    for (said, _) in facts {
        if said.attribute != "work_hours_per_day" {
            continue;
        }
        let subject = said.subject.to_string();
        let of = |name: &str| number(&subject, name);
        let Some(day) = of("work_hours_per_day") else {
            continue;
        };
        for unit in ["month", "week"] {
            let days = of(&format!("work_days_per_{unit}"));
            let hours = of(&format!("work_hours_per_{unit}"));
            let (Some(days), Some(hours)) = (days, hours) else {
                continue;
            };
            let product = day * days;
            // A month's days are rounded, breaks are counted or not.
            if hours > product * 1.5 || hours * 1.5 < product {
                f.warning(
                    &format!("{subject}.work_hours_per_{unit}"),
                    "entry.hours_contradict",
                    &[
                        ("hours", &hours.to_string()),
                        ("day", &day.to_string()),
                        ("days", &days.to_string()),
                    ],
                );
            }
        }
    }
}
