//! Random expressions of a wanted type, over the whole vocabulary.

use crate::rng::SplitMix64;
use enmusubi_criteria::{
    expression::{Binary, Expression, Kind, Name, Unary},
    model::Over,
};
use enmusubi_domain::facts::{
    Attribute, Entity, Exact, Type, Unit,
    vocabulary::{EnumType, VOCABULARY},
};

/// Writes expressions; knows which names may be used.
pub(crate) struct Writer {
    pub rng: SplitMix64,
    /// Conditions so far, and whether they speak of the guardian at hand.
    pub conditions: Vec<(Box<str>, bool)>,
    /// Tables so far.
    pub tables: Vec<(Box<str>, Over)>,
    /// Values so far.
    pub values: Vec<Box<str>>,
    /// Whose table is being written, if that of guardians or adults.
    pub at_hand: Option<Over>,
    /// Neither facility nor choice, nor anything that may look at them.
    pub of_child_only: bool,
    /// Variables of the lambdas around.
    variables: Vec<(Box<str>, Entity)>,
}

fn of(kind: Kind) -> Expression {
    Expression { kind, span: 0..0 }
}

fn named(text: &str) -> Name {
    Name {
        text: text.into(),
        span: 0..0,
    }
}

/// A literal.
pub(crate) fn number(n: Exact) -> Expression {
    of(Kind::Number(n))
}

/// A bare name.
pub(crate) fn name(text: &str) -> Expression {
    of(Kind::Name(text.into()))
}

fn text(text: &str) -> Expression {
    of(Kind::Text(text.into()))
}

fn call(function: &str, arguments: Vec<Expression>) -> Expression {
    of(Kind::Call(named(function), arguments))
}

fn binary(operator: Binary, left: Expression, right: Expression) -> Expression {
    of(Kind::Binary(operator, Box::new(left), Box::new(right)))
}

const LISTS: [(&str, Entity); 6] = [
    ("guardians", Entity::Guardian),
    ("guardians", Entity::Guardian),
    ("adults", Entity::Adult),
    ("children", Entity::Child),
    ("siblings", Entity::Child),
    ("declines", Entity::Decline),
];

impl Writer {
    pub fn new(rng: SplitMix64) -> Self {
        Self {
            rng,
            conditions: Vec::new(),
            tables: Vec::new(),
            values: Vec::new(),
            at_hand: None,
            of_child_only: false,
            variables: Vec::new(),
        }
    }

    /// A number as points are: small, now and then with a half, now and then negative.
    pub fn small(&mut self) -> Exact {
        let whole = Exact::whole(i64::from(self.rng.below(14)) - 3);
        let part = match self.rng.below(8) {
            0 => Exact::new(1, 2),
            1 => Exact::new(1, 4),
            _ => None,
        };
        part.and_then(|p| whole.plus(p)).unwrap_or(whole)
    }

    /// A unit that some attribute has.
    pub fn unit(&mut self) -> Unit {
        *self.rng.pick(Unit::ALL)
    }

    /// Subjects that a name reaches here.
    fn subjects(&mut self) -> Vec<(Expression, Entity)> {
        let mut list = vec![
            (name("round"), Entity::Round),
            (name("household"), Entity::Household),
            (name("household"), Entity::Household),
            (name("child"), Entity::Child),
            (name("child"), Entity::Child),
        ];
        if !self.of_child_only {
            list.push((name("facility"), Entity::Facility));
            list.push((name("choice"), Entity::Choice));
        }
        let at_hand = match self.at_hand {
            Some(Over::Guardian) => Some((name("guardian"), Entity::Guardian)),
            Some(Over::Adult) => Some((name("adult"), Entity::Adult)),
            _ => None,
        };
        for subject in at_hand {
            list.extend(std::iter::repeat_n(subject, 6));
        }
        for (variable, entity) in &self.variables {
            list.extend(std::iter::repeat_n((name(variable), *entity), 6));
        }
        list
    }

    /// An attribute that fits, of a subject that can be reached.
    fn attribute(
        &mut self,
        fits: impl Fn(&Attribute) -> bool,
    ) -> Option<(Expression, &'static Attribute)> {
        for _ in 0..8 {
            let subjects = self.subjects();
            let (subject, entity) = self.rng.pick(&subjects).clone();
            let fitting: Vec<&'static Attribute> = VOCABULARY
                .iter()
                .filter(|a| a.entity == entity && fits(a))
                .collect();
            if !fitting.is_empty() {
                let attribute = *self.rng.pick(&fitting);
                let member = of(Kind::Member(Box::new(subject), named(attribute.name)));
                return Some((member, attribute));
            }
        }
        None
    }

    /// A lambda over a list of the household.
    fn lambda(
        &mut self,
        methods: &[&str],
        body: impl FnOnce(&mut Self) -> Expression,
    ) -> Expression {
        let (mut list, entity) = *self.rng.pick(&LISTS);
        if list == "children" && self.rng.percent(40) {
            list = "applicants";
        }
        let variable: Box<str> = format!("v{}", self.variables.len()).into();
        self.variables.push((variable.clone(), entity));
        let body = body(self);
        self.variables.pop();
        let method = *self.rng.pick(methods);
        of(Kind::Method(
            Box::new(name(list)),
            named(method),
            vec![name(&variable), body],
        ))
    }

    /// A condition.
    pub fn condition(&mut self, depth: u32) -> Expression {
        if depth > 0 && self.rng.percent(55) {
            let d = depth - 1;
            return match self.rng.below(9) {
                0..=2 => {
                    let operator = *self.rng.pick(&[Binary::And, Binary::Or]);
                    binary(operator, self.condition(d), self.condition(d))
                }
                3 => of(Kind::Unary(Unary::Not, Box::new(self.condition(d)))),
                4 | 5 if self.variables.len() < 2 => {
                    self.lambda(&["exists", "all"], |w| w.condition(d))
                }
                6 => of(Kind::Choose(
                    Box::new(self.condition(d)),
                    Box::new(self.condition(d)),
                    Box::new(self.condition(d)),
                )),
                7 => {
                    let of_what = self.anything(d);
                    call("known", vec![of_what])
                }
                _ => self.comparison(d),
            };
        }
        self.simple_condition().unwrap_or(of(Kind::Bool(true)))
    }

    fn comparison(&mut self, depth: u32) -> Expression {
        let operator = *self.rng.pick(&[
            Binary::Equal,
            Binary::NotEqual,
            Binary::Less,
            Binary::LessOrEqual,
            Binary::Greater,
            Binary::GreaterOrEqual,
        ]);
        match self.rng.below(3) {
            0 => binary(operator, self.number(depth), self.number(0)),
            1 => {
                let unit = self.unit();
                binary(operator, self.quantity(unit, depth), self.quantity(unit, 0))
            }
            _ => binary(operator, self.day(depth), self.day(0)),
        }
    }

    /// A condition on one or two attributes.
    fn simple_condition(&mut self) -> Option<Expression> {
        match self.rng.below(12) {
            0..=2 => self.attribute(|a| a.ty == Type::Bool).map(|(e, _)| e),
            3 | 4 => {
                let (member, attribute) = self.attribute(|a| matches!(a.ty, Type::Enum(_)))?;
                let Type::Enum(e) = attribute.ty else {
                    return None;
                };
                Some(self.enumeration(member, e))
            }
            5 | 6 => {
                let (member, attribute) = self.attribute(|a| matches!(a.ty, Type::Set(_)))?;
                let Type::Set(e) = attribute.ty else {
                    return None;
                };
                let x = match self.attribute(|a| a.ty == Type::Enum(e)) {
                    Some((x, _)) if self.rng.percent(20) => x,
                    _ => text(self.rng.pick(e.values).0),
                };
                Some(binary(Binary::In, x, member))
            }
            7 => {
                let (left, _) = self.attribute(|a| a.ty == Type::Text)?;
                if self.rng.percent(30)
                    && let Some((list, _)) = self.attribute(|a| a.ty == Type::Texts)
                {
                    return Some(binary(Binary::In, left, list));
                }
                let right = match self.attribute(|a| a.ty == Type::Text) {
                    Some((right, _)) if self.rng.percent(60) => right,
                    _ => text(["東", "n0", "n1", "遠い"][self.rng.below(4) as usize]),
                };
                let operator = *self.rng.pick(&[Binary::Equal, Binary::NotEqual]);
                Some(binary(operator, left, right))
            }
            8 => {
                let guardian = self.at_hand == Some(Over::Guardian) && self.variables.is_empty();
                let of_child_only = self.of_child_only;
                let usable: Vec<Box<str>> = self
                    .conditions
                    .iter()
                    .filter(|(_, of_guardian)| (!of_guardian || guardian) && !of_child_only)
                    .map(|(id, _)| id.clone())
                    .collect();
                (!usable.is_empty()).then(|| name(self.rng.pick::<Box<str>>(&usable)))
            }
            _ => Some(self.comparison(0)),
        }
    }

    fn enumeration(&mut self, member: Expression, e: &'static EnumType) -> Expression {
        match self.rng.below(4) {
            0 => {
                let elements = (0..=self.rng.below(3))
                    .map(|_| text(self.rng.pick(e.values).0))
                    .collect();
                binary(Binary::In, member, of(Kind::List(elements)))
            }
            1 => match self.attribute(|a| a.ty == Type::Enum(e)) {
                Some((other, _)) => binary(Binary::Equal, member, other),
                None => binary(Binary::Equal, member, text(e.values[0].0)),
            },
            _ => {
                let operator = *self
                    .rng
                    .pick(&[Binary::Equal, Binary::Equal, Binary::NotEqual]);
                binary(operator, member, text(self.rng.pick(e.values).0))
            }
        }
    }

    /// Anything that can be known or not.
    fn anything(&mut self, depth: u32) -> Expression {
        match self.rng.below(4) {
            0 => self.condition(depth),
            1 => self.day(depth),
            2 => match self.attribute(|a| !matches!(a.ty, Type::Texts)) {
                Some((member, _)) => member,
                None => self.number(depth),
            },
            _ => self.number(depth),
        }
    }

    /// A number without unit.
    pub fn number(&mut self, depth: u32) -> Expression {
        if depth > 0 && self.rng.percent(65) {
            let d = depth - 1;
            return match self.rng.below(12) {
                0 | 1 => {
                    let operator = *self.rng.pick(&[Binary::Plus, Binary::Minus]);
                    binary(operator, self.number(d), self.number(d))
                }
                2 => {
                    let factor = number(Exact::whole(i64::from(self.rng.below(4))));
                    let operator = Binary::Times;
                    binary(operator, self.number(d), factor)
                }
                3 => {
                    let divisor = number(Exact::whole(i64::from(1 + self.rng.below(3))));
                    binary(Binary::Over, self.number(d), divisor)
                }
                4 => {
                    let function = *self.rng.pick(&["min", "max"]);
                    let list = (0..=1 + self.rng.below(2))
                        .map(|_| self.number(d))
                        .collect();
                    call(function, list)
                }
                5 => {
                    let low = self.small();
                    let high = low.plus(Exact::whole(4)).unwrap_or(low);
                    call("clamp", vec![self.number(d), number(low), number(high)])
                }
                6 => of(Kind::Choose(
                    Box::new(self.condition(d)),
                    Box::new(self.number(d)),
                    Box::new(self.number(d)),
                )),
                7 => {
                    let function = *self.rng.pick(&["ceil", "floor"]);
                    call(function, vec![self.number(d)])
                }
                8 if self.variables.len() < 2 => self.lambda(&["count"], |w| w.condition(d)),
                9 | 10 if self.variables.len() < 2 => {
                    let methods = ["sum", "lowest", "highest", "average"];
                    self.lambda(&methods, |w| w.number(d))
                }
                _ => of(Kind::Unary(Unary::Minus, Box::new(self.number(d)))),
            };
        }
        self.simple_number().unwrap_or_else(|| number(self.small()))
    }

    fn simple_number(&mut self) -> Option<Expression> {
        match self.rng.below(10) {
            0 | 1 => Some(number(self.small())),
            2 => self.attribute(|a| a.ty == Type::Number).map(|(e, _)| e),
            3 => {
                let unit = self.unit();
                let quantity = self.quantity(unit, 0);
                Some(if self.rng.percent(70) {
                    call("number", vec![quantity])
                } else {
                    let one = call(unit.name(), vec![number(Exact::whole(2))]);
                    binary(Binary::Over, quantity, one)
                })
            }
            4..=6 => self.of_table(),
            7 => {
                let usable = self.values.clone();
                (!usable.is_empty() && !self.of_child_only)
                    .then(|| name(self.rng.pick::<Box<str>>(&usable)))
            }
            8 => {
                let (list, _) = *self.rng.pick(&LISTS);
                Some(of(Kind::Method(
                    Box::new(name(list)),
                    named("size"),
                    Vec::new(),
                )))
            }
            _ => {
                let function = *self.rng.pick(&["fiscal_year", "month"]);
                let day = self.day(0);
                Some(call(function, vec![day]))
            }
        }
    }

    /// A table: bare, of the guardian at hand or of a variable, or over a list.
    fn of_table(&mut self) -> Option<Expression> {
        if self.tables.is_empty() || self.of_child_only {
            return None;
        }
        let tables = self.tables.clone();
        let (id, over) = self.rng.pick(&tables).clone();
        let (list, entity) = match over {
            Over::Application => return Some(name(&id)),
            Over::Guardian => ("guardians", Entity::Guardian),
            Over::Adult => ("adults", Entity::Adult),
        };
        let subjects = self.subjects();
        let subject = subjects.iter().find(|(_, e)| *e == entity);
        if let Some((subject, _)) = subject
            && self.rng.percent(70)
        {
            return Some(of(Kind::Member(Box::new(subject.clone()), named(&id))));
        }
        if self.variables.len() > 1 {
            return None;
        }
        let variable = format!("v{}", self.variables.len());
        let method = *self.rng.pick(&["sum", "lowest", "highest", "average"]);
        let member = of(Kind::Member(Box::new(name(&variable)), named(&id)));
        Some(of(Kind::Method(
            Box::new(name(list)),
            named(method),
            vec![name(&variable), member],
        )))
    }

    /// A quantity of a unit.
    pub fn quantity(&mut self, unit: Unit, depth: u32) -> Expression {
        if depth > 0 && self.rng.percent(50) {
            let d = depth - 1;
            return match self.rng.below(7) {
                0 | 1 => {
                    let operator = *self.rng.pick(&[Binary::Plus, Binary::Minus]);
                    binary(operator, self.quantity(unit, d), self.quantity(unit, d))
                }
                2 => {
                    let (operator, n) = *self.rng.pick(&[(Binary::Times, 2), (Binary::Over, 4)]);
                    binary(operator, self.quantity(unit, d), number(Exact::whole(n)))
                }
                3 => of(Kind::Choose(
                    Box::new(self.condition(d)),
                    Box::new(self.quantity(unit, d)),
                    Box::new(self.quantity(unit, d)),
                )),
                4 => {
                    let function = *self.rng.pick(&["min", "max"]);
                    call(
                        function,
                        vec![self.quantity(unit, d), self.quantity(unit, d)],
                    )
                }
                5 => {
                    let function = *self.rng.pick(&["ceil", "floor"]);
                    call(function, vec![self.quantity(unit, d)])
                }
                _ => call(unit.name(), vec![self.number(d)]),
            };
        }
        let between = match unit {
            Unit::Months => Some("months_between"),
            Unit::Days => Some("days_between"),
            Unit::Years => Some("years_between"),
            _ => None,
        };
        if let Some(between) = between
            && self.rng.percent(40)
        {
            return call(between, vec![self.day(0), self.day(0)]);
        }
        match self.attribute(|a| a.ty == Type::Quantity(unit)) {
            Some((member, _)) if self.rng.percent(75) => member,
            _ => {
                let n = *self.rng.pick(&[0, 1, 3, 6, 12, 20, 48, 64, 120, 140]);
                call(unit.name(), vec![number(Exact::whole(n))])
            }
        }
    }

    /// A day.
    pub fn day(&mut self, depth: u32) -> Expression {
        if depth > 0 && self.rng.percent(30) {
            return match self.rng.below(2) {
                0 => of(Kind::Choose(
                    Box::new(self.condition(depth - 1)),
                    Box::new(self.day(depth - 1)),
                    Box::new(self.day(depth - 1)),
                )),
                _ => {
                    let function = *self.rng.pick(&["min", "max"]);
                    call(function, vec![self.day(depth - 1), self.day(depth - 1)])
                }
            };
        }
        match self.attribute(|a| a.ty == Type::Date) {
            Some((member, _)) if self.rng.percent(80) => member,
            _ => {
                let days = ["2027-04-01", "2026-10-01", "2024-02-29", "2023-03-31"];
                call("date", vec![text(days[self.rng.below(4) as usize])])
            }
        }
    }
}
