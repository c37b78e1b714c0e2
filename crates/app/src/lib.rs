//! Use cases of the office. Each checks the right, looks at the state, lets the case file decide, and stores what follows
//! with its audit entry in one transaction.
//!
//! - [`actor`], [`policy`]: who acts; which role may do what.
//! - [`office`]: what everything needs: database, clock; changing a case or another stream.
//! - [`standing`]: a round's criteria, facilities and seats at hand; the index of a case; rows of lists.
//! - [`cases`]: listing and opening; [`receive`]: what comes in; [`bulk`]: many at once.
//! - [`accounts`]: signing in, passwords, grants; [`rounds`], [`seats`], [`criteria`]: what a round needs.
//! - [`setup`]: the first start.
//! - `staging`: what would keep a round from being staged, told before it runs.
//! - [`evidence`]: papers, what they say, what of it is confirmed, what a family is asked to mend.
//!
//! **Invariant:** nothing here knows HTTP; nothing outside writes to the database.

pub mod accounts;
pub mod actor;
pub mod bulk;
pub mod cases;
pub mod certify;
pub mod criteria;
mod error;
pub mod evidence;
pub mod lists;
pub mod office;
pub mod policy;
pub mod receive;
pub mod rounds;
pub mod seats;
pub mod setup;
mod staging;
pub mod standing;

pub use actor::Actor;
pub use error::Fault;
pub use office::{Clock, Office};
pub use policy::Action;
