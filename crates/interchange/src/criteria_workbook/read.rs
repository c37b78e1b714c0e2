//! Workbook → criteria.

use super::{
    cell::{self, Raw},
    layout,
};
use crate::table::unpacked_size;
use calamine::{Data, DataRef, Reader as _, Xlsx};
use enmusubi_criteria::{
    Criteria, Diagnostics, Document,
    document::{Field, Place, Record, Section},
    form::{missing, required_sections, wrong_value},
    from_document,
    schema::{FieldSchema, SECTIONS, SectionSchema},
};
use std::{
    io::Cursor,
    panic::{AssertUnwindSafe, catch_unwind},
};

/// More than any criteria unpack to, in bytes.
const UNPACKED_MAX: u64 = 64 << 20;

/// More rows and columns than any criteria need.
const ROWS_MAX: u32 = 20_000;
const COLUMNS_MAX: u32 = 256;

/// How far down a header is looked for that something stands above.
const HEADER_WITHIN: usize = 10;

/// A row of a sheet: its number (1-based) and its cells, `None` where empty.
type Line = (u32, Vec<Option<Raw>>);

/// Reads criteria from a workbook that [`export`](super::export) wrote and people edited. Everything wrong is
/// told by sheet and cell; the criteria are there exactly where nothing is an error, the document holds
/// what could be read.
#[must_use]
pub fn import(bytes: &[u8]) -> (Option<Criteria>, Document, Diagnostics) {
    let mut all = Diagnostics::default();
    let Some(sheets) = open(bytes, &mut all) else {
        return (None, Document::default(), all);
    };
    let mut document = Document::default();
    for (name, lines) in &sheets {
        match SECTIONS.iter().find(|s| s.label == cell::tidy(name)) {
            Some(schema) => {
                let rows = Sheet { schema, name }.read(lines, &mut all);
                document.sections.push(Section {
                    name: schema.name,
                    rows,
                });
            }
            None if *name == layout::GUIDE || lines.is_empty() => {}
            None => unknown_sheet(name, &lines[0], &mut all),
        }
    }
    document.arrange();
    required_sections(&document, &Place::None, &mut all);
    let (criteria, more) = from_document(&document);
    // A sheet under another name holds what the others seem to lack.
    let renamed = all.list.iter().any(|d| d.code == "C151");
    let lacking = |code: &str| renamed && matches!(code, "C085" | "C096");
    all.list
        .extend(more.list.into_iter().filter(|d| !lacking(d.code)));
    all.sort();
    (criteria.filter(|_| !all.has_errors()), document, all)
}

/// All sheets, or why there are none.
fn open(bytes: &[u8], all: &mut Diagnostics) -> Option<Vec<(String, Vec<Line>)>> {
    let why = match unpacked_size(bytes) {
        Ok(size) if size <= UNPACKED_MAX => {
            // The library is not written for hostile input.
            match catch_unwind(AssertUnwindSafe(|| sheets(bytes))) {
                Ok(Ok(sheets)) => return Some(sheets),
                Ok(Err(why)) => why,
                Err(_) => String::new(),
            }
        }
        Ok(_) => "size".to_owned(),
        Err(why) => why,
    };
    let why: String = why.chars().take(200).collect();
    all.error(
        "C150",
        Place::None,
        (
            format!("Excelのブック（.xlsx）として読めません（{why}）"),
            format!("not readable as an Excel workbook ({why})"),
        ),
        (
            "Excelで開けるか確かめ、「Excel ブック（.xlsx）」の形式で保存し直してください",
            "check that Excel opens it, and save it as .xlsx",
        ),
    );
    None
}

fn sheets(bytes: &[u8]) -> Result<Vec<(String, Vec<Line>)>, String> {
    let mut book = Xlsx::new(Cursor::new(bytes)).map_err(|e| e.to_string())?;
    let mut sheets = Vec::new();
    for name in book.sheet_names() {
        let mut lines: Vec<Line> = Vec::new();
        // Charts and macros are sheets without cells.
        let Ok(mut cells) = book.worksheet_cells_reader(&name) else {
            continue;
        };
        while let Some(cell) = cells.next_cell().map_err(|e| e.to_string())? {
            let (row, column) = cell.get_position();
            if row >= ROWS_MAX || column >= COLUMNS_MAX {
                continue;
            }
            let Some(raw) = raw(cell.get_value()) else {
                continue;
            };
            if lines.last().is_none_or(|(number, _)| *number != row + 1) {
                lines.push((row + 1, Vec::new()));
            }
            if let Some((_, line)) = lines.last_mut() {
                if line.len() <= column as usize {
                    line.resize(column as usize + 1, None);
                }
                line[column as usize] = Some(raw);
            }
        }
        sheets.push((name, lines));
    }
    Ok(sheets)
}

fn raw(value: &DataRef<'_>) -> Option<Raw> {
    let raw = match Data::from(value.clone()) {
        Data::Empty => return None,
        Data::String(s) => Raw::Text(s),
        Data::Int(n) => Raw::Number(n as f64),
        Data::Float(n) => Raw::Number(n),
        Data::Bool(b) => Raw::Bool(b),
        Data::DateTime(d) => Raw::Day(d),
        Data::DateTimeIso(s) | Data::DurationIso(s) => Raw::DayText(s),
        Data::Error(e) => Raw::Error(e),
    };
    (!raw.is_blank()).then_some(raw)
}

fn unknown_sheet(name: &str, (row, _): &Line, all: &mut Diagnostics) {
    let labels: Vec<&str> = SECTIONS.iter().map(|s| s.label).collect();
    all.error(
        "C151",
        Place::Cell {
            sheet: name.into(),
            row: *row,
            column: 0,
            text: "".into(),
            part: 0..0,
        },
        (
            format!("「{name}」というシートは基準のシートではありません"),
            format!("the sheet \"{name}\" is none of the criteria"),
        ),
        (
            format!(
                "読むシート: {}。名前を直すか、このシートを消してください",
                labels.join("、")
            ),
            format!("sheets: {}; rename it or remove it", labels.join(", ")),
        ),
    );
}

/// A sheet of one section.
struct Sheet<'a> {
    schema: &'static SectionSchema,
    name: &'a str,
}

impl Sheet<'_> {
    fn read(&self, lines: &[Line], all: &mut Diagnostics) -> Vec<Record> {
        let lines = self.below_titles(lines, all);
        let Some(((number, header), lines)) = lines.split_first() else {
            return Vec::new();
        };
        let told = all.list.len();
        let columns = self.columns(*number, header, all);
        // A column that is not read would be missed in every row: it is told once.
        let whole = all.list.len() == told;
        let mut rows = Vec::new();
        for (number, line) in lines {
            // Of a section of one row the first counts; the others are only told.
            if self.schema.single && !rows.is_empty() {
                self.one_row_only(*number, line, all);
            } else if let Some(mut record) = self.record((&columns, whole), *number, line, all) {
                record.unread |= !whole;
                rows.push(record);
            }
        }
        rows
    }

    /// The lines from the header on. What people put above it (a title) is told once, and not as a header that
    /// lacks every column.
    fn below_titles<'l>(&self, lines: &'l [Line], all: &mut Diagnostics) -> &'l [Line] {
        let known = |(_, line): &Line| {
            let texts = line.iter().flatten().map(Raw::text);
            texts
                .filter(|t| layout::field_of(self.schema, t).is_some())
                .count()
        };
        let Some(first) = lines.first().filter(|first| known(first) == 0) else {
            return lines;
        };
        let reach = lines.len().min(HEADER_WITHIN);
        let Some(at) = lines[..reach].iter().position(|l| known(l) >= 2) else {
            return lines;
        };
        let column = first.1.iter().position(Option::is_some).unwrap_or(0);
        let text = first.1.get(column).and_then(Option::as_ref).map(Raw::text);
        let header = lines[at].0;
        all.error(
            "C158",
            self.place(first.0, column, &text.unwrap_or_default()),
            (
                format!("見出しが{header}行目にあります"),
                format!("the header is in line {header}"),
            ),
            (
                "見出しより上の行を消してください。見出しは1行目に置きます",
                "remove the lines above it: the header belongs in the first line",
            ),
        );
        &lines[at..]
    }

    fn one_row_only(&self, number: u32, line: &[Option<Raw>], all: &mut Diagnostics) {
        let first = line.iter().position(Option::is_some).unwrap_or(0);
        let text = line.get(first).and_then(Option::as_ref).map(Raw::text);
        all.error(
            "C157",
            self.place(number, first, &text.unwrap_or_default()),
            (
                format!("シート「{}」に書けるのは1行だけです", self.schema.label),
                format!("the sheet \"{}\" has one row only", self.schema.label),
            ),
            ("この行を消してください", "remove this row"),
        );
    }

    /// Which field each column holds; `None`: not read.
    fn columns(
        &self,
        number: u32,
        header: &[Option<Raw>],
        all: &mut Diagnostics,
    ) -> Vec<Option<&'static FieldSchema>> {
        let mut columns: Vec<Option<&'static FieldSchema>> = Vec::new();
        for (at, cell) in header.iter().enumerate() {
            let text = cell.as_ref().map(Raw::text).unwrap_or_default();
            if text.trim().is_empty() || layout::is_words_header(&text) {
                columns.push(None);
                continue;
            }
            let place = self.place(number, at, &text);
            let shown = text.lines().next().unwrap_or_default();
            match layout::field_of(self.schema, &text) {
                Some(field) if columns.contains(&Some(field)) => {
                    all.error(
                        "C155",
                        place,
                        (
                            format!("見出し「{shown}」の列が二つあります"),
                            format!("there are two columns \"{shown}\""),
                        ),
                        ("どちらかの列を消してください", "remove one of them"),
                    );
                    columns.push(None);
                }
                Some(field) => columns.push(Some(field)),
                None => {
                    let known: Vec<&str> = self.schema.fields.iter().map(|f| f.label).collect();
                    all.error(
                        "C154",
                        place,
                        (
                            format!("見出し「{shown}」の列はありません"),
                            format!("there is no column \"{shown}\""),
                        ),
                        match layout::nearest(self.schema, shown) {
                            Some(label) => (
                                format!("「{label}」のことですか。見出しを元のとおりに直してください"),
                                format!("did you mean \"{label}\"?"),
                            ),
                            None => (
                                format!(
                                    "見出しを直すか、列を消してください（覚え書きは「備考」の列に書けます）。使える見出し: {}",
                                    known.join("、")
                                ),
                                format!("correct or remove it; columns: {}", known.join(", ")),
                            ),
                        },
                    );
                    columns.push(None);
                }
            }
        }
        columns
    }

    fn record(
        &self,
        (columns, whole): (&[Option<&'static FieldSchema>], bool),
        number: u32,
        line: &[Option<Raw>],
        all: &mut Diagnostics,
    ) -> Option<Record> {
        let mut record = Record {
            fields: Vec::new(),
            place: Place::None,
            unread: false,
        };
        // Fields whose cell was not empty, right or wrong.
        let mut stated: Vec<&str> = Vec::new();
        for (at, cell) in line.iter().enumerate() {
            let Some(raw) = cell else { continue };
            let Some(field) = columns.get(at).copied().flatten() else {
                if at >= columns.len() {
                    self.without_header(number, at, raw, all);
                }
                continue;
            };
            stated.push(field.name);
            let place = self.place(number, at, &raw.text());
            match cell::value(field, raw) {
                Ok(value) => record.fields.push(Field {
                    name: field.name,
                    place: self.place_of(&value, place),
                    value,
                }),
                Err(problem) => {
                    record.unread = true;
                    match problem.code {
                        Some(code) => all.error(code, place, problem.what, problem.mend),
                        None => wrong_value(field, place, problem.mend, all),
                    }
                }
            }
        }
        if stated.is_empty() {
            return None;
        }
        let order = |name: &str| self.schema.fields.iter().position(|f| f.name == name);
        record.fields.sort_by_key(|f| order(f.name));
        let column = |name: &str| {
            let at = columns
                .iter()
                .position(|c| c.is_some_and(|f| f.name == name));
            at.unwrap_or(0)
        };
        let id = record.text("id").map(str::to_owned).unwrap_or_default();
        record.place = self.place(number, column("id"), &id);
        for field in self.schema.fields {
            let unread = !whole && !columns.contains(&Some(field));
            if field.required && !stated.contains(&field.name) && !unread {
                record.unread = true;
                let place = self.place(number, column(field.name), "");
                let known = (!id.is_empty()).then_some(&*id);
                missing(self.schema, field, known, place, all);
            }
        }
        Some(record)
    }

    fn without_header(&self, number: u32, at: usize, raw: &Raw, all: &mut Diagnostics) {
        let place = self.place(number, at, &raw.text());
        all.error(
            "C156",
            place,
            (
                "見出しのない列に値があります",
                "a value stands in a column without a header",
            ),
            (
                "値を消すか、見出しのある列に移してください",
                "remove it, or move it to a column with a header",
            ),
        );
    }

    fn place(&self, row: u32, column: usize, text: &str) -> Place {
        Place::Cell {
            sheet: self.name.into(),
            row,
            column: column as u16,
            text: text.into(),
            part: 0..text.len(),
        }
    }

    /// Problems inside nested facts are told in the form in which they are read.
    fn place_of(&self, value: &enmusubi_criteria::document::Scalar, mut place: Place) -> Place {
        if let (enmusubi_criteria::document::Scalar::Inline(read), Place::Cell { text, part, .. }) =
            (value, &mut place)
        {
            *part = 0..read.len();
            text.clone_from(read);
        }
        place
    }
}
