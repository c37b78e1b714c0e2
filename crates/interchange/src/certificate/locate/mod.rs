//! Where the items stand in a sheet: by the order of labels and values first, by the form's usual cells second.
//!
//! A re-issue inserts rows and columns and merges otherwise, but keeps the order: a row reads 期間, a year, 年, a
//! month, 月 … whatever the columns. So an item begins at its label in the column of items and ends at the next text
//! there; within it each row of the form is looked for as the sequence of its labels, which must match wholly and
//! as often as the form has it; and a value is what stands between two labels that follow each other. What stands
//! there twice, or matches twice, is nobody's value.

mod gaps;
mod usual;

use super::{
    form::{self, FORM, Line, Section, Token},
    kinds::kind,
    marks,
    page::{Page, Piece},
    raw::{Found, Raw},
};
use crate::{
    Text,
    diagnostic::{At, Diagnostics},
};
use std::collections::BTreeSet;

/// Items that must be there before a sheet counts as the form.
const ANCHORS_LEAST: usize = 8;

/// Items whose options may be broken into rows otherwise.
const WRAPPED: [&str; 2] = ["業種", "雇用の形態"];

/// An item's rows in the sheet: its label's column and row, and the first row that is not its own.
#[derive(Debug, Clone, Copy)]
struct Span {
    column: Option<usize>,
    first: u32,
    end: u32,
}

/// A value that labels led to.
struct Sought {
    id: &'static str,
    /// Row and column of the cell; `None`: nothing stands there.
    found: Option<(u32, usize)>,
    /// Rows of its item.
    rows: std::ops::Range<u32>,
}

/// Reading of one sheet.
struct Reading<'a> {
    page: &'a Page,
    file: &'a str,
    raw: Raw,
    /// Cells that were taken as something.
    taken: BTreeSet<(u32, usize)>,
    /// Where values were found, for the comparison with the usual cells.
    values: Vec<Sought>,
}

/// How many items of the form a sheet has.
pub(super) fn likeness(page: &Page) -> usize {
    spans(page).iter().skip(1).flatten().count()
}

/// Whether a sheet has enough of them.
pub(super) fn is_form(page: &Page) -> bool {
    likeness(page) >= ANCHORS_LEAST
}

/// Finds every item. What is missing or uncertain is told.
pub(super) fn items(page: &Page, file: &str, all: &mut Diagnostics) -> Raw {
    let mut reading = Reading {
        page,
        file,
        raw: Raw::default(),
        taken: BTreeSet::new(),
        values: Vec::new(),
    };
    for (section, span) in FORM.sections.iter().zip(spans(page)) {
        match span {
            Some(span) if section.anchor.is_some_and(|(a, _)| WRAPPED.contains(&a)) => {
                reading.options(section, span, all);
            }
            Some(span) => reading.section(section, span, all),
            None => {
                for line in &section.lines {
                    reading.missing(line, None, all);
                }
            }
        }
    }
    reading.compare(all);
    reading.raw
}

/// Where each item of the form stands; the head of the form first.
fn spans(page: &Page) -> Vec<Option<Span>> {
    let mut anchors: Vec<Vec<(u32, usize)>> = vec![Vec::new(); FORM.sections.len()];
    let names: Vec<String> = FORM
        .sections
        .iter()
        .map(|s| s.anchor.map_or(String::new(), |(a, _)| marks::normal(a)))
        .collect();
    for (&(row, column), text) in &page.cells {
        let Some(label) = marks::label(text) else {
            continue;
        };
        for (list, name) in anchors.iter_mut().zip(&names) {
            if name == label {
                list.push((row, column));
            }
        }
    }
    // The column of items is where most of them are.
    let mut columns: Vec<usize> = anchors.iter().flatten().map(|(_, c)| *c).collect();
    columns.sort_unstable();
    let Some(column) = columns
        .chunk_by(|a, b| a == b)
        .max_by_key(|c| c.len())
        .and_then(|c| c.first().copied())
    else {
        return vec![None; FORM.sections.len()];
    };
    let mut out: Vec<Option<Span>> = Vec::new();
    let mut last = 0;
    for list in &anchors {
        let mut here = list.iter().filter(|(_, c)| *c == column);
        // Twice in the column of items, or out of order: not known which.
        let row = match (here.next(), here.next()) {
            (Some(&(row, _)), None) if row > last => row,
            _ => {
                out.push(None);
                continue;
            }
        };
        last = row;
        let cells = page.cells.range((row + 1, 0)..);
        let next = cells.map(|(at, _)| *at).find(|(_, c)| *c <= column);
        let end = next.map_or(u32::MAX, |(r, _)| r);
        out.push(Some(Span {
            column: Some(column),
            first: row,
            end,
        }));
    }
    if let Some(first) = out.iter().flatten().map(|s| s.first).min() {
        out[0] = Some(Span {
            column: None,
            first: 0,
            end: first,
        });
    }
    out
}

/// A row of the form found in a row of the sheet: the piece of each label, by its place among the labels.
struct Fit {
    row: u32,
    pieces: Vec<Piece>,
    at: Vec<usize>,
}

fn label_of(token: Token) -> Option<&'static str> {
    match token {
        Token::Label(text) => Some(text),
        _ => None,
    }
}

impl Reading<'_> {
    fn section(&mut self, section: &Section, span: Span, all: &mut Diagnostics) {
        if let Some(column) = span.column {
            self.taken.insert((span.first, column));
        }
        let signature = |line: &Line| -> Vec<String> {
            let labels = line.tokens.iter().filter_map(|(_, t)| label_of(*t));
            labels.map(marks::normal).collect()
        };
        let signatures: Vec<Vec<String>> = section.lines.iter().map(signature).collect();
        let children = section.anchor.is_some_and(|(a, _)| a == "保護者記載欄");
        // Columns of the labels of the row before, for what is told by the label above it.
        let mut above: Option<Fit> = None;
        for (n, line) in section.lines.iter().enumerate() {
            let wanted = &signatures[n];
            if wanted.is_empty()
                && line
                    .tokens
                    .iter()
                    .any(|(_, t)| matches!(t, Token::Anchor(_)))
            {
                // A value right behind the item's own label.
                let fit = Fit {
                    row: span.first,
                    pieces: self.page.pieces(span.first, span.column, false),
                    at: Vec::new(),
                };
                self.take(line, &fit, None, span, all);
                above = Some(fit);
                continue;
            }
            if wanted.is_empty() {
                above = self.line_of_values(line, span, above, all);
                continue;
            }
            let same: Vec<usize> = (0..signatures.len())
                .filter(|i| signatures[*i] == *wanted)
                .collect();
            let nth = same.iter().position(|i| *i == n).unwrap_or(0);
            let mut fits = self.fits(wanted, span);
            if children && fits.len() > same.len() && nth == 0 && n == 0 {
                let row = fits.get(same.len()).map(|f| f.row);
                all.add(
                    &kind::MORE_CHILDREN,
                    self.file,
                    At {
                        row,
                        ..At::default()
                    },
                );
            }
            let wrong = if children {
                fits.len() <= nth
            } else {
                fits.len() != same.len()
            };
            if wrong {
                let twice = fits.get(1).filter(|_| !children && fits.len() > same.len());
                let twice = twice.map(|f| f.row);
                self.missing(line, Some((span, twice)), all);
                above = None;
                continue;
            }
            let fit = fits.swap_remove(nth);
            self.take(line, &fit, above.as_ref(), span, all);
            above = Some(fit);
        }
    }

    /// Rows of an item that hold the labels in this order, each after the one before.
    fn fits(&self, wanted: &[String], span: Span) -> Vec<Fit> {
        let rows: BTreeSet<u32> = self
            .page
            .cells
            .range((span.first, 0)..(span.end, 0))
            .map(|((row, _), _)| *row)
            .collect();
        let fit = |row: u32| {
            [false, true].into_iter().find_map(|units| {
                let pieces = self.page.pieces(row, span.column, units);
                let mut at = Vec::new();
                let mut from = 0;
                for label in wanted {
                    let next = pieces[from..]
                        .iter()
                        .position(|p| p.label == Some(label.as_str()))?;
                    at.push(from + next);
                    from += next + 1;
                }
                Some(Fit { row, pieces, at })
            })
        };
        rows.into_iter().filter_map(fit).collect()
    }

    /// A row of boxes whose labels are in the row above, or, where a re-issue puts both in one cell, beside them.
    fn line_of_values(
        &mut self,
        line: &Line,
        span: Span,
        above: Option<Fit>,
        all: &mut Diagnostics,
    ) -> Option<Fit> {
        let Some(above) = above else {
            self.missing(line, Some((span, None)), all);
            return None;
        };
        let ids = line.tokens.iter().filter_map(|(_, t)| match t {
            Token::Tick(id) => Some(*id),
            _ => None,
        });
        let ids: Vec<&'static str> = ids.collect();
        let column = |n: usize| above.at.get(n).map(|at| (*at, above.pieces[*at].column));
        let beside = |n: usize| {
            let (at, _) = column(n)?;
            let before = at.checked_sub(1)?;
            above
                .pieces
                .get(before)
                .filter(|p| marks::mark(&p.text).is_some())
        };
        if (0..ids.len()).all(|n| beside(n).is_some()) {
            for (n, id) in ids.iter().enumerate() {
                if let Some(piece) = beside(n) {
                    self.put(
                        id,
                        piece.text.clone(),
                        piece.row,
                        Some(piece.column),
                        Found::Label,
                        false,
                    );
                }
            }
            return Some(above);
        }
        // The next row of the item with boxes and nothing else.
        let rows = self.page.cells.range((above.row + 1, 0)..(span.end, 0));
        let row = rows.map(|((row, _), _)| *row).next();
        let pieces = row.map_or(Vec::new(), |row| self.page.pieces(row, span.column, false));
        let marks_only = pieces
            .iter()
            .filter(|p| marks::mark(&p.text).is_some())
            .count()
            * 2
            > pieces.len();
        let Some(row) = row.filter(|_| marks_only) else {
            self.missing(line, Some((span, None)), all);
            return Some(above);
        };
        for (n, id) in ids.iter().enumerate() {
            let (Some((_, from)), to) = (column(n), column(n + 1).map_or(usize::MAX, |c| c.1))
            else {
                continue;
            };
            let here: Vec<Piece> = pieces
                .iter()
                .filter(|p| (from..to).contains(&p.column))
                .cloned()
                .collect();
            if here.len() > 1 {
                self.broken(id, row, Some(from));
                let place = self.page.address(row, from);
                let name = form::name_of(id);
                all.add_with(
                    &kind::SEVERAL_VALUES,
                    self.file,
                    At {
                        row: Some(row),
                        column: Some(&place),
                        value: None,
                    },
                    || Text::new(name.clone(), name),
                );
            } else {
                self.tick(id, &here, row, all);
            }
        }
        Some(above)
    }

    /// Options that stand wherever the rows of an item break: each by its own label.
    fn options(&mut self, section: &Section, span: Span, all: &mut Diagnostics) {
        if let Some(column) = span.column {
            self.taken.insert((span.first, column));
        }
        let rows: BTreeSet<u32> = self
            .page
            .cells
            .range((span.first, 0)..(span.end, 0))
            .map(|((r, _), _)| *r)
            .collect();
        let pieces: Vec<Vec<Piece>> = rows
            .iter()
            .map(|r| self.page.pieces(*r, span.column, false))
            .collect();
        for line in &section.lines {
            let mut tokens = line.tokens.iter().map(|t| t.1).peekable();
            let mut told: Vec<&'static str> = Vec::new();
            while let Some(token) = tokens.next() {
                let (Token::Tick(id), Some(Token::Label(label))) = (token, tokens.peek().copied())
                else {
                    continue;
                };
                let label = marks::normal(label);
                let mut found = pieces.iter().flat_map(|row| {
                    let label = label.as_str();
                    (0..row.len())
                        .filter(move |i| row[*i].label == Some(label))
                        .map(move |i| (row, i))
                });
                let (Some((row, i)), None) = (found.next(), found.next()) else {
                    told.push(id);
                    continue;
                };
                self.taken.insert((row[i].row, row[i].column));
                // The box is what stands right before, back to the label before that.
                let begin = row[..i]
                    .iter()
                    .rposition(|p| p.label.is_some())
                    .map_or(0, |b| b + 1);
                self.tick(id, &row[begin..i], row[i].row, all);
                let mut ahead = tokens.clone().skip(1);
                if let Some(Token::Value(text)) = ahead.next() {
                    let rest = &row[i + 1..];
                    let end = rest
                        .iter()
                        .position(|p| p.label.is_some())
                        .unwrap_or(rest.len());
                    self.value(text, &rest[..end], row[i].row, span, all);
                }
            }
            if !told.is_empty() {
                self.tell_missing(line, &told, Some((span, None)), all);
            }
        }
    }
}
