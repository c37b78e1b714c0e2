//! `enmusubi explain`: one child's reasons, from the report.

use crate::args::{AnyRoundArgs, ExplainArgs, ReaderArg};
use crate::exit::{Exit, Failure};
use crate::language::{Lang, Words};
use crate::pipeline::{self, Decision, Ready};
use crate::print;
use crate::stopwatch::StopWatch;
use enmusubi_market::{ChildIx, Market, Placement};
use enmusubi_matching::{Answer, Effort, Mechanism, NoWatch, Request, place};
use enmusubi_selection::explain_counterfactual::{Counterfactual, counterfactual};
use enmusubi_selection::report::{
    EffortName, MechanismName, ReadReportError, Report, read_report, result_digest,
};
use enmusubi_selection::text::{Reader, UnknownChild, counterfactual_text, explain_text};
use std::path::Path;

/// Whole rounds decided again for one question; the answer says how many thresholds there are
/// and how many were tried.
const RERUNS_MAX: u32 = 200;

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
    if args.counterfactual {
        let answer = counterfactual_of(words, &args.round, &report, id)?;
        let text = counterfactual_text(&report, id, &answer, reader)
            .map_err(|e| unknown(words, &e, &args.report))?;
        print(&format!("\n{}\n", text.trim_end()));
    }
    Ok(Exit::Done)
}

/// Decides the round again as the report says it was decided, and asks what more points would
/// have meant.
fn counterfactual_of(
    words: &Words,
    args: &AnyRoundArgs,
    report: &Report,
    id: &str,
) -> Result<Counterfactual, Failure> {
    let watch = StopWatch::start(None);
    let ready = Ready::read(words, args, Some(report), &watch)?;
    let case = ready.case();
    let other = || {
        Failure::new(Exit::BadInput, words.say("verify.other_report", &[]))
            .hint(words.say("verify.other_report_hint", &[]))
    };
    if case.input_digest != report.input_digest {
        return Err(other());
    }
    let request = Request {
        mechanism: match report.mechanism {
            MechanismName::Stable => Mechanism::Stable,
            MechanismName::IndexOrder => Mechanism::IndexOrder,
            MechanismName::ChoiceOrder => Mechanism::ChoiceOrder,
        },
        effort: match report.effort {
            EffortName::Witness => Effort::Witness,
            EffortName::Proved => Effort::Proved,
        },
        threads: 1,
        // The tie rule has had its say; a child moved between others must not stop the question.
        stop_at_ties: false,
    };
    let market = &case.compiled.market;
    let Decision::Placed(decided) = pipeline::decide(words, case, request, &watch)? else {
        return Err(other());
    };
    if result_digest(market, &decided.outcome.placement) != report.result_digest {
        return Err(other());
    }
    let child = market
        .children
        .iter()
        .position(|c| *c.id == *id)
        .ok_or_else(other)?;
    let mut again = |changed: &Market| match place(changed, request, &NoWatch) {
        Answer::Placed(outcome) => outcome.placement,
        Answer::Undecided(_) => Placement::as_now(changed),
    };
    Ok(counterfactual(
        &case.compiled,
        &decided.outcome,
        request.mechanism,
        child as ChildIx,
        Some(&mut again),
        RERUNS_MAX,
    ))
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
