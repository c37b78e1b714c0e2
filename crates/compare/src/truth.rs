//! The staff's decisions, in the terms of a market.

use enmusubi_domain::past::{Decision, Decisions, Outcome};
use enmusubi_market::{ChildIx, ChoiceIx, ClassIx, Market, Placement};
use std::collections::{BTreeMap, HashMap, HashSet};

/// What is known of a child's result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known {
    /// No decision is there, or it was not decided in this round.
    Unknown,
    /// At this class.
    At(ClassIx),
    /// Without a class.
    Nowhere,
    /// At a facility where the child has no class to be placed in: not chosen, or not of its age.
    Elsewhere,
}

impl Known {
    /// The class, where there is one.
    #[must_use]
    pub fn class(self) -> Option<ClassIx> {
        match self {
            Self::At(class) => Some(class),
            _ => None,
        }
    }
}

/// The staff's decisions, child by child of a market.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Truth {
    /// Per child.
    pub of: Vec<Known>,
}

impl Truth {
    /// Brings decisions into a market's terms. `like`: a placement to go by where a facility has several
    /// pools and the decision names none.
    #[must_use]
    pub fn of(market: &Market, decisions: &Decisions, like: Option<&Placement>) -> Self {
        let at: HashMap<&str, &Outcome> = decisions
            .list
            .iter()
            .map(|d| (&*d.child, &d.outcome))
            .collect();
        let of = (0..market.children.len() as ChildIx)
            .map(|c| known(market, c, at.get(&*market.children[c as usize].id), like))
            .collect();
        Self { of }
    }

    /// As a placement; whoever is unknown, or somewhere else, stays as now.
    #[must_use]
    pub fn placement(&self, market: &Market) -> Placement {
        let class = self.of.iter().zip(&market.children);
        let class = class.map(|(known, child)| match known {
            Known::At(class) => Some(*class),
            Known::Nowhere | Known::Unknown | Known::Elsewhere => child.current,
        });
        Placement {
            class: class.collect(),
        }
    }

    /// Whether a placement gives a child what was decided; `None` where nothing is known. Pools of one
    /// facility are one place to a family.
    #[must_use]
    pub fn agrees(&self, market: &Market, placement: &Placement, child: ChildIx) -> Option<bool> {
        let nursery = |k: ClassIx| market.classes[k as usize].nursery;
        let ours = placement.of(child);
        Some(match self.of[child as usize] {
            Known::Unknown => return None,
            Known::At(class) => ours.is_some_and(|k| nursery(k) == nursery(class)),
            Known::Nowhere => ours.is_none(),
            Known::Elsewhere => false,
        })
    }

    /// Children whose result differs, and how many were compared.
    #[must_use]
    pub fn differing(&self, market: &Market, placement: &Placement) -> (Vec<ChildIx>, u32) {
        let mut differ = Vec::new();
        let mut compared = 0;
        for c in 0..self.of.len() as ChildIx {
            match self.agrees(market, placement, c) {
                None => {}
                Some(agree) => {
                    compared += 1;
                    if !agree {
                        differ.push(c);
                    }
                }
            }
        }
        (differ, compared)
    }
}

/// A placement as decisions: the other way round, pools named. Whoever stays is placed where it is.
#[must_use]
pub fn decisions_of(market: &Market, placement: &Placement) -> Decisions {
    let children = market.children.iter().zip(&placement.class);
    let list = children.zip(2u32..).map(|((child, class), row)| Decision {
        child: child.id.clone(),
        outcome: class.map_or(Outcome::Held, |k| {
            let class = &market.classes[k as usize];
            Outcome::Placed {
                facility: market.nurseries[class.nursery as usize].id.clone(),
                pool: class.pool.clone(),
            }
        }),
        row,
    });
    Decisions {
        list: list.collect(),
    }
}

fn known(
    market: &Market,
    child: ChildIx,
    outcome: Option<&&Outcome>,
    like: Option<&Placement>,
) -> Known {
    let current = market.children[child as usize].current;
    match outcome {
        None | Some(Outcome::Withdrawn) => Known::Unknown,
        Some(Outcome::Held) => current.map_or(Known::Nowhere, Known::At),
        Some(Outcome::Placed { facility, pool }) => {
            let there = |k: ClassIx| {
                let class = &market.classes[k as usize];
                *market.nurseries[class.nursery as usize].id == **facility
                    && pool
                        .as_ref()
                        .is_none_or(|p| class.pool.as_deref().unwrap_or_default() == &**p)
            };
            if let Some(k) = current.filter(|&k| there(k)) {
                return Known::At(k);
            }
            let chosen = market.choices_of(child).iter().map(|x| x.class);
            let mut chosen = chosen.filter(|&k| there(k)).peekable();
            let first = chosen.peek().copied();
            let ours = like.and_then(|p| p.of(child));
            match chosen.find(|&k| Some(k) == ours).or(first) {
                Some(k) => Known::At(k),
                None => Known::Elsewhere,
            }
        }
    }
}

/// A child, and its choices at one facility in their order.
type Chosen = (ChildIx, Vec<ChoiceIx>);

impl Truth {
    /// Says in which pool of a facility children are whose decision names none: the best of those placed there by
    /// their priorities have the seats their choices name first, the others those that come next. Nothing but
    /// who is placed at the facility is looked at.
    pub fn settle_pools(&mut self, market: &Market, decisions: &Decisions) {
        let named: HashSet<&str> = decisions
            .list
            .iter()
            .filter(|d| matches!(&d.outcome, Outcome::Placed { pool: Some(_), .. }))
            .map(|d| &*d.child)
            .collect();
        // Per facility and age: children placed newly, with their choices there in their order.
        let mut places: BTreeMap<(u32, u8), Vec<Chosen>> = BTreeMap::new();
        for (c, child) in market.children.iter().enumerate() {
            let Known::At(class) = self.of[c] else {
                continue;
            };
            let nursery = market.classes[class as usize].nursery;
            if child.current == Some(class) || named.contains(&*child.id) {
                continue;
            }
            let mut there: Vec<ChoiceIx> = child
                .choices
                .clone()
                .filter(|&x| {
                    market.classes[market.choices[x as usize].class as usize].nursery == nursery
                })
                .collect();
            there.dedup_by_key(|x| market.choices[*x as usize].class);
            places
                .entry((nursery, child.age))
                .or_default()
                .push((c as ChildIx, there));
        }
        places.retain(|_, list| list.iter().any(|(_, there)| there.len() > 1));
        if places.is_empty() {
            return;
        }
        let mut free = self.room(market);
        for list in places.values() {
            // As if nobody of them had a seat yet.
            for (c, _) in list {
                if let Known::At(k) = self.of[*c as usize] {
                    let class = &market.classes[k as usize];
                    free[class.group as usize] += i128::from(class.weight);
                }
            }
            let mut waiting: Vec<&Chosen> = list.iter().collect();
            let most = list.iter().map(|(_, there)| there.len()).max();
            for turn in 0..most.unwrap_or(0) {
                let priority = |there: &[ChoiceIx]| {
                    let x = there.get(turn);
                    x.map_or(u32::MAX, |&x| market.choices[x as usize].priority)
                };
                waiting.sort_by_key(|(c, there)| (priority(there), *c));
                waiting.retain(|(c, there)| {
                    let Some(&x) = there.get(turn) else {
                        return true;
                    };
                    let k = market.choices[x as usize].class;
                    let class = &market.classes[k as usize];
                    let room = &mut free[class.group as usize];
                    let fits = *room >= i128::from(class.weight);
                    if fits {
                        *room -= i128::from(class.weight);
                        self.of[*c as usize] = Known::At(k);
                    }
                    !fits
                });
            }
            // More than there are seats: wherever their choices end.
            for (c, there) in waiting {
                if let Some(&x) = there.last() {
                    let k = market.choices[x as usize].class;
                    let class = &market.classes[k as usize];
                    free[class.group as usize] -= i128::from(class.weight);
                    self.of[*c as usize] = Known::At(k);
                }
            }
        }
    }

    /// Per group: seats that nobody has, in units.
    fn room(&self, market: &Market) -> Vec<i128> {
        let seats = market.groups.iter().map(|g| i128::from(g.seats));
        let mut free: Vec<i128> = seats.collect();
        for (c, child) in market.children.iter().enumerate() {
            let c = c as ChildIx;
            let group = |k: ClassIx| market.classes[k as usize].group as usize;
            if let Some(k) = child.current {
                free[group(k)] += i128::from(market.weight(c, k));
            }
            let has = match self.of[c as usize] {
                Known::At(k) => Some(k),
                Known::Nowhere => None,
                Known::Unknown | Known::Elsewhere => child.current,
            };
            if let Some(k) = has {
                free[group(k)] -= i128::from(market.weight(c, k));
            }
        }
        free
    }
}
