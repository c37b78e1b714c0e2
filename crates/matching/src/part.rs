//! One open part: a stable placement of it, or the best one, or the proof that there is none.

use enmusubi_market::{POSITION_CAP, tuples};

use crate::encode::{Blocking, Encoded};
use crate::flat::{Flat, NONE};
use crate::levels::{Level, Search};
use crate::open::{Fixed, Part};
use crate::outcome::{Effort, Phase, SearchEffort, Watch};
use crate::queue;
use crate::sat::{BatSat, Sat};

/// Steps × positions the exact solver may spend on one part (a step costs more the larger the
/// part), and steps at least and at most. Counted, not timed, so that a result is the same on
/// every machine; real rounds take some ten thousand steps.
const WORK_MAX: u64 = 20_000_000_000;
const STEPS_MIN: u64 = 150_000;
const STEPS_MAX: u64 = 30_000_000;
/// Seeds the queue heuristic tries before the exact search takes over.
const SEEDS: [u64; 2] = [0x656e_6d75_7375_6269, 0x6265_0a2e_9f3c_11d7];

/// Steps of the exact search where it is to end soon: enough to find nearly every stable placement of 400 children of the
/// hardest towns, and less than a second.
const QUICK_STEPS_MAX: u64 = 200_000;

/// What could be said of a part.
pub(crate) enum Solved {
    /// Positions held, one per part family, and what was proved of them.
    Placed(Best),
    /// Nothing is stable (proved).
    Unstable,
    /// Neither a placement nor a proof within the budget.
    Unknown,
}

/// A placement of a part.
pub(crate) struct Best {
    pub at: Vec<u32>,
    /// Level 2: children without a class; `None` if not asked for.
    pub without_class: Option<Level>,
    /// Level 3: sum of capped positions; `None` if not asked for.
    pub rank_sum: Option<Level>,
    /// Level 4 was decided.
    pub canonical: bool,
}

/// Numbers of a part that the levels compare.
pub(crate) struct Costs {
    /// Position → children without a class.
    pub without_class: Vec<u32>,
    /// Position → nursery position, capped.
    pub position: Vec<u32>,
    /// Position → nursery position in the remaining list, not capped (order only).
    pub place: Vec<u32>,
}

impl Costs {
    pub(crate) fn new(flat: &Flat<'_>, part: &Part) -> Self {
        let n = part.len() as usize;
        let mut costs = Costs {
            without_class: vec![0; n],
            position: vec![0; n],
            place: vec![0; n],
        };
        for f in 0..part.families() {
            costs.family(flat, part, f);
        }
        costs
    }

    fn family(&mut self, flat: &Flat<'_>, part: &Part, f: u32) {
        let nurseries = |tuple: &[u32]| -> smallvec::SmallVec<[u32; 4]> {
            tuple.iter().map(|&x| nursery(flat, x)).collect()
        };
        let local = part.fam[f as usize];
        let capped = CappedPositions::new(flat, local);
        let mut last = None;
        let mut place = 0;
        for p in part.positions(f) {
            let tuple = part.tuple(p);
            let here = nurseries(tuple);
            if last.as_ref() != Some(&here) {
                place += 1;
            }
            self.place[p as usize] = place;
            self.position[p as usize] = capped.of(&here);
            self.without_class[p as usize] = tuple.iter().filter(|&&x| x == NONE).count() as u32;
            last = Some(here);
        }
    }
}

/// Nursery of an option that newly places a child; a mark for "as now".
fn nursery(flat: &Flat<'_>, x: u32) -> u32 {
    match flat.slot(x) {
        _ if x == NONE => u32::MAX,
        enmusubi_market::Slot::AsNow => u32::MAX,
        enmusubi_market::Slot::Choice(c) => {
            flat.market.classes[flat.market.choices[c as usize].class as usize].nursery
        }
    }
}

/// 1-based nursery positions of one family's whole list, up to the cap.
struct CappedPositions {
    first: Vec<smallvec::SmallVec<[u32; 4]>>,
    /// Position of the last resort, capped.
    last_resort: u32,
}

impl CappedPositions {
    fn new(flat: &Flat<'_>, f: u32) -> Self {
        let market = flat.market;
        let family = flat.fam[f as usize];
        let mut first: Vec<smallvec::SmallVec<[u32; 4]>> = Vec::new();
        for tuple in tuples::tuples(market, family, |_| true) {
            let here: smallvec::SmallVec<[u32; 4]> = tuple
                .iter()
                .map(|s| match s {
                    enmusubi_market::Slot::AsNow => u32::MAX,
                    enmusubi_market::Slot::Choice(c) => {
                        market.classes[market.choices[*c as usize].class as usize].nursery
                    }
                })
                .collect();
            if first.last() != Some(&here) {
                if first.len() as u32 + 1 >= POSITION_CAP {
                    break;
                }
                first.push(here);
            }
        }
        let last_resort = (first.len() as u32 + 1).min(POSITION_CAP);
        Self { first, last_resort }
    }

    fn of(&self, nurseries: &[u32]) -> u32 {
        if nurseries.iter().all(|&n| n == u32::MAX) {
            return self.last_resort;
        }
        let found = self.first.iter().position(|n| n[..] == *nurseries);
        found.map_or(POSITION_CAP, |k| k as u32 + 1)
    }
}

/// Decides a part. `exempt` flat families may block; `order` is the canonical order of the part's
/// families.
pub(crate) fn solve(
    flat: &Flat<'_>,
    fixed: &Fixed,
    part: &Part,
    exempt: &[bool],
    effort: Effort,
    watch: &dyn Watch,
    work: &mut SearchEffort,
) -> Solved {
    watch.phase(Phase::Witness);
    let start = existence_by_queue(flat, fixed, part, work);
    if let (Some(at), Effort::Witness) = (&start, effort) {
        return Solved::Placed(Best::unproved(at.clone()));
    }
    watch.phase(Phase::Prove);
    let steps = (WORK_MAX / u64::from(part.len()).max(1)).clamp(STEPS_MIN, STEPS_MAX);
    let steps = if watch.exact() {
        steps
    } else {
        steps.min(QUICK_STEPS_MAX)
    };
    let mut sat = BatSat::new(steps, watch);
    let solved = {
        let blocking = Blocking::Exempt(exempt);
        let mut e = Encoded::new(&mut sat, flat, fixed, part, blocking, start.as_deref());
        let start = match start {
            Some(at) => Ok(at),
            None => match e.sat.solve(&[]) {
                Some(true) => Ok(e.read()),
                Some(false) => Err(Solved::Unstable),
                None if watch.exact() => Err(Solved::Unknown),
                None => Err(at_rest(flat, fixed, part, exempt)),
            },
        };
        match (start, effort) {
            (Err(end), _) => end,
            (Ok(at), Effort::Witness) => Solved::Placed(Best::unproved(at)),
            (Ok(at), Effort::Proved) => {
                let costs = Costs::new(flat, part);
                Solved::Placed(levels(&mut e, &costs, at))
            }
        }
    };
    work.conflicts += sat.conflicts();
    work.steps += sat.steps();
    solved
}

/// A stable placement of the part by the queue heuristic, if it comes to rest.
/// Where the exact search does not end in time: the queue's rest, if nobody is wronged by it but those who may be.
fn at_rest(flat: &Flat<'_>, fixed: &Fixed, part: &Part, exempt: &[bool]) -> Solved {
    let exempt = |f: &u32| exempt[part.fam[*f as usize] as usize];
    match queue::rest(flat, fixed, part) {
        Some(rest) if rest.wronged.iter().all(exempt) => Solved::Placed(Best::unproved(rest.at)),
        _ => Solved::Unknown,
    }
}

fn existence_by_queue(
    flat: &Flat<'_>,
    fixed: &Fixed,
    part: &Part,
    work: &mut SearchEffort,
) -> Option<Vec<u32>> {
    let max = 20 * u64::from(part.families()) + 2_000;
    SEEDS
        .iter()
        .find_map(|&seed| queue::settle(flat, fixed, part, seed, max, &mut work.proposals))
}

impl Best {
    pub(crate) fn unproved(at: Vec<u32>) -> Self {
        Best {
            at,
            without_class: None,
            rank_sum: None,
            canonical: false,
        }
    }
}

/// Levels 2 to 4 on an encoded part, starting from a stable placement of it.
pub(crate) fn levels<S: Sat>(e: &mut Encoded<'_, '_, S>, costs: &Costs, start: Vec<u32>) -> Best {
    let part = e.part;
    let truth = e.truth;
    let sum = |cost: &[u32], at: &[u32]| at.iter().map(|&p| u64::from(cost[p as usize])).sum();
    // Level 2: children without a class.
    let mut softs: Vec<(i32, u64)> = Vec::new();
    for f in 0..part.families() {
        let held: Vec<u32> = part.held(f).collect();
        let mut values: Vec<u32> = held
            .iter()
            .map(|&p| costs.without_class[p as usize])
            .collect();
        values.sort_unstable();
        values.dedup();
        softs.push((truth, u64::from(values[0])));
        for w in values.windows(2) {
            let lits: Vec<i32> = held
                .iter()
                .filter(|&&p| costs.without_class[p as usize] >= w[1])
                .map(|&p| e.hold[p as usize])
                .collect();
            let lit = e.one_of(&lits);
            softs.push((lit, u64::from(w[1] - w[0])));
        }
    }
    let mut search = Search { e, best: start };
    let without_class = search.minimise(&softs, |at| sum(&costs.without_class, at));
    // Nothing is better than every family at its first remaining position.
    let firsts = (0..part.families()).filter_map(|f| part.held(f).next());
    let mut rank_sum = Level {
        cost: sum(&costs.position, &search.best),
        bound: firsts.map(|p| u64::from(costs.position[p as usize])).sum(),
    };
    let mut canonical = false;
    if without_class.proved() {
        // Level 3: the position only grows along a list, so each step is paid as it is passed.
        let mut softs: Vec<(i32, u64)> = Vec::new();
        for f in 0..part.families() {
            let mut before: Option<u32> = None;
            for p in part.held(f) {
                let cost = costs.position[p as usize];
                match before {
                    None => softs.push((truth, u64::from(cost))),
                    Some(q) => softs.push((
                        -search.e.upto[q as usize],
                        u64::from(cost - costs.position[q as usize]),
                    )),
                }
                before = Some(p);
            }
        }
        rank_sum = search.minimise(&softs, |at| sum(&costs.position, at));
        if rank_sum.proved() {
            let order = canonical_order(search.e.flat, part);
            canonical = search.canonical(&order, |p| costs.place[p as usize])
                && search.canonical(&order, |p| p);
        }
    }
    Best {
        at: search.best,
        without_class: Some(without_class),
        rank_sum: Some(rank_sum),
        canonical,
    }
}

/// Part families by SHA-256 of the family id (level 4).
fn canonical_order(flat: &Flat<'_>, part: &Part) -> Vec<u32> {
    use sha2::{Digest, Sha256};
    let mut order: Vec<([u8; 32], u32)> = (0..part.families())
        .map(|f| {
            let family = flat.fam[part.fam[f as usize] as usize];
            let id = &flat.market.families[family as usize].id;
            (Sha256::digest(id.as_bytes()).into(), f)
        })
        .collect();
    order.sort_unstable();
    order.into_iter().map(|(_, f)| f).collect()
}
