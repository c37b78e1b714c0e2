//! Does more of a fact lower a key where the file says that it never does?
//!
//! The claims ([`Criteria::monotone`]) are tried on given facts: in every household one subject gets
//! more (or less) of the fact, everything is judged again, and no key of the household may have become
//! worse. A key is worse at its first component that differs; where one is unknown before that, nothing
//! is said.

use crate::difference::{Component, component};
use enmusubi_criteria::{
    Criteria,
    model::{Better, Monotone},
};
use enmusubi_domain::facts::{
    AttributeIx, Entity, Exact, RoundFacts, Type, Value,
    vocabulary::{Origin, VOCABULARY},
};

/// Priority keys of all choices of a round, by choice; `None` where something cannot be calculated.
pub type Keys = Option<Vec<Vec<Option<Exact>>>>;

/// A claim that does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// Position of the claim in [`Criteria::monotone`].
    pub claim: u32,
    /// Whose fact was changed, in the table of the claim's entity.
    pub subject: u32,
    /// The fact before.
    pub from: Value,
    /// The fact after: more favourable, as the file claims.
    pub to: Value,
    /// Position of the choice whose key became worse.
    pub choice: u32,
    /// Child id.
    pub child: Box<str>,
    /// Facility id.
    pub facility: Box<str>,
    /// The first component that became another one.
    pub component: Component,
    /// Before.
    pub before: Exact,
    /// After.
    pub after: Exact,
}

impl Violation {
    /// One sentence in Japanese and English.
    #[must_use]
    pub fn text(&self, criteria: &Criteria) -> (String, String) {
        let claim = &criteria.monotone[self.claim as usize];
        let attribute = &VOCABULARY[claim.attribute as usize];
        let (from, to) = (shown(attribute.ty, self.from), shown(attribute.ty, self.to));
        let (path, label) = (attribute.path(), attribute.label);
        let component = self.component.text();
        let Self {
            child,
            facility,
            before,
            after,
            ..
        } = self;
        (
            format!(
                "{label}（{path}）が「{from}」から「{to}」になると、児童 {child}・施設 \
                 {facility}の{}が{before}から{after}に下がります",
                component.0
            ),
            format!(
                "when {path} goes from {from} to {to}, the {} of child {child} at {facility} \
                 falls from {before} to {after}",
                component.1
            ),
        )
    }
}

fn shown(ty: Type, value: Value) -> String {
    match (value, ty) {
        (Value::Bool(true), _) => "はい".into(),
        (Value::Bool(false), _) => "いいえ".into(),
        (Value::Number(n), _) => n.to_string(),
        (Value::Date(d), _) => d.to_string(),
        (Value::Set(bits), Type::Set(e)) => {
            let names = e.values.iter().enumerate();
            let names = names.filter(|(i, _)| bits >> i & 1 == 1);
            names.map(|(_, v)| v.1).collect::<Vec<_>>().join("・")
        }
        _ => "?".into(),
    }
}

/// Tries every claim of a file on facts, and tells where it does not hold.
///
/// `numbers` are values worth trying (those the file compares with); `judge` gives the keys of a
/// round, by either evaluator. The same seed tries the same changes.
#[must_use]
pub fn violations(
    criteria: &Criteria,
    facts: &RoundFacts,
    numbers: &[Exact],
    seed: u64,
    judge: impl Fn(&RoundFacts) -> Keys,
) -> Vec<Violation> {
    let mut found = Vec::new();
    let mut dice = Dice(seed);
    let Some(before) = judge(facts) else {
        return found;
    };
    for (at, claim) in (0u32..).zip(&criteria.monotone) {
        let (changed, changes) = better(facts, claim, numbers, &mut dice);
        if changes.is_empty() {
            continue;
        }
        let Some(after) = judge(&changed) else {
            continue;
        };
        for choice in 0..facts.choices.len() as u32 {
            let Some(&(subject, from, to)) = change_near(facts, claim.entity, &changes, choice)
            else {
                continue;
            };
            let (b, a) = (&before[choice as usize], &after[choice as usize]);
            if let Some((component, before, after)) = worse(criteria, b, a) {
                let facility = facts.choice_facility[choice as usize];
                found.push(Violation {
                    claim: at,
                    subject,
                    from,
                    to,
                    choice,
                    child: facts.children.ids[facts.child_of(choice) as usize].clone(),
                    facility: facts.facilities.ids[facility as usize].clone(),
                    component,
                    before,
                    after,
                });
            }
        }
    }
    found
}

type Change = (u32, Value, Value);

/// The facts with one subject of every household (every facility, the round) better off, and what was changed.
fn better(
    facts: &RoundFacts,
    claim: &Monotone,
    numbers: &[Exact],
    dice: &mut Dice,
) -> (RoundFacts, Vec<Change>) {
    let mut subjects = Vec::new();
    let count = facts.table(claim.entity).len() as u32;
    match claim.entity {
        Entity::Round | Entity::Facility | Entity::Household => subjects.extend(0..count),
        _ => {
            let households: Vec<u32> = (0..count)
                .map(|s| household_of(facts, claim.entity, s))
                .collect();
            let mut start = 0;
            while start < count {
                let same = households[start as usize..]
                    .iter()
                    .take_while(|&&h| h == households[start as usize])
                    .count() as u32;
                subjects.push(start + dice.below(same));
                start += same;
            }
        }
    }
    let mut changed = facts.clone();
    let mut changes = Vec::new();
    for subject in subjects {
        let from = facts.get(subject, claim.attribute);
        if let Some(to) = improved(claim, from, numbers, dice) {
            changes.push((subject, from, to));
            let table = changed.table_mut(claim.entity);
            table.set(subject, claim.attribute, to);
        }
    }
    changed.complete();
    if VOCABULARY[claim.attribute as usize].origin == Origin::Derived {
        // What follows from other facts was made as before; the claim is about the attribute itself.
        for &(subject, _, to) in &changes {
            let table = changed.table_mut(claim.entity);
            table.set(subject, claim.attribute, to);
        }
    }
    (changed, changes)
}

fn household_of(facts: &RoundFacts, entity: Entity, subject: u32) -> u32 {
    let parent = facts.table(entity).parents[subject as usize];
    match entity {
        Entity::Choice | Entity::Decline => facts.household_of(parent),
        _ => parent,
    }
}

/// The change that a choice may feel: in its household, at its facility, of the round.
fn change_near<'c>(
    facts: &RoundFacts,
    entity: Entity,
    changes: &'c [Change],
    choice: u32,
) -> Option<&'c Change> {
    let household = facts.household_of(facts.child_of(choice));
    let at = changes.partition_point(|&(subject, ..)| match entity {
        Entity::Round => false,
        Entity::Facility => subject < facts.choice_facility[choice as usize],
        Entity::Household => subject < household,
        _ => household_of(facts, entity, subject) < household,
    });
    changes.get(at).filter(|&&(subject, ..)| match entity {
        Entity::Round => true,
        Entity::Facility => subject == facts.choice_facility[choice as usize],
        Entity::Household => subject == household,
        _ => household_of(facts, entity, subject) == household,
    })
}

/// A value that the claim calls better; `None` where there is none, or the value is unknown.
fn improved(claim: &Monotone, from: Value, numbers: &[Exact], dice: &mut Dice) -> Option<Value> {
    let more = claim.better == Better::More;
    match from {
        Value::Bool(b) if b != more => Some(Value::Bool(more)),
        Value::Number(n) => {
            let fits = |x: &Exact| {
                if more {
                    *x > n
                } else {
                    *x < n && *x >= Exact::ZERO
                }
            };
            let near: Vec<Exact> = numbers.iter().copied().filter(fits).collect();
            if !near.is_empty() && dice.below(3) > 0 {
                return Some(Value::Number(near[dice.below(near.len() as u32) as usize]));
            }
            let to = if more {
                n.plus(Exact::ONE)
            } else {
                n.minus(Exact::ONE)
            };
            to.filter(fits).map(Value::Number)
        }
        Value::Date(d) => {
            let days = i64::from(1 + dice.below(400));
            let span = jiff::Span::new().days(if more { days } else { -days });
            d.checked_add(span).ok().map(Value::Date)
        }
        Value::Set(bits) => {
            let width = set_width(claim.attribute);
            let candidates: Vec<u32> = (0..width)
                .filter(|i| (bits >> i & 1 == 1) != more)
                .collect();
            let bit = *candidates.get(dice.below(candidates.len() as u32) as usize)?;
            Some(Value::Set(bits ^ 1 << bit))
        }
        _ => None,
    }
}

fn set_width(attribute: AttributeIx) -> u32 {
    match VOCABULARY[attribute as usize].ty {
        Type::Set(e) => e.values.len() as u32,
        _ => 0,
    }
}

/// The component that makes a key worse than it was, with its values.
fn worse(
    criteria: &Criteria,
    before: &[Option<Exact>],
    after: &[Option<Exact>],
) -> Option<(Component, Exact, Exact)> {
    let strata = usize::from(!criteria.strata.is_empty());
    let keys: Vec<_> = criteria.keys.iter().filter(|k| k.value.is_some()).collect();
    for (at, (before, after)) in before.iter().zip(after).enumerate() {
        let (before, after) = ((*before)?, (*after)?);
        if before == after {
            continue;
        }
        // The first stratum comes first.
        let higher_first = at >= strata && keys.get(at - strata).is_some_and(|k| k.higher_first);
        let fell = (after < before) == higher_first;
        return fell.then(|| (component(criteria, at), before, after));
    }
    None
}

/// SplitMix64, so that a seed tries the same for ever.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u32) -> u32 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^= z >> 31;
        ((u64::from((z >> 32) as u32) * u64::from(n)) >> 32) as u32
    }
}
