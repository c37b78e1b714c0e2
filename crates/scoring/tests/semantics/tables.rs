//! Rows, bands, exclusions, groups, tables, judgement by staff.

use crate::household::*;
use enmusubi_criteria::judgement::Missing;
use enmusubi_domain::facts::{Discretion, Entity, Exact, RoundFacts, Value};

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
    assert_eq!(wanted(&facts, &of_child), std::slice::from_ref(&child_d));

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
