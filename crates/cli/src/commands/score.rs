//! `enmusubi score`: index and priority of every choice, from facts and criteria; one child's derivation.

mod explain;
mod summary;
mod table;

use crate::args::ScoreArgs;
use crate::exit::{Exit, Failure};
use crate::language::{Lang, Words};
use crate::output::Outputs;
use crate::pipeline::scoring;
use crate::stopwatch::StopWatch;
use crate::{commands, inputs, pipeline, say};
use enmusubi_criteria::Criteria;
use enmusubi_domain::facts::{RoundFacts, words::Tongue};
use enmusubi_interchange::Format;
use enmusubi_scoring::{Program, Scores};

/// A round and the criteria it is scored by.
struct Round<'a> {
    words: &'a Words,
    criteria: &'a Criteria,
    program: &'a Program,
    facts: &'a RoundFacts,
}

/// Runs the command.
pub fn run(words: &Words, args: &ScoreArgs, timings: bool) -> Result<Exit, Failure> {
    let watch = StopWatch::start(None);
    if let Some(out) = &args.out {
        commands::ends_with(words, out, &[".csv", ".xlsx"])?;
    }
    let mut outputs = Outputs::new(args.force);
    // Before anything is computed: nobody should wait for a table that cannot be written.
    let out = match &args.out {
        Some(path) => Some(
            outputs
                .plan(path, &args.inputs())
                .map_err(|e| e.failure(words))?,
        ),
        None => None,
    };
    watch.lap("read");
    let (criteria, messages) = inputs::read_criteria(words, &args.criteria)?;
    say(&messages);
    let (mut facts, messages) = inputs::read_round(words, &args.round)?;
    say(&messages);
    // Scores may be tried with last year's criteria; nobody should do so without knowing.
    let another = pipeline::facts::of_another(words, &criteria, &facts);
    if !another.is_empty() {
        let lines: Vec<String> = another
            .iter()
            .map(|text| words.say("scored.another", &[("text", text)]))
            .chain([words.say("scored.another_hint", &[])])
            .collect();
        say(&(lines.join("\n") + "\n"));
    }
    watch.lap("compile");
    let program = scoring::prepare(words, &criteria, &mut facts)?;
    let round = Round {
        words,
        criteria: &criteria,
        program: &program,
        facts: &facts,
    };

    // One child's derivation needs nobody else's key.
    let whole = args.explain.is_none() || args.cross_check || out.is_some();
    let mut exit = Exit::Done;
    if whole {
        let check = args.cross_check;
        let scores = scoring::scores(words, &criteria, &program, &facts, check, &watch)?;
        if let (Some(out), Some(path)) = (out, &args.out) {
            watch.lap("write");
            let format = Format::of_name(&path.to_string_lossy());
            let table = round
                .table(&scores, format)
                .map_err(|d| Failure::told(Exit::BadInput, d.render(pipeline::language(words))))?;
            let mut staged = outputs.stage();
            staged
                .write(out, |w| w.write_all(&table))
                .map_err(|e| e.failure(words))?;
            staged.commit().map_err(|e| e.failure(words))?;
        }
        if args.explain.is_none() {
            exit = round.summarise(&scores, args, &watch);
        }
    }
    if let Some(child) = &args.explain {
        watch.lap("explain");
        exit = round.explain(child.trim(), args)?;
    }
    if timings {
        say(&commands::timings(words, &watch));
    }
    Ok(exit)
}

impl Round<'_> {
    fn tongue(&self) -> Tongue {
        match self.words.lang {
            Lang::Ja => Tongue::Japanese,
            Lang::En => Tongue::English,
        }
    }
}

/// Whether a choice is undecided: listed, in order of choices.
fn undecided(scores: &Scores, choice: u32) -> Option<&enmusubi_scoring::scores::Undecided> {
    let at = scores.undecided.binary_search_by_key(&choice, |u| u.choice);
    at.ok().map(|at| &scores.undecided[at])
}
