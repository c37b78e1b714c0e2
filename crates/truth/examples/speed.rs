//! How long a comparison takes: `cargo run --release -p enmusubi-truth --example speed -- 8000`.

mod common;

use common::{Args, Threads, end, number, print_table, settled_town, solved_timed, ties};
use enmusubi_compare::{evidence::evidence, world::World};
use enmusubi_truth::{judge, plant_many};
use std::time::Instant;

fn main() {
    let args = Args::read(3, 8000);
    let children = args.rest.first().map_or(args.children, |n| number(n));
    let criteria = args.read_criteria();
    let mut rows = Vec::new();
    for r in 0..args.rounds {
        let seed = args.seed + r;
        let facts = settled_town(&criteria, seed, children);
        let Some(planted) = plant_many(args.causes, &facts, &criteria, &ties(), seed) else {
            end("nothing could be planted");
        };
        let start = Instant::now();
        let Ok(world) = World::of(planted.past(), &[]) else {
            end("the round cannot be compared");
        };
        let made = start.elapsed().as_secs_f64();
        let start = Instant::now();
        let _ = world.place();
        let placed = start.elapsed().as_secs_f64();
        let start = Instant::now();
        let _ = evidence(&world);
        let seen = start.elapsed().as_secs_f64();
        if args.verbose {
            for c in &planted.causes {
                println!("planted {:?}", c.cause);
            }
        }
        let (solution, seconds, each) = solved_timed(&planted, &Threads(args.threads));
        if args.verbose {
            let each: Vec<String> = each.iter().map(|s| format!("{s:.2}")).collect();
            println!("proposers: {}", each.join(" "));
            for m in solution.iter().flat_map(|s| &s.mended) {
                println!(
                    "found {:?}: {} differ, {} units, {} alike",
                    m.cause,
                    m.differing,
                    m.units,
                    m.class.len()
                );
            }
        }
        let Some(solution) = solution else {
            continue;
        };
        let verdict = judge(&planted, &solution);
        rows.push(vec![
            seed.to_string(),
            verdict.compared.to_string(),
            planted.causes.len().to_string(),
            format!("{made:.3}"),
            format!("{placed:.3}"),
            format!("{seen:.3}"),
            format!("{seconds:.2}"),
            solution.mended.len().to_string(),
            format!(
                "{} → {}",
                verdict.agree_before,
                verdict.agree_after(usize::MAX)
            ),
            solution.exhausted.to_string(),
        ]);
        eprintln!("{}", rows.last().map_or(String::new(), |r| r.join(" | ")));
    }
    println!(
        "{children} children, {} threads, {}",
        args.threads,
        args.criteria.display()
    );
    print_table(
        &[
            "seed",
            "compared",
            "causes planted",
            "world s",
            "place s",
            "evidence s",
            "solve s",
            "causes mended",
            "agree",
            "out of replays",
        ],
        &rows,
    );
}
