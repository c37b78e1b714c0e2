//! What a comparison reads: a round of facts with its criteria, or of tables; the staff's decisions and index list.

use crate::args::{CompareArgs, RoundArgs, RoundMore, TiesArg};
use crate::exit::{Exit, Failure};
use crate::language::Words;
use crate::pipeline::tables::Files;
use crate::pipeline::{self, File};
use crate::{inputs, say};
use enmusubi_compare::past::{Base, PastTies};
use enmusubi_compare::remarks::of_left_out;
use enmusubi_compare::report::Remark;
use enmusubi_criteria::model::TiesLeft;
use enmusubi_domain::Round;
use enmusubi_domain::facts::vocabulary::find;
use enmusubi_domain::facts::{Entity, RoundFacts, Value};
use enmusubi_domain::past::{Decision, Decisions, Outcome, StaffIndex};
use enmusubi_interchange::Diagnostics;
use enmusubi_interchange::past::{LeftOut, Roster, decisions, staff_index};
use enmusubi_selection::compiled::Ties;
use enmusubi_selection::digest::input_digest;
use enmusubi_selection::digest_facts::{criteria_digest, facts_digest};
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
    /// Who was left out of the lists.
    pub remarks: Vec<Remark>,
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
        let roster = given.roster();
        let decisions = decisions(words, &args.decisions, columns.as_ref(), &roster)?;
        let staff_index = args.staff_index.as_deref();
        let staff_index = staff_index.map(|path| index(words, path, columns.as_ref(), &roster));
        let staff_index = staff_index.transpose()?;
        let input_digest = match &given {
            Given::Facts(facts, source) => facts_digest(facts, &source.criteria),
            Given::Tables(round) => input_digest(round),
        };
        let mut remarks = decisions.remarks;
        let mut list = decisions.list;
        given.name_pools(&mut list);
        let staff_index = staff_index.map(|index| {
            remarks.extend(index.remarks);
            index.list
        });
        Ok(Self {
            given,
            decisions: list,
            staff_index,
            remarks,
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

    /// Whom lists of the past may speak of.
    pub fn roster(&self) -> Roster {
        match self {
            Self::Facts(facts, _) => {
                let name = find(Entity::Facility, "name");
                let name = |f: usize| match name.map(|a| facts.facilities.get(f as u32, a)) {
                    Some(Value::Symbol(s)) => facts.symbols.text(s),
                    _ => "",
                };
                let children = facts.children.ids.iter().map(|id| &**id);
                let facilities = facts.facilities.ids.iter().enumerate();
                Roster::new(children, facilities.map(|(f, id)| (&**id, name(f))))
            }
            Self::Tables(round) => Roster::new(
                round.children.iter().map(|c| &*c.id),
                round.nurseries.iter().map(|n| (&*n.id, &*n.name)),
            ),
        }
    }

    /// Pools of decisions by their ids, where the list has their labels. In a list that names pools, no pool means the
    /// ordinary seats; a name that is no pool's says nothing.
    pub fn name_pools(&self, decisions: &mut Decisions) {
        let pools: Vec<(&str, &str)> = match self {
            Self::Facts(_, source) => {
                let pools = source.criteria.pools.iter();
                pools.map(|p| (&*p.id, &*p.label)).collect()
            }
            Self::Tables(round) => {
                let pools = round.rules.pools.iter();
                pools.map(|p| (&*p.id, &*p.id)).collect()
            }
        };
        let id = |named: &str| {
            let mut pools = pools.iter();
            let pool = pools.find(|(id, label)| *id == named || *label == named);
            pool.map(|(id, _)| Box::from(*id))
        };
        let placed = |d: &mut Decision| match &mut d.outcome {
            Outcome::Placed { pool, .. } => Some(std::mem::take(pool)),
            Outcome::Held | Outcome::Withdrawn => None,
        };
        let named: Vec<Option<Option<Box<str>>>> = decisions.list.iter_mut().map(placed).collect();
        let known = |pool: &Option<Option<Box<str>>>| matches!(pool, Some(Some(named)) if id(named).is_some());
        let names_pools = named.iter().any(known);
        for (decision, named) in decisions.list.iter_mut().zip(named) {
            if let (Outcome::Placed { pool, .. }, Some(named)) = (&mut decision.outcome, named) {
                *pool = match named {
                    Some(named) => id(&named),
                    None => names_pools.then(Box::default),
                };
            }
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

    /// How many children there are.
    pub fn children(&self) -> usize {
        match self {
            Self::Facts(facts, _) => facts.children.len(),
            Self::Tables(round) => round.children.len(),
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

    /// SHA-256 of what the criteria say, as `select` knows them; empty without criteria.
    pub fn criteria_digest(&self) -> String {
        match self {
            Self::Facts(_, source) => criteria_digest(&source.criteria),
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

/// What was read of a list that people kept.
pub struct Kept<T> {
    /// The list.
    pub list: T,
    /// Who was left out.
    pub remarks: Vec<Remark>,
}

/// The staff's decisions.
///
/// # Errors
/// Exit code 2 with every problem found.
pub fn decisions(
    words: &Words,
    path: &Path,
    columns: Option<&File>,
    roster: &Roster,
) -> Result<Kept<Decisions>, Failure> {
    let file = File::read(words, path)?;
    let columns = columns.map(File::source);
    let (read, diagnostics) = decisions::read(&file.source(), columns.as_ref(), roster);
    let read = told(words, read, &diagnostics)?;
    Ok(Kept {
        remarks: of_left_out(left_out(&read.left_out), ""),
        list: read.decisions,
    })
}

/// The staff's index list.
fn index(
    words: &Words,
    path: &Path,
    columns: Option<&File>,
    roster: &Roster,
) -> Result<Kept<StaffIndex>, Failure> {
    let file = File::read(words, path)?;
    let columns = columns.map(File::source);
    let (read, diagnostics) = staff_index::read(&file.source(), columns.as_ref(), roster);
    let read = told(words, read, &diagnostics)?;
    Ok(Kept {
        remarks: of_left_out(left_out(&read.left_out), "index-"),
        list: read.index,
    })
}

/// What was read, with what is to be said of it.
fn told<T>(words: &Words, read: Option<T>, diagnostics: &Diagnostics) -> Result<T, Failure> {
    let messages = diagnostics.render(pipeline::language(words));
    match read {
        Some(read) => {
            say(&messages);
            Ok(read)
        }
        None => Err(Failure::told(Exit::BadInput, messages)),
    }
}

fn left_out(list: &[LeftOut]) -> impl Iterator<Item = (&'static str, &str)> {
    list.iter().map(|l| (l.why.code(), &*l.child))
}
