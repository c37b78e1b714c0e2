//! Criteria on screen: proposed from a file, tested, released by another.

use crate::{Action, Actor, Fault, Office, office::random_id};
use enmusubi_casefile::{
    Refusal,
    release::{Control, Event, Findings, Release},
};
use enmusubi_criteria::{Criteria, Diagnostics, Document, diff::Change, model::Points};
use enmusubi_domain::facts::Exact;
use enmusubi_interchange::criteria_workbook;
use enmusubi_scoring::{
    examples::{self, Outcome},
    usage::switch_off,
};
use enmusubi_storage::events::Loaded;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;

/// A file that was read, with what is wrong.
#[derive(Debug)]
pub struct Given {
    /// The criteria, where nothing is an error.
    pub criteria: Option<Criteria>,
    /// What could be read.
    pub document: Document,
    /// What is wrong.
    pub diagnostics: Diagnostics,
}

/// Reads a criteria file in either form.
#[must_use]
pub fn read(bytes: &[u8], name: &str) -> Given {
    let (criteria, document, diagnostics) = if bytes.starts_with(b"PK\x03\x04") {
        criteria_workbook::import(bytes)
    } else {
        enmusubi_criteria::read(name, bytes)
    };
    Given {
        criteria,
        document,
        diagnostics,
    }
}

/// What the program finds out about a file before anybody releases it. `before`: what is in force.
#[must_use]
pub fn findings(criteria: &Criteria, document: &Document, before: Option<&Document>) -> Findings {
    let outcomes = examples::run(criteria);
    let failed = outcomes.iter().filter(|o| !o.passed());
    let failed = failed.map(|o| o.label.to_string()).collect();
    let changes: Vec<Change> = match before {
        Some(before) => enmusubi_criteria::diff(before, document),
        None => Vec::new(),
    };
    let mut untested = Vec::new();
    for change in &changes {
        let rows = criteria.tables.iter().flat_map(|t| &t.rows);
        // A row that is gone cannot be tried out: the list of changes shows it, and the control numbers miss it.
        let there = rows.into_iter().any(|r| *r.id == *change.id);
        if change.section != "row" || !there {
            continue;
        }
        if !matters(criteria, &outcomes, &change.id) {
            untested.push(change.place());
        }
    }
    let mut controls = BTreeMap::new();
    for table in &criteria.tables {
        let mut sum = Exact::whole(0);
        for row in &table.rows {
            if let Some(points) = row.plain_points() {
                sum = sum.plus(points).unwrap_or(sum);
            }
        }
        controls.insert(
            table.id.to_string(),
            Control {
                rows: table.rows.len() as u32,
                points: sum.to_string(),
            },
        );
    }
    let open = criteria.tables.iter().flat_map(|t| {
        let rows = t.rows.iter();
        rows.filter(|r| r.points == Points::ToBeFilled)
            .map(move |r| format!("{} {}", t.label, r.label))
    });
    let gaps = criteria.gaps.iter().map(|g| g.label.to_string());
    Findings {
        failed,
        untested,
        holes: gaps.chain(open).collect(),
        controls,
    }
}

/// Whether some worked example comes out otherwise without a row. That its table is expected somewhere says nothing: the new rule of
/// 浦安 stood in a table that every example added up.
fn matters(criteria: &Criteria, outcomes: &[Outcome], row: &str) -> bool {
    let mut without = criteria.clone();
    let rows = without.tables.iter_mut().flat_map(|t| &mut t.rows);
    let Some(found) = rows.into_iter().find(|r| *r.id == *row) else {
        return false;
    };
    switch_off(found);
    let found =
        |o: &Outcome| -> Vec<Box<str>> { o.checks.iter().map(|c| c.found.clone()).collect() };
    let after = examples::run(&without);
    outcomes
        .iter()
        .zip(&after)
        .any(|(with, without)| found(with) != found(without))
}

impl Office {
    /// Releases and proposals of a municipality.
    ///
    /// # Errors
    /// No right, the database could not.
    pub async fn releases(&self, actor: &Actor) -> Result<Vec<Loaded<Release>>, Fault> {
        actor.needs(Action::ViewCriteria)?;
        Ok(self.store.all::<Release>(&actor.tenant).await?)
    }

    /// What is in force for a year.
    ///
    /// # Errors
    /// The database could not.
    pub async fn in_force(
        &self,
        tenant: &str,
        year: i16,
    ) -> Result<Option<Loaded<Release>>, Fault> {
        let all = self.store.all::<Release>(tenant).await?;
        Ok(all
            .into_iter()
            .filter(|l| l.state.applies() && l.state.fiscal_year == year)
            .max_by_key(|l| l.state.released.as_ref().map(|r| r.1)))
    }

    /// Proposes a file. It has been read without errors.
    ///
    /// # Errors
    /// No right, errors in the file, no reason.
    pub async fn propose_criteria(
        &self,
        actor: &Actor,
        name: &str,
        bytes: &[u8],
        reason: &str,
    ) -> Result<Loaded<Release>, Fault> {
        actor.needs(Action::ProposeCriteria)?;
        let given = read(bytes, name);
        let Some(criteria) = given.criteria else {
            return Err(Refusal::of("refusal.criteria_errors")
                .with(
                    "count",
                    given.diagnostics.count(enmusubi_criteria::Severity::Error),
                )
                .into());
        };
        if reason.trim().is_empty() {
            return Err(Refusal::of("refusal.no_reason").into());
        }
        let text = enmusubi_criteria::write_toml(&given.document);
        let year = criteria.head.fiscal_year;
        // Held against what is in force for the year, else for the year before.
        let before = match self.in_force(&actor.tenant, year).await? {
            Some(before) => Some(before),
            None => self.in_force(&actor.tenant, year - 1).await?,
        };
        let before = before.map(|l| read(l.state.text.as_bytes(), &l.state.title).document);
        let findings = findings(&criteria, &given.document, before.as_ref());
        let digest: String = Sha256::digest(text.as_bytes())
            .iter()
            .map(|b| format!("{b:02x}"))
            .collect();
        let id = format!("K{}", random_id(6)?);
        let event = Event::Proposed {
            title: criteria.head.title.to_string(),
            fiscal_year: year,
            text,
            digest,
            findings,
            reason: reason.trim().to_owned(),
        };
        self.change::<Release>(actor, &id, 0, |_| Ok(vec![event]))
            .await
    }

    /// Releases a proposal; control numbers are typed from the published document.
    ///
    /// # Errors
    /// No right, refused, changed meanwhile.
    pub async fn release_criteria(
        &self,
        actor: &Actor,
        id: &str,
        version: i64,
        controls: BTreeMap<String, Control>,
    ) -> Result<Loaded<Release>, Fault> {
        actor.needs(Action::ReleaseCriteria)?;
        let released = self
            .change::<Release>(actor, id, version, |r| r.release(&actor.account, controls))
            .await?;
        // Indices of the year are others from now on, and what is undecided with them.
        let count = self.reindex(&actor.tenant).await?;
        self.record(actor, "reindex", id, &format!("cases={count}"))
            .await?;
        Ok(released)
    }
}
