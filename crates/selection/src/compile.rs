//! Compiles a round's tables and rules into a market.

use crate::compiled::{CompiledRound, Ties};
use enmusubi_domain::Round;

/// Why a round cannot become a market.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CompileError {
    /// A number does not fit.
    #[error("{0}")]
    Overflow(String),
}

/// Compiles a round.
///
/// # Errors
/// [`CompileError`].
pub fn compile(round: &Round, ties: &Ties) -> Result<CompiledRound, CompileError> {
    let _ = (round, ties);
    Err(CompileError::Overflow("not yet".into()))
}

/// SHA-256 over the parsed content, sorted by id, in hexadecimal.
#[must_use]
pub fn input_digest(round: &Round) -> String {
    let _ = round;
    String::new()
}
