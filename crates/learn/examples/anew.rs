//! Criteria are learned from decisions alone; how well do they decide a year that was not seen?
#[path = "../../truth/examples/common/mod.rs"]
mod common;

use common::{Args, Threads, settled_town, ties};
use enmusubi_compare::{past::PastTies, world::World};
use enmusubi_domain::facts::RoundFacts;
use enmusubi_learn::{anew, years::{Year, Years}};
use enmusubi_selection::staged::mechanism_of;
use enmusubi_truth::Hands;
use std::time::Instant;

fn main() {
    let args = Args::read(1, 1500);
    let criteria = with_lottery(&args);
    let names = ["1", "2", "3", "4"];
    let seed = args.seed;
    let towns: Vec<RoundFacts> = (0..4).map(|y| numbered(settled_town(&criteria, seed * 10 + y, args.children), seed * 10 + y)).collect();
    let mut decided = Vec::new();
    for facts in &towns {
        let hands = Hands::new(facts.clone(), criteria.clone(), ties(), mechanism_of(&criteria));
        decided.push(hands.decide().map(|d| d.decisions()).unwrap_or_else(|e| common::end(&e)));
    }
    let list: Vec<Year<'_>> = (0..4).map(|y| Year { name: names[y], facts: &towns[y], decisions: &decided[y] }).collect();
    let years = Years::of(&list[..3]).unwrap();
    let start = Instant::now();
    let skeleton = criteria.clone();
    let rule = PastTies::Rule(ties());
    let world = World::of(years.past(&skeleton, &rule), &[]).unwrap();
    let sides = anew::sides::Sides::of(&world).unwrap();
    println!("{} entries, {} placed, {} groups; {:.1} s", sides.entries.len(), sides.entries.iter().filter(|e| e.placed).count(), sides.groups.len(), start.elapsed().as_secs_f64());
    let mut bare = criteria.clone();
    for table in &mut bare.tables { table.rows.clear(); table.bands.clear(); table.groups.clear(); }
    bare.conditions.clear(); for v in &mut bare.values { v.changes.clear(); }
    let cols = anew::columns::columns(&Threads(2), &sides, &bare, &[]);
    println!("{} columns, {} guardian; {:.1} s", cols.len(), cols.iter().filter(|c| c.over == enmusubi_criteria::model::Over::Guardian).count(), start.elapsed().as_secs_f64());
    if args.verbose { for c in cols.iter().filter(|c| c.texts.iter().any(|t| t.contains("work_hours_per_month")||t.contains("work_hours_per_week"))) { println!("{} {:?}", c.of.len(), c.texts); } return; }
    let found = anew::points(&sides, &bare, &[], if args.rest.is_empty() { &anew::model::Together::ALL[..] } else { &anew::model::Together::ALL[..1] }, &Threads(2));
    for f in &found {
        println!("== {:?}: keys {:?} wrong {:.1}, cost {:.1}, {} rows; {:.1} s", f.model.together, f.keys.iter().map(|k| (&k.text[..], k.lower)).collect::<Vec<_>>(), f.model.total as f64 / 1000.0, f.cost() as f64 / 1000.0, f.model.points.iter().filter(|p| **p != 0).count(), start.elapsed().as_secs_f64());
    }
    {
        let scores = &world.scored.as_ref().unwrap().scores;
        let width = scores.key(sides.entries[0].origin).len(); let extra = width - criteria.keys.len();
        for upto in 1..=width {
            let key = |e: &enmusubi_compare::search::stand::Entry| -> Vec<enmusubi_domain::facts::Exact> {
                (0..upto).map(|k| {
                    let v = scores.key(e.origin)[k].unwrap_or(enmusubi_domain::facts::Exact::ZERO);
                    if k >= extra && criteria.keys[k - extra].higher_first { v.negated().unwrap() } else { v }
                }).collect()
            };
            let keys: Vec<_> = sides.entries.iter().map(key).collect();
            let mut all = keys.clone(); all.sort(); all.dedup();
            let mut model = anew::model::Model::new(&sides, anew::model::Together::Sum);
            model.tie = keys.iter().map(|k| all.binary_search(k).unwrap() as u32).collect();
            model.recount();
            println!("truth by {upto} keys: {:.1} wrong", model.total as f64 / 1000.0);
        }
    }
    let best = found.iter().min_by_key(|f| f.cost()).unwrap();
    for (c, p) in best.columns.iter().zip(&best.model.points) {
        if *p != 0 { println!("{p:>5} {:?} {} {}", c.over, c.of.len(), c.texts[0]); }
    }
}

/// The criteria with a lottery number last.
fn with_lottery(args: &Args) -> enmusubi_criteria::Criteria {
    let text = std::fs::read_to_string(&args.criteria).unwrap();
    let text = text.replace("[[key]]\nid = \"internal\"\nlabel = \"区の内部の優先順位（公表されていない）\"\nfill = true\n", "");
    let text = format!("{text}\n[[key]]\nid = \"drawn\"\nlabel = \"抽選番号\"\nvalue = \"child.lottery_number\"\norder = \"lower\"\n");
    let (criteria, _, diagnostics) = enmusubi_criteria::read("x", text.as_bytes());
    criteria.unwrap_or_else(|| common::end(&diagnostics.render("x", &text, enmusubi_criteria::Language::English)))
}

/// Numbers drawn by lot.
fn numbered(mut facts: RoundFacts, seed: u64) -> RoundFacts {
    use enmusubi_domain::facts::{Entity, Value, vocabulary::find};
    let at = find(Entity::Child, "lottery_number").unwrap();
    for c in 0..facts.children.len() as u32 {
        let mut x = (u64::from(c) + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ seed.wrapping_mul(0xD1B5_4A32_D192_ED03);
        x ^= x >> 31; x = x.wrapping_mul(0x94D0_49BB_1331_11EB); x ^= x >> 29;
        facts.children.set(c, at, Value::whole((x % 1_000_000) as i64));
    }
    facts
}
