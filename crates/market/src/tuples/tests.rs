//! The lazy list against the definition: full product, filter, sort by key.

use super::*;
use crate::{Child, Choice, Class, Family, Group, Nursery, TieReading};

/// SplitMix64 (Steele, Lea, Flood 2014).
struct Rng(u64);
impl Rng {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % n
    }
}

fn random_family(rng: &mut Rng) -> Market {
    let nurseries = 5;
    let mut classes = Vec::new();
    for n in 0..nurseries {
        for pool in 0..2 {
            classes.push(Class {
                nursery: n,
                age: 0,
                pool: (pool == 1).then(|| "p".into()),
                group: classes.len() as u32,
                weight: 1,
                refill: true,
            });
        }
    }
    let n = 2 + rng.below(3) as u32;
    let mut children = Vec::new();
    let mut choices: Vec<Choice> = Vec::new();
    for c in 0..n {
        let start = choices.len() as u32;
        let home = rng.below(2 * u64::from(nurseries)) as u32;
        let current = (home < nurseries).then_some(home * 2);
        let mut rank = 0;
        let first = rng.below(u64::from(nurseries)) as u32;
        for k in 0..rng.below(4) as u32 {
            let nursery = (first + k) % nurseries;
            if Some(nursery * 2) == current {
                continue;
            }
            rank += 1;
            choices.push(Choice {
                class: nursery * 2,
                rank,
                priority: 1,
            });
            if rng.below(3) == 0 {
                choices.push(Choice {
                    class: nursery * 2 + 1,
                    rank,
                    priority: 1,
                });
            }
        }
        children.push(Child {
            id: format!("{c}").into(),
            family: 0,
            age: 0,
            current,
            choices: start..choices.len() as u32,
        });
    }
    let fields = WishFields {
        timing: if rng.below(2) == 0 {
            Timing::Together
        } else {
            Timing::NeedNot
        },
        place: [Place::SameOnly, Place::PreferSame, Place::ChoiceOrder][rng.below(3) as usize],
        first: [First::Older, First::Younger, First::Either][rng.below(3) as usize],
        all_transfers_or_none: rng.below(4) == 0,
    };
    let market = Market {
        nurseries: (0..nurseries)
            .map(|n| Nursery {
                id: format!("{n}").into(),
                name: "".into(),
            })
            .collect(),
        groups: classes
            .iter()
            .map(|_| Group { seats: 1, unit: 1 })
            .collect(),
        classes,
        families: vec![Family {
            id: "f".into(),
            children: 0..n,
            wish: Wish::Fields(fields),
            pass: 0,
            common_order: 1,
        }],
        children,
        choices,
        ties: TieReading::Strict,
    };
    market.validate().unwrap();
    market
}

/// Section 3, word for word.
fn by_definition(m: &Market) -> Vec<Tuple> {
    let Wish::Fields(w) = m.families[0].wish else {
        unreachable!()
    };
    let n = m.children.len();
    let mut all: Vec<Tuple> = vec![Tuple::new()];
    for c in &m.children {
        let mut longer = Vec::new();
        for t in &all {
            for s in c.choices.clone().map(Slot::Choice).chain([Slot::AsNow]) {
                let mut t = t.clone();
                t.push(s);
                longer.push(t);
            }
        }
        all = longer;
    }
    let rank = |s: Slot| match s {
        Slot::Choice(x) => i128::from(m.choices[x as usize].rank),
        Slot::AsNow => 99,
    };
    let mut keyed = Vec::new();
    for t in all {
        let placed: Vec<i128> = t.iter().map(|s| i128::from(*s != Slot::AsNow)).collect();
        let count: i128 = placed.iter().sum();
        let nurseries: Vec<u32> = t
            .iter()
            .filter_map(|s| match s {
                Slot::Choice(x) => Some(m.classes[m.choices[*x as usize].class as usize].nursery),
                Slot::AsNow => None,
            })
            .collect();
        let mut distinct = nurseries.clone();
        distinct.sort_unstable();
        distinct.dedup();
        let s = nurseries
            .iter()
            .map(|a| nurseries.iter().filter(|b| *b == a).count())
            .max();
        let moved = |v: bool| {
            (0..n)
                .filter(|&i| m.children[i].current.is_some())
                .all(|i| (placed[i] == 1) == v)
        };
        if count == 0
            || (w.timing == Timing::Together && count != n as i128)
            || (w.place == Place::SameOnly && distinct.len() > 1)
            || (w.timing == Timing::NeedNot && w.first == First::Older && placed[0] == 0)
            || (w.timing == Timing::NeedNot && w.first == First::Younger && placed[n - 1] == 0)
            || (w.all_transfers_or_none && !moved(true) && !moved(false))
        {
            continue;
        }
        let first = if w.timing == Timing::Together {
            First::Either
        } else {
            w.first
        };
        let mut key: Vec<i128> = Vec::new();
        match first {
            First::Older => key.extend(&placed),
            First::Younger => key.extend(placed.iter().rev()),
            First::Either => {}
        }
        key.push(count);
        if w.place != Place::ChoiceOrder {
            key.push(s.unwrap_or(0) as i128);
        }
        key.push(-t.iter().map(|&x| rank(x)).product::<i128>());
        let mut ranks: Vec<i128> = t.iter().map(|&x| -rank(x)).collect();
        if first == First::Younger {
            ranks.reverse();
        }
        key.extend(ranks);
        keyed.push((key, t));
    }
    keyed.sort_by(|a, b| b.0.cmp(&a.0)); // stable: equal keys keep product order
    keyed.into_iter().map(|(_, t)| t).collect()
}

#[test]
fn lazy_list_is_the_sorted_product() {
    let mut rng = Rng(7);
    for _ in 0..20_000 {
        let m = random_family(&mut rng);
        let lazy: Vec<Tuple> = tuples(&m, 0, |_| true).collect();
        assert_eq!(lazy, by_definition(&m), "{:?}", m.families[0].wish);
    }
}

#[test]
fn restricting_the_choices_restricts_the_list() {
    let mut rng = Rng(8);
    for _ in 0..5_000 {
        let m = random_family(&mut rng);
        let keep = |c: ChoiceIx| !c.is_multiple_of(3);
        let all = tuples(&m, 0, |_| true);
        let expected: Vec<Tuple> = all
            .filter(|t| {
                t.iter()
                    .all(|s| matches!(s, Slot::AsNow) || matches!(s, Slot::Choice(c) if keep(*c)))
            })
            .collect();
        assert_eq!(tuples(&m, 0, keep).collect::<Vec<_>>(), expected);
    }
}
