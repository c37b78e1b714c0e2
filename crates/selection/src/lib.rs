//! Selection: a round's tables → market → placement → explanations.
//!
<<<<<<< HEAD
<<<<<<< HEAD
=======
>>>>>>> h-shell
//! - [`compile`]: turns a round's tables and rules into a market.
//! - [`compiled`]: what that yields: the market, and what is needed to speak about it in the
//!   municipality's own terms again.
//! - [`digest`]: one number for a round's content, whatever the form of its files.
<<<<<<< HEAD
=======
//! - [`compiled`]: a round's tables with their rules, turned into a market, and what is needed
//!   to speak about it in the municipality's own terms again.
//! - [`explain`]: a placement → one structured reason per child and refused choice.
//! - [`report`]: `report.json`, as types, written and read.
//! - [`text`]: sentences for staff, letter and parents, from the report.
>>>>>>> h-explain

pub mod compile;
pub mod compiled;
<<<<<<< HEAD
pub mod digest;
=======
=======
//! - [`explain`]: a placement → one structured reason per child and refused choice.
//! - [`report`]: `report.json`, as types, written and read.
//! - [`text`]: sentences for staff, letter and parents, from the report.

pub mod compile;
pub mod compiled;
pub mod digest;
>>>>>>> h-shell
pub mod explain;
mod explain_wish;
pub mod report;
mod standing;
pub mod text;
mod text_messages;
<<<<<<< HEAD
>>>>>>> h-explain
=======
>>>>>>> h-shell
