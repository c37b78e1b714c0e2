//! The keys of a whole round.

use enmusubi_criteria::judgement::{Eligible, Judgement, Missing};
use enmusubi_domain::facts::Exact;

/// Keys, eligibility, pools and passes of every choice of a round, in flat arrays by choice.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scores {
    /// Components of a key (stratum first, where the file has strata).
    pub components: u32,
    /// `components × choices`, choice-major; `None` where unknown. Sibling coupling is in it.
    pub keys: Vec<Option<Exact>>,
    /// Per choice.
    pub eligibility: Vec<Eligible>,
    /// Pools of the file.
    pub pool_count: u32,
    /// `pools × choices`, choice-major: of the target group?
    pub pools: Vec<Option<bool>>,
    /// Per child: its pass.
    pub passes: Vec<Option<u32>>,
    /// Applicants with something unknown, by choice, each with everything that would settle it.
    pub undecided: Vec<Undecided>,
}

/// A choice that cannot be judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undecided {
    /// The choice.
    pub choice: u32,
    /// What is missing; sorted, each once.
    pub missing: Vec<Missing>,
}

impl Scores {
    /// The key of a choice.
    #[must_use]
    pub fn key(&self, choice: u32) -> &[Option<Exact>] {
        let n = self.components as usize;
        &self.keys[choice as usize * n..(choice as usize + 1) * n]
    }

    /// Everything about one choice, to be compared with the reference evaluator.
    #[must_use]
    pub fn judgement(&self, choice: u32, child: u32) -> Judgement {
        let n = self.pool_count as usize;
        Judgement {
            key: self.key(choice).to_vec(),
            eligibility: self.eligibility[choice as usize],
            pools: self.pools[choice as usize * n..(choice as usize + 1) * n].to_vec(),
            pass: self.passes[child as usize],
        }
    }
}
