//! Undecided ties (`--ties stop`).

use crate::flat::{Flat, STAY};
use crate::outcome::TiedPair;
use crate::reduce::Reduced;

/// Pairs of children of different families, equal in a group, both with an open position there
/// after the reduction. A settled family has no open position: the reduction counts equals as
/// possibly better and never as certainly better, so what it settled holds however ties fall.
pub(crate) fn undecided(r: &Reduced<'_, '_>) -> Vec<TiedPair> {
    let flat = r.flat;
    let mut open: Option<Vec<bool>> = None;
    let mut pairs = Vec::new();
    for g in 0..flat.group.len() as u32 {
        for_each_block(flat, g, |block| {
            let open =
                open.get_or_insert_with(|| (0..flat.families()).map(|f| r.count(f) > 1).collect());
            let block: Vec<u32> = block
                .iter()
                .copied()
                .filter(|&x| open[flat.opt_fam[x as usize] as usize] && r.in_play(x))
                .collect();
            collect(flat, g, &block, &mut pairs);
        });
    }
    finish(pairs)
}

/// Where nothing is stable: all equal pairs in groups whose demand exceeds their capacity.
pub(crate) fn contested(flat: &Flat<'_>) -> Vec<TiedPair> {
    let mut pairs = Vec::new();
    for g in 0..flat.group.len() as u32 {
        let demand: i64 = flat
            .group_places(g)
            .map(|p| i64::from(flat.opt_weight[flat.sorted[p as usize] as usize]))
            .sum();
        if demand > flat.cap[g as usize] {
            for_each_block(flat, g, |block| collect(flat, g, block, &mut pairs));
        }
    }
    finish(pairs)
}

/// Calls back with every block of two or more equals, stayers left out.
fn for_each_block(flat: &Flat<'_>, g: u32, mut each: impl FnMut(&[u32])) {
    let places = flat.group_places(g);
    let mut p = places.start;
    while p < places.end {
        let end = flat.block_end[p as usize];
        let block = &flat.sorted[p as usize..end as usize];
        if block.len() > 1 && flat.opt_choice[block[0] as usize] != STAY {
            each(block);
        }
        p = end;
    }
}

fn collect(flat: &Flat<'_>, g: u32, block: &[u32], pairs: &mut Vec<TiedPair>) {
    let child = |x: u32| {
        let family = flat.opt_fam[x as usize];
        let mut c = flat.children(family).start;
        while flat.options(c).end <= x {
            c += 1;
        }
        flat.child[c as usize]
    };
    for (i, &x) in block.iter().enumerate() {
        for &y in &block[i + 1..] {
            if flat.opt_fam[x as usize] != flat.opt_fam[y as usize] {
                let (a, b) = (child(x), child(y));
                pairs.push(TiedPair {
                    group: flat.group[g as usize],
                    a: a.min(b),
                    b: a.max(b),
                });
            }
        }
    }
}

fn finish(mut pairs: Vec<TiedPair>) -> Vec<TiedPair> {
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}
