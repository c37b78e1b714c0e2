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
use enmusubi_market::{ChildIx, FamilyIx, GroupIx, Market};
use enmusubi_matching::{Answer, Mechanism, Outcome, Request, TiedPair, place};
use enmusubi_selection::compile::{CompileError, compile};
use enmusubi_selection::compiled::{CompiledRound, Ties};
use enmusubi_selection::digest::input_digest;
use enmusubi_selection::explain::explain;
use enmusubi_selection::report::{Report, RunFacts, report};
use enmusubi_verify::{self as verify, Verdict};
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

/// What was decided.
#[derive(Debug)]
pub enum Decision {
    /// A placement the checker agrees with.
    Placed(Box<Decided>),
    /// Ties are undecided; nobody is placed.
    Undecided(Vec<TiedPair>),
}

/// A placement, verified.
#[derive(Debug)]
pub struct Decided {
    /// The engine's answer.
    pub outcome: Outcome,
    /// The checker's.
    pub verdict: Verdict,
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
    let market = &prepared.compiled.market;
    if request.stop_at_ties
        && let Some(mechanism) = replayable(request.mechanism)
    {
        watch.lap("ties");
        let declared = prepared.round.rules.common_order.is_some();
        let pairs = decided_by_turn(market, mechanism, declared);
        if !pairs.is_empty() {
            return Ok(Decision::Undecided(pairs));
        }
    }
    let outcome = match place(market, request, watch) {
        Answer::Placed(outcome) => *outcome,
        Answer::Undecided(pairs) => return Ok(Decision::Undecided(pairs)),
    };
    watch.lap("verify");
    let (verdict, replayed) = judge(market, &outcome, request.mechanism);
    let disagreements = disagreements(market, &outcome, &verdict, replayed);
    if !disagreements.is_empty() {
        let detail = disagreements.join("\n");
        return Err(Failure::new(
            Exit::Internal,
            words.say("internal.disagree", &[("detail", &detail)]),
        )
        .hint(words.say("internal.panic_hint", &[])));
    }
    Ok(Decision::Placed(Box::new(Decided { outcome, verdict })))
}

/// Pairs of children whom nothing but their ids would rank in a mechanism where turns decide.
/// A common order the rules declare ranks families of equal priority, one worked out does not.
fn decided_by_turn(market: &Market, mechanism: verify::Mechanism, declared: bool) -> Vec<TiedPair> {
    let order = |f: FamilyIx| market.families[f as usize].common_order;
    // Of a family's children in a group the one of lowest priority decided its turn.
    let child = |family: FamilyIx, group: GroupIx| {
        let children = market.families[family as usize].children.clone();
        let in_group = |c: ChildIx| {
            let choices = market.children[c as usize].choices.clone();
            choices
                .filter(|&x| market.group_of_choice(x) == group)
                .map(|x| market.choices[x as usize].priority)
                .max()
        };
        let first = children.start;
        children.max_by_key(|&c| in_group(c)).unwrap_or(first)
    };
    let mut pairs: Vec<TiedPair> = verify::replay(market, mechanism)
        .decided_by_order
        .into_iter()
        .filter(|t| !declared || order(t.first) == order(t.second))
        .map(|t| {
            let (a, b) = (child(t.first, t.group), child(t.second, t.group));
            TiedPair {
                group: t.group,
                a: a.min(b),
                b: a.max(b),
            }
        })
        .collect();
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}

/// The checker's view of an outcome, and the number of children whom a replay of the mechanism
/// places otherwise.
fn judge(market: &Market, outcome: &Outcome, mechanism: Mechanism) -> (Verdict, usize) {
    match replayable(mechanism) {
        None => (verify::check(market, &outcome.placement), 0),
        Some(m) => {
            let v = verify::check_mechanism(market, &outcome.placement, m);
            (v.verdict, v.differences.len())
        }
    }
}

/// The checker's name of a mechanism that can be replayed.
pub fn replayable(mechanism: Mechanism) -> Option<verify::Mechanism> {
    match mechanism {
        Mechanism::Stable => None,
        Mechanism::IndexOrder => Some(verify::Mechanism::IndexOrder),
        Mechanism::ChoiceOrder => Some(verify::Mechanism::ChoiceOrder),
    }
}

/// Everything engine and checker say differently. A family the checker could not finish within
/// its bound proves nothing either way.
fn disagreements(
    market: &Market,
    outcome: &Outcome,
    verdict: &Verdict,
    replayed: usize,
) -> Vec<String> {
    let mut found = Vec::new();
    if let Some(violation) = verdict.violations.first() {
        found.push(format!(
            "{} violations, first {violation:?}",
            verdict.violations.len()
        ));
    }
    let finished = |f: &FamilyIx| !verdict.unfinished.contains(f);
    let theirs: Vec<FamilyIx> = verdict
        .blocking
        .iter()
        .map(|b| b.family)
        .filter(finished)
        .collect();
    let ours: Vec<FamilyIx> = outcome.blocking.iter().copied().filter(finished).collect();
    if ours != theirs {
        let names = |list: &[FamilyIx]| {
            let names = list
                .iter()
                .take(5)
                .map(|&f| &*market.families[f as usize].id);
            format!("{} {:?}", list.len(), names.collect::<Vec<_>>())
        };
        found.push(format!(
            "blocking families: engine {}, checker {}",
            names(&ours),
            names(&theirs)
        ));
    }
    if verdict.unfinished.is_empty() && outcome.rank_sum != verdict.summary.rank_sum {
        let (a, b) = (outcome.rank_sum, verdict.summary.rank_sum);
        found.push(format!("sum of positions: engine {a}, checker {b}"));
    }
    if replayed > 0 {
        found.push(format!("replayed: {replayed} children placed otherwise"));
    }
    found
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
