//! Seats of one class were others (定員の違い).

use super::{
    Proposal, Proposer, Scene,
    revealed::{classes_of, rooms},
};
use crate::{cause::Cause, world::edit::class_id};
use enmusubi_market::{ChildIx, ClassIx, GroupIx, Market};

/// Proposes other numbers of seats.
pub struct Seats;

impl Proposer for Seats {
    fn propose(&self, scene: &Scene<'_, '_>) -> Vec<Proposal> {
        let market = &scene.world.market;
        let mut proposals = Vec::new();
        let weight = |k: ClassIx| market.classes[k as usize].weight as i64;
        let mut propose =
            |group: GroupIx, promise: u32, likely: &[ClassIx], by: &dyn Fn(i64) -> i64| {
                let mut classes = classes_of(market, group);
                // Nothing tells the classes of a shared room apart: those it is about come first.
                classes.sort_by_key(|k| !likely.contains(k));
                for k in classes {
                    let by = i32::try_from(by(weight(k))).unwrap_or(0);
                    let class = class_id(market, k);
                    if by != 0 {
                        let cause = Cause::Seats { class, by };
                        proposals.push(Proposal { cause, promise });
                    }
                }
            };
        let mut crowded = vec![false; market.groups.len()];
        for crowd in &scene.evidence.crowds {
            crowded[crowd.group as usize] = true;
            if crowd.by > 0 {
                // Each child too many would need an explanation of its own.
                let placed = placed_in(scene, crowd.group);
                let most = placed.iter().map(|&k| weight(k)).max().unwrap_or(1).max(1);
                let promise = (crowd.by + most - 1) / most;
                propose(crowd.group, promise as u32, &placed, &|w| match w {
                    0 => 0,
                    w => (crowd.by + w - 1) / w,
                });
            } else {
                let wanted: Vec<ClassIx> = crowd
                    .wanting
                    .iter()
                    .flat_map(|&c| wanted_in(market, c, crowd.group))
                    .collect();
                let promise = crowd.wanting.len() as u32;
                propose(crowd.group, promise.max(1), &wanted, &|w| {
                    -few_enough(-crowd.by, &wanted, w, &weight)
                });
            }
        }
        // Siblings who were refused a seat that was left.
        let rooms = rooms(scene.world, None);
        for &f in &scene.evidence.blocking {
            let children = market.families[f as usize].children.clone();
            for (c, choice) in
                children.flat_map(|c| market.choices_of(c).iter().map(move |x| (c, x)))
            {
                let group = market.classes[choice.class as usize].group;
                let room = rooms[group as usize];
                if std::mem::replace(&mut crowded[group as usize], true) || room <= 0 {
                    continue;
                }
                let wanted = wanted_in(market, c, group);
                propose(group, 1, &wanted, &|w| {
                    -few_enough(room, &wanted, w, &weight)
                });
            }
        }
        proposals
    }
}

/// How many children of a weight must go so that nobody of the wanted classes fits any more.
fn few_enough(room: i64, wanted: &[ClassIx], w: i64, weight: &dyn Fn(ClassIx) -> i64) -> i64 {
    let least = wanted.iter().map(|&k| weight(k)).min().unwrap_or(1).max(1);
    match w {
        0 => 0,
        w => (room - least + w) / w,
    }
}

/// The classes of a group that a child chose.
fn wanted_in(market: &Market, child: ChildIx, group: GroupIx) -> Vec<ClassIx> {
    let classes = market.choices_of(child).iter().map(|x| x.class);
    let here = classes.filter(|&k| market.classes[k as usize].group == group);
    here.collect()
}

/// The classes of a group that the staff placed somebody in.
fn placed_in(scene: &Scene<'_, '_>, group: GroupIx) -> Vec<ClassIx> {
    let market = &scene.world.market;
    let placed = scene.world.truth.of.iter().filter_map(|k| k.class());
    let here = placed.filter(|&k| market.classes[k as usize].group == group);
    let mut classes: Vec<ClassIx> = here.collect();
    classes.sort_unstable();
    classes.dedup();
    classes
}
