//! What may be said of somebody in a row that nobody wrote down.

use super::{
    conditions::{self, Atom, Cuts, atoms, together},
    parts::{Part, parts},
    stand::Entry,
    unwritten::EVERYBODY,
};
use crate::crew::{Crew, map};
use enmusubi_criteria::{Criteria, model::Over};
use enmusubi_domain::facts::{Entity, RoundFacts};
use std::collections::HashMap;

/// In words, and for whom it holds: an entry of the stand, or a guardian (adult).
type Said = (String, Vec<bool>);

/// A condition, for those it concerns: entries, or guardians (adults).
pub type Condition = conditions::Condition<bool>;

/// Conditions of applications (by entry), of guardians and of adults: those that hold for the same together.
#[must_use]
pub fn conditions(
    crew: &dyn Crew,
    entries: &[Entry],
    facts: &RoundFacts,
    criteria: &Criteria,
    cuts: Cuts,
) -> [Vec<Condition>; 3] {
    let words = Vocabulary {
        entries,
        facts,
        criteria,
        cuts,
        asked: asked(entries, facts),
    };
    let own = |entity, name, over| words.of_members(entity, name, over);
    let parts: [&(dyn Fn() -> Vec<Said> + Sync); 8] = [
        &|| words.of_subjects(Entity::Household, "household"),
        &|| words.of_subjects(Entity::Child, "child"),
        &|| words.of_subjects(Entity::Choice, "choice"),
        &|| words.of_some_member(Entity::Guardian, "guardians", "g"),
        &|| words.of_some_member(Entity::Adult, "adults", "a"),
        &|| words.of_file(),
        &|| own(Entity::Guardian, "guardian", Over::Guardian),
        &|| own(Entity::Adult, "adult", Over::Adult),
    ];
    let mut found = map(crew, parts.len(), |nth| parts[nth]()).into_iter();
    let applications = found.by_ref().take(parts.len() - 2).flatten().collect();
    let mut rest = found.map(distinct);
    [
        distinct(applications),
        rest.next().unwrap_or_default(),
        rest.next().unwrap_or_default(),
    ]
}

/// Whether each subject has a say in somebody's place.
fn asked(entries: &[Entry], facts: &RoundFacts) -> HashMap<Entity, Vec<bool>> {
    let entities = [
        Entity::Household,
        Entity::Child,
        Entity::Choice,
        Entity::Guardian,
        Entity::Adult,
    ];
    let mut asked: HashMap<Entity, Vec<bool>> = (entities.into_iter())
        .map(|entity| (entity, vec![false; facts.table(entity).len()]))
        .collect();
    let mut ask = |entity, subject: usize| {
        if let Some(list) = asked.get_mut(&entity) {
            list[subject] = true;
        }
    };
    for e in entries {
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
    asked
}

/// What conditions are made of.
struct Vocabulary<'s> {
    entries: &'s [Entry],
    facts: &'s RoundFacts,
    criteria: &'s Criteria,
    cuts: Cuts,
    /// Whom conditions must tell apart.
    asked: HashMap<Entity, Vec<bool>>,
}

impl Vocabulary<'_> {
    fn atoms(&self, entity: Entity, name: &str) -> Vec<Atom> {
        let asked = self.asked.get(&entity).map_or(&[][..], |l| l);
        atoms(self.facts, entity, name, &self.cuts, asked)
    }

    fn entries(&self, holds: impl Fn(&Entry) -> bool) -> Vec<bool> {
        self.entries.iter().map(holds).collect()
    }

    /// About the household, the child, or the choice.
    fn of_subjects(&self, entity: Entity, name: &str) -> Vec<Said> {
        let said = self.atoms(entity, name).into_iter().map(|atom| {
            let holds = self.entries(|e| {
                let subject = match entity {
                    Entity::Household => self.facts.household_of(e.child),
                    Entity::Child => e.child,
                    _ => e.origin,
                };
                atom.holds[subject as usize]
            });
            (atom.text, holds)
        });
        said.collect()
    }

    /// About some guardian or adult of the household, or all guardians.
    fn of_some_member(&self, entity: Entity, list: &str, name: &str) -> Vec<Said> {
        let index = &self.facts.index;
        let members = |e: &Entry| {
            let household = self.facts.household_of(e.child) as usize;
            match entity {
                Entity::Guardian => index.guardians[household].clone(),
                _ => index.adults[household].clone(),
            }
        };
        let mut atoms = self.atoms(entity, name);
        if entity == Entity::Guardian {
            atoms.extend(of_one_thing(&atoms));
        }
        let mut said: Vec<Said> = Vec::new();
        for Atom { text, holds, .. } in &atoms {
            let any = self.entries(|e| members(e).any(|m| holds[m as usize]));
            said.push((format!("{list}.exists({name}, {text})"), any));
            if entity == Entity::Guardian {
                let all = self.entries(|e| members(e).all(|m| holds[m as usize]));
                said.push((format!("{list}.all({name}, {text})"), all));
            }
        }
        said
    }

    /// For everybody (where a table is bounded, that is felt by those near the bound), and what the file says itself: with
    /// other points, or in another table.
    fn of_file(&self) -> Vec<Said> {
        let mut said = vec![(EVERYBODY.to_owned(), self.entries(|_| true))];
        for Part { text, of } in parts(self.criteria, self.facts, Over::Application) {
            said.push((text, self.entries(|e| of.binary_search(&e.origin).is_ok())));
        }
        said
    }

    /// About guardians (adults) themselves, in a table over them.
    fn of_members(&self, entity: Entity, name: &str, over: Over) -> Vec<Said> {
        let list = self
            .atoms(entity, name)
            .into_iter()
            .map(|a| (a.text, a.holds));
        let count = self.facts.table(entity).len() as u32;
        let of_file = parts(self.criteria, self.facts, over).into_iter().map(|p| {
            let holds = (0..count).map(|m| p.of.binary_search(&m).is_ok());
            (p.text, holds.collect())
        });
        list.chain(of_file).collect()
    }
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
