//! Points, keys and how guardians' points come together are learned from decisions alone; from exchanged ones nothing is.

use enmusubi_compare::{cause::Cause, crew::Alone, past::PastTies, solve::Silent, world::World};
use enmusubi_criteria::{Criteria, Document, aggregate::Aggregate, read};
use enmusubi_domain::{
    facts::{Exact, RoundFacts},
    past::Decisions,
};
use enmusubi_learn::{
    anew::{self, Anew, orders_nobody},
    held_out::{agreement, held_out},
    known::{Asked, Learned, learn},
    years::{Year, Years},
};
use enmusubi_selection::{compiled::Ties, staged::mechanism_of};
use enmusubi_truth::{Hands, town, with_slips};

/// What a section has that never wrote its points down.
const SKELETON: &str = r#"
[criteria]
kind = "structure"
name = "試験"
fiscal_year = 2026
title = "点の書かれていない基準"

[[key]]
id = "unknown"
label = "順番"
fill = true

[ties]
left = "lottery"
"#;

/// What its staff decide by: the lower of the guardians, some rows, the household's income.
const HIDDEN: &str = r#"
[criteria]
kind = "structure"
name = "試験"
fiscal_year = 2026
title = "職員の知っている基準"

[[table]]
id = "base"
label = "基準点"
over = "guardian"
take = "sum"

[[row]]
id = "long"
table = "base"
label = "月140時間以上"
when = "known(guardian.work_hours_per_month) && guardian.work_hours_per_month >= hours_per_month(140)"
points = 3

[[row]]
id = "seeking"
table = "base"
label = "求職活動"
when = "'seeking' in guardian.reasons"
points = -4

[[table]]
id = "adjust"
label = "調整点"
take = "sum"

[[row]]
id = "single"
table = "adjust"
label = "ひとり親"
when = "household.single_parent == 'single'"
points = 5

[[row]]
id = "sibling"
table = "adjust"
label = "きょうだい在園"
when = "choice.siblings_enrolled_here > 0"
points = 2

[[key]]
id = "total"
label = "指数"
value = "(guardians.size() == 0 ? 0 : guardians.lowest(g, g.base)) + adjust"

[[key]]
id = "income"
label = "所得が低い"
value = "household.income"
order = "lower"

[ties]
left = "lottery"
"#;

fn file(text: &str) -> (Criteria, Document) {
    let (criteria, document, _) = read("file.toml", text.as_bytes());
    (criteria.expect("it reads"), document)
}

fn ties() -> Ties {
    Ties::Lottery("anew".to_owned())
}

/// Towns and their decisions, in which so many children in a thousand changed places.
fn decided(count: u64, slips: u32) -> Vec<(RoundFacts, Decisions)> {
    decided_by(HIDDEN, count, slips)
}

fn decided_by(text: &str, count: u64, slips: u32) -> Vec<(RoundFacts, Decisions)> {
    let (criteria, _) = file(text);
    let towns = (1..=count).map(|seed| {
        let facts = town(&criteria, seed, 400);
        let mechanism = mechanism_of(&criteria);
        let hands = Hands::new(facts.clone(), criteria.clone(), ties(), mechanism);
        let decided = hands.decide().expect("it can be decided");
        (facts, with_slips(&decided, slips, seed))
    });
    towns.collect()
}

fn each(list: &[(RoundFacts, Decisions)]) -> Vec<Year<'_>> {
    let years = ["1", "2", "3"].into_iter().zip(list);
    years
        .map(|(name, (facts, decisions))| Year {
            name,
            facts,
            decisions,
        })
        .collect()
}

fn years(list: &[(RoundFacts, Decisions)]) -> Years {
    Years::of(&each(list)).expect("there are some")
}

fn learned(years: &Years, rule: &PastTies) -> Option<Anew> {
    let (criteria, document) = file(SKELETON);
    assert!(orders_nobody(&criteria));
    let together = [Aggregate::Sum, Aggregate::Lowest];
    let skeleton = (&document, &criteria);
    anew::learn(years, skeleton, rule, &[], &together, &Alone).expect("the rounds can be laid out")
}

/// A year that was not seen is decided by what was learned as the staff did, but for few.
fn assert_unseen(unseen: &Years, found: &Anew, rule: &PastTies) {
    let causes: Vec<Cause> = found.rules.iter().map(|r| r.cause.clone()).collect();
    let past = unseen.past(&found.written.criteria, rule);
    let world = World::of(past, &causes).expect("it can be decided");
    let agreed = agreement(unseen, &world)[0];
    assert!(agreed.agree * 100 >= agreed.compared * 93, "{agreed:?}");
}

/// The command's way: rows stay, those that waited have points, and nothing is looked for beside them.
fn kept<'a>(seen: &'a Years, found: &'a Anew, rule: &'a PastTies) -> Learned<'a> {
    let by = (&found.written.criteria, &found.rules[..]);
    let asked = Asked::of(seen, Vec::new());
    let kept = learn(seen, by, rule, &asked, &Alone, &Silent).expect("it can be decided");
    assert_eq!(kept.rules, found.rules);
    kept
}

#[test]
fn an_order_is_learned_that_decides_a_year_not_seen() {
    let list = decided(3, 0);
    let rule = PastTies::Rule(ties());
    let seen = years(&list[..2]);
    let found = learned(&seen, &rule).expect("something is learned");
    assert_eq!(found.together[0], Aggregate::Lowest);
    let keys = &found.written.criteria.keys;
    assert!(
        keys.iter()
            .any(|k| k.label.contains("所得") || k.label.contains("所得割")),
        "{:?}",
        keys.iter().map(|k| &k.label).collect::<Vec<_>>()
    );
    for rule in &found.rules {
        let interval = rule.interval.expect("it has points");
        let points = rule.cause.points().expect("it has points");
        assert!(
            interval.least <= points && points <= interval.most,
            "{rule:?}"
        );
    }
    let support = found.rules.iter().flat_map(|r| &r.support).sum::<u32>();
    assert!(support > 50, "{support}");

    assert_unseen(&years(&list[2..]), &found, &rule);
    let kept = kept(&seen, &found, &rule);
    assert!(!kept.nothing && kept.after.wrong * 4 < kept.before.wrong);
}

#[test]
fn nothing_is_learned_from_exchanged_decisions() {
    // Every child has what another had.
    let mut list = decided(3, 0);
    for (_, decisions) in &mut list {
        let outcomes: Vec<_> = decisions.list.iter().map(|d| d.outcome.clone()).collect();
        let count = outcomes.len();
        for (at, decision) in decisions.list.iter_mut().enumerate() {
            decision.outcome = outcomes[(at * 7 + 13) % count].clone();
        }
    }
    assert!(learned(&years(&list), &PastTies::Rule(ties())).is_none());
}

/// What is learned from decisions in which children of a class changed places fits them, and says nothing of another year.
#[test]
fn what_fits_exchanged_decisions_says_nothing_of_another_year() {
    let list = decided(2, 1000);
    let rule = PastTies::Rule(ties());
    let asked = Asked::of(&years(&list), Vec::new());
    let begin = |others: &Years| {
        let found = learned(others, &rule)?;
        Some((found.written.criteria, found.rules))
    };
    let held = held_out(&each(&list), &begin, &rule, &asked, &Alone).expect("it can be decided");
    assert!(
        held.iter().all(|h| h.against.is_hardly_better()),
        "{held:?}"
    );
}

#[test]
fn forbidden_facts_have_no_points() {
    let list = decided(3, 0);
    let rule = PastTies::Rule(ties());
    let (criteria, document) = file(SKELETON);
    let forbidden: Vec<Box<str>> =
        vec!["household.single_parent".into(), "household.income".into()];
    let found = anew::learn(
        &years(&list[..2]),
        (&document, &criteria),
        &rule,
        &forbidden,
        &[Aggregate::Lowest],
        &Alone,
    );
    let found = found.expect("laid out").expect("something is learned");
    let text = enmusubi_criteria::write_toml(&found.written.document);
    assert!(!text.contains("household.income"), "{text}");
    for rule in &found.rules {
        let Cause::RowMissing { when, .. } = &rule.cause else {
            panic!("{rule:?}");
        };
        assert!(!when.contains("single_parent"), "{when}");
    }
}

/// What a section knows that wrote down its circumstances, not what they are worth.
fn without_points(text: &str) -> String {
    let (head, rest) = text.split_once("[[table]]").expect("tables");
    let (tables, _) = rest.split_once("[[key]]").expect("keys");
    let tables = tables.lines().map(|line| match line.starts_with("points") {
        true => "fill = true",
        false => line,
    });
    let tables: Vec<&str> = tables.collect();
    let keys = SKELETON.split_once("[[key]]").expect("a key").1;
    format!("{head}[[table]]{}\n[[key]]{keys}", tables.join("\n"))
}

#[test]
fn rows_that_wait_for_points_get_those_of_the_staff() {
    let list = decided(3, 0);
    let rule = PastTies::Rule(ties());
    let (criteria, document) = file(&without_points(HIDDEN));
    assert!(orders_nobody(&criteria));
    let seen = years(&list[..2]);
    let ways = [Aggregate::Sum, Aggregate::Lowest];
    let found = anew::learn(&seen, (&document, &criteria), &rule, &[], &ways, &Alone);
    let found = found.expect("laid out").expect("something is learned");
    assert_eq!(found.together[0], Aggregate::Lowest);
    let points = |id: &str| {
        let mut rules = found.rules.iter();
        rules.find_map(|r| match &r.cause {
            Cause::RowPoints { row, theirs } if **row == *id => Some((*theirs, r.interval)),
            _ => None,
        })
    };
    // Of the four, only what lies between them decides: the longer hours stand for nothing, and all others are counted from there.
    let rows =
        ["long", "seeking", "single", "sibling"].map(|id| points(id).expect("it has points").0);
    let [long, seeking, single, sibling] = rows;
    assert!(
        seeking < sibling && sibling < single && long > seeking,
        "{rows:?}"
    );

    assert_unseen(&years(&list[2..]), &found, &rule);
    let kept = kept(&seen, &found, &rule);
    assert!(!kept.nothing);
}

#[test]
fn a_row_that_speaks_of_a_forbidden_fact_gets_no_points() {
    let list = decided(2, 0);
    let rule = PastTies::Rule(ties());
    let (criteria, document) = file(&without_points(HIDDEN));
    let forbidden: Vec<Box<str>> = vec!["household.single_parent".into()];
    let years = years(&list);
    let known = (&document, &criteria);
    let found = anew::learn(
        &years,
        known,
        &rule,
        &forbidden,
        &[Aggregate::Lowest],
        &Alone,
    );
    let found = found.expect("laid out").expect("something is learned");
    for rule in &found.rules {
        if let Cause::RowPoints { row, theirs } = &rule.cause {
            assert!(&**row != "single" || *theirs == Exact::ZERO, "{theirs}");
        }
    }
}

/// What points beside the guardians' give is bounded: the bound is a rule of its own.
#[test]
fn a_bound_is_found() {
    let text = HIDDEN
        .replace("points = 5", "points = 3")
        .replace("[[key]]\nid = \"total\"", "[[value]]\nid = \"other\"\nlabel = \"調整点の計\"\nvalue = \"adjust\"\n\n[[change]]\nid = \"most\"\nvalue = \"other\"\nlabel = \"上限\"\nat_most = 3\n\n[[key]]\nid = \"total\"")
        .replace("g.base)) + adjust", "g.base)) + other")
        .replace("\n[[key]]\nid = \"total\"", "\n[[row]]\nid = \"welfare\"\ntable = \"adjust\"\nlabel = \"育休から復職\"\nwhen = \"guardians.exists(g, g.returning_from_leave)\"\npoints = 2\n\n[[key]]\nid = \"total\"");
    let list = decided_by(&text, 3, 0);
    let rule = PastTies::Rule(ties());
    let bare = without_points(&text);
    let bare = match (
        bare.find("[[value]]"),
        bare.find("[[row]]\nid = \"welfare\""),
    ) {
        (Some(from), Some(to)) => format!("{}{}", &bare[..from], &bare[to..]),
        _ => panic!("{bare}"),
    };
    let (criteria, document) = file(&bare);
    let years = years(&list);
    let found = anew::learn(
        &years,
        (&document, &criteria),
        &rule,
        &[],
        &[Aggregate::Lowest],
        &Alone,
    );
    let found = found.expect("laid out").expect("something is learned");
    let text = enmusubi_criteria::write_toml(&found.written.document);
    assert!(text.contains("at_most"), "{text}");
}
