//! `enmusubi round …` and `synth --facts`: files, exit codes, words.

#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests, where a panic is the failure"
)]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use tempfile::TempDir;

fn run(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_enmusubi"))
        .current_dir(folder)
        .args(args)
        .args(["--lang", "ja"])
        .output()
        .unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[track_caller]
fn good(folder: &Path, args: &[&str]) -> String {
    let output = run(folder, args);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    out(&output)
}

fn synth(folder: &Path, to: &str, form: &str) {
    let args = [
        "synth",
        to,
        "--children",
        "40",
        "--nurseries",
        "5",
        "--facts",
        form,
    ];
    good(folder, &args);
}

#[test]
fn made_up_workbooks_are_checked_and_counted() {
    let dir = TempDir::new().unwrap();
    for (to, form) in [
        ("a", "example"),
        ("b", "fujisawa"),
        ("c.xlsx", "saitama"),
        ("d.xlsx", "fujisawa"),
    ] {
        synth(dir.path(), to, form);
        let said = good(dir.path(), &["round", "check", to]);
        assert!(
            said.starts_with(&format!("{to} は選考に使えます。\n")),
            "{said}"
        );
        assert!(said.contains("\n  施設 5\n"), "{said}");
        assert!(said.contains("就労証明書"), "{said}");
        // A blank there is no limit, not an unknown one.
        assert!(!said.contains("受入"), "{said}");
        // Nobody asks brothers and sisters that do not apply for their form.
        assert!(!said.contains("受付記録"), "{said}");
    }
    assert!(dir.path().join("c.xlsx").is_file());
    assert_eq!(fs::read_dir(dir.path().join("a")).unwrap().count(), 14);
    // The same people, from CSV and from XLSX.
    let counts = |round: &str| {
        let said = good(dir.path(), &["round", "check", round]);
        said.split_once('\n').unwrap().1.to_owned()
    };
    assert_eq!(counts("b"), counts("d.xlsx"));
}

#[test]
fn what_is_wrong_is_told_and_ends_with_two() {
    let dir = TempDir::new().unwrap();
    synth(dir.path(), "r", "example");
    let folder = dir.path().join("r");
    // Strangers are named and do no harm; hidden files are nobody's.
    fs::write(folder.join("メモ.txt"), "x").unwrap();
    fs::write(folder.join(".DS_Store"), "x").unwrap();
    fs::write(folder.join("~$世帯.xlsx"), "x").unwrap();
    let output = run(dir.path(), &["round", "check", "r"]);
    assert_eq!(output.status.code(), Some(0));
    let messages = err(&output);
    assert!(
        messages.contains("メモ.txt: 選考回の表の名前でないため"),
        "{messages}"
    );
    assert!(messages.ends_with("エラー0件、注意1件\n"), "{messages}");

    let table = folder.join("児童.csv");
    let text = fs::read_to_string(&table).unwrap();
    fs::write(&table, text.replacen(",新規,", ",新き,", 1)).unwrap();
    fs::remove_file(folder.join("クラス.csv")).unwrap();
    let output = run(dir.path(), &["round", "check", "r"]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(out(&output), "");
    let messages = err(&output);
    assert!(messages.contains("「新規」のことですか"), "{messages}");
    assert!(
        messages.contains("エラー E100 r: 必要な表がありません（値「クラス」）"),
        "{messages}"
    );
    assert!(messages.contains("何も書き出していません"), "{messages}");
}

#[test]
fn the_template_is_written_once_and_read_back() {
    let dir = TempDir::new().unwrap();
    let args = ["round", "template", "--out", "t.xlsx"];
    let said = good(dir.path(), &args);
    assert!(said.contains("enmusubi round check"), "{said}");
    // Not over an existing file, unless asked to.
    assert_eq!(run(dir.path(), &args).status.code(), Some(5));
    good(
        dir.path(),
        &["round", "template", "--out", "t.xlsx", "--force"],
    );
    let output = run(dir.path(), &["round", "check", "t.xlsx"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(err(&output).contains("t.xlsx「世帯」: 見出しはありますが"));
    // Alone in a folder, it is what the folder means.
    fs::create_dir(dir.path().join("f")).unwrap();
    fs::rename(dir.path().join("t.xlsx"), dir.path().join("f/t.xlsx")).unwrap();
    let output = run(dir.path(), &["round", "check", "f"]);
    assert!(err(&output).contains("t.xlsx「世帯」: 見出しはありますが"));
    let output = run(dir.path(), &["round", "check", "nowhere"]);
    assert_eq!(output.status.code(), Some(2));
}
