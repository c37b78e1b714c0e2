//! Criteria whose rows can only gain: more of a claimed fact lowers no key. And a lie is found.

use enmusubi_criteria::{
    Criteria, Diagnostics,
    expression::{Expression, Kind},
    model::{Better, Points},
    types,
};
use enmusubi_crosscheck::monotone::{Keys, Violation, violations};
use enmusubi_domain::facts::{Exact, RoundFacts};
use enmusubi_scoring::Program;
use enmusubi_testkit::{FactShape, interesting_numbers, monotone_policy, random_facts};
use std::{fs, path::Path};

/// Keys by the reference evaluator.
fn reference(criteria: &Criteria, facts: &RoundFacts) -> Keys {
    (0..facts.choices.len() as u32)
        .map(|choice| enmusubi_reference::judge(criteria, facts, choice).map(|j| j.key))
        .collect::<Result<_, _>>()
        .ok()
}

fn tried(criteria: &Criteria, seed: u64) -> Vec<Violation> {
    let shape = FactShape {
        certain: [100, 60][(seed % 2) as usize],
        ..FactShape::of(criteria, 20)
    };
    let facts = random_facts(seed, &shape);
    let numbers = interesting_numbers(criteria);
    violations(criteria, &facts, &numbers, seed, |facts| {
        reference(criteria, facts)
    })
}

#[test]
fn more_of_a_favourable_fact_never_lowers_a_key() {
    for seed in 0..400 {
        let criteria = monotone_policy(seed);
        let mut errors = Diagnostics::default();
        types::check(&criteria, &mut errors);
        assert!(!errors.has_errors(), "seed {seed}: {errors:#?}");
        let found = tried(&criteria, seed);
        assert!(
            found.is_empty(),
            "seed {seed}: {}",
            found[0].text(&criteria).1
        );
    }
}

/// What the shipped files claim of themselves holds, by the compiled evaluator, on random households. Seeds by
/// `ENMUSUBI_CLAIM_SEEDS`.
#[test]
fn the_claims_of_every_file_hold() {
    let seeds: u64 = std::env::var("ENMUSUBI_CLAIM_SEEDS")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(20);
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../criteria");
    let (mut claims, mut wrong) = (0, Vec::new());
    for folder in fs::read_dir(root).unwrap() {
        for file in fs::read_dir(folder.unwrap().path()).unwrap() {
            let path = file.unwrap().path();
            let name = path.display().to_string();
            let (criteria, ..) = enmusubi_criteria::read(&name, &fs::read(&path).unwrap());
            let criteria = criteria.unwrap();
            claims += criteria.monotone.len();
            let program = Program::compile(&criteria).unwrap();
            let numbers = interesting_numbers(&criteria);
            for seed in 0..seeds {
                let shape = FactShape {
                    certain: [100, 60][(seed % 2) as usize],
                    ..FactShape::of(&criteria, 20)
                };
                let facts = random_facts(seed, &shape);
                let found = violations(&criteria, &facts, &numbers, seed, |facts| {
                    let scores = program.score(facts).ok()?;
                    let choices = 0..facts.choices.len() as u32;
                    Some(choices.map(|c| scores.key(c).to_vec()).collect())
                });
                let told = found.iter().take(1);
                wrong.extend(told.map(|v| format!("{name} seed {seed}: {}", v.text(&criteria).1)));
            }
        }
    }
    assert!(claims > 100, "{claims} claims");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The same criteria with every claim turned round: most of them must be found out.
#[test]
fn claims_the_wrong_way_round_are_found() {
    let mut lies_found = 0;
    for seed in 0..100 {
        let mut criteria = monotone_policy(seed);
        for claim in &mut criteria.monotone {
            claim.better = match claim.better {
                Better::More => Better::Less,
                Better::Less => Better::More,
            };
        }
        lies_found += u32::from(!tried(&criteria, seed).is_empty());
    }
    assert!(lies_found > 80, "{lies_found} of 100");
}

/// One row that takes points away from those who work more.
#[test]
fn one_planted_row_is_found_and_named() {
    let mut criteria = monotone_policy(3);
    let table = &mut criteria.tables[0];
    let row = table.rows.iter_mut().find(|r| &*r.id == "work-more");
    let row = row.expect("every such table has it");
    row.points = Points::Expression(Expression {
        kind: Kind::Number(Exact::whole(-5)),
        span: 0..0,
    });
    for row in &mut table.rows {
        if row.id.starts_with("other") {
            row.points = row_points(-6);
        }
    }
    let found: Vec<Violation> = (0..20).flat_map(|seed| tried(&criteria, seed)).collect();
    let hours = found.iter().find(|v| {
        let claim = &criteria.monotone[v.claim as usize];
        enmusubi_domain::facts::vocabulary::VOCABULARY[claim.attribute as usize].name
            == "work_hours_per_month"
    });
    let (ja, en) = hours.expect("found").text(&criteria);
    assert!(
        ja.contains("月就労時間（guardian.work_hours_per_month）が「"),
        "{ja}"
    );
    assert!(en.contains("the key A of child"), "{en}");
    assert!(hours.is_some_and(|v| v.after < v.before), "{en}");
}

fn row_points(n: i64) -> Points {
    Points::Expression(Expression {
        kind: Kind::Number(Exact::whole(n)),
        span: 0..0,
    })
}
