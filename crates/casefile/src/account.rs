//! Accounts: who works here, with which roles, until when. Secrets are kept elsewhere, so that they can be deleted.

use crate::{Aggregate, Meta, Refusal};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// 受付.
    Reception,
    /// 審査.
    Examiner,
    /// 決裁.
    Approver,
    /// 管理.
    Administrator,
    /// 監査.
    Auditor,
    /// 園.
    Nursery,
}

impl Role {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Reception,
        Self::Examiner,
        Self::Approver,
        Self::Administrator,
        Self::Auditor,
        Self::Nursery,
    ];

    /// As stored and in forms.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Reception => "reception",
            Self::Examiner => "examiner",
            Self::Approver => "approver",
            Self::Administrator => "administrator",
            Self::Auditor => "auditor",
            Self::Nursery => "nursery",
        }
    }

    /// Of a name.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|r| r.name() == name)
    }
}

/// Groups of columns that a right may leave out (項目群).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Columns {
    /// Taxes, income, fees.
    Money,
    /// Illness, disability, care.
    Health,
    /// Abuse, single parenthood, guardianship.
    Family,
    /// Protected persons (支援措置).
    Protected,
}

impl Columns {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Money, Self::Health, Self::Family, Self::Protected];

    /// As stored and in forms.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Money => "money",
            Self::Health => "health",
            Self::Family => "family",
            Self::Protected => "protected",
        }
    }

    /// Of a name.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|c| c.name() == name)
    }
}

/// A grant: proposed by one administrator, approved by another, ends with the post.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// Number within the account.
    pub id: u32,
    /// The role.
    pub role: Role,
    /// Groups of columns that come with it.
    pub columns: BTreeSet<Columns>,
    /// The facility, for a nursery.
    #[serde(default)]
    pub facility: Option<String>,
    /// First day.
    pub from: Date,
    /// Last day (異動の日の前日).
    pub until: Date,
    /// Who proposed it.
    pub proposed_by: String,
    /// Who approved it.
    #[serde(default)]
    pub approved_by: Option<String>,
    /// Ended before its day, and why.
    #[serde(default)]
    pub ended: Option<String>,
}

impl Grant {
    /// Whether it is in force on a day.
    #[must_use]
    pub fn in_force(&self, day: Date) -> bool {
        self.approved_by.is_some() && self.ended.is_none() && self.from <= day && day <= self.until
    }
}

/// The state of an account.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Name to sign in with.
    pub login: String,
    /// Name for people.
    pub name: String,
    /// Post (所属).
    pub post: String,
    /// Grants, in the order they were proposed.
    pub grants: Vec<Grant>,
    /// Locked by an administrator.
    pub locked: bool,
}

/// What happened to an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "event")]
pub enum Event {
    /// It was made.
    Made {
        /// Name to sign in with.
        login: String,
        /// Name for people.
        name: String,
        /// Post.
        post: String,
    },
    /// A grant was proposed.
    GrantProposed {
        /// It.
        grant: Grant,
    },
    /// A grant was approved by another.
    GrantApproved {
        /// Its number.
        id: u32,
    },
    /// A grant ended.
    GrantEnded {
        /// Its number.
        id: u32,
        /// Why.
        reason: String,
    },
    /// Locked, or unlocked.
    Locked {
        /// Which.
        locked: bool,
        /// Why.
        reason: String,
    },
    /// Moved to another post: every grant ends on the day before.
    Transferred {
        /// The new post.
        post: String,
        /// Day of the transfer.
        on: Date,
    },
}

impl Aggregate for Account {
    type Event = Event;

    const KIND: &'static str = "account";

    fn name(event: &Event) -> &'static str {
        match event {
            Event::Made { .. } => "made",
            Event::GrantProposed { .. } => "grant_proposed",
            Event::GrantApproved { .. } => "grant_approved",
            Event::GrantEnded { .. } => "grant_ended",
            Event::Locked { .. } => "locked",
            Event::Transferred { .. } => "transferred",
        }
    }

    fn apply(&mut self, event: &Event, meta: &Meta) {
        match event {
            Event::Made { login, name, post } => {
                self.login.clone_from(login);
                self.name.clone_from(name);
                self.post.clone_from(post);
            }
            Event::GrantProposed { grant } => self.grants.push(grant.clone()),
            Event::GrantApproved { id } => {
                if let Some(g) = self.grants.iter_mut().find(|g| g.id == *id) {
                    g.approved_by = Some(meta.by.clone());
                }
            }
            Event::GrantEnded { id, reason } => {
                if let Some(g) = self.grants.iter_mut().find(|g| g.id == *id) {
                    g.ended = Some(reason.clone());
                }
            }
            Event::Locked { locked, .. } => self.locked = *locked,
            Event::Transferred { post, on } => {
                self.post.clone_from(post);
                let eve = on.yesterday().unwrap_or(*on);
                for grant in self.grants.iter_mut().filter(|g| g.until > eve) {
                    grant.until = eve;
                }
            }
        }
    }
}

impl Account {
    /// Grants in force on a day.
    pub fn in_force(&self, day: Date) -> impl Iterator<Item = &Grant> {
        let locked = self.locked;
        self.grants
            .iter()
            .filter(move |g| !locked && g.in_force(day))
    }

    /// Proposes a grant.
    ///
    /// # Errors
    /// Days the wrong way round, a nursery without a facility, to oneself.
    pub fn propose(&self, mut grant: Grant, own_id: &str) -> Result<Vec<Event>, Refusal> {
        if grant.until < grant.from {
            return Err(Refusal::of("refusal.days_reversed").with("attribute", "権限の期間"));
        }
        if grant.role == Role::Nursery && grant.facility.is_none() {
            return Err(Refusal::of("refusal.nursery_without_facility"));
        }
        if grant.proposed_by == own_id {
            return Err(Refusal::of("refusal.grant_to_oneself"));
        }
        grant.id = self.grants.len() as u32 + 1;
        grant.approved_by = None;
        grant.ended = None;
        Ok(vec![Event::GrantProposed { grant }])
    }

    /// Approves a grant: neither by who proposed it nor by who gets it.
    ///
    /// # Errors
    /// Nothing waits, or the same person.
    pub fn approve(&self, id: u32, by: &str, own_id: &str) -> Result<Vec<Event>, Refusal> {
        let waiting = self
            .grants
            .iter()
            .find(|g| g.id == id && g.approved_by.is_none() && g.ended.is_none());
        let waiting = waiting.ok_or_else(|| Refusal::of("refusal.no_grant"))?;
        if waiting.proposed_by == by {
            return Err(Refusal::of("refusal.same_person"));
        }
        if own_id == by {
            return Err(Refusal::of("refusal.grant_to_oneself"));
        }
        Ok(vec![Event::GrantApproved { id }])
    }

    /// Ends a grant before its day.
    ///
    /// # Errors
    /// None of that number, no reason.
    pub fn end(&self, id: u32, reason: &str) -> Result<Vec<Event>, Refusal> {
        if !self.grants.iter().any(|g| g.id == id && g.ended.is_none()) {
            return Err(Refusal::of("refusal.no_grant"));
        }
        let reason = reason.trim();
        if reason.is_empty() {
            return Err(Refusal::of("refusal.no_reason"));
        }
        Ok(vec![Event::GrantEnded {
            id,
            reason: reason.to_owned(),
        }])
    }
}
