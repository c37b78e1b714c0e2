//! Priority keys of table rounds: declared strata, points, tie-break.

use super::{
    CompileError,
    judged::{JudgedChoice, KeyRows},
    tables::bins,
    ties::TieBreak,
};
use crate::compiled::{KeyComponent, KeyKind, KeyTable, Ties};
use enmusubi_domain::Round;

/// The priority key of a child at a nursery's ordinary seats; smaller is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    /// The declared strata, as one mixed-radix number.
    stratum: u32,
    /// Dense rank of the points, most points 0.
    points: u32,
    /// Lottery place or row; 0 where ties stay.
    tie: u32,
}

impl Key {
    /// After everybody.
    pub const LAST: Self = Self {
        stratum: u32::MAX,
        points: u32::MAX,
        tie: u32::MAX,
    };
}

/// Everything keys are made of.
pub(super) struct KeySpace {
    components: Vec<KeyComponent>,
    /// Per declared stratum: bin of each child.
    strata: Vec<Vec<u32>>,
    /// Per child: its bins as one number.
    stratum_of: Vec<u32>,
    /// Per entry of `Round::scores`: dense rank, most points 0.
    points_rank: Vec<u32>,
    tie: TieBreak,
    /// Texts of the strata's bins, then of the points.
    values: Vec<Box<str>>,
    /// Per declared stratum: where the texts of its bins begin.
    bins_at: Vec<u32>,
    scores_at: u32,
}

impl KeySpace {
    pub fn build(round: &Round, ties: &Ties, errors: &mut Vec<CompileError>) -> Self {
        let rules = &round.rules;
        let n = round.children.len();
        let mut components = Vec::new();
        let mut strata = Vec::new();
        let mut values: Vec<Box<str>> = Vec::new();
        let mut bins_at = Vec::new();
        let mut stratum_of = vec![0u32; n];
        let mut stratum_count = 1u32;
        for rule in &rules.strata {
            components.push(KeyComponent {
                label: rule.label.to_string(),
                kind: KeyKind::Stratum,
            });
            let of_child = bins(round, &rule.order, errors);
            let width = rule.order.labels.len().max(1) as u32;
            match stratum_count
                .checked_mul(width)
                .filter(|&c| c <= u32::MAX / 2)
            {
                Some(count) => stratum_count = count,
                None => errors.push(CompileError::TooMany {
                    what: "優先区分の組み合わせ",
                }),
            }
            for (s, &bin) in stratum_of.iter_mut().zip(&of_child) {
                *s = s.wrapping_mul(width).wrapping_add(bin);
            }
            strata.push(of_child);
            bins_at.push(values.len() as u32);
            values.extend(rule.order.labels.iter().cloned());
        }
        components.push(KeyComponent {
            label: "指数".to_owned(),
            kind: KeyKind::Points,
        });
        let scores_at = values.len() as u32;
        values.extend(round.scores.iter().map(|s| s.to_string().into_boxed_str()));

        let tie = TieBreak::of(
            ties,
            n,
            |c| &round.children[c].id,
            |c| round.children[c].row,
        );
        components.extend(tie.component.clone());
        Self {
            components,
            strata,
            stratum_of,
            points_rank: points_rank(round),
            tie,
            values,
            bins_at,
            scores_at,
        }
    }

    /// Key of a child with these points.
    pub fn key(&self, child: u32, score: u32) -> Key {
        Key {
            stratum: self.stratum_of[child as usize],
            points: self.points_rank[score as usize],
            tie: self.tie.place[child as usize],
        }
    }

    /// Key of a child in a declared order.
    pub fn declared(&self, child: u32, rank: u32) -> Key {
        Key {
            stratum: 0,
            points: rank,
            tie: self.tie.place[child as usize],
        }
    }

    /// Numbers the keys of all choices, best first, and writes out each distinct one. Takes the
    /// texts with it.
    pub fn number(
        &mut self,
        child_of: &[u32],
        scores: &[u32],
        choices: &mut [JudgedChoice],
    ) -> KeyRows {
        let pairs = || child_of.iter().zip(scores).map(|(&c, &s)| (c, s));
        // Most children have one key at all their choices: keep runs out of the sort.
        let mut distinct: Vec<(Key, u32, u32)> = Vec::new();
        let mut last = None;
        for (c, s) in pairs() {
            if last != Some((c, s)) {
                distinct.push((self.key(c, s), c, s));
                last = Some((c, s));
            }
        }
        distinct.sort_unstable();
        distinct.dedup_by_key(|d| d.0);

        let mut last = None;
        for (choice, (c, s)) in choices.iter_mut().zip(pairs()) {
            let number = match last {
                Some((pair, number)) if pair == (c, s) => number,
                _ => {
                    let key = self.key(c, s);
                    distinct.partition_point(|d| d.0 < key) as u32
                }
            };
            (choice.key, choice.apart) = (number, number);
            last = Some(((c, s), number));
        }

        let components = std::mem::take(&mut self.components);
        let mut values = std::mem::take(&mut self.values);
        let ties_at = values.len() as u32;
        values.append(&mut self.tie.text);
        let mut index = Vec::with_capacity(distinct.len() * components.len());
        for &(_, c, s) in &distinct {
            for (of_child, at) in self.strata.iter().zip(&self.bins_at) {
                index.push(at + of_child[c as usize]);
            }
            index.push(self.scores_at + s);
            if self.tie.component.is_some() {
                index.push(ties_at + c);
            }
        }
        KeyRows {
            table: KeyTable {
                values,
                index,
                components: components.len() as u32,
            },
            components,
            count: distinct.len() as u32,
        }
    }
}

/// Dense rank of every entry of `Round::scores`, most points 0.
fn points_rank(round: &Round) -> Vec<u32> {
    let mut by_points: Vec<u32> = (0..round.scores.len() as u32).collect();
    by_points.sort_unstable_by(|&a, &b| round.scores[b as usize].cmp(&round.scores[a as usize]));
    let mut rank = vec![0u32; by_points.len()];
    let mut last = 0;
    for (i, &s) in by_points.iter().enumerate() {
        if i > 0 && round.scores[by_points[i - 1] as usize] != round.scores[s as usize] {
            last += 1;
        }
        rank[s as usize] = last;
    }
    rank
}
