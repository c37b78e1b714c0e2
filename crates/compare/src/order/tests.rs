//! Places of lists made with the truth, and worlds whose order is the list.

use super::{
    lines::{Scope, groups},
    *,
};
use crate::{
    cause::{Cause, KeyOrder, Kind},
    crew::Alone,
    depths::depths,
    index::tests::{example, lottery, past, round, round_with, staff_list},
    past::{Base, Past},
    search,
    solve::{Limits, Silent, solve},
    truth::decisions_of,
    world::{World, edit::class_id},
};
use enmusubi_domain::{
    facts::{
        Entity, RoundFacts, Value,
        vocabulary::{Origin, VOCABULARY, find},
    },
    past::{Decisions, StaffIndex},
};
use enmusubi_selection::compiled::CompiledRound;

/// A round in which lots decide.
fn with_equals(children: usize, seed: u64) -> RoundFacts {
    let mut facts = round(children, seed);
    let income = find(Entity::Household, "income").unwrap();
    for h in 0..facts.households.len() as u32 {
        facts.households.set(h, income, Value::whole(4_000_000));
    }
    facts.complete();
    facts
}

fn compiled(facts: &RoundFacts) -> CompiledRound {
    let (criteria, decisions, ties) = (example(), Decisions::default(), lottery());
    let world = World::of(past(facts, &criteria, &decisions, &ties), &[]).unwrap();
    (*world.plain).clone()
}

/// What a round decided so comes to.
fn decided(world: &World<'_>) -> Decisions {
    decisions_of(&world.market, &world.place())
}

/// The same round as a section without papers has it: who applies, with which birthday, where, in which class now.
fn without_papers(facts: &RoundFacts) -> RoundFacts {
    let mut blank = facts.clone();
    for (at, attribute) in VOCABULARY.iter().enumerate() {
        let kept = matches!(attribute.name, "application" | "birth_date" | "id" | "name");
        let known = matches!(
            attribute.entity,
            Entity::Facility | Entity::Round | Entity::Choice
        );
        if kept || known || attribute.origin != Origin::Stated {
            continue;
        }
        let table = blank.table_mut(attribute.entity);
        table.set_column(at as u16 as _, vec![Value::Unknown; table.len()]);
    }
    blank.complete();
    blank
}

#[test]
fn a_list_in_order_agrees_and_its_places_count_within_classes() {
    let facts = with_equals(200, 3);
    let list = staff_list(&facts, &example(), &[]);
    let compiled = compiled(&facts);
    let (scope, grouped) = groups(&compiled.market, &list);
    assert_eq!(scope, Scope::Class);
    assert!(grouped.len() > 20);
    let found = order(&compiled, &list, Known::ALL).unwrap();
    assert_eq!(found.depth.agreement.agree, found.depth.agreement.compared);
    assert!(found.depth.agreement.compared > 300);
    assert_eq!(found.causes, []);
}

#[test]
fn places_of_the_whole_list_are_told_from_those_of_classes() {
    let facts = with_equals(200, 4);
    let compiled = compiled(&facts);
    let mut list = staff_list(&facts, &example(), &[]);
    // A line for each child, by its first choice.
    let first =
        |c: &enmusubi_market::Child| compiled.market.choices[c.choices.start as usize].priority;
    let mut children: Vec<_> = compiled
        .market
        .children
        .iter()
        .filter(|c| !c.choices.is_empty())
        .collect();
    children.sort_by_key(|c| first(c));
    let lines = children.iter().zip(1u32..).map(|(c, rank)| {
        let nursery = compiled.market.classes
            [compiled.market.choices[c.choices.start as usize].class as usize]
            .nursery;
        let facility = &compiled.market.nurseries[nursery as usize].id;
        let mut line = list
            .list
            .iter()
            .find(|l| l.child == c.id && l.facility.as_ref() == Some(facility))
            .unwrap()
            .clone();
        line.facility = None;
        line.rank = Some(rank);
        line
    });
    list.list = lines.collect();
    assert_eq!(groups(&compiled.market, &list).0, Scope::Whole);
    let found = order(&compiled, &list, Known::ALL).unwrap();
    assert_eq!(found.depth.agreement.agree, found.depth.agreement.compared);
}

#[test]
fn another_order_of_keys_is_named() {
    let facts = round(300, 5);
    let compiled = compiled(&facts);
    let at = |label: &str| {
        let mut all = compiled.key_components.iter();
        all.position(|c| c.label.contains(label)).unwrap() as u32
    };
    for planted in [
        KeyOrder::Flip(at("所得")),
        KeyOrder::Move {
            from: at("所得"),
            before: at("低い方"),
        },
        KeyOrder::Drop(at("低い方")),
    ] {
        let planted = Cause::KeyOrder(planted);
        let list = staff_list(&facts, &example(), std::slice::from_ref(&planted));
        let found = order(&compiled, &list, Known::ALL).unwrap();
        assert!(found.depth.agreement.agree < found.depth.agreement.compared);
        let first = &found.causes[0];
        assert!(
            first.cause == planted || first.class.contains(&planted),
            "{planted:?} {first:?} {:?}",
            found.labels
        );
        assert_eq!(found.causes.len(), 1, "{planted:?}: {:?}", found.causes);
        assert_eq!(found.depth.unexplained, 0);
    }
}

#[test]
fn a_tie_decided_otherwise_is_named() {
    let facts = with_equals(300, 6);
    let compiled = compiled(&facts);
    let before = staff_list(&facts, &example(), &[]);
    let keys = crate::keys::Keys::of(&compiled);
    // Three in a row whom only lots tell apart: the first and the last change places.
    let (_, grouped) = groups(&compiled.market, &before);
    let decided = |l: &lines::Listed| {
        let key = keys.of_choice(l.choices.start);
        key[..key.len() - 1].to_vec()
    };
    let family = |l: &lines::Listed| compiled.market.children[l.child as usize].family;
    let run = grouped
        .iter()
        .flat_map(|g| g.windows(3))
        .find(|w| decided(&w[0]) == decided(&w[2]) && family(&w[0]) != family(&w[2]));
    let run = run.expect("equals");
    let id = |l: &lines::Listed| compiled.market.children[l.child as usize].id.clone();
    let class = compiled.market.choices[run[0].choices.start as usize].class;
    let planted = Cause::Tie {
        class: class_id(&compiled.market, class),
        first: id(&run[2]),
        second: id(&run[0]),
    };
    let list = staff_list(&facts, &example(), std::slice::from_ref(&planted));
    let found = order(&compiled, &list, Known::ALL).unwrap();
    let pairs: Vec<_> = found
        .causes
        .iter()
        .filter_map(|c| match &c.cause {
            Cause::Tie { first, second, .. } => Some((first.clone(), second.clone())),
            _ => None,
        })
        .collect();
    assert!(pairs.contains(&(id(&run[2]), id(&run[0]))), "{pairs:?}");
    assert_eq!(pairs.len(), found.causes.len());
    assert_eq!(found.depth.unexplained, 0);
}

#[test]
fn a_slip_in_the_order_stays_unexplained() {
    let facts = round(200, 7);
    let mut list = staff_list(&facts, &example(), &[]);
    let compiled = compiled(&facts);
    let (_, grouped) = groups(&compiled.market, &list);
    let long = grouped.iter().find(|g| {
        let number = |l: &lines::Listed| list.list[l.line as usize].index;
        g.len() > 3 && number(&g[0]) > number(&g[1])
    });
    let (a, b) = long
        .map(|g| (g[0].line as usize, g[1].line as usize))
        .unwrap();
    (list.list[a].rank, list.list[b].rank) = (list.list[b].rank, list.list[a].rank);
    let found = order(&compiled, &list, Known::ALL).unwrap();
    assert_eq!(found.causes, []);
    assert_eq!(found.depth.unexplained, 1);
    assert_eq!(
        found.depth.differences,
        [(
            list.list[b].child.to_string(),
            list.list[a].child.to_string()
        )]
    );
}

/// The way of a section that has a list and decisions, and no papers.
#[test]
fn without_papers_the_list_gives_the_order_and_seats_are_found() {
    // Places within classes do not say who comes first where two classes share their seats: none do here.
    let facts = round_with(200, 8, 0);
    let (criteria, none, ties) = (example(), Decisions::default(), lottery());
    let list: StaffIndex = staff_list(&facts, &criteria, &[]);
    let world = World::of(past(&facts, &criteria, &none, &ties), &[]).unwrap();
    let theirs = decided(&world);
    let blank = without_papers(&facts);
    // The children who may not be placed somewhere are not known either: those choices are not in the list.
    let undecided = World::of(past(&blank, &criteria, &theirs, &ties), &[]);
    assert!(undecided.is_err());
    let found = depths(past(&blank, &criteria, &theirs, &ties), &list, &Alone).unwrap();
    assert!(found.by_list);
    assert_eq!(found.given(), []);
    let agreement = found.order.unwrap().agreement;
    assert_eq!(agreement.agree, agreement.compared);

    let base = Base::Facts {
        facts: &blank,
        criteria: &criteria,
    };
    let listed = |decisions| Past {
        base: Base::Listed {
            base: &base,
            list: &list,
        },
        ..past(&blank, &criteria, decisions, &ties)
    };
    let by_list = World::of(listed(&theirs), &[]).unwrap();
    let (differing, compared) = by_list.truth.differing(&by_list.market, &by_list.place());
    assert!(compared > 150);
    assert!(differing.is_empty(), "{differing:?}");

    // A seat more at a class where somebody was refused.
    let class = (0..world.market.classes.len() as u32)
        .find(|&k| {
            let more = Cause::Seats {
                class: class_id(&world.market, k),
                by: 1,
            };
            decided(&world.with(&more).unwrap()) != theirs
        })
        .unwrap();
    let planted = Cause::Seats {
        class: class_id(&world.market, class),
        by: 1,
    };
    let theirs = decided(&world.with(&planted).unwrap());
    let from_list = solve(
        listed(&theirs),
        &[],
        &search::all(),
        Limits::for_children(200),
        &Alone,
        &Silent,
    )
    .unwrap();
    let from_facts = solve(
        past(&facts, &criteria, &theirs, &ties),
        &[],
        &search::all(),
        Limits::for_children(200),
        &Alone,
        &Silent,
    )
    .unwrap();
    for solution in [&from_list, &from_facts] {
        let first = &solution.mended[0];
        assert!(
            first.cause == planted || first.class.contains(&planted),
            "{first:?}"
        );
        assert_eq!(first.cause.kind(), Kind::Seats);
        assert_eq!(solution.mended.last().unwrap().differing, 0);
    }
}
