//! A form of our own with the national form's labels in the national form's cells, to fill, to shift as
//! municipalities do, and to write: for demonstrations and tests.

use super::form::{FORM, SHEET, Token};
use crate::{At, Diagnostics, Text, kind as common};
use rust_xlsxwriter::{Format, Workbook, XlsxError};
use std::collections::BTreeMap;

/// A value to write.
#[derive(Debug, Clone, PartialEq)]
enum Cell {
    Text(String),
    Number(f64),
}

/// The form, in memory.
#[derive(Debug, Clone)]
pub struct Blank {
    sheet: String,
    /// Row (0-based), column (0-based) → value.
    cells: BTreeMap<(u32, u16), Cell>,
    places: BTreeMap<&'static str, (u32, u16)>,
}

/// The empty form.
#[must_use]
pub fn blank_form() -> Blank {
    let mut form = Blank {
        sheet: SHEET.to_owned(),
        cells: BTreeMap::new(),
        places: BTreeMap::new(),
    };
    for line in FORM.sections.iter().flat_map(|s| &s.lines) {
        for (column, token) in &line.tokens {
            let at = (line.row - 1, u16::try_from(*column).unwrap_or(u16::MAX));
            match *token {
                Token::Anchor(text) | Token::Label(text) | Token::Plain(text) => {
                    form.cells.insert(at, Cell::Text(text.to_owned()));
                }
                Token::Tick(id) => {
                    form.places.insert(id, at);
                    form.cells.insert(at, Cell::Text("□".to_owned()));
                }
                Token::Value(id) => drop(form.places.insert(id, at)),
                Token::Divide(_) => {}
            }
        }
    }
    form
}

/// The form with values: id of an item and its text. `☑` ticks a box. Ids that are none are left out.
#[must_use]
pub fn fill(values: &[(&str, &str)]) -> Blank {
    let mut form = blank_form();
    for (id, text) in values {
        form.set(id, text);
    }
    form
}

impl Blank {
    /// Ids of the items, in no particular order.
    pub fn ids(&self) -> impl Iterator<Item = &'static str> {
        self.places.keys().copied()
    }

    /// Writes a text into an item's field; whether there is such an item.
    pub fn set(&mut self, id: &str, text: &str) -> bool {
        let at = self.places.get(id).copied();
        if let Some(at) = at {
            self.cells.insert(at, Cell::Text(text.to_owned()));
        }
        at.is_some()
    }

    /// Writes a number into an item's field, as a spreadsheet keeps numbers; whether there is such an item.
    pub fn set_number(&mut self, id: &str, number: f64) -> bool {
        let at = self.places.get(id).copied();
        if let Some(at) = at {
            self.cells.insert(at, Cell::Number(number));
        }
        at.is_some()
    }

    /// Writes a text into a cell: row (1-based), column (0-based).
    pub fn set_cell(&mut self, row: u32, column: u16, text: &str) {
        self.cells
            .insert((row.saturating_sub(1), column), Cell::Text(text.to_owned()));
    }

    /// Empties a cell: row (1-based), column (0-based).
    pub fn clear_cell(&mut self, row: u32, column: u16) {
        self.cells.remove(&(row.saturating_sub(1), column));
    }

    /// Where an item's field is now: row (1-based), column (0-based).
    #[must_use]
    pub fn place(&self, id: &str) -> Option<(u32, u16)> {
        self.places.get(id).map(|(r, c)| (r + 1, *c))
    }

    /// Inserts empty rows before a row (1-based), as re-issues do.
    pub fn insert_rows(&mut self, before: u32, count: u32) {
        let before = before.saturating_sub(1);
        self.shift(|(r, c)| {
            (
                if r >= before {
                    r.saturating_add(count)
                } else {
                    r
                },
                c,
            )
        });
    }

    /// Inserts empty columns before a column (0-based), as re-issues do.
    pub fn insert_columns(&mut self, before: u16, count: u16) {
        self.shift(|(r, c)| {
            (
                r,
                if c >= before {
                    c.saturating_add(count)
                } else {
                    c
                },
            )
        });
    }

    /// Gives every cell with this text another, as re-issues do with labels; how many there were.
    pub fn rename(&mut self, from: &str, to: &str) -> usize {
        let old = Cell::Text(from.to_owned());
        let mut count = 0;
        for cell in self.cells.values_mut().filter(|c| **c == old) {
            *cell = Cell::Text(to.to_owned());
            count += 1;
        }
        count
    }

    /// Names the sheet.
    pub fn name_sheet(&mut self, name: &str) {
        name.clone_into(&mut self.sheet);
    }

    fn shift(&mut self, to: impl Fn((u32, u16)) -> (u32, u16)) {
        let cells = std::mem::take(&mut self.cells);
        self.cells = cells.into_iter().map(|(at, cell)| (to(at), cell)).collect();
        for at in self.places.values_mut() {
            *at = to(*at);
        }
    }

    /// The workbook.
    ///
    /// # Errors
    /// A sheet the format cannot hold.
    pub fn bytes(&self) -> Result<Vec<u8>, Diagnostics> {
        self.book().map_err(|e| {
            let mut all = Diagnostics::default();
            all.add_with(&common::WRITE_FAILED, &self.sheet, At::default(), || {
                Text::new(e.to_string(), e.to_string())
            });
            all
        })
    }

    fn book(&self) -> Result<Vec<u8>, XlsxError> {
        let mut book = Workbook::new();
        let page = book.add_worksheet();
        page.set_name(&self.sheet)?;
        // Narrow columns: the form is a grid.
        page.set_column_range_width(0, 60, 3.5)?;
        let look = Format::new().set_font_size(9);
        for ((row, column), cell) in &self.cells {
            match cell {
                Cell::Text(text) => page.write_string_with_format(*row, *column, text, &look)?,
                Cell::Number(n) => page.write_number_with_format(*row, *column, *n, &look)?,
            };
        }
        book.save_to_buffer()
    }
}
