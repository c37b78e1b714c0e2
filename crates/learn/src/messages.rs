//! The message file, compiled in.

use enmusubi_domain::template::Section;
use enmusubi_selection::text_summary::Lang;
use std::{collections::BTreeMap, sync::LazyLock};

type Messages = BTreeMap<String, BTreeMap<String, String>>;

/// A file that does not parse gives no messages at all, which the tests would not let pass.
static LEARN: LazyLock<Messages> = LazyLock::new(|| {
    toml::from_str(include_str!("../../../messages/learn.toml")).unwrap_or_default()
});

/// Everything that is said about what was learned.
#[must_use]
pub fn learn(lang: Lang) -> Section {
    Section(LEARN.get(match lang {
        Lang::Japanese => "ja",
        Lang::English => "en",
    }))
}

#[cfg(test)]
mod tests {
    use super::LEARN;
    use enmusubi_domain::template::places;

    #[test]
    fn twins_match() {
        let (ja, en) = (&LEARN["ja"], &LEARN["en"]);
        assert!(ja.keys().eq(en.keys()));
        for (key, template) in ja {
            assert_eq!(places(template), places(&en[key]), "{key}");
        }
    }
}
