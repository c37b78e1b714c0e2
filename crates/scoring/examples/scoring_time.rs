//! Times the scoring of a made-up round, reading excluded: `scoring_time FILE [CHILDREN] [MISSING] [RUNS]`, where every
//! child has ten choices and MISSING thousandths of the cells that could be blank are. Prints the median.

use enmusubi_scoring::Program;
use enmusubi_synth::{FactOptions, Form, Options, facts, town};
use std::{hint::black_box, time::Instant};

fn main() {
    let mut arguments = std::env::args().skip(1);
    let file = arguments.next().expect("a criteria file");
    let mut number = |or: usize| {
        arguments
            .next()
            .map_or(or, |n| n.parse().expect("a number"))
    };
    let (children, missing, runs) = (number(8000), number(0), number(20));
    let text = std::fs::read(&file).expect("readable");
    let (criteria, _, found) = enmusubi_criteria::read(&file, &text);
    let criteria = criteria.unwrap_or_else(|| panic!("{found:#?}"));
    let town = town(&Options {
        children,
        nurseries: (children / 26).max(12),
        fill_choices: 1.0,
        ..Options::default()
    });
    let facts = facts(
        &town,
        &FactOptions {
            form: Form::fujisawa(),
            missing: missing as u32,
            ..FactOptions::default()
        },
    );
    let start = Instant::now();
    let program = Program::compile(&criteria).expect("a checked file");
    println!("compiling {:.2?}", start.elapsed());
    let mut times = Vec::with_capacity(runs);
    for _ in 0..runs {
        let start = Instant::now();
        let scores = black_box(program.score(black_box(&facts)));
        times.push(start.elapsed());
        if times.len() == 1 {
            let scores = scores.expect("no arithmetic error");
            println!(
                "{} children, {} choices, {} undecided",
                facts.children.len(),
                facts.choices.len(),
                scores.undecided.len()
            );
        }
    }
    times.sort();
    println!(
        "scoring: median {:.2?} of {runs} runs ({:.2?}–{:.2?})",
        times[runs / 2],
        times[0],
        times[runs - 1]
    );
}
