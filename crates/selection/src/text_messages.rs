//! The message files, compiled in: wording is kept apart from the program so that a section can
//! read and mend it in one place.

use crate::text_summary::Lang;
use enmusubi_domain::template::Section;
use std::collections::BTreeMap;
use std::sync::LazyLock;

type Messages = BTreeMap<String, BTreeMap<String, String>>;

static EXPLAIN: LazyLock<Messages> =
    LazyLock::new(|| parse(include_str!("../../../messages/explain.toml")));
static SUMMARY: LazyLock<Messages> =
    LazyLock::new(|| parse(include_str!("../../../messages/summary.toml")));
static STAGED: LazyLock<Messages> =
    LazyLock::new(|| parse(include_str!("../../../messages/staged.toml")));
static WHATIF: LazyLock<Messages> =
    LazyLock::new(|| parse(include_str!("../../../messages/whatif.toml")));

/// A file that does not parse gives no messages at all, which the tests would not let pass.
fn parse(text: &str) -> Messages {
    toml::from_str(text).unwrap_or_default()
}

/// Why a child was not placed higher.
pub(crate) fn explain(name: &str) -> Section {
    Section(EXPLAIN.get(name))
}

/// Why a round cannot be staged.
pub(crate) fn staged(name: &str) -> Section {
    Section(STAGED.get(name))
}

/// Comparisons with other criteria and seats.
pub(crate) fn whatif(lang: Lang) -> Section {
    Section(WHATIF.get(match lang {
        Lang::Japanese => "ja",
        Lang::English => "en",
    }))
}

/// The summary of a run.
pub(crate) fn summary(name: &str) -> Section {
    Section(SUMMARY.get(name))
}

#[cfg(test)]
mod tests {
    use super::{EXPLAIN, STAGED, SUMMARY, WHATIF};
    use enmusubi_domain::template::places;

    /// Every message exists for every reader of its kind, and uses no value the other lacks.
    #[test]
    fn twins_match() {
        let twins = [
            (&EXPLAIN["staff"], &EXPLAIN["staff_en"]),
            (&EXPLAIN["parent"], &EXPLAIN["plain"]),
            (&SUMMARY["ja"], &SUMMARY["en"]),
            (&STAGED["ja"], &STAGED["en"]),
            (&WHATIF["ja"], &WHATIF["en"]),
        ];
        for (a, b) in twins {
            assert!(a.keys().eq(b.keys()), "{:?}", a.keys().collect::<Vec<_>>());
            for (key, template) in a {
                assert_eq!(places(template), places(&b[key]), "{key}");
            }
        }
        let only_parents = |k: &&String| {
            !k.starts_with("next-")
                && !matches!(
                    k.as_str(),
                    "item" | "full-cut-off" | "full-same-points" | "full-same-points-later"
                )
        };
        for key in EXPLAIN["parent"].keys().filter(only_parents) {
            assert!(EXPLAIN["letter"].contains_key(key), "letter lacks {key}");
        }
    }

    /// A letter never has room for another family's figures.
    #[test]
    fn letters_speak_of_no_other_figures() {
        for (key, template) in &EXPLAIN["letter"] {
            assert!(!places(template).contains("limit"), "{key}");
        }
    }
}
