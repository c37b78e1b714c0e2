//! Reading, writing and checking whole files.

#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests, where a panic is the failure"
)]

use enmusubi_criteria::{Language, read, read_toml, text_of, write_toml};
use std::{fs, path::PathBuf};

/// Every criteria file there is: those of the tests, and those that ship.
fn files() -> Vec<PathBuf> {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let mut folders = vec![here.join("tests/good"), here.join("../../criteria")];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        let Ok(entries) = fs::read_dir(folder) else {
            continue;
        };
        for entry in entries {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "toml") {
                files.push(path);
            }
        }
    }
    files.sort();
    assert!(!files.is_empty());
    files
}

#[test]
fn every_file_is_sound() {
    let mut wrong = String::new();
    for path in files() {
        let bytes = fs::read(&path).unwrap();
        let name = path.display().to_string();
        let (criteria, _, all) = read(&name, &bytes);
        if criteria.is_none() {
            wrong.push_str(&all.render(&name, &text_of(&bytes), Language::Japanese));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// What is read and written again is the same file, byte for byte: so the way through the
/// workbook, which keeps the document, can give back the same file too.
#[test]
fn every_file_is_canonical() {
    let mut wrong = String::new();
    for path in files() {
        let bytes = fs::read(&path).unwrap();
        let (document, all) = read_toml("", &bytes);
        let document = document.unwrap();
        assert!(!all.has_errors(), "{}", path.display());
        let written = write_toml(&document);
        let (again, _) = read_toml("", written.as_bytes());
        assert_eq!(again.unwrap(), document, "{}", path.display());
        let text = text_of(&bytes);
        if let Some((at, (have, want))) = text
            .lines()
            .zip(written.lines())
            .enumerate()
            .find(|(_, (a, b))| a != b)
        {
            wrong.push_str(&format!(
                "{}:{}: not canonical (`enmusubi criteria format` rewrites it)\n  have {have}\n  want {want}\n",
                path.display(),
                at + 1
            ));
        } else if text != written {
            wrong.push_str(&format!("{}: not canonical at its end\n", path.display()));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn two_files_differ_row_by_row() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/good/small.toml");
    let before = fs::read_to_string(path).unwrap();
    let after = before
        .replace("points = 9\n", "points = 8\nnote = \"改正\"\n")
        .replace("id = \"half\"", "id = \"whole\"")
        .replace("left = \"stop\"", "left = \"lottery\"")
        .replace(
            "[[key]]\nid = \"A\"\nlabel = \"指数A\"\nvalue = \"A\"\n\n",
            "",
        )
        .replace(
            "[siblings]",
            "[[key]]\nid = \"A\"\nlabel = \"指数A\"\nvalue = \"A\"\n\n[siblings]",
        );
    let read = |text: &str| read_toml("", text.as_bytes()).0.unwrap();
    let (before, after) = (read(&before), read(&after));
    assert!(enmusubi_criteria::diff(&before, &before).is_empty());
    let mut text = String::new();
    for change in enmusubi_criteria::diff(&before, &after) {
        text.push_str(&change.text(Language::Japanese));
    }
    for change in enmusubi_criteria::diff(&after, &before) {
        text.push_str(&change.text(Language::English));
    }
    insta::assert_snapshot!(text);
}

/// Names that stand for names that stand for names: nothing may fall over it, and what is too deep for an
/// evaluator is told, once.
#[test]
fn what_is_nested_too_deep_is_told() {
    let chain = |n: usize, first: &str| {
        let mut text = String::from(
            "[criteria]\nkind = \"structure\"\nname = \"市\"\nfiscal_year = 2027\ntitle = \"基準\"\n\n",
        );
        for i in 0..n {
            let when = match i {
                0 => first.to_owned(),
                _ => format!("c{}", i - 1),
            };
            text.push_str(&format!(
                "[[condition]]\nid = \"c{i}\"\nlabel = \"条件\"\nwhen = \"{when}\"\n\n"
            ));
        }
        text.push_str(&format!(
            "[[key]]\nid = \"k\"\nlabel = \"順位\"\nvalue = \"c{}\"\n\n[ties]\nleft = \"stop\"\n",
            n - 1
        ));
        let (criteria, _, all) = enmusubi_criteria::read("c.toml", text.as_bytes());
        let errors: Vec<&str> = all
            .list
            .iter()
            .filter(|d| d.severity == enmusubi_criteria::Severity::Error)
            .map(|d| d.code)
            .collect();
        (criteria.is_some(), errors)
    };
    assert_eq!(chain(300, "household.welfare"), (true, vec![]));
    assert_eq!(chain(10_000, "household.welfare"), (false, vec!["C093"]));
    // A circle as long.
    let (read, errors) = chain(10_000, "c9999");
    assert!(!read);
    assert_eq!(errors.len(), 1, "{errors:?}");
}
