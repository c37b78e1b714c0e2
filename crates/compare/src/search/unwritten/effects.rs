//! The tables a row may be added to, and how keys move there with one more row.

use super::{Search, TABLES};
use crate::{
    crew::map,
    search::{
        Scene,
        stand::{Move, plain_points},
    },
};
use enmusubi_criteria::model::{Over, Table, Take};
use enmusubi_domain::facts::Exact;
use enmusubi_scoring::{Nudge, Probe};

/// Points of a row in a table that takes one of several, at most.
const LEVELS: usize = 8;

/// How keys of a table would move, for everybody it concerns.
pub(super) struct Effect {
    pub(super) table: Box<str>,
    pub(super) over: Over,
    /// The points of the row, where the table does not add up; else moves are those of any multiple.
    pub(super) fixed: Option<Exact>,
    /// By entry; the guardian (adult), 0 in a table over applications.
    pub(super) moves: Vec<(Move, u32)>,
}

impl Effect {
    /// Whom a condition must hold for to move something: an entry, or a guardian (adult).
    pub(super) fn of(&self, m: &Move, element: u32) -> u32 {
        match self.over {
            Over::Application => m.entry,
            Over::Guardian | Over::Adult => element,
        }
    }
}

impl Search {
    /// The tables that a row may be added to, with how keys move there in groups where decisions do not fit.
    pub(super) fn effects(&self, scene: &Scene<'_, '_>, suspects: &[bool]) -> Vec<(u32, Effect)> {
        let Some(scored) = &scene.world.scored else {
            return Vec::new();
        };
        let mut effects: Vec<(u32, Effect)> = Vec::new();
        let children = self.children();
        let entries = suspects.iter().zip(&self.stand.entries);
        let mut few: Vec<u32> = entries.filter(|(s, _)| **s).map(|(_, e)| e.child).collect();
        few.sort_unstable();
        few.dedup();
        let here = |e: u32| {
            self.stand
                .is_odd(self.stand.entries[e as usize].group as usize)
        };
        for (at, table) in (0u32..).zip(&scored.criteria.tables) {
            let sums = table.take == Take::Sum;
            let like = |e: &(u32, Effect)| e.1.over == table.over && e.1.fixed.is_none() == sums;
            let mut tables: Vec<u32> = effects.iter().filter(|e| like(e)).map(|e| e.0).collect();
            tables.dedup();
            if tables.len() >= TABLES {
                continue;
            }
            let points = match sums {
                true => vec![None],
                false => levels(table).into_iter().map(Some).collect(),
            };
            for fixed in points {
                // In a table that does not add up, only of those on a wrong side.
                let children = if sums { &children } else { &few };
                let mut moves = self.moves(scene, (at, table.over), fixed, children);
                moves.retain(|(m, _)| here(m.entry) && (sums || suspects[m.entry as usize]));
                // Another table of the same kind with the same effect says nothing new.
                let known = effects
                    .iter()
                    .any(|(_, e)| e.over == table.over && e.moves == moves);
                if !moves.is_empty() && !known {
                    let table = Effect {
                        table: table.id.clone(),
                        over: table.over,
                        fixed,
                        moves,
                    };
                    effects.push((at, table));
                }
            }
        }
        effects
    }

    /// Children with an entry in a group where decisions do not fit.
    fn children(&self) -> Vec<u32> {
        let entries = self.stand.entries.iter();
        let odd = entries.filter(|e| self.stand.is_odd(e.group as usize));
        let mut children: Vec<u32> = odd.map(|e| e.child).collect();
        children.sort_unstable();
        children.dedup();
        children
    }

    pub(super) fn moves(
        &self,
        scene: &Scene<'_, '_>,
        (table, over): (u32, Over),
        fixed: Option<Exact>,
        children: &[u32],
    ) -> Vec<(Move, u32)> {
        let Some(scored) = &scene.world.scored else {
            return Vec::new();
        };
        let facts = &scored.facts;
        let parts: Vec<&[u32]> = children.chunks(256).collect();
        let found = map(scene.crew, parts.len(), |part| {
            let mut probe = Probe::new(&self.program, facts);
            let mut list = Vec::new();
            let mut moves = Vec::new();
            for &child in parts[part] {
                let household = facts.household_of(child) as usize;
                let elements = match over {
                    Over::Application => 0..1,
                    Over::Guardian => facts.index.guardians[household].clone(),
                    Over::Adult => facts.index.adults[household].clone(),
                };
                for element in elements {
                    let added = |points| Nudge::Added {
                        table,
                        element: (over != Over::Application).then_some(element),
                        points,
                    };
                    moves.clear();
                    let stand = &self.stand;
                    match fixed {
                        Some(p) => stand.probe_once(&mut probe, child, added(p), &mut moves),
                        None => stand.probe(&mut probe, child, |p| Some(added(p)), &mut moves),
                    }
                    list.extend(moves.iter().map(|m| (*m, element)));
                }
            }
            list
        });
        let mut found: Vec<(Move, u32)> = found.into_iter().flatten().collect();
        found.sort_unstable_by_key(|(m, element)| (m.entry, m.component, *element));
        found
    }
}

/// Points that a row of a table may have: those of its rows, and what lies between them.
fn levels(table: &Table) -> Vec<Exact> {
    let mut list: Vec<Exact> = table.rows.iter().filter_map(plain_points).collect();
    list.sort_unstable();
    list.dedup();
    // Every so manieth where there are many: the others are looked at afterwards.
    let step = list.len().div_ceil(LEVELS).max(1);
    let mut some: Vec<Exact> = list.iter().copied().step_by(step).collect();
    some.extend(list.last());
    some.dedup();
    some
}

/// The moves of those for whom a condition holds, one for each entry and component.
pub(super) fn chosen(
    effect: &Effect,
    list: &[(Move, u32)],
    holds: impl Fn(u32) -> bool,
) -> Vec<Move> {
    let mut moves: Vec<Move> = Vec::new();
    for (m, element) in list {
        if !holds(effect.of(m, *element)) {
            continue;
        }
        match moves.last_mut() {
            Some(last) if (last.entry, last.component) == (m.entry, m.component) => {
                // Both guardians.
                for (sum, by) in last.at.iter_mut().zip(m.at) {
                    *sum += by;
                }
            }
            _ => moves.push(*m),
        }
    }
    moves
}
