//! Expressions, walked by name.

use crate::case::{Case, Dyn, Fault, Outcome, Scope, Variable};
use enmusubi_criteria::expression::{Binary, Expression, Kind, Unary};
use enmusubi_domain::facts::{Entity, Exact, RoundInfo, Unit, derived};
use jiff::civil::Date;
use std::cmp::Ordering;

/// Too large for 64 bits.
fn fits(number: Option<Exact>) -> Outcome<Dyn<'static>> {
    number.map(Dyn::Number).ok_or(Fault {
        item: None,
        division: false,
    })
}

fn whole<'a>(n: impl Into<i64>) -> Dyn<'a> {
    Dyn::Number(Exact::whole(n.into()))
}

impl<'a> Case<'a> {
    /// What an expression comes to.
    pub fn walk(&self, expression: &'a Expression, scope: Scope<'_>) -> Outcome<Dyn<'a>> {
        match &expression.kind {
            Kind::Number(n) => Ok(Dyn::Number(*n)),
            Kind::Text(t) => Ok(Dyn::Text(t)),
            Kind::Bool(b) => Ok(Dyn::Bool(*b)),
            Kind::Name(name) => Ok(self
                .name(name, scope)?
                .unwrap_or_else(|| ill_typed(expression))),
            Kind::Member(of, name) => match self.walk(of, scope)? {
                Dyn::Subject(entity, subject) => Ok(self
                    .member(entity, subject, &name.text)?
                    .unwrap_or_else(|| ill_typed(expression))),
                _ => Ok(ill_typed(expression)),
            },
            Kind::List(_) => Ok(ill_typed(expression)), // Only on the right of `in`.
            Kind::Call(name, arguments) => self.call(expression, &name.text, arguments, scope),
            Kind::Method(of, name, arguments) => match self.walk(of, scope)? {
                Dyn::Subjects(entity, subjects) => {
                    self.over_list(expression, entity, &subjects, &name.text, arguments, scope)
                }
                _ => Ok(ill_typed(expression)),
            },
            Kind::Unary(Unary::Not, of) => Ok(match self.condition(of, scope)? {
                Some(b) => Dyn::Bool(!b),
                None => Dyn::Unknown,
            }),
            Kind::Unary(Unary::Minus, of) => match self.number(of, scope)? {
                Some(n) => fits(n.negated()),
                None => Ok(Dyn::Unknown),
            },
            Kind::Binary(operator, left, right) => self.binary(*operator, left, right, scope),
            Kind::Choose(condition, yes, no) => match self.condition(condition, scope)? {
                Some(true) => self.walk(yes, scope),
                Some(false) => self.walk(no, scope),
                None => {
                    let (yes, no) = (self.walk(yes, scope)?, self.walk(no, scope)?);
                    Ok(if yes == no { yes } else { Dyn::Unknown })
                }
            },
        }
    }

    /// A condition; `None` where unknown.
    pub fn condition(&self, expression: &'a Expression, scope: Scope<'_>) -> Outcome<Option<bool>> {
        Ok(match self.walk(expression, scope)? {
            Dyn::Bool(b) => Some(b),
            Dyn::Unknown => None,
            _ => {
                ill_typed(expression);
                None
            }
        })
    }

    /// A number or quantity; `None` where unknown.
    pub fn number(&self, expression: &'a Expression, scope: Scope<'_>) -> Outcome<Option<Exact>> {
        Ok(match self.walk(expression, scope)? {
            Dyn::Number(n) => Some(n),
            Dyn::Unknown => None,
            _ => {
                ill_typed(expression);
                None
            }
        })
    }

    fn binary(
        &self,
        operator: Binary,
        left: &'a Expression,
        right: &'a Expression,
        scope: Scope<'_>,
    ) -> Outcome<Dyn<'a>> {
        match operator {
            Binary::And | Binary::Or => {
                // What settles the matter alone: false for `&&`, true for `||`.
                let settles = Some(operator == Binary::Or);
                let l = self.condition(left, scope)?;
                if l == settles {
                    return Ok(Dyn::Bool(operator == Binary::Or));
                }
                let r = self.condition(right, scope)?;
                Ok(match (l, r) {
                    (_, r) if r == settles => Dyn::Bool(operator == Binary::Or),
                    (Some(_), Some(r)) => Dyn::Bool(r),
                    _ => Dyn::Unknown,
                })
            }
            Binary::In => self.within(left, right, scope),
            _ => {
                let (l, r) = (self.walk(left, scope)?, self.walk(right, scope)?);
                if l == Dyn::Unknown || r == Dyn::Unknown {
                    return Ok(Dyn::Unknown);
                }
                calculate(operator, &l, &r)
            }
        }
    }

    /// `x in list`.
    fn within(
        &self,
        left: &'a Expression,
        right: &'a Expression,
        scope: Scope<'_>,
    ) -> Outcome<Dyn<'a>> {
        let x = self.walk(left, scope)?;
        if let Kind::List(elements) = &right.kind {
            let mut found = false;
            let mut unknown = x == Dyn::Unknown;
            for element in elements {
                let element = self.walk(element, scope)?;
                unknown |= element == Dyn::Unknown;
                found |= element == x && x != Dyn::Unknown;
            }
            return Ok(match (found, unknown) {
                (true, _) => Dyn::Bool(true),
                (false, true) => Dyn::Unknown,
                (false, false) => Dyn::Bool(false),
            });
        }
        Ok(match (x, self.walk(right, scope)?) {
            (Dyn::Unknown, _) | (_, Dyn::Unknown) => Dyn::Unknown,
            (Dyn::Text(x), Dyn::Texts(list)) => Dyn::Bool(list.contains(&x)),
            _ => ill_typed(right),
        })
    }

    fn call(
        &self,
        expression: &'a Expression,
        name: &str,
        arguments: &'a [Expression],
        scope: Scope<'_>,
    ) -> Outcome<Dyn<'a>> {
        let mut values = Vec::with_capacity(arguments.len());
        for argument in arguments {
            values.push(self.walk(argument, scope)?);
        }
        if name == "known" {
            return Ok(Dyn::Bool(values.first() != Some(&Dyn::Unknown)));
        }
        if values.contains(&Dyn::Unknown) {
            return Ok(Dyn::Unknown);
        }
        Ok(match (name, &values[..]) {
            ("date", [Dyn::Text(text)]) => match text.parse::<Date>() {
                Ok(day) => Dyn::Date(day),
                Err(_) => ill_typed(expression),
            },
            ("number", [Dyn::Number(n)]) => Dyn::Number(*n),
            (unit, [Dyn::Number(n)]) if Unit::of_name(unit).is_some() => Dyn::Number(*n),
            ("min", [first, rest @ ..]) => extreme(first, rest, Ordering::Less),
            ("max", [first, rest @ ..]) => extreme(first, rest, Ordering::Greater),
            ("clamp", [x, low, high]) => {
                let below = extreme(x, std::slice::from_ref(high), Ordering::Less);
                extreme(&below, std::slice::from_ref(low), Ordering::Greater)
            }
            ("months_between", [Dyn::Date(a), Dyn::Date(b)]) => {
                whole(derived::months_between(*a, *b))
            }
            ("days_between", [Dyn::Date(a), Dyn::Date(b)]) => whole(derived::days_between(*a, *b)),
            ("years_between", [Dyn::Date(a), Dyn::Date(b)]) => whole(derived::age_years(*a, *b)),
            ("fiscal_year", [Dyn::Date(d)]) => whole(RoundInfo::fiscal_year_of(*d)),
            ("month", [Dyn::Date(d)]) => whole(d.month()),
            ("floor", [Dyn::Number(n)]) => whole(n.numerator().div_euclid(n.denominator())),
            ("ceil", [Dyn::Number(n)]) => {
                let down = n.numerator().div_euclid(n.denominator());
                whole(down + i64::from(n.denominator() != 1))
            }
            _ => ill_typed(expression),
        })
    }

    /// `guardians.sum(g, e)`.
    fn over_list(
        &self,
        expression: &'a Expression,
        entity: Entity,
        subjects: &[u32],
        name: &str,
        arguments: &'a [Expression],
        scope: Scope<'_>,
    ) -> Outcome<Dyn<'a>> {
        if name == "size" {
            return Ok(whole(subjects.len() as u32));
        }
        let [
            Expression {
                kind: Kind::Name(variable),
                ..
            },
            body,
        ] = arguments
        else {
            return Ok(ill_typed(expression));
        };
        let mut values = Vec::with_capacity(subjects.len());
        for &subject in subjects {
            let inner = Variable {
                name: variable,
                entity,
                subject,
                outer: scope.variable,
            };
            let scope = Scope {
                variable: Some(&inner),
                ..scope
            };
            let value = self.walk(body, scope)?;
            match (name, &value) {
                ("exists", Dyn::Bool(true)) => return Ok(Dyn::Bool(true)),
                ("all", Dyn::Bool(false)) => return Ok(Dyn::Bool(false)),
                _ => values.push(value),
            }
        }
        let unknown = values.contains(&Dyn::Unknown);
        let yes = values.iter().filter(|v| **v == Dyn::Bool(true)).count() as u32;
        match name {
            _ if unknown => return Ok(Dyn::Unknown),
            "exists" => return Ok(Dyn::Bool(false)),
            "all" => return Ok(Dyn::Bool(true)),
            "count" => return Ok(whole(yes)),
            _ => {}
        }
        let mut numbers = Vec::with_capacity(values.len());
        for value in values {
            match value {
                Dyn::Number(n) => numbers.push(n),
                _ => return Ok(ill_typed(expression)),
            }
        }
        let mut sum = Exact::ZERO;
        if matches!(name, "sum" | "average") {
            for n in &numbers {
                sum = sum.plus(*n).ok_or(Fault {
                    item: None,
                    division: false,
                })?;
            }
        }
        match name {
            "sum" => Ok(Dyn::Number(sum)),
            "lowest" | "highest" | "average" if numbers.is_empty() => Ok(Dyn::Unknown),
            "lowest" => Ok(numbers.into_iter().min().map_or(Dyn::Unknown, Dyn::Number)),
            "highest" => Ok(numbers.into_iter().max().map_or(Dyn::Unknown, Dyn::Number)),
            "average" => fits(sum.over(Exact::whole(numbers.len() as i64))),
            _ => Ok(ill_typed(expression)),
        }
    }
}

/// Comparison and arithmetic of two known values.
fn calculate<'a>(operator: Binary, left: &Dyn<'a>, right: &Dyn<'a>) -> Outcome<Dyn<'a>> {
    match operator {
        Binary::Equal => return Ok(Dyn::Bool(left == right)),
        Binary::NotEqual => return Ok(Dyn::Bool(left != right)),
        Binary::Less | Binary::LessOrEqual | Binary::Greater | Binary::GreaterOrEqual => {
            let order = compare(left, right);
            return Ok(order.map_or(Dyn::Unknown, |o| {
                Dyn::Bool(match operator {
                    Binary::Less => o.is_lt(),
                    Binary::LessOrEqual => o.is_le(),
                    Binary::Greater => o.is_gt(),
                    _ => o.is_ge(),
                })
            }));
        }
        _ => {}
    }
    let (Dyn::Number(l), Dyn::Number(r)) = (left, right) else {
        debug_assert!(
            false,
            "the checker passes no arithmetic of {left:?}, {right:?}"
        );
        return Ok(Dyn::Unknown);
    };
    match operator {
        Binary::Plus => fits(l.plus(*r)),
        Binary::Minus => fits(l.minus(*r)),
        Binary::Times => fits(l.times(*r)),
        _ => match l.over(*r) {
            Some(n) => Ok(Dyn::Number(n)),
            None => Err(Fault {
                item: None,
                division: *r == Exact::ZERO,
            }),
        },
    }
}

/// Order of two numbers or days.
fn compare(left: &Dyn<'_>, right: &Dyn<'_>) -> Option<Ordering> {
    match (left, right) {
        (Dyn::Number(l), Dyn::Number(r)) => Some(l.cmp(r)),
        (Dyn::Date(l), Dyn::Date(r)) => Some(l.cmp(r)),
        _ => {
            debug_assert!(false, "the checker passes no order of {left:?}, {right:?}");
            None
        }
    }
}

/// The least (greatest) of several numbers or days.
fn extreme<'a>(first: &Dyn<'a>, rest: &[Dyn<'a>], wanted: Ordering) -> Dyn<'a> {
    let mut best = first;
    for other in rest {
        if compare(other, best) == Some(wanted) {
            best = other;
        }
    }
    best.clone()
}

/// The checker passes no such expression; should one come all the same, it is unknown, never a number.
fn ill_typed<'a>(expression: &Expression) -> Dyn<'a> {
    debug_assert!(false, "the checker should have refused {expression:?}");
    Dyn::Unknown
}
