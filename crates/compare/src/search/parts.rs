//! Conditions made of what a file says itself: its named conditions, the parts of its rows' conditions, and what lies
//! between its bands. A row that is missing there speaks most likely of what its neighbours speak of.

use crate::world::scored::add_row;
use enmusubi_criteria::{
    Criteria,
    expression::{Binary, Expression, Kind},
    model::{Band, BandPart, Over, Row, Table, Take},
};
use enmusubi_domain::facts::{Exact, RoundFacts, Unit};
use enmusubi_scoring::Program;
use std::collections::BTreeSet;

/// A condition, and to whom it applies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// In the criteria language.
    pub text: String,
    /// Choices, or guardians (adults), ascending.
    pub of: Vec<u32>,
}

/// Areas between bands that are looked at, at most.
const GAPS: usize = 200;

/// Conditions of a file for tables over so much; those that cannot be asked are left out.
#[must_use]
pub fn parts(criteria: &Criteria, facts: &RoundFacts, over: Over) -> Vec<Part> {
    let mut texts: BTreeSet<String> = BTreeSet::new();
    if over == Over::Application {
        texts.extend(criteria.conditions.iter().map(|c| c.id.to_string()));
    }
    for table in criteria.tables.iter().filter(|t| t.over == over) {
        let bands = table.bands.iter().filter_map(|b| b.when.as_ref());
        let rows = table.rows.iter().filter_map(|r| r.when.as_ref());
        for when in bands.chain(rows) {
            texts.insert(when.to_string());
            pieces(when, &mut texts);
        }
        texts.extend(gaps(table));
    }
    let Some(table) = criteria.tables.iter().position(|t| t.over == over) else {
        return Vec::new();
    };
    // Each a row of its own, so that whoever scores also says to whom it applies.
    let mut asked = criteria.clone();
    let own = &mut asked.tables[table];
    (own.take, own.at_most, own.at_least) = (Take::Sum, None, None);
    own.rows.clear();
    own.groups.clear();
    let id = own.id.clone();
    let mut known: Vec<String> = Vec::new();
    for text in texts {
        if add_row(&mut asked, known.len(), &id, &text, Exact::ONE).is_ok() {
            known.push(text);
        }
    }
    let Ok(program) = Program::compile(&asked) else {
        return Vec::new();
    };
    let applying = program.applying(facts, table as u32);
    let parts = known.into_iter().zip(applying);
    parts.map(|(text, of)| Part { text, of }).collect()
}

/// The whole condition of a row, that of its band in it; `None`: it applies to everybody.
#[must_use]
pub fn of_row(table: &Table, row: &Row) -> Option<String> {
    let own = row.when.as_ref().map(|w| format!("({w})"));
    let of_band = row.band.as_ref().map(|part| {
        let band = &table.bands[part.band as usize];
        area(band, (part.from, part.below), (part.from2, part.below2))
    });
    match (own, of_band) {
        (Some(own), None) => Some(own[1..own.len() - 1].to_owned()),
        (own, of_band) => own
            .into_iter()
            .chain(of_band)
            .reduce(|a, b| format!("{a} && {b}")),
    }
}

/// What a condition asks for at once.
fn pieces(e: &Expression, texts: &mut BTreeSet<String>) {
    if let Kind::Binary(Binary::And, a, b) = &e.kind {
        for part in [a, b] {
            texts.insert(part.to_string());
            pieces(part, texts);
        }
    }
}

/// What no row of a band is about: the areas between its cuts, and several of these beside each other.
fn gaps(table: &Table) -> Vec<String> {
    let mut found = Vec::new();
    for (at, band) in (0u32..).zip(&table.bands) {
        let rows = table.rows.iter().filter_map(|r| r.band.as_ref());
        let rows: Vec<&BandPart> = rows.filter(|p| p.band == at).collect();
        let columns = steps(rows.iter().flat_map(|p| [p.from, p.below]));
        let lines = match band.by2 {
            Some(_) => steps(rows.iter().flat_map(|p| [p.from2, p.below2])),
            None => vec![(None, None)],
        };
        let taken = |c: usize, l: usize| {
            let (column, line) = (columns[c], lines[l]);
            rows.iter()
                .any(|p| covers((p.from, p.below), column) && covers((p.from2, p.below2), line))
        };
        for (c, &(from, _)) in columns.iter().enumerate() {
            for (l, &(from2, _)) in lines.iter().enumerate() {
                // Every rectangle that begins here.
                let mut height = lines.len();
                for (to, &(_, below)) in columns.iter().enumerate().skip(c) {
                    let free = (l..height).take_while(|&y| !taken(to, y)).count();
                    height = l + free;
                    for &(_, below2) in &lines[l..height] {
                        if found.len() < GAPS {
                            found.push(area(band, (from, below), (from2, below2)));
                        }
                    }
                }
            }
        }
    }
    found
}

/// What lies between cuts, from below all to above all.
fn steps(cuts: impl Iterator<Item = Option<Exact>>) -> Vec<(Option<Exact>, Option<Exact>)> {
    let cuts: BTreeSet<Exact> = cuts.flatten().collect();
    let from = std::iter::once(None).chain(cuts.iter().copied().map(Some));
    let below = cuts.iter().copied().map(Some).chain(std::iter::once(None));
    from.zip(below).collect()
}

fn covers(row: (Option<Exact>, Option<Exact>), step: (Option<Exact>, Option<Exact>)) -> bool {
    let from = row.0.is_none_or(|r| step.0.is_some_and(|s| r <= s));
    let below = row.1.is_none_or(|r| step.1.is_some_and(|s| s <= r));
    from && below
}

/// A condition for an area.
fn area(
    band: &Band,
    first: (Option<Exact>, Option<Exact>),
    second: (Option<Exact>, Option<Exact>),
) -> String {
    let mut parts: Vec<String> = band.when.iter().map(|w| format!("({w})")).collect();
    let mut bound = |by: &Expression, unit: Option<Unit>, (from, below): (_, _)| {
        for (sign, end) in [(">=", from), ("<", below)] {
            let Some(n): Option<Exact> = end else {
                continue;
            };
            parts.push(match unit {
                Some(unit) => format!("{by} {sign} {}({n})", unit.name()),
                None => format!("{by} {sign} {n}"),
            });
        }
    };
    bound(&band.by, band.unit, first);
    if let Some(by2) = &band.by2 {
        bound(by2, band.unit2, second);
    }
    parts.join(" && ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example() -> Criteria {
        let text = include_bytes!("../../../../criteria/example/r9.toml");
        enmusubi_criteria::read("r9.toml", text)
            .0
            .expect("an example that reads")
    }

    #[test]
    fn a_band_without_a_gap_leaves_only_what_lies_below_it() {
        let criteria = example();
        let base = &criteria.tables[0];
        let study: Vec<String> = (gaps(base).into_iter())
            .filter(|g| g.contains("study_hours"))
            .collect();
        let below = "('study' in guardian.reasons || 'training' in guardian.reasons) \
            && guardian.study_hours_per_month < hours_per_month(64)";
        assert_eq!(study, [below]);
    }

    #[test]
    fn what_a_row_leaves_is_found_whole_and_in_pieces() {
        let mut criteria = example();
        let base = &mut criteria.tables[0];
        let before = gaps(base);
        base.rows.retain(|r| &*r.id != "disability-1");
        let new: Vec<String> = (gaps(base).into_iter())
            .filter(|g| !before.contains(g))
            .collect();
        let below = "('disability' in guardian.reasons) && guardian.disability_grade < 3";
        assert_eq!(new, [below]);
    }

    #[test]
    fn what_a_condition_asks_for_at_once_is_asked_for_alone() {
        let criteria = example();
        let mut rows = criteria.tables.iter().flat_map(|t| &t.rows);
        let row = rows.find(|r| &*r.id == "self-reliance");
        let mut texts = BTreeSet::new();
        pieces(
            row.and_then(|r| r.when.as_ref()).expect("a condition"),
            &mut texts,
        );
        let texts: Vec<String> = texts.into_iter().collect();
        assert_eq!(
            texts,
            ["household.welfare", "household.welfare_self_reliance"]
        );
    }
}
