//! Why something was not done.

use enmusubi_casefile::{Refusal, entry::FieldProblem};

/// Why something was not done. What a person can mend is data; the rest is for the log.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The account has no right to it.
    #[error("no right")]
    Forbidden,
    /// There is no such thing, or none that this account may know of.
    #[error("not there")]
    NotThere,
    /// The case file refuses.
    #[error("refused: {}", .0.key)]
    Refused(Refusal),
    /// Fields of a form are wrong.
    #[error("{} problems in a form", .0.len())]
    Fields(Vec<FieldProblem>),
    /// Somebody else changed it meanwhile; here the version that is there now.
    #[error("changed meanwhile, now at version {version}")]
    Conflict {
        /// Version that is there now.
        version: i64,
    },
    /// The database.
    #[error("storing or reading")]
    Storage(#[source] enmusubi_storage::Error),
    /// A paper may not be kept, or a file not be read as one; it says why in both languages.
    #[error("a paper is refused")]
    Paper(#[source] enmusubi_papers::Refused),
    /// The paper store could not.
    #[error("keeping or fetching a paper")]
    Papers(#[source] enmusubi_vault::StoreError),
    /// A file cannot be read; every problem with its place.
    #[error("problems in a file")]
    File(Box<enmusubi_interchange::Diagnostics>),
    /// A defect of the program or of the machine.
    #[error("{0}")]
    Internal(String),
}

impl Fault {
    /// Whether a disk is full, the database's or the papers'.
    #[must_use]
    pub fn is_full(&self) -> bool {
        match self {
            Self::Storage(e) => e.is_full(),
            Self::Papers(e) => e.failure() == enmusubi_vault::Failure::Full,
            _ => false,
        }
    }

    /// Whether the database is not to be reached, or went away in the middle.
    #[must_use]
    pub fn is_away(&self) -> bool {
        matches!(self, Self::Storage(e) if e.is_away())
    }
}

impl From<enmusubi_storage::Error> for Fault {
    fn from(error: enmusubi_storage::Error) -> Self {
        Self::Storage(error)
    }
}

impl From<enmusubi_papers::Refused> for Fault {
    fn from(refused: enmusubi_papers::Refused) -> Self {
        Self::Paper(refused)
    }
}

impl From<enmusubi_vault::StoreError> for Fault {
    fn from(error: enmusubi_vault::StoreError) -> Self {
        Self::Papers(error)
    }
}

impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}
