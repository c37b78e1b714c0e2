//! What is worth trying with a criteria file: the numbers, texts and days it compares facts with.

use enmusubi_criteria::{
    Criteria,
    expression::{Expression, Kind},
    model::{Over, Points},
};
use enmusubi_domain::facts::{AttributeIx, Entity, Exact, vocabulary::VOCABULARY};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// Values at which a file may change its mind.
#[derive(Debug, Clone, Default)]
pub struct Interest {
    /// Per attribute: numbers that stand in one condition, or band, with it, and their neighbours (±1,
    /// ±½). Ascending, each once.
    pub numbers: BTreeMap<AttributeIx, Vec<Exact>>,
    /// All of these numbers.
    pub any: Vec<Exact>,
    /// Texts of the file's expressions (areas, ids, names of enumerations).
    pub texts: Vec<Box<str>>,
    /// Days of the file's expressions.
    pub days: Vec<Date>,
    /// Attributes the file speaks of.
    pub attributes: BTreeSet<AttributeIx>,
    /// Rows that staff judge: id, what the table is evaluated for, lowest, highest.
    pub judged: Vec<(Box<str>, Over, Exact, Exact)>,
}

/// Every number of a file that a fact may be compared with, its neighbours by one and by a half.
/// Ascending, each once.
#[must_use]
pub fn interesting_numbers(criteria: &Criteria) -> Vec<Exact> {
    Interest::of(criteria).any
}

impl Interest {
    /// What a file makes interesting.
    #[must_use]
    pub fn of(criteria: &Criteria) -> Self {
        let mut all = Self::default();
        for c in &criteria.conditions {
            all.expressions([&c.when], &[]);
        }
        for table in &criteria.tables {
            let bounds = [&table.otherwise, &table.at_most, &table.at_least];
            for e in bounds.into_iter().flatten() {
                all.expressions([e], &[]);
            }
            for group in &table.groups {
                for e in [&group.at_most, &group.at_least].into_iter().flatten() {
                    all.expressions([e], &[]);
                }
            }
            for (at, band) in table.bands.iter().enumerate() {
                let parts = || {
                    let rows = table.rows.iter().filter_map(|r| r.band.as_ref());
                    rows.filter(move |p| p.band as usize == at)
                };
                let first: Vec<Exact> = parts().flat_map(|p| [p.from, p.below]).flatten().collect();
                let second: Vec<Exact> = parts()
                    .flat_map(|p| [p.from2, p.below2])
                    .flatten()
                    .collect();
                all.expressions([&band.by], &first);
                all.expressions(&band.by2, &second);
                all.expressions(&band.when, &[]);
            }
            for row in &table.rows {
                all.expressions(&row.when, &[]);
                match &row.points {
                    Points::Expression(e) => all.expressions([e], &[]),
                    Points::Discretion { min, max, .. } => {
                        all.judged.push((row.id.clone(), table.over, *min, *max));
                    }
                    Points::ToBeFilled => {}
                }
            }
        }
        for value in &criteria.values {
            all.expressions([&value.value], &[]);
            for change in &value.changes {
                all.expressions(&change.when, &[]);
                all.expressions([&change.by], &[]);
            }
        }
        all.expressions(criteria.strata.iter().filter_map(|s| s.when.as_ref()), &[]);
        all.expressions(criteria.keys.iter().filter_map(|k| k.value.as_ref()), &[]);
        all.expressions(criteria.passes.iter().filter_map(|p| p.when.as_ref()), &[]);
        all.expressions(criteria.pools.iter().map(|p| &p.target), &[]);
        all.expressions(criteria.eligibility.iter().map(|e| &e.require), &[]);
        all.attributes
            .extend(criteria.monotone.iter().map(|m| m.attribute));
        all.finish();
        all
    }

    /// Notes each expression, and numbers its attributes are compared with outside of it.
    fn expressions<'e>(&mut self, list: impl IntoIterator<Item = &'e Expression>, more: &[Exact]) {
        for expression in list {
            let mut numbers = more.to_vec();
            let mut names = BTreeSet::new();
            self.walk(expression, &mut numbers, &mut names);
            let attributes = VOCABULARY
                .iter()
                .enumerate()
                .filter(|(_, a)| names.contains(a.name));
            for (at, _) in attributes {
                self.attributes.insert(at as AttributeIx);
                let near = self.numbers.entry(at as AttributeIx).or_default();
                near.extend(&numbers);
            }
            self.any.extend(numbers);
        }
    }

    fn walk<'e>(
        &mut self,
        expression: &'e Expression,
        numbers: &mut Vec<Exact>,
        names: &mut BTreeSet<&'e str>,
    ) {
        match &expression.kind {
            Kind::Number(n) => numbers.push(*n),
            Kind::Text(text) => match text.parse::<Date>() {
                Ok(day) => self.days.push(day),
                Err(_) => self.texts.push(text.clone()),
            },
            Kind::Bool(_) | Kind::Name(_) => {}
            Kind::Member(of, name) => {
                names.insert(&name.text);
                self.walk(of, numbers, names);
            }
            Kind::List(list) | Kind::Call(_, list) => {
                for e in list {
                    self.walk(e, numbers, names);
                }
            }
            Kind::Method(of, _, list) => {
                self.walk(of, numbers, names);
                for e in list {
                    self.walk(e, numbers, names);
                }
            }
            Kind::Unary(_, of) => self.walk(of, numbers, names),
            Kind::Binary(_, left, right) => {
                self.walk(left, numbers, names);
                self.walk(right, numbers, names);
            }
            Kind::Choose(condition, yes, no) => {
                for e in [condition, yes, no] {
                    self.walk(e, numbers, names);
                }
            }
        }
    }

    fn finish(&mut self) {
        for numbers in self.numbers.values_mut().chain([&mut self.any]) {
            *numbers = with_neighbours(numbers);
        }
        self.texts.sort_unstable();
        self.texts.dedup();
        self.days.sort_unstable();
        self.days.dedup();
    }

    /// Attributes of an entity that the file speaks of.
    pub fn of_entity(&self, entity: Entity) -> impl Iterator<Item = AttributeIx> {
        self.attributes
            .iter()
            .copied()
            .filter(move |&at| VOCABULARY[at as usize].entity == entity)
    }
}

fn with_neighbours(numbers: &[Exact]) -> Vec<Exact> {
    let steps = [
        Exact::ZERO,
        Exact::ONE,
        Exact::whole(-1),
        Exact::new(1, 2).unwrap_or(Exact::ONE),
        Exact::new(-1, 2).unwrap_or(Exact::ONE),
    ];
    let near: BTreeSet<Exact> = numbers
        .iter()
        .flat_map(|n| steps.iter().filter_map(|s| n.plus(*s)))
        .collect();
    near.into_iter().collect()
}
