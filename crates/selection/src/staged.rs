//! From facts and criteria to a market: staged selection (段階的な選考).
//!
//! Everything the criteria say drives the engine here: strata and keys become one priority per
//! choice, passes and pools, refusals with their sentence for families, shared rooms, refilling,
//! and the sibling wish as each municipality's own form asks it. What the facts say about points was
//! decided before, by an evaluator ([`Scores`]).
//!
//! - [`answers`]: the form's answers → timing, place, who first.
//! - [`keys`]: components of the key, compared exactly, lexicographically.
//! - [`seats`]: classes, pools and shared rooms.
//! - [`error`]: why a round cannot be staged, and who is undecided for want of which paper.
//!
//! **Invariant:** nobody undecided is in a market: an unknown key, eligibility, pool target, pass or
//! wish blocks the run, and everybody concerned is named.

pub mod answers;
pub mod error;
mod keys;
mod seats;
#[cfg(test)]
mod tests;

pub use error::{Missed, StageError};

use crate::{
    compile::{
        assemble,
        judged::{
            Applicant, House, Judged, JudgedChoice, NurseryName, OPEN, PoolVerdict, RefusalReason,
        },
    },
    compiled::{CompiledRound, Ties},
};
use enmusubi_criteria::{
    Criteria,
    judgement::{Eligible, Missing},
    model::{MechanismName, TiesLeft},
};
use enmusubi_domain::{
    facts::{Entity, RoundFacts, Value, vocabulary::find},
    round::Combination,
};
use enmusubi_matching::Mechanism;
use enmusubi_scoring::Scores;
use std::borrow::Cow;

/// A round of facts, ready for the engine.
#[derive(Debug, Clone)]
pub struct Staged {
    /// Market and keys. [`CompiledRound::rows`] are positions in [`RoundFacts::children`].
    pub compiled: CompiledRound,
    /// Labels of the keys that do not compare anybody because one of them is to be filled: from the
    /// first such key on.
    pub unfilled: Vec<Box<str>>,
}

/// What happens to equals: what the caller asks for, else what the criteria say.
///
/// # Errors
/// The criteria leave it to a lottery and nobody gave a seed; or a key is to be filled, and then
/// equals are equal for want of knowledge, which no lottery may decide.
pub fn ties_of(criteria: &Criteria, asked: Option<Ties>) -> Result<Ties, StageError> {
    let ties = match (asked, criteria.ties) {
        (Some(asked), _) => asked,
        (None, TiesLeft::Stop | TiesLeft::Staff) => Ties::Stop,
        (None, TiesLeft::Equal) => Ties::Equal,
        (None, TiesLeft::Lottery) => return Err(StageError::NoSeed),
    };
    match criteria.keys.iter().find(|k| k.value.is_none()) {
        Some(hole) if ties != Ties::Stop => Err(StageError::KeyToBeFilled {
            label: hole.label.clone(),
        }),
        _ => Ok(ties),
    }
}

/// The mechanism the criteria name.
#[must_use]
pub fn mechanism_of(criteria: &Criteria) -> Mechanism {
    match criteria.selection.mechanism {
        MechanismName::Stable => Mechanism::Stable,
        MechanismName::IndexOrder => Mechanism::IndexOrder,
        MechanismName::ChoiceOrder => Mechanism::ChoiceOrder,
    }
}

/// Makes the market of a round of facts. `scores` are those of these facts by these criteria.
///
/// # Errors
/// Everything found; where all of it is undecided ([`StageError::is_undecided`]), papers or answers
/// are missing and nothing is wrong with the files.
pub fn stage(
    facts: &RoundFacts,
    criteria: &Criteria,
    scores: &Scores,
    ties: &Ties,
) -> Result<Staged, Vec<StageError>> {
    let mut found = Vec::new();
    let people = Applicants::of(facts, &mut found);
    let mut errors = error::undecided(facts, criteria, scores, &people.missing);
    errors.append(&mut found);
    let seats = seats::Seating::of(facts, criteria, &mut errors);
    let wishes = answers::wishes(facts, criteria, &people.siblings, &mut errors);
    let combinations = combinations(facts, &people, &mut errors);
    if !errors.is_empty() {
        return Err(errors);
    }
    let (mut choices, origin) = judged_choices(facts, scores, &people);
    let (keys, unfilled) = keys::number(
        facts,
        criteria,
        scores,
        ties,
        &people,
        &origin,
        &mut choices,
    );
    // A refused choice may have no key. Who has no other ranks nobody (`assemble`).
    let order_of_child: Vec<u32> = people
        .list
        .iter()
        .map(|p| {
            let range = p.choices.start as usize..p.choices.end as usize;
            let open = choices[range].iter().find(|x| x.refused == OPEN);
            open.map_or(u32::MAX, |x| x.key)
        })
        .collect();

    let eligibility_count = criteria.eligibility.len() as u32;
    let pools = criteria.pools.len();
    let pool = |choice: u32, seat_pool: u32| {
        let pool = seats.pools[seat_pool as usize].0;
        let at = origin[choice as usize] as usize * pools + pool as usize;
        match (scores.pools[at], criteria.pools[pool as usize].hard) {
            (Some(true), _) => PoolVerdict::Target,
            (_, true) => PoolVerdict::Refused(eligibility_count + pool),
            (_, false) => PoolVerdict::Outside,
        }
    };
    let name = find(Entity::Facility, "name");
    let judged = Judged {
        nurseries: facts
            .facilities
            .ids
            .iter()
            .enumerate()
            .map(|(f, id)| NurseryName {
                id,
                name: match name.map(|a| facts.facilities.get(f as u32, a)) {
                    Some(Value::Symbol(at)) => facts.symbols.text(at),
                    _ => "",
                },
            })
            .collect(),
        seats: seats.for_market(criteria),
        households: facts
            .households
            .ids
            .iter()
            .enumerate()
            .map(|(h, id)| House {
                id,
                wish: wishes[h],
                together: people.together[h]
                    && keys::asks_together(criteria, scores, facts, h as u32),
            })
            .collect(),
        children: people
            .list
            .iter()
            .map(|p| Applicant {
                id: &facts.children.ids[p.child as usize],
                household: facts.household_of(p.child),
                age: p.age,
                current: p.current,
                choices: p.choices.clone(),
                // Unknown only where every choice is refused: such a child counts in no pass.
                pass: scores.passes[p.child as usize].unwrap_or(0),
                row: p.child,
            })
            .collect(),
        choices: &choices,
        order_of_child: &order_of_child,
        combinations: Cow::Owned(combinations),
        reasons: criteria
            .eligibility
            .iter()
            .map(|e| (&e.label, &e.parents))
            .chain(criteria.pools.iter().map(|p| (&p.label, &p.parents)))
            .map(|(rule, parent_text)| RefusalReason {
                rule,
                parent_text: parent_text.as_deref(),
            })
            .collect(),
        pool: &pool,
        siblings_in_first: criteria.siblings.first_pass,
        ties,
        disclosure_minimum: criteria.selection.disclosure_minimum,
    };
    let compiled = assemble(&judged, keys, Vec::new()).map_err(|errors| {
        errors
            .into_iter()
            .map(StageError::Compile)
            .collect::<Vec<_>>()
    })?;
    Ok(Staged { compiled, unfilled })
}

/// The children who apply.
struct Applicants {
    list: Vec<Person>,
    /// Per child of the facts: its position in `list`.
    at: Vec<Option<u32>>,
    /// Per household: whether two or more of its children apply.
    siblings: Vec<bool>,
    /// Per household: whether that is so and one of them is no transfer applicant.
    together: Vec<bool>,
    /// Facts without which nobody can say whether a child applies, in which class, or whether it may
    /// stay where it is: child, fact.
    missing: Vec<(u32, Missing)>,
}

/// A child who applies.
struct Person {
    /// Position in the facts.
    child: u32,
    age: u8,
    /// The facility it attends and may keep.
    current: Option<u32>,
    /// Its range in the judged choices.
    choices: std::ops::Range<u32>,
}

impl Applicants {
    fn of(facts: &RoundFacts, errors: &mut Vec<StageError>) -> Self {
        let attribute = |name| find(Entity::Child, name);
        let (application, age_class, graduating) = (
            attribute("application"),
            attribute("age_class"),
            attribute("graduating"),
        );
        let value = |c: u32, a: Option<_>| a.map_or(Value::Unknown, |a| facts.children.get(c, a));
        let households = facts.households.len();
        let (mut count, mut new) = (vec![0u32; households], vec![false; households]);
        let mut list = Vec::new();
        let mut missing = Vec::new();
        let mut miss = |c: u32, entity, subject, name| {
            let fact = find(entity, name).map(|a| Missing::Fact(entity, subject, a));
            missing.extend(fact.map(|fact| (c, fact)));
        };
        let mut at = vec![None; facts.children.len()];
        let mut next = 0;
        for c in 0..facts.children.len() as u32 {
            let transfer = match value(c, application) {
                Value::Enum(1) => false,
                Value::Enum(2) => true,
                Value::Unknown => {
                    miss(c, Entity::Child, c, "application");
                    continue;
                }
                _ => continue,
            };
            let id = || facts.children.ids[c as usize].clone();
            let age = match value(c, age_class) {
                Value::Number(n) => n.as_whole().and_then(|n| u8::try_from(n).ok()),
                _ => {
                    miss(c, Entity::Child, c, "birth_date");
                    continue;
                }
            };
            let Some(age) = age.filter(|&a| a <= 5) else {
                errors.push(StageError::Age { child: id() });
                continue;
            };
            // A place that ends before the day of entry cannot be kept.
            let ends = value(c, graduating);
            if let (true, Value::Unknown, Some(facility)) =
                (transfer, &ends, facts.enrolled[c as usize])
            {
                miss(c, Entity::Facility, facility, "last_age");
            }
            let ends = ends == Value::Bool(true);
            let current = facts.enrolled[c as usize].filter(|_| transfer);
            if transfer && current.is_none() {
                errors.push(StageError::NoEnrolment { child: id() });
            }
            let current = current.filter(|_| !ends);
            let range = facts.index.choices[c as usize].clone();
            if range
                .clone()
                .any(|x| current == Some(facts.choice_facility[x as usize]))
            {
                errors.push(StageError::OwnFacility { child: id() });
            }
            let h = facts.household_of(c) as usize;
            count[h] += 1;
            new[h] |= current.is_none();
            at[c as usize] = Some(list.len() as u32);
            let length = range.end - range.start;
            list.push(Person {
                child: c,
                age,
                current,
                choices: next..next + length,
            });
            next += length;
        }
        Self {
            list,
            at,
            siblings: count.iter().map(|&n| n > 1).collect(),
            together: count
                .iter()
                .zip(&new)
                .map(|(&n, &new)| n > 1 && new)
                .collect(),
            missing,
        }
    }
}

/// The applicants' choices, and for each of them its position in the facts.
fn judged_choices(
    facts: &RoundFacts,
    scores: &Scores,
    people: &Applicants,
) -> (Vec<JudgedChoice>, Vec<u32>) {
    let mut choices = Vec::with_capacity(facts.choices.len());
    let mut origin = Vec::with_capacity(facts.choices.len());
    for person in &people.list {
        for x in facts.index.choices[person.child as usize].clone() {
            choices.push(JudgedChoice {
                nursery: facts.choice_facility[x as usize],
                number: facts.choice_number[x as usize],
                key: 0,
                apart: 0,
                refused: match scores.eligibility[x as usize] {
                    Eligible::No(rule) => rule,
                    // Unknown ones have been reported.
                    Eligible::Yes | Eligible::Unknown => OPEN,
                },
            });
            origin.push(x);
        }
    }
    (choices, origin)
}

/// Combination lists, with applicants in the place of children. A facility that the child has not
/// chosen has no key and cannot be given.
fn combinations(
    facts: &RoundFacts,
    people: &Applicants,
    errors: &mut Vec<StageError>,
) -> Vec<Combination> {
    let mut rows = Vec::with_capacity(facts.combinations.len());
    for row in &facts.combinations {
        let mut slots = Vec::with_capacity(row.slots.len());
        for &(child, facility) in &row.slots {
            let id = || facts.children.ids[child as usize].clone();
            let Some(at) = people.at[child as usize] else {
                if facility.is_some() {
                    errors.push(StageError::CombinationChild { child: id() });
                }
                continue;
            };
            if let Some(f) = facility
                && people.list[at as usize].current != Some(f)
                && !facts.index.choices[child as usize]
                    .clone()
                    .any(|x| facts.choice_facility[x as usize] == f)
            {
                errors.push(StageError::CombinationFacility {
                    child: id(),
                    facility: facts.facilities.ids[f as usize].clone(),
                });
                continue;
            }
            slots.push((at, facility));
        }
        rows.push(Combination {
            household: row.household,
            rank: row.rank,
            slots,
            row: row.row,
        });
    }
    rows
}
