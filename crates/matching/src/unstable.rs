//! Where nothing is stable: wrong as few families as possible, say which, why, and what one seat
//! would change.
//!
//! Small components are decided exactly: every family may block at a price, nothing is reduced
//! (the reduction assumes that nobody blocks), and the prices are the first level of the
//! objective. Large ones are decided by *exempting* families one by one: with the others' claims
//! intact the reduction is valid again. "No stable placement" proves that one blocking family is
//! the minimum where one is enough; otherwise the bound stays at one per connected component.

use std::collections::HashMap;

use enmusubi_market::{FamilyIx, Slot, tuples};

use crate::component::{Decided, Placed, Run, Stuck};
use crate::encode::{Blocking, Encoded};
use crate::flat::Flat;
use crate::levels::{Level, Search};
use crate::open::{Fixed, Part, open};
use crate::outcome::Effort;
use crate::part::{Costs, levels};
use crate::queue;
use crate::reduce::reduce;
use crate::sat::{BatSat, Sat};

/// Positions up to which a component is decided exactly.
const EXACT_POSITIONS_MAX: usize = 3_000;
/// Steps the exact decision of a small component may take.
const EXACT_STEPS_MAX: u64 = 2_000_000;
/// Steps × positions to find whose claims contradict each other in a spot, and steps at least.
const CORE_WORK_MAX: u64 = 400_000_000;
const CORE_STEPS_MIN: u64 = 4_000;
/// Steps to find the fewest core by core.
const CORES_STEPS_MAX: u64 = 4_000_000;
/// Most families of a spot that are sought together; beyond, the queue decides.
const WRONGED_MAX: i64 = 4;
/// Families of a component up to which whoever is wronged is tried to be spared, one at a time.
const CHOOSY_FAMILIES_MAX: usize = 30_000;
/// Positions of a spot up to which several families are tried for the best to exempt.
const CHOOSY_POSITIONS_MAX: u32 = 1_500;
/// Families of a contradiction that are tried.
const CANDIDATES_MAX: usize = 8;
/// Cores up to this size are made irreducible one claim at a time.
const CORE_MINIMISED_MAX: usize = 120;

/// A placement that wrongs somebody.
pub(crate) struct Wronged {
    pub placed: Placed,
    /// Blocking families, ascending.
    pub blocking: Vec<FamilyIx>,
    /// Proven least number of blocking families.
    pub bound: u32,
    /// Proven least number of only children among them, given the least number.
    pub only_children_bound: u32,
}

/// Places a component that has no stable placement, or where none was found.
pub(crate) fn place(
    run: &Run<'_>,
    families: &[FamilyIx],
    room: &[i64],
    stuck: &Stuck,
    effort: Effort,
    scratch: &mut Vec<u32>,
) -> Wronged {
    let flat = Flat::new(run.market, &run.layout, families.to_vec(), room, scratch);
    if run.watch.exact()
        && let Some(part) = whole(&flat, EXACT_POSITIONS_MAX)
        && let Some(wronged) = exactly(run, &flat, &part, effort)
    {
        return wronged;
    }
    by_exemption(run, &flat, families, stuck, effort)
}

/// The component as one part with every position, unless it has too many.
fn whole(flat: &Flat<'_>, max: usize) -> Option<Part> {
    let mut part = Part {
        fam: (0..flat.families()).collect(),
        first: vec![0],
        slot: vec![0],
        slots: Vec::new(),
        ghost: Vec::new(),
        groups: (0..flat.group.len() as u32).collect(),
    };
    for f in 0..flat.families() {
        let children = flat.children(f);
        for tuple in tuples::tuples(flat.market, flat.fam[f as usize], |_| true) {
            part.slots.extend(
                tuple
                    .iter()
                    .zip(children.clone())
                    .map(|(&s, c)| flat.option(c, s)),
            );
            part.slot.push(part.slots.len() as u32);
            if part.slot.len() > max {
                return None;
            }
        }
        part.slots.extend(children.map(|c| flat.stay(c)));
        part.slot.push(part.slots.len() as u32);
        part.first.push(part.slot.len() as u32 - 1);
    }
    part.ghost = vec![false; part.slot.len() - 1];
    // More alone than a group holds: such a tuple can never be held, but it is never refused for
    // another's sake either, so it cannot block.
    for p in 0..part.len() {
        let demand = flat.demand(part.tuple(p));
        part.ghost[p as usize] = demand.iter().any(|&(g, _, own)| own > flat.cap[g as usize]);
    }
    Some(part)
}

/// All levels with a price on blocking; `None` if the budget did not suffice for level 1.
fn exactly(run: &Run<'_>, flat: &Flat<'_>, part: &Part, effort: Effort) -> Option<Wronged> {
    let fixed = Fixed::new(flat, &[]);
    let mut sat = BatSat::new(EXACT_STEPS_MAX, run.watch);
    let mut e = Encoded::new(&mut sat, flat, &fixed, part, Blocking::Priced, None);
    if e.sat.solve(&[]) != Some(true) {
        return None;
    }
    let start = e.read();
    let blocks = e.blocks.clone();
    let only = |f: u32| flat.children(f).len() == 1;
    let softs = |all: bool| -> Vec<(i32, u64)> {
        let chosen = (0..part.families()).filter(|&f| all || only(f));
        chosen
            .filter_map(|f| blocks[f as usize].map(|b| (b, 1)))
            .collect()
    };
    let blocking = |at: &[u32]| queue::blocking(flat, &fixed, part, at);
    let mut search = Search {
        e: &mut e,
        best: start,
    };
    let least = search.minimise(&softs(true), |at| blocking(at).len() as u64);
    if !least.proved() {
        return None;
    }
    let only_children = search.minimise(&softs(false), |at| {
        blocking(at).into_iter().filter(|&f| only(f)).count() as u64
    });
    let at = search.best.clone();
    let mut placed = Placed::default();
    let at = if only_children.proved() && effort == Effort::Proved {
        let best = levels(&mut e, &Costs::new(flat, part), at);
        placed.with_class_slack = slack(best.without_class);
        placed.rank_sum_slack = slack(best.rank_sum);
        placed.canonical = best.canonical;
        best.at
    } else {
        at
    };
    placed.work.conflicts = e.sat.conflicts();
    placed.work.open_families = part.families();
    placed.work.open_positions = u64::from(part.len());
    for (f, &p) in at.iter().enumerate() {
        let slots = part.tuple(p).iter().map(|&x| flat.slot(x)).collect();
        placed.slots.push((flat.fam[f], slots));
    }
    let blocking = blocking(&at)
        .into_iter()
        .map(|f| flat.fam[f as usize])
        .collect();
    Some(Wronged {
        placed,
        blocking,
        bound: least.bound as u32,
        only_children_bound: only_children.bound as u32,
    })
}

fn slack(level: Option<Level>) -> u64 {
    level.map_or(0, |l| l.cost - l.bound)
}

/// Exempts families until the rest is stable.
fn by_exemption(
    run: &Run<'_>,
    flat: &Flat<'_>,
    families: &[FamilyIx],
    stuck: &Stuck,
    effort: Effort,
) -> Wronged {
    let exempt = enough_exempt(run, flat, families, stuck, effort);
    let place = |exempt: &[FamilyIx], effort: Effort| {
        let decided = match run.decide(flat, exempt, effort) {
            Decided::Placed(placed) => placed,
            _ => as_now(run, families),
        };
        let at: HashMap<FamilyIx, &[Slot]> =
            decided.slots.iter().map(|(f, s)| (*f, &**s)).collect();
        let blocking = crate::witness::blocking(flat, &at);
        (decided, blocking)
    };
    let (mut placed, mut blocking) = place(&exempt, Effort::Witness);
    // Who was exempt and is not wronged gets its claims back: this placement shows that it can.
    // Giving back more, one at a time, is tried while it is cheap.
    for k in (0..blocking.len()).rev() {
        let few = run.watch.exact()
            && blocking.len() <= CANDIDATES_MAX
            && families.len() <= CHOOSY_FAMILIES_MAX;
        if blocking.len() > 1 && few && k < blocking.len() {
            let mut fewer = blocking.clone();
            fewer.remove(k);
            let decided = run.decide(flat, &fewer, Effort::Witness);
            if matches!(decided, Decided::Placed(_)) {
                (placed, blocking) = place(&fewer, Effort::Witness);
            }
        }
    }
    if effort == Effort::Proved && blocking.len() < families.len() {
        let (better, wronged) = place(&blocking, Effort::Proved);
        if wronged.len() <= blocking.len() {
            (placed, blocking) = (better, wronged);
        }
    }
    let bound = u32::from(stuck.proved).min(blocking.len() as u32);
    let all = |f: &FamilyIx| run.market.families[*f as usize].children.len() as u64;
    let children: u64 = families.iter().map(all).sum();
    let without = without_class(flat, &placed);
    // Nothing is proved of levels 2 and 3 across the choice of who blocks, but what holds always:
    // no more children than seats, no position better than the first.
    placed.with_class_slack = without.saturating_sub(children.saturating_sub(seats(flat)));
    let positions: u64 = placed
        .slots
        .iter()
        .map(|(f, s)| u64::from(crate::stable::position(run.market, *f, s)))
        .sum();
    placed.rank_sum_slack = positions - families.len() as u64;
    placed.canonical = false;
    Wronged {
        placed,
        blocking,
        bound,
        only_children_bound: 0,
    }
}

/// Families tried as exempt, and what that leaves.
struct Trial {
    /// Spots left, families exempt, only children among them, children without a class.
    score: (usize, usize, usize, u64),
    exempt: Vec<FamilyIx>,
    left: Vec<Vec<FamilyIx>>,
}

/// Families (ascending) without whose claims the others can all be satisfied: spot by spot, the
/// fewest whose claims contradict the spot's others as it stands, or, in a small spot, the one
/// that leaves fewest spots and most children placed; sibling families before only children.
fn enough_exempt(
    run: &Run<'_>,
    flat: &Flat<'_>,
    families: &[FamilyIx],
    stuck: &Stuck,
    effort: Effort,
) -> Vec<FamilyIx> {
    let only = |f: FamilyIx| run.market.families[f as usize].children.len() == 1;
    let with = |exempt: &[FamilyIx], more: &[FamilyIx]| {
        let mut all = [exempt, more].concat();
        all.sort_unstable();
        all.dedup();
        all
    };
    let mut exempt: Vec<FamilyIx> = Vec::new();
    let mut spots = stuck.spots.clone();
    while let Some(spot) = spots.first() {
        let found = contradictory(run, flat, &exempt, spot);
        let mut candidates: Vec<Vec<FamilyIx>> = Vec::new();
        if !found.wronged.is_empty() {
            candidates.push(found.wronged);
        }
        let choosy = effort == Effort::Proved && found.positions <= CHOOSY_POSITIONS_MAX;
        if candidates.is_empty() || choosy {
            let mut single = if found.core.is_empty() {
                spot.clone()
            } else {
                found.core.clone()
            };
            single.sort_by_key(|&f| (only(f), f));
            let single = single.into_iter().map(|f| vec![f]);
            let new = single.filter(|f| exempt.binary_search(&f[0]).is_err());
            candidates.extend(new.take(CANDIDATES_MAX));
        }
        let mut best: Option<Trial> = None;
        for more in &candidates {
            let trial = with(&exempt, more);
            if trial.len() == exempt.len() {
                continue;
            }
            let (left, without) = match run.decide(flat, &trial, Effort::Witness) {
                Decided::Placed(placed) => (Vec::new(), without_class(flat, &placed)),
                Decided::Stuck(stuck) => (stuck.spots, 0),
                Decided::Tied(_) => continue,
            };
            let wronged = trial.iter().filter(|&&f| only(f)).count();
            let score = (left.len(), trial.len(), wronged, without);
            if best.as_ref().is_none_or(|b| score < b.score) {
                best = Some(Trial {
                    score,
                    exempt: trial,
                    left,
                });
            }
        }
        let Some(Trial {
            exempt: trial,
            left,
            ..
        }) = best
        else {
            return families.to_vec();
        };
        if run.watch.stop() {
            return families.to_vec();
        }
        exempt = trial;
        spots = left;
    }
    exempt
}

fn as_now(run: &Run<'_>, families: &[FamilyIx]) -> Placed {
    let slots = |&f: &FamilyIx| {
        let n = run.market.families[f as usize].children.len();
        (f, vec![Slot::AsNow; n].into_boxed_slice())
    };
    Placed {
        slots: families.iter().map(slots).collect(),
        ..Placed::default()
    }
}

fn without_class(flat: &Flat<'_>, placed: &Placed) -> u64 {
    let market = flat.market;
    let lost = |(f, slots): &(FamilyIx, Box<[Slot]>)| {
        let children = market.families[*f as usize].children.clone();
        children
            .zip(slots.iter())
            .filter(|&(c, &s)| market.class_of(c, s).is_none())
            .count() as u64
    };
    placed.slots.iter().map(lost).sum()
}

/// Children that the groups hold at most.
fn seats(flat: &Flat<'_>) -> u64 {
    (0..flat.group.len() as u32)
        .map(|g| {
            let weights = flat
                .group_places(g)
                .map(|p| flat.opt_weight[flat.sorted[p as usize] as usize]);
            let comers = flat.group_places(g).len() as u64;
            let (mut free, mut lightest) = (0u64, u32::MAX);
            for w in weights {
                free += u64::from(w == 0);
                lightest = if w > 0 { lightest.min(w) } else { lightest };
            }
            (free + flat.cap[g as usize].max(0) as u64 / u64::from(lightest)).min(comers)
        })
        .sum()
}

/// What a spot's contradiction consists of.
#[derive(Default)]
pub(crate) struct Contradiction {
    /// Families whose claims cannot all be met, ascending; irreducible if small.
    pub core: Vec<FamilyIx>,
    /// Fewest families whose claims had to be left unmet here, with everybody else's place taken
    /// as the reduction left it; as few only children as possible.
    pub wronged: Vec<FamilyIx>,
    /// Positions of the spot.
    pub positions: u32,
}

/// Looks into a spot (given by its families) when `exempt` families may block already.
pub(crate) fn contradictory(
    run: &Run<'_>,
    flat: &Flat<'_>,
    exempt: &[FamilyIx],
    spot: &[FamilyIx],
) -> Contradiction {
    let may_block: Vec<bool> = flat
        .fam
        .iter()
        .map(|f| exempt.binary_search(f).is_ok())
        .collect();
    let reduced = reduce(flat, may_block.clone());
    if reduced.contradiction.is_some() {
        return Contradiction::default();
    }
    let opened = open(&reduced);
    let fixed = Fixed::new(flat, &opened.settled);
    let first = |part: &&Part| flat.fam[part.fam[0] as usize] == spot[0];
    let Some(part) = opened.parts.iter().find(first) else {
        return Contradiction::default();
    };
    let family = |f: u32| flat.fam[part.fam[f as usize] as usize];
    if !run.watch.exact() {
        let rest = queue::rest(flat, &fixed, part);
        let mut wronged = rest.map_or_else(Vec::new, |r| r.wronged);
        // The part grows with every exemption, and the queue may come to rest elsewhere in it: only those who are new
        // bring this to an end.
        wronged.retain(|&f| !may_block[part.fam[f as usize] as usize]);
        return Contradiction {
            wronged: wronged.into_iter().map(family).collect(),
            positions: part.len(),
            ..Contradiction::default()
        };
    }
    // A step costs more the larger the spot.
    let steps = (CORE_WORK_MAX / u64::from(part.len())).max(CORE_STEPS_MIN);
    let mut sat = BatSat::new(steps, run.watch);
    let mut e = Encoded::new(&mut sat, flat, &fixed, part, Blocking::Priced, None);
    let prices: Vec<(u32, i32)> = (0..part.families())
        .filter(|&f| !may_block[part.fam[f as usize] as usize])
        .filter_map(|f| e.blocks[f as usize].map(|b| (f, b)))
        .collect();
    let of_price = |lit: i32| prices.iter().find(|p| p.1 == -lit).map(|p| family(p.0));
    let assumed: Vec<i32> = prices.iter().map(|p| -p.1).collect();
    let mut found = Contradiction {
        positions: part.len(),
        ..Contradiction::default()
    };
    if e.sat.solve(&assumed) == Some(false) {
        let mut core = e.sat.core();
        let mut k = 0;
        let small = part.len() <= CHOOSY_POSITIONS_MAX;
        while small && k < core.len() && core.len() <= CORE_MINIMISED_MAX {
            let mut fewer = core.clone();
            fewer.remove(k);
            if e.sat.solve(&fewer) == Some(false) {
                core = fewer;
            } else {
                k += 1;
            }
        }
        found.core = core.into_iter().filter_map(of_price).collect();
        found.core.sort_unstable();
    }
    // One more at a time: nobody is not enough, which is what makes it a spot.
    let only = |f: u32| flat.children(part.fam[f as usize]).len() == 1;
    let all = e.counter(&prices.iter().map(|p| p.1).collect::<Vec<i32>>());
    let singles: Vec<i32> = prices.iter().filter(|p| only(p.0)).map(|p| p.1).collect();
    let singles = e.counter(&singles);
    'number: for number in 1..=WRONGED_MAX {
        let more = e.at_least_of(all, number + 1);
        for only_children in 0..=number {
            let more_only = e.at_least_of(singles, only_children + 1);
            match e.sat.solve(&[-more, -more_only]) {
                Some(true) => {
                    let mut wronged = queue::blocking(flat, &fixed, part, &e.read());
                    wronged.retain(|&f| !may_block[part.fam[f as usize] as usize]);
                    found.wronged = wronged.into_iter().map(family).collect();
                    return found;
                }
                Some(false) => {}
                None => break 'number,
            }
        }
    }
    // Where the count does not come to an end: core by core, from "nobody" up.
    drop(e);
    let mut sat = BatSat::new(CORES_STEPS_MAX, run.watch);
    let mut e = Encoded::new(&mut sat, flat, &fixed, part, Blocking::Priced, None);
    let softs: Vec<(i32, u64)> = (0..part.families())
        .filter(|&f| !may_block[part.fam[f as usize] as usize])
        .filter_map(|f| e.blocks[f as usize].map(|b| (b, 1)))
        .collect();
    let blocking = |at: &[u32]| -> Vec<u32> {
        let mut all = queue::blocking(flat, &fixed, part, at);
        all.retain(|&f| !may_block[part.fam[f as usize] as usize]);
        all
    };
    let wronged = if e.sat.solve(&[]) == Some(true) {
        let start = e.read();
        let mut search = Search {
            e: &mut e,
            best: start,
        };
        search
            .minimise(&softs, |at| blocking(at).len() as u64)
            .proved()
            .then_some(search.best)
    } else {
        None
    };
    let wronged = match wronged {
        Some(at) => blocking(&at),
        None => queue::rest(flat, &fixed, part).map_or_else(Vec::new, |r| r.wronged),
    };
    found.wronged = wronged.into_iter().map(family).collect();
    found
}
