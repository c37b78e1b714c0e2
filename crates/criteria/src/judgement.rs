//! What an evaluator says about one child at one facility. Both evaluators give this, so that they can
//! be compared; neither uses the other's.

use enmusubi_domain::facts::{AttributeIx, Entity, Exact};

/// The judgement of one choice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    /// The priority key: position of the stratum (where the file has strata), then the keys in file
    /// order without those to be filled; `None` where unknown. Sibling coupling is already in it.
    pub key: Vec<Option<Exact>>,
    /// Whether the child may be placed there.
    pub eligibility: Eligible,
    /// Per pool of the file: whether the child is of its target group; `None` where unknown.
    pub pools: Vec<Option<bool>>,
    /// Position of its pass (0 where the file has none); `None` where unknown.
    pub pass: Option<u32>,
}

/// Whether a child may be placed at a facility.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Eligible {
    /// Yes.
    Yes,
    /// No: position of the first rule in [`crate::Criteria::eligibility`] that is known to fail.
    No(u32),
    /// No rule is known to fail, and one cannot be decided.
    Unknown,
}

/// Why something is unknown.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Missing {
    /// A fact nobody stated: kind of subject, position in its table, attribute. The attribute's
    /// paper would settle it.
    Fact(Entity, u32, AttributeIx),
    /// A value that staff must judge: kind of subject, position, id of the row.
    Judgement(Entity, u32, Box<str>),
    /// A row, or a key, of the criteria that is to be filled: its id.
    ToBeFilled(Box<str>),
    /// An empty list has no lowest, highest or average: id of the row, value or table.
    Nothing(Box<str>),
}

/// Arithmetic that cannot be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArithmeticError {
    /// Id of the row, change, value, table or key.
    pub item: Box<str>,
    /// Position of the choice.
    pub choice: u32,
    /// Whether a division by zero (else a number too large).
    pub division: bool,
}
