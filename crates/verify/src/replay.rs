//! The two mechanisms of past practice, replayed: `index-order` and `choice-order` (selection model,
//! section 2, "Mechanisms").
//!
//! Both run pass by pass. A transfer applicant's seat is held until it moves; a seat freed is open at
//! once to whoever applies later in the sweep. A family's own seats, given up by the tuple it takes,
//! count as room for that tuple. A family that takes no tuple stays as now.
//!
//! `choice-order`: in round k every family not yet accepted applies with its position k, counted in
//! nurseries. Among the families still waiting in the round the one whose lowest newly placed sibling
//! has the best priority at its tuple's classes goes first; where the position expands into several
//! pools, a family refused in one takes its turn again with the next, at the priority it has there.
//! Equal priorities: [`Family::common_order`](enmusubi_market::Family::common_order), then the
//! family's id.
//!
//! Where one of two families of equal rank (`index-order`: the same common order; `choice-order`:
//! the same priority in the same round) may owe its place to having had its turn before the other,
//! the pair is in [`Replay::decided_by_order`]: under `stop` such a tie is undecided and nobody
//! should have been placed.

use crate::blocking::{Positions, options, transfers};
use crate::verdict::{Limits, Verdict};
use crate::wish::{CHILDREN_MAX, Key, Space, Walk};
use enmusubi_market::{ChildIx, ClassIx, FamilyIx, GroupIx, Market, Placement, Slot, Wish};
use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, HashSet};
use std::ops::ControlFlow;

/// A mechanism that can be replayed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mechanism {
    /// Families in their declared common order; each takes its first tuple with room; one sweep.
    IndexOrder,
    /// For k = 1, 2, …: families not yet accepted apply with position k; acceptance is final.
    ChoiceOrder,
}

/// What a mechanism gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replay {
    /// The placement.
    pub placement: Placement,
    /// Families of equal rank whose turns decided, sorted.
    pub decided_by_order: Vec<OrderTie>,
    /// Families whose lists were too long to go through; left as now.
    pub unfinished: Vec<FamilyIx>,
}

/// Two families of equal rank, one of whom may owe its place to having been first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct OrderTie {
    /// The group they compete in.
    pub group: GroupIx,
    /// The family that had its turn first.
    pub first: FamilyIx,
    /// The other.
    pub second: FamilyIx,
}

/// A child placed otherwise than the mechanism says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Difference {
    /// The child.
    pub child: ChildIx,
    /// What the mechanism gives it.
    pub expected: Option<ClassIx>,
    /// What the placement gives it.
    pub actual: Option<ClassIx>,
}

/// A placement held against a mechanism.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MechanismVerdict {
    /// Feasibility and stability; stability is reported, not required.
    pub verdict: Verdict,
    /// Children placed otherwise than the mechanism says, ascending.
    pub differences: Vec<Difference>,
    /// See [`Replay::decided_by_order`].
    pub decided_by_order: Vec<OrderTie>,
    /// See [`Replay::unfinished`].
    pub unfinished: Vec<FamilyIx>,
}

impl MechanismVerdict {
    /// Feasible and just what the mechanism gives.
    #[must_use]
    pub fn is_right(&self) -> bool {
        self.verdict.is_feasible() && self.differences.is_empty() && self.unfinished.is_empty()
    }
}

/// Checks a placement against a mechanism.
#[must_use]
pub fn check_mechanism(
    market: &Market,
    placement: &Placement,
    mechanism: Mechanism,
) -> MechanismVerdict {
    let replay = replay(market, mechanism);
    let differences = (0..market.children.len() as u32)
        .map(|child| Difference {
            child,
            expected: replay.placement.of(child),
            actual: placement.class.get(child as usize).copied().flatten(),
        })
        .filter(|d| d.expected != d.actual)
        .collect();
    MechanismVerdict {
        verdict: crate::check(market, placement),
        differences,
        decided_by_order: replay.decided_by_order,
        unfinished: replay.unfinished,
    }
}

/// Replays a mechanism.
#[must_use]
pub fn replay(market: &Market, mechanism: Mechanism) -> Replay {
    let mut sweep = Sweep {
        market,
        free: market.groups.iter().map(|g| i128::from(g.seats)).collect(),
        placement: Placement::as_now(market),
        decided_by_order: Vec::new(),
        unfinished: Vec::new(),
    };
    let mut families: Vec<FamilyIx> = (0..market.families.len() as u32).collect();
    families.sort_by_key(|&f| {
        let family = &market.families[f as usize];
        (family.pass, family.common_order, f)
    });
    let pass = |f: FamilyIx| market.families[f as usize].pass;
    for of_pass in families.chunk_by(|&a, &b| pass(a) == pass(b)) {
        match mechanism {
            Mechanism::IndexOrder => sweep.index_order(of_pass),
            Mechanism::ChoiceOrder => sweep.choice_order(of_pass),
        }
    }
    sweep.unfinished.sort_unstable();
    sweep.decided_by_order.sort_unstable();
    sweep.decided_by_order.dedup();
    Replay {
        placement: sweep.placement,
        decided_by_order: sweep.decided_by_order,
        unfinished: sweep.unfinished,
    }
}

struct Sweep<'a> {
    market: &'a Market,
    /// Room per group: declared seats and vacated ones, less those taken. Seats that transfer
    /// applicants still hold were never in it.
    free: Vec<i128>,
    placement: Placement,
    decided_by_order: Vec<OrderTie>,
    unfinished: Vec<FamilyIx>,
}

/// What families of one rank have done to the room, in the order of their turns.
#[derive(Default)]
struct Equals {
    /// (family, group, weight taken; negative if given up).
    moves: Vec<(FamilyIx, usize, i128)>,
    /// Tuples refused: (family, groups too full for it).
    refused: Vec<(FamilyIx, Vec<usize>)>,
}

impl Sweep<'_> {
    fn group(&self, class: ClassIx) -> usize {
        self.market.classes[class as usize].group as usize
    }

    /// Change of the groups if a family takes a tuple: (group, weight taken; negative if given up).
    fn changes(&self, family: FamilyIx, tuple: &[Slot]) -> Vec<(usize, i128)> {
        let first = self.market.families[family as usize].children.start;
        let mut changes: Vec<(usize, i128)> = Vec::new();
        for (i, &slot) in tuple.iter().enumerate() {
            let Slot::Choice(x) = slot else { continue };
            let child = first + i as u32;
            let class = self.market.choices[x as usize].class;
            changes.push((
                self.group(class),
                i128::from(self.market.weight(child, class)),
            ));
            if let Some(class) = self.market.children[child as usize].current {
                changes.push((
                    self.group(class),
                    -i128::from(self.market.weight(child, class)),
                ));
            }
        }
        changes.sort_unstable();
        changes.dedup_by(|a, b| {
            let same = a.0 == b.0;
            if same {
                b.1 += a.1;
            }
            same
        });
        changes
    }

    /// Groups too full for a tuple.
    fn full(&self, family: FamilyIx, tuple: &[Slot]) -> Vec<usize> {
        let changes = self.changes(family, tuple);
        changes
            .iter()
            .filter(|c| c.1 > 0 && c.1 > self.free[c.0])
            .map(|c| c.0)
            .collect()
    }

    /// A tuple there is no room for. Somebody of the same rank may be the cause: one who has taken
    /// a seat in each group that would else have had room.
    fn refuse(&mut self, family: FamilyIx, tuple: &[Slot], equals: &mut Equals) {
        let full = self.full(family, tuple);
        let taken = |g: usize| -> i128 {
            let there = equals.moves.iter().filter(|m| m.1 == g && m.2 > 0);
            there.map(|m| m.2).sum()
        };
        let changes = self.changes(family, tuple);
        let owed = changes
            .iter()
            .filter(|c| full.contains(&c.0))
            .all(|c| c.1 <= self.free[c.0] + taken(c.0));
        if owed {
            for &(first, group, _) in equals
                .moves
                .iter()
                .filter(|m| m.2 > 0 && full.contains(&m.1))
            {
                self.decided_by_order.push(OrderTie {
                    group: group as GroupIx,
                    first,
                    second: family,
                });
            }
        }
        equals.refused.push((family, full));
    }

    /// Gives a family a tuple. It may owe its seat to one of the same rank who has just moved out,
    /// or leave one that another of the same rank was refused.
    fn accept(&mut self, family: FamilyIx, tuple: &[Slot], equals: &mut Equals) {
        for (group, weight) in self.changes(family, tuple) {
            let tie = |first, second| OrderTie {
                group: group as GroupIx,
                first,
                second,
            };
            let given = equals.moves.iter().filter(|m| m.1 == group && m.2 < 0);
            let sum: i128 = given.clone().map(|m| m.2).sum();
            if weight > 0 && weight > self.free[group] + sum {
                let ties = given.map(|m| tie(m.0, family));
                self.decided_by_order.extend(ties);
            }
            if weight < 0 {
                let waiting = equals.refused.iter().filter(|r| r.1.contains(&group));
                let ties = waiting.filter(|r| r.0 != family).map(|r| tie(r.0, family));
                self.decided_by_order.extend(ties);
            }
            equals.moves.push((family, group, weight));
        }
        self.take(family, tuple);
    }

    fn take(&mut self, family: FamilyIx, tuple: &[Slot]) {
        for (group, weight) in self.changes(family, tuple) {
            self.free[group] -= weight;
        }
        for (child, &slot) in self.market.families[family as usize]
            .children
            .clone()
            .zip(tuple)
        {
            self.placement.class[child as usize] = self.market.class_of(child, slot);
        }
    }

    fn index_order(&mut self, families: &[FamilyIx]) {
        let rank = |f: FamilyIx| self.market.families[f as usize].common_order;
        for equals in families.chunk_by(|&a, &b| rank(a) == rank(b)) {
            if let &[alone] = equals {
                if let Some(tuple) = self.first_with_room(alone) {
                    self.take(alone, &tuple);
                }
            } else {
                self.equals_in_index_order(equals);
            }
        }
    }

    /// Families of one common order, by id, with an eye on whom that favours: a family that would
    /// have got something better had no other of them taken a seat, and every other given up its
    /// own in time; and a family that sits where another has just moved out.
    fn equals_in_index_order(&mut self, families: &[FamilyIx]) {
        let before = self.free.clone();
        // Per family its tuple; per group who of them has changed it: (turn, weight).
        let mut tuples: Vec<Option<Box<[Slot]>>> = Vec::with_capacity(families.len());
        let mut moves: HashMap<usize, Vec<(usize, i128)>> = HashMap::new();
        for (turn, &family) in families.iter().enumerate() {
            let tuple = self.first_with_room(family);
            if let Some(tuple) = &tuple {
                for (group, weight) in self.changes(family, tuple) {
                    moves.entry(group).or_default().push((turn, weight));
                }
                self.take(family, tuple);
            }
            tuples.push(tuple);
        }
        let mut generous = before.clone();
        for (&group, moves) in &moves {
            let given = moves.iter().map(|m| m.1).filter(|w| *w < 0);
            generous[group] -= given.sum::<i128>();
        }
        let after = std::mem::replace(&mut self.free, generous);
        let unfinished = self.unfinished.len();
        for (turn, &family) in families.iter().enumerate() {
            let tuple = &tuples[turn];
            let changes = tuple
                .as_ref()
                .map_or_else(Vec::new, |t| self.changes(family, t));
            let own = |sweep: &mut Self, sign: i128| {
                for &(group, weight) in changes.iter().filter(|c| c.1 < 0) {
                    sweep.free[group] += sign * weight;
                }
            };
            own(self, 1);
            let better = self.first_with_room(family);
            own(self, -1);
            let of = |group: usize| moves.get(&group).map_or(&[][..], Vec::as_slice);
            let at_turn = |group: usize| {
                let earlier = of(group).iter().filter(|m| m.0 < turn);
                before[group] - earlier.map(|m| m.1).sum::<i128>()
            };
            let needs = match better.filter(|b| Some(b) != tuple.as_ref()) {
                Some(better) => self.changes(family, &better),
                None => Vec::new(),
            };
            let mut tie = |group: usize, other: usize| {
                self.decided_by_order.push(OrderTie {
                    group: group as GroupIx,
                    first: families[turn.min(other)],
                    second: families[turn.max(other)],
                });
            };
            // What is better than what the family got was refused for these.
            for &(group, _) in needs.iter().filter(|c| c.1 > 0 && c.1 > at_turn(c.0)) {
                of(group)
                    .iter()
                    .filter(|m| (m.0 < turn && m.1 > 0) || (m.0 > turn && m.1 < 0))
                    .for_each(|m| tie(group, m.0));
            }
            for &(group, weight) in changes.iter().filter(|c| c.1 > 0) {
                let given = || of(group).iter().filter(|m| m.0 < turn && m.1 < 0);
                if weight > at_turn(group) + given().map(|m| m.1).sum::<i128>() {
                    given().for_each(|m| tie(group, m.0));
                }
            }
        }
        // Whoever could not be finished was named above.
        self.unfinished.truncate(unfinished);
        self.free = after;
    }

    /// The first tuple of a family's list that there is room for.
    fn first_with_room(&mut self, family: FamilyIx) -> Option<Box<[Slot]>> {
        let market = self.market;
        let range = market.families[family as usize].children.clone();
        match &market.families[family as usize].wish {
            Wish::Listed(list) => listed(list)
                .find(|t| self.full(family, t).is_empty())
                .cloned(),
            Wish::Fields(_) if range.len() == 1 => market.children[range.start as usize]
                .choices
                .clone()
                .map(|x| Box::from([Slot::Choice(x)]))
                .find(|t| self.full(family, t).is_empty()),
            Wish::Fields(fields) => {
                if range.len() > CHILDREN_MAX {
                    self.unfinished.push(family);
                    return None;
                }
                // Room for a child alone, whatever seats its siblings may give up.
                let mut given_up: HashMap<usize, i128> = HashMap::new();
                for c in range.clone() {
                    if let Some(class) = market.children[c as usize].current {
                        *given_up.entry(self.group(class)).or_default() +=
                            i128::from(market.weight(c, class));
                    }
                }
                let alone = |c: ChildIx, slot: Slot| match slot {
                    Slot::AsNow => true,
                    Slot::Choice(x) => {
                        let class = market.choices[x as usize].class;
                        let g = self.group(class);
                        let room = self.free[g] + given_up.get(&g).copied().unwrap_or(0);
                        i128::from(market.weight(c, class)) <= room
                    }
                };
                let space = Space::new(
                    fields,
                    options(market, family, alone),
                    transfers(market, family),
                );
                let mut best = None;
                let mut walk = Walk::new(None, Limits::default().steps);
                space.walk(&mut walk, &mut |_| true, &mut |better_than, chosen| {
                    let tuple = space.slots(chosen);
                    if self.full(family, &tuple).is_empty() {
                        *better_than = Some(space.key(chosen));
                        best = Some(tuple);
                    }
                    ControlFlow::Continue(())
                });
                if walk.exhausted {
                    self.unfinished.push(family);
                    return None;
                }
                best
            }
        }
    }

    fn choice_order(&mut self, families: &[FamilyIx]) {
        // Per family still waiting: its list from here on, the common order as the place in `families`.
        let mut waiting: Vec<(u32, Ahead)> = families
            .iter()
            .enumerate()
            .map(|(i, &f)| (i as u32, Ahead::new(self.market, f)))
            .collect();
        let mut round = 1;
        while !waiting.is_empty() {
            // Best priority first, then common order: (priority, place in `families`, index in `waiting`).
            let mut queue: BinaryHeap<Reverse<(u32, u32, usize)>> = BinaryHeap::new();
            // Turns come in the order of priorities, but for a family refused in one pool that
            // has a better priority in the next.
            let mut equals: HashMap<u32, Equals> = HashMap::new();
            let mut accepted = vec![false; waiting.len()];
            for (i, (order, ahead)) in waiting.iter_mut().enumerate() {
                if let Some(tuple) = ahead.peek(self.market, round) {
                    queue.push(Reverse((lowest(self.market, &tuple), *order, i)));
                }
            }
            while let Some(Reverse((priority, order, i))) = queue.pop() {
                let ahead = &mut waiting[i].1;
                let family = ahead.family;
                let Some(tuple) = ahead.peek(self.market, round) else {
                    continue;
                };
                let equals = equals.entry(priority).or_default();
                if self.full(family, &tuple).is_empty() {
                    self.accept(family, &tuple, equals);
                    accepted[i] = true;
                    continue;
                }
                self.refuse(family, &tuple, equals);
                ahead.drop_first();
                if let Some(tuple) = ahead.peek(self.market, round) {
                    queue.push(Reverse((lowest(self.market, &tuple), order, i)));
                }
            }
            let mut i = 0;
            waiting.retain_mut(|(_, ahead)| {
                i += 1;
                if accepted[i - 1] {
                    return false;
                }
                let over = ahead.is_over(self.market);
                if ahead.unfinished {
                    self.unfinished.push(ahead.family);
                }
                !over && !ahead.unfinished
            });
            round += 1;
        }
    }
}

/// Priority of the lowest newly placed sibling of a tuple.
fn lowest(market: &Market, tuple: &[Slot]) -> u32 {
    let priority = |s: &Slot| match s {
        Slot::Choice(x) => market.choices[*x as usize].priority,
        Slot::AsNow => 0,
    };
    tuple.iter().map(priority).max().unwrap_or(0)
}

/// A written list without repetitions, up to "everyone as now".
fn listed(list: &[Box<[Slot]>]) -> impl Iterator<Item = &Box<[Slot]>> {
    let mut seen = HashSet::new();
    list.iter()
        .take_while(|t| t.iter().any(|s| *s != Slot::AsNow))
        .filter(move |t| seen.insert(&t[..]))
}

/// What is left of a family's list, worked out in growing portions: most families are accepted
/// early, and a list may have a hundred thousand tuples.
struct Ahead {
    family: FamilyIx,
    /// (position counted in nurseries, tuple), the next one last.
    next: Vec<(u32, Box<[Slot]>)>,
    positions: Positions,
    /// Last tuple worked out, where there may be more.
    more: Option<(Space, Option<Key>)>,
    /// Tuples of the next portion.
    portion: usize,
    unfinished: bool,
}

impl Ahead {
    fn new(market: &Market, family: FamilyIx) -> Self {
        let range = market.families[family as usize].children.clone();
        let mut ahead = Self {
            family,
            next: Vec::new(),
            positions: Positions::default(),
            more: None,
            portion: 64,
            unfinished: false,
        };
        let tuples: Vec<Box<[Slot]>> = match &market.families[family as usize].wish {
            Wish::Listed(list) => listed(list).cloned().collect(),
            Wish::Fields(_) if range.len() == 1 => market.children[range.start as usize]
                .choices
                .clone()
                .map(|x| Box::from([Slot::Choice(x)]))
                .collect(),
            Wish::Fields(_) if range.len() > CHILDREN_MAX => {
                ahead.unfinished = true;
                return ahead;
            }
            Wish::Fields(fields) => {
                let all = options(market, family, |_, _| true);
                ahead.more = Some((Space::new(fields, all, transfers(market, family)), None));
                return ahead;
            }
        };
        let mut next: Vec<(u32, Box<[Slot]>)> = tuples
            .into_iter()
            .map(|t| (ahead.positions.of(market, &t), t))
            .collect();
        // Pools of one position need not stand together in a written list; a position is applied
        // with in its own round.
        next.sort_by_key(|t| t.0);
        next.reverse();
        ahead.next = next;
        ahead
    }

    /// Works out the next portion if none is left.
    fn fill(&mut self, market: &Market) {
        if !self.next.is_empty() {
            return;
        }
        let Some((space, after)) = self.more.take() else {
            return;
        };
        let portion = self.portion;
        let mut best: Vec<(Key, Box<[Slot]>)> = Vec::new();
        let mut walk = Walk::new(None, Limits::default().steps);
        space.walk(&mut walk, &mut |_| true, &mut |better_than, chosen| {
            let key = space.key(chosen);
            if after.as_ref().is_none_or(|a| key > *a) {
                best.push((key, space.slots(chosen)));
                if best.len() >= 2 * portion {
                    best.sort_unstable();
                    best.truncate(portion);
                    *better_than = best.last().map(|b| b.0.clone());
                }
            }
            ControlFlow::Continue(())
        });
        if walk.exhausted {
            self.unfinished = true;
            return;
        }
        best.sort_unstable();
        best.truncate(portion);
        let last = best.last().map(|b| b.0.clone());
        self.next = best
            .into_iter()
            .map(|(_, t)| (self.positions.of(market, &t), t))
            .collect();
        self.next.reverse();
        if last.is_some() {
            self.portion *= 8;
            self.more = Some((space, last));
        }
    }

    /// The next tuple, if it belongs to this round.
    fn peek(&mut self, market: &Market, round: u32) -> Option<Box<[Slot]>> {
        self.fill(market);
        self.next
            .last()
            .filter(|t| t.0 == round)
            .map(|t| t.1.clone())
    }

    fn drop_first(&mut self) {
        self.next.pop();
    }

    fn is_over(&mut self, market: &Market) -> bool {
        self.fill(market);
        self.next.is_empty()
    }
}
