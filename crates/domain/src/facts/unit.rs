//! Units of quantities. Hours per month and hours per week are different types: nothing compares
//! or adds them but an explicit conversion.

/// Unit of a quantity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Unit {
    /// 時間／日.
    HoursPerDay,
    /// 時間／週.
    HoursPerWeek,
    /// 時間／月.
    HoursPerMonth,
    /// 日／週.
    DaysPerWeek,
    /// 日／月.
    DaysPerMonth,
    /// 分 (commuting time, one way).
    Minutes,
    /// 日間.
    Days,
    /// か月.
    Months,
    /// 年, 歳.
    Years,
    /// 円.
    Yen,
    /// メートル.
    Metres,
}

impl Unit {
    /// Every unit.
    pub const ALL: &'static [Self] = &[
        Self::HoursPerDay,
        Self::HoursPerWeek,
        Self::HoursPerMonth,
        Self::DaysPerWeek,
        Self::DaysPerMonth,
        Self::Minutes,
        Self::Days,
        Self::Months,
        Self::Years,
        Self::Yen,
        Self::Metres,
    ];

    /// Name in criteria files; as a function it makes a quantity: `hours_per_month(140)`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::HoursPerDay => "hours_per_day",
            Self::HoursPerWeek => "hours_per_week",
            Self::HoursPerMonth => "hours_per_month",
            Self::DaysPerWeek => "days_per_week",
            Self::DaysPerMonth => "days_per_month",
            Self::Minutes => "minutes",
            Self::Days => "days",
            Self::Months => "months",
            Self::Years => "years",
            Self::Yen => "yen",
            Self::Metres => "metres",
        }
    }

    /// As people write it after a number.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::HoursPerDay => "時間／日",
            Self::HoursPerWeek => "時間／週",
            Self::HoursPerMonth => "時間／月",
            Self::DaysPerWeek => "日／週",
            Self::DaysPerMonth => "日／月",
            Self::Minutes => "分",
            Self::Days => "日",
            Self::Months => "か月",
            Self::Years => "年",
            Self::Yen => "円",
            Self::Metres => "メートル",
        }
    }

    /// The unit of a name.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|u| u.name() == name)
    }

    /// The unit of a label as people write it (`時間／月`).
    #[must_use]
    pub fn of_label(label: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|u| u.label() == label)
    }
}
