//! What may be learned: rules, rows of the file, and rows that nobody wrote down; what must not: anything by facts that
//! must not decide, and slips of single families.

use enmusubi_compare::{
    cause::Cause,
    search::{
        Proposal, Proposer, Scene, Tier, aggregations::Aggregations, choice_rank::ChoiceRanks,
        coupling::Couplings, key_order::KeyOrders, mechanism::Mechanisms, refill::Refill,
        rows::Rows, transfers::Transfers, unwritten::Unwritten, wishes::Wishes,
    },
};
use enmusubi_criteria::{
    Criteria, Expression, expression,
    walk::{Mention, mentions},
};
use enmusubi_domain::facts::vocabulary::VOCABULARY;

/// Proposers of what may be learned. `forbidden`: facts, as criteria files write them, that must not decide here beside
/// those that must not anywhere ([`enmusubi_compare::search::forbidden`]).
#[must_use]
pub fn of_rules(forbidden: &[Box<str>]) -> Vec<Box<dyn Proposer>> {
    let all: Vec<Box<dyn Proposer>> = vec![
        Box::new(Mechanisms),
        Box::new(Refill),
        Box::new(Transfers),
        Box::new(Aggregations),
        Box::new(Couplings),
        Box::new(Wishes),
        Box::new(KeyOrders),
        Box::new(ChoiceRanks),
        Box::<Rows>::default(),
        Box::<Unwritten>::default(),
    ];
    let guarded = |inner| -> Box<dyn Proposer> {
        Box::new(Guarded {
            inner,
            forbidden: forbidden.to_vec(),
        })
    };
    all.into_iter().map(guarded).collect()
}

/// A proposer that says nothing about single families, and nothing by forbidden facts.
struct Guarded {
    inner: Box<dyn Proposer>,
    forbidden: Vec<Box<str>>,
}

impl Guarded {
    fn may_be_learned(&self, criteria: Option<&Criteria>, cause: &Cause) -> bool {
        let forbidden = match cause {
            Cause::RowMissing { when, .. } => {
                criteria.is_none_or(|c| speaks_of(when, &self.forbidden, c))
            }
            _ => false,
        };
        !cause.is_individual() && !forbidden
    }
}

/// Whether a condition, or one of the file's own that it names, looks at a forbidden fact. One that cannot be read does.
pub(crate) fn speaks_of(when: &str, forbidden: &[Box<str>], criteria: &Criteria) -> bool {
    let read = || expression::parse(when, 0);
    !forbidden.is_empty() && read().map_or(true, |e| looks_at(&e, forbidden, criteria))
}

fn looks_at(e: &Expression, forbidden: &[Box<str>], criteria: &Criteria) -> bool {
    mentions(e).into_iter().any(|mention| match mention {
        Mention::Member(subject, name, _) => forbidden.iter().any(|f| is_of(f, subject, name)),
        Mention::Name(name, _) => {
            let named = criteria.conditions.iter().find(|c| *c.id == *name);
            named.is_some_and(|c| looks_at(&c.when, forbidden, criteria))
        }
    })
}

/// Whether `subject.name` may be a fact. In lists (`guardians.exists(g, g.reasons …)`) a subject has any name.
fn is_of(fact: &str, subject: &str, name: &str) -> bool {
    let is_subject = |(of, _): (&str, &str)| {
        of == subject || !VOCABULARY.iter().any(|a| a.entity.name() == subject)
    };
    fact.split_once('.')
        .is_some_and(|parts| parts.1 == name && is_subject(parts))
}

impl Proposer for Guarded {
    fn tier(&self) -> Tier {
        self.inner.tier()
    }

    fn propose(&self, scene: &Scene<'_, '_>) -> Vec<Proposal> {
        let mut list = self.inner.propose(scene);
        let criteria = criteria_of(scene);
        list.retain(|p| self.may_be_learned(criteria, &p.cause));
        list
    }

    fn alike(&self, scene: &Scene<'_, '_>, cause: &Cause) -> Vec<Cause> {
        let mut list = self.inner.alike(scene, cause);
        let criteria = criteria_of(scene);
        list.retain(|c| self.may_be_learned(criteria, c));
        list
    }
}

fn criteria_of<'s>(scene: &Scene<'s, '_>) -> Option<&'s Criteria> {
    scene.world.scored.as_ref().map(|s| &*s.criteria)
}

#[cfg(test)]
mod tests {
    use super::is_of;

    #[test]
    fn a_fact_is_known_by_its_subject_and_in_lists_by_any() {
        assert!(is_of("guardian.reasons", "guardian", "reasons"));
        assert!(is_of("guardian.reasons", "g", "reasons"));
        assert!(!is_of("guardian.reasons", "household", "reasons"));
        assert!(!is_of("guardian.reasons", "g", "reason"));
    }
}
