//! Criteria from nothing but facts and decisions: points of conditions, how guardians' points come together, and keys among equals.
//!
//! - [`sides`]: who was placed and who was refused, class by class.
//! - [`columns`]: conditions, and for whom they hold.
//! - [`pull`]: how much each pulls, as numbers.
//! - [`model`], [`whole`]: whole points, by how few stand on the wrong side; [`keys`]: what parts equals.
//! - [`write`]: all that as a criteria file; [`evidence`]: what speaks for each row.

pub mod columns;
pub mod evidence;
pub mod keys;
pub mod model;
pub mod pull;
pub mod sides;
pub mod whole;
pub mod write;

use crate::{support::Rule, years::Years};
use columns::{Column, joined};
use enmusubi_compare::{
    crew::{Crew, map},
    past::PastTies,
    world::{Unworkable, World},
};
use enmusubi_criteria::{Criteria, Document, model::Over};
use keys::Key;
use model::{Model, Together};
use pull::{Pulls, Sparse};
use sides::Sides;
use write::Written;

/// Points and keys must leave one on the wrong side at most where a lottery leaves so many: some fit any decisions.
const NOTHING: i64 = 2;
/// Of two ways that cost the same but for so many children, nobody can tell which it was.
const ALIKE: i64 = 3 * model::ONE;
/// Conditions that pull most, which are joined with others.
const JOINED: usize = 40;
/// Joined ones that are added.
const ADDED: usize = 160;
/// Conditions that pull: as long as guardians and joined ones are still to be chosen, and at last.
const FEW: usize = 60;
const MOST: usize = 120;
/// Times that guardians are chosen anew where only one of a household counts.
const CHOSEN: usize = 4;

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
        model: Model::new(sides, together).with(&columns, Vec::new()),
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
        let at = keys::found(&self.model, &candidates, Some(lottery));
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

/// Pulls of columns; joined ones are added.
fn pulled(sides: &Sides, columns: &mut Vec<Column>, together: Together) -> Vec<f64> {
    let one = matches!(together, Together::Lowest | Together::Highest);
    let mut chosen = None;
    let mut pulls = Pulls::none(sides, columns.len());
    let mut before = columns.len();
    for time in 0..CHOSEN {
        if one && time > 0 {
            chosen = Some(of_each(sides, columns, &pulls.of, together));
        }
        let list = sparsely(sides, columns, together, chosen.as_deref());
        pulls = Pulls::none(sides, list.len());
        let worth: Vec<f64> = columns.iter().map(worth).collect();
        pulls.grow(
            sides,
            &list,
            &|j| worth[j],
            if time == 0 { FEW } else { MOST },
        );
        before = columns.len();
        if time == 0 || time + 2 == CHOSEN {
            let joined = joined_best(sides, columns, &pulls, together, chosen.as_deref());
            columns.extend(joined);
        }
        if !one && time > 0 {
            break;
        }
    }
    pulls.of.truncate(before);
    pulls.of
}

/// How much more a condition must do than another to be preferred: plain ones come first.
fn worth(column: &Column) -> f64 {
    if column.judged.is_some() {
        return 0.0;
    }
    let over = if column.over == Over::Guardian {
        1.0
    } else {
        1.15
    };
    over * (1.0 + 0.15 * (column.facts as f64 - 1.0))
}

/// Which guardian of each household counts, by pulls.
fn of_each(sides: &Sides, columns: &[Column], pulls: &[f64], together: Together) -> Vec<bool> {
    let mut base = vec![0.0; sides.facts.guardians.len()];
    for (column, pull) in columns.iter().zip(pulls) {
        if column.over == Over::Guardian && *pull != 0.0 {
            for &g in &column.of {
                base[g as usize] += pull;
            }
        }
    }
    let mut chosen = vec![false; base.len()];
    for household in 0..sides.of_household.len() as u32 {
        let better = |a: f64, b: f64| match together {
            Together::Lowest => a < b,
            _ => a > b,
        };
        let mut best: Option<u32> = None;
        for g in sides.guardians(household) {
            if best.is_none_or(|b| better(base[g as usize], base[b as usize])) {
                best = Some(g);
            }
        }
        if let Some(best) = best {
            chosen[best as usize] = true;
        }
    }
    chosen
}

fn sparsely(
    sides: &Sides,
    columns: &[Column],
    together: Together,
    chosen: Option<&[bool]>,
) -> Vec<Sparse> {
    columns
        .iter()
        .map(|c| sparse(sides, c, together, chosen))
        .collect()
}

fn sparse(sides: &Sides, column: &Column, together: Together, chosen: Option<&[bool]>) -> Sparse {
    if column.over == Over::Application {
        let mut list: Sparse = Vec::with_capacity(column.of.len());
        for e in &column.of {
            match list.last_mut() {
                Some((last, count)) if last == e => *count += 1.0,
                _ => list.push((*e, 1.0)),
            }
        }
        return list;
    }
    let mut list: Sparse = Vec::new();
    let mut of = column.of.iter().peekable();
    while let Some(&g) = of.next() {
        let household = sides.facts.guardians.parents[g as usize];
        let mut count = f64::from(u8::from(chosen.is_none_or(|c| c[g as usize])));
        while let Some(&&other) = of.peek() {
            if sides.facts.guardians.parents[other as usize] != household {
                break;
            }
            count += f64::from(u8::from(chosen.is_none_or(|c| c[other as usize])));
            of.next();
        }
        if together == Together::Average || (chosen.is_none() && together != Together::Sum) {
            count /= sides.guardians(household).len() as f64;
        }
        if count > 0.0 {
            let entries = &sides.of_household[household as usize];
            list.extend(entries.iter().map(|e| (*e, count)));
        }
    }
    list
}

/// Joined columns that would pull most.
fn joined_best(
    sides: &Sides,
    columns: &[Column],
    pulls: &Pulls,
    together: Together,
    chosen: Option<&[bool]>,
) -> Vec<Column> {
    let mut strong: Vec<usize> = (0..columns.len()).filter(|j| pulls.of[*j] != 0.0).collect();
    let weight = |j: usize| pulls.of[j].abs() * (columns[j].of.len() as f64).sqrt();
    strong.sort_by(|a, b| weight(*b).total_cmp(&weight(*a)));
    let mut list: Vec<(f64, Column)> = Vec::new();
    for over in [Over::Guardian, Over::Application] {
        let strong = strong.iter().filter(|j| columns[**j].over == over);
        for &a in strong.take(JOINED) {
            for b in 0..columns.len() {
                if b == a
                    || columns[b].over != over
                    || columns[a].judged.is_some()
                    || columns[b].judged.is_some()
                {
                    continue;
                }
                let Some(both) = joined(&columns[a], &columns[b]) else {
                    continue;
                };
                let sparse = sparse(sides, &both, together, chosen);
                let slope = pulls.statistic(sides, &sparse);
                if slope > 10.0 {
                    list.push((slope, both));
                }
            }
        }
    }
    list.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut seen: std::collections::BTreeSet<Vec<u32>> = Default::default();
    list.retain(|(_, c)| seen.insert(c.of.clone()));
    list.truncate(ADDED);
    list.into_iter().map(|(_, c)| c).collect()
}
