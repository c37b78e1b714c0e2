//! One fact mistyped: which single fact of a household, with another value, makes the staff's decision about it right.
//!
//! Only the household is scored again, once for each fact and value worth trying; what everybody else's
//! decisions allow it says whether the value explains. Facts that change who applies, or in which age class, are
//! left out: with them the round is another.

mod allowed;
mod alone;
mod values;

use super::{
    Proposal, Proposer, Scene, Tier,
    contradictions::{Oddness, odd_families},
};
use crate::{
    cause::Cause,
    crew::map,
    evidence::Evidence,
    world::{World, edit::family_of, household::Household},
};
pub use alone::Alone;

use allowed::{Asked, Sight};
use enmusubi_criteria::types::resolve;
use enmusubi_domain::facts::{
    AttributeIx, Entity, RoundFacts, Value,
    vocabulary::{VOCABULARY, of_entity},
};
use enmusubi_market::FamilyIx;
use enmusubi_scoring::{Program, Scores};
use enmusubi_selection::compiled::CompiledRound;
use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use values::Looks;

/// Families looked at in one round of proposing.
const FAMILIES_MAX: usize = 24;
/// Families looked at at a time.
const AT_A_TIME: usize = 4;
/// Facts proposed for a family.
const FACTS_MAX: usize = 2;
/// Facts scored for a household.
const TRIED_MAX: usize = 3000;

/// See the module.
#[derive(Debug, Default)]
pub struct Facts {
    known: Mutex<Known>,
}

/// What was found in the world at hand: asked again for the class of a cause.
#[derive(Debug, Default)]
struct Known {
    /// The market of the world before edits: tells rounds apart.
    plain: Option<Arc<CompiledRound>>,
    causes: Vec<Cause>,
    of: BTreeMap<FamilyIx, Vec<Explanation>>,
}

impl Proposer for Facts {
    fn tier(&self) -> Tier {
        Tier::Individuals
    }

    fn propose(&self, scene: &Scene<'_, '_>) -> Vec<Proposal> {
        let Some(look) = Look::of(scene.world, scene.evidence) else {
            return Vec::new();
        };
        let mut odd = odd_families(scene.world, scene.evidence);
        odd.truncate(FAMILIES_MAX);
        // The most promising first, a few at a time: in a large round not all are looked at.
        odd.sort_by_key(|&(_, oddness)| Reverse(promise(oddness)));
        let mut known = self.known(scene.world);
        let (mut proposals, mut spent) = (Vec::new(), 0);
        for odd in odd.chunks(AT_A_TIME) {
            if spent >= scene.effort {
                break;
            }
            let found = map(scene.crew, odd.len(), |at| look.explanations(odd[at].0));
            for (&(f, oddness), found) in odd.iter().zip(found) {
                let best = best(&found, oddness);
                spent += best.iter().map(Proposal::effort).sum::<u32>();
                proposals.extend(best);
                known.of.insert(f, found);
            }
        }
        proposals
    }

    fn alike(&self, scene: &Scene<'_, '_>, cause: &Cause) -> Vec<Cause> {
        let (Cause::Fact { household, .. } | Cause::Contradiction { household }) = cause else {
            return Vec::new();
        };
        let Some(f) = family_of(&scene.world.market, household) else {
            return Vec::new();
        };
        if let Some(found) = self.known(scene.world).of.get(&f) {
            return one_of_each(found);
        }
        let look = Look::of(scene.world, scene.evidence);
        let found = look.map_or_else(Vec::new, |look| look.explanations(f));
        let list = one_of_each(&found);
        self.known(scene.world).of.insert(f, found);
        list
    }
}

impl Facts {
    /// What is known of a world; nothing where another was at hand.
    fn known(&self, world: &World<'_>) -> MutexGuard<'_, Known> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let plain = known.plain.as_ref();
        if known.causes != world.causes || !plain.is_some_and(|p| Arc::ptr_eq(p, &world.plain)) {
            known.plain = Some(Arc::clone(&world.plain));
            known.causes.clone_from(&world.causes);
            known.of.clear();
        }
        known
    }
}

/// One value of each fact.
fn one_of_each(found: &[Explanation]) -> Vec<Cause> {
    let mut seen: BTreeSet<(Entity, u32, AttributeIx)> = BTreeSet::new();
    let found = found.iter().filter(|e| seen.insert(e.fact));
    found.map(|e| e.cause.clone()).collect()
}

/// How many oddities a family's fact might explain.
fn promise(oddness: Oddness) -> u32 {
    1 + u32::from(oddness.groups > 1)
}

/// The likeliest of those that put the family in different places.
fn best(found: &[Explanation], oddness: Oddness) -> Vec<Proposal> {
    let mut seen: Vec<&[Option<usize>]> = Vec::new();
    let mut list = Vec::new();
    for explanation in found {
        if list.len() == FACTS_MAX {
            break;
        }
        if !seen.contains(&&*explanation.signature) {
            seen.push(&explanation.signature);
            list.push(Proposal {
                cause: explanation.cause.clone(),
                promise: promise(oddness),
            });
        }
    }
    list
}

/// Single facts of a household that each make the staff's decision about it right, the likeliest first; one value of
/// each fact stands for all that would do. Empty where its decision is right as things are, where the round is
/// one of tables, and for a household that is unknown.
///
/// They are found by what everybody else's decisions allow, not by deciding the round again: each leaves every
/// comparison that the decisions reveal as it should be, so no decision tells them apart.
#[must_use]
pub fn explanations(world: &World<'_>, evidence: &Evidence, household: &str) -> Vec<Cause> {
    let family = family_of(&world.market, household);
    let (Some(f), Some(look)) = (family, Look::of(world, evidence)) else {
        return Vec::new();
    };
    one_of_each(&look.explanations(f))
}

/// A fact that explains.
#[derive(Debug)]
struct Explanation {
    fact: (Entity, u32, AttributeIx),
    cause: Cause,
    signature: Vec<Option<usize>>,
}

/// What is needed to look for facts in a world.
struct Look<'s, 'a> {
    world: &'s World<'a>,
    facts: &'s RoundFacts,
    sight: Sight<'s, 'a>,
    program: Arc<Program>,
    looks: Looks,
}

impl<'s, 'a> Look<'s, 'a> {
    fn of(world: &'s World<'a>, evidence: &Evidence) -> Option<Self> {
        let scored = world.scored.as_deref()?;
        let resolved = resolve(&scored.criteria).ok()?;
        Some(Self {
            world,
            facts: &scored.facts,
            sight: Sight::of(world, evidence)?,
            program: Arc::clone(&scored.program),
            looks: Looks::of(&scored.criteria, &resolved, &scored.facts),
        })
    }

    /// All that explain a family, the likeliest first.
    fn explanations(&self, f: FamilyIx) -> Vec<Explanation> {
        let market = &self.world.market;
        let child = market.families[f as usize].children.start;
        let household = self
            .facts
            .household_of(self.world.plain.rows[child as usize]);
        let Some(mut own) = Household::of(self.world, household) else {
            return Vec::new();
        };
        let asked = self.sight.asked(f);
        let first = own.first_choice();
        let view = |scores: &Scores| self.sight.view(f, scores, first);
        let Some(now) = own.as_is(&self.program) else {
            return Vec::new();
        };
        if view(&now).is_some_and(|v| asked.allows(&v)) {
            return Vec::new();
        }
        let id = &market.families[f as usize].id;
        // Many facts come to the same scores.
        let mut known: Vec<(Scores, Option<Vec<Option<usize>>>)> = vec![(now, None)];
        let mut found: Vec<(u32, Explanation)> = Vec::new();
        for (far, fact, value) in self.candidates(&own, &asked).into_iter().take(TRIED_MAX) {
            let (entity, subject, attribute) = fact;
            let Some(scores) = own.with(&self.program, entity, subject, (attribute, value)) else {
                continue;
            };
            let at = known.iter().position(|(s, _)| *s == scores);
            let at = at.unwrap_or_else(|| {
                let allowed = view(&scores).filter(|v| asked.allows(v));
                let signature = allowed.map(|v| asked.signature(&v));
                known.push((scores, signature));
                known.len() - 1
            });
            if let Some(signature) = &known[at].1 {
                let explanation = Explanation {
                    fact,
                    cause: Cause::Fact {
                        household: id.clone(),
                        entity,
                        subject,
                        attribute,
                        theirs: value,
                    },
                    signature: signature.clone(),
                };
                found.push((far, explanation));
            }
        }
        found.sort_by_key(|(far, _)| *far);
        found.into_iter().map(|(_, e)| e).collect()
    }

    /// Facts with another value, the likeliest slips first.
    fn candidates(
        &self,
        own: &Household,
        asked: &Asked<'_, '_, '_>,
    ) -> Vec<(u32, (Entity, u32, AttributeIx), Value)> {
        let mut list = Vec::new();
        let neighbours: Vec<u32> = asked
            .neighbours()
            .iter()
            .map(|&c| self.world.plain.rows[c as usize])
            .collect();
        for attribute in self.looks.attributes() {
            let of = &VOCABULARY[attribute as usize];
            if structural(attribute) {
                continue;
            }
            let beside: Vec<Value> = neighbours
                .iter()
                .flat_map(|&c| self.values_of(c, of.entity, attribute))
                .filter(|v| v.is_known())
                .collect();
            for subject in own.subjects(of.entity) {
                let now = own.get(of.entity, subject, attribute);
                let values = self.looks.values(attribute, now, &beside, own.facts());
                let fact = (of.entity, subject, attribute);
                list.extend(values.into_iter().map(|(far, v)| (far, fact, v)));
            }
        }
        list.sort_by_key(|(far, ..)| *far);
        list
    }

    /// What an attribute is with a child's household, guardians, or the child itself.
    fn values_of(&self, child: u32, entity: Entity, attribute: AttributeIx) -> Vec<Value> {
        let facts = self.facts;
        let household = facts.household_of(child);
        let subjects = match entity {
            Entity::Household => household..household + 1,
            Entity::Guardian => facts.index.guardians[household as usize].clone(),
            Entity::Child => child..child + 1,
            _ => 0..0,
        };
        subjects.map(|s| facts.get(s, attribute)).collect()
    }
}

/// Whether a fact says who applies.
fn structural(attribute: AttributeIx) -> bool {
    let mut of_child = of_entity(Entity::Child);
    of_child.any(|(at, a)| at == attribute && a.name == "application")
}
