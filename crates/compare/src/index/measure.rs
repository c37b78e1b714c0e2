//! Which part of our keys the staff call the index, and on which scale they write it.

use enmusubi_domain::facts::Exact;
use std::{collections::HashMap, ops::Range};

/// A number of the staff's list, and the choices it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// Position of the line in the list.
    pub line: u32,
    /// Position of the child.
    pub child: u32,
    /// Its choices: all, or those at the facility the line names. Never empty.
    pub choices: Range<u32>,
    /// The staff's number.
    pub theirs: Exact,
}

/// How one number is read out of several choices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// That of the first.
    First,
    /// The highest.
    Highest,
    /// The lowest.
    Lowest,
}

/// What the staff's number is in our keys: `factor × (sum of the components) + offset`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measure {
    /// The components that are added.
    pub components: Vec<u32>,
    /// How they are read where a line is about several choices.
    pub reading: Reading,
    /// The staff's scale.
    pub factor: Exact,
    /// What they add for everybody.
    pub offset: Exact,
    /// Lines it gives exactly, as things stand.
    pub agree: u32,
    /// Lines for which our number is known.
    pub known: u32,
}

/// Components tried at most; their sums are tried, too.
const COMPONENTS: usize = 6;
/// Lines looked at for a scale.
const SAMPLED: usize = 1000;

impl Measure {
    /// Our number, on our own scale; `None` where something of it is unknown.
    pub fn ours(
        &self,
        choices: &Range<u32>,
        value: impl Fn(u32, u32) -> Option<Exact>,
    ) -> Option<Exact> {
        sum(&self.components, self.reading, choices, &value)
    }

    /// A number of the staff's on our scale.
    #[must_use]
    pub fn on_our_scale(&self, theirs: Exact) -> Option<Exact> {
        theirs.minus(self.offset)?.over(self.factor)
    }

    /// A number of ours on the staff's scale.
    #[must_use]
    pub fn on_their_scale(&self, ours: Exact) -> Option<Exact> {
        ours.times(self.factor)?.plus(self.offset)
    }

    /// Whether the staff write the index on another scale.
    #[must_use]
    pub fn is_scaled(&self) -> bool {
        self.factor != Exact::ONE || self.offset != Exact::ZERO
    }

    /// The component, or sum of two or three, that agrees with most lines. `value` gives a component of a choice.
    /// `None` where there is nothing to compare.
    pub fn choose(
        candidates: &[u32],
        targets: &[Target],
        value: impl Fn(u32, u32) -> Option<Exact>,
    ) -> Option<Self> {
        let candidates = &candidates[..candidates.len().min(COMPONENTS)];
        let several = targets.iter().any(|t| t.choices.len() > 1);
        let readings: &[Reading] = match several {
            true => &[Reading::First, Reading::Highest, Reading::Lowest],
            false => &[Reading::First],
        };
        let sets = sets(candidates);
        let mut best: Option<Self> = None;
        for &reading in readings {
            for set in &sets {
                let measure =
                    Self::counted(set, reading, (Exact::ONE, Exact::ZERO), targets, &value);
                if best.as_ref().is_none_or(|b| measure.agree > b.agree) {
                    best = Some(measure);
                }
            }
        }
        let plain = best?;
        if plain.agree * 2 >= plain.known {
            return Some(plain);
        }
        // Hardly anybody agrees: another scale, if nearly everybody agrees on it.
        let mut best: Option<Self> = None;
        for &reading in readings {
            for set in &sets {
                let Some(scale) = scale(set, reading, targets, &value) else {
                    continue;
                };
                let measure = Self::counted(set, reading, scale, targets, &value);
                if best.as_ref().is_none_or(|b| measure.agree > b.agree) {
                    best = Some(measure);
                }
            }
        }
        // Rows can add the same to most, but nothing multiplies everybody's points.
        let nearly = |m: &Self| {
            let enough = if m.factor == Exact::ONE { 9 } else { 2 };
            m.agree > plain.agree && m.agree * 10 >= m.known * enough
        };
        Some(best.filter(nearly).unwrap_or(plain))
    }

    /// The same with nothing added for everybody, where that is all that the staff's scale does.
    pub fn without_offset(
        &self,
        targets: &[Target],
        value: impl Fn(u32, u32) -> Option<Exact>,
    ) -> Option<Self> {
        let same = (Exact::ONE, Exact::ZERO);
        let added = self.factor == Exact::ONE && self.offset != Exact::ZERO;
        added.then(|| Self::counted(&self.components, self.reading, same, targets, &value))
    }

    fn counted(
        set: &[u32],
        reading: Reading,
        (factor, offset): (Exact, Exact),
        targets: &[Target],
        value: &impl Fn(u32, u32) -> Option<Exact>,
    ) -> Self {
        let mut measure = Self {
            components: set.to_vec(),
            reading,
            factor,
            offset,
            agree: 0,
            known: 0,
        };
        for target in targets {
            let Some(ours) = measure.ours(&target.choices, value) else {
                continue;
            };
            measure.known += 1;
            measure.agree += u32::from(measure.on_their_scale(ours) == Some(target.theirs));
        }
        measure
    }
}

/// Single components first, then sums of two, then of the first three.
fn sets(candidates: &[u32]) -> Vec<Vec<u32>> {
    let mut sets: Vec<Vec<u32>> = candidates.iter().map(|&c| vec![c]).collect();
    for (at, &a) in candidates.iter().enumerate() {
        sets.extend(candidates[at + 1..].iter().map(|&b| vec![a, b]));
    }
    if let [a, b, c, ..] = candidates {
        sets.push(vec![*a, *b, *c]);
    }
    sets
}

fn sum(
    components: &[u32],
    reading: Reading,
    choices: &Range<u32>,
    value: &impl Fn(u32, u32) -> Option<Exact>,
) -> Option<Exact> {
    let of = |choice: u32| {
        let mut sum = Exact::ZERO;
        for &component in components {
            sum = sum.plus(value(component, choice)?)?;
        }
        Some(sum)
    };
    let mut read = of(choices.start)?;
    if reading != Reading::First {
        for choice in choices.start + 1..choices.end {
            let number = of(choice)?;
            read = match reading {
                Reading::Lowest => read.min(number),
                Reading::First | Reading::Highest => read.max(number),
            };
        }
    }
    Some(read)
}

/// The factor and offset that most neighbours in the list agree on.
fn scale(
    set: &[u32],
    reading: Reading,
    targets: &[Target],
    value: &impl Fn(u32, u32) -> Option<Exact>,
) -> Option<(Exact, Exact)> {
    let numbers: Vec<(Exact, Exact)> = targets
        .iter()
        .filter_map(|t| Some((sum(set, reading, &t.choices, value)?, t.theirs)))
        .take(SAMPLED)
        .collect();
    let ratio = |w: &[(Exact, Exact)]| {
        let [(o, t), (p, u)] = w else { return None };
        let apart = o.minus(*p).filter(|d| *d != Exact::ZERO)?;
        t.minus(*u)?.over(apart)
    };
    let factor = most(numbers.windows(2).filter_map(ratio))?;
    if factor <= Exact::ZERO {
        return None;
    }
    let offsets = numbers
        .iter()
        .filter_map(|(o, t)| t.minus(o.times(factor)?));
    let offset = most(offsets.clone())?;
    // A row that most have may look like something added for everybody: without it, a tenth is enough.
    let without = offsets.filter(|o| *o == Exact::ZERO).count();
    let none = factor != Exact::ONE && without * 10 >= numbers.len();
    Some((factor, if none { Exact::ZERO } else { offset }))
}

/// The number that occurs most often; of several the smallest.
fn most(numbers: impl Iterator<Item = Exact>) -> Option<Exact> {
    let mut counts: HashMap<Exact, u32> = HashMap::new();
    for number in numbers {
        *counts.entry(number).or_default() += 1;
    }
    let key = |(number, count): &(Exact, u32)| (*count, std::cmp::Reverse(*number));
    counts.into_iter().max_by_key(key).map(|(number, _)| number)
}
