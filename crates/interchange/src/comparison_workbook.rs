//! A comparison (or another report) as an XLSX workbook for people: on each sheet a title, notes, and a table that
//! can be filtered and printed.
//!
//! What is in it is the caller's: this knows sheets, columns and cells. Nothing in it is a formula or a macro, and
//! the same content gives the same bytes.

use crate::{
    diagnostic::{At, Diagnostics, Text},
    kind,
};
use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, IgnoreError, Workbook,
    Worksheet, XlsxError,
};
use std::borrow::Cow;

/// Most characters (UTF-16 units) a cell is given; Excel holds 32,767.
const CELL_MAX: usize = 32_000;

/// What follows a text that was cut.
const CUT: &str = "…（長いため、ここまで）";

/// Height of a line of text, in points.
const LINE: f64 = 18.0;

/// Highest row a spreadsheet has is 409 points.
const HEIGHT_MAX: f64 = 400.0;

/// Most points of title and notes that stay in sight with the header: more would leave no room for the rows.
const FROZEN_MAX: f64 = 250.0;

/// Narrowest and widest column, in characters.
const WIDTHS: (u16, u16) = (6, 60);

/// Rows looked at for the width of a column.
const ROWS_MEASURED: usize = 2000;

/// Largest whole number a spreadsheet shows exactly (15 digits).
const EXACT_MAX: u64 = 999_999_999_999_999;

/// ISO A4 in the list of paper sizes of the format.
const A4: u8 = 9;

/// A workbook.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ComparisonBook {
    /// Title of the document, as programs show it.
    pub title: String,
    /// The sheets, in order.
    pub sheets: Vec<BookSheet>,
}

/// A sheet: a title, notes, a table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BookSheet {
    /// Name of the sheet: at most 31 characters, none of `[]:*?/\`, each once.
    pub name: String,
    /// Title above the table.
    pub title: String,
    /// Notes between title and table, a line each.
    pub notes: Vec<String>,
    /// Columns of the table; without any there is no table.
    pub columns: Vec<BookColumn>,
    /// Rows: one cell for each column; missing ones are blank, more are not written.
    pub rows: Vec<Vec<BookCell>>,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BookColumn {
    /// Header.
    pub header: String,
    /// Width in half-width characters; `None`: as its cells need, between 6 and 60.
    pub width: Option<u16>,
}

impl BookColumn {
    /// A column as wide as its cells need.
    pub fn new(header: impl Into<String>) -> Self {
        Self {
            header: header.into(),
            width: None,
        }
    }

    /// A column of a width, in half-width characters.
    pub fn of_width(header: impl Into<String>, width: u16) -> Self {
        Self {
            header: header.into(),
            width: Some(width),
        }
    }
}

/// A cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BookCell {
    /// A text; whatever it begins with, it is no formula. Ids keep their zeros.
    Text(String),
    /// A whole number.
    Whole(i64),
    /// A share, shown in percent with one decimal, rounded down: 100.0% is shown only where all are meant. Of
    /// nothing: blank.
    Share {
        /// How many of them.
        part: u64,
        /// Of how many.
        of: u64,
    },
    /// Nothing.
    Blank,
}

impl BookCell {
    /// A text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// Per mille, rounded down; `None` of nothing.
    fn per_mille(part: u64, of: u64) -> Option<u32> {
        let share = (u128::from(part) * 1000).checked_div(u128::from(of))?;
        u32::try_from(share).ok()
    }

    /// As a reader sees it, for the width of the column.
    fn shown(&self) -> Cow<'_, str> {
        match self {
            Self::Text(text) => text.into(),
            Self::Whole(n) => n.to_string().into(),
            Self::Share { .. } => "100.0%".into(),
            Self::Blank => "".into(),
        }
    }
}

/// Makes the workbook. Texts longer than a cell holds are cut, and say so.
///
/// # Errors
/// A name that no sheet can have or that two have, or a workbook the format cannot hold (more than a million rows).
pub fn write(book: &ComparisonBook) -> Result<Vec<u8>, Diagnostics> {
    workbook(book).map_err(|e| {
        let mut all = Diagnostics::default();
        all.add_with(&kind::WRITE_FAILED, &book.title, At::default(), || {
            Text::new(format!("理由: {e}"), e.to_string())
        });
        all
    })
}

fn workbook(book: &ComparisonBook) -> Result<Vec<u8>, XlsxError> {
    let mut file = Workbook::new();
    // The library would write down the time of day.
    let fixed = ExcelDateTime::from_ymd(2000, 1, 1)?;
    let properties = DocProperties::new()
        .set_title(&book.title)
        .set_creation_datetime(&fixed);
    file.set_properties(&properties);
    let looks = Looks::new();
    for sheet in &book.sheets {
        write_sheet(file.add_worksheet(), sheet, &looks)?;
    }
    if book.sheets.is_empty() {
        file.add_worksheet();
    }
    file.save_to_buffer()
}

/// Formats.
struct Looks {
    title: Format,
    note: Format,
    header: Format,
    text: Format,
    whole: Format,
    share: Format,
}

impl Looks {
    fn new() -> Self {
        let cell = Format::new()
            .set_align(FormatAlign::Top)
            .set_text_wrap()
            .set_border(FormatBorder::Hair);
        let wrapped = Format::new()
            .set_align(FormatAlign::Top)
            .set_align(FormatAlign::Left)
            .set_text_wrap();
        Self {
            title: wrapped.clone().set_bold().set_font_size(14),
            note: wrapped,
            header: cell
                .clone()
                .set_bold()
                .set_background_color(Color::RGB(0x00DC_E6F1)),
            text: cell.clone(),
            whole: cell.clone().set_num_format("#,##0"),
            share: cell.set_num_format("0.0%"),
        }
    }
}

fn write_sheet(page: &mut Worksheet, sheet: &BookSheet, looks: &Looks) -> Result<(), XlsxError> {
    page.set_name(&sheet.name)?;
    let widths: Vec<u16> = (0..sheet.columns.len()).map(|c| width(sheet, c)).collect();
    for (column, &width) in (0u16..).zip(&widths) {
        page.set_column_width(column, f64::from(width))?;
    }
    if widths.is_empty() {
        page.set_column_width(0, 100.0)?;
    }
    let total: u32 = match widths.iter().map(|w| u32::from(*w)).sum() {
        0 => 100,
        sum => sum,
    };
    let (mut line, mut high) = (0, 0.0);
    if !sheet.title.is_empty() {
        // Letters of the title are larger.
        high += above(
            page,
            &mut line,
            &sheet.title,
            total * 3 / 4,
            1.4,
            looks,
            widths.len(),
        )?;
    }
    for note in &sheet.notes {
        high += above(page, &mut line, note, total, 1.0, looks, widths.len())?;
    }
    page.set_landscape();
    page.set_paper_size(A4);
    page.set_margins(0.4, 0.4, 0.5, 0.6, 0.3, 0.3);
    page.set_print_fit_to_pages(1, 0);
    page.set_footer("&L&A&R&P / &N");
    if sheet.columns.is_empty() {
        return Ok(());
    }
    if line > 0 {
        line += 1;
    }
    if high <= FROZEN_MAX {
        page.set_freeze_panes(line + 1, 0)?;
    }
    table(page, sheet, line, &widths, looks)
}

/// A line above the table, over all its columns, as high as it needs; returns its height in points.
fn above(
    page: &mut Worksheet,
    line: &mut u32,
    text: &str,
    total: u32,
    size: f64,
    looks: &Looks,
    columns: usize,
) -> Result<f64, XlsxError> {
    let look = if size > 1.0 {
        &looks.title
    } else {
        &looks.note
    };
    let text = fitting(text);
    let lines = lines_of(&text, total);
    match u16::try_from(columns) {
        Ok(columns) if columns > 1 => {
            page.merge_range(*line, 0, *line, columns - 1, &text, look)?;
        }
        _ => {
            page.write_string_with_format(*line, 0, &*text, look)?;
        }
    }
    let height = (f64::from(lines) * LINE * size).min(HEIGHT_MAX);
    page.set_row_height(*line, height)?;
    *line += 1;
    Ok(height)
}

fn table(
    page: &mut Worksheet,
    sheet: &BookSheet,
    head: u32,
    widths: &[u16],
    looks: &Looks,
) -> Result<(), XlsxError> {
    for (column, c) in (0u16..).zip(&sheet.columns) {
        page.write_string_with_format(head, column, &*fitting(&c.header), &looks.header)?;
    }
    let headers = sheet.columns.iter().map(|c| Cow::Borrowed(&*c.header));
    page.set_row_height(head, height(headers, widths))?;
    let mut line = head;
    for row in &sheet.rows {
        line += 1;
        let blank = std::iter::repeat(&BookCell::Blank);
        let cells = row.iter().chain(blank).take(sheet.columns.len());
        for (column, cell) in (0u16..).zip(cells) {
            write_cell(page, line, column, cell, looks)?;
        }
        // Some programs do not make room for a second line by themselves.
        page.set_row_height(line, height(row.iter().map(BookCell::shown), widths))?;
    }
    let last = u16::try_from(sheet.columns.len() - 1).unwrap_or(u16::MAX);
    page.autofilter(head, 0, line, last)?;
    page.set_repeat_rows(head, head)?;
    if line > head {
        page.ignore_error_range(head + 1, 0, line, last, IgnoreError::NumberStoredAsText)?;
    }
    Ok(())
}

fn write_cell(
    page: &mut Worksheet,
    row: u32,
    column: u16,
    cell: &BookCell,
    looks: &Looks,
) -> Result<(), XlsxError> {
    match *cell {
        BookCell::Text(ref text) if !text.is_empty() => {
            page.write_string_with_format(row, column, &*fitting(text), &looks.text)?;
        }
        BookCell::Whole(n) if n.unsigned_abs() <= EXACT_MAX => {
            // Every whole number of 15 digits is one of the format's.
            page.write_number_with_format(row, column, n as f64, &looks.whole)?;
        }
        BookCell::Whole(n) => {
            page.write_string_with_format(row, column, n.to_string(), &looks.text)?;
        }
        BookCell::Share { part, of } if of > 0 => {
            let share = BookCell::per_mille(part, of).unwrap_or(u32::MAX);
            page.write_number_with_format(row, column, f64::from(share) / 1000.0, &looks.share)?;
        }
        BookCell::Text(_) | BookCell::Share { .. } | BookCell::Blank => {
            page.write_blank(row, column, &looks.text)?;
        }
    }
    Ok(())
}

/// A text that a cell can hold: control characters, which the format has no way to write, are taken out.
fn fitting(text: &str) -> Cow<'_, str> {
    let odd = |c: char| c.is_control() && c != '\n' && c != '\t';
    let text: Cow<'_, str> = if text.contains(odd) {
        text.replace(odd, "").into()
    } else {
        text.into()
    };
    if text.len() <= CELL_MAX || text.encode_utf16().count() <= CELL_MAX {
        return text;
    }
    let mut room = CELL_MAX;
    let kept = text.chars().take_while(|c| {
        let fits = room >= c.len_utf16();
        room = room.saturating_sub(c.len_utf16());
        fits
    });
    let mut cut: String = kept.collect();
    cut.push_str(CUT);
    cut.into()
}

/// Width of a column: as declared, else as its longest line needs, the filter's button beside the header.
fn width(sheet: &BookSheet, column: usize) -> u16 {
    let c = &sheet.columns[column];
    if let Some(width) = c.width {
        return width.clamp(WIDTHS.0, 255);
    }
    let longest = |text: &str| text.split('\n').map(cells_of).max().unwrap_or(0);
    let rows = sheet.rows.iter().take(ROWS_MEASURED);
    let body = rows
        .filter_map(|row| row.get(column))
        .map(|cell| longest(&cell.shown()))
        .max();
    let needed = (longest(&c.header) + 3).max(body.unwrap_or(0) + 1);
    let fits = u16::try_from(needed).unwrap_or(u16::MAX);
    fits.clamp(WIDTHS.0, WIDTHS.1)
}

/// Height of a row: of the cell with most lines.
fn height<'c>(cells: impl Iterator<Item = Cow<'c, str>>, widths: &[u16]) -> f64 {
    let lines = cells
        .zip(widths)
        .map(|(text, &width)| lines_of(&text, u32::from(width)))
        .max();
    (f64::from(lines.unwrap_or(1)) * LINE).min(HEIGHT_MAX)
}

/// Lines a text takes in a width, a little less than which is used: programs break lines differently.
fn lines_of(text: &str, width: u32) -> u32 {
    let per_line = width.saturating_sub(1).max(2);
    text.split('\n')
        .map(|t| cells_of(t).div_ceil(per_line).max(1))
        .fold(0, u32::saturating_add)
}

/// Half-width characters a text takes: everything but ASCII and half-width kana is wide enough for two.
fn cells_of(text: &str) -> u32 {
    let narrow = |c: char| c.is_ascii() || ('\u{FF61}'..='\u{FF9F}').contains(&c);
    text.chars().map(|c| if narrow(c) { 1 } else { 2 }).sum()
}
