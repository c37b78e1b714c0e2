//! What is said where the columns of a list are not found: what was found, what was looked for, how to name it.

use super::{
    kind,
    list::{CHILD, Wanted},
};
use crate::{
    Severity, Source,
    columns::normal,
    diagnostic::{At, Diagnostics, Text, kind as common, shorten},
    table::Table,
};
use std::ops::ControlFlow;

/// Headers named in a message.
const HEADERS_SHOWN: usize = 30;

/// Headers of a field named in a message, the most usual.
const NAMES_SHOWN: usize = 6;

/// No row looks like a header: says what stands in the first row that is not blank.
pub(super) fn not_found(
    table: &mut Table<'_>,
    source: &Source<'_>,
    wanted: &Wanted,
    looked_for: &[Vec<String>],
    all: &mut Diagnostics,
) {
    let errors = all.count(Severity::Error);
    let mut first: Option<(u32, Vec<String>)> = None;
    for sheet in table.sheets() {
        table.rows(&sheet, source.name, all, &mut |row, _| {
            if first.is_none() && !row.is_blank() {
                let cells = (0..row.len()).map(|c| row.cell(c).to_owned());
                first = Some((row.number, cells.collect()));
            }
            ControlFlow::Continue(())
        });
    }
    if all.count(Severity::Error) > errors {
        return;
    }
    match first {
        None => all.add(&common::EMPTY_FILE, source.name, At::default()),
        Some((row, headers)) => {
            let normal: Vec<String> = headers.iter().map(|h| normal(h)).collect();
            for fields in [&[CHILD][..], wanted.needed] {
                let there = |f: &usize| looked_for[*f].iter().any(|name| normal.contains(name));
                if !fields.iter().any(there) {
                    columns_missing(source.name, row, &headers, wanted, fields, looked_for, all);
                }
            }
        }
    }
}

/// Says what was found, what was looked for, and how to name it.
pub(super) fn columns_missing(
    file: &str,
    row: u32,
    headers: &[String],
    wanted: &Wanted,
    fields: &[usize],
    looked_for: &[Vec<String>],
    all: &mut Diagnostics,
) {
    let at = At::row(row);
    all.add_with(&kind::COLUMNS_MISSING, file, at, || {
        let filled: Vec<&str> = headers
            .iter()
            .map(String::as_str)
            .filter(|h| !h.is_empty())
            .collect();
        let more = if filled.len() > HEADERS_SHOWN {
            "…"
        } else {
            ""
        };
        let shown: Vec<_> = filled
            .iter()
            .take(HEADERS_SHOWN)
            .map(|h| shorten(h))
            .collect();
        let found = shown.join("、") + more;
        let several = fields.iter().any(|&f| looked_for[f].len() > NAMES_SHOWN);
        let names: Vec<&str> = fields
            .iter()
            .flat_map(|&f| looked_for[f].iter().take(NAMES_SHOWN))
            .map(String::as_str)
            .collect();
        let sought = names.join("、");
        let (etc, and_so_on) = if several {
            ("など", " and others")
        } else {
            ("", "")
        };
        let section = wanted.spec.section;
        let keys: Vec<String> = fields
            .iter()
            .map(|&f| format!("{} = \"…\"", wanted.spec.fields[f].key))
            .collect();
        let (ja, en) = (keys.join(" か "), keys.join(" or "));
        Text::new(
            format!(
                "見つかった列: {found}。探した列: {sought}{etc}。--columns のファイルに [{section}] と {ja} を書けば読めます"
            ),
            format!(
                "found: {found}; looked for: {sought}{and_so_on}; in the --columns file write [{section}] and {en}"
            ),
        )
    });
}
