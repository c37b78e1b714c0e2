//! An application (申込): one child in one round.

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

/// How it came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// By post (郵送).
    Paper,
    /// At the counter (窓口).
    Counter,
    /// Online.
    Online,
    /// In a file from elsewhere.
    File,
}

impl Channel {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Paper, Self::Counter, Self::Online, Self::File];

    /// As stored and in forms.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Paper => "paper",
            Self::Counter => "counter",
            Self::Online => "online",
            Self::File => "file",
        }
    }

    /// Of a name.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|c| c.name() == name)
    }
}

/// Which day counts for a deadline (受付の定め).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReceiptRule {
    /// The postmark (消印有効).
    Postmark,
    /// The day it arrived (必着).
    Arrival,
}

/// When something came in, and which day counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The day it arrived.
    pub arrived: Date,
    /// The postmark, where there is one.
    #[serde(default)]
    pub postmark: Option<Date>,
}

impl Receipt {
    /// The day that counts under a rule. Without a postmark the arrival counts.
    #[must_use]
    pub fn counts(&self, rule: ReceiptRule) -> Date {
        match rule {
            ReceiptRule::Postmark => self.postmark.unwrap_or(self.arrived),
            ReceiptRule::Arrival => self.arrived,
        }
    }
}

/// New or transfer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// 新規.
    New,
    /// 転園.
    Transfer,
}

impl Kind {
    /// As the workbook writes it.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::New => "新規",
            Self::Transfer => "転園",
        }
    }
}

/// An application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Application {
    /// 受付番号, unique in the municipality.
    pub number: String,
    /// The child (`c1`).
    pub child: String,
    /// The round it is for.
    pub round: String,
    /// New or transfer.
    pub kind: Kind,
    /// How it came.
    pub channel: Channel,
    /// When.
    pub receipt: Receipt,
    /// Whether it is in time under the round's rule when it was received.
    pub on_time: bool,
    /// Moment it was entered.
    pub entered: Timestamp,
    /// Withdrawn (取下げ), with reason, by whom, when.
    #[serde(default)]
    pub withdrawn: Option<Withdrawn>,
    /// The same application as another one, and which.
    #[serde(default)]
    pub duplicate_of: Option<String>,
}

impl Application {
    /// Whether it takes part in its round.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.withdrawn.is_none() && self.duplicate_of.is_none()
    }
}

/// A withdrawal (取下げ).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Withdrawn {
    /// Day it was declared.
    pub on: Date,
    /// Why.
    pub reason: String,
    /// Who entered it.
    pub by: String,
}
