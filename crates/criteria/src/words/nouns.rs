//! Whose fact, of which list, of how much: what the sentences of [`super`] speak of.

use crate::expression::{Expression, Kind};
use enmusubi_domain::facts::{Attribute, Entity, Exact, Unit};

/// A list: what it holds, and what one of it is called.
pub(super) fn list(of: &Expression) -> (Entity, &'static str) {
    let Kind::Name(name) = &of.kind else {
        return (Entity::Child, "もの");
    };
    match &**name {
        "guardians" => (Entity::Guardian, "保護者"),
        "adults" => (Entity::Adult, "同居者・祖父母"),
        "children" => (Entity::Child, "世帯の児童"),
        "applicants" => (Entity::Child, "申込児童"),
        "siblings" => (Entity::Child, "きょうだい"),
        "declines" => (Entity::Decline, "過去の辞退"),
        _ => (Entity::Child, "もの"),
    }
}

/// Whose attribute, as the topic of a sentence.
pub(super) fn topic(of_variable: bool, entity: Entity) -> String {
    match entity {
        _ if of_variable => String::new(),
        // What is said of a choice is said of its nursery.
        Entity::Choice => "希望する園が".into(),
        _ => format!("{}が", entity.label()),
    }
}

/// An attribute with its owner, where the label does not already say whose it is: `保護者の月就労時間`, but `世帯所得`,
/// `施設の種類`, `希望順位`, `この園のきょうだい数`.
#[must_use]
pub fn owned(a: &Attribute) -> String {
    let whose = a.entity.label();
    let clear = a.entity == Entity::Round
        || a.label.starts_with(whose)
        || (a.entity == Entity::Choice && a.label.starts_with("この園"));
    match a.entity {
        _ if clear => a.label.to_owned(),
        Entity::Choice => format!("希望する園の{}", a.label),
        _ => format!("{whose}の{}", a.label),
    }
}

/// `years(65)`.
pub(super) fn stated_quantity(e: &Expression) -> Option<(Exact, Unit)> {
    let Kind::Call(name, arguments) = &e.kind else {
        return None;
    };
    match (Unit::of_name(&name.text), &arguments[..]) {
        (
            Some(unit),
            [
                Expression {
                    kind: Kind::Number(n),
                    ..
                },
            ],
        ) => Some((*n, unit)),
        _ => None,
    }
}

/// How Japanese says that there is none: of people, and of events.
pub(super) fn none_of(one: &str) -> &'static str {
    if one == "過去の辞退" {
        "ない"
    } else {
        "いない"
    }
}
