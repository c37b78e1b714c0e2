//! All tables of one round, as facts: what a round workbook holds, read as of the base date.

use super::{
    derived,
    exact::Exact,
    table::Table,
    value::{SymbolIx, Symbols, Value},
    vocabulary::{AttributeIx, Entity, VOCABULARY},
};
use crate::{rational::Rational, round::Combination};
use jiff::civil::Date;
use std::ops::Range;

/// What a round is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoundInfo {
    /// 全国地方公共団体コード, six digits, where stated.
    pub municipality: Option<Box<str>>,
    /// Day of entry (入所日), the first of a month.
    pub entry_date: Date,
    /// 何回目 (一次 = 1).
    pub number: u32,
    /// 基準日: facts are read as of this day.
    pub base_date: Date,
    /// 申込締切日.
    pub deadline: Option<Date>,
}

impl RoundInfo {
    /// Fiscal year (年度, April to March) of a day, by its first calendar year.
    #[must_use]
    pub fn fiscal_year_of(date: Date) -> i16 {
        if date.month() >= 4 {
            date.year()
        } else {
            date.year() - 1
        }
    }

    /// Fiscal year of the entry.
    #[must_use]
    pub fn fiscal_year(&self) -> i16 {
        Self::fiscal_year_of(self.entry_date)
    }
}

/// Seats of one class, or of one pool of a class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClassSeats {
    /// Position in [`RoundFacts::facilities`].
    pub facility: u32,
    /// Age class 0–5.
    pub age: u8,
    /// Pool id (枠); `None` for the ordinary seats.
    pub pool: Option<Box<str>>,
    /// Seats offered (募集人数).
    pub seats: u32,
    /// Shared room (position in [`RoundFacts::shared`]) the class belongs to.
    pub shared: Option<u32>,
    /// Weight of one child in the shared room.
    pub weight: Rational,
    /// A seat that a transfer applicant vacates is filled again.
    pub refill: bool,
    /// Row as a spreadsheet shows it.
    pub row: u32,
}

/// Seats that several classes of one facility share (定員グループ, 弾力化).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SharedSeats {
    /// The facility.
    pub facility: u32,
    /// Name of the group for people, unique at the facility.
    pub label: Box<str>,
    /// Capacity; `None`: Σ weight × seats of its classes.
    pub capacity: Option<Rational>,
}

/// A household's answer to the sibling question, as on the municipality's own form. The criteria
/// file says what it means.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WishAnswer {
    /// Answer of a form with one list of codes, e.g. `⑤`.
    pub code: Option<Box<str>>,
    /// 入所時期, as written.
    pub timing: Option<Box<str>>,
    /// 入所場所, as written.
    pub place: Option<Box<str>>,
    /// どちらを先に, as written.
    pub first: Option<Box<str>>,
    /// すべての転園希望者が移れるのでなければ移らない.
    pub all_transfers_or_none: bool,
}

impl WishAnswer {
    /// Whether nothing was answered.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.code.is_none() && self.timing.is_none() && self.place.is_none() && self.first.is_none()
    }
}

/// One row of the sibling wishes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WishRow {
    /// Position in [`RoundFacts::households`].
    pub household: u32,
    /// The answer.
    pub answer: WishAnswer,
    /// Row as a spreadsheet shows it.
    pub row: u32,
}

/// A value that staff judged, with reason and signatures (裁量点).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Discretion {
    /// Kind of subject the criteria row is evaluated for: household, guardian or child.
    pub entity: Entity,
    /// Position of the subject in its table.
    pub subject: u32,
    /// Id of the criteria row.
    pub item: Box<str>,
    /// The value.
    pub value: Exact,
    /// Why.
    pub reason: Box<str>,
    /// Who entered it.
    pub entered_by: Box<str>,
    /// Who signed it (another person).
    pub signed_by: Box<str>,
    /// Row as a spreadsheet shows it.
    pub row: u32,
}

/// Everything the papers of one round say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoundFacts {
    /// The round.
    pub info: RoundInfo,
    /// Texts and ids.
    pub symbols: Symbols,
    /// One subject: the round itself.
    pub round: Table,
    /// Facilities, in file order. Their ids are also symbols (attribute `facility.id`).
    pub facilities: Table,
    /// Seats.
    pub classes: Vec<ClassSeats>,
    /// Shared rooms.
    pub shared: Vec<SharedSeats>,
    /// Households, in file order.
    pub households: Table,
    /// Guardians, by household.
    pub guardians: Table,
    /// Grandparents and other adults, by household.
    pub adults: Table,
    /// Children, applying or not, by household.
    pub children: Table,
    /// Per child: the facility it attends now (position), if any.
    pub enrolled: Vec<Option<u32>>,
    /// Per child: the day it entered that facility (入園日), if stated.
    pub enrolled_since: Vec<Option<Date>>,
    /// Choices, by child, best first without holes.
    pub choices: Table,
    /// Per choice: the facility.
    pub choice_facility: Vec<u32>,
    /// Per choice: the number as the family wrote it (第N希望).
    pub choice_number: Vec<u32>,
    /// Past declines, by child.
    pub declines: Table,
    /// Sibling wishes; at most one per household.
    pub wishes: Vec<WishRow>,
    /// Combination lists (組み合わせ表); positions are children and facilities of these facts.
    pub combinations: Vec<Combination>,
    /// Values judged by staff.
    pub discretion: Vec<Discretion>,
    /// Ranges of the tables above by household and child; made by [`RoundFacts::complete`].
    pub index: Index,
}

/// Where the members of each household and the choices of each child are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Index {
    /// Guardians of each household.
    pub guardians: Vec<Range<u32>>,
    /// Other adults of each household.
    pub adults: Vec<Range<u32>>,
    /// Children of each household.
    pub children: Vec<Range<u32>>,
    /// Choices of each child.
    pub choices: Vec<Range<u32>>,
    /// Declines of each child.
    pub declines: Vec<Range<u32>>,
}

impl RoundFacts {
    /// Facts of a round without people.
    #[must_use]
    pub fn new(info: RoundInfo) -> Self {
        let mut round = Table::new(Entity::Round);
        round.push("", None, 0);
        Self {
            info,
            symbols: Symbols::default(),
            round,
            facilities: Table::new(Entity::Facility),
            classes: Vec::new(),
            shared: Vec::new(),
            households: Table::new(Entity::Household),
            guardians: Table::new(Entity::Guardian),
            adults: Table::new(Entity::Adult),
            children: Table::new(Entity::Child),
            enrolled: Vec::new(),
            enrolled_since: Vec::new(),
            choices: Table::new(Entity::Choice),
            choice_facility: Vec::new(),
            choice_number: Vec::new(),
            declines: Table::new(Entity::Decline),
            wishes: Vec::new(),
            combinations: Vec::new(),
            discretion: Vec::new(),
            index: Index::default(),
        }
    }

    /// Makes the index and the derived attributes. Whoever fills the tables calls it once at the
    /// end, and again after a change.
    pub fn complete(&mut self) {
        self.make_index();
        derived::derive(self);
    }

    /// Derives again what a changed fact of a household, a guardian, an adult, a child, a choice or a decline may be
    /// behind, in facts that were complete: the same as [`RoundFacts::complete`] where nothing else changed.
    pub fn complete_people(&mut self) {
        derived::derive_people(self);
    }

    /// Makes the index alone, where the derived attributes are there already.
    pub(super) fn make_index(&mut self) {
        self.enrolled.resize(self.children.len(), None);
        self.enrolled_since.resize(self.children.len(), None);
        let households = self.households.len();
        let children = self.children.len();
        self.index = Index {
            guardians: ranges(&self.guardians.parents, households),
            adults: ranges(&self.adults.parents, households),
            children: ranges(&self.children.parents, households),
            choices: ranges(&self.choices.parents, children),
            declines: ranges(&self.declines.parents, children),
        };
    }

    /// The table of an entity.
    #[must_use]
    pub fn table(&self, entity: Entity) -> &Table {
        match entity {
            Entity::Round => &self.round,
            Entity::Household => &self.households,
            Entity::Guardian => &self.guardians,
            Entity::Adult => &self.adults,
            Entity::Child => &self.children,
            Entity::Facility => &self.facilities,
            Entity::Choice => &self.choices,
            Entity::Decline => &self.declines,
        }
    }

    /// The table of an entity, to be filled.
    pub fn table_mut(&mut self, entity: Entity) -> &mut Table {
        match entity {
            Entity::Round => &mut self.round,
            Entity::Household => &mut self.households,
            Entity::Guardian => &mut self.guardians,
            Entity::Adult => &mut self.adults,
            Entity::Child => &mut self.children,
            Entity::Facility => &mut self.facilities,
            Entity::Choice => &mut self.choices,
            Entity::Decline => &mut self.declines,
        }
    }

    /// An attribute of a subject.
    #[must_use]
    pub fn get(&self, subject: u32, attribute: AttributeIx) -> Value {
        self.table(VOCABULARY[attribute as usize].entity)
            .get(subject, attribute)
    }

    /// The symbol of a text, for readers.
    pub fn symbol(&mut self, text: &str) -> SymbolIx {
        self.symbols.intern(text)
    }

    /// Household of a child.
    #[must_use]
    pub fn household_of(&self, child: u32) -> u32 {
        self.children.parents[child as usize]
    }

    /// Child of a choice.
    #[must_use]
    pub fn child_of(&self, choice: u32) -> u32 {
        self.choices.parents[choice as usize]
    }
}

/// Ranges of equal parents, one for each parent.
fn ranges(parents: &[u32], count: usize) -> Vec<Range<u32>> {
    let mut list = Vec::with_capacity(count);
    let mut at = 0;
    for parent in 0..count as u32 {
        let start = at;
        while parents.get(at) == Some(&parent) {
            at += 1;
        }
        list.push(start as u32..at as u32);
    }
    list
}
