//! `enmusubi round`.

use crate::args::{RoundCommand, RoundCommandArgs};
use crate::exit::{Exit, Failure};
use crate::language::{Words, grouped};
use crate::output::Outputs;
use crate::{commands, inputs, pipeline, print, say};
use enmusubi_interchange::workbook;
use std::fmt::Write as _;
use std::path::Path;

/// Runs the command.
pub fn run(words: &Words, args: &RoundCommandArgs) -> Result<Exit, Failure> {
    match &args.command {
        RoundCommand::Template { out, force } => template(words, out, *force),
        RoundCommand::Check { round } => check(words, round),
    }
}

fn template(words: &Words, out: &Path, force: bool) -> Result<Exit, Failure> {
    commands::ends_with(words, out, &[".xlsx"])?;
    let mut outputs = Outputs::new(force);
    let plan = outputs.plan(out, &[]).map_err(|e| e.failure(words))?;
    let bytes = workbook::template()
        .map_err(|d| Failure::told(Exit::Internal, d.render(pipeline::language(words))))?;
    let mut staged = outputs.stage();
    staged
        .write(plan, |w| w.write_all(&bytes))
        .map_err(|e| e.failure(words))?;
    staged.commit().map_err(|e| e.failure(words))?;
    print(&words.say("round.template_done", &[("path", &out.display())]));
    print("\n");
    Ok(Exit::Done)
}

/// Everything that is wrong, on standard error; what is in it, on standard output.
fn check(words: &Words, round: &Path) -> Result<Exit, Failure> {
    let (facts, messages) = inputs::read_round(words, round)?;
    say(&messages);
    let summary = workbook::summary(&facts);
    let mut text = words.say("round.good", &[("path", &round.display())]) + "\n";
    let _ = writeln!(text, "\n{}", words.say("round.tables", &[]));
    for (table, rows) in &summary.tables {
        let _ = writeln!(text, "  {table} {}", grouped(*rows));
    }
    if summary.unknown.is_empty() {
        let _ = writeln!(text, "\n{}", words.say("round.nothing_unknown", &[]));
    } else {
        let _ = writeln!(text, "\n{}", words.say("round.unknown", &[]));
    }
    for (paper, facts) in &summary.unknown {
        let list: Vec<String> = facts
            .iter()
            .map(|f| {
                let (unknown, rows) = (grouped(f.unknown), grouped(f.subjects));
                format!("{}「{}」{unknown}/{rows}", f.table, f.label)
            })
            .collect();
        let _ = writeln!(text, "  {paper}: {}", list.join(" "));
    }
    print(&text);
    Ok(Exit::Done)
}
