//! Who gains and who loses: the same for the nursery section and for publication.

use super::words;
use crate::{
    escape, pair,
    svg_change::{TwoSided, TwoSidedWords, two_sided},
    table,
};
use enmusubi_selection::{
    text_summary::grouped,
    whatif::{
        public::{PublicComparison, PublicCount, PublicSide, hundredths},
        report::{Comparison, Dimension, Figures, Move, Side, Tally},
        text::signed,
    },
};
use std::fmt::Write as _;

/// A change, as far as the page may say it.
pub(crate) struct Change<'a> {
    /// Names of before and after.
    names: [&'a str; 2],
    gained: PublicCount,
    lost: PublicCount,
    /// `None`: not said.
    unchanged: Option<u32>,
    /// Name, before, after, difference.
    figures: Vec<[String; 4]>,
    /// Whether both sides are proved to be the best.
    proved: bool,
    groups: Vec<GroupRow>,
    /// Families wronged after the change, by id.
    wronged: &'a [String],
}

struct GroupRow {
    dimension: Dimension,
    name: String,
    /// `None`: only the two numbers may be said.
    tally: Option<Tally>,
    gained: Option<u32>,
    lost: Option<u32>,
}

/// A number of people, or what stands for a withheld one.
pub(crate) fn people(n: Option<u32>) -> String {
    n.map_or_else(withheld, |n| format!("{}人", grouped(n)))
}

/// What stands for a withheld number.
pub(crate) fn withheld() -> String {
    words::page().say("withheld", &[])
}

/// A share in percent with one digit.
fn percent(n: u32, of: u32) -> String {
    match (u64::from(n) * 1000).checked_div(u64::from(of)) {
        Some(thousandths) => format!("{}.{}%", thousandths / 10, thousandths % 10),
        None => String::from("―"),
    }
}

impl<'a> Change<'a> {
    /// For the nursery section.
    pub(crate) fn of(names: [&'a str; 2], base: &Side, c: &'a Comparison) -> Self {
        let page = words::page();
        let (a, b) = (&base.figures, &c.after.figures);
        let count = |key: &str, unit: &str, of: fn(&Figures) -> u32| {
            let (a, b) = (of(a), of(b));
            let number = |n: u32| format!("{}{unit}", grouped(n));
            let difference = signed(i64::from(b) - i64::from(a));
            [page.say(key, &[]), number(a), number(b), difference]
        };
        let mean = |f: &Figures| hundredths(f).unwrap_or_else(|| page.say("nobody", &[]));
        let figures = vec![
            count("with-class", "人", |f| f.with_class),
            count("newly-placed", "人", |f| f.newly_placed),
            count("held", "人", |f| f.held),
            count("first-choice", "人", |f| f.first_choice),
            [page.say("mean-rank", &[]), mean(a), mean(b), String::new()],
            count("blocking", "世帯", |f| f.blocking_families.len() as u32),
        ];
        Self {
            names,
            gained: PublicCount {
                total: Some(c.all.gained()),
                placement: Some(c.all.placed_now),
                choice: Some(c.all.better),
            },
            lost: PublicCount {
                total: Some(c.all.lost()),
                placement: Some(c.all.unplaced),
                choice: Some(c.all.worse),
            },
            unchanged: Some(c.all.unchanged),
            figures,
            proved: a.proved && b.proved,
            groups: c
                .groups
                .iter()
                .map(|g| GroupRow {
                    dimension: g.dimension,
                    name: page.group(g.dimension, &g.group),
                    tally: Some(g.tally),
                    gained: Some(g.tally.gained()),
                    lost: Some(g.tally.lost()),
                })
                .collect(),
            wronged: &b.blocking_families,
        }
    }

    /// For publication.
    pub(crate) fn of_public(
        names: [&'a str; 2],
        base: &PublicSide,
        c: &'a PublicComparison,
    ) -> Self {
        let page = words::page();
        let (a, b) = (base, &c.after);
        let row = |key: &str, a: String, b: String| [page.say(key, &[]), a, b, String::new()];
        let mean = |s: &PublicSide| s.mean_rank.clone().unwrap_or_else(withheld);
        let families = |s: &PublicSide| {
            s.blocking_families
                .map_or_else(withheld, |n| format!("{}世帯", grouped(n)))
        };
        Self {
            names,
            gained: c.gained,
            lost: c.lost,
            unchanged: None,
            figures: vec![
                row("with-class", people(a.with_class), people(b.with_class)),
                row(
                    "first-choice",
                    people(a.first_choice),
                    people(b.first_choice),
                ),
                row("mean-rank", mean(a), mean(b)),
                row("blocking", families(a), families(b)),
            ],
            proved: a.proved && b.proved,
            groups: c
                .groups
                .iter()
                .map(|g| GroupRow {
                    dimension: g.dimension,
                    name: page.group(g.dimension, &g.group),
                    tally: None,
                    gained: g.gained,
                    lost: g.lost,
                })
                .collect(),
            wronged: &[],
        }
    }

    /// Everything about who gains and loses, under headings of the third level.
    pub(crate) fn html(&self) -> String {
        self.totals() + &self.table_of_figures() + &self.by_group()
    }

    fn totals(&self) -> String {
        let page = words::page();
        let bar = |c: &PublicCount| match (c.total, c.placement, c.choice) {
            (Some(_), Some(placement), Some(choice)) => Some([placement, choice]),
            (Some(total), ..) => Some([total, 0]),
            _ => None,
        };
        let told =
            |c: &PublicCount| c.total.is_none() || c.placement.is_some() && c.choice.is_some();
        let rows = [TwoSided {
            name: String::from("すべての申込み"),
            left: bar(&self.lost),
            right: bar(&self.gained),
        }];
        let parts = told(&self.gained) && told(&self.lost);
        let chart = chart(
            "有利になる児童と不利になる児童の数の棒グラフ。数値は表にあります。",
            parts,
            &rows,
        );
        let line = |name: String, n: Option<u32>| vec![name, people(n)];
        let part = |m: Move| format!("　うち{}", words::moved(m));
        let mut body = vec![
            line(page.say("gained", &[]), self.gained.total),
            line(part(Move::PlacedNow), self.gained.placement),
            line(part(Move::Better), self.gained.choice),
            line(page.say("lost", &[]), self.lost.total),
            line(part(Move::Unplaced), self.lost.placement),
            line(part(Move::Worse), self.lost.choice),
        ];
        if self.unchanged.is_some() {
            body.push(line(page.say("unchanged", &[]), self.unchanged));
        }
        let table = table("有利・不利になる児童", &["変化", "児童"], &body, None);
        format!("<h3>有利・不利になる児童</h3>\n{}", pair(&chart, &table))
    }

    fn table_of_figures(&self) -> String {
        let mut out = String::from("<h3>全体の数</h3>\n");
        let [before, after] = self.names;
        let differences = self.figures.iter().any(|r| !r[3].is_empty());
        let width = if differences { 4 } else { 3 };
        let head = ["項目", before, after, "差"];
        let body: Vec<Vec<String>> = self.figures.iter().map(|r| r[..width].to_vec()).collect();
        out += &table("全体の数", &head[..width], &body, None);
        let page = words::page();
        let _ = writeln!(
            out,
            "<p class=\"soft\">{}</p>",
            escape(&page.say("blocking-note", &[]))
        );
        if !self.wronged.is_empty() {
            let shown = &self.wronged[..self.wronged.len().min(20)];
            let more = match self.wronged.len() - shown.len() {
                0 => String::new(),
                n => page.say("blocking-more", &[("count", &grouped(n))]),
            };
            let _ = writeln!(
                out,
                "<p>「{}」で退けられた世帯：{}{}</p>",
                escape(after),
                escape(&shown.join("、")),
                escape(&more)
            );
        }
        if !self.proved {
            let _ = writeln!(
                out,
                "<p class=\"care\">注意：「{before}」または「{after}」の結果は、最もよい結果とは証明できていません。\
                 有利・不利の一部は、違いのためではなく、計算を打ち切った所の違いによることがあります。</p>"
            );
        }
        out
    }

    fn by_group(&self) -> String {
        let mut out = String::from("<h3>だれが有利・不利になるか</h3>\n");
        for rows in self.groups.chunk_by(|a, b| a.dimension == b.dimension) {
            let Some(first) = rows.first() else { continue };
            let name = words::dimension(first.dimension);
            let bars: Vec<TwoSided> = rows
                .iter()
                .map(|r| TwoSided {
                    name: r.name.clone(),
                    left: match r.tally {
                        Some(t) => Some([t.unplaced, t.worse]),
                        None => r.lost.map(|n| [n, 0]),
                    },
                    right: match r.tally {
                        Some(t) => Some([t.placed_now, t.better]),
                        None => r.gained.map(|n| [n, 0]),
                    },
                })
                .collect();
            let staff = rows.iter().all(|r| r.tally.is_some());
            let title = format!("{name}ごとの有利・不利になる児童の棒グラフ。数値は表にあります。");
            let _ = writeln!(
                out,
                "{}",
                pair(&chart(&title, staff, &bars), &group_table(name, rows))
            );
        }
        out
    }
}

fn chart(title: &str, parts: bool, rows: &[TwoSided]) -> String {
    let names = [Move::Unplaced, Move::Worse, Move::PlacedNow, Move::Better].map(words::moved);
    let words = TwoSidedWords {
        title,
        sides: ["不利", "有利"],
        parts: parts.then_some(names),
        withheld: &withheld(),
    };
    two_sided(&words, rows)
}

fn group_table(name: &str, rows: &[GroupRow]) -> String {
    let number = |n: Option<u32>| n.map_or_else(withheld, grouped);
    let mut body = Vec::new();
    for row in rows {
        let mut cells = vec![row.name.clone()];
        match &row.tally {
            Some(t) => {
                let of = |n: u32| match n {
                    0 => String::from("0"),
                    n => format!("{}（{}）", grouped(n), percent(n, t.children)),
                };
                let (gained, lost) = (of(t.gained()), of(t.lost()));
                cells.extend([grouped(t.children), gained, lost, grouped(t.unchanged)]);
            }
            None => cells.extend([number(row.gained), number(row.lost)]),
        }
        body.push(cells);
    }
    let staff = rows.iter().all(|r| r.tally.is_some());
    let caption = match staff {
        true => format!("{name}（人。かっこ内は申込みに占める割合）"),
        false => format!("{name}（人）"),
    };
    match staff {
        true => table(
            &caption,
            &["内訳", "申込み", "有利", "不利", "変わらない"],
            &body,
            None,
        ),
        false => table(&caption, &["内訳", "有利", "不利"], &body, None),
    }
}
