//! Domain: what a round is made of, as received, before anything is decided.
//!
//! - [`round`]: the tables of a round (children, nurseries, combinations, rules).

pub mod round;
