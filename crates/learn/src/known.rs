//! What is missing or different in a criteria file, by the decisions of several years.

use crate::{
    chance::Against,
    proposers::of_rules,
    support::{Rule, Seen, interval, judged},
    years::Years,
};
use enmusubi_compare::{
    cause::Cause,
    crew::{Crew, map},
    past::PastTies,
    solve::{Limits, Progress, Solution, solve_beside},
    world::{Unworkable, World},
};
use enmusubi_criteria::Criteria;

/// Oddities that a rule must explain, at least: fewer are found for any decisions.
const LEAST: i64 = 3;
/// Where many are left that nothing explains (slips), a rule must explain one for so many of these: of many, some fit any rule.
const SLIPS: i64 = 8;

/// What is asked.
#[derive(Debug, Clone)]
pub struct Asked {
    /// Facts, as criteria files write them, that must not decide, beside those that must not anywhere.
    pub forbidden: Vec<Box<str>>,
    /// How far to search.
    pub limits: Limits,
}

impl Asked {
    /// What is asked of some years: searched as thoroughly as each of them alone would be.
    #[must_use]
    pub fn of(years: &Years, forbidden: Vec<Box<str>>) -> Self {
        let children = years.facts.children.len();
        let a_year = children.div_ceil(years.names.len().max(1));
        Self {
            forbidden,
            limits: Limits {
                thorough: Limits::for_children(a_year).thorough,
                ..Limits::for_children(children)
            },
        }
    }
}

/// What was learned.
#[derive(Debug)]
pub struct Learned<'a> {
    /// What the search found, before weak rules were left out.
    pub solution: Solution<'a>,
    /// Rules that hold, in the order in which they were found.
    pub rules: Vec<Rule>,
    /// Rules that explain hardly anything: mentioned, not learned.
    pub weak: Vec<Rule>,
    /// So many of them, the first, were found in another way before.
    pub given: usize,
    /// The years with the rules that hold.
    pub world: World<'a>,
    /// How the decisions compare with chance by the file as it is.
    pub before: Against,
    /// The same by what was learned.
    pub after: Against,
    /// Nothing is learned: the file as it is explains hardly more than chance.
    pub nothing: bool,
}

/// Learns what is missing or different in criteria. `given`: rules that were found in another way; they
/// stay, and no others are looked for beside them.
///
/// # Errors
/// The rounds cannot be decided by the file as it is: why.
pub fn learn<'a>(
    years: &'a Years,
    known: (&'a Criteria, &[Rule]),
    ties: &'a PastTies,
    asked: &Asked,
    crew: &dyn Crew,
    progress: &dyn Progress,
) -> Result<Learned<'a>, Unworkable> {
    let mut learned = found(years, known, &[], ties, asked, crew, progress)?;
    let causes: Vec<Cause> = learned.rules.iter().map(|r| r.cause.clone()).collect();
    let seen = Seen::of(&learned.world);
    for (at, rule) in learned.rules.iter_mut().enumerate().skip(learned.given) {
        let mut rest = causes.clone();
        rest.remove(at);
        rule.interval = match learned.world.with_only(&rest) {
            Ok(without) => interval(&without, &rule.cause, &seen, crew),
            Err(_) => None,
        };
    }
    Ok(learned)
}

/// What [`learn`] learns, without the points that fit as well. `aside`: decisions taken as they are, of which nothing is learned.
///
/// # Errors
/// The rounds cannot be decided by the file as it is: why.
pub(crate) fn found<'a>(
    years: &'a Years,
    (criteria, given): (&'a Criteria, &[Rule]),
    aside: &[Cause],
    ties: &'a PastTies,
    asked: &Asked,
    crew: &dyn Crew,
    progress: &dyn Progress,
) -> Result<Learned<'a>, Unworkable> {
    let past = years.past(criteria, ties);
    let causes: Vec<Cause> = given.iter().map(|r| r.cause.clone()).collect();
    let before = Against::of(&World::of(past, &[])?);
    let nothing = match given {
        [] => before.is_hardly_better(),
        _ => Against::of(&World::of(past, &causes)?).is_hardly_better(),
    };
    // What was found from nothing is to be confirmed first; the file that comes of it is then one that is known.
    let proposers = match nothing || !given.is_empty() {
        true => Vec::new(),
        false => of_rules(&asked.forbidden),
    };
    // What stays, whatever is found.
    let fixed = [aside, &causes].concat();
    let kept: Vec<(Cause, Vec<Cause>)> = causes.iter().map(|c| (c.clone(), Vec::new())).collect();
    let solution = solve_beside(past, aside, &kept, &proposers, asked.limits, crew, progress)?;
    let mut found: Vec<(Cause, Vec<Cause>)> = (solution.mended.iter())
        .map(|m| (m.cause.clone(), m.class.clone()))
        .filter(|(cause, _)| !causes.contains(cause))
        .collect();
    let mut weak = Vec::new();
    let (world, rules) = loop {
        let all = fixed.iter().chain(found.iter().map(|f| &f.0));
        let all: Vec<Cause> = all.cloned().collect();
        let world = solution.after.with_only(&all)?;
        let seen = Seen::of(&world);
        let judge = |at: usize| {
            let mut rest = all.clone();
            rest.remove(fixed.len() + at);
            let (cause, class) = &found[at];
            judged(years, (&world, &seen), &rest, (cause, class))
        };
        let rules = map(crew, found.len(), judge).into_iter().flatten();
        let rules: Vec<Rule> = rules.collect();
        let least = LEAST.max(seen.units() / SLIPS);
        let weakest = rules.iter().enumerate().min_by_key(|(_, r)| r.explains);
        match weakest {
            Some((at, rule)) if rule.explains < least && rules.len() == found.len() => {
                weak.push(rule.clone());
                found.remove(at);
            }
            _ => break (world, rules),
        }
    };
    let after = Against::of(&world);
    Ok(Learned {
        solution,
        rules: given.iter().cloned().chain(rules).collect(),
        given: given.len(),
        weak,
        world,
        before,
        after,
        nothing,
    })
}
