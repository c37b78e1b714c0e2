//! The frame of a page: head, table of contents, sections, foot.

use crate::escape;
use std::fmt::Write as _;

/// Style shared by all pages for the screen.
pub(crate) const STYLE: &str = include_str!("style.css");

/// A page; everything but titles is HTML.
pub(crate) struct Frame<'a> {
    /// Title as text.
    pub title: &'a str,
    /// Styles, one after the other.
    pub styles: &'a [&'a str],
    /// What follows the title.
    pub header: String,
    /// The sections.
    pub sections: Vec<Part>,
    /// What stands at the foot.
    pub footer: String,
}

/// A section.
pub(crate) struct Part {
    /// Its id in the page.
    pub id: String,
    /// Its heading as text.
    pub name: String,
    /// Its HTML.
    pub body: String,
}

impl Part {
    /// A section.
    pub(crate) fn new(id: impl Into<String>, name: impl Into<String>, body: String) -> Self {
        Self {
            id: id.into(),
            name: name.into(),
            body,
        }
    }
}

/// The page.
pub(crate) fn page(frame: &Frame<'_>) -> String {
    let mut out = String::with_capacity(200_000);
    let _ = write!(
        out,
        "<!DOCTYPE html>\n<html lang=\"ja\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"robots\" content=\"noindex\">\n<title>{0}</title>\n<style>\n{1}</style>\n\
         </head>\n<body>\n<header>\n<h1>{0}</h1>\n{2}",
        escape(frame.title),
        frame.styles.concat(),
        frame.header
    );
    out += "<nav aria-label=\"目次\"><ol>";
    for Part { id, name, .. } in &frame.sections {
        let _ = write!(out, "<li><a href=\"#{id}\">{}</a></li>", escape(name));
    }
    out += "</ol></nav>\n</header>\n<main>\n";
    for Part { id, name, body } in &frame.sections {
        let _ = writeln!(
            out,
            "<section aria-labelledby=\"{id}\">\n<h2 id=\"{id}\">{}</h2>\n{body}</section>",
            escape(name)
        );
    }
    let _ = write!(
        out,
        "</main>\n<footer>\n{}</footer>\n</body>\n</html>\n",
        frame.footer
    );
    out
}
