//! Seats are given by another mechanism (割り当ての方法).

use super::{Proposal, Proposer, Scene};
use crate::{cause::Cause, crew::map, evidence::evidence};
use enmusubi_matching::Mechanism;

/// Proposes the other mechanisms, before anything about single families is mended.
pub struct Mechanisms;

/// With fewer oddities than this nothing speaks for another mechanism once other causes are mended.
const MANY: u32 = 8;

impl Proposer for Mechanisms {
    fn propose(&self, scene: &Scene<'_, '_>) -> Vec<Proposal> {
        let world = scene.world;
        let first = world.causes.iter().all(Cause::needs_scoring);
        let changed = world
            .causes
            .iter()
            .any(|c| matches!(c, Cause::Mechanism(_)));
        if scene.differing.is_empty() || changed || !first && scene.evidence.units < MANY {
            return Vec::new();
        }
        let others = [
            Mechanism::Stable,
            Mechanism::IndexOrder,
            Mechanism::ChoiceOrder,
        ];
        let others: Vec<Mechanism> = others
            .into_iter()
            .filter(|m| *m != world.mechanism)
            .collect();
        let proposals = map(scene.crew, others.len(), |at| {
            let cause = Cause::Mechanism(others[at]);
            // One that needs one order of families is none where priority depends on the facility.
            let other = world.with(&cause).ok()?;
            let left = evidence(&other).units;
            let promise = scene.evidence.units.saturating_sub(left).max(1);
            Some(Proposal { cause, promise })
        });
        proposals.into_iter().flatten().collect()
    }
}
