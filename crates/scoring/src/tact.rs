//! What families are told about facts, and what may be suggested to them.
//!
//! Staff see everything. A text for a family may lie on the kitchen table: what a child guidance centre or a
//! shelter has told the office is not spelled out there. And nobody is told that illness, a
//! separation or a false paper would help: to families, a derivation points only at ordinary matters of fact,
//! which may simply have been written down wrongly or not yet been proved.

use enmusubi_domain::facts::{
    AttributeIx,
    vocabulary::{REASON, VOCABULARY},
};

/// Facts that a family may be asked to check because they would change the key: hours, days and dates on
/// certificates, and papers that are there or not.
const ORDINARY: &[&str] = &[
    "household.moving_contract",
    "household.resident_since",
    "household.papers_missing",
    "household.grandparent_proof_missing",
    "guardian.proof",
    "guardian.work_days_per_month",
    "guardian.work_days_per_week",
    "guardian.work_hours_per_day",
    "guardian.work_hours_per_week",
    "guardian.work_hours_per_month",
    "guardian.actual_days_per_month",
    "guardian.actual_hours_per_month",
    "guardian.reduced_hours_per_month",
    "guardian.commute_minutes",
    "guardian.works_outside_8_18",
    "guardian.job_start",
    "guardian.job_continuous",
    "guardian.return_date",
    "guardian.returning_from_leave",
    "guardian.study_days_per_month",
    "guardian.study_hours_per_day",
    "guardian.study_hours_per_week",
    "guardian.study_hours_per_month",
    "guardian.care_days_per_month",
    "guardian.care_days_per_week",
    "guardian.care_hours_per_month",
    "child.care_days_per_week",
    "child.care_hours_per_day",
    "child.care_hours_per_month",
    "child.care_since",
    "child.waiting_since",
    "child.care_interviewed",
    "choice.visited",
];

/// Facts that texts for families do not spell out.
const GUARDED: &[&str] = &[
    "household.abuse",
    "household.social_care",
    "household.foster",
    "household.notified",
    "household.special_support",
    "household.false_papers",
    "guardian.abuse_reason",
    "child.notified",
];

/// A guardian's health: left unsaid where that guardian does not live with the family.
const HEALTH: &[&str] = &[
    "guardian.illness_state",
    "guardian.illness_degree",
    "guardian.illness_months",
    "guardian.disability_degree",
    "guardian.disability_grade",
    "guardian.disability_certificate",
    "guardian.due_date",
    "guardian.multiple_pregnancy",
];

/// Reasons (事由) that speak of a guardian's health.
const HEALTH_REASONS: &[&str] = &["birth", "illness", "disability"];

/// Whether a family may be asked to check a fact.
#[must_use]
pub fn is_ordinary(attribute: AttributeIx) -> bool {
    ORDINARY.contains(&&*VOCABULARY[attribute as usize].path())
}

/// Whether texts for families leave a fact unsaid.
#[must_use]
pub fn is_guarded(attribute: AttributeIx) -> bool {
    is_guarded_path(&VOCABULARY[attribute as usize].path())
}

/// As [`is_guarded`], by the attribute's path.
#[must_use]
pub fn is_guarded_path(path: &str) -> bool {
    GUARDED.contains(&path)
}

/// Whether a fact is a guardian's health.
#[must_use]
pub fn is_health(attribute: AttributeIx) -> bool {
    HEALTH.contains(&&*VOCABULARY[attribute as usize].path())
}

/// Whether a reason (事由) speaks of a guardian's health.
#[must_use]
pub fn is_health_reason(reason: u8) -> bool {
    HEALTH_REASONS
        .iter()
        .any(|name| REASON.of_name(name) == Some(reason))
}

/// The reason (事由) that texts for families leave unsaid.
#[must_use]
pub fn guarded_reason() -> Option<u8> {
    REASON.of_name("abuse")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_name_facts_there_are_and_do_not_overlap() {
        let all: Vec<String> = VOCABULARY.iter().map(|a| a.path()).collect();
        for path in ORDINARY.iter().chain(GUARDED).chain(HEALTH) {
            assert!(all.iter().any(|a| a == path), "{path}");
        }
        assert!(!ORDINARY.iter().any(|p| GUARDED.contains(p)));
        assert!(guarded_reason().is_some());
        assert!(HEALTH_REASONS.iter().all(|r| REASON.of_name(r).is_some()));
    }
}
