//! Texts of cells made comparable: labels in any width and with any line breaks, boxes in any shape.

use super::form::FORM;
use unicode_normalization::UnicodeNormalization as _;

/// A ticked box or an empty one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    Ticked,
    Empty,
}

/// Reads a mark; `None` for anything that is none for certain (× may mean either).
pub(super) fn mark(text: &str) -> Option<Mark> {
    match text.trim() {
        "□" | "☐" | "▢" | "FALSE" => Some(Mark::Empty),
        "☑" | "■" | "✓" | "✔" | "☒" | "レ" | "ﾚ" | "ㇾ" | "○" | "◯" | "〇" | "●" | "◎" | "v"
        | "V" | "TRUE" => Some(Mark::Ticked),
        _ => None,
    }
}

fn is_glyph(c: char) -> bool {
    matches!(c, '□' | '☐' | '▢' | '☑' | '■' | '✓' | '✔' | '☒')
}

/// A label without width, white space, brackets, separators and notes (from ※ on).
pub(super) fn normal(text: &str) -> String {
    let even: String = text.nfkc().filter(|c| !c.is_whitespace()).collect();
    if !even.is_empty() && even.chars().all(|c| matches!(c, '~' | '〜' | '∼' | '→'))
        || even == "から"
    {
        return "~".to_owned();
    }
    if !even.is_empty()
        && even
            .chars()
            .all(|c| matches!(c, '-' | '―' | 'ー' | '−' | '‐' | '–' | '—'))
    {
        return "-".to_owned();
    }
    if even == ")" {
        return even;
    }
    let even = match even.split_once('※') {
        Some((before, _)) if !before.is_empty() => before,
        _ => &even,
    };
    even.chars()
        .filter(|c| {
            !matches!(
                c,
                '(' | ')' | '[' | ']' | '・' | '/' | '、' | ',' | ':' | '。' | '.'
            )
        })
        .collect()
}

/// Other wordings of labels that re-issues use, as [`normal`] writes them.
static ALIASES: &[(&str, &str)] = &[
    ("氏名", "本人氏名"),
    ("就労者氏名", "本人氏名"),
    ("就労先事業所", "本人就労先事業所"),
    ("雇用期間等", "雇用予定期間等"),
    ("雇用期間", "期間無期の場合は雇用開始日のみ"),
    (
        "期間無期の場合は雇用開始日",
        "期間無期の場合は雇用開始日のみ",
    ),
    ("雇用形態", "雇用の形態"),
    ("うち休憩", "うち休憩時間"),
    ("1月当たりの就労日数", "一月当たりの就労日数"),
    ("1週当たりの就労日数", "一週当たりの就労日数"),
    ("備考", "備考欄"),
    (
        "保育士としての勤務実態の有無",
        "保育士等としての勤務実態の有無",
    ),
    ("復職年月日", "復職予定年月日"),
    ("申込中第1希望", "申込中第一希望"),
];

/// Letters of a label that may differ where the label is so long.
fn slack(length: usize) -> usize {
    match length {
        0..=5 => 0,
        6..=11 => 1,
        _ => 2,
    }
}

/// The national label that a text is: itself, another wording of it, or the only one it differs from by a letter or
/// two (long labels). `None` for any other text.
pub(super) fn label(text: &str) -> Option<&'static str> {
    // No label is longer; what is, is somebody's text.
    if text.is_empty() || text.len() > 300 {
        return None;
    }
    let text = normal(text);
    let labels = &FORM.labels;
    if let Ok(at) = labels.binary_search(&text) {
        return labels.get(at).map(String::as_str);
    }
    if let Some((_, label)) = ALIASES.iter().find(|(other, _)| *other == text) {
        return Some(label);
    }
    let length = text.chars().count();
    if slack(length) == 0 {
        return None;
    }
    let mut near = labels.iter().filter(|l| {
        let other = l.chars().count();
        let most = slack(length.min(other));
        other.abs_diff(length) <= most && strsim::levenshtein(l, &text) <= most
    });
    let one = near.next()?;
    near.next().is_none().then_some(one)
}

/// The pieces of a cell that holds boxes and labels together (`□無期 ☑有期`); `None` where it holds anything else.
pub(super) fn boxes_and_labels(text: &str) -> Option<Vec<String>> {
    if text.len() > 600 || !text.contains(is_glyph) {
        return None;
    }
    let mut pieces: Vec<String> = Vec::new();
    for c in text.chars() {
        if is_glyph(c) {
            pieces.push(c.to_string());
            pieces.push(String::new());
        } else if let Some(last) = pieces.last_mut() {
            last.push(c);
        } else {
            pieces.push(c.to_string());
        }
    }
    pieces.retain(|p| !p.trim().is_empty());
    let known = |p: &String| mark(p).is_some() || label(p).is_some();
    (pieces.len() > 1 && pieces.iter().all(known)).then_some(pieces)
}

/// The pieces of a cell that holds numbers with their units (`2026年4月1日`, `8時30分`, a whole day); `None`
/// where it holds anything else.
pub(super) fn numbers_and_units(text: &str) -> Option<Vec<String>> {
    if text.len() > 120 {
        return None;
    }
    if let Ok(day) = crate::dates::parse(text) {
        let (y, m, d) = (day.year(), day.month(), day.day());
        return Some(
            [
                y.to_string(),
                "年".into(),
                m.to_string(),
                "月".into(),
                d.to_string(),
                "日".into(),
            ]
            .into(),
        );
    }
    let even: String = text.nfkc().filter(|c| !c.is_whitespace()).collect();
    let mut rest = even.as_str();
    let mut pieces = Vec::new();
    while !rest.is_empty() {
        let digits = |c: char| {
            c.is_ascii_digit()
                || matches!(c, 'R' | 'H' | 'S' | '令' | '和' | '平' | '成' | '昭' | '元')
        };
        let end = rest.find(|c| !digits(c)).unwrap_or(rest.len());
        if end > 0 {
            pieces.push(rest[..end].to_owned());
            rest = &rest[end..];
            continue;
        }
        let unit = ["時間", "年", "月", "日", "時", "分", "~", "〜"];
        let unit = unit.iter().find(|u| rest.starts_with(**u))?;
        pieces.push((*unit).to_owned());
        rest = &rest[unit.len()..];
    }
    (pieces.len() > 1).then_some(pieces)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_in_any_dress() {
        for (text, expect) in [
            ("雇用(予定)期間等", Some("雇用予定期間等")),
            ("雇用（予定）期間等", Some("雇用予定期間等")),
            (
                "就労時間\n（固定就労の場合）",
                Some("就労時間固定就労の場合"),
            ),
            ("就労時間（変則就労の場合）", Some("就労時間変則就労の場合")),
            ("育児休業の取得\n※取得予定を含む", Some("育児休業の取得")),
            ("会計年度任用職", Some("会計年度任用職員")),
            ("～", Some("~")),
            ("―", Some("-")),
            ("氏名", Some("本人氏名")),
            // One letter of a short label would be another label.
            ("取得申", None),
            ("はなやま商店", None),
            ("", None),
        ] {
            assert_eq!(label(text), expect, "{text}");
        }
    }

    #[test]
    fn every_alias_is_of_a_label_and_none_itself() {
        for (other, of) in ALIASES {
            assert!(FORM.labels.iter().any(|l| l == of), "{of}");
            assert!(!FORM.labels.iter().any(|l| l == other), "{other}");
        }
    }

    #[test]
    fn cells_that_hold_several_things() {
        let both = |t: &str| boxes_and_labels(t).map(|p| p.join("|"));
        assert_eq!(both("□無期　☑有期").as_deref(), Some("□|無期　|☑|有期"));
        assert_eq!(both("■第2工場 夜勤あり"), None);
        let units = |t: &str| numbers_and_units(t).map(|p| p.join("|"));
        assert_eq!(
            units("２０２６年４月１日").as_deref(),
            Some("2026|年|4|月|1|日")
        );
        assert_eq!(units("8時30分").as_deref(), Some("8|時|30|分"));
        assert_eq!(
            units("2026年4月1日～2027年3月31日").as_deref(),
            Some("2026|年|4|月|1|日|~|2027|年|3|月|31|日")
        );
        assert_eq!(units("約160時間"), None);
        assert_eq!(units("160"), None);
    }
}
