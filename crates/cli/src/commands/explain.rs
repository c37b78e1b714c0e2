//! `enmusubi explain`.

use crate::args::ExplainArgs;
use crate::exit::{Exit, Failure};
use crate::language::Words;

/// Runs the command.
pub fn run(_words: &Words, _args: &ExplainArgs) -> Result<Exit, Failure> {
    Err(Failure::new(Exit::Internal, "not built in yet"))
}
