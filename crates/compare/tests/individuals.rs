//! Causes about one family, planted in made-up rounds and found again: a mistyped fact, a tie decided otherwise, a
//! family wronged or favoured.

use enmusubi_compare::{
    cause::{Cause, Kind},
    crew::Alone,
    evidence::evidence,
    past::{Base, Past, PastTies},
    search::{Proposer, Scene, contradictions::Contradictions, facts, facts::Facts, ties::Ties},
    solve::{Limits, Silent, Solution, solve},
    world::World,
};
use enmusubi_criteria::Criteria;
use enmusubi_domain::{
    facts::{Entity, RoundFacts, Type, Value, vocabulary::VOCABULARY},
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
        if !hit || solution.mended.len() != 1 {
            let path = |c: &Cause| match c {
                Cause::Fact {
                    attribute,
                    theirs,
                    household,
                    subject,
                    ..
                } => format!(
                    "{household} {} {:?} -> {theirs:?}",
                    VOCABULARY[*attribute as usize].path(),
                    round.facts.get(*subject, *attribute)
                ),
                c => format!("{c:?}"),
            };
            println!(
                "{} planted {}; {} units {} differing; found {:?}",
                if hit { "hit" } else { "MISS" },
                path(&cause),
                evidence(&solution.before).units,
                solution.differing.len(),
                solution
                    .mended
                    .iter()
                    .map(|m| (path(&m.cause), m.class.len(), m.units, m.differing))
                    .collect::<Vec<_>>()
            );
        }
    }
    tally
}

#[test]
fn a_mistyped_fact_is_named() {
    for (name, round) in [("example", example(400, 3)), ("fujisawa", fujisawa(400, 4))] {
        let tally = facts_planted(&round, 7, 12, 4000);
        println!(
            "{name} {}/{} extra {} left {}",
            tally.named, tally.planted, tally.extra, tally.left
        );
    }
}

#[test]
fn without_differences_nothing_is_proposed() {
    for round in [example(300, 5), fujisawa(300, 6)] {
        let decided = round.decided(&[]);
        let world = World::of(round.past(&decided), &[]).unwrap();
        let placement = world.place();
        let (differing, compared) = world.truth.differing(&world.market, &placement);
        assert!(differing.is_empty() && compared > 250);
        let evidence = evidence(&world);
        let scene = Scene {
            world: &world,
            evidence: &evidence,
            placement: &placement,
            differing: &differing,
            crew: &Alone,
        };
        for proposer in proposers() {
            assert_eq!(proposer.propose(&scene), []);
        }
    }
}
