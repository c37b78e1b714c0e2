//! What a derivation shows adds up to the key that was scored, for random households and every criteria
//! file of the repository.

#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests, where a panic is the failure"
)]

use enmusubi_criteria::Criteria;
use enmusubi_domain::facts::Exact;
use enmusubi_scoring::{
    Derivation, Program,
    derivation::{EffectName, RowLine, RowStatus, TableLine, TakeName, ValueLine},
    text::{Reader, derivation_text},
};
use enmusubi_testkit::{FactShape, random_facts};
use std::path::{Path, PathBuf};

fn files() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../criteria");
    let mut files = Vec::new();
    for folder in std::fs::read_dir(root).unwrap() {
        let folder = folder.unwrap().path();
        if !folder.is_dir() {
            continue;
        }
        for file in std::fs::read_dir(folder).unwrap() {
            let file = file.unwrap().path();
            if file.extension().is_some_and(|e| e == "toml") {
                files.push(file);
            }
        }
    }
    files.sort();
    files
}

fn number(text: &str) -> Exact {
    Exact::parse(text).unwrap_or_else(|| panic!("{text}"))
}

fn counts(row: &RowLine) -> bool {
    matches!(
        row.status,
        RowStatus::Counted | RowStatus::Declared { counted: true, .. }
    )
}

/// The counted rows give the points, where no bound is at work in between.
fn table_adds_up(table: &TableLine) -> bool {
    let Some(points) = &table.points else {
        return false;
    };
    let counted: Vec<Exact> = table
        .rows
        .iter()
        .filter(|r| counts(r))
        .map(|r| number(r.points.as_deref().unwrap()))
        .collect();
    if table.otherwise {
        assert!(counted.is_empty());
        return false;
    }
    if !table.groups.is_empty() {
        return false;
    }
    let shown = number(table.before_bound.as_deref().unwrap_or(points));
    let total = counted.iter().try_fold(Exact::ZERO, |sum, p| sum.plus(*p));
    assert_eq!(total, Some(shown), "{}: {table:#?}", table.id);
    // A group of its own may count several rows; the table itself counts one unless it adds.
    if table.take != TakeName::Sum && table.rows.iter().all(|r| r.group.is_none()) {
        assert_eq!(counted.len(), 1, "{}", table.id);
    }
    true
}

/// The terms give the start, and each change what stands after it.
fn value_adds_up(value: &ValueLine) -> bool {
    let terms: Option<Vec<Exact>> = value
        .terms
        .iter()
        .map(|t| {
            let n = number(t.value.as_deref()?);
            if t.minus { n.negated() } else { Some(n) }
        })
        .collect();
    let sum = terms.and_then(|t| t.iter().try_fold(Exact::ZERO, |sum, n| sum.plus(*n)));
    let start = value.start.as_deref().map(number);
    if start.is_some() {
        assert_eq!(sum, start, "{value:#?}");
    }
    let mut at = start;
    for change in &value.changes {
        let by = change.operand.as_deref().map(number);
        at = match (change.holds, change.effect) {
            (None, _) => None,
            (_, EffectName::Set) => by,
            (_, effect) => at.zip(by).and_then(|(at, by)| match effect {
                EffectName::Set => None,
                EffectName::Add => at.plus(by),
                EffectName::Multiply => at.times(by),
                EffectName::AtMost => Some(at.min(by)),
                EffectName::AtLeast => Some(at.max(by)),
            }),
        };
        assert_eq!(at, change.after.as_deref().map(number), "{value:#?}");
    }
    assert_eq!(at, value.value.as_deref().map(number), "{value:#?}");
    at.is_some()
}

/// A key that names a value or a table is what is shown there.
fn key_is_the_value(derivation: &Derivation) -> u32 {
    let mut checked = 0;
    for key in &derivation.key {
        let value = derivation.values.iter().find(|v| v.id == key.expression);
        let table = derivation.tables.iter().find(|t| t.id == key.expression);
        let shown = match (value, table) {
            (Some(value), _) => &value.value,
            (_, Some(table)) if table.who.is_none() => &table.points,
            _ => continue,
        };
        // Coupled with siblings it is theirs.
        if key.own.is_none() {
            assert_eq!(key.number, *shown, "{}", key.id);
            checked += 1;
        }
    }
    checked
}

/// No family reads an id of a subject, and no text has a hole.
fn texts_are_whole(derivation: &Derivation) {
    for reader in [
        Reader::Staff,
        Reader::StaffEnglish,
        Reader::Parent,
        Reader::ParentPlain,
    ] {
        let text = derivation_text(derivation, reader);
        assert!(!text.contains('{'), "{text}");
        if matches!(reader, Reader::Parent | Reader::ParentPlain) {
            for id in [&derivation.child, &derivation.household] {
                assert!(!text.contains(&**id), "{id}: {text}");
            }
        }
    }
}

#[test]
fn derivations_add_up_to_the_keys() {
    let (mut choices, mut tables, mut values, mut keys, mut near, mut changes) = (0, 0, 0, 0, 0, 0);
    for (seed, path) in (0u64..).zip(files()) {
        let bytes = std::fs::read(&path).unwrap();
        let (criteria, _, problems) = enmusubi_criteria::read("criteria", &bytes);
        let criteria: Criteria = criteria.unwrap_or_else(|| panic!("{path:?}: {problems:?}"));
        let program = Program::compile(&criteria).unwrap();
        let facts = random_facts(seed, &FactShape::of(&criteria, 3));
        let Ok(scores) = program.score(&facts) else {
            continue;
        };
        for choice in 0..facts.choices.len() as u32 {
            let derivation = program.derive(&criteria, &facts, choice).unwrap();
            let shown: Vec<Option<Exact>> = derivation
                .key
                .iter()
                .filter(|k| !k.to_be_filled)
                .map(|k| k.number.as_deref().map(number))
                .collect();
            assert_eq!(shown, scores.key(choice), "{path:?} {choice}");
            choices += 1;
            tables += derivation
                .tables
                .iter()
                .filter(|t| table_adds_up(t))
                .count();
            values += derivation
                .values
                .iter()
                .filter(|v| value_adds_up(v))
                .count();
            keys += key_is_the_value(&derivation);
            let rows = derivation.tables.iter().flat_map(|t| &t.rows);
            near += rows
                .filter(|r| matches!(r.status, RowStatus::Near { .. }))
                .count();
            changes += derivation.changes.len();
            texts_are_whole(&derivation);
        }
    }
    let figures = format!(
        "{choices} choices, {tables} tables, {values} values, {keys} keys, {near} near rows, {changes} changes"
    );
    println!("{figures}");
    assert!(choices > 300 && tables > 500 && values > 100, "{figures}");
    assert!(keys > 100 && near > 500 && changes > 300, "{figures}");
}
