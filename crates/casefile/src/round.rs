//! A round (選考回) in preparation: its calendar and its rules.

use crate::{
    Aggregate, Meta,
    application::{Channel, Receipt, ReceiptRule},
};
use enmusubi_domain::facts::RoundInfo;
use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Days and rules of a round.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Calendar {
    /// 入所日, the first of a month.
    pub entry: Date,
    /// 何回目 (一次 = 1).
    pub number: u32,
    /// 基準日.
    pub base: Date,
    /// First day of receipt.
    pub opens: Date,
    /// 申込締切日.
    pub deadline: Date,
    /// 補正の期限.
    pub correction_deadline: Date,
    /// 希望変更・取下げの期限.
    pub change_deadline: Date,
    /// 内定の返事の期限.
    pub answer_deadline: Date,
    /// 発表の日時.
    pub publication: Timestamp,
    /// Which day counts, by channel; arrival where nothing is said.
    pub receipt: BTreeMap<Channel, ReceiptRule>,
    /// What happens to late ones, in words of the guide (次回へ回す …).
    pub late_rule: String,
    /// Months an application stays valid, this one included.
    pub valid_months: u32,
}

impl Calendar {
    /// Whether something received so is in time.
    #[must_use]
    pub fn in_time(&self, channel: Channel, receipt: &Receipt) -> bool {
        let rule = self
            .receipt
            .get(&channel)
            .copied()
            .unwrap_or(ReceiptRule::Arrival);
        receipt.counts(rule) <= self.deadline
    }

    /// What the round is, for facts.
    #[must_use]
    pub fn info(&self, municipality: Option<&str>) -> RoundInfo {
        RoundInfo {
            municipality: municipality.map(Into::into),
            entry_date: self.entry,
            number: self.number,
            base_date: self.base,
            deadline: Some(self.deadline),
        }
    }

    /// What is wrong with it, as keys of the messages.
    #[must_use]
    pub fn problems(&self) -> Vec<&'static str> {
        let mut found = Vec::new();
        if self.entry.day() != 1 {
            found.push("round.entry_not_first");
        }
        if self.deadline < self.opens {
            found.push("round.deadline_before_opening");
        }
        if self.correction_deadline < self.deadline {
            found.push("round.correction_before_deadline");
        }
        if self.entry <= self.deadline {
            found.push("round.entry_before_deadline");
        }
        if self.base > self.entry {
            found.push("round.base_after_entry");
        }
        found
    }
}

/// The state of a round.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Round {
    /// Days and rules; `None` until they are set.
    pub calendar: Option<Calendar>,
    /// Name for people (令和9年4月 一次).
    pub name: String,
    /// What happens to equals at the end, as declared (`lottery:SEED`, `stop`); empty: as the criteria say.
    #[serde(default)]
    pub ties: String,
    /// Marked as ready, by whom, when, with the digest of its facts.
    #[serde(default)]
    pub ready: Option<(String, Timestamp, String)>,
}

/// What happened to a round.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "event")]
pub enum Event {
    /// Days and rules as they are now.
    Planned {
        /// Name for people.
        name: String,
        /// Days and rules.
        calendar: Calendar,
    },
    /// How equals are decided.
    TiesDeclared {
        /// As above.
        ties: String,
    },
    /// Everything is there.
    MarkedReady {
        /// Digest of facts and criteria.
        digest: String,
    },
    /// Something changed afterwards.
    ReadinessLost {
        /// What.
        reason: String,
    },
}

impl Aggregate for Round {
    type Event = Event;

    const KIND: &'static str = "round";

    fn name(event: &Event) -> &'static str {
        match event {
            Event::Planned { .. } => "planned",
            Event::TiesDeclared { .. } => "ties_declared",
            Event::MarkedReady { .. } => "marked_ready",
            Event::ReadinessLost { .. } => "readiness_lost",
        }
    }

    fn apply(&mut self, event: &Event, meta: &Meta) {
        match event {
            Event::Planned { name, calendar } => {
                self.name.clone_from(name);
                self.calendar = Some(calendar.clone());
            }
            Event::TiesDeclared { ties } => self.ties.clone_from(ties),
            Event::MarkedReady { digest } => {
                self.ready = Some((meta.by.clone(), meta.at, digest.clone()));
            }
            Event::ReadinessLost { .. } => self.ready = None,
        }
    }
}
