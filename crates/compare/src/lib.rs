//! Past results (過去の選考結果): do these criteria decide as the staff decided, and where not, why?
//!
//! The way of a comparison:
//!
//! 1. [`past`]: a round, its criteria or points, and the staff's decisions.
//! 2. [`world`]: the round under some [`cause`]s: facts, criteria and market with the causes mended, and the
//!    placement that follows.
//! 3. [`evidence`]: what the decisions say about a market: where cut-offs lie, and who stands on the wrong side.
//!    It looks at decisions alone, so that whoever was only pushed aside by another's difference is no suspect.
//! 4. [`search`]: proposers, one for each family of causes; each reads the evidence and proposes.
//! 5. [`solve`]: proposals are tried out, the best is mended, and again, until the round comes out as
//!    decided; causes that nothing tells apart are one class.
//! 6. [`chain`]: how a difference follows from another's.
//! 7. [`index`], [`order`]: the staff's own index list beside the facts, and beside its own order.
//! 8. [`report`]: what a comparison says; [`public`] without anybody's data; [`text`]: words.
//! 9. [`ledger`]: what was compared, accepted and signed, for the year after.
//!
//! **Invariant:** a cause is named only if the round was decided again with it mended. Nothing is guessed.
//!
//! **Invariant:** no clock, files, threads or randomness; pieces of work are handed to a [`crew::Crew`].

pub mod build;
pub mod cause;
pub mod chain;
pub mod crew;
pub mod depths;
pub mod evidence;
pub mod index;
pub mod keys;
pub mod ledger;
mod messages;
pub mod order;
pub mod past;
pub mod practice;
pub mod public;
pub mod remarks;
pub mod report;
pub mod search;
pub mod solve;
pub mod summary;
pub mod text;
pub mod truth;
pub mod world;
