//! Words of the screens, in Japanese and English, from the message files in `messages/`.
//!
//! Each room (a group of screens) has a pair of files, listed once in `rooms!` below. Japanese comes first; the English
//! file follows it key by key (tests hold both to the same keys and the same `{places}`).

use std::collections::BTreeMap;
use std::fmt::Display;
use std::sync::LazyLock;

use enmusubi_domain::template::fill;

/// The pairs of message files. A new room is one line.
macro_rules! rooms {
    ($($room:literal),* $(,)?) => {
        const JA: &[(&str, &str)] = &[$(($room, include_str!(concat!("../messages/", $room, ".ja.toml")))),*];
        const EN: &[(&str, &str)] = &[$(($room, include_str!(concat!("../messages/", $room, ".en.toml")))),*];
    };
}

rooms! {
    "kit",
    "office",
    "rounds",
    "criteria",
    "accounts",
    "audit",
    "sign_in",
    "entry",
    "cases",
    "certify",
    "papers",
    "seats",
    "refusal",
    "letter",
}

/// Language of a screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Lang {
    /// 日本語, the default.
    #[default]
    Ja,
    /// English.
    En,
}

impl Lang {
    /// By its tag as in `?lang=en`; `None` if there is no such language here.
    #[must_use]
    pub fn of(tag: &str) -> Option<Self> {
        match tag {
            "ja" => Some(Self::Ja),
            "en" => Some(Self::En),
            _ => None,
        }
    }

    /// The tag, as in `<html lang="ja">`.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::Ja => "ja",
            Self::En => "en",
        }
    }
}

/// All message files of one language.
#[derive(Debug, Clone)]
pub struct Words {
    /// The language.
    pub lang: Lang,
    table: BTreeMap<String, String>,
}

impl Words {
    /// Reads the built-in files of a language. Screens share [`Words::of`].
    #[must_use]
    pub fn new(lang: Lang) -> Self {
        let files = match lang {
            Lang::Ja => JA,
            Lang::En => EN,
        };
        let mut table = BTreeMap::new();
        for (_, file) in files {
            // The files are part of the program; a test parses them, so nothing can go wrong here.
            for (section, entries) in sections(file).unwrap_or_default() {
                for (key, text) in entries {
                    table.insert(format!("{section}.{key}"), text.trim_end().to_owned());
                }
            }
        }
        Self { lang, table }
    }

    /// The words of a language, read once for the whole program.
    #[must_use]
    pub fn of(lang: Lang) -> &'static Self {
        static BOTH: LazyLock<[Words; 2]> =
            LazyLock::new(|| [Words::new(Lang::Ja), Words::new(Lang::En)]);
        match lang {
            Lang::Ja => &BOTH[0],
            Lang::En => &BOTH[1],
        }
    }

    /// The text of a key as it stands in the file, if there is one.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&str> {
        self.table.get(key).map(String::as_str)
    }

    /// The text of a key without places.
    ///
    /// A missing key shows itself rather than nothing: tests keep that from happening.
    #[must_use]
    pub fn t(&self, key: &str) -> String {
        self.get(key).unwrap_or(key).to_owned()
    }

    /// The text of a key with its `{places}` filled, each once: braces inside a value stay as they are.
    ///
    /// A missing key shows itself, and a missing value its place's name.
    #[must_use]
    pub fn say(&self, key: &str, values: &[(&str, &dyn Display)]) -> String {
        let values: Vec<(&str, String)> = values.iter().map(|(n, v)| (*n, v.to_string())).collect();
        fill(self.get(key).unwrap_or(key), |name| {
            let value = values.iter().find(|(n, _)| *n == name);
            value.map_or(name, |(_, value)| value)
        })
    }
}

/// A message file by section and key.
fn sections(file: &str) -> Result<BTreeMap<String, BTreeMap<String, String>>, toml::de::Error> {
    toml::from_str(file)
}

#[cfg(test)]
mod tests;
