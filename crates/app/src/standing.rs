//! A round's criteria, facilities and seats at hand; the index of a case live; rows of the lists.

use crate::{Fault, Office};
use enmusubi_casefile::{
    assemble::{self, Place, Reading},
    facility::Facility,
    household::Household,
    person::search_key,
    readiness,
    round::{Calendar, Round},
    seats::{Seats, class_age, compute},
    similar,
};
use enmusubi_criteria::Criteria;
use enmusubi_domain::facts::{RoundFacts, certificate::fill_conversions, words::Tongue};
use enmusubi_scoring::{Derivation, Program};
use enmusubi_storage::cases::{CaseRow, Projected};
use std::{collections::BTreeMap, sync::Arc};

/// What a round is worked out with, as of a stamp.
#[derive(Debug)]
pub struct Standing {
    /// The stamp it stands for.
    stamp: (i64, i64),
    /// Municipality.
    pub tenant: String,
    /// Id of the round.
    pub round: String,
    /// The round.
    pub state: Round,
    /// Facilities that take part, by id, with what is offered by age.
    pub facilities: BTreeMap<String, (Facility, Vec<(u8, u32)>)>,
    /// The criteria in force, compiled, with the id of their release.
    pub criteria: Option<InForce>,
}

/// Criteria in force.
#[derive(Debug)]
pub struct InForce {
    /// Id of the release.
    pub release: String,
    /// Digest of the file.
    pub digest: String,
    /// The criteria.
    pub criteria: Criteria,
    /// Compiled.
    pub program: Program,
}

/// The index of an application.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Index {
    /// In thousandths, to sort by.
    pub points: Option<i64>,
    /// As shown; empty: not worked out.
    pub text: String,
    /// Whether everything it needs is known; `None`: there are no criteria.
    pub decided: Option<bool>,
}

impl Office {
    /// What a round is worked out with, from the cache while nothing it is made from has changed.
    ///
    /// # Errors
    /// The database could not.
    pub async fn standing(&self, tenant: &str, round: &str) -> Result<Arc<Standing>, Fault> {
        let kinds = ["round", "facility", "seats", "criteria"];
        let stamp = self.store.stamp(tenant, kinds).await?;
        let key = (tenant.to_owned(), round.to_owned());
        let cached = {
            let all = self.standings.lock();
            all.ok().and_then(|all| all.get(&key).cloned())
        };
        if let Some(standing) = cached.filter(|s| s.stamp == stamp) {
            return Ok(standing);
        }
        let standing = Arc::new(self.worked_out(tenant, round, stamp).await?);
        if let Ok(mut all) = self.standings.lock() {
            all.insert(key, standing.clone());
        }
        Ok(standing)
    }

    async fn worked_out(
        &self,
        tenant: &str,
        round: &str,
        stamp: (i64, i64),
    ) -> Result<Standing, Fault> {
        let state = self.store.load::<Round>(tenant, round).await?;
        let state = state.map(|l| l.state).unwrap_or_default();
        let mut facilities = BTreeMap::new();
        for loaded in self.store.all::<Facility>(tenant).await? {
            if loaded.state.closed {
                continue;
            }
            let id = format!("{round}/{}", loaded.id);
            let seats = self.store.load::<Seats>(tenant, &id).await?;
            let seats = seats.map(|l| l.state).unwrap_or_default();
            let offered = match &state.calendar {
                Some(calendar) => offered(&loaded.state, &seats, calendar),
                None => Vec::new(),
            };
            facilities.insert(loaded.id, (loaded.state, offered));
        }
        let criteria = match &state.calendar {
            Some(calendar) => self.criteria_of(tenant, calendar).await?,
            None => None,
        };
        Ok(Standing {
            stamp,
            tenant: tenant.to_owned(),
            round: round.to_owned(),
            state,
            facilities,
            criteria,
        })
    }

    /// Criteria that are released for the year of a round; the ones released last.
    async fn criteria_of(
        &self,
        tenant: &str,
        calendar: &Calendar,
    ) -> Result<Option<InForce>, Fault> {
        let year = calendar.info(None).fiscal_year();
        let Some(loaded) = self.in_force(tenant, year).await? else {
            return Ok(None);
        };
        let name = &loaded.state.title;
        let (criteria, _, _) = enmusubi_criteria::read(name, loaded.state.text.as_bytes());
        // It was read without errors when it was released.
        let criteria = criteria
            .ok_or_else(|| Fault::Internal(format!("released criteria {name} cannot be read")))?;
        let program = Program::compile(&criteria).map_err(|e| Fault::Internal(e.join("; ")))?;
        Ok(Some(InForce {
            release: loaded.id,
            digest: loaded.state.digest,
            criteria,
            program,
        }))
    }
}

impl Office {
    /// Makes the rows of all cases anew: what an index is worked out with has changed for everybody. A case is made anew from
    /// what it is within its transaction; somebody may be at work.
    ///
    /// # Errors
    /// The database could not; what was made anew before stays so.
    pub async fn reindex(&self, tenant: &str) -> Result<u64, Fault> {
        let all = self.store.all::<Household>(tenant).await?;
        let mut count = 0;
        for some in all.chunks(REINDEXED_AT_ONCE) {
            let mut made = Vec::with_capacity(some.len());
            for case in some {
                let round = case.state.applications.last().map(|a| a.round.as_str());
                made.push((
                    &case.id,
                    self.standing(tenant, round.unwrap_or_default()).await?,
                ));
            }
            let mut tx = self.store.begin(tenant).await?;
            for (id, standing) in made {
                if let Some(now) = tx.load::<Household>(id).await? {
                    tx.project(id, &standing.projected(id, &now.state)).await?;
                    count += 1;
                }
            }
            tx.commit().await?;
        }
        Ok(count)
    }
}

/// Cases whose rows are made anew in one transaction: writers wait for no more than these.
const REINDEXED_AT_ONCE: usize = 100;

/// Seats a facility offers: as the nursery confirmed, else as computed.
fn offered(facility: &Facility, seats: &Seats, calendar: &Calendar) -> Vec<(u8, u32)> {
    let computed = compute(facility, calendar.entry, &seats.held);
    let said = seats
        .answer
        .as_ref()
        .filter(|_| seats.is_current(&computed));
    computed
        .iter()
        .map(|c| {
            let said = said.and_then(|a| a.classes.iter().find(|x| x.age == c.age));
            (c.age, said.map_or(c.seats, |s| s.seats))
        })
        .collect()
}

impl Standing {
    /// The facts of some cases in this round.
    #[must_use]
    pub fn facts<'a>(
        &self,
        households: impl IntoIterator<Item = (&'a str, &'a Household)>,
        stated_too: bool,
    ) -> Option<(RoundFacts, assemble::Positions)> {
        let calendar = self.state.calendar.as_ref()?;
        let code = (self.tenant.len() == 6).then_some(self.tenant.as_str());
        let places: Vec<Place<'_>> = self
            .facilities
            .iter()
            .map(|(id, (facility, seats))| Place {
                id,
                facility,
                seats: seats.clone(),
            })
            .collect();
        let reading = Reading {
            round: &self.round,
            stated_too,
        };
        let (mut facts, positions) =
            assemble::facts(calendar.info(code), &places, households, reading);
        if let Some(c) = &self.criteria {
            fill_conversions(&mut facts, &c.criteria.conversion);
        }
        Some((facts, positions))
    }

    /// The index of each application of a case, by child.
    #[must_use]
    pub fn indices(
        &self,
        id: &str,
        household: &Household,
        stated_too: bool,
    ) -> BTreeMap<String, Index> {
        let mut found = BTreeMap::new();
        let Some(c) = &self.criteria else {
            return found;
        };
        let Some((facts, positions)) = self.facts([(id, household)], stated_too) else {
            return found;
        };
        let Ok(scores) = c.program.score(&facts) else {
            return found;
        };
        let components = c.program.components(&c.criteria);
        let first = components.iter().position(|c| c.is_number());
        for a in household.open_in(&self.round) {
            let Some(&child) = positions.children.get(&(id.to_owned(), a.child.clone())) else {
                continue;
            };
            let choices = facts.index.choices[child as usize].clone();
            let open = choices
                .clone()
                .any(|x| scores.undecided.iter().any(|u| u.choice == x));
            let value = first
                .filter(|_| !choices.is_empty())
                .and_then(|at| Some((components[at], scores.key(choices.start)[at]?)));
            let (points, text) = match value {
                Some((component, value)) => {
                    let thousand = enmusubi_domain::facts::Exact::whole(1000);
                    let scaled = value
                        .times(thousand)
                        .map(|v| v.numerator().div_euclid(v.denominator()));
                    (scaled, component.shown(value, Tongue::Japanese))
                }
                None => (None, String::new()),
            };
            let index = Index {
                points,
                text,
                decided: Some(!open && !choices.is_empty()),
            };
            found.insert(a.child.clone(), index);
        }
        found
    }

    /// How a child's index at one of its choices (from 0) comes about.
    #[must_use]
    pub fn derivation(
        &self,
        id: &str,
        household: &Household,
        child: &str,
        choice: usize,
        stated_too: bool,
    ) -> Option<Derivation> {
        let c = self.criteria.as_ref()?;
        let (facts, positions) = self.facts([(id, household)], stated_too)?;
        let at = *positions.children.get(&(id.to_owned(), child.to_owned()))?;
        let choices = facts.index.choices[at as usize].clone();
        let x = choices.start + choice as u32;
        if !choices.contains(&x) {
            return None;
        }
        c.program.derive(&c.criteria, &facts, x).ok()
    }

    /// Rows of the lists for a case.
    #[must_use]
    pub fn projected(&self, id: &str, household: &Household) -> Projected {
        let indices = self.indices(id, household, false);
        let mut made = Projected {
            closed_to: household.closed_to.iter().cloned().collect(),
            ..Projected::default()
        };
        for a in &household.applications {
            let Some(person) = household.person(&a.child) else {
                continue;
            };
            let entry = self
                .state
                .calendar
                .as_ref()
                .map_or(a.receipt.arrived, |c| c.entry);
            let index = indices.get(&a.child).cloned().unwrap_or_default();
            let stage = readiness::stage(household, &a.number, entry, index.decided);
            let birth = person.birth;
            let first = household.choices.get(&a.child).and_then(|c| c.first());
            let certified = household.certified(&a.child, entry);
            if a.is_open() {
                let keys = similar::keys(household, &a.child).into_iter();
                made.keys
                    .extend(keys.map(|(_, key)| (key, a.number.clone())));
            }
            made.rows.push(CaseRow {
                number: a.number.clone(),
                household: id.to_owned(),
                child: a.child.clone(),
                round: a.round.clone(),
                kind: match a.kind {
                    enmusubi_casefile::application::Kind::New => "new",
                    enmusubi_casefile::application::Kind::Transfer => "transfer",
                }
                .to_owned(),
                channel: a.channel.name().to_owned(),
                arrived: a.receipt.arrived.to_string(),
                on_time: i64::from(a.on_time),
                entered: a.entered.to_string(),
                name: person.name.shown().to_owned(),
                kana: person.name.kana.clone(),
                name_key: search_key(&person.name.written),
                kana_key: search_key(&person.name.kana),
                birth: birth.map(|b| b.to_string()).unwrap_or_default(),
                age: birth.map_or(-1, |b| i64::from(class_age(b, entry).max(0))),
                first_choice: first.cloned().unwrap_or_default(),
                stage: stage.name().to_owned(),
                points: index.points,
                points_text: index.text,
                unconfirmed: household.unconfirmed().count() as i64,
                corrections: household.open_corrections().count() as i64,
                papers: household.papers_in_use().count() as i64,
                certified: certified
                    .map(|c| c.content.to.to_string())
                    .unwrap_or_default(),
                protected: i64::from(household.protection.is_some()),
                similar: 0,
            });
        }
        made
    }
}
