//! A round that has exactly the applications of a city's published table.
//!
//! Per age class this is the realisation of a bipartite graph with given degrees: each facility
//! must be chosen by as many children as it had applications, no child chooses it twice or has
//! more than five choices. Facilities are filled largest first with the children who are nearest
//! and still want most (Gale and Ryser's greedy construction, bent by distance); what then is
//! missing is mended by exchanges that always exist (see [`Builder::mend`]); further exchanges,
//! which keep all counts, bring choices nearer home and siblings together.

use std::fmt;

use crate::model::{Child, Nursery, Town};
use crate::options::Options;
use crate::rng::{Rng, share_of};
use crate::table::CalibrationTable;
use crate::town;

/// Choices that the published tables count.
pub const COUNTED_CHOICES: usize = 5;

/// Shares of children with 1–5 choices, in hundredths; mean 3.1.
const LENGTHS: [u64; COUNTED_CHOICES] = [12, 20, 31, 20, 17];
/// Mean of [`LENGTHS`] in hundredths.
const MEAN_LENGTH: u64 = 310;
/// What a choice outside the home district costs on top of its distance, in metres.
const OTHER_AREA: i64 = 1_200;
/// How much farther a family goes for a nursery that a sibling has chosen too, in metres.
const WITH_SIBLING: i64 = 4_000;
/// Ground per facility, in square metres.
const GROUND: u64 = 560_000;

/// Something that was asked for and could not be met.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shortfall {
    /// Applications of one class.
    Applications {
        /// Name of the facility.
        facility: String,
        /// Age class.
        age: u8,
        /// Applications in the table.
        wanted: u32,
        /// Applications in the round.
        met: u32,
    },
    /// Sibling families: too few children of fitting ages.
    SiblingFamilies {
        /// Families asked for.
        wanted: usize,
        /// Families made.
        met: usize,
    },
    /// Transfer applicants: too few children of age 1 or more with another nursery to be at.
    Transfers {
        /// Children asked for.
        wanted: usize,
        /// Children made.
        met: usize,
    },
}

impl fmt::Display for Shortfall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Applications {
                facility,
                age,
                wanted,
                met,
            } => write!(
                f,
                "{facility} {age}歳: 申込 {wanted} 件のうち {met} 件しか再現できませんでした。"
            ),
            Self::SiblingFamilies { wanted, met } => write!(
                f,
                "きょうだい世帯: {wanted} 世帯のうち {met} 世帯しか作れませんでした（年齢の合う児童が足りません）。"
            ),
            Self::Transfers { wanted, met } => write!(
                f,
                "転園希望者: {wanted} 人のうち {met} 人しか作れませんでした（1歳以上で、希望とは別の園に在籍できる児童が足りません）。"
            ),
        }
    }
}

/// Makes a round with the applications of `table` over choices 1–5, exactly, and its offers as
/// new seats. The number of children is not published; it follows from about 3.1 choices per
/// child. Of `options` counts `seed`, `siblings`, `same_age`, `triples`, `siblings_apart`,
/// `transfers`, `sibling_transfers`, `ties`, `nursery_dependent` and `id_prefix`; size, choices and
/// seats come from the table.
///
/// Returns what could not be met; for tables read by [`crate::parse_calibration`] that is never
/// an application.
#[must_use]
pub fn calibrated(table: &CalibrationTable, options: &Options) -> (Town, Vec<Shortfall>) {
    let mut builder = Builder::new(table, options.seed);
    let mut shortfalls = Vec::new();
    builder.people(options, &mut shortfalls);
    for age in 0..6 {
        builder.fill(age);
        builder.mend(age);
    }
    builder.bring_near();
    let town = builder.town(options, &mut shortfalls);
    shortfalls.extend(unmet(table, &town));
    (town, shortfalls)
}

/// Applications by nursery and age class over the first [`COUNTED_CHOICES`] choices, counted as
/// the published tables do.
#[must_use]
pub fn application_counts(town: &Town) -> Vec<[u32; 6]> {
    let mut counts = vec![[0; 6]; town.nurseries.len()];
    for child in &town.children {
        for choice in child.choices.iter().take(COUNTED_CHOICES) {
            counts[*choice as usize][usize::from(child.age)] += 1;
        }
    }
    counts
}

/// Counts the finished round again rather than trusting how it was made.
fn unmet(table: &CalibrationTable, town: &Town) -> Vec<Shortfall> {
    let mut unmet = Vec::new();
    for (facility, counts) in table.facilities.iter().zip(application_counts(town)) {
        for (age, (class, met)) in facility.classes.iter().zip(counts).enumerate() {
            let wanted = class.map_or(0, |c| c.applications);
            if wanted != met {
                let facility = facility.name.clone();
                unmet.push(Shortfall::Applications {
                    facility,
                    age: age as u8,
                    wanted,
                    met,
                });
            }
        }
    }
    unmet
}

struct Place {
    area: u32,
    x: i64,
    y: i64,
}

struct Kid {
    age: u8,
    family: usize,
    /// Choices the child should get; the sum over an age is its applications.
    target: usize,
    choices: Vec<usize>,
}

struct Family {
    home: Place,
    kids: Vec<usize>,
}

struct Builder<'a> {
    table: &'a CalibrationTable,
    seed: u64,
    rng: Rng,
    areas: Vec<String>,
    centres: Vec<Place>,
    facilities: Vec<Place>,
    families: Vec<Family>,
    kids: Vec<Kid>,
    /// Kids by age class.
    of_age: [Vec<usize>; 6],
    /// Kids who chose a facility, by age class and facility.
    holders: [Vec<Vec<usize>>; 6],
}

impl<'a> Builder<'a> {
    fn new(table: &'a CalibrationTable, seed: u64) -> Self {
        let mut rng = Rng::stream(seed, 1 << 32);
        let mut areas: Vec<String> = Vec::new();
        let mut in_area: Vec<u64> = Vec::new();
        let mut area_of = Vec::new();
        for facility in &table.facilities {
            let area = areas
                .iter()
                .position(|a| *a == facility.area)
                .unwrap_or_else(|| {
                    areas.push(facility.area.clone());
                    in_area.push(0);
                    areas.len() - 1
                });
            in_area[area] += 1;
            area_of.push(area);
        }
        // Districts side by side in a grid, facilities spread in proportion to their number:
        // the table has no addresses.
        let grid = (1_i64..)
            .find(|g| (g * g) as usize >= areas.len())
            .unwrap_or(1);
        let side = (table.facilities.len() as u64 * GROUND).isqrt() as i64;
        let cell = (side / grid).max(1);
        let centres: Vec<Place> = (0..areas.len())
            .map(|a| Place {
                area: a as u32,
                x: (a as i64 % grid) * cell + cell / 2 + rng.bell(cell / 8),
                y: (a as i64 / grid) * cell + cell / 2 + rng.bell(cell / 8),
            })
            .collect();
        let spread: Vec<i64> = in_area
            .iter()
            .map(|n| (n * GROUND).isqrt() as i64 * 2 / 5)
            .collect();
        let facilities = area_of
            .iter()
            .map(|a| Place {
                area: *a as u32,
                x: centres[*a].x + rng.bell(spread[*a]),
                y: centres[*a].y + rng.bell(spread[*a]),
            })
            .collect();
        let count = table.facilities.len();
        Self {
            table,
            seed,
            rng,
            areas,
            centres,
            facilities,
            families: Vec::new(),
            kids: Vec::new(),
            of_age: Default::default(),
            holders: std::array::from_fn(|_| vec![Vec::new(); count]),
        }
    }

    fn wanted(&self, facility: usize, age: usize) -> usize {
        self.table.facilities[facility].classes[age].map_or(0, |c| c.applications as usize)
    }

    /// How many children there are by age, into families, at homes, with how many choices.
    fn people(&mut self, options: &Options, shortfalls: &mut Vec<Shortfall>) {
        let mut left = [0_usize; 6];
        let mut targets: [Vec<usize>; 6] = Default::default();
        for age in 0..6 {
            let wanted: Vec<usize> = (0..self.table.facilities.len())
                .map(|f| self.wanted(f, age))
                .collect();
            targets[age] = self.targets(&wanted);
            left[age] = targets[age].len();
        }

        let children: usize = left.iter().sum();
        let (wanted, triples) = town::sibling_families(options, children);
        let twins = share_of(options.same_age, wanted);
        let mut twin: Vec<bool> = (0..wanted).map(|i| i < twins).collect();
        self.rng.shuffle(&mut twin);
        let mut plans: Vec<Vec<u8>> = Vec::new();
        for (i, twin) in twin.into_iter().enumerate() {
            let size = if i < triples { 3 } else { 2 };
            // Ages as anywhere, if there still are such children; otherwise whoever is left.
            let ages = (0..30)
                .map(|_| town::sibling_ages(&mut self.rng, size, twin))
                .find(|ages| fits(&left, ages))
                .or_else(|| leftover_ages(&left, size, twin));
            if let Some(ages) = ages {
                for age in &ages {
                    left[usize::from(*age)] -= 1;
                }
                plans.push(ages);
            }
        }
        if plans.len() < wanted {
            shortfalls.push(Shortfall::SiblingFamilies {
                wanted,
                met: plans.len(),
            });
        }
        for (age, n) in left.into_iter().enumerate() {
            plans.extend((0..n).map(|_| vec![age as u8]));
        }
        self.rng.shuffle(&mut plans);

        // Homes by district in proportion to the applications for the age, so that the nearest
        // children can fill most of a district's facilities.
        let mut pull = vec![vec![0_u64; self.areas.len()]; 6];
        for (f, place) in self.facilities.iter().enumerate() {
            for (age, pull) in pull.iter_mut().enumerate() {
                pull[place.area as usize] += self.wanted(f, age) as u64;
            }
        }
        let mut spread = vec![0_u64; self.areas.len()];
        for place in &self.facilities {
            spread[place.area as usize] += GROUND;
        }
        for ages in plans {
            // The rarest age decides where the family lives.
            let rarest = ages
                .iter()
                .map(|a| usize::from(*a))
                .min_by_key(|a| pull[*a].iter().sum::<u64>())
                .unwrap_or(0);
            let area = self.rng.weighted(&pull[rarest]);
            let spread = spread[area].isqrt() as i64 * 2 / 5;
            let home = Place {
                area: area as u32,
                x: self.centres[area].x + self.rng.bell(spread),
                y: self.centres[area].y + self.rng.bell(spread),
            };
            let family = self.families.len();
            let mut kids = Vec::with_capacity(ages.len());
            for age in ages {
                let age = usize::from(age);
                let Some(target) = targets[age].pop() else {
                    continue;
                };
                kids.push(self.kids.len());
                self.of_age[age].push(self.kids.len());
                self.kids.push(Kid {
                    age: age as u8,
                    family,
                    target,
                    choices: Vec::new(),
                });
            }
            self.families.push(Family { home, kids });
        }
    }

    /// Numbers of choices, one per child, that add up to the applications. As many children as
    /// the longest queue at one facility are needed at least, since nobody applies twice.
    fn targets(&mut self, wanted: &[usize]) -> Vec<usize> {
        let total: usize = wanted.iter().sum();
        let longest = wanted.iter().copied().max().unwrap_or(0);
        let facilities = wanted.iter().filter(|w| **w > 0).count();
        let most = facilities.min(COUNTED_CHOICES);
        if most == 0 {
            return Vec::new();
        }
        let usual = (total as u64 * 100 + MEAN_LENGTH / 2) / MEAN_LENGTH;
        let children = (usual as usize).max(longest).max(total.div_ceil(most));
        let mut targets: Vec<usize> = (0..children)
            .map(|_| (self.rng.weighted(&LENGTHS) + 1).min(most))
            .collect();
        let mut sum: usize = targets.iter().sum();
        // children ≤ total ≤ children × most, so both ends can be reached.
        while sum != total {
            let i = self.rng.index(children);
            if sum < total && targets[i] < most {
                targets[i] += 1;
                sum += 1;
            } else if sum > total && targets[i] > 1 {
                targets[i] -= 1;
                sum -= 1;
            }
        }
        targets
    }

    /// What a choice costs a child in metres: the way, crossing into another district, the
    /// family's taste.
    fn cost(&self, kid: usize, facility: usize) -> i64 {
        let family = self.kids[kid].family;
        let (home, place) = (&self.families[family].home, &self.facilities[facility]);
        let way = ((home.x - place.x).pow(2) + (home.y - place.y).pow(2)).isqrt();
        let area = if home.area == place.area {
            0
        } else {
            OTHER_AREA
        };
        let key = (family as u64) << 24 ^ facility as u64;
        let taste = Rng::stream(self.seed ^ 0x7a57e, key).below(1_500) as i64;
        way + area + taste
    }

    /// The same, less where a sibling goes there too.
    fn cost_with_siblings(&self, kid: usize, facility: usize) -> i64 {
        let kids = &self.families[self.kids[kid].family].kids;
        let shared = kids
            .iter()
            .any(|k| *k != kid && self.kids[*k].choices.contains(&facility));
        self.cost(kid, facility) - if shared { WITH_SIBLING } else { 0 }
    }

    /// Largest facility first takes the children who are nearest and still have most to choose.
    fn fill(&mut self, age: usize) {
        let mut order: Vec<usize> = (0..self.facilities.len())
            .filter(|f| self.wanted(*f, age) > 0)
            .collect();
        order.sort_by_key(|f| (std::cmp::Reverse(self.wanted(*f, age)), *f));
        for facility in order {
            let mut open: Vec<(i64, usize)> = self.of_age[age]
                .iter()
                .filter(|k| self.kids[**k].choices.len() < self.kids[**k].target)
                .map(|k| {
                    let left = self.kids[*k].target - self.kids[*k].choices.len();
                    (
                        self.cost_with_siblings(*k, facility) - 500 * left as i64,
                        *k,
                    )
                })
                .collect();
            open.sort_unstable();
            for (_, kid) in open.into_iter().take(self.wanted(facility, age)) {
                self.give(kid, facility);
            }
        }
    }

    fn give(&mut self, kid: usize, facility: usize) {
        let age = usize::from(self.kids[kid].age);
        self.kids[kid].choices.push(facility);
        self.holders[age][facility].push(kid);
    }

    fn take(&mut self, kid: usize, facility: usize) {
        let age = usize::from(self.kids[kid].age);
        self.kids[kid].choices.retain(|f| *f != facility);
        self.holders[age][facility].retain(|k| *k != kid);
    }

    /// Places the applications that are left. For a facility f with one missing some child d has
    /// not chosen f (no facility has more applications than there are children), and some child
    /// c has fewer than five choices (five times the children are no fewer than the
    /// applications). If c has not chosen f, it does now. Otherwise every such d has five
    /// choices, more than c, so d has some g that c has not: d takes f for g, and c takes g.
    fn mend(&mut self, age: usize) {
        let most = COUNTED_CHOICES;
        for facility in 0..self.facilities.len() {
            while self.holders[age][facility].len() < self.wanted(facility, age) {
                let open = |k: &&usize| self.kids[**k].choices.len() < most;
                let without = |k: &&usize| !self.kids[**k].choices.contains(&facility);
                let kids = &self.of_age[age];
                let near = kids
                    .iter()
                    .filter(open)
                    .filter(without)
                    .min_by_key(|k| {
                        let kid = &self.kids[**k];
                        let over = kid.choices.len() >= kid.target;
                        (over, self.cost_with_siblings(**k, facility), **k)
                    })
                    .copied();
                if let Some(kid) = near {
                    self.give(kid, facility);
                    continue;
                }
                let swap = kids.iter().find(open).and_then(|c| {
                    let has = &self.kids[*c].choices;
                    let d = kids
                        .iter()
                        .filter(without)
                        .min_by_key(|d| (self.cost(**d, facility), **d))?;
                    let g = self.kids[*d].choices.iter().find(|g| !has.contains(g))?;
                    Some((*c, *d, *g))
                });
                // Unreachable for tables whose children were counted by `targets`; the
                // shortfall would be told.
                let Some((c, d, g)) = swap else { break };
                self.take(d, g);
                self.give(d, facility);
                self.give(c, g);
            }
        }
        // A child left without any choice takes one from a child with several.
        let empty: Vec<usize> = self.of_age[age]
            .iter()
            .copied()
            .filter(|k| self.kids[*k].choices.is_empty())
            .collect();
        for kid in empty {
            let from = self.of_age[age]
                .iter()
                .flat_map(|d| self.kids[*d].choices.iter().map(move |g| (*d, *g)))
                .filter(|(d, _)| self.kids[*d].choices.len() > 1)
                .min_by_key(|(d, g)| (self.cost(kid, *g), *d));
            if let Some((d, g)) = from {
                self.take(d, g);
                self.give(kid, g);
            }
        }
    }

    /// Exchanges choices between two children of one age where that shortens the ways taken
    /// together. Every exchange keeps each child's number of choices and each facility's count.
    fn bring_near(&mut self) {
        for _ in 0..2 {
            for age in 0..6 {
                let near = self.nearest(age);
                for _ in 0..self.of_age[age].len() * 60 {
                    self.try_exchange(age, &near);
                }
            }
        }
    }

    /// For every district, the facilities with applications of the age, nearest first.
    fn nearest(&self, age: usize) -> Vec<Vec<usize>> {
        let used: Vec<usize> = (0..self.facilities.len())
            .filter(|f| !self.holders[age][*f].is_empty())
            .collect();
        let mut near = vec![used; self.areas.len()];
        for (centre, near) in self.centres.iter().zip(&mut near) {
            near.sort_by_key(|f| {
                let place = &self.facilities[*f];
                let other = centre.area != place.area;
                (
                    other,
                    (centre.x - place.x).pow(2) + (centre.y - place.y).pow(2),
                    *f,
                )
            });
            near.truncate(60);
        }
        near
    }

    fn try_exchange(&mut self, age: usize, near: &[Vec<usize>]) {
        let c = self.of_age[age][self.rng.index(self.of_age[age].len())];
        let family = &self.families[self.kids[c].family];
        // Siblings look where the other goes; the rest look around home.
        let sibling = family.kids.iter().copied().find(|k| *k != c);
        let looks_at = match sibling.map(|s| &self.kids[s].choices) {
            Some(theirs) if !theirs.is_empty() && self.rng.chance(500) => theirs,
            _ => &near[family.home.area as usize],
        };
        if looks_at.is_empty() || self.kids[c].choices.is_empty() {
            return;
        }
        let g = looks_at[self.rng.index(looks_at.len())];
        let f = self.kids[c].choices[self.rng.index(self.kids[c].choices.len())];
        if self.holders[age][g].is_empty() || self.kids[c].choices.contains(&g) {
            return;
        }
        let d = self.holders[age][g][self.rng.index(self.holders[age][g].len())];
        // A sibling's own choice is not to be taken away to please the other.
        if self.kids[d].choices.contains(&f) || self.kids[d].family == self.kids[c].family {
            return;
        }
        let before = self.cost_with_siblings(c, f) + self.cost_with_siblings(d, g);
        let after = self.cost_with_siblings(c, g) + self.cost_with_siblings(d, f);
        if after < before {
            self.take(c, f);
            self.take(d, g);
            self.give(c, g);
            self.give(d, f);
        }
    }

    /// The round as rows: choices in order, current nurseries, codes, ids, points.
    fn town(mut self, options: &Options, shortfalls: &mut Vec<Shortfall>) -> Town {
        let mut town = Town {
            areas: self.areas.clone(),
            choice_columns: COUNTED_CHOICES,
            municipalities: 1,
            ..Town::default()
        };
        for (facility, place) in self.table.facilities.iter().zip(&self.facilities) {
            town.nurseries.push(Nursery {
                id: String::new(),
                name: facility.name.clone(),
                kind: facility.kind.clone(),
                area: place.area,
                municipality: 0,
                x: place.x as i32,
                y: place.y as i32,
                seats: facility.classes.map(|c| c.map_or(0, |c| c.offers)),
                takes: facility.classes.map(|c| c.is_some()),
            });
        }
        for family in &self.families {
            let number = town.families.len() as u32;
            town.families.push(String::new());
            let mut code = (family.kids.len() > 1).then(|| town::draw_code(&mut self.rng));
            let start = town.children.len();
            for k in &family.kids {
                let mut choices = self.kids[*k].choices.clone();
                choices.sort_by_key(|f| (self.cost(*k, *f), *f));
                town.children.push(Child {
                    id: String::new(),
                    family: number,
                    age: self.kids[*k].age,
                    points: 0,
                    points_at: Vec::new(),
                    choices: choices.into_iter().map(|f| f as u32).collect(),
                    enrolled: None,
                    code: None,
                    x: family.home.x as i32,
                    y: family.home.y as i32,
                });
            }
            town::settle_code(&mut self.rng, &mut code, &mut town.children[start..]);
        }
        self.enrol(options, &mut town, shortfalls);
        town::name_ids(&mut town, &options.id_prefix);
        town::points(&mut town, options);
        town
    }

    /// Transfer applicants attend a near facility that has their class and is not among their
    /// choices.
    fn enrol(&mut self, options: &Options, town: &mut Town, shortfalls: &mut Vec<Shortfall>) {
        let wanted = share_of(options.transfers, town.children.len());
        let mut order: Vec<usize> = (0..self.kids.len()).collect();
        // Rows follow the families, whose children were numbered in the same order.
        order.retain(|k| self.kids[*k].age > 0);
        self.rng.shuffle(&mut order);
        town::siblings_first(&mut order, wanted, options, |k| {
            self.families[self.kids[*k].family].kids.len() > 1
        });
        let mut met = 0;
        for kid in order {
            if met == wanted {
                break;
            }
            let child = &town.children[kid];
            let mut open: Vec<(i64, usize)> = (0..self.facilities.len())
                .filter(|f| {
                    town.nurseries[*f].takes[usize::from(child.age)]
                        && !child.choices.contains(&(*f as u32))
                })
                .map(|f| (self.cost(kid, f), f))
                .collect();
            open.sort_unstable();
            open.truncate(6);
            if open.is_empty() {
                continue;
            }
            let (_, at) = open[self.rng.index(open.len())];
            town.children[kid].enrolled = Some(at as u32);
            met += 1;
        }
        if met < wanted {
            shortfalls.push(Shortfall::Transfers { wanted, met });
        }
    }
}

/// Whether so many children of these ages are left.
fn fits(left: &[usize; 6], ages: &[u8]) -> bool {
    (0..6).all(|age| ages.iter().filter(|a| usize::from(**a) == age).count() <= left[age])
}

/// Ages for one sibling family, oldest first, from the ages most children are left of.
fn leftover_ages(left: &[usize; 6], size: usize, twin: bool) -> Option<Vec<u8>> {
    let mut by_count: Vec<usize> = (0..6).filter(|a| left[*a] > 0).collect();
    by_count.sort_by_key(|a| (std::cmp::Reverse(left[*a]), *a));
    let mut ages: Vec<u8> = Vec::new();
    if twin {
        ages.push(*by_count.first().filter(|a| left[**a] > 1)? as u8);
    }
    ages.extend(by_count.iter().map(|a| *a as u8).take(size - ages.len()));
    if ages.len() < size {
        return None;
    }
    ages.sort_unstable_by(|a, b| b.cmp(a));
    Some(ages)
}
