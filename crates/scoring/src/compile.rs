//! From a checked file to [`Code`]: each expression by the form that is quickest to evaluate, each part of one that needs a
//! smaller scope than the whole in a slot of its own.

mod expression;

use crate::code::{
    BoundsCode, ChangeCode, Code, Cond, GroupCode, ItemIx, KeyCode, Part, PointsCode, RowCode,
    Rule, Slot, Slots, SplitRows, TableCode, ValueCode,
};
use enmusubi_criteria::{
    Criteria,
    model::{BandPart, Points, Table},
    types::{Bounds, Level, Resolved, Scope, Scopes, Ty, Typed, TypedTable},
};
use enmusubi_domain::facts::{
    Entity,
    vocabulary::{APPLICATION, find},
};
use std::collections::HashMap;

/// Compiles a file; `resolved` is its typed form.
///
/// # Errors
/// What the checker should have refused, in words.
pub(crate) fn compile(criteria: &Criteria, resolved: &Resolved) -> Result<Code, Vec<String>> {
    let mut c = Compiler::new(&resolved.scopes);
    let applies = match find(Entity::Child, "application") {
        Some(at) => (at, c.bits_of(&["new", "transfer"])),
        None => return Err(vec!["the vocabulary has no child.application".into()]),
    };
    let conditions = (criteria.conditions.iter().zip(&resolved.conditions))
        .zip(&resolved.scopes.conditions)
        .map(|((named, when), scope)| {
            let rule = c.rule(&named.id, Some(when), *scope);
            (rule, c.condition_slot(scope.level))
        })
        .collect();
    let values = (criteria.values.iter().zip(&resolved.values))
        .zip(&resolved.scopes.values)
        .map(|((named, typed), scope)| ValueCode {
            item: c.item(&named.id),
            start: c.number(&typed.value, *scope),
            changes: (named.changes.iter().zip(&typed.changes))
                .map(|(change, (when, by))| ChangeCode {
                    item: c.item(&change.id),
                    when: when.as_ref().map(|when| c.condition(when, *scope)),
                    effect: change.effect,
                    by: c.number(by, *scope),
                })
                .collect(),
            slot: c.number_slot(*scope),
        })
        .collect();
    let tables = (criteria.tables.iter().zip(&resolved.tables))
        .zip(&resolved.scopes.tables)
        .map(|((table, typed), scope)| c.table(table, typed, *scope))
        .collect();

    // What belongs to a choice is asked once for each; everything smaller is kept.
    let choice = Scope::at(Level::Choice);
    let strata = (criteria.strata.iter().zip(&resolved.strata))
        .map(|(s, when)| c.rule(&s.id, when.as_ref(), choice))
        .collect();
    let siblings = &criteria.siblings;
    let keys = (0u32..)
        .zip(criteria.keys.iter().zip(&resolved.keys))
        .filter_map(|(at, (key, typed))| {
            let typed = typed.as_ref()?;
            let scope = typed.scope(&resolved.scopes);
            let slot = smaller(scope, choice).then(|| c.number_slot(scope));
            Some(KeyCode {
                item: c.item(&key.id),
                value: c.any(typed, if slot.is_some() { scope } else { choice }),
                slot,
                higher_first: key.higher_first,
                coupled: siblings.coupled.contains(&at),
            })
        })
        .collect();
    let eligibility = (criteria.eligibility.iter().zip(&resolved.eligibility))
        .map(|(rule, when)| c.rule(&rule.id, Some(when), choice))
        .collect();
    let pools = (criteria.pools.iter().zip(&resolved.pools))
        .map(|(pool, when)| c.rule(&pool.id, Some(when), choice))
        .collect();
    let child = Scope::at(Level::Child);
    let passes = (criteria.passes.iter().zip(&resolved.passes))
        .map(|(pass, when)| c.rule(&pass.id, when.as_ref(), child))
        .collect();
    if !c.defects.is_empty() {
        return Err(c.defects);
    }
    Ok(Code {
        items: c.items,
        texts: c.texts,
        conditions,
        tables,
        values,
        strata,
        keys,
        coupling: siblings.coupling,
        eligibility,
        pools,
        passes,
        slots: c.slots,
        split_tables: c.split_tables,
        discretion: (criteria.tables.iter().flat_map(|t| &t.rows))
            .any(|r| matches!(r.points, Points::Discretion { .. })),
        applies,
    })
}

/// Compiles the parts of one file.
pub(crate) struct Compiler<'a> {
    scopes: &'a Scopes,
    items: Vec<Box<str>>,
    at_item: HashMap<Box<str>, ItemIx>,
    texts: Vec<Box<str>>,
    slots: Slots,
    split_tables: u32,
    /// No slots: for single expressions, evaluated once.
    single: bool,
    defects: Vec<String>,
}

impl<'a> Compiler<'a> {
    fn new(scopes: &'a Scopes) -> Self {
        Self {
            scopes,
            items: Vec::new(),
            at_item: HashMap::new(),
            texts: Vec::new(),
            slots: Slots::default(),
            split_tables: 0,
            single: false,
            defects: Vec::new(),
        }
    }

    /// For single expressions of a file that is already compiled.
    pub fn single(scopes: &'a Scopes, code: &Code) -> Self {
        Self {
            texts: code.texts.clone(),
            single: true,
            ..Self::new(scopes)
        }
    }

    fn item(&mut self, id: &str) -> ItemIx {
        if let Some(&at) = self.at_item.get(id) {
            return at;
        }
        let at = self.items.len() as ItemIx;
        self.items.push(id.into());
        self.at_item.insert(id.into(), at);
        at
    }

    fn rule(&mut self, id: &str, when: Option<&Typed>, scope: Scope) -> Rule {
        Rule {
            item: self.item(id),
            when: when.map(|when| self.condition(when, scope)),
        }
    }

    fn condition_slot(&mut self, level: Level) -> Slot {
        let index = self.slots.conditions;
        self.slots.conditions += 1;
        Slot {
            index,
            level,
            element: None,
        }
    }

    fn number_slot(&mut self, scope: Scope) -> Slot {
        taken(&mut self.slots.numbers, scope)
    }

    fn table(&mut self, table: &Table, typed: &TypedTable, scope: Scope) -> TableCode {
        let rows: Vec<RowCode> = (0..table.rows.len())
            .map(|at| self.row(table, typed, at, scope))
            .collect();
        let groups = (table.groups.iter().zip(&typed.groups))
            .zip(0u32..)
            .map(|((group, bounds), at)| GroupCode {
                take: group.take,
                bounds: self.bounds(bounds, scope),
                rows: (0u32..)
                    .zip(&table.rows)
                    .filter(|(_, row)| row.group == Some(at))
                    .map(|(row, _)| row)
                    .collect(),
            })
            .collect();
        let split = self.split(&rows, scope);
        TableCode {
            item: self.item(&table.id),
            over: table.over.element(),
            take: table.take,
            order: self.order(table, &rows),
            parts: parts(table),
            rows,
            groups,
            otherwise: typed.otherwise.as_ref().map(|o| self.number(o, scope)),
            bounds: self.bounds(&typed.bounds, scope),
            slot: self.number_slot(scope),
            split,
        }
    }

    /// Rows that stay the same for all choices of a child, apart from the others.
    fn split(&mut self, rows: &[RowCode], scope: Scope) -> Option<SplitRows> {
        let (of_child, of_choice): (Vec<u32>, Vec<u32>) =
            (0..rows.len() as u32).partition(|&row| rows[row as usize].slot.is_some());
        if scope != Scope::at(Level::Choice) || of_child.is_empty() {
            return None;
        }
        self.split_tables += 1;
        Some(SplitRows {
            at: self.split_tables - 1,
            of_child,
            of_choice,
        })
    }

    fn bounds(&mut self, bounds: &Bounds, scope: Scope) -> BoundsCode {
        BoundsCode {
            at_most: bounds.at_most.as_ref().map(|b| self.number(b, scope)),
            at_least: bounds.at_least.as_ref().map(|b| self.number(b, scope)),
        }
    }

    fn row(&mut self, table: &Table, typed: &TypedTable, at: usize, of_table: Scope) -> RowCode {
        let (row, typed_row) = (&table.rows[at], &typed.rows[at]);
        let scope = typed.row_scope(table, at, self.scopes);
        let mut parts = Vec::new();
        if let Some(part) = &row.band
            && let Some(when) = &typed.bands[part.band as usize].when
        {
            parts.push(self.condition(when, scope));
        }
        if let Some(when) = &typed_row.when {
            parts.push(self.condition(when, scope));
        }
        if let Some(part) = &row.band {
            parts.extend(self.band(typed, part, scope));
        }
        let when = match parts.len() {
            0 | 1 => parts.pop(),
            _ => Some(Cond::All(flat(parts))),
        };
        let points = match (&row.points, &typed_row.points) {
            (Points::Expression(_), Some(points)) => PointsCode::Number(self.number(points, scope)),
            (Points::Expression(_), None) => {
                self.defects
                    .push(format!("the points of row {} have no type", row.id));
                PointsCode::ToBeFilled
            }
            (Points::Discretion { min, max, required }, _) => {
                let band = row.band.as_ref().map(|p| &typed.bands[p.band as usize]);
                let looks_at = (typed_row.when.iter())
                    .chain(band.iter().flat_map(|b| b.when.iter().chain(&b.by2)))
                    .chain(band.iter().map(|b| &b.by));
                let level = looks_at.map(|e| e.scope(self.scopes).level).max();
                PointsCode::Discretion {
                    min: *min,
                    max: *max,
                    required: *required,
                    of_household: level.is_some_and(|l| l <= Level::Household),
                }
            }
            (Points::ToBeFilled, _) => PointsCode::ToBeFilled,
        };
        RowCode {
            item: self.item(&row.id),
            first: match &when {
                Some(Cond::Leaf(leaf)) => Some(*leaf),
                Some(Cond::All(parts)) => match parts.first() {
                    Some(Cond::Leaf(leaf)) => Some(*leaf),
                    _ => None,
                },
                _ => None,
            },
            when,
            if_unknown: row.if_unknown,
            points,
            excluded_by: (0u32..)
                .zip(&table.rows)
                .filter(|(_, other)| other.excludes.contains(&(at as u32)))
                .map(|(other, _)| other)
                .collect(),
            slot: smaller(scope, of_table).then(|| taken(&mut self.slots.rows, scope)),
        }
    }

    /// `from <= by && by < below` of both dimensions, as far as there are ends.
    fn band(&mut self, typed: &TypedTable, part: &BandPart, scope: Scope) -> Vec<Cond> {
        let band = &typed.bands[part.band as usize];
        let dimensions = [
            (Some(&band.by), part.from, part.below),
            (band.by2.as_ref(), part.from2, part.below2),
        ];
        let mut found = Vec::new();
        for (by, from, below) in dimensions {
            if let Some(by) = by
                && (from.is_some() || below.is_some())
            {
                let by = self.number(by, scope);
                found.push(Cond::Band(Box::new((by, from, below))));
            }
        }
        found
    }

    /// Rows so that each comes after those that exclude it; `None` where none does.
    fn order(&mut self, table: &Table, rows: &[RowCode]) -> Option<Vec<u32>> {
        if rows.iter().all(|r| r.excluded_by.is_empty()) {
            return None;
        }
        let mut order: Vec<u32> = Vec::with_capacity(rows.len());
        let mut placed = vec![false; rows.len()];
        while order.len() < rows.len() {
            let before = order.len();
            for (at, row) in rows.iter().enumerate() {
                if !placed[at] && row.excluded_by.iter().all(|&e| placed[e as usize]) {
                    placed[at] = true;
                    order.push(at as u32);
                }
            }
            if order.len() == before {
                self.defects.push(format!(
                    "rows of table {} exclude each other in a circle",
                    table.id
                ));
                return None;
            }
        }
        Some(order)
    }

    fn bits_of(&self, names: &[&str]) -> u64 {
        (names.iter().filter_map(|n| APPLICATION.of_name(n)))
            .fold(0, |bits, value| bits | 1u64 << value)
    }
}

/// A new slot.
fn taken(slots: &mut [u32; 2], scope: Scope) -> Slot {
    let count = &mut slots[usize::from(scope.element.is_some())];
    *count += 1;
    Slot {
        index: *count - 1,
        level: scope.level,
        element: scope.element,
    }
}

/// Whether something of scope `inner` is asked for more often than it changes where `outer` is at hand.
fn smaller(inner: Scope, outer: Scope) -> bool {
    inner.level < outer.level || (inner.element.is_none() && outer.element.is_some())
}

/// Nested "and" as one.
fn flat(parts: Vec<Cond>) -> Box<[Cond]> {
    let mut all = Vec::with_capacity(parts.len());
    for part in parts {
        match part {
            Cond::All(inner) => all.extend(inner),
            other => all.push(other),
        }
    }
    all.into()
}

/// Rows without group, and groups at the place of their first row.
fn parts(table: &Table) -> Option<Vec<Part>> {
    if table.groups.is_empty() {
        return None;
    }
    let mut seen = vec![false; table.groups.len()];
    let mut parts = Vec::new();
    for (at, row) in (0u32..).zip(&table.rows) {
        match row.group {
            None => parts.push(Part::Row(at)),
            Some(group) if !std::mem::replace(&mut seen[group as usize], true) => {
                parts.push(Part::Group(group));
            }
            Some(_) => {}
        }
    }
    Some(parts)
}

/// Whether an expression of a type is a number.
fn is_number(ty: Ty) -> bool {
    matches!(ty, Ty::Number | Ty::Quantity(_))
}
