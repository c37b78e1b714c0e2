//! Who stands on the wrong side of a cut-off, in lists of numbers: who comes first has less, and the last bit says who was refused.

/// One child on the wrong side, in the unit of costs: equals at a cut-off are counted as a lottery would part them.
pub const ONE: i64 = 1000;

/// The last who are placed, by an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cut {
    last: i64,
    /// Equals of the last, and seats left for them.
    equal: i64,
    left: i64,
    /// On the wrong side.
    wrong: i64,
}

impl Cut {
    /// Of a list with so many seats, which it brings out of order; `None`: there are none.
    #[must_use]
    pub fn of(list: &mut [i64], seats: usize) -> Option<Self> {
        let last = *list.select_nth_unstable(seats.checked_sub(1)?).1 >> 1;
        let (mut above, mut above_refused, mut equal, mut equal_refused) = (0, 0, 0, 0);
        for x in list.iter().copied() {
            if x >> 1 < last {
                above += 1;
                above_refused += x & 1;
            } else if x >> 1 == last {
                equal += 1;
                equal_refused += x & 1;
            }
        }
        let left = seats as i64 - above;
        Some(Self {
            last,
            equal,
            left,
            wrong: above_refused * ONE + left * equal_refused * ONE / equal,
        })
    }

    /// How much of somebody would be taken.
    #[must_use]
    pub fn taken(&self, x: i64) -> i64 {
        let x = x >> 1;
        if x < self.last {
            ONE
        } else if x == self.last {
            ONE * self.left / self.equal
        } else {
            0
        }
    }
}

/// Those refused who stand among the first of a list, as many as there are seats; of equals across the cut-off as many as a lottery would
/// take. The list is brought out of order.
#[must_use]
pub fn misplaced(list: &mut [i64], seats: usize) -> i64 {
    Cut::of(list, seats).map_or(0, |cut| cut.wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equals_across_a_cut_off_are_counted_as_a_lottery_would_part_them() {
        // One placed first; of three equals one is placed; one refused last.
        assert_eq!(misplaced(&mut [2, 4, 5, 5, 7], 2), 2 * ONE / 3);
        assert_eq!(misplaced(&mut [-4, -2, 1], 2), 0);
        assert_eq!(misplaced(&mut [-3, -1, 2], 1), ONE);
    }

    #[test]
    fn who_would_be_taken_is_seen() {
        let cut = Cut::of(&mut [2, 4, 5, 7], 2).expect("seats");
        assert_eq!(
            [2, 4, 5, 7].map(|x| cut.taken(x)),
            [ONE, ONE / 2, ONE / 2, 0]
        );
    }
}
