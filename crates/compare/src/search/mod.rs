//! Proposers: each reads the evidence and proposes causes of one family.
//!
//! A proposer never decides: what it proposes is mended and the round decided again ([`crate::solve`]).

pub mod aggregations;
pub mod choice_rank;
pub mod conditions;
pub mod contradictions;
pub mod coupling;
pub mod facts;
pub mod forbidden;
pub mod key_order;
pub mod mechanism;
pub mod parts;
pub mod refill;
mod revealed;
pub mod rows;
pub mod seats;
mod seen;
pub mod settled;
pub mod stand;
pub mod ties;
pub mod transfers;
pub mod unwritten;
pub mod vocabulary;
pub mod wishes;

use crate::{cause::Cause, crew::Crew, evidence::Evidence, world::World};
use enmusubi_market::{ChildIx, Placement};

/// What proposers look at.
#[derive(Clone, Copy)]
pub struct Scene<'s, 'a> {
    /// The round as far as it is mended.
    pub world: &'s World<'a>,
    /// What the decisions say about it.
    pub evidence: &'s Evidence,
    /// Its placement.
    pub placement: &'s Placement,
    /// Children whose result differs from what was decided, ascending.
    pub differing: &'s [ChildIx],
    /// Who does independent work.
    pub crew: &'s dyn Crew,
    /// Effort that is spent at most on the proposals of a tier ([`Proposal::effort`]): what comes behind is not
    /// looked at.
    pub effort: u32,
}

/// A cause to be tried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// The cause.
    pub cause: Cause,
    /// How many oddities it might explain: an estimate, by which proposals are tried in order.
    pub promise: u32,
}

impl Proposal {
    /// What it takes to see a round with its cause mended, beside a change of the market.
    #[must_use]
    pub fn effort(&self) -> u32 {
        if self.cause.needs_scoring() { 3 } else { 1 }
    }
}

/// What a proposer looks at, in the order in which they are asked: rules are few and explain much, single families
/// are many and explain themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tier {
    /// Seats, mechanism, order of keys, wishes, aggregation, coupling: known in advance, or counted from the evidence.
    Rules,
    /// Rows of the criteria.
    Rows,
    /// Rows that nobody wrote down: any condition of the vocabulary.
    Unwritten,
    /// One family, or a pair.
    Individuals,
}

impl Tier {
    /// All, in order.
    pub const ALL: [Self; 4] = [Self::Rules, Self::Rows, Self::Unwritten, Self::Individuals];
}

/// A proposer.
pub trait Proposer: Sync {
    /// When it is asked.
    fn tier(&self) -> Tier {
        Tier::Rules
    }

    /// Proposes causes, most promising first; at most a few dozen.
    fn propose(&self, scene: &Scene<'_, '_>) -> Vec<Proposal>;

    /// Causes that explain the same decisions as this one by how they are made (another fact of the same child that
    /// puts it in the same place): they need no replay of their own.
    fn alike(&self, _scene: &Scene<'_, '_>, _cause: &Cause) -> Vec<Cause> {
        Vec::new()
    }
}

/// All proposers.
#[must_use]
pub fn all() -> Vec<Box<dyn Proposer>> {
    vec![
        Box::new(mechanism::Mechanisms),
        Box::new(seats::Seats),
        Box::new(refill::Refill),
        Box::new(transfers::Transfers),
        Box::new(aggregations::Aggregations),
        Box::new(coupling::Couplings),
        Box::new(wishes::Wishes),
        Box::new(key_order::KeyOrders),
        Box::new(choice_rank::ChoiceRanks),
        Box::<facts::Facts>::default(),
        Box::new(ties::Ties),
        Box::new(contradictions::Contradictions),
        Box::<rows::Rows>::default(),
        Box::<unwritten::Unwritten>::default(),
    ]
}

/// Keeps of a list the first so many for which something does not hold, and the first so many for which it does.
pub(crate) fn first_of_both<T>(list: &mut Vec<T>, most: [usize; 2], holds: impl Fn(&T) -> bool) {
    let mut left = most;
    list.retain(|item| {
        let left = &mut left[usize::from(holds(item))];
        let some = *left > 0;
        *left = left.saturating_sub(1);
        some
    });
}
