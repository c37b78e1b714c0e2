//! The way of a round: read → compile → place → verify → explain.
//!
//! **Invariant:** a placement leaves this module only after the independent checker has agreed
//! with the engine about it ([`decide`]). Commands write what comes out of here, nothing else.

use crate::args::RoundArgs;
use crate::exit::{Exit, Failure};
use crate::language::{Lang, Words, grouped};
use crate::output::os_words;
use crate::stopwatch::StopWatch;
use enmusubi_domain::Round;
use enmusubi_interchange::{Inputs, Language, Source, read_round};
use enmusubi_market::Market;
use enmusubi_matching::{Mechanism, Request};
use enmusubi_selection::compile::{CompileError, compile};
use enmusubi_selection::compiled::{CompiledRound, Ties};
use enmusubi_selection::decide::{self, Step};
pub use enmusubi_selection::decide::{Decided, Decision, replayable};
use enmusubi_selection::digest::input_digest;
use enmusubi_selection::explain::explain;
use enmusubi_selection::report::{Report, RunFacts, report};
use enmusubi_verify::Verdict;
use std::path::Path;

/// Version of the program, as reports carry it.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// A round's files, whole, with the names messages give them.
#[derive(Debug, Default)]
pub struct Files {
    /// Children's table.
    pub children: File,
    /// Nurseries' table.
    pub nurseries: File,
    /// Combination table.
    pub combinations: Option<File>,
    /// Names of columns.
    pub columns: Option<File>,
    /// Rules.
    pub rules: Option<File>,
}

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

impl Files {
    /// Reads the files of a round; every file that cannot be read is named.
    ///
    /// # Errors
    /// Exit code 2.
    pub fn read(words: &Words, args: &RoundArgs) -> Result<Self, Failure> {
        let mut failures = Vec::new();
        let mut file = |path: &Path| {
            File::read(words, path).unwrap_or_else(|f| {
                failures.push(f);
                File::default()
            })
        };
        let files = Self {
            children: file(&args.children),
            nurseries: file(&args.nurseries),
            combinations: args.more.combinations.as_deref().map(&mut file),
            columns: args.more.columns.as_deref().map(&mut file),
            rules: args.more.rules.as_deref().map(&mut file),
        };
        match Failure::all(failures) {
            None => Ok(files),
            Some(failure) => Err(failure),
        }
    }

    /// As the reader of rounds takes them.
    pub fn inputs(&self) -> Inputs<'_> {
        Inputs {
            children: self.children.source(),
            nurseries: self.nurseries.source(),
            combinations: self.combinations.as_ref().map(File::source),
            columns: self.columns.as_ref().map(File::source),
            rules: self.rules.as_ref().map(File::source),
        }
    }
}

/// A round, read and compiled.
#[derive(Debug)]
pub struct Prepared {
    /// The tables.
    pub round: Round,
    /// The market.
    pub compiled: CompiledRound,
    /// Digest of the content.
    pub input_digest: String,
    /// Messages about things somebody should look at.
    pub warnings: String,
}

/// Parses and compiles a round. Phases: `read`, `compile`.
///
/// # Errors
/// Exit code 2 with every problem found.
pub fn prepare(
    words: &Words,
    files: &Files,
    ties: &Ties,
    watch: &StopWatch,
) -> Result<Prepared, Failure> {
    watch.lap("read");
    let (round, diagnostics) = read_round(&files.inputs());
    let messages = diagnostics.render(language(words));
    let Some(round) = round else {
        return Err(Failure::told(Exit::BadInput, messages));
    };
    watch.lap("compile");
    let input_digest = input_digest(&round);
    let compiled = compile(&round, ties).map_err(|errors| {
        let lines: Vec<String> = errors.iter().map(CompileError::to_string).collect();
        Failure::new(Exit::BadInput, lines.join("\n"))
    })?;
    Ok(Prepared {
        round,
        compiled,
        input_digest,
        warnings: messages,
    })
}

/// Refuses a mechanism the round's rules cannot carry.
///
/// # Errors
/// Exit code 2: `index-order` needs one order of families, and priorities that depend on the
/// nursery give none.
pub fn check_mechanism(
    words: &Words,
    prepared: &Prepared,
    mechanism: Mechanism,
) -> Result<(), Failure> {
    let declared = prepared.round.rules.common_order.is_some();
    if mechanism == Mechanism::IndexOrder
        && !declared
        && prepared.compiled.priority_depends_on_nursery()
    {
        return Err(
            Failure::new(Exit::BadInput, words.say("input.no_common_order", &[]))
                .hint(words.say("input.no_common_order_hint", &[])),
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
    prepared: &Prepared,
    request: Request,
    watch: &StopWatch,
) -> Result<Decision, Failure> {
    let declared = prepared.round.rules.common_order.is_some();
    let step = |step| {
        watch.lap(match step {
            Step::Ties => "ties",
            Step::Verify => "verify",
        });
    };
    decide::decide(&prepared.compiled.market, declared, request, watch, &step).map_err(|detail| {
        Failure::new(
            Exit::Internal,
            words.say("internal.disagree", &[("detail", &detail)]),
        )
        .hint(words.say("internal.panic_hint", &[]))
    })
}

/// Explains a placement and makes its report. Phase: `explain`. The report's seconds end here:
/// writing it cannot be part of it.
pub fn tell(prepared: &Prepared, decided: &Decided, request: Request, watch: &StopWatch) -> Report {
    watch.lap("explain");
    let explanations = explain(&prepared.compiled, &decided.outcome, request.mechanism);
    let facts = RunFacts {
        engine_version: VERSION,
        mechanism: request.mechanism,
        effort: request.effort,
        input_digest: &prepared.input_digest,
        blocking_positions: decided.verdict.summary.blocking_positions,
        undecided: &[],
        seconds: &[],
    };
    let mut report = report(&prepared.compiled, &decided.outcome, &explanations, &facts);
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
