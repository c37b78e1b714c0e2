//! Derivations as a clerk and a family read them, and what would change them.

#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests, where a panic is the failure"
)]

mod common;

use common::{Pen, criteria};
use enmusubi_domain::facts::{Entity, RoundFacts, Value, vocabulary::find};
use enmusubi_scoring::{
    Derivation, Program,
    text::{Reader, derivation_text},
};

fn derive(path: &str, facts: &RoundFacts) -> Derivation {
    let criteria = criteria(path);
    let program = Program::compile(&criteria).unwrap();
    program.derive(&criteria, facts, 0).unwrap()
}

const FUJISAWA: &str = "142051-fujisawa/r9.toml";

/// The first case of page 18 of the guide: 120 and 160 hours, unlicensed care three days a week.
fn two_guardians() -> RoundFacts {
    let mut pen = Pen::april();
    pen.household(&[("residence", "resident"), ("income", "6000000")]);
    pen.guardian(
        "就労証明書 2026-09-30",
        &[
            ("reasons", "employment"),
            ("proof", "certificate"),
            ("work_hours_per_month", "120"),
        ],
    );
    pen.guardian(
        "",
        &[
            ("reasons", "employment"),
            ("proof", "certificate"),
            ("work_hours_per_month", "160"),
        ],
    );
    pen.child(&[
        ("application", "new"),
        ("birth_date", "2026-05-10"),
        ("present_care", "unlicensed"),
        ("care_paid", "yes"),
        ("care_days_per_week", "3"),
        ("care_since", "2026-09-01"),
    ]);
    pen.done()
}

/// The second case: a single parent who returns from leave, with a relative in the house.
fn single_parent() -> RoundFacts {
    let mut pen = Pen::april();
    pen.household(&[
        ("residence", "resident"),
        ("income", "6000000"),
        ("single_parent", "single"),
    ]);
    pen.guardian(
        "就労証明書 2026-09-15",
        &[
            ("reasons", "employment"),
            ("proof", "certificate"),
            ("work_hours_per_month", "160"),
            ("returning_from_leave", "yes"),
        ],
    );
    pen.adult(&[
        ("relation", "maternal_grandmother"),
        ("co_resident", "yes"),
        ("birth_date", "1970-06-01"),
    ]);
    pen.child(&[("application", "new"), ("birth_date", "2026-05-10")]);
    pen.done()
}

/// Hours of one guardian are not known, nor is the household's income.
fn undecided() -> RoundFacts {
    let mut pen = Pen::april();
    pen.household(&[("residence", "resident")]);
    pen.guardian(
        "",
        &[
            ("reasons", "employment"),
            ("proof", "certificate"),
            ("work_hours_per_month", "160"),
        ],
    );
    pen.guardian("", &[("reasons", "employment"), ("proof", "certificate")]);
    pen.child(&[("application", "new"), ("birth_date", "2026-05-10")]);
    pen.done()
}

/// Two hours a month short of the next band; no papers for the other guardian.
fn near_miss() -> RoundFacts {
    let mut pen = Pen::april();
    pen.household(&[("residence", "resident"), ("income", "4800000")]);
    pen.guardian(
        "就労証明書 2026-09-30",
        &[
            ("reasons", "employment"),
            ("proof", "certificate"),
            ("work_hours_per_month", "138"),
        ],
    );
    pen.guardian(
        "",
        &[
            ("reasons", "employment"),
            ("proof", "certificate"),
            ("work_hours_per_month", "152"),
        ],
    );
    pen.child(&[("application", "new"), ("birth_date", "2026-05-10")]);
    pen.done()
}

#[test]
fn texts_of_two_guardians() {
    let derivation = derive(FUJISAWA, &two_guardians());
    insta::assert_snapshot!(
        "two_guardians_staff",
        derivation_text(&derivation, Reader::Staff)
    );
    insta::assert_snapshot!(
        "two_guardians_parent",
        derivation_text(&derivation, Reader::Parent)
    );
}

#[test]
fn texts_of_a_single_parent() {
    let derivation = derive(FUJISAWA, &single_parent());
    insta::assert_snapshot!(
        "single_parent_staff",
        derivation_text(&derivation, Reader::Staff)
    );
    insta::assert_snapshot!(
        "single_parent_parent",
        derivation_text(&derivation, Reader::Parent)
    );
    insta::assert_snapshot!(
        "single_parent_english",
        derivation_text(&derivation, Reader::StaffEnglish)
    );
}

#[test]
fn texts_of_an_undecided_applicant() {
    let derivation = derive(FUJISAWA, &undecided());
    assert!(!derivation.decided);
    insta::assert_snapshot!(
        "undecided_staff",
        derivation_text(&derivation, Reader::Staff)
    );
    insta::assert_snapshot!(
        "undecided_parent",
        derivation_text(&derivation, Reader::Parent)
    );
    insta::assert_snapshot!(
        "undecided_plain",
        derivation_text(&derivation, Reader::ParentPlain)
    );
}

#[test]
fn texts_of_a_near_miss() {
    let derivation = derive(FUJISAWA, &near_miss());
    insta::assert_snapshot!(
        "near_miss_staff",
        derivation_text(&derivation, Reader::Staff)
    );
    insta::assert_snapshot!(
        "near_miss_parent",
        derivation_text(&derivation, Reader::Parent)
    );
    insta::assert_snapshot!(
        "near_miss_plain",
        derivation_text(&derivation, Reader::ParentPlain)
    );
}

/// Bounds, groups, declared unknowns, judgements, coupled siblings, keys of every kind, a hole, a
/// refusal: what the criteria above do not have.
fn everything() -> Derivation {
    let path = "tests/features.toml";
    let bytes = std::fs::read(path).unwrap();
    let (criteria, _, problems) = enmusubi_criteria::read(path, &bytes);
    let criteria = criteria.unwrap_or_else(|| panic!("{problems:#?}"));
    let mut pen = Pen::april();
    pen.household(&[("welfare", "yes"), ("arrears", "yes"), ("notified", "yes")]);
    pen.guardian(
        "",
        &[
            ("reasons", "employment"),
            ("work_days_per_month", "21"),
            ("presence", "posted"),
        ],
    );
    pen.guardian(
        "",
        &[
            ("reasons", "abuse employment"),
            ("work_days_per_month", "12"),
        ],
    );
    pen.adult(&[("relation", "maternal_grandfather"), ("co_resident", "yes")]);
    pen.child(&[("application", "new"), ("birth_date", "2026-05-10")]);
    pen.child(&[
        ("application", "new"),
        ("birth_date", "2024-08-10"),
        ("special_need", "support"),
    ]);
    pen.judge("judged", 0, "5", "面談の記録による");
    let facts = pen.done();
    let program = Program::compile(&criteria).unwrap();
    program.derive(&criteria, &facts, 0).unwrap()
}

#[test]
fn texts_of_everything_else() {
    let derivation = everything();
    insta::assert_snapshot!(
        "everything_staff",
        derivation_text(&derivation, Reader::Staff)
    );
    insta::assert_snapshot!(
        "everything_parent",
        derivation_text(&derivation, Reader::Parent)
    );
    insta::assert_snapshot!(
        "everything_plain",
        derivation_text(&derivation, Reader::ParentPlain)
    );
}

/// What a shelter or a child guidance centre told the office stays there.
#[test]
fn families_are_not_told_what_is_guarded() {
    let derivation = everything();
    for reader in [Reader::Parent, Reader::ParentPlain] {
        let text = derivation_text(&derivation, reader);
        for word in ["虐待", "DV", "児童相談所", "通知"] {
            assert!(!text.contains(word), "{word}: {text}");
        }
    }
    let staff = derivation_text(&derivation, Reader::Staff);
    assert!(staff.contains("虐待・DV") && staff.contains("児童相談所"));
}

/// The nearest band is two hours away, is worth a point of A, and is what scoring says of it.
#[test]
fn what_would_change_it_is_what_scoring_says() {
    let facts = near_miss();
    let derivation = derive(FUJISAWA, &facts);
    let change = &derivation.changes[0];
    assert_eq!(&*change.path, "guardian.work_hours_per_month");
    assert_eq!((&*change.who.id, change.who.place), ("g1", 1));
    assert_eq!(change.from.as_deref(), Some("月138時間"));
    assert_eq!(&*change.to, "月140時間以上");
    assert_eq!(change.distance.as_deref(), Some("2時間"));
    assert!(change.ordinary && change.better == Some(true) && change.more == Some(true));
    let [difference] = &change.differences[..] else {
        panic!("{:#?}", change.differences);
    };
    assert_eq!(difference.difference.as_deref(), Some("+1"));

    let mut changed = facts;
    let at = find(Entity::Guardian, "work_hours_per_month").unwrap();
    changed.guardians.set(0, at, Value::whole(140));
    changed.complete();
    let after = derive(FUJISAWA, &changed);
    let a = after.key.iter().find(|k| &*k.id == "A").unwrap();
    assert_eq!(a.value, difference.after);

    // Families read of nothing but ordinary matters of fact that would help.
    let told = derivation_text(&derivation, Reader::Parent);
    let of_changes = told.split("確かめていただきたいこと").nth(1).unwrap();
    assert_eq!(of_changes.matches('・').count(), 1, "{of_changes}");
    let silent = derivation.changes.iter().filter(|c| !c.ordinary);
    assert!(silent.count() > 5);
}

/// What one parent has handed in about illness is not told to the other who lives apart; staff see it, and
/// so does a family that lives together.
#[test]
fn the_health_of_a_guardian_who_lives_apart_is_left_unsaid() {
    let text = |presence: &str, reader| {
        let mut pen = Pen::april();
        pen.household(&[("residence", "resident"), ("income", "6000000")]);
        pen.guardian(
            "就労証明書 2026-09-15",
            &[
                ("reasons", "employment"),
                ("proof", "certificate"),
                ("work_hours_per_month", "150"),
            ],
        );
        pen.guardian(
            "診断書 2026-09-15",
            &[
                ("reasons", "illness"),
                ("proof", "certificate"),
                ("illness_state", "mental"),
                ("illness_degree", "2"),
                ("presence", presence),
            ],
        );
        pen.child(&[("application", "new"), ("birth_date", "2026-05-10")]);
        derivation_text(&derive(FUJISAWA, &pen.done()), reader)
    };
    let apart = text("separated", Reader::Parent);
    for word in ["疾病", "療養", "精神", "診断書"] {
        assert!(!apart.contains(word), "{word}: {apart}");
    }
    assert!(apart.contains("市区町村が確認した事情"), "{apart}");
    assert!(text("present", Reader::Parent).contains("疾病"));
    assert!(text("separated", Reader::Staff).contains("疾病"));
}
