//! `enmusubi whatif`: who would gain and who would lose, if criteria or seats were different.

mod table;
mod variants;

use crate::args::WhatIfArgs;
use crate::commands::select::undecided::Undecided;
use crate::exit::{Exit, Failure};
use crate::language::Words;
use crate::output::{Outputs, Planned};
use crate::parallel::{Progress, each};
use crate::pipeline::{VERSION, facts::wrong, scoring::arithmetic};
use crate::stopwatch::StopWatch;
use crate::{commands, inputs, print, say};
use enmusubi_criteria::judgement::ArithmeticError;
use enmusubi_domain::facts::RoundFacts;
use enmusubi_scoring::Scores;
use enmusubi_selection::text_summary::undecided_text;
use enmusubi_selection::whatif::{
    compare::{compare, side},
    plan::Plan,
    public::public,
    report::{Comparison, Outcome, WhatIf},
    run::{Halt, Placed, place},
    score::{ScoreFailure, score},
    text::text,
    text_public::public_text,
};
use serde_json::to_vec;
use std::path::Path;
use variants::Variants;

/// Outputs for the nursery section; not written with `--public`.
const STAFF: [&str; 3] = ["whatif.json", "whatif.csv", "whatif.html"];
/// Outputs for publication.
const PUBLIC: [&str; 3] = [
    "whatif-public.json",
    "whatif-public.txt",
    "whatif-public.html",
];

/// Runs the command.
pub fn run(words: &Words, args: &WhatIfArgs, timings: bool) -> Result<Exit, Failure> {
    let watch = StopWatch::start(None);
    let mut outputs = Outputs::new(args.force);
    let planned = plan_outputs(words, args, &mut outputs)?;

    watch.lap("read");
    let variants = variants::read(words, args)?;
    let (facts, messages) = inputs::read_round(words, &args.round)?;
    say(&messages);
    let (what_if, exit) = match compute(words, args, &variants, &facts, &watch)? {
        Computed::Compared(what_if, exit) => (what_if, exit),
        Computed::Undecided(text) => {
            // It names children: nothing for whoever publishes what comes out.
            if args.public {
                say(&text);
            } else {
                print(&text);
            }
            return Ok(Exit::Undecided);
        }
    };

    watch.lap("write");
    let lang = commands::lang(words);
    let published = public(&what_if);
    let json = |bytes: Result<Vec<u8>, serde_json::Error>| {
        let mut bytes = bytes.map_err(commands::internal(words))?;
        bytes.push(b'\n');
        Ok::<_, Failure>(bytes)
    };
    if !planned.is_empty() {
        let mut contents = Vec::new();
        if !args.public {
            contents.push(json(to_vec(&what_if))?);
            contents.push(table::changed(words, &what_if));
            contents.push(enmusubi_page::comparison::what_if(&what_if).into_bytes());
        }
        contents.push(json(to_vec(&published))?);
        contents.push(public_text(&published, lang).into_bytes());
        contents.push(enmusubi_page::comparison::what_if_public(&published).into_bytes());
        let mut staged = outputs.stage();
        for (plan, bytes) in planned.iter().zip(&contents) {
            staged
                .write(*plan, |w| w.write_all(bytes))
                .map_err(|e| e.failure(words))?;
        }
        staged.commit().map_err(|e| e.failure(words))?;
    }
    match (args.public, args.json) {
        (false, false) => print(&text(&what_if, lang)),
        (true, false) => print(&public_text(&published, lang)),
        (false, true) => print(&String::from_utf8_lossy(&json(to_vec(&what_if))?)),
        (true, true) => print(&String::from_utf8_lossy(&json(to_vec(&published))?)),
    }
    if timings {
        say(&commands::timings(words, &watch));
    }
    Ok(exit)
}

/// Before anything is computed: nobody should wait for a result that cannot be written.
fn plan_outputs(
    words: &Words,
    args: &WhatIfArgs,
    outputs: &mut Outputs,
) -> Result<Vec<Planned>, Failure> {
    let Some(folder) = &args.out else {
        return Ok(Vec::new());
    };
    outputs.make_folder(folder).map_err(|e| e.failure(words))?;
    let mut given: Vec<&Path> = vec![&args.round, &args.criteria];
    given.extend(args.against.iter().map(|p| p.as_path()));
    given.extend(args.variants.as_deref());
    let staff: &[&str] = if args.public { &[] } else { &STAFF };
    let names = staff.iter().chain(&PUBLIC);
    let plans = names.map(|name| outputs.plan(&folder.join(name), &given));
    plans
        .collect::<Result<_, _>>()
        .map_err(|e| e.failure(words))
}

enum Computed {
    /// Everything that could be compared, and how to end.
    Compared(Box<WhatIf>, Exit),
    /// The round as it is cannot be decided: why.
    Undecided(String),
}

/// Scores, places, verifies and compares. Phases: `score`, `compare`.
fn compute(
    words: &Words,
    args: &WhatIfArgs,
    variants: &Variants,
    facts: &RoundFacts,
    watch: &StopWatch,
) -> Result<Computed, Failure> {
    let lang = commands::lang(words);
    let Variants { sources, asked } = variants;
    let mechanism = args.mechanism.map(Into::into);
    let plan = Plan::of(facts, sources, asked, args.ties.as_ref(), mechanism)
        .map_err(|errors| variants::failure(words, &errors))?;

    watch.lap("score");
    let scores = scores(words, args, &plan, facts)?;
    watch.lap("compare");
    let round = |r: usize, scores| place(&plan.basis(r, facts, scores, args.effort.into()));
    let before = match scores[plan.rounds[0].scoring].as_ref().map(|s| round(0, s)) {
        Ok(Ok(before)) => before,
        Ok(Err(halt)) => return undecided(words, facts, halt),
        Err(errors) => return Err(arithmetic(words, facts, errors)),
    };
    let progress = progress(words, "whatif_run.placing", asked.len());
    let outcomes = each(args.threads, asked.len(), &progress, |i| {
        let r = i + 1;
        let scores = match &scores[plan.rounds[r].scoring] {
            Ok(scores) => scores,
            Err(errors) => {
                let told = arithmetic(words, facts, errors).message;
                let reasons = told.lines().map(str::to_owned).collect();
                return Ok(Outcome::Wrong { reasons });
            }
        };
        match round(r, scores) {
            Ok(after) => {
                let c = comparison(facts, &plan, r, &before, &after);
                Ok(Outcome::Compared(Box::new(c)))
            }
            Err(halt) => halt.outcome(facts, lang),
        }
    });
    drop(progress);
    let outcomes: Vec<Outcome> = outcomes
        .into_iter()
        .collect::<Result<_, _>>()
        .map_err(|detail| disagree(words, &detail))?;
    let exit = outcomes.iter().map(|o| match o {
        Outcome::Compared(_) => Exit::Done,
        Outcome::Ties { .. } | Outcome::Undecided { .. } => Exit::Undecided,
        Outcome::Wrong { .. } => Exit::BadInput,
    });
    // What is wrong is graver than what is undecided.
    let exit = [Exit::BadInput, Exit::Undecided]
        .into_iter()
        .find(|e| exit.clone().any(|o| o == *e))
        .unwrap_or(Exit::Done);
    let criteria = plan.criteria_of(0);
    let what_if = WhatIf {
        engine_version: VERSION.to_owned(),
        entry_date: facts.info.entry_date.to_string(),
        number: facts.info.number,
        base: side(&before, criteria, &plan.rounds[0].file),
        disclosure_minimum: criteria.selection.disclosure_minimum,
        variants: asked
            .iter()
            .zip(outcomes)
            .map(|(asked, outcome)| asked.report(facts, sources, lang, outcome))
            .collect(),
    };
    Ok(Computed::Compared(Box::new(what_if), exit))
}

/// Each scoring once.
fn scores(
    words: &Words,
    args: &WhatIfArgs,
    plan: &Plan,
    facts: &RoundFacts,
) -> Result<Vec<Result<Scores, Vec<ArithmeticError>>>, Failure> {
    let progress = progress(words, "whatif_run.scoring", plan.scorings.len());
    let scores = each(args.threads, plan.scorings.len(), &progress, |i| {
        let scoring = &plan.scorings[i];
        score(
            facts,
            scoring.seats.as_ref(),
            &plan.criteria[scoring.criteria],
        )
    });
    drop(progress);
    let mut list = Vec::new();
    for result in scores {
        list.push(match result {
            Ok(scores) => Ok(scores),
            Err(ScoreFailure::Arithmetic(errors)) => Err(errors),
            Err(ScoreFailure::Compile(defects)) => {
                return Err(commands::internal(words)(defects.join("\n  ")));
            }
        });
    }
    Ok(list)
}

fn progress(words: &Words, key: &'static str, count: usize) -> Progress {
    let words = Words::of(words.lang);
    Progress::new(move |done| words.say(key, &[("done", &done), ("count", &count)]))
}

fn comparison(
    facts: &RoundFacts,
    plan: &Plan,
    round: usize,
    before: &Placed,
    after: &Placed,
) -> Comparison {
    let file = &plan.rounds[round].file;
    compare(
        facts,
        before,
        after,
        side(after, plan.criteria_of(round), file),
    )
}

/// The base itself cannot be decided.
fn undecided(words: &Words, facts: &RoundFacts, halt: Halt) -> Result<Computed, Failure> {
    let lang = commands::lang(words);
    let undecided = halt.is_undecided();
    match halt {
        Halt::Disagree(detail) => Err(disagree(words, &detail)),
        Halt::Ties(pairs) => Ok(Computed::Undecided(undecided_text(&pairs, lang))),
        Halt::Stage(errors) if undecided => Ok(Computed::Undecided(
            Undecided::of(words, facts, &errors).text(words),
        )),
        Halt::Stage(errors) => Err(wrong(words, &errors)),
        Halt::NoCommonOrder => Err(Failure::new(
            Exit::BadInput,
            words.say("input.no_common_order", &[]),
        )
        .hint(words.say("input.no_common_order_criteria_hint", &[]))),
    }
}

fn disagree(words: &Words, detail: &str) -> Failure {
    let message = words.say("internal.disagree", &[("detail", &detail)]);
    Failure::new(Exit::Internal, message).hint(words.say("internal.panic_hint", &[]))
}
