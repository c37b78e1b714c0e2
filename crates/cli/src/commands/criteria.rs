//! `enmusubi criteria`.

use crate::args::{CriteriaArgs, CriteriaCommand};
use crate::exit::{Exit, Failure};
use crate::language::Words;
use crate::{inputs, say};

/// Runs the command.
pub fn run(words: &Words, args: &CriteriaArgs) -> Result<Exit, Failure> {
    let CriteriaCommand::Check { files } = &args.command;
    for file in files {
        let (_, messages) = inputs::read_criteria(words, file)?;
        say(&messages);
    }
    Ok(Exit::Done)
}
