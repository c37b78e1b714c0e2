//! How points become an order: an index of the household's guardians and of all that speaks for the child, and what parts equals by
//! points of further tables.

use super::sides::Sides;
use enmusubi_criteria::{aggregate::Aggregate, model::Over};

/// What the points of some guardians make together, in halves.
#[must_use]
pub fn made_together(how: Aggregate, points: impl Iterator<Item = i64>) -> i64 {
    let (mut sum, mut least, mut most, mut count) = (0, i64::MAX, i64::MIN, 0);
    for p in points {
        sum += p;
        least = least.min(p);
        most = most.max(p);
        count += 1;
    }
    match (count, how) {
        (0, _) => 0,
        (_, Aggregate::Sum) => 2 * sum,
        (_, Aggregate::Lowest) => 2 * least,
        (_, Aggregate::Highest) => 2 * most,
        (n, Aggregate::Average) => 2 * sum / n,
    }
}

/// Bounds of what applications' tables give together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Bounds {
    /// No less.
    pub least: Option<i64>,
    /// No more …
    pub most: Option<i64>,
    /// … as long as guardians' points together, in halves, are fewer than so many.
    pub below: Option<i64>,
}

impl Bounds {
    /// Points in halves, of a household whose guardians have so many together.
    #[must_use]
    pub fn of(self, points: i64, base: i64) -> i64 {
        let most = self.most.filter(|_| self.below.is_none_or(|b| base < b));
        let points = most.map_or(points, |most| points.min(2 * most));
        self.least.map_or(points, |least| points.max(2 * least))
    }
}

/// Points that are compared at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Level {
    /// Tables, as positions in [`Sides::tables`].
    pub tables: Vec<u32>,
    /// How guardians' points come together.
    pub together: Aggregate,
    /// Whether fewer points come first: never in the index.
    pub lower: bool,
    /// Bounds of the applications' tables.
    pub bounds: Bounds,
    /// Whose guardians' points are not asked for, and what stands in their place: a column, and points in halves.
    pub set: Option<(usize, i64)>,
}

impl Level {
    /// A level of some tables.
    #[must_use]
    pub fn of(tables: Vec<u32>, together: Aggregate) -> Self {
        Self {
            tables,
            together,
            lower: false,
            bounds: Bounds::default(),
            set: None,
        }
    }
}

/// Levels compared one after the other; the first is the index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shape(pub Vec<Level>);

/// Levels at most.
pub const LEVELS: usize = 3;
/// A level is worth so many times the next: no points of that reach so far.
const STEP: i64 = 1 << 13;

impl Shape {
    /// One level, of the first table of guardians and the first of applications: an index. Further ones are found by the search.
    #[must_use]
    pub fn index(sides: &Sides, together: Aggregate) -> Self {
        let first = |of_guardians: bool| {
            let mut all = (0u32..).zip(&sides.tables);
            let found = all.find(|(_, t)| (t.over != Over::Application) == of_guardians);
            found.map(|(at, _)| at)
        };
        let tables = [first(true), first(false)].into_iter().flatten();
        Self(vec![Level::of(tables.collect(), together)])
    }

    /// For rows of a table of guardians that have so many halves more.
    pub fn lift(&mut self, table: u32, by: i64) {
        for level in self.0.iter_mut().filter(|l| l.tables.contains(&table)) {
            let by = if level.together == Aggregate::Sum {
                2 * by
            } else {
                by
            };
            if let Some(below) = &mut level.bounds.below {
                *below += by;
            }
            if let Some((_, to)) = &mut level.set {
                *to += by;
            }
        }
    }

    /// For points on another scale.
    pub fn rescale(&mut self, by: f64) {
        let part = |n: &mut i64| *n = (*n as f64 / by).round() as i64;
        for level in &mut self.0 {
            let Bounds { least, most, below } = &mut level.bounds;
            [least, most, below].into_iter().flatten().for_each(part);
            if let Some((_, to)) = &mut level.set {
                part(to);
            }
        }
    }

    /// How guardians' points come together in the index.
    #[must_use]
    pub fn together(&self) -> Aggregate {
        self.0.first().map_or(Aggregate::Sum, |l| l.together)
    }

    /// Whether a table is in some level.
    #[must_use]
    pub fn has(&self, table: u32) -> bool {
        self.0.iter().any(|l| l.tables.contains(&table))
    }
}

/// What points of a level are worth beside those of the others.
#[must_use]
pub fn worth(level: usize) -> i64 {
    STEP.pow((LEVELS - 1 - level) as u32)
}
