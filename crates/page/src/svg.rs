//! Charts as inline SVG, made by hand: they carry their own text, print as lines, and need
//! neither scripts nor a network. Every chart stands beside a table with the same figures.
//!
//! Drawn 400 units wide, so that labels stay readable on a phone 375 pixels wide.

use std::fmt::Write as _;

use crate::escape;

/// Width of every chart in its own units.
pub(crate) const WIDTH: f64 = 400.0;

/// A series of a bar chart: its name and its class in the style sheet (`s1` …).
pub(crate) struct Series<'a> {
    pub name: &'a str,
    pub style: &'a str,
}

/// Horizontal bars, one row per label, one bar per series.
pub(crate) fn bars(title: &str, series: &[Series<'_>], rows: &[(String, Vec<f64>)]) -> String {
    let most = rows.iter().flat_map(|r| &r.1).copied().fold(1.0, f64::max);
    let (label, value, bar, gap) = (96.0, 46.0, 13.0, 10.0);
    let top = if series.len() > 1 { 26.0 } else { 4.0 };
    let row_height = bar * series.len() as f64 + gap;
    let height = top + row_height * rows.len() as f64;
    let mut out = open(title, height);
    if series.len() > 1 {
        let mut x = 4.0;
        for s in series {
            let _ = write!(
                out,
                "<rect class=\"{}\" x=\"{x:.0}\" y=\"4\" width=\"12\" height=\"12\"/>\
                 <text x=\"{:.0}\" y=\"15\">{}</text>",
                s.style,
                x + 17.0,
                escape(s.name)
            );
            x += 32.0 + 14.0 * s.name.chars().count() as f64;
        }
    }
    for (i, (name, values)) in rows.iter().enumerate() {
        let y = top + row_height * i as f64;
        let middle = y + bar * series.len() as f64 / 2.0 + 5.0;
        let _ = write!(
            out,
            "<text class=\"end\" x=\"{:.0}\" y=\"{middle:.1}\">{}</text>",
            label - 8.0,
            escape(&shortened(name, 6))
        );
        for (j, (v, s)) in values.iter().zip(series).enumerate() {
            let y = y + bar * j as f64;
            let w = (WIDTH - label - value) * v / most;
            let _ = write!(
                out,
                "<rect class=\"{}\" x=\"{label:.0}\" y=\"{y:.1}\" width=\"{w:.1}\" height=\"{:.1}\"/>\
                 <text class=\"num\" x=\"{:.1}\" y=\"{:.1}\">{}</text>",
                s.style,
                bar - 1.5,
                label + w + 4.0,
                y + 10.5,
                enmusubi_selection::text_summary::grouped(*v as u64)
            );
        }
    }
    out + "</svg>"
}

/// One bar cut into parts, with a legend below that names each part and its number.
pub(crate) fn stacked(title: &str, parts: &[(&str, &str, f64)]) -> String {
    let total: f64 = parts.iter().map(|p| p.2).sum::<f64>().max(1.0);
    let height = 48.0 + 22.0 * parts.len() as f64;
    let mut out = open(title, height);
    let mut x = 4.0;
    for (_, style, n) in parts {
        let w = (WIDTH - 8.0) * n / total;
        let _ = write!(
            out,
            "<rect class=\"{style} edge\" x=\"{x:.1}\" y=\"4\" width=\"{w:.1}\" height=\"30\"/>"
        );
        x += w;
    }
    for (i, (name, style, n)) in parts.iter().enumerate() {
        let y = 48.0 + 22.0 * i as f64;
        let _ = write!(
            out,
            "<rect class=\"{style} edge\" x=\"4\" y=\"{y:.0}\" width=\"14\" height=\"14\"/>\
             <text x=\"26\" y=\"{:.0}\">{}　{}（{:.1}%）</text>",
            y + 12.0,
            escape(name),
            enmusubi_selection::text_summary::grouped(*n as u64),
            100.0 * n / total
        );
    }
    out + "</svg>"
}

/// A nursery on the map.
pub(crate) struct Dot {
    pub name: String,
    pub x: f64,
    pub y: f64,
    pub seats: f64,
    /// Children placed ÷ capacity.
    pub fill: f64,
}

/// Names, styles and lower ends of the fill classes of the map.
pub(crate) const FILLS: [(&str, &str, f64); 4] = [
    ("50%未満", "f0", 0.0),
    ("50%以上", "f1", 0.5),
    ("80%以上", "f2", 0.8),
    ("満員", "f3", 0.9995),
];

/// Name of the fill class.
pub(crate) fn fill_class(fill: f64) -> usize {
    FILLS.iter().rposition(|f| fill >= f.2).unwrap_or(0)
}

/// Nurseries at their places; dots sized by seats. A full nursery has a white centre, so that
/// it can be told without colour.
pub(crate) fn map(title: &str, dots: &[Dot]) -> String {
    let range = |f: fn(&Dot) -> f64| {
        let low = dots.iter().map(f).fold(f64::INFINITY, f64::min);
        let high = dots.iter().map(f).fold(f64::NEG_INFINITY, f64::max);
        (low, (high - low).max(1e-9))
    };
    let (x0, dx) = range(|d| d.x);
    let (y0, dy) = range(|d| d.y);
    let inner = WIDTH - 40.0;
    let tall = (inner * dy / dx).clamp(inner * 0.5, inner * 1.3);
    let scale = (inner / dx).min(tall / dy);
    let most = dots.iter().map(|d| d.seats).fold(1.0, f64::max);
    let radius = (14.0 - (dots.len() as f64 / 40.0)).clamp(5.0, 14.0);
    let height = tall + 40.0 + 48.0;
    let mut out = open(title, height);
    let _ = write!(
        out,
        "<rect class=\"land\" x=\"1\" y=\"1\" width=\"{:.0}\" height=\"{:.0}\" rx=\"6\"/>",
        WIDTH - 2.0,
        tall + 38.0
    );
    let mut order: Vec<&Dot> = dots.iter().collect();
    order.sort_by(|a, b| {
        b.seats
            .total_cmp(&a.seats)
            .then_with(|| a.name.cmp(&b.name))
    });
    for d in order {
        let x = 20.0 + (inner - dx * scale) / 2.0 + (d.x - x0) * scale;
        let y = 20.0 + tall - (tall - dy * scale) / 2.0 - (d.y - y0) * scale;
        let r = 1.8 + radius * (d.seats / most).sqrt();
        let class = fill_class(d.fill);
        let _ = write!(
            out,
            "<g><title>{}：募集{}人、入所率{:.0}%</title>\
             <circle class=\"{} edge\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{r:.1}\"/>",
            escape(&d.name),
            d.seats,
            100.0 * d.fill,
            FILLS[class].1
        );
        if class == 3 {
            let _ = write!(
                out,
                "<circle class=\"hole\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{:.1}\"/>",
                r * 0.3
            );
        }
        out += "</g>";
    }
    let y = tall + 40.0 + 18.0;
    for (i, (name, style, _)) in FILLS.iter().enumerate() {
        let x = 14.0 + 98.0 * i as f64;
        let _ = write!(
            out,
            "<circle class=\"{style} edge\" cx=\"{x:.0}\" cy=\"{y:.0}\" r=\"8\"/>{}\
             <text x=\"{:.0}\" y=\"{:.0}\">{name}</text>",
            if i == 3 {
                format!("<circle class=\"hole\" cx=\"{x:.0}\" cy=\"{y:.0}\" r=\"2.6\"/>")
            } else {
                String::new()
            },
            x + 13.0,
            y + 5.0
        );
    }
    out + "</svg>"
}

pub(crate) fn open(title: &str, height: f64) -> String {
    format!(
        "<svg viewBox=\"0 0 {WIDTH:.0} {height:.0}\" role=\"img\" aria-label=\"{}\">",
        escape(title)
    )
}

/// At most this many characters, the last one an ellipsis where something is left out.
pub(crate) fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    text.chars().take(most - 1).chain(['…']).collect()
}
