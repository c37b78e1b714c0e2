//! `enmusubi demo`.

use crate::args::DemoArgs;
use crate::exit::{Exit, Failure};
use crate::language::Words;

/// Runs the command.
pub fn run(_words: &Words, _args: &DemoArgs, _timings: bool) -> Result<Exit, Failure> {
    Err(Failure::new(Exit::Internal, "not built in yet"))
}
