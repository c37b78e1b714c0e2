//! `enmusubi compare` from end to end: a made-up past round, decided by criteria that are not quite those of the
//! file; what is found, what is written, what is said, exit codes.

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
/// A row of the example, and what the staff of the made-up round gave for it.
const ROW: &str = "id = \"return\"\ntable = \"adjust\"\nlabel = \"育児休業からの復職\"\nwhen = \"on_leave\"\npoints = 6\n";
const THEIRS: &str = "id = \"return\"\ntable = \"adjust\"\nlabel = \"育児休業からの復職\"\nwhen = \"on_leave\"\npoints = 12\n";

struct Past {
    dir: TempDir,
}

impl Past {
    /// A round of facts, decided by the staff's own criteria.
    fn new(children: usize, theirs: &str) -> Self {
        let town = town(&Options {
            children,
            nurseries: (children / 26).max(4),
            seed: 5,
            siblings: 0.1,
            ..Options::default()
        });
        let dir = TempDir::new().unwrap();
        let round = dir.path().join("round");
        fs::create_dir(&round).unwrap();
        for (name, bytes) in write_csv(&facts(&town, &FactOptions::default())) {
            fs::write(round.join(name), bytes).unwrap();
        }
        let criteria = fs::read_to_string(EXAMPLE).unwrap();
        let staff = criteria.replace(ROW, theirs);
        assert!(criteria.contains(ROW));
        fs::write(dir.path().join("criteria.toml"), criteria).unwrap();
        fs::write(dir.path().join("staff.toml"), staff).unwrap();
        let past = Self { dir };
        let decided = past.run(&[
            "select",
            "--round",
            "round",
            "--criteria",
            "staff.toml",
            "--ties",
            "lottery:x",
            "--out",
            "decided",
        ]);
        assert_eq!(decided.status.code(), Some(0), "{}", said(&decided));
        past
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

    fn compare(&self, criteria: &str, more: &[&str]) -> Output {
        let mut args = vec!["compare", "--round", "round", "--criteria", criteria];
        args.extend(more);
        self.run(&args)
    }

    fn json(&self, name: &str) -> Value {
        serde_json::from_slice(&fs::read(self.path(name)).unwrap()).unwrap()
    }
}

fn said(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

const DECIDED: &str = "decided/result.csv";

#[test]
fn points_of_a_row_are_found_and_the_draft_decides_as_the_staff_did() {
    let past = Past::new(300, THEIRS);
    let args = [
        "--decisions",
        DECIDED,
        "--ties",
        "lottery:x",
        "--threads",
        "2",
    ];
    let out = past.compare("criteria.toml", &[&args[..], &["--out", "a"]].concat());
    assert_eq!(out.status.code(), Some(0), "{}", said(&out));
    let text = String::from_utf8_lossy(&out.stdout).into_owned();
    let report = past.json("a/compare.json");
    assert_ne!(
        report["placement"]["agree"],
        report["placement"]["compared"]
    );
    let causes = report["causes"].as_array().unwrap();
    let about =
        |c: &Value| c["kind"] == "row-points" && c["words"].as_str().unwrap().contains("(return)");
    assert!(causes.iter().any(about), "{text}");
    let last = &report["path"].as_array().unwrap().last().unwrap()["agreement"];
    assert_eq!(last["agree"], last["compared"], "{text}");
    assert!(text.contains("practice.toml"), "{text}");
    for difference in report["differences"].as_array().unwrap() {
        assert_ne!(difference["cause"], 0, "{difference}");
    }

    // Nobody is named to a council.
    let council = fs::read_to_string(past.path("a/council.json")).unwrap();
    let page = fs::read_to_string(past.path("a/council.html")).unwrap();
    for difference in report["differences"].as_array().unwrap() {
        for id in ["child", "household"] {
            let id = format!("\"{}\"", difference[id].as_str().unwrap());
            assert!(!council.contains(&id), "{id}");
            assert!(!page.contains(&id), "{id}");
        }
    }

    // The draft is an ordinary criteria file, and decides as the staff did.
    let checked = past.run(&["criteria", "check", "a/practice.toml"]);
    assert_eq!(checked.status.code(), Some(0), "{}", said(&checked));
    let draft = fs::read_to_string(past.path("a/practice.toml")).unwrap();
    assert!(draft.contains("From a comparison with past decisions"));
    let out = past.compare("a/practice.toml", &[&args[..], &["--out", "b"]].concat());
    assert_eq!(out.status.code(), Some(0), "{}", said(&out));
    let again = past.json("b/compare.json");
    assert_eq!(again["placement"]["agree"], again["placement"]["compared"]);
    assert!(again["causes"].as_array().unwrap().is_empty());
    assert!(!past.path("b/practice.toml").exists());

    // The number of threads changes nothing.
    let one = [&args[..4], &["--out", "c", "--json"]].concat();
    let out = past.compare("criteria.toml", &one);
    assert_eq!(out.stdout, fs::read(past.path("a/compare.json")).unwrap());
    assert_eq!(
        fs::read(past.path("c/compare.html")).unwrap(),
        fs::read(past.path("a/compare.html")).unwrap()
    );
}

/// Decisions that fit nothing are told, and the rest is compared.
#[test]
fn what_can_be_compared_is() {
    let past = Past::new(150, ROW);
    let text = fs::read_to_string(past.path(DECIDED)).unwrap();
    let mut lines: Vec<&str> = text.trim_end().lines().collect();
    let (stranger, twice) = (lines[1].to_owned(), lines[2].to_owned());
    let id = stranger.split(',').next().unwrap().to_owned();
    let stranger = stranger.replacen(&id, "nobody", 1);
    lines.remove(1);
    lines.push(&stranger);
    lines.push(&twice);
    fs::write(past.path("kept.csv"), lines.join("\n")).unwrap();
    let args = ["--decisions", "kept.csv", "--out", "a"];
    let out = past.compare("criteria.toml", &args);
    assert_eq!(out.status.code(), Some(0), "{}", said(&out));
    let report = past.json("a/compare.json");
    assert_eq!(report["ties"], "decided");
    let count = |code: &str| {
        let remarks = report["remarks"].as_array().unwrap();
        let remark = remarks.iter().find(|r| r["code"] == code);
        remark.map_or(0, |r| r["count"].as_u64().unwrap())
    };
    assert_eq!(count("unknown-child"), 1, "{}", said(&out));
    assert_eq!(count("no-decision"), 1, "{}", said(&out));
    assert_eq!(report["placement"]["compared"], 149);
    assert_eq!(report["placement"]["agree"], 149, "{}", said(&out));
}

#[test]
fn bad_input_and_what_is_there_already() {
    let past = Past::new(60, ROW);
    let out = past.compare("criteria.toml", &["--decisions", "none.csv", "--out", "a"]);
    assert_eq!(out.status.code(), Some(2), "{}", said(&out));
    let out = past.run(&["compare", "--decisions", DECIDED, "--out", "a"]);
    assert_eq!(out.status.code(), Some(2), "{}", said(&out));
    let stop = ["--decisions", DECIDED, "--ties", "stop", "--out", "a"];
    assert_eq!(past.compare("criteria.toml", &stop).status.code(), Some(2));
    let args = ["--decisions", DECIDED, "--out", "a"];
    assert_eq!(past.compare("criteria.toml", &args).status.code(), Some(0));
    let again = past.compare("criteria.toml", &args);
    assert_eq!(again.status.code(), Some(5), "{}", said(&again));
    assert!(said(&again).contains("--force"), "{}", said(&again));
    let force = [&args[..], &["--force"]].concat();
    assert_eq!(past.compare("criteria.toml", &force).status.code(), Some(0));

    // Another year's criteria are only tried.
    let other = fs::read_to_string(past.path("criteria.toml")).unwrap();
    let other = other.replace("fiscal_year = 2027", "fiscal_year = 2026");
    fs::write(past.path("other.toml"), other).unwrap();
    let out = past.compare("other.toml", &["--decisions", DECIDED, "--out", "t"]);
    assert_eq!(out.status.code(), Some(2), "{}", said(&out));
    assert!(said(&out).contains("--trial"), "{}", said(&out));
    let tried = ["--decisions", DECIDED, "--out", "t", "--trial"];
    assert_eq!(past.compare("other.toml", &tried).status.code(), Some(0));
}

/// A past round that `synth --past` made.
fn made_up(differences: &str) -> TempDir {
    let dir = TempDir::new().unwrap();
    let out = enmusubi(
        &dir,
        &[
            "synth",
            "--past",
            "past",
            "--children",
            "300",
            "--nurseries",
            "12",
            "--facts",
            "example",
            "--seed",
            "4",
            "--differences",
            differences,
        ],
    );
    assert_eq!(out.status.code(), Some(0), "{}", said(&out));
    assert!(said(&out).contains("--ties lottery:4"), "{}", said(&out));
    dir
}

fn enmusubi(dir: &TempDir, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_enmusubi"))
        .current_dir(dir.path())
        .args(["--lang", "en"])
        .args(args)
        .output()
        .unwrap()
}

fn report(dir: &TempDir, folder: &str) -> Value {
    let bytes = fs::read(dir.path().join(folder).join("compare.json")).unwrap();
    serde_json::from_slice(&bytes).unwrap()
}

const PAST: [&str; 7] = [
    "compare",
    "--round",
    "past/round.xlsx",
    "--criteria",
    "past/criteria.toml",
    "--decisions",
    "past/decisions.csv",
];

#[test]
fn a_past_round_without_differences_agrees_in_every_depth() {
    let dir = made_up("0");
    let planted = fs::read_to_string(dir.path().join("past/planted.txt")).unwrap();
    assert!(planted.contains("Nothing is planted"), "{planted}");
    let list = ["--staff-index", "past/staff-index.csv"];
    for (ties, out) in [("lottery:4", "a"), ("decided", "b")] {
        let args = [&PAST[..], &list, &["--ties", ties, "--out", out]].concat();
        let output = enmusubi(&dir, &args);
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
        assert!(said(&output).contains("everything agrees"));
        let report = report(&dir, out);
        for depth in [&report["placement"], &report["index"]["agreement"]] {
            assert_eq!(depth["agree"], depth["compared"], "{}", said(&output));
            assert_ne!(depth["compared"], 0);
        }
        assert!(report["causes"].as_array().unwrap().is_empty());
        assert!(!dir.path().join(out).join("practice.toml").exists());
    }
}

#[test]
fn planted_differences_are_explained_with_and_without_the_index_list() {
    let dir = made_up("3");
    let list = ["--staff-index", "past/staff-index.csv"];
    for (more, out) in [(&list[..], "a"), (&[], "b")] {
        let args = [&PAST[..], more, &["--ties", "lottery:4", "--out", out]].concat();
        let output = enmusubi(&dir, &args);
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(text.contains("the way to agreement"), "{text}");
        assert!(text.contains("with this mended 100%"), "{text}");
        assert_eq!(text.contains("index agrees"), !more.is_empty(), "{text}");
        let report = report(&dir, out);
        assert_ne!(
            report["placement"]["agree"],
            report["placement"]["compared"]
        );
        let last = report["path"].as_array().unwrap().last().unwrap();
        assert_eq!(last["agreement"]["agree"], last["agreement"]["compared"]);
        assert_eq!(report["index"].is_null(), more.is_empty());
        // A remark without words would be told by its code.
        assert!(!text.contains("index-"), "{text}");
    }
}

/// Where facts are missing nobody can say who comes first, but for the staff's own list.
#[test]
fn missing_facts_are_undecided_unless_the_list_gives_the_order() {
    let dir = made_up("0");
    let out = enmusubi(
        &dir,
        &[
            "synth",
            "gaps",
            "--children",
            "300",
            "--nurseries",
            "12",
            "--facts",
            "example",
            "--seed",
            "4",
            "--missing",
            "0.05",
        ],
    );
    assert_eq!(out.status.code(), Some(0), "{}", said(&out));
    let mut args = PAST;
    args[2] = "gaps";
    let output = enmusubi(&dir, &[&args[..], &["--out", "a"]].concat());
    assert_eq!(output.status.code(), Some(3), "{}", said(&output));
    assert!(!dir.path().join("a/compare.json").exists());
    let list = ["--staff-index", "past/staff-index.csv", "--out", "b"];
    let output = enmusubi(&dir, &[&args[..], &list].concat());
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let text = said(&output);
    assert!(
        text.contains("compared by the order of the index list"),
        "{text}"
    );
}

/// Points are enough: who is placed is compared, and a seat that is missing is found.
#[test]
fn tables_with_points_are_compared() {
    let dir = TempDir::new().unwrap();
    let args = ["synth", "t", "--children", "300", "--nurseries", "12"];
    let out = enmusubi(&dir, &[&args[..], &["--seed", "2"]].concat());
    assert_eq!(out.status.code(), Some(0), "{}", said(&out));
    let tables = [
        "--children",
        "t/children.csv",
        "--nurseries",
        "t/nurseries.csv",
        "--ties",
        "lottery:x",
    ];
    let files = ["--out", "result.csv", "--report", "report.json"];
    let out = enmusubi(&dir, &[&["match"], &tables[..], &files].concat());
    assert_eq!(out.status.code(), Some(0), "{}", said(&out));
    let compare = [&["compare", "--decisions", "result.csv"], &tables[..]].concat();
    let output = enmusubi(&dir, &[&compare[..], &["--out", "a"]].concat());
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert!(said(&output).contains("tables with points"));
    let same = report(&dir, "a");
    assert_eq!(same["placement"]["agree"], 300, "{}", said(&output));
    assert_eq!(same["criteria"], "");

    // The first class with seats, and one of them is gone.
    let path = dir.path().join("t/nurseries.csv");
    let text = fs::read_to_string(&path).unwrap();
    let mut lines: Vec<Vec<&str>> = text.lines().map(|l| l.split(',').collect()).collect();
    let column = lines[0].iter().position(|h| h.contains("1歳")).unwrap();
    let line = lines[1..].iter_mut().find(|l| l[column] > "1").unwrap();
    let less = (line[column].parse::<u32>().unwrap() - 1).to_string();
    line[column] = &less;
    let lines: Vec<String> = lines.iter().map(|l| l.join(",")).collect();
    fs::write(&path, lines.join("\n") + "\n").unwrap();
    let output = enmusubi(&dir, &[&compare[..], &["--out", "b"]].concat());
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let found = report(&dir, "b");
    assert_eq!(found["causes"][0]["kind"], "seats", "{}", said(&output));
    assert_eq!(found["causes"].as_array().unwrap().len(), 1);
}
