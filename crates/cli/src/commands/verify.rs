//! `enmusubi verify`.

use crate::args::VerifyArgs;
use crate::exit::{Exit, Failure};
use crate::language::Words;

/// Runs the command.
pub fn run(_words: &Words, _args: &VerifyArgs, _timings: bool) -> Result<Exit, Failure> {
    Err(Failure::new(Exit::Internal, "not built in yet"))
}
