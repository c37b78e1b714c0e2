//! How often planted rows are found: `cargo run --release -p enmusubi-compare --example rows_found -- FILE KIND SEEDS CHILDREN`
//! (FILE: example, fujisawa; KIND: points, extra, missing, one, two).

use enmusubi_compare::{
    cause::Cause,
    crew::Alone,
    evidence::evidence,
    past::{Base, Past, PastTies},
    search::{Scene, all},
    solve::{Limits, Silent, solve},
    truth::decisions_of,
    world::World,
};
use enmusubi_criteria::{Criteria, expression::Kind, model::Points};
use enmusubi_domain::{
    facts::{Exact, RoundFacts},
    past::{Decision, Decisions, Outcome},
};
use enmusubi_market::{Market, Placement};
use enmusubi_matching::Mechanism;
use enmusubi_scoring::Program;
use enmusubi_selection::compiled::Ties;
use enmusubi_synth::{FactOptions, Form, Options, facts, town};
use std::time::Instant;

const ONE: &[(&str, &str)] = &[
    ("household.tax_exempt", "adjust"),
    ("child.multiple_birth", "adjust"),
    ("household.children_under_18 >= 3", "adjust"),
    ("child.present_care == 'unlicensed'", "adjust"),
    ("guardians.exists(g, g.returning_from_leave)", "adjust"),
    (
        "guardians.all(g, g.commute_minutes >= minutes(45))",
        "adjust",
    ),
];
const TWO: &[(&str, &str)] = &[
    (
        "household.tax_exempt && household.children_under_18 >= 3",
        "adjust",
    ),
    (
        "child.refused_before && child.present_care != 'none'",
        "adjust",
    ),
    ("single && child.age_class <= 1", "adjust"),
    (
        "guardians.exists(g, g.returning_from_leave) && household.preschoolers >= 2",
        "adjust",
    ),
];

/// The decisions; whoever is not in the market was refused.
fn decisions(facts: &RoundFacts, market: &Market, placement: &Placement) -> Decisions {
    let all = facts.children.ids.iter();
    let known: std::collections::HashSet<&str> = market.children.iter().map(|c| &*c.id).collect();
    let others = all
        .filter(|c| !known.contains(&***c))
        .map(|child| Decision {
            child: child.clone(),
            outcome: Outcome::Held,
            row: 0,
        });
    let mut decisions = decisions_of(market, placement);
    decisions.list.extend(others);
    decisions
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let arg = |n: usize, other: &str| args.get(n).cloned().unwrap_or(other.into());
    let (file, kind) = (arg(0, "example"), arg(1, "points"));
    let seeds: u64 = arg(2, "10").parse().unwrap_or(10);
    let children: usize = arg(3, "1500").parse().unwrap_or(1500);
    let path = match &*file {
        "fujisawa" => "criteria/142051-fujisawa/r9.toml",
        _ => "criteria/example/r9.toml",
    };
    let Ok(text) = std::fs::read(path) else {
        return;
    };
    let Some(criteria) = enmusubi_criteria::read(path, &text).0 else {
        return;
    };
    let (mut planted, mut proposed, mut won) = (0, 0, 0);
    for seed in 1..=seeds {
        let made = town(&Options {
            seed,
            children,
            nurseries: children / 26,
            ..Options::default()
        });
        let form = match &*file {
            "fujisawa" => Form::fujisawa(),
            _ => Form::fields(),
        };
        let facts = facts(
            &made,
            &FactOptions {
                seed,
                form,
                missing: 0,
                ..FactOptions::default()
            },
        );
        for (name, cause, same) in plants(&criteria, &facts, &kind, seed) {
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
            let theirs = match World::of(past(&none), std::slice::from_ref(&cause)) {
                Ok(world) => world,
                Err(_) => {
                    println!("{seed} {name}: not planted");
                    continue;
                }
            };
            let ours = match World::of(past(&none), &[]) {
                Ok(world) => world,
                Err(e) => {
                    println!(
                        "{seed}: {}",
                        format!("{e:?}").chars().take(200).collect::<String>()
                    );
                    continue;
                }
            };
            let placement = theirs.place();
            let decided = decisions(&facts, &theirs.market, &placement);
            let Ok(world) = World::of(past(&decided), &[]) else {
                continue;
            };
            let (differing, _) = world.truth.differing(&world.market, &ours.place());
            if differing.is_empty() {
                continue;
            }
            planted += 1;
            let evidence = evidence(&world);
            let placement = world.place();
            let scene = Scene {
                world: &world,
                evidence: &evidence,
                placement: &placement,
                differing: &differing,
                crew: &Alone,
                effort: u32::MAX,
            };
            let start = Instant::now();
            let proposers = all();
            let proposals: Vec<_> = proposers.iter().flat_map(|p| p.propose(&scene)).collect();
            let took = start.elapsed();
            let rank = proposals.iter().position(|p| same(&p.cause));
            proposed += u32::from(rank.is_some());
            let start = Instant::now();
            let limits = Limits::for_children(children);
            let Ok(solution) = solve(past(&decided), &[], &proposers, limits, &Alone, &Silent)
            else {
                continue;
            };
            let hit = solution
                .mended
                .iter()
                .position(|m| same(&m.cause) || m.class.iter().any(&same));
            won += u32::from(hit == Some(0));
            if hit != Some(0) || solution.mended.len() > 1 || seed == 1 {
                println!(
                    "{seed} {name}: differing {}, units {}, rank {rank:?} of {}, {:?}; hit {hit:?}; left {}; solve {:?}",
                    differing.len(),
                    evidence.units,
                    proposals.len(),
                    took,
                    solution
                        .mended
                        .last()
                        .map_or(differing.len() as u32, |m| m.differing),
                    start.elapsed(),
                );
                for p in proposals.iter().take(3) {
                    println!("      proposed {} {:?}", p.promise, p.cause);
                }
                for m in &solution.mended {
                    println!(
                        "      mended {:?} (+{}) → {} / {}",
                        m.cause,
                        m.class.len(),
                        m.differing,
                        m.units
                    );
                }
            }
        }
    }
    println!("{file} {kind}: planted {planted}, proposed {proposed}, won {won}");
}

type Same = Box<dyn Fn(&Cause) -> bool>;

fn plants(
    criteria: &Criteria,
    facts: &RoundFacts,
    kind: &str,
    seed: u64,
) -> Vec<(String, Cause, Same)> {
    let Ok(program) = Program::compile(criteria) else {
        return Vec::new();
    };
    let contributions = program.contributions(facts);
    let mut rows = Vec::new();
    for (t, table) in criteria.tables.iter().enumerate() {
        for (r, row) in table.rows.iter().enumerate() {
            if let Points::Expression(e) = &row.points
                && let Kind::Number(points) = e.kind
                && contributions.of(t as u32, r as u32).len() >= 12
            {
                rows.push((row.id.clone(), points, table.id.clone()));
            }
        }
    }
    let by = |n: u64| [2, -2, 3, -3, 5, -5, 1, -1, 10, -4][(seed + n) as usize % 10];
    let step = rows.len() / 4;
    (0..4u64)
        .filter_map(|n| {
            let (id, points, _) =
                rows[((n as usize) * step.max(1) + (seed as usize * 7)) % rows.len()].clone();
            match kind {
                "points" => {
                    let theirs = points.plus(Exact::whole(by(n)))?;
                    let of = id.clone();
                    let same: Same =
                        Box::new(move |c| matches!(c, Cause::RowPoints { row, .. } if *row == of));
                    Some((
                        format!("{id} {points} → {theirs}"),
                        Cause::RowPoints { row: id, theirs },
                        same,
                    ))
                }
                "extra" => {
                    let of = id.clone();
                    let same: Same =
                        Box::new(move |c| matches!(c, Cause::RowExtra { row } if *row == of));
                    Some((
                        format!("without {id} {points}"),
                        Cause::RowExtra { row: id },
                        same,
                    ))
                }
                _ => {
                    let list = if kind == "two" { TWO } else { ONE };
                    let (when, table) = list[(n as usize + seed as usize) % list.len()];
                    let table = if criteria.tables.iter().any(|t| *t.id == *table) {
                        table
                    } else {
                        "A2"
                    };
                    let cause = Cause::RowMissing {
                        table: table.into(),
                        when: when.into(),
                        points: Exact::whole(by(n)),
                    };
                    let same: Same = Box::new(
                        move |c| matches!(c, Cause::RowMissing { when: w, .. } if **w == *when),
                    );
                    Some((format!("{when} {}", by(n)), cause, same))
                }
            }
        })
        .collect()
}
