//! Every cause in words, in both languages: for staff, for the public, and how to mend it.

mod common;

use common::{criteria, round};
use enmusubi_compare::{
    cause::{Cause, ClassId, KeyOrder, RankUse, TransferOrder, WishScope},
    past::{Base, Past, PastTies},
    text::Teller,
    world::World,
};
use enmusubi_criteria::{
    aggregate::Aggregate,
    model::{Coupling, Question},
};
use enmusubi_domain::{
    facts::{Entity, Exact, Value, vocabulary::find},
    past::Decisions,
};
use enmusubi_market::{First, Place, Timing, WishFields};
use enmusubi_matching::Mechanism;
use enmusubi_selection::{compiled::Ties, text_summary::Lang};

/// One of every form that a cause has.
fn all(child: &str, other: &str, household: &str, class: &ClassId) -> Vec<Cause> {
    let wish = WishFields {
        timing: Timing::Together,
        place: Place::PreferSame,
        first: First::Older,
        all_transfers_or_none: true,
    };
    let whole = Exact::whole;
    let fact = |entity, name| Cause::Fact {
        household: household.into(),
        entity,
        subject: 0,
        attribute: find(entity, name).expect("a fact of the vocabulary"),
        theirs: Value::Bool(true),
    };
    let missing = |when: &str| Cause::RowMissing {
        table: "adjust".into(),
        when: when.into(),
        points: whole(3),
    };
    let mut list = vec![
        fact(Entity::Household, "welfare"),
        Cause::RowPoints {
            row: "return".into(),
            theirs: whole(9),
        },
        Cause::RowExtra {
            row: "return".into(),
        },
        missing("household.welfare"),
        missing("child.application == 'transfer' && household.welfare"),
        missing("true"),
        Cause::Tie {
            class: class.clone(),
            first: child.into(),
            second: other.into(),
        },
        Cause::Refill(true),
        Cause::Refill(false),
        Cause::ChoiceRank(RankUse::Before(0)),
        Cause::ChoiceRank(RankUse::Before(99)),
        Cause::ChoiceRank(RankUse::FirstChoice(whole(2))),
        Cause::Contradiction {
            household: household.into(),
        },
        Cause::KeyOrder(KeyOrder::Flip(0)),
        Cause::KeyOrder(KeyOrder::Drop(0)),
        Cause::KeyOrder(KeyOrder::Move { from: 1, before: 0 }),
        Cause::KeyOrder(KeyOrder::Move {
            from: 0,
            before: 99,
        }),
    ];
    let pool = ClassId {
        pool: Some("area".into()),
        ..class.clone()
    };
    for class in [class, &pool] {
        for by in [1, -2] {
            let class = class.clone();
            list.push(Cause::Seats { class, by });
        }
    }
    for of in [
        WishScope::Household(household.into()),
        WishScope::Answer(Question::Place, "同じ園のみ".into()),
        WishScope::Fields(WishFields {
            all_transfers_or_none: false,
            ..wish
        }),
    ] {
        list.push(Cause::Wish { of, theirs: wish });
    }
    list.extend(Aggregate::ALL.map(|theirs| Cause::Aggregation {
        of: "parents".into(),
        nth: 0,
        theirs,
    }));
    let couplings = [Coupling::None, Coupling::Highest, Coupling::Average];
    list.extend(couplings.map(Cause::Coupling));
    let transfers = [
        TransferOrder::Before,
        TransferOrder::After,
        TransferOrder::Level,
    ];
    list.extend(transfers.map(Cause::Transfers));
    let mechanisms = [Mechanism::IndexOrder, Mechanism::ChoiceOrder];
    list.extend(mechanisms.map(Cause::Mechanism));
    list
}

#[test]
fn every_cause_has_words() {
    let (facts, criteria) = (round(1, 60, 4), criteria());
    let ties = PastTies::Rule(Ties::Lottery("x".into()));
    let none = Decisions::default();
    let past = Past {
        base: Base::Facts {
            facts: &facts,
            criteria: &criteria,
        },
        decisions: &none,
        ties: &ties,
        mechanism: Mechanism::Stable,
    };
    let world = World::of(past, &[]).expect("a round");
    let placement = world.place();
    let market = &world.market;
    let (child, other) = (&*market.children[0].id, &*market.children[1].id);
    let household = &*market.families[0].id;
    let class = &market.classes[0];
    let class = ClassId {
        facility: market.nurseries[class.nursery as usize].id.clone(),
        age: class.age,
        pool: None,
    };
    let labels: Vec<String> = world
        .plain
        .key_components
        .iter()
        .map(|c| c.label.clone())
        .collect();
    for lang in [Lang::Japanese, Lang::English] {
        let teller = Teller {
            past,
            round: &world.plain,
            truth: &world.truth,
            placement: &placement,
            labels: &labels,
            lang,
        };
        let mut told: Vec<String> = Vec::new();
        for cause in all(child, other, household, &class) {
            let words = teller.words(&cause);
            let public = teller.public_words(&cause);
            let mend = teller.mend(&cause);
            for text in [&words, &public, &mend] {
                assert!(!text.is_empty(), "{cause:?}");
                // A place left open, or the name of a message.
                for bad in ["{", "}", "\u{300c}\u{300d}", "\"\""] {
                    assert!(!text.contains(bad), "{cause:?}: {text}");
                }
                let japanese = text.chars().any(|c| ('\u{3041}'..='\u{30ff}').contains(&c));
                assert!(japanese || lang == Lang::English, "{cause:?}: {text}");
            }
            for id in [child, other, household] {
                assert!(!public.contains(id), "{cause:?}: {public}");
            }
            if cause.is_individual() {
                let named = [child, other, household];
                assert!(named.iter().any(|n| words.contains(n)), "{words}");
            }
            // Nobody need know the criteria language.
            for code in ["&&", "==", "household.", "child."] {
                assert!(!public.contains(code), "{cause:?}: {public}");
            }
            told.push(words);
        }
        let count = told.len();
        told.sort_unstable();
        told.dedup();
        assert_eq!(told.len(), count, "two causes are told alike");
    }
}
