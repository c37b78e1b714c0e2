//! Band edges (境目の計算例): for every band of every table, cases just below, at and just above each edge.
//!
//! The expected row is read off the file: the row whose bounds hold the value, with the points it states. What came is what
//! an evaluator says of a made-up household with that value (`solve` finds the facts that make the band's
//! conditions hold), asked row by row in a criteria file that holds nothing but that band (`probe`).
//!
//! **Invariant:** a band for which no household could be made is told as such, never left out.

mod probe;
mod solve;

use crate::{Program, examples::evaluator::Compiled};
use enmusubi_criteria::{
    Criteria,
    expression::{Binary, Expression, Kind, Unary},
    in_words_of,
    model::{Band, BandPart, Points, Row, Table},
};
use enmusubi_domain::facts::{Exact, Unit};
use std::collections::BTreeSet;

/// The edges of a band, under one condition of its rows.
#[derive(Debug, Clone, PartialEq)]
pub struct BandEdges {
    /// Id of the table.
    pub table: Box<str>,
    /// Its label.
    pub table_label: Box<str>,
    /// Id of the band.
    pub band: Box<str>,
    /// Its label.
    pub band_label: Box<str>,
    /// The quantity, in words.
    pub by: Box<str>,
    /// Its unit.
    pub unit: Option<Unit>,
    /// The second quantity, in words.
    pub by2: Option<Box<str>>,
    /// Its unit.
    pub unit2: Option<Unit>,
    /// The condition that some rows of the band add, in words; `None` for the rows without.
    pub condition: Option<Box<str>>,
    /// The file says that exactly one row applies from the lowest edge on.
    pub partition: bool,
    /// The cases, by value.
    pub cases: Vec<EdgeCase>,
    /// Why no household could be made, in Japanese and English; `found` of the cases is then empty.
    pub problem: Option<(String, String)>,
}

/// A case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EdgeCase {
    /// The value.
    pub at: Exact,
    /// The value of the second quantity.
    pub at2: Option<Exact>,
    /// Rows whose bounds hold the value, in file order.
    pub expected: Vec<RowAt>,
    /// Rows that the evaluator found to apply, or could not decide.
    pub found: Vec<RowAt>,
    /// Whether they are the same rows with the same points, and one where one must apply.
    pub holds: bool,
}

/// A row that applies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowAt {
    /// Its id.
    pub row: Box<str>,
    /// Its label.
    pub label: Box<str>,
    /// What it gives.
    pub points: PointsAt,
}

/// Points of a row at an edge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PointsAt {
    /// A number.
    Known(Exact),
    /// To be filled.
    ToBeFilled,
    /// Judged by staff.
    Judged,
    /// A formula that needs more facts than the case has.
    Open,
    /// Whether the row applies at all is unknown.
    Undecided,
}

impl BandEdges {
    /// Whether a household could be made and every case holds.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.problem.is_none() && !self.cases.is_empty() && self.cases.iter().all(|c| c.holds)
    }
}

/// The edges of every band, by the compiled evaluator.
#[must_use]
pub fn edges(criteria: &Criteria) -> Vec<BandEdges> {
    edges_by(criteria, &|probe, facts, choices| {
        let program = Program::compile(probe).map_err(|e| e.join("; "))?;
        Compiled(&program)
            .judge_all(facts, choices)
            .map_err(|e| e.item.into())
    })
}

/// Judges the choices of a round by a criteria file; an error in words.
pub type JudgeAll<'a> = dyn Fn(
        &Criteria,
        &enmusubi_domain::facts::RoundFacts,
        u32,
    ) -> Result<Vec<enmusubi_criteria::judgement::Judgement>, String>
    + 'a;

/// The edges of every band, by any evaluator.
#[must_use]
pub fn edges_by(criteria: &Criteria, judge: &JudgeAll<'_>) -> Vec<BandEdges> {
    let mut list = Vec::new();
    for table in &criteria.tables {
        for (at, band) in table.bands.iter().enumerate() {
            let mine = |r: &&Row| r.band.as_ref().is_some_and(|p| p.band as usize == at);
            let rows: Vec<&Row> = table.rows.iter().filter(mine).collect();
            let mut conditions: Vec<Option<&Expression>> = Vec::new();
            for row in &rows {
                if !conditions.contains(&row.when.as_ref()) {
                    conditions.push(row.when.as_ref());
                }
            }
            for condition in conditions {
                // Where some rows ask for more, those without a condition of their own apply beside them.
                let together = |r: &&&Row| r.when.is_none() || r.when.as_ref() == condition;
                let rows: Vec<&Row> = rows.iter().filter(together).copied().collect();
                list.push(of_band(criteria, table, band, condition, &rows, judge));
            }
        }
    }
    list
}

fn of_band(
    criteria: &Criteria,
    table: &Table,
    band: &Band,
    condition: Option<&Expression>,
    rows: &[&Row],
    judge: &JudgeAll<'_>,
) -> BandEdges {
    let part = |r: &&Row| r.band.clone();
    let parts: Vec<BandPart> = rows.iter().filter_map(part).collect();
    let first = values(band.unit, parts.iter().flat_map(|p| [p.from, p.below]));
    let second = band
        .by2
        .as_ref()
        .map(|_| values(band.unit2, parts.iter().flat_map(|p| [p.from2, p.below2])));
    let mut cases = Vec::new();
    for &at in &first {
        match &second {
            None => cases.push(case(rows, band, condition, at, None)),
            Some(second) => cases.extend(
                second
                    .iter()
                    .map(|&at2| case(rows, band, condition, at, Some(at2))),
            ),
        }
    }
    let problem = probe::ask(criteria, table, band, condition, rows, &mut cases, judge).err();
    let in_words = |e: &Expression| in_words_of(criteria, e).into();
    BandEdges {
        table: table.id.clone(),
        table_label: table.label.clone(),
        band: band.id.clone(),
        band_label: band.label.clone(),
        by: in_words(&band.by),
        unit: band.unit,
        by2: band.by2.as_ref().map(in_words),
        unit2: band.unit2,
        condition: condition.map(in_words),
        partition: band.partition && condition.is_none(),
        cases,
        problem,
    }
}

/// One below, at and one above each edge, and halfway below it where half hours occur; ascending.
#[must_use]
pub fn values(unit: Option<Unit>, ends: impl Iterator<Item = Option<Exact>>) -> Vec<Exact> {
    let ends: BTreeSet<Exact> = ends.flatten().collect();
    let halves = matches!(
        unit,
        Some(Unit::HoursPerDay | Unit::HoursPerWeek | Unit::HoursPerMonth)
    ) || ends.iter().any(|e| e.as_whole().is_none());
    let half = Exact::new(-1, 2).filter(|_| halves);
    let steps = [
        Some(Exact::whole(-1)),
        half,
        Some(Exact::ZERO),
        Some(Exact::ONE),
    ];
    let mut values = BTreeSet::new();
    for end in ends {
        values.extend(steps.iter().flatten().filter_map(|s| end.plus(*s)));
    }
    values.retain(|v| *v >= Exact::ZERO);
    if values.is_empty() {
        // A quantity without ends is not looked at.
        values.insert(Exact::ZERO);
    }
    values.into_iter().collect()
}

/// What the file says about a value.
fn case(
    rows: &[&Row],
    band: &Band,
    condition: Option<&Expression>,
    at: Exact,
    at2: Option<Exact>,
) -> EdgeCase {
    let holds = |row: &&&Row| {
        row.band.as_ref().is_some_and(|p| {
            p.from.is_none_or(|from| from <= at)
                && p.below.is_none_or(|below| at < below)
                && at2.is_none_or(|at2| {
                    p.from2.is_none_or(|from| from <= at2)
                        && p.below2.is_none_or(|below| at2 < below)
                })
        })
    };
    let expected: Vec<RowAt> = rows
        .iter()
        .filter(holds)
        .map(|row| RowAt {
            row: row.id.clone(),
            label: row.label.clone(),
            points: stated(&row.points),
        })
        .collect();
    let lowest = rows.iter().filter_map(|r| r.band.as_ref()).map(|p| p.from);
    let within = lowest.min().flatten().is_none_or(|lowest| lowest <= at);
    let one = !band.partition || at2.is_some() || condition.is_some() || !within;
    EdgeCase {
        at,
        at2,
        holds: one || expected.len() == 1,
        expected,
        found: Vec::new(),
    }
}

/// What a row states, where that is a number.
fn stated(points: &Points) -> PointsAt {
    match points {
        Points::Expression(e) => constant(e).map_or(PointsAt::Open, PointsAt::Known),
        Points::Discretion { .. } => PointsAt::Judged,
        Points::ToBeFilled => PointsAt::ToBeFilled,
    }
}

/// A number, or sums and differences of numbers (`20 - 1`).
fn constant(e: &Expression) -> Option<Exact> {
    match &e.kind {
        Kind::Number(n) => Some(*n),
        Kind::Unary(Unary::Minus, e) => constant(e)?.negated(),
        Kind::Binary(Binary::Plus, a, b) => constant(a)?.plus(constant(b)?),
        Kind::Binary(Binary::Minus, a, b) => constant(a)?.minus(constant(b)?),
        _ => None,
    }
}
