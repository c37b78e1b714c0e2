//! Why nothing is stable, and which single seat would change that.

use std::collections::BTreeSet;

use enmusubi_market::FamilyIx;

use crate::component::{Decided, Run, Stuck};
use crate::flat::Flat;
use crate::outcome::{Effort, Instability, SeatRepair};
use crate::unstable::contradictory;

/// Rounds of up to this many families are explained from scratch; in larger ones the families
/// that are not in doubt stay in the round.
const ALL_SUSPECT_MAX: usize = 40;
/// Runs spent on irreducible sets, all spots together.
const IRREDUCIBLE_RUNS_MAX: u32 = 150;
/// Runs spent on the search for single seats.
const REPAIR_TRIALS_MAX: u32 = 200;

/// Explains each spot of a component that has no stable placement.
pub(crate) fn diagnose(
    run: &Run<'_>,
    families: &[FamilyIx],
    room: &[i64],
    stuck: &Stuck,
    scratch: &mut Vec<u32>,
) -> Instability {
    let spots: Vec<Vec<FamilyIx>> = if families.len() <= ALL_SUSPECT_MAX {
        vec![families.to_vec()]
    } else {
        stuck.spots.clone()
    };
    let mut runs = IRREDUCIBLE_RUNS_MAX;
    let irreducible: Vec<Vec<FamilyIx>> = spots
        .iter()
        .map(|spot| irreducible(run, families, room, spot, &mut runs, scratch))
        .collect();
    let named: BTreeSet<FamilyIx> = irreducible.iter().flatten().copied().collect();
    let (repairs, repairs_complete) = repairs(run, families, room, &named, scratch);
    Instability {
        irreducible,
        repairs,
        repairs_complete,
    }
}

/// The families of a spot, less as many as can leave the round without ending its trouble: with
/// what is left the trouble is there, and without any one of them it is gone.
fn irreducible(
    run: &Run<'_>,
    families: &[FamilyIx],
    room: &[i64],
    spot: &[FamilyIx],
    runs: &mut u32,
    scratch: &mut Vec<u32>,
) -> Vec<FamilyIx> {
    let mut kept = spot.to_vec();
    let mut without: BTreeSet<FamilyIx> = BTreeSet::new();
    let troubled = |out: &BTreeSet<FamilyIx>, scratch: &mut Vec<u32>| {
        let rest: Vec<FamilyIx> = families
            .iter()
            .copied()
            .filter(|f| !out.contains(f))
            .collect();
        let room = less_their_seats(run, room, out);
        match run.component(&rest, &room, &[], Effort::Witness, scratch) {
            // Trouble elsewhere in the round is another spot's.
            Decided::Stuck(s) => s
                .spots
                .iter()
                .flatten()
                .any(|f| spot.binary_search(f).is_ok()),
            _ => false,
        }
    };
    let flat = Flat::new(run.market, &run.layout, families.to_vec(), room, scratch);
    // The solver's contradiction is a good guess at what can stay alone.
    let core = contradictory(run, &flat, &[], spot).core;
    if !core.is_empty() && core.len() < kept.len() {
        let out: BTreeSet<FamilyIx> = kept
            .iter()
            .copied()
            .filter(|f| core.binary_search(f).is_err())
            .collect();
        *runs = runs.saturating_sub(1);
        if out.len() < families.len() && troubled(&out, scratch) {
            (kept, without) = (core, out);
        }
    }
    let mut chunk = kept.len().div_ceil(2).max(1);
    loop {
        let mut removed = false;
        let mut k = 0;
        while k < kept.len() && !run.watch.stop() && *runs > 0 {
            *runs -= 1;
            let end = (k + chunk).min(kept.len());
            let mut out = without.clone();
            out.extend(&kept[k..end]);
            if out.len() < families.len() && troubled(&out, scratch) {
                kept.drain(k..end);
                without = out;
                removed = true;
            } else {
                k = end;
            }
        }
        if run.watch.stop() || *runs == 0 || (chunk == 1 && !removed) {
            return kept;
        }
        chunk = chunk.div_ceil(2).max(1);
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
    of: &BTreeSet<FamilyIx>,
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
    let mut flat = Flat::new(market, &run.layout, families.to_vec(), room, scratch);
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
            let local = flat.group.iter().position(|&g| g as usize == group);
            let Some(local) = local else { continue };
            let before = flat.cap[local];
            flat.cap[local] = changed.div_euclid(run.layout.unit[group].max(1) as i64);
            let mended = run.stable_exists(&flat) == Some(true);
            flat.cap[local] = before;
            if mended {
                found.push(SeatRepair { class, seats });
            }
        }
    }
    (found, true)
}
