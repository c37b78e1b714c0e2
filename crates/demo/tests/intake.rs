//! From papers to the index: what a household's form says gives the key that the household's facts give.

use enmusubi_casefile::{
    Aggregate as _, Meta,
    assemble::{self, Place, Reading},
    entry::{self, Context},
    facility::Facility,
    household::Household,
    round::Calendar,
};
use enmusubi_demo::{facility_facts, fields_of};
use enmusubi_domain::facts::{
    Entity, RoundFacts, Table, Value, certificate::fill_conversions, vocabulary::find,
};
use enmusubi_scoring::Program;
use enmusubi_synth::{FactOptions, Options};
use jiff::{Timestamp, civil::date};
use std::{collections::BTreeMap, fs, path::Path};

/// What a form cannot say, taken out of the facts: past declines, and the answer that all transfers or none move. Brothers
/// and sisters came in with one form, on a day that is known.
fn as_on_forms(facts: &mut RoundFacts) {
    facts.declines = Table::new(Entity::Decline);
    for wish in &mut facts.wishes {
        wish.answer.all_transfers_or_none = false;
    }
    let of = |name| find(Entity::Child, name).expect("a name of the vocabulary");
    let (applied, on_time) = (of("applied_on"), of("on_time"));
    let (application, deadline) = (of("application"), facts.info.deadline.expect("one"));
    for range in facts.index.children.clone() {
        let mut arrived = None;
        for child in range {
            if facts.children.get(child, application) == Value::Enum(0) {
                continue;
            }
            let own = match facts.children.get(child, applied) {
                Value::Date(day) => day,
                _ => deadline,
            };
            let day = *arrived.get_or_insert(own);
            facts.children.set(child, applied, Value::Date(day));
            facts
                .children
                .set(child, on_time, Value::Bool(day <= deadline));
        }
    }
    facts.complete();
}

fn calendar(facts: &RoundFacts) -> Calendar {
    let info = &facts.info;
    Calendar {
        entry: info.entry_date,
        number: info.number,
        base: info.base_date,
        opens: date(2026, 10, 1),
        deadline: info.deadline.expect("a deadline"),
        correction_deadline: date(2026, 12, 20),
        change_deadline: date(2026, 12, 20),
        answer_deadline: date(2027, 2, 10),
        publication: Timestamp::UNIX_EPOCH,
        receipt: BTreeMap::new(),
        late_rule: String::new(),
        valid_months: 6,
    }
}

/// Id, facility, and seats by age.
type Offered = (String, Facility, Vec<(u8, u32)>);

fn places(facts: &RoundFacts) -> Vec<Offered> {
    let of = |at: u32| {
        let id = facts.facilities.ids[at as usize].to_string();
        let facility = Facility {
            facts: facility_facts(facts, at),
            ..Facility::default()
        };
        let classes = facts.classes.iter().filter(|c| c.facility == at);
        (id, facility, classes.map(|c| (c.age, c.seats)).collect())
    };
    (0..facts.facilities.len() as u32).map(of).collect()
}

/// Keys the forms of all households as a clerk would.
fn keyed(facts: &RoundFacts, calendar: &Calendar) -> Vec<(String, Household)> {
    let places = places(facts);
    let offered = places.iter().map(|(id, facility, classes)| {
        let ages = classes.iter().map(|(age, _)| *age).collect();
        (id.clone(), (facility.name().to_owned(), ages))
    });
    let facilities = offered.collect();
    let now = Timestamp::UNIX_EPOCH;
    let meta = Meta {
        at: now,
        by: "r1".into(),
    };
    let context = Context {
        round: "r",
        calendar,
        facilities: &facilities,
        today: date(2026, 12, 20),
        now,
    };
    let mut cases = Vec::new();
    for h in 0..facts.households.len() as u32 {
        let fields = fields_of(facts, h, 5);
        let (entry, problems) = entry::read(&fields, &context);
        assert_eq!(problems, [], "household {h}: {fields:#?}");
        let entry = entry.expect("no problems");
        let numbers = (0..entry.applications.len()).map(|n| format!("{h}-{n}"));
        let mut case = Household::default();
        for event in entry.events(numbers.collect(), None) {
            case.apply(&event, &meta);
        }
        cases.push((format!("H{h:04}"), case));
    }
    cases
}

fn options(seed: u64) -> FactOptions {
    FactOptions {
        seed,
        base_date: date(2026, 12, 20),
        deadline: date(2026, 11, 30),
        shared: 0,
        unusual: 60,
        ..FactOptions::default()
    }
}

/// Criteria files that are at hand.
fn criteria() -> Vec<(String, enmusubi_criteria::Criteria)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../criteria");
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("the folder of criteria") {
        let folder = entry.expect("an entry").path();
        for file in fs::read_dir(&folder).into_iter().flatten() {
            let path = file.expect("a file").path();
            if path.extension().is_none_or(|e| e != "toml") {
                continue;
            }
            let name = path.display().to_string();
            let bytes = fs::read(&path).expect("a file that is there");
            if let (Some(criteria), ..) = enmusubi_criteria::read(&name, &bytes) {
                found.push((name, criteria));
            }
        }
    }
    found
}

#[test]
fn what_is_keyed_scores_as_the_papers_do() {
    let criteria = criteria();
    assert!(criteria.iter().any(|(n, _)| n.ends_with("example/r9.toml")));
    let (mut compared, mut households, mut decided) = (0, 0, 0);
    for (seed, complete, missing) in [(11, true, 0), (12, false, 0), (13, false, 30)] {
        let town = enmusubi_synth::town(&Options {
            children: 180,
            nurseries: 30,
            seed,
            siblings: 0.3,
            ..Options::default()
        });
        let mut facts = enmusubi_synth::facts(
            &town,
            &FactOptions {
                complete,
                missing,
                ..options(seed)
            },
        );
        as_on_forms(&mut facts);
        let calendar = calendar(&facts);
        let cases = keyed(&facts, &calendar);
        households += cases.len();
        let places = places(&facts);
        let places: Vec<Place<'_>> = places
            .iter()
            .map(|(id, facility, seats)| Place {
                id,
                facility,
                seats: seats.clone(),
            })
            .collect();
        let reading = Reading {
            round: "r",
            stated_too: true,
        };
        let listed = cases.iter().map(|(id, case)| (id.as_str(), case));
        let (again, _) = assemble::facts(calendar.info(None), &places, listed, reading);
        for (name, criteria) in &criteria {
            let program = Program::compile(criteria).expect(name);
            let score = |facts: &RoundFacts| {
                let mut facts = facts.clone();
                fill_conversions(&mut facts, &criteria.conversion);
                program.score(&facts).expect("numbers that fit")
            };
            let (expect, got) = (score(&facts), score(&again));
            assert_eq!(facts.choices.len(), again.choices.len());
            for choice in 0..facts.choices.len() as u32 {
                let child = facts.child_of(choice);
                let what = format!(
                    "{name}, seed {seed}, household {}, child {child}, choice {choice}",
                    facts.household_of(child)
                );
                assert_eq!(again.child_of(choice), child, "{what}");
                assert_eq!(
                    got.judgement(choice, child),
                    expect.judgement(choice, child),
                    "{what}"
                );
                compared += 1;
                decided += usize::from(expect.key(choice).iter().all(Option::is_some));
            }
            let open = |s: &enmusubi_scoring::Scores| -> Vec<u32> {
                s.undecided.iter().map(|u| u.choice).collect()
            };
            assert_eq!(open(&got), open(&expect), "{name}, seed {seed}");
        }
    }
    assert!(households >= 300, "{households}");
    assert!(decided * 3 > compared, "{decided} of {compared}");
}

#[test]
fn what_is_said_to_be_unknown_or_unconfirmed_is_never_read_as_no() {
    let town = enmusubi_synth::town(&Options {
        children: 3,
        nurseries: 3,
        ..Options::default()
    });
    let facts = enmusubi_synth::facts(&town, &options(3));
    let calendar = calendar(&facts);
    let (_, mut case) = keyed(&facts, &calendar).swap_remove(0);
    let places = places(&facts);
    let welfare = find(Entity::Household, "welfare").expect("a name of the vocabulary");
    let read = |case: &Household, stated_too| {
        let places: Vec<Place<'_>> = places
            .iter()
            .map(|(id, facility, _)| Place {
                id,
                facility,
                seats: Vec::new(),
            })
            .collect();
        let reading = Reading {
            round: "r",
            stated_too,
        };
        let info = calendar.info(None);
        let (facts, _) = assemble::facts(info, &places, [("H", case)], reading);
        facts.get(0, welfare)
    };
    let meta = Meta {
        at: Timestamp::UNIX_EPOCH,
        by: "r1".into(),
    };
    case.statements.retain(|s| s.said.attribute != "welfare");
    assert_eq!(read(&case, false), Value::Bool(false), "a box left blank");
    let id = 9_000;
    let said = enmusubi_casefile::fact::Said {
        subject: enmusubi_casefile::fact::Subject::Household,
        attribute: "welfare".into(),
        value: "はい".into(),
        from: None,
        to: None,
        source: enmusubi_casefile::fact::Source::Application,
    };
    case.apply(
        &enmusubi_casefile::household::Event::Stated {
            id,
            said,
            confirmed: false,
        },
        &meta,
    );
    assert_eq!(read(&case, false), Value::Unknown, "stated only");
    assert_eq!(read(&case, true), Value::Bool(true));
    let (from, to) = (None, None);
    let confirmed = enmusubi_casefile::household::Event::Confirmed { id, from, to };
    case.apply(&confirmed, &meta);
    assert_eq!(read(&case, false), Value::Bool(true));
}
