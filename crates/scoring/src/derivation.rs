//! How one child's key at one facility came about, as data: each table for each guardian, each row
//! that applied or nearly applied, with the facts it looked at and the papers that prove them, and
//! what would change the key.
//!
//! Everything is already in words, so that it may be stored and read by other programs (`--json`) and
//! the texts ([`crate::text`]) need neither facts nor criteria. Numbers are texts in exact notation.

use crate::missed::Missed;
use serde::Serialize;

/// The derivation of one choice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Derivation {
    /// Child id.
    pub child: Box<str>,
    /// Household id.
    pub household: Box<str>,
    /// Facility id.
    pub facility: Box<str>,
    /// Name of the facility; empty where nobody stated it.
    pub facility_name: Box<str>,
    /// Choice rank as the family wrote it.
    pub rank: u32,
    /// Age class; `None` where the birth date is unknown.
    pub age_class: Option<Box<str>>,
    /// Day of entry, `2027-04-01`.
    pub entry_date: Box<str>,
    /// 何回目.
    pub round: u32,
    /// Day as of which facts were read, `2026-10-23`.
    pub base_date: Box<str>,
    /// Title of the criteria.
    pub criteria: Box<str>,
    /// Whether everything the key depends on is known. Not so for a child that is [`Self::refused`]: what
    /// is missing then does not matter.
    pub decided: bool,
    /// The key, component by component, most important first.
    pub key: Vec<KeyLine>,
    /// Names of numbers that are no points.
    pub names: Vec<Names>,
    /// Strata up to the one the child belongs to, or the one that cannot be decided.
    pub strata: Vec<StratumLine>,
    /// Values with what made and changed them.
    pub values: Vec<ValueLine>,
    /// Tables; one over guardians (adults) appears once for each.
    pub tables: Vec<TableLine>,
    /// Why the child may not be placed there, if so.
    pub refused: Option<RuleLine>,
    /// Rules about who may be placed there that cannot be decided.
    pub open_rules: Vec<RuleLine>,
    /// Pools of the criteria that the facility offers, and whether the child is of their target group.
    pub pools: Vec<PoolLine>,
    /// Label of the pass (先行選考); `None` where the criteria have none, or it is unknown.
    pub pass: Option<Box<str>>,
    /// What is missing; each once.
    pub missing: Vec<Missed>,
    /// What would change the key.
    pub changes: Vec<Change>,
}

impl Derivation {
    /// A number of a value or table as people see it: by its name, where it has one.
    #[must_use]
    pub fn named<'t>(&'t self, item: &str, number: &'t str) -> &'t str {
        let of_item = self.names.iter().find(|n| *n.item == *item);
        let name = of_item.and_then(|n| n.names.iter().find(|(n, _)| **n == *number));
        name.map_or(number, |(_, name)| name)
    }
}

/// A component of the key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct KeyLine {
    /// Id of the key; `strata` for the strata.
    pub id: Box<str>,
    /// Label.
    pub label: Box<str>,
    /// Value as people see it; `None` where unknown.
    pub value: Option<Box<str>>,
    /// Value as people see it, in English.
    pub value_en: Option<Box<str>>,
    /// The exact number that is compared.
    pub number: Option<Box<str>>,
    /// Which values come first.
    pub order: OrderName,
    /// The value that comes first of all, where the criteria name the values: `A`.
    pub best: Option<Box<str>>,
    /// The number of this child alone, where siblings' keys are coupled and the household has several
    /// applicants there.
    pub own: Option<Box<str>>,
    /// The key is about the family's whole outcome in this round (siblings enter together).
    pub together: bool,
    /// The criteria leave it to be filled: it compares nobody.
    pub to_be_filled: bool,
    /// Families are not told the value (see [`crate::tact`]).
    pub guarded: bool,
    /// What is compared, with labels in the place of names.
    pub formula: Box<str>,
    /// As the criteria write it.
    pub expression: Box<str>,
    /// Source.
    pub source: SourceLine,
}

/// Which values of a key come first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum OrderName {
    /// The stratum that the criteria write first.
    Stratum,
    /// Higher numbers.
    Higher,
    /// Lower numbers.
    Lower,
    /// Those of whom it is true.
    YesFirst,
    /// Those of whom it is not true.
    NoFirst,
    /// Later days.
    Later,
    /// Earlier days.
    Earlier,
}

/// Names the criteria give to the numbers of a value or a table (`6` is `F`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Names {
    /// Id of the value or table.
    pub item: Box<str>,
    /// Number and name.
    pub names: Vec<(Box<str>, Box<str>)>,
}

/// A stratum that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StratumLine {
    /// Id.
    pub id: Box<str>,
    /// Label.
    pub label: Box<str>,
    /// Whether the child belongs to it; `None`: unknown.
    pub holds: Option<bool>,
    /// Its condition with labels; empty for everybody else's.
    pub condition: Box<str>,
    /// As the criteria write it.
    pub expression: Box<str>,
    /// Families are not told that they belong to it (see [`crate::tact`]).
    pub guarded: bool,
    /// Facts it looks at.
    pub inputs: Vec<Input>,
}

/// A named value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ValueLine {
    /// Id.
    pub id: Box<str>,
    /// Label.
    pub label: Box<str>,
    /// Before the changes.
    pub start: Option<Box<str>>,
    /// What is added to (subtracted from) each other to give `start`.
    pub terms: Vec<Term>,
    /// Changes that were at work, or cannot be decided; not a bound that was kept anyway.
    pub changes: Vec<ChangeLine>,
    /// After the changes.
    pub value: Option<Box<str>>,
    /// Its formula with labels in the place of ids.
    pub formula: Box<str>,
    /// As the criteria write it.
    pub expression: Box<str>,
    /// Source.
    pub source: SourceLine,
}

/// A term of a sum.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Term {
    /// With labels in the place of names.
    pub words: Box<str>,
    /// As the criteria write it.
    pub expression: Box<str>,
    /// Whether it is subtracted.
    pub minus: bool,
    /// What it comes to; `None`: unknown.
    pub value: Option<Box<str>>,
}

impl Term {
    /// Whether it lowers the sum, and by how much without a sign: nobody adds -14.
    #[must_use]
    pub fn signed(&self) -> (bool, Option<&str>) {
        let value = self.value.as_deref();
        match value.and_then(|v| v.strip_prefix('-')) {
            Some(rest) => (!self.minus, Some(rest)),
            None => (self.minus, value),
        }
    }
}

/// A change of a value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ChangeLine {
    /// Id.
    pub id: Box<str>,
    /// Label.
    pub label: Box<str>,
    /// Label for parents.
    pub parents: Box<str>,
    /// Whether its condition holds; `None`: unknown.
    pub holds: Option<bool>,
    /// What it does.
    pub effect: EffectName,
    /// Its operand; `None` where unknown or not looked at.
    pub operand: Option<Box<str>>,
    /// The value after it; `None` where unknown.
    pub after: Option<Box<str>>,
    /// Facts its condition looks at.
    pub inputs: Vec<Input>,
    /// Families are not told the facts (see [`crate::tact`]).
    pub guarded: bool,
    /// Source.
    pub source: SourceLine,
}

/// Effects of changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum EffectName {
    /// Becomes the operand.
    Set,
    /// Plus the operand.
    Add,
    /// Times the operand.
    Multiply,
    /// At most the operand.
    AtMost,
    /// At least the operand.
    AtLeast,
}

/// A table, for one guardian (adult) or for the application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TableLine {
    /// Id.
    pub id: Box<str>,
    /// Label.
    pub label: Box<str>,
    /// The guardian or adult; `None` for the application.
    pub who: Option<Who>,
    /// How rows and groups combine.
    pub take: TakeName,
    /// Points.
    pub points: Option<Box<str>>,
    /// Rows that applied, were unknown, or nearly applied, in file order.
    pub rows: Vec<RowLine>,
    /// Groups whose bound was at work.
    pub groups: Vec<GroupLine>,
    /// No row applied: what the table's `otherwise` (or a sum of nothing) says is at work.
    pub otherwise: bool,
    /// Where no row applied: what the rows look at first.
    pub inputs: Vec<Input>,
    /// The points before a bound, where a bound was at work.
    pub before_bound: Option<Box<str>>,
}

/// A group whose bound was at work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GroupLine {
    /// Label.
    pub label: Box<str>,
    /// What its rows give.
    pub before_bound: Box<str>,
    /// What it gives.
    pub points: Box<str>,
}

/// How numbers combine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum TakeName {
    /// All are added.
    Sum,
    /// The highest counts.
    Highest,
    /// The lowest counts.
    Lowest,
    /// The first that applies.
    First,
}

/// A subject of the household.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Who {
    /// Kind, as the vocabulary names it: `guardian`.
    pub kind: &'static str,
    /// Kind in Japanese: `保護者`.
    pub label: &'static str,
    /// Id; empty where it has none.
    pub id: Box<str>,
    /// Which of its kind in the household, from 1; 0 where there is only ever one, and for the child at
    /// hand.
    pub place: u32,
    /// How many of its kind the household has.
    pub of: u32,
}

/// A row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RowLine {
    /// Id.
    pub id: Box<str>,
    /// Label.
    pub label: Box<str>,
    /// Label for parents.
    pub parents: Box<str>,
    /// Label of its group, if it is of one.
    pub group: Option<Box<str>>,
    /// What became of it.
    pub status: RowStatus,
    /// Its points, where known.
    pub points: Option<Box<str>>,
    /// How its points are worked out, with labels, where the criteria do not simply give a number.
    pub formula: Option<Box<str>>,
    /// The same as the criteria write it.
    pub expression: Option<Box<str>>,
    /// Facts it looked at.
    pub inputs: Vec<Input>,
    /// The judgement by staff its points come from.
    pub judged: Option<Judged>,
    /// Families are not told the facts (see [`crate::tact`]).
    pub guarded: bool,
    /// Remark of the criteria, for staff.
    pub note: Option<Box<str>>,
    /// Source.
    pub source: SourceLine,
}

/// What became of a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "is")]
pub enum RowStatus {
    /// Its points are in the total.
    Counted,
    /// It applied, but another row of its group or table counted.
    Outdone,
    /// It applied, but another row excludes it.
    Excluded {
        /// Id of that row.
        by: Box<str>,
        /// Its label.
        label: Box<str>,
    },
    /// All but one of its conditions hold.
    Near {
        /// The one that does not, with labels in the place of names.
        failed: Box<str>,
        /// As the criteria write it.
        expression: Box<str>,
        /// The row is the neighbouring band of one that applied.
        neighbour: bool,
        /// It turns on an ordinary matter of fact: hours, days, dates, papers (see [`crate::tact`]).
        ordinary: bool,
    },
    /// It could not be decided.
    Unknown,
    /// Its condition is unknown, and the file declares what that means.
    Declared {
        /// As if the condition held (else as if it did not).
        applies: bool,
        /// Whether its points are in the total.
        counted: bool,
    },
}

/// A fact that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Input {
    /// `guardian.work_hours_per_month`.
    pub path: Box<str>,
    /// Its label.
    pub label: Box<str>,
    /// Whose.
    pub who: Who,
    /// Value as people write it, with unit; `None`: unknown.
    pub value: Option<Box<str>>,
    /// The same in English.
    pub value_en: Option<Box<str>>,
    /// The paper: as stated for the row of the workbook, else as the vocabulary says.
    pub evidence: Box<str>,
    /// Whether the paper is the one stated in the workbook.
    pub stated: bool,
    /// Follows from other facts, and is no column of the workbook.
    pub derived: bool,
}

/// A judgement by staff (裁量).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Judged {
    /// Why.
    pub reason: Box<str>,
    /// Who entered it.
    pub entered_by: Box<str>,
    /// Who signed it.
    pub signed_by: Box<str>,
}

/// Where a number comes from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct SourceLine {
    /// Title of the document; empty where the file names none.
    pub document: Box<str>,
    /// Page or clause; empty where the file names none.
    pub page: Box<str>,
    /// How far the document was read.
    pub grade: GradeName,
}

/// How sure a number is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum GradeName {
    /// The municipality's own document, read whole.
    #[default]
    Official,
    /// Read in part.
    OfficialPart,
    /// A transcription by others.
    ThirdParty,
    /// Not known yet.
    ToBeFilled,
}

/// A rule about who may be placed where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RuleLine {
    /// Id.
    pub id: Box<str>,
    /// Label.
    pub label: Box<str>,
    /// A sentence for the family.
    pub parents: Option<Box<str>>,
    /// What must hold, with labels.
    pub condition: Box<str>,
    /// As the criteria write it.
    pub expression: Box<str>,
    /// Facts it looks at.
    pub inputs: Vec<Input>,
    /// Source.
    pub source: SourceLine,
}

/// A pool (枠).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PoolLine {
    /// Id.
    pub id: Box<str>,
    /// Label.
    pub label: Box<str>,
    /// Whether the child is of its target group; `None`: unknown.
    pub of_target: Option<bool>,
}

/// One fact that, were it different and all else equal, would change the key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// `guardian.work_hours_per_month`.
    pub path: Box<str>,
    /// Label of the fact.
    pub label: Box<str>,
    /// Whose.
    pub who: Who,
    /// The paper that would show it.
    pub evidence: Box<str>,
    /// As it is; `None`: unknown.
    pub from: Option<Box<str>>,
    /// The same in English.
    pub from_en: Option<Box<str>>,
    /// What it would have to be: `月140時間以上`.
    pub to: Box<str>,
    /// The same in English.
    pub to_en: Box<str>,
    /// Of a fact that is yes or no: what it would have to be.
    pub yes: Option<bool>,
    /// Label of the row that suggests it; empty for what is only unknown.
    pub row: Box<str>,
    /// How far away it is, in the fact's unit, where it is a quantity: `20時間`.
    pub distance: Option<Box<str>>,
    /// The same in English: `20 hours`.
    pub distance_en: Option<Box<str>>,
    /// Whether it would have to be more (else less), where it is a quantity.
    pub more: Option<bool>,
    /// Families may be told: an ordinary matter of fact to check (see [`crate::tact`]).
    pub ordinary: bool,
    /// Components that would be different.
    pub differences: Vec<Difference>,
    /// Whether the child would come before where it is now; `None` where that cannot be said.
    pub better: Option<bool>,
}

/// A component of the key that would be different.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// Id of the key.
    pub id: Box<str>,
    /// Label of the key.
    pub label: Box<str>,
    /// As it is, as people see it; `None`: unknown.
    pub before: Option<Box<str>>,
    /// As it would be.
    pub after: Option<Box<str>>,
    /// The difference with its sign, where both are known: `+1`.
    pub difference: Option<Box<str>>,
}
