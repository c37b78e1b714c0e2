//! The staff's decisions, child by child.
//!
//! # Columns
//!
//! | item | headers understood (any width) | `--columns`, section `[decisions]` |
//! |---|---|---|
//! | child | 申請者番号, 児童ID, 児童番号, 宛名番号, 受付番号, 申込番号, 整理番号 … | `child_id` |
//! | decision | 結果, 選考結果, 内定区分, 判定, 可否 … | `outcome` |
//! | facility, by id | 入所選考結果保育所ID, 内定施設ID, 入所施設コード, 施設ID … | `facility_id` |
//! | facility, by name | 入所選考結果保育所名, 内定施設, 内定園, 入所施設名, 施設名 … | `facility_name` |
//! | pool | 枠, 選考枠, 募集枠 … | `pool` |
//!
//! The child is needed, and the decision or a facility. Both forms of our own `result.csv` are such lists.
//!
//! # What cells mean
//!
//! - Decision: 内定, 承諾, 入所, ○ … placed; 保留, 不承諾, 待機, × … on hold; 取下げ, 辞退, 対象外 … withdrawn; 在園継続
//!   placed at the facility given, or on hold where none is. Words that may mean several things (内定辞退, 却下) are
//!   reported and never guessed; so are codes of one or two digits. A facility in the column of decisions is a
//!   placement there.
//! - Facility: an id or a name of the [`Roster`], in either column; also both (`101 あさひ保育園`). A name that
//!   several facilities have, or none has, is reported with the nearest.
//! - Without a column of decisions a filled facility means placed, and a blank one on hold. With one, a blank
//!   decision means the same where the column never says so itself; where it does, a blank is not known.
//!
//! # What is not judged here
//!
//! Children the round does not have keep their ids and rows, and so do placements over capacity.

use super::{
    Counts, DECISIONS, LeftOut, Roster, Why, kind,
    list::{CHILD, Line, List, Wanted, nothing, read_as, reading},
    roster::Facility,
    words::{Word, is_nothing, word},
};
use crate::{
    Source,
    columns::{Names, normal},
    diagnostic::{Diagnostics, Text},
};
use enmusubi_domain::{
    id,
    past::{Decision, Decisions, Outcome},
};
use hashbrown::HashMap;

const OUTCOME: usize = 1;
const FACILITY_ID: usize = 2;
const FACILITY_NAME: usize = 3;
const POOL: usize = 4;

/// Where a list names facilities in several columns, the one of the decision says so.
fn likely(field: usize, header: &str) -> bool {
    match field {
        FACILITY_ID | FACILITY_NAME => ["入所", "入園", "内定", "決定", "承諾", "利用"]
            .iter()
            .any(|begin| header.starts_with(begin)),
        OUTCOME => header.contains("結果"),
        _ => false,
    }
}

/// A list of decisions that was read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DecisionList {
    /// The decisions that are certain.
    pub decisions: Decisions,
    /// The children left out, in file order.
    pub left_out: Vec<LeftOut>,
    /// What was found, in numbers.
    pub counts: Counts,
}

/// Reads a list of decisions. `columns`: a file that names columns (`--columns`).
///
/// `None` where an error is reported: no table, a missing or ambiguous column, an individual number.
#[must_use]
pub fn read(
    source: &Source<'_>,
    columns: Option<&Source<'_>>,
    roster: &Roster,
) -> (Option<DecisionList>, Diagnostics) {
    reading(columns, |names, all| list(source, names, roster, all))
}

fn list(
    source: &Source<'_>,
    names: &Names,
    roster: &Roster,
    all: &mut Diagnostics,
) -> Option<DecisionList> {
    let wanted = Wanted {
        spec: &DECISIONS,
        needed: &[OUTCOME, FACILITY_ID, FACILITY_NAME],
        likely,
    };
    let mut list = List::open(source, &wanted, names, roster, all)?;
    // A blank decision means what the column never says: that is known at its end only.
    let mut column = Says::default();
    if list.column(OUTCOME).is_some() {
        let mut quiet = Diagnostics::default();
        list.rows(&mut quiet, &mut |line, _| match word(line.cell(OUTCOME)) {
            Some(Word::Placed) => column.placed = true,
            Some(Word::Held) => column.held = true,
            Some(Word::Stays | Word::Withdrawn) | None => {}
        });
    }
    let mut seen = Seen::default();
    let mut counts = list.rows(all, &mut |line, all| {
        let child = line.child(roster, all);
        let outcome = outcome(line, column, roster, all);
        seen.add(line, child, outcome, roster, all);
    });
    counts.repeated = seen.repeated;
    let (decisions, left_out) = seen.finish();
    Some(DecisionList {
        decisions,
        left_out,
        counts,
    })
}

/// What a column of decisions says anywhere.
#[derive(Debug, Clone, Copy, Default)]
struct Says {
    placed: bool,
    held: bool,
}

/// The decision a line speaks of.
fn outcome(
    line: &Line<'_>,
    column: Says,
    roster: &Roster,
    all: &mut Diagnostics,
) -> Result<Outcome, Why> {
    if line.shifted {
        line.tell(&kind::ROW_SHIFTED, CHILD, all, nothing);
        return Err(Why::Unreadable);
    }
    if line.is_unreadable(OUTCOME) || line.is_unreadable(CHILD) {
        let field = if line.is_unreadable(CHILD) {
            CHILD
        } else {
            OUTCOME
        };
        line.tell(&kind::CELL_UNREADABLE, field, all, nothing);
        return Err(Why::Unreadable);
    }
    let said = line.cell(OUTCOME);
    if is_nothing(said) {
        return blank(line, column, roster, all);
    }
    match word(said) {
        Some(Word::Withdrawn) => Ok(Outcome::Withdrawn),
        Some(Word::Held) => {
            if let Some(field) = filled(line) {
                line.tell(&kind::HELD_WITH_FACILITY, field, all, nothing);
            }
            Ok(Outcome::Held)
        }
        Some(stays @ (Word::Placed | Word::Stays)) => match facility(line, roster, all)? {
            Some(facility) => Ok(placed(line, facility)),
            None if stays == Word::Stays => Ok(Outcome::Held),
            None => {
                line.tell(&kind::FACILITY_BLANK, OUTCOME, all, nothing);
                Err(Why::Facility)
            }
        },
        // Some lists have the facility where others have the word.
        None => match roster.facility(said) {
            Facility::Known { id, zeros: false }
                if roster.has_facilities() && filled(line).is_none() && !is_code(said) =>
            {
                Ok(placed(line, id))
            }
            _ => {
                line.tell(&kind::OUTCOME_UNKNOWN, OUTCOME, all, nothing);
                Err(Why::Outcome)
            }
        },
    }
}

/// One or two digits: a list's own code for a decision more likely than a facility.
fn is_code(cell: &str) -> bool {
    let text = normal(cell);
    let text = id::strip_zero_fraction(&text);
    text.len() <= 2 && text.bytes().all(|b| b.is_ascii_digit())
}

/// A line without a word in the column of decisions, or without such a column.
fn blank(
    line: &Line<'_>,
    column: Says,
    roster: &Roster,
    all: &mut Diagnostics,
) -> Result<Outcome, Why> {
    // A word where the facility would stand.
    for field in [FACILITY_NAME, FACILITY_ID] {
        match word(line.cell(field)) {
            Some(Word::Held) => return Ok(Outcome::Held),
            Some(Word::Withdrawn) => return Ok(Outcome::Withdrawn),
            Some(Word::Placed | Word::Stays) | None => {}
        }
    }
    let facility = facility(line, roster, all)?;
    let known = if facility.is_some() {
        !column.placed
    } else {
        !column.held
    };
    if !known {
        line.tell(&kind::OUTCOME_BLANK, OUTCOME, all, nothing);
        return Err(Why::Outcome);
    }
    Ok(facility.map_or(Outcome::Held, |facility| placed(line, facility)))
}

fn placed(line: &Line<'_>, facility: Box<str>) -> Outcome {
    let pool = Some(line.cell(POOL)).filter(|p| !is_nothing(p));
    Outcome::Placed {
        facility,
        pool: pool.map(Into::into),
    }
}

/// A field of the facility that is filled.
fn filled(line: &Line<'_>) -> Option<usize> {
    [FACILITY_ID, FACILITY_NAME]
        .into_iter()
        .find(|&f| !is_nothing(line.cell(f)) && word(line.cell(f)) != Some(Word::Held))
}

fn facility(
    line: &Line<'_>,
    roster: &Roster,
    all: &mut Diagnostics,
) -> Result<Option<Box<str>>, Why> {
    facility_of(line, [FACILITY_ID, FACILITY_NAME], roster, all)
}

/// The facility of a line by the columns of ids and names; `None` where both are blank.
pub(super) fn facility_of(
    line: &Line<'_>,
    [by_id, by_name]: [usize; 2],
    roster: &Roster,
    all: &mut Diagnostics,
) -> Result<Option<Box<str>>, Why> {
    for field in [by_id, by_name] {
        if line.is_unreadable(field) {
            line.tell(&kind::CELL_UNREADABLE, field, all, nothing);
            return Err(Why::Unreadable);
        }
    }
    let (id, name) = (line.cell(by_id), line.cell(by_name));
    let (field, cell) = match (is_nothing(id), is_nothing(name)) {
        (true, true) => return Ok(None),
        (false, _) => (by_id, id),
        (true, false) => (by_name, name),
    };
    match roster.facility(cell) {
        Facility::Known { id: found, zeros } => {
            // The name beside an id may be an old or a short one; that of another facility is a mistake.
            let beside = field == by_id && !is_nothing(name) && roster.has_facilities();
            if beside
                && let Facility::Known { id, zeros: false } = roster.facility(name)
                && id != found
            {
                line.tell(&kind::FACILITY_DISAGREES, field, all, || {
                    Text::new(
                        format!("名前「{name}」の施設の番号: {id}"),
                        format!("\"{name}\" is {id}"),
                    )
                });
                return Err(Why::Facility);
            }
            if zeros {
                line.tell(&kind::ZEROS_LOST, field, all, || read_as(&found));
            }
            return Ok(Some(found));
        }
        Facility::Ambiguous(ids) => line.tell(&kind::FACILITY_AMBIGUOUS, field, all, || {
            let (ja, en) = (ids.join("、"), ids.join(", "));
            Text::new(format!("施設の番号: {ja}"), format!("ids: {en}"))
        }),
        Facility::Unknown => line.tell(&kind::FACILITY_UNKNOWN, field, all, || {
            match roster.near(cell) {
                None => nothing(),
                Some((id, "")) => Text::new(format!("近い施設: {id}"), format!("nearest: {id}")),
                Some((id, name)) => Text::new(
                    format!("近い施設: 「{name}」（{id}）"),
                    format!("nearest: {name} ({id})"),
                ),
            }
        }),
    }
    Err(Why::Facility)
}

/// The children seen so far.
#[derive(Default)]
struct Seen {
    at: HashMap<Box<str>, usize>,
    list: Vec<(Box<str>, u32, Result<Outcome, Why>)>,
    repeated: u32,
}

impl Seen {
    fn add(
        &mut self,
        line: &Line<'_>,
        child: Box<str>,
        outcome: Result<Outcome, Why>,
        roster: &Roster,
        all: &mut Diagnostics,
    ) {
        let Some(&at) = self.at.get(&child) else {
            self.at.insert(child.clone(), self.list.len());
            self.list.push((child, line.number(), outcome));
            return;
        };
        let (_, first_row, first) = &mut self.list[at];
        if *first == outcome {
            self.repeated += 1;
            let first_row = *first_row;
            line.tell(&kind::REPEATED, CHILD, all, || {
                crate::nurseries::also_in(first_row)
            });
            return;
        }
        line.tell(&kind::TWO_DECISIONS, CHILD, all, || {
            let (a, b) = (in_words(first, roster), in_words(&outcome, roster));
            let (row, first_row) = (line.number(), *first_row);
            Text::new(
                format!("{first_row}行目は{}、{row}行目は{}", a.ja, b.ja),
                format!("row {first_row}: {}; row {row}: {}", a.en, b.en),
            )
        });
        *first = Err(Why::Contradiction);
    }

    fn finish(self) -> (Decisions, Vec<LeftOut>) {
        let mut decisions = Decisions::default();
        let mut left_out = Vec::new();
        for (child, row, outcome) in self.list {
            match outcome {
                Ok(outcome) => decisions.list.push(Decision {
                    child,
                    outcome,
                    row,
                }),
                Err(why) => left_out.push(LeftOut { child, row, why }),
            }
        }
        (decisions, left_out)
    }
}

/// A decision for a message.
fn in_words(outcome: &Result<Outcome, Why>, roster: &Roster) -> Text {
    match outcome {
        Ok(Outcome::Placed { facility, pool }) => {
            let name = roster.name(facility).unwrap_or(facility);
            let pool = pool
                .as_deref()
                .map_or_else(String::new, |p| format!("・{p}"));
            Text::new(
                format!("内定（{name}{pool}）"),
                format!("placed at {name}{pool}"),
            )
        }
        Ok(Outcome::Held) => Text::new("保留", "on hold"),
        Ok(Outcome::Withdrawn) => Text::new("取下げ", "withdrawn"),
        Err(Why::Contradiction) => Text::new("別の決定", "another decision"),
        Err(_) => Text::new("読めない決定", "a decision that cannot be read"),
    }
}
