//! What a criteria file must have whatever its form, TOML or workbook: sections, fields, values of the right kind.

use crate::{
    diagnostic::Diagnostics,
    document::{Document, Place, Scalar},
    schema::{FieldKind, FieldSchema, SectionSchema},
    suggest,
};
use enmusubi_domain::facts::Exact;

/// Reports sections that every file needs. `at`: where to say so.
pub fn required_sections(document: &Document, at: &Place, all: &mut Diagnostics) {
    if document.rows("criteria").is_empty() {
        all.error(
            "C008",
            at,
            (
                "[criteria] がありません",
                "the section [criteria] is missing",
            ),
            (
                "どの自治体の、いつの基準かを [criteria] に書いてください",
                "say in [criteria] whose criteria these are, and of which year",
            ),
        );
    }
    if document.rows("ties").is_empty() {
        all.error(
            "C009",
            at,
            (
                "すべて同じになったときの扱いが決められていません",
                "what happens to equals is not declared",
            ),
            (
                "[ties]（シート「同順位」）に left = \"stop\"（決めるまで止める）、\"lottery\"（抽選）、\"equal\"（同じとみなす）、\"staff\"（職員が決める）のどれかを書いてください",
                "write left = \"stop\", \"lottery\", \"equal\" or \"staff\" in [ties]",
            ),
        );
    }
}

/// Reports a required field that is absent. `id`: of the row, where it has one.
pub fn missing(
    schema: &SectionSchema,
    field: &FieldSchema,
    id: Option<&str>,
    at: Place,
    all: &mut Diagnostics,
) {
    let (ja, en) = match id {
        Some(id) => (format!("「{id}」"), format!(" \"{id}\"")),
        None => Default::default(),
    };
    all.error(
        "C007",
        at,
        (
            format!(
                "[{}]{ja} に必要な項目「{}」（{}）がありません",
                schema.name, field.name, field.label
            ),
            format!("[{}]{en} needs the field \"{}\"", schema.name, field.name),
        ),
        (
            format!("{} を書いてください: {}", field.name, field.doc),
            format!("add {} = …", field.name),
        ),
    );
}

/// Reports a value that its field cannot hold. `mend`: what [`check_scalar`] says.
pub fn wrong_value(field: &FieldSchema, at: Place, mend: (String, String), all: &mut Diagnostics) {
    all.error(
        "C011",
        at,
        (
            format!(
                "「{}」（{}）の値が正しくありません",
                field.name, field.label
            ),
            format!("the value of \"{}\" is not right", field.name),
        ),
        mend,
    );
}

/// Whether a value is one that a kind of field may hold, in its canonical form: a whole number written as
/// text becomes a number. Used by the TOML reader and the workbook reader alike.
///
/// # Errors
/// What to write instead, in Japanese and English.
pub fn check_scalar(kind: FieldKind, value: Scalar) -> Result<Scalar, (String, String)> {
    let fits = match (kind, &value) {
        (FieldKind::Id, Scalar::Text(t)) => is_id(t),
        (FieldKind::Text, Scalar::Text(t)) => !t.trim().is_empty(),
        (FieldKind::Expression, Scalar::Text(t)) => !t.trim().is_empty(),
        (FieldKind::IntegerOrExpression | FieldKind::Number, Scalar::Integer(_)) => true,
        (FieldKind::IntegerOrExpression, Scalar::Text(t)) => {
            if let Some(n) = Exact::parse(t).and_then(Exact::as_whole) {
                return Ok(Scalar::Integer(n));
            }
            !t.trim().is_empty()
        }
        (FieldKind::Number, Scalar::Text(t)) => {
            let n = Exact::parse(t);
            if let Some(n) = n.and_then(Exact::as_whole) {
                return Ok(Scalar::Integer(n));
            }
            n.is_some()
        }
        (FieldKind::Integer, Scalar::Integer(_)) => true,
        (FieldKind::Bool, Scalar::Bool(_)) => true,
        (FieldKind::OneOf(words), Scalar::Text(t)) => {
            if !words.contains(&&**t) {
                let list: Vec<String> = words.iter().map(|w| format!("\"{w}\"")).collect();
                let list = list.join(" / ");
                return Err(match suggest::nearest(t, words.iter().copied()) {
                    Some(w) => (
                        format!("「{w}」のことですか。書ける値: {list}"),
                        format!("did you mean \"{w}\"? possible values: {list}"),
                    ),
                    None => (
                        format!("書ける値: {list}"),
                        format!("possible values: {list}"),
                    ),
                });
            }
            true
        }
        (FieldKind::List, Scalar::List(_)) => true,
        (FieldKind::Inline, Scalar::Inline(_)) => true,
        _ => false,
    };
    if fits { Ok(value) } else { Err(expected(kind)) }
}

/// What a kind of field holds, in words.
pub(crate) fn expected(kind: FieldKind) -> (String, String) {
    let (ja, en) = match kind {
        FieldKind::Id => (
            "ID は英数字と _ の名前、またはそれを - でつないだもの（\"work-140\" など）です",
            "an id is made of letters, digits, _ and - (\"work-140\")",
        ),
        FieldKind::Text => ("文字を \"…\" で書いてください", "write text in \"…\""),
        FieldKind::Expression => (
            "式を \"…\" で書いてください",
            "write an expression in \"…\"",
        ),
        FieldKind::IntegerOrExpression => (
            "整数、または式を \"…\" で書いてください",
            "write a whole number, or an expression in \"…\"",
        ),
        FieldKind::Number => (
            "整数、または小数を \"0.5\" のように書いてください",
            "write a whole number, or a decimal as \"0.5\"",
        ),
        FieldKind::Integer => (
            "整数だけを書いてください（「年度」や「点」は付けません）",
            "write a whole number",
        ),
        FieldKind::Bool => (
            "true（はい）か false（いいえ）を書いてください",
            "write true or false",
        ),
        FieldKind::OneOf(_) => (
            "決まった言葉の一つを \"…\" で書いてください",
            "write one of the known words in \"…\"",
        ),
        FieldKind::List => (
            "[\"…\", \"…\"] の形で書いてください",
            "write a list [\"…\", \"…\"]",
        ),
        FieldKind::Inline => (
            "{ 名前 = 値 } または [ … ] の形で書いてください",
            "write { name = value } or [ … ]",
        ),
    };
    (ja.into(), en.into())
}

/// Identifiers, also several joined by hyphens.
pub(crate) fn is_id(text: &str) -> bool {
    !text.is_empty()
        && text
            .split('-')
            .all(|part| !part.is_empty() && part.chars().all(word))
        && text.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
}

/// A name that expressions can use.
pub(crate) fn is_identifier(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') && text.chars().all(word)
}

fn word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}
