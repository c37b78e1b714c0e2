//! Facts and criteria with causes mended, scored.

use super::Unworkable;
use crate::cause::{Cause, TransferOrder};
use enmusubi_criteria::{
    Criteria, aggregate,
    expression::{self, Expression, Kind, Span},
    model::{Coupling, Grade, IfUnknown, Points, Row, Source},
};
use enmusubi_domain::facts::{
    Entity, Exact, RoundFacts, Value, certificate::fill_conversions, vocabulary::find,
};
use enmusubi_scoring::{Contributions, Program, Scores};
use std::{
    borrow::Cow,
    sync::{Arc, OnceLock},
};

/// Facts and criteria with causes mended, scored.
#[derive(Debug, Clone)]
pub struct Scored<'a> {
    /// The facts, conversions filled in.
    pub facts: Arc<RoundFacts>,
    /// The criteria.
    pub criteria: Cow<'a, Criteria>,
    /// The scores of these facts by these criteria.
    pub scores: Scores,
    /// The criteria, compiled.
    pub program: Arc<Program>,
    /// See [`Scored::contributions`].
    contributions: OnceLock<Contributions>,
}

impl<'a> Scored<'a> {
    /// Mends what concerns facts and criteria, and scores.
    ///
    /// # Errors
    /// [`Unworkable::Foreign`], [`Unworkable::Score`].
    pub fn of(
        facts: &'a RoundFacts,
        criteria: &'a Criteria,
        causes: &[Cause],
    ) -> Result<Self, Unworkable> {
        let criteria = mended_criteria(criteria, causes)?;
        let facts = mended_facts(facts, &criteria, causes);
        let program = Program::compile(&criteria).map_err(Unworkable::Score)?;
        let level = Cause::Transfers(TransferOrder::Level);
        let scores = match causes.contains(&level) {
            true => program.score(&as_new(&facts)),
            false => program.score(&facts),
        };
        let scores = scores.map_err(|errors| {
            Unworkable::Score(errors.iter().map(|e| e.item.to_string()).collect())
        })?;
        Ok(Self::new(facts, criteria, scores, Arc::new(program)))
    }

    /// Facts and criteria that were scored.
    pub(crate) fn new(
        facts: Arc<RoundFacts>,
        criteria: Cow<'a, Criteria>,
        scores: Scores,
        program: Arc<Program>,
    ) -> Self {
        Self {
            facts,
            criteria,
            scores,
            program,
            contributions: OnceLock::new(),
        }
    }

    /// What every row gives to every choice; worked out when first asked for.
    pub fn contributions(&self) -> &Contributions {
        let given = || self.program.contributions(&self.facts);
        self.contributions.get_or_init(given)
    }
}

/// The facts with mistyped ones mended, conversions filled in.
fn mended_facts(facts: &RoundFacts, criteria: &Criteria, causes: &[Cause]) -> Arc<RoundFacts> {
    let mut mended = facts.clone();
    let mut derived = false;
    for cause in causes {
        if let Cause::Fact {
            entity,
            subject,
            attribute,
            theirs,
            ..
        } = cause
        {
            mended.table_mut(*entity).set(*subject, *attribute, *theirs);
            derived = true;
        }
    }
    if derived {
        mended.complete();
    }
    fill_conversions(&mut mended, &criteria.conversion);
    Arc::new(mended)
}

/// Every transfer applicant as if it applied anew.
pub(crate) fn as_new(facts: &RoundFacts) -> RoundFacts {
    let mut facts = facts.clone();
    level(&mut facts);
    facts
}

/// Makes every transfer applicant one who applies anew.
pub(crate) fn level(facts: &mut RoundFacts) {
    let Some(application) = find(Entity::Child, "application") else {
        return;
    };
    for child in 0..facts.children.len() as u32 {
        if facts.children.get(child, application) == Value::Enum(2) {
            facts.children.set(child, application, Value::Enum(1));
        }
    }
}

/// The criteria with causes mended.
///
/// # Errors
/// [`Unworkable::Foreign`] where a row or table is not there, [`Unworkable::Score`] where a condition cannot be
/// read.
pub fn mended_criteria<'a>(
    criteria: &'a Criteria,
    causes: &[Cause],
) -> Result<Cow<'a, Criteria>, Unworkable> {
    let mut mended = Cow::Borrowed(criteria);
    for (at, cause) in causes.iter().enumerate() {
        match cause {
            Cause::RowPoints { row, theirs } => {
                let row = row_of(mended.to_mut(), row)?;
                let span = row.span.clone();
                row.points = Points::Expression(Expression::number(*theirs, span));
            }
            Cause::RowExtra { row } => {
                let row = row_of(mended.to_mut(), row)?;
                row.when = Some(Expression {
                    kind: Kind::Bool(false),
                    span: row.span.clone(),
                });
                row.band = None;
            }
            Cause::RowMissing {
                table,
                when,
                points,
            } => add_row(mended.to_mut(), at, table, when, *points)?,
            Cause::Aggregation { of, nth, theirs } => {
                let place = aggregate::place_mut(mended.to_mut(), of);
                let place = place.ok_or(Unworkable::Foreign)?;
                let other = aggregate::aggregated(place, usize::from(*nth), *theirs);
                *place = other.ok_or(Unworkable::Foreign)?;
            }
            Cause::Coupling(coupling) => couple(mended.to_mut(), *coupling),
            _ => {}
        }
    }
    Ok(mended)
}

fn row_of<'c>(criteria: &'c mut Criteria, id: &str) -> Result<&'c mut Row, Unworkable> {
    let rows = criteria.tables.iter_mut().flat_map(|t| &mut t.rows);
    let mut rows = rows.filter(|r| *r.id == *id);
    rows.next().ok_or(Unworkable::Foreign)
}

/// Adds a row that nobody wrote down.
///
/// # Errors
/// The condition is none, or there is no such table.
pub(crate) fn add_row(
    criteria: &mut Criteria,
    at: usize,
    table: &str,
    when: &str,
    points: Exact,
) -> Result<(), Unworkable> {
    let when = expression::parse(when, 0).map_err(|e| Unworkable::Score(vec![format!("{e:?}")]))?;
    let table = criteria.tables.iter_mut().find(|t| *t.id == *table);
    let table = table.ok_or(Unworkable::Foreign)?;
    let span: Span = table.span.clone();
    table.rows.push(Row {
        id: format!("unwritten-{at}").into(),
        label: "書かれていない行".into(),
        parents: None,
        band: None,
        when: Some(when),
        points: Points::Expression(Expression::number(points, span.clone())),
        group: None,
        excludes: Vec::new(),
        if_unknown: IfUnknown::Undecided,
        source: Source {
            document: None,
            page: None,
            grade: Grade::ToBeFilled,
        },
        note: None,
        span,
    });
    Ok(())
}

/// Couples siblings otherwise. Where the file couples no key, the first is coupled: it is the index.
fn couple(criteria: &mut Criteria, coupling: Coupling) {
    criteria.siblings.coupling = coupling;
    if coupling != Coupling::None && criteria.siblings.coupled.is_empty() {
        let first = criteria
            .keys
            .iter()
            .position(|k| k.value.is_some() && !k.together);
        criteria.siblings.coupled = first.map(|k| k as u32).into_iter().collect();
    }
}
