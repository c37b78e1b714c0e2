//! Words shown to people, in Japanese and English, from the message files in `messages/`.
//!
//! Japanese comes first: it is the default, and the English file follows it key by key (tests
//! below hold both files to the same keys and the same `{placeholders}`).

use std::collections::BTreeMap;
use std::fmt::Display;

/// Language of everything the command says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lang {
    /// 日本語.
    Ja,
    /// English.
    En,
}

impl Lang {
    /// From the arguments (`--lang en`, `--lang=en`), else from the environment, else Japanese.
    ///
    /// Looked up before the arguments are parsed, because a mistake in them must be reported in
    /// the right language too.
    pub fn choose(args: &[String], environment: impl Fn(&str) -> Option<String>) -> Self {
        let mut args = args.iter().map(String::as_str);
        while let Some(arg) = args.next() {
            let value = match arg {
                "--" => break,
                "--lang" => args.next(),
                _ => arg.strip_prefix("--lang="),
            };
            match value {
                Some("ja") => return Self::Ja,
                Some("en") => return Self::En,
                _ => {}
            }
        }
        let locale = ["LC_ALL", "LC_MESSAGES", "LANG"]
            .iter()
            .find_map(|v| environment(v).filter(|s| !s.is_empty()));
        if locale.is_some_and(|l| l.starts_with("en")) {
            Self::En
        } else {
            Self::Ja
        }
    }
}

/// The message files of one language.
#[derive(Debug)]
pub struct Words {
    /// The language.
    pub lang: Lang,
    table: BTreeMap<String, String>,
}

/// `help` and `messages` are of everything; a family of commands has one file for both, in which the
/// sections with an `about` are help.
const JA: [&str; 11] = [
    include_str!("../messages/help.ja.toml"),
    include_str!("../messages/messages.ja.toml"),
    include_str!("../messages/criteria.ja.toml"),
    include_str!("../messages/round.ja.toml"),
    include_str!("../messages/score.ja.toml"),
    include_str!("../messages/select.ja.toml"),
    include_str!("../messages/shadow.ja.toml"),
    include_str!("../messages/whatif.ja.toml"),
    include_str!("../messages/compare.ja.toml"),
    include_str!("../messages/learn.ja.toml"),
    include_str!("../messages/operation.ja.toml"),
];
const EN: [&str; 11] = [
    include_str!("../messages/help.en.toml"),
    include_str!("../messages/messages.en.toml"),
    include_str!("../messages/criteria.en.toml"),
    include_str!("../messages/round.en.toml"),
    include_str!("../messages/score.en.toml"),
    include_str!("../messages/select.en.toml"),
    include_str!("../messages/shadow.en.toml"),
    include_str!("../messages/whatif.en.toml"),
    include_str!("../messages/compare.en.toml"),
    include_str!("../messages/learn.en.toml"),
    include_str!("../messages/operation.en.toml"),
];

impl Words {
    /// Reads the built-in files of a language.
    pub fn of(lang: Lang) -> Self {
        let files = match lang {
            Lang::Ja => JA,
            Lang::En => EN,
        };
        let mut table = BTreeMap::new();
        for file in files {
            // The files are part of the program; a test parses them, so nothing can go wrong here.
            let sections: BTreeMap<String, BTreeMap<String, String>> =
                toml::from_str(file).unwrap_or_default();
            for (section, entries) in sections {
                for (key, text) in entries {
                    table.insert(format!("{section}.{key}"), text.trim_end().to_owned());
                }
            }
        }
        Self { lang, table }
    }

    /// The text of a key, if there is one.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.table.get(key).map(String::as_str)
    }

    /// The text of a key with its `{placeholders}` filled.
    ///
    /// A missing key shows itself rather than nothing: tests keep that from happening.
    pub fn say(&self, key: &str, values: &[(&str, &dyn Display)]) -> String {
        let text = self.get(key).unwrap_or(key);
        let mut out = String::with_capacity(text.len() + 32);
        let mut rest = text;
        // One pass over the template, so that a value which looks like a placeholder stays as is.
        while let Some(open) = rest.find('{') {
            out.push_str(&rest[..open]);
            let after = &rest[open + 1..];
            let Some(close) = after.find('}') else {
                out.push_str(&rest[open..]);
                return out;
            };
            let name = &after[..close];
            match values.iter().find(|(n, _)| *n == name) {
                Some((_, value)) => out.push_str(&value.to_string()),
                None => out.push_str(&rest[open..open + close + 2]),
            }
            rest = &after[close + 1..];
        }
        out.push_str(rest);
        out
    }
}

pub use enmusubi_domain::template::grouped;

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn placeholders(text: &str) -> BTreeSet<&str> {
        text.split('{')
            .skip(1)
            .filter_map(|t| t.split('}').next())
            .collect()
    }

    #[test]
    fn both_files_say_the_same_things() {
        for file in JA.iter().chain(&EN) {
            toml::from_str::<BTreeMap<String, BTreeMap<String, String>>>(file).unwrap();
        }
        let (ja, en) = (Words::of(Lang::Ja), Words::of(Lang::En));
        let keys = |w: &Words| w.table.keys().cloned().collect::<BTreeSet<_>>();
        assert_eq!(keys(&ja), keys(&en));
        for (key, text) in &ja.table {
            assert_eq!(placeholders(text), placeholders(&en.table[key]), "{key}");
            assert!(!text.is_empty() && !en.table[key].is_empty(), "{key}");
        }
    }

    /// Every literal key in the sources exists, and every message of `messages.*.toml` is used.
    #[test]
    fn keys_and_sources_agree() {
        let words = Words::of(Lang::Ja);
        let mut sources = String::new();
        let mut folders = vec![std::path::PathBuf::from(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/src"
        ))];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    sources.push_str(&std::fs::read_to_string(path).unwrap());
                }
            }
        }
        let compact: String = sources.split_whitespace().collect::<Vec<_>>().join("");
        for call in compact.split(".say(\"").skip(1) {
            let key = call.split('"').next().unwrap();
            assert!(
                words.get(key).is_some() || ["t.t", ")"].contains(&key),
                "no text for {key}"
            );
        }
        let help: BTreeMap<String, BTreeMap<String, String>> = toml::from_str(JA[0]).unwrap();
        for key in words.table.keys() {
            let section = key.split('.').next().unwrap();
            let of_help =
                help.contains_key(section) || words.get(&format!("{section}.about")).is_some();
            assert!(
                of_help || sources.contains(&format!("\"{key}\"")),
                "{key} is never said"
            );
        }
    }

    #[test]
    fn language_is_chosen_from_arguments_then_environment() {
        let check = |args: &[&str], lang: Option<&str>, expect: Lang| {
            let args: Vec<String> = args.iter().map(ToString::to_string).collect();
            let env = |v: &str| {
                if v == "LANG" {
                    lang.map(str::to_owned)
                } else {
                    None
                }
            };
            assert_eq!(Lang::choose(&args, env), expect, "{args:?} {lang:?}");
        };
        check(&[], None, Lang::Ja);
        check(&[], Some("C.UTF-8"), Lang::Ja);
        check(&[], Some("en_US.UTF-8"), Lang::En);
        check(&["match", "--lang", "ja"], Some("en_US.UTF-8"), Lang::Ja);
        check(&["--lang=en"], Some("ja_JP.UTF-8"), Lang::En);
        check(&["--", "--lang=en"], None, Lang::Ja);
    }

    #[test]
    fn values_are_put_in_once() {
        let mut words = Words::of(Lang::En);
        words.table.insert("t.t".into(), "{a} and {b}, {c}".into());
        assert_eq!(
            words.say("t.t", &[("a", &"{b}"), ("b", &2)]),
            "{b} and 2, {c}"
        );
    }
}
