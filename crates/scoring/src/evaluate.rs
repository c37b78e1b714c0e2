//! Expressions, evaluated. The meaning is at the top of `enmusubi_criteria::expression`.

use crate::{
    code::{Any, Cond, Day, Leaf, Num, Place},
    session::{Fault, Outcome, Session},
};
use enmusubi_criteria::types::{Comparison, Fold, List, Operation, TimeUnit};
use enmusubi_domain::facts::{Exact, RoundInfo, Value, derived};
use jiff::civil::Date;
use std::cmp::Ordering;

impl Session<'_> {
    /// A condition.
    #[inline]
    pub(crate) fn cond(&mut self, e: &Cond) -> Outcome<Option<bool>> {
        match e {
            // Most conditions are about one fact, which needs no call.
            Cond::Leaf(leaf) => Ok(self.leaf(leaf)),
            Cond::Memo(slot, inner) => self.kept_condition(*slot, |s| s.composite(inner)),
            _ => self.composite(e),
        }
    }

    /// A condition about one fact.
    #[inline]
    pub(crate) fn leaf(&self, leaf: &Leaf) -> Option<bool> {
        let is = match *self.fact(leaf.place) {
            value if leaf.known => value.is_known(),
            Value::Bool(b) => b,
            Value::Enum(e) => leaf.bits >> e & 1 == 1,
            Value::Set(set) => leaf.bits & set != 0,
            other => return unknown(other),
        };
        Some(is != leaf.negated)
    }

    fn composite(&mut self, e: &Cond) -> Outcome<Option<bool>> {
        match e {
            Cond::Const(b) => Ok(Some(*b)),
            Cond::Leaf(leaf) => Ok(self.leaf(leaf)),
            Cond::Not(a) => Ok(self.cond(a)?.map(|b| !b)),
            Cond::All(parts) => self.settled(parts, false),
            Cond::Any(parts) => self.settled(parts, true),
            Cond::NumberIs(comparison, place, n) => Ok(match self.fact(*place) {
                Value::Number(x) => Some(holds(*comparison, order(x, n))),
                other => unknown(*other),
            }),
            Cond::Numbers(comparison, both) => {
                let (a, b) = (self.num(&both.0)?, self.num(&both.1)?);
                Ok(a.zip(b).map(|(a, b)| holds(*comparison, order(&a, &b))))
            }
            Cond::Days(comparison, both) => {
                let (a, b) = (self.day(&both.0)?, self.day(&both.1)?);
                Ok(a.zip(b).map(|(a, b)| holds(*comparison, a.cmp(&b))))
            }
            Cond::Same(equal, both) => {
                let (a, b) = (self.any(&both.0)?, self.any(&both.1)?);
                Ok((a.is_known() && b.is_known()).then(|| self.same(a, b) == *equal))
            }
            Cond::OneOf(of) => {
                let x = self.any(&of.0)?;
                let (mut found, mut unknown) = (false, !x.is_known());
                for item in &of.1 {
                    let item = self.any(item)?;
                    unknown |= !item.is_known();
                    found |= x.is_known() && self.same(x, item);
                }
                Ok((found || !unknown).then_some(found))
            }
            Cond::Within(of) => {
                let (x, set) = (self.any(&of.0)?, self.any(&of.1)?);
                Ok(match (x, set) {
                    (Value::Enum(e), Value::Set(bits)) => Some(bits >> e & 1 == 1),
                    (Value::Symbol(s), Value::Symbols(list)) => {
                        Some(self.facts.symbols.lists[list as usize].contains(&s))
                    }
                    (Value::Unknown, _) => None,
                    (_, other) => unknown(other),
                })
            }
            Cond::Band(of) => {
                let (by, from, below) = &**of;
                Ok(self.num(by)?.map(|x| {
                    from.is_none_or(|from| from <= x) && below.is_none_or(|below| x < below)
                }))
            }
            Cond::Choose(of) => {
                let (c, a, b) = &**of;
                match self.cond(c)? {
                    Some(true) => self.cond(a),
                    Some(false) => self.cond(b),
                    None => {
                        let (a, b) = (self.cond(a)?, self.cond(b)?);
                        Ok(if a == b { a } else { None })
                    }
                }
            }
            Cond::Exists(list, variable, body) => self.found(*list, *variable, body, true),
            Cond::Every(list, variable, body) => self.found(*list, *variable, body, false),
            Cond::IsKnown(x) => Ok(Some(self.any(x)?.is_known())),
            Cond::Named(at) => self.named(*at),
            Cond::Memo(slot, inner) => self.kept_condition(*slot, |s| s.cond(inner)),
        }
    }

    /// A named condition.
    pub(crate) fn named(&mut self, at: u32) -> Outcome<Option<bool>> {
        let (rule, slot) = &self.program.code.conditions[at as usize];
        self.kept_condition(*slot, |s| s.rule(rule))
    }

    /// `&&` (settled by false) and `||` (settled by true).
    fn settled(&mut self, parts: &[Cond], by: bool) -> Outcome<Option<bool>> {
        let mut unknown = false;
        for part in parts {
            match self.cond(part)? {
                Some(b) if b == by => return Ok(Some(by)),
                Some(_) => {}
                None => unknown = true,
            }
        }
        Ok((!unknown).then_some(!by))
    }

    /// `exists` (settled by true) and `all` (settled by false).
    fn found(&mut self, list: List, variable: u16, body: &Cond, by: bool) -> Outcome<Option<bool>> {
        let mut unknown = false;
        for subject in self.span_of(list) {
            if !self.is_in(list, subject) {
                continue;
            }
            match self.with_variable(variable, subject, |s| s.cond(body))? {
                Some(b) if b == by => return Ok(Some(by)),
                Some(_) => {}
                None => unknown = true,
            }
        }
        Ok((!unknown).then_some(!by))
    }

    /// A number or quantity; `None` where unknown.
    pub(crate) fn num(&mut self, e: &Num) -> Outcome<Option<Exact>> {
        match e {
            Num::Const(n) => Ok(Some(*n)),
            Num::Fact(place) => Ok(self.fact_number(*place)),
            Num::Table(table, subject) => {
                let element = subject.map(|s| self.seat(s));
                self.table(*table, element)
            }
            Num::Value(value) => self.value(*value),
            Num::Negate(a) => match self.num(a)? {
                Some(n) => fits(n.negated()),
                None => Ok(None),
            },
            Num::Arithmetic(operation, both) => {
                let (a, b) = (self.num(&both.0)?, self.num(&both.1)?);
                let Some((a, b)) = a.zip(b) else {
                    return Ok(None);
                };
                match operation {
                    Operation::Plus => fits(a.plus(b)),
                    Operation::Minus => fits(a.minus(b)),
                    Operation::Times => fits(a.times(b)),
                    Operation::Over if b == Exact::ZERO => Err(Fault::new(true)),
                    Operation::Over => fits(a.over(b)),
                }
            }
            Num::Choose(of) => {
                let (c, a, b) = &**of;
                match self.cond(c)? {
                    Some(true) => self.num(a),
                    Some(false) => self.num(b),
                    None => {
                        let (a, b) = (self.num(a)?, self.num(b)?);
                        Ok(if a == b { a } else { None })
                    }
                }
            }
            Num::Fold(fold, list, variable, body) => self.fold(*fold, *list, *variable, body),
            Num::Count(list, variable, body) => {
                let (mut count, mut unknown) = (0i64, false);
                for subject in self.span_of(*list) {
                    if !self.is_in(*list, subject) {
                        continue;
                    }
                    match self.with_variable(*variable, subject, |s| s.cond(body))? {
                        Some(holds) => count += i64::from(holds),
                        None => unknown = true,
                    }
                }
                Ok((!unknown).then(|| Exact::whole(count)))
            }
            Num::Size(list) => {
                let size = (self.span_of(*list)).filter(|&s| self.is_in(*list, s));
                Ok(Some(Exact::whole(size.count() as i64)))
            }
            Num::Least(list) => self.extreme(list, Ordering::Less),
            Num::Greatest(list) => self.extreme(list, Ordering::Greater),
            Num::Between(unit, both) => {
                let (a, b) = (self.day(&both.0)?, self.day(&both.1)?);
                Ok(a.zip(b).map(|(a, b)| {
                    Exact::whole(match unit {
                        TimeUnit::Months => derived::months_between(a, b).into(),
                        TimeUnit::Days => derived::days_between(a, b),
                        TimeUnit::Years => derived::age_years(a, b).into(),
                    })
                }))
            }
            Num::FiscalYear(day) => Ok(self
                .day(day)?
                .map(|d| Exact::whole(RoundInfo::fiscal_year_of(d).into()))),
            Num::Month(day) => Ok(self.day(day)?.map(|d| Exact::whole(d.month().into()))),
            Num::Ceil(x) => Ok(self.num(x)?.map(|n| {
                let down = n.numerator().div_euclid(n.denominator());
                Exact::whole(down + i64::from(n.denominator() != 1))
            })),
            Num::Floor(x) => Ok(self
                .num(x)?
                .map(|n| Exact::whole(n.numerator().div_euclid(n.denominator())))),
            Num::Memo(slot, inner) => self.kept_number(*slot, 0, |s| s.num(inner)),
        }
    }

    /// The least or the greatest; all are evaluated.
    fn extreme(&mut self, list: &[Num], wanted: Ordering) -> Outcome<Option<Exact>> {
        let (mut best, mut unknown) = (None, false);
        for item in list {
            match self.num(item)? {
                Some(n) if best.is_none_or(|b| n.cmp(&b) == wanted) => best = Some(n),
                Some(_) => {}
                None => unknown = true,
            }
        }
        Ok(best.filter(|_| !unknown))
    }

    /// `sum`, `lowest`, `highest`, `average`.
    fn fold(
        &mut self,
        fold: Fold,
        list: List,
        variable: u16,
        body: &Num,
    ) -> Outcome<Option<Exact>> {
        // With something unknown nothing is added up, so nothing can be too large.
        let (mut sum, mut best, mut count, mut unknown) = (Some(Exact::ZERO), None, 0i64, false);
        for subject in self.span_of(list) {
            if !self.is_in(list, subject) {
                continue;
            }
            let Some(n) = self.with_variable(variable, subject, |s| s.num(body))? else {
                unknown = true;
                continue;
            };
            count += 1;
            match fold {
                Fold::Sum | Fold::Average => sum = sum.and_then(|s| s.plus(n)),
                Fold::Lowest if best.is_none_or(|b| n < b) => best = Some(n),
                Fold::Highest if best.is_none_or(|b| n > b) => best = Some(n),
                _ => {}
            }
        }
        if unknown {
            return Ok(None);
        }
        match fold {
            Fold::Sum => fits(sum),
            Fold::Average => match fits(sum)? {
                Some(sum) if count > 0 => fits(sum.over(Exact::whole(count))),
                _ => Ok(None),
            },
            _ => Ok(best),
        }
    }

    /// A day; `None` where unknown.
    pub(crate) fn day(&mut self, e: &Day) -> Outcome<Option<Date>> {
        match e {
            Day::Const(day) => Ok(Some(*day)),
            Day::Fact(place) => Ok(match self.fact(*place) {
                Value::Date(day) => Some(*day),
                other => unknown(*other),
            }),
            Day::Choose(of) => {
                let (c, a, b) = &**of;
                match self.cond(c)? {
                    Some(true) => self.day(a),
                    Some(false) => self.day(b),
                    None => {
                        let (a, b) = (self.day(a)?, self.day(b)?);
                        Ok(if a == b { a } else { None })
                    }
                }
            }
            Day::Least(list) | Day::Greatest(list) => {
                let least = matches!(e, Day::Least(_));
                let (mut best, mut unknown) = (None::<Date>, false);
                for item in list {
                    match self.day(item)? {
                        Some(d) if best.is_none_or(|b| if least { d < b } else { d > b }) => {
                            best = Some(d);
                        }
                        Some(_) => {}
                        None => unknown = true,
                    }
                }
                Ok(best.filter(|_| !unknown))
            }
        }
    }

    /// Anything that has a value.
    pub(crate) fn any(&mut self, e: &Any) -> Outcome<Value> {
        match e {
            Any::Const(value) => Ok(*value),
            Any::Text(text) => Ok(Value::Symbol(self.text(*text))),
            Any::Fact(place) => Ok(*self.fact(*place)),
            Any::Choose(of) => {
                let (c, a, b) = &**of;
                match self.cond(c)? {
                    Some(true) => self.any(a),
                    Some(false) => self.any(b),
                    None => {
                        let (a, b) = (self.any(a)?, self.any(b)?);
                        Ok(if self.same(a, b) { a } else { Value::Unknown })
                    }
                }
            }
            Any::Cond(c) => Ok(self.cond(c)?.map_or(Value::Unknown, Value::Bool)),
            Any::Num(n) => Ok(self.num(n)?.map_or(Value::Unknown, Value::Number)),
            Any::Day(d) => Ok(self.day(d)?.map_or(Value::Unknown, Value::Date)),
        }
    }

    /// Equality; two lists of ids are equal if they hold the same.
    fn same(&self, a: Value, b: Value) -> bool {
        match (a, b) {
            (Value::Symbols(a), Value::Symbols(b)) => {
                let lists = &self.facts.symbols.lists;
                lists[a as usize] == lists[b as usize]
            }
            _ => a == b,
        }
    }

    fn fact_number(&self, place: Place) -> Option<Exact> {
        match self.fact(place) {
            Value::Number(n) => Some(*n),
            other => unknown(*other),
        }
    }
}

/// What a value is where it should be of another type: the reader of the facts lets only unknowns through.
fn unknown<T>(value: Value) -> Option<T> {
    debug_assert!(!value.is_known(), "{value:?} is of another type");
    None
}

fn fits(n: Option<Exact>) -> Outcome<Option<Exact>> {
    n.map(Some).ok_or(Fault::new(false))
}

/// Order of two numbers; the general way divides.
#[inline]
fn order(a: &Exact, b: &Exact) -> Ordering {
    match a.as_whole().zip(b.as_whole()) {
        Some((a, b)) => a.cmp(&b),
        None => a.cmp(b),
    }
}

#[inline]
fn holds(comparison: Comparison, order: Ordering) -> bool {
    match comparison {
        Comparison::Equal => order.is_eq(),
        Comparison::NotEqual => order.is_ne(),
        Comparison::Less => order.is_lt(),
        Comparison::LessOrEqual => order.is_le(),
        Comparison::Greater => order.is_gt(),
        Comparison::GreaterOrEqual => order.is_ge(),
    }
}
