//! Which crate may know which (docs/architecture.md), and which outside crates are banned.

use super::{list, text};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Crate → the workspace crates it may depend on. A crate that is not here may not exist.
const ARROWS: &[(&str, &[&str])] = &[
    ("enmusubi-domain", &[]),
    ("enmusubi-market", &[]),
    ("enmusubi-matching", &["enmusubi-market"]),
    ("enmusubi-verify", &["enmusubi-market"]),
    ("enmusubi-criteria", &["enmusubi-domain"]),
    (
        "enmusubi-scoring",
        &["enmusubi-domain", "enmusubi-criteria"],
    ),
    (
        "enmusubi-reference",
        &["enmusubi-domain", "enmusubi-criteria"],
    ),
    (
        "enmusubi-interchange",
        &["enmusubi-domain", "enmusubi-criteria"],
    ),
    ("enmusubi-synth", &["enmusubi-domain"]),
    ("enmusubi-papers", &["enmusubi-domain"]),
    ("enmusubi-vault", &["enmusubi-domain"]),
    (
        "enmusubi-casefile",
        &["enmusubi-domain", "enmusubi-interchange"],
    ),
    (
        "enmusubi-app",
        &[
            "enmusubi-domain",
            "enmusubi-criteria",
            "enmusubi-scoring",
            "enmusubi-selection",
            "enmusubi-interchange",
            "enmusubi-casefile",
            "enmusubi-storage",
            "enmusubi-papers",
            "enmusubi-vault",
        ],
    ),
    ("enmusubi-storage", &["enmusubi-casefile", "enmusubi-vault"]),
    (
        "enmusubi-operation",
        &[
            "enmusubi-domain",
            "enmusubi-casefile",
            "enmusubi-storage",
            "enmusubi-vault",
            "enmusubi-app",
        ],
    ),
    (
        "enmusubi-demo",
        &[
            "enmusubi-domain",
            "enmusubi-casefile",
            "enmusubi-storage",
            "enmusubi-app",
            "enmusubi-synth",
        ],
    ),
    (
        "enmusubi-selection",
        &[
            "enmusubi-domain",
            "enmusubi-criteria",
            "enmusubi-scoring",
            "enmusubi-market",
            "enmusubi-matching",
            "enmusubi-verify",
        ],
    ),
    (
        "enmusubi-compare",
        &[
            "enmusubi-domain",
            "enmusubi-criteria",
            "enmusubi-scoring",
            "enmusubi-market",
            "enmusubi-matching",
            "enmusubi-verify",
            "enmusubi-selection",
        ],
    ),
    (
        "enmusubi-learn",
        &[
            "enmusubi-domain",
            "enmusubi-criteria",
            "enmusubi-scoring",
            "enmusubi-selection",
            "enmusubi-compare",
        ],
    ),
    (
        "enmusubi-truth",
        &[
            "enmusubi-domain",
            "enmusubi-criteria",
            "enmusubi-scoring",
            "enmusubi-market",
            "enmusubi-matching",
            "enmusubi-verify",
            "enmusubi-selection",
            "enmusubi-compare",
            "enmusubi-synth",
        ],
    ),
    (
        "enmusubi-page",
        &[
            "enmusubi-compare",
            "enmusubi-learn",
            "enmusubi-domain",
            "enmusubi-criteria",
            "enmusubi-scoring",
            "enmusubi-market",
            "enmusubi-matching",
            "enmusubi-selection",
        ],
    ),
    (
        "enmusubi-web",
        &[
            "enmusubi-domain",
            "enmusubi-criteria",
            "enmusubi-scoring",
            "enmusubi-interchange",
            "enmusubi-casefile",
            "enmusubi-storage",
            "enmusubi-app",
        ],
    ),
    (
        "enmusubi-crosscheck",
        &[
            "enmusubi-domain",
            "enmusubi-criteria",
            "enmusubi-scoring",
            "enmusubi-reference",
        ],
    ),
    (
        "enmusubi-testkit",
        &["enmusubi-domain", "enmusubi-criteria", "enmusubi-market"],
    ),
    (
        "enmusubi",
        &[
            "enmusubi-domain",
            "enmusubi-criteria",
            "enmusubi-scoring",
            "enmusubi-crosscheck",
            "enmusubi-market",
            "enmusubi-matching",
            "enmusubi-verify",
            "enmusubi-selection",
            "enmusubi-interchange",
            "enmusubi-synth",
            "enmusubi-page",
            "enmusubi-compare",
            "enmusubi-learn",
            "enmusubi-truth",
            "enmusubi-operation",
            "enmusubi-app",
            "enmusubi-demo",
            "enmusubi-web",
        ],
    ),
    (
        "xtask",
        &[
            "enmusubi-criteria",
            "enmusubi-domain",
            "enmusubi-interchange",
            "enmusubi-synth",
        ],
    ),
];

/// Pairs of crates of which neither may know the other, not even in its tests: one checks the other, and a
/// shared mistake would stay hidden.
const APART: &[(&str, &str)] = &[
    ("enmusubi-verify", "enmusubi-matching"),
    ("enmusubi-reference", "enmusubi-scoring"),
    ("enmusubi-scoring", "enmusubi-reference"),
];

/// Crates that decide or check a placement: nothing in their reach may wait, connect or look at
/// the machine.
const PURE: &[&str] = &[
    "enmusubi-domain",
    "enmusubi-criteria",
    "enmusubi-scoring",
    "enmusubi-reference",
    "enmusubi-market",
    "enmusubi-matching",
    "enmusubi-verify",
    "enmusubi-selection",
];
const IMPURE: &[&str] = &[
    "tokio",
    "async-std",
    "smol",
    "sqlx",
    "sqlx-core",
    "rusqlite",
    "reqwest",
    "hyper",
    "ureq",
    "chrono",
];

/// Crates that may be nowhere in the tree.
const BANNED: &[(&str, &str)] = &[
    (
        "openssl-sys",
        "a C library that office machines would have to patch; use rustls",
    ),
    ("native-tls", "brings OpenSSL; use rustls"),
    ("aws-lc-sys", "needs a C toolchain; use ring or none"),
];

/// Complaints about the crates and their dependencies.
pub fn check(metadata: &Value) -> Vec<String> {
    let tree = Tree::read(metadata);
    let mut found = Vec::new();
    let allowed: BTreeMap<_, _> = ARROWS.iter().copied().collect();
    for member in &tree.members {
        let Some(allowed) = allowed.get(member.as_str()) else {
            found.push(format!(
                "crate {member} is not in ARROWS (xtask/src/tidy/workspace.rs): say there, and in \
                 docs/architecture.md, what it may depend on"
            ));
            continue;
        };
        for to in &tree.normal[member] {
            if tree.members.contains(to) && !allowed.contains(&to.as_str()) {
                found.push(format!(
                    "{member} depends on {to}, which its place in the design forbids"
                ));
            }
        }
    }
    for (one, other) in APART {
        if tree.dev.get(*one).is_some_and(|d| d.contains(*other)) {
            found.push(format!(
                "{one} knows {other} in its tests; put such tests elsewhere"
            ));
        }
        if tree.reach(one).contains(*other) {
            found.push(format!(
                "{one} reaches {other}; the two must be independent"
            ));
        }
    }
    for member in PURE {
        for impure in tree
            .reach(member)
            .intersection(&IMPURE.iter().map(ToString::to_string).collect())
        {
            found.push(format!(
                "{member} reaches {impure}; deciding and checking must stay pure"
            ));
        }
    }
    for package in list(metadata, "packages") {
        if let Some((name, why)) = BANNED.iter().find(|(n, _)| *n == text(package, "name")) {
            found.push(format!("{name} is in the dependency tree: {why}"));
        }
        if tree.members.contains(text(package, "name"))
            && text(package, "license") != "MIT OR Apache-2.0"
        {
            found.push(format!(
                "{}: licence must be `MIT OR Apache-2.0`",
                text(package, "name")
            ));
        }
    }
    found
}

/// The resolved dependency tree, by package name.
struct Tree {
    members: BTreeSet<String>,
    normal: BTreeMap<String, BTreeSet<String>>,
    dev: BTreeMap<String, BTreeSet<String>>,
}

impl Tree {
    fn read(metadata: &Value) -> Self {
        let names: BTreeMap<&str, &str> = list(metadata, "packages")
            .iter()
            .map(|p| (text(p, "id"), text(p, "name")))
            .collect();
        let name = |id: &str| names.get(id).copied().unwrap_or(id).to_owned();
        let members = list(metadata, "workspace_members")
            .iter()
            .filter_map(Value::as_str)
            .map(name)
            .collect();
        let mut tree = Self {
            members,
            normal: BTreeMap::new(),
            dev: BTreeMap::new(),
        };
        for node in list(&metadata["resolve"], "nodes") {
            let from = name(text(node, "id"));
            tree.normal.entry(from.clone()).or_default();
            for dep in list(node, "deps") {
                let to = name(text(dep, "pkg"));
                for kind in list(dep, "dep_kinds") {
                    let edges = if text(kind, "kind") == "dev" {
                        &mut tree.dev
                    } else {
                        &mut tree.normal
                    };
                    edges.entry(from.clone()).or_default().insert(to.clone());
                }
            }
        }
        tree
    }

    /// Everything a crate pulls in when somebody uses it.
    fn reach(&self, from: &str) -> BTreeSet<String> {
        let mut seen = BTreeSet::new();
        let mut open = vec![from.to_owned()];
        while let Some(at) = open.pop() {
            for to in self.normal.get(&at).into_iter().flatten() {
                if seen.insert(to.clone()) {
                    open.push(to.clone());
                }
            }
        }
        seen
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn workspace(edges: &[(&str, &str, Option<&str>)]) -> Value {
        let mut names: BTreeSet<&str> = ["enmusubi-verify", "enmusubi-matching"].into();
        names.extend(edges.iter().flat_map(|(a, b, _)| [*a, *b]));
        let node = |n: &&str| {
            let deps: Vec<Value> = edges
                .iter()
                .filter(|(a, ..)| a == n)
                .map(|(_, b, kind)| json!({"pkg": b, "dep_kinds": [{"kind": kind}]}))
                .collect();
            json!({"id": n, "deps": deps})
        };
        let package = |n: &&str| json!({"id": n, "name": n, "license": "MIT OR Apache-2.0"});
        let members: Vec<_> = names.iter().filter(|n| n.starts_with("enmusubi")).collect();
        json!({
            "packages": names.iter().map(package).collect::<Vec<_>>(),
            "workspace_members": members,
            "resolve": {"nodes": names.iter().map(node).collect::<Vec<_>>()},
        })
    }

    fn complaint(edges: &[(&str, &str, Option<&str>)], expect: &str) {
        let found = check(&workspace(edges));
        assert!(found.iter().any(|c| c.contains(expect)), "{found:?}");
    }

    #[test]
    fn what_is_allowed_is_silent() {
        let fine = [
            ("enmusubi-matching", "enmusubi-market", None),
            ("enmusubi-verify", "enmusubi-market", None),
            ("enmusubi-verify", "enmusubi-testkit", Some("dev")),
            ("enmusubi-testkit", "enmusubi-market", None),
        ];
        assert_eq!(check(&workspace(&fine)), Vec::<String>::new());
    }

    #[test]
    fn the_checker_stays_independent() {
        complaint(
            &[("enmusubi-verify", "enmusubi-matching", None)],
            "must be independent",
        );
        complaint(
            &[("enmusubi-verify", "enmusubi-matching", Some("dev"))],
            "in its tests",
        );
        complaint(
            &[
                ("enmusubi-verify", "odd", None),
                ("odd", "enmusubi-matching", None),
            ],
            "must be independent",
        );
    }

    #[test]
    fn the_two_evaluators_stay_apart() {
        complaint(
            &[("enmusubi-reference", "enmusubi-scoring", Some("dev"))],
            "in its tests",
        );
        complaint(
            &[
                ("enmusubi-scoring", "odd", None),
                ("odd", "enmusubi-reference", None),
            ],
            "must be independent",
        );
    }

    #[test]
    fn purity_bans_and_unknown_crates() {
        complaint(
            &[("enmusubi-market", "odd", None), ("odd", "tokio", None)],
            "reaches tokio",
        );
        complaint(
            &[("enmusubi-synth", "openssl-sys", None)],
            "openssl-sys is in the",
        );
        complaint(&[("enmusubi-new", "odd", None)], "not in ARROWS");
        complaint(
            &[("enmusubi-interchange", "enmusubi-testkit", None)],
            "forbids",
        );
    }
}
