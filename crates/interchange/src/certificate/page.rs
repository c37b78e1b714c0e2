//! A workbook's cells, read with suspicion: no macros, no bombs, no individual numbers.

use super::{form::address, kinds::kind, marks};
use crate::{
    Source,
    diagnostic::{At, Diagnostics, kind as common},
    table::{Row, Table},
    workbook::kind as round,
};
use enmusubi_domain::individual;
use std::{
    collections::BTreeMap,
    io::{Cursor, Read as _},
    ops::ControlFlow,
};

/// Cells with a value that a sheet may have.
const CELLS_MAX: usize = 20_000;
/// Largest sum of what the workbook unpacks to, in bytes. The blank form has less than a million.
const UNPACKED_MAX: u64 = 64 << 20;
/// Rows and columns looked at; the form has 56 and 37.
const ROWS_MAX: u32 = 500;
const COLUMNS_MAX: usize = 300;

/// Cells of a sheet, those with a value only.
#[derive(Debug, Default)]
pub(super) struct Page {
    pub name: String,
    /// Row (1-based), column (0-based) → text as it stands.
    pub cells: BTreeMap<(u32, usize), String>,
}

impl Page {
    pub fn cell(&self, row: u32, column: usize) -> &str {
        self.cells.get(&(row, column)).map_or("", String::as_str)
    }

    /// `標準的な様式!W25`.
    pub fn address(&self, row: u32, column: usize) -> String {
        format!("{}!{}", self.name, address(row, column))
    }
}

/// Every sheet; `None` where the file is refused, which has been told.
pub(super) fn read(source: &Source<'_>, all: &mut Diagnostics) -> Option<Vec<Page>> {
    if !source.bytes.starts_with(b"PK\x03\x04") {
        // Also a text that calls itself a workbook, and a workbook that calls itself a text.
        all.add(&common::NOT_XLSX, source.name, At::default());
        return None;
    }
    if !safe(source, all) {
        return None;
    }
    let mut table = Table::open(source, all)?;
    let mut pages = Vec::new();
    let mut secret = false;
    for sheet in table.sheets() {
        let mut page = Page {
            name: sheet.clone(),
            ..Page::default()
        };
        let mut full = false;
        table.rows(&sheet, source.name, all, &mut |row, all| {
            if let Some(column) = individual_number(row) {
                let place = page.address(row.number, column);
                let at = At {
                    row: Some(row.number),
                    column: Some(&place),
                    value: None,
                };
                all.add(&round::INDIVIDUAL_NUMBER, source.name, at);
                secret = true;
            }
            if row.number <= ROWS_MAX && !full {
                for column in (0..row.len().min(COLUMNS_MAX)).filter(|c| row.is_filled(*c)) {
                    let text = row.cell(column);
                    if !text.is_empty() {
                        page.cells.insert((row.number, column), text.to_owned());
                    }
                }
                full = page.cells.len() > CELLS_MAX;
            }
            ControlFlow::Continue(())
        });
        if full {
            all.add_with(&kind::TOO_MANY_CELLS, source.name, At::default(), || {
                crate::Text::new(sheet.clone(), sheet.clone())
            });
        } else {
            pages.push(page);
        }
    }
    // Nothing of a file with an individual number goes on.
    (!secret && !all.has_errors()).then_some(pages)
}

/// The first column of a row that holds an individual number: in one cell, in twelve cells of one digit, or in three
/// of four.
fn individual_number(row: &Row) -> Option<usize> {
    let mut run: Vec<(usize, String)> = Vec::new();
    for column in (0..row.len()).filter(|c| row.is_filled(*c)) {
        let text = row.cell(column);
        if individual::holds_one(text) {
            return Some(column);
        }
        let even: String = text
            .chars()
            .filter_map(|c| match c {
                '０'..='９' => char::from_digit(c as u32 - '０' as u32, 10),
                c => Some(c),
            })
            .collect();
        let piece = matches!(even.len(), 1 | 4) && even.bytes().all(|b| b.is_ascii_digit());
        if !piece {
            if !text.is_empty() {
                run.clear();
            }
            continue;
        }
        run.push((column, even));
        for (width, count) in [(1, 12), (4, 3)] {
            let Some(last) = run.len().checked_sub(count).map(|from| &run[from..]) else {
                continue;
            };
            // Lists of years, such as the form's own drop-downs have, are no three parts of a number.
            let year = |t: &str| t.len() == 4 && ("1900".."2101").contains(&t);
            if last.iter().all(|(_, t)| year(t)) {
                continue;
            }
            let joined: String = last.iter().map(|(_, t)| t.as_str()).collect();
            if last.iter().all(|(_, t)| t.len() == width) && individual::holds_one(&joined) {
                return last.first().map(|(column, _)| *column);
            }
        }
    }
    None
}

/// Whether the archive may be opened: no macros, not too large, no individual number in comments and drawings,
/// which have no cells.
pub(crate) fn safe(source: &Source<'_>, all: &mut Diagnostics) -> bool {
    let here = At::default;
    let Ok(mut archive) = zip::ZipArchive::new(Cursor::new(source.bytes)) else {
        all.add(&common::NOT_XLSX, source.name, here());
        return false;
    };
    let mut left = UNPACKED_MAX;
    for i in 0..archive.len() {
        let Ok(member) = archive.by_index(i) else {
            all.add(&common::NOT_XLSX, source.name, here());
            return false;
        };
        let name = member.name().map(|n| n.to_lowercase()).unwrap_or_default();
        if name.ends_with("vbaproject.bin") || name.contains("/macrosheets/") {
            all.add(&round::MACROS, source.name, here());
            return false;
        }
        if !(name.ends_with(".xml") || name.ends_with(".rels") || name.ends_with(".vml")) {
            continue;
        }
        let looked_into = ["comment", "drawing", "docprops"]
            .iter()
            .any(|part| name.contains(part));
        // Sizes written in an archive may lie: what is unpacked is counted.
        let mut rest = member.take(left + 1);
        let mut text = Vec::new();
        let read = if looked_into {
            rest.read_to_end(&mut text).map(|n| n as u64)
        } else {
            std::io::copy(&mut rest, &mut std::io::sink())
        };
        let Ok(read) = read else {
            all.add(&common::NOT_XLSX, source.name, here());
            return false;
        };
        let Some(rest) = left.checked_sub(read) else {
            all.add(&common::TOO_LARGE, source.name, here());
            return false;
        };
        left = rest;
        let text = String::from_utf8_lossy(&text);
        let mut pieces = text.split('<').filter_map(|p| p.split_once('>'));
        if pieces.any(|(_, text)| individual::holds_one(text)) {
            let place = name.as_str();
            all.add(
                &round::INDIVIDUAL_NUMBER,
                source.name,
                At {
                    column: Some(place),
                    ..here()
                },
            );
            return false;
        }
    }
    true
}

/// A cell of a row, made comparable.
#[derive(Debug, Clone)]
pub(super) struct Piece {
    pub row: u32,
    pub column: usize,
    pub text: String,
    /// The national label it is.
    pub label: Option<&'static str>,
}

impl Page {
    /// The pieces of a row right of a column, boxes and labels in one cell taken apart; with `units` also numbers
    /// and units in one.
    pub fn pieces(&self, row: u32, after: Option<usize>, units: bool) -> Vec<Piece> {
        let mut out = Vec::new();
        let from = after.map_or(0, |c| c + 1);
        for (&(_, column), text) in self.cells.range((row, from)..=(row, usize::MAX)) {
            let parts = marks::boxes_and_labels(text)
                .or_else(|| units.then(|| marks::numbers_and_units(text))?)
                .unwrap_or_else(|| vec![text.clone()]);
            for text in parts {
                if matches!(marks::normal(&text).as_str(), "西暦" | "西歴") {
                    continue;
                }
                out.push(Piece {
                    row,
                    column,
                    label: marks::label(&text),
                    text,
                });
            }
        }
        out
    }
}
