//! Every kind can be planted, changes a decision, and comes right when it is mended.

use enmusubi_compare::{
    crew::Alone,
    search,
    solve::{Limits, Silent, solve},
    world::World,
};
use enmusubi_criteria::Criteria;
use enmusubi_matching::Mechanism;
use enmusubi_selection::compiled::Ties;
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
