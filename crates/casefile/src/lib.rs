//! The case file (申込みの記録): what a case is, and what may be done to it.
//!
//! - [`person`]: names as received, the keys they are searched by, addresses.
//! - [`fact`]: statements about somebody: value, from and to, source, who confirmed it; what holds on a day.
//! - [`household`]: the case itself, its events and commands; siblings share it.
//! - [`application`], [`paper`], [`certification`], [`judgement`]: its parts.
//! - [`entry`]: a paper form as a clerk keys it, checked field by field.
//! - [`similar`]: who might be the same applicant.
//! - [`facility`], [`seats`]: roster, computed and confirmed seats, alarms.
//! - [`round`]: a round's calendar; [`release`]: which criteria apply from when; [`readiness`]: what is still missing.
//! - [`agreement`], [`papers_needed`]: what the sources say beside each other; which papers a case lacks.
//! - [`loose`]: papers that arrived without a case.
//! - [`mapping`]: how the columns of a file become fields.
//! - [`account`]: who works here, with which roles, until when.
//! - [`assemble`]: cases → [`enmusubi_domain::facts::RoundFacts`].
//!
//! **Invariant:** nothing here reads a clock, a file or a database. Whoever calls says what time it is and who acts.
//!
//! **Invariant:** a command looks at the state and gives events or a [`Refusal`]; it changes nothing. Only
//! [`Aggregate::apply`] changes a state, and it never fails: an event that was written once is read for ever.

pub mod account;
pub mod agreement;
pub mod application;
pub mod assemble;
pub mod certification;
pub mod entry;
pub mod facility;
pub mod fact;
pub mod household;
pub mod judgement;
pub mod loose;
pub mod mapping;
pub mod paper;
pub mod papers_needed;
pub mod person;
pub mod readiness;
pub mod release;
pub mod round;
pub mod seats;
pub mod similar;

use serde::{Serialize, de::DeserializeOwned};

/// When something happened and who did it: kept beside each event, not inside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meta {
    /// The moment.
    pub at: jiff::Timestamp,
    /// Account that acted.
    pub by: String,
}

/// Something whose state is the fold of its events.
pub trait Aggregate: Default + Clone + Serialize + DeserializeOwned + Send + Sync {
    /// Its events. New kinds may be added; the meaning of a written one never changes.
    type Event: Serialize + DeserializeOwned + Clone + Send + Sync;

    /// Kind of stream, as stored.
    const KIND: &'static str;

    /// Changes the state. Never fails.
    fn apply(&mut self, event: &Self::Event, meta: &Meta);

    /// Name of an event, for the audit log and for lists of what happened.
    fn name(event: &Self::Event) -> &'static str;
}

/// Why a command is refused, as a key of the message files and what goes into the sentence. A person can mend it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Key in the messages (`refusal.…`).
    pub key: &'static str,
    /// Values of the sentence's placeholders.
    pub values: Vec<(&'static str, String)>,
}

impl Refusal {
    /// A refusal without values.
    #[must_use]
    pub fn of(key: &'static str) -> Self {
        Self {
            key,
            values: Vec::new(),
        }
    }

    /// The same with a value.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.values.push((name, value.to_string()));
        self
    }
}
