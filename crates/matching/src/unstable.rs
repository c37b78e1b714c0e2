//! Where nothing is stable: wrong as few families as possible, say which, why, and what one seat
//! would change.
//!
//! Small components are decided exactly: every family may block at a price, nothing is reduced
//! (the reduction assumes that nobody blocks), and the prices are the first level of the
//! objective. Large ones are decided by *exempting* families one by one: with the others' claims
//! intact the reduction is valid again. "No stable placement" proves that one blocking family is
//! the minimum where one is enough; otherwise the bound stays at one per connected component.

use std::collections::BTreeSet;

use enmusubi_market::{FamilyIx, tuples};

use crate::component::{Decided, Placed, Run};
use crate::encode::{Blocking, Encoded};
use crate::flat::Flat;
use crate::levels::{Level, Search};
use crate::open::{Fixed, Part, open};
use crate::outcome::{Effort, Instability, SeatRepair};
use crate::part::{Costs, levels};
use crate::queue;
use crate::reduce::reduce;
use crate::sat::{BatSat, Sat};

/// Positions up to which a component is decided exactly.
const EXACT_POSITIONS_MAX: usize = 4_000;
/// Conflicts the exact decision of a small component may use.
const EXACT_CONFLICTS_MAX: u64 = 300_000;
/// Conflicts to find a contradictory set of families in a large one.
const CORE_CONFLICTS_MAX: u64 = 200_000;
/// Families tried alone before several are exempted together.
const CANDIDATES_MAX: usize = 24;
/// Families from which an irreducible set is sought; larger sets are cut in halves first.
const REPAIR_TRIALS_MAX: u32 = 600;

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

/// Places a component that has no stable placement (`proved`), or where none was found.
pub(crate) fn place(
    run: &Run<'_>,
    families: &[FamilyIx],
    room: &[i64],
    proved: bool,
    effort: Effort,
    scratch: &mut Vec<u32>,
) -> Wronged {
    let flat = Flat::new(run.market, &run.layout, families.to_vec(), room, scratch);
    if let Some(part) = whole(&flat, EXACT_POSITIONS_MAX)
        && let Some(wronged) = exactly(run, &flat, &part, effort)
    {
        return wronged;
    }
    by_exemption(run, &flat, families, room, proved, effort, scratch)
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
    let mut sat = BatSat::new(EXACT_CONFLICTS_MAX, run.watch);
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
    room: &[i64],
    proved: bool,
    effort: Effort,
    scratch: &mut Vec<u32>,
) -> Wronged {
    let only = |f: FamilyIx| run.market.families[f as usize].children.len() == 1;
    let mut exempt: Vec<FamilyIx> = Vec::new();
    let mut chosen: Option<(Vec<FamilyIx>, Placed)> = None;
    while chosen.is_none() {
        let mut candidates = contradictory(run, families, room, &exempt, scratch);
        candidates.retain(|f| exempt.binary_search(f).is_err());
        candidates.sort_by_key(|&f| (only(f), f));
        candidates.truncate(CANDIDATES_MAX);
        if candidates.is_empty() || run.watch.stop() {
            break;
        }
        let mut best: Option<(u64, Vec<FamilyIx>, Placed)> = None;
        for &f in &candidates {
            let mut trial = exempt.clone();
            trial.push(f);
            trial.sort_unstable();
            if best.is_some() && only(f) {
                break; // an only child is not wronged where a sibling family will do
            }
            let decided = run.component(families, room, &trial, Effort::Witness, scratch);
            if let Decided::Placed(placed) = decided {
                let without = without_class(flat, &placed);
                if best.as_ref().is_none_or(|b| without < b.0) {
                    best = Some((without, trial, placed));
                }
            }
        }
        match best {
            Some((_, trial, placed)) => chosen = Some((trial, placed)),
            None => {
                exempt.push(candidates[0]);
                exempt.sort_unstable();
                // Whole groups at a time once it is clear that one or two are not enough.
                if exempt.len() > 4 {
                    exempt.extend(candidates.iter().skip(1).take(exempt.len() / 2));
                    exempt.sort_unstable();
                }
            }
        }
    }
    let (trial, mut placed) = chosen.unwrap_or_else(|| (families.to_vec(), as_now(run, families)));
    if effort == Effort::Proved
        && trial.len() < families.len()
        && let Decided::Placed(better) =
            run.component(families, room, &trial, Effort::Proved, scratch)
    {
        placed = better;
    }
    let at: std::collections::HashMap<FamilyIx, &[enmusubi_market::Slot]> =
        placed.slots.iter().map(|(f, s)| (*f, &**s)).collect();
    let blocking: Vec<FamilyIx> = crate::witness::blocking(flat, &at);
    let bound = u32::from(proved).min(blocking.len() as u32);
    let all = |f: &FamilyIx| run.market.families[*f as usize].children.len() as u64;
    let children: u64 = families.iter().map(all).sum();
    let without = without_class(flat, &placed);
    // Nothing is proved of levels 2 and 3 across the choice of who blocks, but what holds always:
    // no more children than seats, no position better than the first.
    placed.with_class_slack = without.saturating_sub(children.saturating_sub(seats(flat)));
    let positions: u64 = placed
        .slots
        .iter()
        .map(|(f, s)| {
            u64::from(tuples::position(
                run.market,
                *f,
                s,
                enmusubi_market::POSITION_CAP,
            ))
        })
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

fn as_now(run: &Run<'_>, families: &[FamilyIx]) -> Placed {
    let slots = |&f: &FamilyIx| {
        let n = run.market.families[f as usize].children.len();
        (f, vec![enmusubi_market::Slot::AsNow; n].into_boxed_slice())
    };
    Placed {
        slots: families.iter().map(slots).collect(),
        ..Placed::default()
    }
}

fn without_class(flat: &Flat<'_>, placed: &Placed) -> u64 {
    let market = flat.market;
    let lost = |(f, slots): &(FamilyIx, Box<[enmusubi_market::Slot]>)| {
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
            let (mut free, mut lightest) = (0u64, u32::MAX);
            for w in weights {
                free += u64::from(w == 0);
                lightest = if w > 0 { lightest.min(w) } else { lightest };
            }
            free + flat.cap[g as usize].max(0) as u64 / u64::from(lightest)
        })
        .sum()
}

/// Families whose claims cannot all be met: those of an unsatisfiable part, as few as the
/// solver's core names. Empty where the rest is stable after all.
fn contradictory(
    run: &Run<'_>,
    families: &[FamilyIx],
    room: &[i64],
    exempt: &[FamilyIx],
    scratch: &mut Vec<u32>,
) -> Vec<FamilyIx> {
    let flat = Flat::new(run.market, &run.layout, families.to_vec(), room, scratch);
    let may_block: Vec<bool> = flat
        .fam
        .iter()
        .map(|f| exempt.binary_search(f).is_ok())
        .collect();
    let reduced = reduce(&flat, may_block.clone());
    if reduced.contradiction {
        let open = (0..flat.families()).filter(|&f| reduced.count(f) != 1);
        return open.map(|f| flat.fam[f as usize]).collect();
    }
    let opened = open(&reduced);
    let fixed = Fixed::new(&flat, &opened.settled);
    let mut found = Vec::new();
    for part in &opened.parts {
        let mut proposals = 0;
        let max = 5 * u64::from(part.families()) + 500;
        if queue::settle(&flat, &fixed, part, 1, max, &mut proposals).is_some() {
            continue;
        }
        let mut sat = BatSat::new(CORE_CONFLICTS_MAX, run.watch);
        let e = Encoded::new(&mut sat, &flat, &fixed, part, Blocking::Priced, None);
        let family_of = |lit: i32| {
            let f = e.blocks.iter().position(|b| *b == Some(-lit));
            f.map(|f| flat.fam[part.fam[f] as usize])
        };
        let assumed: Vec<i32> = e
            .blocks
            .iter()
            .zip(&part.fam)
            .filter(|&(_, &f)| !may_block[f as usize])
            .filter_map(|(b, _)| b.map(|b| -b))
            .collect();
        match e.sat.solve(&assumed) {
            Some(true) => {}
            Some(false) => {
                let mut core = e.sat.core();
                for _ in 0..6 {
                    if e.sat.solve(&core) != Some(false) || e.sat.core().len() >= core.len() {
                        break;
                    }
                    core = e.sat.core();
                }
                let mut k = 0;
                while k < core.len() && core.len() <= 60 {
                    let mut fewer = core.clone();
                    fewer.remove(k);
                    if e.sat.solve(&fewer) == Some(false) {
                        core = e.sat.core();
                        k = 0;
                    } else {
                        k += 1;
                    }
                }
                found.extend(core.into_iter().filter_map(family_of));
                break;
            }
            None => {
                let several = |f: &&u32| flat.children(**f).len() > 1;
                found.extend(
                    part.fam
                        .iter()
                        .filter(several)
                        .map(|&f| flat.fam[f as usize]),
                );
                break;
            }
        }
    }
    found.sort_unstable();
    found
}

/// Why the component has no stable placement, and which single seat would give it one.
pub(crate) fn diagnose(
    run: &Run<'_>,
    families: &[FamilyIx],
    room: &[i64],
    scratch: &mut Vec<u32>,
) -> Instability {
    // Sought among all families of a small round, else among those in the contradiction, the
    // others staying in the round.
    let mut kept: Vec<FamilyIx> = if families.len() <= 40 {
        families.to_vec()
    } else {
        contradictory(run, families, room, &[], scratch)
    };
    let suspects: BTreeSet<FamilyIx> = kept.iter().copied().collect();
    let mut without: BTreeSet<FamilyIx> = BTreeSet::new();
    let unstable_without = |out: &BTreeSet<FamilyIx>, scratch: &mut Vec<u32>| {
        let rest: Vec<FamilyIx> = families
            .iter()
            .copied()
            .filter(|f| !out.contains(f))
            .collect();
        let room = less_their_seats(run, room, out);
        run.stable_exists(&rest, &room, scratch) == Some(false)
    };
    let mut chunk = kept.len().div_ceil(2).max(1);
    loop {
        let mut removed = false;
        let mut k = 0;
        while k < kept.len() {
            let end = (k + chunk).min(kept.len());
            let mut out = without.clone();
            out.extend(&kept[k..end]);
            if out.len() < families.len() && unstable_without(&out, scratch) {
                kept.drain(k..end);
                without = out;
                removed = true;
            } else {
                k = end;
            }
            if run.watch.stop() {
                break;
            }
        }
        if run.watch.stop() || (chunk == 1 && !removed) {
            break;
        }
        chunk = chunk.div_ceil(2).max(1);
    }
    debug_assert!(kept.iter().all(|f| suspects.contains(f)));
    let (repairs, repairs_complete) = repairs(run, families, room, &kept, scratch);
    Instability {
        irreducible: vec![kept],
        repairs,
        repairs_complete,
    }
}

/// Room when some families are not in the round: the seats of their children who are enrolled
/// are not given out.
fn less_their_seats(run: &Run<'_>, room: &[i64], out: &BTreeSet<FamilyIx>) -> Vec<i64> {
    let mut room = room.to_vec();
    for &f in out {
        for c in run.market.families[f as usize].children.clone() {
            if let Some(class) = run.market.children[c as usize].current {
                let group = run.market.classes[class as usize].group;
                room[group as usize] -= run.market.weight(c, class) as i64;
            }
        }
    }
    room
}

/// Every single seat more or less at the classes of some families, tried.
fn repairs(
    run: &Run<'_>,
    families: &[FamilyIx],
    room: &[i64],
    of: &[FamilyIx],
    scratch: &mut Vec<u32>,
) -> (Vec<SeatRepair>, bool) {
    let market = run.market;
    let mut classes = BTreeSet::new();
    for &f in of {
        for c in market.families[f as usize].children.clone() {
            classes.extend(market.choices_of(c).iter().map(|x| x.class));
            classes.extend(market.children[c as usize].current);
        }
    }
    // A seat more where everybody fits changes nothing, nor does one less where everybody still
    // fits: the round stays as unstable as it is.
    let flat = Flat::new(market, &run.layout, families.to_vec(), room, scratch);
    let mut demand: std::collections::HashMap<u32, i64> = Default::default();
    for (x, &g) in flat.opt_group.iter().enumerate() {
        *demand.entry(flat.group[g as usize]).or_default() += i64::from(flat.opt_weight[x])
            * run.layout.unit[flat.group[g as usize] as usize].max(1) as i64;
    }
    let mut found = Vec::new();
    let mut trials = 0;
    for class in classes {
        let k = &market.classes[class as usize];
        let weight = k.weight as i64;
        for seats in [1i8, -1] {
            let group = k.group as usize;
            let changed = room[group] + i64::from(seats) * weight;
            let demand = demand.get(&k.group).copied().unwrap_or(0);
            let idle = room[group].min(changed) >= demand;
            let declared = market.groups[group].seats as i64;
            if idle || (seats < 0 && declared < weight) {
                continue;
            }
            trials += 1;
            if trials > REPAIR_TRIALS_MAX || run.watch.stop() {
                return (found, false);
            }
            let mut room = room.to_vec();
            room[group] = changed;
            if run.stable_exists(families, &room, scratch) == Some(true) {
                found.push(SeatRepair { class, seats });
            }
        }
    }
    (found, true)
}
