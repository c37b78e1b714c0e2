//! Days of a round and of lives.

use super::options::FactOptions;
use crate::rng::Rng;
use enmusubi_domain::facts::{RoundInfo, derived::months_between};
use jiff::{
    Span,
    civil::{Date, date},
};

/// The days everything else is counted from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Calendar {
    /// Day of entry.
    pub(super) entry: Date,
    /// Fiscal year of the entry.
    pub(super) year: i16,
    /// Base date.
    pub(super) base: Date,
    /// Last day of the intake.
    pub(super) deadline: Date,
}

impl Calendar {
    pub(super) fn of(options: &FactOptions) -> Self {
        // Lives reach a hundred years back; dates end at the year 9999.
        let near = |day: Date| day.clamp(date(1950, 1, 1), date(2200, 12, 31));
        let entry = near(options.entry_date).first_of_month();
        Self {
            entry,
            year: RoundInfo::fiscal_year_of(entry),
            base: near(options.base_date),
            deadline: near(options.deadline),
        }
    }

    /// First and last birthday of an age class: 2 April to 1 April.
    pub(super) fn births(self, age: i32) -> (Date, Date) {
        let year = self.year - age as i16;
        (date(year - 1, 4, 2), date(year, 4, 1))
    }
}

/// So many days later (earlier where negative).
pub(super) fn days(from: Date, n: i64) -> Date {
    let n = n.clamp(-100_000, 100_000);
    from.checked_add(Span::new().days(n)).unwrap_or(from)
}

/// So many months later (earlier where negative).
pub(super) fn months(from: Date, n: i64) -> Date {
    let n = n.clamp(-2_000, 2_000);
    from.checked_add(Span::new().months(n)).unwrap_or(from)
}

/// A day between two, both included; the first where there is none between.
pub(super) fn between(rng: &mut Rng, first: Date, last: Date) -> Date {
    let span = enmusubi_domain::facts::derived::days_between(first, last);
    if span <= 0 {
        return first;
    }
    days(first, rng.below(span as u64 + 1) as i64)
}

/// The last birthday with which a child is so many months old on a day.
pub(super) fn latest_birth(on: Date, months_old: i64) -> Date {
    let mut birth = months(on, -months_old);
    // Months of different lengths: 31 August less six months is the end of February.
    while i64::from(months_between(birth, on)) < months_old {
        birth = days(birth, -1);
    }
    birth
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_of_lives() {
        let calendar = Calendar::of(&FactOptions::default());
        assert_eq!(calendar.births(0), (date(2026, 4, 2), date(2027, 4, 1)));
        assert_eq!(calendar.births(5).0, date(2021, 4, 2));
        assert_eq!(latest_birth(date(2027, 4, 1), 6), date(2026, 10, 1));
        assert_eq!(
            months_between(latest_birth(date(2027, 8, 31), 6), date(2027, 8, 31)),
            6
        );
        let mut rng = Rng::stream(1, 1);
        let day = date(2026, 1, 1);
        assert_eq!(between(&mut rng, day, day), day);
    }
}
