//! Facts written and read back are the same facts, from CSV and from XLSX.

#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests, where a panic is the message"
)]

use enmusubi_domain::{
    facts::{
        Discretion, Entity, Exact, RoundFacts, Table, Type, Unit, Value, WishAnswer, WishRow,
        derived::age_class,
        vocabulary::{VOCABULARY, find},
    },
    rational::Rational,
    round::Combination,
};
use enmusubi_interchange::{Diagnostics, Language, Source, workbook};
use enmusubi_synth::{FactOptions, Form, Options, PoolShare, facts, town};
use enmusubi_testkit::{FactShape, Interest, random_facts};
use std::fmt::Write as _;

fn read_files(files: &[(String, Vec<u8>)]) -> (Option<RoundFacts>, Diagnostics) {
    let sources: Vec<Source<'_>> = files
        .iter()
        .map(|(name, bytes)| Source { name, bytes })
        .collect();
    workbook::read(&sources)
}

/// A value without the numbers of its symbols.
fn shown(facts: &RoundFacts, value: Value) -> String {
    match value {
        Value::Symbol(s) => format!("text {}", facts.symbols.text(s)),
        Value::Symbols(list) => {
            let list = &facts.symbols.lists[list as usize];
            let mut texts: Vec<&str> = list.iter().map(|s| facts.symbols.text(*s)).collect();
            texts.sort_unstable();
            format!("texts {texts:?}")
        }
        other => format!("{other:?}"),
    }
}

/// Everything the facts say, line by line; rows of files and numbers of symbols left out.
fn dump(facts: &RoundFacts) -> String {
    let mut out = format!("{:?}\n", facts.info);
    for entity in Entity::ALL {
        let table = facts.table(*entity);
        for s in 0..table.len() as u32 {
            let (at, id) = (s as usize, &table.ids[s as usize]);
            let parent = table.parents.get(at);
            let evidence = &table.evidence[at];
            let _ = writeln!(out, "{entity:?} {s} {id} {parent:?} {evidence}");
            for (a, attribute) in VOCABULARY.iter().enumerate() {
                if attribute.entity == *entity {
                    let value = shown(facts, table.get(s, a as u16));
                    let _ = writeln!(out, "  {} {value}", attribute.name);
                }
            }
        }
    }
    for c in &facts.classes {
        let mut c = c.clone();
        c.row = 0;
        let _ = writeln!(out, "{c:?}");
    }
    let _ = writeln!(out, "{:?}", facts.shared);
    let _ = writeln!(out, "{:?}\n{:?}", facts.enrolled, facts.enrolled_since);
    let _ = writeln!(out, "{:?}", facts.choice_facility);
    let _ = writeln!(out, "{:?}", facts.choice_number);
    for w in &facts.wishes {
        let _ = writeln!(out, "{} {:?}", w.household, w.answer);
    }
    for c in &facts.combinations {
        let _ = writeln!(out, "{} {} {:?}", c.household, c.rank, c.slots);
    }
    for d in &facts.discretion {
        let mut d = d.clone();
        d.row = 0;
        let _ = writeln!(out, "{d:?}");
    }
    out
}

#[track_caller]
fn same(before: &RoundFacts, after: &RoundFacts) {
    let (before, after) = (dump(before), dump(after));
    for (n, (b, a)) in before.lines().zip(after.lines()).enumerate() {
        assert_eq!(b, a, "line {n}");
    }
    assert_eq!(before.len(), after.len());
}

#[track_caller]
fn round_trip(before: &RoundFacts) {
    let files = workbook::write_csv(before);
    assert_eq!(files.len(), workbook::table_names().count());
    let (after, all) = read_files(&files);
    let after = after.unwrap_or_else(|| panic!("{all}"));
    same(before, &after);
    // Written again: the same bytes.
    assert!(workbook::write_csv(&after) == files);
    let xlsx = workbook::write_xlsx(before).unwrap();
    let (after, all) = read_files(&[("round.xlsx".into(), xlsx)]);
    let after = after.unwrap_or_else(|| panic!("{all}"));
    same(before, &after);
}

fn get(facts: &RoundFacts, entity: Entity, subject: u32, name: &str) -> Value {
    facts.get(subject, find(entity, name).unwrap())
}

/// Whether a round of random facts could stand on forms at all, as far as one household goes.
fn readable(facts: &RoundFacts, h: u32) -> bool {
    let guardians = facts.index.guardians[h as usize].clone();
    let reasons = guardians.clone().all(|g| {
        let (reasons, main) = (
            get(facts, Entity::Guardian, g, "reasons"),
            get(facts, Entity::Guardian, g, "main_reason"),
        );
        match (reasons, main) {
            (Value::Set(set), Value::Enum(one)) => set >> one & 1 == 1,
            _ => true,
        }
    });
    let children = facts.index.children[h as usize].clone().all(|c| {
        let at = |name: &str| get(facts, Entity::Child, c, name);
        let (applies, transfer) = match at("application") {
            Value::Enum(n) => (n > 0, n == 2),
            _ => return false,
        };
        let own = facts.enrolled[c as usize];
        let choices = facts.index.choices[c as usize].clone();
        let own_chosen = choices
            .into_iter()
            .any(|x| own == Some(facts.choice_facility[x as usize]));
        let born = match at("birth_date") {
            Value::Date(day) => {
                (day <= facts.info.base_date || at("unborn") != Value::Bool(false))
                    && !(applies && age_class(day, facts.info.fiscal_year()) > 5)
            }
            _ => true,
        };
        born && !(transfer && (own.is_none() || own_chosen))
    });
    !guardians.is_empty() && reasons && children
}

/// Random facts know weeks of more than seven days.
fn possible(ty: Type, value: Value) -> Value {
    match (ty, value) {
        (Type::Quantity(Unit::DaysPerWeek), Value::Number(n)) => {
            Value::Number(n.min(Exact::whole(7)))
        }
        _ => value,
    }
}

fn copy(from: &RoundFacts, entity: Entity, subject: u32, to: &mut Table, parent: Option<u32>) {
    let table = from.table(entity);
    let at = to.push(&table.ids[subject as usize], parent, to.len() as u32 + 2);
    to.evidence[at as usize] = format!("書類, \"{subject}\"\n改行").into();
    for (a, attribute) in VOCABULARY.iter().enumerate() {
        if attribute.entity == entity && table.column(a as u16).is_some() {
            to.set(
                at,
                a as u16,
                possible(attribute.ty, table.get(subject, a as u16)),
            );
        }
    }
}

/// The readable households of random facts, with wishes, combinations and judged values beside.
fn tidy(from: &RoundFacts) -> RoundFacts {
    let mut to = RoundFacts::new(from.info.clone());
    to.symbols = from.symbols.clone();
    to.info.municipality = Some("142051".into());
    for f in 0..from.facilities.len() as u32 {
        copy(from, Entity::Facility, f, &mut to.facilities, None);
    }
    to.classes = from.classes.clone();
    let households = (0..from.households.len() as u32).filter(|h| readable(from, *h));
    for h in households {
        copy(from, Entity::Household, h, &mut to.households, None);
        let parent = to.households.len() as u32 - 1;
        for g in from.index.guardians[h as usize].clone() {
            copy(from, Entity::Guardian, g, &mut to.guardians, Some(parent));
        }
        for a in from.index.adults[h as usize].clone() {
            copy(from, Entity::Adult, a, &mut to.adults, Some(parent));
        }
        let first = to.children.len() as u32;
        for c in from.index.children[h as usize].clone() {
            copy(from, Entity::Child, c, &mut to.children, Some(parent));
            let child = to.children.len() as u32 - 1;
            to.enrolled.push(from.enrolled[c as usize]);
            let since = from.enrolled[c as usize].map(|_| from.info.base_date);
            to.enrolled_since.push(since.filter(|_| c % 3 > 0));
            for x in from.index.choices[c as usize].clone() {
                copy(from, Entity::Choice, x, &mut to.choices, Some(child));
                let facility = from.choice_facility[x as usize];
                to.choice_facility.push(facility);
                to.choice_number
                    .push(from.choice_number[x as usize] + child % 2);
                if parent.is_multiple_of(3) && child == first {
                    to.combinations.push(Combination {
                        household: parent,
                        rank: from.choice_number[x as usize],
                        slots: vec![(child, Some(facility))],
                        row: 0,
                    });
                }
            }
            for d in from.index.declines[c as usize].clone() {
                copy(from, Entity::Decline, d, &mut to.declines, Some(child));
            }
        }
        to.wishes.push(WishRow {
            household: parent,
            answer: WishAnswer {
                code: parent.is_multiple_of(2).then(|| "⑤".into()),
                timing: (parent % 2 == 1).then(|| "同時のみ".into()),
                place: None,
                first: None,
                all_transfers_or_none: parent.is_multiple_of(5),
            },
            row: 0,
        });
        let subject = (Entity::Guardian, to.guardians.len() as u32 - 1);
        for (entity, subject) in [(Entity::Household, parent), subject, (Entity::Child, first)] {
            to.discretion.push(Discretion {
                entity,
                subject,
                item: "staff".into(),
                value: Exact::new(-7, 2).unwrap(),
                reason: "面談による".into(),
                entered_by: "甲".into(),
                signed_by: "乙".into(),
                row: 0,
            });
        }
    }
    to.complete();
    to
}

#[test]
fn random_facts_come_back() {
    for seed in 0..6 {
        let shape = FactShape {
            households: 150,
            facilities: 6,
            children_max: 3,
            choices_max: 4,
            certain: 40,
            fiscal_year: 2027,
            pools: vec!["area".into()],
            interest: Interest::default(),
        };
        let facts = tidy(&random_facts(seed, &shape));
        assert!(facts.households.len() > 20, "{}", facts.households.len());
        round_trip(&facts);
    }
}

#[test]
fn made_up_rounds_come_back() {
    for (seed, form, complete) in [
        (1, Form::fields(), true),
        (2, Form::circled(), false),
        (3, Form::fujisawa(), true),
    ] {
        let town = town(&Options {
            children: 120,
            nurseries: 12,
            seed,
            ..Options::default()
        });
        let options = FactOptions {
            seed,
            form,
            complete,
            missing: 20,
            unusual: 50,
            shared: 400,
            pools: vec![PoolShare {
                id: "graduates".into(),
                classes: 300,
                seats: 200,
                from_age: 3,
            }],
            ..FactOptions::default()
        };
        let mut facts = facts(&town, &options);
        if let Some(room) = facts.shared.first_mut() {
            room.capacity = Rational::new(25, 2);
        }
        facts.complete();
        round_trip(&facts);
    }
}

#[test]
fn made_up_rounds_are_read_without_a_word() {
    let town = town(&Options {
        children: 2000,
        nurseries: 60,
        seed: 7,
        ..Options::default()
    });
    let options = FactOptions {
        seed: 7,
        ..FactOptions::default()
    };
    let (_, all) = read_files(&workbook::write_csv(&facts(&town, &options)));
    assert!(all.is_empty(), "{}", all.render(Language::Japanese));
}
