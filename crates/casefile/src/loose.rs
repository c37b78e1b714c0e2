//! Papers that arrived without a case (行き先の決まらない書類): a batch of scans, a letter without a number.

use crate::{Aggregate, Meta, Refusal, paper::Paper};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A paper that waits for its case.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoosePaper {
    /// The paper, attached to nobody yet: its subject is the household that will have it.
    pub paper: Option<Paper>,
    /// Round it arrived for.
    pub round: String,
    /// Name on it, as written; empty: not known.
    pub name: String,
    /// Reading of the name; empty: not known.
    #[serde(default)]
    pub kana: String,
    /// Birth date on it.
    pub birth: Option<Date>,
    /// Number of the application whose case has it now.
    pub assigned: Option<String>,
    /// Set aside, with the reason.
    pub discarded: Option<String>,
}

/// What happened to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "event")]
pub enum Event {
    /// It arrived.
    Arrived {
        /// It.
        paper: Box<Paper>,
        /// Round.
        round: String,
        /// Name on it.
        name: String,
        /// Reading of the name.
        kana: String,
        /// Birth date on it.
        birth: Option<Date>,
    },
    /// A case has it.
    Assigned {
        /// Number of an application of the case.
        number: String,
    },
    /// It belongs to nobody.
    Discarded {
        /// Why.
        reason: String,
    },
}

impl Aggregate for LoosePaper {
    type Event = Event;

    const KIND: &'static str = "loose_paper";

    fn name(event: &Event) -> &'static str {
        match event {
            Event::Arrived { .. } => "arrived",
            Event::Assigned { .. } => "assigned",
            Event::Discarded { .. } => "discarded",
        }
    }

    fn apply(&mut self, event: &Event, _: &Meta) {
        match event {
            Event::Arrived {
                paper,
                round,
                name,
                kana,
                birth,
            } => {
                self.paper = Some((**paper).clone());
                self.round.clone_from(round);
                self.name.clone_from(name);
                self.kana.clone_from(kana);
                self.birth = *birth;
            }
            Event::Assigned { number } => self.assigned = Some(number.clone()),
            Event::Discarded { reason } => self.discarded = Some(reason.clone()),
        }
    }
}

impl LoosePaper {
    /// Whether it still waits.
    #[must_use]
    pub fn waits(&self) -> bool {
        self.paper.is_some() && self.assigned.is_none() && self.discarded.is_none()
    }

    /// Gives it to a case.
    ///
    /// # Errors
    /// It does not wait any more.
    pub fn assign(&self, number: &str) -> Result<Vec<Event>, Refusal> {
        self.waiting()?;
        Ok(vec![Event::Assigned {
            number: number.to_owned(),
        }])
    }

    /// Sets it aside.
    ///
    /// # Errors
    /// It does not wait any more; no reason.
    pub fn discard(&self, reason: &str) -> Result<Vec<Event>, Refusal> {
        self.waiting()?;
        let reason = reason.trim().to_owned();
        if reason.is_empty() {
            return Err(Refusal::of("refusal.no_reason"));
        }
        Ok(vec![Event::Discarded { reason }])
    }

    fn waiting(&self) -> Result<(), Refusal> {
        match self.waits() {
            true => Ok(()),
            false => Err(Refusal::of("refusal.loose_settled")),
        }
    }
}
