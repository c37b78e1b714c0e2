//! Mechanisms of turns, with the staff's decisions taken as they are: who was passed over.
//!
//! Everybody has its turns in the order of the mechanism, and gets just what the staff gave it; whoever was refused
//! something that fitted at that moment was passed over. As nothing but decisions moves seats, nobody is passed over
//! only because another was: what the right mechanism and the right order gave is passed through without a finding.

use crate::{truth::Known, world::World};
use enmusubi_market::{ClassIx, FamilyIx, GroupIx, Market, Slot, tuples::tuples};
use enmusubi_matching::Mechanism;
use std::{
    cmp::Reverse,
    collections::{BTreeMap, BinaryHeap},
};

/// Families that were passed over, each with the groups of what it was refused first; `None` where the
/// mechanism has no turns.
pub(crate) fn passed_over(world: &World<'_>) -> Option<BTreeMap<FamilyIx, Vec<GroupIx>>> {
    if world.mechanism == Mechanism::Stable {
        return None;
    }
    let market = &world.market;
    let mut passes: Vec<u8> = market.families.iter().map(|f| f.pass).collect();
    passes.sort_unstable();
    passes.dedup();
    let mut seats = Seats::of(world);
    for pass in passes {
        let families = 0..market.families.len() as FamilyIx;
        let families = families.filter(|&f| market.families[f as usize].pass == pass);
        let families: Vec<FamilyIx> = families.filter(|&f| seats.waits(f)).collect();
        match world.mechanism {
            Mechanism::ChoiceOrder => by_choice(&mut seats, &families),
            Mechanism::IndexOrder | Mechanism::Stable => by_index(&mut seats, families),
        }
    }
    Some(seats.passed_over)
}

/// Seats as they are taken, decision by decision.
struct Seats<'w> {
    market: &'w Market,
    /// Per family: the classes the staff gave its children; empty: not all are known.
    theirs: Vec<Vec<Option<ClassIx>>>,
    /// Room left in each group.
    free: Vec<i64>,
    passed_over: BTreeMap<FamilyIx, Vec<GroupIx>>,
}

impl<'w> Seats<'w> {
    fn of(world: &'w World<'_>) -> Self {
        let market = &world.market;
        let class = |c: u32| match world.truth.of[c as usize] {
            Known::At(k) => Some(Some(k)),
            Known::Nowhere => Some(market.children[c as usize].current),
            Known::Unknown | Known::Elsewhere => None,
        };
        let families = market.families.iter();
        let theirs = families.map(|f| f.children.clone().map(class).collect::<Option<_>>());
        let theirs = theirs.map(Option::unwrap_or_default).collect();
        Self {
            market,
            theirs,
            // Nobody has moved: transfer applicants sit in their own seats.
            free: market.groups.iter().map(|g| g.seats as i64).collect(),
            passed_over: BTreeMap::new(),
        }
    }

    /// Whether a family has turns to wait for. One whose result its wish does not list has none that
    /// gave it; its seats are taken from the beginning.
    fn waits(&mut self, f: FamilyIx) -> bool {
        let theirs = &self.theirs[f as usize];
        if theirs.is_empty() {
            return false;
        }
        let children = self.market.children_of(f);
        let as_now = theirs.iter().zip(children).all(|(k, c)| *k == c.current);
        if children.len() == 1
            || as_now
            || tuples(self.market, f, |_| true).any(|t| self.is_theirs(f, &t))
        {
            return true;
        }
        let theirs = theirs.clone();
        self.take(f, &theirs);
        false
    }

    fn classes(&self, f: FamilyIx, tuple: &[Slot]) -> Vec<Option<ClassIx>> {
        let children = self.market.families[f as usize].children.clone();
        let classes = children.zip(tuple);
        classes.map(|(c, s)| self.market.class_of(c, *s)).collect()
    }

    fn nurseries(&self, f: FamilyIx, tuple: &[Slot]) -> Vec<Option<u32>> {
        let children = self.market.families[f as usize].children.clone();
        let nursery = |(c, s): (u32, &Slot)| match s {
            Slot::AsNow => None,
            s => self.market.class_of(c, *s).map(|k| self.nursery(k)),
        };
        children.zip(tuple).map(nursery).collect()
    }

    fn nursery(&self, class: ClassIx) -> u32 {
        self.market.classes[class as usize].nursery
    }

    /// Whether a tuple is what the staff gave: pools of a facility are one place.
    fn is_theirs(&self, f: FamilyIx, tuple: &[Slot]) -> bool {
        let place = |k: &Option<ClassIx>| k.map(|k| self.nursery(k));
        let classes = self.classes(f, tuple);
        let theirs = &self.theirs[f as usize];
        classes.iter().map(place).eq(theirs.iter().map(place))
    }

    /// Change of free room if a family that is as now gets classes.
    fn change(&self, f: FamilyIx, classes: &[Option<ClassIx>]) -> Vec<(GroupIx, i64)> {
        let market = self.market;
        let mut change: Vec<(GroupIx, i64)> = Vec::new();
        let mut add = |class: ClassIx, weight: i64| {
            let group = market.classes[class as usize].group;
            match change.iter_mut().find(|x| x.0 == group) {
                Some(x) => x.1 += weight,
                None => change.push((group, weight)),
            }
        };
        let children = market.families[f as usize].children.clone();
        for (c, &class) in children.zip(classes) {
            let now = market.children[c as usize].current;
            if class == now {
                continue;
            }
            if let Some(k) = class {
                add(k, -(market.classes[k as usize].weight as i64));
            }
            if let Some(k) = now {
                add(k, market.weight(c, k) as i64);
            }
        }
        change
    }

    fn take(&mut self, f: FamilyIx, classes: &[Option<ClassIx>]) {
        for (g, w) in self.change(f, classes) {
            self.free[g as usize] += w;
        }
    }

    /// A family's turn with a tuple: whether the staff gave it that.
    fn turn(&mut self, f: FamilyIx, tuple: &[Slot]) -> bool {
        let classes = self.classes(f, tuple);
        let change = self.change(f, &classes);
        let fits = change
            .iter()
            .all(|&(g, w)| w >= 0 || self.free[g as usize] + w >= 0);
        if self.is_theirs(f, tuple) && (fits || classes == self.theirs[f as usize]) {
            self.take(f, &classes);
            return true;
        }
        if fits {
            let groups = change.iter().filter(|x| x.1 < 0).map(|x| x.0);
            let groups = groups.collect();
            self.passed_over.entry(f).or_insert(groups);
        }
        false
    }
}

/// Families in the common order, each with its whole list.
fn by_index(seats: &mut Seats<'_>, mut families: Vec<FamilyIx>) {
    let market = seats.market;
    families.sort_by_key(|&f| (market.families[f as usize].common_order, f));
    for f in families {
        // A list may be huge; nothing fits that has no room for one child.
        let free = seats.free.clone();
        let own = seats.theirs[f as usize].clone();
        let open = |x: u32| {
            let class = market.choices[x as usize].class;
            let k = &market.classes[class as usize];
            let leaves = |c: &enmusubi_market::Child| {
                c.current
                    .is_some_and(|now| market.classes[now as usize].group == k.group)
            };
            let mut children = market.children_of(f).iter();
            free[k.group as usize] >= k.weight as i64
                || own.contains(&Some(class))
                || children.any(leaves)
        };
        for tuple in tuples(market, f, open) {
            if seats.turn(f, &tuple) {
                break;
            }
        }
    }
}

/// Position by position; in each, families by their lowest sibling's key.
fn by_choice(seats: &mut Seats<'_>, families: &[FamilyIx]) {
    let market = seats.market;
    let lists = families.iter();
    let mut lists: Vec<_> = lists
        .map(|&f| (f, tuples(market, f, |_| true).peekable()))
        .collect();
    let place = |f: FamilyIx, tuple: &[Slot], at: usize| {
        let key = |s: &Slot| match s {
            Slot::Choice(x) => market.choices[*x as usize].priority,
            Slot::AsNow => 0,
        };
        let lowest = tuple.iter().map(key).max().unwrap_or(0);
        Reverse((lowest, market.families[f as usize].common_order, at))
    };
    loop {
        lists.retain_mut(|(_, list)| list.peek().is_some());
        if lists.is_empty() {
            return;
        }
        let mut turns = BinaryHeap::new();
        for (at, (f, list)) in lists.iter_mut().enumerate() {
            if let Some(tuple) = list.peek() {
                turns.push(place(*f, tuple, at));
            }
        }
        let mut given = vec![false; lists.len()];
        while let Some(Reverse((_, _, at))) = turns.pop() {
            let (f, list) = &mut lists[at];
            let Some(tuple) = list.next() else { continue };
            if seats.turn(*f, &tuple) {
                given[at] = true;
            } else if let Some(next) = list.peek()
                && seats.nurseries(*f, next) == seats.nurseries(*f, &tuple)
            {
                // Another pool of the same facilities: a turn of its own, at the key there.
                turns.push(place(*f, next, at));
            }
        }
        let mut given = given.into_iter();
        lists.retain(|_| !given.next().unwrap_or(false));
    }
}
