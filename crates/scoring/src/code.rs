//! What a criteria file is compiled to: expressions by what they give (a condition, a number, a day, anything),
//! rows with their bands inside their conditions, and slots for what is worked out once.
//!
//! Nothing here knows a round; positions are those of the file and of the vocabulary.

use enmusubi_criteria::{
    model::{Coupling, Effect, IfUnknown, Take},
    types::{Comparison, Element, Fold, Level, List, Operation, Subject, TimeUnit},
};
use enmusubi_domain::facts::{AttributeIx, Exact, Value};
use jiff::civil::Date;

/// Position of the id of an item (row, change, value …) in [`Code::items`], for errors and missing facts.
pub(crate) type ItemIx = u32;

/// A fact: whose, and which.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    pub seat: Seat,
    pub attribute: AttributeIx,
}

/// Where a session keeps the position of a subject at hand: a [`Subject`] as a plain number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Seat(pub u16);

impl Seat {
    /// Seats that are there without any fold.
    pub const FIXED: u16 = 6;
    /// Seats of a session. Nobody writes folds twenty deep; a file that does is refused.
    pub const COUNT: usize = 24;
    pub const HOUSEHOLD: Self = Self(1);
    pub const CHILD: Self = Self(2);
    pub const FACILITY: Self = Self(3);
    pub const CHOICE: Self = Self(4);
    /// The guardian or adult of a table over them.
    pub const ELEMENT: Self = Self(5);

    /// The seat of a variable of a fold.
    pub fn of_variable(variable: u16) -> Self {
        Self(Self::FIXED + variable)
    }

    pub fn of(subject: Subject) -> Self {
        match subject {
            Subject::Round => Self(0),
            Subject::Household => Self::HOUSEHOLD,
            Subject::Child => Self::CHILD,
            Subject::Facility => Self::FACILITY,
            Subject::Choice => Self::CHOICE,
            Subject::Guardian | Subject::Adult => Self::ELEMENT,
            Subject::Variable(v) => Self::of_variable(v),
        }
    }
}

impl Place {
    pub fn new(subject: Subject, attribute: AttributeIx) -> Self {
        Self {
            seat: Seat::of(subject),
            attribute,
        }
    }
}

/// Where the result of something is kept for as long as its subjects stay at hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Slot {
    /// Position among the slots of its kind (conditions, numbers, rows), with and without element apart.
    pub index: u32,
    /// Whose change makes it invalid.
    pub level: Level,
    /// One result for each guardian (adult) of the household.
    pub element: Option<Element>,
}

/// A condition about one fact: whether it is known; else yes or no, one of some values of its enumeration, a set with a
/// value in it: the fact itself says which of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Leaf {
    pub place: Place,
    /// Of an enumeration or a set: bits of the values it is about.
    pub bits: u64,
    /// It holds where the fact is otherwise.
    pub negated: bool,
    /// It asks whether the fact is known.
    pub known: bool,
}

impl Leaf {
    pub fn new(place: Place, bits: u64) -> Self {
        Self {
            place,
            bits,
            negated: false,
            known: false,
        }
    }
}

/// A condition.
#[derive(Debug)]
pub(crate) enum Cond {
    Const(bool),
    Leaf(Leaf),
    Not(Box<Cond>),
    /// `a && b && …`, of any nesting: every part is looked at until one is false.
    All(Box<[Cond]>),
    /// `a || b || …`.
    Any(Box<[Cond]>),
    /// A number attribute beside a number of the file.
    NumberIs(Comparison, Place, Exact),
    Numbers(Comparison, Box<(Num, Num)>),
    Days(Comparison, Box<(Day, Day)>),
    /// Equality of anything; `true`: equal, `false`: not equal.
    Same(bool, Box<(Any, Any)>),
    /// `x in [a, b]`.
    OneOf(Box<(Any, Box<[Any]>)>),
    /// `x in s`.
    Within(Box<(Any, Any)>),
    /// Part of a band: from, below.
    Band(Box<(Num, Option<Exact>, Option<Exact>)>),
    Choose(Box<(Cond, Cond, Cond)>),
    Exists(List, u16, Box<Cond>),
    Every(List, u16, Box<Cond>),
    IsKnown(Box<Any>),
    /// A named condition.
    Named(u32),
    /// Worked out once in a smaller scope than what is around it.
    Memo(Slot, Box<Cond>),
}

/// A number or quantity.
#[derive(Debug)]
pub(crate) enum Num {
    Const(Exact),
    Fact(Place),
    /// A table; of a subject where it is over guardians or adults.
    Table(u32, Option<Seat>),
    Value(u32),
    Negate(Box<Num>),
    Arithmetic(Operation, Box<(Num, Num)>),
    Choose(Box<(Cond, Num, Num)>),
    /// `sum`, `lowest`, `highest`, `average`.
    Fold(Fold, List, u16, Box<Num>),
    Count(List, u16, Box<Cond>),
    Size(List),
    Least(Box<[Num]>),
    Greatest(Box<[Num]>),
    Between(TimeUnit, Box<(Day, Day)>),
    FiscalYear(Box<Day>),
    Month(Box<Day>),
    Ceil(Box<Num>),
    Floor(Box<Num>),
    /// Worked out once in a smaller scope than what is around it.
    Memo(Slot, Box<Num>),
}

/// A day.
#[derive(Debug)]
pub(crate) enum Day {
    Const(Date),
    Fact(Place),
    Choose(Box<(Cond, Day, Day)>),
    Least(Box<[Day]>),
    Greatest(Box<[Day]>),
}

/// Anything that has a value.
#[derive(Debug)]
pub(crate) enum Any {
    Const(Value),
    /// A text of the file: position in [`Code::texts`].
    Text(u32),
    /// An attribute of an enumeration, a set, a text or texts.
    Fact(Place),
    Choose(Box<(Cond, Any, Any)>),
    Cond(Cond),
    Num(Num),
    Day(Day),
}

/// A table.
#[derive(Debug)]
pub(crate) struct TableCode {
    pub item: ItemIx,
    pub over: Option<Element>,
    pub take: Take,
    pub rows: Vec<RowCode>,
    /// Where rows exclude others: all rows, those that exclude before those that they exclude.
    pub order: Option<Vec<u32>>,
    /// Rows without group, and groups at the place of their first row. `None`: no groups.
    pub parts: Option<Vec<Part>>,
    pub groups: Vec<GroupCode>,
    pub otherwise: Option<Num>,
    pub bounds: BoundsCode,
    pub slot: Slot,
    /// In a table that is asked for each choice: its rows that look at nothing below the child, apart from those
    /// that do. `None`: no such table, or no such rows.
    pub split: Option<SplitRows>,
}

/// Rows of a table by how often they change.
#[derive(Debug)]
pub(crate) struct SplitRows {
    /// Position of the table among those that have this.
    pub at: u32,
    /// Rows that stay the same for all choices of a child.
    pub of_child: Vec<u32>,
    /// The others.
    pub of_choice: Vec<u32>,
}

/// What a table combines.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Part {
    Row(u32),
    Group(u32),
}

/// A group.
#[derive(Debug)]
pub(crate) struct GroupCode {
    pub take: Take,
    pub bounds: BoundsCode,
    /// Its rows, in file order.
    pub rows: Vec<u32>,
}

/// Upper and lower bound.
#[derive(Debug)]
pub(crate) struct BoundsCode {
    pub at_most: Option<Num>,
    pub at_least: Option<Num>,
}

/// A row.
#[derive(Debug)]
pub(crate) struct RowCode {
    pub item: ItemIx,
    /// Its condition with that of its band. `None`: always.
    pub when: Option<Cond>,
    /// The first part of `when`, if it is about one fact: most rows fail there, which needs no call.
    pub first: Option<Leaf>,
    pub if_unknown: IfUnknown,
    pub points: PointsCode,
    /// Rows of the table that exclude it.
    pub excluded_by: Vec<u32>,
    /// Where it is kept, if its scope is smaller than its table's.
    pub slot: Option<Slot>,
}

/// Points of a row.
#[derive(Debug)]
pub(crate) enum PointsCode {
    Number(Num),
    Discretion {
        min: Exact,
        max: Exact,
        required: bool,
        /// The condition looks at nothing below the household, so that staff would enter it there.
        of_household: bool,
    },
    ToBeFilled,
}

/// A named value.
#[derive(Debug)]
pub(crate) struct ValueCode {
    pub item: ItemIx,
    pub start: Num,
    pub changes: Vec<ChangeCode>,
    pub slot: Slot,
}

/// A change of a value.
#[derive(Debug)]
pub(crate) struct ChangeCode {
    pub item: ItemIx,
    pub when: Option<Cond>,
    pub effect: Effect,
    pub by: Num,
}

/// A condition with the id of what it belongs to.
#[derive(Debug)]
pub(crate) struct Rule {
    pub item: ItemIx,
    /// `None`: always.
    pub when: Option<Cond>,
}

/// A key that is not to be filled.
#[derive(Debug)]
pub(crate) struct KeyCode {
    pub item: ItemIx,
    /// What is compared: a number, yes or no, a day.
    pub value: Any,
    pub higher_first: bool,
    /// Siblings share it.
    pub coupled: bool,
    /// Where it is kept, if it looks at nothing below the child.
    pub slot: Option<Slot>,
}

/// A file, compiled.
#[derive(Debug)]
pub(crate) struct Code {
    /// Ids for errors and missing facts.
    pub items: Vec<Box<str>>,
    /// Texts of the file that facts are compared with.
    pub texts: Vec<Box<str>>,
    /// Named conditions, each with its slot.
    pub conditions: Vec<(Rule, Slot)>,
    pub tables: Vec<TableCode>,
    pub values: Vec<ValueCode>,
    pub strata: Vec<Rule>,
    pub keys: Vec<KeyCode>,
    pub coupling: Coupling,
    pub eligibility: Vec<Rule>,
    /// Pools, with their ids as in the round's classes.
    pub pools: Vec<Rule>,
    pub passes: Vec<Rule>,
    /// How many slots there are.
    pub slots: Slots,
    /// How many tables have [`TableCode::split`].
    pub split_tables: u32,
    /// Staff judge some rows.
    pub discretion: bool,
    /// `child.application`, and the values with which a child applies.
    pub applies: (AttributeIx, u64),
}

/// How many slots of each kind there are: without element, with one.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Slots {
    pub conditions: u32,
    pub numbers: [u32; 2],
    pub rows: [u32; 2],
}
