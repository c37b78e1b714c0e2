//! Rows, exclusions, groups and tables.

use crate::case::{Case, Fault, Outcome, Scope};
use enmusubi_criteria::{
    expression::Expression,
    model::{IfUnknown, Over, Points, Row, Table, Take},
};
use enmusubi_domain::facts::{Entity, Exact};

/// What a row, a group, or the whole of a table gives.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Gives {
    /// It does not apply.
    Nothing,
    /// It applies.
    Points(Exact),
    /// Nobody can say; the points it would give, where they are known.
    Unknown(Option<Exact>),
}

impl<'a> Case<'a> {
    /// Points of a table; `None` where unknown.
    pub fn table(&self, at: usize, subject: Option<u32>) -> Outcome<Option<Exact>> {
        if let Some(&known) = self.tables.borrow().get(&(at, subject)) {
            return Ok(known);
        }
        let table = &self.criteria.tables[at];
        let points = self
            .table_points(table, subject)
            .map_err(|f| f.within(&table.id))?;
        self.tables.borrow_mut().insert((at, subject), points);
        Ok(points)
    }

    fn table_points(&self, table: &'a Table, subject: Option<u32>) -> Outcome<Option<Exact>> {
        let entity = match table.over {
            Over::Guardian => Some(Entity::Guardian),
            Over::Adult => Some(Entity::Adult),
            Over::Application => None,
        };
        let scope = Scope {
            at_hand: entity.zip(subject),
            variable: None,
        };
        if entity.is_some() != subject.is_some() {
            debug_assert!(false, "the checker passes no such use of {}", table.id);
            return Ok(None);
        }

        let mut alone = Vec::with_capacity(table.rows.len());
        for row in &table.rows {
            let gives = self.row(table, row, scope).map_err(|f| f.within(&row.id))?;
            alone.push(gives);
        }
        let rows: Vec<Gives> = (0..table.rows.len())
            .map(|at| after_exclusion(table, &alone, at))
            .collect();

        // Rows without a group, and each group in the place of its first row.
        let mut items = Vec::new();
        let mut done = vec![false; table.groups.len()];
        for (row, gives) in table.rows.iter().zip(&rows) {
            let Some(group_at) = row.group.map(|g| g as usize) else {
                items.push(*gives);
                continue;
            };
            if std::mem::replace(&mut done[group_at], true) {
                continue;
            }
            let group = &table.groups[group_at];
            let members: Vec<Gives> = table
                .rows
                .iter()
                .zip(&rows)
                .filter(|(r, _)| r.group == row.group)
                .map(|(_, gives)| *gives)
                .collect();
            items.push(match combine(group.take, &members)? {
                Gives::Points(points) => {
                    let bounds = (&group.at_most, &group.at_least);
                    match self.bounded(Some(points), bounds, scope)? {
                        Some(points) => Gives::Points(points),
                        None => Gives::Unknown(None),
                    }
                }
                other => other,
            });
        }

        let points = match combine(table.take, &items)? {
            Gives::Points(points) => Some(points),
            Gives::Unknown(_) => None,
            Gives::Nothing => match &table.otherwise {
                Some(otherwise) => self.number(otherwise, scope)?,
                None => (table.take == Take::Sum).then_some(Exact::ZERO),
            },
        };
        self.bounded(points, (&table.at_most, &table.at_least), scope)
    }

    /// At most, then at least.
    fn bounded(
        &self,
        points: Option<Exact>,
        (at_most, at_least): (&'a Option<Expression>, &'a Option<Expression>),
        scope: Scope<'_>,
    ) -> Outcome<Option<Exact>> {
        let Some(mut points) = points else {
            return Ok(None);
        };
        if let Some(bound) = at_most {
            match self.number(bound, scope)? {
                Some(bound) => points = points.min(bound),
                None => return Ok(None),
            }
        }
        if let Some(bound) = at_least {
            match self.number(bound, scope)? {
                Some(bound) => points = points.max(bound),
                None => return Ok(None),
            }
        }
        Ok(Some(points))
    }

    /// What a row gives, exclusions aside.
    fn row(&self, table: &'a Table, row: &'a Row, scope: Scope<'_>) -> Outcome<Gives> {
        let holds = match (self.row_condition(table, row, scope)?, row.if_unknown) {
            (None, IfUnknown::Applies) => Some(true),
            (None, IfUnknown::Not) => Some(false),
            (holds, _) => holds,
        };
        if holds == Some(false) {
            return Ok(Gives::Nothing);
        }
        let points = match &row.points {
            Points::Expression(points) => self.number(points, scope)?,
            Points::Discretion { min, max, required } => match self.judged(row, scope) {
                None if !required => return Ok(Gives::Nothing),
                judged => judged.filter(|points| min <= points && points <= max),
            },
            Points::ToBeFilled => None,
        };
        Ok(match (holds, points) {
            (Some(_), Some(points)) => Gives::Points(points),
            (_, points) => Gives::Unknown(points),
        })
    }

    /// Whether the condition of a row, band included, holds.
    fn row_condition(
        &self,
        table: &'a Table,
        row: &'a Row,
        scope: Scope<'_>,
    ) -> Outcome<Option<bool>> {
        let mut holds = Some(true);
        // What is known to fail ends the matter; an unknown part does not.
        let mut and = |part: Option<bool>| {
            if part == Some(false) || holds == Some(true) {
                holds = part;
            }
            part != Some(false)
        };
        let mut rest = Vec::new();
        if let Some(part) = &row.band {
            let band = &table.bands[part.band as usize];
            if let Some(when) = &band.when
                && !and(self.condition(when, scope)?)
            {
                return Ok(Some(false));
            }
            rest.push((Some(&band.by), part.from, part.below));
            rest.push((band.by2.as_ref(), part.from2, part.below2));
        }
        if let Some(when) = &row.when
            && !and(self.condition(when, scope)?)
        {
            return Ok(Some(false));
        }
        for (by, from, below) in rest {
            if let Some(by) = by
                && (from.is_some() || below.is_some())
            {
                let within = self.number(by, scope)?.map(|x| {
                    from.is_none_or(|from| from <= x) && below.is_none_or(|below| x < below)
                });
                if !and(within) {
                    return Ok(Some(false));
                }
            }
        }
        Ok(holds)
    }

    /// What staff entered for a row: about the guardian (adult) at hand; in a table for the application
    /// about the child, else the household.
    fn judged(&self, row: &Row, scope: Scope<'_>) -> Option<Exact> {
        let about = match scope.at_hand {
            Some(at_hand) => vec![at_hand],
            None => vec![
                (Entity::Child, self.child),
                (Entity::Household, self.household),
            ],
        };
        about.into_iter().find_map(|(entity, subject)| {
            let mut entries = self.facts.discretion.iter();
            entries
                .find(|d| d.entity == entity && d.subject == subject && d.item == row.id)
                .map(|d| d.value)
        })
    }
}

/// What a row gives once the rows that exclude it are looked at.
fn after_exclusion(table: &Table, alone: &[Gives], at: usize) -> Gives {
    let mut maybe_excluded = false;
    for (other, row) in table.rows.iter().enumerate() {
        if row.excludes.contains(&(at as u32)) {
            match after_exclusion(table, alone, other) {
                Gives::Points(_) => return Gives::Nothing,
                Gives::Unknown(_) => maybe_excluded = true,
                Gives::Nothing => {}
            }
        }
    }
    match alone[at] {
        Gives::Points(points) if maybe_excluded => Gives::Unknown(Some(points)),
        gives => gives,
    }
}

/// What several rows or groups give together.
fn combine(take: Take, items: &[Gives]) -> Outcome<Gives> {
    let known = items.iter().filter_map(|g| match g {
        Gives::Points(points) => Some(*points),
        _ => None,
    });
    let counted = match take {
        Take::First => {
            let first = items.iter().find(|g| **g != Gives::Nothing);
            return Ok(match first {
                Some(Gives::Points(points)) => Gives::Points(*points),
                Some(_) => Gives::Unknown(None),
                None => Gives::Nothing,
            });
        }
        // What is unknown matters in any case.
        Take::Sum if items.iter().any(|g| matches!(g, Gives::Unknown(_))) => {
            return Ok(Gives::Unknown(None));
        }
        Take::Sum => {
            let mut sum = None;
            for points in known {
                sum = Some(sum.unwrap_or(Exact::ZERO).plus(points).ok_or(Fault {
                    item: None,
                    division: false,
                })?);
            }
            sum
        }
        Take::Highest => known.max(),
        Take::Lowest => known.min(),
    };
    // An unknown item matters, unless its points are known to be outdone by one that counts.
    let outdone = |points: Exact| match (take, counted) {
        (Take::Highest, Some(best)) => points <= best,
        (Take::Lowest, Some(best)) => points >= best,
        _ => false,
    };
    let matters = |g: &Gives| match g {
        Gives::Unknown(points) => !points.is_some_and(outdone),
        _ => false,
    };
    Ok(if items.iter().any(matters) {
        Gives::Unknown(None)
    } else {
        counted.map_or(Gives::Nothing, Gives::Points)
    })
}
