//! Facilities, rounds, criteria and seats of the made-up city.

use crate::{fields::facility_facts, staff::Staff, story::Story};
use enmusubi_app::{Fault, rounds::round_id, seats::Described};
use enmusubi_casefile::{
    application::{Channel, ReceiptRule},
    facility::{Class, Enrolled},
    round::Calendar,
    seats::{Held, PER_STAFF, class_age},
};
use enmusubi_domain::facts::{Entity, RoundFacts, Value, vocabulary::find};
use enmusubi_synth::{Town, rng::Rng};
use jiff::{
    Timestamp, ToSpan as _,
    civil::{Date, date},
    tz::Offset,
};
use std::collections::BTreeMap;

/// The criteria of the example city.
const CRITERIA: &str = include_str!("../../../criteria/example/r9.toml");

/// The round that families apply for.
pub(crate) fn april() -> Calendar {
    Calendar {
        entry: date(2027, 4, 1),
        number: 1,
        base: date(2027, 4, 1),
        opens: date(2026, 10, 1),
        deadline: date(2026, 11, 30),
        correction_deadline: date(2026, 12, 18),
        change_deadline: date(2026, 12, 18),
        answer_deadline: date(2027, 2, 12),
        publication: moment(date(2027, 1, 29), 9),
        receipt: [(Channel::Paper, ReceiptRule::Postmark)].into(),
        late_rule: "締切後に届いた申込みは、二次選考の対象とします。".to_owned(),
        valid_months: 12,
    }
}

/// The last monthly round of the fiscal year before.
pub(crate) fn march() -> Calendar {
    Calendar {
        entry: date(2027, 3, 1),
        base: date(2027, 3, 1),
        opens: date(2027, 1, 5),
        deadline: date(2027, 2, 5),
        correction_deadline: date(2027, 2, 10),
        change_deadline: date(2027, 2, 10),
        answer_deadline: date(2027, 2, 22),
        publication: moment(date(2027, 2, 15), 9),
        late_rule: "締切後に届いた申込みは、翌月の選考の対象とします。".to_owned(),
        valid_months: 1,
        ..april()
    }
}

fn moment(day: Date, hour: i8) -> Timestamp {
    Offset::constant(9)
        .to_timestamp(day.at(hour, 0, 0, 0))
        .unwrap_or(Timestamp::UNIX_EPOCH)
}

/// Plans both rounds; the id of April's.
pub(crate) async fn rounds(story: &Story, staff: &Staff) -> Result<String, Fault> {
    let by = &staff.examiners[0];
    let (april, march) = (april(), march());
    let id = round_id(&april);
    story
        .office
        .plan_round(by, 0, "令和9年4月 一次", april)
        .await?;
    story
        .office
        .plan_round(by, 0, "令和9年3月 随時", march)
        .await?;
    Ok(id)
}

/// Criteria of this year and the next: an examiner proposes, an approver releases with the control numbers.
pub(crate) async fn criteria(story: &Story, staff: &Staff) -> Result<(), Fault> {
    let old = CRITERIA
        .replace("fiscal_year = 2027", "fiscal_year = 2026")
        .replace("（令和9年度）", "（令和8年度）");
    for (text, reason) in [
        (old.as_str(), "令和8年度の基準を登録"),
        (CRITERIA, "令和9年度の基準。点数は前年度と同じ"),
    ] {
        let proposed = story
            .office
            .propose_criteria(&staff.examiners[1], "基準.toml", text.as_bytes(), reason)
            .await?;
        let controls = proposed.state.findings.controls.clone();
        story
            .office
            .release_criteria(
                &staff.approvers[1],
                &proposed.id,
                proposed.version,
                controls,
            )
            .await?;
    }
    Ok(())
}

/// Describes every facility, with classes and a roster that rolls forward to the round's seats.
pub(crate) async fn facilities(
    story: &Story,
    staff: &Staff,
    town: &Town,
    facts: &RoundFacts,
    seed: u64,
) -> Result<(), Fault> {
    let entry = facts.info.entry_date;
    let born = find(Entity::Child, "birth_date");
    let birth = |child: usize| match born.map(|at| facts.children.get(child as u32, at)) {
        Some(Value::Date(day)) => Some(day),
        _ => None,
    };
    for (n, nursery) in town.nurseries.iter().enumerate() {
        let mut rng = Rng::stream(seed, u64::MAX / 2 - n as u64);
        // Children of the case file who attend it.
        let mut roster: Vec<Enrolled> = (0..facts.children.len())
            .filter(|c| facts.enrolled[*c] == Some(n as u32))
            .filter_map(|c| {
                let from = facts.enrolled_since[c].unwrap_or(date(entry.year() - 1, 4, 1));
                Some(Enrolled {
                    child: facts.children.ids[c].to_string(),
                    birth: birth(c)?,
                    from,
                    until: None,
                })
            })
            .collect();
        let mut classes: Vec<Class> = Vec::new();
        let mut last_year = BTreeMap::new();
        let mut below = 0u32;
        for age in (0..6u8).filter(|a| nursery.takes[usize::from(*a)]) {
            let seats = nursery.seats[usize::from(age)];
            let known = |r: &&Enrolled| class_age(r.birth, entry) == i16::from(age);
            let there = roster.iter().filter(known).count() as u32;
            // The class below moves up; nobody is in the youngest class yet.
            let continuing = if classes.is_empty() {
                there
            } else {
                below.max(there)
            };
            for k in there..continuing {
                // Born so that it is in this class on the day of entry: 2 April to 1 April.
                let first = date(entry.year() - i16::from(age) - 1, 4, 2);
                let birth = first.saturating_add((rng.below(360) as i64).days());
                let year = entry.year()
                    - 1
                    - i16::try_from(rng.below(u64::from(age.clamp(1, 3)))).unwrap_or(0);
                let from = date(year, 4, 1).max(birth.saturating_add(60.days()));
                roster.push(Enrolled {
                    child: format!("E{}{age}{k:02}", nursery.id),
                    birth,
                    from: from.min(date(entry.year() - 1, 10, 1)),
                    until: None,
                });
            }
            let acceptable = continuing + seats;
            let per = PER_STAFF[usize::from(age)];
            let short = rng.chance(12);
            classes.push(Class {
                age,
                capacity: acceptable.saturating_sub(u32::from(rng.chance(15))),
                acceptable,
                staff: Some(acceptable.div_ceil(per).saturating_sub(u32::from(short))),
            });
            let drift = rng.below(3) as u32;
            last_year.insert(age, (seats + drift).saturating_sub(1));
            below = acceptable;
        }
        // As in 豊橋: a class that had seats last year is not there, or a number is far from last year's.
        match n {
            3 => {
                last_year.insert(1, 14);
            }
            14 => classes.retain(|c| c.age != 5),
            _ => {}
        }
        let facts = facility_facts(facts, n as u32);
        let of = date(entry.year() - 1, 11, 1).min(story.office.today());
        story
            .office
            .set_facility(
                &staff.examiners[1],
                &nursery.id,
                0,
                Described {
                    facts,
                    classes,
                    roster: Some((of, roster)),
                    last_year: Some(last_year),
                },
            )
            .await?;
    }
    Ok(())
}

/// Nurseries answer, most of them as computed; alarms are explained, but for a few.
pub(crate) async fn seats(
    story: &Story,
    staff: &Staff,
    round: &str,
    town: &Town,
) -> Result<(), Fault> {
    let office = &story.office;
    for (n, nursery) in town.nurseries.iter().enumerate() {
        let (id, examiner) = (&nursery.id, &staff.examiners[1]);
        let mut shown = office.seats(examiner, round, id).await?;
        if n % 13 == 5
            && let Some(class) = shown.computed.iter().find(|c| c.seats > 1)
        {
            let held = Held {
                seats: 1,
                reason: "医療的ケア児の受入れのため1人分を留保".to_owned(),
            };
            office
                .hold_seats(examiner, round, id, shown.version, class.age, held)
                .await?;
            shown = office.seats(examiner, round, id).await?;
        }
        let head = staff.nurseries.get(id).filter(|_| n % 10 != 9);
        if let Some(head) = head {
            let mut said: BTreeMap<u8, (u32, String)> = shown
                .computed
                .iter()
                .map(|c| (c.age, (c.seats, String::new())))
                .collect();
            if n % 10 == 4
                && let Some((_, (seats, reason))) = said.iter_mut().find(|(_, s)| s.0 > 0)
            {
                *seats -= 1;
                *reason = "4月の保育士の採用が1人決まっていないため".to_owned();
            }
            office
                .answer_seats(head, round, id, shown.version, said)
                .await?;
            shown = office.seats(examiner, round, id).await?;
        }
        if matches!(n, 3 | 14 | 24) {
            continue;
        }
        let mut version = shown.version;
        for alarm in shown.seats.open_alarms(&shown.facility, &shown.computed) {
            let reason = "園長に電話で確認し、園の人員配置表と合うことを確かめた";
            let approver = &staff.approvers[1];
            version = office
                .explain_alarm(approver, round, id, version, &alarm.key(), reason)
                .await?
                .version;
        }
    }
    Ok(())
}
