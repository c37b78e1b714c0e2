//! Replays of the two mechanisms against plain ones, and by hand.

use enmusubi_market::{FamilyIx, Market, Placement, Slot};
use enmusubi_testkit::{
    ChildSpec, FamilyList, MarketBuilder, Shape, WishSpec, corpus, family_list, random_market,
};
use enmusubi_verify::{Mechanism, OrderTie, check_mechanism, replay};

/// Everyone's seats counted anew: a tuple has room if no group is over its seats and the seats of
/// all its transfer applicants once the family has it. Whoever has not moved sits where it was.
fn try_tuple(
    market: &Market,
    placement: &Placement,
    family: FamilyIx,
    tuple: &[Slot],
) -> Option<Placement> {
    let mut after = placement.clone();
    for (c, &s) in market.families[family as usize].children.clone().zip(tuple) {
        after.class[c as usize] = market.class_of(c, s);
    }
    for g in 0..market.groups.len() as u32 {
        let weight = |of: &Placement| -> u64 {
            (0..market.children.len() as u32)
                .filter_map(|c| of.of(c).map(|k| (c, k)))
                .filter(|&(_, k)| market.classes[k as usize].group == g)
                .map(|(c, k)| market.weight(c, k))
                .sum()
        };
        if weight(&after) > market.groups[g as usize].seats + weight(&Placement::as_now(market)) {
            return None;
        }
    }
    Some(after)
}

fn plain(market: &Market, mechanism: Mechanism) -> Placement {
    let mut placement = Placement::as_now(market);
    let lists: Vec<FamilyList> = (0..market.families.len() as u32)
        .map(|f| family_list(market, f))
        .collect();
    for pass in 0..3 {
        let mut order: Vec<FamilyIx> = (0..market.families.len() as u32)
            .filter(|&f| market.families[f as usize].pass == pass)
            .collect();
        order.sort_by_key(|&f| market.families[f as usize].common_order);
        match mechanism {
            Mechanism::IndexOrder => {
                for f in order {
                    let tuples = &lists[f as usize].tuples;
                    let taken = tuples
                        .iter()
                        .find_map(|t| try_tuple(market, &placement, f, t));
                    placement = taken.expect("the last resort has room");
                }
            }
            Mechanism::ChoiceOrder => {
                let mut accepted: Vec<FamilyIx> = Vec::new();
                let rounds = lists
                    .iter()
                    .flat_map(|l| &l.positions)
                    .max()
                    .copied()
                    .unwrap_or(0);
                for k in 1..=rounds {
                    // Tuples of position k still to be tried, per waiting family.
                    let mut at: Vec<(FamilyIx, Vec<&[Slot]>)> = order
                        .iter()
                        .filter(|f| !accepted.contains(f))
                        .map(|&f| {
                            let list = &lists[f as usize];
                            let of_k =
                                (0..list.tuples.len() - 1).filter(|&i| list.positions[i] == k);
                            (f, of_k.map(|i| &list.tuples[i][..]).collect())
                        })
                        .collect();
                    loop {
                        at.retain(|(_, tuples)| !tuples.is_empty());
                        let lowest = |t: &[Slot]| {
                            t.iter()
                                .map(|s| match s {
                                    Slot::Choice(x) => market.choices[*x as usize].priority,
                                    Slot::AsNow => 0,
                                })
                                .max()
                        };
                        let next = (0..at.len()).min_by_key(|&i| {
                            (
                                lowest(at[i].1[0]),
                                market.families[at[i].0 as usize].common_order,
                            )
                        });
                        let Some(i) = next else { break };
                        let tuple = at[i].1.remove(0);
                        if let Some(after) = try_tuple(market, &placement, at[i].0, tuple) {
                            placement = after;
                            accepted.push(at[i].0);
                            at.remove(i);
                        }
                    }
                }
            }
        }
    }
    placement
}

#[test]
fn replays_equal_plain_ones() {
    let long = Shape {
        choices_max: 6,
        nurseries_max: 7,
        siblings: 80,
        triples: 60,
        placements_max: u64::MAX,
        ..Shape::default()
    };
    let short = Shape::default();
    for seed in 0..4000 {
        let market = random_market(seed, if seed % 4 == 0 { &long } else { &short });
        for mechanism in [Mechanism::IndexOrder, Mechanism::ChoiceOrder] {
            let replayed = replay(&market, mechanism);
            assert_eq!(
                replayed.placement,
                plain(&market, mechanism),
                "seed {seed} {mechanism:?}"
            );
            let verdict = check_mechanism(&market, &replayed.placement, mechanism);
            assert!(
                verdict.is_right(),
                "seed {seed} {mechanism:?} {:?}",
                verdict.verdict.violations
            );
        }
    }
}

/// Priority order first, second choice against first choice: where the mechanisms differ.
///
/// One seat at n1, one at n2. a (best priority) and b both want n1 first; b and c want n2, c first.
/// `index-order`: a n1, b n2, c nothing. `choice-order`: round 1 gives n1 to a and n2 to c.
#[test]
fn choice_rank_before_priority() {
    let mut b = MarketBuilder::default();
    let (n1, n2) = (b.nursery("n1"), b.nursery("n2"));
    let (k1, k2) = (b.class(n1, 1, 1), b.class(n2, 1, 1));
    let child = |id: &str, choices: &[_]| ChildSpec {
        id: id.into(),
        age: 1,
        current: None,
        choices: choices.to_vec(),
    };
    b.family("f1", WishSpec::code(7), 0, 1, &[child("a", &[(k1, 1)])]);
    b.family(
        "f2",
        WishSpec::code(7),
        0,
        2,
        &[child("b", &[(k1, 2), (k2, 2)])],
    );
    b.family("f3", WishSpec::code(7), 0, 3, &[child("c", &[(k2, 3)])]);
    let market = b.build();
    let of = |mechanism| replay(&market, mechanism).placement.class;
    assert_eq!(of(Mechanism::IndexOrder), [Some(k1), Some(k2), None]);
    assert_eq!(of(Mechanism::ChoiceOrder), [Some(k1), None, Some(k2)]);

    // Stability is reported, not required.
    let placed = replay(&market, Mechanism::ChoiceOrder).placement;
    let verdict = check_mechanism(&market, &placed, Mechanism::ChoiceOrder);
    assert!(verdict.is_right() && !verdict.verdict.is_stable());
    assert_eq!(verdict.verdict.summary().blocking_families, 1);

    let mut other = placed;
    other.class.swap(0, 1);
    let verdict = check_mechanism(&market, &other, Mechanism::ChoiceOrder);
    assert_eq!(
        verdict
            .differences
            .iter()
            .map(|d| d.child)
            .collect::<Vec<_>>(),
        [0, 1]
    );
}

/// A seat is held until its child moves: in the carousel the first two families find no room.
#[test]
fn seats_are_held_until_their_child_moves() {
    let market = corpus::carousel();
    for mechanism in [Mechanism::IndexOrder, Mechanism::ChoiceOrder] {
        assert_eq!(
            replay(&market, mechanism).placement,
            Placement::as_now(&market)
        );
    }
}

/// Equal priority at one seat: the common order decides, and it is said.
#[test]
fn equal_priority_in_choice_order_is_named() {
    let mut b = MarketBuilder::default();
    let n1 = b.nursery("n1");
    let k1 = b.class(n1, 1, 1);
    for (id, order) in [("f1", 2), ("f2", 1)] {
        let child = ChildSpec {
            id: format!("c{id}"),
            age: 1,
            current: None,
            choices: vec![(k1, 5)],
        };
        b.family(id, WishSpec::code(7), 0, order, &[child]);
    }
    let market = b.build();
    let replayed = replay(&market, Mechanism::ChoiceOrder);
    assert_eq!(replayed.placement.class, [None, Some(k1)]);
    let tie = OrderTie {
        group: 0,
        first: 1,
        second: 0,
    };
    assert_eq!(replayed.decided_by_order, [tie]);
}

/// Whether turns decided, by trying them: every family's rank made its own in every order of the
/// equals gives one placement where no pair is named.
#[test]
fn where_no_pair_is_named_the_order_of_equals_does_not_matter() {
    let shape = Shape::default();
    let (mut named, mut silent) = (0, 0);
    for seed in 0..1500u64 {
        for mechanism in [Mechanism::IndexOrder, Mechanism::ChoiceOrder] {
            let mut market = random_market(seed, &shape);
            for family in &mut market.families {
                // Few ranks, so that many are equal.
                family.common_order = match mechanism {
                    Mechanism::IndexOrder => 1 + family.common_order % 2,
                    Mechanism::ChoiceOrder => 1,
                };
            }
            for choice in &mut market.choices {
                choice.priority = 1 + choice.priority % 3;
            }
            let replayed = replay(&market, mechanism);
            let n = market.families.len();
            let mut differs = false;
            // Every rotation of the families, forwards and backwards, as the last tie-break.
            for turn in 0..2 * n {
                let mut other = market.clone();
                for (f, family) in other.families.iter_mut().enumerate() {
                    let place = if turn < n {
                        (f + turn) % n
                    } else {
                        (2 * n - 1 - f + turn) % n
                    };
                    let first = match mechanism {
                        Mechanism::IndexOrder => family.common_order * n as u32,
                        Mechanism::ChoiceOrder => 1,
                    };
                    family.common_order = first + place as u32;
                }
                differs |= replay(&other, mechanism).placement != replayed.placement;
            }
            assert!(
                !differs || !replayed.decided_by_order.is_empty(),
                "seed {seed} {mechanism:?}"
            );
            if replayed.decided_by_order.is_empty() {
                silent += 1;
            } else {
                named += 1;
            }
        }
    }
    assert!(named > 100 && silent > 100, "{named} {silent}");
}
