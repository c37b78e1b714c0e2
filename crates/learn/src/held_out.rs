//! How well what was learned from some years decides another: years are held out, never children, as the children of a class share its
//! cut-off.

use crate::{
    known::{Asked, learn},
    years::{Year, Years},
};
use enmusubi_compare::{
    cause::Cause,
    crew::Crew,
    past::PastTies,
    report::Agreement,
    solve::Silent,
    world::{Unworkable, World},
};
use enmusubi_criteria::Criteria;

/// For each year, how many of its decisions come out as decided by what was learned from all others. Nothing where
/// there is one year only.
///
/// # Errors
/// A year cannot be decided by the file as it is.
pub fn held_out(
    years: &[Year<'_>],
    criteria: &Criteria,
    ties: &PastTies,
    asked: &Asked,
    crew: &dyn Crew,
) -> Result<Vec<Agreement>, Unworkable> {
    let mut list = Vec::new();
    if years.len() < 2 {
        return Ok(list);
    }
    for at in 0..years.len() {
        let mut others = years.to_vec();
        let own = others.remove(at);
        let (Some(others), Some(own)) = (Years::of(&others), Years::of(&[own])) else {
            continue;
        };
        let learned = learn(&others, criteria, ties, asked, crew, &Silent)?;
        let causes: Vec<Cause> = learned.rules.iter().map(|r| r.cause.clone()).collect();
        let past = own.past(criteria, ties);
        // What does not fit this year explains nothing of it.
        let world = World::of(past, &causes).or_else(|_| World::of(past, &[]))?;
        list.extend(agreement(&own, &world));
    }
    Ok(list)
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
