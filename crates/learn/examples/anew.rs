//! Criteria are learned from three years of decisions alone; how well do they decide a fourth that was not seen?
//! `cargo run --release -p enmusubi-learn --example anew -- --criteria criteria/472085-urasoe/r8.toml [--rounds N] [slips,
//! children in a thousand of each year]`.
//! Lottery numbers and points that staff judge are given; wishes, transfers, pools and refusals are those of the file.
//! With `--kind rows` the file's tables and rows are known too, but for their points.
//! With `--verbose` also how many each number of the file's own keys leaves on the wrong side, and what was found.

#[path = "../../truth/examples/common/mod.rs"]
mod common;

use common::{Args, Threads, end, median, number, print_table, settled_town, share, ties};
use enmusubi_compare::{past::PastTies, practice::practised, world::World};
use enmusubi_criteria::{
    Criteria, Document, Language,
    aggregate::Aggregate,
    document::Scalar,
    edit::{put, rows, take},
    model::Over,
    write_toml,
};
use enmusubi_domain::{
    facts::{Entity, Exact, RoundFacts, Value, vocabulary::find},
    past::{Decisions, Outcome},
};
use enmusubi_learn::{
    anew::{Found, columns::Column, concluded, found, model::Model, shape::Shape, sides::Sides},
    years::{Year, Years},
};
use enmusubi_selection::{staged::mechanism_of, text_summary::Lang};
use enmusubi_truth::{Decided, Hands, with_slips};
use std::{
    collections::{BTreeSet, HashMap},
    time::Instant,
};

/// Years that are learned from; one more is not seen.
const SEEN: usize = 3;
const NAMES: [&str; SEEN + 1] = ["1", "2", "3", "4"];

fn main() {
    let args = Args::read(1, 1500);
    let text = std::fs::read_to_string(&args.criteria).unwrap_or_else(|e| end(&e.to_string()));
    let (criteria, document) = file(&with_lottery(&text));
    let bare = skeleton(&document, args.kinds.iter().any(|k| k == "rows"));
    let (skeleton, bare) = file(&write_toml(&bare));
    let mut table = Vec::new();
    let slips = args.rest.first().map_or(0, |n| number(n));
    for seed in args.seed..args.seed + args.rounds {
        let rounds = (0..=SEEN as u64).map(|y| {
            let seed = seed * 10 + y;
            let facts = numbered(settled_town(&criteria, seed, args.children), seed);
            let decided = hands(&facts, &criteria);
            let decisions = with_slips(&decided, slips, seed);
            (facts, decisions)
        });
        let rounds: Vec<(RoundFacts, Decisions)> = rounds.collect();
        let list: Vec<Year<'_>> = (NAMES.iter().zip(&rounds))
            .map(|(name, (facts, decisions))| Year {
                name,
                facts,
                decisions,
            })
            .collect();
        let rule = PastTies::Rule(ties());
        let laid = |list: &[Year<'_>]| Years::of(list).unwrap_or_else(|| end("no years"));
        let (seen, unseen) = (laid(&list[..SEEN]), laid(&list[SEEN..]));
        let contested = contested(&unseen, &criteria, &rule);
        let of = |criteria: &Criteria| judged(&rounds[SEEN], &contested, criteria);
        let start = Instant::now();
        let past = seen.past(&criteria, &rule);
        let world = World::of(past, &[]).unwrap_or_else(|e| end(&format!("{e:?}")));
        let sides =
            Sides::of(&world, &skeleton, &[]).unwrap_or_else(|| end("no class is contested"));
        let mut ways = found(
            &sides,
            &skeleton,
            &[],
            &Aggregate::ALL,
            &Threads(args.threads),
        );
        ways.sort_by_key(Found::cost);
        let Some(best) = ways.first() else { continue };
        if args.verbose {
            told(&world, &sides, &criteria, &ways);
        }
        let (together, rows, keys) = (
            best.model.shape.together().name().to_owned(),
            best.rows().count().to_string(),
            (best.keys.len() + best.model.shape.0.len() - 1).to_string(),
        );
        let made = concluded(&seen, &bare, &rule, ways).and_then(|anew| {
            let w = anew.written;
            let words = vec![String::new(); w.causes.len()];
            let components = &world.plain.key_components;
            let (document, criteria) = (&w.document, &w.criteria);
            practised(
                document,
                criteria,
                components,
                &w.causes,
                &words,
                Lang::Japanese,
            )
        });
        let seconds = start.elapsed().as_secs_f64();
        let learned = made.map_or(0, |made| of(&made.criteria));
        let all = contested.len();
        table.push(vec![
            seed.to_string(),
            all.to_string(),
            share(of(&base_only(&criteria)), all),
            share(learned, all),
            together,
            rows,
            keys,
            format!("{seconds:.0}"),
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

fn hands(facts: &RoundFacts, criteria: &Criteria) -> Decided {
    let mechanism = mechanism_of(criteria);
    let hands = Hands::new(facts.clone(), criteria.clone(), ties(), mechanism);
    hands.decide().unwrap_or_else(|e| end(&e))
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

fn file(text: &str) -> (Criteria, Document) {
    let (criteria, document, found) = enmusubi_criteria::read("criteria", text.as_bytes());
    let told = || found.render("criteria", text, Language::English);
    (criteria.unwrap_or_else(|| end(&told())), document)
}

/// A file with a number drawn by lot as its last key, and no key that is to be filled.
fn with_lottery(text: &str) -> String {
    let keys = text.split_inclusive("\n\n");
    let known = keys.filter(|p| !(p.starts_with("[[key]]") && p.contains("fill = true")));
    let known: String = known.collect();
    known
        + "\n[[key]]\nid = \"drawn\"\nlabel = \"抽選番号\"\nvalue = \"child.lottery_number\"\norder = \"lower\"\n"
}

/// Numbers drawn by lot, from a seed.
fn numbered(mut facts: RoundFacts, seed: u64) -> RoundFacts {
    if let Some(at) = find(Entity::Child, "lottery_number") {
        for c in 0..facts.children.len() as u32 {
            let mut x = (u64::from(c) + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
            x ^= seed.wrapping_mul(0xD1B5_4A32_D192_ED03);
            x = (x ^ (x >> 31)).wrapping_mul(0x94D0_49BB_1331_11EB);
            let drawn = (x ^ (x >> 29)) % 1_000_000;
            facts.children.set(c, at, Value::whole(drawn as i64));
        }
    }
    facts
}

/// What a section has that never wrote its points down: wishes, transfers, pools, refusals, rows that staff judge, the lottery. With
/// `with_rows` also its tables, rows and their conditions, without points; neither the index nor its keys.
fn skeleton(document: &Document, with_rows: bool) -> Document {
    let mut bare = document.clone();
    let said = bare.rows("eligibility").iter().chain(bare.rows("pool"));
    let said: String = said
        .flat_map(|r| [r.text("require"), r.text("when")])
        .flatten()
        .collect();
    let mut keep = |section: &str, keep: &dyn Fn(&enmusubi_criteria::document::Record) -> bool| {
        if let Some(list) = rows(&mut bare, section) {
            list.retain(|r| keep(r));
        }
    };
    for section in [
        "value", "change", "stratum", "monotone", "example", "gap", "input",
    ] {
        keep(section, &|_| false);
    }
    if !with_rows {
        keep("band", &|_| false);
        keep("group", &|_| false);
        keep("row", &|r| r.get("discretion").is_some());
        keep("condition", &|r| {
            r.text("id").is_some_and(|id| said.contains(id))
        });
    }
    keep("key", &|r| r.text("id") == Some("drawn"));
    let judged = bare
        .rows("row")
        .iter()
        .filter_map(|r| r.text("table").map(str::to_owned));
    let judged: Vec<String> = judged.collect();
    if let Some(tables) = rows(&mut bare, "table") {
        tables.retain(|t| {
            t.text("id")
                .is_some_and(|id| judged.iter().any(|j| j == id))
        });
        for table in tables.iter_mut().filter(|_| !with_rows) {
            take(table, &["at_most", "at_least", "otherwise", "take"]);
            put(table, "table", "take", Scalar::Text("sum".into()));
        }
    }
    if with_rows && let Some(list) = rows(&mut bare, "row") {
        for row in list.iter_mut().filter(|r| r.get("discretion").is_none()) {
            take(row, &["points", "fill"]);
            put(row, "row", "fill", Scalar::Bool(true));
        }
    }
    if let Some(keys) = rows(&mut bare, "key")
        && let Some(drawn) = keys.first()
    {
        let mut unknown = drawn.clone();
        take(&mut unknown, &["value", "order"]);
        for (name, value) in [
            ("id", Scalar::Text("unknown".into())),
            ("label", Scalar::Text("順番".into())),
            ("fill", Scalar::Bool(true)),
        ] {
            put(&mut unknown, "key", name, value);
        }
        keys.insert(0, unknown);
    }
    bare
}
