//! Random households over the whole vocabulary.
//!
//! They are coherent enough to be read (applicants have choices, parents ascend, ids are unique) and no
//! more: a household may be on welfare with a million a month. Evaluators must agree about all of them.

use crate::{facts_draw::Draw, interest::Interest, rng::SplitMix64};
use enmusubi_criteria::{Criteria, model::Over};
use enmusubi_domain::facts::{
    Discretion, Entity, Exact, RoundFacts, RoundInfo, Value,
    vocabulary::{APPLICATION, find, of_entity},
};
use jiff::civil::{Date, date};
use std::ops::RangeInclusive;

/// What random facts look like.
#[derive(Debug, Clone)]
pub struct FactShape {
    /// Households.
    pub households: u32,
    /// Facilities.
    pub facilities: u32,
    /// Most children of a household.
    pub children_max: u32,
    /// Most choices of a child.
    pub choices_max: u32,
    /// Households, in percent, about whom nothing is left unknown but what no form asks.
    pub certain: u32,
    /// Fiscal year of the entry.
    pub fiscal_year: i16,
    /// Values at which the criteria may change their mind.
    pub interest: Interest,
}

impl FactShape {
    /// Households for a criteria file.
    #[must_use]
    pub fn of(criteria: &Criteria, households: u32) -> Self {
        Self {
            households,
            facilities: 6,
            children_max: 3,
            choices_max: 3,
            certain: 60,
            fiscal_year: criteria.head.fiscal_year.clamp(2000, 2100),
            interest: Interest::of(criteria),
        }
    }
}

/// Random facts, complete; the same seed and shape give the same facts for ever.
#[must_use]
pub fn random_facts(seed: u64, shape: &FactShape) -> RoundFacts {
    let mut rng = SplitMix64::new(seed);
    let info = round_info(&mut rng, shape.fiscal_year);
    let mut town = Town {
        facts: RoundFacts::new(info),
        draw: Draw::new(rng, &shape.interest, shape.facilities),
        shape,
    };
    town.draw.settle(&town.facts.info, 0, 30);
    town.facilities();
    for h in 0..shape.households {
        town.household(h);
    }
    town.facts.complete();
    town.facts
}

fn round_info(rng: &mut SplitMix64, fiscal_year: i16) -> RoundInfo {
    let month = if rng.percent(60) {
        4
    } else {
        rng.between(1, 12) as i8
    };
    let year = if month >= 4 {
        fiscal_year
    } else {
        fiscal_year + 1
    };
    let entry_date = date(year, month, 1);
    let before = |rng: &mut SplitMix64, days: RangeInclusive<u32>| {
        let days = rng.between(*days.start(), *days.end());
        entry_date
            .checked_sub(jiff::Span::new().days(days))
            .unwrap_or(entry_date)
    };
    RoundInfo {
        municipality: None,
        entry_date,
        number: rng.between(1, 3),
        base_date: if rng.percent(30) {
            entry_date
        } else {
            before(rng, 1..=150)
        },
        deadline: (!rng.percent(20)).then(|| before(rng, 20..=150)),
    }
}

struct Town<'s> {
    facts: RoundFacts,
    draw: Draw<'s>,
    shape: &'s FactShape,
}

impl Town<'_> {
    /// Draws every attribute of a subject, also those that will be derived: what `complete` computes it
    /// overwrites, and what it leaves must not always be blank.
    fn fill(&mut self, entity: Entity, subject: u32) {
        for (at, attribute) in of_entity(entity) {
            let value = self.draw.value(&mut self.facts, at);
            if value != attribute.blank_value() {
                self.facts.table_mut(entity).set(subject, at, value);
            }
        }
    }

    fn set(&mut self, entity: Entity, name: &str, subject: u32, value: Value) {
        if let Some(at) = find(entity, name) {
            self.facts.table_mut(entity).set(subject, at, value);
        }
    }

    fn facilities(&mut self) {
        for f in 0..self.shape.facilities {
            self.facts.symbols.intern(&format!("n{f}"));
        }
        for f in 0..self.shape.facilities {
            self.facts.facilities.push(&format!("n{f}"), None, f + 2);
            self.fill(Entity::Facility, f);
            let last = *self.draw.rng.pick(&[2i64, 5, 5]);
            self.set(Entity::Facility, "last_age", f, Value::whole(last));
        }
    }

    fn household(&mut self, h: u32) {
        let row = h + 2;
        let certain = self.draw.rng.percent(self.shape.certain);
        let unknown = if certain {
            0
        } else {
            *self.draw.rng.pick(&[1, 4, 25])
        };
        let eventful = *self.draw.rng.pick(&[4, 12, 30, 60]);
        self.draw.settle(&self.facts.info, unknown, eventful);

        self.facts.households.push(&format!("h{h}"), None, row);
        self.fill(Entity::Household, h);
        for g in 0..*self.draw.rng.pick(&[2, 2, 2, 2, 1, 1, 0]) {
            let at = self
                .facts
                .guardians
                .push(&format!("h{h}g{g}"), Some(h), row);
            self.fill(Entity::Guardian, at);
            self.reasons(at);
        }
        for a in 0..*self.draw.rng.pick(&[0, 0, 0, 1, 2, 4]) {
            let at = self.facts.adults.push(&format!("h{h}a{a}"), Some(h), row);
            self.fill(Entity::Adult, at);
        }
        let children = 1 + self.draw.rng.below(self.shape.children_max.max(1));
        let common = self.choices();
        for c in 0..children {
            self.child(h, c, &common);
        }
        self.judge(Entity::Household, h, Over::Application);
    }

    /// Mostly one or two reasons, the main one among them.
    fn reasons(&mut self, guardian: u32) {
        let Some(at) = find(Entity::Guardian, "reasons") else {
            return;
        };
        if let Value::Set(bits) = self.facts.guardians.get(guardian, at)
            && bits != 0
            && self.draw.rng.percent(90)
        {
            let among: Vec<u8> = (0..64u8).filter(|i| bits >> i & 1 == 1).collect();
            let main = Value::Enum(*self.draw.rng.pick(&among));
            self.set(Entity::Guardian, "main_reason", guardian, main);
        }
        self.judge(Entity::Guardian, guardian, Over::Guardian);
    }

    /// A few facilities, best first.
    fn choices(&mut self) -> Vec<u32> {
        let mut order: Vec<u32> = (0..self.shape.facilities).collect();
        self.draw.rng.shuffle(&mut order);
        order.truncate(1 + self.draw.rng.below(self.shape.choices_max.max(1)) as usize);
        order
    }

    fn child(&mut self, h: u32, number: u32, common: &[u32]) {
        let child = self
            .facts
            .children
            .push(&format!("h{h}c{number}"), Some(h), h + 2);
        self.fill(Entity::Child, child);
        // The first child always applies.
        let applies = number == 0 || self.draw.rng.percent(65);
        let transfer = self.draw.rng.percent(25);
        let application = match (applies, transfer) {
            (false, _) => "none",
            (true, false) => "new",
            (true, true) => "transfer",
        };
        let code = APPLICATION.of_name(application).unwrap_or_default();
        self.set(Entity::Child, "application", child, Value::Enum(code));
        let birth = self.draw.birth(&self.facts.info, applies);
        self.set(Entity::Child, "birth_date", child, birth);

        let sits = match (applies, transfer) {
            (true, true) => self.draw.rng.percent(95),
            (true, false) => self.draw.rng.percent(15),
            (false, _) => self.draw.rng.percent(50),
        };
        let at = self.draw.rng.below(self.shape.facilities);
        let at = if self.draw.rng.percent(50) {
            common[0]
        } else {
            at
        };
        self.facts.enrolled.push(sits.then_some(at));
        if !sits {
            self.set(Entity::Child, "enrolled_since", child, Value::Unknown);
        }

        for _ in 0..*self.draw.rng.pick(&[0, 0, 0, 0, 1, 2]) {
            let at = self.facts.declines.push("", Some(child), h + 2);
            self.fill(Entity::Decline, at);
        }
        self.judge(Entity::Child, child, Over::Application);
        if !applies {
            return;
        }
        // Siblings mostly choose the same facilities.
        let own = if self.draw.rng.percent(70) {
            common.to_vec()
        } else {
            self.choices()
        };
        for (rank, facility) in (1u32..).zip(own) {
            let at = self.facts.choices.push("", Some(child), h + 2);
            self.facts.choice_facility.push(facility);
            self.facts.choice_number.push(rank);
            self.fill(Entity::Choice, at);
            self.set(Entity::Choice, "rank", at, Value::whole(rank.into()));
        }
    }

    /// Values that staff judged about a subject; now and then one out of bounds.
    fn judge(&mut self, entity: Entity, subject: u32, over: Over) {
        let entered = if self.draw.unknown == 0 { 80 } else { 50 };
        let about_child = if entity == Entity::Household { 30 } else { 100 };
        for (item, of, min, max) in &self.shape.interest.judged {
            let (low, high) = (min.numerator(), max.numerator());
            if *of != over || !self.draw.rng.percent(entered) || !self.draw.rng.percent(about_child)
            {
                continue;
            }
            let span = u32::try_from(high.saturating_sub(low))
                .unwrap_or(0)
                .min(1000);
            let mut value = Exact::whole(low + i64::from(self.draw.rng.below(span + 1)));
            if !(*min..=*max).contains(&value) {
                value = *min;
            }
            if self.draw.unknown > 0 && self.draw.rng.percent(10) {
                value = max.plus(Exact::ONE).unwrap_or(value);
            }
            self.facts.discretion.push(Discretion {
                entity,
                subject,
                item: item.clone(),
                value,
                reason: "理由".into(),
                entered_by: "甲".into(),
                signed_by: "乙".into(),
                row: 2,
            });
        }
    }
}

/// A day some days later.
pub(crate) fn later(day: Date, days: i64) -> Date {
    day.checked_add(jiff::Span::new().days(days.clamp(-40_000, 40_000)))
        .unwrap_or(day)
}

/// A day some months later.
pub(crate) fn months_later(day: Date, months: i64) -> Date {
    day.checked_add(jiff::Span::new().months(months.clamp(-1200, 1200)))
        .unwrap_or(day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use enmusubi_domain::facts::{Type, vocabulary::VOCABULARY};
    use std::collections::BTreeSet;

    fn shape() -> FactShape {
        FactShape {
            households: 400,
            facilities: 6,
            children_max: 3,
            choices_max: 3,
            certain: 60,
            fiscal_year: 2027,
            interest: Interest::default(),
        }
    }

    #[test]
    fn the_same_seed_gives_the_same_facts_and_another_others() {
        let a = random_facts(1, &shape());
        assert_eq!(a, random_facts(1, &shape()));
        assert_ne!(a, random_facts(2, &shape()));
    }

    /// Every attribute is unknown somewhere and known somewhere, and takes every value of its
    /// enumeration.
    #[test]
    fn the_whole_vocabulary_occurs() {
        let mut seen: Vec<BTreeSet<String>> = vec![BTreeSet::new(); VOCABULARY.len()];
        for seed in 0..12 {
            let facts = random_facts(seed, &shape());
            for (at, a) in VOCABULARY.iter().enumerate() {
                for subject in 0..facts.table(a.entity).len() as u32 {
                    let value = facts.get(subject, at as u16);
                    seen[at].insert(match value {
                        Value::Number(_) | Value::Date(_) | Value::Symbol(_) => "known".into(),
                        Value::Symbols(_) => "known".into(),
                        other => format!("{other:?}"),
                    });
                }
            }
        }
        for (a, seen) in VOCABULARY.iter().zip(&seen) {
            let derived = a.origin == enmusubi_domain::facts::vocabulary::Origin::Derived;
            let expect = match a.ty {
                _ if derived => 1,
                Type::Bool => 2,
                Type::Enum(e) if a.name == "application" => e.values.len(),
                Type::Enum(e) => e.values.len() + 1,
                Type::Set(e) => e.values.len(),
                _ if a.entity == Entity::Round => 1,
                _ if a.name == "last_age" => 1,
                _ => 2,
            };
            assert!(seen.len() >= expect, "{}: {seen:?}", a.path());
        }
    }

    #[test]
    fn applicants_have_choices_and_nobody_else() {
        let facts = random_facts(7, &shape());
        let application = find(Entity::Child, "application").expect("in the vocabulary");
        for child in 0..facts.children.len() as u32 {
            let applies = facts.children.get(child, application) != Value::Enum(0);
            assert_eq!(applies, !facts.index.choices[child as usize].is_empty());
        }
    }
}
