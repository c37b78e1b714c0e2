//! Past rounds beside each other.

use enmusubi_compare::past::{Base, Past, PastTies};
use enmusubi_criteria::Criteria;
use enmusubi_domain::{
    facts::{
        RoundFacts,
        stacked::{round_of, stacked_decisions},
    },
    past::Decisions,
};
use enmusubi_selection::staged::mechanism_of;

/// A past round.
#[derive(Debug, Clone, Copy)]
pub struct Year<'a> {
    /// Its name, distinct and not empty: the fiscal year, or the file.
    pub name: &'a str,
    /// Its facts, complete.
    pub facts: &'a RoundFacts,
    /// The staff's decisions, one a child.
    pub decisions: &'a Decisions,
}

/// Past rounds, each a town of its own in one round.
#[derive(Debug, Clone)]
pub struct Years {
    /// Their names, in order.
    pub names: Vec<Box<str>>,
    /// The facts of all.
    pub facts: RoundFacts,
    /// The decisions of all.
    pub decisions: Decisions,
}

impl Years {
    /// Lays rounds beside each other; `None` without any.
    #[must_use]
    pub fn of(years: &[Year<'_>]) -> Option<Self> {
        let facts: Vec<_> = years.iter().map(|y| (y.name, y.facts)).collect();
        let decisions: Vec<_> = years.iter().map(|y| (y.name, y.decisions)).collect();
        Some(Self {
            names: years.iter().map(|y| y.name.into()).collect(),
            facts: RoundFacts::stacked(&facts)?,
            decisions: stacked_decisions(&decisions),
        })
    }

    /// As a round that criteria are compared with.
    #[must_use]
    pub fn past<'a>(&'a self, criteria: &'a Criteria, ties: &'a PastTies) -> Past<'a> {
        Past {
            base: Base::Facts {
                facts: &self.facts,
                criteria,
            },
            decisions: &self.decisions,
            ties,
            mechanism: mechanism_of(criteria),
        }
    }

    /// The year of an id, by its place in [`Years::names`].
    #[must_use]
    pub fn year_of(&self, id: &str) -> Option<usize> {
        let (name, _) = round_of(id);
        self.names.iter().position(|n| **n == *name)
    }

    /// How many of some children are of each year.
    #[must_use]
    pub fn count<'i>(&self, ids: impl Iterator<Item = &'i str>) -> Vec<u32> {
        let mut counts = vec![0; self.names.len()];
        for year in ids.filter_map(|id| self.year_of(id)) {
            counts[year] += 1;
        }
        counts
    }
}
