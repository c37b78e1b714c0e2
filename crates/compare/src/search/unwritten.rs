//! Rows that nobody wrote down: a condition of one or two facts, and points, with which more would stand on the right side.
//!
//! Tables that add up are asked once for each child how keys would move with one more row there, others once for each
//! number of points; a condition then only chooses whom that concerns, so that thousands are looked at without
//! anybody being scored again.

use super::{
    Proposal, Proposer, Scene, Tier,
    conditions::{self, Cuts, atoms, together},
    parts::{Part, parts},
    seen::Seen,
    stand::{Move, PARTS, Stand, distance, plain_points, roughness},
};
use crate::{cause::Cause, crew::map};
use enmusubi_criteria::{
    Criteria,
    model::{Over, Table, Take},
};
use enmusubi_domain::facts::{Entity, Exact, RoundFacts};
use enmusubi_scoring::{Nudge, Probe, Program};
use std::{
    cmp::Reverse,
    collections::{HashMap, HashSet},
    sync::Arc,
};

/// Points that every condition is tried with, beside those of the table's own rows.
const COARSE: [i64; 14] = [-20, -10, -7, -5, -3, -2, -1, 1, 2, 3, 5, 7, 10, 20];

/// Points that the most hopeful conditions are tried with.
const FINE: [i64; 48] = [
    -50, -40, -30, -25, -20, -19, -18, -17, -16, -15, -14, -13, -12, -11, -10, -9, -8, -7, -6, -5,
    -4, -3, -2, -1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 25, 30,
    40, 50,
];

/// Single conditions of a table that are tried with every number of points, and joined.
const HOPEFUL: usize = 24;
/// Of these, those that are joined with each other.
const JOINED: usize = 16;
/// Conditions of a table that are made narrower by any other.
const NARROWED: usize = 4;
/// Rows that are proposed: those of one fact, and of several.
const BEST: [usize; 2] = [16, 8];
/// Of these, those that are proposed with several numbers of points, and how many of these at most.
const SEVERAL: (usize, usize) = (4, 4);
/// The condition that holds for everybody.
pub const EVERYBODY: &str = "true";
/// Points for everybody that are tried.
const TO_ALL: [i64; 2] = [5, 12];
/// Points with which a row sets nearly as much right are proposed as well: so many tenths of what the best do.
const NEARLY: i64 = 8;
/// Tables looked at, of those over applications and of those over guardians (adults).
const TABLES: usize = 2;
/// What a single condition must set right at least, and what two joined ones: less is a slip.
const LEAST: [i64; 2] = [2, 3];
/// The same where so few do not fit that a row may be behind them all.
const LEAST_OF_FEW: [i64; 2] = [1, 2];
/// How few that is.
const FEW: u32 = 8;
/// Conditions of a table that are tried with everybody near a cut-off.
const NEAR: usize = 64;
/// Rows that are tried with everybody: those of one fact, and of several.
const FULL: [usize; 2] = [24, 16];
/// Points of a row in a table that takes one of several, at most.
const LEVELS: usize = 8;
/// Rows of such a table whose points are looked at one by one, how many points, and children asked for that at most.
const REFINED: (usize, i64, usize) = (2, 60, 6000);

/// Proposes rows that nobody wrote down.
#[derive(Debug, Default)]
pub struct Unwritten {
    seen: Seen<Fit>,
}

/// Rows that would set right, best first.
fn fits(scene: &Scene<'_, '_>) -> Vec<Fit> {
    let search = Search::of(scene);
    search.map_or_else(Vec::new, |search| search.fits(scene))
}

impl Proposer for Unwritten {
    fn tier(&self) -> Tier {
        Tier::Unwritten
    }

    fn propose(&self, scene: &Scene<'_, '_>) -> Vec<Proposal> {
        let fits = self.seen.of(scene, || fits(scene));
        let most = i64::from(scene.evidence.units.max(1));
        let of = |several: bool| {
            let of = fits.iter().filter(move |f| (f.facts > 1) == several);
            of.take(BEST[usize::from(several)]).enumerate()
        };
        let proposals = of(false).chain(of(true)).flat_map(|(nth, fit)| {
            // Of the best several numbers of points: they differ in what follows.
            let several = if nth < SEVERAL.0 { SEVERAL.1 } else { 1 };
            let mut points: Vec<Exact> = fit.points.clone();
            points.extend(&fit.nearly);
            points.truncate(several);
            points.into_iter().filter_map(move |points| {
                Some(Proposal {
                    promise: u32::try_from(fit.gain.min(most)).ok()?,
                    cause: Cause::RowMissing {
                        table: fit.table.clone(),
                        when: fit.texts.first()?.as_str().into(),
                        points,
                    },
                })
            })
        });
        proposals.chain(for_everybody(scene)).collect()
    }

    fn alike(&self, scene: &Scene<'_, '_>, cause: &Cause) -> Vec<Cause> {
        let Cause::RowMissing {
            table,
            when,
            points,
        } = cause
        else {
            return Vec::new();
        };
        // The same rule in other words, and other points with which it explains as much.
        let fits = self.seen.of(scene, || fits(scene));
        let same = |f: &&Fit| *f.table == **table && f.texts.iter().any(|t| **t == **when);
        let Some(fit) = fits.iter().find(same) else {
            return Vec::new();
        };
        let row = |when: &str, points: Exact| Cause::RowMissing {
            table: table.clone(),
            when: when.into(),
            points,
        };
        let words = fit.texts.iter().map(|t| row(t, *points));
        let numbers = fit.points.iter().map(|p| row(when, *p));
        words.chain(numbers).filter(|c| c != cause).collect()
    }
}

/// Points for everybody where a table is bounded: only those near the bound feel them, which no cut-off tells. Two numbers
/// to begin with; whichever leaves less is polished.
fn for_everybody(scene: &Scene<'_, '_>) -> Vec<Proposal> {
    let Some(scored) = &scene.world.scored else {
        return Vec::new();
    };
    if scene.evidence.units == 0 {
        return Vec::new();
    }
    let tables = scored.criteria.tables.iter().filter(|t| {
        let bounded = t.at_most.is_some() || t.at_least.is_some();
        bounded && t.over == Over::Application && t.take == Take::Sum
    });
    let rows = tables.take(TABLES).flat_map(|table| {
        TO_ALL.map(|points| Proposal {
            promise: scene.evidence.units.div_ceil(2),
            cause: Cause::RowMissing {
                table: table.id.clone(),
                when: EVERYBODY.into(),
                points: Exact::whole(points),
            },
        })
    });
    rows.collect()
}

/// A row that would set right.
#[derive(Debug)]
struct Fit {
    table: Box<str>,
    /// Its condition, in several wordings that mean the same in this round.
    texts: Vec<String>,
    /// Points that fit best, the roundest first.
    points: Vec<Exact>,
    /// Points that fit nearly as well, the roundest first.
    nearly: Vec<Exact>,
    gain: i64,
    /// Facts its condition looks at.
    facts: usize,
}

/// A condition, for those it concerns: children's entries, or guardians (adults).
type Condition = conditions::Condition<bool>;

/// How keys of a table would move, for everybody it concerns.
struct Effect {
    table: Box<str>,
    over: Over,
    /// The points of the row, where the table does not add up; else moves are those of any multiple.
    fixed: Option<Exact>,
    /// By entry; the guardian (adult), 0 in a table over applications.
    moves: Vec<(Move, u32)>,
}

/// A row that would set some right, as far as those near cut-offs tell.
struct Candidate {
    gain: i64,
    effect: usize,
    condition: Condition,
}

struct Search {
    stand: Stand,
    program: Arc<Program>,
    /// What a row must set right at least.
    least: [i64; 2],
    /// Conditions of applications, of guardians, and of adults.
    conditions: [Vec<Condition>; 3],
}

impl Search {
    fn of(scene: &Scene<'_, '_>) -> Option<Self> {
        let scored = scene.world.scored.as_ref()?;
        let stand = Stand::of(scene)?;
        let least = match scene.evidence.units {
            ..=FEW => LEAST_OF_FEW,
            _ => LEAST,
        };
        let odd: u32 = stand.wrong.iter().sum();
        if i64::from(odd) < least[0] {
            return None;
        }
        let program = Arc::clone(&scored.program);
        let conditions = conditions(&stand, &scored.facts, &scored.criteria);
        Some(Self {
            stand,
            program,
            least,
            conditions,
        })
    }

    /// Rows by what they would set right, best first; among equals the simplest.
    fn fits(&self, scene: &Scene<'_, '_>) -> Vec<Fit> {
        let suspects = self.stand.suspects();
        let effects = self.effects(scene, &suspects);
        let mut list: Vec<Candidate> = Vec::new();
        for (nth, (at, effect)) in effects.iter().enumerate() {
            let found = self.screen(scene, (*at, effect), &suspects).into_iter();
            list.extend(found.map(|(gain, condition)| Candidate {
                gain,
                effect: nth,
                condition,
            }));
        }
        let length = |c: &Condition| c.texts.first().map_or(0, String::len);
        list.sort_by_key(|c| (Reverse(c.gain), c.condition.facts, length(&c.condition)));
        // One number of points for each: others are looked at afterwards.
        let mut tables: HashSet<(&str, &[bool])> = HashSet::new();
        let known: Vec<bool> = list
            .iter()
            .map(|c| !tables.insert((&effects[c.effect].1.table, &c.condition.holds)))
            .collect();
        let mut known = known.into_iter();
        list.retain(|_| !known.next().unwrap_or(true));
        let mut left = FULL;
        list.retain(|c| {
            let left = &mut left[usize::from(c.condition.facts > 1)];
            *left = left.saturating_sub(1);
            *left > 0
        });
        let mut fits: Vec<Fit> = Vec::new();
        for (nth, (at, effect)) in effects.iter().enumerate() {
            let mine = list.iter().filter(|c| c.effect == nth);
            let mine: Vec<&Condition> = mine.map(|c| &c.condition).collect();
            if !mine.is_empty() {
                self.with_everybody(scene, *at, effect, &mine, &mut fits);
            }
        }
        let rough = |f: &Fit| f.points.first().map_or(9, |p| roughness(*p));
        fits.sort_by_key(|f| {
            let length = f.texts.first().map_or(0, String::len);
            (Reverse(f.gain), f.facts, rough(f), length)
        });
        fits
    }

    /// The tables that a row may be added to, with how keys move there in groups where decisions do not fit.
    fn effects(&self, scene: &Scene<'_, '_>, suspects: &[bool]) -> Vec<(u32, Effect)> {
        let Some(scored) = &scene.world.scored else {
            return Vec::new();
        };
        let mut effects: Vec<(u32, Effect)> = Vec::new();
        let children = self.children();
        let entries = suspects.iter().zip(&self.stand.entries);
        let mut few: Vec<u32> = entries.filter(|(s, _)| **s).map(|(_, e)| e.child).collect();
        few.sort_unstable();
        few.dedup();
        let here = |e: u32| {
            self.stand
                .is_odd(self.stand.entries[e as usize].group as usize)
        };
        for (at, table) in (0u32..).zip(&scored.criteria.tables) {
            let sums = table.take == Take::Sum;
            let like = |e: &(u32, Effect)| e.1.over == table.over && e.1.fixed.is_none() == sums;
            let mut tables: Vec<u32> = effects.iter().filter(|e| like(e)).map(|e| e.0).collect();
            tables.dedup();
            if tables.len() >= TABLES {
                continue;
            }
            let points = match sums {
                true => vec![None],
                false => levels(table).into_iter().map(Some).collect(),
            };
            for fixed in points {
                // In a table that does not add up, only of those on a wrong side.
                let children = if sums { &children } else { &few };
                let mut moves = self.moves(scene, (at, table.over), fixed, children);
                moves.retain(|(m, _)| here(m.entry) && (sums || suspects[m.entry as usize]));
                // Another table of the same kind with the same effect says nothing new.
                let known = effects
                    .iter()
                    .any(|(_, e)| e.over == table.over && e.moves == moves);
                if !moves.is_empty() && !known {
                    let table = Effect {
                        table: table.id.clone(),
                        over: table.over,
                        fixed,
                        moves,
                    };
                    effects.push((at, table));
                }
            }
        }
        effects
    }

    /// Children with an entry in a group where decisions do not fit.
    fn children(&self) -> Vec<u32> {
        let entries = self.stand.entries.iter();
        let odd = entries.filter(|e| self.stand.is_odd(e.group as usize));
        let mut children: Vec<u32> = odd.map(|e| e.child).collect();
        children.sort_unstable();
        children.dedup();
        children
    }

    fn moves(
        &self,
        scene: &Scene<'_, '_>,
        (table, over): (u32, Over),
        fixed: Option<Exact>,
        children: &[u32],
    ) -> Vec<(Move, u32)> {
        let Some(scored) = &scene.world.scored else {
            return Vec::new();
        };
        let facts = &scored.facts;
        let parts: Vec<&[u32]> = children.chunks(256).collect();
        let found = map(scene.crew, parts.len(), |part| {
            let mut probe = Probe::new(&self.program, facts);
            let mut list = Vec::new();
            let mut moves = Vec::new();
            for &child in parts[part] {
                let household = facts.household_of(child) as usize;
                let elements = match over {
                    Over::Application => 0..1,
                    Over::Guardian => facts.index.guardians[household].clone(),
                    Over::Adult => facts.index.adults[household].clone(),
                };
                for element in elements {
                    let added = |points| Nudge::Added {
                        table,
                        element: (over != Over::Application).then_some(element),
                        points,
                    };
                    moves.clear();
                    let stand = &self.stand;
                    match fixed {
                        Some(p) => stand.probe_once(&mut probe, child, added(p), &mut moves),
                        None => stand.probe(&mut probe, child, |p| Some(added(p)), &mut moves),
                    }
                    list.extend(moves.iter().map(|m| (*m, element)));
                }
            }
            list
        });
        let mut found: Vec<(Move, u32)> = found.into_iter().flatten().collect();
        found.sort_unstable_by_key(|(m, element)| (m.entry, m.component, *element));
        found
    }

    /// Conditions with which more would stand on the right side where decisions do not fit.
    fn screen(
        &self,
        scene: &Scene<'_, '_>,
        (at, effect): (u32, &Effect),
        suspects: &[bool],
    ) -> Vec<(i64, Condition)> {
        let list = match effect.over {
            Over::Application => &self.conditions[0],
            Over::Guardian => &self.conditions[1],
            Over::Adult => &self.conditions[2],
        };
        let numbers = match effect.fixed {
            Some(_) => vec![1],
            None => self.numbers(scene, at, &COARSE),
        };
        let with = |moves: &[(Move, u32)], condition: &Condition, numbers: &[i64]| {
            let moves = chosen(effect.over, moves, condition);
            let gains = (numbers.iter()).map(|&t| (self.stand.gain(&moves, t, |_| true), t));
            gains.max_by_key(|(gain, t)| (*gain, Reverse(t.abs())))
        };
        let best_of = |moves: &[(Move, u32)], conditions: &[&Condition], most: usize| {
            let found = map(scene.crew, conditions.len(), |nth| {
                with(moves, conditions[nth], &numbers)
            });
            let mut list: Vec<Hopeful> = (found.into_iter().zip(conditions))
                .filter_map(|(best, condition)| {
                    let (gain, times) = best?;
                    Some(Hopeful {
                        gain,
                        times,
                        condition: (*condition).clone(),
                    })
                })
                .filter(|h| h.gain > 0)
                .collect();
            list.sort_by_key(|h| Reverse(h.gain));
            list.truncate(most);
            list
        };
        let near: Vec<(Move, u32)> = (effect.moves.iter())
            .filter(|(m, _)| suspects[m.entry as usize])
            .copied()
            .collect();
        // Those near a cut-off tell whether a condition for a few is of use; one for many moves the others as well.
        let is_wide = |c: &&Condition| c.holds.iter().filter(|h| **h).count() * 2 > c.holds.len();
        let (wide, narrow): (Vec<&Condition>, Vec<&Condition>) = list.iter().partition(is_wide);
        let first = best_of(&near, &narrow, NEAR);
        let first = first.iter().map(|h| &h.condition);
        let first: Vec<&Condition> = first.chain(wide).collect();
        let mut hopeful = best_of(&effect.moves, &first, HOPEFUL);
        if hopeful.is_empty() {
            return Vec::new();
        }
        // The best with each other, and the very best with any other that makes it narrower; then once more.
        let joined = joined(&hopeful[..hopeful.len().min(JOINED)]);
        let narrower = |of: &[Hopeful]| {
            let parents = &of[..of.len().min(NARROWED)];
            let both: Vec<(usize, Condition)> = (parents.iter().enumerate())
                .flat_map(|(at, h)| list.iter().map(move |c| (at, h, c)))
                .flat_map(|(at, h, c)| narrowed(&h.condition, c).map(move |n| (at, n)))
                .collect();
            // With the points that did best for the wider one: the screen only says which are worth a look.
            let gains = map(scene.crew, both.len(), |nth| {
                let (at, condition) = &both[nth];
                let numbers = beside(parents[*at].times);
                with(&near, condition, &numbers).map_or(0, |(gain, _)| gain)
            });
            let least: Vec<i64> = (parents.iter())
                .map(|h| with(&near, &h.condition, &beside(h.times)).map_or(0, |(gain, _)| gain))
                .collect();
            let mut found: Vec<(i64, Condition)> = (gains.into_iter().zip(both))
                .filter(|(gain, (at, _))| *gain > least[*at])
                .map(|(gain, (_, condition))| (gain, condition))
                .collect();
            found.sort_by_key(|(gain, _)| Reverse(*gain));
            found.truncate(HOPEFUL);
            found.into_iter().map(|(_, c)| c).collect::<Vec<_>>()
        };
        let mut deeper: Vec<Condition> = joined;
        deeper.extend(narrower(&hopeful));
        let deeper: Vec<&Condition> = deeper.iter().collect();
        let pairs = best_of(&effect.moves, &deeper, HOPEFUL);
        let deepest = narrower(&pairs);
        let deepest: Vec<&Condition> = deepest.iter().collect();
        let triples = best_of(&effect.moves, &deepest, HOPEFUL);
        // Less than a single fact explains needs no second.
        let of_one = hopeful.first().map_or(0, |h| h.gain);
        let more = pairs.into_iter().chain(triples);
        hopeful.extend(more.filter(|h| h.gain >= of_one));
        // What is gained where decisions do not fit is the most that can be.
        let least = |c: &Condition| self.least[c.facts.min(2) - 1];
        hopeful.retain(|h| h.gain >= least(&h.condition));
        hopeful.into_iter().map(|h| (h.gain, h.condition)).collect()
    }

    /// What conditions set right when everybody counts, not only those in groups where decisions do not fit.
    fn with_everybody(
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
                let chosen = chosen(effect.over, &moves, candidates[nth]);
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
                    self.refine(scene, at, (effect.over, points), condition, fit);
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
        (over, points): (Over, Exact),
        condition: &Condition,
        fit: &mut Fit,
    ) {
        let children = self.concerned(scene, over, &[condition]);
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
            let moves = self.moves(scene, (at, over), Some(other), &children);
            let moves = chosen(over, &moves, condition);
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

    /// Points that conditions are tried with, in units: small ones, and what rows of the table have.
    fn numbers(&self, scene: &Scene<'_, '_>, table: u32, small: &[i64]) -> Vec<i64> {
        let mut numbers = small.to_vec();
        if let Some(scored) = &scene.world.scored {
            let rows = scored.criteria.tables[table as usize].rows.iter();
            let points = rows.filter_map(plain_points);
            let units = points.filter_map(|p| p.over(self.stand.unit)?.as_whole());
            numbers.extend(units.flat_map(|n| [n, -n]).filter(|n| *n != 0));
        }
        numbers.sort_unstable();
        numbers.dedup();
        numbers
    }

    fn fit(
        &self,
        effect: &Effect,
        moves: &[(Move, u32)],
        numbers: &[i64],
        condition: &Condition,
    ) -> Option<Fit> {
        let moves = chosen(effect.over, moves, condition);
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

/// Points that a row of a table may have: those of its rows, and what lies between them.
fn levels(table: &Table) -> Vec<Exact> {
    let mut list: Vec<Exact> = table.rows.iter().filter_map(plain_points).collect();
    list.sort_unstable();
    list.dedup();
    // Every so manieth where there are many: the others are looked at afterwards.
    let step = list.len().div_ceil(LEVELS).max(1);
    let mut some: Vec<Exact> = list.iter().copied().step_by(step).collect();
    some.extend(list.last());
    some.dedup();
    some
}

/// The moves of those for whom a condition holds, one for each entry and component.
fn chosen(over: Over, list: &[(Move, u32)], condition: &Condition) -> Vec<Move> {
    let mut moves: Vec<Move> = Vec::new();
    for (m, element) in list {
        let of = match over {
            Over::Application => m.entry,
            Over::Guardian | Over::Adult => *element,
        };
        if !condition.holds[of as usize] {
            continue;
        }
        match moves.last_mut() {
            Some(last) if (last.entry, last.component) == (m.entry, m.component) => {
                // Both guardians.
                for (sum, by) in last.at.iter_mut().zip(m.at) {
                    *sum += by;
                }
            }
            _ => moves.push(*m),
        }
    }
    moves
}

/// A number of points and those beside it: a narrower condition may want others.
fn beside(times: i64) -> [i64; 3] {
    [times - 1, times, times + 1]
}

/// A condition that sets some right, with points.
struct Hopeful {
    gain: i64,
    /// The points with which it does, in units.
    times: i64,
    condition: Condition,
}

/// Whether a condition was joined of several here, not found as it is in a file or about one fact.
pub(crate) fn is_joined(when: &str) -> bool {
    when.contains(") && (") || when.contains(") && !(")
}

/// Two conditions at once, one without the other, and either of two levels of a fact.
fn joined(singles: &[Hopeful]) -> Vec<Condition> {
    let mut pairs = Vec::new();
    for (at, a) in singles.iter().enumerate() {
        for b in &singles[at + 1..] {
            let (a, b) = (&a.condition, &b.condition);
            pairs.extend(either(a, b));
            pairs.extend(narrowed(a, b));
            pairs.extend(narrowed(b, a).filter(|c| c.texts.iter().any(|t| t.contains(") && !("))));
        }
    }
    pairs
}

/// A condition and another at once, and the same without the other.
fn narrowed(a: &Condition, b: &Condition) -> impl Iterator<Item = Condition> + use<> {
    let both = |not: bool| {
        let holds: Vec<bool> = (a.holds.iter().zip(&b.holds))
            .map(|(x, y)| *x && *y != not)
            .collect();
        // As narrow as one of them, or for nobody: nothing new.
        if holds == a.holds || holds == b.holds || !holds.contains(&true) {
            return None;
        }
        let (x, y) = (a.texts.first()?, b.texts.first()?);
        let text = match not {
            true => format!("({x}) && !({y})"),
            false => format!("({x}) && ({y})"),
        };
        Some(Condition {
            texts: vec![text],
            holds,
            facts: a.facts + b.facts,
        })
    };
    [both(false), both(true)].into_iter().flatten()
}

/// One of two levels of the same fact.
fn either(a: &Condition, b: &Condition) -> Option<Condition> {
    let (x, y) = (a.texts.first()?, b.texts.first()?);
    let (before, level) = x.split_once(" == '")?;
    let (before_y, level_y) = y.split_once(" == '")?;
    let (level, after) = level.split_once('\'')?;
    let (level_y, after_y) = level_y.split_once('\'')?;
    let plain = !before.contains(".all(") && !after.contains('\'');
    if !plain || before != before_y || after != after_y || a.facts + b.facts > 2 {
        return None;
    }
    Some(Condition {
        texts: vec![format!("{before} in ['{level}', '{level_y}']{after}")],
        holds: (a.holds.iter().zip(&b.holds))
            .map(|(x, y)| *x || *y)
            .collect(),
        facts: 1,
    })
}

/// Conditions of one fact, those that hold for the same together.
fn conditions(stand: &Stand, facts: &RoundFacts, criteria: &Criteria) -> [Vec<Condition>; 3] {
    let cuts = Cuts::of(criteria);
    let mut asked: HashMap<Entity, Vec<bool>> = HashMap::new();
    let entities = [
        Entity::Household,
        Entity::Child,
        Entity::Choice,
        Entity::Guardian,
        Entity::Adult,
    ];
    for entity in entities {
        asked.insert(entity, vec![false; facts.table(entity).len()]);
    }
    let mut ask = |entity, subject: usize| {
        if let Some(list) = asked.get_mut(&entity) {
            list[subject] = true;
        }
    };
    for e in &stand.entries {
        let household = facts.household_of(e.child) as usize;
        ask(Entity::Household, household);
        ask(Entity::Child, e.child as usize);
        ask(Entity::Choice, e.origin as usize);
        for g in facts.index.guardians[household].clone() {
            ask(Entity::Guardian, g as usize);
        }
        for a in facts.index.adults[household].clone() {
            ask(Entity::Adult, a as usize);
        }
    }
    let of = |entity: Entity, name: &str| {
        let asked = asked.get(&entity).map_or(&[][..], |l| l);
        atoms(facts, entity, name, &cuts, asked)
    };
    let entries = |holds: &dyn Fn(&super::stand::Entry) -> bool| -> Vec<bool> {
        stand.entries.iter().map(holds).collect()
    };
    let mut applications: Vec<(String, Vec<bool>)> = Vec::new();
    for (entity, name) in [
        (Entity::Household, "household"),
        (Entity::Child, "child"),
        (Entity::Choice, "choice"),
    ] {
        for atom in of(entity, name) {
            let holds = entries(&|e| {
                let subject = match entity {
                    Entity::Household => facts.household_of(e.child),
                    Entity::Child => e.child,
                    _ => e.origin,
                };
                atom.holds[subject as usize]
            });
            applications.push((atom.text, holds));
        }
    }
    for (entity, list, name) in [
        (Entity::Guardian, "guardians", "g"),
        (Entity::Adult, "adults", "a"),
    ] {
        for atom in of(entity, name) {
            let members = |e: &super::stand::Entry| {
                let household = facts.household_of(e.child) as usize;
                match entity {
                    Entity::Guardian => facts.index.guardians[household].clone(),
                    _ => facts.index.adults[household].clone(),
                }
            };
            let any = entries(&|e| members(e).any(|m| atom.holds[m as usize]));
            let all = entries(&|e| members(e).all(|m| atom.holds[m as usize]));
            applications.push((format!("{list}.exists({name}, {})", atom.text), any));
            if entity == Entity::Guardian {
                applications.push((format!("{list}.all({name}, {})", atom.text), all));
            }
        }
    }
    // For everybody: where a table is bounded, that is felt by those near the bound.
    applications.push((EVERYBODY.to_owned(), entries(&|_| true)));
    // What the file says itself, with other points or in another table.
    for Part { text, of } in parts(criteria, facts, Over::Application) {
        let holds = entries(&|e| of.binary_search(&e.origin).is_ok());
        applications.push((text, holds));
    }
    let own = |entity, name, over| {
        let list = of(entity, name).into_iter().map(|a| (a.text, a.holds));
        let count = facts.table(entity).len() as u32;
        let of_file = parts(criteria, facts, over).into_iter().map(|p| {
            let holds = (0..count).map(|m| p.of.binary_search(&m).is_ok());
            (p.text, holds.collect())
        });
        distinct(list.chain(of_file).collect())
    };
    [
        distinct(applications),
        own(Entity::Guardian, "guardian", Over::Guardian),
        own(Entity::Adult, "adult", Over::Adult),
    ]
}

/// Conditions that hold for anybody, each once.
fn distinct(mut list: Vec<(String, Vec<bool>)>) -> Vec<Condition> {
    list.retain(|(_, holds)| holds.contains(&true));
    together(list)
}
