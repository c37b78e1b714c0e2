//! The message file `messages/vault.toml`, compiled in: what whoever runs the server is told.

use crate::{Failure, KeyFileError, StoreError};
use enmusubi_domain::template::{Section, Twin};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// A file that does not parse gives no messages at all, which the tests would not let pass.
static WORDS: LazyLock<BTreeMap<String, BTreeMap<String, String>>> = LazyLock::new(|| {
    toml::from_str(include_str!("../../../messages/vault.toml")).unwrap_or_default()
});

fn twin(say: impl Fn(Section) -> String) -> Twin {
    Twin {
        ja: say(Section(WORDS.get("ja"))),
        en: say(Section(WORDS.get("en"))),
    }
}

impl KeyFileError {
    /// Stable word for machines.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::InsideData { .. } => "inside-data",
            Self::Missing { .. } => "missing",
            Self::Readable { .. } => "readable",
            Self::NoKeyFile { .. } => "no-key-file",
            Self::Version { .. } => "version",
            Self::Damaged { .. } => "damaged",
            Self::Io { .. } => "io",
            Self::Randomness(_) => "randomness",
        }
    }

    /// Where, what and how to mend it. Nothing of a key is in it.
    #[must_use]
    pub fn text(&self) -> Twin {
        let (path, extra) = match self {
            Self::InsideData { path, data } => (Some(path), data.display().to_string()),
            Self::Readable { path, mode } => (Some(path), format!("{mode:04o}")),
            Self::Version { path, version } => (Some(path), version.clone()),
            Self::Damaged { path, line } => (Some(path), line.to_string()),
            Self::Io { path, source, .. } => (Some(path), source.to_string()),
            Self::Missing { path } | Self::NoKeyFile { path } => (Some(path), String::new()),
            Self::Randomness(_) => (None, String::new()),
        };
        let path = path.map_or_else(String::new, |p| p.display().to_string());
        let key = format!("keys-{}", self.code());
        twin(|section| section.get(&key, &[("path", &path), ("extra", &extra)]))
    }
}

impl StoreError {
    /// What failed and how to mend it.
    #[must_use]
    pub fn text(&self) -> Twin {
        let key = match self.failure() {
            Failure::Full => "store-full",
            Failure::ReadOnly => "store-read-only",
            Failure::Denied => "store-denied",
            Failure::Taken => "store-taken",
            Failure::WrongKey => "store-wrong-key",
            Failure::Damaged => "store-damaged",
            Failure::Other => "store-other",
        };
        let operation = format!("operation-{}", self.operation().key());
        twin(|section| {
            let operation = section.get(&operation, &[]);
            section.get(key, &[("operation", &operation)])
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use enmusubi_domain::template::places;

    #[test]
    fn twins_match() {
        let (ja, en) = (&WORDS["ja"], &WORDS["en"]);
        assert!(ja.keys().eq(en.keys()));
        assert!(ja.len() > 15);
        for (key, template) in ja {
            assert_eq!(places(template), places(&en[key]), "{key}");
        }
    }
}
