//! Changes in words.

use super::set::{Amount, Change, Set, Which};
use crate::{compiled::Ties, text_messages, text_summary::Lang};
use enmusubi_criteria::{Document, document::Scalar};
use enmusubi_domain::facts::{Entity, RoundFacts, Value, vocabulary::find};
use enmusubi_domain::template::Section;
use enmusubi_matching::Mechanism;

/// A change in words. `document`: the criteria before it.
#[must_use]
pub fn describe(set: &Set, facts: &RoundFacts, document: &Document, lang: Lang) -> String {
    let words = text_messages::whatif(lang);
    let say = |key: &str, values: &[(&str, &str)]| words.get(key, values);
    match &set.change {
        Change::Row { id, points } => {
            let (label, before) = row(document, "row", id, &["points"]);
            let values = [("label", &*label), ("points", points), ("before", &*before)];
            match before.is_empty() {
                true => say("do-row-new", &values[..2]),
                false => say("do-row", &values),
            }
        }
        Change::Amend { id, operand } => {
            let effects = ["set", "add", "multiply", "at_most", "at_least"];
            let (label, before) = row(document, "change", id, &effects);
            let values = [
                ("label", &*label),
                ("points", operand),
                ("before", &*before),
            ];
            say("do-change", &values)
        }
        Change::Seats {
            facility,
            age,
            amount,
        } => {
            let place = place(words, facts, facility, *age);
            let (kind, seats) = seats(*amount);
            let values = [("place", &*place), ("seats", &*seats)];
            say(&format!("do-seats-{kind}"), &values)
        }
        Change::Pool {
            facility,
            age,
            pool,
            amount,
        } => {
            let place = place(words, facts, facility, Some(*age));
            let pools = document.rows("pool").iter();
            let label = pools
                .filter(|p| p.text("id") == Some(pool))
                .find_map(|p| p.text("label"))
                .unwrap_or(pool);
            let (kind, seats) = seats(*amount);
            let values = [("place", &*place), ("pool", label), ("seats", &*seats)];
            say(&format!("do-pool-{kind}"), &values)
        }
        Change::Share { facility, from, to } => {
            let facility = at(words, facts, facility);
            let (from, to) = (from.to_string(), to.to_string());
            let values = [("facility", &*facility), ("from", &*from), ("to", &*to)];
            say("do-share", &values)
        }
        Change::Ratio(weights) => {
            let one = |(age, weight): &(u8, enmusubi_domain::Rational)| {
                let (age, weight) = (age.to_string(), weight.to_string());
                say("do-ratio-one", &[("age", &age), ("weight", &weight)])
            };
            let list: Vec<String> = weights.iter().map(one).collect();
            say("do-ratio", &[("weights", &list.join(&say("comma", &[])))])
        }
        Change::Mechanism(m) => {
            let mechanism = say(mechanism_key(*m), &[]);
            say("do-mechanism", &[("mechanism", &mechanism)])
        }
        Change::Ties(t) => say("do-ties", &[("ties", &ties(words, t))]),
    }
}

/// Another criteria file in words.
#[must_use]
pub fn describe_against(title: &str, file: &str, lang: Lang) -> String {
    text_messages::whatif(lang).get("do-against", &[("title", title), ("file", file)])
}

/// A mechanism in words.
#[must_use]
pub fn mechanism_name(mechanism: Mechanism, lang: Lang) -> String {
    text_messages::whatif(lang).get(mechanism_key(mechanism), &[])
}

/// Key of a mechanism's name.
pub(super) fn mechanism_key(mechanism: Mechanism) -> &'static str {
    match mechanism {
        Mechanism::Stable => "mechanism-stable",
        Mechanism::IndexOrder => "mechanism-index-order",
        Mechanism::ChoiceOrder => "mechanism-choice-order",
    }
}

/// A rule for equals in words.
pub(super) fn ties(words: Section, ties: &Ties) -> String {
    match ties {
        Ties::Stop => words.get("ties-stop", &[]),
        Ties::Lottery(seed) => words.get("ties-lottery", &[("seed", seed)]),
        Ties::Equal => words.get("ties-equal", &[]),
        Ties::RowOrder => words.get("ties-row-order", &[]),
    }
}

/// Label and present number of a row; its id where it has no label.
fn row(document: &Document, section: &str, id: &str, fields: &[&str]) -> (String, String) {
    let mut rows = document.rows(section).iter();
    let Some(row) = rows.find(|r| r.text("id") == Some(id)) else {
        return (id.to_owned(), String::new());
    };
    let label = row.text("label").unwrap_or(id).to_owned();
    let before = fields.iter().find_map(|f| row.get(f));
    let before = match before {
        Some(Scalar::Integer(n)) => n.to_string(),
        Some(Scalar::Text(t)) => t.to_string(),
        _ => String::new(),
    };
    (label, before)
}

fn seats(amount: Amount) -> (&'static str, String) {
    match amount {
        Amount::To(n) => ("to", n.to_string()),
        Amount::By(n) if n < 0 => ("less", n.unsigned_abs().to_string()),
        Amount::By(n) => ("more", n.to_string()),
    }
}

fn place(words: Section, facts: &RoundFacts, which: &Which, age: Option<u8>) -> String {
    let age = age.map(|a| a.to_string());
    let facility = at(words, facts, which);
    match (which, &age) {
        (Which::All, Some(age)) => words.get("place-all", &[("age", age)]),
        (Which::All, None) => words.get("place-all-ages", &[]),
        (Which::One(_), Some(age)) => {
            words.get("place-one", &[("facility", &facility), ("age", age)])
        }
        (Which::One(_), None) => words.get("place-one-ages", &[("facility", &facility)]),
    }
}

/// A facility by its name, where the round has it.
fn at(words: Section, facts: &RoundFacts, which: &Which) -> String {
    let Which::One(id) = which else {
        return words.get("facility-all", &[]);
    };
    let table = &facts.facilities;
    let name = find(Entity::Facility, "name");
    let name = table.find(id).zip(name).map(|(f, a)| table.get(f, a));
    let name = match name {
        Some(Value::Symbol(s)) => facts.symbols.text(s),
        _ => id,
    };
    words.get("facility-one", &[("name", name)])
}
