//! The empty workbook: tables with notes and drop-downs, and a first sheet that explains them.

use super::{
    cell::{NO, UNKNOWN, YES},
    layout::{EVIDENCE, EVIDENCE_DOC, Holds, Own, Sheet},
    write::{Column, Form, PAIRS, columns, date_format, failed},
};
use crate::diagnostic::Diagnostics;
use enmusubi_domain::facts::{
    Blank, Type,
    vocabulary::{Attribute, EnumType},
};
use rust_xlsxwriter::{
    Color, DataValidation, DataValidationErrorStyle, Format, FormatAlign, FormatBorder, Note,
    Workbook, Worksheet, XlsxError,
};

/// Name of the sheet that explains the others.
pub(super) const GUIDE: &str = "使い方";

/// Last row that drop-downs and formats reach, 0-based.
const LAST_ROW: u32 = 1_048_575;

/// The sheet that explains: what to do, in which order.
const STEPS: &[&str] = &[
    "選考回の表（ひな形）",
    "",
    "1. 下の一覧の表（シート）に、申込書と書類の内容を書き写します。1行目の見出しは変えないでください。",
    "2. 見出しに入れたメモに、意味・単位・確かめる書類・空欄の扱い・書き方の例があります。",
    "3. 「（必須）」とある列と表は必ず書きます。ほかの列は、使わなければ空欄のままでかまいません。",
    "4. 分からないことは空欄にします。空欄が「いいえ」や「該当なし」を意味する列で、まだ確かめていないときは「不明」と書きます。",
    "5. 日付は 2026-04-01、令和8年4月1日、R8.4.1、5080401 のどの書き方でも読めます。",
    "6. 時間は 7.5、7:30、7時間30分 のどの書き方でも読めます。",
    "7. いくつも選ぶ列では、「、」で区切って書きます（例：就労、介護・看護）。",
    "8. 選考に使わない列を加えるときは、見出しを「備考」で始めてください。読み飛ばします。",
    "9. 個人番号（マイナンバー）は、どこにも書かないでください。見つけると読み取りを止めます。",
    "10. 書き終えたら enmusubi round check で確かめます。誤りは、シート・行・列を示してすべて知らせます。",
    "",
    "同じ表を、表ごとのCSVファイル（「世帯.csv」など、UTF-8 または CP932）にしてフォルダーに入れても読めます。",
    "",
];

/// The empty workbook, as XLSX.
///
/// # Errors
/// Only where the workbook cannot be made at all, which no input causes.
pub fn template() -> Result<Vec<u8>, Diagnostics> {
    make().map_err(|e| failed(&e))
}

fn make() -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    guide(book.add_worksheet())?;
    for sheet in Sheet::ALL {
        let page = book.add_worksheet();
        page.set_name(sheet.name())?;
        table(page, sheet)?;
    }
    book.save_to_buffer()
}

fn guide(page: &mut Worksheet) -> Result<(), XlsxError> {
    page.set_name(GUIDE)?;
    page.set_column_width(0, 24)?;
    page.set_column_width(1, 10)?;
    page.set_column_width(2, 90)?;
    let title = Format::new().set_bold().set_font_size(14);
    let mut row = 0;
    for step in STEPS {
        if row == 0 {
            page.write_string_with_format(row, 0, *step, &title)?;
        } else if !step.is_empty() {
            page.write_string(row, 0, *step)?;
        }
        row += 1;
    }
    let head = head_format();
    for (at, text) in ["表", "必須", "書くこと"].into_iter().enumerate() {
        page.write_string_with_format(row, at as u16, text, &head)?;
    }
    for sheet in Sheet::ALL {
        row += 1;
        page.write_string(row, 0, sheet.name())?;
        page.write_string(row, 1, if sheet.required() { "必須" } else { "" })?;
        page.write_string(row, 2, sheet.doc())?;
    }
    Ok(())
}

fn head_format() -> Format {
    Format::new()
        .set_bold()
        .set_border(FormatBorder::Thin)
        .set_align(FormatAlign::Top)
        .set_background_color(Color::RGB(0xE8_EEF7))
}

/// What the template says of one column.
struct About<'a> {
    required: bool,
    note: String,
    /// Entries of a drop-down.
    list: Vec<&'a str>,
}

fn table(page: &mut Worksheet, sheet: Sheet) -> Result<(), XlsxError> {
    let head = head_format();
    let (text, date) = (Format::new().set_num_format("@"), date_format());
    page.set_freeze_panes(1, 0)?;
    for (at, column) in (0u16..).zip(columns(sheet, PAIRS * pairs(sheet))) {
        let about = about(sheet, &column);
        page.write_string_with_format(0, at, &*column.header, &head)?;
        // Wide enough for the header, in half-width characters.
        let wide = column.header.chars().count() * 2 + 3;
        page.set_column_width(at, (wide as f64).clamp(12.0, 34.0))?;
        match column.form {
            Form::Text => page.set_column_format(at, &text)?,
            Form::Date => page.set_column_format(at, &date)?,
            Form::Number => page,
        };
        let need = if about.required { "（必須）" } else { "" };
        let lines = 3 + about.note.chars().count() / 22 + about.note.lines().count();
        let note = Note::new(format!("{}{need}\n{}", column.header, about.note))
            .add_author_prefix(false)
            .set_width(320)
            .set_height((lines as u32 * 18).clamp(90, 420));
        page.insert_note(0, at, &note)?;
        if !about.list.is_empty() {
            let list = DataValidation::new()
                .allow_list_strings(&about.list)?
                .set_error_style(DataValidationErrorStyle::Warning)
                .set_error_title("選択肢にない値です")?
                .set_error_message("選択肢から選んでください。")?;
            page.add_data_validation(1, at, LAST_ROW, at, &list)?;
        }
    }
    Ok(())
}

fn pairs(sheet: Sheet) -> usize {
    usize::from(sheet == Sheet::Combinations)
}

fn about(sheet: Sheet, column: &Column) -> About<'static> {
    let own = sheet.own().iter().find(|o| {
        if o.numbered {
            let bare = column.header.trim_end_matches(|c: char| c.is_ascii_digit());
            o.name.trim_end_matches('N') == bare
        } else {
            o.name == column.header
        }
    });
    if let Some(own) = own {
        return of_own(own, column);
    }
    match sheet.attributes().find(|(_, a)| a.label == column.header) {
        Some((_, attribute)) => of_attribute(sheet, attribute),
        None => {
            debug_assert_eq!(column.header, EVIDENCE);
            About {
                required: false,
                note: EVIDENCE_DOC.to_owned(),
                list: Vec::new(),
            }
        }
    }
}

fn of_own(own: &Own, column: &Column) -> About<'static> {
    let list = match own.holds {
        Holds::OneOf(list) => list.to_vec(),
        Holds::Bool => vec![YES, NO],
        Holds::Id | Holds::Number | Holds::Date | Holds::Text => Vec::new(),
    };
    // The second and later pairs of a combination are there for those who need them.
    let first = !own.numbered || column.header.ends_with('1');
    About {
        required: own.required && first,
        note: own.doc.to_owned(),
        list,
    }
}

fn of_attribute(sheet: Sheet, a: &Attribute) -> About<'static> {
    let mut note = a.doc.to_owned();
    if let Type::Quantity(unit) = a.ty {
        note += &format!("\n単位：{}", unit.label());
    }
    note += &format!("\n確かめる書類：{}", a.paper);
    note += "\n空欄：";
    note += match a.blank {
        _ if sheet == Sheet::Round && sheet.demands(a.name) => "書けません。",
        Blank::Unknown => "分からない、または当てはまらない。",
        Blank::No => "いいえ（まだ確かめていないときは「不明」）。",
        Blank::Zero => "0（まだ確かめていないときは「不明」）。",
        Blank::First => "",
        Blank::EmptySet => "なし（まだ確かめていないときは「不明」）。",
    };
    if let (Blank::First, Type::Enum(e)) = (a.blank, a.ty) {
        note += &format!("{}（まだ確かめていないときは「不明」）。", e.values[0].1);
    }
    note += &match a.ty {
        Type::Bool => format!("\n書き方：{YES}・{NO}"),
        Type::Number => "\n例：2".to_owned(),
        Type::Quantity(unit) => format!("\n例：{}", example(unit)),
        Type::Date => "\n例：2026-04-01、令和8年4月1日".to_owned(),
        Type::Enum(e) => format!("\n選択肢：{}", labels(e)),
        Type::Set(e) => format!("\n選択肢（いくつでも、「、」で区切る）：{}", labels(e)),
        Type::Text => String::new(),
        Type::Texts => "\n書き方：IDを「、」で区切る（例：11005、11006）".to_owned(),
    };
    let unknown = a.blank != Blank::Unknown || a.ty == Type::Bool;
    let mut list: Vec<&'static str> = match a.ty {
        Type::Bool => vec![YES, NO],
        Type::Enum(e) => e.values.iter().map(|v| v.1).collect(),
        _ => Vec::new(),
    };
    if unknown && !list.is_empty() {
        list.push(UNKNOWN);
    }
    About {
        required: sheet.demands(a.name),
        note,
        list,
    }
}

fn labels(e: &EnumType) -> String {
    let labels: Vec<&str> = e.values.iter().map(|v| v.1).collect();
    labels.join("、")
}

/// An example of a quantity.
fn example(unit: enmusubi_domain::facts::Unit) -> &'static str {
    use enmusubi_domain::facts::Unit;
    match unit {
        Unit::HoursPerDay => "7.5、7:30、7時間30分",
        Unit::HoursPerWeek => "38.75、38時間45分",
        Unit::HoursPerMonth => "150、160:00",
        Unit::DaysPerWeek => "5",
        Unit::DaysPerMonth => "20",
        Unit::Minutes => "45、1時間15分",
        Unit::Days => "57",
        Unit::Months => "6",
        Unit::Years => "65",
        Unit::Yen => "123400",
        Unit::Metres => "850、1.2km",
    }
}
