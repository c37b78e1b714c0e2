//! `enmusubi learn`: what past decisions say that the criteria do not.

mod inputs;
mod outputs;

use crate::args::LearnArgs;
use crate::commands::compare::{Told, inputs::decisions_digest, outputs::json, stopped, undecided};
use crate::exit::{Exit, Failure};
use crate::language::Words;
use crate::output::{Outputs, Planned};
use crate::parallel::Threads;
use crate::pipeline::VERSION;
use crate::stopwatch::StopWatch;
use crate::{commands, print, say};
use enmusubi_compare::past::{Base, Past, PastTies};
use enmusubi_compare::world::{Unworkable, World};
use enmusubi_criteria::{Criteria, aggregate::Aggregate, write_toml};
use enmusubi_learn::anew;
use enmusubi_learn::draft::draft;
use enmusubi_learn::fairness::fairness;
use enmusubi_learn::held_out::{HeldOut, held_out, nurseries};
use enmusubi_learn::known::{Asked, learn};
use enmusubi_learn::report::{AnewReport, Around, Report, report};
use enmusubi_learn::summary::summary;
use enmusubi_learn::years::{Year, Years};
use enmusubi_selection::digest_facts::{criteria_digest, facts_digest};
use enmusubi_selection::staged::mechanism_of;
use inputs::Read;
use std::path::{Path, PathBuf};

/// Runs the command.
pub fn run(words: &Words, args: &LearnArgs, timings: bool) -> Result<Exit, Failure> {
    let watch = StopWatch::start(None);
    let mut files = Outputs::new(args.force);
    let planned = plan(words, args, &mut files)?;

    watch.lap("read");
    let mut read = Read::of(words, args)?;
    let criteria = &read.source.criteria.clone();
    let from_nothing = anew::orders_nobody(criteria);
    let laid_out = match from_nothing {
        true => anew::laid_out(criteria),
        false => criteria.clone(),
    };
    let ties = read.ties(args.ties.as_ref());
    let left_out = leave_out(words, &mut read.rounds, &laid_out, &ties)?;
    if read.rounds.is_empty() {
        return Ok(Exit::Undecided);
    }
    let list: Vec<Year<'_>> = read.rounds.iter().map(inputs::Round::year).collect();
    let Some(years) = Years::of(&list) else {
        return Err(commands::internal(words)("no rounds"));
    };

    watch.lap("learn");
    let crew = Threads(args.threads);
    let asked = Asked::of(&years, args.forbid.clone());
    let progress = Told::new(words, "learned.searching");
    let found = match from_nothing {
        true => {
            progress.say("learned.anew");
            read.anew(&years, &Aggregate::ALL, (&ties, &args.forbid), &crew)
        }
        false => Ok(None),
    };
    let mut found = match found {
        Ok(found) => found,
        Err(unworkable) => return stopped(words, &read.rounds[0].given, unworkable),
    };
    let mut held = Ok(Vec::new());
    if let Some(f) = &found {
        progress.say("learned.holding_out");
        let begin = |others: &Years| {
            let anew = read.anew(others, &f.together[..1], (&ties, &args.forbid), &Threads(1));
            anew.ok()?.map(|f| (f.written.criteria, f.rules))
        };
        held = held_out(&list, &begin, &ties, &asked, &crew);
        // Enough points fit any decisions: an order must also say something of years that it was not learned from.
        let says = |held: &[HeldOut]| held.iter().any(|h| !h.against.is_hardly_better());
        if list.len() > 1 && held.as_ref().is_ok_and(|held| !says(held)) {
            found = None;
        }
    }
    let (document, by, given) = match &found {
        Some(f) => (&f.written.document, &f.written.criteria, &f.rules[..]),
        None => (&read.source.document, &laid_out, &[][..]),
    };
    let mut parts = Ok(Vec::new());
    let learned = learn(&years, (by, given), &ties, &asked, &crew, &progress);
    let learned = match learned {
        Ok(learned) => learned,
        Err(unworkable) => return stopped(words, &read.rounds[0].given, unworkable),
    };
    // Where nothing was learned, nothing is held out.
    if found.is_none() && !learned.rules.is_empty() {
        watch.lap("hold_out");
        progress.say("learned.holding_out");
        let begin = |_: &Years| Some((laid_out.clone(), Vec::new()));
        held = held_out(&list, &begin, &ties, &asked, &crew);
        parts = nurseries(&years, &laid_out, &ties, &asked, &crew);
    }
    drop(progress);
    let (held, parts) = match held.and_then(|held| Ok((held, parts?))) {
        Ok((held, parts)) => (held.iter().map(|h| h.agreement).collect(), parts),
        Err(unworkable) => return stopped(words, &read.rounds[0].given, unworkable),
    };

    watch.lap("write");
    let lang = commands::lang(words);
    let draft = draft(&years, document, by, &learned, lang);
    let begun = found.as_ref().map(|f| &f.written.document);
    let draft = draft.map(|d| d.settled(&read.source.document, begun));
    let of_year = |round: &inputs::Round| {
        let input = facts_digest(round.facts(), criteria);
        let decisions = decisions_digest(&round.decisions);
        (input, decisions, round.remarks.clone())
    };
    let around = Around {
        engine_version: VERSION.to_owned(),
        criteria: read.source.file.clone(),
        criteria_digest: criteria_digest(criteria),
        years: read.rounds.iter().map(of_year).collect(),
        held_out: held,
        left_out,
        nurseries: parts,
        anew: found.as_ref().map(AnewReport::of),
        fairness: fairness(&learned, &asked.forbidden, &crew),
    };
    let report = report(&years, &learned, draft.as_ref(), around, lang);
    let draft = draft.map(|d| write_toml(&d.document));
    write(words, args, &files, &planned, &report, draft.as_deref())?;
    if timings {
        say(&commands::timings(words, &watch));
    }
    Ok(Exit::Done)
}

/// Leaves out rounds in which something about applicants is undecided, or does not fit the criteria, saying what, and returns their names.
///
/// # Errors
/// Something is wrong with the criteria, so that no year can do without mending that; or no round is left, and what is wrong with some.
fn leave_out(
    words: &Words,
    rounds: &mut Vec<inputs::Round>,
    criteria: &Criteria,
    ties: &PastTies,
) -> Result<Vec<String>, Failure> {
    let (mut names, mut kept, mut failures) = (Vec::new(), Vec::new(), Vec::new());
    for round in rounds.drain(..) {
        // By itself, not stacked: what is said names its own ids.
        let past = Past {
            base: Base::Facts {
                facts: round.facts(),
                criteria,
            },
            decisions: &round.decisions,
            ties,
            mechanism: mechanism_of(criteria),
        };
        let Some(why) = World::of(past, &[]).err() else {
            kept.push(round);
            continue;
        };
        let values: [(&str, &dyn std::fmt::Display); 2] =
            [("year", &round.name), ("file", &round.file)];
        let head = format!("{}\n", words.say("learned.of_year", &values));
        let of_round = matches!(why, Unworkable::Stage(_));
        if let Some(text) = undecided(words, &round.given, &why) {
            say(&(head + &text));
        } else if let Err(failure) = stopped(words, &round.given, why) {
            if !of_round {
                return Err(failure);
            }
            failures.push((head, failure));
        }
        names.push(round.name);
    }
    *rounds = kept;
    for (head, failure) in failures {
        if rounds.is_empty() {
            say(&head);
            return Err(failure);
        }
        say(&(head + &failure.text(words)));
    }
    Ok(names)
}

/// Before anything is computed: nobody should wait for a result that cannot be written.
fn plan(words: &Words, args: &LearnArgs, files: &mut Outputs) -> Result<Vec<Planned>, Failure> {
    files
        .make_folder(&args.report)
        .map_err(|e| e.failure(words))?;
    let given = args.rounds.iter().chain(&args.decisions);
    let given = given.chain([&args.known]).chain(&args.columns);
    let given: Vec<&Path> = given.map(PathBuf::as_path).collect();
    let names = outputs::ALWAYS.iter().map(|name| args.report.join(name));
    let names: Vec<PathBuf> = names.chain([args.out.clone()]).collect();
    let plans = names.iter().map(|path| files.plan(path, &given));
    plans
        .collect::<Result<_, _>>()
        .map_err(|e| e.failure(words))
}

/// Writes everything, and says what was learned.
fn write(
    words: &Words,
    args: &LearnArgs,
    files: &Outputs,
    planned: &[Planned],
    report: &Report,
    draft: Option<&str>,
) -> Result<(), Failure> {
    let contents = outputs::contents(words, report)?;
    let contents = contents.iter().map(Vec::as_slice);
    let contents = contents.chain(draft.map(str::as_bytes));
    files
        .write_all(planned, contents)
        .map_err(|e| e.failure(words))?;
    if draft.is_none() && args.force {
        // A draft of an earlier run would say that something was learned.
        let _ = std::fs::remove_file(&args.out);
    }
    if args.json {
        let bytes = json(words, serde_json::to_vec(report))?;
        print(&String::from_utf8_lossy(&bytes));
        return Ok(());
    }
    let name = draft.map(|_| args.out.display().to_string());
    print(&summary(report, name.as_deref(), commands::lang(words)));
    Ok(())
}
