//! What the tables of a round cannot say; read from the rule file (`--rules F.toml`) and already
//! checked against the tables: ids are positions, every value a rule meets is understood.

use crate::{
    rational::Rational,
    round::{ChildIx, FactIx, NurseryIx, Round, SiblingWish},
    score::Score,
};

/// [`Rules::disclosure_minimum`] where a municipality declares none: a figure that one or two
/// children make up is theirs, and is withheld as official statistics withhold it.
pub const DISCLOSURE_MINIMUM_DEFAULT: u32 = 3;

/// The rules of a round. The default is what the tables alone mean: one group per class, every
/// vacated seat refilled, no pools, one pass, nobody refused.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rules {
    /// Seat groups (定員グループ) of two or more classes, or with weights.
    pub groups: Vec<GroupRule>,
    /// Classes whose vacated seats are not filled again in this run (欠員補充しない).
    pub no_refill: Vec<(NurseryIx, u8)>,
    /// Seat pools (枠), in declared order.
    pub pools: Vec<PoolRule>,
    /// Leading strata of the priority key (優先区分), most important first.
    pub strata: Vec<StrataRule>,
    /// Passes (先行選考), `None` for one pass.
    pub passes: Option<PassRule>,
    /// Who may not be placed where (受入要件), in declared order; the first that fails is named.
    pub eligibility: Vec<EligibilityRule>,
    /// Wish of a household that left it blank; already applied to the households.
    pub default_wish: Option<SiblingWish>,
    /// Fewer admitted or considered than this: figures are withheld from parents (0: never).
    /// Where no rule file says it: [`DISCLOSURE_MINIMUM_DEFAULT`].
    pub disclosure_minimum: u32,
    /// Declared common order of families (共通の選考順): points column, smaller first; a
    /// family counts by its lowest (last) child.
    pub common_order: Option<CommonOrder>,
}

/// Classes of one nursery that share seats.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupRule {
    /// The nursery.
    pub nursery: NurseryIx,
    /// Name of the group for people.
    pub label: Box<str>,
    /// Its classes: age class, pool (position in [`Rules::pools`]) or the ordinary seats, weight
    /// of one child. A weight is more than 0.
    pub members: Vec<(u8, Option<u32>, Rational)>,
    /// Capacity, without transfer applicants' seats; `None`: Σ weight × seats of the members.
    pub capacity: Option<Rational>,
}

/// A seat pool (枠) at one nursery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PoolRule {
    /// Id, unique at the nursery.
    pub id: Box<str>,
    /// The nursery.
    pub nursery: NurseryIx,
    /// Seats by age class; `None`: the pool does not exist for that age.
    pub seats: [Option<u32>; 6],
    /// The pool's seats are part of the table's 募集人数 (内数), or come on top (外数).
    pub within: bool,
    /// After the ordinary seats in the order of choices, instead of before.
    pub after_ordinary: bool,
    /// Hard: others never enter. Soft: others come after the target group.
    pub hard: bool,
    /// The target group; all conditions must hold.
    pub target: Vec<Condition>,
    /// Why a child outside the target group is refused (hard pools), for staff.
    pub label: Box<str>,
    /// The same for the family, a complete sentence.
    pub parent_text: Option<Box<str>>,
}

/// A leading component of the priority key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StrataRule {
    /// Label for people, e.g. 「市内在住」.
    pub label: Box<str>,
    /// Which children come first.
    pub order: Sorting,
}

/// The passes of a round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PassRule {
    /// Pass of each child, first pass first.
    pub order: Sorting,
    /// A family whose children belong to different passes is decided whole in the first of
    /// them, instead of the last (no child is then decided before its turn).
    pub siblings_in_first: bool,
}

/// Children sorted into numbered bins by the value of a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sorting {
    /// The column.
    pub fact: FactIx,
    /// Labels of the bins, first bin first.
    pub labels: Vec<Box<str>>,
    /// Values of each bin.
    pub values: Vec<Vec<Box<str>>>,
    /// Bin of a value that is listed nowhere, and of a blank; `None`: that is an error the
    /// reader has already reported.
    pub others: Option<u32>,
}

/// A condition on one column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// The column.
    pub fact: FactIx,
    /// The test.
    pub test: Test,
    /// What a blank means; `None`: a blank is an error the reader has already reported (an
    /// unknown fact is undecided, never false).
    pub blank: Option<bool>,
}

/// Tests on a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Test {
    /// One of these values.
    OneOf(Vec<Box<str>>),
    /// None of these values.
    NoneOf(Vec<Box<str>>),
    /// A whole number in this range, both ends included.
    Range {
        /// Lowest allowed.
        min: Option<Score>,
        /// Highest allowed.
        max: Option<Score>,
    },
}

/// A rule that keeps a child out of a class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EligibilityRule {
    /// Why, for staff.
    pub label: Box<str>,
    /// Why, for the family, a complete sentence.
    pub parent_text: Option<Box<str>>,
    /// Nurseries it applies at; empty: all.
    pub nurseries: Vec<NurseryIx>,
    /// Age classes it applies to (bit per age).
    pub ages: u8,
    /// Only at this pool (position in [`Rules::pools`]); `None`: the whole nursery.
    pub pool: Option<u32>,
    /// The child is eligible where all of these hold.
    pub require: Vec<Condition>,
}

/// The declared common order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommonOrder {
    /// Column of whole numbers.
    pub fact: FactIx,
    /// Larger numbers first (a common index) instead of smaller first (a list position).
    pub larger_first: bool,
}

impl Condition {
    /// Whether a value meets the condition; `None` where that cannot be decided (blank without
    /// a declared meaning, no number where one is compared).
    #[must_use]
    pub fn holds_for(&self, text: &str) -> Option<bool> {
        if text.is_empty() {
            return self.blank;
        }
        match &self.test {
            Test::OneOf(values) => Some(values.iter().any(|v| **v == *text)),
            Test::NoneOf(values) => Some(values.iter().all(|v| **v != *text)),
            Test::Range { min, max } => {
                let value = Score::parse(text)?;
                Some(
                    min.as_ref().is_none_or(|m| value >= *m)
                        && max.as_ref().is_none_or(|m| value <= *m),
                )
            }
        }
    }

    /// Whether a child of the round meets the condition.
    #[must_use]
    pub fn holds(&self, round: &Round, child: ChildIx) -> Option<bool> {
        self.holds_for(round.facts[self.fact as usize].text(child))
    }
}

impl Sorting {
    /// Bin of a value, 0 first; `None` where the value is listed nowhere and no bin takes the
    /// others.
    #[must_use]
    pub fn bin_of(&self, text: &str) -> Option<u32> {
        self.values
            .iter()
            .position(|bin| bin.iter().any(|v| **v == *text))
            .and_then(|at| u32::try_from(at).ok())
            .or(self.others)
    }
}
