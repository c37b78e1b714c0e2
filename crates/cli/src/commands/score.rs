//! `enmusubi score`.

use crate::args::ScoreArgs;
use crate::exit::{Exit, Failure};
use crate::language::Words;
use crate::{inputs, say};

/// Runs the command.
pub fn run(words: &Words, args: &ScoreArgs, _timings: bool) -> Result<Exit, Failure> {
    let (_criteria, messages) = inputs::read_criteria(words, &args.criteria)?;
    say(&messages);
    let (_facts, messages) = inputs::read_round(words, &args.round)?;
    say(&messages);
    Ok(Exit::Done)
}
