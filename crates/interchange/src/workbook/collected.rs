//! Subjects while their table is read: attributes of rows, then their place in the facts.

use super::{
    cell::{self, Bad},
    kinds::kind,
    line::{Line, nothing},
    open::Part,
};
use crate::diagnostic::{Kind, kind as common};
use enmusubi_domain::facts::{
    Exact, Symbols, Table as Facts, Type, Unit, Value, vocabulary::VOCABULARY,
};

/// Subjects while they are read, in file order.
pub(super) struct Collected {
    pub ids: Vec<Box<str>>,
    pub parents: Vec<u32>,
    pub rows: Vec<u32>,
    pub evidence: Vec<Box<str>>,
    /// Per attribute column of the part: its values up to the last that is no blank.
    pub columns: Vec<Option<Vec<Value>>>,
}

impl Collected {
    pub fn new(part: &Part) -> Self {
        Self {
            ids: Vec::new(),
            parents: Vec::new(),
            rows: Vec::new(),
            evidence: Vec::new(),
            columns: part.attributes.iter().map(|_| None).collect(),
        }
    }

    /// Adds a row.
    pub fn push(&mut self, line: &Line<'_>, id: &str, parent: Option<u32>, values: &[Filled]) {
        let before = self.rows.len();
        self.ids.push(id.into());
        self.parents.extend(parent);
        self.rows.push(line.number());
        let evidence = line.part.evidence.map_or("", |c| line.cell(c));
        self.evidence.push(evidence.into());
        for &Filled { at, value } in values {
            let blank = VOCABULARY[line.part.attributes[at].0 as usize].blank_value();
            if value != blank {
                let column = self.columns[at].get_or_insert_default();
                column.resize(before, blank);
                column.push(value);
            }
        }
    }

    /// Puts the subjects into their table, by parent, else as the file has them. Returns the order:
    /// position in the table → position in the file.
    pub fn into_table(self, part: &Part, table: &mut Facts) -> Vec<u32> {
        let count = self.rows.len();
        let mut order: Vec<u32> = (0..count as u32).collect();
        if !self.parents.is_sorted() {
            order.sort_by_key(|&i| self.parents[i as usize]);
        }
        table.ids = permuted(self.ids, &order);
        table.rows = permuted(self.rows, &order);
        table.parents = permuted(self.parents, &order);
        table.evidence = permuted(self.evidence, &order);
        for (column, (at, ..)) in self.columns.into_iter().zip(&part.attributes) {
            if let Some(mut column) = column {
                column.resize(count, VOCABULARY[*at as usize].blank_value());
                table.set_column(*at, permuted(column, &order));
            }
        }
        order
    }
}

/// A list in another order; lists without parents are left alone.
fn permuted<T: Clone + Default>(mut list: Vec<T>, order: &[u32]) -> Vec<T> {
    if list.is_empty() || order.is_sorted() {
        return list;
    }
    order
        .iter()
        .map(|&i| std::mem::take(&mut list[i as usize]))
        .collect()
}

/// A value of a row: a cell that is not empty.
#[derive(Debug, Clone, Copy)]
pub(super) struct Filled {
    /// Position in [`Part::attributes`].
    pub at: usize,
    pub value: Value,
}

/// The attributes of a row that are not left blank.
pub(super) fn values(line: &mut Line<'_>, symbols: &mut Symbols, out: &mut Vec<Filled>) {
    out.clear();
    let part = line.part;
    for (at, &(_, ty, column)) in part.attributes.iter().enumerate() {
        let text = line.cell(column);
        if text.is_empty() {
            continue;
        }
        let value = match cell::read(ty, text, symbols) {
            Ok(value) => value,
            Err(bad) => {
                let kind = kind_of(&bad);
                line.complain_at(kind, column, || cell::why(&bad));
                Value::Unknown
            }
        };
        if let (Value::Number(n), Type::Quantity(unit)) = (value, ty)
            && most(unit).is_some_and(|most| n > Exact::whole(most))
        {
            line.complain_at(&kind::IMPOSSIBLE, column, nothing);
        }
        out.push(Filled { at, value });
    }
}

fn kind_of(bad: &Bad) -> &'static Kind {
    match bad {
        Bad::Bool => &kind::BAD_BOOL,
        Bad::Number => &kind::BAD_NUMBER,
        Bad::Negative => &kind::NEGATIVE,
        Bad::Date(_) => &kind::BAD_DATE,
        Bad::Choice(_) => &kind::BAD_CHOICE,
    }
}

/// The most that a calendar has room for.
fn most(unit: Unit) -> Option<i64> {
    Some(match unit {
        Unit::HoursPerDay => 24,
        Unit::HoursPerWeek => 7 * 24,
        Unit::HoursPerMonth => 31 * 24,
        Unit::DaysPerWeek => 7,
        Unit::DaysPerMonth => 31,
        Unit::Minutes => 24 * 60,
        Unit::Years => 150,
        Unit::Days | Unit::Months | Unit::Yen | Unit::Metres => return None,
    })
}
/// A whole number of 1 or more; anything else is reported.
pub(super) fn positive(line: &mut Line<'_>, own: usize) -> Option<u32> {
    let text = line.own(own);
    if text.is_empty() {
        line.blank(own);
        return None;
    }
    let found = whole(text).filter(|n| *n > 0);
    if found.is_none() {
        line.complain(&common::BAD_RANK, own, nothing);
    }
    found
}

/// A whole number of 0 or more.
pub(super) fn whole(text: &str) -> Option<u32> {
    let number = cell::number(text, None).ok()?;
    number.as_whole().and_then(|n| u32::try_from(n).ok())
}
