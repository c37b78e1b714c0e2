//! The sibling question: defaults, and what each answer of the form means.

use super::{Builder, place_of};
use crate::{
    document::Record,
    model::{Answer, Coupling, Key, Question, Siblings, Wish},
};
use enmusubi_domain::round::{First, Place as Where, Timing};

impl Builder<'_> {
    pub(super) fn siblings(&mut self, keys: &[Key]) -> Siblings {
        let none = Record::default();
        let record = self.doc.rows("siblings").first();
        let r = record.unwrap_or(&none);
        let wish = wish(r);
        let default = (wish != Wish::default()).then_some(wish);
        if let Some(missing) = default.and_then(missing) {
            self.all.error(
                "C070",
                r.place.clone(),
                (
                    format!("無回答の世帯の扱いに「{missing}」がありません"),
                    format!("the default wish does not say \"{missing}\""),
                ),
                (
                    "timing, place, first をそろえるか、すべて消してください（消すと、無回答の世帯は確認が済むまで選考できません）",
                    "state timing, place and first, or none of them (a household without an answer then has to be asked)",
                ),
            );
        }
        // A fixture of a structure serves no round, and nobody is asked.
        let serves = self
            .doc
            .rows("criteria")
            .first()
            .is_none_or(|r| r.text("kind") != Some("structure"));
        if default.is_none() && serves {
            let place = record.or(self.doc.rows("criteria").first());
            if let Some(place) = place.map(|r| r.place.clone()) {
                self.all.warning(
                    "C071",
                    place,
                    (
                        "きょうだいで申し込み、希望を答えていない世帯の扱いが決められていません",
                        "nothing is said about siblings whose household did not answer",
                    ),
                    (
                        "公表された既定があれば [siblings] に timing, place, first を書いてください。なければ世帯への確認が必要になります",
                        "state the published default in [siblings]; otherwise each household has to be asked",
                    ),
                );
            }
        }
        let coupling = match r.text("coupling") {
            Some("highest") => Coupling::Highest,
            Some("average") => Coupling::Average,
            _ => Coupling::None,
        };
        let coupled = self.coupled(r, keys);
        if (coupling == Coupling::None) != r.get("coupled").is_none() {
            let (field, missing) = if coupling == Coupling::None {
                ("coupled", "coupling")
            } else {
                ("coupling", "coupled")
            };
            self.all.error(
                "C072",
                place_of(r, field),
                (
                    format!("「{field}」には「{missing}」も必要です"),
                    format!("\"{field}\" needs \"{missing}\" as well"),
                ),
                (
                    "どの順位（coupled）を、どう（coupling）連動させるかを書いてください",
                    "say which keys (coupled) are coupled and how (coupling)",
                ),
            );
        }
        Siblings {
            default,
            answers: self.answers(),
            coupling,
            coupled,
            first_pass: self.flag(r, "first_pass") == Some(true),
        }
    }

    fn coupled(&mut self, r: &Record, keys: &[Key]) -> Vec<u32> {
        let ids: Vec<&str> = keys.iter().map(|k| &*k.id).collect();
        let mut coupled = Vec::new();
        for id in self.list(r, "coupled") {
            match ids.iter().position(|k| **k == **id) {
                Some(at) if keys[at].together => self.all.error(
                    "C074",
                    place_of(r, "coupled"),
                    (
                        format!("同時入所の順位「{id}」は連動させられません"),
                        format!("the key \"{id}\" (together) cannot be coupled"),
                    ),
                    ("coupled から除いてください", "remove it from coupled"),
                ),
                Some(at) => coupled.push(at as u32),
                None => self.all.error(
                    "C073",
                    place_of(r, "coupled"),
                    (
                        format!("「{id}」という優先順位はありません"),
                        format!("there is no key \"{id}\""),
                    ),
                    crate::suggest::mend(id, &ids),
                ),
            }
        }
        coupled
    }

    fn answers(&mut self) -> Vec<Answer> {
        let rows = self.doc.rows("answer");
        let has_codes = rows.iter().any(|r| r.text("question") == Some("code"));
        let mut answers: Vec<Answer> = Vec::new();
        for r in rows {
            let question = match r.text("question") {
                Some("timing") => Question::Timing,
                Some("place") => Question::Place,
                Some("first") => Question::First,
                _ => Question::Code,
            };
            let answer = self.answer(r, question);
            if has_codes && question != Question::Code {
                self.all.error(
                    "C075",
                    place_of(r, "question"),
                    (
                        "一つの符号で答える様式（code）と、問いごとに答える様式が混ざっています",
                        "answers by one code and answers by question are mixed",
                    ),
                    (
                        "申込書の様式にあわせて、どちらかにそろえてください",
                        "keep the one that the form uses",
                    ),
                );
            }
            let twice = answers
                .iter()
                .any(|a| a.question == question && a.answer == answer.answer);
            if twice {
                self.all.error(
                    "C076",
                    place_of(r, "answer"),
                    (
                        format!("回答「{}」が二度あります", answer.answer),
                        format!("the answer \"{}\" is written twice", answer.answer),
                    ),
                    ("どちらかを消してください", "remove one of them"),
                );
            }
            answers.push(answer);
        }
        answers
    }

    fn answer(&mut self, r: &Record, question: Question) -> Answer {
        let staff = self.flag(r, "staff") == Some(true);
        let wish = wish(r);
        let said = wish != Wish::default();
        if staff && said {
            self.all.error(
                "C077",
                place_of(r, "staff"),
                (
                    "職員が判断する回答（staff）に、意味も書かれています",
                    "an answer that staff must judge also has a meaning",
                ),
                ("どちらか一方にしてください", "keep one of them"),
            );
        }
        let what = match question {
            _ if staff => None,
            Question::Code => missing(wish),
            Question::Timing => wish.timing.is_none().then_some("timing"),
            Question::Place => wish.place.is_none().then_some("place"),
            Question::First => wish.first.is_none().then_some("first"),
        };
        if let Some(what) = what {
            self.all.error(
                "C078",
                r.place.clone(),
                (
                    format!(
                        "回答「{}」の意味に「{what}」がありません",
                        r.text("answer").unwrap_or_default()
                    ),
                    format!(
                        "the meaning of the answer \"{}\" lacks \"{what}\"",
                        r.text("answer").unwrap_or_default()
                    ),
                ),
                (
                    format!("{what} を書いてください。自由記載など、回答だけで決まらないものには staff = true を書きます"),
                    format!("write {what}, or staff = true where the answer leaves it open"),
                ),
            );
        }
        let other = match question {
            Question::Code => None,
            Question::Timing => ["place", "first"].into_iter().find(|f| r.get(f).is_some()),
            Question::Place => ["timing", "first"].into_iter().find(|f| r.get(f).is_some()),
            Question::First => ["timing", "place"].into_iter().find(|f| r.get(f).is_some()),
        };
        if let Some(field) = other {
            self.all.error(
                "C079",
                place_of(r, field),
                (
                    format!("この問いは「{field}」を決めません"),
                    format!("this question does not decide \"{field}\""),
                ),
                (
                    format!("「{field}」を消すか、question を直してください"),
                    format!("remove \"{field}\" or correct the question"),
                ),
            );
        }
        Answer {
            question,
            answer: r.text("answer").unwrap_or_default().into(),
            wish: (!staff).then_some(wish),
        }
    }
}

/// What a complete wish lacks. Who goes first matters only to those who need not enter together.
fn missing(wish: Wish) -> Option<&'static str> {
    if wish.timing.is_none() {
        Some("timing")
    } else if wish.place.is_none() {
        Some("place")
    } else if wish.first.is_none() && wish.timing != Some(Timing::Together) {
        Some("first")
    } else {
        None
    }
}

fn wish(r: &Record) -> Wish {
    Wish {
        timing: match r.text("timing") {
            Some("together") => Some(Timing::Together),
            Some("need-not") => Some(Timing::NeedNot),
            _ => None,
        },
        place: match r.text("place") {
            Some("same-only") => Some(Where::SameOnly),
            Some("prefer-same") => Some(Where::PreferSame),
            Some("choice-order") => Some(Where::ChoiceOrder),
            _ => None,
        },
        first: match r.text("first") {
            Some("older") => Some(First::Older),
            Some("younger") => Some(First::Younger),
            Some("either") => Some(First::Either),
            _ => None,
        },
    }
}
