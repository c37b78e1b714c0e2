//! Rules of the house, each a function from the workspace to a list of complaints. A rule that
//! nobody checks is a wish; a complaint says where, what, and how to mend it.

mod documents;
mod licences;
mod sources;
mod workspace;

use serde_json::Value;
use std::path::Path;
use std::process::Command;

/// Checks every rule.
///
/// # Errors
/// All complaints, one per line.
pub fn run(root: &Path) -> Result<String, String> {
    let metadata = metadata(root)?;
    let files = sources::tracked_files(root)?;
    let rules: [(&str, Vec<String>); 5] = [
        ("workspace", workspace::check(&metadata)),
        ("licences", licences::check(&metadata)),
        ("sources", sources::check(root, &files)),
        ("documents", documents::check(root, &files)),
        ("docs", crate::docs::check(root)),
    ];
    let complaints: Vec<String> = rules
        .iter()
        .flat_map(|(rule, found)| found.iter().map(move |c| format!("tidy/{rule}: {c}")))
        .collect();
    if complaints.is_empty() {
        Ok(format!(
            "tidy: {} files and all crates keep the rules",
            files.len()
        ))
    } else {
        Err(complaints.join("\n"))
    }
}

fn metadata(root: &Path) -> Result<Value, String> {
    let output = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["metadata", "--format-version", "1", "--locked"])
        .current_dir(root)
        .output()
        .map_err(|e| format!("cargo metadata: {e}"))?;
    if !output.status.success() {
        return Err(format!(
            "cargo metadata: {}",
            String::from_utf8_lossy(&output.stderr)
        ));
    }
    serde_json::from_slice(&output.stdout).map_err(|e| format!("cargo metadata: {e}"))
}

/// A text field, empty where missing.
fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_default()
}

/// A list field, empty where missing.
fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value[key].as_array().map_or(&[], Vec::as_slice)
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_workspace_is_tidy() {
        if let Err(complaints) = super::run(&crate::root()) {
            panic!("\n{complaints}");
        }
    }
}
