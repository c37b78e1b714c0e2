//! Which column of a sheet holds what: common to writing and reading.

use enmusubi_criteria::schema::{FieldKind, FieldSchema, SectionSchema};
use unicode_normalization::UnicodeNormalization as _;

/// The sheet that explains the others; not read.
pub(super) const GUIDE: &str = "使い方";

/// Ending of the headers of columns that are not read.
pub(super) const IN_WORDS: &str = "（言葉）";

/// Mark of headers whose column must be filled.
pub(super) const REQUIRED: char = '※';

/// Header: the label as people know it, and below it the name that messages use.
pub(super) fn header(field: &FieldSchema) -> String {
    let mark = if field.required {
        REQUIRED.to_string()
    } else {
        String::new()
    };
    format!("{}{mark}\n{}", field.label, field.name)
}

/// Header of the column that says a field's expression in words.
pub(super) fn words_header(field: &FieldSchema) -> String {
    format!("{}{IN_WORDS}", field.label)
}

/// Whether a header is one of a column that is not read.
pub(super) fn is_words_header(text: &str) -> bool {
    text.trim_end().ends_with(IN_WORDS)
}

/// The field a header stands for: by its name or by its label, in any width of letters.
pub(super) fn field_of(schema: &'static SectionSchema, text: &str) -> Option<&'static FieldSchema> {
    let lines: Vec<String> = text
        .nfkc()
        .collect::<String>()
        .lines()
        .map(|l| l.trim().trim_end_matches(REQUIRED).trim().to_owned())
        .collect();
    let label = |f: &FieldSchema| f.label.nfkc().collect::<String>();
    let named = lines
        .iter()
        .rev()
        .find_map(|l| schema.fields.iter().find(|f| f.name == l));
    named.or_else(|| {
        let first = lines.first()?;
        schema.fields.iter().find(|f| label(f) == *first)
    })
}

/// The label that a changed header was: the same without blanks, or the longest that it contains.
pub(super) fn nearest(schema: &SectionSchema, text: &str) -> Option<&'static str> {
    let bare: String = text
        .nfkc()
        .filter(|c| !c.is_whitespace() && *c != REQUIRED)
        .collect();
    schema
        .fields
        .iter()
        .map(|f| f.label)
        .filter(|label| bare.contains(*label))
        .max_by_key(|label| label.len())
}

/// Whether a field may hold an expression.
pub(super) fn is_expression(kind: FieldKind) -> bool {
    matches!(kind, FieldKind::Expression | FieldKind::IntegerOrExpression)
}

/// Text fields that hold a name out of a list, where blanks around it mean nothing.
pub(super) fn is_name(field: &FieldSchema) -> bool {
    matches!(field.name, "unit" | "unit2" | "municipality" | "fact")
}
