//! One household's facts mended: only it is scored again, and its keys are put into the market that is there.
//!
//! **Invariant:** what comes out is what scoring and staging the whole round gives. Whatever else than keys the fact
//! changes (who may be placed where, pools, passes) has the round staged again.

use super::{
    World,
    household::{Household, OWN},
    scored::Scored,
};
use crate::{cause::Cause, keys::Keys};
use enmusubi_criteria::{Criteria, judgement::Eligible, model::Key};
use enmusubi_domain::facts::{
    AttributeIx, Entity, Exact, RoundFacts, Value, vocabulary::of_entity, words::Tongue,
};
use enmusubi_market::{ChoiceIx, Market};
use enmusubi_scoring::Scores;
use enmusubi_selection::compiled::CompiledRound;
use std::{collections::HashMap, sync::Arc};

/// A round with one more fact mended.
pub struct Spliced<'a> {
    /// Facts and scores.
    pub scored: Scored<'a>,
    /// The market and its keys; `None`: to be staged.
    pub market: Option<(CompiledRound, Keys)>,
}

/// Where components of the file's keys are in the plain keys: behind the target groups of soft pools, before the
/// tie-break.
#[derive(Debug, Clone, Copy)]
pub struct Layout {
    /// Components before them.
    pub soft: usize,
    /// Of these the strata.
    strata: usize,
    /// How many there are, up to the first key that is to be filled.
    pub of_file: usize,
}

impl Layout {
    /// Of a world of facts.
    pub fn of(world: &World<'_>) -> Option<Self> {
        let criteria = &world.scored.as_ref()?.criteria;
        let strata = usize::from(!criteria.strata.is_empty());
        let keys = criteria.keys.iter().take_while(|k| k.value.is_some());
        let of_file = strata + keys.count();
        let tie = usize::from(world.has_tie_break());
        let soft = world
            .plain
            .key_components
            .len()
            .checked_sub(of_file + tie)?;
        Some(Self {
            soft,
            strata,
            of_file,
        })
    }

    /// The key at a component of the scores; `None`: the strata.
    pub fn key<'c>(&self, criteria: &'c Criteria, at: usize) -> Option<&'c Key> {
        criteria.keys.get(at.checked_sub(self.strata)?)
    }
}

/// Per choice of a market: the choice of the facts it comes from (`u32::MAX`: none), and whether it is the second
/// copy at its class.
pub fn origins(market: &Market, rows: &[u32], facts: &RoundFacts) -> Vec<(u32, bool)> {
    let ids = facts.facilities.ids.iter().enumerate();
    let at: HashMap<&str, u32> = ids.map(|(f, id)| (&**id, f as u32)).collect();
    let facility: Vec<Option<u32>> = market
        .nurseries
        .iter()
        .map(|n| at.get(&*n.id).copied())
        .collect();
    let mut list = Vec::with_capacity(market.choices.len());
    for (child, &row) in market.children.iter().zip(rows) {
        let own = facts.index.choices[row as usize].clone();
        let mut last = None;
        for x in child.choices.clone() {
            let class = market.choices[x as usize].class;
            let place = facility[market.classes[class as usize].nursery as usize];
            let mut own = own.clone();
            let found = own.find(|&o| Some(facts.choice_facility[o as usize]) == place);
            list.push((found.unwrap_or(u32::MAX), last == Some(class)));
            last = Some(class);
        }
    }
    list
}

/// A world with one more fact mended; `None` where the whole round must be scored: it is no fact of a household, it
/// changes who applies, or leaves somebody undecided.
pub fn with_fact<'a>(world: &World<'a>, cause: &Cause) -> Option<Spliced<'a>> {
    let Cause::Fact {
        entity,
        subject,
        attribute,
        theirs,
        ..
    } = cause
    else {
        return None;
    };
    let before = world.scored.as_deref()?;
    let household = household_of(&before.facts, *entity, *subject)?;
    let mut own = Household::of(world, household)?;
    own.mend(*entity, *subject, (*attribute, *theirs))?;
    let facts = put_back(&before.facts, &own);
    let scores = own.scores(&before.program)?;
    if !scores.undecided.is_empty() {
        return None;
    }
    let first = own.first_choice();
    let (all, same) = spliced_scores(&before.scores, &scores, &own)?;
    let together = before.criteria.keys.iter().any(|k| k.together);
    let market = match same && !together {
        true => spliced_market(world, &scores, first),
        false => None,
    };
    Some(Spliced {
        scored: Scored::new(
            Arc::new(facts),
            before.criteria.clone(),
            all,
            Arc::clone(&before.program),
        ),
        market,
    })
}

fn household_of(facts: &RoundFacts, entity: Entity, subject: u32) -> Option<u32> {
    let parent = |e: Entity| facts.table(e).parents.get(subject as usize).copied();
    match entity {
        Entity::Household => ((subject as usize) < facts.households.len()).then_some(subject),
        Entity::Guardian | Entity::Adult | Entity::Child => parent(entity),
        Entity::Choice | Entity::Decline => Some(facts.household_of(parent(entity)?)),
        Entity::Round | Entity::Facility => None,
    }
}

/// The facts of the round with those of a household.
fn put_back(facts: &RoundFacts, own: &Household) -> RoundFacts {
    let mut facts = facts.clone();
    let mut changed: Vec<(Entity, u32, AttributeIx, Value)> = Vec::new();
    for entity in OWN {
        for (own_at, at) in own.subjects(entity).enumerate() {
            for (attribute, _) in of_entity(entity) {
                let value = own.facts().table(entity).get(own_at as u32, attribute);
                if facts.table(entity).get(at, attribute) != value {
                    changed.push((entity, at, attribute, value));
                }
            }
        }
    }
    for (entity, at, attribute, value) in changed {
        facts.table_mut(entity).set(at, attribute, value);
    }
    facts
}

/// The scores of the round with those of a household, and whether nothing but keys changed.
fn spliced_scores(before: &Scores, part: &Scores, own: &Household) -> Option<(Scores, bool)> {
    let mut scores = before.clone();
    let first = own.first_choice() as usize;
    let count = part.eligibility.len();
    let mut same = true;
    let eligibility = scores.eligibility.get_mut(first..first + count)?;
    same &= *eligibility == *part.eligibility;
    eligibility.copy_from_slice(&part.eligibility);
    let n = scores.pool_count as usize;
    let pools = scores.pools.get_mut(first * n..(first + count) * n)?;
    same &= *pools == *part.pools;
    pools.copy_from_slice(&part.pools);
    let n = scores.components as usize;
    let keys = scores.keys.get_mut(first * n..(first + count) * n)?;
    keys.copy_from_slice(&part.keys);
    let child = own.subjects(Entity::Child).start as usize;
    let passes = scores.passes.get_mut(child..child + part.passes.len())?;
    same &= *passes == *part.passes;
    passes.copy_from_slice(&part.passes);
    Some((scores, same))
}

/// The market with the keys of a household; `None` where it must be staged.
fn spliced_market(world: &World<'_>, part: &Scores, first: u32) -> Option<(CompiledRound, Keys)> {
    let scored = world.scored.as_deref()?;
    let (facts, before) = (&*scored.facts, &scored.scores);
    let layout = Layout::of(world)?;
    let mut plain = (*world.plain).clone();
    let mut keys = (*world.plain_keys).clone();
    let origin = origins(&plain.market, &plain.rows, facts);
    let count = part.eligibility.len() as u32;
    let own: Vec<(ChoiceIx, u32)> = origin
        .iter()
        .enumerate()
        .filter(|(_, (o, _))| (first..first + count).contains(o))
        .map(|(x, (o, _))| (x as ChoiceIx, *o))
        .collect();
    // Who has nothing to choose in the market and yet is refused nowhere has a place among families by a key the
    // market does not know.
    let open = |row: u32| {
        let mut choices = facts.index.choices[row as usize].clone();
        choices.any(|x| before.eligibility[x as usize] == Eligible::Yes)
    };
    let children = plain.market.children.iter().zip(&plain.rows);
    if children
        .clone()
        .any(|(c, &row)| c.choices.is_empty() && open(row))
    {
        return None;
    }
    let width = plain.keys.components as usize;
    let typed = scored.program.components(&scored.criteria);
    for at in 0..layout.of_file {
        let p = layout.soft + at;
        let better_higher = layout
            .key(&scored.criteria, at)
            .is_some_and(|k| k.higher_first);
        let mut changed: Vec<(ChoiceIx, Exact)> = Vec::new();
        for &(x, o) in &own {
            let value = part.key(o - first)[at]?;
            if before.key(o)[at] != Some(value) {
                changed.push((x, value));
            }
        }
        let mut values: Vec<Exact> = changed.iter().map(|c| c.1).collect();
        // The worst first: two new ones between the same neighbours come in their order.
        values.sort_unstable();
        values.dedup();
        if !better_higher {
            values.reverse();
        }
        for value in values {
            // Whoever has it, or the next better and worse.
            let (mut same, mut better, mut worse) = (None, None, None);
            for (x, (o, _)) in origin.iter().enumerate() {
                // What changes says nothing about places any more.
                let x_changes = changed.iter().any(|c| c.0 == x as ChoiceIx);
                if *o == u32::MAX || x_changes {
                    continue;
                }
                let theirs = before.key(*o)[at]?;
                let id = plain.keys.index[x * width + p];
                let place = keys.of_choice(x as ChoiceIx)[p];
                if theirs == value {
                    same = Some((id, place));
                    break;
                }
                if (theirs > value) == better_higher {
                    better = better.max(Some((id, place)));
                } else {
                    worse = Some(worse.map_or((id, place), |w: (u32, u32)| w.min((id, place))));
                }
            }
            let (id, place) = match (same, better, worse) {
                (Some(found), ..) => found,
                (None, better, worse) => {
                    let (id, place) = match (better, worse) {
                        (Some((id, place)), _) => (id + 1, place + 1),
                        (None, worse) => worse?,
                    };
                    let text = typed.get(at)?.shown(value, Tongue::Japanese);
                    plain.keys.values.insert(id as usize, text.into());
                    for other in plain.keys.index.iter_mut().filter(|i| **i >= id) {
                        *other += 1;
                    }
                    keys.set(p, |_, old| old + u32::from(old >= place));
                    (id, place)
                }
            };
            let mine = |x: ChoiceIx| changed.contains(&(x, value));
            for &(x, _) in changed.iter().filter(|c| c.1 == value) {
                plain.keys.index[x as usize * width + p] = id;
            }
            keys.set(p, |x, old| if mine(x) { place } else { old });
        }
    }
    keys.write(&mut plain.market);
    common_order(&mut plain.market, &keys, layout.soft);
    Some((plain, keys))
}

/// Families in the order of their lowest child by its first choice, pools aside, as staging has them.
fn common_order(market: &mut Market, keys: &Keys, soft: usize) {
    let lowest: Vec<Option<&[u32]>> = (0..market.families.len() as u32)
        .map(|f| {
            let firsts = market.children_of(f).iter();
            let firsts = firsts.filter(|c| !c.choices.is_empty());
            firsts
                .map(|c| &keys.of_choice(c.choices.start)[soft..])
                .max()
        })
        .collect();
    let mut distinct: Vec<&[u32]> = lowest.iter().flatten().copied().collect();
    distinct.sort_unstable();
    distinct.dedup();
    for (family, lowest) in market.families.iter_mut().zip(&lowest) {
        // Who ranks nowhere comes last.
        let before = lowest.map_or(distinct.len(), |l| distinct.partition_point(|d| *d < l));
        family.common_order = before as u32 + 1;
    }
}
