//! Criteria are learned from decisions alone; how well do they decide a year that was not seen?
#[path = "../../truth/examples/common/mod.rs"]
mod common;

use common::{Args, Threads, settled_town, ties};
use enmusubi_compare::{past::PastTies, practice::practised, world::World};
use enmusubi_selection::text_summary::Lang;
use enmusubi_domain::facts::RoundFacts;
use enmusubi_learn::{anew, years::{Year, Years}};
use enmusubi_selection::staged::mechanism_of;
use enmusubi_truth::Hands;
use std::time::Instant;

fn main() {
    let args = Args::read(1, 1500);
    let (criteria, criteria_document) = with_lottery(&args);
    let bare_document = skeleton(&criteria_document);
    let (bare, _) = read(&enmusubi_criteria::write_toml(&bare_document));
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
        let rule = PastTies::Rule(ties());
    let world = World::of(years.past(&criteria, &rule), &[]).unwrap();
    let sides = anew::sides::Sides::of(&world).unwrap();
    println!("{} entries, {} placed, {} groups; {:.1} s", sides.entries.len(), sides.entries.iter().filter(|e| e.placed).count(), sides.groups.len(), start.elapsed().as_secs_f64());
    let cols = anew::columns::columns(&Threads(2), &sides, &bare, &[]);
    println!("{} columns, {} guardian; {:.1} s", cols.len(), cols.iter().filter(|c| c.over == enmusubi_criteria::model::Over::Guardian).count(), start.elapsed().as_secs_f64());
    if args.rest.len() > 1 { for c in cols.iter().filter(|c| c.texts.iter().any(|t| t.contains("work_hours_per_month")||t.contains("work_hours_per_week"))) { println!("{} {:?}", c.of.len(), c.texts); } return; }
    let found = anew::found(&sides, &bare, &[], if args.rest.is_empty() { &anew::model::Together::ALL[..] } else { &anew::model::Together::ALL[..1] }, &Threads(2));
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
    if args.verbose {
        let scores = &world.scored.as_ref().unwrap().scores;
        let extra = scores.key(sides.entries[0].origin).len() - criteria.keys.len();
        let truth: Vec<f64> = sides.entries.iter().map(|e| scores.key(e.origin)[extra].map_or(0.0, |v| v.numerator() as f64 / v.denominator() as f64)).collect();
        let ours: Vec<f64> = best.model.score.iter().map(|s| *s as f64 / 2.0).collect();
        // Extremes aside: only their order matters.
        let inside: Vec<usize> = (0..truth.len()).filter(|&e| truth[e] > -20.0 && truth[e] < 100.0).collect();
        let n = inside.len() as f64;
        let (mx, my) = (inside.iter().map(|&e| ours[e]).sum::<f64>() / n, inside.iter().map(|&e| truth[e]).sum::<f64>() / n);
        let b = inside.iter().map(|&e| (ours[e] - mx) * (truth[e] - my)).sum::<f64>() / inside.iter().map(|&e| (ours[e] - mx).powi(2)).sum::<f64>();
        let mut rest = vec![0.0; truth.len()];
        for &e in &inside { rest[e] = truth[e] - my - b * (ours[e] - mx); }
        println!("one of ours is {b:.3} points; residual {:.3}", (inside.iter().map(|&e| rest[e] * rest[e]).sum::<f64>() / n).sqrt());
        for _ in 0..25 {
            let mut list: Vec<(f64, f64, usize, usize)> = best.columns.iter().enumerate().map(|(j, c)| {
                let mut values = Vec::new();
                match c.over {
                    enmusubi_criteria::model::Over::Application => values.extend(c.of.iter().map(|e| rest[*e as usize])),
                    _ => for g in &c.of { let h = sides.facts.guardians.parents[*g as usize]; values.extend(sides.of_household[h as usize].iter().map(|e| rest[*e as usize])); }
                }
                let sum: f64 = values.iter().sum();
                (sum.abs() / (values.len() as f64).sqrt(), sum / values.len() as f64, values.len(), j)
            }).collect();
            list.sort_by(|a, b| b.0.total_cmp(&a.0));
            let (_, mean, n, j) = list[0];
            println!("{mean:+.2} × {n}: {} (has {})", best.columns[j].texts[0], best.model.points[j]);
            let c = &best.columns[j];
            match c.over {
                enmusubi_criteria::model::Over::Application => for e in &c.of { rest[*e as usize] -= mean; },
                _ => for g in &c.of { let h = sides.facts.guardians.parents[*g as usize]; for e in &sides.of_household[h as usize] { rest[*e as usize] -= mean; } },
            }
        }
    }
    let past4 = Years::of(&list[3..]).unwrap();
    let world4 = World::of(past4.past(&criteria, &rule), &[]).unwrap();
    let sides4 = anew::sides::Sides::of(&world4).unwrap();
    let contested: std::collections::BTreeSet<Box<str>> = sides4.entries.iter().map(|e| towns[3].children.ids[e.child as usize].clone()).collect();
    let judge = |name: &str, criteria: &enmusubi_criteria::Criteria| {
        let hands = Hands::new(towns[3].clone(), criteria.clone(), ties(), mechanism_of(criteria));
        match hands.decide() {
            Ok(d) => {
                let ours: std::collections::HashMap<_, _> = d.decisions().list.into_iter().map(|d| (d.child.clone(), d.outcome)).collect();
                let theirs = decided[3].list.iter().filter(|d| contested.contains(&d.child));
                let (mut all, mut same) = (0, 0);
                for d in theirs {
                    all += 1;
                    same += usize::from(ours.get(&d.child).is_some_and(|o| place(o) == place(&d.outcome)));
                }
                println!("{name}: {} of contested children as decided", common::share(same, all));
            }
            Err(e) => println!("{name}: {e}"),
        }
    };
    judge("truth", &criteria);
    let mut base = criteria.clone();
    for table in &mut base.tables { if table.over == enmusubi_criteria::model::Over::Application { table.rows.clear(); } }
    let last = base.keys.len() - 1;
    base.keys.drain(1..last);
    judge("base points only", &base);
    let learned = anew::write::written(&bare_document, best).and_then(|w| {
        let words = vec![String::new(); w.causes.len()];
        let components = &world.plain.key_components;
        practised(&w.document, &w.criteria, components, &w.causes, &words, Lang::Japanese)
    });
    match learned {
        Some(made) => judge("learned", &made.criteria),
        None => println!("cannot be written"),
    }
    for (c, p) in best.columns.iter().zip(&best.model.points) {
        if *p != 0 { println!("{p:>5} {:?} {} {}", c.over, c.of.len(), c.texts[0]); }
    }
}

/// The criteria with a lottery number last.
fn with_lottery(args: &Args) -> (enmusubi_criteria::Criteria, enmusubi_criteria::Document) {
    let text = std::fs::read_to_string(&args.criteria).unwrap();
    let text = text.replace("[[key]]\nid = \"internal\"\nlabel = \"区の内部の優先順位（公表されていない）\"\nfill = true\n", "");
    let text = format!("{text}\n[[key]]\nid = \"drawn\"\nlabel = \"抽選番号\"\nvalue = \"child.lottery_number\"\norder = \"lower\"\n");
    read(&text)
}

fn read(text: &str) -> (enmusubi_criteria::Criteria, enmusubi_criteria::Document) {
    let (criteria, document, diagnostics) = enmusubi_criteria::read("x", text.as_bytes());
    let criteria = criteria.unwrap_or_else(|| common::end(&diagnostics.render("x", text, enmusubi_criteria::Language::English)));
    (criteria, document)
}

/// What a section has whose points were never written down: wishes, transfers, who may be placed, the lottery.
fn skeleton(document: &enmusubi_criteria::Document) -> enmusubi_criteria::Document {
    use enmusubi_criteria::document::Scalar;
    let mut bare = document.clone();
    let said: String = bare.rows("eligibility").iter().chain(bare.rows("pool")).filter_map(|r| r.text("require").or(r.text("when"))).collect();
    if let Some(rows) = enmusubi_criteria::edit::rows(&mut bare, "row") { rows.retain(|r| r.get("discretion").is_some()); }
    let judged: Vec<String> = bare.rows("row").iter().filter_map(|r| r.text("table").map(str::to_owned)).collect();
    if let Some(rows) = enmusubi_criteria::edit::rows(&mut bare, "table") {
        rows.retain(|r| r.text("id").is_some_and(|id| judged.iter().any(|j| j == id)));
        for r in rows {
            enmusubi_criteria::edit::take(r, &["at_most", "at_least", "otherwise", "take"]);
            enmusubi_criteria::edit::put(r, "table", "take", Scalar::Text("sum".into()));
        }
    }
    for section in ["band", "group", "value", "change", "stratum", "monotone", "example", "gap", "input"] {
        if let Some(rows) = enmusubi_criteria::edit::rows(&mut bare, section) { rows.clear(); }
    }
    if let Some(rows) = enmusubi_criteria::edit::rows(&mut bare, "condition") { rows.retain(|r| r.text("id").is_some_and(|id| said.contains(id))); }
    if let Some(rows) = enmusubi_criteria::edit::rows(&mut bare, "key") {
        rows.retain(|r| r.text("id") == Some("drawn"));
        let mut fill = rows[0].clone();
        enmusubi_criteria::edit::take(&mut fill, &["value", "order"]);
        for (name, value) in [("id", Scalar::Text("unknown".into())), ("label", Scalar::Text("順番".into())), ("fill", Scalar::Bool(true))] {
            enmusubi_criteria::edit::put(&mut fill, "key", name, value);
        }
        rows.insert(0, fill);
    }
    bare
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

fn place(outcome: &enmusubi_domain::past::Outcome) -> Option<&str> {
    match outcome {
        enmusubi_domain::past::Outcome::Placed { facility, .. } => Some(facility),
        _ => None,
    }
}
