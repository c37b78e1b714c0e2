//! The message file, compiled in: wording is kept apart from the program so that a section can read
//! and mend it in one place.

use enmusubi_domain::template::Section;
use std::{collections::BTreeMap, sync::LazyLock};

type Messages = BTreeMap<String, BTreeMap<String, String>>;

/// A file that does not parse gives no messages at all, which the tests would not let pass.
static DERIVATION: LazyLock<Messages> = LazyLock::new(|| {
    toml::from_str(include_str!("../../../messages/derivation.toml")).unwrap_or_default()
});

/// A section of the message file.
pub(crate) fn section(name: &str) -> Section {
    Section(DERIVATION.get(name))
}

#[cfg(test)]
mod tests {
    use super::DERIVATION;
    use enmusubi_domain::template::places;

    /// Every message exists for every reader of its kind, and uses no value the other lacks.
    #[test]
    fn twins_match() {
        for (a, b) in [
            ("staff", "staff_en"),
            ("parent", "plain"),
            ("missed_ja", "missed_en"),
        ] {
            let (a, b) = (&DERIVATION[a], &DERIVATION[b]);
            assert!(a.keys().eq(b.keys()), "{:?}", a.keys().collect::<Vec<_>>());
            for (key, template) in a {
                assert_eq!(places(template), places(&b[key]), "{key}");
            }
        }
    }

    /// A family is never told an id.
    #[test]
    fn families_are_told_no_ids() {
        for reader in ["parent", "plain"] {
            for (key, template) in &DERIVATION[reader] {
                assert!(!places(template).contains("id"), "{key}");
            }
        }
    }
}
