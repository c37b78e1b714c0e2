//! Statements about somebody: value, from and to, source, who confirmed it; and what holds on a day.
//!
//! A value is held as a cell of a round workbook holds it (`140`, `就労、疾病`, `2027-04-01`), under the name the vocabulary
//! gives it, so that an old statement can be read for as long as the vocabulary knows the name.

use enmusubi_domain::facts::{
    Attribute, AttributeIx, Entity,
    vocabulary::{VOCABULARY, find},
};
use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Whom or what a fact is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Subject {
    /// The household.
    Household,
    /// A guardian (`g1`).
    Guardian(String),
    /// Another adult (`a1`).
    Adult(String),
    /// A child (`c1`).
    Child(String),
    /// A child's choice of a facility (`c1@N012`).
    Choice(String, String),
}

impl Subject {
    /// Its entity in the vocabulary.
    #[must_use]
    pub fn entity(&self) -> Entity {
        match self {
            Self::Household => Entity::Household,
            Self::Guardian(_) => Entity::Guardian,
            Self::Adult(_) => Entity::Adult,
            Self::Child(_) => Entity::Child,
            Self::Choice(..) => Entity::Choice,
        }
    }

    /// The person it is about, if one.
    #[must_use]
    pub fn person(&self) -> Option<&str> {
        match self {
            Self::Household => None,
            Self::Guardian(id) | Self::Adult(id) | Self::Child(id) | Self::Choice(id, _) => {
                Some(id)
            }
        }
    }

    /// Of a person's id.
    #[must_use]
    pub fn of_person(id: &str) -> Option<Self> {
        let rest = id.get(1..)?;
        if rest.is_empty() || !rest.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        match id.as_bytes()[0] {
            b'g' => Some(Self::Guardian(id.into())),
            b'a' => Some(Self::Adult(id.into())),
            b'c' => Some(Self::Child(id.into())),
            _ => None,
        }
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Household => f.write_str("h"),
            Self::Guardian(id) | Self::Adult(id) | Self::Child(id) => f.write_str(id),
            Self::Choice(child, facility) => write!(f, "{child}@{facility}"),
        }
    }
}

impl From<Subject> for String {
    fn from(subject: Subject) -> Self {
        subject.to_string()
    }
}

impl TryFrom<String> for Subject {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        if text == "h" {
            return Ok(Self::Household);
        }
        if let Some((child, facility)) = text.split_once('@')
            && matches!(Self::of_person(child), Some(Self::Child(_)))
            && !facility.is_empty()
        {
            return Ok(Self::Choice(child.into(), facility.into()));
        }
        Self::of_person(&text).ok_or_else(|| format!("no subject: {text}"))
    }
}

/// Where a statement comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Source {
    /// The application form, keyed or received online.
    Application,
    /// A paper, with the place where it was read (a cell, a page).
    Paper {
        /// Id of the paper.
        paper: String,
        /// Where on it.
        #[serde(default)]
        place: String,
    },
    /// An extract from the core system, with its name and row.
    Extract {
        /// Name of the file's mapping.
        name: String,
        /// Where in it.
        #[serde(default)]
        place: String,
    },
    /// Staff, from what was said or seen; the reason says how.
    Staff {
        /// How it is known.
        reason: String,
    },
}

/// What became of a statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum State {
    /// Stated, and nobody has confirmed it.
    Stated,
    /// Confirmed by staff.
    Confirmed {
        /// Who.
        by: String,
        /// When.
        at: Timestamp,
    },
    /// Set aside, with the reason.
    Rejected {
        /// Who.
        by: String,
        /// When.
        at: Timestamp,
        /// Why.
        reason: String,
    },
}

/// A statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    /// Number within the case.
    pub id: u32,
    /// What was said.
    pub said: Said,
    /// What became of it.
    pub state: State,
    /// Other sources that say the same.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub agreed: Vec<Agreed>,
    /// Read with doubt: to be compared with the paper before anybody confirms it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub check: bool,
    /// Who entered it.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// Another source that says what a statement says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agreed {
    /// It.
    pub source: Source,
    /// First day it says, if one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Date>,
    /// Last day it says, if one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Date>,
}

/// What is said of somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// Of whom.
    pub subject: Subject,
    /// Name of the attribute in the vocabulary, without the entity.
    pub attribute: String,
    /// The value, as a workbook's cell holds it.
    pub value: String,
    /// First day it holds; `None`: always so far.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Date>,
    /// Last day it holds; `None`: until further notice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Date>,
    /// Where it comes from.
    pub source: Source,
}

impl Source {
    /// Whether both are of one paper or one kind of extract, whatever the place in it.
    #[must_use]
    pub fn is_of(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Application, Self::Application) => true,
            (Self::Paper { paper: a, .. }, Self::Paper { paper: b, .. })
            | (Self::Extract { name: a, .. }, Self::Extract { name: b, .. }) => a == b,
            _ => false,
        }
    }
}

impl Said {
    /// Its attribute, if the vocabulary still knows the name.
    #[must_use]
    pub fn attribute(&self) -> Option<(AttributeIx, &'static Attribute)> {
        let at = find(self.subject.entity(), &self.attribute)?;
        Some((at, &VOCABULARY[at as usize]))
    }

    /// Whether it holds on a day.
    #[must_use]
    pub fn holds_on(&self, day: Date) -> bool {
        self.from.is_none_or(|f| f <= day) && self.to.is_none_or(|t| day <= t)
    }

    /// Whether two statements are about the same thing on a common day.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        self.subject == other.subject
            && self.attribute == other.attribute
            && self.from.zip(other.to).is_none_or(|(f, t)| f <= t)
            && other.from.zip(self.to).is_none_or(|(f, t)| f <= t)
    }
}

/// Papers that are the application itself: what stands there needs no other proof.
const OF_THE_FORM: [&str; 4] = ["申込書", "受付記録", "見学記録", "提出書類一覧"];

/// Whether the application form itself proves an attribute.
#[must_use]
pub fn proved_by_form(attribute: &Attribute) -> bool {
    OF_THE_FORM.contains(&attribute.paper)
}

/// What holds on a day among statements of one subject and attribute, in the order they were made: the one confirmed
/// last, else the one stated last.
#[must_use]
pub fn holding<'a>(
    statements: impl IntoIterator<Item = &'a Statement>,
    day: Date,
    stated_too: bool,
) -> Option<&'a Statement> {
    let mut best: Option<(&Statement, Option<Timestamp>)> = None;
    for s in statements {
        if !s.said.holds_on(day) {
            continue;
        }
        let rank = match &s.state {
            State::Confirmed { at, .. } => Some(*at),
            State::Stated if stated_too => None,
            _ => continue,
        };
        // `None` (only stated) is less than any moment; later ones of the same rank win.
        if best.is_none_or(|(_, b)| rank >= b) {
            best = Some((s, rank));
        }
    }
    best.map(|(s, _)| s)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn statement(id: u32, value: &str, from: Option<Date>, state: State) -> Statement {
        Statement {
            id,
            said: Said {
                subject: Subject::Guardian("g1".into()),
                attribute: "work_hours_per_month".into(),
                value: value.into(),
                from,
                to: None,
                source: Source::Application,
            },
            state,
            agreed: Vec::new(),
            check: false,
            by: "a".into(),
            at: Timestamp::UNIX_EPOCH,
        }
    }

    fn confirmed(second: i64) -> State {
        State::Confirmed {
            by: "b".into(),
            at: Timestamp::from_second(second).expect("a moment"),
        }
    }

    #[test]
    fn what_was_confirmed_last_holds_from_its_day() {
        let list = [
            statement(1, "140", None, confirmed(1)),
            statement(2, "160", Some(date(2027, 2, 1)), confirmed(2)),
            statement(3, "170", None, State::Stated),
        ];
        let on = |day, stated| holding(&list, day, stated).map(|s| s.said.value.as_str());
        assert_eq!(on(date(2027, 1, 31), false), Some("140"));
        assert_eq!(on(date(2027, 2, 1), false), Some("160"));
        assert_eq!(on(date(2027, 2, 1), true), Some("160"));
        assert_eq!(
            holding(&list[2..], date(2027, 2, 1), false),
            None,
            "nobody confirmed it"
        );
        assert_eq!(
            holding(&list[2..], date(2027, 2, 1), true).map(|s| s.id),
            Some(3)
        );
    }

    #[test]
    fn subjects_are_written_and_read() {
        for text in ["h", "g1", "a12", "c3", "c1@N012"] {
            let subject = Subject::try_from(text.to_owned()).expect(text);
            assert_eq!(subject.to_string(), text);
        }
        for text in ["", "x1", "g", "c@N1", "c1@", "gx"] {
            assert!(Subject::try_from(text.to_owned()).is_err(), "{text}");
        }
    }
}
