//! What is remembered: events, snapshots, list rows, the audit chain, sessions, jobs. One set of queries for SQLite and
//! PostgreSQL; `tests/conformance.rs` runs every one of them on both.
//!
//! - [`database`]: opening, migrating, transactions.
//! - [`events`]: streams of events with optimistic locking.
//! - [`cases`]: rows of the lists of applications.
//! - [`audit`]: the chain of who did what; `recorder`: entries that belong to no change, many in one transaction.
//! - [`people`]: logins, secrets, sessions, failed attempts, held forms.
//! - [`jobs`]: what goes on in the background.
//! - [`tenants`], [`views`]: municipalities; saved views.
//! - [`dump`]: every table as lines, for backups that fit either database.
//!
//! **Invariant:** every query names its municipality. What has none (a session's id before anybody is known) is a random
//! secret.
//!
//! **Invariant:** a change, the rows made from it and its audit entry are one transaction.
//!
//! To add a query: a method here with its SQL as one literal for both databases, and a case in `tests/conformance.rs`.

pub mod audit;
pub mod cases;
pub mod database;
pub mod dump;
mod error;
pub mod events;
pub mod jobs;
pub mod people;
mod recorder;
pub mod tenants;
pub mod views;

pub use database::{Kind, Store, Tx};
pub use error::Error;
