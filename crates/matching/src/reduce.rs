//! List reduction: delete positions that no stable placement can use.
//!
//! Gale–Shapley's list reduction (Gale & Shapley 1962; Irving's "shortlists"), extended to
//! families with several children, to groups with weights and to ties. Everything here is true
//! of *every* stable placement; nothing is assumed about which one will be chosen.
//!
//! # Facts kept per group
//!
//! * A **claim** is an option `x` of family `o` with the property: in every stable placement
//!   either `x` is held or its group is full of strictly better children of others. There are
//!   two kinds. *Always held*: every remaining position of `o` contains `x`. *First choice*: the
//!   first remaining position of `o` sends only `x` to the group and is surely accepted in every
//!   other group it uses; if `o` does not get it, it must be refused in this group.
//! * The **cut**: from here on nobody can be seated. In a uniform group with capacity `q`, an
//!   option with `q` claims strictly better than it is never held: if it were, one claimant would
//!   be out, so `q` children strictly better than that claimant sit there, and with the option
//!   itself that is `q + 1`. With weights only always-held claims count (a heavy claimant can be
//!   refused where a light child still fits).
//! * The **accept line**: children up to here fit even if everyone better or equal comes.
//!
//! A position is *surely rejected* if an option of it is behind its cut (or, with several siblings
//! in one group, claims + own weight exceed the capacity), *surely accepted* if in each of its
//! groups everyone possibly better or equal, together with the siblings, fits; then later
//! positions go. Both only ever delete, so the result does not depend on the order of work.
//!
//! # Ghosts
//!
//! A surely rejected position is never held. Usually it cannot *block* either: the group is full
//! of better children of others. The exception: the better children are the family's own (a
//! twin's sibling in the same group). Such positions are kept as ghosts: not held, but the exact
//! search must still see them refused.
//!
//! None of this is valid once a family is allowed to block; such families are *exempt*: they make
//! no claims and their lists are not cut short.

use enmusubi_market::tuples::tuples;

use crate::flat::{Flat, NONE, STAY};

/// Remaining positions of a family that is not simple (several children, mostly).
#[derive(Debug, Clone, Default)]
pub(crate) struct List {
    /// `children` options per tuple, best first; the last resort included while possible.
    pub slots: Vec<u32>,
    /// Per tuple: kept only because it may block.
    pub ghost: Vec<bool>,
}

impl List {
    pub(crate) fn tuples(&self, n: usize) -> impl Iterator<Item = (&[u32], bool)> {
        self.slots.chunks_exact(n).zip(self.ghost.iter().copied())
    }
}

/// What the reduction left.
pub(crate) struct Reduced<'f, 'm> {
    pub flat: &'f Flat<'m>,
    /// Option → still part of a remaining position.
    pub alive: Vec<bool>,
    /// Family → may an only child still end without a class?
    pub open_end: Vec<bool>,
    /// Family → remaining tuples (families that are not simple).
    pub lists: Vec<List>,
    /// A family all of whose positions were deleted: proof that nothing is stable.
    pub contradiction: Option<u32>,
    claimed: Vec<bool>,
    cut: Vec<u32>,
    claims: Vec<i64>,
    acc: Vec<u32>,
    acc_sum: Vec<i64>,
    exempt: Vec<bool>,
    listed: bool,
    group_queue: Queue,
    family_queue: Queue,
}

/// Work list without duplicates.
struct Queue {
    items: Vec<u32>,
    queued: Vec<bool>,
}

impl Queue {
    fn new(n: usize) -> Self {
        Self {
            items: Vec::new(),
            queued: vec![false; n],
        }
    }
    fn push(&mut self, x: u32) {
        if !std::mem::replace(&mut self.queued[x as usize], true) {
            self.items.push(x);
        }
    }
    fn pop(&mut self) -> Option<u32> {
        let x = self.items.pop()?;
        self.queued[x as usize] = false;
        Some(x)
    }
}

/// Reduces the lists to a fixpoint.
pub(crate) fn reduce<'f, 'm>(flat: &'f Flat<'m>, exempt: Vec<bool>) -> Reduced<'f, 'm> {
    let groups = flat.group.len();
    let families = flat.fam.len();
    let mut r = Reduced {
        flat,
        alive: vec![true; flat.opt_choice.len()],
        open_end: (0..flat.families())
            .map(|f| flat.stay(flat.children(f).start) == NONE)
            .collect(),
        lists: vec![List::default(); families],
        contradiction: None,
        claimed: vec![false; flat.opt_choice.len()],
        cut: flat.group_start[1..].to_vec(),
        claims: vec![0; groups],
        acc: flat.group_start[..groups].to_vec(),
        acc_sum: vec![0; groups],
        exempt,
        listed: false,
        group_queue: Queue::new(groups),
        family_queue: Queue::new(families),
    };
    for g in 0..groups as u32 {
        r.group_queue.push(g);
    }
    for f in 0..flat.families() {
        if flat.simple[f as usize] {
            r.family_queue.push(f);
        }
    }
    r.run();
    r.listed = true;
    for f in 0..flat.families() {
        if !flat.simple[f as usize] {
            r.make_list(f);
            r.family_queue.push(f);
        }
    }
    r.run();
    if r.contradiction.is_none() {
        for f in 0..flat.families() {
            if !flat.simple[f as usize] {
                r.drop_idle_ghosts(f);
            }
        }
    }
    r
}

impl Reduced<'_, '_> {
    fn run(&mut self) {
        while self.contradiction.is_none() {
            if let Some(f) = self.family_queue.pop() {
                if self.flat.simple[f as usize] {
                    self.refresh_simple(f);
                } else if self.listed {
                    self.refresh_list(f);
                }
            } else if let Some(g) = self.group_queue.pop() {
                self.raise_cut(g);
                self.raise_accept_line(g);
            } else {
                return;
            }
        }
    }

    fn delete(&mut self, x: u32) {
        if std::mem::replace(&mut self.alive[x as usize], false) {
            let g = self.flat.opt_group[x as usize];
            if self.flat.opt_pos[x as usize] < self.acc[g as usize] {
                self.acc_sum[g as usize] -= i64::from(self.flat.opt_weight[x as usize]);
            }
            self.group_queue.push(g);
            self.family_queue.push(self.flat.opt_fam[x as usize]);
        }
    }

    fn claim(&mut self, x: u32) {
        if !std::mem::replace(&mut self.claimed[x as usize], true) {
            let g = self.flat.opt_group[x as usize];
            if self.flat.opt_pos[x as usize] < self.cut[g as usize] {
                self.claims[g as usize] += i64::from(self.flat.opt_weight[x as usize]);
                self.group_queue.push(g);
            }
        }
    }

    fn weight(&self, place: u32) -> i64 {
        i64::from(self.flat.opt_weight[self.flat.sorted[place as usize] as usize])
    }

    /// Deletes what is behind the claims of a group.
    fn raise_cut(&mut self, g: u32) {
        let flat = self.flat;
        let gi = g as usize;
        let cap = flat.cap[gi];
        let places = flat.group_places(g);
        if flat.uniform[gi] {
            while self.cut[gi] > places.start && self.claims[gi] >= cap {
                let end = self.cut[gi];
                let start = flat.block_start[end as usize - 1];
                if flat.opt_choice[flat.sorted[start as usize] as usize] == STAY {
                    break;
                }
                let inside: i64 = (start..end)
                    .filter(|&p| self.claimed[flat.sorted[p as usize] as usize])
                    .map(|p| self.weight(p))
                    .sum();
                if self.claims[gi] - inside < cap {
                    break;
                }
                self.claims[gi] -= inside;
                self.cut[gi] = start;
                for p in start..end {
                    self.delete(flat.sorted[p as usize]);
                }
            }
        } else {
            let mut better = 0;
            let mut p = places.start;
            while p < places.end {
                let end = flat.block_end[p as usize];
                let mut claimed = 0;
                for q in p..end {
                    let x = flat.sorted[q as usize];
                    if self.claimed[x as usize] {
                        claimed += self.weight(q);
                    } else if self.alive[x as usize] && better + self.weight(q) > cap {
                        self.delete(x);
                    }
                }
                better += claimed;
                p = end;
            }
        }
    }

    /// Extends the accept line of a group.
    fn raise_accept_line(&mut self, g: u32) {
        let flat = self.flat;
        let gi = g as usize;
        let end_of_group = flat.group_places(g).end;
        while self.acc[gi] < end_of_group {
            let start = self.acc[gi];
            let end = flat.block_end[start as usize];
            let more: i64 = (start..end)
                .filter(|&p| self.alive[flat.sorted[p as usize] as usize])
                .map(|p| self.weight(p))
                .sum();
            if self.acc_sum[gi] + more > flat.cap[gi] {
                return;
            }
            self.acc_sum[gi] += more;
            self.acc[gi] = end;
            for p in start..end {
                let x = flat.sorted[p as usize];
                if self.alive[x as usize] {
                    self.family_queue.push(flat.opt_fam[x as usize]);
                }
            }
        }
    }

    fn accepted(&self, x: u32) -> bool {
        self.flat.opt_pos[x as usize] < self.acc[self.flat.opt_group[x as usize] as usize]
    }

    fn refresh_simple(&mut self, f: u32) {
        let flat = self.flat;
        let exempt = self.exempt[f as usize];
        let range = flat.options(flat.children(f).start);
        let mut head = NONE;
        let mut alive = 0;
        let mut closed = false;
        for x in range {
            if !self.alive[x as usize] {
                continue;
            }
            if closed {
                self.delete(x);
                continue;
            }
            if head == NONE {
                head = x;
            }
            alive += 1;
            if !exempt && self.accepted(x) {
                closed = true;
                self.open_end[f as usize] = false;
            }
        }
        if head == NONE {
            if !self.open_end[f as usize] {
                self.contradiction = Some(f);
            }
        } else if !exempt {
            let settled = alive == 1 && !self.open_end[f as usize];
            let first_choice = flat.opt_clean[head as usize]
                && flat.uniform[flat.opt_group[head as usize] as usize];
            if settled || first_choice {
                self.claim(head);
            }
        }
    }

    /// Generates the remaining tuples of a family, lazily, up to the first surely accepted one.
    fn make_list(&mut self, f: u32) {
        let flat = self.flat;
        let children = flat.children(f);
        let n = children.len();
        let mut slots: Vec<u32> = Vec::new();
        let mut ghost = Vec::new();
        let mut accepted = false;
        // Choices of the family are consecutive options, apart from the stays between them.
        let option = |choice: u32| {
            let child = flat.market.children[flat.child[children.start as usize] as usize].family;
            let first = flat.market.families[child as usize].children.start;
            let mut c = children.start;
            while flat.market.children[(first + (c - children.start)) as usize]
                .choices
                .end
                <= choice
            {
                c += 1;
            }
            flat.option(c, enmusubi_market::Slot::Choice(choice))
        };
        let keep = |choice: u32| {
            let x = option(choice) as usize;
            self.alive[x] || !flat.opt_clean[x]
        };
        for tuple in tuples(flat.market, flat.fam[f as usize], keep) {
            let at = slots.len();
            slots.extend(
                tuple
                    .iter()
                    .zip(children.clone())
                    .map(|(&s, c)| flat.option(c, s)),
            );
            let held = self.possible(&slots[at..], f);
            ghost.push(!held);
            if held && !self.exempt[f as usize] && self.surely_accepted(&slots[at..], f) {
                accepted = true;
                break;
            }
        }
        if !accepted {
            slots.extend(children.map(|c| flat.stay(c)));
            ghost.push(false);
        }
        debug_assert_eq!(slots.len(), ghost.len() * n);
        self.lists[f as usize] = List { slots, ghost };
    }

    /// Can the tuple be held, as far as claims tell?
    fn possible(&self, tuple: &[u32], f: u32) -> bool {
        let flat = self.flat;
        if tuple.iter().any(|&x| x != NONE && !self.alive[x as usize]) {
            return false;
        }
        if tuple
            .iter()
            .all(|&x| x == NONE || flat.opt_clean[x as usize])
        {
            return true;
        }
        flat.demand(tuple).iter().all(|&(g, worst, own)| {
            let places = flat.group_places(g).start..flat.block_start[worst as usize];
            let better: i64 = places
                .filter(|&p| {
                    let x = flat.sorted[p as usize] as usize;
                    self.claimed[x] && self.alive[x] && flat.opt_fam[x] != f
                })
                .map(|p| self.weight(p))
                .sum();
            better + own <= flat.cap[g as usize]
        })
    }

    /// Does the tuple fit whoever else comes?
    fn surely_accepted(&self, tuple: &[u32], f: u32) -> bool {
        let flat = self.flat;
        if tuple
            .iter()
            .all(|&x| x == NONE || flat.opt_clean[x as usize])
        {
            return tuple.iter().all(|&x| x == NONE || self.accepted(x));
        }
        flat.demand(tuple).iter().all(|&(g, worst, own)| {
            self.possible_weight(g, flat.block_end[worst as usize], f) + own <= flat.cap[g as usize]
        })
    }

    /// Weight of all options of other families that may be held in a group before `end`.
    fn possible_weight(&self, g: u32, end: u32, f: u32) -> i64 {
        let flat = self.flat;
        (flat.group_places(g).start..end)
            .filter(|&p| {
                let x = flat.sorted[p as usize] as usize;
                self.alive[x] && flat.opt_fam[x] != f
            })
            .map(|p| self.weight(p))
            .sum()
    }

    fn refresh_list(&mut self, f: u32) {
        let flat = self.flat;
        let children = flat.children(f);
        let n = children.len();
        let exempt = self.exempt[f as usize];
        let mut list = std::mem::take(&mut self.lists[f as usize]);
        let mut kept = 0;
        for t in 0..list.ghost.len() {
            let range = t * n..(t + 1) * n;
            let mut stop = false;
            if !list.ghost[t] {
                let tuple = &list.slots[range.clone()];
                if !self.possible(tuple, f) {
                    if tuple
                        .iter()
                        .all(|&x| x == NONE || flat.opt_clean[x as usize])
                    {
                        continue;
                    }
                    list.ghost[t] = true;
                } else {
                    stop = !exempt && self.surely_accepted(tuple, f);
                }
            }
            list.ghost[kept] = list.ghost[t];
            list.slots.copy_within(range, kept * n);
            kept += 1;
            if stop {
                break;
            }
        }
        list.ghost.truncate(kept);
        list.slots.truncate(kept * n);
        // Options no remaining tuple uses are gone; options every tuple uses are always held.
        let held: Vec<&[u32]> = list.tuples(n).filter(|t| !t.1).map(|t| t.0).collect();
        if held.is_empty() {
            self.contradiction = Some(f);
        }
        let mut gone = Vec::new();
        let mut always = Vec::new();
        for (i, c) in children.enumerate() {
            let options = flat.options(c);
            let mut uses = smallvec::SmallVec::<[u32; 64]>::from_elem(0, options.len());
            for t in &held {
                if t[i] != NONE {
                    uses[(t[i] - options.start) as usize] += 1;
                }
            }
            for (x, &count) in options.zip(&uses) {
                if count == 0 && self.alive[x as usize] {
                    gone.push(x);
                } else if count as usize == held.len()
                    && count > 0
                    && (held.len() == 1 || flat.opt_clean[x as usize])
                {
                    always.push(x);
                }
            }
        }
        if !exempt && let Some(first) = held.first() {
            let open = |x: u32| x != NONE && !self.accepted(x);
            let mut unsafe_options = first.iter().copied().filter(|&x| open(x));
            if let (Some(x), None) = (unsafe_options.next(), unsafe_options.next())
                && flat.opt_clean[x as usize]
                && flat.uniform[flat.opt_group[x as usize] as usize]
            {
                always.push(x);
            }
        }
        self.lists[f as usize] = list;
        for x in gone {
            self.delete(x);
        }
        if !exempt {
            for x in always {
                self.claim(x);
            }
        }
    }

    /// Drops ghosts that cannot block: some group of theirs is full of better children of other
    /// families whatever the family itself holds.
    fn drop_idle_ghosts(&mut self, f: u32) {
        let flat = self.flat;
        let n = flat.children(f).len();
        let list = std::mem::take(&mut self.lists[f as usize]);
        let mut kept = List::default();
        let last_held = list.ghost.iter().rposition(|g| !g).unwrap_or(0);
        for (t, (tuple, ghost)) in list.tuples(n).enumerate() {
            if ghost {
                let idle = flat.demand(tuple).iter().any(|&(g, worst, own)| {
                    let start = flat.block_start[worst as usize];
                    let places = flat.group_places(g).start..start;
                    let mut claims = 0;
                    for p in places {
                        let x = flat.sorted[p as usize] as usize;
                        if flat.opt_fam[x] == f {
                            if self.alive[x] {
                                return false;
                            }
                        } else if self.claimed[x] && self.alive[x] {
                            claims += i64::from(flat.opt_weight[x]);
                        }
                    }
                    claims + own > flat.cap[g as usize]
                });
                if idle || t > last_held {
                    continue;
                }
            }
            kept.slots.extend_from_slice(tuple);
            kept.ghost.push(ghost);
        }
        self.lists[f as usize] = kept;
    }

    /// Does everybody who may still come to the group fit?
    pub(crate) fn everyone_fits(&self, g: u32) -> bool {
        self.acc[g as usize] == self.flat.group_places(g).end
    }

    /// Is the option part of a position kept only because it may block?
    fn uses_ghost(&self, f: u32, x: u32) -> bool {
        let n = self.flat.children(f).len();
        self.lists[f as usize]
            .tuples(n)
            .any(|(t, ghost)| ghost && t.contains(&x))
    }

    /// Remaining positions of a family, ghosts included: a family with one position and a ghost
    /// before it is not settled, for the ghost may block.
    pub(crate) fn count(&self, f: u32) -> u32 {
        if self.flat.simple[f as usize] {
            let options = self.flat.options(self.flat.children(f).start);
            let alive = options.filter(|&x| self.alive[x as usize]).count() as u32;
            alive + u32::from(self.open_end[f as usize])
        } else {
            self.lists[f as usize].ghost.len() as u32
        }
    }

    /// May the option still be held, or does a position with it still have to be refused?
    pub(crate) fn in_play(&self, x: u32) -> bool {
        let f = self.flat.opt_fam[x as usize];
        self.alive[x as usize] || (!self.flat.simple[f as usize] && self.uses_ghost(f, x))
    }
}
