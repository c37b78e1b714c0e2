//! One household scored again with one fact different.

use super::{World, scored::level};
use crate::cause::{Cause, TransferOrder};
use enmusubi_domain::facts::{
    AttributeIx, Entity, HouseholdRound, RoundFacts, Table, Value, certificate::fill_conversions,
};
use enmusubi_scoring::{Program, Scores};
use std::ops::Range;

/// A household by itself, to be scored with changed facts.
pub struct Household {
    /// As stated: conversions are filled in after a change.
    stated: HouseholdRound,
    /// The tables a change may touch, as they were.
    kept: [Table; 6],
    conversion: enmusubi_domain::facts::certificate::Conversion,
    level: bool,
    /// Age class and application of every child.
    structure: Vec<[Value; 2]>,
    structural: [Option<AttributeIx>; 2],
}

/// The tables of a household.
pub const OWN: [Entity; 6] = [
    Entity::Household,
    Entity::Guardian,
    Entity::Adult,
    Entity::Child,
    Entity::Choice,
    Entity::Decline,
];

impl Household {
    /// A household of a world of facts, by its position; `None` for a world of tables.
    pub fn of(world: &World<'_>, household: u32) -> Option<Self> {
        let (facts, _) = world.past.facts()?;
        let scored = world.scored.as_ref()?;
        let conversion = scored.criteria.conversion;
        Some(Self::mended(facts, &world.causes, conversion, household))
    }

    /// A household of facts as stated, with the causes mended that are about its facts.
    pub fn mended(
        facts: &RoundFacts,
        causes: &[Cause],
        conversion: enmusubi_domain::facts::certificate::Conversion,
        household: u32,
    ) -> Self {
        let mut stated = HouseholdRound::of(facts, household);
        for cause in causes {
            if let Cause::Fact {
                entity,
                subject,
                attribute,
                theirs,
                ..
            } = cause
                && let Some(range) = range_of(&stated, *entity)
                && range.contains(subject)
            {
                let subject = subject - range.start;
                let table = stated.facts.table_mut(*entity);
                table.set(subject, *attribute, *theirs);
            }
        }
        stated.facts.complete();
        let kept = OWN.map(|e| stated.facts.table(e).clone());
        let find = |name| enmusubi_domain::facts::vocabulary::find(Entity::Child, name);
        let mut own = Self {
            stated,
            kept,
            conversion,
            level: causes.contains(&Cause::Transfers(TransferOrder::Level)),
            structure: Vec::new(),
            structural: [find("age_class"), find("application")],
        };
        own.structure = own.shape();
        own
    }

    fn shape(&self) -> Vec<[Value; 2]> {
        let children = &self.stated.facts.children;
        let value =
            |c: u32, a: Option<AttributeIx>| a.map_or(Value::Unknown, |a| children.get(c, a));
        (0..children.len() as u32)
            .map(|c| self.structural.map(|a| value(c, a)))
            .collect()
    }

    /// Its facts, as they are now.
    pub fn facts(&self) -> &RoundFacts {
        &self.stated.facts
    }

    /// Its subjects of a kind: positions in the whole round. In the household they count from 0.
    pub fn subjects(&self, entity: Entity) -> Range<u32> {
        range_of(&self.stated, entity).unwrap_or(0..0)
    }

    /// First of its choices in the whole round.
    pub fn first_choice(&self) -> u32 {
        self.stated.choices.start
    }

    /// A fact as stated; the subject as in the whole round.
    pub fn get(&self, entity: Entity, subject: u32, attribute: AttributeIx) -> Value {
        let start = self.subjects(entity).start;
        let table = self.stated.facts.table(entity);
        table.get(subject - start, attribute)
    }

    /// Its scores with one fact different; `None` where that changes who applies or a class, or cannot be
    /// calculated.
    pub fn with(
        &mut self,
        program: &Program,
        entity: Entity,
        subject: u32,
        (attribute, value): (AttributeIx, Value),
    ) -> Option<Scores> {
        let start = self.subjects(entity).start;
        let table = self.stated.facts.table_mut(entity);
        table.set(subject - start, attribute, value);
        self.stated.facts.complete_people();
        let same = self.shape() == self.structure;
        let scores = if same { self.scores(program) } else { None };
        for (entity, kept) in OWN.iter().zip(&self.kept) {
            self.stated.facts.table_mut(*entity).clone_from(kept);
        }
        scores
    }

    /// Its scores as things are.
    pub fn as_is(&mut self, program: &Program) -> Option<Scores> {
        let scores = self.scores(program);
        for (entity, kept) in OWN.iter().zip(&self.kept) {
            self.stated.facts.table_mut(*entity).clone_from(kept);
        }
        scores
    }

    /// Mends a fact for good and fills conversions in: [`Household::facts`] are then as they are scored. `None` where that
    /// changes who applies or a class.
    pub fn mend(
        &mut self,
        entity: Entity,
        subject: u32,
        (attribute, value): (AttributeIx, Value),
    ) -> Option<()> {
        let start = self.subjects(entity).start;
        let table = self.stated.facts.table_mut(entity);
        table.set(subject.checked_sub(start)?, attribute, value);
        self.stated.facts.complete_people();
        fill_conversions(&mut self.stated.facts, &self.conversion);
        (self.shape() == self.structure).then_some(())
    }

    /// Fills conversions in and scores; the caller puts the tables back.
    pub fn scores(&mut self, program: &Program) -> Option<Scores> {
        fill_conversions(&mut self.stated.facts, &self.conversion);
        if self.level {
            level(&mut self.stated.facts);
        }
        program.score(&self.stated.facts).ok()
    }
}

fn range_of(part: &HouseholdRound, entity: Entity) -> Option<Range<u32>> {
    match entity {
        Entity::Household => Some(part.household..part.household + 1),
        Entity::Guardian => Some(part.guardians.clone()),
        Entity::Adult => Some(part.adults.clone()),
        Entity::Child => Some(part.children.clone()),
        Entity::Choice => Some(part.choices.clone()),
        Entity::Decline => Some(part.declines.clone()),
        Entity::Round | Entity::Facility => None,
    }
}
