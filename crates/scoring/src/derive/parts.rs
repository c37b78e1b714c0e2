//! The conditions of a row one by one.

use super::{Deriving, number};
use crate::tact;
use enmusubi_criteria::{
    expression::{Binary, Expression, Kind as Written},
    model::{BandPart, Row, Table},
    types::{Kind, Ty, Typed, TypedTable},
    words::in_words_of,
};
use enmusubi_domain::facts::{
    Exact, Unit,
    words::{Tongue, range},
};

/// One of the conditions that must all hold.
#[derive(Debug)]
pub enum Part<'a> {
    /// A condition of the file.
    Condition(&'a Expression, &'a Typed),
    /// A dimension of a band.
    Range(Range<'a>),
}

/// `from <= by < below`.
#[derive(Debug, Clone, Copy)]
pub struct Range<'a> {
    /// What is cut into bands.
    pub by: (&'a Expression, &'a Typed),
    /// Its unit.
    pub unit: Option<Unit>,
    /// Lower end, included.
    pub from: Option<Exact>,
    /// Upper end, not included.
    pub below: Option<Exact>,
    /// The dimension: 1 or 2.
    pub dimension: u8,
}

/// The part that does not hold, of a row of which all others do.
#[derive(Debug)]
pub struct Failed<'a> {
    /// The part.
    pub part: Part<'a>,
    /// The next band up or down.
    pub neighbour: bool,
}

/// How a row's condition stands, part by part.
#[derive(Debug)]
pub enum Standing<'a> {
    /// All parts hold.
    Holds,
    /// None is known to fail, and one is unknown.
    Unknown,
    /// Exactly one fails, and it is worth telling.
    Near(Failed<'a>),
    /// It does not hold.
    Fails,
}

/// The operands of `&&`, of any nesting.
pub fn conjuncts<'a>(e: &'a Expression, typed: &'a Typed, parts: &mut Vec<Part<'a>>) {
    if let (Written::Binary(Binary::And, a, b), Kind::And(x, y)) = (&e.kind, &typed.kind) {
        conjuncts(a, x, parts);
        conjuncts(b, y, parts);
    } else {
        parts.push(Part::Condition(e, typed));
    }
}

/// The parts of a row's condition, in the order of evaluation.
pub fn parts_of<'a>(table: &'a Table, typed: &'a TypedTable, at: usize) -> Vec<Part<'a>> {
    let row: &Row = &table.rows[at];
    let mut parts = Vec::new();
    let band = row.band.as_ref();
    let in_file = band.map(|b| (&table.bands[b.band as usize], &typed.bands[b.band as usize]));
    if let Some((band, typed)) = in_file
        && let (Some(e), Some(t)) = (&band.when, &typed.when)
    {
        conjuncts(e, t, &mut parts);
    }
    if let (Some(e), Some(t)) = (&row.when, &typed.rows[at].when) {
        conjuncts(e, t, &mut parts);
    }
    if let (Some(ends), Some((band, typed))) = (band, in_file) {
        if ends.from.is_some() || ends.below.is_some() {
            parts.push(Part::Range(Range {
                by: (&band.by, &typed.by),
                unit: band.unit,
                from: ends.from,
                below: ends.below,
                dimension: 1,
            }));
        }
        if let (Some(e), Some(t)) = (&band.by2, &typed.by2)
            && (ends.from2.is_some() || ends.below2.is_some())
        {
            parts.push(Part::Range(Range {
                by: (e, t),
                unit: band.unit2,
                from: ends.from2,
                below: ends.below2,
                dimension: 2,
            }));
        }
    }
    parts
}

impl Part<'_> {
    /// The typed expression that is looked at.
    pub fn looks_at(&self) -> &Typed {
        match self {
            Self::Condition(_, typed) => typed,
            Self::Range(range) => range.by.1,
        }
    }
}

impl Range<'_> {
    /// `月112時間以上140時間未満`.
    pub fn words(&self, tongue: Tongue) -> String {
        range(self.from, self.below, self.unit, tongue)
    }
}

impl<'a> Deriving<'a> {
    /// Whether a part holds, for the guardian (adult) at hand. What cannot be calculated counts as
    /// unknown: the evaluator itself may never look at it.
    fn part_holds(&mut self, part: &Part<'_>, element: Option<u32>) -> Option<bool> {
        let element = element.unwrap_or(self.session.element_at_hand());
        self.session.with_element(element, |s| match part {
            Part::Condition(_, typed) => s.condition(typed).ok().flatten(),
            Part::Range(range) => {
                let x = number(s.evaluate(range.by.1, 0))?;
                let (from, below) = (range.from, range.below);
                Some(from.is_none_or(|f| f <= x) && below.is_none_or(|b| x < b))
            }
        })
    }

    /// How a row's condition stands.
    pub fn standing(&mut self, table: usize, row: usize, element: Option<u32>) -> Standing<'a> {
        let (file, typed) = (&self.criteria.tables[table], &self.resolved.tables[table]);
        let mut parts = parts_of(file, typed, row);
        let held: Vec<_> = parts.iter().map(|p| self.part_holds(p, element)).collect();
        let failing: Vec<usize> = (0..parts.len())
            .filter(|&at| held[at] == Some(false))
            .collect();
        match failing[..] {
            [] if held.contains(&None) => Standing::Unknown,
            [] => Standing::Holds,
            [at] if parts.len() > 1 && !held.contains(&None) => {
                let part = parts.swap_remove(at);
                match &part {
                    Part::Range(range) => {
                        let x = self.evaluated(range.by.1, element);
                        let ends = file.rows[row].band.as_ref();
                        let next = ends
                            .zip(x)
                            .is_some_and(|(own, x)| is_next(file, own, x, range.dimension));
                        if next {
                            Standing::Near(Failed {
                                part,
                                neighbour: true,
                            })
                        } else {
                            Standing::Fails
                        }
                    }
                    Part::Condition(..) => Standing::Near(Failed {
                        part,
                        neighbour: false,
                    }),
                }
            }
            _ => Standing::Fails,
        }
    }

    /// A number for the guardian (adult) at hand.
    pub fn evaluated(&mut self, e: &Typed, element: Option<u32>) -> Option<Exact> {
        let element = element.unwrap_or(self.session.element_at_hand());
        self.session
            .with_element(element, |s| number(s.evaluate(e, 0)))
    }

    /// A part in Japanese, and as the criteria write it.
    pub fn words_of(&self, part: &Part<'_>) -> (String, String) {
        match part {
            Part::Condition(e, _) => (in_words_of(self.criteria, e), e.to_string()),
            Part::Range(range) => {
                let by = in_words_of(self.criteria, range.by.0);
                (
                    format!("{by}が{}", range.words(Tongue::Japanese)),
                    format!("{}: {}", range.by.0, range.words(Tongue::English)),
                )
            }
        }
    }

    /// Whether a part turns on nothing but ordinary matters of fact.
    pub fn is_ordinary(&self, e: &Typed) -> bool {
        self.is_ordinary_but(e, &mut Vec::new())
    }

    /// `seen`: named conditions looked into before.
    fn is_ordinary_but(&self, e: &Typed, seen: &mut Vec<u32>) -> bool {
        match &e.kind {
            Kind::Attribute(_, attribute) => tact::is_ordinary(*attribute),
            Kind::Condition(c) if seen.contains(c) => true,
            Kind::Condition(c) => {
                seen.push(*c);
                self.is_ordinary_but(&self.resolved.conditions[*c as usize], seen)
            }
            Kind::Number(_) | Kind::Bool(_) | Kind::Date(_) | Kind::Enum(_) | Kind::Text(_) => {
                e.ty != Ty::Text
            }
            Kind::Table(..) | Kind::Value(_) | Kind::Size(_) => false,
            _ => e
                .parts()
                .into_iter()
                .all(|part| self.is_ordinary_but(part, seen)),
        }
    }
}

/// Whether a part of a band is the next one up or down from where `x` is.
fn is_next(table: &Table, own: &BandPart, x: Exact, dimension: u8) -> bool {
    let ends = |part: &BandPart| match dimension {
        1 => (part.from, part.below),
        _ => (part.from2, part.below2),
    };
    let others = || {
        let parts = table.rows.iter().filter_map(|r| r.band.as_ref());
        parts.filter(|p| p.band == own.band).map(ends)
    };
    match ends(own) {
        (Some(from), _) if x < from => !others().any(|(f, _)| f.is_some_and(|f| x < f && f < from)),
        (_, Some(below)) if below <= x => {
            !others().any(|(_, b)| b.is_some_and(|b| b <= x && below < b))
        }
        _ => false,
    }
}
