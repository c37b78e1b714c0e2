//! A criteria file as meaning. Ids are resolved to positions, expressions are parsed and have
//! passed the type checker; what no evaluator could work with was reported before.
//!
//! # How a key comes about (both evaluators follow this text)
//!
//! **Row.** A row *applies* where its condition holds: [`Row::when`] (none: always), and, in a band, the
//! band's `when`, and `from <= by < below` in each dimension. A condition that is unknown is resolved
//! by [`Row::if_unknown`]; `Undecided` leaves the row unknown.
//! A row `to be filled` that applies, a required judgement that nobody entered, and points that are
//! unknown make the row unknown. An optional judgement nobody entered: the row does not apply.
//!
//! **Exclusion.** A row that applies, and is not itself excluded, excludes the rows of [`Row::excludes`].
//! Excluded rows count as not applying. (No cycles; an unknown row that excludes one that applies
//! makes the latter unknown.)
//!
//! **Group.** The rows of a group that apply give one number: their sum, or the highest, lowest, or the
//! first in file order; then at most / at least. No row applies: the group gives nothing.
//!
//! **Table.** Rows without a group, and groups (each in the place of its first row), are combined by
//! [`Table::take`]. Nothing there: [`Table::otherwise`]. Then `at_most`, then `at_least`.
//! `at_most` and `at_least` of groups and tables may look at everything a row may.
//!
//! **Unknown rows** make group and table unknown, except where the result cannot depend on them: under
//! `highest` (`lowest`) a row whose points are known and not above (below) a known one that applies;
//! under `first` a row after one that is known to apply.
//!
//! **Table over guardians (adults)**: evaluated for each; an attribute of the guardian in expressions.
//!
//! **Value**: its expression, then its changes in file order: where a change's condition holds, `set`, `add`,
//! `multiply`, `at_most` or `at_least`. An unknown condition makes the value unknown. A later `set`
//! makes it known again.
//!
//! **Key**: the strata, if any (position of the first that holds; unknown if one before it is unknown), smaller
//! first; then the keys in file order. A boolean counts 1 for true, a day its number. A key to be
//! filled is left out; children equal in everything that is known stay undecided.
//! Sibling coupling replaces the coupled keys of a child at a facility by the highest (average) over the
//! applicants of its household who chose that facility (their values there).
//!
//! **Undecided**: an applicant at a facility with any unknown stratum or key, eligibility, pool target or pass.
//!
//! # Fine print
//!
//! **Order of evaluation** matters only for errors (division by zero, a number too large): an error counts
//! only in what is evaluated. Rows, groups, changes, eligibility rules, strata, passes: as below;
//! tables, values and conditions are evaluated where something evaluated names them.
//!
//! **Row.** Its condition is `band.when && row.when && from <= by && by < below && from2 <= by2 && by2 < below2`, in
//! this order; an end that is not given is left out, and a quantity without ends is not looked at.
//! Points are evaluated where the row applies or is unknown (also where it is then excluded). All rows
//! of a table are evaluated, in file order, whatever its `take`.
//! An unknown row keeps its points where they are known (its condition is unknown, the points are not); that
//! is what `highest` and `lowest` look at. A row that is unknown for its points alone excludes
//! others as any unknown row does.
//!
//! **Judgement by staff** (discretion): in a table over guardians (adults) the entry for the guardian (adult) at
//! hand and the row's id; else the entry for the child, and where there is none, for its household. An entry
//! outside `min`..`max` makes the row unknown where it applies, required or not. An optional judgement
//! nobody entered does not apply, also where its condition is unknown.
//!
//! **Exclusion** is settled before groups. Of a row's excluders, one that finally applies wins over unknown ones.
//! A row that does not apply anyway stays so; an unknown row that is certain to be excluded does not apply.
//!
//! **Bounds** (of groups and tables) are evaluated where there is a known number to bound; an unknown bound makes it
//! unknown, also where it would not have been at work. `at_most` first. An unknown group has no known
//! points: under any `take` but `first` after a known one, it makes the table unknown. A sum with an unknown row or group
//! is not calculated, so it cannot be too large; a sum adds in file order.
//! `otherwise` is evaluated where nothing applies and nothing is unknown; `None` under `sum` is 0.
//!
//! **Change**: its operand is evaluated where its condition is known to hold, also when the value is unknown then.
//! Unknown operand: unknown. An unknown value stays unknown under all effects but `set` (so 0 times unknown is unknown).
//!
//! **Stratum, pass**: none holds (and none is unknown): their number, that is, after all of them. Conditions after the first
//! that holds or is unknown are not evaluated. Passes look at the child or its household only, not at facility or choice.
//!
//! **Key**: a day's number is days since 1970-01-01. A quantity counts as its number.
//!
//! **Coupling**: each coupled key on its own. The applicants are the children of the household, at hand included, that
//! have the facility among their choices. `Highest` is the best: the highest where higher values come first, else
//! the lowest. Unknown for one of them: unknown for all. All their keys are evaluated: an error in one is an error for all,
//! before any unknown. The average adds in the order of the choices, then divides; where one is unknown nothing is added.
//!
//! **Eligibility**: rules in file order up to the first that is known to fail.
//!
//! **Undecided**, once more: not where the child is known to be refused; a pool counts only at a facility with seats of
//! that pool.

use crate::expression::{Expression, Span};
use enmusubi_domain::facts::{Entity, Exact, Unit};

/// A municipality's criteria for one fiscal year.
#[derive(Debug, Clone, PartialEq)]
pub struct Criteria {
    /// Whose, which year.
    pub head: Head,
    /// The documents the numbers come from.
    pub documents: Vec<SourceDocument>,
    /// Named conditions.
    pub conditions: Vec<Condition>,
    /// Tables of points.
    pub tables: Vec<Table>,
    /// Named numbers; each refers to earlier ones only.
    pub values: Vec<NamedValue>,
    /// Strata (優先区分), first first; a child belongs to the first whose condition holds.
    pub strata: Vec<Stratum>,
    /// Components of the priority key, most important first.
    pub keys: Vec<Key>,
    /// Passes (先行選考), first first; empty: one pass.
    pub passes: Vec<Pass>,
    /// Pools (枠) by id as in the round's classes.
    pub pools: Vec<Pool>,
    /// Who may not be placed where.
    pub eligibility: Vec<Eligibility>,
    /// Sibling question.
    pub siblings: Siblings,
    /// Transfer applicants.
    pub transfers: Transfers,
    /// What happens to equals.
    pub ties: TiesLeft,
    /// Mechanism and disclosure.
    pub selection: SelectionRules,
    /// Conversion of hours and days where a certificate gives another unit.
    pub conversion: Conversion,
    /// Claims that more of a fact never lowers a key.
    pub monotone: Vec<Monotone>,
    /// Worked examples.
    pub examples: Vec<Example>,
    /// What the published documents leave open.
    pub gaps: Vec<Gap>,
}

/// Whose criteria.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// 全国地方公共団体コード (six digits); `None` for fixtures and examples.
    pub municipality: Option<Box<str>>,
    /// Name.
    pub name: Box<str>,
    /// 年度.
    pub fiscal_year: i16,
    /// Title of the criteria.
    pub title: Box<str>,
    /// What the file is.
    pub kind: FileKind,
    /// Remark.
    pub note: Option<Box<str>>,
}

/// What a criteria file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// A municipality's criteria.
    Municipality,
    /// Made up, for demonstrations.
    Example,
    /// One operator of some municipality, for tests; never listed as its criteria.
    Structure,
}

/// Where numbers come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceDocument {
    /// Id.
    pub id: Box<str>,
    /// Title.
    pub title: Box<str>,
    /// Address.
    pub url: Option<Box<str>>,
    /// How far it was read.
    pub grade: Grade,
}

/// How sure a number is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grade {
    /// The municipality's own document, read whole.
    Official,
    /// The municipality's own page, read in part.
    OfficialPart,
    /// A transcription by others that names the official document.
    ThirdParty,
    /// Not known yet.
    ToBeFilled,
}

/// Where one row comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Position in [`Criteria::documents`], if it names one.
    pub document: Option<u32>,
    /// Page or clause.
    pub page: Option<Box<str>>,
    /// Grade: the row's own, else its document's, else official for made-up files.
    pub grade: Grade,
}

/// A named condition.
#[derive(Debug, Clone, PartialEq)]
pub struct Condition {
    /// Id, an identifier in expressions.
    pub id: Box<str>,
    /// Label.
    pub label: Box<str>,
    /// The condition.
    pub when: Expression,
    /// Where it was written.
    pub span: Span,
}

/// A table of points.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// Id, an identifier in expressions.
    pub id: Box<str>,
    /// Label.
    pub label: Box<str>,
    /// For each guardian, each adult, or once for the child at hand.
    pub over: Over,
    /// How rows and groups combine.
    pub take: Take,
    /// Points where no row applies. `None`: undecided.
    pub otherwise: Option<Expression>,
    /// Upper bound.
    pub at_most: Option<Expression>,
    /// Lower bound.
    pub at_least: Option<Expression>,
    /// Bands.
    pub bands: Vec<Band>,
    /// Groups.
    pub groups: Vec<Group>,
    /// Rows in file order.
    pub rows: Vec<Row>,
    /// Source.
    pub source: Source,
    /// Where it was written.
    pub span: Span,
}

/// What a table is evaluated for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Over {
    /// Each guardian.
    Guardian,
    /// Each other adult.
    Adult,
    /// The application at hand (child, or child at a facility; the compiler finds the smallest
    /// scope).
    Application,
}

/// How numbers combine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Take {
    /// All are added.
    Sum,
    /// The highest counts.
    Highest,
    /// The lowest counts.
    Lowest,
    /// The first that applies, in file order.
    First,
}

/// A quantity cut into bands, in one or two dimensions.
#[derive(Debug, Clone, PartialEq)]
pub struct Band {
    /// Id, unique in the table.
    pub id: Box<str>,
    /// Label.
    pub label: Box<str>,
    /// Precondition of all its rows.
    pub when: Option<Expression>,
    /// First dimension and its unit (`None`: a plain number).
    pub by: Expression,
    /// Unit of `by`.
    pub unit: Option<Unit>,
    /// Second dimension.
    pub by2: Option<Expression>,
    /// Unit of `by2`.
    pub unit2: Option<Unit>,
    /// The bands leave no gap between the lowest `from` and infinity.
    pub partition: bool,
    /// Where it was written.
    pub span: Span,
}

/// Rows of which one number counts.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// Id, unique in the table.
    pub id: Box<str>,
    /// Label.
    pub label: Box<str>,
    /// How they combine.
    pub take: Take,
    /// Upper bound.
    pub at_most: Option<Expression>,
    /// Lower bound.
    pub at_least: Option<Expression>,
    /// Where it was written.
    pub span: Span,
}

/// A row of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Id, unique in the file.
    pub id: Box<str>,
    /// Label for staff.
    pub label: Box<str>,
    /// Label for parents, where it differs.
    pub parents: Option<Box<str>>,
    /// The band it is part of.
    pub band: Option<BandPart>,
    /// Condition.
    pub when: Option<Expression>,
    /// Points.
    pub points: Points,
    /// Its group (position in [`Table::groups`]).
    pub group: Option<u32>,
    /// Rows it excludes (positions in [`Table::rows`] of the same table).
    pub excludes: Vec<u32>,
    /// What an unknown condition means.
    pub if_unknown: IfUnknown,
    /// Source.
    pub source: Source,
    /// Remark for staff.
    pub note: Option<Box<str>>,
    /// Where it was written.
    pub span: Span,
}

impl Row {
    /// The points, where they are a plain number.
    #[must_use]
    pub fn plain_points(&self) -> Option<Exact> {
        match &self.points {
            Points::Expression(e) => e.plain_number(),
            _ => None,
        }
    }
}

/// The part of a band a row stands for: `from <= x < below`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BandPart {
    /// Position in [`Table::bands`].
    pub band: u32,
    /// Lower end, included.
    pub from: Option<Exact>,
    /// Upper end, not included.
    pub below: Option<Exact>,
    /// Lower end in the second dimension.
    pub from2: Option<Exact>,
    /// Upper end in the second dimension.
    pub below2: Option<Exact>,
}

/// Points of a row.
#[derive(Debug, Clone, PartialEq)]
pub enum Points {
    /// A number or an expression.
    Expression(Expression),
    /// Staff judge a value between two bounds, with reason and signature (裁量).
    Discretion {
        /// Lowest allowed.
        min: Exact,
        /// Highest allowed.
        max: Exact,
        /// Nobody may leave it out where the row applies.
        required: bool,
    },
    /// The number has not been read in an official document.
    ToBeFilled,
}

/// What an unknown condition means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IfUnknown {
    /// The row is unknown (the default).
    Undecided,
    /// The file declares: as if the condition held.
    Applies,
    /// The file declares: as if it did not hold.
    Not,
}

/// A named number.
#[derive(Debug, Clone, PartialEq)]
pub struct NamedValue {
    /// Id, an identifier in expressions.
    pub id: Box<str>,
    /// Label.
    pub label: Box<str>,
    /// Where it begins.
    pub value: Expression,
    /// What changes it, in file order.
    pub changes: Vec<Change>,
    /// Source.
    pub source: Source,
    /// Where it was written.
    pub span: Span,
}

/// A change of a named number.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// Id, unique in the file.
    pub id: Box<str>,
    /// Label.
    pub label: Box<str>,
    /// Label for parents, where it differs.
    pub parents: Option<Box<str>>,
    /// Condition; none: always.
    pub when: Option<Expression>,
    /// What it does.
    pub effect: Effect,
    /// Operand.
    pub by: Expression,
    /// Source.
    pub source: Source,
    /// Where it was written.
    pub span: Span,
}

/// What a change does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// The value becomes the operand.
    Set,
    /// The operand is added.
    Add,
    /// The value is multiplied by the operand.
    Multiply,
    /// Not more than the operand.
    AtMost,
    /// Not less than the operand.
    AtLeast,
}

/// A stratum.
#[derive(Debug, Clone, PartialEq)]
pub struct Stratum {
    /// Id.
    pub id: Box<str>,
    /// Label.
    pub label: Box<str>,
    /// Condition; none: everybody else (only the last).
    pub when: Option<Expression>,
    /// Source.
    pub source: Source,
    /// Where it was written.
    pub span: Span,
}

/// A component of the priority key.
#[derive(Debug, Clone, PartialEq)]
pub struct Key {
    /// Id.
    pub id: Box<str>,
    /// Label.
    pub label: Box<str>,
    /// What is compared; `None`: to be filled.
    pub value: Option<Expression>,
    /// Higher values come first (else lower).
    pub higher_first: bool,
    /// How values are shown to people (`9` as `A`), where not as numbers.
    pub show: Vec<(Exact, Box<str>)>,
    /// The key is about the family's whole outcome in this very round (siblings enter together): true for
    /// the tuples that place every new applicant of the household, false otherwise. `value` is then
    /// whether the household is one the rule speaks of.
    pub together: bool,
    /// Source.
    pub source: Source,
    /// Where it was written.
    pub span: Span,
}

/// A pass.
#[derive(Debug, Clone, PartialEq)]
pub struct Pass {
    /// Id.
    pub id: Box<str>,
    /// Label.
    pub label: Box<str>,
    /// Condition; none: everybody else (only the last).
    pub when: Option<Expression>,
    /// Where it was written.
    pub span: Span,
}

/// A pool of seats.
#[derive(Debug, Clone, PartialEq)]
pub struct Pool {
    /// Id as in the round's classes.
    pub id: Box<str>,
    /// Label.
    pub label: Box<str>,
    /// Whom it is for.
    pub target: Expression,
    /// Others never enter (else they come after).
    pub hard: bool,
    /// Tried after the ordinary seats instead of before.
    pub after_ordinary: bool,
    /// The pool's seats are part of the class's number of seats (内数), not on top (外数).
    pub within: bool,
    /// Why a child outside is refused, for the family: a complete sentence.
    pub parents: Option<Box<str>>,
    /// Where it was written.
    pub span: Span,
}

/// A rule that keeps a child out of a facility.
#[derive(Debug, Clone, PartialEq)]
pub struct Eligibility {
    /// Id.
    pub id: Box<str>,
    /// Why, for staff.
    pub label: Box<str>,
    /// What must hold.
    pub require: Expression,
    /// Why, for the family: a complete sentence.
    pub parents: Option<Box<str>>,
    /// Source.
    pub source: Source,
    /// Where it was written.
    pub span: Span,
}

/// The sibling question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Siblings {
    /// Wish of a household that answered nothing; `None`: it must answer.
    pub default: Option<Wish>,
    /// What each answer of the municipality's form means.
    pub answers: Vec<Answer>,
    /// Scores of siblings (得点の連動).
    pub coupling: Coupling,
    /// Coupled keys (positions in [`Criteria::keys`]).
    pub coupled: Vec<u32>,
    /// A household whose children belong to different passes is decided in the first of them.
    pub first_pass: bool,
}

/// Timing, place, who first; each as far as an answer says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Wish {
    /// 入所時期.
    pub timing: Option<enmusubi_domain::round::Timing>,
    /// 入所場所.
    pub place: Option<enmusubi_domain::round::Place>,
    /// どちらを先に.
    pub first: Option<enmusubi_domain::round::First>,
}

/// One answer of the form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Which question.
    pub question: Question,
    /// As written on the form.
    pub answer: Box<str>,
    /// What it says; a code says all three. `None`: staff must decide (自由記載); blocks the round.
    pub wish: Option<Wish>,
}

/// Questions a form may ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Question {
    /// One list of codes.
    Code,
    /// 入所時期.
    Timing,
    /// 入所場所.
    Place,
    /// どちらを先に.
    First,
}

/// Coupling of siblings' keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coupling {
    /// Each has its own.
    None,
    /// All take the best.
    Highest,
    /// All take the average.
    Average,
}

/// Transfer applicants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Transfers {
    /// Vacated seats are filled again in the same round.
    pub refill: bool,
    /// An offer may be declined.
    pub refusable: bool,
    /// The application may be withdrawn after the deadline.
    pub withdrawable: bool,
}

/// What happens to children still equal (`[ties] left`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TiesLeft {
    /// Nobody is placed while a tie is undecided.
    Stop,
    /// A lottery by a seed declared beforehand.
    Lottery,
    /// Equals are equal.
    Equal,
    /// Staff decide; until then as `stop`.
    Staff,
}

/// How seats are given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SelectionRules {
    /// Mechanism.
    pub mechanism: MechanismName,
    /// Fewer than this: figures are withheld.
    pub disclosure_minimum: u32,
}

/// Mechanisms, as the selection model names them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MechanismName {
    /// Priority before choice rank.
    Stable,
    /// One order of families.
    IndexOrder,
    /// Choice rank first.
    ChoiceOrder,
}

/// Conversions the municipality declares otherwise than the national certificate; `fill_conversions` there
/// applies them before scoring.
pub use enmusubi_domain::facts::certificate::Conversion;

/// A claim: more of a fact never lowers the key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Monotone {
    /// The attribute.
    pub entity: Entity,
    /// The attribute.
    pub attribute: enmusubi_domain::facts::AttributeIx,
    /// What never hurts.
    pub better: Better,
    /// Where it was written.
    pub span: Span,
}

/// What never hurts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Better {
    /// A larger number, "yes", or one more reason in a set.
    More,
    /// A smaller number, or "no".
    Less,
}

/// A worked example. Its facts are canonical inline TOML, read by the example runner.
#[derive(Debug, Clone, PartialEq)]
pub struct Example {
    /// Id.
    pub id: Box<str>,
    /// Label.
    pub label: Box<str>,
    /// Facts by entity: `round`, `household`, `guardians`, `adults`, `child`, `siblings`, `declines`,
    /// `facility`, `choice`, `discretion`; each inline TOML with the position of its text.
    pub facts: Vec<(Box<str>, Box<str>, Span)>,
    /// Expected: key, value or table id → text as shown (looked up in this order; `A1[0]` is the first guardian's);
    /// `outcome` → `eligible`, `refused`, `undecided`; `stratum` and `pass` → its id, or its number from 1.
    pub expect: Vec<(Box<str>, Box<str>)>,
    /// Two or more keys to be ordered: label → values of the keys as shown, from the first key on (strata are
    /// not among them); best first.
    pub order: Vec<(Box<str>, Vec<Box<str>>)>,
    /// Source.
    pub source: Source,
    /// Where it was written.
    pub span: Span,
}

/// What the published documents leave open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// Id.
    pub id: Box<str>,
    /// What is missing.
    pub label: Box<str>,
    /// Remark.
    pub note: Option<Box<str>>,
}

impl Criteria {
    /// Whether anything is to be filled; such a file cannot serve an approved round.
    #[must_use]
    pub fn has_holes(&self) -> bool {
        !self.gaps.is_empty()
            || self.keys.iter().any(|k| k.value.is_none())
            || self
                .tables
                .iter()
                .flat_map(|t| &t.rows)
                .any(|r| r.points == Points::ToBeFilled)
    }
}
