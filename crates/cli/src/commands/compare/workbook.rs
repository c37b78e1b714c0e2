//! `compare.xlsx`: causes and differences as lists to work through, for the nursery section.

use enmusubi_compare::cause::Kind;
use enmusubi_compare::remarks;
use enmusubi_compare::report::{Agreement, Comparison, Difference, IndexDepth, OrderDepth, Place};
use enmusubi_interchange::comparison_workbook::{BookCell, BookColumn, BookSheet, ComparisonBook};
use enmusubi_selection::text_summary::Lang;

/// The workbook. Its headers are Japanese in every language, as those of all tables for nursery sections.
pub fn book(c: &Comparison) -> ComparisonBook {
    let mut sheets = vec![path(c), causes(c), differences(c)];
    sheets.extend(c.index.as_ref().map(index));
    sheets.extend(c.order.as_ref().map(order));
    if !c.remarks.is_empty() {
        sheets.push(about(c));
    }
    ComparisonBook {
        title: "過去の選考結果との突合".to_owned(),
        sheets,
    }
}

/// An empty sheet.
pub fn sheet(name: &str, title: &str, headers: &[(&str, Option<u16>)]) -> BookSheet {
    let column = |(header, width): &(&str, Option<u16>)| match width {
        Some(width) => BookColumn::of_width(*header, *width),
        None => BookColumn::new(*header),
    };
    BookSheet {
        name: name.to_owned(),
        title: title.to_owned(),
        columns: headers.iter().map(column).collect(),
        ..BookSheet::default()
    }
}

/// A number; none for 0.
pub fn number(n: u32) -> BookCell {
    match n {
        0 => BookCell::Blank,
        n => BookCell::Whole(i64::from(n)),
    }
}

fn share(a: Agreement) -> [BookCell; 3] {
    [
        BookCell::Whole(i64::from(a.agree)),
        BookCell::Whole(i64::from(a.compared - a.agree)),
        BookCell::Share {
            part: u64::from(a.agree),
            of: u64::from(a.compared),
        },
    ]
}

fn path(c: &Comparison) -> BookSheet {
    let headers = [
        ("直した原因", None),
        ("内容", Some(60)),
        ("一致", None),
        ("違い", None),
        ("一致の割合", None),
    ];
    let mut sheet = sheet("一致の道のり", "一致するまでの道のり", &headers);
    if !c.title.is_empty() {
        sheet
            .notes
            .push(format!("基準: {}（{}）", c.title, c.criteria));
    }
    sheet
        .notes
        .push(format!("照合番号（選考回と基準）: {}", c.input_digest));
    sheet
        .notes
        .push(format!("照合番号（決定）: {}", c.decisions_digest));
    for step in &c.path {
        let cause = c.causes.iter().find(|cause| cause.number == step.cause);
        let words = cause.map_or("直す前", |cause| &cause.words);
        let mut row = vec![number(step.cause), BookCell::text(words)];
        row.extend(share(step.agreement));
        sheet.rows.push(row);
    }
    sheet
}

fn causes(c: &Comparison) -> BookSheet {
    let headers = [
        ("番号", None),
        ("種類", None),
        ("内容", Some(60)),
        ("確かめること", Some(60)),
        ("同じだけ説明できるもの", Some(60)),
        ("該当の児童", Some(20)),
        ("直る児童の数", None),
        ("確かめた結果", Some(30)),
        ("確かめた人", Some(12)),
    ];
    let mut sheet = sheet("原因", "違いの原因", &headers);
    for cause in &c.causes {
        let mut others: Vec<&str> = cause.alternatives.iter().map(|a| &*a.words).collect();
        let more = format!("ほか {}件", cause.more_alternatives);
        if cause.more_alternatives > 0 {
            others.push(&more);
        }
        sheet.rows.push(vec![
            number(cause.number),
            BookCell::text(kind(cause.kind)),
            BookCell::text(&cause.words),
            BookCell::text(&cause.mend),
            BookCell::text(others.join("\n")),
            BookCell::text(cause.children.join("、")),
            BookCell::Whole(cause.heals.len() as i64),
            BookCell::Blank,
            BookCell::Blank,
        ]);
    }
    sheet
}

fn differences(c: &Comparison) -> BookSheet {
    let headers = [
        ("児童", None),
        ("世帯", None),
        ("クラス年齢", None),
        ("基準では 施設ID", None),
        ("基準では 施設名", None),
        ("基準では 希望順位", None),
        ("決定 施設ID", None),
        ("決定 施設名", None),
        ("決定 希望順位", None),
        ("原因の番号", None),
        ("ほかの違いにつられたもの", None),
    ];
    let mut sheet = sheet("違う児童", "決定が違う児童", &headers);
    sheet.rows = c.differences.iter().map(difference).collect();
    sheet
}

fn difference(d: &Difference) -> Vec<BookCell> {
    let mut row = vec![
        BookCell::text(&d.child),
        BookCell::text(&d.household),
        BookCell::Whole(i64::from(d.age)),
    ];
    row.extend(place(d.ours.as_ref()));
    row.extend(place(d.theirs.as_ref()));
    row.push(number(d.cause));
    row.push(match d.follows {
        true => BookCell::text("はい"),
        false => BookCell::Blank,
    });
    row
}

fn place(place: Option<&Place>) -> [BookCell; 3] {
    let Some(place) = place else {
        return [BookCell::Blank, BookCell::text("保留"), BookCell::Blank];
    };
    [
        BookCell::text(&place.facility),
        BookCell::text(&place.name),
        place.rank.map_or(BookCell::Blank, number),
    ]
}

fn index(depth: &IndexDepth) -> BookSheet {
    let headers = [
        ("児童", None),
        ("施設ID", None),
        ("基準の指数", None),
        ("職員の指数", None),
        ("基準だけが数えた行", Some(40)),
        ("職員だけが数えた行", Some(40)),
        ("原因の番号", None),
    ];
    let mut sheet = sheet("指数の違い", "指数が違う児童", &headers);
    let told = |text: &Option<String>| text.as_ref().map_or(BookCell::Blank, BookCell::text);
    sheet.rows = depth
        .differences
        .iter()
        .map(|d| {
            vec![
                BookCell::text(&d.child),
                told(&d.facility),
                told(&d.ours),
                told(&d.theirs),
                BookCell::text(d.only_ours.join("、")),
                BookCell::text(d.only_theirs.join("、")),
                BookCell::text(list(&d.causes)),
            ]
        })
        .collect();
    sheet
}

fn order(depth: &OrderDepth) -> BookSheet {
    let headers = [("職員では先の児童", None), ("職員では後の児童", None)];
    let title = "基準では順番が逆になる組";
    let mut sheet = sheet("順番の違い", title, &headers);
    let cells =
        |(first, second): &(String, String)| vec![BookCell::text(first), BookCell::text(second)];
    sheet.rows = depth.differences.iter().map(cells).collect();
    sheet
}

fn about(c: &Comparison) -> BookSheet {
    let mut sheet = sheet(
        "ファイルについて",
        "ファイルについて",
        &[("内容", Some(60))],
    );
    let text = |r| vec![BookCell::text(remarks::text(r, Lang::Japanese))];
    sheet.rows = c.remarks.iter().map(text).collect();
    sheet
}

fn list(numbers: &[u32]) -> String {
    let texts: Vec<String> = numbers.iter().map(ToString::to_string).collect();
    texts.join("、")
}

fn kind(kind: Kind) -> &'static str {
    enmusubi_page::comparison::kind_name(kind)
}
