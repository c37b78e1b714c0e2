//! What causes do to the order of a market: components of its keys, and the points in them.

use super::{Unworkable, World};
use crate::{cause::KeyOrder, keys::child_of_choice, past::Base, truth::Known};
use enmusubi_criteria::model::Coupling;
use enmusubi_domain::facts::Exact;
use enmusubi_market::{ChildIx, ChoiceIx, Market};
use enmusubi_selection::compiled::KeyKind;
use std::collections::HashMap;

/// Position in the keys of a component of the plain keys; their number: behind all, before the tie-break.
///
/// # Errors
/// [`Unworkable::Foreign`] where there is no such component.
pub fn place_of(world: &World<'_>, component: u32) -> Result<usize, Unworkable> {
    let count = world.plain_keys.components();
    if component as usize == count {
        return Ok(world.keys.components() - usize::from(world.has_tie_break()));
    }
    let at = world.components.iter().position(|&c| c == Some(component));
    at.ok_or(Unworkable::Foreign)
}

/// The first component that is points.
#[must_use]
pub fn points_component(world: &World<'_>) -> Option<u32> {
    let kinds = &world.plain.key_components;
    let at = kinds.iter().position(|c| c.kind == KeyKind::Points);
    at.map(|c| c as u32)
}

/// Whether the first component is about pools: who is of the target group of a pool comes first there. It is
/// part of what a pool is, and no key of anybody's.
#[must_use]
pub fn has_pool_component(world: &World<'_>) -> bool {
    match world.past.base.plain() {
        Base::Facts { criteria, .. } => world.plain.market.classes.iter().any(|k| {
            let soft = |p: &str| criteria.pools.iter().any(|c| *c.id == *p && !c.hard);
            k.pool.as_deref().is_some_and(soft)
        }),
        Base::Tables(round) => round.rules.pools.iter().any(|p| !p.hard),
        Base::Listed { .. } => false,
    }
}

/// Reads the keys in another order.
pub(super) fn key_order(
    world: &mut World<'_>,
    change: KeyOrder,
    points: &mut Points,
) -> Result<(), Unworkable> {
    match change {
        KeyOrder::Flip(c) => {
            let at = place_of(world, c)?;
            world.keys.flip(at);
            if points_component(world) == Some(c) {
                points.flipped = !points.flipped;
            }
        }
        KeyOrder::Drop(c) => {
            let at = place_of(world, c)?;
            world.keys.silence(at);
            if points_component(world) == Some(c) {
                points.dropped = true;
            }
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

/// Transfer applicants before, or after, everybody else.
pub(super) fn transfers(world: &mut World<'_>, before: bool) {
    let children = child_of_choice(&world.market);
    let market = &world.market;
    let transfer = |x: ChoiceIx| {
        let child = children[x as usize];
        market.children[child as usize].current.is_some()
    };
    world.keys.insert(0, |x| u32::from(transfer(x) != before));
    world.components.insert(0, None);
}

/// Changes the places of two children in the tie-break.
pub(super) fn tie(world: &mut World<'_>, first: &str, second: &str) -> Result<(), Unworkable> {
    if !world.has_tie_break() {
        return Err(Unworkable::Foreign);
    }
    let market = &world.market;
    let child = |id: &str| market.children.iter().position(|c| *c.id == *id);
    let (Some(a), Some(b)) = (child(first), child(second)) else {
        return Err(Unworkable::Foreign);
    };
    let last = world.keys.components() - 1;
    let in_a = market.children[a].choices.clone();
    let in_b = market.children[b].choices.clone();
    if in_a.is_empty() || in_b.is_empty() {
        return Err(Unworkable::Foreign);
    }
    let of_a = world.keys.of_choice(in_a.start)[last];
    let of_b = world.keys.of_choice(in_b.start)[last];
    in_a.for_each(|x| world.keys.put(x, last, of_b));
    in_b.for_each(|x| world.keys.put(x, last, of_a));
    Ok(())
}

/// Between equals, whoever the staff placed in the class comes first.
pub(super) fn decided_ties(world: &mut World<'_>) {
    let children = child_of_choice(&world.market);
    let (market, truth) = (&world.market, &world.truth);
    let placed = |x: ChoiceIx| {
        let class = market.choices[x as usize].class;
        truth.of[children[x as usize] as usize] == Known::At(class)
    };
    let last = world.keys.components();
    world.keys.insert(last, |x| u32::from(!placed(x)));
    world.components.push(None);
}

/// Families in the order of their children's keys at their first choices, of several children the lowest;
/// what pools add to a key is no part of it.
pub(super) fn common_order(world: &mut World<'_>) {
    let pools = match has_pool_component(world) {
        true => place_of(world, 0).ok(),
        false => None,
    };
    let market = &world.market;
    let first = |c: ChildIx| {
        let choices = market.children[c as usize].choices.clone();
        choices.into_iter().next()
    };
    let key = |x: ChoiceIx| {
        let key = world.keys.of_choice(x).iter().enumerate();
        key.filter(|(at, _)| Some(*at) != pools).map(|(_, p)| *p)
    };
    let mut firsts: Vec<(ChildIx, ChoiceIx)> = (0..market.children.len() as ChildIx)
        .filter_map(|c| Some((c, first(c)?)))
        .collect();
    firsts.sort_by(|a, b| key(a.1).cmp(key(b.1)));
    let mut of_child = vec![0u32; market.children.len()];
    let mut number = 0;
    for (at, (c, x)) in firsts.iter().enumerate() {
        if at == 0 || key(firsts[at - 1].1).ne(key(*x)) {
            number += 1;
        }
        of_child[*c as usize] = number;
    }
    for family in &mut world.market.families {
        let children = family.children.start as usize..family.children.end as usize;
        family.common_order = of_child[children].iter().copied().max().unwrap_or(0);
    }
}

/// Points as numbers, once a cause changes them; and what other causes made of their component meanwhile.
#[derive(Default)]
pub(crate) struct Points {
    /// Per choice; empty: as in the plain keys.
    values: Vec<Exact>,
    flipped: bool,
    dropped: bool,
}

impl Points {
    /// The plain points of a world's choices.
    ///
    /// # Errors
    /// [`Unworkable::Foreign`] where there are none, or they are no numbers this program calculates with.
    pub(crate) fn plain(world: &World<'_>) -> Result<Vec<Exact>, Unworkable> {
        let component = points_component(world).ok_or(Unworkable::Foreign)? as usize;
        let table = &world.plain.keys;
        let width = table.components as usize;
        let mut known: HashMap<u32, Exact> = HashMap::new();
        let mut values = Vec::with_capacity(world.market.choices.len());
        for x in 0..world.market.choices.len() {
            let at = table.index[x * width + component];
            let value = match known.get(&at) {
                Some(&value) => value,
                None => {
                    let value = Exact::parse(&table.values[at as usize]);
                    let value = value.ok_or(Unworkable::Foreign)?;
                    known.insert(at, value);
                    value
                }
            };
            values.push(value);
        }
        Ok(values)
    }

    fn values(&mut self, world: &World<'_>) -> Result<&mut Vec<Exact>, Unworkable> {
        if self.values.is_empty() {
            self.values = Self::plain(world)?;
        }
        Ok(&mut self.values)
    }

    /// More points for first choices.
    pub(super) fn first_choice(
        &mut self,
        world: &mut World<'_>,
        more: Exact,
    ) -> Result<(), Unworkable> {
        let values = self.values(world)?;
        for (value, choice) in values.iter_mut().zip(&world.market.choices) {
            if choice.rank == 1 {
                *value = value.plus(more).ok_or(Unworkable::Foreign)?;
            }
        }
        self.write(world)
    }

    /// Siblings' points coupled, facility by facility. Own points are those of the tables.
    pub(super) fn couple(
        &mut self,
        world: &mut World<'_>,
        coupling: Coupling,
    ) -> Result<(), Unworkable> {
        let own = self.values(world)?.clone();
        *self.values(world)? = coupled(&world.market, &own, coupling)?;
        self.write(world)
    }

    /// Points that were worked out otherwise.
    pub(crate) fn write_all(world: &mut World<'_>, values: Vec<Exact>) -> Result<(), Unworkable> {
        let mut points = Self {
            values,
            ..Self::default()
        };
        points.write(world)?;
        world.keys.write(&mut world.market);
        Ok(())
    }

    fn write(&mut self, world: &mut World<'_>) -> Result<(), Unworkable> {
        let component = points_component(world).ok_or(Unworkable::Foreign)?;
        let at = place_of(world, component)?;
        let places = ranked(&self.values);
        let most = places.iter().copied().max().unwrap_or(0);
        world
            .keys
            .set(at, |x, _| match (self.dropped, self.flipped) {
                (true, _) => 0,
                (false, true) => most - places[x as usize],
                (false, false) => places[x as usize],
            });
        Ok(())
    }
}

/// Places of values, the highest first; equal values, equal places.
pub(crate) fn ranked(values: &[Exact]) -> Vec<u32> {
    let mut sorted: Vec<Exact> = Vec::new();
    let mut place: HashMap<Exact, u32> = HashMap::new();
    for &v in values {
        if place.insert(v, 0).is_none() {
            sorted.push(v);
        }
    }
    sorted.sort_unstable_by(|a, b| b.cmp(a));
    for (at, v) in sorted.iter().enumerate() {
        place.insert(*v, at as u32);
    }
    values.iter().map(|v| place[v]).collect()
}

/// What the points of siblings who chose one facility give together.
pub(crate) fn coupled(
    market: &Market,
    own: &[Exact],
    coupling: Coupling,
) -> Result<Vec<Exact>, Unworkable> {
    let mut values = own.to_vec();
    let nursery = |x: ChoiceIx| {
        let class = market.choices[x as usize].class;
        market.classes[class as usize].nursery
    };
    let families = market.families.iter().filter(|f| f.children.len() > 1);
    for family in families.filter(|_| coupling != Coupling::None) {
        let children = family.children.clone();
        let choices = children
            .clone()
            .flat_map(|c| market.children[c as usize].choices.clone());
        for x in choices {
            // One value for each sibling that chose the facility, whatever pools it has.
            let there = children.clone().filter_map(|c| {
                let mut choices = market.children[c as usize].choices.clone();
                choices.find(|&y| nursery(y) == nursery(x))
            });
            let there: Vec<Exact> = there.map(|y| own[y as usize]).collect();
            let value = match coupling {
                Coupling::Average => {
                    let sum = there.iter().try_fold(Exact::ZERO, |s, &v| s.plus(v));
                    sum.and_then(|s| s.over(Exact::whole(there.len() as i64)))
                }
                Coupling::None | Coupling::Highest => there.iter().copied().max(),
            };
            values[x as usize] = value.ok_or(Unworkable::Foreign)?;
        }
    }
    Ok(values)
}
