//! The runner of worked examples, and the edges of bands, where something is wrong.

#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests, where a panic is the message"
)]

use enmusubi_criteria::{Criteria, read};
use enmusubi_scoring::{
    edges::{PointsAt, edges},
    examples::{Outcome, facts, run},
};

const FILE: &str = r#"
[criteria]
kind = "structure"
name = "試験"
fiscal_year = 2027
title = "試験"

[[table]]
id = "base"
label = "基準"
over = "guardian"
take = "highest"

[[band]]
id = "work"
table = "base"
label = "就労"
when = "'employment' in guardian.reasons && guardian.proof in ['certificate', 'self_declared']"
by = "guardian.work_hours_per_day"
unit = "hours_per_day"
partition = true

[[row]]
id = "long"
table = "base"
label = "7.5時間以上"
band = "work"
from = "7.5"
points = 20

[[row]]
id = "short"
table = "base"
label = "4時間以上7.5時間未満"
band = "work"
from = 4
below = "7.5"
points = "20 - 0.5"

[[value]]
id = "both"
label = "合計"
value = "guardians.sum(g, g.base)"

[[key]]
id = "total"
label = "合計"
value = "both"

[[key]]
id = "letter"
label = "文字"
value = "choice.rank"
order = "lower"
show = ["1=A", "2=B"]

[ties]
left = "stop"
"#;

const EXAMPLE: &str = r#"
[[example]]
id = "e"
label = "例"
round = { entry_date = "2027-04-01", number = 1, base_date = "2026-12-01" }
guardians = [
  { reasons = ["employment"], proof = "certificate", work_hours_per_day = 8 },
  { reasons = ["employment"], proof = "certificate", work_hours_per_day = 7 },
]
child = { application = "new", birth_date = "2026-05-10" }
choice = { rank = 2 }
"#;

fn criteria(text: &str) -> Criteria {
    let (criteria, _, all) = read("f.toml", text.as_bytes());
    criteria.unwrap_or_else(|| panic!("{all:?}"))
}

fn outcome(rest: &str) -> Outcome {
    let criteria = criteria(&format!("{FILE}{EXAMPLE}{rest}"));
    run(&criteria).pop().unwrap()
}

/// `item found ○`, one per thing expected.
fn told(outcome: &Outcome) -> Vec<String> {
    let checks = outcome.checks.iter();
    checks
        .map(|c| format!("{} {} {}", c.item, c.found, if c.holds { "○" } else { "×" }))
        .collect()
}

#[test]
fn what_comes_is_told_beside_what_should() {
    let right = outcome(
        r#"expect = { base = [20, "19.5"], both = "39.5", letter = "B", outcome = "eligible" }"#,
    );
    assert!(right.passed());
    assert_eq!(
        told(&right),
        [
            "base[0] 20 ○",
            "base[1] 19.5 ○",
            "both 39.5 ○",
            "letter B ○",
            "outcome eligible ○"
        ]
    );
    let wrong =
        outcome(r#"expect = { base = [20, 20], total = 40, letter = "A", outcome = "refused" }"#);
    assert!(!wrong.passed());
    assert_eq!(
        told(&wrong),
        [
            "base[0] 20 ○",
            "base[1] 19.5 ×",
            "total 39.5 ×",
            "letter B ×",
            "outcome eligible ×"
        ]
    );
    // A third guardian, and a stratum, are not there.
    let absent = outcome(r#"expect = { base = [20, "19.5", 0], stratum = 1 }"#);
    assert_eq!(
        told(&absent),
        [
            "base[0] 20 ○",
            "base[1] 19.5 ○",
            "base[2] 該当なし ×",
            "stratum 不明 ×"
        ]
    );
}

#[test]
fn what_cannot_be_decided_is_no_number() {
    let text = format!("{FILE}{EXAMPLE}")
        .replace("work_hours_per_day = 7 }", "work_days_per_month = 20 }");
    let criteria = criteria(&format!(
        "{text}expect = {{ base = [20, 0], total = 20, outcome = \"undecided\" }}"
    ));
    let outcome = run(&criteria).pop().unwrap();
    assert_eq!(
        told(&outcome),
        [
            "base[0] 20 ○",
            "base[1] 不明 ×",
            "total 不明 ×",
            "outcome undecided ○"
        ]
    );
}

#[test]
fn an_order_holds_only_strictly_and_key_by_key() {
    let order = |keys: &str| {
        let text = format!("{FILE}\n[[example]]\nid = \"o\"\nlabel = \"順\"\norder = {keys}\n");
        let outcome = run(&criteria(&text)).pop().unwrap();
        (outcome.passed(), outcome.checks[0].found.to_string())
    };
    assert_eq!(
        order(r#"[["甲", 40, "B"], ["乙", 39, "A"]]"#),
        (true, "甲 ＞ 乙".into())
    );
    assert_eq!(
        order(r#"[["甲", 40, "B"], ["乙", 40, "A"]]"#),
        (false, "乙 ＞ 甲".into())
    );
    assert_eq!(
        order(r#"[["甲", 40], ["乙", 40]]"#),
        (false, "甲 ＝ 乙".into())
    );
    assert_eq!(
        order(r#"[["甲", "多い"], ["乙", 40]]"#),
        (false, "不明".into())
    );
}

#[test]
fn an_example_without_a_round_cannot_be_run() {
    let text = format!("{FILE}{EXAMPLE}expect = {{ total = 40 }}");
    let start = text.find("round = ").unwrap();
    let end = text[start..].find('\n').unwrap() + start;
    let text = format!("{}{}", &text[..start], &text[end..]);
    let outcome = run(&criteria(&text)).pop().unwrap();
    assert!(!outcome.passed() && outcome.checks.is_empty());
    assert!(
        outcome.problems[0].what.0.contains("入所日"),
        "{:?}",
        outcome.problems
    );
}

/// Choices before the one at hand, and siblings who chose the facility too, are really there.
#[test]
fn what_an_example_implies_is_in_its_facts() {
    let text = format!(
        "{FILE}{}siblings = [{{ application = \"new\", birth_date = \"2024-05-10\" }}, {{ birth_date = \"2020-05-10\" }}]\nexpect = {{ letter = \"B\" }}",
        EXAMPLE
    );
    let criteria = criteria(&text);
    let case = facts::of(&criteria, &criteria.examples[0]).unwrap();
    let f = &case.facts;
    assert_eq!(f.children.len(), 3);
    assert_eq!(f.index.choices[0], 0..2);
    assert_eq!(case.choice, 1);
    assert_eq!(f.index.choices[1].len(), 1);
    assert_eq!(f.choice_facility[2], f.choice_facility[1]);
    assert!(f.index.choices[2].is_empty());
    assert!(run(&criteria)[0].passed());
}

#[test]
fn edges_are_one_below_half_below_at_and_one_above() {
    let all = edges(&criteria(FILE));
    assert_eq!(all.len(), 1);
    assert!(all[0].passed(), "{all:#?}");
    let cases: Vec<String> = all[0]
        .cases
        .iter()
        .map(|c| {
            let points: Vec<String> = c
                .found
                .iter()
                .map(|r| match r.points {
                    PointsAt::Known(n) => format!("{} {n}", r.row),
                    other => format!("{other:?}"),
                })
                .collect();
            format!("{}: {}", c.at, points.join(", "))
        })
        .collect();
    assert_eq!(
        cases,
        [
            "3: ",
            "3.5: ",
            "4: short 19.5",
            "5: short 19.5",
            "6.5: short 19.5",
            "7: short 19.5",
            "7.5: long 20",
            "8.5: long 20",
        ]
    );
}

/// The condition of the band, with another in its place.
fn band_when(when: &str) -> Criteria {
    criteria(&FILE.replace(
        "'employment' in guardian.reasons && guardian.proof in ['certificate', 'self_declared']",
        when,
    ))
}

#[test]
fn households_are_made_as_the_conditions_of_a_band_ask() {
    for when in [
        "guardians.size() == 2 && guardians.all(g, 'employment' in g.reasons)",
        "guardians.size() >= 1 && !(household.residence in ['resident', 'moving_in'])",
        "guardian.presence != 'absent' && known(guardian.work_hours_per_day)",
        "siblings.exists(s, s.application != 'none' && s.care_days_per_week >= days_per_week(3))",
        "adults.exists(a, a.co_resident && a.age > years(64)) && !declines.exists(d, d.kind == 'left')",
        "declines.exists(d, d.kind == 'left' && d.rank <= 4) || household.welfare",
        "!siblings.exists(s, s.unborn) && child.present_care == 'none' && facility.area == '東'",
        "round.entry_month == 5 && choice.rank < 3 && child.on_time && !child.enrolled",
    ] {
        let all = edges(&band_when(when));
        assert!(all[0].passed(), "{when}: {all:#?}");
    }
}

/// What no such household has is told, not left out.
#[test]
fn a_band_no_household_could_be_made_for_is_told() {
    for when in [
        "guardians.size() == 3",
        "'study' in guardian.reasons && !('study' in guardian.reasons)",
        "guardian.work_hours_per_day == hours_per_day(6)",
        "children.count(c, c.multiple_birth) == 2",
    ] {
        let all = edges(&band_when(when));
        assert!(!all[0].passed(), "{when}");
        assert!(all[0].problem.is_some());
        assert!(all[0].cases.iter().all(|c| c.found.is_empty() && !c.holds));
    }
}

/// Where an example fails, its derivation is about the facts it states, also those that would follow from others.
#[test]
fn a_failed_example_comes_with_its_derivation() {
    let text = format!("{FILE}{EXAMPLE}expect = {{ total = 40 }}").replace(
        "value = \"both\"",
        "value = \"both + choice.siblings_enrolled_here\"",
    );
    let text = text.replace("rank = 2 }", "rank = 2, siblings_enrolled_here = 3 }");
    let outcome = run(&criteria(&text)).pop().unwrap();
    assert_eq!(told(&outcome), ["total 42.5 ×"]);
    let derivation = outcome.derivation.unwrap();
    let total = derivation.key.iter().find(|k| &*k.id == "total").unwrap();
    assert_eq!(total.value.as_deref(), Some("42.5"));
    assert!(
        run(&criteria(&format!(
            "{FILE}{EXAMPLE}expect = {{ both = \"39.5\" }}"
        )))[0]
            .derivation
            .is_none()
    );
}
