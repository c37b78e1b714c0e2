//! The compiled evaluator: criteria and facts → index, priority key and derivation.
//!
//! - [`program`]: a criteria file, compiled once: names resolved, each row at the smallest scope it needs.
//! - [`scores`]: the keys of a whole round, flat.
//! - [`derivation`]: how one child's key at one facility came about, as data.
//! - [`missed`]: what is missing, in words.
//! - [`tact`]: what families are told, and what may be suggested to them.
//! - [`text`]: a derivation as text for staff and for families.
//!
//! **Invariant:** an unknown fact is never 0 and never "no": a key that depends on one is unknown, and
//! [`scores::Scores::undecided`] names the paper that would settle it.

pub mod derivation;
mod messages;
pub mod missed;
pub mod program;
pub mod scores;
pub mod tact;
pub mod text;

pub use derivation::Derivation;
pub use missed::{Missed, MissedKind};
pub use program::Program;
pub use scores::Scores;
