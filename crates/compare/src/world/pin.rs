//! A decision that contradicts the criteria, taken as it is.

use super::{Unworkable, World, edit::family_of};
use crate::{cause::Cause, truth::Known};
use enmusubi_domain::past::Outcome;
use enmusubi_market::{ChildIx, ClassIx, FamilyIx, Market, Slot, Wish};

/// Takes the staff's decisions about families as they are: these want that and nothing else, and come before
/// everybody.
///
/// A child whom the staff placed where it cannot be placed (not chosen, or refused by a rule) gets a choice for
/// that class in the place of one it does not need any more. Where it has none, or the facility has no class of its
/// age, its result is left out of the comparison from here on.
///
/// # Errors
/// [`Unworkable::Foreign`] where nobody of a household applies.
pub fn pin_all(world: &mut World<'_>, causes: &[Cause]) -> Result<(), Unworkable> {
    let mut families = Vec::new();
    for cause in causes {
        if let Cause::Contradiction { household } = cause {
            families.push(family_of(&world.market, household).ok_or(Unworkable::Foreign)?);
        }
    }
    if families.is_empty() {
        return Ok(());
    }
    first_of_all(&mut world.market, &families);
    for f in families {
        pin(world, f);
    }
    Ok(())
}

fn pin(world: &mut World<'_>, f: FamilyIx) {
    let children = world.market.families[f as usize].children.clone();
    let mut options: Vec<Vec<Slot>> = Vec::new();
    for c in children {
        let slots = match world.truth.of[c as usize] {
            Known::At(class) if world.market.children[c as usize].current != Some(class) => {
                slots_at(&world.market, c, class)
            }
            Known::Elsewhere => vec![make_room(world, c)],
            _ => Vec::new(),
        };
        options.push(match slots.is_empty() {
            true => vec![Slot::AsNow],
            false => slots,
        });
    }
    let market = &mut world.market;
    // Where turns go by choice rank, it has its turn in the first round.
    for c in market.families[f as usize].children.clone() {
        for x in market.children[c as usize].choices.clone() {
            market.choices[x as usize].rank = 1;
        }
    }
    for slot in options.iter().flatten() {
        if let Slot::Choice(x) = slot {
            market.choices[*x as usize].priority = 1;
        }
    }
    let tuples = product(&options);
    let is_now = |tuple: &[Slot]| tuple.iter().all(|s| *s == Slot::AsNow);
    market.families[f as usize].wish = Wish::Listed(
        tuples
            .into_iter()
            .filter(|t| !is_now(t))
            .map(Into::into)
            .collect(),
    );
}

/// Makes room before everybody for families: in priorities, passes and the common order.
fn first_of_all(market: &mut Market, first: &[FamilyIx]) {
    for choice in &mut market.choices {
        choice.priority = choice.priority.saturating_add(1);
    }
    for family in &mut market.families {
        family.common_order = family.common_order.saturating_add(1);
    }
    for &f in first {
        let family = &mut market.families[f as usize];
        family.common_order = 1;
        family.pass = 0;
    }
}

/// The choices of a child at a class, then at the other pools of its facility: pools are one place to a family,
/// and the decision may not say which of them it was.
fn slots_at(market: &Market, c: ChildIx, class: ClassIx) -> Vec<Slot> {
    let nursery = |k: ClassIx| market.classes[k as usize].nursery;
    let own = market.children[c as usize].choices.clone();
    let mut slots: Vec<(bool, ClassIx, u32)> = own
        .map(|x| (market.choices[x as usize].class, x))
        .filter(|&(k, _)| nursery(k) == nursery(class))
        .map(|(k, x)| (k != class, k, x))
        .collect();
    // Where a class is there twice, its first copy stands for it.
    slots.sort_by_key(|&(other, _, x)| (other, x));
    slots.dedup_by_key(|&mut (_, k, _)| k);
    slots.into_iter().map(|(.., x)| Slot::Choice(x)).collect()
}

/// Makes it possible for a child to be where the staff placed it, or leaves it out of the comparison.
fn make_room(world: &mut World<'_>, c: ChildIx) -> Slot {
    let market = &mut world.market;
    let child = &market.children[c as usize];
    let decisions = &world.past.decisions.list;
    let decision = decisions.iter().rev().find(|d| d.child == child.id);
    let (facility, pool) = match decision.map(|d| &d.outcome) {
        Some(Outcome::Placed { facility, pool }) => (&**facility, pool.as_deref()),
        _ => ("", None),
    };
    // The ordinary seats first where no pool is named.
    let mut there: Vec<ClassIx> = (0..market.classes.len() as ClassIx)
        .filter(|&k| {
            let class = &market.classes[k as usize];
            let named = pool.is_none() || class.pool.as_deref() == pool;
            *market.nurseries[class.nursery as usize].id == *facility
                && class.age == child.age
                && named
        })
        .collect();
    there.sort_by_key(|&k| market.classes[k as usize].pool.is_some());
    let choice = child.choices.clone().next();
    let (Some(&class), Some(x)) = (there.first(), choice) else {
        world.truth.of[c as usize] = Known::Unknown;
        return Slot::AsNow;
    };
    market.choices[x as usize].class = class;
    world.truth.of[c as usize] = Known::At(class);
    Slot::Choice(x)
}

/// Every combination, the first options first.
fn product(options: &[Vec<Slot>]) -> Vec<Vec<Slot>> {
    let mut all: Vec<Vec<Slot>> = vec![Vec::new()];
    for of_child in options {
        all = all
            .iter()
            .flat_map(|t| {
                of_child.iter().map(move |s| {
                    let mut t = t.clone();
                    t.push(*s);
                    t
                })
            })
            .collect();
    }
    all
}
