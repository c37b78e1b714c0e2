//! What every use case needs: database, clock; changing a case or another stream with its audit entry.

use crate::{Actor, Fault, standing::Standing};
use enmusubi_casefile::{Aggregate, Meta, Refusal, household::Household};
use enmusubi_storage::{Store, Tx, audit::Entry, events::Loaded};
use jiff::{Timestamp, civil::Date, tz::Offset};
use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex},
};

/// Tells the time. Fixed in tests.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// What was worked out of each round, by municipality and round.
pub(crate) type Standings = Arc<Mutex<HashMap<(String, String), Arc<Standing>>>>;

/// The office of an installation. Clones share everything.
#[derive(Clone)]
pub struct Office {
    pub(crate) store: Store,
    clock: Clock,
    /// Where papers lie, if somewhere.
    pub(crate) papers: Option<Arc<dyn enmusubi_vault::PaperStore>>,
    /// What was worked out of a round, by municipality and round, with the stamp it stands for.
    pub(crate) standings: Standings,
}

impl fmt::Debug for Office {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Office")
            .field("store", &self.store)
            .finish()
    }
}

impl Office {
    /// An office on a database.
    #[must_use]
    pub fn new(store: Store, clock: Clock) -> Self {
        Self {
            store,
            clock,
            papers: None,
            standings: Arc::default(),
        }
    }

    /// The same with a place for papers.
    #[must_use]
    pub fn with_papers(mut self, papers: Arc<dyn enmusubi_vault::PaperStore>) -> Self {
        self.papers = Some(papers);
        self
    }

    /// Its database.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// The moment.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        (self.clock)()
    }

    /// Today, in Japan: UTC+9 all year since 1951.
    #[must_use]
    pub fn today(&self) -> Date {
        day_in_japan(self.now())
    }

    /// Now, and who acts.
    #[must_use]
    pub fn meta(&self, actor: &Actor) -> Meta {
        Meta {
            at: self.now(),
            by: actor.account.clone(),
        }
    }

    /// Records that somebody looked at something, or did something that changes no stream.
    ///
    /// # Errors
    /// The database could not.
    pub async fn record(
        &self,
        actor: &Actor,
        action: &str,
        subject: &str,
        detail: &str,
    ) -> Result<(), Fault> {
        let entry = self.entry(actor, action, subject, detail);
        self.store.record(&actor.tenant, entry).await?;
        Ok(())
    }

    /// An audit entry of this moment.
    #[must_use]
    pub fn entry(&self, actor: &Actor, action: &str, subject: &str, detail: &str) -> Entry {
        Entry {
            at: self.now().to_string(),
            actor: actor.account.clone(),
            action: action.to_owned(),
            subject: subject.to_owned(),
            detail: detail.to_owned(),
        }
    }

    /// Changes a stream: loads it, holds its version against the one the form was made from, lets `decide` give the events,
    /// stores them with their audit entries. Nothing happens where anything is refused.
    ///
    /// # Errors
    /// Not there, changed meanwhile, refused, the database could not.
    pub async fn change<A: Aggregate>(
        &self,
        actor: &Actor,
        id: &str,
        version: i64,
        decide: impl FnOnce(&A) -> Result<Vec<A::Event>, Refusal>,
    ) -> Result<Loaded<A>, Fault> {
        let mut tx = self.store.begin(&actor.tenant).await?;
        let loaded = tx.load::<A>(id).await?;
        let loaded = match loaded {
            Some(loaded) => loaded,
            None if version == 0 => Loaded::new(id.to_owned()),
            None => return Err(Fault::NotThere),
        };
        if loaded.version != version {
            return Err(Fault::Conflict {
                version: loaded.version,
            });
        }
        let events = decide(&loaded.state)?;
        let after = self.append(&mut tx, actor, loaded, &events, id).await?;
        tx.commit().await?;
        Ok(after)
    }

    /// Appends events with an audit entry for each, about a subject.
    pub(crate) async fn append<A: Aggregate>(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        loaded: Loaded<A>,
        events: &[A::Event],
        subject: &str,
    ) -> Result<Loaded<A>, Fault> {
        let version = loaded.version;
        let after = match tx.append(loaded, events, &self.meta(actor)).await {
            Err(e) if e.is_conflict() => return Err(Fault::Conflict { version: -1 }),
            other => other?,
        };
        for (event, at) in events.iter().zip(version + 1..) {
            let action = format!("{}.{}", A::KIND, A::name(event));
            let detail = format!("v{at}");
            tx.audit(&self.entry(actor, &action, subject, &detail))
                .await?;
        }
        Ok(after)
    }

    /// Changes a case by the number of one of its applications. The rows of the lists follow in the same transaction.
    ///
    /// # Errors
    /// Not there for this actor, changed meanwhile, refused, the database could not.
    pub async fn change_case(
        &self,
        actor: &Actor,
        number: &str,
        version: i64,
        decide: impl FnOnce(&Household) -> Result<Vec<enmusubi_casefile::household::Event>, Refusal>,
    ) -> Result<Loaded<Household>, Fault> {
        let row = self.visible(actor, number).await?;
        // Made before the transaction: it reads other streams.
        let standing = self.standing(&actor.tenant, &row.round).await?;
        let mut tx = self.store.begin(&actor.tenant).await?;
        let Some(loaded) = tx.load::<Household>(&row.household).await? else {
            return Err(Fault::NotThere);
        };
        if loaded.version != version {
            return Err(Fault::Conflict {
                version: loaded.version,
            });
        }
        let events = decide(&loaded.state)?;
        let version = loaded.version;
        let meta = self.meta(actor);
        let after = match tx.append(loaded, &events, &meta).await {
            Err(e) if e.is_conflict() => return Err(Fault::Conflict { version: -1 }),
            other => other?,
        };
        let made = standing.projected(&after.id, &after.state);
        tx.project(&after.id, &made).await?;
        // The chain's head is locked from here on, so this comes last.
        for (event, at) in events.iter().zip(version + 1..) {
            let action = format!("household.{}", Household::name(event));
            let entry = self.entry(actor, &action, number, &format!("v{at}"));
            tx.audit(&entry).await?;
        }
        tx.commit().await?;
        Ok(after)
    }
}

/// The day of a moment in Japan.
#[must_use]
pub fn day_in_japan(at: Timestamp) -> Date {
    Offset::constant(9).to_datetime(at).date()
}

/// A random id, hexadecimal, of so many bytes.
///
/// # Errors
/// The machine gives no random numbers.
pub fn random_id(bytes: usize) -> Result<String, Fault> {
    let mut buffer = vec![0u8; bytes];
    getrandom::fill(&mut buffer).map_err(|e| Fault::Internal(format!("random numbers: {e}")))?;
    Ok(buffer.iter().map(|b| format!("{b:02x}")).collect())
}
