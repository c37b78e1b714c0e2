//! For comparing exact solvers on the very clauses the engine writes (`benches/solvers`).

use enmusubi_market::{FamilyIx, Market};

use crate::encode::{Blocking, Encoded};
use crate::flat::{Flat, Layout};
use crate::open::{Fixed, open};
use crate::part::{Costs, levels};
use crate::reduce::reduce;
use crate::sat::Sat;

/// What a solver made of one open part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Probed {
    /// Families of the part.
    pub families: u32,
    /// Positions of the part.
    pub positions: u32,
    /// Whether a stable placement exists; `None` if the solver gave up.
    pub stable: Option<bool>,
    /// Children without a class in the best placement, if levels 2 to 4 were decided.
    pub without_class: Option<u64>,
    /// Sum of capped positions in the best placement, likewise.
    pub rank_sum: Option<u64>,
}

/// Decides every open part of a market of one pass with solvers of the caller's making, without
/// the queue heuristic: existence, and levels 2 to 4 where `prove` is set.
pub fn decide_with<S: Sat>(
    market: &Market,
    prove: bool,
    mut solver: impl FnMut() -> S,
) -> Vec<Probed> {
    let families: Vec<FamilyIx> = (0..market.families.len() as u32).collect();
    let room = crate::stable::room(market, &enmusubi_market::Placement::as_now(market), 0);
    let layout = Layout::new(market);
    let flat = Flat::new(market, &layout, families, &room, &mut Vec::new());
    let nobody = vec![false; flat.fam.len()];
    let reduced = reduce(&flat, nobody.clone());
    if reduced.contradiction.is_some() {
        return Vec::new();
    }
    let opened = open(&reduced);
    let fixed = Fixed::new(&flat, &opened.settled);
    let mut probed = Vec::new();
    for part in &opened.parts {
        let mut sat = solver();
        let exempt = Blocking::Exempt(&nobody);
        let mut e = Encoded::new(&mut sat, &flat, &fixed, part, exempt, None);
        let stable = e.sat.solve(&[]);
        let mut result = Probed {
            families: part.families(),
            positions: part.len(),
            stable,
            without_class: None,
            rank_sum: None,
        };
        if prove && stable == Some(true) {
            let start = e.read();
            let best = levels(&mut e, &Costs::new(&flat, part), start);
            result.without_class = best.without_class.map(|l| l.cost);
            result.rank_sum = best.rank_sum.map(|l| l.cost);
        }
        probed.push(result);
    }
    probed
}
