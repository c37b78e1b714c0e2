//! What a comparison reads: a round of facts with its criteria, or of tables; the staff's decisions and index list.

use crate::args::{CompareArgs, RoundArgs, RoundMore, TiesArg};
use crate::exit::{Exit, Failure};
use crate::language::Words;
use crate::pipeline::tables::Files;
use crate::pipeline::{self, File};
use crate::{inputs, say};
use enmusubi_compare::past::{Base, PastTies};
use enmusubi_criteria::model::TiesLeft;
use enmusubi_criteria::write_toml;
use enmusubi_domain::Round;
use enmusubi_domain::facts::RoundFacts;
use enmusubi_domain::past::{Decision, Decisions, Outcome, StaffIndex};
use enmusubi_interchange::{Roster, read_result};
use enmusubi_selection::compiled::Ties;
use enmusubi_selection::digest::input_digest;
use enmusubi_selection::digest_facts::facts_digest;
use enmusubi_selection::whatif::plan::Source;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::path::Path;

/// A past round of either kind.
pub enum Given {
    /// Facts with criteria.
    Facts(Box<RoundFacts>, Box<Source>),
    /// Tables with points.
    Tables(Box<Round>),
}

/// Everything read.
pub struct Read {
    /// The round.
    pub given: Given,
    /// The decisions, as the file has them.
    pub decisions: Decisions,
    /// The staff's index list.
    pub staff_index: Option<StaffIndex>,
    /// SHA-256 of round and criteria.
    pub input_digest: String,
}

impl Read {
    /// Reads everything; problems of all files are told.
    ///
    /// # Errors
    /// Exit code 2 with every problem found.
    pub fn of(words: &Words, args: &CompareArgs) -> Result<Self, Failure> {
        let columns = args.columns.as_deref();
        let columns = columns.map(|path| File::read(words, path)).transpose()?;
        let given = Given::read(words, args)?;
        let decisions = decisions(words, &args.decisions, columns.as_ref(), &given)?;
        let staff_index = args.staff_index.as_deref();
        let staff_index = staff_index.map(|path| index(words, path, columns.as_ref()));
        let input_digest = match &given {
            Given::Facts(facts, source) => facts_digest(facts, &source.criteria),
            Given::Tables(round) => input_digest(round),
        };
        Ok(Self {
            staff_index: staff_index.transpose()?,
            given,
            decisions,
            input_digest,
        })
    }
}

impl Given {
    fn read(words: &Words, args: &CompareArgs) -> Result<Self, Failure> {
        if let (Some(round), Some(criteria)) = (&args.round, &args.criteria) {
            let source = inputs::read_source(words, criteria);
            let facts = inputs::read_round(words, round);
            return match (source, facts) {
                (Ok((source, messages)), Ok((facts, more))) => {
                    say(&messages);
                    say(&more);
                    Ok(Self::Facts(Box::new(facts), Box::new(source)))
                }
                (Err(one), Err(other)) => {
                    // Each with its own labels and hints.
                    say(&one.text(words));
                    Err(other)
                }
                (Err(failure), _) | (_, Err(failure)) => Err(failure),
            };
        }
        let (Some(children), Some(nurseries)) = (&args.children, &args.nurseries) else {
            let message = words.say("usage.missing", &[("name", &"--children, --round")]);
            return Err(Failure::new(Exit::BadInput, message));
        };
        let files = Files::read(
            words,
            &RoundArgs {
                children: children.clone(),
                nurseries: nurseries.clone(),
                more: RoundMore {
                    combinations: args.combinations.clone(),
                    columns: args.columns.clone(),
                    rules: args.rules.clone(),
                    ties: None,
                },
            },
        )?;
        let (round, diagnostics) = enmusubi_interchange::read_round(&files.inputs());
        let messages = diagnostics.render(pipeline::language(words));
        match round {
            Some(round) => {
                say(&messages);
                Ok(Self::Tables(Box::new(round)))
            }
            None => Err(Failure::told(Exit::BadInput, messages)),
        }
    }

    /// As the comparison takes it.
    pub fn base(&self) -> Base<'_> {
        match self {
            Self::Facts(facts, source) => Base::Facts {
                facts,
                criteria: &source.criteria,
            },
            Self::Tables(round) => Base::Tables(round),
        }
    }

    /// What happened to equals: as asked; else as the criteria say, where they say something that can be done again.
    pub fn ties(&self, asked: Option<&TiesArg>) -> PastTies {
        match (asked, self) {
            (Some(TiesArg::Rule(rule)), _) => PastTies::Rule(rule.clone()),
            (Some(TiesArg::Decided), _) | (None, Self::Tables(_)) => PastTies::Decided,
            (None, Self::Facts(_, source)) => match source.criteria.ties {
                TiesLeft::Equal => PastTies::Rule(Ties::Equal),
                TiesLeft::Stop | TiesLeft::Staff | TiesLeft::Lottery => PastTies::Decided,
            },
        }
    }

    /// SHA-256 of the criteria's canonical text; empty without criteria.
    pub fn criteria_digest(&self) -> String {
        match self {
            Self::Facts(_, source) => sha256(&write_toml(&source.document)),
            Self::Tables(_) => String::new(),
        }
    }
}

/// SHA-256 of decisions, sorted by child: the same whatever the order of the file.
pub fn decisions_digest(decisions: &Decisions) -> String {
    let mut lines: Vec<String> = decisions.list.iter().map(line).collect();
    lines.sort_unstable();
    sha256(&lines.concat())
}

fn line(decision: &Decision) -> String {
    let (word, facility, pool) = match &decision.outcome {
        Outcome::Placed { facility, pool } => ("placed", &**facility, pool.as_deref()),
        Outcome::Held => ("held", "", None),
        Outcome::Withdrawn => ("withdrawn", "", None),
    };
    // Tabs and line breaks are in no id.
    format!(
        "{}\t{word}\t{facility}\t{}\n",
        decision.child,
        pool.unwrap_or_default()
    )
}

fn sha256(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    let mut out = String::with_capacity(64);
    for byte in digest {
        let _ = write!(out, "{byte:02x}");
    }
    out
}

/// The staff's decisions.
fn decisions(
    words: &Words,
    path: &Path,
    columns: Option<&File>,
    given: &Given,
) -> Result<Decisions, Failure> {
    let file = File::read(words, path)?;
    let columns = columns.map(File::source);
    let roster = match given {
        Given::Tables(round) => Roster::from(&**round),
        Given::Facts(facts, _) => Roster {
            children: (0..facts.children.len())
                .filter(|&c| !facts.index.choices[c].is_empty())
                .map(|c| &*facts.children.ids[c])
                .collect(),
            nurseries: facts.facilities.ids.iter().map(|id| &**id).collect(),
        },
    };
    let children: Vec<Box<str>> = roster.children.iter().map(|&c| c.into()).collect();
    let nurseries: Vec<Box<str>> = roster.nurseries.iter().map(|&n| n.into()).collect();
    let (placed, diagnostics) = read_result(&file.source(), columns.as_ref(), roster);
    let messages = diagnostics.render(pipeline::language(words));
    let Some(placed) = placed else {
        return Err(Failure::told(Exit::BadInput, messages));
    };
    say(&messages);
    let list = children.into_iter().zip(placed).zip(2..);
    let list = list.map(|((child, nursery), row)| Decision {
        child,
        outcome: nursery.map_or(Outcome::Held, |n| Outcome::Placed {
            facility: nurseries[n as usize].clone(),
            pool: None,
        }),
        row,
    });
    Ok(Decisions {
        list: list.collect(),
    })
}

/// The staff's index list.
fn index(words: &Words, path: &Path, columns: Option<&File>) -> Result<StaffIndex, Failure> {
    let _ = (path, columns);
    Err(Failure::new(
        Exit::BadInput,
        words.say("compared.no_index", &[]),
    ))
}
