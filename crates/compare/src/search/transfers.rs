//! Transfer applicants come before, after, or on a level with the others (転園希望者の扱い).

use super::{
    Proposal, Proposer, Scene,
    revealed::{Column, Order, Revealed, has_transfers, is_transfer},
};
use crate::{
    cause::{Cause, TransferOrder},
    evidence::evidence,
};

/// Proposes other places for transfer applicants.
pub struct Transfers;

impl Proposer for Transfers {
    fn propose(&self, scene: &Scene<'_, '_>) -> Vec<Proposal> {
        let market = &scene.world.market;
        if !has_transfers(market) {
            return Vec::new();
        }
        let mut proposals = Vec::new();
        let revealed = Revealed::of(scene);
        let ends = [
            (TransferOrder::Before, Column::TransfersFirst),
            (TransferOrder::After, Column::TransfersLast),
        ];
        for (order, column) in ends {
            let mut columns = revealed.columns();
            columns.insert(0, column);
            let promise = revealed.gain(&Order::of(columns));
            if promise > 0 {
                let cause = Cause::Transfers(order);
                proposals.push(Proposal { cause, promise });
            }
        }
        // On a level: only their own keys would be others, so one of them must be odd.
        let level = Cause::Transfers(TransferOrder::Level);
        let suspects = scene.evidence.suspects.iter().map(|s| s.child);
        let blocking = scene.evidence.blocking.iter();
        let siblings = blocking.flat_map(|&f| market.families[f as usize].children.clone());
        let concerned = suspects.chain(siblings).any(|c| is_transfer(market, c));
        if concerned
            && scene.world.scored.is_some()
            && !scene.world.causes.contains(&level)
            && let Ok(world) = scene.world.with(&level)
        {
            let left = evidence(&world).units;
            let promise = scene.evidence.units.saturating_sub(left);
            if promise > 0 {
                let cause = level;
                proposals.push(Proposal { cause, promise });
            }
        }
        proposals
    }
}
