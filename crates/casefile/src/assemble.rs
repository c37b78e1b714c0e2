//! Cases → the facts of a round, as the evaluators read them: each attribute as it holds on the base date.

use crate::{
    facility::Facility,
    fact::{State, Subject},
    household::Household,
    person::Part,
};
use enmusubi_domain::{
    facts::{
        ClassSeats, Discretion, Entity, Exact, RoundFacts, RoundInfo, Type, Value, WishAnswer,
        WishRow,
        vocabulary::{VOCABULARY, find},
    },
    rational::Rational,
    round::Combination,
};
use enmusubi_interchange::workbook;
use std::collections::{BTreeMap, HashMap};

/// A facility that takes part: its id, what it is, and its seats by age.
#[derive(Debug, Clone)]
pub struct Place<'a> {
    /// Its id.
    pub id: &'a str,
    /// What it is.
    pub facility: &'a Facility,
    /// Seats by age.
    pub seats: Vec<(u8, u32)>,
}

/// How cases are read.
#[derive(Debug, Clone, Copy)]
pub struct Reading<'a> {
    /// The round whose applications take part.
    pub round: &'a str,
    /// Also what nobody has confirmed (見込み); a round is decided without it.
    pub stated_too: bool,
}

/// Where somebody of a case is in the facts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Positions {
    /// Position of each child: (household id, `c1`) → row of the children's table.
    pub children: BTreeMap<(String, String), u32>,
}

/// Makes the facts of a round from cases. Households come in the order they are given; a child that applies is named by its
/// application's number, everybody else by household and id.
///
/// Whatever cannot be read any more (a facility that is gone, an attribute the vocabulary has lost) is left unknown,
/// and unknown is undecided.
#[must_use]
pub fn facts<'a>(
    info: RoundInfo,
    places: &[Place<'_>],
    households: impl IntoIterator<Item = (&'a str, &'a Household)>,
    reading: Reading<'_>,
) -> (RoundFacts, Positions) {
    let mut a = Assembly {
        facts: RoundFacts::new(info),
        facilities: HashMap::new(),
        reading,
        positions: Positions::default(),
    };
    a.round();
    for place in places {
        a.place(place);
    }
    for (id, household) in households {
        a.household(id, household);
    }
    a.facts.complete();
    (a.facts, a.positions)
}

struct Assembly<'r> {
    facts: RoundFacts,
    facilities: HashMap<String, u32>,
    reading: Reading<'r>,
    positions: Positions,
}

impl Assembly<'_> {
    fn set(&mut self, entity: Entity, subject: u32, name: &str, text: &str) {
        let Some(at) = find(entity, name) else {
            return;
        };
        let ty = VOCABULARY[at as usize].ty;
        // It was checked when it was stated; a value that is none any more stays unknown.
        if let Ok(value) = workbook::value(ty, text, &mut self.facts.symbols) {
            self.facts.table_mut(entity).set(subject, at, value);
        }
    }

    fn set_value(&mut self, entity: Entity, subject: u32, name: &str, value: Value) {
        if let Some(at) = find(entity, name) {
            self.facts.table_mut(entity).set(subject, at, value);
        }
    }

    fn round(&mut self) {
        let info = self.facts.info.clone();
        self.set_value(Entity::Round, 0, "entry_date", Value::Date(info.entry_date));
        self.set_value(Entity::Round, 0, "base_date", Value::Date(info.base_date));
        self.set_value(
            Entity::Round,
            0,
            "number",
            Value::whole(i64::from(info.number)),
        );
        if let Some(deadline) = info.deadline {
            self.set_value(Entity::Round, 0, "deadline", Value::Date(deadline));
        }
    }

    fn place(&mut self, place: &Place<'_>) {
        let row = self.facilities.len() as u32 + 2;
        let at = self.facts.facilities.push(place.id, None, row);
        self.facilities.insert(place.id.to_owned(), at);
        for (name, text) in &place.facility.facts {
            self.set(Entity::Facility, at, name, text);
        }
        for &(age, seats) in &place.seats {
            let row = self.facts.classes.len() as u32 + 2;
            self.facts.classes.push(ClassSeats {
                facility: at,
                age,
                pool: None,
                seats,
                shared: None,
                weight: Rational::whole(1),
                refill: true,
                row,
            });
        }
    }

    /// States everything that holds of a subject.
    fn states(&mut self, household: &Household, subject: &Subject, at: u32) {
        let day = self.facts.info.base_date;
        let mut names: Vec<&str> = household
            .statements
            .iter()
            .filter(|s| s.said.subject == *subject)
            .map(|s| s.said.attribute.as_str())
            .collect();
        names.sort_unstable();
        names.dedup();
        for name in names {
            let holds = household.holds(subject, name, day, self.reading.stated_too);
            if let Some(statement) = holds {
                self.set(subject.entity(), at, name, &statement.said.value);
            } else if household
                .about(subject, name)
                .any(|s| s.state == State::Stated && s.said.holds_on(day))
            {
                // Said, and nobody has confirmed it: not known, also where a blank would say "no".
                self.set_value(subject.entity(), at, name, Value::Unknown);
            }
        }
    }

    fn household(&mut self, id: &str, household: &Household) {
        let row = self.facts.households.len() as u32 + 2;
        let at = self.facts.households.push(id, None, row);
        self.states(household, &Subject::Household, at);
        for (part, entity) in [
            (Part::Guardian, Entity::Guardian),
            (Part::Adult, Entity::Adult),
        ] {
            for person in household.of_part(part) {
                let row = self.facts.table(entity).len() as u32 + 2;
                let here = self.facts.table_mut(entity).push("", Some(at), row);
                if let Some(birth) = person.birth {
                    self.set_value(entity, here, "birth_date", Value::Date(birth));
                }
                if let Some(subject) = Subject::of_person(&person.id) {
                    self.states(household, &subject, here);
                    self.judged(household, &subject, entity, here);
                }
            }
        }
        self.judged(household, &Subject::Household, Entity::Household, at);
        let mut children = BTreeMap::new();
        for person in household.of_part(Part::Child) {
            let here = self.child(id, household, person, at);
            children.insert(person.id.as_str(), here);
        }
        self.asked(household, at, &children);
    }

    fn child(
        &mut self,
        id: &str,
        household: &Household,
        person: &crate::person::Person,
        parent: u32,
    ) -> u32 {
        let application = household
            .open_in(self.reading.round)
            .find(|a| a.child == person.id);
        let own = application.map_or_else(|| format!("{id}-{}", person.id), |a| a.number.clone());
        let row = self.facts.children.len() as u32 + 2;
        let at = self.facts.children.push(&own, Some(parent), row);
        self.positions
            .children
            .insert((id.to_owned(), person.id.clone()), at);
        let enrolled = household.enrolled.get(&person.id);
        let place = enrolled.and_then(|(f, _)| self.facilities.get(f).copied());
        self.facts.enrolled.push(place);
        self.facts
            .enrolled_since
            .push(enrolled.and_then(|(_, since)| *since));
        if let Some(birth) = person.birth {
            self.set_value(Entity::Child, at, "birth_date", Value::Date(birth));
        }
        let subject = Subject::Child(person.id.clone());
        self.states(household, &subject, at);
        self.judged(household, &subject, Entity::Child, at);
        let Some(application) = application else {
            return at;
        };
        self.set(Entity::Child, at, "application", application.kind.label());
        self.set_value(
            Entity::Child,
            at,
            "on_time",
            Value::Bool(application.on_time),
        );
        let arrived = Value::Date(application.receipt.arrived);
        self.set_value(Entity::Child, at, "applied_on", arrived);
        let chosen = household.choices.get(&person.id);
        for (n, facility) in chosen.into_iter().flatten().enumerate() {
            let Some(&place) = self.facilities.get(facility) else {
                continue;
            };
            let row = self.facts.choices.len() as u32 + 2;
            let choice = self.facts.choices.push("", Some(at), row);
            self.facts.choice_facility.push(place);
            self.facts.choice_number.push(n as u32 + 1);
            let subject = Subject::Choice(person.id.clone(), facility.clone());
            self.states(household, &subject, choice);
        }
        at
    }

    fn judged(&mut self, household: &Household, subject: &Subject, entity: Entity, at: u32) {
        for j in household.judgements.iter().filter(|j| j.counts()) {
            if j.subject != *subject {
                continue;
            }
            let value = workbook::value(Type::Number, &j.value, &mut self.facts.symbols);
            let value = match value {
                Ok(Value::Number(n)) => n,
                _ => Exact::whole(0),
            };
            let row = self.facts.discretion.len() as u32 + 2;
            self.facts.discretion.push(Discretion {
                entity,
                subject: at,
                item: j.item.as_str().into(),
                value,
                reason: j.reason.as_str().into(),
                entered_by: j.by.as_str().into(),
                signed_by: j.signed.as_ref().map_or("", |(by, _)| by).into(),
                row,
            });
        }
    }

    fn asked(&mut self, household: &Household, at: u32, children: &BTreeMap<&str, u32>) {
        let some = |t: &str| (!t.is_empty()).then(|| t.into());
        let w = &household.wish;
        let answer = WishAnswer {
            code: some(&w.code),
            timing: some(&w.timing),
            place: some(&w.place),
            first: some(&w.first),
            all_transfers_or_none: false,
        };
        if !answer.is_blank() {
            let row = self.facts.wishes.len() as u32 + 2;
            self.facts.wishes.push(WishRow {
                household: at,
                answer,
                row,
            });
        }
        for (n, list) in household.combinations.iter().enumerate() {
            let slots = list.iter().filter_map(|(child, facility)| {
                let child = *children.get(child.as_str())?;
                let place = facility
                    .as_ref()
                    .and_then(|f| self.facilities.get(f).copied());
                Some((child, place))
            });
            let slots = slots.collect();
            let row = self.facts.combinations.len() as u32 + 2;
            self.facts.combinations.push(Combination {
                household: at,
                rank: n as u32 + 1,
                slots,
                row,
            });
        }
    }
}
