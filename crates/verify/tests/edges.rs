//! Limits, nonsense, and the corpus.

use enmusubi_market::{Market, Placement};
use enmusubi_testkit::{
    ChildSpec, MarketBuilder, Shape, WishSpec, brute_force, corpus, random_market, random_placement,
};
use enmusubi_verify::{Limits, Violation, check, check_within};

/// One family, `n` children, 40 nurseries each, a seat for everybody.
fn big_family(n: u8, code: u8) -> Market {
    let mut b = MarketBuilder::default();
    let mut classes = Vec::new();
    for i in 0..40 {
        let nursery = b.nursery(&format!("n{i:02}"));
        classes.push(
            (0..n)
                .map(|age| b.class(nursery, age, 1))
                .collect::<Vec<_>>(),
        );
    }
    let children: Vec<ChildSpec> = (0..n)
        .rev()
        .map(|age| {
            let choices = classes.iter().map(|k| (k[age as usize], 1)).collect();
            ChildSpec {
                id: format!("c{age}"),
                age,
                current: None,
                choices,
            }
        })
        .collect();
    b.family("f", WishSpec::code(code), 0, 1, &children);
    b.build()
}

#[test]
fn a_family_of_three_with_forty_choices() {
    let market = big_family(3, 7);
    let verdict = check(&market, &Placement::as_now(&market));
    assert_eq!(verdict.summary().blocking_positions, 41 * 41 * 41 - 1);
    assert_eq!(verdict.blocking[0].listed.len(), 1000);
    assert_eq!(verdict.summary().rank_sum, 99);
    // All at the first nursery: nothing is better.
    let mut best = Placement::as_now(&market);
    for c in 0..3 {
        best.class[c] = Some(market.choices_of(c as u32)[0].class);
    }
    let verdict = check(&market, &best);
    assert!(verdict.is_stable());
    assert_eq!(verdict.summary().rank_sum, 1);
}

/// What is too long to finish is never called stable.
#[test]
fn running_out_of_steps_is_said() {
    let market = big_family(5, 7);
    let limits = Limits {
        positions_listed: 10,
        steps: 10_000,
    };
    let verdict = check_within(&market, &Placement::as_now(&market), limits);
    assert_eq!(verdict.unfinished, [0]);
    assert_eq!(verdict.blocking[0].listed.len(), 10);
    assert!(!verdict.is_stable());
    // Where the answer is near, five siblings need few steps: all placed at the best nursery.
    let mut best = Placement::as_now(&market);
    for c in 0..5 {
        best.class[c] = Some(market.choices_of(c as u32)[0].class);
    }
    let market = big_family(5, 4);
    assert!(check_within(&market, &best, limits).is_stable());
}

/// The positions listed are the first ones in list order.
#[test]
fn few_listed_are_the_first() {
    for seed in 0..500 {
        let market = random_market(seed, &Shape::default());
        let placement = random_placement(seed, &market);
        let all = check(&market, &placement);
        let limits = Limits {
            positions_listed: 2,
            ..Limits::default()
        };
        let few = check_within(&market, &placement, limits);
        for (a, f) in all.blocking.iter().zip(&few.blocking) {
            assert_eq!(a.positions, f.positions);
            assert_eq!(a.listed[..f.listed.len()], f.listed[..]);
            assert_eq!(f.listed.len(), a.listed.len().min(2));
        }
        assert_eq!(all.summary(), few.summary());
    }
}

#[test]
fn a_placement_of_another_market() {
    let market = corpus::twins();
    let verdict = check(&market, &Placement { class: vec![None] });
    assert_eq!(
        verdict.violations,
        [Violation::WrongLength {
            children: 3,
            classes: 1
        }]
    );
    assert!(!verdict.is_stable());

    let verdict = check(
        &market,
        &Placement {
            class: vec![None, Some(9), None],
        },
    );
    assert_eq!(
        verdict.violations,
        [Violation::UnknownClass { child: 1, class: 9 }]
    );
}

#[test]
fn a_transfer_applicant_without_a_class() {
    let market = corpus::carousel();
    let mut placement = brute_force(&market).placement;
    assert!(check(&market, &placement).is_stable());
    let class = placement.class[1];
    placement.class[1] = None;
    let verdict = check(&market, &placement);
    let lost = Violation::LostClass { child: 1, class: 1 };
    assert_eq!(
        verdict.violations,
        [lost, Violation::NotListed { family: 1 }]
    );
    // The move and, behind it, the class it came from.
    assert_eq!(verdict.blocking.len(), 1);
    let tuples: Vec<u32> = verdict.blocking[0]
        .listed
        .iter()
        .map(|p| p.position)
        .collect();
    assert_eq!(tuples, [1, 2]);
    assert!(class.is_some());
}

/// A seat freed in the second pass cannot be given away in the first.
#[test]
fn a_later_pass_holds_its_seats() {
    let market = corpus::two_passes();
    let best = brute_force(&market).placement;
    assert!(check(&market, &best).is_stable());
    // g (pass 0) in the seat that t (pass 1) leaves.
    let early = Placement {
        class: vec![Some(0), None, Some(1)],
    };
    let verdict = check(&market, &early);
    assert_eq!(
        verdict.violations,
        [Violation::Overfull {
            group: 0,
            pass: 0,
            used: 1,
            capacity: 0
        }]
    );
}

#[test]
fn the_corpus_as_documented() {
    for (market, blocking) in [
        (corpus::twins(), vec![0]),
        (corpus::weighted(), vec![1]),
        (corpus::couple(), vec![0]),
        (corpus::carousel(), vec![]),
        (corpus::tied_twins(), vec![]),
        (corpus::two_passes(), vec![]),
    ] {
        let verdict = check(&market, &brute_force(&market).placement);
        assert!(verdict.is_feasible());
        assert_eq!(
            verdict
                .blocking
                .iter()
                .map(|b| b.family)
                .collect::<Vec<_>>(),
            blocking
        );
    }
}
