//! The engine: from a market to the placement its rules demand.
//!
//! Pure: no files, no clock, no randomness, no threads visible in the result. See
//! `docs/architecture.md` for the path through the modules.

pub mod outcome;

pub use outcome::*;
