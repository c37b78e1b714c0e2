//! The comparison as it may be published: no children, no households, and small numbers withheld.
//!
//! What is left out must not follow from what is said:
//!
//! - Gains and losses are each one number of people in several tables (by kind, by area, by age …) with
//!   one total; [`withhold_all`] treats the tables of one number together. The unchanged are not
//!   given: they would tie gains to losses.
//! - Figures of the variant differ from those of the base by the people who gain and lose, so a figure
//!   is given where every number that makes the difference may be given.
//! - Cut-offs follow the rule of families' letters: as many newly placed, and as many considered, as
//!   the minimum, before and after.
//!
//! Not covered: whoever publishes many variants that differ by little publishes their differences too.

use super::{
    report::{ChildRow, ClassSide, Comparison, Dimension, Figures, Outcome, Side, Tally, WhatIf},
    withhold::{Cell, Shown, shown, withhold_all},
};
use crate::report::{KeyComponentReport, KeyKindName, MechanismName};
use serde::Serialize;

/// `whatif-public.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PublicWhatIf {
    /// Version of the program.
    pub engine_version: String,
    /// Day of entry, ISO 8601.
    pub entry_date: String,
    /// Number of the round.
    pub number: u32,
    /// Counts of fewer people than this are withheld (`null`).
    pub disclosure_minimum: u32,
    /// The round as it is.
    pub base: PublicSide,
    /// The variants.
    pub variants: Vec<PublicVariant>,
}

/// A round under some criteria and seats. `None`: withheld.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PublicSide {
    /// Title of the criteria.
    pub title: String,
    /// How seats are given.
    pub mechanism: MechanismName,
    /// Children who applied.
    pub children: Option<u32>,
    /// Children with a class, stayers included.
    pub with_class: Option<u32>,
    /// Newly placed at their first choice.
    pub first_choice: Option<u32>,
    /// Mean choice rank of the newly placed, to hundredths.
    pub mean_rank: Option<String>,
    /// Families refused against their priority.
    pub blocking_families: Option<u32>,
    /// Proved: no placement is better by the declared objective.
    pub proved: bool,
}

/// A variant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PublicVariant {
    /// Its name.
    pub name: String,
    /// Its changes in words, in the language of the run.
    pub words: Vec<String>,
    /// What came of it; `None`: it was not decided.
    pub comparison: Option<PublicComparison>,
}

/// A variant beside the base.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PublicComparison {
    /// The round in the variant.
    pub after: PublicSide,
    /// Who gains.
    pub gained: PublicCount,
    /// Who loses.
    pub lost: PublicCount,
    /// Both by group.
    pub groups: Vec<PublicGroup>,
    /// Classes whose cut-off may be given and differs.
    pub cut_offs: Vec<PublicCutOff>,
    /// Classes whose cut-off may be given and is as before.
    pub cut_offs_unchanged: u32,
    /// Classes whose cut-off is withheld, or that have none.
    pub cut_offs_withheld: u32,
}

/// A number of children in two kinds. `None`: withheld.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct PublicCount {
    /// All.
    pub total: Option<u32>,
    /// Of these, placed now (or: no longer placed).
    pub placement: Option<u32>,
    /// Of these, at a better (worse) choice.
    pub choice: Option<u32>,
}

/// A group. `None`: withheld.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PublicGroup {
    /// What children are grouped by.
    pub dimension: Dimension,
    /// Which group, as in `whatif.json`.
    pub group: String,
    /// Who gains.
    pub gained: Option<u32>,
    /// Who loses.
    pub lost: Option<u32>,
}

/// The cut-off of a class before and after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PublicCutOff {
    /// Facility id.
    pub facility: String,
    /// Facility name.
    pub name: String,
    /// Age class.
    pub age: u8,
    /// Pool id.
    pub pool: Option<String>,
    /// Label of what is compared (指数).
    pub label: String,
    /// Before.
    pub before: String,
    /// After.
    pub after: String,
}

/// The form for publication.
#[must_use]
pub fn public(what_if: &WhatIf) -> PublicWhatIf {
    let minimum = what_if.disclosure_minimum;
    PublicWhatIf {
        engine_version: what_if.engine_version.clone(),
        entry_date: what_if.entry_date.clone(),
        number: what_if.number,
        disclosure_minimum: minimum,
        base: side(&what_if.base, minimum, Changes::NONE),
        variants: what_if
            .variants
            .iter()
            .map(|v| PublicVariant {
                name: v.name.clone(),
                words: v.words.clone(),
                comparison: match &v.outcome {
                    Outcome::Compared(c) => Some(comparison(&what_if.base.figures, c, minimum)),
                    _ => None,
                },
            })
            .collect(),
    }
}

/// Which figures of a side may be given.
#[derive(Clone, Copy)]
struct Changes {
    with_class: bool,
    first_choice: bool,
    mean_rank: bool,
}

impl Changes {
    /// There is nothing to compare with.
    const NONE: Self = Self {
        with_class: true,
        first_choice: true,
        mean_rank: true,
    };
}

fn side(side: &Side, minimum: u32, changes: Changes) -> PublicSide {
    let f = &side.figures;
    let enough = f.newly_placed >= minimum;
    PublicSide {
        title: side.title.clone(),
        mechanism: side.mechanism,
        children: shown(f.children, minimum),
        with_class: shown(f.with_class, minimum)
            .filter(|_| changes.with_class && shown(f.held, minimum).is_some()),
        first_choice: shown(f.first_choice, minimum).filter(|_| {
            let rest = f.newly_placed - f.first_choice;
            changes.first_choice && shown(rest, minimum).is_some()
        }),
        mean_rank: hundredths(f).filter(|_| changes.mean_rank && enough),
        blocking_families: shown(f.blocking_families.len() as u32, minimum),
        proved: f.proved,
    }
}

/// The mean choice rank, rounded half up: 1.53.
#[must_use]
pub fn hundredths(figures: &Figures) -> Option<String> {
    let n = u64::from(figures.newly_placed);
    let scaled = (figures.rank_sum.checked_mul(200)?.checked_add(n)?).checked_div(2 * n)?;
    Some(format!("{}.{:02}", scaled / 100, scaled % 100))
}

fn comparison(base: &Figures, c: &Comparison, minimum: u32) -> PublicComparison {
    let (gained, gains_by) = counted(c, Tally::gained, [c.all.placed_now, c.all.better], minimum);
    let (lost, losses_by) = counted(c, Tally::lost, [c.all.unplaced, c.all.worse], minimum);
    // Who is placed now and who no longer, together, lead from the children on hold before to those
    // after; where one of these numbers is small, the kinds are not told apart.
    let held = [base.held, c.after.figures.held];
    let (mut gained, mut lost) = (gained, lost);
    if held.iter().any(|&n| shown(n, minimum).is_none()) {
        for count in [&mut gained, &mut lost] {
            if count.total != Some(0) {
                (count.placement, count.choice) = (None, None);
            }
        }
    }
    let (cut_offs, cut_offs_unchanged, cut_offs_withheld) = cut_offs(c, minimum);
    let groups = c.groups.iter().zip(gains_by).zip(losses_by);
    PublicComparison {
        after: side(
            &c.after,
            minimum,
            figures_shown(base, c, gained, lost, minimum),
        ),
        gained,
        lost,
        groups: groups
            .map(|((group, gained), lost)| PublicGroup {
                dimension: group.dimension,
                group: group.group.clone(),
                gained,
                lost,
            })
            .collect(),
        cut_offs,
        cut_offs_unchanged,
        cut_offs_withheld,
    }
}

/// One number of people by kind and by every group.
fn counted(
    c: &Comparison,
    number: fn(&Tally) -> u32,
    kinds: [u32; 2],
    minimum: u32,
) -> (PublicCount, Vec<Option<u32>>) {
    let of_kinds = kinds.iter().map(|&value| Cell {
        value,
        small_group: false,
    });
    let mut tables: Vec<Vec<Cell>> = vec![of_kinds.collect()];
    // Groups come dimension by dimension.
    for dimension in c.groups.chunk_by(|a, b| a.dimension == b.dimension) {
        let cells = dimension.iter().map(|g| Cell {
            value: number(&g.tally),
            small_group: g.tally.children < minimum,
        });
        tables.push(cells.collect());
    }
    let shown = withhold_all(&tables, minimum);
    let (of_kinds, of_groups) = shown.split_at(1);
    let kind = |i: usize| {
        of_kinds
            .first()
            .and_then(|t| t.cells.get(i).copied().flatten())
    };
    let count = PublicCount {
        total: of_kinds.first().and_then(|t| t.total),
        placement: kind(0),
        choice: kind(1),
    };
    let by_group = of_groups.iter().flat_map(|t: &Shown| t.cells.clone());
    (count, by_group.collect())
}

/// Which figures of the variant may be given: those whose difference from the base is made of numbers
/// that may be given.
fn figures_shown(
    base: &Figures,
    c: &Comparison,
    gained: PublicCount,
    lost: PublicCount,
    minimum: u32,
) -> Changes {
    let base_held_shown = shown(base.held, minimum).is_some();
    let both = gained.total.is_some() && lost.total.is_some();
    let count = |first: fn(&ChildRow) -> bool| c.changed.iter().filter(|r| first(r)).count() as u32;
    let into_first = count(|r| r.after.rank == Some(1));
    let out_of_first = count(|r| r.before.rank == Some(1));
    let parts = [
        into_first,
        c.all.gained().saturating_sub(into_first),
        out_of_first,
        c.all.lost().saturating_sub(out_of_first),
    ];
    Changes {
        with_class: gained.placement.is_some() && lost.placement.is_some() && base_held_shown,
        first_choice: both && parts.iter().all(|&n| shown(n, minimum).is_some()),
        mean_rank: both,
    }
}

/// Cut-offs that differ and may be given; how many are as before; how many are withheld or not there.
fn cut_offs(c: &Comparison, minimum: u32) -> (Vec<PublicCutOff>, u32, u32) {
    let points = |components: &[KeyComponentReport]| {
        components
            .iter()
            .position(|k| k.kind == KeyKindName::Points)
    };
    let [before, after] = &c.key_components;
    let at = [points(before), points(after)];
    let (mut list, mut same, mut withheld) = (Vec::new(), 0, 0);
    for row in &c.classes {
        let of = |side: &Option<ClassSide>, at: Option<usize>| -> Option<String> {
            let side = side.as_ref()?;
            let enough = side.newly_placed >= minimum && side.considered >= minimum;
            enough.then(|| side.cut_off.as_ref()?.get(at?).cloned())?
        };
        match (of(&row.before, at[0]), of(&row.after, at[1])) {
            (Some(a), Some(b)) if a == b => same += 1,
            (Some(was), Some(is)) => list.push(PublicCutOff {
                facility: row.facility.clone(),
                name: row.name.clone(),
                age: row.age,
                pool: row.pool.clone(),
                label: at[0].map_or_else(String::new, |at| before[at].label.clone()),
                before: was,
                after: is,
            }),
            _ => withheld += 1,
        }
    }
    (list, same, withheld)
}
