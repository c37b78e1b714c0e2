//! Seats of a facility in a round: computed from the roster, confirmed by the nursery or not, alarms that wait for an
//! answer.
//!
//! 豊橋市 reported 119 seats too few at eight nurseries and noticed after the offers: a number that nobody held against anything.
//! Here a number is computed from the roster, stated by the nursery, and held against last year, capacity and staff.

use crate::{Aggregate, Meta, Refusal, facility::Facility};
use enmusubi_domain::facts::RoundInfo;
use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Seats of one class as computed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Computed {
    /// Age class.
    pub age: u8,
    /// 利用定員.
    pub capacity: u32,
    /// 受入可能数.
    pub acceptable: u32,
    /// Children of the roster who go on in this class on the day of entry.
    pub continuing: u32,
    /// Held back (保留枠), with the reason of the round's seats.
    pub held: u32,
    /// 受入可能数 − continuing − held back, never below 0.
    pub seats: u32,
}

/// Age class of a child on a day: its age on 1 April of the day's fiscal year, by the day-before rule.
#[must_use]
pub fn class_age(birth: Date, day: Date) -> i16 {
    let year = RoundInfo::fiscal_year_of(day);
    // Born on 1 April: grows older at the end of 31 March, and is in the older class.
    let after_april = (birth.month(), birth.day()) > (4, 1);
    year - birth.year() - i16::from(after_april)
}

/// Seats of each class on the day of entry: the roster rolled forward.
#[must_use]
pub fn compute(facility: &Facility, entry: Date, held: &BTreeMap<u8, Held>) -> Vec<Computed> {
    let classes = facility.classes.iter();
    classes
        .map(|class| {
            let here = |e: &&crate::facility::Enrolled| {
                e.from < entry
                    && e.until.is_none_or(|u| u >= entry)
                    && class_age(e.birth, entry) == i16::from(class.age)
            };
            let continuing = facility.roster.iter().filter(here).count() as u32;
            let held = held.get(&class.age).map_or(0, |h| h.seats);
            Computed {
                age: class.age,
                capacity: class.capacity,
                acceptable: class.acceptable,
                continuing,
                held,
                seats: class.acceptable.saturating_sub(continuing + held),
            }
        })
        .collect()
}

/// Seats that are not offered in this round.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// How many.
    pub seats: u32,
    /// Why.
    pub reason: String,
}

/// What the nursery says of a class.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confirmed {
    /// Age class.
    pub age: u8,
    /// Seats it offers.
    pub seats: u32,
    /// What was computed when it answered.
    pub computed: u32,
    /// Why it differs; empty where it does not.
    pub reason: String,
}

/// The answer of a nursery.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// Class by class.
    pub classes: Vec<Confirmed>,
    /// Account that answered.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// What an alarm is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AlarmKind {
    /// A class that had seats last year is not there.
    ClassMissing,
    /// Far fewer or more seats than last year.
    UnlikeLastYear,
    /// 受入可能数 over 定員.
    OverCapacity,
    /// 受入可能数 needs more staff than there are (設備運営基準第33条).
    StaffRatio,
    /// The nursery says another number than was computed.
    Differs,
    /// More children go on than can be taken.
    TooMany,
}

impl AlarmKind {
    /// As stored and in message keys.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::ClassMissing => "class_missing",
            Self::UnlikeLastYear => "unlike_last_year",
            Self::OverCapacity => "over_capacity",
            Self::StaffRatio => "staff_ratio",
            Self::Differs => "differs",
            Self::TooMany => "too_many",
        }
    }
}

/// An alarm: a number that somebody has to explain before the round can run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alarm {
    /// What it is about.
    pub kind: AlarmKind,
    /// Age class.
    pub age: u8,
    /// The number that is there.
    pub is: u32,
    /// The number it is held against.
    pub against: u32,
}

impl Alarm {
    /// Key of the alarm with its numbers: an answer is for these, and for no others.
    #[must_use]
    pub fn key(&self) -> String {
        format!(
            "{}-{}-{}-{}",
            self.kind.name(),
            self.age,
            self.is,
            self.against
        )
    }
}

/// Children per member of staff at least (児童福祉施設の設備及び運営に関する基準第33条第2項, 令和7年4月): 3, 6, 6, 15, 25, 25.
pub const PER_STAFF: [u32; 6] = [3, 6, 6, 15, 25, 25];

/// Seats that differ by so many from last year's, and by more than a quarter of them, are asked about.
const UNLIKE: u32 = 3;

/// Alarms of a facility's numbers.
#[must_use]
pub fn alarms(facility: &Facility, computed: &[Computed], answer: Option<&Answer>) -> Vec<Alarm> {
    let mut found = Vec::new();
    let of = |age: u8| {
        let said = answer.and_then(|a| a.classes.iter().find(|c| c.age == age));
        said.map(|c| c.seats)
    };
    for (&age, &last) in &facility.last_year {
        match computed.iter().find(|c| c.age == age) {
            None if last > 0 => found.push(Alarm {
                kind: AlarmKind::ClassMissing,
                age,
                is: 0,
                against: last,
            }),
            None => {}
            Some(c) => {
                let now = of(age).unwrap_or(c.seats);
                let away = now.abs_diff(last);
                if away >= UNLIKE && away * 4 > last {
                    found.push(Alarm {
                        kind: AlarmKind::UnlikeLastYear,
                        age,
                        is: now,
                        against: last,
                    });
                }
            }
        }
    }
    for (class, c) in facility.classes.iter().zip(computed) {
        let age = c.age;
        let mut add = |kind, is, against| {
            found.push(Alarm {
                kind,
                age,
                is,
                against,
            });
        };
        if c.acceptable > c.capacity {
            add(AlarmKind::OverCapacity, c.acceptable, c.capacity);
        }
        if c.continuing + c.held > c.acceptable {
            add(AlarmKind::TooMany, c.continuing + c.held, c.acceptable);
        }
        if let (Some(staff), Some(&per)) = (class.staff, PER_STAFF.get(usize::from(age))) {
            let can = staff * per;
            if c.acceptable > can {
                add(AlarmKind::StaffRatio, c.acceptable, can);
            }
        }
        if let Some(said) = of(age)
            && said != c.seats
        {
            add(AlarmKind::Differs, said, c.seats);
        }
    }
    found.sort_by_key(|a| (a.age, a.kind));
    found
}

/// Seats of a facility in a round.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seats {
    /// Held back, by age.
    pub held: BTreeMap<u8, Held>,
    /// The nursery's answer.
    pub answer: Option<Answer>,
    /// Answers to alarms: key → reason and who.
    pub explained: BTreeMap<String, (String, String)>,
}

/// What happened to a facility's seats in a round.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "event")]
pub enum Event {
    /// Seats are held back, or no more (0).
    HeldBack {
        /// Age class.
        age: u8,
        /// How many and why.
        held: Held,
    },
    /// The nursery answered.
    Answered {
        /// Class by class.
        classes: Vec<Confirmed>,
    },
    /// An alarm was explained.
    Explained {
        /// Its key.
        key: String,
        /// Why the number is right.
        reason: String,
    },
}

impl Aggregate for Seats {
    type Event = Event;

    const KIND: &'static str = "seats";

    fn name(event: &Event) -> &'static str {
        match event {
            Event::HeldBack { .. } => "held_back",
            Event::Answered { .. } => "answered",
            Event::Explained { .. } => "explained",
        }
    }

    fn apply(&mut self, event: &Event, meta: &Meta) {
        match event {
            Event::HeldBack { age, held } => {
                self.held.insert(*age, held.clone());
            }
            Event::Answered { classes } => {
                self.answer = Some(Answer {
                    classes: classes.clone(),
                    by: meta.by.clone(),
                    at: meta.at,
                });
            }
            Event::Explained { key, reason } => {
                self.explained
                    .insert(key.clone(), (reason.clone(), meta.by.clone()));
            }
        }
    }
}

impl Seats {
    /// The nursery's answer, checked against what is computed now.
    ///
    /// # Errors
    /// A class without a number, a difference without a reason.
    pub fn answer(
        &self,
        computed: &[Computed],
        said: &BTreeMap<u8, (u32, String)>,
    ) -> Result<Vec<Event>, Refusal> {
        let mut classes = Vec::new();
        for c in computed {
            let Some((seats, reason)) = said.get(&c.age) else {
                return Err(Refusal::of("refusal.seats_missing").with("age", c.age));
            };
            let reason = reason.trim();
            if *seats != c.seats && reason.is_empty() {
                return Err(Refusal::of("refusal.seats_reason").with("age", c.age));
            }
            classes.push(Confirmed {
                age: c.age,
                seats: *seats,
                computed: c.seats,
                reason: if *seats == c.seats { "" } else { reason }.to_owned(),
            });
        }
        Ok(vec![Event::Answered { classes }])
    }

    /// Whether the answer is for the numbers that are computed now.
    #[must_use]
    pub fn is_current(&self, computed: &[Computed]) -> bool {
        self.answer.as_ref().is_some_and(|a| {
            a.classes.len() == computed.len()
                && a.classes
                    .iter()
                    .zip(computed)
                    .all(|(a, c)| a.age == c.age && a.computed == c.seats)
        })
    }

    /// Alarms that nobody has explained.
    #[must_use]
    pub fn open_alarms(&self, facility: &Facility, computed: &[Computed]) -> Vec<Alarm> {
        let mut all = alarms(facility, computed, self.answer.as_ref());
        all.retain(|a| !self.explained.contains_key(&a.key()));
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facility::{Class, Enrolled};
    use jiff::civil::date;

    fn nursery() -> Facility {
        let class = |age, capacity, acceptable| Class {
            age,
            capacity,
            acceptable,
            staff: Some(3),
        };
        let enrolled = |n: u32, birth| Enrolled {
            child: format!("E{n}"),
            birth,
            from: date(2026, 4, 1),
            until: None,
        };
        Facility {
            classes: vec![class(0, 9, 9), class(1, 12, 12)],
            roster: (0..9)
                .map(|n| enrolled(n, date(2025, 6, 1)))
                // 1 April: already in the class above.
                .chain([enrolled(90, date(2025, 4, 1))])
                .collect(),
            roster_of: Some(date(2026, 11, 1)),
            last_year: [(0, 9), (1, 4)].into(),
            ..Facility::default()
        }
    }

    #[test]
    fn the_roster_is_rolled_to_the_day_of_entry() {
        let facility = nursery();
        let computed = compute(&facility, date(2027, 4, 1), &BTreeMap::new());
        let of: Vec<_> = computed
            .iter()
            .map(|c| (c.age, c.continuing, c.seats))
            .collect();
        // Nine children of 0 are 1 in April, the tenth is 2.
        assert_eq!(of, [(0, 0, 9), (1, 9, 3)]);
        assert_eq!(class_age(date(2025, 4, 1), date(2027, 4, 1)), 2);
        assert_eq!(class_age(date(2025, 4, 2), date(2027, 3, 1)), 0);
    }

    #[test]
    fn a_number_reported_too_low_is_an_alarm_until_somebody_explains_it() {
        let facility = nursery();
        let computed = compute(&facility, date(2027, 4, 1), &BTreeMap::new());
        let mut seats = Seats::default();
        let said = [
            (0, (2, "職員が足りない".to_owned())),
            (1, (3, String::new())),
        ]
        .into();
        let events = seats.answer(&computed, &said).expect("a reason is given");
        let meta = Meta {
            at: Timestamp::UNIX_EPOCH,
            by: "n".into(),
        };
        for event in &events {
            seats.apply(event, &meta);
        }
        assert!(seats.is_current(&computed));
        let open = seats.open_alarms(&facility, &computed);
        let kinds: Vec<_> = open
            .iter()
            .map(|a| (a.kind, a.age, a.is, a.against))
            .collect();
        assert_eq!(
            kinds,
            [
                (AlarmKind::UnlikeLastYear, 0, 2, 9),
                (AlarmKind::Differs, 0, 2, 9),
            ]
        );
        let key = open[1].key();
        seats.apply(
            &Event::Explained {
                key,
                reason: "園長と確認".into(),
            },
            &meta,
        );
        assert_eq!(seats.open_alarms(&facility, &computed).len(), 1);
        // Without a reason a difference is not even taken.
        let said = [(0, (2, " ".to_owned())), (1, (3, String::new()))].into();
        assert!(seats.answer(&computed, &said).is_err());
    }
}
