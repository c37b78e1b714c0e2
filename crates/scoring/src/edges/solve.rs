//! Facts that make a condition hold, for a household with one child and one guardian, or as many as the condition
//! asks for, all alike; with another adult, a sibling or a past decline where one must exist.
//!
//! A small search over the forms that criteria use: comparisons of one attribute with literals, membership,
//! `&&`, `||`, `!`, `known`, named conditions, `exists`, `all` and `size`. Anything else is given up; the evaluator judges
//! whether what was found is right.

use enmusubi_criteria::{
    Criteria,
    expression::{Binary, Expression, Kind, Unary},
};
use enmusubi_domain::facts::{
    AttributeIx, Entity, Exact, RoundFacts, Type, Unit, Value,
    vocabulary::{VOCABULARY, find},
};
use std::collections::BTreeMap;

/// Whose attribute; a sibling is the other of the two children.
type Subject = (Who, AttributeIx);

/// Somebody of the household.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Who {
    /// The only one of its kind, the child at hand, or every guardian.
    AtHand(Entity),
    Sibling,
}

/// A value in the making.
#[derive(Debug, Clone, PartialEq)]
enum Fact {
    Is(Value),
    Text(Box<str>),
    /// Members that must, and must not, be in a set.
    Set(u64, u64),
}

/// Facts found so far.
pub(super) struct Solver<'c> {
    criteria: &'c Criteria,
    found: BTreeMap<Subject, Fact>,
    /// How many guardians, where a condition asks; an adult, a sibling, a decline that must exist.
    people: People,
    /// Variables of list functions.
    bound: Vec<(Box<str>, Who)>,
}

/// Who is in the household besides the child.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct People {
    /// `None`: nobody asked; one.
    pub guardians: Option<u8>,
    pub adult: bool,
    pub sibling: bool,
    pub decline: bool,
}

/// Most guardians of a household.
const GUARDIANS: u8 = 2;

impl<'c> Solver<'c> {
    pub fn new(criteria: &'c Criteria) -> Self {
        Self {
            criteria,
            found: BTreeMap::new(),
            people: People::default(),
            bound: Vec::new(),
        }
    }

    /// Who must be in the household.
    pub fn people(&self) -> People {
        self.people
    }

    /// The facts, with their texts among the symbols of `facts`.
    pub fn values(self, facts: &mut RoundFacts) -> Vec<(Subject, Value)> {
        let value = |fact: Fact, facts: &mut RoundFacts| match fact {
            Fact::Is(value) => value,
            Fact::Text(text) => Value::Symbol(facts.symbol(&text)),
            Fact::Set(must, _) => Value::Set(must),
        };
        let found = self.found.into_iter();
        found.map(|(s, fact)| (s, value(fact, facts))).collect()
    }

    /// Makes a condition come to `want`; whether that worked.
    pub fn make(&mut self, e: &Expression, want: bool) -> bool {
        let before = (self.found.clone(), self.people);
        let worked = self.try_make(e, want);
        if !worked {
            (self.found, self.people) = before;
        }
        worked
    }

    fn try_make(&mut self, e: &Expression, want: bool) -> bool {
        match &e.kind {
            Kind::Bool(b) => *b == want,
            Kind::Unary(Unary::Not, e) => self.make(e, !want),
            Kind::Binary(Binary::And, a, b) if want => self.make(a, true) && self.make(b, true),
            Kind::Binary(Binary::And, a, b) => self.make(a, false) || self.make(b, false),
            Kind::Binary(Binary::Or, a, b) if want => self.make(a, true) || self.make(b, true),
            Kind::Binary(Binary::Or, a, b) => self.make(a, false) && self.make(b, false),
            Kind::Binary(Binary::In, a, b) => self.member(a, b, want),
            Kind::Binary(operator, a, b) => self.compare(*operator, a, b, want),
            Kind::Name(name) => {
                let criteria = self.criteria;
                let condition = criteria.conditions.iter().find(|c| c.id == *name);
                condition.is_some_and(|c| self.make(&c.when, want))
            }
            Kind::Member(..) => match self.attribute(e) {
                Some((s, Type::Bool)) => self.put(s, Fact::Is(Value::Bool(want))),
                _ => false,
            },
            // To be known, it must still be stated; the evaluator will see whether it was.
            Kind::Call(name, arguments) if &*name.text == "known" => match &arguments[..] {
                [e] => self
                    .attribute(e)
                    .is_some_and(|(s, _)| want || !self.found.contains_key(&s)),
                _ => false,
            },
            Kind::Method(of, name, arguments) => match (&of.kind, &arguments[..]) {
                (Kind::Name(list), [variable, body]) => {
                    let some = &*name.text == "exists";
                    if !some && &*name.text != "all" {
                        return false;
                    }
                    self.somebody(list, (variable, body), (some, want))
                }
                _ => false,
            },
            _ => false,
        }
    }

    /// `list.exists(x, body)` (`some`) or `list.all(x, body)`.
    fn somebody(
        &mut self,
        list: &str,
        (variable, body): (&Expression, &Expression),
        (some, want): (bool, bool),
    ) -> bool {
        let who = match list {
            // All are alike: some and all are the same.
            "guardians" => {
                let who = Who::AtHand(Entity::Guardian);
                return self.people.guardians != Some(0)
                    && self.within(variable, who, |s| s.make(body, want));
            }
            "adults" => Who::AtHand(Entity::Adult),
            "siblings" => Who::Sibling,
            "declines" => Who::AtHand(Entity::Decline),
            _ => return false,
        };
        let there = match who {
            Who::Sibling => self.people.sibling,
            Who::AtHand(Entity::Adult) => self.people.adult,
            Who::AtHand(_) => self.people.decline,
        };
        // With nobody there, none exists and all hold.
        if some != want && !there {
            return true;
        }
        match who {
            Who::Sibling => self.people.sibling = true,
            Who::AtHand(Entity::Adult) => self.people.adult = true,
            Who::AtHand(_) => self.people.decline = true,
        }
        self.within(variable, who, |s| s.make(body, want))
    }

    fn within(
        &mut self,
        variable: &Expression,
        who: Who,
        make: impl FnOnce(&mut Self) -> bool,
    ) -> bool {
        let Kind::Name(name) = &variable.kind else {
            return false;
        };
        self.bound.push((name.clone(), who));
        let worked = make(self);
        self.bound.pop();
        worked
    }

    /// An attribute of a subject at hand.
    fn attribute(&self, e: &Expression) -> Option<(Subject, Type)> {
        let Kind::Member(of, name) = &e.kind else {
            return None;
        };
        let Kind::Name(subject) = &of.kind else {
            return None;
        };
        let bound = self.bound.iter().rev().find(|(n, _)| n == subject);
        let who = match bound {
            Some((_, who)) => *who,
            None => {
                let mut all = Entity::ALL.iter().copied();
                Who::AtHand(all.find(|e| e.name() == &**subject)?)
            }
        };
        let entity = match who {
            Who::AtHand(entity) => entity,
            Who::Sibling => Entity::Child,
        };
        let at = find(entity, &name.text)?;
        Some(((who, at), VOCABULARY[at as usize].ty))
    }

    /// States a fact, unless another is stated already.
    fn put(&mut self, subject: Subject, fact: Fact) -> bool {
        match (self.found.get(&subject), &fact) {
            (None, _) => {
                self.found.insert(subject, fact);
                true
            }
            (Some(Fact::Set(must, not)), Fact::Set(more, never)) => {
                let (must, not) = (must | more, not | never);
                self.found.insert(subject, Fact::Set(must, not));
                must & not == 0
            }
            (Some(known), fact) => known == fact,
        }
    }

    /// `'employment' in guardian.reasons`, `household.residence in ['resident', 'moving_in']`.
    fn member(&mut self, a: &Expression, b: &Expression, want: bool) -> bool {
        if let (Kind::Text(text), Some((s, Type::Set(e)))) = (&a.kind, self.attribute(b)) {
            let Some(at) = e.of_name(text) else {
                return false;
            };
            let bit = 1 << at;
            return self.put(
                s,
                if want {
                    Fact::Set(bit, 0)
                } else {
                    Fact::Set(0, bit)
                },
            );
        }
        let Kind::List(items) = &b.kind else {
            return false;
        };
        if want {
            items.iter().any(|item| {
                let before = self.found.clone();
                let worked = self.compare(Binary::Equal, a, item, true);
                if !worked {
                    self.found = before;
                }
                worked
            })
        } else {
            let names = items.iter().filter_map(|i| match &i.kind {
                Kind::Text(t) => Some(&**t),
                _ => None,
            });
            self.other_than(a, &names.collect::<Vec<_>>())
        }
    }

    /// An enumeration's value that is none of these.
    fn other_than(&mut self, a: &Expression, names: &[&str]) -> bool {
        let Some((s, Type::Enum(e))) = self.attribute(a) else {
            return false;
        };
        let is_other = |i: u8| !names.contains(&e.values[usize::from(i)].0);
        if let Some(Fact::Is(Value::Enum(i))) = self.found.get(&s) {
            return is_other(*i);
        }
        let mut all = 0..e.values.len() as u8;
        match all.find(|i| is_other(*i)) {
            Some(i) => self.put(s, Fact::Is(Value::Enum(i))),
            None => false,
        }
    }

    fn compare(&mut self, operator: Binary, a: &Expression, b: &Expression, want: bool) -> bool {
        use Binary::{Equal, Greater, GreaterOrEqual, Less, LessOrEqual, NotEqual};
        // The other way round, and the opposite.
        let turned = |o| match o {
            Less => Greater,
            Greater => Less,
            LessOrEqual => GreaterOrEqual,
            GreaterOrEqual => LessOrEqual,
            o => o,
        };
        let operator = match (operator, want) {
            (o, true) => o,
            (Equal, false) => NotEqual,
            (NotEqual, false) => Equal,
            (Less, false) => GreaterOrEqual,
            (GreaterOrEqual, false) => Less,
            (Greater, false) => LessOrEqual,
            (LessOrEqual, false) => Greater,
            _ => return false,
        };
        let (e, operator, literal) = if self.attribute(a).is_some() || is_size_of_guardians(a) {
            (a, operator, b)
        } else {
            (b, turned(operator), a)
        };
        if is_size_of_guardians(e) {
            let number = literal_number(literal).and_then(|n| within_one(n, operator));
            return number.is_some_and(|n| self.count(n));
        }
        let Some((s, ty)) = self.attribute(e) else {
            return false;
        };
        match (ty, operator, &literal.kind) {
            (Type::Enum(_), NotEqual, Kind::Text(t)) => self.other_than(e, &[t]),
            (Type::Enum(names), Equal, Kind::Text(t)) => match names.of_name(t) {
                Some(i) => self.put(s, Fact::Is(Value::Enum(i))),
                None => false,
            },
            (Type::Text, Equal, Kind::Text(t)) => self.put(s, Fact::Text(t.clone())),
            (Type::Text, NotEqual, Kind::Text(t)) => {
                self.put(s, Fact::Text(format!("{t}以外").into()))
            }
            (Type::Bool, Equal, Kind::Bool(b)) => self.put(s, Fact::Is(Value::Bool(*b))),
            (Type::Bool, NotEqual, Kind::Bool(b)) => self.put(s, Fact::Is(Value::Bool(!*b))),
            (Type::Number | Type::Quantity(_), _, _) => {
                let n = literal_number(literal).and_then(|n| within_one(n, operator));
                n.is_some_and(|n| self.put(s, Fact::Is(Value::Number(n))))
            }
            _ => false,
        }
    }

    /// Makes the household have so many guardians.
    fn count(&mut self, n: Exact) -> bool {
        let n = n.as_whole().and_then(|n| u8::try_from(n).ok());
        let Some(n) = n.filter(|n| *n <= GUARDIANS) else {
            return false;
        };
        // Facts of a guardian who is not there say nothing.
        let facts = |(who, _): &Subject| *who == Who::AtHand(Entity::Guardian);
        if n == 0 && self.found.keys().any(facts) {
            return false;
        }
        *self.people.guardians.get_or_insert(n) == n
    }

    /// Makes a quantity come to `n`.
    pub fn let_be(&mut self, e: &Expression, n: Exact) -> bool {
        match &e.kind {
            Kind::Member(..) => match self.attribute(e) {
                Some((s, Type::Number | Type::Quantity(_))) => {
                    self.put(s, Fact::Is(Value::Number(n)))
                }
                _ => false,
            },
            Kind::Call(name, arguments) if &*name.text == "number" => match &arguments[..] {
                [e] => self.let_be(e, n),
                _ => false,
            },
            // All are alike: the number of one is highest, lowest and average, and of the only one the sum.
            Kind::Method(of, name, arguments)
                if matches!(&*name.text, "highest" | "lowest" | "average")
                    || (&*name.text == "sum" && self.count(Exact::ONE)) =>
            {
                match (&of.kind, &arguments[..]) {
                    (Kind::Name(list), [variable, body]) if &**list == "guardians" => {
                        let who = Who::AtHand(Entity::Guardian);
                        self.within(variable, who, |s| s.let_be(body, n))
                    }
                    _ => false,
                }
            }
            Kind::Choose(condition, yes, no) => {
                (self.make(condition, true) && self.let_be(yes, n))
                    || (self.make(condition, false) && self.let_be(no, n))
            }
            _ => false,
        }
    }
}

fn is_size_of_guardians(e: &Expression) -> bool {
    match &e.kind {
        Kind::Method(of, name, _) => {
            matches!(&of.kind, Kind::Name(list) if &**list == "guardians") && &*name.text == "size"
        }
        _ => false,
    }
}

/// The number itself where it may be equal, else the next one up or down.
fn within_one(n: Exact, operator: Binary) -> Option<Exact> {
    use Binary::{Equal, Greater, GreaterOrEqual, LessOrEqual, NotEqual};
    n.plus(Exact::whole(match operator {
        Equal | GreaterOrEqual | LessOrEqual => 0,
        Greater | NotEqual => 1,
        _ => -1,
    }))
}

/// `140`, `hours_per_month(140)`, `-1`.
fn literal_number(e: &Expression) -> Option<Exact> {
    match &e.kind {
        Kind::Number(n) => Some(*n),
        Kind::Unary(Unary::Minus, e) => literal_number(e)?.negated(),
        Kind::Call(name, arguments) if Unit::of_name(&name.text).is_some() => {
            literal_number(arguments.first()?)
        }
        _ => None,
    }
}
