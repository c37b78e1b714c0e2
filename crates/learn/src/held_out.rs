//! How well what was learned from some years decides another: years are held out, never children, as the children of a class share its
//! cut-off.

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
    world::{Unworkable, World},
};
use enmusubi_criteria::Criteria;

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
        let learned = found(&others, (&criteria, &rules), ties, asked, &Alone, &Silent)?;
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
