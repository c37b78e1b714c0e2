//! Slips of the hand: decisions that no rule is behind.

use crate::hands::Decided;
use enmusubi_domain::past::{Decisions, Outcome};
use enmusubi_market::{ChildIx, ClassIx};
use enmusubi_synth::rng::Rng;

/// Decisions in which so many children in a thousand got what another should have got: at a class, one who was placed and one
/// who was refused there change places. Siblings and transfer applicants are left alone. From a seed.
#[must_use]
pub fn with_slips(decided: &Decided, per_mille: u32, seed: u64) -> Decisions {
    let market = &decided.compiled.market;
    let mut decisions = decided.decisions();
    let alone = |c: ChildIx| {
        let child = &market.children[c as usize];
        let family = &market.families[child.family as usize];
        family.children.len() == 1 && child.current.is_none()
    };
    let children = 0..market.children.len() as ChildIx;
    let refused: Vec<(ChildIx, ClassIx)> = children
        .clone()
        .filter(|&c| alone(c) && decided.placement.of(c).is_none())
        .flat_map(|c| market.choices_of(c).iter().map(move |x| (c, x.class)))
        .collect();
    let placed: Vec<(ChildIx, ClassIx)> = children
        .filter(|&c| alone(c))
        .filter_map(|c| Some((c, decided.placement.of(c)?)))
        .collect();
    let mut random = Rng::stream(seed, 0x511b);
    let mut touched = vec![false; market.children.len()];
    let mut left = market.children.len() * per_mille as usize / 2000;
    for _ in 0..left * 100 {
        if left == 0 || refused.is_empty() {
            break;
        }
        let (out, class) = refused[random.below(refused.len() as u64) as usize];
        let there: Vec<ChildIx> = (placed.iter())
            .filter(|(c, k)| *k == class && !touched[*c as usize])
            .map(|p| p.0)
            .collect();
        if touched[out as usize] || there.is_empty() {
            continue;
        }
        let lucky = there[random.below(there.len() as u64) as usize];
        for c in [out, lucky] {
            touched[c as usize] = true;
        }
        let at = |c: ChildIx| {
            let id = &market.children[c as usize].id;
            decisions.list.iter().position(|d| d.child == *id)
        };
        if let (Some(out), Some(lucky)) = (at(out), at(lucky)) {
            let placed = std::mem::replace(&mut decisions.list[lucky].outcome, Outcome::Held);
            decisions.list[out].outcome = placed;
        }
        left -= 1;
    }
    decisions
}
