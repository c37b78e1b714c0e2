//! The market as data: classes, seat groups, families, priorities and wishes.
//!
//! This crate states *what* is to be decided and nothing about *how*. It knows no files, no
//! facts of households, no clock and no randomness. The engine (`enmusubi-matching`) and the
//! checker (`enmusubi-verify`) share these types and nothing else.
//!
//! Indices are `u32` positions in the vectors of [`Market`]; the aliases ([`ClassIx`] …) say
//! which vector. Everything is sorted by id, so equal content gives an equal market whatever
//! the order of the rows it was read from.

mod placement;
pub mod tuples;

pub use placement::Placement;

use std::ops::Range;

/// Position in [`Market::nurseries`].
pub type NurseryIx = u32;
/// Position in [`Market::classes`].
pub type ClassIx = u32;
/// Position in [`Market::groups`].
pub type GroupIx = u32;
/// Position in [`Market::children`].
pub type ChildIx = u32;
/// Position in [`Market::choices`].
pub type ChoiceIx = u32;
/// Position in [`Market::families`].
pub type FamilyIx = u32;

/// Choice rank given to a child that is not newly placed when tuples are ordered
/// (public layout of sibling codes, 希望順位の「99」).
pub const RANK_NOT_PLACED: u32 = 99;

/// Positions beyond this one cost the same in the objective (level 3).
pub const POSITION_CAP: u32 = 99;

/// A whole round, ready to be decided.
///
/// Invariants are listed in [`Market::validate`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Market {
    /// Nurseries (保育所), sorted by id (bytes).
    pub nurseries: Vec<Nursery>,
    /// Classes (クラス): one nursery × one age class, and × one seat pool (枠) where there are pools.
    pub classes: Vec<Class>,
    /// Seat groups (定員グループ): classes of one nursery that share capacity.
    pub groups: Vec<Group>,
    /// Families (世帯), sorted by id (bytes).
    pub families: Vec<Family>,
    /// Children, family by family; within a family age class descending, then id ascending.
    pub children: Vec<Child>,
    /// Choices, child by child in the order of preference, a nursery's pools expanded in place.
    pub choices: Vec<Choice>,
    /// How "strictly higher priority" reads children who are still equal.
    pub ties: TieReading,
}

/// What equal priority means in the blocking test (selection model, section 2, "Ties").
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TieReading {
    /// A child must have strictly higher priority to hold its seat against another.
    /// Used by `stop`, `lottery` and `row-order` (the last two leave no equals).
    Strict,
    /// An equal child holds its seat too ("strictly higher" is read as "not lower").
    Equal,
}

/// A nursery (施設, 園).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Nursery {
    /// Id as in the files, trimmed.
    pub id: Box<str>,
    /// Name as received.
    pub name: Box<str>,
}

/// A class (クラス): seats of one age class at one nursery, in one pool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Class {
    /// The nursery it belongs to.
    pub nursery: NurseryIx,
    /// Age class 0–5 (1 April of the fiscal year).
    pub age: u8,
    /// Pool id (枠), `None` for the ordinary seats.
    pub pool: Option<Box<str>>,
    /// The one seat group it draws on.
    pub group: GroupIx,
    /// Weight of one child of this class, in the group's units ([`Group::unit`]).
    pub weight: u64,
    /// Whether the seat of a transfer applicant who leaves is filled again in this run.
    pub refill: bool,
}

/// A seat group (定員グループ). Weights and capacity are exact: rationals brought to a common
/// denominator, so plain integers here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Declared capacity (募集人数 or its weighted form) in units, without transfer applicants' seats.
    pub seats: u64,
    /// Units per 1.0 of declared capacity (the common denominator); 1 for plain seats.
    pub unit: u64,
}

/// A child who applies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Child {
    /// Id as in the files, trimmed.
    pub id: Box<str>,
    /// Its family.
    pub family: FamilyIx,
    /// Age class 0–5.
    pub age: u8,
    /// Current class (在籍) of a transfer applicant (転園), else `None`.
    pub current: Option<ClassIx>,
    /// Its choices in [`Market::choices`], best first; never its current class.
    pub choices: Range<ChoiceIx>,
}

/// One class a child has chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choice {
    /// The class.
    pub class: ClassIx,
    /// Choice rank of the nursery, 1-based, holes and duplicates closed up. All pools of one
    /// nursery carry the same rank.
    pub rank: u32,
    /// Priority of this child at this class: **smaller is better**, 1 or more, comparable over
    /// the whole market; equal numbers are children the criteria leave equal. Staying at one's
    /// own current class ranks above every number here and needs none.
    pub priority: u32,
}

/// The part of a household (世帯) that applies together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Family {
    /// Household id as in the files, trimmed.
    pub id: Box<str>,
    /// Its children in [`Market::children`].
    pub children: Range<ChildIx>,
    /// Which tuples are acceptable, and in which order.
    pub wish: Wish,
    /// Pass (先行選考) in which the family is decided, 0 first. A family is decided whole.
    pub pass: u8,
    /// Place in the declared common order of families (1 first), for `index-order` only.
    pub common_order: u32,
}

/// Acceptable tuples of a family and their order (selection model, section 3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wish {
    /// The three fields that cover the forms in use; meaningless (and ignored) for an only child,
    /// whose list is its choices and then its current class.
    Fields(WishFields),
    /// An explicit list of combinations (組み合わせ表): every tuple has one [`Slot`] per child.
    /// "Everyone as now" may be left out; it is the implicit last resort. Tuples at the same
    /// nurseries (they differ by pool) stand next to each other and share a position.
    ///
    /// A child of such a family may have one class twice among its choices, with two priorities:
    /// where priority depends on what becomes of the whole family. Which of them a placement means is
    /// said by the first tuple of the list that gives the family these classes.
    Listed(Vec<Box<[Slot]>>),
}

/// Timing, place, who first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct WishFields {
    /// 入所時期.
    pub timing: Timing,
    /// 入所場所.
    pub place: Place,
    /// 同時でなくてよいとき、どの子を先に.
    pub first: First,
    /// Every transfer applicant of the family moves, or nobody does.
    pub all_transfers_or_none: bool,
}

/// Must all children be newly placed at once?
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Timing {
    /// 同時: every child newly placed.
    Together,
    /// 順次: at least one newly placed.
    NeedNot,
}

/// Must, or should, the new places be at one nursery?
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Place {
    /// 同じ園のみ: at most one new nursery in the tuple.
    SameOnly,
    /// 同じ園を優先: order `by S`.
    PreferSame,
    /// 希望順位を優先: order `by W`.
    ChoiceOrder,
}

/// Who goes first when not together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum First {
    /// 上の子を先に.
    Older,
    /// 下の子を先に.
    Younger,
    /// どちらでもよい.
    Either,
}

impl WishFields {
    /// The seven-code field of the public layout (きょうだいパターン); `None` outside 1–7.
    #[must_use]
    pub fn from_code(code: u8) -> Option<Self> {
        let (timing, place, first) = match code {
            1 => (Timing::Together, Place::SameOnly, First::Either),
            2 => (Timing::NeedNot, Place::SameOnly, First::Older),
            3 => (Timing::NeedNot, Place::SameOnly, First::Younger),
            4 => (Timing::Together, Place::PreferSame, First::Either),
            5 => (Timing::NeedNot, Place::PreferSame, First::Either),
            6 => (Timing::Together, Place::ChoiceOrder, First::Either),
            7 => (Timing::NeedNot, Place::ChoiceOrder, First::Either),
            _ => return None,
        };
        Some(Self {
            timing,
            place,
            first,
            all_transfers_or_none: false,
        })
    }
}

/// One child's entry in a tuple.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Slot {
    /// Newly placed: this choice of the child.
    Choice(ChoiceIx),
    /// As now: keeps its current class (`stay`) if it has one, else nothing (`none`).
    AsNow,
}

impl Market {
    /// Weight of a child at a class, in the group's units: 0 where it stays in a class that is
    /// not refilled, the class's weight otherwise.
    #[must_use]
    pub fn weight(&self, child: ChildIx, class: ClassIx) -> u64 {
        let k = &self.classes[class as usize];
        if self.children[child as usize].current == Some(class) && !k.refill {
            0
        } else {
            k.weight
        }
    }

    /// The children of a family.
    #[must_use]
    pub fn children_of(&self, family: FamilyIx) -> &[Child] {
        let r = &self.families[family as usize].children;
        &self.children[r.start as usize..r.end as usize]
    }

    /// The choices of a child.
    #[must_use]
    pub fn choices_of(&self, child: ChildIx) -> &[Choice] {
        let r = &self.children[child as usize].choices;
        &self.choices[r.start as usize..r.end as usize]
    }

    /// Seat group of a choice.
    #[must_use]
    pub fn group_of_choice(&self, choice: ChoiceIx) -> GroupIx {
        self.classes[self.choices[choice as usize].class as usize].group
    }

    /// Class that a slot of a child means, `None` for no class.
    #[must_use]
    pub fn class_of(&self, child: ChildIx, slot: Slot) -> Option<ClassIx> {
        match slot {
            Slot::Choice(c) => Some(self.choices[c as usize].class),
            Slot::AsNow => self.children[child as usize].current,
        }
    }

    /// Checks the invariants the engine and the checker rely on.
    ///
    /// # Errors
    /// The first invariant that does not hold, in words (a defect of the program that built the
    /// market, not of its user's files).
    pub fn validate(&self) -> Result<(), String> {
        let fail = |what: String| Err(what);
        if !self.nurseries.windows(2).all(|w| w[0].id < w[1].id) {
            return fail("nurseries are not sorted by id".into());
        }
        if !self.families.windows(2).all(|w| w[0].id < w[1].id) {
            return fail("families are not sorted by id".into());
        }
        for (k, class) in self.classes.iter().enumerate() {
            if class.nursery as usize >= self.nurseries.len()
                || class.group as usize >= self.groups.len()
                || class.age > 5
            {
                return fail(format!("class {k} points outside"));
            }
        }
        let mut next_child = 0;
        let mut next_choice = 0;
        for (f, family) in self.families.iter().enumerate() {
            if family.children.start != next_child || family.children.is_empty() {
                return fail(format!(
                    "family {f}: children are not consecutive or missing"
                ));
            }
            next_child = family.children.end;
            if family.children.end as usize > self.children.len() {
                return fail(format!("family {f}: child outside"));
            }
            for c in family.children.clone() {
                let child = &self.children[c as usize];
                if child.family as usize != f || child.choices.start != next_choice {
                    return fail(format!("child {c}: family or choices out of order"));
                }
                next_choice = child.choices.end;
                if child.choices.end as usize > self.choices.len() {
                    return fail(format!("child {c}: choice outside"));
                }
                let mut last_rank = 0;
                for choice in self.choices_of(c) {
                    if choice.class as usize >= self.classes.len() || choice.priority == 0 {
                        return fail(format!("child {c}: choice points outside or priority 0"));
                    }
                    if choice.rank < last_rank || choice.rank > last_rank + 1 {
                        return fail(format!("child {c}: choice ranks have holes"));
                    }
                    if Some(choice.class) == child.current {
                        return fail(format!("child {c}: own class among the choices"));
                    }
                    last_rank = choice.rank;
                }
            }
            if let Wish::Listed(list) = &family.wish {
                for tuple in list {
                    if tuple.len() != family.children.len() {
                        return fail(format!("family {f}: tuple of wrong length"));
                    }
                    for (slot, c) in tuple.iter().zip(family.children.clone()) {
                        if let Slot::Choice(x) = slot
                            && !self.children[c as usize].choices.contains(x)
                        {
                            return fail(format!("family {f}: tuple uses another child's choice"));
                        }
                    }
                }
            }
        }
        if next_child as usize != self.children.len() || next_choice as usize != self.choices.len()
        {
            return fail("children or choices without an owner".into());
        }
        Ok(())
    }
}
