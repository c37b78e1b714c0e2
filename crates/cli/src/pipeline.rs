//! The way of a round: read → compile → place → verify → explain.
//!
//! - [`tables`]: a round of tables with points is read and compiled.
//! - [`facts`]: a round of facts is read, scored by criteria and compiled.
//! - [`scoring`]: facts and criteria → scores, for every command that needs them.
//! - Here: what follows, which is the same for both.
//!
//! **Invariant:** a placement leaves this module only after the independent checker has agreed
//! with the engine about it ([`decide`]). Commands write what comes out of here, nothing else.

pub mod facts;
pub mod scoring;
pub mod tables;

use crate::args::AnyRoundArgs;
use crate::exit::{Exit, Failure};
use crate::language::{Lang, Words, grouped};
use crate::output::os_words;
use crate::say;
use crate::stopwatch::StopWatch;
use enmusubi_interchange::{Language, Roster, Source};
use enmusubi_market::Market;
use enmusubi_matching::{Mechanism, Request};
use enmusubi_selection::compiled::{CompiledRound, Ties};
use enmusubi_selection::decide::{self, Step};
pub use enmusubi_selection::decide::{Decided, Decision, replayable};
use enmusubi_selection::explain::explain;
use enmusubi_selection::report::{CriteriaReport, Report, RunFacts, report};
use enmusubi_selection::staged::mechanism_of;
use enmusubi_verify::Verdict;
use std::path::Path;

/// Version of the program, as reports carry it.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// One file.
#[derive(Debug, Default)]
pub struct File {
    /// Name shown in messages.
    pub name: String,
    /// Content.
    pub bytes: Vec<u8>,
}

impl File {
    /// Reads a file.
    ///
    /// # Errors
    /// Exit code 2, with the reason in words.
    pub fn read(words: &Words, path: &Path) -> Result<Self, Failure> {
        Ok(Self {
            name: path.display().to_string(),
            bytes: read_file(words, path)?,
        })
    }

    /// As the readers take it.
    pub fn source(&self) -> Source<'_> {
        Source {
            name: &self.name,
            bytes: &self.bytes,
        }
    }
}

/// A round ready to be decided, wherever its priorities come from.
#[derive(Debug)]
pub struct Case {
    /// The market.
    pub compiled: CompiledRound,
    /// Digest of the content.
    pub input_digest: String,
    /// The rules declare one order of families.
    pub common_order: bool,
    /// The criteria, where the priorities come from some.
    pub criteria: Option<CriteriaReport>,
}

/// A round of either kind, ready to be decided.
#[derive(Debug)]
pub enum Ready {
    /// Of tables with points.
    Tables(Box<tables::Prepared>, Box<tables::Files>),
    /// Of facts with criteria.
    Facts(Box<facts::Judged>, Box<Case>),
}

impl Ready {
    /// Reads and compiles a round of either kind; its warnings are said. Where nobody says what happens to equals,
    /// a round of facts is read as the report (if given) says it was decided.
    ///
    /// # Errors
    /// Exit code 2 with every problem found; exit code 3 where papers are missing.
    pub fn read(
        words: &Words,
        args: &AnyRoundArgs,
        report: Option<&Report>,
        watch: &StopWatch,
    ) -> Result<Self, Failure> {
        if let Some(args) = args.tables() {
            watch.lap("read");
            let files = tables::Files::read(words, &args)?;
            let prepared = tables::prepare(words, &files, &args.more.ties(), watch)?;
            say(&prepared.warnings);
            return Ok(Self::Tables(Box::new(prepared), Box::new(files)));
        }
        let Some((round, criteria)) = args.facts() else {
            let message = words.say("usage.missing", &[("name", &"--children, --round")]);
            return Err(Failure::new(Exit::BadInput, message));
        };
        let given = facts::Given::read(words, round, criteria, watch)?;
        say(&given.warnings);
        let judged = given.judge(words, false, watch)?;
        let asked = args
            .more
            .ties
            .clone()
            .or_else(|| report.and_then(ties_of_report));
        match judged.stage(words, asked, false, watch)? {
            facts::Staging::Ready(case) => Ok(Self::Facts(Box::new(judged), case)),
            facts::Staging::Undecided(errors) => {
                let lines: Vec<String> = errors
                    .iter()
                    .map(|e| e.text(crate::commands::lang(words)))
                    .collect();
                Err(Failure::new(Exit::Undecided, lines.join("\n")))
            }
        }
    }

    /// What is decided.
    pub fn case(&self) -> &Case {
        match self {
            Self::Tables(prepared, _) => &prepared.case,
            Self::Facts(_, case) => case,
        }
    }

    /// The mechanism asked for; else that of the criteria, else the stable one.
    pub fn mechanism(&self, asked: Option<Mechanism>) -> Mechanism {
        match (asked, self) {
            (Some(asked), _) => asked,
            (None, Self::Tables(..)) => Mechanism::Stable,
            (None, Self::Facts(judged, _)) => mechanism_of(&judged.criteria),
        }
    }

    /// Whom a result speaks of.
    pub fn roster(&self) -> Roster<'_> {
        match self {
            Self::Tables(prepared, _) => (&prepared.round).into(),
            Self::Facts(judged, case) => judged.roster(&case.compiled),
        }
    }

    /// Names of columns, for reading a result.
    pub fn columns(&self) -> Option<Source<'_>> {
        match self {
            Self::Tables(_, files) => files.columns.as_ref().map(File::source),
            Self::Facts(..) => None,
        }
    }
}

/// How a report says that equals were decided.
fn ties_of_report(report: &Report) -> Option<Ties> {
    match (report.ties.rule.as_str(), &report.ties.seed) {
        ("lottery", Some(seed)) => Some(Ties::Lottery(seed.clone())),
        ("equal", _) => Some(Ties::Equal),
        ("row-order", _) => Some(Ties::RowOrder),
        ("stop", _) => Some(Ties::Stop),
        _ => None,
    }
}

/// Refuses a mechanism the round's rules cannot carry.
///
/// # Errors
/// Exit code 2: `index-order` needs one order of families, and priorities that depend on the
/// nursery give none.
pub fn check_mechanism(words: &Words, case: &Case, mechanism: Mechanism) -> Result<(), Failure> {
    if mechanism == Mechanism::IndexOrder
        && !case.common_order
        && case.compiled.priority_depends_on_nursery()
    {
        let hint = match case.criteria {
            None => words.say("input.no_common_order_hint", &[]),
            Some(_) => words.say("input.no_common_order_criteria_hint", &[]),
        };
        return Err(
            Failure::new(Exit::BadInput, words.say("input.no_common_order", &[])).hint(hint),
        );
    }
    Ok(())
}

/// Places a round and has the checker confirm it. Phases: the engine's, then `verify`.
///
/// # Errors
/// Exit code 70 where engine and checker disagree: a defect of this program, nothing is written.
pub fn decide(
    words: &Words,
    case: &Case,
    request: Request,
    watch: &StopWatch,
) -> Result<Decision, Failure> {
    let step = |step| {
        watch.lap(match step {
            Step::Ties => "ties",
            Step::Verify => "verify",
        });
    };
    let market = &case.compiled.market;
    let declared = case.common_order;
    decide::decide(market, declared, request, watch, &step).map_err(|detail| {
        Failure::new(
            Exit::Internal,
            words.say("internal.disagree", &[("detail", &detail)]),
        )
        .hint(words.say("internal.panic_hint", &[]))
    })
}

/// Explains a placement and makes its report. Phase: `explain`. The report's seconds end here:
/// writing it cannot be part of it.
pub fn tell(case: &Case, decided: &Decided, request: Request, watch: &StopWatch) -> Report {
    watch.lap("explain");
    let explanations = explain(&case.compiled, &decided.outcome, request.mechanism);
    let facts = RunFacts {
        engine_version: VERSION,
        mechanism: request.mechanism,
        effort: request.effort,
        input_digest: &case.input_digest,
        blocking_positions: decided.verdict.summary.blocking_positions,
        undecided: &[],
        seconds: &[],
        criteria: case.criteria.as_ref(),
    };
    let mut report = report(&case.compiled, &decided.outcome, &explanations, &facts);
    // To the microsecond: more digits say nothing and make reports longer.
    let rounded = |s: f64| (s * 1e6).round() / 1e6;
    report.seconds = watch
        .seconds()
        .into_iter()
        .map(|(name, s)| (name.to_owned(), rounded(s)))
        .collect();
    report
}

/// A line about families the checker could not finish, empty if there are none.
pub fn unfinished(words: &Words, market: &Market, verdict: &Verdict) -> String {
    if verdict.unfinished.is_empty() {
        return String::new();
    }
    let ids = verdict
        .unfinished
        .iter()
        .take(20)
        .map(|&f| &*market.families[f as usize].id);
    let ids = ids.collect::<Vec<_>>().join(", ");
    let count = grouped(verdict.unfinished.len() as u64);
    words.say("verify.unfinished", &[("count", &count), ("ids", &ids)]) + "\n"
}

/// Reads a whole file.
///
/// # Errors
/// Exit code 2, with the reason in words.
pub fn read_file(words: &Words, path: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(path).map_err(|e| {
        let detail = if path.is_dir() {
            words.say("os.folder", &[])
        } else {
            os_words(words, &e)
        };
        let message = words.say(
            "input.unreadable",
            &[("path", &path.display()), ("detail", &detail)],
        );
        Failure::new(Exit::BadInput, message).hint(words.say("input.unreadable_hint", &[]))
    })
}

/// The reader's name of our language.
pub fn language(words: &Words) -> Language {
    match words.lang {
        Lang::Ja => Language::Japanese,
        Lang::En => Language::English,
    }
}
