//! CSV that we make ourselves: cells quoted where they must be, and nothing that a spreadsheet program would
//! calculate where a table goes to people.

use std::borrow::Cow;

/// Byte order mark: without it Excel takes UTF-8 for CP932.
pub(crate) const MARK: &str = "\u{FEFF}";

/// Adds a row: cells as they are, quoted where they must be; CRLF, which Excel opens correctly.
pub(crate) fn row<'c>(out: &mut String, cells: impl IntoIterator<Item = Cow<'c, str>>) {
    for (n, cell) in cells.into_iter().enumerate() {
        if n > 0 {
            out.push(',');
        }
        out.push_str(&quoted(&cell));
    }
    out.push_str("\r\n");
}

/// A cell, quoted where it must be.
pub(crate) fn quoted(text: &str) -> Cow<'_, str> {
    if text.contains([',', '"', '\r', '\n']) {
        format!("\"{}\"", text.replace('"', "\"\"")).into()
    } else {
        text.into()
    }
}

/// A text that spreadsheet programs would calculate gets an apostrophe in front, which they hide.
pub(crate) fn harmless(text: Cow<'_, str>) -> Cow<'_, str> {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{text}").into()
    } else {
        text
    }
}

/// A text without the apostrophe of [`harmless`], where there is one.
pub(crate) fn bare(text: &str) -> Option<&str> {
    let rest = text.strip_prefix('\'')?;
    matches!(harmless(rest.into()), Cow::Owned(_)).then_some(rest)
}
