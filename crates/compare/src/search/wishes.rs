//! A sibling wish was read otherwise (きょうだいの希望の読み違い).
//!
//! Whether a family's result is one that its wish allows, and whether it could have had better, depends on
//! the decisions and on its own wish alone. So every form a wish can have is laid over all families at once, and the
//! checker asked once for each.

use super::{Proposal, Proposer, Scene};
use crate::{
    cause::{Cause, WishScope},
    crew::map,
    evidence::turns,
    past::Base,
    truth::Known,
    world::{
        World,
        edit::families::{alike, asked, canonical, readings, set_wish, written},
    },
};
use enmusubi_criteria::model::Question;
use enmusubi_market::{FamilyIx, First, Place, Timing, WishFields};
use enmusubi_verify::{Limits, Violation, check_within};
use std::{
    cmp::Reverse,
    collections::{HashMap, HashSet},
};

/// Most readings of one family's wish.
const READINGS: usize = 8;
/// Most readings of an answer, or of a wish, by everybody.
const FOR_ALL: usize = 12;

/// Proposes other readings.
pub struct Wishes;

impl Proposer for Wishes {
    fn propose(&self, scene: &Scene<'_, '_>) -> Vec<Proposal> {
        let world = scene.world;
        let mut odd: Vec<FamilyIx> = (scene.evidence.unlisted.iter())
            .chain(&scene.evidence.blocking)
            .copied()
            .filter(|&f| asked(world, f).is_some())
            .collect();
        odd.sort_unstable();
        odd.dedup();
        if odd.is_empty() {
            return Vec::new();
        }
        let readings = Readings::of(scene);
        let mut proposals = for_all(world, &odd, &readings);
        for &f in &odd {
            let Some(now) = asked(world, f) else { continue };
            let fits = forms().into_iter().filter(|w| !alike(*w, now));
            let mut fits: Vec<WishFields> = fits.filter(|w| !readings.is_odd(f, *w)).collect();
            // The nearest first: one question misread before two.
            fits.sort_by_key(|w| distance(*w, now));
            fits.truncate(READINGS);
            let id = &world.market.families[f as usize].id;
            proposals.extend(fits.into_iter().map(|theirs| Proposal {
                cause: Cause::Wish {
                    of: WishScope::Household(id.clone()),
                    theirs: WishFields {
                        all_transfers_or_none: now.all_transfers_or_none,
                        ..theirs
                    },
                },
                promise: 1,
            }));
        }
        proposals
    }
}

/// Every form of a wish that differs from the others in what it allows.
fn forms() -> Vec<WishFields> {
    let mut forms = Vec::new();
    for timing in [Timing::Together, Timing::NeedNot] {
        for place in [Place::SameOnly, Place::PreferSame, Place::ChoiceOrder] {
            for first in [First::Either, First::Older, First::Younger] {
                let form = WishFields {
                    timing,
                    place,
                    first,
                    all_transfers_or_none: false,
                };
                if canonical(form) == form {
                    forms.push(form);
                }
            }
        }
    }
    forms
}

/// How many questions are answered otherwise.
fn distance(a: WishFields, b: WishFields) -> u32 {
    u32::from(a.timing != b.timing)
        + u32::from(a.place != b.place)
        + u32::from(a.timing == b.timing && a.first != b.first)
}

/// For every form: the families whose result would be odd if they had asked for that.
struct Readings {
    odd: HashMap<WishFields, HashSet<FamilyIx>>,
}

impl Readings {
    fn of(scene: &Scene<'_, '_>) -> Self {
        let world = scene.world;
        let market = turns(world).unwrap_or_else(|| world.market.clone());
        let placement = world.truth.placement(&market);
        let families = 0..market.families.len() as FamilyIx;
        let siblings: Vec<(FamilyIx, WishFields)> = families
            .filter_map(|f| Some((f, asked(world, f)?)))
            .collect();
        let known = |f: FamilyIx| {
            let mut children = market.families[f as usize].children.clone();
            children.all(|c| {
                let known = world.truth.of[c as usize];
                !matches!(known, Known::Unknown | Known::Elsewhere)
            })
        };
        let forms = forms();
        let odd = map(scene.crew, forms.len(), |at| {
            let mut market = market.clone();
            for &(f, now) in &siblings {
                let form = WishFields {
                    all_transfers_or_none: now.all_transfers_or_none,
                    ..forms[at]
                };
                set_wish(&mut market, &world.plain.asked, f, form);
            }
            let limits = Limits {
                positions_listed: 1,
                steps: 200_000,
            };
            let verdict = check_within(&market, &placement, limits);
            let unlisted = verdict.violations.iter().filter_map(|v| match v {
                Violation::NotListed { family } => Some(*family),
                _ => None,
            });
            let blocking = verdict.blocking.iter().map(|b| b.family);
            let odd = unlisted.chain(blocking).filter(|&f| known(f));
            (forms[at], odd.collect())
        });
        Self {
            odd: odd.into_iter().collect(),
        }
    }

    /// Whether a family's result would be odd if it had asked for that.
    fn is_odd(&self, family: FamilyIx, wish: WishFields) -> bool {
        let form = WishFields {
            all_transfers_or_none: false,
            ..canonical(wish)
        };
        let odd = self.odd.get(&form);
        odd.is_some_and(|odd| odd.contains(&family))
    }
}

/// Readings of an answer by everybody who gave it, or of a wish by everybody who has it.
fn for_all(world: &World<'_>, odd: &[FamilyIx], readings_of: &Readings) -> Vec<Proposal> {
    let mut proposals = Vec::new();
    for (of, theirs) in scopes(world, odd) {
        let Ok(read) = readings(world, &of, theirs) else {
            continue;
        };
        let (mut better, mut worse) = (0u32, 0u32);
        for (f, wish) in read {
            let Some(now) = asked(world, f) else { continue };
            match (readings_of.is_odd(f, now), readings_of.is_odd(f, wish)) {
                (true, false) => better += 1,
                (false, true) => worse += 1,
                _ => {}
            }
        }
        let promise = better.saturating_sub(worse);
        if promise > 0 {
            let cause = Cause::Wish { of, theirs };
            proposals.push(Proposal { cause, promise });
        }
    }
    proposals.sort_by_key(|p| Reverse(p.promise));
    proposals.truncate(FOR_ALL);
    proposals
}

/// The answers, or wishes, of odd families, each with everything it might be read as.
fn scopes(world: &World<'_>, odd: &[FamilyIx]) -> Vec<(WishScope, WishFields)> {
    let mut scopes: Vec<(WishScope, WishFields)> = Vec::new();
    match world.past.base.plain() {
        Base::Tables(_) | Base::Listed { .. } => {
            for &f in odd {
                let Some(now) = asked(world, f) else { continue };
                let others = forms().into_iter().filter(|w| !alike(*w, now));
                scopes.extend(others.map(|w| (WishScope::Fields(now), w)));
            }
        }
        Base::Facts { facts, .. } => {
            let ids: HashMap<&str, WishFields> = odd
                .iter()
                .filter_map(|&f| {
                    let id = &*world.market.families[f as usize].id;
                    Some((id, asked(world, f)?))
                })
                .collect();
            let mut seen: Vec<(Question, &str)> = Vec::new();
            for row in &facts.wishes {
                let household = &*facts.households.ids[row.household as usize];
                let Some(&now) = ids.get(household) else {
                    continue;
                };
                for question in [
                    Question::Code,
                    Question::Timing,
                    Question::Place,
                    Question::First,
                ] {
                    let Some(answer) = written(&row.answer, question) else {
                        continue;
                    };
                    if seen.contains(&(question, answer)) {
                        continue;
                    }
                    seen.push((question, answer));
                    let of = WishScope::Answer(question, answer.into());
                    let others = otherwise(now, question).into_iter();
                    scopes.extend(others.map(|w| (of.clone(), w)));
                }
            }
        }
    }
    let mut distinct: Vec<(WishScope, WishFields)> = Vec::new();
    for scope in scopes {
        if !distinct.contains(&scope) {
            distinct.push(scope);
        }
    }
    distinct
}

/// What an answer to a question might be read as, what other questions say left as it is.
fn otherwise(now: WishFields, question: Question) -> Vec<WishFields> {
    let now = WishFields {
        all_transfers_or_none: false,
        ..now
    };
    let list: Vec<WishFields> = match question {
        Question::Code => forms(),
        Question::Timing => [Timing::Together, Timing::NeedNot]
            .map(|timing| WishFields { timing, ..now })
            .into(),
        Question::Place => [Place::SameOnly, Place::PreferSame, Place::ChoiceOrder]
            .map(|place| WishFields { place, ..now })
            .into(),
        Question::First => [First::Either, First::Older, First::Younger]
            .map(|first| WishFields { first, ..now })
            .into(),
    };
    list.into_iter().filter(|w| *w != now).collect()
}
