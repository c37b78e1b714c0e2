//! Who was placed and who was refused, class by class: all that a round says about an order that nobody wrote down.

use super::{
    columns::Column,
    tables::{Table, tables},
};
use enmusubi_compare::{
    crew::Alone,
    evidence::evidence,
    search::{Scene, stand::Entry, stand::entries},
    world::World,
};
use enmusubi_criteria::Criteria;
use enmusubi_domain::facts::RoundFacts;
use std::{collections::HashMap, ops::Range, sync::Arc};

/// Children at the classes that placed some and refused others.
#[derive(Debug)]
pub struct Sides {
    /// Facts of all years, conversions filled in.
    pub facts: Arc<RoundFacts>,
    /// Only children where they were placed, and where they were refused though they wanted it more than what they got. By group.
    pub entries: Vec<Entry>,
    /// Entries of each group; every group has placed ones and refused ones.
    pub groups: Vec<Range<usize>>,
    /// Group of each entry, as a position in [`Sides::groups`].
    pub group_of: Vec<u32>,
    /// Household of each entry.
    pub household_of: Vec<u32>,
    /// Entries of each household.
    pub of_household: Vec<Vec<u32>>,
    /// Tables of the file whose rows wait for points, or are judged.
    pub tables: Vec<Table>,
    /// These rows, the first columns of all.
    pub waiting: Vec<Column>,
}

impl Sides {
    /// Looks at the years by a file (`criteria`) that orders nobody yet; `None`: no class both placed and refused.
    #[must_use]
    pub fn of(world: &World<'_>, criteria: &Criteria, forbidden: &[Box<str>]) -> Option<Self> {
        let facts = Arc::new(world.scored.as_ref()?.facts.as_ref().clone());
        let evidence = evidence(world);
        let placement = world.truth.placement(&world.market);
        let scene = Scene {
            world,
            evidence: &evidence,
            placement: &placement,
            differing: &[],
            crew: &Alone,
            effort: 0,
        };
        let mut list = entries(&scene)?;
        let market = &world.market;
        // Where siblings were refused it is not known which of them was. To count them only where they were placed would say that
        // siblings come first.
        let family: HashMap<u32, u32> = (world.plain.rows.iter())
            .zip(&market.children)
            .map(|(row, child)| (*row, child.family))
            .collect();
        list.retain(|e| {
            let family = &market.families[family[&e.child] as usize];
            !e.out && family.children.len() == 1
        });
        let mut by_group: std::collections::BTreeMap<u32, Vec<Entry>> = Default::default();
        for e in list {
            by_group.entry(e.group).or_default().push(e);
        }
        let mut sides = Self {
            of_household: vec![Vec::new(); facts.households.len()],
            facts,
            entries: Vec::new(),
            groups: Vec::new(),
            group_of: Vec::new(),
            household_of: Vec::new(),
            tables: Vec::new(),
            waiting: Vec::new(),
        };
        for of_group in by_group.into_values() {
            let contested = of_group.iter().any(|e| e.placed) && of_group.iter().any(|e| !e.placed);
            if !contested {
                continue;
            }
            let start = sides.entries.len();
            for e in of_group {
                let household = sides.facts.household_of(e.child);
                sides.of_household[household as usize].push(sides.entries.len() as u32);
                sides.household_of.push(household);
                sides.group_of.push(sides.groups.len() as u32);
                sides.entries.push(e);
            }
            sides.groups.push(start..sides.entries.len());
        }
        (sides.tables, sides.waiting) = tables(&sides, criteria, forbidden);
        (!sides.groups.is_empty()).then_some(sides)
    }

    /// Guardians of the household of an entry.
    #[must_use]
    pub fn guardians(&self, household: u32) -> Range<u32> {
        self.facts.index.guardians[household as usize].clone()
    }
}
