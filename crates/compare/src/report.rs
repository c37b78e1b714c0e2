//! `compare.json`: what a comparison says, for the nursery section. [`crate::public`] makes the form without
//! anybody's data from it; page, workbook and texts are made from these types and nothing else.

use crate::cause::Kind;
use enmusubi_selection::whatif::report as whatif;
use serde::Serialize;

/// A comparison of a past round with its decisions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Comparison {
    /// Version of the program.
    pub engine_version: String,
    /// Day of entry, ISO 8601; empty where the tables do not say it.
    pub entry_date: String,
    /// Number of the round; 0 where the tables do not say it.
    pub number: u32,
    /// Name of the criteria file; empty for a round of tables.
    pub criteria: String,
    /// Title of the criteria.
    pub title: String,
    /// SHA-256 of what the criteria say; empty for a round of tables.
    pub criteria_digest: String,
    /// SHA-256 of what was compared: round and criteria.
    pub input_digest: String,
    /// SHA-256 of the decisions: sorted by child.
    pub decisions_digest: String,
    /// `stable`, `index-order`, `choice-order`.
    pub mechanism: String,
    /// `stop`, `lottery:SEED`, `equal`, `row-order`, or `decided`: as the staff decided them.
    pub ties: String,
    /// Fewer people than this are withheld in what is published.
    pub disclosure_minimum: u32,
    /// Things about the files that somebody should know; what they concern was left out or read so.
    pub remarks: Vec<Remark>,
    /// Facts → index, where the staff's index list is there.
    pub index: Option<IndexDepth>,
    /// Index → order, where the list has places.
    pub order: Option<OrderDepth>,
    /// Order → placement.
    pub placement: Agreement,
    /// The causes, in the order in which they were mended.
    pub causes: Vec<CauseReport>,
    /// Agreement before anything is mended, and after each cause.
    pub path: Vec<PathStep>,
    /// Every child whose result differs, sorted by id.
    pub differences: Vec<Difference>,
    /// Who gains and loses between the criteria as written (before) and as practised (after: the causes that are about
    /// the criteria mended). Only for rounds of facts, and where there are such causes.
    pub practice: Option<Practice>,
    /// Whether the search ended for want of steps, not of ideas.
    pub exhausted: bool,
}

/// The round by the criteria as written, and as practised.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Practice {
    /// As written.
    pub base: whatif::Side,
    /// As practised, compared with it.
    pub comparison: whatif::Comparison,
}

/// Something about the files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Remark {
    /// `unknown-child`, `two-decisions`, `not-chosen`, `over-capacity`, `no-decision`, `class-without-decisions` …:
    /// section of `messages/compare.toml`.
    pub code: String,
    /// How many.
    pub count: u32,
    /// The first few, by id.
    pub examples: Vec<String>,
}

/// How many agree.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Agreement {
    /// How many were compared.
    pub compared: u32,
    /// How many of them agree.
    pub agree: u32,
}

impl Agreement {
    /// The share that agrees, in percent with one digit, rounded down: `100` is said only where all agree. `100` where
    /// nothing was compared.
    #[must_use]
    pub fn percent(self) -> String {
        let (agree, compared) = (u64::from(self.agree), u64::from(self.compared));
        match (agree * 1000).checked_div(compared) {
            None | Some(1000) => "100".to_owned(),
            Some(thousandths) => format!("{}.{}", thousandths / 10, thousandths % 10),
        }
    }
}

/// Facts → index.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct IndexDepth {
    /// Children (at facilities, where the index depends on them).
    pub agreement: Agreement,
    /// Differences, sorted by child.
    pub differences: Vec<IndexDifference>,
    /// Numbers in [`Comparison::causes`] that explain them.
    pub causes: Vec<u32>,
    /// Children that nothing explains.
    pub unexplained: u32,
}

/// An index that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct IndexDifference {
    /// Child.
    pub child: String,
    /// Facility, where the index depends on it.
    pub facility: Option<String>,
    /// By the criteria.
    pub ours: Option<String>,
    /// By the staff.
    pub theirs: Option<String>,
    /// Rows only the criteria apply: labels.
    pub only_ours: Vec<String>,
    /// Rows only the staff applied.
    pub only_theirs: Vec<String>,
    /// Numbers of the causes it comes from, in [`Comparison::causes`].
    pub causes: Vec<u32>,
}

/// Index → order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OrderDepth {
    /// Neighbours in the staff's order that the criteria put in the same order.
    pub agreement: Agreement,
    /// Pairs the criteria put the other way round: earlier with the staff, later with the staff.
    pub differences: Vec<(String, String)>,
    /// Numbers of the causes that explain them.
    pub causes: Vec<u32>,
    /// Pairs that nothing explains.
    pub unexplained: u32,
}

/// A cause, with those that nothing tells apart from it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CauseReport {
    /// Number, 1 first.
    pub number: u32,
    /// Its kind.
    pub kind: Kind,
    /// In words, for staff: what the staff must have done.
    pub words: String,
    /// In words without anybody's data.
    pub public_words: String,
    /// How to mend it in the criteria or the facts, in words.
    pub mend: String,
    /// Where it was seen.
    pub seen: Seen,
    /// Others that explain the same decisions as well, most likely first.
    pub alternatives: Vec<Alternative>,
    /// How many others there are beyond those.
    pub more_alternatives: u32,
    /// Children of whom it speaks (not those who follow from them), sorted.
    pub children: Vec<String>,
    /// Children whose result comes right when it is mended, sorted.
    pub heals: Vec<String>,
    /// How the others follow: from the children it speaks of, along seats.
    pub chains: Vec<Vec<Link>>,
}

/// In which comparison a cause was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Seen {
    /// Facts → index.
    Index,
    /// Index → order.
    Order,
    /// Order → placement.
    Placement,
}

/// A cause that explains as much.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Alternative {
    /// Its kind.
    pub kind: Kind,
    /// In words.
    pub words: String,
}

/// A step of a chain: a child came into a seat that another would have had.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Link {
    /// The child.
    pub child: String,
    /// Where the staff placed it; `None`: on hold.
    pub theirs: Option<String>,
    /// Where the criteria place it.
    pub ours: Option<String>,
}

/// Agreement after a cause was mended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PathStep {
    /// Number of the cause; 0: nothing is mended yet.
    pub cause: u32,
    /// Agreement of the placement.
    pub agreement: Agreement,
}

/// A child whose result differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// Child.
    pub child: String,
    /// Household.
    pub household: String,
    /// Age class.
    pub age: u8,
    /// Facility by the criteria; `None`: on hold.
    pub ours: Option<Place>,
    /// Facility by the staff.
    pub theirs: Option<Place>,
    /// Number of the cause it comes from; 0: none was found.
    pub cause: u32,
    /// Whether it only follows from another child's difference.
    pub follows: bool,
}

/// A facility.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Place {
    /// Id.
    pub facility: String,
    /// Name.
    pub name: String,
    /// Choice rank as the family wrote it; `None`: its present class.
    pub rank: Option<u32>,
}
