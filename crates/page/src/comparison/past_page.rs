//! The page of `enmusubi compare`: how far the criteria decide as the staff decided, and the cause of every difference.

use super::{
    STYLE, causes,
    change::Change,
    classes, long_table, sign,
    words::{digest, kind_short, mechanism, place, ties},
};
use crate::{
    escape,
    frame::{self, Frame, Part, page},
    pair,
    svg_change::{Share, Step, shares, stairs},
    table,
};
use enmusubi_compare::report::{Agreement, Comparison, Difference, IndexDepth, OrderDepth, Place};
use enmusubi_selection::{
    text_summary::{Lang, grouped},
    whatif::text::japanese_date,
};
use std::fmt::Write as _;

/// Where all rows are, should there be more than the page holds.
const FILES: &str = "同じフォルダの compare.xlsx と compare.json";
/// Before and after of criteria as written and as practised.
pub(crate) const PRACTICE: [&str; 2] = ["基準どおり", "実際の運用"];

/// The page for the nursery section. It names children.
#[must_use]
pub fn past(c: &Comparison) -> String {
    let mut sections = Vec::new();
    sections.push(Part::new("depths", "どの段階まで一致したか", depths(c)));
    if c.path.len() > 1 {
        sections.push(Part::new("path", "一致するまでの道のり", path(c)));
    }
    if !c.causes.is_empty() {
        sections.push(Part::new("causes", "違いの原因", causes::causes(c)));
    }
    sections.push(Part::new("differences", "決定が違う児童", differences(c)));
    if let Some(index) = &c.index {
        sections.push(Part::new(
            "index",
            "指数が違う児童",
            index_differences(index),
        ));
    }
    if let Some(order) = &c.order {
        sections.push(Part::new("order", "順番が違う組", order_differences(order)));
    }
    if let Some(practice) = &c.practice {
        sections.push(Part::new("practice", "基準どおりと実際の運用", {
            let change = Change::of(PRACTICE, &practice.base, &practice.comparison);
            String::from(
                "<p>「基準どおり」は、今の基準のファイルで計算した結果です。「実際の運用」は、見つかった原因のうち、\
                 基準のファイルに書けるものをすべて直して計算した結果です。一つの世帯についての原因、\
                 席の数、基準では説明できない決定は入っていません。当時の運用で、基準どおりよりも有利になった児童と、不利になった児童を示します。</p>\n",
            ) + &change.html()
                + &classes::classes(PRACTICE, &practice.comparison, FILES)
                + &classes::children(PRACTICE, &practice.comparison, FILES)
        }));
    }
    if !c.remarks.is_empty() {
        sections.push(Part::new("remarks", "ファイルについて", remarks(c)));
    }
    sections.push(Part::new("sign", "確認と署名", sign::block(c)));
    let title = format!("過去の選考結果との突合{}", which(&c.entry_date, c.number));
    page(&Frame {
        title: &title,
        styles: &[frame::STYLE, STYLE],
        header: header(c),
        sections,
        footer: footer(c),
    })
}

/// `（令和8年4月1日入所、第1回）`; empty where the tables say neither.
pub(crate) fn which(entry_date: &str, number: u32) -> String {
    match (entry_date.is_empty(), number) {
        (true, 0) => String::new(),
        (true, n) => format!("（第{n}回）"),
        (false, 0) => format!("（{}入所）", japanese_date(entry_date)),
        (false, n) => format!("（{}入所、第{n}回）", japanese_date(entry_date)),
    }
}

/// Agreement with everything mended.
pub(super) fn last(c: &Comparison) -> Agreement {
    c.path.last().map_or(c.placement, |s| s.agreement)
}

/// How many differ.
pub(super) fn differ(a: Agreement) -> u32 {
    a.compared.saturating_sub(a.agree)
}

/// Thousandths, rounded down: 1000 is all.
fn thousandths(a: Agreement) -> u32 {
    (u64::from(a.agree) * 1000)
        .checked_div(u64::from(a.compared))
        .map_or(1000, |t| t as u32)
}

fn header(c: &Comparison) -> String {
    let mut out = String::new();
    let criteria = match c.title.is_empty() {
        true => String::from("点数の表（基準のファイルなし）"),
        false => format!("{}（{}）", c.title, c.criteria),
    };
    let _ = writeln!(
        out,
        "<p class=\"soft\">比べたもの：{}、{}、{}。</p>",
        escape(&criteria),
        escape(&mechanism(&c.mechanism)),
        escape(&ties(&c.ties))
    );
    out += "<p class=\"care\">児童の番号が載っています。担当の職員だけで扱ってください。</p>\n";
    out += &headline(c);
    let (first, end) = (c.placement, last(c));
    let unexplained = c.differences.iter().filter(|d| d.cause == 0).count();
    let cards = [
        ("比べた児童", grouped(first.compared), "人"),
        ("初めから一致", grouped(first.agree), "人"),
        ("見つかった原因", grouped(c.causes.len()), "件"),
        ("直した後に一致", grouped(end.agree), "人"),
        ("原因の分からない違い", grouped(unexplained), "人"),
    ];
    out += "<ul class=\"cards\">";
    for (name, value, unit) in cards {
        let _ = write!(
            out,
            "<li><span>{name}</span><b>{value}<small>{unit}</small></b></li>"
        );
    }
    out += "</ul>\n";
    if c.exhausted {
        out += "<p class=\"care\">探す手数の上限に達したため、途中で終えました。まだ見つかる原因があるかもしれません。\
                ここまでの原因を直してから、もう一度突き合わせてください。</p>\n";
    }
    out
}

fn headline(c: &Comparison) -> String {
    let (first, end) = (c.placement, last(c));
    if first.compared == 0 {
        return String::from(
            "<p class=\"care\">比べられる児童がいません。下の「ファイルについて」を確かめてください。</p>\n",
        );
    }
    let mut out = String::new();
    let percent = |a: Agreement| format!("{}%", a.percent());
    if first == end {
        let _ = writeln!(out, "<p class=\"headline\"><b>{}</b></p>", percent(first));
    } else {
        let _ = writeln!(
            out,
            "<p class=\"headline\"><i>{}</i><span>→</span><b>{}</b></p>",
            percent(first),
            percent(end)
        );
    }
    let number = |n: u32| grouped(n);
    let _ = match (differ(first), differ(end)) {
        (0, _) => writeln!(
            out,
            "<p class=\"good\">比べた{}人すべてで、計算した結果と職員の決定が一致しました。</p>",
            number(first.compared)
        ),
        (_, 0) => writeln!(
            out,
            "<p class=\"good\">初めは{}人のうち{}人が一致しました。見つかった原因{}件を直すと、全員の結果が職員の決定と一致します。</p>",
            number(first.compared),
            number(first.agree),
            grouped(c.causes.len())
        ),
        (_, left) => writeln!(
            out,
            "<p class=\"care\">初めは{}人のうち{}人が一致しました。見つかった原因{}件を直すと{}人が一致し、{}人の違いが残ります。</p>",
            number(first.compared),
            number(first.agree),
            grouped(c.causes.len()),
            number(end.agree),
            number(left)
        ),
    };
    out
}

/// The depths that exist: their agreement as bars and as a table.
fn depths(c: &Comparison) -> String {
    let unexplained = c.differences.iter().filter(|d| d.cause == 0).count() as u32;
    let mut rows: Vec<(&str, &str, Agreement, u32)> = Vec::new();
    if let Some(d) = &c.index {
        rows.push(("申込みの事実 → 指数", "件", d.agreement, d.unexplained));
    }
    if let Some(d) = &c.order {
        rows.push(("指数 → 順番", "組", d.agreement, d.unexplained));
    }
    rows.push(("順番 → 決定", "人", c.placement, unexplained));
    let bars: Vec<Share> = rows
        .iter()
        .map(|(name, unit, a, _)| Share {
            name: (*name).to_owned(),
            at: Some(thousandths(*a)),
            text: format!(
                "{}%　{}{unit}のうち{}{unit}が一致",
                a.percent(),
                grouped(a.compared),
                grouped(a.agree)
            ),
        })
        .collect();
    let chart = shares(
        "段階ごとの一致の割合の帯グラフ。数値は表にあります。",
        &bars,
    );
    let body: Vec<Vec<String>> = rows
        .iter()
        .map(|(name, unit, a, left)| {
            let n = |n: u32| format!("{}{unit}", grouped(n));
            vec![
                (*name).to_owned(),
                n(a.compared),
                n(a.agree),
                n(differ(*a)),
                n(*left),
            ]
        })
        .collect();
    let head = ["段階", "比べた数", "一致", "違い", "原因不明"];
    let mut out = pair(
        &chart,
        &table("段階ごとの一致（直す前）", &head, &body, None),
    );
    if c.index.is_none() && c.order.is_none() {
        out += "<p class=\"soft\">職員の指数と順番の表がないため、決定だけを比べました。\
                指数の一覧があれば、--staff-index で加えると、原因を早い段階で見分けられます。</p>\n";
    } else {
        out += "<p class=\"soft\">指数は児童ごと（園によって変わる基準では、児童と園ごと）に、順番は職員の順で隣り合う二人ごとに比べます。</p>\n";
    }
    out
}

/// Name of a step: the cause that was mended.
fn step_name(c: &Comparison, cause: u32, short: bool) -> String {
    match c.causes.iter().find(|k| k.number == cause) {
        None => String::from("直す前"),
        Some(k) if short => format!("{cause} {}", kind_short(k.kind)),
        Some(k) => format!("原因{cause}　{}", k.words),
    }
}

fn path(c: &Comparison) -> String {
    let steps: Vec<Step> = c
        .path
        .iter()
        .map(|s| Step {
            name: step_name(c, s.cause, true),
            at: thousandths(s.agreement),
            text: format!("{}%", s.agreement.percent()),
        })
        .collect();
    let chart = stairs(
        "原因を一つずつ直したときの一致の割合の図。数値は表にあります。",
        &steps,
    );
    let mut before: Option<Agreement> = None;
    let mut body = Vec::new();
    for step in &c.path {
        let a = step.agreement;
        let more = before.map_or_else(
            || String::from("―"),
            |b| {
                let more = i64::from(a.agree) - i64::from(b.agree);
                enmusubi_selection::whatif::text::signed(more)
            },
        );
        body.push(vec![
            step_name(c, step.cause, true),
            grouped(a.agree),
            format!("{}%", a.percent()),
            more,
        ]);
        before = Some(a);
    }
    let head = ["直した原因", "一致（人）", "割合", "増えた人数"];
    String::from(
        "<p>見つかった原因を一つ直すたびに、すべての児童をもう一度決め直して、職員の決定と比べました。</p>\n",
    ) + &pair(&chart, &table("一致するまでの道のり", &head, &body, None))
}

/// A result of a child.
fn result(place_of: Option<&Place>) -> String {
    place_of.map_or_else(
        || String::from("保留"),
        |p| {
            let name = if p.name.is_empty() {
                &p.facility
            } else {
                &p.name
            };
            place(name, p.rank)
        },
    )
}

fn differences(c: &Comparison) -> String {
    if c.differences.is_empty() {
        return String::from("<p class=\"good\">決定が違う児童はいません。</p>\n");
    }
    let cause = |d: &Difference| match d.cause {
        0 => String::from("原因不明"),
        n => format!("原因{n}"),
    };
    let body: Vec<Vec<String>> = c
        .differences
        .iter()
        .map(|d| {
            vec![
                d.child.clone(),
                d.household.clone(),
                format!("{}歳児", d.age),
                result(d.ours.as_ref()),
                result(d.theirs.as_ref()),
                cause(d),
                String::from(match (d.cause, d.follows) {
                    (0, _) => "―",
                    (_, true) => "ほかの違いに続く",
                    (_, false) => "この児童から",
                }),
            ]
        })
        .collect();
    let head = [
        "児童",
        "世帯",
        "年齢",
        "計算した結果",
        "職員の決定",
        "原因",
        "違いの起こり",
    ];
    let follows = c.differences.iter().filter(|d| d.follows).count();
    let mut out = format!(
        "<p>{}人の結果が職員の決定と違います。そのうち{}人は、ほかの児童の違いに続いて（玉突きで）変わったものです。</p>\n",
        grouped(c.differences.len()),
        grouped(follows)
    );
    out += &long_table("決定が違う児童", &head, &body, FILES);
    out
}

fn index_differences(d: &IndexDepth) -> String {
    if d.differences.is_empty() {
        return format!(
            "<p class=\"good\">比べた{}件すべてで、指数が一致しました。</p>\n",
            grouped(d.agreement.compared)
        );
    }
    let index = |n: &Option<String>| n.clone().unwrap_or_else(|| String::from("なし"));
    let rows = |rows: &[String]| match rows.is_empty() {
        true => String::from("―"),
        false => rows.join("、"),
    };
    let body: Vec<Vec<String>> = d
        .differences
        .iter()
        .map(|d| {
            vec![
                d.child.clone(),
                d.facility.clone().unwrap_or_else(|| String::from("―")),
                index(&d.ours),
                index(&d.theirs),
                rows(&d.only_ours),
                rows(&d.only_theirs),
                numbers(&d.causes),
            ]
        })
        .collect();
    let head = [
        "児童",
        "園",
        "計算した指数",
        "職員の指数",
        "計算だけにある行",
        "職員だけにある行",
        "原因",
    ];
    format!(
        "<p>{}件のうち{}件で指数が違います。原因の分からないものは{}件です。</p>\n{}",
        grouped(d.agreement.compared),
        grouped(differ(d.agreement)),
        grouped(d.unexplained),
        long_table("指数が違う児童", &head, &body, FILES)
    )
}

fn numbers(causes: &[u32]) -> String {
    if causes.is_empty() {
        return String::from("原因不明");
    }
    let list: Vec<String> = causes.iter().map(|n| format!("原因{n}")).collect();
    list.join("、")
}

fn order_differences(d: &OrderDepth) -> String {
    if d.differences.is_empty() {
        return format!(
            "<p class=\"good\">職員の順で隣り合う{}組すべてで、順番が一致しました。</p>\n",
            grouped(d.agreement.compared)
        );
    }
    let body: Vec<Vec<String>> = d
        .differences
        .iter()
        .map(|(first, second)| vec![first.clone(), second.clone()])
        .collect();
    let head = ["職員は先", "職員は後"];
    format!(
        "<p>職員の順で隣り合う{}組のうち{}組で、計算した順番が逆になります。原因の分からないものは{}組です。関わる原因：{}。</p>\n{}",
        grouped(d.agreement.compared),
        grouped(differ(d.agreement)),
        grouped(d.unexplained),
        escape(&match d.causes.is_empty() {
            true => String::from("なし"),
            false => numbers(&d.causes),
        }),
        long_table("順番が違う組", &head, &body, FILES)
    )
}

fn remarks(c: &Comparison) -> String {
    let mut out = String::from(
        "<p>次のものは、比べるときに除いたか、書いてあるとおりに読みました。数と番号を確かめてください。</p>\n<ul>\n",
    );
    for remark in &c.remarks {
        let _ = writeln!(
            out,
            "<li>{}</li>",
            escape(&enmusubi_compare::remarks::text(remark, Lang::Japanese))
        );
    }
    out + "</ul>\n"
}

fn footer(c: &Comparison) -> String {
    let mut out = String::new();
    for (name, value) in [
        ("照合番号　回と基準", &c.input_digest),
        ("照合番号　職員の決定", &c.decisions_digest),
        ("照合番号　基準", &c.criteria_digest),
    ] {
        if !value.is_empty() {
            let _ = writeln!(
                out,
                "<p>{name}　<span class=\"digest\">{}</span></p>",
                escape(&digest(value))
            );
        }
    }
    let _ = writeln!(out, "<p>プログラム {}</p>", escape(&c.engine_version));
    out
}
