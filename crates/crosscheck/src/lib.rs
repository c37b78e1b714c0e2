//! Two evaluators beside each other: every choice is judged a second time by the plain one, and what
//! differs is told component by component.
//!
//! - [`compare`]: the scores of a round against `enmusubi-reference`.
//! - [`Plain`]: the plain evaluator as the runner of worked examples asks it.
//! - [`monotone`]: does more of a fact lower a key where the file says that it never does?
//!
//! **Invariant:** this is the only crate that sees both evaluators; neither sees the other, nor this one.

mod difference;
pub mod monotone;
mod plain;

pub use difference::{Component, Difference, Verdict, compare, compare_errors, compare_some};
pub use plain::Plain;
