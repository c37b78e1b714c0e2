//! The national form as data: what stands in which cell (`form.txt`), and how the items are called (`names.txt`).
//!
//! The form is the same for everybody, its re-issues are not: where a municipality moved cells, these lines say in
//! which order labels and values follow each other, which is what a re-issue keeps.

use super::marks;
use crate::columns::letter;
use std::{collections::BTreeMap, sync::LazyLock};

/// Sheet of the form.
pub(super) const SHEET: &str = "標準的な様式";

/// What a cell of the form is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token {
    /// Begins an item, in the column of items.
    Anchor(&'static str),
    /// A label that values are located by.
    Label(&'static str),
    /// A text that nothing is located by.
    Plain(&'static str),
    /// A value, by its id.
    Value(&'static str),
    /// A box to tick, by its id.
    Tick(&'static str),
    /// Values left and right of it are told apart by the column of this label in the row above.
    Divide(&'static str),
}

/// A row of the form.
#[derive(Debug)]
pub(super) struct Line {
    /// Row, 1-based.
    pub row: u32,
    /// Column (0-based) and content, from left to right.
    pub tokens: Vec<(usize, Token)>,
}

/// An item of the form, with its lines; the first has no anchor.
#[derive(Debug)]
pub(super) struct Section {
    /// Label that begins it, and its row.
    pub anchor: Option<(&'static str, u32)>,
    pub lines: Vec<Line>,
}

/// The form.
pub(super) struct Form {
    pub sections: Vec<Section>,
    /// Where each id stands: row (1-based) and column (0-based).
    pub places: BTreeMap<&'static str, (u32, usize)>,
    /// Every label as [`marks::normal`] writes it, for recognising.
    pub labels: Vec<String>,
}

/// The national form.
pub(super) static FORM: LazyLock<Form> = LazyLock::new(|| parse(include_str!("form.txt")));

/// Names of the items: id or beginning of ids, Japanese name.
pub(super) static NAMES: LazyLock<Vec<(&'static str, &'static str)>> = LazyLock::new(|| {
    let lines = include_str!("names.txt").lines();
    let lines = lines.filter(|l| !l.starts_with('#'));
    lines.filter_map(|l| l.split_once(' ')).collect()
});

/// Parts of an item: end of its id, Japanese name.
pub(super) static PARTS: &[(&str, &str)] = &[
    ("y", "年"),
    ("m", "月"),
    ("d", "日"),
    ("sh", "開始時"),
    ("sm", "開始分"),
    ("eh", "終了時"),
    ("em", "終了分"),
    ("break", "休憩"),
    ("days", "日数"),
    ("hours", "時間数"),
    ("text", "その他の内容"),
];

/// Whether the form cannot be used without an item. The others are told as warnings where they are missing.
pub(super) fn required(id: &str) -> bool {
    const OPTIONAL: [&str; 10] = [
        "addressee",
        "employer.representative",
        "contact",
        "industry",
        "renewal",
        "shorten",
        "extend",
        "remarks",
        "child",
        "posted",
    ];
    let begins = |o: &&str| {
        id.strip_prefix(*o)
            .is_some_and(|r| r.is_empty() || r.starts_with('.'))
    };
    !OPTIONAL.iter().any(begins)
}

/// Whether an item is free text (never a number, never joined into one).
pub(super) fn is_text(id: &str) -> bool {
    let end = id.rsplit('.').next().unwrap_or(id);
    matches!(
        end,
        "name"
            | "address"
            | "representative"
            | "kana"
            | "facility"
            | "text"
            | "remarks"
            | "addressee"
    )
}

/// Japanese name of an item, for messages.
pub(super) fn name_of(id: &str) -> String {
    for (stem, name) in NAMES.iter() {
        let Some(rest) = id.strip_prefix(stem) else {
            continue;
        };
        if rest.is_empty() {
            return (*name).to_owned();
        }
        if let Some(part) = rest.strip_prefix('.') {
            let words = PARTS.iter().find(|(end, _)| *end == part);
            return format!("{name} {}", words.map_or(part, |(_, w)| w));
        }
    }
    id.to_owned()
}

/// `W25`.
pub(super) fn address(row: u32, column: usize) -> String {
    format!("{}{row}", letter(column))
}

fn parse(text: &'static str) -> Form {
    let mut sections = vec![Section {
        anchor: None,
        lines: Vec::new(),
    }];
    let (mut places, mut labels) = (BTreeMap::new(), Vec::new());
    for line in text.lines().filter(|l| !l.starts_with('#')) {
        let mut words = line.split(' ');
        let Some(row) = words.next().and_then(|r| r.parse().ok()) else {
            continue;
        };
        let tokens: Vec<(usize, Token)> = words.filter_map(token).collect();
        for (column, token) in &tokens {
            match *token {
                Token::Value(id) | Token::Tick(id) => drop(places.insert(id, (row, *column))),
                // The numbers of the items are no labels: values are numbers too.
                Token::Plain(t) if t.bytes().all(|b| b.is_ascii_digit()) => {}
                Token::Anchor(t) | Token::Label(t) | Token::Plain(t) => {
                    labels.push(marks::normal(t));
                }
                Token::Divide(_) => {}
            }
        }
        let anchor = tokens.iter().find_map(|(_, t)| match t {
            Token::Anchor(text) => Some((*text, row)),
            _ => None,
        });
        if anchor.is_some() {
            sections.push(Section {
                anchor,
                lines: Vec::new(),
            });
        }
        if let Some(section) = sections.last_mut() {
            section.lines.push(Line { row, tokens });
        }
    }
    labels.sort_unstable();
    labels.dedup();
    Form {
        sections,
        places,
        labels,
    }
}

fn token(word: &'static str) -> Option<(usize, Token)> {
    let end = word.find(|c: char| !c.is_ascii_uppercase())?;
    let (letters, rest) = word.split_at(end);
    let mut rest = rest.chars();
    let kind = rest.next()?;
    let text = rest.as_str();
    let column = letters
        .bytes()
        .fold(0, |n, b| n * 26 + usize::from(b - b'A') + 1)
        .checked_sub(1)?;
    let token = match kind {
        '#' => Token::Anchor(text),
        '=' => Token::Label(text),
        '.' => Token::Plain(text),
        '>' => Token::Value(text),
        '?' => Token::Tick(text),
        '^' => Token::Divide(text),
        _ => return None,
    };
    Some((column, token))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_understood() {
        let text = include_str!("form.txt");
        let lines = text.lines().filter(|l| !l.starts_with('#'));
        let words: usize = lines.map(|l| l.split(' ').count() - 1).sum();
        let tokens = FORM.sections.iter().flat_map(|s| &s.lines);
        assert_eq!(tokens.map(|l| l.tokens.len()).sum::<usize>(), words);
        // 205 cells to fill; 24 items in the column of items (19 numbers, some with two).
        assert_eq!(FORM.places.len(), 205);
        let anchors = FORM.sections.iter().filter(|s| s.anchor.is_some());
        assert_eq!(anchors.count(), 21);
        for line in FORM.sections.iter().flat_map(|s| &s.lines) {
            let columns: Vec<usize> = line.tokens.iter().map(|t| t.0).collect();
            assert!(columns.is_sorted(), "row {}", line.row);
        }
    }

    #[test]
    fn every_item_has_a_name_of_its_own() {
        let mut names: Vec<String> = FORM.places.keys().map(|id| name_of(id)).collect();
        for (id, name) in FORM.places.keys().zip(&names) {
            assert_ne!(id, name, "no name");
        }
        names.sort_unstable();
        let count = names.len();
        names.dedup();
        assert_eq!(names.len(), count);
    }
}
