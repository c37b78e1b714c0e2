//! TOML with the position of everything: every unknown key and wrong value is reported with its
//! line, not only the first.

use crate::{
    Source,
    diagnostic::{At, Diagnostics, Text, kind},
};
use std::{borrow::Cow, ops::Range};
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

/// A TOML file being read.
pub(crate) struct File<'a, 'd> {
    pub name: &'a str,
    text: &'a str,
    pub all: &'d mut Diagnostics,
}

/// A table of the file, and which of its keys have been asked for.
pub(crate) struct Section<'t, 'a> {
    table: &'t DeTable<'a>,
    /// Path for messages, e.g. `[[pool]] 2`.
    pub path: String,
    /// Where the section begins.
    pub span: Range<usize>,
    known: Vec<&'static str>,
}

/// Text of a file, or the reason it cannot be read.
pub(crate) fn text<'a>(source: &Source<'a>, all: &mut Diagnostics) -> Option<Cow<'a, str>> {
    let bytes = source
        .bytes
        .strip_prefix(b"\xEF\xBB\xBF")
        .unwrap_or(source.bytes);
    if bytes.len() > 16 << 20 {
        all.add(&kind::TOO_LARGE, source.name, At::default());
        return None;
    }
    if source.bytes.starts_with(b"\xFF\xFE") || source.bytes.starts_with(b"\xFE\xFF") {
        all.add(&kind::UTF16, source.name, At::default());
        return None;
    }
    match std::str::from_utf8(bytes) {
        Ok(t) => Some(Cow::Borrowed(t)),
        // Notepad of older Windows saves CP932.
        Err(_) => match encoding_rs::SHIFT_JIS.decode_without_bom_handling(bytes) {
            (text, false) => Some(Cow::Owned(text.into_owned())),
            (_, true) => {
                all.add(&kind::BAD_BYTES, source.name, At::default());
                None
            }
        },
    }
}

impl<'a, 'd> File<'a, 'd> {
    /// Parses; syntax errors are reported, and what could be read is returned.
    pub fn parse(
        name: &'a str,
        text: &'a str,
        all: &'d mut Diagnostics,
    ) -> (Self, Spanned<DeTable<'a>>) {
        let (table, errors) = DeTable::parse_recoverable(text);
        let file = Self { name, text, all };
        for e in errors {
            let line = e.span().map(|s| file.line(s.start));
            let at = At {
                row: line,
                ..At::default()
            };
            file.all.add_with(&kind::TOML_SYNTAX, name, at, || {
                let message = e.message().to_owned();
                Text::new(message.clone(), message)
            });
        }
        (file, table)
    }

    /// Line of a byte position, 1-based.
    pub fn line(&self, at: usize) -> u32 {
        let before = &self.text.as_bytes()[..at.min(self.text.len())];
        before.iter().filter(|b| **b == b'\n').count() as u32 + 1
    }

    /// Reports a wrong value.
    pub fn bad(&mut self, key: &str, span: &Range<usize>, ja: &str, en: &str) {
        self.report(&kind::BAD_VALUE, key, span, ja, en);
    }

    /// Reports any problem at a place.
    pub fn report(
        &mut self,
        kind: &'static crate::diagnostic::Kind,
        key: &str,
        span: &Range<usize>,
        ja: &str,
        en: &str,
    ) {
        let value = self
            .text
            .get(span.clone())
            .and_then(|v| v.lines().next())
            .map(str::to_owned);
        let at = At {
            row: Some(self.line(span.start)),
            column: Some(key),
            value: value.as_deref(),
        };
        self.all.add_with(kind, self.name, at, || Text::new(ja, en));
    }

    /// Reports keys nobody asked for.
    pub fn finish(&mut self, section: &Section<'_, '_>) {
        for (key, _) in section.table {
            let name: &str = key.get_ref();
            if section.known.contains(&name) {
                continue;
            }
            self.unknown_key(name, &key.span(), &section.known);
        }
    }

    /// Reports an unknown key with the nearest known one.
    pub fn unknown_key(&mut self, name: &str, span: &Range<usize>, known: &[&str]) {
        let at = At {
            row: Some(self.line(span.start)),
            column: Some(name),
            value: None,
        };
        let near = known
            .iter()
            .map(|k| (strsim::jaro_winkler(k, name), *k))
            .filter(|(likeness, _)| *likeness > 0.75)
            .max_by(|a, b| a.0.total_cmp(&b.0));
        self.all
            .add_with(&kind::UNKNOWN_KEY, self.name, at, || match near {
                Some((_, k)) => Text::new(
                    format!("「{k}」のことですか"),
                    format!("did you mean \"{k}\"?"),
                ),
                None => {
                    let list = known.join(", ");
                    Text::new(format!("使えるキー: {list}"), format!("known keys: {list}"))
                }
            });
    }

    /// Reports a missing key.
    pub fn missing(&mut self, section: &Section<'_, '_>, key: &str) {
        let at = At {
            row: Some(self.line(section.span.start)),
            column: Some(key),
            value: None,
        };
        self.all.add_with(&kind::MISSING_KEY, self.name, at, || {
            Text::new(section.path.clone(), section.path.clone())
        });
    }
}

impl<'t, 'a> Section<'t, 'a> {
    /// The whole file.
    pub fn root(table: &'t Spanned<DeTable<'a>>) -> Self {
        Self {
            table: table.get_ref(),
            path: String::new(),
            span: 0..0,
            known: Vec::new(),
        }
    }

    /// Every entry, for tables whose keys are free.
    pub fn entries(
        &self,
    ) -> impl Iterator<Item = (&'t str, Range<usize>, &'t Spanned<DeValue<'a>>)> {
        self.table
            .iter()
            .map(|(k, v)| (&**k.get_ref(), k.span(), v))
    }

    /// A value, whatever it is.
    pub fn get(&mut self, key: &'static str) -> Option<&'t Spanned<DeValue<'a>>> {
        self.known.push(key);
        self.table.get(key)
    }

    /// A string; a number counts as its digits (ids are often written bare).
    pub fn string(
        &mut self,
        file: &mut File<'_, '_>,
        key: &'static str,
    ) -> Option<(String, Range<usize>)> {
        let value = self.get(key)?;
        match as_string(value) {
            Some(s) => Some((s, value.span())),
            None => {
                file.bad(
                    key,
                    &value.span(),
                    "文字列を \"…\" で書いてください",
                    "write a string in \"…\"",
                );
                None
            }
        }
    }

    /// A string that must be there.
    pub fn required(
        &mut self,
        file: &mut File<'_, '_>,
        key: &'static str,
    ) -> Option<(String, Range<usize>)> {
        if !self.table.contains_key(key) {
            self.known.push(key);
            file.missing(self, key);
            return None;
        }
        self.string(file, key)
    }

    /// A list of strings; one string counts as a list of one.
    pub fn strings(
        &mut self,
        file: &mut File<'_, '_>,
        key: &'static str,
    ) -> Option<Vec<(String, Range<usize>)>> {
        let value = self.get(key)?;
        let mut list = Vec::new();
        let items = match value.get_ref() {
            DeValue::Array(items) => items.iter().collect::<Vec<_>>(),
            _ => vec![value],
        };
        for item in items {
            match as_string(item) {
                Some(s) => list.push((s, item.span())),
                None => file.bad(
                    key,
                    &item.span(),
                    "文字列の一覧を書いてください",
                    "write a list of strings",
                ),
            }
        }
        Some(list)
    }

    /// One of a few words.
    pub fn word<T: Copy>(
        &mut self,
        file: &mut File<'_, '_>,
        key: &'static str,
        words: &[(&str, T)],
    ) -> Option<T> {
        let (text, span) = self.string(file, key)?;
        let found = words.iter().find(|(w, _)| *w == text).map(|(_, t)| *t);
        if found.is_none() {
            let list: Vec<String> = words.iter().map(|(w, _)| format!("\"{w}\"")).collect();
            let list = list.join(" / ");
            file.bad(
                key,
                &span,
                &format!("書ける値: {list}"),
                &format!("one of {list}"),
            );
        }
        found
    }

    /// `true` or `false`.
    pub fn flag(&mut self, file: &mut File<'_, '_>, key: &'static str) -> Option<bool> {
        let value = self.get(key)?;
        if let DeValue::Boolean(b) = value.get_ref() {
            return Some(*b);
        }
        file.bad(
            key,
            &value.span(),
            "true か false を書いてください",
            "write true or false",
        );
        None
    }

    /// A whole number of 0 or more.
    pub fn number(&mut self, file: &mut File<'_, '_>, key: &'static str) -> Option<u32> {
        let value = self.get(key)?;
        let n = as_u32(value);
        if n.is_none() {
            file.bad(
                key,
                &value.span(),
                "0以上の整数を書いてください",
                "write a whole number of 0 or more",
            );
        }
        n
    }

    /// A table.
    pub fn section(
        &mut self,
        file: &mut File<'_, '_>,
        key: &'static str,
    ) -> Option<Section<'t, 'a>> {
        let value = self.get(key)?;
        match value.get_ref() {
            DeValue::Table(table) => Some(Section {
                table,
                path: format!("[{key}]"),
                span: value.span(),
                known: Vec::new(),
            }),
            _ => {
                file.bad(
                    key,
                    &value.span(),
                    "表（[…] または { … }）を書いてください",
                    "write a table",
                );
                None
            }
        }
    }

    /// A list of tables.
    pub fn sections(&mut self, file: &mut File<'_, '_>, key: &'static str) -> Vec<Section<'t, 'a>> {
        let Some(value) = self.get(key) else {
            return Vec::new();
        };
        let items: Vec<&Spanned<DeValue<'a>>> = match value.get_ref() {
            DeValue::Array(items) => items.iter().collect(),
            _ => vec![value],
        };
        let mut sections = Vec::new();
        for (i, item) in items.into_iter().enumerate() {
            match item.get_ref() {
                DeValue::Table(table) => sections.push(Section {
                    table,
                    path: format!("[[{key}]] {}", i + 1),
                    span: item.span(),
                    known: Vec::new(),
                }),
                _ => file.bad(
                    key,
                    &item.span(),
                    "表の一覧（[[…]]）を書いてください",
                    "write a list of tables",
                ),
            }
        }
        sections
    }

    /// Age classes; one counts as a list of one.
    pub fn ages(&mut self, file: &mut File<'_, '_>, key: &'static str) -> Option<Vec<u8>> {
        let value = self.get(key)?;
        let items: Vec<&Spanned<DeValue<'a>>> = match value.get_ref() {
            DeValue::Array(items) => items.iter().collect(),
            _ => vec![value],
        };
        let mut ages = Vec::new();
        for item in items {
            match as_u32(item)
                .and_then(|n| u8::try_from(n).ok())
                .filter(|n| *n <= 5)
            {
                Some(age) => ages.push(age),
                None => file.bad(
                    key,
                    &item.span(),
                    "年齢は 0〜5 の整数です",
                    "ages are whole numbers from 0 to 5",
                ),
            }
        }
        Some(ages)
    }
}

pub(crate) fn as_string(value: &Spanned<DeValue<'_>>) -> Option<String> {
    match value.get_ref() {
        DeValue::String(s) => Some(s.trim().to_owned()),
        DeValue::Integer(i) if i.radix() == 10 => Some(i.as_str().to_owned()),
        _ => None,
    }
}

pub(crate) fn as_u32(value: &Spanned<DeValue<'_>>) -> Option<u32> {
    match value.get_ref() {
        DeValue::Integer(i) => u32::from_str_radix(i.as_str(), i.radix()).ok(),
        _ => None,
    }
}
