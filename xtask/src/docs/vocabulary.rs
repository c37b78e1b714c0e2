//! `docs/vocabulary.md`: every fact a criteria file may speak of.

use super::{HEAD, head, row};
use enmusubi_domain::facts::{
    Attribute, Blank, Entity, EnumType, Type, Unit,
    vocabulary::{Origin, VOCABULARY, of_entity},
};
use std::fmt::Write as _;

const OPENING: &str = "\
# 語彙

基準ファイルの式と、選考回のブックの列に使える事実のすべてです。式では `guardian.work_hours_per_month` のように、対象と名前を「.」でつなぎます。

- **空欄の意味**: 何も書かれていないときの扱い。「未確認」は、ないことでも0でもなく、その事実によって順位が変わりうる申込みは判定できません。
- **求**: ブックの列ではなく、ほかの表や事実から計算されるもの。
- **書類**: その事実を確かめる書類。判定できない申込みには、この書類が示されます。
- 単位の異なる量（週の時間と月の時間など）は比べられません。

";

pub fn text() -> String {
    let mut out = format!("{HEAD}\n\n{OPENING}");
    head(&mut out, &["対象", "名前", "事実の数"]);
    for &entity in Entity::ALL {
        let link = format!("[{}](#{})", entity.label(), anchor(entity.label()));
        let name = format!("`{}`", entity.name());
        row(
            &mut out,
            &[&link, &name, &of_entity(entity).count().to_string()],
        );
    }
    for &entity in Entity::ALL {
        let _ = write!(out, "\n## {}\n\n", entity.label());
        head(
            &mut out,
            &["名前", "列の名前", "型", "空欄の意味", "書類", "意味"],
        );
        for (_, a) in of_entity(entity) {
            row(
                &mut out,
                &[
                    &format!("`{}`", a.path()),
                    &label(a),
                    &ty(a.ty),
                    blank(a),
                    a.paper,
                    a.doc,
                ],
            );
        }
    }
    out.push_str(
        "\n## 選択肢\n\n式では左の名前を引用符で囲んで書きます。ブックには右の名前を書きます。\n",
    );
    for list in lists() {
        let _ = write!(out, "\n### {}\n\n", list.name);
        head(&mut out, &["式で書く名前", "意味"]);
        for (name, label) in list.values {
            row(&mut out, &[&format!("`'{name}'`"), label]);
        }
    }
    out.push_str("\n## 単位\n\n");
    out.push_str(&units());
    out
}

/// Where a heading is found: punctuation is dropped from addresses.
fn anchor(heading: &str) -> String {
    heading.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Units as a table, also for the format.
pub fn units() -> String {
    let mut out = String::new();
    head(&mut out, &["単位", "意味"]);
    for unit in Unit::ALL {
        row(&mut out, &[&format!("`{}`", unit.name()), unit.label()]);
    }
    out
}

/// Lists of values in the order in which they first appear.
fn lists() -> Vec<&'static EnumType> {
    let mut found: Vec<&EnumType> = Vec::new();
    for a in VOCABULARY {
        if let Type::Enum(list) | Type::Set(list) = a.ty
            && !found.contains(&list)
        {
            found.push(list);
        }
    }
    found
}

fn label(a: &Attribute) -> String {
    match a.origin {
        Origin::Stated => a.label.to_owned(),
        Origin::Derived => format!("{}（求）", a.label),
    }
}

fn ty(ty: Type) -> String {
    match ty {
        Type::Bool => "はい／いいえ".to_owned(),
        Type::Number => "数".to_owned(),
        Type::Quantity(unit) => format!("量 `{}`", unit.name()),
        Type::Date => "日".to_owned(),
        Type::Enum(list) => format!("選択肢 [{0}](#{0})", list.name),
        Type::Set(list) => format!("選択肢（複数） [{0}](#{0})", list.name),
        Type::Text => "文字".to_owned(),
        Type::Texts => "文字（複数）".to_owned(),
    }
}

fn blank(a: &Attribute) -> &'static str {
    match a.blank {
        Blank::Unknown => "未確認",
        Blank::No => "いいえ",
        Blank::Zero => "0",
        Blank::First => match a.ty {
            Type::Enum(list) => list.values.first().map_or("", |(_, label)| label),
            _ => "",
        },
        Blank::EmptySet => "どれも当てはまらない",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fact_value_and_unit_is_there() {
        let text = text();
        for a in VOCABULARY {
            assert!(text.contains(&format!("`{}`", a.path())), "{}", a.path());
            assert!(text.contains(a.doc), "{}", a.path());
        }
        for list in lists() {
            assert_eq!(text.matches(&format!("### {}\n", list.name)).count(), 1);
        }
        assert!(text.contains("`hours_per_month`"));
    }
}
