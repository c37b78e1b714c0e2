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
use enmusubi_criteria::{Criteria, Document};
use guardians::pulled;
use keys::Key;
use model::Model;
use shape::{Shape, Together};
use sides::Sides;
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
        whole::cost(&self.model, &self.columns) + self.keys_cost()
    }

    fn keys_cost(&self) -> i64 {
        keys::LEAST * (self.keys.len() + self.model.shape.0.len() - 1) as i64
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
    pub together: Vec<Together>,
}

/// Whether a file orders nobody yet: then criteria are learned from decisions alone.
#[must_use]
pub fn orders_nobody(criteria: &Criteria) -> bool {
    criteria.keys.first().is_none_or(|key| key.value.is_none())
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
    together: &[Together],
    crew: &dyn Crew,
) -> Result<Option<Anew>, Unworkable> {
    let world = World::of(years.past(criteria, ties), &[])?;
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
    together: &[Together],
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
    let begun = map(crew, together.len(), |nth| {
        begun(sides, &columns, &parting, together[nth])
    });
    // What explains far less than another way will not explain more.
    let least = begun.iter().map(Found::cost).min().unwrap_or(0);
    let hopeful = |f: &Found<'_>| f.cost() <= least * HOPEFUL + 2 * ALIKE;
    let (begun, mut rest): (Vec<Found<'s>>, Vec<Found<'s>>) = begun.into_iter().partition(hopeful);
    let mut list = map(crew, begun.len(), |nth| {
        finished(begun[nth].clone(), &columns, &parting)
    });
    list.append(&mut rest);
    list
}

/// Points of what the file knows (of any conditions, where it knows none), and keys.
fn begun<'s>(
    sides: &'s Sides,
    conditions: &[Column],
    parting: &Parting,
    together: Together,
) -> Found<'s> {
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
            columns: Vec::new(),
            model,
            keys: Vec::new(),
        };
        found.part(&few, &parting.lottery);
        found
    });
    let mut list: Vec<Found<'s>> = keyed.collect();
    let cost = |f: &Found<'_>, columns: &[Column]| whole::cost(&f.model, columns) + f.keys_cost();
    list.sort_by_key(|f| cost(f, &columns));
    list.truncate(POLISHED);
    for found in &mut list {
        whole::polish_known(&mut found.model, &columns);
        found.part(&few, &parting.lottery);
    }
    let starts = list.clone();
    let best = list.into_iter().min_by_key(|f| cost(f, &columns));
    let mut best = best.unwrap_or_else(|| Found {
        columns: Vec::new(),
        model: Model::of(sides, Shape::index(sides, together), &columns, Vec::new()),
        keys: Vec::new(),
    });
    best.columns = columns;
    best.improve(parting, WIDTH);
    // Points that stood for what another shape says were found before it: once more, with the shape known.
    let index = Shape::index(sides, together);
    let shape = best.model.shape.clone();
    for mut start in starts.into_iter().filter(|_| shape != index) {
        start.model.shape.clone_from(&shape);
        start.model.reshape(&best.columns);
        start.columns.clone_from(&best.columns);
        start.improve(parting, 1);
        if start.cost() < best.cost() {
            best = start;
        }
    }
    best
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
            better |= whole::rescale(model, columns);
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
