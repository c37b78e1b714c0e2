//! `enmusubi demo`: a made-up city's round from start to finish.

use crate::args::DemoArgs;
use crate::exit::{Exit, Failure};
use crate::language::{Words, grouped};
use crate::output::Outputs;
use crate::pipeline::{
    self, Decision, File,
    tables::{self, Files},
};
use crate::stopwatch::StopWatch;
use crate::{commands, print, say};
use enmusubi_interchange::{Format, read_result, write_result};
use enmusubi_matching::{Effort, Mechanism, Request};
use enmusubi_page::{Extra, html};
use enmusubi_selection::compiled::Ties;
use enmusubi_selection::report::{Report, write_report};
use enmusubi_selection::text::{Reader, explain_text};
use enmusubi_selection::text_summary::summary;
use enmusubi_synth as synth;
use std::path::{Path, PathBuf};

/// Runs the command.
pub fn run(words: &Words, args: &DemoArgs, timings: bool) -> Result<Exit, Failure> {
    let watch = StopWatch::start(None);
    let folder = args.out.clone().unwrap_or_else(free_folder);
    let mut outputs = Outputs::new(args.force);
    outputs.make_folder(&folder).map_err(|e| e.failure(words))?;
    let names = [
        "children.csv",
        "nurseries.csv",
        "areas.csv",
        "result.csv",
        "report.json",
        "report.html",
    ];
    let mut planned = Vec::new();
    for name in names {
        planned.push(
            outputs
                .plan(&folder.join(name), &[])
                .map_err(|e| e.failure(words))?,
        );
    }

    watch.lap("synth");
    let seed = format!("{}-{}", synth::DEMO_CITY, args.seed);
    let options = synth::Options {
        seed: args.seed,
        ties: 0.6,
        ..synth::Options::default()
    };
    let (town, _) = synth::calibrated(&synth::demo_table(), &options);
    let tables = synth::files(&town).map(|(_, bytes)| synth::with_bom(&bytes));
    let file = |n: usize| File {
        name: names[n].to_owned(),
        bytes: tables[n].clone(),
    };
    let files = Files {
        children: file(0),
        nurseries: file(1),
        ..Files::default()
    };
    print(&words.say("demo.about", &[("seed", &seed)]));
    print("\n\n");

    let prepared = tables::prepare(words, &files, &Ties::Lottery(seed), &watch)?;
    let request = Request {
        mechanism: Mechanism::Stable,
        effort: Effort::Proved,
        threads: 1,
        stop_at_ties: false,
    };
    let market = &prepared.case.compiled.market;
    let Decision::Placed(decided) = pipeline::decide(words, &prepared.case, request, &watch)?
    else {
        // A lottery leaves no ties to stop at.
        return Ok(Exit::Undecided);
    };
    let report = pipeline::tell(&prepared.case, &decided, request, &watch);

    watch.lap("write");
    let placed = commands::placed_by_row(&prepared, &decided.outcome.placement);
    let inputs = files.inputs();
    let result = write_result(
        &inputs.children,
        None,
        &prepared.round,
        &placed,
        Format::Csv,
    )
    .map_err(|d| Failure::told(Exit::Internal, d.render(pipeline::language(words))))?;
    let json = write_report(&report).map_err(commands::internal(words))?;
    let page = html(&report, &extra(&town, &report, args.seed));
    let contents: [&[u8]; 6] = [
        &tables[0],
        &tables[1],
        &tables[2],
        &result,
        &json,
        page.as_bytes(),
    ];
    let mut staged = outputs.stage();
    for (plan, bytes) in planned.iter().zip(contents) {
        staged
            .write(*plan, |w| w.write_all(bytes))
            .map_err(|e| e.failure(words))?;
    }
    staged.commit().map_err(|e| e.failure(words))?;

    print(&summary(&report, commands::lang(words)));
    // The way `verify` goes: from the files that were written, not from memory.
    watch.lap("verify");
    let written = File::read(words, &folder.join(names[3]))?;
    let (again, diagnostics) = read_result(&written.source(), None, &prepared.round);
    if again.as_deref() != Some(placed.as_slice()) {
        return Err(Failure::told(
            Exit::Internal,
            diagnostics.render(pipeline::language(words)),
        ));
    }
    let (placement, _) = commands::verify::to_placement(
        &prepared.case,
        &(&prepared.round).into(),
        &placed,
        Some(&report),
    );
    let verdict = enmusubi_verify::check(market, &placement);
    let families = grouped(u64::from(verdict.summary.blocking_families));
    print(&format!(
        "\n{}\n",
        words.say("demo.verified", &[("families", &families)])
    ));

    if let Some(child) = example(&report)
        && let Ok(text) = explain_text(&report, child, Reader::Parent)
    {
        print(&format!(
            "\n{}\n",
            words.say("demo.example", &[("child", &child)])
        ));
        for line in text.trim_end().lines() {
            print(&format!("  {line}\n"));
        }
    }
    print(&format!("\n{}\n", words.say("demo.written", &[])));
    for name in names {
        print(&format!("  {}\n", folder.join(name).display()));
    }
    let page = folder.join(names[5]);
    print(&format!(
        "{}\n",
        words.say("demo.open", &[("path", &page.display())])
    ));
    if timings {
        say(&commands::timings(words, &watch));
    }
    Ok(Exit::Done)
}

/// What the page shows and the report does not know. In Japanese, as the page is.
fn extra(town: &synth::Town, report: &Report, seed: u64) -> Extra {
    let nurseries = || town.nurseries.iter();
    Extra {
        title: format!("{} 保育所等利用調整の結果（見本）", synth::DEMO_CITY),
        note: format!("実在しない市の、架空の申込みによる見本です（種 {seed}）。"),
        areas: nurseries()
            .map(|n| (n.id.clone(), town.areas[n.area as usize].clone()))
            .collect(),
        positions: nurseries()
            .map(|n| (n.id.clone(), (f64::from(n.x), f64::from(n.y))))
            .collect(),
        example: example(report).map(str::to_owned),
    }
}

/// A child whose reasons tell most: placed, but not at its first choice; the first in the report.
fn example(report: &Report) -> Option<&str> {
    let reasons = |n: usize| {
        report
            .child_explanations
            .iter()
            .find(|c| c.reasons.len() >= n && c.class.is_some() && c.current.is_none())
    };
    (1..=3).rev().find_map(reasons).map(|c| c.id.as_str())
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
