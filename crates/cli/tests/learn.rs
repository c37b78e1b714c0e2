//! `enmusubi learn` over files, as a section runs it.

#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests, where a panic is the failure"
)]

use calamine::{Data, Reader as _, Xlsx};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
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

/// A made-up round in a folder.
fn made(dir: &TempDir, name: &str, size: [&str; 2], form: &str, more: &[&str]) {
    let [children, nurseries] = size;
    let args = [
        "synth",
        name,
        "--facts",
        form,
        "--children",
        children,
        "--nurseries",
        nurseries,
    ];
    let out = enmusubi(dir, &[&args[..], more].concat());
    assert_eq!(out.status.code(), Some(0), "{}", said(&out));
}

/// Two past rounds, and the criteria they were decided by without a row.
fn past() -> TempDir {
    let dir = TempDir::new().unwrap();
    for (name, seed) in [("p1", "1"), ("p2", "2")] {
        let more = ["--past", "--seed", seed, "--differences", "0"];
        made(&dir, name, ["400", "16"], "example", &more);
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
    let facts = looked["facts"].as_array().unwrap();
    assert!(page.contains("公平さの確かめ") && page.contains(facts[0].as_str().unwrap()));
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

    // The order has a line of its own; rules are accepted one by one, but not without it.
    let files = ["bare.toml", "draft.toml", "signed.xlsx"];
    let signed = |rejected: u32| {
        filled(&dir, "signed.xlsx", &|header, number| match header {
            "認める・認めない" if number == rejected => Some("×"),
            "認める・認めない" => Some("○"),
            "確かめた人" => Some("山田課長"),
            "日付" => Some("R8.11.27"),
            _ => None,
        });
    };
    signed(0);
    let out = accept(&dir, "ja", files);
    assert_eq!(out.status.code(), Some(2), "{}", said(&out));
    assert!(said(&out).contains("番号0"), "{}", said(&out));
    signed(1);
    let out = accept(&dir, "ja", files);
    assert_eq!(out.status.code(), Some(0), "{}", said(&out));
    assert!(said(&out).contains("未記入"), "{}", said(&out));
    let checked = enmusubi(&dir, &["criteria", "check", "accepted.toml"]);
    assert_eq!(checked.status.code(), Some(0), "{}", said(&checked));
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
    // A round of which nobody checked many facts, and one of another form, whose answers the criteria do not know.
    made(
        &dir,
        "p3",
        ["60", "4"],
        "example",
        &["--seed", "3", "--missing", "0.3"],
    );
    made(
        &dir,
        "p4",
        ["60", "4"],
        "fujisawa",
        &["--seed", "4", "--past"],
    );
    let learned = |rounds: &[&str], decisions: &[&str], more: &[&str]| {
        let given = [&["learn", "--rounds"], rounds, &["--decisions"], decisions].concat();
        enmusubi(
            &dir,
            &[&given, &["--known", "known.toml"][..], &OUT, more].concat(),
        )
    };
    let (good, other) = ("p1/round.xlsx", "p4/round.xlsx");
    let (of_good, of_other) = ("p1/decisions.csv", "p4/decisions.csv");
    let out = learned(&[good, "p3"], &[of_good, of_good], &["--json"]);
    assert_eq!(out.status.code(), Some(0), "{}", said(&out));
    // What is undecided is told, and is no part of what is printed.
    let report: Value = serde_json::from_slice(&out.stdout).unwrap();
    assert_eq!(report["left_out"].as_array().unwrap().len(), 1);
    assert_eq!(report["years"].as_array().unwrap().len(), 1);
    assert!(!said(&out).contains('\u{1f}'), "{}", said(&out));

    let out = learned(&[good, other], &[of_good, of_other], &["--force"]);
    assert_eq!(out.status.code(), Some(0), "{}", said(&out));
    assert!(said(&out).contains("left out"), "{}", said(&out));

    let out = learned(&["p3"], &[of_good], &["--force"]);
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

/// The list of rules that was written, with cells filled in by `fill`: header of a column and number of the rule → text.
fn filled(dir: &TempDir, out: &str, fill: &dyn Fn(&str, u32) -> Option<&'static str>) {
    let bytes = fs::read(dir.path().join("learned/learn.xlsx")).unwrap();
    let mut read: Xlsx<_> = Xlsx::new(std::io::Cursor::new(bytes)).unwrap();
    let range = read.worksheet_range("規則").unwrap();
    let (first, _) = range.start().unwrap();
    let rows: Vec<&[Data]> = range.rows().collect();
    let text = |cell: &Data| cell.to_string();
    let head = rows.iter().position(|r| text(&r[0]) == "番号").unwrap();
    let headers: Vec<String> = rows[head].iter().map(text).collect();
    let places = headers.iter().position(|h| h == "下書きの場所").unwrap();
    let mut book = Workbook::new();
    let page = book.add_worksheet();
    page.set_name("規則").unwrap();
    let day = Format::new().set_num_format("yyyy/mm/dd");
    for (line, cells) in (first..).zip(&rows) {
        let is_rule = line > first + head as u32 && !text(&cells[places]).is_empty();
        for ((column, cell), header) in (0u16..).zip(*cells).zip(&headers) {
            let number = || text(&cells[0]).parse::<u32>().unwrap();
            let filled = match is_rule {
                true => fill(header, number()),
                false => None,
            };
            match (filled, cell) {
                (Some("date"), _) => {
                    let date = ExcelDateTime::from_ymd(2026, 11, 27).unwrap();
                    page.write_with_format(line, column, &date, &day).unwrap();
                }
                (Some(text), _) => {
                    page.write(line, column, text).unwrap();
                }
                (None, Data::Float(number)) => {
                    page.write(line, column, *number).unwrap();
                }
                (None, Data::Empty) => {}
                (None, other) => {
                    page.write(line, column, text(other)).unwrap();
                }
            }
        }
    }
    book.save(dir.path().join(out)).unwrap();
}

/// Makes criteria of what was accepted.
fn accept(dir: &TempDir, lang: &str, [known, draft, signed]: [&str; 3]) -> Output {
    let given = ["--known", known, "--draft", draft, "--signed", signed];
    let rest = ["--out", "accepted.toml", "--lang", lang];
    Command::new(env!("CARGO_BIN_EXE_enmusubi"))
        .current_dir(dir.path())
        .args(["criteria", "accept"])
        .args(given)
        .args(rest)
        .output()
        .unwrap()
}

#[test]
fn accepted_rules_become_criteria_that_say_by_whom() {
    let dir = past();
    let out = learn(&dir, &["--known", "known.toml"]);
    assert_eq!(out.status.code(), Some(0), "{}", said(&out));
    let files = ["known.toml", "draft.toml", "signed.xlsx"];

    // Not filled in: everything that is missing, and nothing written.
    filled(&dir, "signed.xlsx", &|_, _| None);
    let out = accept(&dir, "ja", files);
    assert_eq!(out.status.code(), Some(2), "{}", said(&out));
    for part in ["E225", "E227", "E228", "signed.xlsx「規則」"] {
        assert!(said(&out).contains(part), "{part}: {}", said(&out));
    }
    filled(&dir, "signed.xlsx", &|header, _| match header {
        "認める・認めない" => Some("○"),
        "確かめた人" => Some("山田課長"),
        "日付" => Some("昨日"),
        _ => None,
    });
    let out = accept(&dir, "en", files);
    assert_eq!(out.status.code(), Some(2), "{}", said(&out));
    assert!(said(&out).contains("E229"), "{}", said(&out));
    assert!(!dir.path().join("accepted.toml").exists());

    let signed = |verdict: &'static str| {
        move |header: &str, _| match header {
            "認める・認めない" => Some(verdict),
            "確かめた人" => Some("山田課長"),
            "日付" => Some("date"),
            _ => None,
        }
    };
    filled(&dir, "signed.xlsx", &signed("認める"));
    // Somebody wrote into the draft; and the list is of other criteria.
    let draft = fs::read_to_string(dir.path().join("draft.toml")).unwrap();
    let edited = draft.replacen("take = \"sum\"", "take = \"highest\"", 1);
    assert_ne!(edited, draft);
    fs::write(dir.path().join("edited.toml"), edited).unwrap();
    let out = accept(&dir, "ja", ["known.toml", "edited.toml", "signed.xlsx"]);
    assert_eq!(out.status.code(), Some(2), "{}", said(&out));
    assert!(said(&out).contains("table:"), "{}", said(&out));
    let out = accept(&dir, "ja", ["draft.toml", "draft.toml", "signed.xlsx"]);
    assert_eq!(out.status.code(), Some(2), "{}", said(&out));
    assert!(said(&out).contains("規則1の場所（row:"), "{}", said(&out));

    let out = accept(&dir, "ja", files);
    assert_eq!(out.status.code(), Some(0), "{}", said(&out));
    let accepted = fs::read_to_string(dir.path().join("accepted.toml")).unwrap();
    let remark = "令和8年11月27日 山田課長が認めた（過去の決定から学んだ規則1）";
    assert!(accepted.contains(remark), "{accepted}");
    assert!(accepted.contains("1件のうち1件を認めた"), "{accepted}");
    let checked = enmusubi(&dir, &["criteria", "check", "accepted.toml"]);
    assert_eq!(checked.status.code(), Some(0), "{}", said(&checked));

    fs::remove_file(dir.path().join("accepted.toml")).unwrap();
    filled(&dir, "signed.xlsx", &signed("認めない"));
    let out = accept(&dir, "en", files);
    assert_eq!(out.status.code(), Some(0), "{}", said(&out));
    let differing = enmusubi(&dir, &["criteria", "diff", "known.toml", "accepted.toml"]);
    assert!(said(&differing).contains("1 "), "{}", said(&differing));
    assert!(!said(&differing).contains("row"), "{}", said(&differing));
}
