//! What the decisions reveal, counted again under other orders without making a market of each.
//!
//! Promises come from here: how many families would stand on the wrong side of a cut-off if keys were compared
//! otherwise. It is the count of [`crate::evidence`] without seats and wishes, which no order of keys explains.

use super::Scene;
use crate::{
    evidence::{Entry, entries, sweep},
    truth::Known,
    world::World,
};
use enmusubi_market::{ChoiceIx, FamilyIx, GroupIx, Market};
use enmusubi_matching::Mechanism;
use std::{cmp::Ordering, collections::HashSet};

/// Where a column of an [`Order`] is read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Column {
    /// A component of the world's keys, by its position.
    Key(usize),
    /// The same the other way round.
    Flipped(usize),
    /// The choice rank.
    Rank,
    /// Whether the child is a transfer applicant: those first.
    TransfersFirst,
    /// Whether the child is a transfer applicant: those last.
    TransfersLast,
    /// Places given per entry.
    Given,
}

/// An order of entries: columns, the most important first.
pub(super) struct Order<'p> {
    /// The columns.
    pub columns: Vec<Column>,
    /// Per entry ([`Revealed::choices`]): its place in [`Column::Given`].
    pub given: &'p [u32],
}

impl Order<'_> {
    /// An order of columns alone.
    pub fn of(columns: Vec<Column>) -> Self {
        Self {
            columns,
            given: &[],
        }
    }
}

/// The entries of a world's decisions, with everything an order may compare.
pub(super) struct Revealed {
    /// Groups with somebody placed and somebody refused; those with oddities first. An entry's priority is its row.
    groups: Vec<Vec<Entry>>,
    /// How many groups have oddities.
    odd_groups: usize,
    /// Sum of the oddities of the groups.
    sum: u32,
    /// Families on the wrong side somewhere.
    units: u32,
    keys: usize,
    /// Rows of keys, then rank, then whether it is a transfer applicant.
    rows: Vec<u32>,
    /// Per row: its choice.
    choices: Vec<ChoiceIx>,
    /// Columns before all others: the mechanism's turns.
    turns: Vec<Column>,
}

impl Revealed {
    /// Reads a world's decisions, and what siblings could have had.
    pub fn of(scene: &Scene<'_, '_>) -> Self {
        let world = scene.world;
        let market = &world.market;
        let mut groups = entries(&world.market, &world.truth.of);
        for better in &scene.evidence.better {
            // They were refused because one of several classes was full: most likely the one where the
            // fewest stand behind them.
            let group = |x: ChoiceIx| market.group_of_choice(x) as usize;
            let behind = |x: ChoiceIx| {
                let priority = market.choices[x as usize].priority;
                let placed = groups[group(x)].iter().filter(|e| e.placed);
                placed.filter(|e| e.priority > priority).count()
            };
            let behind = better.iter().map(|&x| (behind(x), x));
            if let Some((_, x)) = behind.filter(|b| b.0 > 0).min()
                && let Some(entry) = refused(market, x)
            {
                groups[group(x)].push(entry);
            }
        }
        let both =
            |list: &Vec<Entry>| list.iter().any(|e| e.placed) && list.iter().any(|e| !e.placed);
        groups.retain(both);
        let keys = world.keys.components();
        let mut rows = Vec::new();
        let mut choices = Vec::new();
        for e in groups.iter_mut().flatten() {
            e.priority = choices.len() as u32;
            choices.push(e.choice);
            rows.extend_from_slice(world.keys.of_choice(e.choice));
            rows.push(market.choices[e.choice as usize].rank);
            rows.push(u32::from(
                market.children[e.child as usize].current.is_some(),
            ));
        }
        let turns = match world.mechanism {
            Mechanism::ChoiceOrder => vec![Column::Rank],
            Mechanism::Stable | Mechanism::IndexOrder => Vec::new(),
        };
        let mut revealed = Self {
            groups,
            odd_groups: 0,
            sum: u32::MAX,
            units: 0,
            keys,
            rows,
            choices,
            turns,
        };
        let as_it_is = Order::of((0..keys).map(Column::Key).collect());
        let order = revealed.with_turns(&as_it_is);
        let mut odd: Vec<(u32, Vec<Entry>)> = Vec::new();
        let mut fine = Vec::new();
        for mut list in std::mem::take(&mut revealed.groups) {
            revealed.sort(&mut list, &order);
            match sweep(&list, &HashSet::new()).least {
                0 => fine.push(list),
                least => odd.push((least, list)),
            }
        }
        revealed.sum = odd.iter().map(|o| o.0).sum();
        revealed.units = families_on_the_wrong_side(&mut odd);
        revealed.odd_groups = odd.len();
        revealed.groups = odd.into_iter().map(|o| o.1).collect();
        revealed.groups.append(&mut fine);
        revealed
    }

    /// Whether anybody is on a wrong side, so that an order might explain it.
    pub fn is_odd(&self) -> bool {
        self.sum > 0
    }

    /// Per entry: its choice.
    pub fn choices(&self) -> &[ChoiceIx] {
        &self.choices
    }

    /// Entries of the groups with oddities, in their present order.
    pub fn odd(&self) -> &[Vec<Entry>] {
        &self.groups[..self.odd_groups]
    }

    /// The columns of the keys as they are.
    pub fn columns(&self) -> Vec<Column> {
        (0..self.keys).map(Column::Key).collect()
    }

    /// How many fewer families would be on a wrong side under another order; 0 where it is none.
    pub fn gain(&self, order: &Order<'_>) -> u32 {
        let order = self.with_turns(order);
        let mut sum = 0;
        let mut odd = Vec::new();
        for (n, list) in self.groups.iter().enumerate() {
            // Groups without oddities only add.
            if n >= self.odd_groups && sum >= self.sum {
                return 0;
            }
            let mut list = list.clone();
            self.sort(&mut list, &order);
            let least = sweep(&list, &HashSet::new()).least;
            if least > 0 {
                sum += least;
                odd.push((least, list));
            }
        }
        if sum >= self.sum {
            return 0;
        }
        self.units
            .saturating_sub(families_on_the_wrong_side(&mut odd))
    }

    fn with_turns<'p>(&self, order: &Order<'p>) -> Order<'p> {
        let columns = self.turns.iter().chain(&order.columns);
        Order {
            columns: columns.copied().collect(),
            given: order.given,
        }
    }

    /// Best first; among equals those who are placed.
    fn sort(&self, list: &mut [Entry], order: &Order<'_>) {
        let width = self.keys + 2;
        let row = |e: &Entry| &self.rows[e.priority as usize * width..][..width];
        list.sort_unstable_by(|a, b| {
            let (x, y) = (row(a), row(b));
            let by = |column: &Column| match *column {
                Column::Key(at) => x[at].cmp(&y[at]),
                Column::Flipped(at) => y[at].cmp(&x[at]),
                Column::Rank => x[self.keys].cmp(&y[self.keys]),
                Column::TransfersFirst => y[self.keys + 1].cmp(&x[self.keys + 1]),
                Column::TransfersLast => x[self.keys + 1].cmp(&y[self.keys + 1]),
                Column::Given => {
                    let place = |e: &Entry| order.given[e.priority as usize];
                    place(a).cmp(&place(b))
                }
            };
            let keys = order.columns.iter().map(by);
            let mut keys = keys.filter(|o| o.is_ne());
            let key = keys.next().unwrap_or(Ordering::Equal);
            key.then_with(|| (!a.placed, a.child).cmp(&(!b.placed, b.child)))
        });
    }
}

/// Families on a wrong side somewhere, each once: the groups with the clearest answers say first who.
fn families_on_the_wrong_side(odd: &mut [(u32, Vec<Entry>)]) -> u32 {
    odd.sort_by_key(|o| o.0);
    let mut families: HashSet<FamilyIx> = HashSet::new();
    for (_, list) in odd {
        let swept = sweep(list, &families);
        let wrong = swept.wrong(list);
        families.extend(wrong.into_iter().map(|at| list[at].family));
    }
    families.len() as u32
}

/// A choice as one that was refused.
fn refused(market: &Market, x: ChoiceIx) -> Option<Entry> {
    let children = &market.children;
    let child = children.partition_point(|c| c.choices.end <= x);
    let choice = market.choices[x as usize];
    Some(Entry {
        priority: choice.priority,
        placed: false,
        child: child as u32,
        family: children.get(child)?.family,
        class: choice.class,
        choice: x,
    })
}

/// Whether a child is a transfer applicant.
pub(super) fn is_transfer(market: &Market, child: u32) -> bool {
    market.children[child as usize].current.is_some()
}

/// Whether anybody is a transfer applicant.
pub(super) fn has_transfers(market: &Market) -> bool {
    market.children.iter().any(|c| c.current.is_some())
}

/// Units left (beyond: negative) in each group after the decisions. `refill`: as if every class were
/// refilled, or none.
pub(super) fn rooms(world: &World<'_>, refill: Option<bool>) -> Vec<i64> {
    let market = &world.market;
    let seats = market.groups.iter().map(|g| g.seats as i64);
    let mut rooms: Vec<i64> = seats.collect();
    for (child, known) in market.children.iter().zip(&world.truth.of) {
        let mut add = |class: u32, sign: i64| {
            let k = &market.classes[class as usize];
            let holds = child.current != Some(class) || refill.unwrap_or(k.refill);
            if holds {
                rooms[k.group as usize] += sign * k.weight as i64;
            }
        };
        if let Some(k) = child.current {
            add(k, 1);
        }
        let placed = match known {
            Known::At(k) => Some(*k),
            Known::Unknown => child.current,
            Known::Nowhere | Known::Elsewhere => None,
        };
        if let Some(k) = placed {
            add(k, -1);
        }
    }
    rooms
}

/// Groups whose numbers would not fit: too many placed, or a seat left that an only child was refused.
pub(super) fn crowds(world: &World<'_>, refill: Option<bool>) -> u32 {
    let rooms = rooms(world, refill);
    let entries = entries(&world.market, &world.truth.of);
    let wanted = |g: usize| {
        let weight = |e: &Entry| world.market.classes[e.class as usize].weight as i64;
        let mut refused = entries[g].iter().filter(|e| !e.placed);
        refused.any(|e| weight(e) <= rooms[g])
    };
    let odd = (0..rooms.len()).filter(|&g| rooms[g] < 0 || rooms[g] > 0 && wanted(g));
    odd.count() as u32
}

/// The classes of each group.
pub(super) fn classes_of(market: &Market, group: GroupIx) -> Vec<u32> {
    let classes = 0..market.classes.len() as u32;
    let of = classes.filter(|&k| market.classes[k as usize].group == group);
    of.collect()
}
