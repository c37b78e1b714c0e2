//! Seats: what a nursery says, what the section holds back, what explains an alarm.

use crate::{Action, Actor, Fault, Office};
use enmusubi_casefile::{
    Refusal,
    facility::{Class, Enrolled, Event as FacilityEvent, Facility},
    seats::{Computed, Event, Held, Seats, compute},
};
use enmusubi_storage::events::Loaded;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// A facility's seats in a round, as a screen shows them.
#[derive(Debug, Clone, PartialEq)]
pub struct Shown {
    /// Its id.
    pub id: String,
    /// What it is.
    pub facility: Facility,
    /// What was said.
    pub seats: Seats,
    /// Version of what was said, for the next change.
    pub version: i64,
    /// Computed now.
    pub computed: Vec<Computed>,
}

/// What is said of a facility; what is `None` stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Described {
    /// Facts by name of the vocabulary.
    pub facts: BTreeMap<String, String>,
    /// Its classes.
    pub classes: Vec<Class>,
    /// Its roster, with the day it is of.
    pub roster: Option<(Date, Vec<Enrolled>)>,
    /// Seats of last year's round, by age.
    pub last_year: Option<BTreeMap<u8, u32>>,
}

impl Office {
    /// Seats of a facility in a round. A nursery sees its own only.
    ///
    /// # Errors
    /// No right, not there, the round is not planned.
    pub async fn seats(&self, actor: &Actor, round: &str, id: &str) -> Result<Shown, Fault> {
        let own = actor.may(Action::AnswerSeats) && actor.facility.as_deref() == Some(id);
        if !own && !actor.may(Action::ViewSeats) {
            return Err(Fault::NotThere);
        }
        let tenant = &actor.tenant;
        let standing = self.standing(tenant, round).await?;
        let calendar = standing.state.calendar.as_ref().ok_or(Fault::NotThere)?;
        let (facility, _) = standing.facilities.get(id).ok_or(Fault::NotThere)?;
        let stream = format!("{round}/{id}");
        let loaded = self.store.load::<Seats>(tenant, &stream).await?;
        let (seats, version) = loaded.map_or_else(Default::default, |l| (l.state, l.version));
        let computed = compute(facility, calendar.entry, &seats.held);
        Ok(Shown {
            id: id.to_owned(),
            facility: facility.clone(),
            seats,
            version,
            computed,
        })
    }

    /// A nursery's answer.
    ///
    /// # Errors
    /// No right, not its own, a difference without a reason, changed meanwhile.
    pub async fn answer_seats(
        &self,
        actor: &Actor,
        round: &str,
        id: &str,
        version: i64,
        said: BTreeMap<u8, (u32, String)>,
    ) -> Result<Loaded<Seats>, Fault> {
        actor.needs(Action::AnswerSeats)?;
        if actor.facility.as_deref() != Some(id) {
            return Err(Fault::NotThere);
        }
        let shown = self.seats(actor, round, id).await?;
        self.change::<Seats>(actor, &format!("{round}/{id}"), version, |s| {
            s.answer(&shown.computed, &said)
        })
        .await
    }

    /// Holds seats back, or gives them free (0).
    ///
    /// # Errors
    /// No right, no reason, changed meanwhile.
    pub async fn hold_seats(
        &self,
        actor: &Actor,
        round: &str,
        id: &str,
        version: i64,
        age: u8,
        held: Held,
    ) -> Result<Loaded<Seats>, Fault> {
        actor.needs(Action::EditSeats)?;
        self.change::<Seats>(actor, &format!("{round}/{id}"), version, |_| {
            if held.reason.trim().is_empty() {
                return Err(Refusal::of("refusal.no_reason"));
            }
            Ok(vec![Event::HeldBack { age, held }])
        })
        .await
    }

    /// Explains an alarm. Whoever changed the numbers does not.
    ///
    /// # Errors
    /// No right, no such alarm, no reason, changed meanwhile.
    pub async fn explain_alarm(
        &self,
        actor: &Actor,
        round: &str,
        id: &str,
        version: i64,
        key: &str,
        reason: &str,
    ) -> Result<Loaded<Seats>, Fault> {
        actor.needs(Action::ExplainAlarm)?;
        let shown = self.seats(actor, round, id).await?;
        let open = shown.seats.open_alarms(&shown.facility, &shown.computed);
        let reason = reason.trim().to_owned();
        self.change::<Seats>(actor, &format!("{round}/{id}"), version, |_| {
            if !open.iter().any(|a| a.key() == key) {
                return Err(Refusal::of("refusal.no_alarm"));
            }
            if reason.is_empty() {
                return Err(Refusal::of("refusal.no_reason"));
            }
            Ok(vec![Event::Explained {
                key: key.to_owned(),
                reason,
            }])
        })
        .await
    }

    /// Describes a facility, its classes and its roster.
    ///
    /// # Errors
    /// No right, changed meanwhile.
    pub async fn set_facility(
        &self,
        actor: &Actor,
        id: &str,
        version: i64,
        new: Described,
    ) -> Result<Loaded<Facility>, Fault> {
        actor.needs(Action::EditSeats)?;
        let Described {
            facts,
            classes,
            roster,
            last_year,
        } = new;
        self.change::<Facility>(actor, id, version, |f| {
            let mut events = Vec::new();
            if f.facts != facts {
                events.push(FacilityEvent::Described { facts });
            }
            if f.classes != classes {
                events.push(FacilityEvent::ClassesSet { classes });
            }
            if let Some((of, roster)) = roster {
                events.push(FacilityEvent::RosterSet { of, roster });
            }
            if let Some(seats) = last_year {
                let seats = seats.into_iter().collect();
                events.push(FacilityEvent::LastYearSet { seats });
            }
            Ok(events)
        })
        .await
    }
}
