//! The tables a row may be added to, and how keys move there with one more row.

use super::{Search, TABLES};
use crate::{
    crew::map,
    search::{
        Scene,
        stand::{Move, PROBED},
    },
};
use enmusubi_criteria::model::{Over, Row, Table, Take};
use enmusubi_scoring::{Nudge, Probe};

/// How far beyond the highest row of a table that takes one of several another is looked at, step by step.
const BEYOND: i64 = 10;

/// How keys of a table would move, for everybody it concerns.
pub(super) struct Effect {
    pub(super) table: Box<str>,
    pub(super) over: Over,
    /// Whether its rows add up; else one of several counts.
    pub(super) adds: bool,
    /// Points of a row, in units, at which moves are known.
    pub(super) knots: [i64; PROBED.len()],
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
            let like = |e: &(u32, Effect)| e.1.over == table.over && e.1.adds == sums;
            let mut tables: Vec<u32> = effects.iter().filter(|e| like(e)).map(|e| e.0).collect();
            tables.dedup();
            if tables.len() >= TABLES {
                continue;
            }
            let knots = if sums { PROBED } else { self.levels(table) };
            // In a table that does not add up, only of those on a wrong side.
            let children = if sums { &children } else { &few };
            let mut moves = self.moves(scene, (at, table.over), &knots, children);
            moves.retain(|(m, _)| here(m.entry) && (sums || suspects[m.entry as usize]));
            // Another table of the same kind with the same effect says nothing new.
            let known = effects
                .iter()
                .any(|(_, e)| e.over == table.over && e.knots == knots && e.moves == moves);
            if !moves.is_empty() && !known {
                let table = Effect {
                    table: table.id.clone(),
                    over: table.over,
                    adds: sums,
                    knots,
                    moves,
                };
                effects.push((at, table));
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
        knots: &[i64; PROBED.len()],
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
                    stand.probe(&mut probe, child, knots, |p| Some(added(p)), &mut moves);
                    list.extend(moves.iter().map(|m| (*m, element)));
                }
            }
            list
        });
        let mut found: Vec<(Move, u32)> = found.into_iter().flatten().collect();
        found.sort_unstable_by_key(|(m, element)| (m.entry, m.component, *element));
        found
    }

    /// Points that a row of a table may have, in units: those of its rows (the ends, and between them every so manieth), and
    /// some beyond.
    fn levels(&self, table: &Table) -> [i64; PROBED.len()] {
        let points = table.rows.iter().filter_map(Row::plain_points);
        let units = points.filter_map(|p| p.over(self.stand.unit)?.as_whole());
        let mut list: Vec<i64> = units.collect();
        list.sort_unstable();
        list.dedup();
        let most = PROBED.len();
        if list.len() > most {
            let last = list.len() - 1;
            list = (0..most).map(|nth| list[nth * last / (most - 1)]).collect();
        }
        let mut knots = [0; PROBED.len()];
        let mut beyond = list.last().copied().unwrap_or(0);
        for (nth, knot) in knots.iter_mut().enumerate() {
            *knot = list.get(nth).copied().unwrap_or_else(|| {
                beyond += BEYOND;
                beyond
            });
        }
        knots
    }
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
