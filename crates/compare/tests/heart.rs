//! Worlds and evidence on made-up rounds: a round decided by its own rules has nothing odd in it.

mod common;

use common::{criteria, round};
use enmusubi_compare::{
    cause::{Cause, ClassId},
    crew::Alone,
    evidence::evidence,
    past::{Base, Past, PastTies},
    solve::{Limits, Silent, solve},
    truth::decisions_of,
    world::World,
};
use enmusubi_criteria::Criteria;
use enmusubi_domain::past::Decisions;
use enmusubi_matching::Mechanism;
use enmusubi_selection::compiled::Ties;
use enmusubi_synth::{FactOptions, Form, Options, facts, town};

#[test]
fn a_round_decided_by_its_own_rules_has_nothing_odd() {
    let criteria = criteria();
    for seed in 1..=4 {
        let facts = round(seed, 600, 24);
        let ties = PastTies::Rule(Ties::Lottery("R9".into()));
        let none = Decisions::default();
        let past = |decisions| Past {
            base: Base::Facts {
                facts: &facts,
                criteria: &criteria,
            },
            decisions,
            ties: &ties,
            mechanism: Mechanism::Stable,
        };
        let world = World::of(past(&none), &[]).expect("a round");
        let placement = world.place();
        let theirs = decisions_of(&world.market, &placement);
        let world = World::of(past(&theirs), &[]).expect("a round");
        let found = evidence(&world);
        let (differing, compared) = world.truth.differing(&world.market, &world.place());
        assert_eq!(compared as usize, world.market.children.len());
        assert!(differing.is_empty(), "seed {seed}: {differing:?}");
        // Where nothing is stable somebody is wronged by any placement.
        let verdict = enmusubi_verify::check(&world.market, &placement);
        if verdict.is_stable() {
            assert_eq!(found.units, 0, "seed {seed}: {found:?}");
        }
        let solution = solve(
            past(&theirs),
            &[],
            &enmusubi_compare::search::all(),
            Limits::for_children(600),
            &Alone,
            &Silent,
        );
        assert!(solution.expect("a round").mended.is_empty());
    }
}

#[test]
fn a_seat_more_is_one_oddity_and_mending_it_leaves_none() {
    let criteria = criteria();
    let mut seen = 0;
    for seed in 1..=4 {
        let facts = round(seed, 600, 24);
        let ties = PastTies::Rule(Ties::Lottery("R9".into()));
        let none = Decisions::default();
        let past = |decisions| Past {
            base: Base::Facts {
                facts: &facts,
                criteria: &criteria,
            },
            decisions,
            ties: &ties,
            mechanism: Mechanism::Stable,
        };
        let world = World::of(past(&none), &[]).expect("a round");
        let before = world.place();
        if !enmusubi_verify::check(&world.market, &before).is_stable() {
            continue;
        }
        // A class somebody was refused at.
        let full = world.market.children.iter().zip(&before.class);
        let full = full.filter(|(_, k)| k.is_none()).find_map(|(c, _)| {
            let first = world.market.choices.get(c.choices.start as usize)?;
            Some(first.class)
        });
        let class = enmusubi_compare::world::edit::class_id(&world.market, full.expect("a class"));
        let cause = Cause::Seats {
            class: ClassId { ..class },
            by: 1,
        };
        let truth = world.with(&cause).expect("a round");
        let placement = truth.place();
        if !enmusubi_verify::check(&truth.market, &placement).is_stable() {
            continue;
        }
        let theirs = decisions_of(&truth.market, &placement);
        let world = World::of(past(&theirs), &[]).expect("a round");
        let found = evidence(&world);
        assert_eq!(found.units, 1, "seed {seed}: {found:?}");
        assert_eq!(evidence(&world.with(&cause).expect("a round")).units, 0);
        seen += 1;
    }
    assert!(seen > 0);
}

/// Where nothing is right to all families, another placement that wrongs nobody else is no difference; one that wrongs
/// somebody else is.
#[test]
fn another_placement_that_is_as_right_is_no_difference() {
    use enmusubi_matching::{Answer, Effort, Request, Watch, place};
    struct Unexplained;
    impl Watch for Unexplained {
        fn explain_instability(&self) -> bool {
            false
        }
    }
    let fujisawa_form = || (Form::fujisawa(), Some("142051".to_owned()));
    let rounds = [
        (criteria(), (Form::fields(), None), 700, 21),
        (fujisawa(), fujisawa_form(), 700, 21),
        // Nothing is right to all, and the exact search places otherwise than a replay does.
        (fujisawa(), fujisawa_form(), 700, 12),
    ];
    let (mut others, mut unstable) = (0, 0);
    for (criteria, (form, municipality), children, seed) in rounds {
        let made = town(&Options {
            seed,
            children,
            nurseries: children / 25,
            ..Options::default()
        });
        let options = FactOptions {
            seed,
            form,
            municipality,
            ..FactOptions::default()
        };
        let facts = facts(&made, &options);
        let ties = PastTies::Rule(Ties::Lottery("x".into()));
        let none = Decisions::default();
        let past = |decisions| Past {
            base: Base::Facts {
                facts: &facts,
                criteria: &criteria,
            },
            decisions,
            ties: &ties,
            mechanism: Mechanism::Stable,
        };
        let world = World::of(past(&none), &[]).expect("a round");
        let request = Request {
            effort: Effort::Witness,
            threads: 1,
            ..Request::default()
        };
        // Searched exactly, as a round is decided; comparisons replay without that.
        let Answer::Placed(exact) = place(&world.market, request, &Unexplained) else {
            panic!("ties do not stop");
        };
        let any = exact.placement;
        let other = any != world.place();
        let stable = enmusubi_verify::check(&world.market, &any).is_stable();
        others += u32::from(other);
        unstable += u32::from(other && !stable);
        let theirs = decisions_of(&world.market, &any);
        let solution = solve(
            past(&theirs),
            &[],
            &enmusubi_compare::search::all(),
            Limits::for_children(children),
            &Alone,
            &Silent,
        );
        let solution = solution.expect("a round");
        assert!(solution.mended.is_empty(), "{seed}: {:?}", solution.mended);
        assert!(solution.differing.is_empty(), "{seed}");
        assert_eq!(solution.equally_right.is_empty(), !other);
    }
    assert!(others > 0, "no round has two placements");
    assert!(unstable > 0, "no round wrongs somebody whatever is done");
}

fn fujisawa() -> Criteria {
    let text = include_bytes!("../../../criteria/142051-fujisawa/r9.toml");
    enmusubi_criteria::read("r9.toml", text)
        .0
        .expect("criteria that read")
}
