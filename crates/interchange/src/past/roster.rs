//! Whom and what a list of a past round may speak of.

use crate::{columns::normal, csv, workbook::cell::nearest};
use enmusubi_domain::{
    Round,
    facts::{Entity, RoundFacts, Value, vocabulary::find},
    id,
};
use hashbrown::HashMap;

/// Children and facilities of the round: lists are read into their ids.
///
/// Without children (or facilities) nothing is checked, and ids are as in the list, NFKC-normalised.
#[derive(Debug, Clone, Default)]
pub struct Roster {
    children: Ids,
    facilities: Ids,
    names: Vec<Box<str>>,
    by_name: HashMap<String, Vec<usize>>,
}

#[derive(Debug, Clone, Default)]
struct Ids {
    list: Vec<Box<str>>,
    exact: HashMap<Box<str>, usize>,
    /// By width-normalised form.
    even: HashMap<String, Vec<usize>>,
    /// Numbers by their digits without leading zeros.
    bare: HashMap<String, Vec<usize>>,
}

/// An id looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Found {
    /// Position.
    As(usize),
    /// Position; the list has lost leading zeros.
    WithZeros(usize),
    No,
}

impl Ids {
    fn push(&mut self, id: &str) {
        let at = self.list.len();
        self.list.push(id.into());
        self.exact.entry(id.into()).or_insert(at);
        let even = normal(id);
        if let Some(bare) = without_zeros(&even) {
            self.bare.entry(bare.to_owned()).or_default().push(at);
        }
        self.even.entry(even).or_default().push(at);
    }

    fn find(&self, cell: &str) -> Found {
        let cell = id::normalise(cell);
        let exact = self.exact.get(cell);
        if let Some(&at) = exact.or_else(|| self.exact.get(csv::bare(cell)?)) {
            return Found::As(at);
        }
        let even = even(cell);
        if let Some(&[at]) = self.even.get(&even).map(Vec::as_slice) {
            return Found::As(at);
        }
        // The other way round would drop zeros that stand in the list.
        let zeros = without_zeros(&even).filter(|bare| *bare == even);
        match zeros
            .and_then(|bare| self.bare.get(bare))
            .map(Vec::as_slice)
        {
            Some(&[at]) => Found::WithZeros(at),
            _ => Found::No,
        }
    }
}

/// Digits without leading zeros; `None` for anything else.
fn without_zeros(text: &str) -> Option<&str> {
    let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    digits.then(|| text.trim_start_matches('0'))
}

/// An id of a list in a form that two lists have in common.
fn even(cell: &str) -> String {
    id::strip_zero_fraction(&normal(cell)).to_owned()
}

/// A child as a list names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Child {
    pub id: Box<str>,
    /// Read with leading zeros that the list does not have.
    pub zeros: bool,
}

/// A facility as a list names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Facility {
    Known {
        id: Box<str>,
        zeros: bool,
    },
    Unknown,
    /// Ids of those that have the name.
    Ambiguous(Vec<Box<str>>),
}

impl Roster {
    /// A roster of ids of children, and of ids and names of facilities (`""` where it has none).
    pub fn new<'a>(
        children: impl IntoIterator<Item = &'a str>,
        facilities: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Self {
        let mut roster = Self::default();
        for child in children {
            roster.children.push(child);
        }
        for (id, name) in facilities {
            let at = roster.names.len();
            roster.facilities.push(id);
            roster.names.push(name.into());
            if !name.is_empty() {
                roster.by_name.entry(normal(name)).or_default().push(at);
            }
        }
        roster
    }

    /// Whether it has any child.
    pub(super) fn has_children(&self) -> bool {
        !self.children.list.is_empty()
    }

    /// Whether it has any facility.
    pub(super) fn has_facilities(&self) -> bool {
        !self.facilities.list.is_empty()
    }

    /// Name of a facility.
    pub(super) fn name(&self, facility: &str) -> Option<&str> {
        let at = *self.facilities.exact.get(facility)?;
        Some(&*self.names[at]).filter(|name| !name.is_empty())
    }

    /// Whether a cell names a child of the round.
    pub(super) fn is_child(&self, cell: &str) -> bool {
        self.children.find(cell) != Found::No
    }

    /// The child a cell names. One the round does not have keeps its id.
    pub(super) fn child(&self, cell: &str) -> Child {
        let (at, zeros) = match self.children.find(cell) {
            Found::As(at) => (at, false),
            Found::WithZeros(at) => (at, true),
            Found::No => {
                let id = csv::bare(cell).unwrap_or(cell);
                return Child {
                    id: even(id).into(),
                    zeros: false,
                };
            }
        };
        Child {
            id: self.children.list[at].clone(),
            zeros,
        }
    }

    /// The facility a cell (not blank) names, by id, name, or both one after the other.
    pub(super) fn facility(&self, cell: &str) -> Facility {
        let known = |at: usize, zeros| Facility::Known {
            id: self.facilities.list[at].clone(),
            zeros,
        };
        if self.facilities.list.is_empty() {
            let id = csv::bare(cell).unwrap_or(cell);
            return Facility::Known {
                id: even(id).into(),
                zeros: false,
            };
        }
        let found = self.facilities.find(cell);
        if let Found::As(at) = found {
            return known(at, false);
        }
        let text = csv::bare(cell).unwrap_or(cell);
        match self.by_name.get(&normal(text)).map(Vec::as_slice) {
            Some(&[at]) => return known(at, false),
            Some(several) => {
                let ids = several.iter().map(|&at| self.facilities.list[at].clone());
                return Facility::Ambiguous(ids.collect());
            }
            None => {}
        }
        if let Some(at) = self.id_and_name(text) {
            return known(at, false);
        }
        if let Found::WithZeros(at) = found {
            return known(at, true);
        }
        Facility::Unknown
    }

    /// `101 あさひ保育園`, `101：あさひ保育園`.
    fn id_and_name(&self, text: &str) -> Option<usize> {
        let split = |c: char| c.is_whitespace() || ":：_＿-－・.．".contains(c);
        let (id, name) = text.trim().split_once(split)?;
        let Found::As(at) = self.facilities.find(id) else {
            return None;
        };
        let own = &self.names[at];
        (!own.is_empty() && normal(own) == normal(name)).then_some(at)
    }

    /// Id and name of the facility a cell most likely means, where any is likely. Takes its time: for messages.
    pub(super) fn near(&self, cell: &str) -> Option<(&str, &str)> {
        let names = self.names.iter().map(|n| &**n).filter(|n| !n.is_empty());
        let ids = self.facilities.list.iter().map(|i| &**i);
        let likely = nearest(cell, names.chain(ids))?;
        let named = self.names.iter().position(|n| **n == *likely);
        let at = named.or_else(|| self.facilities.exact.get(likely).copied())?;
        Some((&self.facilities.list[at], &self.names[at]))
    }
}

impl From<&Round> for Roster {
    fn from(round: &Round) -> Self {
        Self::new(
            round.children.iter().map(|c| &*c.id),
            round.nurseries.iter().map(|n| (&*n.id, &*n.name)),
        )
    }
}

impl From<&RoundFacts> for Roster {
    /// Every child of the round, also one that does not apply.
    fn from(facts: &RoundFacts) -> Self {
        let name = find(Entity::Facility, "name");
        let names = (0..facts.facilities.len() as u32).map(|f| {
            match name.map(|name| facts.facilities.get(f, name)) {
                Some(Value::Symbol(s)) => facts.symbols.text(s),
                _ => "",
            }
        });
        let ids = facts.facilities.ids.iter().map(|i| &**i);
        Self::new(facts.children.ids.iter().map(|i| &**i), ids.zip(names))
    }
}
