//! Causes that might explain several lines of an index list.

use super::{measure::Target, scoring::row_of};
use crate::cause::{Cause, TransferOrder};
use enmusubi_criteria::{
    Criteria,
    expression::Kind,
    model::{Coupling, Points},
};
use enmusubi_domain::facts::{Entity, Exact, RoundFacts, Value, vocabulary::find};
use enmusubi_scoring::probe::Contributions;
use std::collections::{BTreeMap, BTreeSet};

/// Changes of a row's points tried for one row.
const DELTAS: usize = 3;

/// A cause to be tried out.
pub struct Idea {
    pub cause: Cause,
    /// Households it would explain, less those it would seem to break: an estimate.
    pub promise: i64,
}

/// What proposals are made from.
pub struct Ground<'g> {
    pub facts: &'g RoundFacts,
    pub criteria: &'g Criteria,
    pub targets: &'g [Target],
    /// Which rows apply where.
    pub rows: &'g Contributions,
    /// Theirs less ours, on our scale.
    pub residual: &'g [Option<Exact>],
    /// Causes that are mended already.
    pub causes: &'g [Cause],
}

impl Ground<'_> {
    /// Household of a target.
    pub fn household(&self, target: usize) -> u32 {
        self.facts.household_of(self.targets[target].child)
    }

    /// Everything there is to try, most promising first.
    pub fn ideas(&self) -> Vec<Idea> {
        let mut ideas = Vec::new();
        for (t, table) in self.criteria.tables.iter().enumerate() {
            for r in 0..table.rows.len() {
                self.row((t as u32, r as u32), &mut ideas);
            }
        }
        super::unwritten::ideas(self, &mut ideas);
        self.coupling(&mut ideas);
        self.transfers(&mut ideas);
        ideas.sort_by_key(|i| std::cmp::Reverse(i.promise));
        ideas
    }

    fn row(&self, at: (u32, u32), ideas: &mut Vec<Idea>) {
        let row = row_of(self.criteria, at);
        let mended = self.causes.iter().any(|c| match c {
            Cause::RowPoints { row: id, .. } | Cause::RowExtra { row: id } => *id == row.id,
            _ => false,
        });
        if mended {
            return;
        }
        let applies = self.rows.of(at.0, at.1);
        // Households by the change of the points that would explain one of their lines, and those whom the row without
        // any points would explain.
        let mut explained: BTreeMap<Exact, BTreeSet<u32>> = BTreeMap::new();
        let mut without: BTreeSet<u32> = BTreeSet::new();
        let mut differing = false;
        let mut agreeing: BTreeSet<u32> = BTreeSet::new();
        for (t, target) in self.targets.iter().enumerate() {
            let Some(apart) = self.residual[t] else {
                continue;
            };
            let found = applies.binary_search_by_key(&target.choices.start, |c| c.choice);
            let Ok(found) = found else {
                continue;
            };
            let household = self.household(t);
            if apart == Exact::ZERO {
                agreeing.insert(household);
                continue;
            }
            differing = true;
            let given = &applies[found];
            for times in 1..=i64::from(given.count) {
                if let Some(delta) = apart.over(Exact::whole(times)) {
                    explained.entry(delta).or_default().insert(household);
                }
            }
            if given.total.negated() == Some(apart) {
                without.insert(household);
            }
        }
        if !differing {
            return;
        }
        let against = agreeing.len() as i64;
        let promise = |households: usize| 2 * households as i64 - against;
        ideas.push(Idea {
            cause: Cause::RowExtra {
                row: row.id.clone(),
            },
            promise: promise(without.len()),
        });
        let points = match &row.points {
            Points::Expression(e) => match e.kind {
                Kind::Number(points) => points,
                _ => return,
            },
            Points::Discretion { .. } | Points::ToBeFilled => return,
        };
        let off = points.negated();
        let mut deltas: Vec<(Exact, usize)> =
            explained.iter().map(|(d, h)| (*d, h.len())).collect();
        deltas.sort_by_key(|&(_, households)| std::cmp::Reverse(households));
        let deltas = deltas.iter().filter(|(d, _)| Some(*d) != off);
        for &(delta, households) in deltas.take(DELTAS) {
            if let Some(theirs) = points.plus(delta) {
                ideas.push(Idea {
                    cause: Cause::RowPoints {
                        row: row.id.clone(),
                        theirs,
                    },
                    promise: promise(households),
                });
            }
        }
    }

    /// Households with a difference of whom a test says yes.
    fn concerned(&self, test: impl Fn(u32) -> bool) -> i64 {
        let households: BTreeSet<u32> = (0..self.targets.len())
            .filter(|&t| self.residual[t].is_some_and(|d| d != Exact::ZERO))
            .map(|t| self.household(t))
            .filter(|&h| test(h))
            .collect();
        households.len() as i64
    }

    fn coupling(&self, ideas: &mut Vec<Idea>) {
        let choosing = |household: u32| {
            let children = self.facts.index.children[household as usize].clone();
            let choosing = children.filter(|&c| !self.facts.index.choices[c as usize].is_empty());
            choosing.count() > 1
        };
        let promise = self.concerned(choosing);
        if promise == 0 {
            return;
        }
        for coupling in [Coupling::None, Coupling::Highest, Coupling::Average] {
            let cause = Cause::Coupling(coupling);
            if coupling != self.criteria.siblings.coupling && !self.causes.contains(&cause) {
                ideas.push(Idea { cause, promise });
            }
        }
    }

    fn transfers(&self, ideas: &mut Vec<Idea>) {
        let cause = Cause::Transfers(TransferOrder::Level);
        let Some(application) = find(Entity::Child, "application") else {
            return;
        };
        let promise = self.concerned(|household| {
            let mut children = self.facts.index.children[household as usize].clone();
            children.any(|c| self.facts.children.get(c, application) == Value::Enum(2))
        });
        if promise > 0 && !self.causes.contains(&cause) {
            ideas.push(Idea { cause, promise });
        }
    }
}
