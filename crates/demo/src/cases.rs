//! Applications: received day by day, examined some days later, approved after that.

use crate::{
    city,
    fields::{Fields, fields_of},
    plan::{Plan, Special, When, approved, examined},
    staff::Staff,
    story::Story,
};
use enmusubi_app::{Fault, bulk::CaseSteps};
use enmusubi_domain::facts::RoundFacts;
use enmusubi_synth::rng::Rng;
use jiff::{ToSpan as _, civil::Date};

/// A case of the story.
struct Case {
    fields: Fields,
    /// Days: received, examined, approved.
    days: [Date; 3],
    plan: Plan,
    special: Special,
    /// 0 or 1: which of two colleagues has it.
    hand: usize,
    /// Position of the case it repeats.
    repeats: Option<usize>,
    /// Id and numbers, once received.
    stored: Option<(String, Vec<String>)>,
}

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Told {
    pub(crate) cases: usize,
    pub(crate) applications: usize,
}

const NOTES: [&str; 4] = [
    "母から電話。復職日が5月1日に変わる見込みで、新しい就労証明書を出すとのこと。",
    "父から電話。第2希望の園を見学したので、受付記録に残してほしいとのこと。",
    "窓口で制度を説明。一時預かりの案内を渡した。",
    "日本語の書類が読みにくいとのこと。やさしい日本語の案内を郵送した。",
];

/// Keys of twins by the same mistake: few, as in life.
const DUPLICATES: usize = 8;

/// Receives every household of the facts and takes each as far as its plan goes.
pub(crate) async fn tell(
    story: &Story,
    staff: &Staff,
    round: &str,
    facts: &RoundFacts,
    seed: u64,
) -> Result<Told, Fault> {
    let mut cases = drawn(story, staff, facts, seed);
    let mut told = Told {
        cases: cases.len(),
        applications: 0,
    };
    let mut days: Vec<Date> = cases.iter().flat_map(|c| c.days).collect();
    days.sort_unstable();
    days.dedup();
    let mut certificates = 1;
    for day in days {
        told.applications += received(story, staff, round, &mut cases, day).await?;
        examine(story, staff, round, &cases, day).await?;
        certificates = approve(story, staff, round, &cases, day, certificates).await?;
    }
    Ok(told)
}

/// Draws what will happen.
fn drawn(story: &Story, staff: &Staff, facts: &RoundFacts, seed: u64) -> Vec<Case> {
    let calendar = city::april();
    let mut rng = Rng::stream(seed, u64::MAX - 3);
    let count = facts.households.len();
    let mut cases: Vec<Case> = Vec::with_capacity(count + DUPLICATES);
    for h in 0..count {
        let mut fields = fields_of(facts, h as u32, seed);
        let mut set = |name: &str, value: String| fields.insert(name.to_owned(), vec![value]);
        let channel = ["paper", "counter", "online", "file"][rng.weighted(&[38, 27, 30, 5])];
        set("channel", channel.to_owned());
        // Most come in the last two weeks; a few are late.
        let before = [rng.below(60), rng.below(14)][rng.weighted(&[45, 55])] as i64;
        let late = rng.chance(18);
        let wanted = if late {
            calendar.deadline.saturating_add((1 + before.min(7)).days())
        } else {
            calendar.deadline.saturating_sub(before.days())
        };
        let arrived = wanted.min(story.today);
        if channel == "paper" {
            let sent = if late { 0 } else { 1 + rng.below(2) as i64 };
            set("postmark", arrived.saturating_sub(sent.days()).to_string());
        }
        set("arrived", arrived.to_string());
        for n in 1..=8 {
            // Whoever is born after the form was sent was unborn on it.
            let birth = fields.get(&format!("c{n}.birth")).and_then(|v| v.first());
            if birth.is_some_and(|b| b.parse::<Date>().is_ok_and(|b| b > arrived)) {
                fields.insert(format!("c{n}.unborn"), vec!["はい".to_owned()]);
            }
        }
        let drawn = Plan::of(h, &mut rng);
        let protected = h % 233 == 40;
        let plan = if protected || matches!(h, 50 | 51) {
            Plan::Ready
        } else {
            drawn
        };
        let special = Special {
            protected,
            closed_to: match h {
                50 => Some(staff.examiners[1].account.clone()),
                51 => Some(staff.reception[1].account.clone()),
                _ => None,
            },
            note: rng.chance(100).then(|| NOTES[rng.index(NOTES.len())]),
            duplicate_of: None,
        };
        // Whoever has no right to a case never has it in hand.
        let reserved = special.protected || special.closed_to.is_some();
        cases.push(case(
            story, &mut rng, fields, arrived, plan, special, reserved,
        ));
    }
    for n in 0..DUPLICATES.min(count / 20) {
        let first = 60 + n * 7;
        let Some(original) = cases.get(first % count) else {
            continue;
        };
        let mut fields = original.fields.clone();
        for (name, values) in &mut fields {
            if name.ends_with(".name") || name.ends_with(".kana") {
                for value in values {
                    *value = otherwise(value, n);
                }
            }
        }
        let arrived = original.days[0].saturating_add(2.days()).min(story.today);
        fields.insert("channel".to_owned(), vec!["online".to_owned()]);
        fields.insert("arrived".to_owned(), vec![arrived.to_string()]);
        fields.remove("postmark");
        let plan = Plan::Fresh;
        let mut twice = case(
            story,
            &mut rng,
            fields,
            arrived,
            plan,
            Special::default(),
            true,
        );
        // Two have been found already.
        twice.repeats = (n < 2).then_some(first % count);
        cases.push(twice);
    }
    cases
}

fn case(
    story: &Story,
    rng: &mut Rng,
    fields: Fields,
    arrived: Date,
    plan: Plan,
    special: Special,
    reserved: bool,
) -> Case {
    let later = |day: Date, n: u64| day.saturating_add((n as i64).days()).min(story.today);
    let examined = later(arrived, 2 + rng.below(7));
    let approved = later(examined, 1 + rng.below(4));
    Case {
        fields,
        days: [arrived, examined, approved],
        plan,
        special,
        hand: if reserved { 0 } else { rng.index(2) },
        repeats: None,
        stored: None,
    }
}

/// A name as somebody else would key it: without variation selectors, in common characters, with other spaces.
fn otherwise(name: &str, n: usize) -> String {
    let plain = name.chars().filter_map(|c| match c {
        '\u{E0100}'..='\u{E01EF}' => None,
        '髙' => Some('高'),
        '﨑' => Some('崎'),
        '邉' => Some('辺'),
        '澤' => Some('沢'),
        '濵' => Some('浜'),
        '𠮷' => Some('吉'),
        '　' if n.is_multiple_of(2) => Some(' '),
        // Hiragana instead of katakana.
        'ァ'..='ヴ' if n.is_multiple_of(3) => char::from_u32(c as u32 - 0x60),
        c => Some(c),
    });
    plain.collect()
}

/// Receives what came in on a day; how many applications.
async fn received(
    story: &Story,
    staff: &Staff,
    round: &str,
    cases: &mut [Case],
    day: Date,
) -> Result<usize, Fault> {
    story.at(day, 10);
    let mut count = 0;
    for hand in 0..2 {
        let here = |c: &&mut Case| c.days[0] == day && c.hand == hand;
        let mut todays: Vec<&mut Case> = cases.iter_mut().filter(here).collect();
        if todays.is_empty() {
            continue;
        }
        let entries: Vec<Fields> = todays.iter().map(|c| c.fields.clone()).collect();
        let office = &story.office;
        let stored = office
            .receive_many(&staff.reception[hand], round, &entries)
            .await?;
        for (case, received) in todays.iter_mut().zip(stored) {
            count += received.numbers.len();
            case.stored = Some((received.household, received.numbers));
        }
    }
    Ok(count)
}

/// Takes the examiners' steps of a day.
async fn examine(
    story: &Story,
    staff: &Staff,
    round: &str,
    cases: &[Case],
    day: Date,
) -> Result<(), Fault> {
    story.at(day, 14);
    let calendar = city::april();
    let mut steps = Vec::new();
    for case in cases.iter().filter(|c| c.days[1] == day) {
        let Some((household, number)) = first_number(case) else {
            continue;
        };
        let mut special = case.special.clone();
        special.duplicate_of = case
            .repeats
            .and_then(|other| first_number(&cases[other]))
            .map(|(_, number)| number.to_owned());
        let when = When {
            entry: calendar.entry,
            deadline: calendar.correction_deadline.max(story.today),
            day,
            at: story.office.now(),
        };
        let by = &staff.examiners[case.hand];
        steps.push(CaseSteps {
            household: household.to_owned(),
            number: number.to_owned(),
            steps: examined(case.plan, special, by, number, when),
        });
    }
    let tenant = &staff.examiners[0].tenant;
    story.office.change_many(tenant, round, steps).await
}

/// Takes the approvers' steps of a day; the next number of a certificate.
async fn approve(
    story: &Story,
    staff: &Staff,
    round: &str,
    cases: &[Case],
    day: Date,
    mut next: u32,
) -> Result<u32, Fault> {
    story.at(day, 16);
    let mut steps = Vec::new();
    let due = |c: &&Case| c.days[2] == day && c.plan.approved();
    for case in cases.iter().filter(due) {
        let Some((household, number)) = first_number(case) else {
            continue;
        };
        steps.push(CaseSteps {
            household: household.to_owned(),
            number: number.to_owned(),
            steps: approved(case.plan, &staff.approvers[case.hand], next),
        });
        next += case.stored.as_ref().map_or(0, |(_, n)| n.len() as u32);
    }
    let tenant = &staff.approvers[0].tenant;
    story.office.change_many(tenant, round, steps).await?;
    Ok(next)
}

fn first_number(case: &Case) -> Option<(&str, &str)> {
    let (household, numbers) = case.stored.as_ref()?;
    Some((household, numbers.first()?))
}
