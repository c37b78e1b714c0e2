//! Writing attributes by name.

use enmusubi_domain::facts::{
    AttributeIx, Blank, Entity, Exact, RoundFacts, Type, Value, vocabulary::VOCABULARY,
};
use jiff::civil::Date;
use std::collections::HashMap;

/// What is written; the attribute's type says how it becomes a value.
#[derive(Debug, Clone, Copy)]
pub(super) enum Fact<'a> {
    Flag(bool),
    Number(Exact),
    Day(Date),
    /// A value of an enumeration by name, or a text.
    Word(&'a str),
    /// Values of an enumeration by name.
    Words(&'a [&'a str]),
}

impl From<bool> for Fact<'_> {
    fn from(value: bool) -> Self {
        Self::Flag(value)
    }
}
impl From<i64> for Fact<'_> {
    fn from(value: i64) -> Self {
        Self::Number(Exact::whole(value))
    }
}
impl From<Exact> for Fact<'_> {
    fn from(value: Exact) -> Self {
        Self::Number(value)
    }
}
impl From<Date> for Fact<'_> {
    fn from(value: Date) -> Self {
        Self::Day(value)
    }
}
impl<'a> From<&'a str> for Fact<'a> {
    fn from(value: &'a str) -> Self {
        Self::Word(value)
    }
}
impl<'a> From<&'a [&'a str]> for Fact<'a> {
    fn from(value: &'a [&'a str]) -> Self {
        Self::Words(value)
    }
}

/// A subject: its table and position.
pub(super) type Who = (Entity, u32);

/// Quarters of an hour or a day as an exact number.
pub(super) fn quarters(n: i64) -> Exact {
    Exact::new(n, 4).unwrap_or(Exact::ZERO)
}

/// Facts being written.
pub(super) struct Pen {
    pub(super) facts: RoundFacts,
    at: HashMap<(Entity, &'static str), AttributeIx>,
}

impl Pen {
    pub(super) fn new(facts: RoundFacts) -> Self {
        let at = VOCABULARY.iter().enumerate();
        Self {
            facts,
            at: at
                .map(|(i, a)| ((a.entity, a.name), i as AttributeIx))
                .collect(),
        }
    }

    /// Adds a subject. Rows count from 2, below the header, as a spreadsheet shows them.
    pub(super) fn push(&mut self, entity: Entity, id: &str, parent: Option<u32>) -> Who {
        let table = self.facts.table_mut(entity);
        let row = table.len() as u32 + 2;
        (entity, table.push(id, parent, row))
    }

    /// States an attribute. What a blank says anyway stays blank.
    pub(super) fn set<'a>(&mut self, (entity, who): Who, name: &str, fact: impl Into<Fact<'a>>) {
        let found = self.at.get(&(entity, name)).copied();
        debug_assert!(
            found.is_some(),
            "{entity:?}.{name} is not in the vocabulary"
        );
        let Some(at) = found else { return };
        let attribute = &VOCABULARY[at as usize];
        let value = match (fact.into(), attribute.ty) {
            (Fact::Flag(flag), Type::Bool) => Value::Bool(flag),
            (Fact::Number(number), Type::Number | Type::Quantity(_)) => Value::Number(number),
            (Fact::Day(day), Type::Date) => Value::Date(day),
            (Fact::Word(word), Type::Enum(e)) => match e.of_name(word) {
                Some(i) => Value::Enum(i),
                None => wrong(entity, name),
            },
            (Fact::Words(words), Type::Set(e)) => Value::Set(
                words
                    .iter()
                    .filter_map(|w| e.of_name(w))
                    .fold(0, |set, i| set | 1 << i),
            ),
            (Fact::Word(text), Type::Text) => Value::Symbol(self.facts.symbol(text)),
            _ => wrong(entity, name),
        };
        let table = self.facts.table_mut(entity);
        let says_nothing = attribute.blank != Blank::Unknown && value == attribute.blank_value();
        if !(says_nothing && table.column(at).is_none()) {
            table.set(who, at, value);
        }
    }

    /// States a list of ids.
    pub(super) fn set_ids(&mut self, (entity, who): Who, name: &str, ids: &[String]) {
        let Some(&at) = self.at.get(&(entity, name)) else {
            return;
        };
        let mut list: Vec<_> = ids.iter().map(|id| self.facts.symbol(id)).collect();
        list.sort_unstable();
        let lists = &mut self.facts.symbols.lists;
        let number = lists.iter().position(|l| *l == list).unwrap_or_else(|| {
            lists.push(list);
            lists.len() - 1
        });
        let value = Value::Symbols(number as u32);
        self.facts.table_mut(entity).set(who, at, value);
    }

    /// An attribute as stated so far.
    pub(super) fn get(&self, (entity, who): Who, name: &str) -> Value {
        match self.at.get(&(entity, name)) {
            Some(&at) => self.facts.table(entity).get(who, at),
            None => Value::Unknown,
        }
    }

    /// The value of an enumeration's name.
    pub(super) fn word(&self, (entity, _): Who, name: &str, word: &str) -> Value {
        let at = self.at.get(&(entity, name)).copied();
        match at.map(|at| VOCABULARY[at as usize].ty) {
            Some(Type::Enum(e) | Type::Set(e)) => {
                e.of_name(word).map_or(Value::Unknown, Value::Enum)
            }
            _ => Value::Unknown,
        }
    }

    /// The paper a subject's attributes were read from.
    pub(super) fn evidence(&mut self, (entity, who): Who, text: &str) {
        self.facts.table_mut(entity).evidence[who as usize] = text.into();
    }
}

/// A value of another type than its attribute: a mistake in this crate, which tests would meet.
fn wrong(entity: Entity, name: &str) -> Value {
    debug_assert!(false, "{entity:?}.{name}: the value is of another type");
    Value::Unknown
}
