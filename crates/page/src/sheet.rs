//! The sheet to sign (確認票): every worked example and every band edge of a criteria file with the expected and the
//! computed values, as one HTML file for A4 portrait in black and white. What the section head signs is the file whose
//! number is printed, checked by the cases printed.

use crate::escape;
use enmusubi_criteria::{Criteria, model::FileKind};
use enmusubi_domain::facts::Unit;
use enmusubi_scoring::{
    edges::{BandEdges, EdgeCase, PointsAt, RowAt},
    examples::{Outcome, in_words, value_in_words},
};
use std::fmt::Write as _;

/// What is printed.
#[derive(Debug, Clone, Copy)]
pub struct Sheet<'a> {
    /// The criteria.
    pub criteria: &'a Criteria,
    /// Number by which the file is known again (SHA-256 of its bytes, in hexadecimal).
    pub digest: &'a str,
    /// Outcomes of its examples.
    pub examples: &'a [Outcome],
    /// Its band edges.
    pub edges: &'a [BandEdges],
}

/// The sheet.
#[must_use]
pub fn html(sheet: &Sheet<'_>) -> String {
    let head = &sheet.criteria.head;
    let title = format!("{} 計算例の確認票", head.name);
    let mut out = String::with_capacity(100_000);
    let _ = write!(
        out,
        "<!DOCTYPE html>\n<html lang=\"ja\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"robots\" content=\"noindex\">\n<title>{0}</title>\n<style>\n{1}</style>\n\
         </head>\n<body>\n<header>\n<h1>{0}</h1>\n",
        escape(&title),
        include_str!("sheet.css")
    );
    out += &about(sheet);
    out += &verdict(sheet);
    out += "</header>\n<main>\n";
    out += &examples(sheet);
    out += &edges(sheet);
    out += SIGNATURES;
    out += "</main>\n</body>\n</html>\n";
    out
}

/// Where the sheet is signed, and what the signatures mean.
const SIGNATURES: &str = "<section class=\"sign\">\n<h2>確認と承認</h2>\n\
     <p>確認者は、上の期待される値を市の利用調整基準の原本と照らし合わせ、計算がそのとおりであることを確かめました。\
     承認者は、この照合番号のファイルを選考に用いることを承認します。</p>\n\
     <table class=\"signatures\"><thead><tr><th></th><th>所属・職</th><th>氏名（自署または押印）</th><th>年月日</th></tr></thead>\n\
     <tbody><tr><th scope=\"row\">確認者</th><td></td><td></td><td>　　　年　　月　　日</td></tr>\n\
     <tr><th scope=\"row\">確認者（別の者）</th><td></td><td></td><td>　　　年　　月　　日</td></tr>\n\
     <tr><th scope=\"row\">承認者</th><td></td><td></td><td>　　　年　　月　　日</td></tr></tbody></table>\n</section>\n";

/// Whose criteria, which file, when printed.
fn about(sheet: &Sheet<'_>) -> String {
    let head = &sheet.criteria.head;
    let code = head.municipality.as_deref().unwrap_or("なし");
    let kind = match head.kind {
        FileKind::Municipality => "市区町村の基準",
        FileKind::Example => "見本（架空の基準）",
        FileKind::Structure => "仕組みの試験用（実際の基準ではない）",
    };
    // In fours, so that two people can compare it aloud.
    let digits: Vec<char> = sheet.digest.chars().collect();
    let groups: Vec<String> = digits.chunks(4).map(|c| c.iter().collect()).collect();
    format!(
        "<table class=\"about\"><tbody>\n\
         <tr><th scope=\"row\">市区町村</th><td>{}（全国地方公共団体コード {}）</td></tr>\n\
         <tr><th scope=\"row\">基準</th><td>{}</td></tr>\n\
         <tr><th scope=\"row\">年度・種類</th><td>{}年度　{kind}</td></tr>\n\
         <tr><th scope=\"row\">照合番号</th><td class=\"digest\">{}</td></tr>\n\
         <tr><th scope=\"row\">印刷した日</th><td>　　　　年　　　月　　　日</td></tr>\n</tbody></table>\n",
        escape(&head.name),
        escape(code),
        escape(&head.title),
        head.fiscal_year,
        escape(&groups.join(" ")),
    )
}

/// How many agree, and what is still open.
fn verdict(sheet: &Sheet<'_>) -> String {
    let passed = sheet.examples.iter().filter(|o| o.passed()).count();
    let cases = || sheet.edges.iter().flat_map(|b| &b.cases);
    let (edges, held) = (cases().count(), cases().filter(|c| c.holds).count());
    let mut out = format!(
        "<p>計算例 {} 件のうち {passed} 件、境目の例 {edges} 件のうち {held} 件で、期待される値と計算した値が一致しました。",
        sheet.examples.len()
    );
    if passed == sheet.examples.len() && held == edges {
        out += "一致しないものはありません。</p>\n";
    } else {
        out += "<strong>一致しないものに × を付けました。すべて一致するまで署名しないでください。</strong></p>\n";
    }
    if sheet.criteria.has_holes() {
        out += "<p><strong>この基準には未記入の箇所があります。</strong>\
                選考に用いるには、次の箇所を市の資料で埋め、確認票を作り直してください。</p>\n<ul class=\"gaps\">";
        for gap in &sheet.criteria.gaps {
            let _ = write!(out, "<li>{}</li>", escape(&gap.label));
        }
        let rows = sheet.criteria.tables.iter().flat_map(|t| &t.rows);
        let open = rows.filter(|r| r.points == enmusubi_criteria::model::Points::ToBeFilled);
        for row in open {
            let _ = write!(out, "<li>{}（点）</li>", escape(&row.label));
        }
        for key in sheet.criteria.keys.iter().filter(|k| k.value.is_none()) {
            let _ = write!(out, "<li>{}（優先順位）</li>", escape(&key.label));
        }
        out += "</ul>\n";
    }
    out
}

fn mark(holds: bool) -> &'static str {
    if holds { "○" } else { "×" }
}

/// One block per example: what is stated, then what is expected and what came.
fn examples(sheet: &Sheet<'_>) -> String {
    let mut out = String::from("<section>\n<h2>1　計算例</h2>\n");
    if sheet.examples.is_empty() {
        out += "<p>この基準には計算例がありません。</p>\n";
    }
    let found = sheet.examples.iter().zip(&sheet.criteria.examples);
    for (number, (outcome, example)) in (1..).zip(found) {
        let _ = write!(
            out,
            "<article>\n<h3><span>1-{number}</span>{}</h3>\n<p class=\"facts\">",
            escape(&outcome.label)
        );
        for stated in in_words(sheet.criteria, example) {
            let facts: Vec<String> = stated
                .facts
                .iter()
                .map(|(label, value)| format!("{label} {value}"))
                .collect();
            let _ = write!(
                out,
                "<b>{}</b> {}　",
                escape(&stated.subject),
                escape(&facts.join("、"))
            );
        }
        for (name, keys) in &example.order {
            let keys: Vec<&str> = keys.iter().map(|k| &**k).collect();
            let _ = write!(
                out,
                "<b>{}</b> {}　",
                escape(name),
                escape(&keys.join("・"))
            );
        }
        out += "</p>\n<table class=\"checks\"><thead><tr><th>項目</th><th>期待される値</th><th>計算した値</th><th>一致</th></tr></thead><tbody>\n";
        for check in &outcome.checks {
            let _ = writeln!(
                out,
                "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
                escape(&check.label),
                escape(value_in_words(sheet.criteria, &check.item, &check.expected)),
                escape(value_in_words(sheet.criteria, &check.item, &check.found)),
                mark(check.holds)
            );
        }
        for problem in &outcome.problems {
            let _ = writeln!(
                out,
                "<tr><td colspan=\"3\">{}</td><td>×</td></tr>",
                escape(&problem.what.0)
            );
        }
        out += "</tbody></table>\n</article>\n";
    }
    out + "</section>\n"
}

fn edges(sheet: &Sheet<'_>) -> String {
    let mut out = String::from(
        "<section>\n<h2>2　境目の例</h2>\n<p>帯の境目ごとに、一つ手前（時間は半時間手前も）、ちょうど、一つ先の値で、当てはまる行とその点を確かめます。</p>\n",
    );
    if sheet.edges.is_empty() {
        out += "<p>この基準には帯がありません。</p>\n";
    }
    for (number, band) in (1..).zip(sheet.edges) {
        let _ = write!(
            out,
            "<article>\n<h3><span>2-{number}</span>{}：{}</h3>\n<p class=\"facts\"><b>区切る値</b> {}{}",
            escape(&band.table_label),
            escape(&band.band_label),
            escape(&band.by),
            band.by2
                .as_deref()
                .map_or_else(String::new, |by2| format!("　<b>×</b> {}", escape(by2)))
        );
        if let Some(condition) = &band.condition {
            let _ = write!(out, "　<b>条件</b> {}", escape(condition));
        }
        if band.partition {
            out += "　<b>最も低い境目から上は、必ず一つの行が当てはまる</b>";
        }
        out += "</p>\n";
        if let Some((problem, _)) = &band.problem {
            let _ = writeln!(out, "<p><strong>× {}</strong></p>", escape(problem));
        }
        out += &if band.by2.is_some() {
            grid(band)
        } else {
            lines(band)
        };
        out += "</article>\n";
    }
    out + "</section>\n"
}

/// A band in one dimension: one line per value.
fn lines(band: &BandEdges) -> String {
    let unit = band.unit.map_or("", |u| u.label());
    let mut out = format!(
        "<table class=\"checks edges\"><thead><tr><th>値{}</th><th>当てはまる行</th><th>期待</th><th>計算</th><th>一致</th></tr></thead><tbody>\n",
        if unit.is_empty() {
            String::new()
        } else {
            format!("（{unit}）")
        }
    );
    for case in &band.cases {
        let rows: Vec<String> = case.expected.iter().map(|r| escape(&r.label)).collect();
        let _ = writeln!(
            out,
            "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
            case.at,
            if rows.is_empty() {
                "当てはまる行なし".into()
            } else {
                rows.join("<br>")
            },
            points(&case.expected),
            points(&case.found),
            mark(case.holds)
        );
    }
    out + "</tbody></table>\n"
}

/// A band in two dimensions: a grid of points.
fn grid(band: &BandEdges) -> String {
    let mut columns: Vec<_> = band.cases.iter().filter_map(|c| c.at2).collect();
    columns.sort_unstable();
    columns.dedup();
    let label = |u: Option<Unit>| u.map_or("", |u| u.label());
    let mut out = format!(
        "<p class=\"facts\">縦 {}、横 {}。点が一つだけ書かれたところは期待と計算が同じ、— はどの行も当てはまらないことを示します。</p>\n<table class=\"grid\"><thead><tr><th></th>",
        label(band.unit),
        label(band.unit2)
    );
    for c in &columns {
        let _ = write!(out, "<th>{c}</th>");
    }
    out += "</tr></thead><tbody>\n";
    let rows: Vec<&[EdgeCase]> = band.cases.chunk_by(|a, b| a.at == b.at).collect();
    for row in rows {
        let at = row.first().map_or_else(String::new, |c| c.at.to_string());
        let _ = write!(out, "<tr><th scope=\"row\">{at}</th>");
        for case in row {
            let cell = if case.holds {
                points(&case.found)
            } else {
                format!("×{}→{}", points(&case.expected), points(&case.found))
            };
            let _ = write!(out, "<td>{cell}</td>");
        }
        out += "</tr>\n";
    }
    out + "</tbody></table>\n"
}

/// Points of rows that apply, one after the other.
fn points(rows: &[RowAt]) -> String {
    if rows.is_empty() {
        return "—".into();
    }
    let each = rows.iter().map(|r| match r.points {
        PointsAt::Known(n) => n.to_string(),
        PointsAt::ToBeFilled => "未記入".into(),
        PointsAt::Judged => "裁量".into(),
        PointsAt::Open => "式による".into(),
        PointsAt::Undecided => "不明".into(),
    });
    each.collect::<Vec<String>>().join("・")
}
