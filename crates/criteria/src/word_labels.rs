//! Japanese for the fixed words of a criteria file: what a workbook's drop-downs and printed criteria show
//! in the place of `highest` or `third-party`.

/// (field, word, Japanese). A field's words are the same in every section that has the field.
const LABELS: &[(&str, &str, &str)] = &[
    ("kind", "municipality", "自治体の基準"),
    ("kind", "example", "見本"),
    ("kind", "structure", "仕組みの試験用"),
    ("grade", "official", "原典を通読"),
    ("grade", "official-part", "原典の一部"),
    ("grade", "third-party", "第三者の転記"),
    ("over", "guardian", "保護者ごと"),
    ("over", "adult", "同居者ごと"),
    ("over", "application", "申込みごと"),
    ("take", "sum", "合計"),
    ("take", "highest", "最高"),
    ("take", "lowest", "最低"),
    ("take", "first", "先の行"),
    ("discretion", "required", "必ず記入"),
    ("discretion", "optional", "必要なときだけ"),
    ("if_unknown", "undecided", "判定できない"),
    ("if_unknown", "applies", "当てはまる"),
    ("if_unknown", "not", "当てはまらない"),
    ("order", "higher", "高い方が先"),
    ("order", "lower", "低い方が先"),
    ("timing", "together", "同時のみ"),
    ("timing", "need-not", "順次でよい"),
    ("place", "same-only", "同じ園のみ"),
    ("place", "prefer-same", "同じ園を優先"),
    ("place", "choice-order", "希望順位を優先"),
    ("first", "older", "上の子から"),
    ("first", "younger", "下の子から"),
    ("first", "either", "どちらでも"),
    ("coupling", "none", "それぞれ"),
    ("coupling", "highest", "高い方にそろえる"),
    ("coupling", "average", "平均"),
    ("question", "code", "一つの符号"),
    ("question", "timing", "入所時期"),
    ("question", "place", "入所場所"),
    ("question", "first", "どちらを先に"),
    ("left", "stop", "決めるまで止める"),
    ("left", "lottery", "抽選"),
    ("left", "equal", "同じとみなす"),
    ("left", "staff", "職員が決める"),
    ("mechanism", "stable", "優先順位が先"),
    ("mechanism", "index-order", "指数順に一巡"),
    ("mechanism", "choice-order", "希望順位が先"),
    ("better", "more", "多い方（はい）"),
    ("better", "less", "少ない方（いいえ）"),
];

/// The Japanese of a field's word.
#[must_use]
pub fn label_of(field: &str, word: &str) -> Option<&'static str> {
    LABELS
        .iter()
        .find(|(f, w, _)| *f == field && *w == word)
        .map(|(_, _, label)| *label)
}

/// The word that a field's Japanese stands for.
#[must_use]
pub fn word_of(field: &str, label: &str) -> Option<&'static str> {
    LABELS
        .iter()
        .find(|(f, _, l)| *f == field && *l == label)
        .map(|(_, word, _)| *word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{FieldKind, SECTIONS};
    use std::collections::BTreeSet;

    #[test]
    fn every_word_has_a_label_of_its_own() {
        let mut used = BTreeSet::new();
        for field in SECTIONS.iter().flat_map(|s| s.fields) {
            let FieldKind::OneOf(words) = field.kind else {
                continue;
            };
            let mut labels = BTreeSet::new();
            for word in words {
                let label = label_of(field.name, word);
                assert!(label.is_some(), "{} {word}", field.name);
                assert!(labels.insert(label), "{} {word}", field.name);
                assert_eq!(label.and_then(|l| word_of(field.name, l)), Some(*word));
                // A label that is another word of the field could be read in two ways.
                assert!(label.is_none_or(|l| !words.contains(&l)));
                used.insert((field.name, *word));
            }
        }
        assert_eq!(used.len(), LABELS.len());
    }
}
