//! Who is undecided, and what would settle it.

use crate::household::*;
use enmusubi_criteria::judgement::Missing;
use enmusubi_domain::{
    facts::{ClassSeats, Entity, RoundFacts},
    rational::Rational,
};

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
