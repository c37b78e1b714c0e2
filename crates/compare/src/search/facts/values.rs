//! Which facts a criteria file looks at, and which values of each are worth trying.
//!
//! The values are the file's own: every level of an enumeration, both of a yes or no, and for numbers and days the
//! edges of its bands and comparisons. Beside them come slips of the pen: one digit, one box.

use enmusubi_criteria::{
    Criteria,
    types::{Kind, Resolved, TimeUnit, Typed},
};
use enmusubi_domain::facts::{
    AttributeIx, Entity, Exact, RoundFacts, Type, Unit, Value,
    derived::stated_for,
    vocabulary::{Origin, VOCABULARY, find},
};
use enmusubi_scoring::edges;
use jiff::{ToSpan, civil::Date};
use std::collections::{BTreeMap, BTreeSet};

/// Texts of a column that are tried, at most.
const TEXTS_MAX: usize = 24;

/// What a file looks at.
#[derive(Debug, Default)]
pub struct Looks {
    /// Stated attributes that can come into a judgement, with the numbers and days that the file has for them.
    of: BTreeMap<AttributeIx, Ends>,
}

/// What a time before a day is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Long {
    Months,
    Days,
    Years,
}

/// Numbers and days a file compares an attribute with.
#[derive(Debug, Default, Clone)]
struct Ends {
    numbers: BTreeSet<Exact>,
    dates: BTreeSet<Date>,
    /// So long before a day of the round.
    before: BTreeSet<(Long, Exact)>,
    /// Texts that occur.
    texts: Vec<Value>,
}

impl Looks {
    /// What the criteria look at in a round.
    pub fn of(criteria: &Criteria, resolved: &Resolved, facts: &RoundFacts) -> Self {
        let mut looks = Self::default();
        let mut walk = Walk {
            resolved,
            looks: &mut looks,
        };
        walk.file(criteria);
        looks.conversions();
        looks.texts(facts);
        looks
    }

    /// The attributes.
    pub fn attributes(&self) -> impl Iterator<Item = AttributeIx> + '_ {
        self.of.keys().copied()
    }

    /// Hours and days are converted into each other: what is looked at may come from another of them.
    fn conversions(&mut self) {
        for activity in ["work_", "study_"] {
            let names = [
                "days_per_week",
                "days_per_month",
                "hours_per_day",
                "hours_per_week",
                "hours_per_month",
            ];
            let all = names.map(|n| find(Entity::Guardian, &format!("{activity}{n}")));
            let mut all = all.iter().flatten();
            if all.clone().any(|a| self.of.contains_key(a)) {
                all.by_ref().for_each(|a| {
                    self.of.entry(*a).or_default();
                });
            }
        }
    }

    fn texts(&mut self, facts: &RoundFacts) {
        for (at, ends) in &mut self.of {
            let attribute = &VOCABULARY[*at as usize];
            if attribute.ty != Type::Text {
                continue;
            }
            let column = facts.table(attribute.entity).column(*at).unwrap_or(&[]);
            let mut count: BTreeMap<u32, u32> = BTreeMap::new();
            for value in column {
                if let Value::Symbol(s) = value {
                    *count.entry(*s).or_default() += 1;
                }
            }
            let mut texts: Vec<(u32, u32)> = count.into_iter().collect();
            texts.sort_by_key(|&(s, n)| (std::cmp::Reverse(n), s));
            texts.truncate(TEXTS_MAX);
            ends.texts = texts.iter().map(|&(s, _)| Value::Symbol(s)).collect();
        }
    }

    /// Values for a fact, each with how far-fetched it is (0: a slip of the pen). `beside`: values of the same
    /// attribute that others at the same cut-offs have.
    pub fn values(
        &self,
        attribute: AttributeIx,
        now: Value,
        beside: &[Value],
        facts: &RoundFacts,
    ) -> Vec<(u32, Value)> {
        let Some(ends) = self.of.get(&attribute) else {
            return Vec::new();
        };
        let mut list: Vec<(u32, Value)> = Vec::new();
        // A blank that should have been filled in is less of a slip than one wrong box.
        let blank = 2 * u32::from(!now.is_known());
        match VOCABULARY[attribute as usize].ty {
            Type::Bool => list.extend([false, true].map(|b| (blank, Value::Bool(b)))),
            Type::Enum(e) => list.extend((0..e.values.len() as u8).map(|i| {
                let far = match now {
                    Value::Enum(n) => u32::from(n.abs_diff(i)).saturating_sub(1).min(3),
                    _ => 2,
                };
                (far, Value::Enum(i))
            })),
            Type::Set(e) => {
                let bits = match now {
                    Value::Set(bits) => bits,
                    _ => 0,
                };
                for i in 0..e.values.len() as u32 {
                    list.push((blank, Value::Set(bits ^ (1 << i))));
                    if bits.count_ones() == 1 {
                        list.push((1 + blank, Value::Set(1 << i)));
                    }
                }
                list.retain(|(_, v)| *v != Value::Set(0));
            }
            Type::Number | Type::Quantity(_) => numbers(ends, attribute, now, beside, &mut list),
            Type::Date => dates(ends, now, beside, facts, &mut list),
            Type::Text => list.extend(ends.texts.iter().map(|t| (1 + blank, *t))),
            Type::Texts => {}
        }
        list.retain(|(_, v)| *v != now);
        list.sort_by_key(|(far, _)| *far);
        let mut seen: Vec<Value> = Vec::with_capacity(list.len());
        list.retain(|(_, v)| {
            let new = !seen.contains(v);
            if new {
                seen.push(*v);
            }
            new
        });
        list
    }
}

fn numbers(
    ends: &Ends,
    attribute: AttributeIx,
    now: Value,
    beside: &[Value],
    list: &mut Vec<(u32, Value)>,
) {
    let unit: Option<Unit> = match VOCABULARY[attribute as usize].ty {
        Type::Quantity(unit) => Some(unit),
        _ => None,
    };
    let known = match now {
        Value::Number(n) => Some(n),
        _ => None,
    };
    let slips = known.and_then(Exact::as_whole).map_or_else(Vec::new, slips);
    let around = edges::values(unit, ends.numbers.iter().copied().map(Some));
    // The neighbouring band first.
    let distance = |n: Exact| {
        let Some(now) = known else { return 2 };
        let (low, high) = (now.min(n), now.max(n));
        let between = ends.numbers.iter().filter(|e| low < **e && **e <= high);
        (between.count() as u32).saturating_sub(1).min(3)
    };
    list.extend(slips.into_iter().map(|n| (0, Value::whole(n))));
    list.extend(
        around
            .into_iter()
            .map(|n| (1 + distance(n), Value::Number(n))),
    );
    for value in beside {
        let Value::Number(n) = *value else { continue };
        for step in [0, -1, 1] {
            let near = n.plus(Exact::whole(step)).filter(|n| *n >= Exact::ZERO);
            list.extend(near.map(|n| (3, Value::Number(n))));
        }
    }
}

/// A number with a digit too many, too few, or two changed about; of short numbers, one digit another.
fn slips(n: i64) -> Vec<i64> {
    let digits: Vec<u8> = n.unsigned_abs().to_string().into_bytes();
    let mut texts: Vec<Vec<u8>> = Vec::new();
    for at in 0..digits.len() {
        let mut fewer = digits.clone();
        fewer.remove(at);
        texts.push(fewer);
        if at > 0 {
            let mut turned = digits.clone();
            turned.swap(at - 1, at);
            texts.push(turned);
        }
        if digits.len() <= 3 {
            for digit in b'0'..=b'9' {
                let mut other = digits.clone();
                other[at] = digit;
                texts.push(other);
            }
        }
    }
    let mut more = digits.clone();
    more.push(b'0');
    texts.push(more);
    let read = |t: &Vec<u8>| std::str::from_utf8(t).ok()?.parse::<i64>().ok();
    let mut found: Vec<i64> = texts.iter().filter_map(read).collect();
    found.sort_unstable();
    found.dedup();
    found
}

fn dates(
    ends: &Ends,
    now: Value,
    beside: &[Value],
    facts: &RoundFacts,
    list: &mut Vec<(u32, Value)>,
) {
    let day_beside = |day: Date, far: u32, list: &mut Vec<(u32, Value)>| {
        for step in [0i32, -1, 1] {
            let moved = day.checked_add(step.days());
            list.extend(moved.ok().map(|d| (far, Value::Date(d))));
        }
    };
    if let Value::Date(day) = now {
        let slips = [
            day.checked_add(1i32.day()),
            day.checked_sub(1i32.day()),
            day.checked_add(10i32.days()),
            day.checked_sub(10i32.days()),
            day.checked_add(1i32.month()),
            day.checked_sub(1i32.month()),
            day.checked_add(1i32.year()),
            day.checked_sub(1i32.year()),
        ];
        list.extend(slips.into_iter().flatten().map(|d| (0, Value::Date(d))));
    }
    for day in &ends.dates {
        day_beside(*day, 1, list);
    }
    let info = &facts.info;
    let april = jiff::civil::date(info.fiscal_year(), 4, 1);
    let mut anchors = vec![info.entry_date, info.base_date, april];
    anchors.extend(info.deadline);
    anchors.sort_unstable();
    anchors.dedup();
    for &(unit, n) in &ends.before {
        let Some(n) = n.as_whole() else { continue };
        for anchor in &anchors {
            let span = match unit {
                Long::Months => jiff::Span::new().try_months(n),
                Long::Days => jiff::Span::new().try_days(n),
                Long::Years => jiff::Span::new().try_years(n),
            };
            if let Some(day) = span.ok().and_then(|s| anchor.checked_sub(s).ok()) {
                day_beside(day, 1, list);
            }
        }
    }
    for anchor in anchors {
        day_beside(anchor, 2, list);
    }
    for value in beside {
        if let Value::Date(day) = *value {
            day_beside(day, 3, list);
        }
    }
}

/// A walk through a file's expressions.
struct Walk<'w> {
    resolved: &'w Resolved,
    looks: &'w mut Looks,
}

/// What stands under an expression, named values and conditions opened.
#[derive(Default)]
struct Under {
    attributes: BTreeSet<AttributeIx>,
    numbers: BTreeSet<Exact>,
    dates: BTreeSet<Date>,
    units: BTreeSet<Long>,
}

impl Walk<'_> {
    fn file(&mut self, criteria: &Criteria) {
        let r = self.resolved;
        let mut all: Vec<&Typed> = Vec::new();
        all.extend(&r.conditions);
        for value in &r.values {
            all.push(&value.value);
            for (when, operand) in &value.changes {
                all.extend(when);
                all.push(operand);
            }
        }
        all.extend(r.strata.iter().flatten());
        all.extend(r.keys.iter().flatten());
        all.extend(r.passes.iter().flatten());
        all.extend(&r.pools);
        all.extend(&r.eligibility);
        for table in &r.tables {
            all.extend(&table.otherwise);
            for bounds in std::iter::once(&table.bounds).chain(&table.groups) {
                all.extend(bounds.at_most.iter().chain(&bounds.at_least));
            }
            for band in &table.bands {
                all.extend(band.when.iter().chain(&band.by2));
                all.push(&band.by);
            }
            for row in &table.rows {
                all.extend(row.when.iter().chain(&row.points));
            }
        }
        for e in all {
            self.look(e);
        }
        for (table, typed) in criteria.tables.iter().zip(&r.tables) {
            for part in table.rows.iter().filter_map(|row| row.band.as_ref()) {
                let Some(band) = typed.bands.get(part.band as usize) else {
                    continue;
                };
                self.ends(&[&band.by], [part.from, part.below]);
                if let Some(by2) = &band.by2 {
                    self.ends(&[by2], [part.from2, part.below2]);
                }
            }
        }
    }

    fn look(&mut self, e: &Typed) {
        match &e.kind {
            Kind::Attribute(_, at) => {
                self.stated(*at);
            }
            Kind::Compare(_, a, b) => self.ends(&[a, b], []),
            Kind::OneOf(a, list) => {
                let mut parts: Vec<&Typed> = list.iter().collect();
                parts.push(a);
                self.ends(&parts, []);
            }
            _ => {}
        }
        for part in e.parts() {
            self.look(part);
        }
    }

    /// Notes an attribute; what it is in the papers.
    fn stated(&mut self, at: AttributeIx) -> Option<AttributeIx> {
        let at = match VOCABULARY[at as usize].origin {
            Origin::Stated => at,
            Origin::Derived => stated_for(at)?,
        };
        let of = matches!(
            VOCABULARY[at as usize].entity,
            Entity::Household
                | Entity::Guardian
                | Entity::Adult
                | Entity::Child
                | Entity::Choice
                | Entity::Decline
        );
        of.then(|| {
            self.looks.of.entry(at).or_default();
            at
        })
    }

    /// Notes what attributes under some expressions are compared with.
    fn ends<const N: usize>(&mut self, parts: &[&Typed], more: [Option<Exact>; N]) {
        let mut under = Under::default();
        for part in parts {
            self.under(part, &mut under, 0);
        }
        under.numbers.extend(more.into_iter().flatten());
        for at in under.attributes {
            let derived = &VOCABULARY[at as usize];
            let unit = match (derived.origin, derived.name) {
                (Origin::Stated, _) => None,
                (_, "age_months") => Some(Long::Months),
                (_, "age_days" | "waiting_days") => Some(Long::Days),
                _ => Some(Long::Years),
            };
            let Some(stated) = self.stated(at) else {
                continue;
            };
            let ends = self.looks.of.entry(stated).or_default();
            if VOCABULARY[stated as usize].ty == Type::Date {
                ends.dates.extend(&under.dates);
                for unit in under.units.iter().copied().chain(unit) {
                    ends.before.extend(under.numbers.iter().map(|n| (unit, *n)));
                }
            } else {
                ends.numbers.extend(&under.numbers);
            }
        }
    }

    fn under(&self, e: &Typed, found: &mut Under, depth: u32) {
        match &e.kind {
            Kind::Attribute(_, at) => {
                found.attributes.insert(*at);
            }
            Kind::Number(n) => {
                found.numbers.insert(*n);
            }
            Kind::Date(d) => {
                found.dates.insert(*d);
            }
            Kind::Between(unit, ..) => {
                found.units.insert(match unit {
                    TimeUnit::Months => Long::Months,
                    TimeUnit::Days => Long::Days,
                    TimeUnit::Years => Long::Years,
                });
            }
            // Values name only earlier ones; the checker knows no cycles. A depth is enough to be safe.
            Kind::Value(v) if depth < 8 => {
                if let Some(value) = self.resolved.values.get(*v as usize) {
                    self.under(&value.value, found, depth + 1);
                }
            }
            _ => {}
        }
        for part in e.parts() {
            self.under(part, found, depth);
        }
    }
}
