//! Rules about the text of files: whitespace, crate documentation, and words that the pure
//! crates must not use.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Crates whose sources may not look at the machine. `interchange`, `synth`, `page` and `papers` are
/// functions over bytes; only the command line opens files and looks at the clock.
const PURE: &[&str] = &[
    "domain",
    "criteria",
    "scoring",
    "reference",
    "market",
    "matching",
    "verify",
    "selection",
    "compare",
    "learn",
    "truth",
    "interchange",
    "synth",
    "page",
    "papers",
    "testkit",
];

const IMPURE_WORDS: &[(&str, &str)] = &[
    ("SystemTime", "pass the time in"),
    ("Instant::now", "take a `Watch`"),
    ("thread_rng", "take a seed"),
    ("from_os_rng", "take a seed"),
    ("RandomState", "take a fixed hasher"),
    ("std::fs", "take bytes"),
    ("std::env::", "take an argument"),
    ("std::net", "no network"),
    ("std::process", "no processes"),
    ("println!", "return what is to be said"),
];

const UNFINISHED_WORDS: &[&str] = &["todo!(", "unimplemented!(", "dbg!(", "#[ignore"];

/// Files under version control, and new ones that are not ignored; relative paths.
pub fn tracked_files(root: &Path) -> Result<Vec<PathBuf>, String> {
    let output = Command::new("git")
        .args([
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
        ])
        .current_dir(root)
        .output();
    match output {
        Ok(o) if o.status.success() => Ok(String::from_utf8_lossy(&o.stdout)
            .split('\0')
            .filter(|p| !p.is_empty())
            .map(PathBuf::from)
            .filter(|p| root.join(p).is_file())
            .collect()),
        // A source archive without git: walk it.
        _ => {
            let mut files = Vec::new();
            walk(root, Path::new(""), &mut files).map_err(|e| format!("reading files: {e}"))?;
            Ok(files)
        }
    }
}

fn walk(root: &Path, folder: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in fs::read_dir(root.join(folder))? {
        let entry = entry?;
        let path = folder.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            if !["target", ".git", "out"]
                .iter()
                .any(|skip| path == Path::new(skip))
            {
                walk(root, &path, files)?;
            }
        } else {
            files.push(path);
        }
    }
    Ok(())
}

/// Complaints about the text of files.
pub fn check(root: &Path, files: &[PathBuf]) -> Vec<String> {
    let mut found = Vec::new();
    for path in files {
        let Some(kind) = path.extension().and_then(|e| e.to_str()) else {
            continue;
        };
        if !["rs", "toml", "md", "sh", "css", "js", "json"].contains(&kind) {
            continue;
        }
        let Ok(text) = fs::read_to_string(root.join(path)) else {
            found.push(format!("{}: is not UTF-8", path.display()));
            continue;
        };
        found.extend(of_file(&path.to_string_lossy().replace('\\', "/"), &text));
    }
    found
}

/// Complaints about one file.
fn of_file(path: &str, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (n, line) in text.lines().enumerate() {
        // Two spaces at the end are a line break in Markdown; people do not see them. None here.
        if line.ends_with([' ', '\t', '\r']) {
            found.push(format!("{path}:{}: space at the end of the line", n + 1));
        }
    }
    if !text.is_empty() && !text.ends_with('\n') {
        found.push(format!("{path}: no line feed at the end"));
    }
    if !path.ends_with(".rs") || path.starts_with("xtask/") {
        return found;
    }
    let parts: Vec<&str> = path.split('/').collect();
    let in_src = parts.len() > 3 && parts[0] == "crates" && parts[2] == "src";
    if in_src && ["lib.rs", "main.rs"].contains(&parts[3]) && !text.starts_with("//!") {
        found.push(format!("{path}: a crate begins with `//!`: what it is for"));
    }
    // Tests stand at the end of a file or in a file of their own, and may look at the machine.
    let tests = path.ends_with("tests.rs") || path.contains("/tests/");
    let own = text.split("#[cfg(test)]").next().unwrap_or(text);
    for (n, line) in own.lines().enumerate() {
        let code = line.split("//").next().unwrap_or(line);
        for word in UNFINISHED_WORDS {
            if code.contains(word) {
                found.push(format!("{path}:{}: `{word}`: finish it", n + 1));
            }
        }
        if in_src && !tests && PURE.contains(&parts[1]) {
            for (word, instead) in IMPURE_WORDS {
                if code.contains(word) {
                    found.push(format!(
                        "{path}:{}: `{word}` in a pure crate: {instead}",
                        n + 1
                    ));
                }
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(path: &str, text: &str, expect: &str) {
        let found = of_file(path, text).join("\n");
        assert!(
            if expect.is_empty() {
                found.is_empty()
            } else {
                found.contains(expect)
            },
            "{found}"
        );
    }

    #[test]
    fn text_rules() {
        check("README.md", "fine\n", "");
        check("README.md", "a \n", "README.md:1: space");
        check("README.md", "a", "no line feed");
        check(
            "crates/market/src/lib.rs",
            "pub fn f() {}\n",
            "begins with `//!`",
        );
        check(
            "crates/market/src/lib.rs",
            "//! Doc.\nfn f() { todo!() }\n",
            ":2: `todo!(`",
        );
        check(
            "crates/market/src/a.rs",
            "fn f() { std::fs::read(1); }\n",
            "pure crate",
        );
        check("crates/market/src/a.rs", "// no std::fs here\n", "");
        check(
            "crates/market/src/a.rs",
            "#[cfg(test)]\nmod tests { use std::fs; }\n",
            "",
        );
        check("crates/cli/src/a.rs", "use std::fs;\n", "");
    }
}
