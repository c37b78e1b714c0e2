//! How well what was learned from some years decides another, and from some facilities the others: years and facilities are held out,
//! never children, as the children of a class share its cut-off.

use crate::{
    chance::Against,
    known::{Asked, found},
    support::Rule,
    years::{Year, Years},
};
use enmusubi_compare::{
    cause::Cause,
    crew::{Alone, Crew, map},
    past::PastTies,
    report::Agreement,
    solve::Silent,
    truth::Known,
    world::{Unworkable, World},
};
use enmusubi_criteria::Criteria;
use enmusubi_domain::facts::stacked::round_of;
use serde::Serialize;
use std::collections::BTreeSet;

/// A year that was held out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HeldOut {
    /// How many of its decisions come out as decided by what was learned from all others.
    pub agreement: Agreement,
    /// How its decisions compare with chance by what was learned from all others.
    pub against: Against,
}

/// What learning from some years begins with: criteria, and rules that were found in another way. `None`: there is nothing to begin with.
pub type Begin<'b> = dyn Fn(&Years) -> Option<(Criteria, Vec<Rule>)> + Sync + 'b;

/// Each year by what was learned from all others. Nothing where there is one year only, or nothing is learned from the others.
///
/// # Errors
/// A year cannot be decided by the file as it is.
pub fn held_out(
    years: &[Year<'_>],
    given: &Begin<'_>,
    ties: &PastTies,
    asked: &Asked,
    crew: &dyn Crew,
) -> Result<Vec<HeldOut>, Unworkable> {
    if years.len() < 2 {
        return Ok(Vec::new());
    }
    let of_year = |at: usize| -> Result<Option<HeldOut>, Unworkable> {
        let mut others = years.to_vec();
        let own = others.remove(at);
        let (Some(others), Some(own)) = (Years::of(&others), Years::of(&[own])) else {
            return Ok(None);
        };
        let Some((criteria, rules)) = given(&others) else {
            return Ok(None);
        };
        let learned = found(
            &others,
            (&criteria, &rules),
            &[],
            ties,
            asked,
            &Alone,
            &Silent,
        )?;
        let causes: Vec<Cause> = learned.rules.iter().map(|r| r.cause.clone()).collect();
        let past = own.past(&criteria, ties);
        // What does not fit this year explains nothing of it.
        let world = World::of(past, &causes).or_else(|_| World::of(past, &[]))?;
        let own = agreement(&own, &world).into_iter().next();
        Ok(own.map(|agreement| HeldOut {
            agreement,
            against: Against::of(&world),
        }))
    };
    // Each year on a thread of its own: what is inside needs no others.
    let list: Result<Vec<Option<HeldOut>>, Unworkable> =
        map(crew, years.len(), of_year).into_iter().collect();
    // Where nothing is learned without one of the years, figures of the others would say too much.
    Ok(list?.into_iter().collect::<Option<_>>().unwrap_or_default())
}

/// Parts into which facilities are divided, each held out once.
const PARTS: usize = 2;

/// Facilities that were held out, in all years.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Nurseries {
    /// How many they are.
    pub count: u32,
    /// How their decisions compare with chance by the file as it is.
    pub before: Against,
    /// The same by what was learned from all other facilities.
    pub after: Against,
}

/// Facilities in parts, each by what was learned from all others: decisions about whoever was placed in the part are taken as they are,
/// and nothing is learned from them. Nothing where there are too few facilities.
///
/// # Errors
/// The rounds cannot be decided by the file as it is.
pub fn nurseries(
    years: &Years,
    criteria: &Criteria,
    ties: &PastTies,
    asked: &Asked,
    crew: &dyn Crew,
) -> Result<Vec<Nurseries>, Unworkable> {
    let ids = years.facts.facilities.ids.iter();
    let mut ids: Vec<&str> = ids.map(|id| round_of(id).1).collect();
    ids.sort_unstable();
    ids.dedup();
    if ids.len() < 2 * PARTS {
        return Ok(Vec::new());
    }
    let past = years.past(criteria, ties);
    let before = World::of(past, &[])?;
    let of_part = |part: usize| -> Result<Nurseries, Unworkable> {
        // One facility for each part in turn: neighbours in the list are alike.
        let own: BTreeSet<&str> = ids.iter().skip(part).step_by(PARTS).copied().collect();
        let is_there = |id: &str| own.contains(round_of(id).1);
        let aside = decided_there(&before, &is_there);
        let learned = found(years, (criteria, &[]), &aside, ties, asked, &Alone, &Silent)?;
        let causes: Vec<Cause> = learned.rules.iter().map(|r| r.cause.clone()).collect();
        let after = before.with_only(&causes)?;
        Ok(Nurseries {
            count: own.len() as u32,
            before: Against::at(&before, &is_there),
            after: Against::at(&after, &is_there),
        })
    };
    map(crew, PARTS, of_part).into_iter().collect()
}

/// Decisions about households of which a child was placed at some facilities, as causes that take them as they are.
fn decided_there(world: &World<'_>, is_there: &dyn Fn(&str) -> bool) -> Vec<Cause> {
    let market = &world.market;
    let at = |known: &Known| {
        let class = &market.classes[known.class()? as usize];
        Some(&*market.nurseries[class.nursery as usize].id)
    };
    let children = market.children.iter().zip(&world.truth.of);
    let there = children.filter(|(_, known)| at(known).is_some_and(is_there));
    let families: BTreeSet<u32> = there.map(|(child, _)| child.family).collect();
    let household = |f: u32| market.families[f as usize].id.clone();
    let all = families.into_iter().map(|f| Cause::Contradiction {
        household: household(f),
    });
    all.collect()
}

/// How many of each year's decisions come out as decided in a world.
#[must_use]
pub fn agreement(years: &Years, world: &World<'_>) -> Vec<Agreement> {
    let placement = world.place();
    let mut list = vec![Agreement::default(); years.names.len()];
    for (c, child) in (0..).zip(&world.market.children) {
        let agrees = world.truth.agrees(&world.market, &placement, c);
        if let (Some(agrees), Some(year)) = (agrees, years.year_of(&child.id)) {
            list[year].compared += 1;
            list[year].agree += u32::from(agrees);
        }
    }
    list
}
