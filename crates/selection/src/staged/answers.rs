//! The sibling question: each municipality's form, mapped by its criteria file.
//!
//! Form codes never pass through: two municipalities number the same wishes differently (さいたま's
//! ⑤ and ⑥ are the public layout's 6 and 5).

use super::StageError;
use enmusubi_criteria::{
    Criteria,
    model::{Answer, Question, Siblings},
};
use enmusubi_domain::{
    facts::{RoundFacts, WishAnswer},
    round,
};
use enmusubi_market::{First, Place, Timing, WishFields};

/// Why an answer says no wish.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AnswerProblem {
    /// The criteria do not have this answer.
    Unknown {
        /// Which question.
        question: Question,
        /// What was written.
        answer: Box<str>,
    },
    /// Staff must read what the family wrote.
    Staff {
        /// What was written.
        answer: Box<str>,
    },
    /// Nothing (or too little) was answered, and the criteria declare no default.
    Blank,
}

/// What an answer means.
///
/// Each question adds what its answer says, a question about one thing having the last word about it;
/// what is open then has the default. Who goes first may stay open: then it does not matter.
///
/// # Errors
/// [`AnswerProblem`].
pub fn wish_of(siblings: &Siblings, answer: &WishAnswer) -> Result<WishFields, AnswerProblem> {
    let mut wish = siblings.default.unwrap_or_default();
    let questions = [
        (Question::Code, &answer.code),
        (Question::Timing, &answer.timing),
        (Question::Place, &answer.place),
        (Question::First, &answer.first),
    ];
    for (question, written) in questions {
        let Some(written) = written.as_deref().map(str::trim).filter(|w| !w.is_empty()) else {
            continue;
        };
        let meaning =
            find(&siblings.answers, question, written).ok_or_else(|| AnswerProblem::Unknown {
                question,
                answer: written.into(),
            })?;
        let said = meaning.wish.ok_or_else(|| AnswerProblem::Staff {
            answer: written.into(),
        })?;
        wish.timing = said.timing.or(wish.timing);
        wish.place = said.place.or(wish.place);
        wish.first = said.first.or(wish.first);
    }
    let (Some(timing), Some(place)) = (wish.timing, wish.place) else {
        return Err(AnswerProblem::Blank);
    };
    Ok(WishFields {
        timing: match timing {
            round::Timing::Together => Timing::Together,
            round::Timing::NeedNot => Timing::NeedNot,
        },
        place: match place {
            round::Place::SameOnly => Place::SameOnly,
            round::Place::PreferSame => Place::PreferSame,
            round::Place::ChoiceOrder => Place::ChoiceOrder,
        },
        // The question is asked only of those who need not enter together.
        first: match wish.first {
            Some(round::First::Older) if timing == round::Timing::NeedNot => First::Older,
            Some(round::First::Younger) if timing == round::Timing::NeedNot => First::Younger,
            _ => First::Either,
        },
        all_transfers_or_none: answer.all_transfers_or_none,
    })
}

/// Whether a combination (a family's own list) contradicts what the same form answers: some placed and some not where all must
/// be placed together, or several facilities where only one will do. Only what was answered counts, no default.
/// `slots`: the facility of each child that applies; `None`: nowhere.
#[must_use]
pub fn contradicts(siblings: &Siblings, answer: &WishAnswer, slots: &[Option<&str>]) -> bool {
    let (mut timing, mut place) = (None, None);
    for (question, written) in [
        (Question::Code, &answer.code),
        (Question::Timing, &answer.timing),
        (Question::Place, &answer.place),
    ] {
        let written = written.as_deref().map_or("", str::trim);
        let said = find(&siblings.answers, question, written).and_then(|a| a.wish);
        timing = said.and_then(|w| w.timing).or(timing);
        place = said.and_then(|w| w.place).or(place);
    }
    let mut placed: Vec<&str> = slots.iter().copied().flatten().collect();
    let some_only = !placed.is_empty() && placed.len() < slots.len();
    placed.sort_unstable();
    placed.dedup();
    timing == Some(round::Timing::Together) && some_only
        || place == Some(round::Place::SameOnly) && placed.len() > 1
}

fn find<'a>(answers: &'a [Answer], question: Question, written: &str) -> Option<&'a Answer> {
    answers
        .iter()
        .find(|a| a.question == question && a.answer.trim() == written)
}

/// The wish of every household with two or more applicants, and no combination list.
pub(super) fn wishes(
    facts: &RoundFacts,
    criteria: &Criteria,
    siblings: &[bool],
    errors: &mut Vec<StageError>,
) -> Vec<Option<WishFields>> {
    let mut row_of: Vec<Option<u32>> = vec![None; facts.households.len()];
    for (at, row) in facts.wishes.iter().enumerate() {
        row_of[row.household as usize] = Some(at as u32);
    }
    let mut listed = vec![false; facts.households.len()];
    for row in &facts.combinations {
        listed[row.household as usize] = true;
    }
    let blank = WishAnswer::default();
    (0..facts.households.len())
        .map(|h| {
            if !siblings[h] || listed[h] {
                return None;
            }
            let row = row_of[h].map(|at| &facts.wishes[at as usize]);
            let answer = row.map_or(&blank, |r| &r.answer);
            let household = || facts.households.ids[h].clone();
            let row = row.map_or(0, |r| r.row);
            match wish_of(&criteria.siblings, answer) {
                Ok(fields) => Some(fields),
                Err(AnswerProblem::Unknown { question, answer }) => {
                    errors.push(StageError::UnknownAnswer {
                        household: household(),
                        row,
                        question,
                        answer,
                    });
                    None
                }
                Err(AnswerProblem::Staff { answer }) => {
                    errors.push(StageError::StaffAnswer {
                        household: household(),
                        row,
                        answer,
                    });
                    None
                }
                Err(AnswerProblem::Blank) => {
                    errors.push(StageError::NoAnswer {
                        household: household(),
                    });
                    None
                }
            }
        })
        .collect()
}
