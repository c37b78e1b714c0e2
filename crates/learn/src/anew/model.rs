//! An order of children as whole points, and how many it puts on the wrong side.

use super::{columns::Column, sides::Sides};
use enmusubi_criteria::model::Over;
use serde::Serialize;

/// One child on the wrong side, in the unit of costs: equals at a cut-off are counted as a lottery would part them.
pub const ONE: i64 = 1000;

/// What the guardians' points of a household make together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Together {
    /// Their sum.
    Sum,
    /// The lower ones.
    Lowest,
    /// The higher ones.
    Highest,
    /// Their middle.
    Average,
}

impl Together {
    /// All.
    pub const ALL: [Self; 4] = [Self::Sum, Self::Lowest, Self::Highest, Self::Average];

    /// Its name in reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Sum => "sum",
            Self::Lowest => "lowest",
            Self::Highest => "highest",
            Self::Average => "average",
        }
    }

    /// Of the points of some guardians, in halves.
    #[must_use]
    pub fn of(self, points: impl Iterator<Item = i64>) -> i64 {
        let (mut sum, mut least, mut most, mut count) = (0, i64::MAX, i64::MIN, 0);
        for p in points {
            sum += p;
            least = least.min(p);
            most = most.max(p);
            count += 1;
        }
        match (count, self) {
            (0, _) => 0,
            (_, Self::Sum) => 2 * sum,
            (_, Self::Lowest) => 2 * least,
            (_, Self::Highest) => 2 * most,
            (n, Self::Average) => 2 * sum / n,
        }
    }
}

/// Points, and what follows from them.
#[derive(Debug, Clone)]
pub struct Model<'s> {
    /// Who was placed and refused.
    pub sides: &'s Sides,
    /// How guardians' points come together.
    pub together: Together,
    /// Of each column.
    pub points: Vec<i64>,
    /// Of each guardian.
    pub base: Vec<i64>,
    /// Of each entry, in halves.
    pub score: Vec<i64>,
    /// Who comes first among equals: smaller.
    pub tie: Vec<u32>,
    /// On the wrong side, by group.
    cost: Vec<i64>,
    /// On the wrong side, of all.
    pub total: i64,
    room: Room,
}

/// Room to work in.
#[derive(Debug, Clone, Default)]
struct Room {
    bump: Vec<i64>,
    base: Vec<i64>,
    entries: Vec<u32>,
    households: Vec<u32>,
    is_household: Vec<bool>,
    is_group: Vec<bool>,
    groups: Vec<u32>,
    list: Vec<(i64, u32, bool)>,
}

impl<'s> Model<'s> {
    /// Everybody is equal.
    #[must_use]
    pub fn new(sides: &'s Sides, together: Together) -> Self {
        Self::of(sides, together, &[], Vec::new())
    }

    /// With points for columns; those behind have none.
    #[must_use]
    pub fn of(
        sides: &'s Sides,
        together: Together,
        columns: &[Column],
        mut points: Vec<i64>,
    ) -> Self {
        points.resize(columns.len(), 0);
        let mut base = vec![0; sides.facts.guardians.len()];
        let mut score = vec![0; sides.entries.len()];
        for (column, points) in columns.iter().zip(&points) {
            if *points == 0 {
                continue;
            }
            for &at in &column.of {
                match column.over {
                    Over::Application => score[at as usize] += 2 * points,
                    _ => base[at as usize] += points,
                }
            }
        }
        for (household, entries) in (0u32..).zip(&sides.of_household) {
            if entries.is_empty() {
                continue;
            }
            let own = sides.guardians(household).map(|g| base[g as usize]);
            let own = together.of(own);
            for &e in entries {
                score[e as usize] += own;
            }
        }
        let mut model = Self {
            sides,
            together,
            points,
            tie: vec![0; score.len()],
            cost: vec![0; sides.groups.len()],
            total: 0,
            room: Room {
                bump: vec![0; score.len()],
                base: vec![0; base.len()],
                is_household: vec![false; sides.of_household.len()],
                is_group: vec![false; sides.groups.len()],
                ..Room::default()
            },
            base,
            score,
        };
        model.recount();
        model
    }

    /// Counts anew, after [`Model::tie`] changed.
    pub fn recount(&mut self) {
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
        for (column, by) in moves {
            let column = &columns[*column];
            match column.over {
                Over::Application => {
                    for &e in &column.of {
                        self.bump_entry(e, 2 * by);
                    }
                }
                _ => {
                    for &g in &column.of {
                        let household = self.sides.facts.guardians.parents[g as usize];
                        if !self.room.is_household[household as usize] {
                            self.room.is_household[household as usize] = true;
                            self.room.households.push(household);
                        }
                        self.room.base[g as usize] += by;
                    }
                }
            }
        }
        for nth in 0..self.room.households.len() {
            let household = self.room.households[nth];
            let guardians = self.sides.guardians(household);
            let before = (self.together).of(guardians.clone().map(|g| self.base[g as usize]));
            let after = guardians.map(|g| self.base[g as usize] + self.room.base[g as usize]);
            let by = self.together.of(after) - before;
            if by != 0 {
                let sides = self.sides;
                for &e in &sides.of_household[household as usize] {
                    self.bump_entry(e, by);
                }
            }
        }
    }

    fn bump_entry(&mut self, e: u32, by: i64) {
        let bump = &mut self.room.bump[e as usize];
        if *bump == 0 {
            self.room.entries.push(e);
        }
        *bump += by;
        let group = self.sides.group_of[e as usize];
        if !self.room.is_group[group as usize] {
            self.room.is_group[group as usize] = true;
            self.room.groups.push(group);
        }
    }

    fn bumped(&mut self, g: usize) -> i64 {
        let range = self.sides.groups[g].clone();
        let list = &mut self.room.list;
        list.clear();
        list.extend(range.map(|e| {
            let placed = self.sides.entries[e].placed;
            (-self.score[e] - self.room.bump[e], self.tie[e], placed)
        }));
        wrong(list)
    }

    fn settle(&mut self, keep: bool) {
        for e in self.room.entries.drain(..) {
            if keep {
                self.score[e as usize] += self.room.bump[e as usize];
            }
            self.room.bump[e as usize] = 0;
        }
        for g in self.room.groups.drain(..) {
            self.room.is_group[g as usize] = false;
        }
        for household in self.room.households.drain(..) {
            self.room.is_household[household as usize] = false;
            for g in self.sides.facts.index.guardians[household as usize].clone() {
                if keep {
                    self.base[g as usize] += self.room.base[g as usize];
                }
                self.room.base[g as usize] = 0;
            }
        }
    }

    /// By entry: how much too low it stands (above nothing), or too high.
    #[must_use]
    pub fn lean(&self) -> Vec<i64> {
        let mut lean = vec![0; self.sides.entries.len()];
        for range in &self.sides.groups {
            let mut list: Vec<(i64, u32, bool, usize)> = range
                .clone()
                .map(|e| (-self.score[e], self.tie[e], self.sides.entries[e].placed, e))
                .collect();
            list.sort_unstable();
            let seats = list.iter().filter(|e| e.2).count();
            let last = (list[seats - 1].0, list[seats - 1].1);
            let block = list.iter().filter(|e| (e.0, e.1) == last).count() as i64;
            let above = list.iter().filter(|e| (e.0, e.1) < last).count() as i64;
            let left = seats as i64 - above;
            for (score, tie, placed, e) in &list {
                let taken = match (*score, *tie).cmp(&last) {
                    std::cmp::Ordering::Less => ONE,
                    std::cmp::Ordering::Equal => ONE * left / block,
                    std::cmp::Ordering::Greater => 0,
                };
                lean[*e] = if *placed { ONE } else { 0 } - taken;
            }
        }
        lean
    }
}

/// Cost of a group.
fn wrong(list: &mut [(i64, u32, bool)]) -> i64 {
    list.sort_unstable();
    let seats = list.iter().filter(|e| e.2).count();
    let same = |a: &(i64, u32, bool), b: &(i64, u32, bool)| (a.0, a.1) == (b.0, b.1);
    misplaced(list, seats, same, |e| e.2)
}

/// Those refused who stand among the first of a list, best first, as many as there are seats; of equals across the cut-off as many as a
/// lottery would take.
pub(super) fn misplaced<T>(
    list: &[T],
    seats: usize,
    same: impl Fn(&T, &T) -> bool,
    placed: impl Fn(&T) -> bool,
) -> i64 {
    let Some(last) = seats.checked_sub(1).map(|at| &list[at]) else {
        return 0;
    };
    let equals = list[..seats].iter().rev().take_while(|e| same(e, last));
    let first = seats - equals.count();
    let refused = |part: &[T]| part.iter().filter(|e| !placed(e)).count() as i64;
    let block = list[first..].iter().take_while(|e| same(e, last)).count();
    let left = (seats - first) as i64;
    let of_block = refused(&list[first..first + block]);
    refused(&list[..first]) * ONE + left * of_block * ONE / (block as i64)
}
