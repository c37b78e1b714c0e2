//! The compiled evaluator: criteria and facts → index, priority key and derivation.
//!
//! - [`program`]: a criteria file, compiled once: names resolved, each row at the smallest scope it needs.
//! - [`scores`]: the keys of a whole round, flat.
//! - `compile`, `code`: expressions by what they give, rows with their bands, slots for what is worked out once.
//! - `session`: a program at a round, with a choice at hand; `evaluate`, `table`, `key`: what expressions, tables and
//!   keys come to there; `ask`: the same for single parts; `missing`: what would settle an undecided choice; `score`: the whole round.
//! - [`derivation`]: how one child's key at one facility came about, as data.
//!
//! **Invariant:** an unknown fact is never 0 and never "no": a key that depends on one is unknown, and
//! [`scores::Scores::undecided`] names the paper that would settle it.

mod ask;
mod code;
mod compile;
pub mod derivation;
mod evaluate;
mod key;
mod missing;
pub mod program;
mod score;
pub mod scores;
mod session;
mod table;

pub use program::Program;
pub use scores::Scores;
