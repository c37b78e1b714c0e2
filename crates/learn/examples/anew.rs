//! Criteria are learned from three years of decisions alone; how well do they decide a fourth that was not seen?
//! `cargo run --release -p enmusubi-learn --example anew -- --criteria criteria/472085-urasoe/r8.toml [--rounds N] [slips,
//! children in a thousand of each year]`.
//! Lottery numbers and points that staff judge are given; wishes, transfers, pools and refusals are those of the file.
//! With `--kind rows` the file's tables and rows are known too, but for their points.
//! With `--verbose` also how many each number of the file's own keys leaves on the wrong side, and what was found.

#[path = "../../truth/examples/common/mod.rs"]
mod common;
mod rounds;

use common::{Args, median, number, print_table, share, ties};
use enmusubi_compare::{past::PastTies, world::World};
use enmusubi_criteria::{Criteria, model::Over};
use enmusubi_domain::{
    facts::{Exact, RoundFacts},
    past::{Decisions, Outcome},
};
use enmusubi_learn::{
    anew::{Found, columns::Column, model::Model, shape::Shape, sides::Sides},
    years::Years,
};
use rounds::{SEEN, Setting, hands, laid, years};
use std::collections::{BTreeSet, HashMap};

fn main() {
    let args = Args::read(1, 1500);
    let setting = Setting::read(&args);
    let criteria = &setting.criteria;
    let mut table = Vec::new();
    let slips = args.rest.first().map_or(0, |n| number(n));
    for seed in args.seed..args.seed + args.rounds {
        let rounds = setting.rounds(&args, seed, slips);
        let list = years(&rounds);
        let rule = PastTies::Rule(ties());
        let (seen, unseen) = (laid(&list[..SEEN]), laid(&list[SEEN..]));
        let contested = contested(&unseen, criteria, &rule);
        let of = |criteria: &Criteria| judged(&rounds[SEEN], &contested, criteria);
        let learned = setting.learned(&seen, args.threads, |world, sides, ways| {
            if args.verbose {
                told(world, sides, criteria, ways);
            }
        });
        let Some(learned) = learned else { continue };
        let all = contested.len();
        table.push(vec![
            seed.to_string(),
            all.to_string(),
            share(of(&base_only(criteria)), all),
            share(learned.criteria.as_ref().map_or(0, of), all),
            learned.together.name().to_owned(),
            learned.rows.to_string(),
            learned.keys.to_string(),
            format!("{:.0}", learned.seconds),
        ]);
    }
    println!(
        "3 years of {} children, slips {slips} in a thousand, {}",
        args.children,
        args.criteria.display()
    );
    print_table(
        &[
            "seed",
            "contested children of the unseen year",
            "as decided: base points only",
            "as decided: learned",
            "guardians' points",
            "rows",
            "keys",
            "s",
        ],
        &table,
    );
    let seconds: Vec<f64> = (table.iter())
        .filter_map(|row| row[7].parse().ok())
        .collect();
    println!("median {:?} s", median(&seconds));
}

/// What was found, and what the file's own keys would leave.
fn told(world: &World<'_>, sides: &Sides, criteria: &Criteria, ways: &[Found<'_>]) {
    let entries = sides.entries.len();
    println!("{entries} entries in {} groups", sides.groups.len());
    let Some(scored) = &world.scored else { return };
    let width = |choice: u32| scored.scores.key(choice).len();
    let width = sides.entries.first().map_or(0, |e| width(e.origin));
    // Strata stand before the keys of the file.
    let strata = width - criteria.keys.len();
    for upto in strata + 1..=width {
        let keys = sides.entries.iter().map(|e| -> Vec<Exact> {
            let own = scored.scores.key(e.origin)[..upto].iter().enumerate();
            let number = own.map(|(at, value)| {
                let value = value.unwrap_or(Exact::ZERO);
                let higher = at >= strata && criteria.keys[at - strata].higher_first;
                if higher {
                    value.negated().unwrap_or(value)
                } else {
                    value
                }
            });
            number.collect()
        });
        let keys: Vec<Vec<Exact>> = keys.collect();
        let mut sorted = keys.clone();
        sorted.sort();
        sorted.dedup();
        let mut model = Model::of(sides, Shape(Vec::new()), &[], Vec::new());
        let at = keys
            .iter()
            .map(|k| sorted.binary_search(k).unwrap_or(0) as u32);
        model.tie = at.collect();
        model.recount();
        println!("{upto} of the file's keys: {} wrong", model.total / 1000);
    }
    for way in ways {
        let keys: Vec<(&str, bool)> = way.keys.iter().map(|k| (&*k.text, k.lower)).collect();
        let (wrong, cost) = (way.model.total / 1000, way.cost() / 1000);
        let name = way.model.shape.together().name();
        println!("{name}: {wrong} wrong, cost {cost}, keys {keys:?}");
    }
    let Some(best) = ways.first() else { return };
    let own = |id: &str| {
        let mut rows = criteria.tables.iter().flat_map(|t| &t.rows);
        rows.find(|r| *r.id == *id)?.plain_points()?.as_whole()
    };
    let of_file = |column: &Column| column.row.as_ref().and_then(|r| own(&r.1));
    let points = best.columns.iter().map(|c| of_file(c).unwrap_or(0));
    let mut by_file = Model::of(
        sides,
        best.model.shape.clone(),
        &best.columns,
        points.collect(),
    );
    by_file.tie = best.model.tie.clone();
    by_file.recount();
    println!("{:?}", best.model.shape);
    println!("with the file's own points: {} wrong", by_file.total / 1000);
    for (e, lean) in best
        .model
        .lean()
        .into_iter()
        .enumerate()
        .filter(|(_, l)| l.abs() > 400)
    {
        let guardians: Vec<u32> = sides.guardians(sides.household_of[e]).collect();
        let name = |c: &Column| match &c.row {
            Some((_, row)) => row.to_string(),
            None => c.texts.first().cloned().unwrap_or_default(),
        };
        let of = |x: u32, application: bool| -> Vec<String> {
            let own = best.written().filter(|(c, p)| {
                (c.over == Over::Application) == application
                    && *p != 0
                    && c.of.binary_search(&x).is_ok()
            });
            own.map(|(c, p)| format!("{}={p}", name(c))).collect()
        };
        let own: Vec<Vec<String>> = guardians.iter().map(|g| of(*g, false)).collect();
        let known: Vec<(u32, i64)> = sides
            .tables
            .iter()
            .flat_map(|t| t.known())
            .filter(|k| guardians.contains(&k.0))
            .collect();
        println!(
            "LEAN {lean} {own:?} {:?} {known:?} {}",
            of(e as u32, true),
            best.model.score[e] >> 28
        );
    }
    for (column, points) in best.written() {
        let (text, count) = (column.texts.first(), column.of.len());
        println!("{points:>6} {:?} {count} {text:?}", of_file(column));
    }
}

/// Only children at classes of a year that placed some and refused others.
fn contested(year: &Years, criteria: &Criteria, rule: &PastTies) -> BTreeSet<Box<str>> {
    let world = World::of(year.past(criteria, rule), &[]);
    let sides = world
        .ok()
        .and_then(|world| Sides::of(&world, criteria, &[]));
    let entries = sides
        .iter()
        .flat_map(|s| s.entries.iter().map(move |e| (s, e)));
    let ids = entries.map(|(s, e)| {
        let id = &s.facts.children.ids[e.child as usize];
        enmusubi_domain::facts::stacked::round_of(id).1.into()
    });
    ids.collect()
}

/// How many of some children criteria place as was decided.
fn judged(
    (facts, decisions): &(RoundFacts, Decisions),
    children: &BTreeSet<Box<str>>,
    criteria: &Criteria,
) -> usize {
    let place = |outcome: &Outcome| match outcome {
        Outcome::Placed { facility, .. } => Some(facility.clone()),
        _ => None,
    };
    let ours: HashMap<Box<str>, _> = (hands(facts, criteria).decisions().list.into_iter())
        .map(|d| (d.child, place(&d.outcome)))
        .collect();
    let theirs = decisions
        .list
        .iter()
        .filter(|d| children.contains(&d.child));
    theirs
        .filter(|d| ours.get(&d.child) == Some(&place(&d.outcome)))
        .count()
}

/// The criteria with nothing but points of guardians, and the lottery.
fn base_only(criteria: &Criteria) -> Criteria {
    let mut base = criteria.clone();
    let others = base
        .tables
        .iter_mut()
        .filter(|t| t.over == Over::Application);
    others.for_each(|t| t.rows.clear());
    let last = base.keys.len() - 1;
    base.keys.drain(1..last);
    base
}
