//! `enmusubi synth`: makes up a round and writes its files: tables of points, or a round workbook of facts.

mod past;

use crate::args::{FactsArg, SynthArgs};
use crate::exit::{Exit, Failure};
use crate::language::{Words, grouped};
use crate::output::Outputs;
use crate::{pipeline, print, say};
use enmusubi_interchange::workbook;
use enmusubi_synth as synth;
use std::path::{Path, PathBuf};

/// Runs the command.
pub fn run(words: &Words, args: &SynthArgs) -> Result<Exit, Failure> {
    let table = args
        .calibrate
        .as_deref()
        .map(|path| calibration(words, path))
        .transpose()?;
    let options = options(args);
    options
        .check()
        .map_err(|wrong| Failure::new(Exit::BadInput, wrong.join("\n")))?;

    if args.past {
        return past::run(words, args, &options);
    }
    let inputs: Vec<&Path> = args.calibrate.as_deref().into_iter().collect();
    let mut outputs = Outputs::new(args.force);
    let targets = targets(args);
    if targets.iter().all(|t| t != &args.outdir) {
        outputs
            .make_folder(&args.outdir)
            .map_err(|e| e.failure(words))?;
    }
    let mut planned = Vec::new();
    for target in &targets {
        let plan = outputs.plan(target, &inputs);
        planned.push(plan.map_err(|e| e.failure(words))?);
    }

    let town = match &table {
        Some(table) => {
            let (town, shortfalls) = synth::calibrated(table, &options);
            for shortfall in shortfalls {
                say(&format!(
                    "{}{shortfall}\n",
                    words.say("synth.shortfall", &[])
                ));
            }
            town
        }
        None => synth::town(&options),
    };
    let mut staged = outputs.stage();
    let contents = contents(words, args, &town)?;
    debug_assert_eq!(contents.len(), planned.len());
    for (bytes, plan) in contents.iter().zip(&planned) {
        staged
            .write(*plan, |w| w.write_all(bytes))
            .map_err(|e| e.failure(words))?;
    }
    staged.commit().map_err(|e| e.failure(words))?;

    let siblings = town.family_ranges().filter(|r| r.len() > 1).count();
    let transfers = town
        .children
        .iter()
        .filter(|c| c.enrolled.is_some())
        .count();
    let seats: u64 = town
        .nurseries
        .iter()
        .flat_map(|n| n.seats)
        .map(u64::from)
        .sum();
    print(&words.say(
        "synth.done",
        &[
            ("children", &grouped(town.children.len() as u64)),
            ("families", &grouped(town.families.len() as u64)),
            ("siblings", &grouped(siblings as u64)),
            ("transfers", &grouped(transfers as u64)),
            ("nurseries", &grouped(town.nurseries.len() as u64)),
            ("seats", &grouped(seats)),
            ("folder", &args.outdir.display()),
        ],
    ));
    print("\n");
    Ok(Exit::Done)
}

/// One XLSX workbook rather than a folder.
fn one_book(args: &SynthArgs) -> bool {
    let xlsx = args
        .outdir
        .extension()
        .is_some_and(|e| e.eq_ignore_ascii_case("xlsx"));
    args.facts.is_some() && xlsx
}

/// The files to write.
fn targets(args: &SynthArgs) -> Vec<PathBuf> {
    if one_book(args) {
        return vec![args.outdir.clone()];
    }
    let names: Vec<String> = match args.facts {
        Some(_) => workbook::table_names()
            .map(|t| format!("{t}.csv"))
            .collect(),
        None => FILES.map(str::to_owned).to_vec(),
    };
    names.iter().map(|n| args.outdir.join(n)).collect()
}

/// The tables of a round of points.
const FILES: [&str; 3] = ["children.csv", "nurseries.csv", "areas.csv"];

/// What goes into each of [`targets`].
fn contents(words: &Words, args: &SynthArgs, town: &synth::Town) -> Result<Vec<Vec<u8>>, Failure> {
    let Some(form) = args.facts else {
        let files = synth::files(town);
        debug_assert!(files.iter().map(|f| f.0).eq(FILES));
        // With the mark that makes spreadsheet programs read UTF-8.
        return Ok(files.into_iter().map(|f| synth::with_bom(&f.1)).collect());
    };
    let options = fact_options(args, form);
    options
        .check()
        .map_err(|wrong| Failure::new(Exit::BadInput, wrong.join("\n")))?;
    let facts = synth::facts(town, &options);
    if one_book(args) {
        let book = workbook::write_xlsx(&facts)
            .map_err(|d| Failure::told(Exit::NotWritten, d.render(pipeline::language(words))))?;
        return Ok(vec![book]);
    }
    Ok(workbook::write_csv(&facts)
        .into_iter()
        .map(|f| f.1)
        .collect())
}

/// A round as a municipality's form and criteria of that year ask for it. Its people are made up all the
/// same.
fn fact_options(args: &SynthArgs, form: FactsArg) -> synth::FactOptions {
    let mut options = synth::FactOptions {
        seed: args.seed,
        missing: args.missing.map_or(0, |p| (p * 1000.0).round() as u32),
        ..synth::FactOptions::default()
    };
    match form {
        FactsArg::Example => {
            options.form = synth::Form::fields();
            options.pools = vec![synth::PoolShare {
                id: "area".to_owned(),
                classes: 150,
                seats: 300,
                from_age: 1,
            }];
        }
        FactsArg::Fujisawa => {
            options.form = synth::Form::fujisawa();
            options.municipality = Some("142051".to_owned());
        }
        FactsArg::Saitama => {
            options.form = synth::Form::circled();
            options.municipality = Some("111007".to_owned());
            // Its criteria are those of fiscal 2026.
            options = options.shifted(-1);
        }
    }
    options
}

fn options(args: &SynthArgs) -> synth::Options {
    let d = synth::Options::default();
    synth::Options {
        children: args.children.map_or(d.children, |n| n as usize),
        nurseries: args.nurseries.map_or(d.nurseries, |n| n as usize),
        seed: args.seed,
        siblings: args.siblings.unwrap_or(d.siblings),
        same_age: args.same_age.unwrap_or(d.same_age),
        transfers: args.transfers.unwrap_or(d.transfers),
        ties: args.ties.unwrap_or(d.ties),
        max_choices: args.max_choices.map_or(d.max_choices, |n| n as usize),
        ..d
    }
}

fn calibration(words: &Words, path: &Path) -> Result<synth::CalibrationTable, Failure> {
    let bytes = pipeline::read_file(words, path)?;
    synth::parse_calibration(&bytes, &path.display().to_string())
        .map_err(|wrong| Failure::new(Exit::BadInput, wrong.join("\n")))
}
