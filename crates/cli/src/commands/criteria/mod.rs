//! `enmusubi criteria …`: one file per command.

mod accept;
mod check;
mod convert;
mod diff;
mod list;
mod show;
mod test;

use crate::args::{CriteriaArgs, CriteriaCommand};
use crate::exit::{Exit, Failure};
use crate::language::Words;
use crate::output::Outputs;
use std::path::Path;

/// Runs the command.
pub fn run(words: &Words, args: &CriteriaArgs) -> Result<Exit, Failure> {
    match &args.command {
        CriteriaCommand::List { folder, all } => list::run(words, folder, *all),
        CriteriaCommand::Check {
            files,
            deny_warnings,
            round,
        } => check::run(words, files, *deny_warnings, round.as_deref()),
        CriteriaCommand::Test {
            files,
            sheet,
            force,
        } => test::run(words, files, sheet.as_deref(), *force),
        CriteriaCommand::Show {
            file,
            words: in_words,
            markdown,
        } => show::run(words, file, *in_words, *markdown),
        CriteriaCommand::Diff { before, after_file } => diff::run(words, before, after_file),
        CriteriaCommand::Export { file, out, force } => convert::export(words, file, out, *force),
        CriteriaCommand::Import { file, out, force } => convert::import(words, file, out, *force),
        CriteriaCommand::Accept(args) => accept::run(words, args),
    }
}

/// Writes one output, whole or not at all.
fn write(
    words: &Words,
    input: &Path,
    out: &Path,
    force: bool,
    bytes: &[u8],
) -> Result<(), Failure> {
    let mut outputs = Outputs::new(force);
    let failure = |e: crate::output::OutputError| e.failure(words);
    let planned = outputs.plan(out, &[input]).map_err(failure)?;
    let mut staged = outputs.stage();
    staged
        .write(planned, |w| w.write_all(bytes))
        .map_err(failure)?;
    staged.commit().map_err(failure)
}
