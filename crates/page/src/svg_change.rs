//! Charts of changes: who gains and loses, cut-offs before and after, the path to agreement. In black and white they are
//! read by side, by light and dark, and by the numbers written at every mark.

use crate::{
    escape,
    svg::{WIDTH, open},
};
use enmusubi_selection::text_summary::grouped;
use std::fmt::Write as _;

/// People on both sides of an axis.
pub(crate) struct TwoSided {
    /// Name, written above the bars.
    pub name: String,
    /// Who loses: dark part at the axis, light part outside. `None`: withheld.
    pub left: Option<[u32; 2]>,
    /// Who gains, in the same way.
    pub right: Option<[u32; 2]>,
}

/// Words of a two-sided chart.
pub(crate) struct TwoSidedWords<'a> {
    /// What the chart is, for whoever does not see it.
    pub title: &'a str,
    /// Names of the sides.
    pub sides: [&'a str; 2],
    /// Names of the parts: left dark, left light, right dark, right light; `None`: the parts are not told apart.
    pub parts: Option<[&'a str; 4]>,
    /// What stands for a withheld number.
    pub withheld: &'a str,
}

/// Bars to both sides of one axis.
pub(crate) fn two_sided(words: &TwoSidedWords<'_>, rows: &[TwoSided]) -> String {
    let sum = |side: Option<[u32; 2]>| f64::from(side.map_or(0, |[a, b]| a + b));
    let most = |side: fn(&TwoSided) -> Option<[u32; 2]>| {
        rows.iter().map(|r| sum(side(r))).fold(0.0, f64::max)
    };
    let (left, right) = (most(|r| r.left), most(|r| r.right));
    // Room for a number at both ends; one scale for both sides, and a side without anybody stays visible.
    let (number, side_min) = (48.0, 60.0);
    let inner = WIDTH - 2.0 * number - 8.0;
    let all = (left + right).max(1.0);
    let axis = 4.0 + number + (inner * left / all).clamp(side_min, inner - side_min);
    let room = |from: f64, n: f64| if n > 0.0 { from / n } else { f64::INFINITY };
    let unit = room(axis - 4.0 - number, left)
        .min(room(WIDTH - 4.0 - number - axis, right))
        .min(inner);
    let legend = if words.parts.is_some() { 52.0 } else { 24.0 };
    let row_height = 44.0;
    let height = legend + row_height * rows.len() as f64 + 4.0;
    let mut out = open(words.title, height);
    match words.parts {
        Some(parts) => {
            for (i, (name, style)) in parts.iter().zip(["l1", "l2", "g1", "g2"]).enumerate() {
                let (x, y) = (4.0 + 200.0 * (i / 2) as f64, 4.0 + 21.0 * (i % 2) as f64);
                let _ = write!(
                    out,
                    "<rect class=\"{style} edge\" x=\"{x:.0}\" y=\"{y:.0}\" width=\"14\" height=\"14\"/>\
                     <text x=\"{:.0}\" y=\"{:.0}\">{}</text>",
                    x + 20.0,
                    y + 12.0,
                    escape(name)
                );
            }
        }
        None => {
            let _ = write!(
                out,
                "<text class=\"end\" x=\"{:.0}\" y=\"15\">{} ←</text><text x=\"{:.0}\" y=\"15\">→ {}</text>",
                axis - 6.0,
                escape(words.sides[0]),
                axis + 6.0,
                escape(words.sides[1])
            );
        }
    }
    for (i, row) in rows.iter().enumerate() {
        let y = legend + row_height * i as f64;
        let _ = write!(
            out,
            "<text x=\"4\" y=\"{:.0}\">{}</text>",
            y + 14.0,
            escape(&row.name)
        );
        // The axis beside the bars alone, so that it crosses no name.
        let y = y + 21.0;
        let _ = write!(
            out,
            "<line class=\"axis\" x1=\"{axis:.1}\" y1=\"{:.0}\" x2=\"{axis:.1}\" y2=\"{:.0}\"/>",
            y - 2.0,
            y + 17.0
        );
        for (values, right) in [(row.left, false), (row.right, true)] {
            let styles = if right { ["g1", "g2"] } else { ["l1", "l2"] };
            let mut from = 0.0;
            for (n, style) in values.unwrap_or([0, 0]).into_iter().zip(styles) {
                if n == 0 {
                    continue;
                }
                let w = f64::from(n) * unit;
                let x = if right { axis + from } else { axis - from - w };
                let _ = write!(
                    out,
                    "<rect class=\"{style} edge\" x=\"{x:.1}\" y=\"{y:.0}\" width=\"{w:.1}\" height=\"15\"/>"
                );
                from += w;
            }
            let text = values.map_or_else(|| words.withheld.to_owned(), |[a, b]| grouped(a + b));
            let (class, x) = if right {
                ("num", axis + from + 5.0)
            } else {
                ("num end", axis - from - 5.0)
            };
            let _ = write!(
                out,
                "<text class=\"{class}\" x=\"{x:.1}\" y=\"{:.0}\">{}</text>",
                y + 11.5,
                escape(&text)
            );
        }
    }
    out + "</svg>"
}

/// A number before and after.
pub(crate) struct FromTo {
    /// Name, written above the line.
    pub name: String,
    /// Before and after, as places on one scale.
    pub at: [f64; 2],
    /// Before and after as text.
    pub text: [String; 2],
}

/// Lines from a hollow mark (before) to a full one (after).
pub(crate) fn from_to(title: &str, names: [&str; 2], rows: &[FromTo]) -> String {
    let all = || rows.iter().flat_map(|r| r.at);
    let low = all().fold(f64::INFINITY, f64::min);
    let high = all().fold(f64::NEG_INFINITY, f64::max);
    let (number, top, row_height) = (66.0, 28.0, 42.0);
    let scale = (WIDTH - 2.0 * number) / (high - low).max(1e-9);
    let place = |v: f64| number + (v - low) * scale;
    let height = top + row_height * rows.len() as f64;
    let mut out = open(title, height);
    let _ = write!(
        out,
        "<circle class=\"hollow\" cx=\"12\" cy=\"11\" r=\"6\"/><text x=\"24\" y=\"16\">{}</text>\
         <circle class=\"full\" cx=\"112\" cy=\"11\" r=\"6\"/><text x=\"124\" y=\"16\">{}</text>",
        escape(names[0]),
        escape(names[1])
    );
    for (i, row) in rows.iter().enumerate() {
        let y = top + row_height * i as f64;
        let (a, b) = (place(row.at[0]), place(row.at[1]));
        let _ = write!(
            out,
            "<text x=\"4\" y=\"{:.0}\">{}</text><line class=\"way\" x1=\"{a:.1}\" y1=\"{m:.0}\" x2=\"{b:.1}\" y2=\"{m:.0}\"/>\
             <circle class=\"hollow\" cx=\"{a:.1}\" cy=\"{m:.0}\" r=\"6\"/><circle class=\"full\" cx=\"{b:.1}\" cy=\"{m:.0}\" r=\"6\"/>",
            y + 14.0,
            escape(&row.name),
            m = y + 28.0
        );
        // The smaller number to the left, the larger to the right: they never meet.
        let order = if a <= b { [0, 1] } else { [1, 0] };
        for (side, which) in order.into_iter().enumerate() {
            let at = if which == 0 { a } else { b };
            let (class, x) = match side {
                0 => ("num end", at - 10.0),
                _ => ("num", at + 10.0),
            };
            let _ = write!(
                out,
                "<text class=\"{class}\" x=\"{x:.1}\" y=\"{:.0}\">{}</text>",
                y + 32.0,
                escape(&row.text[which])
            );
        }
    }
    out + "</svg>"
}

/// A step of the path to agreement.
pub(crate) struct Step {
    /// Name, a few characters.
    pub name: String,
    /// Thousandths that agree.
    pub at: u32,
    /// The same as text.
    pub text: String,
}

/// The path to agreement: one mark per step, joined like stairs.
pub(crate) fn stairs(title: &str, steps: &[Step]) -> String {
    let least = steps.iter().map(|s| s.at).min().unwrap_or(0);
    // From the next round number below, so that small steps can be seen; the axis says where it begins.
    let low = (least.saturating_sub(10) / 50 * 50).min(950);
    let (label, number, top, row_height) = (138.0, 56.0, 26.0, 27.0);
    let width = WIDTH - label - number - 8.0;
    let place = |at: u32| label + width * f64::from(at.max(low) - low) / f64::from(1000 - low);
    let height = top + row_height * steps.len() as f64 + 4.0;
    let mut out = open(title, height);
    for (at, text) in [
        (low, format!("{}%", low / 10)),
        (1000, String::from("100%")),
    ] {
        let x = place(at);
        let _ = write!(
            out,
            "<line class=\"grid\" x1=\"{x:.1}\" y1=\"20\" x2=\"{x:.1}\" y2=\"{:.0}\"/>\
             <text class=\"num mid\" x=\"{x:.1}\" y=\"14\">{text}</text>",
            height - 2.0
        );
    }
    let mut before: Option<(f64, f64)> = None;
    for (i, step) in steps.iter().enumerate() {
        let (x, y) = (place(step.at), top + row_height * (i as f64 + 0.5));
        if let Some((x0, y0)) = before {
            let _ = write!(
                out,
                "<path class=\"way\" d=\"M{x0:.1} {y0:.1}V{y:.1}H{x:.1}\"/>"
            );
        }
        let _ = write!(
            out,
            "<text class=\"small end\" x=\"{:.0}\" y=\"{:.1}\">{}</text>",
            label - 10.0,
            y + 4.5,
            escape(&step.name)
        );
        let _ = write!(
            out,
            "<text class=\"num end\" x=\"{:.0}\" y=\"{:.1}\">{}</text>",
            WIDTH - 2.0,
            y + 4.0,
            escape(&step.text)
        );
        before = Some((x, y));
    }
    // Marks above the lines.
    for (i, step) in steps.iter().enumerate() {
        let _ = write!(
            out,
            "<circle class=\"{}\" cx=\"{:.1}\" cy=\"{:.1}\" r=\"5.5\"/>",
            if i == 0 { "hollow" } else { "full" },
            place(step.at),
            top + row_height * (i as f64 + 0.5)
        );
    }
    out + "</svg>"
}

/// A share that agrees.
pub(crate) struct Share {
    /// Name, written above the bar.
    pub name: String,
    /// Thousandths; `None`: withheld.
    pub at: Option<u32>,
    /// The numbers as text, written below.
    pub text: String,
}

/// Bars out of a whole: dark what agrees, white what differs.
pub(crate) fn shares(title: &str, rows: &[Share]) -> String {
    let row_height = 66.0;
    let mut out = open(title, row_height * rows.len() as f64);
    for (i, row) in rows.iter().enumerate() {
        let y = row_height * i as f64;
        let width = WIDTH - 8.0;
        let _ = write!(
            out,
            "<text x=\"4\" y=\"{:.0}\">{}</text><rect class=\"rest edge\" x=\"4\" y=\"{:.0}\" width=\"{width:.0}\" height=\"16\"/>",
            y + 15.0,
            escape(&row.name),
            y + 21.0
        );
        if let Some(at) = row.at {
            let _ = write!(
                out,
                "<rect class=\"g1\" x=\"4\" y=\"{:.0}\" width=\"{:.1}\" height=\"16\"/>",
                y + 21.0,
                width * f64::from(at) / 1000.0
            );
        }
        let _ = write!(
            out,
            "<text class=\"small\" x=\"4\" y=\"{:.0}\">{}</text>",
            y + 54.0,
            escape(&row.text)
        );
    }
    out + "</svg>"
}
