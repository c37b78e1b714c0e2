//! Guardians' points come together otherwise (父母の点の合わせ方).

use super::{Proposal, Proposer, Scene};
use crate::{cause::Cause, crew::map, evidence::evidence};
use enmusubi_criteria::aggregate::{Aggregate, places};

/// Proposes the other ways, wherever guardians' points come together.
pub struct Aggregations;

/// With fewer oddities than this, or than one of so many children shows, nothing speaks for another way once other causes are mended: it is
/// about everybody.
const MANY: (u32, usize) = (8, 400);

impl Proposer for Aggregations {
    fn propose(&self, scene: &Scene<'_, '_>) -> Vec<Proposal> {
        let world = scene.world;
        let Some(scored) = &world.scored else {
            return Vec::new();
        };
        let units = scene.evidence.units;
        let many = MANY.0.max((world.market.children.len() / MANY.1) as u32);
        if units == 0 || !world.causes.is_empty() && units < many {
            return Vec::new();
        }
        let mut causes = Vec::new();
        for (of, own) in places(&scored.criteria) {
            for (nth, own) in (0..).zip(own) {
                let others = Aggregate::ALL.into_iter().filter(|a| *a != own);
                causes.extend(others.map(|theirs| Cause::Aggregation {
                    of: of.into(),
                    nth,
                    theirs,
                }));
            }
        }
        let proposals = map(scene.crew, causes.len(), |at| {
            let cause = causes[at].clone();
            let left = evidence(&world.with(&cause).ok()?).units;
            let promise = units.saturating_sub(left);
            (promise > 0).then_some(Proposal { cause, promise })
        });
        proposals.into_iter().flatten().collect()
    }
}
