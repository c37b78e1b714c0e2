//! `enmusubi score`: a round from files, its summary, its table, one child's derivation, the cross-check.

#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests, where a panic is the failure"
)]

use enmusubi_domain::facts::RoundFacts;
use enmusubi_interchange::workbook;
use enmusubi_synth::{FactOptions, Form, Options, facts, town};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

fn round(children: usize, missing: u32) -> RoundFacts {
    let town = town(&Options {
        children,
        nurseries: 12,
        ..Options::default()
    });
    facts(
        &town,
        &FactOptions {
            form: Form::fujisawa(),
            missing,
            ..FactOptions::default()
        },
    )
}

fn folder(facts: &RoundFacts) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (name, bytes) in workbook::write_csv(facts) {
        fs::write(folder.path().join(name), bytes).unwrap();
    }
    folder
}

fn criteria() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../criteria/142051-fujisawa/r9.toml")
}

fn score(round: &Path, more: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_enmusubi"))
        .args(["score", "--lang", "ja", "--round"])
        .arg(round)
        .arg("--criteria")
        .arg(criteria())
        .args(more)
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn everybody_decided() {
    let facts = round(200, 0);
    let folder = folder(&facts);
    let elsewhere = TempDir::new().unwrap();
    let out = elsewhere.path().join("指数.csv");
    let out_text = out.display().to_string();
    let output = score(folder.path(), &["--cross-check", "--out", &out_text]);
    let (said, told) = (text(&output.stdout), text(&output.stderr));
    assert_eq!(output.status.code(), Some(0), "{said}{told}");
    assert!(said.contains("できない児童 0 人"), "{said}");
    assert!(told.contains("二つの計算が一致しました"), "{told}");
    let table = fs::read_to_string(&out).unwrap();
    let lines: Vec<&str> = table.lines().collect();
    assert_eq!(lines.len(), facts.choices.len() + 1);
    assert!(lines[0].starts_with("\u{FEFF}世帯,児童,"), "{}", lines[0]);
    assert!(
        lines[0].contains("指数A [A],事由の区分B,事由の区分B [B]"),
        "{}",
        lines[0]
    );

    let book = elsewhere.path().join("指数.xlsx").display().to_string();
    let output = score(folder.path(), &["--out", &book]);
    assert_eq!(output.status.code(), Some(0));
    assert!(fs::read(&book).unwrap().starts_with(b"PK"));
    // Whole or not at all: what is there stays.
    let output = score(folder.path(), &["--out", &book]);
    assert_eq!(output.status.code(), Some(5), "{}", text(&output.stderr));
}

#[test]
fn what_is_missing_is_told_by_paper() {
    let folder = folder(&round(200, 40));
    let output = score(folder.path(), &[]);
    let said = text(&output.stdout);
    assert_eq!(output.status.code(), Some(3), "{said}");
    assert!(said.contains("判定に足りないもの"), "{said}");
    assert!(said.contains("課税証明書: "), "{said}");

    let output = score(folder.path(), &["--json"]);
    let json: Value = serde_json::from_slice(&output.stdout).unwrap();
    let papers = json["papers"].as_array().unwrap();
    let of_papers: usize = papers
        .iter()
        .filter(|p| p["kind"] == "fact")
        .map(|p| p["missing"].as_array().unwrap().len())
        .sum();
    assert!(of_papers > 10, "{of_papers}");
    assert!(!json["undecided"].as_array().unwrap().is_empty());
}

#[test]
fn one_child_for_every_reader() {
    let facts = round(60, 0);
    let folder = folder(&facts);
    let choices = &facts.index.choices;
    let child = choices.iter().position(|c| c.len() > 1).unwrap();
    let id = &facts.children.ids[child];
    for (reader, expect) in [
        ("staff", "指数と優先順位の内訳"),
        ("parent", "お子さんの指数と順位は"),
        ("plain", "お子（こ）さんの"),
        ("english", "How index and priority came about"),
    ] {
        let output = score(folder.path(), &["--explain", id, "--for", reader]);
        let (said, told) = (text(&output.stdout), text(&output.stderr));
        assert_eq!(output.status.code(), Some(0), "{said}{told}");
        assert!(said.starts_with(expect), "{said}");
        assert!(told.contains("--facility"), "{told}");
        if matches!(reader, "parent" | "plain") {
            assert!(!said.contains(&**id), "{said}");
        }
    }
    // Another choice, and all of them as data.
    let second = facts.choice_facility[choices[child].start as usize + 1];
    let second = &facts.facilities.ids[second as usize];
    let output = score(
        folder.path(),
        &["--explain", id, "--facility", second, "--json"],
    );
    let json: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(json["facility"], Value::from(&**second));
    let output = score(folder.path(), &["--explain", id, "--json"]);
    let json: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(json.as_array().unwrap().len(), choices[child].len());

    let output = score(folder.path(), &["--explain", "nobody"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("児童 nobody は"));
    let output = score(folder.path(), &["--explain", id, "--facility", "nowhere"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("希望していません"));
    let output = score(folder.path(), &["--facility", "nowhere"]);
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn a_table_is_not_written_under_another_ending() {
    let folder = folder(&round(20, 0));
    let out = folder.path().join("指数.pdf");
    let done = score(folder.path(), &["--out", out.to_str().unwrap()]);
    assert_eq!(done.status.code(), Some(2));
    let said = text(&done.stderr);
    assert!(
        said.contains("名前の終わりが .csv, .xlsx ではありません"),
        "{said}"
    );
    assert!(said.contains("対処: "), "{said}");
    assert!(!out.exists());
}

#[test]
fn criteria_of_another_year_are_said_to_be_so() {
    let folder = folder(&round(20, 0));
    let other = tempfile::tempdir().unwrap();
    let file = other.path().join("r8.toml");
    let ours = std::fs::read_to_string(criteria()).unwrap();
    assert!(ours.contains("fiscal_year = 2027"));
    std::fs::write(
        &file,
        ours.replace("fiscal_year = 2027", "fiscal_year = 2026"),
    )
    .unwrap();
    let done = Command::new(env!("CARGO_BIN_EXE_enmusubi"))
        .args(["score", "--lang", "ja", "--round"])
        .arg(folder.path())
        .arg("--criteria")
        .arg(&file)
        .output()
        .unwrap();
    let said = text(&done.stderr);
    assert!(
        said.contains("注意: 基準は 2026 年度のもの、選考回の入所日 2027-04-01 は 2027 年度です。"),
        "{said}"
    );
    assert!(said.contains("対処: 試算のときは"), "{said}");
}
