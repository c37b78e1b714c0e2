//! Facts of a made-up round: households whose papers, not only scores, are drawn from realistic
//! distributions and agree with each other.
//!
//! A [`Town`] says who applies where; [`facts()`] adds what the papers of its households say:
//! guardians with reasons, contracts, leave; grandparents; brothers and sisters who do not apply;
//! present care, taxes, history. Each household draws from a stream of its own, so that a change in
//! one leaves the others as they were.
//!
//! The shares are orders of magnitude as published cut-offs and guides show them (most couples
//! work full-time, most mothers of applicants under two are on leave), not a survey.

mod adults;
mod blank;
mod calendar;
mod children;
mod family;
mod guardians;
mod household;
mod options;
mod pen;
mod places;
mod wish;
mod work;

pub use options::{DiscretionItem, FactOptions, FieldTexts, Form, PoolShare};

use crate::{model::Town, rng::Rng};
use calendar::Calendar;
use enmusubi_domain::facts::{Discretion, Entity, Exact, RoundFacts, RoundInfo};
use pen::Pen;

/// Streams of random numbers beside those of the households, which count from 0.
mod stream {
    pub(super) const PLACES: u64 = u64::MAX - 101;
    pub(super) const LOTTERY: u64 = u64::MAX - 102;
    pub(super) const MISSING: u64 = u64::MAX - 103;
    pub(super) const DISCRETION: u64 = u64::MAX - 104;
}

/// Facts of a town's round. Points and sibling codes of the town become reasons to have them: the
/// code an answer on the form; the points are not used.
///
/// Options out of range (see [`FactOptions::check`]) are brought to the nearest that can be built.
#[must_use]
pub fn facts(town: &Town, options: &FactOptions) -> RoundFacts {
    let calendar = Calendar::of(options);
    let mut pen = Pen::new(RoundFacts::new(RoundInfo {
        municipality: options.municipality.as_deref().map(Into::into),
        entry_date: calendar.entry,
        number: options.number.max(1),
        base_date: calendar.base,
        deadline: Some(calendar.deadline),
    }));
    let mut rng = Rng::stream(options.seed, stream::PLACES);
    let places = places::write(&mut pen, town, options, &mut rng);
    let mut lottery: Vec<i64> = (1..=town.children.len() as i64).collect();
    Rng::stream(options.seed, stream::LOTTERY).shuffle(&mut lottery);
    let round = household::Round {
        town,
        places: &places,
        options,
        calendar,
        lottery: options.lottery.then_some(lottery.as_slice()),
    };
    for (n, range) in town.family_ranges().enumerate() {
        let mut rng = Rng::stream(options.seed, n as u64);
        household::write(&mut pen, &mut rng, &round, range);
    }
    if options.complete {
        blank::complete(&mut pen, calendar.base, calendar.entry, options.number > 1);
    }
    let mut rng = Rng::stream(options.seed, stream::MISSING);
    blank::missing(&mut pen, &mut rng, options.missing);
    discretion(&mut pen, options);
    pen.facts.complete();
    pen.facts
}

/// Values that staff judged, for the rows that ask for them.
fn discretion(pen: &mut Pen, options: &FactOptions) {
    let mut rng = Rng::stream(options.seed, stream::DISCRETION);
    for item in &options.discretion {
        let span = item.max.saturating_sub(item.min).max(0) as u64;
        for subject in 0..pen.facts.table(item.entity).len() as u32 {
            if !rng.chance(u64::from(item.subjects)) {
                continue;
            }
            let value = item
                .min
                .saturating_add(rng.below(span.saturating_add(1)) as i64);
            let row = pen.facts.discretion.len() as u32 + 2;
            pen.facts.discretion.push(Discretion {
                entity: item.entity,
                subject,
                item: item.item.as_str().into(),
                value: Exact::whole(value),
                reason: "面談の記録による".into(),
                entered_by: "担当A".into(),
                signed_by: "係長B".into(),
                row,
            });
        }
    }
    // As a reader meets them: subject by subject in table order is not the item's order.
    debug_assert!(options.discretion.iter().all(|d| matches!(
        d.entity,
        Entity::Household | Entity::Guardian | Entity::Child
    )));
}
