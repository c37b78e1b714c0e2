//! A facility (施設・園): what it is, its classes, its roster.

use crate::{Aggregate, Meta};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A class of one age.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Class {
    /// Age class 0–5.
    pub age: u8,
    /// 利用定員.
    pub capacity: u32,
    /// 受入可能数: how many the facility can take this year.
    pub acceptable: u32,
    /// Staff who are there for the class (配置), where known.
    #[serde(default)]
    pub staff: Option<u32>,
}

/// A child of the roster, without a name: the case file knows names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enrolled {
    /// Id of the child: of the case file, or of the core system.
    pub child: String,
    /// Class age in the fiscal year of `from`… as of the roster's date.
    pub birth: Date,
    /// First day.
    pub from: Date,
    /// Last day, where it is known that the child leaves.
    #[serde(default)]
    pub until: Option<Date>,
}

/// The state of a facility.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facility {
    /// Facts by name of the vocabulary (`name`, `kind`, `last_age`, `area` …), as cells of a workbook.
    pub facts: BTreeMap<String, String>,
    /// Its classes, by age.
    pub classes: Vec<Class>,
    /// Its roster.
    pub roster: Vec<Enrolled>,
    /// Day the roster is of.
    #[serde(default)]
    pub roster_of: Option<Date>,
    /// Seats of last year's round of the same month, by age.
    #[serde(default)]
    pub last_year: BTreeMap<u8, u32>,
    /// Closed: takes part in no round.
    #[serde(default)]
    pub closed: bool,
}

/// What happened to a facility.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "event")]
pub enum Event {
    /// Facts as they are now.
    Described {
        /// By name of the vocabulary.
        facts: BTreeMap<String, String>,
    },
    /// Classes as they are now.
    ClassesSet {
        /// By age.
        classes: Vec<Class>,
    },
    /// The roster as it is now.
    RosterSet {
        /// Day it is of.
        of: Date,
        /// Who is enrolled.
        roster: Vec<Enrolled>,
    },
    /// Seats of last year's round.
    LastYearSet {
        /// By age. Pairs, since a tagged event cannot be read back with numbers as keys.
        seats: Vec<(u8, u32)>,
    },
    /// It takes part in no round any more.
    Closed {
        /// Why.
        reason: String,
    },
}

impl Aggregate for Facility {
    type Event = Event;

    const KIND: &'static str = "facility";

    fn name(event: &Event) -> &'static str {
        match event {
            Event::Described { .. } => "described",
            Event::ClassesSet { .. } => "classes_set",
            Event::RosterSet { .. } => "roster_set",
            Event::LastYearSet { .. } => "last_year_set",
            Event::Closed { .. } => "closed",
        }
    }

    fn apply(&mut self, event: &Event, _: &Meta) {
        match event {
            Event::Described { facts } => self.facts.clone_from(facts),
            Event::ClassesSet { classes } => {
                self.classes.clone_from(classes);
                self.classes.sort_by_key(|c| c.age);
            }
            Event::RosterSet { of, roster } => {
                self.roster.clone_from(roster);
                self.roster_of = Some(*of);
            }
            Event::LastYearSet { seats } => self.last_year = seats.iter().copied().collect(),
            Event::Closed { .. } => self.closed = true,
        }
    }
}

impl Facility {
    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.facts.get("name").map_or("", String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read_back() {
        let events = [
            Event::LastYearSet {
                seats: vec![(0, 9), (1, 12)],
            },
            Event::ClassesSet {
                classes: vec![Class {
                    age: 0,
                    capacity: 9,
                    acceptable: 9,
                    staff: None,
                }],
            },
            Event::Closed {
                reason: "閉園".into(),
            },
        ];
        for event in events {
            let json = serde_json::to_string(&event).expect("an event is data");
            let back: Event = serde_json::from_str(&json).expect("what was written");
            assert_eq!(back, event, "{json}");
        }
    }
}
