//! Rows that never make a difference, bounds in the wrong order.

use crate::{
    build::place_of,
    diagnostic::Diagnostics,
    document::Record,
    expression::{Expression, Kind},
    model::{Criteria, Points, Row, Table, Take},
};
use enmusubi_domain::facts::Exact;

/// Reports them.
pub(crate) fn check(criteria: &Criteria, records: &[Vec<&Record>], all: &mut Diagnostics) {
    for (table, records) in criteria.tables.iter().zip(records) {
        bounds(&table.at_least, &table.at_most, all);
        for group in &table.groups {
            bounds(&group.at_least, &group.at_most, all);
        }
        for (at, row) in table.rows.iter().enumerate() {
            if let Some(other) = outdone(table, at) {
                all.warning(
                    "C087",
                    place_of(records[at], "when"),
                    (
                        format!(
                            "行「{}」は、同じ条件の行「{other}」があるため、結果を変えることがありません",
                            row.id
                        ),
                        format!(
                            "the row \"{}\" never makes a difference: \"{other}\" has the same condition",
                            row.id
                        ),
                    ),
                    (
                        "条件の写し間違いがないか確かめてください",
                        "is its condition copied wrongly?",
                    ),
                );
            } else if number(row) == Some(Exact::ZERO)
                && take_of(table, row) == Take::Sum
                && row.excludes.is_empty()
            {
                all.warning(
                    "C088",
                    place_of(records[at], "points"),
                    (
                        format!("行「{}」は0点を加えるだけで、結果を変えません", row.id),
                        format!(
                            "the row \"{}\" adds 0 points: it makes no difference",
                            row.id
                        ),
                    ),
                    (
                        "点がまだ分からないなら fill = true を書いてください",
                        "where the points are not known yet, write fill = true",
                    ),
                );
            }
        }
    }
}

fn take_of(table: &Table, row: &Row) -> Take {
    match row.group.and_then(|g| table.groups.get(g as usize)) {
        Some(group) => group.take,
        None => table.take,
    }
}

/// The row under whose condition another never counts.
fn outdone(table: &Table, at: usize) -> Option<&str> {
    let row = &table.rows[at];
    if !row.excludes.is_empty() {
        return None;
    }
    let take = take_of(table, row);
    table
        .rows
        .iter()
        .enumerate()
        .filter(|(i, other)| {
            *i != at
                && other.group == row.group
                && other.when == row.when
                && other.band == row.band
                && other.if_unknown == row.if_unknown
        })
        .find(|(i, other)| {
            // A row that something may exclude is no certain rival.
            let safe = !table.rows.iter().any(|r| r.excludes.contains(&(*i as u32)));
            let better = |keep: fn(Exact, Exact) -> bool| match (number(row), number(other)) {
                (Some(own), Some(its)) => keep(its, own) || (its == own && *i < at),
                _ => false,
            };
            safe && match take {
                Take::Sum => false,
                Take::Highest => better(|its, own| its > own),
                Take::Lowest => better(|its, own| its < own),
                Take::First => *i < at,
            }
        })
        .map(|(_, other)| &*other.id)
}

fn number(row: &Row) -> Option<Exact> {
    match &row.points {
        Points::Expression(e) => plain(e),
        _ => None,
    }
}

fn plain(e: &Expression) -> Option<Exact> {
    match e.kind {
        Kind::Number(n) => Some(n),
        _ => None,
    }
}

fn bounds(at_least: &Option<Expression>, at_most: &Option<Expression>, all: &mut Diagnostics) {
    if let (Some(least), Some(most)) = (at_least, at_most)
        && let (Some(low), Some(high)) = (plain(least), plain(most))
        && low > high
    {
        all.error(
            "C056",
            least.span.clone(),
            (
                format!("下限（{low}）が上限（{high}）より大きくなっています"),
                format!("at_least ({low}) is above at_most ({high})"),
            ),
            ("逆になっていないか確かめてください", "are they exchanged?"),
        );
    }
}
