//! Expressions, and errors in them.

use crate::household::*;
use enmusubi_scoring::Program;

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
        (bomb.into(), "division in k"),
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
