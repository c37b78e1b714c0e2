//! Classes, pools and shared rooms of a round of facts.

use super::StageError;
use crate::compile::judged::{PoolSeats, Seats};
use enmusubi_criteria::Criteria;
use enmusubi_domain::{facts::RoundFacts, rules::GroupRule};
use std::{borrow::Cow, collections::HashMap};

/// Seats of the round.
pub(super) struct Seating<'a> {
    facts: &'a RoundFacts,
    offered: Vec<[u32; 6]>,
    /// Pools at facilities: position in the criteria, facility, seats by age class; in the order of
    /// the criteria.
    pub pools: Vec<(u32, u32, [Option<u32>; 6])>,
    groups: Vec<GroupRule>,
    no_refill: Vec<(u32, u8)>,
}

impl<'a> Seating<'a> {
    pub fn of(facts: &'a RoundFacts, criteria: &Criteria, errors: &mut Vec<StageError>) -> Self {
        let mut offered = vec![[0u32; 6]; facts.facilities.len()];
        let mut no_refill = Vec::new();
        let mut pools: Vec<(u32, u32, [Option<u32>; 6])> = Vec::new();
        let mut pool_at: HashMap<(u32, u32), usize> = HashMap::new();
        let facility = |f: u32| facts.facilities.ids[f as usize].clone();
        for class in &facts.classes {
            let age = usize::from(class.age);
            if age > 5 {
                errors.push(StageError::ClassAge {
                    facility: facility(class.facility),
                    age: class.age,
                });
                continue;
            }
            match &class.pool {
                None => {
                    offered[class.facility as usize][age] = class.seats;
                    if !class.refill || !criteria.transfers.refill {
                        no_refill.push((class.facility, class.age));
                    }
                }
                Some(id) => {
                    let Some(p) = criteria.pools.iter().position(|p| p.id == *id) else {
                        errors.push(StageError::UnknownPool {
                            facility: facility(class.facility),
                            pool: id.clone(),
                        });
                        continue;
                    };
                    let next = pools.len();
                    let at = *pool_at.entry((p as u32, class.facility)).or_insert(next);
                    if at == next {
                        pools.push((p as u32, class.facility, [None; 6]));
                    }
                    pools[at].2[age] = Some(class.seats);
                }
            }
        }
        if !criteria.transfers.refill {
            // Also the classes without a row: somebody may sit there.
            let all = (0..facts.facilities.len() as u32).flat_map(|f| (0..6).map(move |a| (f, a)));
            no_refill = all.collect();
        }
        // At one facility pools are tried in the order of the criteria.
        pools.sort_by_key(|&(p, f, _)| (p, f));
        let position = |p: u32, f: u32| pools.iter().position(|x| (x.0, x.1) == (p, f));
        let mut groups: Vec<GroupRule> = facts
            .shared
            .iter()
            .map(|s| GroupRule {
                nursery: s.facility,
                label: s.label.clone(),
                members: Vec::new(),
                capacity: s.capacity,
            })
            .collect();
        for class in facts.classes.iter().filter(|c| c.age <= 5) {
            let Some(group) = class.shared.and_then(|s| groups.get_mut(s as usize)) else {
                continue;
            };
            let pool = match &class.pool {
                None => None,
                Some(id) => {
                    let p = criteria.pools.iter().position(|p| p.id == *id);
                    match p.and_then(|p| position(p as u32, class.facility)) {
                        Some(at) => Some(at as u32),
                        None => continue,
                    }
                }
            };
            group.members.push((class.age, pool, class.weight));
        }
        groups.retain(|g| !g.members.is_empty());
        Self {
            facts,
            offered,
            pools,
            groups,
            no_refill,
        }
    }

    /// In the form the back takes.
    pub fn for_market<'s>(&'s self, criteria: &'s Criteria) -> Seats<'s> {
        debug_assert_eq!(self.offered.len(), self.facts.facilities.len());
        let pools = self.pools.iter().map(|&(p, nursery, seats)| {
            let pool = &criteria.pools[p as usize];
            PoolSeats {
                id: &pool.id,
                nursery,
                seats,
                within: pool.within,
                after_ordinary: pool.after_ordinary,
                hard: pool.hard,
            }
        });
        Seats {
            offered: self.offered.clone(),
            pools: pools.collect(),
            groups: Cow::Borrowed(&self.groups),
            no_refill: self.no_refill.clone(),
        }
    }
}
