//! Tables of subjects: facilities, households, guardians, other adults, children, choices, declines.

use super::{
    cell::{self, Bad, nearest},
    kinds::kind,
    layout::Sheet,
    line::{Line, also_in, nothing, rows},
    open::{Book, Part},
};
use crate::{
    diagnostic::{Diagnostics, Kind, Text, kind as common, shorten},
    intern::Ids,
};
use enmusubi_domain::{
    facts::{
        Entity, Exact, RoundFacts, Symbols, Table as Facts, Type, Unit, Value,
        vocabulary::{APPLICATION, VOCABULARY, find},
    },
    id,
};
use hashbrown::HashMap;

/// Ids of a table, for references to it.
pub(super) struct Known {
    ids: Ids,
    /// Whether an id that is not here may be called unknown.
    pub complete: bool,
    /// Table they are of.
    name: &'static str,
}

impl Known {
    /// Position of an id in the table of the facts.
    pub fn find(&self, facts: &Facts, id: &str) -> Option<u32> {
        self.ids.find(id, |i| &facts.ids[i as usize])
    }

    fn of(facts: &Facts, name: &'static str, complete: bool) -> Self {
        let mut ids = Ids::default();
        for at in 0..facts.len() as u32 {
            ids.insert(&facts.ids[at as usize], at, |i| &facts.ids[i as usize]);
        }
        Self {
            ids,
            complete,
            name,
        }
    }
}

/// Finds what a cell refers to; reports a blank and an id that is not there.
pub(super) fn reference(
    line: &mut Line<'_>,
    own: usize,
    known: &Known,
    facts: &Facts,
) -> Option<u32> {
    let wanted = line.required_id(own)?;
    let found = known.find(facts, wanted);
    if found.is_none() && known.complete {
        line.complain(&kind::DANGLING, own, || dangling(wanted, known.name, facts));
    }
    found
}

/// Which table has no such id, and the likeliest slip.
pub(super) fn dangling(wanted: &str, name: &str, facts: &Facts) -> Text {
    // Leading zeros, width and case first; they are what spreadsheets and typists change.
    let loose = |t: &str| {
        crate::columns::normal(t)
            .trim_start_matches('0')
            .to_lowercase()
    };
    let even = loose(wanted);
    let same = facts.ids.iter().find(|id| loose(id) == even);
    // A long list is searched for the same id only: every other is about equally like.
    let near = same.map(|id| &**id).or_else(|| {
        (facts.len() <= 500)
            .then(|| nearest(wanted, facts.ids.iter().map(|i| &**i)))
            .flatten()
    });
    match near.map(shorten) {
        Some(near) => Text::new(
            format!("「{name}」の表には「{near}」があります"),
            format!("the table {name} has \"{near}\""),
        ),
        None => Text::new(
            format!("「{name}」の表にありません"),
            format!("not in the table {name}"),
        ),
    }
}

/// Subjects while they are read, in file order.
struct Collected {
    ids: Vec<Box<str>>,
    parents: Vec<u32>,
    rows: Vec<u32>,
    evidence: Vec<Box<str>>,
    /// Per attribute column of the part: its values so far, once one is no blank.
    columns: Vec<Option<Vec<Value>>>,
}

impl Collected {
    fn new(part: &Part) -> Self {
        Self {
            ids: Vec::new(),
            parents: Vec::new(),
            rows: Vec::new(),
            evidence: Vec::new(),
            columns: part.attributes.iter().map(|_| None).collect(),
        }
    }

    fn push(&mut self, line: &Line<'_>, id: &str, parent: Option<u32>, values: &[Value]) {
        let before = self.rows.len();
        self.ids.push(id.into());
        self.parents.extend(parent);
        self.rows.push(line.number());
        let evidence = line.part.evidence.map_or("", |c| line.cell(c));
        self.evidence.push(evidence.into());
        for ((column, value), (at, ..)) in self
            .columns
            .iter_mut()
            .zip(values)
            .zip(&line.part.attributes)
        {
            let blank = VOCABULARY[*at as usize].blank_value();
            match column {
                Some(column) => column.push(*value),
                None if *value == blank => {}
                None => {
                    let mut fresh = vec![blank; before];
                    fresh.push(*value);
                    *column = Some(fresh);
                }
            }
        }
    }

    /// Puts the subjects into their table, by parent, else as the file has them. Returns the order:
    /// position in the table → position in the file.
    fn into_table(self, part: &Part, table: &mut Facts) -> Vec<u32> {
        let count = self.rows.len();
        let mut order: Vec<u32> = (0..count as u32).collect();
        if !self.parents.is_sorted() {
            order.sort_by_key(|&i| self.parents[i as usize]);
        }
        table.ids = permuted(self.ids, &order);
        table.rows = permuted(self.rows, &order);
        table.parents = permuted(self.parents, &order);
        table.evidence = permuted(self.evidence, &order);
        for (column, (at, ..)) in self.columns.into_iter().zip(&part.attributes) {
            if let Some(mut column) = column {
                column.resize(count, VOCABULARY[*at as usize].blank_value());
                table.set_column(*at, permuted(column, &order));
            }
        }
        order
    }
}

/// A list in another order; lists without parents are left alone.
fn permuted<T: Clone + Default>(mut list: Vec<T>, order: &[u32]) -> Vec<T> {
    if list.is_empty() || order.is_sorted() {
        return list;
    }
    order
        .iter()
        .map(|&i| std::mem::take(&mut list[i as usize]))
        .collect()
}

/// The attributes of a row, in the order of the part's columns.
fn values(line: &mut Line<'_>, symbols: &mut Symbols, out: &mut Vec<Value>) {
    out.clear();
    let part = line.part;
    for &(at, ty, column) in &part.attributes {
        let text = line.cell(column);
        let blank = VOCABULARY[at as usize].blank_value();
        if text.is_empty() {
            out.push(blank);
            continue;
        }
        let value = match cell::read(ty, text, symbols) {
            Ok(value) => value,
            Err(bad) => {
                let kind = kind_of(&bad);
                line.complain_at(kind, column, || cell::why(&bad));
                Value::Unknown
            }
        };
        if let (Value::Number(n), Type::Quantity(unit)) = (value, ty)
            && most(unit).is_some_and(|most| n > Exact::whole(most))
        {
            line.complain_at(&kind::IMPOSSIBLE, column, nothing);
        }
        out.push(value);
    }
}

fn kind_of(bad: &Bad) -> &'static Kind {
    match bad {
        Bad::Bool => &kind::BAD_BOOL,
        Bad::Number => &kind::BAD_NUMBER,
        Bad::Negative => &kind::NEGATIVE,
        Bad::Date(_) => &kind::BAD_DATE,
        Bad::Choice(_) => &kind::BAD_CHOICE,
    }
}

/// The most that a calendar has room for.
fn most(unit: Unit) -> Option<i64> {
    Some(match unit {
        Unit::HoursPerDay => 24,
        Unit::HoursPerWeek => 7 * 24,
        Unit::HoursPerMonth => 31 * 24,
        Unit::DaysPerWeek => 7,
        Unit::DaysPerMonth => 31,
        Unit::Minutes => 24 * 60,
        Unit::Years => 150,
        Unit::Days | Unit::Months | Unit::Yen | Unit::Metres => return None,
    })
}

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
        for (&(at, _, column), value) in line.part.attributes.iter().zip(&row) {
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
    let known = Known::of(facts.table(entity), sheet.name(), complete);
    (known, part)
}

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
    // Per household: numbers so far, with their rows.
    let mut seen: HashMap<u32, Vec<(Box<str>, u32)>> = HashMap::new();
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
        let numbers = seen.entry(household).or_default();
        let own = line.id(1);
        let counted;
        let number = if own.is_empty() {
            counted = (numbers.len() + 1).to_string();
            &counted
        } else {
            own
        };
        if let Some((_, first)) = numbers.iter().find(|(n, _)| **n == *number) {
            let first = *first;
            line.complain(&kind::ID_TWICE, 1, || also_in(first));
            return;
        }
        numbers.push((number.into(), line.number()));
        if entity == Entity::Guardian && numbers.len() > 2 {
            line.complain(&kind::GUARDIANS_MANY, 0, nothing);
        }
        collected.push(line, number, Some(household), &row);
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
                collected.push(line, id, Some(household), &row);
            }
        });
        collected.into_table(part, &mut facts.children);
    }
    facts.enrolled = vec![None; facts.children.len()];
    facts.enrolled_since = vec![None; facts.children.len()];
    // A child without its household has been told; its choices need no message of their own.
    let complete = complete && households.complete;
    (
        Known::of(&facts.children, Sheet::Children.name(), complete),
        part,
    )
}

/// Where the choices of each child begin, for messages about them.
pub(super) fn choices(
    book: &mut Book<'_>,
    children: &Known,
    facilities: &Known,
    facts: &mut RoundFacts,
    all: &mut Diagnostics,
) -> Option<Box<Part>> {
    const CHILD: usize = 0;
    const RANK: usize = 1;
    const FACILITY: usize = 2;
    let part = book.take(Sheet::Choices)?;
    let mut collected = Collected::new(&part);
    let (mut numbers, mut places) = (Vec::new(), Vec::new());
    let mut row = Vec::new();
    let application = find(Entity::Child, "application");
    let RoundFacts {
        symbols,
        children: child_table,
        facilities: facility_table,
        enrolled,
        ..
    } = facts;
    let applies = |c: u32| application.is_none_or(|a| child_table.get(c, a) != Value::Enum(0));
    let transfers = |c: u32| {
        let transfer = APPLICATION.of_name("transfer").map(Value::Enum);
        application.map(|a| child_table.get(c, a)) == transfer
    };
    let mut told_nobody = vec![false; child_table.len()];
    rows(&part, &mut book.tables, all, &mut |line| {
        values(line, symbols, &mut row);
        let child = reference(line, CHILD, children, child_table);
        let rank = positive(line, RANK);
        let facility = reference(line, FACILITY, facilities, facility_table);
        let (Some(child), Some(rank), Some(facility)) = (child, rank, facility) else {
            return;
        };
        if !applies(child) {
            if !std::mem::replace(&mut told_nobody[child as usize], true) {
                line.complain(&kind::CHOICE_OF_NOBODY, CHILD, nothing);
            }
            return;
        }
        if enrolled[child as usize] == Some(facility) {
            if transfers(child) {
                line.complain(&kind::OWN_FACILITY, FACILITY, nothing);
                return;
            }
            line.complain(&kind::ATTENDS_CHOSEN, FACILITY, nothing);
        }
        collected.push(line, "", Some(child), &row);
        numbers.push(rank);
        places.push(facility);
    });
    let order = ranked(&collected, &numbers);
    in_order(&part, &collected, &order, &numbers, &places, all);
    store(part, collected, order, numbers, places, facts)
}

/// Order of the choices: by child, then rank, then row.
fn ranked(collected: &Collected, numbers: &[u32]) -> Vec<u32> {
    let mut order: Vec<u32> = (0..numbers.len() as u32).collect();
    let key = |i: u32| (collected.parents[i as usize], numbers[i as usize]);
    if !order.is_sorted_by_key(|&i| key(i)) {
        order.sort_by_key(|&i| key(i));
    }
    order
}

/// Reports ranks that are repeated or missing, and facilities chosen twice.
fn in_order(
    part: &Part,
    collected: &Collected,
    order: &[u32],
    numbers: &[u32],
    places: &[u32],
    all: &mut Diagnostics,
) {
    let column = |own: usize| part.own[own].first().map_or(0, |c| c.1);
    let row = |i: u32| collected.rows[i as usize];
    for own in
        order.chunk_by(|a, b| collected.parents[*a as usize] == collected.parents[*b as usize])
    {
        let mut expected = 1;
        for (n, &i) in own.iter().enumerate() {
            let rank = numbers[i as usize];
            let text = rank.to_string();
            let mut tell =
                |kind: &'static Kind, at: usize, value: &str, detail: &dyn Fn() -> Text| {
                    super::line::complain(all, part, kind, row(i), column(at), Some(value), detail);
                };
            if let Some(&before) = own[..n].iter().find(|b| numbers[**b as usize] == rank) {
                tell(&kind::RANK_TWICE, 1, &text, &|| also_in(row(before)));
            } else if rank > expected {
                tell(&common::HOLE, 1, &text, &nothing);
            }
            expected = rank.saturating_add(1);
            let place = places[i as usize];
            if let Some(&before) = own[..n].iter().find(|b| places[**b as usize] == place) {
                tell(&common::DUPLICATE_CHOICE, 2, "", &|| also_in(row(before)));
            }
        }
    }
}

/// Puts the choices into the facts; of a facility chosen twice the first.
fn store(
    part: Box<Part>,
    mut collected: Collected,
    order: Vec<u32>,
    numbers: Vec<u32>,
    places: Vec<u32>,
    facts: &mut RoundFacts,
) -> Option<Box<Part>> {
    let mut kept: Vec<u32> = Vec::with_capacity(order.len());
    let mut first = 0;
    for &i in &order {
        let same_child =
            |b: &&u32| collected.parents[**b as usize] == collected.parents[i as usize];
        if kept.last().is_none_or(|b| !same_child(&b)) {
            first = kept.len();
        }
        if !kept[first..]
            .iter()
            .any(|b| places[*b as usize] == places[i as usize])
        {
            kept.push(i);
        }
    }
    let whole = kept.len() == numbers.len();
    if !(whole && kept.is_sorted()) {
        let pick = |list: &mut Vec<u32>| *list = kept.iter().map(|&i| list[i as usize]).collect();
        pick(&mut collected.parents);
        pick(&mut collected.rows);
        collected.ids.truncate(kept.len());
        let evidence = &mut collected.evidence;
        collected.evidence = kept
            .iter()
            .map(|&i| std::mem::take(&mut evidence[i as usize]))
            .collect();
        for (column, (at, ..)) in collected.columns.iter_mut().zip(&part.attributes) {
            if let Some(column) = column {
                let blank = VOCABULARY[*at as usize].blank_value();
                column.resize(numbers.len(), blank);
                *column = kept.iter().map(|&i| column[i as usize]).collect();
            }
        }
    }
    collected.into_table(&part, &mut facts.choices);
    facts.choice_number = kept.iter().map(|&i| numbers[i as usize]).collect();
    facts.choice_facility = kept.iter().map(|&i| places[i as usize]).collect();
    Some(part)
}

/// A whole number of 1 or more; anything else is reported.
pub(super) fn positive(line: &mut Line<'_>, own: usize) -> Option<u32> {
    let text = line.own(own);
    if text.is_empty() {
        line.blank(own);
        return None;
    }
    let found = whole(text).filter(|n| *n > 0);
    if found.is_none() {
        line.complain(&common::BAD_RANK, own, nothing);
    }
    found
}

/// A whole number of 0 or more.
pub(super) fn whole(text: &str) -> Option<u32> {
    let number = cell::number(text, None).ok()?;
    number.as_whole().and_then(|n| u32::try_from(n).ok())
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

/// Reads current enrolment into [`RoundFacts::enrolled`].
pub(super) fn enrolment(
    book: &mut Book<'_>,
    children: &Known,
    facilities: &Known,
    facts: &mut RoundFacts,
    all: &mut Diagnostics,
) {
    const SINCE: usize = 2;
    let Some(part) = book.take(Sheet::Enrolment) else {
        return;
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
    });
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
                super::line::complain(
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
