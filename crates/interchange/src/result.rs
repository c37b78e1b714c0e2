//! Result tables: the children's table unchanged, with two more columns.

use crate::{
    Source,
    columns::{self, CHILDREN, Columns, Names, RESULT, RESULT_ID, RESULT_NAME},
    csv,
    diagnostic::{At, Diagnostics, Text, kind},
    rules,
    table::{Csv, Encoding, Row, Table},
};
use encoding_rs::SHIFT_JIS;
use enmusubi_domain::{NurseryIx, Round, facts::Exact, id};
use hashbrown::HashMap;
use rust_xlsxwriter::Workbook;
use std::{borrow::Cow, ops::ControlFlow};

/// Where each child of the round ends, in the order of [`Round::children`]; a child that stays
/// has its current nursery.
pub type Placed = [Option<NurseryIx>];

/// Form of a result table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// CSV. From a CSV table: its encoding, byte order mark and line ends, every row byte for
    /// byte. From XLSX: UTF-8 with a byte order mark and CRLF, which Excel opens correctly.
    Csv,
    /// XLSX, every cell as text (ids keep their zeros).
    Xlsx,
}

impl Format {
    /// The form a file name asks for.
    #[must_use]
    pub fn of_name(name: &str) -> Self {
        if name.to_lowercase().ends_with(".xlsx") {
            Self::Xlsx
        } else {
            Self::Csv
        }
    }
}

/// Makes the result table: the children's table as it is, plus id and name of the nursery each
/// child gets. Nothing is written to disk.
///
/// # Errors
/// Characters the input's encoding does not have (CP932), a table that is not the one the round
/// was read from, or a workbook the library cannot make.
pub fn write_result(
    children: &Source<'_>,
    columns_file: Option<&Source<'_>>,
    round: &Round,
    placed: &Placed,
    format: Format,
) -> Result<Vec<u8>, Diagnostics> {
    let mut all = Diagnostics::default();
    let names = columns_file.map_or_else(Names::default, |f| rules::read_names(f, &mut all));
    let Some(mut table) = Table::open(children, &mut all) else {
        return Err(all);
    };
    let Some(columns) = columns::find(&mut table, children, &CHILDREN, &names, &mut all) else {
        return Err(all);
    };
    let by_row: HashMap<u32, usize> = round
        .children
        .iter()
        .enumerate()
        .map(|(c, child)| (child.row, c))
        .collect();
    let result = |row: &Row| -> (&str, &str) {
        let placed = by_row
            .get(&row.number)
            .and_then(|&c| placed.get(c).copied().flatten());
        placed.map_or(("", ""), |n| {
            let n = &round.nurseries[n as usize];
            (&n.id, &n.name)
        })
    };
    let bytes = match (&table, format) {
        (Table::Csv(csv), Format::Csv) => {
            let csv = *csv;
            same_csv(csv, &mut table, children, &columns, &result, &mut all)
        }
        (_, Format::Csv) => new_csv(&mut table, children, &columns, &result, &mut all),
        (_, Format::Xlsx) => new_xlsx(&mut table, children, &columns, &result, &mut all),
    };
    if all.has_errors() {
        Err(all)
    } else {
        Ok(bytes)
    }
}

/// CSV from CSV: the bytes of every row, then the two columns in the file's own encoding.
fn same_csv<'r>(
    csv: Csv<'_>,
    table: &mut Table<'_>,
    source: &Source<'_>,
    columns: &Columns,
    result: &dyn Fn(&Row) -> (&'r str, &'r str),
    all: &mut Diagnostics,
) -> Vec<u8> {
    let bytes = csv.bytes();
    let newline: &[u8] = if bytes.windows(2).take(1 << 20).any(|w| w == b"\r\n") {
        b"\r\n"
    } else {
        b"\n"
    };
    let mut out = Vec::with_capacity(bytes.len() + bytes.len() / 4 + 64);
    out.extend_from_slice(&bytes[..csv.start()]);
    let width = columns.headers.len();
    table.rows(&columns.sheet, source.name, all, &mut |row, all| {
        out.extend_from_slice(&bytes[row.raw.clone()]);
        if row.number >= columns.row && !row.is_blank() {
            // A row that ends early would take the result under the wrong header.
            out.resize(out.len() + width.saturating_sub(row.len()), b',');
            let (id, name) = if row.number == columns.row {
                (RESULT_ID, RESULT_NAME)
            } else {
                result(row)
            };
            for text in [id, name] {
                out.push(b',');
                match encode(text, csv.encoding) {
                    Some(encoded) => out.extend_from_slice(&encoded),
                    None => {
                        let at = At::cell(row.number, RESULT_NAME, text);
                        all.add(&kind::UNMAPPABLE, source.name, at);
                    }
                }
            }
        }
        out.extend_from_slice(newline);
        ControlFlow::Continue(())
    });
    out
}

/// A quoted CSV cell in an encoding; `None` where it has no such character.
fn encode(text: &str, encoding: Encoding) -> Option<Vec<u8>> {
    let quoted = csv::quoted(text);
    match encoding {
        Encoding::Utf8 { .. } => Some(quoted.into_owned().into_bytes()),
        Encoding::Cp932 => {
            // An unmappable character would become `&#134071;`, with this flag set.
            let (bytes, _, unmappable) = SHIFT_JIS.encode(&quoted);
            (!unmappable).then(|| bytes.into_owned())
        }
    }
}

/// A table as CSV that spreadsheet programs open correctly (UTF-8 with a byte order mark, CRLF) and in which
/// they find nothing to calculate, whatever the tables of the round had in their cells.
#[must_use]
pub fn csv_bytes<R, C>(rows: impl IntoIterator<Item = R>) -> Vec<u8>
where
    R: IntoIterator<Item = C>,
    C: AsRef<str>,
{
    let mut out = csv::MARK.to_owned();
    for row in rows {
        let cells: Vec<C> = row.into_iter().collect();
        csv::row(&mut out, cells.iter().map(|c| shown(c.as_ref())));
    }
    out.into_bytes()
}

/// A text of a table for people; numbers stay numbers.
fn shown(text: &str) -> Cow<'_, str> {
    if Exact::parse(text).is_some() {
        text.into()
    } else {
        csv::harmless(text.into())
    }
}

fn new_csv<'r>(
    table: &mut Table<'_>,
    source: &Source<'_>,
    columns: &Columns,
    result: &dyn Fn(&Row) -> (&'r str, &'r str),
    all: &mut Diagnostics,
) -> Vec<u8> {
    let mut out = csv::MARK.to_owned();
    rows_with_result(table, source, columns, result, all, &mut |cells| {
        csv::row(&mut out, cells.iter().map(|c| Cow::Borrowed(*c)));
    });
    out.into_bytes()
}

fn new_xlsx<'r>(
    table: &mut Table<'_>,
    source: &Source<'_>,
    columns: &Columns,
    result: &dyn Fn(&Row) -> (&'r str, &'r str),
    all: &mut Diagnostics,
) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let mut failed = None;
    let mut line = 0u32;
    rows_with_result(table, source, columns, result, all, &mut |cells| {
        for (i, cell) in cells.iter().enumerate() {
            let written = u16::try_from(i).map_err(|e| e.to_string()).and_then(|c| {
                sheet
                    .write_string(line, c, *cell)
                    .map(|_| ())
                    .map_err(|e| e.to_string())
            });
            failed = failed.take().or(written.err());
        }
        line += 1;
    });
    let bytes = match failed {
        None => book.save_to_buffer().map_err(|e| e.to_string()),
        Some(why) => Err(why),
    };
    bytes.unwrap_or_else(|why| {
        all.add_with(&kind::WRITE_FAILED, source.name, At::default(), || {
            Text::new(why.clone(), why)
        });
        Vec::new()
    })
}

/// Rows from the first on, data rows and header widened by the result.
fn rows_with_result<'r>(
    table: &mut Table<'_>,
    source: &Source<'_>,
    columns: &Columns,
    result: &dyn Fn(&Row) -> (&'r str, &'r str),
    all: &mut Diagnostics,
    write: &mut dyn FnMut(&[&str]),
) {
    let width = columns.headers.len();
    table.rows(&columns.sheet, source.name, all, &mut |row, _| {
        let mut cells: Vec<&str> = (0..row.len()).map(|c| row.raw_cell(c)).collect();
        if row.number >= columns.row {
            cells.resize(width, "");
            let (id, name) = if row.number == columns.row {
                (RESULT_ID, RESULT_NAME)
            } else {
                result(row)
            };
            cells.extend([id, name]);
        }
        write(&cells);
        ControlFlow::Continue(())
    });
}

/// Whom a result speaks of: the ids of a round's children and nurseries.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Roster<'a> {
    /// Children who apply.
    pub children: Vec<&'a str>,
    /// Nurseries.
    pub nurseries: Vec<&'a str>,
}

impl<'a> From<&'a Round> for Roster<'a> {
    fn from(round: &'a Round) -> Self {
        Self {
            children: round.children.iter().map(|c| &*c.id).collect(),
            nurseries: round.nurseries.iter().map(|n| &*n.id).collect(),
        }
    }
}

/// Reads a result table, ours or another's: where each child of the roster ends (position of the
/// nursery), in its order. `None` where something is wrong.
#[must_use]
pub fn read_result<'r>(
    source: &Source<'_>,
    columns_file: Option<&Source<'_>>,
    roster: impl Into<Roster<'r>>,
) -> (Option<Vec<Option<NurseryIx>>>, Diagnostics) {
    let mut all = Diagnostics::default();
    let mut names = columns_file.map_or_else(Names::default, |f| rules::read_names(f, &mut all));
    // A result is the children's table with more columns: its ids have the same header.
    if let Some(own) = names.0.get(&("children", "child_id")).cloned() {
        names.0.entry(("result", "child_id")).or_insert(own);
    }
    let placed = placed(source, &names, &roster.into(), &mut all);
    let placed = placed.filter(|_| !all.has_errors());
    (placed, all)
}

fn placed(
    source: &Source<'_>,
    names: &Names,
    roster: &Roster<'_>,
    all: &mut Diagnostics,
) -> Option<Vec<Option<NurseryIx>>> {
    let mut table = Table::open(source, all)?;
    let columns = columns::find(&mut table, source, &RESULT, names, all)?;
    let (child_column, nursery_column) = (columns.one(0)?, columns.one(1)?);
    let children: HashMap<&str, usize> = roster.children.iter().copied().zip(0..).collect();
    let nurseries: HashMap<&str, u32> = roster.nurseries.iter().copied().zip(0..).collect();
    let mut seen: Vec<Option<u32>> = vec![None; roster.children.len()];
    let mut placed = vec![None; roster.children.len()];
    columns::data_rows(&mut table, source, &columns, all, &mut |row, all| {
        let cell = |c: usize| At::cell(row.number, columns.header(c), row.cell(c));
        let Some(c) = known(&children, id::normalise(row.cell(child_column))) else {
            all.add(&kind::UNKNOWN_CHILD, source.name, cell(child_column));
            return;
        };
        if let Some(first) = seen[c].replace(row.number) {
            all.add_with(
                &kind::DUPLICATE_CHILD,
                source.name,
                cell(child_column),
                || crate::nurseries::also_in(first),
            );
        }
        let nursery = id::normalise(row.cell(nursery_column));
        if nursery.is_empty() {
            return;
        }
        match known(&nurseries, nursery) {
            Some(n) => placed[c] = Some(n),
            None => all.add(&kind::UNKNOWN_NURSERY, source.name, cell(nursery_column)),
        }
    });
    for (c, row) in seen.iter().enumerate() {
        if row.is_none() {
            let at = At {
                value: Some(roster.children[c]),
                ..At::default()
            };
            all.add(&kind::RESULT_CHILD_MISSING, source.name, at);
        }
    }
    Some(placed)
}

/// Position of an id, also as [`csv_bytes`] wrote it.
fn known<T: Copy>(ids: &HashMap<&str, T>, id: &str) -> Option<T> {
    let found = ids.get(id).or_else(|| ids.get(csv::bare(id)?));
    found.copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A name that a spreadsheet would calculate is shown as the text it is; a number is a number, and an id is
    /// found again.
    #[test]
    fn tables_for_people_calculate_nothing() {
        let rows = [
            vec![
                "申請者番号",
                "入所選考結果保育所ID",
                "入所選考結果保育所名",
                "点",
            ],
            vec!["=1+1", "@a", "=HYPERLINK(\"http://x\",\"y\")", "-5"],
            vec!["'b", "", "+c\nd", "-1/2"],
        ];
        let bytes = csv_bytes(rows);
        assert_eq!(
            std::str::from_utf8(&bytes).unwrap(),
            "\u{FEFF}申請者番号,入所選考結果保育所ID,入所選考結果保育所名,点\r\n\
             '=1+1,'@a,\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\",-5\r\n\
             'b,,\"'+c\nd\",-1/2\r\n"
        );
        let roster = Roster {
            children: vec!["'b", "=1+1"],
            nurseries: vec!["x", "@a"],
        };
        let source = Source {
            name: "result.csv",
            bytes: &bytes,
        };
        let (placed, all) = read_result(&source, None, roster);
        assert_eq!(placed, Some(vec![None, Some(1)]), "{all:?}");
    }
}
