//! How many stand on the wrong side of the best cut-off, and how many fewer if keys moved.

use super::{Entry, Move, PROBED, Stand};
use std::cmp::Reverse;

impl Stand {
    /// How many fewer stand on the wrong side with some moves (sorted by entry) at a multiple of the unit; in groups
    /// for which `counted` holds.
    #[must_use]
    pub fn gain(&self, moves: &[Move], times: i64, counted: impl Fn(usize) -> bool) -> i64 {
        self.gain_among(moves, &PROBED, times, counted)
    }

    /// The same where moves are known at other numbers than [`PROBED`] ones (ascending).
    #[must_use]
    pub fn gain_among(
        &self,
        moves: &[Move],
        knots: &[i64; PROBED.len()],
        times: i64,
        counted: impl Fn(usize) -> bool,
    ) -> i64 {
        let at = At::among(knots, times);
        let mut gain = 0;
        let mut rest = moves;
        let mut moved = Moved::default();
        while let Some(first) = rest.first() {
            let group = self.entries[first.entry as usize].group as usize;
            let end = self.groups[group].end;
            let here = rest.partition_point(|m| m.entry < end);
            if counted(group) {
                let now = self.wrong_with(group, &rest[..here], at, &mut moved);
                gain += i64::from(self.wrong[group]) - i64::from(now);
            }
            rest = &rest[here..];
        }
        gain
    }

    /// The multiples of the unit with the best gain everywhere, ascending, and that gain; none where nothing is gained.
    /// Where decisions fit nothing can be gained: what the others gain is the most that is looked for.
    #[must_use]
    pub fn best(&self, moves: &[Move], multiples: &[i64]) -> (Vec<i64>, i64) {
        let most = |&t: &i64| (self.gain(moves, t, |g| self.is_odd(g)), t);
        let mut hopeful: Vec<(i64, i64)> = multiples.iter().map(most).collect();
        hopeful.retain(|(most, _)| *most > 0);
        hopeful.sort_by_key(|(most, t)| (Reverse(*most), *t));
        let mut best = Best::default();
        for (most, t) in hopeful {
            if most < best.gain {
                break;
            }
            best.look_at(t, self.gain(moves, t, |_| true));
        }
        best.found()
    }

    /// How many stand on the wrong side at a group with some moves of its entries.
    fn wrong_with(&self, group: usize, moves: &[Move], at: At, moved: &mut Moved) -> u32 {
        moved.clear();
        for m in moves {
            let by = at.by(m);
            if moved.entries.last().is_none_or(|e| e.entry != m.entry) {
                moved.entries.push(Moving {
                    entry: m.entry,
                    key: self.keys[m.entry as usize],
                    out: self.entries[m.entry as usize].out,
                });
            }
            let Some(last) = moved.entries.last_mut() else {
                continue;
            };
            if m.component as usize != self.width {
                // The last bit is the side's.
                last.key += self.packing.moved(m.component as usize, by) * 2;
            } else if by != 0 {
                last.out = by > 0;
            }
        }
        let staying = moved.entries.iter().filter(|e| !e.out).map(|e| e.key);
        moved.order.extend(staying);
        moved.order.sort_unstable();
        // The others stand in their order; movers come among them.
        let mut cut = Cut::default();
        let (mut next, end) = (self.groups[group].start, self.groups[group].end);
        let mut gone = moved.entries.iter().map(|e| e.entry).peekable();
        let mut pass = |next: &mut u32, to: u32, cut: &mut Cut| {
            while *next < to {
                match gone.peek() == Some(&*next) {
                    true => drop(gone.next()),
                    false => cut.pass(&self.entries[*next as usize]),
                }
                *next += 1;
            }
        };
        for &key in &moved.order {
            let here = &self.keys[next as usize..end as usize];
            let to = next + here.partition_point(|k| *k <= key) as u32;
            pass(&mut next, to, &mut cut);
            cut.pass_as(is_placed(key));
        }
        pass(&mut next, end, &mut cut);
        let (mut out, mut room) = (0, self.room[group]);
        if self.outs[group] > 0 || room || moved.entries.iter().any(|e| e.out) {
            // Those who stay out, and those who go out or come in.
            let is_out = |e: u32| match moved.entries.binary_search_by_key(&e, |m| m.entry) {
                Ok(nth) => moved.entries[nth].out,
                Err(_) => self.entries[e as usize].out,
            };
            let placed = |e: u32| self.entries[e as usize].placed;
            let list = self.groups[group].clone();
            out = (list.clone()).filter(|&e| placed(e) && is_out(e)).count() as u32;
            // Whoever comes in takes the seat that seemed to be left.
            room &= out >= self.outs[group];
            room = room && list.clone().any(|e| !placed(e) && !is_out(e));
        }
        cut.wrong() + out + u32::from(room)
    }
}

/// A multiple of the unit, among those at which moves are known.
#[derive(Debug, Clone, Copy)]
struct At {
    /// Those beside it; the same twice where it is one of them, or beyond all.
    beside: [usize; 2],
    /// How far it is from the lower one, of so many.
    part: (i64, i64),
    is_none: bool,
}

impl At {
    fn among(knots: &[i64; PROBED.len()], times: i64) -> Self {
        let right = knots.partition_point(|p| *p < times);
        let last = knots.len() - 1;
        let beside = match right {
            0 => [0, 0],
            _ if right > last => [last, last],
            _ if knots[right] == times => [right, right],
            _ => [right - 1, right],
        };
        let [from, to] = beside.map(|at| knots[at]);
        Self {
            beside,
            part: (times - from, (to - from).max(1)),
            is_none: times == 0,
        }
    }

    /// By how much something moves.
    fn by(self, m: &Move) -> i64 {
        let [low, high] = self.beside.map(|at| m.at[at]);
        match (self.is_none, low == high) {
            (true, _) => 0,
            (_, true) => low,
            _ => low + (high - low) * self.part.0 / self.part.1,
        }
    }
}

/// Entries that move.
#[derive(Default)]
struct Moved {
    /// Ascending.
    entries: Vec<Moving>,
    /// Keys of those that may be placed, best first.
    order: Vec<i128>,
}

/// An entry that moves.
struct Moving {
    entry: u32,
    /// Its key then.
    key: i128,
    /// Whether it may not be placed there then.
    out: bool,
}

impl Moved {
    fn clear(&mut self) {
        self.entries.clear();
        self.order.clear();
    }
}

/// Of equals the placed come first: the last bit of a key.
pub(super) fn with_side(key: i128, placed: bool) -> i128 {
    key * 2 + i128::from(!placed)
}

fn is_placed(key: i128) -> bool {
    key & 1 == 0
}

/// The best cut-off of a list that is passed best first: fewest placed behind it and refused before it.
#[derive(Default)]
struct Cut {
    /// Refused less placed, so far, and the least it was.
    now: i64,
    least: i64,
    placed: i64,
}

impl Cut {
    fn pass(&mut self, entry: &Entry) {
        if !entry.out {
            self.pass_as(entry.placed);
        }
    }

    fn pass_as(&mut self, placed: bool) {
        self.now += if placed { -1 } else { 1 };
        self.placed += i64::from(placed);
        self.least = self.least.min(self.now);
    }

    fn wrong(&self) -> u32 {
        (self.placed + self.least) as u32
    }
}

/// Multiples of the unit that set most right, as far as they were looked at.
#[derive(Default)]
pub(in crate::search) struct Best {
    gain: i64,
    times: Vec<i64>,
}

impl Best {
    /// What the best so far set right.
    pub fn gain(&self) -> i64 {
        self.gain
    }

    /// Looks at one more.
    pub fn look_at(&mut self, times: i64, gain: i64) {
        if gain > self.gain {
            self.gain = gain;
            self.times.clear();
        }
        if gain == self.gain && gain > 0 {
            self.times.push(times);
        }
    }

    /// The multiples, ascending, and how many they set right.
    pub fn found(mut self) -> (Vec<i64>, i64) {
        self.times.sort_unstable();
        (self.times, self.gain)
    }
}

/// Fewest on the wrong side of a cut-off, in a list best first.
pub(super) fn fewest_wrong(list: impl Iterator<Item = bool>) -> u32 {
    let mut cut = Cut::default();
    list.for_each(|placed| cut.pass_as(placed));
    cut.wrong()
}
