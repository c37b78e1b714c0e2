//! Worked examples name facts, tables, values and keys that exist.

use crate::{
    diagnostic::Diagnostics,
    document::Place,
    expression::Span,
    inline::{Entry, Inline, Item},
    model::{Criteria, Example, Over},
    suggest,
};
use enmusubi_domain::facts::{
    Attribute, Entity, Exact, Type,
    vocabulary::{VOCABULARY, find, of_entity},
};
use jiff::civil::Date;

/// What an example may expect besides ids of the file.
const OUTCOMES: &[&str] = &["outcome", "stratum", "pass"];

/// Reports what does not exist.
pub(crate) fn check(criteria: &Criteria, places: &[ExamplePlaces], all: &mut Diagnostics) {
    for (example, places) in criteria.examples.iter().zip(places) {
        for (name, text, span) in &example.facts {
            facts(criteria, name, text, span, all);
        }
        expected(criteria, example, places, all);
        people(criteria, example, places, all);
        // Strata are not among them.
        let keys = criteria.keys.len();
        for (name, values) in &example.order {
            if values.len() > keys {
                all.error(
                    "C084",
                    places.of(name, example),
                    (
                        format!(
                            "並べる例「{name}」に値が{}個ありますが、優先順位は{keys}個です",
                            values.len()
                        ),
                        format!(
                            "\"{name}\" of the example has {} values, but there are {keys} keys",
                            values.len()
                        ),
                    ),
                    (
                        "優先順位と同じ並びで書いてください（優先区分は含めません）",
                        "write them in the order of the keys (without the stratum)",
                    ),
                );
            }
        }
    }
}

fn expected(criteria: &Criteria, example: &Example, places: &ExamplePlaces, all: &mut Diagnostics) {
    for (id, value) in &example.expect {
        let base = id.split_once('[').map_or(&**id, |(base, _)| base);
        // A list of numbers is told about once.
        let first = base == &**id || id.ends_with("[0]");
        let tables = criteria.tables.iter().map(|t| &*t.id);
        let known: Vec<&str> = tables
            .chain(criteria.values.iter().map(|v| &*v.id))
            .chain(criteria.keys.iter().map(|k| &*k.id))
            .chain(OUTCOMES.iter().copied())
            .collect();
        if !known.contains(&base) && first {
            all.error(
                "C086",
                places.of(base, example),
                (
                    format!(
                        "計算例「{}」が期待する「{base}」は、表・値・優先順位のどれでもありません",
                        example.id
                    ),
                    format!(
                        "the example \"{}\" expects \"{base}\", which is no table, value or key",
                        example.id
                    ),
                ),
                suggest::mend(base, &known),
            );
        } else if base != &**id && !over_people(criteria, base) && first {
            all.error(
                "C086",
                places.of(base, example),
                (
                    format!("「{base}」は保護者ごとの表ではないため、値の並びは書けません"),
                    format!("\"{base}\" is no table over guardians: it has one value"),
                ),
                ("値を一つ書いてください", "write one value"),
            );
        } else if base == "outcome" && !["eligible", "refused", "undecided"].contains(&&**value) {
            all.error(
                "C086",
                places.of(base, example),
                (
                    format!("結果「{value}」は使えません"),
                    format!("there is no outcome \"{value}\""),
                ),
                suggest::mend(value, &["eligible", "refused", "undecided"]),
            );
        }
    }
}

/// Where an example names what it expects.
#[derive(Debug, Default)]
pub(crate) struct ExamplePlaces(pub Vec<(Box<str>, Span)>);

impl ExamplePlaces {
    /// Of an expectation, or of a child to be ordered; else of the example.
    fn of(&self, name: &str, example: &Example) -> Span {
        let found = self.0.iter().find(|(n, _)| **n == *name);
        found.map_or_else(|| example.span.clone(), |(_, span)| span.clone())
    }
}

/// A list of expectations should be no longer than the list of people it speaks of: such an example fails when it is
/// run.
fn people(criteria: &Criteria, example: &Example, places: &ExamplePlaces, all: &mut Diagnostics) {
    for table in &criteria.tables {
        let field = match table.over {
            Over::Guardian => "guardians",
            Over::Adult => "adults",
            Over::Application => continue,
        };
        let listed = |id: &str| {
            let part = id.strip_prefix(&*table.id);
            part.is_some_and(|rest| rest.starts_with('['))
        };
        let expected = example.expect.iter().filter(|(id, _)| listed(id)).count();
        let fact = example.facts.iter().find(|(name, ..)| **name == *field);
        let there = fact
            .and_then(|(_, text, _)| Item::parse(text, 0).ok())
            .map_or(0, |item| item.elements().len());
        if expected > there {
            all.warning(
                "C086",
                places.of(&table.id, example),
                (
                    format!(
                        "「{}」の期待が{expected}人分ありますが、計算例にいるのは{there}人です",
                        table.id
                    ),
                    format!(
                        "\"{}\" is expected for {expected} people, but the example has {there}",
                        table.id
                    ),
                ),
                (
                    format!("{field} に書いた人数と、期待する値の数をそろえてください"),
                    format!("write as many values as there are {field}"),
                ),
            );
        }
    }
}

fn over_people(criteria: &Criteria, id: &str) -> bool {
    let mut tables = criteria.tables.iter();
    tables.any(|t| &*t.id == id && t.over != Over::Application)
}

fn facts(criteria: &Criteria, name: &str, text: &str, span: &Span, all: &mut Diagnostics) {
    let item = match Item::parse(text, span.start) {
        Ok(item) => item,
        Err(e) => {
            let mend = (
                "{ 名前 = 値 } または [ … ] の形で書いてください",
                "write { name = value } or [ … ]",
            );
            all.error("C081", e.span, e.what, mend);
            return;
        }
    };
    if name == "discretion" {
        for entry in item.entries() {
            judged(criteria, entry, all);
        }
        return;
    }
    let (entity, many) = match name {
        "round" => (Entity::Round, false),
        "household" => (Entity::Household, false),
        "guardians" => (Entity::Guardian, true),
        "adults" => (Entity::Adult, true),
        "child" => (Entity::Child, false),
        "siblings" => (Entity::Child, true),
        "declines" => (Entity::Decline, true),
        "facility" => (Entity::Facility, false),
        _ => (Entity::Choice, false),
    };
    let subjects = if many {
        item.elements()
    } else {
        std::slice::from_ref(&item)
    };
    for subject in subjects {
        let Inline::Table(entries) = &subject.value else {
            let form = if many {
                "[{ 属性 = 値 }, …]"
            } else {
                "{ 属性 = 値, … }"
            };
            all.error(
                "C081",
                subject.span.clone(),
                (
                    format!("「{name}」は {form} の形で書きます"),
                    format!(
                        "\"{name}\" is a {}",
                        if many { "list of tables" } else { "table" }
                    ),
                ),
                (
                    "属性の名前と値を並べてください",
                    "write names of facts and their values",
                ),
            );
            continue;
        };
        for entry in entries {
            fact(entity, entry, all);
        }
    }
}

fn judged(criteria: &Criteria, entry: &Entry, all: &mut Diagnostics) {
    let rows = criteria.tables.iter().flat_map(|t| &t.rows);
    let known: Vec<&str> = rows
        .filter(|r| matches!(r.points, crate::model::Points::Discretion { .. }))
        .map(|r| &*r.id)
        .collect();
    if !known.contains(&&*entry.name) {
        all.error(
            "C086",
            entry.span.0.clone(),
            (
                format!("「{}」という裁量の行はありません", entry.name),
                format!("there is no row \"{}\" with discretion", entry.name),
            ),
            suggest::mend(&entry.name, &known),
        );
    }
}

fn fact(entity: Entity, entry: &Entry, all: &mut Diagnostics) {
    let Some(at) = find(entity, &entry.name) else {
        // The facility of an example may carry an id of its own.
        let names: Vec<&str> = of_entity(entity).map(|(_, a)| a.name).collect();
        all.error(
            "C089",
            entry.span.0.clone(),
            (
                format!(
                    "「{}」に「{}」という属性はありません",
                    entity.label(),
                    entry.name
                ),
                format!("{} has no attribute \"{}\"", entity.name(), entry.name),
            ),
            suggest::mend(&entry.name, &names),
        );
        return;
    };
    let attribute = &VOCABULARY[at as usize];
    if let Err(mend) = fits(attribute, &entry.item) {
        all.error(
            "C093",
            Place::Text(entry.item.span.clone()),
            (
                format!(
                    "「{}」（{}）の値が正しくありません",
                    attribute.path(),
                    attribute.label
                ),
                format!("the value of {} is not right", attribute.path()),
            ),
            mend,
        );
    }
}

/// Whether a nested value is one of the attribute's type; else what to write.
fn fits(attribute: &Attribute, item: &Item) -> Result<(), (String, String)> {
    let said = |ja: &str, en: &str| Err((ja.to_owned(), en.to_owned()));
    match (attribute.ty, &item.value) {
        (Type::Bool, Inline::Bool(_))
        | (Type::Number | Type::Quantity(_), Inline::Integer(_))
        | (Type::Text, Inline::Text(_)) => Ok(()),
        (Type::Number | Type::Quantity(_), Inline::Text(t)) if Exact::parse(t).is_some() => Ok(()),
        (Type::Date, Inline::Text(t)) if t.parse::<Date>().is_ok() => Ok(()),
        (Type::Enum(e), Inline::Text(t)) if e.of_name(t).is_some() => Ok(()),
        (Type::Set(e), Inline::List(items))
            if items
                .iter()
                .all(|i| i.plain().is_some_and(|t| e.of_name(&t).is_some())) =>
        {
            Ok(())
        }
        (Type::Texts, Inline::List(items))
            if items.iter().all(|i| matches!(i.value, Inline::Text(_))) =>
        {
            Ok(())
        }
        (Type::Bool, _) => said("true か false を書いてください", "write true or false"),
        (Type::Number | Type::Quantity(_), _) => said(
            "整数、または小数を \"0.5\" のように書いてください",
            "write a whole number, or a decimal as \"0.5\"",
        ),
        (Type::Date, _) => said(
            "日付を \"2027-04-01\" のように書いてください",
            "write a day as \"2027-04-01\"",
        ),
        (Type::Text, _) => said("文字を \"…\" で書いてください", "write text in \"…\""),
        (Type::Texts, _) => said(
            "[\"…\", \"…\"] の形で書いてください",
            "write a list [\"…\", \"…\"]",
        ),
        (Type::Enum(e), Inline::Text(t)) => {
            let names: Vec<&str> = e.values.iter().map(|(n, _)| *n).collect();
            Err(suggest::mend(t, &names))
        }
        (Type::Enum(e) | Type::Set(e), _) => {
            let names: Vec<&str> = e.values.iter().map(|(n, _)| *n).collect();
            let list = names.join(", ");
            Err((format!("書けるもの: {list}"), format!("known: {list}")))
        }
    }
}
