//! Classes with their seats, and rooms that classes share.

use super::{
    cell,
    collected::whole,
    kinds::kind,
    known::{Known, reference},
    layout::Sheet,
    line::{Line, also_in, complain, nothing, rows},
    open::{Book, Part},
};
use crate::diagnostic::{Diagnostics, Text, shorten};
use enmusubi_domain::{
    facts::{ClassSeats, Entity, Exact, RoundFacts, SharedSeats, Value, vocabulary::find},
    id,
    rational::Rational,
};
use hashbrown::HashMap;

/// Rooms by facility and name, while classes are read.
struct Rooms {
    at: HashMap<(u32, Box<str>), u32>,
    /// Row and column of each, and whether a class uses it.
    rows: Vec<(u32, usize, bool)>,
    part: Option<Box<Part>>,
}

/// Reads shared seats and classes.
pub(super) fn seats(
    book: &mut Book<'_>,
    facilities: &Known,
    facts: &mut RoundFacts,
    all: &mut Diagnostics,
) {
    let complete = book.complete(Sheet::Shared) && facilities.complete;
    let mut rooms = shared(book, facilities, facts, all);
    classes(book, facilities, complete, &mut rooms, facts, all);
    let Some(part) = &rooms.part else { return };
    for (&(row, column, used), room) in rooms.rows.iter().zip(&facts.shared) {
        if !used {
            let name = Some(&*room.label);
            complain(all, part, &kind::SHARED_UNUSED, row, column, name, nothing);
        }
    }
}

fn shared(
    book: &mut Book<'_>,
    facilities: &Known,
    facts: &mut RoundFacts,
    all: &mut Diagnostics,
) -> Rooms {
    const NAME: usize = 1;
    const CAPACITY: usize = 2;
    let mut rooms = Rooms {
        at: HashMap::new(),
        rows: Vec::new(),
        part: book.take(Sheet::Shared),
    };
    let Some(part) = &rooms.part else {
        return rooms;
    };
    let RoundFacts {
        facilities: table,
        shared,
        ..
    } = facts;
    rows(part, &mut book.tables, all, &mut |line| {
        let facility = reference(line, 0, facilities, table);
        let name = id::normalise(line.own(NAME));
        let capacity = fraction(line, CAPACITY);
        if name.is_empty() {
            line.blank(NAME);
            return;
        }
        let Some(facility) = facility else { return };
        let position = shared.len() as u32;
        if let Some(&first) = rooms.at.get(&(facility, name.into())) {
            let first = rooms.rows[first as usize].0;
            line.complain(&kind::ID_TWICE, NAME, || also_in(first));
            return;
        }
        rooms.at.insert((facility, name.into()), position);
        let column = line.column(NAME).unwrap_or(0);
        rooms.rows.push((line.number(), column, false));
        shared.push(SharedSeats {
            facility,
            label: name.into(),
            capacity,
        });
    });
    rooms
}

fn classes(
    book: &mut Book<'_>,
    facilities: &Known,
    complete: bool,
    rooms: &mut Rooms,
    facts: &mut RoundFacts,
    all: &mut Diagnostics,
) {
    const AGE: usize = 1;
    const POOL: usize = 2;
    const SEATS: usize = 3;
    const ROOM: usize = 4;
    const WEIGHT: usize = 5;
    const REFILL: usize = 6;
    let Some(part) = book.take(Sheet::Classes) else {
        return;
    };
    let mut seen: HashMap<(u32, u8, Box<str>), u32> = HashMap::new();
    let last_age = find(Entity::Facility, "last_age");
    let RoundFacts {
        facilities: table,
        classes,
        ..
    } = facts;
    rows(&part, &mut book.tables, all, &mut |line| {
        let facility = reference(line, 0, facilities, table);
        let age = whole(line.own(AGE)).and_then(|n| u8::try_from(n).ok());
        let age = age.filter(|a| *a <= 5);
        if age.is_none() {
            line.complain(&kind::BAD_CLASS, AGE, nothing);
        }
        let seats = whole(line.own(SEATS));
        if line.own(SEATS).is_empty() {
            line.blank(SEATS);
        } else if seats.is_none() {
            let negative = cell::number(line.own(SEATS), None) == Err(cell::Bad::Negative);
            let kind = if negative {
                &kind::NEGATIVE
            } else {
                &kind::NOT_WHOLE
            };
            line.complain(kind, SEATS, nothing);
        }
        if let (Some(facility), Some(age), Some(1..)) = (facility, age, seats)
            && let Some(Value::Number(last)) = last_age.map(|at| table.get(facility, at))
            && Exact::whole(age.into()) > last
        {
            line.complain(&kind::BEYOND_LAST_AGE, AGE, || {
                Text::new(
                    format!("最終年齢は{last}です"),
                    format!("the last age is {last}"),
                )
            });
        }
        let weight = fraction(line, WEIGHT);
        let refill = boolean(line, REFILL);
        let pool = line.id(POOL);
        let room = id::normalise(line.own(ROOM));
        let Some(facility) = facility else { return };
        let shared = if room.is_empty() {
            None
        } else {
            let found = rooms.at.get(&(facility, room.into())).copied();
            match found {
                Some(at) => rooms.rows[at as usize].2 = true,
                None if complete => line.complain(&kind::DANGLING, ROOM, || {
                    let facility = shorten(&table.ids[facility as usize]);
                    Text::new(
                        format!("「共有定員」の表に、施設「{facility}」のこの名称がありません"),
                        format!("the table 共有定員 has no such name at \"{facility}\""),
                    )
                }),
                None => {}
            }
            found
        };
        let (Some(age), Some(seats)) = (age, seats) else {
            return;
        };
        if let Some(&first) = seen.get(&(facility, age, pool.into())) {
            line.complain(&kind::SEATS_TWICE, AGE, || also_in(first));
            return;
        }
        seen.insert((facility, age, pool.into()), line.number());
        classes.push(ClassSeats {
            facility,
            age,
            pool: (!pool.is_empty()).then(|| pool.into()),
            seats,
            shared,
            weight: weight.unwrap_or(Rational::ONE),
            refill: refill.unwrap_or(true),
            row: line.number(),
        });
    });
}

/// A fraction of zero or more; `None` where blank, or wrong and reported.
fn fraction(line: &mut Line<'_>, own: usize) -> Option<Rational> {
    let text = line.own(own);
    if text.is_empty() {
        return None;
    }
    let number = match cell::number(text, None) {
        Ok(number) => number,
        Err(bad) => {
            let kind = match bad {
                cell::Bad::Negative => &kind::NEGATIVE,
                _ => &kind::BAD_NUMBER,
            };
            line.complain(kind, own, nothing);
            return None;
        }
    };
    let part = |n: i64| u64::try_from(n).ok();
    Rational::new(part(number.numerator())?, part(number.denominator())?)
}

/// はい／いいえ; `None` where blank, or wrong and reported.
pub(super) fn boolean(line: &mut Line<'_>, own: usize) -> Option<bool> {
    let text = line.own(own);
    if text.is_empty() {
        return None;
    }
    let found = cell::boolean(text);
    if found.is_none() {
        line.complain(&kind::BAD_BOOL, own, nothing);
    }
    found
}
