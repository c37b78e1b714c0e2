//! What the reduction left open, cut into parts that do not touch each other.

use std::collections::HashMap;

use crate::flat::{Flat, NONE};
use crate::reduce::Reduced;

/// One connected part of the open families, with every position that is left to them.
///
/// Families, positions and groups have indices of their own here; options are those of
/// [`Flat`]. A family's positions are best first; the last one is never a ghost.
pub(crate) struct Part {
    /// Part family → flat family, ascending.
    pub fam: Vec<u32>,
    /// Part family → range of positions.
    pub first: Vec<u32>,
    /// Position → start of its options in `slots`; one option per child, [`NONE`] for no class.
    pub slot: Vec<u32>,
    pub slots: Vec<u32>,
    /// Position: not held, kept because it may block.
    pub ghost: Vec<bool>,
    /// Flat groups of the part, ascending.
    pub groups: Vec<u32>,
}

impl Part {
    pub(crate) fn families(&self) -> u32 {
        self.fam.len() as u32
    }

    pub(crate) fn positions(&self, f: u32) -> std::ops::Range<u32> {
        self.first[f as usize]..self.first[f as usize + 1]
    }

    pub(crate) fn tuple(&self, position: u32) -> &[u32] {
        let p = position as usize;
        &self.slots[self.slot[p] as usize..self.slot[p + 1] as usize]
    }

    /// Held positions (no ghosts) of a family.
    pub(crate) fn held(&self, f: u32) -> impl DoubleEndedIterator<Item = u32> {
        self.positions(f).filter(|&p| !self.ghost[p as usize])
    }

    /// All positions of all families.
    pub(crate) fn len(&self) -> u32 {
        self.ghost.len() as u32
    }
}

/// The one remaining tuple of every settled family, and the parts of the others.
pub(crate) struct Opened {
    /// Flat family → its tuple's options if settled.
    pub settled: Vec<Option<Box<[u32]>>>,
    pub parts: Vec<Part>,
}

/// Splits a reduced pass into settled families and independent parts.
pub(crate) fn open(r: &Reduced<'_, '_>) -> Opened {
    let flat = r.flat;
    let n = flat.fam.len();
    let mut settled: Vec<Option<Box<[u32]>>> = vec![None; n];
    let mut is_open = vec![false; n];
    for f in 0..flat.families() {
        let children = flat.children(f);
        if r.count(f) > 1 {
            is_open[f as usize] = true;
        } else if flat.simple[f as usize] {
            let held = flat.options(children.start).find(|&x| r.alive[x as usize]);
            settled[f as usize] = Some(Box::new([held.unwrap_or(NONE)]));
        } else {
            let held = r.lists[f as usize].tuples(children.len()).find(|t| !t.1);
            settled[f as usize] = held.map(|t| t.0.into());
        }
    }
    // Open families meet in a group unless everybody who may come there fits.
    let mut sets = Sets::new(n);
    for g in 0..flat.group.len() as u32 {
        let places = flat.group_places(g);
        if places.is_empty() || r.everyone_fits(g) {
            continue;
        }
        let mut first = NONE;
        for p in places {
            let x = flat.sorted[p as usize];
            let f = flat.opt_fam[x as usize];
            if is_open[f as usize] && r.in_play(x) {
                if first == NONE {
                    first = f;
                } else {
                    sets.join(first, f);
                }
            }
        }
    }
    let mut part_of: HashMap<u32, usize> = HashMap::new();
    let mut parts: Vec<Part> = Vec::new();
    for f in (0..flat.families()).filter(|&f| is_open[f as usize]) {
        let k = *part_of.entry(sets.find(f)).or_insert_with(|| {
            parts.push(Part {
                fam: Vec::new(),
                first: vec![0],
                slot: vec![0],
                slots: Vec::new(),
                ghost: Vec::new(),
                groups: Vec::new(),
            });
            parts.len() - 1
        });
        add_family(r, f, &mut parts[k]);
    }
    for part in &mut parts {
        let mut groups: Vec<u32> = part
            .slots
            .iter()
            .filter(|&&x| x != NONE)
            .map(|&x| flat.opt_group[x as usize])
            .collect();
        groups.sort_unstable();
        groups.dedup();
        part.groups = groups;
    }
    Opened { settled, parts }
}

fn add_family(r: &Reduced<'_, '_>, f: u32, part: &mut Part) {
    let flat = r.flat;
    let mut push = |tuple: &[u32], ghost: bool| {
        part.slots.extend_from_slice(tuple);
        part.slot.push(part.slots.len() as u32);
        part.ghost.push(ghost);
    };
    let children = flat.children(f);
    if flat.simple[f as usize] {
        for x in flat
            .options(children.start)
            .filter(|&x| r.alive[x as usize])
        {
            push(&[x], false);
        }
        if r.open_end[f as usize] {
            push(&[NONE], false);
        }
    } else {
        for (tuple, ghost) in r.lists[f as usize].tuples(children.len()) {
            push(tuple, ghost);
        }
    }
    part.fam.push(f);
    part.first.push(part.ghost.len() as u32);
}

/// Children of settled families in the groups: they are held in every stable placement.
pub(crate) struct Fixed {
    /// Per flat group: places taken by settled families, ascending.
    places: Vec<Vec<u32>>,
}

impl Fixed {
    pub(crate) fn new(flat: &Flat<'_>, settled: &[Option<Box<[u32]>>]) -> Self {
        let mut places = vec![Vec::new(); flat.group.len()];
        for &x in settled
            .iter()
            .flatten()
            .flat_map(|t| t.iter())
            .filter(|&&x| x != NONE)
        {
            places[flat.opt_group[x as usize] as usize].push(flat.opt_pos[x as usize]);
        }
        for p in &mut places {
            p.sort_unstable();
        }
        Self { places }
    }

    pub(crate) fn of(&self, g: u32) -> &[u32] {
        &self.places[g as usize]
    }

    /// Weight settled in a group before a place.
    pub(crate) fn before(&self, flat: &Flat<'_>, g: u32, end: u32) -> i64 {
        let places = self.of(g);
        let weight = |&p: &u32| i64::from(flat.opt_weight[flat.sorted[p as usize] as usize]);
        places[..places.partition_point(|&p| p < end)]
            .iter()
            .map(weight)
            .sum()
    }
}

/// Union–find with path halving; the smaller index leads, so the result is canonical.
pub(crate) struct Sets {
    parent: Vec<u32>,
}

impl Sets {
    pub(crate) fn new(n: usize) -> Self {
        Self {
            parent: (0..n as u32).collect(),
        }
    }

    pub(crate) fn find(&mut self, mut x: u32) -> u32 {
        while self.parent[x as usize] != x {
            let up = self.parent[self.parent[x as usize] as usize];
            self.parent[x as usize] = up;
            x = up;
        }
        x
    }

    pub(crate) fn join(&mut self, a: u32, b: u32) {
        let (a, b) = (self.find(a), self.find(b));
        let (low, high) = (a.min(b), a.max(b));
        self.parent[high as usize] = low;
    }
}
