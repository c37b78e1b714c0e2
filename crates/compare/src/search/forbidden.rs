//! Facts that must not decide who is placed. No rule about them is ever proposed, however well it would explain
//! what was decided.
//!
//! Nationality, name, sex and address are in no round. What comes near them is listed here: where exactly somebody lives,
//! which facility (by its name) somebody attends, who of the grandparents is whose, why a parent is alone, days of birth
//! (ages count, through what follows from them), and numbers drawn by lot.

use enmusubi_domain::facts::vocabulary::Attribute;

/// Facts that must not decide, as criteria files write them.
pub const FORBIDDEN: &[&str] = &[
    "household.area",
    "household.single_cause",
    "guardian.birth_date",
    "adult.birth_date",
    "adult.relation",
    "child.birth_date",
    "child.enrolled_facility",
    "child.earlier_facility",
    "child.lottery_number",
    "facility.id",
    "facility.name",
    "facility.area",
];

/// Whether a rule may look at a fact.
#[must_use]
pub fn may_decide(attribute: &Attribute) -> bool {
    let path = attribute.path();
    !FORBIDDEN.contains(&&*path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use enmusubi_domain::facts::vocabulary::VOCABULARY;

    #[test]
    fn every_forbidden_fact_is_in_the_vocabulary() {
        for path in FORBIDDEN {
            let known = VOCABULARY.iter().any(|a| a.path() == *path);
            assert!(known, "{path}");
        }
    }
}
