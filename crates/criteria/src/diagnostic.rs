//! What is wrong with a criteria file: where, what, how to mend it; all of it at once.

use crate::{document::Place, schema::SECTIONS};
use std::fmt::Write as _;
use unicode_width::UnicodeWidthStr;

/// How grave a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// The file cannot be used.
    Error,
    /// Somebody should look.
    Warning,
}

/// Language of messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Language {
    /// 日本語.
    Japanese,
    /// English.
    English,
}

impl Language {
    /// The text of a pair (Japanese, English).
    #[must_use]
    pub fn of(self, pair: &(String, String)) -> &str {
        match self {
            Self::Japanese => &pair.0,
            Self::English => &pair.1,
        }
    }
}

/// One problem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Stable code (`C001` …); never reused.
    pub code: &'static str,
    /// Error or warning.
    pub severity: Severity,
    /// Where.
    pub place: Place,
    /// What is wrong, in Japanese and English.
    pub what: (String, String),
    /// How to mend it, in Japanese and English.
    pub mend: (String, String),
}

impl Diagnostic {
    /// Line and column (both 1-based, the column in characters) in the text it was read from.
    #[must_use]
    pub fn line_and_column(&self, text: &str) -> Option<(usize, usize)> {
        match &self.place {
            Place::Text(span) => Some(line_and_column(text, span.start)),
            _ => None,
        }
    }

    /// The message with the line itself and a caret below it.
    #[must_use]
    pub fn render(&self, name: &str, text: &str, language: Language) -> String {
        let ja = language == Language::Japanese;
        let word = match (self.severity, ja) {
            (Severity::Error, true) => "エラー",
            (Severity::Warning, true) => "注意",
            (Severity::Error, false) => "error",
            (Severity::Warning, false) => "warning",
        };
        let what = language.of(&self.what);
        let mut out = String::new();
        let mut gutter = 1;
        match &self.place {
            Place::Text(span) => {
                let (line, column) = line_and_column(text, span.start);
                let _ = writeln!(out, "{word}[{}] {name}:{line}:{column}: {what}", self.code);
                gutter = line.to_string().len() + 1;
                snippet(&mut out, text, span, line, gutter);
            }
            Place::Cell {
                sheet,
                row,
                column,
                text,
                part,
            } => {
                let cell = format!("{}{row}", column_letters(*column));
                let _ = if ja {
                    writeln!(
                        out,
                        "{word}[{}] {name} シート「{sheet}」{cell}: {what}",
                        self.code
                    )
                } else {
                    writeln!(
                        out,
                        "{word}[{}] {name}, sheet \"{sheet}\", cell {cell}: {what}",
                        self.code
                    )
                };
                if !text.is_empty() {
                    gutter = row.to_string().len() + 1;
                    snippet(&mut out, text, part, *row as usize, gutter);
                }
            }
            Place::None => {
                let _ = writeln!(out, "{word}[{}] {name}: {what}", self.code);
            }
        }
        let mend = language.of(&self.mend);
        if !mend.is_empty() {
            let label = if ja { "対処" } else { "hint" };
            for (i, line) in mend.lines().enumerate() {
                let label = if i == 0 { label } else { "  " };
                let _ = writeln!(out, "{:gutter$}= {label}: {line}", "");
            }
        }
        out
    }
}

/// The line with a caret below what is meant; of several lines the first.
fn snippet(
    out: &mut String,
    text: &str,
    span: &std::ops::Range<usize>,
    line: usize,
    gutter: usize,
) {
    let start = floor(text, span.start);
    let begin = text[..start].rfind('\n').map_or(0, |at| at + 1);
    let end = text[start..].find('\n').map_or(text.len(), |at| start + at);
    let shown = text[begin..end].trim_end_matches('\r');
    let meant_end = floor(text, span.end).clamp(start, begin + shown.len().max(start - begin));
    let before = text[begin..start].replace('\t', " ");
    let meant = &text[start..meant_end];
    let carets = meant.width().max(1);
    let _ = writeln!(out, "{:gutter$}|", "");
    let _ = writeln!(out, "{line} | {}", harmless(shown));
    let _ = writeln!(
        out,
        "{:gutter$}| {:pad$}{:^<carets$}",
        "",
        "",
        "",
        pad = before.width()
    );
}

/// Text that a terminal only shows.
fn harmless(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\t' => ' ',
            c if c.is_control() => '\u{FFFD}',
            c => c,
        })
        .collect()
}

/// Line and column of a byte, both 1-based, the column in characters.
fn line_and_column(text: &str, at: usize) -> (usize, usize) {
    let before = &text[..floor(text, at)];
    let line = before.bytes().filter(|b| *b == b'\n').count() + 1;
    let begin = before.rfind('\n').map_or(0, |at| at + 1);
    (line, before[begin..].chars().count() + 1)
}

/// The nearest beginning of a character, not above.
fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// `A`, `Z`, `AA` … for 0, 25, 26 ….
fn column_letters(column: u16) -> String {
    let mut n = u32::from(column) + 1;
    let mut letters = Vec::new();
    while n > 0 {
        letters.push(char::from(b'A' + ((n - 1) % 26) as u8));
        n = (n - 1) / 26;
    }
    letters.iter().rev().collect()
}

/// Everything wrong with one file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Diagnostics {
    /// In the order of the file.
    pub list: Vec<Diagnostic>,
}

impl Diagnostics {
    /// Whether the file cannot be used.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.list.iter().any(|d| d.severity == Severity::Error)
    }

    /// How many there are of a severity.
    #[must_use]
    pub fn count(&self, severity: Severity) -> usize {
        self.list.iter().filter(|d| d.severity == severity).count()
    }

    /// Adds an error: code, where, what (ja, en), how to mend it (ja, en; empty: nothing to say).
    pub fn error(
        &mut self,
        code: &'static str,
        place: impl Into<Place>,
        what: (impl Into<String>, impl Into<String>),
        mend: (impl Into<String>, impl Into<String>),
    ) {
        self.add(Severity::Error, code, place.into(), what, mend);
    }

    /// Adds a warning.
    pub fn warning(
        &mut self,
        code: &'static str,
        place: impl Into<Place>,
        what: (impl Into<String>, impl Into<String>),
        mend: (impl Into<String>, impl Into<String>),
    ) {
        self.add(Severity::Warning, code, place.into(), what, mend);
    }

    fn add(
        &mut self,
        severity: Severity,
        code: &'static str,
        place: Place,
        what: (impl Into<String>, impl Into<String>),
        mend: (impl Into<String>, impl Into<String>),
    ) {
        self.list.push(Diagnostic {
            code,
            severity,
            place,
            what: (what.0.into(), what.1.into()),
            mend: (mend.0.into(), mend.1.into()),
        });
    }

    /// Sorts by place, so that messages follow the file.
    pub fn sort(&mut self) {
        self.list.sort_by(|a, b| {
            let key = |p: &Place| match p {
                Place::None => (2, 0, 0, 0),
                Place::Text(span) => (0, 0, span.start, 0),
                Place::Cell {
                    sheet, row, column, ..
                } => {
                    let sheet = SECTIONS.iter().position(|s| s.label == &**sheet);
                    let sheet = sheet.unwrap_or(SECTIONS.len());
                    (1, sheet, *row as usize, *column)
                }
            };
            key(&a.place).cmp(&key(&b.place))
        });
        self.list.dedup();
    }

    /// All messages, and how many there are. `text` is the file as read (without byte order mark);
    /// empty for a workbook.
    #[must_use]
    pub fn render(&self, name: &str, text: &str, language: Language) -> String {
        let mut out = String::new();
        for d in &self.list {
            out.push_str(&d.render(name, text, language));
            out.push('\n');
        }
        let errors = self.count(Severity::Error);
        let warnings = self.count(Severity::Warning);
        let _ = match language {
            Language::Japanese => writeln!(out, "{name}: エラー{errors}件、注意{warnings}件。"),
            Language::English => {
                writeln!(out, "{name}: {errors} error(s), {warnings} warning(s).")
            }
        };
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_caret_stands_below_what_is_meant() {
        let text = "a = 1\nlabel = \"就労\" x\n";
        let mut all = Diagnostics::default();
        let at = text.find('x').unwrap();
        all.error(
            "C999",
            at..at + 1,
            ("余分です", "not needed"),
            ("消してください", "remove it"),
        );
        assert_eq!(
            all.list[0].render("f.toml", text, Language::Japanese),
            "エラー[C999] f.toml:2:14: 余分です\n  |\n2 | label = \"就労\" x\n  |                ^\n  = 対処: 消してください\n"
        );
        assert_eq!(all.list[0].line_and_column(text), Some((2, 14)));
        all.list[0].place = Place::Cell {
            sheet: "行".into(),
            row: 7,
            column: 27,
            text: "A1 + 就労".into(),
            part: 5..11,
        };
        assert_eq!(
            all.render("f.xlsx", "", Language::English),
            "error[C999] f.xlsx, sheet \"行\", cell AB7: not needed\n  |\n7 | A1 + 就労\n  |      ^^^^\n  = hint: remove it\n\nf.xlsx: 1 error(s), 0 warning(s).\n"
        );
    }
}
