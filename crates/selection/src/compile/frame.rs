//! Classes and seat groups: where seats are.

use super::{CompileError, judged::Judged, order::Order};
use enmusubi_domain::{Rational, rational::lcm};
use enmusubi_market::{Class, ClassIx, Group};
use std::collections::{HashMap, HashSet};

/// Classes and groups, and where a nursery's classes are.
pub(super) struct Frame {
    pub classes: Vec<Class>,
    pub groups: Vec<Group>,
    /// Per market nursery × age: its classes in the order a choice expands into.
    expansion: Vec<Vec<Cell>>,
}

/// One class in the expansion of a nursery.
#[derive(Clone, Copy)]
pub(super) struct Cell {
    pub class: ClassIx,
    /// Position in the pools; `None` for the ordinary seats.
    pub pool: Option<u32>,
}

impl Frame {
    pub fn build(judged: &Judged<'_>, order: &Order, errors: &mut Vec<CompileError>) -> Self {
        let seats_of = &judged.seats;
        let mut pools_of: HashMap<u32, Vec<u32>> = HashMap::new();
        for (p, pool) in seats_of.pools.iter().enumerate() {
            pools_of.entry(pool.nursery).or_default().push(p as u32);
        }
        let no_refill: HashSet<(u32, u8)> = seats_of.no_refill.iter().copied().collect();

        let mut classes = Vec::new();
        let mut seats = Vec::new();
        let mut expansion = Vec::with_capacity(order.nurseries.len() * 6);
        for (at, &n) in order.nurseries.iter().enumerate() {
            let pools = pools_of.get(&n).map_or(&[][..], Vec::as_slice);
            for age in 0..6u8 {
                let a = usize::from(age);
                let mut ordinary = seats_of.offered[n as usize][a];
                let mut cells = Vec::with_capacity(1);
                let mut add = |pool: Option<u32>, count: u32, cells: &mut Vec<Cell>| {
                    cells.push(Cell {
                        class: classes.len() as u32,
                        pool,
                    });
                    seats.push(count);
                    classes.push(Class {
                        nursery: at as u32,
                        age,
                        pool: pool.map(|p| seats_of.pools[p as usize].id.into()),
                        group: u32::MAX,
                        weight: 1,
                        refill: !no_refill.contains(&(n, age)),
                    });
                };
                for &p in pools {
                    let pool = &seats_of.pools[p as usize];
                    if let (true, Some(count)) = (pool.within, pool.seats[a]) {
                        match ordinary.checked_sub(count) {
                            Some(rest) => ordinary = rest,
                            None => errors.push(CompileError::PoolTooLarge {
                                nursery: judged.nurseries[n as usize].id.into(),
                                pool: pool.id.into(),
                            }),
                        }
                    }
                }
                for after in [false, true] {
                    for &p in pools {
                        let pool = &seats_of.pools[p as usize];
                        if let (true, Some(count)) = (pool.after_ordinary == after, pool.seats[a]) {
                            add(Some(p), count, &mut cells);
                        }
                    }
                    if !after {
                        add(None, ordinary, &mut cells);
                    }
                }
                expansion.push(cells);
            }
        }

        let mut frame = Self {
            classes,
            groups: Vec::new(),
            expansion,
        };
        frame.declared_groups(judged, order, &seats, errors);
        for (class, &count) in frame.classes.iter_mut().zip(&seats) {
            if class.group == u32::MAX {
                class.group = frame.groups.len() as u32;
                frame.groups.push(Group {
                    seats: u64::from(count),
                    unit: 1,
                });
            }
        }
        frame.number_groups();
        frame
    }

    /// Groups the rules declare: weights and capacity to one common denominator each.
    fn declared_groups(
        &mut self,
        judged: &Judged<'_>,
        order: &Order,
        seats: &[u32],
        errors: &mut Vec<CompileError>,
    ) {
        for rule in judged.seats.groups.iter() {
            let at = order.nursery_at[rule.nursery as usize];
            let group = self.groups.len() as u32;
            let mut members = Vec::with_capacity(rule.members.len());
            for &(age, pool, weight) in &rule.members {
                let cell = self.cells(at, age).iter().find(|c| c.pool == pool).copied();
                match cell {
                    Some(c) if self.classes[c.class as usize].group == u32::MAX => {
                        self.classes[c.class as usize].group = group;
                        members.push((c.class, weight));
                    }
                    _ => errors.push(CompileError::GroupMember {
                        group: rule.label.clone(),
                    }),
                }
            }
            match weigh(&members, rule.capacity, seats) {
                Some((unit, weights, capacity)) => {
                    for (&(class, _), weight) in members.iter().zip(weights) {
                        self.classes[class as usize].weight = weight;
                    }
                    self.groups.push(Group {
                        seats: capacity,
                        unit,
                    });
                }
                None => {
                    errors.push(CompileError::GroupTooLarge {
                        group: rule.label.clone(),
                    });
                    self.groups.push(Group { seats: 0, unit: 1 });
                }
            }
        }
    }

    /// Numbers the groups by their first class, so that neither the order of the rule file nor
    /// whether a group is declared shows in the market.
    fn number_groups(&mut self) {
        let mut new = vec![u32::MAX; self.groups.len()];
        let mut sorted = Vec::with_capacity(self.groups.len());
        for class in &mut self.classes {
            let number = &mut new[class.group as usize];
            if *number == u32::MAX {
                *number = sorted.len() as u32;
                sorted.push(self.groups[class.group as usize].clone());
            }
            class.group = *number;
        }
        self.groups = sorted;
    }

    pub fn cells(&self, nursery: u32, age: u8) -> &[Cell] {
        &self.expansion[nursery as usize * 6 + usize::from(age)]
    }

    /// The ordinary seats: where a transfer applicant of this nursery sits now.
    pub fn ordinary(&self, nursery: u32, age: u8) -> Option<ClassIx> {
        self.cells(nursery, age)
            .iter()
            .find(|c| c.pool.is_none())
            .map(|c| c.class)
    }
}

/// Unit, weights in units, capacity in units of one group; `None` where they do not fit.
fn weigh(
    members: &[(ClassIx, Rational)],
    capacity: Option<Rational>,
    seats: &[u32],
) -> Option<(u64, Vec<u64>, u64)> {
    let mut unit = capacity.map_or(1, Rational::denominator);
    for (_, weight) in members {
        unit = lcm(unit, weight.denominator())?;
    }
    let weights: Vec<u64> = members
        .iter()
        .map(|(_, w)| w.in_units(unit))
        .collect::<Option<_>>()?;
    let capacity = match capacity {
        Some(c) => c.in_units(unit)?,
        None => members
            .iter()
            .zip(&weights)
            .try_fold(0u64, |sum, (&(class, _), &w)| {
                sum.checked_add(w.checked_mul(u64::from(seats[class as usize]))?)
            })?,
    };
    // The engine adds the weights of thousands of children: leave it room.
    let room = |v: u64| v <= u64::from(u32::MAX);
    (room(unit) && room(capacity) && weights.iter().all(|&w| room(w)))
        .then_some((unit, weights, capacity))
}
