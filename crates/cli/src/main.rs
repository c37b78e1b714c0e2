//! `enmusubi`: the command line of Enmusubi, and its composition root.
//!
//! Commands are thin: each file in [`commands`] reads its arguments, calls [`pipeline`] and
//! says what came out. Data goes to standard output, messages to standard error.

mod args;
mod commands;
mod criteria_file;
mod exit;
mod inputs;
mod language;
mod output;
mod parallel;
mod pipeline;
mod pools;
mod stopwatch;
mod text_table;

use args::{Asked, Command};
use exit::{Exit, Failure};
use language::{Lang, Words};
use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

fn main() -> ExitCode {
    let plain: Vec<String> = std::env::args_os()
        .skip(1)
        .map(|a| a.to_string_lossy().into_owned())
        .collect();
    let words = Words::of(Lang::choose(&plain, |name| std::env::var(name).ok()));
    // A defect must not look like an answer: it ends with its own code and its own words. The
    // default hook still prints where it happened.
    let ended = catch_unwind(AssertUnwindSafe(|| run(&words))).unwrap_or_else(|_| {
        Err(
            Failure::new(Exit::Internal, words.say("internal.panic", &[]))
                .hint(words.say("internal.panic_hint", &[])),
        )
    });
    match ended {
        Ok(exit) => exit.into(),
        Err(failure) => {
            say(&failure.text(&words));
            failure.exit.into()
        }
    }
}

fn run(words: &Words) -> Result<Exit, Failure> {
    let cli = match args::parse(words, std::env::args_os())? {
        Asked::Run(cli) => cli,
        Asked::Show(text) => {
            print(&text);
            return Ok(Exit::Done);
        }
    };
    match cli.command {
        Command::Select(a) => commands::select::run(words, &a, cli.timings),
        Command::Score(a) => commands::score::run(words, &a, cli.timings),
        Command::Criteria(a) => commands::criteria::run(words, &a),
        Command::Round(a) => commands::round::run(words, &a),
        Command::WhatIf(a) => commands::whatif::run(words, &a, cli.timings),
        Command::Compare(a) => commands::compare::run(words, &a, cli.timings),
        Command::Learn(a) => commands::learn::run(words, &a, cli.timings),
        Command::Shadow(a) => commands::shadow::run(words, &a),
        Command::Match(a) => commands::match_::run(words, &a, cli.timings),
        Command::Verify(a) => commands::verify::run(words, &a, cli.timings),
        Command::Explain(a) => commands::explain::run(words, &a),
        Command::Synth(a) => commands::synth::run(words, &a),
        Command::Demo(a) => commands::demo::run(words, &a, cli.timings),
        Command::Bench(a) => commands::bench::run(words, &a),
        Command::Serve(a) => commands::serve::run(words, &a),
        Command::Backup(a) => commands::operation::backup(words, &a),
        Command::Restore(a) => commands::operation::restore(words, &a),
        Command::Doctor(a) => commands::operation::doctor(words, &a),
        Command::Audit(a) => commands::operation::audit(words, &a),
    }
}

/// Data, to standard output. A reader that went away (`| head`) is no error.
fn print(text: &str) {
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(text.as_bytes());
    let _ = out.flush();
}

/// Messages, to standard error.
fn say(text: &str) {
    let _ = std::io::stderr().lock().write_all(text.as_bytes());
}
