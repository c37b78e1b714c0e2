//! The page of `enmusubi learn`: rules that past decisions reveal, with what speaks for and against each, for the section to accept
//! row by row. It names children.

use crate::{
    comparison::{STYLE, long_table, sign, words::digest},
    escape,
    frame::{self, Frame, Part, page},
    pair,
    svg_change::{Share, shares},
    table,
};
use enmusubi_compare::{remarks, report::Agreement};
use enmusubi_learn::{
    draft::How,
    fairness::{FairnessLooked, FairnessReport},
    messages::learn,
    report::{Report, RuleReport},
    summary::{left_out, nurseries, seen},
};
use enmusubi_selection::text_summary::{Lang, grouped};
use std::fmt::Write as _;

/// Where all rows are, should there be more than the page holds.
const FILES: &str = "同じフォルダの learn.xlsx と learn.json";
const JA: Lang = Lang::Japanese;

/// The page.
#[must_use]
pub fn html(report: &Report) -> String {
    let mut sections = vec![Part::new("fit", "決定とどれだけ合うか", fit(report))];
    if !report.nothing {
        sections.push(Part::new("rules", "見つかった規則", rules(report)));
    }
    if !report.weak.is_empty() {
        sections.push(Part::new("weak", "手がかりが足りないもの", weak(report)));
    }
    if !report.rules.is_empty() {
        let title = learn(JA).get("fairness-label", &[]);
        let rules = report.rules.iter().map(|r| (r.number, &*r.words));
        let body = fairness(rules, &report.fairness, &report.fairness_looked);
        sections.push(Part::new("fairness", title, body));
    }
    if !report.leads.is_empty() {
        sections.push(Part::new(
            "leads",
            "学んだ規則に合わない決定",
            leads(report),
        ));
    }
    if report.years.iter().any(|y| !y.remarks.is_empty()) {
        sections.push(Part::new("files", "ファイルについて", files(report)));
    }
    let mut header = format!(
        "<p class=\"soft\">もとの基準：{}（{}）。{}。</p>\n<p class=\"care\">児童の番号が載っています。担当の職員だけで扱ってください。</p>\n",
        escape(&report.title),
        escape(&report.criteria),
        escape(&names(report))
    );
    header += &headline(report);
    page(&Frame {
        title: &learn(JA).get("title", &[]),
        styles: &[frame::STYLE, STYLE],
        header,
        sections,
        footer: footer(report),
    })
}

fn names(report: &Report) -> String {
    let names: Vec<&str> = report.years.iter().map(|y| &*y.name).collect();
    names.join("、")
}

fn headline(report: &Report) -> String {
    let words = learn(JA);
    if report.nothing {
        return format!(
            "<p class=\"care\">{}</p>\n",
            escape(&words.get("nothing", &[]))
        );
    }
    if report.rules.is_empty() {
        return format!("<p>{}</p>\n", escape(&words.get("nothing-missing", &[])));
    }
    let sum = |of: &dyn Fn(&enmusubi_learn::report::YearReport) -> Agreement| {
        let years = report.years.iter().map(of);
        years.fold(Agreement::default(), |sum, a| Agreement {
            compared: sum.compared + a.compared,
            agree: sum.agree + a.agree,
        })
    };
    let (before, after) = (sum(&|y| y.before), sum(&|y| y.after));
    format!(
        "<p class=\"headline\"><i>{}%</i><span>→</span><b>{}%</b></p>\n\
         <p>もとの基準で一致した割合と、見つかった規則{}件を加えて一致した割合です。\
         規則はどれも下書きです。係の方が一つずつ確かめ、認めたものだけを使います。</p>\n",
        before.percent(),
        after.percent(),
        report.rules.len()
    )
}

fn fit(report: &Report) -> String {
    let words = learn(JA);
    let mut out = String::from("<ul>\n");
    for (key, against) in [("seen-before", report.before), ("seen-after", report.after)] {
        let text = words.get(key, &[("seen", &seen(against, words))]);
        let _ = writeln!(out, "<li>{}</li>", escape(&text));
    }
    for text in report.anew.iter().flat_map(|a| a.words(JA)) {
        let _ = writeln!(out, "<li>{}</li>", escape(&text));
    }
    out += "</ul>\n";
    let mut bars = Vec::new();
    let mut body = Vec::new();
    let thousandths = |a: Agreement| {
        let share = (u64::from(a.agree) * 1000).checked_div(u64::from(a.compared));
        Some(share.map_or(1000, |t| t as u32))
    };
    for year in &report.years {
        let sides = [
            ("もとの基準", Some(year.before)),
            ("学んだ後", Some(year.after)),
            ("この年を除く", year.held_out),
        ];
        let mut row = vec![
            year.name.clone(),
            format!("{}人", grouped(year.before.compared)),
        ];
        for (name, agreement) in sides {
            row.push(agreement.map_or("—".to_owned(), |a| format!("{}%", a.percent())));
            if let Some(agreement) = agreement {
                bars.push(Share {
                    name: format!("{}　{name}", year.name),
                    at: thousandths(agreement),
                    text: format!("{}%　{}人", agreement.percent(), grouped(agreement.agree)),
                });
            }
        }
        body.push(row);
    }
    let chart = shares("年ごとの一致の割合の帯グラフ。数値は表にあります。", &bars);
    let head = [
        "年度・選考回",
        "比べた児童",
        "もとの基準",
        "学んだ後",
        "この年を除く",
    ];
    out += &pair(&chart, &table("年ごとの一致の割合", &head, &body, None));
    out += "<p>「この年を除く」は、ほかの年だけから学んだ規則でこの年を決めた結果です。\
            児童ごとではなく年ごとに除くのは、同じクラスの児童どうしは境目を分け合うからです。</p>\n";
    for text in nurseries(report, JA) {
        let _ = writeln!(out, "<p>{}</p>", escape(&text));
    }
    if !report.left_out.is_empty() {
        let text = left_out(report, JA);
        let _ = writeln!(out, "<p class=\"care\">{}</p>", escape(&text));
    }
    if report.years.len() == 1 {
        let _ = writeln!(
            out,
            "<p class=\"care\">{}</p>",
            escape(&words.get("one-year", &[]))
        );
    }
    out
}

fn rules(report: &Report) -> String {
    let words = learn(JA);
    if report.rules.is_empty() {
        return format!("<p>{}</p>\n", escape(&words.get("nothing-missing", &[])));
    }
    let mut out = String::from(
        "<p>どの規則も、加えて決め直し、職員の決定に近づくことを確かめたものです。認めるか認めないかは、当時の運用を知る方が決めてください。</p>\n",
    );
    for rule in &report.rules {
        out += &card(report, rule);
    }
    if report.exhausted {
        let _ = writeln!(
            out,
            "<p class=\"care\">{}</p>",
            escape(&words.get("exhausted", &[]))
        );
    }
    out
}

fn weak(report: &Report) -> String {
    let mut out = String::from(
        "<p>説明できる決定が少なく、偶然と区別できないため、下書きには入れていません。</p>\n",
    );
    for rule in &report.weak {
        out += &card(report, rule);
    }
    out
}

/// A rule, with room to accept it.
fn card(report: &Report, rule: &RuleReport) -> String {
    let mut out = format!(
        "<article class=\"cause\">\n<h3><span class=\"no\">{}</span> <span class=\"badge\">{}</span></h3>\n<p>{}</p>\n",
        rule.number,
        escape(crate::comparison::kind_name(rule.kind)),
        escape(&rule.words)
    );
    let mut item = |name: &str, text: &str| {
        let _ = writeln!(out, "<h4>{name}</h4>\n<p>{}</p>", escape(text));
    };
    item("手がかり", &rule.evidence(&report.years, JA));
    if let Some(interval) = &rule.interval {
        item("合う点の幅", &interval.words(JA));
    }
    let mut draft = rule.draft.words(JA);
    if let Some(row) = &rule.row {
        draft = format!("{draft}（行 {row}）");
    }
    item("下書き", &draft);
    if !rule.alternatives.is_empty() {
        out += "<h4>決定からは区別できないもの</h4>\n<ul>\n";
        for other in &rule.alternatives {
            let _ = writeln!(out, "<li>{}</li>", escape(other));
        }
        if rule.more_alternatives > 0 {
            let _ = writeln!(out, "<li>ほか {}件</li>", rule.more_alternatives);
        }
        out += "</ul>\n";
    }
    if matches!(rule.draft, How::Written | How::ToBeFilled) {
        out += &sign::accept();
    }
    out += "</article>\n";
    out
}

/// Rules, by number and words, that stand for a fact that must not decide all the same; what was looked at.
fn fairness<'r>(
    rules: impl Iterator<Item = (u32, &'r str)>,
    all: &[FairnessReport],
    looked: &FairnessLooked,
) -> String {
    let mut out = String::new();
    for (number, words) in rules {
        let found = all.iter().filter(|f| f.rule == number);
        let told: String = found
            .map(|f| {
                let [question, without] = f.words(JA).map(|text| escape(&text));
                format!("<li>{question}。<br>{without}。</li>\n")
            })
            .collect();
        if !told.is_empty() {
            let words = escape(words);
            let _ = writeln!(out, "<h3>規則{number}　{words}</h3>\n<ul>\n{told}</ul>");
        }
    }
    for text in looked.words(!all.is_empty(), JA) {
        let _ = writeln!(out, "<p>{}。</p>", escape(&text));
    }
    out
}

fn leads(report: &Report) -> String {
    let count = report.leads.len().to_string();
    let mut out = format!(
        "<p>{}。</p>\n",
        escape(&learn(JA).get("leads", &[("count", &count)]))
    );
    let body: Vec<Vec<String>> = report
        .leads
        .iter()
        .map(|lead| {
            vec![
                lead.year.clone(),
                lead.child.clone(),
                match &*lead.facility_name {
                    "" => lead.facility.clone(),
                    name => name.to_owned(),
                },
                format!("{}歳児", lead.age),
                match &*lead.oddity {
                    "too-high" => "順番が上の児童より先に入っている",
                    "too-low" => "順番が下の児童が入っているのに、入っていない",
                    _ => "席が残っているのに、入っていない",
                }
                .to_owned(),
            ]
        })
        .collect();
    let head = ["年度・選考回", "児童", "施設", "クラス", "合わないところ"];
    out += &long_table("学んだ規則に合わない決定", &head, &body, FILES);
    out
}

fn files(report: &Report) -> String {
    let mut out = String::new();
    for year in report.years.iter().filter(|y| !y.remarks.is_empty()) {
        let _ = writeln!(out, "<h3>{}</h3>\n<ul>", escape(&year.name));
        for remark in &year.remarks {
            let _ = writeln!(out, "<li>{}</li>", escape(&remarks::text(remark, JA)));
        }
        out += "</ul>\n";
    }
    out
}

fn footer(report: &Report) -> String {
    let mut out = format!(
        "<p>照合番号　基準　<span class=\"digest\">{}</span></p>\n",
        escape(&digest(&report.criteria_digest))
    );
    for year in &report.years {
        let _ = writeln!(
            out,
            "<p>{}　選考回と基準　<span class=\"digest\">{}</span>　決定　<span class=\"digest\">{}</span></p>",
            escape(&year.name),
            escape(&digest(&year.input_digest)),
            escape(&digest(&year.decisions_digest))
        );
    }
    let _ = writeln!(out, "<p>プログラム {}</p>", escape(&report.engine_version));
    out
}

#[cfg(test)]
mod tests {
    use super::fairness;
    use enmusubi_learn::fairness::{FairnessLooked, FairnessReport};

    fn looked() -> FairnessLooked {
        FairnessLooked {
            facts: vec!["世帯の居住地区".to_owned()],
            rules: 2,
            left_out: 0,
        }
    }

    #[test]
    fn a_rule_that_stands_for_a_fact_is_asked_about_under_its_words() {
        let found = FairnessReport {
            rule: 2,
            fact: "世帯の居住地区".to_owned(),
            value: "<北>".to_owned(),
            concerned: 1200,
            with_value: 900,
            applicants: 4000,
            applicants_with_value: 1000,
            placed_otherwise: 31,
            gaining: 2,
            losing: 17,
        };
        let rules = [(1, "一つ目"), (2, "二つ目 > 3")].into_iter();
        let text = fairness(rules, &[found], &looked());
        for part in [
            "<h3>規則2　二つ目 &gt; 3</h3>",
            "「世帯の居住地区」が「&lt;北&gt;」の児童に偏って",
            "1,200人のうち900人、75.0%",
            "全体では25.0%",
            "31人の結果が変わります",
            "新たに内定する児童が2人、内定しなくなる児童が17人",
            "規則2件について",
        ] {
            assert!(text.contains(part), "{part}: {text}");
        }
        assert!(!text.contains("一つ目") && !text.contains("見つかりませんでした"));
    }

    #[test]
    fn where_nothing_is_found_it_is_said_what_was_looked_at() {
        let rules = [(1, "一つ目")].into_iter();
        let text = fairness(rules, &[], &looked());
        assert!(text.contains("世帯の居住地区") && text.contains("見つかりませんでした"));
        assert!(!text.contains("<h3>"), "{text}");
    }
}
