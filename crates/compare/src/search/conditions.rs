//! Conditions that a row nobody wrote down may have: one fact of the vocabulary at one of its levels, in the criteria
//! language, and for whom it holds in a round.
//!
//! Numbers are cut where the file itself cuts them, or at each value where there are few. Where a fact is unknown for
//! somebody, the condition asks first whether it is known: a proposed row never leaves anybody undecided.

use super::forbidden::may_decide;
use enmusubi_criteria::{
    Criteria,
    expression::{Binary, Expression, Kind},
    model::Points,
};
use enmusubi_domain::facts::{
    Entity, Exact, RoundFacts, Value,
    vocabulary::{Attribute, AttributeIx, Type, of_entity},
};
use std::collections::{BTreeMap, BTreeSet};

/// A condition about subjects of one kind.
#[derive(Debug, Clone)]
pub struct Atom {
    /// In the criteria language.
    pub text: String,
    /// The fact it is about.
    pub fact: &'static str,
    /// Whether the fact is one of several words.
    pub is_word: bool,
    /// Per subject of the table: whether it holds.
    pub holds: Vec<bool>,
}

/// Where the file cuts numbers, by the name of the fact: the lowest number above the cut, or the highest below.
#[derive(Debug, Clone)]
pub struct Cuts {
    of: BTreeMap<Box<str>, BTreeSet<(Exact, bool)>>,
    few: usize,
}

/// Values of a number that are cuts beside those of the file, at most.
const FEW: usize = 12;
/// The same where the file says nothing.
const MANY: usize = 160;

/// Words of a fact, "none" aside, of which any two may be meant together.
const SETS: std::ops::RangeInclusive<usize> = 3..=8;

impl Cuts {
    /// The cuts of a file.
    #[must_use]
    pub fn of(criteria: &Criteria) -> Self {
        let mut cuts = Self {
            of: BTreeMap::new(),
            few: FEW,
        };
        for table in &criteria.tables {
            for band in &table.bands {
                band.when.iter().for_each(|e| cuts.look(e));
            }
            for row in &table.rows {
                row.when.iter().for_each(|e| cuts.look(e));
                if let Points::Expression(e) = &row.points {
                    cuts.look(e);
                }
                let Some(part) = &row.band else { continue };
                let band = &table.bands[part.band as usize];
                cuts.add(&band.by, [part.from, part.below]);
                if let Some(by) = &band.by2 {
                    cuts.add(by, [part.from2, part.below2]);
                }
            }
        }
        for condition in &criteria.conditions {
            cuts.look(&condition.when);
        }
        for value in &criteria.values {
            for change in &value.changes {
                change.when.iter().for_each(|e| cuts.look(e));
            }
        }
        for rule in &criteria.eligibility {
            cuts.look(&rule.require);
        }
        cuts
    }

    /// The same, and more of the numbers themselves: for a file that says little.
    #[must_use]
    pub fn many(criteria: &Criteria) -> Self {
        Self {
            few: MANY,
            ..Self::of(criteria)
        }
    }

    fn add(&mut self, by: &Expression, ends: [Option<Exact>; 2]) {
        if let Kind::Member(_, name) = &by.kind {
            let cuts = self.of.entry(name.text.clone()).or_default();
            cuts.extend(ends.into_iter().flatten().map(|n| (n, false)));
        }
    }

    fn look(&mut self, e: &Expression) {
        match &e.kind {
            Kind::Binary(op, a, b) => {
                self.look(a);
                self.look(b);
                // `>= n` and `< n` cut below n, `> n` and `<= n` above it.
                let above = match op {
                    Binary::GreaterOrEqual | Binary::Less => false,
                    Binary::Greater | Binary::LessOrEqual => true,
                    _ => return,
                };
                let (Kind::Member(_, name), Some(n)) = (&a.kind, number(b)) else {
                    return;
                };
                self.of
                    .entry(name.text.clone())
                    .or_default()
                    .insert((n, above));
            }
            Kind::Number(_) | Kind::Text(_) | Kind::Bool(_) | Kind::Name(_) => {}
            Kind::Member(of, _) | Kind::Unary(_, of) => self.look(of),
            Kind::List(list) | Kind::Call(_, list) => list.iter().for_each(|e| self.look(e)),
            Kind::Method(of, _, list) => {
                self.look(of);
                list.iter().for_each(|e| self.look(e));
            }
            Kind::Choose(c, a, b) => [c, a, b].into_iter().for_each(|e| self.look(e)),
        }
    }
}

/// A number of a file, with or without a unit.
fn number(e: &Expression) -> Option<Exact> {
    match &e.kind {
        Kind::Number(n) => Some(*n),
        Kind::Call(_, list) => match &list[..] {
            [one] => number(one),
            _ => None,
        },
        _ => None,
    }
}

/// The conditions about one fact of an entity that tell some of the subjects in question from others. `name`: how
/// the subject is called in the text.
#[must_use]
pub fn atoms(
    facts: &RoundFacts,
    entity: Entity,
    name: &str,
    cuts: &Cuts,
    in_question: &[bool],
) -> Vec<Atom> {
    let mut found = Vec::new();
    for (at, attribute) in of_entity(entity) {
        if may_decide(attribute) && facts.table(entity).column(at).is_some() {
            of_attribute(facts, (at, attribute), name, cuts, in_question, &mut found);
        }
    }
    found
}

fn of_attribute(
    facts: &RoundFacts,
    (at, attribute): (AttributeIx, &Attribute),
    name: &str,
    cuts: &Cuts,
    in_question: &[bool],
    found: &mut Vec<Atom>,
) {
    let table = facts.table(attribute.entity);
    let path = format!("{name}.{}", attribute.name);
    let values: Vec<Value> = (0..table.len() as u32).map(|s| table.get(s, at)).collect();
    let asked = || {
        values
            .iter()
            .zip(in_question)
            .filter(|(_, q)| **q)
            .map(|(v, _)| v)
    };
    let unknown = asked().any(|v| !v.is_known());
    let mut add = |text: String, holds: &dyn Fn(&Value) -> bool| {
        let (some, all) = (asked().any(holds), asked().all(holds));
        if some && !all {
            let text = match unknown {
                true => format!("known({path}) && {text}"),
                false => text,
            };
            let holds = values.iter().map(holds).collect();
            found.push(Atom {
                text,
                fact: attribute.name,
                is_word: matches!(attribute.ty, Type::Enum(_)),
                holds,
            });
        }
    };
    match attribute.ty {
        Type::Bool => add(path.clone(), &|v| *v == Value::Bool(true)),
        Type::Enum(of) => {
            for (level, (word, _)) in of.values.iter().enumerate() {
                let level = Value::Enum(level as u8);
                add(format!("{path} == '{word}'"), &|v| *v == level);
                if *word == "none" {
                    add(format!("{path} != 'none'"), &|v| {
                        v.is_known() && *v != level
                    });
                }
            }
            let words = of.values.iter().enumerate();
            let words: Vec<(usize, &str)> = (words.map(|(level, (word, _))| (level, *word)))
                .filter(|(_, word)| *word != "none")
                .collect();
            if !SETS.contains(&words.len()) {
                return;
            }
            for (at, (x, word)) in words.iter().enumerate() {
                for (y, other) in &words[at + 1..] {
                    let pair = [x, y].map(|l| Value::Enum(*l as u8));
                    add(format!("{path} in ['{word}', '{other}']"), &|v| {
                        pair.contains(v)
                    });
                }
            }
        }
        Type::Set(of) => {
            for (bit, (word, _)) in of.values.iter().enumerate() {
                add(
                    format!("'{word}' in {path}"),
                    &|v| matches!(v, Value::Set(bits) if bits >> bit & 1 == 1),
                );
            }
        }
        Type::Number | Type::Quantity(_) => {
            let mut edges: BTreeSet<(Exact, bool)> =
                cuts.of.get(attribute.name).cloned().unwrap_or_default();
            let numbers = asked().filter_map(|v| match v {
                Value::Number(n) => Some(*n),
                _ => None,
            });
            let numbers: BTreeSet<Exact> = numbers.collect();
            edges.extend(rounded(numbers, cuts.few).into_iter().map(|n| (n, false)));
            for (edge, above) in edges {
                let number = match attribute.ty {
                    Type::Quantity(unit) => format!("{}({edge})", unit.name()),
                    _ => edge.to_string(),
                };
                let sign = if above { ">" } else { ">=" };
                add(format!("{path} {sign} {number}"), &|v| match v {
                    Value::Number(n) if above => *n > edge,
                    Value::Number(n) => *n >= edge,
                    _ => false,
                });
            }
        }
        Type::Date | Type::Text | Type::Texts => {}
    }
}

/// Numbers at which people would cut: all where there are few, else the roundest.
fn rounded(numbers: BTreeSet<Exact>, few: usize) -> Vec<Exact> {
    let rough = |n: &Exact| {
        let steps = [60, 30, 20, 10, 5, 2, 1];
        let whole = n.as_whole();
        let step = whole.and_then(|n| steps.iter().position(|s| n % s == 0));
        step.unwrap_or(steps.len())
    };
    let mut list: Vec<Exact> = numbers.into_iter().collect();
    if list.len() > few {
        list.sort_by_key(|n| (rough(n), *n));
        list.truncate(few);
    }
    list
}

/// A condition in the criteria language, for those it concerns.
#[derive(Debug, Clone)]
pub struct Condition<T> {
    /// The condition; further ones hold for the same.
    pub texts: Vec<String>,
    /// For each of those concerned: whether it holds, or how often.
    pub holds: Vec<T>,
    /// How many facts it speaks of.
    pub facts: usize,
}

/// Conditions about one fact each; those that hold for the same, as one, the shortest words first.
#[must_use]
pub fn together<T: Clone + Ord>(list: Vec<(String, Vec<T>)>) -> Vec<Condition<T>> {
    // Ordered: most differ in one of the first, and a hash would read them all.
    let mut at: BTreeMap<Vec<T>, usize> = BTreeMap::new();
    let mut found: Vec<Condition<T>> = Vec::new();
    for (text, holds) in list {
        match at.get(&holds) {
            Some(&nth) => found[nth].texts.push(text),
            None => {
                at.insert(holds.clone(), found.len());
                found.push(Condition {
                    texts: vec![text],
                    holds,
                    facts: 1,
                });
            }
        }
    }
    for condition in &mut found {
        condition.texts.sort_by_key(String::len);
    }
    found
}
