//! Lists written by hand, and the whole walk against the plain list.

use crate::blocking::{options, transfers};
use crate::wish::{Key, Space, Walk};
use enmusubi_market::{ClassIx, Market, Slot, Wish, WishFields};
use enmusubi_testkit::{ChildSpec, MarketBuilder, Shape, WishSpec, family_list, random_market};
use std::ops::ControlFlow;

/// The family's list in order, the last resort left out; `None` for an only child or a written list.
fn walked(market: &Market, family: u32) -> Option<Vec<Box<[Slot]>>> {
    let Wish::Fields(fields) = &market.families[family as usize].wish else {
        return None;
    };
    if market.children_of(family).len() == 1 {
        return None;
    }
    let space = Space::new(
        fields,
        options(market, family, |_, _| true),
        transfers(market, family),
    );
    let mut all: Vec<(Key, Box<[Slot]>)> = Vec::new();
    let mut walk = Walk::new(None, 1_000_000);
    space.walk(&mut walk, &mut |_| true, &mut |_, chosen| {
        let tuple = space.slots(chosen);
        assert_eq!(space.find(&tuple).as_deref(), Some(chosen));
        all.push((space.key(chosen), tuple));
        ControlFlow::Continue(())
    });
    assert!(!walk.exhausted);
    all.sort();
    Some(all.into_iter().map(|t| t.1).collect())
}

/// Older child: nurseries A, B. Younger: B, A. Written: nursery of each, `.` as now.
fn check(wish: WishSpec, current: [bool; 2], expect: &str) {
    let mut b = MarketBuilder::default();
    let n: Vec<u32> = ["A", "B", "C"].iter().map(|id| b.nursery(id)).collect();
    let older: Vec<ClassIx> = n.iter().map(|&n| b.class(n, 3, 1)).collect();
    let younger: Vec<ClassIx> = n.iter().map(|&n| b.class(n, 1, 1)).collect();
    let child = |id: &str, age, current, choices: [ClassIx; 2]| ChildSpec {
        id: id.into(),
        age,
        current,
        choices: choices.map(|k| (k, 1)).to_vec(),
    };
    let children = [
        child("a", 3, current[0].then_some(older[2]), [older[0], older[1]]),
        child(
            "b",
            1,
            current[1].then_some(younger[2]),
            [younger[1], younger[0]],
        ),
    ];
    b.family("f", wish, 0, 1, &children);
    let market = b.build();
    let letter = |s: &Slot| match s {
        Slot::AsNow => ".".to_owned(),
        Slot::Choice(x) => {
            let class = &market.classes[market.choices[*x as usize].class as usize];
            market.nurseries[class.nursery as usize].id.to_string()
        }
    };
    let list = walked(&market, 0).expect("siblings with fields");
    let said: Vec<String> = list
        .iter()
        .map(|t| t.iter().map(letter).collect())
        .collect();
    assert_eq!(said.join(" "), expect);
}

/// By hand from the keys of section 3. Both newly placed: AA (s 2, ranks 1 2, P 2), AB (s 1, ranks 1 1,
/// P 1), BA (s 1, ranks 2 2, P 4), BB (s 2, ranks 2 1, P 2). One: A. (P 99, 1 99), .B (P 99, 99 1), B. and
/// .A (P 198).
#[test]
fn the_seven_codes() {
    for current in [[false, false], [true, false], [false, true], [true, true]] {
        // A child as now counts as not placed, whether it has a class or not.
        check(WishSpec::code(1), current, "AA BB");
        check(WishSpec::code(2), current, "AA BB A. B.");
        check(WishSpec::code(3), current, "BB AA .B .A");
        check(WishSpec::code(4), current, "AA BB AB BA");
        check(WishSpec::code(5), current, "AA BB AB BA A. .B B. .A");
        check(WishSpec::code(6), current, "AB AA BB BA");
        check(WishSpec::code(7), current, "AB AA BB BA A. .B B. .A");
    }
}

#[test]
fn all_transfers_or_none() {
    let all = |code| {
        let fields = WishFields::from_code(code).expect("1 to 7");
        WishSpec::Fields(WishFields {
            all_transfers_or_none: true,
            ..fields
        })
    };
    check(all(7), [true, true], "AB AA BB BA");
    // The only transfer applicant agrees with itself.
    check(all(7), [true, false], "AB AA BB BA A. .B B. .A");
    check(all(7), [false, false], "AB AA BB BA A. .B B. .A");
}

#[test]
fn the_whole_walk_is_the_plain_list() {
    let long = Shape {
        choices_max: 5,
        nurseries_max: 6,
        siblings: 100,
        triples: 60,
        placements_max: u64::MAX,
        ..Shape::default()
    };
    let mut tuples = 0;
    for seed in 0..3000 {
        let market = random_market(seed, &long);
        for f in 0..market.families.len() as u32 {
            if let Some(list) = walked(&market, f) {
                let mut plain = family_list(&market, f).tuples;
                plain.pop();
                assert_eq!(list, plain, "seed {seed} family {f}");
                tuples += list.len();
            }
        }
    }
    assert!(tuples > 100_000, "{tuples}");
}

/// Bounds leave out nothing: what is better than any tuple is just what stands before it.
#[test]
fn bounds_leave_out_nothing() {
    let shape = Shape {
        choices_max: 5,
        nurseries_max: 4,
        siblings: 100,
        triples: 50,
        placements_max: u64::MAX,
        ..Shape::default()
    };
    for seed in 0..300 {
        let market = random_market(seed, &shape);
        let Some(list) = walked(&market, 0) else {
            continue;
        };
        let Wish::Fields(fields) = &market.families[0].wish else {
            continue;
        };
        let space = Space::new(
            fields,
            options(&market, 0, |_, _| true),
            transfers(&market, 0),
        );
        for (p, tuple) in list.iter().enumerate() {
            let key = space.key(&space.find(tuple).expect("listed"));
            let mut better = 0;
            let mut walk = Walk::new(Some(key), 1_000_000);
            space.walk(&mut walk, &mut |_| true, &mut |_, _| {
                better += 1;
                ControlFlow::Continue(())
            });
            assert_eq!(better, p, "seed {seed}");
        }
    }
}
