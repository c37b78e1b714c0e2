//! What the program notices about a paper as it was keyed.

use super::slip::Kind;
use enmusubi_casefile::{
    Aggregate as _, Meta,
    agreement::{Verdict, agreeing},
    entry::{self, Context, Entry, FieldProblem, Severity},
    fact::{Said, Source, Subject},
    household::{Household, Reading},
    person::{Part, search_key},
    round::Calendar,
    similar,
};
use enmusubi_demo::{Fields, facility_facts};
use enmusubi_domain::facts::RoundFacts;
use jiff::{Timestamp, civil::date};
use std::collections::BTreeMap;

/// What notices first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Noticed {
    Error,
    Warning,
    Comparison,
    SameApplicant,
    Supplied,
    Nothing,
}

impl Noticed {
    pub const COUNT: usize = 6;
}

/// What an employment certificate says, of what an application says too.
const CERTIFICATE: [&str; 12] = [
    "employment_kind",
    "job_start",
    "work_hours_per_month",
    "work_days_per_month",
    "work_hours_per_week",
    "work_days_per_week",
    "work_hours_per_day",
    "work_place",
    "return_date",
    "leave_since",
    "leave_until",
    "posted_away",
];
/// What registers of residents, taxes and welfare say of a household.
const REGISTER: [&str; 6] = [
    "residence",
    "resident_since",
    "income",
    "tax_levy",
    "fee_tier",
    "welfare",
];

/// The desk where papers are keyed.
pub struct Desk<'c> {
    calendar: &'c Calendar,
    facilities: BTreeMap<String, (String, Vec<u8>)>,
}

impl<'c> Desk<'c> {
    pub fn new(facts: &RoundFacts, calendar: &'c Calendar) -> Self {
        let of = |at: u32| {
            let name = facility_facts(facts, at).remove("name").unwrap_or_default();
            let classes = facts.classes.iter().filter(|c| c.facility == at);
            let ages = classes.map(|c| c.age).collect();
            (facts.facilities.ids[at as usize].to_string(), (name, ages))
        };
        Self {
            calendar,
            facilities: (0..facts.facilities.len() as u32).map(of).collect(),
        }
    }

    fn read(&self, paper: &Fields) -> (Option<Entry>, Vec<FieldProblem>) {
        let context = Context {
            round: "r",
            calendar: self.calendar,
            facilities: &self.facilities,
            today: date(2026, 12, 20),
            now: Timestamp::UNIX_EPOCH,
        };
        entry::read(paper, &context)
    }

    pub fn problems(&self, paper: &Fields) -> Vec<FieldProblem> {
        self.read(paper).1
    }

    fn case(&self, paper: &Fields) -> Option<Household> {
        let entry = self.read(paper).0?;
        let numbers = (0..entry.applications.len()).map(|n| n.to_string());
        let mut case = Household::default();
        for event in entry.events(numbers.collect(), None) {
            case.apply(&event, &meta());
        }
        Some(case)
    }

    /// What notices a slip, where the family's other papers say what is right.
    pub fn notices(&self, right: &Fields, wrong: &Fields, kind: Kind) -> Noticed {
        let before = self.problems(right);
        let new: Vec<Severity> = self
            .problems(wrong)
            .into_iter()
            .filter(|p| {
                !before
                    .iter()
                    .any(|b| (b.key, &b.field) == (p.key, &p.field))
            })
            .map(|p| p.severity)
            .collect();
        if new.contains(&Severity::Error) {
            return Noticed::Error;
        }
        if new.contains(&Severity::Warning) {
            return Noticed::Warning;
        }
        let (Some(right), Some(wrong)) = (self.case(right), self.case(wrong)) else {
            return Noticed::Nothing;
        };
        if kind == Kind::Twice {
            return match meet(&right, &wrong) {
                true => Noticed::SameApplicant,
                false => Noticed::Nothing,
            };
        }
        compared(&right, wrong)
    }
}

fn meta() -> Meta {
    Meta {
        at: Timestamp::UNIX_EPOCH,
        by: "r1".into(),
    }
}

/// Whether two entries share a key of a child that applies.
fn meet(one: &Household, other: &Household) -> bool {
    let keys = |h: &Household| -> Vec<String> {
        let children = h.applications.iter();
        children
            .flat_map(|a| similar::keys(h, &a.child))
            .map(|(_, key)| key)
            .collect()
    };
    let theirs = keys(other);
    keys(one).iter().any(|k| theirs.contains(k))
}

/// Whether certificate or register contradicts what was keyed, or says what was left out. Both say what the right paper says.
fn compared(right: &Household, mut wrong: Household) -> Noticed {
    let mut readings = Vec::new();
    let mut told = false;
    for person in &right.people {
        // A register's row finds its person by name and birth date; one of an applying family that finds nobody is told.
        let found = wrong.people.iter().find(|p| {
            search_key(&p.name.written) == search_key(&person.name.written)
                && p.birth == person.birth
        });
        // Nobody is looked up who has no birth date on the form.
        told |= found.is_none() && person.birth.is_some();
        if person.part != Part::Guardian {
            continue;
        }
        let Some(subject) = Subject::of_person(&person.id) else {
            continue;
        };
        let said = said(right, &subject, &CERTIFICATE);
        if said.is_empty() {
            continue;
        }
        // The certificate is attached to the guardian, and its name, reading and birth date are held against theirs.
        if let Some(keyed) = wrong.person(&person.id) {
            let same =
                |a: &str, b: &str| a.is_empty() || b.is_empty() || search_key(a) == search_key(b);
            told |= !same(&keyed.name.written, &person.name.written)
                || !same(&keyed.name.kana, &person.name.kana)
                || keyed.birth.zip(person.birth).is_some_and(|(a, b)| a != b);
        }
        readings.extend(said);
    }
    readings.extend(said(right, &Subject::Household, &REGISTER));
    if let Ok(events) = wrong.say(readings) {
        for event in &events {
            wrong.apply(event, &meta());
        }
    }
    if told
        || agreeing(&wrong)
            .iter()
            .any(|g| g.verdict == Verdict::Different)
    {
        return Noticed::Comparison;
    }
    let holds = |h: &Household, said: &Said| {
        h.about(&said.subject, &said.attribute)
            .any(|s| s.said.value == said.value)
    };
    // Everything the right paper says, and no more, is there again: from the paper.
    let whole = right.statements.iter().all(|s| holds(&wrong, &s.said))
        && right.statements.len() == wrong.statements.len()
        && (
            &right.people,
            &right.choices,
            &right.contact,
            &right.address,
        ) == (
            &wrong.people,
            &wrong.choices,
            &wrong.contact,
            &wrong.address,
        )
        && right.enrolled == wrong.enrolled
        && right.wish == wrong.wish
        && right.applications == wrong.applications;
    match whole {
        true => Noticed::Supplied,
        false => Noticed::Nothing,
    }
}

fn said(right: &Household, subject: &Subject, names: &[&str]) -> Vec<Reading> {
    let own = right
        .statements
        .iter()
        .filter(|s| s.said.subject == *subject);
    own.filter(|s| names.contains(&s.said.attribute.as_str()))
        .map(|s| Reading {
            said: Said {
                source: Source::Paper {
                    paper: "p1".into(),
                    place: String::new(),
                },
                ..s.said.clone()
            },
            check: false,
        })
        .collect()
}
