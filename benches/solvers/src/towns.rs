//! Made-up towns as markets of one pass.

use std::collections::BTreeMap;

use enmusubi_market::{
    Child, Choice, Class, Family, Group, Market, Nursery, TieReading, Wish, WishFields,
};
use enmusubi_synth::{Options, Town, town};

/// A kind of town and the seeds that are made of it.
pub struct Round {
    /// As written on the command line.
    pub name: &'static str,
    /// As written in the table.
    pub title: &'static str,
    /// Seeds.
    pub seeds: std::ops::RangeInclusive<u64>,
    options: fn() -> Options,
}

/// All kinds.
pub const ROUNDS: &[Round] = &[
    Round {
        name: "city",
        title: "8,000 × 311 × 10",
        seeds: 1..=4,
        options: || usual(8_000, 311, 10),
    },
    Round {
        name: "large",
        title: "20,000 × 1,200 × 20",
        seeds: 1..=3,
        options: || usual(20_000, 1_200, 20),
    },
    Round {
        name: "hard",
        title: "hard 2,000 × 78 × 10",
        seeds: 1..=4,
        options: || hard(2_000, 78),
    },
    Round {
        name: "hard-city",
        title: "hard 8,000 × 311 × 10",
        seeds: 1..=2,
        options: || hard(8_000, 311),
    },
];

fn usual(children: usize, nurseries: usize, max_choices: usize) -> Options {
    Options {
        children,
        nurseries,
        max_choices,
        siblings: 0.15,
        transfers: 0.08,
        fill_choices: 1.0,
        ..Options::default()
    }
}

fn hard(children: usize, nurseries: usize) -> Options {
    Options {
        siblings: 0.4,
        triples: 0.3,
        same_age: 0.1,
        transfers: 0.25,
        seats_ratio: 0.6,
        ..usual(children, nurseries, 10)
    }
}

impl Round {
    /// The market of one seed.
    pub fn market(&self, seed: u64) -> Market {
        market(&town(&Options {
            seed,
            ..(self.options)()
        }))
    }
}

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
