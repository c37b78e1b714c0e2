//! The port to an exact solver: clauses, assumptions, cores. Literals are DIMACS integers.

use std::cell::Cell;
use std::rc::Rc;

use batsat::{Callbacks, ClauseKind, Solver, SolverInterface, SolverOpts, lbool};

use crate::outcome::Watch;

/// What the exact search needs of a solver.
pub trait Sat {
    /// A new variable; `prefer` is the value to try first.
    fn new_var(&mut self, prefer: bool) -> i32;
    /// Adds a clause.
    fn add(&mut self, clause: &[i32]);
    /// Decides under assumptions; `None` when the budget of steps or the time is used up.
    fn solve(&mut self, assumptions: &[i32]) -> Option<bool>;
    /// Value of a literal in the last model.
    fn value(&self, lit: i32) -> bool;
    /// After `Some(false)`: assumptions that cannot hold together.
    fn core(&self) -> Vec<i32>;
    /// Conflicts so far.
    fn conflicts(&self) -> u64;
    /// Steps of the budget used so far.
    fn steps(&self) -> u64;
}

/// batsat behind the port.
pub(crate) struct BatSat<'w> {
    solver: Solver<Counted<'w>>,
    left: Rc<Cell<i64>>,
    budget: u64,
    broken: bool,
}

/// Stops after a number of steps (decisions, and conflicts for
/// several), which does not depend on the machine,
/// or when the caller's time is up.
struct Counted<'w> {
    left: Rc<Cell<i64>>,
    watch: &'w dyn Watch,
}

/// Steps that one conflict counts as: analysis, and the clause to carry on.
const STEPS_PER_CONFLICT: i64 = 16;

impl Callbacks for Counted<'_> {
    fn on_new_clause(&mut self, _: &[batsat::Lit], kind: ClauseKind) {
        if matches!(kind, ClauseKind::Learnt) {
            self.left.set(self.left.get() - STEPS_PER_CONFLICT);
        }
    }

    fn stop(&self) -> bool {
        let left = self.left.get() - 1;
        self.left.set(left);
        left <= 0 || (left % 256 == 0 && self.watch.stop())
    }
}

impl<'w> BatSat<'w> {
    pub(crate) fn new(steps_max: u64, watch: &'w dyn Watch) -> Self {
        let left = Rc::new(Cell::new(i64::try_from(steps_max).unwrap_or(i64::MAX)));
        let callbacks = Counted {
            left: Rc::clone(&left),
            watch,
        };
        Self {
            solver: Solver::new(SolverOpts::default(), callbacks),
            left,
            budget: steps_max,
            broken: false,
        }
    }

    fn lit(&mut self, lit: i32) -> batsat::Lit {
        let var = self.solver.var_of_int(lit.unsigned_abs() - 1);
        batsat::Lit::new(var, lit > 0)
    }
}

impl Sat for BatSat<'_> {
    fn new_var(&mut self, prefer: bool) -> i32 {
        let prefer = if prefer { lbool::TRUE } else { lbool::FALSE };
        self.solver.new_var(prefer, true).idx() as i32 + 1
    }

    fn add(&mut self, clause: &[i32]) {
        let mut clause = clause.iter().map(|&l| self.lit(l)).collect();
        self.broken |= !self.solver.add_clause_reuse(&mut clause);
    }

    fn solve(&mut self, assumptions: &[i32]) -> Option<bool> {
        if self.left.get() <= 0 {
            return None;
        }
        let assumptions: Vec<_> = assumptions.iter().map(|&l| self.lit(l)).collect();
        match self.solver.solve_limited(&assumptions) {
            r if r == lbool::TRUE => Some(true),
            r if r == lbool::FALSE => Some(false),
            _ => None,
        }
    }

    fn value(&self, lit: i32) -> bool {
        let var = batsat::Var::unsafe_from_idx(lit.unsigned_abs() - 1);
        (self.solver.value_var(var) == lbool::TRUE) == (lit > 0)
    }

    fn core(&self) -> Vec<i32> {
        if self.broken {
            return Vec::new();
        }
        let core = self.solver.unsat_core().iter();
        // batsat reports the clause that follows: the negated assumptions.
        core.map(|l| {
            if l.sign() {
                -(l.var().idx() as i32 + 1)
            } else {
                l.var().idx() as i32 + 1
            }
        })
        .collect()
    }

    fn conflicts(&self) -> u64 {
        self.solver.num_conflicts()
    }

    fn steps(&self) -> u64 {
        self.budget - self.left.get().max(0) as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcome::NoWatch;

    #[test]
    fn batsat_speaks_the_port() {
        let mut s = BatSat::new(1000, &NoWatch);
        let (a, b, c) = (s.new_var(true), s.new_var(false), s.new_var(true));
        s.add(&[a, b]);
        s.add(&[-a, c]);
        assert_eq!(s.solve(&[]), Some(true));
        assert!(
            s.value(a) && !s.value(b) && s.value(c),
            "preferred values are tried first"
        );
        assert_eq!(s.solve(&[-c, -b]), Some(false));
        let mut core = s.core();
        core.sort_unstable();
        assert_eq!(
            core,
            [-c, -b],
            "the core is a set of assumptions, as assumed"
        );
        assert_eq!(s.solve(&[-c]), Some(true));
        assert!(s.value(b) && !s.value(a));
    }
}
