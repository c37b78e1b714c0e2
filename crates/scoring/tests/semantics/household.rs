//! A household to ask about, and criteria files in a few words.

use enmusubi_criteria::{
    Criteria,
    judgement::{ArithmeticError, Missing},
};
use enmusubi_domain::facts::{
    Entity, RoundFacts, RoundInfo, Value,
    vocabulary::{APPLICATION, REASON, find},
};
use enmusubi_scoring::{Program, Scores};
use jiff::civil::date;

pub const HEAD: &str = r#"
[criteria]
kind = "structure"
name = "試験"
fiscal_year = 2027
title = "意味の試験"

[ties]
left = "equal"
"#;

pub fn criteria(body: &str) -> Criteria {
    let text = format!("{HEAD}{body}");
    let (criteria, _, found) = enmusubi_criteria::read("test.toml", text.as_bytes());
    criteria.unwrap_or_else(|| panic!("{found:#?}\n{body}"))
}

pub fn scored(body: &str, facts: &RoundFacts) -> Result<Scores, Vec<ArithmeticError>> {
    Program::compile(&criteria(body))
        .expect("a checked file")
        .score(facts)
}

/// A file with one key.
pub fn key(expression: &str) -> String {
    format!("[[key]]\nid = \"k\"\nlabel = \"k\"\nvalue = \"{expression}\"\n")
}

/// The first key of the first choice.
pub fn first(body: &str, facts: &RoundFacts) -> String {
    match scored(body, facts) {
        Ok(scores) => scores.keys[0].map_or("unknown".into(), |n| n.to_string()),
        Err(errors) => {
            let kind = ["too large", "division"][usize::from(errors[0].division)];
            format!("{kind} in {}", errors[0].item)
        }
    }
}

pub fn set(facts: &mut RoundFacts, entity: Entity, name: &str, subject: u32, value: Value) {
    let at = find(entity, name).expect(name);
    facts.table_mut(entity).set(subject, at, value);
}

pub fn fact(entity: Entity, subject: u32, name: &str) -> Missing {
    Missing::Fact(entity, subject, find(entity, name).expect(name))
}

pub fn reasons(names: &[&str]) -> Value {
    Value::Set(
        names
            .iter()
            .map(|n| 1u64 << REASON.of_name(n).expect(n))
            .sum(),
    )
}

/// Two facilities. One household: two guardians (140 hours for employment; nothing known), two children that
/// apply for both facilities, and one that does not apply. Welfare unknown, arrears, income 3, area "east".
pub fn household() -> RoundFacts {
    let mut facts = RoundFacts::new(RoundInfo {
        municipality: None,
        entry_date: date(2027, 4, 1),
        number: 1,
        base_date: date(2026, 10, 23),
        deadline: None,
    });
    for f in 0..2 {
        facts.symbols.intern(&format!("n{f}"));
        facts.facilities.push(&format!("n{f}"), None, f + 2);
    }
    facts.households.push("h", None, 2);
    facts.guardians.push("h-1", Some(0), 2);
    facts.guardians.push("h-2", Some(0), 2);
    for (c, application) in (0u32..).zip(["new", "new", "none"]) {
        facts.children.push(&format!("c{c}"), Some(0), c + 2);
        let code = APPLICATION.of_name(application).expect(application);
        set(
            &mut facts,
            Entity::Child,
            "application",
            c,
            Value::Enum(code),
        );
        if application == "none" {
            continue;
        }
        for f in 0..2 {
            let choice = facts.choices.push("", Some(c), 2);
            facts.choice_facility.push(f);
            facts.choice_number.push(f + 1);
            let metres = Value::whole(i64::from(100 * choice + 100));
            set(&mut facts, Entity::Choice, "distance", choice, metres);
        }
    }
    let east = Value::Symbol(facts.symbol("east"));
    for (name, value) in [
        ("welfare", Value::Unknown),
        ("arrears", Value::Bool(true)),
        ("income", Value::whole(3)),
        ("area", east),
    ] {
        set(&mut facts, Entity::Household, name, 0, value);
    }
    let hours = Value::whole(140);
    set(
        &mut facts,
        Entity::Guardian,
        "work_hours_per_month",
        0,
        hours,
    );
    set(
        &mut facts,
        Entity::Guardian,
        "reasons",
        0,
        reasons(&["employment"]),
    );
    set(
        &mut facts,
        Entity::Child,
        "lottery_number",
        0,
        Value::whole(7),
    );
    set(
        &mut facts,
        Entity::Child,
        "lottery_number",
        1,
        Value::whole(4),
    );
    facts.complete();
    facts
}

pub fn condition(id: &str, when: &str) -> String {
    format!("[[condition]]\nid = \"{id}\"\nlabel = \"{id}\"\nwhen = \"{when}\"\n")
}

pub fn table(id: &str, fields: &str, rows: &[(&str, &str)]) -> String {
    let mut text = format!("[[table]]\nid = \"{id}\"\nlabel = \"{id}\"\n{fields}\n");
    for (row, fields) in rows {
        text +=
            &format!("[[row]]\nid = \"{row}\"\ntable = \"{id}\"\nlabel = \"{row}\"\n{fields}\n");
    }
    text
}

pub fn value(id: &str, start: &str, changes: &str) -> String {
    format!("[[value]]\nid = \"{id}\"\nlabel = \"{id}\"\nvalue = \"{start}\"\n{changes}")
}

pub fn change(id: &str, fields: &str) -> String {
    format!("[[change]]\nid = \"{id}\"\nvalue = \"V\"\nlabel = \"{id}\"\n{fields}\n")
}

pub const YES: &str = "when = \"household.arrears\"";

pub const NO: &str = "when = \"household.tax_exempt\"";

pub const MAYBE: &str = "when = \"household.welfare\"";

pub const MAYBE_POINTS: &str = "points = \"household.welfare ? 1 : 2\"";
