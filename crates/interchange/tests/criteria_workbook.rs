//! Criteria through a workbook and back: nothing lost, nothing guessed, everything wrong told by its cell.

#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests, where a panic is the failure"
)]

use enmusubi_criteria::{
    Diagnostics, Document, Language,
    document::{Field, Place, Record, Scalar, Section},
    inline::canonical,
    read,
    schema::{FieldKind, SECTIONS, section},
    write_toml,
};
use enmusubi_interchange::criteria_workbook::{export, import};
use proptest::prelude::*;
use rust_xlsxwriter::{Format, Formula, Workbook};
use std::{fs, path::PathBuf};

/// Every criteria file that ships.
fn files() -> Vec<PathBuf> {
    let mut folders = vec![PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../criteria")];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "toml") {
                files.push(path);
            }
        }
    }
    files.sort();
    assert!(files.len() > 40);
    files
}

#[test]
fn every_file_comes_back_byte_for_byte() {
    for path in files() {
        let bytes = fs::read(&path).unwrap();
        let name = path.display().to_string();
        let (criteria, document, _) = read(&name, &bytes);
        let criteria = criteria.unwrap();
        let workbook = export(Some(&criteria), &document).unwrap();
        let (again, same, all) = import(&workbook);
        assert!(again.is_some(), "{name}\n{}", told(&all));
        assert!(same == document, "{name}");
        assert_eq!(
            write_toml(&same),
            String::from_utf8(bytes).unwrap(),
            "{name}"
        );
        // The same warnings, each at its cell.
        assert!(
            all.list.iter().all(|d| d.place != Place::None),
            "{}",
            told(&all)
        );
    }
}

fn told(all: &Diagnostics) -> String {
    all.render("基準.xlsx", "", Language::Japanese)
}

/// Texts that workbooks are known to spoil.
fn nasty() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "[ -~]{1,12}",
        2 => "[=+@'-][a-zA-Z0-9(!:]{0,8}",
        1 => "[0-9]{1,2}[/-][0-9]{1,2}",
        1 => "[0-9０-９.,eE+-]{1,20}",
        1 => "[\\n\\t ]{0,3}[ぁ-ん一-龠]{1,5}[\\n\\t ]{0,3}",
        1 => "_x00[0-9A-F]{2}_|&lt;|<b>|]]>|TRUE|はい|#REF!|\u{3000}あ|\r\n?x|\u{1}y",
        1 => any::<String>(),
    ]
    .prop_filter("blank is no text", |t| !t.trim().is_empty())
}

fn id() -> impl Strategy<Value = Box<str>> {
    "[A-Za-z0-9_]{1,6}(-[A-Za-z0-9_]{1,3}){0,2}".prop_map(Into::into)
}

fn decimal() -> impl Strategy<Value = Scalar> {
    prop_oneof![
        any::<i64>()
            .prop_filter("has 18 digits", |n| n.unsigned_abs()
                < 1_000_000_000_000_000_000)
            .prop_map(Scalar::Integer),
        (-999i64..999).prop_map(Scalar::Integer),
        "-?[1-9][0-9]{0,3}\\.[0-9]{0,3}[1-9]0?".prop_map(|t| Scalar::Text(t.into())),
    ]
}

fn expression() -> impl Strategy<Value = Scalar> {
    // Texts that are numbers would be numbers.
    nasty()
        .prop_filter("a number", |t| t.chars().any(char::is_alphabetic))
        .prop_map(|t| Scalar::Text(t.into()))
}

fn scalar(name: &'static str, kind: FieldKind) -> BoxedStrategy<Scalar> {
    let named = matches!(name, "unit" | "unit2" | "municipality" | "fact");
    match kind {
        _ if named => id().prop_map(Scalar::Text).boxed(),
        FieldKind::Id => id().prop_map(Scalar::Text).boxed(),
        FieldKind::Text => nasty().prop_map(|t| Scalar::Text(t.into())).boxed(),
        FieldKind::Expression => expression().boxed(),
        FieldKind::IntegerOrExpression => prop_oneof![decimal(), expression()].boxed(),
        FieldKind::Number => decimal().boxed(),
        FieldKind::Integer => any::<i64>()
            .prop_filter("has 18 digits", |n| {
                n.unsigned_abs() < 1_000_000_000_000_000_000
            })
            .prop_map(Scalar::Integer)
            .boxed(),
        FieldKind::Bool => any::<bool>().prop_map(Scalar::Bool).boxed(),
        FieldKind::OneOf(words) => prop::sample::select(words)
            .prop_map(|w| Scalar::Text(w.into()))
            .boxed(),
        FieldKind::List => prop::collection::vec(
            prop_oneof![id(), nasty().prop_map(Into::into), Just("".into())],
            0..4,
        )
        .prop_map(Scalar::List)
        .boxed(),
        FieldKind::Inline => prop::sample::select(
            &[
                "{}",
                "[]",
                "{ a = 1, b = \"=1+1\" }",
                "[{ reasons = [\"employment\"] }, { \"あ\" = \"x\\ny\" }]",
                "\"2027-04-01\"",
                "[1, 2, 3]",
            ][..],
        )
        .prop_map(|t| canonical(t).unwrap())
        .boxed(),
    }
}

/// Any document, whatever it means: every section, every field, there or not.
fn document() -> impl Strategy<Value = Document> {
    let sections: Vec<BoxedStrategy<Option<Section>>> = SECTIONS
        .iter()
        .map(|schema| {
            let fields: Vec<BoxedStrategy<Option<Field>>> = schema
                .fields
                .iter()
                .map(|f| {
                    prop::option::weighted(
                        if f.required { 0.9 } else { 0.3 },
                        scalar(f.name, f.kind),
                    )
                    .prop_map(|value| {
                        value.map(|value| Field {
                            name: f.name,
                            value,
                            place: Place::None,
                        })
                    })
                    .boxed()
                })
                .collect();
            let row = fields.prop_map(|fields| Record {
                fields: fields.into_iter().flatten().collect(),
                place: Place::None,
                unread: false,
            });
            let most = if schema.single { 2 } else { 4 };
            prop::collection::vec(row, 0..most)
                .prop_map(|rows| {
                    (!rows.is_empty()).then_some(Section {
                        name: schema.name,
                        rows,
                    })
                })
                .boxed()
        })
        .collect();
    sections.prop_map(|sections| {
        let mut document = Document {
            sections: sections.into_iter().flatten().collect(),
        };
        document.arrange();
        document
    })
}

fn small_workbook() -> &'static Vec<u8> {
    static BYTES: std::sync::OnceLock<Vec<u8>> = std::sync::OnceLock::new();
    BYTES.get_or_init(|| {
        let path =
            PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../criteria/structure/gifu.toml");
        let (criteria, document, _) = read("", &fs::read(path).unwrap());
        export(criteria.as_ref(), &document).unwrap()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]
    #[test]
    fn any_document_comes_back(document in document()) {
        let workbook = export(None, &document).unwrap();
        let (_, again, _) = import(&workbook);
        prop_assert_eq!(write_toml(&again), write_toml(&document));
        prop_assert_eq!(again, document);
    }

    #[test]
    fn a_damaged_workbook_is_no_accident(at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut bytes = small_workbook().clone();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        let _ = import(&bytes);
        let _ = import(&bytes[..at]);
    }

    #[test]
    fn no_bytes_are_too_much(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let (criteria, _, all) = import(&bytes);
        prop_assert!(criteria.is_none() && all.has_errors());
    }
}

/// A workbook of a small file, changed as people change it: sheet, row (1-based), column's field, what is there.
fn edited(edits: &[(&str, u32, &str, Edit)]) -> (Document, Diagnostics) {
    let mut book = Workbook::new();
    let sheets = ["criteria", "table", "row", "key", "siblings", "ties"];
    for name in sheets {
        let schema = section(name).unwrap();
        let sheet = book.add_worksheet();
        sheet.set_name(schema.label).unwrap();
        let cells: &[&[(&str, &str)]] = match name {
            "criteria" => &[&[
                ("kind", "見本"),
                ("name", "園むすび市"),
                ("fiscal_year", "２０２７"),
                ("title", "基準"),
            ]],
            "table" => &[&[("id", "A"), ("label", "指数"), ("take", "合計")]],
            "row" => &[
                &[
                    ("id", "single"),
                    ("table", "A "),
                    ("label", "ひとり親"),
                    ("when", "household.single_parent == 'single'"),
                    ("points", "５"),
                ],
                &[
                    ("id", "welfare"),
                    ("table", "A"),
                    ("label", "生活保護"),
                    ("when", "household.welfare"),
                    ("points", "3"),
                ],
            ],
            "key" => &[&[("id", "A"), ("label", "指数"), ("value", "A")]],
            "siblings" => &[&[
                ("timing", "同時のみ"),
                ("place", "同じ園のみ"),
                ("first", "どちらでも"),
            ]],
            _ => &[&[("left", "stop")]],
        };
        for (at, field) in schema.fields.iter().enumerate() {
            sheet.write_string(0, at as u16, field.label).unwrap();
            for (row, cells) in cells.iter().enumerate() {
                if let Some((_, text)) = cells.iter().find(|(name, _)| *name == field.name) {
                    sheet
                        .write_string(row as u32 + 1, at as u16, *text)
                        .unwrap();
                }
            }
        }
        for (of, row, field, edit) in edits.iter().filter(|e| e.0 == name) {
            let at = section(of)
                .unwrap()
                .fields
                .iter()
                .position(|f| f.name == *field);
            let at = at.unwrap_or(schema.fields.len()) as u16;
            let row = row - 1;
            match edit {
                Edit::Text(t) => sheet.write_string(row, at, *t).unwrap(),
                Edit::Number(n) => sheet.write_number(row, at, *n).unwrap(),
                Edit::Day(n) => {
                    let format = Format::new().set_num_format("m\"月\"d\"日\"");
                    sheet
                        .write_number_with_format(row, at, *n, &format)
                        .unwrap()
                }
                Edit::Bool(b) => sheet.write_boolean(row, at, *b).unwrap(),
                Edit::Broken => {
                    let broken = Formula::new("=1/0").set_result("#DIV/0!");
                    sheet.write_formula(row, at, broken).unwrap()
                }
            };
        }
    }
    let (_, document, all) = import(&book.save_to_buffer().unwrap());
    (document, all)
}

#[derive(Debug, Clone, Copy)]
enum Edit {
    Text(&'static str),
    Number(f64),
    Day(f64),
    Bool(bool),
    Broken,
}

#[test]
fn what_people_type_is_understood() {
    let (document, all) = edited(&[
        ("row", 2, "points", Edit::Number(0.5)),
        ("row", 3, "points", Edit::Number(-3.0)),
        ("row", 3, "excludes", Edit::Text("single ")),
        ("row", 3, "fill", Edit::Bool(false)),
        ("row", 3, "page", Edit::Text("=8-31")),
    ]);
    assert!(!all.has_errors(), "{}", told(&all));
    let rows = document.rows("row");
    assert_eq!(rows[0].text("points"), Some("0.5"));
    assert_eq!(rows[0].text("table"), Some("A"));
    assert_eq!(rows[1].get("points"), Some(&Scalar::Integer(-3)));
    assert_eq!(rows[1].get("fill"), Some(&Scalar::Bool(false)));
    assert_eq!(rows[1].text("page"), Some("=8-31"));
    let head = document.rows("criteria");
    assert_eq!(head[0].get("fiscal_year"), Some(&Scalar::Integer(2027)));
}

#[test]
fn everything_wrong_is_told_by_its_cell() {
    let (_, all) = edited(&[
        ("row", 2, "page", Edit::Day(46024.0)),
        (
            "row",
            2,
            "when",
            Edit::Text("household.singel_parent == 'single'"),
        ),
        ("row", 3, "points", Edit::Broken),
        ("row", 3, "table", Edit::Text("B")),
        ("row", 3, "if_unknown", Edit::Text("不明")),
        ("row", 1, "", Edit::Text("覚え書き")),
        ("row", 5, "label", Edit::Text("IDのない行")),
        ("criteria", 3, "name", Edit::Text("余分な行")),
        ("table", 1, "note", Edit::Text("名称")),
    ]);
    insta::assert_snapshot!(told(&all));
}

/// What people do to headers is told once, and not again for every row below.
#[test]
fn a_changed_header_is_one_message() {
    let (_, all) = edited(&[("row", 1, "points", Edit::Text("点 数"))]);
    let said = told(&all);
    assert_eq!(all.list.len(), 1, "{said}");
    assert!(
        said.contains("C154") && said.contains("「点」のことですか"),
        "{said}"
    );
}

#[test]
fn a_title_above_the_header_is_one_message() {
    let mut book = Workbook::new();
    let schema = section("row").unwrap();
    let sheet = book.add_worksheet();
    sheet.set_name(schema.label).unwrap();
    sheet.write_string(0, 0, "園むすび市 行の表").unwrap();
    for (at, field) in schema.fields.iter().enumerate() {
        sheet.write_string(1, at as u16, field.label).unwrap();
    }
    for (at, text) in ["single", "A", "ひとり親"].iter().enumerate() {
        sheet.write_string(2, at as u16, *text).unwrap();
    }
    let (_, document, all) = import(&book.save_to_buffer().unwrap());
    let codes: Vec<&str> = all.list.iter().map(|d| d.code).collect();
    let said = told(&all);
    assert_eq!(codes.iter().filter(|c| **c == "C158").count(), 1, "{said}");
    assert!(said.contains("2行目"), "{said}");
    assert!(
        !codes.iter().any(|c| ["C154", "C156", "C007"].contains(c)),
        "{said}"
    );
    assert_eq!(document.rows("row")[0].text("id"), Some("single"));
}
