//! Causes about rules and seats, planted in made-up rounds: each is found, and found as what it is.

use enmusubi_compare::{
    cause::{Cause, KeyOrder, RankUse, TransferOrder, WishScope},
    crew::Alone,
    evidence::evidence,
    past::{Base, Past, PastTies},
    search::{self, Proposer},
    solve::{Limits, Silent, Solution, solve},
    truth::decisions_of,
    world::{World, edit},
};
use enmusubi_criteria::{Criteria, model::Coupling};
use enmusubi_domain::{
    facts::{Exact, RoundFacts},
    past::Decisions,
    round::Round,
};
use enmusubi_interchange::{Inputs, Source, read_round};
use enmusubi_market::{First, Place, Timing, WishFields};
use enmusubi_matching::Mechanism;
use enmusubi_selection::compiled::Ties;
use enmusubi_synth::{FactOptions, Form, Options, children_csv, facts, nurseries_csv, town};

const CHILDREN: usize = 400;

/// Criteria, the form of their sibling question, the municipality.
type Named = (&'static [u8], fn() -> Form, Option<&'static str>);

const EXAMPLE_CITY: Named = (
    include_bytes!("../../../criteria/example/r9.toml"),
    Form::fields,
    None,
);
const FUJISAWA_CITY: Named = (
    include_bytes!("../../../criteria/142051-fujisawa/r9.toml"),
    Form::fujisawa,
    Some("142051"),
);

/// A round that was made up.
enum Made {
    Facts {
        facts: Box<RoundFacts>,
        criteria: Box<Criteria>,
    },
    Tables(Box<Round>),
}

/// Where a round comes from.
#[derive(Clone, Copy)]
enum Origin {
    Criteria(Named),
    Tables,
}
use Origin::Tables;
const EXAMPLE: Origin = Origin::Criteria(EXAMPLE_CITY);
const FUJISAWA: Origin = Origin::Criteria(FUJISAWA_CITY);

impl Made {
    fn of(from: Origin, seed: u64) -> Self {
        let made = town(&Options {
            seed,
            children: CHILDREN,
            nurseries: CHILDREN / 25,
            siblings: 0.2,
            ..Options::default()
        });
        let Origin::Criteria((text, form, municipality)) = from else {
            let (children, nurseries) = (children_csv(&made), nurseries_csv(&made));
            let source = |name, bytes| Source { name, bytes };
            let (round, _) = read_round(&Inputs {
                children: source("children.csv", &children),
                nurseries: source("nurseries.csv", &nurseries),
                combinations: None,
                columns: None,
                rules: None,
            });
            return Self::Tables(Box::new(round.expect("tables that read")));
        };
        let criteria = enmusubi_criteria::read("criteria.toml", text).0;
        let options = FactOptions {
            seed,
            form: form(),
            municipality: municipality.map(str::to_owned),
            ..FactOptions::default()
        };
        Self::Facts {
            facts: Box::new(facts(&made, &options)),
            criteria: Box::new(criteria.expect("criteria that read")),
        }
    }

    fn past<'a>(&'a self, ties: &'a PastTies, decisions: &'a Decisions) -> Past<'a> {
        Past {
            base: match self {
                Self::Facts { facts, criteria } => Base::Facts { facts, criteria },
                Self::Tables(round) => Base::Tables(round),
            },
            decisions,
            ties,
            mechanism: Mechanism::Stable,
        }
    }
}

/// The proposers of rules and seats.
fn proposers() -> Vec<Box<dyn Proposer>> {
    vec![
        Box::new(search::mechanism::Mechanisms),
        Box::new(search::seats::Seats),
        Box::new(search::refill::Refill),
        Box::new(search::transfers::Transfers),
        Box::new(search::coupling::Couplings),
        Box::new(search::wishes::Wishes),
        Box::new(search::key_order::KeyOrders),
        Box::new(search::choice_rank::ChoiceRanks),
    ]
}

/// Seeds looked at per kind.
fn seeds() -> std::ops::RangeInclusive<u64> {
    1..=2
}

struct Count {
    planted: u32,
    found: u32,
    false_alarms: u32,
}

/// Plants what `cause` says and counts how often it is found among causes of its kind (or their classes).
fn planted(from: Origin, cause: impl Fn(&World<'_>, u64) -> Option<Cause>) -> Count {
    let mut count = Count {
        planted: 0,
        found: 0,
        false_alarms: 0,
    };
    for seed in seeds() {
        let made = Made::of(from, seed);
        let ties = PastTies::Rule(Ties::Lottery("R9".into()));
        let none = Decisions::default();
        let world = World::of(made.past(&ties, &none), &[]).expect("a round");
        let Some(cause) = cause(&world, seed) else {
            continue;
        };
        let theirs = world.with(&cause).expect("a cause that fits");
        let placement = theirs.place();
        let list = decisions_of(&theirs.market, &placement);
        let solution = solve(
            made.past(&ties, &list),
            &[],
            &proposers(),
            Limits::for_children(CHILDREN),
            &Alone,
            &Silent,
        );
        let solution: Solution<'_> = solution.expect("a round");
        if solution.differing.is_empty() || solution.differing == solution.equally_right {
            continue;
        }
        count.planted += 1;
        let is = |c: &Cause| c.kind() == cause.kind();
        let mended = &solution.mended;
        let found = mended
            .iter()
            .position(|m| is(&m.cause) || m.class.iter().any(is));
        count.found += u32::from(found.is_some());
        count.false_alarms += mended.len() as u32 - u32::from(found.is_some());
        if found.is_none() {
            let causes: Vec<&Cause> = mended.iter().map(|m| &m.cause).collect();
            println!("seed {seed}: {cause:?} was planted, {causes:?} found");
        }
    }
    count
}

fn all_found(count: &Count) {
    assert!(count.planted > 0, "nothing was visible");
    assert_eq!(count.found, count.planted);
    assert!(count.false_alarms <= count.planted);
}

/// A class where somebody would be placed or refused.
fn class(world: &World<'_>, seed: u64) -> u32 {
    let wanted = world.market.choices.iter().map(|x| x.class);
    let full: Vec<u32> = wanted.collect();
    full[(seed as usize * 37) % full.len()]
}

#[test]
fn seats() {
    for by in [1, -1, 2] {
        all_found(&planted(EXAMPLE, |world, seed| {
            let class = edit::class_id(&world.market, class(world, seed));
            Some(Cause::Seats { class, by })
        }));
    }
}

#[test]
fn mechanism() {
    for from in [EXAMPLE, FUJISAWA, Tables] {
        let count = planted(from, |_, _| Some(Cause::Mechanism(Mechanism::ChoiceOrder)));
        all_found(&count);
    }
}

#[test]
fn index_order() {
    all_found(&planted(Tables, |_, _| {
        Some(Cause::Mechanism(Mechanism::IndexOrder))
    }));
}

#[test]
fn key_order() {
    for (named, change) in [
        (EXAMPLE, KeyOrder::Flip(3)),
        (EXAMPLE, KeyOrder::Drop(2)),
        (EXAMPLE, KeyOrder::Move { from: 5, before: 2 }),
        (FUJISAWA, KeyOrder::Move { from: 4, before: 2 }),
        (FUJISAWA, KeyOrder::Flip(4)),
    ] {
        all_found(&planted(named, |_, _| Some(Cause::KeyOrder(change))));
    }
}

#[test]
fn transfers() {
    for order in [TransferOrder::Before, TransferOrder::After] {
        for from in [EXAMPLE, FUJISAWA, Tables] {
            all_found(&planted(from, |_, _| Some(Cause::Transfers(order))));
        }
    }
}

#[test]
fn refill() {
    for from in [EXAMPLE, Tables] {
        all_found(&planted(from, |_, _| Some(Cause::Refill(false))));
    }
}

#[test]
fn coupling() {
    for coupling in [Coupling::Highest, Coupling::Average] {
        for from in [EXAMPLE, FUJISAWA, Tables] {
            all_found(&planted(from, |_, _| Some(Cause::Coupling(coupling))));
        }
    }
}

#[test]
fn choice_rank() {
    for rank in [
        RankUse::Before(0),
        RankUse::Before(2),
        RankUse::FirstChoice(Exact::whole(3)),
    ] {
        all_found(&planted(EXAMPLE, |_, _| Some(Cause::ChoiceRank(rank))));
    }
}

#[test]
fn wishes_of_households() {
    all_found(&planted(EXAMPLE, |world, _| {
        let theirs = |now: WishFields| WishFields {
            timing: match now.timing {
                Timing::Together => Timing::NeedNot,
                Timing::NeedNot => Timing::Together,
            },
            place: Place::ChoiceOrder,
            first: First::Either,
            all_transfers_or_none: false,
        };
        // The first whose reading changes a decision.
        let before = world.place();
        let families = 0..world.market.families.len() as u32;
        families
            .filter_map(|f| {
                let now = edit::families::asked(world, f)?;
                Some(Cause::Wish {
                    of: WishScope::Household(world.market.families[f as usize].id.clone()),
                    theirs: theirs(now),
                })
            })
            .take(40)
            .find(|c| world.with(c).is_ok_and(|w| w.place() != before))
    }));
}

#[test]
fn nothing_is_proposed_where_nothing_differs() {
    let mut seen = 0;
    for seed in seeds() {
        let made = Made::of(EXAMPLE, seed);
        let ties = PastTies::Rule(Ties::Lottery("R9".into()));
        let none = Decisions::default();
        let world = World::of(made.past(&ties, &none), &[]).expect("a round");
        let placement = world.place();
        // Where nothing is stable somebody is wronged by any placement.
        if !enmusubi_verify::check(&world.market, &placement).is_stable() {
            continue;
        }
        let list = decisions_of(&world.market, &placement);
        let world = World::of(made.past(&ties, &list), &[]).expect("a round");
        let scene = search::Scene {
            world: &world,
            evidence: &evidence(&world),
            placement: &placement,
            differing: &[],
            crew: &Alone,
            effort: u32::MAX,
        };
        let proposed: Vec<_> = proposers().iter().flat_map(|p| p.propose(&scene)).collect();
        assert_eq!(proposed, []);
        seen += 1;
    }
    assert!(seen > 0);
}
