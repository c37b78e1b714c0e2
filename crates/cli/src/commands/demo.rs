//! `enmusubi demo`: a made-up city's round from start to finish, beginning with facts.

use crate::args::{AnyRoundArgs, DemoArgs, RoundMore};
use crate::commands::select::{self, Written};
use crate::exit::{Exit, Failure};
use crate::language::{Words, grouped};
use crate::output::Outputs;
use crate::pipeline::facts::{Given, Judged, Staging};
use crate::pipeline::{self, Decision, File, Ready};
use crate::stopwatch::StopWatch;
use crate::{commands, print, say};
use enmusubi_domain::facts::RoundFacts;
use enmusubi_interchange::{Source, workbook};
use enmusubi_matching::{Effort, Request};
use enmusubi_page::Extra;
use enmusubi_scoring::text::derivation_text;
use enmusubi_selection::compiled::Ties;
use enmusubi_selection::report::{ChildReport, Report};
use enmusubi_selection::staged::mechanism_of;
use enmusubi_selection::text::{Reader, explain_text};
use enmusubi_selection::text_summary::summary;
use enmusubi_synth as synth;
use std::path::{Path, PathBuf};

/// The made-up city's criteria, as shipped.
const CRITERIA: &str = include_str!("../../../../criteria/example/r9.toml");
/// Name of the copy.
const CRITERIA_NAME: &str = "criteria.toml";
/// Folder of the round's tables.
const ROUND: &str = "round";

/// Runs the command.
pub fn run(words: &Words, args: &DemoArgs, timings: bool) -> Result<Exit, Failure> {
    let watch = StopWatch::start(None);
    let folder = args.out.clone().unwrap_or_else(free_folder);
    let mut outputs = Outputs::new(args.force);
    let round = folder.join(ROUND);
    outputs.make_folder(&round).map_err(|e| e.failure(words))?;

    watch.lap("synth");
    let seed = format!("{}-{}", synth::DEMO_CITY, args.seed);
    let (town, facts) = city(args.seed);
    let mut files: Vec<(PathBuf, Vec<u8>)> = workbook::write_csv(&facts)
        .into_iter()
        .map(|(name, bytes)| (round.join(name), bytes))
        .collect();
    let tables = files.len();
    files.push((folder.join(CRITERIA_NAME), CRITERIA.as_bytes().to_vec()));
    let results = select::RESULTS.map(|name| folder.join(name));
    let mut planned = Vec::new();
    for path in files.iter().map(|(path, _)| path).chain(&results) {
        planned.push(outputs.plan(path, &[]).map_err(|e| e.failure(words))?);
    }
    print(&words.say("demo.round", &[("seed", &seed)]));
    print("\n\n");

    // From the bytes that will be written, as a section's own files would be read.
    watch.lap("read");
    let given = read(words, &files[..tables])?;
    say(&given.warnings);
    let mechanism = mechanism_of(&given.criteria);
    let judged = given.judge(words, false, &watch)?;
    let case = match judged.stage(words, Some(Ties::Lottery(seed.clone())), false, &watch)? {
        Staging::Ready(case) => case,
        // Nothing is left blank in a made-up round.
        Staging::Undecided(_) => return Ok(Exit::Undecided),
    };
    let request = Request {
        mechanism,
        effort: Effort::Proved,
        threads: 1,
        stop_at_ties: false,
    };
    let Decision::Placed(decided) = pipeline::decide(words, &case, request, &watch)? else {
        // A lottery leaves no ties to stop at.
        return Ok(Exit::Undecided);
    };
    let report = pipeline::tell(&case, &decided, request, &watch);
    watch.lap("write");
    let extra = extra(&town, &report, &judged.facts, args.seed);
    let written = Written::with(words, &case, report, &extra)?;
    let mut staged = outputs.stage();
    let contents = files
        .iter()
        .map(|(_, bytes)| bytes)
        .chain(&written.contents);
    for (plan, bytes) in planned.iter().zip(contents) {
        staged
            .write(*plan, |w| w.write_all(bytes))
            .map_err(|e| e.failure(words))?;
    }
    staged.commit().map_err(|e| e.failure(words))?;
    let report = &written.report;
    print(&summary(report, commands::lang(words)));

    // The way `verify` goes: from the files that were written, not from memory.
    watch.lap("verify");
    let families = verified(words, &folder, report, &watch)?;
    print(&format!(
        "\n{}\n",
        words.say("demo.verified", &[("families", &grouped(families))])
    ));
    if let Some(child) = example(report)
        && let Ok(text) = explain_text(report, child, Reader::Parent)
    {
        print(&format!(
            "\n{}\n",
            words.say("demo.example", &[("child", &child)])
        ));
        for line in text.trim_end().lines() {
            print(&format!("  {line}\n"));
        }
    }
    if let Some(text) = example(report).and_then(|child| derivation(&judged, child)) {
        print(&format!("\n{}\n", words.say("demo.derivation", &[])));
        for line in text.trim_end().lines() {
            print(&format!("  {line}\n"));
        }
    }
    print(&format!("\n{}\n", words.say("demo.written", &[])));
    print(&format!("  {}\n", round.join("*.csv").display()));
    print(&format!("  {}\n", folder.join(CRITERIA_NAME).display()));
    for path in &results {
        print(&format!("  {}\n", path.display()));
    }
    let page = results[2].display();
    print(&format!("{}\n", words.say("demo.open", &[("path", &page)])));
    if timings {
        say(&commands::timings(words, &watch));
    }
    Ok(Exit::Done)
}

/// The city and what the papers of its households say.
fn city(seed: u64) -> (synth::Town, RoundFacts) {
    let options = synth::Options {
        seed,
        ties: 0.6,
        ..synth::Options::default()
    };
    let (town, _) = synth::calibrated(&synth::demo_table(), &options);
    let facts = synth::facts(
        &town,
        &synth::FactOptions {
            seed,
            form: synth::Form::fields(),
            // 地域枠 of the criteria.
            pools: vec![synth::PoolShare {
                id: "area".to_owned(),
                classes: 60,
                seats: 400,
                from_age: 1,
            }],
            ..synth::FactOptions::default()
        },
    );
    (town, facts)
}

/// Round and criteria from bytes.
fn read(words: &Words, tables: &[(PathBuf, Vec<u8>)]) -> Result<Given, Failure> {
    let named: Vec<(String, &[u8])> = tables
        .iter()
        .map(|(path, bytes)| (path.display().to_string(), &**bytes))
        .collect();
    let sources: Vec<Source<'_>> = named
        .iter()
        .map(|(name, bytes)| Source { name, bytes })
        .collect();
    let (facts, diagnostics) = workbook::read(&sources);
    let warnings = diagnostics.render(pipeline::language(words));
    let (criteria, ..) = enmusubi_criteria::read(CRITERIA_NAME, CRITERIA.as_bytes());
    match (facts, criteria) {
        (Some(facts), Some(criteria)) => Ok(Given {
            facts,
            criteria,
            warnings,
        }),
        // Both are the program's own.
        _ => Err(Failure::told(Exit::Internal, warnings)),
    }
}

/// Blocking families that the checker finds in the files just written.
fn verified(
    words: &Words,
    folder: &Path,
    report: &Report,
    watch: &StopWatch,
) -> Result<u64, Failure> {
    let args = AnyRoundArgs {
        children: None,
        nurseries: None,
        round: Some(folder.join(ROUND)),
        criteria: Some(folder.join(CRITERIA_NAME)),
        more: RoundMore {
            combinations: None,
            columns: None,
            rules: None,
            ties: None,
        },
    };
    let ready = Ready::read(words, &args, Some(report), watch)?;
    watch.lap("verify");
    let roster = ready.roster();
    let result = File::read(words, &folder.join(select::RESULTS[0]))?;
    let placed = commands::verify::placed(words, None, &result, &roster)?;
    let case = ready.case();
    let (placement, _) = commands::verify::to_placement(case, &roster, &placed, Some(report));
    let verdict = enmusubi_verify::check(&case.compiled.market, &placement);
    Ok(u64::from(verdict.summary.blocking_families))
}

/// What the page shows and the report does not know. In Japanese, as the page is.
fn extra(town: &synth::Town, report: &Report, facts: &RoundFacts, seed: u64) -> Extra {
    let nurseries = || town.nurseries.iter();
    let of_round = select::extra(report, facts);
    Extra {
        title: format!("{}（見本）", of_round.title),
        note: format!("実在しない市の、架空の申込みによる見本です（種 {seed}）。"),
        positions: nurseries()
            .map(|n| (n.id.clone(), (f64::from(n.x), f64::from(n.y))))
            .collect(),
        areas: nurseries()
            .map(|n| (n.id.clone(), town.areas[n.area as usize].clone()))
            .collect(),
        example: example(report).map(str::to_owned),
    }
}

/// A child whose reasons tell most: placed, but not at its first choice, with as many kinds of reasons as a
/// screen holds; the first such child in the report.
fn example(report: &Report) -> Option<&str> {
    let kinds = |c: &ChildReport| {
        let mut kinds: Vec<_> = c.reasons.iter().map(|r| (r.why as u8, r.differs)).collect();
        kinds.sort_unstable();
        kinds.dedup();
        kinds.len()
    };
    report
        .child_explanations
        .iter()
        .filter(|c| (1..=4).contains(&c.reasons.len()))
        .filter(|c| c.class.is_some() && c.current.is_none())
        .rev()
        .max_by_key(|c| kinds(c))
        .map(|c| c.id.as_str())
}

/// How the index of a child came about at its first choice, as its family is told.
fn derivation(judged: &Judged, child: &str) -> Option<String> {
    let facts = &judged.facts;
    let child = facts.children.find(child)?;
    let choice = facts.index.choices[child as usize].start;
    let derivation = judged
        .program
        .derive(&judged.criteria, facts, choice)
        .ok()?;
    Some(derivation_text(
        &derivation,
        enmusubi_scoring::text::Reader::Parent,
    ))
}

/// `enmusubi-demo`, or the first of `enmusubi-demo-2` … that is not there yet: without `--out`
/// nothing can be in the way, and nothing is overwritten.
fn free_folder() -> PathBuf {
    let first = PathBuf::from("enmusubi-demo");
    let numbered = (2..10_000).map(|n| PathBuf::from(format!("enmusubi-demo-{n}")));
    std::iter::once(first.clone())
        .chain(numbered)
        .find(|p| !Path::exists(p))
        .unwrap_or(first)
}
