//! Derivations as a clerk and a family read them, and what would change them.

mod common;

use common::{Pen, criteria};
use enmusubi_domain::facts::RoundFacts;
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
