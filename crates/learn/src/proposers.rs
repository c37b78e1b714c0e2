//! What may be learned: rules, rows of the file, and rows that nobody wrote down; what must not: anything by facts that
//! must not decide, and slips of single families.

use enmusubi_compare::{
    cause::Cause,
    search::{
        Proposal, Proposer, Scene, Tier, choice_rank::ChoiceRanks, coupling::Couplings,
        key_order::KeyOrders, mechanism::Mechanisms, refill::Refill, rows::Rows,
        transfers::Transfers, unwritten::Unwritten, wishes::Wishes,
    },
};

/// Proposers of what may be learned. `forbidden`: facts, as criteria files write them, that must not decide here beside
/// those that must not anywhere ([`enmusubi_compare::search::forbidden`]).
#[must_use]
pub fn of_rules(forbidden: &[Box<str>]) -> Vec<Box<dyn Proposer>> {
    let all: Vec<Box<dyn Proposer>> = vec![
        Box::new(Mechanisms),
        Box::new(Refill),
        Box::new(Transfers),
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
    fn may_be_learned(&self, cause: &Cause) -> bool {
        let decides = |when: &str| self.forbidden.iter().any(|fact| speaks_of(when, fact));
        let forbidden = match cause {
            Cause::RowMissing { when, .. } => decides(when),
            _ => false,
        };
        !cause.is_individual() && !forbidden
    }
}

impl Proposer for Guarded {
    fn tier(&self) -> Tier {
        self.inner.tier()
    }

    fn propose(&self, scene: &Scene<'_, '_>) -> Vec<Proposal> {
        let mut list = self.inner.propose(scene);
        list.retain(|p| self.may_be_learned(&p.cause));
        list
    }

    fn alike(&self, scene: &Scene<'_, '_>, cause: &Cause) -> Vec<Cause> {
        let mut list = self.inner.alike(scene, cause);
        list.retain(|c| self.may_be_learned(c));
        list
    }
}

/// Whether a condition speaks of a fact (`guardian.work_hours_per_day`), and not only of one whose name begins or ends like it.
fn speaks_of(when: &str, fact: &str) -> bool {
    let of_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.');
    when.match_indices(fact).any(|(at, _)| {
        let before = when[..at].chars().next_back();
        let after = when[at + fact.len()..].chars().next();
        !before.is_some_and(of_name) && !after.is_some_and(of_name)
    })
}

#[cfg(test)]
mod tests {
    use super::speaks_of;

    #[test]
    fn a_fact_is_told_from_one_with_a_longer_name() {
        let when = "known(guardian.work_hours_per_day) && household.welfare";
        assert!(speaks_of(when, "guardian.work_hours_per_day"));
        assert!(speaks_of(when, "household.welfare"));
        assert!(!speaks_of(when, "guardian.work_hours"));
        assert!(!speaks_of(when, "welfare"));
    }
}
