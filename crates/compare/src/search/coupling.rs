//! Scores of siblings are coupled otherwise (きょうだいの得点の連動).

use super::{Proposal, Proposer, Scene};
use crate::{
    cause::Cause,
    evidence::evidence,
    past::Base,
    world::{
        World,
        edit::order::{Points, coupled},
    },
};
use enmusubi_criteria::model::Coupling;

/// Proposes other couplings.
pub struct Couplings;

impl Proposer for Couplings {
    fn propose(&self, scene: &Scene<'_, '_>) -> Vec<Proposal> {
        let market = &scene.world.market;
        let now = current(scene.world);
        // Only siblings' keys would be others, so some of them must be odd.
        let suspects = scene.evidence.suspects.iter().map(|s| s.family);
        let siblings = suspects.filter(|&f| market.families[f as usize].children.len() > 1);
        let odd = siblings.chain(scene.evidence.blocking.iter().copied());
        let odd = odd.count() as u32;
        if odd == 0 {
            return Vec::new();
        }
        let others = [Coupling::None, Coupling::Highest, Coupling::Average];
        let others = others.into_iter().filter(|c| *c != now);
        let proposals = others.filter_map(|coupling| {
            let cause = Cause::Coupling(coupling);
            let other = match now {
                // The points are everybody's own, so the others follow from them.
                Coupling::None => estimated(scene.world, coupling)?,
                _ => scene.world.with(&cause).ok()?,
            };
            let left = evidence(&other).units;
            let promise = scene.evidence.units.saturating_sub(left);
            (promise > 0).then_some(Proposal { cause, promise })
        });
        proposals.collect()
    }
}

/// How scores are coupled as far as it is mended.
fn current(world: &World<'_>) -> Coupling {
    let mended = world.causes.iter().rev().find_map(|c| match c {
        Cause::Coupling(coupling) => Some(*coupling),
        _ => None,
    });
    let written = match world.past.base.plain() {
        Base::Facts { criteria, .. } => criteria.siblings.coupling,
        Base::Tables(_) | Base::Listed { .. } => Coupling::None,
    };
    mended.unwrap_or(written)
}

/// The market with points coupled, without anybody being scored again: refused choices count for nothing here,
/// so it is an estimate.
fn estimated<'a>(world: &World<'a>, coupling: Coupling) -> Option<World<'a>> {
    let own = Points::plain(world).ok()?;
    let values = coupled(&world.market, &own, coupling).ok()?;
    let mut other = world.clone();
    Points::write_all(&mut other, values).ok()?;
    Some(other)
}
