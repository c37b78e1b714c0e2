//! One household's part of a round, as a round of its own: what a derivation, a question of the kind
//! "what if this fact were different", or a second evaluator needs, at a cost that does not grow with
//! the number of households.

use super::{round_facts::RoundFacts, vocabulary::Entity};
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

/// Positions of everything that belongs to some children.
fn spanned(index: &[Range<u32>], children: &Range<u32>) -> Range<u32> {
    let own = &index[children.start as usize..children.end as usize];
    match (own.first(), own.last()) {
        (Some(first), Some(last)) => first.start..last.end,
        _ => 0..0,
    }
}
