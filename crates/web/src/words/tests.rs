//! Both languages say the same things, and the sources and the files agree.

use super::*;
use enmusubi_domain::template::places;
use std::collections::BTreeSet;

#[test]
fn both_languages_have_the_same_keys_and_places() {
    let (ja, en) = (Words::of(Lang::Ja), Words::of(Lang::En));
    let keys = |w: &Words| w.table.keys().cloned().collect::<BTreeSet<_>>();
    assert!(keys(ja).len() > 20);
    assert_eq!(keys(ja), keys(en));
    for (key, text) in &ja.table {
        assert_eq!(places(text), places(&en.table[key]), "{key}");
        assert!(!text.is_empty() && !en.table[key].is_empty(), "{key}");
    }
}

/// A key in two rooms would be overwritten by the later one without a word.
#[test]
fn no_key_is_in_two_rooms() {
    for files in [JA, EN] {
        let mut seen = BTreeMap::new();
        for (room, file) in files {
            for (section, entries) in sections(file).unwrap() {
                for key in entries.into_keys() {
                    let before = seen.insert(format!("{section}.{key}"), room);
                    assert_eq!(before, None, "{section}.{key} is in {room} too");
                }
            }
        }
    }
}

/// Every message file lies in the list.
#[test]
fn every_file_is_listed() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/messages");
    let mut found = BTreeSet::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        found.insert(entry.unwrap().file_name().into_string().unwrap());
    }
    let listed = JA.iter().map(|(room, _)| format!("{room}.ja.toml"));
    let listed = listed.chain(EN.iter().map(|(room, _)| format!("{room}.en.toml")));
    assert_eq!(found, listed.collect());
}

/// Every key said in the sources exists, and every text of the files is said somewhere.
#[test]
fn keys_and_sources_agree() {
    let mut sources = String::new();
    // Refusals and problems of fields are named where they are found.
    let mut folders: Vec<std::path::PathBuf> = ["/src", "/../casefile/src", "/../app/src"]
        .iter()
        .map(|f| format!("{}{f}", env!("CARGO_MANIFEST_DIR")).into())
        .collect();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if !path.ends_with("words/tests.rs") {
                sources.push_str(&std::fs::read_to_string(path).unwrap());
            }
        }
    }
    let words = Words::of(Lang::Ja);
    let compact: String = sources.split_whitespace().collect();
    for call in [".say(\"", ".t(\""] {
        for after in compact.split(call).skip(1) {
            let key = after.split('"').next().unwrap();
            assert!(words.get(key).is_some(), "no text for {key}");
        }
    }
    for key in words.table.keys() {
        assert!(
            sources.contains(&format!("\"{key}\"")),
            "{key} is never said"
        );
    }
}

#[test]
fn values_are_put_in_once_and_missing_keys_show_themselves() {
    let mut words = Words::new(Lang::En);
    let template = "{a} and {b}, {c}".to_owned();
    words.table.insert("made.up".into(), template.clone());
    let key = "made.up";
    assert_eq!(words.say(key, &[("a", &"{b}"), ("b", &2)]), "{b} and 2, c");
    assert_eq!(words.t(key), template);
    let missing = "made.missing";
    assert_eq!(words.say(missing, &[]), missing);
    assert_eq!(words.t(missing), missing);
}

#[test]
fn languages_have_tags() {
    for (tag, lang) in [("ja", Some(Lang::Ja)), ("en", Some(Lang::En)), ("de", None)] {
        assert_eq!(Lang::of(tag), lang);
        assert_eq!(lang.map_or(tag, Lang::tag), tag);
    }
}
