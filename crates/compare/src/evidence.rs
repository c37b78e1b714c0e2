//! What the staff's decisions say about a market (顕示された優先順位).
//!
//! At a seat group, a child placed there and a child not placed there that wanted it more than what it got mean: the
//! first ranks at least as high. By the market's own priorities the placed come first, the refused behind them, and
//! between them lies the cut-off. Where no cut-off separates them, somebody stands on the wrong side of
//! every one. Only the staff's own placement is looked at: whoever was pushed aside because another was
//! placed wrongly stands on the right side here, and is no suspect.
//!
//! A refusal of siblings says only that one of several classes was full: their refusals are judged whole, by the
//! checker's blocking test, and their placements class by class like everybody's.

mod passed_over;

use crate::{truth::Known, world::World};
use enmusubi_market::{ChildIx, ChoiceIx, ClassIx, FamilyIx, GroupIx, Market, Slot, Wish};
use enmusubi_matching::Mechanism;
use enmusubi_verify::{Limits, Violation, check_within};
use passed_over::passed_over;
use std::collections::{BTreeMap, HashSet};

/// Somebody on the wrong side, or something the market does not allow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suspect {
    /// The family.
    pub family: FamilyIx,
    /// The child.
    pub child: ChildIx,
    /// Where.
    pub group: GroupIx,
    /// What it wanted, or got.
    pub class: ClassIx,
    /// What is odd.
    pub oddity: Oddity,
    /// Its priority there.
    pub priority: u32,
    /// Whether it stands on the wrong side of every best cut-off (else only of some).
    pub certain: bool,
}

/// What is odd about a suspect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Oddity {
    /// Placed although others with higher priority were refused.
    TooHigh,
    /// Refused although others with lower priority were placed.
    TooLow,
    /// Refused although a seat was left.
    Room,
}

/// A group whose number of placed children does not fit its seats.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Crowd {
    /// The group.
    pub group: GroupIx,
    /// Placed beyond its seats (positive), or seats left while somebody wants them (negative), in units.
    pub by: i64,
    /// Those who want the seats that are left.
    pub wanting: Vec<ChildIx>,
}

/// The cut-off of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CutOff {
    /// Highest number (worst) of a priority that is placed rightly; 0: nobody.
    pub placed: u32,
    /// Lowest number (best) of a priority that is refused rightly; `u32::MAX`: nobody.
    pub refused: u32,
}

/// Everything odd about decisions in a market.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Evidence {
    /// Who stands on the wrong side, by group, then priority.
    pub suspects: Vec<Suspect>,
    /// Groups whose numbers do not fit.
    pub crowds: Vec<Crowd>,
    /// Families of two and more children that would block, and could have had better by the market's rules.
    pub blocking: Vec<FamilyIx>,
    /// Per family of [`Evidence::blocking`]: its choices in the first better combination it could have had.
    pub better: Vec<Vec<ChoiceIx>>,
    /// Families whose result their wish does not allow.
    pub unlisted: Vec<FamilyIx>,
    /// Children placed where they cannot be placed.
    pub elsewhere: Vec<ChildIx>,
    /// Cut-off of each group, those on the wrong side aside.
    pub cut_offs: Vec<CutOff>,
    /// What the checker says of the decisions as a placement, where it judged them and came to an end.
    pub(crate) checked: Option<Checked>,
    /// Number of separate oddities: the least number of families on the wrong side somewhere, groups whose numbers do
    /// not fit, and families whose results are not allowed.
    pub units: u32,
}

/// The decisions as a placement, judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Checked {
    /// Nothing is there that a placement must never have.
    pub(crate) feasible: bool,
    /// Families that block, one child or more, ascending.
    pub(crate) blocking: Vec<FamilyIx>,
}

/// A child at a group, as the decisions have it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Entry {
    pub(crate) priority: u32,
    pub(crate) placed: bool,
    pub(crate) child: ChildIx,
    pub(crate) family: FamilyIx,
    pub(crate) class: ClassIx,
    pub(crate) choice: ChoiceIx,
}

/// Per group, everybody placed there newly and every only child refused there, best first; of equals the placed
/// come first.
pub(crate) fn entries(market: &Market, truth: &[Known]) -> Vec<Vec<Entry>> {
    let mut entries: Vec<Vec<Entry>> = vec![Vec::new(); market.groups.len()];
    for c in 0..market.children.len() as ChildIx {
        enter(market, truth, c, &mut entries);
    }
    for list in &mut entries {
        list.sort_unstable_by_key(|e| (e.priority, !e.placed, e.child));
    }
    entries
}

/// Per group, who was placed there and who was refused, best first (of equals the placed first): what the decisions
/// reveal of only children, seats and wishes aside.
#[must_use]
pub fn sides(world: &World<'_>) -> Vec<Vec<bool>> {
    sides_at(world, &|_| true)
}

/// The same of the groups of some facilities, by their ids.
#[must_use]
pub fn sides_at(world: &World<'_>, is_there: &dyn Fn(&str) -> bool) -> Vec<Vec<bool>> {
    let turns = turns(world);
    let market = turns.as_ref().unwrap_or(&world.market);
    let groups = entries(market, &world.truth.of);
    let mut there = vec![false; groups.len()];
    for class in &market.classes {
        let facility = &market.nurseries[class.nursery as usize].id;
        there[class.group as usize] |= is_there(facility);
    }
    let sides = |list: &Vec<Entry>| list.iter().map(|e| e.placed).collect();
    let groups = groups.iter().zip(there).filter(|(_, there)| *there);
    groups.map(|(list, _)| sides(list)).collect()
}

/// Looks at the decisions in a world's market.
#[must_use]
pub fn evidence(world: &World<'_>) -> Evidence {
    let turns = turns(world);
    let market = turns.as_ref().unwrap_or(&world.market);
    let truth = &world.truth.of;
    let passed = passed_over(world);
    // Where turns decide, whoever found no room at its turn was refused rightly, whatever became of seats later.
    let mut doubtful = vec![passed.is_none(); market.groups.len()];
    for g in passed.iter().flatten().flat_map(|p| p.1) {
        doubtful[*g as usize] = true;
    }
    let entries = entries(market, truth);
    let mut used = vec![0u64; market.groups.len()];
    let mut held = vec![0u64; market.groups.len()];
    let mut found = Evidence::default();
    for (c, child) in market.children.iter().enumerate() {
        let c = c as ChildIx;
        if let Some(k) = child.current {
            held[market.classes[k as usize].group as usize] += market.weight(c, k);
        }
        match truth[c as usize] {
            Known::Elsewhere => found.elsewhere.push(c),
            // Where nothing is known, a present seat is kept.
            Known::Unknown => {
                if let Some(k) = child.current {
                    used[market.classes[k as usize].group as usize] += market.weight(c, k);
                }
            }
            Known::At(k) => {
                used[market.classes[k as usize].group as usize] += market.weight(c, k);
            }
            Known::Nowhere => {}
        }
    }
    let mut odd: HashSet<FamilyIx> = HashSet::new();
    let mut crowded = Vec::new();
    found.cut_offs = vec![
        CutOff {
            placed: 0,
            refused: u32::MAX,
        };
        market.groups.len()
    ];
    for (g, list) in entries.iter().enumerate() {
        let capacity = market.groups[g].seats + held[g];
        let weight = |k: ClassIx| market.classes[k as usize].weight;
        if used[g] > capacity {
            crowded.push(Crowd {
                group: g as GroupIx,
                by: (used[g] - capacity) as i64,
                wanting: Vec::new(),
            });
        } else {
            let room = capacity - used[g];
            let wanting: Vec<&Entry> = list
                .iter()
                .filter(|e| !e.placed && weight(e.class) <= room)
                .collect();
            if !wanting.is_empty() && doubtful[g] {
                crowded.push(Crowd {
                    group: g as GroupIx,
                    by: -(room as i64),
                    wanting: wanting.iter().map(|e| e.child).collect(),
                });
                found
                    .suspects
                    .extend(wanting.iter().map(|e| suspect(g, e, Oddity::Room, true)));
            }
        }
    }
    // The groups with the clearest answers first: whoever is odd there is odd everywhere for nothing.
    let mut order: Vec<(u32, usize)> = entries
        .iter()
        .enumerate()
        .map(|(g, list)| (sweep(list, &HashSet::new()).least, g))
        .collect();
    order.sort_unstable();
    for (least, g) in order {
        let swept = sweep(&entries[g], &odd);
        found.cut_offs[g] = swept.cut_off(&entries[g]);
        if !doubtful[g] {
            continue;
        }
        if least > 0 {
            let any = sweep(&entries[g], &HashSet::new());
            found.suspects.extend(any.suspects(g, &entries[g]));
        }
        for at in swept.wrong(&entries[g]) {
            odd.insert(entries[g][at].family);
        }
    }
    found.crowds = crowded;
    found
        .suspects
        .sort_by_key(|s| (s.group, s.priority, s.child));
    siblings(world, market, passed, &mut found, &mut odd);
    found.units =
        (odd.len() + found.crowds.len() + found.unlisted.len() + found.elsewhere.len()) as u32;
    found
}

/// The market as a mechanism of turns reads it: what comes out of turns is stable for priorities in the order of the
/// turns (of only children; siblings come near it). `None`: priorities are what they are.
pub(crate) fn turns(world: &World<'_>) -> Option<Market> {
    if world.mechanism == Mechanism::Stable {
        return None;
    }
    let mut market = world.market.clone();
    match world.mechanism {
        Mechanism::Stable => return None,
        Mechanism::IndexOrder => {
            for child in &market.children {
                let order = market.families[child.family as usize].common_order;
                for x in child.choices.clone() {
                    market.choices[x as usize].priority = order + 1;
                }
            }
        }
        Mechanism::ChoiceOrder => {
            let mut turns: Vec<(u32, u32)> = (market.choices.iter())
                .map(|x| (x.rank, x.priority))
                .collect();
            turns.sort_unstable();
            turns.dedup();
            for x in &mut market.choices {
                let turn = (x.rank, x.priority);
                x.priority = turns.partition_point(|t| *t < turn) as u32 + 1;
            }
        }
    }
    Some(market)
}

/// Enters a child where it was placed newly, and, if it is an only child, where it was refused.
fn enter(market: &Market, truth: &[Known], c: ChildIx, entries: &mut [Vec<Entry>]) {
    let child = &market.children[c as usize];
    let family = &market.families[child.family as usize];
    // An only child with a list is one whose decision is taken as it is: it was refused nothing.
    let only = family.children.len() == 1 && matches!(family.wish, Wish::Fields(_));
    let known = truth[c as usize];
    let got = match known {
        Known::Unknown | Known::Elsewhere => return,
        Known::At(k) => Some(k),
        Known::Nowhere => None,
    };
    let nursery = |k: ClassIx| market.classes[k as usize].nursery;
    for (choice, at) in market.choices_of(c).iter().zip(child.choices.clone()) {
        let entry = |placed| Entry {
            choice: at,
            priority: choice.priority,
            placed,
            child: c,
            family: child.family,
            class: choice.class,
        };
        let group = market.classes[choice.class as usize].group as usize;
        if got == Some(choice.class) {
            entries[group].push(entry(true));
            return;
        }
        if got.is_some_and(|k| nursery(k) == nursery(choice.class)) {
            // Another pool of the facility it got: one place to a family.
            continue;
        }
        if only {
            entries[group].push(entry(false));
        } else if got.is_none() {
            return;
        }
    }
}

/// Cut-offs of one group by the number of families on their wrong side.
pub(crate) struct Sweep {
    /// Families on the wrong side, of a cut-off before each entry, and behind all.
    wrong: Vec<u32>,
    /// The least of these.
    pub(crate) least: u32,
}

/// Whether an equal placed child keeps its seat is in the order of the entries: placed ones first among equals.
pub(crate) fn sweep(list: &[Entry], free: &HashSet<FamilyIx>) -> Sweep {
    let costs = |e: &Entry| u32::from(!free.contains(&e.family));
    // A cut-off before everybody: all placed are wrong.
    let mut wrong = Vec::with_capacity(list.len() + 1);
    let mut now: u32 = list.iter().filter(|e| e.placed).map(costs).sum();
    wrong.push(now);
    for e in list {
        if e.placed {
            now -= costs(e);
        } else {
            now += costs(e);
        }
        wrong.push(now);
    }
    let least = wrong.iter().copied().min().unwrap_or(0);
    Sweep { wrong, least }
}

impl Sweep {
    /// The first and the last best cut-off.
    pub(crate) fn best(&self) -> (usize, usize) {
        let is = |w: &u32| *w == self.least;
        let first = self.wrong.iter().position(is).unwrap_or(0);
        let last = self.wrong.iter().rposition(is).unwrap_or(0);
        (first, last)
    }

    /// Entries on the wrong side of the last best cut-off: refused ones before it, placed ones behind.
    pub(crate) fn wrong(&self, list: &[Entry]) -> Vec<usize> {
        let (_, cut) = self.best();
        let wrong = list.iter().enumerate();
        let wrong = wrong.filter(|(at, e)| e.placed != (*at < cut));
        wrong.map(|(at, _)| at).collect()
    }

    /// Everybody on the wrong side of some best cut-off.
    fn suspects(&self, group: usize, list: &[Entry]) -> Vec<Suspect> {
        let cuts: Vec<usize> = (0..self.wrong.len())
            .filter(|&c| self.wrong[c] == self.least)
            .collect();
        let mut suspects = Vec::new();
        for (at, e) in list.iter().enumerate() {
            // Placed: wrong for cut-offs at or before it; refused: for those behind it.
            let odd = |c: &&usize| e.placed != (at < **c);
            let count = cuts.iter().filter(odd).count();
            if count > 0 {
                let oddity = match e.placed {
                    true => Oddity::TooHigh,
                    false => Oddity::TooLow,
                };
                suspects.push(suspect(group, e, oddity, count == cuts.len()));
            }
        }
        suspects
    }

    fn cut_off(&self, list: &[Entry]) -> CutOff {
        let (_, cut) = self.best();
        let placed = list[..cut].iter().filter(|e| e.placed);
        let refused = list[cut..].iter().filter(|e| !e.placed);
        CutOff {
            placed: placed.map(|e| e.priority).max().unwrap_or(0),
            refused: refused.map(|e| e.priority).min().unwrap_or(u32::MAX),
        }
    }
}

fn suspect(group: usize, entry: &Entry, oddity: Oddity, certain: bool) -> Suspect {
    Suspect {
        family: entry.family,
        child: entry.child,
        group: group as GroupIx,
        class: entry.class,
        oddity,
        priority: entry.priority,
        certain,
    }
}

/// Families of two and more, judged whole: by the checker, or at their turns; who is wronged only because of somebody
/// odd is left out.
fn siblings(
    world: &World<'_>,
    market: &Market,
    passed: Option<BTreeMap<FamilyIx, Vec<GroupIx>>>,
    found: &mut Evidence,
    odd: &mut HashSet<FamilyIx>,
) {
    let known = |f: FamilyIx| {
        let children = market.families[f as usize].children.clone();
        children.clone().all(|c| {
            !matches!(
                world.truth.of[c as usize],
                Known::Unknown | Known::Elsewhere
            )
        })
    };
    let placement = world.truth.placement(market);
    let limits = Limits {
        positions_listed: 1,
        steps: 200_000,
    };
    let verdict = check_within(market, &placement, limits);
    if passed.is_none() && verdict.unfinished.is_empty() {
        found.checked = Some(Checked {
            feasible: verdict.is_feasible(),
            blocking: verdict.blocking.iter().map(|b| b.family).collect(),
        });
    }
    for violation in &verdict.violations {
        if let Violation::NotListed { family } = violation
            && known(*family)
        {
            found.unlisted.push(*family);
        }
    }
    let unlisted: HashSet<FamilyIx> = found.unlisted.iter().copied().collect();
    let several = |f: FamilyIx| market.families[f as usize].children.len() > 1;
    let wronged: Vec<(FamilyIx, Vec<GroupIx>, Vec<ChoiceIx>)> = match passed {
        Some(passed) => (passed.into_iter())
            .map(|(f, groups)| (f, groups, Vec::new()))
            .collect(),
        None => (verdict.blocking.iter())
            .filter(|b| several(b.family))
            .map(|b| {
                let first = b.listed.first();
                let slots = first.into_iter().flat_map(|p| &p.tuple);
                let choices = slots.filter_map(|s| match s {
                    Slot::Choice(x) => Some(*x),
                    Slot::AsNow => None,
                });
                let groups = first.map(|p| p.groups.clone());
                (b.family, groups.unwrap_or_default(), choices.collect())
            })
            .collect(),
    };
    for (f, groups, better) in wronged {
        if !known(f) || unlisted.contains(&f) {
            continue;
        }
        if several(f) {
            found.blocking.push(f);
            found.better.push(better);
        }
        // Somebody odd sits in its place, or the seat is counted as left: that one is to blame.
        let blamed = groups.iter().any(|g| {
            let suspects = found.suspects.iter();
            let mut here = suspects.filter(|s| s.group == *g);
            here.any(|s| odd.contains(&s.family) || s.oddity == Oddity::Room)
                || found.crowds.iter().any(|c| c.group == *g && c.by < 0)
        });
        if !blamed {
            odd.insert(f);
        }
    }
}
