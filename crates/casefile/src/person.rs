//! People of a case: names as received, the keys they are searched by, addresses.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization as _;

/// A name. What was received is never normalised: variation selectors and the wide characters of a family's register
/// stay as they are.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Name {
    /// As received (正式氏名).
    pub written: String,
    /// As screens and letters show it where a font lacks a character; empty: as received.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub display: String,
    /// フリガナ.
    pub kana: String,
}

impl Name {
    /// The name that screens show.
    #[must_use]
    pub fn shown(&self) -> &str {
        if self.display.is_empty() {
            &self.written
        } else {
            &self.display
        }
    }
}

/// What somebody is in the household.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// 保護者; one or two, never numbered for people.
    Guardian,
    /// 同居者・祖父母.
    Adult,
    /// 児童, applying or not.
    Child,
}

impl Part {
    /// Letter of ids (`g1`, `a1`, `c1`).
    #[must_use]
    pub fn letter(self) -> char {
        match self {
            Self::Guardian => 'g',
            Self::Adult => 'a',
            Self::Child => 'c',
        }
    }
}

/// Somebody of a household.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Id within the household: `g1`, `a1`, `c1`.
    pub id: String,
    /// What they are in it.
    pub part: Part,
    /// Name.
    pub name: Name,
    /// 生年月日 (of an unborn child the due date).
    pub birth: Option<Date>,
    /// 続柄 as on the form (父, 母, 祖母 …), for people.
    #[serde(default)]
    pub relation: String,
}

/// Where a household lives, as received.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    /// 郵便番号, seven digits or empty.
    #[serde(default)]
    pub postcode: String,
    /// 住所.
    pub text: String,
    /// 方書.
    #[serde(default)]
    pub building: String,
}

/// Key to search a name by: width, case and variants made even, variation selectors and spaces dropped, hiragana as
/// katakana. Two different people may have one key; one name always has the same.
#[must_use]
pub fn search_key(text: &str) -> String {
    text.nfkc()
        .filter_map(|c| match c {
            '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}' | '\u{200B}'..='\u{200F}' => None,
            c if c.is_whitespace() => None,
            // Hiragana → katakana.
            'ぁ'..='ゖ' => char::from_u32(c as u32 + 0x60),
            c => Some(variant(c)),
        })
        .flat_map(char::to_lowercase)
        .collect()
}

/// Kanji that families and registers write in several ways, to one of them; for search keys only.
fn variant(c: char) -> char {
    match c {
        '髙' => '高',
        '﨑' | '嵜' => '崎',
        '邉' | '邊' => '辺',
        '齋' | '齊' | '斉' => '斎',
        '澤' => '沢',
        '濵' | '濱' => '浜',
        '廣' => '広',
        '櫻' => '桜',
        '德' => '徳',
        '惠' => '恵',
        '國' => '国',
        '嶋' | '嶌' => '島',
        '𠮷' => '吉',
        '眞' => '真',
        '龍' => '竜',
        '冨' => '富',
        '瀨' => '瀬',
        '榮' => '栄',
        '假' => '仮',
        c => c,
    }
}

/// Key of an address: digits of one width, 丁目・番地・番・号 and hyphens of every shape as one hyphen, spaces dropped.
#[must_use]
pub fn address_key(text: &str) -> String {
    let plain = search_key(text);
    let plain = plain
        .replace("丁目", "-")
        .replace("番地の", "-")
        .replace("番地", "-")
        .replace('番', "-")
        .replace('号', "");
    let mut key = String::with_capacity(plain.len());
    let mut chars = plain.chars().peekable();
    while let Some(c) = chars.next() {
        let c = match c {
            '‐' | '−' | '–' | '—' | '―' | 'ー' | 'の' | 'ノ'
                if key.chars().next_back().is_some_and(|d| d.is_ascii_digit())
                    && chars.peek().is_some_and(char::is_ascii_digit) =>
            {
                '-'
            }
            '一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九'
                if chars.peek() == Some(&'-') =>
            {
                let digits = "一二三四五六七八九";
                let at = digits.chars().position(|d| d == c).unwrap_or(0);
                char::from(b'1' + at as u8)
            }
            c => c,
        };
        if !(c == '-' && key.ends_with('-')) {
            key.push(c);
        }
    }
    key.trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_person_written_in_several_ways_has_one_key() {
        for (one, other) in [
            ("髙﨑　花子", "高崎花子"),
            ("渡\u{908a}\u{E0104} 一", "渡辺一"),
            ("ミツバチ　ひばり", "みつばちヒバリ"),
            ("ﾐﾂﾊﾞﾁ ﾋﾊﾞﾘ", "ミツバチヒバリ"),
            ("𠮷野", "吉野"),
        ] {
            assert_eq!(search_key(one), search_key(other), "{one}");
        }
        assert_ne!(search_key("高崎"), search_key("高橋"));
    }

    #[test]
    fn addresses_of_one_place_have_one_key() {
        let keys = [
            "緑町1-2-3",
            "緑町１丁目２番３号",
            "緑町一丁目2番地3",
            "緑町 1丁目2－3",
            "緑町1の2の3",
        ]
        .map(address_key);
        assert!(keys.iter().all(|k| *k == "緑町1-2-3"), "{keys:?}");
        assert_ne!(address_key("緑町1-2-3"), address_key("緑町1-23"));
    }

    #[test]
    fn a_name_is_kept_as_received() {
        let written = "神\u{FE00}田 \u{8FBB}\u{E0101}";
        let name = Name {
            written: written.into(),
            ..Name::default()
        };
        let json = serde_json::to_string(&name).expect("a name is text");
        let back: Name = serde_json::from_str(&json).expect("what was written");
        assert_eq!(back.written, written);
    }
}
