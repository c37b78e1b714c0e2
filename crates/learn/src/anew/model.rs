//! An order of children as whole points, and how many it puts on the wrong side.

pub use super::order::ONE;
use super::{
    columns::Column,
    order::{Cut, misplaced},
    shape::{LEVELS, Level, Shape, made_together, worth},
    sides::Sides,
};
use enmusubi_criteria::model::Over;
use std::collections::BTreeSet;

/// Points, and what follows from them.
#[derive(Debug, Clone)]
pub struct Model<'s> {
    /// Who was placed and refused.
    pub sides: &'s Sides,
    /// How points become an order.
    pub shape: Shape,
    /// Of each column.
    pub points: Vec<i64>,
    /// Of each guardian, by level.
    pub base: Vec<[i64; LEVELS]>,
    /// Of each entry in applications' tables, by level; in halves.
    other: Vec<[i64; LEVELS]>,
    /// Of each entry by conditions that no row has, in halves: bounds of tables do not hold for them.
    extra: Vec<i64>,
    /// Entries whose guardians' points are not asked for, by level.
    is_set: Vec<[bool; LEVELS]>,
    /// Of each entry, all levels in one number.
    pub score: Vec<i64>,
    /// Who comes first among equals: smaller.
    pub tie: Vec<u32>,
    /// Of each entry: who comes first has less. Score, what parts equals, and in the last bit whether it was refused.
    order: Vec<i64>,
    /// On the wrong side, by group.
    cost: Vec<i64>,
    /// On the wrong side, of all.
    pub total: i64,
    room: Room,
}

/// Room to work in: what would be otherwise.
#[derive(Debug, Clone, Default)]
struct Room {
    base: Vec<[i64; LEVELS]>,
    other: Vec<[i64; LEVELS]>,
    extra: Vec<i64>,
    bump: Vec<i64>,
    entries: Vec<u32>,
    is_entry: Vec<bool>,
    households: Vec<u32>,
    is_household: Vec<bool>,
    is_group: Vec<bool>,
    groups: Vec<u32>,
    list: Vec<i64>,
}

impl<'s> Model<'s> {
    /// With points for columns; those behind have none.
    #[must_use]
    pub fn of(sides: &'s Sides, shape: Shape, columns: &[Column], mut points: Vec<i64>) -> Self {
        points.resize(columns.len(), 0);
        let (guardians, entries) = (sides.facts.guardians.len(), sides.entries.len());
        let mut model = Self {
            sides,
            shape,
            points,
            base: vec![[0; LEVELS]; guardians],
            other: vec![[0; LEVELS]; entries],
            extra: vec![0; entries],
            is_set: vec![[false; LEVELS]; entries],
            score: vec![0; entries],
            tie: vec![0; entries],
            order: vec![0; entries],
            cost: vec![0; sides.groups.len()],
            total: 0,
            room: Room {
                base: vec![[0; LEVELS]; guardians],
                other: vec![[0; LEVELS]; entries],
                extra: vec![0; entries],
                bump: vec![0; entries],
                is_entry: vec![false; entries],
                is_household: vec![false; sides.of_household.len()],
                is_group: vec![false; sides.groups.len()],
                ..Room::default()
            },
        };
        model.reshape(columns);
        model
    }

    /// Works everything out anew, after [`Model::shape`] or points changed.
    pub fn reshape(&mut self, columns: &[Column]) {
        self.base.fill([0; LEVELS]);
        self.other.fill([0; LEVELS]);
        self.extra.fill(0);
        self.is_set.fill([false; LEVELS]);
        for (at, level) in self.shape.0.iter().enumerate() {
            let column = level.set.and_then(|(column, _)| columns.get(column));
            for e in column.into_iter().flat_map(|c| &c.of) {
                self.is_set[*e as usize][at] = true;
            }
        }
        for (column, points) in columns.iter().zip(&self.points) {
            if *points == 0 || column.row.is_some() {
                continue;
            }
            for &x in &column.of {
                match column.over {
                    Over::Application => self.extra[x as usize] += 2 * points,
                    _ => self.base[x as usize][0] += points,
                }
            }
        }
        let points = |j: u32| self.points.get(j as usize).copied().unwrap_or(0);
        for (level, of_level) in self.shape.0.iter().enumerate() {
            for table in &of_level.tables {
                let table = &self.sides.tables[*table as usize];
                match table.over {
                    Over::Application => {
                        for (x, other) in (0u32..).zip(&mut self.other) {
                            other[level] += 2 * table.value(x, points);
                        }
                    }
                    _ => {
                        for (x, base) in (0u32..).zip(&mut self.base) {
                            base[level] += table.value(x, points);
                        }
                    }
                }
            }
        }
        for e in 0..self.score.len() {
            self.score[e] = self.score_of(e);
        }
        self.recount();
    }

    /// What applications' tables of the index give each entry together, before bounds; in halves.
    pub fn of_applications(&self) -> impl Iterator<Item = i64> {
        self.other.iter().map(|of_level| of_level[0])
    }

    /// What guardians' points of the households make together at a level, in halves.
    #[must_use]
    pub fn bases(&self, level: usize) -> BTreeSet<i64> {
        let together = self.shape.0[level].together;
        let of = |household: &u32| {
            let own = self.sides.guardians(*household);
            made_together(together, own.map(|g| self.base[g as usize][level]))
        };
        self.sides.household_of.iter().map(of).collect()
    }

    /// With what would be otherwise.
    fn score_of(&self, e: usize) -> i64 {
        let guardians = self.sides.guardians(self.sides.household_of[e]);
        let of_level = |(at, level): (usize, &Level)| {
            let own = guardians.clone().map(|g| g as usize);
            let own = own.map(|g| self.base[g][at] + self.room.base[g][at]);
            let base = match level.set {
                Some((_, to)) if self.is_set[e][at] => to,
                _ => made_together(level.together, own),
            };
            let other = self.other[e][at] + self.room.other[e][at];
            let sign = if level.lower { -1 } else { 1 };
            sign * worth(at) * (base + level.bounds.of(other, base))
        };
        let extra = worth(0) * (self.extra[e] + self.room.extra[e]);
        extra + self.shape.0.iter().enumerate().map(of_level).sum::<i64>()
    }

    /// Counts anew, after [`Model::tie`] changed.
    pub fn recount(&mut self) {
        for (e, entry) in self.sides.entries.iter().enumerate() {
            let refused = i64::from(!entry.placed);
            self.order[e] = -self.score[e] * SCORE + (i64::from(self.tie[e]) << 1) + refused;
        }
        for g in 0..self.cost.len() {
            self.cost[g] = self.bumped(g);
        }
        self.total = self.cost.iter().sum();
    }

    /// By how much the cost would change with other points for some columns.
    pub fn tried(&mut self, columns: &[Column], moves: &[(usize, i64)]) -> i64 {
        self.bump(columns, moves);
        let mut by = 0;
        for nth in 0..self.room.groups.len() {
            let g = self.room.groups[nth] as usize;
            by += self.bumped(g) - self.cost[g];
        }
        self.settle(false);
        by
    }

    /// Gives columns other points.
    pub fn take(&mut self, columns: &[Column], moves: &[(usize, i64)]) {
        self.bump(columns, moves);
        for nth in 0..self.room.groups.len() {
            let g = self.room.groups[nth] as usize;
            let cost = self.bumped(g);
            self.total += cost - self.cost[g];
            self.cost[g] = cost;
        }
        self.settle(true);
        for (column, by) in moves {
            self.points[*column] += by;
        }
    }

    fn bump(&mut self, columns: &[Column], moves: &[(usize, i64)]) {
        for (nth, (at, by)) in moves.iter().enumerate() {
            let column = &columns[*at];
            let Some((at, _)) = column.row else {
                for &x in &column.of {
                    match column.over {
                        Over::Application => {
                            self.room.extra[x as usize] += 2 * by;
                            self.touch(x);
                        }
                        _ => {
                            self.room.base[x as usize][0] += by;
                            self.touch_guardian(x);
                        }
                    }
                }
                continue;
            };
            // Rows of one table move together: of some, only one may count.
            let of_table = |(j, _): &(usize, i64)| columns[*j].is_of_table(at);
            if moves[..nth].iter().any(of_table) {
                continue;
            }
            let mut those: Vec<u32> = Vec::new();
            for (j, _) in moves.iter().filter(|m| of_table(m)) {
                those.extend(&columns[*j].of);
            }
            if moves.len() > 1 {
                those.sort_unstable();
                those.dedup();
            }
            let table = &self.sides.tables[at as usize];
            for x in those {
                let points = |j: u32| self.points.get(j as usize).copied().unwrap_or(0);
                let moved = |j: u32| {
                    let own = moves.iter().filter(|m| m.0 == j as usize);
                    points(j) + own.map(|m| m.1).sum::<i64>()
                };
                let by = table.value(x, moved) - table.value(x, points);
                if by == 0 || !self.shape.has(at) {
                    continue;
                }
                let levels = self.shape.0.iter().enumerate();
                let levels = levels.filter(|(_, l)| l.tables.contains(&at));
                match table.over {
                    Over::Application => {
                        for (level, _) in levels {
                            self.room.other[x as usize][level] += 2 * by;
                        }
                        self.touch(x);
                    }
                    _ => {
                        for (level, _) in levels {
                            self.room.base[x as usize][level] += by;
                        }
                        self.touch_guardian(x);
                    }
                }
            }
        }
        for nth in 0..self.room.entries.len() {
            let e = self.room.entries[nth] as usize;
            self.room.bump[e] = self.score_of(e) - self.score[e];
            let group = self.sides.group_of[e];
            if self.room.bump[e] != 0 && !self.room.is_group[group as usize] {
                self.room.is_group[group as usize] = true;
                self.room.groups.push(group);
            }
        }
    }

    fn touch_guardian(&mut self, g: u32) {
        let household = self.sides.facts.guardians.parents[g as usize];
        if !self.room.is_household[household as usize] {
            self.room.is_household[household as usize] = true;
            self.room.households.push(household);
            let sides = self.sides;
            for &e in &sides.of_household[household as usize] {
                self.touch(e);
            }
        }
    }

    fn touch(&mut self, e: u32) {
        if !self.room.is_entry[e as usize] {
            self.room.is_entry[e as usize] = true;
            self.room.entries.push(e);
        }
    }

    fn bumped(&mut self, g: usize) -> i64 {
        let range = self.sides.groups[g].clone();
        let list = &mut self.room.list;
        list.clear();
        let now = self.order[range.clone()].iter();
        let bump = self.room.bump[range].iter();
        list.extend(now.zip(bump).map(|(now, bump)| now - bump * SCORE));
        let seats = list.iter().filter(|x| **x & 1 == 0).count();
        misplaced(list, seats)
    }

    fn settle(&mut self, keep: bool) {
        for e in self.room.entries.drain(..) {
            let e = e as usize;
            self.room.is_entry[e] = false;
            if keep {
                self.score[e] += self.room.bump[e];
                self.order[e] -= self.room.bump[e] * SCORE;
                self.extra[e] += self.room.extra[e];
                for level in 0..LEVELS {
                    self.other[e][level] += self.room.other[e][level];
                }
            }
            self.room.bump[e] = 0;
            self.room.extra[e] = 0;
            self.room.other[e] = [0; LEVELS];
        }
        for g in self.room.groups.drain(..) {
            self.room.is_group[g as usize] = false;
        }
        for household in self.room.households.drain(..) {
            self.room.is_household[household as usize] = false;
            for g in self.sides.facts.index.guardians[household as usize].clone() {
                let g = g as usize;
                if keep {
                    for level in 0..LEVELS {
                        self.base[g][level] += self.room.base[g][level];
                    }
                }
                self.room.base[g] = [0; LEVELS];
            }
        }
    }

    /// By entry: how much too low it stands (above nothing), or too high.
    #[must_use]
    pub fn lean(&self) -> Vec<i64> {
        let mut lean = vec![0; self.sides.entries.len()];
        for range in &self.sides.groups {
            let own = range.clone();
            let seats = own.filter(|e| self.order[*e] & 1 == 0).count();
            let mut list: Vec<i64> = self.order[range.clone()].to_vec();
            let Some(cut) = Cut::of(&mut list, seats) else {
                continue;
            };
            for e in range.clone() {
                let placed = if self.order[e] & 1 == 0 { ONE } else { 0 };
                lean[e] = placed - cut.taken(self.order[e]);
            }
        }
        lean
    }
}

/// What one point of score is worth in an order, beside what parts equals.
const SCORE: i64 = 1 << 21;
