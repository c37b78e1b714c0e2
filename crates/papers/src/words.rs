//! The message file `messages/papers.toml`, compiled in.

use enmusubi_domain::individual;
use enmusubi_domain::template::{Section, Twin};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// A file that does not parse gives no messages at all, which the tests would not let pass.
static WORDS: LazyLock<BTreeMap<String, BTreeMap<String, String>>> = LazyLock::new(|| {
    toml::from_str(include_str!("../../../messages/papers.toml")).unwrap_or_default()
});

/// Characters of a file's name that are shown.
const NAME_SHOWN: usize = 80;

/// The same in both languages.
pub(crate) fn twin(say: impl Fn(Section) -> String) -> Twin {
    Twin {
        ja: say(Section(WORDS.get("ja"))),
        en: say(Section(WORDS.get("en"))),
    }
}

/// A name somebody else chose, as it may be shown: no control or direction characters, not too long, and masked
/// where it holds an individual number.
pub(crate) fn shown_name(name: &str) -> String {
    if individual::holds_one(name) {
        return "●●●●".to_owned();
    }
    let harmless = |c: &char| {
        !c.is_control()
            && !matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
    };
    name.chars().filter(harmless).take(NAME_SHOWN).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use enmusubi_domain::template::places;

    #[test]
    fn twins_match() {
        let (ja, en) = (&WORDS["ja"], &WORDS["en"]);
        assert!(ja.keys().eq(en.keys()));
        assert!(ja.len() > 60);
        for (key, template) in ja {
            assert_eq!(places(template), places(&en[key]), "{key}");
        }
    }

    #[test]
    fn names_are_shown_without_what_they_could_do() {
        assert_eq!(shown_name("a\u{202E}fdp.exe\n"), "afdp.exe");
        assert_eq!(shown_name("1234-5678-9018.pdf"), "●●●●");
        assert_eq!(shown_name(&"長".repeat(200)).chars().count(), NAME_SHOWN);
    }
}
