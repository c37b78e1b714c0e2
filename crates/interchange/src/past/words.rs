//! Words that sections use for decisions.

use crate::columns::normal;

/// A word for a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Word {
    Placed,
    /// 在園継続: stays where it is, whether or not the list says where that is.
    Stays,
    Held,
    Withdrawn,
}

/// In the form headers are compared in. Words that may mean several things (内定辞退: declined after the
/// decision; 却下) are not here: who keeps the list knows.
const WORDS: &[(Word, &[&str])] = &[
    (
        Word::Placed,
        &[
            "内定",
            "内定者",
            "承諾",
            "入所承諾",
            "利用承諾",
            "承認",
            "利用承認",
            "入所",
            "入所内定",
            "入所決定",
            "利用内定",
            "利用決定",
            "入園",
            "入園内定",
            "入園決定",
            "決定",
            "内示",
            "可",
            "入所可",
            "利用可",
            "転園",
            "転園内定",
            "転園承諾",
            "転園決定",
            "転所",
            "転所内定",
            "新規内定",
            "○",
            "〇",
            "◯",
            "◎",
        ],
    ),
    (
        Word::Stays,
        &["在園継続", "継続", "継続在園", "在園", "継続利用"],
    ),
    (
        Word::Held,
        &[
            "保留",
            "入所保留",
            "利用保留",
            "転園保留",
            "転所保留",
            "保留者",
            "不承諾",
            "入所不承諾",
            "利用不承諾",
            "転園不承諾",
            "不承認",
            "不可",
            "入所不可",
            "利用不可",
            "転園不可",
            "否",
            "待機",
            "待機児童",
            "入所待機",
            "非内定",
            "不内定",
            "落選",
            "×",
            "✕",
            "✖",
            "☓",
            "╳",
            "x",
            "X",
        ],
    ),
    (
        Word::Withdrawn,
        &[
            "取下げ",
            "取り下げ",
            "取下",
            "取下げ済",
            "申込取下げ",
            "申込み取下げ",
            "申請取下げ",
            "辞退",
            "申込辞退",
            "利用辞退",
            "取消",
            "取消し",
            "申込取消",
            "対象外",
            "選考対象外",
            "調整対象外",
            "利用調整対象外",
            "無効",
        ],
    ),
];

/// The decision a cell speaks of; `None` where it is no such word.
pub(super) fn word(cell: &str) -> Option<Word> {
    let text = normal(cell);
    let text = without_choice(&text);
    WORDS
        .iter()
        .find(|(_, words)| words.contains(&text))
        .map(|(word, _)| *word)
}

/// Whether a cell is filled to say that nothing is there.
pub(super) fn is_nothing(cell: &str) -> bool {
    let text = normal(cell);
    text.chars().all(|c| "-ー―‐−–—─/".contains(c))
        || matches!(&*text, "なし" | "無し" | "無" | "該当なし" | "空欄")
}

/// `内定(第2希望)` is `内定`; whatever else stands in brackets may change the meaning.
fn without_choice(text: &str) -> &str {
    let Some((before, inside)) = text.strip_suffix(')').and_then(|t| t.split_once('(')) else {
        return text;
    };
    let choice = inside
        .strip_prefix('第')
        .unwrap_or(inside)
        .strip_suffix("希望");
    match choice {
        Some(n) if !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()) => before,
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_in_the_form_they_are_looked_up_in() {
        let mut seen = Vec::new();
        for text in WORDS.iter().flat_map(|(_, words)| *words) {
            assert_eq!(normal(text), *text);
            assert!(!seen.contains(text), "{text}");
            seen.push(text);
        }
    }

    #[test]
    fn words_as_lists_have_them() {
        for (text, expect) in [
            ("内 定", Some(Word::Placed)),
            ("内定（第２希望）", Some(Word::Placed)),
            ("内定（辞退）", None),
            ("内定（第希望）", None),
            ("内定辞退", None),
            ("入所不承諾", Some(Word::Held)),
            ("Ｘ", Some(Word::Held)),
            ("取下げ", Some(Word::Withdrawn)),
            ("在園継続", Some(Word::Stays)),
            ("1", None),
            ("", None),
        ] {
            assert_eq!(word(text), expect, "{text}");
        }
        assert!(is_nothing("－") && is_nothing("") && is_nothing("なし") && !is_nothing("0"));
    }
}
