//! Names people may have meant, and words for types.

use super::Ty;
use enmusubi_domain::facts::{Entity, EnumType};

/// The nearest of some names, if near enough to be meant.
pub(super) fn nearest<'a>(word: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = word.to_lowercase();
    let limit = (word.chars().count() / 3).max(1);
    names
        .into_iter()
        .map(|name| (distance(&lower, &name.to_lowercase()), name))
        .min_by_key(|&(d, _)| d)
        .filter(|&(d, _)| d <= limit)
        .map(|(_, name)| name)
}

/// Letters inserted, removed, replaced or exchanged with their neighbour.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i; b.len() + 1];
        for j in 1..=b.len() {
            let change = usize::from(a[i - 1] != b[j - 1]);
            row[j] = (last[j] + 1).min(row[j - 1] + 1).min(last[j - 1] + change);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                row[j] = row[j].min(before[j - 2] + 1);
            }
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

/// A type in words, Japanese and English.
pub(super) fn type_name(ty: Ty) -> (String, String) {
    match ty {
        Ty::Bool => ("はい／いいえ".into(), "yes/no".into()),
        Ty::Number => ("単位のない数".into(), "a number without unit".into()),
        Ty::Quantity(unit) => (
            format!("量（{}）", unit.label()),
            format!("a quantity in {}", unit.name()),
        ),
        Ty::Date => ("日付".into(), "a day".into()),
        Ty::Enum(e) => (format!("選択肢 {}", e.name), format!("one of {}", e.name)),
        Ty::Set(e) => (
            format!("選択肢 {} の集まり", e.name),
            format!("several of {}", e.name),
        ),
        Ty::Text => ("文字列".into(), "a text".into()),
        Ty::Texts => ("文字列の並び".into(), "several texts".into()),
    }
}

/// Values of an enumeration, as a sentence lists them.
pub(super) fn values(e: &EnumType) -> String {
    let list: Vec<String> = e
        .values
        .iter()
        .map(|(name, label)| format!("'{name}'（{label}）"))
        .collect();
    list.join("、")
}

/// The same for English readers.
pub(super) fn values_en(e: &EnumType) -> String {
    let list: Vec<String> = e
        .values
        .iter()
        .map(|(name, _)| format!("'{name}'"))
        .collect();
    list.join(", ")
}

/// The name of a value meant by a name or a Japanese label.
pub(super) fn meant_value(e: &EnumType, word: &str) -> Option<&'static str> {
    e.values
        .iter()
        .find(|(_, label)| *label == word)
        .map(|(name, _)| *name)
        .or_else(|| nearest(word, e.values.iter().map(|(name, _)| *name)))
}

/// The list whose elements are of an entity, where there is one of that name.
pub(super) fn list_of(entity: Entity) -> Option<&'static str> {
    match entity {
        Entity::Guardian => Some("guardians"),
        Entity::Adult => Some("adults"),
        Entity::Decline => Some("declines"),
        Entity::Child => Some("children"),
        _ => None,
    }
}

/// Whether a name stands for something in every expression.
pub(super) fn is_reserved(name: &str) -> bool {
    Entity::ALL.iter().any(|e| e.name() == name)
        || super::infer::list(name).is_some()
        || matches!(name, "true" | "false" | "in")
}
