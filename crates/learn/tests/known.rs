//! A rule that is missing in a criteria file is learned from three years of decisions; where nothing is missing, nothing is.

use enmusubi_compare::{
    crew::Alone,
    past::PastTies,
    solve::{Limits, Silent},
};
use enmusubi_criteria::{Criteria, read, write_toml};
use enmusubi_domain::{
    facts::{
        RoundFacts,
        stacked::{of_round, round_of},
    },
    past::{Decision, Decisions, Outcome},
};
use enmusubi_learn::{
    draft::{How, draft},
    held_out::{held_out, nurseries},
    known::{Asked, Learned, learn},
    report::{Around, report},
    summary::summary,
    years::{Year, Years},
};
use enmusubi_selection::{compiled::Ties, text_summary::Lang};
use enmusubi_truth::{Decided, Hands, town};

const EXAMPLE: &str = include_str!("../../../criteria/example/r9.toml");
/// A row of the example that is taken out, and its condition.
const ROW: &str = "night-work";

fn example() -> Criteria {
    read("r9.toml", EXAMPLE.as_bytes()).0.expect("it reads")
}

/// The example without a row.
fn without(row: &str) -> String {
    let parts = EXAMPLE.split_inclusive("\n\n");
    let kept = parts.filter(|p| !p.contains(&format!("id = \"{row}\"")));
    kept.collect()
}

fn ties() -> Ties {
    Ties::Lottery("learned".to_owned())
}

/// Towns and their decisions by the example.
fn decided(children: u32) -> Vec<(RoundFacts, Decided)> {
    let criteria = example();
    let mechanism = enmusubi_selection::staged::mechanism_of(&criteria);
    let towns = (1..=3).map(|seed| {
        let facts = town(&criteria, seed, children);
        let hands = Hands::new(facts.clone(), criteria.clone(), ties(), mechanism);
        (facts, hands.decide().expect("it can be decided"))
    });
    towns.collect()
}

/// Decisions of towns as lists.
fn lists_of(towns: &[(RoundFacts, Decided)]) -> Vec<Decisions> {
    towns.iter().map(|t| t.1.decisions()).collect()
}

/// Towns as years, with some decisions.
fn years_of<'t>(towns: &'t [(RoundFacts, Decided)], lists: &'t [Decisions]) -> Vec<Year<'t>> {
    let years = ["r7", "r8", "r9"].into_iter().zip(towns.iter().zip(lists));
    years
        .map(|(name, ((facts, _), decisions))| Year {
            name,
            facts,
            decisions,
        })
        .collect()
}

fn asked() -> Asked {
    Asked {
        forbidden: Vec::new(),
        limits: Limits::for_children(1000),
    }
}

#[test]
fn years_beside_each_other_are_decided_as_each_by_itself() {
    let towns = decided(120);
    let list: Vec<(&str, &RoundFacts)> = ["a", "b", "c"]
        .into_iter()
        .zip(towns.iter().map(|t| &t.0))
        .collect();
    let all = RoundFacts::stacked(&list).expect("three rounds");
    let children: usize = towns.iter().map(|t| t.0.children.len()).sum();
    assert_eq!(all.children.len(), children);
    let criteria = example();
    let mechanism = enmusubi_selection::staged::mechanism_of(&criteria);
    let hands =
        |facts: &RoundFacts| Hands::new(facts.clone(), criteria.clone(), Ties::Equal, mechanism);
    let together = hands(&all).decide().expect("it can be decided").decisions();
    for (name, (facts, _)) in ["a", "b", "c"].into_iter().zip(&towns) {
        let alone = hands(facts)
            .decide()
            .expect("it can be decided")
            .decisions();
        for decision in alone.list {
            let id = of_round(name, &decision.child);
            let found = together.list.iter().find(|d| d.child == id);
            let place = |d: &Decision| match &d.outcome {
                Outcome::Placed { facility, .. } => round_of(facility).1.to_owned(),
                _ => String::new(),
            };
            assert_eq!(found.map(place), Some(place(&decision)), "{id}");
        }
    }
}

#[test]
fn a_missing_row_is_learned_and_written() {
    let towns = decided(500);
    let lists = lists_of(&towns);
    let years = years_of(&towns, &lists);
    let all = Years::of(&years).expect("three years");
    let (given, document, _) = read("known.toml", without(ROW).as_bytes());
    let given = given.expect("it reads without a row");
    let rule = PastTies::Decided;
    let learned =
        learn(&all, (&given, &[]), &rule, &asked(), &Alone, &Silent).expect("it can be decided");
    assert!(!learned.nothing);
    assert_eq!(learned.rules.len(), 1, "{:?}", learned.rules);
    let found = &learned.rules[0];
    let points = found.cause.points().expect("a row");
    let interval = found.interval.expect("points");
    assert!(interval.least <= points && points <= interval.most);
    assert!(found.support.iter().sum::<u32>() > 3 && found.opposition.iter().sum::<u32>() == 0);

    let draft = draft(&all, &document, &given, &learned, Lang::Japanese).expect("a row to write");
    let text = write_toml(&draft.document);
    let (again, read_back, _) = read("draft.toml", text.as_bytes());
    assert!(again.is_some(), "{text}");
    assert!(read_back == draft.document, "{text}");
    let id = draft.rows[0].clone().expect("a row of the file");
    assert!(text.contains(&format!("id = \"{id}\"")), "{text}");

    let held = held_out(
        &years,
        &|_| Some((given.clone(), Vec::new())),
        &rule,
        &asked(),
        &Alone,
    )
    .expect("each can be decided");
    let parts = nurseries(&all, &given, &rule, &asked(), &Alone).expect("it can be decided");
    assert_eq!(parts.len(), 2);
    for part in &parts {
        assert!(part.after.wrong < part.before.wrong, "{parts:?}");
        assert!(part.before.seen > 100, "{parts:?}");
    }
    let around = Around {
        nurseries: parts,
        held_out: held.iter().map(|h| h.agreement).collect(),
        anew: None,
        ..Around::default()
    };
    let report = report(&all, &learned, Some(&draft), around, Lang::Japanese);
    assert_eq!(report.years.len(), 3);
    assert!(matches!(
        report.rules[0].draft,
        How::Written | How::ToBeFilled
    ));
    for year in &report.years {
        assert!(year.after.agree >= year.before.agree, "{year:?}");
        assert!(year.held_out.is_some());
    }
    for lang in [Lang::Japanese, Lang::English] {
        let text = summary(&report, Some("draft.toml"), lang);
        assert!(text.contains("draft.toml") && text.contains("r8"), "{text}");
        let part = match lang {
            Lang::Japanese => "2組目",
            Lang::English => "part 2",
        };
        assert!(text.contains(part), "{text}");
    }
}

/// What is learned of some years by a file.
fn said<'a>(years: &'a Years, criteria: &'a Criteria, rule: &'a PastTies) -> Learned<'a> {
    learn(years, (criteria, &[]), rule, &asked(), &Alone, &Silent).expect("it can be decided")
}

#[test]
fn nothing_is_learned_where_nothing_is_missing_or_decisions_say_nothing() {
    let towns = decided(300);
    let mut lists = lists_of(&towns);
    let criteria = example();
    let rule = PastTies::Decided;
    let of = |lists: &[Decisions]| Years::of(&years_of(&towns, lists)).expect("three years");
    let years = of(&lists);
    let plain = said(&years, &criteria, &rule);
    assert!(
        !plain.nothing && plain.rules.is_empty(),
        "{:?}",
        plain.rules
    );

    // Everybody at a class gets what another should have got.
    for list in &mut lists {
        let outcomes: Vec<_> = list.list.iter().map(|d| d.outcome.clone()).collect();
        let count = outcomes.len();
        for (at, decision) in list.list.iter_mut().enumerate() {
            decision.outcome = outcomes[(at * 7 + count / 2) % count].clone();
        }
    }
    let years = of(&lists);
    let shuffled = said(&years, &criteria, &rule);
    assert!(shuffled.nothing, "{:?}", shuffled.before);
    assert!(shuffled.rules.is_empty());
}

#[test]
fn what_is_forbidden_is_not_learned() {
    let towns = decided(200);
    let lists = lists_of(&towns);
    let years = years_of(&towns, &lists);
    let all = Years::of(&years).expect("three years");
    let given = read("known.toml", without(ROW).as_bytes())
        .0
        .expect("it reads");
    let forbidden = Asked {
        forbidden: vec!["guardian.works_outside_8_18".into()],
        ..asked()
    };
    let rule = PastTies::Decided;
    let learned =
        learn(&all, (&given, &[]), &rule, &forbidden, &Alone, &Silent).expect("it can be decided");
    for rule in &learned.rules {
        let told = format!("{:?}", rule.cause);
        assert!(!told.contains("works_outside_8_18"), "{told}");
    }
}
