//! Stability of one part as clauses.
//!
//! Per family an order encoding: `upto[p]` = "holds position p or a better one". Per group the
//! children in order of priority, and on that order a network of counters made on demand: a node
//! says "the first `i` of them weigh at least `n`", with the meaning both ways, so one network
//! serves capacity ("not more than fits") and refusal ("full of better ones") and shares its
//! nodes between all families. Weights need nothing special: a node is made only for sums that
//! are asked for.
//!
//! The one clause per position: the family holds something at least as good, or in one of the
//! position's groups the better children of other families leave no room.

use std::collections::HashMap;

use crate::flat::{Flat, NONE};
use crate::open::{Fixed, Part};
use crate::sat::Sat;

/// A part in clauses.
pub(crate) struct Encoded<'a, 'm, S> {
    pub sat: &'a mut S,
    pub flat: &'a Flat<'m>,
    pub part: &'a Part,
    fixed: &'a Fixed,
    /// The literal that is true.
    pub truth: i32,
    /// Position → "this one is held" (false for ghosts).
    pub hold: Vec<i32>,
    /// Position → "this or a better one is held".
    pub upto: Vec<i32>,
    /// Per part family, where it may block: "blocks".
    pub blocks: Vec<Option<i32>>,
    lists: Vec<Vec<Counted>>,
    list_of: HashMap<(u32, u32), u32>,
    nodes: HashMap<(u32, u32, i64), i32>,
}

/// A literal that counts with a weight; cumulated weight up to and including it.
#[derive(Debug, Clone, Copy)]
struct Counted {
    lit: i32,
    weight: i64,
    total: i64,
    place: u32,
}

/// Who may block.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Blocking<'a> {
    /// Nobody, except the exempt flat families, whose refusals need no reason.
    Exempt(&'a [bool]),
    /// Anybody, at a price.
    Priced,
}

impl<'a, 'm, S: Sat> Encoded<'a, 'm, S> {
    /// Writes the clauses. `start`, if any, is the placement to try first.
    pub(crate) fn new(
        sat: &'a mut S,
        flat: &'a Flat<'m>,
        fixed: &'a Fixed,
        part: &'a Part,
        blocking: Blocking<'_>,
        start: Option<&[u32]>,
    ) -> Self {
        let truth = sat.new_var(true);
        sat.add(&[truth]);
        let n = part.len() as usize;
        let mut e = Self {
            sat,
            flat,
            part,
            fixed,
            truth,
            hold: vec![-truth; n],
            upto: vec![-truth; n],
            blocks: vec![None; part.fam.len()],
            lists: Vec::new(),
            list_of: HashMap::new(),
            nodes: HashMap::new(),
        };
        for f in 0..part.families() {
            e.positions(f, start.map(|s| s[f as usize]));
        }
        e.groups();
        for f in 0..part.families() {
            let blocks = match blocking {
                Blocking::Exempt(exempt) if exempt[part.fam[f as usize] as usize] => continue,
                Blocking::Exempt(_) => None,
                Blocking::Priced => Some(e.sat.new_var(false)),
            };
            e.blocks[f as usize] = blocks;
            e.refusals(f, blocks);
        }
        e
    }

    /// Order literals and held literals of a family.
    fn positions(&mut self, f: u32, start: Option<u32>) {
        let held: Vec<u32> = self.part.held(f).collect();
        let mut before = -self.truth;
        let mut k = 0;
        for p in self.part.positions(f) {
            if held.get(k) != Some(&p) {
                self.upto[p as usize] = before; // a ghost: something better than it
                continue;
            }
            k += 1;
            let upto = if k == held.len() {
                self.truth
            } else {
                self.sat.new_var(start.is_none_or(|s| s <= p))
            };
            self.upto[p as usize] = upto;
            self.hold[p as usize] = if before == -self.truth {
                upto
            } else if upto == self.truth {
                -before
            } else {
                self.sat.add(&[-before, upto]);
                let hold = self.sat.new_var(start.is_none_or(|s| s == p));
                self.sat.add(&[-hold, upto]);
                self.sat.add(&[-hold, -before]);
                self.sat.add(&[hold, -upto, before]);
                hold
            };
            before = upto;
        }
    }

    /// Who comes to each group, and that no group holds more than fits.
    fn groups(&mut self) {
        let part = self.part;
        let mut comers: HashMap<u32, Vec<(u32, i32)>> = HashMap::new(); // group → (option, literal)
        for f in 0..part.families() {
            let mut uses: std::collections::BTreeMap<u32, Vec<i32>> = Default::default();
            for p in part.held(f) {
                for &x in part.tuple(p).iter().filter(|&&x| x != NONE) {
                    uses.entry(x).or_default().push(self.hold[p as usize]);
                }
            }
            for (x, lits) in uses {
                let lit = self.any(&lits);
                comers
                    .entry(self.flat.opt_group[x as usize])
                    .or_default()
                    .push((x, lit));
            }
        }
        for &g in &part.groups {
            let mut list = comers.remove(&g).unwrap_or_default();
            list.sort_unstable_by_key(|&(x, _)| self.flat.opt_pos[x as usize]);
            let mut total = 0;
            let list: Vec<Counted> = list
                .into_iter()
                .map(|(x, lit)| {
                    let weight = i64::from(self.flat.opt_weight[x as usize]);
                    total += weight;
                    Counted {
                        lit,
                        weight,
                        total,
                        place: self.flat.opt_pos[x as usize],
                    }
                })
                .collect();
            let id = self.lists.len() as u32;
            let len = list.len() as u32;
            self.lists.push(list);
            self.list_of.insert((g, NONE), id);
            let room = self.flat.cap[g as usize] - self.fixed.before(self.flat, g, u32::MAX);
            let over = self.at_least(id, len, room + 1);
            self.sat.add(&[-over]);
        }
    }

    /// A literal equivalent to "one of these".
    pub(crate) fn one_of(&mut self, lits: &[i32]) -> i32 {
        if lits.contains(&self.truth) {
            self.truth
        } else {
            self.any(lits)
        }
    }

    fn any(&mut self, lits: &[i32]) -> i32 {
        if lits.len() == 1 {
            return lits[0];
        }
        let any = self.sat.new_var(false);
        let mut clause = vec![-any];
        for &l in lits {
            self.sat.add(&[-l, any]);
            clause.push(l);
        }
        self.sat.add(&clause);
        any
    }

    /// One clause per position: at least as good, or refused somewhere (or the family blocks).
    fn refusals(&mut self, f: u32, blocks: Option<i32>) {
        let part = self.part;
        for p in part.positions(f) {
            let upto = self.upto[p as usize];
            if upto == self.truth {
                break;
            }
            let mut clause = vec![];
            if upto != -self.truth {
                clause.push(upto);
            }
            clause.extend(blocks);
            for (g, worst, own) in self.flat.demand(part.tuple(p)) {
                let full = self.full(g, f, self.flat.better_end(worst), own);
                if full == self.truth {
                    clause.clear();
                    break;
                }
                if full != -self.truth {
                    clause.push(full);
                }
            }
            if !clause.is_empty() || !self.satisfied(f, p) {
                self.sat.add(&clause);
            }
        }
    }

    /// Was the clause left out because a group is full whatever happens?
    fn satisfied(&mut self, f: u32, p: u32) -> bool {
        let demand = self.flat.demand(self.part.tuple(p));
        demand
            .iter()
            .any(|&(g, worst, own)| self.full(g, f, self.flat.better_end(worst), own) == self.truth)
    }

    /// "Children of other families before `end` leave no room for `own` in the group."
    fn full(&mut self, g: u32, f: u32, end: u32, own: i64) -> i32 {
        let need = self.flat.cap[g as usize] - own + 1 - self.fixed.before(self.flat, g, end);
        let flat_family = self.part.fam[f as usize];
        let all = self.list_of[&(g, NONE)];
        let count = self.lists[all as usize].partition_point(|c| c.place < end);
        let family = |c: &Counted| self.flat.opt_fam[self.flat.sorted[c.place as usize] as usize];
        if !self.lists[all as usize][..count]
            .iter()
            .any(|c| family(c) == flat_family)
        {
            return self.at_least(all, count as u32, need);
        }
        let id = match self.list_of.get(&(g, f)) {
            Some(&id) => id,
            None => {
                let mut total = 0;
                let others: Vec<Counted> = self.lists[all as usize]
                    .iter()
                    .filter(|c| family(c) != flat_family)
                    .map(|c| {
                        total += c.weight;
                        Counted { total, ..*c }
                    })
                    .collect();
                self.lists.push(others);
                let id = self.lists.len() as u32 - 1;
                self.list_of.insert((g, f), id);
                id
            }
        };
        let count = self.lists[id as usize].partition_point(|c| c.place < end);
        self.at_least(id, count as u32, need)
    }

    /// "The first `count` of the list weigh at least `need`."
    fn at_least(&mut self, list: u32, count: u32, need: i64) -> i32 {
        if need <= 0 {
            return self.truth;
        }
        if count == 0 || self.lists[list as usize][count as usize - 1].total < need {
            return -self.truth;
        }
        if let Some(&node) = self.nodes.get(&(list, count, need)) {
            return node;
        }
        let Counted { lit, weight, .. } = self.lists[list as usize][count as usize - 1];
        let without = self.at_least(list, count - 1, need);
        let with = self.at_least(list, count - 1, need - weight);
        let node = if without == self.truth || with == without {
            without
        } else if without == -self.truth && with == self.truth {
            lit
        } else {
            // node ⇔ without ∨ (lit ∧ with); `without` implies `with`.
            let node = self.sat.new_var(false);
            self.add(&[-without, node]);
            self.add(&[-lit, -with, node]);
            self.add(&[-node, without, lit]);
            self.add(&[-node, with]);
            node
        };
        self.nodes.insert((list, count, need), node);
        node
    }

    /// A new list to count over (weight 1 each), for the objective.
    pub(crate) fn counter(&mut self, lits: &[i32]) -> u32 {
        let list = lits.iter().zip(1..);
        self.lists.push(
            list.map(|(&lit, total)| Counted {
                lit,
                weight: 1,
                total,
                place: 0,
            })
            .collect(),
        );
        self.lists.len() as u32 - 1
    }

    /// "At least `need` of a list made by [`Encoded::counter`]."
    pub(crate) fn at_least_of(&mut self, list: u32, need: i64) -> i32 {
        let count = self.lists[list as usize].len() as u32;
        self.at_least(list, count, need)
    }

    /// Adds a clause, with the constants simplified away.
    fn add(&mut self, clause: &[i32]) {
        if !clause.contains(&self.truth) {
            let clause: smallvec::SmallVec<[i32; 4]> = clause
                .iter()
                .copied()
                .filter(|&l| l != -self.truth)
                .collect();
            self.sat.add(&clause);
        }
    }

    /// Position held by each family in the last model.
    pub(crate) fn read(&self) -> Vec<u32> {
        (0..self.part.families())
            .map(|f| {
                let mut held = self.part.held(f);
                let last = held.next_back().unwrap_or_default();
                held.find(|&p| self.sat.value(self.upto[p as usize]))
                    .unwrap_or(last)
            })
            .collect()
    }
}
