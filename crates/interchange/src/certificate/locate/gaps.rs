//! What stands between two labels that follow each other: a mark, a value, or more than one.

use super::{
    super::{
        form::{self, FORM, Line, Token},
        kinds::kind,
        marks,
        page::Piece,
        raw::{Found, Item, Place},
    },
    Fit, Reading, Sought, Span,
};
use crate::{
    Text,
    diagnostic::{At, Diagnostics},
};

impl Reading<'_> {
    /// Takes the values between the labels of a row.
    pub(super) fn take(
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
    pub(super) fn gap(
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
    pub(super) fn tick<'p>(
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

    pub(super) fn value(
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
        self.values.push(Sought {
            id,
            found: column.map(|c| (row, c)),
            rows: span.first..span.end,
        });
    }

    pub(super) fn put(
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

    pub(super) fn broken(&mut self, id: &'static str, row: u32, column: Option<usize>) {
        self.put(id, String::new(), row, column, Found::Nowhere, true);
        if let Some(item) = self.raw.0.get_mut(id) {
            item.broken = true;
        }
    }
}
