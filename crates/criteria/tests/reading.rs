//! Reading, writing and checking whole files.

#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests, where a panic is the failure"
)]

use enmusubi_criteria::{Criteria, Language, read, read_toml, row_in_words, text_of, write_toml};
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

/// The guide's file with something changed.
fn changed(changes: &[(&str, &str)]) -> (Option<Criteria>, String) {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../criteria/example/first.toml"
    );
    let mut text = fs::read_to_string(path).unwrap();
    for (from, to) in changes {
        assert!(text.contains(from), "{from}");
        text = text.replacen(from, to, 1);
    }
    let (criteria, _, all) = read("first", text.as_bytes());
    (criteria, all.render("first", &text, Language::Japanese))
}

const GAP: (&str, &str) = (
    "[ties]\nleft = \"lottery\"\n",
    "[ties]\nleft = \"lottery\"\n\n[[gap]]\nid = \"ID\"\nlabel = \"入院のほかの疾病の点\"\n",
);

/// A row to be filled and the gap that says what is missing there are one hole.
#[test]
fn a_hole_is_named_once() {
    let gap = GAP.1.replace("ID", "illness-other");
    let (_, said) = changed(&[(GAP.0, &gap)]);
    assert!(said.contains("1件あります: illness-other\n"), "{said}");
    let gap = GAP.1.replace("ID", "papers");
    let (_, said) = changed(&[(GAP.0, &gap)]);
    assert!(
        said.contains("2件あります: illness-other, papers\n"),
        "{said}"
    );
}

/// A table that waits for something that has not been read is not one that was forgotten.
#[test]
fn a_table_that_waits_is_not_forgotten() {
    let unused = ("value = \"parents + adjust\"", "value = \"parents\"");
    let (_, said) = changed(&[unused]);
    assert!(
        said.contains("C096") && said.contains("「adjust」"),
        "{said}"
    );
    let gap = GAP.1.replace("ID", "adjust");
    let (_, said) = changed(&[unused, (GAP.0, &gap)]);
    assert!(!said.contains("C096"), "{said}");
}

/// Beside another condition, "or" stands in brackets: without them it could be read in two ways.
#[test]
fn a_row_in_words_can_be_read_in_one_way() {
    let (criteria, said) = changed(&[(
        "when = \"'employment' in guardian.reasons\"",
        "when = \"'employment' in guardian.reasons || 'job_offer' in guardian.reasons\"",
    )]);
    let criteria = criteria.unwrap_or_else(|| panic!("{said}"));
    let table = &criteria.tables[0];
    let row = table.rows.iter().find(|r| &*r.id == "work-120").unwrap();
    assert_eq!(
        row_in_words(&criteria, table, row),
        "（保護者の事由に「就労」がある または 保護者の事由に「就労内定」がある） かつ 保護者の月就労時間が月120時間以上160時間未満"
    );
}
