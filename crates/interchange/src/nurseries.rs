//! The nurseries' table.

use crate::{
    Source,
    columns::{self, NURSERIES, NURSERY_ID, NURSERY_NAME, Names, SEATS_N},
    diagnostic::{At, Diagnostics, Text, kind},
    intern::Ids,
    table::Table,
};
use enmusubi_domain::{Nursery, id};

/// Nurseries and the way from an id to a position.
#[derive(Default)]
pub(crate) struct Nurseries {
    pub list: Vec<Nursery>,
    ids: Ids,
}

impl Nurseries {
    /// Position of a nursery by the id in a cell, as it stands or normalised.
    pub fn find(&self, cell: &str) -> Option<u32> {
        self.ids
            .find(id::normalise(cell), |i| &self.list[i as usize].id)
    }
}

/// Reads the nurseries' table; `None` where its columns cannot be found.
pub(crate) fn read(source: &Source<'_>, names: &Names, all: &mut Diagnostics) -> Option<Nurseries> {
    let mut table = Table::open(source, all)?;
    let columns = columns::find(&mut table, source, &NURSERIES, names, all)?;
    let id_column = columns.one(NURSERY_ID)?;
    let mut seats = [None; 6];
    for &(n, c) in columns.many(SEATS_N) {
        match seats.get_mut(n as usize) {
            Some(slot) => *slot = Some(c),
            None => {
                let at = At {
                    row: Some(columns.row),
                    column: Some(columns.header(c)),
                    value: None,
                };
                all.add(&kind::UNUSED_HEADER, source.name, at);
            }
        }
    }
    for (age, column) in seats.iter().enumerate() {
        if column.is_none() {
            let name = format!("{age}歳募集人数");
            let at = At {
                row: Some(columns.row),
                column: Some(&name),
                value: None,
            };
            all.add(&kind::MISSING_COLUMN, source.name, at);
        }
    }

    let mut nurseries = Nurseries::default();
    columns::data_rows(&mut table, source, &columns, all, &mut |row, all| {
        let number = row.number;
        let nursery_id = id::normalise(row.cell(id_column));
        if nursery_id.is_empty() {
            let at = At::cell(number, columns.header(id_column), "");
            all.add(&kind::BLANK_ID, source.name, at);
            return;
        }
        let mut offered = [None; 6];
        for (slot, column) in offered.iter_mut().zip(seats) {
            let Some(column) = column else { continue };
            let cell = row.cell(column);
            if cell.is_empty() {
                continue;
            }
            *slot = whole_number(cell);
            if slot.is_none() {
                let at = At::cell(number, columns.header(column), cell);
                all.add(bad_number(cell, &kind::BAD_SEATS), source.name, at);
                // Not blank: one problem, one message.
                *slot = Some(0);
            }
        }
        if let Some(first) = nurseries.find(nursery_id) {
            let at = At::cell(number, columns.header(id_column), nursery_id);
            let first = nurseries.list[first as usize].row;
            all.add_with(&kind::DUPLICATE_NURSERY, source.name, at, || also_in(first));
            return;
        }
        let name = columns.one(NURSERY_NAME).map_or("", |c| row.cell(c));
        let position = nurseries.list.len() as u32;
        nurseries.list.push(Nursery {
            id: nursery_id.into(),
            name: name.into(),
            seats: offered,
            row: number,
        });
        let list = &nurseries.list;
        nurseries
            .ids
            .insert(nursery_id, position, |i| &list[i as usize].id);
    });
    Some(nurseries)
}

/// A whole number of 0 or more in ASCII digits, with the `.0` a spreadsheet adds.
pub(crate) fn whole_number(cell: &str) -> Option<u32> {
    let digits = id::strip_zero_fraction(cell);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    digits.parse().ok()
}

/// Full-width digits have their own message; everything else is of the cell's kind.
pub(crate) fn bad_number(
    cell: &str,
    otherwise: &'static crate::diagnostic::Kind,
) -> &'static crate::diagnostic::Kind {
    if cell.chars().any(|c| ('０'..='９').contains(&c)) {
        &kind::FULL_WIDTH_NUMBER
    } else {
        otherwise
    }
}

/// "Also in row N".
pub(crate) fn also_in(row: u32) -> Text {
    Text::new(
        format!("{row}行目にもあります"),
        format!("also in row {row}"),
    )
}
