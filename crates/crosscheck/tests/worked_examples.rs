//! Every worked example of every criteria file holds by both evaluators.

use enmusubi_criteria::{Criteria, Language};
use enmusubi_crosscheck::Plain;
use enmusubi_scoring::examples::{self, Outcome};
use std::{fs, path::PathBuf};

/// Every criteria file of the repository, by its path under `criteria/`.
fn files() -> Vec<(String, Criteria)> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../criteria");
    let mut found = Vec::new();
    for folder in fs::read_dir(&root).unwrap() {
        for file in fs::read_dir(folder.unwrap().path()).unwrap() {
            let path = file.unwrap().path();
            if path.extension().is_none_or(|e| e != "toml") {
                continue;
            }
            let name = path.strip_prefix(&root).unwrap().display().to_string();
            let bytes = fs::read(&path).unwrap();
            let (criteria, _, all) = enmusubi_criteria::read(&name, &bytes);
            let text = enmusubi_criteria::text_of(&bytes);
            let told = all.render(&name, &text, Language::Japanese);
            found.push((name, criteria.unwrap_or_else(|| panic!("{told}"))));
        }
    }
    found.sort_by(|a, b| a.0.cmp(&b.0));
    assert!(found.len() > 40, "{} files", found.len());
    found
}

/// One line for each thing that is not as it should be.
fn wrong(file: &str, outcomes: &[Outcome]) -> Vec<String> {
    let mut lines = Vec::new();
    for o in outcomes.iter().filter(|o| !o.passed()) {
        for p in &o.problems {
            lines.push(format!("{file} {}: {}", o.id, p.what.0));
        }
        for c in o.checks.iter().filter(|c| !c.holds) {
            lines.push(format!(
                "{file} {}: {} {} expected, {} came",
                o.id, c.item, c.expected, c.found
            ));
        }
        if o.checks.is_empty() && o.problems.is_empty() {
            lines.push(format!("{file} {}: expects nothing", o.id));
        }
    }
    lines
}

#[test]
fn by_the_plain_evaluator() {
    let mut lines = Vec::new();
    for (file, criteria) in files() {
        lines.extend(wrong(&file, &examples::run_by(&criteria, &Plain(&criteria))));
    }
    assert!(lines.is_empty(), "{}", lines.join("\n"));
}
