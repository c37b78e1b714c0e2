//! Eligibility certification (教育・保育給付認定, 子ども・子育て支援法第19条・第20条): proposed from facts, approved by another.

use crate::Refusal;
use enmusubi_domain::facts::RoundInfo;
use jiff::{Timestamp, ToSpan as _, civil::Date};
use serde::{Deserialize, Serialize};

/// 認定区分 (法第19条).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// 1号: three and older, no need of care.
    First,
    /// 2号: three and older, need of care.
    Second,
    /// 3号: under three, need of care.
    Third,
}

impl Class {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::First, Self::Second, Self::Third];

    /// As stored and in forms.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::Second => "second",
            Self::Third => "third",
        }
    }

    /// 1号, 2号, 3号.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::First => "1号",
            Self::Second => "2号",
            Self::Third => "3号",
        }
    }

    /// Of a name.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|c| c.name() == name)
    }
}

/// 保育必要量.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Hours {
    /// 保育標準時間.
    Standard,
    /// 保育短時間.
    Short,
}

impl Hours {
    /// As stored and in forms.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Standard => "standard",
            Self::Short => "short",
        }
    }

    /// Of a name.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        [Self::Standard, Self::Short]
            .into_iter()
            .find(|h| h.name() == name)
    }
}

/// What is certified.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// 認定区分.
    pub class: Class,
    /// 保育必要量; none for 1号.
    #[serde(default)]
    pub hours: Option<Hours>,
    /// 保育を必要とする事由: labels of the vocabulary's reasons.
    pub reasons: Vec<String>,
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
}

/// Where a certification stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum State {
    /// Waits for another person.
    Proposed,
    /// Approved: number, by whom, when.
    Approved {
        /// 認定番号.
        number: String,
        /// Who.
        by: String,
        /// When.
        at: Timestamp,
    },
    /// Sent back to the proposer, with the reason.
    Returned {
        /// Why.
        reason: String,
        /// Who.
        by: String,
    },
    /// 却下, with the reason (理由の提示, 行政手続法第8条).
    Refused {
        /// Why.
        reason: String,
        /// Who.
        by: String,
        /// When.
        at: Timestamp,
    },
    /// 取消, with the reason.
    Cancelled {
        /// Why.
        reason: String,
        /// Who.
        by: String,
        /// When.
        at: Timestamp,
    },
    /// Another certification took its place (変更認定, 3号→2号).
    Replaced {
        /// Id of the other.
        by_id: u32,
    },
}

/// What a proposal asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// 認定.
    Certify,
    /// 却下.
    Refuse,
    /// 取消 of one that was approved.
    Cancel,
}

/// A certification of a child.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certification {
    /// Number within the case.
    pub id: u32,
    /// The child.
    pub child: String,
    /// What is proposed.
    pub act: Act,
    /// What is certified.
    pub content: Content,
    /// Why it is proposed so, in words (reasons of refusal, of a change).
    #[serde(default)]
    pub why: String,
    /// The certification it changes or cancels.
    #[serde(default)]
    pub changes: Option<u32>,
    /// Who proposed it.
    pub proposed_by: String,
    /// When.
    pub proposed_at: Timestamp,
    /// Where it stands.
    pub state: State,
}

impl Certification {
    /// Whether it certifies a need of care on a day.
    #[must_use]
    pub fn certifies_care_on(&self, day: Date) -> bool {
        self.act == Act::Certify
            && matches!(self.state, State::Approved { .. })
            && self.content.class != Class::First
            && self.content.from <= day
            && day <= self.content.to
    }
}

/// Day by which an application has to be answered (法第20条第6項: 30 days), else the delay notice is due.
#[must_use]
pub fn answer_due(received: Date) -> Date {
    received.saturating_add(30.days())
}

/// Monthly hours from which care is certified for standard hours (施行規則第4条: 120 hours; the municipality may say otherwise).
pub const STANDARD_HOURS_PER_MONTH: i64 = 120;

/// Longest validity (施行規則第8条): 2号 until school begins, 3号 until the third birthday is reached; shorter by reason.
///
/// # Errors
/// Where the birth date leaves no such day.
pub fn longest(class: Class, birth: Date, from: Date) -> Result<Date, Refusal> {
    let third = third_birthday_eve(birth);
    let school = school_begins(birth).saturating_sub(1.day());
    let last = match class {
        Class::Third => third,
        Class::First | Class::Second => school,
    };
    if last < from {
        return Err(Refusal::of("refusal.certification_age"));
    }
    Ok(last)
}

/// The last day before the third birthday's eve has passed: a 3号 child becomes three, by the day-before rule, at the end of the day before the birthday,
/// and the certificate reaches until two days before it (施行規則第8条: 満3歳に達する日の前日).
fn third_birthday_eve(birth: Date) -> Date {
    // 満三歳に達する日 is the day before the third birthday.
    birth.saturating_add(3.years()).saturating_sub(2.days())
}

/// 1 April on which the child enters school: the first after the sixth birthday is reached.
fn school_begins(birth: Date) -> Date {
    // Born on 1 April: reaches six at the end of 31 March, and begins on the next day.
    let reaches = birth.saturating_add(6.years()).saturating_sub(1.day());
    let year = RoundInfo::fiscal_year_of(reaches);
    Date::new(year + 1, 4, 1).unwrap_or(reaches)
}

/// 2号 or 3号 on a day.
#[must_use]
pub fn class_on(birth: Date, day: Date) -> Class {
    if day > third_birthday_eve(birth) {
        Class::Second
    } else {
        Class::Third
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn validity_ends_by_the_day_before_rule() {
        // 満3歳に達する日 is 9 May 2027, the day before it 8 May.
        let birth = date(2024, 5, 10);
        assert_eq!(
            longest(Class::Third, birth, date(2027, 4, 1)),
            Ok(date(2027, 5, 8))
        );
        assert_eq!(class_on(birth, date(2027, 5, 8)), Class::Third);
        assert_eq!(class_on(birth, date(2027, 5, 9)), Class::Second);
        // Born on 1 April: school a year earlier than born on 2 April.
        assert_eq!(
            longest(Class::Second, date(2024, 4, 1), date(2027, 4, 1)),
            Ok(date(2030, 3, 31))
        );
        assert_eq!(
            longest(Class::Second, date(2024, 4, 2), date(2027, 4, 1)),
            Ok(date(2031, 3, 31))
        );
        assert!(longest(Class::Third, birth, date(2027, 6, 1)).is_err());
    }
}
