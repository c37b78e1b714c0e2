//! `enmusubi learn` over files, as a section runs it.

#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests, where a panic is the failure"
)]

use serde_json::Value;
use std::fs;
use std::process::{Command, Output};
use tempfile::TempDir;

fn enmusubi(dir: &TempDir, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_enmusubi"))
        .current_dir(dir.path())
        .args(["--lang", "en"])
        .args(args)
        .output()
        .unwrap()
}

fn said(out: &Output) -> String {
    String::from_utf8_lossy(&out.stdout).into_owned() + &String::from_utf8_lossy(&out.stderr)
}

/// Two past rounds, and the criteria they were decided by without a row.
fn past() -> TempDir {
    let dir = TempDir::new().unwrap();
    for (name, seed) in [("p1", "1"), ("p2", "2")] {
        let made = enmusubi(
            &dir,
            &[
                "synth",
                "--past",
                name,
                "--children",
                "400",
                "--nurseries",
                "16",
                "--facts",
                "example",
                "--seed",
                seed,
                "--differences",
                "0",
            ],
        );
        assert_eq!(made.status.code(), Some(0), "{}", said(&made));
    }
    let criteria = fs::read_to_string(dir.path().join("p1/criteria.toml")).unwrap();
    let kept = criteria.split_inclusive("\n\n");
    let kept = kept.filter(|part| !part.contains("id = \"night-work\""));
    fs::write(dir.path().join("known.toml"), kept.collect::<String>()).unwrap();
    dir
}

const ROUNDS: [&str; 3] = ["--rounds", "p1/round.xlsx", "p2/round.xlsx"];
const DECIDED: [&str; 3] = ["--decisions", "p1/decisions.csv", "p2/decisions.csv"];
const OUT: [&str; 4] = ["--out", "draft.toml", "--report", "learned"];

/// Learns from the past rounds, from some file.
fn learn(dir: &TempDir, known: &[&str]) -> Output {
    enmusubi(
        dir,
        &[&["learn"], &ROUNDS[..], &DECIDED, known, &OUT].concat(),
    )
}

#[test]
fn a_row_that_is_missing_is_drafted_and_passes_as_criteria() {
    let dir = past();
    let out = learn(&dir, &["--known", "known.toml"]);
    assert_eq!(out.status.code(), Some(0), "{}", said(&out));
    let json = fs::read(dir.path().join("learned/learn.json")).unwrap();
    let report: Value = serde_json::from_slice(&json).unwrap();
    assert_eq!(report["nothing"], false);
    let rules = report["rules"].as_array().unwrap();
    assert_eq!(rules.len(), 1, "{}", said(&out));
    assert_eq!(rules[0]["kind"], "row-missing");
    for year in report["years"].as_array().unwrap() {
        assert_eq!(year["after"]["agree"], year["after"]["compared"]);
        assert!(year["held_out"].is_object());
    }
    let page = fs::read_to_string(dir.path().join("learned/learn.html")).unwrap();
    assert!(page.contains("認める"), "{page}");
    // Whether anything is asked or not, it is said which facts were looked at.
    let looked = &report["fairness_looked"];
    assert_eq!(looked["rules"], 1);
    assert!(!looked["facts"].as_array().unwrap().is_empty());
    assert!(page.contains("公平さの確かめ") && page.contains("世帯の居住地区"));
    assert!(
        fs::metadata(dir.path().join("learned/learn.xlsx"))
            .unwrap()
            .len()
            > 0
    );
    // The draft is a file like any other.
    let checked = enmusubi(&dir, &["criteria", "check", "draft.toml"]);
    assert_eq!(checked.status.code(), Some(0), "{}", said(&checked));

    let again = learn(&dir, &["--known", "known.toml"]);
    assert_eq!(again.status.code(), Some(5), "{}", said(&again));
}

/// The sections of the example that say nothing about points, and a key that nobody knows.
fn bare(dir: &TempDir) {
    let criteria = fs::read_to_string(dir.path().join("p1/criteria.toml")).unwrap();
    let sections = [
        "[criteria]",
        "[siblings]",
        "[[answer]]",
        "[transfers]",
        "[ties]",
        "[selection]",
        "[[pool]]",
        "[[document]]",
        "[[eligibility]]",
    ];
    let says = |part: &&str| {
        let head = part.trim_start().lines().next().unwrap_or_default();
        sections.contains(&head) && !part.contains("g.base")
    };
    let kept: String = criteria.split_inclusive("\n\n").filter(says).collect();
    let key = "\n[[key]]\nid = \"unknown\"\nlabel = \"順番\"\nfill = true\n";
    fs::write(dir.path().join("bare.toml"), kept + key).unwrap();
}

#[test]
fn from_a_file_that_orders_nobody_an_order_is_drafted() {
    let dir = past();
    bare(&dir);
    let out = learn(&dir, &["--known", "bare.toml", "--threads", "2"]);
    assert_eq!(out.status.code(), Some(0), "{}", said(&out));
    assert!(
        said(&out).contains("from decisions alone"),
        "{}",
        said(&out)
    );
    let json = fs::read(dir.path().join("learned/learn.json")).unwrap();
    let report: Value = serde_json::from_slice(&json).unwrap();
    assert!(report["rules"].as_array().unwrap().len() > 5);
    let (before, after) = (&report["before"]["wrong"], &report["after"]["wrong"]);
    assert!(after.as_u64().unwrap() * 4 < before.as_u64().unwrap());
    assert_eq!(report["anew"]["keys"][0], "指数");
    for year in report["years"].as_array().unwrap() {
        assert!(year["held_out"].is_object(), "{year}");
    }
    // What was learned is a file like any other; rows whose points the decisions leave open are to be filled.
    let checked = enmusubi(&dir, &["criteria", "check", "draft.toml"]);
    assert_eq!(checked.status.code(), Some(0), "{}", said(&checked));
    let draft = fs::read_to_string(dir.path().join("draft.toml")).unwrap();
    assert!(
        draft.contains("id = \"unwritten-1\"") && draft.contains("fill = true"),
        "{draft}"
    );
}

#[test]
fn nothing_is_drafted_where_nothing_is_missing() {
    let dir = past();
    let out = learn(&dir, &["--known", "p1/criteria.toml"]);
    assert_eq!(out.status.code(), Some(0), "{}", said(&out));
    assert!(said(&out).contains("no row is missing"), "{}", said(&out));
    assert!(!dir.path().join("draft.toml").exists());
}

#[test]
fn one_round_is_learned_from_and_said() {
    let dir = past();
    let args = [
        &[
            "learn",
            "--rounds",
            "p1/round.xlsx",
            "--decisions",
            "p1/decisions.csv",
        ],
        &["--known", "known.toml"][..],
        &OUT,
    ];
    let out = enmusubi(&dir, &args.concat());
    assert_eq!(out.status.code(), Some(0), "{}", said(&out));
    assert!(said(&out).contains("one round only"), "{}", said(&out));
}

#[test]
fn a_year_with_something_undecided_is_left_out_and_said() {
    let dir = past();
    // A round of which nobody checked many facts.
    let made = enmusubi(
        &dir,
        &[
            "synth",
            "p3",
            "--children",
            "60",
            "--nurseries",
            "4",
            "--facts",
            "example",
            "--seed",
            "3",
            "--missing",
            "0.3",
        ],
    );
    assert_eq!(made.status.code(), Some(0), "{}", said(&made));
    let rounds = [
        &["--rounds", "p1/round.xlsx", "p3", "--decisions"][..],
        &[
            "p1/decisions.csv",
            "p1/decisions.csv",
            "--known",
            "known.toml",
        ],
    ]
    .concat();
    let out = enmusubi(&dir, &[&["learn"], &rounds[..], &OUT, &["--json"]].concat());
    assert_eq!(out.status.code(), Some(0), "{}", said(&out));
    // What is undecided is told, and is no part of what is printed.
    let report: Value = serde_json::from_slice(&out.stdout).unwrap();
    assert_eq!(report["left_out"].as_array().unwrap().len(), 1);
    assert_eq!(report["years"].as_array().unwrap().len(), 1);
    assert!(!said(&out).contains('\u{1f}'), "{}", said(&out));

    let alone = [
        &[
            "learn",
            "--rounds",
            "p3",
            "--decisions",
            "p1/decisions.csv",
            "--known",
            "known.toml",
        ][..],
        &OUT,
        &["--force"],
    ];
    let out = enmusubi(&dir, &alone.concat());
    assert_ne!(out.status.code(), Some(0), "{}", said(&out));
}

#[test]
fn everything_wrong_is_told_at_once_and_nothing_written() {
    let dir = past();
    let args = [
        &["learn"],
        &ROUNDS[..],
        &["--decisions", "none.csv", "--known", "none.toml"],
        &["--forbid", "household.wealth"],
        &OUT,
    ];
    let out = enmusubi(&dir, &args.concat());
    assert_eq!(out.status.code(), Some(2), "{}", said(&out));
    for part in [
        "2 rounds and 1 lists",
        "none.toml",
        "household.wealth",
        "vocabulary",
    ] {
        assert!(said(&out).contains(part), "{part}: {}", said(&out));
    }
    assert!(!dir.path().join("draft.toml").exists());
    assert!(!dir.path().join("learned/learn.html").exists());
}
