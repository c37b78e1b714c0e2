//! What may be done to a case.
//!
//! Every function looks at the state and gives the events, or says why not. Who may call them is decided by the use cases;
//! what two different people must do is checked here, where the names of both are known.

use super::{Event, Household, Protection};
use crate::{
    Refusal,
    certification::{self, Act, Certification, Class, Content, Hours},
    fact::{Said, State, Subject},
    paper::{CorrectionItem, Paper},
    person::Person,
};
use enmusubi_domain::facts::Symbols;
use enmusubi_interchange::workbook;
use jiff::{Timestamp, civil::Date};

/// What may be asked of a case that is not joined into another.
type Events = Result<Vec<Event>, Refusal>;

/// A certification to be proposed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// The child.
    pub child: String,
    /// 認定, 却下, 取消.
    pub act: Act,
    /// 認定区分.
    pub class: Class,
    /// 保育必要量.
    pub hours: Option<Hours>,
    /// 事由.
    pub reasons: Vec<String>,
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
    /// Why so, in words.
    pub why: String,
    /// The certification it changes or cancels.
    pub changes: Option<u32>,
}

/// Who approves, and what kept that person from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Right<'a> {
    /// The account that acts.
    pub by: &'a str,
}

impl Household {
    /// Refuses where the case has been joined into another.
    pub(super) fn open(&self) -> Result<(), Refusal> {
        match &self.joined_into {
            Some(other) => Err(Refusal::of("refusal.joined").with("household", other)),
            None => Ok(()),
        }
    }

    /// States something. Where the form is its own proof it is confirmed at once.
    ///
    /// # Errors
    /// Unknown subject or attribute, a value that is none of its type, days the wrong way round.
    pub fn state(&self, said: Said, confirmed: bool) -> Events {
        self.state_all(vec![(said, confirmed)])
    }

    /// States several things at once, or none.
    ///
    /// # Errors
    /// As [`Household::state`], for the first that cannot be stated.
    pub fn state_all(&self, all: Vec<(Said, bool)>) -> Events {
        self.open()?;
        let mut events = Vec::with_capacity(all.len());
        for (id, (said, confirmed)) in (self.next_statement()..).zip(all) {
            self.sensible(&said)?;
            events.push(Event::Stated {
                id,
                said,
                confirmed,
            });
        }
        Ok(events)
    }

    pub(super) fn sensible(&self, said: &Said) -> Result<(), Refusal> {
        if let Some(person) = said.subject.person()
            && self.person(person).is_none()
        {
            return Err(Refusal::of("refusal.no_person").with("person", person));
        }
        if let Subject::Choice(child, facility) = &said.subject {
            let chosen = self
                .choices
                .get(child)
                .is_some_and(|c| c.contains(facility));
            if !chosen {
                return Err(Refusal::of("refusal.not_chosen").with("facility", facility));
            }
        }
        let Some((_, attribute)) = said.attribute() else {
            return Err(Refusal::of("refusal.no_attribute").with("attribute", &said.attribute));
        };
        if workbook::value(attribute.ty, &said.value, &mut Symbols::default()).is_err() {
            return Err(Refusal::of("refusal.no_value")
                .with("attribute", attribute.label)
                .with("value", &said.value));
        }
        if said.from.zip(said.to).is_some_and(|(f, t)| t < f) {
            return Err(Refusal::of("refusal.days_reversed").with("attribute", attribute.label));
        }
        Ok(())
    }

    /// Confirms a statement for the days it holds.
    ///
    /// # Errors
    /// No such statement, already decided, days the wrong way round.
    pub fn confirm(&self, id: u32, from: Option<Date>, to: Option<Date>) -> Events {
        self.open()?;
        let statement = self
            .statement(id)
            .ok_or_else(|| Refusal::of("refusal.no_statement"))?;
        if !matches!(statement.state, State::Stated) {
            return Err(Refusal::of("refusal.statement_decided"));
        }
        if from.zip(to).is_some_and(|(f, t)| t < f) {
            let label = statement.said.attribute().map_or("", |(_, a)| a.label);
            return Err(Refusal::of("refusal.days_reversed").with("attribute", label));
        }
        Ok(vec![Event::Confirmed { id, from, to }])
    }

    /// Sets a statement aside, whether confirmed or not.
    ///
    /// # Errors
    /// No such statement, no reason, already set aside.
    pub fn reject(&self, id: u32, reason: &str) -> Events {
        self.open()?;
        let statement = self
            .statement(id)
            .ok_or_else(|| Refusal::of("refusal.no_statement"))?;
        if matches!(statement.state, State::Rejected { .. }) {
            return Err(Refusal::of("refusal.statement_decided"));
        }
        let reason = given(reason)?;
        Ok(vec![Event::Rejected { id, reason }])
    }

    /// Corrects somebody's name, birth date or relation.
    ///
    /// # Errors
    /// No such person, no reason, nothing changed.
    pub fn correct_person(&self, person: Person, reason: &str) -> Events {
        self.open()?;
        let Some(old) = self.person(&person.id) else {
            return Err(Refusal::of("refusal.no_person").with("person", &person.id));
        };
        if *old == person {
            return Err(Refusal::of("refusal.nothing_changed"));
        }
        let reason = given(reason)?;
        Ok(vec![Event::PersonCorrected { person, reason }])
    }

    /// Changes a child's choices.
    ///
    /// # Errors
    /// No such child, a facility twice, no reason for a change, nothing changed.
    pub fn choose(&self, child: &str, facilities: Vec<String>, reason: &str) -> Events {
        self.open()?;
        if self.person(child).is_none() {
            return Err(Refusal::of("refusal.no_person").with("person", child));
        }
        for (at, facility) in facilities.iter().enumerate() {
            if facilities[..at].contains(facility) {
                return Err(Refusal::of("refusal.chosen_twice").with("facility", facility));
            }
        }
        let old = self.choices.get(child);
        if old == Some(&facilities) {
            return Err(Refusal::of("refusal.nothing_changed"));
        }
        let reason = match old {
            Some(_) => given(reason)?,
            None => reason.trim().to_owned(),
        };
        Ok(vec![Event::ChoicesSet {
            child: child.to_owned(),
            facilities,
            reason,
        }])
    }

    /// Attaches a paper.
    ///
    /// # Errors
    /// The very same paper is there already, nobody of that name in the case.
    pub fn attach(&self, paper: Paper) -> Events {
        self.open()?;
        if let Some(person) = paper.subject.person()
            && self.person(person).is_none()
        {
            return Err(Refusal::of("refusal.no_person").with("person", person));
        }
        let same = |p: &&Paper| p.digest == paper.digest && p.subject == paper.subject;
        if let Some(p) = self.papers_in_use().find(same) {
            return Err(Refusal::of("refusal.paper_twice").with("name", &p.name));
        }
        Ok(vec![Event::Attached { paper }])
    }

    /// Sets a paper aside; what was read from it and not yet confirmed goes with it.
    ///
    /// # Errors
    /// No such paper, no reason.
    pub fn remove_paper(&self, id: &str, reason: &str) -> Events {
        self.open()?;
        if !self.papers_in_use().any(|p| p.id == id) {
            return Err(Refusal::of("refusal.no_paper"));
        }
        let reason = given(reason)?;
        let from_it = |s: &&crate::fact::Statement| matches!(&s.said.source, crate::fact::Source::Paper { paper, .. } if paper == id);
        let mut events = vec![Event::Removed {
            paper: id.to_owned(),
            reason: reason.clone(),
        }];
        events.extend(self.unconfirmed().filter(from_it).map(|s| Event::Rejected {
            id: s.id,
            reason: reason.clone(),
        }));
        Ok(events)
    }

    /// Asks the family to mend something.
    ///
    /// # Errors
    /// Nothing is asked, the deadline has passed.
    pub fn ask_correction(
        &self,
        items: Vec<CorrectionItem>,
        deadline: Date,
        letter: String,
        today: Date,
    ) -> Events {
        self.open()?;
        if items.is_empty() || items.iter().any(|i| i.what.trim().is_empty()) {
            return Err(Refusal::of("refusal.correction_empty"));
        }
        if deadline < today {
            return Err(Refusal::of("refusal.deadline_past").with("deadline", deadline));
        }
        Ok(vec![Event::CorrectionAsked {
            id: self.corrections.len() as u32 + 1,
            items,
            deadline,
            letter,
        }])
    }

    /// Settles a request.
    ///
    /// # Errors
    /// No open request of that number; without papers, no reason.
    pub fn settle_correction(&self, id: u32, received: bool, how: &str) -> Events {
        self.open()?;
        if !self.open_corrections().any(|c| c.id == id) {
            return Err(Refusal::of("refusal.no_correction"));
        }
        let how = if received {
            how.trim().to_owned()
        } else {
            given(how)?
        };
        Ok(vec![Event::CorrectionSettled { id, received, how }])
    }

    /// Proposes a certification.
    ///
    /// # Errors
    /// No such child, a proposal waits already, days the wrong way round or beyond the law's, a need of care without a
    /// reason or hours, a refusal or cancellation without words.
    pub fn propose_certification(&self, p: Proposal, by: &str, at: Timestamp) -> Events {
        self.open()?;
        let Some(child) = self.person(&p.child) else {
            return Err(Refusal::of("refusal.no_person").with("person", &p.child));
        };
        if self.proposed(&p.child).is_some() {
            return Err(Refusal::of("refusal.certification_waits"));
        }
        if p.to < p.from {
            return Err(Refusal::of("refusal.days_reversed").with("attribute", "認定の有効期間"));
        }
        if p.act == Act::Certify {
            let birth = child
                .birth
                .ok_or_else(|| Refusal::of("refusal.no_birth_date"))?;
            let last = certification::longest(p.class, birth, p.from)?;
            if p.to > last {
                return Err(Refusal::of("refusal.certification_too_long").with("last", last));
            }
            if p.class != Class::First && (p.reasons.is_empty() || p.hours.is_none()) {
                return Err(Refusal::of("refusal.certification_need"));
            }
        } else {
            given(&p.why)?;
        }
        if let Some(changed) = p.changes {
            let approved = self.certifications.iter().any(|c| {
                c.id == changed
                    && c.child == p.child
                    && matches!(c.state, certification::State::Approved { .. })
            });
            if !approved {
                return Err(Refusal::of("refusal.certification_not_approved"));
            }
        } else if p.act == Act::Cancel {
            return Err(Refusal::of("refusal.certification_not_approved"));
        }
        Ok(vec![Event::CertificationProposed {
            certification: Certification {
                id: self.certifications.len() as u32 + 1,
                child: p.child,
                act: p.act,
                content: Content {
                    class: p.class,
                    hours: p.hours.filter(|_| p.class != Class::First),
                    reasons: p.reasons,
                    from: p.from,
                    to: p.to,
                },
                why: p.why.trim().to_owned(),
                changes: p.changes,
                proposed_by: by.to_owned(),
                proposed_at: at,
                state: certification::State::Proposed,
            },
        }])
    }

    /// Approves a proposal: by somebody else than who proposed it or confirmed the facts of the child's guardians.
    ///
    /// # Errors
    /// Nothing waits, or the same person.
    pub fn approve_certification(&self, id: u32, number: &str, right: Right<'_>) -> Events {
        self.open()?;
        let waiting = self.waiting_certification(id)?;
        if waiting.proposed_by == right.by {
            return Err(Refusal::of("refusal.same_person"));
        }
        Ok(vec![Event::CertificationApproved {
            id,
            number: number.to_owned(),
        }])
    }

    /// Sends a proposal back.
    ///
    /// # Errors
    /// Nothing waits, no reason.
    pub fn return_certification(&self, id: u32, reason: &str) -> Events {
        self.open()?;
        self.waiting_certification(id)?;
        let reason = given(reason)?;
        Ok(vec![Event::CertificationReturned { id, reason }])
    }

    fn waiting_certification(&self, id: u32) -> Result<&Certification, Refusal> {
        self.certifications
            .iter()
            .find(|c| c.id == id && matches!(c.state, certification::State::Proposed))
            .ok_or_else(|| Refusal::of("refusal.no_certification"))
    }

    /// Proposes a judged value.
    ///
    /// # Errors
    /// No reason, no number, one for the same row and subject waits or counts already.
    pub fn judge(&self, subject: Subject, item: &str, value: &str, reason: &str) -> Events {
        self.open()?;
        let reason = given(reason)?;
        if workbook::value(
            enmusubi_domain::facts::Type::Number,
            value,
            &mut Symbols::default(),
        )
        .is_err()
        {
            return Err(Refusal::of("refusal.no_value")
                .with("attribute", item)
                .with("value", value));
        }
        let there = self
            .judgements
            .iter()
            .any(|j| j.subject == subject && j.item == item && j.ended.is_none());
        if there {
            return Err(Refusal::of("refusal.judged_already"));
        }
        Ok(vec![Event::Judged {
            id: self.judgements.len() as u32 + 1,
            subject,
            item: item.to_owned(),
            value: value.to_owned(),
            reason,
        }])
    }

    /// Signs a judged value: by another person.
    ///
    /// # Errors
    /// Nothing waits, or the same person.
    pub fn sign_judgement(&self, id: u32, right: Right<'_>) -> Events {
        self.open()?;
        let waiting = self.judgements.iter().find(|j| j.id == id && j.is_open());
        let waiting = waiting.ok_or_else(|| Refusal::of("refusal.no_judgement"))?;
        if waiting.by == right.by {
            return Err(Refusal::of("refusal.same_person"));
        }
        Ok(vec![Event::JudgementSigned { id }])
    }

    /// Withdraws or refuses a judged value.
    ///
    /// # Errors
    /// None of that number, no reason.
    pub fn end_judgement(&self, id: u32, reason: &str) -> Events {
        self.open()?;
        if !self
            .judgements
            .iter()
            .any(|j| j.id == id && j.ended.is_none())
        {
            return Err(Refusal::of("refusal.no_judgement"));
        }
        let reason = given(reason)?;
        Ok(vec![Event::JudgementEnded { id, reason }])
    }

    /// Notes a call or a visit.
    ///
    /// # Errors
    /// Nothing was written.
    pub fn note(&self, kind: &str, text: &str) -> Events {
        let text = given(text)?;
        Ok(vec![Event::Noted {
            kind: kind.to_owned(),
            text,
        }])
    }

    /// Withdraws an application.
    ///
    /// # Errors
    /// No open application of that number, no reason.
    pub fn withdraw(&self, number: &str, on: Date, reason: &str) -> Events {
        self.open()?;
        if !self
            .applications
            .iter()
            .any(|a| a.number == number && a.is_open())
        {
            return Err(Refusal::of("refusal.no_application").with("number", number));
        }
        let reason = given(reason)?;
        Ok(vec![Event::Withdrawn {
            number: number.to_owned(),
            on,
            reason,
        }])
    }

    /// Protects the case.
    ///
    /// # Errors
    /// No reason.
    pub fn protect(&self, since: Date, reason: &str, by: &str) -> Events {
        let reason = given(reason)?;
        Ok(vec![Event::Protected {
            protection: Protection {
                since,
                reason,
                by: by.to_owned(),
            },
        }])
    }

    /// Ends the protection.
    ///
    /// # Errors
    /// There is none, no reason.
    pub fn unprotect(&self, reason: &str) -> Events {
        if self.protection.is_none() {
            return Err(Refusal::of("refusal.not_protected"));
        }
        let reason = given(reason)?;
        Ok(vec![Event::Unprotected { reason }])
    }
}

/// A text that must say something.
pub(super) fn given(text: &str) -> Result<String, Refusal> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Refusal::of("refusal.no_reason"));
    }
    Ok(text.to_owned())
}
