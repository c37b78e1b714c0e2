//! The round itself and the tables of subjects: facilities, households, guardians, other adults,
//! children, declines, current enrolment.

use super::{
    cell::{self, Bad},
    collected::{Collected, values},
    kinds::kind,
    known::{Known, dangling, reference},
    layout::Sheet,
    line::{Line, also_in, complain, nothing, rows},
    open::{Book, Part},
};
use crate::diagnostic::Diagnostics;
use enmusubi_domain::{
    facts::{
        Entity, RoundFacts, Value,
        vocabulary::{VOCABULARY, find},
    },
    id,
};
use hashbrown::{HashMap, hash_map::Entry};

/// Reads the round's own row into the facts. Returns whether its dates are known, so that other dates
/// can be held against them.
pub(super) fn round(book: &mut Book<'_>, facts: &mut RoundFacts, all: &mut Diagnostics) -> bool {
    let Some(part) = book.take(Sheet::Round) else {
        return false;
    };
    let (mut entry, mut base) = (false, false);
    let mut read = 0;
    let RoundFacts { info, symbols, .. } = facts;
    let mut row = Vec::new();
    rows(&part, &mut book.tables, all, &mut |line| {
        read += 1;
        if read > 1 {
            line.complain(&kind::ROUND_ROWS, usize::MAX, nothing);
            return;
        }
        let code = line.own(0);
        if !code.is_empty() {
            let code = id::strip_zero_fraction(code);
            if code.len() == 6 && code.bytes().all(|b| b.is_ascii_digit()) {
                info.municipality = Some(code.into());
            } else {
                line.complain(&kind::BAD_CODE, 0, nothing);
            }
        }
        values(line, symbols, &mut row);
        for (n, &(at, _, column)) in line.part.attributes.iter().enumerate() {
            let found = row.iter().find(|f| f.at == n);
            let value = &found.map_or(Value::Unknown, |f| f.value);
            match (VOCABULARY[at as usize].name, value) {
                ("entry_date", Value::Date(day)) => {
                    (info.entry_date, entry) = (*day, true);
                    if day.day() != 1 {
                        line.complain_at(&kind::ENTRY_DAY, column, nothing);
                    }
                }
                ("base_date", Value::Date(day)) => (info.base_date, base) = (*day, true),
                ("deadline", Value::Date(day)) => info.deadline = Some(*day),
                ("number", Value::Number(n)) => {
                    let whole = n.as_whole().filter(|n| *n > 0);
                    match whole.and_then(|n| u32::try_from(n).ok()) {
                        Some(n) => info.number = n,
                        None => line.complain_at(&kind::NOT_WHOLE, column, nothing),
                    }
                }
                ("entry_date" | "base_date" | "number", _) if line.row.cell(column).is_empty() => {
                    line.complain_at(&kind::CELL_BLANK, column, nothing);
                }
                _ => {}
            }
        }
        for found in row.iter().filter(|_| entry) {
            if matches!(found.value, Value::Date(day) if day > info.entry_date) {
                let column = line.part.attributes[found.at].2;
                line.complain_at(&kind::AFTER_ENTRY, column, nothing);
            }
        }
    });
    entry && base
}

/// Reads facilities or households, which have ids of their own and no parent.
pub(super) fn roots(
    book: &mut Book<'_>,
    sheet: Sheet,
    facts: &mut RoundFacts,
    all: &mut Diagnostics,
) -> (Known, Option<Box<Part>>) {
    let entity = sheet.entity().unwrap_or(Entity::Facility);
    let complete = book.complete(sheet);
    let part = book.take(sheet);
    if let Some(part) = &part {
        let mut collected = Collected::new(part);
        let mut seen: HashMap<Box<str>, u32> = HashMap::new();
        let mut row = Vec::new();
        let symbols = &mut facts.symbols;
        rows(part, &mut book.tables, all, &mut |line| {
            values(line, symbols, &mut row);
            let Some(id) = line.required_id(0) else {
                return;
            };
            if let Some(&first) = seen.get(id) {
                line.complain(&kind::ID_TWICE, 0, || also_in(first));
                return;
            }
            seen.insert(id.into(), line.number());
            collected.push(line, id, None, &row);
        });
        collected.into_table(part, facts.table_mut(entity));
    }
    // A required table without rows has been told; not every reference to it as well.
    let complete = complete && !facts.table(entity).is_empty();
    let known = Known::of(facts.table(entity), sheet.name(), complete);
    (known, part)
}

/// Most children, or adults, of one household. More is one id written into the rows of many, and what follows
/// from siblings would be worked out for all pairs of them.
const HOUSEHOLD_MOST: u32 = 30;

/// Reads guardians or other adults, numbered in their household.
pub(super) fn members(
    book: &mut Book<'_>,
    sheet: Sheet,
    households: &Known,
    facts: &mut RoundFacts,
    all: &mut Diagnostics,
) -> Option<Box<Part>> {
    let part = book.take(sheet)?;
    let entity = sheet.entity().unwrap_or(Entity::Guardian);
    let mut collected = Collected::new(&part);
    // Numbers so far, by household, with their rows.
    let mut seen: HashMap<(u32, Box<str>), u32> = HashMap::new();
    // Per household: how many there are, and the first number that may be free.
    let mut counts: HashMap<u32, (u32, u32)> = HashMap::new();
    let mut row = Vec::new();
    let RoundFacts {
        symbols,
        households: table,
        ..
    } = facts;
    rows(&part, &mut book.tables, all, &mut |line| {
        values(line, symbols, &mut row);
        let Some(household) = reference(line, 0, households, table) else {
            return;
        };
        let (count, free) = counts.entry(household).or_insert((0, 1));
        let own = line.id(1);
        let number: Box<str> = if own.is_empty() {
            // Numbers are only ever taken: those before stay taken.
            let mut key = (household, free.to_string().into_boxed_str());
            while seen.contains_key(&key) {
                *free += 1;
                key.1 = free.to_string().into();
            }
            key.1
        } else {
            own.into()
        };
        match seen.entry((household, number.clone())) {
            Entry::Occupied(first) => {
                let first = *first.get();
                line.complain(&kind::ID_TWICE, 1, || also_in(first));
                return;
            }
            Entry::Vacant(place) => place.insert(line.number()),
        };
        *count += 1;
        if entity == Entity::Guardian && *count > 2 {
            line.complain(&kind::GUARDIANS_MANY, 0, nothing);
        } else if *count > HOUSEHOLD_MOST {
            line.complain(&kind::HOUSEHOLD_LARGE, 0, nothing);
        }
        collected.push(line, &number, Some(household), &row);
    });
    collected.into_table(&part, facts.table_mut(entity));
    Some(part)
}

/// Reads the children.
pub(super) fn children(
    book: &mut Book<'_>,
    households: &Known,
    facts: &mut RoundFacts,
    all: &mut Diagnostics,
) -> (Known, Option<Box<Part>>) {
    let complete = book.complete(Sheet::Children);
    let part = book.take(Sheet::Children);
    if let Some(part) = &part {
        let mut collected = Collected::new(part);
        let mut seen: HashMap<Box<str>, u32> = HashMap::new();
        let mut counts: HashMap<u32, u32> = HashMap::new();
        let mut row = Vec::new();
        let RoundFacts {
            symbols,
            households: table,
            ..
        } = facts;
        rows(part, &mut book.tables, all, &mut |line| {
            values(line, symbols, &mut row);
            let household = reference(line, 1, households, table);
            let Some(id) = line.required_id(0) else {
                return;
            };
            if let Some(&first) = seen.get(id) {
                line.complain(&kind::ID_TWICE, 0, || also_in(first));
                return;
            }
            seen.insert(id.into(), line.number());
            if let Some(household) = household {
                let count = counts.entry(household).or_insert(0);
                *count += 1;
                if *count > HOUSEHOLD_MOST {
                    line.complain(&kind::HOUSEHOLD_LARGE, 1, nothing);
                }
                collected.push(line, id, Some(household), &row);
            }
        });
        collected.into_table(part, &mut facts.children);
    }
    facts.enrolled = vec![None; facts.children.len()];
    facts.enrolled_since = vec![None; facts.children.len()];
    // A child without its household has been told; its choices need no message of their own.
    let complete = complete && households.complete && !facts.children.is_empty();
    (
        Known::of(&facts.children, Sheet::Children.name(), complete),
        part,
    )
}

/// Reads past declines.
pub(super) fn declines(
    book: &mut Book<'_>,
    children: &Known,
    facts: &mut RoundFacts,
    all: &mut Diagnostics,
) {
    let Some(part) = book.take(Sheet::Declines) else {
        return;
    };
    let mut collected = Collected::new(&part);
    let mut row = Vec::new();
    let RoundFacts {
        symbols,
        children: table,
        ..
    } = facts;
    rows(&part, &mut book.tables, all, &mut |line| {
        values(line, symbols, &mut row);
        if let Some(child) = reference(line, 0, children, table) {
            collected.push(line, "", Some(child), &row);
        }
    });
    collected.into_table(&part, &mut facts.declines);
}

/// Reads current enrolment into [`RoundFacts::enrolled`]. Returns, per child, whether the table names it;
/// `None` where the table is there but cannot be read.
pub(super) fn enrolment(
    book: &mut Book<'_>,
    children: &Known,
    facilities: &Known,
    facts: &mut RoundFacts,
    all: &mut Diagnostics,
) -> Option<Vec<bool>> {
    const SINCE: usize = 2;
    let mut named = vec![false; facts.children.len()];
    let readable = book.complete(Sheet::Enrolment);
    let Some(part) = book.take(Sheet::Enrolment) else {
        return readable.then_some(named);
    };
    let mut first: HashMap<u32, u32> = HashMap::new();
    rows(&part, &mut book.tables, all, &mut |line| {
        let child = reference(line, 0, children, &facts.children);
        let facility = reference(line, 1, facilities, &facts.facilities);
        let since = day(line, SINCE);
        let Some(child) = child else { return };
        if let Some(&row) = first.get(&child) {
            line.complain(&kind::ENROLLED_TWICE, 0, || also_in(row));
            return;
        }
        first.insert(child, line.number());
        facts.enrolled[child as usize] = facility;
        facts.enrolled_since[child as usize] = since;
        named[child as usize] = true;
    });
    Some(named)
}

fn day(line: &mut Line<'_>, own: usize) -> Option<jiff::civil::Date> {
    let text = line.own(own);
    if text.is_empty() || text == cell::UNKNOWN {
        return None;
    }
    match crate::dates::parse(text) {
        Ok(day) => Some(day),
        Err(no) => {
            line.complain(&kind::BAD_DATE, own, || cell::why(&Bad::Date(no)));
            None
        }
    }
}

/// Ids of facilities that stand in attributes: linked facilities, offers of an earlier round.
pub(super) fn mentioned(
    part: &Part,
    name: &str,
    facilities: &Known,
    facts: &RoundFacts,
    all: &mut Diagnostics,
) {
    let column = part
        .attributes
        .iter()
        .find(|(at, ..)| VOCABULARY[*at as usize].name == name)
        .map(|a| a.2);
    let (Some(column), true) = (column, facilities.complete) else {
        return;
    };
    let table = facts.table(part.sheet.entity().unwrap_or(Entity::Facility));
    let at = find(table.entity, name);
    for subject in 0..table.len() as u32 {
        let one;
        let listed = match at.map(|at| table.get(subject, at)) {
            Some(Value::Symbols(list)) => facts.symbols.lists[list as usize].as_slice(),
            Some(Value::Symbol(symbol)) => {
                one = [symbol];
                &one
            }
            _ => continue,
        };
        for &symbol in listed {
            let wanted = facts.symbols.text(symbol);
            if facilities.find(&facts.facilities, wanted).is_none() {
                let row = table.rows[subject as usize];
                complain(
                    all,
                    part,
                    &kind::DANGLING,
                    row,
                    column,
                    Some(wanted),
                    || dangling(wanted, facilities.name, &facts.facilities),
                );
            }
        }
    }
}
