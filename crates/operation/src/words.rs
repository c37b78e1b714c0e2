//! The message file `messages/operation.toml`, compiled in: what whoever runs the installation is told.

use crate::{Error, Finding, Grade};
use enmusubi_domain::template::{Section, Twin};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// A file that does not parse gives no messages at all, which the tests would not let pass.
static WORDS: LazyLock<BTreeMap<String, BTreeMap<String, String>>> = LazyLock::new(|| {
    toml::from_str(include_str!("../../../messages/operation.toml")).unwrap_or_default()
});

fn twin(key: &str, values: &[(&str, &str)]) -> Twin {
    let say = |lang: &str| Section(WORDS.get(lang)).get(key, values);
    Twin {
        ja: say("ja"),
        en: say("en"),
    }
}

/// Everything below an error, one after the other, for the detail of a sentence.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut at = error.source();
    while let Some(source) = at {
        text.push_str(": ");
        text.push_str(&source.to_string());
        at = source.source();
    }
    text
}

impl Error {
    /// What is wrong, where, and how to mend it.
    #[must_use]
    pub fn text(&self) -> Twin {
        let below = std::error::Error::source(self)
            .map(chain)
            .unwrap_or_default();
        let (key, detail) = match self {
            Self::Keys(e) => return e.text(),
            Self::Papers(e) => return e.text(),
            Self::NoData { path } => ("no-data", path.display().to_string()),
            Self::Folder { path, .. } => ("folder", format!("{}: {below}", path.display())),
            Self::Store(_) => ("store", below),
            Self::Rows(_) => ("rows", below),
            Self::Write(_) => ("write", below),
            Self::Read(_) => ("read", below),
            Self::NoBackup => ("no-backup", String::new()),
            Self::Version { version } => ("version", version.clone()),
            Self::WrongKey => ("wrong-key", String::new()),
            Self::Damaged => ("damaged", String::new()),
            Self::Disagrees { what } => ("disagrees", what.clone()),
            Self::NotEmpty { what } => ("not-empty", what.clone()),
            Self::Chain { tenant, broken } => ("chain", format!("{tenant}: {broken:?}")),
            Self::Heads(line) => ("heads", line.line.to_string()),
            Self::Name { name } => ("name", name.clone()),
        };
        twin(&format!("error-{key}"), &[("detail", &detail)])
    }
}

impl Finding {
    /// What was found; of a problem also how to mend it.
    #[must_use]
    pub fn text(&self) -> Twin {
        let values: Vec<(&str, &str)> = self.values.iter().map(|(n, v)| (*n, v.as_str())).collect();
        twin(&format!("doctor-{}", self.key), &values)
    }
}

impl Grade {
    /// The word at the beginning of a line.
    #[must_use]
    pub fn text(self) -> Twin {
        let key = match self {
            Self::Good => "grade-good",
            Self::Note => "grade-note",
            Self::Problem => "grade-problem",
        };
        twin(key, &[])
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
        assert!(ja.len() > 30);
        for (key, template) in ja {
            assert_eq!(places(template), places(&en[key]), "{key}");
        }
    }

    /// Every key that the sources of the doctor name has its sentence.
    #[test]
    fn every_finding_has_words() {
        let source = include_str!("doctor.rs");
        let compact: String = source.split_whitespace().collect();
        let mut seen = 0;
        for grade in ["Grade::Good,\"", "Grade::Note,\"", "Grade::Problem,\""] {
            for call in compact.split(grade).skip(1) {
                let key = call.split('"').next().unwrap();
                assert!(WORDS["ja"].contains_key(&format!("doctor-{key}")), "{key}");
                seen += 1;
            }
        }
        assert!(seen > 12, "{seen}");
    }
}
