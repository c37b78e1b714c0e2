//! Points of rows, step by step: estimates find the condition more surely than the number.

use super::{
    Search, Tried,
    seen::{Left, is_gain},
};
use crate::cause::Cause;
use enmusubi_domain::facts::Exact;
use std::cmp::Reverse;

/// One row is polished for so many proposals that may be replayed.
const POLISHED: usize = 12;
/// Points more (or less) that are tried, and how often that is gone on from.
pub(super) const STEPS: [i64; 8] = [-4, -3, -2, -1, 1, 2, 3, 4];
/// See [`STEPS`].
const STEPS_ON: usize = 3;
/// Other words of a polished row that are looked at.
const WORDS: usize = 6;

impl<'a> Search<'a, '_> {
    /// The best rows that nobody wrote down, with the points that leave least: estimates find the condition more surely
    /// than the number. Each step that leaves less is gone on from.
    pub(super) fn polished(&mut self, tried: &[Tried<'a>], since: &Left) -> Vec<Tried<'a>> {
        if tried.first().is_none_or(|t| t.left.differing.is_empty()) {
            return Vec::new();
        }
        let rows = tried
            .iter()
            .filter(|t| matches!(t.cause, Cause::RowMissing { .. }) && is_gain(t.gain));
        let mut starts: Vec<&Tried<'a>> = Vec::new();
        let most = (self.limits.replayed as usize / POLISHED).max(1);
        for row in rows {
            if starts.len() < most && !starts.iter().any(|s| s.left == row.left) {
                starts.push(row);
            }
        }
        let mut found = Vec::new();
        for start in starts {
            let mut now = (start.cause.clone(), start.gain);
            for _ in 0..STEPS_ON {
                let others = STEPS.iter().filter_map(|&by| with_more(&now.0, by));
                let others = self.replay(&others.collect::<Vec<_>>(), since);
                let best = others
                    .into_iter()
                    .max_by_key(|t| (t.gain, Reverse(t.order())));
                let Some(best) = best.filter(|t| t.gain > now.1) else {
                    break;
                };
                now = (best.cause.clone(), best.gain);
                found.push(best);
            }
            let Some((_, _, points)) = now.0.as_missing() else {
                continue;
            };
            if now.1 == start.gain {
                continue;
            }
            // What said the same in other words.
            let words = tried.iter().filter(|t| t.left == start.left);
            let words = words.filter_map(|t| {
                let (table, when, _) = t.cause.as_missing()?;
                Some(Cause::missing(table, when, points))
            });
            let words = words.filter(|c| *c != now.0).take(WORDS);
            found.extend(self.replay(&words.collect::<Vec<_>>(), since));
        }
        found
    }
}

/// A row with some points more: one of the file, or one that nobody wrote down; none with 0 of these.
pub(super) fn with_more(cause: &Cause, by: i64) -> Option<Cause> {
    cause.with_points(cause.points()?.plus(Exact::whole(by))?)
}
