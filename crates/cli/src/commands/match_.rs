//! `enmusubi match`: place a round and write result and report.

use crate::args::MatchArgs;
use crate::exit::{Exit, Failure};
use crate::language::Words;
use crate::output::Outputs;
use crate::pipeline::{
    self, Decision,
    tables::{self, Files},
};
use crate::stopwatch::StopWatch;
use crate::{commands, print, say};
use enmusubi_interchange::{Format, write_result};
use enmusubi_matching::Request;
use enmusubi_selection::compiled::Ties;
use enmusubi_selection::report::{undecided_pairs, write_report};
use enmusubi_selection::text_summary::{summary, undecided_text};

/// Runs the command.
pub fn run(words: &Words, args: &MatchArgs, timings: bool) -> Result<Exit, Failure> {
    let watch = StopWatch::start(args.time_limit);
    let inputs = args.round.inputs();
    // Before anything is computed: nobody should wait for a result that cannot be written.
    let mut outputs = Outputs::new(args.force);
    let out = outputs
        .plan(&args.out, &inputs)
        .map_err(|e| e.failure(words))?;
    let report_out = match &args.report {
        Some(path) => Some(outputs.plan(path, &inputs).map_err(|e| e.failure(words))?),
        None => None,
    };

    watch.lap("read");
    let files = Files::read(words, &args.round)?;
    let ties = &args.round.more.ties();
    let prepared = tables::prepare(words, &files, ties, &watch)?;
    say(&prepared.warnings);
    let request = Request {
        mechanism: args.mechanism.into(),
        effort: args.effort.into(),
        threads: args.threads,
        stop_at_ties: *ties == Ties::Stop,
    };
    pipeline::check_mechanism(words, &prepared.case, request.mechanism)?;
    let decided = match pipeline::decide(words, &prepared.case, request, &watch)? {
        Decision::Placed(decided) => decided,
        Decision::Undecided(pairs) => {
            let pairs = undecided_pairs(&prepared.case.compiled, &pairs);
            print(&undecided_text(&pairs, commands::lang(words)));
            return Ok(Exit::Undecided);
        }
    };
    say(&pipeline::unfinished(
        words,
        &prepared.case.compiled.market,
        &decided.verdict,
    ));
    let report = pipeline::tell(&prepared.case, &decided, request, &watch);

    watch.lap("write");
    let placed = commands::placed_by_row(&prepared, &decided.outcome.placement);
    let inputs = files.inputs();
    let format = Format::of_name(&args.out.to_string_lossy());
    let table = write_result(
        &inputs.children,
        inputs.columns.as_ref(),
        &prepared.round,
        &placed,
        format,
    )
    .map_err(|d| Failure::told(Exit::BadInput, d.render(pipeline::language(words))))?;
    let mut staged = outputs.stage();
    staged
        .write(out, |w| w.write_all(&table))
        .map_err(|e| e.failure(words))?;
    if let Some(report_out) = report_out {
        let json = write_report(&report).map_err(commands::internal(words))?;
        staged
            .write(report_out, |w| w.write_all(&json))
            .map_err(|e| e.failure(words))?;
    }
    staged.commit().map_err(|e| e.failure(words))?;

    print(&summary(&report, commands::lang(words)));
    if timings {
        say(&commands::timings(words, &watch));
    }
    Ok(Exit::Done)
}
