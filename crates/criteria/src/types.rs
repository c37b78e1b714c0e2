//! What expressions mean: names resolved to attributes, tables, values and conditions, texts to
//! positions in enumerations, units checked; and the smallest scope of every expression.
//!
//! [`check`] reports everything that is wrong with the expressions of a file. [`resolve`] gives the typed form
//! for the compiled evaluator; the reference evaluator interprets names on its own and must not use it.
//!
//! **Invariant:** a file without errors of [`check`] needs no type test while it is evaluated.

mod cycles;
mod file;
mod functions;
mod infer;
mod names;
mod operators;
mod scope;
#[cfg(test)]
mod tests;

pub use scope::{Element, Level, Scope};

use crate::{diagnostic::Diagnostics, expression::Span, model::Criteria};
use enmusubi_domain::facts::{AttributeIx, EnumType, Exact, Unit};
use jiff::civil::Date;

/// Type of an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ty {
    /// はい／いいえ.
    Bool,
    /// A number without unit.
    Number,
    /// A number with a unit.
    Quantity(Unit),
    /// A day.
    Date,
    /// One of a fixed list.
    Enum(&'static EnumType),
    /// Several of a fixed list.
    Set(&'static EnumType),
    /// A text or id.
    Text,
    /// Several texts or ids.
    Texts,
}

/// An expression with its type. Units are in the type only: [`Kind`] has no quantities.
#[derive(Debug, Clone, PartialEq)]
pub struct Typed {
    /// What it is.
    pub kind: Kind,
    /// Its type.
    pub ty: Ty,
    /// Where it was written.
    pub span: Span,
}

/// Kinds of typed expressions.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// A number or quantity.
    Number(Exact),
    /// はい／いいえ.
    Bool(bool),
    /// A day.
    Date(Date),
    /// Position in the type's enumeration.
    Enum(u8),
    /// A text or id.
    Text(Box<str>),
    /// An attribute of a subject.
    Attribute(Subject, AttributeIx),
    /// A table (position in the file); of a subject where it is over guardians or adults.
    Table(u32, Option<Subject>),
    /// A named value (position in the file).
    Value(u32),
    /// A named condition (position in the file).
    Condition(u32),
    /// `!a`.
    Not(Box<Typed>),
    /// `-a`.
    Negate(Box<Typed>),
    /// `a && b`.
    And(Box<Typed>, Box<Typed>),
    /// `a || b`.
    Or(Box<Typed>, Box<Typed>),
    /// `a == b`, `a < b` …
    Compare(Comparison, Box<Typed>, Box<Typed>),
    /// `x in [a, b]`.
    OneOf(Box<Typed>, Vec<Typed>),
    /// `x in s` for a set or list attribute.
    Within(Box<Typed>, Box<Typed>),
    /// `a + b` …
    Arithmetic(Operation, Box<Typed>, Box<Typed>),
    /// `c ? a : b`.
    Choose(Box<Typed>, Box<Typed>, Box<Typed>),
    /// `guardians.sum(g, e)`: the list, the variable's number (how many folds are around it), the body.
    Fold(Fold, List, u16, Box<Typed>),
    /// `guardians.size()`.
    Size(List),
    /// `min(a, b)`.
    Least(Vec<Typed>),
    /// `max(a, b)`.
    Greatest(Vec<Typed>),
    /// `known(x)`.
    Known(Box<Typed>),
    /// `months_between(a, b)` …
    Between(TimeUnit, Box<Typed>, Box<Typed>),
    /// `fiscal_year(d)`.
    FiscalYear(Box<Typed>),
    /// `month(d)`.
    Month(Box<Typed>),
    /// `ceil(x)`.
    Ceil(Box<Typed>),
    /// `floor(x)`.
    Floor(Box<Typed>),
}

/// Whose attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Subject {
    /// The round.
    Round,
    /// The household at hand.
    Household,
    /// The child at hand.
    Child,
    /// The facility of the choice at hand.
    Facility,
    /// The choice at hand.
    Choice,
    /// The guardian at hand, in a table over guardians.
    Guardian,
    /// The adult at hand, in a table over adults.
    Adult,
    /// The element a fold is at: number of its variable.
    Variable(u16),
}

/// Comparisons.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

/// Calculations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    /// `+`
    Plus,
    /// `-`
    Minus,
    /// `*`
    Times,
    /// `/`
    Over,
}

/// Lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum List {
    /// `guardians`.
    Guardians,
    /// `adults`.
    Adults,
    /// `children`.
    Children,
    /// `applicants`.
    Applicants,
    /// `siblings`.
    Siblings,
    /// `declines`.
    Declines,
}

/// What is made of the elements of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fold {
    /// `sum`.
    Sum,
    /// `lowest`.
    Lowest,
    /// `highest`.
    Highest,
    /// `average`.
    Average,
    /// `count`.
    Count,
    /// `exists`.
    Exists,
    /// `all`.
    All,
}

/// What the time between two days is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimeUnit {
    /// Full months.
    Months,
    /// Days.
    Days,
    /// Full years.
    Years,
}

/// The expressions of a file, typed; positions are those of the file.
#[derive(Debug, Clone, PartialEq)]
pub struct Resolved {
    /// Named conditions.
    pub conditions: Vec<Typed>,
    /// Tables.
    pub tables: Vec<TypedTable>,
    /// Named values.
    pub values: Vec<TypedValue>,
    /// Conditions of the strata.
    pub strata: Vec<Option<Typed>>,
    /// Keys; `None`: to be filled.
    pub keys: Vec<Option<Typed>>,
    /// Conditions of the passes.
    pub passes: Vec<Option<Typed>>,
    /// Targets of the pools.
    pub pools: Vec<Typed>,
    /// What eligibility requires.
    pub eligibility: Vec<Typed>,
    /// Named items so that each comes after those it looks at.
    pub order: Vec<Item>,
    /// Scopes of the named items.
    pub scopes: Scopes,
}

/// A named item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Item {
    /// Position in [`Criteria::conditions`].
    Condition(u32),
    /// Position in [`Criteria::tables`].
    Table(u32),
    /// Position in [`Criteria::values`].
    Value(u32),
}

/// Scopes of the named items, by position.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scopes {
    /// Conditions.
    pub conditions: Vec<Scope>,
    /// Tables.
    pub tables: Vec<Scope>,
    /// Values.
    pub values: Vec<Scope>,
}

/// A table.
#[derive(Debug, Clone, PartialEq)]
pub struct TypedTable {
    /// Where no row applies.
    pub otherwise: Option<Typed>,
    /// Bounds.
    pub bounds: Bounds,
    /// Bands.
    pub bands: Vec<TypedBand>,
    /// Bounds of the groups.
    pub groups: Vec<Bounds>,
    /// Rows.
    pub rows: Vec<TypedRow>,
}

/// Upper and lower bound.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Bounds {
    /// Not more.
    pub at_most: Option<Typed>,
    /// Not less.
    pub at_least: Option<Typed>,
}

/// A band.
#[derive(Debug, Clone, PartialEq)]
pub struct TypedBand {
    /// Precondition.
    pub when: Option<Typed>,
    /// First dimension.
    pub by: Typed,
    /// Second dimension.
    pub by2: Option<Typed>,
}

/// A row.
#[derive(Debug, Clone, PartialEq)]
pub struct TypedRow {
    /// Condition.
    pub when: Option<Typed>,
    /// Points; `None`: discretion or to be filled.
    pub points: Option<Typed>,
}

/// A named value.
#[derive(Debug, Clone, PartialEq)]
pub struct TypedValue {
    /// Where it begins.
    pub value: Typed,
    /// Condition and operand of each change.
    pub changes: Vec<(Option<Typed>, Typed)>,
}

/// Reports everything that is wrong with the expressions of a file.
pub fn check(criteria: &Criteria, diagnostics: &mut Diagnostics) {
    let (_, found) = file::resolve(criteria);
    diagnostics.list.extend(found.list);
}

/// The typed form of a file.
///
/// # Errors
/// What [`check`] reports, where that has errors.
pub fn resolve(criteria: &Criteria) -> Result<Resolved, Diagnostics> {
    match file::resolve(criteria) {
        (Some(resolved), _) => Ok(resolved),
        (None, found) => Err(found),
    }
}
