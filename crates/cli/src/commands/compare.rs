//! `enmusubi compare`: does a past round come out as the staff decided it, and where not, why?

pub mod inputs;
pub mod outputs;
mod practice;
pub mod workbook;

use crate::args::CompareArgs;
use crate::commands::select::undecided::Undecided;
use crate::exit::{Exit, Failure};
use crate::language::{Words, grouped};
use crate::output::{Outputs, Planned};
use crate::parallel::{Line, Threads};
use crate::pipeline::{
    VERSION,
    facts::{misfits, wrong},
};
use crate::stopwatch::StopWatch;
use crate::{commands, print, say};
use enmusubi_compare::{
    build::{Around, comparison},
    depths::{Depths, depths},
    past::{Base, Past},
    remarks::settle,
    report::{Comparison, Remark},
    search,
    solve::{Limits, Progress, solve},
    summary::summary,
    world::Unworkable,
};
use enmusubi_criteria::write_toml;
use enmusubi_matching::Mechanism;
use enmusubi_selection::staged::{StageError, mechanism_of};
use inputs::{Given, Read};
use std::path::{Path, PathBuf};

/// Fewer people than this are withheld where no criteria say otherwise.
const DISCLOSURE_MINIMUM: u32 = 3;

/// Runs the command.
pub fn run(words: &Words, args: &CompareArgs, timings: bool) -> Result<Exit, Failure> {
    let watch = StopWatch::start(None);
    let mut files = Outputs::new(args.force);
    let planned = plan(words, args, &mut files)?;

    watch.lap("read");
    let read = Read::of(words, args)?;
    fits(words, args, &read.given)?;
    let (decisions, repeated) = settle(&read.decisions);
    let mut remarks = read.remarks;
    remarks.extend(repeated);
    let ties = read.given.ties(args.ties.as_ref());
    let base = read.given.base();
    let mut past = Past {
        base,
        decisions: &decisions,
        ties: &ties,
        mechanism: mechanism(args, &read.given),
    };

    watch.lap("compare");
    let crew = Threads(args.threads);
    let progress = Told::new(words, "compared.searching");
    let found = read.staff_index.as_ref();
    let found = match found.map(|list| depths(past, list, &crew)) {
        None => None,
        Some(Ok(found)) => Some(found),
        Some(Err(unworkable)) => return stopped(words, &read.given, unworkable),
    };
    let given = found.as_ref().map(Depths::given).unwrap_or_default();
    if let (Some(list), Some(found)) = (&read.staff_index, &found)
        && found.by_list
    {
        past.base = Base::Listed { base: &base, list };
        remarks.push(Remark {
            code: "by-list".to_owned(),
            count: list.list.len() as u32,
            examples: Vec::new(),
        });
    }
    let limits = Limits::for_children(read.given.children());
    let proposers = match &found {
        Some(found) => found.proposers(search::all()),
        None => search::all(),
    };
    let solution = solve(past, &given, &proposers, limits, &crew, &progress);
    drop(progress);
    let solution = match solution {
        Ok(solution) => solution,
        Err(unworkable) => return stopped(words, &read.given, unworkable),
    };

    watch.lap("write");
    let around = Around {
        engine_version: VERSION.to_owned(),
        criteria: match &read.given {
            Given::Facts(_, source) => source.file.clone(),
            Given::Tables(_) => String::new(),
        },
        criteria_digest: read.given.criteria_digest(),
        input_digest: read.input_digest.clone(),
        decisions_digest: inputs::decisions_digest(&decisions),
        disclosure_minimum: DISCLOSURE_MINIMUM,
        remarks,
        depths: found,
    };
    let (mut report, causes) = comparison(&solution, around, commands::lang(words));
    let practised = match &read.given {
        Given::Facts(_, source) => practice::of(words, source, &solution, &report, &causes)
            .inspect(|p| report.practice = practice::beside(source, &solution, p)),
        Given::Tables(_) => None,
    };
    let draft = practised.map(|p| Draft {
        text: write_toml(&p.document),
        left: p.left.iter().map(|&at| at as u32 + 1).collect(),
    });
    write(words, args, &files, &planned, &report, draft.as_ref())?;
    if timings {
        say(&commands::timings(words, &watch));
    }
    Ok(Exit::Done)
}

/// Whether the criteria are those of the round; others may be tried.
///
/// # Errors
/// Exit code 2 where they are not, or leave something open, and nobody asked for a trial.
fn fits(words: &Words, args: &CompareArgs, given: &Given) -> Result<(), Failure> {
    let Given::Facts(facts, source) = given else {
        return Ok(());
    };
    let misfits = misfits(words, facts, &source.criteria);
    if misfits.is_empty() {
        return Ok(());
    }
    if !args.trial {
        return Err(Failure::new(Exit::BadInput, misfits.join("\n"))
            .hint(words.say("compared.trial_hint", &[])));
    }
    say(&format!("{}\n", misfits.join("\n")));
    Ok(())
}

/// The criteria as practised.
struct Draft {
    /// The file.
    text: String,
    /// Numbers of the causes about the criteria that are not in it.
    left: Vec<u32>,
}

/// Writes everything, and says what came out.
fn write(
    words: &Words,
    args: &CompareArgs,
    files: &Outputs,
    planned: &[Planned],
    report: &Comparison,
    draft: Option<&Draft>,
) -> Result<(), Failure> {
    let contents = outputs::contents(words, report)?;
    let contents = contents.iter().map(Vec::as_slice);
    let contents = contents.chain(draft.map(|d| d.text.as_bytes()));
    files
        .write_all(planned, contents)
        .map_err(|e| e.failure(words))?;
    if draft.is_none() && args.force {
        // A draft of an earlier run would say that something in the criteria is otherwise.
        let _ = std::fs::remove_file(args.out.join(outputs::PRACTICE));
    }
    if args.json {
        print(&String::from_utf8_lossy(&outputs::json(
            words,
            serde_json::to_vec(report),
        )?));
    } else {
        print(&summary(
            report,
            draft.map(|d| &*d.left),
            commands::lang(words),
        ));
    }
    Ok(())
}

/// Before anything is computed: nobody should wait for a result that cannot be written.
fn plan(words: &Words, args: &CompareArgs, files: &mut Outputs) -> Result<Vec<Planned>, Failure> {
    files.make_folder(&args.out).map_err(|e| e.failure(words))?;
    let given = [
        Some(&args.decisions),
        args.round.as_ref(),
        args.criteria.as_ref(),
        args.children.as_ref(),
        args.nurseries.as_ref(),
        args.combinations.as_ref(),
        args.rules.as_ref(),
        args.columns.as_ref(),
        args.staff_index.as_ref(),
    ];
    let given: Vec<&Path> = given.into_iter().flatten().map(PathBuf::as_path).collect();
    let names = outputs::ALWAYS.iter().chain([&outputs::PRACTICE]);
    let plans = names.map(|name| files.plan(&args.out.join(name), &given));
    plans
        .collect::<Result<_, _>>()
        .map_err(|e| e.failure(words))
}

/// As asked; else as the criteria say, else the stable one.
fn mechanism(args: &CompareArgs, given: &Given) -> Mechanism {
    match (args.mechanism, given) {
        (Some(asked), _) => asked.into(),
        (None, Given::Facts(_, source)) => mechanism_of(&source.criteria),
        (None, Given::Tables(_)) => Mechanism::Stable,
    }
}

/// The round as it is cannot be decided.
///
/// # Errors
/// Why, unless somebody is undecided: that is printed.
pub fn stopped(words: &Words, given: &Given, unworkable: Unworkable) -> Result<Exit, Failure> {
    let bad = |lines: &[String], hint: Option<&str>| {
        let failure = Failure::new(Exit::BadInput, lines.join("\n"));
        Err(match hint {
            Some(hint) => failure.hint(words.say(hint, &[])),
            None => failure,
        })
    };
    if let Some(text) = undecided(words, given, &unworkable) {
        print(&text);
        return Ok(Exit::Undecided);
    }
    match (unworkable, given) {
        (Unworkable::Stage(errors), _) => Err(wrong(words, &errors)),
        (Unworkable::Compile(lines), _) => bad(&lines, None),
        (Unworkable::Score(lines), _) => bad(&lines, Some("scored.arithmetic_hint")),
        (Unworkable::NoCommonOrder, given) => {
            let hint = match given {
                Given::Facts(..) => "input.no_common_order_criteria_hint",
                Given::Tables(_) => "input.no_common_order_hint",
            };
            bad(&[words.say("input.no_common_order", &[])], Some(hint))
        }
        (Unworkable::Foreign, _) => Err(commands::internal(words)("foreign cause")),
    }
}

/// What is undecided about applicants, where that is why a round cannot be decided.
pub fn undecided(words: &Words, given: &Given, unworkable: &Unworkable) -> Option<String> {
    match (unworkable, given) {
        (Unworkable::Stage(errors), Given::Facts(facts, _))
            if errors.iter().all(StageError::is_undecided) =>
        {
            Some(Undecided::of(words, facts, errors).text(words))
        }
        _ => None,
    }
}

/// Tells on standard error how far the search is.
pub struct Told {
    words: Words,
    line: Line,
    /// What is said at each step.
    searching: &'static str,
}

impl Told {
    /// A line that says so at each step of the search.
    pub fn new(words: &Words, searching: &'static str) -> Self {
        let told = Self {
            words: Words::of(words.lang),
            line: Line::new(),
            searching,
        };
        told.say("compared.deciding");
        told
    }

    /// Says something else.
    pub fn say(&self, key: &str) {
        self.line.show(|| self.words.say(key, &[]));
    }
}

impl Progress for Told {
    fn step(&self, causes: usize, differing: usize, compared: u32) {
        self.line.show(|| {
            let agree = grouped(u64::from(compared) - differing as u64);
            let values: [(&str, &dyn std::fmt::Display); 3] = [
                ("causes", &causes),
                ("agree", &agree),
                ("compared", &grouped(u64::from(compared))),
            ];
            self.words.say(self.searching, &values)
        });
    }
}
