//! Typed expressions, compiled.

use super::{Compiler, flat, is_number, smaller, taken};
use crate::code::{Any, Cond, Day, Leaf, Num, Place, Seat};
use enmusubi_criteria::types::{Comparison, Fold, Kind, Scope, Subject, Ty, Typed};
use enmusubi_domain::facts::{Exact, Value};

impl Compiler<'_> {
    /// A condition, evaluated where `around` is at hand.
    pub fn condition(&mut self, e: &Typed, around: Scope) -> Cond {
        self.cond(e, around, 0)
    }

    /// A number or quantity.
    pub fn number(&mut self, e: &Typed, around: Scope) -> Num {
        self.num(e, around, 0)
    }

    /// Anything.
    pub fn any(&mut self, e: &Typed, around: Scope) -> Any {
        self.anything(e, around, 0)
    }

    /// A single expression with `folds` folds around it.
    pub fn inside(&mut self, e: &Typed, folds: u16) -> Any {
        self.anything(e, Scope::default(), folds)
    }

    /// The scope of an expression, where it is worth keeping and nothing at hand but its subjects matters.
    fn kept(&self, e: &Typed, around: Scope, folds: u16) -> Option<Scope> {
        let scope = e.scope(self.scopes);
        (!self.single
            && smaller(scope, around)
            && scope.element.is_none()
            && costly(e)
            && !looks_out(e, folds))
        .then_some(scope)
    }

    fn cond(&mut self, e: &Typed, around: Scope, folds: u16) -> Cond {
        if let Some(scope) = self.kept(e, around, folds) {
            let inner = self.plain_cond(e, scope, folds);
            return Cond::Memo(self.condition_slot(scope.level), inner.into());
        }
        self.plain_cond(e, around, folds)
    }

    fn plain_cond(&mut self, e: &Typed, around: Scope, folds: u16) -> Cond {
        match &e.kind {
            Kind::Bool(b) => Cond::Const(*b),
            Kind::Attribute(subject, attribute) => {
                Cond::Leaf(Leaf::new(Place::new(*subject, *attribute), 0))
            }
            Kind::Condition(c) => Cond::Named(*c),
            Kind::Not(a) => negated(self.cond(a, around, folds)),
            Kind::And(a, b) => Cond::All(flat(vec![
                self.cond(a, around, folds),
                self.cond(b, around, folds),
            ])),
            Kind::Or(a, b) => {
                let mut any = Vec::new();
                for part in [a, b] {
                    match self.cond(part, around, folds) {
                        Cond::Any(inner) => any.extend(inner),
                        other => any.push(other),
                    }
                }
                Cond::Any(any.into())
            }
            Kind::Compare(comparison, a, b) => self.compare(*comparison, a, b, (around, folds)),
            Kind::OneOf(x, list) => {
                if let Some(leaf) = enum_in(x, list) {
                    return Cond::Leaf(leaf);
                }
                let x = self.anything(x, around, folds);
                let list = (list.iter())
                    .map(|item| self.anything(item, around, folds))
                    .collect();
                Cond::OneOf(Box::new((x, list)))
            }
            Kind::Within(x, set) => {
                if let (Kind::Enum(value), Kind::Attribute(subject, attribute)) =
                    (&x.kind, &set.kind)
                {
                    let place = Place::new(*subject, *attribute);
                    return Cond::Leaf(Leaf::new(place, 1u64 << value));
                }
                let x = self.anything(x, around, folds);
                Cond::Within(Box::new((x, self.anything(set, around, folds))))
            }
            Kind::Choose(c, a, b) => Cond::Choose(Box::new((
                self.cond(c, around, folds),
                self.cond(a, around, folds),
                self.cond(b, around, folds),
            ))),
            Kind::Fold(fold, list, variable, body) => {
                let body = self.body(*variable, |c| c.cond(body, around, variable + 1));
                match fold {
                    Fold::Exists => Cond::Exists(*list, *variable, body.into()),
                    Fold::All => Cond::Every(*list, *variable, body.into()),
                    _ => self.defect_cond(e),
                }
            }
            Kind::Known(x) if let Kind::Attribute(subject, attribute) = x.kind => {
                Cond::Leaf(Leaf {
                    known: true,
                    ..Leaf::new(Place::new(subject, attribute), 0)
                })
            }
            Kind::Known(x) => Cond::IsKnown(self.anything(x, around, folds).into()),
            _ => self.defect_cond(e),
        }
    }

    fn compare(
        &mut self,
        comparison: Comparison,
        a: &Typed,
        b: &Typed,
        (around, folds): (Scope, u16),
    ) -> Cond {
        let equal = comparison == Comparison::Equal;
        if is_number(a.ty) {
            if let (Kind::Attribute(subject, attribute), Kind::Number(n)) = (&a.kind, &b.kind) {
                let place = Place::new(*subject, *attribute);
                return Cond::NumberIs(comparison, place, *n);
            }
            let (a, b) = (self.num(a, around, folds), self.num(b, around, folds));
            return Cond::Numbers(comparison, Box::new((a, b)));
        }
        if a.ty == Ty::Date {
            let (a, b) = (self.day(a, around, folds), self.day(b, around, folds));
            return Cond::Days(comparison, Box::new((a, b)));
        }
        for (attribute, literal) in [(a, b), (b, a)] {
            if let Some(leaf) = enum_in(attribute, std::slice::from_ref(literal)) {
                let is = Cond::Leaf(leaf);
                return if equal { is } else { negated(is) };
            }
        }
        let (a, b) = (
            self.anything(a, around, folds),
            self.anything(b, around, folds),
        );
        Cond::Same(equal, Box::new((a, b)))
    }

    fn num(&mut self, e: &Typed, around: Scope, folds: u16) -> Num {
        if let Some(scope) = self.kept(e, around, folds) {
            let inner = self.plain_num(e, scope, folds);
            return Num::Memo(taken(&mut self.slots.numbers, scope), inner.into());
        }
        self.plain_num(e, around, folds)
    }

    fn plain_num(&mut self, e: &Typed, around: Scope, folds: u16) -> Num {
        match &e.kind {
            Kind::Number(n) => Num::Const(*n),
            Kind::Attribute(subject, attribute) => Num::Fact(Place::new(*subject, *attribute)),
            Kind::Table(table, subject) => Num::Table(*table, subject.map(Seat::of)),
            Kind::Value(value) => Num::Value(*value),
            Kind::Negate(a) => Num::Negate(self.num(a, around, folds).into()),
            Kind::Arithmetic(operation, a, b) => {
                let (a, b) = (self.num(a, around, folds), self.num(b, around, folds));
                Num::Arithmetic(*operation, Box::new((a, b)))
            }
            Kind::Choose(c, a, b) => Num::Choose(Box::new((
                self.cond(c, around, folds),
                self.num(a, around, folds),
                self.num(b, around, folds),
            ))),
            Kind::Fold(Fold::Count, list, variable, body) => {
                let body = self.body(*variable, |c| c.cond(body, around, variable + 1));
                Num::Count(*list, *variable, body.into())
            }
            Kind::Fold(fold, list, variable, body) => {
                let body = self.body(*variable, |c| c.num(body, around, variable + 1));
                Num::Fold(*fold, *list, *variable, body.into())
            }
            Kind::Size(list) => Num::Size(*list),
            Kind::Least(list) => {
                Num::Least(list.iter().map(|n| self.num(n, around, folds)).collect())
            }
            Kind::Greatest(list) => {
                Num::Greatest(list.iter().map(|n| self.num(n, around, folds)).collect())
            }
            Kind::Between(unit, a, b) => {
                let (a, b) = (self.day(a, around, folds), self.day(b, around, folds));
                Num::Between(*unit, Box::new((a, b)))
            }
            Kind::FiscalYear(d) => Num::FiscalYear(self.day(d, around, folds).into()),
            Kind::Month(d) => Num::Month(self.day(d, around, folds).into()),
            Kind::Ceil(x) => Num::Ceil(self.num(x, around, folds).into()),
            Kind::Floor(x) => Num::Floor(self.num(x, around, folds).into()),
            _ => {
                self.defect(e);
                Num::Const(Exact::ZERO)
            }
        }
    }

    fn day(&mut self, e: &Typed, around: Scope, folds: u16) -> Day {
        match &e.kind {
            Kind::Date(day) => Day::Const(*day),
            Kind::Attribute(subject, attribute) => Day::Fact(Place::new(*subject, *attribute)),
            Kind::Choose(c, a, b) => Day::Choose(Box::new((
                self.cond(c, around, folds),
                self.day(a, around, folds),
                self.day(b, around, folds),
            ))),
            Kind::Least(list) => {
                Day::Least(list.iter().map(|d| self.day(d, around, folds)).collect())
            }
            Kind::Greatest(list) => {
                Day::Greatest(list.iter().map(|d| self.day(d, around, folds)).collect())
            }
            _ => {
                self.defect(e);
                Day::Const(jiff::civil::Date::ZERO)
            }
        }
    }

    fn anything(&mut self, e: &Typed, around: Scope, folds: u16) -> Any {
        match e.ty {
            Ty::Bool => return Any::Cond(self.cond(e, around, folds)),
            Ty::Number | Ty::Quantity(_) => return Any::Num(self.num(e, around, folds)),
            Ty::Date => return Any::Day(self.day(e, around, folds)),
            Ty::Enum(_) | Ty::Set(_) | Ty::Text | Ty::Texts => {}
        }
        match &e.kind {
            Kind::Enum(value) => Any::Const(Value::Enum(*value)),
            Kind::Text(text) => Any::Text(self.text(text)),
            Kind::Attribute(subject, attribute) => Any::Fact(Place::new(*subject, *attribute)),
            Kind::Choose(c, a, b) => Any::Choose(Box::new((
                self.cond(c, around, folds),
                self.anything(a, around, folds),
                self.anything(b, around, folds),
            ))),
            _ => {
                self.defect(e);
                Any::Const(Value::Unknown)
            }
        }
    }

    fn text(&mut self, text: &str) -> u32 {
        let found = self.texts.iter().position(|t| **t == *text);
        found.unwrap_or_else(|| {
            self.texts.push(text.into());
            self.texts.len() - 1
        }) as u32
    }

    fn body<T>(&mut self, variable: u16, make: impl FnOnce(&mut Self) -> T) -> T {
        if usize::from(Seat::FIXED + variable) >= Seat::COUNT && self.defects.is_empty() {
            self.defects
                .push("folds are inside each other more than 18 deep".into());
        }
        make(self)
    }

    fn defect(&mut self, e: &Typed) {
        self.defects.push(format!(
            "bytes {}–{} hold {:?} where its type {:?} cannot be",
            e.span.start, e.span.end, e.kind, e.ty
        ));
    }

    fn defect_cond(&mut self, e: &Typed) -> Cond {
        self.defect(e);
        Cond::Const(false)
    }
}

/// The opposite.
fn negated(of: Cond) -> Cond {
    match of {
        Cond::Leaf(leaf) => Cond::Leaf(Leaf {
            negated: !leaf.negated,
            ..leaf
        }),
        other => Cond::Not(other.into()),
    }
}

/// An attribute beside values of its enumeration.
fn enum_in(x: &Typed, list: &[Typed]) -> Option<Leaf> {
    let Kind::Attribute(subject, attribute) = x.kind else {
        return None;
    };
    let mut bits = 0u64;
    for item in list {
        match item.kind {
            Kind::Enum(value) => bits |= 1u64 << value,
            _ => return None,
        }
    }
    Some(Leaf::new(Place::new(subject, attribute), bits))
}

/// Whether evaluating an expression again costs more than looking up what came of it.
fn costly(e: &Typed) -> bool {
    fn weight(e: &Typed) -> u32 {
        let own = match e.kind {
            Kind::Fold(..) | Kind::Between(..) => 8,
            _ => 1,
        };
        e.parts().into_iter().map(weight).sum::<u32>() + own
    }
    weight(e) >= 6
}

/// Whether an expression looks at a variable of a fold around it.
fn looks_out(e: &Typed, folds: u16) -> bool {
    match e.kind {
        Kind::Attribute(Subject::Variable(v), _) | Kind::Table(_, Some(Subject::Variable(v))) => {
            v < folds
        }
        _ => e.parts().into_iter().any(|part| looks_out(part, folds)),
    }
}
