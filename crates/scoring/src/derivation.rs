//! How one child's key at one facility came about, as data: each table for each guardian, each row
//! that applied or nearly applied, with the facts it looked at and the papers that prove them.

use enmusubi_criteria::judgement::Missing;

/// The derivation of one choice.
#[derive(Debug, Clone, PartialEq)]
pub struct Derivation {
    /// Child id.
    pub child: Box<str>,
    /// Facility id.
    pub facility: Box<str>,
    /// Choice rank.
    pub rank: u32,
    /// The key, component by component.
    pub key: Vec<KeyLine>,
    /// Values with what made and changed them.
    pub values: Vec<ValueLine>,
    /// Tables; one over guardians appears once for each.
    pub tables: Vec<TableLine>,
    /// Why the child may not be placed there, if so: id and label of the rule, text for the family.
    pub refused: Option<(Box<str>, Box<str>, Option<Box<str>>)>,
    /// What is missing.
    pub missing: Vec<Missing>,
}

/// A component of the key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyLine {
    /// Id of the stratum section or key.
    pub id: Box<str>,
    /// Label.
    pub label: Box<str>,
    /// Value as people see it; `None` where unknown.
    pub value: Option<Box<str>>,
}

/// A named value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValueLine {
    /// Id.
    pub id: Box<str>,
    /// Label.
    pub label: Box<str>,
    /// Before the changes.
    pub start: Option<Box<str>>,
    /// Changes that were at work: a row each; `points` is the value after it.
    pub changes: Vec<RowLine>,
    /// After the changes.
    pub value: Option<Box<str>>,
    /// Its formula with labels in the place of ids.
    pub formula: Box<str>,
}

/// A table, for one guardian or for the application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableLine {
    /// Id.
    pub id: Box<str>,
    /// Label.
    pub label: Box<str>,
    /// Id of the guardian or adult; empty for the application.
    pub subject: Box<str>,
    /// Points.
    pub points: Option<Box<str>>,
    /// Rows that applied, were unknown, or nearly applied.
    pub rows: Vec<RowLine>,
    /// No row applied: the table's `otherwise` is at work.
    pub otherwise: bool,
    /// The sum before a bound, where a bound was at work.
    pub before_bound: Option<Box<str>>,
}

/// A row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowLine {
    /// Id.
    pub id: Box<str>,
    /// Label.
    pub label: Box<str>,
    /// Label for parents.
    pub parents: Box<str>,
    /// What became of it.
    pub status: RowStatus,
    /// Its points, where known.
    pub points: Option<Box<str>>,
    /// Facts it looked at.
    pub inputs: Vec<Input>,
    /// Document and page.
    pub source: Box<str>,
}

/// What became of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowStatus {
    /// Its points are in the total.
    Counted,
    /// It applied, but another row of its group or table counted.
    Outdone,
    /// It applied, but a row (id) excludes it.
    Excluded(Box<str>),
    /// One of its conditions did not hold: the part of the condition, with labels for names. The
    /// neighbouring band of one that applied also counts as near.
    Near(Box<str>),
    /// It could not be decided.
    Unknown,
    /// It could not be decided, and the file declares what that means (`true`: applies).
    Declared(bool),
}

/// A fact a row looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// `guardian.work_hours_per_month`.
    pub path: Box<str>,
    /// Its label.
    pub label: Box<str>,
    /// Id of the subject it belongs to.
    pub subject: Box<str>,
    /// Value as people write it, with unit; `None`: unknown.
    pub value: Option<Box<str>>,
    /// The paper: as stated for the row of the workbook, else as the vocabulary says.
    pub evidence: Box<str>,
}
