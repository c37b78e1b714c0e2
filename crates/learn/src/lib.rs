//! The staff's know-how from their past decisions, as rows that a person can read and sign
//! ([decision 0008](../../../docs/decisions/0008-rules-are-learned-as-rows.md)).
//!
//! - [`years`]: past rounds beside each other, each child with its year.
//! - [`proposers`]: what may be learned, and what must not.
//! - [`known`]: what is missing or different in a criteria file.
//! - [`support`]: what speaks for and against each rule that was found, by year, and the points that fit as well.
//! - [`chance`]: whether the decisions say anything at all.
//! - [`held_out`]: how well what some years say decides another.
//! - [`fairness`]: whether a rule nevertheless predicts a fact that must not decide.
//! - [`draft`]: what was learned as a criteria file; [`report`], [`summary`]: for the section.
//! - [`places`]: which places of a draft are whose; [`accept`]: what somebody accepted of it, as criteria.
//!
//! **Invariant:** what is learned is causes about the criteria ([`enmusubi_compare::cause::Cause`]) and nothing else: whoever reads them, tests
//! them and signs them needs no other words than those of a criteria file.
//!
//! **Invariant:** no clock, files, threads.

pub mod accept;
pub mod anew;
pub mod chance;
pub mod draft;
pub mod fairness;
pub mod held_out;
pub mod known;
pub mod messages;
pub mod places;
pub mod proposers;
pub mod report;
pub mod summary;
pub mod support;
pub mod years;
