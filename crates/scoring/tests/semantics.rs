//! What the text at the top of `enmusubi_criteria::model` and `enmusubi_criteria::expression` says, point by point, of the
//! compiled evaluator. (That it says the same as the reference evaluator is tested on random households elsewhere.)

use enmusubi_criteria::{
    Criteria,
    judgement::{ArithmeticError, Eligible, Missing},
};
use enmusubi_domain::{
    facts::{
        ClassSeats, Discretion, Entity, Exact, RoundFacts, RoundInfo, Value,
        vocabulary::{APPLICATION, REASON, find},
    },
    rational::Rational,
};
use enmusubi_scoring::{Program, Scores};
use jiff::civil::date;

const HEAD: &str = r#"
[criteria]
kind = "structure"
name = "試験"
fiscal_year = 2027
title = "意味の試験"

[ties]
left = "equal"
"#;

fn criteria(body: &str) -> Criteria {
    let text = format!("{HEAD}{body}");
    let (criteria, _, found) = enmusubi_criteria::read("test.toml", text.as_bytes());
    criteria.unwrap_or_else(|| panic!("{found:#?}\n{body}"))
}

fn scored(body: &str, facts: &RoundFacts) -> Result<Scores, Vec<ArithmeticError>> {
    Program::compile(&criteria(body)).unwrap().score(facts)
}

/// A file with one key.
fn key(expression: &str) -> String {
    format!("[[key]]\nid = \"k\"\nlabel = \"k\"\nvalue = \"{expression}\"\n")
}

/// The first key of the first choice.
fn first(body: &str, facts: &RoundFacts) -> String {
    match scored(body, facts) {
        Ok(scores) => scores.keys[0].map_or("unknown".into(), |n| n.to_string()),
        Err(errors) => {
            let kind = ["too large", "division"][usize::from(errors[0].division)];
            format!("{kind} in {}", errors[0].item)
        }
    }
}

fn set(facts: &mut RoundFacts, entity: Entity, name: &str, subject: u32, value: Value) {
    let at = find(entity, name).expect(name);
    facts.table_mut(entity).set(subject, at, value);
}

fn fact(entity: Entity, subject: u32, name: &str) -> Missing {
    Missing::Fact(entity, subject, find(entity, name).expect(name))
}

fn reasons(names: &[&str]) -> Value {
    Value::Set(
        names
            .iter()
            .map(|n| 1u64 << REASON.of_name(n).expect(n))
            .sum(),
    )
}

/// Two facilities. One household: two guardians (140 hours for employment; nothing known), two children that
/// apply for both facilities, and one that does not apply. Welfare unknown, arrears, income 3, area "east".
fn household() -> RoundFacts {
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

#[test]
fn a_program_serves_many_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<Program>();
}

#[test]
fn expressions() {
    let facts = household();
    let cases = [
        // Kleene logic.
        ("household.welfare", "unknown"),
        ("household.welfare && household.tax_exempt", "0"),
        ("household.welfare && household.arrears", "unknown"),
        ("household.welfare || household.arrears", "1"),
        ("household.welfare || household.tax_exempt", "unknown"),
        ("!household.welfare", "unknown"),
        ("!household.tax_exempt", "1"),
        ("household.welfare ? 4 : 4", "4"),
        ("household.welfare ? 4 : 5", "unknown"),
        (
            "household.welfare ? household.income : household.income",
            "3",
        ),
        ("household.arrears ? 4 : number(household.income) / 0", "4"),
        ("known(household.welfare) || known(household.area)", "1"),
        ("known(household.welfare)", "0"),
        (
            "known(household.welfare && household.tax_exempt) ? 1 : 2",
            "1",
        ),
        // Unknowns are not calculated with.
        (
            "guardians.sum(g, number(g.work_hours_per_month)) * 0",
            "unknown",
        ),
        (
            "(household.welfare ? 1 : 2) / (household.arrears ? 0 : 1)",
            "unknown",
        ),
        // Lists.
        (
            "guardians.exists(g, g.work_hours_per_month > hours_per_month(100))",
            "1",
        ),
        (
            "guardians.exists(g, g.work_hours_per_month > hours_per_month(200))",
            "unknown",
        ),
        (
            "guardians.all(g, g.work_hours_per_month > hours_per_month(200))",
            "0",
        ),
        (
            "guardians.count(g, g.work_hours_per_month > hours_per_month(100))",
            "unknown",
        ),
        (
            "guardians.size() + applicants.size() * 10 + siblings.size() * 100 + children.size() * 1000 + adults.size()",
            "3222",
        ),
        ("adults.sum(a, 1)", "0"),
        ("adults.count(a, true)", "0"),
        ("adults.exists(a, true)", "0"),
        ("adults.all(a, false)", "1"),
        ("adults.lowest(a, 1)", "unknown"),
        ("adults.average(a, 1)", "unknown"),
        ("applicants.average(c, c.lottery_number)", "5.5"),
        ("applicants.lowest(c, c.lottery_number)", "4"),
        ("siblings.exists(s, s.lottery_number == 7)", "unknown"),
        ("applicants.exists(c, c.lottery_number == 7)", "1"),
        (
            "applicants.sum(c, siblings.count(s, applicants.exists(x, x.lottery_number > 5)) + c.lottery_number)",
            "15",
        ),
        // Membership and equality.
        ("guardians.exists(g, 'employment' in g.reasons)", "1"),
        ("guardians.exists(g, 'illness' in g.reasons)", "unknown"),
        ("household.area in ['west', 'east']", "1"),
        ("household.area == 'nowhere'", "0"),
        ("household.area != 'nowhere'", "1"),
        ("child.lottery_number in [1, 7]", "1"),
        (
            "child.lottery_number in [1, household.welfare ? 2 : 3]",
            "unknown",
        ),
        ("child.application in ['new', 'transfer']", "1"),
        ("child.application != 'new'", "0"),
        ("facility.area == 'east'", "unknown"),
        // Numbers.
        ("floor(7 / 2) * 100 + ceil(7 / 2)", "304"),
        ("floor(-7 / 2) * 100 + ceil(-7 / 2)", "-403"),
        ("min(3, 1, 2) * 10 + max(3, 1, 2)", "13"),
        ("min(3, household.welfare ? 1 : 2)", "unknown"),
        ("clamp(number(household.income), 5, 9)", "5"),
        ("1 / 3 + 1 / 6", "0.5"),
        (
            "number(years_between(date('2020-10-24'), round.base_date))",
            "5",
        ),
        (
            "number(months_between(date('2026-10-23'), date('2027-04-01')))",
            "5",
        ),
        (
            "fiscal_year(date('2027-03-31')) * 100 + month(date('2027-03-31'))",
            "202603",
        ),
        ("date('1970-01-03')", "2"),
        ("days(9)", "9"),
    ];
    for (expression, expected) in cases {
        assert_eq!(first(&key(expression), &facts), expected, "{expression}");
    }
}

#[test]
fn an_error_counts_only_where_something_is_evaluated() {
    let facts = household();
    let bomb = "1 / (household.arrears ? 0 : 1)";
    for (expression, expected) in [
        (format!("{bomb}"), "division in k"),
        (format!("household.tax_exempt ? {bomb} : 2"), "2"),
        (format!("household.welfare ? {bomb} : 2"), "division in k"),
        (format!("household.tax_exempt && {bomb} > 1"), "0"),
        (format!("household.welfare && {bomb} > 1"), "division in k"),
        (format!("household.arrears || {bomb} > 1"), "1"),
        (
            format!(
                "guardians.exists(g, g.work_hours_per_month > hours_per_month(1) || {bomb} > 1)"
            ),
            "1",
        ),
        (format!("known({bomb})"), "division in k"),
        (
            format!("(household.welfare ? 1 : 2) + {bomb}"),
            "division in k",
        ),
        (
            "9223372036854775807 + household.applicants_count".into(),
            "too large in k",
        ),
        (
            "applicants.sum(c, 9223372036854775807)".into(),
            "too large in k",
        ),
        (
            "children.sum(c, c.lottery_number * 0 + 9223372036854775807)".into(),
            "unknown",
        ),
    ] {
        assert_eq!(first(&key(&expression), &facts), expected, "{expression}");
    }
    // Tables, values and conditions that nobody names are not evaluated; errors name the innermost item.
    let body = format!(
        "{}{}{}",
        condition("c", &format!("{bomb} > 1")),
        table("T", "take = \"sum\"", &[("r", "when = \"c\"\npoints = 1")]),
        value("V", "T + 1", ""),
    );
    assert_eq!(first(&(body.clone() + &key("3")), &facts), "3");
    assert_eq!(first(&(body + &key("V")), &facts), "division in c");
}

fn condition(id: &str, when: &str) -> String {
    format!("[[condition]]\nid = \"{id}\"\nlabel = \"{id}\"\nwhen = \"{when}\"\n")
}

fn table(id: &str, fields: &str, rows: &[(&str, &str)]) -> String {
    let mut text = format!("[[table]]\nid = \"{id}\"\nlabel = \"{id}\"\n{fields}\n");
    for (row, fields) in rows {
        text +=
            &format!("[[row]]\nid = \"{row}\"\ntable = \"{id}\"\nlabel = \"{row}\"\n{fields}\n");
    }
    text
}

fn value(id: &str, start: &str, changes: &str) -> String {
    format!("[[value]]\nid = \"{id}\"\nlabel = \"{id}\"\nvalue = \"{start}\"\n{changes}")
}

fn change(id: &str, fields: &str) -> String {
    format!("[[change]]\nid = \"{id}\"\nvalue = \"V\"\nlabel = \"{id}\"\n{fields}\n")
}

const YES: &str = "when = \"household.arrears\"";
const NO: &str = "when = \"household.tax_exempt\"";
const MAYBE: &str = "when = \"household.welfare\"";
const MAYBE_POINTS: &str = "points = \"household.welfare ? 1 : 2\"";

#[test]
fn tables() {
    let facts = household();
    let p = |when: &str, points: i64| format!("{when}\npoints = {points}");
    let case = |fields: &str, rows: &[String], expected: &str| {
        let ids = ["r1", "r2", "r3", "r4"];
        let rows: Vec<(&str, &str)> = ids
            .into_iter()
            .zip(rows.iter().map(String::as_str))
            .collect();
        let body = table("T", fields, &rows) + &key("T");
        assert_eq!(first(&body, &facts), expected, "{fields} {rows:#?}");
    };
    case("take = \"sum\"", &[p(YES, 3), p(NO, 4), p("", 5)], "8");
    case("take = \"sum\"", &[p(NO, 4)], "0");
    case("take = \"sum\"\notherwise = 7", &[p(NO, 4)], "7");
    case("take = \"highest\"", &[p(NO, 4)], "unknown");
    case("take = \"highest\"\notherwise = 7", &[p(NO, 4)], "7");
    case("take = \"sum\"", &[p(YES, 3), p(MAYBE, 0)], "unknown");
    case("take = \"sum\"\nat_most = 5", &[p(YES, 3), p(YES, 4)], "5");
    case(
        "take = \"sum\"\nat_most = 5\nat_least = \"4 + 5\"",
        &[p(YES, 3)],
        "9",
    );
    // An unknown bound that would not have been at work.
    case(
        "take = \"sum\"\nat_most = \"household.welfare ? 50 : 60\"",
        &[p(YES, 3)],
        "unknown",
    );
    // Unknown rows that cannot matter.
    case("take = \"highest\"", &[p(YES, 5), p(MAYBE, 5)], "5");
    case("take = \"highest\"", &[p(YES, 5), p(MAYBE, 6)], "unknown");
    case(
        "take = \"highest\"\notherwise = 0",
        &[p(MAYBE, -6)],
        "unknown",
    );
    case("take = \"lowest\"", &[p(YES, 5), p(MAYBE, 5)], "5");
    case("take = \"lowest\"", &[p(YES, 5), p(MAYBE, 4)], "unknown");
    case("take = \"first\"", &[p(NO, 1), p(YES, 5), p(MAYBE, 9)], "5");
    case("take = \"first\"", &[p(MAYBE, 9), p(YES, 5)], "unknown");
    case(
        "take = \"highest\"",
        &[p(YES, 5), format!("{YES}\n{MAYBE_POINTS}")],
        "unknown",
    );
    // What the file declares about unknown conditions.
    let declared = |what: &str| format!("{MAYBE}\npoints = 4\nif_unknown = \"{what}\"");
    case("take = \"sum\"", &[p(YES, 1), declared("applies")], "5");
    case("take = \"sum\"", &[p(YES, 1), declared("not")], "1");
    case(
        "take = \"sum\"",
        &[p(YES, 1), declared("undecided")],
        "unknown",
    );
    case("take = \"sum\"", &["fill = true".into()], "unknown");
    case("take = \"sum\"", &[format!("{NO}\nfill = true")], "0");
    // A sum that is too large, and one that is not calculated.
    let huge = i64::MAX;
    case("take = \"sum\"", &[p("", huge), p("", 1)], "too large in T");
    case(
        "take = \"sum\"",
        &[p("", huge), p("", 1), p(MAYBE, 1)],
        "unknown",
    );
}

#[test]
fn exclusions() {
    let facts = household();
    let row = |when: &str, points: i64, excludes: &str| {
        format!("{when}\npoints = {points}\nexcludes = [{excludes}]")
    };
    let case = |rows: [String; 3], expected: &str| {
        let [a, b, c] = &rows;
        let body = table("T", "take = \"sum\"", &[("a", a), ("b", b), ("c", c)]) + &key("T");
        assert_eq!(first(&body, &facts), expected, "{rows:#?}");
    };
    let plain = |when, points| row(when, points, "");
    // A chain: a excludes b, which then does not exclude c. The order in the file does not matter.
    case(
        [row(YES, 1, "\"b\""), row(YES, 10, "\"c\""), plain(YES, 100)],
        "101",
    );
    case(
        [plain(YES, 1), row(YES, 10, "\"a\""), row(YES, 100, "\"b\"")],
        "101",
    );
    case(
        [row(NO, 1, "\"b\""), row(YES, 10, "\"c\""), plain(YES, 100)],
        "10",
    );
    // An unknown row that excludes one that applies; one that does not apply anyway.
    case(
        [row(MAYBE, 0, "\"b\""), plain(YES, 10), plain(NO, 100)],
        "unknown",
    );
    case(
        [
            row(
                "when = \"household.welfare\"\nif_unknown = \"not\"",
                0,
                "\"b\"",
            ),
            plain(YES, 10),
            plain(NO, 100),
        ],
        "10",
    );
    // An unknown row that is certain to be excluded does not apply.
    case(
        [row(YES, 1, "\"b\""), plain(MAYBE, 10), plain(YES, 100)],
        "101",
    );
    // Of two excluders the one that applies wins over the unknown one, which is itself excluded here.
    case(
        [
            row(YES, 1, "\"b\", \"c\""),
            row(MAYBE, 10, "\"c\""),
            plain(YES, 100),
        ],
        "1",
    );
}

#[test]
fn groups() {
    let facts = household();
    let group = |take: &str, more: &str| {
        format!("[[group]]\nid = \"g\"\ntable = \"T\"\nlabel = \"g\"\ntake = \"{take}\"\n{more}\n")
    };
    let case = |take: &str, group: &str, rows: &[&str], expected: &str| {
        let mut text = table("T", &format!("take = \"{take}\""), &[]) + group;
        for (at, row) in rows.iter().enumerate() {
            text += &format!("[[row]]\nid = \"r{at}\"\ntable = \"T\"\nlabel = \"r\"\n{row}\n");
        }
        assert_eq!(
            first(&(text + &key("T")), &facts),
            expected,
            "{group} {rows:?}"
        );
    };
    let (a, b, alone) = (
        "points = 3\ngroup = \"g\"",
        "points = 4\ngroup = \"g\"",
        "points = 20",
    );
    let highest = group("highest", "");
    case("sum", &highest, &[a, alone, b], "24");
    case("sum", &group("sum", "at_most = 5"), &[a, alone, b], "25");
    // The group stands in the place of its first row.
    case("first", &highest, &[a, alone, b], "4");
    case("first", &highest, &[alone, a, b], "20");
    // It gives nothing where none of its rows applies; its bounds do not make it something.
    let never = "when = \"household.tax_exempt\"\npoints = 4\ngroup = \"g\"";
    case("sum", &group("sum", "at_least = 9"), &[never, alone], "20");
    // An unknown group has no known points.
    let maybe = "when = \"household.welfare\"\npoints = 1\ngroup = \"g\"";
    case("highest", &highest, &[maybe, alone], "unknown");
    case("highest", &highest, &[maybe, b, alone], "20");
    case("first", &highest, &[alone, maybe], "20");
}

#[test]
fn bands_and_tables_over_guardians() {
    let mut facts = household();
    let body = table(
        "G",
        "over = \"guardian\"\ntake = \"highest\"\notherwise = 1",
        &[],
    ) + "[[band]]\nid = \"b\"\ntable = \"G\"\nlabel = \"b\"\nwhen = \"'employment' in guardian.reasons\"\nby = \"guardian.work_hours_per_month\"\nunit = \"hours_per_month\"\n"
        + "[[row]]\nid = \"long\"\ntable = \"G\"\nlabel = \"l\"\nband = \"b\"\nfrom = 140\npoints = 10\n"
        + "[[row]]\nid = \"short\"\ntable = \"G\"\nlabel = \"s\"\nband = \"b\"\nbelow = 140\npoints = 5\n";
    let sum = body.clone() + &key("guardians.sum(g, g.G)");
    assert_eq!(first(&sum, &facts), "unknown");
    set(
        &mut facts,
        Entity::Guardian,
        "reasons",
        1,
        reasons(&["illness"]),
    );
    assert_eq!(first(&sum, &facts), "11");
    set(
        &mut facts,
        Entity::Guardian,
        "reasons",
        1,
        reasons(&["employment"]),
    );
    assert_eq!(first(&sum, &facts), "unknown");
    let hours = Value::Number(Exact::parse("139.99").unwrap());
    set(
        &mut facts,
        Entity::Guardian,
        "work_hours_per_month",
        1,
        hours,
    );
    assert_eq!(first(&sum, &facts), "15");
    // A fold inside a table inside a fold has the same number for its variable.
    let nested =
        body + &table(
            "N",
            "over = \"guardian\"\ntake = \"sum\"",
            &[("n", "points = \"guardians.sum(x, x.G)\"")],
        ) + &key("guardians.sum(g, g.N * 100 + g.G)");
    assert_eq!(first(&nested, &facts), "3015");
}

#[test]
fn values_and_their_changes() {
    let facts = household();
    let case = |changes: &[&str], expected: &str| {
        let changes: String = (changes.iter().enumerate())
            .map(|(at, fields)| change(&format!("c{at}"), fields))
            .collect();
        let body = value("V", "10", &changes) + &key("V");
        assert_eq!(first(&body, &facts), expected, "{changes}");
    };
    let yes = |effect: &str| format!("{YES}\n{effect}");
    case(&["add = 5", "multiply = 2", "at_most = 25"], "25");
    case(&["at_least = 12"], "12");
    case(&[&yes("add = 1")], "11");
    case(&[&format!("{NO}\nadd = 1")], "10");
    let maybe = format!("{MAYBE}\nadd = 1");
    case(&[&maybe], "unknown");
    case(&[&maybe, "set = 3", "add = 1"], "4");
    case(&["set = 3", &maybe], "unknown");
    case(&[&maybe, "multiply = 0"], "unknown");
    case(&["set = \"household.welfare ? 1 : 2\""], "unknown");
    // The operand is evaluated where the condition is known to hold, also when the value is unknown then.
    let bomb = "add = \"1 / (household.arrears ? 0 : 1)\"";
    case(&[&maybe, bomb], "division in c1");
    case(&[&format!("{NO}\n{bomb}")], "10");
    case(&[&format!("{MAYBE}\n{bomb}")], "unknown");
}

#[test]
fn strata_eligibility_and_passes() {
    let facts = household();
    let list = |section: &str, field: &str, conditions: &[&str]| -> String {
        (conditions.iter().enumerate())
            .map(|(at, when)| {
                let when = if when.is_empty() {
                    String::new()
                } else {
                    format!("{field} = \"{when}\"\n")
                };
                format!("[[{section}]]\nid = \"{section}{at}\"\nlabel = \"x\"\n{when}")
            })
            .collect()
    };
    let (yes, no, maybe) = (
        "household.arrears",
        "household.tax_exempt",
        "household.welfare",
    );
    let stratum = |conditions: &[&str]| {
        let body = list("stratum", "when", conditions) + &key("1");
        first(&body, &facts)
    };
    assert_eq!(stratum(&[no, yes, ""]), "1");
    assert_eq!(stratum(&[no, maybe, ""]), "unknown");
    assert_eq!(stratum(&[yes, maybe]), "0");
    assert_eq!(stratum(&[no, no]), "2");
    let bomb = "1 / (household.arrears ? 0 : 1) > 0";
    assert_eq!(stratum(&[maybe, bomb]), "unknown");
    assert_eq!(stratum(&[no, bomb]), "division in stratum1");

    let eligible = |conditions: &[&str]| {
        let body = list("eligibility", "require", conditions) + &key("1");
        scored(&body, &facts).map(|s| s.eligibility[0])
    };
    assert_eq!(eligible(&[yes]), Ok(Eligible::Yes));
    assert_eq!(eligible(&[yes, maybe, no]), Ok(Eligible::No(2)));
    assert_eq!(eligible(&[yes, maybe, yes]), Ok(Eligible::Unknown));
    assert_eq!(eligible(&[no, bomb]), Ok(Eligible::No(0)));

    let body = list("pass", "when", &[no, yes, ""]) + &key("1");
    let scores = scored(&body, &facts).unwrap();
    assert_eq!(scores.passes, [Some(1); 3]);
    assert_eq!(
        scored(&key("1"), &facts).unwrap().passes,
        [Some(0); 3],
        "no passes: one for everybody"
    );
}

#[test]
fn siblings_share_coupled_keys_at_a_facility() {
    let mut facts = household();
    let body = |coupling: &str, order: &str| {
        let coupled = if coupling == "none" {
            String::new()
        } else {
            format!("[siblings]\ncoupling = \"{coupling}\"\ncoupled = [\"k\"]\n")
        };
        coupled
            + &format!(
                "[[key]]\nid = \"k\"\nlabel = \"k\"\nvalue = \"child.lottery_number\"\norder = \"{order}\"\n[[key]]\nid = \"own\"\nlabel = \"own\"\nvalue = \"child.lottery_number\"\n"
            )
    };
    let keys = |facts: &RoundFacts, coupling: &str, order: &str| -> Vec<String> {
        let scores = scored(&body(coupling, order), facts).unwrap();
        let shown = |k: Option<Exact>| k.map_or("unknown".into(), |n| n.to_string());
        (0..4).map(|c| shown(scores.key(c)[0])).collect()
    };
    assert_eq!(keys(&facts, "none", "higher"), ["7", "7", "4", "4"]);
    assert_eq!(keys(&facts, "highest", "higher"), ["7"; 4]);
    assert_eq!(keys(&facts, "highest", "lower"), ["4"; 4]);
    assert_eq!(keys(&facts, "average", "higher"), ["5.5"; 4]);
    // Only those who chose the facility: the younger one now only wants the second.
    facts.choice_facility[2] = 1;
    facts.choice_facility[3] = 1;
    assert_eq!(keys(&facts, "highest", "lower"), ["7", "4", "4", "4"]);
    facts.choice_facility[2] = 0;
    // Unknown for one: unknown for all; both children want the older one's number.
    set(
        &mut facts,
        Entity::Child,
        "lottery_number",
        0,
        Value::Unknown,
    );
    assert_eq!(keys(&facts, "highest", "higher"), ["unknown"; 4]);
    let scores = scored(&body("highest", "higher"), &facts).unwrap();
    assert_eq!(scores.key(2)[1], Some(Exact::whole(4)), "not coupled");
    let wanted = [fact(Entity::Child, 0, "lottery_number")];
    for undecided in &scores.undecided {
        assert_eq!(undecided.missing, wanted, "choice {}", undecided.choice);
    }
    assert_eq!(scores.undecided.len(), 4);
}

#[test]
fn an_error_in_a_coupled_key_is_one_for_all_before_any_unknown() {
    let mut facts = household();
    set(
        &mut facts,
        Entity::Child,
        "lottery_number",
        0,
        Value::Unknown,
    );
    set(
        &mut facts,
        Entity::Child,
        "lottery_number",
        1,
        Value::whole(0),
    );
    let body = "[siblings]\ncoupling = \"highest\"\ncoupled = [\"k\"]\n".to_owned()
        + &key("1 / child.lottery_number");
    let errors = scored(&body, &facts).unwrap_err();
    let at: Vec<u32> = errors.iter().map(|e| e.choice).collect();
    assert_eq!(at, [0, 1, 2, 3]);
    assert!(errors.iter().all(|e| e.division && *e.item == *"k"));
}

#[test]
fn judgement_by_staff() {
    let mut facts = household();
    let judged = |entity, subject, value: i64| Discretion {
        entity,
        subject,
        item: "d".into(),
        value: Exact::whole(value),
        reason: "".into(),
        entered_by: "".into(),
        signed_by: "".into(),
        row: 2,
    };
    let row = |how: &str, when: &str| format!("{when}\ndiscretion = \"{how}\"\nmin = 1\nmax = 5");
    let file =
        |how: &str, when: &str| table("T", "take = \"sum\"", &[("d", &row(how, when))]) + &key("T");
    assert_eq!(first(&file("optional", ""), &facts), "0");
    assert_eq!(first(&file("optional", MAYBE), &facts), "0");
    assert_eq!(first(&file("required", ""), &facts), "unknown");
    assert_eq!(first(&file("required", NO), &facts), "0");
    let wanted =
        |facts: &RoundFacts, body: &str| scored(body, facts).unwrap().undecided[0].missing.clone();
    let household_d = Missing::Judgement(Entity::Household, 0, "d".into());
    let child_d = Missing::Judgement(Entity::Child, 0, "d".into());
    assert_eq!(wanted(&facts, &file("required", YES)), [household_d]);
    let of_child = file("required", "when = \"child.application == 'new'\"");
    assert_eq!(wanted(&facts, &of_child), [child_d.clone()]);

    // The household's, then the child's own; one outside the bounds is none, required or not.
    facts.discretion.push(judged(Entity::Household, 0, 2));
    assert_eq!(first(&file("required", ""), &facts), "2");
    facts.discretion.push(judged(Entity::Child, 0, 3));
    assert_eq!(first(&file("required", ""), &facts), "3");
    facts.discretion[1].value = Exact::whole(6);
    assert_eq!(first(&file("optional", ""), &facts), "unknown");
    assert_eq!(wanted(&facts, &file("optional", YES)), [child_d]);
    assert_eq!(first(&file("optional", NO), &facts), "0");
    // Known points of an unknown row count under `highest`.
    facts.discretion[1].value = Exact::whole(3);
    let highest = |other: i64| {
        let other = format!("points = {other}");
        let rows = [("d", row("required", MAYBE)), ("o", other)];
        let rows = rows.each_ref().map(|(id, text)| (*id, text.as_str()));
        table("T", "take = \"highest\"", &rows) + &key("T")
    };
    assert_eq!(first(&highest(3), &facts), "3");
    assert_eq!(first(&highest(2), &facts), "unknown");
    // About the guardian, in a table over guardians.
    let body = table(
        "T",
        "over = \"guardian\"\ntake = \"sum\"",
        &[("d", &row("required", ""))],
    ) + &key("guardians.sum(g, g.T)");
    facts.discretion.push(judged(Entity::Guardian, 0, 4));
    assert_eq!(first(&body, &facts), "unknown");
    let second = Missing::Judgement(Entity::Guardian, 1, "d".into());
    assert_eq!(wanted(&facts, &body), [second]);
    facts.discretion.push(judged(Entity::Guardian, 1, 1));
    assert_eq!(first(&body, &facts), "5");
}

#[test]
fn what_is_missing_is_what_would_settle_it() {
    let facts = household();
    let missing = |body: &str| -> Vec<Missing> {
        let scores = scored(body, &facts).unwrap();
        scores
            .undecided
            .first()
            .map_or(vec![], |u| u.missing.clone())
    };
    let welfare = || fact(Entity::Household, 0, "welfare");
    let hours = || fact(Entity::Guardian, 1, "work_hours_per_month");
    let reasons = || fact(Entity::Guardian, 1, "reasons");
    let days = || fact(Entity::Child, 0, "care_days_per_week");
    for (expression, expected) in [
        ("household.welfare && household.tax_exempt", vec![]),
        ("household.welfare && household.arrears", vec![welfare()]),
        // Either settles one branch; the hours only count where welfare says so.
        (
            "household.welfare ? 1 : number(guardians.lowest(g, g.work_hours_per_month))",
            vec![welfare(), hours()],
        ),
        (
            "household.arrears ? number(child.care_days_per_week) : number(guardians.lowest(g, g.work_hours_per_month))",
            vec![days()],
        ),
        (
            "guardians.exists(g, 'illness' in g.reasons && g.work_hours_per_month > hours_per_month(1))",
            vec![reasons(), hours()],
        ),
        (
            "guardians.exists(g, 'illness' in g.reasons && g.work_hours_per_month > hours_per_month(200))",
            vec![reasons(), hours()],
        ),
        ("adults.lowest(a, 1)", vec![Missing::Nothing("k".into())]),
        ("known(household.welfare) ? 1 : 2", vec![]),
    ] {
        let mut expected = expected;
        expected.sort();
        assert_eq!(missing(&key(expression)), expected, "{expression}");
    }
    // Rows: those that are outdone are not asked about, nor parts of conditions that other parts settle.
    let rows = [
        ("a", format!("{YES}\npoints = 5")),
        ("b", format!("{MAYBE}\npoints = 4")),
        (
            "c",
            "when = \"household.tax_exempt && household.welfare\"\npoints = 9".to_owned(),
        ),
        (
            "d",
            "when = \"child.care_days_per_week > days_per_week(1)\"\npoints = 9".to_owned(),
        ),
    ];
    let rows = rows.each_ref().map(|(id, text)| (*id, text.as_str()));
    let body = table("T", "take = \"highest\"", &rows) + &key("T");
    assert_eq!(missing(&body), [days()]);
    // A row that is to be filled; a table in which nothing applies.
    let body = table("T", "take = \"sum\"", &[("a", "fill = true")]) + &key("T");
    assert_eq!(missing(&body), [Missing::ToBeFilled("a".into())]);
    let body = table(
        "T",
        "take = \"first\"",
        &[("a", &format!("{NO}\npoints = 1"))],
    ) + &key("T");
    assert_eq!(missing(&body), [Missing::Nothing("T".into())]);
    // An excluder, and what was unknown before a later `set`.
    let body = table(
        "T",
        "take = \"sum\"",
        &[
            ("a", &format!("{MAYBE}\npoints = 1\nexcludes = [\"b\"]")),
            ("b", &format!("{YES}\npoints = 2")),
        ],
    ) + &key("T");
    assert_eq!(missing(&body), [welfare()]);
    let changes = change("c0", &format!("{MAYBE}\nadd = 1"))
        + &change("c1", "set = \"number(child.care_days_per_week)\"");
    assert_eq!(missing(&(value("V", "1", &changes) + &key("V"))), [days()]);
    // Strata after an unknown one are asked about too, up to the first that is certain.
    let strata = |second: &str| {
        format!(
            "[[stratum]]\nid = \"s\"\nlabel = \"s\"\nwhen = \"household.welfare\"\n[[stratum]]\nid = \"t\"\nlabel = \"t\"\nwhen = \"{second}\"\n[[stratum]]\nid = \"u\"\nlabel = \"u\"\nwhen = \"child.care_days_per_week > days_per_week(1)\"\n"
        ) + &key("1")
    };
    assert_eq!(missing(&strata("household.arrears")), [welfare()]);
    let mut both = vec![welfare(), days()];
    both.sort();
    assert_eq!(missing(&strata("household.tax_exempt")), both);
}

#[test]
fn undecided_are_those_who_might_be_placed() {
    let mut facts = household();
    let pool = "[[pool]]\nid = \"p\"\nlabel = \"p\"\ntarget = \"household.welfare\"\n";
    let listed = |facts: &RoundFacts, body: &str| -> Vec<u32> {
        let scores = scored(body, facts).unwrap();
        scores.undecided.iter().map(|u| u.choice).collect()
    };
    let file = format!("{pool}{}", key("1"));
    assert_eq!(listed(&facts, &file), [0u32; 0], "no facility has the pool");
    facts.classes.push(ClassSeats {
        facility: 1,
        age: 0,
        pool: Some("p".into()),
        seats: 3,
        shared: None,
        weight: Rational::ONE,
        refill: true,
        row: 2,
    });
    assert_eq!(listed(&facts, &file), [1, 3]);
    let refused =
        "[[eligibility]]\nid = \"e\"\nlabel = \"e\"\nrequire = \"choice.distance > metres(150)\"\n";
    assert_eq!(
        listed(&facts, &format!("{refused}{}", key("household.welfare"))),
        [1, 2, 3]
    );
}
