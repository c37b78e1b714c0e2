//! The empty workbook: what a person finds in it, and that it is read as what it is.

#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests, where a panic is the message"
)]

use calamine::{Data, Reader as _, Xlsx};
use enmusubi_domain::facts::vocabulary::{Origin, VOCABULARY};
use enmusubi_interchange::{Severity, Source, workbook};
use std::io::{Cursor, Read as _};

fn template() -> Vec<u8> {
    workbook::template().unwrap()
}

/// A member of the archive, as text.
fn member(bytes: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    archive
        .by_name(name)
        .unwrap()
        .read_to_string(&mut text)
        .unwrap();
    text
}

#[test]
fn every_table_has_its_headers_and_nothing_else() {
    let bytes = template();
    let mut book = Xlsx::new(Cursor::new(&bytes)).unwrap();
    let names = book.sheet_names();
    assert_eq!(names[0], "使い方");
    assert!(
        names[1..]
            .iter()
            .map(String::as_str)
            .eq(workbook::table_names())
    );
    let guide = book.worksheet_range("使い方").unwrap();
    let guide: String = guide
        .rows()
        .flatten()
        .filter_map(|c| match c {
            Data::String(s) => Some(s.as_str()),
            _ => None,
        })
        .collect();
    for table in workbook::table_names() {
        assert!(guide.contains(table), "{table}");
        let range = book.worksheet_range(table).unwrap();
        assert_eq!(range.height(), 1, "{table}: examples are in notes only");
    }
    for a in VOCABULARY.iter().filter(|a| a.origin == Origin::Stated) {
        let range = book.worksheet_range(a.entity.label()).unwrap();
        let header = Data::String(a.label.to_owned());
        assert!(
            range.rows().next().unwrap().contains(&header),
            "{}",
            a.path()
        );
    }
}

#[test]
fn notes_explain_and_lists_drop_down() {
    let bytes = template();
    // Sheet 1 is the guide; the tables follow in their order.
    let at = |table: &str| workbook::table_names().position(|t| t == table).unwrap() + 2;
    let guardians = member(&bytes, &format!("xl/worksheets/sheet{}.xml", at("保護者")));
    assert!(guardians.contains("<dataValidation type=\"list\""));
    assert!(
        guardians.contains("正社員,パート・アルバイト"),
        "{guardians}"
    );
    assert!(guardians.contains("はい,いいえ,不明"));
    assert!(guardians.contains("state=\"frozen\""));
    let comments: String = (1..=20)
        .filter_map(|n| {
            let mut archive = zip::ZipArchive::new(Cursor::new(&bytes)).unwrap();
            let mut text = String::new();
            let mut file = archive.by_name(&format!("xl/comments{n}.xml")).ok()?;
            file.read_to_string(&mut text).ok()?;
            Some(text)
        })
        .collect();
    for a in VOCABULARY.iter().filter(|a| a.origin == Origin::Stated) {
        assert!(comments.contains(a.doc), "{}", a.path());
    }
    for text in [
        "単位：時間／月",
        "確かめる書類：就労証明書 No.6",
        "空欄：分からない、または当てはまらない。",
        "空欄：該当なし（まだ確かめていないときは「不明」）。",
        "例：7.5、7:30、7時間30分",
        "世帯ID（必須）",
    ] {
        assert!(comments.contains(text), "{text}");
    }
    let judged = member(&bytes, &format!("xl/worksheets/sheet{}.xml", at("裁量")));
    assert!(judged.contains("世帯,保護者,児童"));
}

/// Read back, it is a workbook without rows: every header is understood.
#[test]
fn it_is_read_as_empty() {
    let bytes = template();
    let (facts, all) = workbook::read(&[Source {
        name: "t.xlsx",
        bytes: &bytes,
    }]);
    assert!(facts.is_none());
    assert_eq!(all.count(Severity::Warning), 0, "{all}");
    assert!(all.list().iter().all(|d| d.kind.code == "E002"), "{all}");
    assert_eq!(all.list().len(), 7, "{all}");
}
