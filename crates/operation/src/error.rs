//! What can go wrong. [`Error::text`] says it to people.

use crate::heads::BadLine;
use enmusubi_storage::audit::Broken;
use enmusubi_vault::{KeyFileError, OpenError, StoreError};
use std::{io, path::PathBuf};

/// Why something about an installation could not be done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no installation.
    #[error("there is no data folder {}", path.display())]
    NoData {
        /// Where it should be.
        path: PathBuf,
    },
    /// A folder cannot be made.
    #[error("making the folder {}", path.display())]
    Folder {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The key file.
    #[error("reading the keys")]
    Keys(#[source] KeyFileError),
    /// The store of papers.
    #[error("using the store of papers")]
    Papers(#[source] StoreError),
    /// The database.
    #[error("using the database")]
    Store(#[source] enmusubi_storage::Error),
    /// Making rows of lists.
    #[error("making rows of lists")]
    Rows(#[source] enmusubi_app::Fault),
    /// The backup cannot be written.
    #[error("writing the backup")]
    Write(#[source] io::Error),
    /// A file cannot be read.
    #[error("reading the file")]
    Read(#[source] io::Error),
    /// Something else than a backup.
    #[error("the file is no backup")]
    NoBackup,
    /// A backup of a newer program.
    #[error("the backup has version {version}, which is not known")]
    Version {
        /// What it says.
        version: String,
    },
    /// The key file lacks the key it was sealed with.
    #[error("the backup was sealed with another key")]
    WrongKey,
    /// Changed or cut off.
    #[error("the backup is damaged or cut off")]
    Damaged,
    /// Sealed and whole, but it does not hold what its own manifest says.
    #[error("the backup does not hold what it says: {what}")]
    Disagrees {
        /// Table or paper.
        what: String,
    },
    /// There is something already.
    #[error("there is something already: {what}")]
    NotEmpty {
        /// Table or folder.
        what: String,
    },
    /// A chain does not verify.
    #[error("the audit chain of {tenant} is broken: {broken:?}")]
    Chain {
        /// Municipality.
        tenant: String,
        /// Where.
        broken: Broken,
    },
    /// A file of ends of chains.
    #[error("a line is no end of a chain")]
    Heads(#[source] BadLine),
    /// A municipality or paper whose name cannot be one.
    #[error("{name:?} is no name in the store of papers")]
    Name {
        /// The name.
        name: String,
    },
}

impl From<enmusubi_storage::Error> for Error {
    fn from(error: enmusubi_storage::Error) -> Self {
        match error {
            enmusubi_storage::Error::NotEmpty { table } => Self::NotEmpty {
                what: table.to_owned(),
            },
            error => Self::Store(error),
        }
    }
}

/// What went wrong in reading a sealed file.
pub(crate) fn opening(error: io::Error) -> Error {
    let inner = error.get_ref().and_then(|e| e.downcast_ref::<OpenError>());
    match inner {
        Some(OpenError::WrongKey { .. }) => Error::WrongKey,
        Some(_) => Error::Damaged,
        None if error.kind() == io::ErrorKind::UnexpectedEof => Error::Damaged,
        None => Error::Read(error),
    }
}
