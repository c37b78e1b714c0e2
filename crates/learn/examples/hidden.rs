//! A rule is hidden from a criteria file; is it recovered from three years of decisions?
//! `cargo run --release -p enmusubi-learn --example hidden -- --rounds 100 [slips, children in a thousand]`;
//! with `--kind nothing`, where nothing is hidden, what is invented; with `--kind aggregation,key-order,choice-rank,index-order,choice-order`
//! what the staff do otherwise for everybody is hidden in place of a row.

#[path = "../../truth/examples/common/mod.rs"]
mod common;

use common::{Args, each, median, number, print_table, settled_town, share, ties};
use enmusubi_compare::{
    cause::Cause, crew::Alone, past::PastTies, solve::Silent, truth::Truth, world::World,
};
use enmusubi_criteria::Criteria;
use enmusubi_domain::facts::RoundFacts;
use enmusubi_learn::{
    known::{Asked, Learned, learn},
    support::Rule,
    years::{Year, Years},
};
use enmusubi_selection::staged::mechanism_of;
use enmusubi_truth::{Hands, Planted, Planting, judge, plant, with_slips};
use std::time::Instant;

/// Decisions in three years that a rule changes at least, to be told from slips.
const SEEN: usize = 10;
/// Forms of hidden rules.
const HIDDEN: [Planting; 2] = [Planting::RowTakenOut, Planting::RowUnwritten];

struct Measured {
    /// Decisions that the hidden rule changes.
    changes: usize,
    /// With the hidden points it, or one of its class, decides as the hidden rule does.
    found: bool,
    /// It is found, or named as having too little evidence to be learned.
    told: bool,
    /// Its points lie in the interval.
    inside: bool,
    /// Rules that are not the hidden one.
    invented: usize,
    weak: usize,
    seconds: f64,
}

fn main() {
    let args = Args::read(100, 1500);
    let criteria = args.read_criteria();
    let names = ["1", "2", "3"];
    // Slips of the staff's, children in a thousand.
    let slips = args.rest.first().map_or(0, |n| number(n));
    if args.kinds.iter().any(|k| k == "nothing") {
        print_table(
            &[
                "slips in a thousand",
                "trials",
                "nothing learned",
                "invented rules",
                "median s",
            ],
            &[invented(&args, &criteria, slips)],
        );
        return;
    }
    let mut rows = Vec::new();
    let all = match args.kinds.is_empty() {
        true => HIDDEN.to_vec(),
        false => args.plantings(&Planting::ALL),
    };
    for planting in all {
        let measured = each(args.threads, args.rounds as usize, |r| {
            let seed = args.seed + r as u64;
            let towns: Vec<RoundFacts> = (0..names.len() as u64)
                .map(|y| settled_town(&criteria, seed * 10 + y, args.children))
                .collect();
            let towns: Vec<(&str, &RoundFacts)> = names.into_iter().zip(&towns).collect();
            let facts = RoundFacts::stacked(&towns)?;
            let Some(planted) = plant(planting, &facts, &criteria, &ties(), seed) else {
                eprintln!("{} seed {seed}: nothing to plant", planting.name());
                return None;
            };
            let years = Years {
                names: names.map(Box::from).to_vec(),
                facts: planted.facts.clone(),
                decisions: with_slips(&planted.decided, slips, seed),
            };
            let rule = PastTies::Rule(ties());
            let start = Instant::now();
            let learned = learn(
                &years,
                (&planted.criteria, &[]),
                &rule,
                &Asked::of(&years, Vec::new()),
                &Alone,
                &Silent,
            );
            let seconds = start.elapsed().as_secs_f64();
            let learned = match learned {
                Ok(learned) => learned,
                Err(why) => {
                    eprintln!("{} seed {seed}: {why:?}", planting.name());
                    return None;
                }
            };
            let hidden = &planted.causes[0].cause;
            let past = planted.past();
            let as_hidden = |rule: &Rule| {
                let alike = std::iter::once(&rule.cause).chain(&rule.class);
                alike.filter_map(|c| same_points(c, hidden)).any(|cause| {
                    World::of(past, &[cause]).is_ok_and(|world| {
                        let truth = Truth::of(&world.market, &planted.decided.decisions(), None);
                        truth.differing(&world.market, &world.place()).0.is_empty()
                    })
                })
            };
            let rules = learned.rules.iter().chain(&learned.weak);
            let place = match planting.is_practice() {
                true => named(&planted, &learned)
                    .and_then(|cause| rules.clone().position(|r| r.cause == cause)),
                false => rules.clone().position(as_hidden),
            };
            let of_hidden = place.filter(|at| *at < learned.rules.len());
            let inside = of_hidden.is_some_and(|at| {
                if planting.is_practice() {
                    return true;
                }
                let within = learned.rules[at].interval.zip(hidden.points());
                within.is_some_and(|(i, p)| i.least <= p && p <= i.most)
            });
            if args.verbose {
                println!("{} seed {seed}: {hidden:?}", planting.name());
                for rule in learned.rules.iter().chain(&learned.weak) {
                    println!(
                        "  {:?}\n    explains {}, for {:?}, against {:?}, {:?}, class {:?}",
                        rule.cause,
                        rule.explains,
                        rule.support,
                        rule.opposition,
                        rule.interval,
                        rule.class
                    );
                }
                println!(
                    "  {} change, found at {of_hidden:?}, inside {inside}, weak {}, {:?} → {:?}, {seconds:.1} s",
                    planted.differing.len(),
                    learned.weak.len(),
                    learned.before,
                    learned.after
                );
            }
            Some(Measured {
                changes: planted.differing.len(),
                found: of_hidden.is_some(),
                told: place.is_some(),
                inside,
                invented: learned.rules.len() - usize::from(of_hidden.is_some()),
                weak: learned.weak.len(),
                seconds,
            })
        });
        let list: Vec<Measured> = measured.into_iter().flatten().collect();
        let seconds: Vec<f64> = list.iter().map(|m| m.seconds).collect();
        let count = list.len();
        let of = |test: &dyn Fn(&Measured) -> bool, least: usize| {
            let list = list.iter().filter(|m| m.changes >= least);
            list.filter(|m| test(m)).count()
        };
        rows.push(vec![
            planting.name().to_owned(),
            format!("{count}/{}", args.rounds),
            share(of(&|m| m.found, 0), count),
            share(of(&|m| m.told, 0), count),
            share(of(&|m| m.inside, 0), count),
            share(of(&|m| m.inside, SEEN), of(&|_| true, SEEN)),
            list.iter().map(|m| m.invented).sum::<usize>().to_string(),
            list.iter().map(|m| m.weak).sum::<usize>().to_string(),
            median(&seconds).map_or_else(String::new, |s| format!("{s:.1}")),
        ]);
        eprintln!("{}", rows.last().map_or(String::new(), |r| r.join(" | ")));
    }
    println!(
        "3 years of {} children, {}",
        args.children,
        args.criteria.display()
    );
    print_table(
        &[
            "hidden",
            "trials",
            "found",
            "found, or named as having too little evidence",
            "points in the interval",
            "of those that change 10 decisions or more",
            "invented rules",
            "weak rules",
            "median s",
        ],
        &rows,
    );
}

/// What was found for what the staff do otherwise for everybody: itself, or what cannot be told from it.
fn named(planted: &Planted, learned: &Learned<'_>) -> Option<Cause> {
    let at = judge(planted, &learned.solution).causes[0].found_at?;
    Some(learned.solution.mended[at as usize].cause.clone())
}

/// What is learned where nothing is hidden, with slips: trials in which anything is, rules, and seconds.
fn invented(args: &Args, criteria: &Criteria, slips: u32) -> Vec<String> {
    let mechanism = mechanism_of(criteria);
    let measured = each(args.threads, args.rounds as usize, |r| {
        let seed = args.seed + r as u64;
        let mut rounds = Vec::new();
        for (y, name) in (0..).zip(["1", "2", "3"]) {
            let facts = settled_town(criteria, seed * 10 + y, args.children);
            let hands = Hands::new(facts.clone(), criteria.clone(), ties(), mechanism);
            let decided = hands.decide().ok()?;
            rounds.push((name, facts, with_slips(&decided, slips, seed * 10 + y)));
        }
        let list: Vec<Year<'_>> = (rounds.iter())
            .map(|(name, facts, decisions)| Year {
                name,
                facts,
                decisions,
            })
            .collect();
        let years = Years::of(&list)?;
        let rule = PastTies::Rule(ties());
        let start = Instant::now();
        let learned = learn(
            &years,
            (criteria, &[]),
            &rule,
            &Asked::of(&years, Vec::new()),
            &Alone,
            &Silent,
        )
        .ok()?;
        for rule in &learned.rules {
            println!("invented, seed {seed}: {rule:?}");
        }
        Some((learned.rules.len(), start.elapsed().as_secs_f64()))
    });
    let list: Vec<(usize, f64)> = measured.into_iter().flatten().collect();
    let seconds: Vec<f64> = list.iter().map(|m| m.1).collect();
    vec![
        slips.to_string(),
        format!("{}/{}", list.len(), args.rounds),
        share(list.iter().filter(|m| m.0 == 0).count(), list.len()),
        list.iter().map(|m| m.0).sum::<usize>().to_string(),
        median(&seconds).map_or_else(String::new, |s| format!("{s:.1}")),
    ]
}

/// A cause with the points of the hidden one, where it is about the same: a missing row of the same table, or the same row of the file.
fn same_points(cause: &Cause, hidden: &Cause) -> Option<Cause> {
    let same = match (cause, hidden) {
        (Cause::RowMissing { table, .. }, Cause::RowMissing { table: of, .. }) => table == of,
        (Cause::RowPoints { row, .. }, Cause::RowPoints { row: of, .. }) => row == of,
        _ => false,
    };
    cause.with_points(hidden.points()?).filter(|_| same)
}
