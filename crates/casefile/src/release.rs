//! Criteria of a municipality as released: which file applies from when, who proposed and who released it.
//!
//! 甲賀市 mis-scored 400 children by a wrong points table; 浦安市 by a rule that no test touched. So whoever releases is another person, types each
//! table's number of rows and sum of points from the published document, and no changed row goes out without a worked example.

use crate::{Aggregate, Meta, Refusal};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Rows and points of one table, to be held against the published document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Control {
    /// Number of rows.
    pub rows: u32,
    /// Sum of points, exact, as text.
    pub points: String,
}

/// What the program found out about a file when it was proposed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Findings {
    /// Worked examples that failed.
    pub failed: Vec<String>,
    /// Changed or new rows that no worked example touches.
    pub untested: Vec<String>,
    /// Places still to be filled.
    pub holes: Vec<String>,
    /// Rows and points, by id of the table.
    pub controls: BTreeMap<String, Control>,
}

/// The state of a release.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Release {
    /// Title of the file.
    pub title: String,
    /// Fiscal year it is for.
    pub fiscal_year: i16,
    /// The file itself.
    pub text: String,
    /// SHA-256 of the text.
    pub digest: String,
    /// What the program found out.
    pub findings: Findings,
    /// Who proposed it, when.
    pub proposed: Option<(String, Timestamp)>,
    /// Why it changed.
    pub reason: String,
    /// Who released it, when.
    pub released: Option<(String, Timestamp)>,
    /// Set aside, with the reason.
    #[serde(default)]
    pub ended: Option<String>,
}

/// What happened to a release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "event")]
pub enum Event {
    /// A file was proposed.
    Proposed {
        /// Title of the file.
        title: String,
        /// Fiscal year.
        fiscal_year: i16,
        /// The file.
        text: String,
        /// SHA-256 of the text.
        digest: String,
        /// What the program found out.
        findings: Findings,
        /// Why it changed.
        reason: String,
    },
    /// It was released by another, who typed the control numbers.
    Released {
        /// As typed, by id of the table.
        controls: BTreeMap<String, Control>,
    },
    /// It was set aside.
    Ended {
        /// Why.
        reason: String,
    },
}

impl Aggregate for Release {
    type Event = Event;

    const KIND: &'static str = "criteria";

    fn name(event: &Event) -> &'static str {
        match event {
            Event::Proposed { .. } => "proposed",
            Event::Released { .. } => "released",
            Event::Ended { .. } => "ended",
        }
    }

    fn apply(&mut self, event: &Event, meta: &Meta) {
        match event {
            Event::Proposed {
                title,
                fiscal_year,
                text,
                digest,
                findings,
                reason,
            } => {
                self.title.clone_from(title);
                self.fiscal_year = *fiscal_year;
                self.text.clone_from(text);
                self.digest.clone_from(digest);
                self.findings = findings.clone();
                self.reason.clone_from(reason);
                self.proposed = Some((meta.by.clone(), meta.at));
            }
            Event::Released { .. } => self.released = Some((meta.by.clone(), meta.at)),
            Event::Ended { reason } => self.ended = Some(reason.clone()),
        }
    }
}

impl Release {
    /// Whether rounds of its year use it.
    #[must_use]
    pub fn applies(&self) -> bool {
        self.released.is_some() && self.ended.is_none()
    }

    /// Releases it.
    ///
    /// # Errors
    /// The same person, failed or missing examples, places to be filled, control numbers that differ from the file.
    pub fn release(
        &self,
        by: &str,
        typed: BTreeMap<String, Control>,
    ) -> Result<Vec<Event>, Refusal> {
        let Some((proposer, _)) = &self.proposed else {
            return Err(Refusal::of("refusal.nothing_proposed"));
        };
        if self.released.is_some() || self.ended.is_some() {
            return Err(Refusal::of("refusal.release_decided"));
        }
        if proposer == by {
            return Err(Refusal::of("refusal.same_person"));
        }
        let f = &self.findings;
        if let Some(first) = f.failed.first() {
            return Err(Refusal::of("refusal.examples_fail")
                .with("count", f.failed.len())
                .with("first", first));
        }
        if let Some(first) = f.untested.first() {
            return Err(Refusal::of("refusal.rows_untested")
                .with("count", f.untested.len())
                .with("first", first));
        }
        if let Some(first) = f.holes.first() {
            return Err(Refusal::of("refusal.holes")
                .with("count", f.holes.len())
                .with("first", first));
        }
        for (table, control) in &f.controls {
            if typed.get(table) != Some(control) {
                return Err(Refusal::of("refusal.control_differs").with("table", table));
            }
        }
        Ok(vec![Event::Released { controls: typed }])
    }
}
