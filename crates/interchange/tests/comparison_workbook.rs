//! Workbooks of reports: what is in them, and that the same content gives the same bytes.

#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests, where a panic is the message"
)]

use calamine::{Data, Reader as _, Xlsx};
use enmusubi_interchange::{
    Language, Source,
    comparison_workbook::{BookCell, BookColumn, BookSheet, ComparisonBook, write},
    past::{Roster, decisions},
};
use std::io::{Cursor, Read as _};

fn book() -> ComparisonBook {
    let text = |t: &str| BookCell::text(t);
    ComparisonBook {
        title: "過去の選考との比較".into(),
        sheets: vec![
            BookSheet {
                name: "一致までの道のり".into(),
                title: "一致までの道のり（令和9年4月入所 一次選考）".into(),
                notes: vec![
                    "割合は小数第2位を切り捨てています。100.0%は、全員が一致したときだけです。".into(),
                    "この表の数は、原因を1つずつ直して選考をやり直した結果です。直した順に並べ、直す前の行の「原因」は空欄です。".repeat(3),
                ],
                columns: vec![
                    BookColumn::new("原因"),
                    BookColumn::of_width("内容", 40),
                    BookColumn::new("一致（人）"),
                    BookColumn::new("割合"),
                ],
                rows: vec![
                    vec![
                        BookCell::Blank,
                        text("直す前"),
                        BookCell::Whole(1499),
                        BookCell::Share {
                            part: 14_999,
                            of: 15_000,
                        },
                    ],
                    vec![
                        BookCell::Whole(1),
                        text("=1+1\n基準「ひとり親」の点が、書かれたものより2点高く扱われています。職員の一覧にある児童12人のすべてで同じです。"),
                        BookCell::Whole(i64::MAX),
                        BookCell::Share { part: 3, of: 3 },
                    ],
                    vec![text("0012"), BookCell::Share { part: 0, of: 0 }],
                ],
            },
            BookSheet {
                name: "相違のあった児童".into(),
                columns: ["児童番号", "選考結果", "内定施設"].map(BookColumn::new).into(),
                rows: vec![
                    vec![text("0012"), text("内定"), text("A1")],
                    vec![text("0013"), text("保留"), BookCell::Blank],
                ],
                ..BookSheet::default()
            },
            BookSheet {
                name: "指数の相違".into(),
                title: "指数の相違".into(),
                notes: vec!["指数の一覧がないため、比べていません。".into()],
                ..BookSheet::default()
            },
        ],
    }
}

fn part(bytes: &[u8], name: &str) -> String {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    zip.by_name(name)
        .unwrap()
        .read_to_string(&mut text)
        .unwrap();
    text
}

#[test]
fn sheets_are_as_described() {
    let bytes = write(&book()).unwrap();
    let mut read: Xlsx<_> = Xlsx::new(Cursor::new(bytes.as_slice())).unwrap();
    assert_eq!(
        read.sheet_names(),
        ["一致までの道のり", "相違のあった児童", "指数の相違"]
    );
    let page = read.worksheet_range("一致までの道のり").unwrap();
    let cell = |r: u32, c: u32| page.get_value((r, c)).cloned().unwrap_or(Data::Empty);
    let string = |t: &str| Data::String(t.into());
    assert_eq!(
        cell(0, 0),
        string("一致までの道のり（令和9年4月入所 一次選考）")
    );
    // Title, two notes, a blank line, header.
    assert_eq!(cell(4, 0), string("原因"));
    assert_eq!(cell(5, 2), Data::Float(1499.0));
    // One of 15,000 differs: not 100.0%.
    assert_eq!(cell(5, 3), Data::Float(0.999));
    assert_eq!(cell(6, 3), Data::Float(1.0));
    assert!(matches!(cell(6, 1), Data::String(t) if t.starts_with("=1+1\n")));
    assert_eq!(cell(6, 2), string("9223372036854775807"));
    assert_eq!(cell(7, 0), string("0012"));
    assert_eq!(cell(7, 1), Data::Empty);
    for sheet in ["一致までの道のり", "相違のあった児童"] {
        let formulas = read.worksheet_formula(sheet).unwrap();
        assert!(formulas.rows().flatten().all(String::is_empty));
    }
    let sheet = part(&bytes, "xl/worksheets/sheet1.xml");
    for set in [
        "<pane ySplit=\"5\"",
        "state=\"frozen\"",
        "<autoFilter ref=\"A5:D8\"/>",
        "paperSize=\"9\"",
        "orientation=\"landscape\"",
        "fitToHeight=\"0\"",
        "<mergeCell ref=\"A1:D1\"/>",
    ] {
        assert!(sheet.contains(set), "{set}: {sheet}");
    }
    let names = part(&bytes, "xl/workbook.xml");
    assert!(
        names.contains("'一致までの道のり'!$5:$5") || names.contains("一致までの道のり!$5:$5"),
        "{names}"
    );
}

#[test]
fn the_same_content_gives_the_same_bytes_and_no_day() {
    let bytes = write(&book()).unwrap();
    assert_eq!(bytes, write(&book()).unwrap());
    let core = part(&bytes, "docProps/core.xml");
    assert!(core.contains(">2000-01-01T00:00:00Z<"), "{core}");
    assert_eq!(
        core.matches("2000-01-01").count(),
        core.matches("dcterms:W3CDTF").count()
    );
    let zip = zip::ZipArchive::new(Cursor::new(bytes.as_slice())).unwrap();
    assert!(zip.file_names().all(|n| !n.unwrap().contains("vba")));
}

/// What we write as a list we read as one.
#[test]
fn a_written_list_is_read() {
    let mut book = book();
    book.sheets.remove(0);
    let bytes = write(&book).unwrap();
    let source = Source {
        name: "d.xlsx",
        bytes: &bytes,
    };
    let roster = Roster::new(["0012", "0013"], [("A1", "")]);
    let (list, all) = decisions::read(&source, None, &roster);
    assert!(all.is_empty(), "{all}");
    assert_eq!(list.unwrap().decisions.list.len(), 2);
}

#[test]
fn long_texts_are_cut_and_bad_names_told() {
    let mut long = BookSheet {
        name: "a".into(),
        columns: vec![BookColumn::new("x")],
        rows: vec![vec![BookCell::text("𠮷\u{1}".repeat(40_000))]],
        ..BookSheet::default()
    };
    let write_one = |sheet: &BookSheet| {
        write(&ComparisonBook {
            title: "t.xlsx".into(),
            sheets: vec![sheet.clone()],
        })
    };
    let bytes = write_one(&long).unwrap();
    let mut read: Xlsx<_> = Xlsx::new(Cursor::new(bytes.as_slice())).unwrap();
    let page = read.worksheet_range("a").unwrap();
    assert!(
        matches!(page.get_value((1, 0)), Some(Data::String(t)) if t.ends_with("𠮷…（長いため、ここまで）"))
    );
    long.name = "a/b".into();
    let all = write_one(&long).unwrap_err();
    assert!(
        all.render(Language::Japanese)
            .starts_with("エラー E082 t.xlsx: "),
        "{all}"
    );
    assert!(write(&ComparisonBook::default()).is_ok());
}
