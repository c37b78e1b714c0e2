//! Why a round of facts cannot be staged: what is wrong with files, and who is undecided for want of
//! which paper.

use crate::{compile::CompileError, text_messages, text_summary::Lang};
use enmusubi_criteria::{
    Criteria,
    judgement::{Eligible, Missing},
    model::Question,
};
use enmusubi_domain::facts::{RoundFacts, words::Tongue};
use enmusubi_domain::template::Section;
pub use enmusubi_scoring::Missed;
use enmusubi_scoring::Scores;
use std::collections::{BTreeMap, BTreeSet};

/// Why a round cannot be staged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StageError {
    /// An applicant that cannot be judged. Undecided.
    Undecided {
        /// Child id.
        child: Box<str>,
        /// Its choices concerned, as facility ids; empty where it is the child itself.
        facilities: Vec<Box<str>>,
        /// What is missing.
        missing: Vec<Missed>,
    },
    /// A sibling answer that staff must read first. Undecided.
    StaffAnswer {
        /// Household id.
        household: Box<str>,
        /// Row of the table of wishes; 0 for none.
        row: u32,
        /// What was written.
        answer: Box<str>,
    },
    /// No sibling answer, and no default. Undecided.
    NoAnswer {
        /// Household id.
        household: Box<str>,
    },
    /// An answer the criteria do not have.
    UnknownAnswer {
        /// Household id.
        household: Box<str>,
        /// Row of the table of wishes.
        row: u32,
        /// Which question.
        question: Question,
        /// What was written.
        answer: Box<str>,
    },
    /// No age class 0–5.
    Age {
        /// Child id.
        child: Box<str>,
    },
    /// A transfer applicant that attends no facility of the round.
    NoEnrolment {
        /// Child id.
        child: Box<str>,
    },
    /// A transfer applicant has chosen the facility it attends.
    OwnFacility {
        /// Child id.
        child: Box<str>,
    },
    /// A combination row places a child that does not apply.
    CombinationChild {
        /// Child id.
        child: Box<str>,
    },
    /// A combination row places a child where it has not applied.
    CombinationFacility {
        /// Child id.
        child: Box<str>,
        /// Facility id.
        facility: Box<str>,
    },
    /// A class row of a pool that the criteria do not have.
    UnknownPool {
        /// Facility id.
        facility: Box<str>,
        /// Pool id.
        pool: Box<str>,
    },
    /// A class row of no age class 0–5.
    ClassAge {
        /// Facility id.
        facility: Box<str>,
        /// What it says.
        age: u8,
    },
    /// The criteria leave equals to a lottery; its seed is missing.
    NoSeed,
    /// A key is to be filled; equals cannot be decided.
    KeyToBeFilled {
        /// Label of the key.
        label: Box<str>,
    },
    /// Size, shared rooms.
    Compile(CompileError),
}

impl StageError {
    /// Nothing is wrong with the files; a paper, a judgement or an answer is missing.
    #[must_use]
    pub fn is_undecided(&self) -> bool {
        matches!(
            self,
            Self::Undecided { .. } | Self::StaffAnswer { .. } | Self::NoAnswer { .. }
        )
    }

    /// What is wrong, for people; lines after the first are indented.
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        let section = section(lang);
        let say = |key: &str, values: &[(&str, &str)]| section.get(key, values);
        match self {
            Self::Undecided {
                child,
                facilities,
                missing,
            } => {
                let places = facilities.join(", ");
                let mut text = if facilities.is_empty() {
                    say("undecided", &[("child", child)])
                } else {
                    say("undecided-at", &[("child", child), ("facilities", &places)])
                };
                for m in missing {
                    text.push_str("\n  ");
                    text.push_str(&m.text(tongue(lang)));
                }
                text
            }
            Self::StaffAnswer {
                household, answer, ..
            } => say(
                "staff-answer",
                &[("household", household), ("answer", answer)],
            ),
            Self::NoAnswer { household } => say("no-answer", &[("household", household)]),
            Self::UnknownAnswer {
                household,
                row,
                question,
                answer,
            } => {
                let question = say(
                    match question {
                        Question::Code => "question-code",
                        Question::Timing => "question-timing",
                        Question::Place => "question-place",
                        Question::First => "question-first",
                    },
                    &[],
                );
                let row = row.to_string();
                say(
                    "unknown-answer",
                    &[
                        ("household", household),
                        ("row", &row),
                        ("question", &question),
                        ("answer", answer),
                    ],
                )
            }
            Self::Age { child } => say("age", &[("child", child)]),
            Self::NoEnrolment { child } => say("no-enrolment", &[("child", child)]),
            Self::OwnFacility { child } => say("own-facility", &[("child", child)]),
            Self::CombinationChild { child } => say("combination-child", &[("child", child)]),
            Self::CombinationFacility { child, facility } => say(
                "combination-facility",
                &[("child", child), ("facility", facility)],
            ),
            Self::UnknownPool { facility, pool } => {
                say("unknown-pool", &[("facility", facility), ("pool", pool)])
            }
            Self::ClassAge { facility, age } => say(
                "class-age",
                &[("facility", facility), ("age", &age.to_string())],
            ),
            Self::NoSeed => say("no-seed", &[]),
            Self::KeyToBeFilled { label } => say("key-to-be-filled", &[("label", label)]),
            Self::Compile(error) => error.to_string(),
        }
    }

    /// What to do about it.
    #[must_use]
    pub fn mend(&self, lang: Lang) -> String {
        let key = match self {
            Self::Undecided { .. } => "mend-undecided",
            Self::StaffAnswer { .. } => "mend-staff-answer",
            Self::NoAnswer { .. } => "mend-no-answer",
            Self::UnknownAnswer { .. } => "mend-unknown-answer",
            Self::Age { .. } => "mend-age",
            Self::NoEnrolment { .. } => "mend-no-enrolment",
            Self::OwnFacility { .. } => "mend-own-facility",
            Self::CombinationChild { .. } | Self::CombinationFacility { .. } => "mend-combination",
            Self::UnknownPool { .. } => "mend-unknown-pool",
            Self::ClassAge { .. } => "mend-class-age",
            Self::NoSeed => "mend-no-seed",
            Self::KeyToBeFilled { .. } => "mend-key-to-be-filled",
            Self::Compile(_) => "mend-compile",
        };
        section(lang).get(key, &[])
    }
}

fn section(lang: Lang) -> Section {
    text_messages::staged(match lang {
        Lang::Japanese => "ja",
        Lang::English => "en",
    })
}

fn tongue(lang: Lang) -> Tongue {
    match lang {
        Lang::Japanese => Tongue::Japanese,
        Lang::English => Tongue::English,
    }
}

/// Everybody who cannot be judged, child by child in the order of the facts. `more`: children and
/// what is missing about them whatever the choice.
pub(super) fn undecided(
    facts: &RoundFacts,
    criteria: &Criteria,
    scores: &Scores,
    more: &[(u32, Missing)],
) -> Vec<StageError> {
    let mut list: BTreeMap<u32, (Vec<Box<str>>, BTreeSet<Missed>)> = BTreeMap::new();
    for u in &scores.undecided {
        // Where a rule is known to refuse the child, nothing else matters.
        if matches!(scores.eligibility[u.choice as usize], Eligible::No(_)) {
            continue;
        }
        let (facilities, missing) = list.entry(facts.child_of(u.choice)).or_default();
        let facility = facts.choice_facility[u.choice as usize];
        facilities.push(facts.facilities.ids[facility as usize].clone());
        missing.extend(u.missing.iter().map(|m| Missed::of(facts, criteria, m)));
    }
    for (&child, (facilities, _)) in &mut list {
        // All of its choices: it is the child.
        if facilities.len() == facts.index.choices[child as usize].len() {
            facilities.clear();
        }
    }
    for (child, fact) in more {
        let (facilities, missing) = list.entry(*child).or_default();
        facilities.clear();
        missing.insert(Missed::of(facts, criteria, fact));
    }
    list.into_iter()
        .map(|(child, (facilities, missing))| StageError::Undecided {
            child: facts.children.ids[child as usize].clone(),
            facilities,
            missing: missing.into_iter().collect(),
        })
        .collect()
}
