//! Criteria from nothing but facts and decisions: points of conditions, how guardians' points come together, and keys among equals.
//!
//! - [`sides`]: who was placed and who was refused, class by class.
//! - [`columns`]: conditions, and for whom they hold.
//! - [`pull`]: how much each pulls, as numbers; [`guardians`]: whose reasons pull, where one guardian of a household counts.
//! - [`tables`]: tables of the file whose rows wait for points.
//! - [`shape`], [`shapes`]: how points of tables become an order.
//! - [`model`], [`whole`]: whole points, by how few stand on the wrong side; [`keys`]: what parts equals.
//! - [`families`]: rows that hold for siblings alone.
//! - [`write`]: all that as a criteria file; [`evidence`]: what speaks for each row.

pub mod columns;
pub mod evidence;
pub mod families;
pub mod guardians;
pub mod keys;
pub mod model;
pub mod order;
pub mod pull;
pub mod shape;
pub mod shapes;
pub mod sides;
pub mod tables;
pub mod whole;
pub mod write;

use crate::{support::Rule, years::Years};
use columns::Column;
use enmusubi_compare::{
    crew::{Crew, map},
    past::PastTies,
    world::{Unworkable, World},
};
use enmusubi_criteria::{Criteria, Document, aggregate::Aggregate};
use enmusubi_domain::facts::Exact;
use guardians::pulled;
use keys::Key;
use model::Model;
use shape::Shape;
use sides::Sides;
use std::collections::BTreeMap;
use write::Written;

/// Points and keys must leave one on the wrong side at most where a lottery leaves so many: some fit any decisions.
const NOTHING: i64 = 2;
/// Of two ways that cost the same but for so many children, nobody can tell which it was.
const ALIKE: i64 = 3 * model::ONE;
/// Scales on which keys are looked for.
const ROUNDED: usize = 12;
/// Of these, looked at more closely.
const POLISHED: usize = 4;
/// Shapes that are followed at once, as long as only the file's own rows have points.
const WIDTH: usize = 3;
/// Beginnings that are looked at once more.
const AGAIN: usize = 3;
/// A way is looked at to the end where it costs no more than so many times the best.
const HOPEFUL: i64 = 2;

/// Points and keys found for one way of putting guardians' points together.
#[derive(Debug, Clone)]
pub struct Found<'s> {
    /// Conditions.
    pub columns: Vec<Column>,
    /// Points.
    pub model: Model<'s>,
    /// Keys among equals, in order.
    pub keys: Vec<Key>,
}

impl Found<'_> {
    /// Conditions that have points, and these.
    pub fn rows(&self) -> impl Iterator<Item = (&Column, i64)> {
        let all = self.columns.iter().zip(self.model.points.iter().copied());
        all.filter(|(_, points)| *points != 0)
    }

    /// What is written: conditions that have points, and rows of the file that waited for theirs, also where they have none.
    pub fn written(&self) -> impl Iterator<Item = (&Column, i64)> {
        let all = self.columns.iter().zip(self.model.points.iter().copied());
        all.filter(|(column, points)| *points != 0 || column.row.is_some())
    }

    /// Children on the wrong side, rows, and keys.
    #[must_use]
    pub fn cost(&self) -> i64 {
        let keys = self.keys.len() + self.model.shape.0.len() - 1;
        whole::cost(&self.model, &self.columns) + keys::LEAST * keys as i64
    }
}

/// Criteria from decisions alone.
#[derive(Debug, Clone)]
pub struct Anew {
    /// A file that has everything but the rows.
    pub written: Written,
    /// Its rows, with what speaks for each.
    pub rules: Vec<Rule>,
    /// How guardians' points come together, and other ways that explain as much.
    pub together: Vec<Aggregate>,
}

/// Whether a file orders nobody yet: then criteria are learned from decisions alone.
#[must_use]
pub fn orders_nobody(criteria: &Criteria) -> bool {
    criteria.keys.first().is_none_or(|key| key.value.is_none())
}

/// A file that orders nobody yet, so that rounds can be laid out by it: rows that wait for points give one each. Some files ask of
/// applicants that each guardian has points at all.
#[must_use]
pub fn laid_out(criteria: &Criteria) -> Criteria {
    tables::giving(criteria, Exact::ONE)
}

/// Learns points and keys. `skeleton`: what is known beside them. `None`: the decisions say nothing, or a file cannot say it.
///
/// # Errors
/// The rounds cannot be laid out by the skeleton: why.
pub fn learn(
    years: &Years,
    (skeleton, criteria): (&Document, &Criteria),
    ties: &PastTies,
    forbidden: &[Box<str>],
    together: &[Aggregate],
    crew: &dyn Crew,
) -> Result<Option<Anew>, Unworkable> {
    let laid_out = laid_out(criteria);
    let world = World::of(years.past(&laid_out, ties), &[])?;
    let Some(sides) = Sides::of(&world, criteria, forbidden) else {
        return Ok(None);
    };
    let list = found(&sides, criteria, forbidden, together, crew);
    Ok(concluded(years, skeleton, ties, list))
}

/// Writes the best of what was found. `None`: the decisions say nothing, or a file cannot say it.
#[must_use]
pub fn concluded(
    years: &Years,
    skeleton: &Document,
    ties: &PastTies,
    mut list: Vec<Found<'_>>,
) -> Option<Anew> {
    list.sort_by_key(Found::cost);
    let best = list.first()?;
    let by_lot = Model::of(best.model.sides, Shape(Vec::new()), &[], Vec::new()).total;
    if best.model.total * NOTHING >= by_lot {
        return None;
    }
    let mut written = write::written(skeleton, best)?;
    families::settled(years, ties, best, &mut written);
    let alike = list.iter().filter(|f| f.cost() - best.cost() <= ALIKE);
    Some(Anew {
        rules: evidence::rules(years, best, &written.causes),
        written,
        together: alike.map(|f| f.model.shape.together()).collect(),
    })
}

/// What equals may be compared by, as far as facts say it, and what parts whoever is left.
struct Parting {
    numbers: Vec<Key>,
    conditions: Vec<Key>,
    lottery: Vec<u32>,
}

/// Finds points and keys for some ways of putting guardians' points together, one each.
#[must_use]
pub fn found<'s>(
    sides: &'s Sides,
    criteria: &Criteria,
    forbidden: &[Box<str>],
    together: &[Aggregate],
    crew: &dyn Crew,
) -> Vec<Found<'s>> {
    let columns = columns::columns(crew, sides, criteria, forbidden);
    let (numbers, conditions) = keys::of_facts(sides, &columns, criteria, forbidden);
    let lottery = keys::lottery(sides);
    let parting = Parting {
        numbers,
        conditions,
        lottery,
    };
    let started = map(crew, together.len(), |nth| {
        started(sides, &columns, &parting, together[nth])
    });
    let (started, mut rest) = hopeful(started.into_iter().flatten().collect());
    let mut ways: BTreeMap<Aggregate, Vec<Found<'s>>> = BTreeMap::new();
    for found in started {
        let together = found.model.shape.together();
        ways.entry(together).or_default().push(found);
    }
    let ways: Vec<Vec<Found<'s>>> = ways.into_values().collect();
    let begun = map(crew, ways.len(), |nth| begun(ways[nth].clone(), &parting));
    let (begun, others) = hopeful(begun.into_iter().flatten().collect());
    rest.extend(others);
    let mut list = map(crew, begun.len(), |nth| {
        finished(begun[nth].clone(), &columns, &parting)
    });
    // Of a way that was left early, its best says how little it explains.
    for found in rest {
        let together = found.model.shape.together();
        match list
            .iter_mut()
            .find(|f| f.model.shape.together() == together)
        {
            Some(best) if best.cost() <= found.cost() => {}
            Some(best) => *best = found,
            None => list.push(found),
        }
    }
    list
}

/// Ways that explain no less than half of what the best does, and the others: what explains far less will not explain more.
fn hopeful(list: Vec<Found<'_>>) -> (Vec<Found<'_>>, Vec<Found<'_>>) {
    let least = list.iter().map(Found::cost).min().unwrap_or(0);
    list.into_iter()
        .partition(|f| f.cost() <= least * HOPEFUL + 2 * ALIKE)
}

/// Points of what the file knows (of any conditions, where it knows none), on several scales.
fn started<'s>(
    sides: &'s Sides,
    conditions: &[Column],
    parting: &Parting,
    together: Aggregate,
) -> Vec<Found<'s>> {
    // Circumstances that the section knows come first; conditions that no row has explain what these leave.
    let mut columns = match sides.waiting.is_empty() {
        true => conditions.to_vec(),
        false => sides.waiting.clone(),
    };
    let pulls = pulled(sides, &mut columns, together);
    let few: Vec<&Key> = parting.numbers.iter().collect();
    let models = whole::rounded(sides, &columns, &pulls, together);
    let models = match sides.waiting.is_empty() {
        true => whole::best(models, &columns, ROUNDED),
        false => whole::best_of_each_scale(models, &columns),
    };
    let keyed = models.into_iter().map(|model| {
        let mut found = Found {
            columns: columns.clone(),
            model,
            keys: Vec::new(),
        };
        found.part(&few, &parting.lottery);
        found
    });
    let mut list: Vec<Found<'s>> = keyed.collect();
    list.sort_by_key(Found::cost);
    list.truncate(POLISHED);
    for found in &mut list {
        whole::polish_known(&mut found.model, &found.columns);
        found.part(&few, &parting.lottery);
    }
    list
}

/// The best that begins at one of some scales, in whatever shape, and keys.
fn begun<'s>(mut starts: Vec<Found<'s>>, parting: &Parting) -> Option<Found<'s>> {
    starts.sort_by_key(Found::cost);
    starts.truncate(AGAIN);
    let mut best = starts.first()?.clone();
    let shape = best.model.shape.clone();
    best.improve(parting, WIDTH);
    if best.model.shape == shape {
        return Some(best);
    }
    // Points that stood for what another shape says were found before it: once more, with the shape known.
    let shape = best.model.shape.clone();
    for mut start in starts {
        start.model.shape.clone_from(&shape);
        start.model.reshape(&start.columns);
        start.improve(parting, 1);
        if start.cost() < best.cost() {
            best = start;
        }
    }
    Some(best)
}

/// Further conditions, joined and parted ones too, as far as they explain what is left.
fn finished<'s>(mut found: Found<'s>, conditions: &[Column], parting: &Parting) -> Found<'s> {
    let mut columns = std::mem::take(&mut found.columns);
    if !found.model.sides.waiting.is_empty() {
        columns.extend(conditions.iter().cloned());
    }
    found.model.points.resize(columns.len(), 0);
    columns.extend(whole::joined_promising(&found.model, &columns));
    found.model.points.resize(columns.len(), 0);
    found.columns = columns;
    found.improve(parting, 1);
    whole::lift(&mut found.model, &found.columns);
    found
}

impl Found<'_> {
    /// Better points, other shapes, and keys.
    fn improve(&mut self, parting: &Parting, width: usize) {
        let all: Vec<&Key> = parting.numbers.iter().chain(&parting.conditions).collect();
        let (model, columns) = (&mut self.model, &self.columns);
        whole::polish(model, columns);
        let mut better = false;
        if !model.sides.waiting.is_empty() {
            // On a rougher scale only where shapes are looked for broadly: it takes longest.
            better |= width > 1 && whole::rescale(model, columns);
            better |= shapes::reshaped(model, columns, width);
        }
        self.part(&all, &parting.lottery);
        if better {
            whole::polish(&mut self.model, &self.columns);
            self.part(&all, &parting.lottery);
        }
    }

    /// Looks for keys anew.
    fn part(&mut self, of_facts: &[&Key], lottery: &[u32]) {
        let of_base = keys::of_base(&self.model);
        let candidates: Vec<&Key> = of_base.iter().chain(of_facts.iter().copied()).collect();
        let at = keys::found(&self.model, &candidates, lottery);
        self.keys = at.iter().map(|k| candidates[*k].clone()).collect();
        let list: Vec<&[u32]> = self
            .keys
            .iter()
            .map(|k| &k.of[..])
            .chain([lottery])
            .collect();
        self.model.tie = keys::ties(self.model.sides, &list);
        self.model.recount();
    }
}
