//! Streams of events, with optimistic locking: an append names the version it was made from.

use crate::{Error, Store, Tx};
use enmusubi_casefile::{Aggregate, Meta};
use sqlx::Row as _;

/// The state of a stream and its version (the number of its events).
#[derive(Debug, Clone, PartialEq)]
pub struct Loaded<A> {
    /// Id of the stream.
    pub id: String,
    /// Its version.
    pub version: i64,
    /// Its state.
    pub state: A,
}

/// An event as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// Number in its stream, from 1.
    pub version: i64,
    /// When (ISO 8601).
    pub at: String,
    /// Account that acted.
    pub actor: String,
    /// Name of the event.
    pub name: String,
    /// Its body, as JSON.
    pub body: String,
}

fn state<A: Aggregate>(id: &str, body: &str) -> Result<A, Error> {
    serde_json::from_str(body).map_err(|source| Error::Damaged {
        table: "stream",
        row: format!("{} {id}", A::KIND),
        source,
    })
}

const LOAD: &str = "SELECT version, body FROM stream WHERE tenant = $1 AND kind = $2 AND id = $3";

impl Store {
    /// The state of a stream, if there is one.
    ///
    /// # Errors
    /// The database could not, or the snapshot is damaged.
    pub async fn load<A: Aggregate>(
        &self,
        tenant: &str,
        id: &str,
    ) -> Result<Option<Loaded<A>>, Error> {
        let row = sqlx::query(LOAD)
            .bind(tenant)
            .bind(A::KIND)
            .bind(id)
            .fetch_optional(self.read())
            .await
            .map_err(Error::query("loading a stream"))?;
        row.map(|row| {
            Ok(Loaded {
                id: id.to_owned(),
                version: row.get(0),
                state: state(id, row.get(1))?,
            })
        })
        .transpose()
    }

    /// Every stream of a kind, by id.
    ///
    /// # Errors
    /// The database could not, or a snapshot is damaged.
    pub async fn all<A: Aggregate>(&self, tenant: &str) -> Result<Vec<Loaded<A>>, Error> {
        let rows = sqlx::query(
            "SELECT id, version, body FROM stream WHERE tenant = $1 AND kind = $2 ORDER BY id",
        )
        .bind(tenant)
        .bind(A::KIND)
        .fetch_all(self.read())
        .await
        .map_err(Error::query("loading streams"))?;
        rows.into_iter()
            .map(|row| {
                let id: String = row.get(0);
                Ok(Loaded {
                    version: row.get(1),
                    state: state(&id, row.get(2))?,
                    id,
                })
            })
            .collect()
    }

    /// The events of a stream, oldest first.
    ///
    /// # Errors
    /// The database could not.
    pub async fn events(&self, tenant: &str, kind: &str, id: &str) -> Result<Vec<Stored>, Error> {
        let rows = sqlx::query(
            "SELECT version, at, actor, name, body FROM event \
             WHERE tenant = $1 AND kind = $2 AND stream = $3 ORDER BY version",
        )
        .bind(tenant)
        .bind(kind)
        .bind(id)
        .fetch_all(self.read())
        .await
        .map_err(Error::query("reading events"))?;
        Ok(rows
            .into_iter()
            .map(|row| Stored {
                version: row.get(0),
                at: row.get(1),
                actor: row.get(2),
                name: row.get(3),
                body: row.get(4),
            })
            .collect())
    }

    /// Folds every stream of a kind anew, and names those whose snapshot is another.
    ///
    /// # Errors
    /// The database could not, or an event cannot be read.
    pub async fn differing<A: Aggregate + PartialEq>(
        &self,
        tenant: &str,
    ) -> Result<Vec<String>, Error> {
        let mut found = Vec::new();
        for loaded in self.all::<A>(tenant).await? {
            let mut anew = A::default();
            let events = self.events(tenant, A::KIND, &loaded.id).await?;
            for e in &events {
                let damaged = |source| Error::Damaged {
                    table: "event",
                    row: format!("{} {} {}", A::KIND, loaded.id, e.version),
                    source,
                };
                let event: A::Event = serde_json::from_str(&e.body).map_err(damaged)?;
                let at = e.at.parse().unwrap_or(jiff::Timestamp::UNIX_EPOCH);
                let by = e.actor.clone();
                anew.apply(&event, &Meta { at, by });
            }
            if anew != loaded.state || events.len() as i64 != loaded.version {
                found.push(loaded.id);
            }
        }
        Ok(found)
    }
}

impl Tx {
    /// The state of a stream within the transaction, if there is one.
    ///
    /// # Errors
    /// The database could not, or the snapshot is damaged.
    pub async fn load<A: Aggregate>(&mut self, id: &str) -> Result<Option<Loaded<A>>, Error> {
        let row = sqlx::query(LOAD)
            .bind(&self.tenant)
            .bind(A::KIND)
            .bind(id)
            .fetch_optional(&mut *self.inner)
            .await
            .map_err(Error::query("loading a stream"))?;
        row.map(|row| {
            Ok(Loaded {
                id: id.to_owned(),
                version: row.get(0),
                state: state(id, row.get(1))?,
            })
        })
        .transpose()
    }

    /// Appends events to a stream that is at a version (0: a new one), and stores its new state.
    ///
    /// # Errors
    /// [`Error::Conflict`] where the stream is at another version; the database could not.
    pub async fn append<A: Aggregate>(
        &mut self,
        loaded: Loaded<A>,
        events: &[A::Event],
        meta: &Meta,
    ) -> Result<Loaded<A>, Error> {
        let Loaded {
            id,
            version,
            mut state,
        } = loaded;
        if events.is_empty() {
            return Ok(Loaded { id, version, state });
        }
        let at = meta.at.to_string();
        for (event, number) in events.iter().zip(version + 1..) {
            let body = json("an event", event)?;
            sqlx::query(
                "INSERT INTO event (tenant, kind, stream, version, at, actor, name, body) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            )
            .bind(&self.tenant)
            .bind(A::KIND)
            .bind(&id)
            .bind(number)
            .bind(&at)
            .bind(&meta.by)
            .bind(A::name(event))
            .bind(body)
            .execute(&mut *self.inner)
            .await
            .map_err(|source| conflict::<A>(&id, "appending an event", source))?;
            state.apply(event, meta);
        }
        let after = version + events.len() as i64;
        let body = json("a snapshot", &state)?;
        let stored = if version == 0 {
            sqlx::query(
                "INSERT INTO stream (tenant, kind, id, version, at, body) \
                 VALUES ($1, $2, $3, $4, $5, $6)",
            )
            .bind(&self.tenant)
            .bind(A::KIND)
            .bind(&id)
            .bind(after)
            .bind(&at)
            .bind(body)
            .execute(&mut *self.inner)
            .await
        } else {
            sqlx::query(
                "UPDATE stream SET version = $4, at = $5, body = $6 \
                 WHERE tenant = $1 AND kind = $2 AND id = $3 AND version = $7",
            )
            .bind(&self.tenant)
            .bind(A::KIND)
            .bind(&id)
            .bind(after)
            .bind(&at)
            .bind(body)
            .bind(version)
            .execute(&mut *self.inner)
            .await
        };
        let stored = stored.map_err(|source| conflict::<A>(&id, "storing a snapshot", source))?;
        if stored.rows_affected() != 1 {
            return Err(Error::Conflict { kind: A::KIND, id });
        }
        Ok(Loaded {
            id,
            version: after,
            state,
        })
    }
}

impl<A: Aggregate> Loaded<A> {
    /// A stream that does not exist yet.
    #[must_use]
    pub fn new(id: String) -> Self {
        Self {
            id,
            version: 0,
            state: A::default(),
        }
    }
}

fn json<T: serde::Serialize>(what: &'static str, value: &T) -> Result<String, Error> {
    serde_json::to_string(value).map_err(|source| Error::Write { what, source })
}

/// A key that is there already means that somebody else was first.
fn conflict<A: Aggregate>(id: &str, operation: &'static str, source: sqlx::Error) -> Error {
    let twice = source
        .as_database_error()
        .is_some_and(sqlx::error::DatabaseError::is_unique_violation);
    if twice {
        return Error::Conflict {
            kind: A::KIND,
            id: id.to_owned(),
        };
    }
    Error::Query { operation, source }
}

impl Store {
    /// A number that changes whenever a stream of one of these kinds does: whether what was worked out from them still stands.
    ///
    /// # Errors
    /// The database could not.
    pub async fn stamp(&self, tenant: &str, kinds: [&str; 4]) -> Result<(i64, i64), Error> {
        let row = sqlx::query(
            "SELECT COUNT(*), CAST(COALESCE(SUM(version), 0) AS BIGINT) FROM stream \
             WHERE tenant = $1 AND kind IN ($2, $3, $4, $5)",
        )
        .bind(tenant)
        .bind(kinds[0])
        .bind(kinds[1])
        .bind(kinds[2])
        .bind(kinds[3])
        .fetch_one(self.read())
        .await
        .map_err(Error::query("asking whether streams have changed"))?;
        Ok((row.get(0), row.get(1)))
    }
}
