//! `enmusubi round`.

use crate::args::{RoundCommand, RoundCommandArgs};
use crate::exit::{Exit, Failure};
use crate::language::Words;
use crate::{inputs, say};

/// Runs the command.
pub fn run(words: &Words, args: &RoundCommandArgs) -> Result<Exit, Failure> {
    let RoundCommand::Check { round } = &args.command;
    let (_, messages) = inputs::read_round(words, round)?;
    say(&messages);
    Ok(Exit::Done)
}
