//! From nurseries to classes: a result table names nurseries, the checker judges classes.
//!
//! They differ only where a nursery's class has seat pools (枠): then somebody must say who sits
//! in which pool. The report says it for results of `match`; for any other result the pools are
//! filled as the rules would fill them among exactly the children placed there, so that a result
//! is never called wrong for the pool somebody might have meant.

use enmusubi_market::{ChildIx, ClassIx, Market, NurseryIx, Placement};
use std::collections::{BTreeMap, VecDeque};

/// A child put where no class of its age exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoClass {
    /// The child.
    pub child: ChildIx,
    /// The nursery named in the result.
    pub nursery: NurseryIx,
}

/// The placement that a list of nurseries (per child of the market) means.
///
/// `hint` is the class a report gives the child; it counts where it is at the named nursery.
pub fn placement(
    market: &Market,
    nurseries: &[Option<NurseryIx>],
    hint: impl Fn(ChildIx) -> Option<ClassIx>,
) -> (Placement, Vec<NoClass>) {
    let mut of: BTreeMap<(NurseryIx, u8), Vec<ClassIx>> = BTreeMap::new();
    for (k, class) in market.classes.iter().enumerate() {
        of.entry((class.nursery, class.age))
            .or_default()
            .push(k as ClassIx);
    }
    let mut placement = Placement {
        class: vec![None; market.children.len()],
    };
    let mut nowhere = Vec::new();
    let mut open: BTreeMap<(NurseryIx, u8), Vec<ChildIx>> = BTreeMap::new();
    for (c, nursery) in nurseries.iter().enumerate() {
        let child = c as ChildIx;
        let Some(nursery) = *nursery else { continue };
        let age = market.children[c].age;
        let classes = of.get(&(nursery, age)).map_or(&[][..], Vec::as_slice);
        let hinted = hint(child).filter(|k| classes.contains(k));
        let current = market.children[c].current.filter(|k| classes.contains(k));
        match (classes, hinted.or(current)) {
            ([], _) => nowhere.push(NoClass { child, nursery }),
            (_, Some(class)) => placement.class[c] = Some(class),
            ([only], None) => placement.class[c] = Some(*only),
            (_, None) => open.entry((nursery, age)).or_default().push(child),
        }
    }
    for (at, children) in open {
        fill(market, &of[&at], &children, &mut placement);
    }
    (placement, nowhere)
}

/// Deferred acceptance of the given children over the pools of one class: each applies to the
/// pools in the order of its choices, each pool keeps the children of highest priority.
fn fill(market: &Market, pools: &[ClassIx], children: &[ChildIx], placement: &mut Placement) {
    let wishes = |c: ChildIx| {
        market
            .choices_of(c)
            .iter()
            .filter(|x| pools.contains(&x.class))
    };
    let mut seats: BTreeMap<ClassIx, u64> = BTreeMap::new();
    for &pool in pools {
        let class = &market.classes[pool as usize];
        let taken = placement.class.iter().filter(|k| **k == Some(pool)).count() as u64;
        let refilled = market
            .children
            .iter()
            .filter(|c| c.current == Some(pool))
            .count() as u64;
        let declared = market.groups[class.group as usize].seats / class.weight.max(1);
        let vacated = if class.refill { refilled } else { 0 };
        seats.insert(pool, (declared + vacated).saturating_sub(taken));
    }
    let mut held: BTreeMap<ClassIx, Vec<(u32, ChildIx)>> = BTreeMap::new();
    let mut queue: VecDeque<(ChildIx, usize)> = children.iter().map(|&c| (c, 0)).collect();
    while let Some((child, nth)) = queue.pop_front() {
        let Some(choice) = wishes(child).nth(nth) else {
            // More children than seats, or a pool that is closed to the child: it sits in the
            // last pool it chose, else in the first there is, and the checker says what is wrong.
            let last = wishes(child).next_back().map_or(pools[0], |x| x.class);
            placement.class[child as usize] = Some(last);
            continue;
        };
        let holders = held.entry(choice.class).or_default();
        holders.push((choice.priority, child));
        holders.sort_unstable();
        if holders.len() as u64 > seats[&choice.class]
            && let Some((_, out)) = holders.pop()
        {
            let at = wishes(out)
                .position(|x| x.class == choice.class)
                .unwrap_or(nth);
            queue.push_back((out, at + 1));
        }
    }
    for (class, holders) in held {
        for (_, child) in holders {
            placement.class[child as usize] = Some(class);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use enmusubi_market::{
        Child, Choice, Class, Family, First, Group, Nursery, Place, TieReading, Timing, Wish,
        WishFields,
    };

    /// One nursery, age 1: pool "x" (one seat) before the ordinary seats (one).
    fn market() -> Market {
        let class = |pool: Option<&str>, group| Class {
            nursery: 0,
            age: 1,
            pool: pool.map(Into::into),
            group,
            weight: 1,
            refill: true,
        };
        let wish = Wish::Fields(WishFields {
            timing: Timing::Together,
            place: Place::SameOnly,
            first: First::Either,
            all_transfers_or_none: false,
        });
        let family = |n: u32| Family {
            id: n.to_string().into(),
            children: n..n + 1,
            wish: wish.clone(),
            pass: 0,
            common_order: n + 1,
        };
        let child = |n: u32, choices| Child {
            id: n.to_string().into(),
            family: n,
            age: 1,
            current: None,
            choices,
        };
        let choice = |class, priority| Choice {
            class,
            rank: 1,
            priority,
        };
        Market {
            nurseries: vec![Nursery {
                id: "1".into(),
                name: "A".into(),
            }],
            classes: vec![class(Some("x"), 0), class(None, 1)],
            groups: vec![Group { seats: 1, unit: 1 }, Group { seats: 1, unit: 1 }],
            families: vec![family(0), family(1), family(2)],
            // Child 2 is closed out of the pool; child 1 ranks above child 0 in it.
            children: vec![child(0, 0..2), child(1, 2..4), child(2, 4..5)],
            choices: vec![
                choice(0, 2),
                choice(1, 1),
                choice(0, 1),
                choice(1, 2),
                choice(1, 3),
            ],
            ties: TieReading::Strict,
        }
    }

    #[test]
    fn pools_are_filled_by_their_own_priorities() {
        let m = market();
        m.validate().unwrap();
        let (p, nowhere) = placement(&m, &[Some(0), Some(0), None], |_| None);
        assert_eq!((p.class, nowhere.len()), (vec![Some(1), Some(0), None], 0));
        let (p, _) = placement(&m, &[None, Some(0), Some(0)], |_| None);
        assert_eq!(p.class, [None, Some(0), Some(1)]);
        // The report knows better where it speaks of the same nursery.
        let (p, _) = placement(&m, &[Some(0), None, None], |_| Some(1));
        assert_eq!(p.class, [Some(1), None, None]);
        // Too many: somebody sits on no seat, for the checker to say so.
        let (p, _) = placement(&m, &[Some(0), Some(0), Some(0)], |_| None);
        assert_eq!(p.with_class(), 3);
    }

    #[test]
    fn an_age_the_nursery_does_not_have() {
        let mut m = market();
        m.children[0].age = 4;
        let (p, nowhere) = placement(&m, &[Some(0), None, None], |_| None);
        assert_eq!(p.class[0], None);
        assert_eq!(
            nowhere,
            [NoClass {
                child: 0,
                nursery: 0
            }]
        );
    }
}
