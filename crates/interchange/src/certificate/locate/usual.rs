//! The form's usual cells: where labels lead nowhere, and beside what labels say.

use super::{
    super::{
        form::{self, FORM, Line, Token},
        kinds::kind,
        marks,
        raw::Found,
    },
    Reading, Sought, Span, label_of,
};
use crate::{
    Text,
    diagnostic::{At, Diagnostics},
};

impl Reading<'_> {
    /// A row of the form that the sheet does not have: its values come from their usual cells where a label beside
    /// each is in its own usual cell, and otherwise from nowhere.
    pub(super) fn missing(
        &mut self,
        line: &Line,
        span: Option<(Span, Option<u32>)>,
        all: &mut Diagnostics,
    ) {
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

    pub(super) fn tell_missing(
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
    pub(super) fn compare(&mut self, all: &mut Diagnostics) {
        for Sought { id, found, rows } in std::mem::take(&mut self.values) {
            let Some(&(row, column)) = FORM.places.get(id) else {
                continue;
            };
            if found == Some((row, column)) || !rows.contains(&row) {
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
