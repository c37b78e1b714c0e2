//! Names and attributes that an expression looks at.

use crate::expression::{Expression, Kind, Span};

/// Something an expression looks at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mention<'e> {
    /// A bare name that no list function has bound: a table, a value, a condition, a subject, a list.
    Name(&'e str, Span),
    /// `receiver.name`, where the receiver is a bare name: an attribute, or a table over guardians.
    Member(&'e str, &'e str, Span),
}

/// Everything an expression looks at, from left to right.
#[must_use]
pub fn mentions(expression: &Expression) -> Vec<Mention<'_>> {
    let mut found = Vec::new();
    walk(expression, &mut Vec::new(), &mut found);
    found
}

/// How deep an expression is nested; 1 for a name or a number.
#[must_use]
pub(crate) fn height(e: &Expression) -> u32 {
    let highest = |list: &[Expression]| list.iter().map(height).max().unwrap_or(0);
    1 + match &e.kind {
        Kind::Number(_) | Kind::Text(_) | Kind::Bool(_) | Kind::Name(_) => 0,
        Kind::Member(of, _) => height(of),
        Kind::List(items) | Kind::Call(_, items) => highest(items),
        Kind::Method(of, _, arguments) => height(of).max(highest(arguments)),
        Kind::Unary(_, a) => height(a),
        Kind::Binary(_, a, b) => height(a).max(height(b)),
        Kind::Choose(c, a, b) => height(c).max(height(a)).max(height(b)),
    }
}

fn walk<'e>(e: &'e Expression, bound: &mut Vec<&'e str>, found: &mut Vec<Mention<'e>>) {
    match &e.kind {
        Kind::Number(_) | Kind::Text(_) | Kind::Bool(_) => {}
        Kind::Name(name) => {
            if !bound.contains(&&**name) {
                found.push(Mention::Name(name, e.span.clone()));
            }
        }
        Kind::Member(of, name) => {
            if let Kind::Name(receiver) = &of.kind {
                found.push(Mention::Member(receiver, &name.text, e.span.clone()));
            } else {
                walk(of, bound, found);
            }
        }
        Kind::List(items) | Kind::Call(_, items) => {
            for item in items {
                walk(item, bound, found);
            }
        }
        Kind::Method(of, _, arguments) => {
            walk(of, bound, found);
            match &arguments[..] {
                [variable, body] if matches!(variable.kind, Kind::Name(_)) => {
                    if let Kind::Name(name) = &variable.kind {
                        bound.push(name);
                        walk(body, bound, found);
                        bound.pop();
                    }
                }
                _ => {
                    for argument in arguments {
                        walk(argument, bound, found);
                    }
                }
            }
        }
        Kind::Unary(_, a) => walk(a, bound, found),
        Kind::Binary(_, a, b) => {
            walk(a, bound, found);
            walk(b, bound, found);
        }
        Kind::Choose(c, a, b) => {
            walk(c, bound, found);
            walk(a, bound, found);
            walk(b, bound, found);
        }
    }
}
