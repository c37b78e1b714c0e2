//! Where everybody stands by the decisions, and how many would stand on the wrong side if keys moved.
//!
//! At each seat group the children placed and refused there are in the order of their keys, as numbers: a
//! component that comes from the scores is its value, so that it can be moved by points. The wrong side is that
//! of the best cut-off, which is looked for anew for every move: that a row gives other points moves cut-offs too.

mod cut;
mod key;
mod sample;

pub(super) use cut::Best;
use cut::fewest_wrong;
use key::{Packing, Span};

use crate::{search::Scene, truth::Known};
use enmusubi_criteria::{judgement::Eligible, model::Row};
use enmusubi_domain::{facts::Exact, past::Outcome};
use enmusubi_market::ChildIx;
use enmusubi_scoring::{Nudge, Probe};
use enmusubi_selection::compiled::KeyKind;
use std::{collections::HashMap, sync::OnceLock};

/// Multiples of the unit of points at which keys are probed; between them moves are drawn straight (bounds, and the
/// highest of several rows, bend them somewhere).
pub const PROBED: [i64; 10] = [-100, -20, -10, -4, -1, 1, 4, 10, 20, 100];

/// Groups where decisions fit are looked at in parts: every so manieth first (facilities have two to six groups one
/// after the other: all ages are among them), all of them last.
pub const PARTS: [usize; 3] = [25, 5, 1];

/// A component moves at most so many times as far as the points of the last probe.
const FAR: i64 = 8;

/// A child at a group.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    /// Its choice in the market; of no meaning where it may not be placed.
    pub choice: u32,
    /// Its choice in the facts.
    pub origin: u32,
    /// The child, in the facts.
    pub child: u32,
    /// The group.
    pub group: u32,
    /// Whether it was placed there; else refused.
    pub placed: bool,
    /// Whether it may not be placed there as things are: not in the order, and odd if it was placed.
    pub out: bool,
}

/// How a component of a key moves, in the direction in which smaller is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Move {
    /// Position of the entry.
    pub entry: u32,
    /// Component of the market's keys; their number: whether it may be placed there at all (above 0: it may not).
    pub component: u16,
    /// By how much at [`PROBED`] multiples of the unit.
    pub at: [i64; PROBED.len()],
}

/// Where everybody stands.
#[derive(Debug)]
pub struct Stand {
    /// Everybody placed or refused, by group, best key first (placed ones first among equals).
    pub entries: Vec<Entry>,
    /// Range of each group in the entries.
    pub groups: Vec<std::ops::Range<u32>>,
    /// Fewest on the wrong side, by group.
    pub wrong: Vec<u32>,
    /// Groups with a seat left that somebody wanted: one oddity as long as anybody was refused there.
    room: Vec<bool>,
    /// By group: placed there though they may not be.
    outs: Vec<u32>,
    /// Keys of the entries, smaller is better; the last bit: whether it was refused.
    keys: Vec<i128>,
    packing: Packing,
    /// Components of a key.
    width: usize,
    /// Per component of the market's keys: the component of the scores, and whether higher comes first.
    of_scores: Vec<Option<(usize, bool)>>,
    /// Numbers are multiples of one in so many.
    scale: i64,
    /// The unit in which points are moved.
    pub unit: Exact,
    /// Entries of each child of the facts.
    pub of_child: HashMap<u32, Vec<u32>>,
    /// Child of each choice of the facts that stands somewhere.
    child_of: HashMap<u32, u32>,
    /// By child of the facts: its own keys as things are, once they were asked for.
    own: Vec<OnceLock<Numbers>>,
}

impl Stand {
    /// Where everybody stands in a world; `None` for a round of tables.
    #[must_use]
    pub fn of(scene: &Scene<'_, '_>) -> Option<Self> {
        let world = scene.world;
        let scored = world.scored.as_ref()?;
        let scores = &scored.scores;
        let mut scale = 1;
        for denominator in scores.keys.iter().flatten().map(|v| v.denominator()) {
            scale = common(scale, denominator).unwrap_or(scale);
        }
        let unit = unit_of_points(&scored.criteria);
        scale = common(scale, unit.denominator()).unwrap_or(scale);
        let mut entries = entries(scene)?;
        let mut odd = vec![false; world.market.groups.len()];
        for suspect in &scene.evidence.suspects {
            let class = &world.market.classes[suspect.class as usize];
            odd[class.group as usize] = true;
        }
        sample::some(&mut entries, &odd);
        let width = world.keys.components();
        let of_scores = components(scene);
        let mut keys = Vec::with_capacity(entries.len() * width);
        let level = vec![0; width];
        for e in &entries {
            let places = match e.out {
                true => &level[..],
                false => world.keys.of_choice(e.choice),
            };
            for (component, place) in places.iter().enumerate() {
                keys.push(match of_scores[component] {
                    Some((at, higher)) => {
                        let value = scores.key(e.origin)[at];
                        let value = value.and_then(|v| scaled(v, scale)).unwrap_or(0);
                        if higher { -value } else { value }
                    }
                    None => i64::from(*place),
                });
            }
        }
        let mut order: Vec<usize> = (0..entries.len()).collect();
        let key = |at: usize| &keys[at * width..(at + 1) * width];
        order.sort_by(|&a, &b| {
            let (x, y) = (&entries[a], &entries[b]);
            (x.group.cmp(&y.group))
                .then_with(|| key(a).cmp(key(b)))
                .then(y.placed.cmp(&x.placed))
        });
        let guard = PROBED[PROBED.len() - 1]
            .saturating_mul(scale)
            .saturating_mul(FAR);
        let spans: Vec<Span> = (0..width)
            .map(|component| {
                let column = keys.iter().skip(component).step_by(width);
                Span {
                    least: column.clone().min().copied().unwrap_or(0),
                    most: column.max().copied().unwrap_or(0),
                    guard: of_scores[component].map_or(0, |_| guard),
                }
            })
            .collect();
        let packing = Packing::of(&spans);
        let sorted = order.iter();
        let sorted = sorted.map(|&at| cut::with_side(packing.pack(key(at)), entries[at].placed));
        let sorted: Vec<i128> = sorted.collect();
        entries = order.iter().map(|&at| entries[at]).collect();
        let mut groups = vec![0..0; world.market.groups.len()];
        let mut of_child: HashMap<u32, Vec<u32>> = HashMap::new();
        for (at, e) in (0u32..).zip(&entries) {
            let range = &mut groups[e.group as usize];
            let start = if range.end == 0 { at } else { range.start };
            *range = start..at + 1;
            of_child.entry(e.child).or_default().push(at);
        }
        let child_of = entries.iter().map(|e| (e.origin, e.child)).collect();
        let mut room = vec![false; groups.len()];
        for crowd in scene.evidence.crowds.iter().filter(|c| c.by < 0) {
            room[crowd.group as usize] = true;
        }
        let wrong = groups.iter().zip(&room).map(|(r, room)| {
            let list = &entries[r.start as usize..r.end as usize];
            let room = *room && list.iter().any(|e| !e.placed && !e.out);
            let out = list.iter().filter(|e| e.out && e.placed).count() as u32;
            let order = list.iter().filter(|e| !e.out).map(|e| e.placed);
            fewest_wrong(order) + out + u32::from(room)
        });
        let wrong = wrong.collect();
        let outs = groups.iter().map(|r| {
            let list = &entries[r.start as usize..r.end as usize];
            list.iter().filter(|e| e.out && e.placed).count() as u32
        });
        let outs = outs.collect();
        Some(Self {
            entries,
            groups,
            wrong,
            room,
            outs,
            keys: sorted,
            packing,
            width,
            of_scores,
            scale,
            unit,
            of_child,
            child_of,
            own: scored
                .facts
                .children
                .ids
                .iter()
                .map(|_| OnceLock::new())
                .collect(),
        })
    }

    /// The points of so many units.
    #[must_use]
    pub fn points(&self, times: i64) -> Option<Exact> {
        self.unit.times(Exact::whole(times))
    }

    /// How the keys of a child's entries move with each of some nudges, at some multiples of the unit ([`PROBED`], unless
    /// they are others).
    pub fn probe(
        &self,
        probe: &mut Probe<'_>,
        child: u32,
        knots: &[i64; PROBED.len()],
        nudge: impl Fn(Exact) -> Option<Nudge>,
        found: &mut Vec<Move>,
    ) {
        let Some(mine) = self.of_child.get(&child) else {
            return;
        };
        let before = self.own(probe, child);
        let start = found.len();
        for (nth, times) in knots.iter().enumerate() {
            let Some(nudge) = self.points(*times).and_then(&nudge) else {
                continue;
            };
            let after = self.keys_of(probe, child, Some(nudge));
            self.each_move(mine, before, &after, |entry, component, by| {
                let same = |m: &&mut Move| m.entry == entry && m.component == component;
                match found[start..].iter_mut().find(same) {
                    Some(m) => m.at[nth] = by,
                    None => {
                        let mut at = [0; PROBED.len()];
                        at[nth] = by;
                        found.push(Move {
                            entry,
                            component,
                            at,
                        });
                    }
                }
            });
        }
    }

    /// How the keys of a child's entries move with one nudge, whatever the multiple.
    pub fn probe_once(
        &self,
        probe: &mut Probe<'_>,
        child: u32,
        nudge: Nudge,
        found: &mut Vec<Move>,
    ) {
        let Some(mine) = self.of_child.get(&child) else {
            return;
        };
        let before = self.own(probe, child);
        let after = self.keys_of(probe, child, Some(nudge));
        self.each_move(mine, before, &after, |entry, component, by| {
            found.push(Move {
                entry,
                component,
                at: [by; PROBED.len()],
            });
        });
    }

    /// What differs between two keys of the entries of a child.
    fn each_move(
        &self,
        mine: &[u32],
        before: &Numbers,
        after: &Numbers,
        mut each: impl FnMut(u32, u16, i64),
    ) {
        if before.list == after.list {
            return;
        }
        for &entry in mine {
            let origin = self.entries[entry as usize].origin;
            let (x, y) = (before.of(origin), after.of(origin));
            for (component, (x, y)) in x.iter().zip(y).enumerate() {
                if x != y {
                    each(entry, component as u16, y - x);
                }
            }
        }
    }

    /// [`Stand::keys_of`] as things are.
    fn own(&self, probe: &mut Probe<'_>, child: u32) -> &Numbers {
        self.own[child as usize].get_or_init(|| self.keys_of(probe, child, None))
    }

    /// Own keys of a child by choice of the facts, as numbers of the market's components; behind them 1 where it may not be
    /// placed.
    fn keys_of(&self, probe: &mut Probe<'_>, child: u32, nudge: Option<Nudge>) -> Numbers {
        let mut numbers = Numbers {
            first: u32::MAX,
            width: self.width + 1,
            list: Vec::with_capacity(8 * (self.width + 1)),
        };
        probe.child(child, nudge, |choice, key, eligible| {
            numbers.first = numbers.first.min(choice);
            for of in &self.of_scores {
                let number = of.and_then(|(at, higher)| {
                    let value = scaled(key[at]?, self.scale)?;
                    Some(if higher { -value } else { value })
                });
                numbers.list.push(number.unwrap_or(0));
            }
            let out = matches!(eligible, Eligible::No(_));
            numbers.list.push(i64::from(out));
        });
        numbers
    }

    /// The children of some choices of the facts (ascending) who stand anywhere.
    #[must_use]
    pub fn children_of(&self, choices: impl Iterator<Item = u32>) -> Vec<u32> {
        let mut children: Vec<u32> = Vec::new();
        for choice in choices {
            if let Some(&child) = self.child_of.get(&choice)
                && children.last() != Some(&child)
            {
                children.push(child);
            }
        }
        children
    }

    /// Per entry: whether it stands on the wrong side of some best cut-off.
    #[must_use]
    pub fn suspects(&self) -> Vec<bool> {
        let mut suspects = vec![false; self.entries.len()];
        for (group, range) in self.groups.iter().enumerate() {
            if !self.is_odd(group) {
                continue;
            }
            // On the wrong side of a cut-off before each entry, less those of one before everybody.
            let mut now = 0i64;
            let (mut least, mut first, mut last) = (0i64, range.start, range.start);
            for at in range.clone() {
                let e = &self.entries[at as usize];
                now += match (e.out, e.placed) {
                    (true, _) => 0,
                    (_, true) => -1,
                    (_, false) => 1,
                };
                if now < least {
                    (least, first) = (now, at + 1);
                }
                if now == least {
                    last = at + 1;
                }
            }
            for at in range.clone() {
                let e = &self.entries[at as usize];
                suspects[at as usize] = match (e.out, e.placed) {
                    (true, placed) => placed,
                    (_, true) => first <= at,
                    (_, false) => last > at || self.room[group],
                };
            }
        }
        suspects
    }

    /// Whether somebody stands on the wrong side at a group.
    #[must_use]
    pub fn is_odd(&self, group: usize) -> bool {
        self.wrong[group] > 0
    }

    /// Whether a group counts where only every so manieth of those is looked at where decisions fit.
    #[must_use]
    pub fn counts(&self, group: usize, part: usize) -> bool {
        self.is_odd(group) || group.is_multiple_of(part)
    }

    /// Whether a child stands in a group that counts ([`Stand::counts`]).
    #[must_use]
    pub fn is_in(&self, child: u32, part: usize) -> bool {
        let mut mine = self.of_child.get(&child).into_iter().flatten();
        mine.any(|&e| self.counts(self.entries[e as usize].group as usize, part))
    }
}

/// Keys of a child at its choices (which lie together), as numbers.
#[derive(Debug)]
struct Numbers {
    first: u32,
    width: usize,
    list: Vec<i64>,
}

impl Numbers {
    /// Of a choice; nothing for one that is another child's.
    fn of(&self, choice: u32) -> &[i64] {
        let at = choice.wrapping_sub(self.first) as usize;
        let start = at.saturating_mul(self.width);
        self.list
            .get(start..start.saturating_add(self.width))
            .unwrap_or(&[])
    }
}

/// Everybody where it was placed newly, and where it was refused: only children, and siblings who could have had better.
#[must_use]
pub fn entries(scene: &Scene<'_, '_>) -> Option<Vec<Entry>> {
    let world = scene.world;
    let facts = &world.scored.as_ref()?.facts;
    let (market, plain) = (&world.market, &world.plain);
    let facilities: HashMap<&str, u32> = (facts.facilities.ids.iter().map(|i| &**i))
        .zip(0u32..)
        .collect();
    let nursery: Vec<Option<u32>> = market
        .nurseries
        .iter()
        .map(|n| facilities.get(&*n.id).copied())
        .collect();
    let mut entries = Vec::new();
    for c in 0..market.children.len() as ChildIx {
        let child = &market.children[c as usize];
        // Siblings' refusals count where all of them together could have had better.
        let only = market.families[child.family as usize].children.len() == 1
            || scene.evidence.blocking.contains(&child.family);
        let got = match world.truth.of[c as usize] {
            Known::Unknown | Known::Elsewhere => continue,
            Known::At(k) => Some(k),
            Known::Nowhere => None,
        };
        if child.choices.is_empty() {
            continue;
        }
        let row = plain.rows[c as usize];
        let of_facts = facts.index.choices[row as usize].clone();
        let at = |k: u32| market.classes[k as usize].nursery;
        for x in child.choices.clone() {
            let class = market.choices[x as usize].class;
            let placed = got == Some(class);
            if !placed && (!only || got.is_some_and(|k| at(k) == at(class))) {
                continue;
            }
            let facility = nursery[at(class) as usize];
            let origin =
                (of_facts.clone()).find(|&o| Some(facts.choice_facility[o as usize]) == facility);
            if let Some(origin) = origin {
                entries.push(Entry {
                    choice: x,
                    origin,
                    child: row,
                    group: market.classes[class as usize].group,
                    placed,
                    out: false,
                });
            }
            if placed {
                break;
            }
        }
    }
    outside(scene, &nursery, &mut entries);
    Some(entries)
}

/// Children who may be placed nowhere as things are: where the staff placed them, and where they were refused.
fn outside(scene: &Scene<'_, '_>, nursery: &[Option<u32>], entries: &mut Vec<Entry>) {
    let world = scene.world;
    let Some(scored) = &world.scored else {
        return;
    };
    let facts = &scored.facts;
    let market = &world.market;
    let decided: HashMap<&str, &str> = (world.past.decisions.list.iter())
        .filter_map(|d| match &d.outcome {
            Outcome::Placed { facility, .. } => Some((&*d.child, &**facility)),
            _ => None,
        })
        .collect();
    // The ordinary class of a facility for an age, or the first.
    let mut classes: HashMap<(u32, u8), u32> = HashMap::new();
    for k in market.classes.iter().rev() {
        if let Some(facility) = nursery[k.nursery as usize] {
            let group = classes.entry((facility, k.age)).or_insert(k.group);
            if k.pool.is_none() {
                *group = k.group;
            }
        }
    }
    for (c, child) in market.children.iter().enumerate() {
        let known = world.truth.of[c];
        if !child.choices.is_empty() || !matches!(known, Known::Elsewhere | Known::Nowhere) {
            continue;
        }
        let row = world.plain.rows[c];
        let got = decided.get(&*child.id);
        let only = market.families[child.family as usize].children.len() == 1;
        for origin in facts.index.choices[row as usize].clone() {
            let facility = facts.choice_facility[origin as usize];
            let placed = got.is_some_and(|g| **g == *facts.facilities.ids[facility as usize]);
            if let Some(&group) = classes.get(&(facility, child.age))
                && (placed || only)
            {
                entries.push(Entry {
                    choice: 0,
                    origin,
                    child: row,
                    group,
                    placed,
                    out: true,
                });
            }
            if placed {
                break;
            }
        }
    }
}

/// Which components of the market's keys are values of the scores, and whether higher comes first there. The keys of a
/// market have those of the scores, up to the first key that is to be filled in, behind what sorts by pool, and a tie-break
/// behind them.
fn components(scene: &Scene<'_, '_>) -> Vec<Option<(usize, bool)>> {
    let world = scene.world;
    let Some(scored) = &world.scored else {
        return Vec::new();
    };
    let criteria = &scored.criteria;
    let strata = (!criteria.strata.is_empty()).then_some(false);
    let keys = criteria.keys.iter().take_while(|k| k.value.is_some());
    let of_scores: Vec<bool> = strata
        .into_iter()
        .chain(keys.map(|k| k.higher_first))
        .collect();
    let kinds = &world.plain.key_components;
    let tie = kinds
        .last()
        .is_some_and(|k| matches!(k.kind, KeyKind::Lottery | KeyKind::Row));
    let before = kinds
        .len()
        .saturating_sub(of_scores.len() + usize::from(tie));
    (0..world.keys.components())
        .map(|at| {
            let plain = world.components.get(at).copied().flatten()? as usize;
            let plain = plain.checked_sub(before)?;
            let higher = *of_scores.get(plain)?;
            // Keys that were turned round, or are not compared: as the places of the world have them.
            let place = |c: u32| world.keys.of_choice(c)[at];
            let mut choices = (0..world.keys.choices() as u32)
                .map(|c| (place(c), world.plain_keys.of_choice(c)[before + plain]));
            let first = choices.next()?;
            let other = choices.find(|(now, then)| *now != first.0 || *then != first.1);
            match other {
                None => Some((plain, higher)),
                Some((now, _)) if now == first.0 => None,
                Some((now, then)) => {
                    let same = (now < first.0) == (then < first.1);
                    Some((plain, higher == same))
                }
            }
        })
        .collect()
}

/// One, or the largest fraction of which all plain points of a file are multiples.
#[must_use]
pub fn unit_of_points(criteria: &enmusubi_criteria::Criteria) -> Exact {
    let rows = criteria.tables.iter().flat_map(|t| &t.rows);
    let mut denominator = 1;
    for points in rows.filter_map(Row::plain_points) {
        denominator = common(denominator, points.denominator()).unwrap_or(denominator);
    }
    Exact::new(1, denominator).unwrap_or(Exact::ONE)
}

/// Least common multiple; `None` where it becomes too large.
fn common(a: i64, b: i64) -> Option<i64> {
    let (mut x, mut y) = (a, b);
    while y != 0 {
        (x, y) = (y, x % y);
    }
    (a / x).checked_mul(b).filter(|&m| m <= 1_000_000)
}

/// A value in parts of one in `scale`, rounded down where it does not fit (only estimates are made of it).
fn scaled(value: Exact, scale: i64) -> Option<i64> {
    let parts = i128::from(value.numerator()) * i128::from(scale);
    i64::try_from(parts.div_euclid(i128::from(value.denominator()))).ok()
}

/// 0 for multiples of ten, then of five, whole numbers, and others.
#[must_use]
pub fn roughness(points: Exact) -> u32 {
    match points.as_whole() {
        None => 3,
        Some(n) if n % 10 == 0 && n != 0 => 0,
        Some(n) if n % 5 == 0 && n != 0 => 1,
        Some(_) => 2,
    }
}

/// How far two numbers are apart.
#[must_use]
pub fn distance(a: Exact, b: Exact) -> Exact {
    let by = a.minus(b).unwrap_or(Exact::ZERO);
    by.max(by.negated().unwrap_or(by))
}
