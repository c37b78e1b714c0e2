//! The fast checker against the plain one, over random markets and placements.

use enmusubi_market::{ClassIx, Market, POSITION_CAP, Placement};
use enmusubi_testkit::{
    Shape, SplitMix64, Town, blocking_groups, blocking_positions, brute_force, capacity,
    family_list, random_market, random_placement, town, with_together,
};
use enmusubi_verify::{Violation, blocking_among, check};

/// Everything the checker says of a placement, against the oracle.
fn compare(market: &Market, placement: &Placement, what: &str) {
    let verdict = check(market, placement);
    assert!(verdict.unfinished.is_empty(), "{what}");
    let lists: Vec<_> = (0..market.families.len() as u32)
        .map(|f| family_list(market, f))
        .collect();

    let mut ours = Vec::new();
    for b in &verdict.blocking {
        assert_eq!(b.positions as usize, b.listed.len(), "{what}");
        for p in &b.listed {
            let list = &lists[b.family as usize];
            let at = list
                .index_of(&p.tuple)
                .expect("a blocking position is a listed tuple");
            assert_eq!(p.position, list.positions[at].min(POSITION_CAP), "{what}");
            assert_eq!(
                Some(&p.groups),
                blocking_groups(market, placement, b.family, &p.tuple).as_ref(),
                "{what}"
            );
            ours.push((b.family, at as u32));
        }
    }
    assert_eq!(ours, blocking_positions(market, placement), "{what}");
    assert_eq!(
        verdict.summary().blocking_positions as usize,
        ours.len(),
        "{what}"
    );

    let some: Vec<u32> = (0..market.families.len() as u32).step_by(2).collect();
    let mut among: Vec<u32> = verdict.blocking.iter().map(|b| b.family).collect();
    among.retain(|f| some.contains(f));
    assert_eq!(blocking_among(market, placement, &some), among, "{what}");

    // Feasibility and the positions obtained, from the lists.
    let mut not_listed = Vec::new();
    for (f, list) in lists.iter().enumerate() {
        let children = market.families[f].children.clone();
        let got = |t: &[enmusubi_market::Slot]| {
            children
                .clone()
                .zip(t)
                .all(|(c, &s)| market.class_of(c, s) == placement.of(c))
        };
        let at = list.tuples.iter().position(|t| got(t));
        if at.is_none() {
            not_listed.push(f as u32);
        }
        let at = at.unwrap_or(list.tuples.len() - 1);
        assert_eq!(
            verdict.obtained[f],
            list.positions[at].min(POSITION_CAP),
            "{what} family {f}"
        );
    }
    let said: Vec<u32> = verdict
        .violations
        .iter()
        .filter_map(|v| match v {
            Violation::NotListed { family } => Some(*family),
            _ => None,
        })
        .collect();
    let mut said_sorted = said.clone();
    said_sorted.sort_unstable();
    assert_eq!(said_sorted, not_listed, "{what}");

    let mut overfull = Vec::new();
    for g in 0..market.groups.len() as u32 {
        for pass in 0..3 {
            let used: i128 = (0..market.children.len() as u32)
                .filter(|&c| {
                    market.families[market.children[c as usize].family as usize].pass == pass
                })
                .filter_map(|c| placement.of(c).map(|k| (c, k)))
                .filter(|&(_, k)| market.classes[k as usize].group == g)
                .map(|(c, k)| i128::from(market.weight(c, k)))
                .sum();
            let room = capacity(market, placement, g, pass);
            if used > 0 && used > room {
                overfull.push((g, pass, used, room));
            }
        }
    }
    let mut said: Vec<_> = verdict
        .violations
        .iter()
        .filter_map(|v| match *v {
            Violation::Overfull {
                group,
                pass,
                used,
                capacity,
            } => Some((group, pass, used, capacity)),
            _ => None,
        })
        .collect();
    said.sort_unstable();
    assert_eq!(said, overfull, "{what}");
}

#[test]
fn random_placements_equal_the_oracle() {
    for seed in 0..12_000 {
        let market = random_market(seed, &Shape::default());
        for k in 0..3 {
            let placement = random_placement(seed * 8 + k, &market);
            compare(&market, &placement, &format!("seed {seed} placement {k}"));
        }
        compare(
            &market,
            &Placement::as_now(&market),
            &format!("seed {seed} as now"),
        );
    }
}

/// One class twice among a child's choices, with two priorities: the family's list says which is meant.
#[test]
fn priorities_of_whole_outcomes_equal_the_oracle() {
    for seed in 0..4_000 {
        let market = with_together(&random_market(seed, &Shape::default()), seed);
        for k in 0..3 {
            let placement = random_placement(seed * 8 + k, &market);
            compare(&market, &placement, &format!("seed {seed} placement {k}"));
        }
    }
}

/// Longer lists than the oracle's placements allow: here only positions are compared.
#[test]
fn longer_lists_equal_the_oracle() {
    let shape = Shape {
        choices_max: 6,
        nurseries_max: 7,
        siblings: 90,
        triples: 60,
        placements_max: u64::MAX,
        ..Shape::default()
    };
    for seed in 0..1500 {
        let market = random_market(seed, &shape);
        let placement = random_placement(seed, &market);
        compare(&market, &placement, &format!("seed {seed}"));
    }
}

#[test]
fn the_best_placement_is_judged_as_the_oracle_does() {
    for shape in [Shape::default(), Shape::plain(), Shape::tight()] {
        for seed in 0..3000 {
            let market = random_market(seed, &shape);
            let best = brute_force(&market);
            let verdict = check(&market, &best.placement);
            let s = verdict.summary();
            assert!(s.feasible, "seed {seed}: {:?}", verdict.violations);
            assert_eq!(s.stable, best.blocking.is_empty(), "seed {seed}");
            assert_eq!(
                verdict
                    .blocking
                    .iter()
                    .map(|b| b.family)
                    .collect::<Vec<_>>(),
                best.blocking
            );
            assert_eq!(
                s.blocking_only_children, best.blocking_only_children,
                "seed {seed}"
            );
            assert_eq!(
                (s.with_class, s.rank_sum),
                (best.with_class, best.rank_sum),
                "seed {seed}"
            );
        }
    }
}

/// Two children's seats exchanged in a stable placement: caught whenever they are not in the same
/// class. With strict priorities and only children an exchange always wrongs somebody, unless both
/// gain or lose nothing: it can only be stable if the market has several stable placements, and then
/// both must have chosen the other's class; the oracle tells.
#[test]
fn one_swapped_pair_is_caught() {
    let (mut caught, mut also_stable) = (0, 0);
    for seed in 0..6000 {
        let market = random_market(seed, &Shape::plain());
        let best = brute_force(&market);
        if !best.blocking.is_empty() {
            continue;
        }
        for a in 0..best.placement.class.len() {
            for b in 0..a {
                let mut swapped = best.placement.clone();
                swapped.class.swap(a, b);
                if swapped == best.placement {
                    continue;
                }
                let stable = check(&market, &swapped).is_stable();
                if stable {
                    // Another stable placement of this market, confirmed by the plain test.
                    assert!(
                        blocking_positions(&market, &swapped).is_empty(),
                        "seed {seed}"
                    );
                    also_stable += 1;
                } else {
                    caught += 1;
                }
            }
        }
    }
    println!("{caught} caught, {also_stable} are stable too");
    assert!(
        caught > 10_000 && also_stable * 20 < caught,
        "{caught} {also_stable}"
    );
}

/// The same with one priority order for all classes: the stable placement of only children is then
/// unique, so every single exchange must be caught.
#[test]
fn with_one_order_every_swap_is_caught() {
    for seed in 0..20 {
        let shape = Town {
            siblings: 0,
            transfers: 0,
            ..Town::of(300)
        };
        let market = town(seed, &shape);
        let placement = serial(&market);
        assert!(check(&market, &placement).is_stable(), "seed {seed}");
        let mut rng = SplitMix64::new(seed);
        for _ in 0..200 {
            let (a, b) = (rng.below(300) as usize, rng.below(300) as usize);
            let mut swapped = placement.clone();
            swapped.class.swap(a, b);
            if swapped != placement {
                assert!(
                    !check(&market, &swapped).is_stable(),
                    "seed {seed}: {a} and {b}"
                );
            }
        }
    }
}

/// Only children in order of priority, each to its first choice with room.
fn serial(market: &Market) -> Placement {
    let mut room: Vec<u64> = market.groups.iter().map(|g| g.seats).collect();
    let mut order: Vec<u32> = (0..market.children.len() as u32).collect();
    order.sort_by_key(|&c| market.choices_of(c).first().map_or(0, |x| x.priority));
    let mut placement = Placement::as_now(market);
    for c in order {
        let group = |k: ClassIx| market.classes[k as usize].group as usize;
        let first = market
            .choices_of(c)
            .iter()
            .map(|x| x.class)
            .find(|&k| room[group(k)] > 0);
        if let Some(k) = first {
            room[group(k)] -= 1;
            placement.class[c as usize] = Some(k);
        }
    }
    placement
}
