//! One choice and everybody around it.

use enmusubi_criteria::{Criteria, model::Over};
use enmusubi_domain::facts::{
    AttributeIx, Entity, Exact, RoundFacts, Type, Value, vocabulary::VOCABULARY,
};
use jiff::civil::Date;
use std::{cell::RefCell, collections::HashMap, ops::Range, sync::OnceLock};

/// What an expression comes to. Units were the checker's business; a quantity is its number here.
/// A name of an enumeration and a text are both texts.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Dyn<'a> {
    Unknown,
    Bool(bool),
    Number(Exact),
    Date(Date),
    Text(&'a str),
    /// A set of an enumeration, or a list of ids.
    Texts(Vec<&'a str>),
    Subject(Entity, u32),
    Subjects(Entity, Vec<u32>),
}

/// Arithmetic that cannot be done, and in which item of the file (the innermost).
#[derive(Debug)]
pub(crate) struct Fault {
    pub item: Option<Box<str>>,
    pub division: bool,
}

impl Fault {
    /// Says in which item it happened, unless an inner one has said so.
    pub fn within(mut self, item: &str) -> Self {
        self.item.get_or_insert_with(|| item.into());
        self
    }
}

pub(crate) type Outcome<T> = Result<T, Fault>;

/// The subject of a table over guardians or adults, and the variables of lambdas around.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Scope<'s> {
    /// The guardian or adult at hand.
    pub at_hand: Option<(Entity, u32)>,
    /// The innermost variable.
    pub variable: Option<&'s Variable<'s>>,
}

/// A variable of a lambda.
#[derive(Debug)]
pub(crate) struct Variable<'s> {
    pub name: &'s str,
    pub entity: Entity,
    pub subject: u32,
    /// The variable of the lambda around it.
    pub outer: Option<&'s Variable<'s>>,
}

/// Points of a table (position), for a subject of a table over guardians or adults.
type KnownTables = HashMap<(usize, Option<u32>), Option<Exact>>;

/// Whether a condition (position) holds, for a guardian or adult at hand.
type KnownConditions = HashMap<(usize, Option<(Entity, u32)>), Option<bool>>;

/// One choice, judged once.
pub(crate) struct Case<'a> {
    pub criteria: &'a Criteria,
    pub facts: &'a RoundFacts,
    pub choice: u32,
    pub child: u32,
    pub household: u32,
    pub facility: u32,
    /// Tables already worked out, by position and subject.
    pub tables: RefCell<KnownTables>,
    /// Values already worked out, by position.
    pub values: RefCell<HashMap<usize, Option<Exact>>>,
    /// Conditions already worked out, by position and the guardian or adult at hand.
    conditions: RefCell<KnownConditions>,
}

impl<'a> Case<'a> {
    pub fn new(criteria: &'a Criteria, facts: &'a RoundFacts, choice: u32) -> Self {
        let child = facts.child_of(choice);
        Self {
            criteria,
            facts,
            choice,
            child,
            household: facts.household_of(child),
            facility: facts.choice_facility[choice as usize],
            tables: RefCell::default(),
            values: RefCell::default(),
            conditions: RefCell::default(),
        }
    }

    /// What a bare name stands for; `None` for a name the checker should not have passed.
    pub fn name(&self, name: &str, scope: Scope<'_>) -> Outcome<Option<Dyn<'a>>> {
        let mut variable = scope.variable;
        while let Some(v) = variable {
            if v.name == name {
                return Ok(Some(Dyn::Subject(v.entity, v.subject)));
            }
            variable = v.outer;
        }
        let household = self.household as usize;
        let index = &self.facts.index;
        let all = |range: &Range<u32>| range.clone().collect::<Vec<u32>>();
        let found = match name {
            "round" => Dyn::Subject(Entity::Round, 0),
            "household" => Dyn::Subject(Entity::Household, self.household),
            "child" => Dyn::Subject(Entity::Child, self.child),
            "facility" => Dyn::Subject(Entity::Facility, self.facility),
            "choice" => Dyn::Subject(Entity::Choice, self.choice),
            "guardian" | "adult" => match scope.at_hand {
                Some((entity, subject)) if entity.name() == name => Dyn::Subject(entity, subject),
                _ => return Ok(None),
            },
            "guardians" => Dyn::Subjects(Entity::Guardian, all(&index.guardians[household])),
            "adults" => Dyn::Subjects(Entity::Adult, all(&index.adults[household])),
            "children" => Dyn::Subjects(Entity::Child, all(&index.children[household])),
            "applicants" => Dyn::Subjects(Entity::Child, self.applicants()),
            "siblings" => {
                let mut siblings = all(&index.children[household]);
                siblings.retain(|&c| c != self.child);
                Dyn::Subjects(Entity::Child, siblings)
            }
            "declines" => Dyn::Subjects(Entity::Decline, all(&index.declines[self.child as usize])),
            _ => return self.of_file(name, scope),
        };
        Ok(Some(found))
    }

    /// A table, value or condition of the file.
    fn of_file(&self, name: &str, scope: Scope<'_>) -> Outcome<Option<Dyn<'a>>> {
        let number = |n: Option<Exact>| n.map_or(Dyn::Unknown, Dyn::Number);
        if let Some(at) = self.criteria.tables.iter().position(|t| *t.id == *name) {
            return Ok(Some(number(self.table(at, None)?)));
        }
        if let Some(at) = self.criteria.values.iter().position(|v| *v.id == *name) {
            return Ok(Some(number(self.value(at)?)));
        }
        if let Some(at) = self.criteria.conditions.iter().position(|c| *c.id == *name) {
            let known = self.conditions.borrow().get(&(at, scope.at_hand)).copied();
            let holds = match known {
                Some(holds) => holds,
                None => self.of_condition(at, scope.at_hand)?,
            };
            return Ok(Some(holds.map_or(Dyn::Unknown, Dyn::Bool)));
        }
        Ok(None)
    }

    /// A condition knows the guardian at hand, but nobody else's lambda.
    fn of_condition(&self, at: usize, at_hand: Option<(Entity, u32)>) -> Outcome<Option<bool>> {
        let c = &self.criteria.conditions[at];
        let scope = Scope {
            at_hand,
            variable: None,
        };
        let holds = self
            .condition(&c.when, scope)
            .map_err(|f| f.within(&c.id))?;
        self.conditions.borrow_mut().insert((at, at_hand), holds);
        Ok(holds)
    }

    /// An attribute of a subject, or a table over such subjects.
    pub fn member(&self, entity: Entity, subject: u32, name: &str) -> Outcome<Option<Dyn<'a>>> {
        if let Some(at) = attribute(entity, name) {
            let value = self.facts.table(entity).get(subject, at);
            return Ok(Some(self.stated(at, value)));
        }
        let over = match entity {
            Entity::Guardian => Over::Guardian,
            Entity::Adult => Over::Adult,
            _ => return Ok(None),
        };
        let tables = &self.criteria.tables;
        match tables.iter().position(|t| *t.id == *name && t.over == over) {
            Some(at) => Ok(Some(
                self.table(at, Some(subject))?
                    .map_or(Dyn::Unknown, Dyn::Number),
            )),
            None => Ok(None),
        }
    }

    /// A value as the facts hold it.
    fn stated(&self, attribute: AttributeIx, value: Value) -> Dyn<'a> {
        let symbols = &self.facts.symbols;
        let named = |i: usize| match VOCABULARY[attribute as usize].ty {
            Type::Enum(e) | Type::Set(e) => e.values[i].0,
            _ => "",
        };
        match value {
            Value::Unknown => Dyn::Unknown,
            Value::Bool(b) => Dyn::Bool(b),
            Value::Number(n) => Dyn::Number(n),
            Value::Date(d) => Dyn::Date(d),
            Value::Enum(i) => Dyn::Text(named(usize::from(i))),
            Value::Set(bits) => Dyn::Texts(
                (0..64usize)
                    .filter(|i| bits >> i & 1 == 1)
                    .map(named)
                    .collect(),
            ),
            Value::Symbol(s) => Dyn::Text(symbols.text(s)),
            Value::Symbols(list) => Dyn::Texts(
                symbols.lists[list as usize]
                    .iter()
                    .map(|&s| symbols.text(s))
                    .collect(),
            ),
        }
    }

    /// The children of the household who apply.
    pub fn applicants(&self) -> Vec<u32> {
        self.facts.index.children[self.household as usize]
            .clone()
            .filter(|&c| self.applies(c))
            .collect()
    }

    fn applies(&self, child: u32) -> bool {
        let application = attribute(Entity::Child, "application")
            .map(|at| self.stated(at, self.facts.children.get(child, at)));
        matches!(application, Some(Dyn::Text("new" | "transfer")))
    }
}

/// Position of an attribute of the vocabulary.
fn attribute(entity: Entity, name: &str) -> Option<AttributeIx> {
    static POSITIONS: OnceLock<HashMap<(Entity, &'static str), AttributeIx>> = OnceLock::new();
    POSITIONS
        .get_or_init(|| {
            VOCABULARY
                .iter()
                .enumerate()
                .map(|(at, a)| ((a.entity, a.name), at as AttributeIx))
                .collect()
        })
        .get(&(entity, name))
        .copied()
}
