//! Listing and opening cases. Who may not see one is told that there is none.

use crate::{Action, Actor, Fault, Office};
use enmusubi_casefile::{account::Columns, household::Household, person::search_key};
use enmusubi_storage::{
    cases::{CaseQuery, CaseRow},
    events::{Loaded, Stored},
};

/// A page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Rows of the page.
    pub rows: Vec<CaseRow>,
    /// How many there are in all.
    pub total: i64,
}

/// A case somebody has opened.
#[derive(Debug, Clone, PartialEq)]
pub struct Opened {
    /// The row of the application it was opened by.
    pub row: CaseRow,
    /// The case.
    pub case: Loaded<Household>,
}

impl Office {
    /// A page of applications. `text` of the query is what somebody typed; it is made a search key here.
    ///
    /// # Errors
    /// No right, the database could not.
    pub async fn list(&self, actor: &Actor, mut query: CaseQuery) -> Result<Listed, Fault> {
        actor.needs(Action::ListCases)?;
        let typed = query.text.clone();
        query.text = search_key(&typed);
        query.sees_protected = actor.sees(Columns::Protected);
        query.account.clone_from(&actor.account);
        let rows = self.store.cases(&actor.tenant, &query).await?;
        let total = self.store.count_cases(&actor.tenant, &query).await?;
        let detail = format!(
            "text={typed} stage={} round={} found={total}",
            query.stage, query.round
        );
        let action = if typed.is_empty() { "list" } else { "search" };
        self.record(actor, action, "", &detail).await?;
        Ok(Listed { rows, total })
    }

    /// The row of an application that an actor may know of.
    ///
    /// # Errors
    /// [`Fault::NotThere`], the database could not.
    pub async fn visible(&self, actor: &Actor, number: &str) -> Result<CaseRow, Fault> {
        let row = self.store.case(&actor.tenant, number).await?;
        let row = row.ok_or(Fault::NotThere)?;
        if row.protected != 0 && !actor.sees(Columns::Protected) {
            return Err(Fault::NotThere);
        }
        let closed = self
            .store
            .is_closed(&actor.tenant, &row.household, &actor.account)
            .await?;
        if closed {
            return Err(Fault::NotThere);
        }
        Ok(row)
    }

    /// Opens a case; the look is recorded.
    ///
    /// # Errors
    /// No right, not there for this actor, the database could not.
    pub async fn open_case(&self, actor: &Actor, number: &str) -> Result<Opened, Fault> {
        let opened = self.peek_case(actor, number).await?;
        self.record(actor, "view", number, "case").await?;
        Ok(opened)
    }

    /// Opens a case for a step of the program that shows nothing of it, or whose own entry tells more.
    ///
    /// # Errors
    /// As [`Office::open_case`].
    pub async fn peek_case(&self, actor: &Actor, number: &str) -> Result<Opened, Fault> {
        actor.needs(Action::OpenCase)?;
        let row = self.visible(actor, number).await?;
        let case = self
            .store
            .load::<Household>(&actor.tenant, &row.household)
            .await?;
        let case = case.ok_or(Fault::NotThere)?;
        Ok(Opened { row, case })
    }

    /// What happened to a case, oldest first.
    ///
    /// # Errors
    /// The database could not.
    pub async fn history(&self, actor: &Actor, opened: &Opened) -> Result<Vec<Stored>, Fault> {
        let tenant = &actor.tenant;
        let events = self.store.events(tenant, "household", &opened.case.id);
        Ok(events.await?)
    }

    /// Applications that might be the same as one, as far as the actor may know of them.
    ///
    /// # Errors
    /// The database could not.
    pub async fn similar_to(
        &self,
        actor: &Actor,
        number: &str,
    ) -> Result<Vec<(CaseRow, Vec<String>)>, Fault> {
        let mut found: Vec<(CaseRow, Vec<String>)> = Vec::new();
        for (other, _, key) in self.store.similar(&actor.tenant, number).await? {
            let alike = key.split('|').next().unwrap_or_default().to_owned();
            if let Some((_, list)) = found.iter_mut().find(|(r, _)| r.number == other) {
                list.push(alike);
                continue;
            }
            match self.visible(actor, &other).await {
                Ok(row) => found.push((row, vec![alike])),
                Err(Fault::NotThere) => {}
                Err(other) => return Err(other),
            }
        }
        Ok(found)
    }
}
