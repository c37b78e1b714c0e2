//! Rows, exclusions, groups, tables. The meaning is at the top of `enmusubi_criteria::model`.

use crate::{
    code::{BoundsCode, Num, Part, PointsCode, RowCode, TableCode},
    probe::Nudge,
    session::{Fault, Gives, Outcome, Session},
};
use enmusubi_criteria::{
    model::{IfUnknown, Take},
    types::Element,
};
use enmusubi_domain::facts::{Entity, Exact};

impl Session<'_> {
    /// Points of a table; `None` where unknown. `element`: the guardian (adult) in a table over them.
    pub fn table(&mut self, table: u32, element: Option<u32>) -> Outcome<Option<Exact>> {
        let code = &self.program.code.tables[table as usize];
        match element {
            None => self.kept_number(code.slot, 0, |s| s.points(code)),
            Some(element) => self.kept_number(code.slot, element, |s| {
                s.with_element(element, |s| s.points(code))
            }),
        }
    }

    fn points(&mut self, code: &TableCode) -> Outcome<Option<Exact>> {
        let base = self.scratch.len();
        let points = if code.order.is_none() && code.parts.is_none() && code.split.is_none() {
            self.plain_rows(code)
        } else {
            self.all_rows(code)
                .and_then(|()| self.combined(code, base))
                .and_then(|given| self.finished(code, given))
        };
        self.scratch.truncate(base);
        points.map_err(|f| f.within(code.item))
    }

    /// A table without groups and exclusions.
    fn plain_rows(&mut self, code: &TableCode) -> Outcome<Option<Exact>> {
        let mut all = Combined::default();
        for row in 0..code.rows.len() {
            let given = self.row_alone(code, row)?;
            all.add(code.take, given);
        }
        self.add_nudge(code, &mut all);
        let given = all.given(code.take)?;
        self.finished(code, given)
    }

    /// `otherwise` and bounds.
    fn finished(&mut self, code: &TableCode, given: Gives) -> Outcome<Option<Exact>> {
        let points = match given {
            Gives::Points(points) => Some(points),
            Gives::Unknown(_) => None,
            Gives::Nothing => match &code.otherwise {
                Some(otherwise) => self.num(otherwise)?,
                None => (code.take == Take::Sum).then_some(Exact::ZERO),
            },
        };
        match points {
            Some(points) => self.bounded(points, &code.bounds),
            None => Ok(None),
        }
    }

    /// What every row gives after exclusions, onto the scratch.
    pub(crate) fn all_rows(&mut self, code: &TableCode) -> Outcome<()> {
        let base = self.scratch.len();
        let count = code.rows.len();
        self.scratch.resize(base + count, Gives::Nothing);
        let split = code.split.as_ref().filter(|split| {
            self.rows_of_child(split.at, base, |s, rows| {
                for &row in &split.of_child {
                    match s.row_alone(code, row as usize)? {
                        Gives::Nothing => {}
                        gives => rows.push((row, gives)),
                    }
                }
                Ok(())
            })
        });
        match split {
            Some(split) => {
                for &row in &split.of_choice {
                    self.scratch[base + row as usize] = self.row_alone(code, row as usize)?;
                }
            }
            None => {
                for row in 0..count {
                    self.scratch[base + row] = self.row_alone(code, row)?;
                }
            }
        }
        for &row in code.order.iter().flatten() {
            let mut maybe_excluded = false;
            for &other in &code.rows[row as usize].excluded_by {
                match self.scratch[base + other as usize] {
                    Gives::Points(_) => {
                        self.scratch[base + row as usize] = Gives::Nothing;
                        maybe_excluded = false;
                        break;
                    }
                    Gives::Unknown(_) => maybe_excluded = true,
                    Gives::Nothing => {}
                }
            }
            let given = &mut self.scratch[base + row as usize];
            if let (true, Gives::Points(points)) = (maybe_excluded, *given) {
                *given = Gives::Unknown(Some(points));
            }
        }
        Ok(())
    }

    /// Rows and groups together; the rows are on the scratch.
    fn combined(&mut self, code: &TableCode, base: usize) -> Outcome<Gives> {
        let mut all = Combined::default();
        match &code.parts {
            None => {
                for row in 0..code.rows.len() {
                    all.add(code.take, self.scratch[base + row]);
                }
            }
            Some(parts) => {
                for part in parts {
                    let given = match part {
                        Part::Row(row) => self.scratch[base + *row as usize],
                        Part::Group(group) => self.group_of(code, *group as usize, base)?,
                    };
                    all.add(code.take, given);
                }
            }
        }
        self.add_nudge(code, &mut all);
        all.given(code.take)
    }

    /// One more row, where a probe asks for it.
    fn add_nudge(&self, code: &TableCode, all: &mut Combined) {
        if let Some(Nudge::Added {
            table,
            element,
            points,
        }) = self.nudged
            && std::ptr::eq(code, &self.program.code.tables[table as usize])
            && element.is_none_or(|e| e == self.element_at_hand())
        {
            all.add(code.take, Gives::Points(points));
        }
    }

    /// Points of a row in the file, as a probe has them.
    fn nudged_points(&self, row: &RowCode, points: Option<Exact>) -> Outcome<Option<Exact>> {
        let Some(Nudge::Row { table, row: at, by }) = self.nudged else {
            return Ok(points);
        };
        let of = &self.program.code.tables[table as usize];
        if !std::ptr::eq(row, &of.rows[at as usize]) {
            return Ok(points);
        }
        match points {
            Some(points) => points.plus(by).map(Some).ok_or(Fault::new(false)),
            None => Ok(None),
        }
    }

    pub(crate) fn group_of(
        &mut self,
        code: &TableCode,
        group: usize,
        base: usize,
    ) -> Outcome<Gives> {
        let group = &code.groups[group];
        let mut all = Combined::default();
        for &row in &group.rows {
            all.add(group.take, self.scratch[base + row as usize]);
        }
        Ok(match all.given(group.take)? {
            Gives::Points(points) => match self.bounded(points, &group.bounds)? {
                Some(points) => Gives::Points(points),
                None => Gives::Unknown(None),
            },
            other => other,
        })
    }

    /// At most, then at least.
    fn bounded(&mut self, mut points: Exact, bounds: &BoundsCode) -> Outcome<Option<Exact>> {
        if let Some(bound) = &bounds.at_most {
            match self.num(bound)? {
                Some(bound) => points = points.min(bound),
                None => return Ok(None),
            }
        }
        if let Some(bound) = &bounds.at_least {
            match self.num(bound)? {
                Some(bound) => points = points.max(bound),
                None => return Ok(None),
            }
        }
        Ok(Some(points))
    }

    /// What a row gives, exclusions aside; kept if its scope is smaller than its table's.
    #[inline]
    pub(crate) fn row_alone(&mut self, code: &TableCode, at: usize) -> Outcome<Gives> {
        let row = &code.rows[at];
        if let Some(first) = &row.first
            && row.slot.is_none()
            && self.leaf(first) == Some(false)
        {
            return Ok(Gives::Nothing);
        }
        match row.slot {
            None => self.row_now(code, row),
            Some(slot) => {
                let element = self.element_at_hand();
                self.kept_row(slot, element, |s| s.row_now(code, row))
            }
        }
    }

    fn row_now(&mut self, code: &TableCode, row: &RowCode) -> Outcome<Gives> {
        self.row_given(code, row).map_err(|f| f.within(row.item))
    }

    fn row_given(&mut self, code: &TableCode, row: &RowCode) -> Outcome<Gives> {
        if let Some(Nudge::Without { table, row: at }) = self.nudged
            && std::ptr::eq(
                row,
                &self.program.code.tables[table as usize].rows[at as usize],
            )
        {
            return Ok(Gives::Nothing);
        }
        let holds = match &row.when {
            None => true,
            Some(when) => match (self.cond(when)?, row.if_unknown) {
                (Some(holds), _) => holds,
                (None, IfUnknown::Applies) => true,
                (None, IfUnknown::Not) => false,
                (None, IfUnknown::Undecided) => {
                    return Ok(match self.row_points(code, row)? {
                        Entered::Nothing => Gives::Nothing,
                        Entered::Points(points) => Gives::Unknown(points),
                    });
                }
            },
        };
        if !holds {
            return Ok(Gives::Nothing);
        }
        Ok(match self.row_points(code, row)? {
            Entered::Nothing => Gives::Nothing,
            Entered::Points(Some(points)) => Gives::Points(points),
            Entered::Points(None) => Gives::Unknown(None),
        })
    }

    fn row_points(&mut self, code: &TableCode, row: &RowCode) -> Outcome<Entered> {
        Ok(match &row.points {
            PointsCode::Number(Num::Const(points)) => {
                Entered::Points(self.nudged_points(row, Some(*points))?)
            }
            PointsCode::Number(points) => {
                let points = self.num(points)?;
                Entered::Points(self.nudged_points(row, points)?)
            }
            PointsCode::ToBeFilled => Entered::Points(None),
            PointsCode::Discretion {
                min, max, required, ..
            } => match self.judged(code, row) {
                None if !required => Entered::Nothing,
                judged => Entered::Points(judged.filter(|p| min <= p && p <= max)),
            },
        })
    }

    /// What staff entered for a row: about the guardian (adult) at hand; else about the child, else the household.
    pub(crate) fn judged(&self, code: &TableCode, row: &RowCode) -> Option<Exact> {
        let (household, child, ..) = self.at_hand();
        match code.over {
            Some(Element::Guardian) => {
                self.entered(Entity::Guardian, self.element_at_hand(), row.item)
            }
            Some(Element::Adult) => self.entered(Entity::Adult, self.element_at_hand(), row.item),
            None => (self.entered(Entity::Child, child, row.item))
                .or_else(|| self.entered(Entity::Household, household, row.item)),
        }
    }
}

/// Points of a row, or nothing, where staff may judge and did not.
enum Entered {
    Nothing,
    Points(Option<Exact>),
}

/// Rows or groups, combined one after the other.
#[derive(Debug, Default)]
pub(crate) struct Combined {
    /// The sum, highest, lowest or first of the known; `None`: none yet.
    known: Option<Exact>,
    too_large: bool,
    /// Unknown without known points, or where points do not help.
    unknown: bool,
    /// Of the unknown with known points the one that is hardest to outdo.
    maybe: Option<Exact>,
}

impl Combined {
    #[inline]
    pub fn add(&mut self, take: Take, given: Gives) {
        if given != Gives::Nothing {
            self.add_some(take, given);
        }
    }

    fn add_some(&mut self, take: Take, given: Gives) {
        match (given, take) {
            (Gives::Nothing, _) => {}
            (Gives::Points(points), Take::Sum) => match self.known {
                None => self.known = Some(points),
                Some(sum) => match sum.plus(points) {
                    Some(sum) => self.known = Some(sum),
                    None => self.too_large = true,
                },
            },
            (Gives::Points(points), Take::Highest) => {
                self.known = Some(self.known.map_or(points, |best| best.max(points)));
            }
            (Gives::Points(points), Take::Lowest) => {
                self.known = Some(self.known.map_or(points, |best| best.min(points)));
            }
            (Gives::Points(points), Take::First) => {
                if self.known.is_none() && !self.unknown {
                    self.known = Some(points);
                }
            }
            (Gives::Unknown(_), Take::First) => {
                if self.known.is_none() {
                    self.unknown = true;
                }
            }
            (Gives::Unknown(Some(points)), Take::Highest) => {
                self.maybe = Some(self.maybe.map_or(points, |most| most.max(points)));
            }
            (Gives::Unknown(Some(points)), Take::Lowest) => {
                self.maybe = Some(self.maybe.map_or(points, |least| least.min(points)));
            }
            (Gives::Unknown(_), _) => self.unknown = true,
        }
    }

    /// What they give together. With something unknown that matters nothing is added up, so no sum can be too large.
    pub fn given(&self, take: Take) -> Outcome<Gives> {
        if self.unknown || self.maybe.is_some_and(|points| !self.outdone(take, points)) {
            return Ok(Gives::Unknown(None));
        }
        if self.too_large {
            return Err(Fault::new(false));
        }
        Ok(self.known.map_or(Gives::Nothing, Gives::Points))
    }

    /// Whether unknown points cannot matter.
    pub fn outdone(&self, take: Take, points: Exact) -> bool {
        match take {
            Take::Highest => self.known.is_some_and(|best| points <= best),
            Take::Lowest => self.known.is_some_and(|best| points >= best),
            Take::Sum | Take::First => false,
        }
    }
}
