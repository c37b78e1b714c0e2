//! What is learned from three years of decisions, and the same children as tables for other programs that learn points from pairs.
//! `cargo run --release -p enmusubi-learn --example pairs -- --criteria criteria/structure/inazawa.toml --kind rows FOLDER [slips]`;
//! then `scripts/peer-learning.py FOLDER/SEED` for each seed.
//!
//! `train.csv` (three years) and `test.csv` (a fourth), a line for each only child at a contested class: group, whether it was placed,
//! number drawn by lot, `row` (rows that wait for points; over guardians: for how many of them each holds), `judged` (points that staff
//! judge), and what this project may make rows and keys of beside them: `fact` (conditions of one fact) and `number` (as ranks).
//! `ours.csv`, a line for each of these lines: its place in its group by what was learned, the lottery aside, and by what was learned
//! from the years in another order. `ours-run.csv`: how many rows and keys, how guardians' points come together, and seconds, of both.

#[path = "../../truth/examples/common/mod.rs"]
mod common;
mod rounds;

use common::{Args, Threads, end, number, ties};
use enmusubi_compare::{past::PastTies, world::World};
use enmusubi_criteria::{Criteria, model::Over};
use enmusubi_domain::facts::Exact;
use enmusubi_learn::anew::{
    columns::{Column, columns},
    keys::{lottery, of_facts},
    sides::Sides,
};
use rounds::{DRAWN, SEEN, Setting, laid, world, years};
use std::path::Path;

fn main() {
    let args = Args::read(1, 1500);
    let setting = Setting::read(&args);
    let mut rest = args.rest.iter();
    let folder = rest.next().unwrap_or_else(|| end("a folder is missing"));
    let slips = rest.next().map_or(0, |n| number(n));
    let rule = PastTies::Rule(ties());
    for seed in args.seed..args.seed + args.rounds {
        let rounds = setting.rounds(&args, seed, slips);
        let list = years(&rounds);
        let turned: Vec<_> = list[..SEEN].iter().rev().copied().collect();
        let learned = [&list[..SEEN], &turned].map(|list| {
            let learned = setting.learned(&laid(list), args.threads, |_, _, _| {});
            learned.unwrap_or_else(|| end("nothing learned"))
        });
        let all = laid(&list);
        let world_of_all = world(&all, &setting.criteria, &rule);
        let sides = Sides::of(&world_of_all, &setting.skeleton, &[]);
        let sides = sides.unwrap_or_else(|| end("no class is contested"));
        let places = learned.each_ref().map(|learned| {
            let criteria = learned.criteria.as_ref();
            let criteria = criteria.unwrap_or_else(|| end("what was learned cannot be written"));
            places(&sides, &world(&all, criteria, &rule), criteria)
        });
        let (header, lines) = table(&sides, &setting.skeleton, args.threads);
        let is_seen = |e: usize| {
            let id = &sides.facts.children.ids[sides.entries[e].child as usize];
            all.year_of(id).is_some_and(|year| year < SEEN)
        };
        let (train, test): (Vec<usize>, Vec<usize>) =
            (0..sides.entries.len()).partition(|e| is_seen(*e));
        let folder = Path::new(folder).join(seed.to_string());
        let of = |those: &[usize]| those.iter().map(|e| lines[*e].clone()).collect::<Vec<_>>();
        write(&folder.join("train.csv"), &header, of(&train));
        write(&folder.join("test.csv"), &header, of(&test));
        let ours = [("train", &train), ("test", &test)]
            .map(|(part, those)| those.iter().map(move |e| (part, *e)).collect::<Vec<_>>());
        let ours = ours.concat().into_iter().map(|(part, e)| {
            let [place, again] = places.each_ref().map(|p| p[e].to_string());
            vec![part.to_owned(), place, again]
        });
        let names = ["part", "place", "place_again"].map(str::to_owned);
        write(&folder.join("ours.csv"), &names, ours.collect());
        let runs = learned.iter().map(|l| {
            let (rows, keys) = (l.rows.to_string(), l.keys.to_string());
            let together = l.together.name().to_owned();
            vec![rows, keys, together, format!("{:.1}", l.seconds)]
        });
        let runs: Vec<Vec<String>> = runs.collect();
        println!(
            "seed {seed}: {} lines to learn from, {} unseen, {} columns; rows, keys, guardians' points, seconds: {runs:?}",
            train.len(),
            test.len(),
            header.len()
        );
        let names = ["rows", "keys", "together", "seconds"].map(str::to_owned);
        write(&folder.join("ours-run.csv"), &names, runs);
    }
}

/// How many of its group stand before each entry by criteria, the lottery aside.
fn places(sides: &Sides, world: &World<'_>, criteria: &Criteria) -> Vec<usize> {
    let Some(scored) = &world.scored else {
        end("criteria that give no points")
    };
    let key = |origin: u32| -> Vec<Exact> {
        let own = scored.scores.key(origin);
        // Strata stand before the keys of the file.
        let strata = own.len() - criteria.keys.len();
        let parts = own.iter().enumerate().filter_map(|(at, value)| {
            let value = value.unwrap_or(Exact::ZERO);
            let key = at.checked_sub(strata).map(|at| &criteria.keys[at]);
            match key {
                Some(key) if &*key.id == DRAWN => None,
                Some(key) if key.higher_first => value.negated(),
                _ => Some(value),
            }
        });
        parts.collect()
    };
    let keys: Vec<Vec<Exact>> = sides.entries.iter().map(|e| key(e.origin)).collect();
    let place = |e: usize| {
        let group = sides.groups[sides.group_of[e] as usize].clone();
        group.filter(|other| keys[*other] < keys[e]).count()
    };
    (0..keys.len()).map(place).collect()
}

/// Everything that is known of each entry: names, and a line each.
fn table(sides: &Sides, skeleton: &Criteria, threads: usize) -> (Vec<String>, Vec<Vec<String>>) {
    let facts = columns(&Threads(threads), sides, skeleton, &[]);
    let (numbers, _) = of_facts(sides, &facts, skeleton, &[]);
    let mut all: Vec<(String, Vec<i64>)> = Vec::new();
    let group = sides.group_of.iter().map(|g| i64::from(*g));
    all.push(("group".to_owned(), group.collect()));
    let placed = sides.entries.iter().map(|e| i64::from(e.placed));
    all.push(("placed".to_owned(), placed.collect()));
    let drawn = lottery(sides).into_iter().map(i64::from);
    all.push(("drawn".to_owned(), drawn.collect()));
    for column in &sides.waiting {
        let row = column.row.as_ref().map_or("", |(_, row)| row);
        all.push((format!("row {row}"), count(sides, column)));
    }
    for table in &sides.tables {
        let known: Vec<(u32, i64)> = table.known().collect();
        if !known.is_empty() {
            let points = by_entry(sides, table.over, known.into_iter());
            all.push((format!("judged {}", table.id), points));
        }
    }
    for column in &facts {
        let text = column.texts.first().map_or("", |t| t);
        all.push((format!("fact {text}"), count(sides, column)));
    }
    for key in numbers.iter().filter(|k| k.lower) {
        let ranks = key.of.iter().map(|rank| i64::from(*rank));
        all.push((format!("number {}", key.text), ranks.collect()));
    }
    let line = |e: usize| all.iter().map(|(_, of)| of[e].to_string()).collect();
    let lines = (0..sides.entries.len()).map(line).collect();
    (all.into_iter().map(|(name, _)| name).collect(), lines)
}

/// For how many a condition holds: guardians of the entry's household, or the entry itself.
fn count(sides: &Sides, column: &Column) -> Vec<i64> {
    by_entry(sides, column.over, column.of.iter().map(|x| (*x, 1)))
}

/// Numbers of entries, or sums of those of the guardians.
fn by_entry(sides: &Sides, over: Over, of: impl Iterator<Item = (u32, i64)>) -> Vec<i64> {
    let mut sums = vec![0; sides.entries.len()];
    for (x, number) in of {
        if over == Over::Application {
            sums[x as usize] += number;
            continue;
        }
        let household = sides.facts.guardians.parents[x as usize];
        for e in &sides.of_household[household as usize] {
            sums[*e as usize] += number;
        }
    }
    sums
}

/// Writes a table as CSV.
fn write(path: &Path, header: &[String], lines: Vec<Vec<String>>) {
    let cell = |text: &String| format!("\"{}\"", text.replace('"', "\"\""));
    let line = |cells: &[String]| {
        let cells: Vec<String> = cells.iter().map(cell).collect();
        cells.join(",") + "\n"
    };
    let mut text = line(header);
    text.extend(lines.iter().map(|l| line(l)));
    let folder = path.parent().unwrap_or(path);
    let written = std::fs::create_dir_all(folder).and_then(|()| std::fs::write(path, text));
    written.unwrap_or_else(|e| end(&format!("{}: {e}", path.display())));
}
