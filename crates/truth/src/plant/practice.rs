//! Seats and practice: what the staff do otherwise for everybody, or at one class.

use super::{Ground, Trial};
use crate::hands::{BeforeAll, Hands};
use enmusubi_compare::cause::{Cause, ClassId, KeyOrder, RankUse, TransferOrder};
use enmusubi_criteria::{
    Criteria, Expression,
    aggregate::{self, Aggregate},
    expression,
    model::{Coupling, Grade, Key, Source},
};
use enmusubi_domain::{Rational, facts::Exact};
use enmusubi_matching::Mechanism;
use enmusubi_selection::compiled::{KeyKind, Ties};
use enmusubi_synth::rng::Rng;

/// One class had more or fewer seats.
pub(super) fn seats(ground: &Ground, rng: &mut Rng) -> Option<Trial> {
    let facts = &ground.ours.facts;
    let at = rng.index(facts.classes.len());
    let class = facts.classes.get(at).filter(|c| c.pool.is_none())?;
    let by: i32 = [1, -1, 2, -2, 1, -1, 3][rng.index(7)];
    class.seats.checked_add_signed(by)?;
    let id = ClassId {
        facility: facts.facilities.ids[class.facility as usize].clone(),
        age: class.age,
        pool: None,
    };
    Some(Trial {
        edit: Box::new(move |hands| more_seats(hands, at, by)),
        in_ours: false,
        about: format!("class {} {}", id.facility, id.age),
        cause: Cause::Seats { class: id, by },
    })
}

fn more_seats(hands: &mut Hands, at: usize, by: i32) {
    let class = &mut hands.facts.classes[at];
    class.seats = class.seats.saturating_add_signed(by);
    // A room whose size is declared grows with its classes.
    let (shared, weight) = (class.shared, class.weight);
    let room = shared.and_then(|s| hands.facts.shared.get_mut(s as usize));
    if let Some(room) = room
        && let Some(size) = room.capacity
    {
        let (wn, wd) = (weight.numerator(), weight.denominator());
        let more = wn * u64::from(by.unsigned_abs());
        let (n, d) = (size.numerator() * wd, size.denominator() * wd);
        let more = more * size.denominator();
        let n = if by < 0 {
            n.saturating_sub(more)
        } else {
            n + more
        };
        room.capacity = Rational::new(n, d);
    }
}

/// The place of a key among the components of the market's keys.
fn component(ground: &Ground, key: usize) -> u32 {
    let components = &ground.decided.compiled.key_components;
    let tie = matches!(ground.ours.ties, Ties::Lottery(_) | Ties::RowOrder);
    let width = ground.ours.criteria.keys.len() + usize::from(tie);
    (plain_width(ground, components.len()) - width + key) as u32
}

/// Components of our market: those of the staff's less those that were planted.
fn plain_width(ground: &Ground, width: usize) -> usize {
    width + ground.ours.criteria.keys.len() - ground.theirs.criteria.keys.len()
}

/// Keys behind the first are moved, turned round or left out.
pub(super) fn key_order(ground: &Ground, rng: &mut Rng) -> Option<Trial> {
    let criteria = &ground.ours.criteria;
    let plain = |k: &Key| k.value.is_some() && !k.together;
    let count = criteria.keys.len();
    if count < 2 || !criteria.keys.iter().all(plain) {
        return None;
    }
    let from = 1 + rng.index(count - 1);
    let coupled = criteria.siblings.coupled.contains(&(from as u32));
    let id = criteria.keys[from].id.clone();
    let here = component(ground, from);
    let (change, edit): (KeyOrder, super::Edit) = match rng.index(3) {
        0 => {
            // `count`: behind all.
            let before = 1 + rng.index(count);
            if before == from || before == from + 1 {
                return None;
            }
            let to = criteria.keys.get(before).map(|k| k.id.clone());
            let behind_all = plain_width(ground, ground.decided.compiled.key_components.len());
            let place = match to {
                Some(_) => component(ground, before),
                None => behind_all as u32,
            };
            let change = KeyOrder::Move {
                from: here,
                before: place,
            };
            let edit = move |hands: &mut Hands| shift(&mut hands.criteria, &id, to.as_deref());
            (change, Box::new(edit))
        }
        1 if !coupled => {
            let edit = move |hands: &mut Hands| {
                let mut keys = hands.criteria.keys.iter_mut();
                if let Some(key) = keys.find(|k| k.id == id) {
                    key.higher_first = !key.higher_first;
                }
            };
            (KeyOrder::Flip(here), Box::new(edit))
        }
        _ => {
            let edit = move |hands: &mut Hands| {
                let mut keys = hands.criteria.keys.iter_mut();
                if let Some(key) = keys.find(|k| k.id == id) {
                    key.value = Some(Expression::number(Exact::ZERO, key.span.clone()));
                    key.show.clear();
                }
            };
            (KeyOrder::Drop(here), Box::new(edit))
        }
    };
    Some(Trial {
        edit,
        in_ours: false,
        cause: Cause::KeyOrder(change),
        about: "keys".to_owned(),
    })
}

/// Moves a key before another, or behind all.
fn shift(criteria: &mut Criteria, id: &str, before: Option<&str>) {
    let coupled = coupled_ids(criteria);
    let Some(from) = criteria.keys.iter().position(|k| *k.id == *id) else {
        return;
    };
    let key = criteria.keys.remove(from);
    let to = before.and_then(|b| criteria.keys.iter().position(|k| *k.id == *b));
    let to = to.unwrap_or(criteria.keys.len());
    criteria.keys.insert(to, key);
    couple(criteria, &coupled);
}

fn coupled_ids(criteria: &Criteria) -> Vec<Box<str>> {
    let coupled = criteria.siblings.coupled.iter();
    let id = |&k: &u32| criteria.keys.get(k as usize).map(|k| k.id.clone());
    coupled.filter_map(id).collect()
}

fn couple(criteria: &mut Criteria, ids: &[Box<str>]) {
    let keys = criteria.keys.iter().enumerate();
    let coupled = keys.filter(|(_, k)| ids.contains(&k.id));
    criteria.siblings.coupled = coupled.map(|(at, _)| at as u32).collect();
}

/// Guardians' points come together otherwise, in one of the file's values or keys.
pub(super) fn aggregation(ground: &Ground, rng: &mut Rng) -> Option<Trial> {
    let places = aggregate::places(&ground.ours.criteria);
    if places.is_empty() {
        return None;
    }
    let (of, own) = &places[rng.index(places.len())];
    let nth = rng.index(own.len());
    let theirs = Aggregate::ALL[rng.index(Aggregate::ALL.len())];
    if theirs == own[nth] {
        return None;
    }
    let id: Box<str> = (*of).into();
    let edit = move |hands: &mut Hands| {
        if let Some(place) = aggregate::place_mut(&mut hands.criteria, &id)
            && let Some(other) = aggregate::aggregated(place, nth, theirs)
        {
            *place = other;
        }
    };
    let (of, nth) = ((*of).into(), u8::try_from(nth).ok()?);
    Some(Trial {
        edit: Box::new(edit),
        in_ours: false,
        cause: Cause::Aggregation { of, nth, theirs },
        about: "aggregation".to_owned(),
    })
}

/// Siblings' keys are coupled otherwise; where the file couples none, the first.
pub(super) fn coupling(ground: &Ground, rng: &mut Rng) -> Option<Trial> {
    let theirs = [Coupling::None, Coupling::Highest, Coupling::Average][rng.index(3)];
    if theirs == ground.ours.criteria.siblings.coupling {
        return None;
    }
    Some(Trial {
        edit: Box::new(move |hands| {
            let criteria = &mut hands.criteria;
            criteria.siblings.coupling = theirs;
            if criteria.siblings.coupled.is_empty() {
                let plain = |k: &Key| k.value.is_some() && !k.together;
                let first = criteria.keys.iter().position(plain);
                criteria.siblings.coupled = first.map(|k| k as u32).into_iter().collect();
            }
        }),
        in_ours: false,
        cause: Cause::Coupling(theirs),
        about: "coupling".to_owned(),
    })
}

/// Transfer applicants come before, behind, or on a level with the others.
pub(super) fn transfers(rng: &mut Rng) -> Trial {
    let order = [
        TransferOrder::Before,
        TransferOrder::After,
        TransferOrder::Level,
    ][rng.index(3)];
    Trial {
        edit: Box::new(move |hands| match order {
            TransferOrder::Before => hands.before_all = Some(BeforeAll::TransfersFirst),
            TransferOrder::After => hands.before_all = Some(BeforeAll::TransfersLast),
            TransferOrder::Level => hands.transfers_as_new = true,
        }),
        in_ours: false,
        cause: Cause::Transfers(order),
        about: "before all".to_owned(),
    }
}

/// Vacated seats are refilled where the criteria say no, and the other way round.
pub(super) fn refill(ground: &Ground) -> Trial {
    let theirs = !ground.ours.criteria.transfers.refill;
    Trial {
        edit: Box::new(move |hands| {
            hands.criteria.transfers.refill = theirs;
            for class in &mut hands.facts.classes {
                class.refill = theirs;
            }
        }),
        in_ours: false,
        cause: Cause::Refill(theirs),
        about: "refill".to_owned(),
    }
}

/// The choice rank counts: before everything, behind the first key, or as points for first choices.
pub(super) fn choice_rank(ground: &Ground, rng: &mut Rng) -> Option<Trial> {
    let criteria = &ground.ours.criteria;
    let (use_, edit): (RankUse, super::Edit) = match rng.index(3) {
        0 => {
            let edit = |hands: &mut Hands| hands.before_all = Some(BeforeAll::Rank);
            (RankUse::Before(0), Box::new(edit))
        }
        1 => {
            let next = criteria.keys.get(1)?.id.clone();
            let edit = move |hands: &mut Hands| rank_before(&mut hands.criteria, &next);
            (RankUse::Before(component(ground, 1)), Box::new(edit))
        }
        _ => {
            let components = &ground.decided.compiled.key_components;
            let points = components.iter().position(|c| c.kind == KeyKind::Points)?;
            let key = (0..criteria.keys.len()).find(|&k| component(ground, k) == points as u32)?;
            if criteria.siblings.coupled.contains(&(key as u32)) {
                return None;
            }
            let id = criteria.keys[key].id.clone();
            let bonus = [1, 2, 3, 5, 10][rng.index(5)];
            let edit = move |hands: &mut Hands| first_choice(&mut hands.criteria, &id, bonus);
            (RankUse::FirstChoice(Exact::whole(bonus)), Box::new(edit))
        }
    };
    Some(Trial {
        edit,
        in_ours: false,
        cause: Cause::ChoiceRank(use_),
        about: "before all".to_owned(),
    })
}

/// A key that compares the choice rank, before another.
fn rank_before(criteria: &mut Criteria, id: &str) {
    let coupled = coupled_ids(criteria);
    let (Some(at), Ok(value)) = (
        criteria.keys.iter().position(|k| *k.id == *id),
        expression::parse("choice.rank", 0),
    ) else {
        return;
    };
    let key = Key {
        id: "practised-rank".into(),
        label: "希望順位".into(),
        value: Some(value),
        higher_first: false,
        show: Vec::new(),
        together: false,
        source: Source {
            document: None,
            page: None,
            grade: Grade::ToBeFilled,
        },
        span: 0..0,
    };
    criteria.keys.insert(at, key);
    couple(criteria, &coupled);
}

/// Points for a first choice in a key.
fn first_choice(criteria: &mut Criteria, id: &str, bonus: i64) {
    let Some(key) = criteria.keys.iter_mut().find(|k| *k.id == *id) else {
        return;
    };
    let Some(value) = &key.value else {
        return;
    };
    let text = format!("({value}) + (choice.rank == 1 ? {bonus} : 0)");
    if let Ok(value) = expression::parse(&text, 0) {
        key.value = Some(value);
    }
}

/// Seats are given by another mechanism. One order of families needs priorities that are the same everywhere.
pub(super) fn mechanism(ground: &Ground, theirs: Mechanism) -> Option<Trial> {
    let compiled = &ground.decided.compiled;
    let impossible = theirs == Mechanism::IndexOrder && compiled.priority_depends_on_nursery();
    if theirs == ground.ours.mechanism || impossible {
        return None;
    }
    Some(Trial {
        edit: Box::new(move |hands| hands.mechanism = theirs),
        in_ours: false,
        cause: Cause::Mechanism(theirs),
        about: "mechanism".to_owned(),
    })
}
