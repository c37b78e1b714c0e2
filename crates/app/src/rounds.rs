//! Rounds: planning them, and what is still missing before one can run.

use crate::{Action, Actor, Fault, Office};
use enmusubi_casefile::{
    Refusal,
    facility::Facility,
    readiness::Stage,
    round::{Calendar, Event, Round},
    seats::{Alarm, Seats, compute},
};
use enmusubi_domain::template::Twin;
use enmusubi_storage::events::Loaded;

/// Something that keeps a round from running.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Missing {
    /// So many applications wait at a stage.
    Waiting(Stage, i64),
    /// The nursery has not answered, or its answer is for other numbers.
    Unconfirmed(String),
    /// An alarm that nobody has explained.
    Alarm(String, Alarm),
    /// No criteria are released for the year.
    NoCriteria,
    /// Applications that might be the same.
    Similar(i64),
    /// What would keep the round from being staged, or a list of combinations that cannot be meant so.
    Staging(Unstaged),
}

/// Why a round cannot be staged as it is (段階的な選考).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unstaged {
    /// As the selection says it: what is wrong, how to mend it.
    Said(Twin, Twin),
    /// Points that cannot be calculated (too large, or divided by zero): the row, table or key.
    NotScored(String),
    /// A list of combinations names a child the case does not have: application, rank of the combination, what it names.
    NoChild(String, usize, String),
    /// A list of combinations names a facility the round does not have: application, rank, what it names.
    NoFacility(String, usize, String),
    /// A combination contradicts the family's answer to the sibling question: application, rank.
    AgainstWish(String, usize),
}

impl Unstaged {
    /// The application it is about, where it is about one.
    #[must_use]
    pub fn number(&self) -> Option<&str> {
        match self {
            Self::Said(..) | Self::NotScored(_) => None,
            Self::NoChild(number, ..)
            | Self::NoFacility(number, ..)
            | Self::AgainstWish(number, _) => Some(number),
        }
    }
}

/// Whether a round is ready.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Readiness {
    /// What is missing.
    pub missing: Vec<Missing>,
    /// Applications at each stage.
    pub stages: Vec<(Stage, i64)>,
    /// Facilities that take part.
    pub facilities: usize,
    /// Of them, confirmed as computed now.
    pub confirmed: usize,
    /// Facilities that answered fewer seats than computed, and how many seats are missing in all.
    pub fewer: (usize, u32),
}

impl Office {
    /// Rounds of a municipality.
    ///
    /// # Errors
    /// The database could not.
    pub async fn rounds(&self, tenant: &str) -> Result<Vec<Loaded<Round>>, Fault> {
        Ok(self.store.all::<Round>(tenant).await?)
    }

    /// The round that applications come in for today: the first that is open, else the last.
    ///
    /// # Errors
    /// The database could not.
    pub async fn current_round(&self, tenant: &str) -> Result<Option<Loaded<Round>>, Fault> {
        let today = self.today();
        let mut all = self.rounds(tenant).await?;
        let open = |l: &Loaded<Round>| {
            l.state
                .calendar
                .as_ref()
                .is_some_and(|c| c.opens <= today && today < c.entry)
        };
        match all.iter().position(open) {
            Some(at) => Ok(Some(all.swap_remove(at))),
            None => Ok(all.pop()),
        }
    }

    /// Plans a round, or changes its plan.
    ///
    /// # Errors
    /// No right, days that contradict each other, changed meanwhile.
    pub async fn plan_round(
        &self,
        actor: &Actor,
        version: i64,
        name: &str,
        calendar: Calendar,
    ) -> Result<Loaded<Round>, Fault> {
        actor.needs(Action::PlanRound)?;
        let id = round_id(&calendar);
        self.change::<Round>(actor, &id, version, |_| {
            if let Some(first) = calendar.problems().first() {
                return Err(Refusal::of(first));
            }
            Ok(vec![Event::Planned {
                name: name.to_owned(),
                calendar,
            }])
        })
        .await
    }

    /// What is still missing. The round is staged only where nothing else is missing: that takes all of its cases
    /// ([`Office::readiness_in_full`]).
    ///
    /// # Errors
    /// No right, the database could not.
    pub async fn readiness(&self, actor: &Actor, round: &str) -> Result<Readiness, Fault> {
        let mut readiness = self.waiting(actor, round).await?;
        if readiness.missing.is_empty() {
            readiness.missing = self.unstaged(&actor.tenant, round, true).await?;
        }
        Ok(readiness)
    }

    /// What is still missing, with what would keep the round from being staged as far as it is there.
    ///
    /// # Errors
    /// No right, the database could not.
    pub async fn readiness_in_full(&self, actor: &Actor, round: &str) -> Result<Readiness, Fault> {
        let mut readiness = self.waiting(actor, round).await?;
        let last = readiness.missing.is_empty();
        let unstaged = self.unstaged(&actor.tenant, round, last).await?;
        readiness.missing.extend(unstaged);
        Ok(readiness)
    }

    async fn waiting(&self, actor: &Actor, round: &str) -> Result<Readiness, Fault> {
        actor.needs(Action::ViewRounds)?;
        let tenant = &actor.tenant;
        let standing = self.standing(tenant, round).await?;
        let mut missing = Vec::new();
        let mut stages = Vec::new();
        for (name, count) in self.store.stages(tenant, round).await? {
            let Some(stage) = Stage::of(&name) else {
                continue;
            };
            stages.push((stage, count));
            if !matches!(stage, Stage::Ready | Stage::Out) {
                missing.push(Missing::Waiting(stage, count));
            }
        }
        stages.sort();
        missing.sort_by_key(|m| match m {
            Missing::Waiting(stage, _) => Some(*stage),
            _ => None,
        });
        if standing.criteria.is_none() {
            missing.push(Missing::NoCriteria);
        }
        let mut confirmed = 0;
        let mut fewer = (0, 0);
        if let Some(calendar) = &standing.state.calendar {
            for (id, (facility, _)) in &standing.facilities {
                let seats = self.seats_of(tenant, round, id).await?;
                let computed = compute(facility, calendar.entry, &seats.held);
                if seats.is_current(&computed) {
                    confirmed += 1;
                } else {
                    missing.push(Missing::Unconfirmed(id.clone()));
                }
                let answered = seats.answer.iter().flat_map(|a| &a.classes);
                let short: u32 = answered.map(|c| c.computed.saturating_sub(c.seats)).sum();
                if short > 0 {
                    fewer = (fewer.0 + 1, fewer.1 + short);
                }
                for alarm in seats.open_alarms(facility, &computed) {
                    missing.push(Missing::Alarm(id.clone(), alarm));
                }
            }
        }
        Ok(Readiness {
            missing,
            stages,
            facilities: standing.facilities.len(),
            confirmed,
            fewer,
        })
    }

    /// Marks a round as ready: nothing is missing.
    ///
    /// # Errors
    /// No right, something is missing, changed meanwhile.
    pub async fn mark_ready(
        &self,
        actor: &Actor,
        round: &str,
        version: i64,
    ) -> Result<Loaded<Round>, Fault> {
        actor.needs(Action::MarkReady)?;
        let readiness = self.readiness(actor, round).await?;
        if !readiness.missing.is_empty() {
            return Err(Refusal::of("refusal.not_ready")
                .with("count", readiness.missing.len())
                .into());
        }
        let standing = self.standing(&actor.tenant, round).await?;
        let digest = standing
            .criteria
            .as_ref()
            .map(|c| c.digest.clone())
            .unwrap_or_default();
        self.change::<Round>(actor, round, version, |_| {
            Ok(vec![Event::MarkedReady { digest }])
        })
        .await
    }

    /// Seats of a facility in a round, as far as anything was said.
    ///
    /// # Errors
    /// The database could not.
    pub async fn seats_of(
        &self,
        tenant: &str,
        round: &str,
        facility: &str,
    ) -> Result<Seats, Fault> {
        let id = format!("{round}/{facility}");
        let loaded = self.store.load::<Seats>(tenant, &id).await?;
        Ok(loaded.map(|l| l.state).unwrap_or_default())
    }

    /// A facility.
    ///
    /// # Errors
    /// Not there, the database could not.
    pub async fn facility(&self, tenant: &str, id: &str) -> Result<Loaded<Facility>, Fault> {
        let loaded = self.store.load::<Facility>(tenant, id).await?;
        loaded.ok_or(Fault::NotThere)
    }
}

/// Id of a round: month of entry and number.
#[must_use]
pub fn round_id(calendar: &Calendar) -> String {
    let entry = calendar.entry;
    format!(
        "{:04}-{:02}-{}",
        entry.year(),
        entry.month(),
        calendar.number
    )
}
