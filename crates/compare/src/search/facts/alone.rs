//! Single facts that make the scores of a household what somebody has written down: no decision and no market is
//! looked at.

use super::{structural, values::Looks};
use crate::{
    cause::Cause,
    world::{household::Household, scored::Scored},
};
use enmusubi_criteria::types::resolve;
use enmusubi_domain::facts::{AttributeIx, Entity, RoundFacts, Value, vocabulary::VOCABULARY};
use enmusubi_scoring::{Program, Scores};

/// Facts scored for a household, at most.
const TRIED_MAX: usize = 3000;
/// Facts given for a household, at most.
const FOUND_MAX: usize = 12;

/// Facts and criteria, for questions about one household after another.
pub struct Alone<'s> {
    /// As stated.
    facts: &'s RoundFacts,
    scored: &'s Scored<'s>,
    causes: &'s [Cause],
    program: Program,
    looks: Looks,
}

impl<'s> Alone<'s> {
    /// `facts`: as stated; `scored`: with the causes mended. `None` where the criteria cannot be compiled.
    pub fn of(facts: &'s RoundFacts, scored: &'s Scored<'s>, causes: &'s [Cause]) -> Option<Self> {
        let resolved = resolve(&scored.criteria).ok()?;
        Some(Self {
            facts,
            scored,
            causes,
            program: Program::compile(&scored.criteria).ok()?,
            looks: Looks::of(&scored.criteria, &resolved, &scored.facts),
        })
    }

    /// Single facts of a household that make its scores pass a test (first of its choices in the round; its scores), the
    /// likeliest slips first; one value of each fact stands for all that would do.
    pub fn facts(&self, household: u32, test: &dyn Fn(u32, &Scores) -> bool) -> Vec<Cause> {
        let conversion = self.scored.criteria.conversion;
        let mut own = Household::mended(self.facts, self.causes, conversion, household);
        let first = own.first_choice();
        let mut list: Vec<(u32, (Entity, u32, AttributeIx), Value)> = Vec::new();
        for attribute in self.looks.attributes().filter(|&a| !structural(a)) {
            let entity = VOCABULARY[attribute as usize].entity;
            for subject in own.subjects(entity) {
                let now = own.get(entity, subject, attribute);
                let values = self.looks.values(attribute, now, &[], own.facts());
                let fact = (entity, subject, attribute);
                list.extend(values.into_iter().map(|(far, v)| (far, fact, v)));
            }
        }
        list.sort_by_key(|(far, ..)| *far);
        list.truncate(TRIED_MAX);
        let mut found: Vec<((Entity, u32, AttributeIx), Value)> = Vec::new();
        for (_, fact, value) in list {
            if found.len() == FOUND_MAX {
                break;
            }
            let (entity, subject, attribute) = fact;
            if found.iter().any(|(f, _)| *f == fact) {
                continue;
            }
            let scores = own.with(&self.program, entity, subject, (attribute, value));
            if scores.is_some_and(|s| test(first, &s)) {
                found.push((fact, value));
            }
        }
        let id = &self.facts.households.ids[household as usize];
        let causes = found.into_iter();
        causes
            .map(|((entity, subject, attribute), theirs)| Cause::Fact {
                household: id.clone(),
                entity,
                subject,
                attribute,
                theirs,
            })
            .collect()
    }
}
