//! The staff's own index list.
//!
//! # Columns
//!
//! | item | headers understood (any width) | `--columns`, section `[staff_index]` |
//! |---|---|---|
//! | child | 申請者番号, 児童ID, 児童番号, 宛名番号, 受付番号, 申込番号, 整理番号 … | `child_id` |
//! | index | 指数, 選考指数, 合計指数, 合計, 合計点, 点数 … | `index` |
//! | rows applied | 適用項目, 適用行, 加点項目, 内訳 … | `rows` |
//! | place in the order | 順位, 選考順位, 優先順位 … | `rank` |
//! | facility, by id or name | 施設ID, 施設コード …, 施設名, 園名 … | `facility_id`, `facility_name` |
//!
//! The child is needed, and index, rows or place. Every other column is kept with its header as a value of a key
//! that breaks ties, except names, addresses, telephone numbers and remarks.
//!
//! # What cells mean
//!
//! - Index: one number (`32`, `３２点`, `-5`, `▲5`, `10.5`, `1,200`). A blank is not known, never 0.
//! - Rows applied: ids or labels, split at `;` `、` `,` `／` and line ends. `なし` or `-` says that none applied; a
//!   blank says nothing.
//! - Several lines of a child only with a facility in each.

use super::{
    Counts, LeftOut, Roster, STAFF_INDEX, Why,
    decisions::facility_of,
    kind,
    list::{CHILD, Line, List, Wanted, nothing, reading},
    words::is_nothing,
};
use crate::{
    Source,
    columns::{Names, normal},
    csv,
    diagnostic::{Diagnostics, Text},
    workbook::cell,
};
use enmusubi_domain::{
    facts::Exact,
    id,
    past::{IndexLine, StaffIndex},
};
use hashbrown::HashMap;

const INDEX: usize = 1;
const ROWS: usize = 2;
const RANK: usize = 3;
const FACILITY_ID: usize = 4;
const FACILITY_NAME: usize = 5;

/// A header with one of these is of people, not of ties.
const NOT_KEPT: &[&str] = &[
    "氏名",
    "名前",
    "フリガナ",
    "ふりがな",
    "カナ",
    "住所",
    "電話",
    "備考",
    "メモ",
    "個人番号",
    "マイナンバー",
];

/// The sum is the index, where there are parts besides.
fn likely(field: usize, header: &str) -> bool {
    field == INDEX && (header.contains("合計") || header.starts_with('総'))
}

/// An index list that was read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IndexList {
    /// The lines that are certain.
    pub index: StaffIndex,
    /// The lines left out, in file order; one entry for each child (and facility).
    pub left_out: Vec<LeftOut>,
    /// What was found, in numbers.
    pub counts: Counts,
    /// Lines whose index is blank or cannot be read: nobody knows it.
    pub without_index: u32,
}

/// Reads an index list. `columns`: a file that names columns (`--columns`).
///
/// `None` where an error is reported: no table, a missing or ambiguous column, an individual number.
#[must_use]
pub fn read(
    source: &Source<'_>,
    columns: Option<&Source<'_>>,
    roster: &Roster,
) -> (Option<IndexList>, Diagnostics) {
    reading(columns, |names, all| list(source, names, roster, all))
}

fn list(
    source: &Source<'_>,
    names: &Names,
    roster: &Roster,
    all: &mut Diagnostics,
) -> Option<IndexList> {
    let wanted = Wanted {
        spec: &STAFF_INDEX,
        needed: &[INDEX, RANK, ROWS],
        likely,
    };
    let mut list = List::open(source, &wanted, names, roster, all)?;
    let kept: Vec<(usize, Box<str>)> = list
        .others()
        .filter(|(_, header)| {
            let header = normal(header);
            !NOT_KEPT.iter().any(|n| header.contains(n))
        })
        .map(|(column, header)| (column, header.into()))
        .collect();
    let mut seen = Seen {
        has_facilities: list.column(FACILITY_ID).is_some() || list.column(FACILITY_NAME).is_some(),
        ..Seen::default()
    };
    let has_index = list.column(INDEX).is_some();
    let mut counts = list.rows(all, &mut |line, all| {
        let child = line.child(roster, all);
        let read = read_line(line, &child, &kept, roster, all);
        seen.add(line, child, read, all);
    });
    counts.repeated = seen.repeated;
    let (lines, left_out) = seen.finish();
    let blank = lines.iter().filter(|l| l.index.is_none()).count();
    Some(IndexList {
        index: StaffIndex {
            columns: kept.into_iter().map(|(_, header)| header).collect(),
            list: lines,
        },
        left_out,
        counts,
        without_index: if has_index { blank as u32 } else { 0 },
    })
}

fn read_line(
    line: &Line<'_>,
    child: &str,
    kept: &[(usize, Box<str>)],
    roster: &Roster,
    all: &mut Diagnostics,
) -> Result<IndexLine, Why> {
    if line.shifted {
        line.tell(&kind::ROW_SHIFTED, CHILD, all, nothing);
        return Err(Why::Unreadable);
    }
    if line.is_unreadable(CHILD) {
        line.tell(&kind::CELL_UNREADABLE, CHILD, all, nothing);
        return Err(Why::Unreadable);
    }
    let facility = facility_of(line, [FACILITY_ID, FACILITY_NAME], roster, all)?;
    let (index, rank) = (line.cell(INDEX), line.cell(RANK));
    let index = if is_nothing(index) {
        None
    } else {
        let read = number(index).filter(|_| !line.is_unreadable(INDEX));
        if read.is_none() {
            line.tell(&kind::INDEX_UNREADABLE, INDEX, all, nothing);
        }
        read
    };
    let rank = if is_nothing(rank) {
        None
    } else {
        let read = place(rank).filter(|_| !line.is_unreadable(RANK));
        if read.is_none() {
            line.tell(&kind::RANK_UNREADABLE, RANK, all, nothing);
        }
        read
    };
    let value = |column: usize| {
        let cell = line.row.cell(column);
        csv::bare(cell).unwrap_or(cell).into()
    };
    Ok(IndexLine {
        child: child.into(),
        facility,
        index,
        rows: applied(line.cell(ROWS)).filter(|_| !line.is_unreadable(ROWS)),
        rank,
        values: kept.iter().map(|(column, _)| value(*column)).collect(),
        row: line.number(),
    })
}

/// An index as people write it.
fn number(text: &str) -> Option<Exact> {
    let text = normal(csv::bare(text).unwrap_or(text));
    let text = ["点", "ポイント"]
        .iter()
        .find_map(|unit| text.strip_suffix(unit))
        .unwrap_or(&text);
    let text = text.strip_prefix('+').unwrap_or(text);
    let negative = text.strip_prefix(['-', '−', '‐', '–', '▲', '△']);
    let digits = negative.unwrap_or(text);
    // A per cent sign would be a hundredth of what the number says.
    if !digits.starts_with(|c: char| c.is_ascii_digit()) || digits.ends_with('%') {
        return None;
    }
    let number = cell::number(digits, None).ok()?;
    match negative {
        Some(_) => number.negated(),
        None => Some(number),
    }
}

/// `1`, `1位`, `第1位`.
fn place(text: &str) -> Option<u32> {
    let text = normal(text);
    let text = text.strip_prefix('第').unwrap_or(&text);
    let text = text.strip_suffix(['位', '番']).unwrap_or(text);
    let text = id::strip_zero_fraction(text);
    let digits = text.bytes().all(|b| b.is_ascii_digit());
    (digits.then(|| text.parse().ok())?).filter(|n| *n > 0)
}

/// Ids or labels of the rows that were applied; `None` for a blank.
fn applied(text: &str) -> Option<Vec<Box<str>>> {
    if text.is_empty() {
        return None;
    }
    let text = csv::bare(text).unwrap_or(text);
    if is_nothing(text) {
        return Some(Vec::new());
    }
    let rows = text
        .split([';', '；', '、', ',', '，', '／', '\n', '\r'])
        .map(str::trim)
        .filter(|row| !row.is_empty());
    Some(rows.map(Into::into).collect())
}

/// A line that was read, or why it is left out.
struct Entry {
    child: Box<str>,
    row: u32,
    place: Place,
    line: Result<IndexLine, Why>,
    /// Another entry speaks for it.
    silent: bool,
}

/// Of which facility a line speaks.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Place {
    Everywhere,
    At(Box<str>),
    /// The line says one that cannot be read: it stands for itself.
    Unclear,
}

impl Place {
    fn of(read: &Result<IndexLine, Why>, has_facilities: bool) -> Self {
        match read {
            Ok(line) => line.facility.clone().map_or(Self::Everywhere, Self::At),
            Err(_) if has_facilities => Self::Unclear,
            Err(_) => Self::Everywhere,
        }
    }

    /// Whether two lines of a child, one of each place, are one too many.
    fn meets(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Unclear, _) | (_, Self::Unclear) => false,
            (Self::At(a), Self::At(b)) => a == b,
            (Self::Everywhere, _) | (_, Self::Everywhere) => true,
        }
    }
}

/// The lines seen so far.
#[derive(Default)]
struct Seen {
    has_facilities: bool,
    at: HashMap<Box<str>, Vec<usize>>,
    list: Vec<Entry>,
    repeated: u32,
}

impl Seen {
    fn add(
        &mut self,
        line: &Line<'_>,
        child: Box<str>,
        read: Result<IndexLine, Why>,
        all: &mut Diagnostics,
    ) {
        let place = Place::of(&read, self.has_facilities);
        let of_child = self.at.entry(child.clone()).or_default();
        let met = of_child
            .iter()
            .copied()
            .find(|&at| self.list[at].place.meets(&place));
        let Some(at) = met else {
            of_child.push(self.list.len());
            self.list.push(Entry {
                child,
                row: line.number(),
                place,
                line: read,
                silent: false,
            });
            return;
        };
        let earlier = &self.list[at];
        let (first_row, row) = (earlier.row, line.number());
        let same = match (&earlier.line, &read) {
            (Ok(a), Ok(b)) => same(a, b),
            (Err(a), Err(b)) => a == b,
            _ => false,
        };
        if same {
            self.repeated += 1;
            line.tell(&kind::REPEATED, CHILD, all, || {
                crate::nurseries::also_in(first_row)
            });
            return;
        }
        let one_place = earlier.place != Place::Everywhere && place == earlier.place;
        let kind = if one_place {
            &kind::TWO_INDEXES
        } else {
            &kind::LINES_WITHOUT_FACILITY
        };
        line.tell(kind, CHILD, all, || {
            Text::new(
                format!("{first_row}行目と{row}行目"),
                format!("rows {first_row} and {row}"),
            )
        });
        self.list[at].line = Err(Why::Contradiction);
        if !one_place {
            // Nobody knows of which facility any of its lines speaks.
            for &other in of_child.iter() {
                self.list[other].line = Err(Why::Contradiction);
                self.list[other].silent = other != at;
            }
            self.list[at].place = Place::Everywhere;
        }
    }

    fn finish(self) -> (Vec<IndexLine>, Vec<LeftOut>) {
        let mut lines = Vec::new();
        let mut left_out = Vec::new();
        for entry in self.list.into_iter().filter(|e| !e.silent) {
            match entry.line {
                Ok(line) => lines.push(line),
                Err(why) => left_out.push(LeftOut {
                    child: entry.child,
                    row: entry.row,
                    why,
                }),
            }
        }
        (lines, left_out)
    }
}

/// Whether two lines say the same, wherever they stand.
fn same(a: &IndexLine, b: &IndexLine) -> bool {
    IndexLine {
        row: b.row,
        ..a.clone()
    } == *b
}
