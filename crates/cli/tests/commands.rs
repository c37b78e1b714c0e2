//! Commands from end to end: what they write, what they say, and their exit codes (a contract).

#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests, where a panic is the failure"
)]

use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

const HEADER: &str =
    "申請者番号,世帯番号,年齢,点数,希望保育園ID_1,希望保育園ID_2,在籍保育所ID,きょうだいパターン\n";
const SEATS: &str =
    "保育所ID,保育所名,0歳募集人数,1歳募集人数,2歳募集人数,3歳募集人数,4歳募集人数,5歳募集人数\n";

/// A round in a folder of its own.
struct Round {
    dir: TempDir,
}

impl Round {
    fn new(children: &str, nurseries: &str) -> Self {
        let dir = TempDir::new().unwrap();
        fs::write(
            dir.path().join("children.csv"),
            format!("{HEADER}{children}"),
        )
        .unwrap();
        fs::write(
            dir.path().join("nurseries.csv"),
            format!("{SEATS}{nurseries}"),
        )
        .unwrap();
        Self { dir }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn run(&self, command: &str, args: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_enmusubi"))
            .current_dir(self.dir.path())
            .args([command, "--lang", "en", "--children", "children.csv"])
            .args(["--nurseries", "nurseries.csv"])
            .args(args)
            .output()
            .unwrap()
    }

    fn place(&self, args: &[&str]) -> Output {
        self.run(
            "match",
            &[&["--out", "result.csv", "--report", "report.json"], args].concat(),
        )
    }

    fn report(&self) -> Value {
        serde_json::from_slice(&fs::read(self.path("report.json")).unwrap()).unwrap()
    }
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Three only children, two nurseries with one seat of age 1 each.
fn small() -> Round {
    Round::new(
        "1,1,1,30,10,20,,\n2,2,1,20,10,20,,\n3,3,1,10,10,20,,\n",
        "10,はる園,0,1,0,0,0,0\n20,なつ園,0,1,0,0,0,0\n",
    )
}

#[test]
fn a_round_from_files_to_reasons() {
    let round = small();
    let placed = round.place(&[]);
    assert_eq!(code(&placed), 0, "{}", stderr(&placed));
    assert!(!stdout(&placed).is_empty());
    let result = fs::read_to_string(round.path("result.csv")).unwrap();
    let rows: Vec<&str> = result.lines().collect();
    assert!(
        rows[0].ends_with("入所選考結果保育所ID,入所選考結果保育所名"),
        "{}",
        rows[0]
    );
    assert!(
        rows[1].ends_with(",10,はる園") && rows[2].ends_with(",20,なつ園"),
        "{result}"
    );
    assert!(rows[3].ends_with(",,"), "{result}");
    // The children's table is unchanged but for the two columns.
    let before = fs::read_to_string(round.path("children.csv")).unwrap();
    for (row, was) in rows.iter().zip(before.lines()) {
        assert!(row.starts_with(was), "{row}");
    }

    let report = round.report();
    for key in [
        "children",
        "with_class",
        "newly_placed",
        "by_age",
        "blocking_families",
        "blocking_positions",
        "rank_sum",
        "proved",
        "reproducible",
        "seconds",
        "ties",
        "input_digest",
        "result_digest",
        "engine_version",
    ] {
        assert!(!report[key].is_null(), "{key}");
    }
    assert_eq!(
        (report["children"].as_u64(), report["with_class"].as_u64()),
        (Some(3), Some(2))
    );
    for phase in ["read", "compile", "verify", "explain"] {
        assert!(report["seconds"][phase].is_number(), "{phase}");
    }

    let verified = round.run("verify", &["--result", "result.csv"]);
    assert_eq!(code(&verified), 0, "{}", stdout(&verified));
    let reason = Command::new(env!("CARGO_BIN_EXE_enmusubi"))
        .current_dir(round.dir.path())
        .args([
            "explain",
            "--lang",
            "ja",
            "--report",
            "report.json",
            "2",
            "--for",
            "parent",
        ])
        .output()
        .unwrap();
    assert_eq!(code(&reason), 0);
    assert!(stdout(&reason).contains("なつ園"), "{}", stdout(&reason));
    let reason = round.run(
        "explain",
        &["--report", "report.json", "3", "--counterfactual"],
    );
    assert_eq!(code(&reason), 0, "{}", stderr(&reason));
    let nobody = round.run("explain", &["--report", "report.json", "4"]);
    assert_eq!(code(&nobody), 2);
    assert!(
        stderr(&nobody).contains("There is no child 4"),
        "{}",
        stderr(&nobody)
    );
}

#[test]
fn a_swapped_pair_is_caught() {
    let round = small();
    round.place(&[]);
    let result = fs::read_to_string(round.path("result.csv")).unwrap();
    let swapped = result
        .replace(",10,はる園", ",X")
        .replace(",20,なつ園", ",10,はる園")
        .replace(",X", ",20,なつ園");
    fs::write(round.path("swapped.csv"), swapped).unwrap();
    let verified = round.run("verify", &["--result", "swapped.csv"]);
    assert_eq!(code(&verified), 1);
    assert!(
        stdout(&verified).contains("family 1"),
        "{}",
        stdout(&verified)
    );
    let json = round.run("verify", &["--result", "swapped.csv", "--json"]);
    assert_eq!(code(&json), 1);
    let json: Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!(
        (&json["feasible"], &json["stable"]),
        (&true.into(), &false.into())
    );
    assert_eq!(json["blocking"][0]["family"], "1");
}

#[test]
fn what_cannot_be_is_listed_by_verify() {
    let round = small();
    // Child 3 sits on the seat of child 1, too; child 2 at a nursery it has not chosen.
    fs::write(
        round.path("nurseries.csv"),
        format!("{SEATS}10,はる園,0,1,0,0,0,0\n20,なつ園,0,1,0,0,0,0\n30,あき園,0,1,0,0,0,0\n"),
    )
    .unwrap();
    let rows = "1,10\n2,30\n3,10\n";
    let result = format!("申請者番号,入所選考結果保育所ID\n{rows}");
    fs::write(round.path("result.csv"), result).unwrap();
    let verified = round.run("verify", &["--result", "result.csv"]);
    assert_eq!(code(&verified), 1, "{}", stderr(&verified));
    let text = stdout(&verified);
    assert!(
        text.contains("はる園 age 1: 2 placed where the capacity is 1"),
        "{text}"
    );
    assert!(
        text.contains("child 2: あき園 age 1 is neither chosen"),
        "{text}"
    );
}

/// Twins c1 (8 points) and c2 (70), code 7; only child c3 (36); one seat. Wherever the seat goes
/// somebody has a claim; the only child must not be the one who is wronged (Must show).
#[test]
fn nothing_is_stable_for_the_twins_and_the_only_child() {
    let round = Round::new(
        "c1,1,1,8,10,,,7\nc2,1,1,70,10,,,7\nc3,2,1,36,10,,,\n",
        "10,はる園,0,1,0,0,0,0\n",
    );
    let placed = round.place(&[]);
    assert_eq!(code(&placed), 0, "{}", stderr(&placed));
    let report = round.report();
    assert_eq!(report["blocking_families"], 1);
    assert_eq!(report["blocking"][0], "1");
    assert_eq!(report["proved"]["blocking_families"], true);
    assert!(
        !report["instability"]["irreducible"]
            .as_array()
            .unwrap()
            .is_empty()
    );
    let result = fs::read_to_string(round.path("result.csv")).unwrap();
    assert!(
        result.lines().nth(2).unwrap().ends_with(",10,はる園"),
        "{result}"
    );
    let alone = round.run("verify", &["--result", "result.csv"]);
    assert_eq!(code(&alone), 1, "{}", stdout(&alone));
    let with = round.run(
        "verify",
        &["--result", "result.csv", "--report", "report.json"],
    );
    assert_eq!(code(&with), 4, "{}", stdout(&with));
}

#[test]
fn ties_stop_places_nobody() {
    let round = Round::new(
        "1,1,1,30,10,,,\n2,2,1,30,10,,,\n",
        "10,はる園,0,1,0,0,0,0\n",
    );
    let stopped = round.place(&[]);
    assert_eq!(code(&stopped), 3, "{}", stderr(&stopped));
    let text = stdout(&stopped);
    assert!(text.contains("10/1: 1 and 2"), "{text}");
    assert!(!round.path("result.csv").exists() && !round.path("report.json").exists());

    // By hand: printf 'R8:1' | sha256sum gives fd6d…, R8:2 gives 648f…: child 2 comes first.
    assert_eq!(code(&round.place(&["--ties", "lottery:R8"])), 0);
    let result = fs::read_to_string(round.path("result.csv")).unwrap();
    assert!(
        result.lines().nth(2).unwrap().ends_with("はる園"),
        "{result}"
    );

    for ties in ["lottery:R8", "equal", "row-order"] {
        let placed = round.place(&["--ties", ties, "--force"]);
        assert_eq!(code(&placed), 0, "{ties}: {}", stderr(&placed));
        let same = [
            "--ties",
            ties,
            "--result",
            "result.csv",
            "--report",
            "report.json",
        ];
        let verified = round.run("verify", &same);
        assert_eq!(code(&verified), 0, "{ties}: {}", stdout(&verified));
    }
    let result = fs::read_to_string(round.path("result.csv")).unwrap();
    assert!(
        result.lines().nth(1).unwrap().ends_with("はる園"),
        "row-order: {result}"
    );
}

#[test]
fn tied_twins_are_no_undecided_tie() {
    let round = Round::new(
        "1,1,1,30,10,,,7\n2,1,1,30,10,,,7\n",
        "10,はる園,0,1,0,0,0,0\n",
    );
    let placed = round.place(&["--ties", "stop"]);
    assert_eq!(code(&placed), 0, "{}{}", stdout(&placed), stderr(&placed));
}

#[test]
fn bad_input_names_everything_at_once_and_writes_nothing() {
    let round = Round::new(
        "1,1,6,30,10,,,\n1,2,1,x,99,,,\n",
        "10,はる園,0,-1,0,0,0,0\n",
    );
    let bad = round.place(&[]);
    assert_eq!(code(&bad), 2);
    let text = stderr(&bad);
    for problem in ["6", "99", "-1", "x"] {
        assert!(text.contains(problem), "{problem}: {text}");
    }
    assert!(stdout(&bad).is_empty());
    assert!(!round.path("result.csv").exists());

    let missing = round.run(
        "match",
        &[
            "--rules",
            "no.toml",
            "--columns",
            "neither.toml",
            "--out",
            "r.csv",
        ],
    );
    assert_eq!(code(&missing), 2);
    let text = stderr(&missing);
    assert!(
        text.contains("no.toml") && text.contains("neither.toml"),
        "{text}"
    );
}

#[test]
fn outputs_never_replace_inputs_or_what_exists() {
    let round = small();
    let check = |args: &[&str], expect: &str| {
        let output = round.run("match", args);
        assert_eq!(code(&output), 5, "{args:?} {}", stderr(&output));
        assert!(
            stderr(&output).contains(expect),
            "{args:?} {}",
            stderr(&output)
        );
    };
    check(
        &["--out", "children.csv", "--force"],
        "same file as the input",
    );
    check(&["--out", "./x/../children.csv", "--force"], "");
    check(&["--out", "r.csv", "--report", "r.csv"], "two outputs");
    check(&["--out", "no/r.csv"], "no folder");
    assert!(!round.path("r.csv").exists());
    fs::write(round.path("report.json"), "old").unwrap();
    check(
        &["--out", "r.csv", "--report", "report.json"],
        "exists already",
    );
    assert_eq!(
        fs::read_to_string(round.path("report.json")).unwrap(),
        "old"
    );
    assert!(!round.path("r.csv").exists());
}

#[test]
fn the_other_mechanisms_are_replayed() {
    let round = small();
    for mechanism in ["index-order", "choice-order"] {
        let placed = round.place(&["--mechanism", mechanism, "--force"]);
        assert_eq!(code(&placed), 0, "{}", stderr(&placed));
        let same = ["--result", "result.csv", "--mechanism", mechanism];
        assert_eq!(code(&round.run("verify", &same)), 0, "{mechanism}");
    }
    let swapped = "申請者番号,入所選考結果保育所ID\n1,20\n2,10\n3,\n";
    fs::write(round.path("swapped.csv"), swapped).unwrap();
    let output = round.run(
        "verify",
        &["--result", "swapped.csv", "--mechanism", "index-order"],
    );
    assert_eq!(code(&output), 1);
    assert!(
        stdout(&output).contains("by the procedure"),
        "{}",
        stdout(&output)
    );
}

#[test]
fn index_order_needs_one_order_of_families() {
    let round = small();
    let children = "申請者番号,世帯番号,年齢,点数1,点数2,希望保育園ID_1,希望保育園ID_2\n\
                    1,1,1,30,5,10,20\n2,2,1,20,20,10,20\n";
    fs::write(round.path("children.csv"), children).unwrap();
    let refused = round.place(&["--mechanism", "index-order"]);
    assert_eq!(code(&refused), 2);
    assert!(
        stderr(&refused).contains("common_order"),
        "{}",
        stderr(&refused)
    );
}

/// Nobody is favoured for a smaller id: where turns decide, equals stop the run as they do in the
/// stable mechanism.
#[test]
fn ties_that_only_ids_decide_stop_the_other_mechanisms() {
    let seats = "10,はる園,0,1,0,0,0,0\n20,なつ園,0,1,0,0,0,0\n";
    for mechanism in ["index-order", "choice-order"] {
        let round = Round::new("1,1,1,30,10,,,\n2,2,1,30,10,,,\n3,3,1,10,20,,,\n", seats);
        let stopped = round.place(&["--mechanism", mechanism]);
        assert_eq!(code(&stopped), 3, "{mechanism}: {}", stderr(&stopped));
        let text = stdout(&stopped);
        assert!(text.contains("10/1: 1 and 2 (30)"), "{mechanism}: {text}");
        assert!(!round.path("result.csv").exists() && !round.path("report.json").exists());
        let lottery = ["--mechanism", mechanism, "--ties", "lottery:R8"];
        assert_eq!(code(&round.place(&lottery)), 0);

        // Equals who want different seats, and equals in one family, are nobody's tie.
        let apart = Round::new("1,1,1,30,10,,,\n2,2,1,30,20,,,\n3,3,1,10,20,,,\n", seats);
        let twins = Round::new("1,1,1,30,10,,,7\n2,1,1,30,10,,,7\n", seats);
        for round in [apart, twins] {
            let placed = round.place(&["--mechanism", mechanism]);
            assert_eq!(code(&placed), 0, "{mechanism}: {}", stdout(&placed));
        }
    }
}

/// A declared common order makes index-order possible where points depend on the nursery; equal
/// places in it are ties.
#[test]
fn a_declared_common_order_ranks_families() {
    let round = small();
    let table = |orders: [u32; 2]| {
        let [a, b] = orders;
        let header = "申請者番号,世帯番号,年齢,点数1,点数2,希望保育園ID_1,希望保育園ID_2,選考順位";
        fs::write(
            round.path("children.csv"),
            format!("{header}\n1,1,1,30,5,10,20,{a}\n2,2,1,20,20,10,20,{b}\n"),
        )
        .unwrap();
    };
    let rules = "[common_order]\ncolumn = \"選考順位\"\nlarger_first = false\n";
    fs::write(round.path("rules.toml"), rules).unwrap();
    let with = ["--mechanism", "index-order", "--rules", "rules.toml"];
    table([2, 1]);
    let placed = round.place(&with);
    assert_eq!(code(&placed), 0, "{}{}", stdout(&placed), stderr(&placed));
    let result = fs::read_to_string(round.path("result.csv")).unwrap();
    let second = result.lines().nth(2).unwrap();
    assert!(second.ends_with(",10,はる園"), "{result}");

    table([1, 1]);
    let stopped = round.place(&[&with[..], &["--force"]].concat());
    assert_eq!(
        code(&stopped),
        3,
        "{}{}",
        stdout(&stopped),
        stderr(&stopped)
    );
    let text = stdout(&stopped);
    assert!(text.contains("10/1: 1 and 2 (their families"), "{text}");
    // A lottery decides among equals of a declared order, too: R8:2 comes first (see above).
    let drawn = [&with[..], &["--force", "--ties", "lottery:R8"]].concat();
    assert_eq!(code(&round.place(&drawn)), 0);
    let result = fs::read_to_string(round.path("result.csv")).unwrap();
    let second = result.lines().nth(2).unwrap();
    assert!(second.ends_with(",10,はる園"), "{result}");
}

#[test]
fn a_report_of_other_inputs_is_refused() {
    let round = small();
    round.place(&[]);
    let children = fs::read_to_string(round.path("children.csv")).unwrap();
    fs::write(
        round.path("children.csv"),
        children.replace("3,3,1,10", "3,3,1,11"),
    )
    .unwrap();
    let verified = round.run(
        "verify",
        &["--result", "result.csv", "--report", "report.json"],
    );
    assert_eq!(code(&verified), 2);
    assert!(
        stderr(&verified).contains("other inputs"),
        "{}",
        stderr(&verified)
    );
    fs::write(round.path("report.json"), "{}").unwrap();
    let explained = round.run("explain", &["--report", "report.json", "1"]);
    assert_eq!(code(&explained), 2);
}

/// The same content gives the same report, whatever the order of rows and the threads.
#[test]
fn order_of_rows_and_threads_change_nothing() {
    let dir = TempDir::new().unwrap();
    let enmusubi = |args: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_enmusubi"))
            .current_dir(dir.path())
            .args(args)
            .output()
            .unwrap();
        assert_eq!(code(&output), 0, "{}", stderr(&output));
    };
    enmusubi(&[
        "synth",
        "a",
        "--children",
        "600",
        "--nurseries",
        "30",
        "--ties",
        "0.5",
        "--siblings",
        "0.3",
    ]);
    fs::create_dir(dir.path().join("b")).unwrap();
    for name in ["children.csv", "nurseries.csv"] {
        let text = fs::read_to_string(dir.path().join("a").join(name)).unwrap();
        let mut lines = text.lines();
        let header = lines.next().unwrap();
        let mut rows: Vec<&str> = lines.collect();
        rows.reverse();
        let turned = format!("{header}\n{}\n", rows.join("\n"));
        fs::write(dir.path().join("b").join(name), turned).unwrap();
    }
    let report = |folder: &str, threads: &str| {
        let path = |name: &str| Path::new(folder).join(name).to_str().unwrap().to_owned();
        enmusubi(&[
            "match",
            "--children",
            &path("children.csv"),
            "--nurseries",
            &path("nurseries.csv"),
            "--ties",
            "lottery:R8",
            "--threads",
            threads,
            "--force",
            "--out",
            &path("result.csv"),
            "--report",
            &path("report.json"),
        ]);
        let bytes = fs::read(dir.path().join(folder).join("report.json")).unwrap();
        let mut report: Value = serde_json::from_slice(&bytes).unwrap();
        report["seconds"] = Value::Null;
        report
    };
    let first = report("a", "1");
    for (folder, threads) in [("a", "2"), ("b", "1"), ("b", "8")] {
        assert!(
            report(folder, threads) == first,
            "{folder} with {threads} threads differs"
        );
    }
}

#[test]
fn the_demonstration_runs_twice_without_overwriting() {
    let dir = TempDir::new().unwrap();
    for folder in ["enmusubi-demo", "enmusubi-demo-2"] {
        let output = Command::new(env!("CARGO_BIN_EXE_enmusubi"))
            .current_dir(dir.path())
            .args(["demo", "--lang", "ja"])
            .output()
            .unwrap();
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        assert!(stdout(&output).contains("縁結市"));
        let page = fs::read_to_string(dir.path().join(folder).join("report.html")).unwrap();
        // Self-contained: nothing is fetched.
        for outside in ["<script", "http://", "https://", "<link", "@import", "url("] {
            let found = page.replace("http://www.w3.org/", "").contains(outside);
            assert!(!found, "{outside} in the page");
        }
    }
}
