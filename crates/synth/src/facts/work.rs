//! Jobs: contracts with hours and days that agree, and what they pay.

use super::pen::quarters;
use crate::rng::Rng;
use enmusubi_domain::facts::Exact;

/// A contract, in quarters of hours and of days, breaks included as the employment certificate
/// counts them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Contract {
    /// Days a week.
    pub(super) days_week: i64,
    day: i64,
    days_month: i64,
    month: i64,
}

/// Share, days a week, hours a day, days a month, hours a month (the last three in quarters).
/// Most full-timers have eight hours on twenty days.
const FULL_TIME: [(u64, i64, i64, i64, i64); 7] = [
    (540, 5, 32, 80, 640),
    (200, 5, 32, 84, 672),
    (60, 5, 34, 80, 680),
    (50, 5, 32, 86, 688),
    (40, 5, 31, 84, 651),
    (30, 4, 40, 64, 640),
    (80, 5, 33, 84, 692),
];

/// Share, days a week, hours a day in quarters. A month has four weeks, as the certificate's own
/// rule says. The last two stay below the national minimum of 64 hours that cities may set.
const PART_TIME: [(u64, i64, i64); 15] = [
    (90, 5, 28),
    (40, 5, 26),
    (150, 5, 24),
    (50, 5, 22),
    (130, 5, 20),
    (60, 5, 16),
    (70, 4, 28),
    (110, 4, 24),
    (80, 4, 20),
    (60, 4, 16),
    (50, 3, 28),
    (40, 3, 24),
    (40, 3, 22),
    (20, 3, 20),
    (10, 2, 24),
];

impl Contract {
    pub(super) fn full_time(rng: &mut Rng) -> Self {
        let (_, days_week, day, days_month, month) =
            FULL_TIME[rng.weighted(&FULL_TIME.map(|row| row.0))];
        Self {
            days_week,
            day,
            days_month,
            month,
        }
    }

    pub(super) fn part_time(rng: &mut Rng) -> Self {
        let (_, days_week, day) = PART_TIME[rng.weighted(&PART_TIME.map(|row| row.0))];
        Self {
            days_week,
            day,
            days_month: days_week * 16,
            month: days_week * day * 4,
        }
    }

    /// Hours a day, days and hours of a week, days and hours of a month.
    pub(super) fn hours_per_day(self) -> Exact {
        quarters(self.day)
    }

    pub(super) fn hours_per_week(self) -> Exact {
        quarters(self.days_week * self.day)
    }

    pub(super) fn days_per_month(self) -> Exact {
        quarters(self.days_month)
    }

    pub(super) fn hours_per_month(self) -> Exact {
        quarters(self.month)
    }

    /// Hours a month, rounded down.
    pub(super) fn whole_hours(self) -> i64 {
        self.month / 4
    }

    /// Days a month, rounded down.
    pub(super) fn whole_days(self) -> i64 {
        self.days_month / 4
    }
}

/// A year's pay in units of 10,000 yen, from the lowest to the highest tenth: bent like the
/// logarithm of a normal distribution.
const PAY_FIRST: [u64; 11] = [210, 300, 360, 410, 460, 510, 570, 640, 740, 900, 1500];
const PAY_SECOND: [u64; 11] = [180, 240, 280, 320, 350, 390, 430, 480, 550, 660, 1000];

/// Last year's pay in yen of a full-time job; `first` for the household's main earner.
pub(super) fn full_time_pay(rng: &mut Rng, first: bool) -> i64 {
    let table = if first { &PAY_FIRST } else { &PAY_SECOND };
    let tenth = rng.index(10);
    let (low, high) = (table[tenth] * 10, table[tenth + 1] * 10);
    (low + rng.below(high - low)) as i64 * 1_000
}

/// Last year's pay in yen of a job by the hour.
pub(super) fn part_time_pay(rng: &mut Rng, contract: Contract) -> i64 {
    let wage = 1_050 + 10 * rng.below(45) as i64;
    contract.whole_hours() * 12 * wage / 1_000 * 1_000
}

/// 給与所得: pay less the deduction for employees, by its steps.
fn income_of(pay: i64) -> i64 {
    let income = match pay {
        ..1_625_000 => pay - 550_000,
        1_625_000..1_800_000 => pay * 60 / 100 + 100_000,
        1_800_000..3_600_000 => pay * 70 / 100 - 80_000,
        3_600_000..6_600_000 => pay * 80 / 100 - 440_000,
        6_600_000..8_500_000 => pay * 90 / 100 - 1_100_000,
        _ => pay - 1_950_000,
    };
    income.max(0)
}

/// What a household pays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Money {
    /// 所得の合計.
    pub(super) income: i64,
    /// 市区町村民税所得割額.
    pub(super) levy: i64,
    /// Nobody is taxed.
    pub(super) exempt: bool,
    /// 利用者負担額の階層, 1 to 8 as in the national table.
    pub(super) tier: i64,
}

impl Money {
    /// Of the guardians' pay. A single parent and welfare are taxed less or not at all.
    pub(super) fn of(pay: &[i64], single: bool, welfare: bool) -> Self {
        let mut money = Self {
            income: 0,
            levy: 0,
            exempt: true,
            tier: 1,
        };
        let free = if single { 1_350_000 } else { 450_000 };
        for &pay in pay {
            let income = income_of(pay);
            money.income += income;
            if income <= free || welfare {
                continue;
            }
            money.exempt = false;
            // Basic deduction and, roughly, social insurance; 6 % is the city's part.
            let taxed = income - 430_000 - pay * 15 / 100;
            money.levy += (taxed.max(0) * 6 / 100) / 100 * 100;
        }
        money.tier = match (welfare, money.exempt, money.levy) {
            (true, ..) => 1,
            (_, true, _) => 2,
            (_, _, ..48_600) => 3,
            (_, _, ..97_000) => 4,
            (_, _, ..169_000) => 5,
            (_, _, ..301_000) => 6,
            (_, _, ..397_000) => 7,
            _ => 8,
        };
        money
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_hours_agree() {
        let mut rng = Rng::stream(3, 3);
        for _ in 0..2_000 {
            for (contract, low, high) in [
                (Contract::full_time(&mut rng), 160, 173),
                (Contract::part_time(&mut rng), 48, 140),
            ] {
                assert!(
                    (low..=high).contains(&contract.whole_hours()),
                    "{contract:?}"
                );
                let by_days = contract.day * contract.days_month / 4;
                assert!((by_days - contract.month).abs() <= 4, "{contract:?}");
                let by_weeks = contract.days_week * contract.day * 4;
                assert!(
                    by_weeks <= contract.month && contract.month * 100 <= by_weeks * 110,
                    "{contract:?}"
                );
            }
        }
    }

    #[test]
    fn tax_grows_with_pay() {
        let two = |a, b| Money::of(&[a, b], false, false);
        assert_eq!(
            two(900_000, 0),
            Money {
                income: 350_000,
                levy: 0,
                exempt: true,
                tier: 2
            }
        );
        let (low, high) = (two(3_000_000, 1_000_000), two(6_000_000, 4_000_000));
        assert!(low.levy > 0 && low.levy < high.levy && low.tier < high.tier);
        assert_eq!(Money::of(&[2_000_000], true, false).levy, 0);
        assert_eq!(Money::of(&[3_000_000], false, true).tier, 1);
    }
}
