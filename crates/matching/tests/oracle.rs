//! The engine against the oracle that tries every placement.

use enmusubi_market::Market;
use enmusubi_matching::{Answer, NoWatch, Outcome, Proof, Request, place};
use enmusubi_testkit::{Best, Shape, brute_force, random_market, with_together};

fn decide(market: &Market) -> Outcome {
    match place(market, Request::default(), &NoWatch) {
        Answer::Placed(outcome) => *outcome,
        Answer::Undecided(_) => unreachable!("ties are not asked about"),
    }
}

/// A market in a few lines.
fn dump(m: &Market) -> String {
    let mut out = format!("{:?}\n", m.ties);
    for (k, c) in m.classes.iter().enumerate() {
        let seats = m.groups[c.group as usize].seats;
        out += &format!(
            "class {k}: nursery {} age {} group {} ({seats} seats), weight {}, refill {}\n",
            c.nursery, c.age, c.group, c.weight, c.refill
        );
    }
    for (f, family) in m.families.iter().enumerate() {
        out += &format!(
            "family {f} {} pass {} {:?}\n",
            family.id, family.pass, family.wish
        );
        for c in family.children.clone() {
            out += &format!("  child {c} now {:?}:", m.children[c as usize].current);
            for x in m.choices_of(c) {
                out += &format!(" {}.class {} (prio {})", x.rank, x.class, x.priority);
            }
            out += "\n";
        }
    }
    out
}

fn compare(name: &str, market: &Market) -> Best {
    let best = brute_force(market);
    let got = decide(market);
    let only = |f: &&u32| market.families[**f as usize].children.len() == 1;
    let figures = (
        got.blocking.len(),
        got.blocking.iter().filter(only).count() as u32,
        got.placement.with_class(),
        got.rank_sum,
    );
    let expected = (
        best.blocking.len(),
        best.blocking_only_children,
        best.with_class,
        best.rank_sum,
    );
    assert_eq!(
        figures,
        expected,
        "{name}: levels 1 to 3\n{}\n{got:?}\n{best:?}",
        dump(market)
    );
    assert_eq!(
        got.placement,
        best.placement,
        "{name}: level 4\n{}\n{got:?}\n{best:?}",
        dump(market)
    );
    assert_eq!(got.blocking, best.blocking, "{name}: blocking families");
    let p = got.proofs;
    let all = [
        p.blocking_families,
        p.blocking_only_children,
        p.with_class,
        p.rank_sum,
    ];
    assert_eq!(all, [Proof::Proved; 4], "{name}: proofs");
    assert!(p.canonical, "{name}: canonical");
    best
}

/// `ENMUSUBI_ORACLE_MARKETS` raises the number for a longer run.
fn markets() -> u64 {
    std::env::var("ENMUSUBI_ORACLE_MARKETS")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(5_000)
}

fn run(shape: &Shape, seeds: std::ops::Range<u64>) {
    let mut unstable = 0;
    for seed in seeds {
        let market = random_market(seed, shape);
        let best = compare(&format!("seed {seed}"), &market);
        unstable += u32::from(!best.blocking.is_empty());
    }
    println!("{unstable} without a stable placement");
}

#[test]
fn every_level_agrees_on_plain_markets() {
    run(&Shape::plain(), 0..markets());
}

#[test]
fn every_level_agrees_on_tight_markets() {
    run(&Shape::tight(), 0..markets());
}

#[test]
fn every_level_agrees_on_default_markets() {
    run(&Shape::default(), 0..markets());
}

/// Families whose children rank higher where all of them enter: one class twice, with two priorities.
#[test]
fn every_level_agrees_where_the_outcome_decides_the_priority() {
    let mut unstable = 0;
    for seed in 0..markets() {
        let shape = [Shape::plain(), Shape::tight(), Shape::default()];
        let plain = random_market(seed, &shape[(seed % 3) as usize]);
        let market = with_together(&plain, seed);
        market.validate().unwrap();
        let best = compare(&format!("together, seed {seed}"), &market);
        unstable += u32::from(!best.blocking.is_empty());
        let got = decide(&market);
        let verdict = enmusubi_verify::check(&market, &got.placement);
        let theirs: Vec<u32> = verdict.blocking.iter().map(|b| b.family).collect();
        assert!(verdict.violations.is_empty(), "seed {seed}: {verdict:?}");
        assert_eq!(theirs, got.blocking, "seed {seed}");
        assert_eq!(verdict.summary.rank_sum, got.rank_sum, "seed {seed}");
    }
    println!("{unstable} without a stable placement");
}
