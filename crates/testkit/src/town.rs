//! Larger markets that look like a town, straight at market level (no files, no households).

use crate::build::{ChildSpec, MarketBuilder, WishSpec};
use crate::rng::SplitMix64;
use enmusubi_market::{ClassIx, Market};

/// What a town looks like. Probabilities are in percent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Town {
    /// Applying children.
    pub children: u32,
    /// Nurseries; each has classes for ages 0–5 or 0–2.
    pub nurseries: u32,
    /// Choices per child.
    pub choices: u32,
    /// Families with several applying children.
    pub siblings: u32,
    /// Sibling families with three children.
    pub triples: u32,
    /// Sibling families of one age (twins).
    pub same_age: u32,
    /// Children who apply for a transfer.
    pub transfers: u32,
    /// Seats (with vacated ones) for this many percent of the children.
    pub seats: u32,
    /// Children whose priority is shared with another family.
    pub ties: u32,
}

impl Default for Town {
    fn default() -> Self {
        Self {
            children: 1000,
            nurseries: 80,
            choices: 10,
            siblings: 15,
            triples: 12,
            same_age: 10,
            transfers: 8,
            seats: 90,
            ties: 0,
        }
    }
}

impl Town {
    /// So many children with nurseries in proportion (one to 26, as in 8,000 and 311).
    #[must_use]
    pub fn of(children: u32) -> Self {
        Self {
            children,
            nurseries: (children / 26).max(3),
            ..Self::default()
        }
    }

    /// The hard round: many siblings, twins and transfers, few seats.
    #[must_use]
    pub fn hard(children: u32) -> Self {
        let town = Self {
            siblings: 40,
            triples: 30,
            same_age: 10,
            transfers: 25,
            ..Self::of(children)
        };
        Self { seats: 60, ..town }
    }
}

/// Share of applicants by age class, percent, younger first (1-year-olds are the bulk).
const AGES: [u32; 6] = [17, 40, 17, 15, 6, 5];
const SIDE: i64 = 10_000;

/// A town of the given kind; the same seed gives the same town for ever.
///
/// Homes cluster; families choose near nurseries with some taste of their own; priority is one
/// number per child, siblings close to each other.
#[must_use]
pub fn town(seed: u64, town: &Town) -> Market {
    let mut rng = SplitMix64::new(seed);
    let centres: Vec<(i64, i64)> = (0..(town.nurseries / 15).max(1))
        .map(|_| point(&mut rng))
        .collect();
    let near_centre = |rng: &mut SplitMix64| {
        let c = *rng.pick(&centres);
        let mut spread = || {
            (0..3)
                .map(|_| i64::from(rng.below(1600)) - 800)
                .sum::<i64>()
        };
        (c.0 + spread(), c.1 + spread())
    };

    // Families first: their number of children decides where to stop.
    struct Draft {
        home: (i64, i64),
        ages: Vec<u8>,
    }
    let mut drafts = Vec::new();
    let mut left = town.children;
    while left > 0 {
        let mut n = if rng.percent(town.siblings) {
            2 + u32::from(rng.percent(town.triples))
        } else {
            1
        };
        n = n.min(left);
        left -= n;
        let same = rng.percent(town.same_age);
        let first_age = age(&mut rng);
        let mut ages: Vec<u8> = (0..n)
            .map(|i| {
                if i == 0 || same {
                    first_age
                } else {
                    age(&mut rng)
                }
            })
            .collect();
        ages.sort_unstable_by(|a, b| b.cmp(a));
        drafts.push(Draft {
            home: near_centre(&mut rng),
            ages,
        });
    }

    // Seats: the age's share of the demand spread over the nurseries that have the class.
    let mut b = MarketBuilder::default();
    let mut demand = [0u32; 6];
    drafts
        .iter()
        .flat_map(|d| &d.ages)
        .for_each(|&a| demand[a as usize] += 1);
    let mut sites = Vec::new();
    for n in 0..town.nurseries {
        let small = rng.percent(25);
        let id = b.nursery(&format!("n{n:05}"));
        let site = if rng.percent(80) {
            near_centre(&mut rng)
        } else {
            point(&mut rng)
        };
        let appeal = i64::from(rng.between(60, 160));
        let mut classes: [Option<ClassIx>; 6] = [None; 6];
        for a in 0..6u8 {
            if small && a > 2 {
                continue;
            }
            // Expected seats in hundredths, rounded at random; a quarter of nurseries lack 3–5.
            let share = if a > 2 { 75 } else { 100 };
            // Transfer applicants bring their own seats, so those are not declared.
            let declared = u64::from(town.seats.saturating_sub(town.transfers));
            let hundredths =
                u64::from(demand[a as usize]) * declared * 100 / u64::from(town.nurseries) / share;
            let scale = u64::from(rng.between(40, 160));
            let hundredths = hundredths * scale / 100;
            let seats = hundredths / 100 + u64::from(rng.below(100) < (hundredths % 100) as u32);
            classes[a as usize] = Some(b.class(id, a, seats));
        }
        sites.push((site, appeal, classes));
    }

    let numbers = {
        let mut numbers: Vec<u32> = (1..=drafts.len() as u32).collect();
        rng.shuffle(&mut numbers);
        numbers
    };
    let mut near: Vec<(i64, u32)> = Vec::new();
    for (f, draft) in drafts.iter().enumerate() {
        near.clear();
        near.extend(sites.iter().enumerate().map(|(n, &((x, y), appeal, _))| {
            let (dx, dy) = (x - draft.home.0, y - draft.home.1);
            let taste = i64::from(rng.between(70, 130));
            ((dx * dx + dy * dy + 10_000) / appeal * taste, n as u32)
        }));
        let keep = (town.choices as usize * 2 + 8).min(near.len());
        near.select_nth_unstable(keep - 1);
        near.truncate(keep);
        near.sort_unstable();
        let mut tie = numbers[f];
        if rng.percent(town.ties) {
            tie = numbers[rng.below(numbers.len() as u32) as usize];
        }
        let children: Vec<ChildSpec> = draft
            .ages
            .iter()
            .enumerate()
            .map(|(i, &a)| {
                let offered = |n: u32| sites[n as usize].2[a as usize];
                let mut mine: Vec<ClassIx> = near
                    .iter()
                    .filter_map(|&(_, n)| offered(n))
                    .take(town.choices as usize + 1)
                    .collect();
                if i > 0 && rng.percent(30) && mine.len() > 2 {
                    let at = rng.below(mine.len() as u32 - 1) as usize;
                    mine.swap(at, at + 1);
                }
                // A transfer applicant sits at one of the nearer nurseries, not its favourite.
                let current = (rng.percent(town.transfers) && mine.len() > 3)
                    .then(|| mine.remove(rng.between(1, mine.len() as u32 - 1) as usize));
                mine.truncate(town.choices as usize);
                // Ten steps per family; siblings differ by one, so no two children are equal
                // unless ties were asked for.
                let priority = tie * 10 + i as u32;
                let choices = mine.iter().map(|&k| (k, priority)).collect();
                ChildSpec {
                    id: format!("c{f:06}{i}"),
                    age: a,
                    current,
                    choices,
                }
            })
            .collect();
        let code = *rng.pick(&[1, 2, 3, 4, 4, 5, 5, 6, 7, 7]);
        b.family(&format!("f{f:06}"), WishSpec::code(code), 0, tie, &children);
    }
    b.build()
}

fn point(rng: &mut SplitMix64) -> (i64, i64) {
    (
        i64::from(rng.below(SIDE as u32)),
        i64::from(rng.below(SIDE as u32)),
    )
}

fn age(rng: &mut SplitMix64) -> u8 {
    let mut at = rng.below(100);
    for (a, share) in AGES.iter().enumerate() {
        if at < *share {
            return a as u8;
        }
        at -= share;
    }
    5
}
