//! Lists that leave the program, and views that are kept: filters under a name.

use crate::{Action, Actor, Fault, Office, office::random_id};
use enmusubi_casefile::{Refusal, account::Columns, person::search_key};
use enmusubi_storage::{
    cases::{CaseQuery, CaseRow},
    views::View,
};

/// Room of the views of the list of applications.
const ROOM: &str = "cases";
/// Most views of an account.
const VIEWS_MOST: usize = 50;
/// Most characters of a view's name.
const NAME_MOST: usize = 60;

impl Office {
    /// Every application that a query finds and the actor may know of, in its order, made a file by `made`. `form`: of the file, for
    /// the audit log, where count and filters are written before this returns; a file that could not be made leaves no entry.
    ///
    /// # Errors
    /// No right, what `made` says, the database could not.
    pub async fn export_list(
        &self,
        actor: &Actor,
        mut query: CaseQuery,
        form: &str,
        made: impl FnOnce(&[CaseRow]) -> Result<Vec<u8>, Fault>,
    ) -> Result<Vec<u8>, Fault> {
        actor.needs(Action::Export)?;
        let typed = query.text.clone();
        query.text = search_key(&typed);
        query.sees_protected = actor.sees(Columns::Protected);
        query.account.clone_from(&actor.account);
        (query.skip, query.most) = (0, i64::MAX);
        let rows = self.store.cases(&actor.tenant, &query).await?;
        let bytes = made(&rows)?;
        let detail = format!(
            "{form} count={} protected={} {}",
            rows.len(),
            rows.iter().filter(|r| r.protected != 0).count(),
            filters(&query, &typed)
        );
        self.record(actor, "export", "cases", &detail).await?;
        Ok(bytes)
    }

    /// Views of the list of applications that an actor has kept, by name.
    ///
    /// # Errors
    /// No right, the database could not.
    pub async fn views(&self, actor: &Actor) -> Result<Vec<View>, Fault> {
        actor.needs(Action::ListCases)?;
        let views = self.store.views(&actor.tenant, &actor.account, ROOM);
        Ok(views.await?)
    }

    /// Keeps the query of an address under a name, in place of the actor's own view of that name.
    ///
    /// # Errors
    /// No right, no name or too long a one, too many views, the database could not.
    pub async fn keep_view(&self, actor: &Actor, name: &str, query: &str) -> Result<(), Fault> {
        let name = name.trim();
        let there = self.views(actor).await?;
        if name.is_empty() || name.chars().count() > NAME_MOST {
            return Err(Refusal::of("refusal.view_name")
                .with("most", NAME_MOST)
                .into());
        }
        let same = there.iter().find(|v| v.name == name);
        if same.is_none() && there.len() >= VIEWS_MOST {
            return Err(Refusal::of("refusal.views_most")
                .with("most", VIEWS_MOST)
                .into());
        }
        let view = View {
            id: match same {
                Some(view) => view.id.clone(),
                None => random_id(8)?,
            },
            owner: actor.account.clone(),
            room: ROOM.to_owned(),
            name: name.to_owned(),
            query: query.to_owned(),
        };
        let mut tx = self.store.begin(&actor.tenant).await?;
        tx.put_view(&view).await?;
        tx.audit(&self.entry(actor, "view_kept", &view.id, query))
            .await?;
        tx.commit().await?;
        Ok(())
    }

    /// Deletes a view of the actor's own; one that is not there is deleted already.
    ///
    /// # Errors
    /// No right, the database could not.
    pub async fn drop_view(&self, actor: &Actor, id: &str) -> Result<(), Fault> {
        actor.needs(Action::ListCases)?;
        let mut tx = self.store.begin(&actor.tenant).await?;
        tx.drop_view(id, &actor.account).await?;
        tx.audit(&self.entry(actor, "view_dropped", id, "")).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// The filters of a query, for the audit log; those that are not set are left out.
fn filters(q: &CaseQuery, typed: &str) -> String {
    let age = q.age.map(|a| a.to_string()).unwrap_or_default();
    let on_time = q.on_time.map(|t| t.to_string()).unwrap_or_default();
    let similar = if q.similar { "true" } else { "" };
    let all = [
        ("text", typed),
        ("round", &q.round),
        ("stage", &q.stage),
        ("channel", &q.channel),
        ("age", &age),
        ("facility", &q.facility),
        ("on_time", &on_time),
        ("similar", similar),
    ];
    let set = all.iter().filter(|(_, value)| !value.is_empty());
    let set: Vec<String> = set.map(|(name, value)| format!("{name}={value}")).collect();
    set.join(" ")
}
