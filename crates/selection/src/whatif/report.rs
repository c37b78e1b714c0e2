//! `whatif.json`: what a comparison says, for the nursery section. [`super::public`] makes the form for
//! publication from it.

use crate::report::{KeyComponentReport, MechanismName, UndecidedPair};
use serde::Serialize;

/// The comparison of a round with its variants.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WhatIf {
    /// Version of the program.
    pub engine_version: String,
    /// Day of entry, ISO 8601.
    pub entry_date: String,
    /// Number of the round.
    pub number: u32,
    /// The round as it is.
    pub base: Side,
    /// Counts of fewer people than this are withheld in what is published.
    pub disclosure_minimum: u32,
    /// The variants, in the order asked for.
    pub variants: Vec<Variant>,
}

/// A round under some criteria and seats.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Side {
    /// Name of the criteria file.
    pub criteria: String,
    /// Title of the criteria.
    pub title: String,
    /// How seats are given.
    pub mechanism: MechanismName,
    /// `stop`, `lottery:SEED`, `equal` or `row-order`.
    pub ties: String,
    /// The figures.
    pub figures: Figures,
}

/// Figures of a placement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Figures {
    /// Children who applied.
    pub children: u32,
    /// Children with a class, stayers included.
    pub with_class: u32,
    /// Children in a class other than their current one.
    pub newly_placed: u32,
    /// Children without a class.
    pub held: u32,
    /// Newly placed at their first choice.
    pub first_choice: u32,
    /// Sum of the choice ranks of the newly placed.
    pub rank_sum: u64,
    /// `rank_sum / newly_placed` in lowest terms; `None` where nobody was newly placed.
    pub mean_rank: Option<String>,
    /// Nobody is refused for a lower priority.
    pub stable: bool,
    /// Proved: no placement is better by the declared objective. Where not, some of the differences
    /// between two placements may come from where the search ended instead of from the change.
    pub proved: bool,
    /// Ids of the blocking families (優先順位に反して希望が退けられた世帯), sorted.
    pub blocking_families: Vec<String>,
    /// SHA-256 of the result.
    pub result_digest: String,
}

/// A variant and what it changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Variant {
    /// Its name.
    pub name: String,
    /// Its changes as written; a criteria file as `against FILE`.
    pub sets: Vec<String>,
    /// Its changes in words, in the language of the run.
    pub words: Vec<String>,
    /// What came of it.
    pub outcome: Outcome,
}

/// What came of a variant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "status", rename_all = "kebab-case")]
pub enum Outcome {
    /// Decided and compared.
    Compared(Box<Comparison>),
    /// Ties are undecided; nobody was placed.
    Ties {
        /// Every pair.
        undecided: Vec<UndecidedPair>,
    },
    /// Children cannot be judged; nobody was placed.
    Undecided {
        /// Ids of the children, sorted, each once.
        children: Vec<String>,
        /// Who and why, in the language of the run, one each.
        reasons: Vec<String>,
    },
    /// The variant cannot be.
    Wrong {
        /// What is wrong, in the language of the run, one each.
        reasons: Vec<String>,
    },
}

/// A variant beside the base.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Comparison {
    /// The round in the variant.
    pub after: Side,
    /// All applicants.
    pub all: Tally,
    /// The same by group, dimension by dimension.
    pub groups: Vec<Group>,
    /// Components of the key, most important first, before and after.
    pub key_components: [Vec<KeyComponentReport>; 2],
    /// Classes with seats or children in one of the two, by facility, age and pool.
    pub classes: Vec<ClassRow>,
    /// Every child for whom something changes, by id.
    pub changed: Vec<ChildRow>,
}

/// Numbers of children.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Tally {
    /// Applied.
    pub children: u32,
    /// With a class before.
    pub with_class_before: u32,
    /// With a class after.
    pub with_class_after: u32,
    /// No class before, one after.
    pub placed_now: u32,
    /// At something the family ranked higher.
    pub better: u32,
    /// A class before, none after.
    pub unplaced: u32,
    /// At something the family ranked lower.
    pub worse: u32,
    /// As before.
    pub unchanged: u32,
}

/// What changes for a child. Order: as a tally lists it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Move {
    /// No class before, one after.
    PlacedNow,
    /// At something the family ranked higher.
    Better,
    /// A class before, none after.
    Unplaced,
    /// At something the family ranked lower.
    Worse,
    /// As before.
    Unchanged,
}

impl Tally {
    /// Children better off.
    #[must_use]
    pub fn gained(&self) -> u32 {
        self.placed_now + self.better
    }

    /// Children worse off.
    #[must_use]
    pub fn lost(&self) -> u32 {
        self.unplaced + self.worse
    }

    /// Counts a child.
    pub fn add(&mut self, before: bool, after: bool, moved: Move) {
        self.children += 1;
        self.with_class_before += u32::from(before);
        self.with_class_after += u32::from(after);
        match moved {
            Move::PlacedNow => self.placed_now += 1,
            Move::Better => self.better += 1,
            Move::Unplaced => self.unplaced += 1,
            Move::Worse => self.worse += 1,
            Move::Unchanged => self.unchanged += 1,
        }
    }
}

/// What children are grouped by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Dimension {
    /// 居住地区.
    Area,
    /// Age class.
    Age,
    /// ひとり親.
    SingleParent,
    /// Whether brothers or sisters apply too.
    Siblings,
    /// New or transfer.
    Transfer,
}

/// Children of one group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Group {
    /// What they are grouped by.
    pub dimension: Dimension,
    /// Which group: the area (empty where unknown), the age class, `none`, `single`, `quasi`; `alone`,
    /// `together`; `new`, `transfer`.
    pub group: String,
    /// How many.
    pub tally: Tally,
}

/// A class before and after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ClassRow {
    /// Facility id.
    pub facility: String,
    /// Facility name.
    pub name: String,
    /// Age class.
    pub age: u8,
    /// Pool id.
    pub pool: Option<String>,
    /// Before; `None`: there is no such class.
    pub before: Option<ClassSide>,
    /// After.
    pub after: Option<ClassSide>,
}

/// A class in one placement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ClassSide {
    /// Seats offered; `None` where it shares them with others.
    pub seats: Option<u64>,
    /// Children placed, stayers included.
    pub placed: u32,
    /// Children newly placed.
    pub newly_placed: u32,
    /// Children considered.
    pub considered: u32,
    /// Key of the last admitted (最低指数); `None` where nobody was.
    pub cut_off: Option<Vec<String>>,
}

/// A child for whom something changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ChildRow {
    /// Child id.
    pub child: String,
    /// Household id.
    pub household: String,
    /// Age class.
    pub age: u8,
    /// Area of the household, empty where unknown.
    pub area: String,
    /// `none`, `single`, `quasi`.
    pub single_parent: String,
    /// Brothers or sisters apply too.
    pub siblings: bool,
    /// Transfer applicant.
    pub transfer: bool,
    /// Before.
    pub before: Spot,
    /// After.
    pub after: Spot,
    /// What changes.
    pub moved: Move,
}

/// Where a child is.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Spot {
    /// Facility id; empty: no class.
    pub facility: String,
    /// Facility name.
    pub name: String,
    /// Choice rank as the family wrote it; `None` without a class, or at the present one.
    pub rank: Option<u32>,
    /// Pool id, where the seat is one of a pool.
    pub pool: Option<String>,
}
