//! What is compared: a past round, what it was to be decided by, and the staff's decisions.

use enmusubi_criteria::Criteria;
use enmusubi_domain::{
    facts::RoundFacts,
    past::{Decisions, StaffIndex},
    round::Round,
};
use enmusubi_matching::Mechanism;
use enmusubi_selection::compiled::Ties;

/// A past round.
#[derive(Debug, Clone, Copy)]
pub struct Past<'a> {
    /// The round.
    pub base: Base<'a>,
    /// The staff's decisions; ids are those of the base.
    pub decisions: &'a Decisions,
    /// What happens to equals.
    pub ties: &'a PastTies,
    /// How seats are given, as the criteria (or whoever asks) say.
    pub mechanism: Mechanism,
}

/// What a round is made of.
#[derive(Debug, Clone, Copy)]
pub enum Base<'a> {
    /// Facts with criteria.
    Facts {
        /// As stated; conversions of certificates are not filled in yet.
        facts: &'a RoundFacts,
        /// The criteria.
        criteria: &'a Criteria,
    },
    /// Tables with points; nothing is known of where the points come from.
    Tables(&'a Round),
    /// One of these, whose priorities come from the staff's own list and not from facts or points
    /// ([`crate::order`]). Nothing is scored.
    Listed {
        /// The round.
        base: &'a Base<'a>,
        /// The list.
        list: &'a StaffIndex,
    },
}

/// What happens to equals in a past round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PastTies {
    /// By a rule.
    Rule(Ties),
    /// As the staff decided: nobody knows how, so between equals their decision stands. Causes about ties
    /// cannot be seen then.
    Decided,
}

impl<'a> Past<'a> {
    /// The facts and criteria, where there are some.
    #[must_use]
    pub fn facts(&self) -> Option<(&'a RoundFacts, &'a Criteria)> {
        match self.base.plain() {
            Base::Facts { facts, criteria } => Some((facts, criteria)),
            Base::Tables(_) | Base::Listed { .. } => None,
        }
    }
}

impl<'a> Base<'a> {
    /// The round itself, without a list to go by.
    #[must_use]
    pub fn plain(self) -> Self {
        match self {
            Self::Listed { base, .. } => base.plain(),
            plain => plain,
        }
    }

    /// The staff's list, where priorities come from it.
    #[must_use]
    pub fn list(self) -> Option<&'a StaffIndex> {
        match self {
            Self::Listed { list, .. } => Some(list),
            Self::Facts { .. } | Self::Tables(_) => None,
        }
    }
}
