//! A round decided by another mechanism: is the mechanism named?
//! `cargo run --release -p enmusubi-truth --example mechanism -- --rounds 50`.

mod common;

use common::{Args, each, median, print_table, settled_town, share, solved, ties};
use enmusubi_compare::{cause::Cause, crew::Alone};
use enmusubi_truth::{Planting, judge, plant};

fn main() {
    let args = Args::read(50, 1500);
    let criteria = args.read_criteria();
    let mut rows = Vec::new();
    for planting in args.plantings(&[Planting::IndexOrder, Planting::ChoiceOrder]) {
        let measured = each(args.threads, args.rounds as usize, |r| {
            let seed = args.seed + r as u64;
            let facts = settled_town(&criteria, seed, args.children);
            let planted = plant(planting, &facts, &criteria, &ties(), seed)?;
            let (solution, seconds) = solved(&planted, &Alone);
            let solution = solution?;
            let verdict = judge(&planted, &solution);
            let first = solution.mended.first();
            let named = first.is_some_and(|m| matches!(m.cause, Cause::Mechanism(_)));
            Some((
                named && verdict.causes.iter().all(|c| c.named()),
                verdict,
                seconds,
            ))
        });
        let list: Vec<_> = measured.iter().flatten().collect();
        let whole = list
            .iter()
            .filter(|(_, v, _)| v.agree_after(usize::MAX) == v.compared);
        let alarms: u32 = list.iter().map(|(_, v, _)| v.false_alarms).sum();
        let differing: Vec<u32> = list
            .iter()
            .map(|(_, v, _)| v.compared - v.agree_before)
            .collect();
        let seconds: Vec<f64> = list.iter().map(|l| l.2).collect();
        rows.push(vec![
            planting.name().to_owned(),
            format!("{}/{}", list.len(), args.rounds),
            median(&differing).map_or("–".to_owned(), |n| n.to_string()),
            share(list.iter().filter(|l| l.0).count(), list.len()),
            share(whole.count(), list.len()),
            format!("{alarms}/{}", list.len()),
            median(&seconds).map_or("–".to_owned(), |s| format!("{s:.3}")),
        ]);
    }
    println!(
        "{} children, {} rounds, {}",
        args.children,
        args.rounds,
        args.criteria.display()
    );
    print_table(
        &[
            "decided by",
            "rounds",
            "differing (median)",
            "named first of all",
            "agrees wholly",
            "false alarms per round",
            "median s",
        ],
        &rows,
    );
}
