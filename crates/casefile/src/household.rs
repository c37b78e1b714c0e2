//! The case itself: a household, what it said, what was found, what was decided before the round. Siblings share it.
//!
//! `commands` and `evidence` have what may be done, as functions that give events or a refusal.

mod commands;
mod evidence;

pub use commands::{Proposal, Right};
pub use evidence::{Decided, Decision, Reading, same_value};

use crate::{
    Aggregate, Meta,
    application::{Application, Withdrawn},
    certification::{self, Certification},
    fact::{Agreed, Said, Source, State, Statement, Subject, holding},
    judgement::Judgement,
    paper::{Correction, CorrectionItem, Paper, PaperNote, Settled},
    person::{Address, Part, Person},
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// How to reach a family.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// Telephone, as received.
    #[serde(default)]
    pub phone: String,
    /// E-mail, as received.
    #[serde(default)]
    pub email: String,
}

/// A note of a call or a visit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// What kind: `call`, `visit`, `counter`, `other`.
    pub kind: String,
    /// What was said.
    pub text: String,
    /// Who wrote it.
    pub by: String,
    /// When.
    pub at: jiff::Timestamp,
}

/// Protection (支援措置): who without the right must not know that the case exists.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Protection {
    /// Since when.
    pub since: Date,
    /// Why, for those who may see it.
    pub reason: String,
    /// Who entered it.
    pub by: String,
}

/// Answer to the sibling question, as on the municipality's form.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wish {
    /// Code of a form with one list.
    #[serde(default)]
    pub code: String,
    /// 入所時期.
    #[serde(default)]
    pub timing: String,
    /// 入所場所.
    #[serde(default)]
    pub place: String,
    /// どちらを先に.
    #[serde(default)]
    pub first: String,
}

/// The state of a case.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Household {
    /// Where it lives.
    pub address: Address,
    /// How to reach it.
    pub contact: Contact,
    /// Everybody of it.
    pub people: Vec<Person>,
    /// Applications of its children, in the order they came.
    pub applications: Vec<Application>,
    /// Choices of each child (`c1` → facility ids, best first).
    pub choices: BTreeMap<String, Vec<String>>,
    /// Answer to the sibling question.
    #[serde(default)]
    pub wish: Wish,
    /// Lists of combinations (組み合わせ表), best first: who would go where together; `None`: nowhere.
    #[serde(default)]
    pub combinations: Vec<Vec<(String, Option<String>)>>,
    /// Facility a child attends now, and since when.
    #[serde(default)]
    pub enrolled: BTreeMap<String, (String, Option<Date>)>,
    /// What was stated, in the order it was.
    pub statements: Vec<Statement>,
    /// Papers, in the order they came.
    pub papers: Vec<Paper>,
    /// Requests to mend something.
    pub corrections: Vec<Correction>,
    /// Certifications, in the order they were proposed.
    pub certifications: Vec<Certification>,
    /// Values staff judged.
    pub judgements: Vec<Judgement>,
    /// Notes of calls and visits.
    pub notes: Vec<Note>,
    /// Protection, while it lasts.
    #[serde(default)]
    pub protection: Option<Protection>,
    /// Accounts of clerks who belong to the family: the case is closed to them.
    #[serde(default)]
    pub closed_to: BTreeSet<String>,
    /// Joined into another case, which goes on.
    #[serde(default)]
    pub joined_into: Option<String>,
    /// Last year's case it was offered from.
    #[serde(default)]
    pub continues: Option<String>,
}

/// What happened to a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "event")]
pub enum Event {
    /// The case was opened.
    Opened {
        /// Where it lives.
        address: Address,
        /// How to reach it.
        contact: Contact,
        /// Last year's case it was offered from.
        #[serde(default)]
        continues: Option<String>,
    },
    /// Address or contact changed.
    Moved {
        /// Where it lives.
        address: Address,
        /// How to reach it.
        contact: Contact,
        /// How it is known.
        reason: String,
    },
    /// Somebody belongs to the household.
    PersonAdded {
        /// Who.
        person: Person,
    },
    /// Name, birth date or relation was corrected.
    PersonCorrected {
        /// Who, as it is now.
        person: Person,
        /// How it is known.
        reason: String,
    },
    /// An application came in.
    Applied {
        /// It.
        application: Application,
    },
    /// A child's choices, as they are now.
    ChoicesSet {
        /// The child.
        child: String,
        /// Facility ids, best first.
        facilities: Vec<String>,
        /// Why they changed; empty at first.
        reason: String,
    },
    /// The answer to the sibling question, as it is now.
    WishSet {
        /// The answer.
        wish: Wish,
    },
    /// The list of combinations, as it is now.
    CombinationsSet {
        /// Best first.
        lists: Vec<Vec<(String, Option<String>)>>,
    },
    /// A child attends a facility.
    Enrolled {
        /// The child.
        child: String,
        /// The facility.
        facility: String,
        /// First day.
        since: Option<Date>,
    },
    /// Something was stated.
    Stated {
        /// Number within the case.
        id: u32,
        /// What.
        said: Said,
        /// Entered and confirmed in one (the form is its own proof).
        #[serde(default)]
        confirmed: bool,
    },
    /// A statement was confirmed, with the days it holds.
    Confirmed {
        /// Number of the statement.
        id: u32,
        /// First day.
        from: Option<Date>,
        /// Last day.
        to: Option<Date>,
    },
    /// A statement was set aside.
    Rejected {
        /// Number of the statement.
        id: u32,
        /// Why.
        reason: String,
    },
    /// Another source says what a statement says.
    Agreed {
        /// Number of the statement.
        id: u32,
        /// What says it.
        #[serde(flatten)]
        agreed: Agreed,
    },
    /// A statement was read with doubt.
    Doubted {
        /// Number of the statement.
        id: u32,
    },
    /// A paper is about somebody else than it was attached to.
    Reassigned {
        /// Id of the paper.
        paper: String,
        /// Whom it is about.
        subject: Subject,
    },
    /// A paper was attached.
    Attached {
        /// It.
        paper: Paper,
    },
    /// A paper's facts were read; what the paper itself says about its days.
    Read {
        /// Id of the paper.
        paper: String,
        /// 証明日.
        issued: Option<Date>,
        /// Last day it may be used.
        valid_until: Option<Date>,
        /// What was odd about it.
        #[serde(default)]
        notes: Vec<PaperNote>,
    },
    /// Something is odd about a paper, and nothing was read from it.
    Remarked {
        /// Id of the paper.
        paper: String,
        /// What.
        notes: Vec<PaperNote>,
    },
    /// A paper was set aside.
    Removed {
        /// Id of the paper.
        paper: String,
        /// Why.
        reason: String,
    },
    /// Something is to be mended by the family.
    CorrectionAsked {
        /// Number within the case.
        id: u32,
        /// What.
        items: Vec<CorrectionItem>,
        /// By when.
        deadline: Date,
        /// Text of the letter.
        letter: String,
    },
    /// The request was settled.
    CorrectionSettled {
        /// Its number.
        id: u32,
        /// Whether the papers came.
        received: bool,
        /// In words.
        how: String,
    },
    /// A certification was proposed.
    CertificationProposed {
        /// It, waiting.
        certification: Certification,
    },
    /// A proposal was approved by another.
    CertificationApproved {
        /// Its number within the case.
        id: u32,
        /// 認定番号.
        number: String,
    },
    /// A proposal was sent back.
    CertificationReturned {
        /// Its number within the case.
        id: u32,
        /// Why.
        reason: String,
    },
    /// A value was judged.
    Judged {
        /// Number within the case.
        id: u32,
        /// For whom.
        subject: Subject,
        /// Criteria row.
        item: String,
        /// Points.
        value: String,
        /// Why.
        reason: String,
    },
    /// A judged value was signed by another.
    JudgementSigned {
        /// Its number.
        id: u32,
    },
    /// A judged value was withdrawn or refused.
    JudgementEnded {
        /// Its number.
        id: u32,
        /// Why.
        reason: String,
    },
    /// A call or a visit.
    Noted {
        /// What kind.
        kind: String,
        /// What was said.
        text: String,
    },
    /// An application was withdrawn.
    Withdrawn {
        /// Its number.
        number: String,
        /// Day it was declared.
        on: Date,
        /// Why.
        reason: String,
    },
    /// An application is the same as another one.
    FoundDuplicate {
        /// Its number.
        number: String,
        /// The one that goes on.
        of: String,
    },
    /// Protection began or changed.
    Protected {
        /// It.
        protection: Protection,
    },
    /// Protection ended.
    Unprotected {
        /// Why.
        reason: String,
    },
    /// A clerk belongs to the family.
    ClosedTo {
        /// The account.
        account: String,
    },
    /// Joined into another case, which goes on.
    JoinedInto {
        /// Its id.
        household: String,
    },
}

impl Aggregate for Household {
    type Event = Event;

    const KIND: &'static str = "household";

    fn name(event: &Event) -> &'static str {
        match event {
            Event::Opened { .. } => "opened",
            Event::Moved { .. } => "moved",
            Event::PersonAdded { .. } => "person_added",
            Event::PersonCorrected { .. } => "person_corrected",
            Event::Applied { .. } => "applied",
            Event::ChoicesSet { .. } => "choices_set",
            Event::WishSet { .. } => "wish_set",
            Event::CombinationsSet { .. } => "combinations_set",
            Event::Enrolled { .. } => "enrolled",
            Event::Stated { .. } => "stated",
            Event::Confirmed { .. } => "confirmed",
            Event::Rejected { .. } => "rejected",
            Event::Agreed { .. } => "agreed",
            Event::Doubted { .. } => "doubted",
            Event::Reassigned { .. } => "reassigned",
            Event::Attached { .. } => "attached",
            Event::Read { .. } => "read",
            Event::Remarked { .. } => "remarked",
            Event::Removed { .. } => "removed",
            Event::CorrectionAsked { .. } => "correction_asked",
            Event::CorrectionSettled { .. } => "correction_settled",
            Event::CertificationProposed { .. } => "certification_proposed",
            Event::CertificationApproved { .. } => "certification_approved",
            Event::CertificationReturned { .. } => "certification_returned",
            Event::Judged { .. } => "judged",
            Event::JudgementSigned { .. } => "judgement_signed",
            Event::JudgementEnded { .. } => "judgement_ended",
            Event::Noted { .. } => "noted",
            Event::Withdrawn { .. } => "withdrawn",
            Event::FoundDuplicate { .. } => "found_duplicate",
            Event::Protected { .. } => "protected",
            Event::Unprotected { .. } => "unprotected",
            Event::ClosedTo { .. } => "closed_to",
            Event::JoinedInto { .. } => "joined_into",
        }
    }

    fn apply(&mut self, event: &Event, meta: &Meta) {
        match event {
            Event::Opened {
                address,
                contact,
                continues,
            } => {
                self.address = address.clone();
                self.contact = contact.clone();
                self.continues.clone_from(continues);
            }
            Event::Moved {
                address, contact, ..
            } => {
                self.address = address.clone();
                self.contact = contact.clone();
            }
            Event::PersonAdded { person } => self.people.push(person.clone()),
            Event::PersonCorrected { person, .. } => {
                if let Some(p) = self.people.iter_mut().find(|p| p.id == person.id) {
                    *p = person.clone();
                }
            }
            Event::Applied { application } => self.applications.push(application.clone()),
            Event::ChoicesSet {
                child, facilities, ..
            } => {
                self.choices.insert(child.clone(), facilities.clone());
            }
            Event::WishSet { wish } => self.wish = wish.clone(),
            Event::CombinationsSet { lists } => self.combinations.clone_from(lists),
            Event::Enrolled {
                child,
                facility,
                since,
            } => {
                self.enrolled
                    .insert(child.clone(), (facility.clone(), *since));
            }
            Event::Stated {
                id,
                said,
                confirmed,
            } => {
                let state = if *confirmed {
                    State::Confirmed {
                        by: meta.by.clone(),
                        at: meta.at,
                    }
                } else {
                    State::Stated
                };
                self.statements.push(Statement {
                    id: *id,
                    said: said.clone(),
                    state,
                    agreed: Vec::new(),
                    check: false,
                    by: meta.by.clone(),
                    at: meta.at,
                });
            }
            Event::Confirmed { id, from, to } => {
                if let Some(s) = self.statements.iter_mut().find(|s| s.id == *id) {
                    (s.said.from, s.said.to) = (*from, *to);
                    s.state = State::Confirmed {
                        by: meta.by.clone(),
                        at: meta.at,
                    };
                }
            }
            Event::Rejected { id, reason } => {
                if let Some(s) = self.statements.iter_mut().find(|s| s.id == *id) {
                    s.state = State::Rejected {
                        by: meta.by.clone(),
                        at: meta.at,
                        reason: reason.clone(),
                    };
                }
            }
            Event::Agreed { id, agreed } => {
                if let Some(s) = self.statements.iter_mut().find(|s| s.id == *id) {
                    s.agreed.push(agreed.clone());
                }
            }
            Event::Doubted { id } => {
                if let Some(s) = self.statements.iter_mut().find(|s| s.id == *id) {
                    s.check = true;
                }
            }
            Event::Reassigned { paper, subject } => {
                if let Some(p) = self.papers.iter_mut().find(|p| p.id == *paper) {
                    p.subject = subject.clone();
                    p.notes.clear();
                }
            }
            Event::Attached { paper } => self.papers.push(paper.clone()),
            Event::Read {
                paper,
                issued,
                valid_until,
                notes,
            } => {
                if let Some(p) = self.papers.iter_mut().find(|p| p.id == *paper) {
                    p.read = true;
                    p.issued = *issued;
                    p.valid_until = *valid_until;
                    p.notes.clone_from(notes);
                }
            }
            Event::Remarked { paper, notes } => {
                if let Some(p) = self.papers.iter_mut().find(|p| p.id == *paper) {
                    p.notes.clone_from(notes);
                }
            }
            Event::Removed { paper, reason } => {
                if let Some(p) = self.papers.iter_mut().find(|p| p.id == *paper) {
                    p.removed = Some(reason.clone());
                }
                let of_it =
                    |a: &Agreed| matches!(&a.source, Source::Paper { paper: p, .. } if p == paper);
                for s in &mut self.statements {
                    s.agreed.retain(|a| !of_it(a));
                }
            }
            Event::CorrectionAsked {
                id,
                items,
                deadline,
                letter,
            } => self.corrections.push(Correction {
                id: *id,
                items: items.clone(),
                deadline: *deadline,
                letter: letter.clone(),
                by: meta.by.clone(),
                at: meta.at,
                settled: None,
            }),
            Event::CorrectionSettled { id, received, how } => {
                if let Some(c) = self.corrections.iter_mut().find(|c| c.id == *id) {
                    c.settled = Some(Settled {
                        received: *received,
                        how: how.clone(),
                        by: meta.by.clone(),
                        at: meta.at,
                    });
                }
            }
            Event::CertificationProposed { certification } => {
                self.certifications.push(certification.clone());
            }
            Event::CertificationApproved { id, number } => self.approved(*id, number, meta),
            Event::CertificationReturned { id, reason } => {
                if let Some(c) = self.certifications.iter_mut().find(|c| c.id == *id) {
                    c.state = certification::State::Returned {
                        reason: reason.clone(),
                        by: meta.by.clone(),
                    };
                }
            }
            Event::Judged {
                id,
                subject,
                item,
                value,
                reason,
            } => self.judgements.push(Judgement {
                id: *id,
                subject: subject.clone(),
                item: item.clone(),
                value: value.clone(),
                reason: reason.clone(),
                by: meta.by.clone(),
                at: meta.at,
                signed: None,
                ended: None,
            }),
            Event::JudgementSigned { id } => {
                if let Some(j) = self.judgements.iter_mut().find(|j| j.id == *id) {
                    j.signed = Some((meta.by.clone(), meta.at));
                }
            }
            Event::JudgementEnded { id, reason } => {
                if let Some(j) = self.judgements.iter_mut().find(|j| j.id == *id) {
                    j.ended = Some(reason.clone());
                }
            }
            Event::Noted { kind, text } => self.notes.push(Note {
                kind: kind.clone(),
                text: text.clone(),
                by: meta.by.clone(),
                at: meta.at,
            }),
            Event::Withdrawn { number, on, reason } => {
                if let Some(a) = self.applications.iter_mut().find(|a| a.number == *number) {
                    a.withdrawn = Some(Withdrawn {
                        on: *on,
                        reason: reason.clone(),
                        by: meta.by.clone(),
                    });
                }
            }
            Event::FoundDuplicate { number, of } => {
                if let Some(a) = self.applications.iter_mut().find(|a| a.number == *number) {
                    a.duplicate_of = Some(of.clone());
                }
            }
            Event::Protected { protection } => self.protection = Some(protection.clone()),
            Event::Unprotected { .. } => self.protection = None,
            Event::ClosedTo { account } => {
                self.closed_to.insert(account.clone());
            }
            Event::JoinedInto { household } => self.joined_into = Some(household.clone()),
        }
    }
}

impl Household {
    /// What an approval does: to the proposal itself, and to the certification it changes or cancels.
    fn approved(&mut self, id: u32, number: &str, meta: &Meta) {
        let Some(at) = self.certifications.iter().position(|c| c.id == id) else {
            return;
        };
        let (act, changes, why) = {
            let c = &self.certifications[at];
            (c.act, c.changes, c.why.clone())
        };
        let by = meta.by.clone();
        self.certifications[at].state = match act {
            certification::Act::Refuse => certification::State::Refused {
                reason: why.clone(),
                by: by.clone(),
                at: meta.at,
            },
            certification::Act::Certify | certification::Act::Cancel => {
                certification::State::Approved {
                    number: number.to_owned(),
                    by: by.clone(),
                    at: meta.at,
                }
            }
        };
        let old = changes.and_then(|c| self.certifications.iter_mut().find(|x| x.id == c));
        if let Some(old) = old {
            old.state = match act {
                certification::Act::Cancel => certification::State::Cancelled {
                    reason: why,
                    by,
                    at: meta.at,
                },
                _ => certification::State::Replaced { by_id: id },
            };
        }
    }

    /// Somebody of the household.
    #[must_use]
    pub fn person(&self, id: &str) -> Option<&Person> {
        self.people.iter().find(|p| p.id == id)
    }

    /// Everybody of a part, in the order they were entered.
    pub fn of_part(&self, part: Part) -> impl Iterator<Item = &Person> {
        self.people.iter().filter(move |p| p.part == part)
    }

    /// Id for the next person of a part.
    #[must_use]
    pub fn next_person(&self, part: Part) -> String {
        let n = self.of_part(part).count() + 1;
        format!("{}{n}", part.letter())
    }

    /// Number for the next statement.
    #[must_use]
    pub fn next_statement(&self) -> u32 {
        self.statements.len() as u32 + 1
    }

    /// A statement.
    #[must_use]
    pub fn statement(&self, id: u32) -> Option<&Statement> {
        self.statements.iter().find(|s| s.id == id)
    }

    /// Statements of a subject's attribute.
    pub fn about<'a>(
        &'a self,
        subject: &'a Subject,
        attribute: &'a str,
    ) -> impl Iterator<Item = &'a Statement> {
        self.statements
            .iter()
            .filter(move |s| s.said.subject == *subject && s.said.attribute == attribute)
    }

    /// What holds on a day; `stated_too`: also what nobody has confirmed.
    #[must_use]
    pub fn holds(
        &self,
        subject: &Subject,
        attribute: &str,
        day: Date,
        stated_too: bool,
    ) -> Option<&Statement> {
        let all = self.statements.iter();
        let of = |s: &&Statement| s.said.subject == *subject && s.said.attribute == attribute;
        holding(all.filter(of), day, stated_too)
    }

    /// Statements that nobody has confirmed or set aside.
    pub fn unconfirmed(&self) -> impl Iterator<Item = &Statement> {
        self.statements
            .iter()
            .filter(|s| matches!(s.state, State::Stated))
    }

    /// Applications that take part, of a round.
    pub fn open_in<'a>(&'a self, round: &'a str) -> impl Iterator<Item = &'a Application> {
        self.applications
            .iter()
            .filter(move |a| a.round == round && a.is_open())
    }

    /// Open requests to the family.
    pub fn open_corrections(&self) -> impl Iterator<Item = &Correction> {
        self.corrections.iter().filter(|c| c.settled.is_none())
    }

    /// The certification that certifies a child's need of care on a day.
    #[must_use]
    pub fn certified(&self, child: &str, day: Date) -> Option<&Certification> {
        self.certifications
            .iter()
            .rev()
            .find(|c| c.child == child && c.certifies_care_on(day))
    }

    /// The proposal for a child that waits for approval.
    #[must_use]
    pub fn proposed(&self, child: &str) -> Option<&Certification> {
        self.certifications
            .iter()
            .rev()
            .find(|c| c.child == child && matches!(c.state, certification::State::Proposed))
    }

    /// Papers that count.
    pub fn papers_in_use(&self) -> impl Iterator<Item = &Paper> {
        self.papers.iter().filter(|p| p.removed.is_none())
    }
}
