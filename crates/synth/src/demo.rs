//! 縁結市, a city that does not exist, for demonstrations without any file at hand.

use crate::names::Names;
use crate::rng::{Rng, apportion};
use crate::table::{CalibrationTable, ClassFigures, Facility};

/// Name of the made-up city.
pub const DEMO_CITY: &str = "縁結市";

/// Districts and how many facilities each has.
const AREAS: [(&str, usize); 6] = [
    ("駅前", 20),
    ("丘の上", 14),
    ("川辺", 17),
    ("田園", 10),
    ("港", 12),
    ("森", 7),
];
/// Applications over choices 1–5 by age class.
const APPLICATIONS: [u64; 6] = [1380, 2410, 880, 695, 100, 46];
/// Offers by age class.
const OFFERS: [u64; 6] = [340, 495, 160, 295, 36, 18];

const KIND: [&str; 4] = ["保育所", "認定こども園", "小規模保育事業", "家庭的保育事業"];
const IN_NAME: [&str; 4] = ["保育園", "こども園", "小規模保育室", "家庭保育室"];
/// Facilities of each kind in a hundred.
const SHARE: [u64; 4] = [62, 13, 17, 8];
/// Offers by age in relation to the size of the facility.
const OFFERS_OF: [[u64; 6]; 4] = [
    [8, 8, 4, 3, 1, 1],
    [0, 3, 2, 20, 2, 1],
    [5, 9, 2, 0, 0, 0],
    [1, 2, 1, 0, 0, 0],
];

/// The table of [`DEMO_CITY`]: 80 facilities in six districts, with the proportions between ages,
/// applications and offers of a real city's first April round. Always the same.
#[must_use]
pub fn demo_table() -> CalibrationTable {
    let mut rng = Rng::stream(0x656e_6d75_7375_6269, 0);
    let mut names = Names::new(&mut rng);
    let mut facilities = Vec::new();
    let mut offer_weights: [Vec<u64>; 6] = Default::default();
    let mut extra_weights: [Vec<u64>; 6] = Default::default();
    let mut kinds: Vec<usize> = apportion(80, &SHARE)
        .into_iter()
        .enumerate()
        .flat_map(|(kind, n)| std::iter::repeat_n(kind, n as usize))
        .collect();
    rng.shuffle(&mut kinds);
    let mut kinds = kinds.into_iter();
    for (place, (area, count)) in AREAS.into_iter().enumerate() {
        for kind in kinds.by_ref().take(count) {
            let capacity = match kind {
                2 => 12 + rng.below(8),
                3 => 5,
                _ => 50 + 5 * rng.below(18),
            };
            // Near the station people queue; popularity is drawn once per facility.
            let popularity = (40 + rng.below(160)) * if place == 0 { 3 } else { 2 };
            let takes =
                |age: usize| OFFERS_OF[kind][age] > 0 && !(kind == 0 && capacity < 60 && age > 2);
            for age in 0..6 {
                let weight = if takes(age) { OFFERS_OF[kind][age] } else { 0 };
                let size = weight * (30 + capacity.min(120));
                offer_weights[age].push(size * (30 + rng.below(140)));
                extra_weights[age].push(size * popularity);
            }
            facilities.push(Facility {
                area: area.to_owned(),
                kind: KIND[kind].to_owned(),
                name: names.deal(IN_NAME[kind]),
                capacity: Some(capacity as u32),
                classes: std::array::from_fn(|age| takes(age).then(ClassFigures::default)),
            });
        }
    }
    for age in 0..6 {
        // Applications on top of the offers, so that no class offers more than were asked for.
        let offers = apportion(OFFERS[age], &offer_weights[age]);
        let extra = apportion(APPLICATIONS[age] - OFFERS[age], &extra_weights[age]);
        for ((facility, offers), extra) in facilities.iter_mut().zip(offers).zip(extra) {
            if let Some(class) = &mut facility.classes[age] {
                *class = ClassFigures {
                    applications: (offers + extra) as u32,
                    offers: offers as u32,
                };
            }
        }
    }
    CalibrationTable { facilities }
}
