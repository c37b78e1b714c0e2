//! The order of the keys is another (同点時の優先順位).

use super::{
    Proposal, Proposer, Scene,
    revealed::{Column, Order, Revealed},
};
use crate::{
    cause::{Cause, KeyOrder},
    crew::map,
    world::{
        World,
        edit::order::{has_pool_component, place_of},
    },
};
use std::cmp::Reverse;

/// Most orders proposed at once.
const BEST: usize = 12;

/// Proposes keys the other way round, left out, or compared at another place.
pub struct KeyOrders;

impl Proposer for KeyOrders {
    fn propose(&self, scene: &Scene<'_, '_>) -> Vec<Proposal> {
        let revealed = Revealed::of(scene);
        if !revealed.is_odd() {
            return Vec::new();
        }
        let changes = changes(scene.world);
        let gains = map(scene.crew, changes.len(), |at| {
            let order = Order::of(columns(&revealed, &changes[at].1));
            revealed.gain(&order)
        });
        let mut proposals: Vec<Proposal> = changes
            .iter()
            .zip(gains)
            .filter(|(_, promise)| *promise > 0)
            .map(|((change, _), promise)| Proposal {
                cause: Cause::KeyOrder(*change),
                promise,
            })
            .collect();
        proposals.sort_by_key(|p| Reverse(p.promise));
        proposals.truncate(BEST);
        proposals
    }
}

/// A change at the positions of the present keys.
enum At {
    Flip(usize),
    Drop(usize),
    Move(usize, usize),
}

/// All single changes of the order of the keys: the pools' component aside, and the tie-break, which is last.
fn changes(world: &World<'_>) -> Vec<(KeyOrder, At)> {
    let count = world.plain_keys.components() as u32 - u32::from(world.has_tie_break());
    let first = u32::from(has_pool_component(world));
    let last = world.plain_keys.components() as u32;
    let at = |c: u32| place_of(world, c).ok();
    let mut changes = Vec::new();
    for c in first..count {
        let Some(place) = at(c) else { continue };
        changes.push((KeyOrder::Flip(c), At::Flip(place)));
        changes.push((KeyOrder::Drop(c), At::Drop(place)));
        for before in (first..count).chain([last]) {
            let Some(target) = at(before) else { continue };
            // Not where it is already. Of two neighbours changing places one says it: the later comes before.
            if target == place || target == place + 1 || target == place + 2 {
                continue;
            }
            let change = KeyOrder::Move { from: c, before };
            changes.push((change, At::Move(place, target)));
        }
    }
    changes
}

/// The columns compared after a change.
fn columns(revealed: &Revealed, change: &At) -> Vec<Column> {
    let mut columns = revealed.columns();
    match *change {
        At::Flip(at) => columns[at] = Column::Flipped(at),
        At::Drop(at) => {
            columns.remove(at);
        }
        At::Move(from, before) => {
            let column = columns.remove(from);
            columns.insert(if from < before { before - 1 } else { before }, column);
        }
    }
    columns
}
