//! Rows of cells out of CSV or XLSX bytes, numbered as a spreadsheet shows them.

use crate::{
    Source,
    diagnostic::{At, Diagnostics, Text, kind},
};
use calamine::{DataRef, Reader as _, Xlsx};
use csv_core::ReadRecordResult;
use encoding_rs::SHIFT_JIS;
use std::{
    io::{Cursor, Read as _},
    ops::{ControlFlow, Range},
    panic::{AssertUnwindSafe, catch_unwind},
};

/// Largest file read, and largest sum of what an XLSX unpacks to, in bytes.
pub(crate) const SIZE_MAX: u64 = 1 << 30;

/// Longest CSV record, in bytes. A longer one is an unclosed quotation mark, not a child.
const RECORD_MAX: usize = 16 << 20;

/// Columns a spreadsheet can have.
const COLUMNS_MAX: u32 = 16_384;

/// Largest whole number a spreadsheet keeps exactly (15 digits).
const EXACT_MAX: f64 = 1e15;

/// One row.
#[derive(Debug, Default)]
pub(crate) struct Row {
    text: String,
    ends: Vec<usize>,
    /// Row as a spreadsheet shows it, 1-based.
    pub number: u32,
    /// Bytes of the row in a CSV file, without its line end.
    pub raw: Range<usize>,
    /// What is wrong with single cells.
    pub notes: Vec<(usize, Note)>,
}

/// Something wrong with a cell, worth telling only where the cell is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Note {
    /// Bytes that are no text in the file's encoding.
    BadBytes,
    /// A number of more digits than Excel keeps.
    Inexact,
    /// `#N/A` and the like.
    Error,
}

impl Row {
    /// Number of cells.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// A cell as it stands; `""` beyond the last.
    pub fn raw_cell(&self, column: usize) -> &str {
        let Some(&end) = self.ends.get(column) else {
            return "";
        };
        let start = if column == 0 {
            0
        } else {
            self.ends[column - 1]
        };
        self.text.get(start..end).unwrap_or("")
    }

    /// A cell without surrounding white space; `""` beyond the last.
    pub fn cell(&self, column: usize) -> &str {
        let raw = self.raw_cell(column);
        let plain = |b: Option<&u8>| b.is_some_and(u8::is_ascii_graphic);
        let bytes = raw.as_bytes();
        if plain(bytes.first()) && plain(bytes.last()) {
            raw
        } else {
            raw.trim()
        }
    }

    /// Whether a cell has any text, white space too. Most cells of a wide table have none.
    pub fn is_filled(&self, column: usize) -> bool {
        let start = column.checked_sub(1).map_or(0, |before| self.end(before));
        self.end(column) > start
    }

    /// Columns whose cells have so many bytes at least.
    pub fn long_cells(&self, bytes: usize) -> impl Iterator<Item = usize> {
        let mut start = 0;
        self.ends.iter().enumerate().filter_map(move |(at, &end)| {
            let long = end - start >= bytes;
            start = end;
            long.then_some(at)
        })
    }

    fn end(&self, column: usize) -> usize {
        self.ends.get(column).copied().unwrap_or(self.text.len())
    }

    /// Whether all cells are blank.
    pub fn is_blank(&self) -> bool {
        self.text.is_empty() || self.text.trim().is_empty()
    }

    fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
        self.notes.clear();
    }
}

/// How a CSV file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encoding {
    Utf8 { bom: bool },
    Cp932,
}

/// An opened file.
pub(crate) enum Table<'a> {
    Csv(Csv<'a>),
    Xlsx(Box<Xlsx<Cursor<&'a [u8]>>>),
}

/// A CSV file.
#[derive(Clone, Copy)]
pub(crate) struct Csv<'a> {
    bytes: &'a [u8],
    pub encoding: Encoding,
}

impl<'a> Table<'a> {
    /// Recognises the format by content; the name's ending only decides what an unreadable file
    /// was meant to be.
    pub fn open(source: &Source<'a>, all: &mut Diagnostics) -> Option<Self> {
        let bytes = source.bytes;
        let here = At::default();
        if bytes.len() as u64 > SIZE_MAX {
            all.add(&kind::TOO_LARGE, source.name, here);
            return None;
        }
        let named_xlsx = source.name.to_lowercase().ends_with(".xlsx");
        if bytes.starts_with(b"PK\x03\x04") || (named_xlsx && !bytes.is_empty()) {
            return open_xlsx(source, all).map(|x| Self::Xlsx(Box::new(x)));
        }
        if bytes.starts_with(b"\xD0\xCF\x11\xE0") {
            all.add_with(&kind::NOT_XLSX, source.name, here, || {
                Text::new(
                    "古い形式（.xls）か、パスワードつきのブックです",
                    "an old .xls file or a workbook with a password",
                )
            });
            return None;
        }
        if bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF") {
            all.add(&kind::UTF16, source.name, here);
            return None;
        }
        if bytes.contains(&0) {
            all.add(&kind::NUL_BYTES, source.name, here);
            return None;
        }
        let csv = Csv {
            bytes,
            encoding: encoding_of(bytes),
        };
        if csv.bytes[csv.start()..].iter().all(u8::is_ascii_whitespace) {
            all.add(&kind::EMPTY_FILE, source.name, here);
            return None;
        }
        Some(Self::Csv(csv))
    }

    /// Names of the sheets; one for a CSV file.
    pub fn sheets(&self) -> Vec<String> {
        match self {
            Self::Csv(_) => vec![String::new()],
            Self::Xlsx(x) => x.sheet_names(),
        }
    }

    /// Visits the rows of a sheet until the visitor breaks. Blank lines count as rows but are
    /// not visited.
    pub fn rows(
        &mut self,
        sheet: &str,
        name: &str,
        all: &mut Diagnostics,
        visit: &mut dyn FnMut(&Row, &mut Diagnostics) -> ControlFlow<()>,
    ) {
        match self {
            Self::Csv(csv) => csv.rows(name, all, visit),
            Self::Xlsx(x) => xlsx_rows(x, sheet, name, all, visit),
        }
    }
}

/// UTF-8 where it is valid, or where it has valid multi-byte text before its first error (CP932
/// text practically never reads as several UTF-8 characters); else CP932.
fn encoding_of(bytes: &[u8]) -> Encoding {
    const BOM: &[u8] = b"\xEF\xBB\xBF";
    if bytes.starts_with(BOM) {
        return Encoding::Utf8 { bom: true };
    }
    match std::str::from_utf8(bytes) {
        Ok(_) => Encoding::Utf8 { bom: false },
        Err(e) => {
            let valid = &bytes[..e.valid_up_to()];
            let leads = valid.iter().filter(|b| **b >= 0xC2).take(4).count();
            if leads >= 4 {
                Encoding::Utf8 { bom: false }
            } else {
                Encoding::Cp932
            }
        }
    }
}

impl<'a> Csv<'a> {
    /// Where the text begins.
    pub fn start(&self) -> usize {
        if self.encoding == (Encoding::Utf8 { bom: true }) {
            3
        } else {
            0
        }
    }

    /// The file.
    pub fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    fn rows(
        &self,
        name: &str,
        all: &mut Diagnostics,
        visit: &mut dyn FnMut(&Row, &mut Diagnostics) -> ControlFlow<()>,
    ) {
        let bytes = self.bytes;
        let mut core = csv_core::Reader::new();
        let mut row = Row::default();
        let mut buffer = vec![0u8; 4096];
        let mut ends = vec![0usize; 64];
        let mut at = self.start();
        let mut number = 0u32;
        while at < bytes.len() {
            number = number.saturating_add(1);
            if let Some(next) = line_end(bytes, at) {
                at = next;
                continue;
            }
            let start = at;
            let (mut filled, mut fields) = (0, 0);
            let complete = loop {
                let (result, read, written, ended) =
                    core.read_record(&bytes[at..], &mut buffer[filled..], &mut ends[fields..]);
                at += read;
                filled += written;
                fields += ended;
                match result {
                    // An empty input, given next, closes the last record.
                    ReadRecordResult::InputEmpty => {}
                    ReadRecordResult::OutputFull if buffer.len() < RECORD_MAX => {
                        buffer.resize(buffer.len() * 2, 0);
                    }
                    ReadRecordResult::OutputFull => break false,
                    ReadRecordResult::OutputEndsFull => ends.resize(ends.len() * 2, 0),
                    ReadRecordResult::Record | ReadRecordResult::End => break true,
                }
            };
            let mut end = at;
            while end > start && matches!(bytes[end - 1], b'\r' | b'\n') {
                end -= 1;
            }
            // The tokeniser ends a record at the carriage return and leaves the line feed.
            if at > 0 && bytes[at - 1] == b'\r' && bytes.get(at) == Some(&b'\n') {
                at += 1;
            }
            if !complete || (at == bytes.len() && ends_in_quotes(&bytes[start..])) {
                all.add(&kind::UNBALANCED_QUOTE, name, At::row(number));
                return;
            }
            row.clear();
            row.number = number;
            row.raw = start..end;
            self.decode(&mut row, &buffer[..filled], &ends[..fields]);
            if visit(&row, all).is_break() {
                return;
            }
        }
    }

    fn decode(&self, row: &mut Row, buffer: &[u8], ends: &[usize]) {
        let utf8 = matches!(self.encoding, Encoding::Utf8 { .. });
        if (utf8 || buffer.is_ascii())
            && let Ok(text) = std::str::from_utf8(buffer)
        {
            row.text.push_str(text);
            row.ends.extend_from_slice(ends);
            return;
        }
        let mut start = 0;
        for (column, &end) in ends.iter().enumerate() {
            let cell = &buffer[start..end];
            let (text, bad) = if utf8 {
                let text = String::from_utf8_lossy(cell);
                let bad = std::str::from_utf8(cell).is_err();
                (text, bad)
            } else {
                SHIFT_JIS.decode_without_bom_handling(cell)
            };
            if bad {
                row.notes.push((column, Note::BadBytes));
            }
            row.text.push_str(&text);
            row.ends.push(row.text.len());
            start = end;
        }
    }
}

/// The place after a line end at `at`, if there is one.
fn line_end(bytes: &[u8], at: usize) -> Option<usize> {
    match (bytes.get(at), bytes.get(at + 1)) {
        (Some(b'\r'), Some(b'\n')) => Some(at + 2),
        (Some(b'\r' | b'\n'), _) => Some(at + 1),
        _ => None,
    }
}

/// Whether the last field of a record is still inside quotation marks when the bytes end.
fn ends_in_quotes(record: &[u8]) -> bool {
    let (mut quoted, mut field_start) = (false, true);
    let mut bytes = record.iter().peekable();
    while let Some(&b) = bytes.next() {
        match b {
            b'"' if quoted => {
                if bytes.peek() == Some(&&b'"') {
                    bytes.next();
                } else {
                    quoted = false;
                }
            }
            b'"' if field_start => quoted = true,
            _ => {}
        }
        field_start = b == b',' && !quoted;
    }
    quoted
}

fn open_xlsx<'a>(source: &Source<'a>, all: &mut Diagnostics) -> Option<Xlsx<Cursor<&'a [u8]>>> {
    match unpacked_size(source.bytes) {
        Ok(size) if size <= SIZE_MAX => {}
        Ok(_) => {
            all.add(&kind::TOO_LARGE, source.name, At::default());
            return None;
        }
        Err(why) => {
            not_xlsx(source.name, all, &why);
            return None;
        }
    }
    // A damaged workbook must not take the program down; the library is not written for hostile
    // input.
    match catch_unwind(AssertUnwindSafe(|| Xlsx::new(Cursor::new(source.bytes)))) {
        Ok(Ok(x)) => Some(x),
        Ok(Err(e)) => {
            not_xlsx(source.name, all, &e.to_string());
            None
        }
        Err(_) => {
            not_xlsx(source.name, all, "");
            None
        }
    }
}

fn not_xlsx(name: &str, all: &mut Diagnostics, why: &str) {
    if why.is_empty() {
        all.add(&kind::NOT_XLSX, name, At::default());
    } else {
        all.add_with(&kind::NOT_XLSX, name, At::default(), || {
            let short: String = why.chars().take(200).collect();
            Text::new(format!("理由: {short}"), short.clone())
        });
    }
}

/// Sum of what the archive's members unpack to. They are unpacked once without being kept: the
/// sizes written in an archive may lie.
pub(crate) fn unpacked_size(bytes: &[u8]) -> Result<u64, String> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|e| e.to_string())?;
    let mut total = 0u64;
    for i in 0..archive.len() {
        let member = archive.by_index(i).map_err(|e| e.to_string())?;
        if !member.name().is_ok_and(|name| needed(&name)) {
            continue;
        }
        let mut rest = member.take(SIZE_MAX + 1 - total);
        total += std::io::copy(&mut rest, &mut std::io::sink()).map_err(|e| e.to_string())?;
        if total > SIZE_MAX {
            break;
        }
    }
    Ok(total)
}

/// Members the reader looks into; pictures and the like are never unpacked.
fn needed(member: &str) -> bool {
    let lower = member.to_lowercase();
    lower.ends_with(".xml") || lower.ends_with(".rels")
}

fn xlsx_rows(
    x: &mut Xlsx<Cursor<&[u8]>>,
    sheet: &str,
    name: &str,
    all: &mut Diagnostics,
    visit: &mut dyn FnMut(&Row, &mut Diagnostics) -> ControlFlow<()>,
) {
    let result = catch_unwind(AssertUnwindSafe(|| xlsx_cells(x, sheet, all, visit)));
    match result {
        Ok(Ok(())) => {}
        Ok(Err(why)) => not_xlsx(name, all, &why),
        Err(_) => not_xlsx(name, all, ""),
    }
}

fn xlsx_cells(
    x: &mut Xlsx<Cursor<&[u8]>>,
    sheet: &str,
    all: &mut Diagnostics,
    visit: &mut dyn FnMut(&Row, &mut Diagnostics) -> ControlFlow<()>,
) -> Result<(), String> {
    let mut cells = x.worksheet_cells_reader(sheet).map_err(|e| e.to_string())?;
    let mut row = Row::default();
    while let Some(cell) = cells.next_cell().map_err(|e| e.to_string())? {
        let (r, column) = cell.get_position();
        let number = r.saturating_add(1);
        if number != row.number {
            if number < row.number || column >= COLUMNS_MAX {
                return Err(format!("rows out of order near row {number}"));
            }
            if row.number > 0 && !row.is_blank() && visit(&row, all).is_break() {
                return Ok(());
            }
            row.clear();
            row.number = number;
        }
        if column >= COLUMNS_MAX || (column as usize) < row.len() {
            return Err(format!("cells out of order in row {number}"));
        }
        let before = row.text.len();
        row.ends.resize(column as usize, before);
        push_value(&mut row, column as usize, cell.get_value());
        row.ends.push(row.text.len());
    }
    if row.number > 0 && !row.is_blank() {
        let _ = visit(&row, all);
    }
    Ok(())
}

fn push_value(row: &mut Row, column: usize, value: &DataRef<'_>) {
    use std::fmt::Write as _;
    match value {
        DataRef::Empty => {}
        DataRef::String(s) | DataRef::DateTimeIso(s) | DataRef::DurationIso(s) => {
            row.text.push_str(s);
        }
        DataRef::SharedString(s) => row.text.push_str(s),
        DataRef::Int(i) => {
            let _ = write!(row.text, "{i}");
        }
        DataRef::Float(f) => {
            if f.abs() >= EXACT_MAX {
                row.notes.push((column, Note::Inexact));
            }
            // Rust prints the shortest text that reads back as the same number, without an
            // exponent: 11005.0 becomes `11005`.
            let _ = write!(row.text, "{f}");
        }
        DataRef::Bool(b) => row.text.push_str(if *b { "TRUE" } else { "FALSE" }),
        DataRef::DateTime(d) if d.is_duration() || (0.0..1.0).contains(&d.as_f64()) => {
            // A time of day or a number of hours (`7:30`, `160:00`), which a spreadsheet keeps as a
            // part of a day.
            let minutes = (d.as_f64() * 24.0 * 60.0).round();
            let (hours, minutes) = ((minutes / 60.0).floor(), minutes % 60.0);
            let _ = write!(row.text, "{hours}:{minutes:02}");
        }
        DataRef::DateTime(d) => {
            let (year, month, day, ..) = d.to_ymd_hms_milli();
            let _ = write!(row.text, "{year:04}-{month:02}-{day:02}");
        }
        DataRef::Error(e) => {
            row.notes.push((column, Note::Error));
            let _ = write!(row.text, "{e}");
        }
    }
}
