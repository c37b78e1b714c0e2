//! Selection: a round's tables → market → placement → explanations.
//!
//! - [`compiled`]: a round's tables with their rules, turned into a market, and what is needed
//!   to speak about it in the municipality's own terms again.
//! - [`explain`]: a placement → one structured reason per child and refused choice.
//! - [`explain_counterfactual`]: the smallest gain of points that would have changed a result.
//! - [`report`]: `report.json`, as types, written and read.
//! - [`text`]: sentences for staff, letter and parents, from the report.
//! - [`text_summary`]: the summary of a run, and the list of undecided ties.

pub mod compiled;
pub mod explain;
pub mod explain_counterfactual;
mod explain_number;
mod explain_wish;
pub mod report;
mod standing;
pub mod text;
mod text_messages;
pub mod text_summary;

#[cfg(test)]
mod explain_tests;
