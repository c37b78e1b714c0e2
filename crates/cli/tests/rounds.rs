//! Whole rounds: the same content gives the same answer in whatever form it comes, every swap is
//! noticed, and the rounds without a stable placement are told as they are.
//!
//! What needs many runs goes through the libraries in the order `pipeline` does, so that no process
//! is started a hundred times.

#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests, where a panic is the failure"
)]

use enmusubi_interchange::{Inputs, Language, Source, read_round};
use enmusubi_matching::{Answer, NoWatch, Outcome, Request, place};
use enmusubi_selection::compile::compile;
use enmusubi_selection::compiled::{CompiledRound, Ties};
use enmusubi_selection::digest::input_digest;
use enmusubi_selection::explain::explain;
use enmusubi_selection::report::{RunFacts, report, write_report};
use enmusubi_synth::{Options, children_csv, nurseries_csv, town};
use enmusubi_verify as verify;
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use tempfile::TempDir;

/// A round decided, verified and reported without a process.
struct Decided {
    compiled: CompiledRound,
    outcome: Outcome,
    /// Without seconds.
    report: Vec<u8>,
    result_digest: String,
}

fn decide(children: &[u8], nurseries: &[u8], threads: u32) -> Decided {
    let source = |name, bytes| Source { name, bytes };
    let (round, diagnostics) = read_round(&Inputs {
        children: source("children.csv", children),
        nurseries: source("nurseries.csv", nurseries),
        combinations: None,
        columns: None,
        rules: None,
    });
    let round = round.unwrap_or_else(|| panic!("{}", diagnostics.render(Language::English)));
    let compiled = compile(&round, &Ties::Lottery("R8".to_owned())).unwrap();
    let request = Request {
        threads,
        ..Request::default()
    };
    let Answer::Placed(outcome) = place(&compiled.market, request, &NoWatch) else {
        panic!("undecided")
    };
    let verdict = verify::check(&compiled.market, &outcome.placement);
    assert!(verdict.is_feasible());
    let explanations = explain(&compiled, &outcome, request.mechanism);
    let facts = RunFacts {
        input_digest: &input_digest(&round),
        blocking_positions: verdict.summary().blocking_positions,
        ..RunFacts::default()
    };
    let report = report(&compiled, &outcome, &explanations, &facts);
    Decided {
        result_digest: report.result_digest.clone(),
        report: write_report(&report).unwrap(),
        compiled,
        outcome: *outcome,
    }
}

/// A small generator, so that the shuffles are the same on every machine.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        ((self.0 >> 33) as usize) % n
    }

    /// The header stays, the rows are shuffled.
    fn shuffled(&mut self, table: &[u8]) -> Vec<u8> {
        let text = std::str::from_utf8(table).unwrap();
        let mut lines: Vec<&str> = text.lines().collect();
        for i in (2..lines.len()).rev() {
            let j = 1 + self.below(i);
            lines.swap(i, j);
        }
        (lines.join("\n") + "\n").into_bytes()
    }
}

/// Hundred orders of the rows of both files, on one, two and eight threads.
#[test]
fn shuffled_rows_and_threads_give_the_same_report() {
    let town = town(&Options {
        children: 240,
        nurseries: 12,
        seed: 3,
        siblings: 0.3,
        transfers: 0.15,
        ties: 0.5,
        ..Options::default()
    });
    let (children, nurseries) = (children_csv(&town), nurseries_csv(&town));
    let first = decide(&children, &nurseries, 1);
    let mut dice = Dice(8);
    for turn in 0..100 {
        let (c, n) = (dice.shuffled(&children), dice.shuffled(&nurseries));
        assert_ne!(c, children);
        for threads in [1, 2, 8] {
            let again = decide(&c, &n, threads);
            assert_eq!(
                again.result_digest, first.result_digest,
                "shuffle {turn}, {threads} threads"
            );
            assert!(
                again.report == first.report,
                "shuffle {turn}, {threads} threads: the reports differ"
            );
        }
    }
}

/// Two children of one age change places: either somebody sits where it may not, or somebody is
/// wronged.
#[test]
fn every_swapped_pair_is_caught() {
    let mut swapped = 0;
    for seed in 1..=10 {
        let town = town(&Options {
            children: 200,
            nurseries: 10,
            seed,
            siblings: 0.2,
            transfers: 0.1,
            ties: 0.3,
            ..Options::default()
        });
        let round = decide(&children_csv(&town), &nurseries_csv(&town), 1);
        let market = &round.compiled.market;
        let right = &round.outcome.placement;
        if !verify::check(market, right).is_stable() {
            continue;
        }
        for age in 0..6 {
            let placed: Vec<usize> = (0..market.children.len())
                .filter(|&c| market.children[c].age == age && right.class[c].is_some())
                .collect();
            for pair in placed.windows(2) {
                if right.class[pair[0]] == right.class[pair[1]] {
                    continue;
                }
                let mut wrong = right.clone();
                wrong.class.swap(pair[0], pair[1]);
                let verdict = verify::check(market, &wrong);
                let ids = [pair[0], pair[1]].map(|c| &*market.children[c].id);
                assert!(
                    !verdict.is_feasible() || !verdict.is_stable(),
                    "seed {seed}: {ids:?} swapped, and nobody noticed"
                );
                swapped += 1;
            }
        }
    }
    assert!(swapped > 500, "{swapped}");
}

const SEATS: &str =
    "保育所ID,保育所名,0歳募集人数,1歳募集人数,2歳募集人数,3歳募集人数,4歳募集人数,5歳募集人数\n";

fn enmusubi(dir: &Path, command: &str, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_enmusubi"))
        .current_dir(dir)
        .args([command, "--lang", "en"])
        .args(args)
        .output()
        .unwrap()
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

fn said(output: &Output) -> String {
    let of = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    of(&output.stdout) + &of(&output.stderr)
}

fn read_report(dir: &Path, name: &str) -> Value {
    serde_json::from_slice(&fs::read(dir.join(name)).unwrap()).unwrap()
}

/// A table as a workbook: text as text, but whole numbers as a spreadsheet would keep them, in
/// every second row.
fn workbook(table: &str) -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (r, line) in table.lines().enumerate() {
        for (c, cell) in line.split(',').enumerate() {
            let (row, column) = (r as u32, c as u16);
            match cell.parse::<u32>() {
                Ok(number) if r % 2 == 1 => sheet.write_number(row, column, number),
                _ => sheet.write_string(row, column, cell),
            }
            .unwrap();
        }
    }
    book.save_to_buffer().unwrap()
}

/// UTF-8, UTF-8 with a byte order mark and CRLF, CP932 and XLSX of one round: one digest of what
/// went in, one of what came out. The result is the input's table, row by row.
#[test]
fn every_encoding_of_a_round_gives_the_same_digest() {
    let dir = TempDir::new().unwrap();
    let town = town(&Options {
        children: 150,
        nurseries: 10,
        seed: 7,
        siblings: 0.25,
        ties: 0.4,
        ..Options::default()
    });
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap().replace('\u{feff}', "");
    let tables = [
        ("children", text(children_csv(&town))),
        ("nurseries", text(nurseries_csv(&town))),
    ];
    for (name, table) in &tables {
        let write = |form: &str, bytes: Vec<u8>| {
            fs::write(dir.path().join(format!("{name}-{form}")), bytes).unwrap();
        };
        write("utf8.csv", table.clone().into_bytes());
        let windows = format!("\u{feff}{}", table.replace('\n', "\r\n"));
        write("bom.csv", windows.into_bytes());
        let (cp932, _, lost) = encoding_rs::SHIFT_JIS.encode(table);
        assert!(!lost);
        write("cp932.csv", cp932.into_owned());
        write("book.xlsx", workbook(table));
    }
    let mut digests = Vec::new();
    for form in ["utf8.csv", "bom.csv", "cp932.csv", "book.xlsx"] {
        let name = |of: &str| format!("{of}-{form}");
        let output = enmusubi(
            dir.path(),
            "match",
            &[
                "--children",
                &name("children"),
                "--nurseries",
                &name("nurseries"),
                "--ties",
                "lottery:R8",
                "--out",
                &name("result"),
                "--report",
                &name("report"),
            ],
        );
        assert_eq!(code(&output), 0, "{form}: {}", said(&output));
        let report = read_report(dir.path(), &name("report"));
        digests.push((
            form,
            report["input_digest"].to_string(),
            report["result_digest"].to_string(),
        ));
        let bytes = fs::read(dir.path().join(name("result"))).unwrap();
        let result = match form {
            "cp932.csv" => encoding_rs::SHIFT_JIS.decode(&bytes).0.into_owned(),
            "book.xlsx" => continue,
            _ => String::from_utf8(bytes).unwrap(),
        };
        let written = fs::read(dir.path().join(name("children"))).unwrap();
        assert_eq!(
            result.starts_with('\u{feff}'),
            written.starts_with("\u{feff}".as_bytes())
        );
        assert_eq!(result.contains("\r\n"), form == "bom.csv");
        let rows = result.trim_start_matches('\u{feff}').lines();
        assert_eq!(rows.clone().count(), tables[0].1.lines().count());
        for (row, was) in rows.zip(tables[0].1.lines()) {
            assert!(row.starts_with(&format!("{was},")), "{row}");
        }
    }
    for (form, input, result) in &digests[1..] {
        assert_eq!((input, result), (&digests[0].1, &digests[0].2), "{form}");
    }
}

/// A round that has no stable placement, as it is told: its report, and what `verify` says.
fn nothing_stable(children: &str, nurseries: &str, rules: Option<&str>) -> (Value, String) {
    let dir = TempDir::new().unwrap();
    fs::write(dir.path().join("c.csv"), children).unwrap();
    fs::write(dir.path().join("n.csv"), format!("{SEATS}{nurseries}")).unwrap();
    let mut files = vec!["--children", "c.csv", "--nurseries", "n.csv"];
    if let Some(rules) = rules {
        fs::write(dir.path().join("r.toml"), rules).unwrap();
        files.extend(["--rules", "r.toml"]);
    }
    let run =
        |command: &str, more: &[&str]| enmusubi(dir.path(), command, &[&files[..], more].concat());
    let placed = run("match", &["--out", "r.csv", "--report", "r.json"]);
    assert_eq!(code(&placed), 0, "{}", said(&placed));
    let alone = run("verify", &["--result", "r.csv"]);
    assert_eq!(code(&alone), 1, "{}", said(&alone));
    let with = run("verify", &["--result", "r.csv", "--report", "r.json"]);
    assert_eq!(code(&with), 4, "{}", said(&with));
    (read_report(dir.path(), "r.json"), said(&placed))
}

/// (class key, seats) of every repair.
fn repairs(report: &Value) -> Vec<(String, i64)> {
    let repairs = report["instability"]["repairs"].as_array().unwrap();
    assert_eq!(report["instability"]["repairs_complete"], true);
    repairs
        .iter()
        .map(|r| {
            let class = r["class"].as_u64().unwrap() as usize;
            let key = report["class_explanations"][class]["key"].as_str().unwrap();
            (key.to_owned(), r["seats"].as_i64().unwrap())
        })
        .collect()
}

/// Twins c1 (8 points), c2 (70), code 7; only child c3 (36); one seat. No seat: nobody is wronged;
/// two: c1 and c3 have one each, and c2 would only come before its own sibling.
#[test]
fn twins_and_an_only_child_at_one_seat() {
    let (report, text) = nothing_stable(
        "申請者番号,世帯番号,年齢,点数,希望保育園ID_1,きょうだいパターン\n\
         c1,twins,1,8,10,7\nc2,twins,1,70,10,7\nc3,only,1,36,10,\n",
        "10,はる園,0,1,0,0,0,0\n",
        None,
    );
    assert_eq!(report["blocking"], serde_json::json!(["twins"]));
    assert_eq!(report["proved"]["blocking_families"], true);
    assert_eq!(report["proved"]["blocking_only_children"], true);
    let irreducible = &report["instability"]["irreducible"];
    assert_eq!(*irreducible, serde_json::json!([["only", "twins"]]));
    let one = |seats| ("10/1".to_owned(), seats);
    assert_eq!(repairs(&report), [one(-1), one(1)]);
    for part in ["twins", "only", "10/1"] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

/// Section 2 of the selection model: weights break stability for only children alone. X and Y
/// weigh 1 and 2 at g1 (capacity 2): X of weight 1 prefers g2 (capacity 1) to g1, Y has only g1,
/// Z of weight 1 prefers g1 to g2; g1 ranks X>Y>Z, g2 Z>Y>X.
#[test]
fn weights_alone_can_leave_nothing_stable() {
    let (report, _) = nothing_stable(
        "申請者番号,世帯番号,年齢,点数1,点数2,希望保育園ID_1,希望保育園ID_2\n\
         X,X,1,10,30,g2,g1\nY,Y,2,20,,g1,\nZ,Z,1,10,30,g1,g2\n",
        "g1,一園,0,0,2,0,0,0\ng2,二園,0,1,0,0,0,0\n",
        Some(
            "[[group]]\nnursery = \"g1\"\nages = [1, 2]\nweights = { 1 = \"1\", 2 = \"2\" }\n\
             capacity = \"2\"\n",
        ),
    );
    assert_eq!(report["blocking_families"], 1);
    assert_eq!(report["with_class"], 2);
    assert_eq!(report["proved"]["blocking_families"], true);
    let irreducible = &report["instability"]["irreducible"];
    assert_eq!(*irreducible, serde_json::json!([["X", "Y", "Z"]]));
    assert!(!repairs(&report).is_empty());
    let shared = &report["shared_seats"][0];
    assert_eq!(shared["weights"], serde_json::json!(["1", "2"]));
    assert_eq!(shared["capacity"], "2");
}

/// Twins who tie with nobody but each other, and others who tie where there is room for all.
#[test]
fn ties_within_a_family_and_ties_with_room_are_decided() {
    let dir = TempDir::new().unwrap();
    let children = "申請者番号,世帯番号,年齢,点数,希望保育園ID_1,希望保育園ID_2,きょうだいパターン\n\
         1,1,1,30,10,20,7\n2,1,1,30,10,20,7\n3,3,1,20,10,20,\n4,4,2,9,20,,\n5,5,2,9,20,,\n";
    fs::write(dir.path().join("c.csv"), children).unwrap();
    let nurseries = format!("{SEATS}10,はる園,0,1,0,0,0,0\n20,なつ園,0,1,2,0,0,0\n");
    fs::write(dir.path().join("n.csv"), nurseries).unwrap();
    let files = ["--children", "c.csv", "--nurseries", "n.csv"];
    let stop = ["--ties", "stop", "--out", "r.csv", "--report", "r.json"];
    let placed = enmusubi(dir.path(), "match", &[&files[..], &stop[..]].concat());
    assert_eq!(code(&placed), 0, "{}", said(&placed));
    let report = read_report(dir.path(), "r.json");
    assert_eq!(report["blocking_families"], 0);
    assert_eq!(report["newly_placed"], 4);
}
