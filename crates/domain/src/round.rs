//! The tables of one round, parsed and complete. `enmusubi-interchange` reads them from files,
//! `enmusubi-synth` makes them up, `enmusubi-selection` compiles them into a market.
//!
//! Everything is in flat vectors with `u32` positions; the aliases say which vector. The order
//! is the order of the files, so a result can be written back row by row.

use crate::{rules::Rules, score::Score};
use std::ops::Range;

/// Position in [`Round::nurseries`].
pub type NurseryIx = u32;
/// Position in [`Round::households`].
pub type HouseholdIx = u32;
/// Position in [`Round::children`], which is also the row of the children's table, 0-based.
pub type ChildIx = u32;
/// Position in [`Round::scores`].
pub type ScoreIx = u32;
/// Position in [`Round::facts`].
pub type FactIx = u32;

/// One round's content: what the files said, without their form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Round {
    /// Nurseries (施設) in file order; ids are unique.
    pub nurseries: Vec<Nursery>,
    /// Households (世帯) in order of first appearance; ids are unique, each has a child.
    pub households: Vec<Household>,
    /// Children (児童) in file order; ids are unique.
    pub children: Vec<Child>,
    /// Choices (希望), child by child; [`Child::choices`] are consecutive ranges of it.
    pub choices: Vec<Choice>,
    /// Distinct points, in order of first appearance (choices refer to them by position, so that
    /// sorting a round's points is sorting a few hundred numbers).
    pub scores: Vec<Score>,
    /// Rows of the combination table (組み合わせ表), by household, then rank.
    pub combinations: Vec<Combination>,
    /// Columns of the children's table that a rule looks at.
    pub facts: Vec<FactColumn>,
    /// What the tables cannot say.
    pub rules: Rules,
}

/// A nursery and the seats it offers in this round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Nursery {
    /// Id, normalised ([`crate::id::normalise`]).
    pub id: Box<str>,
    /// Name as received.
    pub name: Box<str>,
    /// Seats (募集人数) by age class 0–5; `None` where the cell is blank (class not offered).
    pub seats: [Option<u32>; 6],
    /// Row as a spreadsheet shows it, 1-based.
    pub row: u32,
}

/// The part of a household that applies in this round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Household {
    /// Id, normalised.
    pub id: Box<str>,
    /// Sibling wish (きょうだい条件); `None` for an only child or where
    /// [`Round::combinations`] lists the household.
    pub wish: Option<SiblingWish>,
    /// Number of children, 1 or more.
    pub size: u32,
}

/// What a household with two or more children asked for. Meaning: selection model, section 3.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SiblingWish {
    /// As written.
    pub form: WishForm,
    /// Every transfer applicant of the household moves, or nobody does.
    pub all_transfers_or_none: bool,
}

/// The two ways a form asks for the sibling wish.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum WishForm {
    /// きょうだいパターン 1–7.
    Code(u8),
    /// Timing, place, who first.
    Fields {
        /// 入所時期.
        timing: Timing,
        /// 入所場所.
        place: Place,
        /// 同時でなくてよいとき、どの子を先に.
        first: First,
    },
}

/// 入所時期: must all be newly placed at once?
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Timing {
    /// 同時.
    Together,
    /// 順次でよい.
    NeedNot,
}

/// 入所場所: must, or should, the new places be at one nursery?
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Place {
    /// 同じ園のみ.
    SameOnly,
    /// 同じ園を優先.
    PreferSame,
    /// 希望順位を優先.
    ChoiceOrder,
}

/// Who goes first when not together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum First {
    /// 上の子.
    Older,
    /// 下の子.
    Younger,
    /// どちらでもよい.
    Either,
}

/// A child who applies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Child {
    /// Id, normalised.
    pub id: Box<str>,
    /// Its household.
    pub household: HouseholdIx,
    /// Age class 0–5.
    pub age: u8,
    /// Current nursery (在籍) of a transfer applicant (転園).
    pub current: Option<NurseryIx>,
    /// Its choices in [`Round::choices`], best first, without holes and repetitions.
    pub choices: Range<u32>,
    /// Points of `点数1`/`点数`; `None` where blank (then every choice has its own).
    pub score: Option<ScoreIx>,
    /// Row as a spreadsheet shows it, 1-based.
    pub row: u32,
}

/// One nursery a child has chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choice {
    /// The nursery.
    pub nursery: NurseryIx,
    /// The child's points there.
    pub score: ScoreIx,
    /// The N of its column (希望N), as the family wrote it; holes make it differ from the rank.
    pub number: u32,
}

/// One row of the combination table: one acceptable outcome of a household.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Combination {
    /// The household.
    pub household: HouseholdIx,
    /// 総当たり順位, 1 or more, distinct within the household.
    pub rank: u32,
    /// Children named in the row and the nursery written beside each (`None`: blank). A child
    /// that is not named counts as blank: it stays where it is.
    pub slots: Vec<(ChildIx, Option<NurseryIx>)>,
    /// Row as a spreadsheet shows it, 1-based.
    pub row: u32,
}

/// A column of the children's table that a rule looks at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactColumn {
    /// Header as received.
    pub header: Box<str>,
    /// Distinct values, trimmed; a blank cell is `""`.
    pub texts: Vec<Box<str>>,
    /// Per child: position in `texts`.
    pub of_child: Vec<u32>,
}

impl FactColumn {
    /// The value of a child, `""` where blank.
    #[must_use]
    pub fn text(&self, child: ChildIx) -> &str {
        &self.texts[self.of_child[child as usize] as usize]
    }
}

impl Round {
    /// The choices of a child.
    #[must_use]
    pub fn choices_of(&self, child: &Child) -> &[Choice] {
        &self.choices[child.choices.start as usize..child.choices.end as usize]
    }
}
