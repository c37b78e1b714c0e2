//! The smallest scope an expression needs: what it is evaluated once for.

use super::{Bounds, Kind, List, Resolved, Scopes, Subject, Typed, TypedRow, TypedTable};
use crate::model::{Criteria, Over, Points};

/// How far down the facts an expression looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum Level {
    /// The same for the whole round.
    #[default]
    Round,
    /// Once for a household.
    Household,
    /// Once for a child.
    Child,
    /// Once for a choice: child × facility × rank.
    Choice,
}

/// The element at hand in a table over guardians or adults.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Element {
    /// A guardian.
    Guardian,
    /// Another adult.
    Adult,
}

/// What an expression is evaluated once for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Scope {
    /// Household, child, choice.
    pub level: Level,
    /// And for each guardian (adult) of it.
    pub element: Option<Element>,
}

impl Scope {
    /// Without an element.
    #[must_use]
    pub fn at(level: Level) -> Self {
        Self {
            level,
            element: None,
        }
    }

    /// The smallest that holds both.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        Self {
            level: self.level.max(other.level),
            element: self.element.or(other.element),
        }
    }
}

impl Over {
    /// The element of a table.
    #[must_use]
    pub fn element(self) -> Option<Element> {
        match self {
            Self::Guardian => Some(Element::Guardian),
            Self::Adult => Some(Element::Adult),
            Self::Application => None,
        }
    }
}

impl List {
    fn level(self) -> Level {
        match self {
            Self::Guardians | Self::Adults | Self::Children | Self::Applicants => Level::Household,
            Self::Siblings | Self::Declines => Level::Child,
        }
    }
}

impl Subject {
    fn scope(self) -> Scope {
        match self {
            Self::Round | Self::Variable(_) => Scope::default(),
            Self::Household => Scope::at(Level::Household),
            Self::Child => Scope::at(Level::Child),
            Self::Facility | Self::Choice => Scope::at(Level::Choice),
            Self::Guardian => Scope {
                level: Level::Household,
                element: Some(Element::Guardian),
            },
            Self::Adult => Scope {
                level: Level::Household,
                element: Some(Element::Adult),
            },
        }
    }
}

impl Typed {
    /// The expressions it is made of.
    pub fn parts(&self) -> Vec<&Typed> {
        match &self.kind {
            Kind::Number(_)
            | Kind::Bool(_)
            | Kind::Date(_)
            | Kind::Enum(_)
            | Kind::Text(_)
            | Kind::Attribute(..)
            | Kind::Table(..)
            | Kind::Value(_)
            | Kind::Condition(_)
            | Kind::Size(_) => Vec::new(),
            Kind::Not(a)
            | Kind::Negate(a)
            | Kind::Known(a)
            | Kind::FiscalYear(a)
            | Kind::Month(a)
            | Kind::Ceil(a)
            | Kind::Floor(a)
            | Kind::Fold(_, _, _, a) => vec![a],
            Kind::And(a, b)
            | Kind::Or(a, b)
            | Kind::Compare(_, a, b)
            | Kind::Within(a, b)
            | Kind::Arithmetic(_, a, b)
            | Kind::Between(_, a, b) => vec![a, b],
            Kind::Choose(a, b, c) => vec![a, b, c],
            Kind::OneOf(a, list) => std::iter::once(&**a).chain(list).collect(),
            Kind::Least(list) | Kind::Greatest(list) => list.iter().collect(),
        }
    }

    /// Its smallest scope, given those of the named items.
    #[must_use]
    pub fn scope(&self, scopes: &Scopes) -> Scope {
        let own = match &self.kind {
            Kind::Attribute(subject, _) => subject.scope(),
            Kind::Table(t, subject) => Scope {
                element: None,
                ..scopes.tables.get(*t as usize).copied().unwrap_or_default()
            }
            .with(subject.map(Subject::scope).unwrap_or_default()),
            Kind::Value(v) => scopes.values.get(*v as usize).copied().unwrap_or_default(),
            Kind::Condition(c) => scopes
                .conditions
                .get(*c as usize)
                .copied()
                .unwrap_or_default(),
            Kind::Fold(_, list, ..) | Kind::Size(list) => Scope::at(list.level()),
            _ => Scope::default(),
        };
        self.parts()
            .into_iter()
            .fold(own, |scope, part| scope.with(part.scope(scopes)))
    }
}

/// Scope of several, absent ones included.
pub(super) fn of<'a>(list: impl IntoIterator<Item = &'a Option<Typed>>, scopes: &Scopes) -> Scope {
    list.into_iter()
        .flatten()
        .fold(Scope::default(), |s, e| s.with(e.scope(scopes)))
}

impl Bounds {
    /// Scope of both.
    #[must_use]
    pub fn scope(&self, scopes: &Scopes) -> Scope {
        of([&self.at_most, &self.at_least], scopes)
    }
}

impl TypedTable {
    /// Scope of a row (without exclusions): its condition with its band's, its points, its judgement by
    /// staff.
    #[must_use]
    pub fn row_scope(&self, table: &crate::model::Table, row: usize, scopes: &Scopes) -> Scope {
        let TypedRow { when, points } = &self.rows[row];
        let mut scope = of([when, points], scopes);
        if let Some(part) = &table.rows[row].band {
            let band = &self.bands[part.band as usize];
            scope = scope
                .with(of([&band.when, &band.by2], scopes))
                .with(band.by.scope(scopes));
        }
        if matches!(table.rows[row].points, Points::Discretion { .. }) {
            scope = scope.with(match table.over.element() {
                Some(element) => Scope {
                    level: Level::Household,
                    element: Some(element),
                },
                None => Scope::at(Level::Child),
            });
        }
        scope
    }
}

/// Scopes of the named items, in dependency order.
pub(super) fn scopes(criteria: &Criteria, resolved: &Resolved) -> Scopes {
    let mut scopes = Scopes {
        conditions: vec![Scope::default(); resolved.conditions.len()],
        tables: vec![Scope::default(); resolved.tables.len()],
        values: vec![Scope::default(); resolved.values.len()],
    };
    for item in &resolved.order {
        match *item {
            super::Item::Condition(c) => {
                scopes.conditions[c as usize] = resolved.conditions[c as usize].scope(&scopes);
            }
            super::Item::Value(v) => {
                let value = &resolved.values[v as usize];
                let mut scope = value.value.scope(&scopes);
                for (when, by) in &value.changes {
                    scope = scope.with(of([when], &scopes)).with(by.scope(&scopes));
                }
                scopes.values[v as usize] = scope;
            }
            super::Item::Table(t) => {
                let (table, typed) = (&criteria.tables[t as usize], &resolved.tables[t as usize]);
                let mut scope = typed
                    .bounds
                    .scope(&scopes)
                    .with(of([&typed.otherwise], &scopes));
                for group in &typed.groups {
                    scope = scope.with(group.scope(&scopes));
                }
                for row in 0..typed.rows.len() {
                    scope = scope.with(typed.row_scope(table, row, &scopes));
                }
                if let Some(element) = table.over.element() {
                    scope = scope.with(Scope {
                        level: Level::Household,
                        element: Some(element),
                    });
                }
                scopes.tables[t as usize] = scope;
            }
        }
    }
    scopes
}
