//! Building a market by hand.

use enmusubi_market::{
    Child, Choice, Class, ClassIx, Family, Group, GroupIx, Market, Nursery, NurseryIx, Slot,
    TieReading, Wish, WishFields,
};

/// A child to be added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChildSpec {
    /// Id.
    pub id: String,
    /// Age class 0–5.
    pub age: u8,
    /// Current class.
    pub current: Option<ClassIx>,
    /// (class, priority; smaller is better), best first.
    pub choices: Vec<(ClassIx, u32)>,
}

/// A family's wish; listed tuples name a child's choices by their place in [`ChildSpec::choices`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WishSpec {
    /// Wish fields.
    Fields(WishFields),
    /// Listed tuples; `None` is "as now".
    Listed(Vec<Vec<Option<u32>>>),
}

impl WishSpec {
    /// One of the seven codes.
    ///
    /// # Panics
    /// If the code is not 1–7.
    #[must_use]
    pub fn code(code: u8) -> Self {
        Self::Fields(WishFields::from_code(code).expect("a code from 1 to 7"))
    }
}

/// Collects nurseries, groups, classes and families in the order of their ids.
#[derive(Debug, Clone)]
pub struct MarketBuilder {
    market: Market,
}

impl Default for MarketBuilder {
    fn default() -> Self {
        Self::new(TieReading::Strict)
    }
}

impl MarketBuilder {
    /// An empty market.
    #[must_use]
    pub fn new(ties: TieReading) -> Self {
        let market = Market {
            nurseries: Vec::new(),
            classes: Vec::new(),
            groups: Vec::new(),
            families: Vec::new(),
            children: Vec::new(),
            choices: Vec::new(),
            ties,
        };
        Self { market }
    }

    /// Adds a nursery; ids must ascend.
    pub fn nursery(&mut self, id: &str) -> NurseryIx {
        self.market.nurseries.push(Nursery {
            id: id.into(),
            name: id.into(),
        });
        self.market.nurseries.len() as u32 - 1
    }

    /// Adds a seat group.
    pub fn group(&mut self, seats: u64, unit: u64) -> GroupIx {
        self.market.groups.push(Group { seats, unit });
        self.market.groups.len() as u32 - 1
    }

    /// Adds a class on a group.
    pub fn class_in(
        &mut self,
        nursery: NurseryIx,
        age: u8,
        group: GroupIx,
        weight: u64,
        refill: bool,
        pool: Option<&str>,
    ) -> ClassIx {
        let pool = pool.map(Into::into);
        self.market.classes.push(Class {
            nursery,
            age,
            pool,
            group,
            weight,
            refill,
        });
        self.market.classes.len() as u32 - 1
    }

    /// Adds a refilled class with a group and seats of its own, weight 1.
    pub fn class(&mut self, nursery: NurseryIx, age: u8, seats: u64) -> ClassIx {
        let group = self.group(seats, 1);
        self.class_in(nursery, age, group, 1, true, None)
    }

    /// Nursery of a class.
    ///
    /// # Panics
    /// If there is no such class.
    #[must_use]
    pub fn nursery_of(&self, class: ClassIx) -> NurseryIx {
        self.market.classes[class as usize].nursery
    }

    /// Adds a family; family ids must ascend, its children come age class descending, then id
    /// ascending. Neighbouring choices of one nursery become its pools (same rank).
    ///
    /// # Panics
    /// If the children are not in that order.
    pub fn family(
        &mut self,
        id: &str,
        wish: WishSpec,
        pass: u8,
        common_order: u32,
        children: &[ChildSpec],
    ) {
        assert!(
            children
                .windows(2)
                .all(|w| (w[1].age, &w[0].id) < (w[0].age, &w[1].id)),
            "family {id}: children out of order"
        );
        let m = &mut self.market;
        let first_child = m.children.len() as u32;
        let mut starts = Vec::new();
        for child in children {
            let start = m.choices.len() as u32;
            starts.push(start);
            let mut rank = 0;
            let mut last = None;
            for &(class, priority) in &child.choices {
                let nursery = m.classes[class as usize].nursery;
                if last != Some(nursery) {
                    rank += 1;
                    last = Some(nursery);
                }
                m.choices.push(Choice {
                    class,
                    rank,
                    priority,
                });
            }
            m.children.push(Child {
                id: child.id.as_str().into(),
                family: m.families.len() as u32,
                age: child.age,
                current: child.current,
                choices: start..m.choices.len() as u32,
            });
        }
        let slot =
            |(c, k): (usize, &Option<u32>)| k.map_or(Slot::AsNow, |k| Slot::Choice(starts[c] + k));
        let wish = match wish {
            WishSpec::Fields(fields) => Wish::Fields(fields),
            WishSpec::Listed(list) => Wish::Listed(
                list.iter()
                    .map(|t| t.iter().enumerate().map(slot).collect())
                    .collect(),
            ),
        };
        m.families.push(Family {
            id: id.into(),
            children: first_child..m.children.len() as u32,
            wish,
            pass,
            common_order,
        });
    }

    /// The market.
    ///
    /// # Panics
    /// If [`Market::validate`] fails.
    #[must_use]
    pub fn build(self) -> Market {
        if let Err(what) = self.market.validate() {
            panic!("{what}");
        }
        self.market
    }
}
