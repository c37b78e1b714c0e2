//! Single families: ties, wishes, decisions against the criteria.

use super::{Ground, Trial};
use crate::hands::Favour;
use enmusubi_compare::cause::{Cause, ClassId, WishScope};
use enmusubi_criteria::model::{Answer, Question, Wish};
use enmusubi_domain::{facts::WishAnswer, round};
use enmusubi_market::{ChildIx, First, Market, Place, Timing, WishFields};
use enmusubi_selection::{compiled::Ties, staged::answers::wish_of};
use enmusubi_synth::rng::Rng;
use std::collections::BTreeMap;

/// Two children with equal keys at a class, one placed there and one refused, change places in the lottery.
pub(super) fn tie(ground: &Ground, rng: &mut Rng) -> Option<Trial> {
    if !matches!(ground.ours.ties, Ties::Lottery(_) | Ties::RowOrder) {
        return None;
    }
    let compiled = &ground.decided.compiled;
    let market = &compiled.market;
    let width = compiled.keys.components as usize;
    let key = |x: u32| {
        let start = x as usize * width;
        &compiled.keys.index[start..start + width - 1]
    };
    // At each class, by key without the lot: who was placed, and who wanted it more than what it got.
    let mut equal: BTreeMap<(u32, &[u32]), [Vec<ChildIx>; 2]> = BTreeMap::new();
    for (c, child) in market.children.iter().enumerate() {
        let got = ground.decided.placement.of(c as ChildIx);
        for x in child.choices.clone() {
            let class = market.choices[x as usize].class;
            let refused = usize::from(got != Some(class));
            let of = equal.entry((class, key(x))).or_default();
            of[refused].push(c as ChildIx);
            if refused == 0 {
                break;
            }
        }
    }
    let family = |c: ChildIx| market.children[c as usize].family;
    let mut pairs: Vec<(u32, ChildIx, ChildIx)> = Vec::new();
    for ((class, _), [placed, refused]) in &equal {
        for &p in placed {
            let others = refused.iter().filter(|&&r| family(r) != family(p));
            pairs.extend(others.map(|&r| (*class, r, p)));
        }
    }
    let &(class, refused, placed) = pairs.get(rng.index(pairs.len()))?;
    let id = |c: ChildIx| market.children[c as usize].id.clone();
    let (first, second) = (id(refused), id(placed));
    let pair = (first.clone(), second.clone());
    Some(Trial {
        edit: Box::new(move |hands| hands.exchanged.push(pair.clone())),
        in_ours: false,
        about: format!("tie {first} {second}"),
        cause: Cause::Tie {
            class: class_id(market, class),
            first,
            second,
        },
    })
}

fn class_id(market: &Market, class: u32) -> ClassId {
    let k = &market.classes[class as usize];
    ClassId {
        facility: market.nurseries[k.nursery as usize].id.clone(),
        age: k.age,
        pool: k.pool.clone(),
    }
}

/// Classes a child would rather have than what it got.
fn better(ground: &Ground, child: ChildIx) -> Vec<u32> {
    let market = &ground.decided.compiled.market;
    let got = ground.decided.placement.of(child);
    let choices = market.choices_of(child).iter().map(|x| x.class);
    choices.take_while(|&k| Some(k) != got).collect()
}

/// Whether a child is the only one of its family that applies.
fn only(market: &Market, child: ChildIx) -> bool {
    let family = market.children[child as usize].family;
    market.families[family as usize].children.len() == 1
}

/// A family is passed over at the facility it should have got.
pub(super) fn wronged(ground: &Ground, rng: &mut Rng) -> Option<Trial> {
    let market = &ground.decided.compiled.market;
    let child = rng.index(market.children.len()) as ChildIx;
    let class = ground.decided.placement.of(child)?;
    if !only(market, child) || market.children[child as usize].current == Some(class) {
        return None;
    }
    Some(against(market, child, class, Favour::Last))
}

/// A family gets what others had a better right to.
pub(super) fn favoured(ground: &Ground, rng: &mut Rng) -> Option<Trial> {
    let market = &ground.decided.compiled.market;
    let child = rng.index(market.children.len()) as ChildIx;
    if !only(market, child) {
        return None;
    }
    let better = better(ground, child);
    let class = *better.get(rng.index(better.len()))?;
    Some(against(market, child, class, Favour::First))
}

fn against(market: &Market, child: ChildIx, class: u32, favour: Favour) -> Trial {
    let of = &market.children[child as usize];
    let household = market.families[of.family as usize].id.clone();
    let nursery = market.classes[class as usize].nursery;
    let (id, facility) = (of.id.clone(), market.nurseries[nursery as usize].id.clone());
    Trial {
        edit: Box::new(move |hands| {
            hands.favours.push((id.clone(), facility.clone(), favour));
        }),
        in_ours: false,
        about: format!("household {household}"),
        cause: Cause::Contradiction { household },
    }
}

/// One household's answer was read as another.
pub(super) fn wish(ground: &Ground, rng: &mut Rng) -> Option<Trial> {
    let siblings = &ground.ours.criteria.siblings;
    let facts = &ground.ours.facts;
    let at = rng.index(facts.wishes.len());
    let row = facts.wishes.get(at)?;
    let ours = wish_of(siblings, &row.answer).ok()?;
    let mut answer = row.answer.clone();
    let other = siblings.answers.get(rng.index(siblings.answers.len()))?;
    let slot = match other.question {
        Question::Code => &mut answer.code,
        Question::Timing => &mut answer.timing,
        Question::Place => &mut answer.place,
        Question::First => &mut answer.first,
    };
    *slot = Some(other.answer.clone());
    let theirs = wish_of(siblings, &answer).ok()?;
    if theirs == ours {
        return None;
    }
    let household = facts.households.ids[row.household as usize].clone();
    Some(Trial {
        edit: Box::new(move |hands| hands.facts.wishes[at].answer = answer.clone()),
        in_ours: false,
        about: format!("household {household}"),
        cause: Cause::Wish {
            of: WishScope::Household(household),
            theirs,
        },
    })
}

/// One answer of the form was read otherwise for everybody.
pub(super) fn answer(ground: &Ground, rng: &mut Rng) -> Option<Trial> {
    let answers = &ground.ours.criteria.siblings.answers;
    let at = rng.index(answers.len());
    let read = answers.get(at)?;
    let mut theirs = read.wish?;
    reread(&mut theirs, rng)?;
    if Some(theirs) == read.wish {
        return None;
    }
    let fields = fields(ground, read, theirs)?;
    Some(Trial {
        edit: Box::new(move |hands| {
            if let Some(answer) = hands.criteria.siblings.answers.get_mut(at) {
                answer.wish = Some(theirs);
            }
        }),
        in_ours: false,
        about: "answers".to_owned(),
        cause: Cause::Wish {
            of: WishScope::Answer(read.question, read.answer.clone()),
            theirs: fields,
        },
    })
}

/// Reads one of the things an answer says otherwise.
fn reread(wish: &mut Wish, rng: &mut Rng) -> Option<()> {
    match rng.index(3) {
        0 => {
            wish.timing = Some(match wish.timing? {
                round::Timing::Together => round::Timing::NeedNot,
                round::Timing::NeedNot => round::Timing::Together,
            });
        }
        1 => {
            wish.place?;
            let places = [
                round::Place::SameOnly,
                round::Place::PreferSame,
                round::Place::ChoiceOrder,
            ];
            wish.place = Some(places[rng.index(3)]);
        }
        _ => {
            wish.first?;
            let firsts = [
                round::First::Older,
                round::First::Younger,
                round::First::Either,
            ];
            wish.first = Some(firsts[rng.index(3)]);
        }
    }
    Some(())
}

/// The reading as fields; what the question does not speak of is as the criteria's default has it.
fn fields(ground: &Ground, read: &Answer, theirs: Wish) -> Option<WishFields> {
    let mut siblings = ground.ours.criteria.siblings.clone();
    let mut default = siblings.default.unwrap_or_default();
    default.timing = default.timing.or(Some(round::Timing::Together));
    default.place = default.place.or(Some(round::Place::PreferSame));
    siblings.default = Some(default);
    for answer in &mut siblings.answers {
        if answer.question == read.question && answer.answer == read.answer {
            answer.wish = Some(theirs);
        }
    }
    let text = Some(read.answer.clone());
    let mut answer = WishAnswer::default();
    match read.question {
        Question::Code => answer.code = text,
        Question::Timing => answer.timing = text,
        Question::Place => answer.place = text,
        Question::First => answer.first = text,
    }
    let mut fields = wish_of(&siblings, &answer).ok()?;
    // Who goes first counts where the family need not enter together, whatever the default says.
    if read.question == Question::First {
        fields.timing = Timing::NeedNot;
        fields.first = match theirs.first? {
            round::First::Older => First::Older,
            round::First::Younger => First::Younger,
            round::First::Either => First::Either,
        };
    }
    debug_assert!(matches!(
        fields.place,
        Place::SameOnly | Place::PreferSame | Place::ChoiceOrder
    ));
    Some(fields)
}
