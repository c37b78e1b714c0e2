//! What differs between two criteria files, row by row by id.

use crate::{
    Criteria,
    diagnostic::Language,
    document::{Document, Record, Scalar},
    expression, in_words_of,
    schema::{FieldKind, SECTIONS, SectionSchema},
    word_labels::label_of,
};
use std::fmt::Write as _;

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Section.
    pub section: &'static str,
    /// Which row: its id, with the table's where ids are unique in their table only; empty for a section of
    /// one row.
    pub id: Box<str>,
    /// Its label, for people.
    pub label: Box<str>,
    /// What happened to it.
    pub what: What,
}

/// A field that differs: its name, before, after.
pub type Difference = (&'static str, Option<Box<str>>, Option<Box<str>>);

/// What happened to a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// Only the second file has it; its fields.
    Added(Vec<(&'static str, Box<str>)>),
    /// Only the first file has it; its fields.
    Removed(Vec<(&'static str, Box<str>)>),
    /// Both have it; fields that differ: name, before, after.
    Changed(Vec<Difference>),
    /// Equal, but it stands before or after others it did not (where order means something): ids before
    /// which it stands now.
    Moved,
}

/// Every difference, in the order of the schema, then of the second file.
#[must_use]
pub fn diff(before: &Document, after: &Document) -> Vec<Change> {
    let mut changes = Vec::new();
    for schema in SECTIONS {
        section(
            schema,
            before.rows(schema.name),
            after.rows(schema.name),
            &mut changes,
        );
    }
    changes
}

fn section(
    schema: &'static SectionSchema,
    before: &[Record],
    after: &[Record],
    changes: &mut Vec<Change>,
) {
    let old: Vec<Box<str>> = keys(schema, before);
    let new: Vec<Box<str>> = keys(schema, after);
    let change = |id: &str, record: &Record, what: What| Change {
        section: schema.name,
        id: id.into(),
        label: record
            .text("label")
            .or(record.text("title"))
            .unwrap_or_default()
            .into(),
        what,
    };
    for (id, record) in old.iter().zip(before) {
        if !new.contains(id) {
            changes.push(change(id, record, What::Removed(fields(record))));
        }
    }
    // Rows that stayed, in both orders: a row whose order changed is one that is not on a longest common way.
    let ids = |of: &'_ [Box<str>], also: &[Box<str>]| -> Vec<usize> {
        (0..of.len()).filter(|&i| also.contains(&of[i])).collect()
    };
    let stayed_old: Vec<&str> = ids(&old, &new).into_iter().map(|i| &*old[i]).collect();
    let stayed_new: Vec<&str> = ids(&new, &old).into_iter().map(|i| &*new[i]).collect();
    let kept = in_common_order(&stayed_old, &stayed_new);
    for (id, record) in new.iter().zip(after) {
        let Some(at) = old.iter().position(|o| o == id) else {
            changes.push(change(id, record, What::Added(fields(record))));
            continue;
        };
        let differing = fields_that_differ(schema, &before[at], record);
        if !differing.is_empty() {
            changes.push(change(id, record, What::Changed(differing)));
        }
        if ordered(schema) && !kept.contains(&&**id) {
            changes.push(change(id, record, What::Moved));
        }
    }
}

/// Sections where the order of rows means something.
fn ordered(schema: &SectionSchema) -> bool {
    matches!(
        schema.name,
        "row" | "value" | "change" | "stratum" | "key" | "pass" | "eligibility"
    )
}

/// The ids of a longest common subsequence.
fn in_common_order<'a>(a: &[&'a str], b: &[&'a str]) -> Vec<&'a str> {
    let mut length = vec![vec![0u32; b.len() + 1]; a.len() + 1];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            length[i][j] = if a[i] == b[j] {
                length[i + 1][j + 1] + 1
            } else {
                length[i + 1][j].max(length[i][j + 1])
            };
        }
    }
    let (mut i, mut j, mut kept) = (0, 0, Vec::new());
    while i < a.len() && j < b.len() {
        if a[i] == b[j] {
            kept.push(a[i]);
            i += 1;
            j += 1;
        } else if length[i + 1][j] >= length[i][j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    kept
}

/// The place of a row: see [`Change::place`].
#[must_use]
pub fn place(section: &str, id: &str) -> String {
    match id {
        "" => section.to_owned(),
        id => format!("{section}:{id}"),
    }
}

/// What tells the rows of a section apart.
pub(crate) fn keys(schema: &SectionSchema, rows: &[Record]) -> Vec<Box<str>> {
    rows.iter()
        .map(|r| {
            let text = |name: &str| r.text(name).unwrap_or_default();
            match schema.name {
                "band" | "group" => format!("{}/{}", text("table"), text("id")),
                "answer" => format!("{}/{}", text("question"), text("answer")),
                "monotone" => text("fact").to_owned(),
                _ => text("id").to_owned(),
            }
            .into()
        })
        .collect()
}

fn fields(record: &Record) -> Vec<(&'static str, Box<str>)> {
    record
        .fields
        .iter()
        .map(|f| (f.name, shown(&f.value)))
        .collect()
}

fn fields_that_differ(schema: &SectionSchema, before: &Record, after: &Record) -> Vec<Difference> {
    schema
        .fields
        .iter()
        .filter(|f| before.get(f.name) != after.get(f.name))
        .map(|f| {
            (
                f.name,
                before.get(f.name).map(shown),
                after.get(f.name).map(shown),
            )
        })
        .collect()
}

/// A value as people see it.
fn shown(value: &Scalar) -> Box<str> {
    match value {
        Scalar::Text(t) | Scalar::Inline(t) => t.clone(),
        Scalar::Integer(n) => n.to_string().into(),
        Scalar::Bool(true) => "はい".into(),
        Scalar::Bool(false) => "いいえ".into(),
        Scalar::List(items) => items.join("、").into(),
    }
}

impl Change {
    /// The place it is about: a row by section and id (`row:work-140`), a section of one row by its name (`transfers`). Where only
    /// the order of rows differs: the section (`key`).
    #[must_use]
    pub fn place(&self) -> String {
        match self.what {
            What::Moved => self.section.to_owned(),
            _ => place(self.section, &self.id),
        }
    }

    /// One difference in one or more lines.
    #[must_use]
    pub fn text(&self, language: Language) -> String {
        self.text_of(language, None, None)
    }

    /// The same, with expressions in words too, by the labels of the two files.
    #[must_use]
    pub fn text_of(
        &self,
        language: Language,
        old: Option<&Criteria>,
        new: Option<&Criteria>,
    ) -> String {
        let ja = language == Language::Japanese;
        let schema = SECTIONS.iter().find(|s| s.name == self.section);
        let section = match schema {
            Some(s) if ja => s.label,
            _ => self.section,
        };
        let label = |field: &'static str| {
            let found = schema.and_then(|s| s.fields.iter().find(|f| f.name == field));
            match found {
                Some(f) if ja => f.label,
                _ => field,
            }
        };
        let kind = |field: &str| {
            let found = schema.and_then(|s| s.fields.iter().find(|f| f.name == field));
            found.map_or(FieldKind::Text, |f| f.kind)
        };
        // Fixed words as people know them.
        let shown = |field: &str, value: &str| -> String {
            match kind(field) {
                FieldKind::OneOf(_) if ja => label_of(field, value).unwrap_or(value).to_owned(),
                _ => value.to_owned(),
            }
        };
        let said = |criteria: Option<&Criteria>, field: &str, value: Option<&str>| {
            let expression = matches!(
                kind(field),
                FieldKind::Expression | FieldKind::IntegerOrExpression
            );
            let criteria = criteria.filter(|_| expression)?;
            let e = expression::parse(value?, 0).ok()?;
            let number = matches!(e.kind, expression::Kind::Number(_));
            (!number).then(|| in_words_of(criteria, &e))
        };
        let mut out = String::new();
        let name = match (&*self.id, &*self.label) {
            ("", _) => section.to_owned(),
            (id, "") => format!("{section} {id}"),
            (id, text) if ja => format!("{section} {id}「{text}」"),
            (id, text) => format!("{section} {id} \"{text}\""),
        };
        let (sign, word) = match (&self.what, ja) {
            (What::Added(_), true) => ("＋", "追加"),
            (What::Removed(_), true) => ("−", "削除"),
            (What::Changed(_), true) => ("△", "変更"),
            (What::Moved, true) => ("↕", "順序の変更"),
            (What::Added(_), false) => ("+", "added"),
            (What::Removed(_), false) => ("-", "removed"),
            (What::Changed(_), false) => ("~", "changed"),
            (What::Moved, false) => ("^", "moved"),
        };
        let _ = writeln!(out, "{sign} {name}: {word}");
        match &self.what {
            What::Added(fields) | What::Removed(fields) => {
                for (field, value) in fields {
                    if !matches!(*field, "id" | "label" | "table") {
                        let _ = writeln!(out, "    {}: {}", label(field), shown(field, value));
                        let of = match self.what {
                            What::Added(_) => new,
                            _ => old,
                        };
                        if let Some(words) = said(of, field, Some(value)) {
                            let _ = writeln!(out, "      （{words}）");
                        }
                    }
                }
            }
            What::Changed(fields) => {
                for (field, before, after) in fields {
                    let none = if ja { "（なし）" } else { "(none)" };
                    let text = |value: &Option<Box<str>>| match value {
                        Some(value) => shown(field, value),
                        None => none.to_owned(),
                    };
                    let (a, b) = (text(before), text(after));
                    let _ = writeln!(out, "    {}: {a} → {b}", label(field));
                    let a = said(old, field, before.as_deref());
                    let b = said(new, field, after.as_deref());
                    if a.is_some() || b.is_some() {
                        let word = |w: Option<String>| w.unwrap_or_else(|| none.to_owned());
                        let _ = writeln!(out, "      （{} → {}）", word(a), word(b));
                    }
                }
            }
            What::Moved => {}
        }
        out
    }
}
