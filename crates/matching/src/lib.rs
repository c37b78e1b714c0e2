//! The engine: from a market to the placement its rules demand.
//!
//! Pure: no files, no clock, no randomness but fixed seeds, no threads visible in the result.
//! The path of a market through the modules:
//!
//! 1. `stable` takes the passes (先行選考) one after the other and cuts each into connected
//!    components; `sweep` is the other two mechanisms.
//! 2. `component`: flat arrays (`flat`), list reduction (`reduce`), what stays open cut into
//!    parts (`open`).
//! 3. `part`: queue heuristic (`queue`), else the exact search (`encode` on the port `sat`), then
//!    the levels of the objective (`levels`).
//! 4. `unstable`: where nothing is stable, who is wronged; `diagnose`: why, and which seat
//!    would mend it; `witness` says who blocks; `ties` says which ties must be decided first.

mod component;
mod diagnose;
mod encode;
mod flat;
mod levels;
mod open;
pub mod outcome;
mod part;
pub mod probe;
mod queue;
mod reduce;
pub mod sat;
mod stable;
mod sweep;
mod ties;
mod unstable;
mod witness;

pub use outcome::*;

use enmusubi_market::Market;

/// Decides a market.
///
/// # Panics
/// If [`Market::validate`] would fail.
#[must_use]
pub fn place(market: &Market, request: Request, watch: &dyn Watch) -> Answer {
    match request.mechanism {
        Mechanism::Stable => stable::place(market, request, watch),
        sweep => Answer::Placed(Box::new(sweep::place(market, sweep))),
    }
}
