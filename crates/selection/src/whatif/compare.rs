//! Two placements of one round beside each other: who gains, who loses.

use super::{
    report::{
        ChildRow, ClassRow, ClassSide, Comparison, Dimension, Figures, Group, Move, Side, Spot,
        Tally,
    },
    run::Placed,
};
use crate::{
    compiled::Ties,
    explain::ClassResult,
    report::{key_components, result_digest},
};
use enmusubi_criteria::Criteria;
use enmusubi_domain::{
    Rational,
    facts::{
        Entity, EnumType, RoundFacts, Type, Value,
        vocabulary::{VOCABULARY, find},
    },
};
use enmusubi_market::ChildIx;
use enmusubi_matching::Mechanism;
use std::collections::BTreeMap;

/// Groups that are words, in their order.
const WORDS: [&str; 7] = [
    "none", "single", "quasi", "alone", "together", "new", "transfer",
];

/// A placement as figures. `file`: name of its criteria file.
#[must_use]
pub fn side(placed: &Placed, criteria: &Criteria, file: &str) -> Side {
    let market = &placed.compiled.market;
    let outcome = &placed.decided.outcome;
    let summary = placed.decided.verdict.summary;
    let ranks = placed.explanations.children.iter().enumerate();
    let ranks: Vec<u32> = ranks
        .filter_map(|(c, r)| rank_of(placed, c as ChildIx, r.rank))
        .collect();
    let rank_sum = ranks.iter().map(|&r| u64::from(r)).sum();
    let mut blocking: Vec<String> = outcome
        .blocking
        .iter()
        .map(|&f| market.families[f as usize].id.to_string())
        .collect();
    blocking.sort_unstable();
    Side {
        criteria: file.to_owned(),
        title: criteria.head.title.to_string(),
        mechanism: placed.mechanism.into(),
        ties: match &placed.compiled.ties {
            Ties::Stop => "stop".to_owned(),
            Ties::Lottery(seed) => format!("lottery:{seed}"),
            Ties::Equal => "equal".to_owned(),
            Ties::RowOrder => "row-order".to_owned(),
        },
        figures: Figures {
            children: summary.children,
            with_class: summary.with_class,
            newly_placed: summary.newly_placed,
            held: summary.children - summary.with_class,
            first_choice: ranks.iter().filter(|&&r| r == 1).count() as u32,
            rank_sum,
            mean_rank: Rational::new(rank_sum, ranks.len() as u64).map(|m| m.to_string()),
            stable: placed.decided.verdict.is_stable(),
            // The other mechanisms leave nothing to choose.
            proved: placed.mechanism != Mechanism::Stable || outcome.proofs.canonical,
            blocking_families: blocking,
            result_digest: result_digest(market, &outcome.placement),
        },
    }
}

/// Rank of the choice a child obtained, as its family wrote it.
fn rank_of(placed: &Placed, child: ChildIx, written: Option<u32>) -> Option<u32> {
    let x = placed.explanations.children[child as usize].obtained?;
    let market = &placed.compiled.market;
    // One that only a combination list names has no number of its own.
    Some(
        written
            .filter(|&r| r > 0)
            .unwrap_or(market.choices[x as usize].rank),
    )
}

/// Where every child of the facts is; `None`: it does not apply.
fn spots(facts: &RoundFacts, placed: &Placed) -> Vec<Option<Spot>> {
    let mut out = vec![None; facts.children.len()];
    let market = &placed.compiled.market;
    for (c, result) in placed.explanations.children.iter().enumerate() {
        let spot = match result.class {
            None => Spot::default(),
            Some(k) => {
                let class = &market.classes[k as usize];
                let nursery = &market.nurseries[class.nursery as usize];
                Spot {
                    facility: nursery.id.to_string(),
                    name: nursery.name.to_string(),
                    rank: rank_of(placed, c as ChildIx, result.rank),
                    pool: class.pool.as_ref().map(ToString::to_string),
                }
            }
        };
        out[placed.compiled.rows[c] as usize] = Some(spot);
    }
    out
}

/// What changes for a child. Pools of one facility are one place to a family.
fn moved(before: &Spot, after: &Spot) -> Move {
    // Its present class comes after every choice.
    let place = |s: &Spot| s.rank.unwrap_or(u32::MAX);
    match (before.facility.is_empty(), after.facility.is_empty()) {
        (true, true) => Move::Unchanged,
        (true, false) => Move::PlacedNow,
        (false, true) => Move::Unplaced,
        (false, false) if before.facility == after.facility => Move::Unchanged,
        (false, false) if place(after) < place(before) => Move::Better,
        (false, false) => Move::Worse,
    }
}

/// Compares two placements of one round; both are of the children of `facts`.
///
/// `after_side`: as [`side`] makes it of `after`.
#[must_use]
pub fn compare(
    facts: &RoundFacts,
    before: &Placed,
    after: &Placed,
    after_side: Side,
) -> Comparison {
    let (was, is) = (spots(facts, before), spots(facts, after));
    let people = People::of(facts);
    let nothing = Spot::default();
    let mut all = Tally::default();
    let mut groups: BTreeMap<(Dimension, String), Tally> = BTreeMap::new();
    let mut changed = Vec::new();
    for c in 0..facts.children.len() {
        if was[c].is_none() && is[c].is_none() {
            continue;
        }
        let before = was[c].as_ref().unwrap_or(&nothing);
        let after = is[c].as_ref().unwrap_or(&nothing);
        let moved = moved(before, after);
        let (had, has) = (!before.facility.is_empty(), !after.facility.is_empty());
        all.add(had, has, moved);
        let person = people.child(c as u32);
        for key in person.groups() {
            groups.entry(key).or_default().add(had, has, moved);
        }
        if moved != Move::Unchanged {
            changed.push(ChildRow {
                child: facts.children.ids[c].to_string(),
                household: facts.households.ids[facts.household_of(c as u32) as usize].to_string(),
                age: person.age,
                area: person.area,
                single_parent: person.single_parent.to_owned(),
                siblings: person.siblings,
                transfer: person.transfer,
                before: before.clone(),
                after: after.clone(),
                moved,
            });
        }
    }
    changed.sort_by(|a, b| a.child.cmp(&b.child));
    let mut groups: Vec<Group> = groups
        .into_iter()
        .map(|((dimension, group), tally)| Group {
            dimension,
            group,
            tally,
        })
        .collect();
    // The unknown come last, and words in the order people expect.
    let place = |g: &Group| WORDS.iter().position(|w| *w == g.group);
    groups.sort_by_key(|g| (g.dimension, g.group.is_empty(), place(g)));
    Comparison {
        after: after_side,
        all,
        groups,
        key_components: [
            key_components(&before.compiled),
            key_components(&after.compiled),
        ],
        classes: classes(before, after),
        changed,
    }
}

/// Classes of both, side by side.
fn classes(before: &Placed, after: &Placed) -> Vec<ClassRow> {
    let mut rows: BTreeMap<(String, u8, Option<String>), ClassRow> = BTreeMap::new();
    for (placed, first) in [(before, true), (after, false)] {
        let market = &placed.compiled.market;
        let mut size = vec![0u32; market.groups.len()];
        for class in &market.classes {
            size[class.group as usize] += 1;
        }
        for (class, result) in market.classes.iter().zip(&placed.explanations.classes) {
            let group = &market.groups[class.group as usize];
            // A class alone in its room has seats of its own where its weight divides them.
            let alone = size[class.group as usize] == 1 && class.weight > 0;
            let seats = (alone && group.seats.is_multiple_of(class.weight.max(1)))
                .then(|| group.seats / class.weight);
            if seats == Some(0) && result.applied == 0 && result.placed == 0 {
                continue;
            }
            let nursery = &market.nurseries[class.nursery as usize];
            let pool = class.pool.as_ref().map(ToString::to_string);
            let key = (nursery.id.to_string(), class.age, pool.clone());
            let row = rows.entry(key).or_insert_with(|| ClassRow {
                facility: nursery.id.to_string(),
                name: nursery.name.to_string(),
                age: class.age,
                pool,
                before: None,
                after: None,
            });
            let side = Some(class_side(placed, result, seats));
            if first {
                row.before = side;
            } else {
                row.after = side;
            }
        }
    }
    rows.into_values().collect()
}

fn class_side(placed: &Placed, result: &ClassResult, seats: Option<u64>) -> ClassSide {
    let key = |h: crate::explain::Holder| {
        placed
            .compiled
            .keys
            .of(h.choice)
            .map(str::to_owned)
            .collect()
    };
    ClassSide {
        seats,
        placed: result.placed,
        newly_placed: result.newly,
        considered: result.considered,
        cut_off: result.last.map(key),
    }
}

/// Facts that children are grouped by.
struct People<'a> {
    facts: &'a RoundFacts,
    area: Option<u16>,
    single: Option<(u16, &'static EnumType)>,
    age: Option<u16>,
    application: Option<u16>,
    /// Per household: children who apply.
    applicants: Vec<u32>,
}

struct Person {
    area: String,
    age: u8,
    single_parent: &'static str,
    siblings: bool,
    transfer: bool,
}

impl Person {
    fn groups(&self) -> [(Dimension, String); 5] {
        let word = |yes: bool, a: &str, b: &str| if yes { a } else { b }.to_owned();
        [
            (Dimension::Area, self.area.clone()),
            (Dimension::Age, self.age.to_string()),
            (Dimension::SingleParent, self.single_parent.to_owned()),
            (
                Dimension::Siblings,
                word(self.siblings, "together", "alone"),
            ),
            (Dimension::Transfer, word(self.transfer, "transfer", "new")),
        ]
    }
}

impl<'a> People<'a> {
    fn of(facts: &'a RoundFacts) -> Self {
        let single = find(Entity::Household, "single_parent");
        let mut people = Self {
            facts,
            area: find(Entity::Household, "area"),
            single: single.and_then(|a| match VOCABULARY[a as usize].ty {
                Type::Enum(e) => Some((a, e)),
                _ => None,
            }),
            age: find(Entity::Child, "age_class"),
            application: find(Entity::Child, "application"),
            applicants: vec![0; facts.households.len()],
        };
        for c in 0..facts.children.len() as u32 {
            if people.application(c) != 0 {
                people.applicants[facts.household_of(c) as usize] += 1;
            }
        }
        people
    }

    /// 0: does not apply, 1: new, 2: transfer.
    fn application(&self, child: u32) -> u8 {
        match self.application.map(|a| self.facts.children.get(child, a)) {
            Some(Value::Enum(n)) => n,
            _ => 0,
        }
    }

    fn child(&self, c: u32) -> Person {
        let facts = self.facts;
        let h = facts.household_of(c);
        let text = |v: Option<Value>| match v {
            Some(Value::Symbol(s)) => facts.symbols.text(s).to_owned(),
            _ => String::new(),
        };
        Person {
            area: text(self.area.map(|a| facts.households.get(h, a))),
            age: match self.age.map(|a| facts.children.get(c, a)) {
                Some(Value::Number(n)) => {
                    n.as_whole().and_then(|n| u8::try_from(n).ok()).unwrap_or(0)
                }
                _ => 0,
            },
            single_parent: self
                .single
                .and_then(|(a, e)| match facts.households.get(h, a) {
                    Value::Enum(n) => e.values.get(usize::from(n)).map(|(name, _)| *name),
                    _ => None,
                })
                .unwrap_or(""),
            siblings: self.applicants[h as usize] > 1,
            transfer: self.application(c) == 2,
        }
    }
}
