//! The choices: by child, best first, each facility once.

use super::{
    collected::{Collected, positive, values},
    kinds::kind,
    known::{Known, reference},
    layout::Sheet,
    line::{also_in, complain, nothing, rows},
    open::{Book, Part},
};
use crate::diagnostic::{Diagnostics, Kind, Text, kind as common};
use enmusubi_domain::facts::{
    Entity, RoundFacts, Value,
    vocabulary::{APPLICATION, VOCABULARY, find},
};

/// Reads the choices. Returns, per child, whether the table names it, even in a row that is wrong
/// otherwise; `None` without the table.
pub(super) fn choices(
    book: &mut Book<'_>,
    children: &Known,
    facilities: &Known,
    facts: &mut RoundFacts,
    all: &mut Diagnostics,
) -> Option<Vec<bool>> {
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
    let mut named = vec![false; child_table.len()];
    rows(&part, &mut book.tables, all, &mut |line| {
        values(line, symbols, &mut row);
        let child = reference(line, CHILD, children, child_table);
        let rank = positive(line, RANK);
        let facility = reference(line, FACILITY, facilities, facility_table);
        if let Some(child) = child {
            named[child as usize] = true;
        }
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
    let places_of = |x: u32| &*facts.facilities.ids[places[x as usize] as usize];
    in_order(&part, &collected, &order, &numbers, &places_of, all);
    store(&part, collected, &order, &numbers, &places, facts);
    Some(named)
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
fn in_order<'f>(
    part: &Part,
    collected: &Collected,
    order: &[u32],
    numbers: &[u32],
    place: &dyn Fn(u32) -> &'f str,
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
                    complain(all, part, kind, row(i), column(at), Some(value), detail);
                };
            if let Some(&before) = own[..n].iter().find(|b| numbers[**b as usize] == rank) {
                tell(&kind::RANK_TWICE, 1, &text, &|| also_in(row(before)));
            } else if rank > expected {
                tell(&common::HOLE, 1, &text, &nothing);
            }
            expected = rank.saturating_add(1);
            if let Some(&before) = own[..n].iter().find(|b| place(**b) == place(i)) {
                tell(&common::DUPLICATE_CHOICE, 2, place(i), &|| {
                    also_in(row(before))
                });
            }
        }
    }
}

/// Puts the choices into the facts; of a facility chosen twice the first.
fn store(
    part: &Part,
    mut collected: Collected,
    order: &[u32],
    numbers: &[u32],
    places: &[u32],
    facts: &mut RoundFacts,
) {
    let mut kept: Vec<u32> = Vec::with_capacity(order.len());
    let mut first = 0;
    for &i in order {
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
    collected.into_table(part, &mut facts.choices);
    facts.choice_number = kept.iter().map(|&i| numbers[i as usize]).collect();
    facts.choice_facility = kept.iter().map(|&i| places[i as usize]).collect();
}
