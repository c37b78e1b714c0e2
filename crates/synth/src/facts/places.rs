//! Facilities, classes and shared seats.

use super::{
    options::FactOptions,
    pen::{Pen, Who},
};
use crate::{
    model::{Nursery, Town},
    rng::Rng,
};
use enmusubi_domain::{
    facts::{ClassSeats, Entity, SharedSeats},
    rational::Rational,
};

/// Youngest child taken, in months, and its share. 2 months stands for 57 days, which facilities
/// count in days.
const MIN_MONTHS: [(i64, u64); 4] = [(2, 45), (3, 20), (6, 25), (0, 10)];

/// What households need to know of the facilities.
pub(super) struct Places {
    /// Name in the criteria: `nursery`, `small` …
    pub(super) kind: Vec<&'static str>,
    /// Youngest child taken, in months.
    pub(super) min_months: Vec<i64>,
    /// Oldest age class.
    pub(super) last_age: Vec<u8>,
    /// Facilities that take the graduates of this one.
    pub(super) linked: Vec<Vec<u32>>,
    /// Whether one must have visited it.
    pub(super) visit: Vec<bool>,
    /// Per municipality: facilities that end before age 3.
    small: Vec<Vec<u32>>,
    /// Per municipality: the others.
    large: Vec<Vec<u32>>,
}

impl Places {
    /// The nearest facilities that end before age 3.
    pub(super) fn small_near(&self, town: &Town, municipality: u32, at: (i32, i32)) -> Vec<u32> {
        nearest(town, self.list(&self.small, municipality), at, 3)
    }

    /// The nearest facilities with all classes.
    pub(super) fn large_near(&self, town: &Town, municipality: u32, at: (i32, i32)) -> Vec<u32> {
        nearest(town, self.list(&self.large, municipality), at, 3)
    }

    /// The district of a home: that of the nearest facility, as homes have no other address.
    pub(super) fn area<'a>(
        &self,
        town: &'a Town,
        municipality: u32,
        at: (i32, i32),
    ) -> Option<&'a str> {
        let lists = [&self.small, &self.large].map(|l| self.list(l, municipality));
        let best = lists.into_iter().flat_map(|l| nearest(town, l, at, 1));
        let best = best.min_by_key(|n| (square(&town.nurseries[*n as usize], at), *n))?;
        let area = town.nurseries[best as usize].area;
        Some(town.areas[area as usize].as_str())
    }

    fn list<'a>(&self, lists: &'a [Vec<u32>], municipality: u32) -> &'a [u32] {
        lists.get(municipality as usize).map_or(&[], Vec::as_slice)
    }
}

/// Square of the distance in metres.
fn square(nursery: &Nursery, (x, y): (i32, i32)) -> i64 {
    let across = |a: i32, b: i32| (i64::from(a) - i64::from(b)).pow(2);
    across(nursery.x, x) + across(nursery.y, y)
}

/// Metres from a home to a nursery.
pub(super) fn metres(nursery: &Nursery, home: (i32, i32)) -> i64 {
    square(nursery, home).isqrt()
}

/// The `count` nearest of a list, nearest first.
fn nearest(town: &Town, list: &[u32], at: (i32, i32), count: usize) -> Vec<u32> {
    let mut best: Vec<(i64, u32)> = Vec::with_capacity(count + 1);
    for &n in list {
        let entry = (square(&town.nurseries[n as usize], at), n);
        let place = best.partition_point(|b| *b < entry);
        if place < count {
            best.insert(place, entry);
            best.truncate(count);
        }
    }
    best.into_iter().map(|(_, n)| n).collect()
}

/// Writes facilities, classes and shared seats.
pub(super) fn write(pen: &mut Pen, town: &Town, options: &FactOptions, rng: &mut Rng) -> Places {
    let count = town.nurseries.len();
    let municipalities = town.nurseries.iter().map(|n| n.municipality + 1).max();
    let lists = vec![Vec::new(); municipalities.unwrap_or(0) as usize];
    let mut places = Places {
        kind: Vec::with_capacity(count),
        min_months: Vec::with_capacity(count),
        last_age: Vec::with_capacity(count),
        linked: Vec::with_capacity(count),
        visit: Vec::with_capacity(count),
        small: lists.clone(),
        large: lists,
    };
    for (n, nursery) in (0..).zip(&town.nurseries) {
        let last = (0..6u8).rev().find(|a| nursery.takes[usize::from(*a)]);
        places.last_age.push(last.unwrap_or(5));
        let ends_early = last.is_some_and(|l| l < 3);
        let lists = if ends_early {
            &mut places.small
        } else {
            &mut places.large
        };
        lists[nursery.municipality as usize].push(n);
    }
    let mut facilities = Vec::with_capacity(count);
    for (n, nursery) in town.nurseries.iter().enumerate() {
        let facility = pen.push(Entity::Facility, &nursery.id, None);
        facilities.push(facility);
        let kind = kind_of(&nursery.kind);
        places.kind.push(kind);
        pen.set(facility, "name", nursery.name.as_str());
        pen.set(facility, "kind", kind);
        pen.set(facility, "area", town.areas[nursery.area as usize].as_str());
        pen.set(facility, "business_area", rng.chance(20));
        pen.set(facility, "last_age", i64::from(places.last_age[n]));
        pen.set(facility, "accepts_special_need", rng.chance(700));
        let visit = kind == "home_based";
        pen.set(facility, "visit_required", visit);
        places.visit.push(visit);
        let months = if nursery.takes[0] {
            let weights = MIN_MONTHS.map(|(_, share)| share);
            MIN_MONTHS[rng.weighted(&weights)].0
        } else {
            0
        };
        match months {
            0 => {}
            2 => pen.set(facility, "min_days", 57i64),
            m => pen.set(facility, "min_months", m),
        }
        places.min_months.push(months);
        let mut linked = Vec::new();
        // The law asks for an agreement; a facility without one would leave its graduates undecided.
        if places.last_age[n] < 3 {
            let at = (nursery.x, nursery.y);
            linked = places.large_near(town, nursery.municipality, at);
            linked.truncate(1 + rng.index(2));
        }
        if !linked.is_empty() {
            let ids = linked
                .iter()
                .map(|l| town.nurseries[*l as usize].id.clone());
            pen.set_ids(facility, "linked", &ids.collect::<Vec<_>>());
        }
        places.linked.push(linked);
        classes(pen, facility, nursery, options, rng);
    }
    places
}

/// A room that several ages share.
struct Room {
    label: &'static str,
    /// Children of each age who make one unit of the room's capacity; 0: not in the room. Infants
    /// by staff (3 and 6 a teacher), older children seat by seat.
    ages: [u64; 6],
}

impl Room {
    fn has(&self, age: usize) -> bool {
        self.ages[age] > 0
    }
}

const ROOMS: [Room; 2] = [
    Room {
        label: "幼児クラス（3〜5歳）",
        ages: [0, 0, 0, 1, 1, 1],
    },
    Room {
        label: "乳児室（0〜2歳）",
        ages: [3, 6, 6, 0, 0, 0],
    },
];

/// Classes of one facility, their pools and shared rooms.
fn classes(pen: &mut Pen, facility: Who, nursery: &Nursery, options: &FactOptions, rng: &mut Rng) {
    let at = facility.1;
    let room = rng
        .chance(u64::from(options.shared))
        .then(|| &ROOMS[rng.weighted(&[60, 40])]);
    let offered = |age: usize| nursery.takes[age] && nursery.seats[age] > 0;
    let room = room.filter(|r| (0..6).filter(|a| r.has(*a) && offered(*a)).count() > 1);
    let shared = room.map(|room| {
        pen.facts.shared.push(SharedSeats {
            facility: at,
            label: room.label.into(),
            capacity: None,
        });
        pen.facts.shared.len() as u32 - 1
    });
    for age in 0..6usize {
        if !nursery.takes[age] {
            continue;
        }
        let inside = room.filter(|r| r.has(age));
        let part = inside.and_then(|r| Rational::new(1, r.ages[age]));
        let weight = part.unwrap_or(Rational::ONE);
        let mut left = nursery.seats[age];
        let row = |pen: &mut Pen, pool: Option<&str>, seats: u32| {
            let row = pen.facts.classes.len() as u32 + 2;
            pen.facts.classes.push(ClassSeats {
                facility: at,
                age: age as u8,
                pool: pool.map(Into::into),
                seats,
                shared: if inside.is_some() { shared } else { None },
                weight,
                refill: true,
                row,
            });
        };
        let mut pools = Vec::new();
        for pool in &options.pools {
            if age < usize::from(pool.from_age) || !rng.chance(u64::from(pool.classes)) {
                continue;
            }
            let share = (u64::from(left) * u64::from(pool.seats)).div_ceil(1000) as u32;
            if share > 0 && share < left {
                left -= share;
                pools.push((pool.id.as_str(), share));
            }
        }
        row(pen, None, left);
        for (pool, seats) in pools {
            row(pen, Some(pool), seats);
        }
    }
}

/// 施設類型 of a town as the vocabulary names it.
fn kind_of(kind: &str) -> &'static str {
    match kind {
        "認定こども園" => "kodomoen",
        k if k.starts_with("小規模") => "small",
        k if k.starts_with("家庭的") => "home_based",
        k if k.starts_with("事業所内") => "employer",
        k if k.contains("保育所") || k.contains("保育園") => "nursery",
        _ => "other",
    }
}
