//! Rows that are missing in the file: a condition of one or two facts that holds for those whose numbers are apart by
//! the same points, and for nobody who agrees.

use super::propose::{Ground, Idea};
use crate::{
    cause::Cause,
    search::conditions::{self, Cuts, atoms, together},
};
use enmusubi_criteria::model::{Over, Take};
use enmusubi_domain::facts::{Entity, Exact};
use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

/// Single conditions that are joined with each other.
const JOINED: usize = 16;
/// Rows that are proposed, of those over applications and of those over guardians.
const BEST: usize = 6;
/// Wordings of one condition that are proposed.
const WORDINGS: usize = 3;
/// Tables of a kind a row is proposed in.
const TABLES: usize = 2;
/// Households a single condition must explain, and two joined ones: less is a slip.
const LEAST: [i64; 2] = [2, 3];

/// A condition: how often it holds for each target (guardians, else once).
type Condition = conditions::Condition<u8>;

/// A condition with the points that would explain most.
struct Fit<'c> {
    condition: &'c Condition,
    points: Exact,
    explained: i64,
    against: i64,
}

impl Fit<'_> {
    fn worth(&self) -> i64 {
        2 * self.explained - self.against
    }
}

/// Rows that might be missing.
pub fn ideas(ground: &Ground<'_>, ideas: &mut Vec<Idea>) {
    let differing = ground.residual.iter().flatten().any(|d| *d != Exact::ZERO);
    if !differing {
        return;
    }
    let (applications, guardians) = conditions(ground);
    for (over, list) in [
        (Over::Application, applications),
        (Over::Guardian, guardians),
    ] {
        let like = |take: fn(Take) -> bool| {
            let tables = ground.criteria.tables.iter();
            tables
                .filter(move |t| t.over == over && take(t.take))
                .map(|t| &t.id)
        };
        // In a table that adds up points are what they are; in one where the highest counts they are if nothing else
        // applied.
        let tables: Vec<&Box<str>> = like(|t| t == Take::Sum)
            .take(TABLES)
            .chain(like(|t| t == Take::Highest).take(TABLES))
            .collect();
        if tables.is_empty() {
            continue;
        }
        let mut fits: Vec<Fit<'_>> = list.iter().filter_map(|c| fit(ground, c)).collect();
        fits.sort_by_key(|f| Reverse(f.worth()));
        let pairs = joined(&fits[..fits.len().min(JOINED)]);
        fits.extend(pairs.iter().filter_map(|c| fit(ground, c)));
        fits.retain(|f| f.explained >= LEAST[f.condition.facts - 1]);
        fits.sort_by_key(|f| (Reverse(f.worth()), f.condition.facts));
        for found in fits.iter().take(BEST) {
            for text in found.condition.texts.iter().take(WORDINGS) {
                for table in &tables {
                    ideas.push(Idea {
                        cause: Cause::RowMissing {
                            table: (*table).clone(),
                            when: text.as_str().into(),
                            points: found.points,
                        },
                        promise: found.worth(),
                    });
                }
            }
        }
    }
}

/// The points with which a condition explains most households; `None` where it explains nobody.
fn fit<'c>(ground: &Ground<'_>, condition: &'c Condition) -> Option<Fit<'c>> {
    let mut explained: BTreeMap<Exact, BTreeSet<u32>> = BTreeMap::new();
    let mut against: BTreeSet<u32> = BTreeSet::new();
    for (t, &count) in condition.holds.iter().enumerate() {
        let (Some(apart), true) = (ground.residual[t], count > 0) else {
            continue;
        };
        let household = ground.household(t);
        if apart == Exact::ZERO {
            against.insert(household);
        } else if let Some(points) = apart.over(Exact::whole(count.into())) {
            explained.entry(points).or_default().insert(household);
        }
    }
    let (points, households) = explained.iter().max_by_key(|(_, h)| h.len())?;
    Some(Fit {
        condition,
        points: *points,
        explained: households.len() as i64,
        against: against.len() as i64,
    })
}

/// Two conditions at once, and one without the other.
fn joined(singles: &[Fit<'_>]) -> Vec<Condition> {
    let mut pairs = Vec::new();
    for (at, a) in singles.iter().enumerate() {
        for b in &singles[at + 1..] {
            let (a, b) = (a.condition, b.condition);
            for (x, y, not) in [(a, b, false), (a, b, true), (b, a, true)] {
                let both = x.holds.iter().zip(&y.holds);
                // Of guardians each condition counts its own; where one is about both, joined they are about the lesser.
                let holds: Vec<u8> = both
                    .map(|(x, y)| match not {
                        false => *x.min(y),
                        true => x.saturating_sub(*y),
                    })
                    .collect();
                if holds == x.holds || holds == y.holds || holds.iter().all(|h| *h == 0) {
                    continue;
                }
                let (Some(x), Some(y)) = (x.texts.first(), y.texts.first()) else {
                    continue;
                };
                let text = match not {
                    true => format!("({x}) && !({y})"),
                    false => format!("({x}) && ({y})"),
                };
                pairs.push(Condition {
                    texts: vec![text],
                    holds,
                    facts: 2,
                });
            }
        }
    }
    pairs
}

/// Conditions of one fact: of applications, of guardians.
fn conditions(ground: &Ground<'_>) -> (Vec<Condition>, Vec<Condition>) {
    let facts = ground.facts;
    let cuts = Cuts::of(ground.criteria);
    let of = |entity: Entity, name: &str| {
        let all = vec![true; facts.table(entity).len()];
        atoms(facts, entity, name, &cuts, &all)
    };
    let household = |t: usize| ground.household(t) as usize;
    let targets = |holds: &dyn Fn(usize) -> usize| -> Vec<u8> {
        let counts = (0..ground.targets.len()).map(holds);
        counts.map(|n| u8::try_from(n).unwrap_or(u8::MAX)).collect()
    };
    let mut applications: Vec<(String, Vec<u8>)> = Vec::new();
    for (entity, name) in [
        (Entity::Household, "household"),
        (Entity::Child, "child"),
        (Entity::Choice, "choice"),
    ] {
        for atom in of(entity, name) {
            let holds = targets(&|t| {
                let subject = match entity {
                    Entity::Household => household(t),
                    Entity::Child => ground.targets[t].child as usize,
                    _ => ground.targets[t].choices.start as usize,
                };
                usize::from(atom.holds[subject])
            });
            applications.push((atom.text, holds));
        }
    }
    let guardians_of = |t: usize| facts.index.guardians[household(t)].clone();
    for atom in of(Entity::Guardian, "g") {
        let any = targets(&|t| usize::from(guardians_of(t).any(|g| atom.holds[g as usize])));
        applications.push((format!("guardians.exists(g, {})", atom.text), any));
        let all = targets(&|t| usize::from(guardians_of(t).all(|g| atom.holds[g as usize])));
        applications.push((format!("guardians.all(g, {})", atom.text), all));
    }
    let adults_of = |t: usize| facts.index.adults[household(t)].clone();
    for atom in of(Entity::Adult, "a") {
        let any = targets(&|t| usize::from(adults_of(t).any(|a| atom.holds[a as usize])));
        applications.push((format!("adults.exists(a, {})", atom.text), any));
    }
    // Conditions the file has already, with other points or in another table.
    for (at, table) in (0u32..).zip(&ground.criteria.tables) {
        for (r, row) in (0u32..).zip(&table.rows) {
            if let (Over::Application, None, Some(when)) = (table.over, &row.band, &row.when) {
                let list = ground.rows.of(at, r);
                let holds = targets(&|t| {
                    let choice = ground.targets[t].choices.start;
                    usize::from(list.binary_search_by_key(&choice, |c| c.choice).is_ok())
                });
                applications.push((when.to_string(), holds));
            }
        }
    }
    let guardians = of(Entity::Guardian, "guardian").into_iter().map(|atom| {
        let holds = targets(&|t| guardians_of(t).filter(|g| atom.holds[*g as usize]).count());
        (atom.text, holds)
    });
    (together(applications), together(guardians.collect()))
}
