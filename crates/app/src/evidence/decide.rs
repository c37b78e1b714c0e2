//! Facts confirmed or set aside, papers set aside or given to the right guardian.

use super::{
    attach::{Attached, outcome},
    keep::{Kept, apart},
    reading,
};
use crate::{Action, Actor, Fault, Office};
use enmusubi_casefile::{
    Aggregate as _,
    fact::Subject,
    household::{Decided, Household},
    paper::PaperKind,
};
use enmusubi_papers::{Limits, inspect};
use enmusubi_storage::events::Loaded;
use enmusubi_vault::ObjectId;

impl Office {
    /// Confirms facts or sets them aside, all in one.
    ///
    /// # Errors
    /// No right, not there for this actor, changed meanwhile, refused (then nothing was decided).
    pub async fn confirm_facts(
        &self,
        actor: &Actor,
        number: &str,
        version: i64,
        decisions: &[Decided],
    ) -> Result<Loaded<Household>, Fault> {
        actor.needs(Action::ConfirmFact)?;
        self.change_case(actor, number, version, |h| h.decide(decisions))
            .await
    }

    /// Sets a paper aside, with what was read from it and not confirmed. Its bytes stay until the retention date.
    ///
    /// # Errors
    /// No right, not there for this actor, changed meanwhile, no such paper, no reason.
    pub async fn remove_paper(
        &self,
        actor: &Actor,
        number: &str,
        version: i64,
        paper: &str,
        reason: &str,
    ) -> Result<Loaded<Household>, Fault> {
        actor.needs(Action::Attach)?;
        self.change_case(actor, number, version, |h| h.remove_paper(paper, reason))
            .await
    }

    /// Says that a paper is about somebody else, and reads it for that person.
    ///
    /// # Errors
    /// No right, not there for this actor, changed meanwhile, no such paper or person, no reason, the store could not.
    pub async fn reassign_paper(
        &self,
        actor: &Actor,
        number: &str,
        version: i64,
        paper: &str,
        subject: Subject,
        reason: &str,
    ) -> Result<Attached, Fault> {
        actor.needs(Action::Attach)?;
        let opened = self.at_version(actor, number, version).await?;
        let first = opened
            .case
            .state
            .reassign_paper(paper, subject.clone(), reason)?;
        let found = opened.case.state.papers.iter().find(|p| p.id == paper);
        let mut moved = found.ok_or(Fault::NotThere)?.clone();
        moved.subject = subject;
        let read = match moved.kind {
            PaperKind::Employment if matches!(moved.subject, Subject::Guardian(_)) => {
                let (store, tenant) = self.place(actor)?;
                let id: ObjectId = paper.parse().map_err(|_| Fault::NotThere)?;
                let bytes = store.get(&tenant, &id).await?.ok_or(Fault::NotThere)?;
                let name = moved.name.clone();
                let work = move || (inspect(&bytes, &name, &Limits::default()), bytes);
                let (inspected, bytes) = apart(work).await?;
                let kept = Kept {
                    inspected: inspected?,
                    paper: moved.clone(),
                    bytes,
                };
                reading::read(&kept).await?
            }
            _ => reading::Read::default(),
        };
        let told = self.understood(actor, &opened, &moved, read).await?;
        let meta = self.meta(actor);
        let (whose, plan) = (told.whose.clone(), told.plan);
        let mut made = Vec::new();
        let after = self
            .change_case(actor, number, version, |h| {
                let mut with = h.clone();
                let mut events = first;
                for event in &events {
                    with.apply(event, &meta);
                }
                events.extend(plan.events(&with, paper, &whose)?);
                made.clone_from(&events);
                Ok(events)
            })
            .await?;
        Ok(outcome(
            &after,
            &moved,
            &made,
            told.diagnostics,
            told.to_type,
            told.whose,
        ))
    }
}
