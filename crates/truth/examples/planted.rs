//! One planted cause a round: is it found? `cargo run --release -p enmusubi-truth --example planted -- --rounds 50`.

mod common;

use common::{Args, each, median, print_table, settled_town, share, solved, ties};
use enmusubi_compare::{crew::Alone, world::World};
use enmusubi_truth::{Hands, Planting, Verdict, judge, plant};

/// One round.
struct Measured {
    /// Children whose decision the cause changed.
    differing: usize,
    /// The comparison's own way of mending comes to the staff's decisions.
    mends: bool,
    verdict: Option<Verdict>,
    seconds: f64,
}

fn main() {
    let args = Args::read(50, 1500);
    let criteria = args.read_criteria();
    let plantings = args.plantings(&Planting::ALL);
    let towns = each(args.threads, args.rounds as usize, |r| {
        settled_town(&criteria, args.seed + r as u64, args.children)
    });
    let mut rows = Vec::new();
    for &planting in &plantings {
        let measured = each(args.threads, args.rounds as usize, |r| {
            let seed = args.seed + r as u64;
            let facts = &towns[r];
            let Some(planted) = plant(planting, facts, &criteria, &ties(), seed) else {
                let mechanism = enmusubi_selection::staged::mechanism_of(&criteria);
                let plain = Hands::new(facts.clone(), criteria.clone(), ties(), mechanism).decide();
                let why = plain.err().unwrap_or_else(|| "nothing to plant".to_owned());
                eprintln!("{} seed {seed}: {why}", planting.name());
                return None;
            };
            let causes: Vec<_> = planted.causes.iter().map(|c| c.cause.clone()).collect();
            let mends = World::of(planted.past(), &causes).is_ok_and(|w| {
                let (differing, _) = w.truth.differing(&w.market, &w.place());
                differing.is_empty()
            });
            let (solution, seconds) = solved(&planted, &Alone);
            let verdict = solution.as_ref().map(|s| judge(&planted, s));
            if args.verbose {
                let mut told = format!("{} seed {seed}: {:?}\n", planting.name(), causes);
                told += &format!(
                    "  {} children differ, mended {mends}\n",
                    planted.differing.len()
                );
                for m in solution.iter().flat_map(|s| &s.mended) {
                    told += &format!(
                        "  found {:?}\n    {} differ, {} units, class {:?}\n",
                        m.cause, m.differing, m.units, m.class
                    );
                }
                told += &format!("  {verdict:?}\n");
                print!("{told}");
            }
            Some(Measured {
                differing: planted.differing.len(),
                mends,
                verdict,
                seconds,
            })
        });
        rows.push(row(planting, args.rounds as usize, &measured));
        eprintln!("{}", rows.last().map_or(String::new(), |r| r.join(" | ")));
    }
    println!(
        "{} children, {} rounds, {}",
        args.children,
        args.rounds,
        args.criteria.display()
    );
    print_table(
        &[
            "planted",
            "rounds",
            "differing (median)",
            "mended exactly",
            "right kind",
            "right cause or class",
            "named first",
            "class (median)",
            "class (max)",
            "false alarms per round",
            "agrees after",
            "median s",
        ],
        &rows,
    );
}

fn row(planting: Planting, rounds: usize, measured: &[Option<Measured>]) -> Vec<String> {
    let list: Vec<&Measured> = measured.iter().flatten().collect();
    let count = list.len();
    let verdicts: Vec<&Verdict> = list.iter().filter_map(|m| m.verdict.as_ref()).collect();
    let of = |test: &dyn Fn(&Verdict) -> bool| verdicts.iter().filter(|v| test(v)).count();
    let sizes: Vec<u32> = verdicts
        .iter()
        .flat_map(|v| &v.causes)
        .filter(|c| c.right_cause())
        .map(|c| c.class_size)
        .collect();
    let alarms: u32 = verdicts.iter().map(|v| v.false_alarms).sum();
    let differing: Vec<usize> = list.iter().map(|m| m.differing).collect();
    let seconds: Vec<f64> = list.iter().map(|m| m.seconds).collect();
    let shown = |n: Option<u32>| n.map_or("–".to_owned(), |n| n.to_string());
    vec![
        planting.name().to_owned(),
        format!("{count}/{rounds}"),
        median(&differing).map_or("–".to_owned(), |n| n.to_string()),
        share(list.iter().filter(|m| m.mends).count(), count),
        share(of(&|v| v.causes.iter().all(|c| c.right_kind)), count),
        share(of(&|v| v.causes.iter().all(|c| c.right_cause())), count),
        share(of(&|v| v.causes.iter().all(|c| c.named())), count),
        shown(median(&sizes)),
        shown(sizes.iter().copied().max()),
        if count == 0 {
            "–".to_owned()
        } else {
            format!("{alarms}/{count}")
        },
        share(of(&|v| v.agree_after(usize::MAX) == v.compared), count),
        median(&seconds).map_or("–".to_owned(), |s| format!("{s:.3}")),
    ]
}
