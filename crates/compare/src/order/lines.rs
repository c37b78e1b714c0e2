//! The lines of a staff list, in the terms of a market.

use enmusubi_domain::{facts::Exact, past::StaffIndex};
use enmusubi_market::{ChoiceIx, Market};
use std::{collections::HashMap, ops::Range};

/// A line that is about a child of the market and a facility it has chosen, or all of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Position in the list.
    pub line: u32,
    /// Position of the child.
    pub child: u32,
    /// Whether the line names a facility.
    pub at_facility: bool,
    /// Its choices: all, or those at the facility (its pools).
    pub choices: Range<ChoiceIx>,
}

/// The lines that are about this market, in file order; of two about the same the first.
#[must_use]
pub fn lines(market: &Market, list: &StaffIndex) -> Vec<Listed> {
    let children: HashMap<&str, u32> = market.children.iter().map(|c| &*c.id).zip(0u32..).collect();
    let mut seen = std::collections::HashSet::new();
    let mut found = Vec::with_capacity(list.list.len());
    for (line, entry) in (0u32..).zip(&list.list) {
        let Some(&child) = children.get(&*entry.child) else {
            continue;
        };
        let all = market.children[child as usize].choices.clone();
        let choices = match &entry.facility {
            None => all,
            Some(id) => {
                let there = |x: &ChoiceIx| {
                    let class = market.choices[*x as usize].class;
                    let nursery = market.classes[class as usize].nursery;
                    market.nurseries[nursery as usize].id == *id
                };
                let mut chosen = all.filter(there);
                let Some(first) = chosen.next() else {
                    continue;
                };
                // Pools of one facility stand next to each other.
                first..chosen.next_back().unwrap_or(first) + 1
            }
        };
        if choices.is_empty() || !seen.insert((child, choices.start, choices.end)) {
            continue;
        }
        found.push(Listed {
            line,
            child,
            at_facility: entry.facility.is_some(),
            choices,
        });
    }
    found
}

/// What a list says about each choice of a market.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PerChoice {
    /// The index.
    pub index: Vec<Option<Exact>>,
}

impl PerChoice {
    /// A line that names the facility counts before one that does not.
    #[must_use]
    pub fn of(market: &Market, list: &StaffIndex) -> Self {
        let mut per = Self {
            index: vec![None; market.choices.len()],
        };
        let lines = lines(market, list);
        for at_facility in [false, true] {
            for listed in lines.iter().filter(|l| l.at_facility == at_facility) {
                let entry = &list.list[listed.line as usize];
                for x in listed.choices.clone() {
                    let x = x as usize;
                    per.index[x] = entry.index.or(per.index[x]);
                }
            }
        }
        per
    }
}

/// What the places of a list count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// The whole list.
    Whole,
    /// Each age class.
    Age,
    /// Each facility.
    Facility,
    /// Each class: facility and age.
    Class,
}

/// The lines with a place, in groups that are numbered by themselves, each by place; and what the groups are.
///
/// Where places start anew, one place is given to several lines with different numbers: the coarsest scope in which
/// that happens least is the list's.
#[must_use]
pub fn groups(market: &Market, list: &StaffIndex) -> (Scope, Vec<Vec<Listed>>) {
    let lines: Vec<Listed> = lines(market, list)
        .into_iter()
        .filter(|l| list.list[l.line as usize].rank.is_some())
        .collect();
    let by_facility = lines.iter().all(|l| l.at_facility);
    let scopes: &[Scope] = match by_facility {
        true => &[Scope::Whole, Scope::Age, Scope::Facility, Scope::Class],
        false => &[Scope::Whole, Scope::Age],
    };
    let grouped = scopes.iter().map(|&scope| {
        let groups = grouped(market, list, &lines, scope);
        (clashes(list, &groups), scope, groups)
    });
    let least = grouped.min_by_key(|(clashes, scope, _)| (*clashes, *scope));
    least.map_or((Scope::Whole, Vec::new()), |(_, scope, groups)| {
        (scope, groups)
    })
}

fn grouped(market: &Market, list: &StaffIndex, lines: &[Listed], scope: Scope) -> Vec<Vec<Listed>> {
    let key = |l: &Listed| {
        let class = market.choices[l.choices.start as usize].class;
        let nursery = market.classes[class as usize].nursery;
        let age = market.children[l.child as usize].age;
        match scope {
            Scope::Whole => (0, 0),
            Scope::Age => (0, age),
            Scope::Facility => (nursery, 0),
            Scope::Class => (nursery, age),
        }
    };
    let mut groups: std::collections::BTreeMap<(u32, u8), Vec<Listed>> = Default::default();
    for line in lines {
        groups.entry(key(line)).or_default().push(line.clone());
    }
    let mut groups: Vec<Vec<Listed>> = groups.into_values().collect();
    for group in &mut groups {
        group.sort_by_key(|l| (list.list[l.line as usize].rank, l.line));
    }
    groups
}

/// Neighbours with one place and different numbers.
fn clashes(list: &StaffIndex, groups: &[Vec<Listed>]) -> usize {
    let entry = |l: &Listed| &list.list[l.line as usize];
    let pairs = groups.iter().flat_map(|g| g.windows(2));
    pairs
        .filter(|w| {
            let [a, b] = w else { return false };
            let (a, b) = (entry(a), entry(b));
            a.rank == b.rank && (a.index, &a.values) != (b.index, &b.values)
        })
        .count()
}
