//! What causes do to a market: seats, refilling and mechanism here; the order of its keys in [`order`]; what
//! families want in [`families`].

pub mod families;
pub mod order;

use super::{Unworkable, World};
use crate::{
    cause::{Cause, ClassId, RankUse, TransferOrder},
    past::{Base, PastTies},
};
use enmusubi_market::{ClassIx, FamilyIx, Market};
use enmusubi_matching::Mechanism;
use order::{Points, place_of};

/// Does to a world's market what its causes ask for; those about facts and criteria are in its scores already.
///
/// # Errors
/// [`Unworkable::Foreign`], [`Unworkable::NoCommonOrder`].
pub fn apply(world: &mut World<'_>, causes: &[Cause]) -> Result<(), Unworkable> {
    // A list that leads has made another order already.
    let mut reordered = world.past.base.list().is_some();
    let mut points = Points::default();
    for cause in causes {
        match cause {
            Cause::Fact { .. }
            | Cause::RowPoints { .. }
            | Cause::RowExtra { .. }
            | Cause::RowMissing { .. }
            | Cause::Aggregation { .. }
            | Cause::Transfers(TransferOrder::Level) => {
                if world.scored.is_none() {
                    return Err(Unworkable::Foreign);
                }
            }
            // In a round of facts the scores have it.
            Cause::Coupling(coupling) => {
                if world.scored.is_none() {
                    points.couple(world, *coupling)?;
                    reordered = true;
                }
            }
            Cause::Seats { class, by } => seats(&mut world.market, class, *by)?,
            Cause::Refill(refill) => {
                for class in &mut world.market.classes {
                    class.refill = *refill;
                }
            }
            Cause::Mechanism(mechanism) => world.mechanism = *mechanism,
            Cause::Wish { of, theirs } => families::wish(world, of, *theirs)?,
            Cause::Tie { first, second, .. } => {
                order::tie(world, first, second)?;
                reordered = true;
            }
            Cause::KeyOrder(change) => {
                order::key_order(world, *change, &mut points)?;
                reordered = true;
            }
            Cause::Transfers(order) => {
                order::transfers(world, *order == TransferOrder::Before);
                reordered = true;
            }
            Cause::ChoiceRank(RankUse::Before(component)) => {
                let at = place_of(world, *component)?;
                let market = &world.market;
                world.keys.insert(at, |x| market.choices[x as usize].rank);
                world.components.insert(at, None);
                reordered = true;
            }
            Cause::ChoiceRank(RankUse::FirstChoice(more)) => {
                points.first_choice(world, *more)?;
                reordered = true;
            }
            Cause::Contradiction { .. } => {}
        }
    }
    if *world.past.ties == PastTies::Decided {
        order::decided_ties(world);
        reordered = true;
    }
    if reordered {
        world.keys.write(&mut world.market);
        // Nobody else looks at it.
        if world.mechanism != Mechanism::Stable && !declares_common_order(world) {
            order::common_order(world);
        }
    }
    if world.mechanism == Mechanism::IndexOrder
        && !declares_common_order(world)
        && world.plain.priority_depends_on_nursery()
    {
        return Err(Unworkable::NoCommonOrder);
    }
    super::pin::pin_all(world, causes)
}

/// Whether the tables declare the order of families in a column of its own.
fn declares_common_order(world: &World<'_>) -> bool {
    match world.past.base {
        // The list says in which order families come.
        Base::Facts { .. } | Base::Listed { .. } => false,
        Base::Tables(round) => round.rules.common_order.is_some(),
    }
}

/// The class of an id.
#[must_use]
pub fn class_of(market: &Market, id: &ClassId) -> Option<ClassIx> {
    market
        .classes
        .iter()
        .position(|k| {
            k.age == id.age
                && k.pool == id.pool
                && *market.nurseries[k.nursery as usize].id == *id.facility
        })
        .map(|k| k as ClassIx)
}

/// The id of a class.
#[must_use]
pub fn class_id(market: &Market, class: ClassIx) -> ClassId {
    let k = &market.classes[class as usize];
    ClassId {
        facility: market.nurseries[k.nursery as usize].id.clone(),
        age: k.age,
        pool: k.pool.clone(),
    }
}

/// The family of a household id.
#[must_use]
pub fn family_of(market: &Market, household: &str) -> Option<FamilyIx> {
    let at = market
        .families
        .binary_search_by(|f| (*f.id).as_bytes().cmp(household.as_bytes()));
    at.ok().map(|f| f as FamilyIx)
}

/// Seats of a class are seats of its group: as many units as so many of its children weigh.
fn seats(market: &mut Market, class: &ClassId, by: i32) -> Result<(), Unworkable> {
    let class = class_of(market, class).ok_or(Unworkable::Foreign)?;
    let class = &market.classes[class as usize];
    let units = class.weight * u64::from(by.unsigned_abs());
    let group = &mut market.groups[class.group as usize];
    group.seats = if by < 0 {
        // Nobody has less than no seat; the last of a shared room may be less than a whole one.
        if group.seats == 0 {
            return Err(Unworkable::Foreign);
        }
        group.seats.saturating_sub(units)
    } else {
        group.seats.saturating_add(units)
    };
    Ok(())
}
