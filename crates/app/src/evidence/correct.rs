//! Requests to a family to mend something (補正依頼): proposed from what is missing, asked, settled.

use crate::{Action, Actor, Fault, Office};
use enmusubi_casefile::{
    agreement::{Verdict, agreeing},
    fact::Subject,
    household::Household,
    paper::{CorrectionItem, PaperKind},
    papers_needed::{Lack, missing_papers},
    round::Calendar,
};
use enmusubi_domain::{
    facts::words::wareki,
    template::{Section, Twin},
};
use enmusubi_storage::events::Loaded;
use jiff::civil::Date;
use std::{collections::BTreeMap, sync::LazyLock};

/// A file that does not parse gives no messages at all, which the tests would not let pass.
static WORDS: LazyLock<BTreeMap<String, BTreeMap<String, String>>> = LazyLock::new(|| {
    toml::from_str(include_str!("../../../../messages/correction.toml")).unwrap_or_default()
});

/// Who sends the letter, and where papers go.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sender {
    /// Name of the section.
    pub office: String,
    /// Its address.
    pub address: String,
    /// Its telephone.
    pub phone: String,
}

/// A request as it is proposed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// What is asked for, in Japanese as the letter says it.
    pub items: Vec<CorrectionItem>,
    /// Last day to answer.
    pub deadline: Date,
    /// The letter.
    pub letter: Twin,
}

/// What an item says, before it is said in a language.
enum What {
    Paper(PaperKind, String, Lack),
    Differs(&'static str, String),
}

/// Proposes a request from papers that are missing or too old and from statements that contradict each other. `due`: instead of the
/// round's own day. `None`: nothing is to be mended.
#[must_use]
pub fn draft_correction(
    household: &Household,
    number: &str,
    calendar: &Calendar,
    sender: &Sender,
    due: Option<Date>,
) -> Option<Draft> {
    let mut whats: Vec<(Subject, PaperKind, What)> = Vec::new();
    for (need, lack) in missing_papers(household, calendar) {
        let what = What::Paper(need.paper, need.because, lack);
        whats.push((need.subject, need.paper, what));
    }
    for group in agreeing(household) {
        if group.verdict != Verdict::Different || !group.is_open() {
            continue;
        }
        let mut values: Vec<&str> = Vec::new();
        for s in &group.statements {
            if !values.contains(&s.said.value.as_str()) {
                values.push(&s.said.value);
            }
        }
        let paper = match group.paper().starts_with("就労証明書") {
            true => PaperKind::Employment,
            false => PaperKind::Other,
        };
        let what = What::Differs(group.attribute.label, values.join("、"));
        whats.push((group.subject.clone(), paper, what));
    }
    if whats.is_empty() {
        return None;
    }
    let deadline = due.unwrap_or(calendar.correction_deadline);
    let lines = |language: &str| -> Vec<String> {
        let section = Section(WORDS.get(language));
        let say = |(subject, _, what): &(Subject, PaperKind, What)| {
            line(section, household, subject, what)
        };
        whats.iter().map(say).collect()
    };
    let letter = |language: &str| {
        let section = Section(WORDS.get(language));
        let list: Vec<String> = lines(language).iter().map(|l| format!("・{l}")).collect();
        let to = [&sender.office, &sender.address, &sender.phone];
        let to: Vec<&str> = to
            .into_iter()
            .map(String::as_str)
            .filter(|t| !t.is_empty())
            .collect();
        section.get(
            "letter",
            &[
                ("number", number),
                ("deadline", &said_day(section, deadline)),
                ("items", &list.join("\n")),
                ("sender", &to.join("　")),
            ],
        )
    };
    let letter = Twin {
        ja: letter("ja").trim_start().to_owned(),
        en: letter("en").trim_start().to_owned(),
    };
    let items = whats.iter().zip(lines("ja"));
    Some(Draft {
        items: items
            .map(|((subject, paper, _), what)| CorrectionItem {
                subject: subject.clone(),
                paper: *paper,
                what,
            })
            .collect(),
        deadline,
        letter,
    })
}

/// A day with its weekday: 令和8年12月18日（金）.
fn said_day(section: Section, day: Date) -> String {
    let names = section.get("weekdays", &[]);
    let at = day.weekday().to_sunday_zero_offset();
    let weekday = usize::try_from(at)
        .ok()
        .and_then(|at| names.chars().nth(at));
    let weekday = weekday.map(String::from).unwrap_or_default();
    section.get("date", &[("day", &wareki(day)), ("weekday", &weekday)])
}

fn line(section: Section, household: &Household, subject: &Subject, what: &What) -> String {
    let person = subject.person().and_then(|id| household.person(id));
    let who = match person {
        Some(p) => section.get("person", &[("name", p.name.shown())]),
        None => section.get("household", &[]),
    };
    match what {
        What::Paper(paper, because, lack) => {
            let paper = section.get(&format!("paper-{}", paper.name()), &[]);
            match lack {
                Lack::None => section.get(
                    "none",
                    &[("who", &who), ("paper", &paper), ("because", because)],
                ),
                Lack::Expired { valid_until, .. } => {
                    let until = said_day(section, *valid_until);
                    section.get(
                        "expired",
                        &[("who", &who), ("paper", &paper), ("until", &until)],
                    )
                }
            }
        }
        What::Differs(label, values) => section.get(
            "differs",
            &[("who", &who), ("what", label), ("values", values)],
        ),
    }
}

impl Office {
    /// Proposes a request for the case of an application. `None`: nothing is to be mended, or the round has no days yet.
    ///
    /// # Errors
    /// No right, not there for this actor, the database could not.
    pub async fn propose_correction(
        &self,
        actor: &Actor,
        number: &str,
        due: Option<Date>,
    ) -> Result<Option<Draft>, Fault> {
        actor.needs(Action::AskCorrection)?;
        let opened = self.peek_case(actor, number).await?;
        let sender = self.paper_settings(actor).await?.sender;
        let standing = self.standing(&actor.tenant, &opened.row.round).await?;
        let calendar = standing.state.calendar.as_ref();
        let household = &opened.case.state;
        Ok(calendar.and_then(|c| draft_correction(household, number, c, &sender, due)))
    }

    /// Asks a family to mend something.
    ///
    /// # Errors
    /// No right, not there for this actor, changed meanwhile, nothing is asked, the day has passed.
    pub async fn ask_correction(
        &self,
        actor: &Actor,
        number: &str,
        version: i64,
        items: Vec<CorrectionItem>,
        deadline: Date,
        letter: String,
    ) -> Result<Loaded<Household>, Fault> {
        actor.needs(Action::AskCorrection)?;
        let today = self.today();
        self.change_case(actor, number, version, |h| {
            h.ask_correction(items, deadline, letter, today)
        })
        .await
    }

    /// Settles a request: the papers came, or the case goes on without.
    ///
    /// # Errors
    /// No right, not there for this actor, changed meanwhile, no such open request, no words where nothing came.
    pub async fn settle_correction(
        &self,
        actor: &Actor,
        number: &str,
        version: i64,
        id: u32,
        received: bool,
        how: &str,
    ) -> Result<Loaded<Household>, Fault> {
        actor.needs(Action::AskCorrection)?;
        self.change_case(actor, number, version, |h| {
            h.settle_correction(id, received, how)
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use enmusubi_domain::template::places;

    #[test]
    fn twins_match_and_every_paper_has_a_name() {
        let (ja, en) = (&WORDS["ja"], &WORDS["en"]);
        assert!(ja.keys().eq(en.keys()));
        for (key, template) in ja {
            assert_eq!(places(template), places(&en[key]), "{key}");
        }
        for kind in PaperKind::ALL {
            assert!(ja.contains_key(&format!("paper-{}", kind.name())));
        }
    }
}
