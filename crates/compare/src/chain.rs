//! How a difference follows from another's: along seats.
//!
//! A child that the staff placed somewhere sits in a seat which, by the criteria, another would have had; that one sits,
//! with the staff, in a third one's seat, and so on until somebody is on hold or a seat was free. So the children
//! that one cause puts right fall into chains, and only their heads are about the cause.

use crate::truth::{Known, Truth};
use enmusubi_market::{ChildIx, GroupIx, Market, Placement};
use std::collections::{BTreeMap, BTreeSet};

/// Children in one chain at most: longer ones end open.
const LENGTH: usize = 40;
/// Chains of one cause at most.
const CHAINS: usize = 200;

/// Where children are by the criteria, and with the staff.
#[derive(Debug, Clone, Copy)]
pub struct Seats<'a> {
    /// The market.
    pub market: &'a Market,
    /// By the criteria.
    pub ours: &'a Placement,
    /// With the staff.
    pub theirs: &'a Truth,
}

impl Seats<'_> {
    fn ours(&self, child: ChildIx) -> Option<GroupIx> {
        let class = self.ours.of(child)?;
        Some(self.market.classes[class as usize].group)
    }

    fn theirs(&self, child: ChildIx) -> Option<GroupIx> {
        match self.theirs.of[child as usize] {
            Known::At(class) => Some(self.market.classes[class as usize].group),
            // Whose result is not known is not known to sit in anybody's seat.
            Known::Unknown => self.ours(child),
            Known::Nowhere | Known::Elsewhere => None,
        }
    }

    /// Priority of a child at a seat group; the worst where it has no choice there.
    fn priority(&self, child: ChildIx, group: GroupIx) -> u32 {
        let choices = self.market.choices_of(child).iter();
        let there = choices.filter(|x| self.market.classes[x.class as usize].group == group);
        there.map(|x| x.priority).min().unwrap_or(u32::MAX)
    }
}

/// The chains among children whose results differ. `about`: children of whom a cause speaks; the chains begin with
/// them, where there are some. Every child is in one chain at most, but a head may begin two: one of those who lost what
/// it got, one of those who got what it lost. A chain of one child tells nothing and is left out.
#[must_use]
pub fn chains(seats: Seats<'_>, differing: &[ChildIx], about: &[ChildIx]) -> Vec<Vec<ChildIx>> {
    let mut left: BTreeSet<ChildIx> = differing.iter().copied().collect();
    let mut lost: BTreeMap<GroupIx, Vec<ChildIx>> = BTreeMap::new();
    let mut took: BTreeMap<GroupIx, Vec<ChildIx>> = BTreeMap::new();
    for &c in &left {
        let (ours, theirs) = (seats.ours(c), seats.theirs(c));
        if ours != theirs {
            if let Some(g) = ours {
                lost.entry(g).or_default().push(c);
            }
            if let Some(g) = theirs {
                took.entry(g).or_default().push(c);
            }
        }
    }
    // Whoever had the seat last by the criteria loses it first; whoever came first got it.
    for (g, list) in &mut lost {
        list.sort_by_key(|&c| (std::cmp::Reverse(seats.priority(c, *g)), c));
    }
    for (g, list) in &mut took {
        list.sort_by_key(|&c| (seats.priority(c, *g), c));
    }
    let mut found = Vec::new();
    for &head in about {
        left.remove(&head);
    }
    for &head in about {
        follow(head, &mut left, &mut found, |c| seats.theirs(c), &lost);
        follow(head, &mut left, &mut found, |c| seats.ours(c), &took);
    }
    // Whose own seat nobody took comes first; circles have no such head and come last.
    let mut heads: Vec<ChildIx> = left.iter().copied().collect();
    let taken = |c: &ChildIx| seats.ours(*c).is_some_and(|g| took.contains_key(&g));
    heads.sort_by_key(|c| (taken(c), *c));
    for head in heads {
        if left.remove(&head) {
            follow(head, &mut left, &mut found, |c| seats.theirs(c), &lost);
        }
    }
    found.retain(|chain| chain.len() > 1);
    found.truncate(CHAINS);
    found
}

/// A chain from a head: `seat` of each, then who of `others` belongs to that seat.
fn follow(
    head: ChildIx,
    left: &mut BTreeSet<ChildIx>,
    found: &mut Vec<Vec<ChildIx>>,
    seat: impl Fn(ChildIx) -> Option<GroupIx>,
    others: &BTreeMap<GroupIx, Vec<ChildIx>>,
) {
    let mut chain = vec![head];
    let mut at = head;
    while chain.len() < LENGTH {
        let there = seat(at).and_then(|g| others.get(&g));
        let next = there.and_then(|list| list.iter().copied().find(|c| left.contains(c)));
        let Some(next) = next else { break };
        left.remove(&next);
        chain.push(next);
        at = next;
    }
    found.push(chain);
}
