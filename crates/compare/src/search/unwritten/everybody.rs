//! What conditions set right when everybody counts, and the points that set most right.

use super::{
    Condition, Fit, Search,
    effects::{Effect, chosen},
};
use crate::{
    crew::map,
    search::{
        Scene,
        stand::{Move, PARTS, distance, roughness},
    },
};
use enmusubi_criteria::model::Over;
use enmusubi_domain::facts::Exact;

/// Points that the most hopeful conditions are tried with.
const FINE: [i64; 48] = [
    -50, -40, -30, -25, -20, -19, -18, -17, -16, -15, -14, -13, -12, -11, -10, -9, -8, -7, -6, -5,
    -4, -3, -2, -1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 25, 30,
    40, 50,
];

/// Points with which a row sets nearly as much right are proposed as well: so many tenths of what the best do.
const NEARLY: i64 = 8;
/// Rows of such a table whose points are looked at one by one, how many points, and children asked for that at most.
const REFINED: (usize, i64, usize) = (2, 60, 6000);

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
        let numbers = match effect.fixed {
            Some(_) => vec![1],
            None => self.numbers(scene, at, &FINE),
        };
        // Where decisions fit a row can only do harm. Most do so much that a part of the groups tells.
        let mut candidates = candidates.to_vec();
        let (mut asked, mut moves): (Vec<u32>, Vec<(Move, u32)>) = (Vec::new(), Vec::new());
        for part in PARTS {
            let mut children = self.concerned(scene, effect.over, &candidates);
            children.retain(|&c| self.stand.is_in(c, part) && asked.binary_search(&c).is_err());
            moves.extend(self.moves(scene, (at, effect.over), effect.fixed, &children));
            moves.sort_unstable_by_key(|(m, element)| (m.entry, m.component, *element));
            asked.extend(children);
            asked.sort_unstable();
            let hopes = map(scene.crew, candidates.len(), |nth| {
                let holds = |of: u32| candidates[nth].holds[of as usize];
                let chosen = chosen(effect, &moves, holds);
                let gain = |&t: &i64| self.stand.gain(&chosen, t, |g| self.stand.counts(g, part));
                let least = self.least[candidates[nth].facts.min(2) - 1];
                part == 1 || numbers.iter().any(|t| gain(t) >= least)
            });
            let mut hopes = hopes.into_iter();
            candidates.retain(|_| hopes.next().unwrap_or(true));
        }
        let mut found = map(scene.crew, candidates.len(), |nth| {
            self.fit(effect, &moves, &numbers, candidates[nth])
        });
        if let Some(points) = effect.fixed {
            let best = found.iter().flatten().map(|f| f.gain).max().unwrap_or(0);
            let mut left = REFINED.0;
            for (fit, condition) in found.iter_mut().zip(&candidates) {
                if let Some(fit) = fit.as_mut().filter(|f| left > 0 && f.gain == best) {
                    left -= 1;
                    self.refine(scene, at, (effect, points), condition, fit);
                }
            }
        }
        fits.extend(found.into_iter().flatten());
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

    /// Other points with which a row of a table that does not add up sets as much right.
    fn refine(
        &self,
        scene: &Scene<'_, '_>,
        at: u32,
        (effect, points): (&Effect, Exact),
        condition: &Condition,
        fit: &mut Fit,
    ) {
        let children = self.concerned(scene, effect.over, &[condition]);
        if children.len() * REFINED.1 as usize > REFINED.2 {
            return;
        }
        for by in -REFINED.1 / 2..=REFINED.1 / 2 {
            let Some(other) = self.stand.points(by).and_then(|by| points.plus(by)) else {
                continue;
            };
            if by == 0 || other == Exact::ZERO {
                continue;
            }
            let moves = self.moves(scene, (at, effect.over), Some(other), &children);
            let moves = chosen(effect, &moves, |of| condition.holds[of as usize]);
            let gain = self.stand.gain(&moves, 1, |_| true);
            if gain > fit.gain {
                fit.gain = gain;
                fit.points.clear();
            }
            if gain == fit.gain {
                fit.points.push(other);
            }
        }
        fit.points.sort_by_key(|p| (roughness(*p), *p));
        fit.points.dedup();
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
            .map(|&t| (self.stand.gain(&moves, t, |_| true), t))
            .collect();
        let best = gains.iter().map(|g| g.0).max().unwrap_or(0);
        if best < self.least[condition.facts.min(2) - 1] {
            return None;
        }
        let points = |fits: &dyn Fn(i64) -> bool| {
            let times = gains.iter().filter(|(gain, _)| fits(*gain));
            let points = times.filter_map(|&(_, t)| match effect.fixed {
                Some(points) => Some(points),
                None => self.stand.points(t),
            });
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
