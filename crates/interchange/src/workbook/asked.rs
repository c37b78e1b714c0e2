//! What households ask for, and what staff judged: sibling wishes, combination lists, discretion.

use super::{
    cell,
    collected::positive,
    kinds::kind,
    known::{Known, dangling, reference},
    layout::{SUBJECTS, Sheet},
    line::{Line, also_in, nothing, rows},
    open::{Book, Part},
    seats::boolean,
};
use crate::{
    columns::normal,
    diagnostic::{At, Diagnostics, Text, kind as common},
};
use enmusubi_domain::{
    facts::{Discretion, Entity, Exact, RoundFacts, WishAnswer, WishRow},
    id,
    round::Combination,
};
use hashbrown::HashMap;

/// Ids of the tables that are referred to.
pub(super) struct Ids<'k> {
    pub households: &'k Known,
    pub children: &'k Known,
    pub facilities: &'k Known,
}

/// Reads the sibling wishes. Returns the table, for messages about them.
pub(super) fn wishes(
    book: &mut Book<'_>,
    ids: &Ids<'_>,
    facts: &mut RoundFacts,
    all: &mut Diagnostics,
) -> Option<Box<Part>> {
    let part = book.take(Sheet::Wishes)?;
    let mut first: HashMap<u32, u32> = HashMap::new();
    let RoundFacts {
        households, wishes, ..
    } = facts;
    rows(&part, &mut book.tables, all, &mut |line| {
        let household = reference(line, 0, ids.households, households);
        let text = |line: &Line<'_>, own: usize| -> Option<Box<str>> {
            let text = id::normalise(line.own(own));
            (!text.is_empty()).then(|| text.into())
        };
        let answer = WishAnswer {
            code: text(line, 1),
            timing: text(line, 2),
            place: text(line, 3),
            first: text(line, 4),
            all_transfers_or_none: boolean(line, 5).unwrap_or(false),
        };
        let Some(household) = household else { return };
        if let Some(&row) = first.get(&household) {
            line.complain(&kind::WISH_TWICE, 0, || also_in(row));
            return;
        }
        first.insert(household, line.number());
        wishes.push(WishRow {
            household,
            answer,
            row: line.number(),
        });
    });
    Some(part)
}

/// Reads the combination lists.
pub(super) fn combinations(
    book: &mut Book<'_>,
    ids: &Ids<'_>,
    facts: &mut RoundFacts,
    all: &mut Diagnostics,
) {
    const CHILD: usize = 2;
    const FACILITY: usize = 3;
    let Some(part) = book.take(Sheet::Combinations) else {
        return;
    };
    let pairs = pairs(&part, CHILD, FACILITY, all);
    let mut first: HashMap<(u32, u32), u32> = HashMap::new();
    let mut lists = Vec::new();
    rows(&part, &mut book.tables, all, &mut |line| {
        let household = reference(line, 0, ids.households, &facts.households);
        let rank = positive(line, 1);
        if let (Some(household), Some(rank)) = (household, rank)
            && let Some(row) = first.insert((household, rank), line.number())
        {
            line.complain(&common::REPEATED_RANK, 1, || also_in(row));
        }
        let slots = slots(line, &pairs, household, ids, facts);
        if let (Some(household), Some(rank)) = (household, rank) {
            lists.push(Combination {
                household,
                rank,
                slots,
                row: line.number(),
            });
        }
    });
    lists.sort_by_key(|c| (c.household, c.rank));
    facts.combinations = lists;
}

/// Columns of children with the column of the facility of the same number.
fn pairs(part: &Part, child: usize, facility: usize, all: &mut Diagnostics) -> Vec<(usize, usize)> {
    let (children, facilities) = (&part.own[child], &part.own[facility]);
    let partner = |n: u32| facilities.iter().find(|f| f.0 == n).map(|f| f.1);
    let pairs: Vec<(usize, usize)> = children
        .iter()
        .filter_map(|&(n, c)| Some((c, partner(n)?)))
        .collect();
    let alone = children
        .iter()
        .chain(facilities)
        .map(|f| f.1)
        .filter(|c| !pairs.iter().any(|p| p.0 == *c || p.1 == *c));
    for column in alone {
        let at = At {
            row: Some(part.columns.row),
            column: Some(part.columns.header(column)),
            value: None,
        };
        all.add(&kind::UNPAIRED, &part.file, at);
    }
    pairs
}

fn slots(
    line: &mut Line<'_>,
    pairs: &[(usize, usize)],
    household: Option<u32>,
    ids: &Ids<'_>,
    facts: &RoundFacts,
) -> Vec<(u32, Option<u32>)> {
    let mut slots: Vec<(u32, Option<u32>)> = Vec::new();
    for &(child_column, facility_column) in pairs {
        let child = id::normalise(line.cell(child_column));
        let facility = id::normalise(line.cell(facility_column));
        if child.is_empty() {
            if !facility.is_empty() {
                line.complain_at(&kind::FACILITY_WITHOUT_CHILD, child_column, nothing);
            }
            continue;
        }
        let place = ids.facilities.find(&facts.facilities, facility);
        if place.is_none() && !facility.is_empty() && ids.facilities.complete {
            line.complain_at(&kind::DANGLING, facility_column, || {
                dangling(facility, Sheet::Facilities.name(), &facts.facilities)
            });
        }
        let Some(c) = ids.children.find(&facts.children, child) else {
            if ids.children.complete {
                line.complain_at(&kind::DANGLING, child_column, || {
                    dangling(child, Sheet::Children.name(), &facts.children)
                });
            }
            continue;
        };
        if household.is_some_and(|h| facts.children.parents[c as usize] != h) {
            line.complain_at(&kind::NOT_OF_HOUSEHOLD, child_column, nothing);
            continue;
        }
        if slots.iter().any(|s| s.0 == c) {
            line.complain_at(&kind::CHILD_TWICE, child_column, nothing);
            continue;
        }
        if let Some(place) = place
            && facts.enrolled[c as usize] != Some(place)
            && !chosen(facts, c, place)
        {
            line.complain_at(&kind::RANK_NOT_LISTED, facility_column, nothing);
        }
        slots.push((c, place));
    }
    slots
}

/// Whether a child has chosen a facility. (The index of the facts is made at the end.)
fn chosen(facts: &RoundFacts, child: u32, facility: u32) -> bool {
    facts
        .choices
        .of_parent(child)
        .any(|x| facts.choice_facility[x as usize] == facility)
}

/// Reads values judged by staff.
pub(super) fn discretion(
    book: &mut Book<'_>,
    ids: &Ids<'_>,
    facts: &mut RoundFacts,
    all: &mut Diagnostics,
) {
    const ITEM: usize = 3;
    const VALUE: usize = 4;
    const REASON: usize = 5;
    const ENTERED: usize = 6;
    const SIGNED: usize = 7;
    let guardians_known = book.complete(Sheet::Guardians) || !facts.guardians.is_empty();
    let Some(part) = book.take(Sheet::Discretion) else {
        return;
    };
    let mut seen: HashMap<(Entity, u32, Box<str>), u32> = HashMap::new();
    let mut judged = Vec::new();
    rows(&part, &mut book.tables, all, &mut |line| {
        let subject = subject(line, ids, guardians_known, facts);
        for own in [ITEM, REASON, ENTERED, SIGNED] {
            if line.own(own).is_empty() {
                line.blank(own);
            }
        }
        let value = value(line, VALUE);
        let (entered, signed) = (line.own(ENTERED), line.own(SIGNED));
        if !entered.is_empty() && normal(entered) == normal(signed) {
            line.complain(&kind::SAME_PERSON, SIGNED, nothing);
        }
        let item = line.id(ITEM);
        let (Some((entity, subject)), Some(value)) = (subject, value) else {
            return;
        };
        if let Some(&first) = seen.get(&(entity, subject, item.into())) {
            line.complain(&kind::JUDGED_TWICE, ITEM, || also_in(first));
            return;
        }
        seen.insert((entity, subject, item.into()), line.number());
        judged.push(Discretion {
            entity,
            subject,
            item: item.into(),
            value,
            reason: line.own(REASON).into(),
            entered_by: entered.into(),
            signed_by: signed.into(),
            row: line.number(),
        });
    });
    facts.discretion = judged;
}

/// Who is judged.
fn subject(
    line: &mut Line<'_>,
    ids: &Ids<'_>,
    guardians_known: bool,
    facts: &RoundFacts,
) -> Option<(Entity, u32)> {
    const KIND: usize = 0;
    const SUBJECT: usize = 1;
    const NUMBER: usize = 2;
    let kind_text = normal(line.own(KIND));
    match SUBJECTS.iter().position(|s| *s == kind_text) {
        Some(0) => {
            let h = reference(line, SUBJECT, ids.households, &facts.households)?;
            Some((Entity::Household, h))
        }
        Some(2) => {
            let c = reference(line, SUBJECT, ids.children, &facts.children)?;
            Some((Entity::Child, c))
        }
        Some(_) => {
            let h = reference(line, SUBJECT, ids.households, &facts.households)?;
            let number = line.id(NUMBER);
            let mut of_household = facts.guardians.of_parent(h);
            let found = of_household.find(|g| *facts.guardians.ids[*g as usize] == *number);
            match found {
                Some(g) => Some((Entity::Guardian, g)),
                None if number.is_empty() => {
                    line.complain(&kind::CELL_BLANK, NUMBER, nothing);
                    None
                }
                None => {
                    if guardians_known {
                        line.complain(&kind::DANGLING, NUMBER, || {
                            Text::new(
                                "「保護者」の表の、この世帯にない番号です",
                                "the household has no guardian of this number",
                            )
                        });
                    }
                    None
                }
            }
        }
        None => {
            if kind_text.is_empty() {
                line.blank(KIND);
            } else {
                line.complain(&kind::BAD_CHOICE, KIND, || {
                    let list = SUBJECTS.join("、");
                    Text::new(format!("選択肢: {list}"), format!("one of: {list}"))
                });
            }
            None
        }
    }
}

/// A judged value, which may be below zero.
fn value(line: &mut Line<'_>, own: usize) -> Option<Exact> {
    let text = line.own(own);
    if text.is_empty() {
        line.blank(own);
        return None;
    }
    let found = match cell::number(text, None) {
        Ok(number) => Some(number),
        Err(cell::Bad::Negative) => {
            let even = normal(text);
            let digits = even.trim_start_matches(['-', '−', '▲', '△']);
            cell::number(digits, None).ok().and_then(Exact::negated)
        }
        Err(_) => None,
    };
    if found.is_none() {
        line.complain(&kind::BAD_NUMBER, own, nothing);
    }
    found
}
