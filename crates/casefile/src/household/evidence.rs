//! What sources other than the application say: readings beside the statements that are there, and decisions about several at once.

use super::{Event, Household, commands::given};
use crate::{
    Refusal,
    fact::{Agreed, Said, Source, State, Statement, Subject},
    paper::PaperNote,
};
use enmusubi_domain::facts::{Symbols, Type, Value};
use enmusubi_interchange::workbook;
use jiff::civil::Date;

type Events = Result<Vec<Event>, Refusal>;

/// Something a paper or an extract says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// What, with its source.
    pub said: Said,
    /// Read with doubt: somebody has to look at the paper.
    pub check: bool,
}

/// What staff decide about a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// It holds, on the days given with it.
    Confirm,
    /// It is set aside, for a reason.
    Reject(String),
}

/// A decision: number of the statement, first day, last day, what.
pub type Decided = (u32, Option<Date>, Option<Date>, Decision);

/// Whether two texts are the same value of a type. What is no value of it is compared as text.
#[must_use]
pub fn same_value(ty: Type, one: &str, other: &str) -> bool {
    let mut symbols = Symbols::default();
    let a = workbook::value(ty, one, &mut symbols);
    let b = workbook::value(ty, other, &mut symbols);
    match (a, b) {
        (Ok(Value::Unknown), Ok(Value::Unknown)) => one.trim() == other.trim(),
        (Ok(a), Ok(b)) => a == b,
        _ => one.trim() == other.trim(),
    }
}

impl Household {
    /// Adds what a source says. What a statement says already with the same value is not stated again: the statement gets the source,
    /// so that one decision confirms both. What the very same source said before is left out.
    ///
    /// # Errors
    /// As [`Household::state_all`].
    pub fn say(&self, readings: Vec<Reading>) -> Events {
        self.open()?;
        let mut events = Vec::new();
        let mut id = self.next_statement();
        for Reading { said, check } in readings {
            self.sensible(&said)?;
            let there = self.alike(&said);
            if there.is_some_and(|s| s.is_by(&said.source)) {
                continue;
            }
            if let Some(s) = there {
                events.push(Event::Agreed {
                    id: s.id,
                    agreed: Agreed {
                        source: said.source,
                        from: said.from,
                        to: said.to,
                    },
                });
                if check && matches!(s.state, State::Stated) {
                    events.push(Event::Doubted { id: s.id });
                }
                continue;
            }
            events.push(Event::Stated {
                id,
                said,
                confirmed: false,
            });
            if check {
                events.push(Event::Doubted { id });
            }
            id += 1;
        }
        Ok(events)
    }

    /// The statement that says the same of the same days, or leaves the days open.
    fn alike(&self, said: &Said) -> Option<&Statement> {
        let (_, attribute) = said.attribute()?;
        self.statements.iter().find(|s| {
            let days = |own: Option<Date>, other: Option<Date>| own.is_none() || own == other;
            s.said.subject == said.subject
                && s.said.attribute == said.attribute
                && !matches!(s.state, State::Rejected { .. })
                && same_value(attribute.ty, &s.said.value, &said.value)
                && days(s.said.from, said.from)
                && days(s.said.to, said.to)
        })
    }

    /// Takes over what was read from a paper, with what the paper says about its own days.
    ///
    /// # Errors
    /// No such paper; as [`Household::say`].
    pub fn read_paper(
        &self,
        paper: &str,
        readings: Vec<Reading>,
        issued: Option<Date>,
        valid_until: Option<Date>,
        notes: Vec<PaperNote>,
    ) -> Events {
        if !self.papers_in_use().any(|p| p.id == paper) {
            return Err(Refusal::of("refusal.no_paper"));
        }
        let mut events = self.say(readings)?;
        events.push(Event::Read {
            paper: paper.to_owned(),
            issued,
            valid_until,
            notes,
        });
        Ok(events)
    }

    /// Says that a paper is about somebody else. What was read from it for the wrong one and is not confirmed is set aside.
    ///
    /// # Errors
    /// No such paper or person.
    pub fn reassign_paper(&self, paper: &str, subject: Subject, reason: &str) -> Events {
        self.open()?;
        let Some(p) = self.papers_in_use().find(|p| p.id == paper) else {
            return Err(Refusal::of("refusal.no_paper"));
        };
        if let Some(person) = subject.person()
            && self.person(person).is_none()
        {
            return Err(Refusal::of("refusal.no_person").with("person", person));
        }
        if p.subject == subject {
            return Err(Refusal::of("refusal.nothing_changed"));
        }
        let reason = given(reason)?;
        let of_it =
            |s: &&Statement| matches!(&s.said.source, Source::Paper { paper: p, .. } if p == paper);
        let mut events = vec![Event::Reassigned {
            paper: paper.to_owned(),
            subject,
        }];
        events.extend(self.unconfirmed().filter(of_it).map(|s| Event::Rejected {
            id: s.id,
            reason: reason.clone(),
        }));
        Ok(events)
    }

    /// Decides about several statements, or about none.
    ///
    /// # Errors
    /// As [`Household::confirm`] and [`Household::reject`], for the first that cannot be decided; one statement twice; nothing to decide.
    pub fn decide(&self, decisions: &[Decided]) -> Events {
        if decisions.is_empty() {
            return Err(Refusal::of("refusal.nothing_changed"));
        }
        let mut events = Vec::with_capacity(decisions.len());
        for (at, (id, from, to, decision)) in decisions.iter().enumerate() {
            if decisions.iter().take(at).any(|d| d.0 == *id) {
                return Err(Refusal::of("refusal.statement_decided"));
            }
            events.extend(match decision {
                Decision::Confirm => self.confirm(*id, *from, *to)?,
                Decision::Reject(reason) => self.reject(*id, reason)?,
            });
        }
        Ok(events)
    }
}

impl Statement {
    /// Whether it comes from a source, or that source agreed to it.
    #[must_use]
    pub fn is_by(&self, source: &Source) -> bool {
        self.said.source.is_of(source) || self.agreed.iter().any(|a| a.source.is_of(source))
    }
}
