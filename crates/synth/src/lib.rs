//! Made-up rounds of nursery admission, for demonstrations, tests and benchmarks.
//!
//! * [`town`] builds a round of any size from [`Options`]: clustered homes, choices by distance
//!   and popularity, sibling families, transfer applicants, points massed at the full-time value.
//!
//! A pure library: no files, no clock, no randomness but the given seed. Everything is computed
//! in integers, so equal options give equal bytes on every machine. No real person appears; the
//! names of nurseries are made up.

mod csv;
mod model;
mod names;
mod options;
mod rng;
mod town;

pub use csv::{areas_csv, children_csv, nurseries_csv, with_bom};
pub use model::{Child, Nursery, Town};
pub use options::Options;
pub use town::town;
