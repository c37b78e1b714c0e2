//! How long worlds, evidence and replays take: `cargo run --release -p enmusubi-compare --example world_time -- 8000`.

use enmusubi_compare::{
    cause::{Cause, KeyOrder},
    evidence::evidence,
    past::{Base, Past, PastTies},
    truth::decisions_of,
    world::World,
};
use enmusubi_domain::past::Decisions;
use enmusubi_matching::{Effort, Mechanism};
use enmusubi_selection::compiled::Ties;
use enmusubi_synth::{FactOptions, Form, Options, facts, town};
use std::time::Instant;

fn main() {
    let mut args = std::env::args().skip(1);
    let children: usize = args.next().and_then(|a| a.parse().ok()).unwrap_or(8000);
    let text = include_bytes!("../../../criteria/example/r9.toml");
    let Some(criteria) = enmusubi_criteria::read("r9.toml", text).0 else {
        return;
    };
    for seed in 1..=3 {
        let made = town(&Options {
            seed,
            children,
            nurseries: children / 26,
            ..Options::default()
        });
        let facts = facts(
            &made,
            &FactOptions {
                seed,
                form: Form::fields(),
                ..FactOptions::default()
            },
        );
        let ties = PastTies::Rule(Ties::Lottery("R9".into()));
        let none = Decisions::default();
        let past = |decisions| Past {
            base: Base::Facts {
                facts: &facts,
                criteria: &criteria,
            },
            decisions,
            ties: &ties,
            mechanism: Mechanism::Stable,
        };
        let timed = |name: &str, work: &mut dyn FnMut()| {
            let start = Instant::now();
            work();
            println!(
                "{seed} {name}: {:.1} ms",
                start.elapsed().as_secs_f64() * 1e3
            );
        };
        let Ok(world) = World::of(past(&none), &[]) else {
            return;
        };
        let placement = world.place_with(Effort::Proved);
        let theirs = decisions_of(&world.market, &placement);
        timed("of", &mut || {
            let _ = World::of(past(&theirs), &[]);
        });
        let Ok(world) = World::of(past(&theirs), &[]) else {
            return;
        };
        timed("with key order", &mut || {
            let _ = world.with(&Cause::KeyOrder(KeyOrder::Flip(1)));
        });
        timed("with seats", &mut || {
            let class = enmusubi_compare::world::edit::class_id(&world.market, 0);
            let _ = world.with(&Cause::Seats { class, by: 1 });
        });
        timed("evidence", &mut || {
            let _ = evidence(&world);
        });
        timed("place witness", &mut || {
            let _ = world.place_with(Effort::Witness);
        });
        timed("place proved", &mut || {
            let _ = world.place_with(Effort::Proved);
        });
        let witness = world.place_with(Effort::Witness);
        let (differing, _) = world.truth.differing(&world.market, &witness);
        println!("witness differs from proved: {}", differing.len());
    }
}
