//! Tables that we make ourselves: one sheet of texts and exact numbers, as CSV or XLSX.

use crate::{
    At, Diagnostics, Format, Text,
    csv::{self, harmless},
    kind,
};
use enmusubi_domain::facts::Exact;
use rust_xlsxwriter::{Format as Look, Workbook, Worksheet, XlsxError};
use std::borrow::Cow;

/// A cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell<'a> {
    /// A text. Whatever it begins with, no spreadsheet program takes it for a formula.
    Text(Cow<'a, str>),
    /// An exact number. What a spreadsheet cannot hold exactly (`1/3`) is written as a text.
    Number(Exact),
    /// Nothing.
    Blank,
}

impl<'a> Cell<'a> {
    /// A text.
    pub fn text(text: impl Into<Cow<'a, str>>) -> Self {
        Self::Text(text.into())
    }

    /// A number, or nothing.
    #[must_use]
    pub fn number(number: Option<Exact>) -> Self {
        number.map_or(Self::Blank, Self::Number)
    }
}

/// Takes one row.
pub type Row<'w> = dyn FnMut(&[Cell<'_>]) + 'w;

/// Makes a table. `rows` is called once and gives every row.
///
/// CSV is UTF-8 with a byte order mark and CRLF, which Excel opens correctly.
///
/// # Errors
/// A workbook the format cannot hold (more than a million rows, texts over 32,767 characters).
pub fn write_sheet(
    name: &str,
    header: &[&str],
    format: Format,
    rows: &mut dyn FnMut(&mut Row<'_>),
) -> Result<Vec<u8>, Diagnostics> {
    match format {
        Format::Csv => Ok(csv(header, rows)),
        Format::Xlsx => xlsx(name, header, rows).map_err(|e| {
            let mut all = Diagnostics::default();
            all.add_with(&kind::WRITE_FAILED, name, At::default(), || {
                Text::new(e.to_string(), e.to_string())
            });
            all
        }),
    }
}

fn csv(header: &[&str], rows: &mut dyn FnMut(&mut Row<'_>)) -> Vec<u8> {
    let mut out = String::from(csv::MARK);
    csv::row(&mut out, header.iter().map(|h| harmless((*h).into())));
    rows(&mut |cells| {
        let texts = cells.iter().map(|cell| match cell {
            Cell::Text(text) => harmless(Cow::Borrowed(text)),
            Cell::Number(n) => n.to_string().into(),
            Cell::Blank => "".into(),
        });
        csv::row(&mut out, texts);
    });
    out.into_bytes()
}

fn xlsx(
    name: &str,
    header: &[&str],
    rows: &mut dyn FnMut(&mut Row<'_>),
) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let page = book.add_worksheet();
    page.set_name(name)?;
    page.set_freeze_panes(1, 0)?;
    let head = Look::new().set_bold();
    for (column, text) in (0u16..).zip(header) {
        page.write_string_with_format(0, column, *text, &head)?;
    }
    let mut failed = None;
    let mut line = 0u32;
    rows(&mut |cells| {
        line += 1;
        for (column, cell) in (0u16..).zip(cells) {
            if failed.is_none() {
                failed = write_cell(page, line, column, cell).err();
            }
        }
    });
    match failed {
        Some(error) => Err(error),
        None => book.save_to_buffer(),
    }
}

fn write_cell(
    page: &mut Worksheet,
    row: u32,
    column: u16,
    cell: &Cell<'_>,
) -> Result<(), XlsxError> {
    match cell {
        Cell::Blank => {}
        Cell::Text(text) => {
            page.write_string(row, column, &**text)?;
        }
        Cell::Number(n) => {
            let text = n.to_string();
            match text.parse::<f64>() {
                // A number that comes back as it is.
                Ok(number) if number.to_string() == text => {
                    page.write_number(row, column, number)?;
                }
                _ => {
                    page.write_string(row, column, text)?;
                }
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells() -> Vec<Cell<'static>> {
        vec![
            Cell::text("=1+1"),
            Cell::text("-5"),
            Cell::text("007"),
            Cell::text("a,\"b\""),
            Cell::Number(Exact::whole(-30)),
            Cell::number(Exact::new(1, 3)),
            Cell::number(Exact::new(21, 2)),
            Cell::number(None),
        ]
    }

    #[test]
    fn csv_cells_are_exact_and_never_formulas() {
        let header = ["@a", "b", "c", "d", "e", "f", "g", "h"];
        let bytes = write_sheet("表", &header, Format::Csv, &mut |row| row(&cells())).unwrap();
        assert_eq!(
            String::from_utf8(bytes).unwrap(),
            "\u{FEFF}'@a,b,c,d,e,f,g,h\r\n'=1+1,'-5,007,\"a,\"\"b\"\"\",-30,1/3,10.5,\r\n"
        );
    }

    #[test]
    fn xlsx_cells_come_back() {
        use calamine::{Data, Reader as _, Xlsx};
        let header = ["a"; 8];
        let bytes = write_sheet("表", &header, Format::Xlsx, &mut |row| row(&cells())).unwrap();
        let mut book: Xlsx<_> = Xlsx::new(std::io::Cursor::new(bytes)).unwrap();
        let page = book.worksheet_range("表").unwrap();
        let row: Vec<Data> = page.rows().nth(1).unwrap().to_vec();
        assert_eq!(row[0], Data::String("=1+1".into()));
        assert_eq!(row[2], Data::String("007".into()));
        assert_eq!(row[4], Data::Float(-30.0));
        assert_eq!(row[5], Data::String("1/3".into()));
        assert_eq!(row[6], Data::Float(10.5));
        let formulas = book.worksheet_formula("表").unwrap();
        assert!(formulas.rows().flatten().all(String::is_empty));
    }
}
