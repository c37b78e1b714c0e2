//! What learning reads: rounds of past years, their decisions, and the criteria given.

use crate::args::{LearnArgs, TiesArg};
use crate::commands::compare::inputs::{Given, decisions};
use crate::exit::{Exit, Failure};
use crate::inputs;
use crate::language::{Lang, Words};
use crate::parallel::Threads;
use crate::pipeline::File;
use crate::say;
use enmusubi_compare::past::PastTies;
use enmusubi_compare::remarks::settle;
use enmusubi_compare::report::Remark;
use enmusubi_compare::world::Unworkable;
use enmusubi_criteria::aggregate::Aggregate;
use enmusubi_domain::facts::vocabulary::VOCABULARY;
use enmusubi_domain::facts::{RoundFacts, RoundInfo};
use enmusubi_domain::past::Decisions;
use enmusubi_learn::anew::{self, Anew};
use enmusubi_learn::years::{Year, Years};
use enmusubi_selection::whatif::plan::Source;
use std::collections::BTreeSet;
use std::path::Path;

/// First year of 令和, less one.
const REIWA: i16 = 2018;

/// Everything read.
pub struct Read {
    /// The criteria given.
    pub source: Source,
    /// The rounds.
    pub rounds: Vec<Round>,
}

/// A past round.
pub struct Round {
    /// Its name: the fiscal year; with its number and file, where others have the same.
    pub name: String,
    /// The file.
    pub file: String,
    /// The round with the criteria given.
    pub given: Given,
    /// Its decisions, one a child.
    pub decisions: Decisions,
    /// Things about its files that somebody should know.
    pub remarks: Vec<Remark>,
}

impl Read {
    /// Reads everything; problems of all files are told.
    ///
    /// # Errors
    /// Exit code 2 with every problem found.
    pub fn of(words: &Words, args: &LearnArgs) -> Result<Self, Failure> {
        let mut failures = Vec::new();
        if args.rounds.len() != args.decisions.len() {
            let counts: [(&str, &dyn std::fmt::Display); 2] = [
                ("rounds", &args.rounds.len()),
                ("decisions", &args.decisions.len()),
            ];
            let failure = Failure::new(Exit::BadInput, words.say("learned.pairs", &counts));
            failures.push(failure.hint(words.say("learned.pairs_hint", &[])));
        }
        for fact in &args.forbid {
            if !VOCABULARY.iter().any(|a| *a.path() == **fact) {
                let message = words.say("learned.fact", &[("fact", fact)]);
                let failure = Failure::new(Exit::BadInput, message);
                failures.push(failure.hint(words.say("learned.fact_hint", &[])));
            }
        }
        let columns = args.columns.as_deref().map(|path| File::read(words, path));
        let columns = keep(&mut failures, columns.transpose()).flatten();
        let source = keep(&mut failures, inputs::read_source(words, &args.known));
        let (source, messages) = source.unzip();
        say(&messages.unwrap_or_default());
        let mut rounds = Vec::new();
        for (round, list) in args.rounds.iter().zip(&args.decisions) {
            let Some((facts, messages)) = keep(&mut failures, inputs::read_round(words, round))
            else {
                continue;
            };
            say(&messages);
            let Some(source) = &source else {
                continue;
            };
            let given = Given::Facts(Box::new(facts), Box::new(source.clone()));
            let kept = decisions(words, list, columns.as_ref(), &given.roster());
            let Some(kept) = keep(&mut failures, kept) else {
                continue;
            };
            let mut list = kept.list;
            given.name_pools(&mut list);
            let (decisions, repeated) = settle(&list);
            let mut remarks = kept.remarks;
            remarks.extend(repeated);
            rounds.push(Round {
                name: String::new(),
                file: name_of(round),
                given,
                decisions,
                remarks,
            });
        }
        failures.extend(several_municipalities(words, &rounds));
        if let Some(failure) = Failure::all(failures) {
            return Err(failure);
        }
        name(words, &mut rounds);
        match source {
            Some(source) => Ok(Self { source, rounds }),
            None => Err(crate::commands::internal(words)("no criteria")),
        }
    }

    /// What decisions alone say, beside the file given, which orders nobody.
    ///
    /// # Errors
    /// The rounds cannot be laid out by the file given: why.
    pub fn anew(
        &self,
        years: &Years,
        together: &[Aggregate],
        (ties, forbidden): (&PastTies, &[Box<str>]),
        crew: &Threads,
    ) -> Result<Option<Anew>, Unworkable> {
        let known = (&self.source.document, &self.source.criteria);
        anew::learn(years, known, ties, forbidden, together, crew)
    }

    /// What happened to equals.
    pub fn ties(&self, asked: Option<&TiesArg>) -> PastTies {
        let first = self.rounds.first();
        first.map_or(PastTies::Decided, |round| round.given.ties(asked))
    }
}

impl Round {
    /// Its facts.
    pub fn facts(&self) -> &RoundFacts {
        match &self.given {
            Given::Facts(facts, _) => facts,
            Given::Tables(_) => unreachable!("rounds of tables are not learned from"),
        }
    }

    /// As learning takes it.
    pub fn year(&self) -> Year<'_> {
        Year {
            name: &self.name,
            facts: self.facts(),
            decisions: &self.decisions,
        }
    }
}

/// What was read; a failure is kept for later.
fn keep<T>(failures: &mut Vec<Failure>, read: Result<T, Failure>) -> Option<T> {
    match read {
        Ok(read) => Some(read),
        Err(failure) => {
            failures.push(failure);
            None
        }
    }
}

fn name_of(path: &Path) -> String {
    let name = path.file_name().unwrap_or(path.as_os_str());
    name.to_string_lossy().into_owned()
}

/// Names rounds, each by as little as tells it from the others.
fn name(words: &Words, rounds: &mut [Round]) {
    let year = |info: &RoundInfo| match words.lang {
        Lang::Ja => info.fiscal_year() - REIWA,
        Lang::En => info.fiscal_year(),
    };
    let plain = |r: &Round| words.say("learned.year", &[("year", &year(&r.facts().info))]);
    let numbered = |r: &Round| {
        let info = &r.facts().info;
        let values: [(&str, &dyn std::fmt::Display); 2] =
            [("year", &year(info)), ("number", &info.number)];
        words.say("learned.year_number", &values)
    };
    let filed = |(at, r): (usize, &Round)| format!("{} {} {}", at + 1, numbered(r), r.file);
    let distinct = |names: &[String]| names.iter().collect::<BTreeSet<_>>().len() == names.len();
    let mut names: Vec<String> = rounds.iter().map(plain).collect();
    if !distinct(&names) {
        names = rounds.iter().map(numbered).collect();
    }
    if !distinct(&names) {
        names = rounds.iter().enumerate().map(filed).collect();
    }
    for (round, name) in rounds.iter_mut().zip(names) {
        round.name = name;
    }
}

/// Rounds that say that they are of several municipalities.
fn several_municipalities(words: &Words, rounds: &[Round]) -> Option<Failure> {
    let codes = rounds.iter().map(|r| &r.facts().info.municipality);
    let codes: BTreeSet<&str> = codes.flatten().map(|code| &**code).collect();
    if codes.len() < 2 {
        return None;
    }
    let codes = codes.into_iter().collect::<Vec<_>>().join(", ");
    let message = words.say("learned.municipalities", &[("codes", &codes)]);
    let failure = Failure::new(Exit::BadInput, message);
    Some(failure.hint(words.say("learned.municipalities_hint", &[])))
}
