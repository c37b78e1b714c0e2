//! Attributes that follow from others.
//!
//! Ages follow 年齢計算ニ関スル法律: one grows older at the end of the day before the birthday.
//! A child born on 1 April is therefore a year older on 1 April already when 31 March ends, and
//! belongs to the higher class. Months of age are counted the same way.

use super::{
    exact::Exact,
    round_facts::{RoundFacts, RoundInfo},
    value::Value,
    vocabulary::{Entity, find},
};
use jiff::civil::{Date, date};

/// Full years of age on a day. The day before the birthday counts to its end, so on the birthday
/// itself, and on 1 March of a year without 29 February, the new age has been reached.
#[must_use]
pub fn age_years(birth: Date, on: Date) -> i32 {
    months_between(birth, on).div_euclid(12)
}

/// Full months from a day to another; negative where `to` is earlier. A month is full on the day
/// with the same number, or on the first day of the next month where there is none (民法143条).
#[must_use]
pub fn months_between(from: Date, to: Date) -> i32 {
    let months = (i32::from(to.year()) - i32::from(from.year())) * 12 + i32::from(to.month())
        - i32::from(from.month());
    if to.day() < from.day() {
        months - 1
    } else {
        months
    }
}

/// Age class (クラス年齢) in the fiscal year of an entry: age on 1 April, where a child born on 1
/// April still counts as born the day before (its age rises when 31 March ends). Negative: not
/// born on that 1 April.
///
/// ```
/// use enmusubi_domain::facts::derived::age_class;
/// use jiff::civil::date;
/// // Born on 1 April 2026: one year old at the end of 31 March 2027, so class 1 in fiscal 2027.
/// assert_eq!(age_class(date(2026, 4, 1), 2027), 1);
/// assert_eq!(age_class(date(2026, 4, 2), 2027), 0);
/// ```
#[must_use]
pub fn age_class(birth: Date, fiscal_year: i16) -> i32 {
    age_years(birth, date(fiscal_year, 4, 1))
}

/// School grade (学年) in a fiscal year: 1 for the first year of elementary school, 0 or less
/// before.
#[must_use]
pub fn school_grade(birth: Date, fiscal_year: i16) -> i32 {
    age_class(birth, fiscal_year) - 5
}

/// Days from a day to another; negative where `to` is earlier.
#[must_use]
pub fn days_between(from: Date, to: Date) -> i64 {
    i64::from(
        from.until((jiff::Unit::Day, to))
            .map_or(0, |span| span.get_days()),
    )
}

fn whole(n: impl Into<i64>) -> Value {
    Value::Number(Exact::whole(n.into()))
}

/// Fills every derived attribute. Needs the index.
pub(super) fn derive(facts: &mut RoundFacts) {
    round(facts);
    facilities(facts);
}

/// Sets a derived attribute of one subject.
fn set(facts: &mut RoundFacts, entity: Entity, name: &str, subject: u32, value: Value) {
    match find(entity, name) {
        Some(attribute) => facts.table_mut(entity).set(subject, attribute, value),
        None => debug_assert!(false, "{entity:?}.{name} is not in the vocabulary"),
    }
}

fn round(facts: &mut RoundFacts) {
    let info = facts.info.clone();
    for (name, value) in [
        ("fiscal_year", whole(info.fiscal_year())),
        ("entry_month", whole(info.entry_date.month())),
        ("entry_date", Value::Date(info.entry_date)),
        ("number", whole(info.number)),
        ("base_date", Value::Date(info.base_date)),
        (
            "deadline",
            info.deadline.map_or(Value::Unknown, Value::Date),
        ),
    ] {
        set(facts, Entity::Round, name, 0, value);
    }
}

fn facilities(facts: &mut RoundFacts) {
    for f in 0..facts.facilities.len() as u32 {
        let id = facts.facilities.ids[f as usize].clone();
        let symbol = facts.symbols.intern(&id);
        set(facts, Entity::Facility, "id", f, Value::Symbol(symbol));
    }
}
