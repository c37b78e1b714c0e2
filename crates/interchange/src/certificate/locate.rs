//! Where the items stand in a sheet: by the order of labels and values first, by the form's usual cells second.
//!
//! A re-issue inserts rows and columns and merges otherwise, but keeps the order: a row reads 期間, a year, 年, a
//! month, 月 … whatever the columns. So an item begins at its label in the column of items and ends at the next text
//! there; within it each row of the form is looked for as the sequence of its labels, which must match wholly and
//! as often as the form has it; and a value is what stands between two labels that follow each other. What stands
//! there twice, or matches twice, is nobody's value.

use super::{
    form::{self, FORM, Line, Section, Token},
    kinds::kind,
    marks,
    page::{Page, Piece},
    raw::{Found, Item, Place, Raw},
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

/// Reading of one sheet.
struct Reading<'a> {
    page: &'a Page,
    file: &'a str,
    raw: Raw,
    /// Cells that were taken as something.
    taken: BTreeSet<(u32, usize)>,
    /// Where values were found, for the comparison with the usual cells.
    values: Vec<(&'static str, Option<(u32, usize)>, (u32, u32), bool)>,
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

    /// Takes the values between the labels of a row.
    fn take(
        &mut self,
        line: &Line,
        fit: &Fit,
        above: Option<&Fit>,
        span: Span,
        all: &mut Diagnostics,
    ) {
        for at in &fit.at {
            let piece = &fit.pieces[*at];
            self.taken.insert((piece.row, piece.column));
        }
        let mut labels = fit.at.iter().copied();
        let first_is_label = matches!(
            line.tokens
                .iter()
                .map(|t| t.1)
                .find(|t| !matches!(t, Token::Anchor(_) | Token::Plain(_))),
            Some(Token::Label(_))
        );
        // What stands before the first label of a row that begins with one belongs to nothing.
        let mut from = if first_is_label {
            fit.at.first().copied().unwrap_or(0)
        } else {
            0
        };
        let mut values: Vec<&'static str> = Vec::new();
        let mut divide = None;
        let mut tick = None;
        let end = fit.pieces.len();
        for (_, token) in &line.tokens {
            match *token {
                Token::Value(id) => values.push(id),
                Token::Tick(id) => tick = Some(id),
                Token::Divide(label) => {
                    let label = marks::normal(label);
                    let piece = above
                        .and_then(|a| a.pieces.iter().find(|p| p.label == Some(label.as_str())));
                    divide = piece.map(|p| p.column);
                }
                Token::Label(_) => {
                    let Some(to) = labels.next() else { return };
                    self.gap(
                        &fit.pieces[from..to],
                        fit.row,
                        &values,
                        tick,
                        divide,
                        span,
                        all,
                    );
                    values.clear();
                    (tick, divide) = (None, None);
                    from = to + 1;
                }
                Token::Anchor(_) | Token::Plain(_) => {}
            }
        }
        if !values.is_empty() {
            self.gap(
                &fit.pieces[from.min(end)..],
                fit.row,
                &values,
                tick,
                divide,
                span,
                all,
            );
        }
    }

    /// Takes what stands between two labels.
    #[expect(
        clippy::too_many_arguments,
        reason = "what lies between two labels, and where"
    )]
    fn gap(
        &mut self,
        pieces: &[Piece],
        row: u32,
        values: &[&'static str],
        tick: Option<&'static str>,
        divide: Option<usize>,
        span: Span,
        all: &mut Diagnostics,
    ) {
        let mut pieces = pieces;
        if let Some(id) = tick {
            pieces = self.tick(id, pieces, row, all);
        }
        match (values, divide) {
            ([id], _) => self.value(id, pieces, row, span, all),
            ([left, right], Some(column)) => {
                let cut = pieces
                    .iter()
                    .position(|p| p.column >= column)
                    .unwrap_or(pieces.len());
                self.value(left, &pieces[..cut], row, span, all);
                self.value(right, &pieces[cut..], row, span, all);
            }
            ([], _) => {}
            // The label above is missing: which is which is not known.
            _ => {
                for id in values {
                    self.broken(id, row, None);
                }
                let at = self.page.address(row, 0);
                let names = values
                    .iter()
                    .map(|id| form::name_of(id))
                    .collect::<Vec<_>>()
                    .join("、");
                all.add_with(
                    &kind::LABEL_MISSING_OPTIONAL,
                    self.file,
                    At {
                        row: Some(row),
                        column: Some(&at),
                        value: None,
                    },
                    || Text::new(names.clone(), names),
                );
            }
        }
    }

    /// Takes the mark before the label of a box; what is left of the pieces before it.
    fn tick<'p>(
        &mut self,
        id: &'static str,
        pieces: &'p [Piece],
        row: u32,
        all: &mut Diagnostics,
    ) -> &'p [Piece] {
        let Some((last, before)) = pieces.split_last() else {
            // A box that was cleared is not ticked.
            self.put(id, String::new(), row, None, Found::Label, false);
            return pieces;
        };
        if marks::mark(&last.text).is_none() {
            self.broken(id, row, Some(last.column));
            self.taken.insert((row, last.column));
            let place = self.page.address(row, last.column);
            let name = form::name_of(id);
            all.add_with(
                &kind::BAD_MARK,
                self.file,
                At::cell(row, &place, &last.text),
                || Text::new(name.clone(), name),
            );
            return before;
        }
        self.put(
            id,
            last.text.clone(),
            row,
            Some(last.column),
            Found::Label,
            false,
        );
        before
    }

    fn value(
        &mut self,
        id: &'static str,
        pieces: &[Piece],
        row: u32,
        span: Span,
        all: &mut Diagnostics,
    ) {
        let mut texts: Vec<&str> = pieces.iter().map(|p| p.text.trim()).collect();
        for piece in pieces {
            self.taken.insert((row, piece.column));
        }
        // 令和 | 8 is one year; a name in two cells is one name.
        let era =
            id.ends_with(".y") && texts.len() == 2 && matches!(texts[0], "令和" | "平成" | "昭和");
        let several = texts.len() > 1;
        let text = if texts.len() <= 1 || era {
            texts.concat()
        } else if form::is_text(id) {
            texts.join("　")
        } else {
            texts.truncate(6);
            let first = pieces.first().map_or(0, |p| p.column);
            let place = self.page.address(row, first);
            let name = form::name_of(id);
            let cells: Vec<String> = pieces
                .iter()
                .take(6)
                .map(|p| self.page.address(row, p.column))
                .collect();
            self.broken(id, row, Some(first));
            all.add_with(
                &kind::SEVERAL_VALUES,
                self.file,
                At::cell(row, &place, &texts.join(" ")),
                || {
                    let cells = cells.join("、");
                    Text::new(format!("{name}: {cells}"), format!("{name}: {cells}"))
                },
            );
            return;
        };
        let column = pieces.first().map(|p| p.column);
        self.put(id, text, row, column, Found::Label, several && !era);
        self.values.push((
            id,
            column.map(|c| (row, c)),
            (span.first, span.end),
            several,
        ));
    }

    fn put(
        &mut self,
        id: &'static str,
        text: String,
        row: u32,
        column: Option<usize>,
        found: Found,
        check: bool,
    ) {
        // A blank has no cell of its own: the usual column names it best.
        let usual = FORM.places.get(id).map_or(0, |p| p.1);
        let place = Place {
            name: self.page.address(row, column.unwrap_or(usual)).into(),
            row,
        };
        if let Some(column) = column {
            self.taken.insert((row, column));
        }
        self.raw.0.insert(
            id.to_owned(),
            Item {
                text,
                place,
                found,
                check,
                broken: false,
            },
        );
    }

    fn broken(&mut self, id: &'static str, row: u32, column: Option<usize>) {
        self.put(id, String::new(), row, column, Found::Nowhere, true);
        if let Some(item) = self.raw.0.get_mut(id) {
            item.broken = true;
        }
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

    /// A row of the form that the sheet does not have: its values come from their usual cells where a label beside
    /// each is in its own usual cell, and otherwise from nowhere.
    fn missing(&mut self, line: &Line, span: Option<(Span, Option<u32>)>, all: &mut Diagnostics) {
        let national = |column: usize, text: &str| {
            marks::label(self.page.cell(line.row, column)) == Some(marks::normal(text).as_str())
        };
        let mut told = Vec::new();
        let mut found = Vec::new();
        for (n, (column, token)) in line.tokens.iter().enumerate() {
            let (Token::Value(id) | Token::Tick(id)) = *token else {
                continue;
            };
            // Its own label follows a value or a box; free text at the end of a row follows its label.
            let beside = |t: Option<&(usize, Token)>| match t {
                Some((c, Token::Label(text) | Token::Anchor(text))) => {
                    national(*c, text).then_some(*c)
                }
                _ => None,
            };
            let next = beside(line.tokens.get(n + 1));
            let before = n.checked_sub(1).and_then(|n| beside(line.tokens.get(n)));
            let text = self.page.cell(line.row, *column);
            let twice = span.is_some_and(|(_, twice)| twice.is_some());
            let (Some(next), true) = (next.or(before.filter(|_| form::is_text(id))), !twice) else {
                told.push(id);
                continue;
            };
            // Nothing else may stand between the value and what is before it.
            let start = line.tokens[..n].last().map_or(0, |t| t.0);
            let (low, high) = (start.min(next), next.max(*column));
            let others = self.page.cells.range((line.row, low + 1)..(line.row, high));
            let alone = others.filter(|((_, c), _)| c != column).count() == 0;
            if !alone || self.taken.contains(&(line.row, *column)) || marks::label(text).is_some() {
                told.push(id);
                continue;
            }
            found.push((id, *column, text.to_owned()));
        }
        for (id, column, text) in &found {
            self.put(id, text.clone(), line.row, Some(*column), Found::Cell, true);
        }
        if let Some((id, column, text)) = found.iter().find(|f| !f.2.is_empty()) {
            let place = self.page.address(line.row, *column);
            let name = form::name_of(id);
            all.add_with(
                &kind::BY_CELL,
                self.file,
                At::cell(line.row, &place, text),
                || Text::new(name.clone(), name),
            );
        }
        if !told.is_empty() {
            self.tell_missing(line, &told, span, all);
        }
    }

    fn tell_missing(
        &mut self,
        line: &Line,
        ids: &[&'static str],
        span: Option<(Span, Option<u32>)>,
        all: &mut Diagnostics,
    ) {
        for id in ids {
            self.broken(id, line.row, None);
        }
        let kind = if ids.iter().any(|id| form::required(id)) {
            &kind::LABEL_MISSING
        } else {
            &kind::LABEL_MISSING_OPTIONAL
        };
        let (row, twice) = match span {
            Some((span, twice)) => (span.first.max(1), twice),
            None => (line.row, None),
        };
        let usual = ids.first().and_then(|id| FORM.places.get(id));
        let place = usual.map_or(String::new(), |(row, column)| {
            self.page.address(*row, *column)
        });
        let names: Vec<String> = ids.iter().take(4).map(|id| form::name_of(id)).collect();
        let more = if ids.len() > 4 { " …" } else { "" };
        let at = At {
            row: Some(row),
            column: Some(&place),
            value: None,
        };
        all.add_with(kind, self.file, at, || {
            let names = names.join("、") + more;
            match twice {
                Some(row) => Text::new(
                    format!("同じ並びの行が{row}行目にもあります: {names}"),
                    format!("row {row} has the same labels: {names}"),
                ),
                None => Text::new(names.clone(), names),
            }
        });
    }

    /// Compares what labels say with what the usual cells hold. A usual cell that was taken for something else is
    /// no usual cell any more: the sheet is another layout.
    fn compare(&mut self, all: &mut Diagnostics) {
        for (id, found, (first, end), _) in std::mem::take(&mut self.values) {
            let Some(&(row, column)) = FORM.places.get(id) else {
                continue;
            };
            if found == Some((row, column)) || !(first..end).contains(&row) {
                continue;
            }
            let usual = self.page.cell(row, column);
            let said = self.raw.get(id).map_or(String::new(), |i| i.text.clone());
            let place = self.page.address(row, column);
            let by_label = found.map(|(r, c)| self.page.address(r, c));
            let name = form::name_of(id);
            let strange = !usual.is_empty()
                && usual != said
                && marks::label(usual).is_none()
                && marks::mark(usual).is_none();
            if strange && !self.taken.contains(&(row, column)) {
                let other = by_label.clone().unwrap_or_default();
                all.add_with(
                    &kind::PLACES_DISAGREE,
                    self.file,
                    At::cell(row, &place, usual),
                    || {
                        Text::new(
                            format!("{name}。項目名からは {other}「{said}」"),
                            format!("{name}; by its label {other} \"{said}\""),
                        )
                    },
                );
                self.broken(id, row, Some(column));
                continue;
            }
            // Same labels in the same cells, and the value beside its own.
            let Some((at, by_label)) = found.zip(by_label) else {
                continue;
            };
            let line = FORM
                .sections
                .iter()
                .flat_map(|s| &s.lines)
                .find(|l| l.row == row);
            // Without a label to its right, a column more in the sheet looks the same.
            let held = |l: &Line| {
                l.tokens
                    .iter()
                    .any(|(c, t)| *c > column && label_of(*t).is_some())
            };
            let usual_label = |(c, t): &(usize, Token)| {
                label_of(*t).is_none_or(|text| {
                    marks::label(self.page.cell(row, *c)) == Some(marks::normal(text).as_str())
                })
            };
            let same = line.is_some_and(|l| held(l) && l.tokens.iter().all(usual_label));
            if same && at.0 == row {
                if let Some(item) = self.raw.0.get_mut(id) {
                    item.check = true;
                }
                all.add_with(
                    &kind::OFF_CELL,
                    self.file,
                    At::cell(at.0, &by_label, &said),
                    || {
                        Text::new(
                            format!("{name}。いつものセルは {place}"),
                            format!("{name}; usually {place}"),
                        )
                    },
                );
            }
        }
    }
}
