//! Every number of a municipality's criteria file was typed twice, by two people who did not see
//! each other's work: once in the file, once in `tests/transcription/` (its README says how to
//! write one). This compares them. A number that only one of the two has fails too.

#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests, where a panic is the failure"
)]

mod compare;
mod typed;

use compare::Comparison;
use enmusubi_criteria::{read_toml, text_of};
use std::{
    collections::BTreeSet,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};
use typed::Transcription;

#[test]
fn two_transcriptions_agree() {
    let mut wrong = String::new();
    for path in files() {
        wrong += &compare(&path);
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

/// A file that nobody has transcribed a second time is not yet evidence.
#[test]
fn every_municipality_is_transcribed_twice() {
    let transcribed: BTreeSet<String> = files()
        .iter()
        .map(|path| Transcription::read(path).file)
        .collect();
    let mut missing = Vec::new();
    for folder in entries(&criteria()) {
        for path in entries(&folder) {
            let is_file = path.extension().is_some_and(|e| e == "toml");
            let (document, _) = read_toml("", &fs::read(&path).unwrap_or_default());
            let of_municipality = document.is_some_and(|d| {
                d.rows("criteria")
                    .iter()
                    .any(|r| r.text("kind") == Some("municipality"))
            });
            let name = path.strip_prefix(criteria()).unwrap().display().to_string();
            if is_file && of_municipality && !transcribed.contains(&name) {
                missing.push(name);
            }
        }
    }
    assert!(
        missing.is_empty(),
        "no second transcription in crates/criteria/tests/transcription: {missing:?}"
    );
}

/// The comparison finds what it is for: each change of one number of a small file is found,
/// and so is a number that is missing on either side.
#[test]
fn a_changed_number_is_found() {
    let file = r#"
[criteria]
kind = "municipality"
municipality = "999999"
name = "見本市"
fiscal_year = 2027
title = "見本"

[[table]]
id = "base"
label = "表"
over = "guardian"
take = "highest"

[[band]]
id = "work"
table = "base"
label = "就労"
by = "guardian.work_hours_per_month"
unit = "hours_per_month"

[[row]]
id = "work-120"
table = "base"
label = "就労 月120時間以上160時間未満"
band = "work"
from = 120
below = 160
points = 9

[[row]]
id = "grandparent"
table = "base"
label = "65歳未満"
when = "adults.exists(a, a.age < years(65)) && household.children_under_18 >= 3"
points = "-2 * min(3, 4)"
"#;
    let transcription = r#"
file = "x"
[order]
[criteria]
criteria = { municipality = ["999999"], fiscal_year = 2027 }
[row]
work-120 = { from = 120, below = 160, points = 9 }
grandparent = { when = [65, 18, 3], points = [-2, 3, 4] }
"#;
    let found = |file: &str, transcription: &str| {
        let (document, _) = read_toml("", file.as_bytes());
        Comparison {
            name: "x",
            text: file,
            document: &document.unwrap(),
            transcription: &Transcription::parse(transcription),
            wrong: Vec::new(),
        }
        .run()
        .len()
    };
    assert_eq!(found(file, transcription), 0);
    for (from, to) in [
        ("years(65)", "years(64)"),
        ("under_18 >= 3", "under_18 >= 4"),
        ("-2 *", "2 *"),
        ("min(3, 4)", "min(3, 4, 5)"),
        ("65歳", "60歳"),
        ("月120時間", "月160時間"),
        ("below = 160", "below = 150"),
        ("points = 9", "points = \"9.5\""),
        ("fiscal_year = 2027", "fiscal_year = 2026"),
        ("points =", "fill = true\npoints ="),
        ("take =", "otherwise = 0\ntake ="),
        ("id = \"grandparent\"", "id = \"other\""),
    ] {
        assert_ne!(found(&file.replacen(from, to, 1), transcription), 0, "{to}");
    }
    for (from, to) in [
        ("points = [-2, 3, 4]", "points = [-2, 3]"),
        (", points = [-2, 3, 4]", ""),
        ("points = [-2, 3, 4]", "points = [-2, 3, \"none\"]"),
        ("points", "text = [7], points"),
        ("[order]", "[order]\nkey = ['total']"),
    ] {
        assert_ne!(found(file, &transcription.replacen(from, to, 1)), 0, "{to}");
    }
}

fn here() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn criteria() -> PathBuf {
    here().join("../../criteria")
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)
        .map(|entries| entries.map(|e| e.unwrap().path()).collect())
        .unwrap_or_default();
    paths.sort();
    paths
}

/// All transcriptions.
fn files() -> Vec<PathBuf> {
    let mut files = entries(&here().join("tests/transcription"));
    files.retain(|p| p.extension().is_some_and(|e| e == "toml"));
    assert!(!files.is_empty());
    files
}

/// What differs between a transcription and its file, one line each.
fn compare(path: &Path) -> String {
    let transcription = Transcription::read(path);
    let name = format!("criteria/{}", transcription.file);
    let bytes = fs::read(criteria().join(&transcription.file))
        .unwrap_or_else(|e| panic!("{name}, named by {}: {e}", path.display()));
    let (document, _) = read_toml(&name, &bytes);
    let comparison = Comparison {
        name: &name,
        text: &text_of(&bytes),
        document: &document.unwrap(),
        transcription: &transcription,
        wrong: Vec::new(),
    };
    comparison
        .run()
        .iter()
        .fold(String::new(), |mut all, line| {
            let _ = writeln!(all, "{line}");
            all
        })
}
