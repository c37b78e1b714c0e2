//! Index → order (指数から順番へ), and worlds whose order is the staff's own list.
//!
//! Sections keep index lists and decisions, seldom all facts. Two things need no facts:
//!
//! - [`depth`]: are the places (順位) of a list in the order of its own index and of the keys that break ties?
//! - [`lead`], [`market`]: a market whose priorities come from the list, so that decisions can be compared with the
//!   order the staff had.

pub mod depth;
pub mod lead;
pub mod lines;
pub mod market;
#[cfg(test)]
mod tests;

pub use depth::{Known, OrderFound, order};
pub use lead::by_list;
pub use market::listed;
