//! What the checker says.

use enmusubi_market::{ChildIx, ClassIx, FamilyIx, GroupIx, Slot};

/// How far the checker goes for one family. Only families of four and more children with long lists
/// come near these.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Blocking positions listed per family (all are counted).
    pub positions_listed: u32,
    /// Search steps per family; a family that needs more is [`Verdict::unfinished`].
    pub steps: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            positions_listed: 1000,
            steps: 20_000_000,
        }
    }
}

/// The answer: everything wrong with a placement, and its figures.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Verdict {
    /// What makes it infeasible or irrational, in the order found.
    pub violations: Vec<Violation>,
    /// Blocking families, ascending.
    pub blocking: Vec<BlockingFamily>,
    /// Families whose lists were too long to finish within [`Limits::steps`], ascending; what is
    /// reported of them is true but may be incomplete.
    pub unfinished: Vec<FamilyIx>,
    /// Per family min(position, 99) of what it obtains, counted in nurseries; the last resort's
    /// where it obtains a tuple that is not listed.
    pub obtained: Vec<u32>,
    /// The figures.
    pub summary: Summary,
}

impl Verdict {
    /// Nothing violated: each family has a listed tuple or the last resort, no group is too full,
    /// no transfer applicant is without a class.
    #[must_use]
    pub fn is_feasible(&self) -> bool {
        self.violations.is_empty()
    }

    /// Feasible, and proved to be without a blocking family.
    #[must_use]
    pub fn is_stable(&self) -> bool {
        self.is_feasible() && self.blocking.is_empty() && self.unfinished.is_empty()
    }

    /// The figures.
    #[must_use]
    pub fn summary(&self) -> Summary {
        self.summary
    }
}

/// Something a placement must never have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Violation {
    /// The placement is of another market: `classes` entries for `children` children.
    WrongLength {
        /// Children of the market.
        children: u32,
        /// Entries of the placement.
        classes: u32,
    },
    /// A class that does not exist.
    UnknownClass {
        /// The child.
        child: ChildIx,
        /// The number given.
        class: ClassIx,
    },
    /// A class that is neither among the child's choices nor its current one.
    NotChosen {
        /// The child.
        child: ChildIx,
        /// Where it was placed.
        class: ClassIx,
    },
    /// A transfer applicant ends without a class.
    LostClass {
        /// The child.
        child: ChildIx,
        /// Its current class.
        class: ClassIx,
    },
    /// The family's combination is neither listed nor the last resort.
    NotListed {
        /// The family.
        family: FamilyIx,
    },
    /// More placed in a group than it holds. A seat freed by a transfer of a later pass does not
    /// count for an earlier one.
    Overfull {
        /// The group.
        group: GroupIx,
        /// The pass in which it becomes too full.
        pass: u8,
        /// Weight of the children of this pass placed there, in the group's units.
        used: i128,
        /// Room left for this pass, in the group's units; negative after an overfull earlier pass.
        capacity: i128,
    },
}

/// A family that could and would have something better.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlockingFamily {
    /// The family.
    pub family: FamilyIx,
    /// Number of its blocking positions (a lower bound if the family is unfinished).
    pub positions: u64,
    /// The first of them in list order, at most [`Limits::positions_listed`].
    pub listed: Vec<BlockingPosition>,
}

/// One better tuple that the family could have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlockingPosition {
    /// The tuple, one slot per child of the family.
    pub tuple: Box<[Slot]>,
    /// min(position, 99) in the family's list, 1-based, counted in nurseries.
    pub position: u32,
    /// Groups it uses, ascending.
    pub groups: Vec<GroupIx>,
}

/// Figures of a placement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Summary {
    /// Applying children.
    pub children: u32,
    /// Children with a class, stayers included.
    pub with_class: u32,
    /// Children in a class other than their current one.
    pub newly_placed: u32,
    /// By age class 0–5.
    pub by_age: [AgeCount; 6],
    /// Families with a blocking position.
    pub blocking_families: u32,
    /// Those of them with one applying child.
    pub blocking_only_children: u32,
    /// Blocking positions of all families.
    pub blocking_positions: u64,
    /// Σ over families of min(position, 99).
    pub rank_sum: u64,
    /// See [`Verdict::is_feasible`].
    pub feasible: bool,
    /// See [`Verdict::is_stable`].
    pub stable: bool,
}

/// Figures of an age class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct AgeCount {
    /// Applying children.
    pub children: u32,
    /// Children with a class, stayers included.
    pub with_class: u32,
    /// Children in a class other than their current one.
    pub newly_placed: u32,
}
