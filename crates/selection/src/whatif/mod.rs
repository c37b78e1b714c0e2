//! What if (もしも): who would be placed, and who not, if criteria or seats were different.
//!
//! The way of a comparison:
//!
//! 1. [`set`]: changes as people write them.
//! 2. [`apply`]: changes applied to the criteria, which are checked again, and to the seats; what
//!    cannot be tried out is said by [`error`].
//! 3. [`plan`]: which criteria must be scored, each once, and what every variant is decided by.
//! 4. [`score`], [`run`]: one scoring, one variant; placed and verified. Whoever calls them may do so
//!    on as many threads as it likes: nothing is shared, and the answers do not depend on it.
//! 5. [`compare`]: a variant beside the base, as [`report`] says it.
//! 6. [`public`]: the form for publication, by [`withhold`].
//! 7. [`text`], [`text_public`], [`describe`]: words.
//!
//! **Invariant:** no variant is compared before the checker has agreed to its placement.

pub mod apply;
mod apply_criteria;
mod apply_seats;
pub mod compare;
pub mod describe;
pub mod error;
pub mod plan;
pub mod public;
pub mod report;
pub mod run;
pub mod score;
pub mod set;
pub mod text;
pub mod text_public;
pub mod withhold;

#[cfg(test)]
pub(crate) mod tests;
