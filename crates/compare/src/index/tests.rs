//! Staff lists made by scoring with the truth, compared with criteria or facts that have something planted in them.

use super::*;
use crate::{
    crew::Alone,
    past::{Base, Past, PastTies},
    world::World,
};
use enmusubi_domain::{
    facts::{Entity, Value, vocabulary::find},
    past::{Decisions, IndexLine},
};
use enmusubi_matching::Mechanism;
use enmusubi_selection::compiled::Ties;
use enmusubi_synth::{FactOptions, Form, Options, facts as make_facts, town};

/// The made-up example city.
pub fn example() -> Criteria {
    let text = include_bytes!("../../../../criteria/example/r9.toml");
    let (criteria, _, found) = enmusubi_criteria::read("r9.toml", text);
    criteria.unwrap_or_else(|| panic!("{found:#?}"))
}

pub fn round(children: usize, seed: u64) -> RoundFacts {
    round_with(children, seed, FactOptions::default().shared)
}

/// With so many facilities (in thousandths) whose classes share seats.
pub fn round_with(children: usize, seed: u64, shared: u32) -> RoundFacts {
    let made = town(&Options {
        seed,
        children,
        nurseries: children / 20,
        siblings: 0.3,
        ..Options::default()
    });
    let options = FactOptions {
        seed,
        form: Form::fields(),
        shared,
        ..FactOptions::default()
    };
    make_facts(&made, &options)
}

/// A round without decisions, ties by lottery.
pub fn past<'a>(
    facts: &'a RoundFacts,
    criteria: &'a Criteria,
    decisions: &'a Decisions,
    ties: &'a PastTies,
) -> Past<'a> {
    Past {
        base: Base::Facts { facts, criteria },
        decisions,
        ties,
        mechanism: Mechanism::Stable,
    }
}

pub fn lottery() -> PastTies {
    PastTies::Rule(Ties::Lottery("R9".into()))
}

/// The list a section would have kept: a line for each choice, numbered within each class.
pub fn staff_list(facts: &RoundFacts, criteria: &Criteria, causes: &[Cause]) -> StaffIndex {
    let (decisions, ties) = (Decisions::default(), lottery());
    let world = World::of(past(facts, criteria, &decisions, &ties), causes).unwrap();
    let market = &world.market;
    let points = world
        .plain
        .key_components
        .iter()
        .position(|c| c.kind == enmusubi_selection::compiled::KeyKind::Points);
    let points = points.unwrap();
    let mut classes: BTreeMap<u32, Vec<(u32, u32, u32)>> = BTreeMap::new();
    for (c, child) in (0u32..).zip(&market.children) {
        let mut last = None;
        for x in child.choices.clone() {
            let choice = &market.choices[x as usize];
            let k = &market.classes[choice.class as usize];
            // One line for all pools of a facility.
            if last.replace(k.nursery) != Some(k.nursery) {
                let class = k.nursery * 6 + u32::from(k.age);
                classes
                    .entry(class)
                    .or_default()
                    .push((choice.priority, c, x));
            }
        }
    }
    let mut list = StaffIndex::default();
    for class in classes.values_mut() {
        class.sort_unstable();
        for (rank, &(_, c, x)) in (1u32..).zip(class.iter()) {
            let class = market.choices[x as usize].class;
            let nursery = market.classes[class as usize].nursery;
            let text = world.plain.keys.of(x).nth(points).unwrap();
            list.list.push(IndexLine {
                child: market.children[c as usize].id.clone(),
                facility: Some(market.nurseries[nursery as usize].id.clone()),
                index: Some(Exact::parse(text).unwrap()),
                rows: None,
                rank: Some(rank),
                values: Vec::new(),
                row: 0,
            });
        }
    }
    list
}

fn compared(facts: &RoundFacts, criteria: &Criteria, list: &StaffIndex) -> IndexFound {
    index(facts, criteria, list, &Alone).unwrap()
}

fn row(id: &str, theirs: i64) -> Cause {
    Cause::RowPoints {
        row: id.into(),
        theirs: Exact::whole(theirs),
    }
}

#[test]
fn nothing_planted_is_full_agreement() {
    let (facts, criteria) = (round(300, 3), example());
    let list = staff_list(&facts, &criteria, &[]);
    let found = compared(&facts, &criteria, &list);
    assert_eq!(found.depth.agreement.agree, found.depth.agreement.compared);
    assert!(found.depth.agreement.compared > 500);
    assert_eq!(found.causes, []);
    assert_eq!(found.depth.differences, []);
    let codes: Vec<&str> = found.remarks.iter().map(|r| &*r.code).collect();
    assert_eq!(codes, ["index-read-as"]);
    assert_eq!(found.remarks[0].examples, ["指数"]);
}

#[test]
fn rows_with_other_points_are_named_the_most_telling_first() {
    let (facts, criteria) = (round(250, 5), example());
    for planted in [
        vec![row("return", 4)],
        vec![row("work-20-8", 48)],
        vec![row("sibling-here", 12)],
        vec![
            row("work-20-8", 52),
            row("together", 5),
            row("single-alone", 14),
        ],
    ] {
        let list = staff_list(&facts, &criteria, &planted);
        let found = compared(&facts, &criteria, &list);
        let mut named: Vec<Cause> = found.causes.iter().map(|c| c.cause.clone()).collect();
        named.sort_by_key(|c| format!("{c:?}"));
        let mut expect = planted.clone();
        expect.sort_by_key(|c| format!("{c:?}"));
        assert_eq!(named, expect);
        assert_eq!(found.depth.unexplained, 0);
        let healed = found.path.windows(2).map(|w| w[1].agree - w[0].agree);
        assert!(healed.is_sorted_by(|a, b| a >= b), "{:?}", found.path);
    }
}

#[test]
fn a_row_that_staff_do_not_go_by_is_named() {
    let (facts, criteria) = (round(400, 6), example());
    let extra = Cause::RowExtra {
        row: "return".into(),
    };
    let list = staff_list(&facts, &criteria, std::slice::from_ref(&extra));
    let found = compared(&facts, &criteria, &list);
    assert_eq!(found.causes.len(), 1);
    assert_eq!(found.causes[0].cause, extra);
    assert_eq!(found.depth.unexplained, 0);
}

#[test]
fn coupling_of_siblings_is_named() {
    use enmusubi_criteria::model::Coupling;
    let (facts, criteria) = (round(400, 7), example());
    for coupling in [Coupling::Highest, Coupling::Average] {
        let planted = Cause::Coupling(coupling);
        let list = staff_list(&facts, &criteria, std::slice::from_ref(&planted));
        let found = compared(&facts, &criteria, &list);
        let first = &found.causes[0];
        assert_eq!(first.cause, planted, "{:?}", first.class);
        assert_eq!(found.depth.unexplained, 0);
    }
}

#[test]
fn another_scale_is_a_remark_and_no_thousand_differences() {
    let (facts, criteria) = (round(300, 8), example());
    let mut list = staff_list(&facts, &criteria, &[row("return", 4)]);
    for line in &mut list.list {
        line.index = line.index.and_then(|n| n.times(Exact::whole(10)));
    }
    // What was planted is found on the other scale, too.
    let found = compared(&facts, &criteria, &list);
    let scale = found.remarks.iter().find(|r| r.code == "index-scale");
    assert_eq!(scale.unwrap().examples, ["10", "0"]);
    assert_eq!(found.causes[0].cause, row("return", 4));
    assert_eq!(found.depth.unexplained, 0);
}

#[test]
fn a_list_of_the_adjustment_alone_is_read_as_that() {
    let (facts, criteria) = (round(300, 9), example());
    let whole = compared(&facts, &criteria, &staff_list(&facts, &criteria, &[]));
    let mut list = staff_list(&facts, &criteria, &[]);
    // The sum of the guardians' index is a named value of the file, and no key.
    let extended = scoring::with_values(&criteria);
    let scored = Scored::of(&facts, &extended, &[]).unwrap();
    let at = scoring::numbers(&extended)
        .into_iter()
        .find(|&c| scoring::labels(&extended, &[c]) == ["保護者の指数の合計"]);
    let choice_of: HashMap<(&str, &str), u32> = (0..facts.choices.len() as u32)
        .map(|x| {
            let child = &*facts.children.ids[facts.child_of(x) as usize];
            let facility = &*facts.facilities.ids[facts.choice_facility[x as usize] as usize];
            ((child, facility), x)
        })
        .collect();
    for line in &mut list.list {
        let x = choice_of[&(&*line.child, line.facility.as_deref().unwrap())];
        line.index = scored.scores.key(x)[at.unwrap() as usize];
    }
    let found = compared(&facts, &criteria, &list);
    assert_eq!(found.remarks[0].examples, ["保護者の指数の合計"]);
    assert_eq!(found.depth.agreement, whole.depth.agreement);
}

#[test]
fn children_whose_facts_are_missing_are_left_out_and_the_rest_is_compared() {
    let (mut facts, criteria) = (round(300, 10), example());
    let list = staff_list(&facts, &criteria, &[row("return", 4)]);
    let reasons = find(Entity::Guardian, "reasons").unwrap();
    for guardian in 0..10 {
        facts.guardians.set(guardian, reasons, Value::Unknown);
    }
    facts.complete();
    let found = compared(&facts, &criteria, &list);
    let missing = found
        .remarks
        .iter()
        .find(|r| r.code == "index-facts-missing");
    let missing = missing.unwrap().count;
    assert!(missing > 0);
    assert_eq!(
        found.depth.agreement.compared as usize + missing as usize,
        list.list.len()
    );
    assert_eq!(found.causes[0].cause, row("return", 4));
    assert_eq!(found.depth.unexplained, 0);
}

#[test]
fn lines_that_fit_nobody_are_counted() {
    let (facts, criteria) = (round(200, 11), example());
    let mut list = staff_list(&facts, &criteria, &[]);
    list.list[0].child = "だれもいない".into();
    list.list[1].facility = Some("ない園".into());
    list.list[2].index = None;
    let mut again = list.list[3].clone();
    again.index = Some(Exact::whole(-999));
    list.list.push(again);
    let found = compared(&facts, &criteria, &list);
    let codes: Vec<&str> = found.remarks.iter().map(|r| &*r.code).collect();
    assert_eq!(
        codes,
        [
            "index-no-number",
            "index-not-chosen",
            "index-two-lines",
            "index-unknown-child",
            "index-read-as"
        ]
    );
    assert_eq!(found.depth.agreement.compared as usize, list.list.len() - 5);
}

#[test]
fn one_fact_of_one_household_is_named_with_what_nothing_tells_apart() {
    let (theirs, criteria) = (round(200, 12), example());
    let list = staff_list(&theirs, &criteria, &[]);
    let mut facts = theirs.clone();
    let welfare = find(Entity::Household, "welfare").unwrap();
    let special = find(Entity::Child, "special_need").unwrap();
    // The household of the first line, and the child of the last.
    let child_of = |id: &str| facts.children.find(id).unwrap();
    let (first, last) = (
        child_of(&list.list[0].child),
        child_of(&list.list[list.list.len() - 1].child),
    );
    let household = facts.household_of(first);
    assert_ne!(household, facts.household_of(last));
    let flipped = Value::Bool(theirs.households.get(household, welfare) != Value::Bool(true));
    facts.households.set(household, welfare, flipped);
    let other = match theirs.children.get(last, special) {
        Value::Enum(0) => Value::Enum(1),
        _ => Value::Enum(0),
    };
    facts.children.set(last, special, other);
    facts.complete();
    let found = compared(&facts, &criteria, &list);
    assert!(found.depth.agreement.agree < found.depth.agreement.compared);
    assert_eq!(found.depth.unexplained, 0);
    for (entity, subject, attribute, value, of) in [
        (
            Entity::Household,
            household,
            welfare,
            theirs.households.get(household, welfare),
            household,
        ),
        (
            Entity::Child,
            last,
            special,
            theirs.children.get(last, special),
            facts.household_of(last),
        ),
    ] {
        let planted = Cause::Fact {
            household: facts.households.ids[of as usize].clone(),
            entity,
            subject,
            attribute,
            theirs: value,
        };
        let named = found
            .causes
            .iter()
            .any(|c| c.cause == planted || c.class.contains(&planted));
        assert!(named, "{planted:?}\n{:#?}", found.causes);
    }
    assert_eq!(found.causes.len(), 2);
}

#[test]
fn a_slip_in_the_list_itself_stays_unexplained() {
    let (facts, criteria) = (round(200, 13), example());
    let mut list = staff_list(&facts, &criteria, &[]);
    // No row, no fact gives this.
    list.list[5].index = Some(Exact::new(1, 7).unwrap());
    let found = compared(&facts, &criteria, &list);
    assert_eq!(found.causes, []);
    assert_eq!(found.depth.unexplained, 1);
    assert_eq!(found.depth.differences.len(), 1);
    assert_eq!(found.depth.differences[0].theirs.as_deref(), Some("1/7"));
}

#[test]
fn the_same_added_for_everybody_is_a_remark() {
    let (facts, criteria) = (round(200, 14), example());
    let mut list = staff_list(&facts, &criteria, &[]);
    for line in &mut list.list {
        line.index = line.index.and_then(|n| n.plus(Exact::whole(100)));
    }
    let found = compared(&facts, &criteria, &list);
    let scale = found.remarks.iter().find(|r| r.code == "index-scale");
    assert_eq!(scale.unwrap().examples, ["1", "100"]);
    assert_eq!(found.depth.differences, []);
}

#[test]
fn a_row_that_is_missing_in_the_file_is_named() {
    let (facts, criteria) = (round(400, 15), example());
    let unwritten = |table: &str, when: &str, points| Cause::RowMissing {
        table: table.into(),
        when: when.into(),
        points: Exact::whole(points),
    };
    for planted in [
        unwritten("adjust", "child.special_need != 'none'", 3),
        unwritten("adjust", "household.applicants_count >= 2", 2),
        unwritten("parent", "guardian.commute_minutes >= minutes(60)", 4),
    ] {
        let list = staff_list(&facts, &criteria, std::slice::from_ref(&planted));
        let found = compared(&facts, &criteria, &list);
        assert_eq!(found.causes.len(), 1, "{planted:?}\n{:#?}", found.causes);
        let named = std::iter::once(&found.causes[0].cause).chain(&found.causes[0].class);
        let rows = named
            .filter(|c| matches!(c, Cause::RowMissing { .. }))
            .count();
        assert!(rows > 0, "{planted:?}\n{:#?}", found.causes);
        assert_eq!(found.depth.unexplained, 0);
    }
}

#[test]
fn recorded_rows_are_compared_where_numbers_differ() {
    let (facts, criteria) = (round(200, 16), example());
    let mut list = staff_list(&facts, &criteria, &[]);
    let program = enmusubi_scoring::Program::compile(&criteria).unwrap();
    let scored = Scored::of(&facts, &criteria, &[]).unwrap();
    let rows = program.contributions(&scored.facts);
    let recorded = recorded::Recorded::of(&criteria, &rows);
    let (targets, _) = targets(&facts, &list);
    // By their ids, as the file has them; the first line has one too many and one the file does not know.
    for target in &targets {
        let line = &mut list.list[target.line as usize];
        line.rows = Some(Vec::new());
        let labels = recorded.only_ours(line, target);
        assert!(!labels.is_empty());
        line.rows = Some(labels.into_iter().map(Into::into).collect());
    }
    let line = &mut list.list[0];
    let arrears = "arrears";
    assert!(line.rows.iter().flatten().all(|r| **r != *"保育料の滞納"));
    line.rows
        .as_mut()
        .unwrap()
        .extend([arrears.into(), "ない行".into()]);
    line.index = line.index.and_then(|n| n.plus(Exact::whole(-20)));
    let found = compared(&facts, &criteria, &list);
    let difference = &found.depth.differences[0];
    assert_eq!(found.depth.differences.len(), 1);
    assert_eq!(difference.only_theirs, [arrears, "ない行"]);
    assert_eq!(difference.only_ours, Vec::<String>::new());
    let unknown = found.remarks.iter().find(|r| r.code == "index-unknown-row");
    assert_eq!(unknown.unwrap().examples, ["ない行"]);
    assert!(found.remarks.iter().all(|r| r.code != "index-rows-differ"));
}
