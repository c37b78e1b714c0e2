//! The round's result as one HTML file: no scripts, no network, system fonts; readable on a
//! phone, printable on A4. Each chart stands beside a table with the same figures.
//!
//! Figures of classes follow the small-number rule of the texts
//! ([`enmusubi_selection::text::discloses`]); the page still is for the nursery section, since
//! it works through one child's case.
//!
//! Other pages: [`sheet`], the worked examples and band edges of a criteria file, to be signed; [`comparison`], a round
//! beside other criteria or beside what was decided; [`council`], a comparison with past decisions for a council.

pub mod comparison;
pub mod council;
mod frame;
pub mod learned;
pub mod sheet;
mod svg;
mod svg_change;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use enmusubi_selection::report::{ChildReport, ClassNo, Report, Why};
use enmusubi_selection::text::{Reader, child_text, discloses, public_cut_off};
use enmusubi_selection::text_summary::{
    Lang, criteria_lines, fairness_lines, grouped, optimality_lines, ties_line,
};

use frame::{Frame, Part};
use svg::{Dot, FILLS, Series};

/// Nurseries whose cut-offs are shown at once; the rest unfold.
const CUT_OFFS_SHOWN: usize = 30;
/// Choice ranks shown one by one.
const RANKS_SHOWN: usize = 10;

/// What the report does not know.
#[derive(Debug, Clone, Default)]
pub struct Extra {
    /// Heading, e.g. 「令和9年4月入所 一次選考（見本）」.
    pub title: String,
    /// A line below it: who made it, when, from what.
    pub note: String,
    /// Area name by nursery id.
    pub areas: BTreeMap<String, String>,
    /// Position by nursery id, east and north, in any one unit.
    pub positions: BTreeMap<String, (f64, f64)>,
    /// Child whose case is worked through; `None`: one with several kinds of reasons.
    pub example: Option<String>,
}

/// The page.
#[must_use]
pub fn html(report: &Report, extra: &Extra) -> String {
    let mut sections: Vec<(&str, &str, String)> = vec![
        ("fair", "公平性と証明", fairness(report)),
        ("ages", "年齢別の申込みと募集", ages(report)),
    ];
    if !extra.areas.is_empty() {
        sections.push(("areas", "地域別の申込みと募集", areas(report, extra)));
    }
    if !extra.positions.is_empty() {
        sections.push(("map", "園の位置と入所率", nursery_map(report, extra)));
    }
    sections.push(("ranks", "何番目の希望に決まったか", ranks(report)));
    sections.push(("siblings", "きょうだいで申し込んだ世帯", siblings(report)));
    sections.push(("ties", "同順位の決め方", ties(report)));
    sections.push((
        "example",
        "一人の児童についての説明",
        example(report, extra),
    ));
    sections.push(("cutoffs", "クラス別の最低指数", cut_offs(report)));
    let title = if extra.title.is_empty() {
        "利用調整の結果"
    } else {
        &extra.title
    };
    let mut header = String::new();
    if !extra.note.is_empty() {
        let _ = writeln!(header, "<p class=\"soft\">{}</p>", escape(&extra.note));
    }
    for line in criteria_lines(report, Lang::Japanese) {
        let class = match report.criteria.as_ref().is_some_and(|c| c.trial) {
            true => "care",
            false => "soft",
        };
        let _ = writeln!(header, "<p class=\"{class}\">{}。</p>", escape(&line));
    }
    header += &cards(report);
    let parts = sections.into_iter();
    frame::page(&Frame {
        title,
        styles: &[frame::STYLE],
        header,
        sections: parts
            .map(|(id, name, body)| Part::new(id, name, body))
            .collect(),
        footer: format!(
            "<p>照合番号　入力 {}　結果 {}　プログラム {}</p>\n",
            escape(&report.input_digest),
            escape(&report.result_digest),
            escape(&report.engine_version)
        ),
    })
}

/// Text made safe for HTML content and quoted attributes.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out += "&amp;",
            '<' => out += "&lt;",
            '>' => out += "&gt;",
            '"' => out += "&quot;",
            '\'' => out += "&#39;",
            c => out.push(c),
        }
    }
    out
}

fn cards(report: &Report) -> String {
    let held = report.children.saturating_sub(report.with_class);
    let cards = [
        ("申込み", grouped(report.children)),
        ("内定・在園", grouped(report.with_class)),
        ("うち新たに内定", grouped(report.newly_placed)),
        ("保留", grouped(held)),
        ("優先順位に反した世帯", grouped(report.blocking_families)),
    ];
    let mut out = String::from("<ul class=\"cards\">");
    for (name, value) in cards {
        let unit = if name.ends_with("世帯") {
            "世帯"
        } else {
            "人"
        };
        let _ = write!(
            out,
            "<li><span>{name}</span><b>{value}<small>{unit}</small></b></li>"
        );
    }
    out + "</ul>\n"
}

fn fairness(report: &Report) -> String {
    let class = if report.blocking_families == 0 {
        "good"
    } else {
        "care"
    };
    let mut out = String::from(
        "<p>公平性の基準は、希望した園に入れなかった理由が、（1）優先順位の高い児童で満員、\
         （2）空きがない、（3）ごきょうだいの条件に合わない、のいずれかであることです。\
         いずれにも当てはまらない世帯の数を、すべての世帯について確かめました。</p>\n",
    );
    for line in fairness_lines(report, Lang::Japanese) {
        let _ = writeln!(out, "<p class=\"{class}\">{}。</p>", escape(&line));
    }
    for line in optimality_lines(report, Lang::Japanese) {
        let _ = writeln!(out, "<p>{}。</p>", escape(&line));
    }
    out
}

fn ages(report: &Report) -> String {
    let rows: Vec<(String, Vec<f64>)> = report
        .by_age
        .iter()
        .map(|r| {
            let values = vec![
                f64::from(r.children),
                r.seats as f64,
                f64::from(r.newly_placed),
            ];
            (format!("{}歳児", r.age), values)
        })
        .collect();
    let series = [
        Series {
            name: "申込み",
            style: "s1",
        },
        Series {
            name: "募集人数",
            style: "s2",
        },
        Series {
            name: "新たに内定",
            style: "s3",
        },
    ];
    let chart = svg::bars(
        "年齢別の申込み、募集人数、内定の棒グラフ。数値は表にあります。",
        &series,
        &rows,
    );
    let mut body = Vec::new();
    let mut sum = [0u64; 4];
    for r in &report.by_age {
        let row = [
            u64::from(r.children),
            r.seats,
            u64::from(r.newly_placed),
            u64::from(r.with_class),
        ];
        for (s, v) in sum.iter_mut().zip(row) {
            *s += v;
        }
        let mut cells = vec![format!("{}歳児", r.age)];
        cells.extend(row.map(grouped));
        body.push(cells);
    }
    let mut foot = vec![String::from("計")];
    foot.extend(sum.map(grouped));
    let head = ["年齢", "申込み", "募集人数", "新たに内定", "内定・在園"];
    let mut out = pair(&chart, &table("年齢別（人）", &head, &body, Some(&foot)));
    if report
        .by_age
        .iter()
        .any(|r| u64::from(r.newly_placed) > r.seats)
        && report.transfers > 0
    {
        out += "<p class=\"soft\">「新たに内定」が募集人数を上回る年齢では、転園する児童が空ける席にも内定しています。</p>\n";
    }
    if !report.shared_seats.is_empty() {
        let _ = writeln!(
            out,
            "<p class=\"soft\">席を共有するクラス（定員グループ）{}組の募集人数は、年齢別に分けられない\
             ため含みません。</p>",
            report.shared_seats.len()
        );
    }
    out
}

/// First choices per class: what families want, before anything is decided.
fn first_choices(report: &Report) -> Vec<u32> {
    let mut out = vec![0; report.class_explanations.len()];
    for child in &report.child_explanations {
        let refused = child.reasons.iter().find_map(|r| r.class);
        let newly = child.class.filter(|_| child.class != child.current);
        if let Some(k) = refused.or(newly) {
            out[k as usize] += 1;
        }
    }
    out
}

fn areas(report: &Report, extra: &Extra) -> String {
    let first = first_choices(report);
    // Per area: seats, first choices, newly placed; and first choices and seats by age.
    let mut by_area: BTreeMap<&str, ([u64; 3], [[u64; 2]; 6])> = BTreeMap::new();
    for (k, class) in report.class_explanations.iter().enumerate() {
        let area = extra
            .areas
            .get(&class.nursery)
            .map_or("その他", String::as_str);
        let (sum, ages) = by_area.entry(area).or_default();
        let seats = class.seats.unwrap_or(0);
        let row = [seats, u64::from(first[k]), u64::from(class.newly_placed)];
        for (s, v) in sum.iter_mut().zip(row) {
            *s += v;
        }
        if let Some(age) = ages.get_mut(class.age as usize) {
            age[0] += u64::from(first[k]);
            age[1] += seats;
        }
    }
    let rows: Vec<(String, Vec<f64>)> = by_area
        .iter()
        .map(|(area, (s, _))| ((*area).to_owned(), vec![s[1] as f64, s[0] as f64]))
        .collect();
    let series = [
        Series {
            name: "第1希望",
            style: "s1",
        },
        Series {
            name: "募集人数",
            style: "s2",
        },
    ];
    let chart = svg::bars(
        "地域別の第1希望と募集人数の棒グラフ。数値は表にあります。",
        &series,
        &rows,
    );
    let head = ["地域", "第1希望", "募集人数", "新たに内定"];
    let body: Vec<Vec<String>> = by_area
        .iter()
        .map(|(area, (s, _))| {
            vec![
                (*area).to_owned(),
                grouped(s[1]),
                grouped(s[0]),
                grouped(s[2]),
            ]
        })
        .collect();
    let mut out = pair(&chart, &table("地域別（人）", &head, &body, None));
    let head = ["地域", "0歳児", "1歳児", "2歳児", "3歳児", "4歳児", "5歳児"];
    let body: Vec<Vec<String>> = by_area
        .iter()
        .map(|(area, (_, ages))| {
            let cells = ages.iter().map(|[f, s]| format!("{f}/{s}"));
            [(*area).to_owned()].into_iter().chain(cells).collect()
        })
        .collect();
    out += &table(
        "地域・年齢別の「第1希望の人数/募集人数」",
        &head,
        &body,
        None,
    );
    out
}

fn number(fraction: &str) -> f64 {
    let (n, d) = fraction.split_once('/').unwrap_or((fraction, "1"));
    n.parse().unwrap_or(0.0) / d.parse().unwrap_or(1.0)
}

fn nursery_map(report: &Report, extra: &Extra) -> String {
    let mut by_nursery: BTreeMap<&str, (f64, f64, f64)> = BTreeMap::new();
    for class in &report.class_explanations {
        let entry = by_nursery.entry(&class.nursery).or_default();
        entry.0 += class.seats.unwrap_or(0) as f64;
        if let Some(capacity) = class.capacity {
            entry.1 += capacity as f64;
            entry.2 += f64::from(class.placed);
        }
    }
    for shared in &report.shared_seats {
        let Some(&k) = shared.classes.first() else {
            continue;
        };
        let nursery = report.class_explanations[k as usize].nursery.as_str();
        let entry = by_nursery.entry(nursery).or_default();
        entry.0 += number(&shared.seats);
        entry.1 += number(&shared.capacity);
        entry.2 += number(&shared.used);
    }
    let dots: Vec<Dot> = by_nursery
        .iter()
        .filter_map(|(id, &(seats, capacity, placed))| {
            let &(x, y) = extra.positions.get(*id)?;
            if !(x.is_finite() && y.is_finite()) || capacity <= 0.0 {
                return None;
            }
            let name = report.nurseries.get(*id).map_or(*id, String::as_str);
            Some(Dot {
                name: name.to_owned(),
                x,
                y,
                seats,
                fill: placed / capacity,
            })
        })
        .collect();
    if dots.is_empty() {
        return String::from("<p>位置の分かる園がありません。</p>\n");
    }
    let chart = svg::map(
        "園の位置の図。円の大きさは募集人数、色は入所率。数値は表にあります。",
        &dots,
    );
    let head = ["入所率", "園の数", "募集人数"];
    let body: Vec<Vec<String>> = FILLS
        .iter()
        .enumerate()
        .map(|(i, (name, ..))| {
            let here = || dots.iter().filter(|d| svg::fill_class(d.fill) == i);
            let seats: f64 = here().map(|d| d.seats).sum();
            vec![
                (*name).to_owned(),
                here().count().to_string(),
                grouped(seats as u64),
            ]
        })
        .collect();
    let list: Vec<Vec<String>> = dots
        .iter()
        .map(|d| {
            vec![
                d.name.clone(),
                grouped(d.seats as u64),
                format!("{:.0}%", 100.0 * d.fill),
            ]
        })
        .collect();
    let mut right = table("入所率別の園の数", &head, &body, None);
    right +=
        "<p class=\"soft\">円の大きさは募集人数です。満員の園は、円の中に白い点があります。</p>";
    let mut out = pair(&chart, &right);
    let names = table("園ごとの入所率", &["園", "募集人数", "入所率"], &list, None);
    let _ = writeln!(
        out,
        "<details><summary>園ごとの数値（{}園）</summary>\n{names}</details>",
        list.len()
    );
    out
}

fn ranks(report: &Report) -> String {
    let mut rows: Vec<(String, Vec<f64>)> = Vec::new();
    for (i, &n) in report.choice_ranks.iter().take(RANKS_SHOWN).enumerate() {
        rows.push((format!("第{}希望", i + 1), vec![f64::from(n)]));
    }
    let rest: u32 = report.choice_ranks.iter().skip(RANKS_SHOWN).sum();
    if rest > 0 {
        rows.push((format!("第{}以下", RANKS_SHOWN + 1), vec![f64::from(rest)]));
    }
    if report.transfers > 0 {
        rows.push((String::from("今の園"), vec![f64::from(report.stayed)]));
    }
    let held = report.children.saturating_sub(report.with_class);
    rows.push((String::from("保留"), vec![f64::from(held)]));
    let chart = svg::bars(
        "決まった希望の順位の棒グラフ。数値は表にあります。",
        &[Series {
            name: "児童",
            style: "s1",
        }],
        &rows,
    );
    let all = f64::from(report.children.max(1));
    let body: Vec<Vec<String>> = rows
        .iter()
        .map(|(name, v)| {
            vec![
                name.clone(),
                grouped(v[0] as u64),
                format!("{:.1}%", 100.0 * v[0] / all),
            ]
        })
        .collect();
    pair(
        &chart,
        &table(
            "決まった希望の順位",
            &["結果", "児童（人）", "割合"],
            &body,
            None,
        ),
    )
}

fn siblings(report: &Report) -> String {
    let s = &report.siblings;
    if s.families == 0 {
        return String::from("<p>きょうだいで申し込んだ世帯はありません。</p>\n");
    }
    let parts = [
        ("全員が同じ園", "s3", f64::from(s.same_nursery)),
        ("全員が入所・園は別", "s1", f64::from(s.different_nurseries)),
        ("一部の子が入所", "s2", f64::from(s.some)),
        ("全員が保留", "s4", f64::from(s.none)),
    ];
    let chart = svg::stacked(
        "きょうだい世帯の結果の帯グラフ。数値は表にあります。",
        &parts,
    );
    let body: Vec<Vec<String>> = parts
        .iter()
        .map(|(name, _, n)| vec![(*name).to_owned(), grouped(*n as u64)])
        .collect();
    let foot = vec![String::from("計"), grouped(s.families)];
    pair(
        &chart,
        &table(
            "きょうだい世帯の結果",
            &["結果", "世帯"],
            &body,
            Some(&foot),
        ),
    )
}

fn ties(report: &Report) -> String {
    let mut out = format!("<p>{}。</p>\n", escape(&ties_line(report, Lang::Japanese)));
    let keys: Vec<&str> = report
        .key_components
        .iter()
        .map(|c| c.label.as_str())
        .collect();
    if !keys.is_empty() {
        let _ = writeln!(
            out,
            "<p>優先順位を比べる順：{}</p>",
            escape(&keys.join(" → "))
        );
    }
    let most = (0..report.class_explanations.len() as ClassNo)
        .filter(|&k| report.class_explanations[k as usize].tie_decided > 0 && discloses(report, k))
        .count();
    if most > 0 {
        let _ = writeln!(
            out,
            "<p class=\"soft\">同順位の決着で入れなかった児童がいるクラスは、{most}クラスです\
             （人数の少ないクラスを除く）。</p>"
        );
    }
    out
}

/// A child whose reasons show something: several kinds, siblings among them, not too many lines.
fn pick(report: &Report) -> Option<&ChildReport> {
    report.child_explanations.iter().max_by_key(|c| {
        let kind = |w: Why| usize::from(c.reasons.iter().any(|r| r.why == w));
        let kinds = kind(Why::SiblingWish) * 3
            + kind(Why::Full) * 2
            + kind(Why::FamilyOrder) * 2
            + kind(Why::TieDecided)
            + kind(Why::SeatsZero);
        let short = usize::from((2..=6).contains(&c.reasons.len())) * 3;
        (kinds + short, std::cmp::Reverse(&c.id))
    })
}

fn example(report: &Report, extra: &Extra) -> String {
    let given = extra
        .example
        .as_ref()
        .and_then(|id| report.child_explanations.iter().find(|c| c.id == *id));
    let Some(child) = given.or_else(|| pick(report)) else {
        return String::from("<p>児童がいません。</p>\n");
    };
    let mut out = String::from(
        "<p>すべての児童のすべての希望について、理由を記録しています。同じ理由から、読む人ごとに文を\
         作ります。保護者向けの文は、ほかの世帯のことを書きません（人数の十分なクラスの最低指数を\
         除く）。</p>\n<div class=\"voices\">\n",
    );
    for (name, reader) in [
        ("職員向け", Reader::Staff),
        ("保護者向けの画面", Reader::Parent),
        ("通知書の文", Reader::Letter),
        ("やさしい日本語", Reader::ParentPlain),
    ] {
        let _ = writeln!(
            out,
            "<div class=\"voice\"><h3>{name}</h3><p>{}</p></div>",
            escape(child_text(report, child, reader).trim_end())
        );
    }
    out + "</div>\n"
}

/// Nursery id and pool.
type Place<'a> = (&'a str, Option<&'a str>);
/// Classes by age, and applications to all of them.
type Ages = ([Option<ClassNo>; 6], u32);

fn cut_offs(report: &Report) -> String {
    // Rows: nursery and pool; columns: ages.
    let mut rows: BTreeMap<Place<'_>, Ages> = BTreeMap::new();
    for (k, class) in report.class_explanations.iter().enumerate() {
        let row = rows
            .entry((&class.nursery, class.pool.as_deref()))
            .or_default();
        if let Some(cell) = row.0.get_mut(class.age as usize) {
            *cell = Some(k as ClassNo);
        }
        row.1 += class.applied;
    }
    let cell = |k: &Option<ClassNo>| -> String {
        let Some(k) = *k else {
            return String::from("―");
        };
        let class = &report.class_explanations[k as usize];
        if class.newly_placed == 0 {
            return String::from("―");
        }
        match public_cut_off(report, k) {
            Some((_, value)) => value.to_owned(),
            None => String::from("非公開"),
        }
    };
    let mut order: Vec<(&Place<'_>, &Ages)> = rows.iter().collect();
    order.sort_by(|a, b| b.1.1.cmp(&a.1.1).then_with(|| a.0.cmp(b.0)));
    let body: Vec<Vec<String>> = order
        .iter()
        .map(|((nursery, pool), (cells, _))| {
            let name = report
                .nurseries
                .get(*nursery)
                .map_or(*nursery, String::as_str);
            let name = pool.map_or_else(
                || name.to_owned(),
                |p| format!("{name}（{}）", report.pool_label(p)),
            );
            [name].into_iter().chain(cells.iter().map(cell)).collect()
        })
        .collect();
    let head = ["園", "0歳児", "1歳児", "2歳児", "3歳児", "4歳児", "5歳児"];
    let label = report
        .key_components
        .iter()
        .find(|c| c.kind == enmusubi_selection::report::KeyKindName::Points)
        .map_or("指数", |c| c.label.as_str());
    let mut out = format!(
        "<p>最後に内定した児童の{}です。申込みの多い園から並べています。「―」は内定者がいないクラス。",
        escape(label)
    );
    if report.disclosure_minimum > 0 {
        let _ = write!(
            out,
            "「非公開」は、内定者または審査の対象者が{}人に満たないクラスです。",
            report.disclosure_minimum
        );
    }
    out += "</p>\n";
    let cut = body.len().min(CUT_OFFS_SHOWN);
    out += &table("クラス別の最低指数", &head, &body[..cut], None);
    if cut < body.len() {
        let rest = table("クラス別の最低指数（続き）", &head, &body[cut..], None);
        let _ = writeln!(
            out,
            "<details><summary>ほかの{}園を表示</summary>\n{rest}</details>",
            body.len() - cut
        );
    }
    out
}

pub(crate) fn pair(chart: &str, table: &str) -> String {
    format!("<div class=\"pair\">\n<figure>{chart}</figure>\n<div>{table}</div>\n</div>\n")
}

/// A table that scrolls by itself where it is wider than the page, reachable by keyboard.
pub(crate) fn table(
    caption: &str,
    head: &[&str],
    body: &[Vec<String>],
    foot: Option<&[String]>,
) -> String {
    let caption = escape(caption);
    let mut out = format!(
        "<div class=\"scroll\" role=\"region\" aria-label=\"{caption}\" tabindex=\"0\">\n<table>\n\
         <caption>{caption}</caption>\n<thead><tr>"
    );
    for h in head {
        let _ = write!(out, "<th scope=\"col\">{}</th>", escape(h));
    }
    out += "</tr></thead>\n<tbody>\n";
    let row = |cells: &[String], out: &mut String| {
        out.push_str("<tr>");
        for (i, c) in cells.iter().enumerate() {
            let c = escape(c);
            let _ = if i == 0 {
                write!(out, "<th scope=\"row\">{c}</th>")
            } else {
                write!(out, "<td>{c}</td>")
            };
        }
        out.push_str("</tr>\n");
    };
    for cells in body {
        row(cells, &mut out);
    }
    out += "</tbody>\n";
    if let Some(foot) = foot {
        out += "<tfoot>";
        row(foot, &mut out);
        out += "</tfoot>\n";
    }
    out + "</table>\n</div>\n"
}

#[cfg(test)]
mod tests {
    use super::{Extra, html};
    use enmusubi_selection::report::{Report, read_report};

    fn report() -> Report {
        let json = r#"{
"schema_version":1,"engine_version":"0.1.0","mechanism":"stable","effort":"proved",
"children":3,"with_class":2,"newly_placed":2,"transfers":0,"stayed":0,
"by_age":[{"age":1,"children":3,"with_class":2,"newly_placed":2,"seats":2}],
"choice_ranks":[2],
"siblings":{"families":1,"same_nursery":1,"different_nurseries":0,"some":0,"none":0},
"blocking_families":0,"blocking_positions":0,"blocking":[],"rank_sum":4,
"proved":{"blocking_families":true,"blocking_only_children":true,"with_class":true,
"rank_sum":4,"canonical":true},
"reproducible":true,
"ties":{"rule":"stop","undecided":[],
"decided":{"lottery":0,"row_order":0,"equal":0,"children":0}},
"search":{"parts":1,"open_families":0,"open_positions":0,"proposals":2,"conflicts":0},
"seconds":{},"input_digest":"ab","result_digest":"cd","disclosure_minimum":2,
"key_components":[{"label":"指数","kind":"points"}],"keys":[["91"],["73"]],
"nurseries":{"A":"<ひまわり>&園","B":"つくし園"},
"class_explanations":[
{"key":"A/1","nursery":"A","age":1,"seats":2,"capacity":2,"transfers":0,"placed":2,
"newly_placed":2,"applied":3,"considered":3,"tie_decided":0,"last_admitted":0},
{"key":"B/1","nursery":"B","age":1,"seats":1,"capacity":1,"transfers":0,"placed":1,
"newly_placed":1,"applied":1,"considered":1,"tie_decided":0,"last_admitted":1}],
"shared_seats":[],
"child_explanations":[
{"id":"c1","household":"F1","age":1,"class":0,"rank":1,"key":0,"choices":1},
{"id":"c2","household":"F2","age":1,"class":0,"rank":1,"key":0,"choices":1},
{"id":"c3","household":"F3","age":1,"choices":1,
"reasons":[{"rank":1,"class":0,"why":"full","own":1,"limit":0,"differs":0}]}]}"#;
        read_report(json.as_bytes()).unwrap()
    }

    #[test]
    fn stands_alone_and_is_accessible() {
        let mut extra = Extra::default();
        for id in ["A", "B"] {
            extra.areas.insert(id.into(), "中央".into());
            extra
                .positions
                .insert(id.into(), (f64::from(id.as_bytes()[0]), 1.0));
        }
        extra.example = Some("c3".into());
        let page = html(&report(), &extra);
        for absent in [
            "<script",
            "http:",
            "https:",
            "@import",
            "url(",
            "<ひまわり>",
        ] {
            assert!(!page.contains(absent), "{absent}");
        }
        assert!(page.contains("<html lang=\"ja\">") && page.contains("name=\"viewport\""));
        assert!(page.contains("&lt;ひまわり&gt;&amp;園"));
        assert_eq!(
            page.matches("<svg").count(),
            page.matches("role=\"img\" aria-label").count()
        );
        assert!(page.matches("<table").count() >= page.matches("<svg").count());
        assert_eq!(
            page.matches("<section").count(),
            page.matches("</section>").count()
        );
    }

    #[test]
    fn withholds_small_classes() {
        let page = html(&report(), &Extra::default());
        let cut_offs = &page[page.find("id=\"cutoffs\"").unwrap()..];
        assert!(cut_offs.contains("<td>91</td>"));
        assert!(cut_offs.contains("非公開") && !cut_offs.contains("<td>73</td>"));
    }

    #[test]
    fn an_empty_round_has_a_page() {
        let mut report = report();
        report.child_explanations.clear();
        report.class_explanations.clear();
        report.by_age.clear();
        report.choice_ranks.clear();
        report.siblings.families = 0;
        assert!(html(&report, &Extra::default()).contains("</html>"));
    }
}
