//! Each solver behind the engine's port.

use std::collections::HashMap;

use enmusubi_matching::sat::Sat;

/// Counts what is written and decides nothing: the time of everything but solving.
#[derive(Default)]
pub struct Writer {
    vars: i32,
}

impl Sat for Writer {
    fn new_var(&mut self, _: bool) -> i32 {
        self.vars += 1;
        self.vars
    }
    fn add(&mut self, _: &[i32]) {}
    fn solve(&mut self, _: &[i32]) -> Option<bool> {
        None
    }
    fn value(&self, _: i32) -> bool {
        false
    }
    fn core(&self) -> Vec<i32> {
        Vec::new()
    }
    fn conflicts(&self) -> u64 {
        0
    }
    fn steps(&self) -> u64 {
        0
    }
}

/// batsat as the engine uses it, without its budget of steps.
#[derive(Default)]
pub struct Batsat {
    solver: batsat::BasicSolver,
    broken: bool,
}

impl Batsat {
    fn lit(&mut self, lit: i32) -> batsat::Lit {
        use batsat::SolverInterface;
        let var = self.solver.var_of_int(lit.unsigned_abs() - 1);
        batsat::Lit::new(var, lit > 0)
    }
}

impl Sat for Batsat {
    fn new_var(&mut self, prefer: bool) -> i32 {
        use batsat::{SolverInterface, lbool};
        let prefer = if prefer { lbool::TRUE } else { lbool::FALSE };
        self.solver.new_var(prefer, true).idx() as i32 + 1
    }

    fn add(&mut self, clause: &[i32]) {
        use batsat::SolverInterface;
        let mut clause = clause.iter().map(|&l| self.lit(l)).collect();
        self.broken |= !self.solver.add_clause_reuse(&mut clause);
    }

    fn solve(&mut self, assumptions: &[i32]) -> Option<bool> {
        use batsat::{SolverInterface, lbool};
        let assumptions: Vec<_> = assumptions.iter().map(|&l| self.lit(l)).collect();
        match self.solver.solve_limited(&assumptions) {
            r if r == lbool::TRUE => Some(true),
            r if r == lbool::FALSE => Some(false),
            _ => None,
        }
    }

    fn value(&self, lit: i32) -> bool {
        use batsat::{SolverInterface, lbool};
        let var = batsat::Var::unsafe_from_idx(lit.unsigned_abs() - 1);
        (self.solver.value_var(var) == lbool::TRUE) == (lit > 0)
    }

    fn core(&self) -> Vec<i32> {
        use batsat::SolverInterface;
        if self.broken {
            return Vec::new();
        }
        // The clause that follows: the negated assumptions.
        let core = self.solver.unsat_core().iter();
        core.map(|l| {
            let var = l.var().idx() as i32 + 1;
            if l.sign() { -var } else { var }
        })
        .collect()
    }

    fn conflicts(&self) -> u64 {
        use batsat::SolverInterface;
        self.solver.num_conflicts()
    }

    fn steps(&self) -> u64 {
        0
    }
}

/// CaDiCaL. Its crate offers no preferred phases.
pub struct Cadical {
    solver: cadical::Solver,
    vars: i32,
    assumed: Vec<i32>,
}

impl Cadical {
    /// With one of CaDiCaL's sets of options: `default`, `plain` (no inprocessing), `sat`.
    pub fn new(config: &str) -> Self {
        Self {
            solver: cadical::Solver::with_config(config).expect("a configuration of CaDiCaL's"),
            vars: 0,
            assumed: Vec::new(),
        }
    }
}

impl Sat for Cadical {
    fn new_var(&mut self, _: bool) -> i32 {
        self.vars += 1;
        self.vars
    }

    fn add(&mut self, clause: &[i32]) {
        self.solver.add_clause(clause.iter().copied());
    }

    fn solve(&mut self, assumptions: &[i32]) -> Option<bool> {
        self.solver.reserve(self.vars);
        self.assumed = assumptions.to_vec();
        self.solver.solve_with(assumptions.iter().copied())
    }

    fn value(&self, lit: i32) -> bool {
        (self.solver.value(lit.abs()) == Some(true)) == (lit > 0)
    }

    fn core(&self) -> Vec<i32> {
        let assumed = self.assumed.iter().copied();
        assumed.filter(|&l| self.solver.failed(l)).collect()
    }

    fn conflicts(&self) -> u64 {
        0
    }

    fn steps(&self) -> u64 {
        0
    }
}

/// varisat. No preferred phases, no way to interrupt it.
#[derive(Default)]
pub struct Varisat {
    solver: varisat::Solver<'static>,
    model: Vec<bool>,
}

fn varisat_lit(lit: i32) -> varisat::Lit {
    varisat::Lit::from_dimacs(lit as isize)
}

impl Sat for Varisat {
    fn new_var(&mut self, _: bool) -> i32 {
        use varisat::ExtendFormula;
        self.solver.new_var().to_dimacs() as i32
    }

    fn add(&mut self, clause: &[i32]) {
        use varisat::ExtendFormula;
        let clause: Vec<_> = clause.iter().map(|&l| varisat_lit(l)).collect();
        self.solver.add_clause(&clause);
    }

    fn solve(&mut self, assumptions: &[i32]) -> Option<bool> {
        let assumptions: Vec<_> = assumptions.iter().map(|&l| varisat_lit(l)).collect();
        self.solver.assume(&assumptions);
        let answer = self.solver.solve().ok()?;
        if let Some(model) = self.solver.model() {
            self.model.clear();
            for lit in model {
                let at = lit.index();
                if self.model.len() <= at {
                    self.model.resize(at + 1, false);
                }
                self.model[at] = lit.is_positive();
            }
        }
        Some(answer)
    }

    fn value(&self, lit: i32) -> bool {
        let at = lit.unsigned_abs() as usize - 1;
        self.model.get(at).copied().unwrap_or(false) == (lit > 0)
    }

    fn core(&self) -> Vec<i32> {
        let core = self.solver.failed_core().unwrap_or_default();
        core.iter().map(|l| l.to_dimacs() as i32).collect()
    }

    fn conflicts(&self) -> u64 {
        0
    }

    fn steps(&self) -> u64 {
        0
    }
}

mod pumpkin {
    pub use pumpkin_solver::Solver;
    pub use pumpkin_solver::conflict_resolvers::resolvers::ResolutionResolver as Resolver;
    pub use pumpkin_solver::core::DefaultBrancher as Brancher;
    pub use pumpkin_solver::core::predicates::Predicate;
    pub use pumpkin_solver::core::proof::ConstraintTag;
    pub use pumpkin_solver::core::results::{
        ProblemSolution, SatisfactionResultUnderAssumptions as Answer,
    };
    pub use pumpkin_solver::core::termination::Indefinite;
    pub use pumpkin_solver::core::variables::Literal;
}

/// pumpkin: the clauses as clauses over 0-1 variables, its own search strategy. (A strategy that
/// falls back on the preferred values instead of random ones was no faster.)
pub struct Pumpkin {
    solver: pumpkin::Solver,
    brancher: pumpkin::Brancher,
    resolver: pumpkin::Resolver,
    tag: pumpkin::ConstraintTag,
    literals: Vec<pumpkin::Literal>,
    assumed: HashMap<pumpkin::Predicate, i32>,
    model: Vec<bool>,
    core: Vec<i32>,
}

impl Default for Pumpkin {
    fn default() -> Self {
        let mut solver = pumpkin::Solver::default();
        Self {
            brancher: solver.default_brancher(),
            resolver: pumpkin::Resolver::default(),
            tag: solver.new_constraint_tag(),
            solver,
            literals: Vec::new(),
            assumed: HashMap::new(),
            model: Vec::new(),
            core: Vec::new(),
        }
    }
}

impl Pumpkin {
    fn predicate(&self, lit: i32) -> pumpkin::Predicate {
        let literal = self.literals[lit.unsigned_abs() as usize - 1];
        if lit > 0 {
            literal.get_true_predicate()
        } else {
            literal.get_false_predicate()
        }
    }
}

impl Sat for Pumpkin {
    fn new_var(&mut self, _: bool) -> i32 {
        let literal = self.solver.new_literal();
        let domain = literal.get_true_predicate().get_domain();
        self.brancher.add_domain(domain);
        self.literals.push(literal);
        self.literals.len() as i32
    }

    fn add(&mut self, clause: &[i32]) {
        let clause: Vec<_> = clause.iter().map(|&l| self.predicate(l)).collect();
        self.solver.add_clause(clause, self.tag);
    }

    fn solve(&mut self, assumptions: &[i32]) -> Option<bool> {
        self.core.clear();
        self.assumed.clear();
        for &l in assumptions {
            let literal = self.literals[l.unsigned_abs() as usize - 1];
            match self.solver.get_literal_value(literal) {
                // Refuted without any other: its core extraction has nothing to start from.
                Some(value) if value != (l > 0) => {
                    self.core.push(l);
                    return Some(false);
                }
                Some(_) => {}
                None => {
                    self.assumed.insert(self.predicate(l), l);
                }
            }
        }
        let open = assumptions.iter().map(|&l| self.predicate(l));
        let open: Vec<_> = open.filter(|p| self.assumed.contains_key(p)).collect();
        use pumpkin::ProblemSolution;
        match self.solver.satisfy_under_assumptions(
            &mut self.brancher,
            &mut pumpkin::Indefinite,
            &mut self.resolver,
            &open,
        ) {
            pumpkin::Answer::Satisfiable(found) => {
                let solution = found.solution();
                let values = self.literals.iter();
                self.model = values.map(|&l| solution.get_literal_value(l)).collect();
                Some(true)
            }
            pumpkin::Answer::UnsatisfiableUnderAssumptions(mut found) => {
                let core = found.extract_core();
                self.core = core.iter().map(|p| self.assumed[p]).collect();
                Some(false)
            }
            pumpkin::Answer::Unsatisfiable(_) => Some(false),
            pumpkin::Answer::Unknown(_) => None,
        }
    }

    fn value(&self, lit: i32) -> bool {
        self.model[lit.unsigned_abs() as usize - 1] == (lit > 0)
    }

    fn core(&self) -> Vec<i32> {
        self.core.clone()
    }

    fn conflicts(&self) -> u64 {
        0
    }

    fn steps(&self) -> u64 {
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The engine's test of its own wrapper, and that clauses can follow a refutation.
    fn speaks_the_port(mut s: impl Sat) {
        let (a, b, c) = (s.new_var(true), s.new_var(false), s.new_var(true));
        s.add(&[a, b]);
        s.add(&[-a, c]);
        assert_eq!(s.solve(&[]), Some(true));
        assert!((s.value(a) || s.value(b)) && (!s.value(a) || s.value(c)));
        assert_eq!(s.solve(&[-c, -b]), Some(false));
        let mut core = s.core();
        core.sort_unstable();
        assert_eq!(core, [-c, -b]);
        assert_eq!(s.solve(&[-c]), Some(true));
        assert!(s.value(b) && !s.value(a));
        s.add(&[-b]);
        assert_eq!(s.solve(&[-c]), Some(false));
        assert_eq!(s.core(), [-c]);
        let d = s.new_var(false);
        s.add(&[-d, -c]);
        assert_eq!(s.solve(&[]), Some(true));
        assert!(s.value(a) && !s.value(b) && s.value(c) && !s.value(d));
    }

    #[test]
    fn all_speak_the_port() {
        speaks_the_port(Batsat::default());
        speaks_the_port(Cadical::new("default"));
        speaks_the_port(Cadical::new("plain"));
        speaks_the_port(Varisat::default());
        speaks_the_port(Pumpkin::default());
    }
}
