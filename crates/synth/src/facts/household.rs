//! One household: its members first, then what its papers say.

use super::{
    adults,
    calendar::{self, Calendar},
    children, family,
    guardians::{self, Role, Told},
    options::FactOptions,
    pen::{Pen, Who},
    places::Places,
    wish,
    work::Money,
};
use crate::{
    model::{Child, Town},
    rng::Rng,
};
use enmusubi_domain::facts::{Entity, WishRow};
use std::ops::Range;

/// What is the same for every household.
pub(super) struct Round<'a> {
    pub(super) town: &'a Town,
    pub(super) places: &'a Places,
    pub(super) options: &'a FactOptions,
    pub(super) calendar: Calendar,
    /// Lottery number by child of the town.
    pub(super) lottery: Option<&'a [i64]>,
}

/// Adds the household of some of the town's children.
pub(super) fn write(pen: &mut Pen, rng: &mut Rng, round: &Round, range: Range<usize>) {
    let (town, options, calendar) = (round.town, round.options, round.calendar);
    let Some(first) = town.children.get(range.start) else {
        return;
    };
    let id = town.families[first.family as usize].as_str();
    let members = family::members(rng, town, round.places, range.clone(), calendar, options);
    let (Some(oldest), Some(youngest)) = (members.first(), members.last()) else {
        return;
    };
    let h = pen.push(Entity::Household, id, None);

    let bound = members.iter().any(|m| m.enrolled.is_some());
    let residence = residence(pen, rng, round, h, bound, first);
    if let Some(since) = members.iter().filter_map(|m| m.since).min()
        && residence == "resident"
    {
        // At a facility of the city means a resident then.
        let lived = calendar::days(since, -(30 + rng.below(1_500) as i64));
        pen.set(h, "resident_since", lived);
    }

    let shape = Shape::draw(rng, options);
    let home = guardians::Home {
        household: h,
        calendar,
        youngest: youngest.birth,
        youngest_applies: youngest.applies.is_some(),
        youngest_class: youngest.class,
        youngest_enrolled: youngest.enrolled.is_some(),
        oldest: oldest.birth,
    };
    let told: Vec<Told> = (1u8..)
        .zip(shape.roles())
        .map(|(n, role)| guardians::write(pen, rng, &home, &n.to_string(), *role))
        .collect();
    circumstances(pen, rng, round, h, shape, &told, residence);
    if pen.get(h, "single_cause") == pen.word(h, "single_cause", "death") {
        let g = pen.facts.guardians.len() as u32 - 1;
        let months = 1 + rng.below(47) as i64;
        pen.set((Entity::Guardian, g), "spouse_death_months", months);
        pen.set(h, "single_since", calendar::months(calendar.base, -months));
    }

    let able = adults::write(
        pen,
        rng,
        &adults::Home {
            household: h.1,
            calendar,
            oldest: oldest.birth,
            single: shape.alone(),
            absent: shape == Shape::Absent,
            cares: told.iter().any(|t| t.cares_at_home),
            outside: residence == "outside",
        },
    );
    pen.set(h, "grandparent_proof_missing", !able && rng.chance(8));

    let here = |e: Option<u32>| {
        members
            .iter()
            .any(|m| m.applies.is_none() && m.enrolled == e)
    };
    let others = members
        .iter()
        .any(|m| m.applies.is_none() && m.enrolled.is_some());
    let present = |t: &&Told| t.main != "absent";
    let mut number = 0;
    for member in &members {
        number += usize::from(member.applies.is_none());
        let home = children::Home {
            town,
            places: round.places,
            options,
            calendar,
            household: h.1,
            id,
            on_leave: told.iter().any(|t| t.on_leave || t.returning),
            at_work: told.iter().filter(present).all(|t| t.employed),
            from_elsewhere: residence != "resident",
            split: member.transfer && others && !here(member.enrolled),
        };
        let lottery = round.lottery.zip(member.applies).map(|(all, i)| all[i]);
        children::write(pen, rng, &home, member, number, lottery);
    }

    let applying = members.iter().filter(|m| m.applies.is_some()).count();
    if let Some(code) = first.code
        && applying > 1
    {
        let blank = rng.chance(u64::from(options.blank_wish));
        let transfers = members.iter().filter(|m| m.transfer).count();
        let answer = wish::answer(rng, &options.form, code, transfers);
        if !blank {
            let row = pen.facts.wishes.len() as u32 + 2;
            pen.facts.wishes.push(WishRow {
                household: h.1,
                answer,
                row,
            });
        }
    }
}

/// Where the household lives. `bound`: a child is at a facility of the city already.
fn residence(
    pen: &mut Pen,
    rng: &mut Rng,
    round: &Round,
    h: Who,
    bound: bool,
    first: &Child,
) -> &'static str {
    let (options, calendar) = (round.options, round.calendar);
    let (moving, outside) = (u64::from(options.moving_in), u64::from(options.outside));
    let stays = 1000u64.saturating_sub(moving + outside);
    let drawn = rng.weighted(&[stays, moving, outside]);
    let residence = if bound {
        "resident"
    } else {
        ["resident", "moving_in", "outside"][drawn]
    };
    pen.set(h, "residence", residence);
    match residence {
        "resident" => {
            let years = [0, 1, 3, 6, 12][rng.weighted(&[12, 25, 30, 20, 13])];
            let since = calendar::days(calendar.base, -(years * 365 + 10 + rng.below(700) as i64));
            pen.set(h, "resident_since", since);
        }
        "moving_in" => {
            pen.set(h, "moving_contract", rng.chance(850));
            let day = calendar::between(rng, calendar::days(calendar.base, 10), calendar.entry);
            pen.set(h, "resident_since", day);
        }
        _ => pen.set(h, "outside_work_in_city", rng.chance(600)),
    }
    if residence != "outside" {
        let municipality = first.choices.first().map_or(0, |c| {
            let nursery = &round.town.nurseries[*c as usize];
            nursery.municipality
        });
        let at = (first.x, first.y);
        if let Some(area) = round.places.area(round.town, municipality, at) {
            pen.set(h, "area", area);
        }
    }
    residence
}

/// Who the guardians are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    Couple,
    Single,
    /// A divorce is under way.
    Quasi,
    /// The same, and the other guardian stands on the form.
    Apart,
    /// Neither guardian is there.
    Absent,
    /// One of two is in vocational training.
    Training,
}

impl Shape {
    fn draw(rng: &mut Rng, options: &FactOptions) -> Self {
        if rng.chance(u64::from(options.unusual)) {
            return [Self::Apart, Self::Absent, Self::Training][rng.weighted(&[40, 10, 50])];
        }
        let (single, quasi) = (u64::from(options.single), u64::from(options.quasi));
        let couples = 1000u64.saturating_sub(single + quasi);
        [Self::Couple, Self::Single, Self::Quasi][rng.weighted(&[couples, single, quasi])]
    }

    fn roles(self) -> &'static [Role] {
        match self {
            Self::Couple => &[Role::First, Role::Second],
            Self::Single | Self::Quasi => &[Role::Single],
            Self::Apart => &[Role::Single, Role::Separated],
            Self::Absent => &[Role::Absent, Role::Absent],
            Self::Training => &[Role::First, Role::Training],
        }
    }

    /// One guardian brings up the children.
    fn alone(self) -> bool {
        matches!(self, Self::Single | Self::Quasi | Self::Apart)
    }
}

/// Everything else the household's papers say.
fn circumstances(
    pen: &mut Pen,
    rng: &mut Rng,
    round: &Round,
    h: Who,
    shape: Shape,
    told: &[Told],
    residence: &str,
) {
    let calendar = round.calendar;
    let alone = shape.alone();
    match shape {
        Shape::Single => {
            pen.set(h, "single_parent", "single");
            let cause = ["divorce", "unmarried", "death", "missing"][rng.weighted(&[72, 20, 7, 1])];
            pen.set(h, "single_cause", cause);
            let since = calendar::days(calendar.base, -30 - rng.below(1_400) as i64);
            pen.set(h, "single_since", since);
        }
        Shape::Quasi | Shape::Apart => {
            pen.set(h, "single_parent", "quasi");
            pen.set(h, "single_cause", "mediation");
            let since = calendar::days(calendar.base, -20 - rng.below(300) as i64);
            pen.set(h, "single_since", since);
        }
        Shape::Couple | Shape::Absent | Shape::Training => {}
    }

    let nobody_full = !told.iter().any(|t| t.full_time);
    let welfare = residence == "resident"
        && rng.chance(match (alone, nobody_full) {
            (true, true) => 250,
            (true, false) => 30,
            (false, true) => 70,
            (false, false) => 2,
        });
    pen.set(h, "welfare", welfare);
    pen.set(h, "welfare_self_reliance", welfare && rng.chance(700));
    let pay: Vec<i64> = told.iter().map(|t| t.pay).collect();
    let money = Money::of(&pay, alone, welfare);
    pen.set(h, "income", money.income);
    pen.set(h, "tax_exempt", money.exempt);
    pen.set(h, "tax_levy", money.levy);
    let before = money.levy * (88 + rng.below(20) as i64) / 100 / 100 * 100;
    pen.set(h, "tax_levy_previous", before);
    pen.set(h, "fee_tier", money.tier);
    let arrears = rng.chance(5);
    pen.set(h, "arrears", arrears);
    if arrears {
        pen.set(h, "arrears_months", 2 + rng.below(11) as i64);
        pen.set(h, "fee_payment_rate", 40 + rng.below(50) as i64);
    }
    let returning = told.iter().any(|t| t.returning);
    let extends =
        returning && residence != "outside" && rng.chance(u64::from(round.options.extension));
    pen.set(h, "extension_acceptable", extends);
    let seeking = told.first().is_some_and(|t| t.main == "seeking");
    pen.set(h, "breadwinner_lost_job", seeking && rng.chance(400));
    pen.set(h, "nursery_pledge", told.iter().any(|t| t.teaches_here));
    if residence == "outside" {
        let here = told.iter().any(|t| t.works_here);
        pen.set(h, "outside_work_in_city", here);
    }
    pen.set(h, "papers_missing", rng.chance(4));
    pen.set(h, "special_support", rng.chance(4));
    pen.set(h, "abuse", rng.chance(1));
    pen.set(h, "early_application", rng.chance(350));
    pen.evidence(h, "住民票・課税証明書");
}
