//! What can only be seen once every table has been read.

use super::{
    kinds::kind,
    line::{complain, nothing},
    open::Part,
};
use crate::diagnostic::{At, Diagnostics, Kind, Text};
use enmusubi_domain::facts::{
    AttributeIx, Entity, Exact, RoundFacts, Value,
    derived::{age_class, age_years},
    vocabulary::{APPLICATION, PRESENCE, SINGLE_PARENT, VOCABULARY, find},
};
use jiff::civil::Date;

/// Working hours of a month above which a slip of unit or point is likelier than the fact.
const LONG_HOURS: i64 = 300;
/// Guardians younger than this are likelier a slip of the era.
const YOUNG: i32 = 15;

/// The tables, as far as they were there.
pub(super) struct Parts<'p> {
    pub households: Option<&'p Part>,
    pub guardians: Option<&'p Part>,
    pub children: Option<&'p Part>,
    /// Per child: whether the table of choices names it.
    pub chosen: Option<&'p [bool]>,
    /// Per child: whether the table of current enrolment names it.
    pub enrolled: Option<&'p [bool]>,
    pub wishes: Option<&'p Part>,
    /// Whether the round's dates are known.
    pub dated: bool,
}

/// Runs all checks. Whatever needs a table that could not be read is left out.
pub(super) fn check(parts: &Parts<'_>, facts: &RoundFacts, all: &mut Diagnostics) {
    if let Some(part) = parts.guardians {
        guardians(part, parts.dated, facts, all);
        if let Some(households) = parts.households {
            members(households, facts, all);
        }
    }
    if let Some(part) = parts.children {
        children(part, parts, facts, all);
        if let Some(households) = parts.households {
            nobody_applies(households, facts, all);
        }
        if let Some(wishes) = parts.wishes {
            lone_wishes(wishes, facts, all);
        }
    }
}

/// One attribute of a table, with the column it was read from.
struct Column {
    at: Option<AttributeIx>,
    column: usize,
}

impl Column {
    fn of(part: &Part, entity: Entity, name: &str) -> Self {
        let found = part
            .attributes
            .iter()
            .find(|(at, ..)| VOCABULARY[*at as usize].name == name);
        Self {
            at: found.map(|f| f.0).or_else(|| find(entity, name)),
            column: found.map_or(0, |f| f.2),
        }
    }
}

struct Teller<'a> {
    part: &'a Part,
    all: &'a mut Diagnostics,
}

impl Teller<'_> {
    fn tell(
        &mut self,
        kind: &'static Kind,
        row: u32,
        column: &Column,
        value: &str,
        detail: impl FnOnce() -> Text,
    ) {
        complain(
            self.all,
            self.part,
            kind,
            row,
            column.column,
            Some(value),
            detail,
        );
    }
}

fn get(facts: &RoundFacts, entity: Entity, subject: u32, column: &Column) -> Value {
    column
        .at
        .map_or(Value::Unknown, |at| facts.table(entity).get(subject, at))
}

fn date_of(value: Value) -> Option<Date> {
    match value {
        Value::Date(day) => Some(day),
        _ => None,
    }
}

fn number_of(value: Value) -> Option<Exact> {
    match value {
        Value::Number(n) => Some(n),
        _ => None,
    }
}

fn guardians(part: &Part, dated: bool, facts: &RoundFacts, all: &mut Diagnostics) {
    const G: Entity = Entity::Guardian;
    let column = |name: &str| Column::of(part, G, name);
    let (birth, reasons, main) = (
        column("birth_date"),
        column("reasons"),
        column("main_reason"),
    );
    let (day, days, month) = (
        column("work_hours_per_day"),
        column("work_days_per_month"),
        column("work_hours_per_month"),
    );
    let actual = column("actual_hours_per_month");
    let mut teller = Teller { part, all };
    for g in 0..facts.guardians.len() as u32 {
        let row = facts.guardians.rows[g as usize];
        let value = |c: &Column| get(facts, G, g, c);
        if let (Value::Set(set), Value::Enum(one)) = (value(&reasons), value(&main))
            && set >> one & 1 == 0
        {
            let ty = main.at.map(|at| VOCABULARY[at as usize].ty);
            let label = match ty {
                Some(enmusubi_domain::facts::Type::Enum(e)) => e.values[usize::from(one)].1,
                _ => "",
            };
            teller.tell(&kind::MAIN_REASON, row, &main, label, nothing);
        }
        for hours in [&month, &actual] {
            if let Some(n) = number_of(value(hours)).filter(|n| *n > Exact::whole(LONG_HOURS)) {
                teller.tell(&kind::LONG_HOURS, row, hours, &n.to_string(), nothing);
            }
        }
        if let (Some(d), Some(n), Some(m)) = (
            number_of(value(&day)),
            number_of(value(&days)),
            number_of(value(&month)),
        ) && let Some(product) = d.times(n).filter(|p| far(*p, m))
        {
            teller.tell(&kind::HOURS_DISAGREE, row, &month, &m.to_string(), || {
                Text::new(
                    format!("{d}時間×{n}日＝{product}時間"),
                    format!("{d} hours × {n} days = {product} hours"),
                )
            });
        }
        if let Some(b) = date_of(value(&birth)).filter(|_| dated)
            && age_years(b, facts.info.base_date) < YOUNG
        {
            teller.tell(&kind::YOUNG_GUARDIAN, row, &birth, &b.to_string(), nothing);
        }
    }
}

/// Whether two numbers of hours differ by more than a quarter of the larger and more than eight hours:
/// more than different lengths of months explain.
fn far(a: Exact, b: Exact) -> bool {
    let (less, more) = if a < b { (a, b) } else { (b, a) };
    let Some(gap) = more.minus(less) else {
        return true;
    };
    gap > Exact::whole(8) && gap.times(Exact::whole(4)).is_none_or(|g| g > more)
}

/// Households without guardians, and such whose number of guardians is not what they say of themselves.
fn members(part: &Part, facts: &RoundFacts, all: &mut Diagnostics) {
    let home = PRESENCE.of_name("present").map(Value::Enum);
    let presence = find(Entity::Guardian, "presence");
    let mut rows = vec![0u32; facts.households.len()];
    let mut at_home = vec![0u32; facts.households.len()];
    for (g, &h) in (0u32..).zip(&facts.guardians.parents) {
        rows[h as usize] += 1;
        let here = presence.map(|at| facts.guardians.get(g, at));
        at_home[h as usize] += u32::from(here.is_some() && here == home);
    }
    household_rows(part, facts, all, &kind::GUARDIANS_NONE, &|h| rows[h] == 0);
    let Some(at) = find(Entity::Household, "single_parent") else {
        return;
    };
    let said = |h: usize| u32::try_from(h).map_or(Value::Unknown, |h| facts.households.get(h, at));
    let none = SINGLE_PARENT.of_name("none").map(Value::Enum);
    let single = SINGLE_PARENT.of_name("single").map(Value::Enum);
    household_rows(part, facts, all, &kind::LONE_GUARDIAN, &|h| {
        rows[h] == 1 && none == Some(said(h))
    });
    household_rows(part, facts, all, &kind::SINGLE_WITH_TWO, &|h| {
        at_home[h] > 1 && single == Some(said(h))
    });
}

fn household_rows(
    part: &Part,
    facts: &RoundFacts,
    all: &mut Diagnostics,
    kind: &'static Kind,
    wrong: &dyn Fn(usize) -> bool,
) {
    let column = part.own[0].first().map_or(0, |c| c.1);
    for h in (0..facts.households.len()).filter(|h| wrong(*h)) {
        let (row, id) = (facts.households.rows[h], &facts.households.ids[h]);
        complain(all, part, kind, row, column, Some(id), nothing);
    }
}

fn applies(facts: &RoundFacts, child: u32) -> bool {
    find(Entity::Child, "application")
        .is_some_and(|at| facts.children.get(child, at) != Value::Enum(0))
}

fn nobody_applies(part: &Part, facts: &RoundFacts, all: &mut Diagnostics) {
    let mut some = vec![false; facts.households.len()];
    for (c, &h) in (0u32..).zip(&facts.children.parents) {
        some[h as usize] |= applies(facts, c);
    }
    household_rows(part, facts, all, &kind::NOBODY_APPLIES, &|h| !some[h]);
}

fn children(part: &Part, parts: &Parts<'_>, facts: &RoundFacts, all: &mut Diagnostics) {
    const C: Entity = Entity::Child;
    let column = |name: &str| Column::of(part, C, name);
    let (birth, unborn, application) = (
        column("birth_date"),
        column("unborn"),
        column("application"),
    );
    let id = Column {
        at: None,
        column: part.own[0].first().map_or(0, |c| c.1),
    };
    let transfer = APPLICATION.of_name("transfer").map(Value::Enum);
    let application_is_new = APPLICATION.of_name("new").map(Value::Enum);
    let (base, year) = (facts.info.base_date, facts.info.fiscal_year());
    let mut teller = Teller { part, all };
    for c in 0..facts.children.len() as u32 {
        let row = facts.children.rows[c as usize];
        let value = |column: &Column| get(facts, C, c, column);
        let asks = applies(facts, c);
        let child_id = &*facts.children.ids[c as usize];
        if let Some(b) = date_of(value(&birth)).filter(|_| parts.dated) {
            let text = b.to_string();
            let not_yet = value(&unborn);
            if b > base && not_yet == Value::Bool(false) {
                teller.tell(&kind::NOT_BORN, row, &birth, &text, || {
                    Text::new(
                        format!("基準日は{base}です"),
                        format!("the base date is {base}"),
                    )
                });
            }
            if b <= base && not_yet == Value::Bool(true) {
                teller.tell(&kind::ALREADY_BORN, row, &birth, &text, nothing);
            }
            let class = age_class(b, year);
            if asks && class > 5 {
                teller.tell(&kind::TOO_OLD, row, &birth, &text, || {
                    Text::new(
                        format!("{year}年4月1日に{class}歳です"),
                        format!("{class} years old on 1 April {year}"),
                    )
                });
            }
        }
        if transfer == Some(value(&application))
            && parts.enrolled.is_some_and(|named| !named[c as usize])
        {
            teller.tell(&kind::TRANSFER_NOWHERE, row, &id, child_id, nothing);
        }
        if application_is_new == Some(value(&application)) && stays(facts, c, value(&birth)) {
            teller.tell(&kind::ENROLLED_NEW, row, &application, child_id, nothing);
        }
        if asks && parts.chosen.is_some_and(|named| !named[c as usize]) {
            teller.tell(&kind::APPLICANT_NO_CHOICE, row, &id, child_id, nothing);
        }
    }
}

/// Whether a child may stay, in the year of the round, where it is enrolled. Nothing is said of what is not known.
fn stays(facts: &RoundFacts, child: u32, birth: Value) -> bool {
    let enrolled = facts.enrolled.get(child as usize).copied().flatten();
    let last = find(Entity::Facility, "last_age")
        .zip(enrolled)
        .map(|(at, facility)| facts.facilities.get(facility, at));
    let Some((birth, last)) = date_of(birth).zip(last.and_then(number_of)) else {
        return false;
    };
    Exact::whole(i64::from(age_class(birth, facts.info.fiscal_year()))) <= last
}

/// Wishes of households in which one child applies.
fn lone_wishes(part: &Part, facts: &RoundFacts, all: &mut Diagnostics) {
    let mut count = vec![0u32; facts.households.len()];
    for (c, &h) in (0u32..).zip(&facts.children.parents) {
        count[h as usize] += u32::from(applies(facts, c));
    }
    for wish in facts.wishes.iter().filter(|w| !w.answer.is_blank()) {
        if count[wish.household as usize] < 2 {
            let at = At::row(wish.row);
            all.add(&kind::WISH_ALONE, &part.file, at);
        }
    }
}
