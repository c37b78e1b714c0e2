//! Filling what paper leaves blank, and blanking what is missing.

use super::pen::Pen;
use crate::rng::Rng;
use enmusubi_domain::facts::{
    Blank, Entity, Value,
    vocabulary::{Origin, find, of_entity},
};
use jiff::civil::Date;

/// An answer that holds for whoever the question does not concern.
#[derive(Clone, Copy)]
enum Neutral {
    Zero,
    Whole(i64),
    No,
    Word(&'static str),
    /// The round's base date: nothing has passed since.
    BaseDate,
    /// The day of entry: not before.
    EntryDate,
}

use Neutral::{BaseDate, EntryDate, No, Whole, Word, Zero};

/// Degrees and grades have no such answer: 1 is the most severe, 0 would be worse.
const NEUTRAL: &[(Entity, &str, Neutral)] = &[
    (Entity::Household, "arrears_months", Zero),
    (Entity::Household, "fee_payment_rate", Whole(100)),
    (Entity::Household, "resident_since", EntryDate),
    (Entity::Household, "area", Word("市外")),
    (Entity::Guardian, "work_days_per_month", Zero),
    (Entity::Guardian, "work_days_per_week", Zero),
    (Entity::Guardian, "work_hours_per_day", Zero),
    (Entity::Guardian, "work_hours_per_week", Zero),
    (Entity::Guardian, "work_hours_per_month", Zero),
    (Entity::Guardian, "actual_days_per_month", Zero),
    (Entity::Guardian, "actual_hours_per_month", Zero),
    (Entity::Guardian, "overtime_break_per_day", Zero),
    (Entity::Guardian, "commute_minutes", Zero),
    (Entity::Guardian, "employment_kind", Word("other")),
    (Entity::Guardian, "work_place", Word("outside")),
    (Entity::Guardian, "work_area", Word("outside")),
    (Entity::Guardian, "proof", Word("certificate")),
    (Entity::Guardian, "job_continuous", No),
    (Entity::Guardian, "illness_months", Zero),
    (Entity::Guardian, "care_days_per_week", Zero),
    (Entity::Guardian, "care_days_per_month", Zero),
    (Entity::Guardian, "care_hours_per_month", Zero),
    (Entity::Guardian, "study_days_per_month", Zero),
    (Entity::Guardian, "study_hours_per_day", Zero),
    (Entity::Guardian, "study_hours_per_week", Zero),
    (Entity::Guardian, "study_hours_per_month", Zero),
    (Entity::Guardian, "posted_months", Zero),
    (Entity::Adult, "able_to_care", No),
    (Entity::Adult, "care_level", Zero),
    (Entity::Adult, "in_city", No),
    (Entity::Adult, "distance", Whole(1_000_000)),
    (Entity::Child, "waiting_since", BaseDate),
    (Entity::Child, "care_days_per_week", Zero),
    (Entity::Child, "care_hours_per_day", Zero),
    (Entity::Child, "care_hours_per_month", Zero),
    (Entity::Child, "care_since", BaseDate),
    (Entity::Child, "earlier_result", Word("not_in_round")),
    (Entity::Child, "on_time", No),
];

/// Fills blanks that mean "nobody knows" where there is a true answer. `earlier` rounds may have
/// placed somebody, so that their result is filled only where there is none.
pub(super) fn complete(pen: &mut Pen, base: Date, entry: Date, earlier: bool) {
    for &(entity, name, neutral) in NEUTRAL {
        let Some(at) = find(entity, name) else {
            debug_assert!(false, "{entity:?}.{name} is not in the vocabulary");
            continue;
        };
        if name == "earlier_result" && earlier {
            continue;
        }
        for who in 0..pen.facts.table(entity).len() as u32 {
            // Children who do not apply were not asked.
            let asked = entity != Entity::Child || {
                let range = pen.facts.choices.of_parent(who);
                !range.is_empty()
            };
            if !asked || pen.facts.get(who, at) != Value::Unknown {
                continue;
            }
            match neutral {
                Zero => pen.set((entity, who), name, 0i64),
                Whole(n) => pen.set((entity, who), name, n),
                No => pen.set((entity, who), name, false),
                Word(word) => pen.set((entity, who), name, word),
                BaseDate => pen.set((entity, who), name, base),
                EntryDate => pen.set((entity, who), name, entry),
            }
        }
    }
}

/// Blanks so many thousandths of the known cells whose blank means "nobody knows". Birth dates
/// stay: without one a child has no class.
pub(super) fn missing(pen: &mut Pen, rng: &mut Rng, per_thousand: u32) {
    if per_thousand == 0 {
        return;
    }
    let share = u64::from(per_thousand);
    for entity in [
        Entity::Household,
        Entity::Guardian,
        Entity::Adult,
        Entity::Child,
    ] {
        let attributes = of_entity(entity).filter(|(_, a)| {
            a.origin == Origin::Stated && a.blank == Blank::Unknown && a.name != "birth_date"
        });
        for (at, _) in attributes {
            let table = pen.facts.table_mut(entity);
            for who in 0..table.len() as u32 {
                if table.get(who, at).is_known() && rng.chance(share) {
                    table.set(who, at, Value::Unknown);
                }
            }
        }
    }
}
