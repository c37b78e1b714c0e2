//! Feasibility of groups and blocking positions, pass by pass.

use crate::verdict::{BlockingFamily, BlockingPosition, Limits, Verdict, Violation};
use crate::wish::{CHILDREN_MAX, Key, Opt, Space, Walk};
use enmusubi_market::{
    ChildIx, ClassIx, FamilyIx, GroupIx, Market, POSITION_CAP, Placement, Slot, TieReading, Wish,
    WishFields,
};
use std::collections::{HashMap, HashSet};
use std::ops::ControlFlow;

/// A seat a tuple asks for: group, weight, priority (0 for staying).
#[derive(Clone, Copy)]
struct Seat {
    group: GroupIx,
    weight: i128,
    priority: u32,
}

/// Judges the families of one pass after the other.
pub(crate) struct Judge<'a> {
    market: &'a Market,
    placement: &'a Placement,
    limits: Limits,
    /// Priority with which each child holds its seat; `None` without one, or at a class it has not
    /// chosen.
    held: Vec<Option<u32>>,
    pass: u8,
    /// Per group: capacity within the pass.
    capacity: Vec<i128>,
    /// Per group: weight of the children of the pass placed there.
    used: Vec<i128>,
    /// Per group, where its holders start in `priorities` (one more at the end).
    start: Vec<u32>,
    /// Priorities of the holders of the pass, ascending within a group.
    priorities: Vec<u32>,
    /// Weight of the first holders; one more than `priorities`, over all groups.
    weight_before: Vec<i128>,
}

impl<'a> Judge<'a> {
    pub(crate) fn new(market: &'a Market, placement: &'a Placement, limits: Limits) -> Self {
        let mut held: Vec<Option<u32>> = (0..market.children.len() as u32)
            .map(|c| placement.of(c).and_then(|class| priority(market, c, class)))
            .collect();
        for f in 0..market.families.len() as u32 {
            if let Some(tuple) = listed_tuple(market, placement, f) {
                for (c, slot) in market.families[f as usize].children.clone().zip(tuple) {
                    if let Slot::Choice(x) = slot {
                        held[c as usize] = Some(market.choices[*x as usize].priority);
                    }
                }
            }
        }
        Self {
            market,
            placement,
            limits,
            held,
            pass: 0,
            capacity: Vec::new(),
            used: Vec::new(),
            start: Vec::new(),
            priorities: Vec::new(),
            weight_before: Vec::new(),
        }
    }

    fn group(&self, class: ClassIx) -> usize {
        self.market.classes[class as usize].group as usize
    }

    /// Prepares a pass: capacity left to it, and who holds seats in it.
    pub(crate) fn enter(&mut self, pass: u8) {
        let market = self.market;
        self.pass = pass;
        self.capacity = market.groups.iter().map(|g| i128::from(g.seats)).collect();
        self.used = vec![0; market.groups.len()];
        let mut holders: Vec<(GroupIx, u32, u64)> = Vec::new();
        for (c, child) in market.children.iter().enumerate() {
            let own = market.families[child.family as usize].pass;
            // Seats of transfer applicants of later passes are still held: not counted at all.
            if own > pass {
                continue;
            }
            if let Some(class) = child.current {
                let g = self.group(class);
                self.capacity[g] += i128::from(market.weight(c as u32, class));
            }
            if let Some(class) = self.placement.class[c] {
                let weight = market.weight(c as u32, class);
                let g = self.group(class);
                if own < pass {
                    self.capacity[g] -= i128::from(weight);
                } else {
                    self.used[g] += i128::from(weight);
                    holders.extend(self.held[c].map(|p| (g as GroupIx, p, weight)));
                }
            }
        }
        holders.sort_unstable();
        self.start = vec![0; market.groups.len() + 1];
        for h in &holders {
            self.start[h.0 as usize + 1] += 1;
        }
        for g in 0..market.groups.len() {
            self.start[g + 1] += self.start[g];
        }
        self.priorities = holders.iter().map(|h| h.1).collect();
        self.weight_before = vec![0];
        let mut sum = 0;
        for h in &holders {
            sum += i128::from(h.2);
            self.weight_before.push(sum);
        }
    }

    /// Groups too full in this pass. A group that was too full before is reported again only if
    /// this pass puts somebody in.
    pub(crate) fn overfull(&self, violations: &mut Vec<Violation>) {
        for g in 0..self.used.len() {
            let (used, capacity) = (self.used[g], self.capacity[g]);
            if used > 0 && used > capacity {
                violations.push(Violation::Overfull {
                    group: g as GroupIx,
                    pass: self.pass,
                    used,
                    capacity,
                });
            }
        }
    }

    /// Whether a holder of priority `holder` keeps its seat against priority `against`.
    fn stands(&self, holder: u32, against: u32) -> bool {
        match self.market.ties {
            TieReading::Strict => holder < against,
            TieReading::Equal => holder <= against,
        }
    }

    /// Whether a family could have seats of weight `own` in a group, its lowest child there having
    /// priority `lowest`. Its own present seats do not count.
    fn open(&self, family: FamilyIx, group: GroupIx, lowest: u32, own: i128) -> bool {
        let (from, to) = (
            self.start[group as usize] as usize,
            self.start[group as usize + 1] as usize,
        );
        let better = self.priorities[from..to].partition_point(|&p| self.stands(p, lowest));
        let mut others = self.weight_before[from + better] - self.weight_before[from];
        for c in self.market.families[family as usize].children.clone() {
            if let Some(class) = self.placement.of(c)
                && self.group(class) == group as usize
                && self.held[c as usize].is_some_and(|p| self.stands(p, lowest))
            {
                others -= i128::from(self.market.weight(c, class));
            }
        }
        others + own <= self.capacity[group as usize]
    }

    fn seat(&self, child: ChildIx, slot: Slot) -> Option<Seat> {
        let class = self.market.class_of(child, slot)?;
        let priority = match slot {
            Slot::Choice(x) => self.market.choices[x as usize].priority,
            Slot::AsNow => 0,
        };
        let weight = i128::from(self.market.weight(child, class));
        Some(Seat {
            group: self.group(class) as GroupIx,
            weight,
            priority,
        })
    }

    /// Section 2's test for a whole tuple: the groups it uses if the family could have it.
    fn could_have(&self, family: FamilyIx, tuple: &[Slot]) -> Option<Vec<GroupIx>> {
        let first = self.market.families[family as usize].children.start;
        let mut seats: Vec<Seat> = tuple
            .iter()
            .enumerate()
            .filter_map(|(i, &s)| self.seat(first + i as u32, s))
            .collect();
        seats.sort_unstable_by_key(|s| s.group);
        let mut groups = Vec::new();
        for of_group in seats.chunk_by(|a, b| a.group == b.group) {
            let group = of_group[0].group;
            let lowest = of_group.iter().map(|s| s.priority).max().unwrap_or(0);
            if !self.open(
                family,
                group,
                lowest,
                of_group.iter().map(|s| s.weight).sum(),
            ) {
                return None;
            }
            groups.push(group);
        }
        Some(groups)
    }

    /// What the family obtains, as slots; `None` if some child's class is neither chosen nor its
    /// own, or lost.
    fn obtained(&self, family: FamilyIx) -> Option<Vec<Slot>> {
        if let Some(tuple) = listed_tuple(self.market, self.placement, family) {
            return Some(tuple.to_vec());
        }
        let slot = |c: ChildIx| {
            let place = self.placement.of(c);
            if place == self.market.children[c as usize].current {
                return Some(Slot::AsNow);
            }
            let range = self.market.children[c as usize].choices.clone();
            let at = self
                .market
                .choices_of(c)
                .iter()
                .position(|x| Some(x.class) == place)?;
            Some(Slot::Choice(range.start + at as u32))
        };
        self.market.families[family as usize]
            .children
            .clone()
            .map(slot)
            .collect()
    }

    /// Judges one family of the pass.
    pub(crate) fn family(&self, family: FamilyIx, verdict: &mut Verdict) {
        let market = self.market;
        let n = market.children_of(family).len();
        let mut found = Found::default();
        let position = match &market.families[family as usize].wish {
            Wish::Listed(list) => self.listed(family, list, &mut found),
            Wish::Fields(_) if n == 1 => self.only_child(family, &mut found),
            Wish::Fields(fields) => self.siblings(family, fields, &mut found),
        };
        if !found.obtained {
            verdict.violations.push(Violation::NotListed { family });
            // The current classes are the last listed position, better than what is not listed.
            let as_now = vec![Slot::AsNow; n];
            if market
                .children_of(family)
                .iter()
                .any(|c| c.current.is_some())
                && let Some(groups) = self.could_have(family, &as_now)
            {
                found.total += 1;
                if found.listed.len() < self.limits.positions_listed as usize {
                    found.listed.push(BlockingPosition {
                        tuple: as_now.into(),
                        position,
                        groups,
                    });
                }
            }
        }
        verdict.obtained[family as usize] = position;
        if found.total > 0 {
            verdict.blocking.push(BlockingFamily {
                family,
                positions: found.total,
                listed: found.listed,
            });
        }
        if found.unfinished {
            verdict.unfinished.push(family);
        }
    }

    /// An only child: its choices in order. Returns the capped position it obtains.
    fn only_child(&self, family: FamilyIx, found: &mut Found) -> u32 {
        let market = self.market;
        let child = market.families[family as usize].children.start;
        let place = self.placement.of(child);
        let current = market.children[child as usize].current;
        let mut last = 0;
        for x in market.children[child as usize].choices.clone() {
            let choice = &market.choices[x as usize];
            if place == Some(choice.class) {
                found.obtained = true;
                return choice.rank.min(POSITION_CAP);
            }
            last = choice.rank;
            let group = self.group(choice.class) as GroupIx;
            let weight = i128::from(market.weight(child, choice.class));
            if self.open(family, group, choice.priority, weight) {
                found.total += 1;
                if found.listed.len() < self.limits.positions_listed as usize {
                    found.listed.push(BlockingPosition {
                        tuple: [Slot::Choice(x)].into(),
                        position: choice.rank.min(POSITION_CAP),
                        groups: vec![group],
                    });
                }
            }
        }
        found.obtained = place == current;
        (last + 1).min(POSITION_CAP)
    }

    /// A family with its own list of combinations.
    fn listed(&self, family: FamilyIx, list: &[Box<[Slot]>], found: &mut Found) -> u32 {
        let obtained = self.obtained(family);
        let mut seen: HashSet<&[Slot]> = HashSet::new();
        let mut positions = Positions::default();
        let mut reached = None;
        for tuple in list {
            if tuple.iter().all(|s| *s == Slot::AsNow) {
                break;
            }
            if !seen.insert(tuple) {
                continue;
            }
            let position = positions.of(self.market, tuple).min(POSITION_CAP);
            if obtained.as_deref() == Some(&**tuple) {
                reached = Some(position);
                break;
            }
            if let Some(groups) = self.could_have(family, tuple) {
                found.total += 1;
                if found.listed.len() < self.limits.positions_listed as usize {
                    found.listed.push(BlockingPosition {
                        tuple: tuple.clone(),
                        position,
                        groups,
                    });
                }
            }
        }
        found.obtained =
            reached.is_some() || obtained.is_some_and(|t| t.iter().all(|s| *s == Slot::AsNow));
        let last = positions.next().min(POSITION_CAP);
        reached.unwrap_or(last)
    }

    /// Siblings with wish fields.
    fn siblings(&self, family: FamilyIx, fields: &WishFields, found: &mut Found) -> u32 {
        let market = self.market;
        let children = market.families[family as usize].children.clone();
        if children.len() > CHILDREN_MAX {
            found.unfinished = true;
            found.obtained = true;
            return POSITION_CAP;
        }
        let transfers = transfers(market, family);
        let obtained = self.obtained(family);
        let as_now = obtained
            .as_deref()
            .is_some_and(|t| t.iter().all(|s| *s == Slot::AsNow));
        let full = Space::new(fields, options(market, family, |_, _| true), transfers);
        let reached = obtained
            .as_deref()
            .filter(|_| !as_now)
            .and_then(|t| full.find(t));
        found.obtained = as_now || reached.is_some();
        let reached = reached.map(|chosen| (full.key(&chosen), full.slots(&chosen)));

        // Necessary for any tuple with this option: the child alone could have it.
        let alone = |child: ChildIx, slot: Slot| {
            self.seat(child, slot)
                .is_none_or(|s| self.open(family, s.group, s.priority, s.weight))
        };
        let space = Space::new(fields, options(market, family, alone), transfers);
        let seats: Vec<Vec<Option<Seat>>> = children
            .clone()
            .enumerate()
            .map(|(i, c)| space.opts(i).iter().map(|o| self.seat(c, o.slot)).collect())
            .collect();
        let mut admit = |chosen: &[u32]| self.together(family, &seats, chosen);
        let keep = self.limits.positions_listed as usize;
        let mut kept: Vec<(Key, Box<[Slot]>)> = Vec::new();
        // Once more than enough are kept, worse ones than this are only counted.
        let mut worst_kept: Option<Key> = None;
        let mut visit = |_: &mut Option<Key>, chosen: &[u32]| {
            found.total += 1;
            let key = space.key(chosen);
            if worst_kept.as_ref().is_none_or(|w| key < *w) {
                kept.push((key, space.slots(chosen)));
                if kept.len() > 2 * keep {
                    kept.sort_unstable();
                    kept.truncate(keep);
                    worst_kept = kept.last().map(|k| k.0.clone());
                }
            }
            ControlFlow::Continue(())
        };
        let mut walk = Walk::new(reached.as_ref().map(|r| r.0.clone()), self.limits.steps);
        space.walk(&mut walk, &mut admit, &mut visit);
        found.unfinished |= walk.exhausted;
        kept.sort_unstable();
        kept.truncate(keep);

        // Positions count nurseries, whether or not anything can be had there.
        let nurseries = Space::new(fields, nursery_options(market, family), transfers);
        let mut position_of = |tuple: Option<&[Slot]>| {
            let key = tuple.map(|t| nurseries.key(&nursery_tuple(market, &nurseries, t)));
            let mut better = 0;
            let mut count = |_: &mut Option<Key>, _: &[u32]| {
                better += 1;
                if better + 1 < POSITION_CAP {
                    ControlFlow::Continue(())
                } else {
                    ControlFlow::Break(())
                }
            };
            let mut walk = Walk::new(key, self.limits.steps);
            nurseries.walk(&mut walk, &mut |_| true, &mut count);
            found.unfinished |= walk.exhausted;
            better + 1
        };
        let position = position_of(reached.as_ref().map(|r| &*r.1));
        let mut capped = false;
        for (_, tuple) in kept {
            // List order: once one is beyond the cap, so are all that follow.
            let position = if capped {
                POSITION_CAP
            } else {
                position_of(Some(&tuple))
            };
            capped |= position == POSITION_CAP;
            let groups = self.could_have(family, &tuple).unwrap_or_default();
            found.listed.push(BlockingPosition {
                tuple,
                position,
                groups,
            });
        }
        position
    }

    /// Whether the last child of a part can join the others: its group re-examined with all
    /// siblings sent there so far. More siblings only make it harder, so a part refused stays
    /// refused.
    fn together(&self, family: FamilyIx, seats: &[Vec<Option<Seat>>], chosen: &[u32]) -> bool {
        let last = chosen.len() - 1;
        let Some(seat) = seats[last][chosen[last] as usize] else {
            return true;
        };
        let (mut lowest, mut weight, mut alone) = (seat.priority, seat.weight, true);
        for (i, &at) in chosen[..last].iter().enumerate() {
            if let Some(s) = seats[i][at as usize].filter(|s| s.group == seat.group) {
                lowest = lowest.max(s.priority);
                weight += s.weight;
                alone = false;
            }
        }
        // Alone it was examined when the options were gathered.
        alone || self.open(family, seat.group, lowest, weight)
    }
}

/// What was found of one family.
#[derive(Default)]
struct Found {
    total: u64,
    listed: Vec<BlockingPosition>,
    /// What it obtains is in its list or the last resort.
    obtained: bool,
    unfinished: bool,
}

/// Nursery-level positions of a written list: a new one for each combination of nurseries not seen
/// before; one seen again (another pool) keeps the position where it first stood.
#[derive(Default)]
pub(crate) struct Positions {
    seen: HashMap<Vec<u32>, u32>,
}

impl Positions {
    /// The position a new combination would have, not capped.
    pub(crate) fn next(&self) -> u32 {
        self.seen.len() as u32 + 1
    }

    /// Position of the next tuple of the list, not capped.
    pub(crate) fn of(&mut self, market: &Market, tuple: &[Slot]) -> u32 {
        let new = self.next();
        *self
            .seen
            .entry(tuple.iter().map(|&s| rank(market, s)).collect())
            .or_insert(new)
    }
}

/// Choice rank of a slot, 0 as now.
fn rank(market: &Market, slot: Slot) -> u32 {
    match slot {
        Slot::Choice(x) => market.choices[x as usize].rank,
        Slot::AsNow => 0,
    }
}

/// The first tuple of a family's own list that gives the classes it has. (A child may have a class
/// twice among its choices, with two priorities; the list says which of them is meant.)
fn listed_tuple<'a>(
    market: &'a Market,
    placement: &Placement,
    family: FamilyIx,
) -> Option<&'a [Slot]> {
    let family = &market.families[family as usize];
    let Wish::Listed(list) = &family.wish else {
        return None;
    };
    let gives = |tuple: &&[Slot]| {
        let mut slots = tuple.iter().zip(family.children.clone());
        slots.all(|(&slot, c)| market.class_of(c, slot) == placement.of(c))
    };
    list.iter().map(|t| &**t).find(gives)
}

/// Priority of a child at a class: 0 at its own, `None` where it has not chosen it.
fn priority(market: &Market, child: ChildIx, class: ClassIx) -> Option<u32> {
    if market.children[child as usize].current == Some(class) {
        return Some(0);
    }
    market
        .choices_of(child)
        .iter()
        .find(|x| x.class == class)
        .map(|x| x.priority)
}

/// Children with a current class, as bits over the family.
pub(crate) fn transfers(market: &Market, family: FamilyIx) -> u64 {
    let bits = market.children_of(family).iter().enumerate();
    bits.filter(|(_, c)| c.current.is_some())
        .fold(0, |bits, (i, _)| bits | 1 << i)
}

/// Options of each child of a family, pools expanded, less those that `keep` refuses.
pub(crate) fn options(
    market: &Market,
    family: FamilyIx,
    keep: impl Fn(ChildIx, Slot) -> bool,
) -> Vec<Vec<Opt>> {
    let of = |c: ChildIx| {
        let choices = market.children[c as usize].choices.clone();
        let choice = |x: u32| {
            let choice = &market.choices[x as usize];
            let nursery = market.classes[choice.class as usize].nursery;
            Opt::choice(Slot::Choice(x), choice.rank, nursery, x - choices.start)
        };
        let all = choices
            .clone()
            .map(choice)
            .chain(std::iter::once(Opt::as_now()));
        all.filter(|o| keep(c, o.slot)).collect()
    };
    market.families[family as usize]
        .children
        .clone()
        .map(of)
        .collect()
}

/// Options with one pool for each nursery: the first.
fn nursery_options(market: &Market, family: FamilyIx) -> Vec<Vec<Opt>> {
    let mut all = options(market, family, |_, _| true);
    for opts in &mut all {
        opts.dedup_by_key(|o| (o.nursery.is_some(), o.rank));
        for (i, o) in opts.iter_mut().enumerate() {
            if o.nursery.is_some() {
                o.ord = i as u32;
            }
        }
    }
    all
}

/// A tuple with every pool read as its nursery.
fn nursery_tuple(market: &Market, nurseries: &Space, tuple: &[Slot]) -> Vec<u32> {
    let at = |(i, &slot): (usize, &Slot)| {
        let same = |o: &Opt| rank(market, o.slot) == rank(market, slot);
        nurseries.opts(i).iter().position(same).unwrap_or_default() as u32
    };
    tuple.iter().enumerate().map(at).collect()
}
