//! Tables, and what became of their rows.

use super::Text;
use crate::derivation::{Derivation, RowLine, RowStatus, SourceLine, TableLine, TakeName};
use crate::text::{says::Says, signed};

impl Text {
    pub(super) fn table(&mut self, d: &Derivation, t: &TableLine) {
        let unknown = self.say("unknown", &[]);
        let points = t.points.as_deref();
        let points = points.map_or(&*unknown, |p| d.named(&t.id, p));
        match &t.who {
            Some(who) => {
                let who = self.who(who);
                let values = [
                    ("label", &*t.label),
                    ("id", &*t.id),
                    ("who", &*who),
                    ("points", points),
                ];
                self.line(0, "table-who", &values);
            }
            None => {
                let values = [("label", &*t.label), ("id", &*t.id), ("points", points)];
                self.line(0, "table", &values);
            }
        }
        let take = match t.take {
            TakeName::Sum => "take-sum",
            TakeName::Highest => "take-highest",
            TakeName::Lowest => "take-lowest",
            TakeName::First => "take-first",
        };
        self.line(2, take, &[]);
        if t.otherwise {
            self.line(2, "table-otherwise", &[]);
            self.inputs(6, &t.inputs, t.who.as_ref());
        }
        self.bounds(t);
        let common = common_source(&t.rows);
        if let Some(source) = common {
            self.source_as(2, "sources", source);
        }
        let at = At {
            d,
            table: t,
            common,
        };
        let near = |r: &&RowLine| matches!(r.status, RowStatus::Near { .. });
        let mut above: Option<&RowLine> = None;
        for row in t.rows.iter().filter(|r| !near(r)) {
            self.row(row, at, above);
            above = Some(row);
        }
        // Rows that turn on hours, days and papers are worth a look; the others are named only.
        let mut others = Vec::new();
        for row in t.rows.iter().filter(near) {
            match &row.status {
                RowStatus::Near {
                    neighbour,
                    ordinary,
                    ..
                } if *neighbour || *ordinary => self.row(row, at, None),
                RowStatus::Near {
                    failed, expression, ..
                } => {
                    let failed = self.words(failed, expression);
                    let values = [("label", &*row.label), ("failed", failed)];
                    others.push(self.say("near-other", &values));
                }
                _ => {}
            }
        }
        if !others.is_empty() {
            self.line(2, "near-others", &[]);
            for other in others {
                self.lines.push(format!("      {other}"));
            }
        }
    }

    fn row(&mut self, row: &RowLine, at: At<'_>, above: Option<&RowLine>) {
        let status = self.say(
            match &row.status {
                RowStatus::Counted => "row-counted",
                RowStatus::Outdone => "row-outdone",
                RowStatus::Excluded { .. } => "row-excluded",
                RowStatus::Near { .. } => "row-near",
                RowStatus::Unknown => "row-unknown",
                RowStatus::Declared { applies: true, .. } => "row-declared-yes",
                RowStatus::Declared { applies: false, .. } => "row-declared-no",
            },
            &[],
        );
        let points = match &row.points {
            Some(points) => at.shown(points),
            None => self.say("points-unknown", &[]),
        };
        let values = [
            ("status", &*status),
            ("points", &*points),
            ("label", &*row.label),
            ("id", &*row.id),
        ];
        self.line(2, "row", &values);
        match &row.status {
            RowStatus::Counted => {}
            RowStatus::Outdone => match &row.group {
                Some(group) => self.line(6, "why-outdone-group", &[("group", group)]),
                None => self.line(6, "why-outdone", &[]),
            },
            RowStatus::Excluded { by, label } => {
                self.line(6, "why-excluded", &[("id", by), ("label", label)]);
            }
            RowStatus::Near {
                failed,
                expression,
                neighbour,
                ..
            } => {
                let key = if *neighbour {
                    "why-neighbour"
                } else {
                    "why-near"
                };
                let failed = self.words(failed, expression).to_owned();
                self.line(6, key, &[("failed", &failed)]);
            }
            RowStatus::Unknown => self.line(6, "why-unknown", &[]),
            RowStatus::Declared {
                applies: true,
                counted: false,
            } => self.line(6, "why-declared-outdone", &[]),
            RowStatus::Declared { .. } => self.line(6, "why-declared", &[]),
        }
        if let (Some(formula), Some(expression)) = (&row.formula, &row.expression) {
            let words = self.words(formula, expression).to_owned();
            self.line(6, "points-from", &[("words", &words)]);
        }
        if let Some(judged) = &row.judged {
            let values = [
                ("reason", &*judged.reason),
                ("by", &*judged.entered_by),
                ("signed", &*judged.signed_by),
            ];
            self.line(6, "judged", &values);
        }
        let unknown = |r: &RowLine| r.status == RowStatus::Unknown;
        if above.is_some_and(|a| unknown(a) && unknown(row) && a.inputs == row.inputs) {
            self.line(6, "same-inputs", &[]);
        } else {
            self.inputs(6, &row.inputs, at.table.who.as_ref());
        }
        if let Some(note) = &row.note {
            self.line(6, "note", &[("note", note)]);
        }
        if at.common != Some(&row.source) {
            self.source(6, &row.source);
        }
    }
}

/// A table being told.
#[derive(Clone, Copy)]
struct At<'d> {
    d: &'d Derivation,
    table: &'d TableLine,
    /// The source that all its rows have.
    common: Option<&'d SourceLine>,
}

impl At<'_> {
    fn shown(&self, points: &str) -> String {
        let named = self.d.named(&self.table.id, points);
        signed(named, self.table.take == TakeName::Sum && named == points)
    }
}

/// The source of all rows, where it is one.
fn common_source(rows: &[RowLine]) -> Option<&SourceLine> {
    let first = &rows.first()?.source;
    let named = !first.document.is_empty() || !first.page.is_empty();
    (named && rows.iter().all(|r| r.source == *first)).then_some(first)
}
