//! One line for each rule of the type checker: an expression and its type, or the code of what is wrong.

use super::{
    Element, Level, Ty,
    infer::{Checker, Env},
    resolve,
};
use crate::{expression, model::Criteria};

const FILE: &str = r#"
[criteria]
kind = "structure"
name = "試験"
fiscal_year = 2027
title = "試験"

[[condition]]
id = "single"
label = "ひとり親"
when = "household.single_parent == 'single'"

[[table]]
id = "basis"
label = "基準指数"
over = "guardian"
take = "highest"
otherwise = 0

[[row]]
id = "work"
table = "basis"
label = "就労"
when = "'employment' in guardian.reasons"
points = 10

[[table]]
id = "grand"
label = "祖父母"
over = "adult"
take = "sum"

[[row]]
id = "able"
table = "grand"
label = "保育できる祖父母"
when = "adult.able_to_care"
points = -1

[[table]]
id = "extra"
label = "調整"
take = "sum"

[[row]]
id = "here"
table = "extra"
label = "在園きょうだい"
when = "choice.siblings_enrolled_here > 0"
points = 2

[[value]]
id = "index"
label = "指数"
value = "guardians.sum(g, g.basis) + extra"

[[value]]
id = "money"
label = "所得"
value = "household.income"

[[key]]
id = "index"
label = "指数"
value = "index"

[siblings]
timing = "together"
place = "same-only"

[ties]
left = "stop"
"#;

fn file() -> Criteria {
    let (criteria, _, all) = crate::read("", FILE.as_bytes());
    criteria.unwrap_or_else(|| panic!("{}", all.render("", FILE, crate::Language::English)))
}

/// What is said about a type, shorter.
fn name(ty: Ty) -> String {
    match ty {
        Ty::Bool => "bool".into(),
        Ty::Number => "number".into(),
        Ty::Quantity(u) => u.name().into(),
        Ty::Date => "date".into(),
        Ty::Enum(e) => e.name.into(),
        Ty::Set(e) => format!("{{{}}}", e.name),
        Ty::Text => "text".into(),
        Ty::Texts => "{text}".into(),
    }
}

fn check(element: Option<Element>, cases: &[(&str, &str)]) {
    let criteria = file();
    let mut wrong = String::new();
    for (text, expect) in cases {
        let e = expression::parse(text, 0).unwrap();
        let mut checker = Checker::new(&criteria);
        checker.value_types = vec![Ty::Number, Ty::Quantity(enmusubi_domain::facts::Unit::Yen)];
        let env = Env {
            element,
            ..Env::default()
        };
        let found = match checker.infer(&e, &env, None) {
            Some(typed) => {
                assert!(!checker.diagnostics.has_errors(), "{text}");
                name(typed.ty)
            }
            None => {
                // What has no type was told, once or more.
                let codes = checker.diagnostics.list.iter().map(|d| d.code);
                codes.collect::<Vec<_>>().join(" ")
            }
        };
        if found != *expect {
            wrong.push_str(&format!("{text}\n  is {found}, not {expect}\n"));
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn types_of_an_application() {
    check(
        None,
        &[
            ("1", "number"),
            ("-0.5", "number"),
            ("true", "bool"),
            ("'a'", "text"),
            ("household.welfare", "bool"),
            ("household.income", "yen"),
            ("household.single_parent", "single_parent"),
            ("household.area", "text"),
            ("child.birth_date", "date"),
            ("facility.linked", "{text}"),
            ("single", "bool"),
            ("extra", "number"),
            ("index", "number"),
            ("money", "yen"),
            // Units.
            ("hours_per_month(140)", "hours_per_month"),
            ("hours_per_month(35 * 4)", "hours_per_month"),
            ("hours_per_month(household.income)", "C130"),
            ("hours_per_month()", "C131"),
            ("number(money)", "number"),
            ("money + yen(1)", "yen"),
            ("money + 1", "C125"),
            ("money + months(1)", "C126"),
            ("money * 2", "yen"),
            ("2 * money", "yen"),
            ("money * money", "C126"),
            ("money / 2", "yen"),
            ("money / yen(1000)", "number"),
            ("2 / money", "C126"),
            ("-money", "yen"),
            ("money > yen(0)", "bool"),
            ("money > 0", "C125"),
            ("money == months(1)", "C126"),
            // Conditions.
            ("!single && household.welfare || false", "bool"),
            ("!extra", "C129"),
            ("single && extra", "C129"),
            ("single + 1", "C130"),
            ("single == true", "bool"),
            ("single > false", "C128"),
            ("single ? 1 : 0", "number"),
            ("single ? 1 : household.welfare", "C127"),
            ("single ? money : 0", "C125"),
            ("extra ? 1 : 0", "C129"),
            // Choices out of a list.
            ("household.single_parent == 'single'", "bool"),
            ("'single' == household.single_parent", "bool"),
            ("household.single_parent != 'sigle'", "C123"),
            ("household.single_parent > 'single'", "C128"),
            ("household.single_parent in ['single', 'quasi']", "bool"),
            ("household.single_parent in ['single', 'x']", "C123"),
            ("household.single_parent in []", "C134"),
            ("household.single_parent == 1", "C127"),
            ("household.area == facility.area", "bool"),
            ("household.area < facility.area", "C128"),
            ("facility.id in facility.linked", "bool"),
            ("'x' in facility.linked", "bool"),
            ("1 in facility.linked", "C127"),
            ("1 in [1, 2]", "bool"),
            ("1 in [1, 'a']", "C127"),
            ("1 in extra", "C139"),
            ("[1, 2]", "C139"),
            ("facility.linked == facility.linked", "C127"),
            // Days.
            ("date('2027-04-01')", "date"),
            ("date('2027-4-1')", "C133"),
            ("date('2027-02-30')", "C133"),
            ("date(1)", "C133"),
            ("child.birth_date < date('2027-04-01')", "bool"),
            ("child.birth_date < '2027-04-01'", "C127"),
            ("child.birth_date + 1", "C130"),
            ("days_between(child.birth_date, round.base_date)", "days"),
            (
                "months_between(child.birth_date, round.base_date)",
                "months",
            ),
            ("years_between(child.birth_date, 1)", "C133"),
            ("fiscal_year(round.base_date)", "number"),
            ("month(child.birth_date)", "number"),
            // Functions.
            ("min(1, 2, extra)", "number"),
            ("max(child.birth_date, round.base_date)", "date"),
            ("min(1, money)", "C125"),
            ("min(1)", "C131"),
            ("max(single, single)", "C130"),
            ("clamp(extra, 0, 10)", "number"),
            ("clamp(extra, 0)", "C131"),
            ("ceil(extra / 2)", "number"),
            ("floor(money / 1000)", "yen"),
            ("ceil(single)", "C130"),
            ("known(household.income)", "bool"),
            ("known(known(extra))", "bool"),
            ("nothing(1)", "C122"),
            // Lists.
            ("guardians.size()", "number"),
            ("guardians.sum(g, g.basis)", "number"),
            ("guardians.sum(g, g.income)", "yen"),
            ("guardians.average(g, g.basis)", "number"),
            ("guardians.count(g, 'birth' in g.reasons)", "number"),
            ("guardians.exists(g, g.basis > 5)", "bool"),
            ("guardians.all(g, g.basis)", "C129"),
            ("guardians.sum(g, g.posted_away)", "C130"),
            ("guardians.sum(g.basis)", "C131"),
            ("guardians.sum(1, 2)", "C132"),
            ("guardians.sum(extra, 1)", "C132"),
            ("guardians.median(g, g.basis)", "C122"),
            ("adults.sum(a, a.grand)", "number"),
            ("adults.sum(a, a.basis)", "C141"),
            ("adults.lowest(a, a.distance)", "metres"),
            ("children.highest(c, c.age_years)", "years"),
            ("siblings.exists(s, s.age_class == child.age_class)", "bool"),
            ("declines.count(d, d.kind == 'declined')", "number"),
            (
                "guardians.exists(g, adults.exists(a, a.birth_date < g.birth_date))",
                "bool",
            ),
            ("guardians.exists(g, adults.exists(g, true))", "C132"),
            ("guardians", "C140"),
            ("guardians.income", "C140"),
            ("child.sum(g, 1)", "C143"),
            // Names.
            ("extr", "C120"),
            ("household", "C140"),
            ("household.extra", "C141"),
            ("household.nothing", "C121"),
            ("household.welfare.x", "C121"),
            ("basis", "C141"),
            ("guardian.income", "C124"),
            ("adult.age", "C124"),
            ("decline.rank", "C124"),
            // Both sides are told.
            ("household.x && child.y", "C121 C121"),
        ],
    );
}

#[test]
fn types_of_a_guardian_and_an_adult() {
    check(
        Some(Element::Guardian),
        &[
            ("guardian.reasons", "{reason}"),
            ("'birth' in guardian.reasons", "bool"),
            ("'brith' in guardian.reasons", "C123"),
            ("guardian.reasons == 'birth'", "C127"),
            ("guardian.basis", "number"),
            ("basis", "C141"),
            ("guardian.grand", "C141"),
            (
                "guardian.work_hours_per_month >= hours_per_month(140)",
                "bool",
            ),
            (
                "guardian.work_hours_per_month >= hours_per_week(35)",
                "C126",
            ),
            ("guardian.work_hours_per_month >= 140", "C125"),
            ("adult.age", "C124"),
        ],
    );
    check(
        Some(Element::Adult),
        &[
            ("adult.age < years(65)", "bool"),
            ("adult.grand", "number"),
            ("guardian.income", "C124"),
        ],
    );
}

/// Each named item is evaluated once for the smallest thing it depends on.
#[test]
fn scopes_are_the_smallest() {
    let criteria = file();
    let resolved = resolve(&criteria).unwrap();
    let scopes = &resolved.scopes;
    assert_eq!(scopes.conditions[0].level, Level::Household);
    let tables: Vec<_> = scopes.tables.iter().map(|s| (s.level, s.element)).collect();
    assert_eq!(
        tables,
        [
            (Level::Household, Some(Element::Guardian)),
            (Level::Household, Some(Element::Adult)),
            (Level::Choice, None),
        ]
    );
    let values: Vec<_> = scopes.values.iter().map(|s| s.level).collect();
    assert_eq!(values, [Level::Choice, Level::Household]);
    // Everything after what it looks at.
    assert_eq!(resolved.order.len(), 6);
}
