//! The page of `enmusubi whatif`: an overview of all variants, then one section for each.

use super::{
    STYLE,
    change::{Change, people, withheld},
    classes, words,
};
use crate::{
    escape,
    frame::{self, Frame, Part, page},
    svg_change::{TwoSided, TwoSidedWords, two_sided},
    table,
};
use enmusubi_selection::{
    text_summary::grouped,
    whatif::{
        public::{PublicCount, PublicVariant, PublicWhatIf},
        report::{Comparison, Move, Outcome, Variant, WhatIf},
        text::signed,
    },
};
use std::fmt::Write as _;

/// Where all rows are, should there be more than the page holds.
const FILES: &str = "同じフォルダの whatif.csv と whatif.json";
/// Problems listed of a variant that cannot be compared.
const PROBLEMS_SHOWN: usize = 50;

/// Names of before and after.
fn names() -> [String; 2] {
    ["col-before", "col-after"].map(|key| words::page().say(key, &[]))
}

/// The page for the nursery section. It names children.
#[must_use]
pub fn what_if(w: &WhatIf) -> String {
    let say = words::page();
    let title = say.title("title", &w.entry_date, w.number);
    let mut header = about(&say.side(&w.base), Some(w.base.figures.children));
    header += "<p class=\"care\">児童の番号が載っています。担当の職員だけで扱ってください。</p>\n";
    let mut sections = Vec::new();
    if w.variants.len() > 1 {
        sections.push(Part::new("overview", "変更案の一覧", overview(w)));
    }
    for (i, variant) in (1..).zip(&w.variants) {
        sections.push(section(i, &variant.name, body(w, variant)));
    }
    let mut footer = format!("<p>照合番号　現行の結果 {}", w.base.figures.result_digest);
    for (i, variant) in (1..).zip(&w.variants) {
        if let Outcome::Compared(c) = &variant.outcome {
            let _ = write!(footer, "　案{i}の結果 {}", c.after.figures.result_digest);
        }
    }
    let _ = writeln!(
        footer,
        "</p>\n<p>プログラム {}</p>",
        escape(&w.engine_version)
    );
    page(&Frame {
        title: title.trim_end(),
        styles: &[frame::STYLE, STYLE],
        header,
        sections,
        footer,
    })
}

/// The page for publication: no children, no households, small numbers withheld.
#[must_use]
pub fn what_if_public(w: &PublicWhatIf) -> String {
    let say = words::page();
    let title = say.title("title-public", &w.entry_date, w.number);
    let mechanism = say.mechanism(w.base.mechanism);
    let values = [("title", &*w.base.title), ("mechanism", &*mechanism)];
    let mut header = about(&say.say("base-value-public", &values), w.base.children);
    header += &withheld_note(w.disclosure_minimum);
    let mut sections = Vec::new();
    if w.variants.len() > 1 {
        sections.push(Part::new("overview", "変更案の一覧", overview_public(w)));
    }
    for (i, variant) in (1..).zip(&w.variants) {
        sections.push(section(i, &variant.name, body_public(w, variant)));
    }
    page(&Frame {
        title: title.trim_end(),
        styles: &[frame::STYLE, STYLE],
        header,
        sections,
        footer: format!("<p>プログラム {}</p>\n", escape(&w.engine_version)),
    })
}

/// What stands for a withheld number; nothing where nothing is withheld.
pub(crate) fn withheld_note(minimum: u32) -> String {
    if minimum <= 1 {
        return String::new();
    }
    let minimum = minimum.to_string();
    let note = words::page().say("withheld-note", &[("minimum", &minimum)]);
    format!("<p class=\"soft\">{}</p>\n", escape(&note))
}

fn section(number: usize, name: &str, body: String) -> Part {
    Part::new(format!("v{number}"), format!("案{number}　{name}"), body)
}

/// What everything is compared with.
fn about(base: &str, children: Option<u32>) -> String {
    let say = words::page();
    format!(
        "<p>{}：{}。{}　{}。</p>\n<p class=\"soft\">{}</p>\n",
        escape(&say.say("base", &[])),
        escape(base),
        escape(&say.say("applied", &[])),
        people(children),
        escape(&say.say("premise-value", &[]))
    )
}

/// What a variant changes.
fn changes(words: &[String]) -> String {
    let say = words::page();
    if words.is_empty() {
        return format!(
            "<p>{}：{}</p>\n",
            escape(&say.say("changes", &[])),
            escape(&say.say("no-changes", &[]))
        );
    }
    let mut out = format!(
        "<p class=\"lead\">{}</p>\n<ul>\n",
        escape(&say.say("changes", &[]))
    );
    for change in words {
        let _ = writeln!(out, "<li>{}</li>", escape(change));
    }
    out + "</ul>\n"
}

fn body(w: &WhatIf, variant: &Variant) -> String {
    let names = names();
    let names = [&*names[0], &*names[1]];
    let head = changes(&variant.words);
    match &variant.outcome {
        Outcome::Compared(c) => {
            let change = Change::of(names, &w.base, c);
            head + &cards(&w.base.figures.with_class, c)
                + &change.html()
                + &classes::classes(names, c, FILES)
                + &classes::children(names, c, FILES)
        }
        _ => head + &not_compared(variant),
    }
}

fn cards(with_class: &u32, c: &Comparison) -> String {
    let after = c.after.figures.with_class;
    let cards = [
        ("有利になる児童", grouped(c.all.gained())),
        ("不利になる児童", grouped(c.all.lost())),
        ("変わらない児童", grouped(c.all.unchanged)),
        (
            "内定・在園の差",
            signed(i64::from(after) - i64::from(*with_class)),
        ),
    ];
    let mut out = String::from("<ul class=\"cards\">");
    for (name, value) in cards {
        let _ = write!(
            out,
            "<li><span>{name}</span><b>{value}<small>人</small></b></li>"
        );
    }
    out + "</ul>\n"
}

/// Why there is nothing to compare, and what to do.
fn not_compared(variant: &Variant) -> String {
    let say = words::page();
    let (why, lines): (String, Vec<String>) = match &variant.outcome {
        Outcome::Ties { undecided } => (
            say.say("tied", &[("count", &grouped(undecided.len()))]),
            undecided
                .iter()
                .map(|p| {
                    let classes = p.classes.join("、");
                    let values = [("classes", &*classes), ("a", &*p.a), ("b", &*p.b)];
                    say.say("tied-pair", &values)
                })
                .collect(),
        ),
        Outcome::Undecided { children, reasons } => (
            say.say("undecided", &[("count", &grouped(children.len()))]),
            reasons.clone(),
        ),
        Outcome::Wrong { reasons } => (say.say("wrong-variant", &[]), reasons.clone()),
        Outcome::Compared(_) => return String::new(),
    };
    let mut out = format!(
        "<p class=\"care\">{}：{}</p>\n<ul class=\"quiet\">\n",
        escape(&say.say("not-compared", &[])),
        escape(&why)
    );
    for line in lines.iter().take(PROBLEMS_SHOWN) {
        let _ = writeln!(out, "<li>{}</li>", escape(line));
    }
    out += "</ul>\n";
    let more = lines.len().saturating_sub(PROBLEMS_SHOWN);
    if more > 0 {
        let _ = writeln!(
            out,
            "<p class=\"soft\">ほか {}件（whatif.json にすべてあります）</p>",
            grouped(more)
        );
    }
    out
}

/// All variants in one chart and one table.
fn overview(w: &WhatIf) -> String {
    let base = &w.base.figures;
    let (mut bars, mut body) = (Vec::new(), Vec::new());
    for (i, variant) in (1..).zip(&w.variants) {
        let name = format!("案{i}　{}", variant.name);
        let Outcome::Compared(c) = &variant.outcome else {
            let mut cells = vec![name, String::from("比べられません")];
            cells.resize(7, String::from("―"));
            body.push(cells);
            continue;
        };
        bars.push(TwoSided {
            name: name.clone(),
            left: Some([c.all.unplaced, c.all.worse]),
            right: Some([c.all.placed_now, c.all.better]),
        });
        let after = &c.after.figures;
        let difference = |a: u32, b: u32| signed(i64::from(b) - i64::from(a));
        body.push(vec![
            name,
            grouped(c.all.gained()),
            grouped(c.all.lost()),
            difference(base.with_class, after.with_class),
            difference(base.first_choice, after.first_choice),
            format!(
                "{} → {}",
                base.blocking_families.len(),
                after.blocking_families.len()
            ),
            if base.proved && after.proved {
                String::from("はい")
            } else {
                String::from("いいえ")
            },
        ]);
    }
    let parts = [Move::Unplaced, Move::Worse, Move::PlacedNow, Move::Better].map(words::moved);
    let head = [
        "変更案",
        "有利（人）",
        "不利（人）",
        "内定・在園の差（人）",
        "第1希望の差（人）",
        "退けられた世帯",
        "最もよいと証明済み",
    ];
    stacked_overview(
        Some(parts),
        &bars,
        &table("変更案の一覧", &head, &body, None),
    )
}

fn overview_public(w: &PublicWhatIf) -> String {
    let number = |n: Option<u32>| n.map_or_else(withheld, grouped);
    let (mut bars, mut body) = (Vec::new(), Vec::new());
    for (i, variant) in (1..).zip(&w.variants) {
        let name = format!("案{i}　{}", variant.name);
        let Some(c) = &variant.comparison else {
            let mut cells = vec![name, String::from("比べていません")];
            cells.resize(4, String::from("―"));
            body.push(cells);
            continue;
        };
        let side = |c: &PublicCount| c.total.map(|n| [n, 0]);
        bars.push(TwoSided {
            name: name.clone(),
            left: side(&c.lost),
            right: side(&c.gained),
        });
        body.push(vec![
            name,
            number(c.gained.total),
            number(c.lost.total),
            number(c.after.with_class),
        ]);
    }
    let head = ["変更案", "有利（人）", "不利（人）", "内定・在園（人）"];
    stacked_overview(None, &bars, &table("変更案の一覧", &head, &body, None))
}

/// The chart, if there is something on it, above the table: the table is wide.
fn stacked_overview(parts: Option<[&str; 4]>, bars: &[TwoSided], table: &str) -> String {
    if bars.is_empty() {
        return format!("<div class=\"overview\">{table}</div>\n");
    }
    let chart = two_sided(
        &TwoSidedWords {
            title: "変更案ごとの有利・不利になる児童の棒グラフ。数値は表にあります。",
            sides: ["不利", "有利"],
            parts,
            withheld: &withheld(),
        },
        bars,
    );
    format!("<figure>{chart}</figure>\n<div class=\"overview\">{table}</div>\n")
}

fn body_public(w: &PublicWhatIf, variant: &PublicVariant) -> String {
    let names = names();
    let names = [&*names[0], &*names[1]];
    let head = changes(&variant.words);
    match &variant.comparison {
        Some(c) => {
            head + &Change::of_public(names, &w.base, c).html()
                + &classes::public_cut_offs(names, c)
        }
        None => {
            head + &format!(
                "<p>{}</p>\n",
                escape(&words::page().say("public-not-compared", &[]))
            )
        }
    }
}
