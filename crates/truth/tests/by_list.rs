//! Order and decisions alone: the causes that facts show are found from the staff's list, too, where they are no matter of
//! points.

#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests, where a panic is the failure"
)]

use enmusubi_compare::{
    cause::{Cause, Kind},
    crew::Alone,
    depths::depths,
    past::{Base, Past},
    search,
    solve::{Limits, Silent, Solution, solve},
    world::World,
};
use enmusubi_criteria::Criteria;
use enmusubi_domain::{
    facts::{
        Entity, Exact, RoundFacts, Value,
        vocabulary::{Origin, VOCABULARY},
    },
    past::{IndexLine, StaffIndex},
};
use enmusubi_selection::compiled::{KeyKind, Ties};
use enmusubi_truth::{Planting, plant, town};
use std::collections::BTreeSet;

fn example() -> Criteria {
    let text = include_bytes!("../../../criteria/example/r9.toml");
    enmusubi_criteria::read("r9.toml", text).0.unwrap()
}

/// The list of a section that keeps the order its criteria give: a line for each choice, numbered through.
fn list_of(past: Past<'_>) -> StaffIndex {
    let world = World::of(past, &[]).unwrap();
    let market = &world.market;
    let mut kinds = world.plain.key_components.iter();
    let points = kinds.position(|c| c.kind == KeyKind::Points).unwrap();
    let mut lines: Vec<(u32, u32, u32)> = Vec::new();
    for (c, child) in (0u32..).zip(&market.children) {
        for x in child.choices.clone() {
            let choice = &market.choices[x as usize];
            if market.classes[choice.class as usize].pool.is_none() {
                lines.push((choice.priority, c, x));
            }
        }
    }
    lines.sort_unstable();
    let lines = lines.iter().zip(1u32..).map(|(&(_, c, x), rank)| {
        let class = market.choices[x as usize].class;
        let nursery = market.classes[class as usize].nursery;
        let text = world.plain.keys.of(x).nth(points).unwrap();
        IndexLine {
            child: market.children[c as usize].id.clone(),
            facility: Some(market.nurseries[nursery as usize].id.clone()),
            index: Exact::parse(text),
            rows: None,
            rank: Some(rank),
            values: Vec::new(),
            row: 0,
        }
    });
    StaffIndex {
        columns: Vec::new(),
        list: lines.collect(),
    }
}

/// The round as a section without papers has it: who applies, from where, with which birthday.
fn without_papers(facts: &RoundFacts) -> RoundFacts {
    let mut blank = facts.clone();
    for (at, attribute) in VOCABULARY.iter().enumerate() {
        let kept = ["application", "birth_date", "id", "name", "area"].contains(&attribute.name);
        let people = [
            Entity::Household,
            Entity::Guardian,
            Entity::Adult,
            Entity::Child,
        ];
        if !kept && people.contains(&attribute.entity) && attribute.origin == Origin::Stated {
            let table = blank.table_mut(attribute.entity);
            table.set_column(at as _, vec![Value::Unknown; table.len()]);
        }
    }
    blank.complete();
    blank
}

fn solved<'a>(past: Past<'a>) -> Solution<'a> {
    let limits = Limits::for_children(past.decisions.list.len());
    solve(past, &[], &search::all(), limits, &Alone, &Silent).unwrap()
}

/// Kinds of the first cause and of those that nothing tells apart from it, and whether everything agrees in the end.
fn first(solution: &Solution<'_>) -> (BTreeSet<Kind>, bool) {
    let mut mended = solution.mended.iter();
    let first = mended.clone().next();
    let kinds = first.map(|m| std::iter::once(&m.cause).chain(&m.class).map(Cause::kind));
    let whole = mended.next_back().is_some_and(|m| m.differing == 0);
    (kinds.into_iter().flatten().collect(), whole)
}

#[test]
fn what_is_no_matter_of_points_is_found_from_the_list_alone() {
    let criteria = example();
    let mut wrong: Vec<String> = Vec::new();
    for (planting, seed) in [
        (Planting::Seats, 1),
        (Planting::Refill, 3),
        (Planting::Transfers, 4),
        (Planting::ChoiceRank, 8),
        (Planting::Wronged, 6),
        (Planting::ChoiceOrder, 7),
    ] {
        let facts = town(&criteria, seed, 120);
        let ties = Ties::Lottery("R9".into());
        let planted = plant(planting, &facts, &criteria, &ties, seed).unwrap();
        let list = list_of(planted.past());
        let blank = without_papers(&planted.facts);
        let base = Base::Facts {
            facts: &blank,
            criteria: &planted.criteria,
        };
        let plain = Past {
            base,
            ..planted.past()
        };
        let shown = depths(plain, &list, &Alone).unwrap();
        assert!(shown.by_list);
        let agreement = shown.order.unwrap().agreement;
        assert_eq!(agreement.agree, agreement.compared);
        let listed = Past {
            base: Base::Listed {
                base: &base,
                list: &list,
            },
            ..plain
        };
        let from_facts = first(&solved(planted.past()));
        let from_list = first(&solved(listed));
        for (kinds, whole) in [&from_facts, &from_list] {
            if !kinds.contains(&planting.kind()) || !whole {
                wrong.push(format!(
                    "{}: facts {from_facts:?}, list {from_list:?}",
                    planting.name()
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
