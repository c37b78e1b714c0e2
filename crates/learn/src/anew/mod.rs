//! Criteria from nothing but facts and decisions: points of conditions, how guardians' points come together, and keys among equals.
//!
//! - [`sides`]: who was placed and who was refused, class by class.
//! - [`columns`]: conditions, and for whom they hold.
//! - [`pull`]: how much each pulls, as numbers; [`guardians`]: whose reasons pull, where one guardian of a household counts.
//! - [`model`], [`whole`]: whole points, by how few stand on the wrong side; [`keys`]: what parts equals.
//! - [`write`]: all that as a criteria file; [`evidence`]: what speaks for each row.

pub mod columns;
pub mod evidence;
pub mod guardians;
pub mod keys;
pub mod model;
pub mod pull;
pub mod sides;
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
use model::{Model, Together};
use sides::Sides;
use write::Written;

/// Points and keys must leave one on the wrong side at most where a lottery leaves so many: some fit any decisions.
const NOTHING: i64 = 2;
/// Of two ways that cost the same but for so many children, nobody can tell which it was.
const ALIKE: i64 = 3 * model::ONE;
/// Scales on which keys are looked for.
const ROUNDED: usize = 12;
/// Of these, looked at more closely.
const POLISHED: usize = 3;
/// Times that points and keys are looked for in turn.
const TURNS: usize = 2;

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

    /// Children on the wrong side, rows, and keys.
    #[must_use]
    pub fn cost(&self) -> i64 {
        whole::cost(&self.model) + keys::LEAST * self.keys.len() as i64
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
    let Some(sides) = Sides::of(&world) else {
        return Ok(None);
    };
    let by_lot = Model::new(&sides, Together::Sum).total;
    let mut list = found(&sides, criteria, forbidden, together, crew);
    list.sort_by_key(Found::cost);
    let Some(best) = list.first().filter(|f| f.model.total * NOTHING < by_lot) else {
        return Ok(None);
    };
    let Some(written) = write::written(skeleton, best) else {
        return Ok(None);
    };
    let alike = list.iter().filter(|f| f.cost() - best.cost() <= ALIKE);
    Ok(Some(Anew {
        rules: evidence::rules(years, best, &written.causes),
        written,
        together: alike.map(|f| f.model.together).collect(),
    }))
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
    let mut columns = columns::columns(crew, sides, criteria, forbidden);
    let (numbers, conditions) = keys::of_facts(sides, &columns, criteria, forbidden);
    let lottery = keys::lottery(sides);
    columns.extend(columns::judged(sides, criteria));
    let parting = Parting {
        numbers,
        conditions,
        lottery,
    };
    map(crew, together.len(), |nth| {
        found_for(sides, columns.clone(), &parting, together[nth])
    })
}

fn found_for<'s>(
    sides: &'s Sides,
    mut columns: Vec<Column>,
    parting: &Parting,
    together: Together,
) -> Found<'s> {
    let pulls = pulled(sides, &mut columns, together);
    let few: Vec<&Key> = parting.numbers.iter().collect();
    let all: Vec<&Key> = few.iter().copied().chain(&parting.conditions).collect();
    let mut models = whole::rounded(sides, &columns, &pulls, together);
    models.sort_by_key(whole::cost);
    models.truncate(ROUNDED);
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
    list.sort_by_key(Found::cost);
    list.truncate(POLISHED);
    for found in &mut list {
        whole::polish_known(&mut found.model, &columns);
        found.part(&few, &parting.lottery);
    }
    let best = list.into_iter().min_by_key(Found::cost);
    let mut best = best.unwrap_or_else(|| Found {
        columns: Vec::new(),
        model: Model::of(sides, together, &columns, Vec::new()),
        keys: Vec::new(),
    });
    for turn in 0..TURNS {
        if turn > 0 {
            columns.extend(whole::joined_promising(&best.model, &columns));
            best.model.points.resize(columns.len(), 0);
        }
        whole::polish(&mut best.model, &columns);
        best.part(&all, &parting.lottery);
    }
    best.columns = columns;
    best
}

impl Found<'_> {
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
