//! The list of acceptable tuples of a family, best first, made lazily.
//!
//! A family of three with 40 choices each has 69,000 tuples; nobody needs them all. The list is
//! produced best first and may be restricted to the choices that are still possible
//! ([`tuples`]'s `keep`), so the product of three lists is never built unless it is asked for.
//!
//! "Everyone as now" is never produced: it is the implicit last resort of every family.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashSet};

use smallvec::SmallVec;

use crate::{ChildIx, ChoiceIx, FamilyIx, First, Market, Place, Slot, Timing, Wish, WishFields};

/// One tuple: a slot per child of the family.
pub type Tuple = SmallVec<[Slot; 4]>;

type Ranks = SmallVec<[u32; 4]>;

/// Tuples of `family` in list order, using only the choices for which `keep` is true.
pub fn tuples<'m>(
    market: &'m Market,
    family: FamilyIx,
    keep: impl FnMut(ChoiceIx) -> bool,
) -> Tuples<'m> {
    let fam = &market.families[family as usize];
    let options = kept_options(market, fam.children.clone(), keep);
    let source = match &fam.wish {
        Wish::Listed(list) => Source::Listed {
            list,
            next: 0,
            given: HashSet::new(),
        },
        Wish::Fields(_) if options.len() == 1 => Source::Only { next: 0 },
        Wish::Fields(fields) => Source::Fields(Box::new(Product::new(
            market,
            fam.children.start,
            *fields,
            &options,
        ))),
    };
    Tuples { options, source }
}

/// Iterator over a family's tuples; see [`tuples`].
pub struct Tuples<'m> {
    options: Vec<Vec<Opt>>,
    source: Source<'m>,
}

/// A kept choice of one child.
#[derive(Debug, Clone, Copy)]
struct Opt {
    choice: ChoiceIx,
    nursery: u32,
    rank: u32,
}

enum Source<'m> {
    /// An only child: its choices in order.
    Only { next: usize },
    /// An explicit list; a repeated tuple counts where it first stands.
    Listed {
        list: &'m [Box<[Slot]>],
        next: usize,
        given: HashSet<&'m [Slot]>,
    },
    /// Wish fields: tuples in key order.
    Fields(Box<Product>),
}

fn kept_options(
    market: &Market,
    children: std::ops::Range<ChildIx>,
    mut keep: impl FnMut(ChoiceIx) -> bool,
) -> Vec<Vec<Opt>> {
    children
        .map(|c| {
            let range = market.children[c as usize].choices.clone();
            range
                .filter(|&x| keep(x))
                .map(|x| {
                    let choice = &market.choices[x as usize];
                    let nursery = market.classes[choice.class as usize].nursery;
                    Opt {
                        choice: x,
                        nursery,
                        rank: choice.rank,
                    }
                })
                .collect()
        })
        .collect()
}

impl Iterator for Tuples<'_> {
    type Item = Tuple;

    fn next(&mut self) -> Option<Tuple> {
        match &mut self.source {
            Source::Only { next } => {
                let opt = self.options[0].get(*next)?;
                *next += 1;
                Some(SmallVec::from_elem(Slot::Choice(opt.choice), 1))
            }
            Source::Listed { list, next, given } => {
                while *next < list.len() {
                    let tuple = &list[*next];
                    *next += 1;
                    if tuple.iter().all(|s| *s == Slot::AsNow) {
                        *next = list.len(); // as now ends the list
                        break;
                    }
                    let kept = tuple
                        .iter()
                        .zip(&self.options)
                        .all(|(slot, opts)| match slot {
                            Slot::AsNow => true,
                            Slot::Choice(c) => opts.binary_search_by_key(c, |o| o.choice).is_ok(),
                        });
                    if kept && given.insert(tuple) {
                        return Some(SmallVec::from_slice(tuple));
                    }
                }
                None
            }
            Source::Fields(product) => product.next(&self.options),
        }
    }
}

/// Product of the children's options in key order (selection model, section 3).
///
/// The key begins with who is newly placed: sets of children ("masks") fall into classes that
/// are equal on that part, best class first. Inside a class come the largest number at one
/// nursery (`s`, for `by S`), the product of the ranks, the ranks one by one, and last the
/// product order of the options.
struct Product {
    fields: WishFields,
    /// Classes of masks, best first; taken from the end.
    classes: Vec<Vec<u32>>,
    stage: Stage,
    /// The current class's masks.
    masks: Vec<u32>,
    heap: BinaryHeap<Reverse<Node>>,
    /// Tuples met while a larger `s` was wanted, by `s`, each in key order.
    waiting: Vec<std::collections::VecDeque<Tuple>>,
    /// Tuples with everybody at one nursery, in key order.
    together: std::vec::IntoIter<Tuple>,
}

#[derive(Clone, Copy, PartialEq)]
enum Stage {
    NextClass,
    /// All newly placed at one nursery.
    Together,
    /// At most this many at one nursery; `0` = any (order without `s`).
    Spread(u32),
}

/// A state of the best-first search: indices into the options of the children in `mask`.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Node {
    product: u128,
    ranks: Ranks,
    index: SmallVec<[u32; 4]>,
    mask: u32,
    /// Only coordinates from here on are raised, so every index vector is made once.
    from: u32,
}

impl Product {
    fn new(market: &Market, first: ChildIx, mut fields: WishFields, options: &[Vec<Opt>]) -> Self {
        if fields.timing == Timing::Together {
            fields.first = First::Either; // "who first" is asked only of those who need not
        }
        let n = options.len() as u32;
        assert!(n <= 20, "a family of more than 20 applying children");
        let all: u32 = (1 << n) - 1;
        let mut transfers = 0;
        let mut usable = 0;
        for (i, opts) in options.iter().enumerate() {
            if market.children[first as usize + i].current.is_some() {
                transfers |= 1 << i;
            }
            if !opts.is_empty() {
                usable |= 1 << i;
            }
        }
        let allowed = |mask: u32| {
            let leader = match fields.first {
                First::Older => mask & 1 != 0,
                First::Younger => mask & (1 << (n - 1)) != 0,
                First::Either => true,
            };
            let moved = mask & transfers;
            mask & !usable == 0
                && leader
                && (fields.timing == Timing::NeedNot || mask == all)
                && (!fields.all_transfers_or_none || moved == 0 || moved == transfers)
        };
        // Larger is better: with `first`, the placed flags in order; else the number placed.
        let class_key = |mask: u32| match fields.first {
            First::Older => (0..n).fold(0, |k, i| k << 1 | (mask >> i & 1)),
            First::Younger => mask,
            First::Either => mask.count_ones(),
        };
        let mut masks: Vec<u32> = if fields.timing == Timing::Together {
            [all].into_iter().filter(|&m| allowed(m)).collect()
        } else {
            (1..=all).filter(|&m| allowed(m)).collect()
        };
        masks.sort_by_key(|&m| class_key(m));
        let classes = masks
            .chunk_by(|a, b| class_key(*a) == class_key(*b))
            .map(<[u32]>::to_vec)
            .collect();
        Self {
            fields,
            classes,
            stage: Stage::NextClass,
            masks: Vec::new(),
            heap: BinaryHeap::new(),
            waiting: Vec::new(),
            together: Vec::new().into_iter(),
        }
    }

    fn next(&mut self, options: &[Vec<Opt>]) -> Option<Tuple> {
        loop {
            match self.stage {
                Stage::NextClass => {
                    self.masks = self.classes.pop()?;
                    self.begin_class(options);
                }
                Stage::Together => {
                    if let Some(tuple) = self.together.next() {
                        return Some(tuple);
                    }
                    let placed = self.masks[0].count_ones();
                    if self.fields.place == Place::SameOnly || placed < 2 {
                        self.stage = Stage::NextClass;
                    } else {
                        self.begin_heap(options);
                        self.waiting = (0..placed).map(|_| Default::default()).collect();
                        self.stage = Stage::Spread(placed - 1);
                    }
                }
                Stage::Spread(0) => match self.pop(options) {
                    Some((tuple, _)) => return Some(tuple),
                    None => self.stage = Stage::NextClass,
                },
                Stage::Spread(s) => {
                    if let Some(tuple) = self.waiting[s as usize].pop_front() {
                        return Some(tuple);
                    }
                    match self.pop(options) {
                        Some((tuple, same)) if same == s => return Some(tuple),
                        // Larger than `s`: already given out by the stage before.
                        Some((_, same)) if same > s => {}
                        Some((tuple, same)) => self.waiting[same as usize].push_back(tuple),
                        None if s == 1 => self.stage = Stage::NextClass,
                        None => self.stage = Stage::Spread(s - 1),
                    }
                }
            }
        }
    }

    fn begin_class(&mut self, options: &[Vec<Opt>]) {
        if self.fields.place == Place::ChoiceOrder {
            self.begin_heap(options);
            self.stage = Stage::Spread(0);
            return;
        }
        // `by S` and same-only: everybody at one nursery comes first; for one child that is all.
        let mut nodes = Vec::new();
        for &mask in &self.masks {
            let children: SmallVec<[usize; 4]> =
                (0..options.len()).filter(|i| mask >> i & 1 != 0).collect();
            let mut nurseries: Vec<u32> = options[children[0]].iter().map(|o| o.nursery).collect();
            nurseries.dedup();
            for nursery in nurseries {
                self.same_nursery(options, mask, &children, nursery, &mut nodes);
            }
        }
        nodes.sort_unstable();
        let tuples: Vec<Tuple> = nodes.iter().map(|n| self.tuple(options, n).0).collect();
        self.together = tuples.into_iter();
        self.stage = Stage::Together;
    }

    fn same_nursery(
        &self,
        options: &[Vec<Opt>],
        mask: u32,
        children: &[usize],
        nursery: u32,
        nodes: &mut Vec<Node>,
    ) {
        // Index vectors with every child of the mask at `nursery`; more than one each where it
        // has pools.
        let mut vectors: Vec<SmallVec<[u32; 4]>> = vec![SmallVec::from_elem(0, options.len())];
        for &i in children {
            let mut longer = Vec::new();
            for (k, _) in options[i]
                .iter()
                .enumerate()
                .filter(|(_, o)| o.nursery == nursery)
            {
                for v in &vectors {
                    let mut v = v.clone();
                    v[i] = k as u32;
                    longer.push(v);
                }
            }
            vectors = longer;
        }
        nodes.extend(
            vectors
                .into_iter()
                .map(|index| self.node(options, mask, index, 0)),
        );
    }

    fn begin_heap(&mut self, options: &[Vec<Opt>]) {
        self.heap.clear();
        for &mask in &self.masks {
            let zero = SmallVec::from_elem(0, options.len());
            let node = self.node(options, mask, zero, 0);
            self.heap.push(Reverse(node));
        }
    }

    fn node(&self, options: &[Vec<Opt>], mask: u32, index: SmallVec<[u32; 4]>, from: u32) -> Node {
        let mut product: u128 = 1;
        let mut ranks: Ranks = SmallVec::new();
        for (i, &k) in index.iter().enumerate() {
            if mask >> i & 1 != 0 {
                let rank = options[i][k as usize].rank;
                product = product.saturating_mul(u128::from(rank));
                ranks.push(rank);
            } else {
                ranks.push(crate::RANK_NOT_PLACED);
            }
        }
        if self.fields.first == First::Younger {
            ranks.reverse();
        }
        Node {
            product,
            ranks,
            index,
            mask,
            from,
        }
    }

    /// The next tuple of the class by product and ranks, and how many it has at one nursery.
    fn pop(&mut self, options: &[Vec<Opt>]) -> Option<(Tuple, u32)> {
        let Reverse(node) = self.heap.pop()?;
        for i in node.from..options.len() as u32 {
            let at = i as usize;
            if node.mask >> i & 1 != 0 && (node.index[at] as usize) + 1 < options[at].len() {
                let mut index = node.index.clone();
                index[at] += 1;
                let next = self.node(options, node.mask, index, i);
                self.heap.push(Reverse(next));
            }
        }
        Some(self.tuple(options, &node))
    }

    fn tuple(&self, options: &[Vec<Opt>], node: &Node) -> (Tuple, u32) {
        let mut tuple = Tuple::new();
        let mut nurseries: SmallVec<[u32; 4]> = SmallVec::new();
        for (i, &k) in node.index.iter().enumerate() {
            if node.mask >> i & 1 != 0 {
                let opt = options[i][k as usize];
                tuple.push(Slot::Choice(opt.choice));
                nurseries.push(opt.nursery);
            } else {
                tuple.push(Slot::AsNow);
            }
        }
        let same = nurseries
            .iter()
            .map(|a| nurseries.iter().filter(|b| *b == a).count())
            .max();
        (tuple, same.unwrap_or(0) as u32)
    }
}

/// 1-based position of what a family obtained, counting nurseries (a nursery's pools share one
/// position), up to `limit`: a position of `limit` or more is reported as `limit`.
///
/// The last resort counts as (listed tuples other than "as now") + 1.
#[must_use]
pub fn position(market: &Market, family: FamilyIx, obtained: &[Slot], limit: u32) -> u32 {
    let nurseries = |tuple: &[Slot]| -> SmallVec<[u32; 4]> {
        let nursery = |s: &Slot| match s {
            Slot::AsNow => u32::MAX,
            Slot::Choice(c) => market.classes[market.choices[*c as usize].class as usize].nursery,
        };
        tuple.iter().map(nursery).collect()
    };
    let wanted = nurseries(obtained);
    let mut last: Option<SmallVec<[u32; 4]>> = None;
    let mut position = 0;
    for tuple in tuples(market, family, |_| true) {
        let here = nurseries(&tuple);
        if last.as_ref() != Some(&here) {
            position += 1;
        }
        if here == wanted || position >= limit {
            return position;
        }
        last = Some(here);
    }
    (position + 1).min(limit)
}

#[cfg(test)]
mod tests;
