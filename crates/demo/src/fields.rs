//! A household of a round's facts, as the fields of an application form ([`enmusubi_casefile::entry`]).
//!
//! What a form cannot say is left out: past declines (the section's own record), the answer that all transfers or none
//! move, values that staff judge, lists of combinations. A form has one day of receipt; where siblings came in on different days,
//! it is the first applicant's.

use crate::names;
use enmusubi_domain::facts::{
    Entity, RoundFacts, Symbols, Type, Value,
    vocabulary::{Attribute, Origin, VOCABULARY, find, of_entity},
};
use enmusubi_synth::rng::Rng;
use std::collections::BTreeMap;

/// Fields by name, as a form or an imported row gives them.
pub type Fields = BTreeMap<String, Vec<String>>;

/// Attributes that the form asks for in a field of its own.
const OWN_FIELD: [&str; 4] = ["birth_date", "application", "on_time", "applied_on"];

/// The fields of a household's form, on paper, received on the day the facts say. Names, address and telephone are made up
/// from the seed and the household's position.
#[must_use]
pub fn fields_of(facts: &RoundFacts, household: u32, seed: u64) -> Fields {
    let mut form = Form {
        facts,
        fields: Fields::new(),
    };
    form.one("channel", "paper");
    form.people(household, &mut Rng::stream(seed, u64::from(household)));
    form.wish(household);
    form.fields
}

/// A facility's facts, as the case file holds them: by name of the vocabulary.
#[must_use]
pub fn facility_facts(facts: &RoundFacts, facility: u32) -> BTreeMap<String, String> {
    of_entity(Entity::Facility)
        .filter(|(_, a)| a.origin == Origin::Stated)
        .filter_map(|(at, a)| {
            let texts = cell(facts.get(facility, at), a, &facts.symbols);
            (!texts.is_empty()).then(|| (a.name.to_owned(), texts.join("、")))
        })
        .collect()
}

struct Form<'f> {
    facts: &'f RoundFacts,
    fields: Fields,
}

impl Form<'_> {
    fn one(&mut self, name: &str, value: impl Into<String>) {
        let value = value.into();
        if !value.is_empty() {
            self.fields.insert(name.to_owned(), vec![value]);
        }
    }

    fn value(&self, entity: Entity, subject: u32, name: &str) -> Value {
        find(entity, name).map_or(Value::Unknown, |at| {
            self.facts.table(entity).get(subject, at)
        })
    }

    fn people(&mut self, household: u32, rng: &mut Rng) {
        let (facts, h) = (self.facts, household as usize);
        let area = match self.value(Entity::Household, household, "area") {
            Value::Symbol(at) => Some(facts.symbols.text(at)),
            _ => None,
        };
        let home = names::home(rng, area.filter(|a| *a != "市外"));
        self.one("address.postcode", home.postcode);
        self.one("address.text", home.text);
        self.one("address.building", home.building);
        self.one("phone", home.phone);
        self.one("email", home.email);
        self.attributes(Entity::Household, household, "h");
        let family = names::family(rng);
        let guardians = facts.index.guardians[h].clone();
        let couple = guardians.len() > 1;
        for (n, g) in guardians.enumerate() {
            let relation = if couple && n == 0 { "父" } else { "母" };
            self.person(
                Entity::Guardian,
                g,
                &format!("g{}", n + 1),
                relation,
                &family,
                rng,
            );
        }
        for (n, a) in facts.index.adults[h].clone().enumerate() {
            // Grandparents have names of their own.
            let own = names::family(rng);
            self.person(Entity::Adult, a, &format!("a{}", n + 1), "", &own, rng);
        }
        for (n, c) in facts.index.children[h].clone().enumerate() {
            let id = format!("c{}", n + 1);
            self.person(Entity::Child, c, &id, "子", &family, rng);
            self.child(c, &id);
        }
    }

    fn cell_of(&self, entity: Entity, name: &str, value: Value) -> String {
        let Some(at) = find(entity, name) else {
            return String::new();
        };
        cell(value, &VOCABULARY[at as usize], &self.facts.symbols).join("、")
    }

    fn person(
        &mut self,
        entity: Entity,
        subject: u32,
        id: &str,
        relation: &str,
        family: &names::FamilyName,
        rng: &mut Rng,
    ) {
        let called = names::member(rng, family);
        self.one(&format!("{id}.name"), called.written);
        self.one(&format!("{id}.kana"), called.kana);
        // For adults the relation is a fact as well, and is written with those.
        if entity != Entity::Adult {
            self.one(&format!("{id}.relation"), relation);
        }
        if let Value::Date(birth) = self.value(entity, subject, "birth_date") {
            self.one(&format!("{id}.birth"), birth.to_string());
        }
        self.attributes(entity, subject, id);
    }

    fn child(&mut self, c: u32, id: &str) {
        let facts = self.facts;
        if let Some(at) = facts.enrolled[c as usize] {
            let facility = &facts.facilities.ids[at as usize];
            self.one(&format!("{id}.enrolled"), &**facility);
            if let Some(since) = facts.enrolled_since[c as usize] {
                self.one(&format!("{id}.enrolled_since"), since.to_string());
            }
        }
        let application = self.value(Entity::Child, c, "application");
        let kind = self.cell_of(Entity::Child, "application", application);
        if !matches!(kind.as_str(), "新規" | "転園") {
            self.one(&format!("{id}.kind"), "none");
            return;
        }
        self.one(&format!("{id}.kind"), kind);
        if let Value::Date(day) = self.value(Entity::Child, c, "applied_on")
            && !self.fields.contains_key("arrived")
        {
            self.one("arrived", day.to_string());
        }
        let mut chosen = Vec::new();
        for x in facts.index.choices[c as usize].clone() {
            let at = facts.choice_facility[x as usize];
            let facility = &*facts.facilities.ids[at as usize];
            self.attributes(Entity::Choice, x, &format!("{id}@{facility}"));
            chosen.push(facility);
        }
        self.one(&format!("{id}.choices"), chosen.join(" "));
    }

    fn attributes(&mut self, entity: Entity, subject: u32, id: &str) {
        let facts = self.facts;
        for (at, a) in of_entity(entity) {
            if a.origin == Origin::Derived || OWN_FIELD.contains(&a.name) {
                continue;
            }
            let texts = cell(facts.get(subject, at), a, &facts.symbols);
            if !texts.is_empty() {
                self.fields.insert(format!("{id}.{}", a.name), texts);
            }
        }
    }

    fn wish(&mut self, household: u32) {
        let facts = self.facts;
        let Some(wish) = facts.wishes.iter().find(|w| w.household == household) else {
            return;
        };
        let w = &wish.answer;
        for (name, text) in [
            ("wish.code", &w.code),
            ("wish.timing", &w.timing),
            ("wish.place", &w.place),
            ("wish.first", &w.first),
        ] {
            self.one(name, text.as_deref().unwrap_or_default());
        }
    }
}

/// A value as cells hold it, several for a set; none where a blank says it.
fn cell(value: Value, attribute: &Attribute, symbols: &Symbols) -> Vec<String> {
    if value == attribute.blank_value() {
        return Vec::new();
    }
    let nothing_or = |list: Vec<String>| {
        if list.is_empty() {
            vec!["なし".to_owned()]
        } else {
            list
        }
    };
    let label = |at: usize| match attribute.ty {
        Type::Enum(e) | Type::Set(e) => e.values.get(at).map(|v| v.1.to_owned()),
        _ => None,
    };
    match value {
        // A blank would say "no".
        Value::Unknown => vec!["不明".to_owned()],
        Value::Bool(true) => vec!["はい".to_owned()],
        Value::Bool(false) => vec!["いいえ".to_owned()],
        Value::Number(n) => vec![n.to_string()],
        Value::Date(day) => vec![day.to_string()],
        Value::Enum(at) => label(usize::from(at)).into_iter().collect(),
        Value::Set(bits) => nothing_or(
            (0..64)
                .filter(|i| bits >> i & 1 == 1)
                .filter_map(label)
                .collect(),
        ),
        Value::Symbol(at) => vec![symbols.text(at).to_owned()],
        Value::Symbols(at) => {
            let list = symbols.lists.get(at as usize).map_or(&[][..], |l| l);
            nothing_or(list.iter().map(|s| symbols.text(*s).to_owned()).collect())
        }
    }
}
