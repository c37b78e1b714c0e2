//! What learning writes beside the draft.

use crate::commands;
use crate::commands::compare::outputs::json;
use crate::commands::compare::workbook::{number, sheet};
use crate::exit::Failure;
use crate::language::Words;
use crate::pipeline;
use enmusubi_interchange::comparison_workbook::{BookCell, BookSheet, ComparisonBook, write};
use enmusubi_learn::messages::learn;
use enmusubi_learn::report::{AnewReport, Report, RuleReport};
use enmusubi_learn::summary::{left_out, nurseries, seen};
use enmusubi_page::learned::html;
use enmusubi_selection::text_summary::Lang;
use serde_json::to_vec;

/// Files that are always written.
pub const ALWAYS: [&str; 3] = ["learn.html", "learn.xlsx", "learn.json"];

/// Bytes of [`ALWAYS`].
///
/// # Errors
/// Exit code 70: a defect of this program.
pub fn contents(words: &Words, report: &Report) -> Result<[Vec<u8>; 3], Failure> {
    let book = write(&book(report));
    let book = book.map_err(|e| {
        let detail = e.render(pipeline::language(words));
        commands::internal(words)(detail)
    });
    Ok([
        html(report).into_bytes(),
        book?,
        json(words, to_vec(report))?,
    ])
}

/// The workbook. Its headers are Japanese in every language, as those of all tables for nursery sections.
fn book(report: &Report) -> ComparisonBook {
    ComparisonBook {
        title: learn(Lang::Japanese).get("title", &[]),
        sheets: vec![
            rules(report),
            years(report),
            fairness(report),
            leads(report),
        ],
    }
}

fn rules(report: &Report) -> BookSheet {
    let headers = [
        ("番号", None),
        ("規則", Some(60)),
        ("支える児童・合わない児童", Some(40)),
        ("合う点", Some(30)),
        ("下書きの行", None),
        ("下書きでの扱い", Some(30)),
        ("決定からは区別できないもの", Some(60)),
        ("認める・認めない", Some(16)),
        ("確かめた人", Some(12)),
        ("日付", Some(12)),
        ("下書きの場所", Some(30)),
    ];
    let mut sheet = sheet("規則", "過去の決定から学んだ規則", &headers);
    sheet.notes.push(format!(
        "もとの基準: {}（{}）",
        report.title, report.criteria
    ));
    let words = learn(Lang::Japanese);
    for (key, against) in [("seen-before", report.before), ("seen-after", report.after)] {
        let seen = seen(against, words);
        sheet.notes.push(words.get(key, &[("seen", &seen)]));
    }
    sheet.notes.extend(nurseries(report, Lang::Japanese));
    if !report.left_out.is_empty() {
        sheet.notes.push(left_out(report, Lang::Japanese));
    }
    let anew = report.anew.iter().flat_map(|a| a.words(Lang::Japanese));
    sheet.notes.extend(anew);
    let row = |rule: &RuleReport| {
        let interval = rule.interval.as_ref().map(|i| i.words(Lang::Japanese));
        let mut others = rule.alternatives.join("\n");
        if rule.more_alternatives > 0 {
            others += &format!("\nほか {}件", rule.more_alternatives);
        }
        vec![
            number(rule.number),
            BookCell::text(&rule.words),
            BookCell::text(rule.evidence(&report.years, Lang::Japanese)),
            interval.map_or(BookCell::Blank, BookCell::text),
            rule.row.as_ref().map_or(BookCell::Blank, BookCell::text),
            BookCell::text(rule.draft.words(Lang::Japanese)),
            BookCell::text(others),
            BookCell::Blank,
            BookCell::Blank,
            BookCell::Blank,
            BookCell::text(rule.places.join("\n")),
        ]
    };
    let rules = report.rules.iter().chain(&report.weak).map(row);
    let order = report.anew.iter().filter(|a| !a.places.is_empty());
    sheet.rows = order.map(order_row).chain(rules).collect();
    sheet
}

/// The line of an order that was learned from decisions alone: what no rule of the draft owns.
fn order_row(anew: &AnewReport) -> Vec<BookCell> {
    let words = learn(Lang::Japanese);
    let mut row = vec![BookCell::Blank; 11];
    row[0] = BookCell::Whole(0);
    row[1] = BookCell::text(words.get("anew-label", &[]));
    row[5] = BookCell::text(words.get("written-row", &[]));
    row[10] = BookCell::text(anew.places.join("\n"));
    row
}

fn years(report: &Report) -> BookSheet {
    let headers = [
        ("年度・選考回", None),
        ("比べた児童", None),
        ("もとの基準で一致", None),
        ("学んだ後に一致", None),
        ("この年を除いて学んだとき一致", Some(16)),
        ("照合番号（選考回と基準）", Some(40)),
        ("照合番号（決定）", Some(40)),
    ];
    let mut sheet = sheet("年ごと", "年ごとの一致", &headers);
    let whole = |n: u32| BookCell::Whole(i64::from(n));
    let years = report.years.iter().map(|y| {
        vec![
            BookCell::text(&y.name),
            whole(y.before.compared),
            whole(y.before.agree),
            whole(y.after.agree),
            y.held_out.map_or(BookCell::Blank, |h| whole(h.agree)),
            BookCell::text(&y.input_digest),
            BookCell::text(&y.decisions_digest),
        ]
    });
    sheet.rows = years.collect();
    sheet
}

fn fairness(report: &Report) -> BookSheet {
    let headers = [
        ("規則の番号", None),
        ("事実", Some(24)),
        ("値", Some(24)),
        ("当てはまる児童", None),
        ("うちこの値の児童", None),
        ("割合", None),
        ("申込児童全体", None),
        ("うちこの値の児童（全体）", None),
        ("全体での割合", None),
        ("規則がないと結果が変わる児童", Some(16)),
        ("うちこの値で新たに内定する児童", Some(16)),
        ("うちこの値で内定しなくなる児童", Some(16)),
        ("確かめた結果", Some(30)),
    ];
    let title = learn(Lang::Japanese).get("fairness-label", &[]);
    let mut sheet = sheet(&title, &title, &headers);
    let looked = &report.fairness_looked;
    sheet.notes = looked.words(!report.fairness.is_empty(), Lang::Japanese);
    let whole = |n: u32| BookCell::Whole(i64::from(n));
    let share = |part: u32, of: u32| BookCell::Share {
        part: part.into(),
        of: of.into(),
    };
    let found = report.fairness.iter().map(|f| {
        vec![
            whole(f.rule),
            BookCell::text(&f.fact),
            BookCell::text(&f.value),
            whole(f.concerned),
            whole(f.with_value),
            share(f.with_value, f.concerned),
            whole(f.applicants),
            whole(f.applicants_with_value),
            share(f.applicants_with_value, f.applicants),
            whole(f.placed_otherwise),
            whole(f.gaining),
            whole(f.losing),
            BookCell::Blank,
        ]
    });
    sheet.rows = found.collect();
    sheet
}

fn leads(report: &Report) -> BookSheet {
    let headers = [
        ("年度・選考回", None),
        ("児童", None),
        ("施設ID", None),
        ("施設名", None),
        ("クラス年齢", None),
        ("合わないところ", Some(60)),
        ("確かめた結果", Some(30)),
    ];
    let mut sheet = sheet("合わない決定", "学んだ規則に合わない決定", &headers);
    sheet
        .notes
        .push("誤りとは限りません。理由が別にあったかを確かめる手がかりです。".to_owned());
    let leads = report.leads.iter().map(|lead| {
        vec![
            BookCell::text(&lead.year),
            BookCell::text(&lead.child),
            BookCell::text(&lead.facility),
            BookCell::text(&lead.facility_name),
            BookCell::Whole(i64::from(lead.age)),
            BookCell::text(lead.words(Lang::Japanese)),
            BookCell::Blank,
        ]
    });
    sheet.rows = leads.collect();
    sheet
}
