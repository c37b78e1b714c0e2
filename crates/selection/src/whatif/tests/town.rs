//! Rounds made by hand, and the whole way of a comparison on one thread.

use crate::{
    compiled::Ties,
    text_summary::Lang,
    whatif::{
        apply::{Applied, apply},
        compare::{compare, side},
        error::SetError,
        plan::{Asked, Plan, Source},
        report::{Outcome, WhatIf},
        run::{Halt, Placed, place},
        score::score,
        set::Set,
    },
};
use enmusubi_domain::{
    Rational,
    facts::{
        ClassSeats, Entity, RoundFacts, RoundInfo, Type, Value,
        vocabulary::{VOCABULARY, find},
    },
};
use enmusubi_matching::Effort;
use jiff::civil::date;

pub const CRITERIA: &str = r#"
[criteria]
kind = "structure"
name = "もしも市"
fiscal_year = 2027
title = "もしも市 利用調整基準"

[[table]]
id = "adjust"
label = "調整指数"
take = "sum"

[[row]]
id = "single"
table = "adjust"
label = "ひとり親世帯"
when = "household.single_parent == 'single'"
points = 5

[[row]]
id = "siblings"
table = "adjust"
label = "きょうだいの同時申込み"
when = "child.siblings_applying > 0"
points = 2

[[row]]
id = "mayor"
table = "adjust"
label = "市長が認める"
discretion = "optional"
min = 1
max = 3

[[value]]
id = "total"
label = "指数"
value = "child.lottery_number + adjust"

[[change]]
id = "welfare"
value = "total"
label = "生活保護世帯"
when = "household.welfare"
add = 4

[[key]]
id = "total"
label = "指数"
value = "total"

[[pool]]
id = "area"
label = "地域枠"
target = "choice.in_home_area"
within = true

[siblings]
timing = "need-not"
place = "choice-order"
first = "either"

[ties]
left = "stop"

[selection]
disclosure_minimum = 3
"#;

/// The round at hand.
pub struct Town {
    pub facts: RoundFacts,
    pub source: Source,
}

impl Town {
    /// Facilities A, B and C with these seats at age 1.
    pub fn new(seats: [u32; 3]) -> Self {
        let mut facts = RoundFacts::new(RoundInfo {
            municipality: None,
            entry_date: date(2027, 4, 1),
            number: 1,
            base_date: date(2026, 11, 1),
            deadline: None,
        });
        for (f, (id, seats)) in ["A", "B", "C"].into_iter().zip(seats).enumerate() {
            let f = f as u32;
            facts.facilities.push(id, None, f + 2);
            for age in 0..3 {
                facts.classes.push(ClassSeats {
                    facility: f,
                    age,
                    pool: None,
                    seats: if age == 1 { seats } else { 0 },
                    shared: None,
                    weight: Rational::ONE,
                    refill: true,
                    row: 2,
                });
            }
        }
        let mut town = Self {
            facts,
            source: source(CRITERIA),
        };
        for (f, name) in ["あおば園", "わかば園", "みどり園"].into_iter().enumerate() {
            town.text(Entity::Facility, f as u32, "name", name);
            town.text(Entity::Facility, f as u32, "area", ["東", "西", "東"][f]);
            town.set(Entity::Facility, f as u32, "last_age", Value::whole(2));
        }
        town
    }

    pub fn text(&mut self, entity: Entity, who: u32, name: &str, text: &str) {
        let symbol = self.facts.symbol(text);
        self.set(entity, who, name, Value::Symbol(symbol));
    }

    pub fn set(&mut self, entity: Entity, who: u32, name: &str, value: Value) {
        let attribute = find(entity, name).unwrap();
        self.facts.table_mut(entity).set(who, attribute, value);
    }

    pub fn word(&mut self, entity: Entity, who: u32, name: &str, word: &str) {
        let attribute = find(entity, name).unwrap();
        let Type::Enum(words) = VOCABULARY[attribute as usize].ty else {
            panic!("{name}");
        };
        let at = words.of_name(word).unwrap();
        self.set(entity, who, name, Value::Enum(at));
    }

    /// A household in an area; `words` may hold `single` and `welfare`.
    pub fn household(&mut self, id: &str, area: &str, words: &str) {
        let h = self.facts.households.push(id, None, 2);
        if !area.is_empty() {
            self.text(Entity::Household, h, "area", area);
        }
        if words.contains("single") {
            self.word(Entity::Household, h, "single_parent", "single");
        }
        if words.contains("welfare") {
            self.set(Entity::Household, h, "welfare", Value::Bool(true));
        }
    }

    /// A child of age class 1 of the last household, with points and choices (`A B`); of a transfer
    /// applicant also where it is.
    pub fn child(&mut self, id: &str, points: i64, choices: &str, at: Option<u32>) {
        let h = self.facts.households.len() as u32 - 1;
        let c = self.facts.children.push(id, Some(h), 2);
        let birth = Value::Date(date(2025, 6, 1));
        self.set(Entity::Child, c, "birth_date", birth);
        let kind = if at.is_some() { "transfer" } else { "new" };
        self.word(Entity::Child, c, "application", kind);
        self.set(Entity::Child, c, "lottery_number", Value::whole(points));
        self.facts.enrolled.push(at);
        for (i, facility) in choices.split_whitespace().enumerate() {
            self.facts.choices.push("", Some(c), 2);
            let f = self.facts.facilities.find(facility).unwrap();
            self.facts.choice_facility.push(f);
            self.facts.choice_number.push(i as u32 + 1);
        }
    }

    /// One child of a household of its own.
    pub fn only(&mut self, id: &str, points: i64, choices: &str) {
        self.household(&format!("H{id}"), "東", "");
        self.child(id, points, choices, None);
    }

    pub fn done(mut self) -> Self {
        self.facts.complete();
        self
    }

    pub fn apply(&self, sets: &[&str]) -> Result<Applied, Vec<SetError>> {
        let sets: Vec<Set> = sets.iter().map(|s| Set::parse(s).unwrap()).collect();
        apply(
            &self.facts,
            &self.source.document,
            &self.source.criteria,
            &sets,
        )
    }

    pub fn what_if(&self, variants: &[&[&str]]) -> WhatIf {
        self.what_if_of(variants, None).unwrap()
    }

    pub fn what_if_of(&self, variants: &[&[&str]], ties: Option<&Ties>) -> Result<WhatIf, Halt> {
        let asked: Vec<Asked> = variants
            .iter()
            .map(|sets| Asked {
                name: sets.join(" "),
                source: 0,
                sets: sets.iter().map(|s| Set::parse(s).unwrap()).collect(),
            })
            .collect();
        what_if(
            &self.facts,
            std::slice::from_ref(&self.source),
            &asked,
            ties,
        )
    }
}

pub fn source(text: &str) -> Source {
    let (criteria, document, all) = enmusubi_criteria::read("c.toml", text.as_bytes());
    let told = all.render("c.toml", text, enmusubi_criteria::Language::English);
    Source {
        file: "c.toml".into(),
        document,
        criteria: criteria.expect(&told),
    }
}

/// The whole way on one thread.
pub fn what_if(
    facts: &RoundFacts,
    sources: &[Source],
    asked: &[Asked],
    ties: Option<&Ties>,
) -> Result<WhatIf, Halt> {
    let plan = Plan::of(facts, sources, asked, ties, None).unwrap();
    let scores: Vec<_> = plan
        .scorings
        .iter()
        .map(|s| score(facts, s.seats.as_ref(), &plan.criteria[s.criteria]).unwrap())
        .collect();
    let run = |r: usize| -> Result<Placed, Halt> {
        place(&plan.basis(r, facts, &scores[plan.rounds[r].scoring], Effort::Proved))
    };
    let base = run(0)?;
    let variants = asked.iter().enumerate().map(|(i, asked)| {
        let outcome = match run(i + 1) {
            Ok(after) => {
                let file = &plan.rounds[i + 1].file;
                let side = side(&after, plan.criteria_of(i + 1), file);
                Outcome::Compared(Box::new(compare(facts, &base, &after, side)))
            }
            Err(halt) => halt.outcome(facts, Lang::Japanese).unwrap(),
        };
        asked.report(facts, sources, Lang::Japanese, outcome)
    });
    Ok(WhatIf {
        engine_version: "0".into(),
        entry_date: facts.info.entry_date.to_string(),
        number: facts.info.number,
        base: side(&base, plan.criteria_of(0), &sources[0].file),
        disclosure_minimum: plan.criteria_of(0).selection.disclosure_minimum,
        variants: variants.collect(),
    })
}
