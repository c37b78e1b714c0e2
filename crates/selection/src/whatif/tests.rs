//! Comparisons of rounds small enough to count by hand, and of made-up ones.

mod made_up;
pub(crate) mod town;

use super::{
    apply::{Seats, apply},
    error::{Problem, SetError},
    plan::{Asked, Plan},
    public::public,
    report::{ClassSide, Comparison, Dimension, Outcome, Spot, WhatIf},
    score::{ScoreFailure, score},
    set::Set,
    text::text,
    text_public::public_text,
};
use crate::{compiled::Ties, text_summary::Lang};
use enmusubi_domain::{
    Rational,
    facts::{Entity, SharedSeats},
};
use enmusubi_matching::Mechanism;
use town::{CRITERIA, Town, source, what_if};

fn compared(what_if: &WhatIf, variant: usize) -> &Comparison {
    match &what_if.variants[variant].outcome {
        Outcome::Compared(c) => c,
        other => panic!("{other:?}"),
    }
}

fn moved(town: &Town, sets: &[&str]) -> String {
    moves(compared(&town.what_if(&[sets]), 0))
}

/// `child: before → after` for everybody for whom something changes.
fn moves(c: &Comparison) -> String {
    let spot = |s: &Spot| match (s.rank, s.facility.is_empty()) {
        (_, true) => "-".to_owned(),
        (Some(rank), _) => format!("{}{rank}", s.facility),
        (None, _) => format!("{}=", s.facility),
    };
    let line = |r: &super::report::ChildRow| {
        format!(
            "{}: {} → {} {:?}",
            r.child,
            spot(&r.before),
            spot(&r.after),
            r.moved
        )
    };
    c.changed.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// A has one seat, B one: the best two of four are in, at their first choices or the next.
fn four() -> Town {
    let mut town = Town::new([1, 1, 0]);
    town.only("1", 40, "A B");
    town.only("2", 30, "A B");
    town.only("3", 20, "A");
    town.only("4", 10, "B");
    town.done()
}

#[test]
fn a_seat_more_counted_by_hand() {
    // Now: 1 at A, 2 at B. With two seats at A, 2 goes up to A and 4 gets B.
    let town = four();
    let found = town.what_if(&[&["seats:A:1=+1"]]);
    let c = compared(&found, 0);
    assert_eq!(moves(c), "2: B2 → A1 Better\n4: - → B1 PlacedNow");
    let t = c.all;
    assert_eq!(
        (
            t.children,
            t.placed_now,
            t.better,
            t.unplaced,
            t.worse,
            t.unchanged
        ),
        (4, 1, 1, 0, 0, 2)
    );
    let (before, after) = (&found.base.figures, &c.after.figures);
    assert_eq!((before.with_class, after.with_class), (2, 3));
    assert_eq!((before.first_choice, after.first_choice), (1, 3));
    assert_eq!(before.mean_rank.as_deref(), Some("3/2"));
    assert_eq!(after.mean_rank.as_deref(), Some("1"));
    assert!(before.stable && after.stable);
    // The last admitted: at A 40, then 30; at B 30, then 10.
    let cut_offs: Vec<_> = c
        .classes
        .iter()
        .map(|k| {
            let key = |s: &Option<ClassSide>| s.as_ref()?.cut_off.clone();
            let seats = |s: &Option<ClassSide>| s.as_ref().and_then(|s| s.seats);
            (
                &*k.facility,
                (seats(&k.before), seats(&k.after)),
                key(&k.before).unwrap().join(" "),
                key(&k.after).unwrap().join(" "),
            )
        })
        .collect();
    assert_eq!(
        cut_offs,
        [
            ("A", (Some(1), Some(2)), "40".into(), "30".into()),
            ("B", (Some(1), Some(1)), "30".into(), "10".into()),
        ]
    );
}

#[test]
fn a_seat_less_and_points_counted_by_hand() {
    let town = four();
    // 1 has the only seat left at B; 2 loses it.
    assert_eq!(
        moved(&town, &["seats:A:1=0"]),
        "1: A1 → B2 Worse\n2: B2 → - Unplaced"
    );
    let mut town = Town::new([1, 1, 0]);
    town.only("1", 40, "A B");
    town.household("H2", "西", "single");
    town.child("2", 30, "A B", None);
    town.household("H3", "", "welfare");
    town.child("3", 29, "B", None);
    let town = town.done();
    // As it is: 40, 35, 33. Twelve points for single parents: 42 beats 40.
    assert_eq!(
        moved(&town, &["row:single=12"]),
        "1: A1 → B2 Worse\n2: B2 → A1 Better"
    );
    // Nothing for single parents: 33 of welfare beats 30.
    let found = town.what_if(&[&["row:single=0"], &["change:welfare=7"]]);
    let c = compared(&found, 0);
    assert_eq!(moves(c), "2: B2 → - Unplaced\n3: - → B1 PlacedNow");
    assert_eq!(moves(compared(&found, 1)), moves(c));
    let of = |dimension, group: &str| {
        let found = c
            .groups
            .iter()
            .find(|g| g.dimension == dimension && g.group == group);
        found.map(|g| (g.tally.children, g.tally.gained(), g.tally.lost()))
    };
    assert_eq!(of(Dimension::Area, "西"), Some((1, 0, 1)));
    assert_eq!(of(Dimension::Area, ""), Some((1, 1, 0)));
    assert_eq!(of(Dimension::SingleParent, "single"), Some((1, 0, 1)));
    assert_eq!(of(Dimension::SingleParent, "none"), Some((2, 1, 0)));
    assert_eq!(of(Dimension::Age, "1"), Some((3, 1, 1)));
    assert_eq!(of(Dimension::Siblings, "alone"), Some((3, 1, 1)));
    assert_eq!(of(Dimension::Transfer, "new"), Some((3, 1, 1)));
}

#[test]
fn transfers_and_siblings_counted_by_hand() {
    // 1 sits at A and wants B, which 2 of more points has. 3 and 4 are siblings who want A.
    let mut town = Town::new([1, 1, 0]);
    town.household("H1", "東", "");
    town.child("1", 10, "B", Some(0));
    town.only("2", 20, "B");
    town.household("H3", "東", "");
    town.child("3", 30, "A", None);
    town.child("4", 5, "A", None);
    let town = town.done();
    // With a second seat at B, 1 moves and its seat at A goes to the other sibling.
    let found = town.what_if(&[&["seats:わかば園:1=2"]]);
    let c = compared(&found, 0);
    assert_eq!(moves(c), "1: A= → B1 Better\n4: - → A1 PlacedNow");
    assert_eq!(found.base.figures.newly_placed, 2);
    assert_eq!(found.base.figures.with_class, 3);
    let of = |dimension, group: &str| {
        let found = c
            .groups
            .iter()
            .find(|g| g.dimension == dimension && g.group == group);
        found.map(|g| (g.tally.children, g.tally.gained()))
    };
    assert_eq!(of(Dimension::Transfer, "transfer"), Some((1, 1)));
    assert_eq!(of(Dimension::Siblings, "together"), Some((2, 1)));
}

#[test]
fn rooms_ratios_and_pools_counted_by_hand() {
    // Two seats at age 1, four at age 2 of A, nobody of age 2: sharing gives them to age 1.
    let mut town = Town::new([2, 0, 0]);
    for c in town
        .facts
        .classes
        .iter_mut()
        .filter(|c| c.facility == 0 && c.age == 2)
    {
        c.seats = 4;
    }
    for i in 0..8 {
        town.only(&i.to_string(), 100 - i, "A");
    }
    let town = town.done();
    let gained = |sets: &[&str]| compared(&town.what_if(&[sets]), 0).all.placed_now;
    assert_eq!(gained(&["share:A:1-2"]), 4);
    // Room for 2 × 1/3 + 4 × 1/6 = 4/3 of a teacher: four children of age 1 at a third each.
    assert_eq!(gained(&["ratio:1=1/3,2=1/6", "share:A:1-2"]), 2);
    // Nobody is of the other area: a hard wall there is not, the seats go on to others.
    assert_eq!(gained(&["pool:A:1:area=1"]), 0);
    let found = town.what_if(&[&["pool:A:1:area=3"]]);
    let Outcome::Wrong { reasons } = &found.variants[0].outcome else {
        panic!("{found:?}");
    };
    assert_eq!(reasons.len(), 1);
}

#[test]
fn a_variant_without_change_changes_nobody_and_is_scored_once() {
    let town = four();
    let found = town.what_if(&[&[], &["mechanism=stable"], &["row:single=5"]]);
    for v in 0..3 {
        let c = compared(&found, v);
        assert_eq!(c.all.unchanged, c.all.children);
        assert!(c.changed.is_empty());
        assert_eq!(c.after.figures, found.base.figures);
    }
    let asked = |sets: &[&str]| Asked {
        name: sets.join(" "),
        source: 0,
        sets: sets.iter().map(|s| Set::parse(s).unwrap()).collect(),
    };
    let variants = [
        asked(&["seats:*:1=+1"]),
        asked(&["row:single=6"]),
        asked(&["row:single=6", "seats:A:1=3"]),
        asked(&["pool:A:1:area=1"]),
        asked(&["ties=equal"]),
    ];
    let sources = std::slice::from_ref(&town.source);
    let plan = Plan::of(&town.facts, sources, &variants, None, None).unwrap();
    // The base, other points, and another facility with a pool.
    assert_eq!(plan.scorings.len(), 3);
    assert_eq!(plan.rounds.len(), 6);
}

#[test]
fn undecided_ties_and_children_are_told_for_the_variant() {
    let mut town = Town::new([1, 1, 0]);
    town.household("H1", "東", "single");
    town.child("1", 10, "A", None);
    town.only("2", 15, "B");
    town.only("3", 10, "A");
    let town = town.done();
    // 15 and 10 for A; without the five points both have 10.
    let found = town.what_if(&[
        &["row:single=0"],
        &["row:single=household.children_to_grade_3"],
    ]);
    let Outcome::Ties { undecided } = &found.variants[0].outcome else {
        panic!("{found:?}");
    };
    assert_eq!((&*undecided[0].a, &*undecided[0].b), ("1", "3"));
    let seed = Ties::Lottery("R9".into());
    let found = town.what_if_of(&[&["row:single=0"]], Some(&seed)).unwrap();
    assert_eq!(compared(&found, 0).all.children, 3);
    // A fact nobody stated.
    let found = town.what_if(&[&["row:single=household.arrears_months == months(1) ? 1 : 2"]]);
    let Outcome::Undecided { children, reasons } = &found.variants[0].outcome else {
        panic!("{found:?}");
    };
    assert_eq!((&**children, reasons.len()), (&["1".to_owned()][..], 1));
    // A division by zero names the row.
    let by_zero = town.apply(&["row:single=1 / child.siblings_applying"]);
    let failure = score(&town.facts, None, &by_zero.unwrap().criteria.unwrap()).unwrap_err();
    let ScoreFailure::Arithmetic(errors) = failure else {
        panic!("{failure:?}");
    };
    assert!(
        errors[0].division && &*errors[0].item == "single",
        "{errors:?}"
    );
}

/// A strict order and no siblings: one seat more hurts nobody (comparative statics of deferred
/// acceptance; Crawford 1991).
#[test]
fn a_seat_more_hurts_nobody_where_there_are_no_siblings() {
    let mut state = 7u64;
    let mut below = |n: u64| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % n
    };
    let mut gained = 0;
    for _ in 0..60 {
        let mut town = Town::new([below(3) as u32, below(3) as u32, below(4) as u32]);
        let order = ["A B C", "B A", "C B A", "A C", "B", "C A B", "A"];
        for i in 0..12i64 {
            let choices = order[below(7) as usize];
            town.only(&format!("{i:02}"), i * 10 + below(9) as i64, choices);
        }
        let town = town.done();
        let found = town.what_if(&[&["seats:A:1=+1"], &["seats:*:1=+1"], &["seats:C:1=+2"]]);
        for v in 0..3 {
            let c = compared(&found, v);
            assert_eq!(c.all.lost(), 0, "{}", moves(c));
            gained += c.all.gained();
        }
    }
    assert!(gained > 100, "{gained}");
}

#[test]
fn mechanisms_and_other_criteria_are_compared() {
    // By choice order, 3 has A before 2 comes with its second choice.
    let mut town = Town::new([0, 1, 0]);
    town.only("1", 40, "A B");
    town.only("2", 10, "B");
    let town = town.done();
    let found = town.what_if(&[&["mechanism=choice-order"]]);
    let c = compared(&found, 0);
    assert_eq!(moves(c), "1: B2 → - Unplaced\n2: - → B1 PlacedNow");
    assert_eq!(c.after.figures.blocking_families, ["H1"]);
    let other =
        source(&CRITERIA.replace("lottery_number + adjust", "lottery_number * -1 + adjust"));
    let asked = [Asked {
        name: "逆".into(),
        source: 1,
        sets: vec![Set::parse("seats:A:1=1").unwrap()],
    }];
    let found = what_if(&town.facts, &[town.source, other], &asked, None).unwrap();
    assert_eq!(
        moves(compared(&found, 0)),
        "1: B2 → A1 Better\n2: - → B1 PlacedNow"
    );
}

#[test]
fn nothing_published_tells_of_few() {
    let town = four();
    let found = town.what_if(&[&["seats:A:1=+1"], &[]]);
    let shown = public(&found);
    let c = shown.variants[0].comparison.as_ref().unwrap();
    // Two gain: withheld wherever it would show, while nobody loses.
    assert_eq!(
        (c.gained.total, c.gained.placement, c.gained.choice),
        (None, None, None)
    );
    assert_eq!((c.lost.total, c.lost.choice), (Some(0), Some(0)));
    assert!(c.groups.iter().all(|g| g.gained.is_none()));
    assert_eq!((c.after.with_class, c.after.first_choice), (None, None));
    assert_eq!(c.cut_offs_withheld, 2);
    let json = serde_json::to_string(&shown).unwrap();
    assert!(!json.contains("\"child\"") && !json.contains("household\""));
    // Many gain: shown.
    let mut town = Town::new([10, 0, 0]);
    for i in 0..40 {
        town.household(&format!("H{i}"), if i < 21 { "東" } else { "西" }, "");
        town.child(&format!("{i:02}"), 100 - i, "A", None);
    }
    let town = town.done();
    let found = town.what_if(&[&["seats:A:1=+12"]]);
    let shown = public(&found);
    let c = shown.variants[0].comparison.as_ref().unwrap();
    assert_eq!(
        (c.gained.total, c.gained.placement, c.gained.choice),
        (Some(12), Some(12), Some(0))
    );
    assert_eq!(c.after.with_class, Some(22));
    // Eleven of the east, one of the west: neither may be told.
    let area = |g: &&super::public::PublicGroup| g.dimension == Dimension::Area;
    let areas: Vec<_> = c.groups.iter().filter(area).map(|g| g.gained).collect();
    assert_eq!(areas, [None, None]);
    assert_eq!(c.cut_offs[0].before, "91");
    assert_eq!(c.cut_offs[0].after, "79");
}

/// Few on hold, before or after: who is placed now would lead from one number to the other.
#[test]
fn few_on_hold_do_not_follow_from_who_gains() {
    let mut town = Town::new([10, 0, 0]);
    for i in 0..20 {
        town.only(&format!("{i:02}"), 100 - i, "A");
    }
    let town = town.done();
    let found = town.what_if(&[&["seats:A:1=18"], &["seats:A:1=16"], &["seats:A:1=20"]]);
    let shown = public(&found);
    let counts = |v: usize| {
        let c = shown.variants[v].comparison.as_ref().unwrap();
        (c.gained.total, c.gained.placement, c.after.with_class)
    };
    // Two are left, then four, then nobody.
    assert_eq!(counts(0), (Some(8), None, None));
    assert_eq!(counts(1), (Some(6), Some(6), Some(16)));
    assert_eq!(counts(2), (Some(10), Some(10), Some(20)));
}

#[test]
fn words_for_staff_and_for_publication() {
    let mut town = Town::new([2, 1, 0]);
    for (i, choices) in ["A B", "A B", "A B", "B A", "A", "B"]
        .into_iter()
        .enumerate()
    {
        town.household(&format!("H{i}"), ["東", "西"][i % 2], ["", "single"][i / 5]);
        town.child(&format!("{i}"), 60 - i as i64, choices, None);
    }
    town.household("HX", "", "");
    town.child("7", 30, "A B", Some(2));
    town.child("8", 31, "A B", None);
    let town = town.done();
    let found = town.what_if(&[
        &["seats:A:1=+1", "row:single=9", "change:welfare=1"],
        &["share:A:0-1", "ratio:0=1/3,1=1/6", "ties=lottery:R9"],
        &["mechanism=choice-order", "pool:B:1:area=1", "seats:*:*=+1"],
        &["row:single=household.arrears_months == months(1) ? 1 : 2"],
    ]);
    insta::assert_snapshot!("staff_ja", text(&found, Lang::Japanese));
    insta::assert_snapshot!("staff_en", text(&found, Lang::English));
    insta::assert_snapshot!("public_ja", public_text(&public(&found), Lang::Japanese));
    insta::assert_snapshot!("public_en", public_text(&public(&found), Lang::English));
}

/// What is said about changes that cannot be tried out, and the hint.
fn wrong(town: &Town, sets: &[&str]) -> String {
    let errors = town.apply(sets).unwrap_err();
    let line = |e: &SetError| format!("{}\n  = {}", e.text(Lang::English), e.mend(Lang::English));
    errors.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn changes_that_cannot_be_tried_out_are_all_told() {
    let mut town = four();
    let told = wrong(
        &town,
        &[
            "row:singel=1",
            "change:welfrae=1",
            "row:mayor=1",
            "seats:あをば園:1=+1",
            "seats:A:5=+1",
            "seats:B:1=-2",
            "seats:B:2=1",
            "seats:*:2=+1",
            "share:C:4-5",
            "ratio:3=1/20",
            "pool:A:1:aera=1",
            "ties=stop",
            "ties=equal",
        ],
    );
    insta::assert_snapshot!("wrong_changes", told);
    // What the checker says of the criteria with the change names the change, and only that.
    let told = wrong(&town, &["row:single=guardian.income", "row:siblings=3"]);
    insta::assert_snapshot!("wrong_criteria", told);
    town.text(Entity::Facility, 1, "name", "あおば園");
    let told = wrong(&town, &["seats:あおば園:1=+1"]);
    assert!(told.contains("(ids: A, B)"), "{told}");
}

#[test]
fn declared_rooms_grow_with_their_classes_and_a_row_to_be_filled_gets_points() {
    let mut town = four();
    town.facts.shared.push(SharedSeats {
        facility: 0,
        label: "室".into(),
        capacity: Rational::new(4, 3),
    });
    let third = Rational::new(1, 3).unwrap();
    for c in town.facts.classes.iter_mut().filter(|c| c.facility == 0) {
        (c.shared, c.weight) = (Some(0), third);
    }
    let seats = |sets: &[&str]| town.apply(sets).unwrap().seats.unwrap();
    assert_eq!(
        seats(&["seats:A:1=+1"]).shared[0].capacity,
        Rational::new(5, 3)
    );
    let changed = seats(&["seats:A:1=+1", "ratio:1=1/2"]);
    assert_eq!(changed.shared[0].capacity, Rational::new(11, 6));
    assert!(matches!(
        town.apply(&["share:A:0-1"]).unwrap_err()[0].problem,
        Problem::Shared { .. }
    ));
    assert_eq!(Seats::of(&town.facts).shared.len(), 1);
    let filled = source(&CRITERIA.replace("points = 5", "fill = true"));
    let set = Set::parse("row:single=1").unwrap();
    let applied = apply(&town.facts, &filled.document, &filled.criteria, &[set]).unwrap();
    assert!(filled.criteria.has_holes() && !applied.criteria.unwrap().has_holes());
    // The order in which changes are written means nothing.
    let (a, b) = (
        ["share:B:0-1", "ratio:0=1/3"],
        ["ratio:0=1/3", "share:B:0-1"],
    );
    assert_eq!(seats(&a), seats(&b));
    assert_eq!(
        town.apply(&["mechanism=index-order"]).unwrap().mechanism,
        Some(Mechanism::IndexOrder)
    );
}
