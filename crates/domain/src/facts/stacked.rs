//! Several rounds beside each other as one: what all of them were decided by is looked for in all of them at once.

use super::{
    round_facts::{ClassSeats, Discretion, RoundFacts, SharedSeats, WishRow},
    value::{Symbols, Value},
    vocabulary::Entity,
};
use crate::{
    past::{Decisions, Outcome},
    round::Combination,
};
use jiff::{Span, civil::Date};

/// Between the name of a round and an id of its own. No id has it: it is a control character.
const SEPARATOR: char = '\u{1f}';

impl RoundFacts {
    /// Rounds with names (the year, the file: distinct, not empty) as one round, in which each is a town of its own: nobody has a choice
    /// in another's, and no id is another's ([`of_round`]). Facts are complete and stay as each round read
    /// them, but days are moved by whole years to those of the first, whose own facts (day of entry, base date) are everybody's: whatever
    /// is counted from them stays as it was. `None` without any.
    ///
    /// Attributes are not to be derived again: they would be read as of the first round's day.
    #[must_use]
    pub fn stacked(rounds: &[(&str, &Self)]) -> Option<Self> {
        let (_, first) = rounds.first()?;
        let mut all = Self::new(first.info.clone());
        all.symbols = first.symbols.clone();
        all.round = first.round.clone();
        for (name, round) in rounds {
            let years = first.info.entry_date.year() - round.info.entry_date.year();
            all.lay(name, round, years);
        }
        all.make_index();
        Some(all)
    }

    /// Lays a round beside what is there, its days so many years later.
    fn lay(&mut self, name: &str, round: &Self, years: i16) {
        let count = |facts: &Self, entity| facts.table(entity).len() as u32;
        let (facilities, households, children, shared) = (
            count(self, Entity::Facility),
            count(self, Entity::Household),
            count(self, Entity::Child),
            self.shared.len() as u32,
        );
        let first = [
            (Entity::Facility, 0),
            (Entity::Household, 0),
            (Entity::Guardian, households),
            (Entity::Adult, households),
            (Entity::Child, households),
            (Entity::Choice, children),
            (Entity::Decline, children),
        ];
        let before: Vec<u32> = first.iter().map(|(e, _)| count(self, *e)).collect();
        let mut symbols = std::mem::take(&mut self.symbols);
        for (entity, parent) in first {
            let own = |id: &str| of_round(name, id);
            let value = |v| match v {
                Value::Date(date) => Value::Date(later(date, years)),
                v => translated(v, &round.symbols, &mut symbols),
            };
            let table = self.table_mut(entity);
            table.append(round.table(entity), parent, own, value);
        }
        self.symbols = symbols;
        let classes = round.classes.iter().cloned();
        self.classes.extend(classes.map(|class| ClassSeats {
            facility: class.facility + facilities,
            shared: class.shared.map(|s| s + shared),
            ..class
        }));
        let rooms = round.shared.iter().cloned();
        self.shared.extend(rooms.map(|room| SharedSeats {
            facility: room.facility + facilities,
            ..room
        }));
        let enrolled = round.enrolled.iter();
        let enrolled = enrolled.map(|e| e.map(|f| f + facilities));
        self.enrolled.extend(enrolled);
        let since = round.enrolled_since.iter();
        let since = since.map(|s| s.map(|date| later(date, years)));
        self.enrolled_since.extend(since);
        let chosen = round.choice_facility.iter();
        self.choice_facility.extend(chosen.map(|f| f + facilities));
        self.choice_number.extend(&round.choice_number);
        let wishes = round.wishes.iter().cloned();
        self.wishes.extend(wishes.map(|wish| WishRow {
            household: wish.household + households,
            ..wish
        }));
        let rows = round.combinations.iter().cloned();
        self.combinations.extend(rows.map(|row| {
            let slots = row.slots.iter();
            let slot = |(c, f): &(u32, Option<u32>)| (c + children, f.map(|f| f + facilities));
            Combination {
                household: row.household + households,
                slots: slots.map(slot).collect(),
                ..row
            }
        }));
        let judged = round.discretion.iter().cloned();
        self.discretion.extend(judged.map(|value| {
            let at = first.iter().position(|(e, _)| *e == value.entity);
            Discretion {
                subject: value.subject + at.map_or(0, |at| before[at]),
                ..value
            }
        }));
    }
}

/// An id of one of several rounds; ids that are not there (of guardians) stay so.
#[must_use]
pub fn of_round(name: &str, id: &str) -> Box<str> {
    match id {
        "" => "".into(),
        id => format!("{name}{SEPARATOR}{id}").into(),
    }
}

/// The round of an id, and the id it has there; the round is empty where the id is of none.
#[must_use]
pub fn round_of(id: &str) -> (&str, &str) {
    id.split_once(SEPARATOR).unwrap_or(("", id))
}

/// The decisions of rounds with names as those of the rounds beside each other.
#[must_use]
pub fn stacked_decisions(rounds: &[(&str, &Decisions)]) -> Decisions {
    let mut list = Vec::new();
    for (name, decisions) in rounds {
        list.extend(decisions.list.iter().cloned().map(|mut decision| {
            decision.child = of_round(name, &decision.child);
            if let Outcome::Placed { facility, .. } = &mut decision.outcome {
                *facility = of_round(name, facility);
            }
            decision
        }));
    }
    Decisions { list }
}

/// A day so many years later; the last of February stays the last one.
fn later(date: Date, years: i16) -> Date {
    date.checked_add(Span::new().years(years)).unwrap_or(date)
}

/// A value in other symbols.
fn translated(value: Value, from: &Symbols, to: &mut Symbols) -> Value {
    match value {
        Value::Symbol(at) => Value::Symbol(to.intern(from.text(at))),
        Value::Symbols(at) => {
            let list = from.lists[at as usize].iter();
            let mut list: Vec<_> = list.map(|&s| to.intern(from.text(s))).collect();
            list.sort_unstable();
            let known = to.lists.iter().position(|l| *l == list);
            Value::Symbols(known.unwrap_or_else(|| {
                to.lists.push(list);
                to.lists.len() - 1
            }) as u32)
        }
        other => other,
    }
}
