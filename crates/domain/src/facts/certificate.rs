//! Conversion rules of the national employment certificate (就労証明書 様式第1号, 記載要領), in this one place.
//!
//! The form states hours by month, week or day; criteria ask for one of them. What the form states:
//!
//! - No.6 is the contract: overtime does not count, breaks that are part of the contract do, and hours before a
//!   reduction for child care (短時間勤務) stand there even while it is used. The reduced hours are in No.12
//!   ([`guardian.reduced_hours_per_month`](super::vocabulary)), results with overtime in No.7. None of these is
//!   converted into another.
//! - Weekly hours × 4 are the monthly hours; yearly ÷ 12.
//! - Days: monthly ÷ 4 is weekly, weekly × 4 is monthly; yearly ÷ 12 is monthly, ÷ 48 weekly.
//! - Variable working hours (変則就労) stated by the day only: × 5 is weekly, and weekly × 4 monthly.
//!
//! A municipality may declare otherwise ([`Conversion`]). Quantities of different units are different types: nothing but
//! the functions here turns one into another.

use super::{
    exact::Exact,
    round_facts::RoundFacts,
    value::Value,
    vocabulary::{AttributeIx, Entity, find},
};

/// Conversions the municipality declares otherwise than the national certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Conversion {
    /// Weeks of a month (national: 4).
    pub weeks_per_month: Exact,
    /// Breaks count up to this many hours a day; `None`: wholly (national). 名古屋: 1.
    pub break_at_most: Option<Exact>,
}

impl Conversion {
    /// As the national certificate says.
    #[must_use]
    pub fn national() -> Self {
        Self {
            weeks_per_month: Exact::whole(4),
            break_at_most: None,
        }
    }
}

impl Default for Conversion {
    fn default() -> Self {
        Self::national()
    }
}

/// Working days of a week where only the hours of a day are stated (変則就労).
const DAYS_WHERE_NOT_STATED: i64 = 5;
/// Months of a year.
const MONTHS_PER_YEAR: i64 = 12;

macro_rules! quantities {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub struct $name(pub Exact);
    )*};
}

quantities! {
    /// 時間／日.
    HoursPerDay
    /// 時間／週.
    HoursPerWeek
    /// 時間／月.
    HoursPerMonth
    /// 時間／年.
    HoursPerYear
    /// 日／週.
    DaysPerWeek
    /// 日／月.
    DaysPerMonth
    /// 日／年.
    DaysPerYear
}

// Everything below is `None` where a number does not fit.

impl HoursPerDay {
    /// Hours of a week of so many days.
    #[must_use]
    pub fn per_week(self, days: DaysPerWeek) -> Option<HoursPerWeek> {
        self.0.times(days.0).map(HoursPerWeek)
    }

    /// Hours of a week where the days are not stated: × 5.
    #[must_use]
    pub fn per_week_variable(self) -> Option<HoursPerWeek> {
        self.per_week(DaysPerWeek(Exact::whole(DAYS_WHERE_NOT_STATED)))
    }

    /// Hours of a month of so many days.
    #[must_use]
    pub fn per_month(self, days: DaysPerMonth) -> Option<HoursPerMonth> {
        self.0.times(days.0).map(HoursPerMonth)
    }
}

impl HoursPerWeek {
    /// × weeks of a month (4).
    #[must_use]
    pub fn per_month(self, by: &Conversion) -> Option<HoursPerMonth> {
        self.0.times(by.weeks_per_month).map(HoursPerMonth)
    }

    /// The average of so many days; `None` for 0 days.
    #[must_use]
    pub fn per_day(self, days: DaysPerWeek) -> Option<HoursPerDay> {
        self.0.over(days.0).map(HoursPerDay)
    }
}

impl HoursPerMonth {
    /// ÷ weeks of a month (4).
    #[must_use]
    pub fn per_week(self, by: &Conversion) -> Option<HoursPerWeek> {
        self.0.over(by.weeks_per_month).map(HoursPerWeek)
    }

    /// The average of so many days; `None` for 0 days.
    #[must_use]
    pub fn per_day(self, days: DaysPerMonth) -> Option<HoursPerDay> {
        self.0.over(days.0).map(HoursPerDay)
    }
}

impl HoursPerYear {
    /// ÷ 12.
    #[must_use]
    pub fn per_month(self) -> Option<HoursPerMonth> {
        self.0
            .over(Exact::whole(MONTHS_PER_YEAR))
            .map(HoursPerMonth)
    }
}

impl DaysPerWeek {
    /// × weeks of a month (4).
    #[must_use]
    pub fn per_month(self, by: &Conversion) -> Option<DaysPerMonth> {
        self.0.times(by.weeks_per_month).map(DaysPerMonth)
    }
}

impl DaysPerMonth {
    /// ÷ weeks of a month (4).
    #[must_use]
    pub fn per_week(self, by: &Conversion) -> Option<DaysPerWeek> {
        self.0.over(by.weeks_per_month).map(DaysPerWeek)
    }
}

impl DaysPerYear {
    /// ÷ 12.
    #[must_use]
    pub fn per_month(self) -> Option<DaysPerMonth> {
        self.0.over(Exact::whole(MONTHS_PER_YEAR)).map(DaysPerMonth)
    }

    /// ÷ 48 (12 months of 4 weeks).
    #[must_use]
    pub fn per_week(self, by: &Conversion) -> Option<DaysPerWeek> {
        self.per_month()?.per_week(by)
    }
}

/// What is known of somebody's days and hours; `None`: not stated, and not to be worked out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Hours {
    /// 日／週.
    pub days_per_week: Option<DaysPerWeek>,
    /// 日／月.
    pub days_per_month: Option<DaysPerMonth>,
    /// 時間／日.
    pub hours_per_day: Option<HoursPerDay>,
    /// 時間／週.
    pub hours_per_week: Option<HoursPerWeek>,
    /// 時間／月.
    pub hours_per_month: Option<HoursPerMonth>,
}

impl Hours {
    /// Fills what is not stated from what is. A stated quantity always stands, also where it contradicts
    /// another. Nearest first: a week from its days before a month's fourth part, a month from the stated
    /// week before its days. `variable`: hours stated by the day alone count × 5 (the certificate says so
    /// of work; nothing says so of studies).
    #[must_use]
    pub fn filled(self, by: &Conversion, variable: bool) -> Self {
        let stated = self;
        let days_per_week = stated
            .days_per_week
            .or_else(|| stated.days_per_month?.per_week(by));
        let days_per_month = stated
            .days_per_month
            .or_else(|| stated.days_per_week?.per_month(by));
        let day = stated.hours_per_day;
        let week = stated
            .hours_per_week
            .or_else(|| day?.per_week(days_per_week?))
            .or_else(|| stated.hours_per_month?.per_week(by))
            .or_else(|| day.filter(|_| variable)?.per_week_variable());
        let month = stated
            .hours_per_month
            .or_else(|| stated.hours_per_week?.per_month(by))
            .or_else(|| day?.per_month(days_per_month?))
            .or_else(|| week?.per_month(by));
        let day = day
            .or_else(|| stated.hours_per_month?.per_day(days_per_month?))
            .or_else(|| stated.hours_per_week?.per_day(days_per_week?));
        Self {
            days_per_week,
            days_per_month,
            hours_per_day: day,
            hours_per_week: week,
            hours_per_month: month,
        }
    }

    /// Takes the part of a break off that does not count (`limit` hours a day do). A break nobody
    /// stated may be any: the hours are then unknown, as they are where the days are.
    #[must_use]
    pub fn without_long_break(self, break_per_day: Option<HoursPerDay>, limit: Exact) -> Self {
        let over = break_per_day.and_then(|b| b.0.minus(limit));
        let Some(over) = over else {
            return Self {
                hours_per_day: None,
                hours_per_week: None,
                hours_per_month: None,
                ..self
            };
        };
        if over <= Exact::ZERO {
            return self;
        }
        let less = |hours: Option<Exact>, days: Option<Exact>| hours?.minus(over.times(days?)?);
        let hours = |h: Option<Exact>, days| less(h, days).map(|h| h.max(Exact::ZERO));
        let (week, month) = (
            self.days_per_week.map(|d| d.0),
            self.days_per_month.map(|d| d.0),
        );
        Self {
            hours_per_day: hours(self.hours_per_day.map(|h| h.0), Some(Exact::ONE))
                .map(HoursPerDay),
            hours_per_week: hours(self.hours_per_week.map(|h| h.0), week).map(HoursPerWeek),
            hours_per_month: hours(self.hours_per_month.map(|h| h.0), month).map(HoursPerMonth),
            ..self
        }
    }
}

/// A quantity of a guardian that a conversion changed: filled, or lessened by a long break.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Converted {
    /// Position in [`RoundFacts::guardians`].
    pub guardian: u32,
    /// The attribute.
    pub attribute: AttributeIx,
}

/// Where the quantities of one activity stand; an activity need not have all.
struct Columns([Option<AttributeIx>; 5]);

impl Columns {
    fn of(activity: &str) -> Self {
        let names = [
            "days_per_week",
            "days_per_month",
            "hours_per_day",
            "hours_per_week",
            "hours_per_month",
        ];
        Self(names.map(|name| find(Entity::Guardian, &format!("{activity}_{name}"))))
    }

    fn read(&self, facts: &RoundFacts, guardian: u32) -> Hours {
        let get = |i: usize| number(facts, guardian, self.0[i]);
        Hours {
            days_per_week: get(0).map(DaysPerWeek),
            days_per_month: get(1).map(DaysPerMonth),
            hours_per_day: get(2).map(HoursPerDay),
            hours_per_week: get(3).map(HoursPerWeek),
            hours_per_month: get(4).map(HoursPerMonth),
        }
    }

    fn write(&self, facts: &mut RoundFacts, guardian: u32, hours: Hours, out: &mut Vec<Converted>) {
        let values = [
            hours.days_per_week.map(|q| q.0),
            hours.days_per_month.map(|q| q.0),
            hours.hours_per_day.map(|q| q.0),
            hours.hours_per_week.map(|q| q.0),
            hours.hours_per_month.map(|q| q.0),
        ];
        for (attribute, value) in self.0.iter().zip(values) {
            let Some(attribute) = *attribute else {
                continue;
            };
            let value = value.map_or(Value::Unknown, Value::Number);
            if facts.guardians.get(guardian, attribute) != value {
                facts.guardians.set(guardian, attribute, value);
                out.push(Converted {
                    guardian,
                    attribute,
                });
            }
        }
    }
}

fn number(facts: &RoundFacts, guardian: u32, attribute: Option<AttributeIx>) -> Option<Exact> {
    match facts.guardians.get(guardian, attribute?) {
        Value::Number(n) => Some(n),
        _ => None,
    }
}

/// Fills the missing quantities of work and study from the stated ones, and takes off what does not count of a
/// break. Returns what it changed, guardian by guardian, so that a derivation can say so.
///
/// Call it once per set of facts, before scoring: filled values stand beside stated ones and
/// would be taken for stated by a second call with another [`Conversion`].
pub fn fill_conversions(facts: &mut RoundFacts, by: &Conversion) -> Vec<Converted> {
    let (work, study) = (Columns::of("work"), Columns::of("study"));
    let pause = find(Entity::Guardian, "overtime_break_per_day");
    let mut changed = Vec::new();
    for guardian in 0..facts.guardians.len() as u32 {
        let stated = work.read(facts, guardian);
        if stated != Hours::default() {
            let mut hours = stated.filled(by, true);
            if let Some(limit) = by.break_at_most {
                let pause = number(facts, guardian, pause).map(HoursPerDay);
                hours = hours.without_long_break(pause, limit);
            }
            work.write(facts, guardian, hours, &mut changed);
        }
        let stated = study.read(facts, guardian);
        if stated != Hours::default() {
            study.write(facts, guardian, stated.filled(by, false), &mut changed);
        }
    }
    changed
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::round_facts::RoundInfo;
    use jiff::civil::date;

    /// `d/w 5, d/m 20, h/d 8, h/w 40, h/m 160`, `-` where unknown.
    fn hours(text: &str) -> Hours {
        let mut all = text.split_whitespace().map(Exact::parse);
        let mut next = || all.next().flatten();
        Hours {
            days_per_week: next().map(DaysPerWeek),
            days_per_month: next().map(DaysPerMonth),
            hours_per_day: next().map(HoursPerDay),
            hours_per_week: next().map(HoursPerWeek),
            hours_per_month: next().map(HoursPerMonth),
        }
    }

    #[test]
    fn rules_of_the_national_certificate() {
        let by = Conversion::national();
        let n = Exact::whole;
        assert_eq!(
            HoursPerWeek(n(35)).per_month(&by),
            Some(HoursPerMonth(n(140)))
        );
        assert_eq!(
            HoursPerYear(n(1920)).per_month(),
            Some(HoursPerMonth(n(160)))
        );
        assert_eq!(
            DaysPerMonth(n(18)).per_week(&by),
            Exact::parse("4.5").map(DaysPerWeek)
        );
        assert_eq!(DaysPerWeek(n(5)).per_month(&by), Some(DaysPerMonth(n(20))));
        assert_eq!(DaysPerYear(n(240)).per_month(), Some(DaysPerMonth(n(20))));
        assert_eq!(DaysPerYear(n(240)).per_week(&by), Some(DaysPerWeek(n(5))));
        assert_eq!(
            HoursPerDay(n(6)).per_week_variable(),
            Some(HoursPerWeek(n(30)))
        );
    }

    #[test]
    fn missing_quantities_are_filled_from_stated_ones() {
        let by = Conversion::national();
        for (stated, filled) in [
            // Only a week's hours: × 4.
            ("- - - 35 -", "- - - 35 140"),
            // Only a month's: ÷ 4.
            ("- - - - 140", "- - - 35 140"),
            // By the day only: × 5, then × 4.
            ("- - 6 - -", "- - 6 30 120"),
            // By the day, with days of the week or month: those days.
            ("3 - 7 - -", "3 12 7 21 84"),
            ("- 18 8 - -", "4.5 18 8 36 144"),
            // A month and its days: the average day.
            ("- 20 - - 150", "5 20 7.5 37.5 150"),
            // A week and its days.
            ("4 - - 30 -", "4 16 7.5 30 120"),
            // Days alone say nothing about hours.
            ("5 - - - -", "5 20 - - -"),
            // A stated quantity stands, also against the others.
            ("5 22 8 38.75 171", "5 22 8 38.75 171"),
            ("5 22 8 40 -", "5 22 8 40 160"),
            // No days: no average.
            ("- 0 - - 10", "0 0 - 2.5 10"),
            ("- - - - -", "- - - - -"),
        ] {
            let got = hours(stated).filled(&by, true);
            assert_eq!(got, hours(filled), "{stated}");
        }
        // Studies by the day only stay unknown.
        let study = hours("- - 6 - -");
        assert_eq!(study.filled(&by, false), study);
    }

    #[test]
    fn a_municipality_may_count_its_own_weeks() {
        let by = Conversion {
            weeks_per_month: Exact::parse("4.3").expect("number"),
            break_at_most: None,
        };
        let got = hours("- - - 40 -").filled(&by, true);
        assert_eq!(got, hours("- - - 40 172"));
    }

    #[test]
    fn a_break_counts_up_to_its_limit() {
        let one = Exact::ONE;
        let all = hours("5 20 9 45 180");
        let pause = |t: &str| Exact::parse(t).map(HoursPerDay);
        for (stated, expect) in [
            ("1.5", "5 20 8.5 42.5 170"),
            ("1", "5 20 9 45 180"),
            ("0.75", "5 20 9 45 180"),
            // Nobody stated the break: the hours that count are unknown.
            ("", "5 20 - - -"),
        ] {
            let got = all.without_long_break(pause(stated), one);
            assert_eq!(got, hours(expect), "{stated}");
        }
        // The days are unknown: so are the hours of a week.
        let got = hours("- - 9 45 180").without_long_break(pause("2"), one);
        assert_eq!(got, hours("- - 8 - -"));
    }

    #[test]
    fn overtime_results_and_reduced_hours_are_left_alone() {
        let mut facts = RoundFacts::new(RoundInfo {
            municipality: None,
            entry_date: date(2027, 4, 1),
            number: 1,
            base_date: date(2026, 11, 1),
            deadline: None,
        });
        let h = facts.households.push("h", None, 2);
        for row in 2..5 {
            facts.guardians.push("", Some(h), row);
        }
        let set = |facts: &mut RoundFacts, g: u32, name: &str, n: i64| {
            let at = find(Entity::Guardian, name).expect(name);
            facts.guardians.set(g, at, Value::whole(n));
        };
        // Pre-reduction hours by the week; results and reduced hours by the month.
        set(&mut facts, 0, "work_hours_per_week", 40);
        set(&mut facts, 0, "actual_hours_per_month", 190);
        set(&mut facts, 0, "reduced_hours_per_month", 120);
        set(&mut facts, 1, "study_hours_per_day", 5);
        set(&mut facts, 1, "study_days_per_month", 16);
        facts.complete();
        let changed = fill_conversions(&mut facts, &Conversion::national());
        let names: Vec<(u32, &str)> = changed
            .iter()
            .map(|c| {
                let a = &crate::facts::vocabulary::VOCABULARY[c.attribute as usize];
                (c.guardian, a.name)
            })
            .collect();
        let expect = [
            (0, "work_hours_per_month"),
            (1, "study_hours_per_week"),
            (1, "study_hours_per_month"),
        ];
        assert_eq!(names, expect);
        for (g, name, value) in [
            (0, "work_hours_per_month", Some(160)),
            (0, "work_hours_per_day", None),
            (0, "actual_hours_per_month", Some(190)),
            (0, "reduced_hours_per_month", Some(120)),
            (1, "study_hours_per_week", Some(20)),
            (1, "study_hours_per_month", Some(80)),
            (2, "work_hours_per_month", None),
        ] {
            let at = find(Entity::Guardian, name).expect(name);
            let expect = value.map_or(Value::Unknown, Value::whole);
            assert_eq!(facts.guardians.get(g, at), expect, "{g} {name}");
        }
        // Nothing is left to fill.
        assert_eq!(
            fill_conversions(&mut facts, &Conversion::national()),
            vec![]
        );
    }
}
