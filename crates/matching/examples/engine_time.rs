//! Times the engine alone on made-up towns: `engine_time CHILDREN NURSERIES CHOICES SEEDS
//! [witness|proved] [hard] [municipalities N]`.

use std::collections::BTreeMap;
use std::time::Instant;

use enmusubi_market::{
    Child, Choice, Class, Family, Group, Market, Nursery, TieReading, Wish, WishFields,
};
use std::sync::Mutex;

use enmusubi_matching::{Answer, Effort, Phase, Request, Watch, place};
use enmusubi_synth::{Options, Town, town};

/// A town as a market; what `selection::compile` does for files, for strict orders only.
fn market(town: &Town) -> Market {
    let mut by_id: Vec<usize> = (0..town.nurseries.len()).collect();
    by_id.sort_by(|&a, &b| town.nurseries[a].id.cmp(&town.nurseries[b].id));
    let mut at = vec![0u32; by_id.len()];
    let mut m = Market {
        nurseries: Vec::new(),
        classes: Vec::new(),
        groups: Vec::new(),
        families: Vec::new(),
        children: Vec::new(),
        choices: Vec::new(),
        ties: TieReading::Strict,
    };
    for (i, &n) in by_id.iter().enumerate() {
        at[n] = i as u32;
        let nursery = &town.nurseries[n];
        m.nurseries.push(Nursery {
            id: nursery.id.as_str().into(),
            name: "".into(),
        });
        for age in 0..6 {
            m.groups.push(Group {
                seats: u64::from(nursery.seats[age]),
                unit: 1,
            });
            m.classes.push(Class {
                nursery: i as u32,
                age: age as u8,
                pool: None,
                group: (i * 6 + age) as u32,
                weight: 1,
                refill: true,
            });
        }
    }
    let points = |c: &enmusubi_synth::Child| -> Vec<i64> {
        (0..c.choices.len())
            .map(|k| c.points_at.get(k).copied().unwrap_or(c.points))
            .collect()
    };
    let mut all: Vec<i64> = town.children.iter().flat_map(points).collect();
    all.sort_unstable();
    all.dedup();
    let mut families: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (i, c) in town.children.iter().enumerate() {
        families
            .entry(&town.families[c.family as usize])
            .or_default()
            .push(i);
    }
    for (id, mut members) in families {
        members.sort_by(|&a, &b| {
            let (a, b) = (&town.children[a], &town.children[b]);
            b.age.cmp(&a.age).then(a.id.cmp(&b.id))
        });
        let start = m.children.len() as u32;
        for &i in &members {
            let c = &town.children[i];
            let first = m.choices.len() as u32;
            for (k, (&n, &p)) in c.choices.iter().zip(&points(c)).enumerate() {
                let rank = all.len() - all.partition_point(|&x| x < p);
                m.choices.push(Choice {
                    class: at[n as usize] * 6 + u32::from(c.age),
                    rank: k as u32 + 1,
                    priority: rank as u32,
                });
            }
            m.children.push(Child {
                id: c.id.as_str().into(),
                family: m.families.len() as u32,
                age: c.age,
                current: c.enrolled.map(|n| at[n as usize] * 6 + u32::from(c.age)),
                choices: first..m.choices.len() as u32,
            });
        }
        let code = town.children[members[0]].code.unwrap_or(1);
        m.families.push(Family {
            id: id.into(),
            children: start..m.children.len() as u32,
            wish: Wish::Fields(WishFields::from_code(code).expect("code 1 to 7")),
            pass: 0,
            common_order: 1,
        });
    }
    m.validate().expect("a market");
    m
}

/// Sums the time between announcements of phases.
struct Laps(Mutex<(Option<Phase>, Instant, BTreeMap<Phase, f64>)>);

impl Watch for Laps {
    fn phase(&self, phase: Phase) {
        let mut laps = self.0.lock().expect("one thread");
        let now = Instant::now();
        if let Some(before) = laps.0 {
            let spent = (now - laps.1).as_secs_f64() * 1e3;
            *laps.2.entry(before).or_default() += spent;
        }
        (laps.0, laps.1) = (Some(phase), now);
    }
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let number =
        |k: usize, default: usize| args.get(k).and_then(|a| a.parse().ok()).unwrap_or(default);
    let effort = if args.iter().any(|a| a == "witness") {
        Effort::Witness
    } else {
        Effort::Proved
    };
    let hard = args.iter().any(|a| a == "hard");
    for seed in 1..=number(3, 5) as u64 {
        let mut options = Options {
            children: number(0, 8_000),
            nurseries: number(1, 311),
            max_choices: number(2, 10),
            seed,
            siblings: 0.15,
            transfers: 0.08,
            fill_choices: 1.0,
            ..Options::default()
        };
        if hard {
            options.siblings = 0.4;
            options.triples = 0.3;
            options.same_age = 0.1;
            options.transfers = 0.25;
            options.seats_ratio = 0.6;
        }
        let town = town(&options);
        let market = market(&town);
        let begin = Instant::now();
        let request = Request {
            effort,
            threads: 1,
            ..Request::default()
        };
        let laps = Laps(Mutex::new((None, begin, BTreeMap::new())));
        let Answer::Placed(o) = place(&market, request, &laps) else {
            continue;
        };
        laps.phase(Phase::Reduce);
        println!("{:.1?}", laps.0.lock().expect("one thread").2);
        println!(
            "seed {seed}: {:7.1} ms; {} with class, {} blocking, rank sum {}; {:?}; {:?}; {:?}",
            begin.elapsed().as_secs_f64() * 1e3,
            o.placement.with_class(),
            o.blocking.len(),
            o.rank_sum,
            o.proofs,
            o.effort,
            o.instability.map(|i| (
                i.irreducible.iter().map(Vec::len).collect::<Vec<_>>(),
                i.repairs.len()
            )),
        );
    }
}
