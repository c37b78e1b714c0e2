//! One cell ↔ one value of a field.

use super::layout;
use calamine::{CellErrorType, ExcelDateTime};
use enmusubi_criteria::{
    document::Scalar,
    form::check_scalar,
    inline::{Inline, Item, canonical},
    schema::{FieldKind, FieldSchema},
    word_labels::{label_of, word_of},
};
use enmusubi_domain::facts::Exact;
use unicode_normalization::UnicodeNormalization as _;

/// Whole numbers from here on are not exact in a workbook, which keeps 15 digits.
const EXACT_MAX: u64 = 1_000_000_000_000_000;

/// What a cell holds, as the library that reads it says.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Raw {
    /// Text.
    Text(String),
    /// A number.
    Number(f64),
    /// TRUE or FALSE.
    Bool(bool),
    /// A day or a time: a number with such a format.
    Day(ExcelDateTime),
    /// The same in words of the file.
    DayText(String),
    /// `#REF!` and the like.
    Error(CellErrorType),
}

/// What to write into a cell.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Shown {
    /// A number.
    Number(f64),
    /// Text; never a formula.
    Text(String),
}

/// Why a cell is not read.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Problem {
    /// Code, where it is not simply a wrong value.
    pub code: Option<&'static str>,
    /// What is wrong, in Japanese and English; where there is a code.
    pub what: (String, String),
    /// How to mend it.
    pub mend: (String, String),
}

impl Raw {
    /// The text people see in the cell, or nearly so.
    pub fn text(&self) -> String {
        match self {
            Self::Text(t) | Self::DayText(t) => t.clone(),
            Self::Number(n) => n.to_string(),
            Self::Bool(true) => "TRUE".into(),
            Self::Bool(false) => "FALSE".into(),
            Self::Day(d) => day(d),
            Self::Error(e) => e.to_string(),
        }
    }

    /// Whether nothing is there.
    pub fn is_blank(&self) -> bool {
        matches!(self, Self::Text(t) if t.trim().is_empty())
    }
}

fn day(d: &ExcelDateTime) -> String {
    let (year, month, day, hour, minute, ..) = d.to_ymd_hms_milli();
    if d.as_f64() < 1.0 {
        format!("{hour}:{minute:02}")
    } else {
        format!("{year}-{month:02}-{day:02}")
    }
}

/// What stands in the cell of a value.
pub(super) fn shown(field: &FieldSchema, value: &Scalar) -> Shown {
    match value {
        Scalar::Integer(n) if n.unsigned_abs() < EXACT_MAX => Shown::Number(*n as f64),
        Scalar::Integer(n) => Shown::Text(n.to_string()),
        Scalar::Bool(true) => Shown::Text("はい".into()),
        Scalar::Bool(false) => Shown::Text("いいえ".into()),
        Scalar::Text(t) => match field.kind {
            FieldKind::OneOf(_) => Shown::Text(label_of(field.name, t).unwrap_or(t).into()),
            FieldKind::Number => match t.parse::<f64>() {
                // Only where the number comes back as the same text.
                Ok(n) if n.is_finite() && n.to_string() == **t => Shown::Number(n),
                _ => Shown::Text(t.to_string()),
            },
            _ => Shown::Text(t.to_string()),
        },
        Scalar::List(items) => Shown::Text(list_text(items)),
        Scalar::Inline(text) => Shown::Text(nested_text(text)),
    }
}

/// Items joined by 、 where that can be undone, else as in TOML.
fn list_text(items: &[Box<str>]) -> String {
    let plain = |t: &str| {
        !t.is_empty() && t.trim() == t && !t.starts_with(['[', '［']) && !t.contains(is_separator)
    };
    if !items.is_empty() && items.iter().all(|t| plain(t)) {
        return items.join("、");
    }
    let item = Item {
        value: Inline::List(
            items
                .iter()
                .map(|t| Item {
                    value: Inline::Text(t.clone()),
                    span: 0..0,
                })
                .collect(),
        ),
        span: 0..0,
    };
    item.text()
}

fn is_separator(c: char) -> bool {
    matches!(c, '、' | ',' | '，' | '\n' | '\r' | ';' | '；')
}

/// A list of facts with an element a line, as in the TOML file; else the text as it is.
fn nested_text(text: &str) -> String {
    match Item::parse(text, 0).map(|i| i.value) {
        Ok(Inline::List(items)) if items.len() > 1 => {
            let lines: Vec<String> = items.iter().map(|i| format!("  {},\n", i.text())).collect();
            format!("[\n{}]", lines.concat())
        }
        _ => text.to_owned(),
    }
}

/// The value a cell gives a field.
pub(super) fn value(field: &FieldSchema, raw: &Raw) -> Result<Scalar, Problem> {
    let text = match raw {
        Raw::Day(d) => return Err(became_day(field, &day(d))),
        Raw::DayText(t) => return Err(became_day(field, t)),
        Raw::Error(_) => {
            return Err(Problem {
                code: Some("C153"),
                what: (
                    format!(
                        "「{}」（{}）がExcelのエラーになっています",
                        field.name, field.label
                    ),
                    format!("\"{}\" is an error of Excel", field.name),
                ),
                mend: (
                    "計算式を消して、値を入力してください".into(),
                    "remove the formula and type the value".into(),
                ),
            });
        }
        Raw::Bool(b) if field.kind == FieldKind::Bool => return Ok(Scalar::Bool(*b)),
        Raw::Number(n) if n.abs() >= EXACT_MAX as f64 => {
            return Err(wrong(
                "15桁を超える数はExcelで正確に保てません。表示形式を「文字列」にして入力してください",
                "Excel keeps 15 digits; type a longer number as text",
            ));
        }
        other => other.text(),
    };
    let scalar = match field.kind {
        FieldKind::Id => Scalar::Text(tidy(&text).into()),
        FieldKind::Text if layout::is_name(field) => Scalar::Text(tidy(&text).into()),
        FieldKind::Text | FieldKind::Expression => Scalar::Text(text.into()),
        FieldKind::IntegerOrExpression => match Exact::parse(&tidy(&text)) {
            Some(n) if n.as_whole().is_some() => Scalar::Text(tidy(&text).into()),
            _ => Scalar::Text(text.into()),
        },
        FieldKind::Number => Scalar::Text(tidy(&text).into()),
        FieldKind::Integer => match Exact::parse(&tidy(&text)).and_then(Exact::as_whole) {
            Some(n) => Scalar::Integer(n),
            None => Scalar::Text(text.into()),
        },
        FieldKind::Bool => match &*tidy(&text).to_lowercase() {
            "はい" | "true" | "yes" => Scalar::Bool(true),
            "いいえ" | "false" | "no" => Scalar::Bool(false),
            _ => {
                return Err(wrong(
                    "「はい」か「いいえ」を選んでください",
                    "choose はい (yes) or いいえ (no)",
                ));
            }
        },
        FieldKind::OneOf(words) => {
            let word = tidy(&text);
            let label = text.trim();
            let known = word_of(field.name, label).or_else(|| {
                // Labels are compared in any width, as people type brackets.
                let labels = words.iter().filter_map(|w| label_of(field.name, w));
                let same = |l: &&str| tidy(l) == word;
                word_of(field.name, labels.into_iter().find(same)?)
            });
            match known.or_else(|| words.iter().copied().find(|w| *w == word)) {
                Some(word) => Scalar::Text(word.into()),
                None => {
                    let list: Vec<&str> = words
                        .iter()
                        .filter_map(|w| label_of(field.name, w))
                        .collect();
                    return Err(wrong(
                        format!("次のどれかを選んでください: {}", list.join("、")),
                        format!("choose one of: {}", words.join(", ")),
                    ));
                }
            }
        }
        FieldKind::List => list_value(&text)?,
        FieldKind::Inline => canonical(&text).map_err(|e| Problem {
            code: None,
            what: Default::default(),
            mend: e.what,
        })?,
    };
    check_scalar(field.kind, scalar).map_err(|mend| Problem {
        code: None,
        what: Default::default(),
        mend,
    })
}

fn list_value(text: &str) -> Result<Scalar, Problem> {
    let trimmed = text.trim();
    if trimmed.starts_with('[') {
        let item = Item::parse(trimmed, 0).map_err(|e| Problem {
            code: None,
            what: Default::default(),
            mend: e.what,
        })?;
        let texts: Option<Vec<Box<str>>> = item
            .elements()
            .iter()
            .map(|i| match &i.value {
                Inline::Text(t) => Some(t.clone()),
                _ => None,
            })
            .collect();
        return texts.map(Scalar::List).ok_or_else(|| {
            wrong(
                "「、」で区切って並べてください",
                "write them one after the other, separated by 、",
            )
        });
    }
    Ok(Scalar::List(
        text.split(is_separator)
            .map(str::trim)
            .filter(|t| !t.is_empty())
            .map(Into::into)
            .collect(),
    ))
}

/// Without blanks around it, and with letters and digits of ordinary width.
pub(super) fn tidy(text: &str) -> String {
    text.nfkc().collect::<String>().trim().to_owned()
}

fn wrong(ja: impl Into<String>, en: impl Into<String>) -> Problem {
    Problem {
        code: None,
        what: Default::default(),
        mend: (ja.into(), en.into()),
    }
}

/// Excel took `8-31` for a day.
fn became_day(field: &FieldSchema, day: &str) -> Problem {
    Problem {
        code: Some("C152"),
        what: (
            format!(
                "「{}」（{}）が、Excelによって日付・時刻（{day}）に変わっています",
                field.name, field.label
            ),
            format!("Excel has turned \"{}\" into a day or time ({day})", field.name),
        ),
        mend: (
            "「1/2」や「8-31」のような入力は日付とみなされます。セルの表示形式を「文字列」にしてから、入力し直してください".into(),
            "set the cell's format to text, then type it again".into(),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use enmusubi_criteria::schema;

    fn field(section: &str, name: &str) -> &'static FieldSchema {
        let fields = schema::section(section).unwrap().fields;
        fields.iter().find(|f| f.name == name).unwrap()
    }

    #[test]
    fn what_people_type_is_read() {
        let text = |t: &str| Raw::Text(t.into());
        let check = |section: &str, name: &str, raw: Raw, expect: Scalar| {
            assert_eq!(
                value(field(section, name), &raw),
                Ok(expect),
                "{name} {raw:?}"
            );
        };
        check("row", "id", text(" Ａ１ "), Scalar::Text("A1".into()));
        check("row", "id", Raw::Number(140.0), Scalar::Text("140".into()));
        check("row", "from", text("１４０"), Scalar::Integer(140));
        check("row", "from", Raw::Number(0.5), Scalar::Text("0.5".into()));
        check("row", "from", Raw::Number(140.0), Scalar::Integer(140));
        check("row", "points", text("－１０"), Scalar::Integer(-10));
        check(
            "row",
            "points",
            Raw::Number(-2.5),
            Scalar::Text("-2.5".into()),
        );
        check("row", "points", text("A + 1"), Scalar::Text("A + 1".into()));
        check("row", "fill", Raw::Bool(true), Scalar::Bool(true));
        check("row", "fill", text("いいえ"), Scalar::Bool(false));
        check("row", "page", text("=8-31"), Scalar::Text("=8-31".into()));
        check(
            "table",
            "take",
            text("最高 "),
            Scalar::Text("highest".into()),
        );
        check(
            "table",
            "take",
            text("highest"),
            Scalar::Text("highest".into()),
        );
        check(
            "monotone",
            "better",
            text("多い方(はい)"),
            Scalar::Text("more".into()),
        );
        let two = Scalar::List(vec!["a".into(), "b".into()]);
        for list in ["a、b", "a, b", "a\nb\n", "[\"a\", \"b\"]"] {
            check("row", "excludes", text(list), two.clone());
        }
    }

    #[test]
    fn what_excel_spoiled_is_told() {
        let day = ExcelDateTime::new(46024.0, calamine::ExcelDateTimeType::DateTime, false);
        let p = value(field("row", "page"), &Raw::Day(day)).unwrap_err();
        assert_eq!(p.code, Some("C152"));
        assert!(p.what.0.contains("2026-01-02"), "{}", p.what.0);
        let p = value(field("row", "points"), &Raw::Error(CellErrorType::Ref)).unwrap_err();
        assert_eq!(p.code, Some("C153"));
        for (name, raw) in [
            ("from", Raw::Text("140時間".into())),
            ("fill", Raw::Text("未".into())),
            ("points", Raw::Number(1e15)),
            ("discretion", Raw::Text("任意".into())),
        ] {
            assert!(value(field("row", name), &raw).is_err(), "{name}");
        }
    }
}
