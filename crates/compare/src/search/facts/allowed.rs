//! Which keys a family may have if everybody else's decisions stand.
//!
//! At each seat group, everybody but the family says where the cut-off may lie. A key is allowed where the family
//! then stands on the right side of one of the best cut-offs in every group: placed children before whoever
//! was refused, and in no tuple it would rather have does every child come before whoever was placed.

use super::super::contradictions::{is_pinned, passed_over};
use crate::{
    evidence::{Entry, Evidence, entries, sweep, turns},
    truth::Known,
    world::{
        World,
        splice::{Layout, origins},
    },
};
use enmusubi_criteria::judgement::Eligible;
use enmusubi_domain::{
    facts::{Exact, RoundFacts},
    past::Outcome,
};
use enmusubi_market::{ChildIx, ChoiceIx, ClassIx, FamilyIx, GroupIx, Slot, tuples::tuples};
use enmusubi_matching::Mechanism;
use enmusubi_scoring::Scores;
use std::{
    cmp::Ordering,
    collections::{BTreeMap, HashMap, HashSet},
};

/// Tuples of a family that are looked at.
const TUPLES_MAX: usize = 4000;

/// A component of the market's keys, and what a value is worth in it. Places are doubled, so that there is one
/// between two that occur.
enum Component {
    /// No fact moves it.
    Still,
    /// Outside the target group of a soft pool: place of those in it, and outside.
    Target([i64; 2]),
    /// A component of the scores.
    Scored {
        at: usize,
        together: bool,
        higher_first: bool,
        places: BTreeMap<Exact, i64>,
    },
}

/// A world, seen group by group.
pub struct Sight<'s, 'a> {
    world: &'s World<'a>,
    facts: &'s RoundFacts,
    entries: Vec<Vec<Entry>>,
    components: Vec<Component>,
    /// Groups with a seat left.
    room: HashSet<GroupIx>,
    pinned: HashSet<FamilyIx>,
    /// Seats are given choice rank by choice rank.
    by_rank: bool,
    /// Per choice of the market: the choice of the facts, and whether it is the second copy of one.
    origin: Vec<(u32, bool)>,
    /// Per class: its pool in the criteria.
    pools: Vec<Option<usize>>,
    hard: Vec<bool>,
}

/// A family with some scores: per choice its key, `None` where it is not open.
pub struct View {
    first: ChoiceIx,
    keys: Vec<Option<Vec<i64>>>,
    /// Children placed where the market has no choice for them: class, key.
    elsewhere: Vec<(ClassIx, Vec<i64>)>,
    /// One of them cannot be there by these scores either.
    impossible: bool,
}

/// Where a family may stand in a group.
struct Gate {
    /// Everybody else.
    list: Vec<Entry>,
    /// A placed child comes not behind this one.
    before: Option<usize>,
    /// A refused child does not come before this one; `None`: nobody was placed.
    behind: Option<usize>,
}

/// What is asked of a family.
pub struct Asked<'t, 's, 'a> {
    sight: &'t Sight<'s, 'a>,
    family: FamilyIx,
    gates: BTreeMap<GroupIx, Gate>,
}

impl<'s, 'a> Sight<'s, 'a> {
    /// A world of facts; `None` for one of tables.
    pub fn of(world: &'s World<'a>, evidence: &Evidence) -> Option<Self> {
        let scored = world.scored.as_deref()?;
        let (facts, criteria, scores) = (&*scored.facts, &*scored.criteria, &scored.scores);
        let market = &world.market;
        let pool = |k: usize| {
            let id = market.classes[k].pool.as_ref()?;
            criteria.pools.iter().position(|p| p.id == *id)
        };
        let families = 0..market.families.len() as FamilyIx;
        let turns = turns(world);
        let mut sight = Self {
            world,
            facts,
            entries: entries(turns.as_ref().unwrap_or(market), &world.truth.of),
            components: Vec::new(),
            room: evidence
                .crowds
                .iter()
                .filter(|c| c.by < 0)
                .map(|c| c.group)
                .collect(),
            pinned: families.filter(|&f| is_pinned(world, f)).collect(),
            by_rank: world.mechanism == Mechanism::ChoiceOrder,
            origin: origins(market, &world.plain.rows, facts),
            pools: (0..market.classes.len()).map(pool).collect(),
            hard: criteria.pools.iter().map(|p| p.hard).collect(),
        };
        // Components of the plain keys: the target groups of soft pools, the file's own up to the first that is to be
        // filled, the tie-break.
        for refused in passed_over(world, evidence) {
            let list = &mut sight.entries[market.classes[refused.class as usize].group as usize];
            let order = |e: &Entry| (e.priority, !e.placed, e.child);
            let at = list.partition_point(|e| order(e) < order(&refused));
            list.insert(at, refused);
        }
        let layout = Layout::of(world)?;
        for (p, component) in world.components.iter().enumerate() {
            let kind = match component.map(|c| c as usize) {
                Some(c) if c < layout.soft => Component::Target(sight.targets(p, scores)),
                Some(c) if c < layout.soft + layout.of_file => {
                    let at = c - layout.soft;
                    let key = layout.key(criteria, at);
                    let together = key.is_some_and(|k| k.together);
                    Component::Scored {
                        at,
                        together,
                        higher_first: key.is_some_and(|k| k.higher_first),
                        places: sight.places(p, at, together, scores),
                    }
                }
                _ => Component::Still,
            };
            sight.components.push(kind);
        }
        Some(sight)
    }

    /// Places of a component by value.
    fn places(&self, p: usize, at: usize, together: bool, scores: &Scores) -> BTreeMap<Exact, i64> {
        let mut found: HashMap<Exact, i64> = HashMap::new();
        let mut last = None;
        for (x, &(origin, copy)) in self.origin.iter().enumerate() {
            let value = match together && copy {
                true => Some(Exact::ZERO),
                false if origin == u32::MAX => None,
                false => scores.key(origin)[at],
            };
            if value != last
                && let Some(v) = value
            {
                let place = self.world.keys.of_choice(x as ChoiceIx)[p];
                found.insert(v, 2 * i64::from(place));
            }
            last = value;
        }
        found.into_iter().collect()
    }

    fn targets(&self, p: usize, scores: &Scores) -> [i64; 2] {
        let mut found = [None; 2];
        for x in 0..self.origin.len() {
            let outside = self.outside(x as ChoiceIx, self.origin[x].0, scores);
            if let Some(outside) = outside {
                let place = self.world.keys.of_choice(x as ChoiceIx)[p];
                found[usize::from(outside)] = Some(2 * i64::from(place));
            }
        }
        match found {
            [Some(a), Some(b)] => [a, b],
            [Some(a), None] => [a, a + 1],
            [None, Some(b)] => [b - 1, b],
            [None, None] => [0, 1],
        }
    }

    /// Whether a choice is outside the target group of a soft pool; `None` where that is unknown.
    fn outside(&self, x: ChoiceIx, choice: u32, scores: &Scores) -> Option<bool> {
        if choice == u32::MAX {
            return None;
        }
        match self.pools[self.world.market.choices[x as usize].class as usize] {
            Some(pool) if !self.hard[pool] => {
                let at = choice as usize * scores.pool_count as usize + pool;
                scores.pools[at].map(|target| !target)
            }
            _ => Some(false),
        }
    }

    /// A family with the scores of its household by itself (`first`: its first choice in the round); `None` where
    /// something is undecided.
    pub fn view(&self, f: FamilyIx, scores: &Scores, first: u32) -> Option<View> {
        let market = &self.world.market;
        let family = &market.families[f as usize];
        let mut view = View {
            first: 0,
            keys: Vec::new(),
            elsewhere: Vec::new(),
            impossible: false,
        };
        for c in family.children.clone() {
            let choices = market.children[c as usize].choices.clone();
            if view.keys.is_empty() {
                view.first = choices.start;
            }
            for x in choices {
                let (origin, copy) = self.origin[x as usize];
                let own = origin.checked_sub(first)?;
                let class = market.choices[x as usize].class;
                let key = self.key(Some(x), class, (own, copy), scores)?;
                view.keys.push(key);
            }
            if self.world.truth.of[c as usize] == Known::Elsewhere {
                match self.placed_elsewhere(c) {
                    None => view.impossible = true,
                    Some((class, choice)) => {
                        let own = choice.checked_sub(first)?;
                        match self.key(None, class, (own, false), scores)? {
                            Some(key) => view.elsewhere.push((class, key)),
                            None => view.impossible = true,
                        }
                    }
                }
            }
        }
        Some(view)
    }

    /// Key of a choice with some scores, the outer `None` where something is undecided, the inner where it is not open.
    fn key(
        &self,
        x: Option<ChoiceIx>,
        class: ClassIx,
        (own, copy): (u32, bool),
        scores: &Scores,
    ) -> Option<Option<Vec<i64>>> {
        match scores.eligibility[own as usize] {
            Eligible::Yes => {}
            Eligible::No(_) => return Some(None),
            Eligible::Unknown => return None,
        }
        let mut outside = false;
        if let Some(pool) = self.pools[class as usize] {
            let target = scores.pools[own as usize * scores.pool_count as usize + pool]?;
            if !target && self.hard[pool] {
                return Some(None);
            }
            outside = !target;
        }
        let of_scores = scores.key(own);
        let mut key = Vec::with_capacity(self.components.len() + 1);
        key.push(x.map_or(0, |x| self.rank(x)));
        for (p, component) in self.components.iter().enumerate() {
            key.push(match component {
                Component::Still => x.map_or(0, |x| 2 * i64::from(self.world.keys.of_choice(x)[p])),
                Component::Target(places) => places[usize::from(outside)],
                Component::Scored {
                    at,
                    together,
                    higher_first,
                    places,
                } => {
                    let value = match *together && copy {
                        true => Exact::ZERO,
                        false => of_scores[*at]?,
                    };
                    place(places, value, *higher_first)
                }
            });
        }
        Some(Some(key))
    }

    /// What comes before all keys.
    fn rank(&self, x: ChoiceIx) -> i64 {
        let rank = self.world.market.choices[x as usize].rank;
        if self.by_rank { i64::from(rank) } else { 0 }
    }

    /// The class a child was placed in although it has no choice for it, and the choice of the facts it has.
    fn placed_elsewhere(&self, c: ChildIx) -> Option<(ClassIx, u32)> {
        let market = &self.world.market;
        let child = &market.children[c as usize];
        let decisions = &self.world.past.decisions.list;
        let decision = decisions.iter().rev().find(|d| d.child == child.id)?;
        let Outcome::Placed { facility, .. } = &decision.outcome else {
            return None;
        };
        let class = market.classes.iter().position(|k| {
            *market.nurseries[k.nursery as usize].id == **facility && k.age == child.age
        })?;
        let facility = self.facts.facilities.find(facility)?;
        let own = self.facts.index.choices[self.world.plain.rows[c as usize] as usize].clone();
        let mut own = own.filter(|&x| self.facts.choice_facility[x as usize] == facility);
        Some((class as ClassIx, own.next()?))
    }

    /// What everybody else's decisions ask of a family.
    pub fn asked<'t>(&'t self, family: FamilyIx) -> Asked<'t, 's, 'a> {
        let market = &self.world.market;
        let mut gates = BTreeMap::new();
        for c in market.families[family as usize].children.clone() {
            let mut classes: Vec<ClassIx> = market.choices_of(c).iter().map(|x| x.class).collect();
            if self.world.truth.of[c as usize] == Known::Elsewhere {
                classes.extend(self.placed_elsewhere(c).map(|(class, _)| class));
            }
            for class in classes {
                let group = market.classes[class as usize].group;
                gates.entry(group).or_insert_with(|| {
                    let list = self.entries[group as usize].iter();
                    let list: Vec<Entry> = list.filter(|e| e.family != family).copied().collect();
                    let (first, last) = sweep(&list, &HashSet::new()).best();
                    Gate {
                        before: (last < list.len()).then_some(last),
                        behind: first.checked_sub(1),
                        list,
                    }
                });
            }
        }
        Asked {
            sight: self,
            family,
            gates,
        }
    }
}

impl Asked<'_, '_, '_> {
    /// Children at the cut-offs.
    pub fn neighbours(&self) -> Vec<ChildIx> {
        let of_gate = |g: &Gate| {
            let ends = g.before.into_iter().chain(g.behind);
            ends.map(|at| g.list[at].child).collect::<Vec<_>>()
        };
        let mut list: Vec<ChildIx> = self.gates.values().flat_map(of_gate).collect();
        list.sort_unstable();
        list.dedup();
        list
    }

    /// How a key compares with somebody's in a group.
    fn compare(&self, key: &[i64], entry: &Entry) -> Ordering {
        if self.sight.pinned.contains(&entry.family) {
            return Ordering::Greater;
        }
        let theirs = self.sight.world.keys.of_choice(entry.choice);
        let theirs = theirs.iter().map(|&p| 2 * i64::from(p));
        let rank = std::iter::once(self.sight.rank(entry.choice));
        key.iter().copied().cmp(rank.chain(theirs))
    }

    /// Whether a placed child may have this key at a class.
    fn may_hold(&self, class: ClassIx, key: &[i64]) -> bool {
        let group = self.sight.world.market.classes[class as usize].group;
        self.gates.get(&group).is_none_or(|g| {
            let first = g.before.map(|at| &g.list[at]);
            first.is_none_or(|e| self.compare(key, e).is_le())
        })
    }

    /// Whether a child with this key at a class would have had to be placed.
    fn must_enter(&self, class: ClassIx, key: &[i64]) -> bool {
        let group = self.sight.world.market.classes[class as usize].group;
        self.sight.room.contains(&group)
            || self.gates.get(&group).is_some_and(|g| {
                let last = g.behind.map(|at| &g.list[at]);
                last.is_some_and(|e| self.compare(key, e).is_lt())
            })
    }

    /// Whether the staff's decision about the family is right with these keys.
    pub fn allows(&self, view: &View) -> bool {
        let world = self.sight.world;
        let market = &world.market;
        let family = &market.families[self.family as usize];
        if view.impossible {
            return false;
        }
        let key = |x: ChoiceIx| view.keys[(x - view.first) as usize].as_deref();
        let (mut obtained, mut unknown) = (Vec::new(), false);
        for c in family.children.clone() {
            let child = &market.children[c as usize];
            match world.truth.of[c as usize] {
                Known::At(class) if child.current != Some(class) => {
                    let mut own = child.choices.clone();
                    let x = own.find(|&x| market.choices[x as usize].class == class);
                    if !x.and_then(key).is_some_and(|k| self.may_hold(class, k)) {
                        return false;
                    }
                    obtained.push(Some(class));
                }
                Known::Unknown => unknown = true,
                _ => obtained.push(None),
            }
        }
        if !view.elsewhere.is_empty() {
            // What it would rather have had is not known without a choice for what it got.
            return view.elsewhere.iter().all(|(k, key)| self.may_hold(*k, key));
        }
        // Of a family of whom something is not known, nobody can say what it would rather have had.
        if unknown {
            return true;
        }
        let nursery = |k: ClassIx| market.classes[k as usize].nursery;
        for tuple in tuples(market, self.family, |x| key(x).is_some()).take(TUPLES_MAX) {
            let class = |s: &Slot| match s {
                Slot::Choice(x) => Some(market.choices[*x as usize].class),
                Slot::AsNow => None,
            };
            let pairs = tuple.iter().zip(&obtained);
            if pairs
                .clone()
                .all(|(s, o)| class(s).map(nursery) == o.map(nursery))
            {
                return true;
            }
            let enters = |(s, o): (&Slot, &Option<ClassIx>)| match s {
                Slot::AsNow => true,
                Slot::Choice(x) => {
                    let at = market.choices[*x as usize].class;
                    Some(at) == *o || key(*x).is_some_and(|k| self.must_enter(at, k))
                }
            };
            if pairs.clone().all(enters) {
                return false;
            }
        }
        // Nobody newly placed is the last resort.
        obtained.iter().all(Option::is_none)
    }

    /// Where a view puts the family in every group: equal signatures are equal orders.
    pub fn signature(&self, view: &View) -> Vec<Option<usize>> {
        let market = &self.sight.world.market;
        let place = |(at, key): (usize, &Option<Vec<i64>>)| {
            let class = market.choices[view.first as usize + at].class;
            let group = market.classes[class as usize].group;
            let (gate, key) = (self.gates.get(&group)?, key.as_ref()?);
            let before = |e: &Entry| self.compare(key, e).is_gt();
            Some(gate.list.partition_point(before))
        };
        view.keys.iter().enumerate().map(place).collect()
    }
}

/// Place of a value among those that occur.
fn place(places: &BTreeMap<Exact, i64>, value: Exact, higher_first: bool) -> i64 {
    if let Some(&place) = places.get(&value) {
        return place;
    }
    let below = places.range(..value).next_back().map(|(_, &p)| p);
    let above = places.range(value..).next().map(|(_, &p)| p);
    // Whichever way round the component is compared now.
    let ends = places.values().next().zip(places.values().next_back());
    let better_above = match ends {
        Some((low, high)) if low != high => high < low,
        _ => higher_first,
    };
    match (below, above) {
        (Some(a), Some(b)) if a == b => a,
        (Some(a), Some(b)) => a.min(b) + 1,
        (Some(a), None) if better_above => a - 1,
        (Some(a), None) => a + 1,
        (None, Some(b)) if better_above => b + 1,
        (None, Some(b)) => b - 1,
        (None, None) => 0,
    }
}
