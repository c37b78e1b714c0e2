//! Files of the core system (住基・税・福祉・在園): what they say stands beside what the application says, and overwrites nothing.

use super::keep::apart;
use crate::{Action, Actor, Fault, Office};
use enmusubi_casefile::{
    Refusal,
    fact::{Said, Source as From, State, Subject},
    household::{Event, Household, Reading, same_value},
    mapping::{Mapped, Mapping, Target, attribute},
    person::{Part, Person, search_key},
};
use enmusubi_domain::facts::{Entity, Symbols, Type};
use enmusubi_interchange::{Source, cells, dates, workbook};
use enmusubi_storage::{cases::CaseQuery, events::Loaded};
use std::collections::BTreeMap;

/// A value of the file that differs from what a case says already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Number of an application of the case.
    pub number: String,
    /// Row of the file.
    pub row: u32,
    /// Of whom.
    pub subject: Subject,
    /// Name of the attribute.
    pub attribute: String,
    /// What the case says.
    pub ours: String,
    /// What the file says.
    pub theirs: String,
}

/// Why a row, or a value of it, was not taken over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WhyNot {
    /// Nobody of the round whom this account may know of.
    Nobody,
    /// More than one person fits.
    Several,
    /// The row's birth date is none.
    Birth,
    /// A column's value is none of its attribute.
    Value {
        /// Header of the column.
        header: String,
        /// The value.
        value: String,
    },
}

/// A row that was not taken over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotApplied {
    /// Row of the file.
    pub row: u32,
    /// Why.
    pub why: WhyNot,
}

/// What became of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Extracted {
    /// Rows with anything in them.
    pub rows: usize,
    /// Statements made.
    pub stated: usize,
    /// Statements the file agrees with.
    pub agreed: usize,
    /// What differs.
    pub differences: Vec<Difference>,
    /// What was not taken over.
    pub left: Vec<NotApplied>,
}

impl Office {
    /// The mappings that are offered.
    ///
    /// # Errors
    /// The database could not.
    pub async fn mappings(&self, tenant: &str) -> Result<Vec<Loaded<Mapping>>, Fault> {
        let mut all = self.store.all::<Mapping>(tenant).await?;
        all.retain(|l| !l.state.retired);
        Ok(all)
    }

    /// Stores a mapping; version 0: a new one.
    ///
    /// # Errors
    /// No right, what [`Mapping::problems`] says, changed meanwhile.
    pub async fn save_mapping(
        &self,
        actor: &Actor,
        id: &str,
        version: i64,
        mapping: Mapping,
    ) -> Result<Loaded<Mapping>, Fault> {
        actor.needs(Action::Import)?;
        self.change::<Mapping>(actor, id, version, |_| Mapping::save(mapping))
            .await
    }

    /// Takes over an extract for the cases of a round, a case at a time. The same file twice changes nothing more.
    ///
    /// # Errors
    /// No right, no such mapping or one for applications, a file that cannot be read or lacks a column, the database could not.
    pub async fn import_extract(
        &self,
        actor: &Actor,
        round: &str,
        mapping: &str,
        file_name: String,
        bytes: Vec<u8>,
    ) -> Result<Extracted, Fault> {
        actor.needs(Action::Import)?;
        let loaded = self.store.load::<Mapping>(&actor.tenant, mapping).await?;
        let mapping = loaded.ok_or(Fault::NotThere)?.state;
        if mapping.target == Target::Applications {
            return Err(Refusal::of("refusal.mapping_target").into());
        }
        let work = move || {
            cells::rows(&Source {
                name: &file_name,
                bytes: &bytes,
            })
        };
        let (rows, diagnostics) = apart(work).await?;
        if diagnostics.has_errors() {
            return Err(Fault::File(Box::new(diagnostics)));
        }
        let (rows, missing) = mapping.rows(&rows);
        if !missing.is_empty() {
            let missing = missing.join("、");
            return Err(Refusal::of("refusal.mapping_columns")
                .with("headers", missing)
                .into());
        }
        let cases = self.known_cases(actor, round).await?;
        let mut out = Extracted {
            rows: rows.len(),
            ..Extracted::default()
        };
        // By case, in the order of the file.
        let mut wanted: BTreeMap<usize, Vec<(u32, Reading)>> = BTreeMap::new();
        for row in &rows {
            let (at, person) = match find(row, &cases) {
                Ok(found) => found,
                Err(why) => {
                    out.left.push(NotApplied { row: row.row, why });
                    continue;
                }
            };
            for reading in readings(row, person, &mapping.name) {
                match reading {
                    Ok(reading) => wanted.entry(at).or_default().push((row.row, reading)),
                    Err(why) => out.left.push(NotApplied { row: row.row, why }),
                }
            }
        }
        for (at, list) in wanted {
            let Some((number, case)) = cases.get(at) else {
                continue;
            };
            for (row, r) in &list {
                let differs = difference(number, &case.state, *row, &r.said);
                out.differences.extend(differs);
            }
            let readings: Vec<Reading> = list.into_iter().map(|(_, r)| r).collect();
            let mut made = Vec::new();
            if case.state.say(readings.clone())?.is_empty() {
                continue;
            }
            self.change_case(actor, number, case.version, |h| {
                made = h.say(readings)?;
                Ok(made.clone())
            })
            .await?;
            for event in &made {
                match event {
                    Event::Stated { .. } => out.stated += 1,
                    Event::Agreed { .. } => out.agreed += 1,
                    _ => {}
                }
            }
        }
        let detail = format!("{}: {} rows, {} stated", mapping.name, out.rows, out.stated);
        self.record(actor, "import", round, &detail).await?;
        Ok(out)
    }

    /// Cases of a round that an account may know of, each by one of its applications' numbers.
    async fn known_cases(
        &self,
        actor: &Actor,
        round: &str,
    ) -> Result<Vec<(String, Loaded<Household>)>, Fault> {
        let query = CaseQuery {
            round: round.to_owned(),
            sees_protected: actor.sees(enmusubi_casefile::account::Columns::Protected),
            account: actor.account.clone(),
            most: i64::MAX,
            ..CaseQuery::default()
        };
        let mut numbers: BTreeMap<String, String> = BTreeMap::new();
        for row in self.store.cases(&actor.tenant, &query).await? {
            numbers.entry(row.household).or_insert(row.number);
        }
        let all = self.store.all::<Household>(&actor.tenant).await?;
        let known = all
            .into_iter()
            .filter_map(|l| Some((numbers.remove(&l.id)?, l)));
        Ok(known
            .filter(|(_, l)| l.state.joined_into.is_none())
            .collect())
    }
}

/// Whom a row is about.
fn find<'c>(
    row: &Mapped,
    cases: &'c [(String, Loaded<Household>)],
) -> Result<(usize, &'c Person), WhyNot> {
    let (name, kana) = (
        search_key(row.get("key.name")),
        search_key(row.get("key.kana")),
    );
    let birth = match row.get("key.birth") {
        "" => None,
        text => Some(dates::parse(text).map_err(|_| WhyNot::Birth)?),
    };
    let number = row.get("key.number");
    let fits = |p: &Person| {
        let same = |key: &str, own: &str| !key.is_empty() && key == search_key(own);
        let named = same(&name, &p.name.written) || name.is_empty() && same(&kana, &p.name.kana);
        // Without a number, the birth date has to be known on both sides.
        named && (birth == p.birth && birth.is_some() || birth.is_none() && !number.is_empty())
    };
    let mut found = None;
    for (at, (_, case)) in cases.iter().enumerate() {
        let numbered = case.state.applications.iter().any(|a| a.number == number);
        if !number.is_empty() && !numbered {
            continue;
        }
        for person in case.state.people.iter().filter(|p| fits(p)) {
            if found.replace((at, person)).is_some() {
                return Err(WhyNot::Several);
            }
        }
    }
    found.ok_or(WhyNot::Nobody)
}

/// What a row says of its person and of the household.
fn readings(row: &Mapped, person: &Person, name: &str) -> Vec<Result<Reading, WhyNot>> {
    let own = match person.part {
        Part::Guardian => Entity::Guardian,
        Part::Adult => Entity::Adult,
        Part::Child => Entity::Child,
    };
    let fields = row
        .values
        .iter()
        .filter_map(|(f, v)| Some((f, attribute(f)?, v.first()?)));
    let mut list = Vec::new();
    for (field, attribute, value) in fields {
        let subject = match attribute.entity {
            Entity::Household => Subject::Household,
            entity if entity == own => match Subject::of_person(&person.id) {
                Some(subject) => subject,
                None => continue,
            },
            // A column about another part of the household says nothing of this person.
            _ => continue,
        };
        let header = row.headers.get(field).cloned().unwrap_or_default();
        if workbook::value(attribute.ty, value, &mut Symbols::default()).is_err() {
            let value = value.clone();
            list.push(Err(WhyNot::Value { header, value }));
            continue;
        }
        let value = match attribute.ty {
            Type::Date => dates::parse(value).map_or_else(|_| value.clone(), |d| d.to_string()),
            _ => value.clone(),
        };
        list.push(Ok(Reading {
            said: Said {
                subject,
                attribute: attribute.name.to_owned(),
                value,
                from: None,
                to: None,
                source: From::Extract {
                    name: name.to_owned(),
                    place: format!("{} {header}", row.row),
                },
            },
            check: false,
        }));
    }
    list
}

fn difference(number: &str, case: &Household, row: u32, said: &Said) -> Option<Difference> {
    let (_, attribute) = said.attribute()?;
    let ours = case.about(&said.subject, &said.attribute).find(|s| {
        !matches!(s.state, State::Rejected { .. })
            && s.said.overlaps(said)
            && !same_value(attribute.ty, &s.said.value, &said.value)
    })?;
    Some(Difference {
        number: number.to_owned(),
        row,
        subject: said.subject.clone(),
        attribute: said.attribute.clone(),
        ours: ours.said.value.clone(),
        theirs: said.value.clone(),
    })
}
