//! Expressions in the syntax of CEL (Common Expression Language), parsed but not yet understood.
//!
//! The subset and its meaning (both evaluators follow this text, each on its own):
//!
//! | form | meaning |
//! |---|---|
//! | `12`, `0.5`, `'text'`, `true` | literals; decimals are exact |
//! | `hours_per_month(140)` | a quantity ([`enmusubi_domain::facts::Unit`]); a bare number never compares with one |
//! | `date('2027-04-01')` | a day |
//! | `guardian.leave` | an attribute of the vocabulary. `round`, `household`, `child`, `facility`, `choice` stand for the subject at hand; `guardian` (or `adult`) only in a table over guardians (adults) |
//! | `A2`, `g.A1` | a table or value of the file; one over guardians is an attribute of a guardian |
//! | `x in ['a', 'b']`, `'a' in guardian.reasons` | membership in a list literal, a set or list attribute |
//! | `== != < <= > >=` | same type on both sides; enumerations and texts only `==` and `!=` |
//! | `+ - * /` | numbers; quantities of one unit add and subtract, times or divided by a number; quantity / same unit is a number |
//! | `&& \|\| !`, `c ? a : b` | Kleene logic: `unknown && false` is false, `unknown \|\| true` is true; an unknown condition makes a choice unknown unless both branches are known and equal |
//! | `guardians.sum(g, e)` | over a list: `sum`, `lowest`, `highest`, `average` of numbers; `count`, `exists`, `all` of conditions |
//! | `guardians.size()` | number of elements |
//! | `min(a, b, …)`, `max(…)`, `clamp(x, low, high)` | of one type |
//! | `number(q)` | the number of a quantity, unit dropped on purpose |
//! | `known(x)` | whether `x` is known; the only way past an unknown |
//! | `months_between(a, b)`, `days_between(a, b)`, `years_between(a, b)` | full months, days, years from day a to day b (as `enmusubi_domain::facts::derived` counts); quantities |
//! | `fiscal_year(d)`, `month(d)` | numbers |
//! | `ceil(x)`, `floor(x)` | to whole numbers |
//!
//! Lists: `guardians`, `adults`, `children` (all of the household), `applicants` (those who apply),
//! `siblings` (children but the one at hand), `declines` (of the child at hand); elements are guardians,
//! adults, children, declines. `exists` and `all` follow Kleene logic; `count` is unknown where any
//! condition is; the others where any number is. Over an empty list `sum` and `count` are 0,
//! `exists` false, `all` true, `lowest`, `highest`, `average` unknown.
//!
//! Anything else of an unknown is unknown. Numbers that do not fit 64 bits, and a division by
//! zero, are an error that names the row, never a wrapped number.
//!
//! # Fine print
//!
//! - Operands are evaluated from left to right. `a && b` does not evaluate `b` where `a` is false, `a || b` not where `a` is
//!   true (it does where `a` is unknown). `c ? a : b` evaluates only the branch taken, both where `c` is unknown.
//!   `exists` stops at the first that holds, `all` at the first that does not. What is not evaluated is no
//!   error. Everything else evaluates all of its operands; an error in one is the result, before any unknown.
//! - With an unknown operand, `+ - * / == <` … are unknown without being calculated: `unknown / 0` is
//!   unknown, `unknown * 0` too.
//! - `x in [a, b]` is `x == a || x == b` in Kleene logic, except that all elements are evaluated. A list literal has at
//!   least one element, all of one type. `x in s` for a set or list attribute: unknown where either is.
//! - `sum`, `lowest`, `highest`, `average`, `min`, `max`, `clamp`, `ceil`, `floor` and unary `-` take numbers or quantities of one
//!   unit and give the same; `min`, `max` and `clamp` take days too. `clamp(x, low, high)` is `max(low, min(x, high))`.
//!   `average` adds first, then divides.
//! - `applicants` are children whose `application` is `new` or `transfer`.
//! - Numbers are 64-bit fractions in lowest terms; sums in list order. `ceil` and `floor` round towards plus and minus infinity.
//! - `date` and the units take: a text literal; a number (any expression). `known(x)` takes any type and is never unknown.
//! - Comparisons do not chain (`1 < x < 3` is an error), and `-5` directly before digits is a literal.
//! - Text in quotes may hold `\\`, `\'`, `\"`, `\n`, `\r`, `\t` and `\uXXXX`.

mod parse;
mod print;
mod syntax_error;
#[cfg(test)]
mod tests;
mod token;

pub use syntax_error::SyntaxError;

use enmusubi_domain::facts::Exact;
use std::ops::Range;

/// Bytes of a file.
pub type Span = Range<usize>;

/// An expression and where it stands in the file (zero-length where it was not read from one).
#[derive(Debug, Clone)]
pub struct Expression {
    /// What it is.
    pub kind: Kind,
    /// Where.
    pub span: Span,
}

impl Expression {
    /// A whole number, as fields hold that may be numbers or expressions.
    #[must_use]
    pub fn number(number: Exact, span: Span) -> Self {
        Self {
            kind: Kind::Number(number),
            span,
        }
    }

    /// The number, where it is nothing but a number.
    #[must_use]
    pub fn plain_number(&self) -> Option<Exact> {
        match &self.kind {
            Kind::Number(n) => Some(*n),
            Kind::Unary(Unary::Minus, of) => match &of.kind {
                Kind::Number(n) => n.negated(),
                _ => None,
            },
            _ => None,
        }
    }
}

/// Reads the text of an expression. Spans are those of the text, moved by `at` (the place of the
/// text in its file).
///
/// # Errors
/// The first thing that is wrong with it. Whether names exist and types agree is another question
/// (the type checker's).
pub fn parse(text: &str, at: usize) -> Result<Expression, Box<SyntaxError>> {
    parse::parse(text, at)
}

/// Equality of meaning: positions do not count.
impl PartialEq for Expression {
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind
    }
}

/// Kinds of expressions.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// `12`, `0.5`.
    Number(Exact),
    /// `'text'` or `"text"`.
    Text(Box<str>),
    /// `true`, `false`.
    Bool(bool),
    /// `household`, `A1`, `g`.
    Name(Box<str>),
    /// `household.welfare`.
    Member(Box<Expression>, Name),
    /// `[a, b]`.
    List(Vec<Expression>),
    /// `f(a, b)`.
    Call(Name, Vec<Expression>),
    /// `receiver.f(a, b)`.
    Method(Box<Expression>, Name, Vec<Expression>),
    /// `!a`, `-a`.
    Unary(Unary, Box<Expression>),
    /// `a + b`.
    Binary(Binary, Box<Expression>, Box<Expression>),
    /// `c ? a : b`.
    Choose(Box<Expression>, Box<Expression>, Box<Expression>),
}

/// A name and where it stands.
#[derive(Debug, Clone)]
pub struct Name {
    /// The name.
    pub text: Box<str>,
    /// Where.
    pub span: Span,
}

impl PartialEq for Name {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

/// Operators on one operand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unary {
    /// `!`
    Not,
    /// `-`
    Minus,
}

/// Operators on two operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Binary {
    /// `||`
    Or,
    /// `&&`
    And,
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
    /// `in`
    In,
    /// `+`
    Plus,
    /// `-`
    Minus,
    /// `*`
    Times,
    /// `/`
    Over,
}

impl Binary {
    /// As written.
    #[must_use]
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Or => "||",
            Self::And => "&&",
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::In => "in",
            Self::Plus => "+",
            Self::Minus => "-",
            Self::Times => "*",
            Self::Over => "/",
        }
    }
}
