//! Selection: a round's tables → market → placement → explanations.
//!
//! - [`compile`]: turns a round's tables and rules into a market.
//! - [`compiled`]: what that yields: the market, and what is needed to speak about it in the
//!   municipality's own terms again.
//! - [`digest`]: one number for a round's content, whatever the form of its files.

pub mod compile;
pub mod compiled;
pub mod digest;
