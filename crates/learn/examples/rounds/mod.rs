//! What the examples about learning from decisions alone share: made-up years, what is known of the criteria, and what is learned.

use crate::common::{Args, Threads, end, settled_town, ties};
use enmusubi_compare::{past::PastTies, practice::practised, world::World};
use enmusubi_criteria::{
    Criteria, Document, Language,
    aggregate::Aggregate,
    document::Scalar,
    edit::{put, rows, take},
    write_toml,
};
use enmusubi_domain::{
    facts::{Entity, RoundFacts, Value, vocabulary::find},
    past::Decisions,
};
use enmusubi_learn::{
    anew::{Found, concluded, found, sides::Sides},
    years::{Year, Years},
};
use enmusubi_selection::{staged::mechanism_of, text_summary::Lang};
use enmusubi_truth::{Decided, Hands, with_slips};
use std::time::Instant;

/// Years that are learned from; one more is not seen.
pub const SEEN: usize = 3;
const NAMES: [&str; SEEN + 1] = ["1", "2", "3", "4"];
/// Id of the key by numbers drawn by lot.
pub const DRAWN: &str = "drawn";

/// What staff decide by, and what is known of it.
pub struct Setting {
    /// What staff decide by.
    pub criteria: Criteria,
    /// What is known of it.
    pub skeleton: Criteria,
    bare: Document,
}

/// What was learned.
pub struct Learned {
    /// As criteria; `None`: the decisions say nothing, or a file cannot say it.
    pub criteria: Option<Criteria>,
    /// How guardians' points come together.
    pub together: Aggregate,
    /// Conditions that have points.
    pub rows: usize,
    /// What parts equals.
    pub keys: usize,
    /// How long it took.
    pub seconds: f64,
}

impl Setting {
    /// Reads the criteria; with `--kind rows` their tables and rows are known.
    pub fn read(args: &Args) -> Self {
        let text = std::fs::read_to_string(&args.criteria).unwrap_or_else(|e| end(&e.to_string()));
        let (criteria, document) = file(&with_lottery(&text));
        let bare = skeleton(&document, args.kinds.iter().any(|k| k == "rows"));
        let (skeleton, bare) = file(&write_toml(&bare));
        Self {
            criteria,
            skeleton,
            bare,
        }
    }

    /// Years of a seed, the last unseen. `slips`: children in a thousand of each.
    pub fn rounds(&self, args: &Args, seed: u64, slips: u32) -> Vec<(RoundFacts, Decisions)> {
        let rounds = (0..=SEEN as u64).map(|y| {
            let seed = seed * 10 + y;
            let facts = numbered(settled_town(&self.criteria, seed, args.children), seed);
            let decided = hands(&facts, &self.criteria);
            let decisions = with_slips(&decided, slips, seed);
            (facts, decisions)
        });
        rounds.collect()
    }

    /// Learns from years. `told`: what is to be told of everything that was found.
    pub fn learned(
        &self,
        seen: &Years,
        threads: usize,
        told: impl FnOnce(&World<'_>, &Sides, &[Found<'_>]),
    ) -> Option<Learned> {
        let start = Instant::now();
        let rule = PastTies::Rule(ties());
        let world = world(seen, &self.criteria, &rule);
        let sides =
            Sides::of(&world, &self.skeleton, &[]).unwrap_or_else(|| end("no class is contested"));
        let mut ways = found(
            &sides,
            &self.skeleton,
            &[],
            &Aggregate::ALL,
            &Threads(threads),
        );
        ways.sort_by_key(Found::cost);
        let best = ways.first()?;
        told(&world, &sides, &ways);
        let (together, rows, keys) = (
            best.model.shape.together(),
            best.rows().count(),
            best.keys.len() + best.model.shape.0.len() - 1,
        );
        let made = concluded(seen, &self.bare, &rule, ways).and_then(|anew| {
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
        Some(Learned {
            criteria: made.map(|made| made.criteria),
            together,
            rows,
            keys,
            seconds: start.elapsed().as_secs_f64(),
        })
    }
}

/// Rounds as years.
pub fn years(rounds: &[(RoundFacts, Decisions)]) -> Vec<Year<'_>> {
    let named = NAMES.iter().zip(rounds);
    let years = named.map(|(name, (facts, decisions))| Year {
        name,
        facts,
        decisions,
    });
    years.collect()
}

/// Years beside each other.
pub fn laid(list: &[Year<'_>]) -> Years {
    Years::of(list).unwrap_or_else(|| end("no years"))
}

/// Years as decided by criteria.
pub fn world<'a>(years: &'a Years, criteria: &'a Criteria, rule: &'a PastTies) -> World<'a> {
    World::of(years.past(criteria, rule), &[]).unwrap_or_else(|e| end(&format!("{e:?}")))
}

/// Decides a round.
pub fn hands(facts: &RoundFacts, criteria: &Criteria) -> Decided {
    let mechanism = mechanism_of(criteria);
    let hands = Hands::new(facts.clone(), criteria.clone(), ties(), mechanism);
    hands.decide().unwrap_or_else(|e| end(&e))
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
    keep("key", &|r| r.text("id") == Some(DRAWN));
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
