//! An example's facts as the facts of a round with one household.
//!
//! What an example states stands, also an attribute that would follow from others (`graduating`,
//! `siblings_enrolled_here`): it is set after everything has been derived. What it does not state is what a blank
//! means, or follows from what is there:
//!
//! - hours and days of work and study that are not stated are filled by the file's conversion, as in a real round;
//! - the child's choice has the rank stated (else 1); the choices before it are facilities nothing is known of;
//! - siblings who apply have chosen the facility at hand too, as many of them as
//!   `choice.siblings_applying_here` says, where it is stated;
//! - a judgement of staff is about every guardian (`other = 25`), or about each in turn (`other = [10, 25]`), in a
//!   table over guardians, and about the child otherwise.

use enmusubi_criteria::{
    Criteria,
    expression::Span,
    inline::{Entry, Inline, Item},
    model::{Example, Over},
};
use enmusubi_domain::facts::{
    Attribute, AttributeIx, Discretion, Entity, Exact, RoundFacts, RoundInfo, Symbols, Type, Value,
    certificate::fill_conversions,
    vocabulary::{Origin, VOCABULARY, find},
};
use jiff::civil::Date;

/// Choices before the one at hand are made up to this rank.
const RANKS: i64 = 100;

/// Why an example cannot be run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where, in the bytes of the file.
    pub at: Span,
    /// What is wrong, in Japanese and English.
    pub what: (String, String),
    /// What to do, in Japanese and English.
    pub mend: (String, String),
}

/// The facts of an example, and the choice it is about.
#[derive(Debug, Clone)]
pub struct Case {
    /// One household, complete.
    pub facts: RoundFacts,
    /// The choice.
    pub choice: u32,
}

/// Makes the facts of an example.
///
/// # Errors
/// What is missing or cannot be read, all of it.
pub fn of(criteria: &Criteria, example: &Example) -> Result<Case, Vec<Problem>> {
    let mut problems = Vec::new();
    let mut sections = Vec::new();
    for (name, text, span) in &example.facts {
        match Item::parse(text, span.start) {
            Ok(item) => sections.push((&**name, item)),
            Err(e) => problems.push(Problem {
                at: e.span,
                what: e.what,
                mend: Default::default(),
            }),
        }
    }
    let section = |name: &str| sections.iter().find(|(n, _)| *n == name).map(|(_, i)| i);
    let info = info(criteria, section("round"), &example.span, &mut problems);
    let Some(info) = info.filter(|_| problems.is_empty()) else {
        return Err(problems);
    };
    let mut making = Making {
        facts: RoundFacts::new(info),
        stated: Vec::new(),
        problems,
    };
    let choice = making.people(&section);
    if let Some(item) = section("discretion") {
        making.judgements(criteria, item);
    }
    // As before every scoring.
    fill_conversions(&mut making.facts, &criteria.conversion);
    making.facts.complete();
    for (entity, subject, at, value) in making.stated {
        making.facts.table_mut(entity).set(subject, at, value);
    }
    if making.problems.is_empty() {
        Ok(Case {
            facts: making.facts,
            choice,
        })
    } else {
        Err(making.problems)
    }
}

/// The round, which every example states.
fn info(
    criteria: &Criteria,
    round: Option<&Item>,
    span: &Span,
    problems: &mut Vec<Problem>,
) -> Option<RoundInfo> {
    let text = |name: &str| {
        let entry = round?.entries().iter().find(|e| *e.name == *name)?;
        entry.item.plain()
    };
    let day = |name: &str| text(name)?.parse::<Date>().ok();
    let number = text("number").map_or(Some(1), |n| n.parse().ok());
    match (day("entry_date"), day("base_date"), number) {
        (Some(entry_date), Some(base_date), Some(number)) => Some(RoundInfo {
            municipality: criteria.head.municipality.clone(),
            entry_date,
            number,
            base_date,
            deadline: day("deadline"),
        }),
        _ => {
            problems.push(Problem {
                at: round.map_or_else(|| span.clone(), |r| r.span.clone()),
                what: (
                    "計算例に入所日と基準日がありません".into(),
                    "the example does not say the day of entry and the base date".into(),
                ),
                mend: (
                    "round = { entry_date = \"2027-04-01\", number = 1, base_date = \"2026-12-01\" } のように書いてください".into(),
                    "write round = { entry_date = \"2027-04-01\", number = 1, base_date = \"2026-12-01\" }".into(),
                ),
            });
            None
        }
    }
}

struct Making {
    facts: RoundFacts,
    /// What the example states though it would follow from others, to be set again after the derivation.
    stated: Vec<(Entity, u32, AttributeIx, Value)>,
    problems: Vec<Problem>,
}

impl Making {
    /// Household, guardians, adults, children, facility, choices and declines; the choice at hand.
    fn people<'i>(&mut self, section: &dyn Fn(&str) -> Option<&'i Item>) -> u32 {
        let list = |name: &str| section(name).map_or(&[][..], Item::elements);
        self.subject(Entity::Round, 0, section("round"));
        self.facts.households.push("h", None, 0);
        self.subject(Entity::Household, 0, section("household"));
        for (name, entity) in [("guardians", Entity::Guardian), ("adults", Entity::Adult)] {
            for item in list(name) {
                let at = self.facts.table_mut(entity).push("", Some(0), 0);
                self.subject(entity, at, Some(item));
            }
        }
        let siblings = list("siblings");
        self.facts.children.push("c", Some(0), 0);
        self.subject(Entity::Child, 0, section("child"));
        for (i, item) in siblings.iter().enumerate() {
            let at = self.facts.children.push(&format!("c{}", i + 2), Some(0), 0);
            self.subject(Entity::Child, at, Some(item));
        }

        let facility = section("facility");
        let id = number_or_text(facility, "id").unwrap_or_else(|| "f".into());
        let here = self.facts.facilities.push(&id, None, 0);
        self.subject(Entity::Facility, here, facility);
        let own = section("choice");
        let whole = |item, name: &str| {
            let text = number_or_text(item, name)?;
            text.parse::<i64>().ok()
        };
        let rank = whole(own, "rank").unwrap_or(1);
        let chosen = whole(section("child"), "choices_count").unwrap_or(rank);
        let mut choice = 0;
        for number in 1..=chosen.max(rank).min(RANKS) {
            let facility = if number == rank.min(RANKS) {
                here
            } else {
                self.facts.facilities.push(&format!("f{number}"), None, 0)
            };
            let at = self.choose(0, facility, number as u32);
            if facility == here {
                choice = at;
            }
        }
        self.subject(Entity::Choice, choice, own);
        let mut left = whole(own, "siblings_applying_here").unwrap_or(i64::MAX);
        for (i, item) in siblings.iter().enumerate() {
            let application = number_or_text(Some(item), "application");
            if left > 0 && application.is_some_and(|a| *a != *"none") {
                self.choose(i as u32 + 1, here, 1);
                left -= 1;
            }
        }
        for item in list("declines") {
            let at = self.facts.declines.push("", Some(0), 0);
            self.subject(Entity::Decline, at, Some(item));
        }
        choice
    }

    fn choose(&mut self, child: u32, facility: u32, number: u32) -> u32 {
        self.facts.choice_facility.push(facility);
        self.facts.choice_number.push(number);
        self.facts.choices.push("", Some(child), 0)
    }

    /// The attributes of a subject.
    fn subject(&mut self, entity: Entity, subject: u32, item: Option<&Item>) {
        for entry in item.map_or(&[][..], Item::entries) {
            let value = find(entity, &entry.name).and_then(|at| {
                let attribute = &VOCABULARY[at as usize];
                Some((
                    at,
                    value_of(&mut self.facts.symbols, attribute, &entry.item)?,
                ))
            });
            match value {
                Some((at, value)) => {
                    self.facts.table_mut(entity).set(subject, at, value);
                    if VOCABULARY[at as usize].origin == Origin::Derived {
                        self.stated.push((entity, subject, at, value));
                    }
                }
                None => self.unreadable(entry),
            }
        }
    }

    /// `{ other = 25 }`, or `{ other = [10, 25] }` in a table over guardians.
    fn judgements(&mut self, criteria: &Criteria, item: &Item) {
        for entry in item.entries() {
            let holds =
                |t: &&enmusubi_criteria::model::Table| t.rows.iter().any(|r| *r.id == *entry.name);
            let over = criteria.tables.iter().find(holds).map(|t| t.over);
            let (entity, people) = match over {
                Some(Over::Guardian) => (Entity::Guardian, self.facts.guardians.len()),
                Some(Over::Adult) => (Entity::Adult, self.facts.adults.len()),
                _ => (Entity::Child, 1),
            };
            let each = matches!(entry.item.value, Inline::List(_));
            let values = entry.item.elements();
            for subject in 0..people {
                let item = if each {
                    values.get(subject)
                } else {
                    values.first()
                };
                match item.map(|i| i.plain().and_then(|t| Exact::parse(&t))) {
                    None => {}
                    Some(None) => self.unreadable(entry),
                    Some(Some(value)) => self.facts.discretion.push(Discretion {
                        entity,
                        subject: subject as u32,
                        item: entry.name.clone(),
                        value,
                        reason: "計算例".into(),
                        entered_by: "計算例".into(),
                        signed_by: "計算例".into(),
                        row: 0,
                    }),
                }
            }
        }
    }

    fn unreadable(&mut self, entry: &Entry) {
        self.problems.push(Problem {
            at: entry.item.span.clone(),
            what: (
                format!("計算例の「{}」が読めません", entry.name),
                format!("\"{}\" of the example cannot be read", entry.name),
            ),
            mend: (
                "名前と、その属性に書ける値を確かめてください".into(),
                "check the name, and what the attribute may hold".into(),
            ),
        });
    }
}

/// A plain entry of a table, as text.
fn number_or_text(item: Option<&Item>, name: &str) -> Option<Box<str>> {
    let entry = item?.entries().iter().find(|e| *e.name == *name)?;
    entry.item.plain().map(Into::into)
}

/// A value of an attribute's type; `None` where it is of another.
pub(super) fn value_of(symbols: &mut Symbols, attribute: &Attribute, item: &Item) -> Option<Value> {
    let plain = item.plain();
    let text = plain.as_deref();
    Some(match (attribute.ty, &item.value) {
        (Type::Bool, Inline::Bool(b)) => Value::Bool(*b),
        (Type::Number | Type::Quantity(_), _) => Value::Number(Exact::parse(text?)?),
        (Type::Date, _) => Value::Date(text?.parse().ok()?),
        (Type::Enum(e), _) => Value::Enum(e.of_name(text?)?),
        (Type::Text, _) => Value::Symbol(symbols.intern(text?)),
        (Type::Set(e), Inline::List(items)) => {
            let mut set = 0;
            for item in items {
                set |= 1 << e.of_name(&item.plain()?)?;
            }
            Value::Set(set)
        }
        (Type::Texts, Inline::List(items)) => {
            let mut list = Vec::with_capacity(items.len());
            for item in items {
                list.push(symbols.intern(&item.plain()?));
            }
            list.sort_unstable();
            list.dedup();
            symbols.lists.push(list);
            Value::Symbols(symbols.lists.len() as u32 - 1)
        }
        (Type::Bool | Type::Set(_) | Type::Texts, _) => return None,
    })
}
