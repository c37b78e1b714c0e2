//! Nested values of examples: inline TOML as a tree, with positions, and its canonical text.

use crate::{document::Scalar, expression::Span};
use std::fmt::Write as _;
use toml::{Spanned, de::DeValue};

/// A nested value and where it stands.
#[derive(Debug, Clone)]
pub struct Item {
    /// The value.
    pub value: Inline,
    /// Where.
    pub span: Span,
}

/// Equality of content: positions do not count.
impl PartialEq for Item {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

/// A nested value.
#[derive(Debug, Clone, PartialEq)]
pub enum Inline {
    /// `"text"`; also a day, `"2027-04-01"`.
    Text(Box<str>),
    /// `12`.
    Integer(i64),
    /// `true`.
    Bool(bool),
    /// `[a, b]`.
    List(Vec<Item>),
    /// `{ name = value }`, in the order written.
    Table(Vec<Entry>),
}

/// One entry of a nested table.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Its name.
    pub name: Box<str>,
    /// Where the name stands.
    pub span: NameSpan,
    /// Its value.
    pub item: Item,
}

/// Where a name stands; all are equal.
#[derive(Debug, Clone, Default)]
pub struct NameSpan(pub Span);

impl PartialEq for NameSpan {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

/// What a criteria file may not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InlineError {
    /// Where.
    pub span: Span,
    /// What is wrong, in Japanese and English.
    pub what: (String, String),
}

impl Item {
    /// Reads inline TOML that begins at byte `at` of its file.
    ///
    /// # Errors
    /// What is no TOML, and numbers with a fraction (they are written as text).
    pub fn parse(text: &str, at: usize) -> Result<Self, InlineError> {
        let value = DeValue::parse(text).map_err(|e| {
            let span = e.span().unwrap_or(0..text.len());
            InlineError {
                span: at + span.start..at + span.end,
                what: (
                    format!("TOMLの値として読めません（{}）", e.message()),
                    format!("not a TOML value ({})", e.message()),
                ),
            }
        })?;
        Self::of(&value, at)
    }

    /// From a value of a TOML file; positions are moved by `at`.
    pub(crate) fn of(value: &Spanned<DeValue<'_>>, at: usize) -> Result<Self, InlineError> {
        let span = at + value.span().start..at + value.span().end;
        let value = match value.get_ref() {
            DeValue::String(s) => Inline::Text(s.as_ref().into()),
            DeValue::Integer(i) => match i64::from_str_radix(i.as_str(), i.radix()) {
                Ok(n) => Inline::Integer(n),
                Err(_) => {
                    return Err(InlineError {
                        span,
                        what: ("数が大きすぎます".into(), "the number is too large".into()),
                    });
                }
            },
            DeValue::Boolean(b) => Inline::Bool(*b),
            // A day is kept as text, as in the round's tables.
            DeValue::Datetime(d) => Inline::Text(d.to_string().into()),
            DeValue::Float(f) => {
                return Err(InlineError {
                    span,
                    what: (
                        format!(
                            "小数は文字で書きます（\"{}\"）。数のままでは正確に読めません",
                            f.as_str()
                        ),
                        format!(
                            "write a decimal as text (\"{}\"); as a number it would not be exact",
                            f.as_str()
                        ),
                    ),
                });
            }
            DeValue::Array(items) => Inline::List(
                items
                    .iter()
                    .map(|i| Self::of(i, at))
                    .collect::<Result<_, _>>()?,
            ),
            DeValue::Table(table) => {
                let mut entries = Vec::new();
                for (name, value) in table {
                    entries.push(Entry {
                        name: name.get_ref().as_ref().into(),
                        span: NameSpan(at + name.span().start..at + name.span().end),
                        item: Self::of(value, at)?,
                    });
                }
                // The map is sorted by name; people wrote another order.
                entries.sort_by_key(|e| e.span.0.start);
                Inline::Table(entries)
            }
        };
        Ok(Self { value, span })
    }

    /// Canonical text, in one line.
    #[must_use]
    pub fn text(&self) -> String {
        let mut out = String::new();
        self.write(&mut out);
        out
    }

    fn write(&self, out: &mut String) {
        match &self.value {
            Inline::Text(t) => quote(out, t),
            Inline::Integer(n) => {
                let _ = write!(out, "{n}");
            }
            Inline::Bool(b) => {
                let _ = write!(out, "{b}");
            }
            Inline::List(items) => {
                out.push('[');
                for (i, item) in items.iter().enumerate() {
                    if i > 0 {
                        out.push_str(", ");
                    }
                    item.write(out);
                }
                out.push(']');
            }
            Inline::Table(entries) if entries.is_empty() => out.push_str("{}"),
            Inline::Table(entries) => {
                out.push_str("{ ");
                for (i, entry) in entries.iter().enumerate() {
                    if i > 0 {
                        out.push_str(", ");
                    }
                    name(out, &entry.name);
                    out.push_str(" = ");
                    entry.item.write(out);
                }
                out.push_str(" }");
            }
        }
    }

    /// The entries of a table.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        match &self.value {
            Inline::Table(entries) => entries,
            _ => &[],
        }
    }

    /// The elements of a list; a single value counts as a list of one.
    #[must_use]
    pub fn elements(&self) -> &[Self] {
        match &self.value {
            Inline::List(items) => items,
            _ => std::slice::from_ref(self),
        }
    }

    /// A plain value as people see it.
    #[must_use]
    pub fn plain(&self) -> Option<String> {
        match &self.value {
            Inline::Text(t) => Some(t.to_string()),
            Inline::Integer(n) => Some(n.to_string()),
            Inline::Bool(b) => Some(b.to_string()),
            _ => None,
        }
    }
}

/// The canonical value of an inline text: what the TOML reader would have made of it.
///
/// # Errors
/// As [`Item::parse`].
pub fn canonical(text: &str) -> Result<Scalar, InlineError> {
    Item::parse(text, 0).map(|item| Scalar::Inline(item.text().into()))
}

/// A basic TOML string.
pub(crate) fn quote(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

/// A key: bare where TOML allows it.
fn name(out: &mut String, text: &str) {
    let bare = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    if !text.is_empty() && text.chars().all(bare) {
        out.push_str(text);
    } else {
        quote(out, text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_text_for_one_value() {
        let wide = "[ {b=1,  a = 'x\"y'},\n  { 'あ' = [true , -2] } , {} ]";
        let item = Item::parse(wide, 10).unwrap();
        let text = item.text();
        assert_eq!(
            text,
            "[{ b = 1, a = \"x\\\"y\" }, { \"あ\" = [true, -2] }, {}]"
        );
        assert_eq!(Item::parse(&text, 0).unwrap(), item);
        assert_eq!(item.elements()[0].entries()[1].span.0, 19..20);
        assert_eq!(
            Item::parse("2027-04-01", 0).unwrap().text(),
            "\"2027-04-01\""
        );
        assert!(
            Item::parse("{ a = 1.5 }", 0)
                .unwrap_err()
                .what
                .0
                .contains("\"1.5\"")
        );
    }
}
