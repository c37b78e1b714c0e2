//! `enmusubi synth`: makes up a round and writes its files.

use crate::args::SynthArgs;
use crate::exit::{Exit, Failure};
use crate::language::{Words, grouped};
use crate::output::Outputs;
use crate::{pipeline, print, say};
use enmusubi_synth as synth;
use std::path::Path;

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

    let inputs: Vec<&Path> = args.calibrate.as_deref().into_iter().collect();
    let mut outputs = Outputs::new(args.force);
    outputs
        .make_folder(&args.outdir)
        .map_err(|e| e.failure(words))?;
    let names = ["children.csv", "nurseries.csv", "areas.csv"];
    let mut planned = Vec::new();
    for name in names {
        let plan = outputs.plan(&args.outdir.join(name), &inputs);
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
    for ((name, bytes), plan) in synth::files(&town).into_iter().zip(&planned) {
        debug_assert!(names.contains(&name));
        // With the mark that makes spreadsheet programs read UTF-8.
        let bytes = synth::with_bom(&bytes);
        staged
            .write(*plan, |w| w.write_all(&bytes))
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
