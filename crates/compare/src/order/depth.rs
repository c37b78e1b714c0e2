//! Index → order: are the places of a list in the order of its own index, and of the keys that break ties?
//!
//! Neighbours are enough: a list is in order where all its neighbours are, and one child in the wrong place is
//! one or two wrong neighbours, not hundreds.

use super::{
    lead::{Places, lead},
    lines::{Listed, Scope, groups},
};
use crate::{
    cause::{Cause, KeyOrder, RankUse, TransferOrder},
    index::Explained,
    keys::Keys,
    report::{Agreement, OrderDepth},
    world::edit::class_id,
};
use enmusubi_domain::past::StaffIndex;
use enmusubi_market::Market;
use enmusubi_selection::compiled::{CompiledRound, KeyKind};
use std::{
    cmp::Ordering,
    collections::{BTreeMap, BTreeSet},
};

/// Key orders mended at most.
const STEPS: usize = 6;
/// Neighbours another key order must put right, or more.
const RIGHT_AT_LEAST: usize = 2;

/// What comparing the places of a list with its numbers found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderFound {
    /// For the report. Causes are numbered by their place in [`OrderFound::causes`], 1 first.
    pub depth: OrderDepth,
    /// The causes, in the order in which they were found.
    pub causes: Vec<Explained>,
    /// What the places of the list count.
    pub scope: Scope,
    /// Neighbours who are not compared, because something decides of which nothing
    /// is known.
    pub undecided: u32,
    /// Labels of the components that positions in the causes speak of.
    pub labels: Vec<String>,
}

/// What is known of the keys beside the index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known {
    /// What comes before it.
    pub before: bool,
    /// What comes behind it.
    pub behind: bool,
}

impl Known {
    /// Everything.
    pub const ALL: Self = Self {
        before: true,
        behind: true,
    };
}

/// A component of the keys, as it is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    /// A component of the led market's keys; the other way round?
    Key(usize, bool),
    /// Transfer applicants first (last).
    Transfer(bool),
    /// The choice rank, lower first.
    Rank,
}

/// What is looked at.
struct Looked<'a> {
    market: &'a Market,
    keys: &'a Keys,
    /// Earlier with the staff, later with the staff.
    pairs: Vec<(Listed, Listed)>,
}

/// Compares the places of a list with the order of a compiled round (not led by the list) in which the list's own
/// index stands for the points. Neighbours whom something decides that is not `known` are undecided, and no difference.
/// `None` where the list has no two places to compare.
#[must_use]
pub fn order(compiled: &CompiledRound, list: &StaffIndex, known: Known) -> Option<OrderFound> {
    let mut led = compiled.clone();
    let origin = lead(&mut led, list, Places::Unused);
    let keys = Keys::of(&led);
    let (scope, groups) = groups(&led.market, list);
    let rank = |l: &Listed| list.list[l.line as usize].rank;
    let mut pairs: Vec<(Listed, Listed)> = groups
        .iter()
        .flat_map(|g| g.windows(2))
        .filter_map(|w| match w {
            [a, b] if rank(a) < rank(b) => Some((a.clone(), b.clone())),
            _ => None,
        })
        .collect();
    let all = pairs.len();
    let index = |l: &Listed| list.list[l.line as usize].index;
    pairs.retain(|(a, b)| match index(a).cmp(&index(b)) {
        Ordering::Greater => true,
        Ordering::Equal => known.behind,
        Ordering::Less => known.before,
    });
    let undecided = (all - pairs.len()) as u32;
    if pairs.is_empty() {
        return None;
    }
    let looked = Looked {
        market: &led.market,
        keys: &keys,
        pairs,
    };
    let has_tie_break = led
        .key_components
        .last()
        .is_some_and(|c| matches!(c.kind, KeyKind::Lottery | KeyKind::Row));
    let mut parts: Vec<Part> = (0..keys.components())
        .map(|c| Part::Key(c, false))
        .collect();
    let before = looked.wrong(&parts);
    let mut wrong = before.clone();
    let mut causes: Vec<Explained> = Vec::new();
    let mut explained_by: BTreeMap<usize, u32> = BTreeMap::new();

    for _ in 0..STEPS {
        let tried = looked.tried(&parts, &origin, has_tie_break);
        let cost = looked.cost(&parts, has_tie_break);
        let Some(best) = tried.iter().min_by_key(|t| t.cost) else {
            break;
        };
        let right = wrong.difference(&best.wrong).count();
        if best.cost + 2 * RIGHT_AT_LEAST > cost || right < RIGHT_AT_LEAST {
            break;
        }
        let number = causes.len() as u32 + 1;
        for &pair in wrong.difference(&best.wrong) {
            explained_by.insert(pair, number);
        }
        let same = tried
            .iter()
            .filter(|t| t.wrong == best.wrong && t.cost == best.cost && t.cause != best.cause);
        causes.push(Explained {
            cause: best.cause.clone(),
            class: same.map(|t| t.cause.clone()).collect(),
            children: looked.children(wrong.difference(&best.wrong).copied()),
        });
        parts = best.parts.clone();
        wrong = best.wrong.clone();
    }
    if has_tie_break && known.behind {
        looked.ties(&groups, &parts, &wrong, &mut causes, &mut explained_by);
    }
    let left = before
        .iter()
        .filter(|p| !explained_by.contains_key(p))
        .count();
    let id = |l: &Listed| looked.market.children[l.child as usize].id.to_string();
    let differences = before.iter().map(|&p| {
        let (a, b) = &looked.pairs[p];
        (id(a), id(b))
    });
    let labels = compiled.key_components.iter().map(|c| c.label.clone());
    Some(OrderFound {
        depth: OrderDepth {
            agreement: Agreement {
                compared: looked.pairs.len() as u32,
                agree: (looked.pairs.len() - before.len()) as u32,
            },
            differences: differences.collect(),
            causes: (1..=causes.len() as u32).collect(),
            unexplained: left as u32,
        },
        causes,
        scope,
        undecided,
        labels: labels.collect(),
    })
}

/// A change of the order of the keys that was tried.
struct Tried {
    cause: Cause,
    parts: Vec<Part>,
    wrong: BTreeSet<usize>,
    cost: usize,
}

impl Looked<'_> {
    /// The two of a pair, part by part: which comes first.
    fn compared(&self, parts: &[Part], (a, b): &(Listed, Listed)) -> Ordering {
        let (x, y) = (a.choices.start, b.choices.start);
        let (first, second) = (self.keys.of_choice(x), self.keys.of_choice(y));
        let transfer = |l: &Listed| self.market.children[l.child as usize].current.is_some();
        for part in parts {
            let order = match *part {
                Part::Key(c, false) => first[c].cmp(&second[c]),
                Part::Key(c, true) => second[c].cmp(&first[c]),
                Part::Transfer(true) => transfer(b).cmp(&transfer(a)),
                Part::Transfer(false) => transfer(a).cmp(&transfer(b)),
                Part::Rank => {
                    let rank = |x: u32| self.market.choices[x as usize].rank;
                    rank(x).cmp(&rank(y))
                }
            };
            if order.is_ne() {
                return order;
            }
        }
        Ordering::Equal
    }

    /// Pairs that stand the other way round.
    fn wrong(&self, parts: &[Part]) -> BTreeSet<usize> {
        let pairs = self.pairs.iter().enumerate();
        let wrong = pairs.filter(|(_, p)| self.compared(parts, p).is_gt());
        wrong.map(|(at, _)| at).collect()
    }

    /// Twice the pairs that stand the other way round, and those nothing tells apart: by chance half of them would.
    fn cost(&self, parts: &[Part], has_tie_break: bool) -> usize {
        let decided = match parts.split_last() {
            Some((_, rest)) if has_tie_break => rest,
            _ => parts,
        };
        let cost = |p| match self.compared(decided, p) {
            Ordering::Greater => 2,
            Ordering::Equal => 1,
            Ordering::Less => 0,
        };
        self.pairs.iter().map(cost).sum()
    }

    /// Every change of one component, transfer applicants first or last, and the choice rank.
    fn tried(&self, parts: &[Part], origin: &[Option<u32>], has_tie_break: bool) -> Vec<Tried> {
        let movable = parts.len() - usize::from(has_tie_break);
        let position = |part: &Part| match part {
            Part::Key(c, _) => origin[*c],
            Part::Transfer(_) | Part::Rank => None,
        };
        let mut changes: Vec<(Cause, Vec<Part>)> = Vec::new();
        // A component compared behind all is compared before the tie-break.
        let last = origin.iter().flatten().max().map_or(0, |l| l + 1);
        for at in 0..movable {
            let Some(component) = position(&parts[at]) else {
                continue;
            };
            let mut flipped = parts.to_vec();
            if let Part::Key(_, reverse) = &mut flipped[at] {
                *reverse = !*reverse;
            }
            changes.push((Cause::KeyOrder(KeyOrder::Flip(component)), flipped));
            let mut dropped = parts.to_vec();
            dropped.remove(at);
            changes.push((Cause::KeyOrder(KeyOrder::Drop(component)), dropped));
            for to in (0..=movable).filter(|&to| to != at && to != at + 1) {
                let before = match parts.get(to).filter(|_| to < movable) {
                    Some(part) => match position(part) {
                        Some(before) => before,
                        None => continue,
                    },
                    None => last,
                };
                let mut moved = parts.to_vec();
                let part = moved.remove(at);
                moved.insert(if at < to { to - 1 } else { to }, part);
                let change = KeyOrder::Move {
                    from: component,
                    before,
                };
                changes.push((Cause::KeyOrder(change), moved));
            }
        }
        if !parts.iter().any(|p| matches!(p, Part::Transfer(_))) {
            for (order, first) in [(TransferOrder::Before, true), (TransferOrder::After, false)] {
                let mut with = parts.to_vec();
                with.insert(0, Part::Transfer(first));
                changes.push((Cause::Transfers(order), with));
            }
        }
        if !parts.contains(&Part::Rank) {
            for at in 0..=movable {
                let before = match parts.get(at).filter(|_| at < movable) {
                    Some(part) => position(part),
                    None => Some(last),
                };
                let Some(before) = before else { continue };
                let mut with = parts.to_vec();
                with.insert(at, Part::Rank);
                changes.push((Cause::ChoiceRank(RankUse::Before(before)), with));
            }
        }
        let tried = changes.into_iter().map(|(cause, parts)| Tried {
            wrong: self.wrong(&parts),
            cost: self.cost(&parts, has_tie_break),
            cause,
            parts,
        });
        tried.collect()
    }

    fn children(&self, pairs: impl Iterator<Item = usize>) -> Vec<Box<str>> {
        let pairs = pairs.map(|p| &self.pairs[p]);
        let both = pairs.flat_map(|(a, b)| [a.child, b.child]);
        let mut ids: Vec<Box<str>> = both
            .map(|c| self.market.children[c as usize].id.clone())
            .collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    }

    /// Runs of lines that nothing but the tie-break tells apart: the fewest exchanges that make our order the staff's.
    fn ties(
        &self,
        groups: &[Vec<Listed>],
        parts: &[Part],
        wrong: &BTreeSet<usize>,
        causes: &mut Vec<Explained>,
        explained_by: &mut BTreeMap<usize, u32>,
    ) {
        let Some((_, decided)) = parts.split_last() else {
            return;
        };
        let mut numbers: BTreeMap<(u32, u32), u32> = BTreeMap::new();
        for group in groups {
            let equal =
                |a: &Listed, b: &Listed| self.compared(decided, &(a.clone(), b.clone())).is_eq();
            for theirs in group.chunk_by(equal).filter(|run| run.len() > 1) {
                let mut ours = theirs.to_vec();
                ours.sort_by(|a, b| self.compared(parts, &(a.clone(), b.clone())));
                for at in 0..theirs.len() {
                    if ours[at].child == theirs[at].child {
                        continue;
                    }
                    let (first, second) = (theirs[at].child, ours[at].child);
                    if let Some(other) = ours.iter().position(|l| l.child == first) {
                        ours.swap(at, other);
                    }
                    if numbers.contains_key(&(first, second)) {
                        continue;
                    }
                    let class = self.market.choices[theirs[at].choices.start as usize].class;
                    let id = |c: u32| self.market.children[c as usize].id.clone();
                    let mut children = vec![id(first), id(second)];
                    children.sort_unstable();
                    causes.push(Explained {
                        cause: Cause::Tie {
                            class: class_id(self.market, class),
                            first: id(first),
                            second: id(second),
                        },
                        class: Vec::new(),
                        children,
                    });
                    numbers.insert((first, second), causes.len() as u32);
                }
            }
        }
        for &pair in wrong {
            let (a, b) = &self.pairs[pair];
            if self.compared(decided, &self.pairs[pair]).is_ne() {
                continue;
            }
            let concerned =
                |(x, y): &(u32, u32)| [a.child, b.child].iter().any(|c| c == x || c == y);
            let number = numbers.iter().find(|(pair, _)| concerned(pair));
            if let Some((_, &number)) = number {
                explained_by.entry(pair).or_insert(number);
            }
        }
    }
}
