//! Why a change cannot be tried out, in words.

use super::set::{FormError, Set};
use crate::{text_messages, text_summary::Lang};
use enmusubi_criteria::Diagnostic;
use enmusubi_domain::template::Section;

/// A change that cannot be tried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetError {
    /// The change as written.
    pub set: Box<str>,
    /// What is wrong with it.
    pub problem: Problem,
}

/// What is wrong with a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// Its form.
    Form(FormError),
    /// The criteria have no such row.
    NoRow {
        /// The id.
        id: Box<str>,
        /// The id most like it.
        nearest: Option<Box<str>>,
    },
    /// The criteria have no such change (修正).
    NoChange {
        /// The id.
        id: Box<str>,
        /// The id most like it.
        nearest: Option<Box<str>>,
    },
    /// Staff judge the row's value, child by child.
    Discretion {
        /// The id.
        id: Box<str>,
    },
    /// The round has no such facility.
    NoFacility {
        /// As written.
        facility: Box<str>,
        /// The id or name most like it.
        nearest: Option<Box<str>>,
    },
    /// Several facilities have this name.
    SameName {
        /// The name.
        name: Box<str>,
        /// Their ids.
        ids: Vec<Box<str>>,
    },
    /// No such class.
    NoClass {
        /// The facility as written; `None`: no facility at all.
        facility: Option<Box<str>>,
        /// The age class; `None`: any.
        age: Option<u8>,
    },
    /// Fewer than no seats.
    Below {
        /// Facility id.
        facility: Box<str>,
        /// Age class.
        age: u8,
        /// Its seats now.
        seats: u32,
    },
    /// One of the classes shares its seats already.
    Shared {
        /// Facility id.
        facility: Box<str>,
    },
    /// Fewer than two classes to share.
    TooFew {
        /// The facility as written.
        facility: Box<str>,
    },
    /// At no facility is there anything to share.
    NothingToShare,
    /// No shared room has a class of this age.
    NoRoom {
        /// Age class.
        age: u8,
    },
    /// The criteria have no such pool.
    NoPool {
        /// The id.
        pool: Box<str>,
        /// The id most like it.
        nearest: Option<Box<str>>,
    },
    /// Another change is about the same thing.
    Twice {
        /// That change.
        other: Box<str>,
    },
    /// The criteria are not valid with it.
    Criteria {
        /// What the checker says.
        list: Vec<Diagnostic>,
    },
}

impl SetError {
    /// About a change.
    #[must_use]
    pub fn of(set: &Set, problem: Problem) -> Self {
        Self {
            set: set.text.clone(),
            problem,
        }
    }

    /// About a text that is no change.
    #[must_use]
    pub fn form(text: &str, error: FormError) -> Self {
        Self {
            set: text.trim().into(),
            problem: Problem::Form(error),
        }
    }

    /// What is wrong, for people; lines after the first are indented.
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        let words = text_messages::whatif(lang);
        let mut text = words.get("wrong", &[("set", &self.set), ("what", &self.what(words))]);
        if let Problem::Criteria { list } = &self.problem {
            for d in list {
                let what = match lang {
                    Lang::Japanese => &d.what.0,
                    Lang::English => &d.what.1,
                };
                text.push_str(&format!("\n  [{}] {what}", d.code));
            }
        }
        text
    }

    fn what(&self, words: Section) -> String {
        let say = |key: &str, values: &[(&str, &str)]| words.get(key, values);
        match &self.problem {
            Problem::Form(form) => match form {
                FormError::Kind => say("wrong-kind", &[]),
                FormError::Form(kind) => say("wrong-form", &[("kind", kind)]),
                FormError::Age(value) => say("wrong-age", &[("value", value)]),
                FormError::Seats(value) => say("wrong-seats", &[("value", value)]),
                FormError::Weight(value) => say("wrong-weight", &[("value", value)]),
                FormError::Mechanism(value) => say("wrong-mechanism", &[("value", value)]),
                FormError::Ties(value) => say("wrong-ties", &[("value", value)]),
            },
            Problem::NoRow { id, .. } => say("no-row", &[("id", id)]),
            Problem::NoChange { id, .. } => say("no-change", &[("id", id)]),
            Problem::Discretion { id } => say("discretion", &[("id", id)]),
            Problem::NoFacility { facility, .. } => say("no-facility", &[("facility", facility)]),
            Problem::SameName { name, ids } => {
                say("same-name", &[("name", name), ("ids", &ids.join(", "))])
            }
            Problem::NoClass { facility, age } => {
                let age = age.map(|a| a.to_string());
                match (facility, &age) {
                    (Some(f), Some(age)) => say("no-class", &[("facility", f), ("age", age)]),
                    (Some(f), None) => say("no-class-at", &[("facility", f)]),
                    (None, Some(age)) => say("no-class-anywhere", &[("age", age)]),
                    (None, None) => say("no-classes", &[]),
                }
            }
            Problem::Below {
                facility,
                age,
                seats,
            } => say(
                "below",
                &[
                    ("facility", facility),
                    ("age", &age.to_string()),
                    ("seats", &seats.to_string()),
                ],
            ),
            Problem::Shared { facility } => say("shared", &[("facility", facility)]),
            Problem::TooFew { facility } => say("too-few", &[("facility", facility)]),
            Problem::NothingToShare => say("nothing-to-share", &[]),
            Problem::NoRoom { age } => say("no-room", &[("age", &age.to_string())]),
            Problem::NoPool { pool, .. } => say("no-pool", &[("pool", pool)]),
            Problem::Twice { other } => say("twice", &[("other", other)]),
            Problem::Criteria { .. } => say("invalid", &[]),
        }
    }

    /// What to do about it.
    #[must_use]
    pub fn mend(&self, lang: Lang) -> String {
        let words = text_messages::whatif(lang);
        let nearest = |nearest: &Option<Box<str>>, otherwise: &str| match nearest {
            Some(word) => words.get("mend-nearest", &[("word", word)]),
            None => words.get(otherwise, &[]),
        };
        match &self.problem {
            Problem::Form(_) => words.get("mend-form", &[]),
            Problem::NoRow { nearest: n, .. } | Problem::NoChange { nearest: n, .. } => {
                nearest(n, "mend-row")
            }
            Problem::NoFacility { nearest: n, .. } => nearest(n, "mend-facility"),
            Problem::NoPool { nearest: n, .. } => nearest(n, "mend-pool"),
            Problem::Discretion { .. } => words.get("mend-discretion", &[]),
            Problem::SameName { .. } => words.get("mend-same-name", &[]),
            Problem::NoClass { .. } | Problem::TooFew { .. } => words.get("mend-class", &[]),
            Problem::Below { .. } => words.get("mend-below", &[]),
            Problem::Shared { .. } => words.get("mend-shared", &[]),
            Problem::NothingToShare | Problem::NoRoom { .. } => words.get("mend-room", &[]),
            Problem::Twice { .. } => words.get("mend-twice", &[]),
            Problem::Criteria { list } => {
                let mend = list.iter().map(|d| match lang {
                    Lang::Japanese => &d.mend.0,
                    Lang::English => &d.mend.1,
                });
                let mut lines: Vec<&String> = mend.filter(|m| !m.is_empty()).collect();
                lines.dedup();
                match lines.first() {
                    Some(line) => (*line).clone(),
                    None => words.get("mend-invalid", &[]),
                }
            }
        }
    }
}
