//! Whether decisions say anything at all: an order of families by rules puts those who were placed before those who were refused; an
//! order that has nothing to do with the decisions mixes them.

use enmusubi_compare::{evidence::sides_at, world::World};
use serde::Serialize;

/// Arrangements that are tried to see what chance does.
const ARRANGEMENTS: u64 = 16;

/// How decisions compare with chance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Against {
    /// Children (only ones, once a class) that stand on the wrong side of the best cut-offs.
    pub wrong: u64,
    /// How many would on average, if those placed and those refused stood in any order.
    pub by_chance: u64,
    /// Children placed or refused in classes where both occur: what can be seen at all.
    pub seen: u64,
}

impl Against {
    /// Decisions in a world, against the same numbers placed and refused in any order.
    #[must_use]
    pub fn of(world: &World<'_>) -> Self {
        Self::at(world, &|_| true)
    }

    /// The same at some facilities, by their ids.
    #[must_use]
    pub fn at(world: &World<'_>, is_there: &dyn Fn(&str) -> bool) -> Self {
        let mut groups = sides_at(world, is_there);
        groups.retain(|g| g.contains(&true) && g.contains(&false));
        let wrong = |groups: &[Vec<bool>]| groups.iter().map(|g| fewest_wrong(g)).sum();
        let ordered: u64 = wrong(&groups);
        let mut random = SplitMix64(ARRANGEMENTS);
        let mut sum: u64 = 0;
        for _ in 0..ARRANGEMENTS {
            groups.iter_mut().for_each(|g| random.shuffle(g));
            sum += wrong(&groups);
        }
        Self {
            wrong: ordered,
            by_chance: sum / ARRANGEMENTS,
            seen: groups.iter().map(|g| g.len() as u64).sum(),
        }
    }

    /// Whether the order has hardly more to do with the decisions than chance: then nothing can be learned from where they differ.
    #[must_use]
    pub fn is_hardly_better(&self) -> bool {
        self.wrong * 4 >= self.by_chance * 3
    }
}

/// The fewest on the wrong side of a cut-off, in a list best first.
fn fewest_wrong(list: &[bool]) -> u64 {
    let mut now = list.iter().filter(|placed| **placed).count() as u64;
    let mut least = now;
    for placed in list {
        match placed {
            true => now -= 1,
            false => now += 1,
        }
        least = least.min(now);
    }
    least
}

/// SplitMix64 (Steele, Lea, Flood 2014): the same arrangements for ever.
struct SplitMix64(u64);

impl SplitMix64 {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Fisher–Yates.
    fn shuffle(&mut self, list: &mut [bool]) {
        for last in (1..list.len()).rev() {
            let other = self.next() % (last as u64 + 1);
            list.swap(last, other as usize);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_in_order_has_nobody_on_the_wrong_side() {
        assert_eq!(fewest_wrong(&[true, true, false]), 0);
        assert_eq!(fewest_wrong(&[false, true, true, false]), 1);
        assert_eq!(fewest_wrong(&[false, false, true]), 1);
        assert_eq!(fewest_wrong(&[]), 0);
    }

    #[test]
    fn shuffling_keeps_everybody() {
        let mut list = [true, true, true, false, false];
        SplitMix64(1).shuffle(&mut list);
        assert_eq!(list.iter().filter(|p| **p).count(), 3);
    }
}
