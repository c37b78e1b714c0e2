//! `enmusubi synth --past`: a past round with the staff's decisions and index list, in which some differences from the
//! criteria are planted, and what they are.

use super::fact_options;
use crate::args::{FactsArg, SynthArgs};
use crate::exit::{Exit, Failure};
use crate::language::{Words, grouped};
use crate::output::Outputs;
use crate::{commands, pipeline, print};
use enmusubi_compare::text::Teller;
use enmusubi_compare::world::World;
use enmusubi_domain::past::Outcome;
use enmusubi_interchange::workbook;
use enmusubi_selection::compiled::{KeyKind, Ties};
use enmusubi_selection::staged::mechanism_of;
use enmusubi_synth as synth;
use enmusubi_truth::{Decided, Hands, Planted, plant_past};

/// Criteria by which a past round of a form is decided.
fn criteria_of(form: Option<FactsArg>) -> Option<&'static str> {
    match form {
        Some(FactsArg::Example) => Some(include_str!("../../../../../criteria/example/r9.toml")),
        Some(FactsArg::Fujisawa) => Some(include_str!(
            "../../../../../criteria/142051-fujisawa/r9.toml"
        )),
        Some(FactsArg::Saitama) | None => None,
    }
}

/// The files, in the order in which they are written.
const FILES: [&str; 5] = [
    "round.xlsx",
    "criteria.toml",
    "decisions.csv",
    "staff-index.csv",
    "planted.txt",
];

/// Runs the command.
pub fn run(words: &Words, args: &SynthArgs, town: &synth::Options) -> Result<Exit, Failure> {
    let (Some(form), Some(text)) = (args.facts, criteria_of(args.facts)) else {
        return Err(Failure::new(
            Exit::BadInput,
            words.say("synth.past-form", &[]),
        ));
    };
    let (Some(criteria), ..) = enmusubi_criteria::read("criteria.toml", text.as_bytes()) else {
        return Err(Failure::new(
            Exit::Internal,
            "shipped criteria cannot be read",
        ));
    };
    let seed = args.seed.to_string();
    let ties = Ties::Lottery(seed.clone());
    let facts = synth::facts(&synth::town(town), &fact_options(args, form));
    let nothing = || Failure::new(Exit::BadInput, words.say("synth.past-nothing", &[]));
    let planted = if args.differences == 0 {
        None
    } else {
        let count = args.differences as usize;
        let planted = plant_past(count, &facts, &criteria, &ties, args.seed);
        Some(planted.ok_or_else(nothing)?)
    };
    let decided = match &planted {
        Some(planted) => planted.decided.clone(),
        None => Hands::new(
            facts.clone(),
            criteria.clone(),
            ties,
            mechanism_of(&criteria),
        )
        .decide_checked()
        .map_err(|e| Failure::new(Exit::Internal, e))?,
    };
    let stated = planted.as_ref().map_or(&facts, |p| &p.facts);
    let book = workbook::write_xlsx(stated)
        .map_err(|d| Failure::told(Exit::NotWritten, d.render(pipeline::language(words))))?;
    let contents = [
        book,
        text.as_bytes().to_vec(),
        synth::with_bom(decisions(&decided).as_bytes()),
        synth::with_bom(index_list(&decided).as_bytes()),
        told(words, planted.as_ref()).into_bytes(),
    ];

    let mut outputs = Outputs::new(args.force);
    outputs
        .make_folder(&args.outdir)
        .map_err(|e| e.failure(words))?;
    let mut planned = Vec::new();
    for name in FILES {
        let plan = outputs.plan(&args.outdir.join(name), &[]);
        planned.push(plan.map_err(|e| e.failure(words))?);
    }
    let mut staged = outputs.stage();
    for (bytes, plan) in contents.iter().zip(&planned) {
        staged
            .write(*plan, |w| w.write_all(bytes))
            .map_err(|e| e.failure(words))?;
    }
    staged.commit().map_err(|e| e.failure(words))?;
    let count = |n: usize| grouped(n as u64);
    print(&words.say(
        "synth.past-done",
        &[
            ("folder", &args.outdir.display()),
            (
                "differences",
                &count(planted.as_ref().map_or(0, |p| p.causes.len())),
            ),
            (
                "differing",
                &count(planted.as_ref().map_or(0, |p| p.differing.len())),
            ),
            ("lottery", &seed),
        ],
    ));
    print("\n");
    Ok(Exit::Done)
}

/// The list of decisions that a section keeps.
fn decisions(decided: &Decided) -> String {
    let mut text = String::from("申請者番号,結果,入所選考結果保育所ID\r\n");
    for decision in &decided.decisions().list {
        let (result, facility) = match &decision.outcome {
            Outcome::Placed { facility, .. } => ("内定", &**facility),
            Outcome::Held => ("保留", ""),
            Outcome::Withdrawn => ("取下げ", ""),
        };
        text += &format!("{},{result},{facility}\r\n", decision.child);
    }
    text
}

/// The staff's index list: a line for each choice, as the index may depend on the facility.
fn index_list(decided: &Decided) -> String {
    let compiled = &decided.compiled;
    let points = compiled
        .key_components
        .iter()
        .position(|c| c.kind == KeyKind::Points);
    let mut text = String::from("申請者番号,施設ID,指数\r\n");
    let market = &compiled.market;
    for child in &market.children {
        let mut last = None;
        for x in child.choices.clone() {
            let class = &market.classes[market.choices[x as usize].class as usize];
            // Pools of one facility have one index.
            if last == Some(class.nursery) {
                continue;
            }
            last = Some(class.nursery);
            let index = points
                .and_then(|p| compiled.keys.of(x).nth(p))
                .unwrap_or("");
            let facility = &market.nurseries[class.nursery as usize].id;
            text += &format!("{},{facility},{index}\r\n", child.id);
        }
    }
    text
}

/// What was planted, for whoever checks answers.
fn told(words: &Words, planted: Option<&Planted>) -> String {
    let mut text = format!("{}\n\n", words.say("synth.planted-title", &[]));
    let Some(planted) = planted else {
        text += &format!("{}\n", words.say("synth.planted-none", &[]));
        return text;
    };
    let world = World::of(planted.past(), &[]).ok();
    let placement = world.as_ref().map(World::place);
    for (at, cause) in planted.causes.iter().enumerate() {
        let said = match (&world, &placement) {
            (Some(world), Some(placement)) => {
                let components = world.plain.key_components.iter();
                let labels: Vec<String> = components.map(|c| c.label.clone()).collect();
                let teller = Teller {
                    past: planted.past(),
                    round: &world.plain,
                    truth: &world.truth,
                    placement,
                    labels: &labels,
                    lang: commands::lang(words),
                };
                teller.words(&cause.cause)
            }
            _ => format!("{:?}", cause.cause),
        };
        let shown: Vec<&str> = cause.changes.iter().take(10).map(|c| &**c).collect();
        let more = if cause.changes.len() > shown.len() {
            " …"
        } else {
            ""
        };
        let line = words.say(
            "synth.planted-line",
            &[
                ("number", &(at + 1)),
                ("words", &said),
                ("count", &grouped(cause.changes.len() as u64)),
                ("children", &format!("{}{more}", shown.join(" "))),
            ],
        );
        text += &format!("{line}\n");
    }
    let count = grouped(planted.differing.len() as u64);
    let total = words.say("synth.planted-total", &[("count", &count)]);
    text += &format!("\n{total}\n");
    text
}
