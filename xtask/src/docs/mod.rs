//! Documents that follow from data: the vocabulary and the format of a criteria file. What a reader
//! looks up must be what the programs do, so nobody types these tables a second time.

mod format;
mod vocabulary;

use std::{fmt::Write as _, fs, path::Path};

/// First line of a generated document.
const HEAD: &str = "<!-- この文書は cargo xtask docs が作ります。手で直さず、もとのデータか章を直してください。 -->";

/// Path and text of every generated document.
fn documents() -> Vec<(&'static str, String)> {
    vec![
        ("docs/vocabulary.md", vocabulary::text()),
        ("docs/criteria-format.md", format::text()),
    ]
}

/// Writes the documents.
///
/// # Errors
/// A document cannot be written.
pub fn run(root: &Path) -> Result<String, String> {
    let mut said = String::new();
    for (path, text) in documents() {
        if fs::read_to_string(root.join(path)).is_ok_and(|now| now == text) {
            let _ = writeln!(said, "docs: {path} is up to date");
            continue;
        }
        fs::write(root.join(path), &text).map_err(|e| format!("{path}: {e}"))?;
        let _ = writeln!(said, "docs: {path} written");
    }
    Ok(said.trim_end().to_owned())
}

/// Complaints about documents that no longer follow from their data.
pub fn check(root: &Path) -> Vec<String> {
    documents()
        .into_iter()
        .filter(|(path, text)| !fs::read_to_string(root.join(path)).is_ok_and(|now| now == *text))
        .map(|(path, _)| format!("{path} is not what its data say: run `cargo xtask docs`"))
        .collect()
}

/// A row of a Markdown table.
fn row(out: &mut String, cells: &[&str]) {
    for cell in cells {
        let _ = write!(out, "| {} ", cell.replace('|', "\\|"));
    }
    out.push_str("|\n");
}

/// The head of a Markdown table.
fn head(out: &mut String, cells: &[&str]) {
    row(out, cells);
    out.push_str(&"|---".repeat(cells.len()));
    out.push_str("|\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_in_a_cell_is_no_border() {
        let mut out = String::new();
        head(&mut out, &["a", "b"]);
        row(&mut out, &["x || y", "z"]);
        assert_eq!(out, "| a | b |\n|---|---|\n| x \\|\\| y | z |\n");
    }

    #[test]
    fn a_stale_document_is_found() {
        let empty = Path::new(env!("CARGO_MANIFEST_DIR")).join("no-such-folder");
        assert_eq!(check(&empty).len(), documents().len());
    }

    #[test]
    fn the_documents_follow_from_their_data() {
        assert_eq!(check(&crate::root()), Vec::<String>::new());
    }
}
