//! The ledger of a shadow year (並行稼働の台帳): what was compared, what was mended, what was accepted and why, and
//! who signed it. One JSON object a line; each carries the digest of the one before, so that nothing can be taken
//! out, put in or changed unnoticed.
//!
//! - [`entry`]: what a line says.
//! - [`chain`]: lines of bytes ↔ entries, and their digests.
//! - [`recorded`]: from a comparison to a line.
//! - [`state`]: where a ledger stands: what is open, who has signed, whether a real round may rely on it.
//!
//! **Invariant:** a signature covers everything before it; whatever is added after it is unsigned.

pub mod chain;
pub mod entry;
pub mod recorded;
pub mod state;

pub use chain::{Broken, Ledger};
pub use entry::{Content, Entry};
pub use state::{Requirement, State};
