//! A market without scores: children, choices, seats and wishes are known, facts are not; who comes first is in the
//! staff's list.

use super::lines::lines;
use crate::{index::remark, report::Remark, world::scored::Scored};
use enmusubi_criteria::{
    Criteria,
    judgement::Eligible,
    model::{Coupling, Key},
};
use enmusubi_domain::{facts::Exact, past::StaffIndex};
use enmusubi_market::Market;
use enmusubi_scoring::{Program, Scores};
use enmusubi_selection::{
    compiled::Ties,
    staged::{StageError, Staged, stage},
};
use std::collections::{HashMap, HashSet};

/// The market of a round whose facts do not give scores. Its keys are only those that the list has as columns of their
/// own (by label or id); [`super::by_list`] leads it afterwards. Who may be placed where, pools and passes are as the facts
/// say; where they say nothing, the child may be placed, belongs to the pool, and comes in the last pass.
///
/// # Errors
/// What is missing besides: who applies, which class, what siblings wish.
pub fn listed(
    scored: &Scored<'_>,
    list: &StaffIndex,
    ties: &Ties,
) -> Result<Staged, Vec<StageError>> {
    let mut criteria: Criteria = scored.criteria.clone().into_owned();
    let facts = &scored.facts;
    let points = Program::compile(&criteria).ok().and_then(|program| {
        let components = program.components(&criteria);
        let mut numbers = components
            .iter()
            .filter(|c| c.is_number() && c.higher_first());
        numbers.find_map(|c| c.key.cloned())
    });
    let columns: Vec<(Key, HashMap<&str, Exact>)> = criteria
        .keys
        .iter()
        .filter(|k| {
            k.value.is_some() && !k.together && points.as_ref().is_none_or(|p| p.id != k.id)
        })
        .filter_map(|k| Some((k.clone(), column(k, list)?)))
        .collect();
    criteria.strata.clear();
    criteria.siblings.coupling = Coupling::None;
    criteria.siblings.coupled.clear();
    criteria.keys = points.into_iter().collect();
    let points = criteria.keys.len();
    criteria
        .keys
        .extend(columns.iter().map(|(key, _)| key.clone()));

    let choices = facts.choices.len();
    let mut keys = Vec::with_capacity(choices * criteria.keys.len());
    for x in 0..choices as u32 {
        keys.resize(keys.len() + points, Some(Exact::ZERO));
        let child = &*facts.children.ids[facts.child_of(x) as usize];
        for (key, column) in &columns {
            let worst = match key.higher_first {
                true => column.values().min(),
                false => column.values().max(),
            };
            keys.push(column.get(child).or(worst).copied().or(Some(Exact::ZERO)));
        }
    }
    let last_pass = criteria.passes.len() as u32;
    let known = &scored.scores;
    // A list that has a line for every facility leaves out where a child may not be placed. (Which rule keeps it out is
    // not known, and nobody asks for it here.)
    let named: HashSet<(&str, &str)> = list
        .list
        .iter()
        .filter_map(|l| Some((&*l.child, l.facility.as_deref()?)))
        .collect();
    let by_facility = !list.list.is_empty() && list.list.iter().all(|l| l.facility.is_some());
    let open = |(x, e): (u32, &Eligible)| match e {
        Eligible::Unknown if by_facility => {
            let child = &*facts.children.ids[facts.child_of(x) as usize];
            let facility = &*facts.facilities.ids[facts.choice_facility[x as usize] as usize];
            match named.contains(&(child, facility)) {
                true => Eligible::Yes,
                false => Eligible::No(0),
            }
        }
        Eligible::Unknown => Eligible::Yes,
        known => *known,
    };
    let scores = Scores {
        components: criteria.keys.len() as u32,
        keys,
        eligibility: (0..).zip(&known.eligibility).map(open).collect(),
        pool_count: known.pool_count,
        pools: known.pools.iter().map(|p| p.or(Some(true))).collect(),
        passes: known.passes.iter().map(|p| p.or(Some(last_pass))).collect(),
        undecided: Vec::new(),
    };
    stage(facts, &criteria, &scores, ties)
}

/// The numbers of a column of the list that is this key, by child; `None` where there is no such column, or something
/// in it is no number.
fn column<'l>(key: &Key, list: &'l StaffIndex) -> Option<HashMap<&'l str, Exact>> {
    let at = list
        .columns
        .iter()
        .position(|c| **c == *key.label || **c == *key.id)?;
    let mut numbers = HashMap::new();
    for line in &list.list {
        let text = line.values.get(at)?;
        numbers.insert(&*line.child, number(text)?);
    }
    Some(numbers)
}

/// A number, yes or no.
fn number(text: &str) -> Option<Exact> {
    match text.trim() {
        "はい" | "有" | "○" | "〇" => Some(Exact::ONE),
        "いいえ" | "無" | "×" => Some(Exact::ZERO),
        text => Exact::parse(text),
    }
}

/// Children of the market about whom the list says nothing: they come last.
#[must_use]
pub fn not_listed(market: &Market, list: &StaffIndex) -> Option<Remark> {
    let listed: HashSet<u32> = lines(market, list).iter().map(|l| l.child).collect();
    let children = (0u32..).zip(&market.children);
    let missing: Vec<&str> = children
        .filter(|(c, child)| !child.choices.is_empty() && !listed.contains(c))
        .map(|(_, child)| &*child.id)
        .collect();
    (!missing.is_empty()).then(|| remark("index-not-listed", missing))
}
