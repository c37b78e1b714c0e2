//! The independent checker: is this placement right?
//!
//! Takes a market and any placement of it, from the engine, from another product or made by hand,
//! and says what is wrong with it: feasibility, individual rationality, every blocking position
//! (selection model, sections 1–3 and 6). For the two other mechanisms it replays them and compares.
//!
//! *Invariant:* nothing here is shared with the engine but the market types. Tuples and their order
//! are derived anew (`wish`), straight from the definition, so that an error in one program cannot
//! hide in the other.
//!
//! *Invariant:* the answer is data. Words are for the commands.
//!
//! ## Readings of the definition
//!
//! They matter only where the text of the selection model leaves room:
//!
//! - A tuple that is not listed is worse than every listed one. "Everyone as now" is a position one
//!   can block at only where some child has a current class.
//! - A child put into a class it has not chosen takes its seat but has no priority against anybody.
//! - A listed combination where everyone is as now ends the list; a repeated one counts once.
//! - "Older first" and "younger first" mean nothing when all must be placed together; "younger first"
//!   reverses the ranks in the key whatever the place field says; "same only" is ordered `by S`.
//! - All-transfers-or-none is about the transfer applicants alone.

mod blocking;
mod replay;
mod verdict;
mod wish;
#[cfg(test)]
mod wish_tests;

pub use replay::{
    Difference, Mechanism, MechanismVerdict, OrderTie, Replay, check_mechanism, replay,
};
pub use verdict::{
    AgeCount, BlockingFamily, BlockingPosition, Limits, Summary, Verdict, Violation,
};

use blocking::Judge;
use enmusubi_market::{ClassIx, FamilyIx, Market, Placement};

/// Checks a placement, feasible or not.
#[must_use]
pub fn check(market: &Market, placement: &Placement) -> Verdict {
    check_within(market, placement, Limits::default())
}

/// Checks a placement within given limits. Reaching one is never silent: see
/// [`Verdict::unfinished`] and [`BlockingFamily::positions`].
#[must_use]
pub fn check_within(market: &Market, placement: &Placement, limits: Limits) -> Verdict {
    check_some(market, placement, limits, |_| true)
}

/// The families of a list that block at a placement, ascending: what [`check`] says of them, where nobody else is in
/// question.
#[must_use]
pub fn blocking_among(
    market: &Market,
    placement: &Placement,
    families: &[FamilyIx],
) -> Vec<FamilyIx> {
    let of_list = |f| families.contains(&f);
    let verdict = check_some(market, placement, Limits::default(), of_list);
    verdict.blocking.iter().map(|b| b.family).collect()
}

fn check_some(
    market: &Market,
    placement: &Placement,
    limits: Limits,
    is_asked: impl Fn(FamilyIx) -> bool,
) -> Verdict {
    let mut verdict = Verdict::default();
    let children = market.children.len() as u32;
    if placement.class.len() != market.children.len() {
        let classes = placement.class.len() as u32;
        verdict
            .violations
            .push(Violation::WrongLength { children, classes });
        verdict.summary.children = children;
        return verdict;
    }

    // Classes that do not exist cannot be reasoned about further: reported, then read as no class.
    let mut placement = placement.clone();
    for child in 0..children {
        let place = &mut placement.class[child as usize];
        if let Some(class) = place.filter(|&k| k as usize >= market.classes.len()) {
            verdict
                .violations
                .push(Violation::UnknownClass { child, class });
            *place = None;
        }
    }
    let placement = &placement;

    individual(market, placement, &mut verdict);
    let mut passes: Vec<u8> = market.families.iter().map(|f| f.pass).collect();
    passes.sort_unstable();
    passes.dedup();
    verdict.obtained = vec![0; market.families.len()];
    let mut judge = Judge::new(market, placement, limits);
    for pass in passes {
        judge.enter(pass);
        judge.overfull(&mut verdict.violations);
        let of_pass = |&f: &FamilyIx| market.families[f as usize].pass == pass && is_asked(f);
        for f in (0..market.families.len() as FamilyIx).filter(of_pass) {
            judge.family(f, &mut verdict);
        }
    }
    verdict.blocking.sort_unstable_by_key(|b| b.family);
    verdict.unfinished.sort_unstable();
    verdict.unfinished.dedup();
    verdict.summary = summary(market, placement, &verdict);
    verdict
}

/// What can be said child by child: class chosen, no transfer applicant without a class.
fn individual(market: &Market, placement: &Placement, verdict: &mut Verdict) {
    for child in 0..market.children.len() as u32 {
        let current = market.children[child as usize].current;
        let place = placement.of(child);
        if place == current {
            continue;
        }
        let chosen = |class| market.choices_of(child).iter().any(|x| x.class == class);
        match (place, current) {
            (None, Some(class)) => verdict
                .violations
                .push(Violation::LostClass { child, class }),
            (Some(class), _) if !chosen(class) => {
                verdict
                    .violations
                    .push(Violation::NotChosen { child, class });
            }
            _ => {}
        }
    }
}

fn summary(market: &Market, placement: &Placement, verdict: &Verdict) -> Summary {
    let mut s = Summary {
        children: market.children.len() as u32,
        with_class: placement.with_class(),
        newly_placed: placement.newly_placed(market),
        blocking_families: verdict.blocking.len() as u32,
        rank_sum: verdict.obtained.iter().map(|&p| u64::from(p)).sum(),
        feasible: verdict.violations.is_empty(),
        stable: verdict.is_stable(),
        ..Summary::default()
    };
    for b in &verdict.blocking {
        s.blocking_only_children += u32::from(market.children_of(b.family).len() == 1);
        s.blocking_positions += b.positions;
    }
    for (child, place) in market.children.iter().zip(&placement.class) {
        let by_age = &mut s.by_age[usize::from(child.age.min(5))];
        by_age.children += 1;
        by_age.with_class += u32::from(place.is_some());
        by_age.newly_placed += u32::from(is_new(child.current, *place));
    }
    s
}

fn is_new(current: Option<ClassIx>, place: Option<ClassIx>) -> bool {
    place.is_some() && place != current
}
