//! The compiled evaluator says of random households what the reference evaluator says, for every criteria file there is.

use enmusubi_criteria::{Criteria, judgement::Eligible};
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
        for entry in std::fs::read_dir(&folder).expect("criteria/") {
            let path = entry.expect("readable").path();
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
    let (criteria, _, found) =
        enmusubi_criteria::read(&name, &std::fs::read(path).expect("readable"));
    criteria.unwrap_or_else(|| panic!("{name}: {found:#?}"))
}

/// What was compared.
#[derive(Debug, Default)]
struct Tally {
    choices: u64,
    decided: u64,
    undecided: u64,
    refused: u64,
}

/// Judges a round twice and tells what differs.
fn differences(
    criteria: &Criteria,
    program: &Program,
    facts: &RoundFacts,
    tally: &mut Tally,
) -> Vec<String> {
    tally.choices += facts.choices.len() as u64;
    let found = match program.score(facts) {
        Ok(scores) => {
            tally.undecided += scores.undecided.len() as u64;
            let refused = scores.eligibility.iter();
            tally.refused += refused.filter(|e| matches!(e, Eligible::No(_))).count() as u64;
            compare(criteria, facts, &scores)
        }
        Err(errors) => compare_errors(criteria, facts, &errors),
    };
    tally.decided = tally.choices - tally.undecided - tally.refused;
    found.iter().map(|d| d.text().1).collect()
}

/// Some of the rounds of a file: every `step`th from `first` on.
fn rounds(path: &Path, criteria: &Criteria, first: u32, step: usize, households: u32) -> Tally {
    let program = Program::compile(criteria).expect("a checked file");
    let mut tally = Tally::default();
    for round in (first..households.div_ceil(HOUSEHOLDS)).step_by(step) {
        let shape = FactShape {
            certain: [100, 60, 60, 0][round as usize % 4],
            ..FactShape::of(criteria, HOUSEHOLDS)
        };
        let facts = random_facts(u64::from(round), &shape);
        let found = differences(criteria, &program, &facts, &mut tally);
        assert!(
            found.is_empty(),
            "{} round {round}: {found:#?}",
            path.display()
        );
    }
    tally
}

/// `ENMUSUBI_HOUSEHOLDS` sets how many households each file is tried on.
#[test]
fn every_file_is_evaluated_alike() {
    let households: u32 = std::env::var("ENMUSUBI_HOUSEHOLDS")
        .map_or(Ok(300), |n| n.parse())
        .expect("ENMUSUBI_HOUSEHOLDS is a number");
    let files = files();
    assert!(files.len() > 12, "{files:?}");
    let mut all = Tally::default();
    for path in files {
        let criteria = read(&path);
        let tallies = std::thread::scope(|scope| {
            let (path, criteria) = (&path, &criteria);
            let threads: Vec<_> = (0..2)
                .map(|first| scope.spawn(move || rounds(path, criteria, first, 2, households)))
                .collect();
            threads.into_iter().map(|t| t.join()).collect::<Vec<_>>()
        });
        for tally in tallies {
            let tally = tally.expect("no difference");
            all.choices += tally.choices;
            all.decided += tally.decided;
            all.undecided += tally.undecided;
            all.refused += tally.refused;
        }
        println!("{}: {all:?} so far", path.display());
    }
    // What is compared is worth comparing.
    assert!(all.decided * 4 > all.choices, "{all:?}");
    assert!(all.undecided * 10 > all.choices, "{all:?}");
    assert!(all.refused * 50 > all.choices, "{all:?}");
}

/// Conditions that name the one before twice: whoever looked into each mention would take until the end of
/// days, and whoever nests too deep would fall over.
#[test]
fn conditions_that_double_are_worked_out_once() {
    use enmusubi_domain::facts::{Entity, Value, vocabulary::find};
    let mut text = String::from(
        "[criteria]\nkind = \"structure\"\nname = \"市\"\nfiscal_year = 2027\ntitle = \"基準\"\n",
    );
    for i in 0..120 {
        let when = match i {
            0 => "household.welfare".to_owned(),
            _ => format!("c{0} || c{0}", i - 1),
        };
        text += &format!("[[condition]]\nid = \"c{i}\"\nlabel = \"c\"\nwhen = \"{when}\"\n");
    }
    text += "[[key]]\nid = \"k\"\nlabel = \"k\"\nvalue = \"c119\"\n[ties]\nleft = \"stop\"\n";
    let (criteria, _, all) = enmusubi_criteria::read("c.toml", text.as_bytes());
    let criteria = criteria.unwrap_or_else(|| panic!("{all:?}"));
    let mut facts = random_facts(1, &FactShape::of(&criteria, 1));
    let welfare = find(Entity::Household, "welfare").expect("in the vocabulary");
    for value in [Value::Unknown, Value::Bool(false)] {
        let known = value != Value::Unknown;
        facts.households.set(0, welfare, value);
        facts.complete();
        let program = Program::compile(&criteria).expect("a checked file");
        let scores = program.score(&facts).expect("no arithmetic");
        for choice in 0..facts.choices.len() as u32 {
            let child = facts.child_of(choice);
            let plain = enmusubi_reference::judge(&criteria, &facts, choice);
            assert_eq!(plain.as_ref(), Ok(&scores.judgement(choice, child)));
            let derived = program.derive(&criteria, &facts, choice);
            assert!(derived.is_ok());
        }
        assert_eq!(scores.undecided.is_empty(), known);
    }
}
