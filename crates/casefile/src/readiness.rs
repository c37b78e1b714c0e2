//! What is still missing before a round can run (実行前の確認): each a count, with those it concerns.

use crate::{household::Household, round::Calendar};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// What an application waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// A request to the family is open.
    Correction,
    /// Facts wait for confirmation, or a paper to be read.
    Facts,
    /// A judged value waits for its second signature.
    Judgement,
    /// Its need of care is not certified.
    Certification,
    /// A proposed certification waits for approval.
    Approval,
    /// Its index cannot be worked out: a fact is not known.
    Undecided,
    /// Ready for the round.
    Ready,
    /// Withdrawn or joined into another.
    Out,
}

impl Stage {
    /// All of them, in the order a case goes through.
    pub const ALL: [Self; 8] = [
        Self::Correction,
        Self::Facts,
        Self::Judgement,
        Self::Certification,
        Self::Approval,
        Self::Undecided,
        Self::Ready,
        Self::Out,
    ];

    /// As stored, in links and in message keys.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Correction => "correction",
            Self::Facts => "facts",
            Self::Judgement => "judgement",
            Self::Certification => "certification",
            Self::Approval => "approval",
            Self::Undecided => "undecided",
            Self::Ready => "ready",
            Self::Out => "out",
        }
    }

    /// Of a name.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.name() == name)
    }
}

/// Where an application stands. `decided`: its index could be worked out, where that was tried.
#[must_use]
pub fn stage(household: &Household, number: &str, on: Date, decided: Option<bool>) -> Stage {
    let Some(application) = household.applications.iter().find(|a| a.number == number) else {
        return Stage::Out;
    };
    if !application.is_open() || household.joined_into.is_some() {
        return Stage::Out;
    }
    if household.open_corrections().next().is_some() {
        return Stage::Correction;
    }
    if household.unconfirmed().next().is_some() {
        return Stage::Facts;
    }
    if household
        .judgements
        .iter()
        .any(crate::judgement::Judgement::is_open)
    {
        return Stage::Judgement;
    }
    if household.certified(&application.child, on).is_none() {
        return if household.proposed(&application.child).is_some() {
            Stage::Approval
        } else {
            Stage::Certification
        };
    }
    if decided == Some(false) {
        return Stage::Undecided;
    }
    Stage::Ready
}

/// Day on which need of care must be certified for a round.
#[must_use]
pub fn certified_on(calendar: &Calendar) -> Date {
    calendar.entry
}
