//! What a certificate says in the words of the vocabulary, as cells of a round workbook would hold it.
//!
//! Nothing is derived that the paper does not say: where a rule needs two fields and one is blank or unread, there is
//! no fact. Conversions between month, week and day are not made here but by
//! [`enmusubi_domain::facts::certificate`], once and for all facts. What the paper cannot say although the vocabulary
//! names it as the source is in [`UNSAID`].

use super::model::{Band, Certificate, Clock, Field, Leave};
use enmusubi_domain::facts::{
    AttributeIx, Exact,
    vocabulary::{Entity, find},
};
use jiff::civil::Date;

/// Which rule of the form a fact follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rule {
    /// The field says it as it stands.
    Stated,
    /// The only box ticked.
    Ticked,
    /// Minutes as hours.
    Hours,
    /// From the beginning to the end of a band, break included (No.6).
    BandLength,
    /// A band begins before 8:00 or ends after 18:00, or all do neither.
    BandOutside,
    /// Average of the three months of No.7.
    AverageOfResults,
    /// The reduced band of No.12 × days of a month of No.6, no weekend work being ticked.
    ReducedBandByDays,
    /// The leave whose period holds the day asked about.
    LeaveOnDay,
    /// 復職予定 beside a child-care leave planned or taken.
    ReturnPlanned,
    /// The day asked about lies in the period of No.17.
    PostedOnDay,
    /// Whole months of the period of No.17.
    PostedMonths,
}

/// A fact read from a certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadFact {
    /// The attribute, one of `guardian`.
    pub attribute: AttributeIx,
    /// As a cell of the round workbook holds it: label of an option, ISO day, plain number, はい or いいえ.
    pub text: String,
    /// First day on which it holds, where the paper says one.
    pub from: Option<Date>,
    /// Last day on which it holds, where the paper says one.
    pub to: Option<Date>,
    /// The cell it was read from (`標準的な様式!W25`); the first of several.
    pub place: String,
    /// Which rule of the form derived it.
    pub rule: Rule,
    /// A field it comes from should be compared with the paper.
    pub check: bool,
}

/// Attributes whose paper is the certificate, but which it does not say by itself, and why.
pub static UNSAID: &[(&str, &str)] = &[
    (
        "work_place",
        "就労先の住所と自宅の住所を比べないと決まりません（様式に本人の住所はありません）",
    ),
    (
        "work_area",
        "就労先の住所が市内か隣接市町村かは、市の地名と比べて決めます",
    ),
    (
        "job_continuous",
        "継続とみなす期間は市が定めます。就労実績と雇用期間を見て決めます",
    ),
    (
        "leaving_job",
        "様式に退職予定の欄はありません。備考欄を見て決めます",
    ),
    (
        "childcare_job_place",
        "就労先が市内の認可施設かどうかは、施設の一覧と比べて決めます",
    ),
    (
        "seafarer",
        "様式に船員の欄はありません。業種と備考欄を見て決めます",
    ),
];

const EARLIEST: Clock = Clock(8 * 60);
const LATEST: Clock = Clock(18 * 60);

struct Facts<'a> {
    certificate: &'a Certificate,
    list: Vec<ReadFact>,
}

/// The facts of a certificate; `base` is the day on which leaves are looked at (基準日).
#[must_use]
pub fn facts(certificate: &Certificate, base: Date) -> Vec<ReadFact> {
    let mut facts = Facts {
        certificate,
        list: Vec::new(),
    };
    facts.employment();
    facts.hours();
    facts.results();
    facts.reduced();
    facts.leaves(base);
    facts.posted(base);
    facts.list
}

fn hours(minutes: u32) -> Option<String> {
    Exact::new(i64::from(minutes), 60).map(|h| h.to_string())
}

impl Facts<'_> {
    /// Adds a fact that comes from a field.
    fn add<T>(
        &mut self,
        name: &str,
        text: impl Into<String>,
        field: &Field<T>,
        rule: Rule,
    ) -> Option<&mut ReadFact> {
        let attribute = find(Entity::Guardian, name)?;
        self.list.push(ReadFact {
            attribute,
            text: text.into(),
            from: None,
            to: None,
            place: field.place.name.to_string(),
            rule,
            check: field.check,
        });
        self.list.last_mut()
    }

    /// Says that a fact holds during the employment.
    fn employed(fact: Option<&mut ReadFact>, certificate: &Certificate) {
        if let Some(fact) = fact {
            fact.from = certificate.period.from.value;
            fact.to = certificate.period.to.value;
        }
    }

    fn employment(&mut self) {
        let c = self.certificate;
        if let Some(kind) = c.employment_type.value {
            Self::employed(
                self.add("employment_kind", kind, &c.employment_type, Rule::Ticked),
                c,
            );
        }
        if let Some(day) = c.period.from.value {
            self.add("job_start", day.to_string(), &c.period.from, Rule::Stated);
        }
        // 有 says that it is one of nursery teacher, kindergarten teacher and the like, but not which.
        if c.childcare_job.value == Some("無") {
            self.add("childcare_job", "該当なし", &c.childcare_job, Rule::Ticked);
        }
    }

    fn hours(&mut self) {
        let c = self.certificate;
        let (fixed, variable) = (&c.fixed, &c.variable);
        if fixed.is_stated() && variable.is_stated() {
            return;
        }
        if let Some(minutes) = fixed.monthly_minutes.value
            && let Some(text) = hours(minutes)
        {
            Self::employed(
                self.add(
                    "work_hours_per_month",
                    text,
                    &fixed.monthly_minutes,
                    Rule::Hours,
                ),
                c,
            );
        }
        for (name, field) in [
            ("work_days_per_month", &fixed.days_per_month),
            ("work_days_per_week", &fixed.days_per_week),
        ] {
            if let Some(days) = field.value {
                Self::employed(self.add(name, days.to_string(), field, Rule::Stated), c);
            }
        }
        if let Some(text) = fixed.weekday.minutes().and_then(hours) {
            let end = fixed.weekday.end.check;
            let mut fact = self.add(
                "work_hours_per_day",
                text,
                &fixed.weekday.start,
                Rule::BandLength,
            );
            if let Some(fact) = &mut fact {
                fact.check |= end;
            }
            Self::employed(fact, c);
        }
        if let Some(text) = fixed.weekday.pause.value.and_then(hours) {
            Self::employed(
                self.add(
                    "overtime_break_per_day",
                    text,
                    &fixed.weekday.pause,
                    Rule::Hours,
                ),
                c,
            );
        }
        let unit = |unit: &Field<&'static str>| match unit.value {
            Some("月間") => Some("month"),
            Some("週間") => Some("week"),
            _ => None,
        };
        if let (Some(unit), Some(text)) = (
            unit(&variable.hours_unit),
            variable.minutes.value.and_then(hours),
        ) {
            let name = format!("work_hours_per_{unit}");
            Self::employed(self.add(&name, text, &variable.minutes, Rule::Hours), c);
        }
        if let (Some(unit), Some(days)) = (unit(&variable.days_unit), variable.days.value) {
            let name = format!("work_days_per_{unit}");
            Self::employed(
                self.add(&name, days.to_string(), &variable.days, Rule::Stated),
                c,
            );
        }
        self.outside();
    }

    fn outside(&mut self) {
        let c = self.certificate;
        let fixed = [&c.fixed.weekday, &c.fixed.saturday, &c.fixed.sunday];
        let mut bands: Vec<&Band> = fixed.to_vec();
        bands.push(&c.variable.band);
        let is_outside = |b: &&&Band| {
            // A band that ends before it begins goes through midnight, whatever was meant.
            b.start
                .value
                .zip(b.end.value)
                .is_some_and(|(start, end)| start < EARLIEST || end > LATEST || end <= start)
        };
        if let Some(band) = bands.iter().find(is_outside) {
            Self::employed(
                self.add("works_outside_8_18", "はい", &band.start, Rule::BandOutside),
                c,
            );
            return;
        }
        // "No" needs every band: those left blank hold no work, those unread may hold any. A variable shift's main
        // band says nothing about the others.
        let whole = |b: &&Band| b.minutes().is_some() || b.start.is_blank() && b.end.is_blank();
        let only_fixed = c.variable.band.start.is_blank() && !c.variable.is_stated();
        if only_fixed
            && c.fixed.weekday.minutes().is_some()
            && fixed.iter().all(whole)
            && self.weekend_known()
        {
            Self::employed(
                self.add(
                    "works_outside_8_18",
                    "いいえ",
                    &c.fixed.weekday.start,
                    Rule::BandOutside,
                ),
                c,
            );
        }
    }

    /// Whether the bands of the weekend are stated wherever it is ticked.
    fn weekend_known(&self) -> bool {
        let fixed = &self.certificate.fixed;
        let Some(days) = fixed.days.value else {
            return fixed.days.is_blank();
        };
        let (saturday, sunday) = (days.0 & 0x20 != 0, days.0 & 0xC0 != 0);
        (!saturday || fixed.saturday.minutes().is_some())
            && (!sunday || fixed.sunday.minutes().is_some())
    }

    /// The average of three months; fewer say nothing about three.
    fn results(&mut self) {
        let results = &self.certificate.results;
        let average = |values: [Option<Exact>; 3]| {
            let [a, b, c] = values;
            a?.plus(b?)?.plus(c?)?.over(Exact::whole(3))
        };
        let first = &results[0];
        let check = |f: Option<&mut ReadFact>, any: bool| {
            if let Some(f) = f {
                f.check |= any;
            }
        };
        if let Some(days) = average(results.each_ref().map(|r| r.days.value)) {
            let any = results.iter().any(|r| r.days.check);
            check(
                self.add(
                    "actual_days_per_month",
                    days.to_string(),
                    &first.days,
                    Rule::AverageOfResults,
                ),
                any,
            );
        }
        let hours = results
            .each_ref()
            .map(|r| Exact::new(i64::from(r.minutes.value?), 60));
        if let Some(hours) = average(hours) {
            let any = results.iter().any(|r| r.minutes.check);
            check(
                self.add(
                    "actual_hours_per_month",
                    hours.to_string(),
                    &first.minutes,
                    Rule::AverageOfResults,
                ),
                any,
            );
        }
    }

    fn reduced(&mut self) {
        let c = self.certificate;
        let weekend = c.fixed.days.value.is_some_and(|d| d.has_weekend());
        if c.reduced.state.value.is_none() || weekend || c.variable.is_stated() {
            return;
        }
        let minutes = c
            .reduced_band
            .minutes()
            .and_then(|m| Exact::new(i64::from(m), 60));
        let hours = minutes
            .zip(c.fixed.days_per_month.value)
            .and_then(|(h, d)| h.times(d));
        let Some(hours) = hours else { return };
        let field = &c.reduced_band.start;
        if let Some(fact) = self.add(
            "reduced_hours_per_month",
            hours.to_string(),
            field,
            Rule::ReducedBandByDays,
        ) {
            fact.from = c.reduced.period.from.value;
            fact.to = c.reduced.period.to.value;
            fact.check |= c.reduced_band.end.check || c.fixed.days_per_month.check;
        }
    }

    fn leaves(&mut self, base: Date) {
        let c = self.certificate;
        let holds = |leave: &&(&Leave, &str)| {
            let (from, to) = (leave.0.period.from.value, &leave.0.period.to);
            let reaches = to.value.is_some_and(|to| base <= to)
                // No end is stated: it goes on where it is going on.
                || to.is_blank() && leave.0.state.value == Some("取得中");
            from.is_some_and(|from| from <= base) && reaches
        };
        let leaves = [
            (&c.maternity, "産前産後休業"),
            (&c.childcare, "育児休業"),
            (&c.other_leave, "その他の休業"),
        ];
        let mut on_day = leaves.iter().filter(holds);
        // Two leaves on one day: not known which counts.
        if let (Some((leave, label)), None) = (on_day.next(), on_day.next()) {
            let (from, to) = (&leave.period.from, &leave.period.to);
            let place = if leave.state.value.is_some() {
                &leave.state.place
            } else {
                &from.place
            };
            let check = leave.state.check || from.check || to.check;
            let before = self.list.len();
            if let Some(fact) = self.add("leave", *label, from, Rule::LeaveOnDay) {
                fact.place = place.name.to_string();
            }
            if let Some(day) = from.value {
                self.add("leave_since", day.to_string(), from, Rule::LeaveOnDay);
            }
            if let Some(day) = to.value {
                self.add("leave_until", day.to_string(), to, Rule::LeaveOnDay);
            }
            for fact in self.list.iter_mut().skip(before) {
                (fact.from, fact.to) = (from.value, to.value);
                fact.check |= check;
            }
        }
        if let Some(day) = c.return_date.value {
            self.add("return_date", day.to_string(), &c.return_date, Rule::Stated);
        }
        let child_care = matches!(c.childcare.state.value, Some("取得予定" | "取得中"));
        if c.return_state.value == Some("復職予定")
            && child_care
            && let Some(fact) = self.add(
                "returning_from_leave",
                "はい",
                &c.return_state,
                Rule::ReturnPlanned,
            )
        {
            fact.from = c.return_date.value;
        }
    }

    fn posted(&mut self, base: Date) {
        let period = &self.certificate.posted;
        let (Some(from), Some(to)) = (period.from.value, period.to.value) else {
            return;
        };
        let check = period.from.check || period.to.check;
        let mut list = Vec::new();
        if from <= base && base <= to {
            list.push(("posted_away", "はい".to_owned(), Rule::PostedOnDay));
        }
        // The last day belongs to it.
        let months = to
            .tomorrow()
            .ok()
            .and_then(|end| from.until((jiff::Unit::Month, end)).ok());
        let months = months.map(|span| span.get_months()).filter(|_| from <= to);
        if let Some(months) = months {
            list.push(("posted_months", months.to_string(), Rule::PostedMonths));
        }
        for (name, text, rule) in list {
            if let Some(fact) = self.add(name, text, &period.from, rule) {
                (fact.from, fact.to) = (Some(from), Some(to));
                fact.check |= check;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use enmusubi_domain::facts::vocabulary::VOCABULARY;

    /// Every attribute proved by the certificate is read or said to be unsaid.
    #[test]
    fn no_attribute_of_the_paper_is_forgotten() {
        let source = include_str!("facts.rs");
        let (code, _) = source.split_once("#[cfg(test)]").expect("tests");
        for a in VOCABULARY
            .iter()
            .filter(|a| a.entity == Entity::Guardian && a.paper.starts_with("就労証明書"))
        {
            let composed =
                a.name.starts_with("work_hours_per_") || a.name.starts_with("work_days_per_");
            assert!(
                composed || code.contains(&format!("\"{}\"", a.name)),
                "{}",
                a.name
            );
        }
        for (name, why) in UNSAID {
            assert!(
                find(Entity::Guardian, name).is_some() && why.ends_with(|c| c != ' '),
                "{name}"
            );
        }
    }
}
