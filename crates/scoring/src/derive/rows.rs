//! Tables, and what became of their rows.

use super::{
    Deriving, number,
    parts::{Standing, parts_of},
    text,
};
use crate::{
    derivation::{GroupLine, Input, Judged, RowLine, RowStatus, TableLine, TakeName},
    session::{Gives, Outcome},
};
use enmusubi_criteria::{
    expression::{Expression, Kind, Unary},
    in_words_of,
    model::{IfUnknown, Over, Points, Row, Table, Take},
};
use enmusubi_domain::facts::{Entity, Exact};

/// Facts told of a table of which no row applies.
const FIRST_LOOKS: usize = 4;

/// The guardian or adult a table is evaluated for.
type Element = Option<(Entity, u32)>;

/// What a row gives, and whether it is in the total.
#[derive(Clone, Copy)]
struct Given {
    /// Exclusions aside.
    alone: Gives,
    /// Once the rows that exclude it are looked at.
    finally: Gives,
    counted: bool,
}

impl Deriving<'_> {
    /// Every table, for everybody it is over.
    pub fn tables(&mut self) -> Outcome<Vec<TableLine>> {
        let mut lines = Vec::new();
        for at in 0..self.criteria.tables.len() {
            let (entity, range) = match self.criteria.tables[at].over {
                Over::Guardian => (Entity::Guardian, self.facts.index.guardians[0].clone()),
                Over::Adult => (Entity::Adult, self.facts.index.adults[0].clone()),
                Over::Application => {
                    lines.push(self.table(at, None)?);
                    continue;
                }
            };
            for element in range {
                lines.push(self.table(at, Some((entity, element)))?);
            }
        }
        Ok(lines)
    }

    fn table(&mut self, at: usize, of: Element) -> Outcome<TableLine> {
        let table = &self.criteria.tables[at];
        let element = of.map(|(_, e)| e);
        let points = self.session.table(at as u32, element)?;
        let mut given = Vec::with_capacity(table.rows.len());
        for (row, finally) in (0u32..).zip(self.session.rows(at as u32, element)?) {
            given.push(Given {
                alone: self.session.row(at as u32, row, element)?,
                finally,
                counted: false,
            });
        }

        // What the table combines: rows without a group, and groups in the place of their first row.
        let mut items: Vec<(Vec<usize>, Gives)> = Vec::new();
        let mut groups: Vec<GroupLine> = Vec::new();
        let mut seen = Vec::new();
        for (row, file) in table.rows.iter().enumerate() {
            let Some(group) = file.group else {
                items.push((vec![row], given[row].finally));
                continue;
            };
            if seen.contains(&group) {
                continue;
            }
            seen.push(group);
            let members: Vec<usize> = (0..table.rows.len())
                .filter(|&r| table.rows[r].group == Some(group))
                .collect();
            let rows: Vec<Gives> = members.iter().map(|&r| given[r].finally).collect();
            let file = &table.groups[group as usize];
            let gives = self.session.group(at as u32, group, element)?;
            let counting = counting(file.take, &rows);
            if let (Some(before), Gives::Points(after)) = (together(file.take, &rows), gives)
                && before != after
            {
                groups.push(GroupLine {
                    label: file.label.clone(),
                    before_bound: before.to_string().into(),
                    points: after.to_string().into(),
                });
            }
            let counted = members.iter().zip(counting).filter(|(_, c)| *c);
            items.push((counted.map(|(r, _)| *r).collect(), gives));
        }
        let gives: Vec<Gives> = items.iter().map(|(_, g)| *g).collect();
        for ((rows, _), counted) in items.iter().zip(counting(table.take, &gives)) {
            for &row in rows {
                given[row].counted = counted;
            }
        }
        let before = together(table.take, &gives);

        let mut rows = Vec::new();
        for row in 0..table.rows.len() {
            rows.extend(self.row(at, row, of, &given)?);
        }
        let otherwise = gives.iter().all(|g| *g == Gives::Nothing);
        let inputs = if otherwise {
            self.first_looks(at, element)
        } else {
            Vec::new()
        };
        Ok(TableLine {
            id: table.id.clone(),
            label: table.label.clone(),
            who: of.map(|(entity, subject)| self.who(entity, subject)),
            take: match table.take {
                Take::Sum => TakeName::Sum,
                Take::Highest => TakeName::Highest,
                Take::Lowest => TakeName::Lowest,
                Take::First => TakeName::First,
            },
            points: text(points),
            rows,
            groups,
            otherwise,
            inputs,
            before_bound: match (before, points) {
                (Some(before), Some(points)) if before != points => text(Some(before)),
                _ => None,
            },
        })
    }

    /// What the rows of a table look at first: why none applies begins there.
    fn first_looks(&mut self, at: usize, element: Option<u32>) -> Vec<Input> {
        let (file, typed) = (&self.criteria.tables[at], &self.resolved.tables[at]);
        // Of adjustments nobody wants to hear what each would have asked.
        if file.take == Take::Sum {
            return Vec::new();
        }
        let parts: Vec<_> = (0..file.rows.len())
            .filter_map(|row| parts_of(file, typed, row).into_iter().next())
            .collect();
        let mut inputs = self.inputs(parts.iter().map(|p| p.looks_at()), element);
        inputs.truncate(FIRST_LOOKS);
        inputs
    }

    /// A row, if there is something to tell of it.
    fn row(
        &mut self,
        table: usize,
        at: usize,
        of: Element,
        given: &[Given],
    ) -> Outcome<Option<RowLine>> {
        let (file, typed) = (&self.criteria.tables[table], &self.resolved.tables[table]);
        let row = &file.rows[at];
        let element = of.map(|(_, e)| e);
        let own = given[at];
        let standing = self.standing(table, at, element);
        let mut near = None;
        let status = match (own.alone, own.finally, &standing) {
            (Gives::Points(_), Gives::Points(_), Standing::Unknown) => RowStatus::Declared {
                applies: true,
                counted: own.counted,
            },
            (Gives::Points(_), Gives::Points(_), _) if own.counted => RowStatus::Counted,
            (Gives::Points(_), Gives::Points(_), _) => RowStatus::Outdone,
            (Gives::Points(_) | Gives::Unknown(_), Gives::Nothing, _) => excluded(file, at, given),
            (Gives::Points(_), Gives::Unknown(_), _) | (Gives::Unknown(_), ..) => {
                RowStatus::Unknown
            }
            (Gives::Nothing, _, Standing::Unknown) if row.if_unknown == IfUnknown::Not => {
                RowStatus::Declared {
                    applies: false,
                    counted: false,
                }
            }
            (Gives::Nothing, _, Standing::Near(failed)) => {
                let (words, expression) = self.words_of(&failed.part);
                near = Some(failed.part.looks_at());
                RowStatus::Near {
                    failed: words.into(),
                    expression: expression.into(),
                    neighbour: failed.neighbour,
                    ordinary: self.is_ordinary(failed.part.looks_at()),
                }
            }
            (Gives::Nothing, ..) => return Ok(None),
        };
        let points = match (own.alone, &typed.rows[at].points) {
            (Gives::Points(points) | Gives::Unknown(Some(points)), _) => Some(points),
            (Gives::Nothing, Some(points)) => {
                let element = element.unwrap_or(self.session.element_at_hand());
                let asked = |s: &mut crate::session::Session<'_>| number(s.evaluate(points, 0));
                self.session.with_element(element, asked)
            }
            _ => None,
        };
        let worked_out = match &row.points {
            Points::Expression(e) if !is_literal(e) => Some(e),
            _ => None,
        };
        let parts = parts_of(file, typed, at);
        let looked_at: Vec<_> = match near {
            Some(failed) => vec![failed],
            None => {
                let points = typed.rows[at].points.iter();
                parts.iter().map(|p| p.looks_at()).chain(points).collect()
            }
        };
        Ok(Some(RowLine {
            id: row.id.clone(),
            label: row.label.clone(),
            parents: row.parents.as_ref().unwrap_or(&row.label).clone(),
            group: row.group.map(|g| file.groups[g as usize].label.clone()),
            status,
            points: text(points),
            formula: worked_out.map(|e| in_words_of(self.criteria, e).into()),
            expression: worked_out.map(|e| e.to_string().into()),
            inputs: self.inputs(looked_at, element),
            judged: self.judged(row, of),
            guarded: row.parents.is_none() && self.guards(parts.iter().map(|p| p.looks_at()))
                || self.tells_of_health_apart(of, parts.iter().map(|p| p.looks_at())),
            note: row.note.clone(),
            source: self.source(&row.source),
        }))
    }

    /// What staff entered for a row: where the evaluator looks for it.
    fn judged(&self, row: &Row, of: Element) -> Option<Judged> {
        let child = (Entity::Child, self.facts.child_of(self.choice));
        let places = match of {
            Some(element) => vec![element],
            None => vec![child, (Entity::Household, 0)],
        };
        let entry = places.iter().find_map(|&(entity, subject)| {
            let mut entries = self.facts.discretion.iter();
            entries.find(|d| d.entity == entity && d.subject == subject && d.item == row.id)
        })?;
        Some(Judged {
            reason: entry.reason.clone(),
            entered_by: entry.entered_by.clone(),
            signed_by: entry.signed_by.clone(),
        })
    }
}

/// Whether points are written as a number.
fn is_literal(e: &Expression) -> bool {
    match &e.kind {
        Kind::Number(_) => true,
        Kind::Unary(Unary::Minus, a) => is_literal(a),
        _ => false,
    }
}

/// By which row one is excluded.
fn excluded(table: &Table, at: usize, given: &[Given]) -> RowStatus {
    let by = table.rows.iter().zip(given).find(|(other, given)| {
        other.excludes.contains(&(at as u32)) && matches!(given.finally, Gives::Points(_))
    });
    RowStatus::Excluded {
        by: by.map_or_else(|| "".into(), |(row, _)| row.id.clone()),
        label: by.map_or_else(|| "".into(), |(row, _)| row.label.clone()),
    }
}

/// Which of several rows or groups are in the number that they give together.
fn counting(take: Take, items: &[Gives]) -> Vec<bool> {
    let points = |g: &Gives| match g {
        Gives::Points(points) => Some(*points),
        _ => None,
    };
    let known = items.iter().filter_map(points);
    let one = match take {
        Take::Sum => return items.iter().map(|g| points(g).is_some()).collect(),
        Take::Highest => known.max().and_then(|best| position(items, best)),
        Take::Lowest => known.min().and_then(|best| position(items, best)),
        Take::First => items
            .iter()
            .position(|g| *g != Gives::Nothing)
            .filter(|&at| points(&items[at]).is_some()),
    };
    (0..items.len()).map(|at| Some(at) == one).collect()
}

/// Of equals the first counts.
fn position(items: &[Gives], points: Exact) -> Option<usize> {
    items.iter().position(|g| *g == Gives::Points(points))
}

/// The number that the counting ones give, before any bound; `None` where none counts.
fn together(take: Take, items: &[Gives]) -> Option<Exact> {
    let mut sum: Option<Exact> = None;
    for (given, counts) in items.iter().zip(counting(take, items)) {
        if let (Gives::Points(points), true) = (given, counts) {
            sum = Some(match sum {
                Some(sum) => sum.plus(*points)?,
                None => *points,
            });
        }
    }
    sum
}
