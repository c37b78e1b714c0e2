//! Rounds small enough to decide by hand, from facts and criteria to a verified placement.

use super::{StageError, ties_of};
use crate::{
    compiled::Ties,
    whatif::{
        run::{Basis, Halt, place},
        score::score,
        tests::town::{Town, source},
    },
};
use enmusubi_domain::{
    Rational,
    facts::{ClassSeats, Entity, SharedSeats, Value},
    round::Combination,
};
use enmusubi_matching::Effort;

/// The index is `child.lottery_number`, and nothing else is asked.
const PLAIN: &str = r#"
[criteria]
kind = "structure"
name = "もしも市"
fiscal_year = 2027
title = "もしも市 利用調整基準"

[[key]]
id = "total"
label = "指数"
value = "child.lottery_number"

[ties]
left = "stop"
"#;

fn with(more: &str) -> String {
    format!("{PLAIN}\n{more}")
}

const NEED_NOT: &str = r#"
[siblings]
timing = "need-not"
place = "choice-order"
first = "either"
"#;

/// Who is where, by child: `1=A 2=- …`; with the pool behind a dot. The checker has agreed to it.
fn decided(town: &Town, criteria: &str) -> Result<String, Halt> {
    let criteria = source(criteria).criteria;
    let scores = score(&town.facts, None, &criteria).unwrap();
    let placed = place(&Basis {
        facts: &town.facts,
        seats: None,
        criteria: &criteria,
        scores: &scores,
        ties: None,
        mechanism: None,
        effort: Effort::Proved,
    })?;
    let market = &placed.compiled.market;
    market.validate().unwrap();
    let spot = |class: Option<u32>| {
        let Some(class) = class.map(|k| &market.classes[k as usize]) else {
            return "-".to_owned();
        };
        let pool = class.pool.as_ref().map(|p| format!(".{p}"));
        let nursery = &market.nurseries[class.nursery as usize].id;
        format!("{nursery}{}", pool.unwrap_or_default())
    };
    let classes = &placed.decided.outcome.placement.class;
    let mut list: Vec<String> = (market.children.iter().zip(classes))
        .map(|(c, class)| format!("{}={}", c.id, spot(*class)))
        .collect();
    list.sort();
    Ok(list.join(" "))
}

fn placed(town: &Town, criteria: &str) -> String {
    decided(town, criteria).unwrap()
}

/// What keeps the round from being staged.
fn stopped(town: &Town, criteria: &str) -> Vec<StageError> {
    match decided(town, criteria) {
        Err(Halt::Stage(errors)) => errors,
        other => panic!("{other:?}"),
    }
}

/// Paths of the facts that are missing, by child.
fn missing(town: &Town, criteria: &str) -> Vec<(String, Vec<String>)> {
    let of = |error: StageError| match error {
        StageError::Undecided { child, missing, .. } => (
            child.to_string(),
            missing.iter().map(|m| m.path.to_string()).collect(),
        ),
        other => panic!("{other:?}"),
    };
    stopped(town, criteria).into_iter().map(of).collect()
}

/// The child at the end of the table.
fn last(town: &Town) -> u32 {
    town.facts.children.len() as u32 - 1
}

fn pool_seats(town: &mut Town, facility: u32, pool: &str, seats: u32) {
    town.facts.classes.push(ClassSeats {
        facility,
        age: 1,
        pool: Some(pool.into()),
        seats,
        shared: None,
        weight: Rational::ONE,
        refill: true,
        row: 9,
    });
}

/// Nobody can say whether such a child applies: it is asked, not left out.
#[test]
fn an_unknown_application_is_undecided() {
    let mut town = Town::new([1, 1, 1]);
    town.only("1", 10, "A");
    town.only("2", 20, "A");
    let child = last(&town);
    town.set(Entity::Child, child, "application", Value::Unknown);
    let expected = [("2".to_owned(), vec!["child.application".to_owned()])];
    assert_eq!(missing(&town.done(), PLAIN), expected);
}

/// Whether a transfer applicant may stay where it is turns on the oldest class of its facility.
#[test]
fn a_place_that_may_end_is_undecided() {
    let stays = |last_age: Option<i64>| {
        let mut town = Town::new([0, 1, 1]);
        town.household("H1", "東", "");
        town.child("1", 10, "B", Some(0));
        let last_age = last_age.map_or(Value::Unknown, Value::whole);
        town.set(Entity::Facility, 0, "last_age", last_age);
        town.only("2", 20, "B");
        town.done()
    };
    assert_eq!(placed(&stays(Some(2)), PLAIN), "1=A 2=B");
    assert_eq!(placed(&stays(Some(0)), PLAIN), "1=- 2=B");
    let expected = [("1".to_owned(), vec!["facility.last_age".to_owned()])];
    assert_eq!(missing(&stays(None), PLAIN), expected);
}

/// In a common order of families a choice that is refused says nothing, known or not.
#[test]
fn a_refused_choice_ranks_nobody() {
    let criteria = r#"
[[eligibility]]
id = "town"
label = "市内の園"
require = "facility.area == '西'"

[selection]
mechanism = "index-order"
"#;
    // Refused at A, where its points are not known either; at B it has fewer than the other.
    let criteria = with(criteria).replace(
        "value = \"child.lottery_number\"",
        "value = \"choice.facilities_used * 0 + child.lottery_number\"",
    );
    let mut town = Town::new([1, 1, 0]);
    town.only("1", 10, "A B");
    town.only("2", 20, "B");
    for choice in [1, 2] {
        town.set(Entity::Choice, choice, "facilities_used", Value::whole(1));
    }
    assert_eq!(placed(&town.done(), &criteria), "1=- 2=B");
    // A sibling who may be placed nowhere does not hold the other one back.
    let mut town = Town::new([1, 1, 0]);
    town.household("H1", "東", "");
    town.child("1", 30, "B", None);
    town.child("2", 0, "A", None);
    town.only("3", 20, "B");
    for choice in 0..3 {
        town.set(Entity::Choice, choice, "facilities_used", Value::whole(1));
    }
    let criteria = format!("{criteria}{NEED_NOT}");
    assert_eq!(placed(&town.done(), &criteria), "1=B 2=- 3=-");
}

/// The sibling who may be placed nowhere belongs to no pass either, known or not.
#[test]
fn a_refused_child_belongs_to_no_pass() {
    let criteria = |first: bool| {
        with(&format!(
            r#"
[[pass]]
id = "early"
label = "先行"
when = "child.care_paid"

[[pass]]
id = "others"
label = "ほか"

[[eligibility]]
id = "west"
label = "西の園"
require = "facility.area == '西'"
{NEED_NOT}
first_pass = {first}
"#
        ))
    };
    let town = |early: Value| {
        let mut town = Town::new([1, 1, 0]);
        town.household("H1", "東", "");
        town.child("1", 10, "B", None);
        town.child("2", 90, "A", None);
        town.set(Entity::Child, 1, "care_paid", early);
        town.only("3", 20, "B");
        town.done()
    };
    for early in [Value::Bool(true), Value::Bool(false), Value::Unknown] {
        for first in [true, false] {
            let got = placed(&town(early), &criteria(first));
            assert_eq!(got, "1=- 2=- 3=B", "{early:?} {first}");
        }
    }
    // Whose pass is unknown and who may be placed is asked.
    let mut town = town(Value::Unknown);
    town.facts.choice_facility[1] = 1;
    let town = town.done();
    let expected = [("2".to_owned(), vec!["child.care_paid".to_owned()])];
    assert_eq!(missing(&town, &criteria(true)), expected);
}

/// Siblings of different passes go with the last of them, or with the first where the file says so.
#[test]
fn siblings_of_different_passes_go_together() {
    let criteria = |first: &str| {
        with(&format!(
            r#"
[[pass]]
id = "early"
label = "先行"
when = "child.care_paid"

[[pass]]
id = "others"
label = "ほか"
{NEED_NOT}
{first}
"#
        ))
    };
    let mut town = Town::new([1, 1, 0]);
    town.household("H1", "東", "");
    town.child("1", 10, "A", None);
    town.child("2", 10, "B", None);
    town.set(Entity::Child, 0, "care_paid", Value::Bool(true));
    town.only("3", 20, "A");
    town.only("4", 20, "B");
    let town = town.done();
    assert_eq!(placed(&town, &criteria("")), "1=- 2=- 3=A 4=B");
    let first = criteria("first_pass = true");
    assert_eq!(placed(&town, &first), "1=A 2=B 3=- 4=-");
}

/// A pool on top of the class's seats, within them, before and after them, for its target group
/// alone or first.
#[test]
fn pools_take_their_target_group() {
    let criteria = |more: &str| {
        with(&format!(
            r#"
[[pool]]
id = "area"
label = "地域枠"
target = "choice.in_home_area"
{more}
"#
        ))
    };
    // Two from elsewhere with more points, one from the area.
    let town = |seats: u32, pool: u32| {
        let mut town = Town::new([seats, 0, 0]);
        for (id, points, area) in [("1", 30, "西"), ("2", 20, "西"), ("3", 10, "東")] {
            town.household(&format!("H{id}"), area, "");
            town.child(id, points, "A", None);
        }
        pool_seats(&mut town, 0, "area", pool);
        town.done()
    };
    for (more, seats, pool, expected) in [
        // On top; the pool is tried before the ordinary seats.
        ("hard = true", 1, 1, "1=A 2=- 3=A.area"),
        ("hard = true\nwithin = true", 2, 1, "1=A 2=- 3=A.area"),
        // Nobody else may sit there.
        ("hard = true", 0, 2, "1=- 2=- 3=A.area"),
        // Others come after the target group.
        ("", 0, 2, "1=A.area 2=- 3=A.area"),
        ("", 0, 1, "1=- 2=- 3=A.area"),
        // The best of all begin with the pool, or with the ordinary seats.
        ("", 1, 2, "1=A.area 2=A 3=A.area"),
        ("after_ordinary = true", 1, 2, "1=A 2=A.area 3=A.area"),
    ] {
        let got = placed(&town(seats, pool), &criteria(more));
        assert_eq!(got, expected, "{more} {seats} {pool}");
    }
    // More seats in the pool than in the class it is part of.
    let errors = stopped(&town(1, 2), &criteria("within = true"));
    assert!(
        matches!(&errors[..], [StageError::Compile(_)]),
        "{errors:?}"
    );
    // A pool the criteria do not have.
    let errors = stopped(&town(1, 1), PLAIN);
    assert!(
        matches!(&errors[..], [StageError::UnknownPool { .. }]),
        "{errors:?}"
    );
    // Nobody can say whether the third is of the area.
    let mut town = Town::new([1, 0, 0]);
    town.household("H", "", "");
    town.child("3", 10, "A", None);
    pool_seats(&mut town, 0, "area", 1);
    let expected = [("3".to_owned(), vec!["choice.in_home_area".to_owned()])];
    let found = missing(&town.done(), &criteria(""));
    assert_eq!(found.len(), expected.len(), "{found:?}");
    assert_eq!(found[0].0, expected[0].0);
}

/// Two classes share a room of one and a half children; one of age 0 fills a whole place, one of age
/// 1 half a place.
#[test]
fn shared_rooms_count_by_weight() {
    let town = |capacity: Rational| {
        let mut town = Town::new([2, 0, 0]);
        town.facts.shared.push(SharedSeats {
            facility: 0,
            label: "乳児室".into(),
            capacity: Some(capacity),
        });
        for class in &mut town.facts.classes {
            if class.facility == 0 && class.age < 2 {
                class.shared = Some(0);
                class.seats = 2;
            }
            if class.facility == 0 && class.age == 1 {
                class.weight = Rational::new(1, 2).unwrap();
            }
        }
        for (id, points) in [("1", 40), ("2", 30), ("3", 20)] {
            town.only(id, points, "A");
        }
        let born = Value::Date(jiff::civil::date(2026, 6, 1));
        town.set(Entity::Child, 0, "birth_date", born);
        town.done()
    };
    let half = |n: u64| Rational::new(n, 2).unwrap();
    assert_eq!(placed(&town(half(3)), PLAIN), "1=A 2=A 3=-");
    assert_eq!(placed(&town(half(4)), PLAIN), "1=A 2=A 3=A");
    // The one of age 0 does not fit; the others do.
    assert_eq!(placed(&town(half(1)), PLAIN), "1=- 2=A 3=-");
}

/// The seat of a child that moves is given again in the same round, or is not: by the criteria, or
/// for one class by the round.
#[test]
fn vacated_seats_are_filled_again_or_not() {
    let town = |refill: bool| {
        let mut town = Town::new([0, 1, 0]);
        town.household("H1", "東", "");
        town.child("1", 30, "B", Some(0));
        town.only("2", 20, "A");
        for class in town.facts.classes.iter_mut().filter(|k| k.facility == 0) {
            class.refill = refill;
        }
        town.done()
    };
    assert_eq!(placed(&town(true), PLAIN), "1=B 2=A");
    assert_eq!(placed(&town(false), PLAIN), "1=B 2=-");
    let never = with("[transfers]\nrefill = false");
    assert_eq!(placed(&town(true), &never), "1=B 2=-");
    // Also where the class has no row: somebody sits there all the same.
    let mut bare = town(true);
    bare.facts.classes.retain(|k| k.facility != 0);
    assert_eq!(placed(&bare, PLAIN), "1=B 2=A");
    assert_eq!(placed(&bare, &never), "1=B 2=-");
}

/// Siblings who enter together come before others of equal points, and a sibling alone does not.
#[test]
fn entering_together_is_a_key() {
    let criteria = |timing: &str| {
        with(&format!(
            r#"
[[key]]
id = "together"
label = "同時に入所できる"
value = "household.new_applicants_count >= 2"
together = true

[siblings]
timing = "{timing}"
place = "choice-order"
first = "either"
"#
        ))
    };
    let town = |seats| {
        let mut town = Town::new(seats);
        town.household("H1", "東", "");
        town.child("1", 10, "A", None);
        town.child("2", 10, "B", None);
        town.only("3", 10, "A");
        town.done()
    };
    for timing in ["need-not", "together"] {
        assert_eq!(placed(&town([1, 1, 0]), &criteria(timing)), "1=A 2=B 3=-");
    }
    // There is no seat for the other: apart, the sibling equals the third, and nothing decides.
    let equal = decided(&town([1, 0, 0]), &criteria("need-not"));
    assert!(matches!(equal, Err(Halt::Ties(_))), "{equal:?}");
    assert_eq!(
        placed(&town([1, 0, 0]), &criteria("together")),
        "1=- 2=- 3=A"
    );
}

/// Coupled points: both siblings have the best of those who chose the nursery, or the average.
#[test]
fn points_of_siblings_are_coupled() {
    let criteria = |coupling: &str| {
        with(&format!(
            "{NEED_NOT}coupling = \"{coupling}\"\ncoupled = [\"total\"]\n"
        ))
    };
    // The siblings have 31 and 10 at A; others 30 and 20.
    let mut town = Town::new([2, 0, 0]);
    town.household("H1", "東", "");
    town.child("1", 31, "A", None);
    town.child("2", 10, "A", None);
    town.only("3", 30, "A");
    town.only("4", 20, "A");
    let town = town.done();
    assert_eq!(placed(&town, &with(NEED_NOT)), "1=A 2=- 3=A 4=-");
    assert_eq!(placed(&town, &criteria("highest")), "1=A 2=A 3=- 4=-");
    // The average is 20.5: after 3, and before 4.
    assert_eq!(placed(&town, &criteria("average")), "1=A 2=- 3=A 4=-");
    // What is unknown of one is unknown of both.
    let mut town = Town::new([2, 0, 0]);
    town.household("H1", "東", "");
    town.child("1", 10, "A", None);
    town.child("2", 31, "A", None);
    town.set(Entity::Child, 1, "lottery_number", Value::Unknown);
    let town = town.done();
    let fact = vec!["child.lottery_number".to_owned()];
    let both = [("1".to_owned(), fact.clone()), ("2".to_owned(), fact)];
    assert_eq!(missing(&town, &criteria("highest")), both);
}

/// What becomes of equals: what was asked for, else what the criteria say.
#[test]
fn equals_are_treated_as_asked_or_as_the_criteria_say() {
    let lottery = Ties::Lottery("R9".into());
    let criteria = |left: &str| {
        source(&PLAIN.replace("left = \"stop\"", &format!("left = \"{left}\""))).criteria
    };
    for (left, expected) in [
        ("stop", Ok(Ties::Stop)),
        // Until staff have decided, nobody is placed.
        ("staff", Ok(Ties::Stop)),
        ("equal", Ok(Ties::Equal)),
        ("lottery", Err(StageError::NoSeed)),
    ] {
        let criteria = criteria(left);
        assert_eq!(ties_of(&criteria, None), expected, "{left}");
        assert_eq!(
            ties_of(&criteria, Some(lottery.clone())),
            Ok(lottery.clone())
        );
        let hole = source(
            &PLAIN
                .replace("left = \"stop\"", &format!("left = \"{left}\""))
                .replace(
                    "[ties]",
                    "[[key]]\nid = \"hole\"\nlabel = \"未確認\"\nfill = true\n\n[ties]",
                ),
        );
        assert_eq!(ties_of(&hole.criteria, Some(Ties::Stop)), Ok(Ties::Stop));
        let no = ties_of(&hole.criteria, Some(lottery.clone()));
        assert!(
            matches!(no, Err(StageError::KeyToBeFilled { .. })),
            "{no:?}"
        );
    }
    let mut town = Town::new([1, 0, 0]);
    town.only("1", 10, "A");
    town.only("2", 10, "A");
    let town = town.done();
    assert!(matches!(decided(&town, PLAIN), Err(Halt::Ties(_))));
}

/// One order of families, where points depend on the nursery: there is none.
#[test]
fn one_order_needs_points_that_are_the_same_everywhere() {
    let criteria = with("[selection]\nmechanism = \"index-order\"").replace(
        "value = \"child.lottery_number\"",
        "value = \"choice.facilities_used\"",
    );
    let mut town = Town::new([1, 1, 0]);
    town.only("1", 0, "A B");
    town.only("2", 0, "A B");
    let points = |town: &mut Town, used: [i64; 4]| {
        for (choice, n) in (0..).zip(used) {
            town.set(Entity::Choice, choice, "facilities_used", Value::whole(n));
        }
    };
    points(&mut town, [3, 3, 2, 2]);
    let mut town = town.done();
    assert_eq!(placed(&town, &criteria), "1=A 2=B");
    points(&mut town, [3, 2, 2, 2]);
    let town = town.done();
    let no = decided(&town, &criteria);
    assert!(matches!(no, Err(Halt::NoCommonOrder)), "{no:?}");
}

/// Lists of combinations: what a row gives that was not chosen, or to somebody who does not apply.
#[test]
fn combination_lists_are_held_to_the_choices() {
    let town = |rows: &[&[(u32, Option<u32>)]], apply: bool| {
        let mut town = Town::new([1, 1, 1]);
        town.household("H1", "東", "");
        town.child("1", 10, "A B", None);
        town.child("2", 10, "B", None);
        if !apply {
            town.word(Entity::Child, 1, "application", "none");
        }
        for (rank, slots) in (1..).zip(rows) {
            town.facts.combinations.push(Combination {
                household: 0,
                rank,
                slots: slots.to_vec(),
                row: rank + 1,
            });
        }
        town.done()
    };
    // The family's list has the word, though each would get its first choice.
    let rows: &[&[(u32, Option<u32>)]] =
        &[&[(0, Some(0)), (1, None)], &[(0, Some(0)), (1, Some(1))]];
    assert_eq!(placed(&town(rows, true), PLAIN), "1=A 2=-");
    // No list, no default, no answer: the family is asked.
    let errors = stopped(&town(&[], true), PLAIN);
    assert!(
        matches!(&errors[..], [StageError::NoAnswer { .. }]),
        "{errors:?}"
    );
    let errors = stopped(&town(&[&[(0, Some(2)), (1, Some(1))]], true), PLAIN);
    assert!(
        matches!(&errors[..], [StageError::CombinationFacility { child, facility }]
            if &**child == "1" && &**facility == "C"),
        "{errors:?}"
    );
    let errors = stopped(&town(rows, false), PLAIN);
    assert!(
        matches!(&errors[..], [StageError::CombinationChild { child }] if &**child == "2"),
        "{errors:?}"
    );
}

/// What no town hopes for, and every program meets.
#[test]
fn rounds_at_the_edge() {
    // Nobody applies.
    assert_eq!(placed(&Town::new([1, 1, 1]).done(), PLAIN), "");
    // No seats anywhere.
    let mut town = Town::new([0, 0, 0]);
    town.only("1", 10, "A B C");
    town.only("2", 20, "C");
    assert_eq!(placed(&town.done(), PLAIN), "1=- 2=-");
    // A nursery without a class of the child's age, and one without any.
    let mut town = Town::new([1, 1, 1]);
    town.only("1", 10, "A B");
    town.only("2", 20, "A C");
    let born = Value::Date(jiff::civil::date(2021, 6, 1));
    town.set(Entity::Child, 0, "birth_date", born);
    town.facts.classes.retain(|k| k.facility != 0);
    assert_eq!(placed(&town.done(), PLAIN), "1=- 2=C");
    // Every choice of a household is refused.
    let refused =
        with("[[eligibility]]\nid = \"no\"\nlabel = \"要件\"\nrequire = \"facility.area == '北'\"");
    let mut town = Town::new([1, 1, 1]);
    town.household("H1", "東", "");
    town.child("1", 10, "A B", None);
    town.child("2", 10, "A B", None);
    assert_eq!(
        placed(&town.done(), &format!("{refused}{NEED_NOT}")),
        "1=- 2=-"
    );
    // Of school age; and nobody knows of which age.
    let mut town = Town::new([1, 1, 1]);
    town.only("1", 10, "A");
    town.only("2", 10, "B");
    for (child, born) in [(0, "2021-04-01"), (1, "2021-04-02")] {
        let born = Value::Date(born.parse().unwrap());
        town.set(Entity::Child, child, "birth_date", born);
    }
    let mut town = town.done();
    let errors = stopped(&town, PLAIN);
    assert!(
        matches!(&errors[..], [StageError::Age { child }] if &**child == "1"),
        "{errors:?}"
    );
    let born = Value::Date(jiff::civil::date(2025, 6, 1));
    town.set(Entity::Child, 0, "birth_date", born);
    town.set(Entity::Child, 1, "birth_date", Value::Unknown);
    let expected = [("2".to_owned(), vec!["child.birth_date".to_owned()])];
    assert_eq!(missing(&town.done(), PLAIN), expected);
}
