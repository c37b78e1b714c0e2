//! Random criteria × random households: both evaluators say the same of every choice.

use enmusubi_criteria::{Criteria, Diagnostics, judgement::Eligible, types};
use enmusubi_crosscheck::{compare, compare_errors};
use enmusubi_scoring::Program;
use enmusubi_testkit::{FactShape, PolicyShape, random_facts, random_policy};

fn policy(seed: u64) -> Criteria {
    let shape = PolicyShape {
        depth: 1 + (seed % 4) as u32,
        ..PolicyShape::default()
    };
    random_policy(seed, &shape)
}

fn households(seed: u64, criteria: &Criteria, count: u32) -> FactShape {
    FactShape {
        certain: [100, 60, 0][(seed % 3) as usize],
        ..FactShape::of(criteria, count)
    }
}

#[test]
fn random_criteria_pass_the_type_checker() {
    for seed in 0..400 {
        let criteria = policy(seed);
        let mut errors = Diagnostics::default();
        types::check(&criteria, &mut errors);
        assert!(!errors.has_errors(), "seed {seed}: {errors:#?}");
    }
}

#[test]
fn both_evaluators_agree_about_random_criteria() {
    for seed in 0..2000 {
        let criteria = policy(seed);
        let program = Program::compile(&criteria).unwrap();
        let facts = random_facts(seed, &households(seed, &criteria, 12));
        let found = match program.score(&facts) {
            Ok(scores) => compare(&criteria, &facts, &scores),
            Err(errors) => compare_errors(&criteria, &facts, &errors),
        };
        let found: Vec<String> = found.iter().map(|d| d.text().1).collect();
        assert!(found.is_empty(), "seed {seed}: {found:#?}");
    }
}

/// What is compared is worth comparing: much is known, much is not, and choices differ.
#[test]
fn random_criteria_say_something_about_random_households() {
    let (mut choices, mut known, mut unknown, mut refused, mut failed) = (0, 0, 0, 0, 0);
    let mut different = 0;
    for seed in 0..200 {
        let criteria = policy(seed);
        let facts = random_facts(seed, &households(seed, &criteria, 20));
        let mut keys = std::collections::BTreeSet::new();
        for choice in 0..facts.choices.len() as u32 {
            choices += 1;
            match enmusubi_reference::judge(&criteria, &facts, choice) {
                Ok(judgement) => {
                    known += u32::from(judgement.key.iter().all(Option::is_some));
                    unknown += u32::from(judgement.key.contains(&None));
                    refused += u32::from(matches!(judgement.eligibility, Eligible::No(_)));
                    keys.insert(judgement.key);
                }
                Err(_) => failed += 1,
            }
        }
        different += keys.len();
    }
    let figures = format!(
        "{choices} choices, {known} known, {unknown} unknown, {refused} refused, {failed} failed, \
         {different} keys"
    );
    println!("{figures}");
    assert!(known * 4 > choices, "{figures}");
    assert!(unknown * 10 > choices, "{figures}");
    assert!(refused * 20 > choices, "{figures}");
    assert!(failed * 100 < choices, "{figures}");
    assert!(different > 2000, "{figures}");
}
