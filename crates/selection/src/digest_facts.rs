//! One number for a round of facts and its criteria.
//!
//! Over what was read, not over bytes: the order of rows and files, CSV or XLSX, TOML or workbook do not
//! change it; any fact, seat or row of the criteria that can change a placement does. Labels, sources,
//! notes and examples decide nothing and are left out, and so are derived attributes, which follow.

use crate::digest::Writer;
use enmusubi_criteria::{
    Criteria, Expression,
    model::{Answer, Coupling, Effect, IfUnknown, Over, Points, Question, Take, TiesLeft, Wish},
};
use enmusubi_domain::{
    Rational,
    facts::{
        Entity, Exact, RoundFacts, Value,
        vocabulary::{Origin, VOCABULARY, of_entity},
    },
    round::{First, Place, Timing},
};

/// Changes whenever the encoding below changes: digests of different forms must not be compared.
const FORM: &str = "enmusubi-facts-1";

/// As [`FORM`], of criteria alone.
const FORM_OF_CRITERIA: &str = "enmusubi-criteria-1";

/// SHA-256 over facts and criteria, in hexadecimal.
#[must_use]
pub fn facts_digest(facts: &RoundFacts, criteria: &Criteria) -> String {
    let mut w = Writer::new(FORM);
    round(&mut w, facts);
    let facilities = facility_order(facts);
    subjects(&mut w, facts, Entity::Facility, &facilities, |_, _| {});
    seats(&mut w, facts);
    people(&mut w, facts);
    asked(&mut w, facts);
    rules(&mut w, criteria);
    w.finish()
}

/// SHA-256 over criteria alone, in hexadecimal: equal for all files that decide every round alike by the same rules.
#[must_use]
pub fn criteria_digest(criteria: &Criteria) -> String {
    let mut w = Writer::new(FORM_OF_CRITERIA);
    rules(&mut w, criteria);
    w.finish()
}

fn round(w: &mut Writer, facts: &RoundFacts) {
    let info = &facts.info;
    w.optional(info.municipality.as_deref());
    w.text(&info.entry_date.to_string());
    w.number(u64::from(info.number));
    w.text(&info.base_date.to_string());
    w.optional(info.deadline.map(|d| d.to_string()).as_deref());
}

/// Positions sorted by id.
fn by_id(ids: &[Box<str>], positions: impl IntoIterator<Item = u32>) -> Vec<u32> {
    let mut order: Vec<u32> = positions.into_iter().collect();
    order.sort_by_key(|&i| &ids[i as usize]);
    order
}

fn facility_order(facts: &RoundFacts) -> Vec<u32> {
    by_id(&facts.facilities.ids, 0..facts.facilities.len() as u32)
}

/// Subjects of one table in this order: id, stated attributes that are not as a blank, and more.
fn subjects(
    w: &mut Writer,
    facts: &RoundFacts,
    entity: Entity,
    order: &[u32],
    more: impl Fn(&mut Writer, u32),
) {
    let table = facts.table(entity);
    // Columns that say something, by name: a column of blanks is no column.
    let columns: Vec<(&str, &[Value], Value)> = of_entity(entity)
        .filter(|(_, a)| a.origin == Origin::Stated)
        .filter_map(|(at, a)| {
            let blank = a.blank_value();
            let column = table.column(at)?;
            column
                .iter()
                .any(|v| *v != blank)
                .then_some((a.name, column, blank))
        })
        .collect();
    w.text(entity.name());
    w.count(columns.len());
    for (name, ..) in &columns {
        w.text(name);
    }
    w.count(order.len());
    for &s in order {
        w.text(&table.ids[s as usize]);
        for (c, (_, column, blank)) in columns.iter().enumerate() {
            let v = column[s as usize];
            if v != *blank {
                w.count(c + 1);
                value(w, facts, v);
            }
        }
        w.count(0);
        more(w, s);
    }
}

fn value(w: &mut Writer, facts: &RoundFacts, value: Value) {
    match value {
        Value::Unknown => w.number(0),
        Value::Bool(b) => {
            w.number(1);
            w.flag(b);
        }
        Value::Number(n) => {
            w.number(2);
            exact(w, n);
        }
        Value::Date(d) => {
            w.number(3);
            w.number(d.year().cast_unsigned().into());
            w.number(d.month().cast_unsigned().into());
            w.number(d.day().cast_unsigned().into());
        }
        Value::Enum(e) => {
            w.number(4);
            w.number(e.into());
        }
        Value::Set(s) => {
            w.number(5);
            w.number(s);
        }
        Value::Symbol(s) => {
            w.number(6);
            w.text(facts.symbols.text(s));
        }
        Value::Symbols(list) => {
            let list = facts.symbols.lists.get(list as usize);
            let mut texts: Vec<&str> = list
                .into_iter()
                .flatten()
                .map(|&s| facts.symbols.text(s))
                .collect();
            texts.sort_unstable();
            w.number(7);
            w.count(texts.len());
            for t in texts {
                w.text(t);
            }
        }
    }
}

fn exact(w: &mut Writer, n: Exact) {
    w.number(n.numerator().cast_unsigned());
    w.number(n.denominator().cast_unsigned());
}

fn seats(w: &mut Writer, facts: &RoundFacts) {
    let id = |f: u32| &*facts.facilities.ids[f as usize];
    let mut classes: Vec<_> = facts.classes.iter().collect();
    classes.sort_by_key(|k| (id(k.facility), k.age, &k.pool));
    w.count(classes.len());
    for k in classes {
        w.text(id(k.facility));
        w.number(k.age.into());
        w.optional(k.pool.as_deref());
        w.number(k.seats.into());
        let shared = k.shared.and_then(|s| facts.shared.get(s as usize));
        w.optional(shared.map(|s| &*s.label));
        w.rational(if shared.is_some() {
            k.weight
        } else {
            Rational::ONE
        });
        w.flag(k.refill);
    }
    let mut shared: Vec<_> = facts.shared.iter().collect();
    shared.sort_by_key(|s| (id(s.facility), &s.label));
    w.count(shared.len());
    for s in shared {
        w.text(id(s.facility));
        w.text(&s.label);
        w.flag(s.capacity.is_some());
        w.rational(s.capacity.unwrap_or(Rational::ZERO));
    }
}

fn people(w: &mut Writer, facts: &RoundFacts) {
    let households = by_id(&facts.households.ids, 0..facts.households.len() as u32);
    let index = &facts.index;
    let members = |list: &[std::ops::Range<u32>], ids: &[Box<str>]| -> Vec<u32> {
        households
            .iter()
            .flat_map(|&h| by_id(ids, list[h as usize].clone()))
            .collect()
    };
    let household = |w: &mut Writer, h: u32| w.text(&facts.households.ids[h as usize]);
    subjects(w, facts, Entity::Household, &households, |_, _| {});
    let guardians = members(&index.guardians, &facts.guardians.ids);
    subjects(w, facts, Entity::Guardian, &guardians, |w, s| {
        household(w, facts.guardians.parents[s as usize]);
    });
    let adults = members(&index.adults, &facts.adults.ids);
    subjects(w, facts, Entity::Adult, &adults, |w, s| {
        household(w, facts.adults.parents[s as usize]);
    });
    let children = members(&index.children, &facts.children.ids);
    subjects(w, facts, Entity::Child, &children, |w, s| {
        household(w, facts.children.parents[s as usize]);
        let at = facts.enrolled[s as usize];
        w.optional(at.map(|f| &*facts.facilities.ids[f as usize]));
        // What the present enrolment says is derived, and stands in no column of the child.
        for name in ["enrolled_since", "enrolled_kind"] {
            let a = VOCABULARY
                .iter()
                .position(|a| a.entity == Entity::Child && a.name == name);
            let v = a.map_or(Value::Unknown, |a| facts.children.get(s, a as u16));
            value(w, facts, v);
        }
    });
    let of_child = |list: &[std::ops::Range<u32>]| -> Vec<u32> {
        children
            .iter()
            .flat_map(|&c| list[c as usize].clone())
            .collect()
    };
    let child = |w: &mut Writer, c: u32| w.text(&facts.children.ids[c as usize]);
    let choices = of_child(&index.choices);
    subjects(w, facts, Entity::Choice, &choices, |w, s| {
        child(w, facts.choices.parents[s as usize]);
        let f = facts.choice_facility[s as usize];
        w.text(&facts.facilities.ids[f as usize]);
        w.number(facts.choice_number[s as usize].into());
    });
    subjects(
        w,
        facts,
        Entity::Decline,
        &of_child(&index.declines),
        |w, s| {
            child(w, facts.declines.parents[s as usize]);
        },
    );
}

/// Wishes, combination lists, judged values.
fn asked(w: &mut Writer, facts: &RoundFacts) {
    let household = |h: u32| &*facts.households.ids[h as usize];
    let mut wishes: Vec<_> = facts.wishes.iter().collect();
    wishes.sort_by_key(|x| household(x.household));
    w.count(wishes.len());
    for x in wishes {
        w.text(household(x.household));
        for text in [
            &x.answer.code,
            &x.answer.timing,
            &x.answer.place,
            &x.answer.first,
        ] {
            w.optional(text.as_deref());
        }
        w.flag(x.answer.all_transfers_or_none);
    }
    let mut rows: Vec<_> = facts.combinations.iter().collect();
    rows.sort_by_key(|r| (household(r.household), r.rank));
    w.count(rows.len());
    for row in rows {
        w.text(household(row.household));
        w.number(row.rank.into());
        let mut slots: Vec<(&str, &str)> = row
            .slots
            .iter()
            .filter_map(|&(c, f)| {
                let f = f?;
                Some((
                    &*facts.children.ids[c as usize],
                    &*facts.facilities.ids[f as usize],
                ))
            })
            .collect();
        slots.sort_unstable();
        w.count(slots.len());
        for (c, f) in slots {
            w.text(c);
            w.text(f);
        }
    }
    let mut judged: Vec<_> = facts
        .discretion
        .iter()
        .map(|d| {
            let id = &*facts.table(d.entity).ids[d.subject as usize];
            (d.entity, id, &*d.item, d.value)
        })
        .collect();
    judged.sort_unstable();
    w.count(judged.len());
    for (entity, id, item, n) in judged {
        w.text(entity.name());
        w.text(id);
        w.text(item);
        exact(w, n);
    }
}

/// Everything in the criteria that can change a key, a place or a seat.
fn rules(w: &mut Writer, c: &Criteria) {
    w.number(c.head.fiscal_year.cast_unsigned().into());
    w.count(c.conditions.len());
    for x in &c.conditions {
        w.text(&x.id);
        expression(w, Some(&x.when));
    }
    w.count(c.tables.len());
    for t in &c.tables {
        table(w, t);
    }
    w.count(c.values.len());
    for v in &c.values {
        w.text(&v.id);
        expression(w, Some(&v.value));
        w.count(v.changes.len());
        for x in &v.changes {
            expression(w, x.when.as_ref());
            w.number(match x.effect {
                Effect::Set => 0,
                Effect::Add => 1,
                Effect::Multiply => 2,
                Effect::AtMost => 3,
                Effect::AtLeast => 4,
            });
            expression(w, Some(&x.by));
        }
    }
    w.count(c.strata.len());
    for s in &c.strata {
        expression(w, s.when.as_ref());
    }
    w.count(c.keys.len());
    for k in &c.keys {
        w.text(&k.id);
        expression(w, k.value.as_ref());
        w.flag(k.higher_first);
        w.flag(k.together);
    }
    w.count(c.passes.len());
    for p in &c.passes {
        expression(w, p.when.as_ref());
    }
    w.count(c.pools.len());
    for p in &c.pools {
        w.text(&p.id);
        expression(w, Some(&p.target));
        w.flag(p.hard);
        w.flag(p.after_ordinary);
        w.flag(p.within);
    }
    w.count(c.eligibility.len());
    for e in &c.eligibility {
        expression(w, Some(&e.require));
    }
    siblings(w, c);
    w.flag(c.transfers.refill);
    w.number(match c.ties {
        TiesLeft::Stop => 0,
        TiesLeft::Lottery => 1,
        TiesLeft::Equal => 2,
        TiesLeft::Staff => 3,
    });
    w.number(u64::from(c.selection.disclosure_minimum));
    exact(w, c.conversion.weeks_per_month);
    number(w, c.conversion.break_at_most);
}

fn table(w: &mut Writer, t: &enmusubi_criteria::model::Table) {
    w.text(&t.id);
    w.number(match t.over {
        Over::Guardian => 0,
        Over::Adult => 1,
        Over::Application => 2,
    });
    take(w, t.take);
    for e in [&t.otherwise, &t.at_most, &t.at_least] {
        expression(w, e.as_ref());
    }
    w.count(t.bands.len());
    for b in &t.bands {
        expression(w, b.when.as_ref());
        expression(w, Some(&b.by));
        w.optional(b.unit.map(|u| u.name()));
        expression(w, b.by2.as_ref());
        w.optional(b.unit2.map(|u| u.name()));
    }
    w.count(t.groups.len());
    for g in &t.groups {
        take(w, g.take);
        expression(w, g.at_most.as_ref());
        expression(w, g.at_least.as_ref());
    }
    w.count(t.rows.len());
    for r in &t.rows {
        w.text(&r.id);
        expression(w, r.when.as_ref());
        w.flag(r.band.is_some());
        if let Some(b) = &r.band {
            w.number(b.band.into());
            for n in [b.from, b.below, b.from2, b.below2] {
                number(w, n);
            }
        }
        match &r.points {
            Points::Expression(e) => {
                w.number(0);
                expression(w, Some(e));
            }
            Points::Discretion { min, max, required } => {
                w.number(1);
                exact(w, *min);
                exact(w, *max);
                w.flag(*required);
            }
            Points::ToBeFilled => w.number(2),
        }
        w.number(r.group.map_or(0, |g| u64::from(g) + 1));
        let mut excludes: Vec<&str> = r
            .excludes
            .iter()
            .map(|&e| &*t.rows[e as usize].id)
            .collect();
        excludes.sort_unstable();
        w.count(excludes.len());
        for e in excludes {
            w.text(e);
        }
        w.number(match r.if_unknown {
            IfUnknown::Undecided => 0,
            IfUnknown::Applies => 1,
            IfUnknown::Not => 2,
        });
    }
}

fn siblings(w: &mut Writer, c: &Criteria) {
    wish(w, c.siblings.default);
    let question = |q: Question| match q {
        Question::Code => 0u64,
        Question::Timing => 1,
        Question::Place => 2,
        Question::First => 3,
    };
    let mut answers: Vec<&Answer> = c.siblings.answers.iter().collect();
    answers.sort_by_key(|a| (question(a.question), &a.answer));
    w.count(answers.len());
    for a in answers {
        w.number(question(a.question));
        w.text(&a.answer);
        wish(w, a.wish);
    }
    w.number(match c.siblings.coupling {
        Coupling::None => 0,
        Coupling::Highest => 1,
        Coupling::Average => 2,
    });
    w.count(c.siblings.coupled.len());
    for k in &c.siblings.coupled {
        w.number(u64::from(*k));
    }
    w.flag(c.siblings.first_pass);
}

fn wish(w: &mut Writer, wish: Option<Wish>) {
    w.flag(wish.is_some());
    let wish = wish.unwrap_or_default();
    w.number(match wish.timing {
        None => 0,
        Some(Timing::Together) => 1,
        Some(Timing::NeedNot) => 2,
    });
    w.number(match wish.place {
        None => 0,
        Some(Place::SameOnly) => 1,
        Some(Place::PreferSame) => 2,
        Some(Place::ChoiceOrder) => 3,
    });
    w.number(match wish.first {
        None => 0,
        Some(First::Older) => 1,
        Some(First::Younger) => 2,
        Some(First::Either) => 3,
    });
}

fn take(w: &mut Writer, take: Take) {
    w.number(match take {
        Take::Sum => 0,
        Take::Highest => 1,
        Take::Lowest => 2,
        Take::First => 3,
    });
}

fn number(w: &mut Writer, n: Option<Exact>) {
    w.flag(n.is_some());
    exact(w, n.unwrap_or(Exact::ZERO));
}

/// Canonical text: spaces, quotes and brackets that mean nothing do not count.
fn expression(w: &mut Writer, e: Option<&Expression>) {
    w.optional(e.map(ToString::to_string).as_deref());
}
