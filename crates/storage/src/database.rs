//! Opening, migrating, transactions.

use crate::{Error, audit, recorder::Recorder};
use sqlx::{
    Any, AnyPool, AssertSqlSafe, Connection as _, Executor as _, Transaction,
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
    base: Base,
    url: String,
    read: AnyPool,
    recorder: Recorder,
    pub(crate) key: audit::Key,
}

/// What writing needs.
#[derive(Debug, Clone)]
pub(crate) struct Base {
    kind: Kind,
    /// SQLite has one writer: one connection, for which writers wait here and not in the database.
    write: AnyPool,
    key: audit::Key,
}

impl Base {
    /// Begins a transaction that writes.
    pub(crate) async fn begin(&self, tenant: &str) -> Result<Tx, Error> {
        let mut begun = self.try_begin().await;
        if begun.is_err() && self.kind == Kind::Sqlite {
            // A commit that found the disk full leaves the one writing connection within its transaction, where it can neither
            // end it nor begin another. A new connection can.
            if let Ok(stuck) = self.write.acquire().await {
                // Whatever it says, it is gone.
                let _ = stuck.close().await;
            }
            begun = self.try_begin().await;
        }
        Ok(Tx {
            inner: begun.map_err(Error::query("beginning a transaction"))?,
            tenant: tenant.to_owned(),
            key: self.key.clone(),
        })
    }

    async fn try_begin(&self) -> sqlx::Result<Transaction<'static, Any>> {
        match self.kind {
            // One that reads first and writes later could lose its place to another process.
            Kind::Sqlite => self.write.begin_with("BEGIN IMMEDIATE").await,
            Kind::Postgres => self.write.begin().await,
        }
    }
}

/// What a database says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    /// Its version.
    pub version: String,
    /// Its size in bytes.
    pub bytes: i64,
    /// Migrations that were run.
    pub migrations: i64,
    /// What SQLite finds damaged first; PostgreSQL has no such question.
    pub damage: Option<String>,
}

/// Connections that only read (SQLite), or all (PostgreSQL).
const CONNECTIONS: u32 = 8;
/// Longest wait for a connection before a request is told to come again.
const WAIT: Duration = Duration::from_secs(20);
/// A connection that was idle for so long is asked whether it is still there.
const IDLE: Duration = Duration::from_secs(5);

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
                // A question before every query would double the ways to the database; one that was idle may be gone.
                .test_before_acquire(false)
                .before_acquire(|connection, about| {
                    Box::pin(
                        async move { Ok(about.idle_for < IDLE || connection.ping().await.is_ok()) },
                    )
                })
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
        if kind == Kind::Postgres {
            compare_bytes(&write).await?;
        }
        let read = match kind {
            Kind::Sqlite => pool(CONNECTIONS).connect(url).await.map_err(Error::Open)?,
            Kind::Postgres => write.clone(),
        };
        let base = Base {
            kind,
            write,
            key: key.clone(),
        };
        Ok(Self {
            recorder: Recorder::begin(base.clone()),
            base,
            url: url.to_owned(),
            read,
            key,
        })
    }

    /// Which database it is.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.base.kind
    }

    /// Its address, for whoever opens connections of their own (the job library).
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    pub(crate) fn writer(&self) -> &AnyPool {
        &self.base.write
    }

    pub(crate) fn recorder(&self) -> &Recorder {
        &self.recorder
    }

    pub(crate) fn read(&self) -> &AnyPool {
        &self.read
    }

    /// Begins a transaction that writes, for one municipality.
    ///
    /// # Errors
    /// No connection.
    pub async fn begin(&self, tenant: &str) -> Result<Tx, Error> {
        self.base.begin(tenant).await
    }

    /// A transaction in which everything is read as of one moment, over all municipalities (backups).
    ///
    /// # Errors
    /// No connection.
    pub async fn snapshot(&self) -> Result<Transaction<'static, Any>, Error> {
        let begun = match self.base.kind {
            Kind::Sqlite => self.read.begin().await,
            Kind::Postgres => {
                self.read
                    .begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ")
                    .await
            }
        };
        begun.map_err(Error::query("beginning a snapshot"))
    }

    /// Version, size, and whether the database finds itself sound.
    ///
    /// # Errors
    /// The database could not.
    pub async fn about(&self) -> Result<About, Error> {
        let failed = || Error::query("asking the database about itself");
        let sql = match self.base.kind {
            Kind::Sqlite => {
                "SELECT sqlite_version(), page_count * page_size, \
                 (SELECT COUNT(*) FROM _sqlx_migrations) FROM pragma_page_count(), pragma_page_size()"
            }
            Kind::Postgres => {
                "SELECT current_setting('server_version'), pg_database_size(current_database()), \
                 (SELECT COUNT(*) FROM _sqlx_migrations)"
            }
        };
        let (version, bytes, migrations) = sqlx::query_as(sql)
            .fetch_one(&self.read)
            .await
            .map_err(failed())?;
        let said: Option<String> = match self.base.kind {
            Kind::Sqlite => sqlx::query_scalar("PRAGMA integrity_check(1)")
                .fetch_optional(&self.read)
                .await
                .map_err(failed())?,
            Kind::Postgres => None,
        };
        Ok(About {
            version,
            bytes,
            migrations,
            damage: said.filter(|s| s != "ok"),
        })
    }

    /// Waits until every connection is closed.
    pub async fn close(&self) {
        self.base.write.close().await;
        self.read.close().await;
    }
}

/// Whether a table is of our migrations; the job library has its own.
fn ours(table: &str) -> bool {
    crate::dump::TABLES.iter().any(|t| t.name == table) || FLEETING.contains(&table)
}

/// Tables of a running server, which no backup holds.
const FLEETING: [&str; 3] = ["session", "throttle", "held_form"];

/// Makes PostgreSQL compare text as SQLite does, by bytes, whatever language its administrator chose: lists have the same
/// order on both, moments compare as moments, and indexes serve that order. `COLLATE "C"` is no SQL that SQLite knows, so
/// it cannot be in a migration.
async fn compare_bytes(pool: &AnyPool) -> Result<(), Error> {
    let failed = || Error::query("making the database compare bytes");
    let found: Vec<(String, String)> = sqlx::query_as(
        "SELECT c.relname::text, a.attname::text FROM pg_attribute a \
         JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace \
         JOIN pg_collation l ON l.oid = a.attcollation \
         WHERE n.nspname = current_schema() AND c.relkind = 'r' AND NOT a.attisdropped \
         AND a.attnum > 0 AND a.atttypid = 'text'::regtype AND l.collname <> 'C' \
         ORDER BY 1, 2",
    )
    .fetch_all(pool)
    .await
    .map_err(failed())?;
    for (table, column) in found.iter().filter(|(t, _)| ours(t)) {
        // Both names are of our own tables.
        let sql = format!("ALTER TABLE {table} ALTER COLUMN {column} TYPE TEXT COLLATE \"C\"");
        sqlx::query(AssertSqlSafe(sql))
            .execute(pool)
            .await
            .map_err(failed())?;
    }
    Ok(())
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
