//! Keys that part equals: facts, conditions and guardians' points, one after the other, wherever fewest stay on the wrong side.

use super::{
    columns::Column,
    model::Model,
    order::misplaced,
    shape::made_together,
    sides::Sides,
    write::{base_of, value},
};
use crate::proposers::speaks_of;
use enmusubi_compare::search::forbidden::may_decide;
use enmusubi_criteria::{Criteria, aggregate::Aggregate, model::Over};
use enmusubi_domain::facts::{
    Entity, Exact, Value,
    vocabulary::{Type, find, of_entity},
};

/// What a key must explain, in the unit of costs.
pub const LEAST: i64 = super::model::ONE * 3;
/// Keys at most.
const MOST: usize = 8;
/// Keys that are tried at every place, after they were tried at the last.
const TRIED: usize = 16;

/// Something that equals may be compared by.
#[derive(Debug, Clone)]
pub struct Key {
    /// In the criteria language.
    pub text: String,
    /// Whether lower comes first.
    pub lower: bool,
    /// Of each entry: smaller comes first.
    pub of: Vec<u32>,
}

/// Ranks of numbers, smaller first; `lower`: lower numbers first.
fn ranks(values: &[Exact], lower: bool) -> Vec<u32> {
    let mut sorted: Vec<Exact> = values.to_vec();
    sorted.sort();
    sorted.dedup();
    let last = sorted.len() as u32 - 1;
    let at = |v: &Exact| {
        let at = sorted.binary_search(v).unwrap_or(0) as u32;
        if lower { at } else { last - at }
    };
    values.iter().map(at).collect()
}

/// Both directions of some numbers; nothing where all are the same.
fn both(text: &str, values: &[Exact], keys: &mut Vec<Key>) {
    if values.iter().all(|v| *v == values[0]) {
        return;
    }
    for lower in [false, true] {
        keys.push(Key {
            text: text.to_owned(),
            lower,
            of: ranks(values, lower),
        });
    }
}

/// Numbers and conditions that equals may be compared by: numbers first.
#[must_use]
pub fn of_facts(
    sides: &Sides,
    columns: &[Column],
    criteria: &Criteria,
    forbidden: &[Box<str>],
) -> (Vec<Key>, Vec<Key>) {
    let mut numbers = Vec::new();
    for entity in [Entity::Household, Entity::Child, Entity::Choice] {
        of_numbers(sides, entity, &mut numbers);
    }
    numbers.retain(|k| !speaks_of(&k.text, forbidden, criteria));
    let mut conditions = Vec::new();
    for column in columns.iter().filter(|c| c.facts == 1 && c.row.is_none()) {
        let mut count = vec![0i64; sides.entries.len()];
        match column.over {
            Over::Application => column.of.iter().for_each(|e| count[*e as usize] = 1),
            _ => {
                for g in &column.of {
                    let household = sides.facts.guardians.parents[*g as usize];
                    for e in &sides.of_household[household as usize] {
                        count[*e as usize] += 1;
                    }
                }
            }
        }
        let text = match column.over {
            Over::Application => column.texts[0].clone(),
            _ if count.iter().all(|c| *c < 2) => continue,
            _ => format!(
                "guardians.count(g, {})",
                column.texts[0].replace("guardian.", "g.")
            ),
        };
        let values: Vec<Exact> = count.into_iter().map(Exact::whole).collect();
        both(&text, &values, &mut conditions);
    }
    (numbers, conditions)
}

fn of_numbers(sides: &Sides, entity: Entity, keys: &mut Vec<Key>) {
    let table = sides.facts.table(entity);
    for (at, attribute) in of_entity(entity) {
        let is_number = matches!(attribute.ty, Type::Number | Type::Quantity(_));
        if !may_decide(attribute) || table.column(at).is_none() || !is_number {
            continue;
        }
        let mut unknown = false;
        let each = sides.entries.iter().zip(&sides.household_of);
        let values = each.map(|(e, household)| {
            let subject = match entity {
                Entity::Household => *household,
                Entity::Child => e.child,
                _ => e.origin,
            };
            match table.get(subject, at) {
                Value::Number(n) => n,
                _ => {
                    unknown = true;
                    Exact::ZERO
                }
            }
        });
        let values: Vec<Exact> = values.collect();
        let path = attribute.path();
        let zero = match attribute.ty {
            Type::Quantity(unit) => format!("{}(0)", unit.name()),
            _ => "0".to_owned(),
        };
        let text = match unknown {
            true => format!("known({path}) ? {path} : {zero}"),
            false => path,
        };
        both(&text, &values, keys);
    }
}

/// What guardians' points make together in other ways than in the index.
#[must_use]
pub fn of_base(model: &Model<'_>) -> Vec<Key> {
    let sides = model.sides;
    let Some(base) = base_of(sides, 0, &model.shape.0[0]) else {
        return Vec::new();
    };
    let mut keys = Vec::new();
    for together in [Aggregate::Sum, Aggregate::Lowest, Aggregate::Highest] {
        if together == model.shape.together() {
            continue;
        }
        let of = sides.household_of.iter().map(|h| {
            let own = sides.guardians(*h).map(|g| model.base[g as usize][0]);
            Exact::whole(made_together(together, own))
        });
        both(&value(together, &base), &of.collect::<Vec<_>>(), &mut keys);
    }
    keys
}

/// Finds keys among some: their positions, in order. `last`: what parts whoever is left.
#[must_use]
pub fn found(model: &Model<'_>, candidates: &[&Key], last: &[u32]) -> Vec<usize> {
    let mut blocks = Blocks::of(model);
    let mut keys: Vec<usize> = Vec::new();
    let equal = vec![0; last.len()];
    let list =
        |keys: &[usize]| -> Vec<&[u32]> { keys.iter().map(|k| &candidates[*k].of[..]).collect() };
    // Those before and behind each place.
    let around = |keys: &[usize]| -> Vec<(Vec<u32>, Vec<u32>)> {
        let places = 0..=keys.len();
        let of = places.map(|at| {
            let mut behind = list(&keys[at..]);
            behind.push(last);
            (
                ties(model.sides, &list(&keys[..at])),
                ties(model.sides, &behind),
            )
        });
        of.collect()
    };
    let mut cost = blocks.cost(&equal, &equal, last);
    while keys.len() < MOST {
        // Best at either end, then at any place.
        let around = around(&keys);
        let ends: &[usize] = if keys.is_empty() {
            &[0]
        } else {
            &[0, keys.len()]
        };
        let mut at_end: Vec<(i64, usize)> = Vec::new();
        for k in (0..candidates.len()).filter(|k| !keys.contains(k)) {
            let mut with =
                |at: &usize| blocks.cost(&around[*at].0, &candidates[k].of, &around[*at].1);
            at_end.extend(ends.iter().map(&mut with).min().map(|cost| (cost, k)));
        }
        at_end.sort_unstable();
        let mut best: Option<(i64, usize, usize)> = None;
        for &(_, k) in at_end.iter().take(TRIED) {
            for (at, (before, behind)) in around.iter().enumerate() {
                let cost = blocks.cost(before, &candidates[k].of, behind);
                if best.is_none_or(|b| cost < b.0) {
                    best = Some((cost, k, at));
                }
            }
        }
        match best {
            Some((with, k, at)) if cost - with >= LEAST => {
                keys.insert(at, k);
                cost = with;
            }
            _ => break,
        }
        // One of those before may say nothing any more.
        for at in (0..keys.len()).rev() {
            let mut without = keys.clone();
            without.remove(at);
            let less = blocks.cost(&ties(model.sides, &list(&without)), &equal, last);
            if keys.len() > 1 && less <= cost + LEAST / 3 {
                keys = without;
                cost = less;
            }
        }
    }
    keys
}

/// Numbers drawn by lot before the decisions: they part whoever is left.
#[must_use]
pub fn lottery(sides: &Sides) -> Vec<u32> {
    let at = find(Entity::Child, "lottery_number");
    let numbers =
        sides.entries.iter().map(
            |e| match at.map(|at| sides.facts.children.get(e.child, at)) {
                Some(Value::Number(n)) => n,
                _ => Exact::ZERO,
            },
        );
    ranks(&numbers.collect::<Vec<_>>(), true)
}

/// Who comes first among equals by some keys: smaller.
#[must_use]
pub fn ties(sides: &Sides, keys: &[&[u32]]) -> Vec<u32> {
    let of = |e: usize| -> Vec<u32> { keys.iter().map(|k| k[e]).collect() };
    let mut all: Vec<Vec<u32>> = (0..sides.entries.len()).map(of).collect();
    let own = all.clone();
    all.sort();
    all.dedup();
    let at = own.iter().map(|k| all.binary_search(k).unwrap_or(0) as u32);
    at.collect()
}

/// Equals across cut-offs: only these keys part.
struct Blocks {
    /// Seats left for them, and entries: position, and whether refused.
    of: Vec<(usize, Vec<(u32, bool)>)>,
    room: Vec<i64>,
}

/// Room for one of three ranks.
const RANK: u32 = 20;

impl Blocks {
    fn of(model: &Model<'_>) -> Self {
        let mut of = Vec::new();
        for range in &model.sides.groups {
            let mut list: Vec<(i64, u32, bool)> = range
                .clone()
                .map(|e| (-model.score[e], e as u32, !model.sides.entries[e].placed))
                .collect();
            list.sort_unstable();
            let seats = list.iter().filter(|e| !e.2).count();
            let cut = list[seats - 1].0;
            let first = list.iter().filter(|e| e.0 < cut).count();
            let block: Vec<(u32, bool)> = list
                .iter()
                .filter(|e| e.0 == cut)
                .map(|e| (e.1, e.2))
                .collect();
            if seats - first < block.len() {
                of.push((seats - first, block));
            }
        }
        Self {
            of,
            room: Vec::new(),
        }
    }

    /// What is on the wrong side where equals are parted by three ranks, one after the other.
    fn cost(&mut self, first: &[u32], then: &[u32], last: &[u32]) -> i64 {
        let mut cost = 0;
        for (seats, block) in &self.of {
            self.room.clear();
            self.room.extend(block.iter().map(|(e, refused)| {
                let of = |list: &[u32]| i64::from(list[*e as usize]);
                let rank = (of(first) << (2 * RANK)) | (of(then) << RANK) | of(last);
                (rank << 1) | i64::from(*refused)
            }));
            cost += misplaced(&mut self.room, *seats);
        }
        cost
    }
}
