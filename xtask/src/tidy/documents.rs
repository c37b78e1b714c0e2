//! Rules about the documents: links lead somewhere, decisions are numbered, the two READMEs say
//! the same.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Component, Path, PathBuf};

/// Complaints about the documents.
pub fn check(root: &Path, files: &[PathBuf]) -> Vec<String> {
    let mut found = Vec::new();
    let known: BTreeSet<&Path> = files.iter().map(PathBuf::as_path).collect();
    for path in files
        .iter()
        .filter(|p| p.extension().is_some_and(|e| e == "md"))
    {
        let text = fs::read_to_string(root.join(path)).unwrap_or_default();
        for target in links(&text) {
            let to = normal(&path.parent().unwrap_or(Path::new("")).join(&target));
            let there = known.contains(to.as_path()) || known.iter().any(|k| k.starts_with(&to));
            if !there {
                found.push(format!(
                    "{}: the link to {target} leads nowhere",
                    path.display()
                ));
            }
        }
        if path.starts_with("docs/decisions") {
            found.extend(decision(path, &text));
        }
    }
    found.extend(decision_numbers(files));
    let read = |name: &str| fs::read_to_string(root.join(name)).unwrap_or_default();
    found.extend(twins(&read("README.md"), &read("README.en.md")));
    found
}

/// Targets of the relative links of a Markdown text, without anchors; code is left out.
fn links(text: &str) -> Vec<String> {
    let mut targets = Vec::new();
    let mut in_code = false;
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            in_code = !in_code;
        }
        if in_code {
            continue;
        }
        // Every second piece between back-ticks is code.
        for piece in line.split('`').step_by(2) {
            for after in piece.split("](").skip(1) {
                let target = after.split(')').next().unwrap_or_default();
                let target = target.split('#').next().unwrap_or_default();
                if !target.is_empty() && !target.contains("://") && !target.starts_with("mailto:") {
                    targets.push(target.to_owned());
                }
            }
        }
    }
    targets
}

/// A path without `.` and `..`.
fn normal(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => {
                out.pop();
            }
            Component::CurDir => {}
            other => out.push(other),
        }
    }
    out
}

/// Sections every decision has (docs/decisions/0000-template.md).
const SECTIONS: [&str; 3] = ["## Context", "## Options", "## Consequences"];

fn decision(path: &Path, text: &str) -> Vec<String> {
    let name = path
        .file_name()
        .map(|n| n.to_string_lossy().into_owned())
        .unwrap_or_default();
    let digits = name.bytes().take_while(u8::is_ascii_digit).count();
    let slug = name
        .get(digits..)
        .and_then(|s| s.strip_suffix(".md"))
        .unwrap_or_default();
    let fine = digits == 4
        && slug.starts_with('-')
        && slug.len() > 1
        && slug
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    let mut found = Vec::new();
    if !fine {
        found.push(format!(
            "{}: decisions are named NNNN-title.md",
            path.display()
        ));
    }
    for section in SECTIONS {
        if !text.lines().any(|l| l == section) {
            found.push(format!("{}: no section `{section}`", path.display()));
        }
    }
    // A template's own words left in a decision mean that nobody wrote it.
    if !name.starts_with("0000-") && text.contains("<!-- ") {
        found.push(format!(
            "{}: the template's instructions are still there",
            path.display()
        ));
    }
    found
}

fn decision_numbers(files: &[PathBuf]) -> Vec<String> {
    let mut by_number: BTreeMap<String, u32> = BTreeMap::new();
    for path in files.iter().filter(|p| p.starts_with("docs/decisions")) {
        let name = path
            .file_name()
            .map(|n| n.to_string_lossy().into_owned())
            .unwrap_or_default();
        *by_number.entry(name.chars().take(4).collect()).or_default() += 1;
    }
    let twice = by_number.iter().filter(|(_, n)| **n > 1);
    twice
        .map(|(number, _)| format!("docs/decisions: number {number} is used twice"))
        .collect()
}

/// The Japanese README and its English twin: the same headings in the same levels, and the same
/// commands in the code blocks.
fn twins(japanese: &str, english: &str) -> Vec<String> {
    let mut found = Vec::new();
    let headings = |text: &str| -> Vec<usize> {
        outside_code(text)
            .filter(|l| l.starts_with('#'))
            .map(|l| l.bytes().take_while(|b| *b == b'#').count())
            .collect()
    };
    if headings(japanese) != headings(english) {
        found.push(format!(
            "README.md and README.en.md have different headings (levels {:?} and {:?})",
            headings(japanese),
            headings(english)
        ));
    }
    let commands = |text: &str| -> Vec<String> {
        let mut inside = false;
        let mut out = Vec::new();
        for line in text.lines() {
            if line.starts_with("```") {
                inside = !inside;
            } else if inside && is_command(line) {
                // Names of files may be in the reader's language; what is run may not differ.
                let ascii = line
                    .split_whitespace()
                    .filter(|w| w.is_ascii() && !w.contains('.'));
                out.push(ascii.collect::<Vec<_>>().join(" "));
            }
        }
        out
    };
    let (ja, en) = (commands(japanese), commands(english));
    if ja != en {
        found.push(format!(
            "README.md and README.en.md name different commands: {ja:?} and {en:?}"
        ));
    }
    found
}

fn is_command(line: &str) -> bool {
    [
        "cargo ",
        "enmusubi ",
        "scripts/",
        "git ",
        "sudo ",
        "target/",
    ]
    .iter()
    .any(|c| line.starts_with(c))
}

fn outside_code(text: &str) -> impl Iterator<Item = &str> {
    let mut inside = false;
    text.lines().filter(move |l| {
        if l.starts_with("```") {
            inside = !inside;
            return false;
        }
        !inside
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_found_outside_code() {
        let text =
            "[a](b.md) [c](d.md#e) [f](https://x) `[g](h)` [i](#j)\n```\n[k](l)\n```\n![m](n.png)";
        assert_eq!(links(text), ["b.md", "d.md", "n.png"]);
        assert_eq!(
            normal(Path::new("docs/../README.md")),
            Path::new("README.md")
        );
    }

    #[test]
    fn decisions() {
        let body = "## Context\n## Options\n## Consequences\n";
        let check =
            |name: &str, text: &str| decision(&Path::new("docs/decisions").join(name), text).len();
        assert_eq!(check("0001-a-b.md", body), 0);
        assert_eq!(check("1-a.md", body), 1);
        assert_eq!(check("0001-A.md", body), 1);
        assert_eq!(check("0001-a.md", "## Context\n"), 2);
        assert_eq!(check("0001-a.md", &format!("{body}<!-- what -->")), 1);
        let twice = ["docs/decisions/0001-a.md", "docs/decisions/0001-b.md"].map(PathBuf::from);
        assert_eq!(decision_numbers(&twice).len(), 1);
    }

    #[test]
    fn readme_twins() {
        let ja = "# あ\n```sh\nenmusubi match --out 結果.csv\n# コメント\n```\n## い\n";
        let en = "# A\n```sh\nenmusubi match --out result.csv\n# comment\n```\n## B\n";
        assert_eq!(twins(ja, en), Vec::<String>::new());
        assert_eq!(twins(ja, &en.replace("## B", "")).len(), 1);
        assert_eq!(twins(ja, &en.replace("match", "verify")).len(), 1);
    }
}
