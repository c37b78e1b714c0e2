//! Opening, migrating, transactions.

use crate::{Error, audit};
use sqlx::{
    Any, AnyPool, Executor as _, Transaction,
    any::{AnyPoolOptions, install_default_drivers},
    migrate::Migrator,
};
use std::{path::Path, time::Duration};

static MIGRATIONS: Migrator = sqlx::migrate!("./migrations");

/// Which database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// SQLite in one file.
    Sqlite,
    /// PostgreSQL.
    Postgres,
}

/// The database. Clones share its connections.
#[derive(Debug, Clone)]
pub struct Store {
    kind: Kind,
    url: String,
    /// SQLite has one writer: one connection, for which writers wait here and not in the database.
    write: AnyPool,
    read: AnyPool,
    pub(crate) key: audit::Key,
}

/// Connections that only read (SQLite), or all (PostgreSQL).
const CONNECTIONS: u32 = 8;
/// Longest wait for a connection before a request is told to come again.
const WAIT: Duration = Duration::from_secs(20);

impl Store {
    /// Opens the SQLite database of a data directory, or makes it.
    ///
    /// # Errors
    /// It cannot be opened or brought up to date.
    pub async fn in_folder(folder: &Path, key: audit::Key) -> Result<Self, Error> {
        let file = folder.join("enmusubi.db");
        Self::open(&format!("sqlite://{}?mode=rwc", file.display()), key).await
    }

    /// Opens a database by its address (`sqlite://…`, `postgres://…`) and brings its tables up to date. `key`: of the
    /// audit chain.
    ///
    /// # Errors
    /// It cannot be opened or brought up to date.
    pub async fn open(url: &str, key: audit::Key) -> Result<Self, Error> {
        install_default_drivers();
        let kind = if url.starts_with("sqlite:") {
            Kind::Sqlite
        } else {
            Kind::Postgres
        };
        let pool = |connections: u32| {
            AnyPoolOptions::new()
                .max_connections(connections)
                .acquire_timeout(WAIT)
                .after_connect(move |connection, _| {
                    Box::pin(async move {
                        if kind == Kind::Sqlite {
                            // FULL: an acknowledged change outlives a power failure.
                            connection
                                .execute(
                                    "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
                                     PRAGMA busy_timeout = 10000; PRAGMA cache_size = -16000",
                                )
                                .await?;
                        }
                        Ok(())
                    })
                })
        };
        let write = pool(match kind {
            Kind::Sqlite => 1,
            Kind::Postgres => CONNECTIONS,
        });
        let write = write.connect(url).await.map_err(Error::Open)?;
        MIGRATIONS.run(&write).await.map_err(Error::Migrate)?;
        let read = match kind {
            Kind::Sqlite => pool(CONNECTIONS).connect(url).await.map_err(Error::Open)?,
            Kind::Postgres => write.clone(),
        };
        Ok(Self {
            kind,
            url: url.to_owned(),
            write,
            read,
            key,
        })
    }

    /// Which database it is.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Its address, for whoever opens connections of their own (the job library).
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    pub(crate) fn writer(&self) -> &AnyPool {
        &self.write
    }

    pub(crate) fn read(&self) -> &AnyPool {
        &self.read
    }

    /// Begins a transaction that writes, for one municipality.
    ///
    /// # Errors
    /// No connection.
    pub async fn begin(&self, tenant: &str) -> Result<Tx, Error> {
        // A SQLite transaction that reads first and writes later could lose its place to another process.
        let begun = match self.kind {
            Kind::Sqlite => self.write.begin_with("BEGIN IMMEDIATE").await,
            Kind::Postgres => self.write.begin().await,
        };
        Ok(Tx {
            inner: begun.map_err(Error::query("beginning a transaction"))?,
            tenant: tenant.to_owned(),
            key: self.key.clone(),
        })
    }

    /// A transaction in which everything is read as of one moment, over all municipalities (backups).
    ///
    /// # Errors
    /// No connection.
    pub async fn snapshot(&self) -> Result<Transaction<'static, Any>, Error> {
        let begun = match self.kind {
            Kind::Sqlite => self.read.begin().await,
            Kind::Postgres => {
                self.read
                    .begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ")
                    .await
            }
        };
        begun.map_err(Error::query("beginning a snapshot"))
    }

    /// Waits until every connection is closed.
    pub async fn close(&self) {
        self.write.close().await;
        self.read.close().await;
    }
}

/// A transaction of one municipality. Dropped without [`Tx::commit`], nothing of it happened.
#[derive(Debug)]
pub struct Tx {
    pub(crate) inner: Transaction<'static, Any>,
    pub(crate) tenant: String,
    pub(crate) key: audit::Key,
}

impl Tx {
    /// Makes it so.
    ///
    /// # Errors
    /// The database could not.
    pub async fn commit(self) -> Result<(), Error> {
        self.inner
            .commit()
            .await
            .map_err(Error::query("committing a transaction"))
    }

    /// The municipality.
    #[must_use]
    pub fn tenant(&self) -> &str {
        &self.tenant
    }

    /// The next number of a counter, from 1.
    ///
    /// # Errors
    /// The database could not.
    pub async fn next(&mut self, counter: &str) -> Result<i64, Error> {
        sqlx::query_scalar(
            "INSERT INTO counter (tenant, name, value) VALUES ($1, $2, 1) \
             ON CONFLICT (tenant, name) DO UPDATE SET value = counter.value + 1 RETURNING value",
        )
        .bind(&self.tenant)
        .bind(counter)
        .fetch_one(&mut *self.inner)
        .await
        .map_err(Error::query("counting on"))
    }
}
