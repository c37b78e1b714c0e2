//! What may be said of somebody in a row that nobody wrote down.

use super::{Condition, EVERYBODY};
use crate::search::{
    conditions::{Atom, Cuts, atoms, together},
    parts::{Part, parts},
    stand::{Entry, Stand},
};
use enmusubi_criteria::{Criteria, model::Over};
use enmusubi_domain::facts::{Entity, RoundFacts};
use std::collections::HashMap;

/// Conditions of one fact, those that hold for the same together.
pub(super) fn conditions(
    stand: &Stand,
    facts: &RoundFacts,
    criteria: &Criteria,
) -> [Vec<Condition>; 3] {
    let cuts = Cuts::of(criteria);
    let mut asked: HashMap<Entity, Vec<bool>> = HashMap::new();
    let entities = [
        Entity::Household,
        Entity::Child,
        Entity::Choice,
        Entity::Guardian,
        Entity::Adult,
    ];
    for entity in entities {
        asked.insert(entity, vec![false; facts.table(entity).len()]);
    }
    let mut ask = |entity, subject: usize| {
        if let Some(list) = asked.get_mut(&entity) {
            list[subject] = true;
        }
    };
    for e in &stand.entries {
        let household = facts.household_of(e.child) as usize;
        ask(Entity::Household, household);
        ask(Entity::Child, e.child as usize);
        ask(Entity::Choice, e.origin as usize);
        for g in facts.index.guardians[household].clone() {
            ask(Entity::Guardian, g as usize);
        }
        for a in facts.index.adults[household].clone() {
            ask(Entity::Adult, a as usize);
        }
    }
    let of = |entity: Entity, name: &str| {
        let asked = asked.get(&entity).map_or(&[][..], |l| l);
        atoms(facts, entity, name, &cuts, asked)
    };
    let entries =
        |holds: &dyn Fn(&Entry) -> bool| -> Vec<bool> { stand.entries.iter().map(holds).collect() };
    let mut applications: Vec<(String, Vec<bool>)> = Vec::new();
    for (entity, name) in [
        (Entity::Household, "household"),
        (Entity::Child, "child"),
        (Entity::Choice, "choice"),
    ] {
        for atom in of(entity, name) {
            let holds = entries(&|e| {
                let subject = match entity {
                    Entity::Household => facts.household_of(e.child),
                    Entity::Child => e.child,
                    _ => e.origin,
                };
                atom.holds[subject as usize]
            });
            applications.push((atom.text, holds));
        }
    }
    for (entity, list, name) in [
        (Entity::Guardian, "guardians", "g"),
        (Entity::Adult, "adults", "a"),
    ] {
        let atoms = of(entity, name);
        let pairs: Vec<Atom> = if entity == Entity::Guardian {
            of_one_thing(&atoms)
        } else {
            Vec::new()
        };
        for atom in atoms.iter().chain(&pairs) {
            let members = |e: &Entry| {
                let household = facts.household_of(e.child) as usize;
                match entity {
                    Entity::Guardian => facts.index.guardians[household].clone(),
                    _ => facts.index.adults[household].clone(),
                }
            };
            let any = entries(&|e| members(e).any(|m| atom.holds[m as usize]));
            let all = entries(&|e| members(e).all(|m| atom.holds[m as usize]));
            applications.push((format!("{list}.exists({name}, {})", atom.text), any));
            if entity == Entity::Guardian {
                applications.push((format!("{list}.all({name}, {})", atom.text), all));
            }
        }
    }
    // For everybody: where a table is bounded, that is felt by those near the bound.
    applications.push((EVERYBODY.to_owned(), entries(&|_| true)));
    // What the file says itself, with other points or in another table.
    for Part { text, of } in parts(criteria, facts, Over::Application) {
        let holds = entries(&|e| of.binary_search(&e.origin).is_ok());
        applications.push((text, holds));
    }
    let own = |entity, name, over| {
        let list = of(entity, name).into_iter().map(|a| (a.text, a.holds));
        let count = facts.table(entity).len() as u32;
        let of_file = parts(criteria, facts, over).into_iter().map(|p| {
            let holds = (0..count).map(|m| p.of.binary_search(&m).is_ok());
            (p.text, holds.collect())
        });
        distinct(list.chain(of_file).collect())
    };
    [
        distinct(applications),
        own(Entity::Guardian, "guardian", Over::Guardian),
        own(Entity::Adult, "adult", Over::Adult),
    ]
}

/// Two facts of one thing about the same person (a job, and where it is).
fn of_one_thing(atoms: &[Atom]) -> Vec<Atom> {
    let mut pairs = Vec::new();
    for a in atoms.iter().filter(|a| a.is_word) {
        let about = |b: &&Atom| {
            let more = b.fact.strip_prefix(a.fact);
            b.is_word && more.is_some_and(|m| m.starts_with('_'))
        };
        for b in atoms.iter().filter(about) {
            let holds: Vec<bool> = a
                .holds
                .iter()
                .zip(&b.holds)
                .map(|(x, y)| *x && *y)
                .collect();
            if holds != a.holds && holds != b.holds {
                pairs.push(Atom {
                    text: format!("{} && {}", a.text, b.text),
                    holds,
                    ..a.clone()
                });
            }
        }
    }
    pairs
}

/// Conditions that hold for anybody, each once.
fn distinct(mut list: Vec<(String, Vec<bool>)>) -> Vec<Condition> {
    list.retain(|(_, holds)| holds.contains(&true));
    together(list)
}
