//! Worked examples and claims about favourable facts.

use super::{Builder, place_of};
use crate::{
    check::examples::ExamplePlaces,
    document::{Place, Record, Scalar},
    inline::{Inline, Item},
    model::{Better, Example, Monotone, SourceDocument},
    suggest,
};
use enmusubi_domain::facts::{
    Entity, Type,
    vocabulary::{VOCABULARY, find, of_entity},
};

/// Fields of an example that hold facts.
const FACTS: &[&str] = &[
    "round",
    "household",
    "guardians",
    "adults",
    "child",
    "siblings",
    "declines",
    "facility",
    "choice",
    "discretion",
];

impl Builder<'_> {
    pub(super) fn examples(&mut self, documents: &[SourceDocument]) -> Vec<Example> {
        let rows = self.doc.rows("example");
        rows.iter().map(|r| self.example(r, documents)).collect()
    }

    fn example(&mut self, r: &Record, documents: &[SourceDocument]) -> Example {
        let mut facts = Vec::new();
        for name in FACTS {
            if let Some(field) = r.field(name)
                && let Scalar::Inline(text) = &field.value
            {
                // The text as written where there is one, so that places inside it are right.
                let span = self.span(&field.place, text.len());
                let written = self.text.and_then(|t| t.get(span.clone()));
                let text = written.map_or_else(|| text.clone(), Into::into);
                facts.push(((*name).into(), text, span));
            }
        }
        if r.get("expect").is_none() && r.get("order").is_none() {
            self.all.error(
                "C080",
                r.place.clone(),
                (
                    format!("計算例「{}」には、期待される結果がありません", self.id(r)),
                    format!("the example \"{}\" expects nothing", self.id(r)),
                ),
                (
                    "expect または order を書いてください",
                    "write expect or order",
                ),
            );
        }
        Example {
            id: self.id(r),
            label: self.label(r),
            facts,
            expect: self.expected(r),
            order: self.ordered(r),
            source: self.source(r, documents, None),
            span: self.record_span(r),
        }
    }

    /// Where the examples name what they expect, and whom they put in order.
    pub(super) fn example_places(&mut self) -> Vec<ExamplePlaces> {
        let rows = self.doc.rows("example");
        rows.iter()
            .map(|r| {
                let mut places = Vec::new();
                for name in ["expect", "order"] {
                    let Some(field) = r.field(name) else { continue };
                    let Scalar::Inline(text) = &field.value else {
                        continue;
                    };
                    let span = self.span(&field.place, text.len());
                    let written = self.text.and_then(|t| t.get(span.clone())).unwrap_or(text);
                    let Ok(item) = Item::parse(written, span.start) else {
                        continue;
                    };
                    places.extend(
                        item.entries()
                            .iter()
                            .map(|e| (e.name.clone(), e.span.0.clone())),
                    );
                    let listed = match &item.value {
                        Inline::List(items) => &items[..],
                        _ => &[],
                    };
                    for one in listed {
                        let first = one.entries().first().map(|e| &e.item);
                        let first = first.or_else(|| one.elements().first());
                        if let Some(name) = first.and_then(Item::plain) {
                            places.push((name.into(), one.span.clone()));
                        }
                    }
                }
                ExamplePlaces(places)
            })
            .collect()
    }

    fn inline(&mut self, r: &Record, field: &str) -> Option<(Item, Place)> {
        let found = r.field(field)?;
        let Scalar::Inline(text) = &found.value else {
            return None;
        };
        Some((Item::parse(text, 0).ok()?, found.place.clone()))
    }

    /// `{ A = 12, A1 = [10, 9], outcome = "eligible" }`; a list stands for the guardians: `A1[0]`, `A1[1]`.
    fn expected(&mut self, r: &Record) -> Vec<(Box<str>, Box<str>)> {
        let Some((item, place)) = self.inline(r, "expect") else {
            return Vec::new();
        };
        let mut list = Vec::new();
        if !matches!(item.value, Inline::Table(_)) {
            self.wrong(place, "expect = { A = 12, outcome = \"eligible\" }");
            return list;
        }
        for entry in item.entries() {
            if let Inline::List(items) = &entry.item.value {
                for (i, item) in items.iter().enumerate() {
                    match item.plain() {
                        Some(text) => {
                            list.push((format!("{}[{i}]", entry.name).into(), text.into()))
                        }
                        None => self.wrong(place.clone(), "expect = { A1 = [10, 9] }"),
                    }
                }
            } else if let Some(text) = entry.item.plain() {
                list.push((entry.name.clone(), text.into()));
            } else {
                self.wrong(place.clone(), "expect = { A = 12, outcome = \"eligible\" }");
            }
        }
        list
    }

    /// `[{ name = "甲", keys = ["F", 12] }, …]`, `[["甲", "F", 12], …]` or `{ 甲 = ["F", 12], … }`.
    fn ordered(&mut self, r: &Record) -> Vec<(Box<str>, Vec<Box<str>>)> {
        const FORM: &str = "order = [{ name = \"甲\", keys = [\"F\", 12] }, { name = \"乙\", keys = [\"E\", 13] }]";
        let Some((item, place)) = self.inline(r, "order") else {
            return Vec::new();
        };
        let plain = |items: &[Item]| -> Option<Vec<Box<str>>> {
            items.iter().map(|i| i.plain().map(Into::into)).collect()
        };
        let mut list = Vec::new();
        let mut good = true;
        match &item.value {
            Inline::Table(entries) => {
                for e in entries {
                    match plain(e.item.elements()) {
                        Some(keys) => list.push((e.name.clone(), keys)),
                        None => good = false,
                    }
                }
            }
            Inline::List(items) => {
                for i in items {
                    let found = match &i.value {
                        Inline::List(all) => all
                            .split_first()
                            .and_then(|(name, keys)| Some((name.plain()?.into(), plain(keys)?))),
                        Inline::Table(_) => {
                            let of = |names: [&str; 2]| {
                                let mut entries = i.entries().iter();
                                entries.find(|e| names.contains(&&*e.name)).map(|e| &e.item)
                            };
                            of(["name", "label"]).zip(of(["keys", "key"])).and_then(
                                |(name, keys)| {
                                    Some((name.plain()?.into(), plain(keys.elements())?))
                                },
                            )
                        }
                        _ => None,
                    };
                    match found {
                        Some(pair) => list.push(pair),
                        None => good = false,
                    }
                }
            }
            _ => good = false,
        }
        if !good || list.len() < 2 {
            self.wrong(place, FORM);
        }
        list
    }

    fn wrong(&mut self, place: Place, form: &str) {
        self.all.error(
            "C081",
            place,
            (
                "計算例のこの書き方は読めません",
                "this cannot be read as part of an example",
            ),
            (
                format!("{form} の形で書いてください"),
                format!("write {form}"),
            ),
        );
    }

    pub(super) fn monotone(&mut self) -> Vec<Monotone> {
        let rows = self.doc.rows("monotone");
        rows.iter().filter_map(|r| self.claim(r)).collect()
    }

    fn claim(&mut self, r: &Record) -> Option<Monotone> {
        let fact = r.text("fact")?;
        let place = place_of(r, "fact");
        let (entity, name) = fact.split_once('.').unwrap_or(("", fact));
        let entities: Vec<&str> = Entity::ALL.iter().map(|e| e.name()).collect();
        let Some(entity) = Entity::ALL.iter().copied().find(|e| e.name() == entity) else {
            let bare = VOCABULARY.iter().find(|a| a.name == fact);
            let mend = match bare {
                Some(a) => (
                    format!("「{}」のことですか", a.path()),
                    format!("did you mean \"{}\"?", a.path()),
                ),
                None => suggest::mend(entity, &entities),
            };
            self.all.error(
                "C082",
                place,
                (
                    format!("「{fact}」は「household.welfare」のような属性ではありません"),
                    format!("\"{fact}\" is no attribute such as \"household.welfare\""),
                ),
                mend,
            );
            return None;
        };
        let Some(attribute) = find(entity, name) else {
            let names: Vec<&str> = of_entity(entity).map(|(_, a)| a.name).collect();
            self.all.error(
                "C082",
                place,
                (
                    format!("「{}」に「{name}」という属性はありません", entity.label()),
                    format!("{} has no attribute \"{name}\"", entity.name()),
                ),
                suggest::mend(name, &names),
            );
            return None;
        };
        if matches!(
            VOCABULARY[attribute as usize].ty,
            Type::Text | Type::Texts | Type::Enum(_)
        ) {
            self.all.error(
                "C083",
                place,
                (
                    format!("「{fact}」には、多い・少ないがありません"),
                    format!("there is no more or less of \"{fact}\""),
                ),
                (
                    "はい／いいえ、数、日、または事由の集まりを書いてください",
                    "name a yes/no fact, a number, a day or a set",
                ),
            );
            return None;
        }
        Some(Monotone {
            entity,
            attribute,
            better: match r.text("better") {
                Some("less") => Better::Less,
                _ => Better::More,
            },
            span: self.record_span(r),
        })
    }
}
