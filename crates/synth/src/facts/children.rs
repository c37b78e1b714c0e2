//! Children, applying or not, with their care, choices and history.

use super::{
    calendar::{self, Calendar},
    family::Member,
    options::FactOptions,
    pen::{Pen, Who},
    places::{Places, metres},
};
use crate::{model::Town, rng::Rng};
use enmusubi_domain::facts::{Entity, derived::months_between as age_months};
use jiff::civil::Date;

/// What children need to know of their household.
pub(super) struct Home<'a> {
    pub(super) town: &'a Town,
    pub(super) places: &'a Places,
    pub(super) options: &'a FactOptions,
    pub(super) calendar: Calendar,
    pub(super) household: u32,
    pub(super) id: &'a str,
    /// A guardian is on leave, or about to be.
    pub(super) on_leave: bool,
    /// Every guardian has a job and is there.
    pub(super) at_work: bool,
    /// Moves in, or lives outside.
    pub(super) from_elsewhere: bool,
    /// An older sibling is at another facility than a child who asks to change.
    pub(super) split: bool,
}

/// Writes one child with its choices and declines. `number` counts the household's children who do
/// not apply, `lottery` is its lottery number.
pub(super) fn write(
    pen: &mut Pen,
    rng: &mut Rng,
    home: &Home,
    member: &Member,
    number: usize,
    lottery: Option<i64>,
) {
    let applicant = member.applies.map(|i| &home.town.children[i]);
    let own;
    let id = match applicant {
        Some(child) => child.id.as_str(),
        None => {
            own = format!("{}-S{number}", home.id);
            &own
        }
    };
    let c = pen.push(Entity::Child, id, Some(home.household));
    pen.facts.enrolled.push(member.enrolled);
    pen.facts.enrolled_since.push(member.since);
    pen.set(c, "birth_date", member.birth);
    pen.set(c, "multiple_birth", member.twin);
    if let (Some(at), Some(since)) = (member.enrolled, member.since) {
        pen.set(c, "care_since", since);
        pen.set(c, "present_care", licensed(home, at));
        let hours = 8 + rng.below(4) as i64;
        pen.set(c, "care_days_per_week", 5i64);
        pen.set(c, "care_hours_per_day", hours);
        pen.set(c, "care_hours_per_month", 20 * hours);
    }
    let Some(applicant) = applicant else {
        let preschool = (0..6).contains(&member.class);
        if preschool && member.enrolled.is_none() {
            pen.set(c, "kept_at_home", true);
            if member.class >= 4 {
                pen.set(c, "present_care", "kindergarten");
            }
        }
        return;
    };
    let application = if member.transfer { "transfer" } else { "new" };
    pen.set(c, "application", application);
    pen.set(c, "unborn", member.birth > home.calendar.base);
    dates(pen, rng, home, c, member);
    special(pen, rng, home, c);
    if member.enrolled.is_none() {
        care(pen, rng, home, c, member);
    } else if member.transfer {
        pen.set(c, "moved_home", rng.chance(180));
        pen.set(c, "siblings_split", home.split);
        pen.set(c, "facility_closing", rng.chance(3));
    }
    if let Some(number) = lottery {
        pen.set(c, "lottery_number", number);
    }
    pen.set(c, "waits_only", rng.chance(20));
    choices(pen, rng, home, c, member, (applicant.x, applicant.y));
    declines(pen, rng, home, c, member);
}

/// When it applied, and since when it has been waiting.
fn dates(pen: &mut Pen, rng: &mut Rng, home: &Home, c: Who, member: &Member) {
    let calendar = home.calendar;
    let late = rng.chance(6);
    let applied = if late {
        calendar::days(calendar.deadline, 1 + rng.below(10) as i64)
    } else {
        calendar::days(calendar.deadline, -(rng.below(19) as i64))
    };
    pen.set(c, "on_time", !late);
    pen.set(c, "applied_on", applied);
    pen.set(c, "desired_from", calendar.entry);
    let old = age_months(member.birth, calendar.base);
    if member.enrolled.is_none() && old >= 5 && rng.chance(110) {
        let months = 1 + rng.below(i64::from(old - 3).clamp(1, 11) as u64) as i64;
        let since = calendar::months(calendar.base, -months).first_of_month();
        pen.set(c, "waiting_since", since);
        pen.set(c, "refused_before", true);
    }
    if !member.transfer && member.enrolled.is_none() && member.class >= 2 && rng.chance(8) {
        pen.set(c, "left_for_leave", true);
        let left = calendar::months(calendar.base, -(4 + rng.below(12) as i64)).last_of_month();
        pen.set(c, "left_on", left);
    }
    pen.evidence(c, &format!("申込書 {applied}"));
}

fn special(pen: &mut Pen, rng: &mut Rng, home: &Home, c: Who) {
    if rng.chance(u64::from(home.options.special_need)) {
        let need = ["support", "certificate", "medical"][rng.weighted(&[68, 22, 10])];
        pen.set(c, "special_need", need);
        if need == "certificate" {
            pen.set(c, "certificate_grade", 1 + rng.below(4) as i64);
        }
    }
    pen.set(c, "notified", rng.chance(1));
}

/// Present care of a child at a facility of this city.
fn licensed(home: &Home, facility: u32) -> &'static str {
    match home.places.kind[facility as usize] {
        "small" | "home_based" | "employer" => "area_type",
        _ => "licensed",
    }
}

/// Who looks after a child that is at no facility of this city.
fn care(pen: &mut Pen, rng: &mut Rng, home: &Home, c: Who, member: &Member) {
    const CARE: [(&str, u64); 12] = [
        ("none", 300),
        ("unlicensed", 190),
        ("company", 110),
        ("certified", 60),
        ("temporary", 90),
        ("relative", 130),
        ("sitter", 12),
        ("home_room", 8),
        ("acquaintance", 8),
        ("workplace", 22),
        ("licensed_outside", 10),
        ("kindergarten", 0),
    ];
    let months = age_months(member.birth, home.calendar.base);
    let mut shares = CARE.map(|(_, share)| share);
    if member.class >= 4 {
        shares[11] = 500;
    }
    if home.from_elsewhere {
        shares[10] = 400;
    }
    let at_home =
        months < 4 || home.on_leave && rng.chance(970) || !home.at_work && rng.chance(850);
    let kind = if at_home {
        "none"
    } else {
        CARE[rng.weighted(&shares)].0
    };
    pen.set(c, "present_care", kind);
    if kind == "none" {
        return;
    }
    let (days, hours, paid) = match kind {
        "temporary" => (1 + rng.below(3) as i64, 4 + rng.below(5) as i64, true),
        "sitter" => (1 + rng.below(5) as i64, 3 + rng.below(6) as i64, true),
        "relative" | "acquaintance" | "workplace" => (
            2 + rng.below(4) as i64,
            5 + rng.below(5) as i64,
            rng.chance(20),
        ),
        "kindergarten" => (5, 5, false),
        "licensed_outside" => (5, 8, false),
        _ => (
            3 + rng.weighted(&[15, 25, 60]) as i64,
            7 + rng.below(3) as i64,
            true,
        ),
    };
    pen.set(c, "care_paid", paid);
    pen.set(c, "care_days_per_week", days);
    pen.set(c, "care_hours_per_day", hours);
    pen.set(c, "care_hours_per_month", days * 4 * hours);
    let age = i64::from(months).max(4);
    let since = calendar::months(home.calendar.base, -(rng.below((age - 2) as u64) as i64));
    pen.set(
        c,
        "care_since",
        since.first_of_month().max(calendar::days(member.birth, 57)),
    );
    pen.set(c, "first_kind", kind == "kindergarten" && rng.chance(60));
}

/// Choices in order, with their distance from home.
fn choices(pen: &mut Pen, rng: &mut Rng, home: &Home, c: Who, member: &Member, at: (i32, i32)) {
    let refused = pen.get(c, "special_need") != enmusubi_domain::facts::Value::Enum(0);
    for (n, &facility) in (1..).zip(&member.choices) {
        let choice = pen.push(Entity::Choice, "", Some(c.1));
        pen.facts.choice_facility.push(facility);
        pen.facts.choice_number.push(n);
        let visited = if home.places.visit[facility as usize] {
            970
        } else {
            860 - u64::from(n).min(10) * 40
        };
        pen.set(choice, "visited", rng.chance(visited));
        pen.set(
            choice,
            "distance",
            metres(&home.town.nurseries[facility as usize], at),
        );
        pen.set(choice, "special_need_refused", refused && rng.chance(60));
    }
}

/// Offers the family declined in the last years.
fn declines(pen: &mut Pen, rng: &mut Rng, home: &Home, c: Who, member: &Member) {
    let old = age_months(member.birth, home.calendar.base);
    if old < 8 || !rng.chance(14) {
        return;
    }
    for _ in 0..if rng.chance(120) { 2 } else { 1 } {
        let months = 1 + rng.below(i64::from(old - 6).clamp(1, 36) as u64) as i64;
        let day: Date = calendar::months(home.calendar.base, -months);
        let d = pen.push(Entity::Decline, "", Some(c.1));
        pen.set(d, "date", day);
        let kind = ["declined", "late_withdrawal", "left"][rng.weighted(&[75, 18, 7])];
        pen.set(d, "kind", kind);
        pen.set(d, "rank", 1 + rng.below(5) as i64);
    }
}
