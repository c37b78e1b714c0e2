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
