//! Grandparents, and other adults who live with the family.

use super::{
    calendar::{self, Calendar},
    pen::{Pen, Who},
};
use crate::rng::Rng;
use enmusubi_domain::facts::{Entity, derived::age_years};
use jiff::civil::Date;

const GRANDPARENTS: [&str; 4] = [
    "paternal_grandfather",
    "paternal_grandmother",
    "maternal_grandfather",
    "maternal_grandmother",
];

/// What adults need to know of their household.
pub(super) struct Home {
    pub(super) household: u32,
    pub(super) calendar: Calendar,
    /// Birth of the oldest child.
    pub(super) oldest: Date,
    pub(super) single: bool,
    /// Both guardians are absent: grandparents look after the children.
    pub(super) absent: bool,
    /// A guardian cares for a relative who lives here.
    pub(super) cares: bool,
    /// The family lives outside the city.
    pub(super) outside: bool,
}

/// Writes the adults of one household. Says whether one of them lives here, is under 65 and has
/// no paper that says why it cannot look after the children.
pub(super) fn write(pen: &mut Pen, rng: &mut Rng, home: &Home) -> bool {
    // A pair of grandparents lives here, the mother's more often with a single parent.
    let together = home.absent || rng.chance(if home.single { 260 } else { 45 });
    let side = if home.single || rng.chance(450) { 1 } else { 0 };
    let mut can = false;
    for (n, relation) in GRANDPARENTS.into_iter().enumerate() {
        let a = pen.push(Entity::Adult, &(n + 1).to_string(), Some(home.household));
        pen.set(a, "relation", relation);
        let years = 46 + rng.below(22) as i64 + if n % 2 == 0 { 2 } else { 0 };
        let birth = calendar::days(
            calendar::months(home.oldest, -12 * years),
            -(rng.below(360) as i64),
        );
        let age = i64::from(age_years(birth, home.calendar.entry));
        let here = together && n / 2 == side;
        // One in ten at 65, one in three at 80; whoever lives here lives.
        if !here && rng.chance((age - 45).clamp(10, 600) as u64 * 5) {
            pen.set(a, "deceased_or_absent", true);
            continue;
        }
        pen.set(a, "birth_date", birth);
        pen.set(a, "co_resident", here);
        can |= state(pen, rng, a, age, home.absent && here) && here && age < 65;
        distance(pen, rng, a, here, home.outside);
    }
    if home.cares || rng.chance(12) {
        let a = pen.push(Entity::Adult, "5", Some(home.household));
        let years = if home.cares { 78 } else { 25 } + rng.below(14) as i64;
        let birth = calendar::days(
            calendar::months(home.calendar.base, -12 * years),
            -(rng.below(360) as i64),
        );
        pen.set(a, "relation", "other");
        pen.set(a, "birth_date", birth);
        pen.set(a, "co_resident", true);
        if home.cares {
            pen.set(a, "able_to_care", false);
            pen.set(a, "care_level", 3 + rng.below(3) as i64);
            pen.set(a, "certificate", true);
        } else {
            let able = state(pen, rng, a, years, false);
            can |= able;
        }
        distance(pen, rng, a, true, home.outside);
    }
    can
}

/// Job, illness or age: whether the adult could look after the children.
fn state(pen: &mut Pen, rng: &mut Rng, a: Who, age: i64, must: bool) -> bool {
    let certified = !must && rng.chance(if age >= 75 { 200 } else { 35 });
    if certified {
        pen.set(a, "certificate", true);
        let level = if age >= 65 && rng.chance(700) {
            1 + rng.below(5) as i64
        } else {
            0
        };
        if level > 0 {
            pen.set(a, "care_level", level);
        }
        // A low level alone would leave open what the certificate is for.
        if level < 3 {
            pen.set(a, "disability_grade", 1 + rng.below(5) as i64);
        }
    }
    let works = rng.chance(match age {
        ..60 => 780,
        60..65 => 650,
        65..70 => 400,
        _ => 150,
    });
    let able = must || !(certified || works || age >= 80);
    pen.set(a, "able_to_care", able);
    pen.evidence(
        a,
        if able {
            ""
        } else {
            "祖父母の状況申告書"
        },
    );
    able
}

/// How far away an adult lives.
fn distance(pen: &mut Pen, rng: &mut Rng, a: Who, here: bool, outside: bool) {
    let metres = if here {
        0
    } else {
        // The same quarter, the city, the prefecture, far away.
        let (low, high) = [
            (200, 1_000),
            (1_000, 8_000),
            (8_000, 40_000),
            (40_000, 900_000),
        ][rng.weighted(&[8, 27, 35, 30])];
        (low + rng.below(high - low)) as i64
    };
    pen.set(a, "distance", metres);
    pen.set(a, "in_city", metres < 8_000 && !outside);
}
