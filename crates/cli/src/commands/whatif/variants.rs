//! Variants as asked for: by `--against`, `--set`, `--variant`, and a file of variants.

use crate::args::WhatIfArgs;
use crate::exit::{Exit, Failure};
use crate::language::Words;
use crate::pipeline::File;
use crate::{commands, inputs, say};
use enmusubi_selection::whatif::error::SetError;
use enmusubi_selection::whatif::plan::{Asked, Source};
use enmusubi_selection::whatif::set::{Set, split};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Criteria files (the base's first) and the variants.
pub struct Variants {
    /// The files.
    pub sources: Vec<Source>,
    /// The variants, in the order of the arguments: `--against`, `--set`, `--variant`, `--variants`.
    pub asked: Vec<Asked>,
}

/// One variant before its files are read.
struct Raw {
    name: String,
    against: Option<PathBuf>,
    sets: Vec<String>,
}

/// Reads criteria files and variants; everything that is wrong with any of them is told.
///
/// # Errors
/// Exit code 2.
pub fn read(words: &Words, args: &WhatIfArgs) -> Result<Variants, Failure> {
    let raw = raw(words, args)?;
    if raw.is_empty() {
        return Err(
            Failure::new(Exit::BadInput, words.say("whatif_run.nothing", &[]))
                .hint(words.say("whatif_run.nothing_hint", &[])),
        );
    }
    let mut failures = Vec::new();
    let mut seen = BTreeSet::new();
    for variant in &raw {
        if !seen.insert(variant.name.as_str()) {
            let message = words.say("whatif_run.same_name", &[("name", &variant.name)]);
            failures.push(
                Failure::new(Exit::BadInput, message)
                    .hint(words.say("whatif_run.same_name_hint", &[])),
            );
        }
    }
    let mut paths: Vec<&Path> = vec![&args.criteria];
    for variant in &raw {
        let path = variant.against.as_deref();
        paths.extend(path.filter(|p| !paths.contains(p)));
    }
    let mut sources = Vec::new();
    for path in &paths {
        match inputs::read_source(words, path) {
            Ok((source, messages)) => {
                say(&messages);
                sources.push(source);
            }
            Err(failure) => failures.push(failure),
        }
    }
    let mut asked = Vec::new();
    let mut wrong = Vec::new();
    for variant in &raw {
        let source = variant
            .against
            .as_deref()
            .and_then(|p| paths.iter().position(|q| *q == p));
        let mut sets = Vec::new();
        for text in &variant.sets {
            match Set::parse(text) {
                Ok(set) => sets.push(set),
                Err(error) => wrong.push(SetError::form(text, error)),
            }
        }
        asked.push(Asked {
            name: variant.name.clone(),
            source: source.unwrap_or(0),
            sets,
        });
    }
    if !wrong.is_empty() {
        failures.push(failure(words, &wrong));
    }
    let Some(last) = failures.pop() else {
        return Ok(Variants { sources, asked });
    };
    // Each with its own labels and hints.
    for failure in failures {
        say(&failure.text(words));
    }
    Err(last)
}

/// Changes that cannot be tried out.
pub fn failure(words: &Words, errors: &[SetError]) -> Failure {
    let lang = commands::lang(words);
    let lines: Vec<String> = errors.iter().map(|e| e.text(lang)).collect();
    let mut failure = Failure::new(Exit::BadInput, lines.join("\n"));
    for error in errors {
        failure = failure.hint_once(error.mend(lang));
    }
    failure
}

fn raw(words: &Words, args: &WhatIfArgs) -> Result<Vec<Raw>, Failure> {
    let file_name = |path: &Path| path.file_name().map(|n| n.to_string_lossy().into_owned());
    let mut list: Vec<Raw> = args
        .against
        .iter()
        .map(|path| {
            let name = file_name(path);
            let same = args.against.iter().filter(|p| file_name(p) == name).count();
            Raw {
                name: name
                    .filter(|_| same == 1)
                    .unwrap_or_else(|| path.display().to_string()),
                against: Some(path.clone()),
                sets: Vec::new(),
            }
        })
        .collect();
    if !args.set.is_empty() {
        list.push(Raw {
            name: args.set.join(" "),
            against: None,
            sets: args.set.clone(),
        });
    }
    for text in &args.variant {
        let named = text.split_once('=').map(|(n, s)| (n.trim(), s));
        match named.filter(|(name, sets)| !name.is_empty() && !sets.trim().is_empty()) {
            Some((name, sets)) => list.push(Raw {
                name: name.to_owned(),
                against: None,
                sets: split(sets),
            }),
            None => {
                let message = words.say("whatif_run.variant_form", &[("variant", text)]);
                return Err(Failure::new(Exit::BadInput, message)
                    .hint(words.say("whatif_run.variant_form_hint", &[])));
            }
        }
    }
    if let Some(path) = &args.variants {
        list.extend(from_file(words, path)?);
    }
    Ok(list)
}

/// Variants of a file: `[[variant]]` with `name`, `set` and `against`.
fn from_file(words: &Words, path: &Path) -> Result<Vec<Raw>, Failure> {
    let file = File::read(words, path)?;
    let fail = |detail: &dyn std::fmt::Display| {
        let values: [(&str, &dyn std::fmt::Display); 2] =
            [("path", &path.display()), ("detail", detail)];
        Failure::new(Exit::BadInput, words.say("whatif_run.file", &values))
            .hint(words.say("whatif_run.file_hint", &[]))
    };
    let text = String::from_utf8_lossy(&file.bytes);
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let table: toml::Table = toml::from_str(text).map_err(|e| fail(&e.to_string().trim_end()))?;
    let unknown = |table: &toml::Table, known: &[&str]| {
        let name = table.keys().find(|k| !known.contains(&k.as_str()));
        name.map(|n| fail(&words.say("whatif_run.unknown_key", &[("key", n)])))
    };
    if let Some(failure) = unknown(&table, &["variant"]) {
        return Err(failure);
    }
    let folder = path.parent().unwrap_or(Path::new(""));
    let mut list = Vec::new();
    for (i, entry) in table
        .get("variant")
        .and_then(toml::Value::as_array)
        .into_iter()
        .flatten()
        .enumerate()
    {
        let number = i + 1;
        let wrong = |key: &str| fail(&words.say(key, &[("number", &number)]));
        let entry = entry
            .as_table()
            .ok_or_else(|| wrong("whatif_run.no_table"))?;
        if let Some(failure) = unknown(entry, &["name", "set", "against"]) {
            return Err(failure);
        }
        let text = |key: &str| entry.get(key).and_then(toml::Value::as_str);
        let name = text("name").filter(|n| !n.trim().is_empty());
        let name = name.ok_or_else(|| wrong("whatif_run.no_name"))?;
        let sets: Option<Vec<String>> = match entry.get("set") {
            None => Some(Vec::new()),
            Some(toml::Value::String(one)) => Some(vec![one.clone()]),
            Some(toml::Value::Array(many)) => {
                many.iter().map(|v| v.as_str().map(str::to_owned)).collect()
            }
            Some(_) => None,
        };
        let against = match entry.get("against") {
            None => None,
            Some(path) => Some(path.as_str().ok_or_else(|| wrong("whatif_run.no_path"))?),
        };
        list.push(Raw {
            name: name.to_owned(),
            against: against.map(|p| folder.join(p)),
            sets: sets.ok_or_else(|| wrong("whatif_run.no_sets"))?,
        });
    }
    if list.is_empty() {
        return Err(fail(&words.say("whatif_run.no_variants", &[])));
    }
    Ok(list)
}
