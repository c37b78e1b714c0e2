//! Who the children of a household are, and when they were born.

use super::{
    calendar::{self, Calendar},
    options::FactOptions,
    places::Places,
};
use crate::{model::Town, rng::Rng};
use jiff::civil::Date;
use std::ops::Range;

/// Least days between two births of one mother.
const APART: i64 = 300;

/// A child of a household.
#[derive(Debug, Clone)]
pub(super) struct Member {
    /// Position in [`Town::children`] of one that applies.
    pub(super) applies: Option<usize>,
    /// Age class in the fiscal year of the entry; 6 and more: at school.
    pub(super) class: i32,
    /// Day of birth, or due date.
    pub(super) birth: Date,
    /// One of twins.
    pub(super) twin: bool,
    /// Facility it attends now.
    pub(super) enrolled: Option<u32>,
    /// Since when.
    pub(super) since: Option<Date>,
    /// Applies as a transfer: keeps its place otherwise.
    pub(super) transfer: bool,
    /// Finishes a facility that ends at age 2, and applies as new.
    pub(super) graduate: bool,
    /// Facilities it wants, best first.
    pub(super) choices: Vec<u32>,
}

/// The children of one household, oldest first.
pub(super) fn members(
    rng: &mut Rng,
    town: &Town,
    places: &Places,
    range: Range<usize>,
    calendar: Calendar,
    options: &FactOptions,
) -> Vec<Member> {
    let mut members: Vec<Member> = range
        .map(|i| {
            let child = &town.children[i];
            Member {
                applies: Some(i),
                transfer: child.enrolled.is_some(),
                enrolled: child.enrolled,
                choices: child.choices.clone(),
                ..other(i32::from(child.age))
            }
        })
        .collect();
    graduates(rng, town, places, &mut members, options);
    siblings(rng, town, places, &mut members, options);
    members.sort_by(|a, b| b.class.cmp(&a.class).then(a.applies.cmp(&b.applies)));
    births(rng, places, &mut members, calendar);
    for member in &mut members {
        if member.enrolled.is_some() {
            member.since = Some(since(rng, member, calendar));
        }
    }
    members
}

/// A child who does not apply.
fn other(class: i32) -> Member {
    Member {
        applies: None,
        class,
        birth: Date::default(),
        twin: false,
        enrolled: None,
        since: None,
        transfer: false,
        graduate: false,
        choices: Vec::new(),
    }
}

/// Some of the children who apply for age 3 finish a small facility now. Most want to go where it
/// has an agreement.
fn graduates(
    rng: &mut Rng,
    town: &Town,
    places: &Places,
    members: &mut [Member],
    options: &FactOptions,
) {
    for member in members {
        let Some(i) = member.applies else { continue };
        if member.class != 3 || member.transfer || !rng.chance(u64::from(options.graduates)) {
            continue;
        }
        let child = &town.children[i];
        let municipality = child
            .choices
            .first()
            .map_or(0, |c| town.nurseries[*c as usize].municipality);
        let near = places.small_near(town, municipality, (child.x, child.y));
        if near.is_empty() {
            continue;
        }
        let from = near[rng.index(near.len())];
        member.enrolled = Some(from);
        member.graduate = true;
        if rng.chance(700)
            && let Some(&to) = places.linked[from as usize].first()
            && town.nurseries[to as usize].takes[3]
        {
            first(&mut member.choices, to, town.choice_columns);
        }
    }
}

/// Puts a facility at the head of the choices; nobody has more than there are columns.
fn first(choices: &mut Vec<u32>, facility: u32, columns: usize) {
    choices.retain(|c| *c != facility);
    choices.insert(0, facility);
    choices.truncate(columns.max(1));
}

/// Brothers and sisters who do not apply: enrolled, at school, at home.
fn siblings(
    rng: &mut Rng,
    town: &Town,
    places: &Places,
    members: &mut Vec<Member>,
    options: &FactOptions,
) {
    let Some(youngest) = members.iter().map(|m| m.class).min() else {
        return;
    };
    let taken = |members: &[Member], class: i32| members.iter().any(|m| m.class == class);

    if rng.chance(u64::from(options.enrolled_siblings)) {
        let class = youngest + [1, 2, 3, 4][rng.weighted(&[20, 45, 25, 10])];
        if class <= 6 && !taken(members, class) {
            enrolled_sibling(rng, town, places, members, class);
        }
    }
    for chance in [190, 40] {
        let oldest = members.iter().map(|m| m.class).max().unwrap_or(youngest);
        let class = (oldest + 1 + rng.index(4) as i32).max(6);
        if rng.chance(chance) && class <= 17 {
            members.push(other(class));
        }
    }
    // A younger one at home, whose mother is on leave again.
    if youngest >= 2 && rng.chance(40) {
        members.push(other(0));
    }
    let class = 3 + rng.index(3) as i32;
    if rng.chance(20) && !taken(members, class) && youngest < class {
        members.push(other(class));
    }
}

/// An older sibling at a facility. The family wants the younger one there first, mostly.
fn enrolled_sibling(
    rng: &mut Rng,
    town: &Town,
    places: &Places,
    members: &mut Vec<Member>,
    class: i32,
) {
    let Some(i) = members.iter().filter_map(|m| m.applies).next_back() else {
        return;
    };
    let child = &town.children[i];
    // The class it is in now; six-year-olds are leaving for school.
    let now = (class.min(6) - 1) as usize;
    let fits = |n: u32| {
        let takes = &town.nurseries[n as usize].takes;
        takes[now] && (class > 5 || takes[class as usize])
    };
    let wanted = child
        .choices
        .get(rng.weighted(&[70, 20, 10]))
        .or(child.choices.first());
    let municipality = child
        .choices
        .first()
        .map_or(0, |c| town.nurseries[*c as usize].municipality);
    let at = wanted.copied().filter(|n| fits(*n)).or_else(|| {
        let near = places.large_near(town, municipality, (child.x, child.y));
        near.into_iter().find(|n| fits(*n))
    });
    let Some(at) = at else { return };
    for member in members.iter_mut().filter(|m| m.applies.is_some()) {
        let takes = town.nurseries[at as usize].takes[member.class.clamp(0, 5) as usize];
        if takes && member.enrolled != Some(at) && !member.graduate && rng.chance(850) {
            first(&mut member.choices, at, town.choice_columns);
        }
    }
    members.push(Member {
        enrolled: Some(at),
        ..other(class)
    });
}

/// Births inside the classes, with room between two of them. Children of one class are twins.
fn births(rng: &mut Rng, places: &Places, members: &mut [Member], calendar: Calendar) {
    for m in 0..members.len() {
        if m > 0 && members[m].class == members[m - 1].class {
            members[m].birth = members[m - 1].birth;
            members[m].twin = true;
            members[m - 1].twin = true;
            continue;
        }
        let (low, high) = calendar.births(members[m].class);
        let low = match m.checked_sub(1) {
            Some(older) => low.max(calendar::days(members[older].birth, APART)),
            None => low,
        };
        let applies = members[m].applies.is_some();
        let birth = if applies && members[m].class == 0 {
            // Nobody asks for a facility that does not take the child yet; nearly nobody.
            let need = members[m]
                .choices
                .iter()
                .map(|c| places.min_months[*c as usize])
                .max();
            let need = if rng.chance(970) {
                need.unwrap_or(2).max(2)
            } else {
                2
            };
            let high = high
                .min(calendar::latest_birth(calendar.entry, need))
                .max(low);
            // The earlier in the year, the more apply.
            let (one, two) = (
                calendar::between(rng, low, high),
                calendar::between(rng, low, high),
            );
            one.min(two)
        } else if applies {
            calendar::between(rng, low, high)
        } else {
            // A child at home has been born.
            calendar::between(
                rng,
                low,
                high.min(calendar::days(calendar.base, -30)).max(low),
            )
        };
        members[m].birth = birth;
    }
}

/// Day a child entered the facility it attends now: an April in most cases, not before six
/// months of age.
fn since(rng: &mut Rng, member: &Member, calendar: Calendar) -> Date {
    let earliest = calendar::months(member.birth, 6);
    let years = rng.below(member.class.clamp(1, 5) as u64) as i16;
    let april = jiff::civil::date(calendar.year - 1 - years, 4, 1);
    let day = if april < earliest {
        calendar::months(earliest, 1).first_of_month()
    } else {
        april
    };
    day.min(calendar::days(calendar.base, -1).first_of_month())
}
