//! One row of a table, with what is needed to complain about it.

use super::{kinds::kind, open::Part};
use crate::{
    Source,
    columns::{self, letter},
    diagnostic::{At, Diagnostics, Kind, Text, kind as common},
    table::{Row, Table},
};
use enmusubi_domain::{id, individual};

/// A row and its table.
pub(super) struct Line<'r> {
    pub row: &'r Row,
    pub part: &'r Part,
    pub all: &'r mut Diagnostics,
    /// Columns whose cells hold an individual number: not to be looked at.
    secret: &'r [usize],
}

/// Nothing particular.
pub(super) fn nothing() -> Text {
    Text::new("", "")
}

/// "Also in row N".
pub(super) fn also_in(row: u32) -> Text {
    Text::new(
        format!("{row}行目にもあります"),
        format!("also in row {row}"),
    )
}

impl<'r> Line<'r> {
    /// Row as a spreadsheet shows it.
    pub fn number(&self) -> u32 {
        self.row.number
    }

    /// A cell, trimmed; empty where it must not be read.
    pub fn cell(&self, column: usize) -> &'r str {
        if !self.row.is_filled(column) || self.secret.contains(&column) {
            ""
        } else {
            self.row.cell(column)
        }
    }

    /// Column of an own column, where the table has it.
    pub fn column(&self, own: usize) -> Option<usize> {
        self.part.own.get(own)?.first().map(|c| c.1)
    }

    /// The cell of an own column, trimmed; empty where the table lacks it.
    pub fn own(&self, own: usize) -> &'r str {
        self.column(own).map_or("", |c| self.cell(c))
    }

    /// The id in an own column.
    pub fn id(&self, own: usize) -> &'r str {
        id::normalise(self.own(own))
    }

    /// The id in a required own column; a blank is reported.
    pub fn required_id(&mut self, own: usize) -> Option<&'r str> {
        let id = self.id(own);
        if id.is_empty() {
            self.blank(own);
            return None;
        }
        Some(id)
    }

    /// Reports a required cell that is blank. One that holds an individual number has been told.
    pub fn blank(&mut self, own: usize) {
        if self
            .column(own)
            .is_some_and(|c| !self.row.cell(c).is_empty())
        {
            return;
        }
        self.complain(&kind::CELL_BLANK, own, nothing);
    }

    /// Reports a problem of an own column.
    pub fn complain(&mut self, kind: &'static Kind, own: usize, detail: impl FnOnce() -> Text) {
        match self.column(own) {
            Some(column) => self.complain_at(kind, column, detail),
            None => {
                let at = At::row(self.row.number);
                self.all.add_with(kind, &self.part.file, at, detail);
            }
        }
    }

    /// Reports a problem of a column.
    pub fn complain_at(
        &mut self,
        kind: &'static Kind,
        column: usize,
        detail: impl FnOnce() -> Text,
    ) {
        complain(
            self.all,
            self.part,
            kind,
            self.row.number,
            column,
            Some(self.row.cell(column)),
            detail,
        );
    }
}

/// Reports a problem of a cell of a table.
pub(super) fn complain(
    all: &mut Diagnostics,
    part: &Part,
    kind: &'static Kind,
    row: u32,
    column: usize,
    value: Option<&str>,
    detail: impl FnOnce() -> Text,
) {
    let at = At {
        row: Some(row),
        column: Some(part.columns.header(column)),
        value,
    };
    all.add_lettered(kind, &part.file, at, letter(column).into(), detail);
}

/// Twelve-digit ids, of which a tenth have the check digit of an individual number by chance.
#[derive(Default)]
struct Suspects {
    twelve: u64,
    valid: Vec<(u32, usize)>,
}

/// Visits the rows of a table below its header. Cells with individual numbers are reported and hidden
/// from the visitor.
pub(super) fn rows(
    part: &Part,
    tables: &mut [Table<'_>],
    all: &mut Diagnostics,
    visit: &mut dyn FnMut(&mut Line<'_>),
) {
    let source = Source {
        name: &part.file,
        bytes: &[],
    };
    let mut suspects: Vec<Suspects> = part.ids.iter().map(|_| Suspects::default()).collect();
    let mut secret = Vec::new();
    let errors = all.count(crate::Severity::Error);
    let count = columns::any_rows(
        &mut tables[part.table],
        &source,
        &part.columns,
        all,
        &mut |row, all| {
            secret.clear();
            for column in row.long_cells(individual::DIGITS) {
                look(part, row, column, &mut secret, &mut suspects, all);
            }
            for &column in &part.nameless {
                let value = row.cell(column);
                if !value.is_empty() {
                    let at = At {
                        row: Some(row.number),
                        column: None,
                        value: Some(value),
                    };
                    all.add(&common::LONG_ROW, &part.file, at);
                }
            }
            visit(&mut Line {
                row,
                part,
                all,
                secret: &secret,
            });
        },
    );
    if count == 0 && part.sheet.required() && all.count(crate::Severity::Error) == errors {
        all.add(&common::NO_ROWS, &part.file, At::default());
    }
    for suspects in suspects {
        // Of numbers that are no individual numbers one in eleven looks like one: a column of them is
        // told from a column of twelve-digit ids by their share.
        if (suspects.valid.len() as u64) * 2 > suspects.twelve {
            for (row, column) in suspects.valid {
                complain(
                    all,
                    part,
                    &kind::INDIVIDUAL_NUMBER,
                    row,
                    column,
                    None,
                    nothing,
                );
            }
        }
    }
}

fn look(
    part: &Part,
    row: &Row,
    column: usize,
    secret: &mut Vec<usize>,
    suspects: &mut [Suspects],
    all: &mut Diagnostics,
) {
    let text = row.cell(column);
    let of_ids = part.ids.iter().position(|c| *c == column);
    if let Some(at) = of_ids
        && let Some(digits) = individual::twelve_digits(id::normalise(text))
    {
        suspects[at].twelve += 1;
        if individual::is_one(&digits) {
            suspects[at].valid.push((row.number, column));
        }
        return;
    }
    if individual::holds_one(text) {
        secret.push(column);
        complain(
            all,
            part,
            &kind::INDIVIDUAL_NUMBER,
            row.number,
            column,
            None,
            nothing,
        );
    }
}
