//! `enmusubi score`: index and priority of every choice, from facts and criteria; one child's derivation.

mod check;
mod explain;
mod summary;
mod table;

use crate::args::ScoreArgs;
use crate::exit::{Exit, Failure};
use crate::language::{Lang, Words};
use crate::output::Outputs;
use crate::stopwatch::StopWatch;
use crate::{commands, inputs, pipeline, say};
use enmusubi_criteria::{Criteria, judgement::ArithmeticError};
use enmusubi_domain::facts::{RoundFacts, words::Tongue};
use enmusubi_interchange::Format;
use enmusubi_scoring::{Program, Scores};
use std::fmt::Display;

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
    let (facts, messages) = inputs::read_round(words, &args.round)?;
    say(&messages);
    watch.lap("compile");
    let program = Program::compile(&criteria)
        .map_err(|defects| commands::internal(words)(defects.join("\n  ")))?;
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
        watch.lap("score");
        let scored = program.score(&facts);
        if args.cross_check {
            watch.lap("cross-check");
            round.cross_check(&scored)?;
        }
        let scores = scored.map_err(|errors| round.arithmetic(&errors))?;
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

    /// Numbers that cannot be calculated: the criteria do not fit the facts.
    fn arithmetic(&self, errors: &[ArithmeticError]) -> Failure {
        let words = self.words;
        let lines: Vec<String> = errors
            .iter()
            .map(|e| {
                let child = self.facts.child_of(e.choice) as usize;
                let facility = self.facts.choice_facility[e.choice as usize] as usize;
                let values: [(&str, &dyn Display); 3] = [
                    ("item", &e.item),
                    ("child", &self.facts.children.ids[child]),
                    ("facility", &self.facts.facilities.ids[facility]),
                ];
                if e.division {
                    words.say("scored.division", &values)
                } else {
                    words.say("scored.too_large", &values)
                }
            })
            .collect();
        Failure::new(Exit::BadInput, lines.join("\n"))
            .hint(words.say("scored.arithmetic_hint", &[]))
    }
}

/// Whether a choice is undecided: listed, in order of choices.
fn undecided(scores: &Scores, choice: u32) -> Option<&enmusubi_scoring::scores::Undecided> {
    let at = scores.undecided.binary_search_by_key(&choice, |u| u.choice);
    at.ok().map(|at| &scores.undecided[at])
}
