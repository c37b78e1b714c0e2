//! Facts as tables of text: CSV files and XLSX workbooks that are read as the same facts.

use super::{
    cell::{self, NO, YES},
    kinds::kind,
    layout::{EVIDENCE, Holds, SUBJECTS, Sheet},
};
use crate::{
    csv,
    diagnostic::{At, Diagnostics, Text},
};
use enmusubi_domain::{
    facts::{AttributeIx, Entity, RoundFacts, Type, Value, vocabulary::VOCABULARY},
    rational::Rational,
};
use jiff::civil::Date;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet, XlsxError};
use std::borrow::Cow;

/// Pairs of child and facility in an empty combination table.
pub(super) const PAIRS: usize = 3;

/// What a column is, as far as writing it goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Text,
    Number,
    Date,
}

/// One column of a written table.
pub(super) struct Column {
    pub header: Cow<'static, str>,
    pub form: Form,
}

/// Columns of a table. `pairs`: of child and facility, in the combination table.
pub(super) fn columns(sheet: Sheet, pairs: usize) -> Vec<Column> {
    let mut list = Vec::new();
    let form = |holds: Holds| match holds {
        Holds::Number => Form::Number,
        Holds::Date => Form::Date,
        Holds::Id | Holds::Bool | Holds::OneOf(_) | Holds::Text => Form::Text,
    };
    for own in sheet.own().iter().filter(|o| !o.numbered) {
        list.push(Column {
            header: own.name.into(),
            form: form(own.holds),
        });
    }
    for n in 1..=pairs {
        for own in sheet.own().iter().filter(|o| o.numbered) {
            list.push(Column {
                header: own.name.replace('N', &n.to_string()).into(),
                form: form(own.holds),
            });
        }
    }
    for (_, a) in sheet.attributes() {
        list.push(Column {
            header: a.label.into(),
            form: match a.ty {
                Type::Number | Type::Quantity(_) => Form::Number,
                Type::Date => Form::Date,
                Type::Bool | Type::Enum(_) | Type::Set(_) | Type::Text | Type::Texts => Form::Text,
            },
        });
    }
    if sheet.has_evidence() {
        list.push(Column {
            header: EVIDENCE.into(),
            form: Form::Text,
        });
    }
    list
}

type Cells<'f> = Vec<Cow<'f, str>>;

/// Visits the rows of a table as the workbook has them, one text per column.
fn rows<'f>(
    facts: &'f RoundFacts,
    sheet: Sheet,
    pairs: usize,
    visit: &mut dyn FnMut(&Cells<'f>) -> Result<(), XlsxError>,
) -> Result<(), XlsxError> {
    let mut row: Cells<'f> = Vec::new();
    let facility = |f: u32| Cow::Borrowed(&*facts.facilities.ids[f as usize]);
    let child = |c: u32| Cow::Borrowed(&*facts.children.ids[c as usize]);
    let household = |h: u32| Cow::Borrowed(&*facts.households.ids[h as usize]);
    match sheet {
        Sheet::Classes => {
            for class in &facts.classes {
                let room = class.shared.map(|s| &*facts.shared[s as usize].label);
                row.clear();
                row.push(facility(class.facility));
                row.push(class.age.to_string().into());
                row.push(class.pool.as_deref().unwrap_or("").into());
                row.push(class.seats.to_string().into());
                row.push(room.unwrap_or("").into());
                row.push(if class.weight == Rational::ONE {
                    "".into()
                } else {
                    class.weight.to_string().into()
                });
                row.push(if class.refill { "" } else { NO }.into());
                visit(&row)?;
            }
        }
        Sheet::Shared => {
            for room in &facts.shared {
                let capacity = room.capacity.map_or(String::new(), |c| c.to_string());
                row.clear();
                row.push(facility(room.facility));
                row.push((&*room.label).into());
                row.push(capacity.into());
                visit(&row)?;
            }
        }
        Sheet::Wishes => {
            for wish in &facts.wishes {
                let a = &wish.answer;
                row.clear();
                row.push(household(wish.household));
                for text in [&a.code, &a.timing, &a.place, &a.first] {
                    row.push(text.as_deref().unwrap_or("").into());
                }
                row.push(if a.all_transfers_or_none { YES } else { "" }.into());
                visit(&row)?;
            }
        }
        Sheet::Combinations => {
            for list in &facts.combinations {
                row.clear();
                row.push(household(list.household));
                row.push(list.rank.to_string().into());
                for n in 0..pairs {
                    let slot = list.slots.get(n);
                    row.push(slot.map_or("".into(), |s| child(s.0)));
                    row.push(slot.and_then(|s| s.1).map_or("".into(), facility));
                }
                visit(&row)?;
            }
        }
        Sheet::Enrolment => {
            for (c, at) in (0u32..).zip(&facts.enrolled) {
                let Some(at) = at else { continue };
                let since = facts.enrolled_since[c as usize];
                row.clear();
                row.push(child(c));
                row.push(facility(*at));
                row.push(since.map_or(String::new(), |d| d.to_string()).into());
                visit(&row)?;
            }
        }
        Sheet::Discretion => {
            for judged in &facts.discretion {
                row.clear();
                let (kind, id, number) = match judged.entity {
                    Entity::Guardian => {
                        let g = judged.subject as usize;
                        let number = &*facts.guardians.ids[g];
                        (1, household(facts.guardians.parents[g]), number)
                    }
                    Entity::Child => (2, child(judged.subject), ""),
                    _ => (0, household(judged.subject), ""),
                };
                row.push(SUBJECTS[kind].into());
                row.push(id);
                row.push(number.into());
                row.push((&*judged.item).into());
                row.push(judged.value.to_string().into());
                row.push((&*judged.reason).into());
                row.push((&*judged.entered_by).into());
                row.push((&*judged.signed_by).into());
                visit(&row)?;
            }
        }
        _ => subjects(facts, sheet, visit)?,
    }
    Ok(())
}

/// Rows of a table with attributes.
fn subjects<'f>(
    facts: &'f RoundFacts,
    sheet: Sheet,
    visit: &mut dyn FnMut(&Cells<'f>) -> Result<(), XlsxError>,
) -> Result<(), XlsxError> {
    let Some(entity) = sheet.entity() else {
        return Ok(());
    };
    let table = facts.table(entity);
    let attributes: Vec<(AttributeIx, Type, Value)> = sheet
        .attributes()
        .map(|(at, a)| (at, a.ty, VOCABULARY[at as usize].blank_value()))
        .collect();
    let mut row: Cells<'f> = Vec::new();
    for subject in 0..table.len() as u32 {
        let at = subject as usize;
        let parent = || table.parents[at];
        let own = Cow::Borrowed(&*table.ids[at]);
        let household = |h: u32| Cow::Borrowed(&*facts.households.ids[h as usize]);
        let child = |c: u32| Cow::Borrowed(&*facts.children.ids[c as usize]);
        row.clear();
        match sheet {
            Sheet::Round => row.push(facts.info.municipality.as_deref().unwrap_or("").into()),
            Sheet::Guardians | Sheet::Adults => row.extend([household(parent()), own]),
            Sheet::Children => row.extend([own, household(parent())]),
            Sheet::Declines => row.push(child(parent())),
            Sheet::Choices => {
                let facility = facts.choice_facility[at] as usize;
                row.push(child(parent()));
                row.push(facts.choice_number[at].to_string().into());
                row.push((&*facts.facilities.ids[facility]).into());
            }
            _ => row.push(own),
        }
        for &(at, ty, blank) in &attributes {
            row.push(cell::write(
                table.get(subject, at),
                blank,
                ty,
                &facts.symbols,
            ));
        }
        if sheet.has_evidence() {
            row.push((&*table.evidence[at]).into());
        }
        visit(&row)?;
    }
    Ok(())
}

/// Pairs of child and facility that the combination lists need.
fn pairs_of(facts: &RoundFacts, sheet: Sheet) -> usize {
    if sheet != Sheet::Combinations {
        return 0;
    }
    let most = facts.combinations.iter().map(|c| c.slots.len()).max();
    most.unwrap_or(0).max(PAIRS)
}

/// The tables as CSV files: name and content, UTF-8 with a byte order mark and CRLF, which Excel
/// opens correctly.
#[must_use]
pub fn write_csv(facts: &RoundFacts) -> Vec<(String, Vec<u8>)> {
    Sheet::ALL
        .into_iter()
        .map(|sheet| {
            let pairs = pairs_of(facts, sheet);
            let mut out = csv::MARK.to_owned();
            let headers: Cells<'_> = columns(sheet, pairs)
                .into_iter()
                .map(|c| c.header)
                .collect();
            csv::row(&mut out, headers);
            let written = rows(facts, sheet, pairs, &mut |row| {
                csv::row(&mut out, row.iter().map(|c| Cow::Borrowed(&**c)));
                Ok(())
            });
            debug_assert!(written.is_ok(), "texts in memory cannot fail");
            (format!("{}.csv", sheet.name()), out.into_bytes())
        })
        .collect()
}

/// The tables as one XLSX workbook. Ids are texts and keep their zeros; numbers and days are numbers
/// and days.
///
/// # Errors
/// A workbook the format cannot hold (more than a million rows, texts over 32,767 characters).
pub fn write_xlsx(facts: &RoundFacts) -> Result<Vec<u8>, Diagnostics> {
    xlsx(facts).map_err(|e| failed(&e))
}

/// A workbook that could not be made.
pub(super) fn failed(error: &XlsxError) -> Diagnostics {
    let mut all = Diagnostics::default();
    all.add_with(&kind::BOOK_FAILED, "", At::default(), || {
        Text::new(format!("理由: {error}"), error.to_string())
    });
    all
}

fn xlsx(facts: &RoundFacts) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let head = Format::new().set_bold();
    let date = date_format();
    for sheet in Sheet::ALL {
        let pairs = pairs_of(facts, sheet);
        let columns = columns(sheet, pairs);
        let page = book.add_worksheet();
        page.set_name(sheet.name())?;
        page.set_freeze_panes(1, 0)?;
        for (at, column) in (0u16..).zip(&columns) {
            page.write_string_with_format(0, at, &*column.header, &head)?;
        }
        let mut number = 0;
        rows(facts, sheet, pairs, &mut |row| {
            number += 1;
            for ((at, cell), column) in (0u16..).zip(row).zip(&columns) {
                write_cell(page, number, at, cell, column.form, &date)?;
            }
            Ok(())
        })?;
    }
    book.save_to_buffer()
}

/// How days are shown in workbooks.
pub(super) fn date_format() -> Format {
    Format::new().set_num_format("yyyy-mm-dd")
}

fn write_cell(
    page: &mut Worksheet,
    row: u32,
    column: u16,
    text: &str,
    form: Form,
    date: &Format,
) -> Result<(), XlsxError> {
    if text.is_empty() {
        return Ok(());
    }
    match form {
        Form::Number => {
            // Only a number that a spreadsheet keeps as it is: `1/3` stays a text.
            if let Ok(number) = text.parse::<f64>()
                && number.to_string() == text
            {
                page.write_number(row, column, number)?;
                return Ok(());
            }
        }
        Form::Date => {
            if let Ok(day) = text.parse::<Date>()
                && day.year() >= 1901
            {
                let (year, month) = (day.year().unsigned_abs(), day.month().unsigned_abs());
                let day = ExcelDateTime::from_ymd(year, month, day.day().unsigned_abs())?;
                page.write_datetime_with_format(row, column, &day, date)?;
                return Ok(());
            }
        }
        Form::Text => {}
    }
    page.write_string(row, column, text)?;
    Ok(())
}
