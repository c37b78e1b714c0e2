//! What comes in: an application keyed by a clerk, a row of a file, an online application. One way for all.

use crate::{Action, Actor, Fault, Office, standing::Standing};
use enmusubi_casefile::{
    entry::{self, Context, Entry, FieldProblem, Severity},
    household::Household,
};
use enmusubi_domain::facts::RoundInfo;
use enmusubi_storage::{Tx, events::Loaded};
use std::collections::BTreeMap;

/// Facilities an application can name: id → name, age classes.
pub type Offered = BTreeMap<String, (String, Vec<u8>)>;

/// The facilities of a round as an entry sees them.
#[must_use]
pub fn offered(standing: &Standing) -> Offered {
    let all = standing.facilities.iter();
    all.map(|(id, (facility, _))| {
        let ages = facility.classes.iter().map(|c| c.age).collect();
        (id.clone(), (facility.name().to_owned(), ages))
    })
    .collect()
}

/// What became of an entry.
#[derive(Debug)]
pub struct Received {
    /// Numbers of its applications.
    pub numbers: Vec<String>,
    /// Id of the case.
    pub household: String,
    /// What somebody should look at again.
    pub warnings: Vec<FieldProblem>,
}

impl Office {
    /// Reads an entry without storing it.
    ///
    /// # Errors
    /// The round is not planned, the database could not.
    pub async fn check_entry(
        &self,
        actor: &Actor,
        round: &str,
        values: &BTreeMap<String, Vec<String>>,
    ) -> Result<(Option<Entry>, Vec<FieldProblem>), Fault> {
        let standing = self.standing(&actor.tenant, round).await?;
        let Some(calendar) = &standing.state.calendar else {
            return Err(Fault::NotThere);
        };
        let facilities = offered(&standing);
        let context = Context {
            round,
            calendar,
            facilities: &facilities,
            today: self.today(),
            now: self.now(),
        };
        Ok(entry::read(values, &context))
    }

    /// Stores an entry as a new case. Warnings stop it until somebody has seen them (`seen`).
    ///
    /// # Errors
    /// No right, problems in the fields, the database could not.
    pub async fn receive(
        &self,
        actor: &Actor,
        round: &str,
        values: &BTreeMap<String, Vec<String>>,
        seen: bool,
        continues: Option<String>,
    ) -> Result<Received, Fault> {
        actor.needs(Action::EnterApplication)?;
        let (entry, problems) = self.check_entry(actor, round, values).await?;
        let warned = problems.iter().any(|p| p.severity == Severity::Warning);
        let entry = match entry {
            Some(entry) if seen || !warned => entry,
            _ => return Err(Fault::Fields(problems)),
        };
        let standing = self.standing(&actor.tenant, round).await?;
        let mut tx = self.store.begin(&actor.tenant).await?;
        let received = self
            .store_entry(&mut tx, actor, &standing, entry, continues)
            .await?;
        tx.commit().await?;
        Ok(Received {
            warnings: problems,
            ..received
        })
    }

    /// Stores an entry within a transaction: number, case, rows, audit.
    pub(crate) async fn store_entry(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        standing: &Standing,
        entry: Entry,
        continues: Option<String>,
    ) -> Result<Received, Fault> {
        let year = standing
            .state
            .calendar
            .as_ref()
            .map_or(0, |c| RoundInfo::fiscal_year_of(c.entry));
        let mut numbers = Vec::new();
        for _ in &entry.applications {
            let n = tx.next(&format!("application/{year}")).await?;
            numbers.push(format!("R{}-{n:06}", year - 2018));
        }
        let n = tx.next("household").await?;
        let id = format!("H{n:07}");
        let events = entry.events(numbers.clone(), continues);
        let subject = numbers.first().map_or("", String::as_str);
        let after = tx
            .append(
                Loaded::<Household>::new(id.clone()),
                &events,
                &self.meta(actor),
            )
            .await?;
        let made = standing.projected(&id, &after.state);
        tx.project(&id, &made).await?;
        let detail = format!("{} applications, {} events", numbers.len(), events.len());
        let entry = self.entry(actor, "household.received", subject, &detail);
        tx.audit(&entry).await?;
        Ok(Received {
            numbers,
            household: id,
            warnings: Vec::new(),
        })
    }
}
