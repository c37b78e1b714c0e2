//! What causes do to a market: seats, wishes, refilling, mechanism, and the order of its keys.

use super::{Unworkable, World};
use crate::{
    cause::{Cause, ClassId, KeyOrder, RankUse, TransferOrder, WishScope},
    keys::child_of_choice,
    past::PastTies,
    truth::Known,
};
use enmusubi_domain::facts::Exact;
use enmusubi_market::{ClassIx, FamilyIx, Market, Slot, Wish, WishFields};
use enmusubi_matching::Mechanism;
use enmusubi_selection::compiled::KeyKind;
use std::collections::BTreeMap;

/// Does to a world's market what its causes ask for; those about facts and criteria are in its scores already.
///
/// # Errors
/// [`Unworkable::Foreign`], [`Unworkable::NoCommonOrder`].
pub fn apply(world: &mut World<'_>, causes: &[Cause]) -> Result<(), Unworkable> {
    let mut reordered = false;
    for cause in causes {
        match cause {
            Cause::Fact { .. }
            | Cause::RowPoints { .. }
            | Cause::RowExtra { .. }
            | Cause::RowMissing { .. }
            | Cause::Transfers(TransferOrder::Level) => {
                if world.scored.is_none() {
                    return Err(Unworkable::Foreign);
                }
            }
            Cause::Coupling(_) => {
                if world.scored.is_none() {
                    return Err(Unworkable::Foreign);
                }
            }
            Cause::Seats { class, by } => seats(&mut world.market, class, *by)?,
            Cause::Refill(refill) => {
                for class in &mut world.market.classes {
                    class.refill = *refill;
                }
            }
            Cause::Mechanism(mechanism) => world.mechanism = *mechanism,
            Cause::Wish { of, theirs } => wish(world, of, *theirs)?,
            Cause::Tie { first, second, .. } => {
                tie(world, first, second)?;
                reordered = true;
            }
            Cause::KeyOrder(change) => {
                key_order(world, *change)?;
                reordered = true;
            }
            Cause::Transfers(order) => {
                let before = *order == TransferOrder::Before;
                let children = child_of_choice(&world.market);
                let market = &world.market;
                let transfer = |x: u32| {
                    market.children[children[x as usize] as usize]
                        .current
                        .is_some()
                };
                world.keys.insert(0, |x| u32::from(transfer(x) != before));
                world.components.insert(0, None);
                reordered = true;
            }
            Cause::ChoiceRank(RankUse::Before(component)) => {
                let at = place_of(world, *component)?;
                let market = &world.market;
                world.keys.insert(at, |x| market.choices[x as usize].rank);
                world.components.insert(at, None);
                reordered = true;
            }
            Cause::ChoiceRank(RankUse::FirstChoice(points)) => {
                first_choice(world, *points)?;
                reordered = true;
            }
            Cause::Contradiction { .. } => {}
        }
    }
    if *world.past.ties == PastTies::Decided {
        decided_ties(world);
        reordered = true;
    }
    if reordered {
        world.keys.write(&mut world.market);
        common_order(&mut world.market);
    }
    if world.mechanism == Mechanism::IndexOrder && world.plain.priority_depends_on_nursery() {
        return Err(Unworkable::NoCommonOrder);
    }
    for cause in causes {
        if let Cause::Contradiction { household } = cause {
            pin(world, household)?;
        }
    }
    Ok(())
}

/// The class of an id.
#[must_use]
pub fn class_of(market: &Market, id: &ClassId) -> Option<ClassIx> {
    market
        .classes
        .iter()
        .position(|k| {
            *market.nurseries[k.nursery as usize].id == *id.facility
                && k.age == id.age
                && k.pool == id.pool
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

fn seats(market: &mut Market, class: &ClassId, by: i32) -> Result<(), Unworkable> {
    let class = class_of(market, class).ok_or(Unworkable::Foreign)?;
    let class = &market.classes[class as usize];
    let units = class.weight * u64::from(by.unsigned_abs());
    let group = &mut market.groups[class.group as usize];
    group.seats = if by < 0 {
        group.seats.saturating_sub(units)
    } else {
        group.seats.saturating_add(units)
    };
    Ok(())
}

fn wish(world: &mut World<'_>, of: &WishScope, theirs: WishFields) -> Result<(), Unworkable> {
    let families: Vec<FamilyIx> = match of {
        WishScope::Household(id) => {
            vec![family_of(&world.market, id).ok_or(Unworkable::Foreign)?]
        }
        WishScope::Fields(fields) => {
            let all = world.plain.market.families.iter().enumerate();
            all.filter(|(_, f)| f.wish == Wish::Fields(*fields) && f.children.len() > 1)
                .map(|(f, _)| f as FamilyIx)
                .collect()
        }
        WishScope::Answer(..) => return Err(Unworkable::Foreign),
    };
    for f in families {
        let family = &mut world.market.families[f as usize];
        // All transfers or none is a question of its own.
        let all = match family.wish {
            Wish::Fields(fields) => fields.all_transfers_or_none,
            Wish::Listed(_) => false,
        };
        family.wish = Wish::Fields(WishFields {
            all_transfers_or_none: all || theirs.all_transfers_or_none,
            ..theirs
        });
    }
    Ok(())
}

/// Position in the keys of a component of the plain keys; their number: behind all, before the tie-break.
fn place_of(world: &World<'_>, component: u32) -> Result<usize, Unworkable> {
    let count = world.plain_keys.components();
    if component as usize == count {
        return Ok(world.keys.components() - usize::from(world.has_tie_break()));
    }
    let at = world.components.iter().position(|&c| c == Some(component));
    at.ok_or(Unworkable::Foreign)
}

fn key_order(world: &mut World<'_>, change: KeyOrder) -> Result<(), Unworkable> {
    match change {
        KeyOrder::Flip(c) => {
            let at = place_of(world, c)?;
            world.keys.flip(at);
        }
        KeyOrder::Drop(c) => {
            let at = place_of(world, c)?;
            world.keys.silence(at);
        }
        KeyOrder::Move { from, before } => {
            let (from, before) = (place_of(world, from)?, place_of(world, before)?);
            world.keys.shift(from, before);
            let moved = world.components.remove(from);
            let to = if from < before { before - 1 } else { before };
            world.components.insert(to, moved);
        }
    }
    Ok(())
}

/// Changes the places of two children in the tie-break.
fn tie(world: &mut World<'_>, first: &str, second: &str) -> Result<(), Unworkable> {
    if !world.has_tie_break() {
        return Err(Unworkable::Foreign);
    }
    let market = &world.market;
    let child = |id: &str| market.children.iter().position(|c| *c.id == *id);
    let (Some(a), Some(b)) = (child(first), child(second)) else {
        return Err(Unworkable::Foreign);
    };
    let last = world.keys.components() - 1;
    let place = |c: usize| {
        let choices = market.children[c].choices.clone();
        choices.map(|x| world.keys.of_choice(x)[last]).next()
    };
    let (Some(of_a), Some(of_b)) = (place(a), place(b)) else {
        return Err(Unworkable::Foreign);
    };
    let (in_a, in_b) = (
        market.children[a].choices.clone(),
        market.children[b].choices.clone(),
    );
    world.keys.set(last, |x, place| {
        if in_a.contains(&x) {
            of_b
        } else if in_b.contains(&x) {
            of_a
        } else {
            place
        }
    });
    Ok(())
}

/// Adds points for first choices in the first component that is points.
fn first_choice(world: &mut World<'_>, points: Exact) -> Result<(), Unworkable> {
    let kinds = &world.plain.key_components;
    let component = kinds.iter().position(|c| c.kind == KeyKind::Points);
    let component = component.ok_or(Unworkable::Foreign)?;
    let at = place_of(world, component as u32)?;
    let table = &world.plain.keys;
    let width = table.components as usize;
    let value = |x: u32| {
        let value = table.index[x as usize * width + component];
        Exact::parse(&table.values[value as usize])
    };
    let mut values = Vec::with_capacity(world.market.choices.len());
    for (x, choice) in world.market.choices.iter().enumerate() {
        let value = value(x as u32).ok_or(Unworkable::Foreign)?;
        let value = match choice.rank {
            1 => value.plus(points).ok_or(Unworkable::Foreign)?,
            _ => value,
        };
        values.push(value);
    }
    let mut places: BTreeMap<Exact, u32> = values.iter().map(|&v| (v, 0)).collect();
    for (place, of) in places.values_mut().rev().enumerate() {
        *of = place as u32;
    }
    world.keys.set(at, |x, _| places[&values[x as usize]]);
    Ok(())
}

/// Between equals, whoever the staff placed in the class comes first.
fn decided_ties(world: &mut World<'_>) {
    let children = child_of_choice(&world.market);
    let (market, truth) = (&world.market, &world.truth);
    let placed = |x: u32| {
        let class = market.choices[x as usize].class;
        truth.of[children[x as usize] as usize] == Known::At(class)
    };
    let last = world.keys.components();
    world.keys.insert(last, |x| u32::from(!placed(x)));
    world.components.push(None);
}

/// Families in the order of their first choices' priorities; of several children the lowest counts.
pub(crate) fn common_order(market: &mut Market) {
    let of_child: Vec<u32> = (0..market.children.len() as u32)
        .map(|c| market.choices_of(c).first().map_or(0, |x| x.priority))
        .collect();
    for family in &mut market.families {
        let children = family.children.start as usize..family.children.end as usize;
        family.common_order = of_child[children].iter().copied().max().unwrap_or(0);
    }
}

/// Takes the staff's decision about a family as it is: it wants that and nothing else, before everybody.
fn pin(world: &mut World<'_>, household: &str) -> Result<(), Unworkable> {
    let market = &mut world.market;
    let f = family_of(market, household).ok_or(Unworkable::Foreign)?;
    let children = market.families[f as usize].children.clone();
    let mut tuple = Vec::new();
    for c in children {
        let known = world.truth.of[c as usize];
        let child = &market.children[c as usize];
        let slot = match known {
            Known::At(class) if child.current != Some(class) => {
                let chosen = child.choices.clone();
                let mut chosen = chosen.filter(|&x| market.choices[x as usize].class == class);
                chosen.next().map_or(Slot::AsNow, Slot::Choice)
            }
            _ => Slot::AsNow,
        };
        tuple.push(slot);
    }
    for slot in &tuple {
        if let Slot::Choice(x) = slot {
            market.choices[*x as usize].priority = 1;
        }
    }
    let all_now = tuple.iter().all(|s| *s == Slot::AsNow);
    let family = &mut market.families[f as usize];
    family.wish = Wish::Listed(if all_now {
        Vec::new()
    } else {
        vec![tuple.into()]
    });
    Ok(())
}
