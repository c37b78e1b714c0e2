//! Every dependency must be under a licence a municipality can use, change and pass on.

use super::{list, text};
use serde_json::Value;

/// Permissive licences, and MPL-2.0 (file-level: our files stay ours).
const ALLOWED: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "ISC",
    "MIT",
    "MIT-0",
    "MPL-2.0",
    "Unicode-3.0",
    "Unicode-DFS-2016",
    "Unlicense",
    "Zlib",
];

/// Complaints about licences.
pub fn check(metadata: &Value) -> Vec<String> {
    let mut found = Vec::new();
    for package in list(metadata, "packages") {
        let expression = text(package, "license");
        let who = format!("{} {}", text(package, "name"), text(package, "version"));
        match allowed(expression) {
            Some(true) => {}
            Some(false) => {
                found.push(format!(
                    "{who}: licence `{expression}` is not on the list; use another crate"
                ));
            }
            None => found.push(format!("{who}: licence `{expression}` cannot be read")),
        }
    }
    found
}

/// Whether an SPDX expression can be met with allowed licences; `None` if it is malformed.
fn allowed(expression: &str) -> Option<bool> {
    // `/` is the old way to write OR.
    let spaced = expression
        .replace('/', " OR ")
        .replace('(', " ( ")
        .replace(')', " ) ");
    let tokens: Vec<&str> = spaced.split_whitespace().collect();
    let mut at = 0;
    let value = any_of(&tokens, &mut at)?;
    (at == tokens.len()).then_some(value)
}

fn any_of(tokens: &[&str], at: &mut usize) -> Option<bool> {
    let mut value = all_of(tokens, at)?;
    while tokens.get(*at) == Some(&"OR") {
        *at += 1;
        // Both sides are read even where the first decides.
        value |= all_of(tokens, at)?;
    }
    Some(value)
}

fn all_of(tokens: &[&str], at: &mut usize) -> Option<bool> {
    let mut value = one(tokens, at)?;
    while tokens.get(*at) == Some(&"AND") {
        *at += 1;
        value &= one(tokens, at)?;
    }
    Some(value)
}

fn one(tokens: &[&str], at: &mut usize) -> Option<bool> {
    let token = *tokens.get(*at)?;
    *at += 1;
    if token == "(" {
        let value = any_of(tokens, at)?;
        let closed = tokens.get(*at) == Some(&")");
        *at += 1;
        return closed.then_some(value);
    }
    if matches!(token, ")" | "OR" | "AND" | "WITH") {
        return None;
    }
    if tokens.get(*at) == Some(&"WITH") {
        let whole = format!("{token} WITH {}", tokens.get(*at + 1)?);
        *at += 2;
        return Some(ALLOWED.contains(&whole.as_str()));
    }
    Some(ALLOWED.contains(&token))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions() {
        for (expression, expect) in [
            ("MIT", Some(true)),
            ("MIT/Apache-2.0", Some(true)),
            ("GPL-3.0-only", Some(false)),
            ("GPL-3.0-only OR MIT", Some(true)),
            ("GPL-3.0-only AND MIT", Some(false)),
            ("(MIT OR Apache-2.0) AND Unicode-3.0", Some(true)),
            ("Apache-2.0 WITH LLVM-exception", Some(true)),
            (
                "GPL-2.0-only WITH Classpath-exception-2.0 OR MIT",
                Some(true),
            ),
            ("", None),
            ("MIT OR", None),
            ("(MIT", None),
            ("MIT Apache-2.0", None),
        ] {
            assert_eq!(allowed(expression), expect, "{expression}");
        }
    }
}
