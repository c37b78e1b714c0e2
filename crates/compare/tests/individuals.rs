//! Causes about one family, planted in made-up rounds and found again: a mistyped fact, a tie decided otherwise, a
//! family wronged or favoured.

#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests are no tests to the linter"
)]

use enmusubi_compare::{
    cause::{Cause, TransferOrder},
    crew::Alone,
    evidence::evidence,
    past::{Base, Past, PastTies},
    search::{Proposer, Scene, contradictions::Contradictions, facts, facts::Facts, ties::Ties},
    solve::{Limits, Silent, Solution, solve},
    world::{World, edit::class_id},
};
use enmusubi_criteria::Criteria;
use enmusubi_domain::{
    facts::{Entity, Exact, RoundFacts, Type, Value, vocabulary::VOCABULARY},
    past::{Decision, Decisions, Outcome},
};
use enmusubi_market::{Market, Placement};
use enmusubi_selection::{compiled::Ties as TieRule, staged::mechanism_of};
use enmusubi_synth::{FactOptions, Form, Options, PoolShare, town};

const EXAMPLE: &str = include_str!("../../../criteria/example/r9.toml");
const FUJISAWA: &str = include_str!("../../../criteria/142051-fujisawa/r9.toml");

struct Round {
    criteria: Criteria,
    facts: RoundFacts,
    ties: PastTies,
}

fn example(children: usize, seed: u64) -> Round {
    let options = FactOptions {
        seed,
        form: Form::fields(),
        blank_wish: 0,
        pools: vec![PoolShare {
            id: "area".into(),
            classes: 150,
            seats: 300,
            from_age: 1,
        }],
        ..FactOptions::default()
    };
    round(EXAMPLE, children, seed, &options)
}

fn fujisawa(children: usize, seed: u64) -> Round {
    let options = FactOptions {
        seed,
        form: Form::fujisawa(),
        blank_wish: 0,
        municipality: Some("142051".into()),
        ..FactOptions::default()
    };
    round(FUJISAWA, children, seed, &options)
}

fn round(criteria: &str, children: usize, seed: u64, options: &FactOptions) -> Round {
    let (criteria, _, found) = enmusubi_criteria::read("", criteria.as_bytes());
    let criteria = criteria.unwrap_or_else(|| panic!("{found:#?}"));
    let town = town(&Options {
        children,
        nurseries: (children / 26).max(4),
        seed,
        siblings: 0.15,
        ..Options::default()
    });
    Round {
        facts: enmusubi_synth::facts(&town, options),
        criteria,
        ties: PastTies::Rule(TieRule::Lottery(format!("R{seed}"))),
    }
}

impl Round {
    fn past<'a>(&'a self, decisions: &'a Decisions) -> Past<'a> {
        Past {
            base: Base::Facts {
                facts: &self.facts,
                criteria: &self.criteria,
            },
            decisions,
            ties: &self.ties,
            mechanism: mechanism_of(&self.criteria),
        }
    }

    /// The decisions of somebody who goes by the round with these causes.
    fn decided(&self, causes: &[Cause]) -> Decisions {
        let none = Decisions::default();
        let world = World::of(self.past(&none), causes).unwrap();
        decisions(&world.market, &world.place())
    }
}

fn decisions(market: &Market, placement: &Placement) -> Decisions {
    let list = market.children.iter().enumerate().map(|(c, child)| {
        let class = placement.of(c as u32).filter(|&k| child.current != Some(k));
        Decision {
            child: child.id.clone(),
            outcome: class.map_or(Outcome::Held, |k| {
                let class = &market.classes[k as usize];
                Outcome::Placed {
                    facility: market.nurseries[class.nursery as usize].id.clone(),
                    pool: None,
                }
            }),
            row: c as u32 + 2,
        }
    });
    Decisions {
        list: list.collect(),
    }
}

fn proposers() -> Vec<Box<dyn Proposer>> {
    vec![
        Box::<Facts>::default(),
        Box::new(Ties),
        Box::new(Contradictions),
    ]
}

fn solved<'a>(round: &'a Round, decisions: &'a Decisions) -> Solution<'a> {
    let past = round.past(decisions);
    solve(
        past,
        &[],
        &proposers(),
        Limits::for_children(400),
        &Alone,
        &Silent,
    )
    .unwrap()
}

/// A small generator, so that tests say the same everywhere.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % n.max(1) as u64) as usize
    }
}

/// Another value for some fact of an applicant's household: a level, a box, or what another household has.
fn slip(round: &Round, dice: &mut Dice) -> Option<Cause> {
    let facts = &round.facts;
    let household = dice.below(facts.households.len()) as u32;
    let entities = [
        Entity::Household,
        Entity::Guardian,
        Entity::Adult,
        Entity::Child,
    ];
    let entity = entities[dice.below(4)];
    let index = &facts.index;
    let range = match entity {
        Entity::Guardian => index.guardians[household as usize].clone(),
        Entity::Adult => index.adults[household as usize].clone(),
        Entity::Child => index.children[household as usize].clone(),
        _ => household..household + 1,
    };
    if range.is_empty() {
        return None;
    }
    let subject = range.start + dice.below(range.len()) as u32;
    let of: Vec<u16> = (0..VOCABULARY.len() as u16)
        .filter(|&a| {
            let v = &VOCABULARY[a as usize];
            let mut names = ["application", "birth_date", "earlier_facility"].iter();
            let text = match entity {
                Entity::Household => EXAMPLE,
                _ => FUJISAWA,
            };
            v.entity == entity
                && v.origin == enmusubi_domain::facts::vocabulary::Origin::Stated
                && !names.any(|n| *n == v.name)
                && text.contains(v.name)
        })
        .collect();
    let attribute = of[dice.below(of.len())];
    let now = facts.get(subject, attribute);
    let theirs = match VOCABULARY[attribute as usize].ty {
        Type::Bool => Value::Bool(now != Value::Bool(true)),
        Type::Enum(e) => Value::Enum(dice.below(e.values.len()) as u8),
        Type::Set(e) => match now {
            Value::Set(bits) => Value::Set(bits ^ (1 << dice.below(e.values.len()))),
            _ => return None,
        },
        _ => {
            let table = facts.table(entity);
            table.get(dice.below(table.len()) as u32, attribute)
        }
    };
    if theirs == now || !theirs.is_known() || theirs == Value::Set(0) {
        return None;
    }
    Some(Cause::Fact {
        household: facts.households.ids[household as usize].clone(),
        entity,
        subject,
        attribute,
        theirs,
    })
}

fn same_fact(a: &Cause, b: &Cause) -> bool {
    match (a, b) {
        (
            Cause::Fact {
                entity: e,
                subject: s,
                attribute: x,
                ..
            },
            Cause::Fact {
                entity,
                subject,
                attribute,
                ..
            },
        ) => (e, s, x) == (entity, subject, attribute),
        _ => false,
    }
}

/// Whether a planted fact is named, or among those that explain as well.
fn named(solution: &Solution<'_>, planted: &Cause) -> bool {
    let Some(first) = solution.mended.first() else {
        return false;
    };
    let world = &solution.before;
    let evidence = evidence(world);
    let mut households: Vec<&str> = Vec::new();
    for cause in std::iter::once(&first.cause).chain(&first.class) {
        if let Cause::Fact { household, .. } | Cause::Contradiction { household } = cause {
            households.push(household);
        }
    }
    households.sort_unstable();
    households.dedup();
    let mut all = households
        .into_iter()
        .flat_map(|h| facts::explanations(world, &evidence, h));
    all.any(|c| same_fact(&c, planted))
}

struct Tally {
    planted: u32,
    named: u32,
    extra: usize,
    left: u32,
}

fn facts_planted(round: &Round, seed: u64, count: u32, tries: u32) -> Tally {
    let mut dice = Dice(seed);
    let straight = round.decided(&[]);
    let none = Decisions::default();
    let base = World::of(round.past(&none), &[]).unwrap();
    let mut tally = Tally {
        planted: 0,
        named: 0,
        extra: 0,
        left: 0,
    };
    for _ in 0..tries {
        if tally.planted == count {
            break;
        }
        let Some(cause) = slip(round, &mut dice) else {
            continue;
        };
        let Ok(world) = base.with(&cause) else {
            continue;
        };
        let decided = decisions(&world.market, &world.place());
        if decided == straight {
            continue;
        }
        tally.planted += 1;
        let solution = solved(round, &decided);
        let hit = named(&solution, &cause);
        tally.named += u32::from(hit);
        tally.extra += solution.mended.len().saturating_sub(1);
        let differ = solution
            .after
            .truth
            .differing(&solution.after.market, &solution.after_placement);
        tally.left += differ.0.len() as u32;
    }
    tally
}

#[test]
fn a_mistyped_fact_is_named() {
    for round in [example(200, 3), fujisawa(200, 4)] {
        let tally = facts_planted(&round, 7, 4, 400);
        assert_eq!((tally.planted, tally.named, tally.left), (4, 4, 0));
        // False alarms: at most one a round.
        assert!(tally.extra <= 4, "{}", tally.extra);
    }
}

/// Without the keys behind the index, lots decide.
#[test]
fn a_tie_decided_otherwise_is_named() {
    let mut round = example(200, 15);
    round.criteria.keys.truncate(1);
    let straight = round.decided(&[]);
    let base = World::of(round.past(&straight), &[]).unwrap();
    let market = &base.market;
    let placement = base.place();
    let last = base.keys.components() - 1;
    let (mut planted, mut named) = (0, 0);
    for refused in 0..market.children.len() as u32 {
        let got = placement.of(refused);
        let own = market.children[refused as usize].choices.clone();
        let better = own.take_while(|&x| Some(market.choices[x as usize].class) != got);
        for x in better.take(1) {
            let class = market.choices[x as usize].class;
            let equal = (0..market.children.len() as u32).find(|&c| {
                let mut theirs = market.children[c as usize].choices.clone();
                let at = theirs.find(|&y| market.choices[y as usize].class == class);
                placement.of(c) == Some(class)
                    && market.children[c as usize].family
                        != market.children[refused as usize].family
                    && at.is_some_and(|y| {
                        base.keys.of_choice(x)[..last] == base.keys.of_choice(y)[..last]
                    })
            });
            let Some(placed) = equal.filter(|_| planted < 4) else {
                continue;
            };
            let cause = Cause::Tie {
                class: class_id(market, class),
                first: market.children[refused as usize].id.clone(),
                second: market.children[placed as usize].id.clone(),
            };
            let decided = round.decided(std::slice::from_ref(&cause));
            if decided == straight {
                continue;
            }
            planted += 1;
            let solution = solved(&round, &decided);
            let pair = |c: &Cause| match (c, &cause) {
                (
                    Cause::Tie {
                        first: a,
                        second: b,
                        ..
                    },
                    Cause::Tie { first, second, .. },
                ) => a == first && b == second,
                _ => false,
            };
            named += u32::from(solution.mended.iter().any(|m| {
                let mut all = std::iter::once(&m.cause).chain(&m.class);
                all.any(pair)
            }));
        }
    }
    assert!(planted >= 3 && named == planted, "{named} of {planted}");
}

/// What is worked out for one household alone is what the whole round comes to.
#[test]
fn a_fact_spliced_in_is_a_round_scored_anew() {
    let texts = |w: &World<'_>| -> Vec<Vec<String>> {
        let keys = 0..w.plain.market.choices.len() as u32;
        keys.map(|x| w.plain.keys.of(x).map(str::to_owned).collect())
            .collect()
    };
    for round in [example(120, 8), fujisawa(120, 9)] {
        let decided = round.decided(&[]);
        let base = World::of(round.past(&decided), &[]).unwrap();
        let mut dice = Dice(21);
        let (mut moved, mut tried) = (0, 0);
        while tried < 60 {
            let Some(cause) = slip(&round, &mut dice) else {
                continue;
            };
            tried += 1;
            let quick = base.with(&cause);
            let whole = World::of(round.past(&decided), std::slice::from_ref(&cause));
            let (Ok(quick), Ok(whole)) = (&quick, &whole) else {
                assert_eq!(quick.err(), whole.err(), "{cause:?}");
                continue;
            };
            assert_eq!(quick.market, whole.market, "{cause:?}");
            let (a, b) = (
                quick.scored.as_ref().unwrap(),
                whole.scored.as_ref().unwrap(),
            );
            assert_eq!(a.scores, b.scores, "{cause:?}");
            assert_eq!(a.facts, b.facts, "{cause:?}");
            assert_eq!(texts(quick), texts(whole), "{cause:?}");
            moved += u32::from(a.scores != base.scored.as_ref().unwrap().scores);
        }
        assert!(moved >= 5, "{moved}");
    }
}

/// Whom a row does not concern has the same scores with it.
#[test]
fn rows_and_transfers_mended_are_a_round_scored_anew() {
    let whens = [
        "household.single_parent == 'single'",
        "choice.rank == 1",
        "'employment' in guardian.reasons",
    ];
    for round in [example(120, 8), fujisawa(120, 9)] {
        let decided = round.decided(&[]);
        let criteria = &round.criteria;
        let (mut causes, mut second) = (Vec::new(), None);
        causes.push(Cause::Transfers(TransferOrder::Level));
        for table in &criteria.tables {
            for when in whens {
                causes.push(Cause::RowMissing {
                    table: table.id.clone(),
                    when: when.into(),
                    points: Exact::whole(3),
                });
            }
            for row in &table.rows {
                let row = row.id.clone();
                let theirs = Exact::whole(7);
                causes.push(Cause::RowExtra { row: row.clone() });
                causes.push(Cause::RowPoints { row, theirs });
            }
        }
        let (mut moved, mut worked) = (0, 0);
        for cause in causes {
            // Each by itself, and behind the one before it.
            for before in [None, second.replace(cause.clone())] {
                let before: Vec<Cause> = before.into_iter().collect();
                let Ok(base) = World::of(round.past(&decided), &before) else {
                    continue;
                };
                let quick = base.with(&cause);
                let mut both = before.clone();
                both.push(cause.clone());
                let whole = World::of(round.past(&decided), &both);
                let (Ok(quick), Ok(whole)) = (&quick, &whole) else {
                    assert_eq!(quick.as_ref().err(), whole.as_ref().err(), "{both:?}");
                    continue;
                };
                worked += 1;
                assert_eq!(quick.market, whole.market, "{both:?}");
                assert_eq!(quick.keys, whole.keys, "{both:?}");
                let scores = |w: &World<'_>| w.scored.as_ref().unwrap().scores.clone();
                assert_eq!(scores(quick), scores(whole), "{both:?}");
                moved += u32::from(scores(whole) != scores(&base));
            }
        }
        assert!(worked >= 100 && moved >= 50, "{moved} of {worked}");
    }
}

/// The decisions of somebody who does to one family as `outcomes` say and goes by the rules with everybody else.
fn against(round: &Round, household: &str, outcomes: &[(Box<str>, Outcome)]) -> Decisions {
    let mut decided = round.decided(&[]);
    for decision in &mut decided.list {
        if let Some((_, outcome)) = outcomes.iter().find(|(c, _)| *c == decision.child) {
            decision.outcome = outcome.clone();
        }
    }
    let cause = Cause::Contradiction {
        household: household.into(),
    };
    let world = World::of(round.past(&decided), &[cause]).unwrap();
    decisions(&world.market, &world.place())
}

/// Another result for every child of a family: a facility it chose, or none.
fn other_results(market: &Market, f: u32, dice: &mut Dice) -> Vec<(Box<str>, Outcome)> {
    let children = market.children_of(f).iter().enumerate();
    let first = market.families[f as usize].children.start;
    let result = |(at, child): (usize, &enmusubi_market::Child)| {
        let choices = market.choices_of(first + at as u32);
        let pick = dice.below(choices.len() + 1);
        let outcome = choices
            .get(pick)
            .map_or(Outcome::Held, |x| Outcome::Placed {
                facility: market.nurseries[market.classes[x.class as usize].nursery as usize]
                    .id
                    .clone(),
                pool: None,
            });
        (child.id.clone(), outcome)
    };
    children.map(result).collect()
}

/// Only children, siblings, transfer applicants, in rounds with soft pools: whoever is pinned gets what was decided, is no
/// suspect any more, and everybody agrees.
#[test]
fn a_pinned_family_gets_what_was_decided_and_is_no_suspect() {
    for round in [example(160, 11), fujisawa(160, 12)] {
        let straight = round.decided(&[]);
        let base = World::of(round.past(&straight), &[]).unwrap();
        let market = &base.market;
        let mut dice = Dice(5);
        let (mut siblings, mut transfers, mut changed) = (0, 0, 0);
        for _ in 0..60 {
            let f = dice.below(market.families.len()) as u32;
            let of = market.children_of(f);
            let household = market.families[f as usize].id.clone();
            let decided = against(&round, &household, &other_results(market, f, &mut dice));
            if decided == straight {
                continue;
            }
            changed += 1;
            siblings += u32::from(of.len() > 1);
            transfers += u32::from(of.iter().any(|c| c.current.is_some()));
            let cause = Cause::Contradiction { household };
            let world = World::of(round.past(&decided), &[cause]).unwrap();
            let (differing, _) = world.truth.differing(&world.market, &world.place());
            assert!(differing.is_empty(), "{of:?}");
            let evidence = evidence(&world);
            let suspect = evidence.suspects.iter().any(|s| s.family == f);
            assert!(!suspect && !evidence.blocking.contains(&f) && !evidence.unlisted.contains(&f));
        }
        assert!(
            changed >= 15 && siblings >= 2 && transfers >= 1,
            "{changed} {siblings} {transfers}"
        );
    }
}

/// Whether a cause of the kind about the household is named, or explains as well.
fn blamed(solution: &Solution<'_>, household: &str) -> bool {
    solution.mended.iter().any(|m| {
        let mut all = std::iter::once(&m.cause).chain(&m.class);
        all.any(|c| matches!(c, Cause::Contradiction { household: h } if **h == *household))
    })
}

#[test]
fn a_wronged_and_a_favoured_family_are_named() {
    for round in [example(160, 13), fujisawa(160, 14)] {
        let straight = round.decided(&[]);
        let base = World::of(round.past(&straight), &[]).unwrap();
        let market = &base.market;
        let mut dice = Dice(6);
        let (mut planted, mut named) = (0, 0);
        for _ in 0..200 {
            if planted == 4 {
                break;
            }
            let f = dice.below(market.families.len()) as u32;
            let child = &market.children_of(f)[0];
            if market.children_of(f).len() > 1 || child.current.is_some() {
                continue;
            }
            let household = market.families[f as usize].id.clone();
            // Wronged: nothing; favoured: the first choice.
            let first = market
                .choices_of(market.families[f as usize].children.start)
                .first();
            let Some(first) = first else { continue };
            let outcome = match planted % 2 {
                0 => Outcome::Held,
                _ => Outcome::Placed {
                    facility: market.nurseries
                        [market.classes[first.class as usize].nursery as usize]
                        .id
                        .clone(),
                    pool: None,
                },
            };
            let decided = against(&round, &household, &[(child.id.clone(), outcome)]);
            let own = |d: &Decisions| d.list.iter().find(|x| x.child == child.id).cloned();
            if own(&decided) == own(&straight) {
                continue;
            }
            planted += 1;
            let solution = solved(&round, &decided);
            named += u32::from(blamed(&solution, &household));
            let after = &solution.after;
            let (left, _) = after
                .truth
                .differing(&after.market, &solution.after_placement);
            assert!(left.is_empty() || !solution.equally_right.is_empty());
        }
        assert_eq!((planted, named), (4, 4));
    }
}

#[test]
fn without_differences_nothing_is_proposed() {
    for round in [example(200, 5), fujisawa(200, 6)] {
        let decided = round.decided(&[]);
        let world = World::of(round.past(&decided), &[]).unwrap();
        let placement = world.place();
        let (differing, compared) = world.truth.differing(&world.market, &placement);
        assert!(differing.is_empty() && compared > 150);
        let evidence = evidence(&world);
        let scene = Scene {
            world: &world,
            evidence: &evidence,
            placement: &placement,
            differing: &differing,
            crew: &Alone,
            effort: u32::MAX,
        };
        for proposer in proposers() {
            assert_eq!(proposer.propose(&scene), []);
        }
    }
}
