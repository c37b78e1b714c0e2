//! Who holds which seats of a group, ordered by priority, and the question "would these
//! children have a seat here?".
//!
//! This is the blocking test of the selection model (section 2) in the form explanations need:
//! it not only answers yes or no but names the *critical holder*, the best-placed child that
//! would have to be outranked.

use enmusubi_market::{
    ChildIx, ChoiceIx, ClassIx, GroupIx, Market, Placement, Slot, TieReading, Wish,
};

/// Marks a holder that stays in its own current class.
const STAYS: ChoiceIx = ChoiceIx::MAX;

/// A child in a group of the placement.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Held {
    /// Pass in the upper half, priority in the lower (0 for one who stays): smaller is better.
    key: u64,
    /// Weight of this holder and of all before it in the group.
    upto: u64,
    /// Its own weight.
    weight: u64,
    /// The child.
    pub child: ChildIx,
    /// The choice it was placed at, or [`STAYS`].
    choice: ChoiceIx,
}

impl Held {
    /// The choice it was placed at; `None` where it keeps its current class.
    pub fn choice(&self) -> Option<ChoiceIx> {
        (self.choice != STAYS).then_some(self.choice)
    }

    /// The pass it was decided in.
    pub fn pass(&self) -> u8 {
        (self.key >> 32) as u8
    }
}

/// Why a group has no room.
#[derive(Debug, Clone, Copy)]
pub(crate) enum NoRoom {
    /// Outranking this holder would make room.
    Critical(Held),
    /// Seats went to children of earlier passes.
    EarlierPass,
    /// No seat is left beside those who stay, and there is none at all.
    NoSeats,
    /// Some seats are left, but fewer than these children need.
    TooFew,
}

/// All groups of a placement.
pub(crate) struct Standings<'a> {
    market: &'a Market,
    first: Vec<u32>,
    held: Vec<Held>,
    /// Capacity per pass and group: declared seats and the refilled seats of transfer applicants
    /// decided up to that pass. Later transfer applicants' seats are neither offered nor held.
    capacity: Vec<u64>,
    passes: u8,
    /// Per child: the choice it obtained ([`STAYS`] for current or none).
    obtained: Vec<ChoiceIx>,
}

impl<'a> Standings<'a> {
    pub fn new(market: &'a Market, placement: &Placement) -> Self {
        let groups = market.groups.len();
        let passes = market.families.iter().map(|f| f.pass).max().unwrap_or(0) + 1;
        let mut added = vec![0u64; groups * passes as usize];
        let mut count = vec![0u32; groups + 1];
        let mut obtained = vec![STAYS; market.children.len()];
        for (c, child) in market.children.iter().enumerate() {
            if let Some(k) = child.current {
                let class = &market.classes[k as usize];
                if class.refill {
                    let pass = market.families[child.family as usize].pass as usize;
                    added[pass * groups + class.group as usize] += class.weight;
                }
            }
            if let Some(k) = placement.class[c] {
                count[market.classes[k as usize].group as usize + 1] += 1;
                if child.current != Some(k) {
                    let at = market
                        .choices_of(c as ChildIx)
                        .iter()
                        .position(|x| x.class == k);
                    if let Some(at) = at {
                        obtained[c] = child.choices.start + at as u32;
                    }
                }
            }
        }
        for family in &market.families {
            // A list may give one class with two priorities; then the list says which.
            let Wish::Listed(list) = &family.wish else {
                continue;
            };
            let gives = |tuple: &&[Slot]| {
                let mut slots = family.children.clone().zip(tuple.iter());
                slots.all(|(c, &s)| market.class_of(c, s) == placement.of(c))
            };
            for (c, slot) in family
                .children
                .clone()
                .zip(list.iter().map(|t| &**t).find(gives).into_iter().flatten())
            {
                if let Slot::Choice(x) = *slot {
                    obtained[c as usize] = x;
                }
            }
        }
        let mut capacity = vec![0u64; groups * passes as usize];
        for g in 0..groups {
            let mut sum = market.groups[g].seats;
            for p in 0..passes as usize {
                sum += added[p * groups + g];
                capacity[p * groups + g] = sum;
            }
        }
        for g in 0..groups {
            count[g + 1] += count[g];
        }
        let first = count.clone();
        let total = first[groups] as usize;
        let empty = Held {
            key: 0,
            upto: 0,
            weight: 0,
            child: 0,
            choice: STAYS,
        };
        let mut held = vec![empty; total];
        let mut next = count;
        for (c, child) in market.children.iter().enumerate() {
            let Some(k) = placement.class[c] else {
                continue;
            };
            let pass = u64::from(market.families[child.family as usize].pass);
            let choice = obtained[c];
            let priority = match choice {
                STAYS => 0,
                x => u64::from(market.choices[x as usize].priority),
            };
            let g = market.classes[k as usize].group as usize;
            let weight = market.weight(c as ChildIx, k);
            let key = pass << 32 | priority;
            held[next[g] as usize] = Held {
                key,
                upto: 0,
                weight,
                child: c as ChildIx,
                choice,
            };
            next[g] += 1;
        }
        for g in 0..groups {
            let part = &mut held[first[g] as usize..first[g + 1] as usize];
            part.sort_unstable_by_key(|h| (h.key, h.child));
            let mut sum = 0;
            for h in part {
                sum += h.weight;
                h.upto = sum;
            }
        }
        Self {
            market,
            first,
            held,
            capacity,
            passes,
            obtained,
        }
    }

    /// The choice a child obtained; `None` where it keeps its current class or has none.
    pub fn obtained(&self, child: ChildIx) -> Option<ChoiceIx> {
        let x = self.obtained[child as usize];
        (x != STAYS).then_some(x)
    }

    /// Holders of a group, best first.
    pub fn holders(&self, group: GroupIx) -> &[Held] {
        &self.held[self.first[group as usize] as usize..self.first[group as usize + 1] as usize]
    }

    /// Capacity in units in the families' own pass.
    pub fn capacity(&self, group: GroupIx, pass: u8) -> u64 {
        self.capacity[pass as usize * self.market.groups.len() + group as usize]
    }

    /// Capacity in units after the last pass: every refilled seat included.
    pub fn full_capacity(&self, group: GroupIx) -> u64 {
        self.capacity(group, self.passes - 1)
    }

    /// Would children of one family, of this joint weight and this lowest priority (larger
    /// number = lower), have room in the group? The family's own present seats do not count.
    pub fn room(
        &self,
        group: GroupIx,
        family: u32,
        lowest: u32,
        weight: u64,
    ) -> Result<(), NoRoom> {
        let market = self.market;
        let family_data = &market.families[family as usize];
        let pass = family_data.pass;
        let mark = u64::from(pass) << 32 | u64::from(lowest);
        let held = self.holders(group);
        let better = match market.ties {
            TieReading::Strict => held.partition_point(|h| h.key < mark),
            TieReading::Equal => held.partition_point(|h| h.key <= mark),
        };
        let capacity = self.capacity(group, pass);
        let own = |h: &Held| family_data.children.contains(&h.child);
        let before = if better == 0 {
            0
        } else {
            held[better - 1].upto
        };
        if before + weight <= capacity {
            return Ok(());
        }
        // The sum includes the family's own seats; count again without them.
        let mut sum = weight;
        let mut critical = None;
        if sum > capacity {
            return Err(if capacity == 0 {
                NoRoom::NoSeats
            } else {
                NoRoom::TooFew
            });
        }
        let mut earlier = false;
        for h in held[..better].iter().filter(|h| !own(h)) {
            sum += h.weight;
            earlier |= h.pass() < pass && h.choice().is_some();
            if sum > capacity {
                critical = Some(*h);
                break;
            }
        }
        match critical {
            None => Ok(()),
            Some(h) if h.pass() < pass && h.choice().is_some() => Err(NoRoom::EarlierPass),
            Some(h) if h.choice().is_some() => Err(NoRoom::Critical(h)),
            // A stayer can be outranked by nobody: what is short are the seats beside them.
            Some(_) if earlier => Err(NoRoom::EarlierPass),
            Some(_) => Err(self.beside_stayers(group, family, capacity)),
        }
    }

    /// Nothing but stayers stands before these children: is any seat left beside them?
    fn beside_stayers(&self, group: GroupIx, family: u32, capacity: u64) -> NoRoom {
        let own = &self.market.families[family as usize].children;
        let pass = self.market.families[family as usize].pass;
        let stay: u64 = self
            .holders(group)
            .iter()
            .filter(|h| h.choice().is_none() && h.pass() <= pass && !own.contains(&h.child))
            .map(|h| h.weight)
            .sum();
        if stay >= capacity {
            NoRoom::NoSeats
        } else {
            NoRoom::TooFew
        }
    }

    /// Class a holder sits in.
    pub fn class_of(&self, held: &Held) -> Option<ClassIx> {
        match held.choice() {
            Some(x) => Some(self.market.choices[x as usize].class),
            None => self.market.children[held.child as usize].current,
        }
    }
}
