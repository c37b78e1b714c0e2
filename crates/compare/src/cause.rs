//! Causes of differences between what the criteria say and what the staff decided.
//!
//! Everything is named by its id, so that a cause means the same after other causes were mended.

use enmusubi_criteria::{
    aggregate::Aggregate,
    model::{Coupling, Question},
};
use enmusubi_domain::facts::{AttributeIx, Entity, Exact, Value};
use enmusubi_market::WishFields;
use enmusubi_matching::Mechanism;
use serde::Serialize;

/// The kinds, in the order in which they are reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// One fact was mistyped (転記誤り): the staff had another in front of them.
    Fact,
    /// Points of one row were transcribed wrongly into the criteria file.
    RowPoints,
    /// A row the staff go by is missing in the file (an unwritten rule), or one of the file is not gone by.
    RowMissing,
    /// Seats of one class were others.
    Seats,
    /// A tie was decided otherwise.
    Tie,
    /// The order of the keys that break ties is another.
    KeyOrder,
    /// A sibling wish was read otherwise.
    Wish,
    /// Guardians' points come together otherwise.
    Aggregation,
    /// Scores of siblings are coupled otherwise.
    Coupling,
    /// Transfer applicants come before, after, or on a level with the others.
    Transfers,
    /// Vacated seats are refilled, or not.
    Refill,
    /// The choice rank counts.
    ChoiceRank,
    /// The decision contradicts the criteria.
    Contradiction,
    /// Seats are given by another mechanism.
    Mechanism,
}

/// A class by its ids.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClassId {
    /// Facility.
    pub facility: Box<str>,
    /// Age class 0–5.
    pub age: u8,
    /// Pool; `None` for the ordinary seats.
    pub pool: Option<Box<str>>,
}

/// What was otherwise in the staff's hands. Mending a cause means to put that in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cause {
    /// A fact of one subject.
    Fact {
        /// Household id, for people.
        household: Box<str>,
        /// Kind of subject.
        entity: Entity,
        /// Position of the subject in its table.
        subject: u32,
        /// Which fact.
        attribute: AttributeIx,
        /// What the staff must have had.
        theirs: Value,
    },
    /// Points of a row of the criteria (a plain number).
    RowPoints {
        /// Id of the row.
        row: Box<str>,
        /// Points the staff went by; 0: the row is not gone by.
        theirs: Exact,
    },
    /// A row of the criteria that the staff do not go by.
    RowExtra {
        /// Id of the row.
        row: Box<str>,
    },
    /// A row that is missing in the criteria.
    RowMissing {
        /// Id of the table it belongs to.
        table: Box<str>,
        /// Its condition, in the criteria language.
        when: Box<str>,
        /// Its points.
        points: Exact,
    },
    /// Seats of a class (of its group, where classes share seats).
    Seats {
        /// The class.
        class: ClassId,
        /// How many more (or less) the staff had.
        by: i32,
    },
    /// Two children whom no key but the tie-break tells apart, the other way round.
    Tie {
        /// The class it was about.
        class: ClassId,
        /// Child that came first with the staff.
        first: Box<str>,
        /// Child that comes first by the rule.
        second: Box<str>,
    },
    /// Keys in another order.
    KeyOrder(KeyOrder),
    /// A sibling wish, read otherwise.
    Wish {
        /// Whose.
        of: WishScope,
        /// As the staff read it.
        theirs: WishFields,
    },
    /// Guardians' points come together otherwise.
    Aggregation {
        /// Id of the value or key in which they do ([`enmusubi_criteria::aggregate::places`]).
        of: Box<str>,
        /// Which of those in its expression, from left to right.
        nth: u8,
        /// How, with the staff.
        theirs: Aggregate,
    },
    /// Coupling of siblings' scores.
    Coupling(Coupling),
    /// Transfer applicants.
    Transfers(TransferOrder),
    /// Vacated seats are refilled, or not.
    Refill(bool),
    /// The choice rank counts.
    ChoiceRank(RankUse),
    /// Another mechanism.
    Mechanism(Mechanism),
    /// This family's result contradicts the criteria; mended by taking the staff's decision as it is.
    Contradiction {
        /// Household id.
        household: Box<str>,
    },
}

/// Keys in another order. Positions are those of the components of the market's keys
/// (`CompiledRound::key_components`) before any such change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeyOrder {
    /// This component the other way round.
    Flip(u32),
    /// This component is not compared.
    Drop(u32),
    /// This component is compared right before that one.
    Move {
        /// The component.
        from: u32,
        /// The one it comes before; the number of components: last.
        before: u32,
    },
}

/// Whose wish.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WishScope {
    /// One household's.
    Household(Box<str>),
    /// Everybody's who gave this answer.
    Answer(Question, Box<str>),
    /// Everybody's whose wish reads so.
    Fields(WishFields),
}

/// Where transfer applicants come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TransferOrder {
    /// Before all others.
    Before,
    /// After all others.
    After,
    /// As if they applied anew: nothing in the criteria is read as being about transfers.
    Level,
}

/// How the choice rank counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RankUse {
    /// Compared before the component at this position (0: before everything), lower rank first.
    Before(u32),
    /// Points for a first choice, in the first component that is points.
    FirstChoice(Exact),
}

impl Cause {
    /// Its kind.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self {
            Self::Fact { .. } => Kind::Fact,
            Self::RowPoints { .. } => Kind::RowPoints,
            Self::RowExtra { .. } | Self::RowMissing { .. } => Kind::RowMissing,
            Self::Seats { .. } => Kind::Seats,
            Self::Tie { .. } => Kind::Tie,
            Self::KeyOrder(_) => Kind::KeyOrder,
            Self::Wish { .. } => Kind::Wish,
            Self::Aggregation { .. } => Kind::Aggregation,
            Self::Coupling(_) => Kind::Coupling,
            Self::Transfers(_) => Kind::Transfers,
            Self::Refill(_) => Kind::Refill,
            Self::ChoiceRank(_) => Kind::ChoiceRank,
            Self::Contradiction { .. } => Kind::Contradiction,
            Self::Mechanism(_) => Kind::Mechanism,
        }
    }

    /// Whether the round must be scored again: facts or criteria change, not only the market.
    #[must_use]
    pub fn needs_scoring(&self) -> bool {
        matches!(
            self,
            Self::Fact { .. }
                | Self::RowPoints { .. }
                | Self::RowExtra { .. }
                | Self::RowMissing { .. }
                | Self::Aggregation { .. }
                | Self::Coupling(_)
                | Self::Transfers(TransferOrder::Level)
        )
    }

    /// A row that is missing in the file.
    pub fn missing(table: &str, when: &str, points: Exact) -> Self {
        Self::RowMissing {
            table: table.into(),
            when: when.into(),
            points,
        }
    }

    /// Table, condition and points of a row that is missing in the file.
    pub(crate) fn as_missing(&self) -> Option<(&str, &str, Exact)> {
        match self {
            Self::RowMissing {
                table,
                when,
                points,
            } => Some((table, when, *points)),
            _ => None,
        }
    }

    /// The points of a row: one of the file, or one that nobody wrote down.
    #[must_use]
    pub fn points(&self) -> Option<Exact> {
        match self {
            Self::RowPoints { theirs, .. } => Some(*theirs),
            Self::RowMissing { points, .. } => Some(*points),
            _ => None,
        }
    }

    /// The same row with other points; none with 0 of these where nobody wrote it down.
    #[must_use]
    pub fn with_points(&self, points: Exact) -> Option<Self> {
        match self {
            Self::RowPoints { row, .. } => Some(Self::RowPoints {
                row: row.clone(),
                theirs: points,
            }),
            Self::RowMissing { table, when, .. } if points != Exact::ZERO => {
                Some(Self::missing(table, when, points))
            }
            _ => None,
        }
    }

    /// Whether it is about one family or one pair of families, and says nothing about any rule.
    #[must_use]
    pub fn is_individual(&self) -> bool {
        matches!(
            self,
            Self::Fact { .. } | Self::Tie { .. } | Self::Contradiction { .. }
        ) || matches!(
            self,
            Self::Wish {
                of: WishScope::Household(_),
                ..
            }
        )
    }
}
