//! Every kind can be planted, changes a decision, and comes right when it is mended.

use enmusubi_compare::{
    cause::Cause,
    crew::Alone,
    past::{Base, Past, PastTies},
    search,
    solve::{Limits, Silent, solve, solve_beside},
    world::World,
};
use enmusubi_criteria::Criteria;
use enmusubi_domain::past::Outcome;
use enmusubi_matching::Mechanism;
use enmusubi_selection::{compiled::Ties, staged::mechanism_of};
use enmusubi_truth::{Hands, Planting, judge, plant, plant_many, town};

const CHILDREN: u32 = 240;

fn criteria() -> Criteria {
    let text = include_bytes!("../../../criteria/142051-fujisawa/r9.toml");
    enmusubi_criteria::read("r9.toml", text)
        .0
        .expect("shipped criteria are right")
}

fn ties() -> Ties {
    Ties::Lottery("truth".to_owned())
}

#[test]
fn every_kind_is_planted_and_mending_it_comes_to_the_staffs_decisions() {
    let criteria = criteria();
    for planting in Planting::ALL {
        let mut seeds = 1..=4;
        let planted = seeds.find_map(|seed| {
            let facts = town(&criteria, seed, CHILDREN);
            plant(planting, &facts, &criteria, &ties(), seed)
        });
        let planted = planted.unwrap_or_else(|| panic!("{} is not planted", planting.name()));
        assert!(!planted.differing.is_empty(), "{}", planting.name());
        let cause = planted.causes[0].cause.clone();
        assert_eq!(cause.kind(), planting.kind());
        let before = World::of(planted.past(), &[]).expect("is decided");
        let (differing, compared) = before.truth.differing(&before.market, &before.place());
        assert!(!differing.is_empty(), "{}", planting.name());
        assert!(compared as usize >= differing.len());
        let mended = World::of(planted.past(), &[cause]).expect("is decided");
        let (differing, _) = mended.truth.differing(&mended.market, &mended.place());
        assert!(differing.is_empty(), "{}", planting.name());
    }
}

/// Decisions that are taken as they are, one by one as causes, or all of them set aside.
#[test]
fn each_decision_taken_as_it_is_says_what_comes_right_with_it() {
    let criteria = criteria();
    let facts = town(&criteria, 1, CHILDREN);
    let mechanism = mechanism_of(&criteria);
    let decided = Hands::new(facts.clone(), criteria.clone(), ties(), mechanism).decide();
    let mut decisions = decided.expect("is decided").decisions();
    let rule = PastTies::Rule(ties());
    let past = |decisions| Past {
        base: Base::Facts {
            facts: &facts,
            criteria: &criteria,
        },
        decisions,
        ties: &rule,
        mechanism,
    };
    let none = decisions.clone();
    let market = World::of(past(&none), &[]).expect("is decided").market;
    let only = |f: u32| market.families[f as usize].children.len() == 1;
    let family = |id: &str| {
        market
            .children
            .iter()
            .find(|c| *c.id == *id)
            .map(|c| c.family)
    };
    let placed = decisions.list.iter_mut().filter(|d| {
        let is_placed = matches!(d.outcome, Outcome::Placed { .. });
        is_placed && family(&d.child).is_some_and(only)
    });
    // Two families lose what they have by the rules.
    let mut given = Vec::new();
    for decision in placed.take(2) {
        decision.outcome = Outcome::Held;
        let f = family(&decision.child).expect("it applies");
        let household = market.families[f as usize].id.clone();
        given.push((Cause::Contradiction { household }, Vec::new()));
    }
    let limits = Limits::for_children(CHILDREN as usize);
    let past = past(&decisions);
    let solution = solve(past, &given, &[], limits, &Alone, &Silent).expect("is decided");
    assert_eq!(solution.mended.len(), 2);
    for mended in &solution.mended {
        assert!(!mended.healed.is_empty(), "{mended:?}");
    }
    let aside: Vec<Cause> = given.into_iter().map(|g| g.0).collect();
    let beside = solve_beside(past, &aside, &[], &[], limits, &Alone, &Silent);
    let beside = beside.expect("is decided");
    assert!(beside.mended.is_empty());
    assert_eq!(beside.before_placement, solution.after_placement);
}

#[test]
fn equal_seeds_plant_the_same_and_others_something_else() {
    let criteria = criteria();
    let planted = |seed| {
        let facts = town(&criteria, 1, CHILDREN);
        let planted = plant_many(3, &facts, &criteria, &ties(), seed).expect("is planted");
        (planted.causes, planted.decisions)
    };
    let first = planted(1);
    assert_eq!(first, planted(1));
    assert_ne!(first.0, planted(2).0);
    assert_eq!(first.0.len(), 3);
}

#[test]
fn without_anything_planted_the_comparison_finds_nothing() {
    let criteria = criteria();
    let facts = town(&criteria, 2, CHILDREN);
    let hands = Hands::new(facts.clone(), criteria.clone(), ties(), Mechanism::Stable);
    let decided = hands.decide_checked().expect("is decided");
    let mut planted = plant(Planting::Seats, &facts, &criteria, &ties(), 2).expect("is planted");
    planted.decisions = decided.decisions();
    planted.causes.clear();
    let limits = Limits::for_children(CHILDREN as usize);
    let found = solve(planted.past(), &[], &search::all(), limits, &Alone, &Silent);
    let found = found.expect("is compared");
    let verdict = judge(&planted, &found);
    assert_eq!(verdict.agree_before, verdict.compared);
    assert_eq!((verdict.false_alarms, found.mended.len()), (0, 0));
}

#[test]
fn whatever_else_is_found_is_a_false_alarm() {
    let criteria = criteria();
    let facts = town(&criteria, 1, CHILDREN);
    let planted = plant(Planting::Seats, &facts, &criteria, &ties(), 1).expect("is planted");
    let limits = Limits::for_children(CHILDREN as usize);
    let found = solve(planted.past(), &[], &search::all(), limits, &Alone, &Silent);
    let found = found.expect("is compared");
    let mut other = planted.clone();
    other.causes[0].cause = enmusubi_compare::cause::Cause::Refill(false);
    let verdict = judge(&other, &found);
    assert!(!verdict.causes[0].right_cause());
    assert_eq!(verdict.false_alarms as usize, found.mended.len());
}
