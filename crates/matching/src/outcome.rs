//! What the engine is asked and what it answers.

use enmusubi_market::{ChildIx, ClassIx, FamilyIx, GroupIx, Placement};

/// How selection is done (past practice differs; selection model, "Mechanisms").
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Mechanism {
    /// Priority before choice rank: a stable placement. The default.
    #[default]
    Stable,
    /// Families in one declared order; each takes its first tuple with room; one sweep.
    IndexOrder,
    /// For k = 1, 2, …: families not yet accepted apply with position k; acceptance is final.
    ChoiceOrder,
}

/// How far to go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Effort {
    /// Stop at a stable placement with its witness.
    Witness,
    /// Prove all four levels of the objective (or report the proven bound).
    #[default]
    Proved,
}

/// Steps of the engine, for the caller's stop-watch and progress line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Phase {
    /// Flat arrays, list reduction.
    Reduce,
    /// Queue heuristic and witness.
    Witness,
    /// Exact search and proofs.
    Prove,
    /// Why nothing is stable, and what would restore it.
    Diagnose,
}

/// The caller's side of a run: everything impure comes in here.
pub trait Watch: Sync {
    /// Called when a phase begins.
    fn phase(&self, _phase: Phase) {}
    /// True when the caller's time limit has passed. The engine then returns what it has and
    /// says that the result is not reproducible.
    fn stop(&self) -> bool {
        false
    }
    /// Where nothing is stable: whether to look for the families that are why, and for the single seats
    /// that would mend it. Never changes the placement; may take far longer than it.
    fn explain_instability(&self) -> bool {
        true
    }
    /// Whether exact search goes as far as it may. If not, it ends soon, and where nothing stable was found whoever
    /// keeps the queue heuristic from coming to rest is taken for wronged: quick, and perhaps more of them than needed.
    /// Same market, same placement, as ever.
    fn exact(&self) -> bool {
        true
    }
}

/// A watch that does nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoWatch;
impl Watch for NoWatch {}

/// A watch for whoever decides one round many times and compares: short searches, no reasons.
#[derive(Debug, Clone, Copy, Default)]
pub struct Quick;

impl Watch for Quick {
    fn explain_instability(&self) -> bool {
        false
    }

    fn exact(&self) -> bool {
        false
    }
}

/// What to compute.
#[derive(Debug, Clone, Copy, Default)]
pub struct Request {
    /// Mechanism.
    pub mechanism: Mechanism,
    /// Effort (for [`Mechanism::Stable`] only).
    pub effort: Effort,
    /// Worker threads, 0 or 1 for none. Never changes the result.
    pub threads: u32,
    /// Refuse to place while a tie is undecided (`--ties stop`).
    pub stop_at_ties: bool,
}

/// Proved value, or how far the proof got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    /// The value reached is the best possible.
    Proved,
    /// Nothing better than this bound is possible (in the level's own unit); the value reached
    /// may lie between.
    Bound(i64),
    /// Not asked for (`witness`, or a mechanism without an objective).
    NotAsked,
}

/// Proofs of the levels of the objective.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Proofs {
    /// Level 1a: fewest blocking families (bound: lower).
    pub blocking_families: Proof,
    /// Level 1b: fewest of these with one applying child (bound: lower).
    pub blocking_only_children: Proof,
    /// Level 2: most children with a class (bound: upper).
    pub with_class: Proof,
    /// Level 3: lowest sum of capped positions (bound: lower).
    pub rank_sum: Proof,
    /// Level 4: the canonical choice among the rest was made.
    pub canonical: bool,
}

/// Two children of different families that the criteria leave equal where it matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TiedPair {
    /// The group they compete in.
    pub group: GroupIx,
    /// Smaller index first.
    pub a: ChildIx,
    /// The other.
    pub b: ChildIx,
}

/// One seat more or less at a class that would make a stable placement possible.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SeatRepair {
    /// The class whose group gets or gives the seat.
    pub class: ClassIx,
    /// +1 or −1 seat of that class.
    pub seats: i8,
}

/// Why no placement is stable.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Instability {
    /// Irreducible sets: without any one family of a set (and with the others of the round that
    /// are not in doubt) there would be a stable placement.
    pub irreducible: Vec<Vec<FamilyIx>>,
    /// Every single-seat change at the classes of those families that restores stability.
    pub repairs: Vec<SeatRepair>,
    /// Whether the search for repairs was complete.
    pub repairs_complete: bool,
}

/// The engine's answer.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The placement.
    pub placement: Placement,
    /// Families that block it, ascending; empty = stable.
    pub blocking: Vec<FamilyIx>,
    /// What was proved.
    pub proofs: Proofs,
    /// Present where nothing is stable.
    pub instability: Option<Instability>,
    /// Σ over families of min(position, 99).
    pub rank_sum: u64,
    /// False when a time limit cut the search short.
    pub reproducible: bool,
    /// Size of the search, for `report.json` and the benchmarks.
    pub effort: SearchEffort,
}

/// Counted work; the same on every machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SearchEffort {
    /// Connected parts the market falls into.
    pub parts: u32,
    /// Families left open by the reduction.
    pub open_families: u32,
    /// Positions left open by the reduction.
    pub open_positions: u64,
    /// Tuples taken by the queue heuristic.
    pub proposals: u64,
    /// Conflicts of the exact solver.
    pub conflicts: u64,
    /// Steps (decisions) of the exact solver.
    pub steps: u64,
}

/// Answer to a request.
#[derive(Debug, Clone)]
pub enum Answer {
    /// Somebody was placed.
    Placed(Box<Outcome>),
    /// `stop_at_ties` and ties are undecided: nobody was placed.
    Undecided(Vec<TiedPair>),
}
