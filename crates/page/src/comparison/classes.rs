//! Classes before and after: seats, children placed, cut-offs; and the children for whom something changes.

use super::{long_table, words};
use crate::{
    escape, pair,
    svg::{Series, bars},
    svg_change::{FromTo, from_to},
    table,
};
use enmusubi_selection::{
    report::{KeyComponentReport, KeyKindName},
    text_summary::grouped,
    whatif::{
        public::{PublicComparison, PublicCutOff},
        report::{ClassRow, ClassSide, Comparison},
        text::cut_off_change,
    },
};
use std::fmt::Write as _;

/// Classes on the chart of cut-offs.
const CHARTED: usize = 15;

/// Seats and cut-offs of all classes, by age and one by one.
pub(super) fn classes(names: [&str; 2], c: &Comparison, files: &str) -> String {
    by_age(names, c) + &cut_offs(names, c) + &one_by_one(names, c, files)
}

fn by_age([before, after]: [&str; 2], c: &Comparison) -> String {
    // Per age: seats before, after; placed before, after.
    let mut ages = [[0u64; 4]; 6];
    let mut shared = 0;
    for row in &c.classes {
        let Some(sum) = ages.get_mut(row.age as usize) else {
            continue;
        };
        for (i, side) in [&row.before, &row.after].into_iter().enumerate() {
            let Some(side) = side else { continue };
            sum[i] += side.seats.unwrap_or(0);
            sum[2 + i] += u64::from(side.newly_placed);
        }
        let is_shared = |s: &Option<ClassSide>| s.as_ref().is_some_and(|s| s.seats.is_none());
        shared += usize::from(is_shared(&row.before) || is_shared(&row.after));
    }
    let rows: Vec<(u8, [u64; 4])> = (0..)
        .zip(ages)
        .filter(|(_, sum)| sum.iter().any(|n| *n > 0))
        .collect();
    let bar_rows: Vec<(String, Vec<f64>)> = rows
        .iter()
        .map(|(age, s)| (format!("{age}歳児"), vec![s[2] as f64, s[3] as f64]))
        .collect();
    let series = [
        Series {
            name: before,
            style: "b1",
        },
        Series {
            name: after,
            style: "b2",
        },
    ];
    let chart = bars(
        "クラス年齢ごとの新たに内定した児童の棒グラフ。数値は表にあります。",
        &series,
        &bar_rows,
    );
    let arrow = |a: u64, b: u64| match a == b {
        true => grouped(a),
        false => format!("{} → {}", grouped(a), grouped(b)),
    };
    let line = |name: String, s: &[u64; 4]| vec![name, arrow(s[0], s[1]), arrow(s[2], s[3])];
    let body: Vec<Vec<String>> = rows
        .iter()
        .map(|(age, s)| line(format!("{age}歳児"), s))
        .collect();
    let mut all = [0; 4];
    for (_, s) in &rows {
        for (sum, n) in all.iter_mut().zip(s) {
            *sum += n;
        }
    }
    let foot = line(String::from("計"), &all);
    let caption = format!("席と、新たに内定した児童（{before} → {after}）");
    let table = table(
        &caption,
        &["クラス年齢", "席", "新たに内定"],
        &body,
        Some(&foot),
    );
    let mut out = format!(
        "<h3>クラス年齢ごとの席と内定</h3>\n{}",
        pair(&chart, &table)
    );
    if shared > 0 {
        let _ = writeln!(
            out,
            "<p class=\"soft\">席をほかのクラスと共有する{}クラスの席は、年齢ごとに分けられないため含みません。</p>",
            grouped(shared)
        );
    }
    out
}

fn first_points(components: &[KeyComponentReport]) -> Option<usize> {
    components
        .iter()
        .position(|k| k.kind == KeyKindName::Points)
}

/// A whole number or a decimal, only to draw it.
fn drawn(text: &str) -> Option<f64> {
    let n: f64 = text.replace(',', "").parse().ok()?;
    n.is_finite().then_some(n)
}

/// The chart of cut-offs that change in points.
fn cut_offs([before, after]: [&str; 2], c: &Comparison) -> String {
    let page = words::page();
    let at = [0, 1].map(|i| first_points(&c.key_components[i]));
    let mut rows: Vec<FromTo> = Vec::new();
    for row in &c.classes {
        let value = |side: &Option<ClassSide>, i: usize| -> Option<String> {
            side.as_ref()?.cut_off.as_ref()?.get(at[i]?).cloned()
        };
        let (Some(a), Some(b)) = (value(&row.before, 0), value(&row.after, 1)) else {
            continue;
        };
        let (Some(from), Some(to)) = (drawn(&a), drawn(&b)) else {
            continue;
        };
        if a != b {
            rows.push(FromTo {
                name: page.class(&row.name, &row.facility, row.age, row.pool.as_deref()),
                at: [from, to],
                text: [a, b],
            });
        }
    }
    let label = at[0].map_or("指数", |i| &*c.key_components[0][i].label);
    let all = rows.len();
    let mut out = format!(
        "<h3>最低指数が変わるクラス</h3>\n<p>最後に内定した児童の{}が変わるクラスは、{}クラスです。",
        escape(label),
        grouped(all)
    );
    if rows.is_empty() {
        return out + "</p>\n";
    }
    let size = |r: &FromTo| (r.at[1] - r.at[0]).abs();
    rows.sort_by(|a, b| {
        size(b)
            .total_cmp(&size(a))
            .then_with(|| a.name.cmp(&b.name))
    });
    rows.truncate(CHARTED);
    if rows.len() < all {
        let _ = write!(
            out,
            "図と次の表は、変わり方の大きい{}クラスです。",
            rows.len()
        );
    }
    out += "</p>\n";
    let chart = from_to(
        "クラスごとの最低指数の変化の図。数値は表にあります。",
        [before, after],
        &rows,
    );
    let body: Vec<Vec<String>> = rows
        .iter()
        .map(|r| {
            let [a, b] = &r.text;
            vec![r.name.clone(), a.clone(), b.clone()]
        })
        .collect();
    let caption = format!("最後に内定した児童の{label}");
    out + &pair(
        &chart,
        &table(&caption, &["クラス", before, after], &body, None),
    )
}

fn one_by_one([before, after]: [&str; 2], c: &Comparison, files: &str) -> String {
    let (mut changed, mut same) = (Vec::new(), Vec::new());
    for row in &c.classes {
        let (cells, is_changed) = class_line(row, &c.key_components);
        if is_changed {
            changed.push(cells);
        } else {
            same.push(cells);
        }
    }
    let head = ["クラス", "席", "新たに内定", "最後に内定した児童"];
    let mut out = String::from("<h3>クラスごとの席と最低指数</h3>\n");
    let caption = format!("変わるクラス（{before} → {after}）");
    match changed.is_empty() {
        true => out += "<p>席、内定、最低指数が変わるクラスはありません。</p>\n",
        false => out += &long_table(&caption, &head, &changed, files),
    }
    if !same.is_empty() {
        let _ = writeln!(
            out,
            "<details class=\"screen\"><summary>変わらない{0}クラス</summary>\n<div class=\"wide\">{1}</div></details>\n\
             <p class=\"paper soft\">変わらない{0}クラスは印刷しません。画面と、{2}にあります。</p>",
            grouped(same.len()),
            table("変わらないクラス", &head, &same, None),
            escape(files)
        );
    }
    out
}

/// Cells of a class, and whether anything of it changes.
fn class_line(row: &ClassRow, components: &[Vec<KeyComponentReport>; 2]) -> (Vec<String>, bool) {
    let name = words::page().class(&row.name, &row.facility, row.age, row.pool.as_deref());
    let both = |of: &dyn Fn(&ClassSide) -> String| {
        let side = |s: &Option<ClassSide>| s.as_ref().map_or_else(|| String::from("―"), of);
        let (a, b) = (side(&row.before), side(&row.after));
        let same = a == b;
        (if same { a } else { format!("{a} → {b}") }, !same)
    };
    let (seats, seats_change) = both(&|s| s.seats.map_or_else(|| String::from("共有"), grouped));
    let (newly, newly_changes) = both(&|s| grouped(s.newly_placed));
    let change = cut_off_change(row, components);
    let cut_off = match &change {
        Some(change) if change.kind == KeyKindName::Lottery => {
            format!("{}の順で変わる", change.label)
        }
        Some(change) => {
            let value = |v: Option<&str>| v.map_or_else(|| String::from("なし"), str::to_owned);
            format!(
                "{} {} → {}",
                change.label,
                value(change.before),
                value(change.after)
            )
        }
        None => unchanged_cut_off(row, components),
    };
    let changes = seats_change || newly_changes || change.is_some();
    (vec![name, seats, newly, cut_off], changes)
}

fn unchanged_cut_off(row: &ClassRow, components: &[Vec<KeyComponentReport>; 2]) -> String {
    let value = || {
        let key = row.before.as_ref()?.cut_off.as_ref()?;
        let at = first_points(&components[0])?;
        let label = &components[0].get(at)?.label;
        Some(format!("{label} {}", key.get(at)?))
    };
    value().unwrap_or_else(|| String::from("なし"))
}

/// Children for whom something changes; `files`: where all of them are.
pub(super) fn children([before, after]: [&str; 2], c: &Comparison, files: &str) -> String {
    if c.changed.is_empty() {
        return String::new();
    }
    let head = ["児童", "世帯", "年齢", "地区", before, after, "変化"];
    let body: Vec<Vec<String>> = c
        .changed
        .iter()
        .map(|r| {
            vec![
                r.child.clone(),
                r.household.clone(),
                format!("{}歳児", r.age),
                r.area.clone(),
                words::spot(&r.before),
                words::spot(&r.after),
                words::moved(r.moved).to_owned(),
            ]
        })
        .collect();
    format!(
        "<h3>結果が変わる児童</h3>\n<details><summary>{}人を表示</summary>\n{}</details>\n",
        grouped(body.len()),
        long_table("結果が変わる児童", &head, &body, files)
    )
}

/// Cut-offs that may be published.
pub(crate) fn public_cut_offs([before, after]: [&str; 2], c: &PublicComparison) -> String {
    let mut out = format!(
        "<h3>最低指数が変わるクラス</h3>\n<p>最低指数（最後に内定した児童の指数）が変わるクラスは{}クラス、\
         同じクラスは{}クラスです。ほかの{}クラスは、内定した児童が少ないため示さないか、内定した児童がいません。</p>\n",
        grouped(c.cut_offs.len()),
        grouped(c.cut_offs_unchanged),
        grouped(c.cut_offs_withheld)
    );
    if c.cut_offs.is_empty() {
        return out;
    }
    let name =
        |k: &PublicCutOff| words::page().class(&k.name, &k.facility, k.age, k.pool.as_deref());
    let mut rows: Vec<FromTo> = c
        .cut_offs
        .iter()
        .filter_map(|k| {
            Some(FromTo {
                name: name(k),
                at: [drawn(&k.before)?, drawn(&k.after)?],
                text: [k.before.clone(), k.after.clone()],
            })
        })
        .collect();
    rows.truncate(CHARTED);
    let body: Vec<Vec<String>> = c
        .cut_offs
        .iter()
        .map(|k| vec![name(k), k.before.clone(), k.after.clone()])
        .collect();
    let head = ["クラス", before, after];
    let table = table("最後に内定した児童の指数", &head, &body, None);
    if rows.is_empty() {
        return out + &table;
    }
    let chart = from_to(
        "クラスごとの最低指数の変化の図。数値は表にあります。",
        [before, after],
        &rows,
    );
    if rows.len() < body.len() {
        let _ = writeln!(
            out,
            "<p class=\"soft\">図は、表の初めの{}クラスです。</p>",
            rows.len()
        );
    }
    out + &pair(&chart, &table)
}
