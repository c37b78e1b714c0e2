//! Whether a certificate agrees with itself. Every finding is a warning with the cells it is about: the paper may be
//! right and unusual, and only the employer knows.

use super::{
    kinds::kind,
    model::{Certificate, Field, Leave, Period},
    raw::Place,
};
use crate::{
    Kind, Text,
    diagnostic::{At, Diagnostics},
};
use enmusubi_domain::facts::Exact;
use jiff::{ToSpan as _, civil::Date};

/// Months after which municipalities usually ask for a new certificate.
pub const MONTHS_VALID: u8 = 3;

/// Most hours a month can have.
const HOURS_MONTH: u32 = 31 * 24;

struct Check<'a> {
    file: &'a str,
    all: Diagnostics,
}

/// Checks a certificate as of a day; `months` is how old it may be ([`MONTHS_VALID`] is usual).
#[must_use]
pub fn check(certificate: &Certificate, file: &str, day: Date, months: u8) -> Diagnostics {
    let mut check = Check {
        file,
        all: Diagnostics::default(),
    };
    check.dates(certificate, day, months);
    check.hours(certificate);
    check.leaves(certificate);
    check.results(certificate);
    check.all
}

impl Check<'_> {
    /// A finding about two places.
    fn tell(&mut self, kind: &'static Kind, first: &Place, second: &Place, said: (String, String)) {
        let at = At {
            row: (first.row > 0).then_some(first.row),
            column: Some(&first.name),
            value: None,
        };
        let (ja, en) = said;
        self.all.add_with(kind, self.file, at, || {
            if second == first || second.name.is_empty() {
                Text::new(ja, en)
            } else {
                Text::new(
                    format!("{ja}（{}）", second.name),
                    format!("{en} ({})", second.name),
                )
            }
        });
    }

    fn dates(&mut self, c: &Certificate, day: Date, months: u8) {
        if let Some((&dated, place)) = c.date.known() {
            let last = dated.checked_add(i64::from(months).months());
            if dated > day || last.is_ok_and(|last| last < day) {
                let said = (
                    format!("証明日 {dated}、受付日 {day}、期限 {months}か月"),
                    format!("dated {dated}, judged on {day}, {months} months"),
                );
                self.tell(&kind::TOO_OLD, place, place, said);
            }
        }
        if let (Some((&birth, place)), Some((&dated, other))) =
            (c.person_birth.known(), c.date.known())
        {
            let age = |years: i32| birth.checked_add(years.years());
            let young = age(15).is_ok_and(|d| d > dated);
            let old = age(81).is_ok_and(|d| d <= dated);
            if young || old {
                self.tell(
                    &kind::BIRTH_IMPLAUSIBLE,
                    place,
                    other,
                    (birth.to_string(), birth.to_string()),
                );
            }
        }
        for period in [
            &c.period,
            &c.maternity.period,
            &c.childcare.period,
            &c.other_leave.period,
            &c.reduced.period,
            &c.posted,
        ] {
            self.order(period);
        }
    }

    fn order(&mut self, period: &Period) {
        if let (Some((from, place)), Some((to, other))) = (period.from.known(), period.to.known())
            && to < from
        {
            let said = format!("{from} 〜 {to}");
            self.tell(&kind::END_BEFORE_START, place, other, (said.clone(), said));
        }
    }

    fn hours(&mut self, c: &Certificate) {
        let (fixed, variable) = (&c.fixed, &c.variable);
        if fixed.is_stated() && variable.is_stated() {
            let first = [&fixed.monthly_minutes.place, &fixed.weekday.start.place];
            let first = first.into_iter().find(|p| !p.name.is_empty());
            let second = [&variable.minutes.place, &variable.band.start.place];
            let second = second.into_iter().find(|p| !p.name.is_empty());
            if let Some((first, second)) = first.zip(second) {
                self.tell(
                    &kind::BOTH_KINDS,
                    first,
                    second,
                    (String::new(), String::new()),
                );
            }
        }
        if let (Some(day), Some((days, other)), Some((&month, place))) = (
            fixed.weekday.minutes(),
            fixed.days_per_month.known(),
            fixed.monthly_minutes.known(),
        ) && let Some(by_days) = days.times(Exact::whole(i64::from(day)))
        {
            // Breaks are sometimes left out of the one or the other, and months have 20 to 22 days: a tenth and the
            // breaks are no contradiction.
            let break_day = i64::from(fixed.weekday.pause.value.unwrap_or(60));
            let slack = days
                .times(Exact::whole(break_day))
                .and_then(|b| b.plus(by_days.over(Exact::whole(10))?));
            let month_exact = Exact::whole(i64::from(month));
            let apart = by_days.minus(month_exact).map(|d| {
                if d < Exact::ZERO {
                    d.negated().unwrap_or(d)
                } else {
                    d
                }
            });
            if let Some((apart, slack)) = apart.zip(slack)
                && apart > slack
            {
                let said =
                    |h: &str| format!("{} / {}{h}", in_hours(month_exact), in_hours(by_days));
                self.tell(
                    &kind::HOURS_DISAGREE,
                    place,
                    other,
                    (said("時間"), said(" h")),
                );
            }
        }
        if let (Some((week, place)), Some((days, other))) =
            (fixed.days_per_week.known(), fixed.days.known())
            && *week != Exact::whole(i64::from(days.count()))
        {
            let said = (
                format!("週{week}日、チェック{}日", days.count()),
                format!("{week} days, {} ticked", days.count()),
            );
            self.tell(&kind::DAYS_DISAGREE, place, other, said);
        }
        let monthly = variable.hours_unit.value != Some("週間");
        for (field, month) in [(&fixed.monthly_minutes, true), (&variable.minutes, monthly)] {
            let most = if month { HOURS_MONTH } else { 7 * 24 };
            if let Some((&minutes, place)) = field.known()
                && minutes > most * 60
            {
                let said = in_hours(Exact::whole(i64::from(minutes)));
                self.tell(
                    &kind::TOO_MANY_HOURS,
                    place,
                    place,
                    (format!("{said}時間"), format!("{said} h")),
                );
            }
        }
        let bands = [
            &fixed.weekday,
            &fixed.saturday,
            &fixed.sunday,
            &variable.band,
            &c.reduced_band,
        ];
        let pauses = bands.map(|b| (b.minutes(), &b.start.place, &b.pause));
        let sums = [
            (
                fixed.monthly_minutes.value,
                &fixed.monthly_minutes.place,
                &fixed.monthly_break,
            ),
            (
                variable.minutes.value,
                &variable.minutes.place,
                &variable.pause,
            ),
        ];
        for (whole, place, pause) in pauses.into_iter().chain(sums) {
            if let Some((whole, (&pause, other))) = whole.zip(pause.known())
                && pause > whole
            {
                let said = format!("{pause} > {whole}");
                self.tell(
                    &kind::BREAK_TOO_LONG,
                    other,
                    place,
                    (format!("{said}（分）"), format!("{said} (minutes)")),
                );
            }
        }
        for band in bands {
            if let (Some((start, place)), Some((end, other))) =
                (band.start.known(), band.end.known())
                && end <= start
            {
                let clock = |m: u16| format!("{}:{:02}", m / 60, m % 60);
                let said = format!("{} 〜 {}", clock(start.0), clock(end.0));
                self.tell(&kind::END_BEFORE_START, place, other, (said.clone(), said));
            }
        }
    }

    fn leaves(&mut self, c: &Certificate) {
        for leave in [&c.maternity, &c.childcare, &c.other_leave, &c.reduced] {
            self.leave(leave);
        }
        let (state, date) = (&c.return_state, &c.return_date);
        self.pair(state, date);
    }

    fn leave(&mut self, leave: &Leave) {
        self.pair(&leave.state, &leave.period.from);
    }

    fn pair(&mut self, state: &Field<&'static str>, day: &Field<Date>) {
        if state.value.is_some() && day.is_blank() || state.is_blank() && day.value.is_some() {
            let what = state.value.unwrap_or_default();
            self.tell(
                &kind::LEAVE_WITHOUT_DATES,
                &state.place,
                &day.place,
                (what.to_owned(), String::new()),
            );
        }
    }

    /// Results of months without leave that are below half of the contract.
    fn results(&mut self, c: &Certificate) {
        let Some((&contract, other)) = c.fixed.monthly_minutes.known() else {
            return;
        };
        // Reduced hours are below the contract by right.
        if c.reduced.state.value.is_some() {
            return;
        }
        for result in &c.results {
            if let Some((&minutes, place)) = result.minutes.known()
                && minutes * 2 < contract
            {
                let said = format!(
                    "{} / {}",
                    in_hours(Exact::whole(i64::from(minutes))),
                    in_hours(Exact::whole(i64::from(contract)))
                );
                self.tell(
                    &kind::RESULTS_LOW,
                    place,
                    other,
                    (format!("{said}時間"), format!("{said} h")),
                );
            }
        }
    }
}

fn in_hours(minutes: Exact) -> String {
    minutes
        .over(Exact::whole(60))
        .map_or(String::new(), |h| h.to_string())
}
