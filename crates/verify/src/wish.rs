//! A family's tuples in order, without ever writing them all down.
//!
//! Section 3 of the selection model says which tuples of the product are allowed and gives each a
//! key. [`Space::walk`] runs through the product child by child and leaves a branch as soon as its
//! best possible key is no better than asked for, or the caller says that it cannot be had.

use enmusubi_market::{First, Place, RANK_NOT_PLACED, Slot, Timing, WishFields};
use std::cmp::{Ordering, Reverse};
use std::ops::ControlFlow;

/// Families larger than this are not searched (bit masks over children).
pub(crate) const CHILDREN_MAX: usize = 60;

/// One option of one child.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Opt {
    pub slot: Slot,
    /// Choice rank, 99 as now.
    pub rank: u32,
    /// Nursery of the choice; `None` as now.
    pub nursery: Option<u32>,
    /// Place among the child's options, for equal keys.
    pub ord: u32,
    /// Children that have an option at this nursery, as bits.
    listers: u64,
}

impl Opt {
    pub(crate) fn choice(slot: Slot, rank: u32, nursery: u32, ord: u32) -> Self {
        Self {
            slot,
            rank,
            nursery: Some(nursery),
            ord,
            listers: 0,
        }
    }

    pub(crate) fn as_now() -> Self {
        // Current class or none comes after all choices.
        Self {
            slot: Slot::AsNow,
            rank: RANK_NOT_PLACED,
            nursery: None,
            ord: u32::MAX,
            listers: 0,
        }
    }
}

/// Key of a tuple; **smaller is better**, unlike in the text, where larger is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key {
    head: Head,
    ranks: Vec<u32>,
    ord: Vec<u32>,
}

/// The components that can be bounded for a part of a tuple.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Head {
    placed: Reverse<u64>,
    w: Reverse<u32>,
    s: Reverse<u32>,
    product: u128,
}

/// The product of the children's options under a wish.
#[derive(Debug)]
pub(crate) struct Space {
    together: bool,
    same_only: bool,
    by_s: bool,
    first: First,
    /// Transfer applicants as bits, where all or none of them must move; else 0.
    bound_transfers: u64,
    opts: Vec<Vec<Opt>>,
    /// Per depth: least product of the ranks of the children from there on.
    product_min: Vec<u128>,
    /// Children that have any choice, as bits.
    placeable: u64,
    /// Per depth: most children from there on that have one nursery in common.
    same_max: Vec<u32>,
}

/// What a caller of [`Space::walk`] can change on the way.
pub(crate) struct Walk {
    /// Only tuples strictly better than this are visited; may be tightened while walking.
    pub better_than: Option<Key>,
    /// Steps left.
    pub steps: u64,
    /// Set when the steps ran out.
    pub exhausted: bool,
    chosen: Vec<u32>,
}

impl Walk {
    pub(crate) fn new(better_than: Option<Key>, steps: u64) -> Self {
        Self {
            better_than,
            steps,
            exhausted: false,
            chosen: Vec::new(),
        }
    }
}

/// Running totals of a part of a tuple.
#[derive(Clone, Copy)]
struct Part {
    placed: u64,
    product: u128,
    nursery: Option<u32>,
}

type Visit<'a> = &'a mut dyn FnMut(&mut Option<Key>, &[u32]) -> ControlFlow<()>;
type Admit<'a> = &'a mut dyn FnMut(&[u32]) -> bool;

impl Space {
    /// `opts`: per child its choices in order and, last, [`Opt::as_now`]; choices that are of no
    /// interest may be left out. `transfers`: children with a current class, as bits.
    pub(crate) fn new(fields: &WishFields, mut opts: Vec<Vec<Opt>>, transfers: u64) -> Self {
        let n = opts.len();
        let together = fields.timing == Timing::Together;
        let first = if together {
            First::Either
        } else {
            fields.first
        };
        if together {
            opts.iter_mut()
                .for_each(|o| o.retain(|o| o.nursery.is_some()));
        }
        // Somebody placed but not the oldest (youngest): dropped. Nobody placed is the last resort,
        // which is not of the product. So the oldest (youngest) is placed in every tuple here.
        let leader = match first {
            First::Older => opts.first_mut(),
            First::Younger => opts.last_mut(),
            First::Either => None,
        };
        if let Some(leader) = leader {
            leader.retain(|o| o.nursery.is_some());
        }

        let mut listers: Vec<(u32, u64)> = Vec::new();
        for (i, child) in opts.iter().enumerate() {
            listers.extend(
                child
                    .iter()
                    .filter_map(|o| o.nursery)
                    .map(|n| (n, 1u64 << i)),
            );
        }
        listers.sort_unstable();
        listers.dedup_by(|a, b| {
            let same = a.0 == b.0;
            if same {
                b.1 |= a.1;
            }
            same
        });
        for o in opts.iter_mut().flatten() {
            if let Some(n) = o.nursery
                && let Ok(at) = listers.binary_search_by_key(&n, |l| l.0)
            {
                o.listers = listers[at].1;
            }
        }
        let same_max = (0..=n)
            .map(|d| {
                listers
                    .iter()
                    .map(|l| (l.1 >> d).count_ones())
                    .max()
                    .unwrap_or(0)
            })
            .collect();
        let mut product_min = vec![1u128; n + 1];
        for d in (0..n).rev() {
            let least = opts[d]
                .iter()
                .map(|o| o.rank)
                .min()
                .unwrap_or(RANK_NOT_PLACED);
            product_min[d] = product_min[d + 1].saturating_mul(u128::from(least));
        }
        let placeable = opts
            .iter()
            .enumerate()
            .filter(|(_, o)| o.iter().any(|o| o.nursery.is_some()))
            .fold(0, |bits, (i, _)| bits | 1 << i);
        Self {
            together,
            same_only: fields.place == Place::SameOnly,
            by_s: fields.place != Place::ChoiceOrder,
            first,
            bound_transfers: if fields.all_transfers_or_none {
                transfers
            } else {
                0
            },
            opts,
            product_min,
            placeable,
            same_max,
        }
    }

    /// Option of a child by its index in a chosen tuple.
    pub(crate) fn opt(&self, child: usize, at: u32) -> &Opt {
        &self.opts[child][at as usize]
    }

    /// All options of a child that are left.
    pub(crate) fn opts(&self, child: usize) -> &[Opt] {
        &self.opts[child]
    }

    /// Slots of a chosen tuple.
    pub(crate) fn slots(&self, chosen: &[u32]) -> Box<[Slot]> {
        chosen
            .iter()
            .enumerate()
            .map(|(i, &at)| self.opt(i, at).slot)
            .collect()
    }

    /// The indices of a tuple's slots, if the tuple is allowed.
    pub(crate) fn find(&self, tuple: &[Slot]) -> Option<Vec<u32>> {
        let mut chosen = Vec::with_capacity(tuple.len());
        for (i, slot) in tuple.iter().enumerate() {
            chosen.push(self.opts[i].iter().position(|o| o.slot == *slot)? as u32);
        }
        let mut part = Part {
            placed: 0,
            product: 1,
            nursery: None,
        };
        for (i, &at) in chosen.iter().enumerate() {
            part = self.step(part, i, at)?;
        }
        self.complete(part).then_some(chosen)
    }

    /// Adds one child to a part, `None` where no allowed tuple begins like this.
    fn step(&self, mut part: Part, child: usize, at: u32) -> Option<Part> {
        let o = self.opt(child, at);
        if let Some(nursery) = o.nursery {
            if self.same_only && part.nursery.is_some_and(|n| n != nursery) {
                return None;
            }
            part.nursery = Some(nursery);
            part.placed |= 1 << child;
        }
        part.product = part.product.saturating_mul(u128::from(o.rank));
        // All or none: the transfer applicants so far agree.
        let so_far = self.bound_transfers & ((2u64 << child) - 1);
        let moved = part.placed & so_far;
        (moved == 0 || moved == so_far).then_some(part)
    }

    /// Whether a full part is a tuple of the list: somebody is newly placed.
    fn complete(&self, part: Part) -> bool {
        debug_assert!(!self.together || part.placed.count_ones() as usize == self.opts.len());
        part.placed != 0
    }

    /// The best head a part of `chosen` can still come to.
    fn head(&self, part: Part, chosen: &[u32]) -> Head {
        let n = self.opts.len();
        let next = chosen.len();
        let open = self.placeable & !((1u64 << next) - 1);
        let placed = part.placed | open;
        let s = if self.by_s {
            let with = |&(i, &at): &(usize, &u32)| {
                let o = self.opt(i, at);
                let here = chosen
                    .iter()
                    .enumerate()
                    .filter(|&(j, &b)| o.nursery.is_some() && self.opt(j, b).nursery == o.nursery)
                    .count() as u32;
                (here, (o.listers >> next).count_ones())
            };
            let used = chosen
                .iter()
                .enumerate()
                .map(|c| with(&c))
                .filter(|c| c.0 > 0);
            used.map(|(here, later)| here + later)
                .max()
                .unwrap_or(0)
                .max(self.same_max[next])
        } else {
            0
        };
        Head {
            placed: Reverse(match self.first {
                First::Either => 0,
                First::Younger => placed,
                First::Older => placed.reverse_bits() >> (64 - n),
            }),
            w: Reverse(placed.count_ones()),
            s: Reverse(s),
            product: part.product.saturating_mul(self.product_min[next]),
        }
    }

    fn ranks(&self, chosen: &[u32]) -> impl Iterator<Item = u32> {
        let n = chosen.len();
        (0..n).map(move |i| {
            let i = if self.first == First::Younger {
                n - 1 - i
            } else {
                i
            };
            self.opt(i, chosen[i]).rank
        })
    }

    fn ord(&self, chosen: &[u32]) -> impl Iterator<Item = u32> {
        chosen
            .iter()
            .enumerate()
            .map(|(i, &at)| self.opt(i, at).ord)
    }

    /// Key of a whole tuple.
    pub(crate) fn key(&self, chosen: &[u32]) -> Key {
        let mut part = Part {
            placed: 0,
            product: 1,
            nursery: None,
        };
        for (i, &at) in chosen.iter().enumerate() {
            let o = self.opt(i, at);
            part.placed |= u64::from(o.nursery.is_some()) << i;
            part.product = part.product.saturating_mul(u128::from(o.rank));
        }
        Key {
            head: self.head(part, chosen),
            ranks: self.ranks(chosen).collect(),
            ord: self.ord(chosen).collect(),
        }
    }

    /// Compares a whole tuple with a key; `Less` is better.
    fn compare(&self, head: Head, chosen: &[u32], key: &Key) -> Ordering {
        head.cmp(&key.head)
            .then_with(|| self.ranks(chosen).cmp(key.ranks.iter().copied()))
            .then_with(|| self.ord(chosen).cmp(key.ord.iter().copied()))
    }

    /// Visits every allowed tuple better than `walk.better_than`, in product order, leaving out
    /// those that begin with a part `admit` refuses.
    pub(crate) fn walk(&self, walk: &mut Walk, admit: Admit<'_>, visit: Visit<'_>) {
        if self.opts.iter().any(Vec::is_empty) {
            return;
        }
        walk.chosen.clear();
        let _ = self.descend(
            walk,
            Part {
                placed: 0,
                product: 1,
                nursery: None,
            },
            admit,
            visit,
        );
    }

    fn descend(
        &self,
        walk: &mut Walk,
        part: Part,
        admit: Admit<'_>,
        visit: Visit<'_>,
    ) -> ControlFlow<()> {
        let depth = walk.chosen.len();
        for at in 0..self.opts[depth].len() as u32 {
            let Some(part) = self.step(part, depth, at) else {
                continue;
            };
            if walk.steps == 0 {
                walk.exhausted = true;
                return ControlFlow::Break(());
            }
            walk.steps -= 1;
            walk.chosen.push(at);
            let flow = self.enter(walk, part, admit, visit);
            walk.chosen.pop();
            flow?;
        }
        ControlFlow::Continue(())
    }

    fn enter(
        &self,
        walk: &mut Walk,
        part: Part,
        admit: Admit<'_>,
        visit: Visit<'_>,
    ) -> ControlFlow<()> {
        let whole = walk.chosen.len() == self.opts.len();
        if let Some(key) = &walk.better_than {
            let head = self.head(part, &walk.chosen);
            let too_bad = if whole {
                self.compare(head, &walk.chosen, key) != Ordering::Less
            } else {
                head > key.head
            };
            if too_bad {
                return ControlFlow::Continue(());
            }
        }
        if !admit(&walk.chosen) {
            return ControlFlow::Continue(());
        }
        if !whole {
            return self.descend(walk, part, admit, visit);
        }
        if self.complete(part) {
            visit(&mut walk.better_than, &walk.chosen)
        } else {
            ControlFlow::Continue(())
        }
    }
}
