//! Flat arrays of one pass: every (child, class) pair that can be held is an *option*, every
//! option has a place in its group's order of priority.
//!
//! Positions in a group's order are indices into one shared array, so comparing two options of a
//! group is comparing two `u32`. Equal priorities form a *block*; `block_start`/`block_end` give
//! the strict and the weak reading of "better".

use enmusubi_market::{ChildIx, ChoiceIx, ClassIx, FamilyIx, GroupIx, Market, Slot, TieReading};

/// No option: the child ends without a class.
pub(crate) const NONE: u32 = u32::MAX;
/// Marks the option of staying at the current class in [`Flat::opt_choice`].
pub(crate) const STAY: ChoiceIx = ChoiceIx::MAX;

/// One pass of a market, or a part of it, as flat arrays. Local indices throughout.
pub(crate) struct Flat<'m> {
    pub market: &'m Market,
    /// Local family → market family, ascending.
    pub fam: Vec<FamilyIx>,
    /// Local family → range of local children (`fam_child[f]..fam_child[f + 1]`).
    pub fam_child: Vec<u32>,
    /// Local child → market child.
    pub child: Vec<ChildIx>,
    /// Local child → range of options; a transfer applicant's last option is to stay.
    pub child_opt: Vec<u32>,
    /// Option → market choice, or [`STAY`].
    pub opt_choice: Vec<ChoiceIx>,
    /// Option → local group.
    pub opt_group: Vec<u32>,
    /// Option → weight in the group's units (1 in uniform groups, 0 for staying unrefilled).
    pub opt_weight: Vec<u32>,
    /// Option → place in `sorted`.
    pub opt_pos: Vec<u32>,
    /// Option → local family.
    pub opt_fam: Vec<u32>,
    /// Option: no other option of its family is in the same group.
    pub opt_clean: Vec<bool>,
    /// Local group → market group.
    pub group: Vec<GroupIx>,
    /// Local group → range of `sorted`.
    pub group_start: Vec<u32>,
    /// Options group by group, best priority first.
    pub sorted: Vec<u32>,
    /// Place → first place of equal priority.
    pub block_start: Vec<u32>,
    /// Place → one past the last place of equal priority.
    pub block_end: Vec<u32>,
    /// Local group → capacity for this pass (in units; in seats for uniform groups).
    pub cap: Vec<i64>,
    /// Local group: every class weighs the same, so capacity counts heads.
    pub uniform: Vec<bool>,
    /// Local family: one applying child with at most one option in each group, so that its list
    /// is its options and nothing else needs to be kept.
    pub simple: Vec<bool>,
}

/// What is the same for every part of a market.
pub(crate) struct Layout {
    /// Market group → the weight all its classes share, 0 where they differ.
    pub unit: Vec<u64>,
}

impl Layout {
    pub(crate) fn new(market: &Market) -> Self {
        let mut unit = vec![u64::MAX; market.groups.len()];
        for c in &market.classes {
            let u = &mut unit[c.group as usize];
            *u = if *u == u64::MAX || *u == c.weight {
                c.weight
            } else {
                0
            };
        }
        Self { unit }
    }
}

impl<'m> Flat<'m> {
    /// Lays out the given families (ascending) with `room` as the capacity of each market group
    /// for them, their own transfer seats included. `scratch` is a buffer to reuse.
    pub(crate) fn new(
        market: &'m Market,
        layout: &Layout,
        families: Vec<FamilyIx>,
        room: &[i64],
        scratch: &mut Vec<u32>,
    ) -> Self {
        scratch.resize(market.groups.len(), NONE);
        let local_group = scratch;
        let mut flat = Flat {
            market,
            fam: families,
            fam_child: vec![0],
            child: Vec::new(),
            child_opt: vec![0],
            opt_choice: Vec::new(),
            opt_group: Vec::new(),
            opt_weight: Vec::new(),
            opt_pos: Vec::new(),
            opt_fam: Vec::new(),
            opt_clean: Vec::new(),
            group: Vec::new(),
            group_start: Vec::new(),
            sorted: Vec::new(),
            block_start: Vec::new(),
            block_end: Vec::new(),
            cap: Vec::new(),
            uniform: Vec::new(),
            simple: Vec::new(),
        };
        let mut keys: Vec<u32> = Vec::new(); // option → priority, 0 for staying
        let mut count: Vec<u32> = Vec::new(); // local group → options
        for f in 0..flat.fam.len() {
            for c in market.families[flat.fam[f] as usize].children.clone() {
                let child = &market.children[c as usize];
                flat.child.push(c);
                let mut push = |choice: ChoiceIx, class: ClassIx, key: u32, weight: u64| {
                    let group = market.classes[class as usize].group;
                    let mut g = local_group[group as usize];
                    if g == NONE {
                        g = count.len() as u32;
                        local_group[group as usize] = g;
                        flat.group.push(group);
                        count.push(0);
                    }
                    count[g as usize] += 1;
                    let unit = layout.unit[group as usize].max(1);
                    flat.opt_choice.push(choice);
                    flat.opt_group.push(g);
                    // Weights were brought to a common denominator; u32 holds any real one.
                    flat.opt_weight
                        .push(u32::try_from(weight / unit).unwrap_or(u32::MAX));
                    flat.opt_fam.push(f as u32);
                    keys.push(key);
                };
                for x in child.choices.clone() {
                    let choice = &market.choices[x as usize];
                    let weight = market.classes[choice.class as usize].weight;
                    push(x, choice.class, choice.priority, weight);
                }
                if let Some(class) = child.current {
                    push(STAY, class, 0, market.weight(c, class));
                }
                flat.child_opt.push(flat.opt_choice.len() as u32);
            }
            flat.fam_child.push(flat.child.len() as u32);
        }
        flat.sort(&keys, &count);
        for &id in &flat.group {
            let unit = layout.unit[id as usize];
            flat.uniform.push(unit != 0);
            flat.cap
                .push(room[id as usize].div_euclid(unit.max(1) as i64));
            local_group[id as usize] = NONE;
        }
        flat.mark_clean();
        flat
    }

    fn sort(&mut self, keys: &[u32], count: &[u32]) {
        let n = keys.len();
        let mut start = 0;
        self.group_start.push(0);
        for &c in count {
            start += c;
            self.group_start.push(start);
        }
        let mut next: Vec<u32> = self.group_start[..count.len()].to_vec();
        let mut order: Vec<u64> = vec![0; n];
        for (x, &key) in keys.iter().enumerate() {
            let slot = &mut next[self.opt_group[x] as usize];
            order[*slot as usize] = u64::from(key) << 32 | x as u64;
            *slot += 1;
        }
        self.sorted = vec![0; n];
        self.opt_pos = vec![0; n];
        self.block_start = vec![0; n];
        self.block_end = vec![0; n];
        for w in self.group_start.windows(2) {
            let (from, to) = (w[0] as usize, w[1] as usize);
            order[from..to].sort_unstable();
            let mut first = from;
            for p in from..to {
                let x = order[p] as u32;
                self.sorted[p] = x;
                self.opt_pos[x as usize] = p as u32;
                if order[p] >> 32 != order[first] >> 32 {
                    self.block_end[first..p].fill(p as u32);
                    first = p;
                }
                self.block_start[p] = first as u32;
            }
            self.block_end[first..to].fill(to as u32);
        }
    }

    fn mark_clean(&mut self) {
        self.opt_clean = vec![true; self.opt_choice.len()];
        let mut seen: Vec<(u32, u32)> = vec![(NONE, 0); self.group.len()]; // group → (family, option)
        for x in 0..self.opt_choice.len() {
            let (family, first) = &mut seen[self.opt_group[x] as usize];
            if *family == self.opt_fam[x] {
                self.opt_clean[x] = false;
                self.opt_clean[*first as usize] = false;
            } else {
                (*family, *first) = (self.opt_fam[x], x as u32);
            }
        }
        self.simple = (0..self.families())
            .map(|f| {
                let children = self.children(f);
                let plain = matches!(
                    self.market.families[self.fam[f as usize] as usize].wish,
                    enmusubi_market::Wish::Fields(_)
                );
                plain
                    && children.len() == 1
                    && self
                        .options(children.start)
                        .all(|x| self.opt_clean[x as usize])
            })
            .collect();
    }

    pub(crate) fn families(&self) -> u32 {
        self.fam.len() as u32
    }

    pub(crate) fn children(&self, f: u32) -> std::ops::Range<u32> {
        self.fam_child[f as usize]..self.fam_child[f as usize + 1]
    }

    pub(crate) fn options(&self, child: u32) -> std::ops::Range<u32> {
        self.child_opt[child as usize]..self.child_opt[child as usize + 1]
    }

    pub(crate) fn group_places(&self, g: u32) -> std::ops::Range<u32> {
        self.group_start[g as usize]..self.group_start[g as usize + 1]
    }

    /// Option for a slot of a child's tuple; [`NONE`] for no class.
    pub(crate) fn option(&self, child: u32, slot: Slot) -> u32 {
        match slot {
            Slot::Choice(x) => {
                let first = self.market.children[self.child[child as usize] as usize]
                    .choices
                    .start;
                self.child_opt[child as usize] + (x - first)
            }
            Slot::AsNow => self.stay(child),
        }
    }

    /// The option of staying, or [`NONE`] for a child without a current class.
    pub(crate) fn stay(&self, child: u32) -> u32 {
        let r = self.options(child);
        if !r.is_empty() && self.opt_choice[r.end as usize - 1] == STAY {
            r.end - 1
        } else {
            NONE
        }
    }

    /// Slot that an option of a tuple stands for.
    pub(crate) fn slot(&self, option: u32) -> Slot {
        if option == NONE || self.opt_choice[option as usize] == STAY {
            Slot::AsNow
        } else {
            Slot::Choice(self.opt_choice[option as usize])
        }
    }

    /// One past the last place in the group that counts as better than `place` in the blocking
    /// test: strictly better, or (ties read as equal) not worse.
    pub(crate) fn better_end(&self, place: u32) -> u32 {
        match self.market.ties {
            TieReading::Strict => self.block_start[place as usize],
            TieReading::Equal => self.block_end[place as usize],
        }
    }

    /// Options of one tuple per group: (group, worst place, weight).
    pub(crate) fn demand(&self, tuple: &[u32]) -> smallvec::SmallVec<[(u32, u32, i64); 4]> {
        let mut out: smallvec::SmallVec<[(u32, u32, i64); 4]> = smallvec::SmallVec::new();
        for &x in tuple.iter().filter(|&&x| x != NONE) {
            let (g, p) = (self.opt_group[x as usize], self.opt_pos[x as usize]);
            let w = i64::from(self.opt_weight[x as usize]);
            match out.iter_mut().find(|d| d.0 == g) {
                Some(d) => {
                    d.1 = d.1.max(p);
                    d.2 += w;
                }
                None => out.push((g, p, w)),
            }
        }
        out
    }
}
