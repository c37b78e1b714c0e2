//! A rule whose condition holds in one district only is told as such; one that holds anywhere is not.

use enmusubi_compare::{
    cause::Cause,
    crew::Alone,
    past::PastTies,
    solve::{Limits, Silent},
};
use enmusubi_criteria::{Criteria, read};
use enmusubi_domain::{
    facts::{Entity, Exact, RoundFacts, Value, vocabulary::find},
    past::Decisions,
};
use enmusubi_learn::{
    fairness::fairness,
    known::{Asked, learn},
    report::{Around, Report, report},
    summary::summary,
    support::Rule,
    years::{Year, Years},
};
use enmusubi_selection::{compiled::Ties, staged::mechanism_of, text_summary::Lang};
use enmusubi_truth::{Hands, town};

const EXAMPLE: &str = include_str!("../../../criteria/example/r9.toml");
/// A row of the example that is taken out, and its condition.
const ROW: &str = "night-work";
const WHEN: &str = "'employment' in guardian.reasons && guardian.works_outside_8_18";
const NAMES: [&str; 3] = ["r7", "r8", "r9"];

fn example() -> Criteria {
    read("r9.toml", EXAMPLE.as_bytes()).0.expect("it reads")
}

/// The example without the row.
fn known() -> Criteria {
    let parts = EXAMPLE.split_inclusive("\n\n");
    let kept = parts.filter(|p| !p.contains(&format!("id = \"{ROW}\"")));
    let text: String = kept.collect();
    read("known.toml", text.as_bytes()).0.expect("it reads")
}

/// Households with a guardian who works at night live in the north, all others in the south.
fn parted(facts: &mut RoundFacts) {
    let at = |entity, name| find(entity, name).expect("it is in the vocabulary");
    let area = at(Entity::Household, "area");
    let night = at(Entity::Guardian, "works_outside_8_18");
    let [north, south] = ["北", "南"].map(|name| Value::Symbol(facts.symbol(name)));
    for household in 0..facts.households.len() as u32 {
        let guardians = facts.index.guardians[household as usize].clone();
        let works = guardians
            .into_iter()
            .any(|g| facts.guardians.get(g, night) == Value::Bool(true));
        let value = if works { north } else { south };
        facts.households.set(household, area, value);
    }
    facts.complete();
}

/// Three towns, each changed, and what the example decides.
fn decided(children: u32, change: fn(&mut RoundFacts)) -> Vec<(RoundFacts, Decisions)> {
    let criteria = example();
    let ties = || Ties::Lottery("learned".to_owned());
    let towns = (1..=3).map(|seed| {
        let mut facts = town(&criteria, seed, children);
        change(&mut facts);
        let mechanism = mechanism_of(&criteria);
        let hands = Hands::new(facts.clone(), criteria.clone(), ties(), mechanism);
        (
            facts,
            hands.decide().expect("it can be decided").decisions(),
        )
    });
    towns.collect()
}

/// The report of what is learned, or of rules given, where some more facts must not decide.
fn reported(
    towns: &[(RoundFacts, Decisions)],
    given: &[Rule],
    forbidden: &[&str],
    lang: Lang,
) -> Report {
    let years = NAMES.into_iter().zip(towns);
    let years: Vec<Year<'_>> = years
        .map(|(name, (facts, decisions))| Year {
            name,
            facts,
            decisions,
        })
        .collect();
    let years = Years::of(&years).expect("three years");
    let asked = Asked {
        forbidden: forbidden.iter().map(|f| (*f).into()).collect(),
        limits: Limits::for_children(1000),
    };
    let (criteria, ties) = (known(), PastTies::Decided);
    let learned = learn(&years, (&criteria, given), &ties, &asked, &Alone, &Silent);
    let learned = learned.expect("it can be decided");
    let around = Around {
        fairness: fairness(&learned, &asked.forbidden, &Alone),
        ..Around::default()
    };
    report(&years, &learned, None, around, lang)
}

/// The row as a rule that was found in another way.
fn row() -> Rule {
    let points = Exact::whole(2);
    Rule {
        cause: Cause::missing("parent", WHEN, points),
        class: Vec::new(),
        explains: 0,
        support: vec![0; 3],
        opposition: vec![0; 3],
        interval: None,
    }
}

#[test]
fn a_rule_that_holds_in_one_district_only_is_told() {
    let towns = decided(300, parted);
    let report = reported(&towns, &[], &[], Lang::Japanese);
    assert_eq!(report.rules.len(), 1, "{:?}", report.rules);
    let found = report.fairness.iter().find(|f| f.fact == "世帯の居住地区");
    let found = found.expect("the district is told");
    assert_eq!((found.rule, &*found.value), (1, "北"));
    assert!(found.with_value >= 10 && found.with_value <= found.applicants_with_value);
    assert_eq!(
        found.with_value, found.concerned,
        "nobody else works at night"
    );
    assert!(
        found.placed_otherwise > 0 && found.losing > found.gaining,
        "{found:?}"
    );
    let text = summary(&report, None, Lang::Japanese);
    assert!(
        text.contains("「世帯の居住地区」が「北」の児童に偏って"),
        "{text}"
    );
}

#[test]
fn a_rule_that_holds_anywhere_is_not_told_and_what_was_looked_at_is() {
    let towns = decided(300, |_| {});
    let report = reported(&towns, &[row()], &[], Lang::English);
    assert!(report.fairness.is_empty(), "{:?}", report.fairness);
    let looked = &report.fairness_looked;
    assert_eq!((looked.rules, looked.left_out), (1, 0));
    for fact in ["area (household)", "birth date (child)"] {
        assert!(looked.facts.iter().any(|f| f == fact), "{:?}", looked.facts);
    }
    // Numbers, and days but those of birth of children, make no groups.
    for fact in ["lottery number (child)", "birth date (guardian)"] {
        assert!(looked.facts.iter().all(|f| f != fact), "{:?}", looked.facts);
    }
    let text = looked.words(false, Lang::English).join("\n");
    assert!(text.contains("no rule concerns above all"), "{text}");
    let text = summary(&report, None, Lang::English);
    assert!(!text.contains("Fairness"), "{text}");
}

#[test]
fn facts_forbidden_here_are_looked_at_too() {
    let towns = decided(200, |_| {});
    let forbidden = ["guardian.works_outside_8_18", "household.area"];
    let report = reported(&towns, &[row()], &forbidden, Lang::English);
    let [found] = &report.fairness[..] else {
        panic!("{:?}", report.fairness);
    };
    assert_eq!(found.fact, "works outside 8 18 (guardian)");
    assert_eq!(found.value, "yes");
    assert_eq!(found.with_value, found.concerned);
    let facts = &report.fairness_looked.facts;
    assert_eq!(facts.iter().filter(|f| f.starts_with("area")).count(), 1);
}
