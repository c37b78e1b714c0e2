//! What speaks for and against each row that was found, and the points that fit as well.

use super::{
    Found,
    model::{Model, ONE},
};
use crate::{
    support::{Interval, Rule},
    years::Years,
};
use enmusubi_compare::cause::Cause;
use enmusubi_domain::facts::Exact;

/// Points more and less that are looked at beside those found.
const REACH: i64 = 40;

/// The rows found as rules, `causes` in their order.
#[must_use]
pub fn rules(years: &Years, found: &Found<'_>, causes: &[Cause]) -> Vec<Rule> {
    let mut model = found.model.clone();
    let with = wrong(&model);
    let all = model.points.clone().into_iter().enumerate();
    let rows = all.filter(|(j, p)| *p != 0 || found.columns[*j].row.is_some());
    let rule = |((j, points), cause): ((usize, i64), &Cause)| {
        let before = model.total;
        model.take(&found.columns, &[(j, -points)]);
        let (explains, without) = (model.total - before, wrong(&model));
        model.take(&found.columns, &[(j, points)]);
        let only = |a: &[bool], b: &[bool]| {
            let ids = &model.sides.facts.children.ids;
            let mut children: Vec<u32> = (0..a.len())
                .filter(|&e| a[e] && !b[e])
                .map(|e| model.sides.entries[e].child)
                .collect();
            children.sort_unstable();
            children.dedup();
            years.count(children.iter().map(|c| &*ids[*c as usize]))
        };
        let (support, opposition) = (only(&without, &with), only(&with, &without));
        Rule {
            cause: cause.clone(),
            class: Vec::new(),
            explains: explains / ONE,
            support,
            opposition,
            interval: Some(interval(&mut model, found, j)),
        }
    };
    rows.zip(causes).map(rule).collect()
}

/// Who stands on the wrong side.
fn wrong(model: &Model<'_>) -> Vec<bool> {
    let lean = model.lean();
    lean.iter().map(|l| l.abs() * 2 >= ONE).collect()
}

/// Points with which no more stand on the wrong side, but for one where some do: that may be a slip.
fn interval(model: &mut Model<'_>, found: &Found<'_>, j: usize) -> Interval {
    let may = if model.total > 0 { ONE } else { 0 };
    let (mut ends, mut open) = ([model.points[j]; 2], [false; 2]);
    for (side, sign) in [(0, -1), (1, 1)] {
        for by in 1..=REACH {
            if model.tried(&found.columns, &[(j, sign * by)]) > may {
                break;
            }
            ends[side] += sign;
            open[side] = by == REACH;
        }
    }
    Interval {
        least: Exact::whole(ends[0]),
        most: Exact::whole(ends[1]),
        open,
    }
}
