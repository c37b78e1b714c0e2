//! The oracle: every placement is tried.

use crate::list::{FamilyList, family_list};
use enmusubi_market::{
    ChildIx, ChoiceIx, ClassIx, FamilyIx, GroupIx, Market, POSITION_CAP, Placement, Slot,
    TieReading, Wish,
};
use sha2::{Digest, Sha256};
use std::cmp::Reverse;

/// Largest number of combinations of listed tuples [`brute_force`] is willing to try in a pass.
pub const MAX_PLACEMENTS: u64 = 5_000_000;

/// The best placement and its figures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Best {
    /// The one placement the objective chooses.
    pub placement: Placement,
    /// Level 1a: families that block it, ascending.
    pub blocking: Vec<FamilyIx>,
    /// Level 1b: how many of these have one applying child.
    pub blocking_only_children: u32,
    /// Level 2: children with a class, stayers included.
    pub with_class: u32,
    /// Level 3: Σ min(position, 99).
    pub rank_sum: u64,
    /// Feasible placements per pass, given the earlier passes' results.
    pub feasible: Vec<u64>,
    /// Stable ones among them, per pass.
    pub stable: Vec<u64>,
}

/// A list position: family and index in its expanded list ([`FamilyList::tuples`]).
pub type Position = (FamilyIx, u32);

/// Priority with which a child holds its class: 0 at its own current class, `None` without one or at
/// a class it has not chosen. Where it has chosen the class twice, the priority is that of the first
/// tuple in its family's list with the classes the family has.
fn held(market: &Market, placement: &Placement, child: ChildIx) -> Option<u32> {
    let class = placement.of(child)?;
    let record = &market.children[child as usize];
    if record.current == Some(class) {
        return Some(0);
    }
    let range = record.choices.clone();
    let here: Vec<ChoiceIx> = range
        .filter(|&x| market.choices[x as usize].class == class)
        .collect();
    let mut choice = *here.first()?;
    let family = &market.families[record.family as usize];
    if here.len() > 1
        && let Wish::Listed(list) = &family.wish
    {
        let meant = list.iter().find(|tuple| {
            let mut slots = family.children.clone().zip(tuple.iter());
            slots.all(|(c, &slot)| market.class_of(c, slot) == placement.of(c))
        });
        if let Some(tuple) = meant
            && let Slot::Choice(x) = tuple[(child - family.children.start) as usize]
        {
            choice = x;
        }
    }
    Some(market.choices[choice as usize].priority)
}

fn pass_of(market: &Market, child: ChildIx) -> u8 {
    market.families[market.children[child as usize].family as usize].pass
}

/// Capacity of a group within a pass, in the group's units: declared seats, the seats of transfer
/// applicants of this pass and earlier ones where refilled, less what children of earlier passes
/// occupy.
#[must_use]
pub fn capacity(market: &Market, placement: &Placement, group: GroupIx, pass: u8) -> i128 {
    let mut capacity = i128::from(market.groups[group as usize].seats);
    let in_group = |class: &ClassIx| market.classes[*class as usize].group == group;
    for child in 0..market.children.len() as u32 {
        if let Some(class) = market.children[child as usize].current.filter(in_group)
            && pass_of(market, child) <= pass
        {
            capacity += i128::from(market.weight(child, class));
        }
        if let Some(class) = placement.of(child).filter(in_group)
            && pass_of(market, child) < pass
        {
            capacity -= i128::from(market.weight(child, class));
        }
    }
    capacity
}

/// Section 2's test at one tuple: the groups it uses if the family could have it, `None` if some
/// group is full against it. Whether the family would rather have it is not asked here.
#[must_use]
pub fn blocking_groups(
    market: &Market,
    placement: &Placement,
    family: FamilyIx,
    tuple: &[Slot],
) -> Option<Vec<GroupIx>> {
    let first = market.families[family as usize].children.start;
    let pass = market.families[family as usize].pass;
    let sent: Vec<(ChildIx, ClassIx, u32)> = tuple
        .iter()
        .enumerate()
        .filter_map(|(i, &slot)| {
            let child = first + i as u32;
            let priority = match slot {
                Slot::Choice(x) => market.choices[x as usize].priority,
                Slot::AsNow => 0,
            };
            let class = market.class_of(child, slot)?;
            Some((child, class, priority))
        })
        .collect();
    let group = |class: ClassIx| market.classes[class as usize].group;
    let mut groups: Vec<GroupIx> = sent.iter().map(|&(_, class, _)| group(class)).collect();
    groups.sort_unstable();
    groups.dedup();
    for &g in &groups {
        let own = || sent.iter().filter(|&&(_, class, _)| group(class) == g);
        let own_weight: i128 = own()
            .map(|&(c, class, _)| i128::from(market.weight(c, class)))
            .sum();
        let lowest = own().map(|&(.., priority)| priority).max().unwrap_or(0);
        let mut better = 0;
        for other in 0..market.children.len() as u32 {
            let elsewhere =
                market.children[other as usize].family != family && pass_of(market, other) == pass;
            if let Some(class) = placement.of(other)
                && elsewhere
                && group(class) == g
                && let Some(p) = held(market, placement, other)
                && (p < lowest || market.ties == TieReading::Equal && p == lowest)
            {
                better += i128::from(market.weight(other, class));
            }
        }
        if better + own_weight > capacity(market, placement, g, pass) {
            return None;
        }
    }
    Some(groups)
}

/// Index in its list of what a family obtains; the list's length if it is not listed (worse than
/// everything).
fn obtained(market: &Market, placement: &Placement, family: FamilyIx, list: &FamilyList) -> usize {
    let got = |tuple: &[Slot]| {
        let first = market.families[family as usize].children.start;
        tuple.iter().enumerate().all(|(i, &slot)| {
            market.class_of(first + i as u32, slot) == placement.of(first + i as u32)
        })
    };
    list.tuples
        .iter()
        .position(|t| got(t))
        .unwrap_or(list.tuples.len())
}

/// Every blocking position of any placement, feasible or not, families ascending, positions in list
/// order.
///
/// A tuple that is not listed is worse than every listed one. "Everyone as now" is a position one
/// can block at only where some child has a current class (otherwise it is nothing at all). A child
/// put into a class it has not chosen takes a seat but has no priority against anybody.
#[must_use]
pub fn blocking_positions(market: &Market, placement: &Placement) -> Vec<Position> {
    let mut found = Vec::new();
    for family in 0..market.families.len() as u32 {
        let list = family_list(market, family);
        found.extend(blocking_of(market, placement, family, &list).map(|p| (family, p)));
    }
    found
}

fn blocking_of<'a>(
    market: &'a Market,
    placement: &'a Placement,
    family: FamilyIx,
    list: &'a FamilyList,
) -> impl Iterator<Item = u32> + 'a {
    let has_current = market
        .children_of(family)
        .iter()
        .any(|c| c.current.is_some());
    let positions = list.tuples.len() - usize::from(!has_current);
    (0..obtained(market, placement, family, list).min(positions))
        .filter(move |&p| blocking_groups(market, placement, family, &list.tuples[p]).is_some())
        .map(|p| p as u32)
}

/// Families in the order of level 4: by the SHA-256 of their id.
#[must_use]
pub fn canonical_order(market: &Market) -> Vec<FamilyIx> {
    let mut order: Vec<FamilyIx> = (0..market.families.len() as u32).collect();
    order.sort_by_cached_key(|&f| {
        let digest: [u8; 32] = Sha256::digest(market.families[f as usize].id.as_bytes()).into();
        digest
    });
    order
}

/// Levels of the objective, smaller is better: blocking families, those with one child, children
/// with a class, rank sum, nursery positions and then expanded positions in canonical order.
type Score = (u32, u32, Reverse<u32>, u64, Vec<u32>, Vec<usize>);

/// Tries every feasible placement, pass by pass (earlier passes are final), and keeps the best.
///
/// # Panics
/// If a pass has more than [`MAX_PLACEMENTS`] combinations.
#[must_use]
pub fn brute_force(market: &Market) -> Best {
    let lists: Vec<FamilyList> = (0..market.families.len() as u32)
        .map(|f| family_list(market, f))
        .collect();
    let order = canonical_order(market);
    let mut passes: Vec<u8> = market.families.iter().map(|f| f.pass).collect();
    passes.sort_unstable();
    passes.dedup();
    let mut best = Best {
        placement: Placement::as_now(market),
        blocking: Vec::new(),
        blocking_only_children: 0,
        with_class: 0,
        rank_sum: 0,
        feasible: Vec::new(),
        stable: Vec::new(),
    };
    for pass in passes {
        let members: Vec<FamilyIx> = order
            .iter()
            .copied()
            .filter(|&f| market.families[f as usize].pass == pass)
            .collect();
        let combinations = members.iter().fold(1u64, |n, &f| {
            n.saturating_mul(lists[f as usize].tuples.len() as u64)
        });
        assert!(
            combinations <= MAX_PLACEMENTS,
            "{combinations} combinations are too many to try"
        );
        let room = (0..market.groups.len() as u32)
            .map(|g| capacity(market, &best.placement, g, pass))
            .collect();
        let mut search = Search {
            market,
            lists: &lists,
            members: &members,
            room,
            at: Vec::new(),
            placement: best.placement.clone(),
            best: None,
            feasible: 0,
            stable: 0,
        };
        search.go();
        // "Everyone as now" is always feasible, so there is always a best.
        let (score, placement, blocking) = search.best.expect("the last resorts are feasible");
        best.placement = placement;
        best.blocking.extend(blocking);
        best.blocking_only_children += score.1;
        best.rank_sum += score.3;
        best.feasible.push(search.feasible);
        best.stable.push(search.stable);
    }
    best.blocking.sort_unstable();
    best.with_class = best.placement.with_class();
    best
}

struct Search<'a> {
    market: &'a Market,
    lists: &'a [FamilyList],
    /// Families of the pass, canonical order.
    members: &'a [FamilyIx],
    /// Room left per group.
    room: Vec<i128>,
    /// List index taken by each member so far.
    at: Vec<usize>,
    placement: Placement,
    best: Option<(Score, Placement, Vec<FamilyIx>)>,
    feasible: u64,
    stable: u64,
}

impl Search<'_> {
    fn go(&mut self) {
        let Some(&family) = self.members.get(self.at.len()) else {
            self.judge();
            return;
        };
        let market = self.market;
        let first = market.families[family as usize].children.start;
        for (p, tuple) in self.lists[family as usize].tuples.iter().enumerate() {
            let classes: Vec<(u32, Option<ClassIx>)> = tuple
                .iter()
                .enumerate()
                .map(|(i, &slot)| (first + i as u32, market.class_of(first + i as u32, slot)))
                .collect();
            for &(child, class) in &classes {
                self.take(child, class, 1);
                self.placement.class[child as usize] = class;
            }
            // Groups only fill up from here on, so an overfull one ends the branch.
            let fits = classes
                .iter()
                .filter_map(|c| c.1)
                .all(|k| self.room[market.classes[k as usize].group as usize] >= 0);
            if fits {
                self.at.push(p);
                self.go();
                self.at.pop();
            }
            for &(child, class) in &classes {
                self.take(child, class, -1);
            }
        }
        for child in market.families[family as usize].children.clone() {
            self.placement.class[child as usize] = market.children[child as usize].current;
        }
    }

    fn take(&mut self, child: ChildIx, class: Option<ClassIx>, sign: i128) {
        if let Some(class) = class {
            let group = self.market.classes[class as usize].group;
            self.room[group as usize] -= sign * i128::from(self.market.weight(child, class));
        }
    }

    fn judge(&mut self) {
        self.feasible += 1;
        let mut blocking = Vec::new();
        let mut only_children = 0;
        for &f in self.members {
            let list = &self.lists[f as usize];
            if blocking_of(self.market, &self.placement, f, list)
                .next()
                .is_some()
            {
                blocking.push(f);
                only_children += u32::from(self.market.children_of(f).len() == 1);
            }
        }
        self.stable += u64::from(blocking.is_empty());
        if let Some((best, ..)) = &self.best
            && (blocking.len() as u32, only_children) > (best.0, best.1)
        {
            return;
        }
        let positions: Vec<u32> = self
            .members
            .iter()
            .zip(&self.at)
            .map(|(&f, &p)| self.lists[f as usize].positions[p])
            .collect();
        let score: Score = (
            blocking.len() as u32,
            only_children,
            Reverse(self.placement.with_class()),
            positions
                .iter()
                .map(|&p| u64::from(p.min(POSITION_CAP)))
                .sum(),
            positions,
            self.at.clone(),
        );
        if self.best.as_ref().is_none_or(|(best, ..)| score < *best) {
            self.best = Some((score, self.placement.clone(), blocking));
        }
    }
}
