//! `docs/criteria-coverage.md`: everything it names is real, no line is empty, and nothing is left out.

#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests, where a panic is the message"
)]

use enmusubi_criteria::{Criteria, read};
use enmusubi_domain::facts::vocabulary::VOCABULARY;
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Sections of a file that have no ids, where the file has them.
fn sections(criteria: &Criteria, text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (name, there) in [
        ("answer", !criteria.siblings.answers.is_empty()),
        ("siblings", text.contains("[siblings]")),
        ("transfers", text.contains("[transfers]")),
        ("ties", text.contains("[ties]")),
        ("conversion", text.contains("[conversion]")),
    ] {
        if there {
            found.insert(name.to_owned());
        }
    }
    found
}

/// A criteria file: its ids, and the ids of its examples.
struct File {
    ids: BTreeSet<String>,
    examples: BTreeSet<String>,
}

fn files() -> BTreeMap<String, File> {
    let mut files = BTreeMap::new();
    let root = root().join("criteria");
    for folder in fs::read_dir(&root).unwrap() {
        for file in fs::read_dir(folder.unwrap().path()).unwrap() {
            let path = file.unwrap().path();
            if path.extension().is_none_or(|e| e != "toml") {
                continue;
            }
            let name = path.strip_prefix(&root).unwrap().with_extension("");
            let name = name.to_str().unwrap().replace('\\', "/");
            let bytes = fs::read(&path).unwrap();
            let (criteria, _, all) = read(&name, &bytes);
            let criteria = criteria.unwrap_or_else(|| panic!("{name}: {all:?}"));
            let mut ids = sections(&criteria, &String::from_utf8(bytes).unwrap());
            let mut add = |id: &str| {
                ids.insert(id.to_owned());
            };
            for t in &criteria.tables {
                add(&t.id);
                t.rows.iter().for_each(|r| add(&r.id));
                t.bands.iter().for_each(|b| add(&b.id));
                t.groups.iter().for_each(|g| add(&g.id));
            }
            for v in &criteria.values {
                add(&v.id);
                v.changes.iter().for_each(|c| add(&c.id));
            }
            criteria.conditions.iter().for_each(|c| add(&c.id));
            criteria.strata.iter().for_each(|s| add(&s.id));
            criteria.keys.iter().for_each(|k| add(&k.id));
            criteria.passes.iter().for_each(|p| add(&p.id));
            criteria.pools.iter().for_each(|p| add(&p.id));
            criteria.eligibility.iter().for_each(|e| add(&e.id));
            criteria.gaps.iter().for_each(|g| add(&g.id));
            let examples = criteria.examples.iter();
            let examples = examples.map(|e| e.id.to_string()).collect();
            files.insert(name, File { ids, examples });
        }
    }
    files
}

/// A line of a table of the document.
struct Line {
    at: usize,
    who: String,
    rule: String,
    file: String,
    ids: Vec<String>,
    examples: Vec<String>,
}

/// The names in backticks of a cell.
fn names(cell: &str) -> Vec<String> {
    let inside = cell.split('`').skip(1).step_by(2);
    inside.map(Into::into).collect()
}

fn lines(text: &str) -> Vec<Line> {
    let mut lines = Vec::new();
    for (at, line) in (1..).zip(text.lines()) {
        let Some(inside) = line.strip_prefix('|').and_then(|l| l.strip_suffix('|')) else {
            continue;
        };
        let cells: Vec<&str> = inside.split('|').map(str::trim).collect();
        if cells.iter().all(|c| c.starts_with("--")) || cells.contains(&"shown by") {
            continue;
        }
        let [who, rule, file, ids, examples] = cells[..] else {
            panic!("line {at} has {} cells", cells.len());
        };
        lines.push(Line {
            at,
            who: who.into(),
            rule: rule.into(),
            file: file.trim_matches('`').into(),
            ids: names(ids),
            examples: names(examples),
        });
    }
    lines
}

fn document() -> String {
    fs::read_to_string(root().join("docs/criteria-coverage.md")).unwrap()
}

#[test]
fn everything_named_is_real_and_no_line_is_empty() {
    let files = files();
    // Tests about sibling answers, which no example can show.
    let tests = root().join("crates/selection/tests/sibling_answers.rs");
    let tests = fs::read_to_string(tests).unwrap();
    let mut wrong = Vec::new();
    let lines = lines(&document());
    for line in &lines {
        let Line { at, who, rule, .. } = line;
        if who.is_empty() || rule.is_empty() || line.ids.is_empty() || line.examples.is_empty() {
            wrong.push(format!("line {at} ({who}, {rule}): a cell is empty"));
            continue;
        }
        let Some(file) = files.get(&line.file) else {
            wrong.push(format!(
                "line {at}: there is no criteria/{}.toml",
                line.file
            ));
            continue;
        };
        for id in line.ids.iter().filter(|id| !file.ids.contains(*id)) {
            wrong.push(format!("line {at}: {} has no id {id}", line.file));
        }
        for example in &line.examples {
            let real = match example.contains('_') {
                true => tests.contains(&format!("fn {example}()")),
                false => file.examples.contains(example),
            };
            if !real {
                wrong.push(format!("line {at}: {} has no example {example}", line.file));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(lines.len() > 250, "{} lines", lines.len());
}

/// A word that criteria may use is used by a file, and an example shows it.
#[test]
fn every_word_of_the_vocabulary_has_a_line() {
    let lines = lines(&document());
    let mut missing = Vec::new();
    for a in VOCABULARY {
        let mut named = lines
            .iter()
            .filter(|l| l.who == a.entity.name())
            .flat_map(|l| names(&l.rule));
        if a.path() != "facility.name" && !named.any(|n| n == a.name) {
            missing.push(a.path());
        }
    }
    assert!(missing.is_empty(), "{missing:?}");
}

/// Each file is there because something needs it; made-up cities are for demonstrations.
#[test]
fn every_file_has_a_line() {
    let lines = lines(&document());
    let named: BTreeSet<&str> = lines.iter().map(|l| &*l.file).collect();
    let files = files();
    let real = files.keys().filter(|f| !f.starts_with("example/"));
    let unused: Vec<&String> = real.filter(|f| !named.contains(&***f)).collect();
    assert!(unused.is_empty(), "{unused:?}");
}
