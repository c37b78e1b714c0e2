//! What causes do to families: a wish read otherwise, and decisions that are taken as they are.

use super::{Unworkable, World, family_of};
use crate::{cause::WishScope, past::Base};
use enmusubi_criteria::model::{Answer, Question, Siblings};
use enmusubi_domain::{facts::WishAnswer, round};
use enmusubi_market::{
    FamilyIx, First, Market, Place, Slot, Timing, Wish, WishFields, tuples::tuples,
};
use enmusubi_selection::staged::answers::wish_of;

/// Most combinations of one family that are written out.
const TUPLES_MAX: usize = 100_000;

/// What a family of two and more asked for, where that is said in fields; `None`: an only child, or a list of
/// combinations.
#[must_use]
pub fn asked(world: &World<'_>, family: FamilyIx) -> Option<WishFields> {
    let of = &world.market.families[family as usize];
    if of.children.len() < 2 {
        return None;
    }
    match of.wish {
        Wish::Fields(fields) => Some(fields),
        Wish::Listed(_) => {
            let asked = &world.plain.asked;
            let at = asked.binary_search_by_key(&family, |a| a.0).ok()?;
            Some(asked[at].1)
        }
    }
}

/// Reads wishes otherwise.
///
/// # Errors
/// [`Unworkable::Foreign`] where there is no such family, or no such answer.
pub(super) fn wish(
    world: &mut World<'_>,
    of: &WishScope,
    theirs: WishFields,
) -> Result<(), Unworkable> {
    for (family, fields) in readings(world, of, theirs)? {
        set_wish(&mut world.market, &world.plain.asked, family, fields);
    }
    Ok(())
}

/// The families of a scope, each with what it asked for as the staff read it.
///
/// # Errors
/// [`Unworkable::Foreign`] where there is no such family, or no such answer.
pub fn readings(
    world: &World<'_>,
    of: &WishScope,
    theirs: WishFields,
) -> Result<Vec<(FamilyIx, WishFields)>, Unworkable> {
    // All transfers or none is a question of its own.
    let read = |now: WishFields| WishFields {
        all_transfers_or_none: now.all_transfers_or_none || theirs.all_transfers_or_none,
        ..canonical(theirs)
    };
    match of {
        WishScope::Household(id) => {
            let family = family_of(&world.market, id).ok_or(Unworkable::Foreign)?;
            let now = asked(world, family).ok_or(Unworkable::Foreign)?;
            Ok(vec![(family, read(now))])
        }
        WishScope::Fields(fields) => {
            let same = |w: WishFields| alike(w, *fields);
            let families = 0..world.market.families.len() as FamilyIx;
            let all = families.filter_map(|f| Some((f, plainly_asked(world, f)?)));
            let all = all.filter(|(_, w)| same(*w));
            Ok(all.map(|(f, now)| (f, read(now))).collect())
        }
        WishScope::Answer(question, answer) => by_answer(world, *question, answer, theirs),
    }
}

/// Whether two wishes say the same but for who must move with whom.
#[must_use]
pub fn alike(a: WishFields, b: WishFields) -> bool {
    let without = |w: WishFields| WishFields {
        all_transfers_or_none: false,
        ..canonical(w)
    };
    without(a) == without(b)
}

/// Who goes first is asked only of those who need not enter together.
#[must_use]
pub fn canonical(wish: WishFields) -> WishFields {
    match wish.timing {
        Timing::Together => WishFields {
            first: First::Either,
            ..wish
        },
        Timing::NeedNot => wish,
    }
}

/// What a family asked for before any cause.
fn plainly_asked(world: &World<'_>, family: FamilyIx) -> Option<WishFields> {
    match world.plain.market.families[family as usize].wish {
        Wish::Fields(fields) if asked(world, family).is_some() => Some(fields),
        Wish::Fields(_) => None,
        Wish::Listed(_) => asked(world, family),
    }
}

/// Everybody who gave an answer, with that answer read otherwise and the rest of the form as it is.
fn by_answer(
    world: &World<'_>,
    question: Question,
    answer: &str,
    theirs: WishFields,
) -> Result<Vec<(FamilyIx, WishFields)>, Unworkable> {
    let Base::Facts { facts, criteria } = world.past.base else {
        return Err(Unworkable::Foreign);
    };
    let siblings = with_answer(&criteria.siblings, question, answer, theirs);
    let siblings = siblings.ok_or(Unworkable::Foreign)?;
    let mut list = Vec::new();
    for row in &facts.wishes {
        if written(&row.answer, question) != Some(answer) {
            continue;
        }
        let id = &facts.households.ids[row.household as usize];
        // A household without applicants is in no market; one with a list of combinations is not asked.
        let Some(family) = family_of(&world.market, id) else {
            continue;
        };
        if asked(world, family).is_some()
            && let Ok(fields) = wish_of(&siblings, &row.answer)
        {
            list.push((family, fields));
        }
    }
    list.sort_unstable_by_key(|(f, _)| *f);
    Ok(list)
}

/// What a family wrote to a question.
#[must_use]
pub fn written(answer: &WishAnswer, question: Question) -> Option<&str> {
    let text = match question {
        Question::Code => &answer.code,
        Question::Timing => &answer.timing,
        Question::Place => &answer.place,
        Question::First => &answer.first,
    };
    let text = text.as_deref().map(str::trim);
    text.filter(|t| !t.is_empty())
}

/// The municipality's form with one answer read otherwise: what its question asks for, and whatever else the
/// answer said before.
fn with_answer(
    siblings: &Siblings,
    question: Question,
    answer: &str,
    theirs: WishFields,
) -> Option<Siblings> {
    let mut siblings = siblings.clone();
    let is = |a: &&mut Answer| a.question == question && a.answer.trim() == answer;
    let found = siblings.answers.iter_mut().find(is)?;
    let mut wish = found.wish?;
    let asks = |of: Question| question == Question::Code || question == of;
    if asks(Question::Timing) || wish.timing.is_some() {
        wish.timing = Some(match theirs.timing {
            Timing::Together => round::Timing::Together,
            Timing::NeedNot => round::Timing::NeedNot,
        });
    }
    if asks(Question::Place) || wish.place.is_some() {
        wish.place = Some(match theirs.place {
            Place::SameOnly => round::Place::SameOnly,
            Place::PreferSame => round::Place::PreferSame,
            Place::ChoiceOrder => round::Place::ChoiceOrder,
        });
    }
    if asks(Question::First) || wish.first.is_some() {
        wish.first = Some(match theirs.first {
            First::Older => round::First::Older,
            First::Younger => round::First::Younger,
            First::Either => round::First::Either,
        });
    }
    found.wish = Some(wish);
    Some(siblings)
}

/// Gives a family a wish. `asked`: the families whose lists were written out because a key compares whether
/// they enter together; theirs is written out again.
pub(crate) fn set_wish(
    market: &mut Market,
    asked: &[(FamilyIx, WishFields)],
    family: FamilyIx,
    fields: WishFields,
) {
    market.families[family as usize].wish = Wish::Fields(fields);
    if asked.binary_search_by_key(&family, |a| a.0).is_err() {
        return;
    }
    // Each choice of such a family is there twice in a row: for the outcomes in which its new applicants
    // enter together, and for the others.
    let starts: Vec<u32> = market
        .children_of(family)
        .iter()
        .map(|c| c.choices.start)
        .collect();
    let is_new: Vec<bool> = market
        .children_of(family)
        .iter()
        .map(|c| c.current.is_none())
        .collect();
    let first_copy = |x: u32| {
        let start = starts.iter().rev().find(|&&s| s <= x);
        start.is_some_and(|s| (x - s).is_multiple_of(2))
    };
    let list = tuples(market, family, first_copy).take(TUPLES_MAX);
    let list = list.map(|tuple| {
        let together = tuple
            .iter()
            .zip(&is_new)
            .all(|(slot, new)| !new || *slot != Slot::AsNow);
        let copy = |slot: &Slot| match *slot {
            Slot::Choice(x) if !together => Slot::Choice(x + 1),
            slot => slot,
        };
        tuple.iter().map(copy).collect()
    });
    let list: Vec<Box<[Slot]>> = list.collect();
    market.families[family as usize].wish = Wish::Listed(list);
}
