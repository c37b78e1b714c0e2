//! Every row of a municipality's file, and every change, is at work in one of its worked examples or at one of its band
//! edges: a row that nobody has seen at work is not signed for.

#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests, where a panic is the message"
)]

use enmusubi_criteria::{Criteria, read};
use enmusubi_scoring::{Program, derivation::RowStatus, edges::edges, examples::facts};
use std::{collections::BTreeSet, fs, path::Path};

/// Ids of rows and changes that some example or edge has at work (counted, outdone by another, excluded, or left undecided).
fn reached(criteria: &Criteria) -> BTreeSet<Box<str>> {
    let program = Program::compile(criteria).unwrap();
    let mut found = BTreeSet::new();
    for case in edges(criteria).into_iter().flat_map(|b| b.cases) {
        found.extend(case.found.into_iter().map(|r| r.row));
    }
    for example in criteria.examples.iter().filter(|e| !e.facts.is_empty()) {
        let case = facts::of(criteria, example).unwrap();
        let derivation = program.derive(criteria, &case.facts, case.choice).unwrap();
        let rows = derivation.tables.into_iter().flat_map(|t| t.rows);
        let rows = rows.filter(|r| !matches!(r.status, RowStatus::Near { .. }));
        found.extend(rows.map(|r| r.id));
        let changes = derivation.values.into_iter().flat_map(|v| v.changes);
        found.extend(changes.map(|c| c.id));
    }
    found
}

/// What no household can bring to work, and why it stands in the file all the same.
const OUT_OF_REACH: &[&str] = &[
    // The lowest that 大津's rows can come to is −2, where its published bound lies.
    "252018-otsu: adjust-least",
];

#[test]
fn every_row_of_a_municipality_is_seen_at_work() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../criteria");
    let mut unseen = Vec::new();
    let mut files = 0;
    for folder in fs::read_dir(root).unwrap() {
        let folder = folder.unwrap().path();
        let name = folder.file_name().unwrap().to_str().unwrap().to_owned();
        // Folders of municipalities begin with their code.
        if !name.starts_with(|c: char| c.is_ascii_digit()) {
            continue;
        }
        for file in fs::read_dir(folder).unwrap() {
            let bytes = fs::read(file.unwrap().path()).unwrap();
            let criteria = read(&name, &bytes).0.unwrap();
            let reached = reached(&criteria);
            let rows = criteria.tables.iter().flat_map(|t| &t.rows).map(|r| &r.id);
            let changes = criteria.values.iter().flat_map(|v| &v.changes);
            let all = rows.chain(changes.map(|c| &c.id));
            unseen.extend(
                all.filter(|id| !reached.contains(*id))
                    .map(|id| format!("{name}: {id}")),
            );
            files += 1;
        }
    }
    assert!(files >= 12, "{files} files");
    unseen.sort();
    assert_eq!(unseen, OUT_OF_REACH);
}
