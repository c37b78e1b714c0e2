//! What the text of a PDF says for certain.
//!
//! The text of a PDF has an order but no cells: a number belongs to a label only where the form prints nothing
//! between them. So few items are read, each by a label that occurs once, and everything else is listed for typing.

use super::{
    assemble,
    form::{self, FORM},
    kinds::kind,
    marks,
    model::Certificate,
    raw::{Found, Item, Place, Raw},
};
use crate::{
    diagnostic::{At, Diagnostics, kind as common},
    workbook::kind as round,
};
use enmusubi_domain::individual;
use unicode_normalization::UnicodeNormalization as _;

/// Longest text read, in bytes. The form has less than ten thousand.
const TEXT_MAX: usize = 1 << 20;

/// A certificate from text.
#[derive(Debug, Clone)]
pub struct FromText {
    /// What was read; everything else is unread.
    pub certificate: Certificate,
    /// Ids of the items that somebody must type.
    pub to_type: Vec<&'static str>,
}

/// Reads the text of a PDF of the form; `file` is what messages call it. `None`: nothing could be read for certain,
/// or an individual number stands in it.
#[must_use]
pub fn from_text(file: &str, text: &str) -> (Option<FromText>, Diagnostics) {
    let mut all = Diagnostics::default();
    if text.len() > TEXT_MAX {
        all.add(&common::TOO_LARGE, file, At::default());
        return (None, all);
    }
    for (n, line) in (1u32..).zip(text.lines()) {
        if individual::holds_one(line) {
            all.add(&round::INDIVIDUAL_NUMBER, file, At::row(n));
        }
    }
    if all.has_errors() {
        return (None, all);
    }
    let lines: Vec<Line<'_>> = (1u32..)
        .zip(text.lines())
        .map(|(n, l)| Line::new(n, l))
        .collect();
    let mut raw = Raw::default();
    dates(&lines, &mut raw);
    names(&lines, &mut raw);
    kinds(&lines, &mut raw);
    hours(&lines, &mut raw);
    if raw.0.is_empty() {
        all.add(&kind::NOT_IN_TEXT, file, At::default());
        return (None, all);
    }
    let mut to_type: Vec<&'static str> = Vec::new();
    for id in FORM.places.keys() {
        if !raw.0.contains_key(*id) {
            to_type.push(id);
            raw.0.insert((*id).to_owned(), unread());
        }
    }
    to_type.sort_by_key(|id| FORM.places.get(id));
    let certificate = assemble::certificate(&raw, file, &mut all);
    (
        Some(FromText {
            certificate,
            to_type,
        }),
        all,
    )
}

/// An item that no source gave.
pub(super) fn unread() -> Item {
    Item {
        text: String::new(),
        place: Place::default(),
        found: Found::Nowhere,
        check: true,
        broken: true,
    }
}

/// A line, with its characters made comparable and where each stands in it.
struct Line<'t> {
    number: u32,
    text: &'t str,
    /// Without width and white space.
    squeezed: String,
    /// For each byte of `squeezed`, the byte in `text` where its character begins.
    origin: Vec<usize>,
}

impl<'t> Line<'t> {
    fn new(number: u32, text: &'t str) -> Self {
        let (mut squeezed, mut origin) = (String::new(), Vec::new());
        for (at, c) in text.char_indices() {
            for c in std::iter::once(c).nfkc().filter(|c| !c.is_whitespace()) {
                squeezed.push(c);
                origin.resize(squeezed.len(), at);
            }
        }
        Self {
            number,
            text,
            squeezed,
            origin,
        }
    }

    /// Where a label stands as a word of its own: after white space or at the beginning. Where it ends.
    fn label(&self, label: &str) -> Option<usize> {
        let at = self.squeezed.find(label)?;
        let start = *self.origin.get(at)?;
        let before = self.text[..start].chars().next_back();
        before
            .is_none_or(char::is_whitespace)
            .then_some(at + label.len())
    }

    /// The line as it stands, from a place to another of `squeezed`.
    fn original(&self, from: usize, to: Option<usize>) -> &'t str {
        let place = |at: usize| self.origin.get(at).copied().unwrap_or(self.text.len());
        let end = to.map_or(self.text.len(), place);
        self.text.get(place(from)..end).unwrap_or("").trim()
    }
}

fn put(raw: &mut Raw, id: &str, text: &str, line: &Line<'_>) {
    let place = Place {
        name: format!("{}行目", line.number).into(),
        row: line.number,
    };
    raw.0.insert(
        id.to_owned(),
        Item {
            text: text.to_owned(),
            place,
            found: Found::Text,
            check: false,
            broken: false,
        },
    );
}

/// The only line with a label, and where the label ends.
fn only<'l, 't>(lines: &'l [Line<'t>], label: &str) -> Option<(&'l Line<'t>, usize)> {
    let mut found = lines.iter().filter_map(|l| Some((l, l.label(label)?)));
    let one = found.next()?;
    found.next().is_none().then_some(one)
}

fn leading_digits(text: &str) -> (&str, &str) {
    let end = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    text.split_at(end)
}

/// `西暦2026年10月1日` at the beginning of a text.
fn leading_date(text: &str) -> Option<[String; 3]> {
    let text = text.strip_prefix("西暦").unwrap_or(text);
    let era = ["令和", "平成", "昭和"]
        .iter()
        .find(|e| text.starts_with(**e))
        .copied()
        .unwrap_or("");
    let (year, rest) = leading_digits(&text[era.len()..]);
    let (month, rest) = leading_digits(rest.strip_prefix('年')?);
    let (day, rest) = leading_digits(rest.strip_prefix('月')?);
    let whole = rest.starts_with('日') && [year, month, day].iter().all(|t| !t.is_empty());
    whole.then(|| [format!("{era}{year}"), month.to_owned(), day.to_owned()])
}

fn put_date(raw: &mut Raw, id: &str, parts: &[String; 3], line: &Line<'_>) {
    for (end, text) in ["y", "m", "d"].iter().zip(parts) {
        put(raw, &format!("{id}.{end}"), text, line);
    }
}

fn dates(lines: &[Line<'_>], raw: &mut Raw) {
    if let Some((line, end)) = only(lines, "証明日")
        && let Some(parts) = leading_date(&line.squeezed[end..])
    {
        put_date(raw, "date", &parts, line);
    }
}

/// Whether a text holds a label of the form, and may thus be more than one value.
fn holds_label(text: &str) -> bool {
    const BESIDE: [&str; 8] = [
        "証明日",
        "代表者名",
        "所在地",
        "電話番号",
        "担当者名",
        "フリガナ",
        "本人氏名",
        "生年",
    ];
    BESIDE.iter().any(|l| text.contains(l))
        || text.split_whitespace().any(|w| marks::label(w).is_some())
}

fn names(lines: &[Line<'_>], raw: &mut Raw) {
    if let Some((line, end)) = only(lines, "事業所名") {
        let name = line.original(end, None);
        if !name.is_empty() && !holds_label(name) {
            put(raw, "employer.name", name, line);
        }
    }
    let Some((line, end)) = only(lines, "本人氏名") else {
        return;
    };
    let rest = &line.squeezed[end..];
    let birth = rest.find("生年");
    let name = line.original(end, birth.map(|b| end + b));
    if !name.is_empty() && !holds_label(name) && !name.contains(|c: char| c.is_numeric()) {
        put(raw, "person.name", name, line);
    }
    if let Some(at) = birth {
        let date = &rest[at + "生年".len()..];
        let date = date.strip_prefix("月日").unwrap_or(date);
        if let Some(parts) = leading_date(date) {
            put_date(raw, "person.birth", &parts, line);
        }
    }
}

/// The kind of employment: only where all its boxes are there, each right before its label.
fn kinds(lines: &[Line<'_>], raw: &mut Raw) {
    let Some(first) = lines.iter().position(|l| l.squeezed.contains("雇用の形態")) else {
        return;
    };
    let after = &lines[first..];
    let end = after
        .iter()
        .position(|l| l.squeezed.contains("就労時間"))
        .unwrap_or(after.len());
    let mut found: Vec<(String, char, &Line<'_>)> = Vec::new();
    let options = FORM
        .places
        .keys()
        .filter_map(|id| Some((*id, id.strip_prefix("employment_type.")?)));
    for (id, label) in options.filter(|(_, label)| *label != "text") {
        let hits = after[..end].iter().flat_map(|line| {
            line.squeezed
                .match_indices(label)
                .map(move |(at, _)| (line, line.squeezed[..at].chars().next_back()))
        });
        let mut hits = hits.filter_map(|(line, mark)| {
            Some((
                line,
                mark.filter(|m| marks::mark(&m.to_string()).is_some())?,
            ))
        });
        let (Some((line, mark)), None) = (hits.next(), hits.next()) else {
            return;
        };
        found.push((id.to_owned(), mark, line));
    }
    for (id, mark, line) in found {
        put(raw, &id, &mark.to_string(), line);
    }
}

/// Numbers between two words that the form prints next to them, the pair of words occurring once.
fn between<'l>(
    lines: &'l [Line<'_>],
    before: &str,
    after: &str,
) -> Option<(&'l Line<'l>, &'l str, &'l str)> {
    let mut hits = Vec::new();
    for line in lines {
        for (at, _) in line.squeezed.match_indices(before) {
            let (number, rest) = leading_digits(&line.squeezed[at + before.len()..]);
            if let Some(rest) = rest.strip_prefix(after).filter(|_| !number.is_empty()) {
                hits.push((line, number, rest));
            }
        }
    }
    match hits[..] {
        [one] => Some(one),
        _ => None,
    }
}

fn hours(lines: &[Line<'_>], raw: &mut Raw) {
    // The variable hours read 月間 □ 週間, so that no number follows 月間 there.
    if let Some((line, hours, rest)) = between(lines, "月間", "時間") {
        let (minutes, rest) = leading_digits(rest);
        if rest.starts_with('分') {
            put(raw, "fixed.hours", hours, line);
            put(raw, "fixed.minutes", minutes, line);
        }
    }
    for (id, before) in [
        ("fixed.days_per_month", "一月当たりの就労日数月間"),
        ("fixed.days_per_week", "一週当たりの就労日数週間"),
    ] {
        if let Some((line, days, _)) = between(lines, before, "日") {
            put(raw, id, days, line);
        }
    }
}

impl FromText {
    /// Japanese names of the items to type, in the order of the form.
    #[must_use]
    pub fn names_to_type(&self) -> Vec<String> {
        self.to_type.iter().map(|id| form::name_of(id)).collect()
    }
}
