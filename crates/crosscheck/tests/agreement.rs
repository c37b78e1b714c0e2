//! The compiled evaluator says of random households what the reference evaluator says, for every criteria file there is.

use enmusubi_criteria::Criteria;
use enmusubi_crosscheck::{compare, compare_errors};
use enmusubi_domain::facts::RoundFacts;
use enmusubi_scoring::Program;
use enmusubi_testkit::{FactShape, random_facts};
use std::path::{Path, PathBuf};

/// Households of one round: few, so that rounds differ in their dates.
const HOUSEHOLDS: u32 = 50;

fn files() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../criteria");
    let mut found = Vec::new();
    let mut folders = vec![root];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "toml") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn read(path: &Path) -> Criteria {
    let name = path.display().to_string();
    let (criteria, _, found) = enmusubi_criteria::read(&name, &std::fs::read(path).unwrap());
    criteria.unwrap_or_else(|| panic!("{name}: {found:#?}"))
}

/// What the evaluators say differently about a round.
fn differences(criteria: &Criteria, program: &Program, facts: &RoundFacts) -> Vec<String> {
    let found = match program.score(facts) {
        Ok(scores) => compare(criteria, facts, &scores),
        Err(errors) => compare_errors(criteria, facts, &errors),
    };
    found.iter().map(|d| d.text().1).collect()
}

#[test]
fn every_file_is_evaluated_alike() {
    let households: u32 = std::env::var("ENMUSUBI_HOUSEHOLDS")
        .map_or(Ok(300), |n| n.parse())
        .expect("ENMUSUBI_HOUSEHOLDS is a number");
    let files = files();
    assert!(files.len() > 12, "{files:?}");
    for path in files {
        let criteria = read(&path);
        let program = Program::compile(&criteria).unwrap();
        for round in 0..households.div_ceil(HOUSEHOLDS) {
            let shape = FactShape {
                certain: [100, 60, 60, 0][round as usize % 4],
                ..FactShape::of(&criteria, HOUSEHOLDS)
            };
            let facts = random_facts(u64::from(round), &shape);
            let found = differences(&criteria, &program, &facts);
            assert!(
                found.is_empty(),
                "{} round {round}: {found:#?}",
                path.display()
            );
        }
    }
}
