//! `enmusubi explain`: one child's reasons, from the report.

use crate::args::{ExplainArgs, ReaderArg};
use crate::exit::{Exit, Failure};
use crate::language::{Lang, Words};
use crate::pipeline;
use crate::print;
use enmusubi_selection::report::{ReadReportError, Report, read_report};
use enmusubi_selection::text::{Reader, UnknownChild, explain_text};
use std::path::Path;

/// Runs the command.
pub fn run(words: &Words, args: &ExplainArgs) -> Result<Exit, Failure> {
    let report = read(words, &args.report)?;
    let reader = match (args.reader, words.lang) {
        (ReaderArg::Staff, Lang::Ja) => Reader::Staff,
        (ReaderArg::Staff, Lang::En) => Reader::StaffEnglish,
        (ReaderArg::Letter, _) => Reader::Letter,
        (ReaderArg::Parent, _) if args.plain => Reader::ParentPlain,
        (ReaderArg::Parent, _) => Reader::Parent,
    };
    let id = args.child.trim();
    let text = explain_text(&report, id, reader).map_err(|e| unknown(words, &e, &args.report))?;
    print(text.trim_end());
    print("\n");
    Ok(Exit::Done)
}

/// Reads a report.
///
/// # Errors
/// Exit code 2.
pub fn read(words: &Words, path: &Path) -> Result<Report, Failure> {
    let bytes = pipeline::read_file(words, path)?;
    read_report(&bytes).map_err(|e| {
        let detail = match &e {
            ReadReportError::Form(source) => format!("{e}: {source}"),
            _ => e.to_string(),
        };
        let values: [(&str, &dyn std::fmt::Display); 2] =
            [("path", &path.display()), ("detail", &detail)];
        Failure::new(Exit::BadInput, words.say("input.bad_report", &values))
            .hint(words.say("input.bad_report_hint", &[]))
    })
}

fn unknown(words: &Words, error: &UnknownChild, path: &Path) -> Failure {
    let values: [(&str, &dyn std::fmt::Display); 2] =
        [("id", &error.id), ("path", &path.display())];
    let failure = Failure::new(Exit::BadInput, words.say("input.unknown_child", &values));
    if error.nearest.is_empty() {
        return failure.hint(words.say("input.unknown_child_id", &[]));
    }
    let nearest = error.nearest.join(", ");
    failure.hint(words.say("input.unknown_child_hint", &[("ids", &nearest)]))
}
