//! The compiled evaluator: criteria and facts → index, priority key and derivation.
//!
//! - [`program`]: a criteria file, compiled once: names resolved, each row at the smallest scope it needs.
//! - [`scores`]: the keys of a whole round, flat.
//! - [`derivation`]: how one child's key at one facility came about, as data.
//! - [`examples`]: worked examples of a criteria file, run.
//!
//! **Invariant:** an unknown fact is never 0 and never "no": a key that depends on one is unknown, and
//! [`scores::Scores::undecided`] names the paper that would settle it.

pub mod derivation;
pub mod examples;
pub mod program;
pub mod scores;

pub use program::Program;
pub use scores::Scores;
