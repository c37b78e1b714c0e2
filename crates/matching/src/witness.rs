//! Who blocks a placement, from the definition, on the unreduced lists.

use std::collections::HashMap;

use enmusubi_market::{FamilyIx, Slot, tuples};

use crate::flat::{Flat, NONE};

/// Blocking families (market indices, ascending) of a placement of all families of `flat`.
pub(crate) fn blocking(flat: &Flat<'_>, at: &HashMap<FamilyIx, &[Slot]>) -> Vec<FamilyIx> {
    let mut seats: Vec<Vec<(u32, u32)>> = vec![Vec::new(); flat.group.len()];
    let mut held: Vec<Vec<u32>> = Vec::with_capacity(flat.fam.len());
    for f in 0..flat.families() {
        let slots = at[&flat.fam[f as usize]];
        let options: Vec<u32> = flat
            .children(f)
            .zip(slots)
            .map(|(c, &s)| flat.option(c, s))
            .collect();
        for &x in options.iter().filter(|&&x| x != NONE) {
            seats[flat.opt_group[x as usize] as usize].push((flat.opt_pos[x as usize], f));
        }
        held.push(options);
    }
    for s in &mut seats {
        s.sort_unstable();
    }
    let weight = |p: u32| i64::from(flat.opt_weight[flat.sorted[p as usize] as usize]);
    let room = |f: u32, tuple: &[u32]| {
        flat.demand(tuple).iter().all(|&(g, worst, own)| {
            let end = flat.better_end(worst);
            let better = seats[g as usize].iter().take_while(|s| s.0 < end);
            let better: i64 = better.filter(|s| s.1 != f).map(|s| weight(s.0)).sum();
            better + own <= flat.cap[g as usize]
        })
    };
    let mut blocking = Vec::new();
    for f in 0..flat.families() {
        let children = flat.children(f);
        // Only choices that would be open to the child alone can be part of a blocking tuple.
        let keep = |choice: u32| {
            let c = children.clone().find(|&c| {
                flat.market.children[flat.child[c as usize] as usize]
                    .choices
                    .contains(&choice)
            });
            c.is_some_and(|c| room(f, &[flat.option(c, Slot::Choice(choice))]))
        };
        let obtained = at[&flat.fam[f as usize]];
        let as_now = obtained.iter().all(|s| *s == Slot::AsNow);
        // The first tuple that would be given decides: is it better than what was obtained?
        let first = tuples::tuples(flat.market, flat.fam[f as usize], |x| {
            keep(x) || obtained.contains(&Slot::Choice(x))
        })
        .take_while(|t| as_now || t[..] != *obtained)
        .any(|t| {
            let options: Vec<u32> = children
                .clone()
                .zip(&t)
                .map(|(c, &s)| flat.option(c, s))
                .collect();
            room(f, &options)
        });
        if first {
            blocking.push(flat.fam[f as usize]);
        }
    }
    blocking
}
