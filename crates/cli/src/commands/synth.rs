//! `enmusubi synth`.

use crate::args::SynthArgs;
use crate::exit::{Exit, Failure};
use crate::language::Words;

/// Runs the command.
pub fn run(_words: &Words, _args: &SynthArgs) -> Result<Exit, Failure> {
    Err(Failure::new(Exit::Internal, "not built in yet"))
}
