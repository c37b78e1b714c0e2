//! What a comparison found, held against what was planted.
//!
//! # When a cause is the planted one
//!
//! | kind | the same if |
//! |---|---|
//! | fact | same household, subject and attribute, and the value is the planted one or decides the same |
//! | row points | same row, and the points are the planted ones or decide the same |
//! | row extra | same row; points of 0 say the same as a row that is not gone by |
//! | row missing | a missing row that decides the same; conditions that place everybody alike cannot be told apart by decisions |
//! | seats | same seats (classes that share them are one), in the same direction, and the number is the planted one or decides the same |
//! | tie | same two children, the same one first |
//! | aggregation | guardians' points come together so in the same value or key, or decides the same |
//! | key order | the same change, or one that leaves all priorities the same |
//! | wish | same reading of the same household's or answer's wish, or one that leaves every family's wish the same |
//! | choice rank | the same use, or one that leaves all priorities the same; points for first choices that decide the same |
//! | coupling, transfers, refill, mechanism | the same |
//! | contradiction | same household |
//!
//! *Decides the same*: the round with all planted causes mended, this one by the one that was found, is placed as with
//! the planted ones.
//!
//! A cause in a class counts only if it leaves what the named one leaves: the round is decided with either,
//! on top of the causes that were mended before.

use crate::plant::Planted;
use enmusubi_compare::{
    cause::{Cause, RankUse, WishScope},
    solve::{Mended, Solution},
    world::{World, edit::class_of},
};
use enmusubi_domain::facts::Exact;
use enmusubi_market::ChildIx;

/// What was found of a planted cause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OfCause {
    /// Some mended cause, or one of its class, is of the planted kind.
    pub right_kind: bool,
    /// The place among the mended causes of the first that is the planted one, or has it in its class.
    pub found_at: Option<u32>,
    /// Its place in the class there; 0: it was named itself.
    pub in_class: u32,
    /// Size of that class, the named one counted; 0 where it was not found.
    pub class_size: u32,
}

impl OfCause {
    /// Whether the cause itself was found, named or in a class.
    #[must_use]
    pub fn right_cause(&self) -> bool {
        self.found_at.is_some()
    }

    /// Whether the cause itself was named.
    #[must_use]
    pub fn named(&self) -> bool {
        self.right_cause() && self.in_class == 0
    }
}

/// What was found of a planted round. Counts are exact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// Per planted cause.
    pub causes: Vec<OfCause>,
    /// Mended causes that are no planted one, and have none in their class.
    pub false_alarms: u32,
    /// Children compared.
    pub compared: u32,
    /// Children who agree before anything was mended.
    pub agree_before: u32,
    /// Children who agree after each mended cause.
    pub agree_after: Vec<u32>,
}

impl Verdict {
    /// Children who agree after so many of the mended causes (all of them, where there are fewer).
    #[must_use]
    pub fn agree_after(&self, causes: usize) -> u32 {
        let mended = self.agree_after.get(..causes.min(self.agree_after.len()));
        mended
            .and_then(|m| m.last().copied())
            .unwrap_or(self.agree_before)
    }
}

/// Holds what was found against what was planted.
#[must_use]
pub fn judge(planted: &Planted, found: &Solution<'_>) -> Verdict {
    let causes: Vec<Cause> = planted.causes.iter().map(|c| c.cause.clone()).collect();
    let mut of: Vec<OfCause> = causes
        .iter()
        .map(|cause| OfCause {
            right_kind: found.mended.iter().any(|m| {
                let mut all = std::iter::once(&m.cause).chain(&m.class);
                all.any(|c| c.kind() == cause.kind())
            }),
            found_at: None,
            in_class: 0,
            class_size: 0,
        })
        .collect();
    let mut false_alarms = 0;
    let mut before: Vec<Cause> = Vec::new();
    for (at, mended) in found.mended.iter().enumerate() {
        let mut known = false;
        for (i, seen) in of.iter_mut().enumerate() {
            let Some(place) = place_in(planted, &causes, i, mended, &before) else {
                continue;
            };
            known = true;
            if seen.found_at.is_none() {
                seen.found_at = Some(at as u32);
                seen.in_class = place;
                seen.class_size = mended.class.len() as u32 + 1;
            }
        }
        false_alarms += u32::from(!known);
        before.push(mended.cause.clone());
    }
    let agree = |differing: u32| found.compared - differing;
    Verdict {
        causes: of,
        false_alarms,
        compared: found.compared,
        agree_before: agree(found.differing.len() as u32),
        agree_after: found.mended.iter().map(|m| agree(m.differing)).collect(),
    }
}

/// The place of a planted cause in a mended one and its class.
fn place_in(
    planted: &Planted,
    causes: &[Cause],
    i: usize,
    mended: &Mended,
    before: &[Cause],
) -> Option<u32> {
    if same(planted, causes, i, &mended.cause) {
        return Some(0);
    }
    let at = mended
        .class
        .iter()
        .position(|c| same(planted, causes, i, c))?;
    // Whether the data really cannot tell the two apart.
    let left = |cause: &Cause| {
        let mut all = before.to_vec();
        all.push(cause.clone());
        differing(planted, &all)
    };
    let (named, other) = (left(&mended.cause)?, left(&mended.class[at])?);
    (named == other).then_some(at as u32 + 1)
}

/// Children who differ with causes mended.
fn differing(planted: &Planted, causes: &[Cause]) -> Option<Vec<ChildIx>> {
    let world = World::of(planted.past(), causes).ok()?;
    Some(world.truth.differing(&world.market, &world.place()).0)
}

/// Whether a cause is the planted one at a position (see the table above).
fn same(planted: &Planted, causes: &[Cause], i: usize, found: &Cause) -> bool {
    let cause = &causes[i];
    if cause == found {
        return true;
    }
    let decides_the_same = || {
        let mut with = causes.to_vec();
        with[i] = found.clone();
        let placed = |causes: &[Cause]| Some(World::of(planted.past(), causes).ok()?.place());
        let (a, b) = (placed(causes), placed(&with));
        a.is_some() && a == b
    };
    match (cause, found) {
        (
            Cause::Fact {
                household,
                entity,
                subject,
                attribute,
                ..
            },
            Cause::Fact {
                household: h,
                entity: e,
                subject: s,
                attribute: a,
                ..
            },
        ) => (household, entity, subject, attribute) == (h, e, s, a) && decides_the_same(),
        (Cause::RowPoints { row, .. }, Cause::RowPoints { row: r, .. }) => {
            row == r && decides_the_same()
        }
        (Cause::RowExtra { row }, Cause::RowPoints { row: r, theirs }) => {
            row == r && *theirs == Exact::ZERO && decides_the_same()
        }
        (Cause::RowMissing { .. }, Cause::RowMissing { .. })
        | (Cause::Aggregation { .. }, Cause::Aggregation { .. }) => decides_the_same(),
        (Cause::Seats { class, by }, Cause::Seats { class: k, by: b }) => {
            let alone = World::of(planted.past(), &[]);
            let same_seats = alone.is_ok_and(|w| {
                let group =
                    |id| class_of(&w.market, id).map(|k| w.market.classes[k as usize].group);
                group(class).is_some() && group(class) == group(k)
            });
            same_seats && (*by > 0) == (*b > 0) && (by == b || decides_the_same())
        }
        (
            Cause::ChoiceRank(RankUse::FirstChoice(_)),
            Cause::ChoiceRank(RankUse::FirstChoice(_)),
        ) => decides_the_same(),
        (Cause::KeyOrder(_), Cause::KeyOrder(_)) | (Cause::ChoiceRank(_), Cause::ChoiceRank(_)) => {
            same_market(planted, cause, found, |w| {
                w.market
                    .choices
                    .iter()
                    .map(|x| x.priority)
                    .collect::<Vec<_>>()
            })
        }
        (Cause::Wish { of, .. }, Cause::Wish { of: o, .. }) => {
            let one_household = matches!(of, WishScope::Household(_)) && of == o;
            let wishes = |w: &World<'_>| {
                let families = w.market.families.iter().filter(|f| f.children.len() > 1);
                families.map(|f| f.wish.clone()).collect::<Vec<_>>()
            };
            same_market(planted, cause, found, wishes) || (one_household && decides_the_same())
        }
        (
            Cause::Tie { first, second, .. },
            Cause::Tie {
                first: f,
                second: s,
                ..
            },
        ) => (first, second) == (f, s),
        (Cause::Contradiction { household }, Cause::Contradiction { household: h }) => {
            household == h
        }
        _ => false,
    }
}

/// Whether something about the market is the same with two causes, each mended alone.
fn same_market<T: PartialEq>(
    planted: &Planted,
    a: &Cause,
    b: &Cause,
    of: impl Fn(&World<'_>) -> T,
) -> bool {
    let with = |cause: &Cause| World::of(planted.past(), std::slice::from_ref(cause));
    match (with(a), with(b)) {
        (Ok(a), Ok(b)) => of(&a) == of(&b),
        _ => false,
    }
}
