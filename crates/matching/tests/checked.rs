//! The engine against the independent checker, where trying everything is out of reach.

use enmusubi_market::Market;
use enmusubi_matching::{Answer, Effort, Mechanism, NoWatch, Outcome, Quick, Request, place};
use enmusubi_testkit::{Shape, Town, random_market, town};

fn decide(market: &Market, request: Request) -> Outcome {
    match place(market, request, &NoWatch) {
        Answer::Placed(outcome) => *outcome,
        Answer::Undecided(_) => unreachable!("ties are not asked about"),
    }
}

#[test]
fn sweeps_are_what_the_checker_replays() {
    let pairs = [
        (
            Mechanism::IndexOrder,
            enmusubi_verify::Mechanism::IndexOrder,
        ),
        (
            Mechanism::ChoiceOrder,
            enmusubi_verify::Mechanism::ChoiceOrder,
        ),
    ];
    for seed in 0..4_000 {
        let market = random_market(seed, &Shape::default());
        for (ours, theirs) in pairs {
            let got = decide(
                &market,
                Request {
                    mechanism: ours,
                    ..Request::default()
                },
            );
            let checked = enmusubi_verify::check_mechanism(&market, &got.placement, theirs);
            assert!(checked.is_right(), "seed {seed}, {ours:?}: {checked:?}");
            let blocking: Vec<u32> = checked.verdict.blocking.iter().map(|b| b.family).collect();
            assert_eq!(got.blocking, blocking, "seed {seed}, {ours:?}");
            assert_eq!(
                got.rank_sum, checked.verdict.summary.rank_sum,
                "seed {seed}, {ours:?}"
            );
        }
    }
}

#[test]
fn towns_are_placed_as_the_checker_demands() {
    for children in [60, 150, 400] {
        for seed in 0..3 {
            for shape in [Town::of(children), Town::hard(children.min(150))] {
                let market = town(seed, &shape);
                for effort in [Effort::Witness, Effort::Proved] {
                    let got = decide(
                        &market,
                        Request {
                            effort,
                            ..Request::default()
                        },
                    );
                    let checked = enmusubi_verify::check(&market, &got.placement);
                    let name = format!("{children} children, seed {seed}, {effort:?}");
                    assert!(checked.is_feasible(), "{name}: {checked:?}");
                    let blocking: Vec<u32> = checked.blocking.iter().map(|b| b.family).collect();
                    assert_eq!(got.blocking, blocking, "{name}");
                    assert_eq!(got.rank_sum, checked.summary.rank_sum, "{name}");
                    assert_eq!(
                        got.placement.with_class(),
                        checked.summary.with_class,
                        "{name}"
                    );
                }
            }
        }
    }
}

/// Where the search ends soon more may be wronged than needed, but few, and everybody else is placed as ever.
#[test]
fn quick_placements_are_feasible_and_wrong_few() {
    let mut unstable = 0;
    for seed in 0..40 {
        for market in [
            town(seed, &Town::of(400)),
            town(seed, &Town::hard(150)),
            random_market(seed, &Shape::default()),
        ] {
            let request = Request {
                effort: Effort::Witness,
                ..Request::default()
            };
            let exact = decide(&market, request);
            let Answer::Placed(quick) = place(&market, request, &Quick) else {
                unreachable!("ties are not asked about");
            };
            let checked = enmusubi_verify::check(&market, &quick.placement);
            assert!(checked.is_feasible(), "seed {seed}: {checked:?}");
            let blocking: Vec<u32> = checked.blocking.iter().map(|b| b.family).collect();
            assert_eq!(quick.blocking, blocking, "seed {seed}");
            let most = exact.blocking.len() + 2 + market.families.len() / 20;
            assert!(blocking.len() <= most, "seed {seed}: {}", blocking.len());
            let lost = exact.placement.with_class() as usize;
            let lost = lost.saturating_sub(quick.placement.with_class() as usize);
            assert!(
                lost <= 2 + market.children.len() / 50,
                "seed {seed}: {lost}"
            );
            unstable += usize::from(!exact.blocking.is_empty());
        }
    }
    assert!(unstable > 3, "{unstable} rounds without a stable placement");
}

#[test]
fn threads_change_nothing() {
    for seed in 0..5 {
        let market = town(seed, &Town::of(400));
        let one = decide(&market, Request::default());
        for threads in [2, 8] {
            let many = decide(
                &market,
                Request {
                    threads,
                    ..Request::default()
                },
            );
            assert_eq!(one.placement, many.placement);
            assert_eq!(one.proofs, many.proofs);
        }
    }
}

#[test]
fn equals_keep_their_seats_in_large_rounds_too() {
    for seed in 0..4 {
        let mut market = town(seed, &Town::of(600));
        market.ties = enmusubi_market::TieReading::Equal;
        for choice in &mut market.choices {
            choice.priority = choice.priority.div_ceil(40);
        }
        let request = Request {
            effort: Effort::Witness,
            ..Request::default()
        };
        let got = decide(&market, request);
        let checked = enmusubi_verify::check(&market, &got.placement);
        assert!(checked.is_feasible(), "seed {seed}: {checked:?}");
        let blocking: Vec<u32> = checked.blocking.iter().map(|b| b.family).collect();
        assert_eq!(got.blocking, blocking, "seed {seed}");
    }
}
