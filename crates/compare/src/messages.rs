//! The message file, compiled in.

use enmusubi_domain::template::Section;
use enmusubi_selection::text_summary::Lang;
use std::{collections::BTreeMap, sync::LazyLock};

type Messages = BTreeMap<String, BTreeMap<String, String>>;

/// A file that does not parse gives no messages at all, which the tests would not let pass.
static COMPARE: LazyLock<Messages> = LazyLock::new(|| {
    toml::from_str(include_str!("../../../messages/compare.toml")).unwrap_or_default()
});

/// Everything a comparison says.
pub(crate) fn compare(lang: Lang) -> Section {
    Section(COMPARE.get(match lang {
        Lang::Japanese => "ja",
        Lang::English => "en",
    }))
}

/// Whether there is such a message.
pub(crate) fn has(key: &str) -> bool {
    COMPARE.get("ja").is_some_and(|m| m.contains_key(key))
}

#[cfg(test)]
mod tests {
    use super::COMPARE;
    use enmusubi_domain::template::places;

    #[test]
    fn twins_match() {
        let (ja, en) = (&COMPARE["ja"], &COMPARE["en"]);
        assert!(ja.keys().eq(en.keys()));
        for (key, template) in ja {
            assert_eq!(places(template), places(&en[key]), "{key}");
        }
    }

    /// What is published has no place for anybody's data.
    #[test]
    fn what_is_published_names_nobody() {
        for (key, template) in &COMPARE["ja"] {
            if key.starts_with("public-") {
                for place in places(template) {
                    let allowed = ["label", "ours", "theirs", "points", "when"];
                    assert!(allowed.contains(&place), "{key}: {place}");
                }
            }
        }
    }
}
