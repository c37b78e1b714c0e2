//! The employment certificate as it was read: what stands on the paper, each with its place.

use super::raw::{Found, Place};
use enmusubi_domain::facts::Exact;
use jiff::civil::Date;

/// What is known of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Read.
    Read,
    /// The paper leaves it blank.
    Blank,
    /// Not read, for a reason that was told: neither blank nor anything else.
    Unread,
}

/// A field of the paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field<T> {
    /// The value, where it was read.
    pub value: Option<T>,
    /// Whether it was read, is blank, or could not be read.
    pub state: State,
    /// Where it was read.
    pub place: Place,
    /// How it was found.
    pub found: Found,
    /// Somebody should compare it with the paper (told why).
    pub check: bool,
}

impl<T> Field<T> {
    /// A blank without a place.
    #[must_use]
    pub fn blank() -> Self {
        Self {
            value: None,
            state: State::Blank,
            place: Place::default(),
            found: Found::Nowhere,
            check: false,
        }
    }

    /// Whether the paper leaves it blank, for certain.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.state == State::Blank
    }

    /// The value, with where it was read.
    pub(super) fn known(&self) -> Option<(&T, &Place)> {
        Some((self.value.as_ref()?, &self.place))
    }
}

/// First and last day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Period {
    /// First day.
    pub from: Field<Date>,
    /// Last day.
    pub to: Field<Date>,
}

/// A time of day in minutes since midnight, up to 29:59 (of the next morning).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Clock(pub u16);

/// A band of time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Band {
    /// Beginning.
    pub start: Field<Clock>,
    /// End.
    pub end: Field<Clock>,
    /// Minutes of break in it.
    pub pause: Field<u32>,
}

impl Band {
    /// Minutes from beginning to end, the break included; `None` where one is not known or the end is not later.
    #[must_use]
    pub fn minutes(&self) -> Option<u32> {
        let (start, end) = (self.start.value?, self.end.value?);
        end.0.checked_sub(start.0).filter(|m| *m > 0).map(u32::from)
    }
}

/// Weekdays ticked: bits from 月 (0) to 日 (6), and 祝日 (7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Weekdays(pub u8);

impl Weekdays {
    /// Days from Monday to Sunday.
    #[must_use]
    pub fn count(self) -> u32 {
        (self.0 & 0x7F).count_ones()
    }

    /// Whether Saturday, Sunday or public holidays are among them.
    #[must_use]
    pub fn has_weekend(self) -> bool {
        self.0 & 0xE0 != 0
    }
}

/// No.6 就労時間（固定就労の場合）.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FixedHours {
    /// Weekdays ticked.
    pub days: Field<Weekdays>,
    /// Minutes of a month, break included.
    pub monthly_minutes: Field<u32>,
    /// Minutes of break of a month in them.
    pub monthly_break: Field<u32>,
    /// 日／月.
    pub days_per_month: Field<Exact>,
    /// 日／週.
    pub days_per_week: Field<Exact>,
    /// 平日.
    pub weekday: Band,
    /// 土曜.
    pub saturday: Band,
    /// 日祝.
    pub sunday: Band,
}

impl FixedHours {
    /// Whether anything of it is filled in.
    #[must_use]
    pub fn is_stated(&self) -> bool {
        self.monthly_minutes.value.is_some()
            || self.days_per_month.value.is_some()
            || self.days_per_week.value.is_some()
            || self.weekday.start.value.is_some()
            || self.days.value.is_some()
    }
}

/// No.6 就労時間（変則就労の場合）.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VariableHours {
    /// 月間 or 週間, of the hours.
    pub hours_unit: Field<&'static str>,
    /// Minutes of that, break included.
    pub minutes: Field<u32>,
    /// Minutes of break in them.
    pub pause: Field<u32>,
    /// 月間 or 週間, of the days.
    pub days_unit: Field<&'static str>,
    /// Days of that.
    pub days: Field<Exact>,
    /// 主な就労時間帯.
    pub band: Band,
}

impl VariableHours {
    /// Whether anything of it is filled in.
    #[must_use]
    pub fn is_stated(&self) -> bool {
        self.minutes.value.is_some() || self.days.value.is_some() || self.band.start.value.is_some()
    }
}

/// No.7: the results of a month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MonthResult {
    /// First day of the month.
    pub month: Field<Date>,
    /// Days, paid leave among them.
    pub days: Field<Exact>,
    /// Minutes, breaks and overtime among them.
    pub minutes: Field<u32>,
}

/// A leave: 取得予定, 取得中 or 取得済み, and from when to when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leave {
    /// What is ticked.
    pub state: Field<&'static str>,
    /// From when to when.
    pub period: Period,
}

/// No.19: a child in the guardian's box.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChildBox {
    /// 児童名.
    pub name: Field<String>,
    /// 生年月日.
    pub birth: Field<Date>,
    /// 施設名.
    pub facility: Field<String>,
    /// 利用中 or 申込中（第一希望）.
    pub state: Field<&'static str>,
}

/// An employment certificate. Option texts are those of the national form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// 証明日.
    pub date: Field<Date>,
    /// 宛先.
    pub addressee: Field<String>,
    /// 事業所名.
    pub employer_name: Field<String>,
    /// 所在地.
    pub employer_address: Field<String>,
    /// 電話番号, its parts joined by `-`.
    pub employer_phone: Field<String>,
    /// No.1 業種.
    pub industry: Field<&'static str>,
    /// No.2 フリガナ.
    pub person_kana: Field<String>,
    /// No.2 本人氏名, as written.
    pub person_name: Field<String>,
    /// No.2 生年月日.
    pub person_birth: Field<Date>,
    /// No.3 無期 or 有期.
    pub period_kind: Field<&'static str>,
    /// No.3 雇用(予定)期間等.
    pub period: Period,
    /// No.4 名称.
    pub workplace_name: Field<String>,
    /// No.4 住所.
    pub workplace_address: Field<String>,
    /// No.5 雇用の形態.
    pub employment_type: Field<&'static str>,
    /// No.6 固定就労.
    pub fixed: FixedHours,
    /// No.6 変則就労.
    pub variable: VariableHours,
    /// No.7, newest first.
    pub results: [MonthResult; 3],
    /// No.8 産前・産後休業.
    pub maternity: Leave,
    /// No.9 育児休業.
    pub childcare: Leave,
    /// No.10 産休・育休以外の休業.
    pub other_leave: Leave,
    /// No.10 理由.
    pub other_reason: Field<&'static str>,
    /// No.11 復職予定 or 復職済み.
    pub return_state: Field<&'static str>,
    /// No.11 復職（予定）年月日.
    pub return_date: Field<Date>,
    /// No.12 育児のための短時間勤務.
    pub reduced: Leave,
    /// No.12 the reduced band.
    pub reduced_band: Band,
    /// No.13 有, 有（予定） or 無.
    pub childcare_job: Field<&'static str>,
    /// No.14 満了後の更新.
    pub renewal: Field<&'static str>,
    /// No.15 入所内定時育休短縮可否.
    pub shorten: Field<&'static str>,
    /// No.16 育休延長可否.
    pub extend: Field<&'static str>,
    /// No.17 単身赴任期間.
    pub posted: Period,
    /// No.18 備考.
    pub remarks: Field<String>,
    /// No.19 保護者記載欄.
    pub children: [ChildBox; 3],
}
