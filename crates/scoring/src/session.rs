//! One program at one round, with one choice at hand.
//!
//! # For whoever explains a choice
//!
//! The derivation of a choice must say what *this* evaluator found, so it asks here and works nothing out on its own:
//!
//! ```text
//! let mut session = Session::new(&program, &facts);
//! session.at(choice);                        // household, child, facility and choice at hand
//! session.condition(&typed)                  // any condition of `program.resolved`, or a part of one
//! session.evaluate(&typed, folds)            // any expression, inside so many folds
//! session.missing_in(&typed, folds, item)    // what would settle it
//! session.with_element(guardian, |s| …)      // in a table over guardians (adults)
//! session.with_variable(variable, subject, |s| …)  // inside a fold
//! session.row(table, row, element)           // what a row gives, exclusions aside
//! session.rows(table, element)               // what every row gives after exclusions
//! session.group(table, group, element)       // what a group gives, bounds included
//! session.table(table, element)              // points of a table
//! session.value(v), session.value_steps(v)   // a named value, and what became of each of its changes
//! session.stratum(), session.key(k), session.eligible(), session.pool(p), session.pass()
//! session.missing()                          // everything that would settle the choice
//! ```
//!
//! `element` is the position of the guardian (adult) in its table of the facts, `None` for tables over the application.
//! Everything returns `Outcome`: `Ok(None)` is unknown, `Err` an arithmetic error in an item of the file.
//!
//! # How it works
//!
//! Choices come grouped by child and children by household, so what belongs to a household is worked out when first asked for
//! and kept until another household is at hand: a [`Memo`] holds the stamp of the subject it was made for. Memory does
//! not grow with the round.

use crate::{
    code::{ItemIx, Place, Rule, Seat, Slot},
    probe::Nudge,
    program::Program,
};
use enmusubi_criteria::{
    judgement::Missing,
    types::{Element, Level, List},
};
use enmusubi_domain::facts::{
    AttributeIx, Entity, Exact, RoundFacts, SymbolIx, Value, vocabulary::VOCABULARY,
};
use std::{collections::HashMap, ops::Range};

/// Arithmetic that cannot be done: the innermost item of the file it is in ([`NO_ITEM`]: none has said so yet), and
/// in the lowest bit whether it is a division by zero. One word, because a fault stands in every result: what is
/// copied in odd pieces is slow to read again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fault(u64);

const NO_ITEM: u64 = u64::MAX >> 1;

impl Fault {
    /// Not yet in any item.
    pub fn new(division: bool) -> Self {
        Self(NO_ITEM << 1 | u64::from(division))
    }

    /// Says in which item it happened, unless an inner one has said so.
    pub fn within(self, item: ItemIx) -> Self {
        if self.0 >> 1 == NO_ITEM {
            return Self(u64::from(item) << 1 | self.0 & 1);
        }
        self
    }

    /// The item, where one has said so.
    pub fn item(self) -> Option<ItemIx> {
        ItemIx::try_from(self.0 >> 1).ok()
    }

    /// Whether a division by zero, else a number too large.
    pub fn division(self) -> bool {
        self.0 & 1 == 1
    }
}

/// What came of an evaluation. `None` inside: unknown.
pub(crate) type Outcome<T> = Result<T, Fault>;

/// What a row, or a group, gives.
#[repr(u64)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Gives {
    /// It does not apply.
    Nothing,
    /// It applies.
    Points(Exact),
    /// Nobody can say; the points it would give, where they are known.
    Unknown(Option<Exact>),
}

/// A result and the stamp of the subject it was made for; 0: none yet.
#[derive(Debug, Clone, Copy)]
struct Memo<T> {
    stamp: u32,
    outcome: Outcome<T>,
}

/// Results of one kind, without element and with one.
#[derive(Debug)]
struct Memos<T> {
    plain: Vec<Memo<T>>,
    /// `slots × stride`.
    elements: Vec<Memo<T>>,
}

impl<T: Clone> Memos<T> {
    fn new([plain, elements]: [u32; 2], stride: u32, nothing: T) -> Self {
        let empty = Memo {
            stamp: 0,
            outcome: Ok(nothing),
        };
        Self {
            plain: vec![empty.clone(); plain as usize],
            elements: vec![empty; (elements * stride) as usize],
        }
    }
}

/// A column of the facts: what was stated, or what a blank means for everybody.
#[derive(Debug, Clone, Copy)]
struct Column<'a> {
    stated: &'a [Value],
    blank: Value,
}

/// A program at a round.
#[derive(Debug)]
pub(crate) struct Session<'a> {
    pub program: &'a Program,
    pub facts: &'a RoundFacts,
    columns: Vec<Column<'a>>,
    /// Symbols of the texts of the file.
    texts: Vec<SymbolIx>,
    /// Positions of the subjects at hand, by [`Seat`].
    seats: [u32; Seat::COUNT],
    /// By [`Level`].
    stamps: [u32; 4],
    stride: u32,
    conditions: Memos<Option<bool>>,
    numbers: Memos<Option<Exact>>,
    rows: Memos<Gives>,
    /// Of the tables that are split: the rows that give something for the child at hand, and the stamp of the child.
    of_child: Vec<OfChild>,
    /// Rows of the tables that are being worked out.
    pub(crate) scratch: Vec<Gives>,
    /// What would settle the numbers of slots (with element or without, and place), with the stamp it was found at.
    pub(crate) wanted: HashMap<(bool, usize), (u32, Vec<Missing>)>,
    /// What would settle a named condition, by condition, child, choice and element at hand.
    pub(crate) wanted_named: HashMap<(u32, u32, u32, u32), Vec<Missing>>,
    /// `facilities × pools`: whether the facility has seats of the pool.
    offered: Vec<bool>,
    /// What staff entered: subject and item (position in the program's items).
    judged: HashMap<(Entity, u32, u32), Exact>,
    /// What is otherwise for the time being.
    pub(crate) nudged: Option<Nudge>,
}

/// Rows of a table that give something whatever the choice, in file order.
#[derive(Debug, Clone, Default)]
struct OfChild {
    stamp: u32,
    /// One of the rows cannot be calculated; which comes first in the file is found row by row.
    failed: bool,
    rows: Vec<(u32, Gives)>,
}

const NOBODY: u32 = u32::MAX;

impl<'a> Session<'a> {
    /// Looks up the columns of a round.
    pub fn new(program: &'a Program, facts: &'a RoundFacts) -> Self {
        let code = &program.code;
        let columns = (0..VOCABULARY.len() as AttributeIx)
            .map(|at| {
                let attribute = &VOCABULARY[at as usize];
                Column {
                    stated: facts.table(attribute.entity).column(at).unwrap_or(&[]),
                    blank: match facts.table(attribute.entity).column(at) {
                        Some(_) => Value::Unknown,
                        None => attribute.blank_value(),
                    },
                }
            })
            .collect();
        let texts = (0u32..)
            .zip(&code.texts)
            .map(|(at, text)| facts.symbols.find(text).unwrap_or(absent(at)))
            .collect();
        let most = |ranges: &[Range<u32>]| ranges.iter().map(|r| r.end - r.start).max();
        let stride = most(&facts.index.guardians).max(most(&facts.index.adults));
        let stride = stride.unwrap_or(0);
        let mut judged = HashMap::new();
        if code.discretion {
            let items: HashMap<&str, u32> = code.items.iter().map(|i| &**i).zip(0u32..).collect();
            for entry in &facts.discretion {
                if let Some(&item) = items.get(&*entry.item) {
                    judged
                        .entry((entry.entity, entry.subject, item))
                        .or_insert(entry.value);
                }
            }
        }
        let pools = code.pools.len();
        let mut offered = vec![false; facts.facilities.len() * pools];
        for class in &facts.classes {
            let of_pool =
                |rule: &Rule| class.pool.as_ref() == Some(&code.items[rule.item as usize]);
            if let Some(at) = code.pools.iter().position(of_pool) {
                offered[class.facility as usize * pools + at] = true;
            }
        }
        let slots = &code.slots;
        let mut seats = [NOBODY; Seat::COUNT];
        seats[0] = 0; // The round.
        Self {
            program,
            facts,
            columns,
            texts,
            seats,
            stamps: [1; 4],
            stride,
            conditions: Memos::new([slots.conditions, 0], stride, None),
            numbers: Memos::new(slots.numbers, stride, None),
            rows: Memos::new(slots.rows, stride, Gives::Nothing),
            of_child: vec![OfChild::default(); code.split_tables as usize],
            scratch: Vec::new(),
            wanted: HashMap::new(),
            wanted_named: HashMap::new(),
            offered,
            judged,
            nudged: None,
        }
    }

    /// Something is otherwise from now on; whatever was worked out before is forgotten.
    pub(crate) fn nudge(&mut self, nudge: Option<Nudge>) {
        self.nudged = nudge;
        for stamp in &mut self.stamps {
            *stamp += 1;
        }
    }

    /// Whether a facility has seats of a pool (position in the file).
    pub fn offers(&self, facility: u32, pool: usize) -> bool {
        self.offered[facility as usize * self.program.code.pools.len() + pool]
    }

    /// Takes a choice to hand.
    pub fn at(&mut self, choice: u32) {
        self.at_child(self.facts.child_of(choice));
        self.take(Seat::CHOICE, choice);
        self.take(Seat::FACILITY, self.facts.choice_facility[choice as usize]);
        self.stamps[Level::Choice as usize] += 1;
    }

    /// Takes a child to hand, at no facility.
    pub fn at_child(&mut self, child: u32) {
        if self.seat(Seat::CHILD) == child {
            return;
        }
        let household = self.facts.household_of(child);
        if self.seat(Seat::HOUSEHOLD) != household {
            self.take(Seat::HOUSEHOLD, household);
            self.stamps[Level::Household as usize] += 1;
        }
        self.take(Seat::CHILD, child);
        self.take(Seat::CHOICE, NOBODY);
        self.take(Seat::FACILITY, NOBODY);
        self.stamps[Level::Child as usize] += 1;
        self.stamps[Level::Choice as usize] += 1;
    }

    /// Household, child, facility and choice at hand.
    pub fn at_hand(&self) -> (u32, u32, u32, u32) {
        let at = |seat| self.seat(seat);
        (
            at(Seat::HOUSEHOLD),
            at(Seat::CHILD),
            at(Seat::FACILITY),
            at(Seat::CHOICE),
        )
    }

    /// The guardian or adult at hand, in a table over them.
    pub fn element_at_hand(&self) -> u32 {
        self.seat(Seat::ELEMENT)
    }

    /// With a guardian (adult) at hand, as in a table over them.
    pub fn with_element<T>(&mut self, element: u32, ask: impl FnOnce(&mut Self) -> T) -> T {
        self.with(Seat::ELEMENT, element, ask)
    }

    /// With an element of a list as the variable of a fold.
    pub fn with_variable<T>(
        &mut self,
        variable: u16,
        subject: u32,
        ask: impl FnOnce(&mut Self) -> T,
    ) -> T {
        self.with(Seat::of_variable(variable), subject, ask)
    }

    /// With a subject in a seat, and afterwards whoever was there: a table inside a fold has folds of its own, with the
    /// same numbers.
    fn with<T>(&mut self, seat: Seat, subject: u32, ask: impl FnOnce(&mut Self) -> T) -> T {
        let before = std::mem::replace(&mut self.seats[usize::from(seat.0)], subject);
        let answer = ask(self);
        self.seats[usize::from(seat.0)] = before;
        answer
    }

    fn take(&mut self, seat: Seat, subject: u32) {
        self.seats[usize::from(seat.0)] = subject;
    }

    /// Position of the subject in a seat.
    #[inline]
    pub fn seat(&self, seat: Seat) -> u32 {
        self.seats[usize::from(seat.0)]
    }

    /// A fact.
    #[inline]
    pub fn fact(&self, place: Place) -> &Value {
        let column = &self.columns[usize::from(place.attribute)];
        match column.stated.get(self.seat(place.seat) as usize) {
            Some(value) => value,
            None => &column.blank,
        }
    }

    /// The symbol of a text of the file; one that no fact has if none has the text.
    pub fn text(&self, at: u32) -> SymbolIx {
        self.texts.get(at as usize).copied().unwrap_or(absent(at))
    }

    /// What staff entered for a row (its item) about a subject.
    pub fn entered(&self, entity: Entity, subject: u32, item: u32) -> Option<Exact> {
        self.judged.get(&(entity, subject, item)).copied()
    }

    /// The elements of a list; those for whom [`Self::is_in`] does not hold are left out.
    pub fn span_of(&self, list: List) -> Range<u32> {
        let index = &self.facts.index;
        let household = self.seat(Seat::HOUSEHOLD) as usize;
        match list {
            List::Guardians => index.guardians[household].clone(),
            List::Adults => index.adults[household].clone(),
            List::Children | List::Applicants | List::Siblings => index.children[household].clone(),
            List::Declines => index.declines[self.seat(Seat::CHILD) as usize].clone(),
        }
    }

    /// Whether an element of the span of a list is in the list.
    pub fn is_in(&self, list: List, subject: u32) -> bool {
        match list {
            List::Siblings => subject != self.seat(Seat::CHILD),
            List::Applicants => {
                let (attribute, bits) = self.program.code.applies;
                let column = &self.columns[usize::from(attribute)];
                let value = column.stated.get(subject as usize).unwrap_or(&column.blank);
                matches!(value, Value::Enum(e) if bits >> e & 1 == 1)
            }
            List::Guardians | List::Adults | List::Children | List::Declines => true,
        }
    }

    /// Place of the result of a slot among its kind, and the stamp it must have; the element is the
    /// guardian (adult) it is for.
    pub(crate) fn kept_at(&self, slot: Slot, element: u32) -> (usize, u32) {
        let stamp = self.stamps[slot.level as usize];
        let Some(of) = slot.element else {
            return (slot.index as usize, stamp);
        };
        let index = &self.facts.index;
        let first = match of {
            Element::Guardian => &index.guardians,
            Element::Adult => &index.adults,
        };
        let nth = element - first[self.seat(Seat::HOUSEHOLD) as usize].start;
        ((slot.index * self.stride + nth) as usize, stamp)
    }

    /// The condition of a slot (they have no element), worked out if it is not known for the subjects at hand.
    #[inline]
    pub fn kept_condition(
        &mut self,
        slot: Slot,
        work_out: impl FnOnce(&mut Self) -> Outcome<Option<bool>>,
    ) -> Outcome<Option<bool>> {
        let stamp = self.stamps[slot.level as usize];
        let memo = &self.conditions.plain[slot.index as usize];
        if memo.stamp == stamp {
            return memo.outcome;
        }
        let outcome = work_out(self);
        self.conditions.plain[slot.index as usize] = Memo { stamp, outcome };
        outcome
    }

    /// The number of a slot.
    #[inline]
    pub fn kept_number(
        &mut self,
        slot: Slot,
        element: u32,
        work_out: impl FnOnce(&mut Self) -> Outcome<Option<Exact>>,
    ) -> Outcome<Option<Exact>> {
        let (at, stamp) = self.kept_at(slot, element);
        let memo = match slot.element {
            None => &self.numbers.plain[at],
            Some(_) => &self.numbers.elements[at],
        };
        if memo.stamp == stamp {
            return memo.outcome;
        }
        let outcome = work_out(self);
        let memo = Memo { stamp, outcome };
        match slot.element {
            None => self.numbers.plain[at] = memo,
            Some(_) => self.numbers.elements[at] = memo,
        }
        outcome
    }

    /// What the row of a slot gives.
    pub fn kept_row(
        &mut self,
        slot: Slot,
        element: u32,
        work_out: impl FnOnce(&mut Self) -> Outcome<Gives>,
    ) -> Outcome<Gives> {
        let (at, stamp) = self.kept_at(slot, element);
        let memo = match slot.element {
            None => &self.rows.plain[at],
            Some(_) => &self.rows.elements[at],
        };
        if memo.stamp == stamp {
            return memo.outcome;
        }
        let outcome = work_out(self);
        let memo = Memo { stamp, outcome };
        match slot.element {
            None => self.rows.plain[at] = memo,
            Some(_) => self.rows.elements[at] = memo,
        }
        outcome
    }

    /// The rows of a split table that stay the same for all choices of the child at hand, onto the scratch, where
    /// every row of the table lies from `base` on and gives nothing yet. `false`: one of them cannot be calculated.
    pub fn rows_of_child(
        &mut self,
        split: u32,
        base: usize,
        work_out: impl FnOnce(&mut Self, &mut Vec<(u32, Gives)>) -> Outcome<()>,
    ) -> bool {
        let at = split as usize;
        let stamp = self.stamps[Level::Child as usize];
        if self.of_child[at].stamp != stamp {
            let mut rows = std::mem::take(&mut self.of_child[at].rows);
            rows.clear();
            let failed = work_out(self, &mut rows).is_err();
            self.of_child[at] = OfChild {
                stamp,
                failed,
                rows,
            };
        }
        let kept = &self.of_child[at];
        for (row, gives) in &kept.rows {
            self.scratch[base + *row as usize] = *gives;
        }
        !kept.failed
    }
}

/// A symbol that no fact has, another for each text.
fn absent(text: u32) -> SymbolIx {
    SymbolIx::MAX - text
}
