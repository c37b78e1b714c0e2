//! One household's part of a round, as a round of its own: what a derivation, a question of the kind
//! "what if this fact were different", or a second evaluator needs, at a cost that does not grow with
//! the number of households.

use super::{
    round_facts::{Discretion, RoundFacts, WishRow},
    vocabulary::Entity,
};
use std::ops::Range;

/// A household by itself. Facilities, classes, texts and the round are those of the whole round, at the
/// same positions; the household is at position 0, and everybody in it keeps its order.
///
/// **Invariant:** every attribute, stated or derived, has the value it has in the whole round: nothing in the
/// vocabulary looks at another household.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HouseholdRound {
    /// Its facts, complete.
    pub facts: RoundFacts,
    /// Its position in the whole round.
    pub household: u32,
    /// Positions of its guardians in the whole round.
    pub guardians: Range<u32>,
    /// Positions of its other adults.
    pub adults: Range<u32>,
    /// Positions of its children.
    pub children: Range<u32>,
    /// Positions of their choices.
    pub choices: Range<u32>,
    /// Positions of their declines.
    pub declines: Range<u32>,
}

impl HouseholdRound {
    /// The part of a household.
    #[must_use]
    pub fn of(round: &RoundFacts, household: u32) -> Self {
        let h = household as usize;
        let guardians = round.index.guardians[h].clone();
        let adults = round.index.adults[h].clone();
        let children = round.index.children[h].clone();
        let choices = spanned(&round.index.choices, &children);
        let declines = spanned(&round.index.declines, &children);
        let kids = children.start as usize..children.end as usize;
        let wanted = choices.start as usize..choices.end as usize;

        let wishes = round.wishes.iter().filter(|w| w.household == household);
        let wishes = wishes.cloned().map(|mut w| {
            w.household = 0;
            w
        });
        let rows = round.combinations.iter();
        let rows = rows.filter(|c| c.household == household).cloned();
        let rows = rows.map(|mut row| {
            row.household = 0;
            for (child, _) in &mut row.slots {
                // A row may name somebody else's child by mistake; that is reported elsewhere.
                *child = child.checked_sub(children.start).unwrap_or(u32::MAX);
            }
            row
        });
        let judged = round.discretion.iter().filter_map(|d| {
            let range = match d.entity {
                Entity::Household => household..household + 1,
                Entity::Guardian => guardians.clone(),
                Entity::Adult => adults.clone(),
                Entity::Child => children.clone(),
                _ => return None,
            };
            let subject = d.subject.checked_sub(range.start)?;
            range.contains(&d.subject).then(|| {
                let mut own = d.clone();
                own.subject = subject;
                own
            })
        });
        let mut facts = RoundFacts {
            info: round.info.clone(),
            symbols: round.symbols.clone(),
            round: round.round.clone(),
            facilities: round.facilities.clone(),
            classes: round.classes.clone(),
            shared: round.shared.clone(),
            households: round.households.part(household..household + 1, 0),
            guardians: round.guardians.part(guardians.clone(), household),
            adults: round.adults.part(adults.clone(), household),
            children: round.children.part(children.clone(), household),
            enrolled: round.enrolled[kids.clone()].to_vec(),
            enrolled_since: round.enrolled_since[kids].to_vec(),
            choices: round.choices.part(choices.clone(), children.start),
            choice_facility: round.choice_facility[wanted.clone()].to_vec(),
            choice_number: round.choice_number[wanted].to_vec(),
            declines: round.declines.part(declines.clone(), children.start),
            wishes: wishes.collect(),
            combinations: rows.collect(),
            discretion: judged.collect(),
            index: Default::default(),
        };
        // Derived attributes came along with the columns.
        facts.make_index();
        Self {
            facts,
            household,
            guardians,
            adults,
            children,
            choices,
            declines,
        }
    }

    /// The part of the household of a choice, and the choice in it.
    #[must_use]
    pub fn of_choice(round: &RoundFacts, choice: u32) -> (Self, u32) {
        let part = Self::of(round, round.household_of(round.child_of(choice)));
        let own = choice - part.choices.start;
        (part, own)
    }
}

/// Some households by themselves, as a round of their own: what many questions about the same few households need.
/// Facilities, classes, texts and the round are those of the whole round, at the same positions.
///
/// **Invariant:** as for [`HouseholdRound`]: every attribute has the value it has in the whole round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HouseholdsRound {
    /// Their facts, complete.
    pub facts: RoundFacts,
    /// Position in the whole round of each choice.
    pub choices: Vec<u32>,
}

impl HouseholdsRound {
    /// The part of some households, ascending, each once.
    #[must_use]
    pub fn of(round: &RoundFacts, households: &[u32]) -> Self {
        let members = |index: &[Range<u32>], parents: &[u32]| {
            let (mut list, mut under) = (Vec::new(), Vec::new());
            for (at, &parent) in (0u32..).zip(parents) {
                let range = index[parent as usize].clone();
                under.resize(under.len() + range.len(), at);
                list.extend(range);
            }
            (list, under)
        };
        let place_in = |list: &[u32], of: u32| list.binary_search(&of).ok().map(|at| at as u32);
        let (guardians, guardian_of) = members(&round.index.guardians, households);
        let (adults, adult_of) = members(&round.index.adults, households);
        let (children, child_of) = members(&round.index.children, households);
        let (choices, choice_of) = members(&round.index.choices, &children);
        let (declines, decline_of) = members(&round.index.declines, &children);

        let wishes = round.wishes.iter().filter_map(|w| {
            let household = place_in(households, w.household)?;
            Some(WishRow {
                household,
                ..w.clone()
            })
        });
        let rows = round.combinations.iter().filter_map(|c| {
            let mut row = c.clone();
            row.household = place_in(households, c.household)?;
            for (child, _) in &mut row.slots {
                // A row may name somebody else's child by mistake; that is reported elsewhere.
                *child = place_in(&children, *child).unwrap_or(u32::MAX);
            }
            Some(row)
        });
        let judged = round.discretion.iter().filter_map(|d| {
            let list: &[u32] = match d.entity {
                Entity::Household => households,
                Entity::Guardian => &guardians,
                Entity::Adult => &adults,
                Entity::Child => &children,
                _ => return None,
            };
            let subject = place_in(list, d.subject)?;
            Some(Discretion {
                subject,
                ..d.clone()
            })
        });
        let of_child = |at: &u32| *at as usize;
        let mut facts = RoundFacts {
            info: round.info.clone(),
            symbols: round.symbols.clone(),
            round: round.round.clone(),
            facilities: round.facilities.clone(),
            classes: round.classes.clone(),
            shared: round.shared.clone(),
            households: round.households.chosen(households, Vec::new()),
            guardians: round.guardians.chosen(&guardians, guardian_of),
            adults: round.adults.chosen(&adults, adult_of),
            enrolled: (children.iter().map(of_child))
                .map(|c| round.enrolled[c])
                .collect(),
            enrolled_since: (children.iter().map(of_child))
                .map(|c| round.enrolled_since[c])
                .collect(),
            choice_facility: (choices.iter().map(of_child))
                .map(|x| round.choice_facility[x])
                .collect(),
            choice_number: (choices.iter().map(of_child))
                .map(|x| round.choice_number[x])
                .collect(),
            wishes: wishes.collect(),
            combinations: rows.collect(),
            discretion: judged.collect(),
            children: round.children.chosen(&children, child_of),
            choices: round.choices.chosen(&choices, choice_of),
            declines: round.declines.chosen(&declines, decline_of),
            index: Default::default(),
        };
        // Derived attributes came along with the columns.
        facts.make_index();
        Self { facts, choices }
    }
}

/// Positions of everything that belongs to some children.
fn spanned(index: &[Range<u32>], children: &Range<u32>) -> Range<u32> {
    let own = &index[children.start as usize..children.end as usize];
    match (own.first(), own.last()) {
        (Some(first), Some(last)) => first.start..last.end,
        _ => 0..0,
    }
}
