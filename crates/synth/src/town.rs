//! A round of any size from [`Options`].

use crate::model::{Child, Nursery, Town};
use crate::names::{self, Names};
use crate::options::Options;
use crate::rng::{Rng, apportion, millionths, share_of};

/// Applications by age class of only children, in thousandths; the shape of published April rounds.
const AGE_OF_ONLY_CHILD: [u64; 6] = [255, 440, 165, 115, 15, 10];
/// New seats by age class, in thousandths: most at age 1, where the classes widen; from age 3 on
/// mostly children move up.
const SEATS_BY_AGE: [u64; 6] = [240, 380, 135, 185, 40, 20];
/// Age of the youngest of applying siblings.
const AGE_OF_YOUNGEST: [u64; 4] = [42, 43, 11, 4];
/// Years between siblings 1–4.
const GAP: [u64; 4] = [18, 42, 28, 12];
/// Shares of the sibling codes 1–7 in hundredths. Most families want one nursery, most take one
/// place rather than none.
const SIBLING_CODE: [u64; 7] = [20, 4, 2, 21, 33, 8, 12];
/// How many choices are written, 1–10; longer lists thin out evenly.
const CHOICES: [u64; 10] = [60, 95, 175, 170, 190, 90, 60, 45, 30, 25];
/// Ground per nursery, in square metres; a suburb of Tokyo has 127 on 72 km².
const GROUND: u64 = 560_000;
/// Spread of homes and nurseries around the centre of their district, in metres.
const DISTRICT: i64 = 1_100;

/// Indices into the three lists below; 1 is 認定こども園.
const STANDARD: usize = 0;
const SMALL: usize = 2;
const KIND: [&str; 3] = ["保育所", "認定こども園", "小規模保育事業"];
const KIND_IN_NAME: [&str; 3] = ["保育園", "こども園", "小規模保育室"];
/// Relative new seats by age of one nursery of each kind. 認定こども園 widen at 3, small
/// facilities stop at 2.
const KIND_SEATS: [[u64; 6]; 3] = [
    [90, 100, 40, 45, 12, 6],
    [30, 70, 25, 160, 20, 12],
    [50, 60, 20, 0, 0, 0],
];

/// Builds a round. Options out of range (see [`Options::check`]) are brought to the nearest that
/// can be built.
#[must_use]
pub fn town(options: &Options) -> Town {
    let municipalities = options.municipalities.clamp(1, options.nurseries.max(1));
    let nurseries = options.nurseries.max(1);
    let mut town = Town {
        choice_columns: options.max_choices.max(1),
        municipalities: municipalities as u32,
        ..Town::default()
    };
    let parts = |total: usize| apportion(total as u64, &vec![1; municipalities]);
    for (m, (children, nurseries)) in parts(options.children)
        .into_iter()
        .zip(parts(nurseries))
        .enumerate()
    {
        Municipality::new(options, m, nurseries as usize).build(children as usize, &mut town);
    }
    name_ids(&mut town, &options.id_prefix);
    points(&mut town, options);
    town
}

/// Ids of equal width, counted through the whole file: no municipality can share one.
pub(crate) fn name_ids(town: &mut Town, prefix: &str) {
    let base = |count: usize, least: u64| {
        let mut base = least;
        while base <= count as u64 {
            base *= 10;
        }
        base
    };
    let child = base(town.children.len(), 1_000_000);
    for (i, c) in town.children.iter_mut().enumerate() {
        c.id = format!("{prefix}{}", child + i as u64 + 1);
    }
    let family = base(town.families.len(), 1_000_000) * 5;
    for (i, f) in town.families.iter_mut().enumerate() {
        *f = format!("{prefix}{}", family + i as u64 + 1);
    }
    let nursery = base(town.nurseries.len(), 10_000);
    for (i, n) in town.nurseries.iter_mut().enumerate() {
        n.id = format!("{prefix}{}", nursery + i as u64 + 1);
    }
}

/// Streams of random numbers; one job each.
mod stream {
    pub(super) const PLACE: u64 = 1;
    pub(super) const FAMILY: u64 = 2;
    pub(super) const CHOICE: u64 = 3;
    pub(super) const POINTS: u64 = 4;
    pub(super) const JOBS: u64 = 16;
}

struct Municipality<'a> {
    options: &'a Options,
    number: usize,
    nurseries: usize,
}

/// A district while its municipality is built.
struct District {
    x: i64,
    y: i64,
    homes: u64,
    /// Nurseries of this district and its neighbours, nearest districts first.
    near: Vec<u32>,
}

/// A family before its children have choices.
struct Plan {
    /// Oldest first.
    ages: Vec<u8>,
    enrolled: Vec<bool>,
}

impl<'a> Municipality<'a> {
    fn new(options: &'a Options, number: usize, nurseries: usize) -> Self {
        Self {
            options,
            number,
            nurseries: nurseries.max(1),
        }
    }

    fn rng(&self, job: u64) -> Rng {
        Rng::stream(self.options.seed, self.number as u64 * stream::JOBS + job)
    }

    fn build(&self, children: usize, town: &mut Town) {
        let first_nursery = town.nurseries.len();
        let (districts, popularity) = self.place(children, town);
        let plans = self.families(children);
        self.choose(&plans, &districts, &popularity, first_nursery, town);
    }

    /// Districts on a jittered grid, nurseries around their centres with new seats by age.
    /// Returns the districts and the popularity of each nursery in metres: how much farther
    /// families would go for it.
    fn place(&self, children: usize, town: &mut Town) -> (Vec<District>, Vec<i64>) {
        let mut rng = self.rng(stream::PLACE);
        let first = town.nurseries.len();
        let count = self.nurseries.div_ceil(12);
        let grid = (1..).find(|g| g * g >= count).unwrap_or(1);
        let cell = ((self.nurseries as u64 * GROUND).isqrt() / grid as u64).max(1) as i64;
        let mut cells: Vec<usize> = (0..grid * grid).collect();
        rng.shuffle(&mut cells);
        let mut districts: Vec<District> = cells[..count]
            .iter()
            .map(|c| District {
                x: (c % grid) as i64 * cell + cell / 2 + rng.bell(cell / 5),
                y: (c / grid) as i64 * cell + cell / 2 + rng.bell(cell / 5),
                homes: 50 + rng.below(100),
                near: Vec::new(),
            })
            .collect();
        let first_area = town.areas.len() as u32;
        for number in 0..count {
            let name = names::area(number);
            town.areas.push(if self.options.municipalities > 1 {
                format!("第{}市{name}", self.number + 1)
            } else {
                name
            });
        }

        let mut names = Names::new(&mut rng);
        let weights: Vec<u64> = districts.iter().map(|d| d.homes).collect();
        let mut popularity = Vec::with_capacity(self.nurseries);
        let mut seat_weights: [Vec<u64>; 6] = Default::default();
        let mut own: Vec<Vec<u32>> = vec![Vec::new(); count];
        for (area, n) in apportion(self.nurseries as u64, &weights)
            .into_iter()
            .enumerate()
        {
            for _ in 0..n {
                // The first nursery takes all ages, so that every child has something to choose.
                let kind = if popularity.is_empty() {
                    STANDARD
                } else {
                    rng.weighted(&[62, 14, 24])
                };
                let size = if kind == SMALL {
                    20 + rng.below(8)
                } else {
                    40 + rng.below(80)
                };
                for (age, weights) in seat_weights.iter_mut().enumerate() {
                    weights.push(KIND_SEATS[kind][age] * size * (50 + rng.below(100)));
                }
                popularity.push(rng.bell(600) - if kind == SMALL { 250 } else { 0 });
                let district = &districts[area];
                own[area].push(town.nurseries.len() as u32);
                town.nurseries.push(Nursery {
                    id: String::new(),
                    name: names.deal(KIND_IN_NAME[kind]),
                    kind: KIND[kind].to_owned(),
                    area: first_area + area as u32,
                    municipality: self.number as u32,
                    x: (district.x + rng.bell(DISTRICT)) as i32,
                    y: (district.y + rng.bell(DISTRICT)) as i32,
                    seats: [0; 6],
                    takes: std::array::from_fn(|age| kind != SMALL || age < 3),
                });
            }
        }
        let ratio = u128::from(millionths(self.options.seats_ratio));
        let seats = ((children as u128 * ratio + 500_000) / 1_000_000) as u64;
        for (age, total) in apportion(seats, &SEATS_BY_AGE).into_iter().enumerate() {
            for (i, n) in apportion(total, &seat_weights[age]).into_iter().enumerate() {
                town.nurseries[first + i].seats[age] = n as u32;
            }
        }

        // Candidates: enough neighbouring districts that even the longest list has a choice,
        // with room for small facilities that do not take the age.
        let wanted = 40 + 3 * self.options.max_choices;
        let centres: Vec<(i64, i64)> = districts.iter().map(|d| (d.x, d.y)).collect();
        for district in &mut districts {
            let mut by_distance: Vec<(i64, usize)> = centres
                .iter()
                .enumerate()
                .map(|(i, (x, y))| ((x - district.x).pow(2) + (y - district.y).pow(2), i))
                .collect();
            by_distance.sort_unstable();
            for (_, i) in by_distance {
                district.near.extend(&own[i]);
                if district.near.len() >= wanted {
                    break;
                }
            }
            // With few nurseries this district may see only ones far from its own; the very
            // first takes all ages and closes that hole.
            if !district.near.contains(&(first as u32)) {
                district.near.push(first as u32);
            }
        }
        (districts, popularity)
    }

    /// Which families there are: sizes and ages, and who is enrolled already.
    fn families(&self, children: usize) -> Vec<Plan> {
        let mut rng = self.rng(stream::FAMILY);
        let (pairs_and_more, triples) = sibling_families(self.options, children);
        let families = children - pairs_and_more - triples;
        let twins = share_of(self.options.same_age, pairs_and_more);
        // Twins are spread over pairs and triples alike.
        let mut twin: Vec<bool> = (0..pairs_and_more).map(|i| i < twins).collect();
        rng.shuffle(&mut twin);
        let mut plans: Vec<Plan> = (0..families)
            .map(|i| {
                let ages = if i < pairs_and_more {
                    sibling_ages(&mut rng, if i < triples { 3 } else { 2 }, twin[i])
                } else {
                    vec![rng.weighted(&AGE_OF_ONLY_CHILD) as u8]
                };
                Plan {
                    enrolled: vec![false; ages.len()],
                    ages,
                }
            })
            .collect();
        rng.shuffle(&mut plans);

        let mut may_transfer: Vec<(bool, usize, usize)> = Vec::new();
        for (f, plan) in plans.iter().enumerate() {
            let open = plan.ages.iter().enumerate().filter(|(_, age)| **age > 0);
            may_transfer.extend(open.map(|(c, _)| (plan.ages.len() > 1, f, c)));
        }
        rng.shuffle(&mut may_transfer);
        let wanted = share_of(self.options.transfers, children);
        siblings_first(&mut may_transfer, wanted, self.options, |(sibling, ..)| {
            *sibling
        });
        for (_, f, c) in may_transfer.into_iter().take(wanted) {
            plans[f].enrolled[c] = true;
        }
        plans
    }

    /// Homes, choices, current nurseries, sibling codes.
    fn choose(
        &self,
        plans: &[Plan],
        districts: &[District],
        popularity: &[i64],
        first_nursery: usize,
        town: &mut Town,
    ) {
        let mut rng = self.rng(stream::CHOICE);
        let homes: Vec<u64> = districts.iter().map(|d| d.homes).collect();
        let lengths = lengths(self.options.max_choices.max(1));
        let fill = millionths(self.options.fill_choices.clamp(0.0, 1.0));
        let mut liked: Vec<(i64, u32)> = Vec::new();
        for plan in plans {
            let district = &districts[rng.weighted(&homes)];
            let (x, y) = (
                district.x + rng.bell(DISTRICT),
                district.y + rng.bell(DISTRICT),
            );
            // One taste per family: siblings rank the same nurseries alike.
            liked.clear();
            for n in &district.near {
                let nursery = &town.nurseries[*n as usize];
                let away = (i64::from(nursery.x) - x).pow(2) + (i64::from(nursery.y) - y).pow(2);
                let taste = popularity[*n as usize - first_nursery] + rng.bell(350);
                liked.push((away.isqrt() - taste, *n));
            }
            liked.sort_unstable();

            let siblings = plan.ages.len() > 1;
            let mut code = siblings.then(|| draw_code(&mut rng));
            let together = code.is_some_and(|c| c <= 3);
            let family = town.families.len() as u32;
            town.families.push(String::new());
            let start = town.children.len();
            for (age, transfer) in plan.ages.iter().zip(&plan.enrolled) {
                let takes = |n: u32| town.nurseries[n as usize].takes[*age as usize];
                let wanted = if rng.below(1_000_000) < fill {
                    self.options.max_choices.max(1)
                } else {
                    rng.weighted(&lengths) + 1
                };
                let enrolled = transfer
                    .then(|| {
                        let open: Vec<u32> = liked
                            .iter()
                            .map(|(_, n)| *n)
                            .filter(|n| takes(*n))
                            .take(24)
                            .collect();
                        // Near, but rarely what the family likes best; something must be left
                        // to apply for.
                        let from = (open.len() / 4).min(4);
                        (open.len() > 1).then(|| open[from + rng.index(open.len() - from)])
                    })
                    .flatten();
                let wanted = if enrolled.is_some() {
                    wanted.div_ceil(2)
                } else {
                    wanted
                };
                let mut choices: Vec<u32> = Vec::with_capacity(wanted);
                let own_way = siblings && !together && rng.chance(300);
                for (_, n) in &liked {
                    if choices.len() == wanted {
                        break;
                    }
                    let fits = if together {
                        plan.ages
                            .iter()
                            .all(|a| town.nurseries[*n as usize].takes[*a as usize])
                    } else {
                        takes(*n)
                    };
                    if fits && Some(*n) != enrolled && !(own_way && rng.chance(250)) {
                        choices.push(*n);
                    }
                }
                if choices.is_empty() {
                    // Everything was skipped: take the best that fits.
                    choices.extend(
                        liked
                            .iter()
                            .map(|(_, n)| *n)
                            .find(|n| takes(*n) && Some(*n) != enrolled),
                    );
                }
                town.children.push(Child {
                    id: String::new(),
                    family,
                    age: *age,
                    points: 0,
                    points_at: Vec::new(),
                    choices,
                    enrolled,
                    code: None,
                    x: x as i32,
                    y: y as i32,
                });
            }
            settle_code(&mut rng, &mut code, &mut town.children[start..]);
        }
    }
}

/// A sibling code 1–7 in realistic shares.
pub(crate) fn draw_code(rng: &mut Rng) -> u8 {
    rng.weighted(&SIBLING_CODE) as u8 + 1
}

/// Orders candidates for `wanted` transfers so that the first ones have the share from sibling
/// families that was asked for.
pub(crate) fn siblings_first<T>(
    candidates: &mut Vec<T>,
    wanted: usize,
    options: &Options,
    is_sibling: impl Fn(&T) -> bool,
) {
    let Some(share) = options.sibling_transfers else {
        return;
    };
    let (mut siblings, only): (Vec<T>, Vec<T>) = candidates.drain(..).partition(is_sibling);
    let more = siblings.split_off(share_of(share, wanted).min(siblings.len()));
    candidates.extend(siblings.into_iter().chain(only).chain(more));
}

/// Writes the family's code. Codes 1–3 need a nursery common to all; a family without one cannot
/// have meant them.
pub(crate) fn settle_code(rng: &mut Rng, code: &mut Option<u8>, children: &mut [Child]) {
    if code.is_some_and(|c| c <= 3) && !has_common(children) {
        *code = Some(if rng.chance(600) { 5 } else { 7 });
    }
    for child in children {
        child.code = *code;
    }
}

/// Whether all siblings chose some nursery in common.
pub(crate) fn has_common(children: &[Child]) -> bool {
    let Some((first, rest)) = children.split_first() else {
        return false;
    };
    first
        .choices
        .iter()
        .any(|n| rest.iter().all(|c| c.choices.contains(n)))
}

/// Sibling families and, among them, families of three, for so many children.
pub(crate) fn sibling_families(options: &Options, children: usize) -> (usize, usize) {
    let s = u128::from(millionths(options.siblings.clamp(0.0, 1.0)));
    let t = u128::from(millionths(options.triples.clamp(0.0, 1.0)));
    // children = families × (1 + s + s·t); in millionths squared.
    let per_family = 1_000_000_000_000 + s * 1_000_000 + s * t;
    let families = (children as u128 * s * 1_000_000 + per_family / 2) / per_family;
    let mut families = families as usize;
    let mut triples = share_of(options.triples, families);
    while families * 2 + triples > children {
        families -= 1;
        triples = triples.min(families);
    }
    (families, triples)
}

/// Ages of one sibling family, oldest first; `twin` asks for two of the same age, otherwise all
/// differ.
pub(crate) fn sibling_ages(rng: &mut Rng, size: usize, twin: bool) -> Vec<u8> {
    let mut ages = vec![rng.weighted(&AGE_OF_YOUNGEST) as u8];
    let different = if twin { size - 1 } else { size };
    while ages.len() < different {
        let oldest = ages[ages.len() - 1];
        // Room for the siblings still to come, all below school age.
        let room = 5 - oldest as usize - (different - ages.len() - 1);
        ages.push(oldest + rng.weighted(&GAP[..room.min(4)]) as u8 + 1);
    }
    if twin {
        let doubled = ages[rng.index(ages.len())];
        ages.push(doubled);
    }
    ages.sort_unstable_by(|a, b| b.cmp(a));
    ages
}

/// Weights of the list lengths 1 to `max`.
fn lengths(max: usize) -> Vec<u64> {
    let mut weights: Vec<u64> = CHOICES.iter().copied().take(max).collect();
    // A thin even tail above ten.
    let tail = max.saturating_sub(CHOICES.len());
    weights.extend((0..tail).map(|_| 60 / tail as u64 + 1));
    weights
}

/// The index before any tail, by family: both parents full-time (the mode), then part-time,
/// looking for work and so on. Values as in the criteria of many cities, 20 per parent.
pub(crate) fn family_index(rng: &mut Rng) -> i64 {
    const VALUE: [i64; 10] = [40, 38, 36, 34, 32, 30, 28, 26, 23, 20];
    const SHARE: [u64; 10] = [560, 60, 90, 70, 50, 40, 30, 30, 30, 40];
    let adjustment = [0, 1, 2, 3, 5, -1][rng.weighted(&[620, 140, 120, 40, 50, 30])];
    VALUE[rng.weighted(&SHARE)] + adjustment
}

/// Last places of the points, all different: 1 to the number of children. What decides between
/// equal families (income, years of residence, a draw) is mostly the household's, so siblings
/// come next to each other, except in a share `apart` of the sibling families.
fn tails(rng: &mut Rng, ranges: &[std::ops::Range<usize>], apart: f64) -> Vec<i64> {
    let siblings = ranges.iter().filter(|r| r.len() > 1).count();
    let split = share_of(apart, siblings);
    let mut splits: Vec<bool> = (0..siblings).map(|i| i < split).collect();
    rng.shuffle(&mut splits);
    let mut splits = splits.into_iter();
    let mut units: Vec<std::ops::Range<usize>> = Vec::with_capacity(ranges.len());
    for range in ranges {
        if range.len() > 1 && splits.next() == Some(true) {
            units.extend(range.clone().map(|child| child..child + 1));
        } else {
            units.push(range.clone());
        }
    }
    rng.shuffle(&mut units);
    let mut tails = vec![0; units.iter().map(std::iter::ExactSizeIterator::len).sum()];
    for (tail, child) in (1..).zip(units.into_iter().flatten()) {
        tails[child] = tail;
    }
    tails
}

/// Points of every child: a family index with adjustments, made unique by a tail (as a lottery
/// number would) except for the children who are to tie.
pub(crate) fn points(town: &mut Town, options: &Options) {
    let mut rng = Rng::stream(options.seed, u64::MAX - stream::POINTS);
    let children = town.children.len();
    let tied = share_of(options.ties, children);
    let mut massed: Vec<bool> = (0..children).map(|i| i < tied).collect();
    rng.shuffle(&mut massed);
    let mut scale: i64 = 1;
    while tied < children && scale <= children as i64 {
        scale *= 10;
    }
    let ranges: Vec<std::ops::Range<usize>> = town.family_ranges().collect();
    let tails = tails(&mut rng, &ranges, options.siblings_apart);
    for range in &ranges {
        let index = family_index(&mut rng);
        for i in range.clone() {
            // The child's own adjustment, such as now being in unlicensed care.
            let own = if rng.chance(120) { 2 } else { 0 };
            let tail = if massed[i] { 0 } else { tails[i] };
            town.children[i].points = (index + own) * scale + tail;
        }
    }

    // An older sibling already attends one of the choices: points depend on the nursery.
    let mut wanted = share_of(options.nursery_dependent, children);
    let mut order: Vec<usize> = (0..ranges.len()).collect();
    rng.shuffle(&mut order);
    for f in order {
        if wanted == 0 {
            break;
        }
        let family = &mut town.children[ranges[f].clone()];
        let choices = &family[0].choices;
        if choices.is_empty() {
            continue;
        }
        let attends = choices[rng.index(choices.len().min(3))];
        let bonus = (3 + rng.below(3) as i64) * scale;
        for child in family {
            if !child.choices.contains(&attends) {
                continue;
            }
            child.points_at = child
                .choices
                .iter()
                .map(|n| child.points + if *n == attends { bonus } else { 0 })
                .collect();
            wanted = wanted.saturating_sub(1);
        }
    }
}
