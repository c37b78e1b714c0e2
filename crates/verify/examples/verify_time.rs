//! Times the checker on town-like markets: `cargo run --release -p enmusubi-verify --example verify_time`.
//!
//! The placement is that of `index-order`: feasible, not quite stable, made by the replay itself, so
//! no engine is needed.

use enmusubi_market::Placement;
use enmusubi_testkit::{ChildSpec, MarketBuilder, Town, WishSpec, town};
use enmusubi_verify::{Mechanism, check, replay};
use std::time::Instant;

fn main() {
    let shapes = [
        (
            "8,000 × 10",
            Town {
                nurseries: 311,
                ..Town::of(8_000)
            },
        ),
        (
            "20,000 × 20",
            Town {
                nurseries: 1_200,
                choices: 20,
                ..Town::of(20_000)
            },
        ),
        (
            "hard 20,000 × 20",
            Town {
                nurseries: 1_200,
                choices: 20,
                ..Town::hard(20_000)
            },
        ),
        (
            "3,000 × 40, 40 % siblings",
            Town {
                choices: 40,
                triples: 50,
                siblings: 40,
                ..Town::of(3_000)
            },
        ),
    ];
    for (name, shape) in shapes {
        let start = Instant::now();
        let market = town(1, &shape);
        let made_ms = start.elapsed().as_millis();
        for mechanism in [Mechanism::IndexOrder, Mechanism::ChoiceOrder] {
            let start = Instant::now();
            let replayed = replay(&market, mechanism);
            let replay_ms = start.elapsed().as_millis();
            let start = Instant::now();
            let s = check(&market, &replayed.placement).summary();
            println!(
                "{name}, {mechanism:?}: market {made_ms} ms, replay {replay_ms} ms ({} unfinished), check {:.1} ms; \
                 {} of {} with a class, {} families block at {} positions, rank sum {}",
                replayed.unfinished.len(),
                start.elapsed().as_secs_f64() * 1e3,
                s.with_class,
                s.children,
                s.blocking_families,
                s.blocking_positions,
                s.rank_sum,
            );
        }
        let start = Instant::now();
        let s = check(&market, &Placement::as_now(&market)).summary();
        let ms = start.elapsed().as_secs_f64() * 1e3;
        println!(
            "{name}, nobody placed: check {ms:.1} ms, {} positions",
            s.blocking_positions
        );
    }
    for n in 3..=5u32 {
        for code in [1, 2, 4, 7] {
            big_family(n, code);
        }
    }
}

/// One family with 40 choices per child against an only child at each nursery.
fn big_family(n: u32, code: u8) {
    let mut b = MarketBuilder::default();
    let mut classes = Vec::new();
    for i in 0..40 {
        let id = b.nursery(&format!("n{i:02}"));
        let group = b.group(2, 1);
        classes.push(
            (0..6)
                .map(|a| b.class_in(id, a, group, 1, true, None))
                .collect::<Vec<_>>(),
        );
    }
    let ages: Vec<u8> = (0..n as u8).rev().collect();
    let children: Vec<ChildSpec> = ages
        .iter()
        .enumerate()
        .map(|(i, &a)| {
            let choices = (0..40)
                .map(|r| (classes[(r * (i + 1) + i) % 40][a as usize], 100))
                .collect();
            ChildSpec {
                id: format!("c{i}"),
                age: a,
                current: None,
                choices,
            }
        })
        .collect();
    b.family("f", WishSpec::code(code), 0, 1, &children);
    for (i, k) in classes.iter().enumerate() {
        let id = format!("g{i:02}");
        let child = ChildSpec {
            id: id.clone(),
            age: 0,
            current: None,
            choices: vec![(k[0], i as u32 + 1)],
        };
        b.family(&id, WishSpec::code(code), 0, 2, &[child]);
    }
    let market = b.build();
    for (name, mechanism) in [
        ("nobody placed", None),
        ("family first", Some(Mechanism::IndexOrder)),
    ] {
        let placement = mechanism.map_or_else(
            || Placement::as_now(&market),
            |m| replay(&market, m).placement,
        );
        let start = Instant::now();
        let verdict = check(&market, &placement);
        println!(
            "{n} siblings × 40, code {code}, {name}: check {:.1} ms, {} positions, {} unfinished",
            start.elapsed().as_secs_f64() * 1e3,
            verdict.summary().blocking_positions,
            verdict.unfinished.len()
        );
    }
}
