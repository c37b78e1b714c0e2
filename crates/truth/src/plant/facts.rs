//! One fact of our file is mistyped; the staff had the right one.

use super::{Ground, Trial};
use enmusubi_compare::cause::Cause;
use enmusubi_criteria::{Criteria, Expression, model::Points, walk::Mention, walk::mentions};
use enmusubi_domain::facts::{
    AttributeIx, Entity, Exact, HouseholdRound, RoundFacts, Type, Value,
    certificate::fill_conversions,
    vocabulary::{Origin, VOCABULARY, of_entity},
};
use enmusubi_synth::rng::Rng;
use std::collections::BTreeSet;

/// Names of all attributes that criteria look at, whatever they belong to.
pub(super) fn looked_at(criteria: &Criteria) -> BTreeSet<Box<str>> {
    let mut list: Vec<&Expression> = Vec::new();
    list.extend(criteria.conditions.iter().map(|c| &c.when));
    for table in &criteria.tables {
        for band in &table.bands {
            list.extend(band.when.iter().chain([&band.by]).chain(&band.by2));
        }
        for row in &table.rows {
            list.extend(&row.when);
            if let Points::Expression(points) = &row.points {
                list.push(points);
            }
        }
        list.extend(table.at_most.iter().chain(&table.at_least));
    }
    for value in &criteria.values {
        list.push(&value.value);
        for change in &value.changes {
            list.extend(change.when.iter().chain([&change.by]));
        }
    }
    list.extend(criteria.strata.iter().filter_map(|s| s.when.as_ref()));
    list.extend(criteria.keys.iter().filter_map(|k| k.value.as_ref()));
    list.extend(criteria.pools.iter().map(|p| &p.target));
    list.extend(criteria.eligibility.iter().map(|e| &e.require));
    let found = list.into_iter().flat_map(mentions);
    let names = found.filter_map(|m| match m {
        Mention::Member(_, name, _) => Some(Box::from(name)),
        Mention::Name(..) => None,
    });
    let mut names: BTreeSet<Box<str>> = names.collect();
    // What is derived from a day is mistyped in that day.
    if names.contains("waiting_days") {
        names.insert("waiting_since".into());
    }
    names
}

/// A fact that the criteria look at, mistyped so that some key of the household is another.
pub(super) fn mistyped(ground: &Ground, rng: &mut Rng) -> Option<Trial> {
    let facts = &ground.ours.facts;
    let market = &ground.decided.compiled;
    let child = *market.rows.get(rng.index(market.rows.len()))?;
    let household = facts.household_of(child);
    let h = household as usize;
    let entity = [
        Entity::Household,
        Entity::Guardian,
        Entity::Guardian,
        Entity::Guardian,
        Entity::Child,
        Entity::Child,
        Entity::Adult,
    ][rng.index(7)];
    let (subjects, start) = match entity {
        Entity::Household => (household..household + 1, household),
        Entity::Guardian => {
            let r = facts.index.guardians[h].clone();
            (r.clone(), r.start)
        }
        Entity::Adult => {
            let r = facts.index.adults[h].clone();
            (r.clone(), r.start)
        }
        _ => (child..child + 1, facts.index.children[h].start),
    };
    if subjects.is_empty() {
        return None;
    }
    let subject = subjects.start + rng.below(u64::from(subjects.end - subjects.start)) as u32;
    let attributes: Vec<AttributeIx> = of_entity(entity)
        .filter(|(_, a)| {
            a.origin == Origin::Stated
                && ground.looked_at.contains(a.name)
                && a.name != "birth_date"
                && a.name != "application"
        })
        .map(|(at, _)| at)
        .collect();
    let attribute = *attributes.get(rng.index(attributes.len()))?;
    let theirs = facts.get(subject, attribute);
    let ours = mistype(facts, subject, attribute, theirs, rng)?;
    if ours == theirs || !matters(ground, household, subject - start, attribute, ours) {
        return None;
    }
    let id = facts.households.ids[h].clone();
    Some(Trial {
        edit: Box::new(move |hands| {
            hands.facts.table_mut(entity).set(subject, attribute, ours);
            hands.facts.complete();
        }),
        in_ours: true,
        about: format!("household {id}"),
        cause: Cause::Fact {
            household: id,
            entity,
            subject,
            attribute,
            theirs,
        },
    })
}

/// Whether the judgement of any choice of the household changes.
fn matters(
    ground: &Ground,
    household: u32,
    subject: u32,
    attribute: AttributeIx,
    value: Value,
) -> bool {
    let conversion = &ground.ours.criteria.conversion;
    let mut before = HouseholdRound::of(&ground.ours.facts, household).facts;
    let mut after = before.clone();
    let entity = VOCABULARY[attribute as usize].entity;
    after.table_mut(entity).set(subject, attribute, value);
    after.complete();
    fill_conversions(&mut before, conversion);
    fill_conversions(&mut after, conversion);
    let (before, after) = (ground.program.score(&before), ground.program.score(&after));
    matches!((before, after), (Ok(a), Ok(b)) if a != b)
}

/// A value somebody might have typed instead; `None` where nobody stated anything.
fn mistype(
    facts: &RoundFacts,
    subject: u32,
    attribute: AttributeIx,
    value: Value,
    rng: &mut Rng,
) -> Option<Value> {
    let vocabulary = &VOCABULARY[attribute as usize];
    let table = facts.table(vocabulary.entity);
    // The line above or below, as often as a slip of the finger.
    let others = |rng: &mut Rng| {
        let other = table.get(rng.index(table.len()) as u32, attribute);
        other.is_known().then_some(other)
    };
    let _ = subject;
    match value {
        Value::Unknown | Value::Symbols(_) => None,
        Value::Bool(b) => Some(Value::Bool(!b)),
        Value::Number(n) => {
            if rng.chance(500) {
                return others(rng);
            }
            number(n, rng).map(Value::Number)
        }
        Value::Enum(_) => {
            let Type::Enum(values) = vocabulary.ty else {
                return None;
            };
            Some(Value::Enum(rng.index(values.values.len()) as u8))
        }
        Value::Set(_) | Value::Symbol(_) => others(rng),
        Value::Date(date) => {
            let days = [-365, -31, -10, 10, 31, 365][rng.index(6)];
            let moved = date.checked_add(jiff::Span::new().days(days)).ok()?;
            Some(Value::Date(moved))
        }
    }
}

/// A number with a digit lost, doubled or another.
fn number(n: Exact, rng: &mut Rng) -> Option<Exact> {
    let whole = n.as_whole()?;
    let step = [1, 2, 4, 8, 10, 16, 20, 40][rng.index(8)];
    let typed = match rng.index(4) {
        0 => whole / 10,
        1 => whole.checked_mul(10)?,
        2 => whole.checked_sub(step)?,
        _ => whole.checked_add(step)?,
    };
    (typed >= 0).then(|| Exact::whole(typed))
}
