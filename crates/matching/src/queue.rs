//! The queue heuristic: families propose, groups refuse, until nobody wants to move.
//!
//! Of the Roth–Peranson family (1999): each family takes its best acceptable tuple; a family that
//! loses one seat gives up all of them and queues again; families that prefer something in a
//! group where a seat fell free are looked at again. When the queue is empty the placement is
//! stable. Families are taken from the queue in a seeded random order: last-in-first-out starves
//! on local cycles. The seed is a constant, so the result depends on the market alone.

use crate::flat::{Flat, NONE};
use crate::open::{Fixed, Part};

/// Not placed yet, not even at the last resort.
const NOWHERE: u32 = u32::MAX;

/// Positions (of [`Part`]) held, one per part family, if the heuristic came to rest.
pub(crate) fn settle(
    flat: &Flat<'_>,
    fixed: &Fixed,
    part: &Part,
    seed: u64,
    proposals_max: u64,
    proposals: &mut u64,
) -> Option<Vec<u32>> {
    let mut q = Rounds::new(flat, fixed, part, seed);
    let limit = *proposals + proposals_max;
    while let Some(f) = q.pop() {
        if q.examine(f) {
            *proposals += 1;
            if *proposals >= limit {
                return None;
            }
        }
    }
    // Ghosts are refused by whoever holds the seats in the end; look once more at everything.
    let stable = (0..part.families()).all(|f| q.best(f).is_none());
    stable.then_some(q.at)
}

/// A rest of the queue that wrongs somebody.
pub(crate) struct Rest {
    /// Positions (of [`Part`]) held, one per part family.
    pub at: Vec<u32>,
    /// Part families that would still move: those wronged.
    pub wronged: Vec<u32>,
}

/// Brings the queue to rest: whenever it does not for long, the family that has moved most (a sibling
/// family before an only child) is not asked any more. `None` if it never rests.
pub(crate) fn rest(flat: &Flat<'_>, fixed: &Fixed, part: &Part) -> Option<Rest> {
    let mut q = Rounds::new(flat, fixed, part, 0x7265_7374);
    let mut moves = vec![0u32; part.fam.len()];
    let patience = 8 * part.families() + 1_000;
    let mut left = patience;
    while let Some(f) = q.pop() {
        if q.resting[f as usize] {
            if q.at[f as usize] == NOWHERE {
                // The last resort, or the present seat, is never refused.
                q.take(f, part.positions(f).end - 1);
            }
        } else if q.examine(f) {
            moves[f as usize] += 1;
            left -= 1;
        }
        if left == 0 {
            let several = |f: u32| flat.children(part.fam[f as usize]).len() > 1;
            let most = (0..part.families())
                .filter(|&f| !q.resting[f as usize])
                .max_by_key(|&f| (moves[f as usize] * (1 + u32::from(several(f))), f))?;
            q.resting[most as usize] = true;
            moves.fill(0);
            left = patience;
        }
    }
    // Whoever would still move is wronged by what rests: a ghost's family, or one that rests.
    let wronged = (0..part.families())
        .filter(|&f| q.best(f).is_some())
        .collect();
    Some(Rest { at: q.at, wronged })
}

/// Part families that block when these positions are held.
pub(crate) fn blocking(flat: &Flat<'_>, fixed: &Fixed, part: &Part, at: &[u32]) -> Vec<u32> {
    let mut q = Rounds::new(flat, fixed, part, 0);
    for (f, &p) in at.iter().enumerate() {
        q.at[f] = p;
        q.sit(f as u32, p);
    }
    (0..part.families())
        .filter(|&f| q.best(f).is_some())
        .collect()
}

/// Who sits in a group: (place, part family), best first; settled families have `NONE`.
type Seats = Vec<(u32, u32)>;

pub(crate) struct Rounds<'a, 'm> {
    flat: &'a Flat<'m>,
    part: &'a Part,
    /// Flat group → index in `seats`.
    index: std::collections::HashMap<u32, u32>,
    seats: Vec<Seats>,
    load: Vec<i64>,
    /// Group index → part families with an option there.
    watchers: Vec<Vec<u32>>,
    /// Part family → position held.
    at: Vec<u32>,
    queue: Vec<u32>,
    queued: Vec<bool>,
    /// Part family → not asked to move any more.
    resting: Vec<bool>,
    random: u64,
}

impl<'a, 'm> Rounds<'a, 'm> {
    pub(crate) fn new(flat: &'a Flat<'m>, fixed: &Fixed, part: &'a Part, seed: u64) -> Self {
        let index = part
            .groups
            .iter()
            .enumerate()
            .map(|(i, &g)| (g, i as u32))
            .collect();
        let mut rounds = Self {
            flat,
            part,
            index,
            seats: Vec::with_capacity(part.groups.len()),
            load: Vec::with_capacity(part.groups.len()),
            watchers: vec![Vec::new(); part.groups.len()],
            at: vec![NOWHERE; part.fam.len()],
            queue: (0..part.families()).rev().collect(),
            queued: vec![true; part.fam.len()],
            resting: vec![false; part.fam.len()],
            random: seed,
        };
        for &g in &part.groups {
            rounds
                .seats
                .push(fixed.of(g).iter().map(|&p| (p, NONE)).collect());
            rounds.load.push(fixed.before(flat, g, u32::MAX));
        }
        for f in 0..part.families() {
            for p in part.positions(f) {
                for &x in part.tuple(p).iter().filter(|&&x| x != NONE) {
                    let g = rounds.index[&flat.opt_group[x as usize]] as usize;
                    if rounds.watchers[g].last() != Some(&f) {
                        rounds.watchers[g].push(f);
                    }
                }
            }
        }
        rounds
    }

    fn pop(&mut self) -> Option<u32> {
        if self.queue.is_empty() {
            return None;
        }
        // SplitMix64 (Steele, Lea, Flood 2014).
        self.random = self.random.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.random;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        let k = ((z ^ (z >> 31)) % self.queue.len() as u64) as usize;
        let f = self.queue.swap_remove(k);
        self.queued[f as usize] = false;
        Some(f)
    }

    fn push(&mut self, f: u32) {
        if !std::mem::replace(&mut self.queued[f as usize], true) {
            self.queue.push(f);
        }
    }

    fn weight(&self, place: u32) -> i64 {
        i64::from(self.flat.opt_weight[self.flat.sorted[place as usize] as usize])
    }

    /// Would the seats be given to the family? (Blocking test; own present seats do not count.)
    fn acceptable(&self, f: u32, position: u32) -> bool {
        self.flat
            .demand(self.part.tuple(position))
            .iter()
            .all(|&(g, worst, own)| {
                let i = self.index[&g] as usize;
                let cap = self.flat.cap[g as usize];
                if self.load[i] + own <= cap {
                    return true;
                }
                let end = self.flat.better_end(worst);
                let seats = self.seats[i]
                    .iter()
                    .take_while(|s| s.0 < end)
                    .filter(|s| s.1 != f);
                let better: i64 = seats.map(|s| self.weight(s.0)).sum();
                better + own <= cap
            })
    }

    /// The best position the family would be given that is better than what it holds.
    fn best(&self, f: u32) -> Option<u32> {
        let at = self.at[f as usize];
        let better = self.part.positions(f).take_while(|&p| p < at);
        better.into_iter().find(|&p| self.acceptable(f, p))
    }

    /// Lets a family move to its best acceptable position; true if it moved.
    fn examine(&mut self, f: u32) -> bool {
        let at = self.at[f as usize];
        let mut positions = self.part.positions(f).take_while(|&p| p < at);
        let part = self.part;
        let Some(p) = positions.find(|&p| !part.ghost[p as usize] && self.acceptable(f, p)) else {
            return false;
        };
        self.leave(f);
        self.take(f, p);
        true
    }

    /// Gives the family the seats of a position; whoever has no room any more loses all of its own and queues.
    fn take(&mut self, f: u32, p: u32) {
        self.at[f as usize] = p;
        self.sit(f, p);
        let part = self.part;
        for &x in part.tuple(p).iter().filter(|&&x| x != NONE) {
            let g = self.flat.opt_group[x as usize];
            let i = self.index[&g] as usize;
            while self.load[i] > self.flat.cap[g as usize] {
                let worst = self.seats[i]
                    .iter()
                    .rev()
                    .find(|s| s.1 != f && s.1 != NONE && self.weight(s.0) > 0);
                let Some(&(_, out)) = worst else { break };
                self.leave(out);
                self.at[out as usize] = NOWHERE;
                self.push(out);
            }
        }
    }

    /// Enters the family in the seats of a position.
    fn sit(&mut self, f: u32, position: u32) {
        let part = self.part;
        for &x in part.tuple(position).iter().filter(|&&x| x != NONE) {
            let i = self.index[&self.flat.opt_group[x as usize]] as usize;
            let place = self.flat.opt_pos[x as usize];
            let k = self.seats[i].partition_point(|s| s.0 < place);
            self.seats[i].insert(k, (place, f));
            self.load[i] += self.weight(place);
        }
    }

    /// Empties the family's seats and wakes whoever may want them.
    fn leave(&mut self, f: u32) {
        let at = self.at[f as usize];
        if at == NOWHERE {
            return;
        }
        let part = self.part;
        for &x in part.tuple(at).iter().filter(|&&x| x != NONE) {
            let i = self.index[&self.flat.opt_group[x as usize]] as usize;
            let place = self.flat.opt_pos[x as usize];
            let k = self.seats[i].partition_point(|s| s.0 < place);
            debug_assert_eq!(self.seats[i][k], (place, f));
            self.seats[i].remove(k);
            self.load[i] -= self.weight(place);
            for w in 0..self.watchers[i].len() {
                let watcher = self.watchers[i][w];
                self.push(watcher);
            }
        }
    }
}
