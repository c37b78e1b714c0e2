//! Mistakes people make in criteria files: what is said about each, where, and how it is to be mended.
//!
//! A case is a small change of `base.toml`, which has no mistake. `‹…›` in the changed text is where the
//! caret must stand; the words are snapshots, to be read as somebody in a nursery section would read them.

mod expressions;
mod files;
mod order;
mod tables;

use enmusubi_criteria::{Language, read, text_of};
use std::fmt::Write as _;

const BASE: &str = include_str!("base.toml");

/// One mistake: what it is, the text of the base it replaces, what it puts there, and the codes that are
/// told, the one at the caret first.
pub(crate) struct Case(
    pub &'static str,
    pub &'static str,
    pub &'static str,
    pub &'static [&'static str],
);

/// Checks codes and places of all cases of a subject; what is said, in Japanese.
pub(crate) fn told(cases: &[Case]) -> String {
    let (mut out, mut wrong) = (String::new(), String::new());
    for case in cases {
        let (said, complaints) = told_of(case);
        let _ = write!(out, "── {} ──\n\n{said}\n", case.0);
        if !complaints.is_empty() {
            let _ = write!(wrong, "{}: {}\n{said}\n", case.0, complaints.join("; "));
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
    out
}

fn told_of(Case(name, find, put, codes): &Case) -> (String, Vec<String>) {
    let mut wrong = Vec::new();
    if BASE.matches(find).count() != 1 {
        return (
            String::new(),
            vec!["what is replaced is not there once".into()],
        );
    }
    let marked = BASE.replace(find, put);
    let at = marked.find('‹').expect(name);
    let meant = marked[at + '‹'.len_utf8()..].find('›').expect(name);
    let text = marked.replace(['‹', '›'], "");
    let meant = &text[at..at + meant];
    let (criteria, _, all) = read("基準.toml", text.as_bytes());
    let said = all.render("基準.toml", &text, Language::Japanese);
    let line = text[..at].matches('\n').count() + 1;
    let column = text[..at]
        .rsplit('\n')
        .next()
        .map_or(0, |l| l.chars().count())
        + 1;
    match all.list.iter().find(|d| d.code == codes[0]) {
        Some(d) if d.line_and_column(&text) != Some((line, column)) => {
            wrong.push(format!("not at {line}:{column}"));
        }
        _ => {}
    }
    let lines = said.lines().map(|l| l.matches('^').count());
    let carets = lines.into_iter().find(|n| *n > 0);
    let width = unicode_width::UnicodeWidthStr::width(meant).max(1);
    if codes.len() == 1 && carets != Some(width) {
        wrong.push("the carets are not below what is meant".into());
    }
    let mut found: Vec<&str> = all.list.iter().map(|d| d.code).collect();
    let mut expected = codes.to_vec();
    found.sort_unstable();
    expected.sort_unstable();
    if found != expected {
        wrong.push(format!("{found:?} instead of {expected:?}"));
    }
    if criteria.is_none() != all.has_errors() {
        wrong.push("criteria beside errors".into());
    }
    for d in &all.list {
        if [&d.what.0, &d.what.1, &d.mend.0, &d.mend.1]
            .iter()
            .any(|t| t.is_empty())
        {
            wrong.push(format!("{} does not say how to mend it", d.code));
        }
    }
    (said, wrong)
}

#[test]
fn the_base_has_no_mistake() {
    let (criteria, _, all) = read("base.toml", BASE.as_bytes());
    let said = all.render("base.toml", &text_of(BASE.as_bytes()), Language::Japanese);
    assert!(criteria.is_some() && all.list.is_empty(), "{said}");
}
