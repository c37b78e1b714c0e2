//! `enmusubi select`: facts → index → placement → reasons → checked, written whole or not at all.

mod page;
mod table;
pub mod undecided;

use crate::args::SelectArgs;
use crate::commands::shadow::requirement;
use crate::exit::{Exit, Failure};
use crate::language::Words;
use crate::output::{Outputs, Planned};
use crate::pipeline::facts::{Given, Staging, misfits};
use crate::pipeline::{self, Case, Decided, Decision};
use crate::stopwatch::StopWatch;
use crate::{commands, print, say};
use enmusubi_domain::facts::RoundFacts;
use enmusubi_matching::Request;
use enmusubi_page::{Extra, html};
use enmusubi_selection::compiled::Ties;
use enmusubi_selection::digest_facts::criteria_digest;
use enmusubi_selection::report::{Report, undecided_pairs, write_report};
use enmusubi_selection::staged::mechanism_of;
use enmusubi_selection::text_summary::{summary, undecided_text};
pub use page::extra;
use undecided::Undecided;

/// Outputs of a decided round, in the order of [`Written::contents`].
pub const RESULTS: [&str; 3] = ["result.csv", "report.json", "report.html"];
/// Output of a round that is not decided.
const UNDECIDED: &str = "undecided.csv";

/// Runs the command.
pub fn run(words: &Words, args: &SelectArgs, timings: bool) -> Result<Exit, Failure> {
    let watch = StopWatch::start(args.time_limit);
    // Before anything is computed: nobody should wait for a result that cannot be written.
    let mut outputs = Outputs::new(args.force);
    outputs
        .make_folder(&args.out)
        .map_err(|e| e.failure(words))?;
    let inputs = [args.round.as_path(), args.criteria.as_path()];
    let mut plan = |name: &str| {
        outputs
            .plan(&args.out.join(name), &inputs)
            .map_err(|e| e.failure(words))
    };
    let mut results = Vec::new();
    for name in RESULTS {
        results.push(plan(name)?);
    }
    let missing = plan(UNDECIDED)?;

    let given = Given::read(words, &args.round, &args.criteria, &watch)?;
    say(&given.warnings);
    if let Some(ledger) = &args.require_shadow {
        let digest = criteria_digest(&given.criteria);
        let relied = requirement::require(words, ledger, &digest, args.shadow_agreement)?;
        say(&relied);
    }
    let trial = may_decide(words, &given, args.trial)?;
    let mechanism = match args.mechanism {
        Some(mechanism) => mechanism.into(),
        None => mechanism_of(&given.criteria),
    };
    let judged = given.judge(words, args.cross_check, &watch)?;
    let case = match judged.stage(words, args.ties.clone(), trial, &watch)? {
        Staging::Ready(case) => case,
        Staging::Undecided(errors) => {
            let list = Undecided::of(words, &judged.facts, &errors);
            print(&list.text(words));
            return undecided(words, args, &outputs, missing, &list);
        }
    };
    let request = Request {
        mechanism,
        effort: args.effort.into(),
        threads: args.threads,
        stop_at_ties: case.compiled.ties == Ties::Stop,
    };
    pipeline::check_mechanism(words, &case, request.mechanism)?;
    let decided = match pipeline::decide(words, &case, request, &watch)? {
        Decision::Placed(decided) => decided,
        Decision::Undecided(pairs) => {
            let pairs = undecided_pairs(&case.compiled, &pairs);
            print(&undecided_text(&pairs, commands::lang(words)));
            let list = Undecided::pairs(words, &pairs);
            return undecided(words, args, &outputs, missing, &list);
        }
    };
    let written = Written::of(words, &case, &decided, request, &judged.facts, &watch)?;
    written.stage(words, &outputs, &results)?;
    if args.force {
        // A list of an earlier run would say that somebody is undecided.
        let _ = std::fs::remove_file(args.out.join(UNDECIDED));
    }
    print(&summary(&written.report, commands::lang(words)));
    if trial {
        say(&words.say("selected.trial", &[]));
        say("\n");
    }
    if timings {
        say(&commands::timings(words, &watch));
    }
    Ok(Exit::Done)
}

/// Whether the result is only a trial.
///
/// # Errors
/// Exit code 2 where the criteria cannot decide the round for good and nobody asked for a trial.
fn may_decide(words: &Words, given: &Given, trial: bool) -> Result<bool, Failure> {
    let misfits = misfits(words, &given.facts, &given.criteria);
    if misfits.is_empty() {
        return Ok(trial);
    }
    if !trial {
        return Err(Failure::new(Exit::BadInput, misfits.join("\n"))
            .hint(words.say("selected.trial_hint", &[])));
    }
    say(&format!(
        "{}\n{}\n",
        words.say("selected.trial", &[]),
        misfits.join("\n")
    ));
    Ok(true)
}

/// Writes the list of what is missing; nobody is placed.
fn undecided(
    words: &Words,
    args: &SelectArgs,
    outputs: &Outputs,
    planned: Planned,
    list: &Undecided,
) -> Result<Exit, Failure> {
    let mut staged = outputs.stage();
    staged
        .write(planned, |w| w.write_all(&list.csv()))
        .map_err(|e| e.failure(words))?;
    staged.commit().map_err(|e| e.failure(words))?;
    let path = args.out.join(UNDECIDED);
    say(&words.say("selected.undecided_written", &[("path", &path.display())]));
    say("\n");
    // With --force the results of an earlier run may lie there.
    if RESULTS.iter().any(|name| args.out.join(name).exists()) {
        say(&words.say("selected.earlier_result", &[]));
        say("\n");
    }
    Ok(Exit::Undecided)
}

/// Everything a decided round is written as.
pub struct Written {
    /// The report.
    pub report: Report,
    /// Bytes of [`RESULTS`].
    pub contents: [Vec<u8>; 3],
}

impl Written {
    /// Explains a placement and makes its files. Phases: `explain`, `write`.
    ///
    /// # Errors
    /// Exit code 70: a defect of this program.
    pub fn of(
        words: &Words,
        case: &Case,
        decided: &Decided,
        request: Request,
        facts: &RoundFacts,
        watch: &StopWatch,
    ) -> Result<Self, Failure> {
        say(&pipeline::unfinished(
            words,
            &case.compiled.market,
            &decided.verdict,
        ));
        let report = pipeline::tell(case, decided, request, watch);
        watch.lap("write");
        let extra = page::extra(&report, facts);
        Self::with(words, case, report, &extra)
    }

    /// As [`Written::of`], with a report and what the page needs beside it.
    ///
    /// # Errors
    /// As there.
    pub fn with(
        words: &Words,
        case: &Case,
        report: Report,
        extra: &Extra,
    ) -> Result<Self, Failure> {
        let table = table::result(&report, &case.compiled.rows);
        let json = write_report(&report).map_err(commands::internal(words))?;
        let page = html(&report, extra).into_bytes();
        Ok(Self {
            report,
            contents: [table, json, page],
        })
    }

    /// Writes the files.
    ///
    /// # Errors
    /// Exit code 5.
    pub fn stage(
        &self,
        words: &Words,
        outputs: &Outputs,
        planned: &[Planned],
    ) -> Result<(), Failure> {
        let mut staged = outputs.stage();
        for (plan, bytes) in planned.iter().zip(&self.contents) {
            staged
                .write(*plan, |w| w.write_all(bytes))
                .map_err(|e| e.failure(words))?;
        }
        staged.commit().map_err(|e| e.failure(words))
    }
}
