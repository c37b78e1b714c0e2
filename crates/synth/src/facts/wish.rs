//! Answers to the sibling question, as the form asks it.

use super::options::Form;
use crate::rng::Rng;
use enmusubi_domain::facts::WishAnswer;

/// The answer that means a code 1–7 of the public layout; blank where the form has no such answer.
pub(super) fn answer(rng: &mut Rng, form: &Form, code: u8, transfers: usize) -> WishAnswer {
    let mut answer = WishAnswer {
        all_transfers_or_none: transfers > 1 && rng.chance(300),
        ..WishAnswer::default()
    };
    let code = code.clamp(1, 7);
    match form {
        Form::Codes(texts) => {
            answer.code = texts[usize::from(code) - 1]
                .as_deref()
                .filter(|t| !t.is_empty())
                .map(Into::into);
        }
        Form::Fields(texts) => {
            let text = |t: &String| (!t.is_empty()).then(|| t.as_str().into());
            let together = matches!(code, 1 | 4 | 6);
            let place = match code {
                1..=3 => 0,
                4 | 5 => 1,
                _ => 2,
            };
            answer.timing = text(&texts.timing[usize::from(!together)]);
            answer.place = text(&texts.place[place]);
            if !together {
                // Codes 5 and 7 leave it open; a form without that answer makes them choose.
                let which = match code {
                    2 => 0,
                    3 => 1,
                    _ if texts.first[2].is_empty() => rng.weighted(&[70, 30]),
                    _ => 2,
                };
                answer.first = text(&texts.first[which]);
            }
        }
    }
    answer
}
