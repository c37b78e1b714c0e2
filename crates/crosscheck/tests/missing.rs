//! An undecided choice names what would settle it: with all of that known it is decided, and nothing that is known is named.

use enmusubi_criteria::{Criteria, judgement::Missing};
use enmusubi_domain::facts::{AttributeIx, Exact, RoundFacts, Type, Value, vocabulary::VOCABULARY};
use enmusubi_scoring::Program;
use enmusubi_testkit::{
    FactShape, PolicyShape, SplitMix64, interesting_numbers, random_facts, random_policy,
};

/// What was tried.
#[derive(Debug, Default)]
struct Tally {
    /// Facts that were named.
    named: u64,
    /// Choices that were settled by facts alone.
    settled: u64,
}

/// Some value of an attribute.
fn some(
    rng: &mut SplitMix64,
    facts: &mut RoundFacts,
    attribute: AttributeIx,
    numbers: &[Exact],
) -> Value {
    match VOCABULARY[attribute as usize].ty {
        Type::Bool => Value::Bool(rng.percent(50)),
        Type::Number | Type::Quantity(_) => Value::Number(*rng.pick(numbers)),
        Type::Date => {
            let days = i64::from(rng.between(0, 2000)) - 1000;
            let moved = facts.info.base_date.checked_add(jiff_days(days));
            Value::Date(moved.unwrap_or(facts.info.base_date))
        }
        Type::Enum(e) => Value::Enum(rng.below(e.values.len() as u32) as u8),
        Type::Set(e) => Value::Set(rng.bits() & ((1u64 << (e.values.len() - 1)) - 1)),
        Type::Text => Value::Symbol(rng.below(facts.symbols.len() as u32)),
        Type::Texts => {
            facts.symbols.lists.push(vec![0]);
            Value::Symbols(facts.symbols.lists.len() as u32 - 1)
        }
    }
}

fn jiff_days(days: i64) -> jiff::Span {
    jiff::Span::new().days(days)
}

/// Settles every undecided choice (up to a few) with what it names, one after the other.
fn settled(criteria: &Criteria, seed: u64, tally: &mut Tally) {
    let program = Program::compile(criteria).expect("a checked file");
    let shape = FactShape {
        certain: 40,
        ..FactShape::of(criteria, 6)
    };
    let facts = random_facts(seed, &shape);
    let Ok(scores) = program.score(&facts) else {
        return;
    };
    let mut numbers = interesting_numbers(criteria);
    numbers.push(Exact::ONE);
    let mut rng = SplitMix64::new(seed);
    for undecided in scores.undecided.iter().take(6) {
        assert!(!undecided.missing.is_empty(), "seed {seed}: {undecided:?}");
        let mut facts = facts.clone();
        let mut only_facts = true;
        for missing in &undecided.missing {
            match missing {
                Missing::Fact(entity, subject, attribute) => {
                    let known = facts.table(*entity).get(*subject, *attribute);
                    assert_eq!(known, Value::Unknown, "seed {seed}: {missing:?} is known");
                    let value = some(&mut rng, &mut facts, *attribute, &numbers);
                    facts.table_mut(*entity).set(*subject, *attribute, value);
                    tally.named += 1;
                }
                // Nobody can settle these by a paper.
                Missing::Judgement(..) | Missing::ToBeFilled(_) | Missing::Nothing(_) => {
                    only_facts = false;
                }
            }
        }
        if !only_facts {
            continue;
        }
        let Ok(after) = program.score(&facts) else {
            continue;
        };
        tally.settled += 1;
        let left = (after.undecided.iter()).find(|u| u.choice == undecided.choice);
        // A list may turn out to be empty, a table to have no row, a judgement to be needed: what no fact settles.
        let more = left.iter().flat_map(|u| &u.missing);
        let facts_left: Vec<_> = more.filter(|m| matches!(m, Missing::Fact(..))).collect();
        assert!(
            facts_left.is_empty(),
            "seed {seed}, choice {}: {:?} were named, and with them known {facts_left:?} are",
            undecided.choice,
            undecided.missing
        );
    }
}

#[test]
fn what_is_named_settles_random_criteria() {
    let mut tally = Tally::default();
    for seed in 0..600 {
        let shape = PolicyShape {
            depth: 1 + (seed % 4) as u32,
            ..PolicyShape::default()
        };
        settled(&random_policy(seed, &shape), seed, &mut tally);
    }
    assert!(tally.named > 1000 && tally.settled > 500, "{tally:?}");
}

#[test]
fn what_is_named_settles_fujisawa() {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../criteria/142051-fujisawa/r9.toml"
    );
    let (criteria, _, found) =
        enmusubi_criteria::read(path, &std::fs::read(path).expect("readable"));
    let criteria = criteria.unwrap_or_else(|| panic!("{found:#?}"));
    let mut tally = Tally::default();
    for seed in 0..60 {
        settled(&criteria, seed, &mut tally);
    }
    assert!(tally.named > 300 && tally.settled > 100, "{tally:?}");
}
