//! Rows that hold for no only child: siblings are refused together, so that no class says which of them stood too low. Whole rounds do: with
//! the points that let most children come out as decided.

use super::{Found, write::Written};
use crate::{held_out::agreement, years::Years};
use enmusubi_compare::{cause::Cause, past::PastTies, world::World};
use enmusubi_domain::facts::Exact;
use std::collections::BTreeSet;

/// Points that are tried, from nothing on.
const FEW: i64 = 3;
/// Of those that other rows of the table have, so many.
const OF_TABLE: usize = 12;
/// A row must let so many children more come out as decided.
const LEAST: u64 = 2;

/// Gives points to rows that hold for no only child.
pub fn settled(years: &Years, ties: &PastTies, found: &Found<'_>, written: &mut Written) {
    let rows: Vec<(usize, u32)> = (found.written().enumerate())
        .filter(|(_, (column, _))| column.of.is_empty() && !column.texts.is_empty())
        .filter_map(|(at, (column, _))| Some((at, column.row.as_ref()?.0)))
        .collect();
    if rows.is_empty() {
        return;
    }
    let agree = |causes: &[Cause]| -> Option<u64> {
        let world = World::of(years.past(&written.criteria, ties), causes).ok()?;
        let years = agreement(years, &world);
        Some(years.iter().map(|a| u64::from(a.agree)).sum())
    };
    let mut causes = written.causes.clone();
    let Some(mut now) = agree(&causes) else {
        return;
    };
    for (at, table) in rows {
        let mut best = (now + LEAST - 1, 0);
        for points in points(found, table) {
            let Cause::RowPoints { theirs, .. } = &mut causes[at] else {
                break;
            };
            *theirs = Exact::whole(points);
            if let Some(with) = agree(&causes).filter(|with| *with > best.0) {
                best = (with, points);
            }
        }
        if let Cause::RowPoints { theirs, .. } = &mut causes[at] {
            *theirs = Exact::whole(best.1);
        }
        if best.1 != 0 {
            now = best.0;
        }
    }
    written.causes = causes;
}

/// Points that a row of a table may have, fewest first: few, and those of other rows.
fn points(found: &Found<'_>, table: u32) -> Vec<i64> {
    let others = found
        .written()
        .filter(|(column, _)| column.is_of_table(table));
    let others: BTreeSet<i64> = others
        .map(|(_, points)| points)
        .filter(|p| p.abs() > FEW)
        .collect();
    let mut others: Vec<i64> = others.into_iter().collect();
    others.sort_by_key(|p| p.abs());
    others.truncate(OF_TABLE);
    let few = (1..=FEW).flat_map(|p| [p, -p]);
    few.chain(others).collect()
}
