//! Attributes that follow from others.
//!
//! Ages follow 年齢計算ニ関スル法律: one grows older at the end of the day before the birthday.
//! A child born on 1 April is therefore a year older on 1 April already when 31 March ends, and
//! belongs to the higher class. Months of age are counted the same way.
//!
//! What is derived from something unknown is [`Value::Unknown`], unless the unknown cannot change it
//! (a child that attends no facility graduates from none). Counts of children speak of the
//! children in the table; one not yet born counts only where it applies.

use super::{
    exact::Exact,
    round_facts::{RoundFacts, RoundInfo},
    table::Table,
    value::{SymbolIx, Value},
    vocabulary::{APPLICATION, AttributeIx, EARLIER_RESULT, Entity, find},
};
use jiff::civil::{Date, date};

/// Full years of age on a day. The day before the birthday counts to its end, so on the birthday
/// itself, and on 1 March of a year without 29 February, the new age has been reached.
#[must_use]
pub fn age_years(birth: Date, on: Date) -> i32 {
    months_between(birth, on).div_euclid(12)
}

/// Full months from a day to another; negative where `to` is earlier. A month is full on the day
/// with the same number, or on the first day of the next month where there is none (民法143条).
#[must_use]
pub fn months_between(from: Date, to: Date) -> i32 {
    let months = (i32::from(to.year()) - i32::from(from.year())) * 12 + i32::from(to.month())
        - i32::from(from.month());
    if to.day() < from.day() {
        months - 1
    } else {
        months
    }
}

/// Age class (クラス年齢) in the fiscal year of an entry: age on 1 April, where a child born on 1
/// April still counts as born the day before (its age rises when 31 March ends). Negative: not
/// born on that 1 April.
///
/// ```
/// use enmusubi_domain::facts::derived::age_class;
/// use jiff::civil::date;
/// // Born on 1 April 2026: one year old at the end of 31 March 2027, so class 1 in fiscal 2027.
/// assert_eq!(age_class(date(2026, 4, 1), 2027), 1);
/// assert_eq!(age_class(date(2026, 4, 2), 2027), 0);
/// ```
#[must_use]
pub fn age_class(birth: Date, fiscal_year: i16) -> i32 {
    age_years(birth, date(fiscal_year, 4, 1))
}

/// School grade (学年) in a fiscal year: 1 for the first year of elementary school, 0 or less
/// before.
#[must_use]
pub fn school_grade(birth: Date, fiscal_year: i16) -> i32 {
    age_class(birth, fiscal_year) - 5
}

/// Days from a day to another; negative where `to` is earlier.
#[must_use]
pub fn days_between(from: Date, to: Date) -> i64 {
    i64::from(
        from.until((jiff::Unit::Day, to))
            .map_or(0, |span| span.get_days()),
    )
}

fn whole(n: impl Into<i64>) -> Value {
    Value::Number(Exact::whole(n.into()))
}

/// The stated attribute of the same subject (for choices: of the household) from which a derived one follows;
/// `None` for what is stated, and for what follows from who is there, who applies and who attends where.
#[must_use]
pub fn stated_for(attribute: AttributeIx) -> Option<AttributeIx> {
    let of = &super::vocabulary::VOCABULARY[attribute as usize];
    if of.origin == super::vocabulary::Origin::Stated {
        return None;
    }
    match (of.entity, of.name) {
        (
            Entity::Child,
            "age_class" | "age_months" | "age_days" | "age_years" | "school_grade" | "birth_order",
        )
        | (
            Entity::Household,
            "children_under_18" | "preschoolers" | "children_to_grade_3" | "children_to_grade_6",
        ) => find(Entity::Child, "birth_date"),
        (Entity::Child, "waiting_days") => find(Entity::Child, "waiting_since"),
        (Entity::Adult, "age") => find(Entity::Adult, "birth_date"),
        (Entity::Choice, "in_home_area") => find(Entity::Household, "area"),
        (Entity::Choice, "siblings_placed_here") => find(Entity::Child, "earlier_facility"),
        _ => None,
    }
}

/// Fills every derived attribute. Needs the index.
pub(super) fn derive(facts: &mut RoundFacts) {
    round(facts);
    facilities(facts);
    derive_people(facts);
}

/// Fills every derived attribute of people, where those of the round and of facilities are there already.
pub(super) fn derive_people(facts: &mut RoundFacts) {
    main_reason(facts);
    adults(facts);
    let stay = children(facts);
    households(facts);
    choices(facts, &stay);
}

/// The attribute of a name that stands in this file; the test below walks through all of them.
fn attribute(entity: Entity, name: &str) -> AttributeIx {
    let found = find(entity, name);
    debug_assert!(
        found.is_some(),
        "{entity:?}.{name} is not in the vocabulary"
    );
    found.unwrap_or_default()
}

/// Position of an enumeration's value that stands in this file.
fn value_of(ty: &super::vocabulary::EnumType, name: &str) -> u8 {
    let found = ty.of_name(name);
    debug_assert!(found.is_some(), "{} has no {name}", ty.name);
    found.unwrap_or_default()
}

fn put(table: &mut Table, name: &str, values: Vec<Value>) {
    table.set_column(attribute(table.entity, name), values);
}

fn date_of(value: Value) -> Option<Date> {
    match value {
        Value::Date(date) => Some(date),
        _ => None,
    }
}

fn number_of(value: Value) -> Option<Exact> {
    match value {
        Value::Number(number) => Some(number),
        _ => None,
    }
}

fn or_unknown<T>(value: Option<T>, make: impl FnOnce(T) -> Value) -> Value {
    value.map_or(Value::Unknown, make)
}

/// One attribute of all subjects of a table.
fn all(table: &Table, name: &str) -> Vec<Value> {
    let attribute = attribute(table.entity, name);
    match table.column(attribute) {
        Some(column) => column.to_vec(),
        None => (0..table.len() as u32)
            .map(|i| table.get(i, attribute))
            .collect(),
    }
}

fn dates(table: &Table, name: &str) -> Vec<Option<Date>> {
    all(table, name).into_iter().map(date_of).collect()
}

fn round(facts: &mut RoundFacts) {
    let info = facts.info.clone();
    for (name, value) in [
        ("fiscal_year", whole(info.fiscal_year())),
        ("entry_month", whole(info.entry_date.month())),
        ("entry_date", Value::Date(info.entry_date)),
        ("number", whole(info.number)),
        ("base_date", Value::Date(info.base_date)),
        ("deadline", or_unknown(info.deadline, Value::Date)),
    ] {
        put(&mut facts.round, name, vec![value]);
    }
}

fn facilities(facts: &mut RoundFacts) {
    let RoundFacts {
        facilities,
        symbols,
        ..
    } = facts;
    let ids = facilities
        .ids
        .iter()
        .map(|id| Value::Symbol(symbols.intern(id)))
        .collect();
    put(facilities, "id", ids);
}

/// 主な事由: where there is one reason, that one. (A stated one that differs from the only reason
/// is a contradiction; readers report it.)
fn main_reason(facts: &mut RoundFacts) {
    let table = &mut facts.guardians;
    let main = attribute(Entity::Guardian, "main_reason");
    for (g, reasons) in all(table, "reasons").into_iter().enumerate() {
        if let Value::Set(set) = reasons
            && set.count_ones() == 1
        {
            table.set(g as u32, main, Value::Enum(set.trailing_zeros() as u8));
        }
    }
}

fn adults(facts: &mut RoundFacts) {
    let on = date(facts.info.fiscal_year(), 4, 1);
    let ages = dates(&facts.adults, "birth_date")
        .into_iter()
        .map(|birth| or_unknown(birth, |b| whole(age_years(b, on))))
        .collect();
    put(&mut facts.adults, "age", ages);
}

/// What a child's enrolment means for its siblings.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stay {
    /// Attends no facility of the round, or leaves it by age.
    No,
    /// Attends one and stays, also where it asks for a transfer.
    Yes,
    /// Attends one; whether it leaves by age is unknown.
    Unknown,
}

fn children(facts: &mut RoundFacts) -> Vec<Stay> {
    let RoundInfo {
        entry_date: entry,
        base_date: base,
        number: _,
        ..
    } = facts.info;
    let year = facts.info.fiscal_year();
    let births = dates(&facts.children, "birth_date");
    let classes: Vec<Option<i32>> = births
        .iter()
        .map(|birth| birth.map(|b| age_class(b, year).max(0)))
        .collect();
    let waiting = dates(&facts.children, "waiting_since")
        .into_iter()
        .map(|since| or_unknown(since, |s| whole(days_between(s, base))))
        .collect();
    let table = &mut facts.children;
    let of_birth = |make: &dyn Fn(Date) -> Value| -> Vec<Value> {
        births.iter().map(|b| or_unknown(*b, make)).collect()
    };
    put(
        table,
        "age_class",
        classes.iter().map(|c| or_unknown(*c, whole)).collect(),
    );
    put(
        table,
        "age_months",
        of_birth(&|b| whole(months_between(b, entry))),
    );
    put(
        table,
        "age_days",
        of_birth(&|b| whole(days_between(b, entry))),
    );
    put(table, "age_years", of_birth(&|b| whole(age_years(b, base))));
    put(
        table,
        "school_grade",
        of_birth(&|b| whole(school_grade(b, year))),
    );
    put(table, "waiting_days", waiting);

    let stay = enrolment(facts, &classes);
    let lengths = |ranges: &[std::ops::Range<u32>]| -> Vec<Value> {
        ranges.iter().map(|r| whole(r.end - r.start)).collect()
    };
    let (choices, declines) = (
        lengths(&facts.index.choices),
        lengths(&facts.index.declines),
    );
    put(&mut facts.children, "choices_count", choices);
    put(&mut facts.children, "declines_count", declines);
    siblings(facts, &births, &stay);
    stay
}

/// Attributes about the facility a child attends; who stays there.
fn enrolment(facts: &mut RoundFacts, classes: &[Option<i32>]) -> Vec<Stay> {
    let last_ages = all(&facts.facilities, "last_age");
    let kinds = all(&facts.facilities, "kind");
    let ids = all(&facts.facilities, "id");
    let at = |column: &[Value], f: Option<u32>| f.map_or(Value::Unknown, |f| column[f as usize]);
    let graduating: Vec<Value> = facts
        .enrolled
        .iter()
        .zip(classes)
        .map(|(facility, class)| {
            if facility.is_none() {
                return Value::Bool(false);
            }
            let last = number_of(at(&last_ages, *facility));
            or_unknown(last.zip(*class), |(last, class)| {
                Value::Bool(last < Exact::whole(class.into()))
            })
        })
        .collect();
    let stay = facts
        .enrolled
        .iter()
        .zip(&graduating)
        .map(|(facility, graduating)| match (facility, graduating) {
            (None, _) | (_, Value::Bool(true)) => Stay::No,
            (Some(_), Value::Bool(false)) => Stay::Yes,
            (Some(_), _) => Stay::Unknown,
        })
        .collect();
    let of_facility = |column: &[Value]| facts.enrolled.iter().map(|f| at(column, *f)).collect();
    let (facility, kind) = (of_facility(&ids), of_facility(&kinds));
    let enrolled = facts.enrolled.iter().map(|f| Value::Bool(f.is_some()));
    let enrolled = enrolled.collect();
    let since = facts.enrolled_since.iter();
    let since = since.map(|d| or_unknown(*d, Value::Date)).collect();
    let table = &mut facts.children;
    put(table, "enrolled_facility", facility);
    put(table, "enrolled_kind", kind);
    put(table, "enrolled", enrolled);
    put(table, "enrolled_since", since);
    put(table, "graduating", graduating);
    stay
}

/// Counts that grow by the siblings of a child; unknown once one sibling is.
#[derive(Clone, Copy)]
struct Count(Option<i64>);

impl Count {
    const NONE: Self = Self(Some(0));

    /// One more sibling: in (`Some(true)`), out, or unknown.
    fn add(&mut self, holds: Option<bool>) {
        self.0 = self.0.zip(holds).map(|(n, holds)| n + i64::from(holds));
    }

    fn value(self) -> Value {
        or_unknown(self.0, whole)
    }
}

fn stays(stay: Stay) -> Option<bool> {
    match stay {
        Stay::No => Some(false),
        Stay::Yes => Some(true),
        Stay::Unknown => None,
    }
}

/// Per child: whether it applies in this round.
fn applying(facts: &RoundFacts) -> Vec<bool> {
    let none = Value::Enum(value_of(&APPLICATION, "none"));
    let applications = all(&facts.children, "application");
    applications.into_iter().map(|a| a != none).collect()
}

/// Per child: whether it counts among the children of its household: born by the base date, or
/// applying. `None` where the table does not say when it was (will be) born.
fn counts(facts: &RoundFacts, births: &[Option<Date>]) -> Vec<Option<bool>> {
    let unborn = all(&facts.children, "unborn");
    let base = facts.info.base_date;
    let applying = applying(facts);
    (0..births.len())
        .map(|c| {
            let born = match unborn[c] {
                Value::Bool(true) => Some(false),
                _ => births[c].map(|b| b <= base),
            };
            if applying[c] { Some(true) } else { born }
        })
        .collect()
}

fn siblings(facts: &mut RoundFacts, births: &[Option<Date>], stay: &[Stay]) {
    let n = births.len();
    let applying = applying(facts);
    let counts = counts(facts, births);
    let base = facts.info.base_date;
    // Counted among the children under 18, as far as known.
    let minor: Vec<Option<bool>> = (0..n)
        .map(|c| match (counts[c], births[c]) {
            (Some(false), _) => Some(false),
            (Some(true), Some(birth)) => Some(age_years(birth, base) < 18),
            _ => None,
        })
        .collect();
    let mut enrolled = Vec::with_capacity(n);
    let mut apply = Vec::with_capacity(n);
    let mut order = Vec::with_capacity(n);
    for family in &facts.index.children {
        for c in family.clone() {
            let (mut stayers, mut applicants, mut older) = (Count::NONE, Count::NONE, Count::NONE);
            for s in family.clone().filter(|&s| s != c) {
                stayers.add(stays(stay[s as usize]));
                applicants.add(Some(applying[s as usize]));
                let before = match (births[s as usize], births[c as usize]) {
                    // Of twins the one named first is the elder.
                    (Some(theirs), Some(own)) => Some((theirs, s) < (own, c)),
                    _ => None,
                };
                older.add(match (minor[s as usize], before) {
                    (Some(false), _) | (_, Some(false)) => Some(false),
                    (Some(true), Some(true)) => Some(true),
                    _ => None,
                });
            }
            enrolled.push(stayers.value());
            apply.push(applicants.value());
            order.push(or_unknown(older.0, |n| whole(n + 1)));
        }
    }
    let table = &mut facts.children;
    // Children outside any household (a table in the making) have no siblings to speak of.
    for column in [&mut enrolled, &mut apply, &mut order] {
        column.resize(n, Value::Unknown);
    }
    put(table, "siblings_enrolled", enrolled);
    put(table, "siblings_applying", apply);
    put(table, "birth_order", order);
}

fn households(facts: &mut RoundFacts) {
    let births = dates(&facts.children, "birth_date");
    let counts = counts(facts, &births);
    let applying = applying(facts);
    let new = Value::Enum(value_of(&APPLICATION, "new"));
    let applications = all(&facts.children, "application");
    let (base, year) = (facts.info.base_date, facts.info.fiscal_year());
    let names = [
        "applicants_count",
        "new_applicants_count",
        "children_under_18",
        "preschoolers",
        "children_to_grade_3",
        "children_to_grade_6",
    ];
    let mut columns: [Vec<Value>; 6] = Default::default();
    for family in &facts.index.children {
        let mut found = [Count::NONE; 6];
        for c in family.clone().map(|c| c as usize) {
            found[0].add(Some(applying[c]));
            found[1].add(Some(applications[c] == new));
            let of_age = |test: &dyn Fn(Date) -> bool| match (counts[c], births[c]) {
                (Some(false), _) => Some(false),
                (Some(true), Some(birth)) => Some(test(birth)),
                _ => None,
            };
            found[2].add(of_age(&|b| age_years(b, base) < 18));
            for (at, last) in [(3, 0), (4, 3), (5, 6)] {
                found[at].add(of_age(&|b| school_grade(b, year) <= last));
            }
        }
        for (column, count) in columns.iter_mut().zip(found) {
            column.push(count.value());
        }
    }
    let guardians = facts.index.guardians.iter();
    let guardians = guardians.map(|r| whole(r.end - r.start)).collect();
    put(&mut facts.households, "guardians_count", guardians);
    for (name, column) in names.into_iter().zip(columns) {
        put(&mut facts.households, name, column);
    }
}

/// Where a sibling was placed by an earlier round of the same month of entry.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Earlier {
    Nowhere,
    At(SymbolIx),
    Unknown,
}

/// Per child: where an earlier round placed it. In the first round there is none before it. A child
/// that does not apply and has no recorded result was in no earlier round.
fn earlier(facts: &RoundFacts) -> Vec<Earlier> {
    let offered = Value::Enum(value_of(&EARLIER_RESULT, "offered"));
    let results = all(&facts.children, "earlier_result");
    let places = all(&facts.children, "earlier_facility");
    let applying = applying(facts);
    (0..facts.children.len())
        .map(|c| match (results[c], places[c]) {
            _ if facts.info.number <= 1 => Earlier::Nowhere,
            (result, Value::Symbol(f)) if result == offered => Earlier::At(f),
            (result, _) if result == offered => Earlier::Unknown,
            (Value::Unknown, _) if applying[c] => Earlier::Unknown,
            _ => Earlier::Nowhere,
        })
        .collect()
}

fn choices(facts: &mut RoundFacts, stay: &[Stay]) {
    let n = facts.choices.len();
    let applying = applying(facts);
    let earlier = earlier(facts);
    let graduating = all(&facts.children, "graduating");
    let ids = all(&facts.facilities, "id");
    let areas = all(&facts.facilities, "area");
    let homes = all(&facts.households, "area");
    // Per facility: the sorted ids of its linked facilities, where stated.
    let linked: Vec<Option<&[SymbolIx]>> = all(&facts.facilities, "linked")
        .into_iter()
        .map(|list| match list {
            Value::Symbols(at) => facts.symbols.lists.get(at as usize).map(Vec::as_slice),
            _ => None,
        })
        .collect();
    let mut ranks = Vec::with_capacity(n);
    let mut enrolled_here = Vec::with_capacity(n);
    let mut applying_here = Vec::with_capacity(n);
    let mut placed_here = Vec::with_capacity(n);
    let mut linked_here = Vec::with_capacity(n);
    let mut attends = Vec::with_capacity(n);
    let mut at_home = Vec::with_capacity(n);
    for (child, range) in facts.index.choices.iter().enumerate() {
        let household = facts.children.parents[child];
        let family = facts.index.children.get(household as usize).cloned();
        let family = family.unwrap_or_default();
        let own = facts.enrolled[child];
        let home = homes.get(household as usize).copied().unwrap_or_default();
        for choice in range.clone() {
            let facility = facts.choice_facility[choice as usize];
            let id = ids[facility as usize];
            ranks.push(whole(choice - range.start + 1));
            let (mut stayers, mut applicants, mut placed) = (Count::NONE, Count::NONE, Count::NONE);
            for s in family.clone().map(|s| s as usize).filter(|&s| s != child) {
                if facts.enrolled[s] == Some(facility) {
                    stayers.add(stays(stay[s]));
                }
                if applying[s] {
                    let chosen = facts.index.choices[s].clone();
                    let chosen = &facts.choice_facility[chosen.start as usize..chosen.end as usize];
                    applicants.add(Some(chosen.contains(&facility)));
                }
                placed.add(match earlier[s] {
                    Earlier::Nowhere => Some(false),
                    Earlier::At(f) => Some(Value::Symbol(f) == id),
                    Earlier::Unknown => None,
                });
            }
            enrolled_here.push(stayers.value());
            applying_here.push(applicants.value());
            placed_here.push(placed.value());
            let links = own.map(|f| match (linked[f as usize], id) {
                (Some(list), Value::Symbol(id)) => Value::Bool(list.contains(&id)),
                _ => Value::Unknown,
            });
            linked_here.push(match (graduating[child], links) {
                (Value::Bool(false), _) | (_, None | Some(Value::Bool(false))) => {
                    Value::Bool(false)
                }
                (Value::Bool(true), Some(links)) => links,
                _ => Value::Unknown,
            });
            attends.push(Value::Bool(own == Some(facility)));
            at_home.push(match (home, areas[facility as usize]) {
                (Value::Symbol(home), Value::Symbol(area)) => Value::Bool(home == area),
                _ => Value::Unknown,
            });
        }
    }
    for (name, column) in [
        ("rank", ranks),
        ("siblings_enrolled_here", enrolled_here),
        ("siblings_applying_here", applying_here),
        ("siblings_placed_here", placed_here),
        ("linked_to_enrolled", linked_here),
        ("attends_now", attends),
        ("in_home_area", at_home),
    ] {
        put(&mut facts.choices, name, column);
    }
}

#[cfg(test)]
mod tests;
