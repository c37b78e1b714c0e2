//! One household's part of a round says about it what the whole round says.

use enmusubi_domain::facts::{Entity, HouseholdRound, vocabulary::of_entity};
use enmusubi_testkit::{FactShape, PolicyShape, random_facts, random_policy};

#[test]
fn a_household_by_itself_is_as_in_the_round() {
    for seed in 0..40 {
        let criteria = random_policy(seed, &PolicyShape::default());
        let round = random_facts(seed, &FactShape::of(&criteria, 12));
        for household in 0..round.households.len() as u32 {
            let part = HouseholdRound::of(&round, household);
            for (entity, range) in [
                (Entity::Household, household..household + 1),
                (Entity::Guardian, part.guardians.clone()),
                (Entity::Adult, part.adults.clone()),
                (Entity::Child, part.children.clone()),
                (Entity::Choice, part.choices.clone()),
                (Entity::Decline, part.declines.clone()),
            ] {
                assert_eq!(part.facts.table(entity).len(), range.len());
                for (own, whole) in range.enumerate() {
                    for (at, attribute) in of_entity(entity) {
                        let (own, whole) = (part.facts.get(own as u32, at), round.get(whole, at));
                        assert_eq!(own, whole, "seed {seed}: {}", attribute.path());
                    }
                }
            }
            // As judged, too: judgements by staff and lists of relatives came along.
            for (own, whole) in part.choices.clone().enumerate() {
                let own = enmusubi_reference::judge(&criteria, &part.facts, own as u32);
                let whole = enmusubi_reference::judge(&criteria, &round, whole);
                match (own, whole) {
                    (Ok(own), Ok(whole)) => assert_eq!(own, whole, "seed {seed}"),
                    (own, whole) => assert!(own.is_err() && whole.is_err(), "seed {seed}"),
                }
            }
        }
    }
}
