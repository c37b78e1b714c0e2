//! A result: one class or none for each child.

use crate::{ChildIx, ClassIx, Market};

/// Who is placed where. Says nothing about whether that is right; `enmusubi-verify` does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placement {
    /// Per child ([`Market::children`]): its class after the round, `None` for no class. A
    /// transfer applicant who stays has its current class here.
    pub class: Vec<Option<ClassIx>>,
}

impl Placement {
    /// Everyone as before the round.
    #[must_use]
    pub fn as_now(market: &Market) -> Self {
        Self {
            class: market.children.iter().map(|c| c.current).collect(),
        }
    }

    /// Number of children with a class, stayers included (level 2 of the objective).
    #[must_use]
    pub fn with_class(&self) -> u32 {
        self.class.iter().flatten().count() as u32
    }

    /// Number of children in a class other than their current one.
    #[must_use]
    pub fn newly_placed(&self, market: &Market) -> u32 {
        let new =
            |(c, k): (usize, &Option<ClassIx>)| k.is_some() && *k != market.children[c].current;
        self.class.iter().enumerate().filter(|&x| new(x)).count() as u32
    }

    /// Class of one child.
    #[must_use]
    pub fn of(&self, child: ChildIx) -> Option<ClassIx> {
        self.class[child as usize]
    }
}
