//! Criteria → workbook.

use super::{
    cell::{Shown, shown},
    guide,
    layout::{self, header, words_header},
};
use enmusubi_criteria::{
    Criteria, Document, Expression,
    document::{Record, Scalar},
    expression, in_words, in_words_of,
    schema::{FieldKind, FieldSchema, SECTIONS, SectionSchema},
    word_labels::label_of,
};
use rust_xlsxwriter::{
    Color, DataValidation, DataValidationErrorStyle, Format, FormatAlign, FormatBorder, Formula,
    IgnoreError, Note, Workbook, Worksheet, XlsxError,
};
use std::fmt;

/// Rows prepared for people to fill in.
const ROWS_READY: u32 = 500;

/// Most characters a cell holds.
const CELL_MAX: usize = 32_767;

/// Why criteria cannot be a workbook.
#[derive(Debug)]
pub enum ExportError {
    /// A text is longer than a cell can hold.
    TooLong {
        /// Sheet.
        sheet: &'static str,
        /// Id of the row.
        id: Box<str>,
        /// Field.
        field: &'static str,
    },
    /// The library that writes workbooks refused.
    Workbook(XlsxError),
}

impl fmt::Display for ExportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong { sheet, id, field } => write!(
                f,
                "シート「{sheet}」の行「{id}」の「{field}」が長すぎて、Excelのセル（{CELL_MAX}字まで）に入りません"
            ),
            Self::Workbook(_) => f.write_str("Excelのブックを作れませんでした"),
        }
    }
}

impl std::error::Error for ExportError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Workbook(e) => Some(e),
            Self::TooLong { .. } => None,
        }
    }
}

impl From<XlsxError> for ExportError {
    fn from(e: XlsxError) -> Self {
        Self::Workbook(e)
    }
}

/// The workbook of a criteria file. `criteria`, where the document has no errors, gives the columns in words the
/// labels of tables and values.
///
/// # Errors
/// A text too long for a cell.
pub fn export(criteria: Option<&Criteria>, document: &Document) -> Result<Vec<u8>, ExportError> {
    let mut book = Workbook::new();
    guide::write(book.add_worksheet(), document)?;
    let looks = Looks::new();
    for schema in SECTIONS {
        let sheet = book.add_worksheet();
        sheet.set_name(schema.label)?;
        Writer {
            criteria,
            looks: &looks,
            schema,
            rows: document.rows(schema.name),
        }
        .write(sheet)?;
    }
    Ok(book.save_to_buffer()?)
}

/// Formats.
struct Looks {
    header: Format,
    text: Format,
    number: Format,
    words: Format,
    words_header: Format,
}

impl Looks {
    fn new() -> Self {
        let cell = Format::new()
            .set_align(FormatAlign::Top)
            .set_text_wrap()
            .set_border(FormatBorder::Hair);
        let header = cell
            .clone()
            .set_bold()
            .set_background_color(Color::RGB(0x00DC_E6F1));
        let grey = Color::RGB(0x00F2_F2F2);
        let words_header = header
            .clone()
            .set_background_color(grey)
            .set_font_color(Color::Gray);
        Self {
            header,
            // "@" and the mark: Excel keeps what is typed as text, `=` and `8-31` included.
            text: cell.clone().set_num_format("@").set_quote_prefix(),
            number: cell.clone(),
            words: cell
                .set_background_color(grey)
                .set_font_color(Color::RGB(0x0059_5959)),
            words_header,
        }
    }
}

/// A column: a field, or a field's expression in words.
#[derive(Clone, Copy)]
enum Column {
    Field(&'static FieldSchema),
    Words(&'static FieldSchema),
}

struct Writer<'a> {
    criteria: Option<&'a Criteria>,
    looks: &'a Looks,
    schema: &'static SectionSchema,
    rows: &'a [Record],
}

impl Writer<'_> {
    /// A field's words stand beside it where it is an expression, or some row makes it one.
    fn columns(&self) -> Vec<Column> {
        let mut columns = Vec::new();
        for field in self.schema.fields {
            columns.push(Column::Field(field));
            let stated = |r: &Record| matches!(r.get(field.name), Some(Scalar::Text(_)));
            let always = field.kind == FieldKind::Expression;
            if always || (layout::is_expression(field.kind) && self.rows.iter().any(stated)) {
                columns.push(Column::Words(field));
            }
        }
        columns
    }

    fn write(&self, sheet: &mut Worksheet) -> Result<(), ExportError> {
        let columns = self.columns();
        for (at, column) in columns.iter().enumerate() {
            let at = at as u16;
            match column {
                Column::Field(field) => self.head(sheet, at, field)?,
                Column::Words(field) => {
                    sheet.set_column_width(at, 44)?;
                    sheet.set_column_format(at, &self.looks.words)?;
                    sheet.write_string_with_format(
                        0,
                        at,
                        words_header(field),
                        &self.looks.words_header,
                    )?;
                    sheet.insert_note(
                        0,
                        at,
                        &note("式の意味です。読み取り専用で、取り込むときは読みません。式を直すと、次に書き出したときに変わります。"),
                    )?;
                }
            }
        }
        // Two lines: some programs do not make room for the second by themselves.
        sheet.set_row_height(0, 32)?;
        for (i, record) in self.rows.iter().enumerate() {
            for (at, column) in columns.iter().enumerate() {
                self.cell(sheet, i as u32 + 1, at as u16, *column, record)?;
            }
        }
        let last = self.rows.len() as u32 + ROWS_READY;
        self.guard(sheet, &columns, last)?;
        let width = columns.len() as u16;
        sheet.ignore_error_range(1, 0, last, width - 1, IgnoreError::NumberStoredAsText)?;
        // Id and label stay in sight.
        let kept = self.schema.fields.iter().position(|f| f.name == "label");
        sheet.set_freeze_panes(1, kept.map_or(0, |at| at as u16 + 1).min(3))?;
        sheet.set_landscape();
        sheet.set_print_fit_to_pages(1, 0);
        sheet.set_repeat_rows(0, 0)?;
        Ok(())
    }

    /// What is typed into a column of words is refused: it would be lost.
    fn guard(
        &self,
        sheet: &mut Worksheet,
        columns: &[Column],
        last: u32,
    ) -> Result<(), ExportError> {
        let never = DataValidation::new()
            .allow_custom(Formula::new("=FALSE"))
            .ignore_blank(false)
            .set_error_title("読み取り専用")?
            .set_error_message(
                "この列は左の式を日本語にしたものです。直すときは、左の式を直してください。",
            )?;
        for (at, column) in columns.iter().enumerate() {
            if matches!(column, Column::Words(_)) {
                sheet.add_data_validation(1, at as u16, last, at as u16, &never)?;
            }
        }
        Ok(())
    }

    fn head(
        &self,
        sheet: &mut Worksheet,
        at: u16,
        field: &'static FieldSchema,
    ) -> Result<(), ExportError> {
        sheet.set_column_width(at, width(field))?;
        let format = if matches!(field.kind, FieldKind::Number | FieldKind::Integer) {
            &self.looks.number
        } else {
            &self.looks.text
        };
        sheet.set_column_format(at, format)?;
        sheet.write_string_with_format(0, at, header(field), &self.looks.header)?;
        sheet.insert_note(0, at, &note(&explained(field)))?;
        if let Some(choice) = self.choice(field)? {
            let last = self.rows.len() as u32 + ROWS_READY;
            sheet.add_data_validation(1, at, last, at, &choice)?;
        }
        Ok(())
    }

    /// What the cells of a field offer.
    fn choice(&self, field: &FieldSchema) -> Result<Option<DataValidation>, ExportError> {
        let list = DataValidation::new();
        Ok(match field.kind {
            FieldKind::OneOf(words) => {
                let labels: Vec<&str> = words
                    .iter()
                    .map(|w| label_of(field.name, w).unwrap_or(w))
                    .collect();
                Some(list.allow_list_strings(&labels)?)
            }
            FieldKind::Bool => Some(list.allow_list_strings(&["はい", "いいえ"])?),
            FieldKind::Id if field.name != "id" => SECTIONS
                .iter()
                .find(|s| s.name == field.name && !matches!(s.name, "band" | "group"))
                .map(|of| {
                    let ids = Formula::new(format!("='{}'!$A$2:$A${ROWS_READY}", of.label));
                    // A new id may be written here before its own row is.
                    list.allow_list_formula(ids)
                        .set_error_style(DataValidationErrorStyle::Warning)
                }),
            _ => None,
        })
    }

    fn cell(
        &self,
        sheet: &mut Worksheet,
        row: u32,
        at: u16,
        column: Column,
        record: &Record,
    ) -> Result<(), ExportError> {
        let (field, value) = match column {
            Column::Words(field) => {
                let words = self.words(record.get(field.name)).unwrap_or_default();
                let words: String = words.chars().take(CELL_MAX / 2).collect();
                sheet.write_string_with_format(row, at, words, &self.looks.words)?;
                return Ok(());
            }
            Column::Field(field) => (field, record.get(field.name)),
        };
        match value.map(|v| shown(field, v)) {
            None => {}
            Some(Shown::Number(n)) => {
                sheet.write_number_with_format(row, at, n, &self.looks.number)?;
            }
            Some(Shown::Text(text)) => {
                if text.encode_utf16().count() > CELL_MAX {
                    return Err(ExportError::TooLong {
                        sheet: self.schema.label,
                        id: record.text("id").unwrap_or_default().into(),
                        field: field.name,
                    });
                }
                sheet.write_string_with_format(row, at, text, &self.looks.text)?;
            }
        }
        Ok(())
    }

    fn words(&self, value: Option<&Scalar>) -> Option<String> {
        let Some(Scalar::Text(text)) = value else {
            return None;
        };
        let e: Expression = expression::parse(text, 0).ok()?;
        Some(match self.criteria {
            Some(criteria) => in_words_of(criteria, &e),
            None => in_words(&e),
        })
    }
}

fn note(text: &str) -> Note {
    Note::new(text)
        .add_author_prefix(false)
        .set_width(260)
        .set_height(120)
}

/// What a field holds, for the note of its header.
fn explained(field: &FieldSchema) -> String {
    let must = if field.required {
        "必ず書きます。"
    } else {
        ""
    };
    let form = match field.kind {
        FieldKind::Id => "英数字と _ の名前、またはそれを - でつないだもの。",
        FieldKind::Text => "",
        FieldKind::Expression => "式。",
        FieldKind::IntegerOrExpression => "数、または式。",
        FieldKind::Number => "数。",
        FieldKind::Integer => "整数。",
        FieldKind::Bool => "はい、いいえ。省くことと、いいえは同じです。",
        FieldKind::OneOf(_) => "選んでください。",
        FieldKind::List => "「、」で区切って並べます。",
        FieldKind::Inline => "{ 名前 = 値 } または [ … ] の形。",
    };
    format!("{}\n{must}{form}", field.doc)
}

/// Width of a column, in characters.
fn width(field: &FieldSchema) -> f64 {
    match (field.kind, field.name) {
        (FieldKind::Expression, _) | (_, "note") => 48.0,
        (FieldKind::Inline, _) => 60.0,
        (_, "label" | "title" | "parents") => 36.0,
        (FieldKind::Id, _) => 18.0,
        (FieldKind::IntegerOrExpression, _) => 14.0,
        (FieldKind::Number | FieldKind::Integer | FieldKind::Bool, _) => 10.0,
        _ => 16.0,
    }
}
