//! The file that the guide for nursery sections builds up piece by piece is a file of its own, sound
//! and with its worked examples run like everybody else's. The pieces and the file may not part.

#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests, where a panic is the failure"
)]

use enmusubi_criteria::{Language, Severity, read};
use std::{fs, path::PathBuf};

fn of_repository(path: &str) -> String {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    fs::read_to_string(root.join(path)).unwrap()
}

/// The TOML of a Markdown text, piece after piece.
fn pieces(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut open: Option<String> = None;
    for line in text.lines() {
        match (&mut open, line) {
            (None, "```toml") => open = Some(String::new()),
            (Some(piece), "```") => {
                found.push(std::mem::take(piece));
                open = None;
            }
            (Some(piece), line) => {
                piece.push_str(line);
                piece.push('\n');
            }
            (None, _) => {}
        }
    }
    found
}

#[test]
fn the_pieces_of_the_guide_are_the_file() {
    let guide = pieces(&of_repository("docs/criteria-guide.md"));
    assert!(guide.len() > 8, "{} pieces", guide.len());
    assert_eq!(
        guide.join("\n"),
        of_repository("criteria/example/first.toml")
    );
}

/// As the guide says: no error, and one remark, about the row to be filled.
#[test]
fn the_guide_says_what_the_checker_says() {
    let guide = pieces(&of_repository("docs/criteria-guide.md")).join("\n");
    let (criteria, _, all) = read("guide", guide.as_bytes());
    let told = all.render("guide", &guide, Language::Japanese);
    assert!(criteria.is_some(), "{told}");
    assert_eq!(all.count(Severity::Error), 0, "{told}");
    assert_eq!(all.count(Severity::Warning), 1, "{told}");
    assert!(told.contains("illness-other"), "{told}");
}

/// The first mistakes a reader of the guide will make are found, each with its place.
#[test]
fn a_slip_while_following_the_guide_is_found() {
    let guide = pieces(&of_repository("docs/criteria-guide.md")).join("\n");
    for (from, to, what) in [
        ("below = 160\n", "below = 150\n", "すき間"),
        ("days_per_week(3)", "3", "単位"),
        ("household.welfare", "household.welfair", "welfare"),
        ("g.base)", "g.bass)", "bass"),
        ("[ties]\nleft = \"lottery\"\n", "", "left"),
        (
            "page = \"p.4\"\n\n[[band]]",
            "pages = \"p.4\"\n\n[[band]]",
            "page",
        ),
    ] {
        let slip = guide.replacen(from, to, 1);
        assert_ne!(slip, guide, "{from}");
        let (_, _, all) = read("guide", slip.as_bytes());
        let told = all.render("guide", &slip, Language::Japanese);
        assert!(all.count(Severity::Error) > 0, "{to}: {told}");
        assert!(told.contains(what), "{to}: {told}");
    }
}
