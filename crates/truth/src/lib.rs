//! Simulated truth: past rounds whose every cause of difference is known, because it was planted.
//!
//! A made-up round is decided by shipped criteria; then something known is changed in what the staff are
//! said to have had, and the round is decided again. What a comparison finds is held against what was planted.
//!
//! - [`mod@town`]: a made-up round of complete facts for any criteria.
//! - [`hands`]: what somebody decides by (facts, criteria, practice), and deciding by it.
//! - [`mod@plant`]: differences of every kind between what the staff had and what is compared.
//! - [`slips`]: decisions that no rule is behind.
//! - [`mod@judge`]: what a comparison found, held against what was planted.
//!
//! **Invariant:** the staff's decisions do not come through `enmusubi_compare::world`: facts, criteria, seats and
//! practice are changed here and the round is staged and placed by the engine, so that the comparison's own
//! mending is checked and not repeated.
//!
//! **Invariant:** no clock, files, threads; everything made up follows from seeds.

pub mod hands;
pub mod judge;
pub mod plant;
pub mod slips;
pub mod town;

pub use hands::{Decided, Hands};
pub use judge::{OfCause, Verdict, judge};
pub use plant::{Planted, Planting, plant, plant_many, plant_past};
pub use slips::with_slips;
pub use town::town;
