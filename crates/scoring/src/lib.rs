//! The compiled evaluator: criteria and facts → index, priority key and derivation.
//!
//! - [`program`]: a criteria file, compiled once: names resolved, each row at the smallest scope it needs.
//! - [`scores`]: the keys of a whole round, flat.
//! - `compile`, `code`: expressions by what they give, rows with their bands, slots for what is worked out once.
//! - `session`: a program at a round, with a choice at hand; `evaluate`, `table`, `key`: what expressions, tables and
//!   keys come to there; `ask`: the same for single parts; `missing`: what would settle an undecided choice; `score`: the whole round.
//! - [`derivation`]: how one child's key at one facility came about, as data.
//! - [`edges`]: cases at the edges of every band, generated.
//! - [`examples`]: worked examples of a criteria file, run.
//! - [`usage`]: rows and keys that make no difference in a round.
//! - `derive`: makes it, asking the session; `derive::change`: what would change a key.
//! - [`probe`]: which rows apply to whom in a round, and how keys would move with other points.
//! - [`shown`]: components of a key as people see them.
//! - [`missed`]: what is missing, in words.
//! - [`tact`]: what families are told, and what may be suggested to them.
//! - [`text`]: a derivation as text for staff and for families.
//!
//! **Invariant:** an unknown fact is never 0 and never "no": a key that depends on one is unknown, and
//! [`scores::Scores::undecided`] names the paper that would settle it.

mod ask;
mod code;
mod compile;
pub mod derivation;
mod derive;
pub mod edges;
mod evaluate;
pub mod examples;
mod key;
mod messages;
pub mod missed;
mod missing;
pub mod probe;
pub mod program;
mod score;
pub mod scores;
mod session;
pub mod shown;
mod table;
pub mod tact;
pub mod text;
pub mod usage;

pub use derivation::Derivation;
pub use missed::{Missed, MissedKind};
pub use probe::{Contribution, Contributions, Nudge, Probe};
pub use program::Program;
pub use scores::Scores;
