//! Vacated seats are refilled, or not (転園で空いた席の補充).

use super::{
    Proposal, Proposer, Scene,
    revealed::{crowds, has_transfers},
};
use crate::cause::Cause;

/// Proposes to refill every vacated seat, or none. One class that was not refilled is a seat less there.
pub struct Refill;

impl Proposer for Refill {
    fn propose(&self, scene: &Scene<'_, '_>) -> Vec<Proposal> {
        let market = &scene.world.market;
        if !has_transfers(market)
            || scene.evidence.crowds.is_empty() && scene.evidence.blocking.is_empty()
        {
            return Vec::new();
        }
        let now = crowds(scene.world, None);
        let otherwise = [false, true]
            .into_iter()
            .filter(|refill| market.classes.iter().any(|k| k.refill != *refill));
        let proposals = otherwise.filter_map(|refill| {
            let promise = now.saturating_sub(crowds(scene.world, Some(refill)));
            let cause = Cause::Refill(refill);
            (promise > 0).then_some(Proposal { cause, promise })
        });
        proposals.collect()
    }
}
