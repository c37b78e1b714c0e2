//! Facts that the staff's index list has settled: where it has a child's index as the facts give it, no fact of the
//! child that would change the index was otherwise in the staff's hands.

use super::{Proposal, Proposer, Scene, Tier};
use crate::cause::Cause;
use std::{collections::BTreeSet, sync::Arc};

/// Children whose index in the staff's list is that of the facts (with what the list shows mended).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreed {
    /// Components of the keys that the index is made of.
    pub components: Vec<u32>,
    /// The children, as ids.
    pub children: BTreeSet<Box<str>>,
}

impl Agreed {
    /// Whether a cause leaves the index of all of them as it is. Only single facts are looked into.
    fn allows(&self, scene: &Scene<'_, '_>, cause: &Cause) -> bool {
        if !matches!(cause, Cause::Fact { .. }) {
            return true;
        }
        let (Some(now), Ok(mended)) = (&scene.world.scored, scene.world.with(cause)) else {
            return true;
        };
        let Some(then) = &mended.scored else {
            return true;
        };
        let ids = now.facts.children.ids.iter();
        let mut choices = ids
            .zip(&now.facts.index.choices)
            .filter(|(id, _)| self.children.contains(&**id))
            .flat_map(|(_, choices)| choices.clone());
        choices.all(|x| {
            let (a, b) = (now.scores.key(x), then.scores.key(x));
            let mut components = self.components.iter().map(|&c| c as usize);
            components.all(|c| a.get(c) == b.get(c))
        })
    }
}

/// Proposers that propose nothing the index list has settled.
#[must_use]
pub fn settled(proposers: Vec<Box<dyn Proposer>>, agreed: Agreed) -> Vec<Box<dyn Proposer>> {
    let agreed = Arc::new(agreed);
    let wrap = |inner| -> Box<dyn Proposer> {
        Box::new(Settled {
            inner,
            agreed: Arc::clone(&agreed),
        })
    };
    proposers.into_iter().map(wrap).collect()
}

struct Settled {
    inner: Box<dyn Proposer>,
    agreed: Arc<Agreed>,
}

impl Proposer for Settled {
    fn tier(&self) -> Tier {
        self.inner.tier()
    }

    fn propose(&self, scene: &Scene<'_, '_>) -> Vec<Proposal> {
        let mut proposals = self.inner.propose(scene);
        proposals.retain(|p| self.agreed.allows(scene, &p.cause));
        proposals
    }

    fn alike(&self, scene: &Scene<'_, '_>, cause: &Cause) -> Vec<Cause> {
        let mut causes = self.inner.alike(scene, cause);
        causes.retain(|c| self.agreed.allows(scene, c));
        causes
    }
}
