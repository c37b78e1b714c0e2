//! Expressions in Japanese, for people who do not read expressions: labels in the place of names.

mod nouns;

use crate::{
    Criteria,
    expression::{Binary, Expression, Kind, Name, Unary},
    model::{Band, BandPart, Row, Table},
};
use enmusubi_domain::facts::{
    Attribute, Entity, Exact, Type, Unit,
    vocabulary::{VOCABULARY, find},
    words::{Tongue, is_age, quantity, range},
};
pub use nouns::owned;
use nouns::{list, none_of, stated_quantity, topic};

/// An expression in Japanese. Ids of the file stay ids; see [`in_words_of`].
#[must_use]
pub fn in_words(expression: &Expression) -> String {
    words(None, expression, Level::Loose)
}

/// An expression in Japanese, with the labels of the file's tables, values and conditions.
#[must_use]
pub fn in_words_of(criteria: &Criteria, expression: &Expression) -> String {
    words(Some(criteria), expression, Level::Loose)
}

/// The part of a band that a row stands for: `月112時間以上140時間未満`.
#[must_use]
pub fn part_in_words(band: &Band, part: &BandPart) -> String {
    let first = range_in_words(part.from, part.below, band.unit);
    let second = range_in_words(part.from2, part.below2, band.unit2);
    match (first.is_empty(), second.is_empty()) {
        (false, false) => format!("{first}・{second}"),
        _ => format!("{first}{second}"),
    }
}

/// An end of a band with its unit: `月140時間`.
pub(crate) fn amount(x: Option<Exact>, unit: Option<Unit>) -> String {
    match (x, unit) {
        (None, _) => "下限なし".into(),
        (Some(x), None) => x.to_string(),
        (Some(x), Some(unit)) => quantity(x, unit, Tongue::Japanese),
    }
}

/// When a row applies, in Japanese: its band and its condition. Empty: always.
#[must_use]
pub fn row_in_words(criteria: &Criteria, table: &Table, row: &Row) -> String {
    let part = row.band.as_ref();
    let band = part.and_then(|p| Some((table.bands.get(p.band as usize)?, p)));
    let scale = band.map_or_else(Vec::new, |(band, part)| {
        scale_in_words(criteria, band, part)
    });
    let before = band.and_then(|(band, _)| band.when.as_ref());
    let conditions = [before, row.when.as_ref()];
    // Beside another part, A または B stands in brackets.
    let alone = scale.len() + conditions.iter().flatten().count() == 1;
    let around = if alone { Level::Loose } else { Level::And };
    let [before, own] = conditions.map(|c| c.map(|c| words(Some(criteria), c, around)));
    let parts: Vec<String> = before.into_iter().chain(scale).chain(own).collect();
    parts.join(" かつ ")
}

/// What a band measures and where the row stands on it: `保護者の月就労日数が月20日以上`, `保護者の日就労時間が1日8時間以上`.
/// A quantity that is worked out has no name but the band's.
fn scale_in_words(criteria: &Criteria, band: &Band, part: &BandPart) -> Vec<String> {
    let named = |e: &Expression| matches!(e.kind, Kind::Member(..));
    if !named(&band.by) || !band.by2.as_ref().is_none_or(named) {
        return vec![format!("{}が{}", band.label, part_in_words(band, part))];
    }
    let first = range_in_words(part.from, part.below, band.unit);
    let second = range_in_words(part.from2, part.below2, band.unit2);
    let by = [Some(&band.by), band.by2.as_ref()].into_iter().flatten();
    by.zip([first, second])
        .filter(|(_, range)| !range.is_empty())
        .map(|(by, range)| format!("{}が{range}", words(Some(criteria), by, Level::Loose)))
        .collect()
}

fn words(criteria: Option<&Criteria>, expression: &Expression, around: Level) -> String {
    let mut w = Words {
        criteria,
        bound: Vec::new(),
    };
    w.say(expression, around)
}

/// How tightly the surroundings bind: what binds looser stands in brackets.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
enum Level {
    /// Nothing around.
    Loose,
    /// または itself.
    Or,
    /// An operand of かつ.
    And,
    /// An operand of または, where A または B かつ C could be read in two ways.
    Clause,
    /// An operand of ＋ −.
    Sum,
    /// An operand of × ÷, or anything tighter.
    Tight,
}

/// Whether a sentence says yes or no.
#[derive(Clone, Copy, PartialEq)]
enum Says {
    Yes,
    No,
}

struct Words<'c> {
    criteria: Option<&'c Criteria>,
    /// Variables of list functions, and what they stand for.
    bound: Vec<(String, Entity)>,
}

impl Words<'_> {
    fn say(&mut self, e: &Expression, around: Level) -> String {
        let (text, own) = match &e.kind {
            Kind::Number(n) => (n.to_string(), Level::Tight),
            Kind::Text(t) => (format!("「{t}」"), Level::Tight),
            Kind::Bool(true) => ("はい".into(), Level::Tight),
            Kind::Bool(false) => ("いいえ".into(), Level::Tight),
            Kind::Name(name) => (self.name(name), Level::Tight),
            Kind::Member(of, name) => match self.attribute(e) {
                Some((_, a)) if a.ty == Type::Bool => (self.holds(e, Says::Yes), Level::Clause),
                Some(_) => (self.noun(e), Level::Tight),
                None => (self.member(of, name), Level::Tight),
            },
            Kind::List(items) => {
                let items: Vec<String> = items.iter().map(|i| self.say(i, Level::Loose)).collect();
                (items.join("・"), Level::Tight)
            }
            Kind::Call(name, arguments) => (self.call(&name.text, arguments), Level::Tight),
            Kind::Method(of, name, arguments) => {
                (self.method(of, &name.text, arguments), Level::Tight)
            }
            Kind::Unary(Unary::Not, a) => (self.holds(a, Says::No), Level::Clause),
            Kind::Unary(Unary::Minus, a) => (format!("−{}", self.say(a, Level::Tight)), Level::Sum),
            Kind::Binary(op, a, b) => self.binary(*op, a, b),
            Kind::Choose(c, a, b) => (
                format!(
                    "{}なら {}、ほかは {}",
                    self.say(c, Level::Loose),
                    self.say(a, Level::Loose),
                    self.say(b, Level::Loose)
                ),
                Level::Loose,
            ),
        };
        if own < around {
            format!("（{text}）")
        } else {
            text
        }
    }

    fn binary(&mut self, op: Binary, a: &Expression, b: &Expression) -> (String, Level) {
        let mut joined = |word: &str, level: Level, right: Level| {
            format!("{}{word}{}", self.say(a, level), self.say(b, right))
        };
        match op {
            // A chain of one word needs no brackets.
            Binary::Or => {
                let side = |e: &Expression| match &e.kind {
                    Kind::Binary(Binary::Or, ..) => Level::Or,
                    _ => Level::Clause,
                };
                let (left, right) = (side(a), side(b));
                (joined(" または ", left, right), Level::Or)
            }
            Binary::And => (joined(" かつ ", Level::And, Level::And), Level::And),
            Binary::Plus => (joined(" ＋ ", Level::Sum, Level::Sum), Level::Sum),
            Binary::Minus => (joined(" − ", Level::Sum, Level::Tight), Level::Sum),
            Binary::Times => (joined(" × ", Level::Tight, Level::Tight), Level::Sum),
            Binary::Over => (joined(" ÷ ", Level::Tight, Level::Tight), Level::Sum),
            _ => (self.comparison(op, a, b, Says::Yes), Level::Clause),
        }
    }

    /// A comparison, or its contrary.
    fn comparison(&mut self, op: Binary, a: &Expression, b: &Expression, says: Says) -> String {
        let yes = says == Says::Yes;
        if op == Binary::In {
            return self.member_of(a, b, says);
        }
        // A literal on the left reads better on the right.
        let literal = |e: &Expression| {
            matches!(e.kind, Kind::Number(_) | Kind::Text(_) | Kind::Bool(_))
                || matches!(&e.kind, Kind::Call(n, _) if Unit::of_name(&n.text).is_some())
        };
        if literal(a) && !literal(b) {
            let turned = match op {
                Binary::Less => Binary::Greater,
                Binary::LessOrEqual => Binary::GreaterOrEqual,
                Binary::Greater => Binary::Less,
                Binary::GreaterOrEqual => Binary::LessOrEqual,
                other => other,
            };
            return self.comparison(turned, b, a, says);
        }
        if let Kind::Bool(value) = b.kind
            && matches!(op, Binary::Equal | Binary::NotEqual)
        {
            let says = if (op == Binary::Equal) == (value == yes) {
                Says::Yes
            } else {
                Says::No
            };
            return self.holds(a, says);
        }
        let left = self.noun(a);
        let right = self.literal_of(a, b);
        let day = matches!(self.attribute(a), Some((_, x)) if x.ty == Type::Date);
        match (op, yes) {
            (Binary::Equal, true) | (Binary::NotEqual, false) => format!("{left}が{right}"),
            (Binary::Equal, false) | (Binary::NotEqual, true) => format!("{left}が{right}以外"),
            (Binary::GreaterOrEqual, true) | (Binary::Less, false) if day => {
                format!("{left}が{right}以後")
            }
            (Binary::Less, true) | (Binary::GreaterOrEqual, false) if day => {
                format!("{left}が{right}より前")
            }
            (Binary::LessOrEqual, true) | (Binary::Greater, false) if day => {
                format!("{left}が{right}以前")
            }
            (Binary::Greater, true) | (Binary::LessOrEqual, false) if day => {
                format!("{left}が{right}より後")
            }
            (Binary::GreaterOrEqual, true) | (Binary::Less, false) => {
                format!("{left}が{right}以上")
            }
            (Binary::Less, true) | (Binary::GreaterOrEqual, false) => {
                format!("{left}が{right}未満")
            }
            (Binary::LessOrEqual, true) | (Binary::Greater, false) => {
                format!("{left}が{right}以下")
            }
            _ => format!("{left}が{right}より大きい"),
        }
    }

    /// `x in [a, b]`, `'a' in set`.
    fn member_of(&mut self, a: &Expression, b: &Expression, says: Says) -> String {
        let yes = says == Says::Yes;
        if let Kind::List(items) = &b.kind {
            let left = self.noun(a);
            let items: Vec<String> = items.iter().map(|i| self.literal_of(a, i)).collect();
            let not = if yes { "" } else { "以外" };
            return format!("{left}が{}のどれか{not}", items.join("・"));
        }
        let right = self.noun(b);
        let left = self.literal_of(b, a);
        if yes {
            format!("{right}に{left}がある")
        } else {
            format!("{right}に{left}がない")
        }
    }

    /// A text as the label that the other side's list gives it.
    fn literal_of(&mut self, attribute: &Expression, literal: &Expression) -> String {
        if let Kind::Text(t) = &literal.kind
            && let Some((_, a)) = self.attribute(attribute)
            && let Type::Enum(e) | Type::Set(e) = a.ty
            && let Some((_, label)) = e.values.iter().find(|(n, _)| **n == **t)
        {
            return format!("「{label}」");
        }
        if let (Kind::Number(n), Some((_, a))) = (&literal.kind, self.attribute(attribute))
            && let Type::Quantity(unit) = a.ty
        {
            return quantity(*n, unit, Tongue::Japanese);
        }
        // People count the age of people so, and periods otherwise.
        if let (Some((_, a)), Some((n, Unit::Years))) =
            (self.attribute(attribute), stated_quantity(literal))
            && is_age(a)
        {
            return format!("{n}歳");
        }
        self.say(literal, Level::Sum)
    }

    /// A condition, or its contrary, as a sentence.
    fn holds(&mut self, e: &Expression, says: Says) -> String {
        let yes = says == Says::Yes;
        match &e.kind {
            Kind::Unary(Unary::Not, a) => {
                return self.holds(a, if yes { Says::No } else { Says::Yes });
            }
            Kind::Binary(
                op @ (Binary::Equal
                | Binary::NotEqual
                | Binary::Less
                | Binary::LessOrEqual
                | Binary::Greater
                | Binary::GreaterOrEqual
                | Binary::In),
                a,
                b,
            ) => return self.comparison(*op, a, b, says),
            _ => {}
        }
        match self.attribute(e) {
            Some((whose, a)) if a.ty == Type::Bool => {
                let does = if yes {
                    "当てはまる"
                } else {
                    "当てはまらない"
                };
                format!("{}「{}」に{does}", topic(whose, a.entity), a.label)
            }
            _ if yes => self.say(e, Level::And),
            _ => match &e.kind {
                Kind::Method(of, name, arguments) if &*name.text == "exists" => {
                    let (one, said) = self.each(of, arguments);
                    format!("次に当てはまる{one}が{}〔{said}〕", none_of(one))
                }
                Kind::Call(name, arguments) if &*name.text == "known" => match &arguments[..] {
                    [x] => format!("{}が確認できていない", self.value(x)),
                    _ => format!("（{}）に当てはまらない", self.say(e, Level::Loose)),
                },
                Kind::Name(name) => format!("{}に当てはまらない", self.name(name)),
                _ => format!("（{}）に当てはまらない", self.say(e, Level::Loose)),
            },
        }
    }

    /// A thing that has a value.
    fn noun(&mut self, e: &Expression) -> String {
        match self.attribute(e) {
            Some((true, a)) => a.label.to_owned(),
            Some((false, a)) => owned(a),
            None => self.say(e, Level::Sum),
        }
    }

    /// The attribute an expression names, and whether it is of a variable of a list function.
    fn attribute(&self, e: &Expression) -> Option<(bool, &'static Attribute)> {
        let Kind::Member(of, name) = &e.kind else {
            return None;
        };
        let Kind::Name(subject) = &of.kind else {
            return None;
        };
        let bound = self.bound.iter().rev().find(|(v, _)| **v == **subject);
        let entity = match bound {
            Some((_, entity)) => *entity,
            None => *Entity::ALL.iter().find(|x| x.name() == &**subject)?,
        };
        let at = find(entity, &name.text)?;
        Some((bound.is_some(), &VOCABULARY[at as usize]))
    }

    /// Label of a table, value or condition; else the name itself.
    fn name(&self, name: &str) -> String {
        let label = self.criteria.and_then(|c| {
            let tables = c.tables.iter().map(|t| (&t.id, &t.label));
            let values = c.values.iter().map(|v| (&v.id, &v.label));
            let conditions = c.conditions.iter().map(|x| (&x.id, &x.label));
            tables
                .chain(values)
                .chain(conditions)
                .find(|(id, _)| ***id == *name)
                .map(|(_, label)| format!("［{label}］"))
        });
        label.unwrap_or_else(|| name.to_owned())
    }

    fn member(&mut self, of: &Expression, name: &Name) -> String {
        let shown = self.name(&name.text);
        match &of.kind {
            Kind::Name(v) if self.bound.iter().any(|(b, _)| **b == **v) => shown,
            Kind::Name(v) if Entity::ALL.iter().any(|e| e.name() == &**v) => shown,
            _ => format!("{}の{shown}", self.say(of, Level::Tight)),
        }
    }

    fn call(&mut self, name: &str, arguments: &[Expression]) -> String {
        if let (Some(unit), [amount]) = (Unit::of_name(name), arguments) {
            return match amount.kind {
                Kind::Number(n) => quantity(n, unit, Tongue::Japanese),
                _ => format!("{}{}", self.say(amount, Level::Tight), unit.label()),
            };
        }
        let said: Vec<String> = arguments.iter().map(|a| self.value(a)).collect();
        match (name, &said[..]) {
            ("date", _) => match arguments {
                [
                    Expression {
                        kind: Kind::Text(t),
                        ..
                    },
                ] => day(t),
                _ => said.join(""),
            },
            ("min", _) => format!("{}のうち最も小さいもの", said.join("と")),
            ("max", _) => format!("{}のうち最も大きいもの", said.join("と")),
            ("clamp", [x, low, high]) => format!("{x}（{low}以上{high}以下に収める）"),
            ("number", [x]) => x.clone(),
            ("known", [x]) => format!("{x}が確認できている"),
            ("months_between", [a, b]) => format!("{a}から{b}までの月数"),
            ("days_between", [a, b]) => format!("{a}から{b}までの日数"),
            ("years_between", [a, b]) => format!("{a}から{b}までの年数"),
            ("fiscal_year", [d]) => format!("{d}の年度"),
            ("month", [d]) => format!("{d}の月"),
            ("ceil", [x]) => format!("{x}（端数切上げ）"),
            ("floor", [x]) => format!("{x}（端数切捨て）"),
            _ => format!("{name}（{}）", said.join("、")),
        }
    }

    /// An operand of a function, which may be a thing or a condition.
    fn value(&mut self, e: &Expression) -> String {
        match self.attribute(e) {
            Some(_) => self.noun(e),
            None => self.say(e, Level::Sum),
        }
    }

    /// What a list function goes through, and what it says of each.
    fn each(&mut self, of: &Expression, arguments: &[Expression]) -> (&'static str, String) {
        let (entity, one) = list(of);
        let [variable, body] = arguments else {
            return (one, String::new());
        };
        let variable = match &variable.kind {
            Kind::Name(v) => v.to_string(),
            _ => String::new(),
        };
        self.bound.push((variable, entity));
        let said = self.say(body, Level::Loose);
        self.bound.pop();
        (one, said)
    }

    fn method(&mut self, of: &Expression, name: &str, arguments: &[Expression]) -> String {
        let (entity, one) = list(of);
        if name == "size" {
            return format!("{one}の数");
        }
        let [variable, body] = arguments else {
            return format!("{one}の{name}");
        };
        if matches!(name, "count" | "exists" | "all") {
            let (one, said) = self.each(of, arguments);
            let is = if none_of(one) == "ない" {
                "ある"
            } else {
                "いる"
            };
            return match name {
                "count" => format!("次に当てはまる{one}の数〔{said}〕"),
                "exists" => format!("次に当てはまる{one}が{is}〔{said}〕"),
                _ => format!("すべての{one}が次に当てはまる〔{said}〕"),
            };
        }
        let variable = match &variable.kind {
            Kind::Name(v) => v.to_string(),
            _ => String::new(),
        };
        self.bound.push((variable, entity));
        let said = self.value(body);
        self.bound.pop();
        match name {
            "sum" => format!("各{one}の{said}の合計"),
            "lowest" => format!("各{one}の{said}の最も低いもの"),
            "highest" => format!("各{one}の{said}の最も高いもの"),
            "average" => format!("各{one}の{said}の平均"),
            _ => format!("{one}の{name}（{said}）"),
        }
    }
}

/// `2027年4月1日`.
fn day(text: &str) -> String {
    match text.parse::<jiff::civil::Date>() {
        Ok(d) => format!("{}年{}月{}日", d.year(), d.month(), d.day()),
        Err(_) => text.to_owned(),
    }
}

/// `月112時間以上140時間未満`; empty where there is no end.
#[must_use]
pub fn range_in_words(from: Option<Exact>, below: Option<Exact>, unit: Option<Unit>) -> String {
    range(from, below, unit, Tongue::Japanese)
}

#[cfg(test)]
mod tests;
