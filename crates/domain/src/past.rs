//! What a nursery section kept of a past round: its decisions, and its own index list.

use crate::facts::Exact;

/// The staff's decisions, child by child.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Decisions {
    /// One per child, in file order.
    pub list: Vec<Decision>,
}

/// What was decided about a child.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// Child id, normalised.
    pub child: Box<str>,
    /// The decision.
    pub outcome: Outcome,
    /// Row as a spreadsheet shows it, 1-based.
    pub row: u32,
}

/// Outcomes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// 内定: placed at a facility (its present one where a transfer applicant stays).
    Placed {
        /// Facility id, normalised.
        facility: Box<str>,
        /// Pool (枠), where the list names one; empty: the ordinary seats. `None`: the list does not say.
        pool: Option<Box<str>>,
    },
    /// 保留: on hold. A transfer applicant stays where it is.
    Held,
    /// 取下げ, 辞退, 対象外: was not decided in this round.
    Withdrawn,
}

/// The staff's own index list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StaffIndex {
    /// Headers of the columns that are none of those below: values of keys that break ties, as the section
    /// calls them.
    pub columns: Vec<Box<str>>,
    /// The lines, in file order.
    pub list: Vec<IndexLine>,
}

/// One line of an index list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexLine {
    /// Child id, normalised.
    pub child: Box<str>,
    /// Facility id, where the index depends on the facility.
    pub facility: Option<Box<str>>,
    /// The index (指数).
    pub index: Option<Exact>,
    /// Ids or labels of the rows that were applied; `None`: not recorded.
    pub rows: Option<Vec<Box<str>>>,
    /// Place in the staff's order, 1 first (順位); of the whole list or of a class, as the list has it.
    pub rank: Option<u32>,
    /// Values of [`StaffIndex::columns`], as written.
    pub values: Vec<Box<str>>,
    /// Row as a spreadsheet shows it, 1-based.
    pub row: u32,
}
