//! Which file or sheet is which table, and which column is which.

use super::{
    cell::nearest,
    kinds::kind,
    layout::{EVIDENCE, Holds, NOT_READ, Own, Sheet},
};
use crate::{
    Source,
    columns::{Columns, letter, normal, number_in},
    diagnostic::{At, Diagnostics, Text, kind as common, shorten},
    table::Table,
};
use enmusubi_domain::facts::{AttributeIx, Type, vocabulary::VOCABULARY};
use hashbrown::HashMap;
use std::{io::Cursor, ops::ControlFlow, sync::LazyLock};

/// Rows searched for the header.
const HEADER_ROWS: usize = 50;

/// A table whose header has been understood.
pub(super) struct Part {
    pub sheet: Sheet,
    /// Position in [`Book::tables`].
    pub table: usize,
    /// File, and sheet if it has several, as messages name it.
    pub file: String,
    pub columns: Columns,
    /// Per own column: (number, column); the number is 0 where it has none.
    pub own: Vec<Vec<(u32, usize)>>,
    /// Attributes that are there.
    pub attributes: Vec<(AttributeIx, Type, usize)>,
    pub evidence: Option<usize>,
    /// Columns of ids.
    pub ids: Vec<usize>,
    /// Columns without a header.
    pub nameless: Vec<usize>,
}

/// What is known of a table.
pub(super) enum State {
    Absent,
    /// There, but not to be read; that has been told.
    Broken,
    Ready(Box<Part>),
}

/// The opened files of a round.
pub(super) struct Book<'a> {
    pub tables: Vec<Table<'a>>,
    states: HashMap<Sheet, State>,
}

impl Book<'_> {
    pub fn state(&self, sheet: Sheet) -> &State {
        self.states.get(&sheet).unwrap_or(&State::Absent)
    }

    /// Takes a table that can be read.
    pub fn take(&mut self, sheet: Sheet) -> Option<Box<Part>> {
        match self.states.remove(&sheet) {
            Some(State::Ready(part)) => {
                self.states.insert(sheet, State::Broken);
                Some(part)
            }
            Some(other) => {
                self.states.insert(sheet, other);
                None
            }
            None => None,
        }
    }

    /// Whether ids that are not in a table may be called unknown: it was read, or is empty by right.
    pub fn complete(&self, sheet: Sheet) -> bool {
        match self.state(sheet) {
            State::Ready(_) => true,
            State::Absent => !sheet.required(),
            State::Broken => false,
        }
    }
}

/// Opens all files and finds the tables in them.
pub(super) fn open<'a>(files: &[Source<'a>], all: &mut Diagnostics) -> Book<'a> {
    let mut book = Book {
        tables: Vec::new(),
        states: HashMap::new(),
    };
    let mut strangers: Vec<(String, String)> = Vec::new();
    let mut broken_file = false;
    for source in files {
        let stem = stem(source.name);
        let by_name = sheet_of(stem);
        let xlsx = source.bytes.starts_with(b"PK\x03\x04");
        let csv = lower_ends(source.name, ".csv");
        // What lies in a folder beside the tables comes with its name only.
        let only_name = files.len() > 1 && source.bytes.is_empty() && !csv;
        if only_name || !xlsx && by_name.is_none() && csv {
            strangers.push((source.name.to_owned(), stem.to_owned()));
            continue;
        }
        if xlsx && has_macros(source.bytes) {
            all.add(&kind::MACROS, source.name, At::default());
            broken_file = true;
            continue;
        }
        let Some(mut table) = Table::open(source, all) else {
            match by_name {
                Some(sheet) => drop(book.states.insert(sheet, State::Broken)),
                None => broken_file = true,
            }
            continue;
        };
        let at = book.tables.len();
        if matches!(table, Table::Csv(_)) {
            match by_name {
                Some(sheet) => add(
                    &mut book,
                    &mut table,
                    at,
                    sheet,
                    "",
                    source.name.into(),
                    all,
                ),
                None => strangers.push((source.name.to_owned(), stem.to_owned())),
            }
        } else {
            for name in table.sheets() {
                let file = format!("{}「{name}」", source.name);
                match sheet_of(&name) {
                    Some(sheet) => add(&mut book, &mut table, at, sheet, &name, file, all),
                    None if normal(&name) == normal(super::template::GUIDE) => {}
                    None => strangers.push((file, name)),
                }
            }
        }
        book.tables.push(table);
    }
    if book.states.is_empty() && !broken_file {
        let name = files.first().map_or("", |f| f.name);
        let name = if files.len() > 1 { folder(name) } else { name };
        all.add(&kind::NO_TABLES, name, At::default());
    } else {
        missing(&mut book, files, broken_file, all);
    }
    for (file, name) in strangers {
        let absent = Sheet::ALL
            .into_iter()
            .filter(|s| matches!(book.state(*s), State::Absent));
        let near = nearest(&name, absent.map(Sheet::name));
        all.add_with(&kind::FILE_UNUSED, &file, At::default(), || {
            did_you_mean(near)
        });
    }
    book
}

fn did_you_mean(near: Option<&str>) -> Text {
    match near {
        Some(near) => Text::new(
            format!("「{near}」のことですか"),
            format!("did you mean \"{near}\"?"),
        ),
        None => Text::new("", ""),
    }
}

/// Tables that must be there and are not. A file that cannot be read may hold any of them.
fn missing(book: &mut Book<'_>, files: &[Source<'_>], broken_file: bool, all: &mut Diagnostics) {
    for sheet in Sheet::ALL {
        if !sheet.required() || !matches!(book.state(sheet), State::Absent) {
            continue;
        }
        if !broken_file {
            let whole = files.len() == 1;
            let file = files.first().map_or("", |f| f.name);
            let file = if whole { file } else { folder(file) };
            let at = At {
                value: Some(sheet.name()),
                ..At::default()
            };
            all.add(&kind::TABLE_MISSING, file, at);
        }
    }
}

/// What several files have in common.
fn folder(name: &str) -> &str {
    name.rfind(['/', '\\']).map_or(name, |at| &name[..at])
}

fn lower_ends(name: &str, ending: &str) -> bool {
    name.to_lowercase().ends_with(ending)
}

/// File name without folders and ending.
fn stem(name: &str) -> &str {
    let file = name.rfind(['/', '\\']).map_or(name, |at| &name[at + 1..]);
    file.rsplit_once('.').map_or(file, |(stem, _)| stem)
}

/// The table of a name; a number in front (`03_世帯`) is for sorting.
fn sheet_of(name: &str) -> Option<Sheet> {
    let even = normal(name);
    let bare =
        even.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '_' | '-' | '.'));
    Sheet::ALL.into_iter().find(|s| normal(s.name()) == bare)
}

/// Whether an archive carries a macro project.
fn has_macros(bytes: &[u8]) -> bool {
    zip::ZipArchive::new(Cursor::new(bytes)).is_ok_and(|archive| {
        archive
            .file_names()
            .any(|n| n.is_ok_and(|n| n.to_lowercase().ends_with("vbaproject.bin")))
    })
}

/// Finds the header of one table.
fn add(
    book: &mut Book<'_>,
    table: &mut Table<'_>,
    at: usize,
    sheet: Sheet,
    name: &str,
    file: String,
    all: &mut Diagnostics,
) {
    if book.states.contains_key(&sheet) {
        let here = At {
            value: Some(sheet.name()),
            ..At::default()
        };
        all.add(&kind::TABLE_TWICE, &file, here);
        return;
    }
    let Some((row, headers)) = header(table, sheet, name) else {
        // An optional table may be an empty sheet.
        if sheet.required() {
            all.add(&common::EMPTY_FILE, &file, At::default());
            book.states.insert(sheet, State::Broken);
        }
        return;
    };
    let part = understand(sheet, at, file, row, name, headers, all);
    let state = part.map_or(State::Broken, |p| State::Ready(Box::new(p)));
    book.states.insert(sheet, state);
}

/// The row in which most columns are recognised, or the first with anything in it.
fn header(table: &mut Table<'_>, sheet: Sheet, name: &str) -> Option<(u32, Vec<String>)> {
    let dictionary = Dictionary::of(sheet);
    let mut best: Option<(usize, u32, Vec<String>)> = None;
    let mut seen = 0;
    // What is wrong with the rows themselves is told when they are read for good.
    let mut quiet = Diagnostics::default();
    table.rows(name, "", &mut quiet, &mut |row, _| {
        seen += 1;
        if !row.is_blank() {
            let headers: Vec<String> = (0..row.len()).map(|c| row.cell(c).to_owned()).collect();
            let recognised = headers
                .iter()
                .filter(|h| dictionary.find(&normal(h)).is_some())
                .count();
            if best.as_ref().is_none_or(|b| recognised > b.0) {
                best = Some((recognised, row.number, headers));
            }
        }
        if seen < HEADER_ROWS {
            ControlFlow::Continue(())
        } else {
            ControlFlow::Break(())
        }
    });
    best.map(|(_, row, headers)| (row, headers))
}

/// What a header is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Meaning {
    Own(usize, u32),
    Attribute(AttributeIx),
    Evidence,
    /// Follows from others.
    Derived,
}

/// Headers of one table, normalised.
struct Dictionary {
    plain: HashMap<String, Meaning>,
    /// With an `N`.
    numbered: Vec<(String, usize)>,
}

impl Dictionary {
    fn of(sheet: Sheet) -> &'static Self {
        static ALL: LazyLock<HashMap<Sheet, Dictionary>> = LazyLock::new(|| {
            Sheet::ALL
                .into_iter()
                .map(|s| (s, Dictionary::new(s)))
                .collect()
        });
        &ALL[&sheet]
    }

    fn new(sheet: Sheet) -> Self {
        let mut plain = HashMap::new();
        let mut numbered = Vec::new();
        // What is inserted later wins: a column of its own before one that is derived.
        for label in sheet.derived() {
            plain.insert(normal(label), Meaning::Derived);
        }
        for (at, a) in sheet.attributes() {
            plain.insert(normal(a.label), Meaning::Attribute(at));
        }
        if sheet.has_evidence() {
            plain.insert(normal(EVIDENCE), Meaning::Evidence);
        }
        for (at, own) in sheet.own().iter().enumerate() {
            for name in std::iter::once(&own.name).chain(own.synonyms) {
                if own.numbered {
                    numbered.push((normal(name), at));
                } else {
                    plain.insert(normal(name), Meaning::Own(at, 0));
                }
            }
        }
        Self { plain, numbered }
    }

    /// The meaning of a normalised header.
    fn find(&self, header: &str) -> Option<Meaning> {
        self.plain.get(header).copied().or_else(|| {
            self.numbered
                .iter()
                .find_map(|(name, at)| number_in(header, name).map(|n| Meaning::Own(*at, n)))
        })
    }
}

fn understand(
    sheet: Sheet,
    table: usize,
    file: String,
    row: u32,
    name: &str,
    headers: Vec<String>,
    all: &mut Diagnostics,
) -> Option<Part> {
    if let [only] = &headers[..]
        && only.contains(['\t', ';'])
    {
        all.add(&kind::NOT_COMMAS, &file, At::row(row));
        return None;
    }
    let own = sheet.own();
    let dictionary = Dictionary::of(sheet);
    let mut part = Part {
        sheet,
        table,
        file,
        columns: Columns::of_header(row, name, headers),
        own: vec![Vec::new(); own.len()],
        attributes: Vec::new(),
        evidence: None,
        ids: Vec::new(),
        nameless: Vec::new(),
    };
    let mut seen: HashMap<Meaning, usize> = HashMap::new();
    let mut unknown: Vec<usize> = Vec::new();
    let mut whole = true;
    for column in 0..part.columns.headers.len() {
        let shown = part.columns.header(column);
        let even = normal(shown);
        if even.is_empty() {
            part.nameless.push(column);
            continue;
        }
        let found = match dictionary.find(&even) {
            Some(Meaning::Derived) => {
                let (at, letter) = (here(row, shown), letter(column).into());
                all.add_lettered(&kind::DERIVED_COLUMN, &part.file, at, letter, none);
                continue;
            }
            Some(found) => found,
            None => {
                if !NOT_READ.iter().any(|n| even.starts_with(n)) {
                    unknown.push(column);
                }
                continue;
            }
        };
        if let Some(&first) = seen.get(&found) {
            let at = here(row, shown);
            let letter_of = letter(column).into();
            all.add_lettered(&common::DUPLICATE_HEADER, &part.file, at, letter_of, || {
                let first = letter(first);
                Text::new(
                    format!("{first}列にもあります"),
                    format!("also column {first}"),
                )
            });
            whole = false;
            continue;
        }
        seen.insert(found, column);
        match found {
            Meaning::Own(at, n) => {
                part.own[at].push((n, column));
                if own[at].holds == Holds::Id {
                    part.ids.push(column);
                }
            }
            Meaning::Attribute(at) => {
                part.attributes
                    .push((at, VOCABULARY[at as usize].ty, column));
            }
            Meaning::Evidence => part.evidence = Some(column),
            Meaning::Derived => {}
        }
    }
    part.own.iter_mut().for_each(|o| o.sort_unstable());
    let is_absent = |name: &&str| {
        let found = dictionary.find(&normal(name));
        !found.is_some_and(|m| seen.contains_key(&m))
    };
    let absent: Vec<&str> = if unknown.is_empty() {
        Vec::new()
    } else {
        names(sheet).filter(is_absent).collect()
    };
    for &column in &unknown {
        let shown = part.columns.header(column);
        let near = nearest(shown, absent.iter().copied());
        let at = here(row, shown);
        let letter = letter(column).into();
        all.add_lettered(&kind::COLUMN_UNKNOWN, &part.file, at, letter, || {
            did_you_mean(near)
        });
    }
    for (at, own) in own.iter().enumerate().filter(|(_, o)| o.required) {
        if part.own[at].is_empty() {
            whole = false;
            missing_column(&part, row, own, &unknown, all);
        }
    }
    for (at, a) in sheet.attributes().filter(|(_, a)| sheet.demands(a.name)) {
        if !seen.contains_key(&Meaning::Attribute(at)) {
            whole = false;
            let here = here(row, a.label);
            all.add(&kind::COLUMN_MISSING, &part.file, here);
        }
    }
    whole.then_some(part)
}

fn none() -> Text {
    Text::new("", "")
}

fn here<'t>(row: u32, header: &'t str) -> At<'t> {
    At {
        row: Some(row),
        column: Some(header),
        value: None,
    }
}

/// Every header a table may have, numbers as 1.
fn names(sheet: Sheet) -> impl Iterator<Item = &'static str> {
    sheet
        .own()
        .iter()
        .filter(|o| !o.numbered)
        .map(|o| o.name)
        .chain(sheet.attributes().map(|(_, a)| a.label))
        .chain(sheet.has_evidence().then_some(EVIDENCE))
}

fn missing_column(part: &Part, row: u32, own: &Own, unknown: &[usize], all: &mut Diagnostics) {
    let name = own.name.replace('N', "1");
    let headers = unknown.iter().map(|c| part.columns.header(*c));
    let near = nearest(&name, headers).map(shorten);
    all.add_with(
        &kind::COLUMN_MISSING,
        &part.file,
        here(row, &name),
        || match near {
            Some(near) => Text::new(
                format!("似た列: 「{near}」"),
                format!("similar column: \"{near}\""),
            ),
            None => none(),
        },
    );
}
