//! Levels of the objective on one part: minimise a cost exactly, fix it, go on to the next.
//!
//! Core-guided: assume that nothing costs, let the solver name assumptions that cannot hold
//! together, raise the proven bound by them and relax exactly those (OLL: Andres et al. 2012;
//! RC2: Ignatiev et al. 2019). It suits this problem because the reduced lists' first positions
//! are nearly a placement, so the optimum lies a few local conflicts away from "everybody first".

use std::collections::{BTreeMap, HashMap};

use crate::encode::Encoded;
use crate::sat::Sat;

/// Result of one level.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Level {
    /// Cost of the best placement found.
    pub cost: u64,
    /// Proven lower bound of the cost.
    pub bound: u64,
}

impl Level {
    /// Whether the bound was reached.
    pub(crate) fn proved(self) -> bool {
        self.cost == self.bound
    }
}

/// Best placement so far, shared by the levels.
pub(crate) struct Search<'e, 'a, 'm, S> {
    pub e: &'e mut Encoded<'a, 'm, S>,
    /// Positions held, one per part family; stable if anything is.
    pub best: Vec<u32>,
}

impl<S: Sat> Search<'_, '_, '_, S> {
    /// Minimises Σ weight over the literals that are true, then makes the minimum binding.
    /// `cost` is the same sum for given positions, used to keep the best placement met.
    pub(crate) fn minimise(&mut self, softs: &[(i32, u64)], cost: impl Fn(&[u32]) -> u64) -> Level {
        let truth = self.e.truth;
        let mut bound = 0;
        // Assumption → weight still to be paid if it is given up.
        let mut active: BTreeMap<i32, u64> = BTreeMap::new();
        for &(lit, weight) in softs {
            if lit == truth {
                bound += weight;
            } else if lit != -truth && weight > 0 {
                *active.entry(-lit).or_default() += weight;
            }
        }
        // Counter outputs among the assumptions → (list, number that output speaks of).
        let mut outputs: HashMap<i32, (u32, i64)> = HashMap::new();
        let mut best_cost = cost(&self.best);
        let mut stratum = active.values().copied().max().unwrap_or(0);
        loop {
            if best_cost == bound {
                break;
            }
            let assumptions: Vec<i32> = active
                .iter()
                .filter(|&(_, &w)| w >= stratum)
                .map(|(&l, _)| l)
                .collect();
            match self.e.sat.solve(&assumptions) {
                None => {
                    return Level {
                        cost: best_cost,
                        bound,
                    };
                }
                Some(true) => {
                    let found = self.e.read();
                    let found_cost = cost(&found);
                    if found_cost < best_cost {
                        (best_cost, self.best) = (found_cost, found);
                    }
                    let next = active.values().copied().filter(|&w| w < stratum).max();
                    let Some(next) = next else { break };
                    // Halving keeps the number of strata small.
                    stratum = active
                        .values()
                        .copied()
                        .filter(|&w| w < stratum && w * 2 >= next)
                        .min()
                        .unwrap_or(next);
                }
                Some(false) => {
                    let core = self.trimmed_core();
                    assert!(!core.is_empty(), "the clauses alone are contradictory");
                    let weight = core.iter().map(|l| active[l]).min().unwrap_or(0);
                    bound += weight;
                    let violated: Vec<i32> = core.iter().map(|l| -l).collect();
                    for l in &core {
                        let left = active[l] - weight;
                        if left == 0 {
                            active.remove(l);
                        } else {
                            active.insert(*l, left);
                        }
                        if let Some(&(list, n)) = outputs.get(l) {
                            let next = self.e.at_least_of(list, n + 1);
                            if next != -truth {
                                *active.entry(-next).or_default() += weight;
                                outputs.insert(-next, (list, n + 1));
                            }
                        }
                    }
                    if core.len() > 1 {
                        let list = self.e.counter(&violated);
                        let two = self.e.at_least_of(list, 2);
                        *active.entry(-two).or_default() += weight;
                        outputs.insert(-two, (list, 2));
                    }
                    self.e.sat.add(&violated);
                }
            }
        }
        // Whatever reaches the bound breaks none of the remaining assumptions.
        for &l in active.keys() {
            self.e.sat.add(&[l]);
        }
        Level {
            cost: best_cost,
            bound,
        }
    }

    /// The last core, solved again on itself while that makes it smaller.
    fn trimmed_core(&mut self) -> Vec<i32> {
        let mut core = self.e.sat.core();
        for _ in 0..4 {
            if core.len() <= 2 || self.e.sat.solve(&core) != Some(false) {
                break;
            }
            let smaller = self.e.sat.core();
            if smaller.len() >= core.len() {
                break;
            }
            core = smaller;
        }
        core
    }

    /// Family by family in the given order, the smallest position that still allows the levels
    /// before. `place` gives the number that is compared (nursery position, or place in the
    /// list); it never falls along a family's list. False if the budget ran out.
    pub(crate) fn canonical(&mut self, order: &[u32], place: impl Fn(u32) -> u32) -> bool {
        for &f in order {
            let held: Vec<u32> = self.e.part.held(f).collect();
            loop {
                let now = self.best[f as usize];
                // The last position that is better in the number compared.
                let better = held.iter().rev().copied().find(|&p| place(p) < place(now));
                let Some(better) = better else { break };
                match self.e.sat.solve(&[self.e.upto[better as usize]]) {
                    None => return false,
                    Some(true) => self.best = self.e.read(),
                    Some(false) => {
                        let no = -self.e.upto[better as usize];
                        self.e.sat.add(&[no]);
                        break;
                    }
                }
            }
            let now = self.best[f as usize];
            let same = held.iter().rev().copied().find(|&p| place(p) == place(now));
            let upto = self.e.upto[same.unwrap_or(now) as usize];
            self.e.sat.add(&[upto]);
        }
        true
    }
}
