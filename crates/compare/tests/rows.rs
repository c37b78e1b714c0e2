//! Planted rows: other points, a row the staff do not go by, a rule that nobody wrote down. The true one is proposed and
//! wins; a round without differences gets no proposals.

use enmusubi_compare::{
    cause::Cause,
    crew::Alone,
    evidence::evidence,
    past::{Base, Past, PastTies},
    search::{Proposer, Scene, rows::Rows, unwritten::Unwritten},
    solve::{Limits, Silent, solve},
    truth::decisions_of,
    world::World,
};
use enmusubi_criteria::Criteria;
use enmusubi_domain::{
    facts::{Exact, RoundFacts},
    past::{Decision, Decisions, Outcome},
};
use enmusubi_matching::Mechanism;
use enmusubi_selection::compiled::Ties;
use enmusubi_synth::{FactOptions, Form, Options, facts, town};
use std::collections::HashSet;

const EXAMPLE: &[u8] = include_bytes!("../../../criteria/example/r9.toml");
const FUJISAWA: &[u8] = include_bytes!("../../../criteria/142051-fujisawa/r9.toml");

fn criteria(text: &[u8]) -> Criteria {
    enmusubi_criteria::read("", text)
        .0
        .expect("a file that reads")
}

fn round(form: Form, seed: u64) -> RoundFacts {
    let made = town(&Options {
        seed,
        children: 500,
        nurseries: 20,
        ..Options::default()
    });
    let options = FactOptions {
        seed,
        form,
        missing: 0,
        ..FactOptions::default()
    };
    facts(&made, &options)
}

fn past<'a>(
    facts: &'a RoundFacts,
    criteria: &'a Criteria,
    ties: &'a PastTies,
    decisions: &'a Decisions,
) -> Past<'a> {
    Past {
        base: Base::Facts { facts, criteria },
        decisions,
        ties,
        mechanism: Mechanism::Stable,
    }
}

/// What the staff decided with a cause as theirs.
fn decided(
    facts: &RoundFacts,
    criteria: &Criteria,
    ties: &PastTies,
    causes: &[Cause],
) -> Decisions {
    let none = Decisions::default();
    let world = World::of(past(facts, criteria, ties, &none), causes).expect("a world");
    let mut decisions = decisions_of(&world.market, &world.place());
    // Whoever is not in the market was refused.
    let known: HashSet<Box<str>> = decisions.list.iter().map(|d| d.child.clone()).collect();
    let others = facts.children.ids.iter().filter(|id| !known.contains(*id));
    decisions.list.extend(others.map(|id| Decision {
        child: id.clone(),
        outcome: Outcome::Held,
        row: 0,
    }));
    decisions
}

fn points(row: &str, theirs: i64) -> Cause {
    Cause::RowPoints {
        row: row.into(),
        theirs: Exact::whole(theirs),
    }
}

fn unwritten(table: &str, when: &str, points: i64) -> Cause {
    Cause::RowMissing {
        table: table.into(),
        when: when.into(),
        points: Exact::whole(points),
    }
}

/// Whether a found cause is the planted one; its points may lie anywhere that explains as much.
fn same(planted: &Cause, found: &Cause) -> bool {
    match (planted, found) {
        (Cause::RowPoints { row: a, .. }, Cause::RowPoints { row: b, .. }) => a == b,
        (Cause::RowMissing { when: a, .. }, Cause::RowMissing { when: b, .. }) => a == b,
        _ => planted == found,
    }
}

fn is_found(text: &[u8], form: Form, seed: u64, planted: &Cause) {
    is_found_by(&criteria(text), form, seed, planted);
}

fn is_found_by(criteria: &Criteria, form: Form, seed: u64, planted: &Cause) {
    let facts = round(form, seed);
    let ties = PastTies::Rule(Ties::Lottery("R9".into()));
    let decisions = decided(&facts, criteria, &ties, std::slice::from_ref(planted));
    let proposers: [Box<dyn Proposer>; 2] = [Box::<Rows>::default(), Box::<Unwritten>::default()];
    let solution = solve(
        past(&facts, criteria, &ties, &decisions),
        &[],
        &proposers,
        Limits::for_children(500),
        &Alone,
        &Silent,
    )
    .expect("a solution");
    assert!(
        !solution.differing.is_empty(),
        "{planted:?} changes nothing"
    );
    let first = solution.mended.first().expect("a cause");
    assert!(
        same(planted, &first.cause) || first.class.iter().any(|c| same(planted, c)),
        "planted {planted:?}, found {:#?}",
        solution.mended
    );
    assert_eq!(first.differing, 0, "{:#?}", solution.mended);
}

#[test]
fn other_points_of_a_row_are_found() {
    is_found(EXAMPLE, Form::fields(), 1, &points("work-20-7", 52));
    is_found(EXAMPLE, Form::fields(), 2, &points("return", 1));
    is_found(FUJISAWA, Form::fujisawa(), 3, &points("work-140", 7));
    is_found(FUJISAWA, Form::fujisawa(), 4, &points("sibling-here", 5));
}

/// Of a table that takes the highest, a row matters only where it is the highest: between a lost sign and the right
/// one nothing moves for long.
#[test]
fn a_lost_sign_is_found_where_the_highest_row_counts() {
    is_found(EXAMPLE, Form::fields(), 10, &points("work-16-8", -45));
    is_found(EXAMPLE, Form::fields(), 11, &points("sibling-here", -10));
}

#[test]
fn a_row_that_is_not_gone_by_is_found() {
    let without = |row: &str| Cause::RowExtra { row: row.into() };
    is_found(EXAMPLE, Form::fields(), 5, &without("return"));
    is_found(FUJISAWA, Form::fujisawa(), 6, &without("sibling-here"));
}

#[test]
fn a_rule_that_nobody_wrote_down_is_found() {
    let many = "household.children_under_18 >= 3";
    is_found(EXAMPLE, Form::fields(), 7, &unwritten("adjust", many, 5));
    let unlicensed = "child.present_care == 'unlicensed'";
    is_found(
        EXAMPLE,
        Form::fields(),
        8,
        &unwritten("adjust", unlicensed, -5),
    );
}

/// A row that is missing between its neighbours is named by what lies between them.
#[test]
fn a_row_missing_between_bands_is_found() {
    let mut without = criteria(EXAMPLE);
    for table in &mut without.tables {
        table.rows.retain(|r| &*r.id != "work-20-6");
    }
    let between = "('employment' in guardian.reasons) \
        && guardian.work_days_per_month >= days_per_month(20) \
        && guardian.work_hours_per_day >= hours_per_day(6) \
        && guardian.work_hours_per_day < hours_per_day(7)";
    let planted = unwritten("base", between, 44);
    is_found_by(&without, Form::fields(), 12, &planted);
}

/// Under an upper bound of a table even points for everybody decide.
#[test]
fn points_for_everybody_are_found() {
    is_found(EXAMPLE, Form::fields(), 7, &unwritten("adjust", "true", 20));
}

#[test]
fn a_rule_about_two_facts_is_found() {
    let both = "(household.preschoolers >= 2) && (on_leave)";
    is_found(EXAMPLE, Form::fields(), 9, &unwritten("adjust", both, 8));
}

#[test]
fn nothing_is_proposed_where_nothing_differs() {
    for (text, form) in [(EXAMPLE, Form::fields()), (FUJISAWA, Form::fujisawa())] {
        let criteria = criteria(text);
        for seed in 1..=2 {
            let facts = round(form.clone(), seed);
            let ties = PastTies::Rule(Ties::Lottery("R9".into()));
            let decisions = decided(&facts, &criteria, &ties, &[]);
            let world =
                World::of(past(&facts, &criteria, &ties, &decisions), &[]).expect("a world");
            let evidence = evidence(&world);
            let placement = world.place();
            let scene = Scene {
                world: &world,
                evidence: &evidence,
                placement: &placement,
                differing: &[],
                crew: &Alone,
                effort: u32::MAX,
            };
            assert_eq!(Rows::default().propose(&scene), []);
            assert_eq!(Unwritten::default().propose(&scene), []);
        }
    }
}
