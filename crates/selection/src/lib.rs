//! Selection: a round's tables → market → placement → explanations.
//!
//! - [`compiled`]: a round's tables with their rules, turned into a market, and what is needed
//!   to speak about it in the municipality's own terms again.

pub mod compiled;
pub mod compile;
