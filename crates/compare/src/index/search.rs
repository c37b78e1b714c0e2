//! Tries causes out by scoring again: the one that brings most households to exact agreement is mended, and again.

use super::{
    measure::{Measure, Target},
    propose::{Ground, Idea},
};
use crate::{
    cause::{Cause, Kind, TransferOrder},
    crew::{Crew, map},
    report::Agreement,
    search::facts::Alone,
    world::{
        Unworkable,
        scored::{Scored, as_new, mended_criteria},
    },
};
use enmusubi_criteria::Criteria;
use enmusubi_domain::facts::{Exact, HouseholdsRound, RoundFacts};
use enmusubi_scoring::{Contributions, Program, Scores};
use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

/// Causes mended at most.
const STEPS: usize = 100;
/// Ideas tried on the households that differ, in one step.
const TRIED: usize = 48;
/// Of those, tried on the whole round.
const IN_FULL: usize = 8;
/// Households looked at one by one, at most.
const SINGLE: usize = 200;

/// Theirs less ours on our scale, per target; `None`: ours is unknown.
pub type Residual = Vec<Option<Exact>>;

/// What is searched.
pub struct Search<'a> {
    pub facts: &'a RoundFacts,
    /// With the keys that are compared.
    pub criteria: &'a Criteria,
    pub targets: &'a [Target],
    pub measure: &'a Measure,
    pub crew: &'a dyn Crew,
}

/// A cause that was mended.
pub struct Step {
    pub cause: Cause,
    pub class: Vec<Cause>,
    /// Targets that differed before and changed.
    pub touched: BTreeSet<usize>,
}

/// What was found.
pub struct Steps {
    pub steps: Vec<Step>,
    pub path: Vec<Agreement>,
    /// After everything.
    pub residual: Residual,
}

/// An idea that was tried on the whole round.
struct Tried {
    cause: Cause,
    residual: Residual,
    /// Households that agree now and did not before.
    healed: BTreeSet<u32>,
    /// Households that did agree.
    broken: usize,
}

impl<'a> Search<'a> {
    fn household(&self, target: usize) -> u32 {
        self.facts.household_of(self.targets[target].child)
    }

    pub fn residual(&self, scored: &Scored<'_>) -> Residual {
        let value = |component: u32, choice: u32| scored.scores.key(choice)[component as usize];
        let apart = |t: &Target| {
            let ours = self.measure.ours(&t.choices, value)?;
            self.measure.on_our_scale(t.theirs)?.minus(ours)
        };
        self.targets.iter().map(apart).collect()
    }

    fn agreement(&self, residual: &Residual) -> Agreement {
        let known = residual.iter().flatten();
        Agreement {
            compared: known.clone().count() as u32,
            agree: known.filter(|d| **d == Exact::ZERO).count() as u32,
        }
    }

    /// Households with a line that differs.
    fn differing(&self, residual: &Residual) -> BTreeSet<u32> {
        let apart = |t: &usize| residual[*t].is_some_and(|d| d != Exact::ZERO);
        let targets = (0..residual.len()).filter(apart);
        targets.map(|t| self.household(t)).collect()
    }

    /// Mends until nothing explains more. `rows`: which rows apply where, before anything is mended; facts found later
    /// concern one household each, and come last.
    pub fn run(
        &self,
        scored: Scored<'a>,
        rows: &Contributions,
        first: Residual,
    ) -> Result<Steps, Unworkable> {
        let mut causes: Vec<Cause> = Vec::new();
        let mut found = Steps {
            steps: Vec::new(),
            path: vec![self.agreement(&first)],
            residual: first,
        };
        let mut scored = scored;
        while found.steps.len() < STEPS {
            let differing = self.differing(&found.residual);
            if differing.is_empty() {
                break;
            }
            let ground = Ground {
                facts: &scored.facts,
                criteria: self.criteria,
                targets: self.targets,
                rows,
                residual: &found.residual,
                causes: &causes,
            };
            let mut ideas = ground.ideas();
            ideas.truncate(TRIED);
            let tried = self.tried(&scored, &causes, &ideas, &differing, &found.residual);
            // What concerns several households comes first.
            let general = tried.iter().filter(|t| t.healed.len() > 1);
            // Of several that heal as many, the one that was proposed first.
            let best = general
                .rev()
                .max_by_key(|t| (t.healed.len() - t.broken, Reverse(t.cause.kind())));
            match best {
                Some(best) => {
                    let class = class_of(best, &tried, Vec::new());
                    self.mend(&mut found, best.cause.clone(), class, best.residual.clone());
                    causes.push(best.cause.clone());
                }
                None => {
                    self.singles(&scored, &tried, &differing, &mut found, &mut causes)?;
                    break;
                }
            }
            scored = Scored::of(self.facts, self.criteria, &causes)?;
        }
        Ok(found)
    }

    fn mend(&self, found: &mut Steps, cause: Cause, class: Vec<Cause>, residual: Residual) {
        let before = std::mem::replace(&mut found.residual, residual);
        let apart = |d: &Option<Exact>| d.is_some_and(|d| d != Exact::ZERO);
        let touched =
            (0..before.len()).filter(|&t| apart(&before[t]) && before[t] != found.residual[t]);
        found.steps.push(Step {
            cause,
            class,
            touched: touched.collect(),
        });
        let agreement = self.agreement(&found.residual);
        found.path.push(agreement);
    }

    /// The ideas that heal somebody and break next to nobody.
    fn tried(
        &self,
        scored: &Scored<'_>,
        causes: &[Cause],
        ideas: &[Idea],
        differing: &BTreeSet<u32>,
        residual: &Residual,
    ) -> Vec<Tried> {
        // First on those who differ alone: how many would agree?
        let households: Vec<u32> = differing.iter().copied().collect();
        let part = HouseholdsRound::of(&scored.facts, &households);
        let place: BTreeMap<u32, u32> = part.choices.iter().copied().zip(0..).collect();
        let targets: Vec<usize> = (0..self.targets.len())
            .filter(|&t| differing.contains(&self.household(t)) && residual[t].is_some())
            .collect();
        let healed = map(self.crew, ideas.len(), |at| {
            let scores = self.scores(&part.facts, causes, &ideas[at].cause)?;
            let apart = |t: &&usize| {
                self.apart(**t, &scores, |x| place.get(&x).copied()) != Some(Exact::ZERO)
            };
            let left: BTreeSet<u32> = (targets.iter())
                .filter(apart)
                .map(|&t| self.household(t))
                .collect();
            Some(differing.len() - left.len())
        });
        let mut order: Vec<(usize, usize)> = healed
            .iter()
            .enumerate()
            .filter_map(|(at, healed)| Some((at, (*healed)?)))
            .filter(|(_, healed)| *healed > 0)
            .collect();
        order.sort_by_key(|&(at, healed)| (Reverse(healed), at));
        // Then, the best of them, on everybody: whom would they break?
        order.truncate(IN_FULL);
        let full = map(self.crew, order.len(), |at| {
            let cause = &ideas[order[at].0].cause;
            let scores = self.scores(&scored.facts, causes, cause)?;
            let after: Residual = (0..self.targets.len())
                .map(|t| self.apart(t, &scores, Some))
                .collect();
            let left = self.differing(&after);
            let broken = left.difference(differing).count();
            let healed: BTreeSet<u32> = differing.difference(&left).copied().collect();
            // A mended cause may bring to light what another one hid, but not much.
            let few = broken * 5 <= healed.len() && healed.len() > broken;
            // Whoever was compared stays so.
            let known = |d: &Residual| d.iter().flatten().count();
            let tried = Tried {
                cause: cause.clone(),
                residual: after,
                healed,
                broken,
            };
            (few && known(&tried.residual) == known(residual)).then_some(tried)
        });
        full.into_iter().flatten().collect()
    }

    /// Theirs less ours at a target, by scores in which `place` says where a choice is.
    fn apart(
        &self,
        target: usize,
        scores: &Scores,
        place: impl Fn(u32) -> Option<u32>,
    ) -> Option<Exact> {
        let target = &self.targets[target];
        let value = |component: u32, choice: u32| scores.key(place(choice)?)[component as usize];
        let ours = self.measure.ours(&target.choices, value)?;
        self.measure.on_our_scale(target.theirs)?.minus(ours)
    }

    /// Scores of facts (with mended facts in them) by the criteria with one more cause mended.
    fn scores(&self, facts: &RoundFacts, causes: &[Cause], cause: &Cause) -> Option<Scores> {
        let mut all = causes.to_vec();
        all.push(cause.clone());
        let criteria = mended_criteria(self.criteria, &all).ok()?;
        let program = Program::compile(&criteria).ok()?;
        if all.contains(&Cause::Transfers(TransferOrder::Level)) {
            program.score(&as_new(facts)).ok()
        } else {
            program.score(facts).ok()
        }
    }

    /// Household by household: one fact, or whatever else gives exactly the staff's numbers.
    fn singles(
        &self,
        scored: &Scored<'a>,
        tried: &[Tried],
        differing: &BTreeSet<u32>,
        found: &mut Steps,
        causes: &mut Vec<Cause>,
    ) -> Result<(), Unworkable> {
        let mut of_household: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        for t in 0..self.targets.len() {
            if found.residual[t].is_some() && differing.contains(&self.household(t)) {
                of_household.entry(self.household(t)).or_default().push(t);
            }
        }
        let list: Vec<(u32, Vec<usize>)> = of_household.into_iter().take(SINGLE).collect();
        let Some(alone) = Alone::of(self.facts, scored, causes) else {
            return Ok(());
        };
        let facts = map(self.crew, list.len(), |at| {
            let (household, targets) = &list[at];
            alone.facts(*household, &|first, scores| {
                let place = |x: u32| x.checked_sub(first);
                let agrees = |t: &usize| self.apart(*t, scores, place) == Some(Exact::ZERO);
                targets.iter().all(agrees)
            })
        });
        for ((household, targets), mut class) in list.iter().zip(facts) {
            if found.steps.len() >= STEPS {
                break;
            }
            let others = tried
                .iter()
                .filter(|t| t.broken == 0 && t.healed.len() == 1 && t.healed.contains(household));
            class.extend(others.map(|t| t.cause.clone()));
            class.sort_by_key(Cause::kind);
            if class.is_empty() {
                continue;
            }
            let cause = class.remove(0);
            let mut residual = found.residual.clone();
            for &t in targets {
                residual[t] = Some(Exact::ZERO);
            }
            causes.push(cause.clone());
            self.mend(found, cause, class, residual);
        }
        Ok(())
    }
}

/// The others that leave exactly the same.
fn class_of(best: &Tried, tried: &[Tried], mut class: Vec<Cause>) -> Vec<Cause> {
    let same = tried
        .iter()
        .filter(|t| t.residual == best.residual && t.cause != best.cause);
    class.extend(same.map(|t| t.cause.clone()));
    class.sort_by_key(Cause::kind);
    debug_assert!(class.iter().all(|c| c.kind() >= Kind::Fact));
    class
}
