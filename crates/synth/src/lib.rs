//! Made-up rounds of nursery admission, for demonstrations, tests and benchmarks.
//!
//! * [`town`] builds a round of any size from [`Options`]: clustered homes, choices by distance
//!   and popularity, sibling families, transfer applicants, points massed at the full-time value.
//! * [`calibrated`] builds a round that has exactly the applications of a city's published table,
//!   read by [`parse_calibration`] or made up by [`demo_table`].
//! * [`facts()`] adds what the papers of a round's households say, for criteria to be applied to.
//! * [`rng`]: the random numbers everything made up is drawn with.
//! * [`files`] ([`children_csv`], [`nurseries_csv`], [`areas_csv`]) writes a round in the public file layout.
//!
//! A pure library: no files, no clock, no randomness but the given seed. Everything is computed
//! in integers, so equal options give equal bytes on every machine. No real person appears; the
//! names of nurseries are made up.

mod calibrate;
mod csv;
mod demo;
pub mod facts;
mod model;
mod names;
mod options;
pub mod rng;
mod table;
mod town;

pub use calibrate::{COUNTED_CHOICES, Shortfall, application_counts, calibrated};
pub use csv::{areas_csv, children_csv, files, nurseries_csv, with_bom};
pub use demo::{DEMO_CITY, demo_table};
pub use facts::{DiscretionItem, FactOptions, FieldTexts, Form, PoolShare, facts};
pub use model::{Child, Nursery, Town};
pub use options::Options;
pub use table::{CalibrationTable, ClassFigures, Facility, calibration_csv, parse_calibration};
pub use town::town;
