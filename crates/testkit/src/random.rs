//! Small random markets for the oracle.

use crate::build::{ChildSpec, MarketBuilder, WishSpec};
use crate::list::family_list;
use crate::rng::SplitMix64;
use enmusubi_market::{ClassIx, First, Market, Place, Placement, TieReading, Timing, WishFields};

/// What random markets look like. Probabilities are in percent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shape {
    /// Most families (at least 1, at most 9).
    pub families_max: u32,
    /// Most nurseries (at least 1).
    pub nurseries_max: u32,
    /// Most nurseries a child chooses.
    pub choices_max: u32,
    /// Families with several children.
    pub siblings: u32,
    /// Sibling families with three children.
    pub triples: u32,
    /// Sibling families whose children are all of one age.
    pub same_age: u32,
    /// Sibling families with a list of combinations.
    pub listed: u32,
    /// Wishes given by free fields rather than one of the seven codes.
    pub fields: u32,
    /// Children with a current class.
    pub transfers: u32,
    /// Classes not refilled.
    pub no_refill: u32,
    /// Nurseries whose classes share one group.
    pub shared: u32,
    /// Markets with weights other than 1.
    pub weighted: u32,
    /// Classes with a second pool.
    pub pools: u32,
    /// Markets of two or three passes.
    pub passes: u32,
    /// Markets with equal priorities between families.
    pub ties: u32,
    /// Markets read with [`TieReading::Equal`].
    pub equal_reading: u32,
    /// Most seats of a class (weighted groups: times the unit).
    pub seats_max: u32,
    /// Most age classes in use.
    pub ages_max: u32,
    /// Most combinations of listed tuples in the whole market; larger draws are made again.
    pub placements_max: u64,
}

impl Default for Shape {
    /// Everything at once, small enough for ten thousand runs of the oracle in a test.
    fn default() -> Self {
        Self {
            families_max: 5,
            nurseries_max: 4,
            choices_max: 3,
            siblings: 50,
            triples: 20,
            same_age: 30,
            listed: 15,
            fields: 30,
            transfers: 25,
            no_refill: 15,
            shared: 30,
            weighted: 30,
            pools: 20,
            passes: 20,
            ties: 30,
            equal_reading: 30,
            seats_max: 2,
            ages_max: 3,
            placements_max: 20_000,
        }
    }
}

impl Shape {
    /// No ties, passes, weights, pools or free wish fields: what the public layout alone can say.
    #[must_use]
    pub fn plain() -> Self {
        let none = Self {
            fields: 0,
            listed: 0,
            no_refill: 0,
            shared: 0,
            weighted: 0,
            ..Self::default()
        };
        Self {
            pools: 0,
            passes: 0,
            ties: 0,
            equal_reading: 0,
            ..none
        }
    }

    /// Tight and full of siblings: often without a stable placement (about one market in five).
    #[must_use]
    pub fn tight() -> Self {
        let base = Self {
            siblings: 70,
            same_age: 60,
            seats_max: 1,
            nurseries_max: 3,
            ..Self::default()
        };
        Self {
            ages_max: 1,
            ties: 0,
            passes: 0,
            ..base
        }
    }
}

/// A random market; the same seed and shape give the same market for ever.
///
/// # Panics
/// If the shape allows no market (all draws exceed `placements_max`).
#[must_use]
pub fn random_market(seed: u64, shape: &Shape) -> Market {
    let mut rng = SplitMix64::new(seed);
    for _ in 0..1000 {
        let market = draw(&mut rng, shape);
        let combinations = (0..market.families.len() as u32).fold(1u64, |n, f| {
            n.saturating_mul(family_list(&market, f).tuples.len() as u64)
        });
        if combinations <= shape.placements_max {
            return market;
        }
    }
    panic!(
        "seed {seed}: every draw exceeds {} combinations",
        shape.placements_max
    );
}

/// Weights in sixths: space or staff ratios 1/6, 1/3, 1/2, 2/3, 1.
const UNIT: u64 = 6;
const WEIGHTS: [u64; 5] = [1, 2, 3, 4, 6];

fn draw(rng: &mut SplitMix64, shape: &Shape) -> Market {
    let ties = if rng.percent(shape.equal_reading) {
        TieReading::Equal
    } else {
        TieReading::Strict
    };
    let mut b = MarketBuilder::new(ties);
    let ages = rng.between(1, shape.ages_max.max(1));
    let nurseries = rng.between(1, shape.nurseries_max.max(1));
    let weighted = rng.percent(shape.weighted);

    // classes[nursery][age]: the pools of that class in declared order.
    let mut classes: Vec<Vec<Vec<ClassIx>>> = Vec::new();
    for n in 0..nurseries {
        let nursery = b.nursery(&format!("n{n}"));
        let unit = if weighted { UNIT } else { 1 };
        let seats = |b: &mut MarketBuilder, rng: &mut SplitMix64, of: u32| {
            let whole = u64::from(rng.below(shape.seats_max * of + 1)) * unit;
            let part = if weighted {
                u64::from(rng.below(UNIT as u32))
            } else {
                0
            };
            b.group(whole + part, unit)
        };
        let shared = rng.percent(shape.shared).then(|| seats(&mut b, rng, ages));
        let mut by_age = Vec::new();
        for age in 0..ages {
            let pools = 1 + u32::from(rng.percent(shape.pools));
            // Pools of one class usually have seats of their own.
            let of_class = shared.unwrap_or_else(|| seats(&mut b, rng, 1));
            let mut of_age = Vec::new();
            for pool in 0..pools {
                let group = if pool == 0 || rng.percent(30) {
                    of_class
                } else {
                    seats(&mut b, rng, 1)
                };
                let weight = if weighted { *rng.pick(&WEIGHTS) } else { 1 };
                let refill = !rng.percent(shape.no_refill);
                let name = (pool > 0).then_some("area");
                of_age.push(b.class_in(nursery, age as u8, group, weight, refill, name));
            }
            by_age.push(of_age);
        }
        classes.push(by_age);
    }

    // The largest of two draws: small markets decide little.
    let families = shape.families_max.clamp(1, 9);
    let families = rng.between(1, families).max(rng.between(1, families));
    let passes = if rng.percent(shape.passes) {
        rng.between(2, 3)
    } else {
        1
    };
    let mut orders: Vec<u32> = (1..=families).collect();
    rng.shuffle(&mut orders);
    let priorities = Priorities::draw(rng, shape.ties, families * 3);
    // Few children choose nothing at all.
    let length_of = |rng: &mut SplitMix64| match rng.percent(8) {
        true => 0,
        false => (1 + rng.below(shape.choices_max)).min(shape.choices_max) as usize,
    };
    for f in 0..families {
        let n = match (rng.percent(shape.siblings), rng.percent(shape.triples)) {
            (false, _) => 1,
            (true, false) => 2,
            (true, true) => 3,
        };
        let same_age = rng.percent(shape.same_age);
        let age_of_all = rng.below(ages);
        let mut of: Vec<u32> = (0..n)
            .map(|_| {
                if same_age {
                    age_of_all
                } else {
                    rng.below(ages)
                }
            })
            .collect();
        of.sort_unstable_by(|a, b| b.cmp(a));
        // Siblings mostly choose the same nurseries in the same order.
        let mut common: Vec<u32> = (0..nurseries).collect();
        rng.shuffle(&mut common);
        let choices_n = length_of(rng);
        let children: Vec<ChildSpec> = (0..n)
            .map(|c| {
                let age = of[c as usize];
                let mut order = common.clone();
                let mut length = choices_n;
                if rng.percent(35) {
                    rng.shuffle(&mut order);
                    length = length_of(rng);
                }
                order.truncate(length);
                let sits_at = rng.below(nurseries) as usize;
                let current = rng
                    .percent(shape.transfers)
                    .then(|| *rng.pick(&classes[sits_at][age as usize]));
                let mut choices = Vec::new();
                for nursery in order {
                    let pools = &classes[nursery as usize][age as usize];
                    // One pool only (hard), or all of them in declared order (soft).
                    let one = (pools.len() > 1 && rng.percent(40)).then(|| *rng.pick(pools));
                    for &class in pools {
                        if one.is_none_or(|one| one == class) && current != Some(class) {
                            choices.push((class, priorities.of(rng, f * 3 + c, f, class)));
                        }
                    }
                }
                ChildSpec {
                    id: format!("c{f}{c}"),
                    age: age as u8,
                    current,
                    choices,
                }
            })
            .collect();
        let wish = if n > 1 && rng.percent(shape.listed) {
            listed(rng, &b, &children)
        } else {
            fields(rng, shape)
        };
        let pass = rng.below(passes) as u8;
        b.family(&format!("f{f}"), wish, pass, orders[f as usize], &children);
    }
    b.build()
}

/// How priorities come about.
enum Priorities {
    /// Everyone different: a shuffled number per child, the same at every class.
    PerChild(Vec<u32>),
    /// Everyone different: a hash of child and class.
    PerClass(Vec<u32>),
    /// Few levels, so that equals occur; per child, per family or per class.
    Levels {
        levels: u32,
        base: Vec<u32>,
        per_family: bool,
        per_class: u32,
    },
}

impl Priorities {
    fn draw(rng: &mut SplitMix64, ties: u32, children: u32) -> Self {
        let mut numbers: Vec<u32> = (1..=children).collect();
        rng.shuffle(&mut numbers);
        if rng.percent(ties) {
            let levels = rng.between(1, 5);
            let base = numbers.iter().map(|n| n % levels + 1).collect();
            let (per_family, per_class) = (rng.percent(50), rng.below(60));
            return Self::Levels {
                levels,
                base,
                per_family,
                per_class,
            };
        }
        if rng.percent(60) {
            Self::PerChild(numbers)
        } else {
            Self::PerClass(numbers)
        }
    }

    fn of(&self, rng: &mut SplitMix64, child: u32, family: u32, class: ClassIx) -> u32 {
        match self {
            Self::PerChild(numbers) => numbers[child as usize],
            Self::PerClass(numbers) => {
                // Rotating the order by class keeps all children different at every class.
                let n = numbers.len() as u32;
                (numbers[child as usize] * (class % 3 + 1) * 7 + class * 5) % (n * 100 + 1) * n
                    + numbers[child as usize]
            }
            Self::Levels {
                levels,
                base,
                per_family,
                per_class,
            } => {
                if rng.percent(*per_class) {
                    rng.between(1, *levels)
                } else if *per_family {
                    base[family as usize * 3]
                } else {
                    base[child as usize]
                }
            }
        }
    }
}

fn fields(rng: &mut SplitMix64, shape: &Shape) -> WishSpec {
    if !rng.percent(shape.fields) {
        return WishSpec::code(rng.between(1, 7) as u8);
    }
    WishSpec::Fields(WishFields {
        timing: *rng.pick(&[Timing::Together, Timing::NeedNot]),
        place: *rng.pick(&[Place::SameOnly, Place::PreferSame, Place::ChoiceOrder]),
        first: *rng.pick(&[First::Older, First::Younger, First::Either]),
        all_transfers_or_none: rng.percent(50),
    })
}

/// A random list of combinations of nurseries, pools expanded in place as a reader of files would
/// (first child's outermost); now and then one twice or "everyone as now" before the end.
fn listed(rng: &mut SplitMix64, b: &MarketBuilder, children: &[ChildSpec]) -> WishSpec {
    // Per child: its choices nursery by nursery.
    let nurseries: Vec<Vec<Vec<u32>>> = children
        .iter()
        .map(|c| {
            let numbered: Vec<u32> = (0..c.choices.len() as u32).collect();
            let of = |k: &u32| b.nursery_of(c.choices[*k as usize].0);
            numbered
                .chunk_by(|x, y| of(x) == of(y))
                .map(<[u32]>::to_vec)
                .collect()
        })
        .collect();
    let mut list = Vec::new();
    for _ in 0..rng.between(0, 6) {
        let mut expanded: Vec<Vec<Option<u32>>> = vec![Vec::new()];
        for of_child in &nurseries {
            let n = rng.below(of_child.len() as u32 + 1) as usize;
            let pools = of_child
                .get(n)
                .map_or(vec![None], |pools| pools.iter().map(|&k| Some(k)).collect());
            expanded = expanded
                .iter()
                .flat_map(|t| {
                    pools
                        .iter()
                        .map(move |&p| t.iter().copied().chain([p]).collect())
                })
                .collect();
        }
        if expanded[0].iter().any(Option::is_some) || rng.percent(10) {
            list.extend(expanded);
        }
    }
    WishSpec::Listed(list)
}

/// A random placement of a market, feasible or not: mostly listed tuples regardless of room, some
/// children anywhere at all.
#[must_use]
pub fn random_placement(seed: u64, market: &Market) -> Placement {
    let mut rng = SplitMix64::new(seed);
    let mut placement = Placement::as_now(market);
    let wild = rng.percent(25);
    for f in 0..market.families.len() as u32 {
        let list = family_list(market, f);
        let tuple = rng.pick(&list.tuples);
        for (child, &slot) in market.families[f as usize]
            .children
            .clone()
            .zip(tuple.iter())
        {
            placement.class[child as usize] = market.class_of(child, slot);
            if wild && rng.percent(30) {
                placement.class[child as usize] = match rng.below(3) {
                    0 => None,
                    1 => Some(rng.below(market.classes.len() as u32)),
                    _ => market.choices_of(child).first().map(|x| x.class),
                };
            }
        }
    }
    placement
}
