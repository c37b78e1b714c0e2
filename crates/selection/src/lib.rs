//! Selection: a round's tables, or its facts and criteria → market → placement → explanations.
//!
//! - [`compile`]: turns a round's tables and rules into a market.
//! - [`compiled`]: what that yields: the market, and what is needed to speak about it in the
//!   municipality's own terms again.
//! - [`decide`]: a market placed, and confirmed by the checker.
//! - [`digest`]: one number for a round's content, whatever the form of its files.
//! - [`digest_facts`]: the same for facts with criteria.
//! - [`explain`]: a placement → one structured reason per child and refused choice.
//! - [`explain_counterfactual`]: the smallest gain of points that would have changed a result.
//! - [`report`]: `report.json`, as types, written and read.
//! - [`staged`]: facts and criteria → market.
//! - [`text`]: sentences for staff, letter and parents, from the report.
//! - [`text_summary`]: the summary of a run, and the list of undecided ties.
//! - [`whatif`]: what changes, for whom, if criteria or seats were different.

pub mod compile;
pub mod compiled;
pub mod decide;
pub mod digest;
pub mod digest_facts;
pub mod explain;
pub mod explain_counterfactual;
mod explain_number;
mod explain_wish;
pub mod report;
pub mod staged;
mod standing;
pub mod text;
mod text_messages;
pub mod text_summary;
pub mod whatif;

#[cfg(test)]
mod explain_tests;
