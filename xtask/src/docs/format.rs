//! `docs/criteria-format.md`: sections and fields from the schema, between chapters that people
//! wrote (`format/*.txt`: their links are those of the document).

use super::{HEAD, head, row, vocabulary};
use enmusubi_criteria::schema::{FieldKind, SECTIONS, SectionSchema};
use std::fmt::Write as _;

pub fn text() -> String {
    [
        format!("{HEAD}\n"),
        include_str!("format/1-opening.txt").to_owned(),
        include_str!("format/2-steps.txt").to_owned(),
        include_str!("format/3-sections.txt").to_owned(),
        sections(),
        include_str!("format/4-expressions.txt").to_owned(),
        vocabulary::units(),
        include_str!("format/5-key.txt").to_owned(),
        include_str!("format/6-holes.txt").to_owned(),
        include_str!("format/7-testing.txt").to_owned(),
    ]
    .join("\n")
}

fn sections() -> String {
    let mut out = String::new();
    head(&mut out, &["節", "シート", "何を書くか"]);
    for s in SECTIONS {
        let link = format!("[`{}`](#{}-{})", shown(s), s.name, s.label);
        row(&mut out, &[&link, s.label, s.doc]);
    }
    for s in SECTIONS {
        let _ = write!(out, "\n### {} {}\n\n{}", s.name, s.label, s.doc);
        let _ = match s
            .within
            .and_then(|outer| SECTIONS.iter().find(|o| o.name == outer))
        {
            Some(outer) => writeln!(
                out,
                "`{}` で名指しした `[[{}]]` の下に書きます。\n",
                outer.name, outer.name
            ),
            None => writeln!(out, "\n"),
        };
        head(&mut out, &["項目", "列", "必須", "内容", "意味"]);
        for f in s.fields {
            let must = if f.required { "必須" } else { "" };
            let name = format!("`{}`", f.name);
            row(&mut out, &[&name, f.label, must, &kind(f.kind), f.doc]);
        }
    }
    out
}

fn shown(s: &SectionSchema) -> String {
    if s.single {
        format!("[{}]", s.name)
    } else {
        format!("[[{}]]", s.name)
    }
}

fn kind(kind: FieldKind) -> String {
    match kind {
        FieldKind::Id => "ID".to_owned(),
        FieldKind::Text => "文字".to_owned(),
        FieldKind::Expression => "式".to_owned(),
        FieldKind::IntegerOrExpression => "整数または式".to_owned(),
        FieldKind::Number => "整数または `\"0.5\"` のような小数".to_owned(),
        FieldKind::Integer => "整数".to_owned(),
        FieldKind::Bool => "はい／いいえ（`true`／`false`）".to_owned(),
        FieldKind::OneOf(values) => values
            .iter()
            .map(|v| format!("`{v}`"))
            .collect::<Vec<_>>()
            .join("、"),
        FieldKind::List => "並び `[\"…\", \"…\"]`".to_owned(),
        FieldKind::Inline => "事実 `{ 名前 = 値 }`".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{collections::BTreeSet, fs};

    #[test]
    fn every_section_and_field_is_there() {
        let text = text();
        for s in SECTIONS {
            assert!(text.contains(&format!("\n### {} {}\n", s.name, s.label)));
            for f in s.fields {
                assert!(text.contains(&format!("| `{}` | {} |", f.name, f.label)));
            }
        }
    }

    /// The Japanese table of expressions speaks of everything that the English one in
    /// `expression.rs` does: whoever adds a function there is reminded here.
    #[test]
    fn every_function_of_the_expressions_is_explained() {
        let path = crate::root().join("crates/criteria/src/expression.rs");
        let english = fs::read_to_string(path).unwrap_or_default();
        let called: BTreeSet<&str> = english
            .lines()
            .filter_map(|l| l.strip_prefix("//!"))
            .flat_map(|l| l.split('`').skip(1).step_by(2))
            .flat_map(|code| code.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '(')))
            .filter_map(|word| word.split_once('(').map(|(name, _)| name))
            .filter(|name| !name.is_empty())
            .collect();
        assert!(called.len() > 12, "{called:?}");
        let japanese = include_str!("format/4-expressions.txt");
        let missing: Vec<_> = called
            .iter()
            .filter(|name| !japanese.contains(&format!("{name}(")))
            .collect();
        assert!(missing.is_empty(), "{missing:?}");
    }
}
