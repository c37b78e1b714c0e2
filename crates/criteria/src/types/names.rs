//! Names people may have meant, and words for types.

use super::Ty;
pub(super) use crate::suggest::nearest;
use enmusubi_domain::facts::{Entity, EnumType};

/// A type in words, Japanese and English.
pub(super) fn type_name(ty: Ty) -> (String, String) {
    match ty {
        Ty::Bool => ("「はい／いいえ」".into(), "yes/no".into()),
        Ty::Number => ("単位のない数".into(), "a number without unit".into()),
        Ty::Quantity(unit) => (
            format!("量（{}）", unit.label()),
            format!("a quantity in {}", unit.name()),
        ),
        Ty::Date => ("日付".into(), "a day".into()),
        Ty::Enum(e) => (
            format!("選択肢（{}）", e.name),
            format!("one of {}", e.name),
        ),
        Ty::Set(e) => (
            format!("選択肢（{}）の集まり", e.name),
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
