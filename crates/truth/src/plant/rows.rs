//! Rows of the criteria: wrong points, left out, not gone by.

use super::{Ground, Trial};
use enmusubi_compare::cause::Cause;
use enmusubi_criteria::{
    Criteria, Expression,
    expression::{Binary, Kind, Name},
    model::{Band, Points, Row, Table, Take},
};
use enmusubi_domain::facts::{Exact, Unit};
use enmusubi_synth::rng::Rng;

/// A row, with its table.
fn any_row<'g>(ground: &'g Ground, rng: &mut Rng) -> Option<(&'g Table, &'g Row)> {
    let tables = &ground.ours.criteria.tables;
    let rows: Vec<(&Table, &Row)> = tables
        .iter()
        .flat_map(|t| t.rows.iter().map(move |r| (t, r)))
        .collect();
    rows.get(rng.index(rows.len())).copied()
}

fn row_mut<'c>(criteria: &'c mut Criteria, id: &str) -> Option<&'c mut Row> {
    let mut rows = criteria.tables.iter_mut().flat_map(|t| &mut t.rows);
    rows.find(|r| *r.id == *id)
}

/// Our file has other points at a row.
pub(super) fn points(ground: &Ground, rng: &mut Rng) -> Option<Trial> {
    let (_, row) = any_row(ground, rng)?;
    let theirs = row.plain_points()?;
    let by = [1, 2, 3, 5, 10, -1, -2, -3, -5, -10][rng.index(10)];
    let ours = match rng.index(8) {
        // The sign was lost.
        0 => theirs.negated()?,
        _ => theirs.plus(Exact::whole(by))?,
    };
    if ours == theirs || ours == Exact::ZERO {
        return None;
    }
    let id = row.id.clone();
    let edited = id.clone();
    Some(Trial {
        edit: Box::new(move |hands| {
            if let Some(row) = row_mut(&mut hands.criteria, &edited) {
                row.points = Points::Expression(Expression::number(ours, row.span.clone()));
            }
        }),
        in_ours: !ground.criteria_stay,
        about: format!("row {id}"),
        cause: Cause::RowPoints {
            row: id,
            // Where the file stays as it is, the staff have the changed points.
            theirs: if ground.criteria_stay { ours } else { theirs },
        },
    })
}

/// The staff do not go by a row.
pub(super) fn extra(ground: &Ground, rng: &mut Rng) -> Option<Trial> {
    let (_, row) = any_row(ground, rng)?;
    let id = row.id.clone();
    let edited = id.clone();
    Some(Trial {
        edit: Box::new(move |hands| take_out(&mut hands.criteria, &edited)),
        in_ours: false,
        about: format!("row {id}"),
        cause: Cause::RowExtra { row: id },
    })
}

/// Our file lacks a row: one that says the same wherever it stands in its table.
pub(super) fn taken_out(ground: &Ground, rng: &mut Rng) -> Option<Trial> {
    let (table, row) = any_row(ground, rng)?;
    let at = table.rows.iter().position(|r| r.id == row.id)? as u32;
    let excluded = table.rows.iter().any(|r| r.excludes.contains(&at));
    let free = matches!(table.take, Take::Sum | Take::Highest | Take::Lowest);
    if !free || row.group.is_some() || excluded || !row.excludes.is_empty() {
        return None;
    }
    let points = row.plain_points()?;
    let when = condition(table, row)?.to_string();
    let id = row.id.clone();
    Some(Trial {
        cause: Cause::RowMissing {
            table: table.id.clone(),
            when: when.into(),
            points,
        },
        about: format!("row {id}"),
        edit: Box::new(move |hands| take_out(&mut hands.criteria, &id)),
        in_ours: true,
    })
}

/// The criteria without a row.
pub(crate) fn take_out(criteria: &mut Criteria, id: &str) {
    for table in &mut criteria.tables {
        let Some(at) = table.rows.iter().position(|r| *r.id == *id) else {
            continue;
        };
        table.rows.remove(at);
        let at = at as u32;
        for row in &mut table.rows {
            row.excludes.retain(|&e| e != at);
            for e in &mut row.excludes {
                *e -= u32::from(*e > at);
            }
        }
    }
}

/// When a row applies, its band included, as one expression.
fn condition(table: &Table, row: &Row) -> Option<Expression> {
    let mut parts: Vec<Expression> = Vec::new();
    if let Some(part) = &row.band {
        let band: &Band = table.bands.get(part.band as usize)?;
        parts.extend(band.when.clone());
        let mut bound = |by: &Expression, unit: Option<Unit>, op: Binary, n: Option<Exact>| {
            let Some(n) = n else {
                return;
            };
            let number = Expression::number(n, 0..0);
            let number = match unit {
                None => number,
                Some(unit) => Expression {
                    kind: Kind::Call(
                        Name {
                            text: unit.name().into(),
                            span: 0..0,
                        },
                        vec![number],
                    ),
                    span: 0..0,
                },
            };
            parts.push(binary(op, by.clone(), number));
        };
        bound(&band.by, band.unit, Binary::GreaterOrEqual, part.from);
        bound(&band.by, band.unit, Binary::Less, part.below);
        if let Some(by2) = &band.by2 {
            bound(by2, band.unit2, Binary::GreaterOrEqual, part.from2);
            bound(by2, band.unit2, Binary::Less, part.below2);
        }
    }
    parts.extend(row.when.clone());
    parts.into_iter().reduce(|a, b| binary(Binary::And, a, b))
}

fn binary(op: Binary, a: Expression, b: Expression) -> Expression {
    Expression {
        kind: Kind::Binary(op, Box::new(a), Box::new(b)),
        span: 0..0,
    }
}
