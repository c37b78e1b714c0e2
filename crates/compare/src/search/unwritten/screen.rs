//! Conditions with which more would stand on the right side, as far as groups tell where decisions do not fit.

use super::{
    Condition, EVERYBODY, Search,
    effects::{Effect, chosen},
};
use crate::{
    crew::{Crew, map},
    search::{
        Scene, first_of_both,
        stand::{Move, PROBED},
    },
};
use std::cmp::Reverse;

/// Points that every condition is tried with, beside those of the table's own rows.
const COARSE: [i64; 14] = [-20, -10, -7, -5, -3, -2, -1, 1, 2, 3, 5, 7, 10, 20];
/// Single conditions of a table that are tried with every number of points, and joined.
const HOPEFUL: usize = 24;
/// Of these, those that are joined with each other.
const JOINED: usize = 16;
/// Conditions of a table that are made narrower by any other.
const NARROWED: usize = 4;
/// Conditions of a table that are tried with everybody near a cut-off.
const NEAR: usize = 64;
/// The same where few do not fit, and moves of all up to which it is so many.
const HOPEFUL_OF_FEW: usize = 64;
/// See [`HOPEFUL_OF_FEW`].
const FEW_MOVES: usize = 12_000;
/// Moves of a condition up to which everybody is asked whether it should be narrower; else those on a wrong side.
const SEEN: usize = 800;
/// Moves of conditions for more than half of all that are looked at, with one number of points, at most.
const WORK: usize = 120_000;
/// Where more points and fewer are probed of which a leaning is counted: as many as a row often has.
const PROBED_AT: [usize; 2] = [PROBED.len() - 2, 1];
/// Parts of one on the wrong side that a leaning is counted in.
const FINENESS: i64 = 840;

/// A condition leans to neither side where it does by less than one in so many of those whom it concerns.
const HARDLY: i64 = 10;

/// What a table of conditions is looked at with.
struct Screen<'s> {
    search: &'s Search,
    crew: &'s dyn Crew,
    effect: &'s Effect,
    /// The moves of those on the wrong side of some best cut-off.
    near: Vec<(Move, u32)>,
    /// Of those: whom a condition must hold for, and how much more points for them would gain, and fewer points.
    leaning: Vec<(u32, [i64; 2])>,
    /// Points, in units.
    numbers: Vec<i64>,
}

impl Search {
    /// Conditions with which more would stand on the right side where decisions do not fit, and how many.
    pub(super) fn screen(
        &self,
        scene: &Scene<'_, '_>,
        (at, effect): (u32, &Effect),
        suspects: &[bool],
    ) -> Vec<(i64, Condition)> {
        let list = self.conditions(effect.over);
        let numbers = match effect.adds {
            true => self.numbers(scene, at, &COARSE),
            false => effect.knots.iter().copied().filter(|n| *n != 0).collect(),
        };
        let near: Vec<(Move, u32)> = (effect.moves.iter())
            .filter(|(m, _)| suspects[m.entry as usize])
            .copied()
            .collect();
        let screen = Screen {
            search: self,
            crew: scene.crew,
            effect,
            leaning: self.leaning(effect, &near, suspects),
            near,
            numbers,
        };
        let mut hopeful = screen.best_of(screen.promising(list.iter().collect()));
        if hopeful.is_empty() {
            return Vec::new();
        }
        // The best with each other, and the very best with any other that makes it narrower; then once more.
        let mut deeper = joined(&hopeful[..hopeful.len().min(JOINED)]);
        deeper.extend(screen.narrower(&hopeful, list));
        let pairs = screen.best_of(screen.promising(deeper.iter().collect()));
        let deepest = screen.narrower(&pairs, list);
        let triples = screen.best_of(deepest.iter().collect());
        // Less than a single fact explains needs no second.
        let of_one = hopeful.first().map_or(0, |h| h.gain);
        let more = pairs.into_iter().chain(triples);
        hopeful.extend(more.filter(|h| h.gain >= of_one));
        // What is gained where decisions do not fit is the most that can be.
        let least = |c: &Condition| self.least[c.facts.min(2) - 1];
        hopeful.retain(|h| h.gain >= least(&h.condition));
        hopeful.into_iter().map(|h| (h.gain, h.condition)).collect()
    }

    /// How much is gained if those on a wrong side get more points, and fewer: of a group, all placed ones together as much
    /// as there are on the wrong side, all refused ones as little.
    fn leaning(
        &self,
        effect: &Effect,
        near: &[(Move, u32)],
        suspects: &[bool],
    ) -> Vec<(u32, [i64; 2])> {
        let mut sides = vec![[0i64; 2]; self.stand.groups.len()];
        for (e, _) in (self.stand.entries.iter().zip(suspects)).filter(|(_, s)| **s) {
            sides[e.group as usize][usize::from(e.placed)] += 1;
        }
        let at = match effect.adds {
            true => PROBED_AT,
            // Whatever counts instead lifts, or puts down.
            false => [PROBED.len() - 1, 0],
        };
        let probed = |m: &Move| at.map(|at| m.at[at]);
        let moves = near.iter().flat_map(|(m, _)| probed(m));
        let most = moves.map(i64::abs).max().unwrap_or(0).max(1);
        let mut leaning: Vec<(u32, [i64; 2])> = Vec::new();
        let mut last = None;
        for (m, element) in near {
            // The first component that moves decides.
            if last.replace((m.entry, *element)) == Some((m.entry, *element)) {
                continue;
            }
            let e = &self.stand.entries[m.entry as usize];
            let side = sides[e.group as usize][usize::from(e.placed)].max(1);
            let part = i64::from(self.stand.wrong[e.group as usize]) * FINENESS / side;
            let part = if e.placed { part } else { -part };
            // Smaller is better. At a bound, where more is little, less is something.
            let moved = probed(m).map(|by| -by * part / most);
            leaning.push((effect.of(m, *element), moved));
        }
        leaning
    }
}

impl Screen<'_> {
    fn gain(&self, moves: &[Move], times: i64) -> i64 {
        let stand = &self.search.stand;
        stand.gain_among(moves, &self.effect.knots, times, |_| true)
    }

    /// How much more and fewer points would gain for those for whom a condition holds.
    fn lean(&self, condition: &Condition) -> Lean {
        let mut lean = Lean::default();
        for (of, gains) in &self.leaning {
            if condition.holds[*of as usize] {
                for (sum, gain) in lean.gains.iter_mut().zip(gains) {
                    *sum += gain;
                }
                lean.all += gains[0].abs().max(gains[1].abs());
            }
        }
        lean
    }

    /// Points of the signs that a condition leans to.
    fn numbers(&self, lean: Lean) -> impl Iterator<Item = i64> {
        let list = self.numbers.iter().copied();
        list.filter(move |t| !self.effect.adds || lean.is_for(*t))
    }

    /// A number of points and those beside it: a narrower condition may want others.
    fn beside(&self, times: i64) -> impl Iterator<Item = i64> {
        (-1..=1)
            .filter(move |by| self.effect.adds || *by == 0)
            .map(move |by| times + by)
    }

    /// The most that a condition sets right with some moves, and the points.
    fn most(&self, moves: &[(Move, u32)], condition: &Condition, lean: Lean) -> (i64, i64) {
        let moves = chosen(self.effect, moves, |of| condition.holds[of as usize]);
        let gains = self.numbers(lean).map(|t| (self.gain(&moves, t), t));
        gains
            .max_by_key(|(gain, t)| (*gain, Reverse(t.abs())))
            .unwrap_or((0, 0))
    }

    /// Conditions that are worth a look at everybody in groups where decisions do not fit. Those on a wrong side tell
    /// whether one for a few is of use; one for many moves the others as well, and the difference it makes between the
    /// two sides tells.
    fn promising<'c>(&self, list: Vec<&'c Condition>) -> Vec<&'c Condition> {
        let is_wide = |c: &&Condition| c.holds.iter().filter(|h| **h).count() * 2 > c.holds.len();
        let leans = map(self.crew, list.len(), |nth| {
            let condition = list[nth];
            let lean = self.lean(condition);
            match is_wide(&condition) {
                true => (true, lean.most()),
                false => (false, self.most(&self.near, condition, lean).0),
            }
        });
        let mut list: Vec<((bool, i64), &Condition)> = leans.into_iter().zip(list).collect();
        list.retain(|((wide, worth), _)| *wide || *worth > 0);
        list.sort_by_key(|((_, worth), c)| {
            let everybody = c.texts.iter().any(|t| t == EVERYBODY);
            (!everybody, Reverse(*worth), plainness(c))
        });
        let wide = (WORK / self.effect.moves.len().max(1)).max(HOPEFUL);
        first_of_both(&mut list, [NEAR, wide], |((wide, _), _)| *wide);
        list.into_iter().map(|(_, c)| c).collect()
    }

    /// How many conditions are kept: where few do not fit, many explain them.
    fn hopeful(&self) -> usize {
        (FEW_MOVES / self.effect.moves.len().max(1)).clamp(HOPEFUL, HOPEFUL_OF_FEW)
    }

    /// The conditions that set most right where decisions do not fit, best first.
    fn best_of(&self, list: Vec<&Condition>) -> Vec<Hopeful> {
        let found = map(self.crew, list.len(), |nth| {
            let condition = list[nth];
            self.most(&self.effect.moves, condition, self.lean(condition))
        });
        let mut found: Vec<((i64, i64), &Condition)> = found.into_iter().zip(list).collect();
        found.retain(|((gain, _), _)| *gain > 0);
        found.sort_by_key(|((gain, _), c)| (Reverse(*gain), plainness(c)));
        found.truncate(self.hopeful());
        let hopeful = found.into_iter().map(|((gain, times), condition)| Hopeful {
            gain,
            times,
            condition: condition.clone(),
        });
        hopeful.collect()
    }

    /// The best conditions with any other at once, or without it, where that sets more of those on a wrong side right.
    fn narrower(&self, of: &[Hopeful], list: &[Condition]) -> Vec<Condition> {
        let parents = &of[..of.len().min(NARROWED)];
        // With the points that did best for the wider one: this only says which are worth a look.
        let most = |h: &Hopeful, near: &[(Move, u32)], holds: &dyn Fn(u32) -> bool| {
            let moves = chosen(self.effect, near, holds);
            let gains = self.beside(h.times).map(|t| self.gain(&moves, t));
            gains.max().unwrap_or(0)
        };
        let mut found: Vec<(i64, &Hopeful, &Condition, bool)> = Vec::new();
        for h in parents {
            let mine = |of: u32| h.condition.holds[of as usize];
            let of = |list: &[(Move, u32)]| -> Vec<(Move, u32)> {
                let mine = list
                    .iter()
                    .filter(|(m, element)| mine(self.effect.of(m, *element)));
                mine.copied().collect()
            };
            // Whom it would put on the wrong side is seen only among all.
            let all = of(&self.effect.moves);
            let near = if all.len() <= SEEN {
                all
            } else {
                of(&self.near)
            };
            let least = most(h, &near, &|_| true);
            let gains = map(self.crew, list.len(), |nth| {
                let other = &list[nth].holds;
                let mut all = near
                    .iter()
                    .map(|(m, element)| other[self.effect.of(m, *element) as usize]);
                let (some, none) = (all.clone().any(|o| o), all.any(|o| !o));
                let most = |not: bool| most(h, &near, &|of| other[of as usize] != not);
                // What holds for all of them, or for none, tells nothing.
                [false, true].map(|not| if some && none { most(not) } else { least })
            });
            for (gains, c) in gains.into_iter().zip(list) {
                let both = gains.into_iter().zip([false, true]);
                found.extend(
                    both.filter(|(gain, _)| *gain > least)
                        .map(|(gain, not)| (gain, h, c, not)),
                );
            }
        }
        found.sort_by_key(|(gain, ..)| Reverse(*gain));
        let narrowed = found
            .into_iter()
            .filter_map(|(_, h, c, not)| narrowed(&h.condition, c, not));
        narrowed.take(HOPEFUL).collect()
    }
}

/// The plainest first: few facts, few words.
pub(super) fn plainness(condition: &Condition) -> (usize, usize) {
    let length = condition.texts.first().map_or(0, String::len);
    (condition.facts, length)
}

/// What more points and fewer would gain, as far as the two sides tell.
#[derive(Debug, Clone, Copy, Default)]
struct Lean {
    gains: [i64; 2],
    /// The most that either could be.
    all: i64,
}

impl Lean {
    fn most(self) -> i64 {
        self.gains[0].max(self.gains[1])
    }

    /// Whether points of this sign may gain something: where the two sides hardly differ, nobody knows.
    fn is_for(self, times: i64) -> bool {
        let gain = self.gains[usize::from(times < 0)];
        gain > 0 || gain.abs() * HARDLY < self.all
    }
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

/// Two conditions at once, or the first without the second, in words.
pub(crate) fn narrow(first: &str, second: &str, not: bool) -> String {
    let not = if not { "!" } else { "" };
    format!("({first}) && {not}({second})")
}

/// The two that a condition was joined of ([`narrow`]), and whether it is the first without the second.
pub(crate) fn parts(when: &str) -> Option<(&str, &str, bool)> {
    // Where the bracket that was opened before a text is closed.
    let closing = |text: &str| {
        let mut open = 1;
        text.bytes().position(|b| {
            open += i32::from(b == b'(') - i32::from(b == b')');
            open == 0
        })
    };
    let inner = when.strip_prefix('(')?;
    let end = closing(inner)?;
    let (first, rest) = (&inner[..end], &inner[end + 1..]);
    let rest = rest.strip_prefix(" && ")?;
    let not = rest.starts_with('!');
    let second = rest.strip_prefix('!').unwrap_or(rest);
    let second = second.strip_prefix('(')?.strip_suffix(')')?;
    // One pair of brackets around all of it.
    let closed = closing(second).is_some();
    (!closed).then_some((first, second, not))
}

/// Two conditions at once, one without the other, and either of two levels of a fact.
fn joined(singles: &[Hopeful]) -> Vec<Condition> {
    let mut pairs = Vec::new();
    for (at, a) in singles.iter().enumerate() {
        for b in &singles[at + 1..] {
            let (a, b) = (&a.condition, &b.condition);
            pairs.extend(either(a, b));
            pairs.extend(narrowed(a, b, false));
            pairs.extend(narrowed(a, b, true));
            pairs.extend(narrowed(b, a, true));
        }
    }
    pairs
}

/// A condition and another at once, or the same without the other.
pub(super) fn narrowed(a: &Condition, b: &Condition, not: bool) -> Option<Condition> {
    let holds: Vec<bool> = (a.holds.iter().zip(&b.holds))
        .map(|(x, y)| *x && *y != not)
        .collect();
    // As narrow as one of them, or for nobody: nothing new.
    if holds == a.holds || holds == b.holds || !holds.contains(&true) {
        return None;
    }
    let (x, y) = (a.texts.first()?, b.texts.first()?);
    Some(Condition {
        texts: vec![narrow(x, y, not)],
        holds,
        facts: a.facts + b.facts,
    })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_joined_is_told_apart_again() {
        for not in [false, true] {
            let inner = narrow("a > f(1)", "b in ['x']", not);
            assert_eq!(parts(&inner), Some(("a > f(1)", "b in ['x']", not)));
            let outer = narrow(&inner, "known(c) && c", !not);
            assert_eq!(parts(&outer), Some((&*inner, "known(c) && c", !not)));
        }
        for plain in [
            "a && b",
            "(a || b) && c",
            "(a) && (b) && (c)",
            "(a)",
            "f(a) && (b)",
        ] {
            assert_eq!(parts(plain), None, "{plain}");
        }
    }
}
