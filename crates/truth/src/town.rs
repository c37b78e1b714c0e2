//! A made-up round of complete facts that a criteria file can be applied to.

use crate::plant::rows::take_out;
use enmusubi_criteria::{
    Criteria, Expression,
    model::{Answer, Over, Points, Question},
    walk::{Mention, mentions},
};
use enmusubi_domain::{
    facts::{
        Entity, Exact, RoundFacts, Value,
        certificate::fill_conversions,
        vocabulary::{Origin, find, of_entity},
    },
    round,
};
use enmusubi_market::{First, Place, Timing, WishFields};
use enmusubi_scoring::Program;
use enmusubi_synth::{self as synth, DiscretionItem, FactOptions, FieldTexts, Form, PoolShare};
use std::collections::BTreeSet;

/// A made-up round of so many children: families answer the form of the criteria, classes have its pools,
/// staff judged its rows of discretion, nothing is blank that has an answer, and nobody is undecided. Equal arguments give equal
/// facts.
#[must_use]
pub fn town(criteria: &Criteria, seed: u64, children: u32) -> RoundFacts {
    let asks = !criteria.siblings.answers.is_empty() || criteria.siblings.default.is_some();
    let options = synth::Options {
        children: children as usize,
        // As many children to a nursery as in a city of 8,000 and 311.
        nurseries: (children as usize * 311 / 8000).max(4),
        // Without a question about them nobody knows what siblings wish.
        siblings: if asks { 0.15 } else { 0.0 },
        seed,
        ..synth::Options::default()
    };
    let mut facts = synth::facts(&synth::town(&options), &fact_options(criteria, seed));
    round_incomes(&mut facts);
    without_undecided(&mut facts, criteria);
    facts
}

/// Guardians about whom the criteria leave a case open have what guardians of the next decided household have.
fn without_undecided(facts: &mut RoundFacts, criteria: &Criteria) {
    let mut filled = facts.clone();
    fill_conversions(&mut filled, &criteria.conversion);
    let Ok(program) = Program::compile(criteria) else {
        return;
    };
    let Ok(scores) = program.score(&filled) else {
        return;
    };
    let open: BTreeSet<u32> = scores
        .undecided
        .iter()
        .map(|u| facts.household_of(facts.child_of(u.choice)))
        .collect();
    let guardians = facts.index.guardians.clone();
    let count = guardians.len() as u32;
    for &household in &open {
        let theirs = &guardians[household as usize];
        let others = (household + 1..count).chain(0..household);
        let mut like = others.filter(|h| !open.contains(h));
        let like = like.find(|&h| guardians[h as usize].len() == theirs.len());
        let Some(like) = like else {
            continue;
        };
        for (to, from) in theirs.clone().zip(guardians[like as usize].clone()) {
            for (at, attribute) in of_entity(Entity::Guardian) {
                if attribute.origin == Origin::Stated {
                    let value = facts.guardians.get(from, at);
                    facts.guardians.set(to, at, value);
                }
            }
        }
    }
    if !open.is_empty() {
        facts.complete();
    }
}

/// Incomes in steps of so many yen. To the yen, no two households would ever be equal, and no lottery would decide.
const STEP: i64 = 1_000_000;

fn round_incomes(facts: &mut RoundFacts) {
    let Some(at) = find(Entity::Household, "income") else {
        return;
    };
    for h in 0..facts.households.len() as u32 {
        if let Value::Number(n) = facts.households.get(h, at) {
            let income = Value::whole(whole(n) / STEP * STEP);
            facts.households.set(h, at, income);
        }
    }
}

/// How facts for these criteria look.
fn fact_options(criteria: &Criteria, seed: u64) -> FactOptions {
    let defaults = FactOptions::default();
    let form = form(&criteria.siblings.answers);
    let pools = criteria.pools.iter().map(|pool| PoolShare {
        id: pool.id.to_string(),
        classes: 150,
        seats: 300,
        from_age: 1,
    });
    let blank = criteria.siblings.default.is_some_and(|d| {
        // A default that leaves time or place open cannot stand for a blank form.
        d.timing.is_some() && d.place.is_some()
    });
    FactOptions {
        seed,
        municipality: criteria.head.municipality.as_deref().map(str::to_owned),
        form,
        blank_wish: if blank { defaults.blank_wish } else { 0 },
        pools: pools.collect(),
        discretion: discretion(criteria),
        ..defaults
    }
    .shifted(criteria.head.fiscal_year - 2027)
}

/// Values of the rows that staff judge: everybody's where the row requires one, a few otherwise.
fn discretion(criteria: &Criteria) -> Vec<DiscretionItem> {
    let mut items = Vec::new();
    for table in &criteria.tables {
        for row in &table.rows {
            let Points::Discretion { min, max, required } = &row.points else {
                continue;
            };
            items.push(DiscretionItem {
                entity: match table.over {
                    Over::Guardian => Entity::Guardian,
                    Over::Adult | Over::Application => Entity::Child,
                },
                item: row.id.to_string(),
                min: whole(*min),
                max: whole(*max),
                subjects: if *required { 1000 } else { 20 },
            });
        }
    }
    items
}

fn whole(number: Exact) -> i64 {
    number.numerator() / number.denominator()
}

/// The municipality's form, by what its answers mean.
fn form(answers: &[Answer]) -> Form {
    let codes = answers.iter().filter(|a| a.question == Question::Code);
    if codes.clone().next().is_some() {
        let text = |code: u8| {
            let fields = WishFields::from_code(code)?;
            let mut like = codes.clone().filter(|a| means(a, fields));
            like.next().map(|a| a.answer.to_string())
        };
        // Texts are in the order of the public layout's codes.
        return Form::Codes([1, 2, 3, 4, 5, 6, 7].map(text));
    }
    let text = |question: Question, says: &dyn Fn(&enmusubi_criteria::model::Wish) -> bool| {
        let mut like = answers.iter().filter(|a| a.question == question);
        let like = like.find(|a| a.wish.as_ref().is_some_and(says));
        like.map_or_else(String::new, |a| a.answer.to_string())
    };
    let timing = |t| text(Question::Timing, &|w| w.timing == Some(t));
    let place = |p| text(Question::Place, &|w| w.place == Some(p));
    let first = |f| text(Question::First, &|w| w.first == Some(f));
    Form::Fields(Box::new(FieldTexts {
        timing: [round::Timing::Together, round::Timing::NeedNot].map(timing),
        place: [
            round::Place::SameOnly,
            round::Place::PreferSame,
            round::Place::ChoiceOrder,
        ]
        .map(place),
        first: [
            round::First::Older,
            round::First::Younger,
            round::First::Either,
        ]
        .map(first),
    }))
}

/// Whether a code says this wish.
fn means(answer: &Answer, fields: WishFields) -> bool {
    let Some(wish) = &answer.wish else {
        return false;
    };
    let timing = match fields.timing {
        Timing::Together => round::Timing::Together,
        Timing::NeedNot => round::Timing::NeedNot,
    };
    let place = match fields.place {
        Place::SameOnly => round::Place::SameOnly,
        Place::PreferSame => round::Place::PreferSame,
        Place::ChoiceOrder => round::Place::ChoiceOrder,
    };
    let first = match fields.first {
        First::Older => Some(round::First::Older),
        First::Younger => Some(round::First::Younger),
        First::Either => None,
    };
    let either = |f: Option<round::First>| f.filter(|f| *f != round::First::Either);
    wish.timing == Some(timing) && wish.place == Some(place) && either(wish.first) == first
}

/// The round and criteria of a section whose points do not depend on the facility: without rows that look at it, and
/// without pools. Seats can then be given in one order of families.
#[must_use]
pub fn same_everywhere(facts: &RoundFacts, criteria: &Criteria) -> (RoundFacts, Criteria) {
    let mut facts = facts.clone();
    facts.classes.retain(|class| class.pool.is_none());
    let mut criteria = criteria.clone();
    criteria.pools.clear();
    let mut at_facility: BTreeSet<Box<str>> = ["choice".into(), "facility".into()].into();
    for condition in &criteria.conditions {
        if looks_at(&condition.when, &at_facility) {
            at_facility.insert(condition.id.clone());
        }
    }
    let ids: Vec<Box<str>> = criteria
        .tables
        .iter()
        .flat_map(|t| &t.rows)
        .filter(|row| {
            let points = match &row.points {
                Points::Expression(points) => Some(points),
                Points::Discretion { .. } | Points::ToBeFilled => None,
            };
            let mut parts = row.when.iter().chain(points);
            parts.any(|e| looks_at(e, &at_facility))
        })
        .map(|row| row.id.clone())
        .collect();
    for id in ids {
        take_out(&mut criteria, &id);
    }
    (facts, criteria)
}

fn looks_at(expression: &Expression, names: &BTreeSet<Box<str>>) -> bool {
    mentions(expression).iter().any(|m| match m {
        Mention::Name(name, _) | Mention::Member(name, _, _) => names.contains(*name),
    })
}
