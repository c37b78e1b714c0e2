//! Running an installation: what whoever looks after the machine needs.
//!
//! - [`Installation`]: data folder, key file and database, opened together; the server opens them so, too.
//! - [`backup`], [`restore`]: everything in one sealed file, and back, on either database.
//! - [`examine`], [`rebuild`]: whether everything is as it must be; rows of lists made anew.
//! - [`heads`]: ends of the audit chains, written elsewhere every day, and held against the chains.
//!
//! **Invariant:** nothing is restored before all of the backup has been read and is right.
//!
//! **Invariant:** a backup holds everything that is needed but the keys, and nothing of it is readable without them.

mod backup;
mod doctor;
mod error;
mod format;
pub mod heads;
mod installation;
mod restore;
mod words;

pub use backup::backup;
pub use doctor::{Finding, Grade, examine, rebuild};
pub use error::Error;
pub use format::{Manifest, PaperDigest, TableDigest};
pub use installation::{Installation, key_beside};
pub use restore::{restore, verify};
