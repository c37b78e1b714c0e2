//! A criteria file in TOML → [`Document`], by the schema. Reading never stops at the first problem.

use crate::{
    diagnostic::Diagnostics,
    document::{Document, Field, Place, Record, Scalar, Section},
    expression::Span,
    form::{check_scalar, expected, missing, required_sections, wrong_value},
    inline::Item,
    schema::{FieldKind, FieldSchema, SECTIONS, SectionSchema},
    suggest, toml_words,
};
use std::borrow::Cow;
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

/// More than any criteria file needs.
const BYTES_MAX: usize = 4 << 20;

/// The text of a file without byte order mark, to which all positions refer; bytes that are no
/// UTF-8 are shown as `�`.
#[must_use]
pub fn text_of(bytes: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes))
}

/// Reads a criteria file. Everything wrong with its form is in the diagnostics; what could be read is
/// in the document. `None`: nothing could be read at all.
#[must_use]
pub fn read_toml(_name: &str, bytes: &[u8]) -> (Option<Document>, Diagnostics) {
    let mut all = Diagnostics::default();
    if bytes.len() > BYTES_MAX {
        all.error(
            "C001",
            Place::None,
            (
                "ファイルが大きすぎます（4MBまで）",
                "the file is too large (4 MB at most)",
            ),
            (
                "基準のファイルを選んでいるか確かめてください",
                "is this the criteria file?",
            ),
        );
        return (None, all);
    }
    let text = text_of(bytes);
    if let Cow::Owned(text) = &text {
        let at = text.find('\u{FFFD}').unwrap_or(0);
        all.error(
            "C002",
            at..at + '\u{FFFD}'.len_utf8(),
            ("文字コードがUTF-8ではありません", "the file is not UTF-8"),
            (
                "エディタで文字コードを「UTF-8」にして保存し直してください",
                "save the file as UTF-8",
            ),
        );
        return (None, all);
    }
    let (table, errors) = DeTable::parse_recoverable(&text);
    for e in &errors {
        let span = e.span().unwrap_or(0..0);
        toml_words::report(&text, span, e.message(), &mut all);
    }
    for span in comments(&text) {
        all.warning(
            "C010",
            span,
            (
                "コメントは、Excelとの往復で失われます",
                "comments are lost on the way through Excel",
            ),
            (
                "残したい文は note = \"…\" に書いてください",
                "write what must be kept in note = \"…\"",
            ),
        );
    }
    if !errors.is_empty() {
        // What follows a broken line may be read as part of something else: nothing can be said about it.
        all.sort();
        return (None, all);
    }
    let mut reader = Reader { all };
    let document = reader.document(table.get_ref());
    reader.all.sort();
    (Some(document), reader.all)
}

struct Reader {
    all: Diagnostics,
}

impl Reader {
    fn document(&mut self, table: &DeTable<'_>) -> Document {
        let names: Vec<&str> = SECTIONS.iter().map(|s| s.name).collect();
        for (name, _) in table {
            if !names.contains(&name.get_ref().as_ref()) {
                let name_text = name.get_ref();
                self.all.error(
                    "C004",
                    name.span(),
                    (
                        format!("「{name_text}」という区画はありません"),
                        format!("there is no section \"{name_text}\""),
                    ),
                    suggest::mend(name_text, &names),
                );
            }
        }
        let mut document = Document::default();
        for schema in SECTIONS {
            let Some((key, value)) = table
                .iter()
                .find(|(k, _)| k.get_ref().as_ref() == schema.name)
            else {
                continue;
            };
            let rows = self.section(schema, &key.span(), value);
            if !rows.is_empty() {
                document.sections.push(Section {
                    name: schema.name,
                    rows,
                });
            }
        }
        document.arrange();
        required_sections(&document, &Place::Text(0..0), &mut self.all);
        document
    }

    fn section(
        &mut self,
        schema: &'static SectionSchema,
        key: &Span,
        value: &Spanned<DeValue<'_>>,
    ) -> Vec<Record> {
        let name = schema.name;
        match (value.get_ref(), schema.single) {
            (DeValue::Table(table), true) => vec![self.record(schema, table, value.span())],
            (DeValue::Array(items), false) => items
                .iter()
                .filter_map(|item| match item.get_ref() {
                    DeValue::Table(table) => Some(self.record(schema, table, item.span())),
                    _ => {
                        self.shape(key, name, schema.single);
                        None
                    }
                })
                .collect(),
            // One pair of brackets too many says as much.
            (DeValue::Array(items), true) if items.len() == 1 => {
                self.shape(key, name, true);
                match items[0].get_ref() {
                    DeValue::Table(table) => vec![self.record(schema, table, items[0].span())],
                    _ => Vec::new(),
                }
            }
            (DeValue::Table(table), false) => {
                self.shape(key, name, false);
                vec![self.record(schema, table, value.span())]
            }
            _ => {
                self.shape(key, name, schema.single);
                Vec::new()
            }
        }
    }

    fn shape(&mut self, key: &Span, name: &str, single: bool) {
        let form = if single {
            format!("[{name}]")
        } else {
            format!("[[{name}]]")
        };
        self.all.error(
            "C005",
            key.clone(),
            (
                format!("「{name}」は {form} の形で書きます"),
                format!("\"{name}\" is written as {form}"),
            ),
            ("かっこの数を直してください", "correct the brackets"),
        );
    }

    fn record(
        &mut self,
        schema: &'static SectionSchema,
        table: &DeTable<'_>,
        span: Span,
    ) -> Record {
        let known: Vec<&str> = schema.fields.iter().map(|f| f.name).collect();
        let mut unread = false;
        for (key, _) in table {
            let name = key.get_ref();
            if !known.contains(&name.as_ref()) {
                unread = true;
                self.all.error(
                    "C006",
                    key.span(),
                    (
                        format!("[{}] に「{name}」という項目はありません", schema.name),
                        format!("[{}] has no field \"{name}\"", schema.name),
                    ),
                    suggest::mend(name, &known),
                );
            }
        }
        let mut missing_in: Vec<&FieldSchema> = Vec::new();
        let mut record = Record {
            fields: Vec::new(),
            place: Place::Text(span.clone()),
            unread,
        };
        for field in schema.fields {
            let found = table
                .iter()
                .find(|(k, _)| k.get_ref().as_ref() == field.name);
            match found {
                Some((_, value)) => {
                    if let Some(scalar) = self.scalar(field, value) {
                        record.fields.push(Field {
                            name: field.name,
                            value: scalar,
                            place: Place::Text(value.span()),
                        });
                    } else {
                        record.unread = true;
                    }
                }
                None if field.required => {
                    record.unread = true;
                    missing_in.push(field);
                }
                None => {}
            }
        }
        for field in missing_in {
            let at = Place::Text(span.clone());
            missing(schema, field, record.text("id"), at, &mut self.all);
        }
        record
    }

    fn scalar(&mut self, field: &FieldSchema, value: &Spanned<DeValue<'_>>) -> Option<Scalar> {
        let read = raw(field.kind, value).and_then(|s| check_scalar(field.kind, s));
        match read {
            Ok(scalar) => Some(scalar),
            Err(mend) => {
                wrong_value(field, Place::Text(value.span()), mend, &mut self.all);
                None
            }
        }
    }
}

/// A value as the schema's kind of field holds it.
fn raw(kind: FieldKind, value: &Spanned<DeValue<'_>>) -> Result<Scalar, (String, String)> {
    if kind == FieldKind::Inline {
        return Item::of(value, 0)
            .map(|item| Scalar::Inline(item.text().into()))
            .map_err(|e| e.what);
    }
    match value.get_ref() {
        DeValue::String(s) => Ok(Scalar::Text(s.as_ref().into())),
        DeValue::Boolean(b) => Ok(Scalar::Bool(*b)),
        DeValue::Integer(i) => i64::from_str_radix(i.as_str(), i.radix())
            .map(Scalar::Integer)
            .map_err(|_| ("数が大きすぎます".into(), "the number is too large".into())),
        DeValue::Float(f) => Err((
            format!(
                "小数は \"{}\" のように文字で書いてください（数のままでは正確に読めません）",
                f.as_str()
            ),
            format!(
                "write a decimal as text, \"{}\" (as a number it would not be exact)",
                f.as_str()
            ),
        )),
        DeValue::Array(items) => {
            let mut list = Vec::new();
            for item in items.iter() {
                match item.get_ref() {
                    DeValue::String(s) => list.push(s.as_ref().into()),
                    _ => return Err(expected(FieldKind::List)),
                }
            }
            Ok(Scalar::List(list))
        }
        DeValue::Datetime(_) | DeValue::Table(_) => Err(expected(kind)),
    }
}

/// Comments of a TOML text: `#` outside of strings, to the end of the line.
fn comments(text: &str) -> Vec<Span> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'#' => {
                let end = text[at..].find('\n').map_or(text.len(), |n| at + n);
                found.push(at..end);
                at = end;
            }
            quote @ (b'"' | b'\'') => at = string_end(bytes, at, quote),
            _ => at += 1,
        }
    }
    found
}

/// The byte after a string that begins at `at`; a string without end ends with its line.
fn string_end(bytes: &[u8], at: usize, quote: u8) -> usize {
    let long = bytes[at..].starts_with(&[quote; 3]);
    let mut i = at + if long { 3 } else { 1 };
    while i < bytes.len() {
        match bytes[i] {
            b'\\' if quote == b'"' => i += 2,
            b'\n' if !long => return i,
            b if b == quote && !long => return i + 1,
            b if b == quote && bytes[i..].starts_with(&[quote; 3]) => return i + 3,
            _ => i += 1,
        }
    }
    bytes.len()
}
