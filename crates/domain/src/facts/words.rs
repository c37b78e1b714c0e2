//! Values as people write them. For sentences; the cells of a workbook have their own notation.

use super::{
    exact::Exact,
    unit::Unit,
    value::{Symbols, Value},
    vocabulary::{Attribute, Entity, Type},
};
use crate::template;
use jiff::civil::{Date, date};

/// Whose way of writing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tongue {
    /// `月120時間`, `令和9年4月1日`, `はい`.
    Japanese,
    /// `120 hours per month`, `2027-04-01`, `yes`; names of the criteria language for labels.
    English,
}

/// A value with its unit; `None` where unknown.
#[must_use]
pub fn value(
    symbols: &Symbols,
    attribute: &Attribute,
    value: Value,
    tongue: Tongue,
) -> Option<String> {
    let name = |i: usize| match attribute.ty {
        Type::Enum(e) | Type::Set(e) => {
            e.values
                .get(i)
                .map_or_else(String::new, |(name, label)| match tongue {
                    Tongue::Japanese => (*label).to_owned(),
                    Tongue::English => name.replace('_', " "),
                })
        }
        _ => String::new(),
    };
    let list = |items: Vec<String>| match (items.is_empty(), tongue) {
        (true, Tongue::Japanese) => "なし".to_owned(),
        (true, Tongue::English) => "none".to_owned(),
        // Labels have their own ・ (妊娠・出産).
        (false, Tongue::Japanese) => items.join("、"),
        (false, Tongue::English) => items.join(", "),
    };
    Some(match value {
        Value::Unknown => return None,
        Value::Bool(yes) => flag(yes, tongue).to_owned(),
        Value::Number(n) => measured(attribute, n, tongue),
        Value::Date(day) => day_of(day, tongue),
        Value::Enum(i) => name(usize::from(i)),
        Value::Set(bits) => list((0..64).filter(|i| bits >> i & 1 == 1).map(name).collect()),
        Value::Symbol(at) => symbols.text(at).to_owned(),
        Value::Symbols(at) => {
            let ids = symbols.lists[at as usize].iter();
            list(ids.map(|&s| symbols.text(s).to_owned()).collect())
        }
    })
}

/// A number as the attribute's own: with its unit, `65歳` of an age.
#[must_use]
pub fn measured(attribute: &Attribute, n: Exact, tongue: Tongue) -> String {
    match attribute.ty {
        Type::Quantity(unit) if is_age(attribute) => match tongue {
            Tongue::Japanese => format!("{n}歳"),
            Tongue::English => quantity(n, unit, tongue),
        },
        Type::Quantity(unit) => quantity(n, unit, tongue),
        _ => n.to_string(),
    }
}

/// Label of an attribute: `月就労時間`; `work hours per month`.
#[must_use]
pub fn label(attribute: &Attribute, tongue: Tongue) -> String {
    match tongue {
        Tongue::Japanese => attribute.label.to_owned(),
        Tongue::English => attribute.name.replace('_', " "),
    }
}

/// An age: counted in years, and nobody says "65 years" (65年) of one in Japanese.
#[must_use]
pub fn is_age(attribute: &Attribute) -> bool {
    matches!(
        (attribute.entity, attribute.name),
        (Entity::Adult, "age") | (Entity::Child, "age_years")
    )
}

/// `はい`, `いいえ`.
#[must_use]
pub fn flag(yes: bool, tongue: Tongue) -> &'static str {
    match (yes, tongue) {
        (true, Tongue::Japanese) => "はい",
        (false, Tongue::Japanese) => "いいえ",
        (true, Tongue::English) => "yes",
        (false, Tongue::English) => "no",
    }
}

/// `月120時間`, `週3日`, `6,000,000円`; `120 hours per month`.
#[must_use]
pub fn quantity(n: Exact, unit: Unit, tongue: Tongue) -> String {
    let shown = if unit == Unit::Yen {
        grouped(n)
    } else {
        n.to_string()
    };
    if tongue == Tongue::English {
        return format!("{shown} {}", unit.name().replace('_', " "));
    }
    match unit {
        Unit::HoursPerDay => format!("1日{shown}時間"),
        Unit::HoursPerWeek => format!("週{shown}時間"),
        Unit::HoursPerMonth => format!("月{shown}時間"),
        Unit::DaysPerWeek => format!("週{shown}日"),
        Unit::DaysPerMonth => format!("月{shown}日"),
        Unit::Minutes | Unit::Days | Unit::Months | Unit::Years | Unit::Yen | Unit::Metres => {
            format!("{shown}{}", unit.label())
        }
    }
}

/// From an amount (included) to another (not included): `月112時間以上140時間未満`; `112 hours per month or
/// more, below 140`. Empty where there are no ends.
#[must_use]
pub fn range(
    from: Option<Exact>,
    below: Option<Exact>,
    unit: Option<Unit>,
    tongue: Tongue,
) -> String {
    let shown = |n: Exact| match unit {
        Some(unit) => quantity(n, unit, tongue),
        None => n.to_string(),
    };
    match (tongue, from, below) {
        (_, None, None) => String::new(),
        (Tongue::Japanese, Some(from), None) => format!("{}以上", shown(from)),
        (Tongue::Japanese, None, Some(below)) => format!("{}未満", shown(below)),
        (Tongue::Japanese, Some(from), Some(below)) => {
            // The period is said once: 月112時間以上140時間未満.
            let below = shown(below);
            let period = ["月", "週", "1日"];
            let short = period.iter().find_map(|p| below.strip_prefix(p));
            format!("{}以上{}未満", shown(from), short.unwrap_or(&below))
        }
        (Tongue::English, Some(from), None) => format!("{} or more", shown(from)),
        (Tongue::English, None, Some(below)) => format!("below {}", shown(below)),
        (Tongue::English, Some(from), Some(below)) => {
            format!("{} or more, below {below}", shown(from))
        }
    }
}

/// `6,000,000`; anything but a whole number as it is.
fn grouped(n: Exact) -> String {
    n.as_whole()
        .map_or_else(|| n.to_string(), template::grouped)
}

/// A day: `令和9年4月1日`; `2027-04-01`.
#[must_use]
pub fn day_of(day: Date, tongue: Tongue) -> String {
    match tongue {
        Tongue::Japanese => wareki(day),
        Tongue::English => day.to_string(),
    }
}

/// First days of the eras (改元の日; for 明治 the change of calendar).
const ERAS: [(&str, Date); 5] = [
    ("令和", date(2019, 5, 1)),
    ("平成", date(1989, 1, 8)),
    ("昭和", date(1926, 12, 25)),
    ("大正", date(1912, 7, 30)),
    ("明治", date(1873, 1, 1)),
];

/// A day in the Japanese calendar (和暦): `令和元年5月1日`. Before 1873: ISO.
#[must_use]
pub fn wareki(day: Date) -> String {
    let (m, d) = (day.month(), day.day());
    let Some((era, since)) = ERAS.iter().find(|(_, since)| day >= *since) else {
        return day.to_string();
    };
    // 明治 counts from 1868, though only from its sixth year in this calendar.
    let first = if *era == "明治" { 1868 } else { since.year() };
    match day.year() - first + 1 {
        1 => format!("{era}元年{m}月{d}日"),
        year => format!("{era}{year}年{m}月{d}日"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::vocabulary::{VOCABULARY, find};

    #[test]
    fn days_change_their_era_on_the_day() {
        for (day, said) in [
            (date(2027, 4, 1), "令和9年4月1日"),
            (date(2019, 5, 1), "令和元年5月1日"),
            (date(2019, 4, 30), "平成31年4月30日"),
            (date(1989, 1, 7), "昭和64年1月7日"),
            (date(1926, 12, 24), "大正15年12月24日"),
            (date(1912, 7, 29), "明治45年7月29日"),
            (date(1873, 1, 1), "明治6年1月1日"),
            (date(1872, 12, 31), "1872-12-31"),
        ] {
            assert_eq!(wareki(day), said);
        }
    }

    #[test]
    fn ranges_say_the_period_once() {
        let n = |n| Some(Exact::whole(n));
        for (from, below, unit, ja) in [
            (
                n(112),
                n(140),
                Some(Unit::HoursPerMonth),
                "月112時間以上140時間未満",
            ),
            (n(140), None, Some(Unit::HoursPerMonth), "月140時間以上"),
            (None, n(4), Some(Unit::DaysPerWeek), "週4日未満"),
            (n(6), n(8), Some(Unit::HoursPerDay), "1日6時間以上8時間未満"),
            (n(1), n(3), None, "1以上3未満"),
            (n(10), n(11), Some(Unit::Months), "10か月以上11か月未満"),
            (None, None, None, ""),
        ] {
            assert_eq!(range(from, below, unit, Tongue::Japanese), ja);
        }
    }

    #[test]
    fn values_read_as_people_write_them() {
        let mut symbols = Symbols::default();
        let here = symbols.intern("東");
        let half = Exact::new(241, 2).unwrap_or(Exact::ZERO);
        for (entity, name, v, ja, en) in [
            (
                Entity::Guardian,
                "work_hours_per_month",
                Value::Number(half),
                "月120.5時間",
                "120.5 hours per month",
            ),
            (
                Entity::Guardian,
                "work_days_per_week",
                Value::whole(5),
                "週5日",
                "5 days per week",
            ),
            (
                Entity::Guardian,
                "reasons",
                Value::Set(0b101),
                "就労、求職活動",
                "employment, seeking",
            ),
            (Entity::Guardian, "reasons", Value::Set(0), "なし", "none"),
            (
                Entity::Household,
                "income",
                Value::whole(-6_000_000),
                "-6,000,000円",
                "-6,000,000 yen",
            ),
            (Entity::Household, "area", Value::Symbol(here), "東", "東"),
            (
                Entity::Household,
                "welfare",
                Value::Bool(false),
                "いいえ",
                "no",
            ),
            (Entity::Adult, "age", Value::whole(65), "65歳", "65 years"),
            (
                Entity::Child,
                "birth_date",
                Value::Date(date(2026, 5, 10)),
                "令和8年5月10日",
                "2026-05-10",
            ),
        ] {
            let attribute = find(entity, name)
                .map(|at| &VOCABULARY[at as usize])
                .unwrap();
            let said = |tongue| value(&symbols, attribute, v, tongue);
            assert_eq!(said(Tongue::Japanese).as_deref(), Some(ja));
            assert_eq!(said(Tongue::English).as_deref(), Some(en));
        }
        let attribute = &VOCABULARY[0];
        assert_eq!(
            value(&symbols, attribute, Value::Unknown, Tongue::Japanese),
            None
        );
    }
}
