//! Which single facts would make a condition true (or false).

use super::{
    super::{
        Deriving,
        parts::{Part, Range},
    },
    Candidate,
};
use crate::{code::Seat, session::Session};
use enmusubi_criteria::types::{Comparison, Fold, Kind, List, Subject, Typed};
use enmusubi_domain::facts::{
    AttributeIx, Exact, Type, Unit, Value,
    vocabulary::VOCABULARY,
    words::{Tongue, day_of, quantity},
};
use jiff::ToSpan;
use std::{cell::RefCell, rc::Rc};

/// Who is at hand around an expression.
#[derive(Debug, Clone, Default)]
pub(super) struct Env {
    /// The guardian or adult of a table over them.
    element: Option<u32>,
    /// Subjects of the variables, from the outermost.
    variables: Vec<u32>,
    /// Named conditions looked into before, for which truth and element: they give nothing more.
    seen: Rc<RefCell<Seen>>,
}

type Seen = Vec<(u32, bool, Option<u32>)>;

impl Deriving<'_> {
    /// What would make a part of a row's condition hold.
    pub(super) fn wanted_part(
        &mut self,
        part: &Part<'_>,
        element: Option<u32>,
        row: &str,
        found: &mut Vec<Candidate>,
    ) {
        let env = Env {
            element,
            ..Env::default()
        };
        match part {
            Part::Condition(_, typed) => self.wanted(typed, true, &env, row, found),
            Part::Range(range) => self.wanted_range(range, &env, row, found),
        }
    }

    /// What would make a condition true (`truth`), or false.
    pub(super) fn wanted(
        &mut self,
        e: &Typed,
        truth: bool,
        env: &Env,
        row: &str,
        found: &mut Vec<Candidate>,
    ) {
        match &e.kind {
            Kind::Attribute(subject, at) => {
                self.add(*subject, *at, env, Value::Bool(truth), None, row, found);
            }
            Kind::Not(a) => self.wanted(a, !truth, env, row, found),
            Kind::Condition(c) => {
                let place = (*c, truth, env.element);
                if env.seen.borrow().contains(&place) {
                    return;
                }
                env.seen.borrow_mut().push(place);
                let resolved = self.resolved;
                let env = Env {
                    variables: Vec::new(),
                    ..env.clone()
                };
                self.wanted(&resolved.conditions[*c as usize], truth, &env, row, found);
            }
            Kind::And(..) | Kind::Or(..) => {
                let mut parts = Vec::new();
                operands(e, matches!(e.kind, Kind::And(..)), &mut parts);
                // One fact cannot mend two: of what must all be so, exactly one may be otherwise.
                let all = matches!(e.kind, Kind::And(..)) == truth;
                let held: Vec<_> = parts.iter().map(|p| self.holds(p, env)).collect();
                let wrong: Vec<_> = (0..parts.len())
                    .filter(|&at| held[at] != Some(truth))
                    .collect();
                if !all || wrong.len() == 1 {
                    for at in wrong {
                        self.wanted(parts[at], truth, env, row, found);
                    }
                }
            }
            Kind::Compare(comparison, a, b) => {
                if let Kind::Attribute(subject, at) = a.kind {
                    self.wanted_beside(*comparison, (subject, at), b, truth, env, row, found);
                } else if let Kind::Attribute(subject, at) = b.kind {
                    let turned = match comparison {
                        Comparison::Less => Comparison::Greater,
                        Comparison::LessOrEqual => Comparison::GreaterOrEqual,
                        Comparison::Greater => Comparison::Less,
                        Comparison::GreaterOrEqual => Comparison::LessOrEqual,
                        same => *same,
                    };
                    self.wanted_beside(turned, (subject, at), a, truth, env, row, found);
                }
            }
            Kind::OneOf(a, list) => {
                if let Kind::Attribute(subject, at) = a.kind
                    && let Type::Enum(e) = VOCABULARY[at as usize].ty
                {
                    let listed = |i: u8| list.iter().any(|x| x.kind == Kind::Enum(i));
                    let first = (0..e.values.len() as u8).find(|&i| listed(i) == truth);
                    if let Some(i) = first {
                        self.add(subject, at, env, Value::Enum(i), None, row, found);
                    }
                }
            }
            Kind::Within(x, set) => {
                if let (Kind::Enum(i), Kind::Attribute(subject, at)) = (&x.kind, &set.kind)
                    && let Some(Value::Set(bits)) = self.stated(*subject, *at, env)
                {
                    let bit = 1u64 << i;
                    let bits = if truth { bits | bit } else { bits & !bit };
                    self.add(*subject, *at, env, Value::Set(bits), None, row, found);
                }
            }
            Kind::Fold(fold @ (Fold::Exists | Fold::All), list, _, body) => {
                let subjects = self.elements(*list);
                let each: Vec<_> = subjects
                    .into_iter()
                    .map(|subject| {
                        let mut env = env.clone();
                        env.variables.push(subject);
                        let holds = self.holds(body, &env);
                        (env, holds)
                    })
                    .collect();
                let all = (*fold == Fold::All) == truth;
                let wrong: Vec<_> = each.iter().filter(|(_, h)| *h != Some(truth)).collect();
                if !all || wrong.len() == 1 {
                    for (env, _) in wrong {
                        self.wanted(body, truth, env, row, found);
                    }
                }
            }
            Kind::Choose(c, a, b) => match self.holds(c, env) {
                Some(true) => self.wanted(a, truth, env, row, found),
                Some(false) => self.wanted(b, truth, env, row, found),
                None => {}
            },
            _ => {}
        }
    }

    /// The next band up or down.
    fn wanted_range(
        &mut self,
        range: &Range<'_>,
        env: &Env,
        row: &str,
        found: &mut Vec<Candidate>,
    ) {
        let mut by = range.by.1;
        while let Kind::Choose(c, a, b) = &by.kind {
            match self.holds(c, env) {
                Some(true) => by = a,
                Some(false) => by = b,
                None => return,
            }
        }
        let Kind::Attribute(subject, at) = by.kind else {
            return;
        };
        let Some(Value::Number(x)) = self.stated(subject, at, env) else {
            return;
        };
        let wanted = match (range.from, range.below) {
            (Some(from), _) if x < from => Some(from),
            (from, Some(below)) => just_below(below, from),
            _ => None,
        };
        if let Some(wanted) = wanted {
            let words = (range.words(Tongue::Japanese), range.words(Tongue::English));
            let value = Value::Number(wanted);
            self.add(subject, at, env, value, Some(words), row, found);
        }
    }

    /// A fact beside something else.
    #[expect(
        clippy::too_many_arguments,
        reason = "one comparison and where it stands"
    )]
    fn wanted_beside(
        &mut self,
        comparison: Comparison,
        (subject, at): (Subject, AttributeIx),
        other: &Typed,
        truth: bool,
        env: &Env,
        row: &str,
        found: &mut Vec<Candidate>,
    ) {
        let comparison = if truth {
            comparison
        } else {
            match comparison {
                Comparison::Equal => Comparison::NotEqual,
                Comparison::NotEqual => Comparison::Equal,
                Comparison::Less => Comparison::GreaterOrEqual,
                Comparison::LessOrEqual => Comparison::Greater,
                Comparison::Greater => Comparison::LessOrEqual,
                Comparison::GreaterOrEqual => Comparison::Less,
            }
        };
        let attribute = &VOCABULARY[at as usize];
        let beside = self.asked(other, env);
        let (value, to) = match (attribute.ty, beside) {
            (Type::Enum(e), Value::Enum(i)) => {
                let fits = |x: u8| (x == i) == (comparison == Comparison::Equal);
                match (0..e.values.len() as u8).find(|&x| fits(x)) {
                    Some(x) => (Value::Enum(x), None),
                    None => return,
                }
            }
            (Type::Bool, Value::Bool(b)) => {
                (Value::Bool(b == (comparison == Comparison::Equal)), None)
            }
            (Type::Number | Type::Quantity(_), Value::Number(n)) => {
                let unit = match attribute.ty {
                    Type::Quantity(unit) => Some(unit),
                    _ => None,
                };
                match beside_number(comparison, n, unit) {
                    Some((x, words)) => (Value::Number(x), Some(words)),
                    None => return,
                }
            }
            (Type::Date, Value::Date(day)) => {
                let moved = match comparison {
                    Comparison::Less => day.checked_sub(1.day()),
                    Comparison::Greater => day.checked_add(1.day()),
                    Comparison::NotEqual => return,
                    _ => Ok(day),
                };
                let Ok(moved) = moved else { return };
                let (ja, en) = match comparison {
                    Comparison::Less => ("より前", "before "),
                    Comparison::LessOrEqual => ("以前", "not after "),
                    Comparison::Greater => ("より後", "after "),
                    Comparison::GreaterOrEqual => ("以後", "not before "),
                    _ => ("", ""),
                };
                let words = (
                    format!("{}{ja}", day_of(day, Tongue::Japanese)),
                    format!("{en}{}", day_of(day, Tongue::English)),
                );
                (Value::Date(moved), Some(words))
            }
            _ => return,
        };
        self.add(subject, at, env, value, to, row, found);
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "a fact, a value, and where they stand"
    )]
    fn add(
        &self,
        subject: Subject,
        attribute: AttributeIx,
        env: &Env,
        value: Value,
        to: Option<(String, String)>,
        row: &str,
        found: &mut Vec<Candidate>,
    ) {
        if let Some(at) = self.position(subject, env) {
            found.push(Candidate {
                entity: VOCABULARY[attribute as usize].entity,
                subject: at,
                attribute,
                value,
                to,
                row: row.into(),
            });
        }
    }

    fn position(&self, subject: Subject, env: &Env) -> Option<u32> {
        match subject {
            Subject::Guardian | Subject::Adult => env.element,
            Subject::Variable(v) => env.variables.get(usize::from(v)).copied(),
            _ => Some(self.session.seat(Seat::of(subject))),
        }
    }

    fn stated(&self, subject: Subject, attribute: AttributeIx, env: &Env) -> Option<Value> {
        let at = self.position(subject, env)?;
        Some(self.facts.get(at, attribute))
    }

    fn elements(&self, list: List) -> Vec<u32> {
        let span = self.session.span_of(list);
        span.filter(|&s| self.session.is_in(list, s)).collect()
    }

    fn holds(&mut self, e: &Typed, env: &Env) -> Option<bool> {
        match self.asked(e, env) {
            Value::Bool(b) => Some(b),
            _ => None,
        }
    }

    /// What an expression comes to; what cannot be calculated is unknown here.
    fn asked(&mut self, e: &Typed, env: &Env) -> Value {
        let element = env.element.unwrap_or(self.session.element_at_hand());
        let folds = env.variables.len() as u16;
        let mut value = Value::Unknown;
        within(&mut self.session, 0, &env.variables, &mut |s| {
            s.with_element(element, |s| {
                value = s.evaluate(e, folds).unwrap_or(Value::Unknown);
            });
        });
        value
    }
}

/// Asks with variables at hand.
fn within(
    session: &mut Session<'_>,
    variable: u16,
    subjects: &[u32],
    ask: &mut dyn FnMut(&mut Session<'_>),
) {
    match subjects {
        [] => ask(session),
        [first, rest @ ..] => {
            session.with_variable(variable, *first, |s| within(s, variable + 1, rest, ask));
        }
    }
}

/// The operands of `&&` (or `||`), of any nesting.
fn operands<'e>(e: &'e Typed, and: bool, list: &mut Vec<&'e Typed>) {
    match &e.kind {
        Kind::And(a, b) if and => {
            operands(a, and, list);
            operands(b, and, list);
        }
        Kind::Or(a, b) if !and => {
            operands(a, and, list);
            operands(b, and, list);
        }
        _ => list.push(e),
    }
}

/// A number that is below another by one, but not below `from`.
pub(super) fn just_below(below: Exact, from: Option<Exact>) -> Option<Exact> {
    let less = below.minus(Exact::ONE)?;
    Some(from.map_or(less, |from| less.max(from)))
}

/// A number beside another, and what it then is in words.
fn beside_number(
    comparison: Comparison,
    n: Exact,
    unit: Option<Unit>,
) -> Option<(Exact, (String, String))> {
    let shown = |tongue| match unit {
        Some(unit) => quantity(n, unit, tongue),
        None => n.to_string(),
    };
    let (ja, en) = (shown(Tongue::Japanese), shown(Tongue::English));
    Some(match comparison {
        Comparison::Equal => (n, (ja, en)),
        Comparison::NotEqual => return None,
        Comparison::Less => (
            n.minus(Exact::ONE)?,
            (format!("{ja}未満"), format!("below {en}")),
        ),
        Comparison::LessOrEqual => (n, (format!("{ja}以下"), format!("{en} or less"))),
        Comparison::Greater => (
            n.plus(Exact::ONE)?,
            (format!("{ja}より大"), format!("more than {en}")),
        ),
        Comparison::GreaterOrEqual => (n, (format!("{ja}以上"), format!("{en} or more"))),
    })
}
