//! Causes as cards: what it is, how to mend it, what cannot be told apart from it, whom it heals, and how the others
//! follow.

use super::words::kind;
use crate::escape;
use enmusubi_compare::report::{CauseReport, Comparison, Link, Seen};
use enmusubi_selection::text_summary::grouped;
use std::{collections::BTreeMap, fmt::Write as _};

/// Chains drawn at once; the rest unfold.
const CHAINS_SHOWN: usize = 2;
/// Chains drawn at all.
const CHAINS_MAX: usize = 8;
/// Children named at once; the rest unfold.
const CHILDREN_SHOWN: usize = 20;

/// All causes.
pub(super) fn causes(c: &Comparison) -> String {
    let mut out = String::from(
        "<p>一つの原因でなるべく多くの違いを説明できる順に並べています。どの原因も、直してもう一度決め直し、\
         結果が職員の決定に近づくことを確かめたものです。</p>\n",
    );
    let names = names(c);
    for cause in &c.causes {
        out += &card(cause, &names);
    }
    out
}

/// Names of facilities by their ids, as far as the comparison says them.
fn names(c: &Comparison) -> Names<'_> {
    let places = c.differences.iter().flat_map(|d| [&d.ours, &d.theirs]);
    places
        .flatten()
        .filter(|p| !p.name.is_empty())
        .map(|p| (p.facility.as_str(), p.name.as_str()))
        .collect()
}

type Names<'a> = BTreeMap<&'a str, &'a str>;

fn card(cause: &CauseReport, names: &Names<'_>) -> String {
    let mut out = format!(
        "<article class=\"cause\" id=\"cause-{0}\">\n<h3><span class=\"no\">{0}</span>\
         <span class=\"badge\">{1}</span></h3>\n<p>{2}</p>\n<h4>直し方</h4>\n<p>{3}</p>\n",
        cause.number,
        kind(cause.kind),
        escape(&cause.words),
        escape(&cause.mend)
    );
    let seen = match cause.seen {
        Seen::Index => "指数の違い",
        Seen::Order => "順番の違い",
        Seen::Placement => "決定の違い",
    };
    let _ = writeln!(
        out,
        "<p class=\"soft\">{seen}から見つかりました。直すと、{}人の結果が職員の決定と一致します。</p>",
        grouped(cause.heals.len())
    );
    out += &alternatives(cause);
    out += &children("この原因に直接関わる児童", &cause.children);
    out += &children("直すと結果が一致する児童", &cause.heals);
    out += &chains(cause, names);
    out + "</article>\n"
}

/// Causes that explain the same decisions as well.
fn alternatives(cause: &CauseReport) -> String {
    if cause.alternatives.is_empty() && cause.more_alternatives == 0 {
        return String::new();
    }
    let mut out = String::from(
        "<h4>この記録だけでは見分けられない原因</h4>\n<p class=\"soft\">次のどれでも、同じ違いを同じだけ説明できます。\
         当時の資料で確かめてください。</p>\n<ul>\n",
    );
    for other in &cause.alternatives {
        let _ = writeln!(
            out,
            "<li>{}：{}</li>",
            kind(other.kind),
            escape(&other.words)
        );
    }
    if cause.more_alternatives > 0 {
        let _ = writeln!(out, "<li>ほか{}件</li>", grouped(cause.more_alternatives));
    }
    out + "</ul>\n"
}

fn children(name: &str, list: &[String]) -> String {
    if list.is_empty() {
        return String::new();
    }
    let text = escape(&list.join("、"));
    match list.len() <= CHILDREN_SHOWN {
        true => format!("<h4>{name}（{}人）</h4>\n<p>{text}</p>\n", list.len()),
        false => format!(
            "<details><summary>{name}（{}人）を表示</summary>\n<p>{text}</p></details>\n",
            grouped(list.len())
        ),
    }
}

fn chains(cause: &CauseReport, names: &Names<'_>) -> String {
    // A single child is no chain.
    let list: Vec<&Vec<Link>> = cause.chains.iter().filter(|c| c.len() > 1).collect();
    if list.is_empty() {
        return String::new();
    }
    let mut out = String::from("<h4>玉突きの流れ</h4>\n");
    let shown = list.len().min(CHAINS_SHOWN);
    let most = list.len().min(CHAINS_MAX);
    for chain in &list[..shown] {
        out += &diagram(chain, names);
    }
    if shown < most {
        let _ = writeln!(
            out,
            "<details><summary>続きの{}本の流れを表示</summary>",
            most - shown
        );
        for chain in &list[shown..most] {
            out += &diagram(chain, names);
        }
        out += "</details>\n";
    }
    if most < list.len() {
        let _ = writeln!(
            out,
            "<p class=\"soft\">流れは全部で{}本あります。すべては同じフォルダの compare.json にあります。</p>",
            grouped(list.len())
        );
    }
    out
}

fn name<'a>(id: &'a str, names: &Names<'a>) -> &'a str {
    names.get(id).copied().unwrap_or(id)
}

/// Child → class → child.
fn diagram(chain: &[Link], names: &Names<'_>) -> String {
    let at = |place: &Option<String>| {
        place
            .as_ref()
            .map_or_else(|| String::from("保留"), |p| escape(name(p, names)))
    };
    let mut out = String::from("<ol class=\"chain\">\n");
    for (i, link) in chain.iter().enumerate() {
        out += "<li>";
        if let Some(before) = i.checked_sub(1).and_then(|i| chain.get(i)) {
            out += &seat(before, link, names);
        }
        let _ = writeln!(
            out,
            "<div class=\"child\"><b>{}</b>計算：{}<br>職員：{}</div></li>",
            escape(&link.child),
            at(&link.ours),
            at(&link.theirs)
        );
    }
    out + "</ol>\n"
}

/// The seat by which one child's difference leads to the next one's.
fn seat(before: &Link, after: &Link, names: &Names<'_>) -> String {
    let (place, what) = if before.theirs.is_some() && before.theirs == after.ours {
        (
            before.theirs.as_deref(),
            "当時は前の児童が入り、次の児童が入れなかった席",
        )
    } else if before.ours.is_some() && before.ours == after.theirs {
        (
            before.ours.as_deref(),
            "当時は前の児童が入らず、次の児童が入った席",
        )
    } else {
        (None, "次の児童に続く")
    };
    format!(
        "<div class=\"seat\"><b>{}</b>{what}</div>",
        escape(place.map_or("続き", |p| name(p, names)))
    )
}
