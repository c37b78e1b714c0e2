//! Where papers lie, as whoever keeps them sees it, and what can go wrong there.

use crate::{NoRandomness, ObjectId, OpenError, SealError, Tenant};
use async_trait::async_trait;
use std::error::Error;
use std::fmt;
use std::io;

/// A place for papers.
///
/// Whoever implements it runs [`crate::conformance::complaints`] in its tests. What holds for every implementation:
///
/// - When `put` has returned, the paper outlives a crash; when it has not, there is the whole paper or none.
/// - A paper is never replaced. Putting the same bytes again is no error, so that a caller who was interrupted may
///   repeat it.
/// - Nobody sees another tenant's papers.
#[async_trait]
pub trait PaperStore: fmt::Debug + Send + Sync {
    /// Keeps a paper under a new id.
    ///
    /// # Errors
    ///
    /// [`Failure::Taken`] if other bytes have this id, or what the place says.
    async fn put(&self, tenant: &Tenant, id: &ObjectId, bytes: &[u8]) -> Result<(), StoreError>;

    /// The paper, or `None` if there is none.
    ///
    /// # Errors
    ///
    /// [`Failure::Damaged`], [`Failure::WrongKey`], or what the place says.
    async fn get(&self, tenant: &Tenant, id: &ObjectId) -> Result<Option<Vec<u8>>, StoreError>;

    /// Deletes a paper; one that is not there is no error.
    ///
    /// # Errors
    ///
    /// What the place says.
    async fn delete(&self, tenant: &Tenant, id: &ObjectId) -> Result<(), StoreError>;

    /// Whether there is a paper; whether it can be opened is not looked at.
    ///
    /// # Errors
    ///
    /// What the place says.
    async fn exists(&self, tenant: &Tenant, id: &ObjectId) -> Result<bool, StoreError>;

    /// The tenant's papers, in the order of their ids.
    ///
    /// # Errors
    ///
    /// What the place says.
    async fn list(&self, tenant: &Tenant) -> Result<Vec<ObjectId>, StoreError>;
}

/// What was being done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    /// Opening the store.
    Open,
    /// [`PaperStore::put`].
    Put,
    /// [`PaperStore::get`] and [`PaperStore::exists`].
    Get,
    /// [`PaperStore::delete`].
    Delete,
    /// [`PaperStore::list`].
    List,
}

impl Operation {
    pub(crate) fn key(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Put => "put",
            Self::Get => "get",
            Self::Delete => "delete",
            Self::List => "list",
        }
    }
}

/// What went wrong, as far as somebody can do something about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// No space, or no more for this user.
    Full,
    /// The place takes nothing new.
    ReadOnly,
    /// Owner or permissions.
    Denied,
    /// Other bytes have the id.
    Taken,
    /// The key file lacks the key.
    WrongKey,
    /// Changed, cut off, exchanged, or never sealed.
    Damaged,
    /// Anything else.
    Other,
}

/// Why the store did not do it. [`StoreError::text`] says it to people.
#[derive(Debug)]
pub struct StoreError {
    operation: Operation,
    failure: Failure,
    source: Option<Box<dyn Error + Send + Sync>>,
}

impl StoreError {
    /// An error of the place, sorted by what the operating system said behind it.
    pub fn of_place(operation: Operation, source: impl Error + Send + Sync + 'static) -> Self {
        Self {
            operation,
            failure: failure_of(&source),
            source: Some(Box::new(source)),
        }
    }

    pub(crate) fn taken() -> Self {
        Self {
            operation: Operation::Put,
            failure: Failure::Taken,
            source: None,
        }
    }

    pub(crate) fn opening(operation: Operation, source: OpenError) -> Self {
        let failure = match source {
            OpenError::WrongKey { .. } => Failure::WrongKey,
            _ => Failure::Damaged,
        };
        Self {
            operation,
            failure,
            source: Some(Box::new(source)),
        }
    }

    pub(crate) fn sealing(operation: Operation, source: SealError) -> Self {
        Self {
            operation,
            failure: Failure::Other,
            source: Some(Box::new(source)),
        }
    }

    /// What was being done.
    #[must_use]
    pub fn operation(&self) -> Operation {
        self.operation
    }

    /// What went wrong.
    #[must_use]
    pub fn failure(&self) -> Failure {
        self.failure
    }
}

impl From<NoRandomness> for StoreError {
    fn from(source: NoRandomness) -> Self {
        Self::sealing(Operation::Put, source.into())
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let operation = match self.operation {
            Operation::Open => "opening the store",
            Operation::Put => "putting a paper",
            Operation::Get => "getting a paper",
            Operation::Delete => "deleting a paper",
            Operation::List => "listing papers",
        };
        let why = match self.failure {
            Failure::Full => ": no space left",
            Failure::ReadOnly => ": the place is read-only",
            Failure::Denied => ": not permitted",
            Failure::Taken => ": another paper has this id",
            Failure::WrongKey => ": the key is missing",
            Failure::Damaged => ": it is damaged",
            Failure::Other => "",
        };
        write!(f, "{operation} failed{why}")
    }
}

impl Error for StoreError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|s| s as _)
    }
}

fn failure_of(error: &(dyn Error + 'static)) -> Failure {
    let mut at = Some(error);
    while let Some(error) = at {
        use object_store::Error as Place;
        if let Some(Place::PermissionDenied { .. } | Place::Unauthenticated { .. }) =
            error.downcast_ref()
        {
            return Failure::Denied;
        }
        match error.downcast_ref::<io::Error>().map(io::Error::kind) {
            Some(io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded) => {
                return Failure::Full;
            }
            Some(io::ErrorKind::ReadOnlyFilesystem) => return Failure::ReadOnly,
            Some(io::ErrorKind::PermissionDenied) => return Failure::Denied,
            _ => {}
        }
        at = error.source();
    }
    Failure::Other
}
