//! Test material: small random markets, town-like large ones, a fixed corpus, and an oracle that
//! tries every placement; random criteria, and random households for a criteria file.
//!
//! Everything about markets is written straight from the selection model (sections 1–3), as plainly as
//! possible and without regard to speed, so that it can be read beside the text. It shares no code
//! with the engine or the checker; only the market types are common. Development use only.

mod brute;
mod build;
pub mod corpus;
mod facts;
mod facts_draw;
mod interest;
mod list;
mod policy;
mod policy_expression;
mod random;
mod rng;
mod ties;
mod town;

pub use brute::{
    Best, MAX_PLACEMENTS, Position, blocking_groups, blocking_positions, brute_force,
    canonical_order, capacity,
};
pub use build::{ChildSpec, MarketBuilder, WishSpec};
pub use facts::{FactShape, random_facts};
pub use interest::{Interest, interesting_numbers};
pub use list::{FamilyList, family_list};
pub use policy::{PolicyShape, random_policy};
pub use random::{Shape, random_market, random_placement};
pub use rng::SplitMix64;
pub use ties::{broken_ties, tie_matters};
pub use town::{Town, town};
