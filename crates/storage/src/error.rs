//! What can go wrong.

/// Why something was not stored or found.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database cannot be opened.
    #[error("opening the database")]
    Open(#[source] sqlx::Error),
    /// Its tables cannot be brought up to date.
    #[error("bringing the database's tables up to date")]
    Migrate(#[source] sqlx::migrate::MigrateError),
    /// A query failed.
    #[error("{operation}")]
    Query {
        /// What was tried.
        operation: &'static str,
        /// Why it failed.
        #[source]
        source: sqlx::Error,
    },
    /// Somebody else was first: the stream has moved on.
    #[error("{kind} {id} was changed by somebody else meanwhile")]
    Conflict {
        /// Kind of stream.
        kind: &'static str,
        /// The stream.
        id: String,
    },
    /// The name of a municipality that could not be one of keys and folders.
    #[error("{tenant:?} is no name of a municipality")]
    Tenant {
        /// The name.
        tenant: String,
        /// Why not.
        #[source]
        source: enmusubi_vault::BadName,
    },
    /// The head of the audit chain is no end of a chain: somebody has written to the database.
    #[error("the head of the audit chain after entry {seq} is no keyed digest")]
    ChainEnd {
        /// Number of the last entry, as the head says.
        seq: i64,
    },
    /// The task that writes audit entries ended before it answered: whether the entry is recorded is not known.
    #[error("recording an entry of the audit chain: its writer has ended")]
    Recorder,
    /// Rows are put back where some are already.
    #[error("the database is not empty: table {table} has rows")]
    NotEmpty {
        /// A table with rows.
        table: &'static str,
    },
    /// A row does not hold what it must.
    #[error("{table} {row} cannot be read")]
    Damaged {
        /// Which table.
        table: &'static str,
        /// Which row.
        row: String,
        /// Why.
        #[source]
        source: serde_json::Error,
    },
    /// Something does not become JSON: a defect of the program.
    #[error("writing {what} as JSON")]
    Write {
        /// What.
        what: &'static str,
        /// Why.
        #[source]
        source: serde_json::Error,
    },
}

impl Error {
    pub(crate) fn query(operation: &'static str) -> impl FnOnce(sqlx::Error) -> Self {
        move |source| Self::Query { operation, source }
    }

    /// Whether the disk was full: SQLite says so itself, PostgreSQL by its code.
    #[must_use]
    pub fn is_full(&self) -> bool {
        match self {
            Self::Query {
                source: sqlx::Error::Database(e),
                ..
            } => {
                e.code().is_some_and(|c| c == "13" || c == "53100")
                    || e.message().contains("disk is full")
            }
            _ => false,
        }
    }

    /// Whether the database is not to be reached, or went away in the middle: what was asked is not done, and may be asked again.
    #[must_use]
    pub fn is_away(&self) -> bool {
        let Self::Query { source, .. } = self else {
            return false;
        };
        match source {
            sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed => true,
            // Classes of PostgreSQL: connection exceptions, and being shut down or started.
            sqlx::Error::Database(e) => e
                .code()
                .is_some_and(|c| c.starts_with("08") || c.starts_with("57P")),
            _ => false,
        }
    }

    /// Whether somebody else was first.
    #[must_use]
    pub fn is_conflict(&self) -> bool {
        matches!(self, Self::Conflict { .. })
    }
}
