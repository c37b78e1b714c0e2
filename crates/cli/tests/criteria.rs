//! `enmusubi criteria …`: what each command prints, writes and ends with.

#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests, where a panic is the failure"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Runs `enmusubi criteria` in the repository: exit code, standard output, standard error.
fn criteria(args: &[&str]) -> (i32, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_enmusubi"))
        .current_dir(repository())
        .args(["--lang", "ja", "criteria"])
        .args(args)
        .output()
        .unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (
        output.status.code().unwrap(),
        text(output.stdout),
        text(output.stderr),
    )
}

fn put(folder: &Path, name: &str, text: &str) -> String {
    let path = folder.join(name);
    fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

const EXAMPLE: &str = "criteria/example/r9.toml";

fn example() -> String {
    fs::read_to_string(repository().join(EXAMPLE)).unwrap()
}

#[test]
fn made_up_files_are_no_municipalities() {
    let (code, list, told) = criteria(&["list"]);
    assert_eq!((code, &*told), (0, ""));
    // Folders of municipalities begin with their code.
    let folders = fs::read_dir(repository().join("criteria")).unwrap();
    let files: usize = folders
        .map(|entry| entry.unwrap())
        .filter(|entry| {
            entry
                .file_name()
                .to_str()
                .unwrap()
                .starts_with(|c: char| c.is_ascii_digit())
        })
        .map(|entry| fs::read_dir(entry.path()).unwrap().count())
        .sum();
    let count = format!("自治体の基準: {files}件");
    for there in ["142051  藤沢市", "472085  浦添市", &count] {
        assert!(list.contains(there), "{there}\n{list}");
    }
    assert!(
        !list.contains("structure") && !list.contains("example"),
        "{list}"
    );
    // With --all they stand apart, below.
    let (_, all, _) = criteria(&["list", "--all"]);
    let (above, below) = all.split_once("自治体の基準ではないもの").unwrap();
    assert_eq!(above.trim_end(), list.trim_end());
    assert!(below.contains("structure/nagoya.toml") && below.contains("example/r9.toml"));
    assert!(!below.contains("142051"));
}

#[test]
fn a_folder_that_is_not_there_and_a_broken_file() {
    let (code, list, told) = criteria(&["list", "no-such-folder"]);
    assert_eq!((code, &*list), (2, ""));
    assert!(
        told.starts_with("エラー: ") && told.contains("対処: "),
        "{told}"
    );
    let folder = tempfile::tempdir().unwrap();
    put(
        folder.path(),
        "broken.toml",
        &example().replace("[ties]", "[tise]"),
    );
    let (code, _, told) = criteria(&["list", folder.path().to_str().unwrap()]);
    assert_eq!(code, 2);
    assert!(told.contains("broken.toml には誤りが"), "{told}");
}

#[test]
fn check_tells_everything_of_all_files() {
    let folder = tempfile::tempdir().unwrap();
    let broken = example()
        .replacen("household.", "houshold.", 1)
        .replace("[ties]", "[tise]");
    let broken = put(folder.path(), "broken.toml", &broken);
    let missing = folder.path().join("missing.toml");
    let (code, told, _) = criteria(&["check", EXAMPLE, &broken]);
    assert_eq!(code, 2);
    for there in [
        "「houshold」",
        "[tise]",
        "C009",
        "合計 2ファイル: エラー",
        "^^^^^^^^",
    ] {
        assert!(told.contains(there), "{there}\n{told}");
    }
    let (code, told, error) = criteria(&["check", &broken, missing.to_str().unwrap()]);
    assert_eq!(code, 2);
    assert!(
        told.contains("C009") && error.contains("missing.toml"),
        "{told}{error}"
    );
    assert_eq!(criteria(&["check", EXAMPLE]).0, 0);
    let warned = "criteria/142051-fujisawa/r9.toml";
    assert_eq!(criteria(&["check", warned]).0, 0);
    assert_eq!(criteria(&["check", warned, "--deny-warnings"]).0, 2);
}

/// A made-up round as a workbook.
fn round(folder: &Path, children: usize) -> String {
    let town = enmusubi_synth::town(&enmusubi_synth::Options {
        children,
        nurseries: (children / 26).max(12),
        ..Default::default()
    });
    let facts = enmusubi_synth::facts(
        &town,
        &enmusubi_synth::FactOptions {
            form: enmusubi_synth::Form::fujisawa(),
            missing: 0,
            ..Default::default()
        },
    );
    let path = folder.join("round.xlsx");
    let bytes = enmusubi_interchange::workbook::write_xlsx(&facts).unwrap();
    fs::write(&path, bytes).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn a_round_shows_what_makes_no_difference() {
    let folder = tempfile::tempdir().unwrap();
    let round = round(folder.path(), 200);
    let never = "when = \"household.foster && !household.foster\"\n";
    let text = example();
    let at = text.find("[[row]]\n").unwrap();
    let end = at + text[at..].find("points = ").unwrap();
    let row = &text[at..end];
    let changed = match row.find("when = ") {
        Some(when) => {
            let line = row[when..].find('\n').unwrap() + 1;
            row.replace(&row[when..when + line], never)
        }
        None => format!("{row}{never}"),
    };
    let id = row.split('"').nth(1).unwrap();
    let file = put(folder.path(), "odd.toml", &text.replacen(row, &changed, 1));
    let (code, told, error) = criteria(&["check", &file, "--round", &round]);
    assert_eq!(code, 0, "{told}{error}");
    let said = format!("行「{id}」は、この選考回のだれにも当てはまりません");
    assert!(told.contains(&said), "{said}\n{told}");
    // Without the round nothing is said of it.
    assert!(!criteria(&["check", &file]).1.contains("選考回のだれにも"));
}

#[test]
fn to_excel_and_back_is_the_same_file() {
    let folder = tempfile::tempdir().unwrap();
    let workbook = folder.path().join("r9.xlsx");
    let workbook = workbook.to_str().unwrap();
    let (code, _, told) = criteria(&["export", EXAMPLE, "--out", workbook]);
    assert_eq!(code, 0, "{told}");
    // Not overwritten without being asked.
    let (code, _, told) = criteria(&["export", EXAMPLE, "--out", workbook]);
    assert!(code == 5 && told.contains("--force"), "{code} {told}");
    assert_eq!(
        criteria(&["export", EXAMPLE, "--out", workbook, "--force"]).0,
        0
    );
    let text = folder.path().join("r9.toml");
    let text = text.to_str().unwrap();
    assert_eq!(criteria(&["import", workbook, "--out", text]).0, 0);
    assert_eq!(fs::read_to_string(text).unwrap(), example());
    // A workbook is a criteria file everywhere.
    assert_eq!(criteria(&["diff", EXAMPLE, workbook]).0, 0);
    assert_eq!(criteria(&["check", workbook]).0, 0);
    assert_eq!(criteria(&["test", workbook]).0, 0);
}

#[test]
fn nothing_is_written_of_a_workbook_with_errors() {
    let folder = tempfile::tempdir().unwrap();
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name("同順位").unwrap();
    sheet.write_string(0, 0, "扱い※\nleft").unwrap();
    sheet.write_string(1, 0, "くじ").unwrap();
    let workbook = folder.path().join("x.xlsx");
    book.save(&workbook).unwrap();
    let out = folder.path().join("x.toml");
    let (code, _, told) = criteria(&[
        "import",
        workbook.to_str().unwrap(),
        "--out",
        out.to_str().unwrap(),
    ]);
    assert_eq!(code, 2);
    assert!(told.contains("シート「同順位」A2"), "{told}");
    assert!(told.contains("決めるまで止める、抽選"), "{told}");
    assert!(!out.exists());
}

#[test]
fn differences_are_told_in_words() {
    let folder = tempfile::tempdir().unwrap();
    let before = example();
    assert!(before.contains("left = \"lottery\""));
    let after = before.replace("left = \"lottery\"", "left = \"stop\"");
    let after = put(folder.path(), "after.toml", &after);
    let (code, told, _) = criteria(&["diff", EXAMPLE, &after]);
    assert_eq!(code, 1);
    assert_eq!(
        told,
        "△ 同順位: 変更\n    扱い: 抽選 → 決めるまで止める\n違いは1件です。\n"
    );
    let (code, told, _) = criteria(&["diff", EXAMPLE, EXAMPLE]);
    assert_eq!((code, &*told), (0, "違いはありません。\n"));
}

#[test]
fn examples_and_edges_are_run_and_printed_to_sign() {
    let folder = tempfile::tempdir().unwrap();
    let sheet = folder.path().join("sheet.html");
    let (code, told, error) = criteria(&["test", EXAMPLE, "--sheet", sheet.to_str().unwrap()]);
    assert_eq!(code, 0, "{told}{error}");
    assert!(
        told.contains("計算例 ") && told.contains("区分の境目 "),
        "{told}"
    );
    let html = fs::read_to_string(&sheet).unwrap();
    assert!(html.contains("計算例の確認票"), "{html}");
    // A number written wrongly is found by the examples.
    let wrong = example();
    let at = wrong.find("points = 50\n").unwrap();
    let wrong = format!("{}points = 51\n{}", &wrong[..at], &wrong[at + 12..]);
    let wrong = put(folder.path(), "wrong.toml", &wrong);
    let (code, told, _) = criteria(&["test", &wrong]);
    assert_eq!(code, 1, "{told}");
    assert!(
        told.contains("× 計算例 ") && told.contains("期待 "),
        "{told}"
    );
    // How it came about stands below.
    assert!(told.contains("\n    | "), "{told}");
    let (code, _, told) = criteria(&["test", EXAMPLE, &wrong, "--sheet", "x.html"]);
    assert_eq!(code, 2);
    assert!(told.contains("一つ"), "{told}");
}

#[test]
fn people_read_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let small = fs::read_to_string(repository().join("crates/criteria/tests/good/small.toml"));
    let small = put(folder.path(), "small.toml", &small.unwrap());
    let shown = |args: &[&str]| {
        let (code, text, told) = criteria(&[&["show", &small], args].concat());
        assert_eq!(code, 0, "{told}");
        text
    };
    insta::assert_snapshot!("show_words", shown(&["--words"]));
    insta::assert_snapshot!("show_markdown", shown(&["--markdown"]));
    // Nothing of any file stops the printer.
    let (code, _, _) = criteria(&["show", "criteria/131181-arakawa/r3.toml"]);
    assert_eq!(code, 0);
}
