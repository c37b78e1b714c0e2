//! Markets in which what becomes of a whole family decides its children's priority.

use crate::list::family_list;
use crate::rng::SplitMix64;
use enmusubi_market::{Choice, FamilyIx, Market, Slot, Wish};

/// The market with the choices of some families of two or more written down twice, the first with
/// a better priority than before, the second with a worse one, and their tuples listed: those that
/// newly place every child without a current class use the first, the others the second.
#[must_use]
pub fn with_together(market: &Market, seed: u64) -> Market {
    let mut rng = SplitMix64::new(seed);
    let mut out = market.clone();
    out.choices.clear();
    for f in 0..market.families.len() as FamilyIx {
        let family = &market.families[f as usize];
        let twice = family.children.len() > 1 && rng.below(4) > 0;
        let mut first_copy = vec![0u32; market.choices.len()];
        for c in family.children.clone() {
            let start = out.choices.len() as u32;
            for x in market.children[c as usize].choices.clone() {
                let choice = market.choices[x as usize];
                first_copy[x as usize] = out.choices.len() as u32;
                let priority = 2 * choice.priority + 4;
                let mut add = |priority| out.choices.push(Choice { priority, ..choice });
                if twice {
                    add(priority - rng.below(5));
                    add(priority + rng.below(5));
                } else {
                    add(priority);
                }
            }
            out.children[c as usize].choices = start..out.choices.len() as u32;
        }
        let place = |i: usize, slot: Slot, worse: bool| match slot {
            Slot::Choice(x) => {
                debug_assert!(i < family.children.len());
                Slot::Choice(first_copy[x as usize] + u32::from(worse))
            }
            Slot::AsNow => Slot::AsNow,
        };
        let tuples: Vec<Vec<Slot>> = match &family.wish {
            Wish::Listed(list) if !twice => list.iter().map(|t| t.to_vec()).collect(),
            Wish::Fields(_) if !twice => continue,
            _ => {
                let tuples = family_list(market, f).tuples;
                tuples.into_iter().map(Into::into).collect()
            }
        };
        let list = tuples
            .iter()
            .filter(|t| !twice || t.iter().any(|s| *s != Slot::AsNow))
            .map(|t| {
                let left_out = t
                    .iter()
                    .zip(market.children_of(f))
                    .any(|(slot, child)| child.current.is_none() && *slot == Slot::AsNow);
                t.iter()
                    .enumerate()
                    .map(|(i, &s)| place(i, s, twice && left_out))
                    .collect()
            })
            .collect();
        out.families[f as usize].wish = Wish::Listed(list);
    }
    out
}
