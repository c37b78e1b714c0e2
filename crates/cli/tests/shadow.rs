//! `enmusubi shadow` from end to end: what `enmusubi compare` wrote is recorded, accepted and signed, and a real round
//! may rely on it; with everything for want of which it may not.

#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests, where a panic is the failure"
)]

use enmusubi_interchange::workbook::write_csv;
use enmusubi_synth::{FactOptions, Options, facts, town};
use serde_json::Value;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};
use tempfile::TempDir;

const EXAMPLE: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../criteria/example/r9.toml"
);
const OURS: &str = "when = \"on_leave\"\npoints = 6\n";
const THEIRS: &str = "when = \"on_leave\"\npoints = 12\n";
const LEDGER: &str = "r9.jsonl";

/// A section with a past round that its staff decided by other points for one row, compared with the file.
struct Section {
    dir: TempDir,
    /// Minutes since the ledger began: no line is before another.
    minute: u32,
}

impl Section {
    fn new() -> Self {
        let made = town(&Options {
            children: 200,
            nurseries: 8,
            seed: 5,
            siblings: 0.1,
            ..Options::default()
        });
        let dir = TempDir::new().unwrap();
        fs::create_dir(dir.path().join("round")).unwrap();
        for (name, bytes) in write_csv(&facts(&made, &FactOptions::default())) {
            fs::write(dir.path().join("round").join(name), bytes).unwrap();
        }
        let criteria = fs::read_to_string(EXAMPLE).unwrap();
        assert!(criteria.contains(OURS));
        let staff = criteria.replace(OURS, THEIRS);
        fs::write(dir.path().join("criteria.toml"), criteria).unwrap();
        fs::write(dir.path().join("staff.toml"), staff).unwrap();
        let section = Self { dir, minute: 0 };
        section.done(&section.select("staff.toml", &["--out", "decided"]));
        section.done(&section.run(&[
            "compare",
            "--round",
            "round",
            "--criteria",
            "criteria.toml",
            "--ties",
            "lottery:x",
            "--decisions",
            "decided/result.csv",
            "--out",
            "compared",
        ]));
        section
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn run(&self, args: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_enmusubi"))
            .current_dir(self.dir.path())
            .args(["--lang", "en"])
            .args(args)
            .output()
            .unwrap()
    }

    fn select(&self, criteria: &str, more: &[&str]) -> Output {
        let args = ["select", "--round", "round", "--criteria", criteria];
        self.run(&[&args[..], &["--ties", "lottery:x"], more].concat())
    }

    fn done(&self, output: &Output) {
        assert_eq!(output.status.code(), Some(0), "{}", said(output));
    }

    /// A line of a ledger, by somebody, a minute after the one before.
    fn line(&mut self, ledger: &str, by: &str, args: &[&str]) -> Output {
        self.minute += 1;
        let at = format!("2026-12-01T09:{:02}:00+09:00", self.minute);
        let who = ["--ledger", ledger, "--by", by, "--post", "Clerk", "--at"];
        self.run(&[&["shadow"], args, &who[..], &[&at]].concat())
    }

    fn written(&mut self, by: &str, args: &[&str]) {
        let output = self.line(LEDGER, by, args);
        self.done(&output);
    }

    /// What `status` says is signed.
    fn head(&self) -> String {
        let output = self.run(&["shadow", "status", LEDGER]);
        self.done(&output);
        let text = String::from_utf8(output.stdout).unwrap();
        let (_, after) = text.split_once("Digest ").unwrap();
        after.split_whitespace().next().unwrap().to_owned()
    }

    fn causes(&self) -> u64 {
        let bytes = fs::read(self.path("compared/compare.json")).unwrap();
        let report: Value = serde_json::from_slice(&bytes).unwrap();
        report["causes"].as_array().unwrap().len() as u64
    }

    /// A ledger with the comparison and every cause accepted.
    fn accepted(&mut self) {
        self.written("Sonoda", &["begin", "--title", "April 2027"]);
        self.written("Sonoda", &["record", "--comparison", "compared"]);
        for cause in 1..=self.causes() {
            let cause = cause.to_string();
            let args = ["accept", "--cause", &cause, "--reason", "old points"];
            self.written("Sonoda", &args);
        }
    }

    fn signed(&mut self) {
        let head = self.head();
        self.written("Sonoda", &["sign", "--as", "examiner", "--head", &head]);
        self.written("Yuki", &["sign", "--as", "approver", "--head", &head]);
    }

    fn relied(&self, criteria: &str, out: &str) -> Output {
        self.select(criteria, &["--require-shadow", LEDGER, "--out", out])
    }
}

fn said(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

#[track_caller]
fn refused(output: &Output, exit: i32, words: &str) {
    assert_eq!(output.status.code(), Some(exit), "{}", said(output));
    assert!(said(output).contains(words), "{}", said(output));
}

#[test]
fn a_round_relies_on_a_ledger_that_two_people_signed() {
    let mut s = Section::new();
    assert!(s.causes() > 0);
    s.written("Sonoda", &["begin", "--title", "April 2027"]);
    let early = s.line(
        LEDGER,
        "Sonoda",
        &["accept", "--cause", "1", "--reason", "x"],
    );
    refused(&early, 2, "No comparison");
    refused(&s.relied("criteria.toml", "a"), 1, "nothing was compared");
    s.written("Sonoda", &["record", "--comparison", "compared"]);
    let open = s.relied("criteria.toml", "a");
    refused(&open, 1, "cause 1 is not accepted");
    refused(&open, 1, "nobody has signed as examiner");
    refused(&open, 1, "nobody has signed as approver");
    assert!(!s.path("a/result.csv").exists());

    for cause in 1..=s.causes() {
        let cause = cause.to_string();
        let args = ["accept", "--cause", &cause, "--reason", "old points"];
        s.written("Sonoda", &args);
    }
    let head = s.head();
    let wrong = ["sign", "--as", "examiner", "--head", "0123456789abcdef"];
    refused(&s.line(LEDGER, "Sonoda", &wrong), 2, &head);
    let short = ["sign", "--as", "examiner", "--head", &head[..4]];
    refused(&s.line(LEDGER, "Sonoda", &short), 2, "first 8 characters");
    s.written("Sonoda", &["sign", "--as", "examiner", "--head", &head]);
    let same = ["sign", "--as", "approver", "--head", &head];
    refused(&s.line(LEDGER, "Sonoda", &same), 2, "Two different people");
    refused(&s.relied("criteria.toml", "a"), 1, "signed as approver");
    s.written("Yuki", &same);

    let relied = s.relied("criteria.toml", "a");
    s.done(&relied);
    assert!(said(&relied).contains(&head), "{}", said(&relied));
    assert!(s.path("a/result.csv").exists());
    // Other criteria were not compared.
    refused(&s.relied("staff.toml", "b"), 1, "other criteria");
    // A record after the signatures is not signed.
    s.written("Sonoda", &["note", "--text", "ask about transfers"]);
    refused(&s.relied("criteria.toml", "b"), 1, "signed as examiner");
    s.signed();
    s.done(&s.relied("criteria.toml", "b"));
}

#[test]
fn an_acceptance_that_was_taken_back_is_open_again() {
    let mut s = Section::new();
    s.accepted();
    let twice = ["accept", "--cause", "1", "--reason", "again"];
    refused(
        &s.line(LEDGER, "Sonoda", &twice),
        2,
        "accepted this already",
    );
    let none = ["accept", "--cause", "99", "--reason", "x"];
    refused(&s.line(LEDGER, "Sonoda", &none), 2, "no cause 99");
    let blank = ["revoke", "--entry", "3", "--reason", " "];
    refused(&s.line(LEDGER, "Sonoda", &blank), 2, "--reason is empty");
    s.written("Sonoda", &["revoke", "--entry", "3", "--reason", "unsure"]);
    s.signed();
    refused(
        &s.relied("criteria.toml", "a"),
        1,
        "cause 1 is not accepted",
    );
}

#[test]
fn a_changed_line_is_found_out() {
    let mut s = Section::new();
    s.accepted();
    s.signed();
    let text = fs::read_to_string(s.path(LEDGER)).unwrap();
    let changed = text.replace("old points", "new points");
    assert_ne!(text, changed);
    fs::write(s.path(LEDGER), &changed).unwrap();
    let output = s.run(&["shadow", "status", LEDGER]);
    refused(&output, 1, "line 4: does not follow the line before");
    refused(&s.relied("criteria.toml", "a"), 1, "line 4");
    let add = s.line(LEDGER, "Sonoda", &["note", "--text", "x"]);
    refused(&add, 1, "line 4");
    assert_eq!(fs::read_to_string(s.path(LEDGER)).unwrap(), changed);
    // Something that is no comparison does not get in.
    fs::write(s.path(LEDGER), &text).unwrap();
    let other = ["record", "--comparison", "criteria.toml"];
    let output = s.line(LEDGER, "Sonoda", &other);
    refused(&output, 2, "is not what enmusubi compare writes");
}

#[test]
fn the_next_year_starts_from_the_last() {
    let mut s = Section::new();
    s.accepted();
    s.signed();
    let begin = ["begin", "--title", "April 2028", "--from", LEDGER];
    let output = s.line("r10.jsonl", "Sonoda", &begin);
    s.done(&output);
    let text = said(&s.run(&["shadow", "status", "r10.jsonl", "--all"]));
    assert!(text.contains("last year: April 2027, agreement"), "{text}");
    assert!(text.contains("practice taken over: "), "{text}");
    assert!(text.contains("育児休業からの復職"), "{text}");
    // A ledger is not begun twice, nor does time go back.
    refused(&s.line("r10.jsonl", "Sonoda", &begin), 2, "exists already");
    s.minute = 0;
    let output = s.line("r10.jsonl", "Sonoda", &["note", "--text", "x"]);
    refused(&output, 2, "before the line before it");
}

/// What the ledger keeps is what the comparison says.
#[test]
fn what_compare_writes_is_what_is_recorded() {
    let mut s = Section::new();
    s.written("Sonoda", &["begin", "--title", "April 2027"]);
    s.written(
        "Sonoda",
        &["record", "--comparison", "compared/compare.json"],
    );
    let bytes = fs::read(s.path("compared/compare.json")).unwrap();
    let report: Value = serde_json::from_slice(&bytes).unwrap();
    let text = fs::read_to_string(s.path(LEDGER)).unwrap();
    let line: Value = serde_json::from_str(text.lines().nth(1).unwrap()).unwrap();
    let kept = &line["content"];
    assert_eq!(kept["kind"], "compared");
    for same in [
        "criteria",
        "criteria_digest",
        "input_digest",
        "decisions_digest",
        "engine_version",
    ] {
        assert_eq!(kept[same], report[same], "{same}");
        assert_ne!(kept[same], "", "{same}");
    }
    assert_eq!(kept["agreement"], report["placement"]);
    let mends = kept["mends"].as_array().unwrap();
    let steps = report["path"].as_array().unwrap();
    assert_eq!(mends.len() + 1, steps.len());
    for ((mend, step), cause) in mends
        .iter()
        .zip(&steps[1..])
        .zip(report["causes"].as_array().unwrap())
    {
        assert_eq!(mend["agreement"], step["agreement"]);
        assert_eq!(mend["cause"], cause["number"]);
        assert_eq!(mend["words"], cause["words"]);
        assert_eq!(mend["public_words"], cause["public_words"]);
    }
    // Nobody's facts: ids stand in words of causes and of unexplained children alone.
    assert!(kept.get("differences").is_none());
}
