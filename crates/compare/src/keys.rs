//! Priority keys as a matrix of places: whatever reorders a market without anybody being scored again.

use enmusubi_domain::Score;
use enmusubi_market::{ChildIx, ChoiceIx, Market};
use enmusubi_selection::compiled::{CompiledRound, KeyKind};

/// The keys of all choices of a market: `components × choices` places, choice-major, smaller is better; equal
/// places are equal values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keys {
    places: Vec<u32>,
    components: usize,
}

impl Keys {
    /// The keys of a compiled round.
    #[must_use]
    pub fn of(compiled: &CompiledRound) -> Self {
        let table = &compiled.keys;
        let components = table.components as usize;
        let mut places = table.index.clone();
        for (at, component) in compiled.key_components.iter().enumerate() {
            let used = || places.iter().skip(at).step_by(components.max(1)).copied();
            let mut values: Vec<u32> = used().collect();
            values.sort_unstable();
            values.dedup();
            let text = |v: u32| &*table.values[v as usize];
            // Fronts write values of a component best first, except what tables have as they come: points,
            // lottery numbers and rows.
            let place: Vec<u32> = match component.kind {
                KeyKind::Points => {
                    let scores: Option<Vec<Score>> =
                        values.iter().map(|&v| Score::parse(text(v))).collect();
                    match scores {
                        Some(scores) => ranks(&scores, |a, b| b.cmp(a)),
                        None => (0..values.len() as u32).collect(),
                    }
                }
                KeyKind::Lottery => {
                    let texts: Vec<&str> = values.iter().map(|&v| text(v)).collect();
                    ranks(&texts, Ord::cmp)
                }
                KeyKind::Row => {
                    let rows: Vec<u64> = values
                        .iter()
                        .map(|&v| text(v).parse().unwrap_or(u64::MAX))
                        .collect();
                    ranks(&rows, Ord::cmp)
                }
                KeyKind::Stratum | KeyKind::Higher | KeyKind::Lower => {
                    (0..values.len() as u32).collect()
                }
            };
            let first = values.first().copied().unwrap_or(0);
            let span = values.last().map_or(0, |l| (l - first + 1) as usize);
            let mut of_value = vec![0u32; span];
            for (value, place) in values.iter().zip(place) {
                of_value[(value - first) as usize] = place;
            }
            for slot in places.iter_mut().skip(at).step_by(components.max(1)) {
                *slot = of_value[(*slot - first) as usize];
            }
        }
        Self { places, components }
    }

    /// Number of components.
    #[must_use]
    pub fn components(&self) -> usize {
        self.components
    }

    /// Number of choices.
    #[must_use]
    pub fn choices(&self) -> usize {
        self.places.len().checked_div(self.components).unwrap_or(0)
    }

    /// The key of a choice, most important component first.
    #[must_use]
    pub fn of_choice(&self, choice: ChoiceIx) -> &[u32] {
        let start = choice as usize * self.components;
        &self.places[start..start + self.components]
    }

    /// With one more component, compared before the one at `before`.
    pub fn insert(&mut self, before: usize, place: impl Fn(ChoiceIx) -> u32) {
        let old = self.components;
        let mut places = Vec::with_capacity(self.choices() * (old + 1));
        for (choice, key) in self.places.chunks(old.max(1)).enumerate() {
            places.extend_from_slice(&key[..before]);
            places.push(place(choice as ChoiceIx));
            places.extend_from_slice(&key[before..]);
        }
        self.places = places;
        self.components = old + 1;
    }

    /// One component the other way round.
    pub fn flip(&mut self, at: usize) {
        let slots = || (at..self.places.len()).step_by(self.components.max(1));
        let most = slots().map(|s| self.places[s]).max().unwrap_or(0);
        for slot in slots() {
            self.places[slot] = most - self.places[slot];
        }
    }

    /// Without one component's voice; its place stays.
    pub fn silence(&mut self, at: usize) {
        self.set(at, |_, _| 0);
    }

    /// One component compared right before another (`before` = number of components: last).
    pub fn shift(&mut self, from: usize, before: usize) {
        for key in self.places.chunks_mut(self.components.max(1)) {
            if from < before {
                key[from..before].rotate_left(1);
            } else {
                key[before..=from].rotate_right(1);
            }
        }
    }

    /// Sets one component anew from the choice and its place so far.
    pub fn set(&mut self, at: usize, place: impl Fn(ChoiceIx, u32) -> u32) {
        let components = self.components.max(1);
        for (choice, key) in self.places.chunks_mut(components).enumerate() {
            key[at] = place(choice as ChoiceIx, key[at]);
        }
    }

    /// Sets one place of one key.
    pub fn put(&mut self, choice: ChoiceIx, at: usize, place: u32) {
        self.places[choice as usize * self.components + at] = place;
    }

    /// Numbers the keys and writes them into a market as priorities.
    pub fn write(&self, market: &mut Market) {
        // Most children have one key at all their choices: runs of equal keys are sorted, not choices.
        let mut runs: Vec<(ChoiceIx, ChoiceIx)> = Vec::new();
        for x in 0..market.choices.len() as ChoiceIx {
            match runs.last_mut() {
                Some((start, end)) if self.of_choice(*start) == self.of_choice(x) => *end = x + 1,
                _ => runs.push((x, x + 1)),
            }
        }
        runs.sort_unstable_by(|a, b| self.of_choice(a.0).cmp(self.of_choice(b.0)));
        let mut priority = 0;
        let mut last: Option<ChoiceIx> = None;
        for (start, end) in runs {
            if last.is_none_or(|l| self.of_choice(l) != self.of_choice(start)) {
                priority += 1;
            }
            for choice in &mut market.choices[start as usize..end as usize] {
                choice.priority = priority;
            }
            last = Some(start);
        }
    }
}

/// Dense ranks of values, the first in the order given 0.
fn ranks<T>(values: &[T], order: impl Fn(&T, &T) -> std::cmp::Ordering) -> Vec<u32> {
    let mut by: Vec<usize> = (0..values.len()).collect();
    by.sort_by(|&a, &b| order(&values[a], &values[b]));
    let mut ranks = vec![0; values.len()];
    let mut rank = 0;
    for (i, &at) in by.iter().enumerate() {
        if i > 0 && order(&values[by[i - 1]], &values[at]).is_ne() {
            rank += 1;
        }
        ranks[at] = rank;
    }
    ranks
}

/// Per choice of a market: its child.
#[must_use]
pub fn child_of_choice(market: &Market) -> Vec<ChildIx> {
    let mut children = vec![0; market.choices.len()];
    for (c, child) in market.children.iter().enumerate() {
        for x in child.choices.clone() {
            children[x as usize] = c as ChildIx;
        }
    }
    children
}
