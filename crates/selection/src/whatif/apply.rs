//! Applying the changes of a variant: to the criteria as a document, which is checked again, and to
//! the seats of the round.
//!
//! The order in which changes are written means nothing: criteria first, then shared rooms, their
//! weights, seats, pools. Two changes of one thing are an error.

use super::{
    apply_criteria::edited,
    apply_seats::Rooms,
    error::{Problem, SetError},
    set::{Change, Set},
};
use crate::compiled::Ties;
use enmusubi_criteria::{Criteria, Document};
use enmusubi_domain::facts::{ClassSeats, RoundFacts, SharedSeats};
use enmusubi_matching::Mechanism;
use std::collections::BTreeSet;

/// What a variant is made of after its changes; `None`: as in the base.
#[derive(Debug, Clone, Default)]
pub struct Applied {
    /// The criteria, checked.
    pub criteria: Option<Criteria>,
    /// The seats.
    pub seats: Option<Seats>,
    /// How seats are given.
    pub mechanism: Option<Mechanism>,
    /// What happens to equals.
    pub ties: Option<Ties>,
}

/// Classes and shared rooms of a round ([`RoundFacts::classes`], [`RoundFacts::shared`]).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seats {
    /// Classes.
    pub classes: Vec<ClassSeats>,
    /// Shared rooms.
    pub shared: Vec<SharedSeats>,
}

impl Seats {
    /// Those of a round.
    #[must_use]
    pub fn of(facts: &RoundFacts) -> Self {
        Self {
            classes: facts.classes.clone(),
            shared: facts.shared.clone(),
        }
    }

    /// Which facilities have which pools. A child's being of a pool's target group counts there and
    /// nowhere else, so this is all of the seats that scores may depend on.
    #[must_use]
    pub fn pools(classes: &[ClassSeats]) -> BTreeSet<(u32, Box<str>)> {
        classes
            .iter()
            .filter_map(|c| Some((c.facility, c.pool.clone()?)))
            .collect()
    }
}

/// Applies changes to the criteria (as a document, and as checked) and to the seats of a round.
///
/// # Errors
/// Everything that is wrong, each with the change it is about.
pub fn apply(
    facts: &RoundFacts,
    document: &Document,
    criteria: &Criteria,
    sets: &[Set],
) -> Result<Applied, Vec<SetError>> {
    let mut errors = Vec::new();
    let mut applied = Applied {
        criteria: edited(document, sets, &mut errors),
        ..Applied::default()
    };
    let pools = &applied.criteria.as_ref().unwrap_or(criteria).pools;
    let pools: Vec<&str> = pools.iter().map(|p| &*p.id).collect();
    let mut room = Rooms::of(facts, pools);
    let order = |set: &&Set| match set.change {
        Change::Share { .. } => 0,
        Change::Ratio(_) => 1,
        Change::Seats { .. } => 2,
        _ => 3,
    };
    let mut of_seats: Vec<&Set> = sets.iter().filter(|s| is_about_seats(&s.change)).collect();
    of_seats.sort_by_key(order);
    for set in &of_seats {
        if let Err(problem) = room.change(set) {
            errors.push(SetError::of(set, problem));
        }
    }
    if !of_seats.is_empty() {
        applied.seats =
            Some(room.seats).filter(|s| s.classes != facts.classes || s.shared != facts.shared);
    }
    let (mut mechanisms, mut ties) = (Vec::new(), Vec::new());
    for set in sets {
        match &set.change {
            Change::Mechanism(m) => {
                applied.mechanism = Some(*m);
                mechanisms.push(set);
            }
            Change::Ties(t) => {
                applied.ties = Some(t.clone());
                ties.push(set);
            }
            _ => {}
        }
    }
    for twice in [mechanisms, ties] {
        if let [first, rest @ ..] = &twice[..] {
            let other = &first.text;
            errors.extend(rest.iter().map(|s| {
                let other = other.clone();
                SetError::of(s, Problem::Twice { other })
            }));
        }
    }
    if errors.is_empty() {
        Ok(applied)
    } else {
        Err(errors)
    }
}

fn is_about_seats(change: &Change) -> bool {
    matches!(
        change,
        Change::Seats { .. } | Change::Share { .. } | Change::Ratio(_) | Change::Pool { .. }
    )
}
