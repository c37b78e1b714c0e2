//! Many at once: entries of a file or of a batch, and steps on many cases, in one transaction each.
//!
//! What may be done, what is refused and what is stored are the same as one by one. Only the audit log is shorter: events of one
//! name that follow each other in a case are one entry, which tells their versions.

use crate::{
    Action, Actor, Fault, Office,
    receive::{Received, offered},
};
use enmusubi_casefile::{
    Aggregate as _, Refusal,
    account::Columns,
    entry::{self, Context, Severity},
    household::{Event, Household},
};
use enmusubi_storage::{Tx, events::Loaded};
use std::{collections::BTreeMap, fmt};

/// What a step decides, from the case as it is after the steps before.
pub type Decide<'a> = Box<dyn FnOnce(&Household) -> Result<Vec<Event>, Refusal> + Send + Sync + 'a>;

/// A step on a case: who acts, with which right, and what is decided.
pub struct Step<'a> {
    /// Who acts.
    pub actor: &'a Actor,
    /// The right it needs.
    pub action: Action,
    /// What is decided.
    pub decide: Decide<'a>,
}

impl fmt::Debug for Step<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Step")
            .field("actor", &self.actor.account)
            .field("action", &self.action)
            .finish_non_exhaustive()
    }
}

/// Steps on one case, in their order.
#[derive(Debug)]
pub struct CaseSteps<'a> {
    /// Id of the case.
    pub household: String,
    /// Number of the application the audit log names.
    pub number: String,
    /// The steps.
    pub steps: Vec<Step<'a>>,
}

impl Office {
    /// Stores entries as new cases, all or none. Warnings are taken as seen.
    ///
    /// # Errors
    /// No right; problems in the fields of the first entry that has an error; the database could not.
    pub async fn receive_many(
        &self,
        actor: &Actor,
        round: &str,
        entries: &[BTreeMap<String, Vec<String>>],
    ) -> Result<Vec<Received>, Fault> {
        actor.needs(Action::EnterApplication)?;
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
        let mut read = Vec::with_capacity(entries.len());
        for values in entries {
            match entry::read(values, &context) {
                (Some(entry), warnings) => read.push((entry, warnings)),
                (None, mut problems) => {
                    problems.retain(|p| p.severity == Severity::Error);
                    return Err(Fault::Fields(problems));
                }
            }
        }
        let mut tx = self.store.begin(&actor.tenant).await?;
        let mut all = Vec::with_capacity(read.len());
        for (entry, warnings) in read {
            let stored = self.store_entry(&mut tx, actor, &standing, entry, None);
            all.push(Received {
                warnings,
                ..stored.await?
            });
        }
        tx.commit().await?;
        Ok(all)
    }

    /// Takes steps on many cases of a round, all or none. The rows of each case are made once, after its last step.
    ///
    /// # Errors
    /// No right, a case that is not there for the actor, the first refusal, the database could not.
    pub async fn change_many(
        &self,
        tenant: &str,
        round: &str,
        cases: Vec<CaseSteps<'_>>,
    ) -> Result<(), Fault> {
        // Made before the transaction: it reads other streams.
        let standing = self.standing(tenant, round).await?;
        let mut tx = self.store.begin(tenant).await?;
        for case in cases {
            let loaded = tx.load::<Household>(&case.household).await?;
            let mut at = loaded.ok_or(Fault::NotThere)?;
            for step in case.steps {
                at = self.step(&mut tx, at, &case.number, step).await?;
            }
            let made = standing.projected(&at.id, &at.state);
            tx.project(&at.id, &made).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    async fn step(
        &self,
        tx: &mut Tx,
        at: Loaded<Household>,
        number: &str,
        step: Step<'_>,
    ) -> Result<Loaded<Household>, Fault> {
        let actor = step.actor;
        if actor.tenant != tx.tenant() {
            return Err(Fault::NotThere);
        }
        actor.needs(step.action)?;
        let hidden = at.state.protection.is_some() && !actor.sees(Columns::Protected);
        if hidden || at.state.closed_to.contains(&actor.account) {
            return Err(Fault::NotThere);
        }
        let events = (step.decide)(&at.state)?;
        let first = at.version + 1;
        let after = tx.append(at, &events, &self.meta(actor)).await?;
        let mut from = 0;
        for run in events.chunk_by(|a, b| Household::name(a) == Household::name(b)) {
            let (begin, end) = (first + from, first + from + run.len() as i64 - 1);
            let detail = if begin == end {
                format!("v{begin}")
            } else {
                format!("v{begin}-v{end}")
            };
            let action = format!("household.{}", Household::name(&run[0]));
            tx.audit(&self.entry(actor, &action, number, &detail))
                .await?;
            from += run.len() as i64;
        }
        Ok(after)
    }
}
