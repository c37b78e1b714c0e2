//! What conditions set right when everybody counts, and the points that set most right.

use super::{
    Condition, Fit, Search,
    effects::{Effect, chosen},
    screen::{narrowed, plainness},
};
use crate::{
    crew::map,
    search::{
        Scene,
        stand::{Move, PARTS, PROBED, distance, roughness},
    },
};
use enmusubi_criteria::model::Over;
use enmusubi_domain::facts::Exact;
use std::cmp::Reverse;

/// Points that the most hopeful conditions are tried with.
const FINE: [i64; 48] = [
    -50, -40, -30, -25, -20, -19, -18, -17, -16, -15, -14, -13, -12, -11, -10, -9, -8, -7, -6, -5,
    -4, -3, -2, -1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 25, 30,
    40, 50,
];

/// Points with which a row sets nearly as much right are proposed as well: so many tenths of what the best do.
const NEARLY: i64 = 8;
/// Numbers of points that are looked at in a table that takes one of several, at most.
const BETWEEN: i64 = 80;

/// The best conditions that are made narrower once more, how many narrower ones are kept of each, and moves of one at
/// most.
const NARROWED: usize = 2;
/// See [`NARROWED`].
const NARROWER: usize = 4;
/// See [`NARROWED`].
const SEEN: usize = 2000;

impl Search {
    /// What conditions set right when everybody counts, not only those in groups where decisions do not fit.
    pub(super) fn with_everybody(
        &self,
        scene: &Scene<'_, '_>,
        at: u32,
        effect: &Effect,
        candidates: &[&Condition],
        fits: &mut Vec<Fit>,
    ) {
        let numbers = match effect.adds {
            true => self.numbers(scene, at, &FINE),
            false => between(&effect.knots),
        };
        // Where decisions fit a row can only do harm. Most do so much that a part of the groups tells.
        let mut candidates = candidates.to_vec();
        let (mut asked, mut moves): (Vec<u32>, Vec<(Move, u32)>) = (Vec::new(), Vec::new());
        for part in PARTS {
            let mut children = self.concerned(scene, effect.over, &candidates);
            children.retain(|&c| self.stand.is_in(c, part) && asked.binary_search(&c).is_err());
            moves.extend(self.moves(scene, (at, effect.over), &effect.knots, &children));
            moves.sort_unstable_by_key(|(m, element)| (m.entry, m.component, *element));
            asked.extend(children);
            asked.sort_unstable();
            let hopes = map(scene.crew, candidates.len(), |nth| {
                let holds = |of: u32| candidates[nth].holds[of as usize];
                let chosen = chosen(effect, &moves, holds);
                let gain = |&t: &i64| {
                    let counted = |g| self.stand.counts(g, part);
                    self.stand.gain_among(&chosen, &effect.knots, t, counted)
                };
                let least = self.least[candidates[nth].facts.min(2) - 1];
                part == 1 || numbers.iter().any(|t| gain(t) >= least)
            });
            let mut hopes = hopes.into_iter();
            candidates.retain(|_| hopes.next().unwrap_or(true));
        }
        let found = map(scene.crew, candidates.len(), |nth| {
            self.fit(effect, &moves, &numbers, candidates[nth])
        });
        // Whom a condition would put on the wrong side where decisions fit is seen only now.
        let mut best: Vec<(i64, usize)> = (found.iter().enumerate())
            .filter_map(|(nth, fit)| Some((fit.as_ref()?.gain, nth)))
            .collect();
        best.sort_by_key(|(gain, nth)| (Reverse(*gain), *nth));
        best.truncate(NARROWED);
        for (gain, nth) in best {
            let points = found[nth].as_ref().and_then(|f| f.points.first());
            let times = points.and_then(|p| p.over(self.stand.unit)?.as_whole());
            let times = times.unwrap_or(1);
            for narrower in self.narrower(scene, effect, &moves, candidates[nth], (gain, times)) {
                fits.extend(self.fit(effect, &moves, &numbers, &narrower));
            }
        }
        fits.extend(found.into_iter().flatten());
    }

    /// A condition and another at once, or without it, where that sets more right than so many, with so many points.
    fn narrower(
        &self,
        scene: &Scene<'_, '_>,
        effect: &Effect,
        moves: &[(Move, u32)],
        condition: &Condition,
        (least, times): (i64, i64),
    ) -> Vec<Condition> {
        let holds = |m: &Move, element: u32| condition.holds[effect.of(m, element) as usize];
        let mine = moves.iter().filter(|(m, element)| holds(m, *element));
        let mine: Vec<(Move, u32)> = mine.copied().collect();
        if mine.len() > SEEN {
            return Vec::new();
        }
        let list = self.conditions(effect.over);
        let gains = map(scene.crew, list.len(), |nth| {
            [false, true].map(|not| {
                let moves = chosen(effect, &mine, |of| list[nth].holds[of as usize] != not);
                let stand = &self.stand;
                stand.gain_among(&moves, &effect.knots, times, |_| true)
            })
        });
        let mut found: Vec<(i64, &Condition, bool)> = (gains.into_iter().zip(list))
            .flat_map(|(gains, c)| [(gains[0], c, false), (gains[1], c, true)])
            .filter(|(gain, ..)| *gain > least)
            .collect();
        found.sort_by_key(|(gain, c, _)| (Reverse(*gain), plainness(c)));
        let narrowed = found
            .into_iter()
            .filter_map(|(_, c, not)| narrowed(condition, c, not));
        narrowed.take(NARROWER).collect()
    }

    /// Children whom one of some conditions concerns.
    fn concerned(&self, scene: &Scene<'_, '_>, over: Over, candidates: &[&Condition]) -> Vec<u32> {
        let mut children: Vec<u32> = self.stand.of_child.keys().copied().collect();
        children.sort_unstable();
        children.retain(|&child| {
            let mut list = candidates.iter();
            list.any(|c| self.is_about(scene, over, child, c))
        });
        children
    }

    /// Whether a condition concerns a child.
    fn is_about(
        &self,
        scene: &Scene<'_, '_>,
        over: Over,
        child: u32,
        condition: &Condition,
    ) -> bool {
        let Some(scored) = &scene.world.scored else {
            return false;
        };
        let facts = &scored.facts;
        let household = facts.household_of(child) as usize;
        let holds = |of: u32| condition.holds[of as usize];
        match over {
            Over::Application => {
                let mine = self.stand.of_child.get(&child);
                mine.into_iter().flatten().any(|&e| holds(e))
            }
            Over::Guardian => facts.index.guardians[household].clone().any(holds),
            Over::Adult => facts.index.adults[household].clone().any(holds),
        }
    }

    fn fit(
        &self,
        effect: &Effect,
        moves: &[(Move, u32)],
        numbers: &[i64],
        condition: &Condition,
    ) -> Option<Fit> {
        let moves = chosen(effect, moves, |of| condition.holds[of as usize]);
        let gains: Vec<(i64, i64)> = (numbers.iter())
            .map(|&t| (self.stand.gain_among(&moves, &effect.knots, t, |_| true), t))
            .collect();
        let best = gains.iter().map(|g| g.0).max().unwrap_or(0);
        if best < self.least[condition.facts.min(2) - 1] {
            return None;
        }
        let points = |fits: &dyn Fn(i64) -> bool| {
            let times = gains.iter().filter(|(gain, _)| fits(*gain));
            let points = times.filter_map(|&(_, t)| self.stand.points(t));
            let mut points: Vec<Exact> = points.collect();
            points.sort_by_key(|p| (roughness(*p), distance(*p, Exact::ZERO)));
            points
        };
        Some(Fit {
            table: effect.table.clone(),
            texts: condition.texts.clone(),
            points: points(&|gain| gain == best),
            nearly: points(&|gain| gain < best && gain > 0 && gain * 10 >= best * NEARLY),
            gain: best,
            facts: condition.facts,
        })
    }
}

/// All numbers between the ends (every so manieth where they are many), the knots among them.
fn between(knots: &[i64; PROBED.len()]) -> Vec<i64> {
    let (first, last) = (knots[0], knots[PROBED.len() - 1]);
    let step = ((last - first) / BETWEEN).max(1);
    let mut list: Vec<i64> = (0..=(last - first) / step)
        .map(|n| first + n * step)
        .collect();
    list.extend(knots);
    list.retain(|n| *n != 0);
    list.sort_unstable();
    list.dedup();
    list
}
