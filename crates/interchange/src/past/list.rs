//! A list as a section keeps it: its columns, whatever they are called, and its rows, whatever is wrong with some.

use super::{
    Counts, Roster, kind,
    missing::{columns_missing, not_found},
};
use crate::{
    Severity, Source,
    columns::{self, Columns, Names, Spec, letter, normal},
    csv,
    diagnostic::{At, Diagnostics, Kind, Text, kind as common},
    rules,
    table::{Row, Table},
    workbook,
};
use enmusubi_domain::individual;
use std::ops::ControlFlow;

/// Fields of lists of a past round are in this order: the child first.
pub(super) const CHILD: usize = 0;

/// What a reader wants of a list.
pub(super) struct Wanted {
    pub spec: &'static Spec,
    /// One of these fields must be there, besides the child.
    pub needed: &'static [usize],
    /// Which of several columns that may be meant is meant: those whose header (normalised) this says yes to.
    pub likely: fn(usize, &str) -> bool,
}

/// An opened list.
pub(super) struct List<'s> {
    file: &'s str,
    table: Table<'s>,
    columns: Columns,
    /// Column of each field.
    chosen: Vec<Option<usize>>,
}

/// A row of a list.
pub(super) struct Line<'r> {
    pub row: &'r Row,
    list: Listed<'r>,
    /// Columns in use whose cells cannot be read.
    unreadable: Vec<usize>,
    /// Values beyond the last header.
    pub shifted: bool,
}

/// What a row knows of its list.
#[derive(Clone, Copy)]
struct Listed<'r> {
    file: &'r str,
    columns: &'r Columns,
    chosen: &'r [Option<usize>],
}

impl<'r> Line<'r> {
    /// Row as a spreadsheet shows it.
    pub fn number(&self) -> u32 {
        self.row.number
    }

    /// Cell of a field, trimmed; empty where there is no such column.
    pub fn cell(&self, field: usize) -> &'r str {
        self.list.chosen[field].map_or("", |c| self.row.cell(c))
    }

    /// Whether the cell of a field cannot be read.
    pub fn is_unreadable(&self, field: usize) -> bool {
        self.list.chosen[field].is_some_and(|c| self.unreadable.contains(&c))
    }

    /// The child it is about.
    pub fn child(&self, roster: &Roster, all: &mut Diagnostics) -> Box<str> {
        let child = roster.child(self.cell(CHILD));
        if child.zeros {
            self.tell(&kind::ZEROS_LOST, CHILD, all, || read_as(&child.id));
        }
        child.id
    }

    /// Reports a problem of a field.
    pub fn tell(
        &self,
        kind: &'static Kind,
        field: usize,
        all: &mut Diagnostics,
        detail: impl FnOnce() -> Text,
    ) {
        let column = self.list.chosen[field];
        let at = At {
            row: Some(self.row.number),
            column: column.map(|c| self.list.columns.header(c)),
            value: column.map(|c| self.row.cell(c)),
        };
        all.add_with(kind, self.list.file, at, detail);
    }
}

/// Reads a list: the columns' names first, then what `read` makes of it; `None` where an error is reported.
pub(super) fn reading<T>(
    columns: Option<&Source<'_>>,
    read: impl FnOnce(&Names, &mut Diagnostics) -> Option<T>,
) -> (Option<T>, Diagnostics) {
    let mut all = Diagnostics::default();
    let names = columns.map_or_else(Names::default, |f| rules::read_names(f, &mut all));
    let list = read(&names, &mut all);
    (list.filter(|_| !all.has_errors()), all)
}

/// "Read as …".
pub(super) fn read_as(id: &str) -> Text {
    Text::new(format!("読んだ番号: {id}"), format!("read as {id}"))
}

/// Nothing particular.
pub(super) fn nothing() -> Text {
    Text::new("", "")
}

impl<'s> List<'s> {
    /// Finds the list in a file. `None`, and an error that says why, where there is none.
    pub fn open(
        source: &Source<'s>,
        wanted: &Wanted,
        names: &Names,
        roster: &Roster,
        all: &mut Diagnostics,
    ) -> Option<Self> {
        let mut table = Table::open(source, all)?;
        let spec = wanted.spec;
        let looked_for: Vec<Vec<String>> = (0..spec.fields.len())
            .map(|field| headers(spec, field, names))
            .collect();
        let sheets = table.sheets();
        let header = columns::header_row(&mut table, source, spec, &looked_for, &sheets);
        let Some(columns) = header else {
            not_found(&mut table, source, wanted, &looked_for, all);
            return None;
        };
        let mut list = List {
            file: source.name,
            table,
            columns,
            chosen: Vec::new(),
        };
        list.choose(wanted, &looked_for, roster, names, all)?;
        list.other_sheets(source, spec, &looked_for, &sheets, all);
        Some(list)
    }

    /// Column of a field.
    pub fn column(&self, field: usize) -> Option<usize> {
        self.chosen[field]
    }

    /// Columns that are none of the fields': position and header.
    pub fn others(&self) -> impl Iterator<Item = (usize, &str)> {
        let headers = self.columns.headers.iter().enumerate();
        headers
            .filter(|(c, _)| !self.chosen.contains(&Some(*c)))
            .map(|(c, h)| (c, h.as_str()))
            .filter(|(_, h)| !h.is_empty())
    }

    fn choose(
        &mut self,
        wanted: &Wanted,
        looked_for: &[Vec<String>],
        roster: &Roster,
        names: &Names,
        all: &mut Diagnostics,
    ) -> Option<()> {
        let mut sound = true;
        let mut doubtful = Vec::new();
        for (field, looked) in looked_for.iter().enumerate() {
            let mut found = self.candidates(field, looked, wanted, names);
            if field == CHILD && found.len() > 1 {
                found = self.by_roster(found, roster, all);
            }
            let column = match found[..] {
                [] => None,
                [column] => Some(column),
                [first, second, ..] => {
                    doubtful.push((field, first, second));
                    None
                }
            };
            self.chosen.push(column);
        }
        let missing = |list: &Self, fields: &[usize]| {
            let none = fields.iter().all(|&f| list.chosen[f].is_none());
            none && !doubtful.iter().any(|(f, ..)| fields.contains(f))
        };
        for fields in [&[CHILD][..], wanted.needed] {
            if missing(self, fields) {
                let headers = &self.columns.headers;
                let row = self.columns.row;
                columns_missing(self.file, row, headers, wanted, fields, looked_for, all);
                sound = false;
            }
        }
        for (field, first, second) in doubtful {
            let stops = field == CHILD
                || wanted.needed.contains(&field)
                    && wanted.needed.iter().all(|&f| self.chosen[f].is_none());
            let kind = if stops {
                &common::AMBIGUOUS_HEADER
            } else {
                &kind::COLUMN_DOUBTFUL
            };
            sound &= !stops;
            self.tell_two(kind, wanted.spec.fields[field].name, first, second, all);
        }
        for column in self.chosen.iter().flatten() {
            self.columns.mark(*column);
        }
        sound.then_some(())
    }

    /// Columns that may be a field's: the declared one, else all with a header that is understood.
    fn candidates(
        &self,
        field: usize,
        looked: &[String],
        wanted: &Wanted,
        names: &Names,
    ) -> Vec<usize> {
        let headers = self.columns.normal_headers();
        let with = |name: &String| -> Vec<usize> {
            (0..headers.len())
                .filter(|&c| headers[c] == *name)
                .collect()
        };
        // The layout's own name, or the declared one, leaves no doubt; but a child has many numbers.
        let declared = declared(wanted.spec, field, names).is_some();
        let own = looked.first().map(with).unwrap_or_default();
        if !own.is_empty() && (declared || field != CHILD) {
            return own;
        }
        let mut found: Vec<usize> = looked.iter().flat_map(with).collect();
        found.sort_unstable();
        let likely: Vec<usize> = found
            .iter()
            .copied()
            .filter(|&c| (wanted.likely)(field, &headers[c]))
            .collect();
        if likely.is_empty() { found } else { likely }
    }

    /// Of several columns of children's numbers, the one in which the round's children are.
    fn by_roster(
        &mut self,
        found: Vec<usize>,
        roster: &Roster,
        all: &mut Diagnostics,
    ) -> Vec<usize> {
        if !roster.has_children() {
            return found;
        }
        let mut known = vec![0u32; found.len()];
        let header = self.columns.row;
        let sheet = self.columns.sheet.clone();
        let mut quiet = Diagnostics::default();
        self.table
            .rows(&sheet, self.file, &mut quiet, &mut |row, _| {
                for (count, &column) in known.iter_mut().zip(&found) {
                    let cell = row.cell(column);
                    let is = row.number > header && !cell.is_empty() && roster.is_child(cell);
                    *count += u32::from(is);
                }
                ControlFlow::Continue(())
            });
        let most = known.iter().copied().max().unwrap_or(0);
        let mut best = (0..found.len()).filter(|&i| known[i] == most);
        let (Some(first), None, true) = (best.next(), best.next(), most > 0) else {
            return found;
        };
        let other = usize::from(first == 0);
        let used = self.columns.header(found[first]).to_owned();
        let at = At {
            row: Some(header),
            column: Some(&used),
            value: None,
        };
        let not_used = self.columns.header(found[other]);
        all.add_with(&kind::CHILD_COLUMN, self.file, at, || {
            Text::new(
                format!("使わなかった列: 「{not_used}」"),
                format!("not used: \"{not_used}\""),
            )
        });
        vec![found[first]]
    }

    fn tell_two(
        &self,
        kind: &'static Kind,
        field: &str,
        a: usize,
        b: usize,
        all: &mut Diagnostics,
    ) {
        let at = At {
            row: Some(self.columns.row),
            column: Some(self.columns.header(b)),
            value: None,
        };
        all.add_with(kind, self.file, at, || {
            let (x, y) = (self.columns.header(a), self.columns.header(b));
            let (a, b) = (letter(a), letter(b));
            Text::new(
                format!("「{field}」に当たる列: {a}「{x}」と{b}「{y}」"),
                format!("columns for \"{field}\": {a} \"{x}\" and {b} \"{y}\""),
            )
        });
    }

    /// Says which sheet was read, and that others were not.
    fn other_sheets(
        &mut self,
        source: &Source<'_>,
        spec: &Spec,
        looked_for: &[Vec<String>],
        sheets: &[String],
        all: &mut Diagnostics,
    ) {
        let read = self.columns.sheet.clone();
        if sheets.first() != Some(&read) {
            let at = At {
                value: Some(&read),
                ..At::default()
            };
            all.add(&common::OTHER_SHEET, self.file, at);
        }
        for sheet in sheets.iter().skip_while(|s| **s != read).skip(1) {
            let one = std::slice::from_ref(sheet);
            if columns::header_row(&mut self.table, source, spec, looked_for, one).is_some() {
                let at = At {
                    value: Some(sheet),
                    ..At::default()
                };
                all.add(&kind::SHEETS_NOT_READ, self.file, at);
            }
        }
    }

    /// Visits the rows below the header. A file that breaks off, and an individual number, are errors.
    pub fn rows(
        &mut self,
        all: &mut Diagnostics,
        visit: &mut dyn FnMut(&Line<'_>, &mut Diagnostics),
    ) -> Counts {
        let Self {
            file,
            table,
            columns,
            chosen,
        } = self;
        let file = *file;
        let csv = matches!(table, Table::Csv(_));
        let width = columns.headers.len();
        let mut counts = Counts::default();
        let mut suspects: Vec<Suspects> = (0..width).map(|_| Suspects::default()).collect();
        let errors = all.count(Severity::Error);
        let sheet = columns.sheet.clone();
        table.rows(&sheet, file, all, &mut |row, all| {
            if row.number <= columns.row || row.is_blank() {
                return ControlFlow::Continue(());
            }
            counts.rows = counts.rows.saturating_add(1);
            if csv && row.len() < width {
                all.add(&common::SHORT_ROW, file, At::row(row.number));
            }
            for column in row.long_cells(individual::DIGITS) {
                look(row, column, columns, file, &mut suspects, all);
            }
            let noted = |c: &usize| chosen.contains(&Some(*c));
            let line = Line {
                row,
                list: Listed {
                    file,
                    columns,
                    chosen,
                },
                unreadable: row.notes.iter().map(|n| n.0).filter(noted).collect(),
                shifted: (width..row.len()).any(|c| !row.cell(c).is_empty()),
            };
            if line.cell(CHILD).is_empty() {
                counts.without_child += 1;
                line.tell(&kind::CHILD_BLANK, CHILD, all, nothing);
            } else {
                visit(&line, all);
            }
            ControlFlow::Continue(())
        });
        // A file that broke off has already said so.
        if counts.rows == 0 && all.count(Severity::Error) == errors {
            all.add(&common::NO_ROWS, file, At::default());
        }
        for (column, suspects) in suspects.into_iter().enumerate() {
            // Of ids of twelve digits one in eleven looks like an individual number.
            if (suspects.valid.len() as u64) * 2 > suspects.twelve {
                for row in suspects.valid {
                    tell_secret(row, column, columns, file, all);
                }
            }
        }
        counts
    }
}

/// Twelve-digit cells of a column.
#[derive(Default)]
struct Suspects {
    twelve: u64,
    valid: Vec<u32>,
}

/// Looks for individual numbers: a cell that is twelve digits is judged with its column, one that holds them among
/// other text at once.
fn look(
    row: &Row,
    column: usize,
    columns: &Columns,
    file: &str,
    suspects: &mut [Suspects],
    all: &mut Diagnostics,
) {
    let text = row.cell(column);
    let text = csv::bare(text).unwrap_or(text);
    match (individual::twelve_digits(text), suspects.get_mut(column)) {
        (Some(digits), Some(suspects)) => {
            suspects.twelve += 1;
            if individual::is_one(&digits) {
                suspects.valid.push(row.number);
            }
        }
        _ if individual::holds_one(text) => tell_secret(row.number, column, columns, file, all),
        _ => {}
    }
}

fn tell_secret(row: u32, column: usize, columns: &Columns, file: &str, all: &mut Diagnostics) {
    let at = At {
        row: Some(row),
        column: Some(columns.header(column)),
        value: None,
    };
    all.add(&workbook::kind::INDIVIDUAL_NUMBER, file, at);
}

/// The name a columns file has for a field of this list.
fn declared<'n>(spec: &Spec, field: usize, names: &'n Names) -> Option<&'n String> {
    names.0.get(&(spec.section, spec.fields[field].key))
}

/// Headers to look for. What is declared for this list stands alone; what is declared for the round's tables comes
/// before what is usual.
fn headers(spec: &Spec, field: usize, names: &Names) -> Vec<String> {
    if let Some(own) = declared(spec, field, names) {
        return vec![normal(own)];
    }
    let f = &spec.fields[field];
    let elsewhere: &[(&str, &str)] = match f.key {
        "child_id" => &[("result", "child_id"), ("children", "child_id")],
        "facility_id" => &[("result", "result_id")],
        _ => &[],
    };
    let elsewhere = elsewhere.iter().filter_map(|key| names.0.get(key));
    let mut list: Vec<String> = Vec::new();
    let usual = std::iter::once(&f.name).chain(f.synonyms).copied();
    for name in elsewhere.map(String::as_str).chain(usual).map(normal) {
        if !list.contains(&name) {
            list.push(name);
        }
    }
    list
}
