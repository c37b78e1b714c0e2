//! An application as it comes in, whatever the channel: fields with names, checked one by one, all problems at once.
//!
//! Names of fields are the same for a form that a clerk keys, a row of an imported file and an online application:
//! `g1.name`, `g1.kana`, `g1.birth`, `c1.kind`, `c1.choices`, `h.single_parent`: a subject, a dot, and either
//! a part of a person or the name of a fact in the vocabulary.

mod check;
mod field;
mod sense;

pub use field::{FieldProblem, Severity};

use crate::{
    application::{Application, Channel, Kind, Receipt},
    fact::{Said, Source, Subject, proved_by_form},
    household::{Contact, Event, Wish},
    person::{Address, Name, Part, Person},
    round::Calendar,
};
use enmusubi_domain::facts::{
    Entity, Symbols, Type, Value,
    vocabulary::{Blank, Origin, VOCABULARY, find},
};
use enmusubi_interchange::{dates, workbook};
use field::Fields;
use jiff::{Timestamp, civil::Date};
use std::collections::BTreeMap;

/// Most guardians, adults and children of one form.
pub const MOST: [(Part, usize); 3] = [(Part::Guardian, 2), (Part::Adult, 6), (Part::Child, 8)];

/// What has to be known to check an entry.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// Id of the round it is for.
    pub round: &'a str,
    /// The round's days.
    pub calendar: &'a Calendar,
    /// Facilities: id → name and the age classes they have.
    pub facilities: &'a BTreeMap<String, (String, Vec<u8>)>,
    /// Today.
    pub today: Date,
    /// Now.
    pub now: Timestamp,
}

/// An entry that can become a case. Numbers of its applications are given by whoever stores it.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Where it lives.
    pub address: Address,
    /// How to reach it.
    pub contact: Contact,
    /// Everybody.
    pub people: Vec<Person>,
    /// Applications without numbers, by child.
    pub applications: Vec<Application>,
    /// Choices by child.
    pub choices: BTreeMap<String, Vec<String>>,
    /// Answer to the sibling question.
    pub wish: Wish,
    /// Facility a child attends now, and since when.
    pub enrolled: BTreeMap<String, (String, Option<Date>)>,
    /// Facts, and whether the form is their proof.
    pub facts: Vec<(Said, bool)>,
}

/// Reads an entry. The entry is there where no problem is an error; whoever stores it decides about the warnings.
pub fn read(
    values: &BTreeMap<String, Vec<String>>,
    context: &Context<'_>,
) -> (Option<Entry>, Vec<FieldProblem>) {
    let mut f = Fields::new(values);
    f.stop_individual_numbers();
    let channel = f.one_of("channel", Channel::of);
    let arrived = f.day("arrived", true);
    let postmark = f.day("postmark", false);
    let receipt = arrived.map(|arrived| Receipt { arrived, postmark });
    if let Some(receipt) = &receipt {
        check::receipt(&mut f, receipt, context);
    }
    let address = Address {
        postcode: f.postcode("address.postcode"),
        text: f.text("address.text", true),
        building: f.text("address.building", false),
    };
    let contact = Contact {
        phone: f.phone("phone"),
        email: f.email("email"),
    };
    let mut people = Vec::new();
    for (part, most) in MOST {
        for n in 1..=most {
            let id = format!("{}{n}", part.letter());
            if f.has_any(&id) {
                people.push(person(&mut f, &id, part, context));
            } else if n == 1 && part != Part::Adult {
                f.missing(&format!("{id}.name"));
            }
        }
    }
    let mut applications = Vec::new();
    let mut choices = BTreeMap::new();
    let mut enrolled = BTreeMap::new();
    for child in people.iter().filter(|p| p.part == Part::Child) {
        let kind = match f.get(&format!("{}.kind", child.id)) {
            "new" | "新規" => Some(Kind::New),
            "transfer" | "転園" => Some(Kind::Transfer),
            "" | "none" | "申込なし" => None,
            _ => {
                f.problem(&format!("{}.kind", child.id), "entry.kind", &[]);
                None
            }
        };
        let chosen = chosen(&mut f, child, context, kind.is_some());
        let field = format!("{}.enrolled", child.id);
        let attends = f.get(&field).to_owned();
        let since = f.day(&format!("{}.enrolled_since", child.id), false);
        if !attends.is_empty() {
            if let Some(id) = check::attended(&mut f, &field, &attends, context) {
                enrolled.insert(child.id.clone(), (id, since));
            }
        } else if kind == Some(Kind::Transfer) {
            f.missing(&field);
        }
        let attends = enrolled.get(&child.id);
        let attends = attends.map(|(id, since): &(String, _)| (id.as_str(), *since));
        sense::place(&mut f, child, kind, attends, &chosen, context);
        if !chosen.is_empty() {
            choices.insert(child.id.clone(), chosen);
        }
        if let (Some(kind), Some(channel), Some(receipt)) = (kind, channel, &receipt) {
            applications.push(Application {
                number: String::new(),
                child: child.id.clone(),
                round: context.round.to_owned(),
                kind,
                channel,
                receipt: receipt.clone(),
                on_time: context.calendar.in_time(channel, receipt),
                entered: context.now,
                withdrawn: None,
                duplicate_of: None,
            });
        }
    }
    let kinds = ["new", "transfer", "新規", "転園"];
    let applies = people
        .iter()
        .any(|p| p.part == Part::Child && kinds.contains(&f.get(&format!("{}.kind", p.id))));
    if !applies {
        f.problem("c1.kind", "entry.nobody_applies", &[]);
    }
    let wish = Wish {
        code: f.text("wish.code", false),
        timing: f.text("wish.timing", false),
        place: f.text("wish.place", false),
        first: f.text("wish.first", false),
    };
    sense::family(&mut f, &people);
    let facts = facts(&mut f, &people, &choices);
    sense::facts(&mut f, &facts, context);
    f.unknown_names();
    let problems = f.into_problems();
    let entry = Entry {
        address,
        contact,
        people,
        applications,
        choices,
        wish,
        enrolled,
        facts,
    };
    let stopped = problems.iter().any(|p| p.severity == Severity::Error);
    ((!stopped).then_some(entry), problems)
}

fn person(f: &mut Fields<'_>, id: &str, part: Part, context: &Context<'_>) -> Person {
    let name = Name {
        written: f.name(&format!("{id}.name"), part != Part::Adult),
        display: String::new(),
        kana: f.kana(&format!("{id}.kana"), part != Part::Adult),
    };
    sense::reading(f, &format!("{id}.kana"), &name.kana);
    let birth = f.day(&format!("{id}.birth"), part == Part::Child);
    let field = format!("{id}.relation");
    let relation = f.text(&field, false);
    if part == Part::Adult && is_fact(Entity::Adult, "relation", &relation) {
        // One that criteria know by name is a fact as well.
        f.give_back(&field);
    }
    if let Some(birth) = birth {
        check::birth(f, id, part, birth, context);
    }
    Person {
        id: id.to_owned(),
        part,
        name,
        birth,
        relation,
    }
}

/// Whether a text is a known value of an attribute.
fn is_fact(entity: Entity, name: &str, text: &str) -> bool {
    let ty = find(entity, name).map(|at| VOCABULARY[at as usize].ty);
    let value = ty.and_then(|ty| workbook::value(ty, text, &mut Symbols::default()).ok());
    value.is_some_and(Value::is_known)
}

/// Choices: numbers of facilities, best first, in one field separated by anything, or in `c1.choice1`, `c1.choice2` ….
fn chosen(f: &mut Fields<'_>, child: &Person, context: &Context<'_>, applies: bool) -> Vec<String> {
    let field = format!("{}.choices", child.id);
    let mut wanted: Vec<(String, String)> = f
        .get(&field)
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | '、' | '，' | '/' | '・'))
        .filter(|t| !t.is_empty())
        .map(|t| (field.clone(), t.to_owned()))
        .collect();
    for n in 1..=30 {
        let own = format!("{}.choice{n}", child.id);
        let text = f.get(&own).trim().to_owned();
        if !text.is_empty() {
            wanted.push((own, text));
        }
    }
    let mut list: Vec<String> = Vec::new();
    for (field, text) in wanted {
        match check::facility(f, &field, &text, child, context) {
            Some(id) if list.contains(&id) => {
                let name = context.facilities.get(&id).map_or("", |x| &x.0);
                f.problem(&field, "entry.chosen_twice", &[("facility", name)]);
            }
            Some(id) => list.push(id),
            None => {}
        }
    }
    if applies && list.is_empty() && !f.has_problem(&field) {
        f.missing(&field);
    }
    list
}

/// Facts: every field of a subject that the vocabulary knows.
fn facts(
    f: &mut Fields<'_>,
    people: &[Person],
    choices: &BTreeMap<String, Vec<String>>,
) -> Vec<(Said, bool)> {
    let mut list = Vec::new();
    let mut symbols = Symbols::default();
    for (name, text) in f.rest() {
        let Some((subject, attribute)) = name.rsplit_once('.') else {
            continue;
        };
        let Ok(subject) = Subject::try_from(subject.to_owned()) else {
            continue;
        };
        let there = subject
            .person()
            .is_none_or(|id| people.iter().any(|p| p.id == id));
        let Some(at) = find(subject.entity(), attribute) else {
            continue;
        };
        let known = &VOCABULARY[at as usize];
        if known.origin == Origin::Derived || !there {
            continue;
        }
        if let Subject::Choice(child, facility) = &subject
            && !choices.get(child).is_some_and(|c| c.contains(facility))
        {
            continue;
        }
        f.take(&name);
        if text.is_empty() {
            continue;
        }
        match workbook::value(known.ty, &text, &mut symbols) {
            // Nobody's statement; but where a blank would say "no", that nobody knows has to be kept.
            Ok(Value::Unknown) if known.blank == Blank::Unknown => {}
            Ok(_) => {
                // A day is kept as ISO, whatever it was typed as; everything else as typed.
                let value = match known.ty {
                    Type::Date => dates::parse(&text).map_or(text, |d| d.to_string()),
                    _ => text,
                };
                list.push((
                    Said {
                        subject,
                        attribute: attribute.to_owned(),
                        value,
                        from: None,
                        to: None,
                        source: Source::Application,
                    },
                    proved_by_form(known),
                ));
            }
            Err(bad) => f.bad_value(&name, &bad),
        }
    }
    list
}

impl Entry {
    /// The events of a new case. `numbers`: one for each application.
    #[must_use]
    pub fn events(self, numbers: Vec<String>, continues: Option<String>) -> Vec<Event> {
        let mut events = vec![Event::Opened {
            address: self.address,
            contact: self.contact,
            continues,
        }];
        let people = self.people.into_iter();
        events.extend(people.map(|person| Event::PersonAdded { person }));
        for (child, facilities) in self.choices {
            events.push(Event::ChoicesSet {
                child,
                facilities,
                reason: String::new(),
            });
        }
        if self.wish != Wish::default() {
            events.push(Event::WishSet { wish: self.wish });
        }
        for (child, (facility, since)) in self.enrolled {
            events.push(Event::Enrolled {
                child,
                facility,
                since,
            });
        }
        for (mut application, number) in self.applications.into_iter().zip(numbers) {
            application.number = number;
            events.push(Event::Applied { application });
        }
        for (n, (said, confirmed)) in self.facts.into_iter().enumerate() {
            events.push(Event::Stated {
                id: n as u32 + 1,
                said,
                confirmed,
            });
        }
        events
    }
}

#[cfg(test)]
mod tests;
